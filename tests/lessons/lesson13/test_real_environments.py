"""The way to gymnasium, tried with its Pendulum-v1 as three lines, which give the numbers that gymnasium gave."""

import math

import pytest
import torch

from course_lib.learners import GaussianPolicy
from course_lib.learners.policy_gradient import advantages, policy_loss
from course_lib.lessons.lesson13.real_environments import act_in


class Pendulum:
    """gymnasium's Pendulum-v1 from an angle and a speed; a seed is looked up in `starts`."""

    def __init__(self, starts=None):
        self.starts = starts or {0: (0.8605556614246863, -0.4604265724722594), 1: (-2.0, 0.3)}

    def observed(self):
        return [math.cos(self.angle), math.sin(self.angle), self.speed]

    def reset(self, seed):
        (self.angle, self.speed), self.steps = self.starts[seed], 0
        return self.observed(), {}

    def step(self, action):
        push = max(-2.0, min(2.0, float(action[0])))
        off = (self.angle + math.pi) % (2 * math.pi) - math.pi
        reward = -(off**2 + 0.1 * self.speed**2 + 0.001 * push**2)
        self.speed = max(-8.0, min(8.0, self.speed + (15 * math.sin(self.angle) + 3 * push) * 0.05))
        self.angle += self.speed * 0.05
        self.steps += 1
        return self.observed(), reward, False, self.steps == 200, {}


class Scripted(torch.nn.Module):
    """Pushes as a sine, whatever it sees."""

    steps = 0

    def forward(self, x):
        self.steps += 1
        return torch.tensor([1.25 * math.sin(0.3 * (self.steps - 1)), -math.inf])


#: From gymnasium 1.3.0, Pendulum-v1, seed 0, pushed so: reward of some steps, counted from 1, and what was seen after.
STORED = {
    1: (-0.7617553092739346, [0.6479038000106812, 0.7617221474647522, 0.10822716355323792]),
    2: (-0.751616017055125, [0.6173049211502075, 0.7867239713668823, 0.7903388738632202]),
    10: (-11.795478144505868, [-0.9686428904533386, 0.2484571933746338, 8.0]),
    50: (-1.3670369866742282, [0.46615397930145264, 0.8847035765647888, 3.1367499828338623]),
    199: (-6.940077725127176, [0.0921456515789032, -0.9957455396652222, 5.576258659362793]),
}
RETURN = -1084.0323978425652


def pendulum_of_gymnasium():
    """The real one, where it is installed."""
    return pytest.importorskip("gymnasium").make("Pendulum-v1")


@pytest.mark.parametrize("make", [Pendulum, pendulum_of_gymnasium])
def test_it_gives_the_numbers_of_gymnasium(make):
    observed, _, rewards = act_in(make(), Scripted(), 0, unit=2.0)
    for step, (reward, after) in STORED.items():
        assert rewards[step - 1].item() == pytest.approx(reward, abs=2e-3)
        assert observed[step].tolist() == pytest.approx(after, abs=2e-3)
    assert len(rewards) == 200 and rewards.sum().item() == pytest.approx(RETURN, abs=0.1)


def test_an_episode_is_what_the_environment_says():
    torch.manual_seed(0)
    policy = GaussianPolicy((3, 8, 1))
    observed, actions, rewards = act_in(Pendulum(), policy, 0, torch.Generator().manual_seed(0), unit=2.0)
    assert observed.shape == (200, 3) and actions.shape == (200, 1) and rewards.shape == (200,)
    again = Pendulum()
    x = again.reset(0)[0]
    for step in range(200):
        assert observed[step].tolist() == pytest.approx(x)
        x, reward, *_ = again.step(2 * actions[step])
        assert rewards[step].item() == pytest.approx(reward, rel=1e-5)
    repeated = act_in(Pendulum(), policy, 0, torch.Generator().manual_seed(0), unit=2.0)
    assert torch.equal(actions, repeated[1]) and not torch.equal(actions, act_in(Pendulum(), policy, 1)[1])


def test_episodes_go_into_the_policy_gradient():
    policy = GaussianPolicy((3, 8, 1))
    observed, actions, rewards = map(torch.stack, zip(*(act_in(Pendulum(), policy, 0) for _ in range(3)), strict=True))
    lived = torch.cat([actions, advantages(rewards).unsqueeze(-1)], -1)  # [episodes, steps, 2]
    policy_loss(policy(observed.flatten(0, 1)), lived.flatten(0, 1)).backward()
    assert all(p.grad.isfinite().all() and p.grad.abs().sum() > 0 for p in policy.parameters())
