"""What `check` looks at in a price that is paid once, in lesson 16, and which mistakes it knows."""

from __future__ import annotations

import math
from collections.abc import Callable

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson16.break_even import paid_after

_CASES = {
    "a price of 1,000 that saves 30 a task": (1000, 20, 50),
    "a price of 90 that saves 30 a task, so that three tasks are equal": (90, 20, 50),
    "a price of 100 that saves 1 a task": (100, 2, 3),
    "a meta-trained start that is no cheaper": (50, 20, 20),
    "a meta-trained start that is dearer": (50, 30, 20),
    "tasks that cost nothing after it": (75, 0, 10),
    "a start that costs nothing": (0, 20, 50),
    "a start that costs nothing and saves nothing": (0, 7, 7),
    "a task that is dearer than the whole meta-training": (10, 5, 40),
    "prices as of a large network": (3 * 10**15 + 1, 2 * 10**9, 5 * 10**11),
    "prices of twenty digits, a little below three tasks": (3 * 10**20 - 1, 10**6, 10**20 + 10**6),
    "prices of twenty digits that are even after three tasks": (3 * 10**20, 10**6, 10**20 + 10**6),
    "a price that comes back after a million million tasks": (10**20, 10**6, 10**6 + 10**8),
}


def _answer(count: Callable, never=math.inf, when=lambda once, each, instead: instead > each):
    """A count of tasks where it may pay, and something else where it never does."""
    return lambda once, each, instead: _exact(count(once, each, instead)) if when(once, each, instead) else never


def _exact(number: float) -> float:
    """The number; as a float where torch could not hold it."""
    return number if abs(number) < 2**53 else float(number)


