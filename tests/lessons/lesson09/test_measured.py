"""The stored trainings of lesson 09: whole, of the room's recipes, and read rightly; and how they are judged."""

import json
import math

import pytest
import torch
from click.testing import CliRunner
from torch.testing import assert_close

from course_lib import evaluate, load
from course_lib.learners import MAML, InContext
from course_lib.lessons.lesson09 import judged, measured
from course_lib.lessons.lesson09.measured import RECIPES, SEEDS, SHIPPED
from course_lib.models import MLP
from course_lib.paths import pretrained
from course_lib.tasks import GaussianProcess, Lines, Sinusoids


@pytest.fixture(scope="module")
def stored():
    return measured.read()


def weights(learner):
    return sum(p.numel() for p in learner.parameters())


def test_the_table_holds_what_is_planned_of_these_recipes(stored):
    assert set(stored) == set(measured.planned()) and len(SEEDS) == 3
    assert json.loads(measured.TABLE.read_text(encoding="utf-8"))["command"] == measured.COMMAND
    for (name, _), row in stored.items():
        if name in RECIPES:
            assert (row.steps, row.weights) == (RECIPES[name].steps, weights(RECIPES[name].make())) and row.seconds > 1


def test_what_is_stored_is_judged_again_with_the_same_numbers(stored):
    five = evaluate(judged.made("ridge"), Lines(5, 5, 20, clean_queries=True), judged.N_TASKS, seed=judged.JUDGE)
    row = stored["ridge", 0].found
    assert row["error, new tasks, 5 points"] == pytest.approx(five.mean, rel=1e-2)
    assert row["median, new tasks, 5 points"] == pytest.approx(five.scores.median().item(), rel=1e-2)
    ten = judged.with_steps(judged.made("shipped MAML, 10 points"), 10)
    found = evaluate(ten, Sinusoids(10, 100), judged.MAML_TASKS, seed=judged.JUDGE).mean
    row = stored["shipped MAML, 10 points", 0].found
    assert row["error, in the range, 10 points, 10 steps"] == pytest.approx(found, rel=2e-2)


def test_the_curve_reader_that_ships_is_the_first_training_of_the_table(stored):
    found, row = judged.judge_curves(load(pretrained("reader_curves"))), stored["curves", 0].found
    assert set(found) == set(row)
    assert all(
        row[asked] == pytest.approx(value, abs=0.01 if "gap" in asked else 0.3) for asked, value in found.items()
    )


def test_numbers_are_read_by_recipe_and_question(stored):
    at = measured.numbers(stored, "reader", "error, in the range, 5 points")
    assert at.tolist() == [stored["reader", s].found["error, in the range, 5 points"] for s in SEEDS]
    diverged = {("a", 0): measured.Measured("a", 0, 1, 1, 1.0, {"error": None}, "2")}
    assert measured.numbers(diverged, "a", "error").tolist() == [math.inf]


def test_what_is_stored_is_not_trained_again(stored, tmp_path, monkeypatch):
    path, missing = tmp_path / "table.json", ("lines of 4 tasks", 1)
    measured.write([row for identity, row in stored.items() if identity != missing], path)
    asked = []
    monkeypatch.setattr(measured, "measure", lambda *identity: asked.append(identity) or stored[missing])
    done = CliRunner().invoke(measured.main, ["--output", str(path)])
    assert done.exit_code == 0, done.output
    assert asked == [missing] and measured.read(path) == stored


def test_the_networks_that_ship_are_trained_by_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(measured, "SHIPPED", {"reader_lines_4": SHIPPED["reader_lines_4"]})
    monkeypatch.setattr(measured, "train", lambda recipe: recipe.make())
    done = CliRunner().invoke(measured.main, ["--weights", str(tmp_path)])
    assert done.exit_code == 0, done.output
    again, kept = load(tmp_path / "reader_lines_4.safetensors"), load(pretrained("reader_lines_4"))
    assert again.config == kept.config


@pytest.mark.parametrize("name", [*RECIPES, *SHIPPED])
def test_each_recipe_takes_its_steps_and_the_seed_decides(name):
    recipe, trained = (RECIPES | SHIPPED)[name], []
    for seed in (1, 1, 2):
        learner = measured.train(recipe, seed, 2)
        trained.append(torch.cat([p.detach().flatten() for p in learner.parameters()]))
    assert torch.equal(trained[0], trained[1]) and not torch.equal(trained[0], trained[2])


