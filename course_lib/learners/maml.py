"""Model-Agnostic Meta-Learning (Finn, Abbeel and Levine, ICML 2017, arXiv:1703.03400)."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from course_lib.learners.base import Learner, loss_of

Params = dict[str, Tensor]


def inner_step(loss: Callable[[Params], Tensor], params: Params, lr: float, order: int = 2) -> Params:
    """One adaptation step, `theta' = theta - lr * gradient of loss at theta`: line 6 of Algorithm 1.

    Args:
        loss: a function of the parameters that gives one number.
        params: tensors by name. They are not changed.
        lr: inner learning rate.
        order: 2 keeps the gradient a function of `params`, so that a later backward pass differentiates through it.
            1 takes it as a constant: the first-order approximation, end of section 5.2.

    Returns: new tensors by the same names.
    """
    gradient = grad(loss)(params)
    if order == 1:
        gradient = {name: g.detach() for name, g in gradient.items()}
    return {name: p - lr * gradient[name] for name, p in params.items()}


class MAML(Learner):
    """Adapting is gradient descent from a start that is meta-learned: Algorithm 1, for regression and classification.

    Args:
        backbone: any network without batch normalisation; its output is the answer. Its parameters are the start.
        steps: adaptation steps, each over the whole support set. More can be taken at test time: see `adapt`.
        lr: inner learning rate.
        order: 2 differentiates the outer loss through the inner steps; 1 is the first-order approximation.

    Source: Finn et al. 2017, section 2.2; for sinusoids section 5.1 has one step with rate 0.01.
    """

    def __init__(self, backbone: nn.Module, steps: int = 1, lr: float = 0.01, order: int = 2):
        if order not in (1, 2):
            raise ValueError(f"order must be 1 or 2, but it is {order!r}.")
        if steps < 0:
            raise ValueError(f"steps must be 0 or more, but it is {steps}.")
        if any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in backbone.modules()):
            raise ValueError(
                "MAML cannot take a backbone with batch normalisation yet: its statistics would leak from task to "
                "task. Use an MLP, or a network with nn.GroupNorm."
            )
        super().__init__(backbone, steps=steps, lr=lr, order=order)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None, steps: int | None = None) -> Params:
        """The parameters after `steps` steps (as many as in training when `None`), each `[tasks, *its shape]`."""
        return self.path(support_x, support_y, steps)[-1]

    def path(self, support_x: Tensor, support_y: Tensor, steps: int | None = None) -> list[Params]:
        """The parameters before the first step, after it, and so on: `steps + 1` times each `[tasks, *its shape]`."""
        steps = self.config["steps"] if steps is None else steps
        lr, order = self.config["lr"], self.config["order"]
        start = dict(self.backbone.named_parameters())

        def adapt_one(x: Tensor, y: Tensor) -> list[Params]:  # one task: x [n_support, ...], y [n_support, ...]
            path = [start]
            for _ in range(steps):
                path.append(inner_step(lambda p: self._loss(p, x, y), path[-1], lr, order))
            return path

        # All tasks at once: for the sinusoid network 7 to 9 times faster than one after the other.
        return vmap(adapt_one, randomness="different")(support_x, support_y)

    def predict(self, adapted: Params, query_x: Tensor) -> Tensor:
        """`[tasks, n_query, ...]`, each task by its own parameters."""
        return vmap(lambda p, x: functional_call(self.backbone, p, (x,)), randomness="different")(adapted, query_x)

    def _loss(self, params: Params, x: Tensor, y: Tensor) -> Tensor:
        """The loss of one task, a single number."""
        return loss_of(functional_call(self.backbone, params, (x,)).unsqueeze(0), y.unsqueeze(0))
