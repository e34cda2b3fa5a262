"""How sure cosines can be: what section 7 of lesson 06 says, by search in place of algebra."""

import math

import pytest
import torch
from torch.nn import functional as F

from course_lib.models import Conv4
from tools.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "06_prototypical_networks.ipynb").cells}


@pytest.fixture
def lesson():
    found = {"math": math}
    exec(CELLS["bound"].split("show_table")[0], found)
    return found


def search(way, steps=600):
    """The lowest mean loss at temperature 1 that gradient descent finds, for prototypes and queries that it chooses."""
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(2, way, way + 3, generator=generator).requires_grad_()  # prototypes and queries
    optimizer = torch.optim.Adam([points], lr=0.05)
    for _ in range(steps):
        queries, prototypes = points.clamp(min=0) + 1e-6 * points.abs()  # as after a ReLU
        cosines = F.normalize(queries, dim=-1) @ F.normalize(prototypes, dim=-1).T
        loss = F.cross_entropy(cosines, torch.arange(way))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


@pytest.mark.parametrize("way", [5, 20])
def test_after_a_relu_no_search_gets_below_the_bound(way, lesson):
    floor = -math.log(lesson["surest"](way, 1))
    found = search(way)
    assert floor - 1e-4 < found < floor + 0.03


def test_the_networks_of_the_lesson_have_no_negative_number_in_their_embeddings():
    z = Conv4(24)(torch.randn(8, 1, 28, 28))
    assert z.min() == 0 and (F.normalize(z) @ F.normalize(z).T).min() >= 0
