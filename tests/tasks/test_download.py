"""Fetching data: from a folder, from a mirror; broken connections, wrong bytes, no network, a full disk."""

import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from course_lib.tasks import download

DATA = os.urandom(300_000)
K = 1 << 16  # bytes: what arrives is written down in pieces of this size
MD5 = hashlib.md5(DATA).hexdigest()


class Server(BaseHTTPRequestHandler):
    """A web server that knows ranges, counts requests, and breaks off where it is told to."""

    def do_GET(self):
        wanted = self.server.files.get(self.path)
        if wanted is None:
            return self.send_error(404)
        data = wanted.pop(0) if len(wanted) > 1 else wanted[0]
        start = int(self.headers.get("Range", "bytes=0-")[6:-1]) if self.server.knows_ranges else 0
        self.server.starts.append(start)
        if start >= len(data):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start : self.server.breaks.pop(0) if self.server.breaks else None])

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.files, server.starts, server.breaks, server.knows_ranges = {}, [], [], True
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "cache_dir", lambda: tmp_path / "cache")
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # pooch waits between its tries
    monkeypatch.delenv("COURSE_DATA", raising=False)
    return tmp_path / "cache" / "folder"


def fetch(server, md5=MD5):
    return download.fetch("folder", "data.zip", server.address, md5)


def test_it_downloads_once(server, cache):
    server.files["/data.zip"] = [DATA]
    assert fetch(server).read_bytes() == DATA and fetch(server) == cache / "data.zip"
    assert server.starts == [0] and [p.name for p in cache.iterdir()] == ["data.zip"]


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_a_broken_connection_goes_on_where_it_stopped(server, cache, knows_ranges):
    server.files["/data.zip"], server.breaks, server.knows_ranges = [DATA], [K, 3 * K], knows_ranges
    assert fetch(server).read_bytes() == DATA
    assert server.starts == ([0, K, 3 * K] if knows_ranges else [0, 0, 0])


def test_a_download_that_never_ended_is_kept_apart_and_goes_on_next_time(server, cache):
    server.files["/data.zip"], server.breaks = [DATA], [K, 2 * K, 3 * K]
    with pytest.raises(ConnectionError, match="could not be downloaded"):
        fetch(server)
    assert [p.name for p in cache.iterdir()] == ["data.zip.partial"]
    assert fetch(server).read_bytes() == DATA and server.starts == [0, K, 2 * K, 3 * K]


@pytest.mark.parametrize("left", [DATA[:9000][::-1], DATA + b"more", DATA[::-1]])
def test_wrong_bytes_are_thrown_away_and_fetched_again(server, cache, left):
    server.files["/data.zip"] = [DATA]
    cache.mkdir(parents=True)
    (cache / "data.zip.partial").write_bytes(left)
    (cache / "data.zip").write_bytes(left)
    assert fetch(server).read_bytes() == DATA
    assert [p.name for p in cache.iterdir()] == ["data.zip"]


def test_what_is_never_right_is_not_kept(server, cache):
    server.files["/data.zip"] = [b"a page about something else"]
    with pytest.raises(ConnectionError, match="(?s)could not be downloaded.*tasks.Scripts.*COURSE_DATA"):
        fetch(server)
    assert list(cache.iterdir()) == []


def test_no_network_gives_one_sentence_with_the_alternatives(cache):
    with pytest.raises(ConnectionError, match="could not be downloaded from http://127.0.0.1:9 .*Scripts.*COURSE_DATA"):
        download.fetch("folder", "data.zip", "http://127.0.0.1:9", MD5)


def test_a_mirror_is_asked_instead_of_the_publisher_and_may_have_packed_it_again(server, cache, monkeypatch):
    server.files["/data/folder/data.zip"] = [b"packed again"]
    monkeypatch.setenv("COURSE_DATA", f"{server.address}/data/")
    assert download.fetch("folder", "data.zip", "http://127.0.0.1:9", MD5).read_bytes() == b"packed again"


def test_a_folder_is_read_in_place(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no file folder/data.zip in it"):
        download.fetch("folder", "data.zip", "http://127.0.0.1:9", MD5)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "data.zip").write_bytes(b"mine")
    path = download.fetch("folder", "data.zip", "http://127.0.0.1:9", MD5)
    assert path == tmp_path / "folder" / "data.zip"
    assert not download.forget(path) and path.exists()  # never delete what is not ours


def test_what_was_downloaded_can_be_forgotten(server):
    server.files["/data.zip"] = [DATA]
    assert download.forget(path := fetch(server)) and not path.exists()


def test_a_full_disk_gives_a_sentence(server, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    server.files["/data.zip"] = [DATA]
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="could not be stored in .*No space left.*make room"):
        fetch(server)
