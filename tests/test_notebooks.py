"""The lessons as they are stored, and the tool that says so: each fault has its sentence."""

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebooks

NAME = "07_example.ipynb"
WIDGET = {"model_id": "1", "version_major": 2, "version_minor": 0}


@pytest.mark.parametrize("path", notebooks.LESSONS, ids=lambda path: path.name)
def test_lesson_is_in_order(path):
    notebook = notebooks.read(path)
    nbformat.validate(notebook)
    assert notebooks.problems(notebook, path.name, path.stat().st_size) == []


@pytest.mark.parametrize("path", [p for p in notebooks.PAGES if p.exists()], ids=lambda path: path.name)
def test_page_has_the_address_of_pyproject(path):
    text = path.read_text(encoding="utf-8")
    assert text == notebooks.with_address(text), "run make address"


OLD_PAGE = """
[c](https://colab.research.google.com/github/old/name/blob/main/notebooks/00.ipynb)
[b](https://mybinder.org/v2/gh/old/na.me/main?urlpath=lab)
git clone https://github.com/old/name.git
%pip install "x @ git+https://github.com/old/name". A link to https://github.com/someone/else stays.
"""


def test_with_address_rewrites_every_form(monkeypatch):
    monkeypatch.setattr(notebooks, "address", lambda: "https://github.com/new-owner/a.course")
    new = notebooks.with_address(OLD_PAGE)
    assert new == """
[c](https://colab.research.google.com/github/new-owner/a.course/blob/main/notebooks/00.ipynb)
[b](https://mybinder.org/v2/gh/new-owner/a.course/main?urlpath=lab)
git clone https://github.com/new-owner/a.course
%pip install "x @ git+https://github.com/new-owner/a.course". A link to https://github.com/someone/else stays.
"""
    assert notebooks.with_address(new) == new


def good():
    """A lesson with nothing wrong."""
    return new_notebook(cells=[
        new_markdown_cell(notebooks.badge(NAME) + "\n\n# 07 · Example\n\n![a map](map.png)"),
        new_code_cell(notebooks.SETUP.format(address=notebooks.address()), metadata={"tags": ["setup"]},
                      execution_count=1, outputs=[new_output("stream", name="stdout", text="Computing on the CPU.\n")]),
        new_code_cell('PROFILE = "quick"  # or "full"\nSEED = 0', metadata={"tags": ["parameters"]}, execution_count=2),
        new_code_cell("\n".join(["x = 1"] * 25), execution_count=3, outputs=[picture()]),
    ])  # fmt: skip


def picture(**more):
    data = {"image/png": "aGk=", "text/plain": "a line", **more}
    return new_output("display_data", data, metadata={"image/png": {"alt": "a line"}})


def text_output(text):
    return new_output("display_data", {"text/plain": text})


def set_cell(index, **values):
    def change(notebook):
        for name, value in values.items():
            setattr(notebook.cells[index], name, value)

    return change


def test_a_good_lesson_has_no_problems():
    assert notebooks.problems(good(), NAME, 999_999) == []


