"""What lesson 09 states beyond what it trains itself: recipes, three trainings of each, and what came of them.

`OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson09.measured` trains what is missing in `measured.json` and stores
it after each training. With `--weights FOLDER` it trains the networks that ship, and writes them there.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import torch
from torch import Tensor

from course_lib.learners import MAML, InContext, Learner, Recurrent
from course_lib.lessons.lesson09 import judged
from course_lib.models import MLP
from course_lib.storage import save
from course_lib.tasks import AnyShot, GaussianProcess, Lines, Sinusoids
from course_lib.training import fit

TABLE = Path(__file__).with_name("measured.json")
COMMAND = "OMP_NUM_THREADS=1 python -m course_lib.lessons.lesson09.measured"
SEEDS = (0, 1, 2)  # of the trainings: first weights, and which tasks come
POOLS = (4, 32, 256, None)  # training tasks of the lines; None: a new one each time
META_BATCH = 64


@dataclass(frozen=True)
class Recipe:
    """How a network of the lesson is trained: `steps` outer steps of `META_BATCH` tasks, one cycle up to rate `lr`.

    Args:
        make: the learner, untrained.
        tasks: the training tasks; for lines, a function of the seed of their pool.
    """

    make: Callable[[], Learner]
    tasks: Callable[[int], object]
    steps: int
    lr: float


def sines(n_query: int = 4):
    """The sine waves of lesson 03, with 1 to 10 support points."""
    return AnyShot(Sinusoids(10, n_query))


def pooled(pool: int | None, seed: int = 0) -> Lines:
    """Lines in five dimensions, from so many training tasks."""
    return Lines(5, 12, 4, pool=pool, pool_seed=seed)


#: Sine waves: all see the same tasks, and as many. The small reader has no more weights than MAML's network.
RECIPES: dict[str, Recipe] = {
    "reader": Recipe(InContext, lambda seed: sines(), 1200, 3e-3),
    "small reader": Recipe(lambda: InContext(width=9, layers=2, heads=3), lambda seed: sines(), 1200, 5e-3),
    "GRU": Recipe(Recurrent, lambda seed: sines(), 1200, 5e-3),
    "MAML": Recipe(lambda: MAML(MLP((1, 40, 40, 1))), lambda seed: sines(), 1200, 5e-3),
}
#: Lines, by how many training tasks there are.
RECIPES |= {
    f"lines of {pool or 'endless'} tasks": Recipe(
        lambda: InContext(inputs=5), lambda seed, pool=pool: AnyShot(pooled(pool, seed)), 1200, 3e-3
    )
    for pool in POOLS
}
RECIPES["lines in 3 dimensions"] = Recipe(
    lambda: InContext(inputs=3), lambda seed: AnyShot(Lines(3, 12, 4)), 2000, 3e-3
)
RECIPES["curves"] = Recipe(lambda: InContext(spread=True), lambda seed: AnyShot(GaussianProcess(20, 8)), 1500, 3e-3)
#: The networks that ship, by their file. The explorer draws lines with an intercept on a plane.
SHIPPED: dict[str, Recipe] = {
    f"reader_lines_{pool or 'endless'}": Recipe(
        lambda: InContext(width=32), lambda seed, pool=pool: AnyShot(on_a_plane(pool)), 1500, 4e-3
    )
    for pool in (4, 32, None)
}
SHIPPED["reader_curves"] = RECIPES["curves"]


def on_a_plane(pool: int | None = None) -> Lines:
    """Lines with a slope and an intercept: what the explorer's readers were trained on, with 1 to 12 points."""
    return Lines(1, 12, 4, intercept=True, pool=pool)


def one_cycle(lr: float, steps: int):
    """For `fit`: the outer learning rate rises to `lr` in a tenth of the steps, and falls to 0."""
    return lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps, pct_start=0.1)


