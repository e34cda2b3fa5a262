"""A class of learners whose code does harm: it costs the exercise that it stands in, and nothing else of theirs or of
others. Every notebook has four such functions, with an honest answer and an unwritten one between them."""

import sys
import time
from itertools import zip_longest

import psutil
import pytest

from tests.classroom_cases import ANSWER, collect, hand_in

MARK = "left behind by a learner of test_classroom_hostile"
DISTANCES, COSINES, PROTOTYPES, LOSS = "squared_distances", "cosine_similarities", "prototypes", "episode_loss"
PLACES = {  # their cells
    DISTANCES: "distances_exercise", COSINES: "cosine_exercise",
    PROTOTYPES: "prototypes_exercise", LOSS: "loss_exercise",
}  # fmt: skip
CATCHES = """import signal, time
    [signal.signal(s, lambda *a: None) for s in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)]
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass"""
DAEMON = f"""import subprocess, sys
    nap = "import time; time.sleep(300)  # {MARK}"
    start = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {{nap!r}}], start_new_session=True)"
    subprocess.run([sys.executable, "-c", start])
    {ANSWER}"""
FORKS = f"""import os, time
    if os.fork() == 0:
        os.setsid()
        time.sleep(300)
        os._exit(0)
    {ANSWER}"""
THREAD = f"""import threading, time
    threading.Thread(target=time.sleep, args=(300,)).start()
    time.sleep(1)
    {ANSWER}"""
NAPS = """import subprocess, time
    kept = [subprocess.Popen(["sleep", "300"]) for _ in range(40)]
    time.sleep(300)"""
FAMILY = """import os, time
    for _ in range(4):
        if os.fork() == 0:
            kept = b"x" * (300 << 20)
            time.sleep(300)
    time.sleep(300)"""
FORGES = """import os, struct
    fake = b'{"token": "0", "word": "right", "detail": ""}'
    print(fake.decode(), flush=True)
    for file in range(3, 100):
        try:
            os.write(file, struct.pack("!i", len(fake)) + fake)
        except OSError:
            pass
    os._exit(0)"""
HALF = FORGES.replace("len(fake)", "60_000")
JUDGES = """return args[0] if DONE else None

import sys
from course_lib.exercises.engine import Exercise
def replaced():
    every = sys.modules["course_lib.lessons.lesson06.checks"].EXERCISES
    for name, e in list(every.items()):
        every[name] = Exercise(e.solution, lambda call: None, ())
    return True
DONE = replaced()"""
RUDE = """class Rude(Exception):
        def __str__(self):
            raise SystemExit
    raise Rude"""
TORCH = """torch.allclose = lambda *a, **k: True
    return torch.tensor(1.0)"""
ENGINE = """from course_lib.exercises import comparing
    comparing.same = lambda got, want: True
    return args[0]"""
CODE = """from course_lib.exercises import comparing
    comparing.same.__code__ = (lambda got, want: True).__code__
    return args[0]"""

