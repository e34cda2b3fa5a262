"""What `check` looks at in the prototypes of a person, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson07.checks_concatenation import judge_gradients
from course_lib.lessons.lesson11.personal import personal_prototypes

_NAN = float("nan")


def _case(*shape: int, trust, seed: int, shared: bool = False, fill: float | None = _NAN,
          nobody: bool = False) -> tuple:  # fmt: skip
    """`shape` is [..., way, features]; rows without a label hold `fill`, or any numbers where that is None.

    Args:
        nobody: whether the last task has no label at all.
    """
    generator = torch.Generator().manual_seed(seed)
    own = torch.randn(*shape, generator=generator)
    population = torch.randn(*(shape[-2:] if shared else shape), generator=generator)
    labelled = torch.rand(shape[:-1], generator=generator) < 0.5
    labelled[..., 0], labelled[..., 1] = True, False
    if nobody:
        labelled[-1] = False
    if fill is not None:
        own[~labelled] = fill
    return own, population, labelled, trust


def _cases() -> dict[str, tuple]:
    return {
        "three tasks of 7 exercises, one population for all": _case(3, 7, 5, trust=0.3, seed=0, shared=True),
        "a population for each task": _case(2, 7, 4, trust=0.6, seed=1),
        "one person, without an axis for tasks": _case(7, 6, trust=0.25, seed=2),
        "rows without a label hold numbers": _case(3, 5, 4, trust=0.4, seed=3, shared=True, fill=None, nobody=True),
        "rows without a label hold zeros": _case(2, 5, 4, trust=0.7, seed=4, fill=0.0),
        "trust as a tensor": _case(3, 4, 6, trust=torch.tensor(0.8), seed=5, shared=True),
        "two axes before the exercises": _case(2, 3, 4, 5, trust=0.35, seed=6, shared=True),
    }


def _where(first, then=lambda o, p, known, t: p):
    """Something where labelled, something else elsewhere; `own` comes without NaN."""

    def answer(own, population, labelled, trust):
        known = labelled.unsqueeze(-1)
        args = own.where(known, 0.0), population.expand_as(own), known, trust
        return first(*args).where(known, then(*args))

    return answer


def _mixture(o, p, known, t):
    return t * o + (1 - t) * p


def _moved(o, p, known, t):
    """The population's prototypes, moved as the labelled ones are on average."""
    gap = ((o - p) * known).sum(-2, keepdim=True) / known.sum(-2, keepdim=True)
    return p + t * gap


def _unit(x: Tensor) -> Tensor:
    return x / x.norm(dim=-1, keepdim=True)


def _raw(x: Tensor) -> Tensor:
    return x


def _first_labels(first, own_in, then):
    """Labels of the first task for all; where `own` is NaN there, it may have been replaced before or afterwards."""
    return lambda o, p, k, t: then(personal_prototypes(own_in(o), p, first(k).expand_as(k), t)) if k.ndim > 1 else None


def _if_any(clean):
    """Mixed in every row, if a task has any label."""
    return lambda o, p, k, t: _mixture(clean(o), p, k, t).where(k.any(-1)[..., None, None], p)


def _share(known: Tensor) -> Tensor:
    return known.double().mean(-2, keepdim=True).float()


_STAYS = "where nothing is labelled, the population's prototype stays as it is, whatever `trust` is. "
_INVERTED = "`labelled` is read the wrong way round: True says that the person has own windows."
_READ = ("it looks for NaN in `own` in place of `labelled`. Rows that are not labelled may hold anything: numbers, or "
         "zeros. `labelled` says which they are.")  # fmt: skip


def _by_content(empty):
    def answer(own, population, labelled, trust):
        nothing = empty(own)
        mixed = trust * own.where(~nothing, 0.0) + (1 - trust) * population
        return mixed.where(~nothing, population)

    return answer


