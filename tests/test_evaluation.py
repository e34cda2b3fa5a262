import json
import math
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_lib import Episode, evaluate
from course_lib.evaluation import macro_precision_recall
from course_lib.learners import MAML, FineTune, ImplicitMAML, Joint, Learner, MAMLPlusPlus, PrototypicalNet, Reptile
from course_lib.models import MLP, Conv4
from course_lib.statistics import ci95, paired_difference
from course_lib.tasks import ImageTasks, Sinusoids

IMAGES = (torch.rand(9, 20, 28, 28, generator=torch.Generator().manual_seed(0)) * 255).to(torch.uint8)
TASKS = ImageTasks(IMAGES, query=4)
ANIL = partial(MAML, adapts="head")


class Oracle(Learner):
    """Says what it is told to."""

    def __init__(self, scores):
        super().__init__()
        self.scores = scores

    def forward(self, episode):
        return self.scores.expand(episode.n_tasks, episode.query_y.shape[1], -1)


def test_accuracy_of_a_constant_answer_is_exactly_one_over_way():
    result = evaluate(Oracle(torch.tensor([0.0, 0, 9, 0, 0])), TASKS, 30)
    assert result.accuracy == pytest.approx(0.2) and result.ci95 == 0
    assert result.recall.mean() == pytest.approx(0.2) and result.precision.mean() == pytest.approx(0.2 / 5)
    assert repr(result).startswith("accuracy 20.0")


def test_confidence_is_the_probability_of_the_answer_and_says_whether_it_is_right():
    result = evaluate(Oracle(torch.tensor([0.0, 0, 2, 0, 0])), TASKS, 30)
    assert result.confidence.shape == result.correct.shape == (30, 20)
    assert torch.allclose(result.confidence, torch.tensor(2.0).exp() / (4 + torch.tensor(2.0).exp()))
    assert torch.equal(result.correct.float().mean(1), result.scores)


def test_precision_and_recall_by_hand():
    predicted = torch.tensor([[0, 0, 0, 1, 1, 2], [0, 0, 0, 0, 0, 0]])
    actual = torch.tensor([[0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 2]])
    precision, recall = macro_precision_recall(predicted, actual, 3)
    assert precision.tolist() == pytest.approx([(2 / 3 + 1 / 2 + 1) / 3, (1 / 3) / 3])
    assert recall.tolist() == pytest.approx([(1 + 1 / 2 + 1 / 2) / 3, 1 / 3])


def test_an_answer_that_is_no_class_of_the_task_is_a_miss_and_no_other_class_pays_for_it():
    predicted = torch.tensor([[7, 0, 1, 1], [-1, 0, 1, 1]])
    precision, recall = macro_precision_recall(predicted, torch.tensor([[0, 0, 1, 1]] * 2), 2)
    assert precision.tolist() == [1, 1] and recall.tolist() == [0.75, 0.75]


@pytest.mark.parametrize("kind", [MAML, ANIL, Reptile, ImplicitMAML, MAMLPlusPlus, Joint])
def test_more_outputs_than_classes_are_cut(kind):
    torch.manual_seed(0)
    wide = kind(nn.Sequential(nn.Flatten(), nn.Linear(784, 20)))
    with torch.no_grad():
        wide.backbone[1].bias[5:] = 9  # a class that no task has would win
    result = evaluate(wide, TASKS, 10)
    assert result.losses.max() < 4 and result.recall.sum() > 0
    episode = TASKS.sample(2, torch.Generator().manual_seed(0))
    _, outer = wide.losses(episode)
    assert wide(episode).shape == (2, 20, 5)
    gradient = torch.autograd.grad(outer, wide.backbone[1].weight)[0]
    assert gradient[:5].abs().max() > 0 and gradient[5:].abs().max() == 0
    with pytest.raises(ValueError, match="3 outputs, too few for a 5-way task"):
        evaluate(kind(nn.Sequential(nn.Flatten(), nn.Linear(784, 3))), TASKS, 2)


def test_cut_outputs_leave_a_network_of_just_so_many():
    torch.manual_seed(0)
    wide = MAML(nn.Sequential(nn.Flatten(), nn.Linear(784, 20)), 2, 0.1)
    narrow = MAML(nn.Sequential(nn.Flatten(), nn.Linear(784, 5)), 2, 0.1)
    narrow.backbone[1].load_state_dict({k: v[:5] for k, v in wide.backbone[1].state_dict().items()})
    episode = TASKS.sample(3, torch.Generator().manual_seed(0)).map(
        lambda t: t.double() if t.is_floating_point() else t
    )
    assert torch.allclose(wide.double()(episode), narrow.double()(episode), rtol=1e-12, atol=1e-12)


