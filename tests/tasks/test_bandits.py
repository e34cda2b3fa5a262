"""Bandits: what they pay and show, by hand and by counting; the same luck for every policy."""

import pytest
import torch

from course_lib.tasks.bandits import Bandits, InformativeArm


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("world", [Bandits(3, 4), Bandits(3, 4, 0.6), InformativeArm()], ids=repr)
def test_the_same_seed_gives_the_same_lives_and_every_pull_is_query_and_support(world):
    first, again = (world.sample(50, seeded()) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first.tensors(), again.tensors(), strict=True))
    assert first.support_x.shape == (50, world.pulls, 2) and first.support_y.shape == (50, world.pulls, world.arms)
    assert torch.equal(first.support_x, first.query_x) and torch.equal(first.support_y, first.query_y)
    assert (first.support_y == first.support_y[:, :1]).all()  # a bandit stays what it is
    assert not torch.equal(first.support_y, world.sample(50, seeded(1)).support_y)


def test_arms_pay_as_often_as_their_chance_says_and_the_safe_one_always():
    n = 100_000
    world = Bandits(3, 1, 0.6)
    hidden, luck = torch.tensor([0.6, 0.9, 0.2]).expand(n, -1), torch.rand(n, generator=seeded())
    means = []
    for arm in range(3):
        paid = world.pay(hidden, world.start(n), torch.full((n,), arm), luck)
        means.append(paid.mean().item())
        assert (paid == 0.6).all() if arm == 0 else set(paid.tolist()) == {0.0, 1.0}
    assert means == pytest.approx([0.6, 0.9, 0.2], abs=0.006)
    plain = Bandits(3, 1).pay(hidden, world.start(n), torch.zeros(n, dtype=torch.int64), luck)
    assert plain.mean().item() == pytest.approx(0.6, abs=0.006) and set(plain.tolist()) == {0.0, 1.0}
    drawn = Bandits(3, 1, 0.6).draw(n, seeded())
    assert (drawn[:, 0] == 0.6).all() and drawn[:, 1:].mean().item() == pytest.approx(0.5, abs=0.005)


def test_what_is_seen_is_the_last_arm_what_it_paid_and_the_time():
    world = Bandits(3, 4)
    places = world.start(2)
    assert world.look(places, None, None, 0).tolist() == [[0.0] * 5] * 2 and world.inputs == 5
    seen = world.look(places, torch.tensor([2, 0]), torch.tensor([1.0, 0.0]), 1)
    assert seen.tolist() == [[0, 0, 1, 1, 0.25], [1, 0, 0, -1, 0.25]]
    seen = Bandits(2, 1, 0.75).look(places, torch.tensor([0, 1]), torch.tensor([0.75, 0.0]), 0)
    assert seen[:, 2].tolist() == [0.5, -1]


def test_the_informative_arm_says_which_is_the_good_one():
    world = InformativeArm()
    pays = world.draw(2000, seeded())
    good = pays[:, :-1].argmax(1)
    assert (pays[:, :-1].sort(1).values == torch.tensor([1.0] * 9 + [5.0])).all() and len(good.unique()) == 10
    assert torch.allclose(pays[:, -1], 0.1 * (good + 1))
    third = torch.arange(2000) % 3
    actions = torch.where(third == 0, 10, torch.where(third == 1, good, (good + 1) % 10))
    paid = world.pay(pays, world.start(2000), actions, torch.rand(2000))
    shown = world.look(world.start(2000), actions, paid, 1)[:, 11:-1]  # [n, 12]
    assert (shown.sum(1) == 1).all()
    kind = shown.argmax(1)
    assert (kind[0::3] == good[0::3]).all() and (kind[1::3] == 10).all() and (kind[2::3] == 11).all()
    assert world.inputs == 11 + 12 + 1


@pytest.mark.parametrize("bad", [{"arms": 1}, {"pulls": 0}, {"safe": 1.5}, {"safe": -0.1}])
def test_bad_arguments_get_a_sentence(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        Bandits(**bad)
