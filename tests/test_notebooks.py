"""The tool that keeps lessons in order: addresses, and running and storing. Its checks: test_lesson_checks.py."""

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.lesson_cases import NAME, RECAP, WIDGET, good, picture, stamped
from tools import lesson_checks, notebooks
from tools.lesson_checks import problems


@pytest.mark.parametrize("path", [p for p in notebooks.PAGES if p.exists()], ids=lambda path: path.name)
def test_page_has_the_address_of_pyproject(path):
    text = path.read_text(encoding="utf-8")
    assert text == notebooks.with_address(text), "run make address"


OLD_PAGE = """
[c](https://colab.research.google.com/github/old/name/blob/main/notebooks/00.ipynb)
[b](https://mybinder.org/v2/gh/old/na.me/main?urlpath=lab)
git clone https://github.com/old/name.git
%pip install "x @ git+https://github.com/old/name". A link to https://github.com/someone/else stays.
[Ask here](https://github.com/old/name/issues). [Another's](https://github.com/someone/else/issues)
repository-code: "https://github.com/old/name"
"""


def test_with_address_rewrites_every_form(monkeypatch):
    monkeypatch.setattr(notebooks, "address", lambda: "https://github.com/new-owner/a.course")
    new = notebooks.with_address(OLD_PAGE)
    assert new == """
[c](https://colab.research.google.com/github/new-owner/a.course/blob/main/notebooks/00.ipynb)
[b](https://mybinder.org/v2/gh/new-owner/a.course/main?urlpath=lab)
git clone https://github.com/new-owner/a.course
%pip install "x @ git+https://github.com/new-owner/a.course". A link to https://github.com/someone/else stays.
[Ask here](https://github.com/new-owner/a.course/issues). [Another's](https://github.com/someone/else/issues)
repository-code: "https://github.com/new-owner/a.course"
"""
    assert notebooks.with_address(new) == new


def test_clean_keeps_the_picture_of_a_widget_and_drops_the_rest():
    notebook = good()
    notebook.metadata.update(widgets={"state": {}}, language_info={"name": "python", "version": "3.11.7"})
    notebook.cells[1].metadata["execution"] = {"iopub.status.idle": "2026-01-01"}
    widgets = [new_output("display_data", {notebooks.WIDGET: {**WIDGET, "model_id": i}}) for i in "12"]
    page, other = ({"text/html": text} for text in ("<img>", "<p>"))
    notebook.cells[3].outputs = [picture(**page), widgets[0], picture(**page), widgets[1], picture(**other)]
    cleaned = notebooks.clean(notebook)
    assert "widgets" not in cleaned.metadata and cleaned.metadata.language_info == {"name": "python"}
    assert cleaned.cells[1].metadata == {"tags": ["setup"]}
    *stills, figure = cleaned.cells[3].outputs
    assert [set(still.data) for still in stills] == [{"image/png", "text/plain"}] * 2 and "text/html" in figure.data
    assert problems(stamped(cleaned), NAME) == []


def test_the_address_command_mends_lesson_and_page(tmp_path, monkeypatch):
    lesson, page = tmp_path / NAME, tmp_path / "README.md"
    notebook = good()
    notebook.cells[0].source = notebooks.badge("elsewhere.ipynb") + "\n\n# 07 · Example"
    notebook.cells[1].source = "import course_lib"
    notebook.cells[-1].source = RECAP
    notebooks.write(notebook, lesson)
    page.write_text(OLD_PAGE)
    monkeypatch.setattr(notebooks, "LESSONS", [lesson])
    monkeypatch.setattr(notebooks, "PAGES", [page])
    assert CliRunner().invoke(lesson_checks.main, [str(lesson)]).exit_code == 1
    for _ in range(2):  # twice: the second time changes nothing
        assert CliRunner().invoke(notebooks.main, ["address"]).exit_code == 0
        assert notebooks.read(lesson).cells[0].source == notebooks.badge(NAME) + "\n\n# 07 · Example"
        assert notebooks.read(lesson).cells[-1].source == f"{RECAP}\n{notebooks.foot()}"
        assert page.read_text() == notebooks.with_address(OLD_PAGE)
    assert CliRunner().invoke(lesson_checks.main, [str(lesson)]).output == "Every lesson is in order.\n"


def test_the_address_command_makes_attachments_part_of_the_text(tmp_path, monkeypatch):
    notebook, lesson = good(), tmp_path / NAME
    attached = {"a map.png": {"image/png": "aGk=\n"}}
    picture = "![two hills](attachment:a%20map.png)"
    notebook.cells.insert(4, new_markdown_cell(picture, id="goal", attachments=attached))
    notebooks.write(notebook, lesson)
    monkeypatch.setattr(notebooks, "LESSONS", [lesson])
    monkeypatch.setattr(notebooks, "PAGES", [])
    assert "an attachment" in CliRunner().invoke(lesson_checks.main, [str(lesson)]).output
    assert CliRunner().invoke(notebooks.main, ["address"]).exit_code == 0
    cell = notebooks.read(lesson).cells[4]
    assert cell.source == "![two hills](data:image/png;base64,aGk=)" and "attachments" not in cell
    assert CliRunner().invoke(lesson_checks.main, [str(lesson)]).output == "Every lesson is in order.\n"


def test_run_stores_outputs_and_leaves_a_failing_lesson_alone(tmp_path):
    lesson = tmp_path / NAME
    setup = new_code_cell("print('this machine')", id="first", metadata={"tags": ["setup"]})
    notebooks.write(new_notebook(cells=[setup, new_code_cell("print(6 * 7)", id="product")]), lesson)
    assert CliRunner().invoke(notebooks.main, ["run", str(lesson)]).exit_code == 0
    stored = notebooks.read(lesson)
    setup, cell = stored.cells
    assert (setup.id, setup.execution_count, setup.outputs) == ("first", 1, [])
    assert (cell.id, cell.execution_count, cell.outputs[0].text) == ("product", 2, "42\n")
    assert stored.metadata.course.stored == notebooks.stamp(stored)
    notebooks.write(new_notebook(cells=[new_code_cell("1 / 0")]), lesson)
    before = lesson.read_bytes()
    failed = CliRunner().invoke(notebooks.main, ["run", str(lesson)])
    assert failed.exit_code == 1 and "was not stored" in failed.output and lesson.read_bytes() == before
