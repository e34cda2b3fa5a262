"""What `check` looks at in leaving one example out, in lesson 16, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.lessons.lesson16.checks_leave_known import WRONG_LEAVINGS, WRONG_SIZES
from course_lib.lessons.lesson16.influence import first_order, leave_one_out

_OUT = -float("inf")


def _case(shots: tuple[int, ...], targets: list[int], d: int = 4, seed: int = 0, far: float = 1.0,
          dtype=torch.float64) -> tuple:  # fmt: skip
    """A task in mixed order, with queries between the classes, or far from all of them."""
    g = torch.Generator().manual_seed(seed)
    labels = torch.cat([torch.full((n,), k) for k, n in enumerate(shots)])
    labels = labels[torch.randperm(len(labels), generator=g)]
    z = (
        torch.randn(len(labels), d, generator=g, dtype=dtype)
        + torch.randn(len(shots), d, generator=g, dtype=dtype)[labels]
    )
    queries = far * torch.randn(len(targets), d, generator=g, dtype=dtype)
    return z, labels, queries, torch.tensor(targets)


@cache
def _cases() -> dict[str, tuple]:
    return {
        "3 classes of 5 shots and 2 queries": _case((5, 5, 5), [2, 0]),
        "classes of 2, 4 and 3 shots": _case((2, 4, 3), [1, 0, 2, 1], seed=1),
        "5 classes of 5 shots in float32": _case((5,) * 5, [0, 4, 2], 6, 2, dtype=torch.float32),
        "queries far from every prototype": _case((3, 2, 3), [0, 1, 2, 1], seed=3, far=900.0),
        "the only example of a class that nobody asks about": _case((3, 1, 2), [0, 2], seed=4),
        "the only example of the target, taken out": _case((3, 2, 1), [2, 2, 0], seed=5),
        "the only example of class 0, taken out": _case((1, 3, 2), [2, 0, 1, 1], seed=6),
        "one shot of each class": _case((1, 1, 1), [1, 0], seed=7),
        "two classes of one shot: one is left": _case((1, 1), [0, 1, 1], seed=8),
    }


def _squared(queries: Tensor, means: Tensor) -> Tensor:
    """From `[q, d]` and `[..., way, d]` to `[..., q, way]`."""
    return (queries[:, None] - means.unsqueeze(-3)).square().sum(-1)


def _minus_squared(queries: Tensor, means: Tensor) -> Tensor:
    return -_squared(queries, means)


def _others(labels: Tensor) -> Tensor:
    return ~torch.eye(len(labels), dtype=torch.bool)


def _scores(z, labels, queries, stay, empty, scores, divide):
    """Scores `[m, q, way]` of m support sets, of which `stay [m, n]` says who is in them."""
    member = F.one_hot(labels).to(z)  # [n, way]
    whole, kept = member.sum(0), member * stay.to(z).unsqueeze(-1)  # [way], [m, n, way]
    counts = kept.sum(1)  # [m, way]
    means = (kept.mT @ z) / (counts if divide == "rest" else whole).unsqueeze(-1)  # [m, way, d], nan of nobody
    gone = (counts == 0) & (divide != "whole")
    if empty in ("zero", "stay"):
        means = torch.where(gone.unsqueeze(-1), 0 if empty == "zero" else (member / whole).T @ z, means)
    found = scores(queries, means)  # [m, q, way]
    fill = {"out": _OUT, "score 0": 0.0}.get(empty, empty)
    return found.masked_fill(gone.unsqueeze(1), fill) if isinstance(fill, float) else found


def _answer(keep=_others, empty: str | float = "out", scores=_minus_squared, divide="rest",
            value=lambda s, t, labels: _at(s.log_softmax(-1), t),
            fell=lambda with_all, without: with_all - without, end=lambda found: found):  # fmt: skip
    """Leaving out once more, with places to go wrong.

    Args:
        keep: who stays when example i goes, in row i: `[n, n]`, of the labels.
        empty: what becomes of a class that has lost everybody: "out", "nan", "zero" (its prototype), "stay", "score 0",
            or a score.
        scores: of queries and means, `[m, q, way]`; divide: by the "rest" of the examples, or by the "whole" class;
            "seen": by the whole class, though one that has lost everybody is seen.
        value: what is read of the scores `[m, q, way]`, of (scores, targets, labels): `[m, q]`.
        fell: of the values with all and without one; end: what is returned, of `[q, n]`.
    """

    def answer(z, labels, queries, targets):
        how = empty, scores, divide
        everybody = _scores(z, labels, queries, torch.ones(1, len(labels)), *how)  # [1, q, way]
        left = _scores(z, labels, queries, keep(labels), *how)  # [n, q, way]
        found = fell(*(value(s, targets, labels) for s in (everybody, left)))  # [n, q]
        return end(found.expand(len(labels), -1).T)

    return answer


def _at(values: Tensor, places: Tensor) -> Tensor:
    """Of `[m, q, way]` the one at the place of each query: `[m, q]`."""
    return values.gather(2, places[None, :, None].expand(len(values), -1, 1)).squeeze(2)


def _read(read: Callable) -> Callable:
    """The probability that `read` makes of scores, of the target."""
    return lambda s, t, labels: _at(read(s), t)


def _own(s: Tensor, t: Tensor, labels: Tensor) -> Tensor:
    """The log probability of the class of the example that went."""
    found = s.log_softmax(-1).expand(len(labels), -1, -1)
    return found.gather(2, labels[:, None, None].expand(-1, len(t), 1)).squeeze(2)


_VALUE = "The log probability is wanted: (-distances).log_softmax(-1), at the target."
_KEEPS = [
    (lambda labels: labels[:, None] != labels, "the whole class of the example is taken out. Take out the one example; "
     "the others of its class stay."),
    (lambda labels: torch.ones(len(labels), len(labels)).triu(1), "examples that were taken out stay out, so "
     "that there are ever fewer. Each example in turn is taken out of the *whole* support set."),
    (lambda labels: (labels[:, None] != labels) | ~_others(labels), "the example is the only one of its "
     "class that is *kept*. It is the one to leave out."),
    (lambda labels: torch.ones(len(labels), len(labels)), "nothing changes when an example goes. Is it really "
     "taken out?"),
    (lambda labels: _others(labels).roll(-1, 0), "the places are off by one: number i is for "
     "the support set without example i."),
    (lambda labels: _others(labels)[labels.argsort(stable=True)], "examples are numbered class by "
     "class. The columns stand in the order of support_z."),
]  # fmt: skip
_SCORES = [
    (lambda q, m: -_squared(q, m).clamp(min=0).sqrt(), "distances are not squared: the network's scores are minus the "
     "*squared* distances."),
    (_squared, "the softmax takes plus the distances: then the farthest class is the likeliest. Minus is wanted."),
    (lambda q, m: -_squared(q, m) / q.shape[1], "squared differences are averaged over features. They are added up."),
    (lambda q, m: -_squared(q, m) / 2, "squared distances are halved."),
    (lambda q, m: -(q[:, None] - m.unsqueeze(-3)).abs().sum(-1), "sizes of differences are added up. Their "
     "squares are."),
    (lambda q, m: q @ m.mT, "scores are products of query and prototype. They are minus the squared distances."),
    (lambda q, m: F.cosine_similarity(q[:, None], m.unsqueeze(-3), dim=-1), "scores are cosines. "
     "They are minus the squared distances."),
    (lambda q, m: 1 / _squared(q, m), "scores are 1 / distance. They are minus the squared distances."),
]  # fmt: skip
_VALUES = [
    (_read(lambda s: s.softmax(-1)), "these are differences of probabilities. " + _VALUE),
    (_read(lambda s: s), "these are differences of distances: the softmax is missing, by which all classes count. "
     + _VALUE),
    (_own, "the log probability of the *example's* own class is read. Each "
     "query has a class that is asked about, targets."),
    (lambda s, t, labels: s.log_softmax(-1).amax(-1), "the log probability of the likeliest class is read. Each query "
     "has a class that is asked about, targets."),
    (lambda s, t, labels: s.log_softmax(-1)[..., 0], "the log probability of class 0 is read. Each query has a class "
     "that is asked about, targets."),
    (lambda s, t, labels: s.log_softmax(-1)[..., t[0]], "every query is asked about the target of query 0."),
    (lambda s, t, labels: s.log_softmax(-1).mean(-1), "log probabilities are averaged over classes. " + _VALUE),
    (_read(lambda s: s.log_softmax(-2)), "the softmax runs over queries. It runs over classes, the last axis."),
    (_read(lambda s: s.log_softmax(-1) / torch.tensor(2.0).log()), "these are bits, by log2. Nats are wanted: the "
     "natural logarithm."),
    (_read(lambda s: s.log_softmax(-1) / torch.tensor(10.0).log()), "that is log10. The natural logarithm is wanted."),
    (_read(lambda s: s.log_softmax(-1).log_softmax(-1).exp()), "these are differences of probabilities. " + _VALUE),
    (_read(lambda s: s.softmax(-1).logit()), "these are log odds, log p / (1 - p). log p is wanted."),
    (_read(lambda s: (1 - s.softmax(-1)).log()), "that is the log probability of all *other* classes."),
]  # fmt: skip
_FELLS = [
    (lambda a, b: b - a, "the sign is turned round: how far it *falls* is wanted, with all minus without."),
    (lambda a, b: (a - b).abs(), "the sign is lost. Below 0 says that the example spoke *against* the target."),
    (lambda a, b: (a - b).clamp(min=0), "what is below 0 is cut off. It says that the example spoke *against* the "
     "target."),
    (lambda a, b: (a - b) / a, "it is divided by what it was. The plain difference is wanted."),
    (lambda a, b: (a - b) / a.abs(), "it is divided by what it was. The plain difference is wanted."),
    (lambda a, b: (a - b).exp(), "that is the ratio of two probabilities. The difference of their logs is wanted."),
    (lambda a, b: a / b, "one log probability is divided by the other. Their difference is wanted."),
    (lambda a, b: b, "that is the log probability *without* the example. How far it fell is wanted: with all, minus "
     "this."),
    (lambda a, b: a.exp() - b.exp(), "these are differences of probabilities. " + _VALUE),
]  # fmt: skip
_ENDS = [
    (lambda found: found.mean(0), "queries are averaged. A row for each is wanted: [q, n]."),
    (lambda found: found.sum(0), "queries are added up. A row for each is wanted: [q, n]."),
    (lambda found: found.argmax(1), "the place of the most important example is returned. Its number, and that of each "
     "other one, is wanted: [q, n]."),
    (lambda found: found / found.abs().sum(1, keepdim=True), "each row is divided by its sum. The numbers themselves "
     "are wanted."),
    (lambda found: found.softmax(1), "there is a softmax over examples. The differences themselves are wanted."),
    (lambda found: found - found.mean(1, keepdim=True), "the mean of each row is taken off. The numbers themselves are "
     "wanted."),
    (lambda found: found.T, "the axes are exchanged: queries go down, examples go across, [q, n]."),
]  # fmt: skip
_LOST = (
    "When a class has lost its only example it cannot be chosen: its score is -inf, and the others share what it had. "
)
_EMPTY = [
    ("nan", _LOST + "Here its prototype is 0 / 0, the mean of nobody, which is nan and spreads over the softmax."),
    ("zero", _LOST + "Here its prototype is a row of zeros, which may be near a query: dividing by max(count, 1) "
     "does that."),
    ("stay", _LOST + "Here nothing changes, as if its only example were still there."),
    ("score 0", _LOST + "Here its score becomes 0, the highest of all, since the others are minus a distance."),
    *((size, _LOST + f"Here its score is {size:g}, which is only very low: -inf is none at all.")
      for size in (-1e3, -1e4, -1e6, -1e8, -1e9, -1e10, -1e12, -1e20, -1e30)),
]  # fmt: skip


def _lost(labels: Tensor) -> Tensor:
    """Which examples are the only ones of their class: `[n]`, bool."""
    return torch.bincount(labels)[labels] == 1


def _where_lost(change: Callable) -> Callable:
    """Right, but for the columns of only examples, of (right, is its class the target?)."""

    def answer(z, labels, queries, targets):
        found = leave_one_out(z, labels, queries, targets)
        own = targets[:, None] == labels  # [q, n]
        return found.where(~_lost(labels), change(found, own))

    return answer


def _full(value: float):
    return lambda found, own: torch.full_like(found, value)


_SPREAD = [
    (_where_lost(_full(-_OUT)), _LOST + "inf is right for a query whose *target* it was; the others only gain."),
    (_where_lost(lambda f, own: f.where(~own, f.new_tensor(_OUT))), "where the target loses its only example its log "
     "probability falls to -inf, so it falls *by* inf."),
    (_where_lost(lambda f, own: f.where(own, 0)), _LOST + "So for other targets something changes: the log "
     "probability rises. Yours says 0 there."),
    (_where_lost(lambda f, own: f.where(~own, 0)), "where the target loses its only example its log probability "
     "becomes -inf, so it falls by inf. Yours says 0 there."),
    (_where_lost(lambda f, own: f.where(~own, f.new_tensor(float("nan")))), "where the target loses its only example "
     "its log probability becomes -inf, so it falls by inf. Yours says nan there."),
    (_where_lost(_full(float("nan"))), _EMPTY[0][1]), (_where_lost(_full(0.0)), _EMPTY[2][1]),
    (_where_lost(_full(_OUT)), _LOST + "Yours says -inf for every query."),
]  # fmt: skip
_SMALL = ("a probability that is too small for a float becomes 0, and its logarithm -inf. log_softmax takes the "
          "logarithm of the softmax without computing it first.")  # fmt: skip
_LOGS = [
    lambda s: s.softmax(-1).log(), lambda s: s.exp().div(s.exp().sum(-1, keepdim=True)).log(),
    lambda s: s - s.exp().sum(-1, keepdim=True).log(),
    *(lambda s, eps=eps: (s.softmax(-1) + eps).log() for eps in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8)),
    *(lambda s, eps=eps: s.softmax(-1).clamp(min=eps).log() for eps in (1e-30, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8)),
]  # fmt: skip
_PLACES = [
    *(({"scores": wrong}, said) for wrong, said in _SCORES), *(({"value": wrong}, said) for wrong, said in _VALUES),
    *(({"fell": wrong}, said) for wrong, said in _FELLS), *(({"end": wrong}, said) for wrong, said in _ENDS),
]  # fmt: skip
_MISTAKES = [
    *((_answer(keep=keep), said) for keep, said in _KEEPS), *((_answer(**place), said) for place, said in _PLACES),
    *((_answer(divide=how), "the mean is still divided by the old number of examples: the one that is gone counts as "
      "a row of zeros. Divide by those that are left.") for how in ("whole", "seen")),
    (first_order, "that is the derivative in the example's weight. The example is to be taken out, and the class "
     "averaged again: what is left counts more."),
    *((_answer(empty=empty), said) for empty, said in _EMPTY), *_SPREAD, *WRONG_LEAVINGS,
    *((_answer(value=_read(log)), _SMALL) for log in _LOGS),
]  # fmt: skip
_MIXED = [  # two at once: the first one to mend is told
    *((_answer(**place, empty=empty), said) for empty in ("nan", "zero", "stay", "score 0") for place, said in _PLACES),
    *((_answer(value=_read(log), empty=empty), _SMALL) for log in _LOGS for empty in ("nan", "zero", "stay")),
]  # fmt: skip
_KNOWN = [(once(wrong), said) for wrong, said in _MISTAKES + _MIXED + WRONG_SIZES]


def judge_leave(call):
    """`leave_one_out`: classes of any size, queries far away, and classes that lose everybody."""
    try:
        compare(call, leave_one_out, _cases(), _KNOWN, (), ("query", "support example"))
    except Problem as problem:
        text = str(problem)
        lost = ("out of bounds", "must match the size", "out of range")
        if "It is right for" in text and any(words in text for words in lost):  # it stopped at a later case
            raise Problem(f"{text}\n  Does a class that has lost its only example still have its column? Without it "
                          "the classes after it move up.") from None  # fmt: skip
        raise