def train(recipe: Recipe, seed: int = 0, steps: int | None = None, **more) -> Learner:
    """A recipe's learner, trained, on the CPU.

    Args:
        recipe: one of RECIPES or SHIPPED.
        seed: of the first weights and of the tasks.
        steps: outer steps, if not the recipe's.
        more: for `fit`.
    """
    torch.manual_seed(seed)
    learner, steps = recipe.make(), steps or recipe.steps
    how = {"progress": False, "log_every": max(1, steps // 20)} | more
    fit(learner, recipe.tasks(seed), steps, meta_batch=META_BATCH, lr=recipe.lr, schedule=one_cycle(recipe.lr, steps),
        seed=seed, device="cpu", **how)  # fmt: skip
    return learner


@dataclass(frozen=True)
class Measured:
    """What came of one training, or of a formula.

    Args:
        name: a key of RECIPES; a formula of `judged.FORMULAS`, or a shipped MAML.
        seed: of the training; of a formula, that of the pool.
        steps: outer steps; 0 of what was not trained here.
        weights: how many.
        seconds: of processor time on one thread, for the training.
        found: numbers by what was asked, such as "error, in the range, 5 points": see `judged`.
        torch: with which version.
    """

    name: str
    seed: int
    steps: int
    weights: int
    seconds: float
    found: dict[str, float | None]
    torch: str


def planned() -> list[tuple[str, int]]:
    """Name and seed of every row of the table."""
    trained = [(name, seed) for seed in SEEDS for name in RECIPES]
    known = [("ridge", seed) for seed in SEEDS] + [("least squares", 0), ("answer 0", 0)]
    return trained + known + [(name, 0) for name in judged.MAMLS]


def measure(name: str, seed: int, steps: int | None = None, **few) -> Measured:
    """Train one of the table and judge it.

    Args:
        steps: outer steps, if not the recipe's.
        few: of `judged`: fewer test tasks.
    """
    start = time.process_time()
    if name in RECIPES:
        recipe = RECIPES[name]
        learner, steps = train(recipe, seed, steps), steps or recipe.steps
    else:
        learner, steps = judged.made(name), 0
    seconds = time.process_time() - start
    found = {asked: _short(value) for asked, value in judged.judge(name, learner, seed, **few).items()}
    weights = sum(p.numel() for p in learner.parameters())
    return Measured(name, seed, steps, weights, round(seconds, 1), found, torch.__version__)


def _short(value: float) -> float | None:
    """Four digits; `None`, which JSON has, for a number that is none."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def read(path: Path | str = TABLE) -> dict[tuple[str, int], Measured]:
    """The stored rows by name and seed."""
    rows = json.loads(Path(path).read_text(encoding="utf-8"))["rows"]
    return {(row["name"], row["seed"]): Measured(**row) for row in rows}


def numbers(found: dict[tuple[str, int], Measured], name: str, asked: str) -> Tensor:
    """One number of every training of a recipe, `[trainings]`, float64; infinite where it diverged.

    Args:
        found: what `read` gave.
        name: of the recipe or formula.
        asked: which number.
    """
    values = [row.found[asked] for (who, _), row in sorted(found.items()) if who == name]
    return torch.tensor([math.inf if value is None else value for value in values], dtype=torch.float64)


def write(rows: list[Measured], path: Path | str = TABLE):
    """Store them, one a line; the old table stands until the new one is whole."""
    lines = ",\n".join(json.dumps(asdict(row), separators=(",", ":")) for row in rows)
    partial = Path(path).with_name(Path(path).name + ".partial")
    partial.write_text(f'{{"command":"{COMMAND}",\n"rows":[\n{lines}\n]}}\n', encoding="utf-8", newline="\n")
    partial.replace(path)


@click.command()
@click.option("--output", default=str(TABLE), show_default=True)
@click.option("--weights", type=click.Path(file_okay=False), help="Train the networks that ship, into this folder.")
def main(output, weights):
    """Train what is missing and store it after every training."""
    torch.set_num_threads(1)
    if weights is not None:
        for name, recipe in SHIPPED.items():
            start = time.process_time()
            learner = train(recipe)
            seconds = round(time.process_time() - start, 1)
            save(learner, Path(weights) / f"{name}.safetensors", command=f"{COMMAND} --weights data/pretrained",
                 seconds=seconds, steps=recipe.steps, device="cpu")  # fmt: skip
            click.echo(f"{name} in {seconds} s")
        return
    found = read(output) if Path(output).exists() else {}
    for identity in planned():
        if identity not in found:
            found[identity] = made = measure(*identity)
            click.echo(f"{identity} in {made.seconds} s: {made.found}")
            write(list(found.values()), output)


if __name__ == "__main__":
    main()