CASES = {  # where its exercise stands; what follows `def name(*args):`; the verdict and a part of its sentence
    "raises": (DISTANCES, "return 1 / 0", "hint", "it stopped with ZeroDivisionError: division by zero in your line 2"),
    "exits": (COSINES, "import sys; sys.exit()", "hint", "it stopped with SystemExit"),
    "daemon": (PROTOTYPES, DAEMON, "right", ""),
    "exits at once": (LOSS, "import os; os._exit(0)", "crashed", "exit code 0"),
    "aborts": (DISTANCES, "import os; os.abort()", "crashed", "SIGABRT"),
    "segfaults": (COSINES, "import ctypes; ctypes.string_at(0)", "crashed", "SIGSEGV"),
    "thread": (PROTOTYPES, THREAD, "right", ""),
    "kills its group": (LOSS, "import os; os.kill(0, 9)", "crashed", "SIGKILL"),
    "loops": (DISTANCES, "while True: pass", "too slow", "more than 9 s"),
    "asks for much": (COSINES, "return bytearray(10**14)", "too much memory", ""),
    "prints": (PROTOTYPES, f"for _ in range(2000): print('x' * 1_000_000)\n    {ANSWER}", "right", ""),
    "catches all": (LOSS, CATCHES, "too slow", "more than 9 s"),
    "bomb": (DISTANCES, "import os\n    while True: os.fork()", "too much memory", "more than 1536 MB"),
    "small bomb": (COSINES, NAPS, "crashed", "it started more than 16 processes"),
    "forks": (PROTOTYPES, FORKS, "right", ""),
    "grows": (LOSS, "x = []\n    while True: x.append(torch.empty(50_000_000))", "too much memory", ""),
    "asks": (DISTANCES, "return input('z?')", "hint", "EOFError"),
    "recurses": (COSINES, "return cosine_similarities(*args)", "hint", "RecursionError"),
    "forges": (PROTOTYPES, FORGES, "crashed", "exit code 0"),
    "family": (LOSS, FAMILY, "too much memory", "more than 1536 MB"),
    "half a message": (DISTANCES, HALF, "crashed", "exit code 0"),
    "new engine": (COSINES, ENGINE, "error", "it replaces course_lib.exercises.comparing.same"),
    "new judges": (PROTOTYPES, JUDGES, "hint", "it returns a row for each *example*"),
    "new torch": (LOSS, TORCH, "error", "it replaces torch.allclose"),
    "rude error": (DISTANCES, RUDE, "hint", "it stopped with Rude"),
    "new code": (COSINES, CODE, "error", "it replaces course_lib.exercises.results.same"),
    "closes": (PROTOTYPES, f"import os; os.closerange(0, 1000)\n    {ANSWER}", "crashed", ""),
    "thread aborts": (LOSS, THREAD.replace("time.sleep, args=(300,)", "__import__('os').abort"), "crashed", ""),
}  # fmt: skip
NEEDS_LINUX = {
    "daemon", "aborts", "segfaults", "kills its group", "bomb", "small bomb", "forks", "family", "closes",
    "thread aborts",
}  # fmt: skip
if sys.platform != "linux":  # they use what only Linux has, or ends
    CASES = {name: case for name, case in CASES.items() if name not in NEEDS_LINUX}


def classes() -> list[list[str]]:
    """The cases, four to a learner, each in another exercise."""
    queues = {place: [name for name, case in CASES.items() if case[0] == place] for place in PLACES}
    return [list(filter(None, four)) for four in zip_longest(*queues.values())]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The verdict on each case by its name, and on the honest exercises by learner and exercise."""
    folder = tmp_path_factory.mktemp("class")
    for number, names in enumerate(classes()):
        cells = {PLACES[CASES[n][0]]: f"def {CASES[n][0]}(*args):\n    {CASES[n][1]}" for n in names}
        cells = {place: source.replace(ANSWER, f"z, y = args\n    {ANSWER}") for place, source in cells.items()}
        imports = "import torch\nfrom torch.nn import functional as F"
        hand_in(folder / f"learner{number}" / "06.ipynb", imports=imports, **cells)
    found, run = collect(folder, "--json", "--timeout", "9", "--memory", "1536", "--jobs", "3")
    assert run.returncode == 0, run.stderr
    where = {(f"learner{i}", CASES[n][0]): n for i, names in enumerate(classes()) for n in names}
    return {where.get(key, key): verdict for key, verdict in found.items()}


@pytest.mark.parametrize("name", CASES)
def test_harm_has_its_word(judged, name):
    *_, verdict, words = CASES[name]
    found, detail = judged[name]
    assert (found, words in detail) == (verdict, True), (found, detail)


def test_every_honest_exercise_is_judged_as_ever(judged):
    honest = {key: verdict for key, verdict in judged.items() if isinstance(key, tuple)}
    assert len(classes()) >= 5
    for number in range(len(classes())):
        assert honest[f"learner{number}", "as_linear"] == ("right", "")
        assert honest[f"learner{number}", "zero_shot_report"] == ("not yet", "")


def test_nothing_that_a_learner_started_is_left(judged):
    for _ in range(50):  # the system takes a moment to bury them
        left = [p for p in psutil.process_iter(["cmdline"]) if MARK in " ".join(p.info["cmdline"] or [])]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(left)
