"""What holds of every task distribution of the course: its randomness is its generator's, and no picture is in a
task twice."""

import inspect
import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course_lib import tasks
from course_lib.tasks import omniglot
from course_lib.tasks.all_classes import AllClasses
from course_lib.tasks.labels import DealtLabels

FEW = settings(max_examples=6)


@pytest.fixture(scope="module", autouse=True)
def drawings():
    """Noise under the names of Omniglot's characters, every picture another; and of Lake's runs."""
    g = torch.Generator().manual_seed(0)
    names = [f"A{i // 20}/c{i}" for i in range(1623)]
    ink = torch.randint(256, (1623, 20, 28, 28), generator=g, dtype=torch.uint8)
    patch = pytest.MonkeyPatch()
    patch.setattr(omniglot, "_characters", lambda: (names, ink))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for name, n in (("a", 6), ("b", 9), ("c", 7), ("d", 14)):
        (folder / name).mkdir()
        for i in range(n):
            noise = np.random.default_rng(ord(name) * 100 + i).integers(0, 255, (8, 8), dtype=np.uint8)
            Image.fromarray(noise).save(folder / name / f"{i}.png")
    return folder


IMAGES = torch.randint(256, (9, 12, 8, 8), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
SOME = {"way": 3, "shot": 2, "query": 4}
MAKE = {
    "images": lambda _: tasks.ImageTasks(IMAGES, **SOME),
    "scripts": lambda _: tasks.Scripts(**SOME, split="validation", rotations=True),
    "syllabics": lambda _: tasks.Syllabics(3, 4),
    "sinusoids": lambda _: tasks.Sinusoids(3, 4),
    "any shot": lambda _: tasks.AnyShot(tasks.Sinusoids(3, 4)),
    "lines": lambda _: tasks.Lines(2, 3, 4),
    "lines of a pool": lambda _: tasks.Lines(2, 3, 4, pool=5),
    "curves": lambda _: tasks.GaussianProcess(3, 4),
    "arms": lambda _: tasks.Arms(3, 4, arms=5, seconds=0.4),
    "arms, same swing": lambda _: tasks.Arms(3, 4, arms=5, seconds=0.4, another_swing=False),
    "navigation": lambda _: tasks.Navigation(3, 4),
    "words": lambda _: tasks.Words(**SOME),
    "people": lambda _: tasks.People(shot=2, query=4, labelled=(1, 7)),
    "folder": lambda path: tasks.Folder(path, **SOME, split="all", size=8, invert=False),
    "omniglot": lambda _: tasks.Omniglot(**SOME),
    "omniglot, within an alphabet": lambda _: tasks.Omniglot(**SOME, within_alphabet=True),
    "omniglot, hands": lambda _: tasks.Omniglot(**SOME, hands=True),
    "few": lambda _: tasks.FewTasks(tasks.ImageTasks(IMAGES, **SOME), 5),
    "dealt": lambda _: DealtLabels(tasks.ImageTasks(IMAGES, **SOME)),
    "all classes": lambda _: AllClasses(tasks.ImageTasks(IMAGES, **SOME), 6),
    "all classes of a folder": lambda path: AllClasses(MAKE["folder"](path), 6),
    "all classes of scripts": lambda _: AllClasses(tasks.Scripts(**SOME, split="validation"), 6),
}
POINTS = ("sinusoids", "any shot", "lines", "lines of a pool", "curves", "arms", "arms, same swing", "navigation")
EACH = pytest.mark.parametrize("name", MAKE)


def test_the_cases_hold_every_distribution():
    made = " ".join(inspect.getsource(make) for make in MAKE.values())
    assert all(f"tasks.{name}(" in made for name in tasks.__all__ if name != "LakeRuns")  # test_omniglot.py has those


def state():
    return torch.random.get_rng_state().tolist(), str(np.random.get_state()), random.getstate()


@EACH
def test_its_randomness_is_that_of_its_generator(name, pictures):
    distribution = MAKE[name](pictures)

    @FEW
    @given(st.integers(0, 2**62), st.integers(1, 2))
    def holds(seed, n_tasks):
        first = distribution.sample(n_tasks, torch.Generator().manual_seed(seed))
        torch.manual_seed(seed + 1), np.random.seed(seed % 2**32), random.seed(seed)
        before = state()
        again = MAKE[name](pictures) if name in ("images", "few", *POINTS) else distribution
        again = again.sample(n_tasks, torch.Generator().manual_seed(seed))
        assert state() == before
        assert all(torch.equal(a, b) for a, b in zip(first.tensors(), again.tensors(), strict=True))
        assert first.n_tasks == n_tasks and first.way == distribution.way
        if first.is_classification:
            assert first.support_y.dtype == first.query_y.dtype == torch.int64
            assert all(set(y.tolist()) == set(range(first.way)) for y in first.support_y)
        other = distribution.sample(n_tasks, torch.Generator().manual_seed(seed + 1))
        assert name == "few" or not torch.equal(first.query_x, other.query_x)

    holds()


NO_PICTURES = (*POINTS, "words", "people", "syllabics", "scripts", "arms", "arms, same swing")


@pytest.mark.parametrize("name", [name for name in MAKE if name not in NO_PICTURES
                                  and "all classes" not in name and "hands" not in name])  # fmt: skip
def test_no_picture_is_in_a_task_twice_and_labels_are_those_of_classes(name, pictures):
    distribution = MAKE[name](pictures)
    source = getattr(distribution, "tasks", distribution)
    if name == "folder":
        stored, sizes = source.pictures.flatten(1), source.counts
        of_class = torch.arange(len(sizes)).repeat_interleave(sizes)
    else:
        stored = source.images.flatten(2).flatten(0, 1)
        of_class = torch.arange(len(source.images)).repeat_interleave(source.images.shape[1])
    place = {bytes(row.numpy()): i for i, row in enumerate(stored)}
    assert len(place) == len(stored)

    @FEW
    @given(st.integers(0, 2**62))
    def holds(seed):
        episode = distribution.sample(2, torch.Generator().manual_seed(seed))
        x = torch.cat([episode.support_x, episode.query_x], 1)
        y = torch.cat([episode.support_y, episode.query_y], 1)
        for pixels, labels in zip((255 * x).round().to(torch.uint8).flatten(2), y, strict=True):
            found = torch.tensor([place[bytes(row.numpy())] for row in pixels])
            assert len(set(found.tolist())) == len(found)
            pairs = set(zip(of_class[found].tolist(), labels.tolist(), strict=True))
            assert len(pairs) == episode.way == len({a for a, _ in pairs}) == len({b for _, b in pairs})

    holds()


def test_a_thousand_tasks_of_one_seed_are_none_of_the_next():
    """They were: the thousandth task of seed 0 was the first of seed 1."""
    many, others = (tasks.FewTasks(tasks.Sinusoids(1, 1), n, seed).episode for n, seed in ((1200, 0), (200, 1)))
    seen = {tuple(x.flatten().tolist()) for x in many.query_x}
    assert len(seen) == 1200 and not any(tuple(x.flatten().tolist()) in seen for x in others.query_x)
