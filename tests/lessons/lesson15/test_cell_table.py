"""The stored truth about the cells: what is in it, and that training again gives it again."""

import pytest
import torch

from benchmarks import architectures
from course_lib.lessons.lesson15 import cell_table
from course_lib.lessons.lesson15.cell_table import (
    MORE_SEEDS,
    SEEDS,
    TABLE,
    TASKS,
    TESTED,
    UNKNOWN,
    accuracies,
    empty,
    other_accuracies,
    other_tasks,
    read,
    stored,
    table_tasks,
    trained_anew,
    write,
)
from course_lib.lessons.lesson15.cells import CELLS, LIVING


def test_the_table_is_small_and_whole():
    assert TABLE.stat().st_size < 400_000
    table = stored()
    assert {name: part.shape for name, part in table.items()} == {name: part.shape for name, part in empty().items()}
    assert all((part != UNKNOWN).all() for part in table.values())
    assert cell_table.tested_accuracies().shape == (SEEDS + MORE_SEEDS, 125, TESTED)
    assert other_accuracies().shape == (SEEDS, 125, TASKS - TESTED)


@pytest.mark.parametrize("cell", [(0, 1, 0), (1, 0, 2)])
def test_a_cell_trained_again_reaches_what_the_table_says(cell):
    """Rounding differs between machines and may turn the answer at a point that lies on the boundary, or two."""
    number, tasks, seeds = CELLS.index(cell), range(0, TESTED, 20), [0, 4]
    wrong = trained_anew(seeds, number, tasks)
    said = torch.stack([stored()["all"][0, number, ::20][: len(tasks)], stored()["more"][1, number, ::20]]).long()
    assert wrong.shape == (2, 5) and ((wrong - said).abs() <= 8).float().mean() >= 0.8


def test_tasks_to_test_on_and_to_learn_from_are_different_ones():
    assert len(cell_table.tested_tasks()) == TESTED and len(other_tasks()) == TASKS - TESTED
    assert torch.equal(torch.cat([cell_table.tested_tasks().x, other_tasks().x]), table_tasks().x)


def test_cells_that_cannot_learn_have_the_same_accuracy_in_every_training_and_others_do_not():
    found = cell_table.tested_accuracies()
    assert (found.std(0)[~LIVING] == 0).all() and (found.std(0)[LIVING].mean(1) > 0).all()


def test_accuracies_are_shares_of_256_and_unknown_is_nan():
    counts = torch.tensor([0, 64, 256 - 2, UNKNOWN], dtype=torch.uint8)
    found = accuracies(counts)
    assert found[:3].tolist() == [1.0, 0.75, 2 / 256] and found[3].isnan()


def test_a_table_is_stored_and_read_again(tmp_path):
    path, table = tmp_path / "some.safetensors", empty()
    table["more"][1, 5] = 7
    write(table, "some command", path)
    assert all(torch.equal(part, table[name]) for name, part in read(path).items())
    assert [file.name for file in tmp_path.iterdir()] == ["some.safetensors"]


def test_the_command_trains_what_is_missing_only_and_goes_on_where_it_was_cut(tmp_path, monkeypatch):
    path, asked = tmp_path / "some.safetensors", []

    def cut(seeds, cell, tasks):
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append(((*seeds,), cell))
        return torch.full((len(seeds), len(tasks)), 9)

    monkeypatch.setattr(architectures, "trained_anew", cut)
    monkeypatch.setattr(architectures, "CELLS", CELLS[:2])
    with pytest.raises(KeyboardInterrupt):
        architectures.train_table(path)
    assert asked == [((0,), 0), ((0,), 1), ((1, 2), 0)] and (read(path)["all"][0, :2] == 9).all()
    monkeypatch.setattr(architectures, "trained_anew", lambda seeds, cell, tasks: asked.append(((*seeds,), cell))
                        or torch.full((len(seeds), len(tasks)), 9))  # fmt: skip
    architectures.train_table(path)
    assert asked[3:] == [((1, 2), 1), ((3, 4, 5), 0), ((3, 4, 5), 1), ((1, 2), 0), ((1, 2), 1)]
    table = read(path)
    assert (
        (table["all"][:, :2] == 9).all()
        and (table["more"][:, :2] == 9).all()
        and (table["all"][:, 2:] == UNKNOWN).all()
    )
    architectures.train_table(path)
    assert len(asked) == 8  # nothing was left to do


def test_every_training_of_the_table_is_in_one_part_of_the_command():
    planned = [(seed, task) for seeds, tasks in architectures.PARTS for seed in seeds for task in tasks]
    wanted = [(seed, task) for seed in range(SEEDS) for task in range(TASKS)]
    wanted += [(SEEDS + seed, task) for seed in range(MORE_SEEDS) for task in range(TESTED)]
    assert sorted(planned) == sorted(wanted)


def test_trainings_have_starts_of_their_own(monkeypatch):
    starts = {}
    monkeypatch.setattr(cell_table, "train_cell", lambda weights, x, y, cell: starts.setdefault(cell, weights))
    monkeypatch.setattr(cell_table, "errors", lambda weights, tasks, cell: torch.zeros(len(tasks)))
    trained_anew([0, 1], 31, [5, 7, 5])
    (first,) = (weights[0] for weights in starts.values())  # [2 * 3, 2, 16]
    assert torch.equal(first[0], first[2]) and not torch.equal(first[0], first[1])
    assert not torch.equal(first[0], first[3]) and torch.equal(first[3], first[5])
