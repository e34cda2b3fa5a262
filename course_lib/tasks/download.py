"""Files of public data: read from a folder or mirror that COURSE_DATA names, or downloaded once."""

from __future__ import annotations

import os
from pathlib import Path

from course_lib.paths import cache_dir

_WITHOUT = (
    "To work without it, use course_lib.tasks.Scripts, which is built in; or put the file into a folder {folder} "
    "and let the environment variable COURSE_DATA name the folder (or mirror) around it."
)


def fetch(folder: str, name: str, address: str, md5: str) -> Path:
    """The path of a data file, which is downloaded only if it has to be.

    A download that breaks off is kept apart and goes on where it stopped; the file gets its name only when it is whole.

    Args:
        folder: its folder in COURSE_DATA, and in the cache.
        name: its name there.
        address: the publisher's folder on the web.
        md5: of the publisher's file. A mirror may have packed the same content again, so for a mirror
            it does not count: check the content (`forget` a file that is not what it should be).

    Raises:
        FileNotFoundError: if COURSE_DATA names a folder without the file.
        ConnectionError: if it cannot be downloaded.
        OSError: if it cannot be stored, as on a full disk.
    """
    named = os.environ.get("COURSE_DATA", "")
    if named and "://" not in named:
        path = Path(named) / folder / name
        if not path.is_file():
            raise FileNotFoundError(
                f"COURSE_DATA is {named!r}, but there is no file {folder}/{name} in it; add it or unset COURSE_DATA."
            )
        return path
    import pooch  # slow to import, like requests
    from requests import RequestException

    base, known = (f"{named.rstrip('/')}/{folder}", None) if named else (address, f"md5:{md5}")
    cache = cache_dir() / folder
    store = pooch.create(cache, f"{base}/", registry={name: known}, retry_if_failed=2)
    pooch.get_logger().setLevel("WARNING")
    try:
        return Path(store.fetch(name, downloader=_resume))
    except (RequestException, ValueError) as error:  # ValueError: the hash of the third try was wrong too
        reason = str(error).splitlines()[0]
        raise ConnectionError(
            f"{name} could not be downloaded from {base} ({reason}). {_WITHOUT.format(folder=folder)}"
        ) from error
    except OSError as error:
        raise OSError(f"{name} could not be stored in {cache} ({error}); make room there and try again.") from error


def forget(path: Path) -> bool:
    """Delete a file if it was downloaded, so that `fetch` gets it anew; False for one in the user's own folder."""
    downloaded = cache_dir().resolve() in Path(path).resolve().parents
    if downloaded:
        Path(path).unlink(missing_ok=True)
    return downloaded


def _resume(url: str, output_file: str, store, check_only: bool = False):
    """A downloader for pooch. What has arrived stays in NAME.partial when the connection breaks or Python stops."""
    import requests
    from tqdm.auto import tqdm

    partial = Path(store.path) / f"{url.rsplit('/', 1)[1]}.partial"
    start = partial.stat().st_size if partial.exists() else 0
    asked = {"Range": f"bytes={start}-"} if start else {}
    with requests.get(url, headers=asked, stream=True, timeout=30) as answer:
        if answer.status_code == 416:  # nothing comes after what is there: let its hash judge it
            os.replace(partial, output_file)
            return
        answer.raise_for_status()
        goes_on = answer.status_code == 206  # else the server does not know ranges, and sends all of it
        total = int(answer.headers.get("content-length", 0)) + start * goes_on
        bar = tqdm(total=total, initial=start * goes_on, unit="B", unit_scale=True, desc=partial.stem, leave=False)
        with open(partial, "ab" if goes_on else "wb") as file, bar:
            for piece in answer.iter_content(1 << 16):
                file.write(piece)
                bar.update(len(piece))
    os.replace(partial, output_file)
