"""README's table of methods: every learner is in it, each row can be built and stands in the file that it names."""

import inspect
import re

import pytest

from course_lib import learners
from course_lib.lessons.lesson13 import RecurrentPolicy
from course_lib.models import Conv4
from course_lib.tasks import Navigation
from course_lib.tasks.bandits import Bandits
from tools.notebooks import ROOT

ROW = re.compile(r"^\| (.+?) \| `(\w+\(.*?\))` \| \[(\S+)\]\((\S+)\) \| (.+?) \|$", re.MULTILINE)
ACTING = {"Bandits": Bandits, "Navigation": Navigation, "RecurrentPolicy": RecurrentPolicy}  # they need a world
ROWS = ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("method, code, name, path, paper", ROWS)
def test_a_method_is_built_as_written_and_stands_in_its_file(method, code, name, path, paper):
    learner = eval(code, {"net": Conv4(8)} | ACTING | {n: getattr(learners, n) for n in learners.__all__})
    assert inspect.getsourcefile(type(learner)) == str(ROOT / path) and path.endswith(f"/{name}")
    cited = re.search(r"arXiv:\d{4}\.\d{5}", paper)
    assert not cited or cited[0] in (ROOT / path).read_text(encoding="utf-8")


def test_no_learner_is_missing():
    written = {code.partition("(")[0] for _, code, *_ in ROWS}
    assert written == {kind.__name__ for kind in learners.LEARNERS.values()} | {"ActingMAML", "RecurrentPolicy"}
    variants = {"FOMAML", "ANIL", "BOIL", "MAML++", "Meta-SGD"}
    assert variants <= {method.partition(",")[0] for method, *_ in ROWS}
