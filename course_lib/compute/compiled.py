"""A learner's losses and their gradient as one compiled function: what `fit(compile=True)` runs.

`torch.compile` cannot differentiate twice, and the outer loss of MAML holds a gradient already. So the outer step is
written out first: `make_fx` watches it run once and lists its tensor operations, all gradients among them. The list has
nothing left to differentiate, and is compiled.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.fx.experimental.proxy_tensor import make_fx

from course_lib.episode import Episode
from course_lib.learners.base import with_gradient


class CompiledLosses:
    """`learner.losses`, with its numbers up to rounding; the gradient is computed in the same call.

    An episode of another size is compiled anew. Outer steps before `learner.settles_at` are not compiled.

    Raises:
        ValueError: if the learner cannot be written as one list of operations, or nothing can be compiled here.
    """

    def __init__(self, learner: nn.Module):
        self.learner = learner
        self.compiled = {}

    def __call__(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """`(inner, outer)`; the second has the gradient, for a backward pass."""
        if self.learner.progress < self.learner.settles_at:
            return self.learner.losses(episode)
        tensors = [episode.support_x, episode.support_y, episode.query_x, episode.query_y]
        size = (episode.way, *((t.shape, t.dtype) for t in tensors))
        free = {name: p for name, p in self.learner.named_parameters() if p.requires_grad}
        given = [p.detach() for p in free.values()], list(self.learner.buffers()), tensors
        try:
            if size not in self.compiled:
                listed = _listed(self.learner, list(free), episode.way, given)
                # fallback_random: random numbers as they would be without compiling
                self.compiled[size] = torch.compile(listed, dynamic=False, options={"fallback_random": True})
            with torch.no_grad(), torch.autocast(episode.device.type, enabled=False):  # its casts are on the list
                inner, outer, *gradient = self.compiled[size](*given)
        except Exception as error:
            why = str(error).strip().partition("\n")[0][:200]
            raise ValueError(
                f"{type(self.learner).__name__} cannot be compiled here ({type(error).__name__}: {why}). Compiling "
                "needs a C++ compiler, on a GPU triton, and a learner that takes no decision by a value. Leave "
                "compile=True out: the numbers are the same."
            ) from error
        return inner, with_gradient(outer, free.values(), gradient)


class _Losses(nn.Module):
    """`learner.losses` as a module, for `functional_call`."""

    def __init__(self, learner: nn.Module):
        super().__init__()
        self.learner = learner

    def forward(self, episode: Episode) -> tuple[Tensor, Tensor]:
        return self.learner.losses(episode)


def _listed(learner: nn.Module, names: list[str], way: int | None, given) -> torch.fx.GraphModule:
    """The operations of `(inner, outer, *gradient)`, a function of the free parameters (these are their names), the
    buffers and the four tensors of an episode."""
    losses = _Losses(learner)
    buffers = [f"learner.{name}" for name, _ in learner.named_buffers()]

    def step(params: list[Tensor], held: list[Tensor], tensors: list[Tensor]) -> tuple:
        params = [p.detach().requires_grad_() for p in params]
        state = {f"learner.{name}": p for name, p in zip(names, params, strict=True)}
        state |= dict(zip(buffers, held, strict=True))
        inner, outer = functional_call(losses, state, (Episode(*tensors, way),))
        return inner.detach(), outer.detach(), *torch.autograd.grad(outer, params, allow_unused=True)

    before = [b.clone() for b in given[1]]
    devices = [] if given[2][0].device.type == "cpu" else [given[2][0].device]
    with torch.enable_grad(), torch.random.fork_rng(devices, device_type=given[2][0].device.type):
        learner.losses(Episode(*given[2], way))  # what is looked at, or found out, in a first run is not for the list
        try:
            return make_fx(step)(*given)
        finally:
            for buffer, value in zip(given[1], before, strict=True):
                buffer.copy_(value)
