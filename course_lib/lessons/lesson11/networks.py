"""The networks of lesson 11, who they are trained on, and what they know of a population."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_whole
from course_lib.episode import Episode
from course_lib.learners import Joint, Learner, PrototypicalNet
from course_lib.learners.distances import squared_distances
from course_lib.lessons.lesson11.mirror import mirrored
from course_lib.tasks.people import SIDES, People, Recordings, arms_of, folds, read_recordings, scaled
from course_lib.training import fit

STEPS, META_BATCH, RATE_OF_LEARNING = 80, 4, 3e-3
LENGTHS = (8, 16, 32, 64)  # samples of a calibration window: 0.32 to 2.56 s


class WindowNet(nn.Module):
    """Three convolutions over time, and the mean of what they find: `[n, channels, samples] -> [n, width]`.

    A window may have any length. Normalised in groups of channels of one window (Wu and He 2018, arXiv:1803.08494), so
    that no window feels another.

    Args:
        channels: numbers of a reading.
        width: features.
        out: scores of a head after them, `[n, out]`; `None` is no head.
    """

    def __init__(self, channels: int = 6, width: int = 48, out: int | None = None):
        check_whole(channels=channels, width=width)
        super().__init__()
        sizes = (channels, width, width)
        self.layers = nn.ModuleList(nn.Conv1d(size, width, 5, padding=2) for size in sizes)
        self.norms = nn.ModuleList(nn.GroupNorm(4, width) for _ in sizes)
        self.head = nn.Identity() if out is None else nn.Linear(width, out)

    def forward(self, x: Tensor) -> Tensor:
        """Features or scores of windows."""
        for layer, norm in zip(self.layers, self.norms, strict=True):
            x = F.relu(norm(layer(x)))  # [n, width, samples]
            x = F.max_pool1d(x, 2) if x.shape[-1] > 1 else x  # [n, width, samples // 2]
        return self.head(x.mean(-1))


def make_global() -> Joint:
    """One network for everybody: it listens to no support set."""
    return Joint(WindowNet(), 48, 7)


def make_prototypical() -> PrototypicalNet:
    """The same convolutions, trained on episodes."""
    return PrototypicalNet(WindowNet())


def train(make: Callable[[], Learner], tasks, seed: int = 0, steps: int = STEPS, **more) -> Learner:
    """A learner trained on the CPU: one cycle of learning rates up to 0.003, four tasks an outer step. One that was
    interrupted does not come back: the lesson stops with a sentence.

    Args:
        make: gives the learner, untrained.
        tasks: a task distribution.
        seed: of the first weights and of the tasks.
        steps: outer steps.
        more: for `fit`.
    """
    torch.manual_seed(seed)
    learner = make()
    how = {"meta_batch": META_BATCH, "lr": RATE_OF_LEARNING, "log_every": 20, "progress": False} | more
    history = fit(learner, tasks, steps, seed=seed, device="cpu", **how,
                  schedule=lambda o: torch.optim.lr_scheduler.OneCycleLR(o, how["lr"], total_steps=steps))  # fmt: skip
    history.must_be_whole()
    return learner


class Scene(NamedTuple):
    """Recordings, scaled by the arms that a network is trained on; the people of training and of the test; which sides
    are trained on."""

    recordings: Recordings
    train: list[int]
    test: list[int]
    sides: Sequence[str]

    def tasks(self, **more) -> People:
        """The training tasks; `more` is for `People`."""
        return People(self.recordings, self.train, self.sides, **more)

    def of(self, person: int, side: str, n: int = 4, shot: int = 3, query: int = 10) -> Episode:
        """The test tasks of one arm: always the same `n`. Support sets are ordered exercise by exercise, so with
        `shot` 3 the windows of one shot are every third."""
        generator = Generator().manual_seed(1000 + 2 * person + SIDES.index(side))
        return People(self.recordings, [person], [side], shot=shot, query=query).sample(n, generator)


def scene(fold: int, sides: Sequence[str] = ("right",), mirror: bool = False, signs: Tensor | None = None) -> Scene:
    """Who is trained on and who is tested in a fold, 0 to 4.

    Args:
        sides: those trained on.
        mirror: mirror all left arms into right ones, before anything else.
        signs: other signs for the left arms, `[6]`, in place of the mirror's.
    """
    recordings = read_recordings()
    if mirror or signs is not None:
        recordings = mirrored(recordings) if signs is None else mirrored(recordings, signs)
    people, test = folds()[fold]
    return Scene(scaled(recordings, arms_of(people, sides)), people, test, sides)


@torch.no_grad()
def population(embed: Callable[[Tensor], Tensor], scene: Scene, windows: int = 12) -> Tensor:
    """Where each exercise lies on average among the people of training: `[7, features]`.

    Args:
        embed: `[tasks, n, channels, samples] -> [tasks, n, features]`, such as `learner.embed` or `hand_made`.
        windows: of each exercise and arm, drawn from the last half of a recording; the same ones at each call.
    """
    generator = Generator().manual_seed(0)
    arms = (People(scene.recordings, [p], [s], query=windows).sample(1, generator)
            for p in scene.train for s in scene.sides)  # fmt: skip
    x = torch.cat([arm.query_x for arm in arms])  # [arms, 7 * windows, channels, samples]
    return embed(x).unflatten(1, (-1, windows)).mean((0, 2))


def nearest(query_z: Tensor, prototypes: Tensor) -> Tensor:
    """Scores of queries `[tasks, n, features]`: minus the squared distances to prototypes `[tasks, way, features]`."""
    return -squared_distances(query_z, prototypes)


def hand_made(windows: Tensor) -> Tensor:
    """What one might think of: mean, deviation and the first twelve frequencies of each channel. Nothing is learned.

    Args:
        windows: `[..., channels, samples]`, 2.56 s or less.

    Returns: `[..., 14 * channels]`.
    """
    spectrum = torch.fft.rfft(windows, n=64).abs()[..., :12] * (8 / windows.shape[-1])  # [..., channels, 12]
    parts = [windows.mean(-1, keepdim=True), windows.std(-1, keepdim=True), spectrum]
    return torch.cat(parts, -1).flatten(-2)
