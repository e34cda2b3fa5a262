"""What a zero-shot network can be said to do: accuracies where only unseen classes may be named, and where all may."""

from __future__ import annotations

from torch import Tensor


def zero_shot_report(distances: Tensor, labels: Tensor, seen: Tensor) -> tuple[float, float, float, float]:
    """The shares of images that are named right, by the nearest prototype.

    A network that only ever answers with classes it was trained on is right on seen classes and scores nothing on
    unseen ones. The harmonic mean is high only where both are.

    Args:
        distances: `[n, classes]`, of each image to the prototype of each class.
        labels: `[n]`, int64, the class of each image. There are images of both kinds of classes.
        seen: `[classes]` bool, whether the network was trained on the class.

    Returns: of the images of unseen classes, the share that is right when only unseen classes may be named; then,
        when all classes may, the shares of the images of seen and of unseen classes, and their harmonic mean.

    Source: Xian et al. 2017 (arXiv:1707.00600), the harmonic mean of accuracies on seen and unseen classes.
    """
    old = seen[labels]  # [n]: whether an image is of a seen class
    alone = distances.masked_fill(seen, float("inf")).argmin(1) == labels
    right = distances.argmin(1) == labels
    a, b = (right[kind].double().mean().item() for kind in (old, ~old))
    return alone[~old].double().mean().item(), a, b, 2 * a * b / (a + b) if a + b else 0.0
