"""What `check` looks at in `multi_step_weights` of lesson 04, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped
from course_lib.exercises.results import as_number, form, same
from course_lib.learners.maml_plus_plus import multi_step_weights

_CASES = {f"steps = {s} and done = {d}": (s, d) for s, d in (
    (5, 0.0), (5, 1.0), (3, 1.0), (2, 0), (5, 0.25), (4, 0.5), (1, 0.3), (10, 0.9))}  # fmt: skip


def _tensor(function):
    """The function, with its list of numbers as a tensor."""

    def weights(steps: int, done: float) -> Tensor:
        given = function(steps, done)
        if not isinstance(given, list | tuple):
            advice = " .tolist() makes a list of it." if hasattr(given, "tolist") else ""
            raise Problem(f"it should return a list of `steps` numbers, but it returned {form(given)}.{advice}")
        numbers = [as_number(entry) for entry in given]
        if None in numbers:
            odd = given[numbers.index(None)]
            raise Problem(f"it should return a list of `steps` numbers, but one of its entries is {form(odd)}.")
        if len(numbers) == steps + 1:
            raise Problem("there is one weight too many: one for each step, `steps` in all.")
        if len(numbers) != steps:
            raise Problem(f"there should be one weight for each step, but for {steps} steps it gives {len(numbers)}.")
        return torch.tensor(numbers, dtype=torch.float64)

    return weights


def _toward(last: list[float], s: int, done: float, keep: float) -> list[float]:
    """`keep` of equal weights and the rest of `last`."""
    return [keep / s + (1 - keep) * w for w in last]


def _only_last(s: int) -> list[float]:
    return [0.0] * (s - 1) + [1.0]


def _bent(keep, name: str):
    """Not a straight line between the ends: at `done`, the share `keep(done)` is still spread over all steps."""
    return (lambda s, d: _toward(_only_last(s), s, d, keep(d)),
            f"the ends are right, but between them it follows {name}. Each weight follows a straight line: "
            "1 - done of the first list and done of the last.")  # fmt: skip


def _powers(s: int, d: float) -> list[float]:
    raw = [(1 - d) ** (s - 1 - i) for i in range(s)]
    return [r / sum(raw) for r in raw]


def _bound(low: float):
    """As in the authors' code: an early step keeps at least `low / steps`."""

    def weights(s, d):
        early = max((1 - d) / s, low / s)
        return [early] * (s - 1) + [1 - early * (s - 1)]

    return weights, ("early steps keep a little weight to the very end. The authors' code does that, but here only the "
                     "last one counts at done = 1.")  # fmt: skip


def _rising(s: int, d: float) -> list[float]:
    weights = [(1 - d) * 2 * (i + 1) / (s * (s + 1)) for i in range(s)]
    return weights[:-1] + [weights[-1] + d]


_MISTAKES = [
    (lambda s, d: [1 / s] * s, "all steps count alike at all times: `done` is not used."),
    (lambda s, d: _only_last(s), "only the last step counts at all times: `done` is not used."),
    (lambda s, d: multi_step_weights(s, 1 - d), "it runs the wrong way: at done = 0 all steps count alike."),
    (lambda s, d: multi_step_weights(s, d)[::-1], "the weight moves to the *first* step. It moves to the last one, the "
                                                  "one that is used after training."),
    (lambda s, d: [(1 - d) / s] * (s - 1) + [1 / s], "the weights do not add up to 1: what the early steps lose must "
                                                     "go to the last one."),
    (lambda s, d: [(1 - d) / s] * s, "the weights do not add up to 1: what the early steps lose must go to the last "
                                     "one."),
    (lambda s, d: [1 - d] * (s - 1) + [1.0], "the weights do not add up to 1: at done = 0 each is 1 / steps."),
    (lambda s, d: [1 - d] * (s - 1) + [d], "the weights do not add up to 1: at done = 0 each is 1 / steps."),
    (lambda s, d: [1.0] * s, "the weights do not add up to 1: at done = 0 each is 1 / steps."),
    (lambda s, d: [(1 - d) / s] * (s - 1) + [d], "the last step lost its own share: at done = 0 it counts 1 / steps, "
                                                 "like the others."),
    (lambda s, d: [(1 - d) / (s - 1)] * (s - 1) + [d],
     "the last step has no share of its own: at done = 0 it counts 1 / steps, like the others. Divide by steps, not "
     "by steps - 1 (which is 0 for one step)."),
    (lambda s, d: [(1 - d) // s] * (s - 1) + [(1 - d) // s + d],
     "// divides and then drops what is behind the point: use /."),
    (_powers, "the ends are right, but between them it has powers of 1 - done, another one for each step. Each weight "
              "follows a straight line: 1 - done of the first list and done of the last."),
    _bent(lambda d: (1 + math.cos(math.pi * d)) / 2, "half a cosine"),
    _bent(lambda d: math.cos(math.pi * d / 2), "a quarter of a cosine"),
    _bent(lambda d: (1 - d) ** 2, "a square"),
    _bent(lambda d: 1 - d**2, "a square"),
    _bent(lambda d: math.sqrt(1 - d), "a square root"),
    _bent(lambda d: float(d < 1), "a jump at the end"),
    _bent(lambda d: float(d <= 0), "a jump at the beginning"),
    _bent(lambda d: float(d < 0.5), "a jump in the middle"),
    _bent(lambda d: float(round(1 - d)), "a jump in the middle"),
    *(_bound(low) for low in (0.03, 0.01, 0.1)),
    (_rising, "later steps weigh more from the beginning. At done = 0 all steps count alike, 1 / steps."),
]  # fmt: skip


def _known(weights):
    """All mistakes; the last ones look at what is given in the cases, and say at which end it is wrong."""
    yield from _MISTAKES
    given = {}
    for args in _CASES.values():
        try:
            given[args] = weights(*args)
        except Stopped:
            continue
        except Problem:
            return  # compare says what it is
    wrong = [args for args in given if not same(given[args], _tensor(multi_step_weights)(*args))]
    ends = {end: any(d == end for _, d in wrong) for end in (0, 1)}
    if not all(abs(w.sum().item() - 1) < 1e-6 for w in given.values()):
        text = "the weights do not add up to 1."
        text += " At done = 0 each is 1 / steps." if ends[0] else ""
        text += " At done = 1 the last is 1, and the others are 0." if ends[1] else ""
    elif ends[0]:
        text = "at done = 0 the steps do not count alike: each is 1 / steps then."
    elif ends[1]:
        text = "at done = 1 it is not the last step alone that counts: [0, ..., 0, 1]."
    else:
        text = ("the ends are right, but between them it does not follow a straight line: 1 - done of the first list "
                "and done of the last.")  # fmt: skip
    yield weights, text


def judge_weights(call):
    """`multi_step_weights`: at both ends, between them, and for a single step."""
    weights = _tensor(call)
    compare(weights, _tensor(multi_step_weights), _CASES,
            [(lambda s, d, f=f: torch.as_tensor(f(s, d), dtype=torch.float64), text) for f, text in _known(weights)],
            axes=("place",))  # fmt: skip
