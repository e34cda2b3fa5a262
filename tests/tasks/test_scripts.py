"""The built-in characters: the list, the lines, the hands."""

import hashlib
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib import get_data_path

from course_lib.tasks import Scripts
from course_lib.tasks.scripts import glyphs
from course_lib.tasks.scripts.warp import WAVES, _waves, wave_sizes
from tools.choose_characters import SPLITS, choose


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_list_of_characters_is_the_one_that_weights_were_trained_on():
    text = "".join(f"{script} {split} {found}\n" for script, (split, found) in glyphs.characters().items())
    assert sha256(text.encode()) == "57eadf45e73d7d51f57f43885356aff5e995869afe65698fed6f1f1b08d681e2"


def test_the_typeface_is_the_one_that_the_list_was_made_from():
    faces = b"".join(Path(get_data_path(), "fonts", "ttf", f"{name}.ttf").read_bytes() for name in glyphs.FACES)
    assert sha256(faces) == "d607f2307eaec5f104be13925a51698a4404e97350a1ffa3c6770f676edfc1dc", \
        "matplotlib carries another DejaVu: run tools/choose_characters.py and train the weights again"


@pytest.mark.slow
def test_the_list_follows_from_its_rule():
    assert choose() == {script: found for script, (_, found) in glyphs.characters().items()}


def test_no_script_and_no_character_is_in_two_splits():
    everything = Counter("".join(found for _, found in glyphs.characters().values()))
    assert max(everything.values()) == 1 and len(everything) > 2_500
    parts = [Scripts(split=split) for split in SPLITS]
    for a, part in enumerate(parts):
        for other in parts[a + 1 :]:
            assert not set(part.names) & set(other.names) and not set(part.scripts) & set(other.scripts)
    assert sum(len(part.names) for part in parts) == len(Scripts(split="all").names) == len(everything)
    assert len(Scripts(split="all").scripts) == 18


def test_scripts_can_be_chosen():
    tasks = Scripts(scripts=("Hebrew", "Lao"))
    assert "".join(tasks.names) == glyphs.characters()["Hebrew"][1] + glyphs.characters()["Lao"][1]
    assert torch.equal(tasks.images[:3], Scripts(scripts=["Hebrew", "Hebrew"]).images[:3])


def test_an_episode():
    tasks = Scripts(way=4, shot=2, query=3)
    episode = tasks.sample(5, torch.Generator().manual_seed(0))
    assert episode.support_x.shape == (5, 8, 1, 28, 28) and episode.query_x.shape == (5, 12, 1, 28, 28)
    assert episode.support_x.min() >= 0 and episode.support_x.max() <= 1
    assert (episode.support_x.amax((2, 3, 4)) > 0.5).all()  # there is ink in every image
    again = tasks.sample(5, torch.Generator().manual_seed(0))
    assert torch.equal(episode.support_x, again.support_x) and torch.equal(episode.query_x, again.query_x)


def test_every_image_is_written_afresh_and_like_others_of_its_class():
    images = Scripts(way=30, shot=1, query=9).sample(1, torch.Generator().manual_seed(1)).query_x.view(30, 9, -1)
    distance = torch.cdist(images.flatten(0, 1), images.flatten(0, 1)) + 1e9 * torch.eye(270)
    assert distance.min() > 0.5  # no image twice
    same_class = torch.arange(270) // 9
    assert (same_class[distance.argmin(1)] == same_class).float().mean() > 0.4  # though chance is 3 %


def written(**knobs):
    generator = torch.Generator().manual_seed(3)
    return Scripts(way=20, shot=1, query=5, **knobs).sample(2, generator).query_x.squeeze(2)  # [2, 100, 28, 28]


def test_a_wider_pen_leaves_more_ink():
    ink = [written(pen=pen).mean() for pen in (0.5, 1.0, 2.0)]
    assert 1.5 < ink[1] / ink[0] < 2.5 and 1.5 < ink[2] / ink[1] < 2.5


def test_the_widest_pen_leaves_the_paper_white():
    images = written(pen=5.0)
    assert (images.amin((-1, -2)) == 0).all()  # a grey or black background would be the darkness of the lightest pixel
    assert (written(pen=5.0).mean() > 1.3 * written(pen=2.0).mean()).item()


