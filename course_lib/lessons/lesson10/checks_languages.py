"""What `check` looks at in words of one language, and which mistakes it knows."""

from __future__ import annotations

import copy as copying
from collections.abc import Callable

from course_lib.exercises.demands import keeps_names
from course_lib.exercises.engine import Problem
from course_lib.exercises.results import form
from course_lib.lessons.lesson10.folding import fold
from course_lib.lessons.lesson10.one_language import words_of_one_language
from course_lib.lessons.lesson10.wrong_copies import MISTAKES


def first_four(word: str) -> str | None:
    """Another fold than the lesson's: the first four letters."""
    return word[:4]


def _cases() -> dict[str, tuple]:
    ten = ["januari", "februari", "machi", "aprili", "mei", "juni", "julai", "agosti", "septemba", "oktoba"]
    return {
        "three short lists": (
            {"Spanish": ["mayo", "lunes", "enero"], "Czech": ["kveten", "mayo"], "Finnish": ["mayo", "tammikuu"]},
            fold,
        ),
        "lists with marks, capitals and another script": (
            {"Spanish": ["año", "Lunes", "да", "perú"], "Czech": ["Peru", "květen", "leden"],
             "Finnish": ["tammikuu", "ano"]},
            fold,
        ),
        "a word that stands twice in its own list": (
            {"Spanish": ["lunes", "Lunes", "mayo", "lunes"], "Czech": ["leden", "kveten"]}, fold,
        ),
        "a list of which nine words of ten stand in an earlier one": (
            {"Swahili": [*ten, "jumatatu", "chai"], "Chiga": [*ten[:9][::-1], "omuri", "Omuri", "omuri"],
             "Kamba": ["omuri", "chai", "mwaki", "ten"]},
            fold,
        ),
        "a short list that stands in a later, longer one": (
            {"Sena": ["abril", "maio", "junho"], "Portuguese": ["abril", "maio", "junho", "terra", "mar", "casa"]},
            fold,
        ),
        "a list all of whose words stand in two earlier ones together": (
            {"A": ["ka", "ki", "ku"], "B": ["la", "li", "lu"], "C": ["ka", "ki", "la", "li"], "D": ["ko"]}, fold,
        ),
        "a list that is nearly a copy of a copy": (
            {"A": ten, "B": [*ten[:9], "maziwa"], "C": ["januari", *ten[2:9], "maziwa", "asali"]}, fold,
        ),
        "three lists that are the same word for word": (
            {"A": ["ka", "ki"], "B": ["ki", "ka"], "C": ["ka", "ki"], "D": ["ko", "ka"]}, fold,
        ),
        "a fold that keeps four letters": (
            {"A": ["kalana", "kalani", "maja"], "B": ["majakka", "kuu"]}, first_four,
        ),
        "a short list that stands in an earlier, longer one": (
            {"Portuguese": ["abril", "maio", "junho", "terra", "mar", "casa"], "Sena": ["abril", "maio", "junho"]},
            fold,
        ),
        "copy=0.5": (
            {"A": ["ka", "ki", "ku"], "B": ["ka", "la"], "C": ["ka", "lo", "li"], "D": ["ka", "ki", "su"]},
            fold,
            0.5,
        ),
    }  # fmt: skip


def judge_languages(call):
    """`words_of_one_language`: in each case, which languages and which words are missing or too many."""
    cases = _cases()
    found = {}
    for said, args in cases.items():
        try:
            found[said] = call(*copying.deepcopy(args))
        except Problem as problem:
            raise Problem(f"{problem}\n  That is for {said}.{_none(str(problem))}") from None
        _form(found[said])
    wanted = {said: words_of_one_language(*args) for said, args in cases.items()}
    wrong = [said for said in cases if _sorted(found[said]) != wanted[said]]
    if wrong:
        for formula, message in MISTAKES:
            if all(_sorted(found[said]) == formula(*cases[said]) for said in cases):
                raise Problem(message)
        right = f" It is right for {next(iter(cases))}." if wrong[0] != next(iter(cases)) else ""
        said = _difference(found[wrong[0]], wanted[wrong[0]], cases[wrong[0]][1])
        raise Problem(f"{said} That is for {wrong[0]}.{right}")
    _order(found, wanted)
    _judge_empty(call)
    keeps_names(call, "fold", "copy")
    if call(*cases["a list that is nearly a copy of a copy"], 0.9) != wanted["a list that is nearly a copy of a copy"]:
        raise Problem("with copy=0.9 it gives another result than without: 0.9 is what stands in the first line.")


