"""Train what lesson 14 does not train itself: its stored table of update rules, and the rule that ships.

`OMP_NUM_THREADS=1 python -m benchmarks.training_rules` writes rules_results.json and shipped_rule.safetensors in the
room of lesson 14 after each training; what stands there is not trained again.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import click
import torch
from safetensors.torch import save_file
from torch import Generator, Tensor

from benchmarks.missing import train_missing
from benchmarks.rules_together import meta_train_together
from course_lib.lessons.lesson14 import rules_results
from course_lib.lessons.lesson14.learned_rule import SHIPPED, STEPS, LearnedRule, follow, meta_train, new_rule
from course_lib.lessons.lesson14.lstm_rule import LSTMRule
from course_lib.lessons.lesson14.rules_results import (
    LSTM_OUTER,
    RECIPES,
    TEST,
    TESTED,
    TUNED_ON,
    TUNING,
    WORLDS,
    Judged,
)
from course_lib.lessons.lesson14.small_problems import Quadratics, SmallNetworks, networks
from course_lib.lessons.lesson14.tuned_classics import RATES, conjugate_gradients, train_by, tune

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.training_rules"
RULE_TO_SHIP = ("learned, 10 times", 0)


def measure(part: str, name: str, seed: int) -> Judged:
    """One row of the table."""
    kinds = {"networks": learned if name in RECIPES else classic, "tuned there": tuned_there, "quadratics": quadratic}
    start = time.process_time()
    ends, curve, rates, outer, seconds = kinds[part](name, seed, start)
    ends = {world: rounded(losses) for world, losses in ends.items()}
    return Judged(part, name, seed, ends, rounded(curve.mean(1)), rates, outer, seconds, torch.__version__)


@cache
def made_together(name: str) -> tuple[dict[int, LearnedRule], float]:
    """The rules of a recipe by seed, trained side by side, and the seconds of each."""
    start, (outer, cut, seeds) = time.process_time(), RECIPES[name]
    rules = [new_rule(seed) for seed in seeds]
    meta_train_together(rules, seeds, outer, cut)
    return dict(zip(seeds, rules, strict=True)), round(spent(start) / len(seeds), 1)


def learned(name: str, seed: int, start: float) -> tuple:
    """A learned rule, and what it does in all worlds."""
    rules, seconds = made_together(name)
    if (name, seed) == RULE_TO_SHIP:
        ship(rules[seed], seconds)
    curves = {world: follow(rules[seed], test_problems(world), steps) for world, (steps, _) in WORLDS.items()}
    return {world: curve[-1] for world, curve in curves.items()}, curves["as trained"], {}, RECIPES[name][0], seconds


@cache
def test_problems(world: str) -> SmallNetworks:
    """Those of a world that all rules are judged on."""
    return networks(TESTED, TEST, **WORLDS[world][1])


@cache
def judged(name: str, world: str, rate: float) -> Tensor:
    """What a classic does there, `[steps + 1, problems]`."""
    return train_by(name, test_problems(world), rate, WORLDS[world][0])


@cache
def chosen(name: str, world: str, seed: int, rates: tuple[float, ...] = RATES) -> float:
    """The best of some rates on problems of that world that no test sees."""
    steps, kind = WORLDS[world]
    return tune(name, networks(TUNED_ON, TUNING + seed, **kind), steps, rates)[0]


def classic(name: str, seed: int, start: float) -> tuple:
    """A rule of CLASSICS with the rate that is best as trained, in all worlds."""
    rate = chosen(name, "as trained", seed)
    seconds, curves = spent(start), {world: judged(name, world, rate) for world in WORLDS}
    return {world: curve[-1] for world, curve in curves.items()}, curves["as trained"], {"as trained": rate}, 0, seconds


def tuned_there(name: str, seed: int, start: float) -> tuple:
    """A rule of CLASSICS with a rate chosen in each world, among the best as trained and three on each side."""
    first = RATES.index(chosen(name, "as trained", seed))
    near = RATES[max(first - 3, 0) : first + 4]
    rates = {world: chosen(name, world, seed, near) for world in WORLDS if world != "as trained"}
    curves = {world: judged(name, world, rate) for world, rate in rates.items()}
    return {world: curve[-1] for world, curve in curves.items()}, curves["ReLU"], rates, 0, spent(start)


def quadratic(name: str, seed: int, start: float) -> tuple:
    """A rule on quadratics."""
    test, rates, outer = Quadratics(TESTED, Generator().manual_seed(TEST)), {}, 0
    if name == "conjugate gradients":
        curve, rough = (conjugate_gradients(test, 10, dtype) for dtype in (torch.float64, torch.float32))
        return {"10 steps": curve[-1], "10 steps, 32 bits": rough[-1]}, curve, rates, outer, spent(start)
    if name == "LSTM":
        torch.manual_seed(seed)
        rule, outer = LSTMRule(), LSTM_OUTER
        meta_train(rule, seed, outer, problems=64, make=Quadratics)
        seconds, curve = spent(start), follow(rule, test)
    else:
        rate, _ = tune(name, Quadratics(TUNED_ON, Generator().manual_seed(TUNING + seed)), STEPS)
        seconds, curve, rates = spent(start), train_by(name, test, rate, STEPS), {"as trained": rate}
    return {"as trained": curve[-1]}, curve, rates, outer, seconds


def rounded(numbers: Tensor) -> list[float]:
    """Three digits of each."""
    return [float(f"{number:.3g}") for number in numbers.tolist()]


def spent(start: float) -> float:
    """Seconds of processor time."""
    return round(time.process_time() - start, 1)


def ship(rule: LearnedRule, seconds: float, path: Path = SHIPPED):
    """Store the weights, with how they came about."""
    state = {name: value.detach().clone() for name, value in rule.state_dict().items()}
    save_file(state, path, {"command": COMMAND, "seconds": str(seconds)})


@click.command()
@click.option("--output", default=str(rules_results.TABLE), show_default=True)
def main(output):
    """Measure what is missing and store it after every row."""
    train_missing(rules_results, rules_results.planned(), measure, COMMAND, output, lambda row: str(
        {world: round(sum(losses) / len(losses), 4) for world, losses in row.ends.items()}))  # fmt: skip


if __name__ == "__main__":
    main()
