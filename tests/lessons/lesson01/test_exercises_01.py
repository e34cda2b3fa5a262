"""Lesson 01: each known mistake gets its own hint; right answers in any style pass."""

import pytest
import torch

from course_lib.episode import Episode
from course_lib.exercises import check, engine
from course_lib.learners import squared_distances
from course_lib.lessons.lesson01 import checks_shared, checks_splits
from course_lib.lessons.lesson01.checks import EXERCISES
from tests.lessons.lesson01.mistakes_01 import DEAL, DEAL_RIGHT, PICK, PICK_RIGHT, SPLIT, SPLIT_RIGHT


def named(function, name):
    function.__name__ = name
    return function


# --- support_and_query(images, shot)


def sets(support, query, labels_of=lambda x: torch.arange(x.shape[1]).view(1, -1, 1).expand(x.shape[:3])):
    return tuple(part.flatten(1, 2) for x in (support, query) for part in (x, labels_of(x)))


def by_example(images, shot):
    """Example by example, labels in step: another order, and right."""
    return sets_in(images.transpose(1, 2), shot, 2)


def sets_in(x, shot, class_axis):
    size = [-1 if axis == class_axis else 1 for axis in range(3)]
    labels = torch.arange(x.shape[class_axis]).view(size).expand(x.shape[:3])
    parts = (x[:, :shot], labels[:, :shot], x[:, shot:], labels[:, shot:])
    return [part.flatten(1, 2) for part in parts]


def sets_in_a_loop(images, shot):
    out = [], [], [], []
    for task in images:
        lists = [], [], [], []
        for label, row in enumerate(task):
            for i, image in enumerate(row):
                lists[0 if i < shot else 2].append(image)
                lists[1 if i < shot else 3].append(torch.tensor(label))
        for to, values in zip(out, lists, strict=True):
            to.append(torch.stack(values))
    return tuple(map(torch.stack, out))


def with_labels(change):
    def call(images, shot):
        sx, sy, qx, qy = sets(images[:, :, :shot], images[:, :, shot:])
        return change(sx, sy, qx, qy, images.shape[1])

    return call


