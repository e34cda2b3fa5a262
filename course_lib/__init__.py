"""Learning to Learn: the helper library of an interactive course in meta-learning.

Every meta-learner is two verbs: *adapt* reads a support set, *predict* answers for queries.

    tasks --sample--> Episode --adapt, predict--> predictions --loss--> fit / evaluate --> plots, widgets
"""

from course_lib import learners, models, tasks
from course_lib.compute.devices import describe_machine, pick_device
from course_lib.episode import Episode
from course_lib.evaluation import Result, evaluate
from course_lib.exercises import answer, check, hint, predict, quiz, solution
from course_lib.history import History
from course_lib.profile import is_quick
from course_lib.storage import load, save
from course_lib.training import fit

__version__ = "0.5.0"
__all__ = [
    "Episode", "History", "Result", "answer", "check", "describe_machine", "evaluate", "fit", "hint", "is_quick",
    "learners", "load", "models", "pick_device", "predict", "quiz", "save", "solution", "tasks",
]  # fmt: skip
