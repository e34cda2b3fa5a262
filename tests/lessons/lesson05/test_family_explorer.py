"""The family explorer without a browser: what it shows is what the toy and the prices say."""

import numpy as np
import pytest
import torch

from course_lib.lessons.lesson05 import FamilyExplorer
from course_lib.lessons.lesson05.family_explorer import draw_toy
from course_lib.lessons.lesson05.family_picture import COLOR, HIGH, LOW, MULTIPLES, START, ring
from course_lib.lessons.lesson05.price import measure_prices
from course_lib.lessons.lesson05.toy import VARIANTS, three_bowls
from course_lib.models import MLP
from course_lib.tasks import Sinusoids


@pytest.fixture(scope="module")
def prices():
    return measure_prices(MLP((1, 4, 1)), Sinusoids().sample(1, torch.Generator().manual_seed(0)), (1, 2, 10), turns=1)


@pytest.fixture
def explorer(prices):
    return FamilyExplorer(("MAML", "first order"), prices)


@pytest.mark.parametrize("act", [
    lambda e: setattr(e.steps, "value", 9), lambda e: setattr(e.lr, "value", 0.2),
    lambda e: setattr(e.difference, "value", 2),
])  # fmt: skip
def test_each_slider_changes_map_paths_and_words_alike(explorer, act):
    words, before = explorer.message, explorer.view.parts
    act(explorer)
    bowls, now = three_bowls(explorer.difference.value, explorer.lr.value, explorer.steps.value), explorer.view.parts
    assert explorer.message != words and now["toy"] != before["toy"] and now["said"] != before["said"]
    panel = explorer.panels["toy"]
    assert now["toy"] == draw_toy(panel, bowls, ["MAML", "first order"])
    assert panel.line(*bowls.path("MAML", START).T.numpy(), COLOR["MAML"], 2.5) in now["toy"]
    x, y = panel.place(*bowls.settles("MAML")[:, None].numpy())[0]
    assert f"translate({x:.1f},{y:.1f})" in now["toy"]
    best = bowls.objective("MAML", bowls.settles("MAML"))
    for name in explorer.chosen:
        x, y = bowls.settles(name).tolist()
        times = (bowls.objective("MAML", bowls.settles(name)) / best).item()
        assert f"{name} at ({x:.2f}, {y:.2f}), {times:.3g}" in explorer.message
    for name in ("time", "memory"):
        (at, top), (_, bottom) = explorer.panels[name].place(
            [explorer.steps.value] * 2, explorer.panels[name].high[1] * np.array([1, 0])
        )
        assert {f"{at:.1f},{top:.1f}", f"{at:.1f},{bottom:.1f}"} <= set(now[name].split('"')[1][1:].split("L"))


def test_boxes_choose_what_is_shown_in_all_panels(explorer):
    explorer.boxes["ANIL"].value, explorer.boxes["MAML"].value = True, False
    assert explorer.chosen == ["first order", "ANIL"] and "MAML at" not in explorer.message
    for part in ("toy", "time", "memory"):
        drawn = {name for name, color in COLOR.items() if f'stroke="{color}"' in explorer.view.parts[part]}
        assert drawn == {"first order", "ANIL"}
    for box in explorer.boxes.values():
        box.value = False
    assert "nothing is chosen" in explorer.message


def test_the_charts_hold_what_was_measured(explorer, prices):
    for part, table, unit in (("time", prices.seconds, 1e3), ("memory", prices.bytes, 1e-6)):
        panel, row = explorer.panels[part], [unit * value for value in table["MAML"]]
        assert panel.line(prices.steps, row, COLOR["MAML"], 2.5, spots=3) in explorer.view.parts[part]
        assert panel.high[1] > max(map(max, table.values())) * unit


def test_the_rings_are_where_the_objective_is_a_multiple_of_its_lowest_value():
    bowls = three_bowls(8, 0.2, 4)
    best = bowls.objective("MAML", bowls.settles("MAML"))
    for multiple in MULTIPLES:
        values = bowls.objective("MAML", ring(bowls, multiple))
        assert torch.allclose(values, multiple * best, atol=1e-12)


def test_the_ends_and_the_paths_stay_on_the_map():
    for difference in (1, 2, 4, 8, 16):
        for lr in (0.02, 0.1, 0.2):
            for steps in (1, 3, 10):
                bowls = three_bowls(difference, lr, steps)
                for name in VARIANTS:
                    places = torch.cat([bowls.path(name, START), bowls.settles(name)[None]])
                    assert (places >= LOW).all() and (places <= HIGH).all(), (name, difference, lr, steps)


def test_without_a_front_end_there_is_a_picture_with_its_words(explorer):
    png, alt = explorer.snapshot()
    assert png[:4] == b"\x89PNG"
    assert explorer.message in alt


def test_it_measures_prices_by_itself_and_refuses_an_unknown_variant():
    assert list(FamilyExplorer(("joint",)).prices.steps) == [1, 2, 5, 10]
    with pytest.raises(ValueError, match="no variant 'FOMAML'; there are: joint, MAML"):
        FamilyExplorer(("FOMAML",))
