"""The harness itself: an answer from the kernel reaches the page, and a cell that raises is not passed over."""

import pytest

pytestmark = pytest.mark.browser

COUNTER = """
import ipywidgets
button, label = ipywidgets.Button(description="one more"), ipywidgets.Label("0 clicks")
button.on_click(lambda _: setattr(label, "value", f"{int(label.value[:-7]) + 1} clicks"))
display(button, label)
"""


def test_a_click_goes_to_the_kernel_and_back(lab):
    page = lab.open([COUNTER])
    page.get_by_role("button", name="one more").click()
    page.get_by_text("1 clicks").wait_for()


def test_a_cell_that_raises_is_reported_and_the_next_notebook_is_fresh(lab):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        lab.open(["x = 1 / 0"])
    lab.open(["assert 'x' not in globals()"])
