"""Truncated training of a rule: the outer gradient goes through pieces of a training, one after the other."""

from __future__ import annotations

from torch import Tensor, nn
from torch.optim import Optimizer

from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(
    rule: nn.Module, problems, optimizer: Optimizer, steps: int, cut: int
) -> tuple[list[float], Tensor]:
    """Train problems by a rule, and the rule meanwhile: one outer step after every `cut` steps.

    The outer loss of a piece is the mean of `problems.full` after each of its steps, over steps and problems. Its
    gradient goes back to where the piece begins, and no farther; so memory does not grow with `steps`. The outer
    gradient is clipped to length 1 before each outer step.

    Args:
        rule: `rule.begin(theta)` gives an empty memory; `rule(gradient, memory)` gives what to add to theta, and the
            memory after it. `memory.detached()` is another memory with the same numbers, without a way back.
        problems: they begin at `problems.start` `[problems, n]`; `problems.full(theta)` is the loss of each,
            `[problems]`. `gradient(problems, theta, t)`, for step t from 0, is what the rule reads, a constant.
        optimizer: of `rule.parameters()`.
        steps: of the training.
        cut: steps in a piece; the last piece is shorter where it has to be.

    Returns: the outer loss of each piece, and theta after the last step.

    Source: Andrychowicz et al. 2016 (arXiv:1606.04474), of which the abstract was read, and their code
        (google-deepmind/learning-to-learn, README.md: `num_steps`, cut to pieces of `unroll_length`). Werbos 1990 for
        the truncation (second-hand).
    """
    theta, memory, losses = problems.start, rule.begin(problems.start), []
    for first in range(0, steps, cut):
        piece, total = range(first, min(first + cut, steps)), 0.0
        for t in piece:
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + step
            total = total + problems.full(theta).mean()
        loss = total / len(piece)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        theta, memory = theta.detach(), memory.detached()
        losses.append(loss.item())
    return losses, theta
