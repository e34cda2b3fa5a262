"""The stored trainings of heartbeats: whole, read rightly, judged again with the same numbers; how they are made."""

import json

import pytest
import torch
from click.testing import CliRunner
from torch import nn

from course_lib import evaluate
from course_lib.learners import PrototypicalNet
from course_lib.lessons.lesson11 import hospitals
from course_lib.lessons.lesson11.heartbeats import Heartbeats
from course_lib.lessons.lesson11.hospitals import CUES, HOSPITALS, MAKE, PATIENTS, SEEDS, beat_net


@pytest.fixture(scope="module")
def stored():
    return hospitals.read()


def test_the_table_holds_what_is_planned(stored):
    assert set(stored) == set(hospitals.planned()) and len(stored) == 1 + 3 * 3 * 2
    assert json.loads(hospitals.TABLE.read_text(encoding="utf-8"))["command"] == hospitals.COMMAND
    for row in stored.values():
        assert set(row.percent) == set(CUES) and set(row.rare) == {"as it is", "prior added"}
        for hits, false, missed, quiet in row.rare.values():
            assert hits + missed == 4 * PATIENTS and false + quiet == 96 * PATIENTS


def test_what_needs_no_training_is_judged_again_with_the_same_numbers(stored):
    row, raw = stored["raw beats", "no hum", 0], PrototypicalNet(nn.Flatten())
    found = evaluate(raw, Heartbeats(query=40), PATIENTS, seed=3)
    assert tuple(row.percent["no hum"]) == pytest.approx((100 * found.mean, 100 * found.ci95), abs=0.1)
    odds, ectopic = hospitals.rare_beats(raw)
    alarm = odds > 0
    counts = [int((a & b).sum()) for a in (alarm, ~alarm) for b in (ectopic, ~ectopic)]
    assert list(row.rare["as it is"]) == pytest.approx(counts, abs=3)


def test_percentages_are_read_by_name_hospital_and_place(stored):
    found = hospitals.percent(stored, "global", "no hum", "hum at random")
    assert found.tolist() == [stored["global", "no hum", seed].percent["hum at random"][0] for seed in SEEDS]


def test_rare_beats_are_four_in_a_hundred_and_the_odds_are_those_of_the_scores():
    raw = PrototypicalNet(nn.Flatten())
    odds, ectopic = hospitals.rare_beats(raw, 50, shot=2)
    assert odds.shape == ectopic.shape == (50, 100) and (ectopic.sum(1) == 4).all()
    episode = Heartbeats(2, 100, rare=0.04).sample(50, torch.Generator().manual_seed(500))
    scores = raw(episode)
    assert torch.allclose(odds, scores[..., 1] - scores[..., 0], atol=1e-3)


def test_a_network_is_trained_in_its_hospital(monkeypatch):
    seen = []
    monkeypatch.setattr(hospitals, "train", lambda make, tasks, seed, **more: seen.append((tasks.cues, seed)) or make())
    for hospital, cue in HOSPITALS.items():
        hospitals.train_beats("prototypical", hospital, 2)
        assert seen.pop() == ((cue, cue), 2)
    assert [MAKE[name]()(Heartbeats(2, 4).sample(3)).shape for name in MAKE] == [(3, 4, 2)] * 2
    assert beat_net()(torch.zeros(5, 1, 96)).shape == (5, 64) and beat_net(2)(torch.zeros(5, 1, 96)).shape == (5, 2)


def test_what_is_stored_is_not_trained_again(stored, tmp_path, monkeypatch):
    path, missing = tmp_path / "table.json", ("global", "hum at random", 1)
    hospitals.write([row for identity, row in stored.items() if identity != missing], path)
    asked = []
    monkeypatch.setattr(hospitals, "measure", lambda *identity: asked.append(identity) or stored[missing])
    done = CliRunner().invoke(hospitals.main, ["--output", str(path)])
    assert done.exit_code == 0, done.output
    assert asked == [missing] and hospitals.read(path) == stored
