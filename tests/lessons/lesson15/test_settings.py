"""The maps of lesson 15: trained as torch trains, cut and stored without loss."""

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, nn

from course_lib.lessons.lesson15.settings import (
    DECAYS,
    HIDDEN,
    KEPT,
    MOMENTUM,
    RATES,
    SETTINGS,
    SHAPE,
    STEPS,
    STORED_SEED,
    STORED_TASKS,
    TEST,
    TRAIN,
    UNIT,
    VALIDATION,
    WORST,
    Maps,
    SettingTasks,
    new_tasks,
    store,
    stored_maps,
    text,
    train_all,
)


def wide(tasks: SettingTasks) -> SettingTasks:
    """The same in float64."""
    return SettingTasks(tasks.x.double(), tasks.y.double(), tasks.batches, tasks.first.double(), tasks.second.double())


def by_torch(task: SettingTasks, rate: float, decay: float):
    """One setting of one task by autograd and `torch.optim.SGD`: losses at KEPT, and of the test points at the end."""
    net = nn.Sequential(nn.Linear(5, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 1)).double()
    with torch.no_grad():
        net[0].weight.copy_(task.first[0])
        net[2].weight.copy_(task.second[0][None])
        net[0].bias.zero_(), net[2].bias.zero_()
    optimizer, found = torch.optim.SGD(net.parameters(), rate, MOMENTUM, weight_decay=decay), []

    def loss(points):
        return F.binary_cross_entropy_with_logits(net(task.x[0, points])[:, 0], task.y[0, points])

    for step in range(STEPS):
        optimizer.zero_grad()
        loss(task.batches[0, step]).backward()
        optimizer.step()
        if step + 1 in KEPT:
            found.append(loss(slice(TRAIN, TRAIN + VALIDATION)).item())
    return found, loss(slice(TRAIN + VALIDATION, None)).item()


def test_a_setting_is_trained_as_torch_trains_it():
    tasks, some = wide(new_tasks(3, Generator().manual_seed(5))), SETTINGS[[20, 75]].double()
    found = train_all(tasks, some, together=2)
    for task, i in ((1, 0), (2, 1)):
        curve, test = by_torch(tasks[task : task + 1], *(10 ** some[i]).tolist())
        assert found.curves[task, i].tolist() == pytest.approx(curve, abs=1e-9)
        assert found.test[task, i].item() == pytest.approx(test, abs=1e-9)


def test_settings_stand_in_the_order_of_the_map():
    assert (len(RATES), len(DECAYS)) == SHAPE and KEPT[-1] == STEPS
    assert (10 ** SETTINGS[8 * 3 + 5]).tolist() == pytest.approx([RATES[3].item(), DECAYS[5].item()])
    assert UNIT[0].tolist() == [0, 0] and UNIT[-1].tolist() == [1, 1]
    assert text(127) == "rate 1, decay 3.2"


def test_no_loss_is_above_the_worst_and_a_wild_rate_is_finite():
    found = train_all(new_tasks(2, Generator().manual_seed(0)), torch.tensor([[2.0, 0.5], [-2.0, -4.0]]))
    assert found.loss[:, 0].tolist() == [WORST, WORST] and (found.loss[:, 1] < 0.8).all()
    assert (found.best == found.loss[:, 1]).all()


def test_tasks_are_cut_together():
    tasks = new_tasks(4, Generator().manual_seed(0))
    assert tasks.x.shape == (4, TRAIN + VALIDATION + TEST, 5) and len(tasks[1:3]) == 2
    assert (tasks[1:3].batches == tasks.batches[1:3]).all() and tasks.batches.max() < TRAIN


def test_the_stored_maps_are_true():
    """The first task is trained again. Rounding of another machine may tip a training at a high rate over."""
    stored = stored_maps()
    assert stored.curves.shape == (STORED_TASKS, 128, len(KEPT)) and stored.test.shape == (STORED_TASKS, 128)
    again = train_all(new_tasks(STORED_TASKS, Generator().manual_seed(STORED_SEED))[:1])
    assert ((again.loss - stored.loss[:1]).abs() < 1e-3).double().mean() > 0.85


def test_maps_are_stored_and_read_again(tmp_path):
    found = Maps(WORST * torch.rand(2, 128, 6), WORST * torch.rand(2, 128))
    store(found, tmp_path / "maps.safetensors", command="a command")
    again = stored_maps(tmp_path / "maps.safetensors")
    assert torch.allclose(again.curves, found.curves, atol=3.1e-5) and torch.allclose(
        again.test, found.test, atol=3.1e-5
    )
