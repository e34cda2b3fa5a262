"""Meta-learners, one file a family."""

from course_lib.learners.base import Learner, loss_of
from course_lib.learners.prototypical import PrototypicalNet, prototypes, squared_distances

#: The names that the command line and weight files use.
LEARNERS = {"prototypical": PrototypicalNet}

__all__ = ["LEARNERS", "Learner", "PrototypicalNet", "loss_of", "prototypes", "squared_distances"]
