"""The lessons as they are stored, and the rules for them: each fault has its sentence, and no other."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.lesson_cases import NAME, WIDGET, good, stamped
from tools import notebooks
from tools.lesson_checks import IGNORED, RULES, broken, owed, problems


@pytest.mark.parametrize("path", notebooks.LESSONS, ids=lambda path: path.name)
def test_lesson_is_in_order(path):
    notebook = notebooks.read(path)
    nbformat.validate(notebook)
    found, later = broken(notebook, path.name, path.stat().st_size), owed().get(path.name[:2], set())
    assert {rule: faults for rule, faults in found.items() if rule not in later} == {}
    assert later - set(found) == set(), "kept by now: take it out of tools/owed.txt"


def test_only_lessons_owe_and_only_rules_are_owed():
    assert set(owed()) <= {path.name[:2] for path in notebooks.LESSONS}
    assert set().union(*owed().values()) <= set(RULES)


def text_output(text):
    return new_output("display_data", {"text/plain": text})


def set_cell(cell_id, **values):
    def change(notebook):
        for name, value in values.items():
            setattr(next(cell for cell in notebook.cells if cell.id == cell_id), name, value)

    return change


def output(value):
    return set_cell("train-figure", outputs=[value])


def swap(cell_id, old, new):
    def change(notebook):
        cell = next(cell for cell in notebook.cells if cell.id == cell_id)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return change


def add(text, cell_id="more"):
    return lambda notebook: notebook.cells.insert(4, new_markdown_cell(text, id=cell_id))


def test_a_good_lesson_has_no_problems():
    assert problems(good(), NAME, 999_999) == []


FAULTS = {
    "another repository in the badge": (swap("title", "learning-to-learn/", "other/"), "Colab badge"),
    "another lesson in the badge": (swap("title", NAME, "08_other.ipynb"), "Colab badge"),
    "an old install cell": (set_cell("setup", source="import course_lib"), "tagged setup"),
    "no place to ask": (swap("recap", "Ask here", "Here"), "the place to ask"),
    "another place to ask": (swap("recap", "learning-to-learn/issues", "other/issues"), "the place to ask"),
    "a full profile": (swap("parameters", '"quick"', '"full"'), 'PROFILE = "quick"'),
    "no seed": (set_cell("parameters", source='PROFILE = "quick"'), "SEED = 0"),
    "code before setup": (lambda n: n.cells.insert(1, new_code_cell("", id="first")), "first two code cells"),
    "injected parameters": (set_cell("train-figure", metadata={"tags": ["injected-parameters"]}), "papermill"),
    "the machine in the first output": (set_cell("setup", outputs=[text_output("2 CPU threads")]), "what machine"),
    "never run": (set_cell("train-figure", execution_count=None), "has run as None, not 3"),
    "run out of order": (set_cell("train-figure", execution_count=9), "has run as 9, not 3"),
    "a long cell": (set_cell("train-figure", source="\n".join(["x = 1"] * 26)), "26 lines"),
    "a needless tag": (set_cell("train-figure", outputs=[], metadata={"tags": [IGNORED]}), "remove the tag"),
    "a warning": (output(new_output("stream", name="stderr", text="careful")), "stderr"),
    "an error": (output(new_output("error", ename="KeyError", evalue="")), "KeyError"),
    "a path": (output(text_output("saved in /home/me/x.png")), "path of the machine"),
    "a path on Windows": (output(text_output("saved in C:\\x.png")), "path of the machine"),
    "an address": (output(text_output("<Thing at 0x7f12345678>")), "memory address"),
    "a name": (output(new_output("display_data", {"text/markdown": "a", "text/plain": "<A object>"})), "place of text"),
    "a figure for the sighted": (output(new_output("display_data", {"image/png": "x"})), "alternative"),
    "a picture for the sighted": (swap("title", "a map", ""), "alternative text"),
    "an HTML picture": (add('<img src="00_start_here.ipynb">'), "alternative text"),
    "a bare widget": (output(new_output("display_data", {notebooks.WIDGET: WIDGET})), "no picture"),
    "widget state": (lambda n: n.metadata.update(widgets={}), "state of widgets"),
    "a random id": (set_cell("why", id="3f0a91bc"), "3f0a91bc is not readable"),
    "a long random id": (set_cell("why", id="8a1b2c3d-0f1e-4d2c-9b3a-001122334455"), "is not readable"),
    "an id in capitals": (set_cell("why", id="Why_So"), "Why_So is not readable"),
    "two cells of one id": (set_cell("why", id="recap"), "2 cells have the id recap"),
    "two titles": (add("# Another title"), "2 headings of the first level"),
    "no title": (swap("title", "# 07", "## 07"), "0 headings of the first level"),
    "a level left out": (add("#### Deep"), "'Deep' has level 4 after level 1"),
    "an answer that never ends": (swap("recap", "</details>", ""), "hidden answer"),
    "an answer without its question": (swap("recap", "<summary>1. Why?</summary>", ""), "hidden answer"),
    "something left to do": (set_cell("why", source="TODO: say why"), "still has a TODO"),
    "something left to do in code": (add("FIXME"), "still has a FIXME"),
    "a lesson that is not there": (add("[next](09_missing.ipynb)"), "09_missing.ipynb, which is not there"),
    "a file that is not there": (add('<a href="../docs/missing.md">x</a>'), "../docs/missing.md, which is not there"),
    "a heading that is not there": (add("[above](#Nowhere)"), "#Nowhere, which is not there"),
    "an attachment": (add("![a map](attachment:map.png)"), "Colab and GitHub do not show"),
    "no venue": (swap("recap", ", ICML", ""), "no year or no venue"),
    "no year": (lambda n: (swap("recap", " 2017,", ",")(n), set_cell("why", source="So.")(n)), "no year or no venue"),
    "a paper cited and not listed": (add("Compare Snell et al. 2017."), "Snell 2017 is cited"),
    "two authors cited and not listed": (add("As Ye and Chao (2022) found."), "Chao 2022 is cited"),
    "one author cited and not listed": (add("See Caruana (1997)."), "Caruana 1997 is cited"),
    "another year": (add("Finn et al.\n(2018) say."), "Finn 2018 is cited"),
    "a number and not listed": (add("It works (arXiv:1703.05175)."), "arXiv:1703.05175 is cited"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_sentence(fault):
    change, sentence = FAULTS[fault]
    notebook = good()
    change(notebook)
    found = problems(stamped(notebook), NAME)
    assert len(found) == 1 and sentence in found[0], found


@pytest.mark.parametrize("change", [
    set_cell("train-figure", source="x = 2"),
    output(text_output("accuracy 99.9 %")),
    lambda notebook: notebook.metadata.pop("course"),
], ids=["other code", "other outputs", "never stored by run"])  # fmt: skip
def test_outputs_are_those_that_run_stored(change):
    notebook = good()
    change(notebook)
    [problem] = problems(notebook, NAME)
    assert "since they were stored with the quick profile" in problem


@pytest.mark.parametrize("text", [
    "In 2019 and 2020 this was new.",
    "![a map](data:image/png;base64,/TODO/FIXME+XXX/)",
    "`#### not a heading`, `Snell et al. 2017` in code",
    "```\n# a comment\n[x](nowhere.md)\n<details>\n```",
    "[the web](https://example.org/x#y) and [this lesson](07_relation_networks.ipynb#anything)",
])  # fmt: skip
def test_what_only_looks_like_a_fault_passes(text):
    notebook = good()
    add(text)(notebook)
    assert problems(notebook, NAME) == []


def test_a_big_file_is_named():
    assert "1,000,001 bytes" in problems(good(), NAME, 1_000_001)[0]
