"""MAML that acts: advantages against loops, the gradient against a closed form, adapting against the plain formula."""

import pytest
import torch
from torch import nn
from torch.distributions import Normal
from torch.testing import assert_close

from course_lib import evaluate, fit
from course_lib.learners import ActingMAML, GaussianPolicy, advantages, log_probability, reward_to_go
from course_lib.learners.policy_gradient import policy_loss
from course_lib.tasks import Navigation
from tests.learners.maml_cases import double as float64  # noqa: F401 (a fixture that all tests here use)


class Open:
    """Navigation without an end to a step, so that expected returns are polynomials."""

    start, rewards = Navigation.start, Navigation.rewards
    sparse = None

    def move(self, places, actions):
        return places + 0.1 * actions


class Blind(nn.Module):
    """A policy that does not see where it is: its mean is a parameter."""

    def __init__(self):
        super().__init__()
        self.mean, self.log_spread = nn.Parameter(torch.tensor([0.6, -0.3])), nn.Parameter(torch.tensor([-0.5, 0.2]))

    def forward(self, x):
        return torch.cat([self.mean, self.log_spread]).expand(*x.shape[:-1], 4)


def drawn(tasks, n=3, seed=0):
    return tasks.sample(n, torch.Generator().manual_seed(seed)).map(lambda t: t.to(torch.get_default_dtype()))


def test_rewards_to_go_are_those_from_each_step_on():
    assert reward_to_go(torch.tensor([1.0, 10, 100])).tolist() == [111, 110, 100]


@pytest.mark.parametrize("to_go", [True, False])
@pytest.mark.parametrize("baseline", [True, False])
@pytest.mark.parametrize("scaled", [True, False])
def test_advantages_are_those_of_a_loop(baseline, to_go, scaled):
    rewards = torch.randn(2, 3, 4)
    found = advantages(rewards, baseline, to_go, scaled)
    for task in range(2):
        credit = [[rewards[task, i, t if to_go else 0 :].sum() for t in range(4)] for i in range(3)]
        usual = [sum(credit[i][t] for i in range(3)) / 3 * baseline for t in range(4)]
        own = torch.tensor([[credit[i][t] - usual[t] for t in range(4)] for i in range(3)])
        assert_close(found[task], own / (own.std() + 1e-6) if scaled else own)


def test_log_probabilities_are_those_of_torch_and_the_loss_is_their_mean_by_advantage():
    actions, mean, log_spread, credit = torch.randn(5, 2), torch.randn(5, 2), torch.randn(5, 2), torch.randn(5, 1)
    exact = Normal(mean, log_spread.exp()).log_prob(actions).sum(-1)
    assert_close(log_probability(actions, mean, log_spread), exact)
    found = policy_loss(torch.cat([mean, log_spread], -1), torch.cat([actions, credit], -1))
    assert_close(found, -(exact * credit[:, 0]).mean())


@pytest.mark.parametrize("baseline, to_go", [(True, True), (False, True), (True, False)])
def test_a_step_is_the_gradient_of_the_expected_return_in_closed_form(baseline, to_go):
    """After t steps a blind walker is at t * mean / 10 with variance t * spread^2 / 100, so the return is known."""
    policy, steps, n = Blind(), 3, 400_000
    learner = ActingMAML(policy, Open(), lr=1.0, baseline=baseline, to_go=to_go)
    goal = torch.tensor([0.4, 0.2])
    luck = torch.randn(1, n, steps, 2, generator=torch.Generator().manual_seed(0))
    after = learner.adapt(luck, goal.expand_as(luck))
    expected = -sum(
        (0.1 * t * policy.mean - goal).square().sum() + 0.01 * t * (2 * policy.log_spread).exp().sum()
        for t in range(1, steps + 1)
    )
    exact = torch.autograd.grad(expected / steps, list(policy.parameters()))  # the loss is a mean over steps
    for (_, p), g in zip(policy.named_parameters(), exact, strict=True):
        moved = after["mean" if p is policy.mean else "log_spread"][0] - p
        assert_close(moved, g, atol=8e-3, rtol=0)
    assert all(g.norm() > 0.05 for g in exact)


