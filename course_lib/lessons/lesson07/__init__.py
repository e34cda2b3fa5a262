"""What lesson 07 needs, relation networks."""

from course_lib.lessons.lesson07 import ten_trainings
from course_lib.lessons.lesson07.relation_heatmap import RelationHeatmap
from course_lib.lessons.lesson07.ring_picture import draw_ring
from course_lib.lessons.lesson07.vectors import Clouds, Ring

__all__ = ["Clouds", "RelationHeatmap", "Ring", "draw_ring", "ten_trainings"]
