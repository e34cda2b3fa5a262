"""All code cells of every lesson, claims included, where `pick_device()` gives a device that is not the CPU.

It is the stand-in of tests/device, which refuses what CUDA and Apple's GPU refuse. A minute a lesson.
"""

import json

import pytest

from tests.device import standin
from tests.test_device import run
from tools.notebooks import LESSONS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(standin.missing() is not None, reason=str(standin.missing())),
]


@pytest.mark.parametrize("number", [path.stem[:2] for path in LESSONS])
def test_a_lesson_on_a_device_that_is_not_the_cpu(number):
    rows = [json.loads(line[2:]) for line in run("tests.device.lesson", number).splitlines() if line.startswith("@ ")]
    assert rows[-2]["cell"] == rows[-2]["of"] and rows[-1]["lacking"] == []
    print(f"lesson {number}: {rows[-2]['seconds']:.0f} s, {rows[-1]['used']} operations on the device")
