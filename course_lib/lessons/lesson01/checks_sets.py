"""What `check` looks at in `support_and_query` of lesson 01: each image in one set of its task, with its label."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem
from course_lib.lessons.lesson01.checks_sampling import need

_PARTS = "support_x, support_y, query_x, query_y"


def judge_sets(call):
    """`support_and_query`: sizes that all differ; where these fail, the lesson's own, which code may count on."""
    for tasks, way, n, shot in ((2, 3, 6, 2), (2, 2, 2, 1), (1, 4, 3, 2)):
        try:
            _judge_case(call, tasks, way, n, shot, (2, 2))
        except Problem as problem:
            raise Problem(f"{problem}{_only_usual(call)}") from None


def _only_usual(call) -> str:
    """A question if code fails for some sizes and is right for those that the lesson has."""
    try:
        _judge_case(call, 4, 5, 16, 1, (1, 28, 28))
    except Problem:
        return ""
    return (
        "\n  For 5 classes of images [1, 28, 28] with shot 1 it is right. Does the code count on these sizes? Read "
        "them "
        "from images.shape."
    )


def _judge_case(call, tasks: int, way: int, n: int, shot: int, size: tuple[int, ...]):
    numbers = torch.arange(tasks * way * n).view(tasks, way, n)
    images = numbers.view(tasks, way, n, *[1] * len(size)).float().expand(-1, -1, -1, *size).clone()
    got = call(images, shot)  # an image shows its own number
    given = f"a {type(got).__name__}" + (f" of {len(got)}" if isinstance(got, tuple | list) else "")
    need(
        isinstance(got, tuple | list) and len(got) == 4 and all(isinstance(g, Tensor) for g in got),
        f"it should return four tensors: {_PARTS}. It returned {given}.",
    )
    x_shapes = [list(got[0].shape), list(got[2].shape)]
    need(
        got[1].ndim <= 3 or got[2].ndim > 3,
        f"the four are in another order: images and labels of the support set first, then those of the query set: "
        f"{_PARTS}.",
    )
    need(
        got[0].shape[:1] != (tasks,) or shot == way or not _shows(got[0], numbers[:, :shot]),
        "the support set holds all images of the first classes: axis 1, the classes, was cut. Cut axis 2, the images "
        "of "
        "a class.",
    )
    sizes = [[tasks, way * count, *size] for count in (shot, n - shot)]
    need(
        x_shapes != sizes[::-1] or sizes[0] == sizes[1],
        "support and query set are exchanged: `shot` images of each class are the support set, and it comes first.",
    )
    _judge_images(got, numbers, shot, size)
    for part, x, y in (("support", *got[:2]), ("query", *got[2:])):
        shown = x.flatten(2)[..., 0].long()
        _judge_labels(part, shown // n % way, shown % n, y, way)


def _judge_images(got, numbers: Tensor, shot: int, size: tuple[int, ...]):
    tasks, way, n = numbers.shape
    support, query = got[0], got[2]
    for part, x, count in (("support", support, shot), ("query", query, n - shot)):
        want = [tasks, way * count, *size]
        if list(x.shape) != want:
            raise Problem(
                f"for images {[tasks, way, n, *size]} and shot {shot}, {part}_x should be of shape {want}, but it is "
                f"{list(x.shape)}.{_of_form(part, x, got, (tasks, way, n), shot, size)}"
            )
    every = set(numbers.flatten().tolist())
    need(
        set(support.flatten().tolist()) | set(query.flatten().tolist()) <= every,
        "pixel values are changed. Images go to one of the two sets as they are.",
    )
    for task in range(tasks):
        s, q = (set(x[task].flatten(1)[:, 0].tolist()) for x in (support, query))
        need(
            not s & q,
            "some images stand in both sets. The query set begins where the support set ends: images[:, :, shot:].",
        )
        need(
            s | q <= set(numbers[task].flatten().tolist()),
            "images of one task turn up in another. Flatten the axes 1 and 2 only; the task axis stays.",
        )
        need(s | q == set(numbers[task].flatten().tolist()), "some images are in neither set.")
        need(
            all(len(s & set(row.tolist())) == shot for row in numbers[task]),
            f"the support set should hold {shot} of *each* class; some classes have more than others. Cut the images "
            f"of "
            "a class (axis 2) *before* classes and images are joined.",
        )


def _of_form(part: str, x: Tensor, got, form: tuple[int, int, int], shot: int, size: tuple[int, ...]) -> str:
    """What the shape of a set's images says of it."""
    tasks, way, n = form
    count, other = (shot, n - shot) if part == "support" else (n - shot, shot)
    pixels = torch.Size(size).numel()
    known = [
        ([way * count, *size], "The axis of tasks is dropped (squeeze?). It stays, also for one task." if tasks == 1
                               else "Only one task is left of several."),
        ([tasks * way * count, *size], "Tasks are joined, too: .flatten(1, 2) joins classes and images of a class, and "
                                       "the task axis stays."),
        ([tasks * way, count, *size], "Tasks and classes are joined: .flatten(1, 2) joins classes and images of a "
                                      "class, "
                                      "and the task axis stays."),
        ([tasks, way, count, *size], "Join the classes and the images of a class: .flatten(1, 2)."),
        ([tasks, way * count, pixels], "The pixels are joined, too: .flatten(1, 2) ends at axis 2."),
        ([tasks, way * count * pixels], "The pixels are joined, too: .flatten(1, 2) ends at axis 2."),
        ([1, way * count, *size], "Only one task is left of several."),
    ]  # fmt: skip
    said = next((text for shape, text in known if list(x.shape) == shape), "")
    if said or list(x.shape[:1]) != [tasks] or list(x.shape[2:]) != list(size) or x.shape[1] % way:
        return f" {said}" if said else ""
    each = x.shape[1] // way
    text = f" It holds {each} of the {n} images of each class, and should hold {count}"
    if part == "support":
        return f"{text}, `shot` of them."
    both = set(x.flatten(2)[..., 0].flatten().tolist()) & set(got[0].flatten(2)[..., 0].flatten().tolist())
    tip = "; some stand in the support set, too" if both else "; some are in neither set" if each < count else ""
    where = "The query set begins where the support set ends: images[:, :, shot:]."
    return f"{text}: all that the support set leaves{tip}. {where}"


def _shows(x: Tensor, numbers: Tensor) -> bool:
    """Do the images show exactly these numbers?"""
    shown = x.flatten() if x.ndim < 3 else x[..., 0, 0].flatten()
    return shown.sort().values.tolist() == numbers.flatten().sort().values.tolist()


def _judge_labels(part: str, classes: Tensor, places: Tensor, y: Tensor, way: int):
    """`classes`, `places` `[tasks, n]`: of each image the place of its class in the task, and its own in its class."""
    name = f"{part}_y"
    tasks, n = classes.shape
    if y.shape != classes.shape:
        raise Problem(
            f"{name} should be of shape {[tasks, n]}, one label an image; it is {list(y.shape)}."
            f"{_of_labels(y, tasks, n, way)}"
        )
    need(y.dtype == torch.int64, f"{name} should be int64, as class labels are in PyTorch, but it is {y.dtype}.")
    if torch.equal(y, classes):
        return
    need(not torch.equal(y, classes + 1), f"{name} counts from 1. Labels count from 0: 0 ... way-1.")
    need(
        not torch.equal(y, classes + way * torch.arange(len(y))[:, None]),
        f"{name} goes on counting from one task to the next, so a label names a class of the whole data set. "
        "Each task counts its own classes from 0.",
    )
    least = int((y - classes).min())
    need(
        not torch.equal(y, classes + least),
        f"{name} begins at {least}. In both sets the labels of a task are 0 ... way-1: a class has one label.",
    )
    need(
        not torch.equal(y, way - 1 - classes),
        f"{name} counts the classes backwards, beside its images. Class 0 is the first of the task.",
    )
    least = places.amin()
    need(
        not torch.equal(y, places) and not torch.equal(y, places - least),
        f"{name} says which image *of its class* each is. The label says which class: the same for all images of it.",
    )
    need(
        y.max() > y.min(), f"{name} is {int(y[0, 0])} for every image. The label is the place of its class in the task."
    )
    need(y.max() < way, f"{name} numbers the images. Images of one class share one label, 0 ... way-1.")
    need(
        _renamed(classes, y) or not torch.equal(y.sort(-1).values, classes.sort(-1).values),
        f"{name} is out of step with its images: the right labels, in another order. If images go class by "
        "class, labels do too: 0, 0, 1, 1 and not 0, 1, 0, 1.",
    )
    need(
        not _renamed(classes, y),
        f"{name} gives the classes other numbers. The label of a class is its place in the task: the first is 0.",
    )
    raise Problem(f"{name} is not the place of each image's class in the task, 0 ... way-1.")


def _of_labels(y: Tensor, tasks: int, n: int, way: int) -> str:
    """What the shape of labels says of them."""
    if list(y.shape) == [tasks, n, way]:
        return " They are one-hot; a label is one number, its class."
    if list(y.shape) in ([n], [1, n]):
        return " The axis of tasks is missing: labels.expand(tasks, -1) repeats them for each."
    if list(y.shape) == [tasks * n]:
        return " The tasks are joined: each needs its row."
    if list(y.shape[:2]) == [tasks, way]:
        return " Join classes and images of a class, as those of the images: .flatten(1, 2)."
    if y.ndim == 2 and len(y) == tasks:
        return (
            f" So there are {y.shape[1]} labels for {n} images: each of the {way} classes comes as often as it has "
            f"images "
            "in this set."
        )
    return ""


def _renamed(classes: Tensor, y: Tensor) -> bool:
    """Is `y` the classes under other names: in each task, one label for each class and one class for each label?"""
    for its_classes, its_labels in zip(classes.tolist(), y.tolist(), strict=True):
        pairs = set(zip(its_classes, its_labels, strict=True))
        if not len(pairs) == len(set(its_classes)) == len(set(its_labels)):
            return False
    return True
