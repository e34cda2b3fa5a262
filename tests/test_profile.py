import json

import pytest

from course_lib import is_quick
from course_lib.stop import Stop
from tools.notebooks import LESSONS


@pytest.mark.parametrize("odd", ["Quick", "fast", "", None, 1])
def test_a_profile_that_is_none_is_one_sentence(odd):
    with pytest.raises(Stop, match='PROFILE is "quick" or "full"') as stopped:
        is_quick(odd)
    assert stopped.value._render_traceback_() == [f"○ {stopped.value}"]


def test_the_two_profiles():
    assert is_quick("quick") and not is_quick("full")


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_every_lesson_asks_it_before_any_work(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    first = next(i for i, source in enumerate(code) if source.startswith("PROFILE ="))
    asked = next(i for i, source in enumerate(code) if "is_quick(PROFILE)" in source)
    between = "".join(code[first + 1 : asked])
    assert "PROFILE" not in between and "fit(" not in between and asked <= first + 3
    rest = "".join(code[asked:]).replace("is_quick(PROFILE)", "").replace('PROFILE == "quick"', "")
    assert "PROFILE" not in rest
