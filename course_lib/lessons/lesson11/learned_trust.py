"""How much to trust a person's own windows, learned from other people: more of them, more trust."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from course_lib.episode import Episode
from course_lib.learners import Learner
from course_lib.learners.base import loss_of
from course_lib.learners.prototypical import prototypes
from course_lib.lessons.lesson11.networks import LENGTHS, nearest

FASTER = 30  # the two numbers are learned so many times faster than a weight, which Adam moves by 0.003 at most


class LearnedTrust(Learner):
    """A prototype is a mixture, `trust * own + (1 - trust) * population`, and trust depends on the seconds of
    calibration: `sigmoid(a + b * log2(samples / 64))`. `a`, `b` and the network are trained together.

    In training the population of a task is the other tasks of the meta-batch: two of them at least.
    """

    def __init__(self, backbone: nn.Module):
        super().__init__(backbone)
        self.at_full = nn.Parameter(torch.zeros(()))
        self.per_doubling = nn.Parameter(torch.zeros(()))

    def trust(self, samples: int) -> Tensor:
        """0 to 1, for own windows of so many samples."""
        return (FASTER * (self.at_full + self.per_doubling * math.log2(samples / LENGTHS[-1]))).sigmoid()

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """The loss of the queries, with support windows cut to a length that is drawn anew for each meta-batch."""
        samples = LENGTHS[int(torch.randint(len(LENGTHS), ()))]
        own = prototypes(self.embed(episode.support_x[..., :samples]), episode.support_y, episode.way)
        query_z = self.embed(episode.query_x)
        theirs = prototypes(query_z, episode.query_y, episode.way)  # [tasks, way, features], from many windows
        population = (theirs.sum(0) - theirs) / (episode.n_tasks - 1)  # of the other tasks
        trust = self.trust(samples)
        outer = loss_of(nearest(query_z, trust * own + (1 - trust) * population), episode.query_y)
        return outer.detach(), outer
