"""Random numbers that depend on (seed, stream, index) alone, so no result depends on where a run was cut."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import torch

from course_lib.arguments import check_whole

#: Streams keep training, evaluation and anything else from sharing random numbers under one seed.
TRAIN, EVALUATE, FEW = 0, 1, 2


def seed_for(seed: int, stream: int, index: int) -> int:
    """Mix three whole numbers into one seed. Neighbouring inputs give unrelated seeds."""
    check_whole(0, seed=seed)
    return int(np.random.SeedSequence([seed, stream, index]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def task_seed(seed: int, index: int) -> int:
    """The seed of the task of this number in a fixed set of tasks. The first of one seed are those of every such set.

    From the thousandth on, other seeds than those of the next `seed`: two sets of tasks must not overlap."""
    return 1000 * seed + index if index < 1000 else seed_for(seed, FEW, index)


def generator_for(seed: int, stream: int, index: int) -> torch.Generator:
    """A fresh CPU generator for this (seed, stream, index)."""
    return torch.Generator().manual_seed(seed_for(seed, stream, index))


@contextmanager
def undisturbed(device: torch.device):
    """Inside the block PyTorch's own random numbers may be drawn and seeded; outside nothing is noticed."""
    here = {"devices": []} if device.type == "cpu" else {"devices": [device], "device_type": device.type}
    with torch.random.fork_rng(**here):
        yield
