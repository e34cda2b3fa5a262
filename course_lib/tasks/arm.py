"""An arm of two links in the vertical plane: its equation of motion, and tasks of which each is one arm."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from course_lib.arguments import check_draw, check_number, check_range, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode

#: The columns of `arm` `[..., 7]`: kg, kg, kg, N m s, N m s, N m / rad, N m. The payload hangs on the hand.
PARAMETERS = ("payload", "upper mass", "lower mass", "shoulder friction", "elbow friction", "spring", "stickiness")
LINK, GRAVITY = 0.5, 9.81  # m, of each link; m/s^2
PERIOD, SMALL_STEPS = 0.02, 4  # s, of control; and the steps of the simulation within one
LIMIT = torch.tensor([40.0, 15.0])  # N m, of the motors
TORQUE_UNIT = torch.tensor([10.0, 4.0])  # N m: networks see torques in these units
REST, SLIP = -1.5, 0.3  # rad, where the spring is relaxed; rad/s, from which on dry friction is whole


def mass_matrix(arm: Tensor, state: Tensor) -> Tensor:
    """Which torques an acceleration takes, `[..., 2, 2]` in kg m^2.

    Args:
        arm: `[..., 7]`, see PARAMETERS.
        state: `[..., 4]`: the shoulder's angle from the horizontal, the elbow's from the upper arm (rad), their speeds.

    Source: two rods of even mass and a point mass in Lagrange's equation, as in Murray, Li and Sastry 1994 (A
        Mathematical Introduction to Robotic Manipulation), section 4.2.
    """
    payload, upper, lower = arm[..., 0], arm[..., 1], arm[..., 2]
    bend = (lower / 2 + payload) * LINK**2 * torch.cos(state[..., 1])
    elbow = ((lower / 3 + payload) * LINK**2).expand_as(bend)
    shoulder = (upper / 3 + lower + payload) * LINK**2 + elbow + 2 * bend
    return torch.stack([shoulder, elbow + bend, elbow + bend, elbow], -1).unflatten(-1, (2, 2))


def coriolis(arm: Tensor, state: Tensor) -> Tensor:
    """The torques `[..., 2]` that it takes to keep both speeds as they are, without gravity and friction, in N m."""
    _, q2, w1, w2 = state.unbind(-1)
    h = (arm[..., 2] / 2 + arm[..., 0]) * LINK**2 * torch.sin(q2)
    return torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)


def gravity(arm: Tensor, state: Tensor) -> Tensor:
    """The torques `[..., 2]` that hold the arm's weight, in N m."""
    payload, upper, lower = arm[..., 0], arm[..., 1], arm[..., 2]
    elbow = (lower / 2 + payload) * LINK * GRAVITY * torch.cos(state[..., 0] + state[..., 1])
    return torch.stack([(upper / 2 + lower + payload) * LINK * GRAVITY * torch.cos(state[..., 0]) + elbow, elbow], -1)


def joints(arm: Tensor, state: Tensor) -> Tensor:
    """The torques `[..., 2]` against friction in both joints, and the spring and the dry friction of the elbow, N m."""
    w1, w2 = state[..., 2], state[..., 3]
    elbow = arm[..., 4] * w2 + arm[..., 5] * (state[..., 1] - REST) + arm[..., 6] * torch.tanh(w2 / SLIP)
    return torch.stack([arm[..., 3] * w1, elbow], -1)


def acceleration(arm: Tensor, state: Tensor, torques: Tensor) -> Tensor:
    """How both joints accelerate, `[..., 2]` in rad/s^2: the equation of motion, solved.

    mass matrix . acceleration + coriolis + gravity + joints = torques

    Args:
        arm, state: see `mass_matrix`.
        torques: `[..., 2]`, of the motors, N m.
    """
    left = torques - coriolis(arm, state) - gravity(arm, state) - joints(arm, state)  # [..., 2]
    (a, b), (_, d) = (row.unbind(-1) for row in mass_matrix(arm, state).unbind(-2))
    x, y = left.unbind(-1)
    return torch.stack([d * x - b * y, a * y - b * x], -1) / (a * d - b * b).unsqueeze(-1)


def inverse_dynamics(arm: Tensor, state: Tensor, acceleration: Tensor) -> Tensor:
    """The torques `[..., 2]` in N m that give this acceleration `[..., 2]`; arm and state as in `mass_matrix`."""
    moved = (mass_matrix(arm, state) @ acceleration.unsqueeze(-1)).squeeze(-1)
    return moved + coriolis(arm, state) + gravity(arm, state) + joints(arm, state)


