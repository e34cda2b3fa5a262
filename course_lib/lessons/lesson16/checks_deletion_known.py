"""Where a patch of a picture lies, and where learners of lesson 16 put it."""

from __future__ import annotations

from collections.abc import Callable


def square_of(i: int, rows: int, columns: int, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns of pixels of patch number `i`."""
    r, c = divmod(i, columns)
    h, w = height // rows, width // columns
    return slice(r * h, (r + 1) * h), slice(c * w, (c + 1) * w)


def _tiled(place: Callable = lambda i, rows, columns: divmod(i, columns),
           sides: Callable = lambda rows, columns, height, width: (height // rows, width // columns)):  # fmt: skip
    """`square_of` with another row and column of patch `i`, or another height and width of a patch."""

    def square(i, rows, columns, height, width):
        (r, c), (h, w) = place(i, rows, columns), sides(rows, columns, height, width)
        return slice(r * h, (r + 1) * h), slice(c * w, (c + 1) * w)

    return square


def _alike(side: Callable):
    """Both sides of a patch are as long, by one of the picture's."""
    return _tiled(sides=lambda *sizes: (side(*sizes),) * 2)


def _corner(i, rows, columns, height, width):
    """One pixel of the patch."""
    down, across = square_of(i, rows, columns, height, width)
    return slice(down.start, down.start + 1), slice(across.start, across.start + 1)


def _pixel(i, rows, columns, height, width):
    """Row and column of the patch are taken for those of a pixel."""
    r, c = divmod(i, columns)
    return slice(r, r + 1), slice(c, c + 1)


def _row(i, rows, columns, height, width):
    return square_of(i, rows, columns, height, width)[0], slice(None)


def _column(i, rows, columns, height, width):
    return slice(None), square_of(i, rows, columns, height, width)[1]


def _longer(by: int):
    """A patch ends some pixels later."""

    def square(i, rows, columns, height, width):
        down, across = square_of(i, rows, columns, height, width)
        return slice(down.start, down.stop + by), slice(across.start, across.stop + by)

    return square


def _repeated(i, rows, columns, height, width):
    """The map is laid side by side, so that a patch is one pixel of each."""
    r, c = divmod(i, columns)
    return slice(r, None, rows), slice(c, None, columns)


_SIDES = "A patch is height / rows pixels high and width / columns wide."
SQUARES = [
    (_tiled(lambda i, rows, columns: divmod(i, columns)[::-1]),
     "row and column of a patch are exchanged: patch i of the flattened map stands in row i // columns and "
     "column i % columns."),
    (_tiled(lambda i, rows, columns: divmod(i, rows)),
     "the place in the flattened map is divided by the number of rows. Row i // columns, column i % "
     "columns."),
    (_tiled(sides=lambda r, c, h, w: (w // c, h // r)), "the sides of a patch are exchanged. " + _SIDES),
    (_alike(lambda r, c, h, w: h // r), "patches are taken for squares, as wide as they are high. " + _SIDES),
    (_alike(lambda r, c, h, w: w // c), "patches are taken for squares, as high as they are wide. " + _SIDES),
    (_alike(lambda r, c, h, w: h // c), "patches are taken for squares. " + _SIDES),
    (_corner, "one pixel of each patch is filled. " + _SIDES),
    (_pixel, "the row and column of a *patch* are taken for those of a pixel. " + _SIDES),
    (_row, "the whole row of patches is filled."), (_column, "the whole column of patches is filled."),
    (_tiled(sides=lambda r, c, h, w: (h // c, w // r)),
     "the height is divided by the number of columns, and the width by that of rows. " + _SIDES),
    (_tiled(lambda i, rows, columns: divmod(i, rows)[::-1]),
     "places in the flattened map are counted down the columns. Row i // columns, column i % columns."),
    (_longer(-1), "the last row and column of pixels of each patch are left as they were: a slice ends *before* its "
     "second number."),
    (_longer(1), "each patch is a pixel too high and too wide: a slice ends *before* its second number."),
    (_repeated, "the map is laid side by side (repeat, tile), so that a patch is spread over the picture. Each of its "
     "numbers is made larger: repeat_interleave, along both axes."),
    *((_alike(lambda *_, n=n: n), f"patches are {n} x {n} pixels, whatever the picture is. " + _SIDES)
      for n in (2, 3, 4, 7)),
]  # fmt: skip