_MISTAKES = [
    (_by_content(lambda o: o.isnan()), _READ), (_by_content(lambda o: o.isnan().any(-1, keepdim=True)), _READ),
    (_by_content(lambda o: o.isnan() | (o == 0)), _READ.replace("NaN", "NaN or zeros")),
    (lambda o, p, k, t: t * o.nan_to_num() + (1 - t) * p, f"{_STAYS}Here NaN in `own` is taken for 0, which is a "
     "number as any other, and then mixed in: `labelled` is not used."),
    (lambda o, p, k, t: t * o + (1 - t) * p, f"{_STAYS}Here `own` is mixed in there, too: `labelled` is not used."),
    *((_if_any(clean), "a task in which *anything* is labelled is mixed in all its rows. Each exercise is by itself: "
       "labelled.unsqueeze(-1), without any().") for clean in (_raw, torch.nan_to_num)),
    (_where(lambda o, p, k, t: (1 - t) * o + t * p), "`trust` stands at the wrong side: trust = 1 believes the person "
     "alone, so `own` gets trust, and the population 1 - trust."),
    (_where(lambda o, p, k, t: o), "where something is labelled, the person's own prototype is taken as it is: `trust` "
     "is not used."),
    (_where(lambda o, p, k, t: (o + p) / 2), "own and population are averaged, half and half. `trust` says how much "
     "own counts."),
    (_where(lambda o, p, k, t: t * o + p), "the population counts in full, and own is added to it. The two weights "
     "sum to 1: trust and 1 - trust."),
    (_where(lambda o, p, k, t: t * o), "where something is labelled, the population's part is missing: "
     "(1 - trust) * population."),
    (_where(_mixture, lambda o, p, k, t: (1 - t) * p), f"{_STAYS}Here it is multiplied by 1 - trust, as if the "
     "person's prototype were 0 (nan_to_num does so)."),
    (_where(_mixture, lambda o, p, k, t: 0 * p), f"{_STAYS}Here there are zeros."),
    (_where(_mixture, lambda o, p, k, t: torch.full_like(p, _NAN)), f"{_STAYS}Here there is NaN: a product with NaN is "
     "NaN, also 0 * NaN. Choose with torch.where, or put something else in its place first."),
    (_where(_mixture, lambda o, p, k, t: t * p), f"{_STAYS}Here it is multiplied by trust."),
    (_where(_mixture, lambda o, p, k, t: ((o * k).sum(-2, keepdim=True) / k.sum(-2, keepdim=True)).expand_as(p)),
     f"{_STAYS}Here there is the mean of the person's labelled prototypes."),
    (_where(_mixture, lambda o, p, k, t: p.mean(-2, keepdim=True).expand_as(p)), f"{_STAYS}Here there is the mean over "
     "the population's prototypes."),
    (lambda o, p, k, t: torch.stack([o, p.expand_as(o)]).nanmean(0), "own and population are averaged, half and half "
     "(nanmean). `trust` says how much own counts, and `labelled` where."),
    (_where(_mixture, _moved), f"{_STAYS}Here it is moved by what the labelled ones are moved."),
    (_where(lambda o, p, k, t: p, lambda o, p, k, t: t * o + (1 - t) * p), _INVERTED),
    (lambda o, p, k, t: p.where(k.unsqueeze(-1), t * o + (1 - t) * p), _INVERTED),
    (lambda o, p, k, t: p.where(k.unsqueeze(-1), o), _INVERTED),
    (lambda o, p, k, t: torch.Size([int(k.sum()), o.shape[-1]]), "only the rows of labelled exercises are left. All "
     "exercises have a prototype: the others that of the population."),
    (_where(lambda o, p, k, t: p), "the population stands everywhere: the person is not listened to."),
    (_where(lambda o, p, k, t: _unit(_mixture(o, p, k, t)), lambda o, p, k, t: _unit(p)), "the prototypes are divided "
     "by their lengths. They stay as they are."),
    (_where(lambda o, p, k, t: _share(k) * o + (1 - _share(k)) * p), "the share of the labelled exercises stands in "
     "place of `trust`."),
    (_where(lambda o, p, k, t: t * _share(k) * o + (1 - t * _share(k)) * p), "`trust` is multiplied by the share of "
     "the exercises that are labelled. Each exercise is mixed by itself, with trust as it is."),
    (_where(lambda o, p, k, t: (t * o + (1 - t) * p) if t > 0.5 else p), "`trust` is read as yes or no. It is a "
     "share."),
    (_where(lambda o, p, k, t: t**2 * o + (1 - t**2) * p), "`trust` is squared."),
    (_where(lambda o, p, k, t: t * o - (1 - t) * p), "the population's part is subtracted. The two parts are added."),
    *((_first_labels(first, own, then), "every task is read with the labels of the first one. Each has its own.")
      for first in (lambda k: k[:1], lambda k: k.flatten(0, -2)[0])
      for own, then in ((_raw, _raw), (_raw, torch.nan_to_num), (torch.nan_to_num, _raw))),
    (_where(lambda o, p, k, t: _mixture(o, p, k, torch.as_tensor(t).sigmoid())), "`trust` goes through a sigmoid. It "
     "is a share already, from 0 to 1."),
]  # fmt: skip

