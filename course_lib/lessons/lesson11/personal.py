"""Prototypes of a person: their own windows, as far as they are trusted, and those of the population."""

from __future__ import annotations

from torch import Tensor


def personal_prototypes(own: Tensor, population: Tensor, labelled: Tensor, trust: float | Tensor) -> Tensor:
    """A person's prototypes: a mixture where the person has labelled, else the population's.

    Args:
        own: `[..., way, features]`: the means of the person's own windows; anything, NaN too, where none is labelled.
        population: the same shape, or `[way, features]` for one population that all share; in the dtype of own.
        labelled: `[..., way]` bool: of which exercises the person has own windows.
        trust: 0 to 1, a number or a tensor without axes.

    Returns: `[..., way, features]`: `trust * own + (1 - trust) * population` where labelled, `population` elsewhere;
    in their dtype. Its gradients are finite: NaN is replaced before anything is multiplied by it, since a product
    with NaN that is thrown away afterwards (0 times NaN) would still send NaN back to `trust`.
    """
    own = own.where(labelled.unsqueeze(-1), population)  # [..., way, features], without NaN
    return trust * own + (1 - trust) * population
