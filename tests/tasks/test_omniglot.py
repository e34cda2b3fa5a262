"""Omniglot: what is in it, how it is split, and that a damaged archive is never half-used."""

import io
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib import evaluate, load
from course_lib.paths import pretrained
from course_lib.pictures import reading
from course_lib.tasks import Folder, LakeRuns, Omniglot, download, omniglot
from tests.tasks.test_download import server  # noqa: F401 (a fixture)

SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def real():
    """Skips where the real data are not at hand: set COURSE_DATA to test with them."""
    try:
        return omniglot._characters()
    except (FileNotFoundError, ConnectionError) as error:
        pytest.skip(str(error))


def classes(split, **options):
    return set(Omniglot(split=split, **options).names)


@pytest.mark.parametrize("scheme", ["alphabets", "characters"])
def test_no_character_is_in_two_splits_and_none_is_lost(real, scheme):
    parts = [classes(split, scheme=scheme) for split in SPLITS]
    assert sum(map(len, parts)) == len(set.union(*parts)) == len(classes("all")) == 1623


def test_no_alphabet_is_in_two_splits_by_alphabet(real):
    alphabets = [{name.split("/")[0] for name in classes(split)} for split in SPLITS]
    assert [len(a) for a in alphabets] == [25, 5, 20] and len(set.union(*alphabets)) == 50
    assert {"Tengwar", "ULOG", "Gurmukhi"} < alphabets[2]  # Lake's evaluation set


def test_lakes_own_sets_of_background_alphabets(real):
    assert classes("background") == classes("train") | classes("validation")
    for split, first in (("small1", "Balinese"), ("small2", "Tagalog")):
        alphabets = {name.split("/")[0] for name in classes(split)}
        assert len(alphabets) == 5 and first in alphabets and classes(split) < classes("background")
    assert (len(classes("small1")), len(classes("small2"))) == (136, 156)  # as many as in the publisher's archives
    with pytest.raises(ValueError, match="by characters, but it is 'background'"):
        Omniglot(split="background", scheme="characters")


def test_a_task_within_an_alphabet_has_one_alphabet_and_each_is_as_likely(real):
    tasks = Omniglot(20, 1, 1, "test", within_alphabet=True)
    rows = tasks.pick_classes(2000, torch.Generator().manual_seed(0)).tolist()
    assert all(len(set(row)) == 20 for row in rows)
    homes = [{tasks.names[i].split("/")[0] for i in row} for row in rows]
    assert all(len(home) == 1 for home in homes)
    counts = [homes.count({home}) for home in set.union(*homes)]
    assert len(counts) == len(tasks.alphabets) == 20 and min(counts) > 60 and max(counts) < 140  # of 100 each
    turned = Omniglot(20, 1, 1, "test", within_alphabet=True, rotations=True)
    row = turned.pick_classes(1, torch.Generator().manual_seed(2))[0].tolist()
    assert len({turned.names[i].partition(" ")[2] for i in row}) == 1  # all turned alike
    with pytest.raises(ValueError, match="no alphabet of this split has 60 characters, the largest has"):
        Omniglot(60, 1, 1, "test", within_alphabet=True)


def test_hands_draw_the_same_characters_again(real):
    plain, drawn = (Omniglot(split="train", hands=h).sample(2, torch.Generator().manual_seed(0)) for h in (False, True))
    assert drawn.query_x.shape == plain.query_x.shape and not torch.equal(drawn.query_x, plain.query_x)
    blurred = [torch.nn.functional.avg_pool2d(e.query_x[0], 7).flatten(1) for e in (plain, drawn)]
    likeness = torch.nn.functional.cosine_similarity(*blurred).mean()
    assert likeness > 0.8  # in rough outline


def test_the_split_by_characters_has_the_papers_sizes_and_never_changes(real):
    assert [len(classes(split, scheme="characters")) for split in SPLITS] == [1100, 100, 423]
    names = Omniglot(split="validation", scheme="characters").names
    assert names[:2] == ["Alphabet_of_the_Magi/character16", "Arcadian/character23"]


def test_rotations_come_after_the_split_and_turn_whole_classes(real):
    upright, turned = (Omniglot(split="test", rotations=r) for r in (False, True))
    n = len(upright.images)
    assert len(turned.images) == 4 * n and len(set(turned.names)) == 4 * n
    for k in range(4):
        assert torch.equal(turned.images[k * n : (k + 1) * n], upright.images.rot90(k, (2, 3)))
        assert turned.names[k * n].startswith(upright.names[0])


def test_images_are_ink_on_paper_each_drawn_by_another_hand(real):
    images = Omniglot(split="all").images
    assert images.shape == (1623, 20, 28, 28) and images.dtype == torch.uint8
    assert 0.07 < images.float().mean() / 255 < 0.09 and (images.amax((2, 3)) == 255).float().mean() > 0.95
    assert len({image.numpy().tobytes() for image in images.flatten(0, 1)}) == 1623 * 20 - 1  # one dot of Braille twice


def test_an_episode_needs_no_more_than_twenty_examples(real):
    episode = Omniglot(shot=5, query=15).sample(3, torch.Generator().manual_seed(0))
    assert episode.query_x.shape == (3, 75, 1, 28, 28)
    with pytest.raises(ValueError, match="shot . query = 21"):
        Omniglot(shot=5, query=16)


