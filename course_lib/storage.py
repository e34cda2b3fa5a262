"""Save a learner to a safetensors file and load it back: numbers and plain text only, never pickle."""

from __future__ import annotations

import json
import os
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from course_lib import learners, models

_KEY = "course_lib"


def save(learner: nn.Module, path, **notes) -> Path:
    """Write `learner` to `path` (safetensors), with what is needed to build it again.

    Args:
        learner: a `Learner` of the course.
        path: the file to write. An old one is replaced only when the new one is whole.
        notes: anything JSON can hold about how it was trained (command, seconds, scores).

    Raises:
        ValueError: if the learner is not one that `load` could build again.
    """
    names = {cls: name for name, cls in learners.LEARNERS.items()}
    if type(learner) not in names:
        raise ValueError(f"{type(learner).__name__} cannot be saved; these can: {', '.join(names.values())}.")
    backbone = learner.backbone
    header = {
        "learner": names[type(learner)],
        "learner_config": learner.config,
        "backbone": type(backbone).__name__ if backbone is not None else None,
        "backbone_config": backbone.config if backbone is not None else {},
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


def load(path) -> nn.Module:
    """Read a learner written by `save`, on the CPU and in evaluation mode.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is damaged, is not of this course, or its weights do not fit.
    """
    header, state = _read(path)
    try:
        backbone = header["backbone"]
        if backbone is not None:
            backbone = {"Conv4": models.Conv4, "MLP": models.MLP}[backbone](**header["backbone_config"])
        name, config = learners.meant(header["learner"], header["learner_config"])
        learner = learners.LEARNERS[name](backbone, **config)
        learner.load_state_dict(state)
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
