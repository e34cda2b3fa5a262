"""Calls of the course's public functions, and for each argument what it must not be."""

from __future__ import annotations

import math
import tempfile
from functools import cache
from pathlib import Path

import torch
from hypothesis import strategies as st
from PIL import Image
from torch import nn

from course_lib import evaluate, fit, learners, pick_device, tasks
from course_lib.learners import Joint, PrototypicalNet
from course_lib.models import MLP, Conv4
from course_lib.paths import pretrained

IMAGES = torch.zeros(12, 6, 28, 28, dtype=torch.uint8)
TASKS = tasks.ImageTasks(IMAGES, query=2)
CURVES = tasks.Sinusoids()
CURVE_NET = Joint(MLP((1, 4, 1)))

_things = st.one_of(st.none(), st.text(max_size=8), st.binary(max_size=3), st.lists(st.integers(), max_size=2),
                    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1), st.builds(object))  # fmt: skip
_not_finite = st.sampled_from([math.nan, math.inf, -math.inf])


def whole(low: int = 1, high: int | None = None, none: bool = False):
    """Anything but a whole number of `low` or more; with `none`, None is right and so it is left out."""
    other = [_things, st.booleans(), _not_finite, st.integers(max_value=low - 1),
             st.floats(allow_nan=False).filter(lambda f: not f.is_integer())]  # fmt: skip
    bad = st.one_of(*other, st.integers(high + 1, 10**18)) if high is not None else st.one_of(*other)
    return bad.filter(lambda value: value is not None) if none else bad


def number(low: float = -math.inf, high: float = math.inf, none: bool = False):
    """Anything but a finite number from `low` to `high`."""
    bad = [_things, _not_finite]
    if low > -math.inf:
        bad.append(st.floats(max_value=low, exclude_max=True, allow_nan=False))
    if high < math.inf:
        bad.append(st.floats(min_value=high, exclude_min=True, allow_nan=False))
    return st.one_of(bad).filter(lambda value: not (none and value is None))


def word(*known, none: bool = False):
    """Anything but these words."""
    bad = st.one_of(_things, st.integers(3, 9), _not_finite)
    return bad.filter(lambda value: value not in known and not (none and value is None))


def thing(kind):
    """Anything that is not of a kind, None apart."""
    return st.one_of(_things, st.integers(), _not_finite).filter(lambda v: v is not None and not isinstance(v, kind))


_no_list = _things.filter(lambda value: not isinstance(value, list))
_pairs = st.one_of(
    _no_list, st.integers(), st.tuples(st.integers()), st.tuples(_not_finite, st.floats(0, 1)),
    st.tuples(st.floats(0, 1), _no_list), st.tuples(st.floats(2, 3), st.floats(0, 1)),
)  # fmt: skip
_devices = st.one_of(st.none(), st.text("abc:-", min_size=1, max_size=6), st.floats(), st.lists(st.integers()))
_seeds, _generators = whole(0), thing(torch.Generator)

SIZES = {"way": whole(1, 3000), "shot": whole(1, 10**6), "query": whole(1, 10**6), "device": _devices}
MAML = {"steps": whole(0), "lr": number(0), "batch_norm": word("transductive", "inductive")}
METRIC = {"distance": word("euclidean", "cosine"), "temperature": number(5e-324)}


@cache
def _folder() -> str:
    """Five classes of four pictures each."""
    home = Path(tempfile.mkdtemp())
    for name in "abcde":
        (home / name).mkdir()
        for i in range(4):
            Image.new("L", (4, 4), 10 * i).save(home / name / f"{i}.png")
    return str(home)


def conv(**options):
    return Conv4(4, **options)


