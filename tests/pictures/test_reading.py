"""Pictures of all the kinds that people have, made here and shipped with matplotlib: each becomes what it shows."""

import io
import warnings

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib import cbook
from PIL import Image

from course_lib.pictures.finding import find
from course_lib.pictures.reading import on_white, read

DARK, BRIGHT = 50, 200


def halves(mode="L", size=(64, 64)):
    """Dark on the left, bright on the right."""
    values = np.full(size[::-1], DARK, np.uint8)
    values[:, size[0] // 2 :] = BRIGHT
    return Image.fromarray(values).convert(mode)


def sixteen(kind):
    return Image.fromarray((np.asarray(halves()).astype(kind) * 257).astype(kind))


def grey_with_a_transparent_shade(path):
    """A PNG in which one shade of grey, that of the dark half, is declared transparent."""
    halves().save(path, transparency=DARK)


def with_alpha(mode):
    picture = halves("RGBA")
    picture.putalpha(halves().point(lambda v: 255 if v == BRIGHT else 0))
    return picture.convert(mode)


KINDS = {  # what is saved, as what, and how bright its dark half then is
    "1 bit": (lambda: halves().point(lambda v: 255 * (v == BRIGHT)).convert("1"), "png", 0),
    "grey": (lambda: halves("L"), "png", DARK),
    "palette": (lambda: halves("RGB").quantize(4), "png", DARK),
    "gif": (lambda: halves("L"), "gif", DARK),
    "colour": (lambda: halves("RGB"), "png", DARK),
    "bmp": (lambda: halves("RGB"), "bmp", DARK),
    "webp": (lambda: halves("RGB"), "webp", DARK),
    "jpeg": (lambda: halves("RGB"), "jpg", DARK),
    "grey jpeg": (lambda: halves("L"), "jpeg", DARK),
    "print colours": (lambda: halves("CMYK"), "tif", DARK),
    "print colours, jpeg": (lambda: halves("CMYK"), "JPG", DARK),
    "grey and alpha": (lambda: with_alpha("LA"), "png", 255),
    "colour and alpha": (lambda: with_alpha("RGBA"), "png", 255),
    "palette and alpha": (lambda: with_alpha("RGBA").quantize(8), "png", 255),
    "16 bit": (lambda: sixteen("<u2"), "png", DARK),
    "16 bit, tiff": (lambda: sixteen("<u2"), "tiff", DARK),
    "16 bit, big end first": (lambda: sixteen(">u2"), "tiff", DARK),
    "16 bit, pgm": (lambda: sixteen("<u2"), "pgm", DARK),
    "32 bit": (lambda: sixteen("<i4"), "tiff", DARK),
    "floats": (lambda: Image.fromarray(np.asarray(halves(), np.float32) / 255), "tiff", DARK),
}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_any_kind_shows_what_it_shows(kind, channels, tmp_path):
    make, suffix, dark = KINDS[kind]
    file = tmp_path / f"a.{suffix}"
    make().save(file, **({"quality": 95} if suffix == "webp" else {}))
    found = read(file, 8, channels)
    assert found.shape == (channels, 8, 8) and found.dtype == torch.uint8
    bright = 255 if kind == "1 bit" else BRIGHT
    assert (found[..., :3].float() - dark).abs().max() <= 5 and (found[..., 5:].float() - bright).abs().max() <= 5


def test_a_shade_that_is_declared_transparent_is_white_paper(tmp_path):
    grey_with_a_transparent_shade(tmp_path / "a.png")
    assert read(tmp_path / "a.png", 8, 1)[0, 0].tolist() == [255] * 4 + [BRIGHT] * 4


def test_colours_stay_in_their_order(tmp_path):
    Image.new("RGB", (9, 9), (10, 100, 250)).save(tmp_path / "a.png")
    assert read(tmp_path / "a.png", 3, 3)[:, 1, 1].tolist() == [10, 100, 250]
    assert read(tmp_path / "a.png", 3, 1)[0, 1, 1].item() == round(0.299 * 10 + 0.587 * 100 + 0.114 * 250)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_is_turned_as_the_camera_was(turn, tmp_path):
    upright = Image.fromarray(np.arange(24, dtype=np.uint8).reshape(4, 6) * 10)
    undo = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_90",
            7: "TRANSVERSE", 8: "ROTATE_270"}  # fmt: skip
    stored = upright.transpose(Image.Transpose[undo[turn]]) if turn in undo else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    stored.save(tmp_path / "a.png", exif=exif)
    assert read(tmp_path / "a.png", 4, 1)[0].tolist() == np.asarray(upright)[:, 1:5].tolist()


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (2, 300), (5000, 7), (105, 105), (29, 28)])
def test_tiny_and_long_pictures(size, tmp_path):
    halves("L", size).save(tmp_path / "a.png")
    found = read(tmp_path / "a.png", 28, 1)
    assert found.shape == (1, 28, 28) and {DARK, BRIGHT} >= {int(found.min()), int(found.max())}


