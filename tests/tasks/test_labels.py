"""Labels that are dealt afresh, and labels that never change."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.tasks import ImageTasks
from course_lib.tasks.labels import DealtLabels, FixedLabels, deal_labels
from tests.tasks.test_images import numbered, seeded


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_a_renaming_is_a_permutation_the_same_for_both_sets(way, n_tasks, seed):
    pairs = torch.arange(way).repeat_interleave(2)
    old = pairs.expand(n_tasks, 2 * way), torch.arange(way).flip(0).expand(n_tasks, way)
    support_y, query_y = deal_labels(*old, way, seeded(seed))
    assert torch.equal(support_y[:, ::2], support_y[:, 1::2])
    assert torch.equal(support_y[:, ::2].sort(-1).values, torch.arange(way).expand(n_tasks, way))
    assert torch.equal(query_y.flip(1), support_y[:, ::2])


def test_each_task_has_its_own_permutation():
    labels = torch.arange(5).expand(200, 5)
    dealt = deal_labels(labels, labels, 5, seeded())[0]
    assert len(set(map(tuple, dealt.tolist()))) > 70  # of 120


def test_fixed_labels_mean_the_same_in_every_task():
    episode = FixedLabels(numbered(), 4, 1, 2).sample(50, seeded())
    number = (episode.query_x[:, :, 0, 0, 0] * 255).round().long()
    assert torch.equal(number % 4, episode.query_y) and len(number.unique()) == 12
    odd = FixedLabels(numbered(11), 4, 1, 2).pick_classes(200, seeded())  # three classes too many: they are left out
    assert torch.equal(odd.unique(), torch.arange(8)) and (odd.sort(-1).values.diff(dim=-1) > 0).all()


def test_dealing_changes_labels_only():
    fixed = FixedLabels(numbered(), 4, 1, 2)
    plain, dealt = fixed.sample(30, seeded()), DealtLabels(fixed).sample(30, seeded())
    assert torch.equal(plain.support_x, dealt.support_x) and torch.equal(plain.query_x, dealt.query_x)
    number = (dealt.support_x[:, :, 0, 0, 0] * 255).round().long() % 4
    assert not torch.equal(number, dealt.support_y) and dealt.way == 4
    for task in range(30):
        new = dict(zip(number[task].tolist(), dealt.support_y[task].tolist(), strict=True))
        assert [new[label] for label in plain.query_y[task].tolist()] == dealt.query_y[task].tolist()


def test_what_they_print():
    assert repr(DealtLabels(FixedLabels(numbered(), 4, 1, 2))).startswith("DealtLabels(FixedLabels(12 classes")


def test_labels_stay_on_their_device():
    tasks = DealtLabels(ImageTasks(numbered(), 3, 1, 2, device="meta"))
    assert tasks.sample(2, seeded()).support_y.device.type == "meta"
