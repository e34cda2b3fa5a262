"""What `check` looks at in the truncated training of a rule, in lesson 14, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson14.checks_memory import judge_memory
from course_lib.lessons.lesson14.checks_once import once
from course_lib.lessons.lesson14.learned_rule import Memory
from course_lib.lessons.lesson14.pieces import train_in_pieces
from course_lib.lessons.lesson14.small_problems import Quadratics, gradient


class _Rule(nn.Module):
    """Momentum with a learned rate that falls, and a learned part that stays: quick, and its memory counts steps."""

    def __init__(self):
        super().__init__()
        self.numbers = nn.Parameter(torch.tensor([0.03, 0.6, 0.1], dtype=torch.float64))

    def begin(self, theta: Tensor) -> Memory:
        return Memory(torch.zeros_like(theta), torch.zeros_like(theta), 0)

    def forward(self, gradient: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        rate, stay, fall = self.numbers
        momentum = stay * memory.momenta + gradient
        step = -rate * momentum / (1 + fall * memory.steps)
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
                    return torch.tensor(found, dtype=torch.float64), theta.detach(), rule.numbers.detach().clone()
                if isinstance(theta, Tensor):
                    raise Problem(f"the losses should be numbers, one for each piece, but they are {form(losses[0])} "
                                  "each.") if losses else Problem("there are no losses.")  # fmt: skip
            if isinstance(losses, Tensor) and isinstance(theta, list | tuple):
                raise Problem("losses and theta are exchanged: the losses come first.")
        raise Problem(f"it should return the losses of the pieces, a list, and theta, but it returned {form(result)}"
                      f"{' of ' + ' and '.join(map(form, result)) if isinstance(result, tuple) else ''}.")  # fmt: skip

    return run


def _slope(problems, theta, t, through: bool):
    """The problems' gradient, constant or not."""
    if not through:
        return gradient(problems, theta, t)
    asked = theta if theta.requires_grad else theta.detach().requires_grad_()
    return torch.autograd.grad(problems.loss(asked, t).sum(), asked, create_graph=True)[0]


def _pieces(
    of=lambda full: full.mean(),
    count="mean",
    clip=1.0,
    zero="before",
    through=False,
    time=lambda t, first: t,
    forget=(),
    after_step=True,
    loss_of="full",
    last=True,
    keep=lambda losses: losses,
):
    """The training once more, with places to go wrong.

    Args:
        of: of the losses `[problems]`; count: "mean", "sum" or "last" over the piece's steps.
        clip: length, None for no clipping, "values" for each number by itself, "late" after the outer step.
        zero: when gradients are set to 0: "before" backward, "never", "after" it.
        through: whether a gradient goes through the problems' gradients; time: the step that they are of.
        forget: "theta" or "memory" begin anew with every piece.
        after_step: whether the loss is that after a step, or before; loss_of: "full" or "loss".
        last: whether the last, shorter piece counts; keep: which losses are returned.
    """  # fmt: skip

    def answer(rule, problems, optimizer, steps, cut):
        theta, memory, losses = problems.start, rule.begin(problems.start), []
        for first in range(0, steps, cut):
            here = range(first, min(first + cut, steps))
            if len(here) < cut and not last:
                break
            if "theta" in forget:
                theta = problems.start
            if "memory" in forget:
                memory = rule.begin(theta)
            total = []
            for t in here:
                step, memory = rule(_slope(problems, theta, time(t, first), through), memory)
                old, theta = theta, theta + step
                at = theta if after_step else old
                total.append(of(problems.full(at) if loss_of == "full" else problems.loss(at, t)))
            many = torch.stack(total)
            loss = {"mean": many.mean(), "sum": many.sum(), "last": many[-1], "cut": many.sum() / cut,
                    "steps": many.sum() / steps}[count]  # fmt: skip
            if zero == "before":
                optimizer.zero_grad()
            loss.backward()
            if clip == "values":
                nn.utils.clip_grad_value_(rule.parameters(), 1.0)
            elif clip is not None and clip != "late":
                nn.utils.clip_grad_norm_(rule.parameters(), clip)
            if zero == "after":
                optimizer.zero_grad()
            optimizer.step()
            theta, memory = theta.detach(), memory.detached()
            losses.append(loss.item())
        return keep(losses), theta

    return answer


