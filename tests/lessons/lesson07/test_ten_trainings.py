"""The stored trainings of lesson 07: whole, made as the lesson trains, and read rightly."""

import json

import pytest
import torch
from click.testing import CliRunner

from benchmarks import relation_networks
from course_lib import evaluate
from course_lib.learners import RelationNet
from course_lib.lessons.lesson07 import ten_trainings
from course_lib.lessons.lesson07.ten_trainings import IMAGES, SEEDS, VECTORS
from course_lib.models import Conv4
from course_lib.tasks import Syllabics
from tools.notebooks import ROOT, read


@pytest.fixture(scope="module")
def stored():
    return ten_trainings.read()


@pytest.fixture
def lesson():
    cells = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "07_relation_networks.ipynb").cells}
    found = {"cells": cells}
    for name in ("parameters", "imports"):
        exec(cells[name], found)
    exec(cells["train"].split("mine = ")[0], found)
    return found


def test_the_table_holds_what_the_script_plans_and_says_how_it_was_made(stored):
    assert set(stored) == set(ten_trainings.planned()) and len(SEEDS) == 10
    assert all(made.seconds > 0 and made.date >= "2026-11-26" and made.torch for made in stored.values())
    assert json.loads(ten_trainings.TABLE.read_text())["command"] == relation_networks.COMMAND


def test_what_is_stored_is_not_trained_again(stored, tmp_path, monkeypatch):
    missing = ("ring", "relation", None, 300, 3)
    path = tmp_path / "table.json"
    ten_trainings.write([made for identity, made in stored.items() if identity != missing], "command", path)
    asked = []
    monkeypatch.setattr(relation_networks, "train", lambda *identity: asked.append(identity) or stored[missing])
    done = CliRunner().invoke(relation_networks.main, ["--output", str(path)])
    assert done.exit_code == 0, done.output
    assert asked == [missing] and ten_trainings.read(path) == stored


@pytest.fixture
def few(monkeypatch):
    """Twelve test tasks in place of hundreds."""
    monkeypatch.setattr(relation_networks, "N_TEST", 12)


@pytest.mark.parametrize("name", IMAGES)
def test_the_script_trains_on_images_as_the_lesson_does(name, lesson, few):
    """Two outer steps of both, in the lesson's own code."""
    right = lesson["trained"](IMAGES[name], steps=2)
    found = relation_networks.train("images", name, None, 2, lesson["SEED"]).percent
    test = lesson["test"]
    assert found["one shot"] == pytest.approx(100 * evaluate(right, test, 12, seed=1000).mean, abs=0.2)
    assert ("five, sum" in found) == (name == lesson["cells"]["compare"].split('FIRST = "')[1].split('"')[0])


@pytest.mark.parametrize(("world", "n_tasks"), [("ring", None), ("clouds turned by 60", 20)])
@pytest.mark.parametrize("name", VECTORS)
def test_the_script_trains_on_vectors_as_the_lesson_does(name, world, n_tasks, lesson, few):
    Ring, Clouds, FewTasks = (lesson[what] for what in ("Ring", "Clouds", "FewTasks"))
    tasks = Ring(way=5, noise=0.05) if world == "ring" else Clouds(features=20, turn=60)
    learner = lesson["trained"](lambda: VECTORS[name](2 if world == "ring" else 20),
                                FewTasks(tasks, 20, 0) if n_tasks else tasks, steps=3, meta_batch=16)  # fmt: skip
    right = 100 * evaluate(learner, tasks, 12, seed=1000).mean
    found = relation_networks.train(world, name, n_tasks, 3, 0).percent
    assert found["noise" if world == "ring" else "new tasks"] == pytest.approx(right, abs=0.1)


def test_the_script_trains_without_examples_as_the_lesson_does(lesson, few):
    learner = lesson["trained"](ten_trainings.zero_shot, Syllabics(20, 1, "train"), 2)
    found = relation_networks.train("syllables", "zero-shot", None, 2, 0).percent
    right = evaluate(learner, Syllabics(5, 5, "test"), 12, seed=1000)
    assert found["unseen"] == pytest.approx(100 * right.mean, abs=0.2)


def test_accuracies_are_read_by_world_learner_and_question(stored):
    at = ten_trainings.percent(stored, "clouds turned by 60", "relation", "new tasks", tasks=20)
    assert at.tolist() == [stored["clouds turned by 60", "relation", 20, 300, seed].percent["new tasks"]
                           for seed in SEEDS]  # fmt: skip
    assert len(ten_trainings.percent(stored, "images", "prototypical", "one shot", 200)) == 10


def test_the_interval_is_over_trainings():
    mean, half = ten_trainings.over_trainings(torch.arange(10.0))
    assert mean == 4.5 and half == pytest.approx(2.262 * (55 / 6 / 10) ** 0.5, rel=2e-3)  # Student's t, nine degrees


class Reader(RelationNet):
    """Is told which syllable an image shows, and answers by its consonant, its vowel, or both."""

    def __init__(self, by):
        super().__init__(Conv4(4), channels=4, size=1, attributes=19)
        self.by = by

    def forward(self, episode):
        described = episode.support_x.clone()
        described[..., :15] *= "consonant" in self.by
        described[..., 15:] *= "vowel" in self.by
        asked = described.gather(1, episode.query_y.unsqueeze(2).expand(-1, -1, 19))
        noise = 0.01 * torch.rand(asked.shape[0], asked.shape[1], described.shape[1],
                                  generator=torch.Generator().manual_seed(0))  # fmt: skip
        return asked @ described.mT + noise


@pytest.mark.parametrize(("by", "low", "high"), [("consonant", 0.1, 0.4), ("vowel", 1, 1), ("consonant, vowel", 1, 1)])
def test_among_one_consonant_the_vowel_has_to_be_read(by, low, high):
    seen, unseen = ten_trainings.among_own_consonant(Reader(by), 6)
    assert low <= seen <= high and low <= unseen <= high


def test_an_unseen_syllable_is_judged_against_those_that_were_seen():
    """Whoever answers with a syllable of training whenever there is one is never right about the others."""

    class Prefers(Reader):
        def forward(self, episode):
            tasks = Syllabics(60, 1, "all")
            same = (episode.support_x.unsqueeze(2) == tasks.attributes).all(-1)
            return super().forward(episode) + 5 * tasks.seen[same.int().argmax(-1)].float().unsqueeze(1)

    assert ten_trainings.among_own_consonant(Prefers("consonant, vowel"), 3) == (1, 0)
