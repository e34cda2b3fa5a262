"""The ways to set the course up: each names what exists, and the pins fit every Python that the course allows."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools.notebooks import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M))
PINS = {canonicalize_name(name): Version(version) for name, version in PINS.items()}
PAGES = [ROOT / name for name in ("README.md", "Makefile", "postBuild")]
for pattern in ("docs/*.md", "docs/*.yml", ".github/workflows/*", "course_lib/*.py", "tools/*.py"):
    PAGES += ROOT.glob(pattern)


def test_every_set_of_packages_that_is_named_exists():
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    named = [extra for text in texts for extra in re.findall(r"tools[/\\]install\.py (\w+)", text)]
    assert len(named) > 8 and set(named) == {"lab", "teach", "dev"} <= set(EXTRAS)
    assert "learning-to-learn[lab]" in EXTRAS["teach"]  # each holds the one before it
    assert any("teach" in requirement for requirement in EXTRAS["dev"])


def test_binder_and_conda_get_a_python_that_the_course_allows():
    assert not [name for name in ("binder", ".binder") if (ROOT / name).exists()]  # where it is, Binder reads no other
    python, pip = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert pip == "pip" and python.removeprefix("python=") + ".9" in SpecifierSet(PROJECT["requires-python"])
    (file,) = re.findall(r"conda env create -f (\S+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert (ROOT / file).exists()


def test_a_line_for_windows_is_read_by_powershell_and_cmd():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line for line in re.findall(r"^    (.*)$", text, re.M) if "\\" in line or line.startswith("py ")]
    assert len(lines) == 3 and not [line for line in lines if "&&" in line]  # PowerShell 5.1 has no &&


def test_every_package_that_is_asked_for_is_pinned_as_it_is_asked_for():
    wanted = map(Requirement, PROJECT["dependencies"] + sum(EXTRAS.values(), []))
    wanted = [requirement for requirement in wanted if requirement.name != "learning-to-learn"]
    assert [str(r) for r in wanted if PINS.get(canonicalize_name(r.name)) not in r.specifier] == []


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0"])
def test_a_pin_fits_every_python(python):
    """What the installed packages say of themselves; pins that are not installed here were asked on the network."""
    assert python in SpecifierSet(PROJECT["requires-python"])
    known, refuse = 0, []
    for name, pin in PINS.items():
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        if Version(found.version).public == pin.public:
            known += 1
            refuse += [name] if python not in SpecifierSet(found.metadata.get("Requires-Python", "")) else []
    assert known > 100 and refuse == []
