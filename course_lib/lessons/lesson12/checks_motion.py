"""What `check` looks at in the arm's equation of motion, in lesson 12, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson12.checks_dtype import keeps_dtype
from course_lib.tasks.arm import LINK, acceleration, energy, gravity, inverse_dynamics, joints, mass_matrix

_LOW, _HIGH = (0.0, 0.7, 0.7, 0.0, 0.0, 0.0, 0.0), (2.0, 1.3, 1.3, 1.0, 1.0, 6.0, 1.5)


def _case(*axes: int, seed: int = 0, speed: float = 2.0, dtype=torch.float64) -> tuple[Tensor, Tensor, Tensor]:
    """Arms in all states, some with a spring; `speed` in rad/s."""
    g = torch.Generator().manual_seed(seed)
    low, high = torch.tensor(_LOW), torch.tensor(_HIGH)
    arm = low + (high - low) * torch.rand(*axes, 7, generator=g)
    state = torch.cat([4 * torch.rand(*axes, 2, generator=g) - 2, speed * torch.randn(*axes, 2, generator=g)], -1)
    return arm.to(dtype), state.to(dtype), (8 * torch.randn(*axes, 2, generator=g)).to(dtype)


def _cases() -> dict[str, tuple[Tensor, Tensor, Tensor]]:
    return {
        "three arms at rest": _case(3, speed=0.0),
        "three arms that move": _case(3, seed=1),
        "five arms that move fast": _case(5, seed=2, speed=6.0),
        "two arms in four moments each": _case(2, 4, seed=3),
        "three arms in float32": _case(3, seed=4, dtype=torch.float32),
    }


_RIGHT = ((0, -2, -1), (1, 0, 0))  # of w1^2, w1 w2, w2^2, times k sin q2: shoulder and elbow


def _swift(arm: Tensor, state: Tensor, numbers=_RIGHT, k=lambda arm: (arm[..., 2] / 2 + arm[..., 0]) * LINK**2,
           wave=lambda state: torch.sin(state[..., 1])) -> Tensor:  # fmt: skip
    """The two terms with speeds, with other numbers in them."""
    w1, w2 = state[..., 2], state[..., 3]
    terms = torch.stack([w1**2, w1 * w2, w2**2], -1) @ torch.tensor(numbers, dtype=state.dtype).T  # [..., 2]
    return (k(arm) * wave(state)).unsqueeze(-1) * terms


def _solved(mass: Tensor, left: Tensor) -> Tensor:
    return torch.linalg.solve(mass, left.unsqueeze(-1)).squeeze(-1)


def _motion(swift=_swift, weight=1, rub=1, solve=_solved, push=1, own=lambda arm, state: 0):
    """The equation of motion with some part of it another; `own` is added on the side of the torques."""

    def answer(arm, state, torques):
        left = push * torques - swift(arm, state) - weight * gravity(arm, state) - rub * joints(arm, state)
        return solve(mass_matrix(arm, state), left + own(arm, state))

    return answer


def _numbers(*numbers, **parts):
    return _motion(lambda arm, state: _swift(arm, state, numbers, **parts))


def _change_of_mass(arm: Tensor, state: Tensor, of: Tensor, by) -> Tensor:
    """The derivative of the mass matrix in q2, times `by`, times `of`."""
    k = (arm[..., 2] / 2 + arm[..., 0]) * LINK**2 * torch.sin(state[..., 1])
    one = torch.tensor([[-2.0, -1.0], [-1.0, 0.0]], dtype=state.dtype)
    return (k * by).unsqueeze(-1) * (of @ one)


def _adjugate(a=1, b=-1, swapped=False, determinant=lambda a, b, d: a * d - b * b):
    """The inverse of a matrix of two rows, with places to go wrong."""

    def solve(mass, left):
        (p, q), (_, s) = (row.unbind(-1) for row in mass.unbind(-2))
        x, y = left.unbind(-1)
        p, s = (s, p) if swapped else (p, s)
        top, bottom = a * s * x + b * q * y, a * p * y + b * q * x
        return torch.stack([top, bottom], -1) / determinant(p, q, s).unsqueeze(-1)

    return solve


def _then(change):
    return lambda arm, state, torques: change(acceleration(arm, state, torques), arm, state, torques)


def _without_spring(arm, state, torques):
    return acceleration(torch.cat([arm[..., :5], torch.zeros_like(arm[..., 5:])], -1), state, torques)


def _no_friction_by_hand(arm, state, torques):
    return _without_spring(torch.cat([arm[..., :3], torch.zeros_like(arm[..., 3:])], -1), state, torques)


_CHANGES = "a mass matrix that changes takes torques of its own"
_HALF = ("of the two terms with speeds, only M' w is there (M' is the derivative of M in time). The other, minus half "
         "of the derivative of w'Mw in the angles, is missing: it has a number for the elbow alone.")  # fmt: skip
_MISTAKES = [
    (_numbers((0, 0, 0), (0, 0, 0)), f"the terms with speeds are missing. While the arm moves, M changes, and "
     f"{_CHANGES}."),
    (_numbers((0, 2, 1), (-1, 0, 0)), "the terms with speeds have the wrong sign, all of them. Two places to look: the "
     "derivative of cos is *minus* sin; and what stands beside M a goes to the other side with a minus."),
    (_numbers((0, -2, -1), (0, -1, 0)), _HALF),
    (_numbers((0, -2, -1), (2, 1, 0)), "in the elbow's equation, the derivative of w'Mw is taken whole. Half of it is "
     "wanted."),
    (_numbers((0, -2, -1), (-1, -2, 0)), "the second term with speeds is added. Lagrange's equation takes half of the "
     "derivative of w'Mw *away*."),
    (_numbers((0, 0, 0), (1, 1, 0)), "of the two terms with speeds, M' w is missing: M' is the derivative of M in "
     "time, its derivative in q2 times w2."),
    (_numbers((1, -1, -1), (0, -1, 0)), "half of the derivative of w'Mw stands in the shoulder's equation. M depends "
     "on the angle of the elbow, so that it belongs to the elbow's."),
    (_numbers((1, -1, -1), (1, 0, 0)), "half of the derivative of w'Mw stands in both equations. M depends on q2 "
     "alone, so that it belongs to the elbow's; the shoulder's number is 0."),
    (_numbers((0, -1, -1), (1, 0, 0)), "in the shoulder's equation, w1 w2 stands once. The corner of M has 2 k cos q2, "
     "and the derivative keeps the 2."),
    (_numbers((0, -2, 0), (1, 0, 0)), "in the shoulder's equation, the term with w2^2 is missing: M' w has two parts, "
     "and the second is the derivative of M12 times w2."),
    (_numbers((0, -2, -2), (1, 0, 0)), "in the shoulder's equation, w2^2 stands twice. M12 has k cos q2 once."),
    (_numbers((0, 2, 1), (1, 0, 0)), "the shoulder's terms with speeds have the wrong sign: M falls as the elbow is "
     "bent, since the derivative of cos is minus sin."),
    (_numbers((0, -2, -1), (-1, 0, 0)), "the elbow's term with speeds has the wrong sign: minus half of a derivative "
     "that is itself negative."),
    (_numbers((0, -2, -1), (0, 0, 0)), "the elbow's equation has no term with speeds. When the shoulder turns, the "
     "lower arm is thrown outwards."),
    (_numbers((0, 0, 0), (1, 0, 0)), "the shoulder's equation has no terms with speeds."),
    (_numbers((0, -2, -1), (0.5, 0, 0)), "the elbow's term with speeds is half as large as it should be. The ½ cancels "
     "with the 2 of 2 k cos q2 w1^2."),
    (_numbers(*_RIGHT, wave=lambda state: torch.cos(state[..., 1])), "the terms with speeds hold cos q2. They come "
     "from a derivative of it: sin."),
    (_numbers(*_RIGHT, wave=lambda state: torch.sin(state[..., 0])), "the terms with speeds hold sin q1. M depends on "
     "q2, the angle of the elbow."),
    (_numbers(*_RIGHT, wave=lambda state: torch.sin(state[..., :2].sum(-1))), "the terms with speeds hold sin(q1 + "
     "q2). M depends on q2 alone, the angle between the two links."),
    (_numbers(*_RIGHT, wave=lambda state: torch.ones_like(state[..., 1])), "the terms with speeds lack sin q2."),
    *((_numbers(*_RIGHT, k=k), text) for k, text in (
        (lambda arm: arm[..., 2] / 2 * LINK**2, "in the terms with speeds, k lacks the payload: it is (lower / 2 + "
         "payload) times l^2."),
        (lambda arm: (arm[..., 2] + arm[..., 0]) * LINK**2, "in the terms with speeds, k has the whole mass of the "
         "lower arm. It is (lower / 2 + payload) times l^2."),
        (lambda arm: (arm[..., 2] + arm[..., 0]) / 2 * LINK**2, "in the terms with speeds, k has half of the payload. "
         "It is (lower / 2 + payload) times l^2."),
        (lambda arm: (arm[..., 1] / 2 + arm[..., 0]) * LINK**2, "in the terms with speeds, k is made of the mass of "
         "the upper arm, arm[..., 1]. The lower one's is arm[..., 2]."),
        (lambda arm: (arm[..., 2] / 2 + arm[..., 0]) * LINK, "in the terms with speeds, k has l in place of l^2."),
        (lambda arm: arm[..., 2] / 2 + arm[..., 0], "in the terms with speeds, k lacks l^2: links are 0.5 m long."),
        (lambda arm: (arm[..., 1] / 2 + arm[..., 2]) * LINK**2, "in the terms with speeds, k is made of the wrong "
         "numbers of `arm`: payload, upper mass and lower mass stand in places 0, 1 and 2."),
        (lambda arm: (arm[..., 0] / 2 + arm[..., 2]) * LINK**2, "in the terms with speeds, payload and lower mass are "
         "exchanged: the payload stands in arm[..., 0], and k is (lower / 2 + payload) times l^2."),
        (lambda arm: (arm[..., 0] / 2 + arm[..., 1]) * LINK**2, "in the terms with speeds, k is made of the wrong "
         "numbers of `arm`: payload, upper mass and lower mass stand in places 0, 1 and 2."))),
    (_motion(lambda arm, state: _change_of_mass(arm, state, state[..., 2:], 1.0)
             - torch.stack([torch.zeros_like(state[..., 2]), _half(arm, state)], -1)),
     "M' is taken as the derivative of M in q2. In time, q2 changes by w2: multiply it by w2."),
    (_motion(lambda arm, state: _change_of_mass(arm, state, state[..., 2:], state[..., 2])
             - torch.stack([torch.zeros_like(state[..., 2]), _half(arm, state)], -1)),
     "M' is multiplied by w1. M depends on q2, which changes by w2."),
    (_motion(weight=-1), "gravity has the wrong sign: on the side of the torques it is taken away."),
    (_motion(weight=0), "gravity is missing."),
    (_motion(rub=-1), "joints has the wrong sign, so that friction drives the arm: on the side of the torques it is "
     "taken away."),
    (_motion(rub=0), "joints(arm, state) is missing: friction, and what else acts in a joint."),
    (_motion(weight=-1, rub=-1), "gravity and joints have the wrong sign: they stand beside M a, so on the side of the "
     "torques they are taken away."),
    (_motion(lambda arm, state: -_swift(arm, state), -1, -1), "what stands beside M a has the wrong sign: on the side "
     "of the torques it is taken away."),
    (_motion(weight=0, rub=0), "gravity and joints are missing."),
    (_motion(lambda arm, state: torch.zeros_like(state[..., 2:]), 0, 0), "this is torques / M: the terms with speeds, "
     "gravity and joints are missing."),
    (_motion(lambda arm, state: torch.zeros_like(state[..., 2:]), rub=0), "the terms with speeds are missing, and "
     "joints(arm, state)."),
    (_motion(push=0), "`torques` are not used."),
    (_motion(push=-1), "`torques` have the wrong sign."),
    (_without_spring, "friction is all that acts in the joints here. Take joints(arm, state): it knows what else does, "
     "such as a spring."),
    (_no_friction_by_hand, "joints(arm, state) is missing: friction, and what else acts in a joint."),
    (lambda arm, state, torques: inverse_dynamics(arm, state, torques), "this is the other question: which torques it "
     "takes for these accelerations. Here torques are given: solve M a = torques - ..."),
    (_motion(solve=lambda mass, left: (mass @ left.unsqueeze(-1)).squeeze(-1)), "the right side is multiplied by M. M "
     "stands beside a: solve for it, torch.linalg.solve."),
    (_motion(solve=lambda mass, left: left / mass.diagonal(dim1=-2, dim2=-1)), "each joint is solved alone: the right "
     "side is divided by the diagonal of M. M12 couples them; both accelerations are unknown at once."),
    (_motion(solve=lambda mass, left: left / mass.sum(-1)), "the right side is divided by sums of M. Two equations "
     "with two unknowns: torch.linalg.solve."),
    (_motion(solve=lambda mass, left: ((1 / mass) @ left.unsqueeze(-1)).squeeze(-1)), "1 / M has the reciprocal of "
     "each number. That is not the inverse of the matrix: torch.linalg.solve."),
    (_motion(solve=lambda mass, left: left.unsqueeze(-1) / mass), "the right side is divided by each number of M. Two "
     "equations with two unknowns: torch.linalg.solve."),
    (_motion(solve=lambda mass, left: left.unsqueeze(-2) / mass), "the right side is divided by each number of M. Two "
     "equations with two unknowns: torch.linalg.solve."),
    (_motion(solve=_adjugate(b=1)), "the inverse of [[a, b], [b, d]] is [[d, -b], [-b, a]] / (a d - b b): the minus "
     "before b is missing."),
    (_motion(solve=_adjugate(swapped=True)), "the inverse of [[a, b], [b, d]] is [[d, -b], [-b, a]] / (a d - b b): a "
     "and d are to be exchanged."),
    (_motion(solve=_adjugate(determinant=lambda a, b, d: a * d + b * b)), "the determinant of [[a, b], [b, d]] is a d "
     "- b b: here b b is added."),
    (_motion(solve=_adjugate(determinant=lambda a, b, d: torch.ones_like(a))), "the inverse of a matrix of two rows is "
     "divided by its determinant, a d - b b."),
    (_motion(solve=_adjugate(determinant=lambda a, b, d: a * d)), "the determinant of [[a, b], [b, d]] is a d - b b: "
     "b b is missing."),
    (_motion(lambda arm, state: _of_degrees(arm, state)), "the sine is taken of degrees. Angles are in rad."),
    (_then(lambda a, arm, state, torques: a.flip(-1)), "the two accelerations are exchanged: the shoulder comes "
     "first."),
    (_then(lambda a, arm, state, torques: torch.cat([state[..., 2:], a], -1)), "the speeds stand before the "
     "accelerations. Return the accelerations alone, [..., 2]."),
    (_then(lambda a, arm, state, torques: state[..., 2:] + 0.02 * a), "these are the speeds after a period. The "
     "accelerations themselves are wanted."),
    (_then(lambda a, arm, state, torques: torch.stack(a.unbind(-1))), "the axis of the joints stands first. It should "
     "be the last: torch.stack(..., -1)."),
    (_then(lambda a, arm, state, torques: torch.cat(a.unbind(-1), -1)), "the two joints are joined into one axis: "
     "torch.stack(..., -1) gives them one of their own."),
    (_then(lambda a, arm, state, torques: a.unsqueeze(-1)), "there is an axis too many, of size 1 (from unsqueeze(-1) "
     "for the solver): squeeze(-1)."),
    (lambda arm, state, torques: acceleration(arm, state, torques.clamp(torch.tensor([-40.0, -15.0]).to(torques),
     torch.tensor([40.0, 15.0]).to(torques))), "the torques are limited. What the motors can give is not this "
     "function's business: `step` sees to it."),
]  # fmt: skip


def _half(arm: Tensor, state: Tensor) -> Tensor:
    """Half of the derivative of w'Mw in q2."""
    return (_change_of_mass(arm, state, state[..., 2:], 0.5) * state[..., 2:]).sum(-1)


