"""What `check` looks at in what a pull is worth, in lesson 13, and which mistakes it knows."""

from __future__ import annotations

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson13.optimal_pulls import State, best_value, values_of_next


def _cases() -> dict[str, tuple]:
    return {
        "an arm of which nothing is known beside a safe one of 0.6, 4 pulls left": (((0, 0),), 4, 0.6),
        "two arms, (3, 1) and (0, 2), 3 pulls left, none safe": (((3, 1), (0, 2)), 3),
        "three arms, (2, 0), (0, 1) and (1, 1), a safe one of 0.3, 5 pulls left": (((2, 0), (0, 1), (1, 1)), 5, 0.3),
        "two arms of which nothing is known, 2 pulls left": (((0, 0), (0, 0)), 2),
        "arms (1, 4) and (2, 2), a safe one of 0.5, a single pull left": (((1, 4), (2, 2)), 1, 0.5),
    }


def _mean(wins: int, losses: int) -> float:
    return (wins + 1) / (wins + losses + 2)


def _after(state: State, arm: int, paid: int) -> State:
    """The state after an arm paid 1 or 0."""
    wins, losses = state[arm]
    return (*state[:arm], (wins + paid, losses + 1 - paid), *state[arm + 1 :])


def _worth(chance=_mean, won=lambda c, v: c * (1 + v), lost=lambda c, v: (1 - c) * v, known=lambda s, v, left: s + v,
           future=best_value, after_win=lambda state, i: _after(state, i, 1),
           after_loss=lambda state, i: _after(state, i, 0), end=lambda values, safe, left: values, joined=None,
           ):  # fmt: skip
    """The values once more, with places to go wrong.

    Args:
        chance: that an arm pays; won, lost: what each case adds, of the chance and of what is to come.
        known: what the safe arm is worth; future: what is to come, of (state, left after this pull, safe).
        after_win, after_loss: the states after each; joined: the two cases together, of (chance, future, future).
    """

    def answer(state, left, safe=None):
        values = [] if safe is None else [known(safe, future(state, left - 1, safe), left)]
        for i, pair in enumerate(state):
            c = chance(*pair)
            one, other = (future(after(state, i), left - 1, safe) for after in (after_win, after_loss))
            values.append(joined(c, one, other) if joined else won(c, one) + lost(c, other))
        return end(values, safe, left)

    return answer


def _stay(state, left, safe):
    """Whoever keeps pulling what looks best now."""
    return left * max([_mean(*pair) for pair in state] + ([] if safe is None else [safe]))


