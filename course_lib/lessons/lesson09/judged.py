"""How the trainings of lesson 09 are judged: on the same test tasks, inside the training range and outside."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_lib.evaluation import evaluate
from course_lib.learners import MAML, InContext, Learner, surprise
from course_lib.paths import pretrained
from course_lib.storage import load
from course_lib.tasks import GaussianProcess, Lines, Sinusoids
from course_lib.tasks.lines import least_squares, ridge

JUDGE = 1000  # seed of the test tasks, the same for all
N_TASKS = 600
MAML_TASKS = 200  # the first of them: a hundred steps take their time
MAML_STEPS = (1, 10, 100)

#: Sine waves: what they are, and numbers of points.
SINES = {
    "in the range": {}, "other phases": {"phase": (math.pi, 2 * math.pi)}, "larger": {"amplitude": (5.0, 10.0)},
}  # fmt: skip
SINE_POINTS, MAML_POINTS = (1, 2, 3, 5, 10, 20), (5, 10)
LINE_POINTS = (1, 2, 3, 5, 8, 10, 12, 20, 30)  # with the last two none was trained
#: Gaussian processes: the prior of the training, and two worlds that are not from it.
CURVES = {"from the prior": {}, "rougher": {"length": 0.2}, "smoother": {"length": 1.8}, "noisier": {"noise": 0.3}}
CURVE_POINTS = (1, 2, 3, 5, 10, 20, 30)


class ByFormula(Learner):
    """A line fitted by a formula.

    Args:
        weights: a function of support x `[tasks, n, dim]` and y `[tasks, n, 1]` that gives `[tasks, dim, 1]`.
    """

    def __init__(self, weights: Callable[[Tensor, Tensor], Tensor]):
        super().__init__()
        self.weights = weights

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """The weights. In double precision: least squares needs it where points equal unknowns."""
        return self.weights(support_x.double(), support_y.double()).to(support_x.dtype)

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """`[tasks, n_query, 1]`."""
        return query_x @ adapted


#: The answers to lines that need no training. The strength of ridge is that of the noise, 0.25, and weights of size 1.
FORMULAS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "ridge": lambda x, y: ridge(x, y, 0.25**2),
    "least squares": least_squares,
    "answer 0": lambda x, y: torch.zeros_like(x[:, :1].mT),
}
#: The MAMLs of lesson 03 that ship, each for its number of points.
MAMLS = {"shipped MAML, 5 points": "maml_sinusoids_5", "shipped MAML, 10 points": "maml_sinusoids_10"}


def made(name: str) -> Learner:
    """A formula, or a MAML that ships."""
    return ByFormula(FORMULAS[name]) if name in FORMULAS else load(pretrained(MAMLS[name]))


def judge(name: str, learner: nn.Module, seed: int = 0, n_tasks: int = N_TASKS) -> dict[str, float]:
    """All that is stored of a learner.

    Args:
        name: of the recipe, formula or shipped MAML.
        learner: trained.
        seed: of the pool of lines that it was trained with.
        n_tasks: how many test tasks.
    """
    if name == "curves":
        return judge_curves(learner, n_tasks)
    if name in FORMULAS:  # ridge is judged on the pools as well
        pools = (4, 32, 256) if name == "ridge" else ()
        return judge_lines(learner, n_tasks, pools, seed) | judge_lines(learner, n_tasks, dim=3)
    if name == "lines in 3 dimensions":
        return judge_lines(learner, n_tasks, dim=3)
    if name.startswith("lines of"):
        pool = name.split()[2]
        return judge_lines(learner, n_tasks, () if pool == "endless" else (int(pool),), seed)
    return judge_sines(learner, n_tasks)


def judge_sines(learner: nn.Module, n_tasks: int = N_TASKS) -> dict[str, float]:
    """Mean and median over tasks of the squared error: "error, other phases, 5 points", and of MAML "..., 10 steps"."""
    found, walks = {}, isinstance(learner, MAML)
    steps, n_tasks = (MAML_STEPS, min(MAML_TASKS, n_tasks)) if walks else ((None,), n_tasks)
    for world, ranges in SINES.items():
        for k in MAML_POINTS if walks else SINE_POINTS:
            for n in steps:
                who = learner if n is None else with_steps(learner, n)
                after = "" if n is None else f", {n} step{'s' * (n > 1)}"
                found |= _errors(who, Sinusoids(k, 100, **ranges), n_tasks, f"{world}, {k} point{'s' * (k > 1)}{after}")
    return found


def with_steps(learner: MAML, steps: int) -> MAML:
    """The same start, with another number of adaptation steps."""
    return MAML(learner.backbone, **(learner.config | {"steps": steps}))


def judge_lines(learner: nn.Module, n_tasks: int = N_TASKS, pools: tuple[int, ...] = (), seed: int = 0,
                dim: int = 5) -> dict[str, float]:  # fmt: skip
    """Mean and median of the squared distance to the line itself, by tasks and points: "error, new tasks, 5 points",
    "error, tasks of the 4, 5 points", "error, three times larger, 5 points", with weights three times as large. Where
    x has other than five numbers it is said: "error, new tasks in 3 dimensions, 5 points"."""
    found, worlds = {}, {"new tasks": {}, "three times larger": {"scale": 3.0}}
    worlds |= {f"tasks of the {pool}": {"pool": pool, "pool_seed": seed} for pool in pools}
    for world, more in worlds.items():
        where = world if dim == 5 else f"{world} in {dim} dimensions"
        for k in LINE_POINTS:
            tasks = Lines(dim, k, 20, clean_queries=True, **more)
            found |= _errors(learner, tasks, n_tasks, f"{where}, {k} point{'s' * (k > 1)}")
    return found


def _errors(learner: nn.Module, tasks, n_tasks: int, asked: str) -> dict[str, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a MAML that diverges: it shows in the mean
        scores = evaluate(learner, tasks, n_tasks, seed=JUDGE, batch=100).scores.double()
    scores = scores.nan_to_num(math.inf, math.inf)
    return {f"error, {asked}": scores.mean().item(), f"median, {asked}": scores.median().item()}


@torch.no_grad()
def judge_curves(learner: InContext, n_tasks: int = N_TASKS) -> dict[str, float]:
    """By world and points: "gap", how many nats the reader's surprise at a new point lies above that of the exact
    posterior of *that* world; "holds", how many percent of new points lie in its 95 % intervals; "exact holds", the
    same of the exact posterior of the *training* prior, which is wrong in other worlds as well."""
    found, prior = {}, GaussianProcess()
    for world, more in CURVES.items():
        for k in CURVE_POINTS:
            tasks = GaussianProcess(k, 20, **more)
            e = tasks.sample(n_tasks, torch.Generator().manual_seed(JUDGE + k))
            given = e.support_x, e.support_y, e.query_x
            mean, spread = learner.distribution(learner.adapt(e.support_x, e.support_y), e.query_x)
            asked, believed = f"{world}, {k} point{'s' * (k > 1)}", prior.posterior(*given)
            gap = surprise(mean, spread, e.query_y) - surprise(*tasks.posterior(*given), e.query_y)
            found |= {
                f"gap, {asked}": gap.double().mean().item(),
                f"holds, {asked}": holds(mean, spread, e.query_y),
                f"exact holds, {asked}": holds(*believed, e.query_y),
            }
    return found


def holds(mean: Tensor, spread: Tensor, y: Tensor) -> float:
    """How many percent of `y` lie within 1.96 spreads of the mean; all of one shape."""
    return 100 * ((y - mean).abs() <= 1.96 * spread).double().mean().item()
