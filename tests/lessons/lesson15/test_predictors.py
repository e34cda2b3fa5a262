"""Scores of cells that were not trained, weight sharing and DARTS, and how all of them are judged."""

import itertools
import math

import pytest
import torch
from torch import Generator

from course_lib.lessons.lesson15 import predictors, shared_weights
from course_lib.lessons.lesson15.cells import CELLS, LIVING, computes, draw_tasks, logits, losses, start, train_cell
from course_lib.lessons.lesson15.predictors import (
    after_trials,
    counted_operations,
    gradient_norm,
    judged,
    mean_elsewhere,
    mean_of_family,
    naswot,
    random_scores,
    synflow_scores,
    ten_steps,
    trials_to_make,
)
from course_lib.lessons.lesson15.shared_weights import HALF, Supernet, darts, mixed, weight_sharing

SOME = ((0, 0, 1), (0, 1, 0), (2, 1, 0), (2, 3, 4), (4, 1, 1))


def alone(monkeypatch, *cells):
    """Let scores be made of these cells only."""
    monkeypatch.setattr(predictors, "CELLS", cells)
    return [CELLS.index(cell) for cell in cells]


def test_judging_counts_pairs_and_points_lost():
    scores, truth = torch.full((2, 125), -torch.inf), torch.zeros(125, 2)
    g, living = Generator().manual_seed(0), LIVING.nonzero()[:, 0]
    scores[:, living], truth[living] = torch.rand(2, 116, generator=g), torch.rand(116, 2, generator=g)
    truth[~LIVING] = 2.0  # cells that cannot learn do not count, whatever they reach
    tau, lost = judged(scores, truth)
    for task in range(2):
        pairs = list(itertools.combinations(living.tolist(), 2))
        same = sum(1 if (scores[task, a] - scores[task, b]) * (truth[a, task] - truth[b, task]) > 0 else -1
                   for a, b in pairs)  # fmt: skip
        assert math.isclose(tau[task], same / len(pairs), abs_tol=1e-12)
        first = scores[task].argmax()
        assert math.isclose(lost[task], 100 * (truth[living, task].max() - truth[first, task]), rel_tol=1e-5)


def test_the_truth_itself_has_tau_1_and_loses_nothing_and_its_opposite_has_minus_1():
    truth = torch.rand(125, 3, generator=Generator().manual_seed(0))
    tau, lost = judged(truth.T, truth)
    assert tau.tolist() == [1.0] * 3 and lost.tolist() == [0.0] * 3
    assert judged(-truth.T, truth)[0].tolist() == [-1.0] * 3


def test_of_several_first_choices_the_mean_is_taken():
    truth = torch.zeros(125, 1)
    first, second = LIVING.nonzero()[:2, 0]
    truth[first], truth[second] = 0.9, 0.5
    scores = torch.zeros(1, 125)
    scores[0, [first, second]] = 1.0
    assert judged(scores, truth)[1].item() == pytest.approx(20.0, abs=1e-4)


@pytest.mark.parametrize("score", [random_scores, counted_operations, gradient_norm, naswot, synflow_scores, ten_steps])
def test_a_score_is_made_for_each_task_and_cell_and_again_from_the_same_seed(score, monkeypatch):
    alone(monkeypatch, *SOME)
    tasks = draw_tasks(3, 0)
    found, again = (score(tasks, Generator().manual_seed(0)) for _ in range(2))
    assert found.shape == (3, len(SOME)) and torch.equal(found, again) and not found.requires_grad
    assert (found[:, 0] == -torch.inf).all() and found[:, 1:].isfinite().all()


def test_operations_counted_are_those_with_weights_that_reach_the_end(monkeypatch):
    alone(monkeypatch, (2, 1, 0), (2, 3, 4), (0, 3, 4), (1, 0, 4))
    assert counted_operations(draw_tasks(1, 0)).tolist() == [[0.0, 3.0, 1.0, 1.0]]
    assert all(len([n for part in computes(cell) for n in part]) == len(predictors.weights_of(cell)) for cell in CELLS)


def test_the_mean_elsewhere_is_the_same_for_all_tasks_and_of_the_family_for_those_of_a_family():
    others, tasks = draw_tasks(40, 0), draw_tasks(6, 1)
    reached = torch.rand(125, 40, dtype=torch.float64, generator=Generator().manual_seed(0))
    found = mean_elsewhere(reached, tasks)
    torch.testing.assert_close(found[5, LIVING], reached[LIVING].mean(1))
    assert (found[:, ~LIVING] == -torch.inf).all() and torch.equal(found[0], found[5])
    of_family = mean_of_family(reached, others, tasks)
    same = [i for i in range(40) if others.family[i] == tasks.family[2]]
    torch.testing.assert_close(of_family[2, LIVING], reached[LIVING][:, same].mean(1))


def test_the_gradients_length_is_that_of_finite_differences(monkeypatch):
    cell, tasks = (2, 1, 3), draw_tasks(1, 0)
    alone(monkeypatch, cell)
    weights = [w.double() for w in start(1, Generator().manual_seed(0))]
    total = 0.0
    for w in (weights[0], weights[2], weights[6], weights[8], weights[9], weights[1], weights[3], weights[7]):
        for i in range(w.numel()):
            sides = []
            for step in (1e-5, -1e-5):
                w.view(-1)[i] += step
                sides.append(losses(logits(weights, tasks.x.double(), cell), tasks.y.double()).item())
                w.view(-1)[i] -= step
            total += ((sides[0] - sides[1]) / 2e-5) ** 2
    assert gradient_norm(tasks, Generator().manual_seed(0)).item() == pytest.approx(math.sqrt(total), rel=1e-4)


