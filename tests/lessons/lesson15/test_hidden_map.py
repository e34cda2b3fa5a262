"""The hidden map without a browser: no machine is ahead of you, nothing is given away, and all are judged alike."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.lessons.lesson15 import hidden_map_picture as picture
from course_lib.lessons.lesson15.hidden_map import YOU, HiddenMap
from course_lib.lessons.lesson15.hidden_map_explorer import HiddenMapExplorer
from course_lib.lessons.lesson15.settings import text
from course_lib.lessons.lesson15.strategies import Strategy

LOSSES = torch.tensor([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])  # three columns, two rows: the best at the right, above


class InOrder(Strategy):
    """The settings from 0 up, or from 5 down; its belief is 0.3 everywhere, less a hundredth for each trial."""

    def __init__(self, down: bool = False):
        self.down = down

    def next(self, seen, losses, generator=None):
        return 5 - len(seen) if self.down else len(seen)

    def belief(self, seen, losses):
        return torch.full((6,), 0.3 - 0.01 * len(seen)), torch.ones(6)


def explorer(trials=3):
    grid = picture.Grid(["1", "2", "3"], ["low", "high"], "rate", "decay")
    maps = torch.stack([LOSSES, LOSSES.flip(0)])
    players = {"in order": InOrder(), "from the end": InOrder(down=True)}
    return HiddenMapExplorer(maps, players, players["in order"], grid, trials)


def test_a_machine_is_never_ahead_and_all_are_judged_by_the_lowest_so_far():
    game = HiddenMap(LOSSES, {"machine": [1, 5, 0]}, 3)
    assert game.shown("machine") == [] and game.regrets(YOU) == []
    assert game.try_setting(4) and game.shown("machine") == [1]
    assert not game.try_setting(4) and not game.try_setting(6) and not game.try_setting(-1)
    assert game.try_setting(0) and game.try_setting(3) and game.over and not game.try_setting(2)
    assert game.best_so_far(YOU) == pytest.approx([0.5, 0.5, 0.5])
    assert game.regrets("machine") == pytest.approx([0.4, 0.0, 0.0])


def test_who_gives_up_sees_all():
    game = HiddenMap(LOSSES, {"machine": [1, 5, 0, 2]}, 3)
    game.try_setting(2)
    game.give_up()
    assert game.over and game.shown("machine") == [1, 5, 0] and game.regrets(YOU) == pytest.approx([0.3])


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 6], [-1, 0, 1]])
def test_a_machine_must_try_settings_of_the_map(order):
    with pytest.raises(ValueError, match="'machine' must try 3 of the settings 0 to 5"):
        HiddenMap(LOSSES, {"machine": order}, 3)


def test_places_of_the_map_are_settings_and_the_frame_stays_on_it():
    grid = explorer().grid
    for setting in range(6):
        x, y = grid.corner(setting)
        middle = (x + picture.SIDE / 2) / grid.width, (y + picture.HIGH / 2) / grid.height
        assert grid.setting_at(*middle) == setting
    assert grid.setting_at(1, 0) == 5 and grid.setting_at(0, 1) == 0  # the very edges
    assert grid.moved(0, 1, -1) == 3 and grid.moved(5, 1, -1) == 5 and grid.moved(0, -1, 1) == 0
    assert grid.name(3) == "rate 2, decay high"


def test_a_click_tries_and_keys_move_the_frame_which_the_button_tries():
    shown = explorer()
    assert shown.view.parts["cells"].count(picture.HIDDEN) == 6 and "3 trials" in shown.message
    shown._hear({"add": [0.99, 0.01]})
    assert shown.game.tried == [5] and "loss 0.400" in shown.message
    assert shown.view.parts["cells"].count(picture.HIDDEN) == 5 and ">0.40<" in shown.view.parts["cells"]
    shown._hear({"nudge": [-1, 1]})
    assert shown.game.tried == [5] and "rate 2, decay low" in shown.message
    shown.go.click()
    assert shown.game.tried == [5, 2]
    shown.go.click()
    assert shown.game.tried == [5, 2] and "was tried before" in shown.message


def test_nothing_is_given_away_before_the_end():
    shown = explorer()
    shown.try_setting(1)
    assert "above the best" not in shown.view.parts["table"] + shown.message
    assert list(shown.whose.options) == [YOU] and shown.whose.disabled
    assert shown.view.parts["table"].count("–") == 6  # two of three trials, for three players
    assert shown.view.parts["cells"].count(f'fill="{picture.color_of(0.4)}"') == 0


def test_what_the_memory_predicts_of_hidden_settings_is_shown_when_asked_for():
    shown = explorer()
    shown.try_setting(5)
    color = f'fill="{picture.color_of(0.29)}"'
    assert color not in shown.view.parts["cells"]
    shown.believe.value = True
    assert shown.view.parts["cells"].count(color) == 5  # not on the one that was tried
    shown.give_up()
    assert color not in shown.view.parts["cells"]


def test_the_lesson_has_128_settings_and_names_them_as_it_does_everywhere():
    grid = picture.settings_grid()
    assert len(grid.columns) * len(grid.rows) == 128
    assert all(grid.name(i).replace("weight ", "") == text(i) for i in range(128))


def test_at_the_end_the_map_and_all_trials_are_shown_and_counted():
    shown = explorer()
    for setting in (1, 2, 3):
        shown.try_setting(setting)
    assert shown.view.parts["cells"].count(picture.HIDDEN) == 0 and picture.BEST in shown.view.parts["cells"]
    assert shown.tally == {YOU: [pytest.approx((0.4, 0.2))], "in order": [pytest.approx((0.5, 0.3))],
                           "from the end": [(0, 0)]}  # fmt: skip
    shown.try_setting(5)  # too late
    assert len(shown.tally[YOU]) == 1 and "mean of 1 map:" in shown.message and shown.go.disabled
    shown.whose.value = "from the end"
    assert "1.</text>" in shown.view.parts["cells"] and ">0.40<" in shown.view.parts["cells"]
    shown.again.click()
    assert shown.whose.value == YOU and not shown.go.disabled and shown.game.losses == LOSSES.flip(0).tolist()
    for setting in (0, 1, 2):
        shown.try_setting(setting)
    assert "mean of 2 maps" in shown.message
    shown.new_map()
    assert shown.number == 0 and not shown.game.tried


def test_a_map_that_was_given_up_is_shown_and_not_counted():
    shown = explorer()
    shown.end.click()
    assert shown.game.over and not shown.tally[YOU] and "loss of 0.400: rate 3, decay high" in shown.message
    assert shown.view.parts["cells"].count(picture.HIDDEN) == 0


def test_the_picture_for_readers_without_a_kernel_hides_what_is_hidden():
    shown = explorer()
    shown.try_setting(0)
    png, alt = shown.snapshot()
    blue = [int(picture.color_of(0.4)[i : i + 2], 16) for i in (1, 3, 5)]
    before = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))[:, :740]  # [height, width, 3], no colour bar
    assert Image.open(io.BytesIO(png)).size[0] > 800 and "0.4" not in alt and not (before == blue).all(-1).any()
    shown.give_up()
    after = np.asarray(Image.open(io.BytesIO(shown.snapshot()[0])).convert("RGB"))[:, :740]
    assert (after == blue).all(-1).any()


def test_before_any_trial_the_picture_is_another_map_played_to_its_end(monkeypatch):
    drawn, shown = [], explorer()
    shown.maps[1] -= 0.1  # the easier one
    real = picture.draw_map
    monkeypatch.setattr(picture, "draw_map", lambda *given: drawn.append(given) or real(*given))
    png, alt = shown.snapshot()
    _, game, player, _ = drawn[0]
    assert game.losses == (LOSSES - 0.1).flip(0).tolist() and game.over and game.shown(player) == [5, 4, 3]
    assert "the trials of from the end" in alt and not shown.game.over and shown.game.losses == LOSSES.tolist()
    assert Image.open(io.BytesIO(png)).size[0] > 800


def test_maps_must_lie_on_the_grid():
    with pytest.raises(ValueError, match=r"maps must be \[maps, 6\], not \[2, 5\]"):
        HiddenMapExplorer(torch.zeros(2, 5), {}, None, explorer().grid)
