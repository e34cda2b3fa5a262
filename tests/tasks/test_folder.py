"""Your own pictures as tasks: no overlap, no leak, nothing read twice, and each fault in one sentence."""

import math
import os
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from course_lib import evaluate, fit
from course_lib.learners import PrototypicalNet
from course_lib.models import Conv4
from course_lib.pictures import reading
from course_lib.tasks import Folder, folder
from course_lib.tasks.all_classes import AllClasses
from course_lib.tasks.splits import shared_images
from tools.notebooks import ROOT


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    where = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(reading, "cache_dir", lambda: where)
    return where / "folder"


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def write(root: Path, counts: dict[str, int], size=(6, 6)):
    """Pictures whose grey says which they are."""
    for number, (name, count) in enumerate(counts.items()):
        (root / name).mkdir(parents=True)
        for i in range(count):
            Image.new("L", size, (40 * number + i) % 230).save(root / name / f"{i:03d}.png")
    return root


def numbered(counts, monkeypatch, **options):
    """A Folder without files: the first pixel says the class, the second the picture."""
    files = [(f"class {c:02d}", Path(f"{i}.png")) for c, n in enumerate(counts) for i in range(n)]
    images = torch.tensor([[int(label[6:]), int(file.stem)] for label, file in files], dtype=torch.uint8)
    monkeypatch.setattr(folder, "find", lambda path: files)
    monkeypatch.setattr(folder, "read_all", lambda *_: images.view(-1, 1, 1, 2))
    return Folder("x", **({"split": "all", "invert": False} | options))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.sampled_from([1, 2, 4, 7, 200]), min_size=2, max_size=8), st.integers(1, 3), st.integers(1, 4),
       st.integers(1, 3), st.integers(0, 99))  # fmt: skip
def test_support_and_query_never_overlap_however_uneven_the_classes(monkeypatch, counts, shot, query, n_tasks, seed):
    usable = [c for c, n in enumerate(counts) if n >= shot + query]
    if len(usable) < 2:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tasks = numbered(counts, monkeypatch, way=2, shot=shot, query=query)
    episode = tasks.sample(n_tasks, seeded(seed))
    assert episode.support_x.shape == (n_tasks, 2 * shot, 1, 1, 2) and episode.query_x.shape[1] == 2 * query
    assert shared_images(episode).tolist() == [0] * n_tasks
    for task in range(n_tasks):
        seen, class_of = set(), {}
        for x, y in ((episode.support_x, episode.support_y), (episode.query_x, episode.query_y)):
            for (number, example), label in zip((255 * x[task, :, 0, 0]).round().int().tolist(), y[task], strict=True):
                assert class_of.setdefault(int(label), number) == number and number in usable
                assert example < counts[number]
                seen.add((number, example))
        assert len(seen) == 2 * (shot + query) and len(set(class_of.values())) == 2


def test_each_picture_of_a_class_is_as_likely(monkeypatch):
    tasks = numbered([4, 50, 9], monkeypatch, way=3, shot=1, query=1)
    shown = (255 * tasks.sample(6000, seeded()).support_x[:, :, 0, 0]).round().int()
    for number, n in enumerate([4, 50, 9]):
        counts = shown[shown[..., 0] == number][:, 1].bincount(minlength=n)
        assert len(counts) == n and (counts - 6000 / n).abs().max() < 5 * math.sqrt(6000 / n)


