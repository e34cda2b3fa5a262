"""What `check` looks at in the learner's test of meta-gradients of lesson 03."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.episode import Episode
from course_lib.exercises.engine import Problem
from course_lib.learners.maml import MAML
from course_lib.lessons.lesson03.bug_hunt import BUGS, SUSPECTS
from course_lib.tasks import Sinusoids


def _by_library(network: nn.Module, episode: Episode, lr: float) -> Tensor:
    """A sound one in another style: all tasks at once, by torch.func."""
    return MAML(network, 1, lr).losses(episode)[1]


def judge_test(call):
    """`meta_gradient_test`: it must clear both sound learners and find something wrong with each of the four others."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1)).double()
    episode = Sinusoids(5, 5).sample(3, torch.Generator().manual_seed(0)).map(lambda t: t.double())
    sound = {"B": SUSPECTS["B"], "the library's MAML": _by_library}
    for name, suspect in (sound | SUSPECTS).items():
        for p in network.parameters():
            p.grad = torch.ones_like(p)  # as left by whoever used the network before
        try:
            faults = call(suspect, network, episode, 0.1)
        except Problem as problem:
            who = name if name in sound else f"suspect {name}"
            raise Problem(f"on {who}, {problem}") from None
        if not isinstance(faults, list):
            kind = type(faults).__name__
            raise Problem(f"it should return a list of sentences, empty for a sound one, but it gives a {kind}.")
        if name in sound and faults:
            who = "suspect B" if name == "B" else name
            raise Problem(
                f"{who} was accused ({faults[0]}), but it is sound. Are old gradients cleared with network.zero_grad()"
                "? Is a tolerance so tight that rounding fails it?"
            )
        if name in BUGS and not faults:
            raise Problem(f"suspect {name} slipped through. {BUGS[name]}")
