"""Lesson 01: tasks and episodes. Answers that may differ and still be right, drawn at random or in another order, are
judged by what must be true of them; the others by their numbers. A file beside this one for each exercise."""

from __future__ import annotations

from course_lib.exercises.engine import Exercise
from course_lib.lessons.lesson01.checks_deal import judge_deal
from course_lib.lessons.lesson01.checks_pick import judge_pick
from course_lib.lessons.lesson01.checks_sets import judge_sets
from course_lib.lessons.lesson01.checks_shared import judge_shared
from course_lib.lessons.lesson01.checks_splits import judge_split
from course_lib.lessons.lesson01.checks_turns import judge_turns
from course_lib.tasks.labels import deal_labels
from course_lib.tasks.sampler import pick_different, support_and_query
from course_lib.tasks.splits import quarter_turns, shared_images, split_by_group

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
        judge_turns,
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
