"""The glyphs of the world's writing systems, rewritten by simulated hands: the data that ships with the course."""

from course_lib.tasks.scripts.scripts import Scripts

__all__ = ["Scripts"]