_NO_AXIS = ("`labelled` has one axis less than the prototypes: that of the features. .unsqueeze(-1) gives it one, and "
            "it broadcasts.")  # fmt: skip
_SHARED = ("`population` may have the shape [way, features], while `own` has tasks as well. torch.where and products "
           "broadcast; population[labelled] does not: population.expand_as(own) has a row for each.")  # fmt: skip
_GRADIENT = ("the numbers are right, but the gradient that comes back to `{}` is NaN. A product with the NaN of `own` "
             "that torch.where throws away still counts on the way back: 0 * NaN is NaN. Put something else in place "
             "of the NaN *before* anything is multiplied by it.")  # fmt: skip


_CUT = ("the numbers are right, but no gradient comes back to `trust`, so it could not be learned. float(trust), "
        "trust.item() and torch.tensor(trust) make a number that knows nothing of where it came from, as .detach(), "
        ".data and no_grad do: multiply by `trust` itself.")  # fmt: skip


def judge_personal(call):
    """`personal_prototypes`: shapes, what stands where nothing is labelled, dtypes, and gradients without NaN."""
    try:
        compare(call, personal_prototypes, _cases(), _MISTAKES)
    except Problem as problem:
        if any(words in str(problem) for words in ("must match the size", "broadcast", "shape of the mask", "boolean")):
            shared = "[" in str(problem) and "population[" in str(problem)
            raise Problem(f"{problem}\n  {_SHARED if shared else _NO_AXIS}") from None
        if "'float' object has no attribute" in str(problem):
            raise Problem(f"{problem}\n  `trust` may be a number or a tensor.") from None
        raise
    wide = tuple(x.double() if isinstance(x, Tensor) and x.is_floating_point() else x for x in
                 _case(2, 5, 3, trust=0.3, seed=8))  # fmt: skip
    compare(call, personal_prototypes, {"float64 prototypes": wide}, dtypes=True)
    for trust in (0, 1):
        also(call, personal_prototypes, {f"trust = {trust}": _case(2, 7, 4, trust=trust, seed=9)},
             "0 and 1 are allowed, too.")  # fmt: skip
    nothing = _case(2, 4, 3, trust=0.5, seed=10)
    nothing[2][:], nothing[0][:] = False, _NAN
    also(call, personal_prototypes, {"a person who has labelled nothing": nothing}, _STAYS)
    _judge_gradients(call)
    keeps_names(call, "labelled", "trust")


def _judge_gradients(call):
    own, population, labelled, _ = _case(2, 5, 3, trust=0.3, seed=11)
    inputs = [x.requires_grad_() for x in (own, population, torch.tensor(0.3))]
    names = ("own", "population", "trust")

    def mixed(own, population, trust):
        return call(own, population, labelled, trust)

    result = mixed(*inputs)
    if result.requires_grad:
        gradients = torch.autograd.grad(result.sum(), inputs, allow_unused=True)
        for name, gradient in list(zip(names, gradients, strict=True))[::-1]:
            if gradient is not None and gradient.isnan().any():
                raise Problem(_GRADIENT.format(name))
    try:
        judge_gradients(mixed, lambda o, p, t: personal_prototypes(o, p, labelled, t),
                        [x.detach() for x in inputs], names)  # fmt: skip
    except Problem as problem:
        cut = "no gradient comes back to `trust`" in str(problem)
        raise Problem(_CUT) if cut else problem from None
