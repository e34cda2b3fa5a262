"""What lesson 08 needs, a fair comparison."""

from course_lib.lessons.lesson08 import scores
from course_lib.lessons.lesson08.calibration import Reliability
from course_lib.lessons.lesson08.comparison_explorer import ComparisonExplorer
from course_lib.lessons.lesson08.comparison_plots import plot_costs, plot_differences, plot_errors, plot_reliability
from course_lib.lessons.lesson08.results_sections import FLAWS, SECTIONS, shuffled_classes, simulate_runs, two_learners

__all__ = [
    "FLAWS", "SECTIONS", "ComparisonExplorer", "Reliability", "plot_costs", "plot_differences", "plot_errors",
    "plot_reliability", "scores", "shuffled_classes", "simulate_runs", "two_learners",
]  # fmt: skip
