"""Lines, whose best answer is ridge regression, and tasks with any number of support points."""

import pytest
import torch
from torch.testing import assert_close

from course_lib.tasks import AnyShot, Lines, Scripts, Sinusoids
from course_lib.tasks.lines import least_squares, ridge


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def points(n=7, dim=3, tasks=4):
    g = seeded()
    x = torch.randn(tasks, n, dim, generator=g, dtype=torch.float64)
    return x, torch.randn(tasks, n, 1, generator=g, dtype=torch.float64)


def test_each_task_is_one_line_with_noise_of_the_size_that_was_asked_for():
    tasks = Lines(3, 40, 60, noise=0.25, scale=2.0, x_scale=0.5)
    e, w = tasks.draw(2000, seeded())
    assert e.support_x.shape == (2000, 40, 3) and e.query_y.shape == (2000, 60, 1) and w.shape == (2000, 3, 1)
    for x, y in ((e.support_x, e.support_y), (e.query_x, e.query_y)):
        off = y - x @ w
        assert off.std() == pytest.approx(0.25, rel=0.02) and off.mean() == pytest.approx(0, abs=0.005)
        assert x.std() == pytest.approx(0.5, rel=0.02)
    assert w.std() == pytest.approx(2.0, rel=0.03)


def test_clean_queries_lie_on_the_line_and_nothing_else_changes():
    (noisy, w), (clean, same) = (Lines(2, 5, 6, clean_queries=c).draw(3, seeded()) for c in (False, True))
    assert torch.equal(w, same) and torch.equal(clean.support_y, noisy.support_y)
    assert_close(clean.query_y, clean.query_x @ w)
    assert (noisy.query_y - clean.query_y).abs().min() > 0


def test_an_intercept_is_a_weight_of_one():
    tasks = Lines(1, 5, 6, noise=0, intercept=True)
    e, w = tasks.draw(3, seeded())
    assert w.shape == (3, 2, 1)
    assert_close(e.query_y, e.query_x * w[:, :1] + w[:, 1:])
    assert tasks.features(e.query_x).shape == (3, 6, 2) and Lines().features(e.query_x) is e.query_x


def test_a_pool_holds_the_same_tasks_for_ever_and_the_first_of_a_larger_one():
    four, more = Lines(3, pool=4), Lines(3, pool=32)
    assert torch.equal(four.pool, more.pool[:4]) and not torch.equal(four.pool, Lines(3, pool=4, pool_seed=1).pool)
    _, w = four.draw(200, seeded())
    which = (w.unsqueeze(1) == four.pool).flatten(2).all(2)  # [tasks, pool]
    assert (which.sum(1) == 1).all() and (which.sum(0) > 30).all()
    assert_close(Lines(3, pool=4, scale=3.0).pool, 3 * four.pool)
    e = four.sample(200, seeded())
    assert len(e.support_x.flatten(1).unique(dim=0)) == 200  # the points are new each time


def test_one_seed_one_episode_and_names_tell_distributions_apart():
    assert torch.equal(*(Lines(2).sample(3, seeded()).query_y for _ in range(2)))
    kinds = [Lines(), Lines(2), Lines(noise=1.0), Lines(scale=3.0), Lines(x_scale=2.0), Lines(intercept=True),
             Lines(pool=4), Lines(pool=4, pool_seed=1), Lines(clean_queries=True), Lines(shot=3)]  # fmt: skip
    assert len({repr(kind) for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("strength", [0.0625, 1.0, 30.0])
def test_ridge_is_least_squares_on_points_that_pull_to_zero(strength):
    """As if there were one more point on each axis, at sqrt(strength), whose y is 0."""
    x, y = points()
    pull = strength**0.5 * torch.eye(3, dtype=x.dtype).expand(4, 3, 3)
    more = torch.cat([x, pull], 1), torch.cat([y, y.new_zeros(4, 3, 1)], 1)
    assert_close(ridge(x, y, strength), torch.linalg.lstsq(*more).solution)
    w = ridge(x, y, strength).requires_grad_()
    loss = (x @ w - y).square().sum() + strength * w.square().sum()
    assert torch.autograd.grad(loss, w)[0].abs().max() < 1e-10  # nothing is lower nearby


def test_ridge_with_the_true_noise_is_the_mean_of_what_the_weights_may_be():
    """Weights are drawn and weighed by how well they explain the points: importance sampling, without a formula."""
    x, y = points(3, 2, 1)
    noise, scale = 0.8, 1.5
    w = scale * torch.randn(400_000, 2, 1, generator=seeded(), dtype=torch.float64)
    weight = (-(y - x @ w).square().sum((1, 2)) / (2 * noise**2)).softmax(0)
    assert_close((weight.view(-1, 1, 1) * w).sum(0, keepdim=True), ridge(x, y, (noise / scale) ** 2), atol=0.01, rtol=0)


def test_least_squares_fits_best_and_is_the_shortest_where_many_do():
    x, y = points()
    assert_close(least_squares(x, y), torch.linalg.lstsq(x, y).solution)
    x, y = points(2)
    w = least_squares(x, y)
    assert_close(x @ w, y)
    assert_close(w, ridge(x, y, 1e-9), atol=1e-5, rtol=0)  # the limit of ridge
    assert_close(
        least_squares(*points(1))[0, :, 0], points(1)[0][0, 0] * points(1)[1][0, 0] / points(1)[0][0, 0].square().sum()
    )


def test_no_other_answer_is_nearer_to_the_lines_than_ridge_with_the_true_noise():
    e, w = Lines(3, 4, 50, noise=0.5, clean_queries=True).draw(4000, seeded())
    e = e.map(torch.Tensor.double)
    errors = {
        s: (e.query_x @ ridge(e.support_x, e.support_y, s) - e.query_y).square().mean() for s in (0.05, 0.25, 1.0)
    }
    assert min(errors, key=errors.get) == 0.25


def test_any_shot_shows_the_first_points_and_each_number_as_often():
    tasks = AnyShot(Lines(2, 6, 3), 2)
    found = [tasks.sample(2, seeded(i)) for i in range(600)]
    counts = torch.tensor([e.support_x.shape[1] for e in found]).bincount(minlength=7)
    assert counts[:2].sum() == 0 and (counts[2:] - 120).abs().max() < 40 and {e.query_x.shape[1] for e in found} == {3}
    assert torch.equal(*(tasks.sample(2, seeded(5)).support_y for _ in range(2)))
    once = AnyShot(Sinusoids(1, 2)).sample(4, seeded())
    assert once.support_x.shape == (4, 1, 1)


@pytest.mark.parametrize(("make", "said"), [
    (lambda: AnyShot(Scripts()), "AnyShot is for regression"),
    (lambda: AnyShot(3), "must be a task distribution"),
    (lambda: AnyShot(Lines(shot=4), 5), "least must be a whole number from 1 to 4"),
    (lambda: Lines(0), "dim must be"), (lambda: Lines(noise=-1), "noise must be"), (lambda: Lines(pool=0), "pool must"),
    (lambda: Lines(scale=float("nan")), "scale must be"), (lambda: Lines().sample(0), "n_tasks must be"),
    (lambda: AnyShot(Lines()).sample(2, 3), "generator must be"),
])  # fmt: skip
def test_bad_arguments_are_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()
