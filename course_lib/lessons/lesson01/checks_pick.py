"""What `check` looks at in `pick_different` of lesson 01: shape, range, fairness, order, and cells of their own."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem
from course_lib.lessons.lesson01.checks_sampling import even, independent, judge_randomness, need, seeded


def judge_pick(call):
    """`pick_different`: one call whose sizes all differ, then many draws, then the smallest and largest `k`."""
    shape, n, k = (8, 3), 7, 4
    try:
        got = call(shape, n, k, seeded(0))
    except Problem as problem:
        raise Problem(f"{problem}{_why(call, str(problem), n)}") from None
    _judge_form(got, shape, n, k)
    got = call((600, 2), 7, 4, seeded(0))  # [600, 2, 4]
    need(
        (got.sort(-1).values.diff(dim=-1) > 0).all(),
        "it picks a number twice in one cell (drawing with replacement). As classes, one class would have two "
        "labels; as examples, a support image could come back as a query.",
    )
    need(
        (got[:, 0] != got[:, 1]).any(),
        "all classes of a task get the same choice. Each cell of `shape` needs a draw of its own.",
    )
    need((got[0] != got[1:]).any(), "every task gets the same choice. Each cell of `shape` needs a draw of its own.")
    judge_randomness(lambda generator: call((50,), 7, 4, generator))
    _judge_cells(got)
    _judge_fairness(got.flatten(0, 1))
    _judge_packs(call)
    for shape, n, k, words in (((5,), 3, 3, "all of them are picked, k = n"), ((5,), 4, 1, "one is picked, k = 1")):
        got = call(shape, n, k, seeded(0))
        need(isinstance(got, Tensor) and list(got.shape) == [*shape, k], f"it goes wrong where {words}: the result "
             f"should be of shape {[*shape, k]}, but it is {list(getattr(got, 'shape', []))}. Are all of 0 ... n-1 in "
             f"the "
             "draw, is the first of them used, and does the last axis stay?")  # fmt: skip
        need((got.sort(-1).values.diff(dim=-1) > 0).all() and got.min() >= 0 and got.max() < n,
             f"it goes wrong where {words}: some numbers are not 0 ... {n - 1}, or come twice.")  # fmt: skip


def _why(call, problem: str, n: int) -> str:
    """What an error says of the draw, or nothing."""
    if "equal size" in problem:
        return (
            "\n  Some cells get fewer numbers than others. Are repeated ones dropped (unique, a set)? Shuffle all "
            "numbers and take the first k, and none is repeated."
        )
    if f"size {n}" in problem.splitlines()[0] and _runs(call, (1, 2), 40, 3):
        return (
            "\n  It runs where 40 numbers are enough for all cells together: one shuffled pack is dealt to them all. "
            "Each cell draws for itself from all n."
        )
    if _runs(call, (8,), n, 4):
        return "\n  For shape (8,) it runs: `shape` may have more than one axis."
    return ""


def _runs(call, *arguments) -> bool:
    try:
        return isinstance(call(*arguments, seeded(0)), Tensor)
    except Problem:
        return False


def _judge_form(got, shape: tuple[int, int], n: int, k: int):
    tip = " Its .indices are the places." if hasattr(got, "indices") and not isinstance(got, Tensor) else ""
    need(isinstance(got, Tensor), f"it should return a tensor, but it returned a {type(got).__name__}.{tip}")
    tasks, way = shape
    found, want = list(got.shape), [*shape, k]
    known = [
        ([k, *shape], "k is the first axis, and should be the last."),
        ([tasks, k, way], "k should be the last axis."),
        ([*shape, n], f"it returns all {n} numbers of a cell: keep the first k."),
        ([tasks, way], "it picks one number for each cell, not k."),
        ([k], "it makes one choice for all: each cell of `shape` needs a draw of its own."),
        (
            [tasks, k],
            "it uses the first axis of `shape` only: k numbers for each cell, and a cell for each of all axes.",
        ),
        ([way, k], "it uses the last axis of `shape` only: k numbers for each cell, and a cell for each of all axes."),
        ([tasks * way, k], "the cells stand in one row: .view(*shape, k) gives them their axes."),
        ([tasks * way * k], "all numbers stand in one row: .view(*shape, k) gives them their axes."),
        ([n, *shape], "the first axis counts all n numbers; the last axis should hold the k picked ones."),
    ]
    said = next((text for form, text in known if found == form), "k numbers for each cell of `shape`.")
    need(found == want, f"for shape {shape}, n = {n} and k = {k} the result should be of shape {want}, but it is "
                        f"{found}: "
                        f"{said}")  # fmt: skip
    if got.is_floating_point() and (got != got.round()).any():
        raise Problem("it returns random keys. Which places they have is the choice: .indices of topk, or argsort.")
    need(got.dtype == torch.int64, f"the numbers are places, so they should be int64, but they are {got.dtype}.")
    along_first = got.sort(0).values[:, 0, 0].tolist() == list(range(tasks))
    need(not along_first, "it ranks the cells of the first axis among each other. Rank the n keys of each cell: the "
                          "last "
                          "axis, dim=-1.")  # fmt: skip
    low, high = int(got.min()), int(got.max())
    tip = " Python counts from 0." if low == 1 and high == n else ""
    tip = f" That is one too far: {n} numbers end at {n - 1}." if low == 0 and high == n else tip
    need(low >= 0 and high < n, f"the numbers should be 0 ... {n - 1}, but they go from {low} to {high}.{tip}")


def _judge_cells(got: Tensor):
    """`got` `[600, 2, 4]`: what a cell gets must not depend on what another got."""
    cells = got.flatten(0, 1)  # [1200, 4]
    for lag in (1, 2, 3, 4, 600):
        for i in range(4):
            for j in range(4):
                need(
                    independent(cells[:-lag, i], cells[lag:, j], 7),
                    "what a cell gets follows from what another got (one permutation shifted from cell to cell, or one "
                    "draw for several cells). Each cell of `shape` needs a draw of its own.",
                )


def _judge_fairness(got: Tensor):
    """`got` `[1200, 4]`: choices of 4 from 7."""
    counts = got.flatten().bincount(minlength=7).tolist()
    never = [number for number, count in enumerate(counts) if not count]
    need(
        not never,
        f"of 0 ... 6 it never picks {', '.join(map(str, never))}, for k = 4. All n numbers must be in the draw: is it "
        f"n, "
        "and not k or n - 1, that is shuffled?",
    )
    constant = [i for i, column in enumerate(got.T) if (column == column[0]).all()]
    if constant:
        raise Problem(
            f"place {constant[0]} of each choice always holds {int(got[0, constant[0]])}. It must be drawn, too."
        )
    most, least = max(range(7), key=counts.__getitem__), min(range(7), key=counts.__getitem__)
    need(
        even(got.flatten(), 7, 4 * len(got)),
        f"some numbers are picked more often than others: {most} {counts[most]} times and {least} {counts[least]} "
        f"times. "
        "Every one of 0 ... n-1 must have the same chance. (Do keys tie? Is a number that comes twice replaced by a "
        "certain other?)",
    )
    need(
        all(even(column, 7, len(got)) for column in got.T),
        "the numbers come in an order. A class's place becomes its label, so if the choice is sorted, low "
        "classes get low labels; leave it in random order.",
    )
    need(
        all(even((got[:, i] - got[:, j]) % 7 - 1, 6, len(got)) for i in range(4) for j in range(i)),
        "numbers that are neighbours are picked together. Each choice of k must be as likely as any other.",
    )


def _judge_packs(call):
    """Whether no number is ever in two cells: then one pack was dealt to all."""
    draws = [call((2, 2), 40, 3, seeded(seed)).flatten() for seed in range(20)]
    need(
        any(len(draw.unique()) < math.prod(draw.shape) for draw in draws),
        "no number is ever in two cells: one shuffled pack is dealt to them all. Each cell draws for itself from all "
        "n, "
        "so two tasks may share a class.",
    )
