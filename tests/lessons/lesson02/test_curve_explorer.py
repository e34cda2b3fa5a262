"""The curve explorer without a browser."""

import copy

import pytest
import torch

from course_lib.learners import FineTune
from course_lib.lessons.lesson02 import CurveExplorer
from course_lib.lessons.lesson02.curve_explorer import APART, RATES, adapted_curves
from course_lib.models import MLP
from course_lib.tasks import Sinusoids
from course_lib.widgets.points import GRID


def starts():
    torch.manual_seed(0)
    return {"one network": MLP(), "other network": MLP()}


@pytest.fixture
def explorer():
    return CurveExplorer(starts(), Sinusoids(shot=4), steps=5, lr=0.01, seed=3)


def test_adapted_curves_are_fine_tuning():
    networks, x, y = starts(), torch.tensor([-2.0, 0.0, 1.0]), torch.tensor([1.0, 0.5, -1.0])
    before = copy.deepcopy(networks)
    curves = adapted_curves(networks, x, y, steps=4, lr=0.03)
    for name, network in networks.items():
        learner = FineTune(network, 4, 0.03)
        want = learner.predict(learner.adapt(x.view(1, 3, 1), y.view(1, 3, 1)), GRID)
        assert torch.equal(curves[name], want.flatten())
        assert all(torch.equal(p, q) for p, q in zip(network.parameters(), before[name].parameters(), strict=True))


def test_it_opens_on_a_task_whose_points_lie_on_its_true_curve(explorer):
    x, y = explorer.points.T
    assert explorer.points.shape == (4, 2)
    for px, py in zip(x, y, strict=True):  # the true curve is straight enough between two points of the grid
        i = int(((px + 5) * 10).clamp(0, 99))
        part = (px + 5) * 10 - i
        assert py == pytest.approx(((1 - part) * explorer.truth[i] + part * explorer.truth[i + 1]).item(), abs=0.02)
    error = (explorer.curves["one network"] - explorer.truth).square().mean().item()
    assert explorer.errors["one network"] == pytest.approx(error) and f"{error:.2f}" in explorer.view.parts["said"]


def changed(explorer, act):
    before = explorer.view.parts["curves"]
    act()
    return explorer.view.parts["curves"] != before


def test_everything_that_can_be_changed_changes_the_curves(explorer):
    assert changed(explorer, lambda: setattr(explorer.steps, "value", 9))
    assert changed(explorer, lambda: setattr(explorer.lr, "value", RATES[-1]))
    old = explorer.points
    assert changed(explorer, explorer.button.click)
    assert explorer.seed == 4 and not torch.allclose(explorer.points, old)


def test_a_move_is_answered_once(explorer, monkeypatch):
    calls = []
    counted = "course_lib.lessons.lesson02.curve_explorer.adapted_curves"
    monkeypatch.setattr(counted, lambda *args: calls.append(1) or adapted_curves(*args))
    assert changed(explorer, lambda: explorer.support.hear({"move": 2, "to": [0.65, 0.75]}))
    assert explorer.points[2].tolist() == [1.5, -3.0] and len(calls) == 1
    explorer.hear({"add": [0.5, 0.5]})  # a click: this explorer keeps its number of points, and says so
    assert len(explorer.points) == 4 and len(calls) == 1
    said = explorer.view.parts["said"]
    assert said.endswith("No point is there. Drag one of the 4 black points.") and "Mean squared error" in said
    explorer.hear({"move": 2, "to": [0.6, 0.7]})
    assert "No point is there" not in explorer.view.parts["said"]


@pytest.mark.parametrize("shot", [5, 10])
def test_no_point_hides_another_in_the_tasks_that_come(shot):
    explorer = CurveExplorer(starts(), Sinusoids(shot=shot), steps=0)
    seeds = []
    for _ in range(8):
        seeds.append(explorer.seed)
        assert torch.pdist(torch.as_tensor(explorer.panel.place(*explorer.points.T))).min() >= APART
        assert explorer.points.shape == (shot, 2)
        explorer.button.click()
    assert seeds == sorted(set(seeds))


def test_where_points_must_lie_close_a_task_comes_all_the_same():
    assert len(CurveExplorer(starts(), Sinusoids(shot=20), steps=0).points) == 20
    assert len(CurveExplorer(starts(), Sinusoids(shot=1), steps=0).points) == 1


def test_the_true_curve_is_called_grey(explorer):
    assert "Grey: the true curve." in explorer.view.parts["said"]


def test_the_keyboard_moves_a_point(explorer):
    explorer.support.which.value = 3
    assert explorer.support.x.value == pytest.approx(explorer.points[2, 0].item(), abs=0.051)
    others = explorer.points[[0, 1, 3]]
    assert changed(explorer, lambda: setattr(explorer.support.y, "value", 4.2))
    assert explorer.points[2, 1] == pytest.approx(4.2) and torch.equal(explorer.points[[0, 1, 3]], others)
    assert f"{explorer.panel.place(*explorer.points.T)[2, 1]:.1f}" in explorer.view.parts["points"]


def test_a_browser_that_rounds_what_the_sliders_show_moves_no_point(explorer):
    before = explorer.points
    for slider, value in zip((explorer.support.x, explorer.support.y), before[0].tolist(), strict=True):
        slider.value = round(value, 1)  # the sliders' step
    assert torch.equal(explorer.points, before)


def test_the_sliders_follow_a_point_when_its_drag_ends_and_not_before(explorer):
    support = explorer.support
    support.which.value = 3
    shown = support.x.value, support.y.value
    support.hear({"move": 2, "to": [0.65, 0.75]})
    assert explorer.points[2].tolist() == [1.5, -3.0] and (support.x.value, support.y.value) == shown
    support.hear({"choose": 2})
    assert (support.x.value, support.y.value) == (1.5, -3.0)


def test_no_steps_leave_the_starts_as_they_are(explorer):
    explorer.steps.value = 0
    for name, network in explorer.starts.items():
        assert torch.allclose(explorer.curves[name], network(GRID).flatten(), atol=1e-6)
        assert torch.allclose(explorer.before[name], explorer.curves[name], atol=1e-6)


def test_a_picture_stands_beside_it_for_readers_without_a_front_end(explorer):
    png, alt = explorer.snapshot()
    assert png[:4] == b"\x89PNG"
    assert "4 support points" in alt and "one network" in alt
