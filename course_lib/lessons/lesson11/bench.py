"""What the person explorer computes: who is right about ten people, for one way to wear the watch and to calibrate."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from course_lib.learners import Joint, PrototypicalNet
from course_lib.lessons.lesson11.fine_tuning import FineTuneWhole, borrowed, whole
from course_lib.lessons.lesson11.mirror import six_signs
from course_lib.lessons.lesson11.networks import LENGTHS, WindowNet, nearest, population, scene
from course_lib.lessons.lesson11.personal import personal_prototypes
from course_lib.tasks.people import AFTER, BEFORE, RATE, SIDES, Recordings, arms_of, cut, folds, read_recordings, scaled

METHODS = ("global", "features + prototypes", "prototypical", "fine-tuned", "from scratch")
WINDOW, QUERIES, PEOPLE = LENGTHS[-1], 6, 10  # samples of a query; queries of each exercise; people
STEPS = {"fine-tuned": 10, "from scratch": 40}


class Settings(NamedTuple):
    """How the watch is worn, and what the person gives.

    side: "left" or "right". signs: of x, y and z, 1 or -1. window: samples of a calibration window. places: for each
    exercise where it lies in the calibration part, from 0 to 1. labelled: for each exercise whether it has a label.
    lend: whether strangers lend windows of the other exercises to those that are trained. trust: from 0 to 1.
    """

    side: str
    signs: tuple[int, int, int]
    window: int
    places: tuple[float, ...]
    labelled: tuple[bool, ...]
    lend: bool
    trust: float

    @property
    def of_training(self) -> tuple:
        """What the two methods depend on that are trained: all but the trust."""
        return self[:-1]


class Bench:
    """Ten people; of each the learners of the fold that has not seen them.

    Args:
        learners: for each of the five folds a global and a prototypical network, trained on right arms.
        seed: which queries are asked, which windows are lent, and how a network from scratch begins.

    Raises:
        ValueError: if there are not five pairs of learners.
    """

    def __init__(self, learners: list[tuple[Joint, PrototypicalNet]], seed: int = 0):
        pairs = [tuple(pair) for pair in learners]
        right = all(len(p) == 2 and isinstance(p[0], Joint) and isinstance(p[1], PrototypicalNet) for p in pairs)
        if len(pairs) != len(folds()) or not right:
            raise ValueError("learners must be five pairs (global network, prototypical network), one for each fold.")
        self.learners, self.seed, self.raw = pairs, seed, read_recordings()
        self.names = list(self.raw.exercises)
        self.answer = torch.arange(len(self.names)).repeat_interleave(QUERIES)  # [7 * QUERIES]
        self._scenes = [scene(fold, ("right",)) for fold in range(len(pairs))]
        self._population = [[population(learner.embed, where) for learner in pair]
                            for where, pair in zip(self._scenes, pairs, strict=True)]  # fmt: skip
        share = torch.rand(2 * PEOPLE, len(self.names), QUERIES, generator=torch.Generator().manual_seed(seed))
        late = (AFTER * self.raw.length).ceil().long()[..., None]  # [arms, 7, 1]
        self._starts = late + (share * (self.raw.length[..., None] - WINDOW - late + 1)).long()
        every = list(product(SIDES, product((1, -1), repeat=3), range(len(pairs))))
        self._worn = {one: self._wear(*one) for one in every}  # all at once (35 MB), so that no button is slow
        self._asked = {one: self._embedded(*one) for one in every}

    def _wear(self, side: str, signs: tuple[int, int, int], fold: int) -> Recordings:
        """Recordings of the fold's two people with some signs turned, scaled by the people of its training."""
        seen, tested = arms_of(self._scenes[fold].train, ("right",)), arms_of(self._scenes[fold].test, (side,))
        arms, last = torch.cat([seen, tested]), slice(len(seen), None)
        part = self.raw._replace(signal=self.raw.signal[arms], length=self.raw.length[arms])
        part.signal[last] *= six_signs(*signs)
        part = scaled(part, torch.arange(len(seen)))
        return part._replace(signal=part.signal[last].clone(), length=part.length[last])

    def calibration(self, settings: Settings, fold: int) -> Tensor:
        """A window of each exercise of the fold's two people, `[2, 7, 6, samples]`."""
        worn = self._worn[settings.side, settings.signs, fold]
        starts = self.starts(settings, worn.length)
        return cut(worn, torch.arange(2)[:, None], torch.arange(len(self.names)), starts, settings.window)

    @staticmethod
    def starts(settings: Settings, lengths: Tensor) -> Tensor:
        """Where the calibration windows begin in recordings of these lengths, `[..., 7]`, all in samples."""
        free = (BEFORE * lengths).long() - settings.window
        return (torch.tensor(settings.places) * free).round().long()

    def queries(self, side: str, signs: tuple[int, int, int], fold: int) -> Tensor:
        """What is asked of the fold's two people, `[2, 7 * QUERIES, 6, WINDOW]`."""
        starts = self._starts[arms_of(self._scenes[fold].test, (side,))].flatten(1)  # [2, 7 * QUERIES]
        return cut(self._worn[side, signs, fold], torch.arange(2)[:, None], self.answer, starts, WINDOW)

    @torch.no_grad()
    def scores(self, settings: Settings) -> dict[str, np.ndarray]:
        """Right answers of the three that need no training on the wrist, by method, `[10]` in %."""
        found = {name: np.zeros(PEOPLE) for name in METHODS[:3]}
        labelled = torch.tensor(settings.labelled)
        for fold, pair in enumerate(self.learners):
            plain, queries = self._asked[settings.side, settings.signs, fold]
            support = self.calibration(settings, fold)
            answers = [plain]
            for learner, strangers, asked in zip(pair, self._population[fold], queries, strict=True):
                own = learner.embed(support)  # [2, 7, 48]: one window is its own mean
                prototypes = personal_prototypes(own, strangers, labelled, settings.trust)
                answers.append(nearest(asked, prototypes))
            for name, answer in zip(METHODS, answers, strict=False):
                found[name][self._scenes[fold].test] = self._right(answer)
        return found

    def trained(self, name: str, settings: Settings) -> np.ndarray:
        """Right answers after training on the wrist, `[10]` in %: "fine-tuned" or "from scratch"."""
        support = [self._support(settings, fold) for fold in range(len(self.learners))]
        asked = [self.queries(settings.side, settings.signs, fold) for fold in range(len(self.learners))]
        steps = STEPS[name] if len(support[0][1][0]) else 0  # with no window there is nothing to train on
        if name == "fine-tuned":
            starts, folds_of = [whole(plain) for plain, _ in self.learners], [[f] for f in range(len(self.learners))]
        else:  # one untrained network, and so all ten people at once
            torch.manual_seed(self.seed)
            starts, folds_of = [WindowNet(out=len(self.names))], [list(range(len(self.learners)))]
        found = np.zeros(PEOPLE)
        for start, together in zip(starts, folds_of, strict=True):
            learner = FineTuneWhole(start, steps)
            x, y = (torch.cat(parts) for parts in zip(*(support[fold] for fold in together), strict=True))
            with torch.no_grad():
                scores = learner.predict(learner.adapt(x, y), torch.cat([asked[fold] for fold in together]))
            found[[person for fold in together for person in self._scenes[fold].test]] = self._right(scores)
        return found

    def _support(self, settings: Settings, fold: int) -> tuple[Tensor, Tensor]:
        """What the fold's two people can be trained on, labelled and lent: `[2, n, 6, samples]`, `[2, n]`."""
        labelled = torch.tensor(settings.labelled)
        x, y = self.calibration(settings, fold)[:, labelled], labelled.nonzero().flatten().expand(2, -1)
        if settings.lend and not labelled.all():
            draw = torch.Generator().manual_seed(self.seed)
            lent = [borrowed(self._scenes[fold], (~labelled).nonzero().flatten(), generator=draw) for _ in range(2)]
            x = torch.cat([x, torch.stack([w for w, _ in lent])[..., : settings.window]], 1)
            y = torch.cat([y, torch.stack([of for _, of in lent])], 1)
        return x, y

    def shown(self, settings: Settings, person: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
        """For a picture: acceleration of each exercise, `[length, 3]`; where calibration ends and queries begin, in
        seconds, `[7, 2]`; starts of the windows in samples, `[7]`."""
        (arm,) = arms_of([person], (settings.side,))
        lengths, signs = self.raw.length[arm], six_signs(*settings.signs)[:3]
        signals = [(self.raw.signal[arm, i, :n, :3] * signs).numpy() for i, n in enumerate(lengths.tolist())]
        parts = torch.stack([BEFORE * lengths, AFTER * lengths], 1) / RATE
        return signals, parts.numpy(), self.starts(settings, lengths).numpy()

    @torch.no_grad()
    def _embedded(self, side: str, signs: tuple[int, int, int], fold: int) -> tuple[Tensor, list[Tensor]]:
        """What does not depend on the calibration: the global network's answers, and both embeddings of the queries."""
        x, (plain, prototypical) = self.queries(side, signs, fold), self.learners[fold]
        z = plain.embed(x)  # [2, 7 * QUERIES, 48]
        return plain.head(z), [z, prototypical.embed(x)]

    def _right(self, scores: Tensor) -> np.ndarray:
        """Of scores `[..., 7 * QUERIES, 7]` how many are right, in %."""
        return 100 * (scores.argmax(-1) == self.answer).float().mean(-1).numpy()
