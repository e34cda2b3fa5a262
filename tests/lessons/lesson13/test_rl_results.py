"""The stored trainings of lesson 13: all are there, what is quick comes out again, what ships is what was judged."""

import pytest
import torch

from benchmarks import acting
from course_lib.lessons.lesson13 import rl_results
from course_lib.lessons.lesson13.grid import HiddenGoal
from course_lib.lessons.lesson13.optimal_pulls import bayes_optimal
from course_lib.lessons.lesson13.policy_recipes import RECIPES, SHIPPED, shipped, train_policy
from course_lib.lessons.lesson13.rl_results import planned, read, values
from course_lib.statistics import ci95


@pytest.fixture(scope="module")
def found():
    return read()


def test_every_training_is_stored(found):
    assert set(found) == set(planned()) and len(planned()) == len(set(planned()))
    assert all(run.seconds > 1 for run in found.values() if run.name != "random start")


def test_what_needs_no_training_comes_out_again(found):
    stored = found["walkers", "random start", 1].values
    earned = acting.returns(acting.new_walker(1), acting.GOALS, lr=stored["lr"])
    assert torch.allclose(earned.mean(1), torch.tensor(stored["returns"]), atol=0.02)
    assert ci95(earned[1]) == pytest.approx(stored["ci"][1], rel=0.05)


def test_no_policy_earns_more_than_there_is(found):
    """Values are exact but for the lives that are looked at, and greedy choices are not worse than drawn ones."""
    for (part, name, _), run in found.items():
        if "value" in run.values:
            best = bayes_optimal(5, 10, RECIPES[name].world().safe)
            assert best - 3 < run.values["value"] < best
            assert abs(run.values["value"] - run.values["reward"]) < 3 * run.values["ci"]
        elif part == "policies" and "episodes" in run.values:
            first, second = HiddenGoal().searched()
            assert run.values["episodes"][0] <= first + 0.05 and run.values["episodes"][1] <= HiddenGoal().known()
            assert second > run.values["wiped"][1]
        elif part == "policies":
            assert 5 < run.values["reward"] <= 20.56 and sum(run.values["first"]) == pytest.approx(1, abs=1e-3)
        else:
            assert len(run.values["returns"]) == len(run.values["ci"]) == 4


@pytest.mark.parametrize("name", ["informative, 0.2", "safe", "grid"])
def test_what_ships_is_what_was_measured(name, found):
    recipe, stored = name.partition(",")[0], found["policies", name, 0].values
    policy = shipped(recipe)
    assert not policy.training
    episode = policy.world.sample(2000, torch.Generator().manual_seed(1))
    life = policy.live(episode.support_x, episode.support_y, greedy=True)
    total = life.rewards.sum(1)
    wanted = sum(stored["episodes"]) if recipe == "grid" else stored["reward"]
    assert total.mean().item() == pytest.approx(wanted, abs=2.5 * ci95(total) + 1e-3)
    if recipe == "informative":
        assert life.actions[:, 0].eq(policy.world.arms - 1).all()


def test_only_what_is_in_the_table_ships(found):
    assert {key.partition(".")[0] for key in acting.load_file(SHIPPED)} == {"informative", "safe", "grid"}
    assert SHIPPED.stat().st_size < 400_000


def test_numbers_are_read_by_name_and_in_the_order_of_seeds(found):
    returns = values(found, "walkers", "MAML", "returns")
    assert returns.shape == (3, 4) and returns.dtype == torch.float64
    assert returns[2].tolist() == found["walkers", "MAML", 2].values["returns"]
    assert values(found, "policies", "safe", "value").shape == (3,)


def test_it_is_written_whole_and_read_again(found, tmp_path):
    rl_results.write(list(found.values()), acting.COMMAND, tmp_path / "t.json")
    assert read(tmp_path / "t.json") == found and [p.name for p in tmp_path.iterdir()] == ["t.json"]
    assert (tmp_path / "t.json").read_text() == rl_results.TABLE.read_text()


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_train_and_say_their_seed(name):
    policy, history = train_policy(name, 3, steps=1, entropy=0.7, progress=False)
    again, _ = train_policy(name, 3, steps=1, entropy=0.7, progress=False)
    assert policy.config["entropy"] == 0.7 and history.step == [1]
    assert all(torch.equal(a, b) for a, b in zip(policy.parameters(), again.parameters(), strict=True))
