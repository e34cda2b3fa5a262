"""What lesson 03 needs, MAML from scratch."""

from course_lib.lessons.lesson03.bug_hunt import SUSPECTS
from course_lib.lessons.lesson03.inner_loop_explorer import InnerLoopExplorer
from course_lib.lessons.lesson03.meta_gradient import slope

__all__ = ["SUSPECTS", "InnerLoopExplorer", "slope"]
