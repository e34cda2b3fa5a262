"""What all tests share: the browser they may need, and hypothesis without a clock."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

# No test depends on how fast the machine is; under CI the same examples are tried every time.
settings.register_profile("course", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("course")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (  # where Chromium's relatives live on macOS and Windows, outside PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
REQUIRED = bool(os.environ.get("COURSE_REQUIRE_BROWSER"))  # set in .ci/run
NONE = "no Chromium"
# Of these there are thousands, alike: `make test` tries every fifth, `make reliability` and a file's name alone all.
ALIKE = {
    "test_a_blind_answer_gets_what_it_deserves", "test_a_known_mistake_is_told_in_its_own_words",
    "test_an_odd_function_gets_a_sentence_and_the_library_goes_on",
    "test_an_odd_thing_gets_a_sentence_and_the_library_goes_on",
}  # fmt: skip
LONGEST = ("test_colab.py", "test_device.py", "test_blind_answers.py")  # a minute and more


def find_chromium() -> str | None:
    """The path of a Chromium, Chrome or Edge on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None) or next((p for p in PLACES if Path(p).exists()), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; a test that asks for it is marked `browser`."""
    return find_chromium() or pytest.skip(NONE)


@pytest.fixture(scope="session")
def browser(chromium):
    """One Chromium for all tests."""
    from tests.lab import open_browser

    with open_browser(chromium) as running:
        yield running


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory, request):
    """One JupyterLab for all tests: `lab.open(cells)` runs cells in it and returns the page."""
    from tests.front_ends import front_end

    python = request.config.getoption("jupyter")
    with front_end(python)(tmp_path_factory.mktemp("lab"), browser, python) as running:
        yield running


def pytest_addoption(parser):
    parser.addoption("--jupyter", default=sys.executable, help="drive the widgets in the JupyterLab, Notebook 7 or "
                     "classic notebook of this Python: a path")  # fmt: skip


@pytest.fixture(scope="session")
def edition(tmp_path_factory) -> Path:
    """The folder of the rendered edition, built once for all tests, without a warning."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "edition"  # workers share it
    with FileLock(f"{folder}.lock"):
        if not (folder / "site").exists():
            command = [sys.executable, str(Path(__file__).parent.parent / "tools" / "edition.py"), str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return folder / "site"


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is marked slow
def pytest_collection_modifyitems(items):
    for number, item in enumerate(item for item in items if getattr(item, "originalname", "") in ALIKE):
        if number % 5:
            item.add_marker(pytest.mark.slow)
    # Files with browser tests come last: while Playwright runs, other code cannot start an event loop of its own.
    marked = [item for item in items if item.get_closest_marker("browser")]
    last = {item.path for item in marked}
    # The longest files come first: two workers that share the rest end at about the same time.
    items.sort(key=lambda item: (item.path in last, item.path.name not in LONGEST))
    for item in marked if find_chromium() is None else []:
        item.add_marker(pytest.mark.skip(reason=NONE))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if REQUIRED and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = "COURSE_REQUIRE_BROWSER is set, and this browser test was skipped: install Chromium."
    return report


def pytest_terminal_summary(terminalreporter):
    skipped = sum(NONE in str(report.longrepr) for report in terminalreporter.getreports("skipped"))
    if skipped:
        terminalreporter.write_line(f"No Chromium was found: {skipped} tests of the widgets in a browser were skipped.")
