"""Model-Agnostic Meta-Learning (Finn, Abbeel and Levine, ICML 2017, arXiv:1703.03400): Algorithm 1.

What was added to it later stands in `maml_plus_plus.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn

from course_lib.arguments import check_network, check_number, check_one_of, check_whole
from course_lib.compute.batch_norm import Params, batch_norms, call, statistics, transductive
from course_lib.compute.over_tasks import all_at_once, in_parts, over_tasks
from course_lib.learners.base import Learner, check_queries, check_support, way_of, within
from course_lib.learners.moving import REMEDY, head_name, last_to_run, moving_names


def inner_step(loss: Callable[[Params], Tensor], params: Params, lr: float | Params, order: int = 2) -> Params:
    """One adaptation step, `theta' = theta - lr * gradient of loss at theta`: line 6 of Algorithm 1.

    Args:
        loss: a function of the parameters that gives one number.
        params: tensors by name. They are not changed.
        lr: inner learning rate; or one for each name, a tensor that broadcasts with the parameter.
        order: 2 keeps the gradient a function of `params`, so that a later backward pass differentiates through it.
            1 takes it as a constant: the first-order approximation, end of section 5.2.

    Returns: new tensors by the same names.
    """
    second = order == 2 and torch.is_grad_enabled()
    at = {name: p if second and p.requires_grad else p.detach().requires_grad_() for name, p in params.items()}
    with torch.enable_grad():  # an evaluation forbids gradients, and the inner loop needs them all the same
        gradient = torch.autograd.grad(loss(at), list(at.values()), create_graph=second, materialize_grads=True)
    rates = lr if isinstance(lr, dict) else dict.fromkeys(params, lr)
    return {name: p - rates[name] * g for (name, p), g in zip(params.items(), gradient, strict=True)}


def partial_step(
    loss: Callable[[Params], Tensor], params: Params, lr: float | Params, moving: list[str], order: int = 2
) -> Params:
    """One adaptation step of some parameters; the others stay as they are: the inner step of ANIL and BOIL.

    Args:
        loss, params, lr, order: as in `inner_step`.
        moving: names of the parameters that take the step.

    Returns: all parameters. The outer gradient reaches those that stay too: the loss after the step depends on them,
        and so does the step.

    Source: Raghu et al. 2020 (arXiv:1909.09157) for the head alone; Oh et al. 2021 (arXiv:2008.08882) for the body.
    """
    return params | inner_step(lambda part: loss(params | part), {name: params[name] for name in moving}, lr, order)


def mean_over_tasks(loss: Callable[[Tensor, Tensor], Tensor], predictions: Tensor, targets: Tensor,
                    way: int | None = None) -> Tensor:  # fmt: skip
    """The mean of a loss of one's own over tasks: of `loss(predictions [n, ...], targets [n, ...])`."""
    return torch.stack([loss(within(p, way), t) for p, t in zip(predictions, targets, strict=True)]).mean()


