"""Every task distribution on the device: the tasks of the CPU."""

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib import evaluate
from course_lib.learners import PrototypicalNet
from course_lib.models import Conv4
from course_lib.pictures import reading
from course_lib.tasks import (
    AnyShot,
    Arms,
    FewTasks,
    Folder,
    GaussianProcess,
    ImageTasks,
    Lines,
    Navigation,
    People,
    Sinusoids,
    Syllabics,
    Words,
)
from course_lib.tasks.all_classes import AllClasses
from course_lib.tasks.bandits import Bandits, InformativeArm
from course_lib.tasks.labels import DealtLabels

IMAGES = torch.randint(256, (6, 9, 16, 16), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "cache_dir", lambda: tmp_path / "cache")
    for name in "abcd":
        (tmp_path / "all" / name).mkdir(parents=True)
        for i in range(6 + ord(name) % 4):
            noise = np.random.default_rng(ord(name) * 100 + i).integers(0, 255, (20, 30, 3), dtype=np.uint8)
            Image.fromarray(noise).save(tmp_path / "all" / name / f"{i}.png")
    return lambda device: Folder(
        tmp_path / "all", 3, 2, 3, "all", size=(16, 24), channels=3, invert=False, device=device
    )


def images(device):
    return ImageTasks(IMAGES, 3, 2, 3, device=device)


MAKE = {
    "images": images,
    "few": lambda device: FewTasks(images(device), 4),
    "dealt": lambda device: DealtLabels(images(device)),
    "all classes": lambda device: AllClasses(images(device), 5),
    "sinusoids": lambda device: Sinusoids(3, 4, device=device),
    "any shot": lambda device: AnyShot(Sinusoids(3, 4, device=device)),
    "lines of a pool": lambda device: Lines(2, 3, 4, pool=5, device=device),
    "curves": lambda device: GaussianProcess(3, 4, device=device),
    "arms": lambda device: Arms(3, 4, arms=5, seconds=0.4, device=device),
    "navigation": lambda device: Navigation(3, 4, device=device),
    "bandits": lambda device: Bandits(3, 4, 0.6, device=device),
    "informative arm": lambda device: InformativeArm(device=device),
    "words": lambda device: Words(3, 2, 4, device=device),
    "people": lambda device: People(shot=2, query=4, labelled=(1, 7), device=device),
    "syllabics": lambda device: Syllabics(3, 4, device=device),
}


@pytest.mark.parametrize("name", [*MAKE, "folder", "all classes of a folder"])
def test_one_seed_gives_the_tasks_of_the_cpu(name, strict, folder):
    made = MAKE | {"folder": folder, "all classes of a folder": lambda device: AllClasses(folder(device), 5)}
    there, here = (made[name](d).sample(2, torch.Generator().manual_seed(1)) for d in (strict, "cpu"))
    assert there.device == strict
    assert all(torch.allclose(a.cpu(), b, atol=1e-5) for a, b in zip(there.tensors(), here.tensors(), strict=True))


def test_pictures_of_ones_own_are_judged_there(strict, folder):
    learner = PrototypicalNet(Conv4(4, in_channels=3, size=16)).to(strict)
    found, same = (evaluate(learner, folder(d), 3) for d in (strict, "cpu"))
    assert torch.allclose(found.losses, same.losses, atol=1e-3)
