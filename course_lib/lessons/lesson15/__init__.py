"""What lesson 15, search that remembers, needs."""

from course_lib.lessons.lesson15.hidden_map import HiddenMap
from course_lib.lessons.lesson15.hidden_map_explorer import HiddenMapExplorer
from course_lib.lessons.lesson15.hidden_map_picture import Grid, draw_map

__all__ = ["Grid", "HiddenMap", "HiddenMapExplorer", "draw_map"]
