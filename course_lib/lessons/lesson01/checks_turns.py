"""What `check` looks at in `quarter_turns` of lesson 01: it sees which turn or mirror image each copy is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.tasks.splits import quarter_turns


def _turned(images: Tensor, turns, axes=(2, 3), join: int = 0) -> Tensor:
    return torch.cat([images.rot90(k, axes) for k in turns], join)


def _stacked(images: Tensor, axis: int) -> Tensor:
    return torch.stack([images.rot90(k, (2, 3)) for k in range(4)], axis)


_BESIDE = (
    "the four turns of a class stand side by side. The docstring asks for all classes upright first, then all turned "
    "once, and so on."
)
_STACK = "torch.stack makes a new axis for the four turns. Each turn is a class of its own: torch.cat along axis 0."
_VALUES = "it changes the pixel values. Turn the images, and leave their numbers and their dtype as they are."

_MISTAKES = [
    (
        lambda x: _turned(x, range(4), (0, 1)),
        "it turns the axes of classes and examples, 0 and 1: that is what rot90 does unless told. Height and width are "
        "the axes 2 and 3.",
    ),
    *[
        (
            lambda x, axes=axes: _turned(x, range(4), axes),
            f"it turns the axes {axes[0]} and {axes[1]}. Height and width are the axes 2 and 3.",
        )
        for axes in ((1, 2), (1, 3), (0, 2), (0, 3))
    ],
    (
        lambda x: _turned(x, range(4), join=1),
        "the turned copies became more examples of the same class. Each turn is a class of its own: join along axis 0.",
    ),
    (lambda x: _turned(x, range(4), join=2), "the copies are joined along the height. Join along axis 0, the classes."),
    (lambda x: _turned(x, range(4), join=3), "the copies are joined along the width. Join along axis 0, the classes."),
    *[(lambda x, axis=axis: _stacked(x, axis), _STACK) for axis in range(5)],
    (lambda x: _stacked(x, 1).flatten(0, 1), _BESIDE),
    (
        lambda x: torch.cat([x, x.mT, x.flip((2, 3)), x.flip((2, 3)).mT]),
        "transposing alone mirrors an image. A quarter turn is a transpose and a flip; rot90 does both.",
    ),
    (lambda x: [x.rot90(k, (2, 3)) for k in range(4)], "it should be a uint8 tensor, and it is a list of four: join "
                                                       "them with torch.cat."),
    (lambda x: tuple(x.rot90(k, (2, 3)) for k in range(4)), "it should be a uint8 tensor, and it is a tuple of four: "
                                                            "join them with torch.cat."),
    *[(lambda x, scale=scale: quarter_turns(x).float() * scale, _VALUES) for scale in (1 / 255, 1 / 256)],
    (lambda x: 255 - quarter_turns(x), _VALUES),
    (lambda x: torch.Size([4 * len(x) * x.shape[1], *x.shape[2:]]), "classes and examples are joined to one axis. "
                                                                    "torch.stack puts classes under one another; the "
                                                                    "axis of examples stays."),
    (lambda x: quarter_turns(x).float(), "the numbers are right, but they should stay uint8, as they came."),
    (lambda x: quarter_turns(x[:1]), "it turns the first class only. All classes upright first, then all turned once, "
                                     "and so on."),
    (lambda x: torch.stack([x[0].rot90(k, (1, 2)) for k in range(4)]), "it turns the first class only. All classes "
                                                                       "upright first, then all turned once, and so "
                                                                       "on."),
    (lambda x: quarter_turns(x[:, :1]), "it keeps the first example of each class only. Turn all of them."),
    *[
        (
            lambda x, axis=axis, sign=sign: torch.cat([x.roll(sign * k * x.shape[axis] // 4, axis) for k in range(4)]),
            "it rolls the images: pixels that leave at one side come in at the other. A turn is rot90.",
        )
        for axis in (2, 3) for sign in (1, -1)
    ],
]  # fmt: skip


def judge_turns(call):
    """`quarter_turns`: either direction is right; of what is wrong, each copy is looked at."""

    def either_direction(images):
        got = call(images)
        clockwise = _turned(images, (0, 3, 2, 1))
        same = isinstance(got, Tensor) and got.shape == clockwise.shape and torch.equal(got, clockwise)
        return quarter_turns(images) if same else got

    generator = torch.Generator().manual_seed(0)
    # Four axes of one size first: there, turning the wrong axes raises no error, and gets its own hint.
    sizes = {
        "four classes of four images, 4 x 4": (4, 4, 4, 4),
        "two classes of three images, 5 x 5": (2, 3, 5, 5),
        "three classes of 20 images, 28 x 28": (3, 20, 28, 28),
    }
    cases = {said: (torch.randint(256, size, dtype=torch.uint8, generator=generator),) for said, size in sizes.items()}
    try:
        seen = _seen(call, cases["two classes of three images, 5 x 5"][0])
        compare(either_direction, quarter_turns, cases, chain(_MISTAKES, seen))
    except Problem as problem:
        raise Problem(f"{problem}{_only_usual(call, problem, cases)}") from None


def _only_usual(call, problem: Problem, cases) -> str:
    """A question if code stops where it would not with the lesson's sizes."""
    if not str(problem).startswith("it stopped") or "count on its sizes" in str(problem):
        return ""
    images = list(cases.values())[-1][0]
    try:
        got = call(images)
    except Problem:
        return ""
    right = isinstance(got, Tensor) and got.shape == quarter_turns(images).shape
    return "\n  With 20 images of 28 x 28 in each class it runs. Does the code count on these sizes?" if right else ""


