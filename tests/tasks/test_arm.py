"""The arm against MuJoCo, against its own energy, and as tasks."""

import json
from pathlib import Path

import pytest
import torch

from course_lib.tasks import Arms
from course_lib.tasks.arm import (
    LIMIT,
    LINK,
    PERIOD,
    TORQUE_UNIT,
    acceleration,
    energy,
    gravity,
    hand,
    inverse_dynamics,
    joints,
    mass_matrix,
    network_input,
    random_targets,
    record,
    step,
)

STORED = json.loads(Path(__file__).with_name("mujoco_arm.json").read_text(encoding="utf-8"))


def some(n=100, seed=0):
    """Arms with springs and sticky joints, states and torques, float64."""
    g = torch.Generator().manual_seed(seed)
    low, high = torch.tensor([[0, 0.5, 0.5, 0, 0, 0, 0], [2, 1.5, 1.5, 1, 1, 10, 2]], dtype=torch.float64)
    arm = low + (high - low) * torch.rand(n, 7, generator=g, dtype=torch.float64)
    state, torques = (s * torch.randn(n, k, generator=g, dtype=torch.float64) for s, k in ((2, 4), (10, 2)))
    return arm, state, torques


@pytest.mark.parametrize("i", range(len(STORED["cases"])))
def test_it_accelerates_as_mujoco_says(i):
    """The referee gives the payload an inertia of 1e-9 kg m^2, since it wants one: so not to the last digit."""
    case = {name: torch.tensor(value, dtype=torch.float64) for name, value in STORED["cases"][i].items()}
    found = acceleration(case["arm"], case["state"], case["torques"])
    assert torch.allclose(found, case["acceleration"], rtol=1e-7, atol=1e-7)


def test_energy_changes_by_what_motors_give_and_friction_takes():
    arm, state, torques = some()
    change = torch.cat([state[:, 2:], acceleration(arm, state, torques)], 1)  # of the state, a second
    rate = torch.func.jvp(lambda state: energy(arm, state), (state,), (change,))[1]
    no_spring = arm * torch.tensor([1, 1, 1, 1, 1, 0, 1])  # its energy is counted
    power = (state[:, 2:] * (torques - joints(no_spring, state))).sum(1)
    assert (rate - power).abs().max() < 1e-12 * rate.abs().max()
    assert (rate - power).abs().max() < 1e-11


def test_the_inverse_inverts():
    arm, state, torques = some()
    assert torch.allclose(inverse_dynamics(arm, state, acceleration(arm, state, torques)), torques, atol=1e-12)
    still = torch.cat([state[:, :2], 0 * state[:, 2:]], 1)
    arm = arm * torch.tensor([1, 1, 1, 1, 1, 0, 1])
    assert torch.allclose(inverse_dynamics(arm, still, torch.zeros_like(torques)), gravity(arm, still))
    assert (torch.linalg.eigvalsh(mass_matrix(arm, state)) > 0).all()


def test_a_small_step_follows_the_equation_and_motors_have_limits():
    arm, state, torques = some()
    after = step(arm, state, torques / 10, 1e-6)
    assert torch.allclose((after[:, 2:] - state[:, 2:]) / 1e-6, acceleration(arm, state, torques / 10), rtol=1e-2)
    assert torch.allclose((after - state)[:, :2] / 1e-6, state[:, 2:], atol=1e-2)
    most = LIMIT.double() * torques.sign()
    assert torch.equal(step(arm, state, 1000 * torques), step(arm, state, most))
    assert step(arm.float(), state.float(), torques.float()).dtype == torch.float32


def test_the_hand():
    right = hand(torch.tensor([0.0, torch.pi / 2, 9.0, 9.0]))
    assert torch.allclose(right, torch.tensor([LINK, LINK]), atol=1e-6)


def test_the_pendulum_of_gymnasium_takes_three_lines():
    """g = 10, l = 1, m = 1, steps of 0.05 s: as in Pendulum-v1, whose angle is 0 at the top."""
    stored = STORED["pendulum"]
    angle, speed = (torch.tensor(value, dtype=torch.float64) for value in stored["states"][0])
    for torque, expected in zip(stored["torques"], stored["states"][1:], strict=True):
        speed = (speed + 0.05 * (15 * torch.sin(angle) + 3 * torque)).clamp(-8, 8)
        angle = angle + 0.05 * speed
        assert abs(angle - expected[0]) < 1e-12 and abs(speed - expected[1]) < 1e-12


def test_what_is_recorded_obeys_the_equation():
    arm = some(5)[0].float()
    targets = random_targets(5, 1.0, torch.Generator().manual_seed(0))
    states, torques, moved = record(arm, targets, torch.Generator().manual_seed(1))
    assert states.shape == (5, 50, 4) and torques.shape == moved.shape == (5, 50, 2)
    assert torch.equal(states[:, 0, :2], targets[:, 0]) and not states[:, 0, 2:].any()
    for t in range(49):
        assert torch.allclose(step(arm, states[:, t], torques[:, t]), states[:, t + 1], atol=1e-5)
    assert torch.allclose(states[:, 1:, 2:] - states[:, :-1, 2:], PERIOD * moved[:, :-1], atol=1e-5)
    again = record(arm, targets)[1]
    assert torch.equal(again, record(arm, targets)[1]) and not torch.equal(again, torques)


