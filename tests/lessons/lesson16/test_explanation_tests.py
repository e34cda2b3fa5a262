"""Tests of explanations: ranks against a slow count, layers that go from the last, cues."""

import math

import pytest
import torch
from torch import nn

from course_lib.lessons.lesson16.break_even import paid_after
from course_lib.lessons.lesson16.explanation_tests import (
    cue_found,
    cue_share,
    randomised_similarity,
    rank_correlation,
    renewer,
)
from course_lib.lessons.lesson16.saliency import edge_map, gradient_map


def test_ranks():
    g = torch.Generator().manual_seed(0)
    a, b = torch.randn(2, 30, generator=g, dtype=torch.float64)
    ranks = torch.stack([a, b]).argsort(1).argsort(1).double()
    assert rank_correlation(a, b) == pytest.approx(torch.corrcoef(ranks)[0, 1].item())
    assert rank_correlation(a, a.exp()) == pytest.approx(1) and rank_correlation(a, -a) == pytest.approx(-1)
    ties, others = torch.tensor([1.0, 1, 3, 4]), torch.tensor([2.0, 1, 4, 4])
    mean_ranks = torch.tensor([[0.5, 0.5, 2, 3], [1, 0, 2.5, 2.5]])
    assert rank_correlation(ties, others) == pytest.approx(torch.corrcoef(mean_ranks)[0, 1].item())
    assert rank_correlation(ties, torch.ones(4)) == 0
    with pytest.raises(ValueError, match="one shape"):
        rank_correlation(a, b[:5])


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(144, 3)).eval()


def test_layers_are_renewed_from_the_last_and_the_network_stays():
    net, seen = network(), []
    before = {name: w.clone() for name, w in net.state_dict().items()}

    def explain(net, picture):
        seen.append([not torch.equal(w, before[name]) for name, w in net.state_dict().items() if "weight" in name])
        return gradient_map(lambda x: net(x)[:, 1], picture, 2)

    found = randomised_similarity(explain, net, torch.randn(1, 8, 8), lambda layer: layer.weight.data.add_(1))
    assert seen == [[False] * 3, [False, False, True], [False, True, True], [True] * 3]
    assert found.shape == (3,) and found.max() < 1
    assert all(torch.equal(w, before[name]) for name, w in net.state_dict().items())


def test_edges_pass_no_such_test_and_a_gradient_does():
    net, picture = network(), torch.randn(1, 8, 8)
    edges = randomised_similarity(lambda net, x: edge_map(x, 2), net, picture, renewer(0))
    assert torch.allclose(edges, torch.ones(3))


def test_a_renewed_layer_is_a_fresh_one():
    block = nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5), nn.ReLU())
    with torch.no_grad():
        for w in block.parameters():
            w.fill_(7)
        block[1].running_mean.fill_(7)
    renewer(3)(block)
    bound = 27**-0.5
    assert block[0].weight.abs().max() <= bound < 1.2 * block[0].weight.abs().max() and block[0].bias.std() > 0
    assert (block[1].weight == 1).all() and (block[1].bias == 0).all() and (block[1].running_mean == 0).all()
    again = nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5))
    renewer(3)(again)
    assert torch.equal(again[0].weight, block[0].weight)


def test_cues():
    importance, cue = torch.tensor([[3.0, -9], [1, 0]]), torch.tensor([[True, False], [False, False]])
    assert cue_share(importance, cue) == 0.75 and cue_share(-importance.abs(), cue) == 0
    assert cue_found(importance, cue) and not cue_found(-importance, cue)


def test_it_is_paid_after_the_first_task_that_makes_it_cheaper():
    for once in range(0, 30):
        for each in range(0, 5):
            for instead in range(0, 7):
                count = next((n for n in range(1, 100) if once + n * each < n * instead), math.inf)
                assert paid_after(once, each, instead) == count
    assert paid_after(10**20, 10, 11) == 10**20 + 1