def _judge_empty(call):
    """A list of which folding leaves no word: no share of it stands anywhere, and many divide by its length."""
    said = "a list of which `fold` leaves no word, behind another one"
    args = {"Finnish": ["maanantai", "tammikuu"], "Russian": ["день", "январь"], "Swahili": ["juni", "mei"]}, fold
    try:
        found = call(*copying.deepcopy(args))
    except Problem as problem:
        zero = " 0 / 0 is no share: it is no copy, and keeps an empty list." if "ZeroDivision" in str(problem) else ""
        raise Problem(f"{problem}\n  That is for {said}.{zero}") from None
    _form(found)
    if "Russian" not in found:
        raise Problem(f"elsewhere it is right, but {said}, is missing: it is no copy, and keeps an empty list. (Is it "
                      "taken for a copy? 0 >= copy * 0 is true.)")  # fmt: skip
    if _sorted(found) != (want := words_of_one_language(*args)):
        raise Problem(f"elsewhere it is right, but here {_difference(found, want, fold)} That is for {said}.")


def _none(said: str) -> str:
    return " `fold` may give None: such a word is left out." if "NoneType" in said else ""


def _form(got):
    if not isinstance(got, dict):
        raise Problem(f"it should return a dict, with a list of words for each language, but it returned {form(got)}.")
    for name, words in got.items():
        if isinstance(words, str) or not isinstance(words, list | tuple | set | frozenset):
            raise Problem(f"for {name!r} there should be a list of words, but there is {form(words)}.")
        if odd := [word for word in words if not isinstance(word, str)]:
            raise Problem(f"in the list of {name!r} stands {odd[0]!r}, which is no word. Where `fold` gives None, the "
                          "word is left out.")  # fmt: skip


def _sorted(got: dict) -> dict:
    return {name: sorted(words) for name, words in got.items()}


def _difference(got: dict, want: dict, take: Callable) -> str:
    for name in want:
        if name not in got:
            end = " (with an empty list: it is no copy)" if not want[name] else ", with its own words: it is no copy"
            return f"{name!r} is missing. It should be there{end}."
    for name in got:
        if name not in want:
            return f"{name!r} should not be there: it is a copy of an earlier list."
    name = next(name for name in want if sorted(got[name]) != want[name])
    if "None" in got[name]:
        return f"in the list of {name!r} stands 'None': where `fold` gives None, leave the word out."
    if raw := [word for word in got[name] if take(word) != word]:
        return f"in the list of {name!r} stands {raw[0]!r}, which is not folded. Give what the learner sees."
    if more := sorted(set(got[name]) - set(want[name])):
        return f"in the list of {name!r} stands {more[0]!r}, which should not be there."
    if less := sorted(set(want[name]) - set(got[name])):
        return f"in the list of {name!r}, {less[0]!r} is missing: no other language that is left has it."
    return f"in the list of {name!r} a word stands twice: each once."


def _order(found: dict, wanted: dict):
    for said, got in found.items():
        if any(isinstance(words, set | frozenset) for words in got.values()):
            raise Problem("the words are right, but they are a set. Give a list in alphabetical order: sorted(...).")
        if any(list(words) != sorted(words) for words in got.values()):
            raise Problem(f"the words are right, but not in alphabetical order: sorted(...). That is for {said}.")
        if list(got) != list(wanted[said]):
            raise Problem(f"the lists are right, but the languages stand in another order. That is for {said}.")
