"""Tables of trainings: written whole, read again, and gone on with where a run was cut."""

from dataclasses import dataclass

import pytest
import torch

from course_lib.stored_rows import measure_missing, read_rows, write_rows


@dataclass(frozen=True)
class Row:
    name: str
    seed: int
    percent: dict[str, float]


ROWS = [Row("a", 0, {"x": 1.5}), Row("b", 1, {})]


def test_what_is_written_is_read_again_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "table.json"
    write_rows(ROWS, path, command="python -m it", sizes=[1, 2])
    assert read_rows(Row, path) == ROWS and [p.name for p in tmp_path.iterdir()] == ["table.json"]
    assert path.read_bytes() == (
        b'{"command":"python -m it",\n"sizes":[1, 2],\n"rows":[\n'
        b'{"name":"a","seed":0,"percent":{"x":1.5}},\n{"name":"b","seed":1,"percent":{}}\n]}\n'
    )


def test_the_old_table_stands_if_the_new_one_cannot_be_written(tmp_path):
    path = tmp_path / "table.json"
    write_rows(ROWS, path)
    before = path.read_text()
    with pytest.raises(TypeError):
        write_rows([Row("c", 2, {"x": torch.ones(())})], path)
    assert path.read_text() == before


def test_a_cut_run_goes_on_where_it_stopped(capsys):
    known, stored, threads = {("a", 0): ROWS[0]}, [], torch.get_num_threads()

    def measure(name, seed):
        if seed == 2:
            raise KeyboardInterrupt
        return Row(name, seed, {})

    try:
        with pytest.raises(KeyboardInterrupt):
            measure_missing(
                known, [("a", 0), ("b", 1), ("c", 2)], measure, stored.append, lambda row: f"row {row.name}"
            )
    finally:
        torch.set_num_threads(threads)
    assert stored == [ROWS] and list(known) == [("a", 0), ("b", 1)]
    assert capsys.readouterr().out == "('b', 1): row b\n"
