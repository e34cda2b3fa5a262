"""Five results sections, each with one flaw, and the numbers that their authors could have looked at.

The sections are invented, and their data simulated: the truth is known, so a flaw can be shown to be one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

#: What can be wrong with a result. One of them fits each section; two fit none.
FLAWS = {
    "too few tasks": "the interval, rightly computed, is too wide for the claim",
    "test-set early stopping": "the step at which training stopped was chosen by the test tasks",
    "leaking split": "something of the test classes was seen in training",
    "unreported transduction": "queries of a task inform one another, and the text compares as if they did not",
    "best of seeds": "the best of several runs is reported as if it were the only one",
    "wrong measure": "the number reported does not measure what the task asks for",
    "no baseline": "there is nothing to compare with",
}

SECTIONS = {
    "A": "We compare on 12 tasks, 20-way 1-shot, with 15 queries a class. Our learner names 80.4 ± 1.3 % of the 3,600 "
    "queries right, the baseline 77.2 ± 1.4 %: intervals of 3,600 trials. They do not touch, so the gain of 3.2 "
    "points is real. Both learners met the same tasks, of alphabets that neither saw in training.",
    "B": "Figure 2 follows the accuracy on 600 test tasks during training, in steps of 500. It rises to a peak and "
    "then falls a little, since the learner meta-overfits. We report the network of the peak, for our learner and for "
    "the baseline alike, with intervals over the 600 tasks.",
    "C": "To have more classes, each character is also used turned by 90, 180 and 270 degrees: 400 characters become "
    "1,600 classes. The classes are shuffled; 1,200 are for training and 400 for testing. No test class occurs in "
    "training. On 1,000 test tasks our learner has 97.2 ± 0.2 %.",
    "D": "All images of a task, 5 support images and 75 queries, go through the network in one pass. We leave batch "
    "normalisation in training mode, because accuracy was lower in evaluation mode. On 1,000 test tasks the learner "
    "has 98.9 ± 0.2 %; published results of other learners, which answer query by query, are 98.1 to 98.5 %.",
    "E": "The learner was trained with 10 seeds, each run stopped by validation tasks. It reaches 96.5 ± 0.2 % on "
    "1,000 test tasks (the network that did best on them). The baseline, trained once by its authors, has 95.9 ± "
    "0.2 %. The intervals do not touch.",
}

_ANSWERS = dict(zip(SECTIONS, FLAWS, strict=False))  # section A has the first flaw, and so on


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


def name_flaws() -> dict[str, str]:
    """The flaw of each section: a letter of `SECTIONS` to a name of `FLAWS`."""
    return dict(_ANSWERS)


def honest_result(validation: Tensor, test: Tensor) -> tuple[float, float]:
    """What to report of several runs: each stops where *its* validation is best, and all of them count.

    Args:
        validation: `[runs, checkpoints]` accuracy on validation tasks.
        test: `[runs, checkpoints]` accuracy on test tasks, at the same checkpoints.

    Returns: the mean over runs of the test accuracy, and its standard deviation over runs (dividing by `runs - 1`).
    """
    best = validation.argmax(1, keepdim=True)  # [runs, 1]
    chosen = test.gather(1, best)[:, 0]  # [runs]
    return chosen.mean().item(), chosen.std().item()


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
