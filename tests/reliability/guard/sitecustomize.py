"""Forbids a Python process, from its first line on, to write into a folder and to leave the machine.

A folder named `guard` on PYTHONPATH makes Python run this file by itself. What was tried and refused is written to the
file GUARD_LOG, a line each. Writing a `__pycache__` is refused too, but not noted: Python then goes on without.
"""

import os
import sys

FORBIDDEN = os.path.realpath(os.environ["GUARD_FOLDER"]) + os.sep
HERE = ("127.0.0.1", "::1", "localhost", "", None)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.mkdir": 1, "os.remove": 1, "os.rmdir": 1, "os.truncate": 1, "os.chmod": 1, "os.utime": 1, "sqlite3.connect": 1,
    "os.rename": 2, "os.link": 2, "os.symlink": 2,
}  # fmt: skip
WITHOUT_FOLDER = ("os.truncate", "sqlite3.connect")  # the others end with the number of an open folder, or -1
_log = open(os.environ["GUARD_LOG"], "a", encoding="utf-8")  # noqa: SIM115 (it stays open as long as the process)


def _refuse(error, what: str):
    if "__pycache__" not in what:
        _log.write(what + "\n")
        _log.flush()
    raise error(13, f"the guard refuses: {what}")


def _inside(path) -> bool:
    if not isinstance(path, str | bytes) or path == ":memory:":  # an open file's number; a database without a file
        return False
    return os.path.realpath(os.fsdecode(path)).startswith(FORBIDDEN)


def _watch(event: str, details: tuple):
    if event == "open":
        path, _, flags = details
        if flags & WRITES and _inside(path):
            _refuse(PermissionError, f"open {os.fsdecode(path)} to write")
    elif event in CHANGES:
        elsewhere = event not in WITHOUT_FOLDER and details[-1] != -1  # relative to a folder that is open
        for path in details[: CHANGES[event]]:
            if not elsewhere and _inside(path):
                _refuse(PermissionError, f"{event} {os.fsdecode(path)}")
    elif event in ("socket.connect", "socket.sendto"):
        address = details[1]
        if isinstance(address, tuple) and address[0] not in HERE:
            _refuse(OSError, f"{event} {address[0]}")
    elif event == "socket.getaddrinfo" and details[0] not in HERE:
        _refuse(OSError, f"{event} {details[0]}")


sys.addaudithook(_watch)