def by_hand(learner, params, luck, goals, lr):
    """A step of one task with what it lived, written out: parameters as a function of those before."""
    world, how = learner.world, {k: learner.config[k] for k in ("baseline", "to_go", "scaled")}
    lived = learner.live({k: p.detach()[None] for k, p in params.items()}, luck[None])
    credit = advantages(world.rewards(lived.places[:, :, 1:], goals[None]), **how)[0]

    def loss(params):
        answer = torch.func.functional_call(learner.backbone, params, lived.places[0, :, :-1])
        mean, log_spread = answer[..., :2], answer[..., 2:]
        exact = Normal(mean, log_spread.exp()).log_prob(lived.actions[0]).sum(-1)
        return -(exact * credit).mean()

    gradient = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {k: p - lr * g for (k, p), g in zip(params.items(), gradient, strict=True)}, loss


@pytest.mark.parametrize("how", [{}, {"to_go": False}, {"scaled": True, "lr": 0.05}, {"baseline": False, "order": 1}])
def test_adapting_and_the_outer_gradient_are_the_formula_written_out(how):
    policy = GaussianPolicy((2, 5, 2))
    learner = ActingMAML(policy, Navigation(), steps=2, **how)
    episode = drawn(Navigation(shot=6, query=4, steps=5))
    found = learner.adapt(episode.support_x, episode.support_y)
    lr, total = learner.config["lr"], 0.0
    for task in range(3):
        params = dict(policy.named_parameters())
        x, y = episode.support_x[task], episode.support_y[task]
        for share, rate in ((slice(0, 3), lr), (slice(3, 6), lr / 2)):  # each has its own half
            params, _ = by_hand(learner, params, x[share], y[share], rate)
            if learner.order == 1:
                start = dict(policy.named_parameters())
                params = {k: p.detach() + start[k] - start[k].detach() for k, p in params.items()}
        for name, p in params.items():
            assert_close(found[name][task], p)
        _, loss = by_hand(learner, params, episode.query_x[task], episode.query_y[task], 0.0)
        total = total + loss(params) / 3
    exact = torch.autograd.grad(total, list(policy.parameters()))
    outer = learner.losses(episode)[1]
    for a, b in zip(torch.autograd.grad(outer, list(policy.parameters())), exact, strict=True):
        assert_close(a, b)
    rewards = Navigation().rewards(learner.predict(found, episode.query_x), episode.query_y)
    assert_close(outer.detach(), -rewards.sum(-1).mean())


def test_later_trajectories_do_not_change_earlier_steps():
    learner = ActingMAML(GaussianPolicy((2, 5, 2)), Navigation())
    episode = drawn(Navigation(shot=6))
    x, y = episode.support_x.clone(), episode.support_y
    before = learner.path(x, y, steps=3)
    x[:, 2:4] = 0.0
    after = learner.path(x, y, steps=3)
    assert len(before) == 4
    for i, same in enumerate((True, True, False, False)):
        assert all(torch.equal(before[i][k], after[i][k]) for k in before[i]) == same


def test_where_nothing_is_paid_nothing_moves():
    world = Navigation(sparse=0.01)
    learner = ActingMAML(GaussianPolicy(), world, lr=10.0)
    episode = drawn(world)
    start, after = learner.path(episode.support_x, torch.full_like(episode.support_y, 5.0))
    assert all(torch.equal(start[k], after[k]) for k in start)
    assert learner.losses(episode)[0] == 0


def test_fit_and_evaluate_take_it_as_they_take_every_learner():
    torch.set_default_dtype(torch.float32)
    torch.manual_seed(0)
    tasks = Navigation(shot=10, query=10, steps=10)
    learner = ActingMAML(GaussianPolicy(), tasks)
    before = evaluate(learner, tasks, 30)
    history = fit(learner, tasks, 30, meta_batch=10, lr=1e-2, device="cpu", progress=False)
    after = evaluate(learner, tasks, 30)
    assert after.mean < 0.6 * before.mean
    episode = drawn(tasks, 5)
    goals, places = episode.query_y, learner(episode)
    returns = tasks.rewards(places, goals).sum(-1).mean()
    assert (places - goals).square().mean().item() == pytest.approx(-returns.item() / (2 * 10), rel=1e-5)
    assert history.outer[-1] < history.inner[-1]  # minus returns: after adapting, and before it


def test_a_share_of_one_trajectory_gets_a_sentence():
    learner = ActingMAML(GaussianPolicy(), Navigation())
    episode = drawn(Navigation(shot=3))
    with pytest.raises(ValueError, match="two trajectories"):
        learner.adapt(episode.support_x, episode.support_y, steps=2)
    assert len(learner.path(episode.support_x, episode.support_y, steps=0)) == 1
