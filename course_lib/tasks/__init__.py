"""Task distributions: each has `sample(n_tasks, generator) -> Episode`."""

from course_lib.tasks.images import ImageTasks
from course_lib.tasks.sinusoids import Sinusoids

__all__ = ["ImageTasks", "Sinusoids"]
