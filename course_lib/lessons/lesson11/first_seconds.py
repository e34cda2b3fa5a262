"""Windows to calibrate with, and windows to be asked afterwards."""

from __future__ import annotations

from torch import Tensor


def calibration_windows(signal: Tensor, window: int, shot: int, gap: int, step: int) -> tuple[Tensor, Tensor]:
    """Support windows from the beginning of a recording, query windows from what follows: none overlaps.

    Args:
        signal: `[samples, channels]`: one recording, in order of time.
        window: samples of a window.
        shot: how many support windows; they stand side by side from the first sample on.
        gap: how many samples behind the last support window are left out.
        step: query windows begin every `step` samples, the first right behind the gap.

    Returns: `[shot, channels, window]` and `[n_query, channels, window]`, in order of time and in the dtype of signal.

    Raises:
        ValueError: if not even one query window fits.
    """
    begin = shot * window + gap
    if begin + window > len(signal):
        raise ValueError(f"{len(signal)} samples hold no query window of {window} from sample {begin} on.")
    # unfold puts the samples of a window last: [windows, channels, window]
    return signal[: shot * window].unfold(0, window, window), signal[begin:].unfold(0, window, step)