def _at_the_end(rule, problems, optimizer, steps, cut):
    """One outer step in the end, from the gradients of all pieces."""
    theta, memory, losses = problems.start, rule.begin(problems.start), []
    optimizer.zero_grad()
    for first in range(0, steps, cut):
        total = []
        for t in range(first, min(first + cut, steps)):
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + step
            total.append(problems.full(theta).mean())
        loss = torch.stack(total).mean()
        loss.backward()
        theta, memory = theta.detach(), memory.detached()
        losses.append(loss.item())
    nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
    optimizer.step()
    return losses, theta


def _cut_each_step(rule, problems, optimizer, steps, cut, theta_too=True, memory_too=True):
    theta, memory, losses = problems.start, rule.begin(problems.start), []
    for first in range(0, steps, cut):
        here, total = range(first, min(first + cut, steps)), 0.0
        for t in here:
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + step
            total = total + problems.full(theta).mean()
            theta = theta.detach() if theta_too else theta
            memory = memory.detached() if memory_too else memory
        loss = total / len(here)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        theta, memory = theta.detach(), memory.detached()
        losses.append(loss.item())
    return losses, theta


_MISTAKES = [
    (_pieces(count="last"), "the outer loss is that after the last step of the piece alone. It is the mean over all of "
     "its steps."),
    (_pieces(count="sum"), "the losses of a piece are summed. Their mean is wanted: then a loss means the same for "
     "pieces of any length."),
    (_pieces(count="steps"), "the losses of a piece are divided by the steps of the whole training. Divide by those of "
     "the piece."),
    (_pieces(count="cut"), "the last piece is shorter, and its sum is divided by `cut` all the same. Divide by the "
     "steps that it has."),
    (_pieces(of=lambda full: full.sum()), "the losses of the problems are summed. Their mean is wanted."),
    (_pieces(of=lambda full: full[0]), "only the first problem counts. The mean over problems is wanted."),
    (_pieces(loss_of="loss"), "the outer loss is problems.loss, what the rule sees of it at this step. "
     "problems.full judges."),
    (_pieces(after_step=False, last=True), "the outer loss is that *before* each step. The first one does not depend "
     "on the rule, and what the last step did is never judged."),
    (_pieces(clip=None), "the outer gradient is not clipped: nn.utils.clip_grad_norm_(rule.parameters(), 1.0), after "
     "backward and before the step."),
    (_pieces(clip="late"), "the outer gradient is not clipped: nn.utils.clip_grad_norm_(rule.parameters(), 1.0), after "
     "backward and before the step."),
    (_pieces(clip="values"), "each number of the gradient is clipped by itself. Its *length* is: clip_grad_norm_."),
    *((_pieces(clip=c), f"the gradient is clipped to length {c:g}. The task says 1.") for c in (0.1, 0.5, 5.0, 10.0)),
    (_pieces(zero="never"), "gradients of earlier pieces are added to: optimizer.zero_grad() before each backward."),
    (_pieces(zero="after"), "the rule never changes. Each piece ends with optimizer.step(), and zero_grad() "
     "belongs before backward: between backward and step it would empty the gradients."),
    (_at_the_end, "there is one outer step, in the end. There is one after *every* piece, and the next piece goes on "
     "with the rule that it made."),
    (lambda *args: train_in_pieces(*args[:4], 1), "there is an outer step after every single step. The "
     "gradient goes through pieces of `cut` steps."),
    (lambda *args: train_in_pieces(*args[:4], args[3]), "the training is not cut: the gradient goes through all of it, "
     "and memory grows with it. An outer step belongs after every `cut` steps."),
    (_cut_each_step, "the graph is cut after every *step*, so that no gradient goes from one step to the next. Detach "
     "where a piece ends."),
    (lambda *args: _cut_each_step(*args, memory_too=False), "theta is detached after every step. Detach it where a "
     "piece ends."),
    (lambda *args: _cut_each_step(*args, theta_too=False), "the memory is detached after every step. Detach it where a "
     "piece ends."),
    (_pieces(through=True), "a gradient goes through the problems' own gradients. They are constants: "
     "gradient(problems, theta, t)."),
    (_pieces(forget=("theta", "memory")), "every piece begins at problems.start again, with an empty memory. The next "
     "piece goes on from where the problems are."),
    (_pieces(forget=("theta",)), "every piece begins at problems.start again. The next piece goes on from where the "
     "problems are: theta.detach()."),
    (_pieces(forget=("memory",)), "every piece begins with an empty memory. It keeps its numbers, and loses its graph: "
     "memory.detached()."),
    (_pieces(forget=("theta", "memory"), time=lambda t, first: t - first), "every piece is the first one again. The "
     "next one goes on from where the problems are, with the memory and the step that they are at."),
    (_pieces(time=lambda t, first: t - first), "the steps are counted from 0 in every piece. gradient(problems, theta, "
     "t) wants the step of the whole training."),
    (_pieces(forget=("memory",), time=lambda t, first: t - first), "every piece begins with an empty memory, and "
     "counts its steps from 0. Both go on."),
    (_pieces(time=lambda t, first: t + 1), "the steps are counted from 1. The first one is step 0."),
    (_pieces(time=lambda t, first: 0), "every gradient is that of step 0: gradient(problems, theta, t), with t the "
     "step of the training."),
    (_pieces(time=lambda t, first: first), "every gradient of a piece is that of its first step: gradient(problems, "
     "theta, t), with t the step of the training."),
    (_pieces(last=False), "the last piece, which is shorter, is left out."),
    (_pieces(keep=lambda losses: losses[-1:]), "only the loss of the last piece is returned. One for each piece is "
     "wanted."),
]  # fmt: skip
_KNOWN = [(once(_run(wrong), lambda *case: case), said) for wrong, said in _MISTAKES]


