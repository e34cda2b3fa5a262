"""One wrong label of five shots: against closed forms and brute force."""

from __future__ import annotations

import pytest
import torch
from torch import Generator

from course_lib.lessons.lesson16.influence import log_probabilities
from course_lib.lessons.lesson16.wrong_labels import (
    REPAIRS,
    WRONG,
    Embedded,
    compared,
    embedded,
    leave_one_out_weights,
    mislabelled,
    recalls,
    trimmed_means,
)

WAY, SHOT, D = 4, 5, 3


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def some_tasks(tasks: int = 6, spread: float = 0.3, apart: float = 3.0) -> Embedded:
    """Classes around points of their own, float64."""
    g = seeded()
    centres = apart * torch.randn(tasks, WAY, 1, D, generator=g, dtype=torch.float64)
    z = centres + spread * torch.randn(tasks, WAY, SHOT + 9, D, generator=g, dtype=torch.float64)
    query_y = torch.arange(WAY).repeat_interleave(8).expand(tasks, -1)
    return Embedded(z[:, :, :SHOT], z[:, :, SHOT], z[:, :, SHOT + 1 :].flatten(1, 2), query_y)


@pytest.mark.parametrize("wrong", WRONG)
def test_only_the_first_drawing_of_the_classes_that_are_hit_is_replaced_by_one_of_another_class(wrong):
    data = some_tasks()
    z, hit, donor = mislabelled(data, wrong, seeded(1))
    assert hit.sum(1).tolist() == [{"clean": 0, "one": 1, "each": WAY}[wrong]] * 6
    assert torch.equal(z[:, :, 1:], data.support_z[:, :, 1:])
    for task in range(6):
        for label in range(WAY):
            source = data.spare_z[task, donor[task, label]] if hit[task, label] else data.support_z[task, label, 0]
            assert torch.equal(z[task, label, 0], source)
            assert (donor[task, label] != label) == hit[task, label]


def test_a_stranger_carries_the_mean_a_fifth_of_the_way_however_far_it_is_and_not_the_median():
    still = some_tasks(spread=0.01).support_z
    for far in (1e2, 1e4):
        z = still.clone()
        z[:, 0, 0] += far / D**0.5  # a vector of length `far`
        others = still[:, 0, 1:].mean(1)  # [tasks, d]
        moved = {name: (repair(z)[:, 0] - others).norm(dim=-1).max() for name, repair in REPAIRS.items()}
        assert moved["mean"] == pytest.approx(far / SHOT, rel=0.01)
        assert moved["median"] < 0.1 and moved["trimmed"] < 1e-9
        assert moved["weighted"] > far / SHOT  # far from all classes, it passes for one of its own: no repair


def test_a_mix_up_within_the_task_is_weighed_away():
    data = some_tasks(spread=0.01)
    z, hit, donor = mislabelled(data, "one", seeded(5))
    rest = z[:, :, 1:].mean(2)[hit]  # [tasks, d]
    way = (data.support_z.mean(2).gather(1, donor.unsqueeze(-1).expand(-1, -1, D))[hit] - rest).norm(dim=-1)  # [tasks]
    assert ((REPAIRS["weighted"](z)[hit] - rest).norm(dim=-1) < 0.01 * way).all()
    assert ((REPAIRS["mean"](z)[hit] - rest).norm(dim=-1) > 0.19 * way).all()


@pytest.mark.parametrize("name", REPAIRS)
def test_prototypes_follow_a_shift_and_do_not_depend_on_the_order_of_shots(name):
    z, order = some_tasks().support_z, torch.randperm(SHOT, generator=seeded(2))
    found = REPAIRS[name](z)
    assert found.shape == (6, WAY, D)
    torch.testing.assert_close(REPAIRS[name](z[:, :, order]), found)
    torch.testing.assert_close(REPAIRS[name](z + 7), found + 7)


def test_the_weight_of_an_example_is_what_the_others_say_of_it():
    z = some_tasks(2, spread=1.0, apart=0.5).support_z
    labels = torch.arange(WAY).repeat_interleave(SHOT)
    for task in range(2):
        flat = z[task].flatten(0, 1)  # [way * shot, d]
        for i, label in enumerate(labels):
            others = torch.arange(len(labels)) != i
            truth = log_probabilities(flat[others], labels[others], flat[i : i + 1])[0, label].exp()
            assert leave_one_out_weights(z, 0.0)[task].flatten()[i] == pytest.approx(truth.item(), rel=1e-9)


def test_accuracy_and_recall_change_as_answers_do():
    data = some_tasks(spread=0.05)
    scores = compared(data, seeded(3))
    assert {score.shape for score in scores.values()} == {(6,)} and len(scores) == len(REPAIRS) * len(WRONG)
    assert all((scores[name, "clean"] == 1).all() for name in REPAIRS)
    z, hit, _ = mislabelled(data, "one", seeded(4))
    change = recalls(data, "mean", seeded(4))
    right = torch.cdist(data.query_z, z.mean(2)).argmin(-1) == data.query_y  # [tasks, queries]
    for task in range(6):
        label = hit[task].nonzero().item()
        assert change["hit"][task] == right[task, data.query_y[task] == label].double().mean() - 1
    # The clean set has no wrong answer here, so no class can gain.
    assert all((values <= 0).all() for values in change.values())


def test_embedding_puts_the_last_shot_aside():
    from course_lib.learners import PrototypicalNet
    from course_lib.tasks.images import ImageTasks

    images = torch.arange(5 * 6, dtype=torch.uint8).view(5, 6, 1, 1)
    data = embedded(PrototypicalNet(torch.nn.Flatten()), ImageTasks(images, WAY, 3, 2), 2)
    assert data.support_z.shape == (2, WAY, 2, 1) and data.spare_z.shape == (2, WAY, 1)
    assert data.query_z.shape == (2, 8, 1)
    seen = torch.cat([data.support_z.flatten(1), data.spare_z.flatten(1), data.query_z.flatten(1)], 1)
    assert all(len(task.unique()) == WAY * 5 for task in seen)  # every drawing once
    assert torch.equal(data.query_y[0], torch.arange(WAY).repeat_interleave(2))


def test_too_few_shots_are_refused():
    z = torch.zeros(1, 2, 2, 3)
    with pytest.raises(ValueError, match="3 shots"):
        trimmed_means(z)
    with pytest.raises(ValueError, match="2 shots"):
        leave_one_out_weights(z[:, :, :1])
    with pytest.raises(ValueError, match="clean, one, each"):
        mislabelled(some_tasks(1), "two")
