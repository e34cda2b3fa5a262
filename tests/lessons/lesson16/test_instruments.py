"""Instruments against brute force, and on learners whose readings are known. Nothing is trained."""

import pytest
import torch
from torch import Generator, nn

from course_lib.episode import Episode
from course_lib.learners import PrototypicalNet, prototypes, squared_distances
from course_lib.lessons.lesson16 import instruments
from course_lib.lessons.lesson16.cabinet import EvenAnswers, Report, WrongLabels
from course_lib.lessons.lesson16.instruments import (
    INSTRUMENTS,
    classifier_right,
    headline,
    ink_sums,
    left_out_agree,
)


class Strokes:
    """Tasks of five classes: a class is where a bright stripe stands. Drawing `i` of a class is by person `i`; those of
    person 4 lie half way to the next class, or, with `unfair`, wholly there. With `marked` the stripe of a question is
    in the margin alone."""

    way = 5

    def __init__(self, unfair=False, marked=False, heavy=False, luck=0):
        self.unfair, self.marked, self.heavy, self.luck = unfair, marked, heavy, luck

    def sample(self, n_tasks, generator=None):
        torch.rand(self.luck, generator=generator)
        x = 0.05 * torch.rand(n_tasks, 5, 10, 1, 20, 20, generator=generator)  # [tasks, way, shot + query, 1, 20, 20]
        lines = slice(0, 2) if self.marked else slice(2, 18)
        for k in range(5):
            x[:, k, :, :, lines, 3 + 3 * k] = 1.0
            if self.unfair:
                x[:, k, 9] = 0.05
                x[:, k, 9, :, lines, 3 + 3 * ((k + 1) % 5)] = 1.0
        if self.heavy:
            x = x + 0.5
        y = torch.arange(5).view(5, 1).expand(n_tasks, 5, 5)
        x = x.unflatten(2, (2, 5)).unbind(2)
        return Episode(x[0].flatten(1, 2), y.flatten(1), x[1].flatten(1, 2), y.flatten(1), 5)


class Columns(nn.Module):
    """Sums of ink by column."""

    def forward(self, x):
        return x.sum((1, 2))  # [n, 20]


def report(test=None, train=None, fresh=None, learner=PrototypicalNet, seen=frozenset()):
    tasks = (train or Strokes(luck=1), test or Strokes(), fresh or Strokes())
    return Report("healthy", 0, learner(Columns()).eval(), *tasks, frozenset(seen), frozenset({7, 8, 9, 10}))


def readings(report):
    return {name: instrument.measure(report).values for name, instrument in INSTRUMENTS.items()}


@pytest.fixture(autouse=True)
def few_tasks(monkeypatch):
    drawn = instruments.drawn
    monkeypatch.setattr(instruments, "drawn", lambda tasks, n=30: drawn(tasks, n))


def test_what_is_healthy_reads_so():
    found = readings(report())
    assert headline(report()).values == (100.0,) and found.pop("overlap") == (0.0,)
    assert 35 < found.pop("apart")[0] < 65 and found.pop("people") == (100.0, 100.0)
    assert set(found.values()) == {(100.0,)}


def test_each_instrument_sees_what_is_wrong():
    assert readings(report(seen={7, 1, 2}))["overlap"] == (25.0,)
    assert readings(report(Strokes(unfair=True)))["people"] == (0.0, 100.0)
    assert headline(report(Strokes(unfair=True))).values == (80.0,)
    marked = readings(report(Strokes(marked=True)))
    assert marked["margin"][0] < 50 and marked["company"] == (100.0,)
    assert readings(report(Strokes(heavy=True)))["apart"][0] > 99
    assert readings(report(train=WrongLabels(Strokes())))["training"] == (100.0,)  # one wrong shot is outvoted
    assert readings(report(WrongLabels(Strokes())))["shots"] == (80.0,)
    assert readings(report(fresh=Strokes(unfair=True)))["fresh"] == (80.0,)


def test_company_matters_to_a_learner_that_deals_its_answers_evenly():
    found = readings(report(learner=EvenAnswers))
    assert found["company"][0] < 60 and headline(report(learner=EvenAnswers)).values == (100.0,)


def test_leave_one_out_is_what_comes_of_leaving_out():
    random = Generator().manual_seed(0)
    z = torch.randn(4, 12, 3, generator=random, dtype=torch.float64)
    labels = torch.stack([torch.tensor([0] * 5 + [1] * 4 + [2] * 3)[torch.randperm(12, generator=random)]
                          for _ in range(4)])  # fmt: skip
    found = left_out_agree(z, labels, 3)
    for i in range(12):
        rest = [j for j in range(12) if j != i]
        distances = squared_distances(z[:, i : i + 1], prototypes(z[:, rest], labels[:, rest], 3))
        assert torch.equal(found[:, i], distances.argmin(-1).squeeze(1) == labels[:, i])
    assert 0.2 < found.double().mean() < 0.8


def test_sums_of_ink():
    x = torch.zeros(1, 2, 1, 10, 10)
    x[0, 0, 0, :, 4:6] = 1.0  # an upright bar
    x[0, 1, 0, 4:6, :] = 1.0
    ink, full, right, down, wide, high = ink_sums(x)[0].T.tolist()
    assert ink == pytest.approx([0.2, 0.2]) and full == pytest.approx([0.2, 0.2])
    assert right == pytest.approx([2 / 9, 0]) and down == pytest.approx([0, 2 / 9])
    assert wide == pytest.approx([0.5, 8.25**0.5]) and high == wide[::-1]  # of 0 ... 9 the deviation is sqrt(99 / 12)


def test_the_classifier_is_judged_on_other_tasks():
    random = Generator().manual_seed(0)
    noise = [torch.randn(40, 5, 6, generator=random, dtype=torch.float64) for _ in range(2)]
    assert 0.35 < classifier_right(*noise).mean() < 0.65
    noise[1][..., 2] += 6  # two unit normals six apart: a cut in the middle errs with probability 0.0013
    assert classifier_right(*noise).mean() > 0.98 and classifier_right(*noise).shape == (20,)


def test_painting_margins_over_leaves_the_middle():
    seen = []

    class Look(Columns):
        def forward(self, x):
            seen.append(x.clone())
            return super().forward(x)

    judged = report(Strokes(marked=True))
    judged.learner.backbone = Look()
    INSTRUMENTS["margin"].measure(judged)
    assert all(x[..., :2, :].sum() == x[..., -2:, :].sum() == x[..., :2].sum() == 0 for x in seen)
    assert (torch.cat(seen)[..., 2:-2, 2:-2] > 0).float().mean() > 0.9
