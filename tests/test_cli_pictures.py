"""The command line on your own pictures: train, evaluate, and name what is on one, or say that it is none of these."""

import json
import math
import os
import zipfile
from pathlib import Path

import pytest
import torch
from PIL import Image

from course_lib import paths, storage
from course_lib.commands.name import threshold
from course_lib.learners import MAML, PrototypicalNet
from course_lib.models import Conv4
from course_lib.pictures import reading
from course_lib.tasks import Scripts
from course_lib.tasks.images import freeze
from tests.test_cli import call

SCRIPTS = paths.pretrained("prototypical_scripts")


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    monkeypatch.setattr(reading, "cache_dir", lambda: Path(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Black ink on white paper: 12 characters, 8 drawings of each, as PNG files in folders."""
    root = tmp_path_factory.mktemp("drawings")
    tasks = Scripts(12, 1, 7, split="test")
    for number, images in enumerate(freeze(tasks, 8, torch.Generator().manual_seed(0))[::15][:12]):
        (root / f"character {number:02d}").mkdir()
        for i, ink in enumerate(images):
            picture = Image.fromarray((255 - ink).numpy())
            picture.resize((112, 112)).save(root / f"character {number:02d}" / f"{i}.png")
    return root


def result(*arguments):
    done = call(*arguments, "--json")
    assert done.exit_code == 0, done.output
    last = done.output.splitlines()[-1]
    return json.loads(last[last.index("{") :])  # on a slow machine a progress bar came before it


TASK = ("--data", "folder", "--way", "3", "--shot", "1", "--query", "2", "--device", "cpu")


def train(root, weights, *more, learner="prototypical"):
    return call("train", "--learner", learner, *TASK, "--path", root, "--steps", "2", "--channels", "4",
                "--output", weights, *more)  # fmt: skip


def test_train_and_evaluate_in_colour(drawings, tmp_path):
    weights = tmp_path / "w.safetensors"
    done = train(drawings, weights, "--size", "32", "--colour")
    assert done.exit_code == 0, done.output
    header = storage.notes(weights)
    assert header["backbone_config"]["in_channels"] == 3 and header["backbone_config"]["size"] == 32
    assert header["notes"]["pictures"]["inverted"] is False and len(header["notes"]["pictures"]["classes"]) == 8
    judge = ("evaluate", weights, *TASK, "--way", "2", "--path", drawings, "--tasks", "4")
    found = result(*judge)
    assert 0 <= found["accuracy"] <= 1 and found["data"] == "folder"
    assert "of these" not in call(*judge).output  # the classes of the test split are new
    seen = call(*judge, "--split", "train").output
    assert "Warning: 8 of these 8 classes were in the training." in seen
    (tmp_path / "some.txt").write_text("character 01\n\ncharacter 02\n", encoding="utf-8")
    listed = call(*judge, "--classes", tmp_path / "some.txt").output
    assert "of these 2 classes were in the training" in listed


def test_the_networks_that_ship_name_drawings_on_white_paper(drawings):
    judge = ("evaluate", SCRIPTS, *TASK, "--path", drawings, "--split", "all", "--tasks", "20")
    right = result(*judge)["accuracy"]
    with pytest.warns(UserWarning, match="most of these pictures is bright"):
        wrong = result(*judge, "--invert", "no")["accuracy"]
    assert right > 0.85 and wrong < right - 0.05


@pytest.mark.parametrize("learner", ["maml", "relation", "siamese", "matching", "joint"])
def test_learners_fit_pictures_of_another_size(learner, drawings, tmp_path):
    done = train(drawings, tmp_path / "w.safetensors", "--size", "48", learner=learner)
    assert done.exit_code == 0, done.output
    header = storage.notes(tmp_path / "w.safetensors")
    assert header["backbone_config"]["size"] == 48 and header["notes"]["pictures"]["inverted"] is True
    if learner != "joint":
        judge = ("evaluate", tmp_path / "w.safetensors", *TASK, "--split", "all", "--path", drawings)
        assert result(*judge, "--tasks", "2")["tasks"] == 2


def few(root, to, classes, shots):
    """A support set of some of the classes, and the other pictures: of these classes, and of other ones."""
    folders = sorted(folder for folder in root.iterdir() if folder.is_dir())
    known, strange = [], []
    for number, folder in enumerate(folders):
        files = sorted(folder.glob("*.png"))
        if number < classes:
            (to / folder.name).mkdir(parents=True)
            for file in files[:shots]:
                (to / folder.name / file.name).write_bytes(file.read_bytes())
            known += files[shots:]
        else:
            strange += files
    return known, strange


def both_ways(root, to, weights):
    """Shares of pictures that are named rightly, and of strangers of which it is said that they are none of these."""
    known, strange = few(root, to, 5, 4)
    found = result("name", weights, "--support", to, *known, *strange)
    answers = {a["picture"]: a["answer"] for a in found["answers"]}
    right = sum(answers[str(file)] == file.parent.name for file in known) / len(known)
    none = sum(answers[str(file)] is None for file in strange) / len(strange)
    return right, none, found


def test_names_drawings_and_knows_strangers(drawings, tmp_path):
    right, none, found = both_ways(drawings, tmp_path, SCRIPTS)
    assert found["inverted"] and right >= 0.7 and none >= 0.7
    assert found["threshold"] > 0 and found["right"] > 0.8 and found["kept"] + found["refused"] > 1.5
    for answer in found["answers"]:
        far = [near["distance"] for near in answer["nearest"]]
        assert far == sorted(far) and (answer["answer"] is None) == (far[0] > found["threshold"])
        sure = [near["sure"] for near in answer["nearest"]]
        assert sure == sorted(sure, reverse=True) and math.isclose(sum(sure), 1, abs_tol=1e-5)


def test_names_real_handwriting_and_knows_strangers(tmp_path):
    archive = Path(os.environ.get("COURSE_DATA", ""), "omniglot", "images_evaluation.zip")
    if not archive.is_file():
        pytest.skip("COURSE_DATA does not name a folder with Omniglot's archives")
    with zipfile.ZipFile(archive) as file:
        for entry in (e for e in file.namelist() if "character07/" in e and e.endswith(".png")):  # one an alphabet
            alphabet = tmp_path / "all" / entry.split("/")[1]
            alphabet.mkdir(parents=True, exist_ok=True)
            (alphabet / Path(entry).name).write_bytes(file.read(entry))
    right, none, _ = both_ways(tmp_path / "all", tmp_path / "few", SCRIPTS)
    assert right >= 0.7 and none >= 0.7


def test_the_answer_in_words(drawings, tmp_path):
    known, strange = few(drawings, tmp_path / "few", 5, 4)
    done = call("name", SCRIPTS, "--support", tmp_path / "few", *known, *strange)
    *lines, how = done.output.splitlines()
    assert len(lines) == len(known + strange) and how.startswith("What is more than ")
    assert sum(f": {file.parent.name}, " in line and f"% sure (distances: {file.parent.name} " in line
               for file, line in zip(known, lines, strict=False)) >= 0.7 * len(known)  # fmt: skip
    assert sum(": none of these (distances: character 0" in line for line in lines[len(known) :]) >= 0.7 * len(strange)


def test_one_example_of_each_class_gives_no_threshold(drawings, tmp_path):
    known, strange = few(drawings, tmp_path / "few", 5, 1)
    found = result("name", SCRIPTS, "--support", tmp_path / "few", known[0], strange[0])
    assert found["threshold"] is None and found["answers"][1]["answer"]
    assert 'never "none of these"' in call("name", SCRIPTS, "--support", tmp_path / "few", strange[0]).output


def test_a_threshold_lies_between_what_belongs_and_what_does_not():
    z = torch.tensor([[0.0, 0], [0, 2], [10, 0], [10, 2], [0, 30]])  # two pairs, and a class of one picture
    y = torch.tensor([0, 0, 1, 1, 2])
    found, shares = threshold(z, y, 3, "euclidean")
    assert shares == {"kept": 1, "refused": 1, "right": 1}
    assert found == pytest.approx((2 + 101**0.5) / 2)  # in the middle: 2 to its own class, sqrt(101) to the other
    mixed, shares = threshold(torch.rand(40, 3), torch.arange(40) % 2, 2, "cosine")
    assert mixed > 0 and 0.5 <= (shares["kept"] + shares["refused"]) / 2 < 0.9
    assert threshold(z[[0, 2, 4]], torch.arange(3), 3, "euclidean") == (None, {})


MAML_ON = ("train", "--learner", "maml", "--output", "x", "--data")


@pytest.mark.parametrize(("arguments", "sentence"), [
    ((*MAML_ON, "folder"), "--data folder needs --path"),
    ((*MAML_ON, "folder", "--path", "nowhere"), "no folder or table nowhere"),
    ((*MAML_ON, "scripts", "--size", "84"), "--size is for --data folder"),
    ((*MAML_ON, "folder", "--path", "p", "--rotations"), "--rotations is for characters"),
    ((*MAML_ON, "folder", "--path", "p", "--classes", "c.txt", "--validate-every", "1"), "no classes for validation"),
    (("evaluate", SCRIPTS, "--data", "folder", "--path", "p", "--classes", "c.txt"), "there is no file c.txt"),
    (("name", SCRIPTS, "--support", "nowhere", "a.png"), "no folder or table nowhere"),
    (("name", SCRIPTS, "--support", "one", "a.png"), "there is one class in one"),
    (("name", SCRIPTS, "--support", "two", "a.png"), "a.png cannot be read as a picture"),
    (("name", "maml.safetensors", "--support", "two", "a.png"), "a learner without distances to classes"),
])  # fmt: skip
def test_bad_input_is_one_sentence(arguments, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    storage.save(MAML(Conv4(4, out=3)), "maml.safetensors")
    for folder in ("one/a", "two/a", "two/b"):
        Path(folder).mkdir(parents=True)
        Image.new("L", (5, 5)).save(Path(folder, "1.png"))
    done = call(*arguments)
    assert done.exit_code == 1 and sentence in done.output and "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_cosine_distances_and_colour_come_from_the_weights(drawings, tmp_path):
    known, _ = few(drawings, tmp_path / "few", 3, 3)
    storage.save(PrototypicalNet(Conv4(4, in_channels=3, size=40), "cosine"), tmp_path / "c.safetensors")
    found = result("name", tmp_path / "c.safetensors", "--support", tmp_path / "few", known[0])
    assert not found["inverted"] and all(0 <= near["distance"] <= 2 for near in found["answers"][0]["nearest"])
    turned = result("name", tmp_path / "c.safetensors", "--support", tmp_path / "few", known[0], "--invert", "yes")
    assert turned["inverted"] and turned["threshold"] != found["threshold"]
