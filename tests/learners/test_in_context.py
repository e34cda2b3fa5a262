"""Learners that read: against plain loops, and what may not change their answers."""

import math
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from course_lib import Episode, evaluate, fit, load, save
from course_lib.learners import InContext, Recurrent, surprise
from course_lib.learners.in_context import ReadingBlock
from course_lib.models import MLP
from course_lib.tasks import AnyShot, Lines, Scripts, Sinusoids
from course_lib.tasks.labels import deal_labels

READERS = {
    "mean": lambda: InContext(width=12, layers=2, heads=3),
    "spread": lambda: InContext(width=12, layers=2, heads=3, spread=True),
    "gru": lambda: Recurrent(hidden=7),
    "lstm": lambda: Recurrent(hidden=7, cell="lstm"),
}
CLASSIFIERS = {
    "one-hot": lambda: InContext(inputs=6, outputs=4, width=12, layers=2, heads=3),
    "each class": lambda: InContext(inputs=6, width=12, layers=2, heads=3, each_class=True),
    "gru": lambda: Recurrent(inputs=6, outputs=4, hidden=7),
    "backbone": lambda: InContext(MLP((6, 5)), inputs=5, outputs=4, width=8, layers=1, heads=2),
}
EACH = pytest.mark.parametrize("name", READERS)
BOTH = pytest.mark.parametrize("name", CLASSIFIERS)


def made(kinds, name):
    torch.manual_seed(0)
    return kinds[name]().double().eval()


def curves(shot=5, query=6, n=3):
    return Sinusoids(shot, query).sample(n, torch.Generator().manual_seed(0)).map(torch.Tensor.double)


def clouds(way=4, shot=2, query=3, n=3):
    g = torch.Generator().manual_seed(1)
    x, y = torch.randn(n, way * (shot + query), 6, generator=g, dtype=torch.float64), torch.arange(way)
    support, queries = (y.repeat(n, k) for k in (shot, query))
    return Episode(x[:, : way * shot], support, x[:, way * shot :], queries, way)


@pytest.mark.parametrize("heads", [1, 3])
def test_attention_is_a_plain_loop(heads):
    torch.manual_seed(0)
    block, n_support, d = ReadingBlock(12, heads).double(), 4, 12 // heads
    tokens = torch.randn(2, 7, 12, dtype=torch.float64)
    found = torch.zeros_like(tokens)
    for task in range(2):
        q, k, v = block.ask_and_offer(tokens[task]).detach().split(12, -1)  # [7, 12] each
        for i in range(7):
            parts = []
            for head in range(heads):
                at = slice(head * d, (head + 1) * d)
                scores = [math.exp(q[i, at] @ k[j, at] / math.sqrt(d)) for j in range(n_support)]
                parts.append(sum(s * v[j, at] for j, s in enumerate(scores)) / sum(scores))
            found[task, i] = block.join(torch.cat(parts))
    assert_close(block.look(tokens, n_support), found)


def test_a_block_adds_what_was_seen_and_then_what_was_thought():
    block, tokens = ReadingBlock(4, 2).double(), torch.randn(1, 5, 4, dtype=torch.float64)
    seen = tokens + block.look(block.norm(tokens), 3)
    assert_close(block(tokens, 3), seen + block.alone(block.norm_after(seen)))


@EACH
def test_adapting_keeps_the_pairs_or_reads_them_and_changes_no_weight(name):
    learner, e = made(READERS, name), curves()
    before = [p.clone() for p in learner.parameters()]
    adapted = learner.adapt(e.support_x, e.support_y)
    if isinstance(learner, InContext):
        assert_close(adapted, (e.support_x, e.support_y))
    learner.predict(adapted, e.query_x)
    assert all(torch.equal(a, b) for a, b in zip(before, learner.parameters(), strict=True))


@EACH
def test_a_query_feels_no_other_query_and_no_other_task(name):
    learner, e = made(READERS, name), curves()
    together = learner(e)
    adapted = learner.adapt(e.support_x, e.support_y)
    for i in range(6):
        assert_close(learner.predict(adapted, e.query_x[:, i : i + 1]), together[:, i : i + 1])
    others = e.query_x.clone()
    others[:, 1:] += 1
    assert_close(learner.predict(adapted, others)[:, 0], together[:, 0])
    assert_close(torch.cat([learner(e.task(i)) for i in range(3)]), together)


@EACH
def test_an_answer_does_not_know_the_queries_target(name):
    learner, e = made(READERS, name), curves()
    assert_close(learner(Episode(e.support_x, e.support_y, e.query_x, e.query_y + 1)), learner(e))


