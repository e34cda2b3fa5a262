"""What `check` looks at in `query_dependence` of lesson 04: learners whose queries do or do not inform one another."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from course_lib.compute.batch_norm import batch_statistics
from course_lib.episode import Episode
from course_lib.exercises.engine import compare
from course_lib.learners.base import Learner
from course_lib.lessons.lesson04.adaptation import query_dependence


class _Toy(Learner):
    """Scores are inner products with the sum of each class's images, after a share of the queries' mean is taken off
    the query: `share` says how far queries inform one another. In evaluation, a batch norm with given averages comes
    first, which others may switch to the batch."""

    def __init__(self, share: float):
        super().__init__()
        self.share, self.norm = share, nn.BatchNorm2d(1, affine=False)
        self.norm.running_mean += 0.5

    def adapt(self, support_x, support_y, way=None):
        _look(support_x)
        one_hot = F.one_hot(support_y, way or -1).to(support_x)  # [tasks, n, way]
        return one_hot.transpose(1, 2) @ support_x.flatten(2)  # [tasks, way, pixels]

    def predict(self, adapted, query_x):
        _look(query_x)
        if not self.training:
            query_x = self.norm(query_x.flatten(0, 1)).unflatten(0, query_x.shape[:2])
        x = query_x.flatten(2)  # [tasks, n_query, pixels]
        return (x - self.share * x.mean(1, keepdim=True)) @ adapted.transpose(1, 2)


def _look(x):
    if x.ndim != 5:
        raise ValueError(f"a learner expects images [tasks, n, 1, height, width], but got {list(x.shape)}. An index "
                         "takes an axis away, a slice keeps it: x[:, i : i + 1].")  # fmt: skip


def _case(share, way, n, training, generator):
    x, q = (torch.randn(1, m, 1, 2, 2, generator=generator) for m in (way, n))
    labels = torch.arange(way)[None], torch.arange(n)[None] % way
    return _Toy(share).train(training), Episode(x, labels[0], q, labels[1], way)


def _cases():
    generator = torch.Generator().manual_seed(78)  # so that each of the mistakes below gives another number
    said = {
        "five classes and 25 queries": (0.5, 5, 25, False), "a learner in training mode": (-0.8, 3, 6, True),
        "an inductive learner": (0.0, 2, 5, False), "five classes and seven queries": (1.0, 5, 7, False),
    }  # fmt: skip
    cases = {words: _case(*what, generator) for words, what in said.items()}
    # here it is not the largest probability that changes most
    return cases | {"four classes and nine queries": _case(0.6, 4, 9, False, torch.Generator().manual_seed(9))}


def _softmax(scores):
    return scores.softmax(-1)


def _one_by_one(learner, adapted, x, left=1):
    return [learner.predict(adapted, q) for q in x.split(left, 1)]


def _amid(fill):
    """Each query among others that `fill` makes of it `[tasks, 1, ...]` and of all of them."""

    def answers(learner, adapted, x):
        found = []
        for i in range(x.shape[1]):
            others = fill(x[:, i : i + 1], x).clone()
            others[:, i] = x[:, i]
            found.append(learner.predict(adapted, others)[:, i : i + 1])
        return found

    return answers


def _without(learner, adapted, x):
    """All other queries but this one: what is left in the company when it is taken out."""
    return [learner.predict(adapted, x.roll(-i, 1)[:, :-1])[:, :1] for i in range(x.shape[1])]


def _wrong(message: str, change=_softmax, summary=lambda d, y: d.abs().max(), alone=_one_by_one, on="support",
           apart=True, way=None):  # fmt: skip
    """A mistake: the measure with one thing otherwise; `apart` if single answers are changed before they are joined."""

    def measure(learner, episode):
        adapted = learner.adapt(getattr(episode, f"{on}_x"), getattr(episode, f"{on}_y"), way or episode.way)
        together = change(learner.predict(adapted, episode.query_x))
        parts = alone(learner, adapted, episode.query_x)
        other = torch.cat([change(part) for part in parts], 1) if apart else change(torch.cat(parts, 1))
        found = summary(together[:, : other.shape[1]] - other, episode.query_y[:, : other.shape[1]])
        return found if isinstance(found, torch.Size) else found.item()

    return measure, message


def _of_class(d, y):
    return d.gather(-1, y.unsqueeze(-1)).abs().max()


def _by_batch(learner, episode):
    with batch_statistics(learner):
        return query_dependence(learner, episode)


def _in_mode(training: bool):
    """The mode is set for the questions, and put back."""

    def measure(learner, episode):
        before = learner.training
        found = query_dependence(learner.train(training), episode)
        learner.train(before)
        return found

    return measure


def _one_sided(of_together, of_alone):
    def measure(learner, episode):
        adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
        alone = torch.cat(_one_by_one(learner, adapted, episode.query_x), 1)
        together = learner.predict(adapted, episode.query_x)
        return (of_together(together) - of_alone(alone)).abs().max().item()

    return measure


def _crossed(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    alone = torch.cat(_one_by_one(learner, adapted, episode.query_x), 0)  # [n_query, 1, way]
    return (learner.predict(adapted, episode.query_x).softmax(-1) - alone.softmax(-1)).abs().max().item()


def _anew(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    together, largest = learner.predict(adapted, episode.query_x).softmax(-1), 0.0
    for i in range(episode.query_x.shape[1]):
        q, y = episode.query_x[:, i : i + 1], episode.query_y[:, i : i + 1]
        alone = learner.predict(learner.adapt(q, y, episode.way), q).softmax(-1)
        largest = max(largest, (together[:, i : i + 1] - alone).abs().max().item())
    return largest


_SUMMARIES = (lambda d, y: d.abs().max(), lambda d, y: d.abs().mean(), lambda d, y: d.abs().sum(),
              lambda d, y: (d != 0).float().mean(), lambda d, y: (d != 0).float().sum(),
              lambda d, y: (d != 0).float().max())  # fmt: skip
_SCORES = ("it compares scores. A number added to all scores of a query changes nothing: compare probabilities, the "
           "softmax of them.")  # fmt: skip
_OVER_QUERIES = "softmax runs over the queries. It runs over the classes, the last axis."
_LABELS = "it compares predicted labels. Probabilities change before labels do: compare those."
_NOT_ALONE = "each query still has company: {}. Ask it alone, as query_x[:, i : i + 1]."
_TO_QUERIES = "it adapts to the query set. Adapt to the support set: the queries are only asked."
_MISTAKES = [
    *(_wrong(_SCORES, change=lambda s: s, summary=summary) for summary in _SUMMARIES[:2]),
    *(_wrong(_OVER_QUERIES, change=lambda s: s.softmax(1), apart=apart, summary=summary)
      for apart in (True, False) for summary in _SUMMARIES[:2]),
    *(_wrong(_LABELS, change=lambda s: s.argmax(-1).float(), summary=summary) for summary in _SUMMARIES),
    _wrong("it compares logarithms of probabilities. Compare the probabilities, softmax and not log_softmax.",
           change=lambda s: s.log_softmax(-1)),
    _wrong("that is a sigmoid for each class. Probabilities of classes are the softmax over the last axis.",
           change=torch.sigmoid),
    _wrong("it takes the mean difference. Most queries may hardly change; report the largest.",
           summary=lambda d, y: d.abs().mean()),
    _wrong("it takes the smallest difference. Report the largest.", summary=lambda d, y: d.abs().min()),
    _wrong("it takes the largest *signed* difference, so a fall does not count: .abs() first.",
           summary=lambda d, y: d.max()),
    _wrong("it takes the largest *signed* difference, so a rise does not count: .abs() first.",
           summary=lambda d, y: (-d).max()),
    _wrong("it adds up the differences. Report the largest.", summary=lambda d, y: d.abs().sum()),
    _wrong("it adds up the differences over the classes. Report the largest one of all.",
           summary=lambda d, y: d.abs().sum(-1).max()),
    _wrong("it takes half the sum over the classes. Report the largest difference of a single class.",
           summary=lambda d, y: d.abs().sum(-1).max() / 2),
    _wrong("it averages over the classes. Report the largest one of all.", summary=lambda d, y: d.abs().mean(-1).max()),
    _wrong("it averages over the queries. Report the largest.", summary=lambda d, y: d.abs().amax(-1).mean()),
    _wrong("it takes the length of the difference over the classes, a root of squares. Report the largest difference "
           "of a single class.", summary=lambda d, y: d.norm(dim=-1).max()),
    _wrong("it squares the difference. Report it as it is, without sign.", summary=lambda d, y: d.square().max()),
    _wrong("it looks only at the probability of the right class. A change between two others counts too: all classes.",
           summary=_of_class),
    _wrong("it gives a difference for each query. Report the largest of all, one number.",
           summary=lambda d, y: d[0, :, 0].shape),
    _wrong("it gives a difference for each query. Report the largest of all, one number.",
           summary=lambda d, y: d[:, :, 0].shape),
    _wrong("it gives a difference for each class. Report the largest of all, one number.",
           summary=lambda d, y: d[0, 0].shape),
    _wrong("it gives a difference for each query and class. Report the largest of all, one number.",
           summary=lambda d, y: d.shape),
    _wrong("it gives a difference for each query and class. Report the largest of all, one number.",
           summary=lambda d, y: d[0].shape),
    (_by_batch, "it switches batch norm to the statistics of the batch at hand. Ask the learner as it is."),
    *((_in_mode(training), "it sets the mode of the learner while it asks. In the other mode answers may differ: leave "
       "it as it is.") for training in (False, True)),
    (lambda learner, episode: 0.0,
     "it finds no difference where there is one, as if answers were compared with themselves (query_x[i : i + 1] cuts "
     "the axis of *tasks*; axis 1 counts the queries), or only the *order* of the queries changed, or only labels were "
     "compared. Ask each query alone, and compare probabilities."),
    _wrong("it takes every task to have five classes. Hand on episode.way.", way=5),
    _wrong(_TO_QUERIES, on="query"),
    *(_wrong(f"it asks the queries {word} at a time. Ask each of them alone.",
             alone=lambda *args, n=n: _one_by_one(*args, n)) for n, word in ((2, "two"), (5, "five"))),
    _wrong("it asks the queries in two halves. Ask each of them alone.",
           alone=lambda learner, adapted, x: [learner.predict(adapted, q) for q in x.tensor_split(2, 1)]),
    _wrong("it asks the queries in two halves. Ask each of them alone.",
           alone=lambda learner, adapted, x: [learner.predict(adapted, q) for q in (x[:, : x.shape[1] // 2],
                                                                                    x[:, x.shape[1] // 2 :])]),
    (_anew, "for the questions one by one it adapts anew, to the query itself. Adapt once, to the support set, and ask "
            "what was learned there."),
    _wrong("it compares only the largest probability of each query, its confidence. Another class may change more: all "
           "classes count.", change=lambda s: s.softmax(-1).amax(-1)),
    _wrong(_NOT_ALONE.format("images of zeros are images, too"), alone=_amid(lambda q, x: torch.zeros_like(x))),
    _wrong("it takes one query away and asks the others. Ask each of them alone.", alone=_without),
    *(_wrong(f"only {which} is asked alone. The largest difference may be at another: ask each of them.",
             summary=lambda d, y, part=part: d[:, part].abs().max())
      for which, part in (("the first query", slice(1)),)),
    _wrong("only the last query counts. Keep the largest difference of all: of the one so far and the new one.",
           summary=lambda d, y: d[:, -1].abs().max()),
    _wrong("it reports the query that changes least. Report the largest difference.",
           summary=lambda d, y: d.abs().amax(-1).min()),
    (_crossed, "each answer alone is compared with those of *all* queries: they are joined along the wrong axis. Axis "
               "1 counts the queries: torch.cat(..., 1)."),
    *((_one_sided(*sides), "it compares probabilities with scores: take the softmax of both.")
      for sides in ((_softmax, lambda s: s), (lambda s: s, _softmax))),
    *(_wrong(f"the loop leaves out the {which} query: ask each of them alone.",
             summary=lambda d, y, part=part: d[:, part].abs().max())
      for which, part in (("last", slice(-1)), ("first", slice(1, None)))),
    *(_wrong(f"it compares only the {which} class. All classes count.",
             summary=lambda d, y, part=part: d[..., part].abs().max()) for which, part in (("first", 0), ("last", -1))),
]  # fmt: skip


def judge_dependence(call):
    """`query_dependence`: the value on learners of known dependence, in either mode."""
    compare(call, query_dependence, _cases(), _MISTAKES)
