"""RL^2: reading is acting, the luck decides as it should, the loss is a loop's, and training finds what is best."""

import pytest
import torch
from torch.testing import assert_close

from course_lib import fit
from course_lib.lessons.lesson13.grid import HiddenGoal
from course_lib.lessons.lesson13.optimal_pulls import bayes_optimal
from course_lib.lessons.lesson13.recurrent_policy import RecurrentPolicy, discounted
from course_lib.tasks.bandits import Bandits, InformativeArm

WORLDS = [Bandits(3, 4), Bandits(3, 4, 0.6), InformativeArm(), HiddenGoal(3, 3, 2)]


def lively(world, seed=0, **settings):
    """A policy that does not choose evenly."""
    torch.manual_seed(seed)
    policy = RecurrentPolicy(world, 8, **settings)
    torch.nn.init.normal_(policy.chooses.weight)
    return policy


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("world", WORLDS, ids=repr)
def test_reading_a_life_gives_the_choices_that_were_made_in_it(world):
    policy = lively(world)
    episode = world.sample(20, seeded())
    life = policy.live(episode.support_x, episode.support_y, greedy=True)
    assert life.seen.shape == (20, world.steps, world.inputs)
    for step in range(world.steps):
        scores = policy.predict(policy.adapt(life.actions[:, :step], life.rewards[:, :step]))
        assert torch.equal(scores.argmax(1), life.actions[:, step])


def test_luck_chooses_as_often_as_the_probabilities_say():
    world = Bandits(4, 1)
    policy = lively(world)
    torch.nn.init.normal_(policy.chooses.bias)
    episode = world.sample(50_000, seeded())
    actions = policy.live(episode.support_x, episode.support_y).actions[:, 0]
    wanted = policy.predict(policy.adapt(actions[:1, None][:, :0], torch.zeros(1, 0)))[0].softmax(-1)
    assert_close(actions.bincount(minlength=4) / 50_000, wanted, atol=0.01, rtol=0)


def test_forgetting_makes_every_life_begin_anew():
    world = HiddenGoal(3, 3, 2)
    policy = lively(world)
    episode = world.sample(200, seeded())
    halves = [t.clone() for t in (episode.support_x, episode.support_y)]
    halves[0][:, 3:] = halves[0][:, :3]
    kept, wiped = (policy.live(*halves, forget=forget) for forget in ((), (3,)))
    assert torch.equal(kept.actions[:, :3], wiped.actions[:, :3])
    assert not torch.equal(kept.actions[:, 3:], wiped.actions[:, 3:])


def test_later_rewards_are_discounted():
    found = discounted(torch.tensor([[1.0, 10.0, 100.0]]), 0.5)
    assert found.tolist() == [[1 + 5 + 25, 10 + 50, 100]]


def test_the_gradient_is_that_of_a_loop():
    world = Bandits(3, 4)
    policy = lively(world, discount=0.7, entropy=0.3, over=10).double()
    policy.progress = 4
    episode = world.sample(6, seeded())
    life = policy.live(episode.support_x.double(), episode.support_y.double())
    to_go = torch.stack([sum(0.7**k * life.rewards[:, t + k] for k in range(4 - t)) for t in range(4)], 1)
    to_go = (to_go - to_go.mean(0)) / (to_go.std() + 1e-6)
    logs, expected, entropies = [], [], []
    for t in range(4):
        state = policy.adapt(life.actions[:, :t], life.rewards[:, :t])
        choice = torch.distributions.Categorical(logits=policy.predict(state))
        logs.append(choice.log_prob(life.actions[:, t]))
        entropies.append(choice.entropy())
        expected.append(policy.expects(state[0])[:, 0])
    logs, expected, entropies = (torch.stack(part, 1) for part in (logs, expected, entropies))
    credit = (to_go - expected).detach()
    credit = (credit - credit.mean(0)) / (credit.std() + 1e-6)
    loss = -(logs * credit).mean() + 0.5 * (to_go - expected).square().mean() - 0.3 * 0.6 * entropies.mean()
    assert_close(policy.policy_loss(life), loss)
    inner, outer = policy.losses(episode.map(torch.Tensor.double))
    assert_close(outer.detach(), -life.rewards.sum(1).mean())
    assert_close(inner, -2 * life.rewards[:, :2].sum(1).mean())
    these, those = (torch.autograd.grad(value, list(policy.parameters())) for value in (outer, loss))
    for a, b in zip(these, those, strict=True):
        assert_close(a, b)


def test_fit_trains_it_and_it_comes_near_the_exact_optimum():
    """Two arms and three pulls: random earns 1.5."""
    world = Bandits(2, 3)
    torch.manual_seed(0)
    policy = RecurrentPolicy(world, 16, over=80)
    fit(policy, world, 80, meta_batch=128, lr=2e-2, device="cpu", progress=False)
    episode = world.sample(10_000, seeded(1))
    reward = policy.live(episode.support_x, episode.support_y, greedy=True).rewards.sum(1).mean().item()
    best = bayes_optimal(2, 3)
    assert best - 0.07 < reward < best + 0.04


@pytest.mark.parametrize("bad", [{"hidden": 0}, {"discount": 1.1}, {"entropy": -1}, {"over": 0}])
def test_bad_arguments_get_a_sentence(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        RecurrentPolicy(Bandits(), **bad)
