"""What a code host reads: how to cite the course, and the form for questions. The workflow: test_instructors.py."""

import subprocess
import sys

import yaml

from course_lib import __version__
from tools.notebooks import ROOT, address


def test_the_citation_is_of_this_course_in_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)  # what the format asks for
    assert str(citation["version"]) == __version__
    assert citation["repository-code"] == address()
    licences = (ROOT / "LICENSE").read_text(encoding="utf-8") + (ROOT / "LICENSE-lessons").read_text(encoding="utf-8")
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    assert "MIT License" in licences and "CC BY 4.0" in licences


def test_the_form_for_questions_asks_for_what_doctor_prints():
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/problem.yml").read_text(encoding="utf-8"))
    assert set(form) == {"name", "description", "body"}
    fields = {field["id"]: field for field in form["body"]}
    assert len(fields) == len(form["body"])
    for field in fields.values():
        assert field["type"] in ("input", "textarea", "dropdown") and field["attributes"]["label"]
        assert field["validations"] == {"required": True}
    label = fields["doctor"]["attributes"]["label"]
    command = label.split("`")[1].split()
    assert command == ["python", "-m", "course_lib", "doctor"]
    done = subprocess.run([sys.executable, *command[1:]], capture_output=True, text=True, cwd=ROOT)
    assert "packages: torch" in done.stdout
