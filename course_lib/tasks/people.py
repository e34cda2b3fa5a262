"""A new person: which of seven exercises is it? Recordings of a watch, of ten healthy adults and both of their arms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode
from course_lib.paths import data_dir
from course_lib.tasks.sampler import support_and_query

RATE, SIDES = 25, ("left", "right")  # readings a second
BEFORE, AFTER = 0.4, 0.5  # support windows end before this part of a recording, query windows begin after that one


class Recordings(NamedTuple):
    """A recording of each exercise by each arm: arm 2 * person is a left one, 2 * person + 1 a right one. `signal` is
    `[arms, exercises, samples, channels]`, 0 behind the end: acceleration along x, y and z (in g, gravity with it), and
    turning about x, y and z (radians a second). `length` is `[arms, exercises]`, in samples."""

    signal: Tensor
    length: Tensor
    exercises: tuple[str, ...]
    channels: tuple[str, ...]


@cache
def read_recordings() -> Recordings:
    """What ships, `data/watch.npz`: 140 recordings of 19 to 52 seconds. `tools/watch_recordings.py` made it.

    Source: Burns et al. 2018 (Physiological Measurement 39; arXiv:1802.01489), by way of seglearn.
    """
    with np.load(data_dir() / "watch.npz", allow_pickle=False) as table:
        length, readings = torch.from_numpy(table["length"]).long(), table["signal"] / table["scale"]
        names = [tuple(table[name].tolist()) for name in ("exercises", "channels")]
    parts = torch.from_numpy(readings).float().split(length.flatten().tolist())
    signal = torch.nn.utils.rnn.pad_sequence(parts, batch_first=True)  # [recordings, samples, channels]
    return Recordings(signal.unflatten(0, length.shape), length, *names)


def arms_of(people: Sequence[int], sides: Sequence[str] = SIDES) -> Tensor:
    """The arms of these people, 0 to 9, on these sides: `[people * sides]`, int64."""
    if not people or not sides or set(people) - set(range(10)) or set(sides) - set(SIDES):
        raise ValueError(f"people must be some of 0 to 9, sides some of {SIDES}, but they are {people} and {sides}.")
    return torch.tensor([2 * person + SIDES.index(side) for person in people for side in sides])


def folds() -> list[tuple[list[int], list[int]]]:
    """Five times eight people to train on and two to test: each person is tested once. Both arms go with the person."""
    return [([p for p in range(10) if p // 2 != fold], [2 * fold, 2 * fold + 1]) for fold in range(5)]


def scaled(recordings: Recordings, arms: Tensor) -> Recordings:
    """All recordings, each channel with mean 0 and deviation 1 over these arms alone, those of the training people."""
    readings = torch.cat([recordings.signal[a, e, :n] for a in arms for e, n in enumerate(recordings.length[a])])
    return recordings._replace(signal=(recordings.signal - readings.mean(0)) / readings.std(0))


def cut(recordings: Recordings, arms, exercises, starts, window: int = 64) -> Tensor:
    """Windows `[..., channels, window]` of recordings. Arms, exercises and starts (samples) are whole numbers, or int64
    tensors that broadcast to `[...]`."""
    at = torch.as_tensor(starts).unsqueeze(-1) + torch.arange(window)  # [..., window]
    arms, exercises = (torch.as_tensor(i).unsqueeze(-1) for i in (arms, exercises))
    return recordings.signal[arms, exercises, at].transpose(-1, -2)


class People:
    """A distribution over tasks: an arm of a person, seven exercises. A label means the same exercise in every task.

    Support windows lie in the first 40 % of a recording, query windows in the last half; those of one set may overlap.

    Args:
        recordings: as read, when `None`; for networks `scaled`. people, sides: whose arms, and which.
        window: samples of a window, 25 a second. shot, query: windows of each exercise.
        labelled: the fewest and the most exercises that the person has labelled, each number as likely. Support windows
            of the others are *borrowed*, each from an arm of another person among `people`. `None`: all are labelled.
        device: where episodes are made.
    """

    def __init__(self, recordings: Recordings | None = None, people: Sequence[int] = range(10),
                 sides: Sequence[str] = SIDES, window: int = 64, shot: int = 1, query: int = 5, *,
                 labelled: tuple[int, int] | None = None, device="cpu"):  # fmt: skip
        recordings = recordings or read_recordings()
        self.recordings, self.arms, self.way = recordings, arms_of(people, sides), len(recordings.exercises)
        check_whole(1, int(BEFORE * recordings.length.min()), window=window), check_whole(shot=shot, query=query)
        if labelled is not None and (len(set(people)) < 2 or not 0 <= labelled[0] <= labelled[1] <= self.way):
            raise ValueError(f"labelled must be two whole numbers, 0 to {self.way}, the lower first, and two people "
                             f"or more must lend windows, but it is {labelled}, with people {people}.")  # fmt: skip
        self.window, self.shot, self.query, self.labelled = window, shot, query, labelled
        self.device = pick_device(device)

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` tasks: support `[n_tasks, 7 * shot, 6, window]` and query alike, ordered exercise by exercise."""
        return self.draw(n_tasks, generator)[0]

    def draw(self, n_tasks: int, generator: Generator | None = None) -> tuple[Episode, Tensor, Tensor]:
        """What `sample` gives, the arms `[n_tasks]`, and which exercises are labelled: `[n_tasks, way]`, bool."""
        check_draw(n_tasks, generator)
        arms = self.arms[torch.randint(len(self.arms), (n_tasks,), generator=generator)]
        whose = arms.view(-1, 1, 1).expand(n_tasks, self.way, self.shot)  # whose arm a support window is from
        own = torch.ones(n_tasks, self.way, dtype=torch.bool)  # labelled by the person
        if self.labelled is not None:
            k = torch.randint(self.labelled[0], self.labelled[1] + 1, (n_tasks, 1), generator=generator)
            own = torch.rand(n_tasks, self.way, generator=generator).argsort(1).argsort(1) < k
            keys = torch.rand(*whose.shape, len(self.arms), generator=generator)  # the arm with the largest lends
            others = self.arms[keys.where(whose.unsqueeze(-1) // 2 != self.arms // 2, -1).argmax(-1)]
            whose = whose.where(own.unsqueeze(-1), others)
        support = self._windows(whose, 0, BEFORE, generator)  # [n_tasks, way, shot, channels, window]
        query = self._windows(arms.view(-1, 1, 1).expand(-1, self.way, self.query), AFTER, 1, generator)
        sets = support_and_query(torch.cat([support, query], 2).to(self.device), self.shot)
        return Episode(*sets, self.way), arms, own

    def _windows(self, arms: Tensor, low: float, high: float, generator: Generator | None) -> Tensor:
        """For arms `[n_tasks, way, n]` a window of each exercise within this part of its recording."""
        exercises = torch.arange(self.way).view(-1, 1)
        length = self.recordings.length[arms, exercises]
        first, last = (low * length).ceil().long(), (high * length).long() - self.window
        starts = first + (torch.rand(arms.shape, generator=generator) * (last - first + 1)).long()
        return cut(self.recordings, arms, exercises, starts, self.window)

    def __repr__(self):
        return (f"People({len(self.arms)} arms, {self.shot}-shot {self.query}-query, {self.window / RATE:.2f} s, "
                f"labelled={self.labelled}, {self.device})")  # fmt: skip
