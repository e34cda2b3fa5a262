"""Surrogates of the policy gradient whose first derivative is right, and what their second one says: exact, on trees.

In a tree the state is all that was done before. With two actions and `horizon` steps there are 2 ** horizon
trajectories, so every expectation is a sum. Everything is float64.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import torch
from torch import Generator, Tensor
from torch.autograd.functional import hessian, jacobian

from course_lib.learners import reward_to_go


def score_surrogate(log_probabilities: Tensor, rewards: Tensor) -> Tensor:
    """The usual loss, its sign turned: the sum over steps of log probability * reward to go.

    Args:
        log_probabilities: `[..., steps]`, of what was done. rewards: `[..., steps]`, what it was paid.

    Returns: `[...]`.
    """
    return (log_probabilities * reward_to_go(rewards)).sum(-1)


def lvc(log_probabilities: Tensor, rewards: Tensor) -> Tensor:
    """Low-variance curvature: each step's probability, divided by itself held fast, times its reward to go.

    Arguments and result as in `score_surrogate`.

    Source: Rothfuss et al. 2019 (ProMP, arXiv:1810.06784), section 5.
    """
    return ((log_probabilities - log_probabilities.detach()).exp() * reward_to_go(rewards)).sum(-1)


def dice(log_probabilities: Tensor, rewards: Tensor) -> Tensor:
    """DiCE: each reward times the probability of *all* that was done until then, divided by itself held fast.

    Arguments and result as in `score_surrogate`.

    Source: Foerster et al. 2018 (arXiv:1802.05098): the magic box.
    """
    so_far = log_probabilities.cumsum(-1)
    return ((so_far - so_far.detach()).exp() * rewards).sum(-1)


#: functions of log probabilities and rewards, by name
SURROGATES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"score": score_surrogate, "LVC": lvc, "DiCE": dice}


class Tree:
    """A world of which every trajectory is known: two actions, states that are all that was done before.

    Args:
        horizon: steps of a trajectory.
        generator: where the rewards come from, standard normal ones.

    A policy is scores `[states, 2]`, a softmax for each state.
    """

    def __init__(self, horizon: int, generator: Generator | None = None):
        self.states = 2**horizon - 1
        self.rewards = torch.randn(self.states, 2, generator=generator, dtype=torch.float64)
        #: `[trajectories, horizon]`: what is done, and where
        self.actions_of = torch.tensor(list(product((0, 1), repeat=horizon)))
        states = [torch.zeros(len(self.actions_of), dtype=torch.int64)]
        for action in self.actions_of[:, :-1].T:
            states.append(2 * states[-1] + 1 + action)  # a binary tree, numbered row by row
        self.states_of = torch.stack(states, 1)
        #: `[trajectories, horizon]`: what it is paid
        self.rewards_of = self.rewards[self.states_of, self.actions_of]

    def log_probabilities(self, policy: Tensor) -> Tensor:
        """Of every action of every trajectory, `[trajectories, horizon]`."""
        return policy.log_softmax(-1)[self.states_of, self.actions_of]

    def probabilities(self, policy: Tensor) -> Tensor:
        """Of the trajectories: `[trajectories]`."""
        return self.log_probabilities(policy).sum(1).exp()

    def value(self, policy: Tensor) -> Tensor:
        """The expected return."""
        return (self.probabilities(policy) * self.rewards_of.sum(1)).sum()


@dataclass(frozen=True)
class Bias:
    """How far a surrogate's derivatives are off, each divided by the length of the true one.

    Args:
        gradient: of the expected gradient.
        hessian: of the expected Hessian.
        spread: the standard deviation of the Hessian of one trajectory.
        meta_gradient: of the outer gradient through one step of rate 1, where all that is off is the Hessian.
    """

    gradient: float
    hessian: float
    spread: float
    meta_gradient: float


def bias(tree: Tree, policy: Tensor) -> dict[str, Bias]:
    """How far each surrogate is off at a policy `[states, 2]`, by name: sums over all trajectories, no samples."""

    def flat(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
        return lambda scores: function(scores.view_as(policy))

    at, value = policy.flatten(), flat(tree.value)
    gradient, curvature = jacobian(value, at), hessian(value, at)  # [n], [n, n]
    chances = tree.probabilities(policy)  # [trajectories]
    after = jacobian(value, at + gradient)
    meta = after + curvature @ after  # the chain rule: (1 + Hessian) * gradient at the adapted policy
    found = {}
    for name, surrogate in SURROGATES.items():
        each = flat(lambda scores, surrogate=surrogate: surrogate(tree.log_probabilities(scores), tree.rewards_of))
        first = jacobian(each, at)  # [trajectories, n]
        second = jacobian(lambda s, each=each: jacobian(each, s, create_graph=True), at)  # [trajectories, n, n]
        mean = torch.einsum("t,tij->ij", chances, second)
        spread = (chances * (second - mean).square().sum((1, 2))).sum().sqrt()
        off = (chances @ first - gradient, mean - curvature, mean @ after - curvature @ after)
        wholes = (gradient, curvature, meta)
        sizes = [(one.norm() / whole.norm()).item() for one, whole in zip(off, wholes, strict=True)]
        found[name] = Bias(sizes[0], sizes[1], (spread / curvature.norm()).item(), sizes[2])
    return found


def study(horizon: int, trees: int = 20) -> dict[str, Bias]:
    """The mean of `bias` over random trees of this horizon, with policies of scores of standard deviation 0.5.

    Tree i comes from the generator of seed i. At horizon 3 one takes a fraction of a second.
    """
    rows = []
    for seed in range(trees):
        generator = torch.Generator().manual_seed(seed)
        tree = Tree(horizon, generator)
        rows.append(bias(tree, 0.5 * torch.randn(tree.states, 2, generator=generator, dtype=torch.float64)))
    return {name: Bias(*(sum(getattr(row[name], field) for row in rows) / trees for field in Bias.__annotations__))
            for name in SURROGATES}  # fmt: skip
