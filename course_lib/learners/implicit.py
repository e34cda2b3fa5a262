"""Implicit MAML (Rajeswaran, Finn, Kakade and Levine, NeurIPS 2019, arXiv:1909.04630): a meta-gradient that does not
look back at the steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import grad

from course_lib.arguments import check_number, check_whole
from course_lib.compute.batch_norm import Params, call
from course_lib.compute.over_tasks import over_tasks, tensors_of
from course_lib.episode import Episode
from course_lib.learners.base import with_gradient
from course_lib.learners.maml import MAML


class ImplicitMAML(MAML):
    """Adapting goes to the lowest point of `support loss + strength / 2 * |theta' - theta|^2`.

    That point says by itself how it moves with the start, however it was found: with `H` the Hessian of the support
    loss there, the meta-gradient solves `(I + H / strength) g = gradient of the query loss` (equation 6). So memory
    does not grow with steps. The system is solved by conjugate gradients, to which H is a function only.

    Args:
        backbone, steps, lr: as in `MAML`. The gradient is right only if the steps arrive near the lowest point.
        strength: of the pull to the start (lambda in the paper).
        solver_steps: steps of conjugate gradients.
        batch_norm, loss: as in `MAML`.
    """

    def __init__(self, backbone: nn.Module, steps: int = 10, lr: float = 0.05, strength: float = 2.0,
                 solver_steps: int = 5, *, batch_norm: str = "transductive", loss=None):  # fmt: skip
        check_number(above=0, strength=strength)  # or nothing pulls towards the start
        check_whole(0, solver_steps=solver_steps)
        super().__init__(backbone, steps, lr, order=1, batch_norm=batch_norm, loss=loss)
        self.config = {"steps": steps, "lr": lr, "strength": strength, "solver_steps": solver_steps,
                       "batch_norm": batch_norm}  # fmt: skip

    def _loss(self, params: Params, x: Tensor, y: Tensor, way: int | None = None) -> Tensor:
        pull = sum((params[name] - p).square().sum() for name, p in self._held(self._moving()).items())
        return super()._loss(params, x, y, way) + self.config["strength"] / 2 * pull

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """As in `Learner`; the gradient of the outer loss is the implicit one."""
        with torch.no_grad():  # nothing is remembered of the steps
            adapted = self.adapt(episode.support_x, episode.support_y, episode.way)
            inner = self.loss_of(self.predict(adapted, episode.support_x), episode.support_y, episode.way)
            outer = self.loss_of(self.predict(adapted, episode.query_x), episode.query_y, episode.way)
            gradient = self._gradient(adapted, episode)
        return inner, with_gradient(outer, self._held(gradient).values(), [g.mean(0) for g in gradient.values()])

    def _gradient(self, adapted: Params, episode: Episode) -> Params:
        """Of each task, `[tasks, *its shape]`.

        Raises:
            ValueError: if `torch.func.grad` cannot differentiate the network, which `adapt` could.
        """
        before, of_one = tensors_of(self.backbone), partial(self._meta_gradient, episode.way)
        try:
            return over_tasks(of_one, self.backbone, adapted, *episode.tensors())
        except RuntimeError as error:
            for held, name, value in before:  # a buffer may hold what torch.func alone understands
                held[name] = value
            raise ValueError(
                f"ImplicitMAML cannot differentiate this network by torch.func.grad ({str(error)[:150]}): an "
                "autograd.Function needs a setup_context, and no buffer may be updated in forward. MAML can."
            ) from error

    def _meta_gradient(self, way: int | None, adapted: Params, support_x: Tensor, support_y: Tensor, query_x: Tensor,
                       query_y: Tensor):  # fmt: skip
        """Of one task, by the names of the parameters: equation 6."""
        params = {name: adapted[name] for name in self._moving()}

        def support_loss(params: Params) -> Tensor:  # without the pull
            return super(ImplicitMAML, self)._loss(params, support_x, support_y, way)

        def query_loss(params: Params) -> Tensor:
            params = params | self._statistics(params, support_x, self.config["steps"])
            return self.loss_of(call(self.backbone, params, query_x).unsqueeze(0), query_y.unsqueeze(0), way)

        def product(v: Params) -> Params:  # (I + H / strength) v; H v is the gradient of the gradient's part along v
            hessian_v = grad(lambda params: _dot(grad(support_loss)(params), v))(params)
            return {name: v[name] + hessian_v[name] / self.config["strength"] for name in v}

        return conjugate_gradients(product, grad(query_loss)(params), self.config["solver_steps"])


def conjugate_gradients(product: Callable[[Params], Params], right: Params, steps: int) -> Params:
    """Solve `product(x) = right` for a symmetric positive definite linear map, without ever having its matrix.

    Each step brings x to the lowest point of `x product(x) / 2 - x right` in one direction more; as many steps as there
    are numbers in x give the solution, but for rounding.

    Source: Hestenes and Stiefel 1952, section 3.
    """
    x = {name: torch.zeros_like(r) for name, r in right.items()}
    residual, direction, length = right, right, _dot(right, right)
    tiny = torch.finfo(length.dtype).tiny  # against 0 / 0 once the solution is reached
    for _ in range(steps):
        image = product(direction)
        step = length / (_dot(direction, image) + tiny)
        x = {name: x[name] + step * direction[name] for name in x}
        residual = {name: residual[name] - step * image[name] for name in x}
        before, length = length, _dot(residual, residual)
        direction = {name: residual[name] + length / (before + tiny) * direction[name] for name in x}
    return x


def _dot(a: Params, b: Params) -> Tensor:
    return sum((a[name] * b[name]).sum() for name in a)
