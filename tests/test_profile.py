import pytest

from course_lib import is_quick
from course_lib.stop import Stop


@pytest.mark.parametrize("odd", ["Quick", "fast", "", None, 1])
def test_a_profile_that_is_none_is_one_sentence(odd):
    with pytest.raises(Stop, match='PROFILE is "quick" or "full"') as stopped:
        is_quick(odd)
    assert stopped.value._render_traceback_() == [f"○ {stopped.value}"]


def test_the_two_profiles():
    assert is_quick("quick") and not is_quick("full")
