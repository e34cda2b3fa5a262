"""A split by person, in which nothing that was computed has seen the people of the test."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def split_by_person(windows: Tensor, arm: Tensor, test: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Windows to train on, windows of other people to test on, and all of them scaled.

    There are four ways to leak: windows of one recording on both sides; recordings of one arm; the two arms of a
    person; and a mean and a deviation that were computed with the people of the test.

    Args:
        windows: `[n, channels, samples]`, as the sensors gave them.
        arm: `[n]` int64: whose window it is. Person p has the arms 2p (left) and 2p + 1 (right).
        test: the people, not arms, who are tested.

    Returns: `[n_train]` and `[n_test]` int64, the places of the windows on each side, in rising order; and
    `[n, channels, samples]`, all windows, each channel minus its mean and divided by its deviation in the *training*
    windows. A channel that never changes there is divided by 1: its largest value is its smallest one. (Its deviation
    may come out a little above 0, by rounding: that of 9.81, again and again, is 1.9e-6 in float32.)

    Raises:
        ValueError: if there is no window to train on, or none to test on.
    """
    tested = sum((arm // 2 == person for person in test), arm < 0)  # [n], above 0 where the person is tested
    train, held_out = (tested == 0).nonzero().squeeze(1), tested.nonzero().squeeze(1)
    if not len(train) or not len(held_out):
        raise ValueError(f"{len(train)} windows to train on and {len(held_out)} to test on: both sides need people.")
    seen = windows[train]
    mean, deviation = (f(seen, dim=(0, 2), keepdim=True) for f in (Tensor.mean, Tensor.std))  # [1, channels, 1] each
    still = seen.amax((0, 2), keepdim=True) == seen.amin((0, 2), keepdim=True)
    return train, held_out, (windows - mean) / deviation.masked_fill(still, 1)
