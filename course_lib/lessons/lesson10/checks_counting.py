"""What `check` looks at in naive Bayes on n-grams, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import compare
from course_lib.lessons.lesson10.counting import naive_bayes


def _case(tasks: int, way: int, n_query: int, m: int, size: int, seed: int, total: bool = False) -> tuple[Tensor, ...]:
    """Counts as a few support words give them, many of them 0; queries of several lengths; uneven pseudo-counts."""
    generator = torch.Generator().manual_seed(seed)
    counts = torch.poisson(3 * torch.rand(tasks, way, size, generator=generator) ** 2, generator=generator)
    counts[:, 0] *= 3  # classes of several sizes
    queries = torch.randint(size, (tasks, n_query, m), generator=generator)
    queries[:, :, 1] = queries[:, :, 0]  # an n-gram twice in a word, as in "banana"
    lengths = m - torch.arange(n_query) % max(1, m - 2)
    queries[:, torch.arange(m) >= lengths.unsqueeze(1)] = -1
    pseudo = 0.1 + torch.rand(size, generator=generator)
    own = (5 + 20 * torch.rand(size, generator=generator),) if total else ()
    return counts, queries, pseudo, *own


def _bordered(case: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The same with one -1 more, in front of each query."""
    counts, queries, *more = case
    return counts, torch.cat([torch.full_like(queries[..., :1], -1), queries], -1), *more


def _cases() -> dict[str, tuple[Tensor, ...]]:
    return {
        "2 tasks of 3 classes, query words of several lengths": _case(2, 3, 5, 8, 20, 0),
        "with `total` given, a number for each n-gram": _case(2, 3, 5, 8, 20, 1, total=True),
        "one task of 2 classes, and a single query": _case(1, 2, 1, 6, 20, 2),
        "as many queries as classes": _case(2, 4, 4, 5, 30, 3),
        "-1 before the word, too, as with single letters": _bordered(_case(2, 3, 4, 7, 20, 5)),
    }


def _pick(table: Tensor, queries: Tensor) -> Tensor:
    """`[tasks, way, ngrams]` at the n-grams of the queries: `[tasks, n_query, way, m]`, padding as the last one."""
    tasks, way, _ = table.shape
    at = queries.where(queries >= 0, table.shape[-1] - 1)
    index = at.unsqueeze(2).expand(-1, -1, way, -1)
    return table.unsqueeze(1).expand(-1, queries.shape[1], -1, -1).gather(3, index)


def _there(queries: Tensor) -> Tensor:
    return (queries >= 0).unsqueeze(2)  # [tasks, n_query, 1, m]


def _sums(table: Tensor, queries: Tensor) -> Tensor:
    return _pick(table, queries).where(_there(queries), 0).sum(-1)


def _shares(over=None, under=None):
    """Probabilities from other numerators and denominators: both take counts, pseudo, total."""

    def table(counts, pseudo, total=None):
        total = pseudo.sum() if total is None else total
        upper = counts + pseudo if over is None else over(counts, pseudo, total)
        lower = counts.sum(-1, keepdim=True) + total if under is None else under(counts, pseudo, total)
        return upper / lower

    return table


_right = _shares()


def _scored(table=_right, score=None):
    def answer(counts, queries, pseudo, total=None):
        p = table(counts, pseudo, total)
        return _sums(p.log(), queries) if score is None else score(p, queries)

    return answer


def _until(p, queries):
    """Each word up to its first -1."""
    return _sums(p.log(), queries.where((queries < 0).cumsum(-1) == 0, -1))


def _no_repeats(p, queries):
    found = torch.zeros(*queries.shape[:2], p.shape[1])
    for t, words in enumerate(queries.tolist()):
        for q, word in enumerate(words):
            found[t, q] = p[t, :, sorted(set(word) - {-1})].log().sum(-1)
    return found


def _changed(of_counts=None, of_queries=None, of_result=None):
    def answer(counts, queries, pseudo, total=None):
        counts = of_counts(counts) if of_counts else counts
        found = naive_bayes(counts, of_queries(queries) if of_queries else queries, pseudo, total)
        return of_result(found) if of_result else found

    return answer


def _divided(by):
    return lambda p, queries: _sums(p.log(), queries) / by(queries)


def _plus_sizes(counts, queries, pseudo, total=None):
    share = counts.sum(-1) / counts.sum((-1, -2)).unsqueeze(-1)  # [tasks, way]
    return naive_bayes(counts, queries, pseudo, total) + share.log().unsqueeze(1)


_CLASS = "naive Bayes asks each class on its own"
_EVERY = ("every n-gram gets its own pseudo-count; so, for the probabilities to sum to 1, the denominator gets all of "
          "them together: pseudo.sum().")  # fmt: skip
_ADDED = "these are not logarithms of a product: "
_LAST = ("-1 means that there is no n-gram, but in Python it is the place of the *last* one, so padding is scored as "
         "if it were that n-gram. Leave those places out.")  # fmt: skip
