"""A network trained further, or from nothing, on the few windows that a person has labelled."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Generator, Tensor, nn
from torch.func import functional_call, vmap

from course_lib.arguments import check_number, check_whole
from course_lib.compute.batch_norm import Params
from course_lib.learners import Joint, Learner
from course_lib.learners.base import loss_of
from course_lib.lessons.lesson11.networks import Scene
from course_lib.tasks.people import People


def whole(learner: Joint) -> nn.Sequential:
    """The global network as one module, its head with it: `[n, channels, samples] -> [n, 7]`."""
    return nn.Sequential(learner.backbone, learner.head)


class FineTuneWhole(Learner):
    """Each person gets a copy of the network, and all of it is trained on the person's windows, its head as well.

    `course_lib.learners.FineTune` gives each copy a new head. Here an exercise means the same for everybody: the head
    of the global network is worth keeping, and exercises may be missing from the support set. All people are trained
    at once, which changes nothing but the time: Adam treats each number alone.

    Args:
        backbone: `[n, channels, samples] -> [n, way]`, such as `whole(joint)`; or, to train from scratch, an untrained
            `WindowNet(out=7)`, with 40 steps. It is never changed.
        steps: of Adam, each over the whole support set.
        lr: its learning rate.
    """

    def __init__(self, backbone: nn.Module, steps: int = 10, lr: float = 3e-3):
        check_whole(0, steps=steps)
        check_number(0, lr=lr)
        super().__init__(backbone, steps=steps, lr=lr)

    @torch.enable_grad()
    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Params:
        """The weights of everybody's copy by name, each `[tasks, *its shape]`."""
        params = {name: p.detach().expand(len(support_x), *p.shape).clone().requires_grad_()
                  for name, p in self.backbone.named_parameters()}  # fmt: skip
        optimizer = torch.optim.Adam(params.values(), self.config["lr"])
        for _ in range(self.config["steps"]):
            scores = self._run(params, support_x)  # [tasks, n, way]
            optimizer.zero_grad()
            (len(support_x) * loss_of(scores, support_y)).backward()  # a sum over tasks: each has its own gradient
            optimizer.step()
        return {name: p.detach() for name, p in params.items()}

    def predict(self, adapted: Params, query_x: Tensor) -> Tensor:
        """Scores `[tasks, n_query, way]`."""
        return self._run(adapted, query_x)

    def _run(self, params: Params, x: Tensor) -> Tensor:
        return vmap(lambda params, x: functional_call(self.backbone, params, (x,)))(params, x)


def borrowed(
    scene: Scene, exercises: Sequence[int], windows: int = 2, generator: Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Windows that strangers lend: `windows` of each of these exercises, each from an arm of the training people.

    Returns: `[exercises * windows, channels, samples]` and the labels `[exercises * windows]`.
    """
    drawn = People(scene.recordings, scene.train, scene.sides).sample(windows, generator)  # an arm a window
    return drawn.support_x[:, exercises].flatten(0, 1), drawn.support_y[:, exercises].flatten()