def energy(arm: Tensor, state: Tensor) -> Tensor:
    """Of motion, of height and of the spring, `[...]` in J. It changes by what the motors give and friction takes."""
    speed, lower = state[..., 2:], arm[..., 2] / 2 + arm[..., 0]
    motion = (speed * (mass_matrix(arm, state) @ speed.unsqueeze(-1)).squeeze(-1)).sum(-1) / 2
    upper = (arm[..., 1] / 2 + arm[..., 2] + arm[..., 0]) * torch.sin(state[..., 0])
    height = GRAVITY * LINK * (upper + lower * torch.sin(state[..., 0] + state[..., 1]))
    return motion + height + arm[..., 5] * (state[..., 1] - REST) ** 2 / 2


def step(arm: Tensor, state: Tensor, torques: Tensor, period: float = PERIOD) -> Tensor:
    """The state after `period` seconds of these torques, of which the motors give no more than LIMIT (Euler's method,
    speeds first, in SMALL_STEPS)."""
    limit, dt = LIMIT.to(state), period / SMALL_STEPS
    torques = torques.clamp(-limit, limit)
    for _ in range(SMALL_STEPS):
        speed = state[..., 2:] + dt * acceleration(arm, state, torques)
        state = torch.cat([state[..., :2] + dt * speed, speed], -1)
    return state


def hand(state: Tensor) -> Tensor:
    """Where the hand is, `[..., 2]` in m, right and up from the shoulder."""
    upper, lower = state[..., 0], state[..., 0] + state[..., 1]
    return LINK * torch.stack([torch.cos(upper) + torch.cos(lower), torch.sin(upper) + torch.sin(lower)], -1)


def network_input(state: Tensor, acceleration: Tensor) -> Tensor:
    """What a network sees of a state `[..., 4]` and an acceleration `[..., 2]`: ten numbers of about 1, `[..., 10]`."""
    angles = torch.cat([state[..., :2], state[..., :2].sum(-1, keepdim=True)], -1)  # of upper arm, elbow, lower arm
    return torch.cat([torch.sin(angles), torch.cos(angles), state[..., 2:] / 3, acceleration / 20], -1)


def random_targets(n: int, seconds: float, generator: Generator | None = None) -> Tensor:
    """Angles that swing about, `[n, periods, 2]` in rad: each joint follows a sum of three slow sine waves."""
    t = PERIOD * torch.arange(round(seconds / PERIOD)).view(-1, 1, 1)  # [periods, 1, 1]
    start, phase, speed, size = (torch.rand(n, 1, *shape, generator=generator) for shape in ((2,), *[(3, 2)] * 3))
    phase = 2 * torch.pi * phase
    waves = torch.sin(2 * torch.pi * (0.3 + 1.2 * speed) * t + phase) - torch.sin(phase)  # [n, periods, 3, 2]
    swing = (torch.tensor([0.5, 0.6]) * size * waves).sum(2)
    return torch.tensor([-0.6, -2.1]) + torch.tensor([1.6, 1.8]) * start + swing


