"""Supervised pretraining in the form of tasks."""

import pytest
import torch

from course_lib import evaluate, fit
from course_lib.learners import Joint
from course_lib.models import Conv4
from course_lib.tasks import ImageTasks, Scripts, Sinusoids
from course_lib.tasks.all_classes import AllClasses

# Class c is a picture of c + 1 black columns; example 1 is its upside-down twin in grey.
IMAGES = torch.zeros(6, 2, 16, 16, dtype=torch.uint8)
for c in range(6):
    IMAGES[c, 0, :, : c + 1], IMAGES[c, 1, :, : c + 1] = 255, 51


def draw(tasks, n=1, seed=0):
    return tasks.sample(n, torch.Generator().manual_seed(seed))


def test_every_image_has_the_label_of_its_class_and_every_class_and_example_comes_up():
    e = draw(AllClasses(ImageTasks(IMAGES, query=1), batch=200), 3)
    assert (e.way, e.query_x.shape, e.support_x.shape) == (6, (3, 200, 1, 16, 16), (3, 6, 1, 16, 16))
    columns = (e.query_x[:, :, 0, 0] > 0).sum(-1)  # [tasks, batch]
    assert torch.equal(columns, e.query_y + 1)
    assert e.query_x.unique().tolist() == pytest.approx([0, 0.2, 1])
    counts = e.query_y.flatten().bincount(minlength=6)
    assert counts.min() > 70 and counts.max() < 130  # 100 each, give or take three standard deviations


def test_one_seed_one_batch_and_tasks_differ():
    tasks = AllClasses(Scripts(scripts=("Ogham",), way=2), batch=8)
    one, again, other = draw(tasks), draw(tasks), draw(tasks, seed=1)
    assert torch.equal(one.query_x, again.query_x) and torch.equal(one.query_y, again.query_y)
    assert not torch.equal(one.query_x, other.query_x)
    many = draw(tasks, 2)
    assert not torch.equal(many.query_y[0], many.query_y[1])


def test_each_image_is_written_by_a_hand_of_its_own():
    e = draw(AllClasses(Scripts(scripts=("Lisu",), way=2), batch=60))
    same = e.query_x[0, e.query_y[0] == 0].flatten(1)  # one character, many times
    assert len(same) > 5 and torch.cdist(same, same).fill_diagonal_(9).min() > 0.5


def test_the_blank_support_set_takes_no_memory():
    assert draw(AllClasses(ImageTasks(IMAGES, query=1))).support_x.untyped_storage().size() == 4  # bytes: one number


def test_a_joint_network_learns_the_classes():
    torch.manual_seed(0)
    tasks = AllClasses(ImageTasks(IMAGES, query=1), batch=48)
    joint = Joint(Conv4(8, size=16), 8, tasks.way)
    fit(joint, tasks, 80, lr=1e-2, progress=False, device="cpu")
    assert evaluate(joint, tasks, 2).accuracy > 0.9


def test_bad_input():
    with pytest.raises(ValueError, match="batch must be at least 1"):
        AllClasses(ImageTasks(IMAGES, query=1), 0)
    with pytest.raises(ValueError, match="needs tasks over images, such as Scripts, but got Sinusoids"):
        AllClasses(Sinusoids())
    assert "batch 5" in repr(AllClasses(ImageTasks(IMAGES, query=1), 5))
