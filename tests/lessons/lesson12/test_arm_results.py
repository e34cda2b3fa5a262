"""The stored trainings of lesson 12: all are there, what is quick comes out again, and files are written whole."""

import pytest
import torch

from course_lib.learners import FineTune, Joint
from course_lib.lessons.lesson12 import arm_results
from course_lib.lessons.lesson12.arm_learners import RECIPES, WORLDS, fine_tuned, train, workshop
from course_lib.lessons.lesson12.arm_results import (
    N_ARMS,
    SEEDS,
    cm,
    mean_and_interval,
    measure,
    payloads,
    planned,
    read,
)
from course_lib.tasks import AnyShot, Arms


@pytest.fixture(scope="module")
def found():
    return read()


def test_every_training_is_stored(found):
    assert set(found) == set(planned())
    for (world, name, _), row in found.items():
        adapts = name not in ("true", "joint")
        asked = {
            f"{other}, {s:g}" for other in arm_results.tested(world, name) for s in ((0.2, 1, 2)[: 3 if adapts else 1])
        }
        assert set(row.cm) == set(row.torque) == asked
        assert all(len(each) == N_ARMS and min(each) > 0 for each in row.cm.values())
        trained = RECIPES["joint" if name == "fine-tuned" else name].steps if name in (*RECIPES, "fine-tuned") else 0
        assert row.steps == trained, "recipe and table differ: measure again"


@pytest.mark.parametrize(
    "identity",
    [("plain", "true", 0), ("sticky", "true", 0), pytest.param(("plain", "known equation", 1), marks=pytest.mark.slow)],
)
def test_what_is_quick_comes_out_again(identity, found):
    again = measure(*identity)
    for asked, errors in found[identity].cm.items():
        assert torch.allclose(torch.tensor(again.cm[asked]), torch.tensor(errors), rtol=0.05, atol=0.02)


def test_payloads_are_those_of_the_test_arms():
    assert torch.allclose(payloads().float(), arm_results.test_arms("plain").arms[:, 0], atol=5e-3)


def test_worlds_differ_in_one_thing():
    """Same masses and payloads; no test arm is a training arm."""
    arms = {world: arm_results.test_arms(world).arms for world in WORLDS}
    assert all(torch.equal(each[:, :5], arms["plain"][:, :5]) for each in arms.values())
    assert not arms["plain"][:, 5:].any() and arms["spring"][:, 5].min() > 0 and arms["sticky"][:, 6].min() > 0
    assert torch.equal(arms["same swing"], arms["plain"])
    seen = torch.cat([Arms(shot=2, query=2, seconds=0.1, seed=seed).arms[:, 0] for seed in SEEDS])
    assert not torch.isin(arms["plain"][:, 0], seen).any()


def test_numbers_are_read_by_name(found):
    errors = cm(found, "ridge head", 1)
    assert errors.shape == (3, N_ARMS) and errors.dtype == torch.float64
    assert errors[1].tolist() == found["plain", "ridge head", 1].cm["plain, 1"]
    assert torch.equal(cm(found, "joint", 2), cm(found, "joint", 0.2)), "what does not adapt has one answer"
    assert cm(found, "ridge head", 1, tested="spring")[0].tolist() == found["plain", "ridge head", 0].cm["spring, 1"]
    assert cm(found, "ridge head", 1, "same swing")[0].tolist() == found["same swing", "ridge head", 0].cm["plain, 1"]
    mean, half = mean_and_interval(torch.tensor([[1.0, 2, 3, 4], [3.0, 4, 5, 6]]))
    assert mean == 3.5 and half == pytest.approx(1.96 * torch.arange(4.0).std().item() / 2)


def test_it_is_written_whole_and_read_again(found, tmp_path):
    arm_results.write(list(found.values()), tmp_path / "t.json")
    assert read(tmp_path / "t.json") == found and [p.name for p in tmp_path.iterdir()] == ["t.json"]
    assert (tmp_path / "t.json").read_text() == arm_results.TABLE.read_text()


def test_recipes_train():
    tasks = AnyShot(Arms(12, 10, arms=8, seconds=0.6), least=10)
    for name in RECIPES:
        learner = train(name, tasks, steps=3)
        assert not learner.training
        again = train(name, tasks, steps=3)
        assert all(torch.equal(a, b) for a, b in zip(learner.parameters(), again.parameters(), strict=True))
    joint = train("joint", tasks, steps=3)
    assert isinstance(joint, Joint) and isinstance(fine_tuned(joint), FineTune)
    assert fine_tuned(joint).backbone is joint.backbone
    assert workshop("same swing", arms=4, seconds=4.0).tasks.another_swing is False
