"""What the quizzes of lesson 12 say is true."""

from functools import partial

import torch

from course_lib.learners import ridge_head
from course_lib.lessons.lesson12.control import circle, computed_torque
from course_lib.lessons.lesson12.identify import five_movements, payload_spread, rows_of
from course_lib.lessons.lesson12.known_equation import KnownEquation
from course_lib.lessons.lesson12.quizzes import QUIZZES
from course_lib.tasks import Arms
from course_lib.tasks.arm import TORQUE_UNIT, hand, inverse_dynamics, network_input, random_targets, record, step


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_an_arm_that_is_held_still_tells_a_sum():
    still = torch.tensor([[0.8, -0.8]], dtype=torch.float64).expand(50, 2)  # the lower arm is level
    rows = rows_of(still, 0 * still, 0 * still)[None]
    assert payload_spread(rows, 0.5) > 1e6 and payload_spread(rows.repeat(1, 20, 1), 0.5) > 1e6
    payload, lower = rows[0, 1::2, 0], rows[0, 1::2, 2]  # the elbow's torques
    torch.testing.assert_close(payload / 2, lower)
    assert QUIZZES["held still"].right.startswith("the payload plus half of the lower arm's mass")


def test_the_elbow_alone_tells_the_payload_and_not_the_friction_of_the_shoulder():
    both, elbow = (five_movements()[name] for name in ("swing both joints", "bend the elbow alone"))
    assert torch.linalg.cond(elbow) > 1e12 and (elbow[:, 3] == 0).all()
    one, other = payload_spread(both[None], 0.5), payload_spread(elbow[None], 0.5)
    assert abs(one - other) < 0.1 * one and other < 0.05
    assert QUIZZES["an infinite condition number"].right.startswith("it can be told: the unknown")


def test_an_arm_without_its_weight_leaps_upwards():
    heavy = torch.tensor([[2.0, 1, 1, 0.5, 0.5, 0, 0]])
    light = torch.cat([torch.zeros(1, 1), heavy[:, 1:]], 1)
    for when in torch.linspace(0, 2, 9)[:-1]:
        wanted = [part[0] for part in circle(when.view(1))]
        state = torch.cat([wanted[0], wanted[1]])[None]
        torques = computed_torque(partial(inverse_dynamics, heavy), state, *wanted)
        with_it, without = (hand(step(arm, state, torques))[0, 1] for arm in (heavy, light))
        assert without > with_it + 0.001  # 1 mm in 20 ms
        lost = computed_torque(partial(inverse_dynamics, light), state, *wanted)
        assert hand(step(heavy, state, lost))[0, 1] < with_it - 0.001  # and with a weight hung on, it sinks
    assert QUIZZES["taken off"].right == "it leaps upwards"


def test_with_nothing_seen_a_ridge_head_answers_by_its_mean():
    mean, precision = torch.randn(4, 2, generator=generator()), torch.rand(4, generator=generator()) + 0.1
    weights = ridge_head(torch.zeros(3, 0, 4), torch.zeros(3, 0, 2), mean, precision)
    torch.testing.assert_close(weights, mean.expand(3, 4, 2))
    assert QUIZZES["nothing seen"].right.startswith("what its mean says")


def test_a_spring_is_not_found_however_long_one_looks():
    arms = Arms(5, 5, arms=200, seconds=0.1).arms
    for spring, least, most in ((0.0, 0.0, 0.05), (6.0, 0.2, 1.0)):
        arm = arms[:40].clone()
        arm[:, 5] = spring
        swings = []
        for seed in (1, 2):
            states, torques, moved = record(arm, random_targets(40, 6.0, generator(seed)), generator(seed))
            swings.append((network_input(states, moved), torques / TORQUE_UNIT))
        (x, y), (new_x, new_y) = swings
        learner = KnownEquation(arms)
        errors = [(learner.predict(learner.adapt(x[:, :n], y[:, :n]), new_x) - new_y).square().mean().sqrt().item()
                  for n in (50, 300)]  # fmt: skip
        assert least <= errors[1] < most and errors[1] < 1.05 * errors[0]
    assert QUIZZES["a spring"].right == "it falls to some value and stays there"


def test_a_straight_line_does_better_in_the_same_swing_than_on_the_circle():
    tasks = Arms(25, 25, arms=200, seconds=4.0, another_swing=False, clean_queries=True)
    e, arm = tasks.draw(300, generator())
    angles, speeds, accelerations = circle(0.02 * torch.arange(100))
    state = torch.cat([angles, speeds], 1).expand(300, -1, -1)
    wanted = accelerations.expand(300, -1, -1)
    truth = inverse_dynamics(arm.unsqueeze(1).expand(-1, 100, -1), state, wanted) / TORQUE_UNIT

    def line(x):
        return torch.cat([x, torch.ones_like(x[..., :1])], -1)

    seen = line(e.support_x)
    weights = torch.linalg.solve(seen.mT @ seen + 0.01 * torch.eye(11), seen.mT @ e.support_y)
    near, far = ((line(x) @ weights - y).square().mean((1, 2)).sqrt()
                 for x, y in ((e.query_x, e.query_y), (network_input(state, wanted), truth)))  # fmt: skip
    assert 0.68 < (far > near).double().mean() < 0.85 and far.median() > 1.3 * near.median()
    assert QUIZZES["asked nearby"].right.startswith("the circle")
