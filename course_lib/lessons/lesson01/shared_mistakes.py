"""The mistakes that `check` knows in `shared_images` of lesson 01, each as a formula and what it says of it."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.learners import squared_distances
from course_lib.tasks.splits import shared_images


def _same(episode: Episode) -> Tensor:
    """Which pixels agree: `[tasks, n_query, n_support, numbers]`."""
    return episode.query_x.flatten(2).unsqueeze(2) == episode.support_x.flatten(2).unsqueeze(1)


def _across(episode: Episode) -> Tensor:
    query, support = episode.query_x.flatten(2), episode.support_x.flatten(2).flatten(0, 1)
    return (query.unsqueeze(2) == support).all(-1).any(-1).sum(-1)


def _in_place(episode: Episode) -> Tensor:
    n = min(episode.query_x.shape[1], episode.support_x.shape[1])
    return (episode.query_x[:, :n] == episode.support_x[:, :n]).flatten(2).all(-1).sum(-1)


def _pairs(episode: Episode, equal) -> Tensor:
    """`equal` of every query and support image: `[tasks, n_query, n_support]`."""
    return equal(episode.query_x.flatten(2).unsqueeze(2), episode.support_x.flatten(2).unsqueeze(1))


def _counted(pairs: Tensor) -> Tensor:
    return pairs.any(-1).sum(-1)


def _changed(episode: Episode, change) -> Episode:
    """The episode with other images."""
    support_x, query_x = (change(images).float() for images in (episode.support_x, episode.query_x))
    return Episode(support_x, episode.support_y, query_x, episode.query_y)


def _cut(episode: Episode, part: str, cut: slice) -> Episode:
    """The episode with some images of a set."""
    sets = {"support_x": episode.support_x, "query_x": episode.query_x}
    sets[part] = sets[part][:, cut]
    labels = [torch.zeros(x.shape[:2], dtype=torch.int64) for x in sets.values()]
    return Episode(sets["support_x"], labels[0], sets["query_x"], labels[1])


def _within(episode: Episode, part: str) -> Tensor:
    images = getattr(episode, part).flatten(2)
    return _counted((images.unsqueeze(2) == images.unsqueeze(1)).all(-1))


def _lists(episode: Episode) -> Iterator[tuple[list, list]]:
    """The images of each task as tuples, which can be counted and found: support, query."""
    for support, query in zip(episode.support_x.flatten(2), episode.query_x.flatten(2), strict=True):
        yield list(map(tuple, support.tolist())), list(map(tuple, query.tolist()))


def _earlier(episode: Episode) -> Tensor:
    return torch.tensor([sum(x in s + q[:i] for i, x in enumerate(q)) for s, q in _lists(episode)])


def _doubles(episode: Episode) -> Tensor:
    return torch.tensor([len(s + q) - len(set(s + q)) for s, q in _lists(episode)])


def _distinct(episode: Episode) -> Tensor:
    return torch.tensor([len(set(s) & set(q)) for s, q in _lists(episode)])


def _lines_agree(episode: Episode, axis: int) -> Tensor:
    same = (episode.query_x.unsqueeze(2) == episode.support_x.unsqueeze(1)).all(axis)
    return _counted(same.flatten(3).any(-1))


_CHANNEL = "it looks at one channel only. Images may have several: all numbers of an image must agree, flatten(2)."
_BLACK = "it makes the images black and white first, and different greys become equal. Compare the pixels as they are."
_WHOLE = "it cuts the pixels to whole numbers first, and different greys become equal. Compare the pixels as they are."
_CHANGES = [
    *[(lambda x, c=c: x[:, :, c : c + 1] if c >= 0 else x[:, :, c:], _CHANNEL) for c in (0, 1, -1)],
    (lambda x: x.mean(2), "it averages the channels first, and different colours become equal. Compare all numbers."),
    (lambda x: x.sum(2), "it adds the channels up first, and different colours become equal. Compare all numbers."),
    (lambda x: x.long(), _WHOLE),
    (lambda x: (10 * x).round(), _WHOLE),
    *[(lambda x, n=n: (n * x).round(), _WHOLE) for n in (100, 255, 256, 1000)],
    *[(lambda x, n=n: (n * x).long(), _WHOLE) for n in (10, 100, 255, 256, 1000)],
    (lambda x: x.half(), "it computes in half precision, and near greys become equal. Compare the pixels as they are."),
    *[(lambda x, t=t: x > t, _BLACK) for t in (0, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9)],
    (lambda x: x.round(), _BLACK),
]
_PARTLY = "it looks at some of the pixels only. Images may agree there and differ elsewhere: compare all pixels."
_PARTS = (
    lambda x: x[..., x.shape[-2] // 2, :],
    lambda x: x[..., x.shape[-1] // 2],
    lambda x: x[..., 0, :],
    lambda x: x[..., 0],
    lambda x: x[..., ::2, ::2],
    lambda x: x[..., : x.shape[-2] // 2, :],
    lambda x: x[..., : x.shape[-1] // 2],
    lambda x: x[..., 1:, 1:],
    lambda x: x[..., :-1, :-1],
)
_NEAR = (
    "images that are nearly equal are counted too. Two drawings of one character can be close and are no leak: "
    "pixel for pixel means ==, without a tolerance."
)
_GAPS = (
    lambda q, s: (q - s).abs().amax(-1),
    lambda q, s: (q - s).abs().mean(-1),
    lambda q, s: (q - s).abs().sum(-1),
    lambda q, s: (q - s).square().mean(-1),
    lambda q, s: (q - s).square().sum(-1),
    lambda q, s: (q - s).norm(dim=-1),
)


MISTAKES = [
    (
        lambda e: _same(e).any(-1).any(-1).sum(-1),
        "it counts images that share one pixel. All pixels must agree: .all(-1) over the pixels, not .any(-1).",
    ),
    (
        lambda e: _same(e).all(-1).sum((1, 2)),
        "it counts pairs. A query image that stands twice in the support set is still one image: "
        ".any over the support set first, then add up.",
    ),
    (
        lambda e: _same(e).all(-1).any(1).sum(-1),
        "it counts support images that are found in the query set. The question is how many *query* images leak: "
        ".any over the support axis, .sum over the query axis.",
    ),
    (_across, "it compares with the support sets of all tasks. A leak is inside one task: keep the task axis apart."),
    (lambda e: shared_images(e).sum(), "it gives one number for all tasks. Keep the task axis: one count a task."),
    (lambda e: shared_images(e) / e.query_x.shape[1], "it gives the fraction of the query set. Count the images."),
    (lambda e: (shared_images(e) > 0).long(), "it only says whether there is a leak. Count the query images."),
    (
        lambda e: (_same(e).all(-1) & (e.query_y.unsqueeze(2) == e.support_y.unsqueeze(1))).any(-1).sum(-1),
        "it misses a leak under another label. An image leaks whatever its label says: compare the pixels alone.",
    ),
    (
        lambda e: (e.query_y.unsqueeze(2) == e.support_y.unsqueeze(1)).any(-1).sum(-1),
        "it compares labels. Every query has a label of the support set; compare the images.",
    ),
    (_in_place, "it compares each query with the support image at the same place only. Compare it with all of them."),
    (lambda e: shared_images(e)[:1], "it answers for the first task only: one count a task."),
    (lambda e: shared_images(e)[0], "it answers for the first task only: one count a task."),
    (lambda e: shared_images(e)[:, None], "there is an axis too many: the counts should be [tasks]."),
    (lambda e: _same(e).all(-1).any(-1), "it says of each query image whether it leaks, [tasks, n_query]. Add up "
                                         "along the "
                                         "last axis: .sum(-1)."),
    (lambda e: _same(e).all(-1).any(-1).sum(0), "it adds up over the tasks. Add up over the query images: .sum(-1) "
                                                "gives "
                                                "one count a task."),
    (lambda e: _same(e).all(-1).any(-1).any(0).sum(), "it joins the tasks before it counts. Add up over the query "
                                                      "images "
                                                      "of each task: .sum(-1)."),
    (
        lambda e: 0 * shared_images(e),
        "it finds no leak at all. Does a query image count only if it equals *every* support image (any of them is "
        "enough)? Or are tensors looked up in a set, which compares objects and not pixels?",
    ),
    (lambda e: e.query_x.shape[1] - shared_images(e), "it counts the query images that do *not* stand in the support "
                                                      "set. Count those that do."),
    (lambda e: shared_images(e).float(), "it should be an int64 tensor, and the counts are floats: .sum of True and "
                                         "False counts in int64 by itself."),
    (lambda e: shared_images(e).tolist(), "it should be an int64 tensor, and it is a list: torch.tensor makes one of "
                                          "it."),
    (_earlier, "a query image that equals an earlier *query* image is counted, too. A leak is an image of the support "
               "set."),
    (_doubles, "it counts images that come twice, wherever they stand. A leak is a query image that stands in the "
               "support set: two alike within one set are none."),
    (_distinct, "query images that are alike are counted once (a set, unique). The question is how many query images "
                "leak: each counts."),
    *[
        (lambda e, part=part: _within(e, part), "it compares a set with itself, and every image is in its own set. "
                                                "Compare query images with support images.")
        for part in ("query_x", "support_x")
    ],
    (
        lambda e: (e.query_x == e.support_x[:, :1]).flatten(2).all(-1).sum(-1),
        "it compares with the first support image alone. Compare each query image with all of them.",
    ),
    *[
        (lambda e, cut=cut, part=part: shared_images(_cut(e, part, cut)), f"the {said} of the {name} set is left out.")
        for part, name in (("query_x", "query"), ("support_x", "support"))
        for said, cut in (("first image", slice(1, None)), ("last image", slice(-1)))
    ],
    *[
        (lambda e, change=change: _counted(_same(_changed(e, change)).all(-1)), message) for change, message in _CHANGES
    ],
    (
        lambda e: _counted(_pairs(e, lambda q, s: q.sum(-1) == s.sum(-1))),
        "it compares one number of each image (a sum, a mean). Different images can share it: compare all pixels.",
    ),
    (
        lambda e: _lines_agree(e, -1),
        "one row of equal pixels is enough for it. At the rim all images are paper, so some of the pixels only say "
        "nothing: all pixels must agree, so flatten them first.",
    ),
    (
        lambda e: _lines_agree(e, -2),
        "one column of equal pixels is enough for it. At the rim all images are paper, so some of the pixels only say "
        "nothing: all pixels must agree, so flatten them first.",
    ),
    (
        lambda e: _counted(_pairs(e, lambda q, s: (q[..., :100] == s[..., :100]).all(-1))),
        "it looks at some of the pixels only. At the rim all images are paper: compare all pixels.",
    ),
    (
        lambda e: _counted(torch.cdist(e.query_x.flatten(2), e.support_x.flatten(2)) == 0),
        "torch.cdist multiplies where there are more than 25 images, and rounding then gives equal images a distance "
        "that is not 0. Compare the pixels: ==.",
    ),
    (
        lambda e: _counted(squared_distances(e.query_x.flatten(2), e.support_x.flatten(2)) == 0),
        "squared_distances multiplies and subtracts, and rounding then gives equal images a distance that is not 0. "
        "Compare the pixels: ==.",
    ),
    *[
        (lambda e, gap=gap, most=most: _counted(_pairs(e, lambda q, s: gap(q, s) < most)), _NEAR)
        for gap in _GAPS for most in (1e-4, 1e-3, 3e-3, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1)
    ],
    *[
        (lambda e, change=change: _counted(_same(_changed(e, change)).all(-1)), _PARTLY)
        for change in _PARTS
    ],
]  # fmt: skip
