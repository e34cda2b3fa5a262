"""What `check` looks at in the exercises of lesson 07, and which mistakes it knows."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import batch_statistics
from course_lib.exercises.engine import Problem, compare
from course_lib.learners.relation import RelationNet, concatenate_pairs, first_layer, relation_loss
from course_lib.lessons.lesson07.vectors import ring_task
from course_lib.models import Conv4


def _random(*shapes, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator) for shape in shapes]


def _along(axis):
    """Pairs joined along an axis that is not the channels', where the shapes allow it."""

    def pairs(classes, queries):
        both = concatenate_pairs(classes, queries).chunk(2, 3)
        return torch.cat(both, axis) if axis < both[0].ndim else torch.tensor(0.0)

    return pairs


_ORDER = "rows and columns are exchanged: the axes are [tasks, n_query, way, ...], first queries, then classes."
_PAIR_MISTAKES = [
    (lambda c, q: torch.cat(concatenate_pairs(c, q).chunk(2, 3)[::-1], 3),
     "class and query are swapped: the class's channels come first, then the query's."),
    (lambda c, q: concatenate_pairs(c, q).transpose(1, 2), _ORDER),
    (lambda c, q: concatenate_pairs(q, c), "class and query are swapped, and so are the axes of the two."),
    (lambda c, q: torch.add(*concatenate_pairs(c, q).chunk(2, 3)),
     "class and query are added. Then no network can tell which number came from which: put them side by side."),
    *((_along(axis), "they are joined along the wrong axis: the channels are axis 3.") for axis in (0, 1, 2, 4, 5)),
    (lambda c, q: concatenate_pairs(c, q).flatten(1, 2), "queries and classes share one axis: keep one for each."),
]  # fmt: skip


def judge_pairs(call):
    """`concatenate_pairs`: vectors and maps, with more queries than classes."""
    cases = [_random((2, 3, 4), (2, 6, 4)), _random((1, 2, 3, 5, 5), (1, 4, 3, 5, 5)), _random((2, 3, 3), (2, 3, 3))]
    compare(call, concatenate_pairs, map(tuple, cases), _PAIR_MISTAKES)


def _learner(maps: bool):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        if not maps:
            return RelationNet(torch.nn.Linear(3, 4), channels=4, size=1).eval()
        learner = RelationNet(Conv4(4, maps=True), channels=4)
        # Statistics as after some training, unlike those of any batch.
        for module in learner.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.5, 2)
        return learner.eval()


def _score_cases():
    yield _learner(False), *_random((2, 3, 4), (2, 5, 3))
    yield _learner(True), *_random((1, 3, 4, 5, 5), (1, 4, 1, 28, 28))


def _logits(learner, adapted, query_x):
    return learner.module(adapted, learner.embed(query_x))


def _batch(learner, adapted, query_x):
    with batch_statistics(learner):
        return _logits(learner, adapted, query_x).sigmoid()


def _swapped(learner, adapted, query_x):
    pairs = concatenate_pairs(adapted, learner.embed(query_x)).chunk(2, 3)
    return learner.module.score_pairs(torch.cat(pairs[::-1], 3)).sigmoid()


_SCORE_MISTAKES = [
    (lambda *a: _logits(*a).sigmoid().sigmoid(), "sigmoid is applied twice: all scores then lie between 0.5 and 0.73."),
    (_logits, "these are logits. A sigmoid turns them into scores between 0 and 1."),
    (lambda *a: _logits(*a).softmax(-1),
     "softmax makes the scores of a query add up to 1. Each pair has a score of its own: use sigmoid."),
    (lambda *a: _logits(*a).sigmoid().transpose(1, 2), _ORDER),
    (_swapped, "class and query are swapped: the module was trained with the class's channels first."),
    (lambda *a: F.logsigmoid(_logits(*a)), "these are logarithms of scores."),
    (_batch, "batch norm mixes queries: a score depends on the other queries. Leave the learner in eval()."),
]  # fmt: skip


def judge_scores(call):
    """`relation_scores`: a module for vectors, and one for maps with batch norm."""

    def alone(learner, adapted, query_x):
        try:
            return call(learner, adapted, query_x)
        except Problem as problem:
            if "the mode of" in str(problem):
                raise Problem(f"batch norm mixes queries: {problem}") from None
            raise

    compare(alone, RelationNet.relation_scores, _score_cases(), _SCORE_MISTAKES, axes=("task", "query", "class"))


def _loss_cases():
    for seed, shape in enumerate([(2, 6, 3), (1, 4, 5)]):
        scores = torch.rand(shape, generator=torch.Generator().manual_seed(seed))
        labels = torch.randint(shape[2], shape[:2], generator=torch.Generator().manual_seed(seed + 9))
        yield scores, labels


def _targets(scores, labels):
    return F.one_hot(labels, scores.shape[-1]).to(scores)


def _square(change=lambda s: s, over=torch.mean):
    return lambda s, y: over((change(s) - _targets(s, y)) ** 2)


