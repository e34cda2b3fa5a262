"""More than a thousand generated wrong inputs: each ends in one sentence of the course that names what is wrong.

Which values are wrong for which argument stands in bad_calls.py. An error counts as the course's own when it is raised
in course_lib, ends with a full stop and names the argument; what comes from the depths of PyTorch does not count.
"""

import traceback
from collections import Counter
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings

import course_lib
from course_lib import Episode
from course_lib.commands import main
from course_lib.tasks import omniglot
from tests.reliability import bad_calls
from tests.reliability.bad_calls import CALLS, EPISODE, LEARNERS, X_FLAWS, Y_FLAWS

HERE = str(Path(course_lib.__file__).parent)
TRIED = Counter()
EXAMPLES = settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)


def refused(call, *names: str):
    """`call()` raises a sentence of the course that names one of `names`."""
    try:
        result = call()
    except (ValueError, TypeError) as error:
        sentence, where = str(error), traceback.extract_tb(error.__traceback__)[-1].filename
        assert where.startswith(HERE), f"raised in {where}: {sentence}"
        assert sentence.endswith("."), f"not a sentence: {sentence}"
        assert any(name in sentence for name in names), f"names none of {names}: {sentence}"
    else:
        pytest.fail(f"it was accepted, and gave {result!r:.80}")


@pytest.fixture(autouse=True, scope="module")
def drawings():
    """Blank pages under the names of Omniglot's characters: what is refused is never drawn from."""
    names = [f"A{i // 20}/c{i}" for i in range(1623)]
    patch = pytest.MonkeyPatch()
    patch.setattr(omniglot, "_characters", lambda: (names, torch.zeros(1623, 20, 28, 28, dtype=torch.uint8)))
    yield
    patch.undo()


@pytest.mark.parametrize(("name", "argument"), [(name, a) for name, (_, _, wrong) in CALLS.items() for a in wrong])
def test_wrong_arguments(name, argument):
    call, right, wrong = CALLS[name]

    @EXAMPLES
    @given(wrong[argument])
    def try_it(value):
        TRIED["arguments"] += 1
        refused(lambda: call(**(right | {argument: value})), argument, "shot + query", "classes")

    try_it()


@pytest.mark.parametrize("field", ["support_x", "support_y", "query_x", "query_y"])
def test_wrong_episodes(field):
    good = {name: getattr(EPISODE, name) for name in ("support_x", "support_y", "query_x", "query_y", "way")}
    for flaw in (X_FLAWS if field.endswith("x") else Y_FLAWS).items():
        if (field, flaw[0]) == ("query_y", "a gap") or flaw[0] == "whole numbers":
            continue  # a class without a query is allowed, and words are whole numbers
        TRIED["episodes"] += 1
        refused(lambda flaw=flaw: Episode(**good | {field: flaw[1](good[field])}), field, field[:-2], "class")
    for way in (0, -1, 2.5, "5", True, [5], 4):
        TRIED["episodes"] += 1
        refused(lambda way=way: Episode(**good | {"way": way}), "way", "support_y")


@pytest.mark.parametrize("name", LEARNERS)
def test_wrong_tensors_for_adapt_and_predict(name):
    learner = LEARNERS[name]().eval()
    x, y, queries = EPISODE.support_x, EPISODE.support_y, EPISODE.query_x
    adapted = learner.adapt(x, y, 5)
    for what, flaw in X_FLAWS.items():
        TRIED["tensors"] += 1 + (what != "no examples")
        refused(lambda flaw=flaw: learner.adapt(flaw(x), y, 5), "support_x", "support")
        if what == "no examples":  # no query is no mistake
            continue
        refused(lambda flaw=flaw: learner.predict(adapted, flaw(queries)), "query_x", "images")
    for flaw in Y_FLAWS.values():
        TRIED["tensors"] += 1
        refused(lambda flaw=flaw: learner.adapt(x, flaw(y), 5), "support_y", "class")
    for way in (0, -1, 2.5, "5", True, [5], 4):
        TRIED["tensors"] += 1
        refused(lambda way=way: learner.adapt(x, y, way), "way", "support_y")


COMMANDS = {
    "--steps": ("0", "-3", "many", "1.5", ""), "--way": ("0", "-1", "x", "99999"), "--shot": ("0", "-1", "x"),
    "--query": ("0", "-1", "x"), "--seed": ("-1", "x"), "--device": ("abacus", ""), "--data": ("mnist", ""),
    "--split": ("tests",), "--learner": ("mamel", "fine_tune"), "--meta-batch": ("0", "x"),
    "--lr": ("-1", "x", "nan"),
    "--channels": ("0", "-4", "x"), "--chunk": ("-1", "x"), "--features": ("-1", "x"), "--validate-every": ("-1", "x"),
    "--scheme": ("letters",), "--set": ("steps", "=", "no_such=1", "temperature=0", "temperature=hot"),
    "--nothing": ("1",),
}  # fmt: skip


@pytest.mark.parametrize(("option", "value"), [(option, v) for option, values in COMMANDS.items() for v in values])
def test_wrong_options_on_the_command_line(option, value, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    TRIED["options"] += 1
    good = {"--learner": "prototypical", "--data": "scripts", "--steps": "1", "--channels": "4", "--output": "w.st"}
    words = [word for pair in (good | {option: value}).items() for word in pair]
    done = CliRunner().invoke(main, ["train", *words])
    assert done.exit_code in (1, 2) and "Traceback" not in done.output, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.output.strip().splitlines()[-1].startswith("Error: ") and not list(tmp_path.iterdir())


def test_that_was_more_than_a_thousand(request):
    asked = sum(len(wrong) for _, _, wrong in CALLS.values())
    if sum(item.fspath == request.node.fspath for item in request.session.items) < asked:
        pytest.skip("only some of this file's tests were asked for")
    print(f"{sum(TRIED.values()):,} wrong inputs: {dict(TRIED)}")
    assert sum(TRIED.values()) > 1000


def test_what_is_right_is_accepted():
    """Or every call would be refused for another reason than the wrong value."""
    for name, (call, right, _) in CALLS.items():
        if name != "pretrained":
            call(**{"device": "cpu"} if name == "pick_device" else right)
    assert bad_calls.TASKS.way == 5