def tiled(y, way):
    return torch.arange(way).repeat(y.shape[1] // way).expand(y.shape)


SETS = {
    "overlap": (lambda x, s: sets(x[:, :, :s], x[:, :, : x.shape[2] - s]), "stand in both sets"),
    "a gap": (lambda x, s: sets(x[:, :, :s], x[:, :, s + 1 :]), "query_x should be of shape"),
    "cut the classes": (lambda x, s: sets(x[:, :s], x[:, s:]), "the classes, was cut"),
    "labels by example": (
        with_labels(lambda sx, sy, qx, qy, way: (sx, tiled(sy, way), qx, tiled(qy, way))),
        "support_y is out of step",
    ),
    "only the query labels": (
        with_labels(lambda sx, sy, qx, qy, way: (sx, sy, qx, tiled(qy, way))),
        "query_y is out of step",
    ),
    "images by example": (
        lambda x, s: (*sets(x[:, :, :s], x[:, :, s:])[:2], x[:, :, s:].transpose(1, 2).flatten(1, 2),
                      sets(x[:, :, :s], x[:, :, s:])[3]),
        "query_y is out of step",
    ),
    "from 1": (with_labels(lambda sx, sy, qx, qy, way: (sx, sy + 1, qx, qy + 1)), "counts from 1"),
    "global numbers": (
        with_labels(lambda sx, sy, qx, qy, way: (
            sx, sy + way * torch.arange(len(sy))[:, None], qx, qy + way * torch.arange(len(qy))[:, None])),
        "a class of the whole data set",
    ),
    "a label an image": (
        with_labels(lambda sx, sy, qx, qy, way: (
            sx, torch.arange(sy.shape[1]).expand(sy.shape), qx, torch.arange(qy.shape[1]).expand(qy.shape))),
        "numbers the images",
    ),
    "floats": (with_labels(lambda sx, sy, qx, qy, way: (sx, sy.float(), qx, qy.float())), "should be int64"),
    "other names": (
        with_labels(lambda sx, sy, qx, qy, way: (sx, way - 1 - sy, qx, way - 1 - qy)), "counts the classes backwards"),
    "values changed": (lambda x, s: sets(x[:, :, :s] / 255, x[:, :, s:] / 255), "pixel values are changed"),
    "exchanged": (lambda x, s: sets(x[:, :, s:], x[:, :, :s]), "are exchanged"),
    "query labels go on": (with_labels(lambda sx, sy, qx, qy, way: (sx, sy, qx, qy + way)), "query_y begins at 3"),
    "two values": (lambda x, s: (x[:, :, :s], x[:, :, s:]), "four tensors"),
    "not flattened": (lambda x, s: (x[:, :, :s], x[0], x[:, :, s:], x[0]), "support_x should be"),
    "labels for one task": (with_labels(lambda sx, sy, qx, qy, way: (sx, sy[0], qx, qy[0])), "one label an image"),
    "tasks mixed": (
        with_labels(lambda sx, sy, qx, qy, way: (sx.flip(0), sy, qx.flip(0), qy)), "turn up in another"),
    "shares uneven": (
        lambda x, s: sets(*(p.unflatten(1, (x.shape[1], -1)) for p in (
            x.flatten(1, 2)[:, : s * x.shape[1]], x.flatten(1, 2)[:, s * x.shape[1] :]))), "of *each* class"),
}  # fmt: skip
SETS_RIGHT = [by_example, sets_in_a_loop, lambda x, s: list(sets(x[:, :, :s], x[:, :, s:]))]

# --- shared_images(episode)


def flat(e):
    return e.query_x.flatten(2).unsqueeze(2), e.support_x.flatten(2).unsqueeze(1)


def same(e):
    query, support = flat(e)
    return query == support


def shared_in_a_loop(e):
    return torch.tensor([
        sum(any(torch.equal(q, s) for s in support) for q in query)
        for query, support in zip(e.query_x, e.support_x, strict=True)])  # fmt: skip


def cut(e, channel):
    """The episode with one channel of its images."""
    return Episode(e.support_x[:, :, channel], e.support_y, e.query_x[:, :, channel], e.query_y)


SHARED = {
    "one pixel": (lambda e: same(e).any(-1).any(-1).sum(-1), "share one pixel"),
    "pairs": (lambda e: same(e).all(-1).sum((1, 2)), "counts pairs"),
    "support counted": (lambda e: same(e).all(-1).any(1).sum(-1), "counts support images"),
    "all tasks": (
        lambda e: (e.query_x.flatten(2).unsqueeze(2) == e.support_x.flatten(2).flatten(0, 1)).all(-1).any(-1).sum(-1),
        "support sets of all tasks",
    ),
    "one number": (lambda e: same(e).all(-1).any(-1).sum(), "one number for all tasks"),
    "a fraction": (lambda e: same(e).all(-1).any(-1).float().mean(-1), "the fraction"),
    "yes or no": (lambda e: same(e).all(-1).flatten(1).any(-1).long(), "whether there is a leak"),
    "the same label only": (
        lambda e: (same(e).all(-1) & (e.query_y[:, :, None] == e.support_y[:, None])).any(-1).sum(-1), "another label"),
    "labels": (lambda e: (e.query_y[:, :, None] == e.support_y[:, None]).any(-1).sum(-1), "it compares labels"),
    "the same place": (lambda e: same(e).all(-1).diagonal(0, 1, 2).sum(-1), "at the same place only"),
    "distance 0": (lambda e: (torch.cdist(e.query_x.flatten(2), e.support_x.flatten(2)) == 0).any(-1).sum(-1), "cdist"),
    "squared distance 0": (
        lambda e: (squared_distances(e.query_x.flatten(2), e.support_x.flatten(2)) == 0).any(-1).sum(-1),
        "squared_distances multiplies",
    ),
    "sums": (lambda e: (flat(e)[0].sum(-1) == flat(e)[1].sum(-1)).any(-1).sum(-1), "one number of each image"),
    "means": (lambda e: (flat(e)[0].mean(-1) == flat(e)[1].mean(-1)).any(-1).sum(-1), "one number of each image"),
    "some pixels": (lambda e: (flat(e)[0] == flat(e)[1])[..., :100].all(-1).any(-1).sum(-1), "some of the pixels only"),
    "close": (lambda e: torch.isclose(*flat(e), atol=0.05).all(-1).any(-1).sum(-1), "nearly equal"),
    "a small mean": (lambda e: ((flat(e)[0] - flat(e)[1]).abs().mean(-1) < 0.01).any(-1).sum(-1), "nearly equal"),
    "a small square": (lambda e: ((flat(e)[0] - flat(e)[1]).square().sum(-1) < 1e-3).any(-1).sum(-1), "nearly equal"),
    "cosines": (
        lambda e: (torch.cosine_similarity(*flat(e), dim=-1) > 0.9999).any(-1).sum(-1), "nearly equal"),
    "a channel": (lambda e: (flat(cut(e, 0))[0] == flat(cut(e, 0))[1]).all(-1).any(-1).sum(-1), "one channel only"),
    "greys": (
        lambda e: torch.eq(*((255 * x).int() for x in flat(e))).all(-1).any(-1).sum(-1), "whole numbers"),
    "which": (lambda e: same(e).all(-1).any(-1), "of each query image whether it leaks"),
}
SHARED_RIGHT = [
    shared_in_a_loop,
    lambda e: ((flat(e)[0] - flat(e)[1]).abs().amax(-1) == 0).any(-1).sum(-1),
    lambda e: (same(e).double().mean(-1).amax(-1) == 1).long().sum(-1),
]

# --- quarter_turns(images)


def turned(x, turns=range(4), axes=(2, 3), join=0):
    return torch.cat([x.rot90(k, axes) for k in turns], join)


def late_binding(x):
    turns = [lambda image: image.rot90(k, (2, 3)) for k in range(4)]  # noqa: B023 (this is the bug)
    return torch.cat([turn(x) for turn in turns])


TURNS = {
    "default axes": (lambda x: torch.cat([x.rot90(k) for k in range(4)]), "unless told"),
    "axes 1 and 2": (lambda x: turned(x, axes=(1, 2)), "turns the axes 1 and 2"),
    "late binding": (late_binding, "has the last turn"),
    "not turned": (lambda x: torch.cat([x] * 4), "all four copies are upright"),
    "more examples": (lambda x: turned(x, join=1), "more examples of the same class"),
    "three turns": (lambda x: turned(x, (1, 2, 3)), "upright classes are missing"),
    "side by side": (lambda x: torch.stack([x.rot90(k, (2, 3)) for k in range(4)], 1).flatten(0, 1), "side by side"),
    "mirrors": (lambda x: torch.cat([x, x.flip(2), x.flip(3), x.flip((2, 3))]), "mirror images"),
    "transposed": (lambda x: torch.cat([x, x.mT, x.flip((2, 3)), x.flip((2, 3)).mT]), "transposing alone"),
    "another order": (lambda x: turned(x, (0, 2, 1, 3)), "copies are upright, 2 quarter turns"),
    "one mirrored": (lambda x: torch.cat([turned(x, (0, 1, 2)), x.mT]), "copies 3 of 0 ... 3 are mirror images"),
    "each its own": (
        lambda x: torch.cat([torch.stack([c.rot90(k + i, (1, 2)) for i, c in enumerate(x)]) for k in range(4)]),
        "classes are turned differently"),
    "in place": (lambda x: torch.cat([x.copy_(x.rot90(1, (2, 3))) for _ in range(4)]), "is turned in place"),
    "a list": (lambda x: [x.rot90(k, (2, 3)) for k in range(4)], "should be a uint8 tensor"),
}
TURNS_RIGHT = [
    lambda x: turned(x, (0, 3, 2, 1)),  # clockwise
    lambda x: torch.stack([x, x.mT.flip(2), x.flip((2, 3)), x.mT.flip(3)]).flatten(0, 1),
    lambda x: torch.cat([torch.stack([c.rot90(k, (1, 2)) for c in x]) for k in range(4)]),
]

ALL = {
    "pick_different": (PICK, PICK_RIGHT), "support_and_query": (SETS, SETS_RIGHT),
    "shared_images": (SHARED, SHARED_RIGHT), "split_by_group": (SPLIT, SPLIT_RIGHT),
    "quarter_turns": (TURNS, TURNS_RIGHT), "deal_labels": (DEAL, DEAL_RIGHT),
}  # fmt: skip


@pytest.fixture(autouse=True)
def only_this_lesson(monkeypatch):
    monkeypatch.setattr(engine, "lessons", lambda: ["lesson01"])


@pytest.mark.parametrize(("name", "mistake"), [(name, m) for name, (wrong, _) in ALL.items() for m in wrong])
def test_each_mistake_gets_its_own_hint(name, mistake, capsys):
    wrong, words = ALL[name][0][mistake]
    assert check(named(wrong, name)) is EXERCISES[name].solution
    printed = capsys.readouterr().out
    assert words in printed and "Traceback" not in printed


@pytest.mark.parametrize(("name", "style"), [(name, i) for name, (_, right) in ALL.items() for i in range(len(right))])
def test_right_answers_in_other_styles_pass(name, style, capsys):
    right = named(ALL[name][1][style], name)
    assert check(right) is right, capsys.readouterr().out


@pytest.mark.parametrize("name", EXERCISES)
def test_the_library_passes_its_own_check_and_a_stub_is_not_written(name, capsys):
    assert engine.verdict(EXERCISES[name], EXERCISES[name].solution) == ("right", "")

    def stub(*arguments):
        """What it should do."""
        ...

    assert check(named(stub, name)) is EXERCISES[name].solution
    assert "not written yet" in capsys.readouterr().out


def test_the_images_of_the_check_are_like_those_of_the_lesson():
    drawn = checks_shared._drawings()
    query, support = drawn.query_x.flatten(2), drawn.support_x.flatten(2)
    assert support.shape == query.shape == (2, 30, 784)  # torch.cdist multiplies where there are more than 25
    apart = torch.cdist(query, support, compute_mode="donot_use_mm_for_euclid_dist")
    assert ((apart > 0) & (apart < 0.02)).any()  # nearly equal, and no leak
    assert ((apart > 1) & (query.sum(-1).unsqueeze(2) == support.sum(-1).unsqueeze(1))).any()  # as much ink elsewhere
    paper = (support[..., :100] == 0).all(), (query[..., :100] == 0).all(-1).float().mean() > 0.9
    assert all(paper)  # paper at the rim, but for few that differ just there


def test_the_groups_of_the_check_are_like_those_of_the_lesson():
    groups = checks_splits._groups(lambda i: i)
    names = {str(name) for name in groups}
    assert any(a != b and a in b for a in names for b in names)  # "Greek" would be in "Old Greek"
    assert len({groups.count(name) for name in groups}) == len(names)  # as many classes in no two of them
    assert sum(a != b for a, b in zip(groups, groups[1:], strict=False)) > 2 * len(names)  # not side by side
