"""What `check` looks at in the ring of lesson 07 and in the matrix that solves it, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import form
from course_lib.lessons.lesson07.vectors import ring_task


def _at(angles):
    return torch.stack([angles.cos(), angles.sin()], -1)


def _ring(step=lambda way: 2 * math.pi / way, forward=1, scale=1.0, sign=1):
    def ring(first, way):
        support = first.unsqueeze(1) + sign * torch.arange(way) * step(way)
        return _at(scale * support), _at(scale * (support + sign * forward * step(way)))

    return ring


def _rolled(function, shift=-1):
    """Queries that are the support points of the next place, whatever these are."""

    def ring(first, way):
        support = function(first, way)[0]
        return support, support.roll(shift, 1)

    return ring


def _each(change):
    """The same change of both parts."""
    return lambda f, way: tuple(change(x) for x in ring_task(f, way))


def _no_wrap(f, way):
    support, query = ring_task(f, way)
    return support, torch.cat([query[:, :-1], support[:, -1:]], 1)


def _other_roll(shift, dims=None):
    """Queries rolled along another axis than that of the classes."""

    def ring(f, way):
        support, _ = ring_task(f, way)
        return support, support.roll(shift, dims)

    return ring


def _scrambled(f, way):
    angle = f.unsqueeze(1) + 2 * math.pi / way * torch.arange(way)
    support = torch.stack([angle.cos(), angle.sin()], 1).reshape(len(f), way, 2)
    return support, support.roll(-1, 1)


_DEGREES = "the angle is in degrees; cos and sin take radians: 2 * math.pi / way."
_LAST = "the last class stands where the first one stands: there are way steps in a turn, not way - 1."
_FIVE = "the step is that of {} classes, whatever way is: a turn has way steps of 2 * math.pi / way."
_XY = "x is the cosine and y the sine: they are exchanged."
_BACK = "the queries go one step back. A query of class k stands where class k + 1 stands."
_CLOCK = "the classes go round clockwise. Angles grow counterclockwise: class 1 stands at first + one step."
_ROUND = ("the places of two numbers are mixed up: reshape and view keep the order of memory. x and y belong on the "
          "last axis: torch.stack([...], -1).")  # fmt: skip


def _both_ways(step, message):
    """A wrong step, with queries that are moved by it or that are rolled."""
    return [(_ring(step), message), (_rolled(_ring(step)), message)]


_RING_MISTAKES = [
    (_ring(forward=0), "the queries stand where their own class stands. Then distance is right; move them one on."),
    (_ring(forward=-1), _BACK), (_rolled(_ring(), 1), _BACK),
    (_ring(forward=2), "the queries go two steps on. A query of class k stands where class k + 1 stands."),
    (_ring(forward=0.5), "the queries stand half way to the next class. Move them a whole step."),
    (_ring(sign=-1), _CLOCK), (_rolled(_ring(sign=-1)), _CLOCK),
    *_both_ways(lambda way: 360 / way, _DEGREES),
    *_both_ways(lambda way: math.pi / way, "the classes fill half of the circle: a whole turn is 2 * math.pi."),
    *_both_ways(lambda way: 2 * math.pi / (way - 1), _LAST),
    *_both_ways(lambda way: 2 * math.pi / (way + 1), "one place stays empty: a turn has way steps, not way + 1."),
    *(pair for n in (3, 4, 5, 6, 8) for pair in _both_ways(lambda way, n=n: 2 * math.pi / n, _FIVE.format(n))),
    (_ring(lambda way: 1.0), "the step is one radian. A turn has way steps of 2 * math.pi / way."),
    (lambda f, way: ring_task(f, way)[::-1], "support and queries are exchanged."),
    (_each(lambda x: x.flip(-1)), _XY), (lambda f, way: (ring_task(f, way)[0].flip(-1), ring_task(f, way)[1]), _XY),
    (_each(lambda x: x.transpose(1, 2)), "the axes should be [tasks, way, 2]: the last two are exchanged."),
    (_each(lambda x: x.transpose(0, 1)), "the axes should be [tasks, way, 2]: the first two are exchanged."),
    (_each(lambda x: x[..., 0] * 0 + torch.atan2(x[..., 1], x[..., 0])),
     "these are angles. A point has two numbers: [cos, sin]."),
    (_no_wrap, "the last class's query stands at its own place. The circle is closed: it stands where class 0 stands."),
    *((_other_roll(shift), "roll without dims moves all the numbers by one, x into y. Roll along the classes: dims=1.")
      for shift in (-1, 1)),
    *((_other_roll(shift), "roll without dims goes on from task to task, so a class at the end gets its query from "
       "another task. Roll along the classes: dims=1.") for shift in (-2, 2)),
    *((_other_roll(shift, 0), "the queries are moved on from task to task. Move them along the classes: dims=1.")
      for shift in (-1, 1)),
    (_other_roll(1, 2), "x and y of the queries are exchanged, and they stand at their own class. Move them along the "
     "classes: dims=1."),
    (_scrambled, _ROUND),
    (lambda f, way: ring_task(torch.zeros_like(f), way), "first is not used: every task is turned by its own angle."),
    (lambda f, way: ring_task(f[:1].expand_as(f), way),
     "every task is turned by the first task's angle. Each has its own: first.unsqueeze(1)."),
    (lambda f, way: ring_task(torch.deg2rad(f), way), "first is in radians already."),
    (lambda f, way: ring_task(torch.rad2deg(f), way), "first is turned into degrees; cos and sin take radians."),
    (lambda f, way: ring_task(-f, way), "every task is turned the wrong way: add first, do not subtract it."),
]  # fmt: skip


def judge_ring(call):
    """`ring_task`: three numbers of classes, and as many classes as tasks."""
    cases = {
        "three tasks of 5 classes": (torch.tensor([0.3, 2.0, 4.0]), 5),
        "one task of 3 classes": (torch.tensor([1.0]), 3),
        "four tasks of 4 classes": (torch.tensor([0.1, -1.0, 2.5, 6.0]), 4),
        "two tasks of 7 classes": (torch.tensor([3.0, 0.0]), 7),
    }
    compare(call, ring_task, cases, _RING_MISTAKES, ("the support points", "the query points"),
            ("task", "class", "coordinate"), dtypes=True)  # fmt: skip


_WAYS = (5, 3, 4, 6, 8, 12)


def _turn(angle: float, to=((0, 1), (1, -1), (1, 1), (0, 1))) -> Tensor:
    """A matrix made of the cosine (0) and the sine (1) of an angle, each with its sign: `[2, 2]`."""
    parts = math.cos(angle), math.sin(angle)
    return torch.tensor([sign * parts[i] for i, sign in to]).view(2, 2)


_SIGN = "a sign is wrong: a turn is [[cos, -sin], [sin, cos]], with one minus."
_MATRIX_MISTAKES = [
    (lambda way: torch.eye(2),
     "A turns nothing, so q @ A @ s is the dot product: the class k + 1 that stands where the query stands wins. A has "
     "to turn s so that the *own* class comes to lie on the query."),
    (lambda way: -torch.eye(2),
     "A turns s by half a circle, so the class at the opposite side wins. Turn it by one place."),
    (lambda way: _turn(-2 * math.pi / way),
     "A turns the wrong way: class k + 2 wins, the one after the next. Transpose it, or change the angle's sign."),
    (lambda way: _turn(4 * math.pi / way),
     "A turns by two places. A query stands a single place further on than its class."),
    (lambda way: _turn(-4 * math.pi / way), "A turns by two places, and the wrong way."),
    (lambda way: _turn(360 / way), "the angle is in degrees; cos and sin take radians: 2 * math.pi / way."),
    (lambda way: _turn(-360 / way), "the angle is in degrees, and the turn goes the wrong way."),
    *((lambda way, s=s: _turn(s * math.pi / way),
       "the angle is half a place: a whole turn is 2 * math.pi, and one place 2 * math.pi / way.") for s in (1, -1)),
    *((lambda way, s=s: _turn(s * 2 * math.pi / (way - 1)), "there are way places in a turn, not way - 1.")
      for s in (1, -1)),
    *((lambda way, n=n: _turn(2 * math.pi / n), f"the angle is that of {n} classes, whatever way is.")
      for n in (3, 5, 6, 7, 8, 10)),
    (lambda way: _turn(math.pi / 2), "A is a quarter turn, whatever way is: that is one place of four classes."),
    (lambda way: _turn(1.0), "the angle is one radian, whatever way is. One place is 2 * math.pi / way."),
    (lambda way: _turn(2 * math.pi / way, ((0, 1), (1, 1), (1, 1), (0, 1))), _SIGN),
    (lambda way: _turn(2 * math.pi / way, ((0, 1), (1, -1), (1, -1), (0, 1))), _SIGN),
    *((lambda way, m=m: _turn(2 * math.pi / way, ((0, m), (1, m), (1, m), (0, -m))),
       "this is a mirror, not a turn: a turn is [[cos, -sin], [sin, cos]].") for m in (1, -1)),
    *((lambda way, m=m: _turn(2 * math.pi / way, ((1, 1), (0, -m), (0, m), (1, 1))),
       "cosine and sine are exchanged: a turn is [[cos, -sin], [sin, cos]].") for m in (1, -1)),
]  # fmt: skip


def judge_matrix(call):
    """`ring_matrix`: by what must hold for it. Any matrix is right that ranks the own class first in all tasks."""
    made = {way: _of_form(call(way)) for way in _WAYS}
    problems = {way: _problem(A, way) for way, A in made.items()}
    wrong = [way for way, problem in problems.items() if problem]
    if not wrong:
        return
    for formula, message in _MATRIX_MISTAKES:
        if all(_parallel(A, formula(way)) for way, A in made.items()):
            raise Problem(message)
    said = f"with {wrong[0]} classes, {problems[wrong[0]]}"
    if right := [str(way) for way in sorted(set(_WAYS) - set(wrong))]:
        said += f" It is right for {', '.join(right)} classes: does the angle depend on way as it should?"
    if getattr(call, "drew", ""):
        said += " It draws random numbers, and the right answer has no chance in it."
    raise Problem(said)


def _parallel(A: Tensor, B: Tensor) -> bool:
    return A.norm() > 0 and torch.allclose(A.detach() / A.norm(), B / B.norm(), atol=1e-4)


def _of_form(A) -> Tensor:
    if callable(A) and not isinstance(A, Tensor):
        raise Problem("it returned a function. Return the matrix A alone: whoever uses it computes q @ A @ s.")
    if not isinstance(A, Tensor):
        end = "torch.tensor(...) makes one of it." if isinstance(A, list | tuple) else "Return the matrix alone."
        raise Problem(f"it should return a float32 tensor of shape [2, 2], but it returned {form(A)}. {end}")
    if A.ndim == 3 and A.shape[1:] == (2, 2):
        raise Problem(f"it returned {len(A)} matrices. One and the same must do for all classes and tasks: [2, 2].")
    if A.shape != (2, 2) or A.dtype != torch.float32:
        end = " .float() makes it float32, as q and s are." if A.shape == (2, 2) else ""
        raise Problem(f"it should return a float32 tensor of shape [2, 2], but it returned {form(A)}.{end}")
    if not A.isfinite().all():
        raise Problem("a number of A is nan or infinite.")
    return A


def _problem(A: Tensor, way: int) -> str:
    """What is wrong with A for so many classes, or nothing."""
    support, query = ring_task(torch.linspace(0, 6, 25), way)
    scores = query @ A.detach() @ support.mT  # [tasks, query, class]
    size = scores.abs().amax().item()
    if size == 0:
        return "every score is 0, so all classes tie."
    best, named = scores.topk(2, -1)
    tied = (best[..., 0] - best[..., 1]) <= 1e-3 * size
    if tied.all():
        return "two classes tie, for every query: A turns s to a point half way between two places."
    away = (named[..., 0] - torch.arange(way)) % way  # [tasks, query]: how many places further on the winner stands
    places = away.unique().tolist()
    if tied.any() or len(places) > 1:
        right = (away == 0).logical_and(~tied).double().mean().item()
        return (f"the winner depends on how the task is turned: {100 * right:.0f} % of the queries get their class. "
                "A must do the same in every direction: that is a turn, [[cos, -sin], [sin, cos]].")  # fmt: skip
    if not places[0]:
        return ""
    return (f"class k + {places[0]} wins for every query of class k (after class {way - 1} comes class 0). A turns s "
            "by a wrong angle: by how many places does a query stand further on than its own class?")  # fmt: skip
