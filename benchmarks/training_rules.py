"""Train what lesson 14 does not train itself: its stored table of update rules, and the rule that ships.

`OMP_NUM_THREADS=1 python -m benchmarks.training_rules` writes rules_results.json and shipped_rule.safetensors in the
room of lesson 14 after each training; what stands there is not trained again.
"""

from __future__ import annotations

import time
from pathlib import Path

import click
import torch
from safetensors.torch import save_file
from torch import Generator, Tensor

from benchmarks.missing import train_missing
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
from course_lib.lessons.lesson14.small_problems import Quadratics, networks
from course_lib.lessons.lesson14.tuned_classics import conjugate_gradients, train_by, tune

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.training_rules"
RULE_TO_SHIP = ("learned, 10 times", 0)


def measure(part: str, name: str, seed: int) -> Judged:
    """One row of the table."""
    start = time.process_time()
    if part == "quadratics":
        made = quadratic(name, seed, start)
    else:
        made = learned(name, seed, start) if name in RECIPES else classic(name, seed, start)
    ends, curve, rates, outer, seconds = made
    ends = {world: rounded(losses) for world, losses in ends.items()}
    return Judged(part, name, seed, ends, rounded(curve.mean(1)), rates, outer, seconds, torch.__version__)


def learned(name: str, seed: int, start: float) -> tuple:
    """A learned rule, and what it does in all worlds."""
    rule, (outer, cut) = new_rule(seed), RECIPES[name]
    meta_train(rule, seed, outer, cut=cut)
    seconds = spent(start)
    if (name, seed) == RULE_TO_SHIP:
        ship(rule, seconds)
    curves = {world: follow(rule, networks(TESTED, TEST, **kind), steps) for world, (steps, kind) in WORLDS.items()}
    return {world: curve[-1] for world, curve in curves.items()}, curves["as trained"], {}, outer, seconds


def classic(name: str, seed: int, start: float) -> tuple:
    """A rule of CLASSICS with the rate of the problems as trained, and with the rate of each world."""
    ends, rates, curve, seconds = {}, {}, None, 0.0
    for world, (steps, kind) in WORLDS.items():
        rates[world], _ = tune(name, networks(TUNED_ON, TUNING + seed, **kind), steps)
        seconds = seconds or spent(start)
        test = networks(TESTED, TEST, **kind)
        by_first, by_own = train_by(name, test, [rates["as trained"], rates[world]], steps).unbind(1)
        ends[world] = by_first[-1]
        if world == "as trained":
            curve = by_first
        else:
            ends[f"{world}, tuned"] = by_own[-1]
    return ends, curve, {world: round(rate, 6) for world, rate in rates.items()}, 0, seconds


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
        seconds, curve, rates = spent(start), train_by(name, test, rate, STEPS), {"as trained": round(rate, 6)}
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