def test_answers_that_are_no_numbers_are_wrong_counted_and_said():
    scores = torch.zeros(10, 20, 5)
    scores[3:] = torch.nan

    class Half(Oracle):
        def forward(self, episode):
            return scores.clone() if episode.n_tasks == 10 else super().forward(episode)

    with pytest.warns(UserWarning, match="in 7 of 10 tasks answers are not finite numbers, and count as wrong"):
        result = evaluate(Half(scores), TASKS, 10)
    assert result.scores[3:].sum() == 0 and result.scores[0] == pytest.approx(0.2) and result.broken == 7
    assert result.recall[3:].sum() == 0
    assert "7 of them broken" in repr(result)
    assert json.loads(json.dumps(result.as_dict(), allow_nan=False))["loss"] is None
    with pytest.warns(UserWarning, match="in 9 of 9 tasks.*lower inner lr"):
        assert evaluate(MAML(MLP(), 5, 1e30), Sinusoids(), 9).as_dict()["mse"] is None


@settings(max_examples=25)
@given(st.integers(1, 6), st.integers(2, 4), st.data())
@pytest.mark.filterwarnings("ignore:in . of . tasks")
def test_whatever_is_no_number_is_wrong_and_its_task_is_counted(n_tasks, way, data):
    """Scores of which any may be NaN or infinite, against a loop."""
    odd = st.sampled_from([math.nan, math.inf, -math.inf, 0.5, 1.0, -2.0])
    scores = torch.tensor(data.draw(st.lists(odd, min_size=n_tasks * 3 * way, max_size=n_tasks * 3 * way)))
    scores = scores.view(n_tasks, 3, way).double()
    labels = torch.arange(3).remainder(way).expand(n_tasks, -1)
    support = torch.arange(way).expand(n_tasks, -1)

    class Odd(Oracle):
        def forward(self, episode):
            return self.scores[episode.support_x[:, 0, 0].long()]

    number = torch.arange(n_tasks).view(-1, 1, 1).double()
    episode = Episode(number.expand(-1, way, 1), support, number.expand(-1, 3, 1), labels, way)
    found = evaluate(Odd(scores), episode, batch=2)
    for task in range(n_tasks):
        right = losses = 0
        for answer, label in zip(scores[task].float(), labels[task], strict=True):
            probabilities = [math.exp(s - max(answer.tolist())) if s > -math.inf else 0 for s in answer.tolist()] if (
                max(answer.tolist()) < math.inf and not answer.isnan().any() and max(answer.tolist()) > -math.inf
            ) else [math.nan] * way  # fmt: skip
            right += probabilities[0] == probabilities[0] and int(label) == probabilities.index(max(probabilities))
            own = probabilities[label] / sum(probabilities)
            losses += -math.log(own) if own > 0 else math.inf if own == 0 else math.nan
        assert found.scores[task] == pytest.approx(right / 3)
        assert found.losses[task].isfinite() == math.isfinite(losses)
    assert found.broken == (~found.losses.isfinite()).sum() and json.dumps(found.as_dict(), allow_nan=False)


def test_a_learner_of_ones_own_that_draws_is_the_same_the_next_time():
    class Random(Learner):
        def forward(self, episode):
            return torch.rand(episode.n_tasks, episode.query_y.shape[1], 5)

    before = torch.random.get_rng_state()
    first = evaluate(Random(), TASKS, 5).losses
    assert torch.equal(before, torch.random.get_rng_state())
    torch.rand(1)
    assert torch.equal(evaluate(Random(), TASKS, 5).losses, first)


def normed(norm):
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 6), norm, nn.ReLU(), nn.Linear(6, 5))


class OwnNorm(nn.Module):
    def forward(self, x):
        return (x - x.mean(0)) / (x.std(0, correction=0) + 1e-3)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", [MAML, Reptile, ImplicitMAML, FineTune])
def test_without_running_statistics_a_learner_that_adapts_normalises_by_the_support_set(kind):
    with_none, with_some = kind(normed(nn.BatchNorm1d(6, track_running_stats=False))), kind(normed(nn.BatchNorm1d(6)))
    for learner in (with_none, with_some):
        learner.eval()
    episode = TASKS.sample(2, torch.Generator().manual_seed(0))
    first = Episode(episode.support_x, episode.support_y, episode.query_x[:, :1], episode.query_y[:, :1], 5)
    assert torch.allclose(with_none(episode), with_some(episode), atol=1e-5)
    assert torch.allclose(with_none(episode)[:, :1], with_none(first), atol=1e-5)
    evaluate(with_none, TASKS, 3)
    assert (
        not torch.allclose(
            evaluate(with_none, TASKS, 20, batch_norm="transductive").losses, evaluate(with_none, TASKS, 20).losses
        )
        or kind is FineTune
    )  # its networks keep the statistics of the support set


@pytest.mark.parametrize("learner", [
    PrototypicalNet(normed(nn.BatchNorm1d(6, track_running_stats=False))), PrototypicalNet(normed(OwnNorm())),
    MAML(normed(OwnNorm())),
], ids=["metric learner", "own norm", "MAML with own norm"])  # fmt: skip
def test_who_cannot_be_inductive_says_so(learner):
    with pytest.warns(UserWarning, match="an answer depends on the other queries, though batch_norm='inductive'"):
        evaluate(learner, TASKS, 3)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("norm", [nn.BatchNorm1d(6), nn.LayerNorm(6), nn.Identity(), nn.Dropout(0.5)])
