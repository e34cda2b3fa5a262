"""What `check` looks at in `probabilities` of lesson 00, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson00.sketch import probabilities

_CASES = {
    "one query and five classes": (torch.tensor([[7.0, 3.0, 3.5, 8.0, 2.0]]),),
    "two queries and three classes": (torch.tensor([[4.0, 1.0, 9.0], [0.5, 2.0, 3.0]]),),
    "six queries and four classes": (torch.rand(6, 4, generator=torch.Generator().manual_seed(0)) * 20,),
    "three queries and three classes": (torch.tensor([[4.0, 1.0, 2.5], [0.5, 2.0, 3.0], [1.0, 1.5, 0.25]]),),
}
_LARGE = {
    "distances around 2000": (torch.tensor([[2000.0, 2001.0], [2004.0, 2002.5]]),),
    "distances around 2000 for one query and small ones for another": (torch.tensor([[2000.0, 2001.0], [5.0, 3.0]]),),
    "distances around 2000 beside small ones": (torch.tensor([[2000.0, 2001.0], [5.0, 3000.0]]),),
}


def _over_sum(weights: Tensor) -> Tensor:
    return weights / weights.sum(-1, keepdim=True)


def _shifted(d: Tensor, by) -> Tensor:
    return _over_sum((by - d).exp())


def _weights(d: Tensor) -> Tensor:
    return (d.amin(-1, keepdim=True) - d).exp()


def _first(d: Tensor, best: Tensor) -> Tensor:
    return torch.nn.functional.one_hot(best, d.shape[-1]).float()


_REPLACED = (
    "at distances around 2000 every exponential is 0, and the row comes out as zeros: a small number in the "
    "denominator, or nan_to_num, hides 0 / 0 and does not give probabilities. Take the smallest distance of each row "
    "away first (the ratios stay the same), or use torch.softmax."
)
_SUM = "the rows do not sum to 1: divide each by its sum."
_ROW = "each row is divided by the sum of another row: keepdim=True keeps the sum as [n, 1], beside its own row."
_KEEP = "Take the distances as they are."

MISTAKES = [
    (lambda d: d.softmax(-1), "the far classes get the high probabilities; mind the sign: small distances count most."),
    (lambda d: d.softmax(0), "two things: the sign (small distances count most), and the axis: classes compete for "
                             "each query, so sum along the last one."),
    (lambda d: (-d).softmax(0), "each *column* sums to 1. Classes compete for each query: sum along the last axis."),
    (lambda d: _over_sum(-d),
     "dividing by the sum is right, but the exponential of the *negative* distances is missing before it."),
    (lambda d: _over_sum(d.amax(-1, keepdim=True) - d), "it divides differences of distances by their sum; the "
                                                        "exponential is missing before it."),
    (lambda d: 1 - _over_sum(d), "1 - distance / sum does favour what is near, but the softmax uses the exponential of "
                                 "the negative distance."),
    (lambda d: _over_sum(1 - _over_sum(d)), "1 - distance / sum does favour what is near, but the softmax uses the "
                                            "exponential of the negative distance."),
    (lambda d: _over_sum(1 / d), "1 / distance does favour what is near, but the softmax uses the exponential of the "
                                 "negative distance."),
    (lambda d: _over_sum(1 / (1 + d)), "1 / (1 + distance) does favour what is near, but the softmax uses the "
                                       "exponential of the negative distance."),
    (lambda d: (1 / d).softmax(-1), "it takes a softmax of 1 / distance; the formula has the *negative* distance."),
    (lambda d: 1 / d, "1 / distance is no probability: the formula has the exponential of the negative distance, "
                      "divided by the sum of the row."),
    (lambda d: (-d).exp(), _SUM),
    (lambda d: _weights(d), _SUM),
    (lambda d: d.exp(), "the sign is missing (small distances count most), and so is the division by each row's sum."),
    (lambda d: (-d).exp() / (-d).exp().sum(), "the whole table sums to 1, but each row should."),
    (lambda d: (d.min() - d).exp() / (d.min() - d).exp().sum(), "the whole table sums to 1, but each row should."),
    (lambda d: (-d).flatten().softmax(0).view(d.shape), "the whole table sums to 1, but each row should."),
    (lambda d: (-d).exp() / (-d).exp().sum(-1), _ROW),
    (lambda d: _weights(d) / _weights(d).sum(-1), _ROW),
    (lambda d: (-d).exp() / (-d).exp().amax(-1, keepdim=True), "each row is divided by its largest number; divide by "
                                                               "its *sum*."),
    (lambda d: (-d).exp() / (-d).exp().mean(-1, keepdim=True), "each row is divided by its mean; divide by its *sum*."),
    (lambda d: (-d).exp() / d.shape[-1], "it divides by the number of classes; divide each row by its *sum*."),
    (lambda d: (-d).exp() / d.sum(-1, keepdim=True), "it divides by the sum of the *distances*; divide by the sum of "
                                                     "the exponentials."),
    (lambda d: (-d).sigmoid(), "that is the sigmoid: each class for itself, and the rows do not sum to 1. Divide "
                               "exponentials by their sum: the softmax."),
    (lambda d: d.sigmoid(), "that is the sigmoid: each class for itself, and the rows do not sum to 1. Use the softmax "
                            "of the negative distances."),
    (lambda d: (-d).tanh(), "that is tanh; the softmax is the exponential divided by the sum of the row."),
    (lambda d: 1 - d.softmax(-1), "1 - softmax(distances) is another thing: the rows do not sum to 1. The minus "
                                  "belongs inside: softmax(-distances)."),
    (lambda d: 1 - (-d).softmax(-1), "it is 1 minus the probability: that the query is *not* of the class."),
    (lambda d: _over_sum(1 - d.softmax(-1)), "1 - softmax(distances), divided by its sum, is another thing. The minus "
                                             "belongs inside: softmax(-distances)."),
    (lambda d: (1 - d).exp(), "exp(1 - d) is no probability yet: divide each row by its sum."),
    (lambda d: _first(d, d.argmin(-1)), "it gives all to the nearest class and 0 to the others: that does not say how "
                                        "clear the case was. Use the softmax."),
    (lambda d: _first(d, d.argmax(-1)), "it gives all to the *farthest* class. Use the softmax of negative distances."),
    (lambda d: d.argmin(-1), "it says which class is nearest; the task asks for a probability for each."),
    (lambda d: (-d).softmax(-1).argmax(-1), "it says which class is likeliest; the task asks for all probabilities."),
    (lambda d: (-d).softmax(-1).amax(-1), "it returns only the largest probability of each query; the task asks for "
                                          "that of each class."),
    (lambda d: (-d).softmax(-1).amax(-1, keepdim=True), "it returns only the largest probability of each query; the "
                                                        "task asks for that of each class."),
    (lambda d: (-d[0]).softmax(-1), "it answers for the first query alone; the task asks for a row for each query."),
    (lambda d: (-d[:1]).softmax(-1), "it answers for the first query alone; the task asks for a row for each query."),
    (lambda d: (-d).softmax(-1).T, "rows and columns are exchanged: a row belongs to a query."),
    (lambda d: (-d).softmax(-1).flatten(), "the rows are joined to one: keep the shape [n, way]."),
    (lambda d: (-d).softmax(-1)[None], "the numbers are right, but there is an axis too many in front."),
    (lambda d: (-d).softmax(-1).sort(-1, descending=True).values, "the probabilities are right but sorted: keep each "
                                                                  "at the place of its class."),
    (lambda d: (-d).softmax(-1).sort(-1).values, "the probabilities are right but sorted: keep each at the place of "
                                                 "its class."),
    (lambda d: (-d).softmax(-1).softmax(-1), "a softmax is taken twice, and brings the probabilities nearer together: "
                                             "once is enough."),
    (lambda d: d.softmax(-1).softmax(-1), "a softmax is taken twice, and of distances without their minus."),
    (lambda d: (-d.softmax(-1)).softmax(-1), "a softmax is taken twice: once is enough, of the negative distances."),
    (lambda d: (-d).softmax(-1).square(), "the probabilities are squared at the end: return them as they are."),
    (lambda d: (-d.sqrt()).softmax(-1), "the distances are squared already, and the softmax takes them so: no root."),
    (lambda d: _shifted(d.sqrt(), 0), "the distances are squared already, and the softmax takes them so: no root."),
    (lambda d: (-d.square()).softmax(-1), "the distances are squared already, and the softmax takes them so."),
    (lambda d: (-(d + 1).log()).softmax(-1), f"it takes a logarithm of the distances first. {_KEEP}"),
    (lambda d: (-d).log_softmax(-1), "these are logarithms of the probabilities."),
    (lambda d: -(-d).log_softmax(-1), "these are negative logarithms of the probabilities."),
    (lambda d: (-d).exp().softmax(-1), "the exponential is taken twice: softmax takes it itself."),
    (lambda d: _shifted(d, d.amin()),
     "it takes the smallest distance of the *whole table* away; in a row whose distances are all far from it every "
     "exponential is still 0. Take each row's own smallest distance away: amin(-1, keepdim=True)."),
    (lambda d: _over_sum((-d).exp()),
     "for small distances it is right, but at distances around 2000 every exponential is 0, and 0 / 0 is not a "
     "number. Take the smallest distance of each row away first (the ratios stay the same), or use torch.softmax."),
    (lambda d: (-d).exp() / ((-d).exp().sum(-1, keepdim=True) + 1e-8), _REPLACED),
    (lambda d: _shifted(d, d.amin(0)),
     "it takes the smallest distance of each *column* away, which changes the ratios within a row. Take each row's own "
     "away: amin(-1, keepdim=True)."),
    (lambda d: _shifted(d, d.amin(-1)),
     "each row loses the smallest distance of another row: keepdim=True keeps it as [n, 1], so that it goes with its "
     "row."),
    (lambda d: _shifted(d, d.amax(-1, keepdim=True)),
     "what is taken away from the distances makes some exponentials larger than any number (inf / inf is not a "
     "number). Take the *smallest* distance of each row away: then the largest exponential is 1."),
    (lambda d: (-d / d.max()).softmax(-1), f"the distances are divided by the largest one first. {_KEEP}"),
    (lambda d: (-d / d.amax(-1, keepdim=True)).softmax(-1), "each row is divided by its largest distance first. Take "
                                                            "the distances as they are."),
    (lambda d: (-d / d.mean(-1, keepdim=True)).softmax(-1), f"each row is divided by its mean first. {_KEEP}"),
    (lambda d: (-d / d.amin(-1, keepdim=True)).softmax(-1), f"each row is divided by its smallest first. {_KEEP}"),
    (lambda d: (-_over_sum(d)).softmax(-1), f"each row is divided by its sum first. {_KEEP}"),
    (lambda d: (-torch.nn.functional.normalize(d, dim=-1)).softmax(-1), f"each row is scaled to length 1. {_KEEP}"),
    (lambda d: (-d / d.shape[-1] ** 0.5).softmax(-1), f"the distances are divided by the root of way first. {_KEEP}"),
    (lambda d: (-(d - d.mean(-1, keepdim=True)) / d.std(-1, keepdim=True)).softmax(-1),
     f"each row is divided by its standard deviation first. {_KEEP}"),
    *[(lambda d, t=t: (-t * d).softmax(-1), f"the distances are multiplied by {t:g} first. {_KEEP}")
      for t in (0.5, 2, 0.1, 10, 0.01, 100)],
    *[(lambda d, b=b: (-d * torch.tensor(b).log()).softmax(-1),
       f"it takes powers of {b:g}; the formula has the exponential, powers of e: torch.exp.") for b in (2.0, 10.0)],
    *[(lambda d, eps=eps, weights=weights: weights(d) / (weights(d).sum(-1, keepdim=True) + eps),
       f"something near {eps:g} is added to the sum, and the rows no longer sum to 1. It is not needed.")
      for eps in (1e-3, 1e-2, 1e-1, 1.0) for weights in (_weights, lambda d: (-d).exp())],
]  # fmt: skip


_STANDS_IN = (
    "for small distances it is right, but at distances around 2000 every exp(-d) is rounded to 0. What stands in for "
    "it "
    "(a bound, equal parts, another way to compute) does not give the probabilities. Take the smallest distance of "
    "each "
    "row away first (the ratios stay the same), or use torch.softmax."
)


def judge_probabilities(call):
    """`probabilities`: small distances first, then such as the lesson warns of."""
    compare(call, probabilities, _CASES, chain(MISTAKES, _seen(call)), axes=("query", "class"))
    compare(call, probabilities, _CASES | _LARGE, [*MISTAKES, (call, _STANDS_IN)], axes=("query", "class"))


def _seen(call) -> Iterator[tuple]:
    """What these probabilities never do and those of this answer do, as mistakes that are always made."""
    table = torch.tensor([[4.0, 1.0, 2.5, 3.0], [0.5, 2.0, 3.0, 1.25]])  # [2, 4]
    got, right = _tried(call, table), probabilities(table)
    if got is None or getattr(call, "drew", ""):  # it has another form; or chance in it, which `compare` tells
        return
    if any(torch.allclose(got, right.round(decimals=d), atol=1e-6) for d in range(1, 5)):
        return
    if ((got / right) - (got / right)[0, 0]).abs().max() < 1e-3:
        return
    alone = [_tried(call, row[None]) for row in table]
    if all(one is not None for one in alone) and not torch.allclose(torch.cat(alone), got, atol=1e-4):
        yield call, "the probabilities of a query change with the *other* queries. Each row is for itself."
    turned = _tried(call, table.flip(1))
    if turned is not None and not torch.allclose(turned.flip(1), got, atol=1e-4):
        yield call, "the probability of a class changes with its *place*. Only its distance counts."
    if (got < 0).any():
        yield call, "some are below 0. Exponentials are not: the exponential of each negative distance comes first."
    sums = got.sum(-1)
    if (sums - 1).abs().max() > 1e-3:
        yield call, f"the rows do not sum to 1: for distances {table[0].tolist()} they sum to {sums[0]:.4g}."
    times = (got[:, :1] / got).log() / (table - table[:, :1])  # [2, 4]: 1 if it is the exponential of -1 times d
    times = times[:, 1:].flatten()
    if (times - times[0]).abs().max() < 1e-2 and abs(times[0] - 1) > 1e-3:
        yield call, f"it is as if the distances were multiplied by {times[0]:.3g} first. {_KEEP}"
    if not torch.equal(got.argsort(-1), (-table).argsort(-1)):
        yield (
            call,
            "a nearer class does not always get the higher probability: exp(-d) gives it.",
        )
    shifted = _tried(call, table + 1)
    if shifted is not None and not torch.allclose(shifted, got, atol=1e-4):
        yield call, ("the probabilities change if all distances grow by 1. Those of the formula stay: only differences "
                     "count. Take exp of the negative distances, and nothing else, before you divide.")  # fmt: skip


def _tried(call, table: Tensor) -> Tensor | None:
    """The probabilities, if they have the form."""
    try:
        got = call(table.clone())
    except Problem:
        return None
    fits = isinstance(got, Tensor) and got.shape == table.shape and got.is_floating_point()
    return got.detach() if fits and got.isfinite().all() else None
