"""What `check` looks at in a tuned baseline, in lesson 14, and which mistakes it knows."""

from __future__ import annotations

from functools import cache
from math import inf, isfinite, log, nan

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson14.fair_baseline import tuned_baseline


class Ends:
    """Losses after trainings, and who asked for which.

    A problem `(best, floor, most)` has its best rate at 2 ** best, and loses floor + (log2(rate) - best)^2 there; above
    2 ** most it goes out of bounds, to nan or infinity by turns.
    """

    def __init__(self):
        self.asked = []

    def __call__(self, problems, rates) -> Tensor:
        listed = [float(rate) for rate in torch.as_tensor(rates).reshape(-1)]
        self.asked.append((problems, listed))
        return torch.tensor([[self._end(problem, rate, i) for i, problem in enumerate(problems)] for rate in listed],
                            dtype=torch.float64).reshape(*torch.as_tensor(rates).shape, len(problems))  # fmt: skip

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
        "a best rate that is the highest of those given": (high, _OTHERS, _RATES),
        "a best rate that is the lowest of those given": (low, _OTHERS, _RATES),
        "a best rate at the end, beyond which trainings go out of bounds": (((5.0, 0.1, 2), (4.0, 0.1, 3)), _OTHERS,
                                                                            _RATES),
        "a best rate at the end, and the next one is worse": (((2.1, 0.1, 9), (1.9, 0.1, 9)), _OTHERS, _RATES),
        "rates a factor of 10 apart": (((9.1, 0.1, 40), (8.0, 0.1, 40)), _OTHERS, (0.01, 0.1, 1.0)),
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


def _chosen(
    score=lambda losses: _finite(losses.mean(1)),
    on=lambda tuning, judging: tuning,
    beyond=(True, True),
    once=False,
    pick=torch.argmin,
    judged=None,
):
    """The choice once more, with places to go wrong.

    Args:
        score: of the losses `[k, problems]`; pick: the place of the best score.
        on: the problems that the rate is chosen on, of (tuning, judging).
        beyond: whether the grid goes on above, and below; once: by one rate at most.
        judged: what is returned, of (ends, tuning, judging, rate).
    """  # fmt: skip

    def answer(ends, tuning, judging, rates):
        asked = on(tuning, judging)
        scores = score(ends(asked, rates))
        i = int(pick(scores))
        best, lowest, factor = rates[i], scores[i], rates[1] / rates[0]
        last, first = i == len(rates) - 1 and beyond[0], i == 0 and beyond[1]
        for _ in range((1 if once else 60) if last or first else 0):
            farther = best * factor if last else best / factor
            (found,) = score(ends(asked, farther.view(1)))
            if not found < lowest:
                break
            best, lowest = farther, found
        return (best.item(), ends(judging, best.view(1))[0]) if judged is None else judged(ends, tuning, judging, best)

    return answer


def _each_its_own(ends, tuning, judging, rates):
    losses = ends(judging, rates)
    rate, _ = tuned_baseline(ends, tuning, judging, rates)
    return rate, _finite(losses).amin(0)


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
_MISTAKES = [
    *((_chosen(beyond=beyond), words) for beyond, words in _ENDS.items()),
    (_chosen(once=True), "the grid goes on by one rate, and then it stops. Go on as long as the next rate is better."),
    *((_chosen(on=lambda tuning, judging: judging, beyond=b), _LEAK) for b in _ALL),
    *((_chosen(on=lambda tuning, judging: tuning + judging, beyond=b), "the rate is chosen on all problems together, "
       "and those that judge are among them: a leak. Choose on `tuning` alone.") for b in _ALL),
    *((_chosen(score=lambda a: a.mean(1), beyond=b), _NAN) for b in _ALL),
    *((_chosen(score=lambda a: torch.where(a.isfinite(), a, nan).nanmean(1).nan_to_num(inf), beyond=b), _OUT)
      for b in _ALL),
    *((_chosen(score=lambda a: _finite(a.nanmean(1)), beyond=b), _OUT) for b in _ALL),
    *((_chosen(score=lambda a: torch.where(a.isfinite(), a, 0).mean(1), beyond=b), "a training that went out of bounds "
       "counts as a loss of 0, the best there is. A rate with such a training is out.") for b in _ALL),
    *((_chosen(score=lambda a: _finite(a).median(1).values, beyond=b), "the *median* over problems is taken. The mean "
       "is wanted, so that a few bad trainings count.") for b in _ALL),
    *((_chosen(score=lambda a: _finite(a).amin(1), beyond=b), "the best problem alone decides. The mean over the "
       "tuning problems is wanted.") for b in _ALL),
    *((_chosen(score=lambda a: _finite(a).amax(1), beyond=b), "the worst problem alone decides. The mean over the "
       "tuning problems is wanted.") for b in _ALL),
    *((_chosen(score=lambda a: _finite(a)[:, 0], beyond=b), "the first problem alone decides. The mean over the tuning "
       "problems is wanted.") for b in _ALL),
    *((_chosen(pick=lambda s: torch.where(s.isfinite(), s, -inf).argmax(), beyond=b), "the rate with the *highest* "
       "loss is taken.") for b in _ALL),
    (_each_its_own, "each judging problem gets the rate that serves it best. All are trained with one rate, that of "
     "the tuning problems."),
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
        raise Problem(str(problem) + _unasked(seen)) from None
    for words, args in _cases().items():
        seen.clear()
        rate, _ = run(*args)
        judged = [rates for problems, rates in seen[0].asked if problems == args[1]]
        if sum(map(len, judged)) != 1:
            raise Problem(f"the numbers are right, but the judging problems are trained {sum(map(len, judged))} times, "
                          f"with {_listed(judged)}, for {words}. They are trained once, with the chosen rate: whoever "
                          "looks at them more often will choose by them some day.")  # fmt: skip
        tried = [tried for problems, rates in seen[0].asked if problems == args[0] for tried in rates]
        if len(tried) > len(args[2]) + 12:
            raise Problem(f"the numbers are right, but {len(tried)} trainings of the tuning problems were asked for, "
                          "with rates far beyond the best. Stop where the next rate is no better.")  # fmt: skip
        if not isfinite(float(rate)):
            raise Problem("the rate is not finite.")


def _listed(judged: list[list[float]]) -> str:
    rates = [f"{rate:g}" for rates in judged for rate in rates]
    return "rates " + ", ".join(rates[:4]) + (", ..." if len(rates) > 4 else "")


def _unasked(seen: list[Ends]) -> str:
    """Whether the answer never trained anything; in a sentence."""
    return "" if not seen or seen[0].asked else "\n  It never calls ends(problems, rates), which trains them."
