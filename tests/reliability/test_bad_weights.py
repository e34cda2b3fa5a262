"""Files that are not what they should be: weights and checkpoints. Refused with a sentence; code in them never runs.

tests/test_storage.py has more of them.
"""

import json
import os
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file

from course_lib import fit, load, save, storage
from course_lib.learners import Joint, PrototypicalNet
from course_lib.models import MLP, Conv4
from course_lib.tasks import Sinusoids

FIRST = "backbone.0.0.weight"


class Bomb:
    """What unpickling runs: it makes a folder, so that we see it."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


@pytest.fixture
def weights(tmp_path):
    torch.manual_seed(0)
    return save(PrototypicalNet(Conv4(4)), tmp_path / "w.safetensors")


@pytest.mark.parametrize("pack", ["pickle", "torch.save", "torch.save, old"])
def test_a_pickle_in_disguise_never_runs(pack, tmp_path):
    path, mark = tmp_path / "w.safetensors", tmp_path / "it_ran"
    bomb = {"backbone": Bomb(mark)}
    if pack == "pickle":
        path.write_bytes(pickle.dumps(bomb))
    else:
        torch.save(bomb, path, _use_new_zipfile_serialization=pack == "torch.save")
    with pytest.raises(ValueError, match="w.safetensors is damaged or is not a weights file of this course"):
        load(path)
    checkpoint = path.rename(tmp_path / "run.checkpoint")  # PyTorch reads a file named .safetensors in another way
    with pytest.raises(ValueError, match="run.checkpoint is not a checkpoint of this library; delete it"):
        fit(Joint(MLP((1, 4, 1))), Sinusoids(), 5, checkpoint=checkpoint, device="cpu", progress=False)
    assert not mark.exists()
    with open(checkpoint, "rb") as file:  # it is a bomb indeed
        pickle.load(file) if pack == "pickle" else torch.load(file, weights_only=False)
    assert mark.exists()


def test_weights_cut_at_any_length_are_refused(weights):
    whole = weights.read_bytes()
    for length in [*range(0, 64), *range(64, len(whole), len(whole) // 100), len(whole) - 1]:
        weights.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="is damaged or is not a weights file"):
            load(weights)
    weights.write_bytes(whole)
    load(weights)


def test_checkpoints_cut_at_any_length_are_refused(tmp_path):
    path = tmp_path / "c"

    def run(steps):
        return fit(Joint(MLP((1, 4, 1))), Sinusoids(), steps, checkpoint=path, device="cpu", progress=False)

    run(10)
    whole = path.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="is not a checkpoint of this library; delete it, or name another."):
            run(20)
    path.write_bytes(whole)
    run(20)


def rewrite(path, change, tensors=None):
    """The weights file again, its header changed by `change(header)` or its tensors replaced."""
    header = storage._read(path)[0]
    change(header)
    save_file(load_file(path) if tensors is None else tensors, path, {"course_lib": json.dumps(header)})


def test_other_things_in_the_header_are_refused(weights):
    whole = weights.read_bytes()
    changes = {
        "another learner": lambda h: h.update(learner="maml"), "an unknown one": lambda h: h.update(learner="os"),
        "another size": lambda h: h["backbone_config"].update(channels=8),
        "no size": lambda h: h["backbone_config"].update(channels="four"),
        "another backbone": lambda h: h.update(backbone="MLP"), "no backbone": lambda h: h.update(backbone=None),
        "an unknown argument": lambda h: h["learner_config"].update(nonsense=1),
        "a wrong argument": lambda h: h["learner_config"].update(distance="manhattan"),
        "nothing": lambda h: h.clear(), "a list for a dict": lambda h: h.update(backbone_config=[1]),
    }  # fmt: skip
    for what, change in changes.items():
        weights.write_bytes(whole)
        rewrite(weights, change)
        with pytest.raises(ValueError, match=r"do not fit|damaged") as caught:
            load(weights)
        assert str(caught.value).endswith("."), what
    for header in ("[]", "null", "7", '"text"', "{"):
        save_file({"x": torch.zeros(1)}, weights, {"course_lib": header})
        with pytest.raises(ValueError, match=r"do not fit|damaged"):
            load(weights)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_numbers_are_refused(weights, value):
    tensors = load_file(weights)
    tensors[FIRST].view(-1)[0] = value
    rewrite(weights, lambda header: None, tensors)
    with pytest.raises(ValueError, match="w.safetensors hold.* NaN or infinite"):
        load(weights)


@pytest.mark.parametrize("change", [
    lambda t: t.popitem(), lambda t: t.update(more=torch.zeros(1)),
    lambda t: t.update({FIRST: t[FIRST].unsqueeze(0)}),
], ids=["one fewer", "one more", "another shape"])  # fmt: skip
def test_other_tensors_are_refused(weights, change):
    tensors = load_file(weights)
    change(tensors)
    rewrite(weights, lambda header: None, tensors)
    with pytest.raises(ValueError, match="do not fit a learner of this version"):
        load(weights)
