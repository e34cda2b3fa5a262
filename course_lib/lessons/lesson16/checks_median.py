"""What `check` looks at in prototypes that are medians, in lesson 16, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.lessons.lesson16.checks_median_known import (
    all_weigh,
    averaged,
    by_label,
    carried,
    from_all,
    inverse,
    norm,
    sized,
    stops_early,
    summed_over_all,
)
from course_lib.lessons.lesson16.robust_prototypes import medoids, robust_prototypes, trimmed_prototypes


def _mixed(shots: tuple[int, ...], d: int, seed: int, stranger: float = 0.0, dtype=torch.float64) -> tuple:
    """A support set in mixed order; the first example of class 0 may be a stranger far away."""
    g = torch.Generator().manual_seed(seed)
    labels = torch.cat([torch.full((n,), k) for k, n in enumerate(shots)])
    labels = labels[torch.randperm(len(labels), generator=g)]
    z = torch.randn(len(labels), d, generator=g, dtype=dtype) + 2 * labels[:, None]
    z[(labels == 0).nonzero()[0]] += stranger
    return z, labels


def _arriving(nearest: float, steps: int) -> tuple:
    """Class 0 has an example at the mean of all; class 1 three equal ones of five."""
    z = torch.tensor([[0.0, 0.0], [7, 7], [3, 1], [7, 7], [-1, -1], [9, 6], [-1, 2], [7, 7], [-1, -2], [5, 8]]).double()
    return z, torch.arange(10) % 2, steps, nearest


def _slow() -> tuple:
    """Each step goes a little less far than the last one: 50 are not enough to arrive."""
    z = torch.tensor([[0.0, 0.0], [1, 0.02], [2, 0], [9, 0.1], [3, 0], [4, 0.1], [5, 2], [5, 2], [5, 2], [5, 2.05]])
    return z.double(), torch.tensor([0, 0, 0, 0, 0, 0, 1, 1, 1, 1])


@cache
def _cases() -> dict[str, tuple]:
    return {
        "3 classes of 5 shots, 3 steps": (*_mixed((5, 5, 5), 4, 0), 3, 1e-6),
        "one step": (*_mixed((5, 4), 3, 1), 1, 1e-6),
        "a stranger among 5, 4 and 3 shots, 6 steps": (*_mixed((5, 4, 3), 4, 2, 40.0), 6, 1e-6),
        "no step: the mean": (*_mixed((3, 5), 3, 3), 0, 1e-6),
        "5 classes of 5 shots with 32 features, in float32": (*_mixed((5,) * 5, 32, 5, 9.0, torch.float32), 6, 1e-6),
        "an example where the mean is, and three equal ones, with nearest=0.5": _arriving(0.5, 4),
        "distances that are often below nearest": (*_mixed((5, 5, 4), 2, 6), 5, 1.2),
        "an example where the mean is, and three equal ones": _arriving(1e-6, 3),
        "classes of one shot and of two": (*_mixed((1, 2, 4), 3, 7), 4, 1e-6),
        "steps and nearest as they are if nobody says so": _slow(),
    }


def _answer(weight=inverse, distance=norm, start=lambda points: points.mean(0), count=lambda steps: steps,
            groups=by_label, move=lambda points, weights, at: averaged(points, weights),
            stops=False, end=lambda found: found, usual=(50, 1e-6)):  # fmt: skip
    """The loop once more, with places to go wrong.

    Args:
        weight: of (distances, nearest); distance: of (points, at); start: of the points of a class.
        count: how many steps, of `steps`; groups: the classes, of (support_z, labels).
        move: the next place, of (points, weights, at); stops: whether it stops where it arrives at an example.
        end: what is returned, of `[way, d]`; usual: steps and nearest where nobody says so.
    """

    def answer(z, labels, steps=usual[0], nearest=usual[1]):
        found = []
        for points in groups(z, labels):
            at = start(points)
            for _ in range(count(steps)):
                distances = distance(points, at)
                if stops and (distances < nearest).any():
                    at = points[distances.argmin()]
                    break
                weights = weight(distances, nearest)
                at = move(points, weights, at)
            found.append(at)
        return end(torch.stack(found))

    return answer


def _by_appearance(z: Tensor, labels: Tensor) -> list[Tensor]:
    return [z[labels == k] for k in dict.fromkeys(labels.tolist())]


def _blocks(z: Tensor, labels: Tensor) -> list[Tensor]:
    return list(z.chunk(int(labels.max()) + 1))


def _everybody(z: Tensor, labels: Tensor) -> list[Tensor]:
    return [z] * (int(labels.max()) + 1)


def _of_class(at: Callable) -> Callable:
    """Something else than the loop, of the points of a class."""
    return lambda z, labels, steps=50, nearest=1e-6: torch.stack([at(points) for points in by_label(z, labels)])


def _descent(points, weights, at, rate=1.0):
    """A step down the sum of distances."""
    return at + rate * (weights[:, None] * (points - at)).sum(0)


_EARLY = ("it stops before all `steps` are taken: where it is at an example, or hardly moves. All of them are taken: "
          "what comes near an example may leave it again.")  # fmt: skip
_NEAREST = "A distance below `nearest` counts as `nearest`: distances.clamp(min=nearest)."
_ARRIVED = ("where it arrives at an example the distance is 0, and 1 / 0 is infinite: then inf / inf is nan. "
            + _NEAREST)  # fmt: skip
_UNUSED = "`nearest` is not used: a small number is written down in its place, or added. " + _NEAREST
_WEIGHT = "Weights are 1 / distance. "
_WEIGHTS = [
    (lambda d, n: 1 / d.clamp(min=n).square(), _WEIGHT + "Here they are 1 / its square, which pulls harder to whoever "
     "is near."),
    (lambda d, n: 1 / d.square().clamp(min=n), _WEIGHT + "Here they are 1 / its square, which pulls harder to whoever "
     "is near."),
    (lambda d, n: d.clamp(min=n), "weights grow with the distance: who is far away counts most. " + _WEIGHT),
    (lambda d, n: (-d.clamp(min=n)).softmax(0), _WEIGHT + "Here they are exp(-distance), as in a softmax."),
    (lambda d, n: (-d).softmax(0), _WEIGHT + "Here they are exp(-distance), as in a softmax."),
    (lambda d, n: (-d * d).softmax(0), _WEIGHT + "Here they are exp of minus the squared distance, as in a softmax."),
    (lambda d, n: 1 / (1 + d), _WEIGHT + "Here they are 1 / (1 + distance)."),
    (lambda d, n: 1 / d.clamp(min=n).sqrt(), _WEIGHT + "Here they are 1 / its root: is a root taken twice?"),
    (lambda d, n: torch.ones_like(d), "that is the mean, which one stranger carries off: the weighted means are "
     "missing, or all weights are equal. " + _WEIGHT),
    (lambda d, n: (d <= d.median()).to(d), _WEIGHT + "Here the farther half is left out."),
    (lambda d, n: d.max() - d + n, _WEIGHT + "Here they fall in a straight line."),
]  # fmt: skip
_HOLES = [
    *((lambda d, n, e=e: 1 / d.clamp(min=e), _UNUSED) for e in (1e-12, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)),
    *((lambda d, n, e=e: 1 / (d + e), _UNUSED) for e in (1e-12, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3)),
    (lambda d, n: 1 / (d + n), "`nearest` is added to every distance. Longer ones stay as they are. " + _NEAREST),
    (lambda d, n: 1 / d, _ARRIVED), (lambda d, n: (1 / d).nan_to_num(posinf=0.0), "where it arrives at an example, "
     "that one gets no weight. " + _NEAREST),
    (lambda d, n: (1 / d).where(d > 0, 1.0), "where it arrives at an example, that one gets the weight 1. " + _NEAREST),
    (lambda d, n: (1 / d).where(d > 0, 0.0), "where it arrives at an example, that one gets no weight. " + _NEAREST),
    (lambda d, n: (1 / d).where(d >= n, 0.0), "examples nearer than `nearest` get no weight. " + _NEAREST),
    (lambda d, n: (1 / d).where(d >= n, 1.0), "examples nearer than `nearest` get the weight 1. " + _NEAREST),
    (lambda d, n: (1 / d).where(d >= n, n), "examples nearer than `nearest` get the weight `nearest`; it is their "
     "*distance* that counts as `nearest`."),
    (lambda d, n: (1 / d).clamp(max=n), "the *weights* are cut off at `nearest`. " + _NEAREST),
    (lambda d, n: (1 / d).clamp(min=n), "the *weights* are cut off at `nearest`. " + _NEAREST),
    (lambda d, n: 1 / d.clamp(max=n), "distances are cut off from above, clamp(max=...). " + _NEAREST),
    (lambda d, n: 1 / (d.square() + n * n).sqrt(), "`nearest` is added under the root. " + _NEAREST),
    (lambda d, n: 1 / (d.square() + n).sqrt(), "`nearest` is added under the root. " + _NEAREST),
    (lambda d, n: 1 / d.square().clamp(min=n).sqrt(), "the *squared* distance is cut off at `nearest`. " + _NEAREST),
]  # fmt: skip
_BEGIN = "It begins at the mean of the class, and each step is taken from where the last one ended. "
_STARTS = [
    (lambda p: torch.zeros_like(p[0]), _BEGIN + "Yours begins at zeros."),
    (lambda p: p[0], _BEGIN + "Yours begins at the first example."),
    (lambda p: p[-1], _BEGIN + "Yours begins at the last example."),
    (lambda p: p.median(0).values, _BEGIN + "Yours begins at the median of each feature."),
    (lambda p: p.quantile(0.5, 0), _BEGIN + "Yours begins at the median of each feature."),
    (lambda p: p.sum(0), _BEGIN + "Yours begins at the sum."),
]  # fmt: skip
_COUNTS = [
    (lambda s: s + 1, "there is one step too many: `steps` weighted means follow the plain one."),
    (lambda s: max(s - 1, 0), "there is one step too few: `steps` weighted means follow the plain one."),
    (lambda s: min(s, 1), "there is one step only, or the weights are those of the first step all the time. Distances "
     "are measured anew from each new place: that line belongs into the loop."),
    (lambda s: 1, "there is one step only, whatever `steps` says."),
    *((lambda s, n=n: n, "`steps` is not used: a number is written down, or it goes on until nothing moves.")
      for n in (5, 10, 20, 50, 100, 300)),
    (lambda s: max(s, 1), "with steps=0 it is the mean. Yours takes a step all the same."),
]  # fmt: skip
_STAND = "examples are taken class by class as they stand. `labels` says whose they are, in any order."
_GROUPS = [
    (_by_appearance, "classes stand in the order in which they first appear. Class 0 comes first."),
    (_blocks, _STAND),
    (lambda z, labels: list(z.split(torch.bincount(labels).tolist())), _STAND),
    (_everybody, "all examples count for every class: `labels` is not used."),
]  # fmt: skip
_MOVES = [
    (lambda p, w, at: (w[:, None] * p).sum(0) / len(p), "the weighted sum is divided by the number of examples. Divide "
     "by the sum of the weights."),
    (lambda p, w, at: (w[:, None] * p).sum(0), "the weighted sum is not divided. Divide by the sum of the weights."),
    (lambda p, w, at: (w[:, None] * p).mean(0), "the weighted sum is divided by the number of examples. Divide by the "
     "sum of the weights."),
    (lambda p, w, at: (averaged(p, w) + at) / 2, "it goes half the way to the weighted mean. Go there."),
    (lambda p, w, at: at + averaged(p, w), "the weighted mean is added to where it is. It *is* the next place."),
    (lambda p, w, at: p[w.argmax()], "it jumps to the nearest example. The next place is the weighted mean of all."),
    *((partial(_descent, rate=r), "that is a step of gradient descent down the sum of distances. The next place is the "
       "weighted mean of all.") for r in (1.0, 0.5, 0.1, 0.01)),
]  # fmt: skip
_DISTANCES = [
    (lambda p, at: (p - at).abs().sum(1), "distances are sums of sizes. The usual one is wanted: the root of the sum "
     "of squares."),
    (lambda p, at: (p - at).abs().amax(1), "distances are the largest difference. The usual one is wanted: the root of "
     "the sum of squares."),
    (lambda p, at: (p - at).square().mean(1).sqrt(), "squared differences are averaged over features. They are added "
     "up."),
    (lambda p, at: p.norm(dim=1), "distances are taken from 0. They are taken from where one is, points - at."),
    (lambda p, at: 1 - torch.cosine_similarity(p, at[None]), "distances are 1 - cosine. The usual one is wanted."),
]  # fmt: skip
_ANEW = _BEGIN + "Yours is set once, before the loop over classes: each class begins where the one before it ended."
_OTHERS = [
    (_of_class(lambda p: p.median(0).values), "that is the median of each feature by itself, which depends on the "
     "axes. The geometric median is wanted."),
    (_of_class(lambda p: p.quantile(0.5, 0)), "that is the median of each feature by itself, which depends on the "
     "axes. The geometric median is wanted."),
    (carried(lambda z, labels: z.mean(0)), _ANEW), (carried(lambda z, labels: z[labels == 0].mean(0)), _ANEW),
    (carried(lambda z, labels: torch.zeros_like(z[0])), _ANEW),
    (from_all, _BEGIN + "Yours begins at the mean of all examples."),
    (summed_over_all, "the weighted sum of a class is divided by the weights of all classes. Only those of its own "
     "examples count."),
    (all_weigh, "the examples of all classes are averaged. Only those of the class count for its prototype."),
    (_answer(distance=lambda p, at: (p - at).abs(), move=lambda p, w, at: (w * p).sum(0) / w.sum(0)), "each feature "
     "has weights of its own. One weight belongs to one example: 1 / its distance, of all features together."),
    (lambda z, labels, steps=50, nearest=1e-6: medoids(z, labels), "that is the example with the shortest distances to "
     "the others. The median need not be an example."),
    (lambda z, labels, steps=50, nearest=1e-6: trimmed_prototypes(z, labels), "that is the mean without the farthest "
     "example. The geometric median is wanted: all examples, with weights."),
]  # fmt: skip
_OFF = [lambda d, n: 1 / d, lambda d, n: 1 / (d + 1e-8)]
_PLACES = [
    *(({"start": wrong}, said) for wrong, said in _STARTS), *(({"count": wrong}, said) for wrong, said in _COUNTS),
    *(({"groups": wrong}, said) for wrong, said in _GROUPS), *(({"move": wrong}, said) for wrong, said in _MOVES),
    *(({"distance": wrong}, said) for wrong, said in _DISTANCES),
]  # fmt: skip
_MISTAKES = [
    *((_answer(weight=wrong), said) for wrong, said in _WEIGHTS),
    *((_answer(**place), said) for place, said in _PLACES),
    *_OTHERS,
    (_answer(end=lambda found: found.T), "the axes are exchanged: classes go down, features go across."),
    (_answer(end=lambda found: found.mean(0)), "classes are averaged. A row for each is wanted, [way, d]."),
    *((_answer(weight=wrong), said) for wrong, said in _HOLES),
    (_answer(stops=True), "where it arrives at an example it stops. That one may be no median: all `steps` are "
     "taken. " + _NEAREST),
    *((_answer(usual=usual), "where nobody says so, steps=50 and nearest=1e-6: keep the numbers of the `def`.")
      for usual in ((10, 1e-6), (20, 1e-6), (100, 1e-6), (50, 1e-3), (50, 1e-2))),
]  # fmt: skip
_MIXED = [  # two at once: the first one to mend is told
    *((_answer(weight=off, **place), said) for off in _OFF for place, said in _PLACES),
]  # fmt: skip
_SIZES = [
    (sized(lambda way, d: (way - 1, d)), "one class is missing. Classes are 0 ... labels.max(), so that there are "
     "labels.max() + 1."),
    (sized(lambda way, d: (1, d)), "one class comes back. Is the `return` inside the loop over classes?"),
    (sized(lambda way, d: (d,)), "one place comes back. A row for each class is wanted, [way, d]."),
]  # fmt: skip
_KNOWN = [(once(wrong), said) for wrong, said in _MISTAKES + _MIXED + _SIZES]


def judge_median(call):
    """`robust_prototypes`: step by step, with strangers, and with examples where the loop arrives."""
    try:
        compare(call, robust_prototypes, _cases(), [*_KNOWN, (stops_early(call), _EARLY)], (), ("class", "feature"))
    except Problem as problem:
        if "missing" in str(problem) and "required positional argument" in str(problem):
            raise Problem(f"{problem}\n  Keep the numbers of the `def`: steps=50, nearest=1e-6.") from None
        raise
