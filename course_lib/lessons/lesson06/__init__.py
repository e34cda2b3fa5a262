"""What lesson 06 needs, prototypical networks."""

from course_lib.lessons.lesson06.prototype_explorer import PrototypeExplorer
from course_lib.lessons.lesson06.zero_shot import generalised

__all__ = ["PrototypeExplorer", "generalised"]
