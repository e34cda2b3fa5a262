"""tools/seeds.py on a tiny lesson, and the stored table: it is of the lessons' code, whole, and says that all hold."""

import json
import subprocess
import sys
from itertools import product

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook

from tools import notebooks, play_cells, seeds

# Lessons whose claims are not yet measured. The list only gets shorter: add none, and remove one that has rows.
NOT_YET = {"11_a_new_person", "12_a_changed_arm", "13_learning_to_act", "14_learning_to_train"}
MEASURED = [path for path in notebooks.LESSONS if path.stem not in NOT_YET]
CLAIMS = """\
assert PROFILE == "quick"
for n in (1, 2):
    assert SEED + n < 4
assert SEED != 3, f"seed {SEED} is bad luck"
assert True, "and the rest is tried as well"
assert os.environ["OMP_NUM_THREADS"] != "2", "two threads differ"
"""


def tiny(folder, *code, claims=CLAIMS):
    """A lesson in `folder` with the cells `code` before its claims."""
    cells = [
        new_code_cell('PROFILE = "full"\nSEED = 0', metadata={"tags": ["parameters"]}, id="parameters"),
        *(new_code_cell(text, id=f"more-{i}") for i, text in enumerate(("import os", *code))),
        new_code_cell(claims, metadata={"tags": ["claims"]}, id="claims"),
    ]
    notebooks.write(new_notebook(cells=cells), folder / "99_tiny.ipynb")
    return folder / "99_tiny.ipynb"


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setattr(seeds, "TABLE", tmp_path / "claims.json")
    return tmp_path / "claims.json"


def run(path, *arguments):
    return CliRunner().invoke(seeds.main, [str(path), *map(str, arguments)])


def test_runs_are_stored_and_kept_and_shown(tmp_path, table):
    path = tiny(tmp_path)
    done = run(path, "--seeds", "1-3", "--threads", 1, "--jobs", 3)
    assert done.exit_code == 1 and "The claims hold in 1 of 3 runs." in done.output
    rows = seeds.load(table)
    assert [row["seed"] for row in rows] == [1, 2, 3] and len(table.read_text().splitlines()) == 5  # a row a line
    assert [row["outcome"] for row in rows] == [
        "holds",
        "assert SEED + n < 4 (cell claims)",
        "assert SEED + n < 4 (cell claims) | seed 3 is bad luck (cell claims)",
    ]
    assert {(row["lesson"], row["threads"], row["code"]) for row in rows} == {("99_tiny", 1, seeds.code_of(path))}
    assert rows[0]["torch"] == seeds.torch_of(sys.executable) and rows[0]["date"] > "2026"

    before = table.read_bytes()
    assert "(stored before)" in run(path, "--seeds", "1", "--threads", 1).output and table.read_bytes() == before
    done = run(path, "--seeds", "1", "--threads", 1, "--again")
    assert done.exit_code == 0 and "stored before" not in done.output and len(seeds.load(table)) == 3
    assert run(path, "--seeds", "0", "--threads", 2).exit_code == 1
    assert seeds.load(table)[-1]["outcome"] == "two threads differ (cell claims)"

    shown = run(path, "--table").output
    assert "| 1 | 1 of 3 |" in shown and "seed 2: assert SEED + n < 4 (cell claims); seed 3:" in shown
    assert "of older code" not in shown and "< 4 (cell claims) / seed 3 is bad luck (cell claims) |\n" in shown
    tiny(tmp_path, "x = 1")
    assert run(path, "--table").output.count("of older code") == 2
    assert run(path, "--seeds", "0", "--threads", 1).exit_code == 0
    assert [(row["seed"], row["outcome"]) for row in seeds.load(table)] == [(0, "holds")]  # rows of older code are gone


def test_what_fails_before_the_claims_is_stored_and_what_is_killed_is_not(tmp_path, table):
    path = tiny(tmp_path, "if SEED:\n    {}['key']", "import os\nif not SEED: os._exit(9)")
    done = run(path, "--seeds", "0-1", "--threads", 1)
    assert done.exit_code == 1 and "not stored, the run ended with 9" in done.output
    assert [row["outcome"] for row in seeds.load(table)] == ["KeyError: 'key' (cell more-1)"]


def test_a_run_that_was_stopped_is_not_stored(tmp_path, table):
    done = run(tiny(tmp_path, "raise KeyboardInterrupt"), "--seeds", "0", "--threads", 1)
    assert done.exit_code == 1 and "not stored, the run ended with" in done.output and not table.exists()


def test_a_lesson_that_changes_while_it_runs_is_not_stored(tmp_path, table, monkeypatch):
    path = tiny(tmp_path)
    monkeypatch.setattr(seeds, "outcome_of", lambda *_: tiny(tmp_path, "x = 1") and "holds")
    done = run(path, "--seeds", "0", "--threads", 1)
    assert done.exit_code == 1 and "changed while it ran" in done.output and not table.exists()


