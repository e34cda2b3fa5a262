"""What `check` looks at in computed torque, in lesson 12, and which mistakes it knows."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from course_lib.exercises.demands import keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import form
from course_lib.lessons.lesson12.control import computed_torque
from course_lib.tasks.arm import LIMIT, inverse_dynamics

_ARMS = torch.tensor([[1.5, 0.8, 1.1, 0.3, 0.6, 0, 0], [0.2, 1.2, 0.9, 0.7, 0.1, 0, 0], [0.9, 1, 1, 0.5, 0.4, 4, 0]])


def _case(*gains: float, seed: int = 0, arms: int = 3, at: str = "") -> tuple:
    """A model, arms that are near where they should be (or are there, or rest), and where that is."""
    g = torch.Generator().manual_seed(seed)
    position, velocity, wanted = torch.tensor([0.4, -0.9]), 2 * torch.randn(2, generator=g), torch.randn(2, generator=g)
    off = 0 if at == "there" else 0.3 * torch.randn(arms, 4, generator=g)
    state = torch.cat([position, velocity]).expand(arms, 4) + off
    if at == "rest":
        velocity, wanted = torch.zeros(2), torch.zeros(2)
        state = torch.cat([state[:, :2], torch.zeros(arms, 2)], 1)
    return partial(inverse_dynamics, _ARMS[:arms]), state, position, velocity, 5 * wanted, *gains


def _cases() -> dict[str, tuple]:
    return {
        "three arms, with the usual stiffness and damping": _case(),
        "arms that are exactly where they should be": _case(at="there", seed=1),
        "arms at rest beside a place where they should rest": _case(at="rest", seed=2),
        "stiffness 100, damping 5": _case(100.0, 5.0, seed=3),
        "stiffness 9, damping 30": _case(9.0, 30.0, seed=4),
        "one arm": _case(seed=5, arms=1),
        "two arms": _case(40.0, 8.0, seed=6, arms=2),
    }


def _control(feed=1.0, place=1.0, speed=1.0, gains=lambda k, d: (k, d), at=lambda s, p, v: s, end=None, error=None):
    """The controller once more, with places to go wrong: what stands before each part, where the model is asked."""

    def answer(inverse, state, position, velocity, acceleration, stiffness=60.0, damping=12.0):
        k, d = gains(stiffness, damping)
        e, slope = (position - state[:, :2], velocity - state[:, 2:]) if error is None else error(
            state, position, velocity)  # fmt: skip
        pulled = place * k * e + speed * d * slope
        if end is not None:
            return end(inverse, state, feed * acceleration, pulled)
        return inverse(at(state, position, velocity), feed * acceleration + pulled)

    return answer


def _there(state, position, velocity):
    return torch.cat([position, velocity]).expand_as(state)


def _mixed(velocity_of):
    return lambda state, position, velocity: velocity_of(state, _there(state, position, velocity))


_SOLVE = "e'' = wanted acceleration - acceleration = -damping e' - stiffness e. Solve for the acceleration."
_MISTAKES = [
    (_control(place=-1, speed=-1), "the corrections have the wrong sign: an arm that hangs below its place is driven "
     "farther down. e = wanted - where it is, and both are added to the wanted acceleration."),
    (_control(place=-1), "the error in position has the wrong sign, so that a small one grows: e = wanted angle - "
     "angle."),
    (_control(speed=-1), "the error in speed has the wrong sign: it drives where it should brake. e' = wanted "
     "velocity - velocity."),
    (_control(feed=0), "the wanted acceleration is missing. Arms that are where they should be have no error, and have "
     "to go round the circle all the same. " + _SOLVE),
    (_control(feed=-1), "the wanted acceleration has the wrong sign. " + _SOLVE),
    (_control(place=0, speed=0), "the error is not used: asked for the wanted acceleration alone, an arm that is off "
     "its way stays off. " + _SOLVE),
    (_control(place=0), "the error in position is missing: speeds are put right, and places are not."),
    (_control(speed=0), "the error in speed is missing: without the brake the error swings for ever."),
    (_control(feed=0, place=0), "only the error in speed is used. " + _SOLVE),
    (_control(feed=0, speed=0), "only the error in position is used. " + _SOLVE),
    (_control(feed=0, place=-1, speed=-1), "the wanted acceleration is missing, and the corrections have the wrong "
     "sign. "
     + _SOLVE),
    (_control(feed=-1, place=-1, speed=-1), "everything has the wrong sign: this is minus the acceleration that is "
     "wanted."),
    (_control(gains=lambda k, d: (d, k)), "stiffness and damping are exchanged: stiffness stands before the error in "
     "position, damping before that in speed."),
    (_control(gains=lambda k, d: (60.0, 12.0)), "60 and 12 are written in the code. Use the arguments stiffness and "
     "damping."),
    (_control(gains=lambda k, d: (1.0, 1.0)), "stiffness and damping are not used: they stand before e and e'."),
    (_control(gains=lambda k, d: (k, 1.0)), "damping is not used: it stands before e'."),
    (_control(gains=lambda k, d: (1.0, d)), "stiffness is not used: it stands before e."),
    (_control(gains=lambda k, d: (k**2, d)), "stiffness is squared. It stands before e as it is."),
    (_control(gains=lambda k, d: (k, 2 * d * k**0.5)), "damping is taken for a ratio (2 ratio sqrt(stiffness)). It "
     "stands before e' as it is."),
    (_control(gains=lambda k, d: (k, 2 * k**0.5)), "damping is not used: 2 sqrt(stiffness) stands before e'. Use the "
     "argument."),
    (_control(gains=lambda k, d: (k / 2, d)), "stiffness counts half. It stands before e as it is."),
    (_control(gains=lambda k, d: (1 / k, 1 / d)), "e and e' are divided by stiffness and damping. They are "
     "multiplied."),
    (_control(error=lambda s, p, v: (p - s[:, :2], -s[:, 2:])), "the brake is on the speed itself, not on its error: "
     "e' = wanted velocity - velocity."),
    (_control(error=lambda s, p, v: (p - s[:, :2], v.expand(len(s), 2))), "e' is the wanted velocity alone. Take the "
     "velocity of the arm off."),
    (_control(error=lambda s, p, v: (p.expand(len(s), 2), v.expand(len(s), 2))), "what is wanted stands in place of "
     "the errors. e = wanted - where it is."),
    (_control(error=lambda s, p, v: (p - s[:, 2:], v - s[:, :2])), "angles and speeds of `state` are exchanged: angles "
     "are state[:, :2], speeds state[:, 2:]."),
    (_control(error=lambda s, p, v: (p - s[:, ::2], v - s[:, 1::2])), "the numbers of `state` are in another order: "
     "two angles, then two speeds."),
    (_control(error=lambda s, p, v: (p - s[:, :2], v - s[:, 1:3])), "the speeds of `state` are read from the wrong "
     "places: angles are state[:, :2], speeds state[:, 2:]."),
    (_control(error=lambda s, p, v: ((p - s[:, :2]).abs(), (v - s[:, 2:]).abs())), "the errors lost their signs."),
    (_control(error=lambda s, p, v: ((p - s[:, :2]).square(), (v - s[:, 2:]).square())), "the errors are squared, so "
     "that their signs are lost. Take them as they are."),
    *((_control(error=error), "the elbow's error is taken of its angle from the *horizontal*, q1 + q2. `state` and "
       "what is wanted hold the elbow's angle from the upper arm: take them as they are.") for error in (
        lambda s, p, v: (p.cumsum(0) - s[:, :2].cumsum(1), v.cumsum(0) - s[:, 2:].cumsum(1)),
        lambda s, p, v: (p.cumsum(0) - s[:, :2].cumsum(1), v - s[:, 2:]))),
    *((_control(error=lambda s, p, v, one=one: (one(p - s[:, :2]), one(v - s[:, 2:]))), f"the errors of both joints "
       f"are made one number, their {name}. Each joint has an error of its own: [arms, 2].") for one, name in (
        (lambda e: e.norm(dim=1, keepdim=True), "length"), (lambda e: e.sum(1, keepdim=True), "sum"),
        (lambda e: e.mean(1, keepdim=True), "mean"))),
    (_control(error=lambda s, p, v: (p - s[:, :2] - 0.02 * s[:, 2:], v - s[:, 2:])), "the error is that of the next "
     "moment. Take it as it is now."),
    (_control(at=_there), "the model is asked at the state where the arm *should* be. Gravity and friction act where "
     "it is: ask at `state`."),
    (_control(at=_mixed(lambda s, t: torch.cat([s[:, :2], t[:, 2:]], 1))), "the model is asked at the wanted speeds. "
     "Ask at `state`."),
    (_control(at=_mixed(lambda s, t: torch.cat([t[:, :2], s[:, 2:]], 1))), "the model is asked at the wanted angles. "
     "Ask at `state`."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, a.expand_as(pulled)) + pulled), "the corrections are added "
     "to the *torques*. They are accelerations: a heavy arm needs more torque for the same one. Add them to what the "
     "model is asked for."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, a.expand_as(pulled)) - pulled), "the corrections are taken "
     "off the *torques*. They are accelerations: add them to what the model is asked for."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, pulled) + a), "the wanted acceleration is added to the "
     "*torques*. Add it to what the model is asked for."),
    (_control(end=lambda inverse, s, a, pulled: a + pulled), "this is the acceleration to ask for. Ask the model: "
     "inverse(state, acceleration) gives torques."),
    (_control(end=lambda inverse, s, a, pulled: pulled), "these are the corrections alone, and no torques of the "
     "model."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, a + pulled) - inverse(s, 0 * pulled)), "gravity "
     "and friction are taken off again. The torques of the model have them in, as they should."),
    (_control(end=lambda inverse, s, a, pulled: -inverse(s, a + pulled)), "the torques have the wrong sign."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, a + pulled).clamp(-LIMIT, LIMIT)), "the torques are "
     "limited. What the motors can give is not this function's business: `step` sees to it."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, a + pulled)[0]), "only the first arm gets torques: "
     "[arms, 2]."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, (a + pulled).mean(0).expand_as(pulled))), "all "
     "arms are asked for the same acceleration, the mean. Each has its own error."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, (a + pulled)[:1].expand_as(pulled))), "all arms are asked "
     "for the acceleration of the first one. Each has its own error."),
    (_control(end=lambda inverse, s, a, pulled: inverse(s, a + pulled).sum(0)), "the torques of all arms are summed. "
     "Each arm has its own: [arms, 2]."),
]  # fmt: skip


def judge_control(call):
    """`computed_torque`: several arms, gains and places; how often, and with what, the model is asked."""
    try:
        compare(call, computed_torque, _cases(), _MISTAKES, (), ("arm", "joint"))
    except Problem as problem:
        unknown = ("the numbers differ", "it stopped", "the result should")
        if str(problem).startswith(unknown) and (said := _misasked(call)):
            raise Problem(said) from None
        raise
    if said := _misasked(call):
        raise Problem(said)
    keeps_names(call, "stiffness", "damping")
    model, state, *wanted = _case(seed=7)
    for dtype in (torch.float64, torch.float32):
        exact = partial(inverse_dynamics, _ARMS.to(dtype))
        got = call(exact, state.to(dtype), *(part.to(dtype) for part in wanted))
        if got.dtype != dtype:
            raise Problem(f"the numbers are right, but for a state of {dtype} it returns {got.dtype}.")


class _Watched:
    """A model that keeps what it is asked."""

    def __init__(self, model):
        self._model, self.asked = model, []

    def __call__(self, state: Tensor, acceleration: Tensor) -> Tensor:
        self.asked.append((state, acceleration))
        return self._model(state, acceleration)


def _misasked(call) -> str:
    """What is wrong with how the model is asked, in a sentence; nothing if it is asked once, for all arms."""
    model, *others = _case(seed=8)
    watched, stopped = _Watched(model), ""
    try:
        call(watched, *others)
    except Problem as problem:
        stopped = str(problem)
    if not watched.asked:
        return "" if stopped else "the model is never asked: inverse(state, acceleration) gives its torques."
    state, acceleration = watched.asked[0]
    shapes = [list(part.shape) if isinstance(part, Tensor) else None for part in (state, acceleration)]
    if shapes == [[3, 2], [3, 4]]:
        return "the model is asked with its two arguments exchanged: inverse(state, acceleration)."
    if stopped and shapes != [[3, 4], [3, 2]]:
        return (f"the model is asked with {form(state)} and {form(acceleration)}, for 3 arms. It takes the whole "
                "state, [3, 4], and an acceleration for each arm, [3, 2].")  # fmt: skip
    if len(watched.asked) > 1:
        return (f"for 3 arms the model is asked {len(watched.asked)} times. Each time costs a pass through a network: "
                "ask once, for all arms.")  # fmt: skip
    return ""
