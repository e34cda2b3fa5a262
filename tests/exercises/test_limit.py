"""The limit on time: in the main thread and in another, for whoever catches everything, and with an alarm of others."""

import signal
import threading
import time

import pytest

from course_lib.exercises.engine import Exercise, verdict
from course_lib.exercises.limit import TimeUp, limited


def forever():
    while True:
        pass


def catches_errors():
    while True:
        try:  # noqa: SIM105
            time.sleep(0.001)
        except Exception:
            pass


def catches_all():
    while True:
        try:  # noqa: SIM105
            time.sleep(0.001)
        except:  # noqa: E722
            pass


def catches_all_inside():
    while True:
        try:
            while True:
                sum(range(100))
        except BaseException:
            pass


def sleeps():
    time.sleep(60)


def in_main(function):
    with pytest.raises(TimeUp):
        limited(0.2, function)


def in_thread(function):
    found = []

    def run():
        try:
            limited(0.2, function)
        except TimeUp:
            found.append(True)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert found == [True]


CASES = [(in_main, f) for f in (forever, catches_errors, catches_all, catches_all_inside, sleeps)]
CASES += [(in_thread, f) for f in (forever, catches_errors)]  # not sleep, one step; not who catches all: see limit.py


@pytest.mark.parametrize(("where", "function"), CASES)
def test_what_does_not_end_is_stopped(where, function):
    began = time.monotonic()
    where(function)
    assert time.monotonic() - began < 15  # mostly 0.2; a busy machine may take longer


@pytest.mark.parametrize("where", ["main", "thread"])
def test_a_result_comes_through_and_nothing_rings_later(where):
    found = []

    def run():
        found.append(limited(0.05, lambda a, b: a + b, 1, b=2))
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            pass

    if where == "main":
        run()
    else:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    assert found == [3]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="alarms are known on Linux and macOS")
def test_an_alarm_of_others_rings_later():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(time.monotonic()))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(TimeUp):
            limited(0.1, forever)
        assert not rung
        time.sleep(0.5)
        assert len(rung) == 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def loops(x):
    while True:
        x = x + 1


def slow(x):
    time.sleep(0.1)
    return x


def test_a_check_tells_where_it_was_stopped_and_has_a_limit_as_a_whole():
    one = Exercise(slow, lambda call: call(1), ())
    word, sentence = verdict(one, loops, call_seconds=0.2)
    assert (word, "stopped after 0.2 seconds. Does a loop never end?\n  in your line" in sentence) == ("hint", True)
    many = Exercise(slow, lambda call: [call(1) for _ in range(100)], ())
    word, sentence = verdict(many, slow, call_seconds=1, check_seconds=0.4)
    assert (word, "more than 0.4 seconds in all" in sentence) == ("hint", True)
