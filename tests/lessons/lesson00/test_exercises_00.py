"""Lesson 00's exercises: each mistake gets its own hint, and right answers in other styles pass."""

import pytest
import torch

from course_lib.exercises import check, hint, solution
from course_lib.lessons.lesson00.checks import EXERCISES


def named(name, function):
    function.__name__ = name
    return function


def squares_to_one(points, side):
    low, high = points.min(0).values, points.max(0).values
    return (points - (low + high) / 2) / (high - low) * side


def scaled_dot(points, side):
    low, high = points.min(0).values, points.max(0).values
    return (points - (low + high) / 2) / (high - low).max() * side


def by_mean(points, side):
    low, high = points.min(0).values, points.max(0).values
    return (points - points.mean(0)) / (high - low).max() * side


def only_moved(points, side):
    return points - (points.min(0).values + points.max(0).values) / 2


def only_scaled(points, side):
    return points / (points.max(0).values - points.min(0).values).max() * side


def from_corner(points, side):
    low, high = points.min(0).values, points.max(0).values
    return (points - low) / (high - low).max() * side


def to_half(points, side):
    low, high = points.min(0).values, points.max(0).values
    return (points - (low + high) / 2) / ((high - low).max() / 2) * side


def by_shorter(points, side):
    low, high = points.min(0).values, points.max(0).values
    return (points - (low + high) / 2) / (high - low).min() * side


def mixed_axes(points, side):
    return (points - (points.min() + points.max()) / 2) / (points.max() - points.min()) * side


def by_box(points, side):
    low, high = points.min(0).values, points.max(0).values
    longer = (high - low).max()
    return (points - (low + high) / 2) / (longer if longer else 1) * side


def scales_first(points, side):
    low, high = points.min(0).values, points.max(0).values
    return points * side / (high - low).max() - (low + high) / 2


def over_sum(weights):
    return weights / weights.sum(1, keepdim=True)


MISTAKES = [
    ("distances_to", lambda q, e: q - e, "differences themselves"),
    ("distances_to", lambda q, e: (q - e) ** 2, "now add up"),
    ("distances_to", lambda q, e: ((q - e) ** 2).sum(0), "over the *examples*"),
    ("distances_to", lambda q, e: ((q - e) ** 2).sum(), "one number for all"),
    ("distances_to", lambda q, e: ((q - e) ** 2).sum(1, keepdim=True), "as a column"),
    ("distances_to", lambda q, e: torch.cdist(q[None], e) ** 2, "the shape is [1, n]"),
    ("distances_to", lambda q, e: ((q - e) ** 2).mean(1), "*mean* of the squares"),
    ("distances_to", lambda q, e: torch.nn.functional.mse_loss(q.expand_as(e), e), "mean over everything"),
    ("distances_to", lambda q, e: ((q - e) ** 2).sum(1).sqrt(), "has no root"),
    ("distances_to", lambda q, e: (q - e).abs().sum(1), "absolute"),
    ("distances_to", lambda q, e: (q - e).sum(1), "without squares"),
    ("distances_to", lambda q, e: (q - e).sum(1) ** 2, "Square first"),
    ("distances_to", lambda q, e: ((q + e) ** 2).sum(1), "adds query and example"),
    ("distances_to", lambda q, e: (q**2).sum() - (e**2).sum(1), "(a - b)² is not a² - b²"),
    ("distances_to", lambda q, e: (q**2).sum() + (e**2).sum(1), "it adds up to q² + e²"),
    ("distances_to", lambda q, e: e @ q, "dot product"),
    ("distances_to", lambda q, e: -((q - e) ** 2).sum(1), "never below 0"),
    ("distances_to", lambda q, e: ((q - e) ** 2).sum(1).sort().values, "but sorted"),
    ("distances_to", lambda q, e: ((q - e) ** 2).sum(1).argmin(), "which example is nearest"),
    ("distances_to", lambda q, e: torch.cosine_similarity(q, e), "compares directions"),
    ("distances_to", lambda q, e: (q.sub_(e[0]) - e), "in place"),
    ("probabilities", lambda d: torch.softmax(d, -1), "mind the sign"),
    ("probabilities", lambda d: torch.exp(-d) / (torch.exp(-d).sum(1, keepdim=True) + 1e-12), "comes out as zeros"),
    ("probabilities", lambda d: over_sum(torch.exp(-d)).nan_to_num(), "comes out as zeros"),
    ("probabilities", lambda d: over_sum(torch.exp(d.max(1, keepdim=True).values - d)), "*smallest* distance of each"),
    ("probabilities", lambda d: over_sum(torch.exp(d.mean(1, keepdim=True) - d)), "*smallest* distance of each"),
    ("probabilities", lambda d: over_sum(torch.exp(d.min() - d)), "*whole table* away"),
    ("probabilities", lambda d: over_sum(torch.exp(d.min(1, keepdim=True).values - d) + 0.01), "at query "),
    ("probabilities", lambda d: torch.softmax(-d / d.max(), -1), "divided by the largest one"),
    ("probabilities", lambda d: torch.softmax(-d / d.max(1, keepdim=True).values, -1), "by its largest distance"),
    ("probabilities", lambda d: torch.softmax(-(d**2), -1), "squared already"),
    ("probabilities", lambda d: torch.softmax(-d, 0), "each *column*"),
    ("probabilities", lambda d: -d / (-d).sum(1, keepdim=True), "exponential of the *negative*"),
    ("probabilities", lambda d: d.reciprocal() / d.reciprocal().sum(1, keepdim=True), "1 / distance"),
    ("probabilities", lambda d: torch.exp(-d), "do not sum to 1"),
    ("probabilities", lambda d: torch.exp(-d) / torch.exp(-d).sum(), "whole table"),
    ("probabilities", lambda d: torch.softmax(-(d**0.5), -1), "no root"),
    ("probabilities", lambda d: torch.log_softmax(-d, -1), "logarithms"),
    ("probabilities", lambda d: torch.exp(-d) / torch.exp(-d).sum(1, keepdim=True), "around 2000"),
    ("probabilities", lambda d: torch.exp(-d) / torch.exp(-d).sum(1), "the sum of another row"),
    ("centre", squares_to_one, "scaled differently"),
    ("centre", scaled_dot, "single dot"),
    ("centre", by_mean, "*mean of the points*"),
    ("centre", only_moved, "scale it"),
    ("centre", only_scaled, "move it"),
    ("centre", from_corner, "*corner*"),
    ("centre", to_half, "twice too large"),
    ("centre", by_shorter, "*shorter*"),
    ("centre", mixed_axes, "mixed"),
    ("centre", lambda p, side: by_box(p, side / 2), "half as large"),
    ("centre", scales_first, "as they *were*"),
    ("centre", lambda p, side: by_box(p, side) + 0.1, "comes to (0.1, 0.1)"),
    ("centre", lambda p, side: p.sub_(p.mean(0)), "in place"),
    # no known formula: what holds of the answer is told
    ("distances_to", lambda q, e: (q - e).relu().square().sum(1), "do not count alike"),
    ("distances_to", lambda q, e: (e - e.roll(1, 0)).square().sum(1), "changes with the *other* examples"),
    ("distances_to", lambda q, e: (q - e)[:, ::2].square().sum(1), "with the order of the values"),
    ("distances_to", lambda q, e: (q - e).sum(1).abs().sqrt(), "the result is 1.41 times as large"),
    ("distances_to", lambda q, e: (q - e).var(1), "*added up*"),
    ("distances_to", lambda q, e: (q.tanh() - e.tanh()).square().sum(1), "if 1 is added to all numbers"),
    ("distances_to", lambda q, e: torch.cdist(e, e).square(), "each *pair* of examples"),
    ("probabilities", lambda d: torch.softmax(-d, 1) / torch.softmax(-d, 1).sum(0), "with the *other* queries"),
    ("probabilities", lambda d: torch.exp(-d) / torch.exp(d).sum(1, keepdim=True), "the rows do not sum to 1: for"),
    ("probabilities", lambda d: torch.softmax(-d / 1000, 1), "multiplied by 0.001 first"),
    ("probabilities", lambda d: torch.softmax(-d + torch.arange(d.shape[1]), 1), "changes with its *place*"),
    ("probabilities", lambda d: over_sum(1 / (1 + d**2)), "if all distances grow by 1"),
    ("probabilities", lambda d: torch.softmax(-(d - 2).abs(), 1), "does not always get the higher"),
    ("centre", lambda p, side: by_box(p, side) * torch.tensor([1.0, 1.5]), "x is scaled by"),
    ("centre", lambda p, side: by_box(p, 0.9 * side), "the longer side of the box is 16.2 long"),
]