#: name: (what to call, arguments that are right, for each argument what is wrong)
CALLS = {
    "Scripts": (tasks.Scripts, {}, SIZES | {
        "split": word("train", "validation", "test", "all"), "scripts": word(none=True),
        "slant": number(0, 1), "wobble": number(0, 5), "pen": number(0.3, 5)}),
    "ImageTasks": (lambda **k: tasks.ImageTasks(**({"images": IMAGES} | k)), {"query": 2},
                   SIZES | {"images": thing(torch.Tensor)}),
    "Sinusoids": (tasks.Sinusoids, {}, {
        "shot": whole(), "query": whole(), "amplitude": _pairs, "phase": _pairs, "x_range": _pairs,
        "device": _devices}),
    "Syllabics": (tasks.Syllabics, {}, {
        "way": whole(1, 60), "query": whole(1, 10**6), "split": word("train", "test", "all"), "holdout": whole(0, 3)}),
    "Omniglot": (tasks.Omniglot, {"query": 2}, SIZES | {
        "split": word("train", "validation", "test", "all", "background", "small1", "small2"),
        "scheme": word("alphabets", "characters")}),
    "Folder": (lambda **k: tasks.Folder(**({"path": _folder()} | k)), {"query": 2, "split": "all"}, SIZES | {
        "path": thing(str | Path), "size": st.one_of(
            whole(1, 10**4), st.lists(whole(1, 10**4), min_size=2, max_size=2)),
        "channels": word(1, 3).filter(lambda v: v != 3),
        "invert": word("auto").filter(lambda v: not isinstance(v, bool)),
        "seed": _seeds, "split": word("train", "validation", "test", "all").filter(
            lambda v: not isinstance(v, list) or v)}),
    "FewTasks": (tasks.FewTasks, {"tasks": TASKS, "n": 2}, {"tasks": _things, "n": whole(), "seed": _seeds}),
    "sample": (TASKS.sample, {"n_tasks": 1}, {"n_tasks": whole(), "generator": _generators}),
    "Sinusoids.sample": (CURVES.sample, {"n_tasks": 1}, {"n_tasks": whole(), "generator": _generators}),
    "Conv4": (Conv4, {}, {
        "channels": whole(), "in_channels": whole(), "size": whole(16), "out": whole(none=True),
        "chunk": whole(none=True)}),
    "MLP": (MLP, {}, {"sizes": st.one_of(_no_list, st.lists(whole(), max_size=3))}),
    "MAML": (lambda **k: learners.MAML(**({"backbone": conv(out=5)} | k)), {}, MAML | {
        "backbone": thing(nn.Module), "order": word(1, 2), "adapts": word("all", "head", "body")}),
    "MAMLPlusPlus": (lambda **k: learners.MAMLPlusPlus(**({"backbone": conv(out=5)} | k)), {}, MAML | {
        "backbone": thing(nn.Module), "batch_norm": word("transductive", "inductive", "step"),
        "rates": word("one", "layer", "weight"), "multi_step_for": whole(0), "first_order_for": whole(0)}),
    "Reptile": (lambda **k: learners.Reptile(**({"backbone": conv(out=5)} | k)), {},
                MAML | {"batch": whole(none=True), "backbone": thing(nn.Module)}),
    "ImplicitMAML": (lambda **k: learners.ImplicitMAML(**({"backbone": conv(out=5)} | k)), {},
                     MAML | {"strength": number(5e-324), "solver_steps": whole(0), "backbone": thing(nn.Module)}),
    "PrototypicalNet": (lambda **k: PrototypicalNet(**({"backbone": conv()} | k)), {}, METRIC | {
        "backbone": thing(nn.Module), "attributes": whole(none=True), "features": whole()}),
    "MatchingNet": (lambda **k: learners.MatchingNet(**({"backbone": conv()} | k)), {}, METRIC | {
        "backbone": thing(nn.Module), "full_context": whole(0), "features": whole()}),
    "RelationNet": (lambda **k: learners.RelationNet(**({"backbone": conv(maps=True)} | k)), {}, {
        "backbone": thing(nn.Module), "channels": whole(), "size": whole(), "hidden": whole(),
        "shots": word("sum", "mean"), "loss": word("mse", "cross_entropy"), "attributes": whole(none=True)}),
    "SiameseNet": (lambda **k: learners.SiameseNet(**({"backbone": conv()} | k)), {},
                   {"backbone": thing(nn.Module), "features": whole()}),
    "Joint": (lambda **k: Joint(**({"backbone": conv(), "features": 4, "classes": 5} | k)), {},
              {"backbone": thing(nn.Module), "features": whole(), "classes": whole()}),
    "LinearProbe": (lambda **k: learners.LinearProbe(**({"backbone": conv()} | k)), {},
                    {"backbone": thing(nn.Module), "steps": whole(0), "lr": number(0)}),
    "FineTune": (lambda **k: learners.FineTune(**({"backbone": conv()} | k)), {},
                 {"backbone": thing(nn.Module), "steps": whole(0), "lr": number(0)}),
    "evaluate": (evaluate, {"learner": CURVE_NET, "tasks": CURVES, "n_tasks": 1}, {
        "learner": _things, "tasks": _things, "n_tasks": whole(), "seed": _seeds, "batch": whole(),
        "batch_norm": word("inductive", "transductive")}),
    "fit": (fit, {"learner": CURVE_NET, "tasks": CURVES, "steps": 1, "progress": False, "device": "cpu"}, {
        "learner": _things, "tasks": _things, "steps": whole(), "meta_batch": whole(), "lr": number(0),
        "log_every": whole(), "validate_every": whole(), "validation_tasks": whole(), "seed": _seeds,
        "patience": whole(none=True), "device": _devices}),
    "pretrained": (pretrained, {}, {"name": thing(str)}),
    "pick_device": (lambda device: pick_device(device), {}, {"device": _devices}),
}  # fmt: skip


