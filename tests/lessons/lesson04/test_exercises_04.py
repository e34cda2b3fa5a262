"""Lesson 04's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import pytest
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import batch_statistics, call
from course_lib.exercises import check
from course_lib.learners import inner_step
from course_lib.lessons.lesson04.checks import EXERCISES
from tests.exercises.exercise_cases import assert_refused, assert_solved


def named(name, function):
    def answer(*args):
        return function(*args)

    answer.__name__ = name
    return answer


def autograd_features(features, labels, weight, bias):
    f = features.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(f @ weight.T + bias, labels), f)[0]


def func_features(features, labels, weight, bias):
    return torch.func.grad(lambda f: F.cross_entropy(f @ weight.T + bias, labels))(features)


def looped_features(features, labels, weight, bias):
    rows = []
    for f, y in zip(features, labels, strict=True):
        p = (weight @ f + bias).softmax(0)
        p[y] -= 1
        rows.append(torch.einsum("w,wd->d", p, weight) / len(features))
    return torch.stack(rows)


def loop_over_queries(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    together, largest = learner.predict(adapted, episode.query_x).softmax(-1), 0.0
    for i in range(episode.query_x.shape[1]):
        alone = learner.predict(adapted, episode.query_x[:, i : i + 1]).softmax(-1)
        largest = max(largest, (alone[0, 0] - together[0, i]).abs().max().item())
    return largest


def depends(change=lambda s: s.softmax(-1), summary=lambda d: d.abs().max(), size=1, on="support"):
    def measure(learner, episode):
        adapted = learner.adapt(getattr(episode, on + "_x"), getattr(episode, on + "_y"), episode.way)
        alone = torch.cat([learner.predict(adapted, q) for q in episode.query_x.split(size, dim=1)], 1)
        return summary(change(learner.predict(adapted, episode.query_x)) - change(alone)).item()

    return measure


def reordered(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    one = learner.predict(adapted, episode.query_x).softmax(-1)
    return (one - learner.predict(adapted, episode.query_x.flip(1)).flip(1).softmax(-1)).abs().max().item()


def sets_the_mode(learner, episode):
    learner.train()
    return loop_over_queries(learner, episode)


def evaluates(learner, episode):
    learner.eval()
    return loop_over_queries(learner, episode)


def evaluates_and_restores(learner, episode):
    mode = learner.training
    learner.eval()
    found = loop_over_queries(learner, episode)
    learner.train(mode)
    return found


def by_batch(learner, episode):
    with batch_statistics(learner):
        return loop_over_queries(learner, episode)


def by_index(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    together = learner.predict(adapted, episode.query_x).softmax(-1)
    alone = [learner.predict(adapted, episode.query_x[:, i]).softmax(-1) for i in range(episode.query_x.shape[1])]
    return max((together[:, i] - a).abs().max().item() for i, a in enumerate(alone))


def all_pairs(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    alone = torch.stack([learner.predict(adapted, q)[0] for q in episode.query_x.split(1, dim=1)])
    return (learner.predict(adapted, episode.query_x).softmax(-1) - alone.softmax(-1)).abs().max().item()


def own_class(learner, episode):
    index = episode.query_y.unsqueeze(-1)
    return depends(summary=lambda d: d.gather(-1, index).abs().max())(learner, episode)


def without_item(summary):
    def measure(learner, episode):
        adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
        alone = torch.cat([learner.predict(adapted, q) for q in episode.query_x.split(1, dim=1)], 1)
        return summary(learner.predict(adapted, episode.query_x).softmax(-1) - alone.softmax(-1))

    return measure


def steps_on_images(loss=F.cross_entropy, copy=lambda p: p, give=lambda grads, outer: (grads, outer.item()), **how):
    """A usual answer to `image_meta_gradient`, with one thing otherwise."""

    def gradient(network, episode, lr, steps=1):
        start, losses = dict(network.named_parameters()), []
        for sx, sy, qx, qy in zip(*episode.tensors(), strict=True):
            params = {n: copy(p) for n, p in start.items()}
            for _ in range(steps):
                params = inner_step(lambda p, x=sx, y=sy: loss(call(network, p, x), y), params, lr, how.get("order", 2))
            losses.append(loss(call(network, params, qx), qy))
        outer = torch.stack(losses).mean()
        return give(dict(zip(start, torch.autograd.grad(outer, list(start.values()), **how.get("grad", {})),
                             strict=True)), outer)  # fmt: skip

    return gradient


def in_place(network, episode, lr, steps=1):
    for _ in range(steps):
        grads = torch.autograd.grad(F.cross_entropy(network(episode.support_x[0]), episode.support_y[0]),
                                    list(network.parameters()))  # fmt: skip
        with torch.no_grad():
            for p, g in zip(network.parameters(), grads, strict=True):
                p -= lr * g
    return {n: p.detach() for n, p in network.named_parameters()}, 1.0


def adds_up_old_gradients(network, episode, lr, steps=1):
    grads, outer = steps_on_images()(network, episode, lr, steps)
    for n, p in network.named_parameters():
        p.grad = grads[n] if p.grad is None else p.grad + grads[n]
    return {n: p.grad for n, p in network.named_parameters()}, outer


RIGHT = [
    ("image_meta_gradient", steps_on_images()), ("image_meta_gradient", steps_on_images(copy=lambda p: p.clone())),
    ("feature_gradient", looped_features),
    ("query_dependence", loop_over_queries), ("query_dependence", depends()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, answer)
    assert check(mine) is mine, capsys.readouterr().out


def head(of, scores=lambda f, w, b: f @ w.T + b):
    def gradient(f, y, w, b):
        return of(scores(f, w, b).softmax(-1), F.one_hot(y, len(w)).float(), f, w)

    return gradient


def no_default(network, episode, lr, steps):
    return steps_on_images()(network, episode, lr, steps)


def all_at_once(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    return F.cross_entropy(call(network, start, episode.support_x), episode.support_y), 1.0


WRONG = [
    ("image_meta_gradient", steps_on_images(order=1), "first-order gradient"),
    ("image_meta_gradient", steps_on_images(copy=lambda p: p.detach().requires_grad_()),
     "no gradient reaches the start"),
    ("image_meta_gradient", steps_on_images(give=lambda g, o: (g, o)), "still holds the graph"),
    ("image_meta_gradient", steps_on_images(grad={"create_graph": True}), "still holds its own graph"),
    ("image_meta_gradient", steps_on_images(give=lambda g, o: (o.item(), g)), "are exchanged"),
    ("image_meta_gradient", steps_on_images(give=lambda g, o: g), "two things"),
    ("image_meta_gradient", steps_on_images(give=lambda g, o: (list(g.values()), o.item())), "a dict with a tensor"),
    ("image_meta_gradient", steps_on_images(give=lambda g, o: ({f"p.{n}": v for n, v in g.items()}, o.item())),
     "should have the names"),
    ("image_meta_gradient", steps_on_images(give=lambda g, o: ({n: v.norm() for n, v in g.items()}, o.item())),
     "like the parameter"),
    ("image_meta_gradient", no_default, "keep the default"),
    ("image_meta_gradient", all_at_once, "the images of *one* task"),
    ("image_meta_gradient", in_place, "the weights of `network` in place"),
    ("image_meta_gradient", adds_up_old_gradients, "what the step before has left in .grad"),
    ("feature_gradient", autograd_features, "lets autograd find the gradient"),
    ("feature_gradient", func_features, "lets autograd find the gradient"),
    ("feature_gradient", lambda f, y, w, b: ((f @ w.T + b).softmax(1) - F.one_hot(y)) @ w / len(f), "is len(weight)"),
    ("feature_gradient", head(lambda p, e, f, w: (p - e) @ w), "*sum* of the losses"),
    ("feature_gradient", head(lambda p, e, f, w: (e - p) @ w / len(f)), "sign is turned round"),
    ("feature_gradient", head(lambda p, e, f, w: p @ w / len(f)), "label is not used"),
    ("feature_gradient", lambda f, y, w, b: (f @ w.T + b - F.one_hot(y, len(w))) @ w / len(f), "softmax is missing"),
    ("feature_gradient", head(lambda p, e, f, w: (p - e) @ w / len(f), lambda f, w, b: f @ w.T), "bias is forgotten"),
    ("feature_gradient", head(lambda p, e, f, w: (p - e).T @ f / len(f)), "for the *weight* of the head"),
    ("feature_gradient", head(lambda p, e, f, w: (p - e) / len(f)), "gradient at the scores"),
    ("feature_gradient", lambda f, y, w, b: ((f @ w.T + b).softmax(0) - F.one_hot(y, len(w))) @ w / len(f),
     "runs over the examples"),
    ("feature_gradient", head(lambda p, e, f, w: (p - e) @ w / len(w)), "number of classes"),
    ("query_dependence", depends(change=lambda s: s), "it compares scores"),
    ("query_dependence", depends(change=lambda s: s.softmax(1)), "runs over the queries"),
    ("query_dependence", depends(summary=lambda d: d.abs().mean()), "mean difference"),
    ("query_dependence", depends(summary=lambda d: d.max()), "*signed* difference"),
    ("query_dependence", depends(summary=lambda d: d.abs().sum()), "adds up the differences. Report"),
    ("query_dependence", depends(summary=lambda d: d.abs().sum(-1).max()), "over the classes. Report"),
    ("query_dependence", depends(summary=lambda d: d.abs().amax(-1).mean()), "averages over the queries"),
    ("query_dependence", depends(summary=lambda d: (d ** 2).max()), "squares the difference"),
    ("query_dependence", depends(change=lambda s: s.argmax(-1).float()), "compares predicted labels"),
    ("query_dependence", depends(size=2), "two at a time"),
    ("query_dependence", depends(on="query"), "adapts to the query set"),
    ("query_dependence", reordered, "*order* of the queries"),
    ("query_dependence", sets_the_mode, "changes the mode"),
    ("query_dependence", evaluates, "changes the mode"),
    ("query_dependence", evaluates_and_restores, "while it asks"),
    ("query_dependence", by_batch, "statistics of the batch at hand"),
    ("query_dependence", by_index, "a slice keeps it"),
    ("query_dependence", depends(summary=lambda d: d.abs().sum(-1).max() / 2), "half the sum"),
    ("query_dependence", all_pairs, "joined along the wrong axis"),
    ("query_dependence", own_class, "only at the probability of the right class"),
    ("query_dependence", lambda learner, episode: 0.0, "finds no difference where there is one"),
    ("query_dependence", without_item(lambda d: d.abs().max(-1).values), "a difference for each query"),
    ("query_dependence", without_item(lambda d: d.abs().amax((0, 1))), "a difference for each class"),
    ("query_dependence", depends(summary=lambda d: d[:, 1:].abs().max()), "leaves out the first"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
