"""These tests have a process of their own: PyTorch makes its thread for a device at the first backward pass, so the
stand-in has to be there before. `pytest tests/device` runs them on the stand-in, `COURSE_TEST_DEVICE=cuda pytest
tests/device` on a GPU; in `pytest tests`, tests/test_device.py runs them."""

from pathlib import Path

import pytest

from tests.device import apple, place, standin


def pytest_ignore_collect(collection_path, config):
    alone = all("tests/device" in Path(str(arg).split("::")[0]).resolve().as_posix() for arg in config.args)
    return None if alone else True


@pytest.fixture(scope="session")
def device():
    """The device under test; `pick_device()` gives it."""
    if place.wanted() == "standin" and (why := standin.missing()):
        pytest.skip(why)
    return place.use(place.wanted())


@pytest.fixture
def strict(device):
    """The device under test. The stand-in also refuses what Apple's GPU refuses, and Apple's has all that was used."""
    if device.type != standin.NAME:
        yield device
        return
    standin.USED.clear()
    with standin.like_apple():
        yield device
    assert standin.USED and apple.lacking(standin.USED) == []


@pytest.fixture
def apple_gpu(device):
    """The stand-in while it refuses what Apple's GPU refuses."""
    if device.type != standin.NAME:
        pytest.skip("the stand-in alone can be told what to refuse")
    with standin.like_apple():
        yield device