def judge_pieces(call):
    """`train_in_pieces`: the losses, where the problems end, what the rule has become; memory."""
    names = "the losses of the pieces", "theta after the last step", "the rule's numbers after it"
    try:
        compare(_run(call), _run(train_in_pieces), _cases(), _KNOWN, names)
    except Problem as problem:
        raise Problem(str(problem) + _meaning(str(problem))) from None
    rule, drawn = _Handle(_Rule()), _Shaken(8, 9, 4, 0.1)
    judge_memory(lambda steps: call(rule, drawn, torch.optim.SGD(rule.parameters(), lr=0.0), steps, 2), 64, 8, 40)


def _meaning(said: str) -> str:
    if "backward through the graph a second time" in said:
        return ("\n  A piece still hangs on the graph of the one before, which is gone. Both theta and the memory have "
                "to be cut off where a piece ends: theta.detach(), memory.detached().")  # fmt: skip
    if "modified by an inplace operation" in said:
        return ("\n  A piece still hangs on the one before, and the rule has changed since. Both theta and the memory "
                "have to be cut off where a piece ends: theta.detach(), memory.detached().")  # fmt: skip
    if "element 0 of tensors does not require grad" in said:
        return ("\n  The outer loss does not hang on the rule. Was theta detached before its loss was taken, or is the "
                "loss that of the place before the step?")  # fmt: skip
    if "leaf Variable that requires grad" in said:
        return "\n  theta = theta + step makes a new tensor; theta += step changes the old one."
    return ""
