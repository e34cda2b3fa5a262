"""What `check` looks at in `query_dependence` of lesson 04: learners whose queries do or do not inform one another."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from course_lib.episode import Episode
from course_lib.exercises.engine import compare
from course_lib.learners.base import Learner
from course_lib.lessons.lesson04.adaptation import query_dependence


class _Toy(Learner):
    """Scores are inner products with the sum of each class's images, after a share of the queries' mean is taken off
    the query: `share` says how far queries inform one another."""

    def __init__(self, share: float):
        super().__init__()
        self.share = share

    def adapt(self, support_x, support_y, way=None):
        one_hot = F.one_hot(support_y, way).to(support_x)  # [tasks, n, way]
        return one_hot.transpose(1, 2) @ support_x.flatten(2)  # [tasks, way, pixels]

    def predict(self, adapted, query_x):
        x = query_x.flatten(2)  # [tasks, n_query, pixels]
        return (x - self.share * x.mean(1, keepdim=True)) @ adapted.transpose(1, 2)


def _cases():
    generator = torch.Generator().manual_seed(43)  # so that each of the mistakes below gives another number
    for share, way, n in ((0.5, 3, 4), (0.0, 2, 5), (1.0, 5, 7)):
        x, q = (torch.randn(1, m, 1, 2, 2, generator=generator) for m in (way, n))
        labels = torch.arange(way)[None], torch.arange(n)[None] % way
        yield _Toy(share).eval(), Episode(x, labels[0], q, labels[1], way)


def _wrong(change=lambda scores: scores.softmax(-1), summary=lambda d: d.abs().max(), alone=None, left=1,
           on="support"):
    """The measure with one mistake."""

    def measure(learner, episode):
        adapted = learner.adapt(getattr(episode, f"{on}_x"), getattr(episode, f"{on}_y"), episode.way)
        together = change(learner.predict(adapted, episode.query_x))
        if alone is not None:
            other = alone(learner, adapted, episode)
        else:
            parts = [learner.predict(adapted, q) for q in episode.query_x.split(left, 1)]
            other = torch.cat(parts, 1)
        return summary(together - change(other)).item()

    return measure


def _with_others(learner, adapted, episode):
    return learner.predict(adapted, episode.query_x.flip(1)).flip(1)


_MISTAKES = [
    (_wrong(change=lambda s: s), "it compares scores. A number added to all scores of a query changes nothing: "
                                 "compare probabilities, the softmax of them."),
    (_wrong(change=lambda s: s.softmax(1)), "softmax runs over the queries. It runs over the classes, the last axis."),
    (_wrong(summary=lambda d: d.abs().mean()), "it takes the mean difference. Most queries may hardly change; report "
                                               "the largest."),
    (_wrong(summary=lambda d: d.max()), "it takes the largest *signed* difference, so a fall does not count: .abs() "
                                        "first."),
    (_wrong(summary=lambda d: d.abs().sum()), "it adds up the differences. Report the largest."),
    (_wrong(summary=lambda d: d.abs().sum(-1).max()), "it adds up the differences over the classes. Report the "
                                                      "largest one of all."),
    (_wrong(summary=lambda d: d.abs().amax(-1).mean()), "it averages over the queries. Report the largest."),
    (_wrong(summary=lambda d: d.square().max()), "it squares the difference. Report it as it is, without sign."),
    (_wrong(alone=_with_others), "it only changes the *order* of the queries. They are all still there: ask each of "
                                 "them alone."),
    (_wrong(change=lambda s: s.argmax(-1).float()), "it compares predicted labels. Probabilities change before "
                                                    "labels do: compare those."),
    (_wrong(on="query"), "it adapts to the query set. Adapt to the support set: the queries are only asked."),
    (_wrong(left=2), "it asks the queries two at a time. Ask each of them alone."),
]  # fmt: skip


def judge_dependence(call):
    """`query_dependence`: the value on learners of known dependence."""
    compare(call, query_dependence, _cases(), _MISTAKES)
