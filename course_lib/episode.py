"""The one data object of the course: a batch of few-shot tasks."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.arguments import check_whole, may_look


@dataclass(eq=False)
class Episode:
    """A batch of tasks, each with a support set to learn from and a query set to be judged on.

    Every tensor has a leading *task* axis, whatever the data: images, curves, words, trajectories.

    Args:
        support_x: `[tasks, n_support, ...]`, floating point, or int64, such as words by their numbers. For
            classification `n_support = way * shot`.
        support_y: `[tasks, n_support]` class labels 0 ... way-1 (int64), or `[tasks, n_support, ...]` real targets.
            In *zero-shot* tasks it is `[tasks, way, attributes]`: a vector that describes each class.
        query_x: `[tasks, n_query, ...]`, same trailing shape as `support_x`, zero-shot tasks apart.
        query_y: `[tasks, n_query]` labels, or real targets of the same kind as `support_y`.
        way: number of classes; `None` for regression. Read from the labels when not given.

    Raises:
        ValueError: if shapes, dtypes or labels do not fit together, or an input is not finite.
            Values are looked at on the CPU only: on a GPU, looking would make the host wait.

    Source: the support/query vocabulary of Vinyals et al. 2016 (arXiv:1606.04080), section 2.2.

    >>> x, y = torch.zeros(1, 2, 3), torch.tensor([[0, 1]])
    >>> Episode(x, y, x, y)
    Episode(1 task, 2-way, support [2, 3], query [2, 3], cpu)
    """

    support_x: Tensor
    support_y: Tensor
    query_x: Tensor
    query_y: Tensor
    way: int | None = None

    def __post_init__(self):
        self._check_shapes()
        if may_look(self.support_x):
            self._check_values()

    def _check_shapes(self):
        if self.way is not None:
            check_whole(way=self.way)
        for field in ("support_x", "support_y", "query_x", "query_y"):
            value = getattr(self, field)
            if not isinstance(value, Tensor):
                raise ValueError(f"{field} must be a torch.Tensor, but it is a {type(value).__name__}.")
            if value.ndim < 2 or 0 in value.shape:
                raise ValueError(
                    f"{field} must have a task axis and an example axis and hold at least one of each, "
                    f"but its shape is {list(value.shape)}."
                )
        for part in ("support", "query"):
            x, y = getattr(self, f"{part}_x"), getattr(self, f"{part}_y")
            if x.shape[:2] != y.shape[:2]:
                raise ValueError(
                    f"{part}_x and {part}_y must agree in [tasks, examples], "
                    f"but they are {list(x.shape[:2])} and {list(y.shape[:2])}."
                )
            if not (x.is_floating_point() or x.dtype == torch.int64):
                raise ValueError(f"{part}_x must be floating point, but it is {x.dtype}; use {part}_x.float(), or "
                                 f"{part}_x.long() for what a network looks up, such as words.")  # fmt: skip
            if y.is_floating_point() != self.support_y.is_floating_point() or y.dtype not in (
                torch.int64, torch.float16, torch.bfloat16, torch.float32, torch.float64,
            ):
                raise ValueError(f"{part}_y must be int64 labels or floating-point targets, but it is {y.dtype}; "
                                 f"use {part}_y.long() for labels.")  # fmt: skip
        if self.support_x.shape[0] != self.query_x.shape[0]:
            raise ValueError(
                f"support and query must hold the same number of tasks, "
                f"but they hold {self.support_x.shape[0]} and {self.query_x.shape[0]}."
            )
        described = self.support_x.ndim == 3 and self.query_x.ndim > 3  # zero-shot: a vector says what a class is
        if self.support_x.shape[2:] != self.query_x.shape[2:] and not described:
            raise ValueError(
                f"support and query examples must have one shape, "
                f"but they are {list(self.support_x.shape[2:])} and {list(self.query_x.shape[2:])}."
            )
        for part in ("support_y", "query_y"):
            shape = list(getattr(self, part).shape)
            if self.is_classification and len(shape) != 2:
                raise ValueError(f"class labels must be [tasks, examples], but {part} is {shape}; one-hot labels "
                                 f"become labels by {part}.argmax(-1).")  # fmt: skip

    def _check_values(self):
        for part in ("support", "query"):
            x = getattr(self, f"{part}_x")
            # NaN and infinity survive adding up, and a sum is quick; only a doubtful one is looked at number by number.
            if not (x.sum().isfinite() or x.isfinite().all()):
                raise ValueError(f"{part}_x holds NaN or infinite values; remove or replace them before training.")
        if not self.is_classification:
            return
        if self.way is None:
            self.way = int(self.support_y.max()) + 1
        for part in ("support", "query"):
            y = getattr(self, f"{part}_y")
            if y.min() < 0 or y.max() >= self.way:
                raise ValueError(
                    f"{part}_y must hold labels 0 ... {self.way - 1} for {self.way} classes, "
                    f"but it holds {int(y.min())} ... {int(y.max())}; relabel the classes of each task from 0."
                )
        present = torch.zeros(self.n_tasks, self.way, dtype=torch.bool).scatter_(1, self.support_y, True)
        if not present.all():
            task, label = (int(i) for i in (~present).nonzero()[0])
            raise ValueError(f"every class needs a support example, but task {task} has none of class {label}.")

    @property
    def is_classification(self) -> bool:
        """True for class labels, False for real-valued targets."""
        return not self.support_y.is_floating_point()

    @property
    def n_tasks(self) -> int:
        """Number of tasks in the batch."""
        return self.support_x.shape[0]

    @property
    def device(self) -> torch.device:
        """Where the tensors are."""
        return self.support_x.device

    def to(self, device) -> Episode:
        """The same episode on another device (or in another dtype's x: use `map`)."""
        return self.map(lambda t: t.to(device))

    def map(self, function) -> Episode:
        """Apply `function` to each of the four tensors."""
        return Episode(*map(function, self.tensors()), way=self.way)

    def tensors(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """`support_x, support_y, query_x, query_y`."""
        return self.support_x, self.support_y, self.query_x, self.query_y

    def task(self, i: int) -> Episode:
        """Task `i` alone, its task axis kept: `[1, ...]`."""
        return self.map(lambda t: t[i : i + 1])

    def split(self, n: int) -> list[Episode]:
        """Episodes of `n` tasks each, the last one perhaps of fewer. `cat` joins them again."""
        return [self.map(lambda t, i=i: t[i : i + n]) for i in range(0, self.n_tasks, n)]

    @staticmethod
    def cat(episodes) -> Episode:
        """Join episodes along the task axis. All must have the same sizes otherwise."""
        episodes = list(episodes)
        parts = zip(*(e.tensors() for e in episodes), strict=True)
        return Episode(*map(torch.cat, parts), way=episodes[0].way)

    def __repr__(self):
        tasks = f"{self.n_tasks} task{'s' * (self.n_tasks != 1)}"
        kind = f"{self.way}-way" if self.is_classification else "regression"
        return (
            f"Episode({tasks}, {kind}, support {list(self.support_x.shape[1:])}, "
            f"query {list(self.query_x.shape[1:])}, {self.device})"
        )
