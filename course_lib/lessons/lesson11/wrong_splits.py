"""Wrong answers to `split_by_person` that are known: who stands on the wrong side, and what windows are scaled by."""

from __future__ import annotations

import torch
from torch import Tensor


def _is_in(values: Tensor, some: list[int]) -> Tensor:
    return torch.isin(values, torch.tensor(some))


def _sides(tested: Tensor) -> tuple[Tensor, Tensor]:
    return (~tested).nonzero().squeeze(1), tested.nonzero().squeeze(1)


def _tested_where(of):
    return lambda w, a, t: _sides(of(a, t))


def _one_after_the_other(windows, arm, test):
    train, held_out = _sides(_is_in(arm // 2, test))
    return train, torch.cat([(arm // 2 == p).nonzero().squeeze(1) for p in test])


def _by_arm(windows, arm, test):
    return tuple(side[arm[side].argsort(stable=True)] for side in _sides(_is_in(arm // 2, test)))


PERSON = "The person of a window is arm // 2."
_OTHER_ARM = ("the two arms of one person stand on different sides: {} arms of the tested people are in training. That "
              "is the leak by arm; both arms go to the test.")  # fmt: skip
SPLITS = [
    (_tested_where(lambda a, t: _is_in(a, t)), "`test` names people, and `arm` has numbers of arms: person 3 has the "
     f"arms 6 and 7. {PERSON}"),
    (_tested_where(lambda a, t: _is_in(a % 2, t)), f"arm % 2 is the side, left or right. {PERSON}"),
    (_tested_where(lambda a, t: _is_in((a + 1) // 2, t)), f"(arm + 1) // 2 puts arms of two people together. "
     f"{PERSON}"),
    (_tested_where(lambda a, t: _is_in(a, [2 * p for p in t])), _OTHER_ARM.format("the right")),
    (_tested_where(lambda a, t: _is_in(a, [2 * p + 1 for p in t])), _OTHER_ARM.format("the left")),
    (_tested_where(lambda a, t: ~_is_in(a // 2, t)), "the two sides are exchanged: the places to train on come first, "
     "then those of the tested people."),
    (_tested_where(lambda a, t: _is_in(a // 2, t[:1])), "only the first person of `test` is tested."),
    (_tested_where(lambda a, t: _is_in(a // 2, t[-1:])), "only the last person of `test` is tested."),
    (_one_after_the_other, "the places to test on are right, but in the order of `test`. Give them in rising order."),
    (_by_arm, "the places are right, but not in rising order: they are sorted by arm."),
    (lambda w, a, t: tuple(a[side] for side in _sides(_is_in(a // 2, t))), "these are numbers of arms. Give the places "
     "of the windows, 0 ... n - 1."),
    (lambda w, a, t: tuple(a[side] // 2 for side in _sides(_is_in(a // 2, t))), "these are numbers of people. Give the "
     "places of the windows, 0 ... n - 1."),
    (lambda w, a, t: tuple(a[side].unique() for side in _sides(_is_in(a // 2, t))), "these are numbers of arms. Give "
     "the places of the windows, 0 ... n - 1."),
    (lambda w, a, t: tuple(a[side].div(2, rounding_mode="floor").unique() for side in _sides(_is_in(a // 2, t))),
     "these are numbers of people. Give the places of the windows, 0 ... n - 1."),
]  # fmt: skip


def _scaled(mean=None, deviation=None, of="train", end=lambda x: x):
    """All windows scaled by the numbers of some of them, with one thing otherwise."""

    def answer(windows, arm, test):
        train, held_out = _sides(_is_in(arm // 2, test))
        seen = {"train": windows[train], "test": windows[held_out], "all": windows}[of]
        m = (mean or _channel_mean)(seen)
        d = (deviation or _channel_deviation)(seen)
        return end((windows - m) / d)

    return answer


def _of_two(mean_of: str, deviation_of: str):
    """The mean of some windows, the deviation of others."""

    def answer(windows, arm, test):
        some = {"train": windows[~_is_in(arm // 2, test)], "all": windows}
        return (windows - _channel_mean(some[mean_of])) / _channel_deviation(some[deviation_of])

    return answer


def _channel_mean(x: Tensor) -> Tensor:
    return x.mean((0, 2), keepdim=True)


def _channel_deviation(x: Tensor) -> Tensor:
    return x.std((0, 2), keepdim=True)


def _each_its_own(of):
    """Every group of windows is scaled by itself: persons, arms, or the two sides."""

    def answer(windows, arm, test):
        group, found = of(arm, test), torch.zeros_like(windows)
        for g in group.unique():
            found[group == g] = (windows[group == g] - _channel_mean(windows[group == g])) / _channel_deviation(
                windows[group == g]
            )
        return found

    return answer


def _of_test_by_itself(windows, arm, test):
    """Training windows by those of training; tested windows by all."""
    tested = _is_in(arm // 2, test)
    found = _scaled()(windows, arm, test)
    found[tested] = _scaled(of="all")(windows, arm, test)[tested]
    return found


def _train_first(windows, arm, test):
    train, held_out = _sides(_is_in(arm // 2, test))
    return _scaled()(windows, arm, test)[torch.cat([train, held_out])]


def _test_on_its_own_mean(windows, arm, test):
    tested = _is_in(arm // 2, test)
    found = _scaled()(windows, arm, test)
    found[tested] -= _channel_mean(found[tested])
    return found


def _by_persons(windows, arm, test):
    seen = (arm // 2)[~_is_in(arm // 2, test)].unique()
    mean, deviation = (torch.stack([f(windows[arm // 2 == p]) for p in seen]).mean(0)
                       for f in (_channel_mean, _channel_deviation))  # fmt: skip
    return (windows - mean) / deviation


def _first_only(windows, arm, test):
    seen = windows[arm // 2 == (arm // 2)[~_is_in(arm // 2, test)].min()]
    return (windows - _channel_mean(seen)) / _channel_deviation(seen)


def _only(side: int):
    return lambda w, a, t: _scaled()(w, a, t)[_sides(_is_in(a // 2, t))[side]]


_LEAK = ("the mean and the deviation were computed with the windows of the tested people. That is the fourth leak: "
         "take them from the training windows alone.")  # fmt: skip
_ONE = "Take one mean and one deviation for each channel, over all training windows and samples."
SCALES = [
    (_scaled(of="all"), _LEAK),
    (_of_two("train", "all"), "the mean is that of the training windows, but the deviation was computed with the "
     "windows of the tested people, too. That is the fourth leak."),
    (_of_two("all", "train"), "the deviation is that of the training windows, but the mean was computed with the "
     "windows of the tested people, too. That is the fourth leak."),
    (_scaled(of="test"), "the mean and the deviation are those of the tested people. Take the training windows."),
    (_each_its_own(lambda a, t: _is_in(a // 2, t)), "the tested people are scaled by their own mean and deviation: "
     "those were computed from data of the test. The numbers of the training windows serve for all."),
    (_of_test_by_itself, _LEAK),
    (_each_its_own(lambda a, t: a // 2), f"each person is scaled alone, the tested ones, too. {_ONE}"),
    (_each_its_own(lambda a, t: a), f"each arm is scaled alone, those of the tested people, too. {_ONE}"),
    (lambda w, a, t: (w - w.mean(2, keepdim=True)) / w.std(2, keepdim=True), f"each window is scaled alone. {_ONE}"),
    (lambda w, a, t: (w - w.mean(2, keepdim=True)) / w.std(2, correction=0, keepdim=True), f"each window is scaled "
     f"alone. {_ONE}"),
    (_scaled(lambda x: x.mean(0), lambda x: x.std(0)), "each sample of a window has a mean and a deviation of its own. "
     f"{_ONE}"),
    (_scaled(lambda x: x.mean(0), lambda x: x.std(0, correction=0)), "each sample of a window has a mean and a "
     f"deviation of its own. {_ONE}"),
    (_scaled(lambda x: x.mean(), lambda x: x.std()), f"all channels have one mean and one deviation. {_ONE}"),
    (_scaled(lambda x: x.mean(), lambda x: x.std(), of="all"), f"all channels have one mean and one deviation, and the "
     f"windows of the tested people are in them. {_ONE}"),
    (_scaled(deviation=lambda x: x.var((0, 2), keepdim=True)), "it is divided by the variance. The deviation is its "
     "root."),
    (_scaled(deviation=lambda x: torch.ones(())), "the mean is taken off, but nothing is divided by the deviation."),
    (_scaled(mean=lambda x: torch.zeros(())), "it is divided by the deviation, but the mean is not taken off."),
    (_scaled(deviation=lambda x: x.std(2).mean(0).view(1, -1, 1)), "this is the mean of the deviations of single "
     f"windows. What windows differ by belongs to the deviation as well. {_ONE}"),
    (_scaled(deviation=lambda x: x.mean(2).std(0).view(1, -1, 1)), "this is the deviation of the means of windows. How "
     f"a window moves belongs to it as well. {_ONE}"),
    (_scaled(deviation=lambda x: _channel_deviation(x).clamp(min=1)), "a deviation below 1 is taken for 1. Only a "
     "deviation of 0 is replaced."),
    *((_scaled(deviation=lambda x, e=e: _channel_deviation(x) + e), f"{e} is added to the deviation, which changes "
       "what moves little. Replace the deviation where it is 0, and nowhere else.") for e in (1.0, 0.1, 1e-2, 1e-3)),
    (_scaled(lambda x: x.amin((0, 2), keepdim=True), lambda x: x.amax((0, 2), keepdim=True)
             - x.amin((0, 2), keepdim=True)), "it is scaled by the smallest and the largest value. Use mean and "
     "deviation."),
    (_scaled(deviation=lambda x: x.abs().amax((0, 2), keepdim=True)), "it is divided by the largest value. Use the "
     "deviation."),
    (_train_first, "the windows are scaled rightly, but stand in another order: training windows first. Keep the order "
     "in which they came."),
    (_only(0), "only the training windows are scaled. Give all windows, in the order in which they came."),
    (_only(1), "only the windows of the test are scaled. Give all windows, in the order in which they came."),
    (lambda w, a, t: w, "the windows are not scaled."),
    (_scaled(lambda x: x.mean((0, 1)), lambda x: x.std((0, 1))), "mean and deviation are those of each sample, over "
     f"all channels (axes 0 and 1). {_ONE}"),
    (_test_on_its_own_mean, "the mean that is taken off the windows of the tested people is their own. The mean of the "
     "training windows serves for all."),
    (_by_persons, f"means and deviations of single people are averaged. {_ONE}"),
    (_scaled(deviation=lambda x: x.square().mean((0, 2), keepdim=True).sqrt()), "it is divided by the root of the mean "
     "square. For the deviation the mean is taken off first."),
    (_scaled(lambda x: x.transpose(0, 1).flatten(1).median(1).values.view(1, -1, 1)), "the median is taken off. The "
     "mean is asked for."),
    *((_scaled(deviation=lambda x, n=n: _channel_deviation(x) / n(x) ** 0.5), "it is divided by the standard error of "
       "the mean. The deviation itself is asked for.") for n in (len, lambda x: x[:, 0].numel())),
    (_first_only, f"mean and deviation are those of one training person. {_ONE}"),
]  # fmt: skip
