"""The wall explorer without a browser: what it shows and says is what was measured."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from course_lib.lessons.lesson10.wall_explorer import ALL, WallExplorer
from course_lib.lessons.lesson10.wall_picture import DOWN, UP, Side, describe

METHODS = ["plain counting", "learned prior", "network"]
WALLS = {"words": 12, "languages": 5, "families": 7}


def side(seed, n):
    values = np.random.default_rng(seed).uniform(25, 95, (3, n))
    return Side([f"Tongue {i}" for i in range(n)], METHODS, values)


@pytest.fixture
def sides():
    return {(wall, shot, asked): side(10 * i + 2 * shot + asked, n)
            for i, (wall, n) in enumerate(WALLS.items()) for shot in (1, 5) for asked in (1, 5)}  # fmt: skip


@pytest.fixture
def explorer(sides):
    return WallExplorer(sides)


def test_the_words_say_what_was_measured():
    one = Side(["A", "B", "C"], METHODS, np.array([[50, 60, 40], [52.0, 61, 44], [80, 50, 41]]))
    assert one.moves.tolist() == [30, -10, 1] and one.order.tolist() == [1, 2, 0]
    said = describe(one, "words", "B")
    assert "plain counting 50.0, learned prior 52.3, network 57.0" in said
    assert "ahead of plain counting in 2 of 3 languages" in said
    assert "Most in A (+30 points), least in B (-10)" in said
    assert said.endswith("B: plain counting 60, learned prior 61, network 50.")


@pytest.mark.parametrize("act", [
    lambda e: setattr(e.wall, "value", "families"), lambda e: setattr(e.shot, "value", 5),
    lambda e: setattr(e.asked, "value", 5), lambda e: setattr(e.language, "value", "Tongue 3"),
])  # fmt: skip
def test_each_control_changes_both_panels_and_the_words_in_one_answer(explorer, act):
    before, words = dict(explorer.view.parts), explorer.message
    act(explorer)
    now = explorer.view.parts
    assert now["number"] == before["number"] + 1 and explorer.message != words
    assert now["columns"] != before["columns"] and now["moves"] != before["moves"]
    assert explorer.side is explorer.sides[explorer.wall.value, explorer.shot.value, explorer.asked.value]


def test_every_language_has_its_line_and_its_spot_in_the_colour_of_its_move(explorer):
    for wall, n in WALLS.items():
        explorer.wall.value = wall
        moves = explorer.view.parts["moves"]
        for color, count in ((UP, (explorer.side.moves > 0).sum()), (DOWN, (explorer.side.moves <= 0).sum())):
            assert len(re.findall(rf'<circle [^>]*fill="{color}"', moves)) == count
        assert explorer.view.parts["columns"].count("<path") == n + 2  # the mean, and guessing
        for mean in explorer.side.means:
            assert f">{mean:.1f}</text>" in explorer.view.parts["columns"]


def test_a_marked_language_stays_marked_where_it_is_among_them(explorer):
    explorer.language.value = "Tongue 6"
    explorer.wall.value = "families"
    assert explorer.chosen == "Tongue 6" and "Tongue 6: plain counting" in explorer.message
    explorer.wall.value = "languages"
    assert explorer.chosen is None and explorer.language.value == ALL


def test_what_is_drawn_lies_in_the_panels(explorer):
    for one in explorer.sides.values():
        assert (one.scores >= explorer.y[0]).all() and (one.scores <= explorer.y[1]).all()
        assert (np.abs(one.scores[1:] - one.scores[0]) <= explorer.far).all()


def test_the_picture_has_the_words_of_the_widget(explorer):
    explorer.language.value = "Tongue 1"
    png, alt = explorer.snapshot()
    assert explorer.message in alt and Image.open(io.BytesIO(png)).size[0] > 800


def test_what_is_not_there_gets_a_sentence(sides):
    with pytest.raises(ValueError, match="no measurement of .'moons', 1, 1"):
        WallExplorer(sides, wall="moons")
    del sides["families", 5, 1]
    with pytest.raises(ValueError, match="no measurement of .'families', 5, 1"):
        WallExplorer(sides)
