"""Weights come back as they were; anything else is refused with a sentence."""

import pickle

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from course_lib import load, save
from course_lib.learners import MAML, MAMLPlusPlus, PrototypicalNet
from course_lib.models import MLP, Conv4
from course_lib.paths import pretrained
from course_lib.storage import notes


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    learner = PrototypicalNet(Conv4(8))
    return learner, save(learner, tmp_path / "w.safetensors", command="train ...", seconds=3)


def test_round_trip(saved):
    learner, path = saved
    again = load(path)
    x = torch.rand(2, 1, 28, 28)
    assert torch.equal(again.backbone(x), learner.eval().backbone(x)) and not again.training
    assert notes(path)["learner"] == "prototypical" and notes(path)["notes"]["seconds"] == 3


def test_a_failed_save_leaves_the_old_file(saved, monkeypatch):
    learner, path = saved
    before = path.read_bytes()

    def full_disk(state, where, metadata):
        where.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course_lib.storage.save_file", full_disk)
    with pytest.raises(OSError, match="No space"):
        save(learner, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["truncated", "pickle", "empty", "text", "other"])
def test_damaged_files_are_refused(saved, damage):
    path = saved[1]
    whole = path.read_bytes()
    if damage == "other":
        save_file({"x": torch.zeros(2)}, path)
    else:
        half, pickled = whole[: len(whole) // 2], pickle.dumps({"a": 1})
        broken = {"truncated": half, "pickle": pickled, "empty": b"", "text": b"hello"}
        path.write_bytes(broken[damage])
    with pytest.raises(ValueError, match="damaged or is not a weights file"):
        load(path)


def test_weights_of_another_shape_are_refused(saved):
    learner, path = saved
    learner.backbone.config["channels"] = 16
    save(learner, path)
    with pytest.raises(ValueError, match="do not fit"):
        load(path)


def test_a_missing_file_and_an_unknown_learner(tmp_path):
    with pytest.raises(FileNotFoundError, match="train"):
        load(tmp_path / "none.safetensors")
    with pytest.raises(ValueError, match="cannot be saved"):
        save(nn.Linear(1, 1), tmp_path / "w")


def test_weights_from_before_0_5_call_maml_with_its_additions_maml(tmp_path):
    """The shipped ones do: their header has every setting under that name."""
    shipped = {name: load(pretrained(name)) for name in ("maml_omniglot", "maml_sinusoids_5", "anil_omniglot")}
    assert [type(learner) for learner in shipped.values()] == [MAMLPlusPlus, MAML, MAMLPlusPlus]
    assert shipped["maml_sinusoids_5"].config == MAML(MLP(), lr=0.01).config
    assert shipped["maml_omniglot"].config["rates"] == "layer" and shipped["anil_omniglot"].config["adapts"] == "head"
    again = load(save(shipped["maml_omniglot"], tmp_path / "again.safetensors"))
    assert notes(tmp_path / "again.safetensors")["learner"] == "maml_plus_plus"
    assert again.config == shipped["maml_omniglot"].config
    plain = load(save(MAML(MLP()), tmp_path / "plain.safetensors"))
    assert type(plain) is MAML
