"""What `check` looks at in the score of synaptic flow, in lesson 15, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson15.checks_special import SameMode, import_forward_mode, special
from course_lib.lessons.lesson15.synflow import synflow


def _drawn(tasks: int, *shapes: tuple, seed: int) -> list[Tensor]:
    g = torch.Generator().manual_seed(seed)
    return [torch.randn(tasks, *shape, generator=g, dtype=torch.float64) for shape in shapes]


_AXIS = "forward was given weights"


def _ones(weights: list, inputs: int = 2) -> Tensor:
    if weights[0].ndim < 3:
        shape = list(weights[0].shape)
        raise ValueError(
            f"{_AXIS} without the axis of tasks: the first has shape {shape}. forward takes [tasks, ...], of all tasks "
            "at once; for one task, w[i : i + 1] keeps the axis."
        )
    return torch.ones(len(weights[0]), 1, inputs, dtype=weights[0].dtype)


def relu_net(w: list) -> Tensor:
    """Two layers without biases, two outputs: [tasks, 1, 2]."""
    return (_ones(w) @ w[0]).relu() @ w[1]


def cell(w: list) -> Tensor:
    """A cell with biases, of a tanh and a sine: [tasks, 1]."""
    first = torch.baddbmm(w[1], _ones(w), w[0])
    second = torch.tanh(0.3 * torch.baddbmm(w[3], first, w[2])) + 2 * torch.sin(2 * first)
    return torch.baddbmm(w[5], second, w[4])[..., 0]


def linear(w: list) -> Tensor:
    """A single layer, one output: [tasks, 1]."""
    return (_ones(w, 3) @ w[0])[:, 0]


def path_past(w: list) -> Tensor:
    """Its second weight is not on any path: [tasks, 1, 1]."""
    return (_ones(w) @ w[0]).relu() @ w[2]


@cache
def _cases() -> dict[str, tuple]:
    return {
        "two layers with relu, 3 tasks": (relu_net, _drawn(3, (2, 4), (4, 2), seed=0)),
        "a cell with biases, tanh and sine, 2 tasks": (
            cell, _drawn(2, (2, 3), (1, 3), (3, 3), (1, 3), (3, 1), (1, 1), seed=15)),
        "one layer, 4 tasks": (linear, _drawn(4, (3, 1), seed=2)),
        "two layers with relu, 2 tasks": (relu_net, _drawn(2, (2, 2), (2, 2), seed=3)),
    }  # fmt: skip


def _answer(
    at=torch.abs,
    flow=lambda out: out.sum(),
    times=lambda size, slope, w: size * slope,
    over=lambda product: product.flatten(1).sum(1),
    end=lambda scores, flow, sizes: scores.sum(0),
    some=lambda pairs: pairs,
):
    """The score once more, with places to go wrong.

    Args:
        at: what the weights become before the flow; flow: R, of the outputs.
        times: each weight's part, of (what it became, slope, the weight itself); over: the sum of a tensor's parts.
        end: what is returned, of (scores of each weight tensor `[k, tasks]`, outputs, what weights became).
        some: which of the (size, slope, weight) are looked at.
    """  # fmt: skip

    def answer(forward, weights):
        sizes = [at(w.detach()).clone().requires_grad_() for w in weights]
        out = forward(sizes)
        slopes = torch.autograd.grad(flow(out), sizes, allow_unused=True)
        parts = [(size.detach(), slope, w.detach()) for size, slope, w in zip(sizes, slopes, weights, strict=True)
                 if slope is not None]  # fmt: skip
        found = torch.stack([over(times(*part)) for part in some(parts)])
        return end(found, out.detach(), [s.detach() for s in sizes])

    return answer


def _same(w: Tensor) -> Tensor:
    return w


_PART = "A weight's part is |w| dR/d|w|."
_MISTAKES = [
    (_answer(at=_same), "the weights keep their signs. The flow is that of the network with *positive* weights: "
     "w.abs() before forward."),
    (_answer(at=_same, times=lambda s, slope, w: (s * slope).abs()), "the weights keep their signs in the network, and "
     "the products are made positive afterwards. Make the weights positive *before* forward."),
    (_answer(at=_same, times=lambda s, slope, w: s.abs() * slope), "the weights keep their signs in the network, and "
     "are made positive afterwards. Make them positive *before* forward."),
    (_answer(times=lambda s, slope, w: w * slope), "the slopes are multiplied with the weights as they were, with "
     "their signs. " + _PART),
    (_answer(times=lambda s, slope, w: slope), "the slopes are not multiplied with the weights. " + _PART),
    (_answer(times=lambda s, slope, w: slope.abs()), "the slopes are not multiplied with the weights, and lose their "
     "signs. " + _PART),
    (_answer(times=lambda s, slope, w: s), "only the sizes of the weights are added up. " + _PART),
    (_answer(times=lambda s, slope, w: s * slope.abs()), "the parts lose their signs. A bent operation can have a "
     "slope below 0, and it counts so. " + _PART),
    (_answer(times=lambda s, slope, w: (s * slope).square()), "the parts are squared. Their sum is wanted as it is."),
    (_answer(times=lambda s, slope, w: slope.square()), "slopes are squared and added up. " + _PART),
    (_answer(times=lambda s, slope, w: slope.square(), end=lambda f, out, s: f.sum(0).sqrt()), "this is the length of "
     "the gradient. " + _PART),
    (_answer(times=lambda s, slope, w: s.square() * slope), "the weights are squared before the slope. " + _PART),
    (_answer(at=torch.square), "the weights are squared. They are made positive: w.abs()."),
    *((_answer(at=at), "the weights are rescaled first. They are made positive, and keep their size: w.abs().")
      for at in (lambda w: w.abs() / w.abs().mean(), lambda w: w.abs() / w.abs().max(), lambda w: w.abs() / w.norm())),
    (_answer(at=torch.relu), "weights below 0 become 0. They are made positive: w.abs()."),
    (_answer(at=torch.ones_like), "all weights become 1. They keep their size: w.abs()."),
    (_answer(at=torch.neg), "the weights change their signs. They are made positive: w.abs()."),
    (_answer(flow=lambda out: out.mean()), "R is the mean of the outputs, so that it depends on how many tasks there "
     "are. It is their sum."),
    (_answer(flow=lambda out: out.flatten(1).mean(1).sum()), "R is the mean of a task's outputs. It is their sum."),
    (_answer(flow=lambda out: out.abs().sum()), "the outputs are made positive. R is their sum as they are."),
    (_answer(flow=lambda out: out.square().sum()), "the outputs are squared. R is their sum."),
    (_answer(flow=lambda out: out.square().mean()), "the outputs are squared. R is their sum."),
    (_answer(flow=lambda out: out.log().sum()), "the logarithm of the outputs is taken. R is their sum."),
    (_answer(flow=lambda out: F.softplus(-out).sum()), "a loss is taken. R is the sum of the outputs."),
    (_answer(flow=lambda out: out.flatten(1)[:, 0].sum()), "only the first output of each task counts. R is the sum of "
     "all."),
    (_answer(flow=lambda out: out.max()), "R is the largest output. It is the sum of all."),
    *((_answer(flow=lambda out, f=f: f(out).sum()), "the outputs are made into probabilities. R is their sum as they "
       "are.") for f in (torch.sigmoid, lambda out: out.softmax(-1))),
    (_answer(flow=lambda out: out[0].sum()), "only the first task's outputs are added up. Add up those of all: no task "
     "depends on another's weights, and each weight gets the slope of its own."),
    (_answer(over=lambda p: p.flatten(1).mean(1)), "the parts are averaged. Their *sum* over all weights is wanted."),
    (_answer(over=lambda p: p.flatten(1).amax(1)), "the largest part of each weight tensor is taken. Their *sum* over "
     "all weights is wanted."),
    (_answer(over=lambda p: p.sum(), end=lambda f, out, s: f.sum()), "all tasks are added up. Each has its own score, "
     "[tasks]: .flatten(1).sum(1)."),
    (_answer(over=lambda p: p.sum(), end=lambda f, out, s: f.sum().expand(len(out))), "all tasks are added up. Each "
     "has its own score, [tasks]: .flatten(1).sum(1)."),
    *((_answer(end=end), "the tasks are averaged. Each has its own score, [tasks].") for end in (
        lambda f, out, s: f.sum(0).mean(), lambda f, out, s: f.sum(0).mean().expand(len(out)))),
    (_answer(end=lambda f, out, s: f.sum(0).cumsum(0)), "each task's score has those of the tasks before it in it: "
     ".backward() *adds* to .grad. One backward of the sum over all tasks is enough, or set .grad to None in between."),
    *((_answer(end=lambda f, out, s, k=k: k(s) * out.flatten(1).sum(1)), "this is R times the number of weights, "
       "without a slope. That is the score only where no operation is bent and nothing is added: differentiate R.")
      for k in (len, lambda s: len(s) / 2)),
    (_answer(end=lambda f, out, s: out.flatten(1).sum(1)), "this is R itself. The score is the sum over weights of |w| "
     "dR/d|w|: each layer on a path gives R once more."),
    (_answer(end=lambda f, out, s: f.sum(0) / sum(w[0].numel() for w in s)), "it is divided by the number of weights. "
     "Their sum is wanted."),
    (_answer(end=lambda f, out, s: f.sum(0) / out.flatten(1).sum(1)), "it is divided by R. The sum over weights is "
     "wanted as it is."),
    (_answer(end=lambda f, out, s: f.sum(0) / len(out)), "it is divided by the number of tasks. Each task has a score "
     "of its own."),
    (_answer(end=lambda f, out, s: f.mean(0)), "the weight tensors are averaged. Their sum is wanted."),
    (_answer(end=lambda f, out, s: f.sum(0).log()), "this is its logarithm. The sum itself is wanted."),
    (_answer(end=lambda f, out, s: f.prod(0)), "the weight tensors are multiplied. They are added."),
    (_answer(end=lambda f, out, s: f.sum(0).square()), "it is squared."),
    (_answer(some=lambda parts: parts[:1]), "only the first weight tensor counts. All do."),
    (_answer(some=lambda parts: parts[::2]), "only every second weight tensor counts. All do."),
    (_answer(some=lambda parts: parts[-1:]), "only the last weight tensor counts. All do."),
    (_answer(some=lambda parts: [p for p in parts if p[0].shape[1] > 1] or parts), "biases are left out. `weights` "
     "holds all weights, and each counts."),
    (_answer(end=lambda f, out, s: tuple(f)), "each weight tensor has its own score here. Their sum is wanted, "
     "[tasks]."),
    (_answer(end=lambda f, out, s: f), "each weight tensor has its own score here. Their sum is wanted, [tasks]."),
    (_answer(end=lambda f, out, s: f.T), "each weight tensor has its own score here. Their sum is wanted, [tasks]."),
]  # fmt: skip

_UNUSED = "one of the weights is on no path, so R does not depend on it: torch.autograd.grad(..., allow_unused=True) " \
          "gives None for it, and .backward() leaves its .grad None. It adds 0."  # fmt: skip
_MEANING = {
    "does not require grad": "R has no graph. The weights with which forward is called have to ask for gradients: "
    "w.detach().abs().requires_grad_().",
    "to not have been used in the graph": "The slopes are asked of tensors with which R was not computed: call forward "
    "with the very list of |w| that the gradient is asked of.",
    "only Tensors of floating point": "The weights have to be floats.",
    "grad can be implicitly created only for scalar": "A gradient is one of a single number: R is the sum of all "
    "outputs, .sum().",
    "'NoneType'": "Of a tensor that is no leaf of the graph, .grad is None. Ask for gradients of |w| itself: "
    "w.detach().abs().requires_grad_().",
    "must match the size": "Each tensor's parts are summed over all axes but that of tasks: .flatten(1).sum(1) gives "
    "[tasks] for any shape.",
    "non-leaf": "Of a tensor that is no leaf of the graph, .grad is None. Ask for gradients of |w| itself: "
    "w.detach().abs().requires_grad_().",
}


_FORWARD = {"jvp", "jacfwd", "forward_ad", "linearize"}


def _names_in(code) -> set[str]:
    """Names that a function's code and functions inside it use."""
    if code is None:
        return set()
    inside = [part for part in code.co_consts if hasattr(part, "co_names")]
    return set(code.co_names).union(*map(_names_in, inside))


