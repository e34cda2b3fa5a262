"""Whoever makes a mistake that a check of lesson 06 knows is told this one, and not another."""

import pytest
import torch

from course_lib.exercises.engine import verdict
from course_lib.lessons.lesson06 import checks_losses, checks_means, checks_measures, checks_reports
from course_lib.lessons.lesson06.checks import EXERCISES

KNOWN = {
    "squared_distances": checks_measures._DISTANCE_MISTAKES, "cosine_similarities": checks_measures._COSINE_MISTAKES,
    "prototypes": checks_means._PROTOTYPE_MISTAKES, "as_linear": checks_means._LINEAR_MISTAKES,
    "episode_loss": checks_losses._MISTAKES, "zero_shot_report": checks_reports._MISTAKES,
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_mistake_is_told_in_its_own_words(name):
    told = {}
    for i, (formula, message) in enumerate(KNOWN[name]):

        def answer(*args, formula=formula):
            found = formula(*args)
            return torch.zeros(found) if isinstance(found, torch.Size) else found

        word, said = verdict(EXERCISES[name], answer)
        if (word, said) != ("hint", message):
            told[i, message] = word, said
    assert not told