def _seen(call, images: Tensor) -> Iterator[tuple]:
    """What each copy is, as a mistake that is always made; nothing if it cannot be told."""
    try:
        got = call(images.clone())
    except Problem:
        return
    classes = len(images)
    if not isinstance(got, Tensor) or got.shape[1:] != images.shape[1:] or len(got) % classes or not len(got):
        return
    blocks = got.split(classes)
    kinds = [_kind(block, images) for block in blocks]
    text = _of_kinds(kinds) or next(filter(None, (_of_block(*pair, images) for pair in enumerate(blocks))), "")
    if text:
        yield call, text


_SAYS = {k: f"{k} quarter turn{'s' * (k != 1)}" for k in (1, 2, 3)} | {0: "upright"}


def _kind(block: Tensor, images: Tensor):
    """How often a copy was turned, 0 ... 3; "mirror" for a mirror image; None for something else."""
    for k in range(4):
        if torch.equal(block, images.rot90(k, (2, 3))):
            return k
    mirrors = [images.flip(3).rot90(k, (2, 3)) for k in range(4)]
    return "mirror" if any(torch.equal(block, mirror) for mirror in mirrors) else None


def _of_kinds(kinds: list) -> str:
    if None in kinds:
        return ""
    if "mirror" in kinds:
        mirrored = [i for i, kind in enumerate(kinds) if kind == "mirror"]
        return (
            f"copies {', '.join(map(str, mirrored))} of 0 ... {len(kinds) - 1} are mirror images, flipped along one "
            f"axis "
            "only (or transposed). Turn them: rot90. Half a turn flips both axes."
        )
    listed = ", ".join(_SAYS[kind] for kind in kinds)
    missing = [_SAYS[k] for k in range(4) if k not in kinds]
    if kinds == [1, 2, 3]:
        return "the upright classes are missing: 0, 1, 2 and 3 quarter turns."
    if len(kinds) == 4 and set(kinds) == {0}:
        return (
            "all four copies are upright. Is the number of turns used? If one tensor is turned in place, all four are "
            "that one."
        )
    if len(kinds) == 4 and set(kinds) == {3}:
        return (
            "every copy has the last turn. Functions made in a loop (lambda: ... k ...) read k when they are *called*, "
            "and by then it has its last value. Bind it at once (lambda x, k=k: ...), or turn inside the loop. If one "
            "tensor is turned in place, all copies are that one."
        )
    end = f" Missing: {', '.join(missing)}." if missing else ""
    return (
        f"the {len(kinds)} cop{'y is' if len(kinds) == 1 else 'ies are'} {listed}.{end} It should be upright, 1, 2, 3 "
        "quarter turns, in this order. (rot90 counts quarter turns, not degrees.)"
    )


def _of_block(number: int, block: Tensor, images: Tensor) -> str:
    """What is wrong with a copy that is no turn of all the images together."""
    if _kind(block, images) is not None:
        return ""
    each = [
        [_kind(block[c : c + 1, e : e + 1], images[c : c + 1, e : e + 1]) for e in range(images.shape[1])]
        for c in range(len(images))
    ]
    if all(isinstance(kind, int) for row in each for kind in row):
        alike = all(len(set(row)) == 1 for row in each)
        return (
            f"in copy {number}, {'classes' if alike else 'images of one class'} are turned differently. All images of "
            f"a "
            "copy get the same turn."
        )
    others = [(axes, images.flip(axes)) for axes in ((0,), (1,), (0, 1))]
    for axes, flipped in others:
        if _kind(block, flipped) is not None:
            names = " and ".join(("classes", "examples")[axis] for axis in axes)
            return f"in copy {number}, the order of {names} is turned round, too. Flip height and width only, 2 and 3."
    return (
        f"copy {number} is no turn of the images: its pixels are others, or stand elsewhere. images.rot90(k, (2, 3)) "
        "turns all of them."
    )
