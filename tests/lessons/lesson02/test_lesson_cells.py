"""Cells of lesson 02 that meet something unusual say one sentence."""

import pytest

from course_lib import History
from course_lib.stop import Stop
from tools.notebooks import ROOT, read

CELLS = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "02_baselines.ipynb").cells}
BEFORE_WORK = ("parameters", "prediction", "imports")


@pytest.fixture
def lesson():
    found = {}
    for name in BEFORE_WORK:
        exec(CELLS[name], found)
    return found


def test_a_profile_that_does_not_exist(lesson):
    lesson["PROFILE"] = "fast"
    with pytest.raises(Stop, match="PROFILE is \"quick\" or \"full\", and not 'fast'"):
        exec(CELLS["tasks"], lesson)


def test_the_full_profile_without_its_data(lesson, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    lesson["PROFILE"] = "full"
    with pytest.raises(Stop, match="The full profile needs Omniglot: COURSE_DATA is .* there is no file") as stop:
        exec(CELLS["tasks"], lesson)
    assert "\n" not in str(stop.value)


def test_the_ranking_is_not_judged_before_all_are_measured(lesson, capsys):
    exec(CELLS["compare-picture"], lesson | {"results": {}})
    said = capsys.readouterr().out.splitlines()
    assert said[-1].startswith("Not measured yet: pixels, scratch,") and said[-1].endswith("Run the cells above first.")


def test_the_lesson_does_not_go_on_with_a_network_whose_training_was_stopped(lesson, monkeypatch):
    exec(CELLS["tasks"], lesson)
    exec(CELLS["trained"], lesson)
    monkeypatch.setitem(lesson, "fit", lambda *_, **__: History(stopped="interrupted"))
    with pytest.raises(Stop, match="Training was interrupted after .* Run this cell again"):
        lesson["trained"](None, None)


def test_the_clock_of_judge_runs_for_adapting_alone(lesson, capsys):
    """Not for drawing tasks, and not for the queries."""
    exec(CELLS["tasks"], lesson)
    exec(CELLS["judge"], lesson)
    at = [0.0]

    class Slow(lesson["NearestNeighbour"]):
        def adapt(self, *args):
            at[0] += 1
            return super().adapt(*args)

        def predict(self, *args):
            at[0] += 100
            return super().predict(*args)

    lesson["time"] = type("Clock", (), {"perf_counter": staticmethod(lambda: at[0])})
    lesson["judge"]("slow", Slow(), 2)
    assert lesson["seconds"]["slow"] == pytest.approx(1 / lesson["timed"].n_tasks)
    assert "100.00 ms to adapt to a task" in capsys.readouterr().out
