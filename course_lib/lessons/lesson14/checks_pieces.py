"""What `check` looks at in the truncated training of a rule, in lesson 14, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson14.checks_memory import judge_memory
from course_lib.lessons.lesson14.checks_pieces_known import MISTAKES
from course_lib.lessons.lesson14.checks_torch import in_plain
from course_lib.lessons.lesson14.learned_rule import Memory
from course_lib.lessons.lesson14.pieces import train_in_pieces
from course_lib.lessons.lesson14.small_problems import Quadratics


class _Rule(nn.Module):
    """Momentum with a learned rate that falls, and a learned part that stays: quick, and its memory counts steps.

    It has two parameters, so that it matters whether their gradients are clipped together.
    """

    def __init__(self):
        super().__init__()
        self.rates = nn.Parameter(torch.tensor([0.03, 0.1], dtype=torch.float64))
        self.stay = nn.Parameter(torch.tensor([0.6], dtype=torch.float64))

    @property
    def numbers(self) -> Tensor:
        return torch.cat([self.rates, self.stay])

    def begin(self, theta: Tensor) -> Memory:
        return Memory(torch.zeros_like(theta), torch.zeros_like(theta), 0)

    def forward(self, gradient: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        momentum = self.stay[0] * memory.momenta + gradient
        step = -self.rates[0] * momentum / (1 + self.rates[1] * memory.steps)
        return step, Memory(momentum, memory.squares, memory.steps + 1)


class _Handle:
    """A rule that may be changed: it hands on all that it is asked to the network inside."""

    def __init__(self, rule: nn.Module):
        self._rule = rule

    def __call__(self, *args):
        return self._rule(*args)

    def __getattr__(self, name: str):
        return getattr(self.__dict__["_rule"], name)


class _Shaken(Quadratics):
    """Quadratics whose lowest points move from step to step, so that it counts which step a gradient is of."""

    def __init__(self, problems: int, seed: int, n: int, far: float):
        g = torch.Generator().manual_seed(seed)
        super().__init__(problems, g, n)
        self.w, self.y = self.w.double(), self.y.double()
        self.start = far * torch.randn(problems, n, generator=g, dtype=torch.float64)
        self.moves = torch.randn(64, problems, n, generator=g, dtype=torch.float64)

    def loss(self, theta: Tensor, step: int = 0) -> Tensor:
        return ((self.w @ theta.unsqueeze(-1)).squeeze(-1) - self.y - self.moves[step]).square().sum(-1)

    def full(self, theta: Tensor) -> Tensor:
        return super().loss(theta)


@cache
def _cases() -> dict[str, tuple]:
    """(seed, problems, how far the start is, steps, cut)"""
    return {
        "6 steps in pieces of 3": (0, 4, 0.5, 6, 3),
        "a single piece": (1, 3, 0.5, 4, 4),
        "pieces of one step": (2, 3, 0.5, 3, 1),
        "9 steps in pieces of 3, with steep losses": (3, 3, 2.0, 9, 3),
        "7 steps in pieces of 3, so that the last is shorter": (4, 3, 0.5, 7, 3),
        "a cut beyond the last step": (5, 3, 0.5, 3, 5),
    }


def _run(answer):
    """The answer as a function of a case: losses `[pieces]`, theta at the end, and the rule's numbers then."""

    def run(seed, problems, far, steps, cut):
        rule, drawn = _Rule(), _Shaken(problems, seed, 2, far)
        before = drawn.start.clone()
        optimizer = torch.optim.SGD(rule.parameters(), lr=0.01, momentum=0.5)
        result = answer(_Handle(rule), drawn, optimizer, steps, cut)
        if not torch.equal(drawn.start, before):
            raise Problem("it changes problems.start in place (theta += ...). theta = theta + step makes a new tensor, "
                          "and a graph needs one.")  # fmt: skip
        if isinstance(result, tuple | list) and len(result) == 2:
            losses, theta = result
            if isinstance(losses, Tensor | list | tuple):
                found = [as_number(one) for one in losses]
                if None not in found and isinstance(theta, Tensor):
                    return torch.tensor(found, dtype=torch.float64), theta.detach(), rule.numbers.detach()
                if isinstance(theta, Tensor):
                    raise Problem(f"the losses should be numbers, one for each piece, but they are {form(losses[0])} "
                                  "each.") if losses else Problem("there are no losses.")  # fmt: skip
            if isinstance(losses, Tensor) and isinstance(theta, list | tuple):
                raise Problem("losses and theta are exchanged: the losses come first.")
        raise Problem(f"it should return the losses of the pieces, a list, and theta, but it returned {form(result)}"
                      f"{' of ' + ' and '.join(map(form, result)) if isinstance(result, tuple) else ''}.")  # fmt: skip

    return run


_KNOWN = [(once(_run(wrong), lambda *case: case), said) for wrong, said in MISTAKES]


_CUT = ("Both theta and the memory have to be cut off where a piece ends: theta = theta.detach(), memory = "
        "memory.detached(). Each gives a new one, and leaves the old as it was.")  # fmt: skip
_ERRORS = {
    "through the graph a second time": "a piece still hangs on the graph of the one before, which is gone. " + _CUT,
    "modified by an inplace operation": "a piece still hangs on the graph of the one before, and the rule has changed "
    "since. " + _CUT + " retain_graph=True does not help: no gradient is to go back into the piece before.",
    "element 0 of tensors does not require grad": "the outer loss does not hang on the rule. Was theta detached before "
    "its loss was taken, or is the loss that of the place before the step?",
    "leaf Variable that requires grad": "theta = theta + step makes a new tensor; theta += step changes the old one.",
    "out of bounds for dimension 0 with size 64": "far more than `steps` steps are asked for. Are numbers written down "
    "where `steps` and `cut` belong?",
}  # fmt: skip


def judge_pieces(call):
    """`train_in_pieces`: the losses, where the problems end, what the rule has become; memory."""
    names = "the losses of the pieces", "theta after the last step", "the rule's numbers after it"
    try:
        compare(_run(call), _run(train_in_pieces), _cases(), _KNOWN, names)
    except Problem as problem:
        raise in_plain(problem, _ERRORS) from None
    rule, drawn = _Handle(_Rule()), _Shaken(8, 9, 4, 0.1)
    theta = 8 * drawn.start.numel()  # bytes; a graph has several such things for each step
    judge_memory(lambda steps: call(rule, drawn, torch.optim.SGD(rule.parameters(), lr=0.0), steps, 2), 2 * theta, 8,
                 40, "Graphs of earlier pieces are kept. retain_graph=True or a list of losses with their graphs does "
                 "that: keep loss.item().")  # fmt: skip
