"""The cabinet explorer without a browser: prices, names, scores, and that nothing is given away before its time."""

import io

import pytest
from PIL import Image

from course_lib.lessons.lesson16 import cabinet_picture as picture
from course_lib.lessons.lesson16.cabinet import FAULTS
from course_lib.lessons.lesson16.cabinet_explorer import POINTS, WRONG, CabinetExplorer
from course_lib.lessons.lesson16.instruments import INSTRUMENTS


@pytest.fixture
def explorer():
    return CabinetExplorer(0)


def test_an_instrument_costs_its_price_once_and_shows_its_reading(explorer):
    before = explorer.view.parts["rows"]
    assert before.count("not opened") == len(INSTRUMENTS) and f"It is worth {POINTS} points now" in explorer.message
    explorer.buttons["people"].click()
    explorer.look("people")
    assert explorer.opened == ["people"] and explorer.left == POINTS - INSTRUMENTS["people"].price
    assert explorer.buttons["people"].disabled and explorer.view.parts["rows"].count("not opened") == 7
    said = picture.words(explorer.row.readings["people"])
    assert said in explorer.message and said in explorer.view.parts["rows"] and explorer.message.count(".") > 2


def test_a_wrong_name_costs_points_and_the_right_one_tells_all(explorer):
    wrong = next(fault for fault in FAULTS if fault != explorer.row.fault)
    explorer.menu.value = wrong
    explorer.name_it.click()
    assert (
        explorer.left == POINTS - WRONG and not explorer.over and FAULTS[explorer.row.fault].why not in explorer.message
    )
    explorer.menu.value = explorer.row.fault
    explorer.name_it.click()
    fault = FAULTS[explorer.row.fault]
    assert explorer.over and explorer.scores == [POINTS - WRONG]
    for part in (fault.what, fault.why, fault.truth, f"it is {explorer.row.truth:.0f} %"):
        assert part in explorer.message
    assert "not opened" not in explorer.view.parts["rows"] and picture.GREY in explorer.view.parts["rows"]
    assert explorer.name_it.disabled and all(button.disabled for button in explorer.buttons.values())
    explorer.answer(wrong), explorer.look("leak")
    assert explorer.scores == [POINTS - WRONG] and explorer.opened == []


def test_a_wrong_name_given_twice_costs_once(explorer):
    wrong, other = [fault for fault in FAULTS if fault != explorer.row.fault][:2]
    explorer.menu.value = wrong
    explorer.name_it.click()
    assert explorer.name_it.disabled
    explorer.answer(wrong)
    assert explorer.left == POINTS - WRONG
    explorer.menu.value = other
    assert not explorer.name_it.disabled
    explorer.next()
    explorer.answer(wrong if explorer.row.fault != wrong else other)
    assert explorer.left == POINTS - WRONG  # a new report has forgotten what was said of the one before


def test_after_too_many_wrong_names_the_truth_is_told_for_no_points(explorer):
    wrong = [fault for fault in FAULTS if fault != explorer.row.fault]
    for fault in wrong[: -(-POINTS // WRONG)]:
        explorer.answer(fault)
    assert explorer.over and explorer.scores == [0] and explorer.message.count("no point is left") == 1


def test_the_next_report_is_another_one_and_every_report_comes_once(explorer):
    seen = []
    for _ in range(len(explorer.found)):
        seen.append(explorer.row.identity)
        explorer.look("overlap")
        explorer.another.click()
        assert explorer.opened == [] and explorer.left == POINTS and explorer.menu.value == ""
    assert set(seen) == {row.identity for row in explorer.found} and explorer.row.identity == seen[0]
    assert CabinetExplorer(1).row.identity != seen[0] or CabinetExplorer(2).row.identity != seen[0]


def test_all_that_can_be_opened_leaves_points_for_the_right_name():
    assert sum(instrument.price for instrument in INSTRUMENTS.values()) < POINTS


def test_the_mean_of_all_reports_is_kept(explorer):
    explorer.answer(explorer.row.fault)
    explorer.next()
    explorer.look("fresh")
    explorer.answer(explorer.row.fault)
    assert explorer.scores == [POINTS, POINTS - 3] and f"Mean of 2 reports: {POINTS - 1.5:.1f}." in explorer.message


def test_a_picture_for_readers_without_a_kernel_gives_nothing_away(explorer):
    explorer.look("training")
    png, alt = explorer.snapshot()
    assert Image.open(io.BytesIO(png)).size[0] > 700 and explorer.message in alt
    assert not any(fault.what in alt or fault.why in alt for fault in FAULTS.values())


def test_every_reading_has_its_place():
    for row in CabinetExplorer(0).found:
        drawn = picture.rows(row, list(INSTRUMENTS), False)
        assert drawn.count("<rect") == len(picture.NOT_ACCURACY) and drawn.count("<circle") == len(INSTRUMENTS) - 1


def test_a_seed_that_is_none_gets_a_sentence():
    with pytest.raises(ValueError, match="seed must be a whole number"):
        CabinetExplorer(-1)
