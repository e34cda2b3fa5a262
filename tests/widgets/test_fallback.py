"""What an explorer sends when it is displayed: a picture with words, and after it the widget; both as display data."""

import base64
import re

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from course_lib.widgets.fallback import WIDGET

EXPLORER = """
import ipywidgets
from course_lib.widgets.fallback import Explorer

class Box(Explorer, ipywidgets.VBox):
    def snapshot(self):
        return b"a picture", "a dot < 3 & 'more'"

box = Box()
display(box)
box
"""


def test_a_picture_and_after_it_the_widget_by_display_and_as_the_end_of_a_cell():
    notebook = new_notebook(cells=[new_code_cell(EXPLORER), new_code_cell("box._dom_classes, box.model_id")])
    NotebookClient(notebook, kernel_name="python3", store_widget_state=False).execute()
    nbformat.validate(notebook)
    outputs = notebook.cells[0].outputs
    assert [output.output_type for output in outputs] == ["display_data"] * 4
    classes, model = eval(notebook.cells[1].outputs[0].data["text/plain"])
    for still, widget in (outputs[:2], outputs[2:]):
        assert widget.data[WIDGET] == {"version_major": 2, "version_minor": 0, "model_id": model}
        assert "image/png" not in widget.data
        assert base64.b64decode(still.data["image/png"]) == b"a picture" and WIDGET not in still.data
        assert still.data["text/plain"] == still.metadata["image/png"]["alt"] == "a dot < 3 & 'more'"
        page = still.data["text/html"]
        assert 'alt="a dot &lt; 3 &amp; &#x27;more&#x27;"' in page and base64.b64encode(b"a picture").decode() in page
        (mark,) = set(re.findall(r"course-[0-9a-f]{32}", page))  # figure and style name the same widget
        assert mark in classes
