"""The Bayes answer to a line, for who knows how lines are drawn. That to a smooth curve is `posterior`, beside
`GaussianProcess`."""

from __future__ import annotations

from torch import Tensor

from course_lib.tasks.lines import ridge


def bayes_line(x: Tensor, y: Tensor, noise: float, scale: float = 1.0) -> Tensor:
    """The mean of w, given the points, where y = x w + noise, and all is drawn as in `Lines`.

    The most probable w has the least `|x w - y|^2 / (2 noise^2) + |w|^2 / (2 scale^2)`. Times `2 noise^2` that is what
    ridge regression makes small, with a strength that nobody has to choose. For normal distributions the most probable
    w is the mean, too.

    Args:
        x: `[tasks, n, d]`.
        y: `[tasks, n, 1]`.
        noise: standard deviation of the noise, above 0.
        scale: standard deviation of each number of w, above 0.

    Returns: `[tasks, d, 1]`, in the dtype of x, the solution of `(x'x + (noise / scale)^2 I) w = x'y`.
    """
    return ridge(x, y, (noise / scale) ** 2)
