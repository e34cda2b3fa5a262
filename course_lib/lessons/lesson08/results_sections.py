"""Ten results sections, each with one flaw, of which five are dealt; and the numbers that some authors could have seen.

The sections are invented, and their data simulated: the truth is known, so a flaw can be shown to be one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

DEALT = 5  # sections in a deal, each with another flaw

#: What can be wrong with a result; by name, so that the order tells nothing. `deal` shuffles them.
FLAWS = {
    "best of seeds": "the number is that of the luckiest training, not of an ordinary one",
    "leaking split": "something of the test classes was seen in training",
    "no baseline": "no other learner is named, so nothing can be compared",
    "test-set early stopping": "the step at which training stopped was chosen by the test tasks",
    "too few tasks": "luck in drawing the test could make the whole difference",
    "unequal tuning": "one learner's settings were searched for, those of the other were not",
    "unreported transduction": "the answers use more than support set and query, unlike the ones beside them",
    "wrong measure": "the number reported does not measure what the task asks for",
}

#: The sections by letter.
SECTIONS = {
    "A": "We compare on 12 tasks, 20-way 1-shot, with 15 queries a class. Our learner names 80.4 ± 1.3 % of the 3,600 "
    "queries right, the baseline 77.2 ± 1.4 %: intervals of 3,600 trials. They do not touch, so the gain of 3.2 "
    "points is real. Both learners met the same tasks, of alphabets that neither saw in training.",
    "B": "Figure 2 follows the accuracy on 600 test tasks during training, in steps of 500. It rises to a peak and "
    "then falls a little, since the learner meta-overfits. We report the network of the peak, for our learner and for "
    "the baseline alike, with intervals over the 600 tasks.",
    "C": "To have more classes, each character is also used turned by 90, 180 and 270 degrees: 400 characters become "
    "1,600 classes. The classes are shuffled; 1,200 are for training and 400 for testing. No test class occurs in "
    "training. On the same 1,000 test tasks our learner has 97.2 ± 0.2 %, a prototypical network 96.1 ± 0.2 %.",
    "D": "All images of a task, 5 support images and 75 queries, go through the network in one pass. We leave batch "
    "normalisation in training mode, because accuracy was lower in evaluation mode. On 1,000 test tasks the learner "
    "has 98.9 ± 0.2 %; published results of other learners, which answer query by query, are 98.1 to 98.5 %.",
    "E": "The learner was trained with 10 seeds, each run stopped by validation tasks. It reaches 96.5 ± 0.2 % on "
    "1,000 test tasks (the network that did best on them). The baseline, trained once by its authors, has 95.9 ± "
    "0.2 %. The intervals do not touch.",
    "F": "First the network learns to name all 1,623 characters of 50 alphabets. Then it is trained by episodes from "
    "30 of the alphabets, and tested on 1,000 tasks from the 20 others, which stand in no episode. It has 99.1 ± "
    "0.1 %; a prototypical network, trained by the same episodes from random weights, has 98.0 ± 0.2 %.",
    "G": "A learner sees five characters, and says of each query whether it is one of the five or a stranger. Of 100 "
    "queries in a task 95 are strangers. On the same 1,000 test tasks it gives 96.1 ± 0.1 % right answers, nearest "
    "neighbours 92.4 ± 0.2 %. So it recognises what it has seen once.",
    "H": "For our learner we tried 60 learning rates and temperatures and kept what was best on validation tasks. "
    "MAML was trained with the rates of its authors' code, which are for larger pictures. Backbone, steps and the "
    "1,000 test tasks are the same: ours is 2.4 ± 0.3 points ahead (paired). Five trainings of each agree.",
    "I": "Both learners train until their accuracy on the 1,000 test tasks has not risen for ten checks in a row, "
    "which saves days of computing. Learning rates come from validation alphabets. We report the highest point that "
    "each of them reached: 97.9 ± 0.2 % and 97.3 ± 0.2 %.",
    "J": "We trained ten networks of each learner, and report the mean of all ten. Both learners met the same 20 test "
    "tasks. Ours is 0.9 points ahead; the interval of the paired difference goes from -0.8 to +2.6 points. Since ten "
    "networks of each were trained, we regard the gain as established.",
}

_ANSWERS = {
    "A": "too few tasks", "B": "test-set early stopping", "C": "leaking split", "D": "unreported transduction",
    "E": "best of seeds", "F": "leaking split", "G": "wrong measure", "H": "unequal tuning",
    "I": "test-set early stopping", "J": "too few tasks",
}  # fmt: skip


def name_flaws() -> dict[str, str]:
    """The flaw of each section, of all ten: a letter of `SECTIONS` to a name of `FLAWS`."""
    return dict(_ANSWERS)


def deal(seed: int = 0) -> tuple[dict[str, str], dict[str, str]]:
    """Five of the sections, no two with one flaw, and all flaws with their meanings; both in random order.

    Args:
        seed: another one deals others.
    """
    chance = random.Random(seed)
    by_flaw = {}
    for letter, flaw in _ANSWERS.items():
        by_flaw.setdefault(flaw, []).append(letter)
    dealt = [chance.choice(by_flaw[flaw]) for flaw in chance.sample(sorted(by_flaw), DEALT)]
    order = list(FLAWS)
    chance.shuffle(order)
    while any(_ANSWERS[letter] == flaw for letter, flaw in zip(dealt, order, strict=False)):
        chance.shuffle(order)  # a flaw that stands beside its own section would be told by its place
    return {letter: SECTIONS[letter] for letter in dealt}, {flaw: FLAWS[flaw] for flaw in order}


@dataclass(frozen=True)
class Runs:
    """What several training runs saved, one row a run, one column a checkpoint: accuracies, fractions.

    Args:
        validation: `[runs, checkpoints]` on validation tasks.
        test: `[runs, checkpoints]` on test tasks.
        true: `[runs, checkpoints]` what the network would have on endlessly many test tasks: known because simulated.
    """

    validation: Tensor
    test: Tensor
    true: Tensor


def honest_result(validation: Tensor, test: Tensor) -> tuple[float, float]:
    """What to report of several runs: each stops where *its* validation is best, and all of them count.

    Args:
        validation: `[runs, checkpoints]` accuracy on validation tasks.
        test: `[runs, checkpoints]` accuracy on test tasks, at the same checkpoints.

    Returns: the mean over runs of the test accuracy, and its standard deviation over runs (dividing by `runs - 1`).
    Where two checkpoints of a run are equally good in validation, the earlier one counts.
    """
    chosen = stopped_by(validation, test).double()  # [runs]
    return chosen.mean().item(), chosen.std().item()


def stopped_by(choosing: Tensor, table: Tensor) -> Tensor:
    """`[runs]` the value of `table` at the checkpoint of each run where `choosing` is highest, the first such one.

    Args:
        choosing, table: `[runs, checkpoints]`.
    """
    best = (choosing == choosing.amax(1, keepdim=True)).int().argmax(1, keepdim=True)  # [runs, 1]
    return table.gather(1, best)[:, 0]


def simulate_runs(runs: int = 10, checkpoints: int = 20, seed: int = 2) -> Runs:
    """Runs of one recipe: accuracy rises and then stays, with chance between runs, and noise in each measurement."""
    generator = torch.Generator().manual_seed(seed)

    def noise(*size: int) -> Tensor:
        return torch.randn(*size, generator=generator, dtype=torch.float64)

    step = torch.linspace(0, 1, checkpoints, dtype=torch.float64)
    curve = 0.962 - 0.25 * torch.exp(-6 * step) - 0.006 * step  # [checkpoints]: rises, then falls a little
    true = curve + 0.004 * noise(runs, 1) + 0.002 * noise(runs, checkpoints)
    return Runs(true + 0.003 * noise(runs, checkpoints), true + 0.003 * noise(runs, checkpoints), true)


def two_learners(n_tasks: int = 12, queries: int = 300, seed: int = 36) -> tuple[Tensor, Tensor]:
    """Scores `[tasks]` of the two learners of section A, which are equally good: only luck makes one better.

    The default seed is the one of 40 in which luck was strongest, as in a paper that got written because of it.
    """
    generator = torch.Generator().manual_seed(seed)
    ease = 0.772 + 0.08 * torch.randn(n_tasks, generator=generator)  # [tasks]
    each = (ease + 0.05 * torch.randn(2, n_tasks, generator=generator)).clamp(0, 1)  # [2, tasks]
    first, second = (each * queries).round().double() / queries
    return first, second


def shuffled_classes(characters: int = 400, train: int = 1200, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The split of section C: `[classes, 2]` for training and for testing; a class is (character, quarter turns)."""
    classes = torch.cartesian_prod(torch.arange(characters), torch.arange(4))  # [4 * characters, 2]
    order = torch.randperm(len(classes), generator=torch.Generator().manual_seed(seed))
    return classes[order[:train]], classes[order[train:]]
