"""Mistakes that the check of successive halving knows, in lesson 15."""

from __future__ import annotations

from math import ceil, inf

import torch
from torch import Tensor

from course_lib.lessons.lesson15.halving import successive_halving


def in_numbers(losses: Tensor) -> Tensor:
    """Losses `[k]` with infinity where they are not finite."""
    return torch.where(losses.isfinite(), losses, inf)


def halve(
    many=lambda k, factor, i, all_of_them: ceil(k / factor),
    cost=lambda k, steps, before, n: k * (steps - before),
    order=lambda losses: in_numbers(losses).argsort(stable=True).tolist(),
    ranked=lambda now, past: now,
    win=lambda alive, order, past: alive[order[0]],
    rungs_used=lambda rungs: rungs,
    end=lambda winner, price, losses, settings, rungs: (winner, price),
    after=False,
    final=None,
):
    """Successive halving once more, with places to go wrong.

    Args:
        many: how many go on, of (those alive, factor, number of the rung, those at the beginning).
        cost: of a rung, of (alive, its steps, the steps before, those at the beginning); after: counted with those who
            go on.
        order: of the losses, best first; ranked: what is ordered, of (losses now, losses of each at all rungs).
        win: the winner, of (alive, their order, losses at all rungs); rungs_used: which rungs there are.
        end: what is returned, of (winner, price, the last losses, settings, rungs).
        final: how many are left after the last rung, before costs are counted, of (alive, factor).
    """  # fmt: skip

    def answer(losses_after, settings, rungs, factor=3):
        alive, price, before, past = list(settings), 0, 0, {i: [] for i in settings}
        used = rungs_used(rungs)
        for i, steps in enumerate(used):
            losses = losses_after(alive, steps)
            for setting, loss in zip(alive, losses.tolist(), strict=True):
                past[setting].append(loss)
            if not after:
                price += cost(len(alive), steps, before, len(settings))
            places = order(ranked(losses, [past[setting] for setting in alive]))
            if i < len(used) - 1:
                alive = [alive[place] for place in sorted(places[: many(len(alive), factor, i, len(settings))])]
            if after:
                last = final and i == len(used) - 1
                price += cost(final(len(alive), factor) if last else len(alive), steps, before, len(settings))
            before = steps
        return end(win(alive, places, past), price, losses, settings, rungs)

    return answer