def test_the_same_seed_gives_the_same_episode(monkeypatch):
    tasks = numbered([5, 30, 8, 8, 8], monkeypatch, way=3, shot=2, query=2)
    first, again, other = (tasks.sample(2, seeded(seed)).query_x for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    meta = numbered([5, 30, 8], monkeypatch, way=3, shot=1, query=1, device="meta").sample(2, seeded())
    assert meta.query_x.device.type == "meta" and meta.query_y.device.type == "meta"


def test_small_classes_are_left_out_and_counted_once(tmp_path):
    write(tmp_path, {"one": 1, "four": 4, "many": 30, "more": 20})
    with pytest.warns(UserWarning) as said:
        tasks = Folder(tmp_path, way=2, shot=2, query=5, split="all", size=6)
    assert [str(w.message) for w in said] == ["2 of 4 classes have fewer than shot + query = 7 pictures and are left "
                                              "out (four: 4, one: 1)."]  # fmt: skip
    assert tasks.names == ["many", "more"] and tasks.counts.tolist() == [30, 20]
    assert "50 pictures, 6 x 6 grey, all, 2-way 2-shot 5-query, cpu" in repr(tasks)
    with pytest.raises(ValueError, match=re.escape("there are 2 in split 'all'") + ".* smaller way.* 2 of 4 classes"):
        Folder(tmp_path, way=3, shot=2, query=5, split="all")


def test_the_pixels_are_those_of_the_files(tmp_path):
    write(tmp_path, {"a b": 3, "ü": 2, "猫": 2})
    tasks = Folder(tmp_path, way=3, shot=1, query=1, split="all", size=6)
    assert tasks.names == ["a b", "ü", "猫"] and tasks.pictures[:, 0, 0, 0].tolist() == [0, 1, 2, 40, 41, 80, 81]
    episode = tasks.sample(1, seeded())
    shown = (255 * torch.cat([episode.support_x, episode.query_x], 1)).round()[0, :, 0, 0, 0]
    assert sorted({int(v) // 40 for v in shown}) == [0, 1, 2] and float(episode.query_x.max()) <= 1
    inverted = Folder(tmp_path, way=3, shot=1, query=1, split="all", size=6, invert=True)
    assert torch.equal(inverted.pictures, 255 - tasks.pictures) and "inverted" in repr(inverted)


def names(root, split, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Folder(root, **({"way": 1, "shot": 1, "query": 1, "size": 2} | options), split=split).names


def test_the_split_depends_on_a_seed_and_names_alone(tmp_path):
    write(tmp_path, {f"c{i:02d}": 2 + i % 3 for i in range(25)}, (2, 2))
    parts = {split: names(tmp_path, split) for split in ("train", "validation", "test")}
    assert [len(part) for part in parts.values()] == [16, 4, 5]
    assert sorted(sum(parts.values(), [])) == names(tmp_path, "all")
    assert names(tmp_path, "test", seed=1) != parts["test"]
    for split, part in parts.items():  # more pictures a class: some are left out, none goes elsewhere
        assert set(names(tmp_path, split, query=2)) < set(part)
    assert names(tmp_path, ["c03", "c01"]) == ["c01", "c03"]
    assert "of 2 named classes, 1-way" in repr(Folder(tmp_path, 1, 1, 1, ["c03", "c01"], size=2))
    with pytest.raises(ValueError, match="no pictures of the class 'dodo'"):
        names(tmp_path, ["c03", "dodo"])


def test_nested_folders_are_split_by_the_outer_ones(tmp_path):
    write(tmp_path, {f"script {g}/letter {i}": 2 for g in range(10) for i in range(2)}, (2, 2))
    parts = [names(tmp_path, split) for split in ("train", "validation", "test")]
    homes = [{name.split("/")[0] for name in part} for part in parts]
    assert [len(home) for home in homes] == [6, 2, 2] and len(set.union(*homes)) == 10
    assert all(part == sorted(f"{home}/letter {i}" for home in homes[k] for i in range(2))
               for k, part in enumerate(parts))  # fmt: skip


def test_folders_called_train_val_and_test_are_the_splits(tmp_path):
    write(tmp_path, {"Train/cat": 2, "Train/dog": 2, "val/owl": 2, "test/emu": 2, "test/yak": 2, "extra/x": 2}, (2, 2))
    assert names(tmp_path, "train") == ["Train/cat", "Train/dog"] and names(tmp_path, "validation") == ["val/owl"]
    assert names(tmp_path, "test") == ["test/emu", "test/yak"] and len(names(tmp_path, "all")) == 6
    write(tmp_path / "val", {"dog": 2}, (2, 2))
    with pytest.raises(ValueError, match="the class 'dog' is in two of the folders Train, extra, test, val"):
        names(tmp_path, "train")


def test_classes_may_be_called_train_and_test(tmp_path):
    write(tmp_path, {"train": 2, "test": 2, "tram": 2}, (2, 2))
    assert names(tmp_path, "train") + names(tmp_path, "test") != ["train", "test"]
    assert names(tmp_path, "all") == ["test", "train", "tram"]


def test_nothing_is_read_twice_and_a_change_is_seen(tmp_path, cache, monkeypatch):
    root = write(tmp_path / "mine", {"a": 3, "b": 2})
    read, decoded = reading.read, []
    monkeypatch.setattr(reading, "read", lambda file, *sizes: decoded.append(file.name) or read(file, *sizes))

    def again(**options):
        decoded.clear()
        tasks = Folder(root, 2, 1, 1, "all", **({"size": 6} | options))
        return tasks.pictures[:, 0, 0, 0].tolist(), len(decoded)

    assert again() == ([0, 1, 2, 40, 41], 5) and again() == ([0, 1, 2, 40, 41], 0)
    assert again(invert=True) == ([255, 254, 253, 215, 214], 0)  # kept as they are in the files
    assert again(size=4)[1] == again(channels=3)[1] == 5 and again()[1] == 0 and len(list(cache.iterdir())) == 3
    changed = root / "a" / "001.png"
    before = changed.stat()
    Image.new("L", (6, 6), 7).save(changed)
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))  # as if nothing had happened
    assert changed.stat().st_size == before.st_size and again() == ([0, 7, 2, 40, 41], 5)
    (root / "a" / "000.png").unlink()
    assert again() == ([7, 2, 40, 41], 4) and len(list(cache.iterdir())) == 3
    for kept in cache.iterdir():
        kept.write_bytes(kept.read_bytes()[:-9])
    assert again() == ([7, 2, 40, 41], 4) and again()[1] == 0


@pytest.mark.parametrize("kind", ["disk full", "cut", "a file is in the way"])
def test_without_room_for_a_copy_it_goes_on(kind, tmp_path, cache, monkeypatch):
    root = write(tmp_path / "mine", {"a": 2, "b": 2})

    def fail(tensors, path, notes):
        Path(path).write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    if kind == "disk full":
        monkeypatch.setattr(reading, "save_file", fail)
    elif kind == "cut":
        monkeypatch.setattr(os, "replace", lambda *_: fail({}, cache / "x.partial", {}))
    else:
        cache.parent.mkdir(exist_ok=True)
        cache.touch()
    with pytest.warns(UserWarning, match="no room for a copy of the pictures in .*; it goes on") as said:
        tasks = Folder(root, 2, 1, 1, "all", size=6)
    assert len(said) == 1 and tasks.pictures[:, 0, 0, 0].tolist() == [0, 1, 40, 41]
    assert kind == "a file is in the way" or not list(cache.glob("*safetensors*"))


def test_colour_photos_are_fit_and_judged(tmp_path):
    noise = np.random.default_rng(0)
    for name, color in (("sky", (90, 140, 230)), ("grass", (60, 150, 40)), ("brick", (170, 70, 50))):
        (tmp_path / name).mkdir()
        for i in range(6):
            image = np.clip(np.array(color) + noise.normal(0, 40, (90, 120, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(image).save(tmp_path / name / f"{i}.jpg")
    tasks = Folder(tmp_path, way=3, shot=1, query=4, split="all", size=84, channels=3)
    learner = PrototypicalNet(Conv4(8, in_channels=3, size=84))
    fit(learner, tasks, 3, device="cpu", progress=False)
    assert evaluate(learner, tasks, 10).accuracy > 0.6 and not tasks.inverted
    pretraining = AllClasses(tasks, 9).sample(2, seeded())
    assert pretraining.query_x.shape == (2, 9, 3, 84, 84) and pretraining.way == 3
    assert sorted(set(pretraining.query_y.flatten().tolist())) == [0, 1, 2]


@pytest.mark.parametrize("data", ["mini_imagenet", "cifar_fs"])
def test_the_classes_of_the_papers_are_lists_that_split_takes(data, tmp_path):
    lists = [(ROOT / f"docs/classes/{data}_{part}.txt").read_text().split() for part in ("train", "val", "test")]
    assert [len(part) for part in lists] == [64, 16, 20] and len(set.union(*map(set, lists))) == 100
    write(tmp_path, {name: 2 for part in lists for name in part}, (2, 2))
    assert [names(tmp_path, part) for part in lists] == [sorted(part) for part in lists]
