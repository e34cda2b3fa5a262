"""Judges for the sampling exercises of lesson 01: by what must hold for any right answer, not by its numbers."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from course_lib.exercises.engine import Problem

SIGMAS = 5  # standard deviations from what is expected; chance alone goes beyond it once in two million


def seeded(seed: int) -> Generator:
    """A generator at its beginning."""
    return Generator().manual_seed(seed)


def need(fine: bool, message: str):
    """Raise `Problem(message)` unless `fine`."""
    if not fine:
        raise Problem(message)


def judge_randomness(draw):
    """`draw(generator)` must depend on the generator, on all of it, and on nothing else."""
    torch.manual_seed(0)
    first = draw(seeded(1))
    torch.manual_seed(1)
    need(
        _equal(first, draw(seeded(1))),
        "two generators with the same seed gave two results, so some randomness comes from elsewhere: pass "
        "generator=generator to every function that draws. Otherwise nobody can repeat your experiment.",
    )
    generator = seeded(1)
    later = [draw(generator) for _ in range(5)][1:]
    others = [draw(seeded(seed)) for seed in range(2, 6)]
    need(
        not all(_equal(first, one) for one in later) and not all(_equal(first, one) for one in others),
        "it gives the same result every time. All randomness should come from the generator that is passed in, "
        "and no "
        "seed should be set inside.",
    )


def _equal(a, b) -> bool:
    if isinstance(a, Tensor):
        return isinstance(b, Tensor) and a.shape == b.shape and torch.equal(a, b)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_equal, a, b))
    return a == b


def judge_pick(call):
    """`pick_different`: shape, range, no repeats, independent cells, the generator, and a fair draw."""
    for shape, n, k in (((4, 3), 7, 4), ((5,), 3, 3)):
        got = call(shape, n, k, seeded(0))
        need(isinstance(got, Tensor), f"it should return a tensor, but it returned a {type(got).__name__}.")
        need(
            list(got.shape) == [*shape, k],
            f"for shape {shape} and k = {k} the result should be of shape {[*shape, k]}, but it is "
            f"{list(got.shape)}: "
            "k numbers for each cell of `shape`.",
        )
        need(got.dtype == torch.int64, f"the numbers are places, so they should be int64, but they are {got.dtype}.")
        need(
            got.min() >= 0 and got.max() < n,
            f"the numbers should be 0 ... {n - 1}, but they go from {int(got.min())} to {int(got.max())}.",
        )
    got = call((600, 2), 7, 4, seeded(0))  # [600, 2, 4]
    need(
        (got.sort(-1).values.diff(dim=-1) > 0).all(),
        "it picks a number twice in one cell (drawing with replacement). As classes, one class would have two "
        "labels; as "
        "examples, a support image could come back as a query.",
    )
    need(
        (got[:, 0] != got[:, 1]).any(),
        "all classes of a task get the same choice. Each cell of `shape` needs a draw of its own.",
    )
    need((got[0] != got[1:]).any(), "every task gets the same choice. Each cell of `shape` needs a draw of its own.")
    judge_randomness(lambda generator: call((50,), 7, 4, generator))
    _judge_fairness(got.flatten(0, 1))


def _judge_fairness(got: Tensor):
    """`got` `[1200, 4]`: choices of 4 from 7."""
    need(
        _even(got.flatten(), 7, 4 * len(got)),
        "some numbers are picked more often than others. Every one of 0 ... n-1 must have the same chance.",
    )
    need(
        all(_even(column, 7, len(got)) for column in got.T),
        "the numbers come in an order. A class's place becomes its label, so if the choice is sorted, low "
        "classes get low "
        "labels; leave it in random order.",
    )
    need(
        _even((got[:, 1] - got[:, 0]) % 7 - 1, 6, len(got)),
        "numbers that are neighbours are picked together. Each choice of k must be as likely as any other.",
    )


def _even(values: Tensor, kinds: int, total: int) -> bool:
    """Are the values 0 ... kinds-1 equally frequent, as far as chance allows?"""
    counts = values.bincount(minlength=kinds)[:kinds]
    expected = total / kinds
    return bool((counts - expected).abs().max() < SIGMAS * math.sqrt(expected))


def judge_sets(call):
    """`support_and_query`: every image in exactly one set of its own task, with the label of its class."""
    for tasks, way, n, shot in ((2, 3, 5, 2), (2, 2, 2, 1), (1, 4, 3, 2)):
        numbers = torch.arange(tasks * way * n).view(tasks, way, n)
        images = numbers[..., None, None].float().expand(-1, -1, -1, 2, 2).clone()  # an image shows its own number
        got = call(images, shot)
        need(
            isinstance(got, tuple | list) and len(got) == 4 and all(isinstance(g, Tensor) for g in got),
            "it should return four tensors: support_x, support_y, query_x, query_y.",
        )
        _judge_images(got, numbers, shot)
        for part, x, y in (("support", *got[:2]), ("query", *got[2:])):
            _judge_labels(part, x[..., 0, 0].long() // n % way, y, way)


def _judge_images(got, numbers: Tensor, shot: int):
    tasks, way, n = numbers.shape
    support, query = got[0], got[2]
    for part, x, count in (("support", support, shot), ("query", query, n - shot)):
        cut_classes = x.shape[:1] == (tasks,) and x.shape[1] != way * count and _shows(x, numbers[:, :shot])
        if part == "support" and cut_classes:
            raise Problem(
                "the support set holds all images of the first classes: axis 1, the classes, was cut. Cut axis 2, "
                "the images of a class."
            )
        need(
            list(x.shape) == [tasks, way * count, 2, 2],
            f"for images {[tasks, way, n, 2, 2]} and shot {shot}, {part}_x should be of shape "
            f"{[tasks, way * count, 2, 2]}, "
            f"but it is {list(x.shape)}.",
        )
    for task in range(tasks):
        s, q = (set(x[task, :, 0, 0].tolist()) for x in (support, query))
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
            f"the support set should hold {shot} of *each* class; some classes have more than others.",
        )


def _shows(x: Tensor, numbers: Tensor) -> bool:
    """Do the images show exactly these numbers?"""
    return x[..., 0, 0].flatten().sort().values.tolist() == numbers.flatten().sort().values.tolist()


def _judge_labels(part: str, classes: Tensor, y: Tensor, way: int):
    """`classes` `[tasks, n]`: the place in its task of the class that each image shows."""
    name = f"{part}_y"
    need(
        y.shape == classes.shape,
        f"{name} should be of shape {list(classes.shape)}, one label an image; it is {list(y.shape)}.",
    )
    need(y.dtype == torch.int64, f"{name} should be int64, as class labels are in PyTorch, but it is {y.dtype}.")
    if torch.equal(y, classes):
        return
    need(not torch.equal(y, classes + 1), f"{name} counts from 1. Labels count from 0: 0 ... way-1.")
    need(
        not torch.equal(y, classes + way * torch.arange(len(y))[:, None]),
        f"{name} goes on counting from one task to the next, so a label names a class of the whole data set. "
        f"Each task "
        "counts its own classes from 0.",
    )
    need(y.max() < way, f"{name} numbers the images. Images of one class share one label, 0 ... way-1.")
    need(
        _renamed(classes, y) or not torch.equal(y.sort(-1).values, classes.sort(-1).values),
        f"{name} is out of step with its images: the right labels, in another order. If images go class by "
        f"class, labels do "
        "too: 0, 0, 1, 1 and not 0, 1, 0, 1.",
    )
    raise Problem(f"{name} is not the place of each image's class in the task, 0 ... way-1.")


def _renamed(classes: Tensor, y: Tensor) -> bool:
    """Is `y` the classes under other names: in each task, one label for each class and one class for each label?"""
    for its_classes, its_labels in zip(classes.tolist(), y.tolist(), strict=True):
        pairs = set(zip(its_classes, its_labels, strict=True))
        if not len(pairs) == len(set(its_classes)) == len(set(its_labels)):
            return False
    return True


def judge_deal(call):
    """`deal_labels`: one fair permutation a task, the same for both sets, from the generator."""
    tasks, way = 600, 3
    support = torch.tensor([0, 0, 1, 1, 2, 2]).expand(tasks, 6).clone()
    query = torch.tensor([2, 0, 1, 1]).expand(tasks, 4).clone()
    got = call(support, query, way, seeded(0))
    need(
        isinstance(got, tuple | list) and len(got) == 2 and all(isinstance(g, Tensor) for g in got),
        "it should return two tensors: the new support_y and the new query_y.",
    )
    for name, old, new in (("support_y", support, got[0]), ("query_y", query, got[1])):
        need(
            new.shape == old.shape and new.dtype == torch.int64,
            f"the new {name} should be int64 of shape {list(old.shape)}, but it is {new.dtype} {list(new.shape)}.",
        )
        need(
            new.min() >= 0 and new.max() < way,
            f"the new {name} should hold 0 ... {way - 1}, but it goes from {int(new.min())} to {int(new.max())}.",
        )
    pairs = got[0].view(tasks, way, 2)  # the two support images of each class
    need(
        (pairs[..., 0] == pairs[..., 1]).all() and (got[1][:, 2] == got[1][:, 3]).all(),
        "images of one class got different labels: the list of labels was shuffled, so images lost theirs. "
        "Rename the "
        "classes instead.",
    )
    table = pairs[..., 0]  # [tasks, way]: the new name of each class
    need(
        (table.sort(-1).values == torch.arange(way)).all(),
        "two classes of a task got the same label. A renaming is a permutation: draw without replacement. Where labels "
        "are replaced one after the other in place, a new label can be taken for an old one and replaced again.",
    )
    need(
        torch.equal(table.gather(1, query), got[1]),
        "support set and query set were renamed differently. One permutation a task, used for both.",
    )
    need((table != torch.arange(way)).any(), "the labels are what they were before.")
    need(
        (table[0] != table[1:]).any(),
        "all tasks got the same permutation, so a label still means the same in every task. Each needs its own.",
    )
    judge_randomness(lambda generator: call(support, query, way, generator))
    code = table[:, 0] * way + table[:, 1]  # tells the six permutations of three apart
    kinds = code.unique(return_inverse=True)[1]
    need(
        int(kinds.max()) == 5,
        "only some of the permutations turn up (shifts, perhaps). All of them must be possible.",
    )
    need(_even(kinds, 6, tasks), "some permutations are more likely than others. A shuffle makes all equally likely.")
    _judge_missing_class(call)


def _judge_missing_class(call):
    """No query is of the last class: `way` cannot be read from the queries' labels."""
    try:
        new = call(torch.tensor([[0, 1, 2]] * 20), torch.tensor([[1, 0]] * 20), 3, seeded(0))
    except Problem as problem:
        raise Problem(f"{problem}\n  No query is of the last class there. Is the number of classes `way`?") from None
    need(
        (new[0].sort(-1).values == torch.arange(3)).all() and (new[0][:, 2] != 2).any(),
        "it goes wrong where no query is of the last class. The number of classes is `way`, not what query_y shows.",
    )
