"""What lesson 05 needs, the MAML family."""

from course_lib.lessons.lesson05 import overfitting, repeated
from course_lib.lessons.lesson05.family_explorer import FamilyExplorer
from course_lib.lessons.lesson05.family_picture import COLOR, draw_paths, draw_prices
from course_lib.lessons.lesson05.price import measure_prices
from course_lib.lessons.lesson05.similarity import layer_outputs
from course_lib.lessons.lesson05.toy import VARIANTS, Bowls, three_bowls

__all__ = [
    "COLOR", "VARIANTS", "Bowls", "FamilyExplorer", "draw_paths", "draw_prices", "layer_outputs", "measure_prices",
    "overfitting", "repeated", "three_bowls",
]  # fmt: skip
