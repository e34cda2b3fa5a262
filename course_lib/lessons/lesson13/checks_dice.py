"""What `check` looks at in DiCE, in lesson 13: the number, and its first and second derivative."""

from __future__ import annotations

import re
from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.exercises.results import difference
from course_lib.learners import reward_to_go
from course_lib.lessons.lesson13.surrogates import dice, lvc, score_surrogate

_NAMES = ("the number itself", "its first derivative", "its second derivative")


def _case(*shape: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    g = torch.Generator().manual_seed(seed)
    scores, rewards = (torch.randn(*shape, *more, generator=g, dtype=torch.float64) for more in ((2,), ()))
    return scores.log_softmax(-1)[..., 0], rewards  # of what was done


def _cases() -> dict[str, tuple[Tensor, Tensor]]:
    return {
        "five trajectories of three steps": _case(5, 3),
        "log probabilities [tasks, trajectories, steps]": _case(2, 3, 4, seed=1),
        "one trajectory, [steps]": _case(4, seed=2),
        "trajectories of a single step": _case(3, 1, seed=3),
        "as many trajectories as steps": _case(3, 3, seed=4),
    }


def _differentiated(function: Callable, checked: bool = False) -> Callable:
    """What a function gives: the number `[...]`, its slope `[..., steps]`, and its curvature `[..., steps, steps]`.

    Args:
        checked: whether what is no number for each trajectory is refused in words; otherwise it is an error.
    """

    def answer(log_probabilities, rewards):
        at = log_probabilities.clone().requires_grad_()
        found = function(at, rewards)
        right = rewards.sum(-1)
        if checked and not (isinstance(found, Tensor) and found.shape == right.shape):
            raise Problem(_shape(found, rewards, right))
        if not found.requires_grad:
            return found, torch.zeros_like(at), torch.zeros(*at.shape, at.shape[-1])
        (slope,) = torch.autograd.grad(found.sum(), at, create_graph=True, allow_unused=True)
        slope = torch.zeros_like(at) if slope is None else slope
        rows = [torch.autograd.grad(one.sum(), at, retain_graph=True, allow_unused=True)[0]
                if slope.requires_grad else None for one in slope.unbind(-1)]  # fmt: skip
        curvature = torch.stack([torch.zeros_like(at) if row is None else row for row in rows], -1)
        return found.detach(), slope.detach(), curvature

    return answer


def _shape(found, rewards: Tensor, right: Tensor) -> str:
    """Why a result is no number for each trajectory."""
    if isinstance(found, Tensor) and found.shape == rewards.shape and right.shape != rewards.shape:
        return "there is a number for each *step*. Add them up: one number for each trajectory, .sum(-1)."
    if isinstance(found, Tensor) and found.ndim == 0:
        return ("there is a single number for all trajectories. Each has its own: .sum(-1), not .sum(). (The mean over "
                "trajectories comes later.)")  # fmt: skip
    if isinstance(found, Tensor) and found.shape == rewards.shape[1:]:
        return ("it goes along the first axis. Steps are the *last* one: .sum(-1), and x[..., t] is step t of all "
                "trajectories.")  # fmt: skip
    if isinstance(found, Tensor) and rewards.ndim > 2 and found.shape == rewards.sum(1).shape:
        return ("it goes along axis 1. Steps are the *last* axis, however many there are in front: .cumsum(-1), "
                ".sum(-1).")  # fmt: skip
    return f"{difference(found, right)} That is for log probabilities and rewards of shape {list(rewards.shape)}."


def _of(brick: Callable, rewards: Callable = lambda r: r) -> Callable:
    """Bricks, of log probabilities, times what stands behind them."""
    return lambda x, r: (brick(x) * rewards(r)).sum(-1)


def _box(x: Tensor) -> Tensor:
    return (x - x.detach()).exp()


def _before(x: Tensor) -> Tensor:
    return x.cumsum(-1) - x


def _to_come(x: Tensor) -> Tensor:
    return reward_to_go(x)


_DEPENDS = "A reward depends on its own action and on *all* that were done before it: their log probabilities add up."
_OWN = ("each reward stands behind the brick of its own action alone, or the product of the bricks before it is held "
        "fast, too: only the second x of each brick is. " + _DEPENDS)  # fmt: skip
_NO_EXP = "exp is missing: x - x held fast is 0, and so is everything."
_MISTAKES = [
    (score_surrogate, "this is the usual loss, log probabilities times rewards to go (or their sums so far times "
     "rewards, which is the same). Its first derivative is right; its second one is 0 here, and the number itself is "
     "not the return. The brick before a reward is exp(x - x held fast)."),
    (lvc, "this is LVC: the brick of each action alone, times its reward to go (or bricks added up, which is the same, "
     "where they should be multiplied). Its first derivative is right, its second "
     "one lacks what two actions do together. " + _DEPENDS),
    (lambda x, r: ((_box(x) - 1) * reward_to_go(r)).sum(-1) + r.sum(-1), "the number and its first derivative are "
     "right. The second one lacks what two actions do together: bricks are *multiplied*, exp of the *sum* of log "
     "probabilities."),
    (_of(_box), _OWN),
    (_of(lambda x: _box(x.cumsum(-1) + x)), "the step's own action counts twice: cumsum(-1) has it already."),
    (_of(lambda x: _box(x.cumsum(-1) - x[..., :1])), "the first action is left out. Its brick stands before its own "
     "reward, and before all that come after it. " + _DEPENDS),
    (_of(lambda x: _box(x.sum(-1, keepdim=True))), "the brick of the whole trajectory stands before every reward. "
     "That is right on average. But actions are credited with rewards that were paid *before* them, which only adds "
     "chance: take the actions until then, cumsum."),
    (_of(lambda x: _box(_to_come(x))), "each reward stands behind the bricks of the actions still to come. An action "
     "cannot change what was paid before it. " + _DEPENDS),
    (_of(lambda x: _box(_before(x))), "the action of the step itself is left out. " + _DEPENDS),
    (_of(lambda x: x.cumsum(-1).exp()), "nothing is held fast: the number is weighted with the probability of what was "
     "done. Divided by itself, held fast, it is 1: exp(x - x.detach())."),
    (_of(lambda x: x.exp()), "nothing is held fast, and each action stands alone. The brick is exp(x - x.detach()), "
     "and "
     + _DEPENDS[0].lower() + _DEPENDS[1:]),
    (lambda x, r: r.sum(-1), "the number is the return, but it has no derivative: everything is held fast (by "
     ".detach(), no_grad, .item() or a new tensor), or x - x cancels. Only the *second* x of exp(x - x held fast) has "
     ".detach()."),
    (_of(lambda x: x.cumsum(-1) - x.cumsum(-1).detach()), _NO_EXP),
    (_of(lambda x: x - x.detach()), f"{_NO_EXP} And each action stands alone: {_DEPENDS[0].lower()}{_DEPENDS[1:]}"),
    (_of(lambda x: x - x.detach(), reward_to_go), _NO_EXP),
    (_of(lambda x: x), "log probabilities stand before the rewards, without the brick: exp(x - x held fast). "
     + _DEPENDS),
    (_of(lambda x: 1 + x.cumsum(-1) - x.cumsum(-1).detach()), "the number and its first derivative are right. But it "
     "is a straight line in log probabilities, such as 1 + x - x held fast, and the second derivative is 0. exp has "
     "all of them: exp(x - x held fast)."),
    (_of(lambda x: 1 + x - x.detach(), reward_to_go), "1 + x - x held fast is a straight line: the second derivative "
     "is 0. exp has all of them. " + _DEPENDS),
    (_of(lambda x: _box(x.cumsum(-1)), reward_to_go), "rewards count again and again: behind the bricks of *all* "
     "actions until then stands the reward of the step alone, not the reward to go. (One of the two sums is enough.)"),
    (_of(lambda x: _box(_to_come(x)), lambda r: r.cumsum(-1)), "bricks of the actions to come stand before what was "
     "paid until now. It is the other way round: each reward behind the actions until then."),
    (_of(_box, lambda r: r.cumsum(-1)), "the brick of each action stands before what was paid *until* then. An action "
     "changes what comes after it."),
    (lambda x, r: _box(x.sum(-1)) * r.sum(-1) / r.shape[-1], "this is a mean over steps. The rewards are added up."),
    (lambda x, r: dice(x, r) / r.shape[-1], "this is a mean over steps. The rewards are added up: .sum(-1)."),
    (lambda x, r: -dice(x, r), "the sign is that of a loss. The number equals the return: no minus."),
    (_of(lambda x: (x.cumsum(-1).detach() - x.cumsum(-1)).exp()), "the brick is turned over: the *first* x has the "
     "derivative, the second one is held fast. exp(x - x.detach())."),
    (_of(lambda x: (x.cumsum(-1) - x.detach()).exp()), "what is taken off is not what it is taken off from, so the "
     "brick is not 1: from the sum so far, take the *sum so far*, held fast."),
    (_of(lambda x: (x - x.cumsum(-1).detach()).exp()), "what is taken off is not what it is taken off from, so the "
     "brick is not 1. Take the sum so far in both places."),
    (_of(lambda x: (x / x.detach()).cumprod(-1)), "log probabilities are divided as if they were probabilities. The "
     "brick is p / p held fast, with p = exp(x)."),
    (_of(lambda x: x / x.detach()), "log probabilities are divided as if they were probabilities: the brick is exp(x - "
     "x held fast). " + _DEPENDS),
    (_of(lambda x: x.cumsum(-1) / x.cumsum(-1).detach()), "log probabilities are divided as if they were "
     "probabilities. The brick is exp(x - x held fast)."),
    (_of(lambda x: _box(x.cumsum(0))), "the sum so far goes along the first axis, over trajectories. Steps are the "
     "*last* one: .cumsum(-1)."),
    (_of(lambda x: _box(x.cumsum(1))), "the sum so far goes along axis 1. Steps are the *last* axis, however many "
     "there are in front: .cumsum(-1)."),
    (_of(lambda x: _box(x.cumsum(-1).exp())), "exp is taken twice. log_probabilities are logarithms already: they add "
     "up, and one exp is enough."),
    (_of(lambda x: _box(x.exp())), "exp is taken twice, and each action stands alone. log_probabilities are logarithms "
     "already. " + _DEPENDS),
    (_of(lambda x: _box(x.log_softmax(-1).cumsum(-1))), "a softmax is taken of them. These are log probabilities "
     "already, of what was done."),
    (_of(lambda x: _box(x.cumsum(-1)), lambda r: r - r.mean(-1, keepdim=True)), "a mean is taken off the rewards. The "
     "number would no longer be the return."),
    (lambda x, r: dice(x, r) - r.sum(-1), "the return is taken off. The number equals the return."),
    *((lambda x, r, rate=rate: dice(x, r * rate ** torch.arange(r.shape[-1])), f"later rewards are discounted, by "
       f"{rate:g} a step. Here all count alike.") for rate in (0.99, 0.95, 0.9)),
    (_of(lambda x: x * _box(x.cumsum(-1))), "the log probabilities stand before the rewards as well. The brick alone "
     "is enough: its derivative is that of the log probability."),
]  # fmt: skip


def judge_dice(call):
    """`dice`: the number, its gradient and its Hessian, for several shapes."""
    try:
        compare(_differentiated(call, checked=True), _RIGHT, _cases(), _KEPT, _NAMES)
    except Problem as problem:
        raise Problem(re.sub(r"in its (\w+) derivative, the numbers differ: at \[([\d, ]+)\]", _place, str(problem))
                      ) from None  # fmt: skip


_RIGHT = once(_differentiated(dice))
_KEPT = [(once(_differentiated(formula)), text) for formula, text in _MISTAKES]


def _place(found: re.Match) -> str:
    """Where a derivative differs, for readers who have not computed it."""
    at = found[2].split(", ")
    front, steps = (at[:-2], at[-2:]) if found[1] == "second" else (at[:-1], at[-1:])
    where = f" of trajectory {front[0] if len(front) == 1 else '[' + ', '.join(front) + ']'}" if front else ""
    one = len(set(steps)) == 1
    by = f"log probability of step {steps[0]}" if one else f"log probabilities of steps {' and '.join(steps)}"
    return f"the {found[1]} derivative{where}, by the {by}, differs:"
