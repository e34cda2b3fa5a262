"""Model-Agnostic Meta-Learning (Finn, Abbeel and Levine, ICML 2017, arXiv:1703.03400), and what was added to it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_lib.arguments import check_network, check_number, check_one_of, check_whole
from course_lib.compute.batch_norm import GatheredStatistics, Params, batch_norms, call, statistics
from course_lib.compute.over_tasks import all_at_once, in_parts, over_tasks
from course_lib.episode import Episode
from course_lib.learners.base import Learner, check_queries, check_support, loss_of


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


def multi_step_weights(steps: int, done: float) -> list[float]:
    """The weight of the query loss after each adaptation step, in the multi-step loss. They add up to 1.

    Args:
        steps: adaptation steps.
        done: from 0, where all steps count alike, to 1, where only the last one counts; a straight line between.

    Source: annealed importance of steps, Antoniou et al. 2019 (arXiv:1810.09502), section 4.
    """
    early = (1 - done) / steps
    return [early] * (steps - 1) + [early + done]


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


class MAML(Learner):
    """Adapting is gradient descent from a start that is meta-learned: Algorithm 1, for regression and classification.

    Args:
        backbone: any network; its output is the answer (for classes: one score each). Its parameters are the start.
        steps: adaptation steps, each over the whole support set. More can be taken at test time: see `adapt`.
        lr: inner learning rate.
        order: 2 differentiates the outer loss through the inner steps; 1 is the first-order approximation.
        adapts: what the inner loop changes: "all"; "head", the last layer alone (ANIL, Raghu et al. 2020,
            arXiv:1909.09157); "body", all but the last layer (BOIL, Oh et al. 2021, arXiv:2008.08882).
        rates: "one" is `lr` for all. "layer" learns one for each parameter tensor and step (MAML++, Antoniou et al.
            2019, arXiv:1810.09502); "weight" learns one for each weight (Meta-SGD, Li et al. 2017,
            arXiv:1707.09835). Both begin at `lr`.
        batch_norm: statistics in training. "transductive" are those of the batch, as in the authors' code. "inductive"
            are those of the support set, for queries too. "step" is transductive, but averages are gathered for each
            adaptation step, and used after training (MAML++ gathers them).
        multi_step_for: for so many outer steps the outer loss is a weighted mean of the query losses after every
            adaptation step; the weight moves to the last one (MAML++). 0 is the last one alone.
        first_order_for: so many outer steps begin the training with order 1 (MAML++: derivative-order annealing).

    After training, batch norm is inductive; `evaluate` has an argument for the other way.

    Source: Finn et al. 2017, section 2.2; for sinusoids section 5.1 has one step with rate 0.01.
    """

    def __init__(self, backbone: nn.Module, steps: int = 1, lr: float = 0.01, order: int = 2, *, adapts: str = "all",
                 rates: str = "one", batch_norm: str = "transductive", multi_step_for: int = 0,
                 first_order_for: int = 0):  # fmt: skip
        check_one_of((1, 2), order=order)
        check_one_of(("all", "head", "body"), adapts=adapts)
        check_one_of(("one", "layer", "weight"), rates=rates)
        check_one_of(("transductive", "inductive", "step"), batch_norm=batch_norm)
        check_whole(0, steps=steps, multi_step_for=multi_step_for, first_order_for=first_order_for)
        check_number(0, lr=lr)
        check_network(backbone=backbone)
        super().__init__(
            backbone, steps=steps, lr=lr, order=order, adapts=adapts, rates=rates, batch_norm=batch_norm,
            multi_step_for=multi_step_for, first_order_for=first_order_for,
        )  # fmt: skip
        # steps and lr are read from config, where the explorers turn them
        self.order, self.batch_norm = order, batch_norm
        self.multi_step_for, self.first_order_for = multi_step_for, first_order_for
        start = {name: p.detach() for name, p in backbone.named_parameters()}
        head = [name for name in start if name.rpartition(".")[0] == list(start)[-1].rpartition(".")[0]]
        self.moving = {"all": list(start), "head": head, "body": [n for n in start if n not in head]}[adapts]
        if rates == "layer":
            self.rates = nn.ParameterList(start[name].new_full((max(steps, 1),), lr) for name in self.moving)
        elif rates == "weight":
            self.rates = nn.ParameterList(torch.full_like(start[name], lr) for name in self.moving)
        else:
            self.rates = None
        self.gathers = GatheredStatistics(backbone, steps) if batch_norm == "step" else None

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None, steps: int | None = None) -> Params:
        """The parameters after `steps` steps (as many as in training when `None`), each `[tasks, *its shape]`; with
        them the statistics of batch norm, where it is inductive."""
        steps = self.config["steps"] if steps is None else steps
        if steps:  # without a step nothing is read, and the explorers show a task that has no point yet
            check_support(support_x, support_y, way)

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

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """As in `Learner`; the outer loss looks at every adaptation step while `multi_step_for` lasts."""
        weights, gather = self._weights(), self.training and self.gathers is not None
        if gather or len(weights) > 1:
            path = self.path(episode.support_x, episode.support_y, way=episode.way)
        else:
            path = [self.adapt(episode.support_x, episode.support_y, episode.way)]
        if gather:
            self.gathers.add(self.backbone, path, episode)
        queries = (loss_of(self.predict(params, episode.query_x), episode.query_y) for params in path[-len(weights):])
        outer = sum(weight * loss for weight, loss in zip(weights, queries, strict=True))
        with torch.no_grad():
            inner = loss_of(self.predict(path[-1], episode.support_x), episode.support_y)
        return inner, outer

    @property
    def tasks_at_once(self) -> int | None:
        """One, where tasks are computed one after the other: then the graph of one is freed before the next begins."""
        return None if all_at_once(self.backbone) else 1

    def _start(self, tasks: int) -> Params:
        """The parameters before the first step, each `[tasks, *its shape]`."""
        return {name: p.expand(tasks, *p.shape) for name, p in self.backbone.named_parameters()}

    def _step(self, params: Params, x: Tensor, y: Tensor, way: int | None, step: int) -> Params:
        """The parameters of some tasks after one more step."""
        gathered, first_order = self._gathered(step), self.training and self.progress < self.first_order_for

        def loss(params: Params) -> Tensor:  # tasks share nothing here: the gradient of the sum is that of each
            return over_tasks(
                lambda params, x, y: self._loss(params | gathered, x, y, way), self.backbone, params, x, y
            ).sum()

        return partial_step(loss, params, self._rates(step), self.moving, 1 if first_order else self.order)

    def _loss(self, params: Params, x: Tensor, y: Tensor, way: int | None = None) -> Tensor:
        """The loss of one task, a single number."""
        answer = call(self.backbone, params, x)  # [n, ...]
        if way is not None and answer.shape[-1] < way:
            raise ValueError(
                f"this network has {answer.shape[-1]} outputs, too few for a {way}-way task. The number of classes "
                f"belongs to the network: build it with {way} outputs, such as Conv4(out={way}), and train it."
            )
        return loss_of(answer.unsqueeze(0), y.unsqueeze(0))

    def _rates(self, step: int) -> float | Params:
        if self.rates is None:
            return self.config["lr"]
        each = self.rates
        if self.config["rates"] == "layer":
            each = (of_steps[min(step, len(of_steps) - 1)] for of_steps in each)  # beyond training: the last
        return dict(zip(self.moving, each, strict=True))

    def _weights(self) -> list[float]:
        """The weight of the query loss after each of the last steps: all of them, or only one."""
        steps = self.config["steps"]
        if not self.training or self.progress >= self.multi_step_for or steps < 2:
            return [1.0]
        return multi_step_weights(steps, self.progress / self.multi_step_for)

    def _statistics(self, params: Params, x: Tensor, step: int) -> Params:
        """By what batch norm normalises queries after `step` steps on `x`; empty where it is the queries themselves."""
        return (self._gathered(step) or statistics(self.backbone, params, x)) if self._inductive() else {}

    def _with_statistics(self, params: Params, x: Tensor, step: int) -> Params:
        """The parameters of some tasks, and with them their statistics."""
        if not self._inductive():
            return params
        return over_tasks(lambda params, x: params | self._statistics(params, x, step), self.backbone, params, x)

    def _gathered(self, step: int) -> Params:
        """The averages of `batch_norm="step"`, once training is over; empty otherwise."""
        return {} if self.gathers is None or self.training or not self._inductive() else self.gathers.of(step)

    def _inductive(self) -> bool:
        norms = batch_norms(self.backbone).values()
        if self.training:
            return bool(norms) and self.batch_norm == "inductive"
        return bool(norms) and all(m.running_mean is not None for m in norms)  # `evaluate` hides them: see there
