"""What acts, on the device: its lives are those of the CPU, and so are its losses and gradients."""

import copy

import pytest
import torch

from course_lib import fit
from course_lib.learners import ActingMAML, GaussianPolicy
from course_lib.lessons.lesson13 import HiddenGoal, RecurrentPolicy
from course_lib.tasks import Navigation
from course_lib.tasks.bandits import Bandits, InformativeArm

MAKE = {
    "walker": lambda: ActingMAML(GaussianPolicy((2, 8, 2)), Navigation(4, 4, 3)),
    "walker, sparse, scaled": lambda: ActingMAML(GaussianPolicy((2, 8, 2)), Navigation(4, 4, 3, 0.3), scaled=True),
    "bandits": lambda: RecurrentPolicy(Bandits(3, 4, 0.6), 8),
    "informative arm": lambda: RecurrentPolicy(InformativeArm(), 8),
    "hidden goal": lambda: RecurrentPolicy(HiddenGoal(3, 3, 2), 8),
}


@pytest.mark.parametrize("name", MAKE)
def test_it_learns_as_on_the_cpu(name, strict):
    torch.manual_seed(0)
    here = MAKE[name]()
    there = copy.deepcopy(here).to(strict)
    episode = here.world.sample(6, torch.Generator().manual_seed(0))
    losses = [here.losses(episode), there.losses(episode.to(strict))]
    for mine, its in zip(*losses, strict=True):
        assert its.device == strict and torch.allclose(its.cpu(), mine, atol=1e-4)
    gradients = [torch.autograd.grad(pair[1], list(each.parameters()), allow_unused=True)
                 for pair, each in zip(losses, (here, there), strict=True)]  # fmt: skip
    for mine, its in zip(*gradients, strict=True):
        assert (mine is None) == (its is None) and (mine is None or torch.allclose(its.cpu(), mine, atol=1e-3))
    fit(there, here.world, 2, meta_batch=4, device=strict, progress=False)
    assert all(value.device == strict for value in there.parameters())
