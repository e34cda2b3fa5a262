"""The gradient that moves MAML's start, for tasks of images: written as a loop over tasks, to be read."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.compute.batch_norm import Params, call
from course_lib.episode import Episode
from course_lib.learners.maml import inner_step


def image_meta_gradient(network: nn.Module, episode: Episode, lr: float, steps: int = 1) -> tuple[Params, float]:
    """The outer loss of a meta-batch of image tasks, and its gradient with respect to the network's own weights.

    Args:
        network: gives a score for each class, `[n, 1, height, width] -> [n, way]`. Its weights are the start. Neither
            they nor the running averages of its batch norm are changed.
        episode: the meta-batch: `support_x`, `support_y`, `query_x`, `query_y`, each with a task axis in front.
        lr: inner learning rate.
        steps: adaptation steps, each over the whole support set.

    Returns: the gradient, a tensor for each parameter by name; and the outer loss: the mean over tasks of the mean
        cross-entropy on the query set, after adapting. Batch norm uses the statistics of the batch at hand.

    Source: Finn et al. 2017 (arXiv:1703.03400), Algorithm 2 with cross-entropy; the paper adds
        up the losses of the tasks, here is their mean.
    """
    start = dict(network.named_parameters())
    outer, gradient = 0.0, {name: torch.zeros_like(p) for name, p in start.items()}
    for support_x, support_y, query_x, query_y in zip(*episode.tensors(), strict=True):

        def inner_loss(params: Params, x: Tensor = support_x, y: Tensor = support_y) -> Tensor:
            return F.cross_entropy(call(network, params, x), y)

        adapted = start
        for _ in range(steps):
            adapted = inner_step(inner_loss, adapted, lr)
        loss = F.cross_entropy(call(network, adapted, query_x), query_y) / episode.n_tasks
        of_task = torch.autograd.grad(loss, list(start.values()))  # one task's graph at a time is held, and then freed
        gradient = {name: total + g for (name, total), g in zip(gradient.items(), of_task, strict=True)}
        outer += loss.item()
    return gradient, outer
