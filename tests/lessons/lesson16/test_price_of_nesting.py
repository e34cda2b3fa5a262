"""The price of nested loops: counts against closed forms of a network of one product a layer."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from course_lib import Episode
from course_lib.lessons.lesson16.price_of_nesting import (
    ADAPTED,
    TRAINED,
    new_task_prices,
    reasoned_bytes,
    reasoned_flop,
    seconds_of,
    training_prices,
    watt_hours,
)

WIDE, WAY, N = 64, 2, 10


def make(out: int | None) -> nn.Module:
    """Four layers, of WIDE x WIDE weights each."""
    layers = [layer for _ in range(4) for layer in (nn.Linear(WIDE, WIDE), nn.ReLU())]
    return nn.Sequential(*layers, *([] if out is None else [nn.Linear(WIDE, out)]))


@pytest.fixture(scope="module")
def task() -> Episode:
    torch.manual_seed(0)
    x, y = torch.randn(1, N, WIDE), torch.arange(WAY).repeat(N // WAY)[None]
    return Episode(x, y, x, y, WAY)


def test_counted_operations_of_training_are_those_that_were_reasoned(task):
    found = {(price.name, price.steps): price for price in training_prices(make, task, (2, 8), turns=1)}
    assert set(found) == {("prototypical", 0), *((name, k) for name in ("first-order MAML", "MAML") for k in (2, 8))}
    forward = 2 * N * WIDE * (4 * WIDE + WAY)
    for (name, steps), price in found.items():
        # Shown beside it is the loss of the support set: another forward pass where there is an inner loop.
        shown = 0 if name == "prototypical" else forward
        assert price.flop - shown == pytest.approx(reasoned_flop(name, forward, forward, steps), rel=0.15)
        assert price.bytes > 0 and price.seconds > 0
    # Each further step costs 9 forward passes in place of 3, but for the input of the first layer.
    further = [found[name, 8].flop - found[name, 2].flop for name in ("MAML", "first-order MAML")]
    assert further[0] / further[1] == pytest.approx(3, rel=0.1)
    assert found["MAML", 8].bytes > 2.5 * found["MAML", 2].bytes
    assert found["first-order MAML", 8].bytes < 1.2 * found["first-order MAML", 2].bytes


def test_a_new_task_costs_a_pass_or_a_training(task):
    found = {(price.name, price.steps): price.flop for price in new_task_prices(make, task, (5,), turns=1)}
    assert {name for name, _ in found} == set(ADAPTED)
    forward = 2 * N * WIDE * 4 * WIDE
    assert found["prototypical", 0] == pytest.approx(2 * forward, rel=0.05)
    assert found["frozen, linear layer", 5] == pytest.approx(2 * forward, rel=0.1)
    for name in ("MAML", "from scratch"):
        assert found[name, 5] == pytest.approx((3 * 5 + 1) * forward, rel=0.15)


def test_reasons_by_hand():
    assert reasoned_flop("prototypical", 10, 7, 5) == 3 * 17
    assert reasoned_flop("first-order MAML", 10, 7, 5) == 3 * 5 * 10 + 3 * 7
    assert reasoned_flop("MAML", 10, 7, 5) == 9 * 5 * 10 + 3 * 7
    assert reasoned_bytes("MAML", 3, 4, 5) - reasoned_bytes("MAML", 3, 4, 4) == 3 + 2 * 4
    assert {reasoned_bytes(name, 3, 4, 1) == reasoned_bytes(name, 3, 4, 9) for name in TRAINED} == {True, False}
    assert watt_hours(1800, 100) == 50 and seconds_of(6e12, 3e12) == 2
    with pytest.raises(ValueError, match="one of prototypical"):
        reasoned_flop("Reptile", 1, 1, 1)


def test_a_price_is_of_one_task(task):
    with pytest.raises(ValueError, match=r"episode\.task\(0\)"):
        training_prices(make, Episode.cat([task, task]))
