"""Prices: memory by hand where it can be, and what grows with adaptation steps."""

import pytest
import torch

from course_lib.compute.memory import peak_bytes
from course_lib.learners import MAML
from course_lib.lessons.lesson05.price import FAMILY, Prices, measure_prices
from course_lib.models import MLP
from course_lib.tasks import Sinusoids


def test_every_member_is_measured_and_only_looking_back_makes_memory_grow():
    torch.manual_seed(0)
    episode, network = Sinusoids(shot=20).sample(2, torch.Generator().manual_seed(0)), MLP((1, 16, 16, 1))
    before = {name: p.clone() for name, p in network.state_dict().items()}
    prices = measure_prices(network, episode, (2, 4, 8), turns=1)
    assert list(prices.bytes) == list(FAMILY) == list(prices.seconds)
    assert all(s > 0 for row in prices.seconds.values() for s in row)
    grows = {name: row[-1] > 1.5 * row[0] for name, row in prices.bytes.items()}
    assert grows == {"MAML": True, "first order": False, "Reptile": False, "implicit MAML": False, "ANIL": True,
                     "BOIL": True}  # fmt: skip
    first, second = (b - a for a, b in zip(prices.bytes["MAML"], prices.bytes["MAML"][1:], strict=False))
    assert abs(second - 2 * first) < 0.02 * second  # a straight line: twice the steps, twice the growth
    assert all(torch.equal(p, before[name]) for name, p in network.state_dict().items())


def test_the_peak_is_that_of_an_outer_step():
    torch.manual_seed(0)
    episode, network = Sinusoids().sample(2, torch.Generator().manual_seed(0)), MLP((1, 8, 1))
    found = measure_prices(network, episode, (3,), ["MAML"], turns=1).bytes["MAML"][0]
    network.zero_grad()
    assert abs(found - peak_bytes(lambda: MAML(network, 3).losses(episode)[1].backward())) < 200  # the closing sum


def made_up():
    """Two steps, three turns: by hand."""
    turns = {"MAML": [[1.0, 2.0, 4.0], [10.0, 20.0, 40.0]], "first order": [[2.0, 2.0, 2.0], [5.0, 8.0, 24.0]]}
    return Prices((1, 10), turns, {"MAML": [3_000_000, 20_000_000], "first order": [2_000_000, 2_000_000]})


def test_times_compare_the_quickest_turns():
    assert made_up().times("first order") == 0.5 and made_up().times("first order", at=0) == 2
    assert made_up().seconds == {"MAML": [1.0, 10.0], "first order": [2.0, 5]}


def test_a_budget_leaves_what_keeps_within_all_of_it():
    prices = made_up()
    assert prices.affordable(10) == prices.affordable(1) == ["MAML", "first order"]
    assert prices.affordable(10, 2) == ["first order"] and prices.affordable(10, 1.9) == []
    assert prices.affordable(10, 20, 0.5) == ["first order"] and prices.affordable(10, 20, 0.4) == []
    with pytest.raises(ValueError, match="measured were 1, 10 adaptation steps, and not 7"):
        prices.affordable(7)
