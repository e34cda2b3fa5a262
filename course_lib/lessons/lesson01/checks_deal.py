"""What `check` looks at in `deal_labels` of lesson 01: one fair permutation a task, the same for both sets."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem
from course_lib.lessons.lesson01.checks_sampling import even, independent, judge_randomness, need, seeded

_TASKS, _WAY = 600, 3
_SUPPORT, _QUERY = (0, 0, 1, 1, 2, 2), (2, 0, 1, 1, 0, 2, 2, 1, 0)  # in order, and not


def judge_deal(call):
    """`deal_labels`: form, a renaming, the same for both sets; then how the tasks' renamings are drawn."""
    support, query = (torch.tensor(labels).expand(_TASKS, -1).clone() for labels in (_SUPPORT, _QUERY))
    got = call(support, query, _WAY, seeded(0))
    _judge_form(got, support, query)
    table = _judge_renaming(call, got, support, query)
    judge_randomness(lambda generator: call(support, query, _WAY, generator))
    _judge_draw(table)
    _judge_missing_class(call)


def _judge_form(got, support: Tensor, query: Tensor):
    joined = [_TASKS, support.shape[1] + query.shape[1]]
    tip = " The two sets are joined: divide them again." if list(getattr(got, "shape", [])) == joined else ""
    tip = " Make tensors of the lists: torch.tensor." if isinstance(got, tuple | list) and len(got) == 2 else tip
    need(
        isinstance(got, tuple | list) and len(got) == 2 and all(isinstance(g, Tensor) for g in got),
        f"it should return two tensors: the new support_y and the new query_y.{tip}",
    )
    shapes = [list(g.shape) for g in got]
    need(shapes != [list(query.shape), list(support.shape)], "the two are exchanged: support_y first, then query_y.")
    need(
        shapes == [list(support.shape), list(query.shape)] or [s[:1] for s in shapes] != [[_TASKS], [_TASKS]]
        or any(len(s) != 2 for s in shapes) or shapes[0][1] + shapes[1][1] != joined[1],
        f"the joined labels are divided at the wrong place: {support.shape[1]} of them belong to the support set, and "
        f"{query.shape[1]} to the query set, but it gives {shapes[0][-1]} and {shapes[1][-1]}.",
    )  # fmt: skip
    for name, old, new in (("support_y", support, got[0]), ("query_y", query, got[1])):
        text = f"the new {name} should be int64 of shape {list(old.shape)}, but it is {new.dtype} {list(new.shape)}."
        need(new.shape == old.shape, text + _of_shape(list(new.shape), old.shape[1]))
        if new.is_floating_point() and (new != new.round()).any():
            raise Problem(f"{text} These are random keys: their *order* is a permutation, argsort.")
        need(new.dtype == torch.int64, text)
        low, high = int(new.min()), int(new.max())
        tip = " Is the number of classes `way`?"
        if high == _TASKS - 1:
            tip = " It ranks the tasks among each other: sort along the axis of classes, dim=1."
        elif (low, high) == (1, _WAY):
            tip = " Labels count from 0."
        need(
            low >= 0 and high < _WAY,
            f"the new {name} should hold 0 ... {_WAY - 1}, but it goes from {low} to {high}.{tip}",
        )


def _of_shape(shape: list[int], n: int) -> str:
    """What a wrong shape of labels says."""
    if shape == [_TASKS, _TASKS, n]:
        return (
            " table[:, y] looks the labels of every task up in the tables of all: table.gather(1, y) takes those of "
            "its "
            "own."
        )
    if shape == [_TASKS * n]:
        return " The tasks are joined: stack them, so that each has its row."
    if shape == [n] or shape == [1, n]:
        return " Only one task is left."
    if shape == [_TASKS, _WAY]:
        return " That is a label for each class: look the labels of the images up in it, table.gather(1, y)."
    return ""


