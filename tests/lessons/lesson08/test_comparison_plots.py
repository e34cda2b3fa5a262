"""Figures that compare learners say what the numbers say."""

import matplotlib
import pytest
import torch

from course_lib.lessons.lesson08.calibration import reliability
from course_lib.lessons.lesson08.comparison_plots import plot_differences, plot_errors, plot_reliability
from course_lib.plots import COLORS, png

matplotlib.use("Agg")


def test_only_differences_beyond_their_interval_are_coloured():
    generator = torch.Generator().manual_seed(0)
    ease, noise = torch.rand(2, 200, generator=generator) / 2
    figure = plot_differences({"worse": ease, "better": ease + 0.1, "same": ease + (noise - noise.mean()) / 50})
    (ax,) = figure.axes
    colored = ax.images[0].get_array()  # the best is row 0
    assert [t.get_text().split()[0] for t in ax.get_yticklabels()][0] == "better"
    assert colored[0, 1] == pytest.approx(10, abs=1e-4) and colored[1, 0] == pytest.approx(-10, abs=1e-4)
    assert colored[1, 2] == colored[2, 1] == 0
    texts = {t.get_text(): t.get_color() for t in ax.texts}
    assert texts["+10.0"] == "black" and texts["0.0"] == "0.55"
    assert png(figure)[:4] == b"\x89PNG"


def test_reliability_has_a_dot_for_each_bin_that_is_not_empty():
    confidence = torch.tensor([0.95, 0.95, 0.55, 0.65])
    bins = reliability(confidence, torch.tensor([True, False, True, True]))
    figure = plot_reliability({f"learner {i}": bins for i in range(5)})
    ax = figure.axes[0]
    dots = torch.as_tensor(ax.collections[0].get_offsets())
    assert torch.allclose(dots, torch.tensor([[0.55, 1], [0.65, 1], [0.95, 0.5]]).to(dots))
    assert f"{100 * bins.ece:.1f} points" in ax.get_title() and sum(a.get_visible() for a in figure.axes) == 5
    assert png(figure)[:4] == b"\x89PNG"


def test_errors_are_in_order_and_only_measured_ones_have_intervals():
    figure = plot_errors({"ours": (12.0, 3.5), "pixels": (70.0, 4.0)}, {"people": 4.5})
    (ax,) = figure.axes
    assert [t.get_text() for t in ax.get_yticklabels()] == ["pixels", "ours", "people"]
    assert [t.get_text() for t in ax.texts] == ["70.0 ± 4.0", "12.0 ± 3.5", "4.5"]
    markers = [c[0].get_color() for c in ax.containers]
    assert markers == [COLORS[0], COLORS[0], COLORS[1]] and ax.get_xlabel() == "error, %"
    assert png(figure)[:4] == b"\x89PNG"
