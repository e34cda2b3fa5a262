"""What `check` looks at in the support set and queries of an arm, in lesson 12, and which mistakes it knows.

Recordings are made up so that their numbers say where they come from; what an Episode holds can be read off.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode
from course_lib.exercises.engine import Problem
from course_lib.exercises.results import form

_PARTS = ("support_x", "support_y", "query_x", "query_y")


def _recording(arms: int, swings: int, moments: int, inputs: int = 4, dtype=torch.float32) -> tuple[Tensor, Tensor]:
    """Inputs (arm, swing, moment, 0, ...), and minus these as torques: 1 is added to each, so that none is 0."""
    grid = torch.meshgrid(*map(torch.arange, (arms, swings, moments)), indexing="ij")
    where = torch.stack(grid, -1).to(dtype) + 1  # [arms, swings, moments, 3]
    x = torch.cat([where, torch.zeros(arms, swings, moments, inputs - 3, dtype=dtype)], -1)
    y = -torch.stack([where[..., 0] + 100 * where[..., 1], where[..., 2]], -1)
    return x, y


@dataclass(frozen=True)
class _Origin:
    """Where the examples of a part come from: `[tasks, n]` each."""

    arm: Tensor
    swing: Tensor
    moment: Tensor


def _origin(x: Tensor) -> _Origin:
    return _Origin(*(x[..., :3].round().long() - 1).unbind(-1))


def _asked(call, arms: int, swings: int, moments: int, tasks: int, support: int, query: int, seed: int = 0,
           dtype=torch.float32) -> Episode:  # fmt: skip
    """What a learner's function gives, of the right shapes, with inputs and torques that belong together."""
    x, y = _recording(arms, swings, moments, dtype=dtype)
    got = call(x, y, tasks, support, query, torch.Generator().manual_seed(seed))
    if not isinstance(got, Episode):
        apart = "Episode(support_x, support_y, query_x, query_y) makes one."
        raise Problem(f"it should return an Episode, but it is {form(got)}. {apart}")
    numbers = {"support_x": support, "support_y": support, "query_x": query, "query_y": query}
    for part in _PARTS:
        value, want = getattr(got, part), [tasks, numbers[part], 4 if part[-1] == "x" else 2]
        if list(value.shape) != want:
            raise Problem(f"{part} should be {want} here, but it is {list(value.shape)}.{_why_shape(value, want)}")
        if value.dtype != dtype:
            raise Problem(f"{part} is {value.dtype}; what was recorded is {dtype}. Take it as it is.")
    for part in ("support", "query"):
        _belong_together(part, getattr(got, f"{part}_x"), getattr(got, f"{part}_y"), x, y)
    return got


def _why_shape(value: Tensor, want: list[int]) -> str:
    if value.ndim == 3 and value.shape[0] == 1 and want[0] > 1:
        return " Is there one task for all?"
    return ""


def _belong_together(part: str, x: Tensor, y: Tensor, all_x: Tensor, all_y: Tensor):
    """Refuse numbers that were not recorded, and torques that belong to another moment."""
    at = _origin(x)
    sizes = torch.tensor(all_x.shape[:3])
    places = torch.stack([at.arm, at.swing, at.moment], -1)
    known = bool(((places >= 0) & (places < sizes)).all())
    if not known or not torch.equal(all_x[tuple(places.unbind(-1))], x):
        raise Problem(f"{part}_x holds numbers that were not recorded. Take inputs from x as they are.")
    if not torch.equal(all_y[tuple(places.unbind(-1))], y):
        parts = zip(("arm", "swing", "moment"), (at.arm, at.swing, at.moment), _origin_of_y(y), strict=True)
        what = next(name for name, one, other in parts if not torch.equal(one, other))
        raise Problem(f"inputs and torques do not belong together: {part}_y comes from another {what} than {part}_x. "
                      "Take both with the same indices.")  # fmt: skip