@EACH
def test_the_order_of_the_support_set_matters_to_who_reads_in_turn(name):
    learner, e = made(READERS, name), curves()
    order = torch.tensor([3, 1, 4, 0, 2])
    turned = learner(Episode(e.support_x[:, order], e.support_y[:, order], e.query_x, e.query_y))
    assert torch.allclose(turned, learner(e), rtol=0, atol=1e-12) == isinstance(learner, InContext)


@EACH
def test_any_number_of_support_points_and_each_of_them_counts(name):
    learner, answers = made(READERS, name), []
    e = curves(shot=12)
    for k in (1, 2, 7, 12):
        answers.append(learner(Episode(e.support_x[:, :k], e.support_y[:, :k], e.query_x, e.query_y)))
        assert answers[-1].shape == (3, 6, 1)
    assert all((a - b).abs().max() > 1e-4 for a, b in pairwise(answers))
    other = e.support_y.clone()
    other[:, -1] += 1  # the last target is read, too
    assert (learner(Episode(e.support_x, other, e.query_x, e.query_y)) - answers[-1]).abs().max() > 1e-4


def test_a_pair_that_is_read_twice_is_not_a_pair_that_is_read_once():
    learner, e = made(READERS, "mean"), curves()
    again = Episode(*(torch.cat([t, t[:, :1]], 1) for t in (e.support_x, e.support_y)), e.query_x, e.query_y)
    assert (learner(again) - learner(e)).abs().max() > 1e-5
    # but all of them twice: attention gives each half of what it gave
    doubled = Episode(*(torch.cat([t, t], 1) for t in (e.support_x, e.support_y)), e.query_x, e.query_y)
    assert_close(learner(doubled), learner(e))


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_recurrent_reader_is_a_plain_loop_whose_targets_come_a_step_late(cell):
    torch.manual_seed(0)
    learner, e = Recurrent(hidden=7, cell=cell).double().eval(), curves()
    one = {"gru": nn.GRUCell, "lstm": nn.LSTMCell}[cell](2, 7).double()
    for mine, theirs in zip(one.parameters(), learner.reads.parameters(), strict=True):
        mine.data = theirs.data
    for task in range(3):
        state, before = None, torch.zeros(1, dtype=torch.float64)
        for x, y in zip(e.support_x[task], e.support_y[task], strict=True):
            state, before = one(torch.cat([x, before])[None], state), y
        for i, x in enumerate(e.query_x[task]):
            after = one(torch.cat([x, before])[None], state)
            answer = learner.answer(after[0] if cell == "lstm" else after)
            assert_close(learner(e)[task, i], answer[0])


@BOTH
def test_scores_are_one_a_class_and_queries_are_apart(name):
    learner, e = made(CLASSIFIERS, name), clouds()
    scores = learner(e)
    assert scores.shape == (3, 12, 4)
    assert_close(learner.predict(learner.adapt(e.support_x, e.support_y, 4), e.query_x[:, 2:3]), scores[:, 2:3])
    assert_close(learner.predict(learner.adapt(e.support_x, e.support_y), e.query_x), scores)  # way read from labels


@BOTH
def test_renamed_classes_rename_the_answers_where_each_class_is_read_alone(name):
    learner, e = made(CLASSIFIERS, name), clouds()
    new = torch.tensor([2, 0, 3, 1])
    renamed = learner(Episode(e.support_x, new[e.support_y], e.query_x, new[e.query_y], 4))[..., new]
    assert torch.allclose(renamed, learner(e), rtol=0, atol=1e-12) == (name == "each class")


def test_each_class_is_a_loop_of_questions_is_it_this_one():
    learner, e = made(CLASSIFIERS, "each class"), clouds()
    one_by_one = []
    for c in range(4):
        is_it = (e.support_y == c).double().unsqueeze(-1)  # real targets: the same network, asked once
        one_by_one.append(learner.predict(learner.adapt(e.support_x, is_it), e.query_x))
    assert_close(learner(e), torch.cat(one_by_one, -1))
    assert learner(clouds(way=3)).shape == (3, 9, 3)  # any number of classes


def test_fewer_classes_than_places():
    e = clouds(way=3)
    assert made(CLASSIFIERS, "one-hot")(e).shape == (3, 9, 3)


