"""What the self-test of lesson 03 says is true."""

import torch

from course_lib.lessons.lesson03.bug_hunt import SUSPECTS
from course_lib.lessons.lesson03.meta_gradient import best_start, quadratic_meta_gradient
from course_lib.lessons.lesson03.quizzes import QUIZZES
from tests.lessons.lesson03.test_meta_gradient import sines, smooth_network

H, c = torch.tensor([[2.0, 0.5], [0.5, 1.0]]), torch.tensor([1.0, -1.0])
START = torch.tensor([0.3, 0.4])


def test_without_curvature_first_order_is_exact():
    found = quadratic_meta_gradient(START, (0 * H, c), (H, -c), 0.1)
    assert torch.allclose(found, H @ (START + c))  # the query gradient; nothing has moved here, since the slope is 0


def test_a_step_that_lands_leaves_nothing_to_the_start():
    one = torch.tensor([[4.0]]), torch.tensor([-1.0])
    assert quadratic_meta_gradient(torch.tensor([0.7]), one, (one[0], torch.tensor([3.0])), 0.25) == 0


def test_maml_without_a_step_is_joint_training():
    h, lowest = torch.tensor([4.0, 0.5]), torch.tensor([-1.0, 1.0])
    assert (
        best_start(h, lowest, 0.2, 0) == best_start(h, lowest, 0.2, 0, order=1) == ((h * lowest).sum() / h.sum()).item()
    )


def test_who_gets_through_half_a_test():
    through = []
    for name, suspect in SUSPECTS.items():
        network = smooth_network()
        suspect(network, sines(), 0.1).backward()
        if all(p.grad is not None and p.grad.isfinite().all() and p.grad.any() for p in network.parameters()):
            through.append(name)
    assert QUIZZES["half a test"].right == f"{', '.join(through[:-1])} and {through[-1]}"
