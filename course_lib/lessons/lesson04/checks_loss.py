"""What `check` looks at in `classification_loss` of lesson 04, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped
from course_lib.lessons.lesson04.adaptation import classification_loss

_G = torch.Generator().manual_seed(4)


def network(params, x):
    """A convolution, ReLU and a head; like Conv4 of the lesson, it says what it takes."""
    if not isinstance(params, dict):
        raise TypeError("a network is a function of (params, x): the parameters first, then the images.")
    if not isinstance(x, Tensor) or x.ndim != 4:
        raise ValueError(f"the network expects images [n, 1, height, width], but got {list(getattr(x, 'shape', []))}.")
    return F.conv2d(x, params["0.weight"]).relu().mean((2, 3)) @ params["head.weight"].T + params["head.bias"]


def _case(way: int, labels: list[int], scale: float = 1.0) -> tuple:
    """Strokes of ink on paper, [n, 1, 8, 8], and a network that is `scale` times as sure as at random."""

    def draw(*shape):
        return torch.randn(*shape, generator=_G)

    images = (draw(len(labels), 1, 8, 8) > 0.5).float()
    params = {"0.weight": draw(12, 1, 3, 3), "head.weight": scale * draw(way, 12), "head.bias": draw(way)}
    return network, {n: p.requires_grad_() for n, p in params.items()}, images, torch.tensor(labels)


_CASES = {
    "five images, one of each class": _case(5, [3, 0, 4, 1, 2]),
    "seven images of three classes": _case(3, [2, 2, 0, 1, 1, 0, 2]),
    "25 images, five of each class": _case(5, [i % 5 for i in range(25)]),
}
_NO_LAST = {"four images, none of them of the last of three classes": _case(3, [0, 1, 1, 0])}
_LARGE = {"scores in the hundreds": _case(5, [3, 0, 4, 1, 2], 400.0)}


def _of(loss):
    """A mistake in what is done with the scores `[n, way]`."""
    return lambda n, p, x, y: loss(n(p, x), y)


def _hot(s, y):
    return F.one_hot(y, s.shape[1]).float()


def _own(s, y):
    return s[torch.arange(len(y)), y]


_TWICE = ("softmax is applied twice: F.cross_entropy takes the scores as they are and applies it inside. Training "
          "still runs, with gradients that are far too small.")  # fmt: skip
_OVER_IMAGES = "softmax runs over the images. It runs over the classes, the last axis."
_ALL_MEAN = "it is a mean over images *and* classes, and so `way` times too small. Add up over the classes first."
_SIGMOIDS = "each class has a sigmoid of its own. Here classes compete: use cross-entropy, with a softmax over them."
_MISTAKES = [
    (_of(lambda s, y: F.cross_entropy(s.softmax(-1), y)), _TWICE),
    (_of(lambda s, y: F.cross_entropy(s, y, reduction="sum")),
     "the losses of the images are added up. Take their mean, or the inner learning rate depends on the shot."),
    (lambda n, p, x, y: y.shape, "it gives a loss for each image. Take their mean: one number."),
    (lambda n, p, x, y: n(p, x).shape, "it gives a number for each image and class. Take that of the image's own class "
                                       "and then the mean over the images."),
    (_of(F.nll_loss), "nll_loss wants logarithms of probabilities, and these are scores: use F.cross_entropy, or "
                      "log_softmax first."),
    (_of(lambda s, y: F.nll_loss(s.softmax(-1), y)),
     "the logarithm is missing: the loss of an image is minus the *logarithm* of the probability of its class."),
    (_of(lambda s, y: 1 - _own(s.softmax(-1), y).mean()),
     "it is 1 minus the probability of the right class. Cross-entropy is minus the *logarithm* of it."),
    (_of(lambda s, y: F.mse_loss(s.softmax(-1), _hot(s, y))),
     "this is a squared error between probabilities and labels. Use cross-entropy."),
    (_of(lambda s, y: F.mse_loss(s.softmax(-1), _hot(s, y), reduction="sum") / len(y)),
     "this is a squared error between probabilities and labels. Use cross-entropy."),
    (_of(lambda s, y: F.mse_loss(s, _hot(s, y))), "this is a squared error between scores and labels. Use "
                                                  "cross-entropy."),
    (_of(lambda s, y: -F.cross_entropy(s, y)), "the sign is turned round: descending would make the answers worse."),
    (_of(lambda s, y: (s.argmax(-1) == y).float().mean()), "this is the accuracy. It has no slope: use cross-entropy."),
    (_of(lambda s, y: (s.argmax(-1) != y).float().mean()), "this is the share of wrong answers. It has no slope: use "
                                                           "cross-entropy."),
    (_of(lambda s, y: F.cross_entropy(s.softmax(0).log(), y)), _OVER_IMAGES),
    (_of(lambda s, y: F.nll_loss(s.log_softmax(0), y)), _OVER_IMAGES),
    (_of(lambda s, y: -(_hot(s, y) * s.log_softmax(-1)).mean()), _ALL_MEAN),
    (_of(lambda s, y: -(_hot(s, y) * s.log_softmax(-1)).sum()),
     "the losses of the images are added up. Take their mean, or the inner learning rate depends on the shot."),
    (_of(lambda s, y: F.binary_cross_entropy_with_logits(s, _hot(s, y))), _SIGMOIDS),
    (_of(lambda s, y: F.binary_cross_entropy_with_logits(s, _hot(s, y), reduction="sum") / len(y)), _SIGMOIDS),
    (_of(lambda s, y: F.multi_margin_loss(s, y)), "this is a margin loss. Use cross-entropy."),
    (_of(lambda s, y: -s.log_softmax(-1)[:, y].mean()),
     "[:, y] takes for every image the classes of *all* images. Take image i with label i: [torch.arange(n), y], or "
     "gather."),
    (_of(lambda s, y: F.cross_entropy(s, y, label_smoothing=0.1)), "the labels are smoothed, which nobody asked for."),
    (_of(lambda s, y: (s.amax(-1) - _own(s, y)).mean()),
     "it compares the largest score with that of the right class. Use cross-entropy, which looks at all classes."),
    (_of(lambda s, y: F.cross_entropy(s, s.argmax(-1))), "it judges by the answer that the network gives. Use the "
                                                         "labels y."),
    (_of(lambda s, y: F.cross_entropy(s, y) / len(y)), "it divides by the number of images twice: F.cross_entropy is a "
                                                       "mean already."),
    (_of(lambda s, y: F.cross_entropy(s[:1], y[:1])), "only the first image counts. Is a `return` inside a loop?"),
    (_of(lambda s, y: F.cross_entropy(s[-1:], y[-1:])), "only the last image counts. Is it added up in the loop?"),
    (_of(lambda s, y: F.cross_entropy(s, y) / torch.tensor(2.0).log()), "it takes the logarithm to base 2. "
                                                                        "Cross-entropy takes the natural one."),
]  # fmt: skip


def _number(loss):
    """One number as a tensor without an axis, however it comes."""
    if isinstance(loss, float):
        return torch.tensor(loss)
    return loss.reshape(()) if isinstance(loss, Tensor) and loss.numel() == 1 else loss


def _slopes(function):
    """The slope of the loss in each parameter, as an inner step takes it."""

    def slopes(network, params, x, y):
        loss = _number(function(network, params, x, y))
        if not isinstance(loss, Tensor) or not loss.requires_grad:
            raise Problem(
                "the number is right, but it has no connection to `params`, so no step can be taken: leave out "
                ".item(), .detach() and no_grad."
            )
        found = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
        if any(slope is None for slope in found):
            raise Problem(
                "the number is right, but it depends on copies of the tensors in `params`, and no gradient reaches "
                "those that were given: .detach(), .data and new tensors cut the connection. Use `params` itself."
            )
        return dict(zip(params, found, strict=True))

    return slopes


def judge_loss(call):
    """The value; then whether it can be differentiated with respect to the parameters that were given."""

    def value(*args):
        try:
            return _number(call(*args))
        except Stopped as problem:
            if "not implemented for 'Long'" not in str(problem):
                raise
            raise Stopped(f"{problem}\n  Labels stand where scores belong: are the two exchanged?") from None

    compare(value, classification_loss, _CASES, _MISTAKES)
    also(value, classification_loss, _NO_LAST, "The last class has no image there. F.one_hot(y) guesses the number of "
         "classes from the labels that it sees; it is the length of the last axis of the scores.")  # fmt: skip
    try:
        compare(_slopes(call), _slopes(classification_loss), _CASES)
    except Problem as problem:
        if not str(problem).startswith("in entry"):
            raise
        raise Problem("the number is right, but its slope in `params` is not: a part of the loss is cut off by "
                      f".detach() or no_grad. {problem}") from None  # fmt: skip
    for what in (lambda f: lambda *args: _number(f(*args)), _slopes):
        also(what(call), what(classification_loss), _LARGE, "Scores as large as these come up after an inner step that "
             "is too long. exp of them is infinite or 0, and so is the logarithm: F.cross_entropy and log_softmax "
             "take exp and log together and stay finite. A number that is added before the logarithm, or a bound, "
             "changes the loss.")  # fmt: skip
