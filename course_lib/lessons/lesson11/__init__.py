"""What lesson 11 needs, a new person."""

from course_lib.lessons.lesson11.person_explorer import PersonExplorer

__all__ = ["PersonExplorer"]
