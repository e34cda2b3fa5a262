"""Another swing of the same arm, drawn evenly."""

import math
from collections import Counter

import pytest
import torch

from course_lib import fit
from course_lib.learners import Joint
from course_lib.lessons.lesson12.asks import Swings, another_swing
from course_lib.models import MLP


def recording(arms=4, swings=3, moments=12):
    """Each input says from which arm, swing and moment it comes; torques are minus that."""
    grid = torch.meshgrid(*map(torch.arange, (arms, swings, moments)), indexing="ij")
    x = torch.stack(grid, -1).float()
    return x, -x[..., :2]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_queries_are_of_the_same_arm_and_of_another_swing():
    e = another_swing(*recording(), 200, 4, 5, generator())
    assert [list(t.shape) for t in e.tensors()] == [[200, 4, 3], [200, 4, 2], [200, 5, 3], [200, 5, 2]]
    assert (e.support_x[..., 0] == e.query_x[:, :1, 0]).all() and (e.query_x[..., 0] == e.query_x[:, :1, 0]).all()
    assert (e.support_x[:, :1, 1] != e.query_x[..., 1]).all()
    assert (e.support_x[..., 2].diff(dim=1) == 1).all()
    assert all(len(set(task.tolist())) == 5 for task in e.query_x[..., 2])
    torch.testing.assert_close(-e.support_y, e.support_x[..., :2])
    torch.testing.assert_close(-e.query_y, e.query_x[..., :2])


def test_every_choice_is_as_likely():
    n = 6000
    e = another_swing(*recording(), n, 4, 5, generator(1))
    seen, asked = e.support_x[:, 0].long(), e.query_x[:, 0].long()
    pairs = Counter(zip(seen[:, 1].tolist(), asked[:, 1].tolist(), strict=True))
    for found, kinds in ((Counter(seen[:, 0].tolist()), 4), (Counter(seen[:, 2].tolist()), 9), (pairs, 6),
                         (Counter(e.query_x[..., 2].flatten().tolist()), 12)):  # fmt: skip
        total = sum(found.values())
        assert len(found) == kinds
        assert max(abs(count - total / kinds) for count in found.values()) < 5 * math.sqrt(total / kinds)


def test_the_generator_alone_decides():
    one, other, third = (another_swing(*recording(), 6, 4, 5, generator(seed)) for seed in (3, 3, 4))
    assert torch.equal(one.query_x, other.query_x) and not torch.equal(one.query_x, third.query_x)
    state = torch.get_rng_state()
    another_swing(*recording(), 6, 4, 5, generator())
    assert torch.equal(state, torch.get_rng_state())


def test_swings_are_a_task_distribution():
    tasks = Swings(*recording(), shot=12, query=12)
    e = tasks.sample(3, generator())
    assert e.support_x.shape == (3, 12, 3) and (e.support_x[..., 2] == torch.arange(12)).all()
    torch.manual_seed(0)
    history = fit(Joint(MLP((3, 8, 2))), Swings(*recording(), 4, 4), 3, seed=0)
    assert 0 < history.outer[-1] < 1000


def test_a_deal_of_ones_own_is_used():
    def same(x, y, n_tasks, n_support, n_query, g):
        e = another_swing(x, y, n_tasks, n_support, n_query, g)
        return type(e)(e.support_x, e.support_y, e.support_x, e.support_y)

    e = Swings(*recording(), 4, 4, same).sample(2, generator())
    assert torch.equal(e.support_x, e.query_x)


@pytest.mark.parametrize(("sizes", "words"), [((13, 4), "shot"), ((4, 0), "query")])
def test_what_does_not_fit_is_named(sizes, words):
    with pytest.raises(ValueError, match=words):
        Swings(*recording(), *sizes)
