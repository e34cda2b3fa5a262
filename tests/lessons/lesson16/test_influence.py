"""Which example decided: against taking it out by hand, finite differences, and a step that is really taken."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.learners import PrototypicalNet
from course_lib.lessons.lesson16.influence import first_order, gradient_influence, leave_one_out, log_probabilities


def task(shots=(3, 2, 4), d=3, queries=5, seed=0):
    """An embedded task in float64, its labels in mixed order."""
    g = torch.Generator().manual_seed(seed)
    labels = torch.cat([torch.full((n,), k) for k, n in enumerate(shots)])
    labels = labels[torch.randperm(len(labels), generator=g)]
    z = torch.randn(len(labels), d, generator=g, dtype=torch.float64) + labels[:, None]
    queries_z = torch.randn(queries, d, generator=g, dtype=torch.float64) + 1
    return z, labels, queries_z, torch.randint(len(shots), (queries,), generator=g)


def test_it_says_what_a_prototypical_network_says():
    z, labels, queries, _ = task()
    net = PrototypicalNet(nn.Identity())
    with torch.no_grad():
        scores = net.predict(net.adapt(z[None], labels[None]), queries[None])[0]
    torch.testing.assert_close(log_probabilities(z, labels, queries), scores.log_softmax(-1))


def by_hand(z, labels, query, target, i):
    """log p(target) as numbers, without example i (none is left out if i is None)."""
    left = [(x, k) for j, (x, k) in enumerate(zip(z, labels.tolist(), strict=True)) if j != i]
    scores = {}
    for k in sorted({k for _, k in left}):
        own = [x for x, label in left if label == k]
        mean = sum(own) / len(own)
        scores[k] = -float(sum((query - mean) ** 2))
    if target not in scores:
        return -float("inf")
    return scores[target] - torch.tensor(list(scores.values()), dtype=torch.float64).logsumexp(0).item()


@pytest.mark.parametrize("shots", [(3, 2, 4), (1, 3, 1), (5, 5, 5, 5, 5)])
def test_left_out_is_left_out(shots):
    z, labels, queries, targets = task(shots)
    found = leave_one_out(z, labels, queries, targets)
    for q in range(len(queries)):
        for i in range(len(z)):
            asked = queries[q], int(targets[q])
            want = by_hand(z, labels, *asked, None) - by_hand(z, labels, *asked, i)
            assert found[q, i].item() == pytest.approx(want, rel=1e-9, abs=1e-12)


def test_the_first_order_is_the_derivative():
    z, labels, queries, targets = task((3, 1, 4))
    weights = torch.ones(len(z), dtype=torch.float64)

    def of_targets(weights):
        return log_probabilities(z, labels, queries, weights).gather(1, targets[:, None])[:, 0]

    slope = torch.autograd.functional.jacobian(of_targets, weights)  # [q, n]
    found = first_order(z, labels, queries, targets)
    torch.testing.assert_close(found, slope)
    assert (found[:, labels == 1] == 0).all()  # a single shot: nothing, where the truth is largest
    assert leave_one_out(z, labels, queries, targets)[:, labels == 1].abs().min() > 0


def test_the_first_order_is_near_where_shots_are_many():
    errors = []
    for shots in (5, 50):
        z, labels, queries, targets = task((shots,) * 3, seed=1)
        exact = leave_one_out(z, labels, queries, targets)
        errors.append(((first_order(z, labels, queries, targets) - exact).norm() / exact.norm()).item())
    assert errors[1] < errors[0] / 5


def test_shares_of_a_step_add_up_to_the_step():
    g = torch.Generator().manual_seed(0)
    network = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)).double()
    x, y = torch.randn(6, 4, generator=g, dtype=torch.float64), torch.arange(6) % 3
    queries, asked = torch.randn(2, 4, generator=g, dtype=torch.float64), torch.tensor([2, 0])
    shares, rate = gradient_influence(network, x, y, queries, asked), 1e-5
    assert shares.shape == (2, 6)
    before = F.cross_entropy(network(queries), asked, reduction="none").detach()
    steps = torch.autograd.grad(F.cross_entropy(network(x), y), list(network.parameters()))
    with torch.no_grad():
        for w, step in zip(network.parameters(), steps, strict=True):
            w -= rate * step
        fell = (before - F.cross_entropy(network(queries), asked, reduction="none")) / rate
    torch.testing.assert_close(shares.sum(1), fell, rtol=1e-3, atol=1e-5)
