"""What lesson 02 needs, baselines."""

from course_lib.lessons.lesson02 import turn
from course_lib.lessons.lesson02.curve_explorer import CurveExplorer
from course_lib.lessons.lesson02.tables import fill_in, show_choices

__all__ = ["CurveExplorer", "fill_in", "show_choices", "turn"]
