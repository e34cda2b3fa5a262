"""What `check` looks at in queries of several words, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson10.lists import together


def _case(tasks: int, n_query: int, way: int, words: int, seed: int, scale: float = 3.0) -> tuple[Tensor, int]:
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(tasks, n_query, way, generator=generator), words


def _cases() -> dict[str, tuple[Tensor, int]]:
    return {
        "2 tasks of 10 queries, by fives": _case(2, 10, 3, 5, 0),
        "20 queries by twos": _case(3, 20, 5, 2, 1),
        "one group of all queries": _case(2, 4, 2, 4, 2),
        "groups of one word": _case(2, 3, 4, 1, 3),
    }


def _groups(x: Tensor, words: int) -> Tensor:
    return x.unflatten(1, (-1, words))  # [tasks, n_query // words, words, way]


def _strided(x: Tensor, words: int) -> Tensor:
    return x.unflatten(1, (words, -1)).transpose(1, 2)


def _votes(scores, words):
    return F.one_hot(_groups(scores, words).argmax(-1), scores.shape[-1]).sum(2)


def _surest(scores, words):
    logs = _groups(scores.log_softmax(-1), words)  # [tasks, groups, words, way]
    best = logs.amax(-1).argmax(-1)[..., None, None].expand(-1, -1, 1, logs.shape[-1])
    return logs.gather(2, best).squeeze(2)


_AVERAGE = ("the probabilities of the words are averaged. That says from which language *one* of them is. All of them "
            "are from one language: their probabilities are multiplied, so their logs added.")  # fmt: skip
_PRODUCT = "these are products of the probabilities, not their logarithms: for many words they are all 0. Add logs."
_RAW = ("the scores are added as they are. Log-probabilities are asked for: log_softmax over the classes for each "
        "word, and then the sum. (The same class wins, but scores alone do not say how sure a word is.)")  # fmt: skip
_MEAN = "this is the mean of the log-probabilities. Five words that agree are surer than one: add them."
_AGAIN = ("a log_softmax was taken of the sum. What is asked for is the sum itself, of the words' log-probabilities: "
          "log_softmax of each word first, and then add.")  # fmt: skip
_NOTHING_SMALL = "log_softmax takes softmax and logarithm at once, and needs nothing small to be safe."
_SMALL = (1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
_MISTAKES = [
    (lambda s, w: _groups(s.softmax(-1), w).mean(2), _AVERAGE),
    (lambda s, w: _groups(s.softmax(-1), w).mean(2).log(), _AVERAGE),
    (lambda s, w: _groups(s.softmax(-1), w).sum(2), _AVERAGE.replace("averaged", "added")),
    (lambda s, w: _groups(s.softmax(-1), w).sum(2).log(), _AVERAGE.replace("averaged", "added, then the log taken")),
    (lambda s, w: _groups(s.softmax(-1), w).prod(2), _PRODUCT),
    (lambda s, w: _groups(s, w).sum(2), _RAW),
    (lambda s, w: _groups(s, w).mean(2), _RAW.replace("added", "averaged", 1)),
    (lambda s, w: _groups(s, w).sum(2).log_softmax(-1), _AGAIN),
    (lambda s, w: _groups(s, w).sum(2).softmax(-1), _AGAIN.replace("log_softmax was", "softmax was")),
    (lambda s, w: _groups(s, w).mean(2).log_softmax(-1), "the scores are averaged, and log_softmax is taken of that. "
     "Take it of each word, and then add."),
    (lambda s, w: _groups(s, w).mean(2).softmax(-1), "the scores are averaged, and softmax is taken of that. Take "
     "log_softmax of each word, and then add."),
    (lambda s, w: _groups(s.log_softmax(-1), w).mean(2), _MEAN),
    *((lambda s, w, e=e: _groups((s.softmax(-1) + e).log(), w).sum(2), f"{e} is added to the probabilities, which "
       f"changes the small ones. {_NOTHING_SMALL}") for e in _SMALL),
    *((lambda s, w, e=e: _groups(s.softmax(-1).clamp(min=e).log(), w).sum(2), f"probabilities below {e} are raised to "
       f"it, which changes the small ones. {_NOTHING_SMALL}") for e in _SMALL[3:]),
    (lambda s, w: together(s, w).exp(), _PRODUCT),
    (lambda s, w: -together(s, w), "every number has the wrong sign: the most probable class is to have the highest."),
    (lambda s, w: _groups(s.log_softmax(1), w).sum(2), "the softmax goes over the queries (axis 1). Each word has one "
     "probability for each class: over the last axis."),
    (lambda s, w: _groups(s.log_softmax(0), w).sum(2), "the softmax goes over the tasks (axis 0). Each word has one "
     "probability for each class: over the last axis."),
    (lambda s, w: _groups(s, w).log_softmax(2).sum(2), "the softmax goes over the words of a group. Each word has one "
     "probability for each class: over the last axis."),
    (lambda s, w: _strided(s.log_softmax(-1), w).sum(2), "the groups are dealt out in turn: queries 0, 0 + groups, ... "
     "are together. Queries that stand side by side make a group: the first `words`, then the next."),
    (lambda s, w: s.log_softmax(-1).sum(1), "all queries of a task are one group here. Each `words` of them make one."),
    (lambda s, w: s.log_softmax(-1).unflatten(1, (w, -1)).sum(2), "there are `words` groups here, of n_query // words "
     "queries each. It is the other way round: n_query // words groups of `words` queries."),
    (lambda s, w: s.log_softmax(-1).unfold(1, w, 1).sum(-1), "the groups overlap: each begins one query further on. "
     "The next group begins where the last one ended."),
    (lambda s, w: _groups(s.softmax(-1).log_softmax(-1), w).sum(2), "a softmax is taken twice of each word."),
    (lambda s, w: _groups(s.log_softmax(-1), w).prod(2), "the logarithms are multiplied. Probabilities are multiplied, "
     "and so their logarithms added."),
    (lambda s, w: _groups(F.logsigmoid(s), w).sum(2), "a sigmoid was taken of each score. One class of several is "
     "right: log_softmax over the classes."),
    (lambda s, w: s.log_softmax(-1).sum(1, keepdim=True), "all queries of a task are one group here. Each `words` of "
     "them make one."),
    (lambda s, w: s.log_softmax(-1).unflatten(1, (-1, 5)).sum(2), "groups of 5 are made, whatever `words` is."),
    (lambda s, w: s.log_softmax(-1), "nothing is added yet: `words` queries that stand side by side make one row."),
    (lambda s, w: together(s, w).mT, "groups and classes are exchanged: the axes are [tasks, groups, way]."),
    (_votes, "these are votes: how many words name each class. A word that is nearly sure should weigh more than one "
     "that hesitates: add log-probabilities."),
    (lambda s, w: _votes(s, w).float(), "these are votes: how many words name each class. A word that is nearly sure "
     "should weigh more than one that hesitates: add log-probabilities."),
    (lambda s, w: together(s, w).argmax(-1), "these are the classes that win. The sums of log-probabilities were asked "
     "for."),
    (lambda s, w: _groups(s.log_softmax(-1), w).amax(2), "this is the best word for each class: add all."),
    (_surest, "only the word that is surest is read. Add all words: four that hesitate may outweigh it."),
    (lambda s, w: _groups(s.log_softmax(-1), w)[:, :, 0], "only the first word of each group is read: add all."),
    (lambda s, w: together(s, w) / torch.tensor(2.0).log(), "the logarithm is that to base 2: log is the one that is "
     "meant."),
    (lambda s, w: together(s, w) / torch.tensor(10.0).log(), "the logarithm is that to base 10: log is the one that is "
     "meant."),
    (lambda s, w: _groups(s.abs().log(), w).sum(2), "the logarithm of the scores is taken. They are no probabilities: "
     "their softmax is."),
    (lambda s, w: _groups(s.log(), w).sum(2), "the logarithm of the scores is taken. They are no probabilities (some "
     "are below 0): their softmax is."),
]  # fmt: skip
_FAR = (
    "Where scores lie far apart, exp (which is in a softmax, too) gives 0 or infinity in a computer, and the logarithm "
    "comes too late: log_softmax takes both steps at once."
)
_RAISED = (
    "Where scores lie far apart, a probability is 0 to a computer. Something small takes its place here (it is added "
    f"to all, or is the least that they may be), and its log is not the true one. {_NOTHING_SMALL}"
)


def judge_together(call):
    """`together`: groups of several sizes, and scores that lie hundreds apart."""
    compare(call, together, _cases(), _MISTAKES, axes=("task", "group", "class"))
    far = _case(1, 4, 3, 2, 4, 300.0)
    also(call, together, {"scores that lie hundreds apart": far}, _RAISED if _raised(call, *far) else _FAR)


def _raised(call, scores: Tensor, words: int) -> bool:
    """Whether all probabilities were at least some small number before the logarithm; which, the lowest sum says."""
    try:
        found = call(scores.clone(), words).float()
    except Problem:
        return False
    small = (found.min() / words).exp()
    raised = _groups(scores.softmax(-1).clamp(min=small).log(), words).sum(2)
    return bool(small > 0) and torch.allclose(found, raised, rtol=1e-3)
