"""Train what lesson 13 does not train itself: its stored table, and the policies that ship.

`OMP_NUM_THREADS=1 python -m benchmarks.acting` writes rl_results.json and shipped_policies.safetensors in the room of
lesson 13 after each training; what stands there is not trained again.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import click
import torch
from safetensors.torch import load_file, save_file

from benchmarks.missing import train_missing
from course_lib.lessons.lesson13 import rl_results
from course_lib.lessons.lesson13.grid import HiddenGoal
from course_lib.lessons.lesson13.optimal_pulls import bayes_optimal, given_away
from course_lib.lessons.lesson13.policy_recipes import SHIPPED, train_policy
from course_lib.lessons.lesson13.recurrent_policy import RecurrentPolicy
from course_lib.lessons.lesson13.rl_results import Run
from course_lib.lessons.lesson13.walkers import new_walker, returns, train_walker
from course_lib.statistics import ci95
from course_lib.tasks.bandits import InformativeArm

COMMAND = "OMP_NUM_THREADS=1 python -m benchmarks.acting"
LIVES, EXACT, GOALS = 20_000, 4_000, 100  # to judge: lives, lives of which every pull is looked at, goals
RATES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # tried for starts that were not trained to adapt, on other goals


def train(part: str, name: str, seed: int) -> Run:
    """One row of the table."""
    start = time.process_time()
    made = {"walkers": walker, "policies": policy}[part](name, seed, start)
    return Run(part, name, seed, *made, date.today().isoformat(), torch.__version__)


def spent(start: float) -> float:
    """Seconds of processor time."""
    return round(time.process_time() - start, 1)


def walker(name: str, seed: int, start: float) -> tuple[dict, float]:
    """A walker and what it earns as it adapts."""
    made = new_walker(seed) if name == "random start" else train_walker(name, seed, progress=False)
    seconds, lr = spent(start), made.config["lr"]
    if name in ("random start", "pretrained"):
        lr = max(RATES, key=lambda rate: returns(made, GOALS, 1, seed=1998, lr=rate)[1].mean().item())
    earned = returns(made, GOALS, lr=lr)  # [4, goals]
    return {"returns": rounded(earned.mean(1)), "ci": [round(ci95(row), 4) for row in earned], "lr": lr}, seconds


def policy(name: str, seed: int, start: float) -> tuple[dict, float]:
    """A recurrent policy and what it earns in a life."""
    recipe, _, bonus = name.partition(", ")
    made, _ = train_policy(recipe, seed, entropy=float(bonus) if bonus else None, progress=False)
    seconds, world = spent(start), made.world
    if seed == 0 and bonus in ("", "0.2"):
        ship(recipe, made)
    episode = world.sample(LIVES, torch.Generator().manual_seed(99))
    lives = {greedy: made.live(episode.support_x, episode.support_y, greedy) for greedy in (True, False)}
    if isinstance(world, HiddenGoal):
        lives["wiped"] = made.live(episode.support_x, episode.support_y, True, forget=range(0, world.steps, world.each))
        each = (world.episodes, world.each)
        by_episode = {key: life.rewards.unflatten(1, each).sum(2) for key, life in lives.items()}
        return {asked: rounded(by_episode[key].mean(0)) for asked, key in (
            ("episodes", True), ("sampled", False), ("wiped", "wiped"))}, seconds  # fmt: skip
    total = lives[True].rewards.sum(1)
    first = lives[True].actions[:, 0].bincount(minlength=world.actions) / LIVES
    values = {"reward": round(total.mean().item(), 4), "ci": round(ci95(total), 4), "first": rounded(first),
              "sampled": round(lives[False].rewards.sum(1).mean().item(), 4)}  # fmt: skip
    if not isinstance(world, InformativeArm):
        lost = given_away(lives[True].actions[:EXACT], lives[True].rewards[:EXACT], world.arms, world.safe).sum(1)
        best = bayes_optimal(world.arms, world.pulls, world.safe)
        values |= {"value": round(best - lost.mean().item(), 4), "value ci": round(ci95(lost), 4)}
    return values, seconds


def rounded(numbers: torch.Tensor) -> list[float]:
    """Four digits of each."""
    return [round(number, 4) for number in numbers.tolist()]


def ship(recipe: str, made: RecurrentPolicy, path: Path = SHIPPED):
    """Put the weights of a policy beside those that are stored already."""
    stored = load_file(path) if path.exists() else {}
    stored |= {f"{recipe}.{key}": value.detach().clone() for key, value in made.state_dict().items()}
    save_file(stored, path, {"command": COMMAND})


@click.command()
@click.option("--output", default=str(rl_results.TABLE), show_default=True)
def main(output):
    """Train what is missing and store it after every training."""
    train_missing(rl_results, rl_results.planned(), train, COMMAND, output, lambda made: str(made.values))


if __name__ == "__main__":
    main()
