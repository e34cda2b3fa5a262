"""What `check` looks at in a tuned baseline, in lesson 14, and which mistakes it knows."""

from __future__ import annotations

from functools import cache, partial
from math import inf, isfinite, log, nan

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson14.checks_torch import in_plain
from course_lib.lessons.lesson14.fair_baseline import tuned_baseline

_NOT_K = "ends(problems, rates) wants rates [k], a tensor with one axis, also for a single rate: rates[i : i + 1]."


class Ends:
    """Losses after trainings, and who asked for which.

    A problem `(best, floor, most)` has its best rate at 2 ** best, and loses floor + (log2(rate) - best)^2 there; above
    2 ** most it goes out of bounds, to nan or infinity by turns.
    """

    def __init__(self):
        self.asked = []

    def __call__(self, problems, rates) -> Tensor:
        if not isinstance(rates, Tensor) or rates.ndim != 1:
            raise ValueError(_NOT_K)
        listed = rates.tolist()
        self.asked.append((problems, listed))
        ends = [[self._end(problem, rate, i) for i, problem in enumerate(problems)] for rate in listed]
        return torch.tensor(ends, dtype=torch.float64).view(len(listed), len(problems))  # [k, problems]

    @staticmethod
    def _end(problem, rate: float, i: int) -> float:
        best, floor, most = problem
        if rate > 2.0**most:
            return (nan, inf)[i % 2]
        return floor + (log(rate) / log(2) - best) ** 2


_RATES = tuple(2.0**k for k in range(-4, 3))
_USUAL = ((-2.2, 0.3, 9), (-0.4, 0.1, 9), (0.4, 0.5, 9), (-1.9, 0.2, 9))
_OTHERS = ((0.9, 0.2, 9), (1.4, 0.6, 9), (2.0, 0.1, 9))


@cache
def _cases() -> dict[str, tuple]:
    low = tuple((best - 5, floor, most) for best, floor, most in _USUAL)
    high = tuple((best + 5.3, floor, most) for best, floor, most in _USUAL)
    return {
        "rates of which one in the middle is best": (_USUAL, _OTHERS, _RATES),
        "other problems to judge": (_OTHERS, _USUAL, _RATES),
        "problems of which one wants a higher rate than the others": (
            ((-3.1, 0.1, 9), (-1.9, 0.2, 9), (-2.0, 0.1, 9), (1.5, 4.0, 9)), _OTHERS, _RATES),
        "a rate with which one training of three goes out of bounds": (
            ((0.6, 0.3, 9), (0.5, 3.0, 1), (0.2, 0.5, -1)), _OTHERS, _RATES),
        "a rate with which a training ends at infinity": (((0.6, 0.3, 9), (0.5, 0.1, -1)), _OTHERS, _RATES),
        "a rate with which one training goes out of bounds, and all losses are large": (
            ((-1.0, 1e7, 0), (1.0, 1e7 + 5, 9)), _OTHERS, _RATES),
        "a best rate that is the highest of those given": (high, _OTHERS, _RATES),
        "a best rate that is the lowest of those given": (low, _OTHERS, _RATES),
        "a best rate at the end, beyond which trainings go out of bounds": (((5.0, 0.1, 2), (4.0, 0.1, 3)), _OTHERS,
                                                                            _RATES),
        "a best rate at the end, and the next one is worse": (((2.1, 0.1, 9), (1.9, 0.1, 9)), _OTHERS, _RATES),
        "rates a factor of 10 apart": (((5.1, 0.1, 40), (4.0, 0.1, 40)), _OTHERS, (0.01, 0.1, 1.0)),
    }  # fmt: skip


def _run(answer, seen: list | None = None):
    """The answer as a function of a case, with the losses as a tensor, whatever it is."""

    def run(tuning, judging, rates):
        ends = Ends()
        if seen is not None:
            seen.append(ends)
        return answer(ends, tuning, judging, torch.tensor(rates, dtype=torch.float64))

    return run


def _finite(losses: Tensor) -> Tensor:
    return torch.where(losses.isfinite(), losses, inf)


