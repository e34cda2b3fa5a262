"""Lesson 01: tasks and episodes. Answers that may differ and still be right, drawn at random or in another order, are
judged by what must be true of them (`checks_sampling.py`, beside this file); the others by their numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.engine import Exercise, compare
from course_lib.lessons.lesson01.checks_sampling import judge_deal, judge_pick, judge_sets
from course_lib.lessons.lesson01.checks_shared import judge_shared
from course_lib.lessons.lesson01.checks_splits import judge_split
from course_lib.tasks.labels import deal_labels
from course_lib.tasks.sampler import pick_different, support_and_query
from course_lib.tasks.splits import quarter_turns, shared_images, split_by_group


def _turned(images: Tensor, turns, axes=(2, 3), join: int = 0) -> Tensor:
    return torch.cat([images.rot90(k, axes) for k in turns], join)


TURN_MISTAKES = [
    (
        lambda x: _turned(x, range(4), (0, 1)),
        "it turns the axes of classes and examples, 0 and 1: that is what rot90 does unless told. Height and width are "
        "the axes 2 and 3.",
    ),
    (lambda x: _turned(x, range(4), (1, 2)), "it turns the axes 1 and 2. Height and width are the axes 2 and 3."),
    (
        lambda x: _turned(x, (3, 3, 3, 3)),
        "every copy has the last turn. Functions made in a loop (lambda: ... k ...) read k when they are *called*, "
        "and by "
        "then it has its last value. Bind it at once (lambda x, k=k: ...), or turn inside the loop.",
    ),
    (
        lambda x: _turned(x, (0, 0, 0, 0)),
        "all four copies are upright. Is the number of turns used? "
        "If one tensor is turned in place, all four are that one.",
    ),
    (
        lambda x: _turned(x, range(4), join=1),
        "the turned copies became more examples of the same class. Each turn is a class of its own: join along axis 0.",
    ),
    (lambda x: _turned(x, (1, 2, 3)), "the upright classes are missing: 0, 1, 2 and 3 quarter turns."),
    (
        lambda x: torch.stack([x.rot90(k, (2, 3)) for k in range(4)], 1).flatten(0, 1),
        "the four turns of a class stand side by side. The docstring asks for all classes upright first, then all "
        "turned "
        "once, and so on.",
    ),
    (lambda x: torch.cat([x, x.flip(2), x.flip(3), x.flip((2, 3))]), "these are mirror images. Turn them: rot90."),
    (
        lambda x: torch.cat([x, x.mT, x.flip((2, 3)), x.flip((2, 3)).mT]),
        "transposing alone mirrors an image. A quarter turn is a transpose and a flip; rot90 does both.",
    ),
]


def _judge_turns(call):
    def either_direction(images):
        got = call(images)
        clockwise = _turned(images, (0, 3, 2, 1))
        same = isinstance(got, Tensor) and got.shape == clockwise.shape and torch.equal(got, clockwise)
        return quarter_turns(images) if same else got

    generator = torch.Generator().manual_seed(0)
    # Four axes of one size first: there, turning the wrong axes raises no error, and gets its own hint.
    sizes = (4, 4, 4, 4), (2, 3, 5, 5)
    cases = [(torch.randint(256, size, dtype=torch.uint8, generator=generator),) for size in sizes]
    compare(either_direction, quarter_turns, cases, TURN_MISTAKES)


EXERCISES = {
    "pick_different": Exercise(
        pick_different,
        judge_pick,
        (
            "Picking with randint can pick a number twice. Think of a shuffled pack of cards: the first k are all "
            "different.",
            "Give every candidate a random key: keys = torch.rand(*shape, n, generator=generator). Now each cell "
            "has n keys.",
            "Where the k largest keys are is a fair choice: keys.topk(k).indices. (keys.argsort(-1)[..., :k] does "
            "it too.)",
        ),
    ),
    "support_and_query": Exercise(
        support_and_query,
        judge_sets,
        (
            "The third axis counts the images of a class. Cut it after the first `shot`: images[:, :, :shot] and "
            "the rest.",
            "Now join the axes of class and example: .flatten(1, 2) turns [tasks, way, shot, ...] into [tasks, way "
            "* shot, ...].",
            "Make the labels in the same form before you flatten: torch.arange(way).view(1, way, 1).expand(tasks, "
            "way, shot). "
            "Then labels and images cannot get out of step.",
        ),
    ),
    "shared_images": Exercise(
        shared_images,
        judge_shared,
        (
            "Compare every query image with every support image of its task, pixel by pixel. Flatten the pixels: "
            "episode.query_x.flatten(2) is [tasks, n_query, pixels].",
            "query.unsqueeze(2) == support.unsqueeze(1) is [tasks, n_query, n_support, pixels].",
            "All pixels must agree (.all(-1)), with any support image (.any(-1)); then count the query images "
            "(.sum(-1)).",
        ),
    ),
    "split_by_group": Exercise(
        split_by_group,
        judge_split,
        (
            "Deal the groups, not the classes. First list them: names = sorted(set(groups)).",
            "torch.randperm(len(names), generator=generator) puts them in random order: the first `test` go to "
            "meta-test, the next `validation` to meta-validation, the rest to meta-train.",
            "Last, look up the group of each class: [i for i, group in enumerate(groups) if group in chosen].",
        ),
    ),
    "quarter_turns": Exercise(
        quarter_turns,
        _judge_turns,
        (
            "images.rot90(k, axes) turns by k quarter turns. Which two axes are height and width?",
            "They are 2 and 3. Make the four versions, k = 0, 1, 2, 3, in a list.",
            "Each turn makes new classes, so join the four along the axis of classes: torch.cat([...]) joins along "
            "axis 0.",
        ),
    ),
    "deal_labels": Exercise(
        deal_labels,
        judge_deal,
        (
            "What is shuffled is the names of the classes, once a task; not the list of labels.",
            "A permutation a task is a table of new names: pick_different((tasks,), way, way, generator) is "
            "[tasks, way].",
            "Look both sets up in the same table: table.gather(1, support_y) and table.gather(1, query_y).",
        ),
    ),
}
