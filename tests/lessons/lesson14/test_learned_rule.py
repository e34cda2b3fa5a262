"""The learned rule against its formulas as plain loops, and what learning it does to it."""

import math

import pytest
import torch

from course_lib.lessons.lesson14 import learned_rule
from course_lib.lessons.lesson14.learned_rule import LearnedRule, follow, meta_train, new_rule, shipped_rule, unrolled
from course_lib.lessons.lesson14.lstm_rule import LSTMRule, sizes_and_signs
from course_lib.lessons.lesson14.small_problems import Quadratics, gradient, networks


def stirred(seed=0):
    """A rule in float64 whose last layer is not zero."""
    rule = new_rule(seed).double()
    with torch.no_grad():
        rule.net[-1].weight.normal_(0, 0.3, generator=torch.Generator().manual_seed(seed))
    return rule


def quadratics(problems=3, n=4):
    made = Quadratics(problems, torch.Generator().manual_seed(5), n=n)
    made.w, made.y, made.start = made.w.double(), made.y.double(), made.start.double()
    return made


def test_untrained_it_is_adam():
    """Decays 0.9 and 0.99, rate 0.01, corrected for the empty start."""
    rule, m, v = new_rule().double(), 0.0, 0.0
    gradients = torch.randn(30, 2, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    memory = rule.begin(gradients[0])
    for t, g in enumerate(gradients, 1):
        step, memory = rule(g, memory)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g**2
        assert torch.allclose(step, -0.01 * m / (1 - 0.9**t) / ((v / (1 - 0.99**t)).sqrt() + 1e-8), rtol=1e-9)
    assert memory.steps == 30


def test_a_step_is_its_formula():
    """Written for one parameter, from all its gradients so far."""
    rule, past = stirred(), [0.3, -2.0, 0.7]
    memory = rule.begin(torch.zeros(1, dtype=torch.float64))
    for t in (1, 2, 3):
        step, memory = rule(torch.tensor([past[t - 1]], dtype=torch.float64), memory)
    share = {d: [(1 - d) * d ** (3 - k) / (1 - d**3) for k in (1, 2, 3)] for d in (0.5, 0.9, 0.99)}
    size = math.sqrt(sum(w * g**2 for w, g in zip(share[0.99], past, strict=True))) + 1e-8
    means = [sum(w * g for w, g in zip(share[d], past, strict=True)) / size for d in (0.5, 0.9, 0.99)]
    seen = [past[-1] / size, *means, math.log(size) / 5, math.tanh(0.03), math.tanh(0.003)]
    turn, stretch = rule.net(torch.tensor(seen, dtype=torch.float64))
    assert torch.allclose(step, -torch.exp(rule.log_rate + stretch) * (means[1] + turn), rtol=1e-9)


def test_scale_of_the_loss_matters_through_its_logarithm_alone():
    """With that input cut off, a thousand times the gradients is the same training."""
    rule = stirred()
    rule.net[0].weight.data[:, 4] = 0
    a, b = rule.begin(torch.zeros(6).double()), rule.begin(torch.zeros(6).double())
    for g in torch.randn(5, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64):
        (one, a), (other, b) = rule(g, a), rule(1000 * g, b)
        assert torch.allclose(one, other, rtol=1e-5)


def test_the_outer_gradient_is_that_of_finite_differences():
    """Where the optimizee's gradient does not depend on where it is, nothing is left out: |theta - y| summed."""

    class Slopes:
        start = torch.tensor([[0.5, -0.3]], dtype=torch.float64)

        def loss(self, theta, step):
            return theta @ torch.tensor([1.0 + step, -2.0], dtype=torch.float64)

        def full(self, theta):
            return theta.square().sum(-1)

    rule, problems = stirred(), Slopes()

    def loss():
        return unrolled(rule, problems, problems.start, rule.begin(problems.start), 4)[0]

    loss().backward()
    for parameter in rule.parameters():
        flat, found = parameter.data.view(-1), parameter.grad.view(-1)
        i = int(found.abs().argmax())
        flat[i] += 1e-6
        up = loss().item()
        flat[i] -= 2e-6
        down = loss().item()
        flat[i] += 1e-6
        assert found[i].item() == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-9)


def test_a_training_in_pieces_goes_where_one_piece_goes():
    rule, problems = stirred(), quadratics()
    loss, whole, memory = unrolled(rule, problems, problems.start, rule.begin(problems.start), 6)
    first, theta, cut = unrolled(rule, problems, problems.start, rule.begin(problems.start), 2)
    second, theta, cut = unrolled(rule, problems, theta.detach(), cut.detached(), 4)
    assert torch.allclose(theta, whole) and cut.steps == memory.steps == 6
    assert torch.allclose((2 * first + 4 * second) / 6, loss)
    assert not any(part.requires_grad for part in cut.detached()[:2])
    curve = follow(rule, problems, 6)
    assert torch.allclose(curve[-1], problems.full(whole)) and torch.allclose(curve[1:].mean(), loss)
    assert torch.equal(curve[0], problems.full(problems.start)) and not curve.requires_grad


def test_learning_it_helps_and_is_repeatable():
    told, rules = [], [new_rule(3), new_rule(3)]
    first, again = (meta_train(rule, 3, 5, steps=10, cut=5, problems=8, each=lambda *now: told.append(now), lr=1e-2)
                    for rule in rules)  # fmt: skip
    assert first == again and told[:5] == list(enumerate(first, 1))
    test = networks(30, 1000)
    assert follow(rules[0], test, 10)[-1].mean() < follow(new_rule(3), test, 10)[-1].mean()


def test_first_weights_leave_the_random_state_alone():
    before = torch.get_rng_state()
    assert not torch.equal(new_rule(1).net[0].weight, new_rule(2).net[0].weight)
    assert torch.equal(torch.get_rng_state(), before)
    assert sum(p.numel() for p in LearnedRule().parameters()) == 435


def test_the_rule_that_ships_serves():
    """It ends lower than a rule that has learned nothing, on problems that it has not seen."""
    test = networks(30, 4321)
    assert follow(shipped_rule(), test, 50)[-1].mean() < follow(new_rule(), test, 50)[-1].mean()
    assert learned_rule.SHIPPED.stat().st_size < 10_000


def test_sizes_and_signs():
    g = torch.tensor([1.0, -math.exp(5), math.exp(-10), -0.5 * math.exp(-10), 0.0], dtype=torch.float64)
    expected = torch.tensor([[0, 1], [0.5, -1], [-1, 1], [-1, -0.5], [-1, 0]], dtype=torch.float64)
    assert torch.allclose(sizes_and_signs(g), expected)


def test_the_lstm_takes_each_parameter_apart():
    """Other problems beside it change nothing; its states go on; its memory is cut."""
    torch.manual_seed(0)
    rule, problems = LSTMRule().double(), quadratics()
    found = gradient(problems, problems.start, 0)
    step, memory = rule(found, rule.begin(problems.start))
    alone, _ = rule(found[1:2, 2:3], rule.begin(found[1:2, 2:3]))
    assert step.shape == found.shape and torch.allclose(step[1, 2], alone.squeeze())
    again, memory = rule(found, memory)
    assert memory.steps == 2 and not torch.allclose(again, step)
    assert not any(state.requires_grad for state in memory.detached().states)
