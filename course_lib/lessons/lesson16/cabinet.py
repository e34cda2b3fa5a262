"""The failure cabinet: reports of one learner on one set of tasks, each with one fault that its headline does not show.

Characters are written by five people. Four of them label the shots of a task; all five ask, one question a class each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from course_lib.compute.seeding import undisturbed
from course_lib.episode import Episode
from course_lib.learners import PrototypicalNet
from course_lib.models import Conv4
from course_lib.tasks import FewTasks, ImageTasks, Scripts
from course_lib.tasks.images import freeze
from course_lib.training import fit

#: How each person writes: the turn of the page (degrees) and the slant (shear). The last one leans the other way.
HANDS = ((0, -0.15), (10, 0.0), (-10, 0.1), (0, 0.25), (-40, -0.3))
PEOPLE = range(len(HANDS))
USUAL, COPIES = 4, 4  # people who label shots; drawings of a character by each person
WAY, SHOT = 5, 5
STEPS, META_BATCH, RATE, CHANNELS = 300, 2, 2e-3, 16
FEW = 10  # training tasks, where they are too few
MARKED = 0.85  # drawings that have the mark of their sheet, where sheets have marks
SCRIPTS = {"train": ("Cyrillic", "Georgian", "Arabic"), "test": ("Armenian", "Hebrew"),
           "fresh": ("Lao", "Nko", "Tifinagh")}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with a report.

    Args:
        name: in the menu.
        what: was done.
        truth: what the reader of the report should have been told an accuracy of.
        why: it can be read from the instruments.
        lesson: that told of it.
    """

    name: str
    what: str
    truth: str
    why: str
    lesson: str


FAULTS = {
    "healthy": Fault(
        "nothing is wrong",
        "Training and test are as they should be.", "the same tasks",
        "No character is shared, new scripts give about what the headline says, and no instrument finds a large gap.",
        "08"),
    "leak": Fault(
        "a leak: test characters in training",
        "Half of the training tasks were made of the test characters.", "characters of new scripts",
        "Test characters stand among those of training; on new scripts the learner does worse than the headline.",
        "01"),
    "cue": Fault(
        "a cue beside the characters",
        "Each class was drawn on a sheet of its own, and sheets have a mark at the margin.", "drawings without marks",
        "With the margins painted over, where no character is, the accuracy falls.", "11"),
    "elsewhere": Fault(
        "test drawings from elsewhere",
        "The test drawings come from elsewhere: a thicker pen, and they lie on their side.", "the usual drawings",
        "A few sums of ink tell training drawings from test drawings, and on new scripts in the usual pen the learner "
        "does better than the headline.", "10"),
    "few tasks": Fault(
        "too few training tasks",
        f"There were only {FEW} training tasks, always the same.", "the same test, after training on all tasks",
        "On its training tasks it is perfect, and far worse on new ones, though nothing tells the drawings apart.",
        "05"),
    "transduction": Fault(
        "transduction: answers depend on company",
        "It deals its answers evenly over the classes, since each class asks as often.",
        "the same questions, class by class",
        "The same questions in other company get other answers.", "04"),
    "mislabelled": Fault(
        "mislabelled shots",
        "One of the five shots of every class has the label of another class.", "the same tasks with the right labels",
        "The other shots of a task contradict more of its labels than the learner has wrong answers.", "16"),
    "unfair": Fault(
        "unfair to one person",
        "The fifth person asked no question in training.", "the fifth person's questions",
        "One person is served much worse than the others, and the mean hides it.", "11"),
}  # fmt: skip


class HandTasks(ImageTasks):
    """Tasks over drawings by five people: of each class a shot by each of the four usual people, a second one by one of
    them, and a question by each of `people`, in this order.

    Args:
        images: `[characters, COPIES * 5, 28, 28]` uint8, drawing `i` by person `i % 5`.
        people: who ask.
        marked: each class of a task has a mark of its own in the upper margin, on most drawings.
        elsewhere: a thicker pen, and every drawing lies on its side.
    """

    def __init__(self, images: Tensor, people=PEOPLE, marked: bool = False, elsewhere: bool = False):
        super().__init__(images, WAY, SHOT, len(people))
        self.people, self.marked, self.elsewhere = list(people), marked, elsewhere

    def pick_examples(self, n_tasks: int, generator) -> Tensor:
        """Different drawings of each class: `[tasks, way, shot + query]`."""
        keys = torch.rand(n_tasks, WAY, len(HANDS), COPIES, generator=generator)
        drawings = keys.argsort(-1) * len(HANDS) + torch.arange(len(HANDS)).view(-1, 1)  # [tasks, way, people, COPIES]
        again = torch.randint(USUAL, (n_tasks, WAY, 1), generator=generator)  # who labels a second shot
        second = drawings[..., 1].gather(2, again)  # [tasks, way, 1]
        return torch.cat([drawings[..., :USUAL, 0], second, drawings[..., self.people, 2]], -1)

    def render(self, images: Tensor, generator) -> Tensor:
        """The drawings `[tasks, way, n, 28, 28]`, uint8, with what is wrong with them."""
        if self.elsewhere:
            thick = F.max_pool2d(images.flatten(0, 1).float(), 3, 1, padding=1).view_as(images)
            images = thick.rot90(1, (3, 4)).to(torch.uint8)
        if self.marked:
            images = images.clone()
            has = torch.rand(*images.shape[:3], 1, 1, generator=generator) < MARKED
            for label in range(WAY):
                place = images[:, label, :, :2, 2 + 5 * label : 6 + 5 * label]  # [tasks, n, 2, 4], in the margin
                place.copy_(place.where(~has[:, label], place.new_tensor(160)))
        return images


