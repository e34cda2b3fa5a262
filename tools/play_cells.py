"""Run a lesson's code cells in this process, with another SEED: python tools/play_cells.py LESSON.ipynb SEED

It needs nothing but what the course itself needs, so `seeds.py` can run it with the Python of any environment that has
the course's packages, another torch for example. No Jupyter kernel: IPython alone. The last line printed is `@ ` and a
JSON object: under `faults`, what did not hold, a [cell id, sentence] each; an empty list if all did.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "agg")


def play(path: Path, seed: int) -> list[list[str]]:
    """Run the cells in order, in the lesson's own folder, until one fails.

    The cell tagged claims runs a statement at a time, and goes on after one that fails: one run tells all that fails.
    """
    from IPython.core.interactiveshell import InteractiveShell

    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    os.chdir(path.parent)
    shell, faults = InteractiveShell.instance(), []
    for cell in cells:
        source, tags = "".join(cell["source"]), cell["metadata"].get("tags", [])
        if "parameters" in tags:
            source += f'\nPROFILE, SEED = "quick", {seed}'
        claims = "claims" in tags
        parts = [ast.get_source_segment(source, node) for node in ast.parse(source).body] if claims else [source]
        for part in parts:
            result = shell.run_cell(part)
            if error := result.error_before_exec or result.error_in_exec:
                if not isinstance(error, Exception):  # stopped by somebody, which says nothing of the lesson
                    raise error
                faults.append([cell["id"], sentence(error, part)])
                if not claims:
                    return faults
    return faults


def sentence(error: BaseException, source: str) -> str:
    """An error in one line. An assert that says nothing is given by its own code."""
    said = " ".join(str(error).split())
    if not isinstance(error, AssertionError):
        return f"{type(error).__name__}: {said}"
    if said:
        return said
    trace, line = error.__traceback__, ""
    while trace:  # the innermost line that is of this cell
        lines, number = source.splitlines(), trace.tb_lineno
        if trace.tb_frame.f_code.co_name == "<module>" and number <= len(lines):
            line = lines[number - 1].strip()
        trace = trace.tb_next
    return line or "an assert without a sentence"


if __name__ == "__main__":
    print("\n@ " + json.dumps({"faults": play(Path(sys.argv[1]).resolve(), int(sys.argv[2]))}), flush=True)
