"""How sure cosines can be: what section 6 of lesson 06 says, by search in place of algebra."""

import math

import pytest
import torch
from torch.nn import functional as F

from course_lib.models import Conv4
from tools.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "06_prototypical_networks.ipynb").cells}


@pytest.fixture
def lesson():
    from course_lib.learners import cosine_similarities

    found = {"torch": torch, "math": math, "cosine_similarities": cosine_similarities}
    for cell, stop in (("bound", "show_table"), ("simplex", "show_table")):
        exec(CELLS[cell].split(stop)[0], found)
    return found


def search(way, signs, steps=600):
    """The lowest mean loss at temperature 1 that gradient descent finds, for prototypes and queries that it chooses."""
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(2, way, way + 3, generator=generator).requires_grad_()  # prototypes and queries
    optimizer = torch.optim.Adam([points], lr=0.05)
    for _ in range(steps):
        queries, prototypes = points if signs else points.clamp(min=0) + 1e-6 * points.abs()
        cosines = F.normalize(queries, dim=-1) @ F.normalize(prototypes, dim=-1).T
        loss = F.cross_entropy(cosines, torch.arange(way))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


@pytest.mark.parametrize("way", [5, 20])
def test_no_search_finds_a_lower_loss_than_the_corners_that_point_away_evenly(way, lesson):
    floor = -math.log(lesson["surest_of_all"](way, 1))
    found = search(way, signs=True)
    assert floor - 1e-4 < found < floor + 0.01


@pytest.mark.parametrize("way", [5, 20])
def test_after_a_relu_no_search_gets_below_the_bound(way, lesson):
    floor = -math.log(lesson["surest"](way, 1))
    found = search(way, signs=False)
    assert floor - 1e-4 < found < floor + 0.03


def test_the_networks_of_the_lesson_have_no_negative_number_in_their_embeddings():
    z = Conv4(24)(torch.randn(8, 1, 28, 28))
    assert z.min() == 0 and (F.normalize(z) @ F.normalize(z).T).min() >= 0