#: Words and tensors that `adapt`, `predict` and `Episode` are given: what is wrong with each.
FLAWS = {
    "a list": lambda t: t.tolist(), "an array": lambda t: t.numpy(), "None": lambda t: None, "a word": lambda t: "x",
    "no task axis": lambda t: t[0], "a scalar": lambda t: t.sum(), "no tasks": lambda t: t[:0],
    "no examples": lambda t: t[:, :0], "complex": lambda t: t.to(torch.complex64), "bool": lambda t: t.bool(),
}  # fmt: skip
X_FLAWS = FLAWS | {
    "whole numbers": lambda t: t.long(), "bytes": lambda t: t.to(torch.uint8),
    "nan": lambda t: _with(t, math.nan), "inf": lambda t: _with(t, math.inf), "-inf": lambda t: _with(t, -math.inf),
}  # fmt: skip
Y_FLAWS = FLAWS | {
    "fewer": lambda t: t[:, :-1], "other tasks": lambda t: t[:1], "a third axis": lambda t: t.unsqueeze(2),
    "-1": lambda t: _with(t, -1), "a gap": lambda t: torch.where(t == 1, 0, t), "int32": lambda t: t.int(),
    "too high": lambda t: _with(t, 5), "huge": lambda t: _with(t, 10**12),
}  # fmt: skip


def _with(t: torch.Tensor, value):
    """The last number of a tensor replaced."""
    t = t.clone()
    t.view(-1)[-1] = value
    return t


LEARNERS = {
    "prototypical": lambda: PrototypicalNet(conv()), "matching": lambda: learners.MatchingNet(conv()),
    "siamese": lambda: learners.SiameseNet(conv(), 4),
    "relation": lambda: learners.RelationNet(conv(maps=True), 4),
    "maml": lambda: learners.MAML(conv(out=5)),
    "maml_plus_plus": lambda: learners.MAMLPlusPlus(conv(out=5), rates="layer", batch_norm="step"),
    "reptile": lambda: learners.Reptile(conv(out=5)),
    "implicit_maml": lambda: learners.ImplicitMAML(conv(out=5), 1),
    "linear_probe": lambda: learners.LinearProbe(conv()),
    "fine_tune": lambda: learners.FineTune(conv(), 1), "nearest_neighbour": learners.NearestNeighbour,
    "in_context": lambda: learners.InContext(conv(), 4, 5, 8, 1, 2),
    "recurrent": lambda: learners.Recurrent(conv(), 4, 5, 8),
}  # fmt: skip
EPISODE = TASKS.sample(2, torch.Generator().manual_seed(0))
