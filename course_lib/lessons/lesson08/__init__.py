"""What lesson 08 needs, a fair comparison."""

from course_lib.lessons.lesson08 import reruns, scores, study
from course_lib.lessons.lesson08.calibration import Reliability, reliability
from course_lib.lessons.lesson08.comparison_explorer import ComparisonExplorer
from course_lib.lessons.lesson08.comparison_plots import (
    plot_differences,
    plot_errors,
    plot_pairing,
    plot_reliability,
    plot_trainings,
)
from course_lib.lessons.lesson08.results_sections import (
    FLAWS,
    SECTIONS,
    deal,
    shuffled_classes,
    simulate_runs,
    stopped_by,
    two_learners,
)

__all__ = [
    "FLAWS", "SECTIONS", "ComparisonExplorer", "Reliability", "deal", "plot_differences", "plot_errors", "plot_pairing",
    "plot_reliability", "plot_trainings", "reliability", "reruns", "scores", "shuffled_classes", "simulate_runs",
    "stopped_by", "study", "two_learners",
]  # fmt: skip
