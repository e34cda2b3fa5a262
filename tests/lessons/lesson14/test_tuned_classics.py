"""Rules that people wrote, against torch.optim; tuning; conjugate gradients."""

import pytest
import torch

from course_lib.lessons.lesson14.small_problems import Quadratics
from course_lib.lessons.lesson14.tuned_classics import CLASSICS, RATES, conjugate_gradients, train_by, tune


def quadratics(seed=0, n=4):
    made = Quadratics(3, torch.Generator().manual_seed(seed), n=n)
    made.w, made.y, made.start = made.w.double(), made.y.double(), made.start.double()
    return made


@pytest.mark.parametrize("name", CLASSICS)
def test_they_are_those_of_torch(name):
    problems, rate, steps = quadratics(), 0.02, 12
    curve = train_by(name, problems, rate, steps)
    theta = problems.start.clone().requires_grad_()
    kind = torch.optim.Adam([theta], rate) if "Adam" in name else torch.optim.SGD([theta], rate, momentum=0.9)
    falls = torch.optim.lr_scheduler.LambdaLR(kind, lambda t: 1 - t / steps if "falling" in name else 1.0)
    expected = [problems.full(theta).detach()]
    for t in range(steps):
        kind.zero_grad()
        problems.loss(theta, t).sum().backward()
        kind.step()
        falls.step()
        expected.append(problems.full(theta).detach())
    assert torch.allclose(curve, torch.stack(expected), rtol=1e-6) and curve.shape == (13, 3)


@pytest.mark.parametrize("name", CLASSICS)
def test_rates_side_by_side_are_rates_one_by_one(name):
    problems = quadratics()
    many = train_by(name, problems, [0.01, 0.03], 5)
    assert many.shape == (6, 2, 3)
    assert torch.allclose(many[:, 1], train_by(name, problems, 0.03, 5))


def test_tuning_takes_the_lowest_end_and_survives_what_diverges():
    problems = Quadratics(3, torch.Generator().manual_seed(0), n=4)
    rate, ends = tune("momentum", problems, 60)
    assert ends.isinf().any() and rate == RATES[int(ends.argmin())]
    one_by_one = [train_by("momentum", problems, r, 60)[-1].mean().item() for r in RATES]
    assert min(x for x in one_by_one if x == x) == pytest.approx(ends.min().item(), rel=1e-3)
    with pytest.raises(ValueError, match="momentum"):
        train_by("Adagrad", problems, 0.1, 1)


def test_conjugate_gradients_are_done_after_n_steps():
    """And each step is the best there is in the space of the gradients seen so far."""
    problems = quadratics(n=5)
    curve = conjugate_gradients(problems, 5)
    assert curve.shape == (6, 3) and curve[-1].max() < 1e-8 and (curve.diff(dim=0) < 0).all()
    w, y, start = problems.w[0], problems.y[0], problems.start[0]
    g = w.T @ (y - w @ start)
    krylov = torch.stack([g, w.T @ (w @ g), w.T @ (w @ (w.T @ (w @ g)))], 1)  # [n, 3]
    for k in (1, 2, 3):
        best = torch.linalg.lstsq(w @ krylov[:, :k], (y - w @ start)[:, None]).solution
        rest = y - w @ (start + (krylov[:, :k] @ best)[:, 0])
        assert curve[k, 0].item() == pytest.approx(rest.square().sum().item(), rel=1e-6)


def test_rounding_is_why_they_count_in_64_bits():
    made = Quadratics(30, torch.Generator().manual_seed(0))
    exact, rough = (conjugate_gradients(made, 10, dtype)[-1].mean() for dtype in (torch.float64, torch.float32))
    assert exact < 0.01 < rough
