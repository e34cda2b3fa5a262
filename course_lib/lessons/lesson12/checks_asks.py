"""What `check` looks at in the support set and queries of an arm, in lesson 12, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.exercises.engine import Problem
from course_lib.lessons.lesson12.checks_draws import judge_apart, judge_draws, judge_generator
from course_lib.lessons.lesson12.checks_recording import Origin, episode_of, origin


def judge_asks(call):
    """`another_swing`: two swings first, then three and more tasks; what is drawn, and from what."""
    one, other = (episode_of(call, 24, 2, 30, 24, 5, 7, seed) for seed in (0, 1))
    _judge_episode(one, 30)
    judge_apart(call, one, other)
    if not bool((origin(one.support_x).moment.unsqueeze(2) == origin(one.query_x).moment.unsqueeze(1)).any()):
        raise Problem("queries never come at the moments of the support set. They belong to another swing, of which "
                      "nothing was seen: every moment of it may come.")  # fmt: skip
    try:
        _judge_episode(episode_of(call, 4, 3, 12, 4, 3, 4, seed=1), 12)
        _judge_episode(episode_of(call, 20, 3, 12, 20, 3, 4, seed=1), 12)
    except Problem as problem:
        raise Problem(f"with two swings it is right, but with three {problem}{_two(str(problem))}") from None
    _judge_edges(call)
    judge_generator(call)
    judge_draws(call)


def _two(said: str) -> str:
    """What counts on two swings, if it seems so."""
    return " (1 - swing is the other one where there are two.)" if "same" in said or "IndexError" in said else ""


def _one_of_each(values: Tensor) -> bool:
    """Whether all examples of a task come from the same one."""
    return bool((values == values[:, :1]).all())


def _judge_episode(e: Episode, moments: int):
    seen, asked = origin(e.support_x), origin(e.query_x)
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
        _refuse_piece(seen.moment, steps, moments)
    repeated = next((t for t in range(len(asked.moment)) if len(set(asked.moment[t].tolist())) < asked.moment.shape[1]),
                    None)  # fmt: skip
    if repeated is not None:
        raise Problem("a task has the same query twice: its moments are drawn with repeats, as torch.randint does. "
                      "torch.randperm(moments, generator=generator)[:n_query] draws different ones.")  # fmt: skip
    if asked.moment.shape[1] > 4 and bool((asked.moment.sort(1).values.diff(dim=1) == 1).all()):
        if not asked.moment.amin(1).any():
            raise Problem("the queries of every task are the first n_query moments of their swing. They should come "
                          "from anywhere in it: torch.randperm(moments, generator=generator)[:n_query].")  # fmt: skip
        raise Problem("the queries of each task follow one another. They should come from anywhere in the swing, as a "
                      "controller goes anywhere: any n_query different moments.")  # fmt: skip


def _refuse_same_swing(same: list[int], seen: Origin, asked: Origin):
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


def _refuse_piece(moment: Tensor, steps: Tensor, moments: int):
    """A support set whose moments do not follow one another."""
    if bool(((steps == 1) | (steps == 1 - moments)).all()):
        raise Problem("a piece that begins near the end of a swing goes on at its beginning, where the arm was long "
                      "before. Only pieces that fit are wanted: the last begins at moments - n_support.")  # fmt: skip
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


_NOTHING_LEFT = ("random_ expects", "empty range", "low >= high", "high <= 0")  # torch, random, NumPy: to draw from 0


def _judge_edges(call):
    for words, sizes in {
        "more tasks than arms": (2, 2, 6, 9, 3, 3), "a single arm": (1, 2, 6, 3, 2, 2),
        "a single task": (4, 2, 6, 1, 2, 2),
        "a support set of all moments": (3, 2, 5, 4, 5, 2), "queries of all moments": (3, 2, 5, 4, 2, 5),
        "a single support point and a single query": (3, 3, 5, 4, 1, 1), "six swings": (3, 6, 8, 12, 3, 4),
    }.items():  # fmt: skip
        try:
            e = episode_of(call, *sizes, seed=5)
            if "queries of all" not in words:
                _judge_episode(e, sizes[2])
            elif bool((origin(e.query_x).moment.sort(1).values != torch.arange(5)).any()):
                raise Problem("a task has the same query twice.")
        except Problem as problem:
            more = {
                "more tasks than arms": ("\n  Arms may come more than once: n_tasks may be larger than their number. "
                                         "torch.randint draws with repeats.", ("should be", "stopped")),
                "a support set of all moments": ("\n  It begins at moment 0 = moments - n_support, the last possible "
                                                 "place, and torch.randint leaves out its upper end.", _NOTHING_LEFT),
            }.get(words, ("", ()))  # fmt: skip
            said = f"elsewhere it is right, but with {words} {problem}"
            raise Problem(said + more[0] * any(word in said for word in more[1])) from None
    episode_of(call, 3, 2, 8, 4, 2, 2, dtype=torch.float64)
