"""What lesson 15, search that remembers, needs."""

from course_lib.lessons.lesson15 import architecture_results, search_results
from course_lib.lessons.lesson15.cell_explorer import CellExplorer
from course_lib.lessons.lesson15.cell_table import (
    other_accuracies,
    other_tasks,
    tested_accuracies,
    tested_tasks,
    trained_anew,
)
from course_lib.lessons.lesson15.cells import CELLS, EDGES, FAMILIES, LIVING, OPERATIONS, computes, logits, start
from course_lib.lessons.lesson15.hidden_map_explorer import HiddenMapExplorer
from course_lib.lessons.lesson15.kendall import kendall_tau
from course_lib.lessons.lesson15.posterior import posterior, squared_exponential
from course_lib.lessons.lesson15.predictors import cell_by_cell, counted_operations, judged, mean_elsewhere, ten_steps
from course_lib.lessons.lesson15.settings import (
    KEPT,
    SETTINGS,
    SHAPE,
    STEPS,
    STORED_SEED,
    STORED_TASKS,
    maps,
    new_tasks,
    stored_maps,
    text,
    train_all,
)
from course_lib.lessons.lesson15.strategies import NEAR, cut, make_all, regrets

__all__ = [
    "CELLS", "EDGES", "FAMILIES", "KEPT", "LIVING", "NEAR", "OPERATIONS", "SETTINGS", "SHAPE", "STEPS",
    "STORED_SEED", "STORED_TASKS", "CellExplorer", "HiddenMapExplorer", "architecture_results", "cell_by_cell",
    "computes", "counted_operations", "cut", "judged", "kendall_tau", "logits", "make_all", "maps",
    "mean_elsewhere", "new_tasks", "other_accuracies", "other_tasks", "posterior", "regrets",
    "search_results", "squared_exponential", "start", "stored_maps", "ten_steps", "tested_accuracies",
    "tested_tasks", "text", "train_all", "trained_anew",
]  # fmt: skip
