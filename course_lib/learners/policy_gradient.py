"""MAML that acts: a policy whose support set is what it does itself, and what it is paid for it."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_lib.compute.batch_norm import Params, call
from course_lib.compute.over_tasks import over_tasks
from course_lib.learners.base import check_queries, check_support
from course_lib.learners.maml import MAML
from course_lib.models import MLP


def reward_to_go(rewards: Tensor) -> Tensor:
    """From each step on, the sum of the rewards still to come, its own among them: `[..., steps]` for `[..., steps]`.

    An action cannot change what was paid before it, so this is what it is credited with.

    Source: the policy gradient theorem, Sutton et al. 2000, Policy gradient methods for reinforcement learning with
        function approximation; written for trajectories as in Williams 1992, Machine Learning 8.
    """
    return rewards.flip(-1).cumsum(-1).flip(-1)


def advantages(rewards: Tensor, baseline: bool = True, to_go: bool = True, scaled: bool = False) -> Tensor:
    """How much better than usual it went on after each action.

    Args:
        rewards: `[..., trajectories, steps]`.
        baseline: subtract the mean over the trajectories of the task at the same step. (Each is in its own mean:
            on average that shortens the gradient by 1 / trajectories, and turns it nowhere.)
        to_go: credit an action with the rewards from it on; `False`: with the whole return.
        scaled: divide by the standard deviation in the task, as much code does.

    Returns: `[..., trajectories, steps]`.
    """
    credit = reward_to_go(rewards) if to_go else rewards.sum(-1, keepdim=True).expand_as(rewards)
    if baseline:
        credit = credit - credit.mean(-2, keepdim=True)
    return credit / (credit.std((-2, -1), keepdim=True) + 1e-6) if scaled else credit


def log_probability(actions: Tensor, mean: Tensor, log_spread: Tensor) -> Tensor:
    """The log density `[...]` of actions `[..., d]` under normal distributions; mean and log_spread, the logarithm of
    the standard deviation, are `[..., d]` too."""
    z = (actions - mean) / log_spread.exp()
    return (-0.5 * z.square() - log_spread - 0.5 * math.log(2 * math.pi)).sum(-1)


def policy_loss(answer: Tensor, lived: Tensor) -> Tensor:
    """A number whose gradient is minus the policy gradient: minus the mean of log probability * advantage.

    Args:
        answer: `[n, 2 * d]`, the policy's mean and log spread at n places.
        lived: `[n, d + 1]`, the action that was done there and its advantage. Both are constants.
    """
    mean, log_spread = answer.chunk(2, -1)
    return -(log_probability(lived[:, :-1], mean, log_spread) * lived[:, -1]).mean()


class GaussianPolicy(nn.Module):
    """Actions are drawn from a normal distribution around what a network says: `[..., 2] -> [..., 2 * d]`, the mean and
    the log of the spread.

    Args:
        sizes: widths of the network, see `MLP`; the last is d, the numbers of an action.
        spread: standard deviation of the actions at first. It is one for all places, and learned.
    """

    def __init__(self, sizes=(2, 32, 32, 2), spread: float = 0.5):
        super().__init__()
        self.mean = MLP(sizes)
        with torch.no_grad():
            self.mean[-1].weight *= 0.1  # at first it goes nowhere in particular
            self.mean[-1].bias.zero_()
        self.log_spread = nn.Parameter(torch.full((sizes[-1],), math.log(spread)))

    def forward(self, x: Tensor) -> Tensor:
        mean = self.mean(x)
        return torch.cat([mean, self.log_spread.expand_as(mean)], -1)


class Lived(NamedTuple):
    """Trajectories as they went: `places [tasks, trajectories, steps + 1, 2]`, `actions [..., steps, d]`."""

    places: Tensor
    actions: Tensor


class Walk(nn.Module):
    """All steps of some trajectories as one network, so that a policy's parameters are put into it once and not at each
    step, which costs more than the steps themselves.

    Args:
        policy, world: as in `ActingMAML`.
    """

    def __init__(self, policy: nn.Module, world):
        super().__init__()
        self.policy, self.world = policy, world

    def forward(self, luck: Tensor) -> Tensor:
        """Where trajectories with luck `[n, steps, d]` go, and what is done on the way: `[n, steps, 2 + d]`."""
        place, found = self.world.start(luck), []
        for noise in luck.unbind(1):  # [n, d]
            mean, log_spread = self.policy(place).chunk(2, -1)
            action = mean + log_spread.exp() * noise
            place = self.world.move(place, action)
            found.append(torch.cat([place, action], -1))
        return torch.stack(found, 1)


class ActingMAML(MAML):
    """Adapting is to act by the policy, to see what it was paid, and to take a step of policy gradient; and again.

    An example is a trajectory that is still to be done, see `Navigation`. Each adaptation step lives its own share of
    the support trajectories, all with the policy as it then is.

    Args:
        policy: a network such as `GaussianPolicy`. Its parameters are the start.
        world: has `start(luck)`, `move(places, actions)` and `rewards(places, goals)`, such as `Navigation`.
        steps, lr, order: as in `MAML`. After the first step the rate is halved.
        baseline, to_go, scaled: see `advantages`.

    The outer gradient goes through the adaptation step with what was seen in it taken for granted, as in the paper. It
    gives no credit to the trajectories *before* adapting: that term is missing.

    Source: Finn et al. 2017 (arXiv:1703.03400), Algorithm 3 and section 5.3; the halved rate is from its appendix.
        Outside, a plain policy gradient stands here for the paper's TRPO. The missing term: Stadie et al. 2018
        (arXiv:1803.01118), Rothfuss et al. 2019 (arXiv:1810.06784).
    """

    def __init__(self, policy: nn.Module, world, steps: int = 1, lr: float = 0.2, order: int = 2, *,
                 baseline: bool = True, to_go: bool = True, scaled: bool = False):  # fmt: skip
        super().__init__(policy, steps, lr, order, loss=policy_loss)
        self.world = world
        self.config |= {"baseline": baseline, "to_go": to_go, "scaled": scaled}

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None, steps: int | None = None) -> Params:
        """The parameters after `steps` steps (as many as in training when `None`), each `[tasks, *its shape]`."""
        return self.path(support_x, support_y, steps)[-1]

    def path(self, support_x: Tensor, support_y: Tensor, steps: int | None = None, way: int | None = None):
        """What `adapt` gives before the first step, after it, and so on: a list of `steps + 1`."""
        return self._lived_path(support_x, support_y, steps)[0]

    def _lived_path(self, support_x: Tensor, support_y: Tensor, steps: int | None = None):
        """The path, and for each step the rewards `[tasks, trajectories, steps]` that it was learned from."""
        steps = self.config["steps"] if steps is None else steps
        check_support(support_x, support_y, None)
        if steps and support_x.shape[1] < 2 * steps:
            raise ValueError(f"each adaptation step needs two trajectories or more to compare, but there are "
                             f"{support_x.shape[1]} for {steps} steps: give Navigation a larger shot.")  # fmt: skip
        path, paid = [self._start(len(support_x))], []
        shares = (t.tensor_split(max(steps, 1), 1)[:steps] for t in (support_x, support_y))
        for step, (luck, goals) in enumerate(zip(*shares, strict=True)):
            lived = self.live(path[-1], luck)
            paid.append(self.world.rewards(lived.places[:, :, 1:], goals))
            path.append(self._step(path[-1], *self._examples(lived, paid[-1]), None, step))
        return path, paid

    @torch.no_grad()
    def live(self, params: Params, luck: Tensor) -> Lived:
        """Trajectories of policies `params`, one a task, with this luck `[tasks, trajectories, steps, d]`."""
        walk, start = Walk(self.backbone, self.world), self.world.start(luck)  # start [tasks, trajectories, 2]
        walked = over_tasks(lambda params, luck: call(walk, params, luck), self.backbone,
                            {f"policy.{name}": p for name, p in params.items()}, luck)  # fmt: skip
        places, actions = walked.tensor_split([start.shape[-1]], -1)
        return Lived(torch.cat([start.unsqueeze(2), places], 2), actions)

    def predict(self, adapted: Params, query_x: Tensor) -> Tensor:
        """Where the query trajectories go: `[tasks, n_query, steps, 2]`, the start left out."""
        check_queries(query_x)
        return self.live(adapted, query_x).places[:, :, 1:]

    def losses(self, episode):
        """Minus the mean return before adapting, and after it. The gradient of the second is a policy gradient."""
        path, paid = self._lived_path(episode.support_x, episode.support_y)
        lived = self.live(path[-1], episode.query_x)
        rewards = self.world.rewards(lived.places[:, :, 1:], episode.query_y)
        after = -rewards.sum(-1).mean()
        x, y = self._examples(lived, rewards)
        loss = policy_loss(super().predict(path[-1], x).flatten(0, 1), y.flatten(0, 1))  # tasks have as many examples
        before = -paid[0].sum(-1).mean() if paid else after
        return before, after + loss - loss.detach()

    def _examples(self, lived: Lived, rewards: Tensor) -> tuple[Tensor, Tensor]:
        """What `policy_loss` takes: places `[tasks, n, 2]`, actions with their advantages `[tasks, n, d + 1]`."""
        how = {name: self.config[name] for name in ("baseline", "to_go", "scaled")}
        credit = advantages(rewards, **how).unsqueeze(-1)  # [tasks, trajectories, steps, 1]
        return lived.places[:, :, :-1].flatten(1, 2), torch.cat([lived.actions, credit], -1).flatten(1, 2)

    def _rates(self, step: int) -> float:
        return self.config["lr"] / (2 if step else 1)
