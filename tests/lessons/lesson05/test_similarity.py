"""Linear CKA against the formula of its paper in another form, and what it must not care about."""

import pytest
import torch
from torch import nn

import course_lib
from course_lib.lessons.lesson05.similarity import layer_outputs, linear_cka
from course_lib.models import Conv4
from course_lib.tasks import Scripts


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_it_is_the_formula_of_the_paper_by_features():
    x, y = draw(9, 4) + 1, draw(9, 6, seed=1)
    a, b = x - x.mean(0), y - y.mean(0)
    right = (b.T @ a).norm() ** 2 / ((a.T @ a).norm() * (b.T @ b).norm())
    assert linear_cka(x, y).item() == pytest.approx(right.item(), abs=1e-12)


def test_turning_scaling_and_shifting_change_nothing_and_other_maps_do():
    x = draw(20, 5)
    turn = torch.linalg.qr(draw(5, 5, seed=1))[0]
    assert linear_cka(x, 3 * x @ turn + 7).item() == pytest.approx(1, abs=1e-12)
    assert linear_cka(x, x @ draw(5, 5, seed=2)) < 0.95
    assert linear_cka(x, draw(20, 5, seed=3)) < 0.6


def test_at_a_right_angle_it_is_zero():
    x = torch.tensor([[1.0], [1.0], [-1.0], [-1.0]])
    assert linear_cka(x, torch.tensor([[1.0], [-1.0], [1.0], [-1.0]])).item() == 0


def test_layer_outputs_are_those_of_the_parts_and_leave_no_hooks():
    torch.manual_seed(0)
    network, x = Conv4(3, size=16, out=2).eval(), torch.rand(5, 1, 16, 16)
    found = layer_outputs(network, dict(network.named_parameters()), x)
    assert [list(f.shape) for f in found] == [[5, 192], [5, 48], [5, 12], [5, 3], [5, 2]]
    with torch.no_grad():
        first = network[0].train()(x)  # normalised by the batch, as `call` does
    assert torch.allclose(found[0], first.flatten(1), atol=1e-5)
    assert not any(m._forward_hooks for m in network.modules())
    small = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    params = {name: torch.ones_like(p) for name, p in small.named_parameters()}
    first, second = layer_outputs(small, params, torch.ones(1, 2))
    assert first.tolist() == [[3.0] * 3] and second.tolist() == [[10.0]]


def test_with_few_inputs_some_likeness_is_luck_and_far_below_the_yardstick():
    """What lesson 05 says of shuffled queries: most in the first block, and much less than the strokes give."""
    shipped = course_lib.load(course_lib.paths.pretrained("maml_scripts"))
    torch.manual_seed(0)
    untrained, luck, yardstick = Conv4(32, out=5).eval(), [], []
    for seed in range(3):
        task = Scripts(way=5, shot=1, query=10, split="test").sample(1, torch.Generator().manual_seed(seed))
        trained, other = (layer_outputs(net, dict(net.named_parameters()), task.query_x[0])
                          for net in (shipped.backbone, untrained))  # fmt: skip
        shuffled = torch.randperm(50, generator=torch.Generator().manual_seed(seed))
        yardstick.append([float(linear_cka(a, b)) for a, b in zip(trained, other, strict=True)])
        luck.append([float(linear_cka(a, b[shuffled])) for a, b in zip(trained, other, strict=True)])
    luck, yardstick = torch.tensor(luck).mean(0), torch.tensor(yardstick).mean(0)
    assert luck.argmax() == 0 and 0.2 < luck[0] < yardstick[0] - 0.3
