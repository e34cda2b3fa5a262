"""The doctor says what there is, and each fault with its remedy."""

import pytest
import torch

from course_lib import paths
from course_lib.commands import doctor
from course_lib.compute import devices


@pytest.fixture
def healthy(tmp_path, monkeypatch):
    """A machine where nothing is missing."""
    (tmp_path / "pretrained").mkdir()
    (tmp_path / "pretrained" / "prototypical_scripts.safetensors").touch()
    monkeypatch.setattr(paths, "_INSTALLED", tmp_path)
    monkeypatch.setattr(doctor, "_front_end", lambda name: True)
    monkeypatch.setattr(doctor, "_version", lambda package: "1.0")
    monkeypatch.delenv("COURSE_DATA", raising=False)
    return tmp_path


def test_a_healthy_machine(healthy):
    text = doctor.report()
    assert text.endswith("Nothing is missing.") and "Missing" not in text
    assert "prototypical_scripts" in text and torch.__version__ in text and "anywidget found" in text


def test_a_missing_package(healthy, monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda package: None if package == "anywidget" else "1.0")
    assert "anywidget missing" in doctor.report()
    assert doctor.problems() == ["anywidget; in the folder of the course run: python tools/install.py lab"]


def test_widgets_without_their_browser_half(healthy, monkeypatch):
    monkeypatch.setattr(doctor, "_front_end", lambda name: name != "anywidget")
    (fault,) = doctor.problems()
    assert "browser half of anywidget" in fault and "--force-reinstall anywidget" in fault
    monkeypatch.setattr(doctor, "_version", lambda package: None if package == "jupyterlab" else "1.0")
    assert doctor.problems() == []  # as on Colab, which has a front end of its own


def test_no_weights(healthy):
    (healthy / "pretrained" / "prototypical_scripts.safetensors").unlink()
    (fault,) = doctor.problems()
    assert "clone it again" in fault and "shipped weights: none" in doctor.report()


@pytest.mark.parametrize("value", ["omniglot is not in here", "/nowhere/at/all"])
def test_a_wrong_data_folder(healthy, monkeypatch, value):
    monkeypatch.setenv("COURSE_DATA", value)
    (fault,) = doctor.problems()
    assert value in fault and "unset it" in fault


def test_data_folder_and_mirror(healthy, monkeypatch, tmp_path):
    (tmp_path / "omniglot").mkdir()
    for value in (str(tmp_path), "https://example.org/data"):
        monkeypatch.setenv("COURSE_DATA", value)
        assert doctor.problems() == [] and f"COURSE_DATA, {value}" in doctor.report()


def test_the_real_front_ends_are_where_jupyterlab_looks():
    pytest.importorskip("jupyterlab")
    assert all(doctor._front_end(name) for name in doctor.FRONT_ENDS)


def test_a_device_that_the_course_does_not_know(monkeypatch):
    monkeypatch.setattr(devices, "pick_device", lambda: torch.device("xpu"))
    assert "'xpu', on which the course was never tried" in devices.describe_machine()


def test_one_line_about_the_machine():
    line = devices.describe_machine()
    assert "\n" not in line and torch.__version__ in line
