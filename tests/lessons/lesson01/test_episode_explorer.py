"""The episode explorer: what it draws and says, without a browser."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from course_lib import Episode
from course_lib.lessons.lesson01 import EpisodeExplorer
from course_lib.lessons.lesson01.sheet import BETWEEN, GAP, TITLE, describe, draw_sheet
from course_lib.plots import COLORS
from course_lib.tasks import ImageTasks, Scripts
from course_lib.tasks.scripts.glyphs import characters
from course_lib.widgets.pixels import HEAD, SIDE, png


def episode(way=3, shot=1, query=2, size=8):
    """Support images are full of ink, query images half."""
    labels = torch.arange(way).repeat_interleave(shot)[None], torch.arange(way).repeat_interleave(query)[None]
    full = torch.ones(1, way * shot, 1, size, size)
    return Episode(full, labels[0], torch.full((1, way * query, 1, size, size), 0.5), labels[1])


def test_a_support_image_has_the_colour_of_its_class_and_a_query_is_grey():
    pixels = np.asarray(draw_sheet(episode()))
    step = 2 * (8 + GAP)  # images are doubled
    for label in range(3):
        middle = HEAD + label * step + 8
        assert tuple(pixels[middle, SIDE + 8]) == ImageColor.getrgb(COLORS[label])
        assert set(pixels[middle, SIDE + max(step, TITLE) + BETWEEN + 8]) == {127}


def test_rows_of_the_same_colour_differ_in_their_paper():
    way = 2 * len(COLORS) + 1
    blank = episode(way)
    blank = Episode(torch.zeros_like(blank.support_x), blank.support_y, blank.query_x, blank.query_y)
    pixels = np.asarray(draw_sheet(blank))
    papers = [pixels[HEAD + row * 2 * (8 + GAP) + 8, SIDE + 8] for row in range(way)]
    assert [tuple(papers[row]) for row in (0, 6, 7, 13, 14)] == [(255,) * 3] * 2 + [(231,) * 3] * 2 + [(207,) * 3]


@pytest.mark.parametrize("dial", ["slant", "wobble", "pen"])
def test_the_ends_of_the_dials_show_ink_on_white_paper(dial):
    explorer = EpisodeExplorer(way=20, shot=1, query=5)
    for end in (explorer.dials[dial].min, explorer.dials[dial].max):
        explorer.dials[dial].value = end
        images = torch.cat([explorer.episode.support_x, explorer.episode.query_x], 1)
        assert (images.amin((2, 3, 4)) == 0).all() and (images.amax((2, 3, 4)) > 0.2).all()


def test_images_stand_in_the_row_of_their_label_whatever_their_order():
    plain = Scripts(4, 2, 3, split="test").sample(1, torch.Generator().manual_seed(0))
    order = torch.tensor([5, 2, 0, 7, 1, 3, 6, 4])
    shuffled = Episode(plain.support_x[:, order], plain.support_y[:, order], plain.query_x, plain.query_y)
    rows = plain.support_x.clone().view(1, 4, 2, 1, 28, 28)
    # The order within a class may change, so each class is compared as a sum of its images.
    again = shuffled.support_x[:, shuffled.support_y[0].argsort(stable=True)].view(1, 4, 2, 1, 28, 28)
    assert torch.allclose(rows.sum(2), again.sum(2))
    ink = [255 - np.asarray(draw_sheet(e)).astype(int)[HEAD:, SIDE:] for e in (plain, shuffled)]
    height = len(ink[0]) // 4
    for label in range(4):
        a, b = (part[label * height : (label + 1) * height].sum() for part in ink)
        assert a == b


@given(st.integers(1, 20), st.integers(1, 10), st.integers(1, 15))
def test_a_sheet_of_any_task_fits_and_shows_every_image(way, shot, query):
    sheet = draw_sheet(episode(way, shot, query, size=28))
    assert sheet.size[0] <= 900 + SIDE + BETWEEN + TITLE and sheet.size[1] <= HEAD + 20 * (28 + GAP)
    assert Image.open(io.BytesIO(png(sheet))).size == sheet.size


def test_the_description_counts_images_and_names_classes():
    said = describe(episode(2, 1, 3), ["alef", "bet"])
    assert said == "A 2-way 1-shot task: support set of 2 images, query set of 6. Labels: 0 = alef, 1 = bet."


@pytest.fixture
def explorer():
    return EpisodeExplorer(way=4, shot=2, query=3, source="test", seed=1)


def test_it_shows_the_episode_that_the_library_draws(explorer):
    tasks = Scripts(4, 2, 3, split="test")
    expected = tasks.sample(1, torch.Generator().manual_seed(1))
    assert torch.allclose(explorer.episode.support_x, expected.support_x)
    classes = tasks.pick_classes(1, torch.Generator().manual_seed(1))[0]
    assert all(f"{label} = {tasks.names[i]}" in explorer.message for label, i in enumerate(classes))


CHANGES = {"way": 7, "shot": 3, "query": 9, "source": "Hebrew", "slant": 0.45, "wobble": 0.0, "pen": 3.0,
           "rotations": True}  # fmt: skip


@pytest.mark.parametrize("dial", CHANGES)
def test_every_dial_redraws(explorer, dial):
    before = bytes(explorer.image.value)
    explorer.dials[dial].value = CHANGES[dial]
    assert bytes(explorer.image.value) != before
    assert explorer.episode.way == explorer.dials["way"].value
    assert explorer.episode.query_x.shape[1] == explorer.dials["way"].value * explorer.dials["query"].value


def test_the_button_draws_another_episode_of_the_same_kind(explorer):
    before = explorer.episode
    explorer.button.click()
    assert explorer.seed == 2 and explorer.episode.support_x.shape == before.support_x.shape
    assert not torch.equal(explorer.episode.support_x, before.support_x)


def test_an_impossible_task_is_answered_with_the_librarys_sentence(explorer):
    explorer.dials["source"].value = "Lisu"
    assert explorer.episode is None and explorer.image.layout.display == "none"
    assert "a 4-way task needs 4 classes, but there are 3; use a smaller way." in explorer.text.value
    explorer.dials["way"].value = 3
    assert explorer.episode is not None and explorer.image.layout.display is None
    assert "No such task" not in explorer.text.value


@pytest.mark.slow
def test_every_script_can_be_chosen(explorer):
    explorer.dials["way"].value = 3
    for script in characters():
        explorer.dials["source"].value = script
        assert explorer.episode is not None, script


def test_what_it_says_is_safe_html(explorer):
    explorer.dials["source"].value = "Mathematics"
    for _ in range(30):
        explorer.button.click()
        assert explorer.text.value.count("<") == 2 and 'role="status"' in explorer.text.value


def test_another_data_set_has_the_dials_that_it_names():
    images = torch.randint(256, (6, 9, 28, 28), dtype=torch.uint8)
    explorer = EpisodeExplorer(lambda way, shot, query: ImageTasks(images, way, shot, query), query=3)
    assert list(explorer.dials) == ["way", "shot", "query"] and "0 = " in explorer.message
    explorer.dials["query"].value = 15
    assert "shot + query = 16 images of a class are needed" in explorer.message


def test_an_unknown_dial_is_refused():
    with pytest.raises(ValueError, match="has no dial 'speed'; it has way, shot"):
        EpisodeExplorer(speed=3)


def test_without_a_front_end_there_is_a_picture_with_words(explorer):
    assert explorer.snapshot() == (bytes(explorer.image.value), explorer.message)
    assert bytes(explorer.image.value)[:4] == b"\x89PNG"


def test_the_threads_are_as_before(explorer):
    before = torch.get_num_threads()
    explorer.redraw()
    assert torch.get_num_threads() == before
