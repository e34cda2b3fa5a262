"""Episode refuses what does not fit, with a sentence, before any work."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import Episode


def parts(tasks=2, way=3, shot=2, query=4):
    """The four tensors of a sound episode."""
    y, q = torch.arange(way).repeat_interleave(shot), torch.arange(way).repeat_interleave(query)
    return {
        "support_x": torch.zeros(tasks, way * shot, 5), "support_y": y.expand(tasks, -1).clone(),
        "query_x": torch.zeros(tasks, way * query, 5), "query_y": q.expand(tasks, -1).clone(),
    }  # fmt: skip


def test_way_is_read_from_the_labels():
    assert Episode(**parts()).way == 3
    assert Episode(*(torch.zeros(2, 3, 1) for _ in range(4))).way is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"support_x": None}, "torch.Tensor"),
        ({"support_x": torch.zeros(2, 6, 5, dtype=torch.uint8)}, "floating point"),
        ({"support_x": torch.zeros(2, 5, 5)}, "must agree"),
        ({"support_x": torch.zeros(2, 0, 5)}, "at least one of each"),
        ({"query_x": torch.zeros(2, 12, 4)}, "one shape"),
        ({"support_x": torch.full((2, 6, 5), float("nan"))}, "NaN"),
        ({"query_x": torch.full((2, 12, 5), float("inf"))}, "NaN or infinite"),
        ({"support_y": torch.zeros(2, 6)}, "int64"),
        ({"support_y": torch.zeros(2, 6, dtype=torch.int32)}, "int64"),
        ({"support_y": torch.tensor([[1, 1, 2, 2, 3, 3]] * 2)}, "none of class 0"),
        ({"support_y": torch.tensor([[0, 0, 1, 1, 2, -1]] * 2)}, "0 ... 2"),
        ({"query_y": torch.full((2, 12), 3)}, "relabel"),
    ],
)
def test_bad_parts_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        Episode(**(parts() | change))


@settings(max_examples=200, deadline=None)
@given(
    field=st.sampled_from(["support_x", "support_y", "query_x", "query_y"]),
    shape=st.lists(st.integers(0, 4), max_size=4),
    dtype=st.sampled_from([torch.float32, torch.int64, torch.uint8, torch.bool]),
)
def test_any_other_tensor_is_refused_with_a_sentence_or_is_sound(field, shape, dtype):
    try:
        episode = Episode(**(parts() | {field: torch.zeros(shape, dtype=dtype)}))
    except ValueError as error:
        assert str(error).endswith((".", ")")) and len(str(error)) > 20
    else:
        assert episode.support_x.shape[:2] == episode.support_y.shape[:2]


def test_to_map_task_and_cat():
    episode = Episode(**parts())
    joined = Episode.cat([episode.task(0), episode.task(1)])
    assert torch.equal(joined.support_y, episode.support_y) and joined.way == 3
    assert episode.to("meta").device.type == "meta" and episode.to("meta").way == 3
    assert episode.map(lambda t: t[:1]).n_tasks == 1
