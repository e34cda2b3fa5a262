"""What `check` looks at in answers where classes have other shares, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson11.alarms import with_prior


def _case(*shape: int, trained: list[float], here: list[float], seed: int, scale: float = 2.0) -> tuple[Tensor, ...]:
    scores = scale * torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return scores, torch.tensor(trained), torch.tensor(here)


def _cases() -> dict[str, tuple[Tensor, ...]]:
    return {
        "two classes, half and half in training": _case(3, 10, 2, trained=[0.5, 0.5], here=[0.96, 0.04], seed=0),
        "two classes, unequal in training": _case(4, 6, 2, trained=[0.8, 0.2], here=[0.96, 0.04], seed=1),
        "three classes": _case(2, 5, 3, trained=[0.5, 0.3, 0.2], here=[0.1, 0.2, 0.7], seed=2),
        "the same shares in both": _case(6, 4, trained=[0.4, 0.3, 0.2, 0.1], here=[0.4, 0.3, 0.2, 0.1], seed=3),
        "a single beat": _case(3, trained=[0.2, 0.2, 0.6], here=[0.6, 0.1, 0.3], seed=4),
        "as many tasks and beats as classes": _case(3, 3, 3, trained=[0.2, 0.5, 0.3], here=[0.7, 0.1, 0.2], seed=5),
    }


def _of(shift, before=lambda s: s, after=lambda x: x.log_softmax(-1)):
    return lambda s, t, h: after(before(s) + shift(t, h))


def _ratio(t: Tensor, h: Tensor) -> Tensor:
    return h.log() - t.log()


def _raw(x: Tensor) -> Tensor:
    return x


def _products(weight, end=lambda p: (p / p.sum(-1, keepdim=True)).log()):
    """From probabilities, each times something."""
    return lambda s, t, h: end(s.softmax(-1) * weight(t, h))


def _from_answers(s, t, h):
    old = s.softmax(-1).flatten(0, -2).mean(0)
    return (s + _ratio(old, h)).log_softmax(-1)


_SUM = "these do not sum to 1 as probabilities: after the shares are exchanged, take log_softmax over the classes."
_SHARE = ("the old shares are not taken out: the scores believe that classes are as frequent as in training. Divide by "
          "`trained` (subtract its logarithm).")  # fmt: skip
_LOGS = ("shares are added to scores. Scores are logarithms (up to a number that all classes share): add log(share). "
         "(A softmax of shares does not help: its log is the share again.)")  # fmt: skip
_NOT_LOG = "these are probabilities. Their logarithms are asked for."
_MISTAKES = [
    (_of(lambda t, h: h.log()), _SHARE),
    (_of(lambda t, h: h.log(), after=_raw), f"{_SHARE} And {_SUM}"),
    (_of(lambda t, h: h.log(), lambda s: s.log_softmax(-1), _raw), f"{_SHARE} And {_SUM}"),
    (_of(lambda t, h: -t.log()), "the old shares are taken out, but the new ones are not put in: add the log of "
     "`here`."),
    (_of(lambda t, h: t.log() - h.log()), "the shares are exchanged: `here` is put in and `trained` taken out."),
    (_of(lambda t, h: h.log() + t.log()), "both shares are put in. The one of training is taken out: divide by it."),
    (_of(lambda t, h: t.log()), "the share of training is put in again, and `here` is not used."),
    (_of(_ratio, after=_raw), f"the shares are exchanged rightly, but {_SUM}"),
    (_of(_ratio, lambda s: s.log_softmax(-1), _raw), f"the shares are exchanged rightly, but {_SUM}"),
    (_of(_ratio, after=lambda x: x.softmax(-1)), _NOT_LOG),
    (_products(lambda t, h: h / t, lambda p: p), f"{_NOT_LOG} And they do not sum to 1."),
    (_products(lambda t, h: h), _SHARE),
    (_products(lambda t, h: h, lambda p: p / p.sum(-1, keepdim=True)), f"{_SHARE} And {_NOT_LOG}"),
    (_of(lambda t, h: h - t), _LOGS), (_of(lambda t, h: h), _LOGS), (_of(lambda t, h: h / t), _LOGS),
    (_of(lambda t, h: h - t, after=_raw), _LOGS), (_of(lambda t, h: h / t, after=_raw), _LOGS),
    (lambda s, t, h: (s * h / t).log_softmax(-1), "scores are multiplied by shares. Probabilities are multiplied, so "
     "their logarithms, the scores, are added."),
    *((lambda s, t, h, end=end: end(s.log_softmax(-1) * h / t), "log-probabilities are multiplied by shares. "
       "Probabilities are multiplied by them, and so their logarithms added.")
      for end in (_raw, lambda x: x.log_softmax(-1))),
    (_of(_ratio, lambda s: s.log()), "the logarithm of the scores is taken. They are logarithms already (up to a "
     "number that all classes share), and some are below 0."),
    *((lambda s, t, h, w=w: ((1 - w) * s.softmax(-1) + w * h).log(), "the answer is averaged with the shares. "
       "Probabilities are multiplied by the new share and divided by the old one.") for w in (0.5,)),
    (lambda s, t, h: s.log_softmax(-1) * h, "log-probabilities are multiplied by shares. Probabilities are multiplied "
     "by them, and so their logarithms added."),
    (lambda s, t, h: (x := s.log_softmax(-1) + _ratio(t, h)) / x.sum(-1, keepdim=True), "logarithms are divided by "
     "their sum. It is probabilities that are divided by theirs: log_softmax."),
    (lambda s, t, h: (x := s.softmax(-1) + h - t).div(x.sum(-1, keepdim=True)).log(), "shares are added to "
     "probabilities. A probability is *multiplied* by the new share and divided by the old one."),
    (_of(lambda t, h: -h.log() - t.log()), "both shares are taken out. The new one is put in: multiply by it."),
    (lambda s, t, h: s * h / t, "scores are multiplied by shares. Probabilities are multiplied, so their logarithms, "
     "the scores, are added."),
    (lambda s, t, h: (s * h).log_softmax(-1), "scores are multiplied by shares. Probabilities are multiplied, so their "
     "logarithms, the scores, are added. And `trained` is not taken out."),
    (lambda s, t, h: s.log_softmax(-1), "the shares are not used: this is what the network says."),
    (lambda s, t, h: s, "the scores are returned as they are."),
    (lambda s, t, h: s.softmax(-1), "this is what the network says, as probabilities: the shares are not used."),
    (lambda s, t, h: with_prior(s, t, h).argmax(-1), "these are the classes that win. Log probabilities are asked "
     "for."),
    (lambda s, t, h: with_prior(s, t, h).amax(-1), "this is the log probability of the class that wins. All classes "
     "are asked for."),
    (lambda s, t, h: -with_prior(s, t, h), "every number has the wrong sign: log probabilities are below 0."),
    (_of(_ratio, after=lambda x: x.log_softmax(-2)), "the softmax goes over the beats. Each beat has one probability "
     "for each class: over the last axis."),
    (_of(_ratio, after=lambda x: x.log_softmax(0)), "the softmax goes over the first axis. Each beat has one "
     "probability for each class: over the last axis."),
    (_of(_ratio, after=lambda x: x.log_softmax(1)), "the softmax goes over axis 1. Each beat has one probability for "
     "each class: over the last axis."),
    (_of(_ratio, after=lambda x: x - x.flatten().logsumexp(0)), "all beats together sum to 1. Each beat does, over its "
     "classes."),
    (_from_answers, "the old shares are guessed from the answers (their mean over the beats). Those of training are "
     "given: `trained`."),
    (_of(lambda t, h: 2 * _ratio(t, h)), "the shares are exchanged twice."),
    (_of(lambda t, h: _ratio(t, h) / torch.tensor(2.0).log()), "the logarithm of the shares is that to base 2. Scores "
     "are natural logarithms: log."),
    (_of(lambda t, h: _ratio(t, h) / torch.tensor(10.0).log()), "the logarithm of the shares is that to base 10. "
     "Scores are natural logarithms: log."),
    (_of(lambda t, h: h.log() - (1 - h).log()), "this adds the log odds of `here` to every class. What is added is the "
     "log of the new share minus the log of the old one."),
    (_of(lambda t, h: (h.log() - (1 - h).log()) - (t.log() - (1 - t).log())), "log odds are exchanged. For each class "
     "add the log of its new share and subtract the log of its old one; the rest does log_softmax."),
    (_of(lambda t, h: torch.cat([torch.zeros(1), _ratio(t, h)[1:]])), "the first class is left out: every class has "
     "shares."),
    (_of(lambda t, h: torch.cat([torch.zeros(len(t) - 1), _ratio(t, h)[-1:]])), "only the last class gets a new share: "
     "every class has one."),
    (_of(lambda t, h: h.log() + torch.tensor(float(len(h))).log()), _SHARE),
    (_of(_ratio, lambda s: s.softmax(-1)), "shares are added to probabilities. Add their logs to the scores (or to "
     "log-probabilities)."),
    (_of(_ratio, lambda s: s.sigmoid().log()), "a sigmoid is taken of each score. One class of several is right: the "
     "softmax over the classes."),
    *((_of(lambda t, h, e=e: (h + e).log() - (t + e).log()), f"{e} is added to the shares, which changes small ones.")
      for e in (1e-3, 1e-2)),
]  # fmt: skip
_ONCE = "Add logs of shares to the scores, and then log_softmax: it takes both steps at once."
_FAR = ("Where scores lie far apart, softmax and exp give 0 or infinity in a computer, and the logarithm of that is no "
        f"number (or something small that was added stands in its place). {_ONCE}")  # fmt: skip


def _shifted(s, t, h):
    """The largest score of all beats is taken off."""
    z = s + _ratio(t, h)
    return z - z.max()


def _by_exp(log_weights):
    """Normalised by the sum of exp, as it is."""
    return lambda s, t, h: (z := log_weights(s, t, h)) - z.exp().sum(-1, keepdim=True).log()


_UNDER = f"softmax gives 0 in a computer for a class that is far behind, and its logarithm is -inf. {_ONCE}"
_OVER = f"exp of a score above 88 is infinity in a computer, and what is computed with it -inf or NaN. {_ONCE}"
_FAR_MISTAKES = [
    (_products(lambda t, h: h / t), _UNDER),
    (lambda s, t, h: (s.softmax(-1).log() + _ratio(t, h)).log_softmax(-1), _UNDER),
    (_by_exp(_shifted), "the largest score of *all* beats is taken off. For a beat whose scores are far below that, "
     f"exp gives 0 for each class. Each beat has a largest score of its own: amax(-1, keepdim=True). {_ONCE}"),
    (_by_exp(lambda s, t, h: s + _ratio(t, h)), _OVER),
    (lambda s, t, h: (p := s.exp() * h / t).log() - p.sum(-1, keepdim=True).log(), _OVER),
    (lambda s, t, h: ((p := s.exp() * h / t) / p.sum(-1, keepdim=True)).log(), _OVER),
    (lambda s, t, h: ((p := (s + _ratio(t, h)).exp()) / p.sum(-1, keepdim=True)).log(), _OVER),
]  # fmt: skip
_ZERO = ("A class with the share 0 is impossible here: its probability is 0, and the logarithm of that -inf. log(0) "
         "gives just this; nothing small has to be added.")  # fmt: skip


def judge_prior(call):
    """`with_prior`: other shares, far scores, a class that is impossible, float64."""
    compare(call, with_prior, _cases(), _MISTAKES)
    far = _case(4, 3, trained=[0.5, 0.3, 0.2], here=[0.1, 0.2, 0.7], seed=6, scale=300.0)
    try:
        compare(call, with_prior, {"scores that lie hundreds apart": far}, _FAR_MISTAKES)
    except Problem as problem:
        known = any(str(problem) == message for _, message in _FAR_MISTAKES)
        said = f"where scores lie hundreds apart, {problem}" if known else f"here {problem}\n  {_FAR}"
        raise Problem(f"elsewhere it is right, but {said}") from None
    never = _case(3, 5, 3, trained=[0.5, 0.3, 0.2], here=[0.3, 0.0, 0.7], seed=7)
    also(call, with_prior, {"a class with the share 0": never}, _ZERO)
    keeps_names(call, "trained", "here")
