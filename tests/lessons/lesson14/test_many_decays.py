"""Twenty decays at once: the implicit gradient against that of the solved system, and what truncation does to it."""

import pytest
import torch

from course_lib.lessons.lesson14.many_decays import (
    USEFUL,
    ManyDecays,
    best_single_decay,
    compared,
    conjugate_hypergradient,
    exact_hypergradient,
    implicit_hypergradient,
    tune_decays,
    unrolled_hypergradient,
)


@pytest.fixture(scope="module")
def problem():
    return ManyDecays(1)


@pytest.fixture(scope="module")
def decays():
    return torch.linspace(-3, 0, 20, dtype=torch.float64)


def implicit(problem, decays, terms, factor=1.0):
    rate = factor / torch.linalg.eigvalsh(problem.hessian(decays)).max().item()
    return implicit_hypergradient(problem.train_loss, problem.validation_loss, problem.solve(decays), decays, rate,
                                  terms)  # fmt: skip


def test_with_many_terms_it_is_the_gradient_of_the_solved_system(problem, decays):
    exact = exact_hypergradient(problem, decays)
    torch.testing.assert_close(implicit(problem, decays, 400), exact, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(conjugate_hypergradient(problem, decays, 20), exact, rtol=1e-9, atol=1e-12)
    width = 1e-5
    for i in (0, 7, 19):
        up, down = (
            problem.validation_loss(problem.solve(decays + side * width * torch.eye(20)[i])) for side in (1, -1)
        )
        assert exact[i].item() == pytest.approx(((up - down) / (2 * width)).item(), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("terms", (1, 2, 6))
def test_the_series_is_the_one_that_the_docstring_has(problem, decays, terms):
    hessian, weights = problem.hessian(decays), problem.solve(decays)
    rate = 1 / torch.linalg.eigvalsh(hessian).max()
    inverse = rate * sum(torch.linalg.matrix_power(torch.eye(20) - rate * hessian, j) for j in range(terms))
    slope = problem.new_x.T @ (problem.new_x @ weights - problem.new_y) / len(problem.new_y)
    torch.testing.assert_close(implicit(problem, decays, terms), -decays.exp() * weights * (inverse @ slope))


def test_steps_from_the_solution_are_the_series(problem, decays):
    """As Lorraine et al. note: k steps of gradient descent that begin at the solution give k terms."""
    rate = 1 / torch.linalg.eigvalsh(problem.hessian(decays)).max()
    solved = problem.solve(decays)

    def after(h):
        weights = solved
        for _ in range(4):
            weights = weights - rate * torch.func.grad(problem.train_loss)(weights, h)
        return problem.validation_loss(weights)

    torch.testing.assert_close(torch.func.grad(after)(decays), implicit(problem, decays, 4))


def test_too_large_a_rate_diverges(problem, decays):
    assert compared(implicit(problem, decays, 60, 2.2), exact_hypergradient(problem, decays))[1] > 10


def test_truncation_shortens_the_arrow_and_hardly_turns_it(problem):
    decays = torch.full((20,), -2.0, dtype=torch.float64)
    exact = exact_hypergradient(problem, decays)
    turned = [compared(implicit(problem, decays, terms), exact) for terms in (1, 6, 101)]
    assert all(cosine > 0.9 for cosine, _ in turned) and turned[-1][0] > 0.9999
    assert turned[0][1] < 0.5 < turned[1][1] < 0.95 < turned[2][1] < 1.001
    rate = 1 / torch.linalg.eigvalsh(problem.hessian(decays)).max().item()
    assert compared(unrolled_hypergradient(problem, decays, 200, rate), exact) == pytest.approx((1, 1), abs=1e-4)


def test_twenty_decays_serve_better_than_one(problem):
    found = tune_decays(problem, outer=40, lr=0.4)
    single = torch.full((20,), best_single_decay(problem), dtype=torch.float64)
    assert problem.test_loss(problem.solve(found)) < problem.test_loss(problem.solve(single)) - 0.03
    assert found[:USEFUL].mean() < found[USEFUL:].mean() - 1


def test_solve_is_where_the_train_loss_is_lowest(problem, decays):
    slope = torch.func.grad(problem.train_loss)(problem.solve(decays), decays)
    torch.testing.assert_close(slope, torch.zeros_like(slope), rtol=0, atol=1e-12)
    hessian = torch.func.hessian(problem.train_loss)(torch.zeros(20, dtype=torch.float64), decays)
    torch.testing.assert_close(problem.hessian(decays), hessian)
