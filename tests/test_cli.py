"""The command line, as instructors and scripts use it."""

import json

import pytest
from click.testing import CliRunner

from course_lib import storage
from course_lib.cli import main

TRAIN = ("train", "--learner", "prototypical", "--data", "scripts", "--way", "6", "--shot", "1", "--query", "2",
         "--steps", "3", "--seed", "0", "--channels", "4", "--device", "cpu")  # fmt: skip


def call(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "w.safetensors"
    done = call(*TRAIN, "--output", path, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output.splitlines()[-1])["steps"] == 3
    return path


def test_train_writes_weights_and_nothing_else(weights):
    assert [p.name for p in weights.parent.iterdir()] == ["w.safetensors"]
    header = storage.notes(weights)
    assert (header["learner"], header["backbone"]) == ("prototypical", "Conv4")
    assert header["backbone_config"]["channels"] == 4
    assert header["notes"]["steps"] == 3 and header["notes"]["command"].startswith("python -m course_lib")


def test_evaluate_ends_with_one_json_object(weights):
    arguments = ("evaluate", weights, "--data", "scripts", "--way", "5", "--shot", "1", "--tasks", "8", "--seed", "1")
    done = call(*arguments, "--device", "cpu", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output.splitlines()[-1])
    assert 0 <= found["accuracy"] <= 1 and 0 < found["ci95"] < 1
    assert (found["tasks"], found["split"], found["query"], found["batch_norm"]) == (8, "test", 15, "inductive")
    again = json.loads(call(*arguments, "--device", "cpu", "--json").output.splitlines()[-1])
    assert again["accuracy"] == found["accuracy"] and again["loss"] == found["loss"]
    other = call(*arguments, "--device", "cpu", "--json", "--batch-norm", "transductive")
    assert json.loads(other.output.splitlines()[-1])["loss"] != found["loss"]
    assert "accuracy" in call(*arguments, "--device", "cpu").output


def test_validation_and_rotations_are_options(tmp_path):
    done = call(*TRAIN, "--rotations", "--validate-every", "2", "--output", tmp_path / "v.safetensors")
    assert done.exit_code == 0 and "validation" in done.output, done.output


def test_the_same_seed_gives_the_same_weights(weights, tmp_path):
    assert call(*TRAIN, "--output", tmp_path / "again.safetensors").exit_code == 0
    first, again = storage._read(weights)[1], storage._read(tmp_path / "again.safetensors")[1]
    assert all((first[k] == again[k]).all() for k in first)


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("evaluate", "nowhere.safetensors", "--data", "scripts"), "there is no weights file nowhere.safetensors"),
    ((*TRAIN[:5], "--way", "99999", "--output", "x.safetensors"), "needs 99999 classes"),
    ((*TRAIN, "--output", "x.safetensors", "--device", "abacus"), "is not a device"),
    ((*TRAIN, "--output", "x.safetensors", "--steps", "0"), "must be at least 1"),
    ((*TRAIN, "--output", "x.safetensors", "--seed", "-1"), "a seed must be 0 or more"),
])  # fmt: skip
def test_bad_input_is_one_sentence(arguments, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(*arguments)
    assert done.exit_code == 1 and sentence in done.output and "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) == 1 and not list(tmp_path.iterdir())


def test_doctor():
    done = call("doctor")
    assert done.exit_code == 0 and "PyTorch" in done.output and "bqplot" in done.output