def _of_degrees(arm: Tensor, state: Tensor) -> Tensor:
    return _swift(arm, state, wave=lambda s: torch.sin(torch.deg2rad(s[..., 1])))


def judge_motion(call):
    """`acceleration`: arms at rest and in motion, several axes in front and none, float32 too."""
    try:
        compare(call, acceleration, _cases(), _MISTAKES, (), ("arm", "joint"))
    except Problem as problem:
        if "to unpack" in str(problem):
            raise Problem(f"{problem}\n  A tensor is taken apart along its first axis: state.unbind(-1).") from None
        if "in four moments each" in str(problem) and str(problem) not in {text for _, text in _MISTAKES}:
            said = str(problem).replace("It is right for three arms at rest.", "With one axis in front it is right.")
            raise Problem(f"{said}\n  Any axes may stand in front: state[..., 0], not state[:, 0].") from None
        if "the numbers differ" in str(problem):
            raise Problem(f"{problem}{_said_by_motion(call)}") from None
        raise
    also(call, acceleration, {"one arm in one state, without an axis in front": tuple(t[0] for t in _case(1, seed=5))},
         "Any axes may stand in front, or none: state[..., 0], not state[:, 0]; .unbind(-1); axes counted from the "
         "last, as -1.")  # fmt: skip
    also(call, acceleration, {"axes [2, 1, 3] in front": _case(2, 1, 3, seed=6)},
         "Any axes may stand in front: count axes from the last, as -1.")  # fmt: skip
    also(call, acceleration, {"four arms": _case(4, seed=7)}, "With four arms, q1, q2, w1, w2 = state takes arms "
         "apart, not numbers: state.unbind(-1).")  # fmt: skip
    keeps_dtype(call, _case(3, seed=10), "state")


