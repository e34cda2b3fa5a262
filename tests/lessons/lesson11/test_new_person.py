"""What the exercises of lesson 11 compute, against plain loops and closed forms in float64."""

import math
from itertools import product

import pytest
import torch

from course_lib.episode import Episode
from course_lib.learners import PrototypicalNet
from course_lib.lessons.lesson11.alarms import precision_recall, with_prior
from course_lib.lessons.lesson11.cue import counterfactual_test
from course_lib.lessons.lesson11.first_seconds import calibration_windows
from course_lib.lessons.lesson11.heartbeats import Heartbeats
from course_lib.lessons.lesson11.personal import personal_prototypes
from course_lib.lessons.lesson11.persons import over_people
from course_lib.lessons.lesson11.splitting import split_by_person


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(11)


def normal(generator, *shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def test_nobody_is_on_both_sides_and_the_test_moves_no_number(generator):
    arm = torch.randint(12, (80,), generator=generator)
    windows = 5 + 3 * normal(generator, 80, 4, 16)
    train, held_out, scaled = split_by_person(windows, arm, [2, 5])
    assert sorted([*train.tolist(), *held_out.tolist()]) == list(range(80))
    assert set((arm[held_out] // 2).tolist()) == {2, 5} and not set((arm[train] // 2).tolist()) & {2, 5}
    for channel in range(4):
        values = scaled[train, channel]
        assert abs(values.mean()) < 1e-12 and abs(values.std() - 1) < 1e-12
    other = windows.clone()
    other[held_out] += 100
    torch.testing.assert_close(split_by_person(other, arm, [2, 5])[2][train], scaled[train])


@pytest.mark.parametrize("test", [[], [9], [0, 1, 2, 3, 4, 5]])
def test_a_side_without_anybody_is_refused(test, generator):
    with pytest.raises(ValueError, match="both sides need people"):
        split_by_person(normal(generator, 12, 2, 8), torch.arange(12), test)


def test_no_query_window_has_a_sample_of_the_support_set():
    time = torch.arange(200.0).unsqueeze(1)  # each sample is its own place
    for window, shot, gap, step in product((8, 25), (1, 3), (0, 7), (1, 5, 30)):
        support, query = calibration_windows(time, window, shot, gap, step)
        assert query.min() - support.max() == gap + 1 and support.min() == 0
        assert query.max() <= 199 < query[-1, 0, -1] + step  # all that fit
        assert (query[1:, 0, 0] - query[:-1, 0, 0] == step).all() and len(support) == shot


def test_windows_keep_channels_apart(generator):
    signal = normal(generator, 60, 3)
    support, query = calibration_windows(signal, 10, 2, 4, 6)
    torch.testing.assert_close(support[1, 2], signal[10:20, 2])
    torch.testing.assert_close(query[2, 0], signal[36:46, 0])
    with pytest.raises(ValueError, match="33 samples hold no query window"):
        calibration_windows(signal[:33], 10, 2, 4, 6)


def test_the_interval_over_people_covers_as_often_as_it_says(generator):
    held = 0
    for _ in range(2000):
        people = normal(generator, 10)  # the truth is 0
        person = torch.arange(10).repeat_interleave(4)
        mean, half = over_people(people[person] + 0.5 * normal(generator, 40), person)
        held += abs(mean) <= half
    assert 0.935 < held / 2000 < 0.965


def test_people_are_paired_and_count_once(generator):
    person = torch.tensor([4] * 30 + [1] * 2 + [9] * 5)
    first, second = normal(generator, 37), normal(generator, 37)
    mean, half = over_people(first, person, second, 4.303)
    each = torch.stack([(first - second)[a:b].mean() for a, b in ((0, 30), (30, 32), (32, 37))])
    assert math.isclose(mean, each.mean()) and math.isclose(half, 4.303 * each.std() / math.sqrt(3))
    right = first > 0
    assert over_people(right, person)[0] == pytest.approx(over_people(right.double(), person)[0])
    assert over_people(first[:30], person[:30]) == (pytest.approx(first[:30].mean().item()), math.inf)


def test_the_mixture_is_the_population_where_nothing_is_labelled(generator):
    own, population = normal(generator, 3, 7, 5), normal(generator, 7, 5)
    labelled = torch.rand(3, 7, generator=generator) < 0.5
    found = personal_prototypes(own, population, labelled, 0.3)
    for t, k in product(range(3), range(7)):
        want = 0.3 * own[t, k] + 0.7 * population[k] if labelled[t, k] else population[k]
        torch.testing.assert_close(found[t, k], want)


def test_no_gradient_is_nan_though_own_is(generator):
    own, population, trust = normal(generator, 2, 4, 3), normal(generator, 4, 3), torch.tensor(0.4, dtype=torch.float64)
    labelled = torch.tensor([[True, False, True, False], [False, False, True, True]])
    holes = own.masked_fill(~labelled.unsqueeze(-1), torch.nan)
    inputs = [x.requires_grad_() for x in (holes, population, trust)]
    towards = normal(generator, 2, 4, 3)
    gradients = torch.autograd.grad((personal_prototypes(holes, population, labelled, trust) * towards).sum(), inputs)
    known = labelled.unsqueeze(-1) * towards
    torch.testing.assert_close(gradients[0], 0.4 * known)
    torch.testing.assert_close(gradients[1], (towards - 0.4 * known).sum(0))
    torch.testing.assert_close(gradients[2], ((own - population.detach()) * known).sum())


def test_precision_and_recall_by_counting(generator):
    scores = normal(generator, 60).round(decimals=1)
    ectopic = torch.rand(60, generator=generator) < 0.2
    precision, recall = precision_recall(scores, ectopic)
    thresholds = sorted(set(scores.tolist()), reverse=True)
    assert len(thresholds) == len(precision) < 60
    for i, threshold in enumerate(thresholds):
        alarm = scores >= threshold
        assert precision[i] == pytest.approx((alarm & ectopic).sum().item() / alarm.sum().item())
        assert recall[i] == pytest.approx((alarm & ectopic).sum().item() / ectopic.sum().item())
    with pytest.raises(ValueError, match="no beat is ectopic"):
        precision_recall(scores, torch.zeros(60, dtype=torch.bool))


def test_other_shares_give_the_answer_of_bayes(generator):
    """Two Gaussians whose shares are known: what is right for one share becomes right for another."""
    means = torch.tensor([-1.0, 0.5, 2.0], dtype=torch.float64)
    trained, here = (torch.tensor(x, dtype=torch.float64) for x in ([0.2, 0.5, 0.3], [0.9, 0.1, 0.0]))
    fits = -(normal(generator, 20, 1) - means).square() / 2  # log densities
    network = (fits + trained.log()).log_softmax(-1) + normal(generator, 20, 1)  # scores, up to a number for each beat
    joint = fits.exp() * here
    torch.testing.assert_close(with_prior(network, trained, here).exp(), joint / joint.sum(-1, keepdim=True))


def test_only_the_hum_is_changed():
    tasks = [Heartbeats(shot=2, query=10, cue=cue) for cue in ("all", None)]
    loud, quiet = (task.sample(3, torch.Generator().manual_seed(5)) for task in tasks)
    assert torch.equal(loud.query_y, quiet.query_y)
    gap = loud.query_x - quiet.query_x  # a sine wave, whose largest value is root 2 times its deviation
    assert abs(gap.std() / tasks[0].hum - 1) < 0.1 and gap.abs().max() < 1.45 * tasks[0].hum


class Marked:
    """Queries 0, ..., 7 in their first number; the second is 1 in a hum."""

    def __init__(self, hum):
        self.hum = hum

    def sample(self, n, generator):
        number = torch.randint(8, (n, 8, 1), generator=generator).double()
        x = torch.cat([number, torch.full_like(number, self.hum)], -1)
        y = torch.arange(8).expand(n, -1).contiguous() % 2
        return Episode(x, y, x, y, 2)


class Reader(PrototypicalNet):
    """Answers 1 above 4, and above 2 with more of a hum than its support set has."""

    def predict(self, adapted, query_x):
        hums = query_x[..., 1] > adapted[..., 1].mean(1, keepdim=True)
        score = query_x[..., 0] - torch.where(hums, 2.5, 4.5)
        return torch.stack([-score, score], -1)


def test_the_share_that_changes_is_counted():
    learner = Reader(torch.nn.Identity())
    number = Marked(0.0).sample(6, torch.Generator().manual_seed(3)).query_x[..., 0]
    want = ((number > 2.5) & (number < 4.5)).double().mean().item()
    assert counterfactual_test(learner, Marked(1.0), Marked(0.0), 6, 3) == pytest.approx(want)
    assert 0.1 < want < 0.4 and counterfactual_test(learner, Marked(0.0), Marked(0.0), 6, 3) == 0
