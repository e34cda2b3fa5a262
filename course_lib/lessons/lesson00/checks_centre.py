"""What `check` looks at in `centre` of lesson 00, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson00.drawing import SIDE, centre

_BOX = torch.tensor([[2.0, 1.0], [7.0, 1.0], [7.0, 4.0], [6.0, 2.0]])  # [4, 2]
_DRAWINGS = {
    "four points": (_BOX, 18.0),
    "three points in a square of size 1": (torch.tensor([[0.1, 0.9], [0.2, 0.1], [0.15, 0.3]]), SIDE),
    "three points far apart": (torch.tensor([[-80.0, 10.0], [20.0, 70.0], [40.0, -10.0]]), 20.0),
}
_LINES = {
    "a level line, whose box has no height": (torch.tensor([[-30.0, 5.0], [10.0, 5.0]]), 20.0),
    "an upright line, whose box has no width": (torch.tensor([[3.0, 0.5], [3.0, 0.75]]), 18.0),
}
_DOTS = {
    "a single dot": (torch.tensor([[0.4, 0.7]]), 18.0),
    "two points at one place": (torch.tensor([[3.0, 4.0], [3.0, 4.0]]), 18.0),
}


def _sides(points):
    return points.amax(0) - points.amin(0)


def _middle(points):
    return (points.amax(0) + points.amin(0)) / 2


def _placed(points, side, middle=None, length=None):
    """Points scaled so that `length` becomes `side`, after `middle` was moved to 0."""
    middle = _middle(points) if middle is None else middle
    return (points - middle) * side / (_sides(points).max() if length is None else length)


def _spread(points, less):
    """The standard deviation of x and of y, over n - `less` points."""
    return ((points - points.mean(0)).square().sum(0) / (len(points) - less)).sqrt()


_BOTH = "x and y are mixed: take smallest and largest separately for each column, with amin(0) and amax(0)."
_SIDE = "it does not use the argument `side`: the longer side of the box should get that length."
_ENDS = "it takes the box of the first and the last point only; any point can be the outermost: amin(0) and amax(0)."
_ENLARGE = (
    "large drawings shrink, but small ones are not enlarged: the longer side should be `side` for both. (Against 0 / 0 "
    "for a dot, look at whether the side is 0.)"
)

_MISTAKES = [
    (lambda p, side: _placed(p, side),  # differs from the right answer for a dot alone
     "for a single dot the box has no size, and 0 / 0 is not a number. Only move a dot, do not scale it."),
    (lambda p, side: p - _middle(p), "the box is in the middle, but its longer side is not `side`: scale it."),
    (lambda p, side: _placed(p, side, 0), "the size is right, but the middle of the box is not at 0: move it."),
    (lambda p, side: p - p.mean(0), "the mean of the points is moved to 0, and nothing is scaled. Take the middle of "
                                    "the box, and scale."),
    (lambda p, side: p - p.amin(0), "the corner of the box is moved to 0, and nothing is scaled. Take the middle of "
                                    "the "
                                    "box, and scale."),
    (lambda p, side: _placed(p, side, p.mean(0)),
     "the *mean of the points* is at 0, and it leans to where there are many points. Use the middle of the box."),
    (lambda p, side: _placed(p, side, p.median(0).values),
     "the *median of the points* is at 0, and it leans to where there are many points. Use the middle of the box."),
    (lambda p, side: _placed(p, side, p.amin(0)), "the *corner* of the box is at 0, not its middle."),
    (lambda p, side: _placed(p, side, p.amax(0)), "the *corner* of the box is at 0, not its middle."),
    (lambda p, side: _placed(p, side, p[0]), "the *first point* is at 0, not the middle of the box."),
    (lambda p, side: _placed(p, side, _sides(p) / 2),
     "half the length of the sides is taken away: that is the middle of a box that begins at 0. The middle is "
     "(low + high) / 2."),
    (lambda p, side: _placed(p, side, p.amin(0) + p.amax(0)), "low + high is taken away: the middle is half of it."),
    (lambda p, side: _placed(p, side) + side / 2, "the middle of the box comes to side / 2, and should come to 0."),
    (lambda p, side: _placed(p, side, -_middle(p)), "the middle is added: take it away, or it moves the other way."),
    (lambda p, side: _placed(p, side, length=_sides(p)),
     "x and y are scaled differently, so a thin line becomes a square. Scale both by the longer side."),
    (lambda p, side: _placed(p, side, length=_sides(p).min()), "the *shorter* side is `side` long: use the longer."),
    (lambda p, side: _placed(p, side, length=_sides(p)[0]), "it always takes the width for the longer side, and a tall "
                                                            "drawing comes out too large: the longer of the two."),
    (lambda p, side: _placed(p, side, length=_sides(p)[1]), "it always takes the height for the longer side, and a "
                                                            "wide "
                                                            "drawing comes out too large: the longer of the two."),
    (lambda p, side: _placed(p, side, length=_sides(p).norm()), "the *diagonal* of the box gets the length `side`: use "
                                                                "its longer side."),
    (lambda p, side: _placed(p, side, length=_sides(p).sum()), "width and height *together* get the length `side`: use "
                                                               "the longer of the two."),
    (lambda p, side: _placed(p, side, length=_sides(p).mean()), "the *mean* of width and height gets the length "
                                                                "`side`: "
                                                                "use the longer of the two."),
    (lambda p, side: _placed(p, side, length=_sides(p).prod()), "it divides by the area of the box: use its longer "
                                                                "side."),
    *[(lambda p, side, less=less: _placed(p, side, length=_spread(p, less).max()),
       "it scales by a standard deviation of the points: use the longer side of the box.") for less in (0, 1)],
    (lambda p, side: _placed(p, side, length=p.std(correction=0)), "it scales by a standard deviation of the points: "
                                                                   "use the longer side of the box."),
    (lambda p, side: _placed(p, side, length=p.max()), "it divides by the largest coordinate: use the longer side of "
                                                       "the box."),
    (lambda p, side: _placed(p, side) * 2,
     "it is twice too large: the whole longer side should be `side`, not half of it."),
    (lambda p, side: _placed(p, side) / 2, "it is half as large: the whole longer side should be `side`, not half of "
                                           "it."),
    (lambda p, side: _placed(p, 1.0), "the longer side is 1 long, and should be `side`: multiply by it."),
    (lambda p, side: _placed(p, SIDE), _SIDE),
    (lambda p, side: _placed(p, 18.0), _SIDE),
    (lambda p, side: (p - _middle(p)) * _sides(p).max() / side, "the factor is turned round: it multiplies by longer / "
                                                                "side, and should by side / longer."),
    (lambda p, side: (p - _middle(p)) * side, "it multiplies by `side` and does not divide by the longer side."),
    (lambda p, side: (p - _middle(p)) * min(1.0, side / _sides(p).max()), _ENLARGE),
    *[(lambda p, side, least=least: _placed(p, side, length=_sides(p).max().clamp(min=least)), _ENLARGE)
      for least in (0.5, 1.0, SIDE)],
    *[(lambda p, side, more=more: _placed(p, side, length=_sides(p).max() + more),
       f"about {more:g} is added to the longer side (against 0 / 0?), so drawings come out too small. Look at whether "
       "the side is 0.") for more in (1e-4, 1e-3, 1e-2, 1e-1, 1.0)],
    (lambda p, side: p * side / _sides(p).max() - _middle(p),
     "it scales first and then takes away the middle of the points as they *were*. Move first, then scale."),
    (lambda p, side: _placed(p, side, (p.amax() + p.amin()) / 2, p.amax() - p.amin()), _BOTH),
    (lambda p, side: _placed(p, side, (p.amax() + p.amin()) / 2), _BOTH),
    (lambda p, side: _placed(p, side, length=p.amax() - p.amin()), _BOTH),
    (lambda p, side: _placed(p.T, side).T, "the box is that of each *point*, over its x and y. The box goes around all "
                                           "points: amin(0) and amax(0)."),
    (lambda p, side: _placed(p, side, (p[0] + p[-1]) / 2, (p[-1] - p[0]).abs().max()), _ENDS),
    (lambda p, side: _placed(p, side, (p[0] + p[-1]) / 2), _ENDS),
    (lambda p, side: _placed(p.unique(dim=0), side), "points change their order, or double ones are dropped: as many "
                                                     "as come "
                                                "in should come out, in their order."),
    (lambda p, side: _placed(p.sort(0).values, side), "the columns are sorted, so points are torn apart: each keeps "
                                                      "its "
                                                      "x and y, in their order."),
    (lambda p, side: _placed(p, side).flip(1), "x and y are exchanged."),
    (lambda p, side: -_placed(p, side), "the drawing is turned upside down: the sign of both coordinates is wrong."),
    (lambda p, side: _placed(p, side) * torch.tensor([1, -1]), "y is turned upside down: keep the direction of both."),
    (lambda p, side: _placed(p, side) * torch.tensor([-1, 1]), "x is mirrored: keep the direction of both."),
    (lambda p, side: _placed(torch.stack([p.amin(0), p.amax(0)]), side), "it returns the corners of the box; return "
                                                                         "all the points."),
    (lambda p, side: _middle(p), "it returns the middle of the box; return the points, moved and scaled."),
    (lambda p, side: _placed(p, side).T, "rows and columns are exchanged: a row is a point."),
    (lambda p, side: _placed(p, side).long(), "the numbers are cut to whole numbers: keep what is behind the point."),
    (lambda p, side: _placed(p, side).round(), "the numbers are rounded: keep what is behind the point."),
    (lambda p, side: _placed(p, side).clamp(-side / 4, side / 4), "the points are cut off at a border: scale them, and "
                                                                  "they fit."),
]  # fmt: skip


_LINE = (
    "drawings come out right, but a level or an upright line does not: its box has one side of length 0, and the other "
    "should get the length `side`. Only what has no side at all is a dot."
)
_DOT = (
    "drawings come out right, but a dot does not: points that are all at one place are moved to 0 and not scaled, and "
    "as many points as come in should come out."
)


def judge_centre(call):
    """`centre`: drawings first, then lines, whose box has one side only, then dots, whose box has none."""
    axes = ("point", "coordinate")
    compare(call, centre, _DRAWINGS, chain(_MISTAKES, _seen(call)), axes=axes)
    compare(call, centre, _DRAWINGS | _LINES, [*_MISTAKES[1:], (call, _LINE)], axes=axes)
    compare(call, centre, _DRAWINGS | _LINES | _DOTS, [*_MISTAKES, (call, _DOT)], axes=axes)


def _seen(call) -> Iterator[tuple]:
    """Where the box stands and how large it is, as a mistake that is always made; nothing if more is wrong."""
    for said, (points, side) in _DRAWINGS.items():
        try:
            got = call(points.clone(), side)
        except Problem:
            return
        if not isinstance(got, Tensor) or got.shape != points.shape or not got.is_floating_point():
            return
        if torch.allclose(got, centre(points, side), rtol=1e-4):
            continue
        from_mean, to_mean = points - points.mean(0), got.detach() - got.detach().mean(0)
        factors = (from_mean * to_mean).sum(0) / from_mean.square().sum(0)  # [2]
        if not torch.allclose(factors * from_mean, to_mean, rtol=1e-3, atol=1e-4 * side):
            return
        length, (x, y) = _sides(got).max().item(), _middle(got).tolist()
        if abs(factors[0] - factors[1]) > 1e-3 * factors.abs().max():
            text = f"x is scaled by {factors[0]:.4g} and y by {factors[1]:.4g}; scale both alike."
        elif max(abs(x), abs(y)) > 1e-3 * side:
            text = f"the middle of the box comes to ({x:.4g}, {y:.4g}), and should come to (0, 0)."
        else:
            text = f"the longer side of the box is {length:.4g} long, and should be {side:g}."
        yield call, f"{text} That is for {said}."
        return
