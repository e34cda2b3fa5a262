"""What lesson 07 needs, relation networks."""

from course_lib.lessons.lesson07.relation_heatmap import RelationHeatmap

__all__ = ["RelationHeatmap"]
