"""What the quizzes of lesson 05 say is true."""

import pytest
import torch

from course_lib.learners import MAML
from course_lib.lessons.lesson05 import measure_prices, overfitting, repeated, three_bowls
from course_lib.lessons.lesson05.price import FAMILY
from course_lib.lessons.lesson05.quizzes import QUIZZES
from course_lib.lessons.lesson05.toy import VARIANTS
from course_lib.models import MLP, Conv4
from course_lib.tasks import Scripts, Sinusoids


@pytest.mark.slow
def test_the_budget_of_little_memory():
    torch.manual_seed(0)
    task = Scripts(way=5, shot=1, query=5, split="test").sample(1, torch.Generator().manual_seed(0))
    prices = measure_prices(Conv4(16, out=5), task, (1, 10), turns=1)
    assert prices.affordable(10, 10) == ["first order", "Reptile", "implicit MAML"]
    assert prices.affordable(10, 4) == ["Reptile"]  # "With 4 MB it would be your only choice."
    assert prices.bytes["Reptile"][1] < 0.6 * prices.bytes["first order"][1]  # "half of first order's memory"
    assert abs(prices.bytes["BOIL"][1] / prices.bytes["MAML"][1] - 1) < 0.05
    assert QUIZZES["little memory"].right == "first order"


def test_only_implicit_maml_has_an_exact_gradient_whose_memory_does_not_grow():
    task = Sinusoids().sample(2, torch.Generator().manual_seed(0))
    prices = measure_prices(MLP((1, 40, 40, 1)), task, (5, 20), turns=1)
    flat = {name for name, row in prices.bytes.items() if row[1] < 1.2 * row[0]}
    assert flat == {"first order", "Reptile", "implicit MAML"} and set(prices.bytes) == set(FAMILY)
    assert QUIZZES["long inner loop"].right == "implicit MAML"


def test_reptile_cannot_be_told_from_first_order():
    stored = repeated.read()
    reptile, first = (repeated.errors(stored, name, "after 5") for name in ("Reptile", "first order"))
    mean, half = repeated.over_trainings(reptile - first)
    assert abs(mean) < half and "cannot tell" in QUIZZES["little memory"].choices["Reptile"]


def test_of_equal_curvature_all_settle_together():
    ends = torch.stack([three_bowls(1).settles(name) for name in VARIANTS])
    torch.testing.assert_close(ends, ends[:1].expand_as(ends))


def test_one_step_feels_no_pull():
    torch.manual_seed(0)
    x, y = torch.randn(2, 1, 5, 1)
    net = MLP((1, 4, 1))
    for steps in (1, 2):
        pulled = overfitting.Proximal(net, steps, 0.1, strength=5.0).adapt(x, y)
        without = MAML(net, steps, 0.1).adapt(x, y)
        same = all(torch.allclose(pulled[name], p, atol=1e-7) for name, p in without.items())
        assert same == (steps == 1)


def test_the_disease_of_the_last_question():
    """0.1, 0.9, 1.0: the first step is the larger one, and it is on old curves."""
    assert QUIZZES["which disease"].right == "more examples of each task"
    assert "0.1" in QUIZZES["which disease"].question and (0.9 - 0.1) > (1.0 - 0.9)