_NO_TOTAL = ("what is added to the counts has to be added to their number as well: the denominator is all counts of "
             "the class plus total.")  # fmt: skip
_NOT_USED = "`total` is not used. Where it is given, it is what is added to the number of all n-grams."
_OF_NONE = {  # what is added where total is None
    _NO_TOTAL: lambda c, p: 0,
    _EVERY: lambda c, p: p,
    _EVERY + " Here it is their mean.": lambda c, p: p.mean(),
    _EVERY + " Here it is each one, times the number of n-grams.": lambda c, p: c.shape[-1] * p,
    _EVERY + " Here it is the number of n-grams.": lambda c, p: c.shape[-1],
    _EVERY + " Here it is 1.": lambda c, p: 1,
}
_OF_TOTAL = {
    "`total` is summed: each n-gram has its own number to be added, total itself. Only where it is None, pseudo.sum() "
    "takes its place.": lambda c, p, t: t.sum(),
    "`total` is averaged: each n-gram has its own number to be added, total itself.": lambda c, p, t: t.mean(),
    "both pseudo.sum() and `total` are added: the first only where `total` is None.": lambda c, p, t: p.sum() + t,
    "both `pseudo` and `total` are added: the denominator gets total alone.": lambda c, p, t: p + t,
}


def _adds(of_none, of_total):
    def answer(counts, queries, pseudo, total=None):
        extra = of_none(counts, pseudo) if total is None else of_total(counts, pseudo, total)
        return _sums(((counts + pseudo) / (counts.sum(-1, keepdim=True) + extra)).log(), queries)

    return answer