_LOSS_MISTAKES = [
    (lambda s, y: ((s - y.unsqueeze(-1)) ** 2).mean(),
     "scores are compared with class indices. A score has no index to hit: its target is 1 for the query's own class "
     "and 0 for the others."),
    (lambda s, y: ((s.argmax(-1) - y).float() ** 2).mean(),
     "it compares class indices: class 4 is not further from class 0 than class 1 is."),
    (_square(over=torch.sum), "the pairs are summed. Take the mean, or the loss grows with the number of queries."),
    (lambda s, y: ((s - _targets(s, y)) ** 2).sum(-1).mean(),
     "the pairs of a query are summed. Take the mean over all pairs, classes too."),
    (_square(lambda s: s.softmax(-1)), "softmax comes before the squared error. Scores are between 0 and 1 already."),
    (_square(torch.sigmoid), "sigmoid is applied twice: these are scores already."),
    (lambda s, y: F.cross_entropy(s.flatten(0, 1), y.flatten()), "this is cross-entropy, and scores are no logits."),
    (lambda s, y: F.binary_cross_entropy(s, _targets(s, y)), "this is binary cross-entropy, not the squared error."),
    (_square(over=lambda x: x.mean().sqrt()), "this is the root of the mean square. The paper takes no root."),
    (lambda s, y: ((s.gather(-1, y.unsqueeze(-1)) - 1) ** 2).mean(),
     "only the right class counts. Then a network that answers 1 to every pair has no loss at all."),
]  # fmt: skip


def judge_loss(call):
    """`relation_loss`: two shapes."""
    compare(call, relation_loss, _loss_cases(), _LOSS_MISTAKES)


def _halves(classes, queries, weight, bias, left=lambda c, q: c, right=lambda c, q: q, biases=1):
    n = classes.shape[-1]
    of_class = left(classes, queries) @ weight[:, :n].T
    of_query = right(classes, queries) @ weight[:, n:].T + biases * bias
    return of_class, of_query


def _layer(**options):
    def layer(c, q, w, b):
        of_class, of_query = _halves(c, q, w, b, **options)
        return of_class.unsqueeze(1) + of_query.unsqueeze(2)

    return layer


_LAYER_MISTAKES = [
    (_layer(biases=2), "the bias is added twice. It belongs to the pair, so one of the two parts has it."),
    (_layer(biases=0), "the bias is missing: add it to one of the two parts."),
    (lambda c, q, w, b: first_layer(c, q, torch.cat(w.chunk(2, 1)[::-1], 1), b),
     "class and query are swapped: the left half of the weight is for the class."),
    (lambda c, q, w, b: first_layer(c, q, w, b).transpose(1, 2), _ORDER),
    (lambda c, q, w, b: first_layer(c, q, w, b).relu(), "there is no ReLU in this layer yet: it comes after it."),
]  # fmt: skip


def judge_first_layer(call):
    """`first_layer`: more queries than classes, and as many."""
    cases = [(2, 3, 6, 4, 5), (1, 3, 3, 2, 7)]
    shapes = [((t, way, c), (t, n, c), (out, 2 * c), (out,)) for t, way, n, c, out in cases]
    compare(call, first_layer, (tuple(_random(*s)) for s in shapes), _LAYER_MISTAKES)


def _at(angles):
    return torch.stack([angles.cos(), angles.sin()], -1)


def _ring(step=lambda way: 2 * math.pi / way, forward=1, scale=1.0):
    def ring(first, way):
        support = first.unsqueeze(1) + torch.arange(way) * step(way)
        return _at(scale * support), _at(scale * (support + forward * step(way)))

    return ring


_RING_MISTAKES = [
    (_ring(forward=0), "the queries stand where their own class stands. Then distance is right; move them one on."),
    (_ring(forward=-1), "the queries go one step back. A query of class k stands where class k + 1 stands."),
    (_ring(lambda way: 360 / way), "the angle is in degrees; cos and sin take radians: 2 * math.pi / way."),
    (_ring(lambda way: math.pi / way), "the classes fill half of the circle: a whole turn is 2 * math.pi."),
    (_ring(lambda way: 2 * math.pi / (way - 1)),
     "the last class stands where the first one stands: there are way steps in a turn, not way - 1."),
    (lambda f, way: ring_task(f, way)[::-1], "support and queries are exchanged."),
    (lambda f, way: tuple(x.flip(-1) for x in ring_task(f, way)), "x is the cosine and y the sine."),
    (lambda f, way: tuple(x.transpose(1, 2) for x in ring_task(f, way)), "the axes should be [tasks, way, 2]."),
    (lambda f, way: ring_task(torch.zeros_like(f), way), "first is not used: every task is turned by its own angle."),
]  # fmt: skip


def judge_ring(call):
    """`ring_task`: two numbers of classes."""
    cases = [(torch.tensor([0.3, 2.0, 4.0]), 5), (torch.tensor([1.0]), 3)]
    compare(call, ring_task, cases, _RING_MISTAKES, ("the support points", "the query points"))
