"""Lesson 04's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import batch_statistics
from course_lib.exercises import check
from course_lib.learners.maml_plus_plus import multi_step_weights
from course_lib.lessons.lesson04.checks import EXERCISES
from tests.exercises.exercise_cases import assert_refused, assert_solved


def named(name, function):
    def answer(*args):
        return function(*args)

    answer.__name__ = name
    return answer


def by_probabilities(network, params, x, y):
    return -network(params, x).softmax(-1).log()[torch.arange(len(y)), y].mean()


def by_nll(network, params, x, y):
    return F.nll_loss(network(params, x).log_softmax(-1), y)


def by_loop(network, params, x, y):
    total = 0
    for image, label in zip(x, y, strict=True):
        scores = network(params, image[None])[0]
        total = total + scores.logsumexp(0) - scores[label]
    return total / len(x)


def autograd_features(features, labels, weight, bias):
    f = features.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(f @ weight.T + bias, labels), f)[0]


def half_cut(network, params, x, y):
    scores = network(params, x)
    return (scores.logsumexp(1).detach() - scores[torch.arange(len(y)), y]).mean()


def func_features(features, labels, weight, bias):
    return torch.func.grad(lambda f: F.cross_entropy(f @ weight.T + bias, labels))(features)


def looped_features(features, labels, weight, bias):
    rows = []
    for f, y in zip(features, labels, strict=True):
        p = (weight @ f + bias).softmax(0)
        p[y] -= 1
        rows.append(torch.einsum("w,wd->d", p, weight) / len(features))
    return torch.stack(rows)


def norm(mean_of=lambda r, x: r, var_of=lambda r, x: r, axes=None, correction=0, div=lambda v, e: (v + e).sqrt(),
         weight=True, bias=True):  # fmt: skip
    def normalised(reference, x, w, b, eps):
        over = [i for i in range(x.ndim) if i != 1] if axes is None else axes(x)
        mean = mean_of(reference, x).mean(over, keepdim=True)
        var = var_of(reference, x).var(over, correction=correction, keepdim=True)
        shape = [1, -1] + [1] * (x.ndim - 2)
        out = (x - mean) / div(var, eps)
        out = out * w.view(shape) if weight else out
        return out + b.view(shape) if bias else out

    return normalised


def moved_axes(reference, x, weight, bias, eps):
    r, y = reference.movedim(1, -1), x.movedim(1, -1)
    r = r.reshape(-1, r.shape[-1])
    return ((y - r.mean(0)) * (r.var(0, unbiased=False) + eps) ** -0.5 * weight + bias).movedim(-1, 1)


def by_torch(reference, x, weight, bias, eps):
    over = [i for i in range(x.ndim) if i != 1]
    mean, var = reference.mean(over), reference.var(over, correction=0)
    return F.batch_norm(x, mean, var, weight, bias, eps=eps)


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


def weights_as_tensor(steps, done):
    uniform, last = torch.full((steps,), 1 / steps), F.one_hot(torch.tensor(steps - 1), steps)
    return (1 - done) * uniform + done * last


RIGHT = [
    ("classification_loss", by_nll), ("classification_loss", by_loop),
    ("feature_gradient", looped_features),
    ("normalise_by", norm()), ("normalise_by", moved_axes), ("normalise_by", by_torch),
    ("query_dependence", loop_over_queries), ("query_dependence", depends()),
    ("multi_step_weights", lambda s, d: tuple(multi_step_weights(s, d))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, answer)
    assert check(mine) is mine, capsys.readouterr().out


def loss(of):
    return lambda n, p, x, y: of(n(p, x), y)


def head(of, scores=lambda f, w, b: f @ w.T + b):
    def gradient(f, y, w, b):
        return of(scores(f, w, b).softmax(-1), F.one_hot(y, len(w)).float(), f, w)

    return gradient


WRONG = [
    ("classification_loss", loss(lambda s, y: F.cross_entropy(s.softmax(1), y)), "softmax is applied twice"),
    ("classification_loss", loss(lambda s, y: len(y) * F.cross_entropy(s, y)), "added up"),
    ("classification_loss", loss(F.nll_loss), "nll_loss wants logarithms"),
    ("classification_loss", loss(lambda s, y: -s.softmax(1)[torch.arange(len(y)), y].mean()), "logarithm is missing"),
    ("classification_loss", loss(lambda s, y: (s.softmax(1) - F.one_hot(y, s.shape[1])).square().mean()),
     "between probabilities and labels"),
    ("classification_loss", loss(lambda s, y: (s - F.one_hot(y, s.shape[1])).square().mean()),
     "between scores and labels"),
    ("classification_loss", loss(lambda s, y: F.log_softmax(s, 1)[torch.arange(len(y)), y].mean()), "sign is turned"),
    ("classification_loss", loss(lambda s, y: (s.argmax(1) == y).float().mean()), "this is the accuracy"),
    ("classification_loss", loss(lambda s, y: F.cross_entropy(s.softmax(0).log(), y)), "runs over the images"),
    ("classification_loss", loss(lambda s, y: F.cross_entropy(s.detach(), y)), "no connection to `params`"),
    ("classification_loss", loss(lambda s, y: F.cross_entropy(s, y).item()), "no connection to `params`"),
    ("classification_loss", by_probabilities, "That is for scores in the hundreds"),
    ("classification_loss", loss(lambda s, y: -F.nll_loss((s.exp() / s.exp().sum(1, keepdim=True)).log(), y) * -1),
     "That is for scores in the hundreds"),
    ("classification_loss", loss(lambda s, y: F.nll_loss((s.softmax(1) + 1e-8).log(), y)), "added before the log"),
    ("classification_loss", lambda n, p, x, y: F.cross_entropy(n(p, x.flatten(1)), y), "expects images [n, 1"),
    ("classification_loss", lambda n, p, x, y: F.cross_entropy(y, n(p, x)), "are the two exchanged"),
    ("classification_loss", half_cut, "a part of the loss is cut off"),
    ("classification_loss", lambda n, p, x, y: F.cross_entropy(n({k: v.clone().detach().requires_grad_()
                                                                 for k, v in p.items()}, x), y), "copies of the"),
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
    ("normalise_by", norm(lambda r, x: x, lambda r, x: x), "its own statistics"),
    ("normalise_by", norm(lambda r, x: torch.cat([x, r]), lambda r, x: torch.cat([x, r])), "and x together"),
    ("normalise_by", norm(var_of=lambda r, x: x), "the variance is that of x"),
    ("normalise_by", lambda r, x, w, b, e: norm()(r, r, w, b, e), "it normalises `reference`"),
    ("normalise_by", norm(axes=lambda x: [0]), "over the images only"),
    ("normalise_by", norm(axes=lambda x: list(range(x.ndim))), "over everything"),
    ("normalise_by", norm(correction=1), "divides by n - 1"),
    ("normalise_by", norm(div=lambda v, e: v.sqrt() + e), "outside the root"),
    ("normalise_by", norm(div=lambda v, e: v + e), "divides by the variance"),
    ("normalise_by", norm(div=lambda v, e: v.sqrt()), "eps is not used"),
    ("normalise_by", norm(weight=False), "`weight` is not used"),
    ("normalise_by", norm(bias=False), "`bias` is not used"),
    ("normalise_by", norm(weight=False, bias=False), "`weight` and `bias` are not used"),
    ("normalise_by", lambda r, x, w, b, e: norm()(r, x, w, b * w, e), "Add it last"),
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
    ("multi_step_weights", lambda s, d: [1 / s] * s, "all steps count alike at all times"),
    ("multi_step_weights", lambda s, d: [0] * (s - 1) + [1], "only the last step counts"),
    ("multi_step_weights", lambda s, d: multi_step_weights(s, 1 - d), "wrong way"),
    ("multi_step_weights", lambda s, d: multi_step_weights(s, d)[::-1], "to the *first* step"),
    ("multi_step_weights", lambda s, d: [(1 - d) / s] * s, "what the early steps lose"),
    ("multi_step_weights", lambda s, d: [(1 - d) / s] * (s - 1) + [1 / s], "what the early steps lose"),
    ("multi_step_weights", lambda s, d: [1 - d] * (s - 1) + [1], "at done = 0 each is 1 / steps"),
    ("multi_step_weights", lambda s, d: [(1 - d) / s] * s + [d], "one weight too many"),
    ("multi_step_weights", lambda s, d: [(1 - d) / s] * (s - 1) + [d], "lost its own share"),
    ("multi_step_weights", lambda s, d: 1 / s, "a list of `steps` numbers"),
    ("multi_step_weights", weights_as_tensor, ".tolist() makes a list of it"),
    ("multi_step_weights", lambda s, d: np.array(multi_step_weights(s, d)), ".tolist() makes a list of it"),
    ("multi_step_weights", lambda s, d: multi_step_weights(s, d)[:-1], "for 5 steps it gives 4"),
    ("multi_step_weights", lambda s, d: [torch.ones(2)] * s, "one of its entries is a float32 tensor of shape [2]"),
    ("multi_step_weights", lambda s, d: multi_step_weights(s, d**3), "between them it does not follow a straight line"),
    ("multi_step_weights", lambda s, d: [1 - d] + [0.0] * (s - 2) + [d] if s > 1 else [1.0], "do not count alike"),
    ("multi_step_weights", lambda s, d: multi_step_weights(s, 0.7 * d), "not the last step alone"),
    ("multi_step_weights", lambda s, d: [(2 - d) / s] * (s - 1) + [1.0], "the weights do not add up to 1"),
    ("multi_step_weights", lambda s, d: multi_step_weights(s, float(d > 0.3)), "a jump"),
    ("multi_step_weights", lambda s, d: [1 / (s - 1)] * s, "the weights do not add up to 1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)
