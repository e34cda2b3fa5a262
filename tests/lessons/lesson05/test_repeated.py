"""The stored trainings of lesson 05: whole, made as the lesson trains, and read rightly."""

import json

import pytest
import torch
from click.testing import CliRunner

from benchmarks import maml_family
from course_lib.lessons.lesson05 import overfitting, repeated
from course_lib.lessons.lesson05.repeated import LONG_ONES, OVERFITTED, SEEDS, VARIANTS, Training
from course_lib.tasks import Sinusoids
from tools.notebooks import ROOT, read


@pytest.fixture(scope="module")
def stored():
    return repeated.read()


@pytest.fixture
def lesson():
    cells = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "05_the_maml_family.ipynb").cells}
    found = {"cells": cells}
    for name in ("parameters", "prediction", "imports"):
        exec(cells[name], found)
    return found


def test_the_table_holds_what_the_script_plans_and_says_how_it_was_made(stored):
    assert set(stored) == set(repeated.planned()) and len(SEEDS) >= 3
    assert all(made.seconds > 0 and made.date >= "2026-11-26" and made.torch for made in stored.values())
    command = json.loads(repeated.TABLE.read_text())["command"]
    assert command == maml_family.COMMAND and "benchmarks.maml_family" in command


def test_what_is_stored_is_not_trained_again(stored, tmp_path, monkeypatch):
    missing = ("ANIL", 300, 3)
    path = tmp_path / "repeated.json"
    repeated.write([made for identity, made in stored.items() if identity != missing], "command", path)
    asked = []
    monkeypatch.setattr(maml_family, "train", lambda *identity: asked.append(identity[:3]) or stored[missing])
    done = CliRunner().invoke(maml_family.main, ["--output", str(path)])
    assert done.exit_code == 0, done.output
    assert asked == [missing] and repeated.read(path) == stored


@pytest.mark.parametrize("name", VARIANTS)
def test_the_script_trains_a_variant_as_the_lesson_does(name, lesson):
    """Three outer steps of both, in the lesson's own code."""
    cell = lesson["cells"]["train"].split("runs = ")[0].replace("(300, 300)", "(3, 20)")
    exec(cell, lesson)
    learner, steps = lesson["trained"](name), (1,) if "1 step" in name else (1, 5)
    right = repeated.errors_after(learner, repeated.new_curves(), steps)
    found = maml_family.judged(name, maml_family.trained(name, 3, lesson["SEED"]))
    for k in steps:
        assert found[f"after {k}"] == pytest.approx(right[k].mean().item(), rel=1e-4)


@pytest.mark.parametrize("name", LONG_ONES)
def test_the_script_overfits_as_the_lesson_does(name, lesson, tmp_path):
    cell = lesson["cells"]["overfit"].split("show_table")[0].replace("350", "3")
    exec(cell, lesson | {"test": repeated.new_curves()}, lesson)
    right = {kind: scores.mean().item() for kind, scores in lesson["mistakes"][name].items()}
    assert maml_family.overfitted(name, 3, lesson["SEED"], tmp_path) == pytest.approx(right, rel=1e-4)


def test_a_longer_training_goes_on_from_the_shorter_one(tmp_path):
    maml_family.overfitted("ten curves", 2, 0, tmp_path)
    gone_on = maml_family.overfitted("ten curves", 4, 0, tmp_path)
    learner, _ = overfitting.overfit(overfitting.FewCurves(10, 0), 4, 0)
    at_once = overfitting.three_errors(learner, overfitting.FewCurves(10, 0), repeated.new_curves())
    assert gone_on == pytest.approx({kind: e.mean().item() for kind, e in at_once.items()}, rel=1e-5)


def test_errors_are_read_by_name_question_and_length(stored):
    assert repeated.errors(stored, "MAML", "after 5")[2] == stored["MAML", 300, 2].errors["after 5"]
    at = repeated.errors(stored, "ten curves", "new points", 1400)
    assert at.tolist() == [stored["ten curves", 1400, seed].errors["new points"] for seed in SEEDS]
    assert len(repeated.errors(stored, "and dropout 0.1", "new curves")) == len(SEEDS)
    assert set(OVERFITTED) >= set(LONG_ONES)


def test_the_interval_is_over_trainings():
    mean, half = repeated.over_trainings(torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert mean == 3 and half == pytest.approx(2.776 * (2.5 / 5) ** 0.5, rel=2e-3)  # Student's t, four degrees


def test_errors_after_are_those_of_single_calls():
    torch.manual_seed(0)
    learner = VARIANTS["MAML"][0](maml_family.MLP((1, 8, 1)))
    test = Sinusoids(shot=5, query=9).sample(4, torch.Generator().manual_seed(0))
    for k, found in repeated.errors_after(learner, test, (0, 1, 3)).items():
        answers = learner.predict(learner.adapt(test.support_x, test.support_y, steps=k), test.query_x)
        torch.testing.assert_close(found, (answers - test.query_y).square().mean((1, 2)).detach())


def test_a_training_is_known_by_name_steps_and_seed():
    made = Training("MAML", 300, 4, {"after 5": 1.0}, 1.0, "", "")
    assert made.identity == ("MAML", 300, 4)


def test_the_table_in_the_readme_of_benchmarks_is_the_stored_one(stored):
    lines = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8").splitlines()
    maml = repeated.errors(stored, "MAML", "after 5")
    for name, (_, steps) in VARIANTS.items():
        last = repeated.errors(stored, name, "after 1" if "1 step" in name else "after 5")
        cells = ["{:.2f} ± {:.2f}".format(*repeated.over_trainings(values)) for values in (last, last - maml)]
        cells[1] = "" if name == "MAML" else cells[1]
        written = name.replace("1 step", "after its one step")
        assert f"| {written} | {steps} | {cells[0]} | {cells[1]} |".replace("|  |", "| |") in lines