def _below_mean(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = in_numbers(losses_after(alive, steps))
        price += len(alive) * (steps - before)
        limit = losses[losses.isfinite()].mean()
        if i < len(rungs) - 1:
            alive = [s for s, loss in zip(alive, losses, strict=True) if loss <= limit]
        before = steps
    return alive[losses.argmin()], price


def _place(losses_after, settings, rungs, factor=3):
    winner, price = successive_halving(losses_after, settings, rungs, factor)
    return settings.index(winner), price


def _place_of_last(losses_after, settings, rungs, factor=3):
    return halve(win=lambda alive, order, past: order[0])(losses_after, settings, rungs, factor)


def _never_last(losses_after, settings, rungs, factor=3):
    """A cut after each rung but the last, and the last is never reached."""
    alive, price, before = list(settings), 0, 0
    for steps in rungs[:-1]:
        price += len(alive) * (steps - before)
        places = losses_after(alive, steps).argsort(stable=True).tolist()
        alive, before = [alive[place] for place in sorted(places[: ceil(len(alive) / factor)])], steps
    return alive[0], price


def dropped_first(losses_after, settings, rungs, factor=3):
    """What blew up is taken out before those that go on are counted."""
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        pairs = [(loss, place, s) for place, (s, loss) in enumerate(zip(alive, losses.tolist(), strict=True))
                 if abs(loss) < inf]  # fmt: skip
        left = 1 if i == len(rungs) - 1 else ceil(len(pairs) / factor)
        alive, before = [s for _, _, s in sorted(sorted(pairs)[:left], key=lambda pair: pair[1])], steps
    return alive[0], price


def _until_alone(losses_after, settings, rungs, factor=3):
    """Ends at the rung after which a single one is left."""
    alone = [i + 1 for i in range(len(rungs)) if len(settings) <= factor ** (i + 1)]
    return successive_halving(losses_after, settings, rungs[: alone[0]] if alone else rungs, factor)


def _first_after_cut(paid_after=False, alone=False):
    """A cut after the last rung too; of those that are left, the first in order wins.

    Args:
        paid_after: whether a rung is paid with those who go on; alone: whether it ends when a single one is left.
    """

    def answer(losses_after, settings, rungs, factor=3):
        alive, price, before = list(settings), 0, 0
        for steps in rungs:
            places = in_numbers(losses_after(alive, steps)).argsort(stable=True).tolist()
            many = ceil(len(alive) / factor)
            price += (many if paid_after else len(alive)) * (steps - before)
            alive, before = [alive[place] for place in sorted(places[:many])], steps
            if alone and many == 1:
                break
        return alive[0], price

    return answer


def _price_lacks(first=False, last=False):
    """The price without the first rung, or without the last one."""

    def answer(losses_after, settings, rungs, factor=3):
        costs = []  # of each rung

        def cost(k, steps, before, n):
            costs.append(k * (steps - before))
            return costs[-1]

        winner, _ = halve(cost=cost)(losses_after, settings, rungs, factor)
        return winner, sum(costs[int(first) : len(costs) - int(last)])

    return answer


def _first_rung_kept(losses_after, settings, rungs, factor=3):
    """All steps are counted from the first rung on."""
    return halve(cost=lambda k, steps, before, n: k * (steps - (rungs[0] if before else 0)))(
        losses_after, settings, rungs, factor)  # fmt: skip


_CEIL = "One in `factor` goes on, rounded up: math.ceil(k / factor)."
_PRICE = "From one rung to the next, each one still there is trained for steps - (steps before)."
MISTAKES = [
    *((halve(many=m), "the number of those that go on is rounded down. " + _CEIL) for m in (
        lambda k, f, i, n: max(1, k // f), lambda k, f, i, n: k // f)),
    *((halve(many=m), "the number of those that go on is rounded to the nearest. " + _CEIL) for m in (
        lambda k, f, i, n: max(1, round(k / f)), lambda k, f, i, n: round(k / f))),
    (halve(many=lambda k, f, i, n: k // f + 1), "where `factor` divides their number, one too many goes on. " + _CEIL),
    (halve(many=lambda k, f, i, n: k - k // f), "one in `factor` is thrown out. One in `factor` *goes on*."),
    (halve(many=lambda k, f, i, n: k - ceil(k / f)), "one in `factor` is thrown out. One in `factor` *goes on*."),
    (halve(many=lambda k, f, i, n: f), "`factor` settings go on. It is one *in* `factor`."),
    *((halve(many=lambda k, f, i, n, b=b: ceil(k / b)), f"one in {b} goes on, whatever `factor` is.")
      for b in (2, 3)),
    *((halve(many=lambda k, f, i, n, b=b: max(1, k // b)), f"one in {b} goes on, whatever `factor` is, and rounded "
       "down. " + _CEIL) for b in (2, 3)),
    *((halve(many=m), "after the first rung nobody is left behind any more. At each rung but the last, one in "
       "`factor` of those *still there* goes on.") for m in (
        lambda k, f, i, n: ceil(n / f), lambda k, f, i, n: ceil(k / f) if i == 0 else k)),
    (halve(many=lambda k, f, i, n: ceil(k / f ** (i + 1))), "`factor` to the power of the rung is taken of those "
     "still there. It is one in `factor` at each rung."),
    (halve(many=lambda k, f, i, n: k), "nobody is left behind: all are trained to the end."),
    (halve(many=lambda k, f, i, n: max(2, ceil(k / f))), "at least two go on. " + _CEIL),
    *((halve(order=lambda losses: list(range(len(losses))), win=win), "those that stand first in the list go on, "
       "whatever their losses are. The best go on: sort by loss.") for win in (
        lambda alive, order, past: min(alive, key=lambda s: past[s][-1]),
        lambda alive, order, past: alive[0])),
    (halve(many=lambda k, f, i, n: 1), "a single setting goes on. " + _CEIL),
    (halve(cost=lambda k, steps, before, n: k * steps), "the price has every rung trained from the start. A training "
     "goes on where it was. " + _PRICE),
    (halve(cost=lambda k, steps, before, n: n * (steps - before)), "the price has all settings trained to the end. "
     + _PRICE),
    (halve(end=lambda w, p, losses, s, r: (w, len(s) * r[-1])), "the price has all settings trained to the end. "
     + _PRICE),
    (halve(cost=lambda k, steps, before, n: k), "the price counts trainings. Their *steps* are wanted. " + _PRICE),
    (halve(cost=lambda k, steps, before, n: steps - before), "the price counts one training. All that are still "
     "there are trained. " + _PRICE),
    (halve(cost=lambda k, steps, before, n: steps), "the price is the sum of the rungs. " + _PRICE),
    *((wrong, "the price is counted with those that go on. Those that are left behind were "
       "trained to this rung, too: count before the cut.") for wrong in (
        *(halve(after=True, final=f) for f in (None, lambda k, f: ceil(k / f), lambda k, f: 1, lambda k, f: 0)),
        _first_after_cut(paid_after=True))),
    *((wrong, "it ends when a single one is left, before the last rung. The race is over, but the winner is "
       "still trained to the end, and that is paid: the task counts the steps of all rungs.") for wrong in (
        _until_alone, _first_after_cut(alone=True))),
    (_first_after_cut(), "there is a cut after the last rung, too, and the first of those that are left wins. There "
     "the *best* wins, without a cut."),
    (halve(end=lambda w, p, losses, s, r: (w, len(losses) * (r[-1] - (r[-2] if len(r) > 1 else 0)))), "the price is "
     "that of the last rung. Those before it cost steps, too: +=."),
    (halve(end=lambda w, p, losses, s, r: (w, len(losses) * r[-1])), "the price counts only those that came to the "
     "last rung. Those that were left behind cost steps, too."),
    (_price_lacks(first=True), "the price lacks the first rung. All settings are trained there. " + _PRICE),
    (_price_lacks(last=True), "the price lacks the last rung. Who is left is trained there. " + _PRICE),
    (_first_rung_kept, "the steps before are those of the first rung at each rung. They are those of the rung just "
     "before. " + _PRICE),
    (halve(end=lambda w, p, losses, s, r: (w, p / len(s))), "the price is a mean over settings. All steps together are "
     "wanted."),
    (halve(end=lambda w, p, losses, s, r: (w, p / r[-1])), "the price is in full trainings. Steps are wanted."),
    (halve(end=lambda w, p, losses, s, r: (w, losses.min().item())), "the loss of the winner stands where the price "
     "belongs: steps of training in all."),
    (_place_of_last, "the winner's *place* among those left is returned. Its index is alive[place]."),
    (_place, "the winner's *place* in `settings` is returned. Its index is wanted: settings[place]."),
    (halve(win=lambda alive, order, past: alive[0]), "the first of those that are left wins. The best *at the last "
     "rung* does."),
    (halve(win=lambda alive, order, past: alive[order[-1]]), "the worst of the last rung wins. These are losses."),
    *((halve(win=win), "the lowest loss at *any* rung decides. The one at this rung does: what was good early can be "
       "worse later.") for win in (lambda alive, order, past: min(past, key=lambda s: min(past[s])),
                                   lambda alive, order, past: min(alive, key=lambda s: min(past[s])))),
    (halve(order=lambda losses: losses.argsort(descending=True, stable=True).tolist()), "the highest losses go on. "
     "The lowest are the best."),
    (halve(ranked=lambda now, past: torch.tensor([sum(p) / len(p) for p in past])), "settings are ranked by the mean "
     "of their losses so far. The loss at this rung counts."),
    (halve(ranked=lambda now, past: torch.tensor([min(p) for p in past])), "the lowest loss at *any* rung "
     "decides. The one at this rung does: what was good early can be worse later."),
    (halve(ranked=lambda now, past: torch.tensor([p[0] for p in past])), "settings are ranked by the first rung. "
     "The loss at *this* rung counts."),
    *((halve(rungs_used=lambda rungs: rungs[:-1] or rungs, end=end), "the last rung is not trained. Those that are "
       "left go on to it, and the best there wins.") for end in (
        lambda w, p, losses, s, r: (w, p), lambda w, p, losses, s, r: (s[0], 0) if len(r) == 1 else (w, p))),
    (_never_last, "the last rung is not trained. Those that are left go on to it, and the best there wins."),
    (halve(win=lambda alive, order, past: alive), "all that come to the last rung are returned. The best of them "
     "there is the winner."),
    (_below_mean, "those below the mean loss go on. " + _CEIL),
    (halve(end=lambda w, p, losses, s, r: (p, w)), "winner and price are exchanged: the winner comes first."),
    (halve(end=lambda w, p, losses, s, r: (losses.min().item(), p)), "the winner's *loss* is returned. Its index is "
     "wanted."),
    (halve(end=lambda w, p, losses, s, r: (w, sum(r))), "the price is the sum of the rungs. " + _PRICE),
    (lambda after, settings, rungs, factor: (min(settings), successive_halving(after, settings, rungs, factor)[1]),
     "the lowest *index* wins. The lowest loss does: losses_after(alive, steps)."),
    (halve(end=lambda w, p, losses, s, r: w), "only the winner is returned. (winner, price) is wanted."),
    (halve(end=lambda w, p, losses, s, r: p), "only the price is returned. (winner, price) is wanted."),
]  # fmt: skip
