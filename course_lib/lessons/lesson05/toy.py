"""A toy on which the whole MAML family can be worked out by hand: tasks whose losses are bowls over two weights."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.episode import Episode

#: What `Bowls` knows. The names are those of the lesson and of its explorer.
VARIANTS = ("joint", "MAML", "first order", "Reptile", "implicit MAML", "ANIL", "BOIL")
MOVES = {"ANIL": (0.0, 1.0), "BOIL": (1.0, 0.0)}  # ANIL adapts the second weight alone, BOIL the first


@dataclass(eq=False)
class Bowls:
    """Tasks with the loss `(theta - c) H (theta - c) / 2`, for the support set and for the query set.

    On a bowl every adaptation is a matrix `P`, by which it shrinks the distance to the lowest point: it ends at
    `c + P (theta - c)`. So every outer gradient is a matrix `M` too, `M (theta - c)`, and what a variant of MAML keeps
    of the meta-gradient is seen in its `M`.

    Args:
        curvature: `[tasks, 2, 2]`, the matrices H, symmetric.
        lowest: `[tasks, 2]`, the lowest points c.
        lr: inner learning rate. First order and Reptile need `lr` times the largest curvature below 1.
        steps: adaptation steps, at least one.
        strength: of the pull to the start in implicit MAML, whose adaptation is taken to arrive.
    """

    curvature: Tensor
    lowest: Tensor
    lr: float = 0.1
    steps: int = 3
    strength: float = 2.0

    def shrink(self, variant: str) -> Tensor:
        """P of every task, `[tasks, 2, 2]`: adapting brings `theta` to `c + P (theta - c)`."""
        H, eye = self.curvature, torch.eye(2).to(self.curvature)
        if variant == "joint":
            return eye.expand_as(H)  # it takes no step
        if variant == "implicit MAML":
            return self.strength * torch.linalg.inv(H + self.strength * eye)
        moves = torch.tensor(MOVES.get(variant, (1.0, 1.0))).to(H)  # which of the two weights a step may change
        return torch.linalg.matrix_power(eye - self.lr * moves[:, None] * H, self.steps)

    def pull(self, variant: str) -> Tensor:
        """M of every task, `[tasks, 2, 2]`: the outer gradient at `theta` is `M (theta - c)`.

        Reptile's is divided by `lr * steps`, so that it has the unit of a gradient.
        """
        H, P = self.curvature, self.shrink(variant)
        if variant == "first order":
            return H @ P  # the gradient at the end, taken for one at the start
        if variant == "Reptile":
            return (torch.eye(2).to(H) - P) / (self.lr * self.steps)  # start minus end
        return P.mT @ H @ P  # the exact derivative of `objective`

    def objective(self, variant: str, theta: Tensor) -> Tensor:
        """The mean loss over tasks after adapting from `theta` `[..., 2]` as `variant` does: `[...]`.

        First order and Reptile adapt as MAML does, so theirs is MAML's, though they do not go to its lowest point.
        """
        P = self.shrink(variant)
        away = theta.unsqueeze(-2) - self.lowest  # [..., tasks, 2]
        away = (P @ away.unsqueeze(-1)).squeeze(-1)  # of the adapted weights
        return (away * (self.curvature @ away.unsqueeze(-1)).squeeze(-1)).sum(-1).mean(-1) / 2

    def outer_gradient(self, variant: str, theta: Tensor) -> Tensor:
        """What the outer step of `variant` follows, at `theta` `[2]`: `[2]`, a mean over tasks."""
        return (self.pull(variant) @ (theta - self.lowest).unsqueeze(-1)).mean(0).squeeze(-1)

    def settles(self, variant: str) -> Tensor:
        """Where the outer loop comes to rest, `[2]`: the mean of the lowest points, each weighted by its matrix M.

        So it may lie outside of their triangle, as ANIL's does.
        """
        M = self.pull(variant)
        return torch.linalg.solve(M.sum(0), (M @ self.lowest.unsqueeze(-1)).sum(0)).squeeze(-1)

    def path(self, variant: str, start: Tensor, outer_steps: int = 100) -> Tensor:
        """The start, and where it is after every outer step: `[outer_steps + 1, 2]`.

        Gradient descent with half the largest rate that does not overshoot, so all variants are equally quick. Of a
        linear map every power is known, and no step has to wait for the one before.
        """
        values, vectors = torch.linalg.eigh(self.pull(variant).mean(0))
        end, t = self.settles(variant), torch.arange(outer_steps + 1, device=start.device)
        left = (1 - values / values.abs().max() / 2) ** t[:, None]  # [outer_steps + 1, 2], along each eigenvector
        return end + left * (vectors.T @ (start - end)) @ vectors.T

    def episode(self) -> Episode:
        """The same tasks for the course's learners: two examples each, for `torch.nn.Linear(2, 1, bias=False)`.

        With inputs X and targets X c, the mean squared error of two examples is `|X (theta - c)|^2 / 2`; it is the bowl
        if X is the square root of H.
        """
        values, vectors = torch.linalg.eigh(self.curvature)
        x = vectors * values.sqrt().unsqueeze(-2) @ vectors.mT  # [tasks, 2 examples, 2 inputs]
        y = x @ self.lowest.unsqueeze(-1)  # [tasks, 2, 1]
        return Episode(x, y, x, y)


def three_bowls(difference: float = 8.0, lr: float = 0.1, steps: int = 3) -> Bowls:
    """Three tasks: a steep one at the left, a flat one at the right, and an oval one, turned, at the bottom.

    Args:
        difference: how many times steeper steep (4) is than flat.
        lr, steps: as in `Bowls`.
    """
    flat, middle = 4 / difference, 4 / difference**0.5
    curvature = torch.diag_embed(torch.tensor([[4.0, 4.0], [flat, flat], [flat, middle]], dtype=torch.float64))
    turn = torch.tensor([[0.8, -0.6], [0.6, 0.8]], dtype=torch.float64)  # by 37 degrees
    curvature[2] = turn @ curvature[2] @ turn.T
    lowest = torch.tensor([[-1.2, 0.3], [1.2, 0.7], [0.3, -1.0]], dtype=torch.float64)
    return Bowls(curvature, lowest, lr, steps)


def implicit_meta_gradient(
    theta: Tensor, support: tuple[Tensor, Tensor], query: tuple[Tensor, Tensor], strength: float
) -> Tensor:
    """The meta-gradient of implicit MAML for one task with quadratic losses, `(theta - c) H (theta - c) / 2`.

    Adapting goes to the lowest point of `support loss + strength / 2 * |adapted - theta|^2`, by whatever way.

    Args:
        theta: the start, `[n]`.
        support, query: `(H, c)`, the curvature `[n, n]` and the lowest point `[n]` of each loss.
        strength: of the pull to the start (lambda in the paper).

    Returns: the derivative of the query loss after adapting, with respect to the start, `[n]`.

    Source: Rajeswaran et al. 2019 (arXiv:1909.04630), equation 6.
    """
    (H_s, c_s), (H_q, c_q) = support, query
    eye = torch.eye(len(theta)).to(theta)
    # where the slope H_s (adapted - c_s) + strength (adapted - theta) is 0
    adapted = torch.linalg.solve(H_s + strength * eye, H_s @ c_s + strength * theta)
    return torch.linalg.solve(eye + H_s / strength, H_q @ (adapted - c_q))
