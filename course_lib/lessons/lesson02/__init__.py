"""What lesson 02 needs, baselines."""

from course_lib.lessons.lesson02.curve_explorer import CurveExplorer

__all__ = ["CurveExplorer"]
