"""What `check` looks at in `feature_gradient` of lesson 04, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from course_lib.exercises.demands import BY_HAND, also, without_autograd
from course_lib.exercises.engine import compare
from course_lib.lessons.lesson04.adaptation import feature_gradient

_G = torch.Generator().manual_seed(4)


def _case(way: int, d: int, labels: list[int], scale: float = 1.0) -> tuple:
    def draw(*shape):
        return torch.randn(*shape, generator=_G)

    return scale * draw(len(labels), d), torch.tensor(labels), draw(way, d), draw(way)


_HEADS = {
    "five examples of eight features, one of each class": _case(5, 8, [0, 1, 2, 3, 4]),
    "six examples of four features, three classes": _case(3, 4, [2, 0, 1, 1, 0, 2]),
    "three examples of three features, three classes": _case(3, 3, [2, 0, 1]),
}
_NO_LAST = {"four examples, none of them of the last of three classes": _case(3, 8, [0, 1, 1, 0])}
_LARGE = {"scores in the hundreds": _case(5, 8, [3, 0, 4, 1, 2], 100.0)}


def _scores(f, w, b):
    return f @ w.T + b


def _with(message: str, p=lambda s: s.softmax(-1), error=lambda p, e: p - e, n=lambda f, w: len(f), scores=_scores,
          target=lambda y, way: F.one_hot(y, way).float(), back=lambda error, f, w: error @ w):  # fmt: skip
    """A mistake: the right gradient but for what is given here."""
    return lambda f, y, w, b: back(error(p(scores(f, w, b)), target(y, len(w))), f, w) / n(f, w), message


def _through(p, g):
    """A slope in the probabilities, taken on to the scores."""
    return p * (g - (p * g).sum(-1, keepdim=True))


_SQUARED = ("that is the slope of a *squared* error, with the slope of the softmax in it. With cross-entropy that part "
            "drops out: the gradient at the scores is p - e.")  # fmt: skip
_ALL = (
    "it divides by the number of examples *and* by that of the {}. The loss is a mean over the examples: divide by n."
)
_CHAIN = "this is the gradient at the scores. One factor of the chain rule is missing: multiply by the weight."
_MISTAKES = [
    _with("it is that of the *sum* of the losses. The loss is a mean over the examples: divide by n.",
          n=lambda f, w: 1),
    _with("the sign is turned round: it is p - e.", error=lambda p, e: e - p),
    _with("the label is not used: subtract its one-hot vector from the probabilities.", error=lambda p, e: p),
    _with("the probabilities are not used: it is p - e.", error=lambda p, e: -e),
    _with("it takes scores for probabilities: softmax is missing.", p=lambda s: s),
    _with("the bias is forgotten in the scores.", scores=lambda f, w, b: f @ w.T),
    _with("this is the gradient for the *weight* of the head. The question is about the features.",
          back=lambda error, f, w: error.T @ f),
    _with("this is the gradient for the *weight* of the head, turned. The question is about the features.",
          back=lambda error, f, w: f.T @ error),
    _with("this is the gradient for the *bias* of the head. The question is about the features.",
          back=lambda error, f, w: error.sum(0)),
    _with(_CHAIN, back=lambda error, f, w: error),
    _with(_CHAIN, back=lambda error, f, w: error, n=lambda f, w: 1),
    _with("it multiplies by the features. A score moves with the features by its row of `weight`.",
          back=lambda error, f, w: error.sum(-1, keepdim=True) * f),
    _with("softmax runs over the examples. It runs over the classes, the last axis.", p=lambda s: s.softmax(0)),
    _with("one softmax is taken over all scores. Each example has its own, over the classes.",
          p=lambda s: s.flatten().softmax(0).view_as(s)),
    _with("that is a sigmoid for each class. Here classes compete: use the softmax over the last axis.",
          p=torch.sigmoid),
    _with("it has logarithms of probabilities: use softmax, not log_softmax.", p=lambda s: s.log_softmax(-1)),
    _with("exp is not divided by its sum over the classes: use softmax.", p=torch.exp),
    _with("softmax is applied twice.", p=lambda s: s.softmax(-1).softmax(-1)),
    _with("it takes the answer (argmax) for the probabilities: use softmax.",
          p=lambda s: F.one_hot(s.argmax(-1), s.shape[-1]).float()),
    _with("it subtracts the label's *number* from every probability. Subtract 1 from the right class and 0 from the "
          "others.", target=lambda y, way: y.unsqueeze(-1)),
    _with("it subtracts the label's *number*. Subtract 1 from the right class and 0 from the others, for each example.",
          target=lambda y, way: y),
    _with("`labels` is not used: it takes the examples to be of class 0, 1, 2 and so on. Each has a label "
          "of its own.", target=lambda y, way: F.one_hot(torch.arange(len(y)) % way, way).float()),
    _with("only the right class has an error. The scores of the others count as well: p - 0.",
          error=lambda p, e: e * (p - 1)),
    _with("it doubles the error, as a squared loss would: with cross-entropy it is p - e.",
          error=lambda p, e: 2 * (p - e)),
    _with(_SQUARED, error=lambda p, e: _through(p, p - e)),
    _with(_SQUARED, error=lambda p, e: 2 * _through(p, p - e)),
    _with(_SQUARED, error=lambda p, e: (p - e) * p * (1 - p)),
    _with(_SQUARED, error=lambda p, e: 2 * _through(p, p - e), n=lambda f, w: len(f) * len(w)),
    _with("it divides by the number of classes; divide by the number of examples.", n=lambda f, w: len(w)),
    _with("it divides by the number of features; divide by the number of examples.", n=lambda f, w: w.shape[1]),
    _with(_ALL.format("classes"), n=lambda f, w: len(f) * len(w)),
    _with(_ALL.format("features"), n=lambda f, w: f.numel()),
    _with("it divides by n twice. The loss is a mean: divide once.", n=lambda f, w: len(f) ** 2),
    _with("the weight is turned: multiply p - e by `weight` [way, d] as it is.", back=lambda error, f, w: error @ w.T),
    (lambda f, y, w, b: feature_gradient(f, y, w, b).mean(0), "it is a mean over the examples. Each example has a "
                                                              "gradient of its own, [n, d]."),
    (lambda f, y, w, b: feature_gradient(f, y, w, b).sum(0), "it adds up over the examples. Each example has a "
                                                             "gradient of its own, [n, d]."),
    (lambda f, y, w, b: torch.Size([]), "it is one number, perhaps the loss. Give its gradient, [n, d]."),
]  # fmt: skip


def judge_head(call):
    """`feature_gradient`: by hand, for any number of classes, examples and features, and for scores of any size."""
    call = without_autograd(call, f"{BY_HAND} Which slope has the loss in a score, and a score in the features?")
    compare(call, feature_gradient, _HEADS, _MISTAKES, axes=("example", "feature"))
    also(call, feature_gradient, _NO_LAST, "The last class has no example there. F.one_hot(labels) guesses the number "
         "of classes from the labels that it sees; it is len(weight).")  # fmt: skip
    also(call, feature_gradient, _LARGE, "exp of such scores is more than any number can be, or 0 for all classes, and "
         "inf / inf or 0 / 0 is not a number. Use softmax, or take each example's own largest score away "
         "first.")  # fmt: skip
