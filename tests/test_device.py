"""The device tests and a part of one lesson on the stand-in, in processes of their own: see tests/device."""

import json
import os
import subprocess
import sys

import pytest

from tests.device import place, standin
from tools.notebooks import ROOT

if standin.missing():
    pytest.skip(standin.missing(), allow_module_level=True)


def run(*command):
    environment = os.environ | {place.VARIABLE: "standin", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
    return done.stdout


def test_the_device_tests():
    assert " passed" in run("pytest", "-q", "-p", "no:cacheprovider", "tests/device")


def test_a_lesson_until_it_has_trained_there():
    """It trains on `pick_device()` also in its quick profile. The rest, and the others: test_lessons_on_a_device.py."""
    last = json.loads(run("tests.device.lesson", "06", "--cells", "12").splitlines()[-1].removeprefix("@ "))
    assert last["lacking"] == [] and last["used"] > 50
