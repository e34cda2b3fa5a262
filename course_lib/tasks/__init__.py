"""Task distributions: each has `sample(n_tasks, generator) -> Episode`."""

from course_lib.tasks.any_shot import AnyShot
from course_lib.tasks.arm import Arms
from course_lib.tasks.folder import Folder
from course_lib.tasks.gaussian_process import GaussianProcess
from course_lib.tasks.images import ImageTasks
from course_lib.tasks.lines import Lines
from course_lib.tasks.memorised import FewTasks
from course_lib.tasks.navigation import Navigation
from course_lib.tasks.omniglot import LakeRuns, Omniglot
from course_lib.tasks.people import People
from course_lib.tasks.scripts.scripts import Scripts
from course_lib.tasks.sinusoids import Sinusoids
from course_lib.tasks.syllabics import Syllabics
from course_lib.tasks.words import Words

__all__ = [
    "AnyShot", "Arms", "FewTasks", "Folder", "GaussianProcess", "ImageTasks", "LakeRuns", "Lines", "Navigation",
    "Omniglot", "People", "Scripts", "Sinusoids", "Syllabics", "Words",
]  # fmt: skip
