"""What the judges of lesson 01 share: answers that may differ and be right are judged by what must hold for them."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from course_lib.exercises.engine import Problem

SIGMAS = 5  # standard deviations from what is expected; chance alone goes beyond it once in two million


def seeded(seed: int) -> Generator:
    """A generator at its beginning."""
    return Generator().manual_seed(seed)


def need(fine: bool, message: str):
    """Raise `Problem(message)` unless `fine`."""
    if not fine:
        raise Problem(message)


def judge_randomness(draw):
    """`draw(generator)` must depend on the generator, on all of it, and on nothing else."""
    torch.manual_seed(0)
    first = draw(seeded(1))
    torch.manual_seed(1)
    need(
        _equal(first, draw(seeded(1))),
        "two generators with the same seed gave two results, so some randomness comes from elsewhere: pass "
        "generator=generator to every function that draws. Otherwise nobody can repeat your experiment.",
    )
    generator = seeded(1)
    later = [draw(generator) for _ in range(5)][1:]
    others = [draw(seeded(seed)) for seed in range(2, 6)]
    need(
        not all(_equal(first, one) for one in later) and not all(_equal(first, one) for one in others),
        "it gives the same result every time. All randomness should come from the generator that is passed in, "
        "and no "
        "seed should be set inside.",
    )


def even(values: Tensor, kinds: int, total: int) -> bool:
    """Are the values 0 ... kinds-1 equally frequent, as far as chance allows?"""
    counts = values.bincount(minlength=kinds)[:kinds]
    expected = total / kinds
    return bool((counts - expected).abs().max() < SIGMAS * math.sqrt(expected) + 2)


def independent(a: Tensor, b: Tensor, kinds: int) -> bool:
    """Do two lists of values 0 ... kinds-1 know nothing of each other, as far as chance allows?"""
    pairs = (a * kinds + b).bincount(minlength=kinds**2).view(kinds, kinds)
    expected = a.bincount(minlength=kinds)[:, None] * b.bincount(minlength=kinds) / len(a)
    return bool(((pairs - expected).abs() < (SIGMAS + 1) * expected.sqrt() + 4).all())


def _equal(a, b) -> bool:
    if isinstance(a, Tensor):
        return isinstance(b, Tensor) and a.shape == b.shape and torch.equal(a, b)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_equal, a, b))
    return a == b
