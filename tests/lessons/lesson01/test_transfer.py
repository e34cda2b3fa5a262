"""The stored table of ten trainings: whole, and of the code that stands in the lesson."""

from benchmarks.transfer import CELLS, code, digest, together
from course_lib.lessons.lesson01.transfer import ten_trainings


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
