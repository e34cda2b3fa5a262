"""How the tasks of an arm are drawn, in lesson 12: from the generator, each for itself, each choice as likely."""

from __future__ import annotations

import math
from collections import Counter

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode
from course_lib.exercises.engine import Problem
from course_lib.lessons.lesson12.checks_recording import episode_of, origin, recording


def judge_draws(call):
    """Each choice is drawn for each task, and each possibility is as likely."""
    arms, swings, moments, n, support, query = 5, 3, 9, 1500, 4, 3
    parts = [episode_of(call, arms, swings, moments, n // 5, support, query, seed) for seed in range(2, 7)]
    seen, asked = (origin(torch.cat([getattr(e, part) for e in parts])) for part in ("support_x", "query_x"))
    _evenly("arms", seen.arm[:, 0], arms)
    _evenly("swings of support sets", seen.swing[:, 0], swings)
    _evenly("first moments of support sets", seen.moment[:, 0], moments - support + 1)
    _evenly("moments of queries", asked.moment, moments)
    _any_set(asked.moment, moments, steps=asked.moment.diff(dim=1) % moments)
    around = [(origin(e.query_x).swing - origin(e.support_x).swing[:, :1])[:, 0] % swings for e in parts]
    if all(bool((step == step[0]).all()) for step in around) and len({int(step[0]) for step in around}) > 1:
        raise Problem("how far the second swing is from the first one is drawn once for all tasks. Draw it for each "
                      "task.")  # fmt: skip
    pairs = Counter(zip(seen.swing[:, 0].tolist(), asked.swing[:, 0].tolist(), strict=True))
    if len(pairs) < swings * (swings - 1):
        first = next((i, j) for i in range(swings) for j in range(swings) if i != j and not pairs[i, j])
        raise Problem(f"of three swings (0, 1, 2), queries never come from swing {first[1]} when the support set "
                      f"comes from {first[0]}: the second one follows from the first. Draw it among all the "
                      f"others.")  # fmt: skip
    if max(pairs.values()) > 1.5 * min(pairs.values()):
        raise Problem(f"some pairs of swings come more often than others: {dict(sorted(pairs.items()))} of {n} tasks. "
                      "Each of the other swings should be as likely.")  # fmt: skip


def _any_set(moment: Tensor, moments: int, steps: Tensor):
    """Refuse queries whose moments follow from one another, though each of them is as likely."""
    possible, found = math.comb(moments, moment.shape[1]), len(moment.sort(1).values.unique(dim=0))
    if found < possible:
        evenly = bool((steps == steps[0, 0]).all())
        why = f"each comes {int(steps[0, 0])} moments after the one before it" if evenly else "some never come together"
        raise Problem(f"of the {possible} sets of {moment.shape[1]} moments that the queries may be, only {found} came "
                      f"in {len(moment)} tasks: {why}. Draw each freely: torch.randperm(moments, "
                      "generator=generator)[:n_query].")  # fmt: skip


def judge_apart(call, one: Episode, other: Episode):
    """What does not differ between the tasks of an Episode, or between generators of two seeds."""
    if all(torch.equal(a, b) for a, b in zip(one.tensors(), other.tensors(), strict=True)):
        raise Problem(f"generators of two seeds give the very same Episode. {_why_same(call)}")
    (seen, asked), (seen_too, asked_too) = ((origin(e.support_x), origin(e.query_x)) for e in (one, other))
    for what, values, others in (
        ("arm", seen.arm[:, 0], seen_too.arm[:, 0]),
        ("swing of the support set", seen.swing[:, 0], seen_too.swing[:, 0]),
        ("swing of the queries", asked.swing[:, 0], asked_too.swing[:, 0]),
        ("first moment of the support set", seen.moment[:, 0], seen_too.moment[:, 0]),
    ):
        if torch.equal(values, values[:1].expand_as(values)):
            once = values[0] != others[0]
            drawn = "drawn once for all tasks" if once else f"always number {values[0]} (counted from 0)"
            raise Problem(f"the {what} is {drawn}. Draw it for each task.")
        if torch.equal(values, others):
            in_turn = torch.equal(values, torch.arange(len(values)) % (values.max() + 1))
            how = "is taken in turn, from 0 on" if in_turn else "is the same for generators of two seeds, in each task"
            raise Problem(f"the {what} {how}. Draw it for each task, from the generator that is passed in.")
    places, others = (at.moment.sort(1).values for at in (asked, asked_too))
    if bool((places == places[:1]).all()):
        raise Problem("all tasks of an Episode have their queries at the same moments. Draw them for each task.")
    if torch.equal(places, others):
        raise Problem("two generators of different seeds give the same moments for the queries: these are not drawn "
                      "from `generator`.")  # fmt: skip


def _why_same(call) -> str:
    """Why the seed of a generator makes no difference, as far as the generator tells."""
    generator = Generator().manual_seed(2)
    before = generator.get_state()
    call(*recording(24, 2, 30), 24, 5, 7, generator)
    if generator.initial_seed() != 2:
        return "`generator` is set to a seed inside (manual_seed). It has one of its own: draw from it as it is."
    if torch.equal(generator.get_state(), before):
        return "Nothing is drawn from `generator`: hand it to all that draws, torch.randint(..., generator=generator)."
    return "Draw from `generator` as it is, and from nothing else."


def _evenly(what: str, drawn: Tensor, possible: int):
    """Refuse what is never drawn, or much too often."""
    found, mean = Counter(drawn.flatten().tolist()), drawn.numel() / possible
    missing = sorted(set(range(possible)) - found.keys())
    if missing:
        upper = ("The last piece begins at moments - n_support, and torch.randint leaves out its upper end: "
                 "torch.randint(moments - n_support + 1, ...).") if what.startswith("first") else (
                 "torch.randint(n, ...) gives 0 ... n - 1.")  # fmt: skip
        last = missing == list(range(possible))[-len(missing) :]
        raise Problem(f"of {possible} {what}, {'the last' if last else 'some'} ({', '.join(map(str, missing[:5]))}, "
                      f"counted from 0) never came in {len(drawn)} tasks. "
                      f"{upper if last else 'All should be possible.'}")  # fmt: skip
    most, least = found.most_common()[0], found.most_common()[-1]
    if most[1] > 1.3 * mean or least[1] < 0.7 * mean:
        raise Problem(f"some {what} come more often than others: number {most[0]} (counted from 0) {most[1]} times in "
                      f"{len(drawn)} tasks, number {least[0]} {least[1]} times. All should be as likely.")  # fmt: skip


def judge_generator(call):
    """The generator alone decides, and goes on from call to call."""
    x, y = recording(4, 2, 20)
    one, other = (call(x, y, 6, 4, 5, torch.Generator().manual_seed(9)) for _ in range(2))
    if not all(torch.equal(a, b) for a, b in zip(one.tensors(), other.tensors(), strict=True)):
        raise Problem("the same generator, set to the same seed, gives another Episode: draw from `generator`, and "
                      "from nothing else.")  # fmt: skip
    going_on = Generator().manual_seed(9)
    first, second = (call(x, y, 6, 4, 5, going_on) for _ in range(2))
    if torch.equal(first.support_x, second.support_x):
        raise Problem("two calls one after the other give the same tasks, so that training would see them over and "
                      "over. Is the generator set back to a seed, or copied?")  # fmt: skip
    if not torch.equal(first.support_x, one.support_x):
        raise Problem("the generator that is passed in is not the one that is drawn from.")
