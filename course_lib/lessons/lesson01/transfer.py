"""The ten trainings of each network of lesson 01, stored: more than a lesson has the time to repeat."""

from __future__ import annotations

import json
from pathlib import Path

TABLE = Path(__file__).parent / "transfer.json"


def ten_trainings() -> dict:
    """What `python -m benchmarks.transfer` measured with SEED 0 ... 9, accuracies in percent.

    Returns: `own` and `unseen`: by the letter of the network, a list of ten in the order of the seeds; `exams`: that
        by kind of split and by exam, on the lesson's own tasks; `tasks`: on how many the first two were scored;
        `trained`: date and versions.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))
