"""A lesson with nothing wrong, for the tests of what is wrong."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebooks

NAME = "07_relation_networks.ipynb"  # links are looked up in notebooks/
WIDGET = {"model_id": "1", "version_major": 2, "version_minor": 0}
PICTURE = "data:image/png;base64,aGk="
EXERCISE = """## 1 · Halves

### Exercise 1: halve it · ●○○ · 5 minutes

By halves, 6.25 % is left after four steps: between 5 % and 7 %."""
PREDICTION = 'guess = predict("How much is left?", answer=..., between=(0, 100), unit="%")'
NO_ANSWER = "○ No prediction yet: put your answer in place of the three dots (a number, 0 to 100).\n"
MEASURE = "left = 100 * half(half(x)) / x\nguess.compare(left)"
ANSWER = "You made no prediction. It is 25 %.\n"
CLAIMS = """assert 0.05 < 1 / 16 < 0.07, "a half of a half of a half of a half is not a sixteenth"
assert 24 < left < 26, "half of a half is no quarter"
"""
RECAP = """## Self-test

<details><summary>1. Why?</summary>

Because.
</details>

## What to read next

- Finn, Abbeel and Levine 2017, *Model-agnostic meta-learning for fast adaptation
  of deep networks*, ICML (arXiv:1703.03400).
"""


def good():
    """A lesson with nothing wrong."""
    notebook = new_notebook(cells=[
        new_markdown_cell(notebooks.badge(NAME) + f"\n\n# 07 · Example\n\n![a map]({PICTURE})", id="title"),
        new_code_cell(notebooks.setup_source(), metadata={"tags": ["setup"]},
                      execution_count=1, id="setup"),
        new_code_cell('PROFILE = "quick"  # or "full"\nSEED = 0', metadata={"tags": ["parameters"]}, execution_count=2,
                      id="parameters"),
        new_code_cell("\n".join(["x = 1"] * 25), execution_count=3, outputs=[picture()], id="train-figure"),
        new_markdown_cell("Finn et al. (2017) say so ([above](#07-·-Example), [00](00_start_here.ipynb)).", id="why"),
        new_markdown_cell(EXERCISE, id="half-text"),
        new_code_cell("def half(x):\n    ...\n\nhalf = check(half)", execution_count=4, id="half-exercise"),
        new_code_cell(PREDICTION, execution_count=5, outputs=[new_output("stream", text=NO_ANSWER)], id="prediction"),
        new_code_cell(MEASURE, execution_count=6, outputs=[new_output("stream", text=ANSWER)], id="measure"),
        new_code_cell(CLAIMS, execution_count=7, metadata={"tags": ["claims"]}, id="claims"),
        new_markdown_cell(f"{RECAP}\n{notebooks.foot()}", id="recap"),
    ])  # fmt: skip
    return stamped(notebook)


def stamped(notebook):
    """The notebook with the stamp that `run` would give it."""
    notebook.metadata["course"] = {"stored": notebooks.stamp(notebook)}
    return notebook


def picture(**more):
    """An output: a figure with its alternative text."""
    data = {"image/png": "aGk=", "text/plain": "a line", **more}
    return new_output("display_data", data, metadata={"image/png": {"alt": "a line"}})
