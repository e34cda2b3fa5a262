"""What lesson 14, learning to train, needs."""

from course_lib.lessons.lesson14 import rules_results
from course_lib.lessons.lesson14.horizon_explorer import HorizonExplorer
from course_lib.lessons.lesson14.hypergradient import (
    SmallTraining,
    finite_difference,
    losses_at,
    reverse_hypergradient,
    trained,
)
from course_lib.lessons.lesson14.learned_rule import CUT, OUTER, STEPS, follow, new_rule, shipped_rule
from course_lib.lessons.lesson14.many_decays import (
    USEFUL,
    ManyDecays,
    best_single_decay,
    compared,
    conjugate_hypergradient,
    exact_hypergradient,
)
from course_lib.lessons.lesson14.noisy_quadratic import (
    CURVATURE,
    NOISE,
    SECOND_MOMENTS,
    best_constant,
    best_rates,
    greedy_rates,
    simulated_losses,
)
from course_lib.lessons.lesson14.rules_results import WORLDS
from course_lib.lessons.lesson14.small_problems import SmallNetworks, gradient, networks
from course_lib.lessons.lesson14.tuned_classics import CLASSICS, RATES, train_by

__all__ = [
    "CLASSICS", "CURVATURE", "CUT", "NOISE", "OUTER", "RATES", "SECOND_MOMENTS", "STEPS", "USEFUL", "WORLDS",
    "HorizonExplorer", "ManyDecays", "SmallNetworks", "SmallTraining", "best_constant", "best_rates",
    "best_single_decay", "compared", "conjugate_hypergradient", "exact_hypergradient",
    "finite_difference", "follow", "gradient", "greedy_rates", "losses_at", "networks", "new_rule",
    "reverse_hypergradient", "rules_results", "shipped_rule", "simulated_losses", "train_by",
    "trained",
]  # fmt: skip
