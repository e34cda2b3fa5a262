"""What `check` looks at in windows for calibration and for use, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also, keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped
from course_lib.exercises.results import form
from course_lib.lessons.lesson11.first_seconds import calibration_windows
from course_lib.lessons.lesson11.refusing import must_refuse


def _signal(samples: int, channels: int, seed: int) -> Tensor:
    return torch.randn(samples, channels, generator=torch.Generator().manual_seed(seed)).cumsum(0)


def _cases() -> dict[str, tuple]:
    return {
        "two support windows of 16 samples, six channels": (_signal(220, 6, 0), 16, 2, 5, 7),
        "query windows whose last one ends with the recording": (_signal(306, 6, 1), 20, 3, 10, 12),
        "no gap, and query windows side by side": (_signal(200, 4, 2), 25, 2, 0, 25),
        "step larger than window": (_signal(270, 3, 3), 8, 4, 11, 30),
        "one support window": (_signal(90, 6, 4), 16, 1, 9, 5),
    }


def _cut(signal: Tensor, starts, window: int) -> Tensor:
    return torch.stack([signal[i : i + window].mT for i in starts])


def _last(n: int, w: int, step: int, begin: int) -> range:
    return range(begin, n - w + 1, step)


def _made(support=None, query=None, cut=_cut):
    """The whole, with other starts of the support or the query windows: both take n, window, shot, gap, step."""

    def answer(signal, window, shot, gap, step):
        own = len(signal), window, shot, gap, step
        first = support(*own) if support else range(0, shot * window, window)
        then = query(*own) if query else _last(len(signal), window, step, shot * window + gap)
        return cut(signal, first, window), cut(signal, then, window)

    return answer


def _query_from(begin):
    return lambda n, w, s, g, step: _last(n, w, step, begin(w, s, g, step))


def _both(signal, starts, window):
    return torch.stack([signal[i : i + window] for i in starts])


def _reshaped(signal, starts, window):
    return torch.stack([signal[i : i + window].reshape(-1, window) for i in starts])


def _one_reshaped(support: bool):
    """Only one of the two sets is read into the wrong order."""

    def answer(*args):
        right, wrong = calibration_windows(*args), _made(cut=_reshaped)(*args)
        return (wrong[0], right[1]) if support else (right[0], wrong[1])

    return answer


def _padded(end: int):
    """Query windows that begin before `len(signal) + end`, with zeros behind the recording."""

    def answer(signal, window, shot, gap, step):
        longer = torch.cat([signal, signal.new_zeros(window, signal.shape[1])])
        starts = range(shot * window + gap, len(signal) + end, step)
        return calibration_windows(signal, window, shot, gap, step)[0], _cut(longer, starts, window)

    return answer


def _exchanged(signal, window, shot, gap, step):
    return calibration_windows(signal, window, shot, gap, step)[::-1]


_OVERLAP = ("query windows have samples of the support windows in them. They begin behind the last of those, and the "
            "gap.")  # fmt: skip
_ORDER = ("the numbers are read into the wrong order: reshape and view keep the order of memory, which goes from "
          "channel to channel. To exchange the two axes, transpose: .mT.")  # fmt: skip
_CUT = ("A window that begins too late is cut off at the end of the recording. Only windows that fit count: the last "
        "one may begin at samples - window.")  # fmt: skip
_GAP = "the first query window begins at the wrong sample: at shot * window + gap. "
_MISTAKES = [
    (_made(cut=_both), "samples and channels are exchanged: a window is [channels, window], a row is one channel over "
     "time (.mT)."),
    (_made(cut=_reshaped), _ORDER),
    (_one_reshaped(True), f"in the support windows, {_ORDER}"), (_one_reshaped(False), f"in the query windows, "
     f"{_ORDER}"),
    (lambda *args: tuple(part.transpose(0, 1) for part in calibration_windows(*args)), "windows and channels are "
     "exchanged: the axes are [windows, channels, samples]."),
    (lambda *args: (calibration_windows(*args)[0], calibration_windows(*args)[1].flip(0)), "the query windows stand in "
     "the wrong order: the first in time comes first."),
    (lambda *args: tuple(part - part.mean(-1, keepdim=True) for part in calibration_windows(*args)), "the mean of each "
     "window is taken off. Cut the windows, and leave the numbers as they are."),
    *((_padded(end), "the end of the recording is filled up with zeros, so there are windows that nobody recorded. "
       "Only those that fit count.") for end in (0, 1)),
    (_exchanged, "the two are exchanged: the support windows come first."),
    (_made(query=lambda n, w, s, g, step: range(s * w + g, n - w, step)), "a query window that ends with the last "
     "sample is missing: it may begin at samples - window, and range leaves its end out."),
    (_made(query=lambda n, w, s, g, step: list(_last(n, w, step, s * w + g))[:-1]), "the last query window is "
     "missing."),
    (_made(query=lambda n, w, s, g, step: list(_last(n, w, step, s * w + g))[1:]), "the first query window is "
     "missing: it begins right behind the gap."),
    (_made(query=lambda n, w, s, g, step: list(_last(n, w, step, s * w + g))[:s]), "there are as many query windows as "
     "support windows. All that fit into the recording count."),
    (_made(query=lambda n, w, s, g, step: list(_last(n, w, step, s * w + g))[:1]), "there is only one query window. "
     "All that fit into the recording count."),
    (_made(query=_query_from(lambda w, s, g, step: s * w)), f"{_GAP}The gap is not left out."),
    (_made(query=_query_from(lambda w, s, g, step: s * w + g * w)), f"{_GAP}The gap counts samples, not windows."),
    (_made(query=_query_from(lambda w, s, g, step: s * w + g + w)), f"{_GAP}One window more is left out here."),
    (_made(query=_query_from(lambda w, s, g, step: s * w + g + 1)), f"{_GAP}One sample more is left out here."),
    (_made(query=_query_from(lambda w, s, g, step: s * w + g - 1)), f"{_GAP}It begins one sample too early."),
    (_made(query=_query_from(lambda w, s, g, step: (s - 1) * w + g)), f"{_GAP}The gap is counted from the *beginning* "
     "of the last support window, not from its end."),
    (_made(query=_query_from(lambda w, s, g, step: s * w - g)), f"{_GAP}The gap is subtracted."),
    (_made(query=_query_from(lambda w, s, g, step: -(-(s * w + g) // step) * step)), f"{_GAP}Here query windows begin "
     "at multiples of step, counted from the beginning of the recording."),
    (_made(query=_query_from(lambda w, s, g, step: s * w + 2 * g)), f"{_GAP}The gap is counted twice."),
    (_made(query=_query_from(lambda w, s, g, step: s * (w + g))), f"{_GAP}There is one gap, not one for each support "
     "window."),
    (_made(query=_query_from(lambda w, s, g, step: w + g)), f"{_GAP}The `shot` windows of the support are not "
     f"counted."),
    (_made(query=_query_from(lambda w, s, g, step: g)), _OVERLAP), (_made(query=_query_from(lambda *_: 0)), _OVERLAP),
    (_made(query=lambda n, w, s, g, step: _last(n, w, w, s * w + g)), "the query windows begin every `window` samples. "
     "They begin every `step` samples."),
    (_made(query=lambda n, w, s, g, step: _last(n, w, 1, s * w + g)), "a query window begins at every sample. They "
     "begin every `step` samples."),
    (_made(query=lambda n, w, s, g, step: _last(n, w, w + step, s * w + g)), "`step` is added to `window`. It is "
     "counted from the beginning of one query window to the beginning of the next."),
    (_made(query=lambda n, w, s, g, step: _last(n, w, step, n // 2)), "the query windows are taken from the second "
     f"half of the recording. {_GAP}"),
    (_made(support=lambda n, w, s, g, step: range(0, s * step, step)), "the support windows begin every `step` "
     "samples. Each begins where the last one ended: every `window` samples."),
    (_made(support=lambda n, w, s, g, step: range(0, s * step, step),
           query=_query_from(lambda w, s, g, step: (s - 1) * step + w + g)), "the support windows begin every `step` "
     "samples, and the query windows behind the last of those. Each support window begins where the last one ended: "
     "every `window` samples."),
    (_made(support=lambda n, w, s, g, step: range(s)), "each support window begins one sample behind the last one. It "
     "begins where that one ended."),
    (_made(support=lambda n, w, s, g, step: range(0, s * (w + g), w + g)), "there is a gap between the support "
     "windows. They stand side by side: the gap is behind the last of them."),
    (_made(support=lambda n, w, s, g, step: range(0, s * (w + g), w + g),
           query=_query_from(lambda w, s, g, step: s * (w + g))), "there is a gap behind each support window. They "
     "stand side by side: the gap is behind the last of them."),
    (_made(support=lambda n, w, s, g, step: range(n - s * w, n, w)), "the support windows are taken from the end of "
     "the recording. Nobody calibrates after use: take the first samples."),
    (_made(support=lambda n, w, s, g, step: range(0, w, w)), "there is only one support window. `shot` are asked for."),
    (_made(support=lambda n, w, s, g, step: range(g, g + s * w, w)), "the support windows begin behind a gap. They "
     "begin with the first sample: the gap comes behind them."),
]  # fmt: skip
_AXES = ("window", "channel", "sample")


def judge_calibration(call):
    """`calibration_windows`: both sets by value; a single query window; a recording that is too short."""
    names = ("the support windows", "the query windows")
    try:
        first = call(*next(iter(_cases().values())))
    except Stopped as problem:
        raise Problem(f"{problem}\n  {_CUT}") if "equal size" in str(problem) else problem from None
    if isinstance(first, tuple | list) and len(first) == 2 and not all(isinstance(part, Tensor) for part in first):
        i = next(i for i, part in enumerate(first) if not isinstance(part, Tensor))
        how = "torch.stack(...)" if isinstance(first[i], list | tuple) else "torch.as_tensor(...)"
        raise Problem(f"{names[i]} are {form(first[i])}. Make one tensor of them: {how}.")
    compare(call, calibration_windows, _cases(), _MISTAKES, names, _AXES)
    wide = _signal(120, 3, 7).double(), 16, 2, 5, 7
    compare(call, calibration_windows, {"a recording in float64": wide}, (), names, _AXES, dtypes=True)
    begin = 2 * 16 + 5
    exact = _signal(begin + 16, 6, 5), 16, 2, 5, 7
    also(call, calibration_windows, {"a recording that holds just one query window": exact},
         "The one query window ends with the last sample, so it fits.")  # fmt: skip
    must_refuse(call, (_signal(begin + 15, 6, 6), 16, 2, 5, 7), "where no query window fits (one sample is missing),")
    keeps_names(call, "window", "shot", "gap", "step")
