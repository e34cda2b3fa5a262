"""Judge a learner: a mean over many tasks, and how far that mean can be trusted."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor, nn

from course_lib.arguments import check_network, check_one_of, check_tasks, check_whole
from course_lib.compute.batch_norm import batch_statistics
from course_lib.compute.seeding import EVALUATE, generator_for, undisturbed
from course_lib.episode import Episode
from course_lib.first_look import check_dtype, first_task, warn_of_pictures
from course_lib.learners.base import Learner, loss_of
from course_lib.statistics import ci95


@dataclass(eq=False)
class Result:
    """What `evaluate` measured. One number a task, so that two results on the same tasks can be paired.

    Args:
        scores: `[tasks]` accuracy (a fraction) for classification, mean squared error for regression.
        losses: `[tasks]` cross-entropy (nats), or mean squared error.
        precision: `[tasks]` macro precision, or `None` for regression.
        recall: `[tasks]` macro recall, or `None` for regression.
        confidence: `[tasks, n_query]` the probability that the learner gives its own answer, or `None`: for regression,
            and where tasks have different numbers of queries.
        correct: `[tasks, n_query]` bool, whether that answer is right, or `None`.

    An answer that is not a number (NaN) is a wrong one, its confidence and its task's loss are NaN.
    """

    scores: Tensor
    losses: Tensor
    precision: Tensor | None = None
    recall: Tensor | None = None
    confidence: Tensor | None = None
    correct: Tensor | None = None

    @property
    def is_classification(self) -> bool:
        """True when `scores` are accuracies."""
        return self.precision is not None

    @property
    def mean(self) -> float:
        """Mean score over tasks."""
        return self.scores.mean().item()

    @property
    def ci95(self) -> float:
        """Half the width of the 95 % confidence interval of the mean (see `statistics.ci95`)."""
        return ci95(self.scores)

    @property
    def accuracy(self) -> float:
        """Mean accuracy over tasks, a fraction."""
        if not self.is_classification:
            raise ValueError("this is a regression result: it has a mean squared error (.mean), not an accuracy.")
        return self.mean

    @property
    def broken(self) -> int:
        """In how many tasks an answer was not a number, or infinitely far off."""
        return int((~self.losses.isfinite()).sum())

    def as_dict(self) -> dict:
        """The summary as plain numbers, for JSON, which has no NaN: `None` stands for it."""
        numbers = {"accuracy": self.mean} if self.is_classification else {"mse": self.mean}
        if self.is_classification:
            numbers |= {"precision": self.precision.mean().item(), "recall": self.recall.mean().item()}
        numbers |= {"ci95": self.ci95, "loss": self.losses.mean().item()}
        numbers = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
        return numbers | {"tasks": len(self.scores)} | ({"broken": self.broken} if self.broken else {})

    def __repr__(self):
        tasks = f"{len(self.scores)} tasks" + f", {self.broken} of them broken" * bool(self.broken)
        if not self.is_classification:
            return f"mean squared error {self.mean:.3f} ± {self.ci95:.3f} ({tasks})"
        return f"accuracy {100 * self.mean:.1f} ± {100 * self.ci95:.1f} % ({tasks})"


def macro_precision_recall(predicted: Tensor, actual: Tensor, way: int) -> tuple[Tensor, Tensor]:
    """Precision and recall of each class, averaged over the classes of a task with equal weight.

    Args:
        predicted: `[tasks, n]` class labels; one that is none of 0 ... way-1 is a miss, and counts for no class.
        actual: `[tasks, n]` labels, 0 ... way-1.
        way: number of classes. A class that is never predicted has precision 0; one that
            has no query has recall 0.

    Returns: two tensors `[tasks]`.
    """
    known = (predicted >= 0) & (predicted < way)
    pairs = actual * (way + 1) + predicted.where(known, predicted.new_tensor(way))  # [tasks, n], a cell of the matrix
    counts = torch.zeros(len(pairs), way * (way + 1), device=pairs.device)
    counts = counts.scatter_add(1, pairs, torch.ones_like(pairs, dtype=counts.dtype)).unflatten(1, (way, way + 1))
    hits = counts.diagonal(dim1=1, dim2=2)  # [tasks, way], from counts [tasks, actual, predicted or none]
    precision = hits / counts[..., :way].sum(1).clamp(min=1)
    recall = hits / counts.sum(2).clamp(min=1)
    return precision.mean(1), recall.mean(1)


def evaluate(
    learner: nn.Module, tasks, n_tasks: int = 600, *, seed: int = 0, batch: int = 25, batch_norm: str = "inductive"
) -> Result:
    """Adapt to each of `n_tasks` tasks and score the answers for its query set.

    Task `i` depends on `(seed, i)` alone: every learner meets the same tasks, and the first 100 of 600
    are the 100. The learner's parameters, buffers and mode are the same afterwards.

    Args:
        learner: any `Learner`; it is used on the device where it is.
        tasks: a task distribution with `sample(n, generator)`, or an `Episode`, whose own tasks are then scored.
        n_tasks: how many tasks (the papers use 600 or 1,000). Ignored for an `Episode`.
        seed: which tasks.
        batch: tasks computed at once; changes the speed, not the result.
        batch_norm: `"inductive"` uses the statistics gathered in training: a query's answer does not depend on
            the other queries. `"transductive"` uses those of the batch at hand, each task alone.

    Raises:
        ValueError: if an argument is out of range; if `sample` gives something else than it should (see `first_look`).

    Warns if an answer is not a number, or depends on the other queries though it should not.
    """
    check_network(learner=learner)
    if not isinstance(tasks, Episode):
        check_tasks(tasks=tasks)
    check_one_of(("inductive", "transductive"), batch_norm=batch_norm)
    check_whole(n_tasks=n_tasks, batch=batch)
    check_whole(0, seed=seed)
    if isinstance(tasks, Episode):
        first = tasks
        warn_of_pictures(first.query_x)
    else:
        first = first_task(tasks, seed, EVALUATE)
    check_dtype(learner, first)
    device = next((p.device for p in learner.parameters()), first.device)
    modes = [(m, m.training) for m in learner.modules()]
    learner.eval()
    parts = []
    try:
        with undisturbed(device):  # for what a learner of one's own draws at random
            torch.manual_seed(seed)
            if batch_norm == "inductive" and type(learner).forward is Learner.forward:
                _warn_of_company(learner, first.task(0).to(device))
            for episode in _batches(tasks, n_tasks, seed, batch):
                episode = episode.to(device)
                if batch_norm == "inductive":
                    parts.append(_score(learner, episode))
                    continue
                with batch_statistics(learner):
                    parts += [_score(learner, episode.task(i)) for i in range(episode.n_tasks)]
    finally:
        for module, mode in modes:
            module.training = mode
    result = Result(*map(_joined, zip(*parts, strict=True)))
    if result.broken:
        warnings.warn(f"in {result.broken} of {len(result.scores)} tasks answers are not finite numbers, and count as "
                      "wrong. Where a task is adapted to, a lower inner lr may help.", stacklevel=2)  # fmt: skip
    return result


def _batches(tasks, n_tasks: int, seed: int, batch: int):
    if isinstance(tasks, Episode):
        yield from tasks.split(batch)
        return
    for start in range(0, n_tasks, batch):
        indices = range(start, min(start + batch, n_tasks))
        drawn = (tasks.sample(1, generator_for(seed, EVALUATE, i)) for i in indices)
        yield from (Episode.cat(alike) for _, alike in groupby(drawn, _sizes))


def _sizes(episode: Episode) -> tuple:
    """What episodes must have in common to be one."""
    return episode.way, *(t.shape for t in episode.tensors())


def _joined(parts) -> Tensor | None:
    """A column of the results of all tasks; none where there is none, or a task has another number of queries."""
    if parts[0] is None or len({part.shape[1:] for part in parts}) > 1:
        return None
    return torch.cat(parts).cpu()


def _warn_of_company(learner: Learner, one: Episode):
    """A warning if two queries of this task are answered otherwise without the rest."""
    with torch.no_grad():
        adapted = learner.adapt(one.support_x, one.support_y, one.way)
        together = learner.predict(adapted, one.query_x)  # [1, n_query, ...]
        alone = learner.predict(adapted, one.query_x[:, :2])  # [1, 2, ...]: of one there may be no statistics
    rounding = 1000 * torch.finfo(together.dtype).eps * together.abs().amax()
    if (alone - together[:, :2]).abs().amax() > rounding:
        warnings.warn("an answer depends on the other queries, though batch_norm='inductive' was asked for: some layer "
                      "normalises by the batch at hand and keeps no averages of its training. Accuracy then changes "
                      "with the queries, and perhaps with `batch`.", stacklevel=3)  # fmt: skip


def _score(learner: nn.Module, episode: Episode):
    """What is kept of some tasks."""
    with torch.no_grad():
        predictions = learner(episode).detach()  # [tasks, n_query, way], or real values
    y = episode.query_y
    one_by_one = zip(predictions.float(), y, strict=True)
    losses = torch.stack([loss_of(p.unsqueeze(0), t.unsqueeze(0)) for p, t in one_by_one])  # [tasks]
    if not episode.is_classification:
        return losses, losses, None, None, None, None
    confidence, predicted = predictions.float().softmax(-1).max(-1)  # both [tasks, n_query]
    predicted = predicted.where(~confidence.isnan(), predicted.new_tensor(-1))  # NaN is no answer
    correct = predicted == y
    way = predictions.shape[-1] if episode.way is None else episode.way
    precision, recall = macro_precision_recall(predicted, y, way)
    return correct.float().mean(1), losses, precision, recall, confidence, correct
