"""The ridge head against least squares and Bayes' rule written out, and as a learner for targets and for classes."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_lib import Episode, evaluate, fit
from course_lib.learners import RidgeHead, ridge_head
from course_lib.models import MLP
from course_lib.tasks import AnyShot, Arms, Lines
from course_lib.tasks.lines import ridge


def case(n=6, k=4, outputs=2, seed=0):
    g = torch.Generator().manual_seed(seed)
    features, targets, mean = (
        torch.randn(*shape, generator=g, dtype=torch.float64) for shape in ((3, n, k), (3, n, outputs), (k, outputs))
    )
    return features, targets, mean, 0.1 + torch.rand(k, generator=g, dtype=torch.float64)


@pytest.mark.parametrize("n", [1, 3, 6, 50])
def test_it_makes_its_sum_smallest(n):
    features, targets, mean, precision = case(n)

    def total(w):
        return (features @ w - targets).square().sum() + (precision[:, None] * (w - mean).square()).sum()

    w = ridge_head(features, targets, mean, precision).requires_grad_()
    assert torch.autograd.grad(total(w), w)[0].abs().max() < 1e-11
    assert total(w) < total(w + 1e-3 * torch.randn_like(w))


def test_it_is_least_squares_on_more_rows():
    """A row for each precision: "this weight is its mean", as heavy as its square root."""
    features, targets, mean, precision = case()
    for i in range(3):
        rows = torch.cat([features[i], precision.sqrt().diag()])
        values = torch.cat([targets[i], precision.sqrt()[:, None] * mean])
        exact = torch.linalg.lstsq(rows, values).solution
        assert torch.allclose(ridge_head(features, targets, mean, precision)[i], exact)


def test_one_point_after_the_other_is_all_at_once():
    """What was learned is the next prior: with a full precision, which the sum of squares adds to."""
    features, targets, mean, precision = case()
    w, believed = mean.expand(3, -1, -1), precision.diag().expand(3, -1, -1)
    for f, y in zip(features.unbind(1), targets.unbind(1), strict=True):
        f, y = f.unsqueeze(1), y.unsqueeze(1)
        believed = believed + f.mT @ f
        w = w + torch.linalg.solve(believed, f.mT @ (y - f @ w))
    assert torch.allclose(w, ridge_head(features, targets, mean, precision))


def test_without_a_point_it_is_the_mean_and_with_mean_zero_it_is_ridge():
    features, targets, mean, precision = case(0)
    assert torch.equal(ridge_head(features, targets, mean, precision), mean.expand(3, -1, -1))
    features, targets, mean, precision = case()
    alike = torch.full_like(precision, 0.3)
    found = ridge_head(features, targets, torch.zeros_like(mean), alike)
    assert torch.allclose(found, ridge(features, targets, 0.3))
    assert torch.allclose(ridge_head(features, targets, mean, 1e12 * precision), mean.expand(3, -1, -1), atol=1e-9)


def test_on_lines_it_learns_the_prior():
    """Weights around (2, -1) and a constant 3: it answers nearly as Bayes' rule, which is told all that."""
    true = torch.tensor([[2.0], [-1.0], [3.0]])

    class Tilted(Lines):
        def sample(self, n_tasks, generator=None):
            e = super().sample(n_tasks, generator)
            of_all = [F.pad(x, (0, 1), value=1.0) @ true for x in (e.support_x, e.query_x)]
            return Episode(e.support_x, e.support_y + of_all[0], e.query_x, e.query_y + of_all[1])

    tasks = Tilted(2, 4, 20, noise=0.5, scale=0.5)
    torch.manual_seed(0)
    learner, told = RidgeHead(nn.Identity(), 2, 1), RidgeHead(nn.Identity(), 2, 1)
    told.mean.data, told.log_precision.data = true, torch.tensor([1.0, 1.0, 1e6]).log()  # (noise / scale) squared
    before = evaluate(learner, tasks, 300).mean
    fit(learner, AnyShot(tasks), 400, meta_batch=64, lr=0.1, progress=False, device="cpu")
    assert torch.allclose(learner.mean, true, atol=0.15)
    best, found = (evaluate(one, tasks, 300).mean for one in (told, learner))
    assert best < found < 1.05 * best < before / 2
    assert learner.precision[2] > 3 * learner.precision[:2].max()  # all tasks have the same constant


@pytest.mark.parametrize("outputs", [2, None])
def test_adapting_to_no_point_is_the_mean(outputs):
    learner = RidgeHead(MLP((10, 8, 6)), 6, outputs)
    x, y = torch.zeros(3, 0, 10), torch.zeros(3, 0, 2) if outputs else torch.zeros(3, 0, dtype=torch.int64)
    adapted = learner.adapt(x, y, None if outputs else 4)
    mean = learner.mean if outputs else torch.zeros(7, 4)
    assert torch.equal(adapted, mean.expand(3, -1, -1))
    assert learner.predict(adapted, torch.randn(3, 5, 10)).shape == (3, 5, outputs or 4)


def test_the_library_trains_and_judges_it_on_arms():
    tasks = Arms(20, 20, arms=40, seconds=2.0)
    torch.manual_seed(0)
    learner = RidgeHead(MLP((10, 32, 12)), 12, 2)
    before = evaluate(learner, tasks, 20).mean
    history = fit(learner, AnyShot(tasks, least=5), 60, meta_batch=16, lr=1e-2, progress=False, device="cpu")
    assert history.outer[-1] < history.outer[0]
    assert evaluate(learner, tasks, 20).mean < before / 3
    assert all(p.grad is not None for p in learner.parameters())


def test_for_classes_names_mean_nothing_and_the_scale_is_learned():
    torch.manual_seed(0)
    learner = RidgeHead(MLP((4, 8, 6)), 6).double()
    g = torch.Generator().manual_seed(0)
    x, query = (torch.randn(2, n, 4, generator=g, dtype=torch.float64) for n in (6, 5))
    y = torch.tensor([0, 1, 2, 0, 1, 2]).expand(2, -1)
    scores = learner(Episode(x, y, query, y[:, :5]))
    assert scores.shape == (2, 5, 3)
    new = torch.tensor([2, 0, 1])
    assert torch.allclose(learner(Episode(x, new[y], query, y[:, :5]))[..., new], scores)
    phi, one_hot = learner.phi(x), F.one_hot(y).double()
    weights = ridge(phi, one_hot, learner.precision[0].item())
    assert torch.allclose(scores, learner.scale * (learner.phi(query) @ weights))
    learner.losses(Episode(x, y, query, y[:, :5]))[1].backward()
    assert learner.scale.grad != 0 and learner.log_precision.grad != 0


@pytest.mark.parametrize("wrong", ["features", "outputs"])
def test_wrong_arguments_get_a_sentence(wrong):
    with pytest.raises(ValueError, match=f"{wrong} must be a whole number"):
        RidgeHead(MLP((4, 6)), **{"features": 6} | {wrong: 0})
