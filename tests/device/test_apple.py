"""Apple's GPU, which nobody had at hand: what it lacks, and that the course asks for none of it.

In test_learners.py every learner lives its life on the stand-in while that refuses float64, and the derivative of
pooling, as Apple's does (the fixture `strict`); and each operation that it used there has to be in PyTorch's list.
"""

import pytest
import torch
from torch import nn

from course_lib.learners import MAML, inner_step, loss_of, mean_curve
from course_lib.models import Conv4
from tests.device import apple, standin
from tests.device.cases import LEARNERS, tasks_for
from tests.device.test_learners import seeded


def test_the_list_knows_what_is_missing():
    assert apple.lacking([torch.ops.aten._thnn_fused_lstm_cell.default, torch.ops.aten.add.Tensor]) == [
        "_thnn_fused_lstm_cell"
    ]
    assert apple.has("add.Tensor") and apple.has("scatter_reduce.two") and not apple.has("geqrf")


def second_order(network, episode):
    """A learner's own loop over tasks: the meta-gradient of one step, as lesson 03 writes it."""
    params = dict(network.named_parameters())
    for x, y, query_x, query_y in zip(*episode.tensors(), strict=True):
        after = inner_step(lambda p: _loss(network, p, x, y), params, 0.1)  # noqa: B023
        _loss(network, after, query_x, query_y).backward()
    return params


def _loss(network, params, x, y):
    return loss_of(torch.func.functional_call(network, params, (x,))[None], y[None])


def test_a_loop_of_one_s_own_over_conv4_has_its_second_derivative_there(apple_gpu):
    episode = tasks_for("maml").sample(2, seeded()).to(apple_gpu)
    params = second_order(Conv4(4, out=3).to(apple_gpu), episode)
    assert all(p.grad.abs().sum() > 0 for name, p in params.items() if "0.bias" not in name)
    pooled = nn.Sequential(nn.Conv2d(1, 3, 3), nn.MaxPool2d(26), nn.Flatten()).to(apple_gpu)
    with pytest.raises(RuntimeError, match="max_pool2d_backward"):  # PyTorch's own pooling has none
        second_order(pooled, episode)


def test_what_a_lesson_calls_beside_learners(apple_gpu):
    standin.USED.clear()
    x = torch.linspace(-5, 5, 9, device=apple_gpu)
    assert torch.allclose(mean_curve(x, (0.1, 5.0), (0.0, 3.0)).cpu(), mean_curve(x.cpu(), (0.1, 5.0), (0.0, 3.0)))
    assert "sinc" not in {op._schema.name.removeprefix("aten::") for op in standin.USED}


def test_implicit_gradients_there_under_vmap(apple_gpu):
    learner = LEARNERS["implicit_maml"]().to(apple_gpu).train()
    learner.losses(tasks_for("maml").sample(2, seeded()).to(apple_gpu))[1].backward()
    assert all(p.grad.isfinite().all() for p in learner.parameters()) and isinstance(learner, MAML)