@pytest.mark.parametrize("kind", ["L", "RGB", "I;16"])
def test_a_picture_may_be_higher_than_wide_or_wider(kind, tmp_path):
    """The largest middle part of that form: of 30 x 60 pixels, all of them for 10 x 20, and 30 x 15 for 20 x 10."""
    grey = np.arange(60)[None].repeat(30, 0)  # brighter to the right
    if kind == "I;16":
        Image.fromarray((grey * 257).astype(np.uint16)).save(tmp_path / "a.png")
    else:
        Image.fromarray(grey.astype(np.uint8)).convert(kind).save(tmp_path / "a.png")
    wide, high, square = (read(tmp_path / "a.png", size, 1)[0] for size in ((10, 20), (20, 10), (10, 10)))
    assert wide.shape == (10, 20) and high.shape == (20, 10) and torch.equal(square, read(tmp_path / "a.png", 10, 1)[0])
    assert wide[0, [0, -1]].tolist() == [1, 58]
    assert 22 <= high[0, 0] <= 23 and 35 <= high[0, -1] <= 36 and square[0, [0, -1]].tolist() == [16, 43]


def test_what_is_finer_than_a_pixel_becomes_grey(tmp_path):
    board = (np.indices((500, 500)).sum(0) % 2 * 255).astype(np.uint8)
    Image.fromarray(board).save(tmp_path / "a.png")
    assert (read(tmp_path / "a.png", 25, 1).float() - 127.5).abs().max() <= 1  # no pattern that was not there


def test_a_huge_photo_is_the_same_as_a_small_one(tmp_path):
    smooth = np.linspace(0, 255, 3000)[:, None].repeat(4000, 1).astype(np.uint8)
    Image.fromarray(smooth).save(tmp_path / "huge.jpg", quality=90)
    Image.fromarray(smooth[2::5, 2::5]).save(tmp_path / "small.png")
    huge, small = (read(tmp_path / name, 28, 3).float() for name in ("huge.jpg", "small.png"))
    assert (huge - small).abs().max() <= 3


REAL = ("grace_hopper.jpg", "Minduka_Present_Blue_Pack.png", "logo2.png")


@pytest.mark.parametrize("size", [8, 84])
@pytest.mark.parametrize("name", REAL)
def test_real_pictures_have_the_colours_that_pillow_sees(name, size):
    file = cbook.get_sample_data(name, asfileobj=False)
    picture = Image.open(file).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    side = min(picture.size)
    left, top = ((length - side) // 2 for length in picture.size)
    pillow = picture.resize((size, size), Image.Resampling.BOX, (left, top, left + side, top + side))
    apart = read(file, size, 3).movedim(0, -1).float() - torch.from_numpy(np.array(pillow)).float()
    assert apart.abs().mean() < 4  # at edges, a pixel counts to one of ours or to two


def test_line_drawings_are_told_from_photos():
    paper = torch.full((3, 1, 28, 28), 255, dtype=torch.uint8)
    paper[:, :, 5:15, 5:15] = 0
    photo = read(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False), 28, 1)
    assert not on_white(photo[None])
    assert on_white(paper) and not on_white(255 - paper) and not on_white(paper.expand(-1, 3, -1, -1))


def broken_sentence(file):
    with pytest.raises(ValueError, match="cannot be read as a picture") as caught:
        read(file, 8, 1)
    assert str(file) in str(caught.value) and str(caught.value).endswith("mend it or take it away.")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0"])
def test_a_broken_file_is_named(content, tmp_path):
    file = tmp_path / "broken one.png"
    file.write_bytes(content)
    broken_sentence(file)


def test_numbers_that_are_no_picture_are_named(tmp_path):
    for i, values in enumerate((np.full((4, 4), 7.5), np.full((4, 4), np.nan), np.full((4, 4), -1.0))):
        Image.fromarray(values.astype(np.float32)).save(tmp_path / f"{i}.tiff")
        broken_sentence(tmp_path / f"{i}.tiff")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["png", "jpeg", "gif", "tiff", "bmp"]), st.data())
def test_damage_is_read_or_named_and_never_anything_else(tmp_path, kind, data):
    stream = io.BytesIO()
    halves("RGB", (20, 16)).save(stream, kind)
    content = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path / f"a.{kind}"
    file.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about what it reads
        try:
            assert read(file, 8, 3).shape == (3, 8, 8)
        except ValueError as error:
            assert str(file) in str(error)


def test_a_missing_file_is_named(tmp_path):
    broken_sentence(tmp_path / "nowhere.png")


def test_what_is_found_is_sorted_and_hidden_files_are_not(tmp_path):
    for name in ("b/2.png", "b/10.png", "Zoë's cat/ß ü.jpg", "b/.hidden.png", ".git/x.png", "b/notes.txt", "猫/1.PNG",
                 "birds/crow/1.png"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [f"{label}: {file.name}" for label, file in find(tmp_path)]
    assert found == ["Zoë's cat: ß ü.jpg", "b: 10.png", "b: 2.png", "birds/crow: 1.png", "猫: 1.PNG"]
