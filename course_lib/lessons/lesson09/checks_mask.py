"""What `check` looks at in the context's mask of lesson 09, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson09.by_attention import context_mask


def _kinds(n_support: Tensor, n_query: int) -> tuple[Tensor, Tensor, Tensor]:
    """Which tokens are support pairs, padding and queries: three times `[tasks, n]`, bool."""
    most = int(n_support.max())
    places = torch.arange(most + n_query).expand(len(n_support), -1)
    pair, query = places < n_support.unsqueeze(1), places >= most
    return pair, ~pair & ~query, query


def _grid(rows: Tensor, columns: Tensor) -> Tensor:
    """Where a token of one kind looks at a token of another: `[tasks, n, n]`."""
    return rows.unsqueeze(2) & columns.unsqueeze(1)


def _but(change):
    """The right mask changed: by (mask, pair, padding, query, itself), the last the diagonal."""

    def mask(n_support, n_query):
        right = context_mask(n_support, n_query)
        itself = torch.eye(right.shape[1], dtype=torch.bool).expand_as(right)
        return change(right, *_kinds(n_support, n_query), itself)

    return mask


def _placed(start):
    """All look at the pairs of their task, which are taken to stand from another token on."""

    def mask(n_support, n_query):
        most = int(n_support.max())
        first = start(n_support, most, n_query).unsqueeze(1)
        places = torch.arange(most + n_query)
        seen = (places >= first) & (places < first + n_support.unsqueeze(1))
        return seen.unsqueeze(1).expand(-1, most + n_query, -1)

    return mask


def _size(n_support: Tensor, n) -> torch.Size:
    return torch.Size((len(n_support), int(n), int(n)))


def _off_by(more: int):
    def mask(n_support, n_query):
        right = context_mask(n_support, n_query)
        n = right.shape[1]
        return (torch.arange(n) < n_support.unsqueeze(1) + more).unsqueeze(1).expand(-1, n, -1)

    return mask


_SEEN = "nobody looks at a query, not even at itself: its y is unknown, and the 0 in its place is no data."
_PADDING = ("padding is looked at. It is no support pair: in task t only the first n_support[t] tokens are. Answers "
            "must not depend on how much padding there is.")  # fmt: skip
_EMPTY = ("the rows of padding are empty. A softmax over nothing is NaN, and NaN in a value that counts 0 times is NaN "
          "once more: let padding look at the support pairs, too. Nobody looks at it.")  # fmt: skip
_CHAIN = ("support pairs look at queries. Then, one layer later, each query sees all the others through them; and "
          "what a pair becomes must be known before any query is: adapt comes before predict.")  # fmt: skip
_LOWER = ("a support pair looks only at those before it, as in a language model. Then their order matters, and a "
          "support set has none: each pair looks at all of them.")  # fmt: skip

_MISTAKES = [
    (_but(lambda m, *_: ~m), "it is inverted: True where a token may *not* look (torch.nn.MultiheadAttention has it "
     "so). Here True means that it may, as in scaled_dot_product_attention."),
    (_but(lambda m, *_: m.mT), "rows and columns are exchanged: the row is the token that looks, the column the one "
     "that is looked at."),
    (_but(lambda m, *_: ~m.mT), "it is inverted, and rows and columns are exchanged."),
    (_but(lambda m, s, p, q, i: m | (_grid(q, q) & i)), "a query looks at itself. " + _SEEN.capitalize()),
    (_but(lambda m, s, p, q, i: m | i), "every token looks at itself, queries and padding, too. " + _SEEN.capitalize()),
    (_but(lambda m, s, p, q, i: (m & ~_grid(p, s)) | (_grid(q, q) & i)), "a query looks at itself, and the rows of "
     "padding are empty. " + _SEEN.capitalize()),
    (_but(lambda m, s, p, q, i: (m & ~_grid(p, s)) | (~_grid(s, s) & i)), "queries and padding look at themselves. "
     + _SEEN.capitalize()),
    (_but(lambda m, s, p, q, i: m | _grid(q, q)), "queries look at queries. An answer must not depend on what else is "
     "asked."),
    (_but(lambda m, s, p, q, i: (m & ~_grid(p, s)) | _grid(q, q)), "queries look at queries, and the rows of padding "
     "are empty."),
    (_but(lambda m, s, p, q, i: m | _grid(s, q)), _CHAIN),
    (_but(lambda m, s, p, q, i: m | _grid(s, q) | _grid(p, q)), _CHAIN),
    (_but(lambda m, s, p, q, i: m | _grid(~p & True, q)), "everybody looks at queries. An answer must not depend on "
     "what else is asked, and what a pair becomes must be known before any query is."),
    (_but(lambda m, s, p, q, i: _grid(s | p | q, s | q)), "everybody looks at queries. An answer must not depend on "
     "what else is asked, and what a pair becomes must be known before any query is."),
    (_but(lambda m, s, p, q, i: _grid(s | q, s | q)), "everybody looks at queries, and the rows of padding are empty."),
    (_but(lambda m, s, p, q, i: m | True), "everybody looks at everybody. Answers then depend on padding and on the "
     "other queries."),
    (_but(lambda m, s, p, q, i: _grid(s | p | q, s | p)), _PADDING),
    (_but(lambda m, s, p, q, i: _grid(s | p | q, s | p) | (_grid(q, q) & i)), _PADDING + " And a query looks at "
     "itself: nobody looks at a query."),
    (_but(lambda m, s, p, q, i: m | _grid(p, p)), "padding looks at padding. Its columns are False in every row."),
    (_but(lambda m, s, p, q, i: (m & ~_grid(p, s)) | _grid(p, p)), "padding looks at padding. Its columns are False in "
     "every row; what its rows look at is the support set."),
    (_but(lambda m, s, p, q, i: (m & ~_grid(p, s)) | (_grid(p, p) & i)), "padding looks at itself. Its columns are "
     "False in every row; what its rows look at is the support set."),
    (_but(lambda m, s, p, q, i: m & ~_grid(p, s)), _EMPTY),
    (_but(lambda m, s, p, q, i: m & ~_grid(s | p, s)), "only queries look. Support pairs look at one another, too; and "
     "where a row is empty, softmax gives NaN."),
    (_but(lambda m, s, p, q, i: m & ~_grid(q, s)), "queries look at nothing, so no answer can be read: they look at "
     "the support pairs."),
    (_but(lambda m, s, p, q, i: m & ~_grid(q | p, s)), "queries look at nothing, so no answer can be read: they look "
     "at the support pairs."),
    (_but(lambda m, s, p, q, i: m & ~i), "a support pair does not look at itself. It may: it is one of the support "
     "pairs. With a single pair its row would be empty, and softmax NaN."),
    (_but(lambda m, s, p, q, i: m & ~(_grid(s, s) & ~i)), "a support pair looks at itself alone. It looks at all pairs "
     "of its task: what a pair says depends on the others."),
    (_but(lambda m, *_: m.tril()), _LOWER),
    (_but(lambda m, s, p, q, i: m & ~_grid(p, s) & torch.ones_like(m).tril()), _LOWER),
    (_but(lambda m, s, p, q, i: torch.ones_like(m).tril()), "this is the mask of a language model: each token looks at "
     "those before it. Support pairs have no order, and nobody looks at a query or at padding."),
    (_but(lambda m, *_: m[:1].expand_as(m)), "every task gets the mask of the first one. Each has its own number of "
     "support pairs."),
    (_but(lambda m, *_: m[:, 0]), "the axis of rows is missing: who looks? [tasks, n, n], and every row is alike."),
    (_but(lambda m, *_: m.unsqueeze(1)), "there is an axis for heads in it: [tasks, n, n] is asked for. Whoever has "
     "heads will add that axis."),
    (_but(lambda m, s, p, q, i: m[:, q[0]]), "only the rows of queries are there. Support pairs and padding have rows, "
     "too: [tasks, n, n]."),
    (_but(lambda m, s, p, q, i: m[:, :, ~q[0]]), "the columns of queries are missing: they are there, and False in "
     "every row."),
    (_but(lambda m, s, p, q, i: m | _grid(q, p)), _PADDING), (_but(lambda m, s, p, q, i: m | _grid(s, p)), _PADDING),
    (_but(lambda m, s, p, q, i: (m & ~_grid(p, s)) | _grid(q, p)), _PADDING + " And the rows of padding are empty."),
    (_but(lambda m, s, p, q, i: m | _grid(p, s | p | q)), "padding looks at everything. At padding and queries nobody "
     "looks, not even padding: their columns are False in every row."),
    (_but(lambda m, s, p, q, i: m | (_grid(q, q) & torch.ones_like(m).tril())), "queries look at the queries before "
     "them. An answer must not depend on what else is asked."),
    (_but(lambda m, s, p, q, i: m | (_grid(q, q) & torch.ones_like(m).tril(-1))), "queries look at the queries before "
     "them. An answer must not depend on what else is asked."),
    (_but(lambda m, s, p, q, i: (m & ~_grid(q, s)) | (_grid(q, q) & i)), "queries look at themselves alone, so no "
     "answer can be read: they look at the support pairs."),
    (_placed(lambda k, most, n_query: most - k), "the support pairs are taken to stand behind the padding. They stand "
     "first: tokens 0 to n_support[t] - 1."),
    (_placed(lambda k, most, n_query: n_query + 0 * k), "the queries are taken to stand first. Support pairs stand "
     "first, then padding, then the queries."),
    (_off_by(1), "one token too many is looked at: in task t the pairs are tokens 0 to n_support[t] - 1, so <, not "
     "<=."),
    (_off_by(-1), "one pair too few is looked at: in task t the pairs are tokens 0 to n_support[t] - 1."),
]  # fmt: skip


def _inverted(formula):
    def mask(n_support, n_query):
        return ~formula(n_support, n_query)

    return mask


_MISTAKES += [
    (_inverted(formula), "it is inverted: here True means that a token *may* look. Once that is put right: " + text)
    for formula, text in _MISTAKES[3:]
] + [
    (_but(lambda m, *_: torch.Size(m.shape[1:])), "there is one mask for all tasks. Each has its own number of "
     "support pairs: [tasks, n, n]."),
    (lambda n_support, n_query: _size(n_support, n_support[0] + n_query), "the number of tokens is that of the first "
     "task. All tasks have as many as the largest needs: max(n_support) + n_query."),
    (lambda n_support, n_query: _size(n_support, n_support.min() + n_query), "the number of tokens is that of the "
     "smallest task. All have as many as the largest needs: max(n_support) + n_query."),
    (lambda n_support, n_query: _size(n_support, n_support.max()), "the queries are missing: there are "
     "max(n_support) + n_query tokens."),
    (lambda n_support, n_query: _size(n_support, n_support.sum() + n_query), "the support pairs of all tasks stand in "
     "one row. Each task has a table of its own, with max(n_support) + n_query tokens."),
]  # fmt: skip


def _cases():
    return {
        "three tasks with 3, 5 and 2 pairs, 2 queries": (torch.tensor([3, 5, 2]), 2),
        "a single task of 4 pairs, 3 queries (no padding)": (torch.tensor([4]), 3),
        "two tasks of 2 pairs each, one query": (torch.tensor([2, 2]), 1),
        "four tasks with 1, 10, 6 and 1 pairs, 8 queries": (torch.tensor([1, 10, 6, 1]), 8),
    }


def judge_mask(call):
    """`context_mask`: uneven tasks, a task alone, tasks with a single pair."""

    def as_bool(*args):
        mask = call(*args)
        if isinstance(mask, Tensor) and mask.dtype != torch.bool:
            said = ("0 and -inf are what is *added* to the scores" if mask.is_floating_point() and mask.isinf().any()
                    else "numbers would be added to the scores")  # fmt: skip
            raise Problem(f"the mask should be of bool, True and False, but it is {str(mask.dtype)[6:]}: {said}. "
                          "A comparison (<) gives bool.")  # fmt: skip
        return mask

    try:
        compare(as_bool, context_mask, _cases(), _MISTAKES, axes=("task", "row", "column"))
    except Problem as problem:
        if not str(problem).startswith("the numbers differ"):
            raise
        for said, args in _cases().items():
            if faults := _faults(as_bool(*args), *args):
                raise Problem(f"{'; '.join(faults)}. That is for {said}.") from None


def _faults(mask: Tensor, n_support: Tensor, n_query: int) -> list[str]:
    """Who looks at whom and should not, and who does not and should."""
    wrong, right = mask != context_mask(n_support, n_query), context_mask(n_support, n_query)
    kinds = dict(zip(("support pairs", "tokens of padding", "queries"), _kinds(n_support, n_query), strict=True))
    faults = []
    for who, rows in kinds.items():
        for whom, columns in kinds.items():
            there = wrong & _grid(rows, columns)
            if there.any():
                t, i, j = there.nonzero()[0].tolist()
                does = "do not look at all" if right[t, i, j] else "look at"
                faults.append(f"{who} {does} {whom} (in task {t}, token {i} at token {j})")
    return faults
