"""Lesson 02's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from course_lib.exercises import check, hint, solution
from course_lib.learners import squared_distances
from course_lib.lessons.lesson02.checks import EXERCISES
from course_lib.statistics import ci95


def distances(q, p):
    return ((q[:, :, None] - p[:, None]) ** 2).sum(-1)


def named(name, function):
    def answer(*args):
        return function(*args)

    answer.__name__ = name
    return answer


def loop_neighbour(queries, points, labels):
    out = torch.empty(queries.shape[:2], dtype=torch.int64)
    for t in range(len(queries)):
        for i, q in enumerate(queries[t]):
            out[t, i] = labels[t, (points[t] - q).norm(dim=-1).argmin()]
    return out


def one_hot_neighbour(queries, points, labels):
    where = F.one_hot(torch.cdist(queries, points).argmin(-1), points.shape[1])
    return torch.einsum("tqs,ts->tq", where, labels)


def plain_ci(scores):
    n = len(scores)
    mean = sum(scores.tolist()) / n
    return 1.96 * math.sqrt(sum((s - mean) ** 2 for s in scores.tolist()) / (n - 1) / n)


def tensor_pair(first, second):
    d = first - second
    return d.mean(), 1.96 * d.std() / len(d) ** 0.5


def covariance_pair(first, second):
    v = first.var() + second.var() - 2 * torch.cov(torch.stack([first, second]))[0, 1]
    return [(first.mean() - second.mean()).item(), 1.96 * (v / len(first)).sqrt().item()]


def averaged_curve(x, amplitude, phase):
    n = 20_000
    phases = phase[0] + (phase[1] - phase[0]) * (torch.arange(n) + 0.5) / n
    means = torch.stack([torch.sin(v - phases).mean() for v in x.flatten()])
    return (amplitude[0] + amplitude[1]) / 2 * means.view(x.shape)


def flattened_sine(x, amplitude, phase):
    """The formula of the text. It fails for a phase range of no width, which the task does not mention."""
    h = (phase[1] - phase[0]) / 2
    return sum(amplitude) / 2 * torch.sin(x - sum(phase) / 2) * math.sin(h) / h


def curve_by_numpy(x, amplitude, phase):
    phases = np.linspace(*phase, 20_001)
    curves = np.sin(x.numpy()[..., None] - phases)
    return torch.tensor(np.mean(amplitude) * np.trapezoid(curves, phases, axis=-1) / (phase[1] - phase[0]))


def numpy_ci(scores):
    return 1.96 * np.std(scores.numpy(), ddof=1) / np.sqrt(np.float32(len(scores)))


def numpy_pair(first, second):
    d = first.numpy() - second.numpy()
    return d.mean(), 1.96 * d.std(ddof=1) / np.sqrt(np.float32(len(d)))


def kept_axis_pair(first, second):
    d = first - second
    return d.mean(0, keepdim=True), 1.96 * d.std(0, keepdim=True) / len(d) ** 0.5


def integrated_curve(x, amplitude, phase):
    (a, b), (low, high) = amplitude, phase
    if low == high:
        return (a + b) / 2 * torch.sin(x - low)
    return (a + b) / 2 * (torch.cos(x - high) - torch.cos(x - low)) / (high - low)


def autograd_step(weights, features, labels, lr):
    w = weights.clone().requires_grad_()
    loss = sum(F.cross_entropy(features[t] @ w[t], labels[t]) for t in range(len(w)))
    return w - lr * torch.autograd.grad(loss, w)[0]


def loop_step(weights, features, labels, lr):
    new = weights.clone()
    n = features.shape[1]
    for t in range(len(weights)):
        for i in range(n):
            p = torch.softmax(features[t, i] @ weights[t], 0)
            for k in range(weights.shape[2]):
                new[t, :, k] -= lr / n * (p[k] - (labels[t, i] == k).float()) * features[t, i]
    return new


def einsum_step(weights, features, labels, lr):
    p = torch.einsum("tnf,tfk->tkn", features, weights).softmax(1)
    error = p - F.one_hot(labels, weights.shape[2]).transpose(1, 2)
    return weights - lr * torch.einsum("tnf,tkn->tfk", features, error) / features.shape[1]


@pytest.mark.parametrize(("name", "right"), [
    ("nearest_neighbour", loop_neighbour), ("nearest_neighbour", one_hot_neighbour), ("ci95", plain_ci),
    ("ci95", lambda s: 1.96 * s.std() / len(s) ** 0.5), ("paired_difference", tensor_pair),
    ("paired_difference", covariance_pair), ("mean_curve", averaged_curve), ("mean_curve", integrated_curve),
    ("mean_curve", flattened_sine), ("mean_curve", curve_by_numpy), ("ci95", numpy_ci),
    ("paired_difference", numpy_pair),
    ("ci95", lambda s: 1.96 * s.std(0, keepdim=True) / len(s) ** 0.5), ("paired_difference", kept_axis_pair),
    ("probe_step", autograd_step), ("probe_step", loop_step), ("probe_step", einsum_step),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, torch.cdist(q, p).argmin(-1))),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, (2 * q @ zt(p) - p.square().sum(-1).unsqueeze(1)).argmax(-1))),
    ("ci95", lambda s: 1.959964 * s.std() / len(s) ** 0.5),
])  # fmt: skip
def test_a_right_answer_in_another_style_passes(name, right, capsys):
    answer = named(name, right)
    assert check(answer) is answer, capsys.readouterr().out


def probabilities(w, z):
    return (z @ w).softmax(-1)


def one_hot(w, y):
    return F.one_hot(y, w.shape[-1]).float()


def zt(z):
    return z.transpose(1, 2)


def neighbour_from(queries, points, labels, best):
    """A loop that begins with a number that is not always the largest."""
    found = torch.zeros(queries.shape[:2], dtype=torch.int64)
    for t in range(len(queries)):
        for i, query in enumerate(queries[t]):
            smallest = best
            for j, point in enumerate(points[t]):
                if (query - point).norm() < smallest:
                    smallest, found[t, i] = (query - point).norm(), labels[t, j]
    return found


MISTAKES = [
    ("nearest_neighbour", lambda q, p, y: distances(q, p).argmin(-1), "the *position* of the nearest"),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, distances(q, p).argmax(-1)), "*farthest* away"),
    ("nearest_neighbour", lambda q, p, y: y[0][distances(q, p).argmin(-1)], "labels of the first task"),
    ("nearest_neighbour", lambda q, p, y: distances(q, p).argmin(1), "nearest *query* for each"),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, (q @ zt(p)).argmax(-1)), "largest dot product"),
    ("nearest_neighbour", lambda q, p, y: distances(q, p).min(-1).values, "returns the smallest distance"),
    ("nearest_neighbour", lambda q, p, y: y[distances(q, p).argmin(-1)], "positions for numbers of *tasks*"),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, distances(q, p).argmin(-1)).float(), "int64 tensor of shape"),
    ("ci95", lambda s: 1.96 * s.std(), "how much single *tasks* vary"),
    ("ci95", lambda s: 1.96 * s.std() / len(s), "divide by its square root"),
    ("ci95", lambda s: 1.96 * s.std(correction=0) / math.sqrt(len(s)), "correction=0"),
    ("ci95", lambda s: 1.96 * s.std() / math.sqrt(len(s) - 1), "n - 1 is used twice"),
    ("ci95", lambda s: s.std() / math.sqrt(len(s)), "that is the standard error"),
    ("ci95", lambda s: 3.92 * s.std() / math.sqrt(len(s)), "the *whole* width"),
    ("ci95", lambda s: 1.96 * s.var() / math.sqrt(len(s)), "uses the variance"),
    ("ci95", lambda s: 100 * 1.96 * s.std() / math.sqrt(len(s)), "in percent"),
    ("ci95", lambda s: (s.mean(), 1.96 * s.std() / math.sqrt(len(s))), "should be a number, but it is a tuple"),
    ("paired_difference", lambda a, b: ((a - b).mean(), math.hypot(ci95(a), ci95(b))), "met *different* tasks"),
    ("paired_difference", lambda a, b: (a.mean() - b.mean(), ci95(a) + ci95(b)), "adds the two intervals"),
    ("paired_difference", lambda a, b: (a.mean() - b.mean(), abs(ci95(a) - ci95(b))), "subtracts the two intervals"),
    ("paired_difference", lambda a, b: ((b - a).mean(), ci95(b - a)), "the sign is turned round"),
    ("paired_difference", lambda a, b: ((a - b).abs().mean(), ci95((a - b).abs())), "absolute values"),
    ("paired_difference", lambda a, b: ((a - b).mean(), 1.96 * (a - b).std()), "divided by the square root"),
    ("paired_difference", lambda a, b: (a - b).mean(), "it should return 2 things"),
    ("mean_curve", lambda x, a, b: sum(a) / 2 * torch.sin(x - sum(b) / 2), "*mean amplitude and mean phase*"),
    ("mean_curve", lambda x, a, b: sum(a) / 2 * math.sin(b[1] - b[0]) / (b[1] - b[0]) * torch.sin(x - sum(b) / 2),
     "the *whole* width"),
    ("mean_curve", lambda x, a, b: sum(a) / 2 * torch.sinc(torch.tensor((b[1] - b[0]) / 2)) * torch.sin(x - sum(b) / 2),
     "with pi inside"),
    ("mean_curve", lambda x, a, b: sum(a) / 2 * math.sin((b[1] - b[0]) / 2) * torch.sin(x - sum(b) / 2),
     "the division by half is missing"),
    ("mean_curve", lambda x, a, b: integrated_curve(x + sum(b) / 2, a, b), "it is not shifted"),
    ("mean_curve", lambda x, a, b: integrated_curve(x + sum(b), a, b), "the wrong way"),
    ("mean_curve", lambda x, a, b: integrated_curve(x, (0, a[1] - a[0]), b), "half the range"),
    ("mean_curve", lambda x, a, b: 0 * x, "all waves cancel"),
    ("mean_curve", lambda x, a, b: flattened_sine(x, a, b).flatten(), ".flatten() and loops over numbers"),
    ("mean_curve", lambda x, a, b: 2 * flattened_sine(x, a, b), "the sum of the lowest and the highest"),
    ("mean_curve", lambda x, a, b: flattened_sine(x, a, b) / 2, "divides by twice `half`"),
    ("mean_curve", lambda x, a, b: flattened_sine(x, a, b).numpy(), "torch.as_tensor"),
    ("mean_curve", lambda x, a, b: flattened_sine(x, a, b) * 1.01, "That is for the family of the lesson"),
    ("nearest_neighbour", lambda q, p, y: distances(q, p).argmin(-1) // (y.shape[1] // (y.max() + 1)), "is sorted"),
    ("nearest_neighbour", lambda q, p, y: neighbour_from(q, p, y, 100.0), "That is for vectors that lie far apart."),
    ("ci95", lambda s: 1.96 * (s - s.mean()).square().sum().sqrt() / math.sqrt(len(s)), "not divided by n - 1"),
    ("ci95", lambda s: 1.96 * (s - s.mean()).abs() / math.sqrt(len(s)), "a number, but it is a float32 tensor"),
    ("ci95", lambda s: 2 * s.std() / math.sqrt(len(s)), "2 for 1.96"),
    ("paired_difference", lambda a, b: ((a - b).mean().abs(), ci95(a - b)), "lost its sign"),
    ("paired_difference", lambda a, b: ((a - b).mean() - ci95(a - b), (a - b).mean() + ci95(a - b)), "the two ends"),
    ("paired_difference", lambda a, b: (ci95(a - b), (a - b).mean()), "the two are exchanged"),
    ("paired_difference", lambda a, b: ((a - b).mean(), (a - b).std()), "is the standard deviation of the differences"),
    ("paired_difference", lambda a, b: ((a - b).mean(), (a - b).std() / len(a) ** 0.5), "the standard error"),
    ("paired_difference", lambda a, b: (100 * (a - b).mean(), 100 * ci95(a - b)), "in percent"),
    ("paired_difference", lambda a, b: ((a - b).mean(), 2 * ci95(a - b)), "*whole* width"),
    ("paired_difference", lambda a, b: ((a - b).mean(), ci95(b)), "in half the width of its interval, the numbers"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (probabilities(w, z) - F.one_hot(y).float()) / z.shape[1],
     "F.one_hot has to be told it"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (
        (z @ w).exp() / (z @ w).exp().sum(-1, keepdim=True) - one_hot(w, y)) / z.shape[1], "inf / inf"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (probabilities(w, z) - one_hot(w, y)) / w.shape[-1],
     "divides by the number of classes; divide by n, the number of examples"),
    ("probe_step", lambda w, z, y, lr: w + lr * zt(z) @ (probabilities(w, z) - one_hot(w, y)) / z.shape[1],
     "walks *up*"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (probabilities(w, z) - one_hot(w, y)),
     "sums over the examples"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (z @ w - one_hot(w, y)) / z.shape[1], "softmax is missing"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ ((z @ w).softmax(1) - one_hot(w, y)) / z.shape[1],
     "over the *examples*"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ ((z @ w).sigmoid() - one_hot(w, y)) / z.shape[1], "a sigmoid"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (probabilities(w, z) - y[..., None]) / z.shape[1],
     "the label's *number*"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ probabilities(w, z) / z.shape[1], "never looks at the labels"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (probabilities(w, z) - one_hot(w, y)) / y.numel(),
     "the number of tasks too"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (probabilities(w, z) - one_hot(w, y)) / (z @ w)[0].numel(),
     "the number of classes too"),
    ("probe_step", lambda w, z, y, lr: w - zt(z) @ (probabilities(w, z) - one_hot(w, y)) / z.shape[1], "is lr used?"),
    ("probe_step", lambda w, z, y, lr: zt(z) @ (probabilities(w, z) - one_hot(w, y)) / z.shape[1],
     "returns the gradient"),
    ("probe_step", lambda w, z, y, lr: zt(einsum_step(w, z, y, lr)), "come back turned"),
    ("probe_step", lambda w, z, y, lr: w.sub_(lr * zt(z) @ (probabilities(w, z) - one_hot(w, y)) / z.shape[1]),
     "in place"),
    ("nearest_neighbour", lambda q, p, y: y.gather(0, distances(q, p).argmin(-1)), "gather(0, ...)"),
    ("nearest_neighbour", lambda q, p, y: distances(q, p).min(-1), "gives two things"),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, torch.cdist(q, p, p=1).argmin(-1)), "*absolute* differences"),
    ("nearest_neighbour", lambda q, p, y: distances(q, p).amin(1), "one answer for each *support*"),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, distances(q, p).argmin(-1)).T, "the last two axes are exchanged"),
    ("nearest_neighbour", lambda q, p, y: y.gather(1, distances(q, p).argmin()), "argmin() without an axis"),
    ("ci95", lambda s: 1.7 * s.std() / math.sqrt(len(s)), "it takes 1.7 standard errors"),
    ("ci95", lambda s: 1.96 * s.std() / math.sqrt(700), "the square root of 700, however many"),
    ("ci95", lambda s: 1.96 * s[:100].std() / math.sqrt(len(s[:100])), "the first 100 scores only"),
    ("ci95", lambda s: 0.01 * s.mean(), "That is for 150 tasks."),
    ("paired_difference", lambda a, b: ((a - b).mean(), 1.645 * (a - b).std() / len(a) ** 0.5), "an interval of 90 %"),
    ("paired_difference", lambda a, b: torch.tensor([(a - b).mean(), ci95(a - b)]), "return them one by one"),
    ("paired_difference", lambda a, b: (a[1:] - b[:-1]).mean() * torch.ones(2), "it should return 2 things"),
    ("paired_difference", lambda a, b: ((a[1:] - b[:-1]).mean(), ci95(a[1:] - b[:-1])), "*neighbouring* tasks"),
    ("probe_step", lambda w, z, y, lr: w - lr * zt(z) @ (probabilities(w, z) - one_hot(w, y)) / 5, "it divides by 5,"),
    ("probe_step", lambda w, z, y, lr: w - 0.3 * zt(z) @ (probabilities(w, z) - one_hot(w, y)) / z.shape[1],
     "the step is 0.3 times the gradient"),
    ("probe_step", lambda w, z, y, lr: w.clone(), "the weights come back as they were"),
    ("probe_step", lambda w, z, y, lr: einsum_step(einsum_step(w, z, y, lr), z, y, lr), "it takes 2 steps"),
    ("mean_curve", lambda x, a, b: 3.3 * flattened_sine(x, a, b) / sum(a), "its amplitude is 1.65, whatever the range"),
    ("mean_curve", lambda x, a, b: sum(a) / 2 * torch.stack([torch.sin(x - p) for p in np.linspace(*b, 60)]).mean(0),
     "it takes the mean of 60 waves"),
    ("mean_curve", lambda x, a, b: flattened_sine(x, a, b).squeeze(), "is missing, since its size is 1"),
    ("mean_curve", lambda x, a, b: flattened_sine(x, a, b).unsqueeze(-1), "of size 1, is too many"),
    ("mean_curve", lambda x, a, b: flattened_sine(x, a, b) + 0.1 * torch.rand(x.shape), "It draws random numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wrong", "words"), MISTAKES, ids=[f"{n}: {w}" for n, _, w in MISTAKES])
def test_each_usual_mistake_gets_its_own_hint(name, wrong, words, capsys):
    assert check(named(name, wrong)) is EXERCISES[name].solution
    printed = capsys.readouterr().out
    assert words in printed and "Traceback" not in printed, printed


@pytest.mark.parametrize("name", EXERCISES)
def test_the_library_passes_its_own_check_and_hints_come_to_an_end(name, capsys):
    answer = named(name, EXERCISES[name].solution)
    assert check(answer) is answer
    for _ in range(len(EXERCISES[name].hints) + 1):
        hint(name)
    assert "That was the last hint" in capsys.readouterr().out
    solution(name)
    assert f"def {name}(" in capsys.readouterr().out


def test_the_tests_own_distances_are_the_librarys():
    q, p = torch.randn(2, 3, 4), torch.randn(2, 5, 4)
    assert torch.allclose(distances(q, p), squared_distances(q, p), atol=1e-5)
