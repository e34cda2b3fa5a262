"""What CONTRIBUTING.md promises of the files themselves."""

import importlib
import inspect
import pkgutil
import re

import pytest

import course_lib
from tools.notebooks import ROOT

MODULES = [m.name for m in pkgutil.walk_packages(course_lib.__path__, "course_lib.") if not m.name.endswith("__main__")]


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_has_a_docstring(name):
    module = importlib.import_module(name)
    assert module.__doc__ or not inspect.getsource(module).strip()
    for key, value in vars(module).items():
        if key.startswith("_") or getattr(value, "__module__", None) != name:
            continue
        assert inspect.getdoc(value), f"{name}.{key} has no docstring"
        for method, function in vars(value).items() if inspect.isclass(value) else ():
            if not method.startswith("_") and inspect.isfunction(function):
                assert inspect.getdoc(getattr(value, method)), f"{name}.{key}.{method} has no docstring"


def test_files_are_short():
    code = [p for folder in ("course_lib", "tests", "tools", "benchmarks") for p in (ROOT / folder).rglob("*")]
    code = [p for p in code if p.suffix in (".py", ".js", ".css") and not p.name.startswith("answers_")]  # learners'
    long = {p.name: n for p in code if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300}
    assert len(code) > 40 and not long


PAGES = ["README.md", "CONTRIBUTING.md", "data/README.md", "benchmarks/README.md"]
PAGES += sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES)
def test_pages_point_to_what_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    named = re.findall(r"`((?:course_lib|tests|tools|benchmarks|notebooks|data)/[\w./]*)`", text)
    here = (ROOT / page).parent
    missing = [link for link in links if link and not (here / link).exists()]
    missing += [name for name in named if "NN" not in name and not (ROOT / name).exists() and "data/cache" not in name]
    assert [m for m in missing if not m.endswith(("faces.py", "matching.py"))] == []  # the examples of CONTRIBUTING