_TOTALS = [
    *((_adds(of_none, lambda c, p, t: t), said) for said, of_none in _OF_NONE.items()),
    *((_adds(of_none, lambda c, p, t, f=of_none: f(c, p)), said) for said, of_none in _OF_NONE.items()),
    *((_adds(lambda c, p: p.sum(), of_total), said) for said, of_total in _OF_TOTAL.items()),
    (_adds(lambda c, p: p.sum(), lambda c, p, t: p.sum()), _NOT_USED),
]
_MISTAKES = [
    (lambda c, q, p, t=None: _pick(_right(c, p, t).log(), q).sum(-1), _LAST),
    (_scored(score=_until), "it stops at the first -1. That may stand before the word, too: go on to the next place "
     "(continue in place of break)."),
    (_changed(of_queries=lambda q: q.where(q > 0, -1)), "n-gram 0 is left out. It is an n-gram like the others: -1 is "
     "the one that is none."),
    (_changed(of_queries=lambda q: q.clamp(min=0)),
     "-1 means that there is no n-gram, but it is scored as n-gram 0. Leave those places out."),
    (_scored(_shares(under=lambda c, p, t: torch.ones_like(c))), "the denominator is missing: a class with more "
     "letters would win every word. Divide by all its counts and `total`."),
    *_TOTALS,
    (_scored(_shares(over=lambda c, p, t: c)), "the counts are not smoothed: an n-gram that a class has not shown in a "
     "few words gets the probability 0, and the word minus infinity. Add `pseudo`."),
    (_scored(_shares(over=lambda c, p, t: c, under=lambda c, p, t: c.sum(-1, keepdim=True))), "the counts are not "
     "smoothed: an n-gram that a class has not shown gets the probability 0, and its word minus infinity. "
     "Add `pseudo`."),
    (_scored(_shares(over=lambda c, p, t: torch.where(c > 0, c, p))), "`pseudo` is added only where the count is 0. "
     "Then an n-gram that was seen once may come out rarer than one that was never seen: add it everywhere."),
    (_scored(_shares(over=lambda c, p, t: c + 1)), "1 is added to each count: add `pseudo`, each n-gram's own."),
    (_scored(_shares(over=lambda c, p, t: c + 1, under=lambda c, p, t: c.sum(-1, keepdim=True) + c.shape[-1])),
     "1 is added to each count: add `pseudo`, each n-gram's own, and pseudo.sum() below."),
    (_scored(_shares(over=lambda c, p, t: c + p.mean())), "the mean of the pseudo-counts is added to each count: each "
     "n-gram has its own."),
    (_scored(_shares(over=lambda c, p, t: c + p.sum())), "the sum of the pseudo-counts is added to each count: each "
     "n-gram has its own."),
    (_scored(_shares(under=lambda c, p, t: c.sum((1, 2)).view(-1, 1, 1) + t)), f"{_CLASS}: the denominator has the "
     "counts of that class alone, not of all classes."),
    (_scored(_shares(under=lambda c, p, t: c.sum() + t)), f"{_CLASS}: the denominator has the counts of that class "
     "alone, not of all classes and tasks."),
    (lambda c, q, p, t=None: _sums(_right(c, p, t).log() * c, q), "each logarithm is multiplied by the count of its "
     "n-gram in the class. The count stands in the probability already."),
    (lambda c, q, p, t=None: _sums((c + p).log() - c.sum(-1, keepdim=True) - (p.sum() if t is None else t), q),
     "the denominator is subtracted as it is: subtract its logarithm."),
    (_scored(_shares(under=lambda c, p, t: c.sum(1, keepdim=True) + t)), f"{_CLASS}: the denominator is the sum over "
     "its n-grams (the last axis). Here it is a sum over classes."),
    (_scored(score=lambda p, q: _pick(p, q).where(_there(q), 1).prod(-1)), f"{_ADDED}the probabilities are multiplied, "
     "but no logarithm is taken. For longer texts the product would be 0 for every class: add logarithms."),
    (_scored(score=_sums), f"{_ADDED}the probabilities are added. They are to be multiplied, and so their logarithms "
     "added."),
    (_scored(score=lambda p, q: _sums(p, q).log()), f"{_ADDED}the probabilities are added, and then the logarithm is "
     "taken. Take it first: the log of a product is the sum of logs."),
    (_scored(score=_divided(lambda q: _there(q).sum(-1))), "the scores are divided by the number of n-grams. A word is "
     "as sure as all its n-grams together: that is their sum, not the mean."),
    (_scored(score=_divided(lambda q: q.shape[-1])), "the scores are divided by the number of places. A word is as "
     "sure as all its n-grams together: that is their sum, not the mean."),
    (_scored(score=lambda p, q: -_sums(p.log(), q)), "every score has the wrong sign: the most probable class is to "
     "have the highest score."),
    (_changed(of_result=lambda s: s.softmax(-1)), "these are probabilities of the classes (a softmax was taken). "
     "Scores are asked for, since those of several words can be added."),
    (_changed(of_result=lambda s: s.log_softmax(-1)), "the scores are made into probabilities of the classes (a "
     "log_softmax). Leave them as they are: a class's score says how probable the word is in it."),
    (_changed(of_result=lambda s: s.mT), "queries and classes are exchanged: the axes are [tasks, n_query, way]."),
    (_changed(of_result=lambda s: s.mT.reshape(s.shape)), "the numbers are read into the wrong order: reshape and view "
     "keep the order of memory. To exchange two axes, transpose."),
    (_scored(score=_no_repeats), "an n-gram that stands twice in a word is counted once: it counts as often as it "
     "stands there."),
    (_changed(of_result=lambda s: s - torch.tensor(float(s.shape[-1])).log()), "log(1 / way) is in it, a prior over "
     "the classes. It is the same for all: add nothing."),
    (_plus_sizes, "the share of each class's letters is in it, as if a language with longer words were more probable. "
     "In a few-shot task the classes are equally probable: add nothing."),
    (_changed(of_counts=lambda c: c[:1].expand_as(c)), "every task is scored with the counts of the first task."),
    (_changed(of_queries=lambda q: q[:1].expand_as(q)), "every task gets the queries of the first task."),
    (_changed(of_counts=lambda c: c.clamp(max=1)), "it is used whether an n-gram was seen, not how often."),
    (_changed(of_result=lambda s: s / torch.tensor(2.0).log()), "the logarithm is that to base 2: log() is the one "
     "that is meant."),
    (_changed(of_result=lambda s: s / torch.tensor(10.0).log()), "the logarithm is that to base 10: log() is the one "
     "that is meant."),
    (_changed(of_result=lambda s: s.argmax(-1)), "these are the classes that win. The scores were asked for."),
    (_changed(of_result=lambda s: s - s.amax(-1, keepdim=True)), "the best class has the score 0: something was "
     "subtracted. Leave the scores as they are."),
    (lambda c, q, p, t=None: (_pick(_right(c, p, t).log(), q)) * _there(q), "the last axis is still there: add over "
     "the n-grams of each word."),
]  # fmt: skip

_LONG = "A product of many probabilities is too small for a number, and its logarithm minus infinity: add logarithms."
_NONE = "A word may have no n-gram of this order at all: then it says nothing, and its score is 0 for every class."


def judge_naive_bayes(call):
    """`naive_bayes`: the numbers, `total` given or not, texts of many n-grams and words of none."""
    compare(call, naive_bayes, _cases(), _MISTAKES, axes=("task", "query", "class"))
    counts, queries, pseudo = _case(1, 3, 2, 8, 20, 4)
    also(call, naive_bayes, {"a text of 160 n-grams": (counts, queries[:, :1].repeat(1, 1, 20), pseudo)}, _LONG)
    nothing = torch.full_like(queries[:, :1], -1)
    also(call, naive_bayes, {"a word without an n-gram": (counts, torch.cat([queries, nothing], 1), pseudo)}, _NONE)
    compare(call, naive_bayes, [_case(2, 3, 5, 8, 20, 0)], axes=("task", "query", "class"), dtypes=True)
    keeps_names(call, "pseudo", "total")
