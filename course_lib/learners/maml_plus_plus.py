"""What was added to MAML: MAML++ (Antoniou, Edwards and Storkey, ICLR 2019, arXiv:1810.09502) and Meta-SGD (Li et al.
2017, arXiv:1707.09835)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.arguments import check_one_of, check_whole
from course_lib.compute import distributed
from course_lib.compute.batch_norm import Params, batch_norms, statistics
from course_lib.compute.over_tasks import over_tasks
from course_lib.episode import Episode
from course_lib.learners.maml import MAML


def multi_step_weights(steps: int, done: float) -> list[float]:
    """The weight of the query loss after each adaptation step, in the multi-step loss. They add up to 1.

    Args:
        steps: adaptation steps.
        done: from 0, where all steps count alike, to 1, where only the last one counts; a straight line between.

    Source: annealed importance of steps, Antoniou et al. 2019 (arXiv:1810.09502), section 4.
    """
    early = (1 - done) / steps
    return [early] * (steps - 1) + [early + done]


class MAMLPlusPlus(MAML):
    """MAML with any of five additions. Without one of them it is `MAML`.

    Args:
        backbone, steps, lr, order, adapts, loss: as in `MAML`.
        rates: "one" is `lr` for all. "layer" learns one for each parameter tensor and step (MAML++); "weight" learns
            one for each weight (Meta-SGD). Both begin at `lr`.
        batch_norm: as in `MAML`; or "step", transductive, but averages are gathered for each adaptation step, and used
            after training (MAML++ gathers them).
        multi_step_for: for so many outer steps the outer loss is a weighted mean of the query losses after every
            adaptation step; the weight moves to the last one (MAML++). 0 is the last one alone.
        first_order_for: so many outer steps begin the training with order 1 (MAML++: derivative-order annealing).

    The cosine outer rate of MAML++ is `fit(schedule=...)`.
    """

    def __init__(self, backbone: nn.Module, steps: int = 1, lr: float = 0.01, order: int = 2, *, adapts="all",
                 rates: str = "one", batch_norm: str = "transductive", multi_step_for: int = 0,
                 first_order_for: int = 0, loss=None):  # fmt: skip
        check_one_of(("one", "layer", "weight"), rates=rates)
        check_one_of(("transductive", "inductive", "step"), batch_norm=batch_norm)
        check_whole(0, multi_step_for=multi_step_for, first_order_for=first_order_for)
        gathers = batch_norm == "step"
        super().__init__(backbone, steps, lr, order, adapts=adapts, loss=loss,
                         batch_norm="transductive" if gathers else batch_norm)  # fmt: skip
        self.config = self.config | {"rates": rates, "batch_norm": batch_norm, "multi_step_for": multi_step_for,
                                     "first_order_for": first_order_for}  # fmt: skip
        self.multi_step_for, self.first_order_for = multi_step_for, first_order_for
        self.settles_at = max(multi_step_for, first_order_for)
        start = [backbone.get_parameter(name) for name in self.moving]
        sizes = {"one": None, "layer": [(max(steps, 1),) for _ in start], "weight": [p.shape for p in start]}[rates]
        self.rates = None
        if sizes:  # what is frozen does not move, and its rate is not learned
            each = zip(start, sizes, strict=True)
            self.rates = nn.ParameterList(nn.Parameter(p.new_full(size, lr), p.requires_grad) for p, size in each)
        self.gathers = GatheredStatistics(backbone, steps) if gathers else None

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """As in `Learner`; the outer loss looks at every adaptation step while `multi_step_for` lasts."""
        weights, gather = self._weights(), self.training and self.gathers is not None
        if gather or len(weights) > 1:
            path = self.path(episode.support_x, episode.support_y, way=episode.way)
        else:
            path = [self.adapt(episode.support_x, episode.support_y, episode.way)]
        if gather:
            self.gathers.add(self.backbone, path, episode)
        answers = (self.predict(params, episode.query_x) for params in path[-len(weights) :])
        queries = (self.loss_of(answer, episode.query_y, episode.way) for answer in answers)
        outer = sum(weight * loss for weight, loss in zip(weights, queries, strict=True))
        with torch.no_grad():
            inner = self.loss_of(self.predict(path[-1], episode.support_x), episode.support_y, episode.way)
        return inner, outer

    def _order(self) -> int:
        return 1 if self.training and self.progress < self.first_order_for else self.order

    def _rates(self, step: int) -> float | Params:
        if self.rates is None:
            return self.config["lr"]
        each = self.rates
        if self.config["rates"] == "layer":
            each = (of_steps[min(step, len(of_steps) - 1)] for of_steps in each)  # beyond training: the last
        return dict(zip(self.moving, each, strict=True))

    def _given(self, step: int) -> Params:
        """The averages of `batch_norm="step"`, once training is over; empty otherwise."""
        return {} if self.gathers is None or self.training or not self._inductive() else self.gathers.of(step)

    def _weights(self) -> list[float]:
        """The weight of the query loss after each of the last steps: all of them, or only one."""
        steps = self.config["steps"]
        if not self.training or self.progress >= self.multi_step_for or steps < 2:
            return [1.0]
        return multi_step_weights(steps, self.progress / self.multi_step_for)


class GatheredStatistics(nn.Module):
    """Averages over tasks of the batch statistics, one set for each adaptation step: weights after two steps need
    other ones than the start does."""

    def __init__(self, network: nn.Module, steps: int):
        super().__init__()
        self.names = []
        for name, layer in batch_norms(network).items():
            for kind, value in (("running_mean", 0.0), ("running_var", 1.0)):
                self.names.append(f"{name}.{kind}")
                self.register_buffer(_buffer(self.names[-1]), torch.full((steps + 1, layer.num_features), value))

    def of(self, step: int) -> Params:
        """Those after `step` steps, by the names that `call` takes; the last ones for any step beyond."""
        buffers = ((name, getattr(self, _buffer(name))) for name in self.names)
        return {name: buffer[min(step, len(buffer) - 1)] for name, buffer in buffers}

    @torch.no_grad()
    def add(self, network: nn.Module, path: list[Params], episode: Episode):
        """Take in what each layer sees: support sets while adapting, and query sets after the last step."""
        tasks = episode.n_tasks * distributed.size()  # each of several processes takes in as many, and `fit` averages
        new = 1 - 0.98**tasks  # the share of these tasks, however many there are at once
        for step, params in enumerate(path):
            x = episode.query_x if step == len(path) - 1 else episode.support_x
            seen = over_tasks(lambda params, x: statistics(network, params, x), network, params, x)
            for name, value in seen.items():  # value [tasks, channels]
                getattr(self, _buffer(name))[step].lerp_(value.mean(0), new)


def _buffer(name: str) -> str:
    return name.replace(".", "_")  # PyTorch takes no dots in names of buffers