def test_slant_leans():
    def lean(images):  # slope of x over y, ink as weight
        weight = images / images.sum((-1, -2), keepdim=True)
        place = torch.arange(28.0)
        y = place[:, None] - (weight * place[:, None]).sum((-1, -2), keepdim=True)
        x = place - (weight * place).sum((-1, -2), keepdim=True)
        return (weight * x * y).sum((-1, -2)) / (weight * y * y).sum((-1, -2))

    upright, slanted = lean(written(slant=0.0, wobble=0.0)), lean(written(slant=0.5, wobble=0.0))
    assert 0.3 < (slanted - upright).std() < 0.7


def test_wobble_bends_by_that_many_pixels():
    torch.manual_seed(0)
    waves = torch.randn(4000, WAVES, WAVES) * wave_sizes()
    bend = _waves(28, "cpu").T @ waves @ _waves(28, "cpu")
    assert abs(bend.square().mean().sqrt() - 1) < 0.03
    assert torch.allclose(_waves(28, "cpu") @ _waves(28, "cpu").T / 28, torch.eye(WAVES), atol=1e-5)


def test_rotations_are_quarter_turns_of_whole_classes():
    tasks = Scripts(way=8, shot=1, query=3, slant=0.0, rotations=True)
    turn = tasks._hands(20, 8, 4, torch.Generator().manual_seed(0), "cpu")[0]  # [20, 8, 4, 2, 2]
    quarter = (torch.atan2(turn[..., 0, 1], turn[..., 0, 0]) / (math.pi / 2)).round() % 4  # [20, 8, 4]
    assert (quarter == quarter[..., :1]).all()
    assert all(20 < n < 60 for n in Counter(quarter[..., 0].flatten().tolist()).values())


def test_nothing_waits_for_the_device():
    episode = Scripts(device="meta").sample(2, torch.Generator().manual_seed(0))
    assert episode.query_x.shape == (2, 75, 1, 28, 28) and episode.query_x.device.type == "meta"


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"split": "tests"}, "split must be"),
    ({"scripts": ("Elvish",)}, "scripts must be some of Latin"),
    ({"scripts": "Lao"}, "scripts must be some of"),
    ({"scripts": ()}, "scripts must be some of"),
    ({"slant": -1}, "slant must be 0 to 1"),
    ({"wobble": math.nan}, "wobble must be"),
    ({"pen": 0.0}, "pen must be 0.3 to 5"),
    ({"way": 300, "split": "test"}, "needs 300 classes"),
    ({"shot": 0}, "shot must be"),
])  # fmt: skip
def test_bad_arguments_get_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Scripts(**arguments)


def parts(image) -> int:
    """How many connected parts, neighbours counted in all eight directions: by flood fill."""
    todo, count = set(zip(*np.nonzero(image), strict=True)), 0
    while todo:
        count, edge = count + 1, [todo.pop()]
        while edge:
            y, x = edge.pop()
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & todo
            todo -= near
            edge += near
    return count


@given(arrays(bool, (9, 11)))
def test_thinning_keeps_every_part_and_adds_nothing(ink):
    line = glyphs.thin(ink[None])[0]
    assert not (line.astype(bool) & ~ink).any() and parts(line) == parts(ink)
    assert np.array_equal(glyphs.thin(line[None].astype(bool))[0], line)


def test_a_bar_becomes_a_line():
    ink = np.zeros((1, 12, 30), bool)
    ink[0, 3:8, 4:26] = True
    line = glyphs.thin(ink)[0]
    assert line.sum(0).max() == 1 and line[5].sum() >= 16 and line[5].sum() == line.sum()


@given(arrays(bool, (1, 9, 14)))
def test_distance_equals_the_definition(lines):
    y, x = np.mgrid[:9, :14]
    expected = np.full((9, 14), glyphs.REACH)
    for py, px in zip(*np.nonzero(lines[0]), strict=True):
        expected = np.minimum(expected, np.hypot(y - py, x - px))
    assert np.allclose(glyphs.distance_to(lines)[0], expected, atol=1e-6)


@given(st.integers(2, 40), st.integers(2, 40))
def test_glyphs_are_centred_with_their_longer_side_given(height, width):
    (frame,) = glyphs.centred([np.full((height, width), 255, np.uint8)])
    inked = (frame > 0.5).nonzero()
    extent = (inked.max(0).values - inked.min(0).values + 1).tolist()
    assert max(extent) == glyphs.LONGEST and abs(inked.float().mean(0) - (glyphs.SIZE - 1) / 2).max() < 0.51
    assert abs(min(extent) - glyphs.LONGEST * min(height, width) / max(height, width)) <= 2
