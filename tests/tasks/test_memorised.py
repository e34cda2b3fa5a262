"""A few tasks, always the same."""

import pytest
import torch

from course_lib.tasks import FewTasks, Scripts, Sinusoids


def test_there_are_only_so_many_and_they_do_not_change():
    few = FewTasks(Sinusoids(3, 2), 4)
    first, second = (few.sample(50, torch.Generator().manual_seed(seed)) for seed in (0, 1))
    kinds = {tuple(y.flatten().tolist()) for y in torch.cat([first.query_y, second.query_y])}
    assert len(kinds) == 4 == few.episode.n_tasks
    again = few.sample(50, torch.Generator().manual_seed(0))
    assert all(map(torch.equal, first.tensors(), again.tensors()))


def test_the_first_of_many_are_the_few_and_another_seed_gives_others():
    few, many, others = (FewTasks(Sinusoids(), n, seed).episode for n, seed in ((3, 0), (9, 0), (3, 1)))
    assert torch.equal(many.support_x[:3], few.support_x) and not torch.equal(others.support_x, few.support_x)


def test_it_keeps_the_way_of_images_and_refuses_none():
    few = FewTasks(Scripts(way=3, shot=1, query=1, split="test"), 2)
    assert few.way == 3 and few.sample(5).way == 3 and "2, seed 0" in repr(few)
    with pytest.raises(ValueError, match="n must be a whole number of at least 1"):
        FewTasks(Sinusoids(), 0)
