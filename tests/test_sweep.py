"""tools/sweep.py on a tiny notebook: what it runs, what it keeps, and what it says when something is wrong."""

import csv
import sys

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools import notebooks, sweep
from tools.sweep_table import average

RESULTS = """\
from IPython.display import display
good = {"accuracy": 0.5 + SEED / 100 + WAY / 1000, "ci95": 0.02}
bad = {"accuracy": 1 / WAY, "ci95": 0.01}
display({"application/vnd.course-results+json": {"good": good, "bad": bad}}, raw=True)"""


def tiny(path, code="", results=RESULTS):
    """A notebook with parameters SEED and WAY, `code`, and a cell of results."""
    cells = [
        new_code_cell("SEED = 0\nWAY = 5", metadata={"tags": ["parameters"]}),
        new_code_cell(code),
        new_code_cell(results, metadata={"tags": ["results"]}),
    ]
    notebooks.write(notebooks.clean(new_notebook(cells=cells)), path)
    return path


def run(path, *sets, output=None):
    arguments = [str(path), "--output", str(output or path.parent / "out"), "--jobs", "3"]
    return CliRunner().invoke(sweep.main, arguments + [part for text in sets for part in ("--set", text)])


def rows_of(folder):
    with (folder / "results.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_one_command_runs_and_collects_and_what_has_run_is_kept(tmp_path):
    path = tiny(tmp_path / "tiny.ipynb", "import os\nassert SEED != 1, 'seed 1 fails'\nif SEED == 2:\n    os._exit(1)")
    output = tmp_path / "out"
    result = run(path, "SEED=0,1,2", "WAY=5")
    assert result.exit_code == 1 and "1 of 3 runs are in" in result.output and "50.5" in result.output
    bad, good, failed, died = (tuple(row.values()) for row in rows_of(output))  # stored JSON is sorted by name
    assert bad[:5] == ("0", "5", "bad", "0.2", "0.01") and good[:5] == ("0", "5", "good", "0.505", "0.02")
    assert failed == ("1", "5", "", "", "", "", "failed: AssertionError: seed 1 fails")
    assert died[:2] == ("2", "5") and "Kernel died" in died[-1]
    assert (output / "results.png").read_bytes().startswith(b"\x89PNG")
    names = ["SEED-0_WAY-5.ipynb", "SEED-1_WAY-5.unfinished.ipynb", "SEED-2_WAY-5.unfinished.ipynb"]
    assert sorted(p.name for p in output.glob("*.ipynb")) == names  # the executed notebooks are kept

    before = (output / names[0]).stat().st_mtime_ns
    result = run(path, "SEED=0", "WAY=5")
    assert result.exit_code == 0 and len(rows_of(output)) == 2
    assert (output / names[0]).stat().st_mtime_ns == before


def test_only_the_same_code_with_the_same_parameters_has_run(tmp_path):
    path, output = tiny(tmp_path / "tiny.ipynb"), tmp_path / "out.ipynb"
    notebook, done = notebooks.read(path), notebooks.read(path)
    assert not sweep.has_run(output, notebook, {"SEED": 1})
    done.metadata["papermill"] = {"parameters": {"SEED": 1}}
    done.cells.insert(1, new_code_cell("SEED = 1", metadata={"tags": ["injected-parameters"]}))
    notebooks.write(done, output)
    assert sweep.has_run(output, notebook, {"SEED": 1})
    assert not sweep.has_run(output, notebook, {"SEED": 2})
    assert not sweep.has_run(output, notebooks.read(tiny(path, "x = 1")), {"SEED": 1})


@pytest.mark.parametrize("shown", [None, [1], {"a": 0.5}, {"a": {"ci95": 0.5}}, {"a": {"accuracy": "x", "ci95": 0}}])
def test_a_results_cell_that_shows_something_else(shown, tmp_path):
    notebook = notebooks.read(tiny(tmp_path / "tiny.ipynb"))
    outputs = [] if shown is None else [new_output("display_data", {"application/vnd.course-results+json": shown})]
    notebook.cells[-1].outputs = outputs
    notebooks.write(notebook, tmp_path / "tiny.ipynb")
    (row,) = sweep.collect(tmp_path / "tiny.ipynb", {"SEED": 0})
    assert row["SEED"] == 0 and row["status"].startswith('its results cell does not show {"name"')


@pytest.mark.parametrize("text", ["SEED", "SEED=", "=1", "SEED=0,,1", "a b=1"])
def test_a_setting_that_cannot_be_read(text, tmp_path):
    result = run(tiny(tmp_path / "tiny.ipynb"), text)
    assert result.exit_code == 2 and "is not NAME=VALUE,VALUE" in result.output


def test_settings_are_read_as_python_writes_them():
    settings = sweep.parse_settings(("SEED=0,1,0", "PROFILE=quick", "LR=0.5, 1e-3", "ON=True"))
    assert settings == {"SEED": [0, 1], "PROFILE": ["quick"], "LR": [0.5, 0.001], "ON": [True]}


def test_what_is_missing_is_said(tmp_path, monkeypatch):
    path = tiny(tmp_path / "tiny.ipynb")
    assert "has no parameter SHOT; it has SEED, WAY." in run(path, "SHOT=1").output
    assert "SEED is given twice" in run(path, "SEED=1", "SEED=2").output
    notebook = notebooks.read(path)
    notebook.cells.pop()  # the results
    notebooks.write(notebook, path)
    assert "has no cell tagged results" in run(path, "SEED=1").output
    text = tmp_path / "text.txt"
    text.write_text("hello")
    assert "is not a notebook" in run(text, "SEED=1").output
    monkeypatch.setitem(sys.modules, "papermill", None)
    assert "papermill is not installed here" in run(path, "SEED=1").output
    assert not (tmp_path / "out").exists()


def test_seeds_are_averaged_and_settings_are_not():
    keys = ("SEED", "WAY", "learner", "accuracy", "ci95", "status")
    rows = [(s, w, "a", 0.1 * w + 0.02 * s, 0.01 * (s + 1), "ok") for w in (5, 8) for s in (0, 1)]
    rows = [dict(zip(keys, row, strict=True)) for row in rows] + [{"SEED": 2, "WAY": 5, "status": "failed"}]
    table = average(rows, ["SEED", "WAY"])
    assert [row["setting"] for row in table] == ["WAY 5", "WAY 8"]
    assert [row["mean"] for row in table] == pytest.approx([0.51, 0.81])
    assert table[0]["ci95"] == pytest.approx(0.015) and table[0]["scores"] == pytest.approx([0.5, 0.52])