@EACH
def test_the_outer_loss_is_that_of_the_queries(name):
    learner, e = made(READERS, name), curves()
    inner, outer = learner.losses(e)
    assert torch.equal(inner, outer) and outer.requires_grad and not inner.requires_grad
    if name != "spread":
        assert_close(outer, (learner(e) - e.query_y).square().mean())
        return
    mean, spread = learner.distribution(learner.adapt(e.support_x, e.support_y), e.query_x)
    assert torch.equal(mean, learner(e)) and (spread > 0).all()
    assert_close(outer, -torch.distributions.Normal(mean, spread).log_prob(e.query_y).mean())


def test_surprise_is_least_where_the_spread_is_the_error():
    spread = torch.linspace(0.1, 3, 2901, dtype=torch.float64)
    assert spread[surprise(torch.zeros(()), spread, torch.full((), 1.3)).argmin()] == pytest.approx(1.3, abs=2e-3)


@EACH
def test_the_gradient_is_that_of_finite_differences(name):
    """Along a random direction in all weights."""
    learner, e, h = made(READERS, name), curves(3, 2, 2), 1e-6
    params = [*learner.parameters()]
    gradient = torch.autograd.grad(learner.losses(e)[1], params)
    way, there = [torch.randn_like(p) for p in params], []
    with torch.no_grad():
        for step in (h, -2 * h):
            torch._foreach_add_(params, way, alpha=step)
            there.append(learner.losses(e)[1].item())
    along = sum((g * w).sum().item() for g, w in zip(gradient, way, strict=True))
    assert along == pytest.approx((there[0] - there[1]) / (2 * h), rel=1e-5)


@pytest.mark.parametrize("name", ["mean", "spread", "gru"])
def test_it_learns_to_read(name):
    """A line through the origin: two points are plenty, and who does not read them errs by 1."""
    torch.manual_seed(0)
    learner, tasks = Recurrent() if name == "gru" else READERS[name](), Lines(1, 4, 8, noise=0.05)
    fit(learner, AnyShot(tasks), 250, meta_batch=32, lr=1e-2, device="cpu", progress=False)
    assert evaluate(learner, tasks, 100, seed=1).mean < 0.35


@pytest.mark.parametrize("name", [*READERS, *CLASSIFIERS])
def test_it_comes_back_from_a_file(name, tmp_path):
    kinds, e = (READERS, curves()) if name in READERS else (CLASSIFIERS, clouds())
    learner = made(kinds, name)
    again = load(save(learner, tmp_path / "reader.safetensors"))
    assert torch.equal(again(e), learner(e)) and again.config == learner.config


def test_evaluate_judges_the_mean_and_takes_uneven_tasks():
    learner = READERS["spread"]()
    result = evaluate(learner, AnyShot(Sinusoids(6, 5)), 30)
    assert result.scores.shape == (30,) and not result.is_classification


def test_pictures_with_dealt_labels():
    torch.manual_seed(0)
    learner = InContext(inputs=784, outputs=3, width=8, heads=2, layers=1)
    e = Scripts(3, 1, 2).sample(2, torch.Generator().manual_seed(0))
    new = deal_labels(e.support_y, e.query_y, 3, torch.Generator().manual_seed(1))
    dealt = Episode(e.support_x, new[0], e.query_x, new[1], 3)
    assert learner(dealt).shape == (2, 6, 3) and learner.losses(dealt)[1] > 0


@pytest.mark.parametrize(("make", "said"), [
    (lambda: InContext(width=10, heads=4), "10 cannot be divided by 4 heads"),
    (lambda: InContext(outputs=3, each_class=True), "outputs must be 1"),
    (lambda: InContext(spread=True, each_class=True), "there is no spread"),
    (lambda: InContext(layers=0), "layers must be a whole number"),
    (lambda: Recurrent(cell="rnn"), "cell must be 'gru' or 'lstm'"),
    (lambda: Recurrent(hidden=0), "hidden must be a whole number"),
    (lambda: READERS["mean"]().distribution(None, None), "build it with spread=True"),
    (lambda: InContext(inputs=6, spread=True).double()(clouds()), "a spread is for real targets"),
    (lambda: InContext(inputs=6, outputs=3).double()(clouds()), "places for 3 classes, too few for a 4-way task"),
    (lambda: InContext(inputs=2).double()(curves()), "built for examples of 2 numbers, but they have 1"),
    (lambda: Recurrent(outputs=2).double()(curves()), r"targets of 2 numbers, .* but they are \[3, 5, 1\]"),
    (lambda: InContext().adapt(torch.ones(1, 2, 1).long(), torch.ones(1, 2, 1)), "must be floating point here"),
])  # fmt: skip
def test_what_does_not_fit_gets_its_sentence(make, said):
    with pytest.raises(ValueError, match=said):
        make()
