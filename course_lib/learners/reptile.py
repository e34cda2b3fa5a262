"""Reptile (Nichol, Achiam and Schulman 2018, arXiv:1803.02999): move the start towards where tasks end."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.arguments import check_whole
from course_lib.compute.batch_norm import Params
from course_lib.compute.over_tasks import in_parts
from course_lib.episode import Episode
from course_lib.learners.base import with_gradient
from course_lib.learners.maml import MAML


def reptile_step(start: Params, ends: list[Params], rate: float) -> Params:
    """Reptile's outer step: from the start a part of the way to the mean of where the tasks ended.

    Args:
        start: tensors by name. They are not changed.
        ends: the parameters after training on each task from `start`, by the same names.
        rate: outer learning rate; 1 goes all the way.

    Returns: the new start, `start + rate * mean(end - start)`.

    Source: Nichol et al. 2018 (arXiv:1803.02999), the batch version in section 3.
    """
    return {name: p + rate * torch.stack([end[name] - p for end in ends]).mean(0) for name, p in start.items()}


class Reptile(MAML):
    """Each task trains the start for some steps; the outer step moves it towards the mean of where they end.

    No query set is needed in training, so support and query examples are learned from alike, in small batches.
    With `torch.optim.SGD` and rate `e` the outer step is `theta + e * mean(displacement)`, the paper's batch version.

    Args:
        backbone, adapts, batch_norm, loss: as in `MAML`.
        steps: adaptation steps. One step alone would make this plain joint training (section 3 of the paper).
        lr: inner learning rate.
        batch: examples a step while training, drawn afresh; `None` is all of them at every step.
    """

    def __init__(self, backbone: nn.Module, steps: int = 5, lr: float = 0.05, batch: int | None = 10, *,
                 adapts="all", batch_norm: str = "transductive", loss=None):  # fmt: skip
        if batch is not None:
            check_whole(batch=batch)
        super().__init__(backbone, steps, lr, order=1, adapts=adapts, batch_norm=batch_norm, loss=loss)
        self.config = {"steps": steps, "lr": lr, "batch": batch, "adapts": self.config["adapts"],
                       "batch_norm": batch_norm}  # fmt: skip

    @torch.no_grad()
    def train_on(self, episode: Episode) -> Params:
        """The parameters after `steps` steps on all examples of each task, each `[tasks, *its shape]`."""
        x = torch.cat([episode.support_x, episode.query_x], 1)  # [tasks, n, ...]
        y = torch.cat([episode.support_y, episode.query_y], 1)  # [tasks, n]
        steps, n = self.config["steps"], x.shape[1]
        draws = torch.rand(len(x), steps, n, device=x.device).argsort(-1)  # [tasks, steps, n]: an order for each step
        draws = draws[..., : self.config["batch"]]  # [tasks, steps, batch]

        def train_some(x: Tensor, y: Tensor, draws: Tensor) -> Params:
            params, each = self._start(len(x)), torch.arange(len(x)).unsqueeze(1)  # [tasks, 1]
            for step in range(steps):
                drawn = each, draws[:, step]  # [tasks, batch]
                params = self._step(params, x[drawn], y[drawn], episode.way, step)
            return params

        return in_parts(train_some, self.backbone, x, y, draws)

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """The losses on support and query set, shown only: what the outer step follows is the mean displacement."""
        trained = self.train_on(episode)
        with torch.no_grad():
            inner, outer = (
                self.loss_of(self.predict(trained, x), y, episode.way)
                for x, y in ((episode.support_x, episode.support_y), (episode.query_x, episode.query_y))
            )
        start = self._held(self._moving())
        displacement = [(trained[name] - p).mean(0) for name, p in start.items()]  # mean over tasks
        return inner, with_gradient(outer, start.values(), [-d for d in displacement])
