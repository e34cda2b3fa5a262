"""A learner's guess before the measurement: asked for, read kindly, and compared when the answer is known."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from course_lib.exercises.results import as_number
from course_lib.exercises.saying import say


@dataclass(frozen=True)
class Prediction:
    """What a learner expects, to be compared with what is measured.

    Args:
        question: what was asked.
        answer: a number, a word, or a tuple of names from first to last; None if there is no answer.
        unit: of a number.
    """

    question: str
    answer: float | str | tuple[str, ...] | None
    unit: str = ""

    def compare(self, measured):
        """Say in a line what was predicted and what it is.

        Args:
            measured: of the kind that was asked for: a number, a word, or the names in the order that was measured.
        """
        if self.answer is None:
            say(f"You made no prediction. It is {self._form(measured)}.")
        elif isinstance(self.answer, tuple):
            place = {name: i for i, name in enumerate(measured)}
            pairs = list(combinations([name for name in self.answer if name in place], 2))
            right = sum(place[one] < place[other] for one, other in pairs)
            say(f"You ordered {right} of {len(pairs)} pairs as measured: {self._form(measured)}.")
        else:
            said, found = self._form(self.answer), self._form(measured)
            say(f"You said {said}, and so it is." if said == found else f"You said {said}; it is {found}.")

    def _form(self, value) -> str:
        if isinstance(value, str):
            return value
        number = as_number(value)
        return ", ".join(value) if number is None else f"{number:.3g} {self.unit}".strip()


def predict(
    question: str,
    answer=...,
    *,
    between: tuple[float, float] | None = None,
    among: Sequence[str] = (),
    order: Sequence[str] = (),
    unit: str = "",
) -> Prediction:
    """Ask for a prediction before it is measured. An odd answer, or none, gets a sentence, and the lesson goes on.

    Args:
        question: what is asked.
        answer: what the learner puts in place of the three dots.
        between: the lowest and the highest sensible number, if the answer is a number.
        among: the words to choose from, if it is a word. True and False stand for "yes" and "no".
        order: the names to be brought into an order, if it is one; from first to last.
        unit: of a number: "%".

    Returns: the prediction; its `compare` says later how near it was.
    """
    if (between is not None) + bool(among) + bool(order) != 1:
        raise ValueError(f"{question!r} needs one kind of answer: between, among or order.")
    if answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in ("", "?", "...")):
        wanted = f"a number, {between[0]:g} to {between[1]:g}" if between else ", ".join(among or order)
        say(f"○ No prediction yet: put your answer in place of the three dots ({wanted}). The lesson goes on.")
        return Prediction(question, None, unit)
    try:
        read = _number(answer, between) if between else _word(answer, among) if among else _order(answer, order)
    except ValueError as odd:
        say(f"○ {odd} The lesson goes on without your prediction.")
        return Prediction(question, None, unit)
    prediction = Prediction(question, read, unit)
    say(f"Your prediction: {prediction._form(read)}.")
    return prediction


def _number(answer, between: tuple[float, float]) -> float:
    low, high = between
    number = as_number(answer)
    if isinstance(answer, str):
        try:
            number = float(answer.replace("%", "").replace(",", ".").strip())
        except ValueError:
            number = None
    if number is None or not math.isfinite(number) or not low <= number <= high:
        raise ValueError(f"It should be a number from {low:g} to {high:g}, but it is {_short(answer)}.")
    return number


def _word(answer, among: Sequence[str]) -> str:
    said = {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer).strip().lower()
    said = {"true": "yes", "false": "no"}.get(said, said) if {"yes", "no"} <= set(among) else said
    words = {word.lower(): word for word in among}
    if said not in words:
        raise ValueError(f"It should be one of {', '.join(among)}, but it is {_short(answer)}.")
    return words[said]


def _order(answer, order: Sequence[str]) -> tuple[str, ...]:
    names = answer.split(",") if isinstance(answer, str) else answer if isinstance(answer, list | tuple) else None
    if names is None:
        raise ValueError(f"It should be a list of names, but it is {_short(answer)}.")
    names = [str(name).strip() for name in names]
    for name in names:
        if name not in order:
            near = difflib.get_close_matches(name, order, 1)
            end = f"; is it {near[0]!r}?" if near else f" among {', '.join(order)}."
            raise ValueError(f"There is no {name!r}{end}")
    if missing := [name for name in order if name not in names]:
        raise ValueError(f"Your order lacks {', '.join(missing)}.")
    if len(names) > len(order):
        raise ValueError("Your order has a name twice.")
    return tuple(names)


def _short(value) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:60] + " ..."