def _out(score):
    """A score of rates, infinite where any training went out of bounds."""
    return lambda losses: torch.where(losses.isfinite().all(1), score(losses), inf)


def _chosen(
    score=lambda losses: _finite(losses.mean(1)),
    on=lambda tuning, judging: tuning,
    beyond=(True, True),
    once=False,
    pick=torch.argmin,
    judged=None,
    later=None,
    then=None,
    go=lambda best, factor, rates, up, j: best * factor if up else best / factor,
    over=False,
):
    """The choice once more, with places to go wrong.

    Args:
        score: of the losses `[k, problems]`; pick: the place of the best score.
        on: the problems that the rate is chosen on, of (tuning, judging).
        beyond: whether the grid goes on above, and below; once: by one rate at most.
        judged: what is returned, of (ends, tuning, judging, rate).
        later: the score beyond the grid, where it is another; then: the problems there.
        go: the next rate beyond, of (rate, factor, rates, whether up, how many came before); over: one too far.
    """  # fmt: skip

    def answer(ends, tuning, judging, rates):
        scores = score(ends(on(tuning, judging), rates))
        i = int(pick(scores))
        best, lowest, factor = rates[i], scores[i], rates[1] / rates[0]
        last, first = i == len(rates) - 1 and beyond[0], i == 0 and beyond[1]
        for j in range((1 if once else 400) if last or first else 0):
            farther = go(best, factor, rates, last, j)
            found = (later or score)(ends((then or on)(tuning, judging), farther.view(1)))[0]
            better = found < lowest
            best, lowest = (farther if better or over else best), (found if better else lowest)
            if not better:
                break
        return (best.item(), ends(judging, best.view(1))[0]) if judged is None else judged(ends, tuning, judging, best)

    return answer


def _each_its_own(ends, tuning, judging, rates, too=False):
    losses = _finite(ends(judging, rates)).amin(0)
    rate, chosen = tuned_baseline(ends, tuning, judging, rates)
    return rate, torch.minimum(losses, chosen) if too else losses


def _only_first(losses: Tensor) -> Tensor:
    """A rate is out if the first problem went out of bounds."""
    return torch.where(losses[:, 0].isfinite(), losses.mean(1), inf)


def _counting(most: float, clamp: bool):
    """This is the loss where a training went out of bounds, and the highest that there is, if `clamp`."""
    return lambda losses: torch.where(losses.isfinite(), losses.clamp(max=most) if clamp else losses, most).mean(1)


def _vote(ends, tuning, judging, rates):
    """Begins from the rate that is the best of most problems; beyond the grid the mean decides."""
    favourite = int(_finite(ends(tuning, rates)).argmin(0).mode().values)
    return _chosen(pick=lambda scores: favourite)(ends, tuning, judging, rates)


_OUT = ("a rate with which *any* training went out of bounds is out. Here such trainings are left out of the mean, so "
        "that a rate looks good which blows up one training in four.")  # fmt: skip
_ENDS = {(False, False): "the best rate may be the lowest or highest of `rates`. Then a better one may lie beyond, and "
         "it is not looked for.", (True, False): "where the *lowest* rate is best, nobody looks below it.",
         (False, True): "where the *highest* rate is best, nobody looks above it."}  # fmt: skip
_LEAK = ("the rate is chosen on the problems that judge: a leak. The baseline looks better than it is, as it will not "
         "be on problems that nobody has seen. Choose on `tuning`.")  # fmt: skip
_NAN = ("argmin takes nan for the smallest of all numbers: a rate with which a training went out of bounds wins. Make "
        "it infinite first: torch.where(means.isfinite(), means, torch.inf).")  # fmt: skip
_ALL = (True, True), (False, False)
_VOTE = ("the rate that is best for most problems is taken. The mean over the tuning problems decides, so that it "
         "counts how much worse a rate is.")  # fmt: skip
