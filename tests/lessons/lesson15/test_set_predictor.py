"""The meta-learned predictor: what it sees of a task, and what must not matter."""

import torch
from torch import Generator

from course_lib.lessons.lesson15.cells import CELLS, LIVING, draw_tasks
from course_lib.lessons.lesson15.set_predictor import NEAR, SetPredictor, codes, described, meta_train, targets, turned


def predictor():
    torch.manual_seed(0)
    return SetPredictor().double()


def points(tasks=3, seed=0):
    some = draw_tasks(tasks, seed)
    return some.x.double(), some.y.double()


def test_codes_tell_the_operation_on_each_edge():
    assert codes().shape == (125, 15) and (codes().sum(1) == 3).all()
    assert codes()[CELLS.index((0, 3, 1))].nonzero()[:, 0].tolist() == [0, 5 + 3, 10 + 1]


def test_points_are_described_as_a_loop_over_all_pairs_does_it():
    x, y = points(2)
    found = described(x, y)
    assert found.shape == (2, 48, 3 + 2 * NEAR)
    for task, point in ((0, 0), (1, 17)):
        away = sorted((torch.dist(x[task, point], x[task, j]).item(), j) for j in range(48) if j != point)[:NEAR]
        sign = 2 * y[task, point] - 1
        alike = (1.0 if y[task, j] == y[task, point] else -1.0 for _, j in away)
        wanted = [*x[task, point].tolist(), sign.item(), *alike,
                  *(distance for distance, _ in away)]  # fmt: skip
        torch.testing.assert_close(found[task, point], torch.tensor(wanted, dtype=torch.float64))


def test_the_order_of_points_does_not_matter_and_tasks_do_not_see_each_other():
    net, (x, y) = predictor(), points()
    mixed = torch.randperm(48, generator=Generator().manual_seed(1))
    torch.testing.assert_close(net(x[:, mixed], y[:, mixed]), net(x, y))
    torch.testing.assert_close(net(x[1:2], y[1:2]), net(x, y)[1:2])


def test_labels_matter():
    net, (x, y) = predictor(), points()
    assert (net(x, y) - net(x, y.flip(1))).abs().max() > 1e-4


def test_turning_keeps_all_distances_and_turns_each_task_its_own_way():
    x, _ = points(8)
    new = turned(x, Generator().manual_seed(0))
    torch.testing.assert_close(torch.cdist(new, new), torch.cdist(x, x))
    maps = torch.linalg.lstsq(x, new).solution  # [tasks, 2, 2]
    assert len({round(det) for det in torch.linalg.det(maps).tolist()}) == 2  # some are mirrored, some are not
    assert maps.flatten(1).std(0).min() > 0.1


def test_targets_have_mean_zero_on_each_task_and_keep_its_order():
    reached = torch.rand(125, 7, dtype=torch.float64, generator=Generator().manual_seed(0))
    wanted = targets(reached)
    assert wanted.shape == (7, 116) and wanted.mean(1).abs().max() < 1e-6 and abs(wanted.std() - 1) < 1e-6
    assert torch.equal(wanted.argsort(1), reached[LIVING].T.argsort(1))


def test_scores_put_cells_that_cannot_learn_last():
    scores = SetPredictor().scores(draw_tasks(2, 0))
    assert (scores[:, ~LIVING] == -torch.inf).all() and scores[:, LIVING].isfinite().all()


def test_meta_training_learns_which_family_likes_which_cells():
    """A made-up truth: on lines the first cells are best, on bumps the last."""
    tasks = draw_tasks(300, 1)
    tasks = tasks[(tasks.family == 0) | (tasks.family == 4)]
    order = torch.linspace(-1, 1, 125)
    reached = torch.where(tasks.family == 4, 1.0, -1.0) * order[:, None]  # [125, tasks]
    train, test = slice(0, 80), slice(80, None)
    net = meta_train(tasks[train], reached[:, train], 0, outer=60)
    with torch.no_grad():
        said = net(tasks[test].x, tasks[test].y)  # [tasks, 125]
    right = ((said * order).sum(1) > 0) == (tasks[test].family == 4)
    assert right.float().mean() > 0.85


def test_the_same_seed_gives_the_same_predictor_and_leaves_the_random_state_alone():
    tasks, reached = draw_tasks(4, 0), torch.rand(125, 4, generator=Generator().manual_seed(0))
    torch.manual_seed(5)
    before = torch.get_rng_state()
    nets = [meta_train(tasks, reached, seed, outer=2) for seed in (0, 0, 1)]
    assert torch.equal(torch.get_rng_state(), before)
    scores = [net.scores(tasks)[:, LIVING] for net in nets]
    assert torch.equal(scores[0], scores[1]) and not torch.equal(scores[0], scores[2])
