"""Instruments that look into a report of the failure cabinet: each measures one thing, and has a price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode
from course_lib.learners import PrototypicalNet
from course_lib.learners.distances import squared_distances
from course_lib.learners.metric import class_sums, one_hot
from course_lib.lessons.lesson16.cabinet import HANDS, HandTasks, Report, make_report
from course_lib.statistics import ci95

TESTED = 200  # tasks of a reading, the same ones for all instruments
MARGIN = 2  # pixels


@dataclass(frozen=True)
class Reading:
    """What an instrument shows.

    Args:
        values: percent: one number, or that of the worst- and the best-served person.
        half: of the first one, half its 95 % interval over tasks, in points; 0 where characters were counted.
    """

    values: tuple[float, ...]
    half: float


@dataclass(frozen=True)
class Instrument:
    """A way to look into a report.

    Args:
        measure: gives its reading.
        price: in points.
        label: what is read, in few words.
        question: what it asks, in a sentence.
        lesson: that told of it first.
    """

    measure: Callable[[Report], Reading]
    price: int
    label: str
    question: str
    lesson: str


def drawn(tasks, n: int = TESTED) -> Episode:
    """The tasks of a distribution that readings are made on."""
    return tasks.sample(n, Generator().manual_seed(1))


def read_off(scores: Tensor) -> Reading:
    """The mean over tasks of scores `[tasks]`, fractions."""
    return Reading((round(100 * scores.mean().item(), 1),), round(100 * ci95(scores), 1))


@torch.no_grad()
def right(learner: PrototypicalNet, episode: Episode) -> Tensor:
    """Which questions get the right answer: `[tasks, n_query]`, 0 or 1."""
    return torch.cat([(learner(part).argmax(-1) == part.query_y).float() for part in episode.split(25)])


def headline(report: Report) -> Reading:
    """What the report says: the accuracy on its own test tasks."""
    return read_off(right(report.learner, drawn(report.test)).mean(1))


def overlap(report: Report) -> Reading:
    """The share of the test characters that training saw too."""
    shared = len(report.tested & report.seen) / len(report.tested)
    return Reading((round(100 * shared, 1),), 0.0)


def on_training_tasks(report: Report) -> Reading:
    """The accuracy on tasks of the training."""
    return read_off(right(report.learner, drawn(report.train)).mean(1))


def on_fresh_scripts(report: Report) -> Reading:
    """The accuracy on characters of other scripts, by the same five people in the usual pen."""
    return read_off(right(report.learner, drawn(report.fresh)).mean(1))


@torch.no_grad()
def in_other_company(report: Report) -> Reading:
    """The accuracy when the questions of one class come together, and then those of the next; the same questions."""
    learner, found = report.learner, []
    for part in drawn(report.test).split(25):
        adapted = learner.adapt(part.support_x, part.support_y, part.way)
        x = part.query_x.unflatten(1, (part.way, -1)).unbind(1)  # way times [tasks, queries of a class, 1, 28, 28]
        answers = torch.cat([learner.predict(adapted, of_class).argmax(-1) for of_class in x], 1)  # [tasks, n_query]
        found.append((answers == part.query_y).float().mean(1))
    return read_off(torch.cat(found))


def without_margins(report: Report) -> Reading:
    """The accuracy when the margin of every drawing, of shots and questions, is painted over with paper."""
    episode = drawn(report.test)
    inside = torch.zeros(episode.query_x.shape[-2:])
    inside[MARGIN:-MARGIN, MARGIN:-MARGIN] = 1
    covered = Episode(episode.support_x * inside, episode.support_y, episode.query_x * inside, episode.query_y, 5)
    return read_off(right(report.learner, covered).mean(1))


def person_by_person(report: Report) -> Reading:
    """The accuracy of the person who is served worst, and of the one who is served best."""
    each = right(report.learner, drawn(report.test)).unflatten(1, (-1, len(HANDS))).mean(1)  # [tasks, people]
    worst = each[:, each.mean(0).argmin()]
    return Reading((*read_off(worst).values, *read_off(each[:, each.mean(0).argmax()]).values), read_off(worst).half)


@torch.no_grad()
def shots_agree(report: Report) -> Reading:
    """How often the other shots of a task give a shot the label that it has: each is left out of its class in turn."""
    found = []
    for part in drawn(report.test).split(25):
        found.append(left_out_agree(report.learner.embed(part.support_x), part.support_y, part.way))
    return read_off(torch.cat(found).float().mean(1))


def left_out_agree(support_z: Tensor, labels: Tensor, way: int) -> Tensor:
    """Whether each shot lies nearest to the prototype of its own class, which is made without it.

    Args:
        support_z: `[tasks, n, features]`.
        labels: `[tasks, n]`, int64; two examples of each class or more.
        way: number of classes.

    Returns: `[tasks, n]`, bool.
    """
    sums, counts = class_sums(support_z, labels, way)  # [tasks, way, features], [tasks, way, 1]
    distances = squared_distances(support_z, sums / counts)  # [tasks, n, way]
    own = one_hot(labels, way, support_z.dtype)  # [tasks, n, way]
    n = own @ counts  # [tasks, n, 1]: examples of its class
    others = (own @ sums - support_z) / (n - 1)  # [tasks, n, features]: the mean of its class without itself
    alone = (support_z - others).square().sum(-1, keepdim=True)  # [tasks, n, 1]
    return distances.where(own == 0, alone).argmin(-1) == labels


def told_apart(report: Report) -> Reading:
    """How often a linear classifier that sees sums of ink tells a training drawing from a test drawing."""
    sums = [ink_sums(drawn(tasks).query_x) for tasks in (report.train, report.test)]
    return read_off(classifier_right(*sums))


def ink_sums(x: Tensor) -> Tensor:
    """Of drawings `[tasks, n, 1, height, width]` six numbers, `[tasks, n, 6]`: how much ink, how much full ink, how
    often ink changes to the right and downwards, and how wide and how high the ink lies around its middle."""
    x = x.squeeze(2).double()
    ink = x.mean((-1, -2))
    found = [ink, (x > 0.5).double().mean((-1, -2)), x.diff(dim=-1).abs().mean((-1, -2)),
             x.diff(dim=-2).abs().mean((-1, -2))]  # fmt: skip
    for lines in (x.mean(-2), x.mean(-1)):  # [tasks, n, size]: ink of each column, of each row
        place = torch.arange(lines.shape[-1], dtype=x.dtype)
        share = lines / lines.sum(-1, keepdim=True).clamp(min=1e-9)
        middle = (share * place).sum(-1, keepdim=True)
        found.append((share * (place - middle).square()).sum(-1).sqrt())
    return torch.stack(found, -1)


def classifier_right(first: Tensor, second: Tensor) -> Tensor:
    """A linear classifier learns from half of the tasks which of two sets an example is from; scores on the other half.

    Args:
        first: `[tasks, n, features]`. second: `[tasks, m, features]`.

    Returns: `[tasks // 2]`, for each task of the second half the share of right answers, both sets weighing the same.
    """
    half = len(first) // 2
    fitted = [part[:half].flatten(0, 1) for part in (first, second)]
    both = torch.cat(fitted)
    mean, spread = both.mean(0), both.std(0).clamp(min=1e-9)
    fitted = [(part - mean) / spread for part in fitted]
    within = sum(torch.cov(part.T) for part in fitted) + 1e-3 * torch.eye(both.shape[-1], dtype=both.dtype)
    middles = [part.mean(0) for part in fitted]
    weights = torch.linalg.solve(within, middles[1] - middles[0])
    scores = [((part[half : 2 * half] - mean) / spread - sum(middles) / 2) @ weights for part in (first, second)]
    return ((scores[0] < 0).double().mean(1) + (scores[1] > 0).double().mean(1)) / 2


INSTRUMENTS = {
    "overlap": Instrument(overlap, 1, "test characters seen in training",
                          "How many of the test characters were in the training too?", "01"),
    "training": Instrument(on_training_tasks, 1, "on its training tasks",
                           "How accurate is it on the tasks that it was trained on?", "05"),
    "company": Instrument(in_other_company, 2, "questions class by class",
                          "How accurate is it if the same questions come class by class, not all together?", "04"),
    "margin": Instrument(without_margins, 2, "margins painted over",
                         "How accurate is it without the outer two pixels, where no character is?", "07"),
    "people": Instrument(person_by_person, 2, "worst and best person",
                         "How accurate is it for the person it serves worst, and for the one it serves best?", "11"),
    "shots": Instrument(shots_agree, 2, "shots that agree with the others",
                        "How often do the other shots of a task give a shot its own label?", "16"),
    "apart": Instrument(told_apart, 2, "train and test told apart",
                        "How often does a small classifier, which sees only sums of ink, tell a training drawing from "
                        "a test drawing? 50 % is guessing.", "16"),
    "fresh": Instrument(on_fresh_scripts, 3, "on fresh scripts",
                        "How accurate is it on characters of other scripts, newly written by the same people?", "01"),
}  # fmt: skip


def truth(report: Report) -> float:
    """The accuracy, in percent, that the reader of a report should have been told: see `Fault.truth`."""
    plain = HandTasks(make_report("healthy", report.seed).test.images)
    told = {
        "healthy": headline, "leak": on_fresh_scripts, "transduction": in_other_company,
        "cue": lambda r: read_off(right(r.learner, drawn(plain)).mean(1)),
        "unfair": lambda r: Reading(person_by_person(r).values[:1], 0.0),
    }  # fmt: skip
    if report.fault in ("elsewhere", "mislabelled", "few tasks"):
        return headline(make_report("healthy", report.seed)).values[0]
    return told[report.fault](report).values[0]