_NEXT = [
    (lambda best, factor, rates, up, j: best + (rates[1] - rates[0]) if up else best - (rates[1] - rates[0]),
     "rates are added to. They stand a *factor* apart."),
    (lambda best, factor, rates, up, j: best + (rates[-1] - rates[-2]) if up else best - (rates[1] - rates[0]),
     "rates are added to. They stand a *factor* apart."),
    *((lambda best, factor, rates, up, j, by=by: best * by if up else best / by, f"beyond the grid a factor of {by} is "
       "written down.") for by in (2, 10)),
    (lambda best, factor, rates, up, j: best * (rates[-1] / rates[0]) if up else best / (rates[-1] / rates[0]),
     "the factor is that of the whole grid, rates[-1] / rates[0]."),
    (lambda best, factor, rates, up, j: best * factor ** 2**j if up else best / factor ** 2**j,
     "the steps beyond the grid grow."),
    (lambda best, factor, rates, up, j: best * factor ** (j + 1) if up else best / factor ** (j + 1),
     "the steps beyond the grid grow."),
]  # fmt: skip
_MISTAKES = [
    *((_chosen(beyond=beyond), words) for beyond, words in _ENDS.items()),
    (_chosen(once=True), "the grid goes on by one rate, and then it stops. Go on as long as the next rate is better."),
    *((_chosen(on=lambda tuning, judging: judging, beyond=b), _LEAK) for b in _ALL),
    *((_chosen(on=lambda tuning, judging: tuning + judging, beyond=b), "the rate is chosen on all problems together, "
       "and those that judge are among them: a leak. Choose on `tuning` alone.") for b in _ALL),
    (_chosen(then=lambda tuning, judging: judging), "beyond the grid the rates are compared on the problems that "
     "judge: a leak. Choose on `tuning`, there too."),
    *((_chosen(score=lambda a: a.mean(1), beyond=b), _NAN) for b in _ALL),
    (_chosen(score=_only_first), "a rate is out if the *first* problem went out of bounds. It is out where any of them "
     "did; and argmin takes nan for the smallest of all numbers."),
    *((_chosen(score=lambda a, f=f: f(a).mean(1), beyond=b), "nan_to_num makes 0 of nan, the best loss of all. A rate "
       "with such a training is out.") for b in _ALL for f in (torch.nan_to_num, lambda a: a.nan_to_num(posinf=inf))),
    *((_chosen(later=later), "beyond the grid, trainings that went out of bounds are left out of the mean. There too a "
       "rate with *any* such training is out.") for later in (
        lambda a: a[a.isfinite()].mean().view(1), lambda a: a.nanmean(1), lambda a: a.nan_to_num().mean(1))),
    *((_chosen(score=_counting(most, clamp), beyond=b), "a training that went out of bounds counts as some number, "
       "such as 10 or 1000, and stays in the mean. A rate with such a training is out, not dear.") for b in _ALL
      for most in (10.0, 100.0, 1000.0) for clamp in (True, False)),
    *((_chosen(score=lambda a: torch.where(a.isfinite(), a, nan).nanmean(1).nan_to_num(inf), beyond=b), _OUT)
      for b in _ALL),
    *((_chosen(score=lambda a: _finite(a.nanmean(1)), beyond=b), _OUT) for b in _ALL),
    *((_chosen(score=lambda a: torch.where(a.isfinite(), a, 0).mean(1), beyond=b), "a training that went out of bounds "
       "counts as a loss of 0, the best there is. A rate with such a training is out.") for b in _ALL),
    *((_chosen(score=s, beyond=b), "the *median* over problems is taken. The mean "
       "is wanted, so that a few bad trainings count.") for b in _ALL
      for s in (lambda a: _finite(a).median(1).values, _out(lambda a: a.median(1).values))),
    *((_chosen(score=s, beyond=b), "the best problem alone decides: the lowest single loss. The mean over the tuning "
       "problems is wanted.") for b in _ALL for s in (lambda a: _finite(a).amin(1), _out(lambda a: a.amin(1)))),
    *((_chosen(score=lambda a: torch.where(a.isfinite().all(0), a.mean(0), inf), beyond=b), "the mean is taken over "
       "rates, so that there is one number for each problem. Losses are [k, problems], and the mean over *problems* is "
       "wanted: .mean(1).") for b in _ALL),
    (_vote, _VOTE),
    *((_chosen(score=lambda a: _finite(a).amax(1), beyond=b), "the worst problem alone decides. The mean over the "
       "tuning problems is wanted.") for b in _ALL),
    *((_chosen(score=lambda a: _finite(a)[:, 0], beyond=b), "the first problem alone decides. The mean over the tuning "
       "problems is wanted.") for b in _ALL),
    *((_chosen(pick=pick, beyond=b), "the rate with the *highest* loss is taken.") for b in _ALL
      for pick in (lambda s: torch.where(s.isfinite(), s, -inf).argmax(), torch.argmax)),
    *((partial(_each_its_own, too=too), "each judging problem gets the rate that serves it best: a leak. All are "
       "trained with one rate, that of the tuning problems.") for too in (False, True)),
    (_chosen(over=True), "it goes one rate too far: the first one that was no better is returned. The last one that "
     "was better is the best."),
    *((_chosen(go=go), words + " The next rate beyond is the last one times rates[1] / rates[0], or divided by it, "
       "each time.") for go, words in _NEXT),
    (_chosen(judged=lambda ends, t, j, r: (r.item(), ends(t, r.view(1))[0])), "the losses are those of the *tuning* "
     "problems. The judging problems have to be trained with the rate that was chosen."),
    (_chosen(judged=lambda ends, t, j, r: (r.item(), ends(j, r.view(1)))), "the losses still have an axis of rates, "
     "[1, problems]: [0] takes it away."),
    (_chosen(judged=lambda ends, t, j, r: (r.item(), ends(j, r.view(1))[0].mean())), "the losses are averaged. Each "
     "judging problem's own is wanted, [problems]: an interval needs them."),
    (_chosen(judged=lambda ends, t, j, r: (r.log().item(), ends(j, r.view(1))[0])), "the logarithm of the rate is "
     "returned. The rate itself is wanted."),
    (_chosen(judged=lambda ends, t, j, r: (ends(j, r.view(1))[0], r.item())), "rate and losses are exchanged: the rate "
     "comes first."),
    (lambda ends, t, j, rates: (float(_finite(ends(t, rates).mean(1)).argmin()), tuned_baseline(ends, t, j, rates)[1]),
     "the *place* of the best rate is returned. The rate is rates[place]."),
]  # fmt: skip


