"""The stop button and the limit on time in a kernel of Jupyter, and what a check looks like there."""

import threading
import time

import pytest
from jupyter_client.manager import start_new_kernel

SETUP = """
import functools
from course_lib import check
from course_lib.exercises import engine
engine.Guard = functools.partial(engine.Guard, call_seconds={seconds})
"""
LOOPS = """
def probabilities(distances):
    print("begun", flush=True)
    while True:
        try:
            sum(range(1000))
        except Exception:
            pass

probabilities = check(probabilities)
print("the cell goes on with", probabilities.__module__)
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel()
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel, code, stop=False) -> tuple[str, str]:
    """Run a cell: its status, and what it printed. `stop` presses the stop button when it has printed something."""
    manager, client = kernel
    printed = []

    def hear(message):
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])
            if stop and len(printed) == 1:
                threading.Timer(0.3, manager.interrupt_kernel).start()
        elif message["msg_type"] == "error":
            lines = message["content"]["traceback"]
            printed.append("Traceback" if len(lines) > 1 else lines[0])

    reply = client.execute_interactive(code, output_hook=hear, timeout=60)
    return reply["content"]["status"], "".join(printed)


def test_a_loop_that_never_ends_is_stopped(kernel):
    assert run(kernel, SETUP.format(seconds=0.5))[0] == "ok"
    began = time.monotonic()
    status, printed = run(kernel, LOOPS)
    assert (status, time.monotonic() - began < 30) == ("ok", True)
    assert "it was stopped after 0.5 seconds. Does a loop never end?\n  in your line" in printed
    assert "Traceback" not in printed and "the cell goes on with course_lib.lessons.lesson00.sketch" in printed


def test_the_stop_button_ends_the_check_with_a_sentence(kernel):
    assert run(kernel, SETUP.format(seconds=50))[0] == "ok"
    began = time.monotonic()
    status, printed = run(kernel, LOOPS, stop=True)
    assert (status, time.monotonic() - began < 30) == ("ok", True)
    assert "○ probabilities: the check was stopped." in printed and "Traceback" not in printed
    assert "the cell goes on with course_lib.lessons.lesson00.sketch" in printed


def test_a_stub_and_a_wrong_answer_are_read_from_their_cells(kernel):
    stub = "def probabilities(distances):\n    ...\nprobabilities = check(probabilities)"
    assert "○ probabilities is not written yet" in run(kernel, stub)[1]
    wrong = "def probabilities(distances):\n    x = 1\n    return distances @ x\ncheck(probabilities)"
    status, printed = run(kernel, wrong)
    assert status == "ok" and "in your line 3: return distances @ x" in printed


def test_a_cell_that_cannot_go_on_shows_a_sentence_and_no_traceback(kernel):
    needs = "from course_lib.stop import Stop\nraise Stop('Draw first.')"
    assert run(kernel, needs) == ("error", "○ Draw first.")
    assert run(kernel, "raise ValueError('Draw first.')") == ("error", "Traceback")
