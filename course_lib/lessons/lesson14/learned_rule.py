"""An update rule that is learned: a small network reads a gradient and its past, and says what step to take."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from course_lib.compute.seeding import TRAIN, generator_for
from course_lib.lessons.lesson14.pieces import train_in_pieces
from course_lib.lessons.lesson14.small_problems import SmallNetworks, gradient

SHIPPED = Path(__file__).with_name("shipped_rule.safetensors")
STEPS, CUT = 100, 20  # of a training of a problem; and of the pieces that the outer gradient goes through
OUTER, PROBLEMS, LR = 30, 16, 3e-3  # trainings of 16 problems at once; rate of the outer Adam
DECAYS = torch.tensor([0.5, 0.9, 0.99])  # of the three momenta


class Memory(NamedTuple):
    """What a rule remembers: `momenta [..., n, 3]`, mean squares of the gradients `[..., n]`, and steps taken."""

    momenta: Tensor
    squares: Tensor
    steps: int

    def detached(self) -> Memory:
        """The same numbers, behind which no gradient goes."""
        return Memory(self.momenta.detach(), self.squares.detach(), self.steps)


def read(gradient: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
    """What a rule sees of a gradient `[..., n]` and of those before it.

    Returns: seven numbers, `[..., n, 7]`: the gradient and the three momenta, corrected for their empty start as Adam's
        and divided by the root of the mean square gradient; the logarithm of that root, over 5 and cut to -3 to 3; and
        two clocks, tanh of the steps over 100 and 1000. And the memory after it.
    """
    decays, t = DECAYS.to(gradient), memory.steps + 1
    momenta = decays * memory.momenta + (1 - decays) * gradient.unsqueeze(-1)  # [..., n, 3]
    squares = 0.99 * memory.squares + 0.01 * gradient.square()
    size = (squares / (1 - 0.99**t)).sqrt().unsqueeze(-1) + 1e-8  # [..., n, 1]
    clocks = gradient.new_tensor([math.tanh(t / 100), math.tanh(t / 1000)]).expand(*gradient.shape, 2)
    seen = [gradient.unsqueeze(-1) / size, momenta / ((1 - decays**t) * size), (size.log() / 5).clamp(-3, 3), clocks]
    return torch.cat(seen, -1), Memory(momenta, squares, t)


class LearnedRule(nn.Module):
    """One network of 435 numbers for every parameter of every problem: 7 numbers in, a direction and a size out.

    What it sees is `read`. Its last layer begins at zero: then it is Adam (decays 0.9 and 0.99) with the rate 0.01.

    Source: a small form of the rule of Metz et al. 2019 (arXiv:1810.10180), of which the abstract was read, and
        the code (google/learned_optimization, mlp_lopt.py): there are 19 numbers, the parameter itself among them, 32
        hidden units, and no Adam to begin from. One network for every parameter: Andrychowicz et al. 2016
        (arXiv:1606.04474).
    """

    def __init__(self, hidden: int = 16):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(7, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(),
                                 nn.Linear(hidden, 2))  # fmt: skip
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)
        self.log_rate = nn.Parameter(torch.tensor(math.log(0.01)))

    def begin(self, theta: Tensor) -> Memory:
        """An empty memory for parameters `theta [..., n]`."""
        return Memory(theta.new_zeros(*theta.shape, len(DECAYS)), torch.zeros_like(theta), 0)

    def forward(self, gradient: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        """What to add to the parameters, `[..., n]`, and what to remember, for a gradient `[..., n]`."""
        seen, memory = read(gradient, memory)  # [..., n, 7]
        turn, stretch = self.net(seen).unbind(-1)  # each [..., n]
        return -(self.log_rate + stretch).exp() * (seen[..., 2] + turn), memory  # 2: the momentum of 0.9


def unrolled(rule: nn.Module, problems, theta: Tensor, memory, length: int) -> tuple[Tensor, Tensor, object]:
    """Train problems by `length` more steps of a rule, so that a gradient can go through these steps to the rule.

    Gradients are constants, as in Andrychowicz et al. 2016: how the steps before change them is left out.

    Args:
        rule: such as `LearnedRule`.
        problems: such as `SmallNetworks`.
        theta: `[problems, n]`, where the steps begin.
        memory: the rule's, there. Its `steps` say which step of the training comes next.
        length: how many steps.

    Returns: the mean of `problems.full` over problems and the places after each step, a number; and theta and memory
        after the last step.
    """
    total = 0.0
    for _ in range(length):
        step, memory = rule(gradient(problems, theta, memory.steps), memory)
        theta = theta + step
        total = total + problems.full(theta).mean()
    return total / length, theta, memory


def meta_train(rule: nn.Module, seed: int = 0, outer: int = OUTER, *, cut: int = CUT, steps: int = STEPS,
               problems: int = PROBLEMS, lr: float = LR, make: Callable = SmallNetworks,
               each: Callable[[int, float], None] | None = None) -> list[float]:  # fmt: skip
    """Train a rule on problems that are drawn afresh, by back-propagation through pieces of their trainings.

    After every `cut` steps the rule takes a step of Adam (gradient clipped to length 1), and the next piece goes on
    from where the problems are now. The rate falls in a straight line to a twentieth.

    Args:
        rule: is changed.
        seed: of the problems.
        outer: trainings of `problems` problems at once.
        cut: steps in a piece; they divide `steps`.
        steps: of a training.
        problems: trained at once.
        lr: the first rate of Adam.
        make: `make(problems, generator)` draws them.
        each: is told the number of the training, from 1, and its loss at the end.

    Returns: the mean loss at the end of each training, `outer` numbers.
    """
    optimizer, ends = torch.optim.Adam(rule.parameters(), lr=lr), []
    for i in range(outer):
        for group in optimizer.param_groups:
            group["lr"] = lr * max(1 - i / outer, 0.05)
        drawn = make(problems, generator_for(seed, TRAIN, i))
        _, theta = train_in_pieces(rule, drawn, optimizer, steps, cut)
        ends.append(drawn.full(theta).mean().item())
        if each is not None:
            each(i + 1, ends[-1])
    return ends


@torch.no_grad()
def follow(rule: nn.Module, problems, steps: int = STEPS) -> Tensor:
    """Train problems by a rule that does not learn meanwhile: `problems.full` before each step and after the last.

    Returns: `[steps + 1, problems]`.
    """
    theta, memory = problems.start, rule.begin(problems.start)
    curve = [problems.full(theta)]
    for t in range(steps):
        step, memory = rule(gradient(problems, theta, t), memory)
        theta = theta + step
        curve.append(problems.full(theta))
    return torch.stack(curve)


def new_rule(seed: int = 0) -> LearnedRule:
    """A rule that has learned nothing, with first weights of this seed; the random state stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LearnedRule()


def shipped_rule() -> LearnedRule:
    """The rule with ten times the training of `OUTER`, seed 0; `python -m benchmarks.training_rules` stores it."""
    rule = LearnedRule()
    rule.load_state_dict(load_file(SHIPPED))
    return rule.eval()
