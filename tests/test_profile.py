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
def test_every_lesson_asks_it_before_any_work_and_nothing_else(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    first = next(i for i, source in enumerate(code) if source.startswith("PROFILE ="))
    uses = [source for source in code[:first] + code[first + 1 :] if "PROFILE" in source]
    assert len(uses) == 1 and uses[0] in code[first + 1 : first + 3]  # at most the imports stand between
    assert uses[0].count("PROFILE") == uses[0].count("is_quick(PROFILE)") == 1
