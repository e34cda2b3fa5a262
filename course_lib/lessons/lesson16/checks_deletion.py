"""What `check` looks at in a deletion curve, in lesson 16, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.lessons.lesson16.checks_deletion_known import SQUARES, square_of
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


class _Mean:
    """A score that hangs on the mean of a picture: patches of one brightness may be exchanged."""

    def __init__(self, shape: tuple[int, int, int], seed: int):
        self.shape, self.seed = shape, seed

    def __call__(self, pictures) -> Tensor:
        if not isinstance(pictures, Tensor) or pictures.ndim != 4 or tuple(pictures.shape[1:]) != self.shape:
            raise ValueError(_FORM)
        return (4 * pictures.mean((1, 2, 3)) - 2).sigmoid()


def _tied(numbers: list[list[float]], h: int, w: int, *fill: float, seed: int):
    """Equal importances, where each patch is as bright as its importance says: no order of equal ones is better."""
    importance = torch.tensor(numbers)
    picture = (0.3 + 0.5 * importance).repeat_interleave(h, 0).repeat_interleave(w, 1)[None]
    return (_Mean(tuple(picture.shape), seed), picture, importance, *fill)


_TIED = ("patches of equal importance", "a map of zeros")


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
        _TIED[0]: _tied([[0.5, 0.2, 0.5], [0.2, 0.2, 0.9]], 2, 3, 1.0, seed=8),
        _TIED[1]: _tied([[0.0, 0.0], [0.0, 0.0]], 2, 3, seed=9),
    }


def _order(importance: Tensor) -> list[int]:
    return importance.flatten().argsort(descending=True).tolist()


def _set(filled: Tensor, square, fill: float, picture: Tensor):
    filled[:, square[0], square[1]] = fill


def _answer(order=_order, square=square_of, put=_set, first=True, count=lambda n: n, together=True, back=False,
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


def _together(values: Callable) -> Callable:
    """All patches whose importance is that or more, for each of `values`."""

    def answer(score, picture, importance, fill=0.0):
        h, w = (picture.shape[1 + i] // importance.shape[i] for i in range(2))
        wide = importance.repeat_interleave(h, 0).repeat_interleave(w, 1)
        steps = values(importance.flatten())
        return score(torch.stack([picture, *(picture.masked_fill(wide >= v, fill) for v in steps)]))

    return answer


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
    (lambda m: [r * m.shape[1] + i for r, row in enumerate(m) for i in row.argsort(descending=True).tolist()], "the "
     "patches go row by row, each row by itself in order. All patches are sorted together: importance.flatten()."),
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
    *(({"order": wrong}, said) for wrong, said in _ORDERS), *(({"square": wrong}, said) for wrong, said in SQUARES),
    *(({"put": wrong}, said) for wrong, said in _PUTS), *(({"fill_of": wrong}, said) for wrong, said in _FILLS),
    *(({"end": wrong}, said) for wrong, said in _ENDS),
]  # fmt: skip
_MISTAKES = [
    *((_answer(**how), said) for how, said in _BETWEEN if how), *((_answer(**place), said) for place, said in _PLACES),
    *((_answer(usual=usual), "where nobody says so, fill is 0.0: keep the number of the `def`.")
      for usual in (0.5, 1.0, -1.0)),
    *((_together(values), "patches of equal importance are filled all at once. They go one by one, in any order, so "
       "that each score has one filled patch more.")
      for values in (lambda m: m.sort(descending=True).values, lambda m: m.unique().flip(0))),
    (_by_pixels, "pixels are filled one by one. All pixels of a patch are filled at once."),
    *((_answer(together=False, **place), said + " And filled patches stay filled: one, then two, then three.")
      for place, said in _PLACES[:2]),
]  # fmt: skip
_MIXED = [  # two at once
    *((_answer(first=False, **place), said + " And the first score, of the picture as it is, is missing.")
      for place, said in _PLACES[: len(_ORDERS) + len(SQUARES) + len(_PUTS)]),
]  # fmt: skip


def _key(score, picture, importance, *fill):
    return score.shape, score.seed, importance.shape, *fill


_SIZES = [
    (lambda score, picture, importance, fill=0.0: torch.Size([importance.numel() + 1, *picture.shape]), "these are the "
     "pictures. Their scores are wanted: score(pictures)."),
    (lambda score, picture, importance, fill=0.0: torch.Size([importance.numel() + 1, 1]), "each score is a list of "
     "one number. One axis is wanted, [1 + patches]: torch.cat instead of torch.stack, or .flatten()."),
]  # fmt: skip
_KNOWN = [(once(wrong, _key), said) for wrong, said in _MISTAKES + _MIXED + _SIZES]


def judge_deletion(call):
    """`deletion_curve`: patches that are no squares, several channels, any filling."""
    try:
        compare(call, deletion_curve, _cases(), _KNOWN, (), ("number of filled patches",))
    except Problem as problem:
        text = str(problem)
        if any(f"That is for {case}" in text for case in _TIED):
            raise Problem(f"{text}\n  Each of them is a patch of its own, though their numbers are equal: a step fills "
                          "one that is not filled yet.") from None  # fmt: skip
        if _FORM in text:
            lines = [line for line in text.splitlines() if line.startswith("  in your line")]
            raise Problem("\n".join([_FORM, *lines])) from None
        if "missing" in text and "required positional argument" in text:
            raise Problem(f"{text}\n  Keep the number of the `def`: fill=0.0.") from None
        if "changes `picture` in place" in text:
            raise Problem("it fills the patches of `picture` itself, which is still needed. Work on picture.clone(), "
                          "or use masked_fill or torch.where.") from None  # fmt: skip
        raise
