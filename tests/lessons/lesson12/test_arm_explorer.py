"""The arm explorer without a browser: models adapt to what they saw, and controls do as they say."""

import io
import re

import pytest
import torch
from PIL import Image
from torch import nn

from course_lib.learners import Joint
from course_lib.lessons.lesson12 import arm_run
from course_lib.lessons.lesson12.arm_explorer import ArmExplorer
from course_lib.lessons.lesson12.arm_picture import history
from course_lib.lessons.lesson12.arm_run import DOWN, FINE, MOVES, SHOWN, TRUE, ArmRun, Moment, fine_circle
from course_lib.lessons.lesson12.control import circle
from course_lib.lessons.lesson12.known_equation import KnownEquation

ARM = torch.tensor([0.0, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0])
OTHERS = torch.rand(50, 7, generator=torch.Generator().manual_seed(0)) * torch.tensor([2, 0.6, 0.6, 1, 1, 0, 0.0])
OTHERS = OTHERS + torch.tensor([0, 0.7, 0.7, 0, 0, 0, 0])


@pytest.fixture
def learners():
    torch.manual_seed(0)
    return {"no adaptation": Joint(nn.Linear(10, 2)).eval(), "known equation": KnownEquation(OTHERS)}


@pytest.fixture
def run(learners):
    return ArmRun(learners, ARM)


@pytest.fixture
def explorer(learners):
    return ArmExplorer(learners)


def seconds(run, time):
    """Go on for so long; returns the largest distance in cm."""
    before = run.time
    while run.time < before + time - 1e-6:
        run.advance(50)
    return max(moment.off for moment in run.moments if moment.time > before + 1e-6)


def test_the_true_model_keeps_the_circle_whatever_hangs_there(run):
    assert seconds(run, 2) < 0.5
    run.weight = 2.0
    assert seconds(run, 2) < 0.6 and run.believed() == pytest.approx(2.0, abs=1e-4)


def test_the_circle_is_that_of_the_lesson():
    at = torch.tensor([0, 7, 1333])
    for table, exact in zip(fine_circle(), circle(at / FINE), strict=True):
        assert torch.allclose(table[at], exact, atol=1e-4)
    assert len(fine_circle()[0]) == 2 * FINE


def test_an_adapting_model_loses_the_circle_and_regains_it_twice(run):
    run.model = "known equation"
    seconds(run, 2)
    for kilograms in (1.5, 0.0):
        run.weight = kilograms
        assert seconds(run, 1) > 5
        seconds(run, 2)
        assert seconds(run, 2) < 1 and run.believed() == pytest.approx(kilograms, abs=0.15)


def test_a_short_window_is_quicker_and_less_sure(learners):
    lost, spread = {}, {}
    for window in (0.2, 2.0):
        run = ArmRun(learners, ARM)
        run.model, run.window = "known equation", window
        seconds(run, 4)
        spread[window] = torch.tensor([moment.believed for moment in run.moments][-50:]).std().item()
        run.weight = 1.5
        lost[window] = seconds(run, 4)
    assert lost[0.2] < 0.5 * lost[2.0] and spread[0.2] > 1.5 * spread[2.0]


def test_what_hangs_straight_down_cannot_be_felt(run):
    run.model = "known equation"
    seconds(run, 2)
    run.move = MOVES[2]
    seconds(run, 4)
    assert torch.allclose(run.state[0, :2], DOWN, atol=0.02)
    before = run.believed()
    run.weight = 2.0
    seconds(run, 2)
    assert run.believed() == pytest.approx(before, abs=0.3)
    run.move = MOVES[0]
    assert seconds(run, 2) > 10
    seconds(run, 2)
    assert run.believed() == pytest.approx(2.0, abs=0.2)


def test_holding_still_stands_still_and_goes_on_where_it_stopped(run):
    seconds(run, 1)
    run.move = MOVES[1]
    seconds(run, 2)
    still = run.state.clone()
    seconds(run, 1)
    assert torch.allclose(run.state, still, atol=1e-3) and run.state[0, 2:].abs().max() < 1e-3
    run.move = MOVES[0]
    assert seconds(run, 3) < 0.6  # without a jump in what is wanted


