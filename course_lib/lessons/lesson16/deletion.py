"""A test of explanations: fill the patches that a map calls important, and see how fast the score falls."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.lessons.lesson16.saliency import tile


def deletion_curve(score: Callable[[Tensor], Tensor], picture: Tensor, importance: Tensor, fill: float = 0.0) -> Tensor:
    """The score of a picture as its patches are filled one after the other, the most important first.

    Args:
        score: from pictures `[m, channels, height, width]` to numbers `[m]`.
        picture: `[channels, height, width]`.
        importance: `[rows, columns]`, one number for each patch; patches tile the picture and need not be square.
        fill: what stands in a filled patch.

    Returns: `[1 + patches]`: of the picture as it is, with one patch filled, with two, ..., with all.

    Source: Petsiuk, Das and Saenko, "RISE", BMVC 2018 (arXiv:1806.07421), second-hand; there pixels are deleted.
    """
    patches = tile(*picture.shape[1:], *importance.shape).flatten(0, 1)  # [patches, height, width]
    order = importance.flatten().argsort(descending=True, stable=True).cpu()
    pictures = [picture]
    for i in order.tolist():
        pictures.append(pictures[-1].masked_fill(patches[i].to(picture.device), fill))
    return score(torch.stack(pictures))  # [1 + patches]


def deletion_area(curve: Tensor) -> float:
    """The mean height of a curve `[1 + patches]`, by the trapezoid rule: the lower, the better the map knew."""
    return torch.trapezoid(curve).item() / (len(curve) - 1)


def random_curves(
    score: Callable[[Tensor], Tensor], picture: Tensor, shape: tuple[int, int], draws: int,
    generator: torch.Generator, fill: float = 0.0,
) -> Tensor:  # fmt: skip
    """The control: deletion curves with the patches in random order.

    Args:
        score, picture, fill: as of `deletion_curve`.
        shape: rows and columns of patches.
        draws: how many orders.
        generator: the source of all random numbers.

    Returns: `[draws, 1 + patches]`.
    """
    maps = torch.rand(draws, *shape, generator=generator)
    return torch.stack([deletion_curve(score, picture, one, fill) for one in maps])
