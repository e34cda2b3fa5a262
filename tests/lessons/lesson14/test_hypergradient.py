"""A gradient through a training: three ways agree, and it is the one of a quadratic that is known in closed form."""

import math

import pytest
import torch

from course_lib.compute.memory import peak_bytes
from course_lib.lessons.lesson14.hypergradient import (
    SmallTraining,
    descend_on_rate,
    finite_difference,
    forward_hypergradient,
    losses_at,
    reverse_hypergradient,
    trained,
)


@pytest.mark.parametrize("seed", (0, 1))
@pytest.mark.parametrize("log_rate", (-3.0, 0.0, 1.0))
def test_forwards_backwards_and_by_differences_it_is_the_same(seed, log_rate):
    one = SmallTraining(seed)
    given = one.train_loss, one.validation_loss, one.start, log_rate, 20
    loss, slope = forward_hypergradient(*given)
    for found in zip((loss, slope), reverse_hypergradient(*given), strict=True):
        torch.testing.assert_close(*found, rtol=1e-9, atol=1e-12)
    assert slope.item() == pytest.approx(finite_difference(*given), rel=1e-4, abs=1e-7)
    ended = one.validation_loss(trained(one.train_loss, one.start, log_rate, 20))
    torch.testing.assert_close(loss, ended, rtol=1e-9, atol=1e-12)  # exp of torch and of math differ in a last digit


def test_of_a_quadratic_it_is_known():
    h, rate, steps = torch.tensor([2.0, 0.5], dtype=torch.float64), 0.3, 7
    start, aim = torch.tensor([1.0, -3.0], dtype=torch.float64), torch.tensor([0.2, 0.4], dtype=torch.float64)
    found = forward_hypergradient(lambda w: (h * w**2).sum() / 2, lambda w: ((w - aim) ** 2).sum() / 2, start,
                                  math.log(rate), steps)  # fmt: skip
    end = (1 - rate * h) ** steps * start
    moves = -steps * rate * h * (1 - rate * h) ** (steps - 1) * start
    torch.testing.assert_close(found[0], ((end - aim) ** 2).sum() / 2)
    torch.testing.assert_close(found[1], ((end - aim) * moves).sum())


def test_with_no_step_nothing_depends_on_the_rate():
    one = SmallTraining(2)
    loss, slope = forward_hypergradient(one.train_loss, one.validation_loss, one.start, 0.5, 0)
    assert loss == one.validation_loss(one.start) and slope == 0
    assert not one.start.requires_grad and one.start.grad is None


def test_backwards_keeps_every_step_and_forwards_none():
    one = SmallTraining(0, hidden=4)

    def peak(way, steps):
        return peak_bytes(lambda: way(one.train_loss, one.validation_loss, one.start, 0.0, steps))

    assert peak(forward_hypergradient, 40) < 1.1 * peak(forward_hypergradient, 10)
    assert peak(reverse_hypergradient, 40) > 2 * peak(reverse_hypergradient, 10)


def test_many_rates_at_once_are_as_one_by_one():
    one, rates = SmallTraining(3), torch.tensor([-3.0, 0.0, 1.0], dtype=torch.float64)
    single = [one.validation_loss(trained(one.train_loss, one.start, r, 10)) for r in rates]
    torch.testing.assert_close(losses_at(one, rates, 10), torch.stack(single))


def test_descending_tells_rates_and_losses():
    one = SmallTraining(0)
    path = descend_on_rate(one, -2.0, steps=10, outer=4)
    assert path.shape == (4, 2) and path[0, 0] == pytest.approx(math.exp(-2))
    assert (path[:, 0].diff() > 0).all() and (path[:, 1].diff() < 0).all()  # from far too low a rate, up
    torch.testing.assert_close(path[:, 1], losses_at(one, path[:, 0].log(), 10))
