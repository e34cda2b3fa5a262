"""Whoever makes a mistake that a check of lessons 04 and 05 knows is told this one, and not another."""

import pytest
import torch

from course_lib.exercises.engine import verdict
from course_lib.lessons.lesson04 import (
    checks_dependence,
    checks_head,
    checks_images,
)
from course_lib.lessons.lesson04.checks import EXERCISES as EXERCISES_04
from course_lib.lessons.lesson05 import checks_gap, checks_implicit, checks_likeness, checks_variants
from course_lib.lessons.lesson05.checks import EXERCISES as EXERCISES_05

KNOWN = {
    "image_meta_gradient": checks_images._MISTAKES, "feature_gradient": checks_head._MISTAKES,
    "query_dependence": checks_dependence._MISTAKES, "reptile_step": checks_variants._REPTILE_MISTAKES,
    "partial_step": checks_variants._PARTIAL_MISTAKES + checks_variants._CUTS,
    "implicit_meta_gradient": checks_implicit._MISTAKES, "linear_cka": checks_likeness._CKA_MISTAKES,
    "unpaired_difference": checks_gap._GAP_MISTAKES,
}  # fmt: skip
CASES = [(name, i) for name, mistakes in KNOWN.items() for i in range(len(mistakes))]


@pytest.mark.parametrize(("name", "i"), CASES, ids=[f"{name}-{i}" for name, i in CASES])
def test_a_known_mistake_is_told_in_its_own_words(name, i):
    formula, message = KNOWN[name][i]

    def answer(*args):
        found = formula(*args)
        return torch.zeros(found) if isinstance(found, torch.Size) else found

    assert verdict((EXERCISES_04 | EXERCISES_05)[name], answer) == ("hint", message)
