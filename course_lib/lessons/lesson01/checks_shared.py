"""What `check` looks at in `shared_images` of lesson 01, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.exercises.engine import compare
from course_lib.learners import squared_distances
from course_lib.tasks.splits import shared_images


def _leaky_episode() -> Episode:
    """Three tasks: no leak; four leaks, three of one image that the support set holds twice; another task's image."""
    generator = torch.Generator().manual_seed(0)
    support = torch.rand(3, 4, 1, 3, 3, generator=generator)
    query = torch.rand(3, 6, 1, 3, 3, generator=generator)
    support[..., 0, 0] = query[..., 0, 0] = 0.0  # one pixel is the same in all images, as paper is
    support[1, 3] = support[1, 0]
    query[1, [1, 3, 4]], query[1, 5] = support[1, 0], support[1, 2]
    query[2, 0] = support[1, 1]
    labels = torch.tensor([0, 0, 1, 1]).expand(3, 4), torch.tensor([0, 0, 0, 1, 1, 1]).expand(3, 6)
    return Episode(support, labels[0], query, labels[1])


def _drawings() -> Episode:
    """Two tasks of 30 + 30 images, 28 x 28, with ink in the middle only. Queries 0 to 4 are support images, two of them
    under other labels; 5 to 8 differ in one pixel, by very little; in the first task, where sums are exact, 9 to 12
    have the same ink at other places."""
    generator = torch.Generator().manual_seed(2)
    support, query = torch.zeros(2, 2, 30, 28, 28)
    for images in (support, query):
        images[..., 6:22, 6:22] = torch.randint(257, (2, 30, 16, 16), generator=generator) / 256
        images[1] /= 3
    labels = torch.arange(30) % 5
    query[:, :5] = support[:, [0, 1, 12, 8, 14]]  # labels 0, 1, 2, 3, 4 stand there
    query[:, 5:9] = support[:, 5:9]
    query[:, 5:9, 14, 14] = (query[:, 5:9, 14, 14] - torch.tensor([1, 2, 3, 4]) / 256).abs()
    query[0, 9:13] = support[0, 9:13].roll(1, 1)
    query_labels = labels.clone()
    query_labels[[3, 4]] = torch.tensor([0, 1])
    return Episode(support.unsqueeze(2), labels.expand(2, 30), query.unsqueeze(2), query_labels.expand(2, 30))


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


SHARED_MISTAKES = [
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
    (
        lambda e: _counted(_pairs(e, lambda q, s: (q - s).abs().amax(-1) < 0.03)),
        "images that are nearly equal are counted too. Two drawings of one character can be close and are no leak: "
        "pixel for pixel means ==, without a tolerance.",
    ),
    (
        lambda e: _counted(_pairs(e, lambda q, s: q.sum(-1) == s.sum(-1))),
        "it compares one number of each image (a sum, a mean). Different images can share it: compare all pixels.",
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
]


def judge_shared(call):
    """`shared_images`: small tensors, and images like those of the lesson."""
    generator = torch.Generator().manual_seed(1)
    pictures = torch.rand(2, 3, 1, 2, 2, generator=generator)
    labels = torch.arange(3).expand(2, 3)
    all_of_them = Episode(pictures, labels, pictures.flip(1), labels.flip(1))
    other = torch.rand(2, 5, 1, 2, 2, generator=generator)
    no_leak = Episode(pictures, labels, other, torch.arange(5).expand(2, 5) % 3)
    cases = {
        "three small tasks": (_leaky_episode(),),
        "tasks without a leak": (no_leak,),
        "tasks whose query set is the support set": (all_of_them,),
        "images with paper at the rim, some of them nearly equal": (_drawings(),),
    }
    compare(call, shared_images, cases, SHARED_MISTAKES, axes=("task",))
