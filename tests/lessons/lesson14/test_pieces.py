"""Truncated training of a rule, against the same with every gradient found by finite differences."""

import pytest
import torch
from torch import nn

from course_lib.lessons.lesson14.learned_rule import Memory
from course_lib.lessons.lesson14.pieces import train_in_pieces
from course_lib.lessons.lesson14.small_problems import Quadratics, gradient


class Momentum(nn.Module):
    """A rule of two numbers, a rate and how much of the momentum stays."""

    def __init__(self, rate=0.02, stay=0.5):
        super().__init__()
        self.both = nn.Parameter(torch.tensor([rate, stay], dtype=torch.float64))

    def begin(self, theta):
        return Memory(torch.zeros_like(theta), torch.zeros_like(theta), 0)

    def forward(self, gradient, memory):
        momentum = self.both[1] * memory.momenta + gradient
        return -self.both[0] * momentum, Memory(momentum, memory.squares, memory.steps + 1)


def problems():
    made = Quadratics(3, torch.Generator().manual_seed(0), n=2)
    made.w, made.y, made.start = made.w.double(), made.y.double(), torch.randn(
        3, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)  # fmt: skip
    return made


def piece(both, theta, momentum, length, drawn, frozen=None):
    """The outer loss of a piece, its gradients (`frozen` ones if given), and where it ends."""
    total, seen = 0.0, []
    for t in range(length):
        seen.append(gradient(drawn, theta, t) if frozen is None else frozen[t])
        momentum = both[1] * momentum + seen[-1]
        theta = theta - both[0] * momentum
        total = total + drawn.full(theta).mean()
    return total / length, seen, theta, momentum


@pytest.mark.parametrize(("steps", "cut"), ((6, 3), (5, 2), (4, 4), (3, 10)))
def test_each_piece_gives_one_step_and_gradients_are_constants(steps, cut):
    drawn, rule = problems(), Momentum()
    losses, theta = train_in_pieces(rule, drawn, torch.optim.SGD(rule.parameters(), lr=1e-3), steps, cut)
    both, at, momentum, want = torch.tensor([0.02, 0.5]).double(), drawn.start, torch.zeros(3, 2).double(), []
    for first in range(0, steps, cut):
        length = min(cut, steps - first)
        loss, seen, after, kept = piece(both, at, momentum, length, drawn)
        slope = torch.tensor([
            (piece(both + d, at, momentum, length, drawn, seen)[0]
             - piece(both - d, at, momentum, length, drawn, seen)[0]) / 2e-6 for d in 1e-6 * torch.eye(2).double()
        ])  # fmt: skip
        both, at, momentum = both - 1e-3 * slope.double() / max(1, slope.norm().item()), after, kept
        want.append(loss.item())
    assert losses == pytest.approx(want) and not theta.requires_grad
    torch.testing.assert_close(theta, at)
    torch.testing.assert_close(rule.both.detach(), both, rtol=0, atol=1e-8)
    assert torch.equal(drawn.start, problems().start)
