"""What CUDA refuses, and what it lets through: the same lists for the stand-in and, where there is one, for CUDA."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tests.device import standin

HERE, THERE = torch.arange(6.0).view(2, 3), torch.tensor([1, 0])  # on the CPU

REFUSED = {
    "a sum": lambda x: x + HERE,
    "a sum, the other way": lambda x: HERE + x,
    "a number of the device and a CPU tensor": lambda x: HERE + x.sum(),
    "in place into the CPU": lambda x: HERE.clone().add_(x),
    "in place into a number of the CPU": lambda x: torch.tensor(0.0).add_(x.sum()),
    "out=": lambda x: torch.add(x, 1, out=torch.empty(2, 3)),
    "a matrix product": lambda x: x @ HERE.T,
    "cat": lambda x: torch.cat([x, HERE]),
    "stack, of numbers too": lambda x: torch.stack([x.sum(), torch.tensor(1.0)]),
    "a layer on the CPU": lambda x: nn.Linear(3, 1)(x),
    "labels on the CPU": lambda x: F.cross_entropy(x, THERE),
    "gather by CPU indices": lambda x: x.gather(1, THERE.view(2, 1)),
    "index_select by CPU indices": lambda x: x.index_select(0, THERE),
    "scatter by CPU indices": lambda x: x.scatter_add(1, THERE.view(2, 1), x),
    "indices of the device into a CPU tensor": lambda x: HERE[x.argmax(1)],
    "a mask of the device on a CPU tensor": lambda x: HERE[x > 2],
    "values of the CPU put by indices": lambda x: x.clone().__setitem__(THERE, HERE),
    "a mask of the CPU": lambda x: x.masked_fill(HERE > 2, 0.0),
    "equal": lambda x: torch.equal(x, HERE),
    "a generator of the CPU": lambda x: torch.rand(3, device=x.device, generator=torch.Generator()),
    "a permutation by it": lambda x: torch.randperm(3, device=x.device, generator=torch.Generator()),
    "in place by it": lambda x: x.clone().uniform_(generator=torch.Generator()),
    "bernoulli by it": lambda x: torch.bernoulli(x / 9, generator=torch.Generator()),
    "numpy()": lambda x: x.numpy(),
    "asarray": lambda x: np.asarray(x),
    "an array of its numbers": lambda x: np.array(list(x)),
    "from_numpy": lambda x: torch.from_numpy(x),
    "a NumPy function": lambda x: np.sin(x),
}

ALLOWED = {
    "a number of the CPU": lambda x: x + torch.tensor(2.0),
    "it times a tensor of the device, in place": lambda x: x.clone().mul_(torch.tensor(2.0)),
    "where, with a number of the CPU": lambda x: torch.where(x > 2, x, torch.tensor(0.0)),
    "masked_fill with one": lambda x: x.masked_fill(x > 2, torch.tensor(0.0)),
    "CPU indices": lambda x: x[THERE],
    "a CPU mask": lambda x: x[HERE > 2],
    "indices of both": lambda x: x[THERE, x.argmax(1)],
    "a number put by CPU indices": lambda x: x.clone().index_put_((THERE,), torch.tensor(1.0)),
    "a CPU tensor put into a slice": lambda x: x.clone().__setitem__(slice(2), HERE),
    "copy_": lambda x: x.clone().copy_(HERE),
    "tolist, item, float, bool, format": lambda x: (x.tolist(), x[0, 0].item(), float(x.sum()), f"{x.sum():.1f}"),
    "a tensor of a list of its numbers": lambda x: torch.tensor([x[0, 0], x[1, 2]]).tolist(),
    "as_tensor": lambda x: torch.as_tensor(HERE, device=x.device),
    "new_tensor": lambda x: x.new_tensor([1.0, 2.0]),
    "autocast": lambda x: _in_autocast(x),
}  # fmt: skip


def _in_autocast(x):
    with torch.autocast(x.device.type, torch.bfloat16):
        assert (x @ x.T).dtype == torch.bfloat16


@pytest.fixture
def x(device):
    if device.type == "cpu":
        pytest.skip("the CPU is one device with itself")
    return HERE.to(device)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, x):
    with pytest.raises((RuntimeError, TypeError)):
        REFUSED[name](x)


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed(name, x):
    found = ALLOWED[name](x)
    assert not isinstance(found, torch.Tensor) or found.device == x.device
    assert x.device.type != "cpu" and torch.equal(x.cpu(), HERE)


def test_the_numbers_are_those_of_the_cpu(x):
    start = HERE.clone().requires_grad_()
    there = x.clone().requires_grad_()
    for t in (start, there):
        F.conv2d(t.sin().view(1, 1, 2, 3), torch.ones(2, 1, 2, 2).to(t.device)).square().sum().backward()
    assert there.grad.device == x.device and torch.allclose(there.grad.cpu(), start.grad, atol=1e-5)


def test_what_is_written_into_a_view_is_in_the_whole(x):
    whole = x.clone()
    whole[:, 1].zero_()
    whole.view(-1)[0] += 7
    assert whole.tolist() == [[7, 0, 2], [3, 0, 5]]


def test_it_draws_other_numbers_than_the_cpu_and_does_not_move_the_cpu_s(x):
    torch.manual_seed(0)
    first = torch.rand(4, device=x.device).cpu(), F.dropout(x).cpu()
    here = torch.rand(4)
    torch.manual_seed(0)
    assert torch.equal(torch.rand(4, device=x.device).cpu(), first[0]) and torch.equal(F.dropout(x).cpu(), first[1])
    torch.manual_seed(0)
    assert torch.equal(torch.rand(4), here) and not torch.equal(first[0], here)


def test_like_apple_s_it_refuses_float64_and_the_derivative_of_pooling_that_keeps_no_indices(apple_gpu):
    for make in (
        lambda: torch.ones(2, device=apple_gpu, dtype=torch.float64), lambda: torch.ones(2).to(apple_gpu).double(),
        lambda: torch.ones(2).double().to(apple_gpu), lambda: nn.Linear(1, 1).double().to(apple_gpu),
    ):  # fmt: skip
        with pytest.raises(TypeError, match="float64"):
            make()
    image = torch.rand(1, 1, 4, 4, device=apple_gpu).requires_grad_()
    with pytest.raises(RuntimeError, match="max_pool2d_backward"):
        F.max_pool2d(image, 2)
    F.max_pool2d(image, 2, return_indices=True)[0].sum().backward()
    assert torch.ones(2, device=apple_gpu).dtype == torch.float32 and standin.APPLE


def test_apple_s_refusals_end_with_the_block(x):
    with standin.like_apple():
        pass
    assert x.double().dtype == torch.float64
