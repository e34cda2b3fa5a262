"""Queries in company, the stored trainings, and the self-test."""

import math

import pytest
import torch

from course_lib import evaluate
from course_lib.learners import MAML
from course_lib.lessons.lesson04 import COMPANIES, accuracy_in_company, company, fixes, norms
from course_lib.lessons.lesson04.adaptation import query_dependence
from course_lib.lessons.lesson04.quizzes import QUIZZES
from course_lib.models import Conv4
from course_lib.tasks import Scripts


@pytest.fixture(scope="module")
def episode():
    return Scripts(5, 1, 5).sample(3, torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def learner():
    torch.manual_seed(0)
    return MAML(Conv4(8, out=5), 1, 0.4).eval()


@pytest.mark.parametrize("name", COMPANIES)
def test_each_query_is_in_one_batch_and_the_batch_is_what_its_name_says(name, episode):
    batches = company(name, episode, torch.Generator().manual_seed(0))
    assert (batches.flatten(1).sort(1).values == torch.arange(25)).all()
    labels = torch.stack([y[b] for y, b in zip(episode.query_y, batches, strict=True)])  # [tasks, batches, size]
    size, classes = labels.shape[-1], {len(row.unique()) for row in labels.flatten(0, 1)}
    assert size == {"all together": 25, "each alone": 1}.get(name, 5)
    if name in ("five, one of each class", "five of one class"):
        assert classes == ({5} if "each" in name else {1})
    if name == "five, drawn at random":
        assert len(classes) > 1 and not torch.equal(batches[0], batches[1])


def test_all_together_is_what_evaluate_calls_transductive(learner, episode):
    found = accuracy_in_company(learner, episode, company("all together", episode))
    assert torch.allclose(found, evaluate(learner, episode, batch_norm="transductive").scores)
    alone = accuracy_in_company(learner, episode, company("each alone", episode))
    assert not torch.allclose(found, alone)


def test_group_norm_knows_no_company(learner, episode):
    grouped = MAML(norms.with_group_norm(learner.backbone), 1, 0.4).eval()
    assert [m.num_groups for m in grouped.modules() if isinstance(m, torch.nn.GroupNorm)] == [8] * 4
    assert any(isinstance(m, torch.nn.BatchNorm2d) for m in learner.modules())  # the original is as it was
    assert query_dependence(grouped, episode.task(0)) < 1e-5
    scores = [
        accuracy_in_company(grouped, episode, company(name, episode)) for name in COMPANIES if "random" not in name
    ]
    assert all(torch.allclose(one, scores[0]) for one in scores)


def test_the_stored_trainings_are_all_there():
    stored = norms.read()
    assert set(stored) == {(name, seed) for name in norms.VARIANTS for seed in norms.SEEDS}
    for scores in stored.values():
        assert set(scores) == {"inductive", *COMPANIES} and all(len(s) == norms.TESTED for s in scores.values())


@pytest.mark.parametrize("name", norms.VARIANTS)
def test_a_variant_trains_and_is_scored(name):
    found = norms.scores(norms.train(name, 0, steps=1), 2)
    assert set(found) == {"inductive", *COMPANIES} and all(0 <= v <= 25 for each in found.values() for v in each)


def test_the_gain_of_a_fix_is_paired_and_judged():
    gain, half = fixes.gain([3.0, 4.0, 8.0], [1.0, 2.0, 3.0])  # differences 2, 2, 5
    assert gain == pytest.approx(3) and half == pytest.approx(4.3 * math.sqrt(3) / math.sqrt(3))
    assert [fixes.verdict(*g) for g in ((3, 4), (3, 2), (-3, 2))] == ["cannot tell", "ahead", "behind"]
    assert all(len(found) == 3 for found in fixes.read().values()) and "plain" in fixes.read()


def test_equal_rows_move_the_body_in_the_second_step_only():
    torch.manual_seed(0)
    network = Conv4(4, out=3)
    with torch.no_grad():
        network[-1].weight.copy_(network[-1].weight[:1].expand(3, -1))
    path = MAML(network, 2, 0.4).path(*(t for t in _support()), way=3)
    body = [name for name in path[0] if not name.startswith("5.")]
    first, second = ({n: (path[i + 1][n] - path[i][n]).abs().max() for n in body} for i in (0, 1))
    assert max(first.values()) < 1e-6 < 1e-3 < max(second.values())


def test_a_sixth_row_may_be_one_more_copy_of_equal_rows():
    torch.manual_seed(0)
    row, network = Conv4(16, out=3)[-1].weight[0], Conv4(16, out=4)  # of a head of three, for a head of four
    with torch.no_grad():
        network[-1].weight.copy_(row.expand(4, -1))
        network[-1].bias.zero_()
    x, y, *_ = Scripts(4, 1, 1).sample(1, torch.Generator().manual_seed(0)).tensors()
    learner = MAML(network, 20, 0.4).eval()
    assert torch.equal(learner.predict(learner.adapt(x, y, 4), x).argmax(-1), y)
    assert QUIZZES["seven classes, equal rows"].right.startswith("yes: new rows are copies")


def _support():
    episode = Scripts(3, 1, 1).sample(1, torch.Generator().manual_seed(0))
    return episode.support_x, episode.support_y
