"""The stored table of ten trainings: whole, and of the code that stands in the lesson. And that code."""

import pytest

from benchmarks.transfer import CELLS, code, digest, together
from course_lib import evaluate, load
from course_lib.lessons.lesson01.transfer import ten_trainings
from course_lib.paths import pretrained
from course_lib.stop import Stop
from course_lib.tasks import Scripts
from course_lib.tasks.sampler import pick_different
from course_lib.tasks.splits import split_by_group


def test_the_table_is_of_the_lesson_s_code():
    cells = code()
    assert tuple(cells) == CELLS, "a cell that the table comes from is gone"
    assert ten_trainings()["code"] == digest(cells), "the cells changed since: run python -m benchmarks.transfer"
    assert digest(cells | {"album": cells["album"] + " "}) != digest(cells)


def test_the_table_has_ten_trainings_of_each_network():
    table = ten_trainings()
    assert table["seeds"] == 10 and sorted(table["own"]) == sorted(table["unseen"]) == list("ABCD")
    columns = [*table["own"].values(), *table["unseen"].values(),
               *(scores for exams in table["exams"].values() for scores in exams.values())]  # fmt: skip
    assert len(columns) == 12 and all(len(column) == 10 for column in columns)
    assert all(20 < score < 100 for column in columns for score in column)


def test_rows_become_columns():
    assert together([{"a": {"b": 1}, "c": 2}, {"a": {"b": 3}, "c": 4}]) == {"a": {"b": [1, 3]}, "c": [2, 4]}


class Interrupted(Scripts):
    """As if the stop button were pressed at the third step."""

    steps = 0

    def sample(self, n_tasks, generator=None):
        self.steps += 1
        if self.steps == 3:
            raise KeyboardInterrupt
        return super().sample(n_tasks, generator)


def test_the_lesson_does_not_go_on_with_a_half_trained_network():
    names = {"PROFILE": "quick", "SEED": 0}
    for cell in ("imports", "train-helper"):
        exec(code()[cell], names)
    with pytest.raises(Stop, match="Run this cell again"):
        names["trained"](Interrupted(5, 1, 1, split="test"))


@pytest.mark.parametrize("seed", [0, 1])
def test_the_two_networks_of_section_5_train_on_as_many_classes(seed):
    names = {"PROFILE": "quick", "SEED": seed, "pick_different": pick_different, "split_by_group": split_by_group}
    cells = code()
    for cell in ("imports", "album", "split-use"):
        exec(cells[cell], names)
    before_training = cells["image-leak-cell"].split("split_scores = {}")[0]
    names["freeze"] = lambda tasks, copies, generator: names["album"]  # the Greek exam is not looked at
    exec(before_training, names)
    groups, training = names["groups"], names["training"]
    script, image = ({groups[i] for i in classes} for classes in (training["by script"], training["by image"]))
    assert {len(set(classes)) for classes in training.values()} == {157}
    assert "Armenian" not in script and sum(groups[i] == "Armenian" for i in training["by image"]) == 60
    assert image - {"Armenian"} <= script


@pytest.mark.slow
def test_tasks_within_some_scripts_are_harder_for_a_trained_network():
    """The second answer of section 2."""
    network = load(pretrained("prototypical_scripts"))

    def accuracy(**characters):
        return evaluate(network, Scripts(5, 1, 10, slant=0.25, wobble=2.5, **characters), 60, seed=0).accuracy

    across, signs = accuracy(split="train"), accuracy(scripts=("Mathematics",))
    assert max(accuracy(scripts=("Georgian",)), accuracy(scripts=("Armenian",))) + 0.01 < min(across, signs)
