"""The networks of lesson 11: any length, no window feels another, training, the population, hand-made features."""

import pytest
import torch
from torch.testing import assert_close

from course_lib import evaluate
from course_lib.lessons.lesson11.learned_trust import LearnedTrust
from course_lib.lessons.lesson11.networks import (
    LENGTHS,
    WindowNet,
    hand_made,
    make_global,
    make_prototypical,
    nearest,
    population,
    scene,
    train,
)  # fmt: skip
from course_lib.lessons.lesson11.noise import NoisySupport, noisy
from course_lib.tasks import People
from course_lib.tasks.people import AFTER, SIDES, arms_of


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("samples", [1, 2, 3, 8, 16, 64, 65, 200])
def test_a_window_may_have_any_length_and_feels_no_other(samples):
    torch.manual_seed(0)
    net = WindowNet().eval()
    x = torch.randn(5, 6, samples)
    assert net(x).shape == (5, 48) and WindowNet(out=7)(x).shape == (5, 7)
    assert_close(torch.cat([net(one.unsqueeze(0)) for one in x]), net(x), rtol=1e-4, atol=1e-5)


def test_it_has_25_thousand_weights():
    assert 24_000 < sum(p.numel() for p in WindowNet(out=7).parameters()) < 26_000


def test_a_scene_scales_by_those_that_it_trains_on_and_mirrors_before_that():
    right = scene(2)
    assert right.test == [4, 5] and len(right.train) == 8 and not set(right.test) & set(right.train)
    real = torch.arange(right.recordings.signal.shape[2]) < right.recordings.length.unsqueeze(-1)
    for sides, mirror in ((("right",), False), (SIDES, False), (SIDES, True)):
        made = scene(2, sides, mirror)
        arms = arms_of(made.train, sides)
        inside = made.recordings.signal[arms][real[arms]]
        assert inside.mean(0).abs().max() < 1e-3 and (inside.std(0) - 1).abs().max() < 1e-3
    flipped, as_is = scene(2, mirror=True).recordings.signal, right.recordings.signal
    assert flipped[1::2].equal(as_is[1::2])  # right arms, and the scale, which is theirs
    assert_close(flipped[0::2, ..., 1][real[0::2]], as_is[0::2, ..., 1][real[0::2]])  # acceleration along y is kept
    assert not torch.allclose(flipped[0::2, ..., 0], as_is[0::2, ..., 0])
    assert scene(2, signs=torch.ones(6)).recordings.signal.equal(as_is)


def test_test_tasks_are_always_the_same_and_of_one_arm():
    made = scene(0)
    one, again, other = made.of(0, "left"), made.of(0, "left"), made.of(0, "right")
    assert one.support_x.equal(again.support_x) and not one.support_x.equal(other.support_x)
    assert one.support_x.shape == (4, 21, 6, 64) and one.query_x.shape == (4, 70, 6, 64)
    assert made.of(0, "left", shot=1).support_x.shape == (4, 7, 6, 64)


def test_training_depends_on_the_seed_alone_and_learns():
    tasks, made = scene(0).tasks(), []
    for seed in (0, 0, 1):
        learner = train(make_global, tasks, seed, steps=3)
        made.append(torch.cat([p.detach().flatten() for p in learner.parameters()]))
    assert made[0].equal(made[1]) and not made[0].equal(made[2])
    learner = train(make_prototypical, tasks, steps=20)
    assert evaluate(learner, tasks, 10).mean > 0.5


def test_the_population_is_the_mean_of_the_training_people():
    made = scene(1, SIDES)
    found = population(lambda x: x.mean(-1), made, windows=30)  # channel means as features
    assert found.shape == (7, 6)
    expected = torch.zeros(7, 6)
    arms = arms_of(made.train, SIDES)
    for exercise in range(7):
        for arm in arms:
            n = int(made.recordings.length[arm, exercise])
            expected[exercise] += made.recordings.signal[arm, exercise, int(AFTER * n) : n].mean(0) / len(arms)
    assert (found - expected).abs().mean() < 0.05  # windows are a sample
    assert population(lambda x: x.mean(-1), made).equal(population(lambda x: x.mean(-1), made))


def test_nearest_is_minus_the_squared_distance():
    z, p = torch.randn(2, 5, 4, dtype=torch.float64), torch.randn(2, 3, 4, dtype=torch.float64)
    assert_close(nearest(z, p), -(z.unsqueeze(2) - p.unsqueeze(1)).square().sum(-1))


def test_hand_made_features_are_mean_deviation_and_frequencies():
    t = torch.arange(64) / 64
    wave = 3 + torch.stack([torch.sin(2 * torch.pi * k * t) for k in (1, 5)])  # [channels 2, samples]
    mean, deviation, *spectrum = hand_made(wave).view(2, 14).T
    assert_close(mean, torch.tensor([3.0, 3.0])) and assert_close(deviation, wave.std(-1))
    spectrum = torch.stack(spectrum, 1)[:, 1:]  # without the frequency 0
    assert spectrum.argmax(1).tolist() == [0, 4] and hand_made(torch.zeros(3, 2, 6, 16)).shape == (3, 2, 84)


def test_noise_lies_on_the_support_set_alone_unless_the_queries_have_it_too():
    tasks, still = People(), torch.zeros(4, 7, 6, 500)
    assert noisy(still, 0.5, seeded()).std().item() == pytest.approx(0.5, rel=0.02) and noisy(still, 0).equal(still)
    clean = tasks.sample(3, seeded())
    loose = NoisySupport(tasks, 2.0).sample(3, seeded())
    assert loose.query_x.equal(clean.query_x) and not loose.support_x.equal(clean.support_x) and loose.way == 7
    both = NoisySupport(tasks, 2.0, queries_too=True).sample(3, seeded())
    assert both.support_x.equal(loose.support_x) and not both.query_x.equal(clean.query_x)
    sizes = [(NoisySupport(tasks, 2.0).sample(1, seeded(i)).support_x - tasks.sample(1, seeded(i)).support_x).std()
             for i in range(40)]  # fmt: skip
    assert 0 <= min(sizes) < 0.4 and 1.6 < max(sizes) < 2.1


def test_trust_grows_with_what_it_has_learned_and_reaches_every_weight():
    torch.manual_seed(0)
    learner = LearnedTrust(WindowNet())
    assert [learner.trust(samples).item() for samples in LENGTHS] == [0.5] * 4
    with torch.no_grad():
        learner.per_doubling += 0.02
        learner.at_full -= 0.01
    expected = torch.sigmoid(torch.tensor([30 * (-0.01 + 0.02 * k) for k in (-3, -2, -1, 0)]))
    assert_close(torch.stack([learner.trust(samples) for samples in LENGTHS]), expected)
    learner.losses(scene(0).tasks().sample(4, seeded()))[1].backward()
    assert all(
        p.grad is not None and p.grad.abs().sum() > 0
        for name, p in learner.named_parameters()
        if name != "per_doubling"
    )