@pytest.mark.parametrize(("name", "wrong", "words"), MISTAKES, ids=[f"{m[0]}: {m[2]}" for m in MISTAKES])
def test_each_mistake_gets_its_hint(name, wrong, words, capsys):
    assert check(named(name, wrong)) is EXERCISES[name].solution
    printed = capsys.readouterr().out
    assert printed.startswith(f"✗ {name}") and words in printed


def distances_by_loop(query, examples):
    return torch.tensor([sum((a - b) ** 2 for a, b in zip(query.tolist(), row, strict=True)) for row in examples])


def probabilities_by_loop(distances):
    rows = []
    for row in distances:
        weights = torch.exp(row.min() - row)
        rows.append(weights / weights.sum())
    return torch.stack(rows)


def centre_by_columns(points, side):
    x, y = points[:, 0], points[:, 1]
    middle = torch.stack([x.max() + x.min(), y.max() + y.min()]) / 2
    longer = max(x.max() - x.min(), y.max() - y.min()).item()
    return torch.einsum("nd,->nd", points - middle, torch.tensor(side / longer if longer else 1.0))


RIGHT = [
    ("distances_to", distances_by_loop),
    ("distances_to", lambda q, e: q @ q - 2 * e @ q + (e * e).sum(1)),
    ("distances_to", lambda q, e: torch.einsum("nd,nd->n", q - e, q - e)),
    ("distances_to", lambda q, e: torch.cdist(q[None], e)[0] ** 2),
    ("distances_to", lambda q, e: torch.from_numpy(((q.numpy() - e.numpy()) ** 2).sum(1))),
    ("probabilities", probabilities_by_loop),
    ("probabilities", lambda d: torch.softmax(-d, dim=1)),
    ("probabilities", lambda d: torch.exp(torch.log_softmax(-d.T, dim=0)).T),
    ("centre", centre_by_columns),
    ("centre", lambda p, side: only_moved(p, side) * (side / (p.amax(0) - p.amin(0)).max().clamp(min=1e-9))),
]


@pytest.mark.parametrize(("name", "right"), RIGHT)
def test_right_answers_in_other_styles_pass(name, right, capsys):
    mine = named(name, right)
    assert check(mine) is mine, capsys.readouterr().out


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_right_and_hints_end_near_it(name, capsys):
    exercise = EXERCISES[name]
    exercise.judge(exercise.solution)
    for _ in range(len(exercise.hints) + 1):
        hint(name)
    solution(name)
    printed = capsys.readouterr().out
    assert "last hint" in printed and f"def {name}(" in printed
