"""What `check` looks at in a deletion curve, in lesson 16, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.lessons.lesson16.deletion import deletion_curve

_FORM = "score wants pictures [m, channels, height, width], all of one size; one picture alone is picture[None]."


class _Score:
    """A probability that hangs on all pixels, and not by a sum over patches."""

    def __init__(self, shape: tuple[int, int, int], seed: int):
        g = torch.Generator().manual_seed(seed)
        self.shape, self.seed = shape, seed
        self.one, self.other = torch.randn(2, *shape, generator=g) / (shape[1] * shape[2]) ** 0.5

    def __call__(self, pictures) -> Tensor:
        if not isinstance(pictures, Tensor) or pictures.ndim != 4 or tuple(pictures.shape[1:]) != self.shape:
            raise ValueError(_FORM)
        found = [(pictures * w).sum((1, 2, 3)) for w in (self.one, self.other)]  # two numbers a picture
        return (found[0] + found[1].sin() + 0.5 * found[0] * found[1]).sigmoid()


def _case(shape: tuple[int, int, int], rows: int, columns: int, *fill: float, seed: int = 0, below: float = 0.0):
    g = torch.Generator().manual_seed(seed)
    picture = torch.rand(*shape, generator=g)
    importance = torch.randperm(rows * columns, generator=g).view(rows, columns) / (rows * columns) - below
    return (_Score(shape, seed), picture, importance, *fill)


@cache
def _cases() -> dict[str, tuple]:
    return {
        "4 x 4 patches of a drawing of 28 x 28": _case((1, 28, 28), 4, 4),
        "2 x 2 patches, filled with 0.5": _case((1, 8, 8), 2, 2, 0.5, seed=1),
        "3 channels": _case((3, 12, 12), 3, 3, 0.2, seed=2),
        "4 rows and 7 columns of patches, 28 x 28 pixels": _case((1, 28, 28), 4, 7, seed=3),
        "a picture of 12 x 20 pixels, 3 rows and 5 columns": _case((1, 12, 20), 3, 5, 1.0, seed=4),
        "importances above and below 0": _case((1, 12, 12), 3, 3, seed=5, below=0.6),
        "a patch for each pixel": _case((1, 4, 4), 4, 4, -1.0, seed=6),
        "a single patch": _case((1, 6, 6), 1, 1, seed=7),
    }


def _square(i: int, rows: int, columns: int, height: int, width: int) -> tuple[slice, slice]:
    r, c = divmod(i, columns)
    h, w = height // rows, width // columns
    return slice(r * h, (r + 1) * h), slice(c * w, (c + 1) * w)


def _turned(i, rows, columns, height, width):
    """Row and column of a patch are exchanged."""
    c, r = divmod(i, columns)
    h, w = height // rows, width // columns
    return slice(r * h, (r + 1) * h), slice(c * w, (c + 1) * w)


def _by_rows(i, rows, columns, height, width):
    """The place is divided by the number of rows."""
    r, c = divmod(i, rows)
    h, w = height // rows, width // columns
    return slice(r * h, (r + 1) * h), slice(c * w, (c + 1) * w)


def _swapped(i, rows, columns, height, width):
    """The sides of a patch are exchanged."""
    r, c = divmod(i, columns)
    h, w = width // columns, height // rows
    return slice(r * h, (r + 1) * h), slice(c * w, (c + 1) * w)


def _alike(side: Callable):
    """Both sides of a patch are as long, by one of the picture's."""

    def square(i, rows, columns, height, width):
        r, c = divmod(i, columns)
        n = side(rows, columns, height, width)
        return slice(r * n, (r + 1) * n), slice(c * n, (c + 1) * n)

    return square


def _corner(i, rows, columns, height, width):
    """One pixel of the patch."""
    down, across = _square(i, rows, columns, height, width)
    return slice(down.start, down.start + 1), slice(across.start, across.start + 1)


def _pixel(i, rows, columns, height, width):
    """Row and column of the patch are taken for those of a pixel."""
    r, c = divmod(i, columns)
    return slice(r, r + 1), slice(c, c + 1)


def _row(i, rows, columns, height, width):
    return _square(i, rows, columns, height, width)[0], slice(None)


def _column(i, rows, columns, height, width):
    return slice(None), _square(i, rows, columns, height, width)[1]


def _order(importance: Tensor) -> list[int]:
    return importance.flatten().argsort(descending=True).tolist()


def _set(filled: Tensor, square, fill: float, picture: Tensor):
    filled[:, square[0], square[1]] = fill


