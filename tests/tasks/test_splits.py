"""Splits, turned copies and leaks."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib import Episode
from course_lib.tasks import ImageTasks, Scripts
from course_lib.tasks.splits import quarter_turns, shared_images, split_by_group


@given(st.lists(st.sampled_from("ABCDEFG"), min_size=1, max_size=40), st.integers(-1, 4), st.integers(-1, 4), st.data())
def test_every_class_is_in_one_split_and_no_group_in_two(groups, validation, test, data):
    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 99)))
    if validation < 0 or test < 0 or validation + test >= len(set(groups)):
        with pytest.raises(ValueError, match="training needs at least one; ask for fewer"):
            split_by_group(groups, validation, test, generator)
        return
    split = split_by_group(groups, validation, test, generator)
    assert sorted(i for part in split.values() for i in part) == list(range(len(groups)))
    names = {part: {groups[i] for i in places} for part, places in split.items()}
    assert len(names["validation"]) == validation and len(names["test"]) == test
    assert sum(map(len, names.values())) == len(set(groups))


def test_which_groups_go_where_follows_from_the_generator_alone():
    groups = list("ABBCCCDDDDE")

    def split(seed):
        return split_by_group(groups, 1, 1, torch.Generator().manual_seed(seed))

    assert split(3) == split(3) and len({str(split(seed)) for seed in range(20)}) > 5


def test_quarter_turns_of_a_small_image():
    images = torch.tensor([[1, 2], [3, 4]], dtype=torch.uint8).view(1, 1, 2, 2).repeat(2, 3, 1, 1)
    images[1] += 4
    turned = quarter_turns(images)
    assert turned.shape == (8, 3, 2, 2) and turned.dtype == torch.uint8
    assert turned[::2, 0].tolist() == [[[1, 2], [3, 4]], [[2, 4], [1, 3]], [[4, 3], [2, 1]], [[3, 1], [4, 2]]]
    assert torch.equal(turned[1::2], turned[::2] + 4) and torch.equal(turned[:, 0], turned[:, 2])


def test_shared_images_counts_query_images_of_their_own_task():
    support = torch.rand(3, 4, 1, 5, 5)
    query = torch.rand(3, 6, 1, 5, 5)
    support[1, 1] = support[1, 0]  # one image twice in a support set
    query[1, 2], query[1, 5] = support[1, 0], support[1, 3]
    query[2, 0] = support[1, 3]  # a support image of another task
    query[0, 0, 0, 0] = support[0, 0, 0, 0]  # only a row of pixels is the same
    labels = torch.tensor([0, 0, 1, 1]).expand(3, 4), torch.tensor([0, 0, 0, 1, 1, 1]).expand(3, 6)
    assert shared_images(Episode(support, labels[0], query, labels[1])).tolist() == [0, 2, 0]


def test_the_samplers_of_the_course_do_not_leak():
    images = torch.randint(256, (9, 20, 8, 8), dtype=torch.uint8)
    for tasks in (ImageTasks(images, 5, 5, 15), Scripts(5, 5, 15, split="test")):
        assert shared_images(tasks.sample(20, torch.Generator().manual_seed(0))).tolist() == [0] * 20
