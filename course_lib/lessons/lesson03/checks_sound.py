"""What `check` looks at in the learner's test of meta-gradients of lesson 03, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from course_lib.exercises.engine import Problem
from course_lib.lessons.lesson03.bug_hunt import BUGS, SUSPECTS
from course_lib.lessons.lesson03.unseen import (
    UNSEEN,
    by_library,
    last_task_first,
    straight,
    turned_round,
)
from course_lib.tasks import Sinusoids

_LR = 0.1
_SOUND = {
    "suspect B": SUSPECTS["B"],
    "the library's MAML": by_library,
    "a meta-learner that takes the last task first": last_task_first,
}
_BROKEN = {f"suspect {name}": (SUSPECTS[name], text) for name, text in BUGS.items()} | {
    f"a meta-learner {what}": case for what, case in UNSEEN.items()
}


def _network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1)).double()


def _with_a_unit_off():
    """Of one unit all weights are 0, and so are their gradients; it stays off when the network adapts."""
    network = _network()
    with torch.no_grad():
        for weights in (network[0].weight[0], network[0].bias[:1], network[2].weight[:, 0]):
            weights.zero_()
    return network


def _single(weight: float):
    network = nn.Linear(1, 1, bias=False).double()
    nn.init.constant_(network.weight, weight)
    return network


def _episode():
    return Sinusoids(5, 5).sample(3, torch.Generator().manual_seed(0)).map(lambda t: t.double())


def _whole():
    """Three tasks whose means are 1, 2 and 6, so that the mean of all is 3 without any rounding."""
    return _episode().map(lambda t: torch.tensor([1.0, 2.0, 6.0]).double().view(3, 1, 1).expand_as(t).clone())


def _asked(call: Callable, suspect: Callable, network: nn.Module, episode, old: bool = True):
    for p in network.parameters():
        p.grad = torch.ones_like(p) if old else None  # old ones, as left by whoever used the network before
    return call(suspect, network, episode, _LR)


def _cleared(call: Callable, *args, **kwargs) -> bool:
    try:
        return not _asked(call, *args, **kwargs)
    except Problem:
        return False


def _never_moves(call: Callable, sound: Callable) -> bool:
    """Whether the loss of the whole meta-batch is computed at one place alone: then no slope can be measured."""
    places = []

    def watched(network, episode, lr):
        if episode.n_tasks > 1:
            places.append(torch.cat([p.detach().flatten().clone() for p in network.parameters()]))
        return sound(network, episode, lr)

    _cleared(call, watched, _network(), _episode())
    return bool(places) and all(torch.equal(place, places[0]) for place in places)


def _why_accused(call: Callable, sound: Callable) -> str:
    """What a test does that accuses a sound meta-learner, found out by making the case simpler."""
    if _cleared(call, sound, _network(), _episode(), old=False):
        return ("Without old gradients in .grad it is cleared: the network holds some from before, and .backward() "
                "adds to them. Clear them first: network.zero_grad().")  # fmt: skip
    if _cleared(call, sound, _network(), _episode().task(0)):
        if _cleared(call, straight(1.0), _single(0.0), _whole()):
            return ("Where the losses are whole numbers it is cleared. A mean that is computed in another order "
                    "differs by rounding: allow a difference, such as 1e-8, and do not ask for ==.")  # fmt: skip
        return ("With one task it is cleared, with three it is not: the loss of a meta-batch is the *mean* of the "
                "losses of its tasks alone, not their sum and not one of them.")  # fmt: skip
    if _cleared(call, turned_round(1.0), _network(), _episode()):
        return ("And one whose gradient has the wrong sign is cleared: the loss changes by *plus* the inner product of "
                "gradient and direction.")  # fmt: skip
    # a large weight makes a large loss, so that a tolerance that is too small shows here, too
    if _cleared(call, sound, _single(30.0), _episode()):
        return ("With a network of a single number it is cleared. The inner product of gradient and direction is a "
                "*sum* over all numbers of all parameters: add up (p.grad * d).sum(), not the mean, and not of one "
                "parameter alone.")  # fmt: skip
    for seed in range(8):
        torch.manual_seed(seed)
        if _cleared(call, straight(seed + 1.0), _single(0.0), _episode().map(torch.zeros_like)):
            return ("It is cleared where the loss is a straight line, and finite differences have next to no error. "
                    "Elsewhere they are right to about five digits and never equal: allow a difference, such as 1e-5 "
                    "times the size of the number.")  # fmt: skip
    if _never_moves(call, sound):
        return (
            "Your test asks for its loss at one place alone, so a slope would be 0. What is handed to `slope` has to "
            "compute the loss anew: lambda: outer_loss(network, episode, lr), not a loss that is there already."
        )
    return "Its gradient is that of its loss, and each task is on its own. What does your test find there?"


def _why_missed(call: Callable, name: str, text: str) -> str:
    if name in ("suspect A", "suspect C") and not _cleared(call, turned_round(1000.0), _network(), _episode()):
        return ("Its gradient is not that of its loss. Your test sees one that is far off (of the wrong sign and a "
                "thousand times as large), but not this one: is its tolerance far too large? The two numbers should "
                "agree to about five digits.")  # fmt: skip
    return text


def _more(said: str) -> str:
    """What the words of a problem mean here."""
    if "NoneType" in said or "allow_unused" in said or "does not require grad" in said:
        return ("\n  A parameter has no gradient there: p.grad is None, and torch.autograd.grad stops unless it is "
                "given allow_unused=True. That is a fault to report; ask for it first.")  # fmt: skip
    if "the weights of `network` in place" in said:
        return "\n  `slope` puts the weights back; put back what steps of your own have moved."
    return ""


def _faults(call: Callable, name: str, suspect: Callable) -> list:
    try:
        faults = _asked(call, suspect, _network(), _episode())
    except Problem as problem:
        raise Problem(f"on {name}, {problem}{_more(str(problem))}") from None
    if not isinstance(faults, list):
        kind = type(faults).__name__
        raise Problem(f"it should return a list of sentences, empty for a sound one, but it gives a {kind}.")
    return faults


def judge_test(call):
    """`meta_gradient_test`: it must clear the sound learners and find something wrong with each of the others."""
    sound = list(_SOUND)
    for name in sound[:2]:
        _must_clear(call, name)
    for name, (suspect, text) in _BROKEN.items():
        if not _faults(call, name, suspect):
            raise Problem(f"{name} slipped through. {_why_missed(call, name, text)}")
    for name in sound[2:]:
        _must_clear(call, name)
    found = _asked(call, SUSPECTS["B"], _with_a_unit_off(), _episode())
    if found:
        raise Problem(
            f"suspect B was accused ({found[0]}) where one unit of the network is off, as units of ReLU often are. "
            "Some numbers of each gradient are 0 then. Accuse a parameter whose gradient is 0 in *all* its numbers: "
            "not g.any()."
        )


def _must_clear(call: Callable, name: str):
    faults = _faults(call, name, _SOUND[name])
    if faults:
        raise Problem(f"{name} was accused ({faults[0]}), but it is sound. {_why_accused(call, _SOUND[name])}")
