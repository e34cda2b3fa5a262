"""Ten trainings of lesson 03's MAML, exact and to first order, and with half the inner learning rate: a stored table.

`python -m course_lib.lessons.lesson03.ten_starts` makes `ten_starts.json` (some minutes with one thread). Training `s`
is what the lesson does in quick with SEED = s.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch.nn import functional as F

from course_lib import fit
from course_lib.learners import loss_of
from course_lib.learners.maml import MAML
from course_lib.models import MLP
from course_lib.tasks import Sinusoids

TABLE = Path(__file__).with_name("ten_starts.json")
STEPS = 2_000


def trained(seed: int, lr: float, order: int) -> MLP:
    """The start that MAML with one inner step finds."""
    torch.manual_seed(seed)
    backbone = MLP((1, 40, 40, 1))
    learner, tasks = MAML(backbone, steps=1, lr=lr, order=order), Sinusoids(shot=10, query=10)
    fit(learner, tasks, STEPS, meta_batch=25, lr=3e-3, seed=seed, device="cpu", progress=False)
    return backbone


def error_after_one_step(start: MLP, seed: int, lr: float = 0.01) -> float:
    """Mean squared error on the queries of 600 new tasks."""
    test = Sinusoids(10, query=100).sample(600, torch.Generator().manual_seed(seed + 1000))
    learner = MAML(start, 1, lr)
    with torch.no_grad():
        return loss_of(
            learner.predict(learner.adapt(test.support_x, test.support_y), test.query_x), test.query_y
        ).item()


def curvature_along(start: MLP, seed: int) -> float:
    """The curvature h of the support loss along its gradient, median over 100 new tasks."""
    params, found = list(start.parameters()), []
    test = Sinusoids(10, query=10).sample(100, torch.Generator().manual_seed(seed + 2000))
    for x, y in zip(test.support_x, test.support_y, strict=True):
        g = torch.autograd.grad(F.mse_loss(start(x), y), params, create_graph=True)
        squared = sum((a * a.detach()).sum() for a in g)
        Hg = torch.autograd.grad(squared, params)
        found.append(sum((a * b).sum() for a, b in zip(g, Hg, strict=True)) / squared)
    return torch.stack(found).median().item()


def made(seeds=range(10), half=range(3)) -> dict[str, list[float]]:
    """By name a number for each seed: errors after one step, and alpha h along the gradient, each at its own alpha."""
    starts = {seed: trained(seed, 0.01, 2) for seed in seeds}
    table = {
        "exact": [error_after_one_step(starts[seed], seed) for seed in seeds],
        "first order": [error_after_one_step(trained(seed, 0.01, 1), seed) for seed in seeds],
        "alpha h": [0.01 * curvature_along(starts[seed], seed) for seed in seeds],
        "alpha h, half the rate": [0.005 * curvature_along(trained(seed, 0.005, 2), seed) for seed in half],
    }
    return {name: [round(value, 4) for value in found] for name, found in table.items()}


def ten_trainings() -> dict[str, list[float]]:
    """The stored table, see `made`."""
    return json.loads(TABLE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    rows = (f" {json.dumps(name)}: {found}" for name, found in made().items())
    TABLE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