def test_it_runs_where_nothing_but_the_course_is_installed(tmp_path):
    """No nbformat, no click, no Jupyter: another environment has what the course needs and no more."""
    code = "import sys; sys.modules.update(dict.fromkeys(['nbformat', 'click', 'nbclient', 'ipykernel', 'papermill']))"
    path = tiny(tmp_path, claims="assert SEED == 5")
    code += f"; import pathlib; from tools.play_cells import play; print(play(pathlib.Path({str(path)!r}), 5))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=seeds.ROOT)
    assert done.stdout.strip().endswith("[]"), done.stderr


@pytest.mark.parametrize("change", [
    ("x = 1", "x = 1  # why\n\n"),
    ("def f():\n    'What it does.'\n    return 1", "def f():\n    'Said otherwise.'\n    return 1"),
    ("print(f'{1:.1f} %')", "print(f'about {1:.0f} percent')"),
    ("assert x, 'so'", "assert x, 'so it is'"),
    ("show(f, 'A picture.')", "show(f, 'Another caption.')"),
])  # fmt: skip
def test_words_are_no_code(tmp_path, change):
    one, other = (seeds.code_of(tiny(tmp_path, text)) for text in change)
    assert one == other


@pytest.mark.parametrize("change", [
    ("x = 1", "x = 2"),
    ("a(split='train')", "a(split='test')"),
    ("assert x > 1, 'so'", "assert x > 2, 'so'"),
    ("print(f(1))", "print(f(2))"),
    ("x = 1", "x = True"),
])  # fmt: skip
def test_code_is_code(tmp_path, change):
    one, other = (seeds.code_of(tiny(tmp_path, text)) for text in change)
    assert one != other


def test_the_room_counts_and_its_checks_do_not(tmp_path, monkeypatch):
    room = tmp_path / "course_lib" / "lessons" / "lesson99"
    room.mkdir(parents=True)
    monkeypatch.setattr(seeds, "ROOT", tmp_path)
    codes = []
    for name in ("checks.py", "checks_more.py", "quizzes.py", "price.py", "price.json"):
        (room / name).write_text("[1]")
        codes.append(seeds.code_of(tiny(tmp_path)))
    assert codes[0] == codes[1] == codes[2] != codes[3] != codes[4] != codes[2]


def test_what_cannot_be_read_is_said(tmp_path, table):
    assert seeds.parse_seeds("0-2,7,1") == [0, 1, 2, 7]
    path = tiny(tmp_path)
    assert "is not numbers and ranges" in run(path, "--seeds", "1,").output
    assert "is not a Python with torch" in run(path, "--python", str(tmp_path / "nothing")).output
    notebook = notebooks.read(path)
    notebook.cells.pop()
    notebooks.write(notebook, path)
    assert "no cell tagged claims in 99_tiny.ipynb" in run(path).output and not table.exists()


def test_a_failing_assert_is_named_by_its_own_line():
    source = "def f(x):\n    assert x\n\nf(0)"
    with pytest.raises(AssertionError) as caught:
        exec(compile(source, "<cell>", "exec"), {})
    assert play_cells.sentence(caught.value, source) == "f(0)"


ROWS = seeds.load()


@pytest.mark.parametrize("path", notebooks.LESSONS, ids=lambda path: path.stem)
def test_stored_rows_are_of_the_lesson_as_it_is(path):
    old = {row["code"] for row in ROWS if row["lesson"] == path.stem} - {seeds.code_of(path)}
    assert not old, f"the code was changed since its claims were measured: run tools/seeds.py notebooks/{path.name}"


def not_measured(lesson):
    """Of seeds 0 to 9 on one thread and on two, those that are not stored."""
    return set(product(range(10), (1, 2))) - {(row["seed"], row["threads"]) for row in ROWS if row["lesson"] == lesson}


@pytest.mark.parametrize("path", MEASURED, ids=lambda path: path.stem)
def test_the_claims_of_a_measured_lesson_hold(path):
    rows = [row for row in ROWS if row["lesson"] == path.stem]
    lacking = not_measured(path.stem)
    assert not lacking, f"not measured, (seed, threads): {sorted(lacking)}; run tools/seeds.py notebooks/{path.name}"
    assert len({row["torch"] for row in rows if row["seed"] == 0}) >= 3, "measure the lowest, Colab's, the pinned"
    assert [row for row in rows if row["outcome"] != seeds.HOLDS] == []


def test_the_list_of_lessons_not_yet_measured_is_true():
    assert all(map(not_measured, NOT_YET)), "measured by now: take it off the list"
    assert {path.stem for path in notebooks.LESSONS} >= NOT_YET


def test_the_stored_table_is_what_the_tool_would_store(tmp_path):
    seeds.store(ROWS, tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))["runs"] == ROWS