def test_the_small_reader_has_no_more_weights_than_maml():
    assert weights(RECIPES["small reader"].make()) <= weights(RECIPES["MAML"].make()) == weights(MLP((1, 40, 40, 1)))


@pytest.mark.parametrize("pool", [4, 32])
def test_the_readers_of_few_lines_know_their_own(pool):
    """Better than ridge on the lines that they were trained with, which ridge cannot know; worse on new ones."""
    reader, few = load(pretrained(f"reader_lines_{pool}")), measured.on_a_plane(pool)
    for tasks in (few, measured.on_a_plane()):
        tasks.shot, tasks.query, tasks.clean_queries = 3, 20, True
        e = tasks.sample(400, torch.Generator().manual_seed(5))
        by_ridge = judged.ridge(tasks.features(e.support_x), e.support_y, tasks.noise**2)
        off = (tasks.features(e.query_x) @ by_ridge - e.query_y).square().mean()
        mine = evaluate(reader, e).mean
        assert (mine < off) == (tasks is few)


@pytest.fixture
def few_steps(monkeypatch):
    """Twenty adaptation steps in place of a hundred."""
    monkeypatch.setattr(judged, "MAML_STEPS", (1, 20))


def test_judged_sines_are_what_evaluate_says(few_steps):
    learner = MAML(MLP((1, 8, 1)), lr=0.01).eval()
    found = judged.judge_sines(learner, 20)
    for steps, said in ((1, "1 step"), (20, "20 steps")):
        scores = evaluate(judged.with_steps(learner, steps), Sinusoids(5, 100, phase=(math.pi, 2 * math.pi)), 20,
                          seed=judged.JUDGE).scores  # fmt: skip
        assert found[f"error, other phases, 5 points, {said}"] == pytest.approx(scores.mean().item(), rel=1e-4)
        assert found[f"median, other phases, 5 points, {said}"] == pytest.approx(scores.median().item(), rel=1e-4)
    assert learner.config["steps"] == 1 and all("1 points" not in asked for asked in found)


def test_a_learner_that_diverges_has_an_infinite_error_and_a_median(few_steps):
    learner = MAML(MLP((1, 40, 40, 1)), lr=5.0).eval()
    found = judged.judge_sines(learner, 6)
    assert found["error, larger, 10 points, 20 steps"] == math.inf
    assert measured._short(math.inf) is None and measured._short(0.123456) == 0.1235


def test_formulas_answer_with_what_they_say():
    e = Lines(5, 8, 3).sample(2, torch.Generator().manual_seed(0))
    x, y = e.support_x.double(), e.support_y.double()
    w = torch.linalg.solve(x.mT @ x + 0.0625 * torch.eye(5, dtype=x.dtype), x.mT @ y)
    assert_close(judged.made("ridge")(e), e.query_x @ w.float())
    assert_close(judged.made("least squares")(e), e.query_x @ torch.linalg.lstsq(x, y).solution.float())
    assert torch.equal(judged.made("answer 0")(e), torch.zeros(2, 3, 1))


def test_lines_are_judged_on_new_ones_on_larger_ones_and_on_the_pool():
    found = judged.judge_lines(judged.made("answer 0"), 150, (4,), 2)
    assert found["error, new tasks, 5 points"] == pytest.approx(5, rel=0.2)  # the sum of five squared weights
    assert found["error, three times larger, 5 points"] == pytest.approx(
        9 * found["error, new tasks, 5 points"], rel=1e-4
    )
    own = Lines(5, pool=4, pool_seed=2).pool.square().sum((1, 2)).mean().item()
    assert found["error, tasks of the 4, 5 points"] == pytest.approx(own, rel=0.2)


class Exact(InContext):
    """Knows the prior."""

    def distribution(self, adapted, query_x):
        return GaussianProcess().posterior(*adapted, query_x)


def test_the_exact_posterior_has_no_gap_at_home_and_its_intervals_are_those_of_the_prior_abroad():
    found = judged.judge_curves(Exact(spread=True, width=4, heads=1, layers=1), 200)
    assert found["gap, from the prior, 5 points"] == 0 < found["gap, rougher, 5 points"]
    assert all(found[f"holds, {w}, 10 points"] == found[f"exact holds, {w}, 10 points"] for w in judged.CURVES)
    assert found["holds, from the prior, 10 points"] == pytest.approx(95, abs=1.5)
    assert found["holds, rougher, 10 points"] < 80


def test_holds_counts_what_lies_within():
    y = torch.tensor([0.0, 1.9, 2.0, -3.0])
    assert judged.holds(torch.zeros(4), torch.ones(4), y) == 50
