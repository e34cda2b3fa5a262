"""A look at one task before any work: what would make every number after it quietly wrong is said here."""

from __future__ import annotations

import warnings

import torch
from torch import Tensor, nn

from course_lib.compute.seeding import generator_for
from course_lib.episode import Episode


def first_task(tasks, seed: int, stream: int) -> Episode:
    """The first task that a run with this seed draws, drawn twice: `sample` has to give the same one both times.

    Args:
        tasks: a task distribution with `sample(n_tasks, generator)`.
        seed, stream: as in `seeding`.

    Raises:
        ValueError: if `sample` gives something else than an Episode of one task, or another task each time.
    """
    first, again = (_drawn(tasks, generator_for(seed, stream, 0)) for _ in range(2))
    if not all(
        a.shape == b.shape and bool((a == b).all()) for a, b in zip(first.tensors(), again.tensors(), strict=True)
    ):
        raise ValueError(
            f"{type(tasks).__name__}.sample gave two different tasks for one generator, so no two learners would meet "
            "the same tasks. Draw all that is random with it, as in torch.rand(5, generator=generator)."
        )
    warn_of_pictures(first.query_x)
    return first


def _drawn(tasks, generator: torch.Generator) -> Episode:
    found = tasks.sample(1, generator)
    if not isinstance(found, Episode):
        raise ValueError(f"{type(tasks).__name__}.sample must give an Episode, but it gave a {type(found).__name__}.")
    if found.n_tasks != 1:
        raise ValueError(
            f"{type(tasks).__name__}.sample was asked for 1 task and gave {found.n_tasks}: the first axis of an "
            "Episode's tensors counts tasks."
        )
    return found


def check_dtype(learner: nn.Module, episode: Episode):
    """Do the numbers of a task and those of the learner have one precision? NumPy's are double, a network's single.

    Raises:
        ValueError: if they do not.
    """
    x, p = episode.support_x, next((p for p in learner.parameters() if p.is_floating_point()), None)
    if p is not None and torch.float64 in (x.dtype, p.dtype) and x.is_floating_point() and x.dtype != p.dtype:
        raise ValueError(
            f"the tasks hold {x.dtype} and the network {p.dtype}: make the tensors of the tasks {p.dtype} "
            f"(x.to({p.dtype})), or the network {x.dtype} (network.to({x.dtype}))."
        )


def warn_of_pictures(x: Tensor):
    """Say what is unusual about pictures: the course's are bright ink (1) on a dark ground (0).

    Args:
        x: `[tasks, n, channels, height, width]`; nothing is said of any other shape.
    """
    if x.ndim != 5:
        return
    low, high, mean = float(x.amin()), float(x.amax()), float(x.float().mean())
    if low >= 0 and high > 16:
        warnings.warn(f"these pictures hold values up to {high:g}: networks learn badly from such large numbers. "
                      "Divide them by 255.", stacklevel=4)  # fmt: skip
    elif low >= 0 and high <= 1 and mean > 0.7 and x.shape[2] == 1:
        warnings.warn("most of these pictures is bright. The course's own are bright ink (1) on a dark ground (0), and "
                      "a network trained on them errs more on dark ink: 1 - x turns pictures round.",
                      stacklevel=4)  # fmt: skip
