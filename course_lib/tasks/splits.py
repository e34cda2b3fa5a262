"""Who may see what, and when: splits of classes into meta-train, meta-validation and meta-test, and leaks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from course_lib.episode import Episode


def split_by_group(groups: Sequence[str], validation: int, test: int, generator: Generator) -> dict[str, list[int]]:
    """Deal classes to three splits so that all classes of a group (an alphabet, say) land in the same one.

    Args:
        groups: the group of each class, in the order of the classes. With every class a group of its own,
            the split is by class.
        validation, test: how many groups go there; the rest is for training.
        generator: which groups go where.

    Returns: `{"train": [...], "validation": [...], "test": [...]}`, the places of the classes in `groups`.

    Raises:
        ValueError: if no group would be left for training.
    """
    names = sorted(set(groups))  # sorted: the order of a set differs from run to run
    if validation < 0 or test < 0 or validation + test >= len(names):
        raise ValueError(
            f"{validation} + {test} groups are asked for validation and test, but there are {len(names)} in all and "
            "training needs at least one; ask for fewer."
        )
    dealt = torch.randperm(len(names), generator=generator).tolist()
    split_of = {}
    for i, name in enumerate(dealt):
        split_of[names[name]] = "test" if i < test else "validation" if i < test + validation else "train"
    return {
        split: [i for i, group in enumerate(groups) if split_of[group] == split]
        for split in ("train", "validation", "test")
    }


def quarter_turns(images: Tensor) -> Tensor:
    """Every class also turned by 90, 180 and 270 degrees, each turn a class of its own.

    Do this *after* splitting: a turned copy of a test character among the training classes is a leak.

    Args:
        images: `[classes, examples, size, size]`, square.

    Returns: `[4 * classes, examples, size, size]`: all classes upright, then all turned once, and so on.

    Source: Santoro et al. 2016 (arXiv:1605.06065), section 4.1, made new Omniglot classes so.
    """
    return torch.cat([images.rot90(turns, (2, 3)) for turns in range(4)])


def shared_images(episode: Episode) -> Tensor:
    """How many query images of each task also stand in its support set, pixel for pixel: `[tasks]`. It should be 0."""
    query = episode.query_x.flatten(2).unsqueeze(2)  # [tasks, n_query, 1, numbers]
    support = episode.support_x.flatten(2).unsqueeze(1)  # [tasks, 1, n_support, numbers]
    same = (query == support).all(-1)  # [tasks, n_query, n_support]
    return same.any(-1).sum(-1)
