"""The start explorer without a browser: the line is that of the exact bandit, and starts settle where they should."""

import io
import re

import pytest
import torch
from PIL import Image

from course_lib.lessons.lesson13.exact_bandit import ascend, expected_reward, on_line, safe_or_risky
from course_lib.lessons.lesson13.start_explorer import StartExplorer
from course_lib.lessons.lesson13.start_line import FAR, LINE, STEP, safe_share, start_line


@pytest.fixture(scope="module")
def line():
    return start_line(0.5, 4, 8.0)


def test_the_slope_is_that_of_j(line):
    rise = (line.value[2:] - line.value[:-2]) / (2 * STEP)
    assert torch.allclose(line.slope()[1:-1], rise, atol=1e-4)
    start = on_line(1.3).requires_grad_()
    value = expected_reward(start, safe_or_risky(0.5), 4, 8.0)
    (slope,) = torch.autograd.grad(value, start)
    at = round(1.3 / STEP) + FAR
    assert value.item() == pytest.approx(line.value[at].item()) and slope[1:].sum().item() == pytest.approx(
        line.slope()[at].item()
    )


def test_a_baseline_is_handed_on():
    line = start_line(0.8, 4, 4.0, 0.5)
    assert torch.equal(line.value, expected_reward(on_line(LINE), safe_or_risky(0.8), 4, 4.0, 0.5))
    rise = (line.value[2:] - line.value[:-2]) / (2 * STEP)
    assert torch.allclose(line.slope()[1:-1], rise, atol=1e-4)


def test_a_start_settles_where_small_steps_take_it(line):
    for score in (True, False):
        end = ascend(on_line(-0.5), safe_or_risky(0.5), 4, 8.0, score=score, steps=150, outer_lr=8.0)[-1]
        u = (end[1:].mean() - end[0]).clamp(LINE[0], LINE[-1]).item()
        assert LINE[line.settles(FAR - 10, score)].item() == pytest.approx(u, abs=2 * STEP)
    assert line.settles(0) > 0 and line.settles(2 * FAR) == 2 * FAR  # beyond the end it would go on


def test_they_disagree_between_where_the_path_part_changes_its_sign(line):
    apart = LINE[line.disagree()]
    assert torch.equal(line.disagree(), line.path < 0)  # the true slope is positive all along
    assert (
        apart.min() > -3
        and apart.max() < 1
        and line.disagree().sum() == round((apart[-1] - apart[0]).item() / STEP) + 1
    )


def test_the_share_of_safe_pulls():
    assert safe_share(0.0).item() == pytest.approx(1 / 3)
    assert (safe_share(LINE).diff() < 0).all()


def test_every_control_and_the_mouse_change_what_is_seen():
    explorer = StartExplorer()
    seen = {explorer.message}
    for change in (lambda: setattr(explorer.safe, "value", 0.7), lambda: setattr(explorer.pulls, "value", 2),
                   lambda: setattr(explorer.lr, "value", 4.0), lambda: setattr(explorer.u, "value", 1.0),
                   lambda: setattr(explorer.baseline, "value", True),
                   lambda: explorer.hear({"move": 0, "to": [0.2, 0.9]}), lambda: explorer.hear({"nudge": [1, 0]}),
                   lambda: explorer.hear({"add": [0.9, 0.1]})):  # fmt: skip
        number = explorer.view.parts["number"]
        change()
        assert explorer.view.parts["number"] > number
        seen.add(explorer.message)
    assert len(seen) == 9
    assert (
        explorer.line.safe == 0.7
        and explorer.line.pulls == 2
        and explorer.line.lr == 4.0
        and explorer.line.baseline == 0.5
    )


def test_a_dragged_start_stays_on_the_line_and_its_slider_follows_when_it_is_dropped():
    explorer = StartExplorer()
    explorer.hear({"move": 0, "to": [2.0, 0.5]})
    assert explorer.at == 2 * FAR and explorer.u.value == 0
    explorer.hear({"choose": 0})
    assert explorer.u.value == LINE[-1].item() and explorer.at == 2 * FAR
    explorer.hear({"nudge": [3, 0]})
    assert explorer.at == 2 * FAR


def test_arrows_point_where_the_slopes_do():
    explorer = StartExplorer(u=-0.8)
    tips = [float(x) for x in re.findall(r'<path d="M([\d.]+),[\d.]+l', explorer.view.parts["value"])]
    ((x, _),) = explorer.panels["value"].place([-0.8], [0.5])
    assert len(tips) == 2 and tips[0] > x > tips[1]
    assert "They point apart" in explorer.message and "rect" in explorer.view.parts["value"]


def test_the_picture_is_of_the_same_start():
    explorer = StartExplorer(safe=0.3, u=2.0)
    png, alt = explorer.snapshot()
    assert explorer.message in alt and "They point the same way" in alt
    assert Image.open(io.BytesIO(png)).size[0] > 900


@pytest.mark.parametrize("arguments, words", [
    ({"safe": 2.0}, "safe"), ({"pulls": 0}, "pulls"), ({"pulls": 20}, "1 to 8"), ({"lr": 3.0}, "lr one of"),
    ({"u": 9.0}, "u"),
])  # fmt: skip
def test_what_it_cannot_show_gets_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        StartExplorer(**arguments)
