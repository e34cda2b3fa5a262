"""What lesson 14, learning to train, needs."""

from course_lib.lessons.lesson14.horizon_explorer import HorizonExplorer

__all__ = ["HorizonExplorer"]
