"""Recordings that say where their numbers come from, so that what an Episode holds can be read off (lesson 12)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.exercises.engine import Problem
from course_lib.exercises.results import form

_PARTS = ("support_x", "support_y", "query_x", "query_y")


def recording(arms: int, swings: int, moments: int, inputs: int = 4, dtype=torch.float32) -> tuple[Tensor, Tensor]:
    """Inputs (arm, swing, moment, 0, ...), and minus these as torques: 1 is added to each, so that none is 0."""
    grid = torch.meshgrid(*map(torch.arange, (arms, swings, moments)), indexing="ij")
    where = torch.stack(grid, -1).to(dtype) + 1  # [arms, swings, moments, 3]
    x = torch.cat([where, torch.zeros(arms, swings, moments, inputs - 3, dtype=dtype)], -1)
    y = -torch.stack([where[..., 0] + 100 * where[..., 1], where[..., 2]], -1)
    return x, y


@dataclass(frozen=True)
class Origin:
    """Where the examples of a part come from: `[tasks, n]` each."""

    arm: Tensor
    swing: Tensor
    moment: Tensor


def origin(x: Tensor) -> Origin:
    """Where inputs `[tasks, n, inputs]` of a recording come from."""
    return Origin(*(x[..., :3].round().long() - 1).unbind(-1))


def episode_of(call, arms: int, swings: int, moments: int, tasks: int, support: int, query: int, seed: int = 0,
               dtype=torch.float32) -> Episode:  # fmt: skip
    """What a learner's function gives, of the right shapes, with inputs and torques that belong together."""
    x, y = recording(arms, swings, moments, dtype=dtype)
    got = call(x, y, tasks, support, query, torch.Generator().manual_seed(seed))
    if not isinstance(got, Episode):
        apart = "Episode(support_x, support_y, query_x, query_y) makes one."
        raise Problem(f"it should return an Episode, but it is {form(got)}. {apart}")
    other_way = [[tasks, n, numbers] for n in (query, support) for numbers in (4, 2)]
    if support != query and [list(getattr(got, part).shape) for part in _PARTS] == other_way:
        pieces = bool((origin(got.query_x).moment.diff(dim=1) == 1).all())
        raise Problem(f"for n_support={support} and n_query={query}, the support set has {query} moments and there are "
                      f"{support} queries. " + ("The two are exchanged: Episode(support_x, support_y, query_x, "
                      "query_y)." if pieces else "n_support and n_query are exchanged."))  # fmt: skip
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
    at = origin(x)
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
