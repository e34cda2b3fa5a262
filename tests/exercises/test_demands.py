"""What exercises ask beyond the right numbers: no autograd, and special cases with their reason."""

import pytest
import torch

from course_lib.exercises.demands import BY_HAND, also, without_autograd
from course_lib.exercises.guard import Guard, Problem


def slope(x):
    """Of the sum of x ** 3."""
    return 3 * x**2


def by_grad(x):
    with torch.enable_grad():
        start = x.detach().clone().requires_grad_()
        return torch.autograd.grad((start**3).sum(), start)[0]


def by_backward(x):
    start = x.clone().requires_grad_()
    (start**3).sum().backward()
    return start.grad


def by_func(x):
    return torch.func.grad(lambda v: (v**3).sum())(x)


def by_jacobian(x):
    return torch.autograd.functional.jacobian(lambda v: (v**3).sum(), x)


@pytest.mark.parametrize("answer", [by_grad, by_backward, by_func, by_jacobian])
def test_autograd_is_seen(answer):
    call = without_autograd(Guard(answer, slope), f"{BY_HAND} Think.")
    with pytest.raises(Problem, match="lets autograd find the gradient.*Think"):
        call(torch.ones(3))


def test_a_gradient_by_hand_is_left_alone():
    call = without_autograd(Guard(slope, slope), f"{BY_HAND} Think.")
    assert torch.equal(call(torch.ones(3)), torch.full((3,), 3.0))
    assert call(torch.ones(3, requires_grad=True)).requires_grad  # a graph may be recorded, if nobody asks for it


def test_an_error_of_another_kind_stays_what_it_is():
    with pytest.raises(Problem, match="KeyError"):
        without_autograd(Guard(lambda x: {}[x], slope), f"{BY_HAND} Think.")(1)


def test_a_special_case_says_what_is_special():
    cases = {"a large number": (torch.tensor([100.0]),)}
    also(torch.log1p, torch.log1p, cases, "never said")
    with pytest.raises(Problem, match=r"(?s)elsewhere it is right, but here .*inf.*a large number.*It is too large"):
        also(lambda x: x.exp().log(), lambda x: x, cases, "It is too large.")