def _alone(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    return values + [_worth()((pair,), left, safe)[-1] for pair in state]


def _truthy(state, left, safe=None):
    return values_of_next(state, left, safe)[0 if safe or safe is None else 1 :]


def _in_order(state, left, safe=None):
    return values_of_next(tuple(sorted(state)), left, safe)


def _safe_first(state, left, safe=None):
    found = values_of_next(state, left, safe)
    if safe is None:
        return found
    won, lost = (best_value(_after(state, 0, paid), left - 1, safe) for paid in (1, 0))
    return [safe * (1 + won) + (1 - safe) * lost, *found[2:]]


def _late(win: int, loss: int):
    """Not counted down in one of the cases."""

    def answer(state, left, safe=None):
        values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
        for i, pair in enumerate(state):
            won, lost = (
                best_value(_after(state, i, paid), left - 1 + late, safe) for paid, late in ((1, win), (0, loss))
            )
            values.append(_mean(*pair) * (1 + won) + (1 - _mean(*pair)) * lost)
        return values

    return answer


def _late_safe(state, left, safe=None):
    values = values_of_next(state, left, safe)
    return values if safe is None else [safe + best_value(state, left, safe), *values[1:]]


def _first(state: State, arm: int, paid: int) -> State:
    """The first place gets what the arm that was pulled should get."""
    return (_after(state, arm, paid)[arm], *state[1:])


def _mean_of_losses(wins: int, losses: int) -> float:
    return _mean(losses, wins)


def _only_first(state, left, safe=None):
    return values_of_next(state, left, safe)[: 1 + (safe is not None)]


def _by_record(state, left, safe=None):
    found = values_of_next(state, left, safe)
    return found[: len(found) - len(state)] + list(dict(zip(state, found[-len(state) :], strict=True)).values())


_NOT_FIRST = "in the state that follows, the *first* arm is changed, whichever was pulled: it is arm i."
_PAIR = "wins and losses are exchanged: each pair is (wins, losses)."
_AHEAD = "A pull is worth what it pays *and* what is done best afterwards, with what it has shown."
_MISTAKES = [
    (_worth(future=lambda *args: 0.0), f"this is what each arm pays now, on average. {_AHEAD}"),
    (_worth(known=lambda s, v, left: s * left, won=lambda c, v: c, lost=lambda c, v: 0), f"what an arm pays now stands "
     f"beside what the safe one pays to the end. {_AHEAD}"),
    (lambda state, left, safe=None: ([] if safe is None else [safe * left]) + [left * _mean(*p) for p in state],
     "each arm is pulled to the end, whatever it shows. After this pull the best strategy may turn to another: "
     "best_value(..., left - 1, safe)."),
    (_worth(won=lambda c, v: c * v, known=lambda s, v, left: v), "what this pull itself pays is missing: 1 if the arm "
     "pays, `safe` for the safe one."),
    (_worth(won=lambda c, v: c * v), "what this pull itself pays is missing: where the arm pays, 1 is added to what "
     "comes."),
    (_worth(known=lambda s, v, left: v), "what the safe arm pays for this pull is missing: safe + what comes."),
    (_worth(known=lambda s, v, left: s), "the safe arm is worth this pull alone. After it the others are still there: "
     "safe + best_value(state, left - 1, safe)."),
    (_worth(known=lambda s, v, left: s * left), "the safe arm is pulled to the end. After this pull another may be "
     "better: safe + best_value(state, left - 1, safe)."),
    (_worth(known=lambda s, v, left: s * (1 + v)), "for the safe arm, what comes is multiplied by `safe`. It is no "
     "chance: safe + what comes."),
    (_worth(known=lambda s, v, left: 1 + v), "the safe arm pays 1 here. It pays `safe`."),
    (_worth(after_win=lambda state, i: state, after_loss=lambda state, i: state), "nothing is learned from a pull: "
     "what comes is that of the state as it was. After a win the arm has (wins + 1, losses), after a loss (wins, "
     "losses + 1)."),
    (_worth(lost=lambda c, v: 0), "what comes after a pull that does *not* pay is missing: (1 - chance) * "
     "best_value(...)."),
    (_worth(after_loss=lambda state, i: state), "an arm that does not pay is left as it was. That is known of it, too: "
     "(wins, losses + 1)."),
    (_worth(after_win=lambda state, i: state), "an arm that pays is left as it was. That is known of it, too: (wins + "
     "1, losses)."),
    (_worth(after_win=lambda state, i: _after(state, i, 0), after_loss=lambda state, i: _after(state, i, 1)), "wins "
     "and losses are exchanged in the states that follow: after a pull that pays it is (wins + 1, losses)."),
    (_worth(after_loss=lambda state, i: _after(state, i, 1)), "what comes is that of a win, whether the arm pays or "
     "not. After a pull that does not pay it has (wins, losses + 1), and that has the weight 1 - chance."),
    (_worth(after_win=lambda state, i: _after(state, i, 0)), "after a pull that pays, a loss is added. It is (wins + "
     "1, losses)."),
    (_worth(future=lambda state, left, safe: best_value(state, left + 1, safe)), "`left` is not counted down: after "
     "this pull left - 1 are left."),
    (_worth(future=lambda state, left, safe: best_value(state, max(left - 1, 0), safe)), "`left` is counted down "
     "twice. best_value takes how many are to come: left - 1."),
    (_worth(future=lambda state, left, safe: best_value(state, left, None)), "best_value is not told of the safe arm, "
     "so that afterwards nobody can pull it: hand `safe` on."),
    (_worth(future=_stay), "after this pull nobody looks again: the arm that looks best then is pulled to the end. "
     "best_value gives what the *best strategy* earns from there."),
    (_worth(end=lambda values, safe, left: values[safe is not None :]), "the safe arm is missing. Where there is one, "
     "its value is the first."),
    (_worth(end=lambda values, safe, left: values if safe is None else [*values[1:], values[0]]), "the safe arm is the "
     "last. Its value is the first."),
    (_worth(end=lambda values, safe, left: max(values)), "this is the value of the best arm alone. A list with the "
     "value of each arm is wanted."),
    (_worth(end=lambda values, safe, left: values.index(max(values))), "this is which arm is best. A list with the "
     "value of each arm is wanted."),
    (_worth(end=lambda values, safe, left: sum(values)), "the values of the arms are added. A list with the value of "
     "each is wanted."),
    (_worth(end=lambda values, safe, left: [v / left for v in values]), "it is divided by the pulls that are left. The "
     "total is wanted."),
    (_worth(end=lambda values, safe, left: [v - max(values) for v in values]), "the best value is taken off. The "
     "values themselves are wanted."),
    (_worth(end=lambda values, safe, left: [max(values) - v for v in values]), "this is what each arm loses against "
     "the best. The values themselves are wanted."),
    (_worth(end=lambda values, safe, left: sorted(values)), "the values are sorted. They are wanted in the order of "
     "the arms."),
    (_worth(end=lambda values, safe, left: sorted(values, reverse=True)), "the values are sorted. They are wanted in "
     "the order of the arms."),
    (_in_order, "the arms are sorted first, so that values come in another order. Give them in the order of `state`; "
     "what is handed to best_value may have any order."),
    (_alone, "after this pull the other arms are gone: the state that follows has *all* arms, with one of them "
     "changed."),
    *((_worth(chance=chance), f"an arm pays with probability {text}. Before it is pulled every chance is as likely, "
       "and that makes (wins + 1) / (wins + losses + 2).") for chance, text in (
        (lambda w, n: w / (w + n) if w + n else 0.5, "wins / pulls here (and 1/2 before the first)"),
        (lambda w, n: w / (w + n) if w + n else 0.0, "wins / pulls here (and 0 before the first)"),
        (lambda w, n: w / (w + n) if w + n else 1.0, "wins / pulls here (and 1 before the first)"),
        (lambda w, n: (w + 0.5) / (w + n + 1), "(wins + 1/2) / (pulls + 1) here"),
        (lambda w, n: (w + 1) / (w + n + 1), "(wins + 1) / (pulls + 1) here"),
        (lambda w, n: w / (w + n + 2), "wins / (pulls + 2) here"),
        (lambda w, n: w + 1 / (w + n + 2), "wins + 1 / (wins + losses + 2) here, without brackets"),
        (lambda w, n: (w + 1) / (n + 2), "(wins + 1) / (losses + 2) here"),
        (lambda w, n: 0.5, "1/2 here, whatever is known of it"))),
    (_worth(chance=_mean_of_losses), "the two weights are exchanged: (wins + 1) / (wins + losses + "
     "2) is the chance that the arm *pays*, and stands before 1 + what comes then."),
    (_worth(won=lambda c, v: c * (1 + v), lost=lambda c, v: c * v), "a pull that does not pay is weighted with the "
     "chance that it does. Its weight is 1 - chance."),
    (_worth(lost=lambda c, v: (1 - c) * (1 + v)), "1 is added whether the arm pays or not. It belongs to the case that "
     "pays: chance * (1 + ...)."),
    (_worth(won=lambda c, v: c * (1 + v) + c), "what this pull pays is added twice: inside chance * (1 + ...), and "
     "once more."),
    (_worth(won=lambda c, v: c * (c + v)), "where the arm pays, it pays 1: chance * (1 + ...), not chance * (chance + "
     "...)."),
    (_worth(lost=lambda c, v: (1 - c) * (v - 1)), "an arm that does not pay takes nothing away: it pays 0."),
    (_worth(joined=lambda c, one, other: max(1 + one, other)), "the better of the two cases is taken. Whether an arm "
     "pays is no choice: chance * (one case) + (1 - chance) * (the other)."),
    (_worth(joined=lambda c, one, other: 1 + one + other), "the two cases are added as they are. Each is weighted with "
     "how likely it is: chance, and 1 - chance."),
    (_worth(joined=lambda c, one, other: c + one + other), "what comes after the two cases is added as it is. Each is "
     "weighted with how likely it is: chance, and 1 - chance."),
    (_worth(joined=lambda c, one, other: c + (one + other) / 2), "what comes after the two cases is weighted alike. "
     "Each is weighted with how likely it is: chance, and 1 - chance."),
    *((_worth(won=lambda c, v, by=by: c * (1 + by * v), lost=lambda c, v, by=by: (1 - c) * by * v,
              known=lambda s, v, left, by=by: s + by * v), f"what comes is discounted, by {by:g}. All pulls count "
              "alike.")
      for by in (0.99, 0.95, 0.9, 0.8, 0.5)),
    (_late_safe, "`left` is not counted down for the safe arm: after its pull left - 1 are left."),
    (_late(1, 0), "`left` is not counted down where the arm pays: after this pull left - 1 are left."),
    (_late(0, 1), "`left` is not counted down where the arm does not pay: after this pull left - 1 are left."),
    (_late(1, 1), "`left` is not counted down for the unknown arms: after this pull left - 1 are left."),
    (_worth(after_win=lambda state, i: _first(state, i, 1), after_loss=lambda state, i: _first(state, i, 0)),
     _NOT_FIRST),
    (_worth(after_win=lambda state, i: _after(state, 0, 1), after_loss=lambda state, i: _after(state, 0, 0)),
     _NOT_FIRST),
    (_worth(chance=_mean_of_losses, after_win=lambda state, i: (*state[:i], (state[i][1] + 1, state[i][0]),
     *state[i + 1 :]), after_loss=lambda state, i: (*state[:i], (state[i][1], state[i][0] + 1), *state[i + 1 :])),
     _PAIR),
    (_worth(chance=_mean_of_losses, after_win=lambda state, i: _after(state, i, 0),
            after_loss=lambda state, i: _after(state, i, 1)), _PAIR),
    (_only_first, "only the first unknown arm is answered for. There is one number for each of them: for i, (wins, "
     "losses) in enumerate(state)."),
    (_by_record, "of arms with the same record only one is left. They are two arms, with a number each: for i, (wins, "
     "losses) in enumerate(state)."),
    (_safe_first, "the first arm of `state` is taken for the safe one. `state` holds the unknown arms alone; the safe "
     "one has a value of its own, before theirs."),
]  # fmt: skip

_MEANING = {
    "unhashable": "best_value remembers states, so that they must not change: a tuple of tuples. tuple(arms) makes one "
    "of a list, also of what is inside it: (wins + 1, losses), not [wins + 1, losses].",
    "does not support item assignment": "A state is a tuple, which cannot be changed. Make a new one: (*state[:i], "
    "(wins + 1, losses), *state[i + 1:]).",
    "NoneType": "Where `safe` is None there is no safe arm: ask `if safe is not None` first.",
    "RecursionError": "A recursion of your own needs an end: where no pull is left, nothing comes, 0. Or let "
    "best_value do it.",
    "iterable argument is empty": "Where no pull is left, nothing comes, 0. best_value knows that.",
    "division by zero": "Of an arm that was never pulled, wins + losses is 0. Its chance is (0 + 1) / (0 + 0 + 2).",
    "can only concatenate tuple": "A tuple of *one* pair is written ((wins, losses),), with a comma.",
    "not enough values to unpack": "A state is a tuple of pairs. A tuple of *one* pair is written ((wins, losses),), "
    "with a comma.",
    "cannot unpack non-iterable int": "A state is a tuple of pairs. A tuple of *one* pair is written ((wins, "
    "losses),), with a comma.",
}


def judge_worth(call):
    """`values_of_next`: several states, safe arms of 0 and 1, many arms in good time."""
    try:
        compare(call, values_of_next, _cases(), _MISTAKES)
    except Problem as problem:
        more = next((said for words, said in _MEANING.items() if words in str(problem)), "")
        said = str(problem).replace(" things, but", " numbers, but")
        said = said.replace("one by one, a tuple.", "in a list, .tolist().")
        raise Problem(f"{said}\n  {more}" if more else said) from None
    also(call, values_of_next, {"a safe arm that pays 0": (((1, 0), (0, 3)), 3, 0.0)}, "0 is not None: `if safe` "
         "leaves out a safe arm that pays nothing. Ask `if safe is not None`.")  # fmt: skip
    also(call, values_of_next, {"a safe arm that pays 1": (((1, 0), (0, 3)), 3, 1)}, "A safe arm may pay 1, an int.")
    also(call, values_of_next, {"four arms of which nothing is known, 8 pulls left": (((0, 0),) * 4, 8)}, "The same "
         "states are met again and again. best_value remembers them; a recursion of your own needs @cache from "
         "functools.")  # fmt: skip
    keeps_names(call, "safe")
