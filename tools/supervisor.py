"""Runs code that nobody vouches for: each exercise in a process of its own, ended when it takes too long, holds too
much memory or starts too many processes, together with all that it started.

On Linux the processes are forks of one that has imported torch already, and cost milliseconds; elsewhere each is a new
Python, which imports torch again (some seconds).
"""

from __future__ import annotations

import ctypes
import gc
import json
import multiprocessing
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from tools.hand_ins import Sheet
from tools.judge_exercise import answer

LINUX = sys.platform == "linux"
PROCESSES = multiprocessing.get_context("fork" if LINUX else "spawn")
TO_START = 120.0  # seconds that a new Python may take to import torch
MOST_PROCESSES = 16
POLL = 0.1  # seconds between two looks at everything that runs; a look takes some milliseconds
LONGEST_ANSWER = 65_536  # bytes


@dataclass(frozen=True)
class Limits:
    """Seconds that an exercise may take, bytes that it may hold."""

    seconds: float
    memory: int


class Attempt:
    """The next exercise of a sheet, being judged."""

    def __init__(self, sheet: Sheet, limits: Limits, room: Path):
        self.sheet, self.limits = sheet, limits
        self.name = sheet.exercises[len(sheet.found)]
        self.token = secrets.token_hex(16)
        self.folder = room / secrets.token_hex(8)
        self.folder.mkdir()
        right = {name for name, (word, *_) in sheet.found.items() if word == "right"}
        job = sheet.cells, self.name, sheet.lesson, right
        self.answers, end = PROCESSES.Pipe(duplex=False)
        self.process = PROCESSES.Process(target=answer, args=(job, self.token, end, self.folder, limits.memory))
        self.process.start()
        end.close()
        if hasattr(os, "killpg"):  # not Windows, whose pipes keep messages whole
            os.set_blocking(self.answers.fileno(), False)  # half a message must not hold us up
        self.made = time.monotonic()
        self.began: float | None = None
        self.family: set[psutil.Process] = set()  # all that it was ever seen to start

    def fault(self) -> tuple[str, str] | None:
        """The limit that it has passed, or None."""
        now = time.monotonic()
        if self.began is None and self.answers.poll():
            self.began = now
        if now - (self.began or self.made) > (self.limits.seconds if self.began else TO_START):
            return "too slow", f"more than {self.limits.seconds:g} s"
        children = _children(self.process.pid, recursive=True)
        self.family.update(children)
        if len(children) > MOST_PROCESSES:
            return "crashed", f"it started more than {MOST_PROCESSES} processes"
        if sum(_resident(pid) for pid in (self.process.pid, *(c.pid for c in children))) > self.limits.memory:
            return "too much memory", f"more than {self.limits.memory >> 20} MB"
        return None

    def end(self) -> tuple[str, str]:
        """End the process and all that it started; what it answered."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # nobody is left in the group
                os.killpg(self.process.pid, signal.SIGKILL)
        for process in self.family:
            with suppress(psutil.Error):  # gone already
                process.kill()
        self.process.kill()
        self.process.join()
        said = self._said()
        self.answers.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return said

    def _said(self) -> tuple[str, str]:
        """The verdict that the judge sent; without one, how the process ended."""
        with suppress(OSError, EOFError, ValueError, KeyError, TypeError, RecursionError):  # whatever else was sent
            if self.answers.poll() and self.answers.recv_bytes(LONGEST_ANSWER) == b"begin" and self.answers.poll():
                read = json.loads(self.answers.recv_bytes(LONGEST_ANSWER))
                if read["token"] == self.token:
                    return str(read["word"]), str(read["detail"])
        code = self.process.exitcode
        with suppress(ValueError):
            return "crashed", signal.Signals(-code).name
        return "crashed", f"it ended Python itself, with exit code {code}"


def _children(pid: int, recursive: bool = False) -> list[psutil.Process]:
    with suppress(psutil.Error):  # it has just ended
        return psutil.Process(pid).children(recursive)
    return []


def _resident(pid: int) -> int:
    with suppress(psutil.Error):  # it has just ended
        return psutil.Process(pid).memory_info().rss
    return 0


def judge_all(sheets: list[Sheet], limits: Limits, jobs: int, room: Path, done: Callable[[Sheet], None]):
    """Judge every exercise of every sheet, `jobs` sheets at a time, and fill in `found`.

    Args:
        room: an empty folder for what the processes write.
        done: called with each sheet that is complete.
    """
    if LINUX:
        torch.func.grad(torch.sum)(torch.ones(1))  # its first use imports for seconds: once here, not in each fork
        gc.freeze()  # what is here now is shared with all forks and stays so
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what outlives its parent becomes our child
    own = {process.pid for process in _children(os.getpid())}
    waiting, running, looked = [s for s in reversed(sheets) if s.exercises], [], time.monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(Attempt(waiting.pop(), limits, room))
            time.sleep(0.01)  # the sentinel of a process would stay open for as long as what it forked
            finished = [(a, None) for a in running if a.process.exitcode is not None]
            if time.monotonic() - looked > POLL:
                finished += [(a, fault) for a in running if a.process.exitcode is None and (fault := a.fault())]
                _end_strangers(own | {a.process.pid for a in running})
                looked = time.monotonic()
            for attempt, fault in finished:
                seconds = time.monotonic() - (attempt.began or attempt.made)
                said = attempt.end()
                running.remove(attempt)
                sheet = attempt.sheet
                sheet.found[attempt.name] = *(fault or said), seconds
                if len(sheet.found) < len(sheet.exercises):
                    waiting.append(sheet)
                else:
                    done(sheet)
    finally:
        for attempt in running:
            attempt.end()
        _end_strangers(own)


def _end_strangers(known: set[int]):
    """On Linux: end every child of ours that we did not start, one that left its group and outlived its parent."""
    for _ in range(100 if LINUX else 0):  # an ended one may have had children, which are ours now
        strangers = [process for process in _children(os.getpid()) if process.pid not in known]
        if not strangers:
            return
        for process in strangers:
            with suppress(psutil.Error):
                process.kill()
                process.wait(1)
