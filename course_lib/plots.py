"""Static figures, one look for the whole course. Imported only when something is drawn: matplotlib is slow to load."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor

#: Okabe and Ito's palette: told apart with every common kind of colour blindness.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

#: White paper and dark ink, so that a figure reads the same in a light and a dark theme.
STYLE = {
    "figure.facecolor": "white", "savefig.facecolor": "white", "figure.dpi": 110, "figure.constrained_layout.use": True,
    "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
    "axes.prop_cycle": plt.cycler(color=COLORS),
}  # fmt: skip


def new_figure(rows: int = 1, columns: int = 1, width: float = 7.0, height: float = 3.0, **options):
    """`plt.subplots` in the style of the course; sizes in inches. Returns `(figure, axes)`."""
    with plt.rc_context(STYLE):
        return plt.subplots(rows, columns, figsize=(width, height), **options)


def png(figure: Figure) -> bytes:
    """The figure as PNG bytes; the figure is closed."""
    with plt.rc_context(STYLE):
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.getvalue()


def show(figure: Figure, caption: str, alt: str | None = None):
    """Display a figure and its caption, with alternative text for those who cannot see it.

    Args:
        figure: closed afterwards.
        caption: what to see in the figure, in Markdown.
        alt: what the figure looks like; the caption when not given.
    """
    from IPython.display import display

    alt = alt or caption
    display({"image/png": png(figure), "text/plain": alt}, raw=True, metadata={"image/png": {"alt": alt}})
    _show_markdown(f"*{caption}*", caption)


def show_table(header, rows):
    """Display a table: `header` and each of `rows` hold as many texts (in Markdown) as there are columns."""
    lines = [header, ["---"] * len(header), *rows]
    table = "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
    _show_markdown(table, table)


def _show_markdown(text: str, plain: str):
    """Display Markdown with the same words beside it: GitLab and terminals show those (ipython #12895)."""
    from IPython.display import display

    display({"text/markdown": text, "text/plain": plain}, raw=True)


def plot_scores(results: dict, chance: float | None = None) -> Figure:
    """Mean score of each learner as a dot with its 95 % confidence interval, the best at the top.

    Args:
        results: a `Result` by the learner's name, all of one kind.
        chance: accuracy of guessing, a fraction, drawn as a line.
    """
    accuracies = all(result.is_classification for result in results.values())
    order = sorted(results, key=lambda name: results[name].mean, reverse=not accuracies)
    figure, ax = new_figure(height=0.6 + 0.4 * len(order))
    scale = 100 if accuracies else 1
    for row, name in enumerate(order):
        mean, half = scale * results[name].mean, scale * results[name].ci95
        ax.errorbar(mean, row, xerr=half, fmt="o", color=COLORS[0], capsize=4)
        text = f"{mean:.1f} ± {half:.1f}"
        ax.annotate(text, (mean, row), (0, 7), textcoords="offset points", ha="center", fontsize=9)
    if chance is not None:
        ax.axvline(scale * chance, color="grey", linestyle=":", label="chance")
        ax.legend(loc="lower right")
    ax.set_yticks(range(len(order)), order)
    ax.set(xlabel="accuracy, %" if accuracies else "mean squared error", ylim=(-0.5, len(order) - 0.3))
    ax.margins(x=0.12)
    return figure


def plot_history(history, ax=None) -> Figure:
    """Inner and outer loss by outer step, on a log scale, and the validation score on an axis of its own."""
    if ax is None:
        _, ax = new_figure(height=3.2)
    ax.plot(history.step, history.inner, color=COLORS[5], label="inner loss (support set)")
    ax.plot(history.step, history.outer, color=COLORS[0], label="outer loss (query set)")
    ax.set(xlabel="outer step", ylabel="loss")
    if min(history.inner + history.outer) > 0:
        ax.set_yscale("log")
    if history.validation:
        right = ax.twinx()
        right.spines["right"].set_visible(True)
        name = "accuracy" if history.higher_is_better else "mean squared error"
        right.plot(history.validation_step, history.validation, "o--", color=COLORS[1], label="validation")
        right.set_ylabel(f"meta-validation {name}")
        right.legend(loc="upper right")
    ax.legend(loc="upper left" if history.validation else "upper right")
    return ax.figure


def draw_images(ax, images: Tensor, gap: int = 2):
    """Draw images side by side, ink dark on light paper.

    Args:
        ax: a matplotlib axis.
        images: `[rows, columns, height, width]`, ink 1.0 on paper 0.0.
        gap: pixels between images.
    """
    ax.imshow(tile(images, gap), cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(False)


def tile(images: Tensor, gap: int = 2):
    """Many images as one, with grey between: `[rows, columns, h, w] -> [rows * (h + gap), columns * (w + gap)]`."""
    rows, columns, height, width = images.shape
    sheet = images.new_full((rows, height + gap, columns, width + gap), 0.15)
    sheet[:, :height, :, :width] = images.detach().transpose(1, 2)  # [rows, h, columns, w]
    return sheet.flatten(2).flatten(0, 1).cpu().numpy()
