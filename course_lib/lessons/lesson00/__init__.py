"""What lesson 00 needs, drawing a symbol of your own."""

from course_lib.lessons.lesson00.drawing import PEN, SIDE, SYMBOLS, rasterise, write
from course_lib.lessons.lesson00.sketchpad import Sketchpad

__all__ = ["PEN", "SIDE", "SYMBOLS", "Sketchpad", "rasterise", "write"]
