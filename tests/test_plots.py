"""Figures and the history that draws itself."""

import matplotlib
import torch

from course_lib import Episode, History, fit
from course_lib.evaluation import Result
from course_lib.learners import PrototypicalNet
from course_lib.models import MLP
from course_lib.plots import draw_images, new_figure, plot_scores, png, show, show_table, tile

matplotlib.use("Agg")


def a_history(validation=()):
    history = History()
    for step in (10, 20, 30):
        history.log(step, 1 / step, 2 / step, 1e-3, step / 10)
    for step, accuracy in zip((10, 20, 30), validation, strict=False):
        history.validate(step, Result(torch.tensor([accuracy]), torch.zeros(1), torch.zeros(1), torch.zeros(1)))
    return history


def test_history_draws_both_losses_and_the_validation():
    figure = a_history(validation=(0.5, 0.7, 0.6)).plot()
    left, right = figure.axes
    assert [line.get_label() for line in left.lines] == ["inner loss (support set)", "outer loss (query set)"]
    assert list(left.lines[1].get_ydata()) == [2 / 10, 2 / 20, 2 / 30] and left.get_xlabel() == "outer step"
    assert abs(right.lines[0].get_ydata()[1] - 0.7) < 1e-6 and "accuracy" in right.get_ylabel()
    assert png(figure)[:4] == b"\x89PNG"


def test_history_counts_validations_since_the_best():
    assert a_history().validations_since_best() == 0
    assert a_history((0.5, 0.7, 0.6)).validations_since_best() == 1
    assert a_history((0.7, 0.7, 0.7)).validations_since_best() == 2  # equal is not better
    assert "outer 0.067" in repr(a_history()) and repr(History()) == "History(no steps yet)"


def test_fit_returns_a_history_that_draws_itself():
    class Clouds:
        def sample(self, n, generator):
            y = torch.arange(2).expand(n, 2)
            x = torch.randn(n, 2, 3, generator=generator) + 2 * y.unsqueeze(-1)
            return Episode(x, y, x + 0.1, y)

    history = fit(PrototypicalNet(MLP((3, 2))), Clouds(), 20, log_every=5, device="cpu", progress=False)
    assert history.step == [5, 10, 15, 20] and len(history.plot().axes[0].lines) == 2


def test_show_gives_picture_alternative_text_and_caption(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda what, **more: shown.append((what, more)))
    figure, ax = new_figure()
    ax.plot([1, 2])
    show(figure, "A line rises.", alt="a rising line")
    (picture, more), (caption, _) = shown
    assert set(picture) == {"image/png", "text/plain"} and more["metadata"]["image/png"]["alt"] == "a rising line"
    assert caption == {"text/markdown": "*A line rises.*", "text/plain": "A line rises."}
    assert figure.number not in matplotlib.pyplot.get_fignums()  # closed: a loop over figures must not fill the memory


def test_tile_puts_images_side_by_side():
    images = torch.arange(6.0).view(2, 3, 1, 1).expand(2, 3, 4, 5)
    sheet = tile(images, gap=1)
    assert sheet.shape == (10, 18)
    assert sheet[0, 0] == 0 and sheet[0, 6] == 1 and sheet[5, 12] == 5 and abs(sheet[4, 0] - 0.15) < 1e-6
    _, ax = new_figure()
    draw_images(ax, images)
    assert len(ax.images) == 1 and not ax.get_xticks().size


def test_scores_are_drawn_best_at_the_top_with_their_intervals():
    def result(*scores):
        return Result(torch.tensor(scores), *[torch.zeros(len(scores))] * 3)

    figure = plot_scores({"good": result(0.8, 1.0), "bad": result(0.3, 0.3), "middle": result(0.5, 0.7)}, chance=0.2)
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["bad", "middle", "good"]
    assert [text.get_text() for text in ax.texts] == ["30.0 ± 0.0", "60.0 ± 19.6", "90.0 ± 19.6"]
    assert ax.get_xlabel() == "accuracy, %" and png(figure)[:4] == b"\x89PNG"
    errors = {"far": Result(torch.tensor([4.0, 4.0]), torch.zeros(2)), "near": Result(torch.ones(2), torch.zeros(2))}
    (ax,) = plot_scores(errors).axes  # of errors, the smallest is the best
    assert [label.get_text() for label in ax.get_yticklabels()] == ["far", "near"]


def test_a_table_is_shown_as_markdown_with_the_same_text_beside_it(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda what, **_: shown.append(what))
    show_table(["a", "b"], [["x", 1], ["y", 2]])
    table = "| a | b |\n| --- | --- |\n| x | 1 |\n| y | 2 |"
    assert shown == [{"text/markdown": table, "text/plain": table}]