def _judge_renaming(call, got, support: Tensor, query: Tensor) -> Tensor:
    """The renaming of each task, `[tasks, way]`, if it is one."""
    need(
        not all((new.diff(dim=1) >= 0).all() for new in got),
        "the new labels are sorted, so images lose theirs. Look them up in the permutation, and leave them there.",
    )
    pairs = got[0].view(_TASKS, _WAY, 2)  # the two support images of each class
    table = pairs[..., 0]  # [tasks, way]: the new name of each class
    lost = (
        "images of one class got different labels: the list of labels was shuffled, so images lost theirs. Rename the "
        "classes instead."
    )
    need((pairs[..., 0] == pairs[..., 1]).all(), lost)
    need(
        not torch.equal(got[1], table.repeat_interleave(query.shape[1] // _WAY, 1)),
        "it takes for granted that the query labels come in order, 0, 0, 0, 1, 1, 1, ... Look each label up: "
        "table.gather(1, query_y).",
    )
    need(all((got[1][:, query[0] == c] == got[1][:, query[0] == c][:, :1]).all() for c in range(_WAY)), lost)
    need(
        (table.sort(-1).values == torch.arange(_WAY)).all(),
        "two classes of a task got the same label. A renaming is a permutation: draw without replacement. Where labels "
        "are replaced one after the other in place, a new label can be taken for an old one and replaced again.",
    )
    unlike = "One permutation a task, used for both."
    same = torch.equal(table.gather(1, query), got[1])
    need(same or not torch.equal(got[1], query), f"the query labels are what they were before. {unlike}")
    need(same or (table != torch.arange(_WAY)).any(), f"the support labels are what they were before. {unlike}")
    need(same, f"support set and query set were renamed differently. {unlike}")
    if (table == torch.arange(_WAY)).all():
        raise Problem(f"the labels are what they were before.{_shuffled_tasks(call)}")
    need(
        (table[0] != table[1:]).any(),
        "all tasks got the same permutation, so a label still means the same in every task. Each needs its own.",
    )
    unchanged = (table == torch.arange(_WAY)).all(-1)
    need(
        unchanged.sum() < 0.9 * _TASKS,
        f"the labels of {int(unchanged.sum())} of {_TASKS} tasks are what they were before. Each task needs a "
        f"permutation.",
    )
    return table


def _shuffled_tasks(call) -> str:
    """Whether whole tasks change places; tasks with labels alike do not show it."""
    codes = torch.arange(3**4)
    rows = torch.stack([codes // 3**i % 3 for i in range(4)], 1)  # [81, 4]: no two rows alike
    try:
        new = call(rows, rows, 3, seeded(1))[0]
    except Problem:
        return ""
    moved = new.shape == rows.shape and not torch.equal(new, rows)
    moved = moved and torch.equal(new.unique(dim=0), rows.unique(dim=0))
    return " It shuffles the *tasks*, and their labels go with them: rename the classes of each." if moved else ""


def _judge_draw(table: Tensor):
    """Permutations of three `[tasks, 3]`: all six, equally often, and each task's by itself."""
    code = table[:, 0] * _WAY + table[:, 1]  # tells the six permutations of three apart
    kinds = code.unique(return_inverse=True)[1]
    for lag in (1, 2, 3, _TASKS // 2):
        need(
            independent(kinds[:-lag], kinds[lag:], 6),
            "the permutation of a task follows from that of another (one for several tasks, or one that is shifted "
            "from "
            "task to task). Each task needs a draw of its own.",
        )
    found = [" ".join(map(str, row)) for row in table.unique(dim=0).tolist()]
    fixed = [c for c in range(_WAY) if (table[:, c] == c).all()]
    shifts = ((table - torch.arange(_WAY)) % _WAY == table[:, :1]).all()
    why = f" Class {fixed[0]} always keeps its label." if fixed else " They are shifts." if shifts else ""
    need(
        len(found) == 6,
        f"only some of the permutations turn up: 0 1 2 becomes {', '.join(found)}.{why} All of them must be possible.",
    )
    need(
        even(kinds, 6, _TASKS),
        "some permutations are more likely than others. A shuffle makes all equally likely.",
    )


def _judge_missing_class(call):
    """No image of a set, or of both, is of the last class: `way` cannot be read from labels."""
    for said, support, query in (("query", [0, 1, 2], [1, 0]), ("support or query image", [0, 1], [1, 0])):
        where = f"where no {said} is of the last class"
        try:
            new = call(torch.tensor([support] * 20), torch.tensor([query] * 20), 3, seeded(0))
        except Problem as problem:
            raise Problem(
                f"{problem}\n  No {said} is of the last class there. Is the number of classes `way`?"
            ) from None
        different = (new[0].sort(-1).values.diff(dim=-1) > 0).all()
        need(
            different and (new[0][:, :2] == 2).any(),
            f"it goes wrong {where}. The number of classes is `way`, not what the labels show.",
        )
