"""What lesson 12 needs, a changed arm."""

from course_lib.lessons.lesson12 import arm_results
from course_lib.lessons.lesson12.arm_explorer import ArmExplorer
from course_lib.lessons.lesson12.arm_picture import MODEL_COLORS
from course_lib.lessons.lesson12.asks import Swings
from course_lib.lessons.lesson12.control import circle, follow_circle, inverse_of
from course_lib.lessons.lesson12.identify import five_movements
from course_lib.lessons.lesson12.known_equation import KnownEquation, equation_numbers, rows

__all__ = [
    "MODEL_COLORS", "ArmExplorer", "KnownEquation", "Swings", "arm_results", "circle", "equation_numbers",
    "five_movements", "follow_circle", "inverse_of", "rows",
]  # fmt: skip
