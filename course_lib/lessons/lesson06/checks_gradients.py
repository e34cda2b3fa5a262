"""What the exercises of lesson 06 ask for beyond right numbers: gradients for training, no NaN, no loop over pairs."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped

CUT = (".detach(), .item(), .data, torch.no_grad, a new torch.tensor(...) or NumPy cuts the connection, and a network "
       "cannot learn through it.")  # fmt: skip
_ZERO = ("0 divided by 0, or the slope of a root at 0, gives it, and a nan_to_num or a torch.where *after* that comes "
         "too late: the backward pass still goes through it. Make the length safe before you divide.")  # fmt: skip


def lets_learn(call: Callable, right: Callable, cases: dict[str, tuple], learned: dict[int, str], zeros: bool = False):
    """Refuse an answer whose numbers are right and whose gradient is not.

    Args:
        call, right: the learner's function, made safe, and the library's.
        cases: as in `compare`.
        learned: which arguments a gradient has to reach, with what they are called.
        zeros: whether vectors of zeros are among them. Their own gradient only has to be finite.
    """
    for words, args in cases.items():
        want, leaves = _with_leaves(right, args, learned)
        weights = torch.randn(want.shape, generator=torch.Generator().manual_seed(1))
        wanted = torch.autograd.grad((want * weights).sum(), leaves)
        try:
            got, mine = _with_leaves(call, args, learned)
        except Stopped as problem:
            if "numpy()" in str(problem):  # PyTorch's own advice is to detach
                raise Problem("the numbers are right, but no gradient gets through NumPy. Stay with tensors.") from None
            raise Problem(
                f"the numbers are right, but with inputs that need a gradient, as in training, {problem}"
            ) from None
        if not isinstance(got, Tensor) or not got.requires_grad:
            raise Problem(f"the numbers are right, but no gradient gets through: {CUT}")
        found = _gradients((got * weights).sum(), mine)
        for gradient, target, leaf, name in zip(found, wanted, leaves, learned.values(), strict=True):
            if gradient is None:
                raise Problem(f"the numbers are right, but no gradient reaches {name}: {CUT}")
            if not gradient.isfinite().all():
                raise Problem(f"the numbers are right, but the gradient in {name} is {_odd(gradient)}, for {words}. "
                              f"{_ZERO}")  # fmt: skip
            counted = leaf.detach().ne(0).any(-1, keepdim=True) if zeros and leaf.ndim else torch.ones_like(target)
            if not torch.allclose(gradient * counted, target * counted, rtol=1e-3, atol=1e-5):
                raise Problem(f"the numbers are right, but the gradient in {name} is not: a part of the way to it is "
                              f"cut, for {words}. Look for .detach(), .data, .item() and torch.no_grad.")  # fmt: skip


def _odd(gradient: Tensor) -> str:
    return "NaN" if gradient.isnan().any() else "infinite"


def _with_leaves(function: Callable, args: tuple, learned: dict[int, str]) -> tuple:
    """The result for arguments of which some need a gradient, and those."""
    fresh = [arg.detach().clone().requires_grad_() if i in learned else arg for i, arg in enumerate(args)]
    return function(*fresh), [fresh[i] for i in learned]


def _gradients(total: Tensor, leaves: list[Tensor]) -> tuple:
    try:
        return torch.autograd.grad(total, leaves, allow_unused=True)
    except RuntimeError as error:
        raise Problem("the numbers are right, but PyTorch cannot go back through them: "
                      f"{str(error).splitlines()[0][:160]}") from None  # fmt: skip


class _Counted(TorchFunctionMode):
    """How many functions of PyTorch are called."""

    def __init__(self):
        super().__init__()
        self.n = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.n += 1
        return func(*args, **(kwargs or {}))


def without_loop(call: Callable, few: tuple, many: tuple):
    """Refuse an answer that does more *calls* for larger tensors: a loop in Python over what they hold."""
    calls = []
    for args in (few, many):
        with _Counted() as counted:
            call(*args)
        calls.append(counted.n)
    if calls[1] > 1.5 * calls[0] + 5:
        raise Problem(
            "the numbers are right, but a Python loop goes over queries, points or features. In training it takes "
            "longer than the network itself. Let PyTorch do all pairs of a task at once: queries.unsqueeze(2) and "
            "points.unsqueeze(1) have shapes that fit each other."
        )


def finite(call: Callable, right: Callable, cases: dict[str, tuple], because: str, otherwise: str):
    """Special cases in which an answer that is right elsewhere may give NaN or something infinite.

    Args:
        call, right, cases: as in `compare`.
        because: what gives a NaN or something infinite here, and what helps.
        otherwise: what gives another wrong number.
    """
    for words, args in cases.items():
        got = call(*[arg.clone() if isinstance(arg, Tensor) else arg for arg in args])
        if isinstance(got, Tensor) and not got.isfinite().all():
            raise Problem(f"elsewhere it is right, but for {words} it gives {_odd(got)}. {because}")
        try:
            compare(call, right, [args])
        except Problem as problem:
            raise Problem(f"elsewhere it is right. For {words}, {problem}\n  {otherwise}") from None