def test_what_is_wanted_is_the_derivative_of_itself(run, monkeypatch):
    """Through all changes of movement, by finite differences."""
    monkeypatch.setattr(arm_run, "PERIOD", 0.005)
    path = []
    for i in range(1600):
        run.move = MOVES[(0, 2, 0, 1)[i // 400]]
        path.append(torch.stack(run._wanted()))
        run._follow_on()
    path = torch.stack(path).double()  # [1600, 3, 2]
    for order in (0, 1):
        change = (path[2:, order] - path[:-2, order]) / 0.01
        smooth = torch.tensor([3 < i % 400 < 396 for i in range(1, 1599)])  # no change of movement there
        assert (change - path[1:-1, order + 1])[smooth].abs().max() < 0.03 * change.abs().max()


def test_a_run_depends_on_its_seed_and_on_nothing_else(learners):
    ends = []
    for seed in (0, 0, 1):
        run = ArmRun(learners, ARM, seed)
        run.model = "known equation"
        run.advance(30), run.advance(20)
        ends.append(run.state)
    assert torch.equal(ends[0], ends[1]) and not torch.equal(ends[0], ends[2])


def test_play_counts_periods_so_that_a_slow_kernel_leaves_out_pictures_and_no_time(explorer, learners):
    explorer.play.value = 2
    explorer.play.value = 14  # six pictures in one
    other = ArmRun(learners, ARM)
    other.model = explorer.run.model
    for _ in range(7):
        other.advance(2)
    assert explorer.run.periods == 14 and torch.equal(explorer.run.state, other.state)
    explorer.play.value = 100_000  # the lid was closed
    assert explorer.run.periods == 26


def test_its_button_to_stop_starts_again(explorer):
    explorer.weight.value = 1.2
    explorer.play.value = 50
    explorer.play.value = 0
    assert explorer.run.periods == 0 and not explorer.run.moments and explorer.run.weight == pytest.approx(1.2)
    assert "Press play" in explorer.message


@pytest.mark.parametrize("act, seen", [
    (lambda e: setattr(e.weight, "value", 1.3), lambda r: r.weight == pytest.approx(1.3)),
    (lambda e: setattr(e.window, "value", 0.2), lambda r: r.window == 0.2),
    (lambda e: setattr(e.model, "value", "no adaptation"), lambda r: r.model == "no adaptation"),
    (lambda e: setattr(e.move, "value", "hold still"), lambda r: r.move == "hold still"),
])  # fmt: skip
def test_each_control_changes_the_run_in_one_answer(explorer, act, seen):
    explorer.play.value = 12
    number = explorer.view.parts["number"]
    act(explorer)
    assert seen(explorer.run) and explorer.view.parts["number"] == number + 1 and explorer.run.periods == 12


def test_the_arm_that_was_given_stays_as_it_is(learners):
    arm = ARM.clone()
    explorer = ArmExplorer(learners, arm)
    explorer.weight.value = 2.0
    explorer.play.value = 10
    assert torch.equal(arm, ARM)


def test_the_picture_has_the_weight_and_both_curves(explorer):
    explorer.play.value = 20
    assert "<rect" not in explorer.view.parts["arm"] and "<path" in explorer.view.parts["off"]
    explorer.weight.value = 1.0
    small = float(re.search(r'<rect [^>]*width="([\d.]+)"', explorer.view.parts["arm"])[1])
    explorer.weight.value = 2.0
    large = float(re.search(r'<rect [^>]*width="([\d.]+)"', explorer.view.parts["arm"])[1])
    assert (large / small) ** 2 == pytest.approx(2.0, rel=0.01)  # the area is the weight
    assert f"{explorer.run.moments[-1].off:.1f} cm" in explorer.view.parts["off"]


def test_curves_stay_in_their_panels_and_forget():
    found = history([Moment(1.0, 1e6, 2.0, -9.0), Moment(2.0, 0.0, 2.0, 9.0)], 2.0)
    assert found[0].tolist() == [-1.0, 0.0] and found[1].tolist() == [300.0, 0.05]
    assert found[3].tolist() == [-0.6, 2.6]
    assert history([], 0.0).shape == (4, 0)


def test_moments_are_forgotten(run):
    seconds(run, SHOWN + 3)
    assert run.moments[0].time >= run.time - SHOWN and len(run.moments) == SHOWN * 25 + 1
    assert len(run.remembered) == 200 and len(run.trail) == 100


def test_where_nothing_was_played_the_picture_tells_a_story(explorer):
    png, alt = explorer.snapshot()
    told = explorer.shown_run()
    assert told.time == pytest.approx(8.5) and explorer.run.periods == 0
    assert {moment.weight for moment in told.moments} == {0.0, 1.5}
    assert "model: known equation" in alt and Image.open(io.BytesIO(png)).size[0] > 800
    explorer.play.value = 20
    assert explorer.shown_run() is explorer.run and explorer.message in explorer.snapshot()[1]


@pytest.mark.parametrize("arguments, words", [
    (({},), "dict of one to five"), (({TRUE: None},), 'none "true"'), (({"mine": 3},), "'mine' is a int"),
    (({"mine": KnownEquation(OTHERS)}, torch.zeros(5)), "seven parameters"),
    (({"mine": KnownEquation(OTHERS)}, None, "other"), "model must be one of mine, true"),
])  # fmt: skip
def test_what_it_cannot_show_gets_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        ArmExplorer(*arguments)
