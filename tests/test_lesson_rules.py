"""The rules for what a lesson teaches: each fault has its sentence, and no other; what only looks like one passes."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.lesson_cases import NAME, good
from tests.test_lesson_checks import add, set_cell, swap
from tools import lesson_words, notebooks
from tools.lesson_checks import broken

RULES = ("lines", "exercises", "claims", "predictions", "numbers", "terms")


@pytest.fixture(autouse=True)
def few_words(monkeypatch):
    """Two words of a course, which no lesson explains, and a number with a reason."""
    words = {"gain ratio": re.compile(r"\bgain ratios?\b"), "luck": re.compile(r"\d-luck\b")}
    monkeypatch.setattr(lesson_words, "patterns", lambda: words)
    monkeypatch.setattr(lesson_words, "reasons", lambda: {NAME[:2]: {"3.14": "known"}})


def taught(notebook) -> list[tuple[str, str]]:
    """Rule and sentence of each fault in what is taught."""
    found = broken(notebook, NAME)
    return [(rule, fault) for rule in RULES for fault in found.get(rule, [])]


def both(*changes):
    return lambda notebook: [change(notebook) for change in changes]


def prints(cell_id, text):
    return set_cell(cell_id, outputs=[new_output("stream", text=text)])


def insert(cell, before):
    def change(notebook):
        notebook.cells.insert([cell.id for cell in notebook.cells].index(before), cell)

    return change


def text(words, before="prediction"):
    return insert(new_markdown_cell(words, id="text"), before)


def code(text, before="half-text", **more):
    return insert(new_code_cell(text, id="more", **more), before)


IGNORED = {"metadata": {"tags": [lesson_words.IGNORED]}, "outputs": [new_output("stream", text="in all 77.7 %")]}
ASK = "prediction"
HALVES = "By halves, 6.25 % is left after four steps: between 5 % and 7 %."
FAULTS = {
    "a wide line": (code("x = " + "1 + " * 22 + "10"), "lines", "1 lines of over 92 characters, the longest of 94"),
    "no minutes": (swap("half-text", " · 5 minutes", ""), "exercises", "does not end with difficulty and minutes"),
    "no difficulty": (swap("half-text", " · ●○○", ""), "exercises", "'### Exercise 1: halve it · 5 minutes'"),
    "four dots": (swap("half-text", "●○○", "●○○○"), "exercises", "does not end with"),
    "the wrong dots": (swap("half-text", "●○○", "○●○"), "exercises", "does not end with"),
    "no heading": (swap("half-text", "### Exercise 1: ", "### First, "), "exercises", "half-exercise asks for half"),
    "two exercises of one heading": (
        code("third = check(third)", before="prediction"), "exercises", "more asks for third without a heading"),
    "a mute assert": (swap("claims", ', "half of a half is no quarter"', ""), "claims",
                      "1 asserts without a sentence, the first: assert 24 < left < 26"),
    "a mute assert in a second cell": (code("assert x", metadata={"tags": ["claims"]}), "claims", "more has 1 asserts"),
    "no claims": (both(set_cell("claims", metadata={}), swap("half-text", HALVES, "")), "claims", "no cell is tagged"),
    "an answer given": (swap(ASK, "...", "25"), "predictions", "holds an answer to its prediction"),
    "an answer given by its place": (swap(ASK, "answer=...", "25"), "predictions", "holds an answer"),
    "an answer printed": (prints(ASK, "Your prediction: 26 %.\n"), "predictions", "'Your prediction: 26 %.'"),
    "more printed": (prints(ASK, "○ No prediction yet: put.\nfar below\n"), "predictions", "'far below'"),
    "a picture beside it": (set_cell(ASK, outputs=[new_output("display_data", {"image/png": "x"})]), "predictions",
                            "something else: 'a picture'"),
    "never compared": (swap("measure", "guess.compare", "print"), "predictions", "never compared"),
    "not kept": (swap(ASK, "guess = ", ""), "predictions", "never compared"),
    "known before": (both(code("left = 25"), swap("measure", "left = 100 * half(half(x)) / x", "")), "predictions",
                     "left is known above it"),
    "known beside it": (both(swap(ASK, "guess =", "n = 25\nguess ="), swap("measure", "compare(left", "compare(n")),
                        "predictions", "n is known above it"),
    "told in the text": (add("Of it, 25 % is left."), "predictions", "'25 %', stands above in cell more"),
    "told by an output": (code("x", outputs=[new_output("stream", text="left 25 %")]), "predictions", "in cell more"),
    "told by a picture": (add("![25 % of it](data:image/png;base64,aGk=)"), "predictions", "stands above in cell more"),
    "told by a comment": (code("x = 1  # 25 %"), "predictions", "stands above in cell more"),
    "the second of two told": (both(
        add("It is 6.5 %."), swap(ASK, "guess =", "other = predict('?', answer=...)\nguess ="),
        swap("measure", "guess", "other.compare(left)\nguess"),
        prints("measure", "You made no prediction. It is 9 %.\nYou made no prediction. It is 6.5 %.\n")),
        "predictions", "asks for guess; its answer, '6.5 %', stands above in cell more"),
    "an order told": (both(add("Best first: a, b."), prints("measure", "You made no prediction. It is a, b.")),
                      "predictions", "'a, b', stands above"),
    "none": (both(swap(ASK, "predict(", "ask("), swap("measure", "guess.", "x.")), "predictions", "asks for no"),
    "a number of nobody": (add("It is right in 93.4 % of cases."), "numbers", "cell more says 93.4 %:"),
    "a number outside the range": (add("It is 7.1 %."), "numbers", "says 7.1 %"),
    "numbers, each once": (add("It is 12 % and 0.99 and 12 %."), "numbers", "says 12 %, 0.99:"),
    "a range that says little": (both(add("It is 0.45."), code(
        "assert 0.1 < left < 0.9, 'far'", before="recap", metadata={"tags": ["claims"]})), "numbers", "says 0.45:"),
    "a text that nothing compares": (both(add("It is 0.45."), code(
        "assert left, '0.45'", before="recap", metadata={"tags": ["claims"]})), "numbers", "says 0.45:"),
    "a caption": (code("show(figure, 'It falls to 0.45.')"), "numbers", "cell more says 0.45:"),
    "a caption is no proof": (code("show(figure, 'It falls to 0.45.')", before="recap"), "numbers", "says 0.45"),
    "way=5 is no percent": (both(code("way = 12"), text("12 % is left.")), "numbers", "cell text says 12 %"),
    "an index is no proof": (both(code("y = x[0.45]"), text("It is 0.45.")), "numbers", "cell text says 0.45"),
    "code below": (both(code("y = 0.45", before="recap"), text("It is 0.45.")), "numbers", "cell text says 0.45"),
    "an output that nobody compares": (both(code("x", **IGNORED), text("77.7 %")), "numbers", "text says 77.7 %"),
    "never explained": (add("The gain ratio grows."), "terms", "more uses 'gain ratio', which stands nowhere in bold"),
    "explained below": (both(add("The gain ratios grow."), set_cell("why", source="The **gain ratio** is x.")), "terms",
                        "which is explained below it, in cell why"),
    "used in a comment": (code("x = 1  # the gain ratio"), "terms", "cell more uses 'gain ratio'"),
    "used in a docstring": (code('def f():\n    """Its gain ratio."""'), "terms", "cell more uses 'gain ratio'"),
    "used in a caption": (code("show(f, 'Gain against gain ratio.')"), "terms", "cell more uses"),
    "bold, in a longer phrase": (add("**Think of the gain ratio!**"), "terms", "stands nowhere in bold"),
    "by its pattern": (add("A 5-luck game."), "terms", "cell more uses 'luck'"),
}  # fmt: skip


def test_a_good_lesson_keeps_the_rules():
    assert taught(good()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_sentence(fault):
    change, rule, sentence = FAULTS[fault]
    notebook = good()
    change(notebook)
    [(where, said)] = taught(notebook)
    assert where == rule and sentence in said


FINE = {
    "a wide line of the set-up": swap("setup", "import course_lib", "import course_lib  # " + "x" * 99),
    "a heading about exercises": add("### How an exercise works"),
    "an exercise of two cells": code("def more(x):\n    return x"),
    "another answer above": code("x = 1  # 125 % and 25 points and 3.25 %"),
    "the empty answer": swap("prediction", "answer=...", 'answer="?"'),
    "a name filled after": both(code("left = {}"), swap("measure", "left =", "left[0] =")),
    "filled by a function": both(
        code("found = {}\n\ndef judge(name):\n    found[name] = 25"), swap("measure", "left =", "judge(1)\nleft ="),
        swap("measure", "compare(left)", "compare(found[1])")),
    "a range in a second cell": both(add("It is 0.45."), code(
        "assert 0.4 < left < 0.5, 'far'", before="recap", metadata={"tags": ["claims"]})),
    "a text that the claims compare": both(add("It is 0.45 ± 0.02."), code(
        "assert said(left) == '+0.45 ± 0.02', 'far'", before="recap", metadata={"tags": ["claims"]})),
    "years, ways, papers": add("In 2017, 5-way 1-shot, 28 × 28, arXiv:1606.04080, section 3.2, $0.37$, v0.5.0, 1,623."),
    "each interval": add("With 95 % confidence intervals, or its 95 % interval."),
    "a number with a reason": add("A circle has 3.14."),
    "a number in code": both(code("y = 0.45"), text("It is 45 %, or 0.45.")),
    "a fraction in code": both(code("y = 1 / 8"), text("It is 12.5 %.")),
    "a compared output": both(code("x", outputs=[new_output("stream", text="in all 77.7 %")]), text("So 77.7 %.")),
    "a caption of the cell's own line": code("ax.axvline(20)\nshow(figure, 'Dotted: chance, 20 %.')"),
    "numbers of papers": swap("recap", "(arXiv:1703.03400)", "(arXiv:1703.03400): 98.7 %, by gain ratios"),
    "explained in the same cell": add("The **gain ratio** is x over y; gain ratios grow."),
    "explained above": both(add("A **gain ratio**: x.", "first"), code("x = 1  # the gain ratio")),
    "an ordinary word": add("Good luck! With gain and a ratio, a \u0060gain ratio\u0060."),
    "objectives and headings": add("## Gain ratio\n\n## Learning objectives\n\n1. say what a gain ratio is\n\n## Next"),
}  # fmt: skip


@pytest.mark.parametrize("case", FINE)
def test_what_only_looks_like_a_fault_passes(case):
    notebook = good()
    FINE[case](notebook)
    assert taught(notebook) == []


def test_a_word_of_an_earlier_lesson_is_known(tmp_path, monkeypatch):
    notebook = good()
    add("The **gain ratio** is x.")(notebook)
    for name in ("06_before.ipynb", "08_after.ipynb"):
        notebooks.write(notebook, tmp_path / name)
    later = good()
    add("Its gain ratio grows.")(later)
    monkeypatch.setattr(lesson_words, "LESSONS", [tmp_path / "08_after.ipynb"])
    assert [rule for rule, _ in taught(later)] == ["terms"]
    monkeypatch.setattr(lesson_words, "LESSONS", [tmp_path / "06_before.ipynb"])
    assert taught(later) == []


def test_each_reason_is_needed(monkeypatch):
    monkeypatch.undo()
    for path in notebooks.LESSONS:
        said = {number for found in lesson_words.unheld(notebooks.read(path)).values() for number in found}
        spare = set(lesson_words.reasons().get(path.name[:2], {})) - said
        assert not spare, f"tools/numbers.txt: {path.name} does not say it any more, or something holds it: {spare}"


def test_each_word_of_the_course_is_used(monkeypatch):
    monkeypatch.undo()
    text = "\n".join(text for path in notebooks.LESSONS for _, text in lesson_words.read_in(notebooks.read(path)))
    assert [word for word, pattern in lesson_words.patterns().items() if not pattern.search(text)] == []
