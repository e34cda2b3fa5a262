"""The command line, as instructors and scripts use it."""

import json

import pytest
from click.testing import CliRunner

from course_lib import load, storage
from course_lib.commands import main
from course_lib.learners import MAML
from course_lib.models import Conv4
from course_lib.tasks.all_classes import AllClasses

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
    ((*TRAIN, "--output", "x.safetensors", "--steps", "0"), "steps must be a whole number of at least 1"),
    ((*TRAIN, "--output", "x.safetensors", "--seed", "-1"), "seed must be a whole number of at least 0"),
    ((*TRAIN[:3], "--data", "sinusoids", "--output", "x.safetensors"), "needs classes"),
    (("train", "--learner", "joint", "--data", "scripts", "--validate-every", "5", "--output", "x.safetensors"),
     "no meta-validation"),
])  # fmt: skip
def test_bad_input_is_one_sentence(arguments, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(*arguments)
    assert done.exit_code == 1 and sentence in done.output and "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) == 1 and not list(tmp_path.iterdir())


JOINT = ("train", "--learner", "joint", "--steps", "14", "--device", "cpu")
PRETRAIN = (*JOINT, "--data", "scripts", "--way", "3", "--query", "1", "--channels", "4")


@pytest.mark.parametrize("learner", ["joint", "maml", "in_context", "recurrent"])
def test_learners_of_curves_are_judged_by_their_error(learner, tmp_path):
    curves = ("train", "--learner", learner, "--data", "sinusoids", "--steps", "14", "--device", "cpu")
    assert call(*curves, "--output", tmp_path / "j.safetensors").exit_code == 0
    done = call("evaluate", tmp_path / "j.safetensors", "--data", "sinusoids", "--tasks", "6", "--json")
    assert json.loads(done.output.splitlines()[-1])["mse"] > 0
    wrong = call("evaluate", tmp_path / "j.safetensors", "--data", "scripts", "--tasks", "6")
    assert wrong.exit_code == 1 and "was not trained for tasks like scripts" in wrong.output


def test_a_reader_of_pictures_keeps_its_sizes(tmp_path):
    path, small = tmp_path / "r.safetensors", ("--data", "scripts", "--way", "3", "--query", "1")
    for learner, more in (("in_context", ("--set", "each_class=True", "--set", "width=8")), ("recurrent", ())):
        done = call("train", "--learner", learner, *small, *more, "--steps", "4", "--channels", "4", "--output", path)
        assert done.exit_code == 0, done.output
        assert load(path).config["outputs"] == (1 if learner == "in_context" else 3)
        assert call("evaluate", path, *small, "--tasks", "3").exit_code == 0


LOOK = 2  # draws before the first step: does the same generator give the same task?


def test_pretraining_resumes_where_it_was_cut(tmp_path, monkeypatch):
    whole, cut = tmp_path / "whole.safetensors", tmp_path / "cut.safetensors"
    assert call(*PRETRAIN, "--output", whole).exit_code == 0
    calls = []

    def stop(self, n_tasks, generator):
        calls.append(n_tasks)
        if len(calls) == LOOK + 12:
            raise KeyboardInterrupt
        return sample(self, n_tasks, generator)

    sample = AllClasses.sample
    monkeypatch.setattr(AllClasses, "sample", stop)
    monkeypatch.setattr("course_lib.checkpoint.Run.seconds_between_saves", 0)
    done = call(*PRETRAIN, "--output", cut)
    assert done.exit_code == 1 and "interrupted after [10] steps" in done.output and not cut.exists()
    assert call(*PRETRAIN, "--output", cut).exit_code == 0
    assert len(calls) == LOOK + 12 + LOOK + 4  # steps 11 to 14 are done again, no others
    first, again = storage._read(whole)[1], storage._read(cut)[1]
    assert all((first[k] == again[k]).all() for k in first)
    assert len(first["head.bias"]) > 2000  # one output a training class


def test_a_pretrained_backbone_serves_other_learners(tmp_path):
    weights = tmp_path / "p.safetensors"
    assert call(*PRETRAIN, "--output", weights).exit_code == 0
    judge = ("evaluate", weights, "--data", "scripts", "--tasks", "4", "--device", "cpu")
    for learner in ("prototypical", "linear_probe"):
        done = call(*judge, "--learner", learner, "--json")
        assert 0 <= json.loads(done.output.splitlines()[-1])["accuracy"] <= 1
    refused = (((), "so it cannot answer a 5-way task"), (("--learner", "nearest_neighbour"), "raw pixels"))
    for learner, sentence in refused:
        done = call(*judge, *learner)
        assert done.exit_code == 1 and sentence in done.output and len(done.output.strip().splitlines()) == 1


def test_learners_that_only_learn_within_a_task_cannot_be_trained():
    done = call("train", "--learner", "fine_tune", "--data", "scripts", "--output", "x.safetensors")
    assert done.exit_code == 2 and "'fine_tune' is not one of" in done.output and "'maml'" in done.output


def test_arguments_of_a_learner_are_set_by_name(tmp_path):
    path = tmp_path / "m.safetensors"
    small = ("--data", "scripts", "--way", "3", "--query", "2", "--device", "cpu")
    done = call("train", "--learner", "maml", *small, "--steps", "2", "--channels", "4", "--output", path,
                "--set", "steps=2", "--set", "adapts=head")  # fmt: skip
    assert done.exit_code == 0, done.output
    header = storage.notes(path)
    assert header["learner_config"]["steps"] == 2 and header["learner_config"]["adapts"] == "head"
    assert header["backbone_config"]["out"] == 3
    judge = ("evaluate", path, *small, "--tasks", "3")
    again = ("--learner", "maml", "--set", "steps=2")
    settings = (), ("--set", "steps=2"), (*again, "--set", "adapts=head"), ("--set", "steps=5"), again
    loss = [json.loads(call(*judge, "--json", *s).output.splitlines()[-1])["loss"] for s in settings]
    assert loss[0] == loss[1] == loss[2] and len({*loss}) == 3


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("--set", "order=1"), "cannot be changed after training"),
    (("--set", "steps"), "NAME=VALUE"),
    (("--way", "4"), "too few for a 4-way task"),
    (("--learner", "reptile", "--set", "order=1"), "reptile has no 'order'"),
])  # fmt: skip
def test_arguments_that_a_learner_does_not_have_are_refused(arguments, sentence, tmp_path):
    path = tmp_path / "m.safetensors"
    storage.save(MAML(Conv4(4, out=3)), path)
    done = call("evaluate", path, "--data", "scripts", "--way", "3", "--tasks", "2", *arguments)
    assert done.exit_code != 0 and sentence in done.output and "Traceback" not in done.output


def test_doctor():
    done = call("doctor")
    assert done.exit_code == 0 and "PyTorch" in done.output and "anywidget" in done.output