def _answer(order=_order, square=_square, put=_set, first=True, count=lambda n: n, together=True, back=False,
            fill_of=lambda fill, picture: fill, end=lambda found: found, late=False, usual=0.0):  # fmt: skip
    """The curve once more, with places to go wrong.

    Args:
        order: places of patches, of the importance; square: the pixels of a patch; put: fills them.
        first: whether the picture as it is comes first; count: how many patches are filled, of all.
        together: whether filled patches stay filled; back: whether patches are put back into a filled picture.
        fill_of: the number that fills, of (fill, picture); end: what is returned, of the scores.
        late: whether pictures are scored after all have been filled, though they are the same tensor.
        usual: the number that fills where nobody says so.
    """

    def answer(score, picture, importance, fill=usual):
        rows, columns = importance.shape
        sizes = rows, columns, *picture.shape[1:]
        value = fill_of(fill, picture)
        base = torch.full_like(picture, value) if back else picture
        now, pictures = base.clone(), [base.clone()] if first else []
        for i in order(importance)[: count(rows * columns)]:
            now = now.clone() if together else base.clone()
            at = square(i, *sizes)
            if back:
                now[:, at[0], at[1]] = picture[:, at[0], at[1]]
            else:
                put(now, at, value, picture)
            pictures.append(now)
        return end(score(torch.stack([pictures[-1]] * len(pictures) if late else pictures)))

    return answer


def _channel(filled, square, fill, picture):
    filled[0, square[0], square[1]] = fill


def _times(filled, square, fill, picture):
    filled[:, square[0], square[1]] *= fill


def _plus(filled, square, fill, picture):
    filled[:, square[0], square[1]] += fill


def _elsewhere(filled, square, fill, picture):
    """All but the patch."""
    kept = filled[:, square[0], square[1]].clone()
    filled.fill_(fill)
    filled[:, square[0], square[1]] = kept


