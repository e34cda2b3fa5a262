"""What lesson 16, limits and good practice, needs."""

from course_lib.lessons.lesson16 import cabinet_results, decision_results, robustness_results
from course_lib.lessons.lesson16.cabinet import FAULTS
from course_lib.lessons.lesson16.cabinet_explorer import CabinetExplorer
from course_lib.lessons.lesson16.deletion import deletion_area
from course_lib.lessons.lesson16.explanation_tests import cue_found, rank_correlation, renewer
from course_lib.lessons.lesson16.half_size_scripts import SmallConv
from course_lib.lessons.lesson16.influence import first_order, log_probabilities
from course_lib.lessons.lesson16.instruments import INSTRUMENTS
from course_lib.lessons.lesson16.marked import MarkedTasks, drawn, shown, trained_on_marks
from course_lib.lessons.lesson16.practices import evidence
from course_lib.lessons.lesson16.price_of_nesting import (
    new_task_prices,
    reasoned_bytes,
    reasoned_flop,
    seconds_of,
    training_prices,
    watt_hours,
)
from course_lib.lessons.lesson16.saliency import edge_map, gradient_map, occlusion_map
from course_lib.lessons.lesson16.stream import forgetting

__all__ = [
    "FAULTS", "INSTRUMENTS", "CabinetExplorer", "MarkedTasks", "SmallConv", "cabinet_results", "cue_found",
    "decision_results", "deletion_area", "drawn", "edge_map", "evidence", "first_order", "forgetting", "gradient_map",
    "log_probabilities", "new_task_prices", "occlusion_map", "rank_correlation", "reasoned_bytes", "reasoned_flop",
    "renewer", "robustness_results", "seconds_of", "shown", "trained_on_marks", "training_prices", "watt_hours",
]  # fmt: skip
