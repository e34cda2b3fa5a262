"""The command for the day when a GPU is at hand, rehearsed without one."""

import json
import subprocess
import sys
import time

import pytest

from tests.device import standin
from tools import gpu_check
from tools.gpu_check import ROOT, Check, Part, lacking, plan


@pytest.mark.slow  # its parts have limits of time, which a busy machine breaks
@pytest.mark.skipif(standin.missing() is not None, reason=str(standin.missing()))
def test_the_rehearsal(tmp_path):
    command = ["tools.gpu_check", "--device", "cpu", "--quick", "--lessons", "03", "--output", str(tmp_path / "report")]
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    parts = {part["name"]: part for part in report["parts"]}
    alone, together = plan("cpu", True, ["03"])
    assert list(parts) == [part.name for part in alone + together] and report["machine"]["device"] == "cpu"
    for name, part in parts.items():
        assert part["status"] == "done" and part["rows"], (name, part)
    measured = [row for name, part in parts.items() if name.startswith("measured") for row in part["rows"]]
    assert len(measured) > 10 and all(row["ms"] > 0 for row in measured)
    assert {row["result"] for row in parts["device tests"]["rows"]} <= {"PASSED", "SKIPPED"}
    table = (tmp_path / "report.md").read_text()
    assert "| lesson 03, quick | done |" in table and "| vmap | 2 | 1 | 2 |" in table and "queries alone" in table


def test_every_lesson_is_in_the_plan_and_all_of_it_fits_into_the_time():
    alone, together = plan("cuda", False, [f"{n:02d}" for n in range(9)])
    assert len(together) == 18 and sum(part.limit for part in alone) < 360
    assert not any("--quick" in part.command or "-k" in part.command for part in alone + together)


def code(text):
    """A part that runs this program."""
    return Part("a part", ["timeit", "-n", "1", "-r", "1", text], 60)


def test_a_part_that_is_cut_off_leaves_what_it_had(tmp_path):
    check = Check("cpu", tmp_path / "report", 8)
    row = {"cell": 3, "of": 9, "seconds": 1}
    slow = code(f"import time; print('@', {json.dumps(json.dumps(row))}, flush=True); time.sleep(60)")
    late = code("")
    check.parts = [slow, late]
    start = time.perf_counter()
    check.run(slow)
    check.run(late)
    assert time.perf_counter() - start < 20 and late.status.startswith("not begun")
    assert slow.status.startswith("cut off") and slow.rows[0]["cell"] == 3
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["parts"][0]["rows"] == slow.rows and "cell 3 of 9" in (tmp_path / "report.md").read_text()


def test_a_part_that_fails_is_told_with_its_last_lines(tmp_path):
    check = Check("cpu", tmp_path / "report", 60)
    check.parts = [code("raise OSError('the reason')")]
    check.run(check.parts[0])
    assert check.parts[0].status.startswith("failed") and "the reason" in (tmp_path / "report.md").read_text()


def test_what_is_missing_is_said_in_a_sentence(monkeypatch):
    import torch

    if not torch.cuda.is_available():
        assert "finds no CUDA GPU here" in lacking("cuda")
    assert lacking("cpu") is None
    monkeypatch.setattr(gpu_check, "PACKAGES", ("torch", "nonsuch"))
    assert "Missing: nonsuch; make env" in lacking("cpu")
