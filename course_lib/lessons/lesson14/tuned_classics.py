"""Update rules that people wrote, each with the rate that serves training problems best; and conjugate gradients."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.lessons.lesson14.small_problems import gradient

CLASSICS = ("momentum", "momentum, falling", "Adam", "Adam, falling")  # falling: the rate falls in a straight line to 0
RATES = tuple(float(f"{10 ** (k / 4):.3g}") for k in range(-11, 3))  # tried: 0.0018 to 3.2, four to a factor of ten


@torch.no_grad()
def train_by(name: str, problems, rates, steps: int) -> Tensor:
    """Train problems by a rule of CLASSICS: `problems.full` before each step and after the last.

    Args:
        name: "momentum" sums 0.9 of what it was with the gradient; "Adam" has the decays 0.9 and 0.999; ", falling":
            step t, from 0, of n has the rate times 1 - t / n.
        problems: such as `SmallNetworks`.
        rates: a number; or `[rates]`, tried side by side.
        steps: how many.

    Returns: `[steps + 1, problems]`, or `[steps + 1, rates, problems]`.

    Source: Polyak 1964, USSR Computational Mathematics and Mathematical Physics 4(5) (second-hand); Kingma and Ba 2015
        (arXiv:1412.6980), Algorithm 1.
    """
    if name not in CLASSICS:
        raise ValueError(f"{name!r} is none of {', '.join(CLASSICS)}.")
    rates = torch.as_tensor(rates, dtype=problems.start.dtype)
    theta = problems.start.expand(*rates.shape, *problems.start.shape)  # [..., problems, n]
    rates = rates[..., None, None]
    m, v, curve = torch.zeros_like(theta), torch.zeros_like(theta), [problems.full(theta)]
    for t in range(steps):
        found = gradient(problems, theta, t)
        if name.startswith("Adam"):
            m, v = 0.9 * m + 0.1 * found, 0.999 * v + 0.001 * found.square()
            step = m / (1 - 0.9 ** (t + 1)) / ((v / (1 - 0.999 ** (t + 1))).sqrt() + 1e-8)
        else:
            step = m = 0.9 * m + found
        theta = theta - rates * (1 - t / steps if name.endswith("falling") else 1) * step
        curve.append(problems.full(theta))
    return torch.stack(curve)


def tune(name: str, problems, steps: int, rates=RATES) -> tuple[float, Tensor]:
    """The rate that ends lowest on average over these problems, which must not be those it is judged on.

    Returns: the rate; and the mean loss at the end with each, `[rates]`, infinite where a training went out of bounds.
    """
    ends = train_by(name, problems, torch.tensor(rates), steps)[-1].mean(-1).nan_to_num(float("inf"), float("inf"))
    return rates[int(ends.argmin())], ends


@torch.no_grad()
def conjugate_gradients(problems, steps: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Solve `Quadratics` by conjugate gradients on `W'W theta = W'y`: their values before each step and after the last.

    With n dimensions it is done after n steps, but for rounding, which is why it computes in `dtype`.
    Returns: `[steps + 1, problems]`.

    Source: Hestenes and Stiefel 1952, Journal of Research of the National Bureau of Standards 49 (second-hand).
    """
    theta, w, y = (each.to(dtype) for each in (problems.start, problems.w, problems.y))
    curve = [(y - (w @ theta.unsqueeze(-1)).squeeze(-1)).square().sum(-1)]
    rest = (w.mT @ (y.unsqueeze(-1) - w @ theta.unsqueeze(-1))).squeeze(-1)  # [problems, n]
    to, tiny = rest, torch.finfo(dtype).tiny
    for _ in range(steps):
        bent = (w.mT @ (w @ to.unsqueeze(-1))).squeeze(-1)  # [problems, n]
        old = rest.square().sum(-1, keepdim=True)  # [problems, 1]
        length = old / ((to * bent).sum(-1, keepdim=True) + tiny)
        theta, rest = theta + length * to, rest - length * bent
        to = rest + rest.square().sum(-1, keepdim=True) / (old + tiny) * to
        curve.append((y - (w @ theta.unsqueeze(-1)).squeeze(-1)).square().sum(-1))
    return torch.stack(curve)
