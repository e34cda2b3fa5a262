"""Meta-overfitting on purpose: few curves for ever, few points of each, and three errors that tell what happened."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from course_lib.episode import Episode
from course_lib.evaluation import evaluate
from course_lib.history import History
from course_lib.learners import MAML, ImplicitMAML
from course_lib.models import MLP
from course_lib.tasks import FewTasks, Sinusoids
from course_lib.training import fit

SHOT, QUERY, AGAIN = 10, 10, 100  # points of a training curve; and query points of an error


class FewCurves(FewTasks):
    """The same `n` sine waves for ever, seen at the same 20 points each. In `again` are new points of the same waves.

    Args:
        n: how many waves.
        seed: which ones. The first 10 of 100 are the 10 of the same seed.
    """

    def __init__(self, n: int, seed: int = 0):
        super().__init__(Sinusoids(2 * SHOT, QUERY + AGAIN), n, seed)
        x, y, query_x, query_y = self.episode.tensors()
        self.episode = Episode(x[:, :SHOT], y[:, :SHOT], query_x[:, :QUERY], query_y[:, :QUERY])
        self.again = Episode(x[:, SHOT:], y[:, SHOT:], query_x[:, QUERY:], query_y[:, QUERY:])


class Proximal(ImplicitMAML):
    """The inner loss with a pull to the start, as in implicit MAML; the gradient through the steps, as in MAML."""

    losses = MAML.losses

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.order = 2


def overfit(
    tasks, outer_steps: int, seed: int = 0, *, decay: float = 0.0, dropout: float = 0.0, pull: float = 0.0,
    progress: bool = False, checkpoint=None,
) -> tuple[MAML, History]:  # fmt: skip
    """A fresh network, trained on `tasks` by MAML with two adaptation steps.

    Args:
        tasks: `FewCurves`, or `Sinusoids` for new curves at every step.
        outer_steps: each with ten tasks.
        seed: of the first weights and of the order of the tasks.
        decay: weight decay in the outer loop.
        dropout: so large a share of the hidden units is switched off at random, in both loops.
        pull: to the start, in the inner loop.
        progress, checkpoint: as in `fit`.

    Returns: the learner and the history of its training.
    """
    torch.manual_seed(seed)
    layers = list(MLP((1, 40, 40, 1)))
    net = nn.Sequential(*layers[:2], nn.Dropout(dropout), *layers[2:4], nn.Dropout(dropout), layers[4])
    learner = Proximal(net, 2, 0.01, strength=pull) if pull else MAML(net, 2, 0.01)
    history = fit(learner, tasks, outer_steps, meta_batch=10, lr=6e-3, seed=seed, device="cpu", progress=progress,
                  optimizer=partial(torch.optim.AdamW, weight_decay=decay), checkpoint=checkpoint)  # fmt: skip
    return learner, history


def three_errors(learner: MAML, curves: FewCurves, new: Episode) -> dict[str, Tensor]:
    """Mean squared error after adapting, on each task of three kinds.

    Args:
        learner: trained on `curves`.
        curves: what it was trained on.
        new: curves that it has not seen.

    Returns: "same points", `[n]`: the very examples that it was trained on; "new points", `[n]`: of the same curves,
        to adapt to and to be judged by; "new curves", `[tasks]`.
    """
    kinds = {"same points": curves.episode, "new points": curves.again, "new curves": new}
    return {kind: evaluate(learner, episode).scores for kind, episode in kinds.items()}