class HalfAndHalf:
    """Each task is of the first or of the second distribution, with equal chances."""

    way = WAY

    def __init__(self, first, second):
        self.both = first, second

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` tasks."""
        which = torch.randint(2, (n_tasks,), generator=generator).tolist()
        return Episode.cat([self.both[i].sample(1, generator) for i in which])


class WrongLabels:
    """The tasks of a distribution, but of every class the second of its five shots has the label of another class."""

    way = WAY

    def __init__(self, tasks):
        self.tasks = tasks

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` tasks."""
        episode = self.tasks.sample(n_tasks, generator)
        labels = episode.support_y.view(n_tasks, WAY, SHOT).clone()
        labels[:, :, 1] = (labels[:, :, 1] + torch.randint(1, WAY, (n_tasks, 1), generator=generator)) % WAY
        return Episode(episode.support_x, labels.flatten(1), episode.query_x, episode.query_y, WAY)


class EvenAnswers(PrototypicalNet):
    """A prototypical network that knows that all classes ask equally often: it scales its probabilities until every
    class has an equal share of them. Its answers depend on which questions come together.

    Probabilities are divided by their sums over the questions, and by those over the classes, in turn (the iteration of
    Sinkhorn and Knopp).

    Source: that questions are dealt to classes in equal shares is a part of PT-MAP (Hu et al. 2020, arXiv:2006.03806):
    second-hand, the paper was not read.
    """

    def compare(self, adapted: Tensor, query_z: Tensor) -> Tensor:
        """Logarithms of probabilities, `[tasks, n_query, way]`."""
        found = super().compare(adapted, query_z).log_softmax(-1)
        for _ in range(20):
            found = (found - found.logsumexp(1, keepdim=True)).log_softmax(-1)
        return found


@dataclass(eq=False)
class Report:
    """A trained learner, with the tasks that it was trained and tested on.

    Args:
        fault: a key of FAULTS.
        seed: of the training.
        learner: in evaluation mode.
        train, test: task distributions, with what is wrong with them. fresh: characters of scripts that are in neither.
        seen, tested: numbers of the characters in training and in the test.
    """

    fault: str
    seed: int
    learner: PrototypicalNet
    train: object
    test: object
    fresh: object
    seen: frozenset
    tested: frozenset


@cache
def drawings() -> dict[str, Tensor]:
    """By the keys of SCRIPTS, `[characters, COPIES * 5, 28, 28]` uint8: drawing `i` of a character is by person
    `i % 5`. For the test every fifth character is enough."""
    found = {}
    for seed, (part, scripts) in enumerate(SCRIPTS.items()):
        tasks = Scripts(scripts=scripts)
        tasks.images = tasks.images[:: 5 if part == "test" else 1]
        written = freeze(tasks, COPIES * len(HANDS), Generator().manual_seed(seed))
        found[part] = by_hands(written)
    return found


def by_hands(images: Tensor) -> Tensor:
    """Turn and slant drawing `i` of each character as person `i % 5` does: `[characters, n, size, size]` uint8."""
    found = torch.empty_like(images)
    for person, (degrees, shear) in enumerate(HANDS):
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        turn = torch.tensor([[cos - shear * sin, sin + shear * cos, 0], [-sin, cos, 0]])
        own = images[:, person :: len(HANDS)].float()  # [characters, n / 5, size, size]
        grid = F.affine_grid(turn.expand(len(own), 2, 3), list(own.shape), align_corners=False)
        found[:, person :: len(HANDS)] = F.grid_sample(own, grid, align_corners=False).round().to(torch.uint8)
    return found


def tasks_of(fault: str) -> tuple[object, object, object]:
    """What a report with this fault was trained on, tested on, and fresh tasks: three distributions.

    Raises:
        ValueError: if it is not a key of FAULTS.
    """
    if fault not in FAULTS:
        raise ValueError(f"fault must be one of {', '.join(FAULTS)}, but it is {fault!r}.")
    images = drawings()
    people = range(USUAL) if fault == "unfair" else PEOPLE
    train = HandTasks(images["train"], people, marked=fault == "cue")
    test = HandTasks(images["test"], marked=fault == "cue", elsewhere=fault == "elsewhere")
    if fault == "leak":
        train = HalfAndHalf(train, test)
    if fault == "few tasks":
        train = FewTasks(train, FEW)
    return train, WrongLabels(test) if fault == "mislabelled" else test, HandTasks(images["fresh"])


@cache
def _trained(fault: str, seed: int) -> PrototypicalNet:
    with undisturbed(torch.device("cpu")):
        torch.manual_seed(seed)
        learner = PrototypicalNet(Conv4(CHANNELS))
    fit(learner, tasks_of(fault)[0], STEPS, meta_batch=META_BATCH, lr=RATE, seed=seed, device="cpu", progress=False)
    return learner


def make_report(fault: str, seed: int = 0) -> Report:
    """Train the learner of a report. Where the fault is in the test alone, it is the learner of the healthy one.

    Raises:
        ValueError: if `fault` is not a key of FAULTS.
    """
    train, test, fresh = tasks_of(fault)
    learner = _trained("healthy" if fault in ("elsewhere", "transduction", "mislabelled") else fault, seed)
    if fault == "transduction":
        learner = EvenAnswers(learner.backbone)
    known, new = len(drawings()["train"]), len(drawings()["test"])
    tested = frozenset(range(known, known + new))
    seen = frozenset(range(known)) | (tested if fault == "leak" else frozenset())
    return Report(fault, seed, learner.eval(), train, test, fresh, seen, tested)