def record(arm: Tensor, targets: Tensor, generator: Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Move arms `[n, 7]` about: a weak controller that knows no payload chases `targets` `[n, periods, 2]`, from rest.

    Returns: states `[n, periods, 4]`, torques `[n, periods, 2]` (with noise of 1 and 0.4 N m if there is a generator),
        and the mean acceleration in each period, `[n, periods, 2]`.
    """
    state, nominal = torch.cat([targets[:, 0], torch.zeros_like(targets[:, 0])], -1), arm.new_tensor([0, 1, 1, 0, 0])
    states, sent = [state], []
    for target in targets.unbind(1):
        torques = gravity(nominal, state) + target.new_tensor([30, 10]) * (target - state[:, :2])
        torques = torques - target.new_tensor([4, 0.5]) * state[:, 2:]
        if generator is not None:
            torques = torques + target.new_tensor([1, 0.4]) * torch.randn(len(arm), 2, generator=generator)
        sent.append(torques.clamp(-LIMIT.to(state), LIMIT.to(state)))
        state = step(arm, state, torques)
        states.append(state)
    states = torch.stack(states, 1)  # [n, periods + 1, 4]
    return states[:, :-1], torch.stack(sent, 1), states[..., 2:].diff(dim=1) / PERIOD


class Arms:
    """A distribution over arms; a task is one arm, and asks for the torques that give an acceleration.

    `arms` arms are drawn and moved about twice, for `seconds` each time: two swings. The support set is a window of
    `shot` moments, one after the other, of one swing. Queries are moments of the *other* swing, as a controller will
    ask for other movements than those that it learned from.

    Args:
        shot, query: moments a task, 50 a second.
        arms, seconds: how many arms are drawn, and how long each swing is.
        noise: standard deviation of what is added to a measured acceleration, rad/s^2.
        payload, mass, friction, spring, stickiness: ranges that are drawn from evenly, in the units of PARAMETERS.
        another_swing: False asks for the moments that follow the window, in the same swing.
        clean_queries: accelerations of queries without noise, to judge. Training takes noisy ones.
        seed: of the arms, their swings and the noise.

    Source: models that adapt to a changed machine, Nagabandi et al. 2019 (arXiv:1803.11347), whose foretell a state.
    """

    way = None

    def __init__(self, shot: int = 50, query: int = 50, arms: int = 400, seconds: float = 6.0, noise: float = 0.5,
                 payload=(0.0, 2.0), mass=(0.7, 1.3), friction=(0.0, 1.0), spring=(0.0, 0.0), stickiness=(0.0, 0.0),
                 another_swing: bool = True, clean_queries: bool = False, seed: int = 0, device="cpu"):  # fmt: skip
        check_whole(arms=arms), check_whole(0, seed=seed), check_number(noise=noise)
        check_number(PERIOD, seconds=seconds)
        check_range(payload=payload, mass=mass, friction=friction, spring=spring, stickiness=stickiness)
        periods = round(seconds / PERIOD)
        check_whole(1, periods, query=query), check_whole(1, periods - query * (not another_swing), shot=shot)
        self.shot, self.query, self.another_swing, self.clean_queries = shot, query, another_swing, clean_queries
        self.device, self.changes = pick_device(device), f"noise {noise:g}, payload {payload}, mass {mass}, friction "
        self.changes += f"{friction}, spring {spring}, stickiness {stickiness}, {arms} of seed {seed}, {seconds:g} s"
        g = torch.Generator().manual_seed(seed)
        low, high = torch.tensor([payload, mass, mass, friction, friction, spring, stickiness], dtype=torch.float).T
        self.arms = low + (high - low) * torch.rand(arms, 7, generator=g)
        states, torques, moved = record(self.arms.repeat(2, 1), random_targets(2 * arms, seconds, g), g)
        measured = moved + noise * torch.randn(moved.shape, generator=g)
        #: inputs `[arms, 2 swings, periods, 10]` as measured, and as they are; torques `[arms, 2, periods, 2]`
        self.x, self.clean_x, self.y = (t.unflatten(0, (2, arms)).transpose(0, 1) for t in (
            network_input(states, measured), network_input(states, moved), torques / TORQUE_UNIT))  # fmt: skip

    def draw(self, n_tasks: int, generator: Generator | None = None) -> tuple[Episode, Tensor]:
        """`sample`, and the arm of each task, `[n_tasks, 7]`."""
        check_draw(n_tasks, generator)
        periods, follow = self.y.shape[2], 0 if self.another_swing else self.query
        arm = torch.randint(len(self.arms), (n_tasks, 1), generator=generator)
        swing = torch.randint(2, (n_tasks, 1), generator=generator)
        start = torch.randint(periods - self.shot - follow + 1, (n_tasks, 1), generator=generator)
        asked = torch.randint(periods, (n_tasks, self.query), generator=generator)  # [tasks, query]
        support = arm, swing, start + torch.arange(self.shot)
        query = arm, 1 - swing, asked
        if not self.another_swing:
            query = arm, swing, start + self.shot + torch.arange(self.query)
        x = self.clean_x if self.clean_queries else self.x
        return Episode(self.x[support], self.y[support], x[query], self.y[query]).to(self.device), self.arms[arm[:, 0]]

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` arms: support x `[n_tasks, shot, 10]` and y `[n_tasks, shot, 2]`, queries alike."""
        return self.draw(n_tasks, generator)[0]

    def __repr__(self):
        return (f"Arms({self.shot}-shot {self.query}-query{' of another swing' * self.another_swing}"
                f"{', clean' * self.clean_queries}, {self.changes}, {self.device})")  # fmt: skip
