"""What lesson 12 needs, a changed arm."""

from course_lib.lessons.lesson12.arm_explorer import ArmExplorer
from course_lib.lessons.lesson12.arm_picture import MODEL_COLORS
from course_lib.lessons.lesson12.asks import Swings
from course_lib.lessons.lesson12.control import circle, follow_circle, inverse_of
from course_lib.lessons.lesson12.identify import five_movements, payload_spread
from course_lib.lessons.lesson12.known_equation import KnownEquation, prior_of, rows

__all__ = [
    "MODEL_COLORS", "ArmExplorer", "KnownEquation", "Swings", "circle", "five_movements", "follow_circle", "inverse_of",
    "payload_spread", "prior_of", "rows",
]  # fmt: skip
