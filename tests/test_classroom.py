"""tools/classroom.py: the student edition, and the verdicts on notebooks that are odd but mean no harm."""

import ast
import csv
import os
import re
import shutil

import nbformat
import pytest
from click.testing import CliRunner

from tests.classroom_cases import COSINES, DISTANCES, LESSON, PROTOTYPES, collect, hand_in
from tools.classroom import _plain, _tables, _write_csv, main, student_edition
from tools.hand_ins import exercise_cells, hand_ins
from tools.judge_exercise import needed, read_cells
from tools.notebooks import LESSONS, read

LOSS = """
def episode_loss(support_z, support_y, query_z, query_y):
    scores = -squared_distances(query_z, prototypes(support_z, support_y))
    return F.cross_entropy(scores.flatten(0, SCALES["last"]), query_y.flatten())"""
SCALES = "SCALES = {'last': 1}\nprint(SCALES['no such key'])"  # the second line fails, and is not needed
COMMON = "import torch\nfrom torch.nn import functional as F\n%matplotlib inline"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.name)
def test_student_edition_has_nothing_but_the_lesson(lesson):
    edition, lesson_itself = student_edition(lesson), read(lesson)
    nbformat.validate(edition)
    code = [cell for cell in edition.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert [c.source for c in edition.cells] == [c.source for c in lesson_itself.cells]
    text = "".join(c.source for c in edition.cells)
    assert "<details>" in text or "quiz(" in text
    marked = {c.metadata.nbgrader.grade_id: c for c in code if "nbgrader" in c.metadata}
    assert list(marked) == list(exercise_cells(lesson)) and len(marked) >= 3
    assert all(f"{name} = check({name})" in cell.source for name, cell in marked.items())
    assert {c.metadata.tags[0] for c in code[:2]} == {"setup", "parameters"}


def test_answers_are_folded(monkeypatch):
    lesson = read(LESSON)
    lesson.cells[-1].source = '<details open><summary>1</summary></details> <details class="a" open="">open</details>'
    monkeypatch.setattr("tools.classroom.read", lambda path: lesson)
    folded = '<details><summary>1</summary></details> <details class="a">open</details>'
    assert student_edition(LESSON).cells[-1].source == folded


def test_student_never_replaces_a_notebook_unless_told_to(tmp_path):
    def student(*options):
        return CliRunner().invoke(main, ["student", str(tmp_path / "new"), str(LESSON), *options])

    assert student().exit_code == 0
    mine = tmp_path / "new" / LESSON.name
    mine.write_text("work of a week")
    refused = student(str(LESSONS[0]))
    assert refused.exit_code == 1 and "--overwrite" in refused.output and LESSON.name in refused.output
    assert [p.name for p in mine.parent.iterdir()] == [LESSON.name] and mine.read_text() == "work of a week"
    assert student("--overwrite").exit_code == 0 and read(mine).cells
    before = LESSON.read_bytes()
    into_lessons = CliRunner().invoke(main, ["student", str(LESSON.parent), "--overwrite"])
    assert "name another folder" in into_lessons.output and LESSON.read_bytes() == before


def run(*sources, target="f", right=(), others=()):
    """The statements that the last definition of `target` needs."""
    statements, _ = read_cells([{"source": source} for source in sources])
    place = max(i for i, s in enumerate(statements) if s.defines(target))
    chosen = needed(statements, place, target, set(right), set(others))
    return [ast.unparse(statements[i].node).splitlines()[0] for i in chosen]


F = "def f(x): return g(x) + K[0]"


@pytest.mark.parametrize(
    ("cells", "statements"),
    [
        (["import torch", "fit()", "def f(x): return torch.tensor(x)"], ["import torch", "def f(x):"]),
        (["K = [1]", "K[0] = L\nM = 3", "L = 2", F], ["K = [1]", "K[0] = L", "L = 2", "def f(x):"]),
        (["K = [1]", "K += [2]", F, "K = [9]"], ["K = [1]", "K += [2]", "def f(x):"]),
        (["K = [1]", "K = [2]", F, "def g(x): return h", "h = 1"], ["K = [2]", "def f(x):", "def g(x):", "h = 1"]),
        (["K = [1]", "def g(x): return K", "K = [2]", F], ["def g(x):", "K = [2]", "def f(x):"]),
        (["g = 1", "def f(g): return [g for g in g]"], ["def f(g):"]),
        (["if True:\n    K = [1]", F], ["if True:", "def f(x):"]),
        (["import a.b", "def f(x, y=a.b.c): return y"], ["import a.b", "def f(x, y=a.b.c):"]),
        (["def f(x): return 1", "%%time\ndef f(x): return 2"], ["def f(x):"]),
        (["(", "!ls\n%pip install x", "f = lambda x: K", "K = 1"], ["f = lambda x: K", "K = 1"]),
    ],
)
def test_only_what_a_function_needs_is_run(cells, statements):
    assert run(*cells) == statements


def test_an_earlier_exercise_is_the_learners_if_it_is_right_and_the_librarys_if_not():
    cells = ["h = 1", "def g(x): return h\ng = check(g)", "K = [1]", F]
    assert run(*cells, right={"g"}, others={"g"}) == ["h = 1", "def g(x):", "K = [1]", "def f(x):"]
    assert run(*cells, others={"g"}) == ["K = [1]", "def f(x):"]


def old(notebook, path):
    """The same notebook in format 3, which has worksheets and no ids."""
    path.parent.mkdir(parents=True)
    nbformat.write(nbformat.convert(notebook, 3), path)


def without_ids(notebook):
    """As Colab saves it."""
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        cell.metadata["id"] = cell.pop("id")
        cell.metadata.pop("nbgrader", None)


def twice(notebook):
    cell = next(c for c in notebook.cells if c.id == "prototypes-exercise")
    copy = nbformat.v4.new_code_cell(cell.source.replace("member.mT", "2 * member.mT"))
    notebook.cells.append(copy)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A class whose notebooks are odd, each in its own way."""
    folder = tmp_path_factory.mktemp("class") / "submitted"
    name = LESSON.name
    hand_in(folder / "moved" / "06" / name, lambda n: n.cells.insert(3, n.cells.pop(21)),
            imports=COMMON, cosine_exercise=COSINES, loss_exercise="SCALES = {}['no such key']" + LOSS,
    )  # fmt: skip
    hand_in(folder / f"uses_library_{name}", imports=COMMON, loss_exercise=SCALES + LOSS,
            distances_exercise=DISTANCES + " ** 0.5")  # fmt: skip
    hand_in(folder / "unreadable" / "x.ipynb", imports=COMMON, prototypes_exercise=PROTOTYPES + ")", linear_exercise="")
    hand_in(folder / "renamed" / "x.ipynb", without_ids, imports=COMMON,
            prototypes_exercise=PROTOTYPES.replace("def prototypes", "def means"))  # fmt: skip
    hand_in(folder / "twice" / "x.ipynb", twice, imports=COMMON)
    hand_in(folder / "old" / "x.ipynb", imports=COMMON)
    old(read(folder / "old" / "x.ipynb"), folder / "older" / "x.ipynb")
    shutil.rmtree(folder / "old")
    for learner in ("cut", "other", "future"):
        shutil.copytree(folder / "twice", folder / learner)
    text = (folder / "twice" / "x.ipynb").read_text(encoding="utf-8")
    (folder / "cut" / "x.ipynb").write_text(text[: len(text) // 2], encoding="utf-8")
    (folder / "future" / "x.ipynb").write_text(re.sub(r'"nbformat": 4', '"nbformat": 9', text), encoding="utf-8")
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(DISTANCES)]), folder / "other" / "x.ipynb")
    shutil.copytree(folder / "twice", folder / "twice" / ".ipynb_checkpoints")
    found, run = collect(folder.parent, "--json", "--jobs", "2")
    assert run.returncode == 0, run.stderr
    with open(folder.parent / "results.csv", encoding="utf-8-sig", newline="") as file:
        return found, run.stderr, list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("learner", "exercise", "verdict", "words"),
    [
        ("moved", "episode_loss", "error", "KeyError: 'no such key' in cell"),
        ("moved", "as_linear", "right", ""),
        ("uses_library", "squared_distances", "hint", "the sum of squares itself"),
        ("uses_library", "episode_loss", "right", ""),
        ("unreadable", "prototypes", "error", "SyntaxError in cell"),
        ("unreadable", "squared_distances", "right", ""),
        ("unreadable", "as_linear", "missing", ""),
        ("renamed", "prototypes", "renamed", "the function is called means"),
        ("renamed", "as_linear", "right", ""),
        ("twice", "prototypes", "hint", "every number is twice as large"),
        ("twice", "as_linear", "right", ""),
        ("moved", "prototypes", "right", ""),
        ("older", "prototypes", "right", ""),
        ("older", "episode_loss", "not yet", ""),
    ],
)
def test_verdict(judged, learner, exercise, verdict, words):
    said, detail = judged[0][learner, exercise]
    assert (said, words in detail) == (verdict, True), (said, detail)


def test_a_file_that_cannot_be_judged_gets_a_sentence_and_the_others_go_on(judged):
    found, notes, _ = judged
    assert {who for who, _ in found} == {"moved", "uses_library", "unreadable", "renamed", "twice", "older"}
    damaged = "was not judged: the file is damaged or in a format that nbformat cannot read"
    assert f"Note: submitted/cut/x.ipynb {damaged}" in notes.replace("\\", "/")
    assert f"Note: submitted/future/x.ipynb {damaged}" in notes.replace("\\", "/")
    assert "other/x.ipynb was not judged: it holds no exercises of a lesson of this course." in notes.replace("\\", "/")
    assert "Traceback" not in notes


def test_csv_has_a_row_for_each_learner_and_the_hints(judged):
    rows = {row["learner"]: row for row in judged[2]}
    assert list(rows) == ["moved", "older", "renamed", "twice", "unreadable", "uses_library"]
    assert list(rows["older"])[1:] == [f"06 {name}" for name in exercise_cells(LESSON)]
    assert rows["older"]["06 prototypes"] == "right" and rows["older"]["06 episode_loss"] == "not yet"
    assert rows["twice"]["06 prototypes"].startswith("hint: every number is twice as large")
    assert rows["unreadable"]["06 as_linear"] == "missing"


def test_one_notebook_for_each_learner_and_lesson_and_the_newest_counts(tmp_path):
    for learner, file in (("anna", "06_a.ipynb"), ("anna", "06_b.ipynb"), (".trash", "06_c.ipynb"), ("ben", "x.ipynb")):
        hand_in(tmp_path / learner / file, imports="")
    hand_in(tmp_path / f"{LESSON.stem}.ipynb", imports="")
    hand_in(tmp_path / f"Carla Díaz_123_{LESSON.stem}-2.ipynb", imports="")
    os.utime(tmp_path / "anna" / "06_b.ipynb", (1, 1))
    assert [(who, path.name) for who, path in hand_ins(tmp_path)][0] == ("anna", "06_b.ipynb")
    assert {who for who, _ in hand_ins(tmp_path)} == {"anna", "ben", tmp_path.name, "Carla Díaz_123"}
    assert list(hand_ins(tmp_path))[1] == ("anna", tmp_path / "anna" / "06_a.ipynb")


def test_tables_say_what_to_explain():
    def result(learner, verdict, detail, exercise="f"):
        return {"learner": learner, "lesson": "01", "exercise": exercise, "verdict": verdict, "detail": detail}

    results = [result("a", "right", ""), result("b", "hint", "square it."), result("c", "hint", "square it.")]
    results += [result("d", "hint", "sort it."), result("a", "too slow", "more than 20 s", "g")]
    table = _tables([*results, *(result(who, "missing", "", "g") for who in "bcd")])
    assert table.splitlines()[:2] == ["Lesson 01  f      g", "a          right  too slow"]
    assert "f: 1 of 4 right; most often (2): square it." in table and "g: 0 of 4 right" in table


def test_what_learners_wrote_is_safe_to_print_and_to_open(tmp_path):
    assert _plain("one\ntwo \x1b[31mred\r") == "one two [31mred" and len(_plain("x" * 999)) == 300
    formula = {"learner": "=cmd()", "lesson": "01", "exercise": "f", "verdict": "hint", "detail": "=1+1"}
    _write_csv([formula], tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines() == ["learner,01 f", "'=cmd(),hint: =1+1"]


def test_a_folder_without_a_lesson_gets_a_sentence(tmp_path):
    refused = CliRunner().invoke(main, ["collect", str(tmp_path)])
    assert refused.exit_code == 1 and "holds no notebook of this course" in refused.output
