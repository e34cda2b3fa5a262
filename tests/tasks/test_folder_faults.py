"""Tables of pictures, and each fault of a folder, a table or an argument in one sentence."""

import csv

import pytest
from PIL import Image

from course_lib.tasks import Folder
from tests.tasks.test_folder import cache, write  # noqa: F401 (a fixture)


def write_table(root, rows, file="train.csv"):
    with open(root / file, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return root / file


def test_a_table_of_names_and_labels(tmp_path):
    write(tmp_path, {"images": 4}, (2, 2))
    Image.new("L", (2, 2), 99).save(tmp_path / "beside me.png")
    rows = [("id", "filename", "label"), (1, "000.png", "a"), (2, "002.png", "b"), (3, "001.png", "a"),
            (4, "beside me.png", "b")]  # fmt: skip
    tasks = Folder(write_table(tmp_path, rows), way=2, shot=1, query=1, split="all", size=2)
    assert tasks.names == ["a", "b"] and tasks.pictures[:, 0, 0, 0].tolist() == [0, 1, 99, 2]


@pytest.mark.parametrize(("rows", "sentence"), [
    ([("file", "class"), ("000.png", "a")], "with the line filename,label and one for each picture"),
    ([("filename", "label")], "with the line filename,label"),
    ([], "with the line filename,label"),
    ([("filename", "label"), ("000.png", "a"), ("lost.png", "a")], "line 3 of .* 'a' and 'lost.png'"),
    ([("filename", "label"), ("000.png",)], "line 2 of .* must name a class"),
    ([("filename", "label"), ("", "a")], "line 2 of .* must name a class and a file that is there"),
])  # fmt: skip
def test_a_table_with_a_fault(rows, sentence, tmp_path):
    write(tmp_path, {"images": 1}, (2, 2))
    with pytest.raises((ValueError, FileNotFoundError), match=sentence):
        Folder(write_table(tmp_path, rows), way=1, shot=1, query=1, split="all")


def test_a_table_in_another_encoding(tmp_path):
    (tmp_path / "t.csv").write_bytes("filename,label\nä.png,ä".encode("latin-1"))
    with pytest.raises(ValueError, match="csv, UTF-8"):
        Folder(tmp_path / "t.csv")


FAULTS = {
    "nowhere": (lambda root: root / "nowhere", "there is no folder or table .*nowhere"),
    "empty": (lambda root: root, "there is no picture in .* Save some as JPEG or PNG, a folder for each class"),
    "no pictures": (lambda root: [(root / name).touch() for name in ("a.heic", "b.txt")] and root,
                    r"Pillow cannot read what is there \(.heic, .txt\)"),
    "one folder": (lambda root: write(root, {"a": 2}) / "a", "000.png lies in no folder of a class .2 files do not"),
    "one class": (lambda root: write(root, {"a": 9}), "a 2-way task needs 2 classes, but there are 1"),
    "broken": (lambda root: (write(root, {"a": 2, "b": 2}) / "b" / "001.png").write_text("x") and root,
               "001.png cannot be read as a picture"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_sentence(fault, tmp_path):
    make, sentence = FAULTS[fault]
    with pytest.raises((ValueError, FileNotFoundError), match=sentence) as caught:
        Folder(make(tmp_path), way=2, shot=1, query=1, split="all")
    assert str(tmp_path) in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"channels": 2}, "channels must be 1 or 3"), ({"size": 0}, "size must be"),
    ({"size": (8, 0)}, "size must be"), ({"size": (8, 8, 8)}, "size must be"), ({"size": "28"}, "size must be"),
    ({"invert": "no"}, "invert must be"),
    ({"split": "tset"}, "split must be"), ({"seed": -1}, "seed must be"), ({"way": 0}, "way must be"),
    ({"device": "abacus"}, "is not a device"), ({"path": None}, "path must be"), ({"path": 3}, "path must be"),
    ({"split": [["a"]]}, r"no pictures of the class \['a'\]"), ({"split": 5}, "split must be"),
])  # fmt: skip
def test_wrong_arguments(wrong, sentence, tmp_path):
    with pytest.raises(ValueError, match=sentence):
        Folder(**({"path": write(tmp_path, {"a": 2, "b": 2}), "way": 2, "query": 1, "split": "all"} | wrong))


def test_one_class_leaves_nothing_for_a_test(tmp_path):
    write(tmp_path, {"a": 2, "b": 2})
    with pytest.raises(ValueError, match="there are 0 in split 'test' .*split='all'"):
        Folder(tmp_path, way=2, shot=1, query=1, split="test")
