"""What lesson 12 needs, a changed arm."""

from course_lib.lessons.lesson12.arm_explorer import ArmExplorer

__all__ = ["ArmExplorer"]
