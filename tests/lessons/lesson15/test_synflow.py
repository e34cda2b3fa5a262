"""The flow through networks where it is known."""

import torch

from course_lib.lessons.lesson15.synflow import synflow


def test_each_layer_of_a_linear_network_gives_the_flow_once():
    g = torch.Generator().manual_seed(0)
    first, second, third = (
        torch.randn(4, *shape, generator=g, dtype=torch.float64) for shape in ((2, 5), (5, 5), (5, 1))
    )
    ones = torch.ones(4, 1, 2, dtype=torch.float64)
    flow = (ones @ first.abs() @ second.abs() @ third.abs()).sum((1, 2))  # [tasks]

    def through(weights):
        return (ones @ weights[0]).relu() @ weights[1] @ weights[2]

    weights = [first, second, third]
    torch.testing.assert_close(synflow(through, weights), 3 * flow)
    torch.testing.assert_close(
        synflow(lambda w: ones @ w[0] @ w[2], weights), 2 * (ones @ first.abs() @ third.abs())[:, 0, 0]
    )
    assert all(w.grad is None and not w.requires_grad for w in weights) and (first < 0).any()


def test_it_is_the_slope_when_all_weights_grow_together():
    """sum |w| dR/d|w| is the derivative of R at (1 + e) |w| in e."""
    g = torch.Generator().manual_seed(1)
    weights = [torch.randn(3, 4, generator=g, dtype=torch.float64) for _ in range(2)]

    def bent(w):
        return (w[0].tanh() * torch.sin(2 * w[1])).sum(1)

    sizes = [w.abs() for w in weights]
    up, down = (bent([(1 + e) * w for w in sizes]) for e in (1e-6, -1e-6))
    torch.testing.assert_close(synflow(bent, weights), (up - down) / 2e-6, rtol=1e-6, atol=1e-8)
