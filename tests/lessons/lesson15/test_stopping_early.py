"""Stopping early: each plan costs what it says, and finds what is there to be found."""

import pytest
import torch
from torch import Generator

from course_lib.lessons.lesson15.settings import KEPT, Maps
from course_lib.lessons.lesson15.stopping_early import PLANS, full_trials, halve


def straight(tasks: int) -> Maps:
    """Curves that never cross: settings stand in the same order at every step."""
    last = torch.rand(tasks, 128, generator=Generator().manual_seed(0)) / 2  # [tasks, 128]
    later = torch.arange(len(KEPT) - 1, -1, -1) / 10  # [6], what is added before the end
    return Maps(last[..., None] + later, last)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_costs_what_it_says(name):
    _, price = halve(PLANS[name], straight(1), torch.rand(5, 128), Generator())
    assert full_trials(price) == PLANS[name].trials


def test_the_best_of_the_settings_wins_where_curves_never_cross():
    maps = straight(4)
    plan = PLANS["64 of the portfolio, from 10 steps"]
    won, _ = halve(plan, maps, maps.loss, Generator())
    assert won[:, 0].tolist() == maps.loss.argmin(1).tolist()  # a portfolio of these very tasks holds the best of each
    plan = PLANS["64 at random, from 10 steps"]
    won, _ = halve(plan, maps, maps.loss, Generator().manual_seed(0), repeats=50)
    ranks = (maps.loss[:, None] < maps.loss.gather(1, won)[..., None]).sum(-1)  # [tasks, repeats]
    assert won.shape == (4, 50) and 0.3 < ranks.double().mean() < 2  # the best of half of all: half of the time rank 0


def test_a_curve_that_crosses_misleads_it():
    maps = straight(1)
    best = int(maps.loss.argmin())
    maps.curves[0, best, KEPT.index(10)] = 1.9
    won, _ = halve(PLANS["64 of the portfolio, from 10 steps"], maps, maps.loss, Generator())
    assert won.item() != best
