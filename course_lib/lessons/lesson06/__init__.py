"""What lesson 06 needs, prototypical networks."""

from course_lib.lessons.lesson06.prototype_explorer import PrototypeExplorer
from course_lib.lessons.lesson06.zero_shot import zero_shot_report

__all__ = ["PrototypeExplorer", "zero_shot_report"]
