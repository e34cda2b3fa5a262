"""The horizon explorer without a browser: it says what the plan gives, and keeps what was tried."""

import io

import pytest
from PIL import Image

from course_lib.lessons.lesson14.horizon_explorer import NOISES, HorizonExplorer, sentence
from course_lib.lessons.lesson14.horizon_picture import LOSSES, RATES, losses
from course_lib.lessons.lesson14.horizon_plan import HORIZONS, ends_at, planned


@pytest.fixture(scope="module")
def explorer():
    return HorizonExplorer(2, 0.1)


def test_sliders_plan_anew_and_what_was_tried_stays(explorer):
    assert explorer.tried[0.1] == {2: ends_at(2, 0.1)}
    explorer.horizon.value = 5
    assert set(explorer.tried[0.1]) == {2, 5} and explorer.message == sentence(5, 0.1)
    assert explorer.view.parts["tried"].count("–") == len(HORIZONS) - 2
    before = explorer.view.parts["rates"]
    explorer.noise.value = 0.2
    assert explorer.tried[0.2] == {5: ends_at(5, 0.2)} and explorer.view.parts["rates"] != before
    assert f"{ends_at(5, 0.2):.3f}" in explorer.view.parts["tried"] and "Noise 0.2" in explorer.view.parts["said"]


def test_the_flat_direction_is_a_part_of_the_loss():
    for noise in (NOISES[0], NOISES[-1]):
        whole, flat = losses(1, noise)
        assert whole[0] == 1 and flat[0] == 0.5 and (flat <= whole).all()


@pytest.mark.parametrize("noise", NOISES)
def test_the_panels_hold_every_line(noise):
    for horizon in (1, 2, 200):
        assert losses(horizon, noise)[0].min() > LOSSES[0] and losses(horizon, noise)[0].max() < LOSSES[1]
        assert RATES[0] < min(planned(horizon, noise)[0]) and max(planned(horizon, noise)[0]) < RATES[1]


def test_a_picture_for_readers_without_a_kernel(explorer):
    png, alt = explorer.snapshot()
    assert Image.open(io.BytesIO(png)).size[0] > 800 and explorer.message in alt


@pytest.mark.parametrize("arguments, words", [((3, 1.0), "horizon must be one of 1, 2"), ((1, 0.7), "noise must be")])
def test_what_it_cannot_show_gets_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        HorizonExplorer(*arguments)