def judge_baseline(call):
    """`tuned_baseline`: rates in the middle and at the ends, trainings that go out of bounds, and who is asked."""
    seen: list[Ends] = []
    run = _run(call, seen)
    try:
        compare(run, _run(tuned_baseline), _cases(), [(_run(wrong), said) for wrong, said in _MISTAKES],
                ("the rate", "the losses"), ("problem",))  # fmt: skip
    except Problem as problem:
        raise Problem(str(in_plain(problem, {_NOT_K: _NOT_K})) + _unasked(seen)) from None
    for words, args in _cases().items():
        seen.clear()
        rate, _ = run(*args)
        judged = [rates for problems, rates in seen[0].asked if problems == args[1]]
        if sum(map(len, judged)) != 1:
            raise Problem(f"the numbers are right, but the judging problems are trained {sum(map(len, judged))} times, "
                          f"with {_listed(judged)}, for {words}. They are trained once, with the chosen rate: whoever "
                          "looks at them more often will choose by them some day.")  # fmt: skip
        tried = {round(log(one), 6) for problems, rates in seen[0].asked if problems == args[0] for one in rates}
        if len(tried) > len(args[2]) + 12:
            raise Problem(f"the numbers are right, but {len(tried)} rates were tried on the tuning problems, also far "
                          "beyond the best. Stop where the next rate is no better.")  # fmt: skip
        if not isfinite(float(rate)):
            raise Problem("the rate is not finite.")


def _listed(judged: list[list[float]]) -> str:
    rates = [f"{rate:g}" for rates in judged for rate in rates]
    return "rates " + ", ".join(rates[:4]) + (", ..." if len(rates) > 4 else "")


def _unasked(seen: list[Ends]) -> str:
    """Whether the answer never trained anything; in a sentence."""
    return "" if not seen or seen[0].asked else "\n  It never calls ends(problems, rates), which trains them."