def _said_by_motion(call) -> str:
    """What two experiments say of an answer that is wrong in no known way: its terms with speeds, and its energy."""
    arm, state, torques = _case(4, seed=8, speed=0.0)
    got, want = call(arm, state, torques), acceleration(arm, state, torques)
    if got.shape != want.shape:
        return "\n  With four arms it has another shape altogether."
    if not torch.allclose(got.double(), want, rtol=1e-4, atol=1e-5):
        return "\n  It is wrong at rest already, so not (only) in the terms with speeds."
    arm[..., 3:] = 0
    found = []  # what stands beside k sin q2, for w = (1, 0), (0, 1), (1, 1) and (-1, -1)
    for w in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (-1.0, -1.0)):
        moving = torch.cat([state[..., :2], torch.tensor(w).to(state).expand(4, 2)], -1)
        pushed = mass_matrix(arm, moving) @ call(arm, moving, torques).to(state).unsqueeze(-1)
        swift = torques - gravity(arm, moving) - pushed.squeeze(-1)
        found.append(swift / _swift(arm, moving, ((1, 0, 0), (1, 0, 0)), wave=_sine).where(torch.tensor(w[0] != 0),
                     _swift(arm, moving, ((0, 0, 1), (0, 0, 1)), wave=_sine)))  # fmt: skip
    first, second, both, back = found
    numbers = torch.stack([first, both - first - second, second], -1)  # [arms, joint, w1 w1, w1 w2, w2 w2]
    if torch.allclose(both, back, atol=1e-3) and torch.allclose(numbers, numbers[:1].expand_as(numbers), atol=1e-3):
        wrong = (numbers[0] - torch.tensor(_RIGHT).to(numbers)).abs() > 1e-3
        said = [f"{('w1^2', 'w1 w2', 'w2^2')[j]} in the {('shoulder', 'elbow')[i]}'s equation by {numbers[0, i, j]:g}"
                for i, j in wrong.nonzero().tolist()]  # fmt: skip
        return f"\n  Beside M a, k sin q2 is multiplied by other numbers than it should be: {', '.join(said)}."
    arm, state, _ = _case(1, seed=9)
    arm[..., 3:] = 0
    return (f"\n  At rest it is right. Without torques and friction, the energy of an arm that moves should stay; with "
            f"yours it changes by {_power(call, arm, state):.2g} J a second, for one that has "
            f"{energy(arm, state).item():.2g} J.")  # fmt: skip


def _sine(state: Tensor) -> Tensor:
    return torch.sin(state[..., 1])


def _power(call, arm: Tensor, state: Tensor) -> float:
    """What the energy changes by in a second, in J."""
    state = state.clone().requires_grad_()
    slope = torch.autograd.grad(energy(arm, state).sum(), state)[0]
    moved = torch.cat([state[..., 2:], call(arm, state.detach(), torch.zeros_like(state[..., 2:])).to(state)], -1)
    return (slope * moved).sum().item()
