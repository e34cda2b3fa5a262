"""What `check` looks at in means and intervals over people, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import CANNOT_SUBTRACT
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson11.persons import over_people


def _case(people: list[int], seed: int, right: bool = False, other: bool = False, factor: float | None = None) -> tuple:
    """Windows in random order; each person has a level and a number of windows of their own, two methods share both."""
    generator = torch.Generator().manual_seed(seed)
    counts = [6 + 7 * i for i in range(len(people))]
    person = torch.tensor(people).repeat_interleave(torch.tensor(counts))
    person = person[torch.randperm(len(person), generator=generator)]
    level = 0.25 * torch.randn(max(people) + 1, generator=generator) + 0.6
    gain = 0.1 * torch.randn(max(people) + 1, generator=generator) + 0.1
    ease = 0.2 * torch.randn(len(person), generator=generator)
    first, second = (level[person] + g + ease + 0.1 * torch.randn(len(person), generator=generator)
                     for g in (gain[person], 0.0))  # fmt: skip
    if right:
        first, second = first > 0.6, second > 0.5
    more = ((second if other else None), factor) if factor else (second,) if other else ()
    return first, person, *more


def _cases() -> dict[str, tuple]:
    return {
        "ten people, one method": _case(list(range(10)), 0),
        "people with the numbers 7, 2, 19 and 4, two methods, factor 3.18": _case([7, 2, 19, 4], 1, other=True,
                                                                                  factor=3.18),
        "three people, one method, factor 4.3": _case([5, 1, 3], 2, factor=4.3),
        "ten people, two methods": _case(list(range(1, 11)), 3, other=True),
        "answers that are right or wrong (bool), one method": _case(list(range(10)), 4, right=True),
        "answers that are right or wrong (bool), two methods": _case(list(range(10)), 5, right=True, other=True),
    }  # fmt: skip


def _each(values: Tensor, person: Tensor) -> Tensor:
    return torch.stack([values[person == who].mean() for who in person.unique()])


def _with(of):
    """A number from the values of windows and their people; `of` takes both, the factor, and the two methods."""

    def answer(scores, person, other=None, factor=2.262):
        values = scores.double() if other is None else scores.double() - other.double()
        return float(of(values, person, factor, scores.double(), None if other is None else other.double()))

    return answer


def _half(of):
    """A half-width from the means of people, or from the windows."""
    return _with(lambda v, p, k, a, b: of(_each(v, p), k, v))


def _unpaired(join):
    def half(v, p, k, a, b):
        halves = [k * _each(x, p).std() / p.unique().numel() ** 0.5 for x in (a, b) if x is not None]
        return halves[0] if b is None else join(*halves)

    return _with(half)


def _consecutive(v, p, k, a, b):
    cut = (p[1:] != p[:-1]).nonzero().squeeze(1) + 1
    return torch.stack([part.mean() for part in v.tensor_split(cut.tolist())]).mean()


def _by_number(v, p, k, a, b):
    """Each person is taken to be there, with the numbers 0, 1, ..."""
    return torch.stack([v[p == i].mean() for i in range(int(p.max()) + 1)]).mean()


_WINDOWS = ("this is the mean of all windows, so a person with many windows counts more. Take each person's mean "
            "first, and then the mean of these.")  # fmt: skip
_MEANS = [
    (_with(lambda v, p, k, a, b: v.mean()), _WINDOWS),
    (_with(lambda v, p, k, a, b: -_each(v, p).mean() if b is not None else _each(v, p).mean()), "the sign of the "
     "difference is turned round: it is `scores` minus `other`."),
    (_with(lambda v, p, k, a, b: _each(a, p).mean()), "`other` is not used: where it is given, the result is for the "
     "difference, scores minus other."),
    (_with(lambda v, p, k, a, b: _each(a if b is None else b, p).mean()), "where `other` is given, this is the mean of "
     "`other`. The difference is asked for: scores minus other."),
    (_with(lambda v, p, k, a, b: _each(v if b is None else v.abs(), p).mean()), "the differences lose their sign: "
     "where `other` is better, the difference is below 0, and has to stay so."),
    (_with(lambda v, p, k, a, b: (_each(v, p) if b is None else _each(v, p).abs()).mean()), "the differences lose "
     "their sign: a person for whom `other` is better counts against `scores`."),
    (_with(lambda v, p, k, a, b: _each(v, p).median()), "this is the median over people. The mean is asked for."),
    (_with(lambda v, p, k, a, b: _each(v, p).sum()), "the people are added up. Divide by how many there are."),
    (_with(lambda v, p, k, a, b: sum(v[p == i].sum() for i in p.unique()) / p.unique().numel()), "the windows of each "
     "person are added up in place of averaged."),
    (_with(lambda v, p, k, a, b: _each(a, p).mean() - (0 if b is None else b.mean())), "`scores` are averaged by "
     "person, `other` over all windows: by person as well."),
    (_with(lambda v, p, k, a, b: _each(a.long().double() - (0 if b is None else b.long()), p).mean()), "the scores are "
     "cut to whole numbers (.long() or int): only .double() keeps fractions. Scores need not be right or wrong."),
    (_with(_consecutive), "windows of a person that do not stand together are taken for several people. People stand "
     "in any order: scores[person == who]."),
    (_with(_by_number), "people are taken to have the numbers 0, 1, 2, ... They have any numbers: go through "
     "person.unique()."),
    (_with(lambda v, p, k, a, b: v.sum() / (int(p.max()) + 1)), "people are taken to have the numbers 0, 1, 2, ... "
     "They have any numbers: go through person.unique()."),
]  # fmt: skip
_SINGLE = "this is how much *single people* differ. The mean of n people is surer by the square root of n."
_COUNTED = ("the half-width counts windows. Windows of one person are not independent, so a thousand of them say "
            "little about the next person: take each person's mean, and count people.")  # fmt: skip
_HALVES = [
    (_half(lambda e, k, v: k * v.std() / len(v) ** 0.5), _COUNTED),
    (_half(lambda e, k, v: 1.96 * v.std() / len(v) ** 0.5), _COUNTED),
    (_half(lambda e, k, v: k * v.std(correction=0) / len(v) ** 0.5), _COUNTED),
    (_half(lambda e, k, v: k * e.std() / len(v) ** 0.5), "the deviation is that of people, but it is divided by the "
     "root of the number of *windows*. Divide by the root of the number of people."),
    (_half(lambda e, k, v: k * v.std() / len(e) ** 0.5), "the deviation is that of single windows. Take the deviation "
     "of the people's means."),
    (_half(lambda e, k, v: k * e.std()), _SINGLE),
    (_half(lambda e, k, v: e.std()), f"{_SINGLE} And `factor` is missing."),
    (_half(lambda e, k, v: k * e.std() / len(e)), "it is divided by the number of people. Divide by its square root."),
    (_half(lambda e, k, v: e.std() / len(e) ** 0.5), "this is one standard error. Multiply it by `factor`."),
    (_half(lambda e, k, v: k * e.std(correction=0) / len(e) ** 0.5), "the deviation of people divides by their number. "
     "Divide by that minus 1, as Tensor.std does by default (NumPy's does not: ddof=1)."),
    (_half(lambda e, k, v: 1.96 * e.std() / len(e) ** 0.5), "it goes 1.96 standard errors to each side. With few "
     "people that is too few: use `factor`."),
    (_half(lambda e, k, v: 2.262 * e.std() / len(e) ** 0.5), "it goes 2.262 standard errors to each side, whatever "
     "`factor` is."),
    (_half(lambda e, k, v: k * e.var() / len(e)), "the root is missing: this is a variance."),
    (_half(lambda e, k, v: k * e.var() / len(e) ** 0.5), "this is the variance of people. Take its root, the "
     "deviation."),
    (_half(lambda e, k, v: k * e.std() / (len(e) - 1) ** 0.5), "it is divided by the root of the number of people "
     "minus 1. The minus 1 belongs into the deviation (and is there already): divide by the root of the number."),
    (_half(lambda e, k, v: 2 * k * e.std() / len(e) ** 0.5), "this is the whole width. Return half of it."),
    (_with(lambda v, p, k, a, b: k * torch.stack([v[p == i].var() / (p == i).sum() for i in p.unique()]).sum().sqrt()
           / p.unique().numel()), "this says how sure the means of *these* people are. Other people will differ as "
     "these do from each other: take the deviation of their means."),
    (_with(lambda v, p, k, a, b: k * torch.stack([v[p == i].std() for i in p.unique()]).mean()
           / p.unique().numel() ** 0.5), "the deviation is that of the windows of a person. Take the deviation of the "
     "people's means."),
    (_half(lambda e, k, v: (e.quantile(0.975) - e.quantile(0.025)) / 2), "this is where 95 % of single people are. The "
     "interval of their *mean* is factor standard errors wide to each side."),
    (_unpaired(math.hypot), "where `other` is given, the half-width is that of two groups of *different* people. "
     "The same people are in both, and what is hard for a person is hard for both methods: take the difference first, "
     "and then its interval."),
    (_unpaired(lambda a, b: a + b), "where `other` is given, two half-widths are added. The same people are in both: "
     "take the difference first, and then its interval."),
    (_unpaired(lambda a, b: a - b), "where `other` is given, one half-width is subtracted from the other. Take the "
     "difference of the scores first, and then its interval."),
    (_unpaired(lambda a, b: abs(a - b)), "where `other` is given, one half-width is subtracted from the other. Take "
     "the difference of the scores first, and then its interval."),
    (_unpaired(lambda a, b: a), "where `other` is given, the half-width is that of `scores` alone. Take the difference "
     "first, and then its interval."),
    (_unpaired(lambda a, b: b), "where `other` is given, the half-width is that of `other` alone. Take the difference "
     "first, and then its interval."),
    (_unpaired(max), "where `other` is given, the larger of two half-widths is taken. Take the difference first, and "
     "then its interval."),
]  # fmt: skip
_ONLY_WINDOWS = ("both numbers count windows. A person with many windows counts more then, and windows of one person "
                 "are not independent: take each person's mean first, then mean and interval of these.")  # fmt: skip
_BOOL = "Right or wrong (bool) has no mean and no difference in torch: .double() makes 1 and 0 of it."


def _two(got) -> tuple[float, float]:
    pair = isinstance(got, tuple | list) or (isinstance(got, Tensor) and got.ndim == 1)
    if not pair or len(got) != 2 or any(as_number(value) is None for value in got):
        raise Problem(f"it should return two numbers, the mean and half the width. It returned {form(got)}.")
    return as_number(got[0]), as_number(got[1])


def judge_people(call):
    """`over_people`: first the mean, then the half-width; one person; names and defaults."""

    def two(*args):
        try:
            return _two(call(*args))
        except Problem as problem:
            said = str(problem)
            if args[0].dtype == torch.bool and ("Bool" in said or "bool" in said) and CANNOT_SUBTRACT not in said:
                raise Problem(f"{said}\n  {_BOOL}") from None
            if "required positional" in said:
                raise Problem(f"{said} Its first line has other=None and factor=2.262.") from None
            raise

    cases = _cases()
    found = [two(*args) for args in cases.values()]
    want = [over_people(*args) for args in cases.values()]
    for others, message in (
        ([(m - h, m + h) for m, h in want], "these are the two ends. Return the mean and half the width."),
        ([(h, m) for m, h in want], "the two are exchanged: the mean first, then half the width."),
        ([(_MEANS[0][0](*args), _HALVES[0][0](*args)) for args in cases.values()], _ONLY_WINDOWS),
    ):
        if all(_near(one, other) for one, other in zip(found, others, strict=True)):
            raise Problem(message)
    for i, (name, mistakes) in enumerate((("the mean", _MEANS), ("the half-width", _HALVES))):
        _judge_part(two, i, cases, name, mistakes)
    alone = _case([3], 6)
    also(two, over_people, {"a single person": alone}, "With one person, nobody knows how people differ (std is NaN): "
         "the half-width is math.inf.")  # fmt: skip
    keeps_names(call, "other", "factor")


def _judge_part(two, i: int, cases: dict, name: str, mistakes: list):
    try:
        compare(lambda *args: two(*args)[i], lambda *args: over_people(*args)[i], cases, mistakes)
    except Problem as problem:
        known = any(str(problem) == message for _, message in mistakes)
        raise problem if known else Problem(f"in {name}, {problem}") from None


def _near(one: tuple, other: tuple) -> bool:
    return all(math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-6) for a, b in zip(one, other, strict=True))