class MAML(Learner):
    """Adapting is gradient descent from a start that is meta-learned: Algorithm 1, for regression and classification.

    Args:
        backbone: any network; its output is the answer (for classes: one score each). Its parameters are the start.
        steps: adaptation steps, each over the whole support set. More can be taken at test time: see `adapt`.
        lr: inner learning rate.
        order: 2 differentiates the outer loss through the inner steps; 1 is the first-order approximation.
        adapts: what the inner loop changes: "all"; "head", the last layer alone (ANIL, Raghu et al. 2020,
            arXiv:1909.09157); "body", all but the last layer (BOIL, Oh et al. 2021, arXiv:2008.08882); a module of the
            backbone; or a list of names of its modules or parameters. What is frozen (requires_grad=False) never moves.
        batch_norm: statistics in training. "transductive" are those of the batch, as in the authors' code. "inductive"
            are those of the support set, for queries too.
        loss: by what answers are judged, in the inner loop and in the outer one: a function of the answers of a task
            `[n, ...]` and its targets `[n, ...]` that gives a number. `None` is cross-entropy for labels and mean
            squared error for real targets.

    After training, batch norm is inductive; `evaluate` has an argument for the other way.

    Source: Finn et al. 2017, section 2.2; for sinusoids section 5.1 has one step with rate 0.01.
    """

    def __init__(self, backbone: nn.Module, steps: int = 1, lr: float = 0.01, order: int = 2, *, adapts="all",
                 batch_norm: str = "transductive", loss: Callable[[Tensor, Tensor], Tensor] | None = None):  # fmt: skip
        check_one_of((1, 2), order=order)
        check_one_of(("transductive", "inductive"), batch_norm=batch_norm)
        check_whole(0, steps=steps)
        check_number(0, lr=lr)
        check_network(backbone=backbone)
        #: names of the parameters that the inner loop may change
        self.moving = moving_names(backbone, adapts)
        named = adapts if isinstance(adapts, str) else self.moving
        super().__init__(backbone, steps=steps, lr=lr, order=order, adapts=named, batch_norm=batch_norm)
        # steps and lr are read from config, where the explorers turn them
        self.order, self.batch_norm = order, batch_norm
        if loss is not None:
            if not callable(loss):
                raise ValueError(f"loss must be a function of answers and targets, but it is {loss!r}.")
            self.loss_of = partial(mean_over_tasks, loss)
        self._head = head_name(backbone) if named in ("head", "body") else None  # a guess, until the network runs

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None, steps: int | None = None) -> Params:
        """The parameters after `steps` steps (as many as in training when `None`), each `[tasks, *its shape]`; with
        them the statistics of batch norm, where it is inductive."""
        steps = self.config["steps"] if steps is None else steps
        if steps:  # without a step nothing is read, and the explorers show a task that has no point yet
            check_support(support_x, support_y, way)
            way = way_of(support_y, way)

        def adapt_some(x: Tensor, y: Tensor) -> Params:  # x [tasks, n_support, ...], y [tasks, n_support, ...]
            params = self._start(len(x))
            for step in range(steps):
                params = self._step(params, x, y, way, step)
            return self._with_statistics(params, x, steps)

        return in_parts(adapt_some, self.backbone, support_x, support_y)

    def path(
        self, support_x: Tensor, support_y: Tensor, steps: int | None = None, way: int | None = None
    ) -> list[Params]:
        """What `adapt` gives before the first step, after it, and so on: a list of `steps + 1`."""
        steps = self.config["steps"] if steps is None else steps
        if steps:
            check_support(support_x, support_y, way)
            way = way_of(support_y, way)

        def path_of_some(x: Tensor, y: Tensor) -> list[Params]:
            path = [self._start(len(x))]
            for step in range(steps):
                path.append(self._step(path[-1], x, y, way, step))
            return [self._with_statistics(params, x, step) for step, params in enumerate(path)]

        return in_parts(path_of_some, self.backbone, support_x, support_y)

    def predict(self, adapted: Params, query_x: Tensor) -> Tensor:
        """`[tasks, n_query, ...]`, each task by its own parameters."""
        check_queries(query_x)
        return over_tasks(lambda params, x: call(self.backbone, params, x), self.backbone, adapted, query_x)

    @property
    def tasks_at_once(self) -> int | None:
        """One, where tasks are computed one after the other: then the graph of one is freed before the next begins."""
        return None if all_at_once(self.backbone) else 1

    def _start(self, tasks: int) -> Params:
        """The parameters before the first step, each `[tasks, *its shape]`."""
        return {name: p.expand(tasks, *p.shape) for name, p in self.backbone.named_parameters()}

    def _held(self, names: Iterable[str]) -> Params:
        """The parameters of these names. `get_parameter` would refuse what `functional_call` puts in their place."""
        held = dict(self.backbone.named_parameters())
        return {name: held[name] for name in names}

    def _step(self, params: Params, x: Tensor, y: Tensor, way: int | None, step: int) -> Params:
        """The parameters of some tasks after one more step."""
        given = self._given(step)

        def loss(params: Params) -> Tensor:  # tasks share nothing here: the gradient of the sum is that of each
            return over_tasks(
                lambda params, x, y: self._loss(params | given, x, y, way), self.backbone, params, x, y
            ).sum()

        return partial_step(loss, params, self._rates(step), self._moving(), self._order())

    def _moving(self) -> list[str]:
        """The names of the parameters that move: those of `moving` that are not frozen."""
        free = {name for name, p in self.backbone.named_parameters() if p.requires_grad}
        if moving := [name for name in self.moving if name in free]:
            return moving
        raise ValueError("every parameter that the inner loop could change is frozen (requires_grad=False): free some "
                         "with requires_grad_(), or take no step.")  # fmt: skip

    def _loss(self, params: Params, x: Tensor, y: Tensor, way: int | None = None) -> Tensor:
        """The loss of one task, a single number."""
        with self._head_is_last():
            answer = call(self.backbone, params, x)  # [n, ...]
        return self.loss_of(answer.unsqueeze(0), y.unsqueeze(0), way)

    @contextmanager
    def _head_is_last(self):
        """The first time that the network runs inside the block: does the layer that is taken for its head run last?"""
        if self._head is None:
            yield
            return
        with last_to_run(self.backbone) as ran:
            yield
        if ran[-1:] != [self._head]:
            last = f"{ran[-1]!r} runs after it" if ran else "it does not run"
            raise ValueError(f"the head was taken to be {self._head!r}, which was defined last, but {last}; {REMEDY}.")
        self._head = None

    def _order(self) -> int:
        """2 or 1, as in `inner_step`."""
        return self.order

    def _rates(self, step: int) -> float | Params:
        """The inner learning rate of a step; or one for each parameter that moves, by name."""
        return self.config["lr"]

    def _given(self, step: int) -> Params:
        """Statistics of batch norm that are known before any task is seen; there are none."""
        return {}

    def _statistics(self, params: Params, x: Tensor, step: int) -> Params:
        """By what batch norm normalises queries after `step` steps on `x`; empty where it is the queries themselves."""
        return (self._given(step) or statistics(self.backbone, params, x)) if self._inductive() else {}

    def _with_statistics(self, params: Params, x: Tensor, step: int) -> Params:
        """The parameters of some tasks, and with them their statistics."""
        if not self._inductive():
            return params
        return over_tasks(lambda params, x: params | self._statistics(params, x, step), self.backbone, params, x)

    def _inductive(self) -> bool:
        if not batch_norms(self.backbone):
            return False
        return self.batch_norm == "inductive" if self.training else not transductive(self.backbone)
