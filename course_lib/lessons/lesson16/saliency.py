"""Maps of a picture, one number a patch: where an answer comes from, by three ways and two controls.

A map is `[rows, columns]` over patches that tile the picture `[channels, height, width]`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def tile(height: int, width: int, rows: int, columns: int) -> Tensor:
    """Which pixels belong to each patch: `[rows, columns, height, width]`, bool.

    Raises:
        ValueError: if the patches do not tile the picture.
    """
    if height % rows or width % columns:
        raise ValueError(f"{rows} x {columns} patches do not tile a picture of {height} x {width} pixels.")
    down = torch.arange(height) // (height // rows) == torch.arange(rows)[:, None]  # [rows, height]
    across = torch.arange(width) // (width // columns) == torch.arange(columns)[:, None]  # [columns, width]
    return down[:, None, :, None] & across[None, :, None, :]


def occlusion_map(score: Callable[[Tensor], Tensor], picture: Tensor, patch: int, fill: float = 0.0) -> Tensor:
    """How far a score falls when a patch is filled; below 0 where it rises.

    Args:
        score: from pictures `[m, channels, height, width]` to numbers `[m]`; it is called once.
        picture: `[channels, height, width]`.
        patch: side of a patch in pixels.
        fill: what stands in a filled patch.

    Returns: `[rows, columns]`.

    Source: occlusion as in Zeiler and Fergus, ECCV 2014 (arXiv:1311.2901); lesson 07 slides patches that overlap.
    """
    height, width = picture.shape[1:]
    rows, columns = height // patch, width // patch
    covers = tile(height, width, rows, columns).flatten(0, 1).unsqueeze(1).to(picture.device)  # [patches, 1, h, w]
    found = score(torch.cat([picture.unsqueeze(0), picture.masked_fill(covers, fill)]))  # [1 + patches]
    return (found[0] - found[1:]).view(rows, columns)


def gradient_map(score: Callable[[Tensor], Tensor], picture: Tensor, patch: int, times_input: bool = False) -> Tensor:
    """Sizes of the derivatives of a score in the pixels, summed over each patch: `[rows, columns]`.

    Args:
        score, picture, patch: as of `occlusion_map`; the score has to be differentiable.
        times_input: whether each derivative is multiplied by its pixel first.
    """
    at = picture.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(score(at.unsqueeze(0)).sum(), at)  # [channels, height, width]
    return per_patch((slope * picture if times_input else slope).abs().sum(0), patch)


def edge_map(picture: Tensor, patch: int) -> Tensor:
    """Differences between neighbouring pixels, summed over each patch: a control that looks at no network.

    Args:
        picture: `[channels, height, width]`; patch: side of a patch in pixels.

    Returns: `[rows, columns]`.
    """
    edges = torch.zeros_like(picture)
    edges[:, :-1] += (picture[:, 1:] - picture[:, :-1]).abs()
    edges[:, :, :-1] += (picture[:, :, 1:] - picture[:, :, :-1]).abs()
    return per_patch(edges.sum(0), patch)


def per_patch(pixels: Tensor, patch: int) -> Tensor:
    """The sum of `pixels [height, width]` over each patch: `[rows, columns]`."""
    height, width = pixels.shape
    return pixels.view(height // patch, patch, width // patch, patch).sum((1, 3))
