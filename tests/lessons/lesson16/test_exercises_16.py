"""Lesson 16: right answers of several kinds pass, and each usual mistake gets its own hint."""

import copy
import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from course_lib import check
from course_lib.exercises.engine import verdict
from course_lib.lessons.lesson16 import checks_deletion, checks_even, checks_leave, checks_median, checks_random
from course_lib.lessons.lesson16.break_even import paid_after
from course_lib.lessons.lesson16.checks import EXERCISES
from course_lib.lessons.lesson16.explanation_tests import rank_correlation
from tests.exercises.exercise_cases import assert_refused, assert_solved, assert_told, each_mistake
from tests.lessons.lesson03.test_exercises_03 import named

KNOWN = {
    "paid_after": checks_even._MISTAKES, "leave_one_out": checks_leave._MISTAKES,
    "robust_prototypes": checks_median._MISTAKES, "deletion_curve": checks_deletion._MISTAKES,
    "randomised_similarity": checks_random._MISTAKES,
}  # fmt: skip


@each_mistake(KNOWN)
def test_a_known_mistake_is_told_in_its_own_words(name, formula, message):
    assert_told(EXERCISES[name], formula, message)


SIZES = {
    "leave_one_out": checks_leave.WRONG_SIZES, "robust_prototypes": checks_median._SIZES,
    "deletion_curve": checks_deletion._SIZES, "randomised_similarity": checks_random._SIZES,
}  # fmt: skip


@each_mistake(SIZES)
def test_whoever_returns_this_shape_is_told(name, formula, message):
    assert_told(EXERCISES[name], lambda *args: torch.full(formula(*args), 0.25, dtype=torch.float64), message)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def paid_by_divmod(once, each, instead):
    if instead <= each:
        return float("inf")
    whole, _ = divmod(once, instead - each)
    return np.int64(whole + 1)


def left_by_numpy(support_z, labels, query_z, targets):
    z, y, q, t = (x.numpy() for x in (support_z, labels, query_z, targets))

    def log_p(z, y):
        found = np.full((len(q), labels.max().item() + 1), -np.inf)
        for k in set(y.tolist()):
            found[:, k] = -((q - z[y == k].mean(0)) ** 2).sum(1)
        top = found.max(1, keepdims=True)
        return (found - top - np.log(np.exp(found - top).sum(1, keepdims=True)))[np.arange(len(q)), t]

    rows = [log_p(z, y) - log_p(np.delete(z, i, 0), np.delete(y, i)) for i in range(len(y))]
    return torch.from_numpy(np.stack(rows, 1))


def left_by_moving(support_z, labels, query_z, targets):
    """A mean that loses z moves by (p - z) / (n - 1)."""
    way, n = int(labels.max()) + 1, torch.bincount(labels)
    means = torch.stack([support_z[labels == k].mean(0) for k in range(way)])
    scores = -(query_z[:, None] - means).pow(2).sum(2)
    found = []
    for z, k in zip(support_z, labels.tolist(), strict=True):
        now = scores.clone()
        moved = means[k] + (means[k] - z) / (n[k] - 1) if n[k] > 1 else None
        now[:, k] = -float("inf") if moved is None else -(query_z - moved).pow(2).sum(1)
        found.append(F.cross_entropy(now, targets, reduction="none") - F.cross_entropy(scores, targets,
                                                                                       reduction="none"))  # fmt: skip
    return torch.stack(found, dim=1)


def median_at_once(support_z, labels, steps=50, nearest=1e-6):
    member = F.one_hot(labels).to(support_z.dtype)
    at = member.T @ support_z / member.sum(0)[:, None]
    for _ in range(steps):
        distances = (support_z - at[labels]).square().sum(-1).sqrt()
        w = member / torch.maximum(distances, torch.tensor(nearest, dtype=distances.dtype))[:, None]
        at = w.T @ support_z / w.sum(0)[:, None]
    return at


def median_of_arrays(support_z, labels, steps=50, nearest=1e-6):
    z, y = support_z.numpy(), labels.numpy()
    rows = []
    for k in np.unique(y):
        points = z[y == k]
        at = points.mean(0)
        for _ in range(steps):
            d = np.linalg.norm(points - at, axis=1)
            d[d < nearest] = nearest
            at = np.average(points, axis=0, weights=1 / d)
        rows.append(at)
    return torch.tensor(np.array(rows), dtype=support_z.dtype)


def deleted_one_by_one(score, picture, importance, fill=0.0):
    now, (rows, columns) = picture.clone(), importance.shape
    high, wide = picture.shape[1] // rows, picture.shape[2] // columns
    curve = [float(score(now[None]))]
    for place in np.argsort(-importance.numpy().ravel()):
        r, c = place // columns, place % columns
        now[:, r * high : r * high + high, c * wide : (c + 1) * wide] = fill
        curve.append(score(now.unsqueeze(0)).item())
    return torch.tensor(curve)


def deleted_by_ranks(score, picture, importance, fill=0.0):
    ranks = (-importance).flatten().argsort().argsort().view_as(importance).float()[None, None]
    ranks = F.interpolate(ranks, picture.shape[1:], mode="nearest")[0]
    return score(torch.stack([torch.where(ranks < k, fill, picture) for k in range(importance.numel() + 1)]))


def renewed_by_index(explain, network, picture, renew):
    trained = explain(network, picture).clone()
    network = copy.deepcopy(network)
    found = torch.zeros(0)
    for i in range(len(network) - 1, -1, -1):
        if len(list(network[i].parameters())) > 0:
            renew(network[i])
            found = torch.cat([found, torch.tensor([rank_correlation(trained, explain(network, picture))])])
    return found