def test_naswot_is_low_where_points_are_seen_alike(monkeypatch):
    """Twice as many units tell points apart better; a task whose points are all one point has the lowest score."""
    alone(monkeypatch, (0, 1, 0), (2, 1, 2))
    tasks = draw_tasks(2, 0)
    tasks.x[1] = tasks.x[1, :1]
    found = naswot(tasks, Generator().manual_seed(0))
    assert found[0, 1] > found[0, 0] and (found[1] < found[0]).all()


def test_synflow_sees_no_data(monkeypatch):
    alone(monkeypatch, *SOME)
    one, other = (synflow_scores(draw_tasks(2, seed), Generator().manual_seed(0)) for seed in (0, 1))
    assert torch.equal(one, other)


def test_ten_steps_are_a_short_training_judged_on_the_points_that_it_saw(monkeypatch):
    cell = (0, 3, 0)
    alone(monkeypatch, cell)
    tasks = draw_tasks(5, 0)
    begun = start(5, Generator().manual_seed(0))
    after = train_cell(begun, tasks.x, tasks.y, cell, predictors.TEN, predictors.TEN_RATE)
    found = ten_steps(tasks, Generator().manual_seed(0))[:, 0]
    torch.testing.assert_close(found, -losses(logits(after, tasks.x, cell), tasks.y))
    assert found.mean() > -losses(logits(begun, tasks.x, cell), tasks.y).mean()


def test_cells_of_a_supernet_share_the_maps_of_an_operation_on_an_edge():
    net = Supernet(2, Generator().manual_seed(0))
    one, other = net.weights((2, 3, 4)), net.weights((2, 4, 1))
    assert one[2] is other[2] and one[0] is other[0] and one[8] is other[8] and one[4] is not other[4]
    assert len({id(w) for w in net.parameters()}) == 4 + 3 * 3 * 2
    used = {id(w) for cell in CELLS for w in net.weights(cell)}
    assert used == {id(w) for w in net.parameters()}


@pytest.mark.parametrize("cell", [(2, 3, 4), (1, 4, 2), (3, 1, 1)])
def test_a_mixture_of_one_operation_on_each_edge_is_that_cell(cell):
    net, x = Supernet(2, Generator().manual_seed(0)), draw_tasks(2, 0).x
    shares = torch.nn.functional.one_hot(torch.tensor(cell), 5).float().expand(2, 3, 5)
    torch.testing.assert_close(mixed(net, shares, x), logits(net.weights(cell), x, cell))


def test_shared_weights_learn_from_one_half_of_the_points_and_judge_by_the_other(monkeypatch):
    monkeypatch.setattr(predictors, "CELLS", SOME)
    tasks = draw_tasks(2, 0)
    judging = draw_tasks(2, 0)
    judging.y[:, HALF:] = 1 - judging.y[:, HALF:]
    nets = []
    for some in (tasks, judging):
        monkeypatch.setattr(shared_weights, "Supernet", lambda *given: nets.append(Supernet(*given)) or nets[-1])
        scores = weight_sharing(some, Generator().manual_seed(0), steps=3)
        assert scores.shape == (2, len(SOME))
        answers = logits(nets[-1].weights(SOME[3]), some.x[:, HALF:], SOME[3])
        torch.testing.assert_close(scores[:, 3], ((answers > 0) == (some.y[:, HALF:] > 0.5)).float().mean(1))
    assert all(torch.equal(a, b) for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True))


def test_darts_never_chooses_nothing_and_moves_toward_what_lowers_the_loss():
    tasks = draw_tasks(20, 0)
    tasks = tasks[tasks.family == 4]  # waves in both directions, which straight lines cannot follow
    scores = darts(tasks, Generator().manual_seed(0), steps=3)
    assert scores.shape == (len(tasks), 125) and (scores[:, ~LIVING] == -torch.inf).all()
    assert all(0 not in CELLS[first] for first in scores.argmax(1).tolist())
    assert scores[:, LIVING].std() > 0


def test_after_trials_what_was_tried_is_believed_and_alike_cells_follow():
    """Of two kinds of other tasks one likes the first half of the cells: a good trial there lifts them all."""
    g, half = Generator().manual_seed(0), torch.arange(125) < 62
    kind = torch.where(torch.arange(60) % 2 == 0, 1.0, -1.0).double()
    reached = 0.8 + 0.1 * kind * torch.where(half, 1.0, -1.0).double()[:, None]  # [125, others]
    reached = reached + 0.01 * torch.randn(125, 60, dtype=torch.float64, generator=g)
    tried = trials_to_make(reached, 2)
    assert sorted(half[tried].tolist()) == [False, True]  # one that is good on each kind
    values = torch.where(half[tried], 0.9, 0.7).double()[:, None]
    scores = after_trials(reached, tried, torch.cat([values, 1.6 - values], 1))
    assert scores.shape == (2, 125) and (scores[:, ~LIVING] == -torch.inf).all()
    assert scores[0, half & LIVING].min() > scores[0, ~half & LIVING].max()
    assert scores[1, half & LIVING].max() < scores[1, ~half & LIVING].min()


def test_after_trials_a_surprise_moves_the_cell_that_was_tried_most():
    others = 0.8 + 0.05 * torch.randn(125, 400, dtype=torch.float64, generator=Generator().manual_seed(0))
    tried = [CELLS.index((2, 3, 4)), CELLS.index((1, 1, 0))]
    expected = others[tried].mean(1)
    for surprised in range(2):
        values = torch.stack([expected, expected], 1)  # [tried, tasks]
        values[surprised, 1] += 0.1
        plain, moved = after_trials(others, tried, values)[:, LIVING]
        far = torch.full((125,), 0.0, dtype=torch.float64).masked_scatter(LIVING, moved - plain)
        assert far.abs().argmax() == tried[surprised] and far[tried[surprised]] > 0.05
