"""Downloads that go wrong: never a half-used archive, one sentence, and the next try works.

tests/tasks/test_download.py has more of them: cut connections, wrong bytes, no network, a mirror, a folder.
"""

import builtins
import io
import sys
import threading
import zipfile

import numpy as np
import pytest
import requests
from PIL import Image

from course_lib.tasks import omniglot
from tests.tasks.test_download import DATA, K, Server, cache, fetch, server  # noqa: F401 (fixtures)


class Moody(Server):
    """A server that fails as it is told to: a status, or pieces with pauses between."""

    def do_GET(self):
        if self.server.moods:
            return self.send_error(self.server.moods.pop(0))
        if not self.server.pause:
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        for start in range(0, len(DATA), K):
            self.wfile.write(DATA[start : start + K])
            threading.Event().wait(self.server.pause)  # time.sleep does not wait in these tests


@pytest.fixture
def moody(server):  # noqa: F811
    server.RequestHandlerClass, server.moods, server.pause = Moody, [], 0
    server.handle_error = lambda *_: None  # a learner's side that hangs up is no news
    server.files["/data.zip"] = [DATA]
    return server


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_server_that_refuses_gives_a_sentence_and_leaves_nothing(moody, cache, status):  # noqa: F811
    moody.moods = [status] * 3
    with pytest.raises(ConnectionError, match=f"data.zip could not be downloaded.*{status}.*COURSE_DATA") as caught:
        fetch(moody)
    assert "\n" not in str(caught.value)
    assert not cache.exists() or list(cache.iterdir()) == []
    assert fetch(moody).read_bytes() == DATA  # the server has recovered


def test_a_server_that_fails_once_or_twice_is_asked_again(moody):
    moody.moods = [500, 503]
    assert fetch(moody).read_bytes() == DATA


def test_a_slow_server_is_waited_for(moody):
    moody.pause = 0.05
    assert fetch(moody).read_bytes() == DATA


def test_a_server_that_falls_silent_is_not_waited_for_without_end(moody, cache, monkeypatch):  # noqa: F811
    moody.pause, get, seen = 3, requests.get, []

    def impatient(*args, timeout, **options):
        seen.append(timeout)
        return get(*args, timeout=0.3, **options)

    monkeypatch.setattr(requests, "get", impatient)
    with pytest.raises(ConnectionError, match="could not be downloaded"):
        fetch(moody)
    assert seen and all(0 < timeout <= 60 for timeout in seen)  # what the library itself asks for
    assert [p.name for p in cache.iterdir()] in ([], ["data.zip.partial"])


def test_a_disk_that_fills_up_while_writing_gives_a_sentence(moody, cache, monkeypatch):  # noqa: F811
    """The space ends in the middle of the file: pieces are written through a file object that refuses the third."""
    real = builtins.open

    def nearly_full(path, *args, **options):
        file = real(path, *args, **options)
        if str(path).endswith(".partial"):
            write, left = file.write, [2]

            def count(piece):
                if not left[0]:
                    raise OSError(28, "No space left on device")
                left[0] -= 1
                return write(piece)

            file = Full(file, count)
        return file

    with monkeypatch.context() as full:
        full.setattr(builtins, "open", nearly_full)
        with pytest.raises(OSError, match="data.zip could not be stored in .*No space left.*make room"):
            fetch(moody)
    assert [p.name for p in cache.iterdir()] == ["data.zip.partial"]  # never under the archive's own name
    assert fetch(moody).read_bytes() == DATA  # goes on where the space ended


class Full:
    """A file whose `write` is another function."""

    def __init__(self, file, write):
        self.file, self.write = file, write

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full is Linux's")
def test_a_truly_full_device_gives_a_sentence(moody, cache):  # noqa: F811
    cache.mkdir(parents=True)
    (cache / "data.zip.partial").symlink_to("/dev/full")
    with pytest.raises(OSError, match="could not be stored in .*make room"):
        fetch(moody)
    assert not (cache / "data.zip").exists()


@pytest.mark.parametrize("damage", ["truncated", "a flipped bit", "a web page", "empty"])
def test_a_damaged_archive_is_never_used(damage, tmp_path, monkeypatch):
    """From a mirror no hash of the file is known, so the pictures themselves are judged: none of a damaged archive."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for i in range(40):
            picture = io.BytesIO()
            Image.fromarray(np.random.default_rng(i).integers(0, 2, (105, 105)).astype(bool)).save(picture, "png")
            archive.writestr(f"images/A/c/{i}.png", picture.getvalue())
    data = bytearray(whole.getvalue())
    data[len(data) // 2] ^= 1
    spoilt = {"truncated": data[: len(data) // 2], "a flipped bit": data, "a web page": b"<html>", "empty": b""}
    (tmp_path / "omniglot").mkdir()
    (tmp_path / "omniglot" / "images_background.zip").write_bytes(bytes(spoilt[damage]))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(ValueError, match="images_background.zip is damaged or is not the Omniglot archive"):
        omniglot._read("images_background.zip")