FAULTS = {
    "another repository in the badge": (set_cell(0, source="[![Open in Colab](x)](y)"), "badge"),
    "another lesson in the badge": (set_cell(0, source=notebooks.badge("08_other.ipynb")), "badge"),
    "an old install cell": (set_cell(1, source="import course_lib"), "tagged setup"),
    "a full profile": (set_cell(2, source='PROFILE = "full"\nSEED = 0'), 'PROFILE = "quick"'),
    "no seed": (set_cell(2, source='PROFILE = "quick"'), "SEED = 0"),
    "no parameters": (set_cell(2, metadata={}), "tagged parameters"),
    "code before setup": (lambda n: n.cells.insert(1, new_code_cell("1", execution_count=1)), "first two code cells"),
    "never run": (set_cell(3, execution_count=None, outputs=[]), "has run as None, not 3"),
    "run out of order": (set_cell(3, execution_count=9), "has run as 9, not 3"),
    "a long cell": (set_cell(3, source="\n".join(["x = 1"] * 26)), "26 lines"),
    "a warning": (set_cell(3, outputs=[new_output("stream", name="stderr", text="careful")]), "stderr"),
    "an error": (set_cell(3, outputs=[new_output("error", ename="KeyError", evalue="")]), "KeyError"),
    "a path": (set_cell(3, outputs=[text_output("saved in /home/me/x.png")]), "path of the machine"),
    "a path on Windows": (set_cell(3, outputs=[text_output("saved in C:\\x.png")]), "path of the machine"),
    "an address": (set_cell(3, outputs=[text_output("<Thing at 0x7f12345678>")]), "memory address"),
    "a figure for the sighted": (set_cell(3, outputs=[new_output("display_data", {"image/png": "x"})]), "alternative"),
    "a picture for the sighted": (set_cell(0, source=notebooks.badge(NAME) + "\n![](map.png)"), "alternative text"),
    "an HTML picture": (set_cell(0, source=notebooks.badge(NAME) + '\n<img src="map.png">'), "alternative text"),
    "a bare widget": (set_cell(3, outputs=[new_output("display_data", {notebooks.WIDGET: WIDGET})]), "no picture"),
    "widget state": (lambda n: n.metadata.update(widgets={}), "state of widgets"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_sentence(fault):
    change, sentence = FAULTS[fault]
    notebook = good()
    change(notebook)
    assert any(sentence in problem for problem in notebooks.problems(notebook, NAME))


def test_a_big_file_is_named():
    assert "1,000,001 bytes" in notebooks.problems(good(), NAME, 1_000_001)[0]


def test_clean_keeps_the_picture_of_a_widget_and_drops_the_rest():
    notebook = good()
    notebook.metadata.update(widgets={"state": {}}, language_info={"name": "python", "version": "3.11.7"})
    notebook.cells[1].metadata["execution"] = {"iopub.status.idle": "2026-01-01"}
    notebook.cells[3].outputs = [picture(**{notebooks.WIDGET: WIDGET})]
    cleaned = notebooks.clean(notebook)
    assert "widgets" not in cleaned.metadata and cleaned.metadata.language_info == {"name": "python"}
    assert cleaned.cells[1].metadata == {"tags": ["setup"]}
    assert set(cleaned.cells[3].outputs[0].data) == {"image/png", "text/plain"}
    assert notebooks.problems(cleaned, NAME) == []


def test_the_address_command_mends_lesson_and_page(tmp_path, monkeypatch):
    lesson, page = tmp_path / NAME, tmp_path / "README.md"
    notebook = good()
    notebook.cells[0].source = notebooks.badge("elsewhere.ipynb") + "\n\n# 07 · Example"
    notebook.cells[1].source = "import course_lib"
    notebooks.write(notebook, lesson)
    page.write_text(OLD_PAGE)
    monkeypatch.setattr(notebooks, "LESSONS", [lesson])
    monkeypatch.setattr(notebooks, "PAGES", [page])
    assert CliRunner().invoke(notebooks.main, ["check"]).exit_code == 1
    for _ in range(2):  # twice: the second time changes nothing
        assert CliRunner().invoke(notebooks.main, ["address"]).exit_code == 0
        assert notebooks.read(lesson).cells[0].source == notebooks.badge(NAME) + "\n\n# 07 · Example"
        assert page.read_text() == notebooks.with_address(OLD_PAGE)
    assert CliRunner().invoke(notebooks.main, ["check"]).output == "Every lesson is in order.\n"


def test_run_stores_outputs_and_leaves_a_failing_lesson_alone(tmp_path):
    lesson = tmp_path / NAME
    notebooks.write(new_notebook(cells=[new_code_cell("print(6 * 7)", id="product")]), lesson)
    assert CliRunner().invoke(notebooks.main, ["run", str(lesson)]).exit_code == 0
    cell = notebooks.read(lesson).cells[0]
    assert (cell.id, cell.execution_count, cell.outputs[0].text) == ("product", 1, "42\n")
    notebooks.write(new_notebook(cells=[new_code_cell("1 / 0")]), lesson)
    before = lesson.read_bytes()
    failed = CliRunner().invoke(notebooks.main, ["run", str(lesson)])
    assert failed.exit_code == 1 and "was not stored" in failed.output and lesson.read_bytes() == before
