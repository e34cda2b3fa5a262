"""A limit on the time of a call that works in a notebook: a loop that never ends is stopped.

What cannot be stopped, anywhere, is a single step that Python hands over and waits for, such as one huge matrix
product: the limit takes effect when it comes back. On Windows, and outside the main thread, a loop that never ends and
catches everything with a bare `except:` may go on, too; the stop button ends it.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from itertools import chain, cycle


class TimeUp(BaseException):
    """The call took too long. Not an `Exception`, so that `except Exception` does not catch it."""


def limited(seconds: float, function: Callable, *args, **kwargs):
    """`function(*args, **kwargs)`, which ends with `TimeUp` if it takes longer.

    In the main thread of Linux and macOS an alarm of the system does this; elsewhere, on Windows or in a thread, a
    second thread. `TimeUp` is raised again and again until the function has ended, and the alarm at shorter and
    shorter intervals: a bare `except:` in a loop catches it, but not between two turns of the loop.
    """
    alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    return (_by_alarm if alarm else _by_thread)(seconds, function, args, kwargs)


def _by_alarm(seconds: float, function: Callable, args: tuple, kwargs: dict):
    waits, over = chain((0.05, 0.01, 0.002), cycle(1e-6 * i for i in range(1, 60))), []

    def ring(_, frame):
        if over:  # rung before it was switched off, heard after
            return
        signal.setitimer(signal.ITIMER_REAL, next(waits))
        if frame is None or frame.f_code.co_filename != _HERE:  # here the call has ended, or has not begun
            raise TimeUp

    handler, began = signal.signal(signal.SIGALRM, ring), time.monotonic()
    others, interval = signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))  # an alarm that was set before ours
    try:
        return function(*args, **kwargs)
    finally:
        over.append(True)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if others:
            signal.setitimer(signal.ITIMER_REAL, max(others - (time.monotonic() - began), 1e-3), interval)


def _by_thread(seconds: float, function: Callable, args: tuple, kwargs: dict):
    caller, over, lock = threading.get_ident(), threading.Event(), threading.Lock()

    def throw(what):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(caller), what)

    def watch():
        waits = chain((max(seconds, 1e-3),), cycle(1e-3 * i for i in range(1, 20)))
        while not over.wait(next(waits)):
            with lock:
                frame = sys._current_frames().get(caller)
                if not over.is_set() and frame is not None and frame.f_code.co_filename != _HERE:
                    throw(ctypes.py_object(TimeUp))

    threading.Thread(target=watch, daemon=True).start()
    try:
        return function(*args, **kwargs)
    finally:
        while not over.is_set():
            try:
                with lock:
                    over.set()
                    throw(None)  # one that was thrown and has not arrived yet
            except TimeUp:
                continue


_HERE = limited.__code__.co_filename
