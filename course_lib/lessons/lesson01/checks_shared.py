"""What `check` looks at in `shared_images` of lesson 01: images like those of the lesson, and small ones."""

from __future__ import annotations

import torch

from course_lib.episode import Episode
from course_lib.exercises.engine import compare
from course_lib.lessons.lesson01.shared_mistakes import MISTAKES
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
    under other labels; 5 to 8 differ in one pixel, by very little, and 13 to 17 in one at other places; in the first
    task, where sums are exact, 9 to 12 have the same ink at other places."""
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
    query[:, 13:18] = support[:, 20:25]
    for image, (row, column) in enumerate(
        ((7, 8), (20, 19), (0, 0), (27, 27), (9, 20)), 13
    ):  # far from the middle, and at the rim
        query[:, image, row, column] += 0.125
    query_labels = labels.clone()
    query_labels[[3, 4]] = torch.tensor([0, 1])
    return Episode(support.unsqueeze(2), labels.expand(2, 30), query.unsqueeze(2), query_labels.expand(2, 30))


def _repeated() -> Episode:
    """Two tasks whose sets hold images twice that the other set does not have; and two leaks."""
    generator = torch.Generator().manual_seed(3)
    support, query = (torch.rand(2, n, 1, 3, 3, generator=generator) for n in (4, 5))
    support[:, 3], query[:, 4] = support[:, 0], query[:, 0]
    query[:, 2] = support[:, 1]
    query[1, 3] = query[1, 2]
    support[:, 2, :, 0, 0] = 0.501
    query[1, 1] = support[1, 2]
    query[1, 1, :, 0, 0] = 0.5015  # another grey, which is the same of 256
    return Episode(support, torch.arange(4).expand(2, 4) % 2, query, torch.arange(5).expand(2, 5) % 2)


def _coloured() -> Episode:
    """Two tasks of images with three channels; besides two leaks, queries agree with support images in some of them."""
    generator = torch.Generator().manual_seed(4)
    support, query = (torch.rand(2, n, 3, 4, 4, generator=generator) for n in (4, 6))
    query[:, :2] = support[:, 1:3]
    for place, channels in enumerate(([0], [1, 2], [0, 1, 2])):
        query[:, 2 + place, channels] = support[:, 3, channels]
    query[:, 4] = support[:, 3].flip(1)  # the same channels in another order: their means are alike
    return Episode(support, torch.arange(4).expand(2, 4) % 2, query, torch.arange(6).expand(2, 6) % 2)


def judge_shared(call):
    """`shared_images`: small tensors, and images like those of the lesson."""
    generator = torch.Generator().manual_seed(1)
    pictures = torch.rand(2, 3, 1, 2, 2, generator=generator)
    labels = torch.arange(3).expand(2, 3)
    all_of_them = Episode(pictures, labels, pictures.flip(1), labels.flip(1))
    other = torch.rand(2, 5, 1, 2, 2, generator=generator)
    no_leak = Episode(pictures, labels, other, torch.arange(5).expand(2, 5) % 3)
    cases = {
        "images of 28 x 28 with paper at the rim, some of them nearly equal": (_drawings(),),
        "images of 2 x 2, and the query set is the support set": (all_of_them,),
        "three tasks of 3 x 3 images": (_leaky_episode(),),
        "images of 2 x 2 without a leak": (no_leak,),
        "images of 3 x 3, some of them twice in one set": (_repeated(),),
        "images of 4 x 4 with three channels": (_coloured(),),
    }
    compare(call, shared_images, cases, MISTAKES, axes=("task",))
