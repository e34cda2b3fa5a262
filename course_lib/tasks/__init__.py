"""Task distributions: each has `sample(n_tasks, generator) -> Episode`."""

from importlib import import_module

from course_lib.tasks.images import ImageTasks
from course_lib.tasks.sinusoids import Sinusoids

_LAZY = {"Scripts": "scripts", "Omniglot": "omniglot", "LakeRuns": "omniglot"}  # these load matplotlib or pooch

__all__ = ["ImageTasks", "LakeRuns", "Omniglot", "Scripts", "Sinusoids"]


def __getattr__(name: str):
    if name not in _LAZY:
        raise AttributeError(f"course_lib.tasks has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