def judge_synflow(call):
    """`synflow`: several networks, weights that are not used, weights that ask for gradients, what is left behind."""
    if _FORWARD & _names_in(getattr(call.function, "__code__", None)):
        import_forward_mode()
    call = SameMode(call)
    try:
        compare(call, synflow, _cases(), _MISTAKES, (), ("task",))
    except Problem as problem:
        said = str(problem)
        if _AXIS in said:
            raise Problem(said[said.index(_AXIS) :]) from None
        more = next((words for part, words in _MEANING.items() if part in said), "")
        raise Problem(f"{said}\n  {more}" if more else said) from None
    unused = _drawn(3, (2, 4), (4, 4), (4, 1), seed=4)
    try:
        compare(call, synflow, {"a cell that does not use its second weight": (path_past, unused)}, (), (), ("task",))
    except Problem as problem:
        if "NoneType" in str(problem) or "to not have been used" in str(problem):
            raise Problem(_UNUSED) from None
        flow = [(lambda forward, w: synflow(forward, w) + forward([p.abs() for p in w]).flatten(1).sum(1), "a weight "
                 "that is not used adds R here. It adds 0.")]  # fmt: skip
        special(call, synflow, {"a cell that does not use its second weight": (path_past, unused)}, flow, _UNUSED, (),
                ("task",))  # fmt: skip
        raise
    weights = _drawn(2, (2, 3), (3, 2), seed=5)
    got = call(relu_net, weights)
    if got.requires_grad:
        raise Problem("the numbers are right, but the scores carry a graph, which keeps all weights in memory: "
                      ".detach() in the end.")  # fmt: skip
    if any(w.requires_grad for w in weights):
        raise Problem("the numbers are right, but the weights ask for gradients afterwards (requires_grad). They must "
                      "stay as they are: work with copies, w.detach().abs().requires_grad_().")  # fmt: skip
    asking = [w.clone().requires_grad_() for w in weights]
    special(call, synflow, {"weights that ask for gradients": (relu_net, asking)}, (), "Weights of a network in "
            "training require gradients. w.detach().abs().requires_grad_() works for all.", (), ("task",))  # fmt: skip
    if not all(w.requires_grad for w in asking):
        raise Problem("the numbers are right, but weights that asked for gradients do so no more. They must stay as "
                      "they are: work with copies.")  # fmt: skip
    plain = {"numbers of float32": (relu_net, [w.float() for w in weights])}
    special(call, synflow, plain, (), "The lesson's weights are float32.", (), ("task",))
