"""Heartbeats that no heart has made: a task is an invented patient, and which beats are not the patient's usual ones.

A beat is a sum of five Gaussian waves, P, Q, R, S and T, over the phase of the heart. Each wave has an angle, a height
and a width, and a patient has numbers of his or her own. That is the shape of the model of McSharry et al. 2003 ("A
dynamical model for generating synthetic electrocardiogram signals", IEEE Transactions on Biomedical Engineering 50),
without its rhythm; heights, widths and how patients differ are made up here. Nothing that is found with it says
anything of hearts.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_number, check_one_of, check_whole
from course_lib.episode import Episode

SAMPLES = 96
PHASE = torch.linspace(-0.6 * math.pi, 0.9 * math.pi, SAMPLES)  # radians; the heart contracts at 0
CUES = (None, "ectopic", "usual", "random", "all")

ANGLES = torch.tensor([-math.pi / 3, -math.pi / 12, 0.0, math.pi / 12, math.pi / 2])  # of P, Q, R, S and T
HEIGHTS = torch.tensor([0.12, -0.12, 1.0, -0.2, 0.25])
WIDTHS = torch.tensor([0.17, 0.07, 0.07, 0.07, 0.30])  # radians


def waves(form: Tensor) -> Tensor:
    """`[..., 3, 5]`, angles, heights and widths of five waves, `-> [..., samples]`."""
    angle, height, width = form.unsqueeze(-1).unbind(-3)  # each [..., 5, 1]
    return (height * torch.exp(-(PHASE - angle).square() / (2 * width.square()))).sum(-2)


def narrow(n: int, g: Generator | None) -> Tensor:
    """A beat that began in the atria and went the usual way, `[n, 3, 5]`: thin, with a P wave before it."""
    angle = ANGLES + torch.randn(n, 5, generator=g) * torch.tensor([0.1, 0.03, 0.0, 0.03, 0.12])
    height = HEIGHTS * torch.exp(0.35 * torch.randn(n, 5, generator=g))
    return torch.stack([angle, height, WIDTHS * torch.exp(0.15 * torch.randn(n, 5, generator=g))], 1)


def wide(like: Tensor, g: Generator | None) -> Tensor:
    """A beat that went through muscle, of the same patient: wide and tall, no P wave, a T wave of the other sign."""
    n = len(like)
    u, z = torch.rand(n, 6, generator=g), torch.randn(n, 3, generator=g)
    sign = torch.where(u[:, 0] < 0.5, -1.0, 1.0)
    zero = torch.zeros(n)
    height = [zero, -0.2 * u[:, 1], sign * (0.8 + 0.6 * u[:, 2]), -0.4 * sign * u[:, 3], -sign * (0.2 + 0.3 * u[:, 4])]
    shift = [zero, -0.15 * u[:, 5], 0.2 * z[:, 0], 0.25 * u[:, 1], 0.15 * z[:, 1]]
    width = like[:, 2] * torch.tensor([1.0, 1.8, 2.6, 2.2, 1.0]) * torch.exp(0.15 * z[:, 2:])
    return torch.stack([like[:, 0] + torch.stack(shift, 1), torch.stack(height, 1), width], 1)


def patients(n: int, g: Generator | None = None) -> Tensor:
    """The usual and the ectopic beat of n patients: `[n, 2, 3, 5]`.

    For half of the patients a wide beat is the usual one, as with a bundle branch block; their ectopic beats are
    narrow, or wide in another way. So no form of beat is ectopic by itself: it depends on the patient.
    """
    thin = narrow(n, g)
    one, other = wide(thin, g), wide(thin, g)
    block, caught = (torch.rand(n, 1, 1, generator=g) < 0.5 for _ in range(2))
    return torch.stack([one.where(block, thin), thin.where(caught, other).where(block, one)], 1)


class Heartbeats:
    """A distribution over tasks: one invented patient; label 0 is a usual beat, 1 an ectopic one.

    One seed gives the same patients, beats and noise whatever the cue is, so that two sets differ in the cue alone.

    Args:
        shot: support beats of each kind.
        query: query beats of a patient.
        rare: which part of the query beats is ectopic, at least one beat; `None` is half.
        cue: where the hum of the mains lies on the beats: `None` (nowhere), "ectopic", "usual", "random" (half of all
            beats) or "all"; or two of these, for the support set and for the queries.
        noise, hum: their deviations, in units of which a usual narrow beat is 1 tall.
    """

    way = 2

    def __init__(self, shot: int = 5, query: int = 20, rare: float | None = None, cue=None, noise: float = 0.4,
                 hum: float = 0.4):  # fmt: skip
        check_whole(shot=shot, query=query)
        check_number(0, noise=noise, hum=hum)
        if rare is not None:
            check_number(0, 1, rare=rare)
        self.cues = cue if isinstance(cue, tuple) else (cue, cue)
        for where in self.cues:
            check_one_of(CUES, cue=where)
        self.shot, self.query, self.rare, self.noise, self.hum = shot, query, rare, noise, hum

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` patients: support `[n_tasks, 2 * shot, 1, 96]` and query `[n_tasks, query, 1, 96]`, usual beats
        first."""
        check_draw(n_tasks, generator)
        forms = patients(n_tasks, generator)
        ectopic = max(1, round((0.5 if self.rare is None else self.rare) * self.query))
        counts = ((self.shot, self.shot), (self.query - ectopic, ectopic))
        parts = []
        for (usual, other), cue in zip(counts, self.cues, strict=True):
            labels = torch.tensor([0] * usual + [1] * other).expand(n_tasks, -1)
            parts += [self._beats(forms, labels, cue, generator), labels.contiguous()]
        return Episode(*parts, self.way)

    def _beats(self, forms: Tensor, labels: Tensor, cue: str | None, g: Generator | None) -> Tensor:
        """Beats of patients `[n, 2, 3, 5]` with labels `[n, m]`: `[n, m, 1, 96]`."""
        n, m = labels.shape
        angle, height, width = forms[torch.arange(n).unsqueeze(1), labels].unbind(2)  # each [n, m, 5]
        z = torch.randn(3, n, m, 5, generator=g)  # no two beats of a patient are equal
        x = waves(torch.stack([angle + 0.03 * z[0], height * (0.12 * z[1]).exp(), width * (0.06 * z[2]).exp()], 2))
        u = torch.rand(n, m, 5, 1, generator=g).unbind(2)  # each [n, m, 1]
        x = x + 0.15 * (u[0] - 0.5) + 0.1 * torch.sin(PHASE * (0.3 + 0.4 * u[1]) + 2 * math.pi * u[2])  # breathing
        x = x + self.noise * torch.randn(n, m, SAMPLES, generator=g)
        hum = math.sqrt(2) * self.hum * torch.sin(14 * PHASE + 2 * math.pi * u[3])  # 10 swings a beat
        on = {None: torch.zeros_like(labels), "ectopic": labels, "usual": 1 - labels, "all": torch.ones_like(labels),
              "random": u[4].squeeze(-1) < 0.5}[cue]  # fmt: skip
        return (x + hum * on.unsqueeze(-1)).unsqueeze(2)

    def __repr__(self):
        return (f"Heartbeats({self.shot}-shot {self.query}-query, rare={self.rare}, cue={self.cues}, "
                f"noise={self.noise:g}, hum={self.hum:g})")  # fmt: skip