def _by_pixels(score, picture, importance, fill=0.0):
    """Pixel by pixel: as many as there are."""
    height, width = picture.shape[1:]
    wide = importance.repeat_interleave(height // importance.shape[0], 0).repeat_interleave(
        width // importance.shape[1], 1
    )
    pictures = [picture]
    for i in _order(wide):
        pictures.append(pictures[-1].clone())
        pictures[-1][:, i // width, i % width] = fill
    return score(torch.stack(pictures))


_ORDERS = [
    (lambda m: m.flatten().argsort().tolist(), "the *least* important patch goes first. The most important one does: "
     "descending=True."),
    (lambda m: list(range(m.numel())), "patches go in reading order: their importance is not used."),
    (lambda m: m.flatten().abs().argsort(descending=True).tolist(), "patches are ordered by the *size* of their "
     "importance. One below 0 is less important than 0: the score rises without it."),
    (lambda m: m.flatten().argsort(descending=True).argsort().tolist(), "these are ranks, not places: argsort says "
     "which patch comes first, and argsort of argsort which rank the first patch has. One argsort is wanted."),
    (lambda m: m.flatten().argsort().argsort().tolist(), "these are ranks, not places. argsort(descending=True), once, "
     "says which patch comes first."),
    (lambda m: m.T.flatten().argsort(descending=True).tolist(), "the map is read column by column, and the patches row "
     "by row."),
    (lambda m: [int(m.argmax())] * m.numel(), "it is the most important patch again and again. After it comes the "
     "second."),
    (lambda m: [i for row in m.argsort(1, descending=True) for i in row.tolist()], "each row of the map is sorted by "
     "itself. All patches are sorted together: importance.flatten()."),
]  # fmt: skip
_SIDES = "A patch is height / rows pixels high and width / columns wide."
_SQUARES = [
    (_turned, "row and column of a patch are exchanged: patch i of the flattened map stands in row i // columns and "
     "column i % columns."),
    (_by_rows, "the place in the flattened map is divided by the number of rows. Row i // columns, column i % "
     "columns."),
    (_swapped, "the sides of a patch are exchanged. " + _SIDES),
    (_alike(lambda r, c, h, w: h // r), "patches are taken for squares, as wide as they are high. " + _SIDES),
    (_alike(lambda r, c, h, w: w // c), "patches are taken for squares, as high as they are wide. " + _SIDES),
    (_alike(lambda r, c, h, w: h // c), "patches are taken for squares. " + _SIDES),
    (_corner, "one pixel of each patch is filled. " + _SIDES),
    (_pixel, "the row and column of a *patch* are taken for those of a pixel. " + _SIDES),
    (_row, "the whole row of patches is filled."), (_column, "the whole column of patches is filled."),
]  # fmt: skip
_PUTS = [
    (_channel, "only the first channel is filled. Every pixel of the patch is, in all channels."),
    (_times, "the patch is multiplied by `fill`. Its pixels become `fill`."),
    (_plus, "`fill` is added to the patch. Its pixels become `fill`."),
    (_elsewhere, "everything *but* the patch is filled."),
]  # fmt: skip
_FILLS = [
    (lambda fill, picture: 0.0, "patches become 0, whatever `fill` says."),
    (lambda fill, picture: 1.0, "patches become 1, whatever `fill` says."),
    (lambda fill, picture: picture.mean().item(), "patches become the picture's mean, whatever `fill` says."),
    (lambda fill, picture: 1 - fill, "patches become 1 - fill."),
]  # fmt: skip
_ONE_NUMBER = "The scores themselves are wanted, one for each number of filled patches, [1 + patches]."
_ENDS = [
    (lambda s: s[0] - s, "these are falls from the first score. " + _ONE_NUMBER),
    (lambda s: s - s[0], "these are differences from the first score. " + _ONE_NUMBER),
    (lambda s: s / s[0], "scores are divided by the first one. " + _ONE_NUMBER),
    (lambda s: (s[0] - s)[1:], "these are falls from the first score, without it. " + _ONE_NUMBER),
    (lambda s: s[:-1] - s[1:], "these are falls from one score to the next. " + _ONE_NUMBER),
    (lambda s: s[1:] - s[:-1], "these are differences from one score to the next. " + _ONE_NUMBER),
    (lambda s: s.mean(), "the curve is averaged. " + _ONE_NUMBER),
    (lambda s: torch.trapezoid(s) / max(len(s) - 1, 1), "that is the area under the curve. " + _ONE_NUMBER),
    (lambda s: s[-1], "that is the last score alone. " + _ONE_NUMBER),
    (lambda s: s.flip(0), "the curve runs backwards: the picture as it is comes first."),
    (lambda s: s.sort(descending=True).values, "the scores are sorted. They stand in the order of filling."),
    (lambda s: s.cummin(0).values, "each score is the lowest so far. A score may rise again: leave it as it is."),
    (lambda s: 1 - s, "these are 1 - score."), (lambda s: s.log(), "these are logarithms of scores."),
    (lambda s: s[:-1], "the last score is missing, with all patches filled."),
]  # fmt: skip
_LATE = ("all pictures are the same tensor, filled in the end: a list keeps the tensor, not what it was. .clone() "
         "makes a picture of its own for each step.")  # fmt: skip
_ALONE = "each patch is filled by itself. Filled ones stay filled: one, then two, then three."
_BACK = "that is the other way round: it begins with all patches filled and puts them back. Begin with the picture."
_BETWEEN = [  # how patches are counted
    ({}, ""), ({"together": False}, _ALONE), ({"back": True}, _BACK),
    ({"first": False}, "the first score is missing, that of the picture as it is."),
    ({"count": lambda n: n - 1}, "the last score is missing, with all patches filled."),
    ({"first": False, "count": lambda n: n - 1}, "the first score is missing, that of the picture as it is, and the "
     "last, with all patches filled."),
    ({"first": False, "together": False}, _ALONE + " And the first score, of the picture as it is, is missing."),
    ({"late": True}, _LATE), ({"late": True, "first": False}, _LATE + " And the first score, of the picture as it is, "
     "is missing."),
    ({"together": False, "late": True}, _LATE),
]  # fmt: skip
_PLACES = [
    *(({"order": wrong}, said) for wrong, said in _ORDERS), *(({"square": wrong}, said) for wrong, said in _SQUARES),
    *(({"put": wrong}, said) for wrong, said in _PUTS), *(({"fill_of": wrong}, said) for wrong, said in _FILLS),
    *(({"end": wrong}, said) for wrong, said in _ENDS),
]  # fmt: skip
_MISTAKES = [
    *((_answer(**how), said) for how, said in _BETWEEN if how), *((_answer(**place), said) for place, said in _PLACES),
    *((_answer(usual=usual), "where nobody says so, fill is 0.0: keep the number of the `def`.")
      for usual in (0.5, 1.0, -1.0)),
    (_by_pixels, "pixels are filled one by one. All pixels of a patch are filled at once."),
    *((_answer(together=False, **place), said + " And filled patches stay filled: one, then two, then three.")
      for place, said in _PLACES[:2]),
]  # fmt: skip
_MIXED = [  # two at once
    *((_answer(first=False, **place), said + " And the first score, of the picture as it is, is missing.")
      for place, said in _PLACES[: len(_ORDERS) + len(_SQUARES) + len(_PUTS)]),
]  # fmt: skip


def _key(score, picture, importance, *fill):
    return score.shape, score.seed, importance.shape, *fill


_KNOWN = [(once(wrong, _key), said) for wrong, said in _MISTAKES + _MIXED]


def judge_deletion(call):
    """`deletion_curve`: patches that are no squares, several channels, any filling."""
    try:
        compare(call, deletion_curve, _cases(), _KNOWN, (), ("number of filled patches",))
    except Problem as problem:
        text = str(problem)
        if _FORM in text:
            lines = [line for line in text.splitlines() if line.startswith("  in your line")]
            raise Problem("\n".join([_FORM, *lines])) from None
        if "missing" in text and "required positional argument" in text:
            raise Problem(f"{text}\n  Keep the number of the `def`: fill=0.0.") from None
        if "changes `picture` in place" in text:
            raise Problem("it fills the patches of `picture` itself, which is still needed. Work on picture.clone(), "
                          "or use masked_fill or torch.where.") from None  # fmt: skip
        raise
