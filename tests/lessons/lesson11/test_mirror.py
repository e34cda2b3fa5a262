"""The mirror: what it does to acceleration and to turning, by geometry; and that the recordings bear it out."""

import itertools

import pytest
import torch
from torch.testing import assert_close

from course_lib.lessons.lesson11.mirror import MIRROR, flip, mirrored, six_signs
from course_lib.tasks.people import arms_of, read_recordings


def turned(rate, point):
    """The velocity of a point of a body that turns with this rate about its axes: the cross product."""
    return torch.linalg.cross(rate, point)


@pytest.mark.parametrize("signs", list(itertools.product((1, -1), repeat=3)))
def test_turning_follows_from_how_points_move(signs):
    """In the mirror image every point moves with the mirrored velocity; the rate of turning has to say so."""
    g = torch.Generator().manual_seed(0)
    rate, point = torch.randn(2, 50, 3, generator=g, dtype=torch.float64)
    six = six_signs(*signs).double()
    axes, turning = six[:3], six[3:]
    assert_close(turned(turning * rate, axes * point), axes * turned(rate, point))


def test_the_mirror_turns_three_signs():
    assert MIRROR.tolist() == six_signs(x=-1).tolist() == [-1, 1, 1, 1, -1, -1] and six_signs().tolist() == [1] * 6
    assert six_signs(-1, -1, 1).tolist() == [-1, -1, 1, -1, -1, 1]  # half a turn about z, no mirror
    for wrong in (0, 2, 0.5, True):
        with pytest.raises(ValueError, match="x must be -1 or 1"):
            six_signs(wrong)


def test_flipping_twice_is_nothing_and_only_one_side_is_mirrored():
    recordings = read_recordings()
    found = mirrored(recordings)
    left, right = (arms_of(range(10), [side]) for side in ("left", "right"))
    assert found.signal[right].equal(recordings.signal[right]) and found.length.equal(recordings.length)
    assert found.signal[left].equal(recordings.signal[left] * MIRROR)
    assert mirrored(found).signal.equal(recordings.signal)
    other = mirrored(recordings, side="right").signal
    assert other[left].equal(recordings.signal[left]) and other[right].equal(recordings.signal[right] * MIRROR)
    window = recordings.signal[0, 0, :5].T
    assert flip(window).equal(found.signal[0, 0, :5].T) and flip(flip(window)).equal(window)


def test_a_mirrored_left_arm_is_like_the_right_one_of_the_same_person():
    """Gravity, the mean acceleration of an exercise: nearer to the other arm's after the mirror than before, mostly."""

    def gravity(recordings):  # [people, sides, exercises, 3]
        return (recordings.signal[..., :3].sum(2) / recordings.length.unsqueeze(-1)).unflatten(0, (10, 2))

    def apart(recordings):
        found = gravity(recordings)
        return (found[:, 0] - found[:, 1]).norm(dim=-1)  # [people, exercises]

    before, after = apart(read_recordings()), apart(mirrored(read_recordings()))
    assert after.mean() < 0.6 * before.mean() and (after.mean(1) < before.mean(1)).all()
