"""A baseline at its best rate: what is out, how far the grid goes on, and who is asked what."""

import pytest
import torch

from course_lib.lessons.lesson14.fair_baseline import tuned_baseline


class Asked:
    """Losses as a function of the logarithm of the rate, for problems with a best rate of their own; and who asked."""

    def __init__(self, diverges=lambda problem, rate: False):
        self.asked, self._diverges = [], diverges

    def __call__(self, problems, rates):
        self.asked.append((problems, rates.tolist()))
        rows = [
            [float("nan") if self._diverges(p, r) else (torch.log2(r) - p) ** 2 + 1 for p in problems] for r in rates
        ]
        return torch.tensor(rows)


RATES = 2.0 ** torch.arange(-2, 3)


def test_it_takes_the_best_on_average_and_asks_the_judging_problems_once():
    ends = Asked()
    rate, losses = tuned_baseline(ends, (-1.0, 0.0, 1.3), (2.0, 0.0), RATES)
    assert rate == 1 and losses.tolist() == [5, 1]
    assert ends.asked == [((-1.0, 0.0, 1.3), RATES.tolist()), ((2.0, 0.0), [1.0])]


def test_a_rate_with_one_training_out_of_bounds_is_out():
    ends = Asked(lambda problem, rate: problem == 1.3 and rate >= 1)
    assert tuned_baseline(ends, (-1.0, 0.0, 1.3), (2.0,), RATES)[0] == 0.5


@pytest.mark.parametrize("best", (5, -6, 2, -2))
def test_the_grid_goes_on_where_its_end_is_best(best):
    ends = Asked()
    rate, losses = tuned_baseline(ends, (float(best),), (0.0, 1.0), RATES)
    assert rate == 2.0**best and len(losses) == 2
    assert max(abs(torch.tensor([rate]).log2().item()) for _, rates in ends.asked for rate in rates) == abs(best) + 1


def test_it_stops_where_the_next_rate_diverges():
    ends = Asked(lambda problem, rate: rate > 9)
    assert tuned_baseline(ends, (5.0,), (0.0,), RATES)[0] == 8
