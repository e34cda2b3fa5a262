"""Save a learner to a safetensors file and load it back: numbers and plain text only, never pickle."""

from __future__ import annotations

import json
import os
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from course_lib import learners, models, sequences

_KEY = "course_lib"
_OURS = (models.Conv4, models.MLP, sequences.CharCNN, sequences.GRU, sequences.LSTM, sequences.Transformer)
_BACKBONES = {kind.__name__: kind for kind in _OURS}  # those that `load` builds itself


class _NeedsMoreError(ValueError):
    """The file cannot be read without a network or a loss that its reader has to give."""


def save(learner: nn.Module, path, **notes) -> Path:
    """Write `learner` to `path` (safetensors), with what is needed to build it again.

    Args:
        learner: a `Learner` of the course, with any backbone; for one of your own, `load` has to be given it again.
        path: the file to write. An old one is replaced only when the new one is whole.
        notes: anything JSON can hold about how it was trained (command, seconds, scores).

    Raises:
        ValueError: if the learner is not one that `load` could build again.
    """
    names = {cls: name for name, cls in learners.LEARNERS.items()}
    if type(learner) not in names:
        raise ValueError(f"{type(learner).__name__} cannot be saved; these can: {', '.join(names.values())}.")
    kind, ours = type(learner.backbone), {cls: name for name, cls in _BACKBONES.items()}
    own = None if learner.backbone is None else f"{kind.__module__}.{kind.__qualname__}"
    header = {
        "learner": names[type(learner)],
        "learner_config": learner.config,
        "backbone": ours.get(kind, own),
        "backbone_config": learner.backbone.config if kind in ours else {},
        "own_loss": "loss_of" in vars(learner),
        "frozen": [name for name, p in learner.named_parameters() if not p.requires_grad],
        "notes": notes,
    }
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    state = {k: v.detach().cpu().contiguous() for k, v in learner.state_dict().items()}
    save_file(state, partial, {_KEY: json.dumps(header)})
    os.replace(partial, path)
    return path


def notes(path) -> dict:
    """How the weights in `path` came about: learner, backbone, and the notes given to `save`."""
    return _read(path)[0]


def load(path, backbone: nn.Module | None = None, loss=None) -> nn.Module:
    """Read a learner written by `save`, on the CPU, in evaluation mode, with the dtypes and frozen parts that it had.

    Args:
        path: the file.
        backbone: a network of the same structure, where the file holds one of your own; it gets the weights.
        loss: the loss of one's own, where the learner had one: see `MAML`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is damaged, is not of this course, or its weights do not fit; if it needs a backbone or
            a loss.
    """
    header, state = _read(path)
    try:
        kind = header["backbone"]
        if kind is not None and backbone is None:
            if kind not in _BACKBONES:
                raise _NeedsMoreError(f"{path} holds the weights of a network of your own, {kind}: build it once "
                                          "more and give it, load(path, backbone=network).")  # fmt: skip
            backbone = _BACKBONES[kind](**header["backbone_config"])
        name, config = learners.meant(header["learner"], header["learner_config"])
        if header.get("own_loss"):
            if loss is None:
                raise _NeedsMoreError(f"{path} was trained with a loss of your own, by which it adapts, too: give it "
                                      "once more, load(path, loss=mine).")  # fmt: skip
            config = config | {"loss": loss}
        learner = learners.LEARNERS[name](backbone, **config)
        for key, tensor in learner.state_dict(keep_vars=True).items():
            tensor.data = tensor.data.to(state[key].dtype)
        learner.load_state_dict(state)
        for name, p in learner.named_parameters() if "frozen" in header else ():  # what is frozen does not adapt
            p.requires_grad_(p.is_floating_point() and name not in header["frozen"])
    except _NeedsMoreError:
        raise
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise ValueError(
            f"the weights in {path} do not fit a learner of this version of course_lib; train them again."
        ) from error
    if not all(bool(tensor.isfinite().all()) for tensor in state.values()):
        raise ValueError(f"the weights in {path} hold NaN or infinite values; train them again.")
    return learner.eval()


def _read(path):
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no weights file {path}; train one with: python -m course_lib train --help")
    try:
        with safe_open(path, "pt") as file:
            header = json.loads((file.metadata() or {})[_KEY])
            return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path} is damaged or is not a weights file of this course (safetensors with a course_lib header); "
            "fetch or train it again."
        ) from error
