"""What `check` looks at in the exact rule for Markov chains, and which mistakes it knows."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson10.exact_rule import count_pairs, markov_scores


def _case(tasks, way, n_query, letters, length, seed, concentration, short=()) -> tuple[Tensor, Tensor, float]:
    """Counts of 3 support words a class, and queries; those in `short` end two letters earlier, in padding."""
    generator = torch.Generator().manual_seed(seed)
    draw = partial(torch.randint, generator=generator)
    skewed = 1 + draw(letters, (tasks, way * 3, length)) * draw(2, (tasks, way * 3, length))  # many of the letter 1
    counts = count_pairs(skewed, torch.arange(way).repeat_interleave(3).expand(tasks, -1), way, letters)
    queries = 1 + draw(letters, (tasks, n_query, length)) * draw(2, (tasks, n_query, length))
    for query in short:
        queries[:, query, -2:] = 0
    return counts, queries, concentration


def _cases() -> dict[str, tuple[Tensor, Tensor, float]]:
    return {
        "2 tasks of 3 languages with 6 letters, concentration 0.3": _case(2, 3, 4, 6, 8, 0, 0.3),
        "words of several lengths": _case(2, 2, 3, 4, 7, 1, 0.5, short=(1,)),
        "3 letters, concentration 1": _case(1, 3, 3, 3, 6, 2, 1.0),
        "a single query in two languages, concentration 2": _case(1, 2, 1, 5, 9, 3, 2.0),
    }


def _rule(counts, queries, a, *, own="pass", row="pass", top="a", bottom="letters * a", first=False, padding="",
          shared="", step=1.0, turned=False, plain=False):  # fmt: skip
    """The rule with some part of it another: own and row say when the query's own letters count, for n and for N;
    shared says between what they are carried on."""
    counts = counts.mT if turned else counts
    letters, seen = counts.shape[-1], counts.clone()
    found = torch.zeros(len(counts), queries.shape[1], counts.shape[1])
    for t, words in enumerate(queries.tolist()):
        for q, word in enumerate(words):
            pairs = [(i - 1, j - 1) for i, j in zip(word[:-1], word[1:], strict=True)
                     if (i and j) or padding == "all" or (i and padding)]  # fmt: skip
            for k in range(counts.shape[1]):
                found[t, q, k] = _word(seen[t, k] if shared else counts[t, k].clone(), pairs, a, letters, own, row, top,
                                       bottom, step, plain) - first * torch.tensor(float(letters)).log()  # fmt: skip
    return found


def _times(bottom, letters: int) -> int:
    """How many times a is added to N: a number, or in words."""
    return bottom if isinstance(bottom, int) else {"a": 1, "pairs * a": letters**2}.get(bottom, 0)


def _word(n, pairs, a, letters, own, row, top, bottom, step, plain):
    start, score = n.clone(), 0.0
    for i, j in pairs:
        if "before" in (own, row):
            for x, y in pairs if (i, j) == pairs[0] and n.equal(start) else ():
                n[x, y] += 1
        if own == "first":
            n[i, j] += step
        seen_pairs, seen_row = (n if own != "never" else start), (n if row != "never" else start)
        upper = seen_pairs[i, j] + {"a": a, "1": 1.0, "0": 0.0}[top]
        total = seen_row.sum(0)[j] if plain else seen_row[i].sum()
        lower = {"letters * a": total + letters * a, "letters": total + letters, "0": total, "none": torch.tensor(1.0),
                 "all": seen_row.sum() + letters * a}.get(bottom, total + _times(bottom, letters) * a)  # fmt: skip
        score = score + (upper / lower).log()
        if own == "turned":
            n[j, i] += step
        if "pass" in (own, row) and own in ("pass", "never"):
            n[i, j] += step
    return score


def _changed(of_result=None, of_counts=None, of_queries=None):
    def answer(counts, queries, a):
        counts = of_counts(counts) if of_counts else counts
        queries = of_queries(queries) if of_queries else queries
        found = markov_scores(counts, queries, a)
        return of_result(found, queries) if of_result else found

    return answer


def _length(queries):
    return ((queries > 0).sum(-1, keepdim=True) - 1).clamp(min=1)


def _of_pairs(counts, queries, a):
    """Pairs of letters that do not know what stood before: n of all pairs."""
    return _rule(counts, queries, a, bottom="all")


def _single_letters(counts, queries, a):
    times, letters = counts.sum(-2), counts.shape[-1]  # [tasks, way, letters]
    logs = ((times + a) / (times.sum(-1, keepdim=True) + letters * a)).log()
    index = (queries[..., 1:] - 1).clamp(min=0).unsqueeze(2).expand(-1, -1, counts.shape[1], -1)
    found = logs.unsqueeze(1).expand(-1, queries.shape[1], -1, -1).gather(3, index)
    return (found * (queries[..., 1:] > 0).unsqueeze(2)).sum(-1)


_OWN = "the query's own letters"
_MISTAKES = [
    (partial(_rule, own="never", row="never"), f"{_OWN} are not counted. If *ab* has come once in the word itself, it "
     "is more probable to come again, in every language: add 1 to its count after each pair."),
    (partial(_rule, own="before"), f"{_OWN} are counted before the word is read: each letter is scored as if it had "
     "been seen already, and those after it too. Score a pair first, and count it after that."),
    (partial(_rule, own="first"), "each pair is counted before it is scored, so it is scored as if it had been seen "
     "already. Score it first."),
    (partial(_rule, row="never"), f"{_OWN} are counted in n but not in N: when a letter has followed i, one more has. "
     "Take the sum of the row anew for each pair."),
    (partial(_rule, own="never", row="pass"), f"{_OWN} are counted in N but not in n."),
    (partial(_rule, bottom="a"), "the denominator has a once: every letter that may follow has its own a, so it is "
     "N + letters * a, and the probabilities of all letters sum to 1."),
    (partial(_rule, bottom="letters"), "the denominator has `letters` in place of letters * a."),
    (partial(_rule, bottom="pairs * a"), "the denominator has a for every pair of letters. One row is asked: "
     "letters * a."),
    (partial(_rule, bottom="0"), "the denominator is N alone: a is to be added for each letter that may follow, "
     "letters * a."),
    (partial(_rule, bottom="none"), "the denominator is missing: (n + a) / (N + letters * a)."),
    (_of_pairs, "N is the number of all pairs. It should be the number of those that begin with the same letter: the "
     "sum of one row."),
    (partial(_rule, plain=True), "N is the sum of a column: how often the second letter came. It should be how often "
     "the first one was followed by any, the sum of its row."),
    (partial(_rule, top="0"), "a is missing in the numerator: a pair that was not seen would be impossible."),
    (partial(_rule, top="0", bottom="0"), "a is not used: a pair that was not seen would be impossible."),
    (lambda c, q, a: markov_scores(c, q, 1.0), "`concentration` is not used: 1 is added to each count."),
    (lambda c, q, a: markov_scores(c, q, 0.3), "`concentration` is not used: it is 0.3, whatever is asked for."),
    (lambda c, q, a: _rule(c, q, 1.0, own="never", row="never"), f"1 is added to each count, whatever `concentration` "
     f"is, and {_OWN} are not counted."),
    (lambda c, q, a: markov_scores(c, q, a / c.shape[-1]), "a is divided by the number of letters. Each letter has a."),
    (partial(_rule, turned=True), "rows and columns are exchanged: row i, column j is how often j comes *after* i."),
    (partial(_rule, first=True), "the first letter is scored too, by 1 / letters. It is the same for all classes; the "
     "sum has one logarithm for each letter but the first."),
    (partial(_rule, padding="all"), "padding is read as if it were a letter: 0 - 1 is -1, which in Python is the last "
     "one. A word ends where its letters end."),
    (partial(_rule, own="turned"), f"{_OWN} are counted in the wrong place: behind the pair i, j the number in row i, "
     "column j grows."),
    (partial(_rule, padding="into"), "the step from the last letter into padding is scored too. A word ends where its "
     "letters end."),
    (_changed(of_queries=lambda q: q.clamp(min=1)), "padding is read as if it were letter 1. A word ends where its "
     "letters end."),
    (_single_letters, "the letter before is not used: this scores each letter by how often it comes at all."),
    *((partial(_rule, bottom=n), f"the denominator is N + {n} * a, whatever the number of letters is.")
      for n in (3, 4, 5, 6, 7, 26)),
    (partial(_rule, shared="query"), f"{_OWN} go on to the next query: words that are asked do not teach each other. "
     "Take a fresh copy of the counts (clone) for each query."),
    (partial(_rule, step=0.5), "each pair that was read counts by one half."),
    (partial(_rule, own="never", row="never", first=True), f"{_OWN} are not counted, and the first letter is scored."),
    (_changed(lambda s, q: s.exp()), "these are probabilities, not their logarithms: add logs."),
    (_changed(lambda s, q: s / _length(q)), "the scores are divided by the number of letters: a sum is asked for."),
    (_changed(lambda s, q: s / q.shape[-1]), "the scores are divided by the length of the row: a sum is asked for."),
    (_changed(lambda s, q: -s), "every score has the wrong sign: the most probable class is to have the highest."),
    (_changed(lambda s, q: s.softmax(-1)), "these are probabilities of the classes (a softmax was taken). The log "
     "probability of each *word* in each class is asked for."),
    (_changed(lambda s, q: s.log_softmax(-1)), "a log_softmax over the classes was taken. The log probability of each "
     "*word* in each class is asked for."),
    (_changed(lambda s, q: s.mT), "queries and classes are exchanged: the axes are [tasks, n_query, way]."),
    (_changed(lambda s, q: s / torch.tensor(2.0).log()), "the logarithm is that to base 2: log is the one that is "
     "meant."),
    (_changed(lambda s, q: s / torch.tensor(10.0).log()), "the logarithm is that to base 10: log is the one that is "
     "meant."),
    (_changed(of_counts=lambda c: c[:1].expand_as(c)), "every task is scored with the counts of the first task."),
    (_changed(of_counts=lambda c: c[:, :1].expand_as(c)), "every class is scored with the counts of the first class."),
    (_changed(of_queries=lambda q: q[:1].expand_as(q)), "every task gets the queries of the first task."),
    (_changed(of_queries=lambda q: torch.cat([q[..., :-1], 0 * q[..., -1:]], -1)), "the last pair of each word is "
     "missing."),
    (_changed(of_queries=lambda q: q[..., 1:]), "the first pair of each word is missing: its second letter is scored, "
     "too."),
    (_changed(of_queries=lambda q: torch.cat([q[..., :1], q[..., :2] * 0], -1)), "only the first letter is read."),
    (_changed(of_result=lambda s, q: s.argmax(-1)), "these are the classes that win. The scores were asked for."),
]  # fmt: skip

_LONG = "A product of many probabilities is too small for a number, and its logarithm minus infinity: add logarithms."
_FROM_0 = "Letters are 1 ... letters, and rows and columns begin at 0: letter i has row i - 1."
_COPY = ("it changes `counts` in place, which other queries still need: take a copy (.clone()) for each query, and "
         "count in that.")  # fmt: skip
_SHORT = "Such a word has no pair of letters, so it says nothing: its score is 0 for every class."


def judge_exact(call):
    """`markov_scores`: several letters and concentrations, padding, long words, words of one letter."""
    try:
        compare(call, markov_scores, _cases(), _MISTAKES, axes=("task", "query", "class"))
    except Problem as problem:
        if "IndexError" in str(problem) or "out of bounds" in str(problem):
            raise Problem(f"{problem}\n  {_FROM_0}") from None
        if "changes `counts` in place" in str(problem):
            raise Problem(_COPY) from None
        raise
    also(call, markov_scores, {"words of 200 letters": _case(1, 2, 2, 6, 200, 5, 0.3)}, _LONG)
    counts, queries, a = _case(1, 2, 2, 4, 5, 6, 0.3)
    queries[:, 1, 1:] = 0
    also(call, markov_scores, {"a word of one letter": (counts, queries, a)}, _SHORT)
    compare(call, markov_scores, [_case(1, 3, 3, 3, 6, 2, 1.0)], (), axes=("task", "query", "class"), dtypes=True)
    keeps_names(call, "concentration")