def test_the_official_runs_match_the_characters_that_they_were_taken_from(real):
    runs = LakeRuns().runs
    assert (runs.n_tasks, runs.way, *runs.support_x.shape[1:]) == (20, 20, 20, 1, 28, 28)
    assert all(sorted(y) == list(range(20)) for y in runs.query_y.tolist())
    names = [name.split("/")[0] for name in real[0]]
    place = {image.numpy().tobytes(): i // 20 for i, image in enumerate(real[1].flatten(0, 1))}
    for x, y, answers in zip(runs.support_x, runs.query_x, runs.query_y.tolist(), strict=True):
        stored = [[(255 * image).round().to(torch.uint8).numpy().tobytes() for image in part] for part in (x, y)]
        support, queries = ([place[image] for image in part] for part in stored)
        assert [support[answer] for answer in answers] == queries  # the key is right
        assert len({names[i] for i in support}) == 1  # within one alphabet


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"split": "tests"}, "split must be"),
    ({"scheme": "alphabet"}, "scheme must be"),
])  # fmt: skip
def test_bad_arguments_get_a_sentence_before_anything_is_read(arguments, sentence, monkeypatch):
    monkeypatch.setattr(omniglot, "_characters", None)
    with pytest.raises(ValueError, match=sentence):
        Omniglot(**arguments)


def archive(seed=0) -> bytes:
    """A small archive in the publisher's layout."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for i, picture in enumerate(np.random.default_rng(seed).random((3, 105, 105)) < 0.9):
            png = io.BytesIO()
            Image.fromarray(picture).save(png, "png")
            file.writestr(f"set/Alphabet/character01/0001_{i + 1:02d}.png", png.getvalue())
    return buffer.getvalue()


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Makes the library expect a small archive as images_background.zip; returns a function that changes the source."""
    path = tmp_path / "good.zip"
    path.write_bytes(archive())
    _, pictures = omniglot._unpack(path)
    print_ = omniglot.hashlib.sha256(np.packbits(pictures).tobytes()).hexdigest()
    monkeypatch.setitem(omniglot.KNOWN, "images_background.zip", ("?", print_))
    monkeypatch.setattr(download, "cache_dir", lambda: tmp_path / "cache")
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # pooch waits between its tries
    return path.read_bytes()


def damaged(good):
    yield good[: len(good) // 2]  # cut
    yield b"<html>not found</html>"
    yield good[:700] + bytes(200) + good[900:]  # a picture inside
    yield archive(seed=1)  # whole, but other pictures


def test_a_folder_with_a_damaged_archive_is_refused_and_left_alone(small, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    path = tmp_path / "omniglot" / "images_background.zip"
    path.parent.mkdir()
    for bad in damaged(small):
        path.write_bytes(bad)
        with pytest.raises(ValueError, match="is damaged or is not the Omniglot archive"):
            omniglot._read("images_background.zip")
        assert path.read_bytes() == bad
    path.write_bytes(small)
    assert len(omniglot._read("images_background.zip")[0]) == 3


def test_a_damaged_download_is_deleted_and_fetched_again(small, tmp_path, monkeypatch, server):  # noqa: F811
    monkeypatch.setenv("COURSE_DATA", server.address)
    cached = tmp_path / "cache" / "omniglot" / "images_background.zip"
    for bad in damaged(small):
        server.files["/omniglot/images_background.zip"] = [bad, small]  # the first answer, and every later one
        files, pictures = omniglot._read("images_background.zip")
        assert len(files) == len(pictures) == 3 and cached.read_bytes() == small
        cached.write_bytes(bad)  # damaged where it lies
        server.files["/omniglot/images_background.zip"] = [small]
        assert len(omniglot._read("images_background.zip")[0]) == 3 and cached.read_bytes() == small
        shutil.rmtree(cached.parent)
    server.files["/omniglot/images_background.zip"] = [b"never right"]
    with pytest.raises(ValueError, match="arrived damaged twice"):
        omniglot._read("images_background.zip")
    assert not cached.exists()


def test_its_files_unpacked_into_folders_score_the_same_to_the_last_digit(real, tmp_path, monkeypatch):
    archive = Path(os.environ.get("COURSE_DATA", ""), "omniglot", "images_background.zip")
    if not archive.is_file():
        pytest.skip("COURSE_DATA does not name a folder with Omniglot's archives")
    ours = Omniglot(split="validation")
    alphabets = {name.split("/")[0] for name in ours.names}
    with zipfile.ZipFile(archive) as file:
        file.extractall(tmp_path, [name for name in file.namelist() if name.split("/")[1] in alphabets])
    monkeypatch.setattr(reading, "cache_dir", lambda: tmp_path)
    mine = Folder(tmp_path / "images_background", split="all")
    assert mine.inverted and mine.names == ours.names
    assert torch.equal(mine.pictures, ours.images.flatten(0, 1).unsqueeze(1))
    learner = load(pretrained("prototypical_scripts"))
    first, second = (evaluate(learner, tasks, 20, seed=3) for tasks in (ours, mine))
    assert first.as_dict() == second.as_dict() and torch.equal(first.confidence, second.confidence)