def _ceil(once, each, instead):
    return -(-once // (instead - each))


_TIE = ("where both cost the same it is not cheaper yet: with 90 once and 30 saved a task, three tasks are even, and "
        "the fourth makes the difference.")  # fmt: skip
_FLOAT = ("there is a float on the way: it keeps about sixteen digits, and these prices have more. / makes one, and so "
          "does float(...). // of whole numbers is exact.")  # fmt: skip
_LONG = ("a number of tasks may have more digits than a float keeps, too: yours says {} for 200,000,000,000,000,001 "
         "once and 1 saved a task. Return the whole number as it is.")  # fmt: skip
_INT64 = ("These prices have more digits than int64 holds, in numpy or torch. Whole numbers of Python have no end: "
          "leave them as they are.")  # fmt: skip
_FREE = "a start that costs nothing pays from the first task on, if it saves anything. With no task, both cost nothing."
_NEVER = "Where it saves nothing it is never cheaper, however many tasks come: math.inf."
_MEETING = ("that is where the two prices meet, a number with decimals. Tasks come one by one: the smallest *whole* "
            "number for which it was cheaper is wanted.")  # fmt: skip
_COUNTS = [
    (_ceil, _TIE), (lambda o, e, i: max(1, _ceil(o, e, i)), _TIE),
    (lambda o, e, i: o // (i - e), "rounded down, the price has not come back yet: with 1,000 once and 30 saved a "
     "task, 33 tasks bring 990."),
    (lambda o, e, i: max(1, o // (i - e)), "rounded down, the price has not come back yet: with 1,000 once and 30 "
     "saved a task, 33 tasks bring 990."),
    (lambda o, e, i: round(o / (i - e)), "it is rounded to the nearest whole number, which may be too few tasks: the "
     "price has to have come back."),
    (lambda o, e, i: o / (i - e), _MEETING),
    (lambda o, e, i: math.floor(o / (i - e)) + 1, _FLOAT), (lambda o, e, i: int(o / (i - e)) + 1, _FLOAT),
    (lambda o, e, i: math.ceil(o / (i - e) + 1e-9), _FLOAT), (lambda o, e, i: math.ceil((o + 1) / (i - e)), _FLOAT),
    (lambda o, e, i: o // (i - e) + 2, "that is one task too many."),
    (lambda o, e, i: _ceil(o, e, i) + 1, "that is one task too many where the price does not divide evenly: with 1,000 "
     "once and 30 saved a task, 34 tasks bring 1,020."),
    (lambda o, e, i: o // i + 1, "after meta-training a task still costs `each`. What is saved is the difference."),
    (lambda o, e, i: -(-o // i), "after meta-training a task still costs `each`. What is saved is the difference."),
    (lambda o, e, i: o // e + 1 if e else math.inf, "the price is divided by what a task costs after meta-training. "
     "What each task *saves* brings it back: instead - each."),
    (lambda o, e, i: o // (i + e) + 1, "the two prices of a task are added. What a task saves is their difference."),
    (lambda o, e, i: (o + e) // (i - e) + 1, "the first task is paid for twice: once with `once`, and once in what it "
     "saves."),
    (lambda o, e, i: o * (i - e), "the price is multiplied by what a task saves. How often does the one go into the "
     "other?"),
    (lambda o, e, i: o // (e - i) + 1, "the difference is turned round: what a task saves is instead - each."),
    (lambda o, e, i: (o // (i - e) + 1) * i, "that is a price. A number of tasks is wanted."),
]  # fmt: skip
_GIVES_UP = ("it gives up after some number of tasks, and says math.inf though it pays later. Tasks need not be "
             "counted: how often does what each saves go into `once`?")  # fmt: skip
_NEVERS = [(-1, "-1"), (0, "0"), (-math.inf, "-inf"), (math.nan, "nan")]
_ALWAYS = [  # right where it pays
    *((_answer(lambda o, e, i: o // (i - e) + 1, never), f"{_NEVER} Yours says {said}.") for never, said in _NEVERS),
    (lambda o, e, i: o // abs(i - e) + 1 if i != e else math.inf, "a task that is *dearer* after meta-training saves "
     "nothing: the size of the difference is taken for it. " + _NEVER),
    (lambda o, e, i: o // (i - e) + 1 if i != e else math.inf, "what a task saves may be below 0, and then the number "
     "of tasks that comes out means nothing. " + _NEVER),
    (lambda o, e, i: math.inf if i <= e else 0 if o == 0 else o // (i - e) + 1, _FREE),
    (lambda o, e, i: math.inf if i < e else 1 if o == 0 else math.inf if i == e else o // (i - e) + 1, "a start that "
     "costs nothing and saves nothing costs the same, and equal is not cheaper."),
]  # fmt: skip


def _gives_up(most: int) -> Callable:
    """No number of tasks above `most` is tried."""
    return _answer(lambda o, e, i: o // (i - e) + 1 if o // (i - e) < most else math.inf)


_ALWAYS += [(_gives_up(most), _GIVES_UP) for most in (1000, 10**6)]
_MISTAKES = [*((_answer(count), said) for count, said in _COUNTS), *_ALWAYS]
_MIXED = [  # two at once: the first one to mend is told
    *((_answer(count, never), said) for count, said in _COUNTS for never in (-1, 0, math.nan)),
    *((_answer(count, when=lambda o, e, i: i != e), said) for count, said in _COUNTS),
    *((_answer(count, when=lambda o, e, i: i < e), said) for count, said in _COUNTS),  # inf where it does pay
]  # fmt: skip


def _number(call):
    """The answer as a number; right ones are small enough to be exact as a float."""

    def run(*args):
        found = call(*args)
        if as_number(found) is None:
            raise Problem(f"a number is wanted, but it is {form(found)}, for {args[0]} once, then {args[1]} a task "
                          f"where it would have been {args[2]}.")  # fmt: skip
        return _exact(found) if isinstance(found, int) else as_number(found)

    return run


def judge_even(call):
    """`paid_after`: even prices, prices that never come back, numbers too long for a float."""
    try:
        compare(_number(call), paid_after, _CASES, _MISTAKES + _MIXED)
        found = call(2 * 10**17 + 1, 6, 7)  # torch's comparison has no such digits
    except Problem as problem:
        raise Problem(_plain(str(problem), call)) from None
    if as_number(found) in (None, math.inf) or int(found) != 2 * 10**17 + 2:
        raise Problem(_LONG.format(found))


def _plain(text: str, call) -> str:
    """Errors of Python in words of the task."""
    if "returned nothing" in text:
        try:
            call(*_CASES[next(iter(_CASES))])
        except Problem:
            return text
        return "it returns None somewhere. " + _NEVER
    if "ZeroDivisionError" in text:
        return text + "\n  That is where a task costs the same with and without. " + _NEVER
    if "was stopped after" in text or "took more than" in text:
        return text + ("\n  Tasks need not be counted one by one: how often does what each saves go into `once`? "
                       + _NEVER)  # fmt: skip
    if "but it is inf." in text:
        return text + "\n  math.inf is for what never pays. Does it give up after some number of tasks?"
    if "float infinity" in text or "float NaN" in text:
        return text + "\n  " + _NEVER
    if "to float" in text or "for a float" in text:
        return text + "\n  " + _FLOAT
    if any(words in text for words in ("too large", "too big", "verflow")):
        return text + "\n  " + _INT64
    return text
