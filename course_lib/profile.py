"""The profile of a lesson."""

from course_lib.stop import Stop


def is_quick(profile: str) -> bool:
    """Whether a lesson's PROFILE is "quick". The other one is "full".

    Raises:
        Stop: if it is neither, before any work is done.
    """
    if profile not in ("quick", "full"):
        raise Stop(f'PROFILE is "quick" or "full", and not {profile!r}. Change it above, and run from there.')
    return profile == "quick"