def _origin_of_y(y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    first = -y[..., 0].round().long()
    return first % 100 - 1, first // 100 - 1, -y[..., 1].round().long() - 1


def judge_asks(call):
    """`another_swing`: two swings first, then three and more tasks; what is drawn, and from what."""
    one, other = (_asked(call, 24, 2, 30, 24, 5, 7, seed) for seed in (0, 1))
    _judge_episode(one)
    _judge_apart(*[(_origin(e.support_x), _origin(e.query_x)) for e in (one, other)])
    try:
        _judge_episode(_asked(call, 4, 3, 12, 4, 3, 4, seed=1))
        _judge_episode(_asked(call, 20, 3, 12, 20, 3, 4, seed=1))
    except Problem as problem:
        raise Problem(f"with two swings it is right, but with three {problem}{_two(str(problem))}") from None
    _judge_edges(call)
    _judge_generator(call)
    _judge_draws(call)


def _two(said: str) -> str:
    """What counts on two swings, if it seems so."""
    return " (1 - swing is the other one where there are two.)" if "same" in said or "IndexError" in said else ""


def _one_of_each(values: Tensor) -> bool:
    """Whether all examples of a task come from the same one."""
    return bool((values == values[:, :1]).all())


def _judge_episode(e: Episode):
    seen, asked = _origin(e.support_x), _origin(e.query_x)
    for part, at in (("moments of the support set", seen), ("queries", asked)):
        for what, values in (("arms", at.arm), ("swings", at.swing)):
            if not _one_of_each(values):
                raise Problem(f"the {part} of a task come from several {what}. Draw one for each task, not one for "
                              "each moment.")  # fmt: skip
    if not torch.equal(seen.arm[:, 0], asked.arm[:, 0]):
        raise Problem("support set and queries come from different arms. A task is *one* arm: what was seen of it has "
                      "to help with what is asked.")  # fmt: skip
    same = (seen.swing[:, 0] == asked.swing[:, 0]).nonzero().flatten().tolist()
    if same:
        _refuse_same_swing(same, seen, asked)
    steps = seen.moment.diff(dim=1)
    if not bool((steps == 1).all()):
        _refuse_piece(seen.moment, steps)
    repeated = next((t for t in range(len(asked.moment)) if len(set(asked.moment[t].tolist())) < asked.moment.shape[1]),
                    None)  # fmt: skip
    if repeated is not None:
        raise Problem("a task has the same query twice: its moments are drawn with repeats, as torch.randint does. "
                      "torch.randperm(moments, generator=generator)[:n_query] draws different ones.")  # fmt: skip
    if asked.moment.shape[1] > 4 and bool((asked.moment.sort(1).values.diff(dim=1) == 1).all()):
        raise Problem("the queries of each task follow one another. They should come from anywhere in the swing, as a "
                      "controller goes anywhere: any n_query different moments.")  # fmt: skip


def _refuse_same_swing(same: list[int], seen: _Origin, asked: _Origin):
    """Queries of the swing that was seen: the next moments, those before, or the piece itself."""
    if len(same) < len(seen.swing):
        raise Problem(f"in {len(same)} of {len(seen.swing)} tasks the queries come from the *same* swing as the "
                      "support set: the two are drawn without looking at each other. Draw the second one among the "
                      "others.")  # fmt: skip
    inside = any(set(seen.moment[t].tolist()) & set(asked.moment[t].tolist()) for t in same)
    after = bool((asked.moment.amin(1) > seen.moment.amax(1)).all())
    if inside:
        raise Problem("queries come from the swing that was seen, and some are moments of the support set itself: "
                      "their torques have been given away. Take another swing of the same arm.")  # fmt: skip
    raise Problem(f"the queries come from the swing that was seen{', after the support set' if after else ''}. There "
                  "the arm is nearly where it was, and that is not what the controller will ask about. Take *another* "
                  "swing of the same arm.")  # fmt: skip


def _refuse_piece(moment: Tensor, steps: Tensor):
    """A support set whose moments do not follow one another."""
    if bool((moment.sort(1).values.diff(dim=1) == 1).all()):
        backwards = " (it runs backwards)" if bool((steps == -1).all()) else ""
        raise Problem(f"the moments of the support set are not in their order{backwards}: a piece of a swing runs "
                      "from its first moment to its last.")  # fmt: skip
    if bool((steps > 0).all()) and len(set(steps.flatten().tolist())) == 1:
        raise Problem(f"the support set takes every {steps[0, 0]}th moment. It should be a piece: moments that follow "
                      "one another.".replace("2th", "2nd").replace("3th", "3rd"))  # fmt: skip
    raise Problem("the support set is made of moments from here and there. It should be a piece of the swing, moments "
                  "that follow one another: one first moment is drawn, and + torch.arange(n_support) gives the "
                  "others.")  # fmt: skip


def _judge_draws(call):
    """Each choice is drawn for each task, and each possibility is as likely."""
    arms, swings, moments, n, support, query = 5, 3, 9, 1500, 4, 3
    parts = [_asked(call, arms, swings, moments, n // 5, support, query, seed) for seed in range(2, 7)]
    seen, asked = (_origin(torch.cat([getattr(e, part) for e in parts])) for part in ("support_x", "query_x"))
    _evenly("arms", seen.arm[:, 0], arms)
    _evenly("swings of support sets", seen.swing[:, 0], swings)
    _evenly("first moments of support sets", seen.moment[:, 0], moments - support + 1)
    _evenly("moments of queries", asked.moment, moments)
    pairs = Counter(zip(seen.swing[:, 0].tolist(), asked.swing[:, 0].tolist(), strict=True))
    if len(pairs) < swings * (swings - 1):
        first = next((i, j) for i in range(swings) for j in range(swings) if i != j and not pairs[i, j])
        raise Problem(f"of three swings (0, 1, 2), queries never come from swing {first[1]} when the support set "
                      f"comes from {first[0]}: the second one follows from the first. Draw it among all the "
                      f"others.")  # fmt: skip
    if max(pairs.values()) > 1.5 * min(pairs.values()):
        raise Problem(f"some pairs of swings come more often than others: {dict(sorted(pairs.items()))} of {n} tasks. "
                      "Each of the other swings should be as likely.")  # fmt: skip


def _judge_apart(one: tuple[_Origin, _Origin], other: tuple[_Origin, _Origin]):
    """What does not differ between the tasks of an Episode, or between generators of two seeds."""
    for i, what, of in ((0, "arm", "arm"), (0, "swing of the support set", "swing"), (1, "swing of the "
                                                                                         "queries", "swing"),
                        (0, "first moment of the support set", "moment")):  # fmt: skip
        values, others = (getattr(origins[i], of)[:, 0] for origins in (one, other))
        if torch.equal(values, values[:1].expand_as(values)):
            once = values[0] != others[0]
            drawn = "drawn once for all tasks" if once else f"always number {values[0]} (counted from 0)"
            raise Problem(f"the {what} is {drawn}. Draw it for each task.")
        if torch.equal(values, others):
            raise Problem(f"the {what} is the same in task after task, whatever the generator. Draw it for each task, "
                          f"from "
                          "the generator that is passed in.")  # fmt: skip
    places, others = (asked.moment.sort(1).values for _, asked in (one, other))
    if bool((places == places[:1]).all()):
        raise Problem("all tasks of an Episode have their queries at the same moments. Draw them for each task.")
    if torch.equal(places, others):
        raise Problem("two generators of different seeds give the same moments for the queries: these are not drawn "
                      "from `generator`.")  # fmt: skip


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


def _judge_edges(call):
    for words, sizes in {
        "more tasks than arms": (2, 2, 6, 9, 3, 3), "a single arm": (1, 2, 6, 3, 2, 2),
        "a single task": (4, 2, 6, 1, 2, 2),
        "a support set of all moments": (3, 2, 5, 4, 5, 2), "queries of all moments": (3, 2, 5, 4, 2, 5),
        "a single support point and a single query": (3, 3, 5, 4, 1, 1), "six swings": (3, 6, 8, 12, 3, 4),
    }.items():  # fmt: skip
        try:
            e = _asked(call, *sizes, seed=5)
            if "queries of all" not in words:
                _judge_episode(e)
            elif bool((_origin(e.query_x).moment.sort(1).values != torch.arange(5)).any()):
                raise Problem("a task has the same query twice.")
        except Problem as problem:
            more = {
                "more tasks than arms": "\n  Arms may come more than once: torch.randint, not torch.randperm.",
                "a support set of all moments": "\n  It begins at moment 0 = moments - n_support, the last possible "
                "place, and torch.randint leaves out its upper end.",
            }.get(words, "")
            more = more if "it stopped" in str(problem) or "should be" in str(problem) else ""
            raise Problem(f"elsewhere it is right, but with {words} {problem}{more}") from None
    _asked(call, 3, 2, 8, 4, 2, 2, dtype=torch.float64)


def _judge_generator(call):
    x, y = _recording(4, 2, 20)
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
