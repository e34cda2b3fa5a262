"""The walkers explorer without a browser: the goal moves, steps are shown, and sparse rewards move nothing unseen."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.lessons.lesson13.fan_of_walks import fan
from course_lib.lessons.lesson13.walkers import new_walker
from course_lib.lessons.lesson13.walkers_explorer import WalkersExplorer


@pytest.fixture(scope="module")
def walkers():
    return {"one": new_walker(0), "other": new_walker(1, steps=2)}


@pytest.fixture
def explorer(walkers):
    return WalkersExplorer(walkers)


def test_it_shows_the_fan_of_the_goal(explorer, walkers):
    found = fan(walkers["one"], torch.tensor([0.4, 0.3]))
    assert torch.equal(explorer.fan.walks, found.walks) and explorer.goal.tolist() == pytest.approx([0.4, 0.3])
    explorer.step.value = 2
    assert f"{found.returns[2]:.2f}" in explorer.message and f"{found.moved[1]:.2f}" in explorer.message


def test_a_dragged_goal_is_another_task(explorer):
    before = explorer.fan.returns
    explorer.support.hear({"move": 0, "to": [0.25, 0.25]})
    assert explorer.goal.tolist() == pytest.approx([-0.5, 0.5]) and not torch.equal(before, explorer.fan.returns)
    explorer._hear({"add": [0.5, 0.75]})
    assert explorer.goal.tolist() == pytest.approx([0.0, -0.5]) and explorer.support.y.value == pytest.approx(-0.5)
    explorer._hear({"nudge": [1, 0]})
    assert explorer.goal[0].item() == pytest.approx(0.04)
    explorer.support.x.value = 0.7
    assert explorer.goal[0].item() == pytest.approx(0.7)


@pytest.mark.parametrize("act", [
    lambda e: setattr(e.which, "value", "other"), lambda e: setattr(e.step, "value", 3),
    lambda e: setattr(e.sparse, "value", True), lambda e: e.luck.click(),
], ids=["start", "step", "sparse", "luck"])  # fmt: skip
def test_each_control_changes_the_picture_in_one_answer(explorer, act):
    explorer.step.value = 1
    parts = explorer.view.parts
    act(explorer)
    assert explorer.view.parts["number"] == parts["number"] + 1
    assert any(explorer.view.parts[name] != parts[name] for name in ("plane", "returns"))


def test_a_goal_that_nobody_meets_moves_nothing(explorer):
    explorer.sparse.value = True
    explorer.support.put(torch.tensor([[1.0, 1.0]]))
    explorer.step.value = 3
    assert "0 met the goal: the parameters moved by 0.00" in explorer.message
    assert torch.allclose(explorer.fan.returns, explorer.fan.returns[0].expand(4), rtol=1e-3)


def test_returns_below_the_panel_stay_in_it(explorer):
    explorer.support.put(torch.tensor([[-1.0, -1.0]]))
    panel = explorer.panels["returns"]
    heights = panel.place([0], np.clip(explorer.fan.returns[:1].numpy(), -12, 0))[:, 1]
    assert explorer.fan.returns[0] < -12 and heights[0] == pytest.approx(panel.height)


def test_the_picture_says_what_is_seen(explorer):
    png, alt = explorer.snapshot()
    assert explorer.message in alt and Image.open(io.BytesIO(png)).size[0] > 800


@pytest.mark.parametrize("arguments, words", [
    (({},), "dict of one to four"), (({"a": 3},), "dict of one to four"), (({"a": new_walker()}, (2.0, 0)), "goal"),
])  # fmt: skip
def test_what_it_cannot_show_gets_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        WalkersExplorer(*arguments)