def test_who_is_inductive_is_not_accused(norm):
    for kind in (PrototypicalNet, MAML, FineTune):
        evaluate(kind(normed(norm)), TASKS, 3)


def test_the_interval_by_hand_and_for_one_task():
    assert ci95(torch.tensor([0.0, 1.0, 0.0, 1.0])) == pytest.approx(1.96 * math.sqrt(1 / 3) / 2)
    assert ci95(torch.tensor([0.5])) == math.inf


def test_the_interval_covers_the_truth_as_often_as_it_claims():
    """Beta(8, 2) scores have mean 0.8; over 4,000 experiments of 100 tasks about 95 % of intervals hold it."""
    torch.manual_seed(0)
    scores = torch.distributions.Beta(8.0, 2.0).sample((4000, 100))
    covered = sum(abs(row.mean().item() - 0.8) <= ci95(row) for row in scores) / len(scores)
    assert 0.935 < covered < 0.96


def test_a_paired_difference_by_hand_and_without_what_the_tasks_share():
    first, second = torch.tensor([0.9, 0.5, 0.7]), torch.tensor([0.8, 0.3, 0.7])
    mean, half = paired_difference(first, second)
    assert (mean, half) == pytest.approx((0.1, 1.96 * 0.1 / math.sqrt(3)), abs=1e-6)
    hard = torch.linspace(0, 100, 3)  # however much the tasks differ
    assert paired_difference(first + hard, second + hard) == pytest.approx((mean, half), abs=1e-4)
    with pytest.raises(ValueError, match="there are 3 and 2 scores"):
        paired_difference(first, second[:2])


def test_every_learner_meets_the_same_tasks_in_any_batch_and_a_prefix_is_a_prefix():
    learner = PrototypicalNet(Conv4(4))
    result = evaluate(learner, TASKS, 20, seed=3)
    assert torch.equal(evaluate(learner, TASKS, 20, seed=3, batch=7).scores, result.scores)
    assert torch.equal(evaluate(learner, TASKS, 8, seed=3).scores, result.scores[:8])
    assert not torch.equal(evaluate(learner, TASKS, 20, seed=4).scores, result.scores)


@pytest.mark.parametrize("batch_norm", ["inductive", "transductive"])
def test_the_learner_is_left_as_it_was(batch_norm):
    learner = PrototypicalNet(Conv4(4)).train()
    learner.backbone[1].eval()  # a mixed mode must come back mixed
    before = {k: v.clone() for k, v in learner.state_dict().items()}
    modes = [m.training for m in learner.modules()]
    evaluate(learner, TASKS, 3, batch_norm=batch_norm)
    assert all(torch.equal(v, before[k]) for k, v in learner.state_dict().items())
    assert [m.training for m in learner.modules()] == modes
    assert all(p.grad is None for p in learner.parameters())


def test_other_queries_matter_in_transductive_mode_only():
    torch.manual_seed(0)
    learner = PrototypicalNet(Conv4(4).double())
    full = TASKS.sample(2, torch.Generator().manual_seed(1)).map(lambda t: t.double() if t.is_floating_point() else t)
    # the same queries beside others: replace all but the first query by noise
    torch.manual_seed(1)
    query_x = torch.cat([full.query_x[:, :1], torch.rand_like(full.query_x[:, 1:])], 1)
    other = Episode(full.support_x, full.support_y, query_x, full.query_y, full.way)
    first = {}
    for mode in ("inductive", "transductive"):

        class Spy(Learner):
            def forward(self, episode, mode=mode):
                prediction = self.backbone(episode)
                first.setdefault(mode, []).append(prediction[:, 0])
                return prediction

        for episode in (full, other):
            evaluate(Spy(learner), episode, batch_norm=mode)
    assert torch.allclose(*first["inductive"], atol=1e-10)
    transductive = first["transductive"]
    assert not torch.allclose(transductive[0], transductive[2], atol=1e-4)


def test_regression_is_judged_by_its_squared_error():
    class Zero(Learner):
        def forward(self, episode):
            return torch.zeros_like(episode.query_y)

    result = evaluate(Zero(), Sinusoids(amplitude=(2, 2)), 400)
    assert result.mean == pytest.approx(2.0, abs=0.15)  # the mean square of a sine of amplitude 2 over its period
    with pytest.raises(ValueError, match="regression"):
        _ = result.accuracy
    assert set(result.as_dict()) == {"mse", "tasks", "ci95", "loss"}


@pytest.mark.parametrize("options", [{"n_tasks": 0}, {"batch": 0}, {"batch_norm": "train"}])
def test_bad_arguments_are_refused(options):
    with pytest.raises(ValueError, match="must be"):
        evaluate(PrototypicalNet(nn.Flatten()), TASKS, **options)
