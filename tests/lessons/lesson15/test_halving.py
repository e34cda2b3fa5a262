"""Successive halving on losses that are known, with its price counted by a trainer."""

import math

import torch

from course_lib.lessons.lesson15.halving import successive_halving


class Trainer:
    """Counts the steps that it trains; the loss of setting i after some steps is `curve(i, steps)`."""

    def __init__(self, curve):
        self.curve, self.trained, self.asked = curve, {}, []

    def __call__(self, settings, steps):
        self.asked.append((list(settings), steps))
        for i in settings:
            self.trained[i] = max(self.trained.get(i, 0), steps)
        return torch.tensor([self.curve(i, steps) for i in settings])


def test_the_price_is_what_a_trainer_counts():
    for n in range(1, 12):
        trainer = Trainer(lambda i, steps: (i * 7 % 12) / steps)
        winner, price = successive_halving(trainer, range(n), (5, 15, 45))
        assert price == sum(trainer.trained.values())
        assert winner == min(range(n), key=lambda i: i * 7 % 12)


def test_one_in_factor_goes_on_rounded_up():
    trainer = Trainer(lambda i, steps: float(i))
    assert successive_halving(trainer, range(10), (1, 2, 4), 3) == (0, 10 + 4 + 2 * 2)
    assert [len(settings) for settings, _ in trainer.asked] == [10, 4, 2]
    assert successive_halving(trainer, range(10), (1, 2, 4), 2)[1] == 10 + 5 + 3 * 2


def test_who_starts_slowly_is_lost():
    slow = Trainer(lambda i, steps: 1.0 if i == 3 and steps < 40 else 0.0 if i == 3 else 0.5 + 0.01 * i)
    assert successive_halving(slow, range(9), (5, 15, 45))[0] == 0
    assert successive_halving(slow, range(9), (45,))[0] == 3


def test_what_blew_up_is_last_and_ties_keep_their_order():
    losses = {6: math.nan, 2: math.inf, 9: 0.5, 4: 0.5, 1: 0.7}
    assert successive_halving(Trainer(lambda i, steps: losses[i]), [6, 2, 9, 4, 1], (1, 2), 2) == (9, 5 + 3)
    assert successive_halving(Trainer(lambda i, steps: losses[i]), [6, 1], (1, 2), 2) == (1, 3)
