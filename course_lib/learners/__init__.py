"""Meta-learners and baselines, one file a family."""

from course_lib.learners.base import Learner, loss_of
from course_lib.learners.baselines import (
    FineTune,
    Joint,
    LinearProbe,
    NearestNeighbour,
    mean_curve,
    nearest_neighbour,
    probe_step,
)  # fmt: skip
from course_lib.learners.implicit import ImplicitMAML, conjugate_gradients
from course_lib.learners.maml import MAML, inner_step
from course_lib.learners.prototypical import PrototypicalNet, prototypes, squared_distances
from course_lib.learners.reptile import Reptile

#: The names that the command line and weight files use.
LEARNERS = {
    "prototypical": PrototypicalNet, "maml": MAML, "reptile": Reptile, "implicit_maml": ImplicitMAML, "joint": Joint,
    "nearest_neighbour": NearestNeighbour, "linear_probe": LinearProbe, "fine_tune": FineTune,
}  # fmt: skip

__all__ = [
    "LEARNERS", "MAML", "FineTune", "ImplicitMAML", "Joint", "Learner", "LinearProbe", "NearestNeighbour",
    "PrototypicalNet", "Reptile", "conjugate_gradients", "inner_step", "loss_of", "mean_curve", "nearest_neighbour",
    "probe_step", "prototypes", "squared_distances",
]  # fmt: skip
