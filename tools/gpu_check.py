"""All that has to run when a GPU is at hand: python -m tools.gpu_check

The device tests, every lesson in quick and, cut to a minute, in full, and measurements (tools/gpu_measures.py), on
CUDA. It ends within eight minutes. What is found is written as it comes, so that a run that is cut off leaves what it
had: build/gpu_check.json has all of it, build/gpu_check.md the tables.

`--device cpu --quick` is a rehearsal where there is no GPU: all is tiny, and the numbers mean nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("torch", "numpy", "matplotlib", "ipywidgets", "anywidget", "contourpy", "pooch", "safetensors", "tqdm",
            "click", "IPython", "nbformat", "nbclient", "pytest", "hypothesis")  # fmt: skip
TEST = re.compile(r"(tests/\S+::.+?) (PASSED|FAILED|ERROR|SKIPPED)")


@dataclass
class Part:
    """A command, the seconds that it may take, and what came of it."""

    name: str
    command: list[str]
    limit: float
    status: str = "not begun"
    seconds: float = 0.0
    rows: list[dict] = field(default_factory=list)
    last_lines: list[str] = field(default_factory=list)


def lacking(device: str) -> str | None:
    """What is missing here, in one sentence, or None."""
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        return f"Missing: {', '.join(missing)}; make env installs them, or: pip install -e '.[dev]'"
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        return f"PyTorch {torch.__version__} finds no CUDA GPU here; for a rehearsal: --device cpu --quick"
    return None


def plan(device: str, quick: bool, lessons: list[str]) -> tuple[list[Part], list[Part]]:
    """What runs one after the other, with the device to itself; and then, several at once, the lessons."""
    small = ["--quick"] if quick else []
    measure = ["tools.gpu_measures"]
    alone = [
        Part(f"measured: {what}", [*measure, what, "--device", device, *small], limit)
        for what, limit in (("maml", 110), ("steps", 60), ("sampling", 30), ("compiled", 60))
    ]
    tests = ["pytest", "-v", "-p", "no:cacheprovider", "tests/device", *(["-k", "prototypical"] if quick else [])]
    alone.insert(1, Part("device tests", tests, 90))
    few = ["--cells", "4"] if quick else []
    together = [
        Part(f"lesson {number}, {profile}", ["tests.device.lesson", number, "--profile", profile, *few], limit)
        for profile, limit in (("quick", 150), ("full", 60))
        for number in lessons
    ]
    return alone, together


class Check:
    """Runs parts and writes what comes of them."""

    def __init__(self, device: str, output: Path, seconds: float):
        self.device, self.output = device, output
        self.start = time.perf_counter()
        self.deadline = self.start + seconds
        self.parts: list[Part] = []
        self.machine: dict = {}
        self.lock = threading.Lock()

    def run(self, part: Part):
        """The command of a part, until its limit or that of the whole, whichever comes first."""
        begun = time.perf_counter()
        limit = min(part.limit, self.deadline - begun)
        if limit < 5:
            part.status = "not begun: no time was left"
            return self.write()
        environment = os.environ | {"COURSE_TEST_DEVICE": self.device, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", *part.command], cwd=ROOT, env=environment, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip
        cut = threading.Event()
        timer = threading.Timer(limit, lambda: (cut.set(), _kill(process)))
        timer.start()
        part.status = "running"
        for line in process.stdout:
            if line.startswith("@ "):
                part.rows.append(json.loads(line[2:]))
            elif found := TEST.match(line):
                part.rows.append({"test": found[1], "result": found[2]})
            else:
                part.last_lines = [*part.last_lines[-29:], line.rstrip()]
                continue
            part.seconds = round(time.perf_counter() - begun, 1)
            self.write()
        code = process.wait()
        timer.cancel()
        part.seconds = round(time.perf_counter() - begun, 1)
        part.status = f"cut off after {limit:.0f} s" if cut.is_set() else "done" if code == 0 else f"failed ({code})"
        self.write()
        print(f"{part.seconds:6.1f} s  {part.name}: {part.status}", flush=True)

    def write(self):
        """Both files, whole at any moment."""
        with self.lock:
            report = {"machine": self.machine, "seconds": round(time.perf_counter() - self.start, 1)}
            report["parts"] = [vars(part) for part in self.parts]
            for ending, text in ((".json", json.dumps(report, indent=1)), (".md", markdown(self.machine, self.parts))):
                path = self.output.with_suffix(ending)
                path.parent.mkdir(parents=True, exist_ok=True)
                partial = path.with_suffix(ending + ".partial")
                partial.write_text(text, encoding="utf-8")
                os.replace(partial, path)


def _kill(process):
    if hasattr(os, "killpg"):  # with all that it has started
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def markdown(machine: dict, parts: list[Part]) -> str:
    """The report as tables."""
    text = [f"# GPU check\n\n{', '.join(f'{k} {v}' for k, v in machine.items())}\n"]
    text += ["| part | status | seconds | what came |", "|---|---|---|---|"]
    text += [f"| {p.name} | {p.status} | {p.seconds} | {_summary(p)} |" for p in parts]
    tables: dict[str, list[dict]] = {}
    for row in (row for part in parts for row in part.rows if "table" in row):
        tables.setdefault(row["table"], []).append({k: v for k, v in row.items() if k != "table"})
    for name, rows in tables.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        text += [f"\n## {name}\n", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
        text += [f"| {' | '.join(str(row.get(key, '')) for key in columns)} |" for row in rows]
    for part in parts:
        if part.status.startswith("failed"):
            text += [f"\n## Last lines of {part.name}\n", "```", *part.last_lines, "```"]
    return "\n".join(text) + "\n"


def _summary(part: Part) -> str:
    results = [row["result"] for row in part.rows if "result" in row]
    if results:
        bad = [row["test"] for row in part.rows if row.get("result") in ("FAILED", "ERROR")]
        counts = ", ".join(f"{results.count(kind)} {kind.lower()}" for kind in dict.fromkeys(results))
        return f"{counts} {' '.join(bad)}".strip()
    if part.rows and "cell" in part.rows[-1]:
        last = part.rows[-1]
        memory = f", {last['peak_mb']} MB" if "peak_mb" in last else ""
        return f"cell {last['cell']} of {last['of']} at {last['seconds']} s{memory}"
    return f"{len(part.rows)} rows"


def describe(device: str) -> dict:
    """The machine, for the head of the report."""
    import torch

    found = {"device": device, "PyTorch": torch.__version__, "Python": platform.python_version(),
             "cores": os.cpu_count(), "date": time.strftime("%Y-%m-%d")}  # fmt: skip
    if device == "cuda":
        card = torch.cuda.get_device_properties(0)
        found |= {"GPU": card.name, "GPU memory, GB": round(card.total_memory / 1e9), "CUDA": torch.version.cuda}
    return found


def main():
    """Run all parts; the exit status is 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", default="cuda", choices=("cuda", "mps", "cpu"))
    parser.add_argument("--quick", action="store_true", help="a rehearsal: everything is tiny")
    parser.add_argument("--minutes", type=float, default=7.8, help="when it has to be over")
    parser.add_argument("--lessons", nargs="*", help="only these, such as 00 03")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "gpu_check")
    args = parser.parse_args()
    if why := lacking(args.device):
        sys.exit(why)
    every = sorted(path.stem[:2] for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    alone, together = plan(args.device, args.quick, every if args.lessons is None else args.lessons)
    check = Check(args.device, args.output, 60 * args.minutes)
    check.parts, check.machine = alone + together, describe(args.device)
    for part in alone:
        check.run(part)
    with ThreadPoolExecutor(max(1, min(6, (os.cpu_count() or 2) // 2))) as several:
        list(several.map(check.run, together))
    print(f"{check.output.with_suffix('.json')} and {check.output.with_suffix('.md')} hold the report.")
    sys.exit(any(part.status.startswith("failed") for part in check.parts))


if __name__ == "__main__":
    main()