RIGHT = [
    ("paid_after", paid_by_divmod), ("leave_one_out", left_by_numpy), ("leave_one_out", left_by_moving),
    ("robust_prototypes", median_at_once), ("robust_prototypes", median_of_arrays),
    ("deletion_curve", deleted_one_by_one), ("deletion_curve", deleted_by_ranks),
    ("randomised_similarity", renewed_by_index),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT, ids=[f"{name}-{answer.__name__}" for name, answer in RIGHT])
def test_other_right_answers_pass(name, answer):
    assert verdict(EXERCISES[name], answer) == ("right", "")


def divides_by_nothing(once, each, instead):
    return once // (instead - each) + 1 if instead >= each else math.inf


def forgets_to_return(once, each, instead):
    if instead > each:
        return once // (instead - each) + 1


def moves_up(support_z, labels, query_z, targets):
    """Only classes that are left have a column."""

    def log_p(z, y):
        means = torch.stack([z[y == k].mean(0) for k in y.unique()])
        return (-(query_z[:, None] - means).square().sum(-1)).log_softmax(-1).gather(1, targets[:, None])[:, 0]

    left = torch.arange(len(labels))
    rows = [log_p(support_z, labels) - log_p(support_z[left != i], labels[left != i]) for i in left]
    return torch.stack(rows, 1)


def needs_numbers(support_z, labels, steps, nearest):
    return median_at_once(support_z, labels, steps, nearest)


def stops_near_an_example(support_z, labels, steps=50, nearest=1e-6):
    """Each class by itself, as soon as one of its examples is nearer than `nearest`."""
    way = [median_at_once(support_z, labels, s, nearest) for s in range(steps + 1)]
    near = [(support_z - at[labels]).norm(dim=1) < nearest for at in way]
    return torch.stack([
        next((at[k] for at, close in zip(way, near, strict=True) if close[labels == k].any()), way[-1][k])
        for k in range(int(labels.max()) + 1)
    ])  # fmt: skip


def draws_on_it(score, picture, importance, fill=0.0):
    curve, (rows, columns) = [score(picture[None])], importance.shape
    for place in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(place, columns)
        high, wide = picture.shape[1] // rows, picture.shape[2] // columns
        picture[:, r * high : (r + 1) * high, c * wide : (c + 1) * wide] = fill
        curve.append(score(picture[None]))
    return torch.cat(curve)


def scores_one_picture(score, picture, importance, fill=0.0):
    return torch.stack([score(picture) for _ in range(importance.numel() + 1)])


def renews_it(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    for layer in reversed(network):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(network, picture)))
    return torch.tensor(found)


def renewed_over_again(explain, network, picture, renew):
    places = [i for i, layer in enumerate(network) if list(layer.parameters())]
    known, found = explain(network, picture), []
    for k in range(len(places)):
        other = copy.deepcopy(network)
        for i in places[len(places) - 1 - k :]:
            renew(other[i])
        found += [rank_correlation(explain(other, picture), known)]
    return torch.tensor(found, dtype=torch.float32)


def puts_parameters_back(explain, network, picture, renew):
    kept = [p.detach().clone() for p in network.parameters()]
    found = renews_it(explain, network, picture, renew)
    for parameter, was in zip(network.parameters(), kept, strict=True):
        parameter.data.copy_(was)
    return found


def draws_its_own(explain, network, picture, renew):
    def fresh(layer):
        for parameter in layer.parameters():
            torch.nn.init.uniform_(parameter)

    return renewed_by_index(explain, network, picture, fresh)


def gives_a_list(explain, network, picture, renew):
    return renewed_by_index(explain, network, picture, renew).tolist()


def without_gradients(explain, network, picture, renew):
    with torch.no_grad():
        return renewed_by_index(explain, network, picture, renew)


@pytest.mark.parametrize(("name", "answer", "words"), [
    ("paid_after", divides_by_nothing, "costs the same with and without"),
    ("paid_after", forgets_to_return, "it returns None somewhere"),
    ("paid_after", lambda *args: "many", "a number is wanted"),
    ("paid_after", lambda *args: float(paid_after(*args)), "more digits than a float keeps"),
    ("paid_after", lambda *args: paid_after(*(int(np.int64(n)) for n in args)), "more digits than int64 holds"),
    ("leave_one_out", moves_up, "still have its column"),
    ("robust_prototypes", needs_numbers, "Keep the numbers of the `def`"),
    ("robust_prototypes", stops_near_an_example, "it stops before all `steps` are taken"),
    ("deletion_curve", draws_on_it, "Work on picture.clone()"),
    ("deletion_curve", scores_one_picture, "one picture alone is picture[None]"),
    ("randomised_similarity", renews_it, "copy.deepcopy(network)"),
    ("randomised_similarity", renewed_over_again, "6 times for 3 layers"),
    ("randomised_similarity", puts_parameters_back, "running averages are not"),
    ("randomised_similarity", draws_its_own, "`renew` is not called"),
    ("randomised_similarity", gives_a_list, "a tensor is wanted"),
    ("randomised_similarity", without_gradients, "outside of torch.no_grad()"),
])  # fmt: skip
def test_what_numbers_do_not_show_is_seen(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


def test_tasks_that_are_counted_one_by_one_take_too_long():
    def counts(once, each, instead):
        n = 1
        while once + n * each >= n * instead:
            n += 1
        return n

    word, said = verdict(EXERCISES["paid_after"], counts, call_seconds=0.05)
    assert word == "hint" and "need not be counted one by one" in said
    assert counts(90, 20, 50) == paid_after(90, 20, 50)


def test_a_stub_is_not_written_yet(capsys):
    for name in EXERCISES:
        check(named(name, lambda *args: ...))
        assert "not written yet" in capsys.readouterr().out
