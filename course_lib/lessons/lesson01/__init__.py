"""What lesson 01 needs, tasks and episodes."""

from course_lib.lessons.lesson01.episode_explorer import EpisodeExplorer

__all__ = ["EpisodeExplorer"]