def test_to_hold_still_is_to_hold_the_weight():
    """Without noise a nominal arm stays where it is."""
    arm = torch.tensor([[0.0, 1, 1, 0, 0, 0, 0]])
    targets = torch.tensor([-0.4, -1.2]).expand(1, 25, 2)
    states, torques, moved = record(arm, targets)
    assert (states[..., :2] - targets).abs().max() < 1e-4 and moved.abs().max() < 1e-3
    assert torch.allclose(torques, gravity(arm, states[:, 0]).expand(1, 25, 2), atol=1e-3)


@pytest.fixture(scope="module")
def workshop():
    return Arms(10, 7, arms=6, seconds=1.0)


def places(workshop, x):
    """Arm, swing and period of each row of `[n, 10]`, by the input as measured."""
    return [tuple((workshop.x == row).all(-1).nonzero()[0].tolist()) for row in x]


def test_queries_are_of_another_swing_of_the_same_arm(workshop):
    episode, arm = workshop.draw(8, torch.Generator().manual_seed(0))
    assert episode.support_x.shape == (8, 10, 10) and episode.query_y.shape == (8, 7, 2) and arm.shape == (8, 7)
    swings = set()
    for i in range(8):
        support, query = places(workshop, episode.support_x[i]), places(workshop, episode.query_x[i])
        (one,), (swing,) = {place[0] for place in support + query}, {place[1] for place in support}
        assert torch.equal(workshop.arms[one], arm[i]) and {place[1] for place in query} == {1 - swing}
        start = support[0][2]
        assert [place[2] for place in support] == list(range(start, start + 10))
        swings.add(swing)
    assert swings == {0, 1}


def test_or_they_follow_in_the_same_swing():
    workshop = Arms(10, 7, arms=6, seconds=1.0, another_swing=False)
    for i in range(20):
        episode = workshop.sample(1, torch.Generator().manual_seed(i))
        support, query = places(workshop, episode.support_x[0]), places(workshop, episode.query_x[0])
        assert [*support, *query] == [(*support[0][:2], support[0][2] + k) for k in range(17)]


def test_targets_are_the_torques_and_inputs_the_state(workshop):
    """Measured accelerations have noise. Of clean ones the equation gives the torques, up to a period's length."""
    still = Arms(10, 7, arms=6, seconds=1.0, noise=0.0)
    assert torch.equal(still.x, still.clean_x) and torch.equal(still.arms, workshop.arms)
    noise = 20 * (workshop.x - workshop.clean_x)
    assert not noise[..., :8].any() and 0.4 < noise[..., 8:].std() < 0.6
    sine, cosine = still.x[..., :3], still.x[..., 3:6]
    angles = torch.atan2(sine, cosine)[..., :2]
    state = torch.cat([angles, 3 * still.x[..., 6:8]], -1)
    assert torch.allclose(network_input(state, 20 * still.x[..., 8:]), still.x, atol=1e-5)
    asked = inverse_dynamics(still.arms[:, None, None], state, 20 * still.x[..., 8:]) / TORQUE_UNIT
    assert (asked - still.y).abs().median() < 0.05
    clean = Arms(10, 7, arms=6, seconds=1.0, clean_queries=True)
    a, b = (tasks.sample(3, torch.Generator().manual_seed(2)) for tasks in (clean, workshop))
    assert torch.equal(a.support_x, b.support_x) and not torch.equal(a.query_x, b.query_x)
    assert all((clean.clean_x == row).all(-1).any() for row in a.query_x[0])


def test_what_the_equation_does_not_know():
    """A spring pulls the elbow to where it is relaxed, and a sticky joint slows it."""
    arm, state = torch.tensor([0.5, 1, 1, 0, 0, 0, 0]), torch.tensor([0.2, -0.5, 0.0, 2.0])
    for column in (5, 6):
        changed = arm.clone()
        changed[column] = 2.0
        more = joints(changed, state) - joints(arm, state)
        assert more[0] == 0 and torch.allclose(more[1], torch.tensor(2.0), atol=1e-3)
    some = Arms(arms=20, seconds=0.1, shot=2, query=2, spring=(2, 4), stickiness=(1, 1.5)).arms
    assert (some[:, 5] >= 2).all() and (some[:, 5] <= 4).all() and some[:, 5].std() > 0.2
    assert (some[:, 6] >= 1).all() and (some[:, 6] <= 1.5).all()


@pytest.mark.parametrize(("wrong", "message"), [
    ({"shot": 0}, "shot must be a whole number from 1 to 50"), ({"shot": 51}, "shot must be"),
    ({"shot": 45, "another_swing": False}, "shot must be a whole number from 1 to 43"),
    ({"query": 51}, "query must be"), ({"arms": 0}, "arms must be"), ({"noise": -1.0}, "noise must be"),
    ({"payload": (2, 1)}, "payload must be two finite numbers"), ({"seconds": 0.0}, "seconds must be"),
])  # fmt: skip
def test_wrong_arguments_get_a_sentence(wrong, message):
    with pytest.raises(ValueError, match=message):
        Arms(**{"shot": 10, "query": 7, "arms": 2, "seconds": 1.0} | wrong)
