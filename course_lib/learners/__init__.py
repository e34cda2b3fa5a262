"""Meta-learners and baselines, one file a family."""

from inspect import signature

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
from course_lib.learners.distances import cosine_similarities, squared_distances
from course_lib.learners.hausdorff import ModifiedHausdorff, modified_hausdorff
from course_lib.learners.implicit import ImplicitMAML, conjugate_gradients
from course_lib.learners.in_context import InContext, surprise
from course_lib.learners.maml import MAML, inner_step
from course_lib.learners.maml_plus_plus import MAMLPlusPlus
from course_lib.learners.matching import MatchingNet, attention
from course_lib.learners.metric import MetricLearner
from course_lib.learners.policy_gradient import (
    ActingMAML,
    GaussianPolicy,
    advantages,
    log_probability,
    reward_to_go,
)
from course_lib.learners.prototypical import PrototypicalNet, as_linear, prototypes
from course_lib.learners.recurrent import Recurrent
from course_lib.learners.relation import RelationModule, RelationNet, concatenate_pairs, relation_loss
from course_lib.learners.reptile import Reptile
from course_lib.learners.ridge_head import RidgeHead, ridge_head
from course_lib.learners.siamese import SiameseNet

#: The names that the command line and weight files use.
LEARNERS = {
    "prototypical": PrototypicalNet, "matching": MatchingNet, "siamese": SiameseNet, "relation": RelationNet,
    "maml": MAML, "maml_plus_plus": MAMLPlusPlus, "reptile": Reptile, "implicit_maml": ImplicitMAML, "joint": Joint,
    "in_context": InContext, "recurrent": Recurrent, "ridge_head": RidgeHead, "hausdorff": ModifiedHausdorff,
    "nearest_neighbour": NearestNeighbour, "linear_probe": LinearProbe, "fine_tune": FineTune,
}  # fmt: skip

__all__ = [
    "LEARNERS", "MAML", "ActingMAML", "FineTune", "GaussianPolicy", "ImplicitMAML", "InContext", "Joint", "Learner",
    "LinearProbe", "MAMLPlusPlus", "MatchingNet", "MetricLearner", "ModifiedHausdorff", "NearestNeighbour",
    "PrototypicalNet", "Recurrent", "RelationModule", "RelationNet", "Reptile", "RidgeHead", "SiameseNet",
    "advantages", "as_linear", "attention", "concatenate_pairs", "conjugate_gradients", "cosine_similarities",
    "inner_step", "log_probability", "loss_of", "mean_curve", "meant", "modified_hausdorff", "nearest_neighbour",
    "probe_step", "prototypes", "relation_loss", "reward_to_go", "ridge_head", "squared_distances", "surprise",
]  # fmt: skip


def meant(name: str, settings: dict) -> tuple[str, dict]:
    """The learner and the settings that a command line or a weights file means by a name of LEARNERS.

    Before version 0.5 "maml" had the settings that only MAML++ has now, and the weights that ship were saved then: it
    is MAML++ if one of them is not what it is without being said, and otherwise they are left out.
    """
    if name != "maml":
        return name, settings
    added = {k: p.default for k, p in signature(MAMLPlusPlus).parameters.items() if k not in signature(MAML).parameters}
    if any(settings[setting] != added[setting] for setting in added.keys() & settings):
        return "maml_plus_plus", settings
    return name, {setting: value for setting, value in settings.items() if setting not in added}
