"""What a run of `fit` writes down to go on after a cut, and how it knows its own checkpoint again."""

from __future__ import annotations

import math
import os
import time
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from course_lib.compute import distributed
from course_lib.episode import Episode

FORMAT = 2  # of checkpoints: what they hold, and how
_FIRST = " in the first of its "
_TYPES = ("learner", "backbone", "optimizer", "schedule", "tasks", "validation")


def copy_of(module: nn.Module) -> dict[str, Tensor]:
    """The parameters and buffers of a module as they are now."""
    return {k: v.detach().clone() for k, v in module.state_dict().items()}


def identity_of(learner: nn.Module, optimizer, scheduler) -> dict:
    """What makes a run the run that it is, as far as it can be seen before the first step, in plain words and numbers.

    Functions (a loss, the lambda of a LambdaLR) have no identity that could be written down, and are left out.
    """
    size = sum(p.numel() for p in learner.parameters())
    found = {"learner": f"{_type(learner)} of {size:,} parameters"} | _plain("learner", getattr(learner, "config", {}))
    if backbone := getattr(learner, "backbone", None):
        found |= {"backbone": _type(backbone)} | _plain("backbone", getattr(backbone, "config", {}))
    structure = [line.strip() for line in repr(learner).splitlines() if "Parameter containing" not in line]
    found |= {f"structure, line {i},": line for i, line in enumerate(structure, 1)}
    found |= {f"weight {k}": [str(v.dtype), *v.shape] for k, v in learner.state_dict().items()}
    found["frozen weights"] = [name for name, p in learner.named_parameters() if not p.requires_grad]
    found["optimizer"] = _type(optimizer)
    for i, group in enumerate(optimizer.param_groups):
        given = {k: v for k, v in group.items() if k not in ("params", "lr", "initial_lr")}
        found |= _plain("optimizer" if i == 0 else f"optimizer (group {i})", given)
    found["schedule"] = _type(scheduler) if scheduler else None
    return found | _plain("schedule", scheduler.state_dict() if scheduler else {})


def of_tasks(name: str, tasks, first: Episode) -> dict:
    """What makes a task distribution the one that it is: its type, and numbers that describe the first task drawn.

    They are means, which another processor gives again but for rounding; `repr` may hold an address.
    """
    numbers = {}
    for field, value in zip(("support_x", "support_y", "query_x", "query_y"), first.tensors(), strict=True):
        parts = value.cpu().double().flatten().tensor_split(8)
        means = [float(part.mean()) for part in parts if len(part)]
        numbers[f"{field}{_FIRST}{name}"] = [str(value.dtype), *value.shape, *means]
    return {name: _type(tasks)} | numbers


def _type(thing) -> str:
    """The module and name of its class; the name alone if it is of the script, which may be imported another time."""
    module, name = type(thing).__module__, type(thing).__qualname__
    return name if module == "__main__" else f"{module}.{name}"


def _plain(whose: str, settings: dict) -> dict:
    """The settings that are words and numbers, or lists of them."""
    return {f"{whose}'s {k}": list(v) if isinstance(v, tuple) else v for k, v in settings.items() if _is_plain(v)}


def _is_plain(value) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | bool | int | float)


def _differs(k: str, found, now) -> str:
    """How what a checkpoint says of k differs from what is so now; empty if it does not."""
    if _FIRST not in k:
        moved = k in _TYPES and (f".{found}".endswith(f".{now}") or f".{now}".endswith(f".{found}"))
        return "" if found == now or moved else f"{k} is {found!r}, not {now!r}"
    close = len(found) == len(now) and all(
        math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-4) if isinstance(b, float) else a == b
        for a, b in zip(found, now, strict=True)
    )
    return "" if close else f"{k} is another"


class Run:
    """What a checkpoint holds: everything that the next step depends on."""

    seconds_between_saves = 10

    def __init__(self, learner, optimizer, scheduler, history, path):
        self.learner, self.optimizer, self.scheduler, self.history = learner, optimizer, scheduler, history
        self.path = Path(path) if path is not None else None
        self.step, self.best = 0, None
        #: what has to be the same when the run is resumed, beside what `identity_of` sees
        self.identity = {}
        self.logged = copy_of(learner)
        self.saved_at = time.perf_counter()

    def restore_logged(self):
        """Put back the weights of the last row of the history, after which a step may have been cut in half."""
        self.learner.load_state_dict(self.logged)

    def save(self, final: bool):
        """Write the checkpoint, if there is to be one and the last is ten seconds old, or this is the end."""
        wanted = self.path is not None and distributed.is_first()
        if not wanted or not (final or time.perf_counter() - self.saved_at > self.seconds_between_saves):
            return
        state = {
            "identity": self.identity,
            "format": FORMAT,
            "step": self.step,
            "learner": self.learner.state_dict(),
            "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict() if self.scheduler else None,
            "history": vars(self.history),
        }
        self.saved_at = time.perf_counter()
        partial = self.path.with_name(self.path.name + ".partial")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(partial, "wb") as file:
                torch.save(state, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, self.path)  # the old checkpoint stands until the new one is whole
        except (OSError, RuntimeError) as error:  # torch reports a full disk as either
            partial.unlink(missing_ok=True)
            warnings.warn(
                f"{self.path} could not be written ({error}). Training goes on; free some disk space, or this run "
                "cannot be resumed from here.", stacklevel=3,
            )  # fmt: skip

    def resume(self):
        """Go on from the checkpoint, where there is one.

        Raises:
            ValueError: if it is damaged, of an earlier version, or of another run.
        """
        if self.path is None:
            return
        self.identity = identity_of(self.learner, self.optimizer, self.scheduler) | self.identity
        if not self.path.exists():
            return
        try:
            # To the CPU: what belongs on a GPU is copied there below. Adam's count of steps does not belong there:
            # the host would wait for it in every step.
            state = torch.load(self.path, weights_only=True, map_location="cpu")
            found = state["identity"]
        except Exception as error:
            raise ValueError(f"{self.path} is not a checkpoint of this library; delete it, or name another.") from error
        if state.get("format") != FORMAT:
            raise ValueError(
                f"{self.path} is of an earlier version of this library, which noted too little of its run to go on "
                "safely. Delete it to start afresh, or name another checkpoint."
            )
        # What only one of the two knows of, such as a setting that a newer PyTorch has, is no difference.
        both = [(k, found[k], now) for k, now in self.identity.items() if k in found]
        if different := [said for k, *values in both if (said := _differs(k, *values))]:
            raise ValueError(
                f"{self.path} belongs to another run: its {different[0]}. "
                "Delete it to start afresh, or name another checkpoint."
            )
        self.learner.load_state_dict(state["learner"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.scheduler:
            self.scheduler.load_state_dict(state["scheduler"])
        vars(self.history).update(state["history"])
        self.step, self.best, self.logged = state["step"], state["best"], copy_of(self.learner)
