"""Where files are found: in a checkout, and in an installed wheel."""

import re
import sys
import zipfile
from subprocess import run

import pytest

from course_lib import __version__, paths
from tools.notebooks import ROOT


def test_a_checkout_uses_its_own_data():
    assert paths.data_dir() == ROOT / "data"
    assert paths.cache_dir() == ROOT / "data" / "cache"


def test_an_installed_course_uses_its_copy_and_the_users_cache(tmp_path, monkeypatch):
    installed = tmp_path / "_data"
    (installed / "pretrained").mkdir(parents=True)
    (installed / "pretrained" / "maml_scripts.safetensors").touch()
    monkeypatch.setattr(paths, "_INSTALLED", installed)
    assert paths.data_dir() == installed
    assert paths.pretrained("maml_scripts") == paths.pretrained("maml_scripts.safetensors")
    assert tmp_path not in paths.cache_dir().parents and paths.cache_dir().name == "learning-to-learn"
    with pytest.raises(FileNotFoundError, match=re.escape("no weights called 'x' ship")) as caught:
        paths.pretrained("x")
    assert "maml_scripts." in str(caught.value)


def test_no_weights_at_all_still_gives_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "_INSTALLED", tmp_path)
    with pytest.raises(FileNotFoundError, match="those that do: none"):
        paths.pretrained("x")


def test_the_wheel_holds_the_weights_and_only_the_course(tmp_path):
    done = run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT],
               capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {f"course_lib/_data/pretrained/{p.name}" for p in (ROOT / "data/pretrained").glob("*.safetensors")}
    assert shipped <= set(names) and "course_lib/episode.py" in names
    assert {name.split("/")[0] for name in names} == {"course_lib", f"learning_to_learn-{__version__}.dist-info"}
