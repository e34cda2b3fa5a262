"""The sampler of few-shot image tasks, and what it is made of."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.tasks import ImageTasks, Scripts
from course_lib.tasks.images import freeze
from course_lib.tasks.sampler import pick_different, support_and_query
from course_lib.tasks.splits import shared_images


def numbered(classes=12, examples=8):
    """Images that show which they are: the first pixel is the class, the second the example."""
    images = torch.zeros(classes, examples, 2, 2, dtype=torch.uint8)
    images[:, :, 0, 0] = torch.arange(classes)[:, None]
    images[:, :, 0, 1] = torch.arange(examples)
    return images


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@given(st.integers(1, 12), st.integers(1, 7), st.integers(1, 7), st.integers(1, 4), st.integers(0, 99))
def test_an_episode_is_what_it_should_be(way, shot, query, n_tasks, seed):
    if shot + query > 8:
        return
    episode = ImageTasks(numbered(), way, shot, query).sample(n_tasks, seeded(seed))
    assert episode.support_x.shape == (n_tasks, way * shot, 1, 2, 2) and episode.way == way
    assert episode.query_x.shape == (n_tasks, way * query, 1, 2, 2)
    assert shared_images(episode).tolist() == [0] * n_tasks
    support, query_set = ((x[:, :, 0, 0, :] * 255).round().long() for x in (episode.support_x, episode.query_x))
    for task in range(n_tasks):
        class_of = {}
        for images, labels in ((support, episode.support_y), (query_set, episode.query_y)):
            for (number, _), label in zip(images[task].tolist(), labels[task].tolist(), strict=True):
                assert class_of.setdefault(label, number) == number  # one class a label, in both sets
        assert sorted(class_of) == list(range(way)) and len(set(class_of.values())) == way
        everything = torch.cat([support[task], query_set[task]]).tolist()
        assert len(set(map(tuple, everything))) == way * (shot + query)  # no image twice


def test_the_same_seed_gives_the_same_episode_and_another_seed_another():
    tasks = ImageTasks(numbered(), 5, 1, 3)
    first, again, other = (tasks.sample(2, seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(first.support_x, again.support_x) and torch.equal(first.query_x, again.query_x)
    assert not torch.equal(first.query_x, other.query_x)


def test_classes_and_labels_are_dealt_evenly():
    classes = ImageTasks(numbered(), 4, 1, 1).pick_classes(6000, seeded())  # [6000, 4]: a column a label
    for label in range(4):
        counts = classes[:, label].bincount(minlength=12)
        assert (counts - 500).abs().max() < 5 * math.sqrt(500)


@given(st.lists(st.integers(1, 4), max_size=3), st.integers(1, 9), st.data())
def test_pick_different_picks_different_numbers(shape, n, data):
    k = data.draw(st.integers(1, n))
    picked = pick_different(tuple(shape), n, k, seeded(data.draw(st.integers(0, 99))))
    assert picked.shape == (*shape, k) and picked.min() >= 0 and picked.max() < n
    assert (picked.sort(-1).values.diff(dim=-1) > 0).all()


def test_support_and_query_of_a_small_tensor():
    images = torch.arange(12).view(1, 2, 3, 2)  # [1 task, 2 classes, 3 images, 2 numbers]
    support_x, support_y, query_x, query_y = support_and_query(images, shot=1)
    assert support_x.tolist() == [[[0, 1], [6, 7]]] and support_y.tolist() == [[0, 1]]
    assert query_x.tolist() == [[[2, 3], [4, 5], [8, 9], [10, 11]]] and query_y.tolist() == [[0, 0, 1, 1]]


def test_nothing_waits_for_the_device():
    episode = ImageTasks(numbered(), 3, 1, 2, device="meta").sample(2, seeded())
    assert episode.query_x.shape == (2, 6, 1, 2, 2) and episode.query_y.device.type == "meta"


@given(st.integers(-2, 14), st.integers(-2, 10), st.integers(-2, 10))
def test_a_task_is_made_or_refused_with_a_sentence(way, shot, query):
    possible = 1 <= way <= 12 and shot >= 1 and query >= 1 and shot + query <= 8
    if possible:
        assert ImageTasks(numbered(), way, shot, query).sample(1).way == way
        return
    with pytest.raises(ValueError, match="must be a whole number of at least 1|use a smaller way|use fewer"):
        ImageTasks(numbered(), way, shot, query)


@pytest.mark.parametrize("images", [
    torch.zeros(3, 4, 2, 2), torch.zeros(3, 4, 2, dtype=torch.uint8), [[0]], None, torch.zeros(3, 4, 2, 2).bool(),
])  # fmt: skip
def test_images_of_another_form_are_refused(images):
    with pytest.raises(ValueError, match="images must be a uint8 tensor"):
        ImageTasks(images, 2, 1, 1)


@pytest.mark.parametrize("way", [2.0, "5", True, None])
def test_way_must_be_a_whole_number(way):
    with pytest.raises(ValueError, match="way must be a whole number"):
        ImageTasks(numbered(), way, 1, 1)


def test_no_classes_at_all_are_refused():
    with pytest.raises(ValueError, match="there are 0"):
        ImageTasks(torch.zeros(0, 4, 2, 2, dtype=torch.uint8), 1, 1, 1)


def test_freeze_keeps_classes_in_order_and_writes_each_image_once():
    tasks = Scripts(scripts=("Lisu",), way=3)
    album = freeze(tasks, 6, seeded())
    assert album.shape == (3, 6, 28, 28) and album.dtype == torch.uint8 and album.amax((2, 3)).min() > 100
    assert len(set(map(str, album.flatten(0, 1).tolist()))) == 18
    assert torch.equal(album, freeze(tasks, 6, seeded()))
    shown = freeze(ImageTasks(numbered(), 2, 1, 1), 5, seeded())  # images that are not written afresh stay as they are
    assert torch.equal(shown[:, :, 0, 0], torch.arange(12).to(torch.uint8)[:, None].expand(12, 5))
    assert freeze(Scripts(scripts=("Lisu",), way=3, device="meta"), 2).device.type == "meta"
