"""Where in an image does a score come from? Cover one place after the other and see how far the score falls.

Source: "occlusion sensitivity", Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014
(arXiv:1311.2901). They slide a grey square; on drawings the patch is paper, so it takes ink away.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.episode import Episode
from course_lib.learners import MetricLearner, RelationNet

PATCH, STRIDE = 5, 3  # pixels


def class_scores(learner: MetricLearner, adapted, query_z: Tensor) -> Tensor:
    """How much embedded queries `[tasks, n_query, ...]` belong to each class, 0 ... 1: `[tasks, n_query, way]`.

    The relation score of a `RelationNet`; of any other metric learner, the softmax of its class scores.
    """
    if isinstance(learner, RelationNet):
        return learner.module(adapted, query_z).sigmoid()
    return learner.compare(adapted, query_z).softmax(-1)


def places(length: int, patch: int = PATCH, stride: int = STRIDE) -> list[int]:
    """Where patches begin along a side of `length` pixels; the last one ends at the edge."""
    return sorted({*range(0, length - patch, stride), length - patch})


def patches(height: int, width: int, patch: int = PATCH, stride: int = STRIDE) -> Tensor:
    """Which pixels each patch covers: `[rows, columns, height, width]`, bool."""
    down, across = (torch.arange(n) - torch.tensor(places(n, patch, stride))[:, None] for n in (height, width))
    down, across = ((at >= 0) & (at < patch) for at in (down, across))  # [rows, height], [columns, width]
    return down[:, None, :, None] & across[None, :, None, :]


def score_lost(score: Callable[[Tensor], Tensor], image: Tensor, patch: int = PATCH, stride: int = STRIDE) -> Tensor:
    """How far a score falls when a patch of paper covers each place; below 0 where it rises.

    Args:
        score: from images `[n, channels, height, width]` to numbers `[n]`. It is called once.
        image: `[channels, height, width]`, ink above 0.0 on paper 0.0.
        patch, stride: side of the patch, and pixels from one patch to the next.

    Returns: `[rows, columns]`, one number a patch. Where there is no ink to cover it is 0, and no score is computed.
    """
    covers = patches(*image.shape[1:], patch, stride).to(image.device)  # [rows, columns, height, width]
    has_ink = (covers & (image != 0).any(0)).flatten(2).any(2)  # [rows, columns]
    covered = image * ~covers[has_ink].unsqueeze(1)  # [n, channels, height, width]
    found = score(torch.cat([image.unsqueeze(0), covered]))  # [1 + n]: the first is the image as it is
    lost = found.new_zeros(has_ink.shape)
    lost[has_ink] = found[0] - found[1:]
    return lost


def per_pixel(lost: Tensor, height: int, width: int, patch: int = PATCH, stride: int = STRIDE) -> Tensor:
    """For each pixel the mean of `lost [rows, columns]` over the patches that cover it: `[height, width]`."""
    covers = patches(height, width, patch, stride).to(lost)  # [rows, columns, height, width]
    return (covers * lost[..., None, None]).sum((0, 1)) / covers.sum((0, 1))


def score_of_query(learner: MetricLearner, episode: Episode, label: int) -> Callable[[Tensor], Tensor]:
    """The score of class `label` of a task, as a function of a query image, for `score_lost`.

    The learner should be in eval mode: then no image changes what another one gets.
    """
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    return lambda images: class_scores(learner, adapted, learner.embed(images[None]))[0, :, label]


def score_of_support(learner: MetricLearner, episode: Episode, query: int, at: int) -> Callable[[Tensor], Tensor]:
    """The score of query number `query` with the class of support example number `at`, as a function of that
    example's image; the other support examples stay as they are. The learner should be in eval mode."""
    support_z = learner.embed(episode.support_x)  # [1, n_support, ...]
    query_z = learner.embed(episode.query_x[:, query : query + 1])  # [1, 1, ...]
    label = episode.support_y[0, at]

    def score(images: Tensor) -> Tensor:
        n = len(images)  # as many tasks, which differ in one support image
        z = support_z.repeat(n, *[1] * (support_z.ndim - 1))  # [n, n_support, ...]
        z[:, at] = learner.embed(images[None])[0]
        adapted = learner.remember(z, episode.support_y.expand(n, -1), episode.way)
        return class_scores(learner, adapted, query_z.expand(n, *query_z.shape[1:]))[:, 0, label]  # [n]

    return score
