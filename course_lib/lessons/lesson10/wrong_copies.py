"""Wrong answers to `words_of_one_language` that are known: one that leaves out copies in another way, and so on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from course_lib.lessons.lesson10.one_language import words_of_one_language


def _folded(words, fold) -> list[str]:
    return [word for word in map(fold, words) if word]


def _share(own: set, other: set) -> float:
    return len(own & other) / max(1, len(own))


def _any_before(is_copy: Callable[[set, set], bool], kept_only: bool = True):
    """Leave out what is a copy of one list before it; among all lists, or among those that were kept."""

    def find(lists: dict[str, list], copy: float) -> dict[str, list]:
        kept = {}
        for i, (name, words) in enumerate(lists.items()):
            others = kept if kept_only else dict(list(lists.items())[:i])
            if not any(is_copy(words, other, copy) for other in others.values()):
                kept[name] = words
        return kept

    return find


def _of_its_own(own, other, copy):
    return len(set(own) & set(other)) >= copy * len(set(own))


def _both(lists, copy):
    return {name: words for name, words in lists.items()
            if not any(_of_its_own(words, o, copy) for n, o in lists.items() if n != name)}  # fmt: skip


def _two_way(lists, copy):
    return {name: words for name, words in lists.items()
            if not any(set(words) == set(o) for n, o in lists.items() if n != name)}  # fmt: skip


def _joined(lists, copy):
    kept = {}
    for name, words in lists.items():
        if not _of_its_own(words, {w for other in kept.values() for w in other}, copy):
            kept[name] = words
    return kept


def _longer_stays(lists, copy):
    """Of two, the list with fewer words goes."""
    order = sorted(lists, key=lambda name: -len(set(lists[name])))
    kept = _copies({name: lists[name] for name in order}, copy)
    return {name: words for name, words in lists.items() if name in kept}


def _last_stays(lists, copy):
    """A list is asked whether it stands in a later one."""
    kept = _copies(dict(reversed(lists.items())), copy)
    return {name: words for name, words in lists.items() if name in kept}


def _any_other(lists, copy):
    """A list is compared with all that are still there, also those behind it."""
    kept = dict(lists)
    for name, words in lists.items():
        if any(_of_its_own(words, other, copy) for n, other in kept.items() if n != name):
            del kept[name]
    return kept


def _neighbours(lists, copy):
    """A list is compared with the last one that was kept, and no other."""
    kept = {}
    for name, words in lists.items():
        if not (kept and _of_its_own(words, list(kept.values())[-1], copy)):
            kept[name] = words
    return kept


def _keep_all(lists, copy):
    return lists


_copies = _any_before(_of_its_own)


def _unique(kept, every):
    """Words that no other of the lists that are left has."""
    n = Counter(word for words in kept.values() for word in set(words))
    return {name: sorted({word for word in words if n[word] == 1}) for name, words in kept.items()}


def _made(fold_first=True, find=_copies, unique=_unique, fixed=None, end=lambda found: found):
    """The whole function, with one part of it another."""

    def answer(languages, fold, copy=0.9):
        take = fold if fold_first is True else fold_first
        lists = {name: _folded(words, take) for name, words in languages.items()}
        return end(unique(find(lists, fixed or copy), lists))

    return answer


def _fold_late(languages, fold, copy=0.9):
    found = words_of_one_language(languages, lambda word: word, copy)
    return {name: sorted(set(_folded(words, fold))) for name, words in found.items()}


def _late_copies(languages, fold, copy=0.9):
    lists = {name: _folded(words, fold) for name, words in languages.items()}
    return _copies(_unique(lists, lists), copy)


def _first_come(kept, every):
    seen, found = set(), {}
    for name, words in kept.items():
        found[name] = sorted(set(words) - seen)
        seen |= set(words)
    return found


def _last_come(kept, every):
    found = _first_come(dict(reversed(kept.items())), every)
    return {name: found[name] for name in kept}


def _times(kept, every):
    n = Counter(word for words in kept.values() for word in words)
    return {name: sorted({word for word in words if n[word] == 1}) for name, words in kept.items()}


def _among_all(kept, every):
    found = _unique(every, every)
    return {name: found[name] for name in kept}


def _shared(kept, every):
    n = Counter(word for words in kept.values() for word in set(words))
    return {name: sorted({word for word in words if n[word] > 1}) for name, words in kept.items()}


def _twice(kept, every):
    n = Counter(word for words in kept.values() for word in set(words))
    return {name: sorted(word for word in words if n[word] == 1) for name, words in kept.items()}


def _with_nothing(languages, fold, copy=0.9):
    return words_of_one_language(languages, lambda word: fold(word) or word.lower(), copy)


_ASKED = "a copy is asked by its *own* words: which share of the later list stands in the earlier one?"
MISTAKES = [
    (_made(fold_first=lambda word: word), "the words are not folded: the learner sees what `fold` gives, so give back "
     "fold(word) and compare that."),
    (_made(fold_first=str.lower), "`fold` is not used: small letters are not all that folding does."),
    (_fold_late, "words are compared first and folded after that. Perú and Peru are one word to the learner: fold "
     "before anything is compared."),
    (_with_nothing, "a word that `fold` cannot write (None) is kept in another form. Leave it out."),
    (_made(find=_keep_all), "copies are not left out. A list of which nearly all words stand in an earlier one takes "
     "them from both: leave the later language out first."),
    (_made(find=_both), "both go, the copy and what it is a copy of. The first of the two is to stay: ask only those "
     "before it."),
    (_made(find=_two_way), "both go, the copy and what it is a copy of, and only lists that are exactly the same count "
     "as copies. The first stays, and `copy` says which share is enough."),
    (_late_copies, "copies are looked for after the shared words have gone. Then a copy has none left to be known by, "
     "and both lists have lost them: leave copies out first."),
    (_made(find=_any_before(lambda a, b, c: set(a) == set(b))), "only lists with exactly the same words count as "
     "copies: a share of `copy` is enough."),
    (_made(find=_any_before(lambda a, b, c: a == b)), "only lists with exactly the same words in the same order count "
     "as copies: a share of `copy` is enough, in any order."),
    (_made(find=_any_before(lambda a, b, c: _share(set(b), set(a)) >= c)),
     f"{_ASKED} Here the share is that of the earlier list."),
    (_made(find=_any_before(lambda a, b, c: len(set(a) & set(b)) >= c * len(set(a) | set(b)))),
     f"{_ASKED} Here common words are divided by the words of both lists together."),
    (_made(find=_any_before(lambda a, b, c: len(set(a) & set(b)) >= c * min(len(set(a)), len(set(b))))),
     f"{_ASKED} Here common words are divided by the length of the shorter list, which may be the earlier one."),
    (_made(find=_any_before(lambda a, b, c: len(set(a) & set(b)) >= c * max(len(set(a)), len(set(b))))),
     f"{_ASKED} Here common words are divided by the length of the longer list."),
    (_made(find=_any_before(lambda a, b, c: len(set(a) & set(b)) >= c * len(a))), "in the share of a copy, a word that "
     "stands twice in its list counts twice: ask its different folded words."),
    (_made(find=_any_before(lambda a, b, c: sum(w in b for w in a) >= c * len(a))), "in the share of a copy, a word "
     "that stands twice in its list counts twice: ask its different folded words."),
    (_made(find=_any_before(lambda a, b, c: len(set(a) & set(b)) > c * len(set(a)))), "a language whose share is "
     "exactly `copy` is a copy too: at least, >=."),
    (_made(find=_any_before(_of_its_own, kept_only=False)), "a list is compared with copies that were left out, too. "
     "Only those that were kept count: they are what it would share words with."),
    (_made(find=_joined), "a list is compared with all earlier ones together. A copy has its words from *one* "
     "language; compare with one after the other."),
    (_made(find=_any_before(lambda a, b, c: bool(set(a) & set(b)))), "one shared word makes a language a copy. It "
     "takes the share `copy` of its words."),
    (_made(find=_longer_stays), "of two lists the longer one stays here. What counts is the order: a list is compared "
     "with those before it."),
    (_made(find=_last_stays), "of two lists the later one stays here. What counts is the order: a list is compared "
     "with those before it."),
    (_made(find=_any_other), "a list is compared with those behind it as well, so the first of two goes. Only lists "
     "before it count."),
    (_made(find=_neighbours), "a list is compared with the one that was kept last, and no other. Compare it with all "
     "that were kept."),
    (_made(fixed=0.9), "`copy` is not used: the share is 0.9, whatever is asked for."),
    (_made(unique=_among_all), "the words of copies that were left out still count as words of another language, so "
     "what they are copies of loses them. Count in those that are left."),
    (_made(unique=_first_come), "a word that several languages have stays with the first of them. It names none: it "
     "has to go from all."),
    (_made(unique=_last_come), "a word that several languages have stays with the last of them. It names none: it has "
     "to go from all. (Are words removed while others are still to be compared?)"),
    (_made(unique=_times), "a word that stands twice in the list of one language is taken for one of two languages: "
     "count languages, not places."),
    (_made(unique=_shared), "these are the words that several languages share. The others were asked for."),
    (_made(unique=_twice), "a word that stands twice in its list stands twice in the result: each once."),
    (_made(unique=lambda kept, every: {n: sorted(set(w)) for n, w in kept.items()}),
     "words that several languages have are still there: they name none of them."),
    (_made(end=lambda found: {name: words for name, words in found.items() if words}),
     "a language without a word of its own is missing. It keeps an empty list."),
    (_made(find=_keep_all, unique=_first_come), "copies are not left out, and a word that several languages have stays "
     "with the first of them. It names none: it has to go from all."),
    (_made(find=_keep_all, unique=_times), "copies are not left out, and a word that stands twice in one list is taken "
     "for a word of two languages."),
]  # fmt: skip
