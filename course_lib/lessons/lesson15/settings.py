"""Small networks that are all trained with 128 settings of learning rate and weight decay: what each gives is known.

A task is a data set. Its *map* is the loss of every setting. Losses are mean cross-entropies in nats, cut at 2.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Generator, Tensor

SHAPE = (16, 8)  # rates by decays; setting 8 * i + j has rate i and decay j
RATES, DECAYS = torch.logspace(-4, 0, SHAPE[0]), torch.logspace(-4, 0.5, SHAPE[1])
SETTINGS = torch.cartesian_prod(RATES.log10(), DECAYS.log10())  # [128, 2], powers of ten
UNIT = (SETTINGS - SETTINGS.amin(0)) / (SETTINGS.amax(0) - SETTINGS.amin(0))  # [128, 2], from 0 to 1
STEPS, KEPT = 160, (5, 10, 20, 40, 80, 160)  # of a full training; where it is judged
TRAIN, VALIDATION, TEST = 80, 100, 200  # points of a task
BATCH, HIDDEN, MOMENTUM, WORST = 20, 8, 0.9, 2.0
STORED, STORED_TASKS, STORED_SEED = Path(__file__).with_name("search_maps.safetensors"), 120, 0
LEVELS = 2**15 - 1


class _Tasks:
    """Tensors with one entry a task, cut together."""

    def __len__(self):
        return len(getattr(self, fields(self)[0].name))

    def __getitem__(self, some: slice):
        return type(self)(*(getattr(self, field.name)[some] for field in fields(self)))


@dataclass(frozen=True)
class SettingTasks(_Tasks):
    """Data sets of two classes.

    Args:
        x: `[tasks, points, 5]`: first TRAIN points to learn from, then VALIDATION to choose by, then TEST.
        y: `[tasks, points]`, 0 or 1.
        batches: `[tasks, STEPS, BATCH]`, which training points each step sees.
        first, second: weights to begin from, `[tasks, HIDDEN, 5]` and `[tasks, HIDDEN]`.
    """

    x: Tensor
    y: Tensor
    batches: Tensor
    first: Tensor
    second: Tensor


@dataclass(frozen=True)
class Maps(_Tasks):
    """What all settings give on some tasks, in nats.

    Args:
        curves: `[tasks, 128, 6]`, validation losses after KEPT steps.
        test: `[tasks, 128]`, losses of TEST other points after the last step.
    """

    curves: Tensor
    test: Tensor

    @property
    def loss(self) -> Tensor:
        """What a full trial says: validation losses `[tasks, 128]` at the end."""
        return self.curves[..., -1]

    @property
    def best(self) -> Tensor:
        """The lowest of them, `[tasks]`."""
        return self.loss.amin(1)


def new_tasks(n: int, generator: Generator) -> SettingTasks:
    """Draw tasks: each has its own boundary, scale of inputs (0.2 to 5) and share of wrong labels (0 to 0.2)."""
    points = TRAIN + VALIDATION + TEST
    scale = 10 ** (1.4 * torch.rand(n, 1, 1, generator=generator) - 0.7)
    wrong, bend = 0.2 * torch.rand(n, 1, generator=generator), torch.rand(n, 1, generator=generator)
    x = torch.randn(n, points, 5, generator=generator)
    u, v = (x @ F.normalize(torch.randn(n, 5, 2, generator=generator), dim=1)).unbind(-1)  # [n, points] each
    y = (u * (1 + bend * v) > 0) != (torch.rand(n, points, generator=generator) < wrong)  # [n, points]
    batches = torch.randint(TRAIN, (n, STEPS, BATCH), generator=generator)
    first = torch.randn(n, HIDDEN, 5, generator=generator) / 5**0.5
    second = torch.randn(n, HIDDEN, generator=generator) / HIDDEN**0.5
    return SettingTasks(x * scale, y.to(x.dtype), batches, first, second)


def maps(n: int, seed: int) -> Maps:
    """Draw `n` tasks and train all their settings: 0.1 s a task. No two seeds share a task."""
    return train_all(new_tasks(n, Generator().manual_seed(seed)))


def stored_maps(path: Path | str = STORED) -> Maps:
    """Those of `maps(STORED_TASKS, STORED_SEED)`, trained once by `python -m benchmarks.search` and rounded to 3e-5."""
    found = load_file(path)
    return Maps(*(found[name].to(torch.int32) * (WORST / LEVELS) for name in ("curves", "test")))


def store(found: Maps, path: Path | str = STORED, **said: str):
    """Keep maps in whole numbers of WORST / LEVELS, with what is said of them."""
    whole = {name: (getattr(found, name) * (LEVELS / WORST)).round().to(torch.int16) for name in ("curves", "test")}
    save_file(whole, path, said)


def train_all(tasks: SettingTasks, settings: Tensor = SETTINGS, together: int = 4) -> Maps:
    """Train a network of HIDDEN tanh units for every setting of every task: SGD with momentum, as `torch.optim.SGD`.

    Args:
        tasks: as `new_tasks` draws them.
        settings: `[settings, 2]`, powers of ten of rate and decay.
        together: tasks that are trained side by side.
    """
    found = [_train(tasks[start : start + together], settings) for start in range(0, len(tasks), together)]
    curves, test = zip(*found, strict=True)
    return Maps(torch.cat(curves), torch.cat(test))


@torch.no_grad()
def _train(tasks: SettingTasks, settings: Tensor) -> tuple[Tensor, Tensor]:
    """Curves and test losses of a few tasks. The networks of a task share their inputs: they are one wide network."""
    n, s, dtype = len(tasks), len(settings), tasks.x.dtype
    rate, decay = (10 ** settings.to(dtype)).repeat(n, 1)[..., None, None].unbind(1)  # [n * s, 1, 1] each
    networks = [
        tasks.first.repeat_interleave(s, 0),  # [n * s, HIDDEN, 5]
        torch.zeros(n * s, HIDDEN, 1, dtype=dtype),
        tasks.second.repeat_interleave(s, 0)[:, None],  # [n * s, 1, HIDDEN]
        torch.zeros(n * s, 1, 1, dtype=dtype),
    ]
    speeds = [torch.zeros_like(each) for each in networks]
    rows, curves = torch.arange(n)[:, None], []
    for step in range(STEPS):
        some = tasks.batches[:, step]  # [n, BATCH]
        slopes = _slopes(networks, tasks.x[rows, some], tasks.y[rows, some])
        for each, speed, slope in zip(networks, speeds, slopes, strict=True):
            speed.mul_(MOMENTUM).add_(slope).addcmul_(each, decay)
            each.addcmul_(speed, rate, value=-1).clamp_(-1e3, 1e3)
        if step + 1 in KEPT:
            curves.append(_losses(networks, tasks, slice(TRAIN, TRAIN + VALIDATION)))
    return torch.stack(curves, -1), _losses(networks, tasks, slice(TRAIN + VALIDATION, None))


def _answers(networks: list[Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """Hidden units `[n * s, HIDDEN, points]` and logits `[n * s, 1, points]` of all networks at `x [n, points, 5]`."""
    w1, b1, w2, b2 = networks
    units = (w1.view(len(x), -1, 5) @ x.mT).view(*w1.shape[:2], -1)  # [n * s, HIDDEN, points]
    units = units.add_(b1).tanh_()
    return units, torch.baddbmm(b2, w2, units)


def _slopes(networks: list[Tensor], x: Tensor, y: Tensor) -> list[Tensor]:
    """Gradients of the mean cross-entropy of `x [n, points, 5]`, `y [n, points]`, by their formula."""
    units, logits = _answers(networks, x)
    truth = y.repeat_interleave(len(units) // len(x), 0)[:, None]  # [n * s, 1, points]
    wrong = logits.sigmoid_().sub_(truth).div_(x.shape[1])
    to_w2 = wrong @ units.mT  # [n * s, 1, HIDDEN]
    back = torch.addcmul(wrong, units.square_(), wrong, value=-1).mul_(networks[2].mT)  # [n * s, HIDDEN, points]
    to_w1 = (back.view(len(x), -1, x.shape[1]) @ x).view_as(networks[0])
    return [to_w1, back.sum(-1, keepdim=True), to_w2, wrong.sum(-1, keepdim=True)]


def _losses(networks: list[Tensor], tasks: SettingTasks, points: slice) -> Tensor:
    """Mean cross-entropy of these points, at most WORST: `[n, s]`."""
    logits = _answers(networks, tasks.x[:, points])[1].view(len(tasks), -1, tasks.x[:, points].shape[1])
    truth = tasks.y[:, None, points].expand_as(logits)  # [n, s, points]
    return F.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean(-1).clamp(max=WORST)


def text(setting: int) -> str:
    """A setting in words."""
    rate, decay = RATES[setting // SHAPE[1]], DECAYS[setting % SHAPE[1]]
    return f"rate {rate:.2g}, decay {decay:.2g}"
