"""What `check` looks at in `normalise_by` of lesson 04, and which mistakes it knows."""

from __future__ import annotations

import torch

from course_lib.compute.batch_norm import normalise, normalise_by
from course_lib.exercises.demands import also
from course_lib.exercises.engine import compare

_G = torch.Generator().manual_seed(4)


def _draw(*shape: int):
    return torch.randn(*shape, generator=_G)


def _layer(channels: int):
    return _draw(channels), _draw(channels)


_MAPS = {
    "maps of four channels, 4 x 4": (_draw(5, 4, 4, 4), 2 * _draw(7, 4, 4, 4) + 1, *_layer(4), 0.3),
    "maps of three channels, 4 x 5": (_draw(5, 3, 4, 5), 2 * _draw(25, 3, 4, 5) + 1, *_layer(3), 0.1),
    "maps of two channels, 3 x 5": (_draw(4, 2, 3, 5) - 1, _draw(1, 2, 3, 5), *_layer(2), 1e-5),
    "outputs of a linear layer, without height and width": (_draw(10, 6), _draw(3, 6), *_layer(6), 0.1),
    "one axis after the channels": (_draw(3, 2, 9), _draw(5, 2, 9) + 1, *_layer(2), 0.2),
}
_FAR = {
    "values around 1000": (1000 + _draw(5, 3, 4, 4), 1000 + _draw(6, 3, 4, 4), torch.ones(3), torch.full((3,), 10.0),
                           1e-5),
}  # fmt: skip


def _all_but_channels(t):
    return [i for i in range(t.ndim) if i != 1]


def _line_up(v, x):
    """`[channels]` beside `x` `[n, channels, ...]`."""
    return v.view(1, -1, *[1] * (x.ndim - 2))


def _by(message: str, axes=_all_but_channels, mean=lambda r, x: r, var=lambda r, x: r, correction=0, lead=_line_up,
        root=lambda v, e: (v + e).sqrt(), out=lambda z, w, b: z * w + b, value=lambda r, x: x):  # fmt: skip
    """A mistake: batch norm with one thing otherwise."""

    def wrong(r, x, w, b, eps):
        m = mean(r, x).mean(axes(mean(r, x)), keepdim=True)
        v = var(r, x).var(axes(var(r, x)), correction=correction, keepdim=True)
        z = (value(r, x) - m) / root(v, eps)
        return out(z, lead(w, x), lead(b, x))

    return wrong, message


def _both(r, x):
    return torch.cat([r, x])


def _x(r, x):
    return x


def _within(r, x, w, b, e):
    """The variance inside each image, and then its mean."""
    flat = r.flatten(2) if r.ndim > 2 else r.unsqueeze(2)  # [m, channels, pixels]
    return normalise(x, flat.mean((0, 2)), flat.var(2, correction=0).mean(0), w, b, e)


def _between(r, x, w, b, e):
    """The variance of the images' means."""
    flat = r.flatten(2) if r.ndim > 2 else r.unsqueeze(2)
    return normalise(x, flat.mean((0, 2)), flat.mean(2).var(0, correction=0), w, b, e)


_OWN = "x is normalised by its own statistics, so each query depends on the other queries. Use those of `reference`."
_PIXELS = "mean and variance are taken over the images only. A channel has one mean: average over height and width too."
_NO_CHANNELS = "mean and variance are taken over everything. Each channel has its own: leave axis 1 out."
_MISTAKES = [
    _by(_OWN, mean=_x, var=_x),
    _by(_OWN, mean=_x, var=_x, correction=1),
    _by("the statistics are those of `reference` and x together. Queries must not take part: use `reference` alone.",
        mean=_both, var=_both),
    _by("the mean is that of `reference`, but the variance is that of x. Take both from `reference`.", var=_x),
    _by("the variance is that of `reference`, but the mean is that of x. Take both from `reference`.", mean=_x),
    (lambda r, x, w, b, e: normalise_by(r, r, w, b, e), "it normalises `reference`. Return x, normalised by the "
                                                        "statistics of `reference`."),
    (lambda r, x, w, b, e: normalise_by(x, r, w, b, e), "x and `reference` are exchanged. Return x, normalised by the "
                                                        "statistics of `reference`."),
    _by(_PIXELS, axes=lambda t: [0]),
    _by(_PIXELS, axes=lambda t: [0], correction=1),
    _by(_NO_CHANNELS, axes=lambda t: list(range(t.ndim))),
    _by(_NO_CHANNELS, axes=lambda t: list(range(t.ndim)), correction=1),
    (_within, "the variance is taken inside each image, and then averaged. How the images differ from one another "
              "counts too: take it over all images and pixels of a channel at once."),
    (_between, "the variance is that of the images' means. How pixels differ inside an image counts too: take it over "
               "all images and pixels of a channel at once."),
    _by("the variance is the one that divides by n - 1. Batch norm divides by n: var(..., correction=0).",
        correction=1),
    _by("eps stands outside the root. It is added to the variance: sqrt(var + eps).", root=lambda v, e: v.sqrt() + e),
    _by("eps stands outside the root, and the variance is the one that divides by n - 1: sqrt(var + eps) with "
        "var(..., correction=0).", root=lambda v, e: v.sqrt() + e, correction=1),
    _by("it divides by the variance. Divide by its square root.", root=lambda v, e: v + e),
    _by("it multiplies by the standard deviation. Divide by it.", root=lambda v, e: 1 / (v + e).sqrt()),
    _by("each example is normalised by its own mean and variance, over all channels. Take those of `reference`, for "
        "each channel.", axes=lambda t: list(range(1, t.ndim)), mean=_x, var=_x),
    _by("each example is normalised by its own mean and variance. Take those of `reference`, over all its examples.",
        axes=lambda t: list(range(2, t.ndim)), mean=_x, var=_x),
    *(_by("eps is not used, or a number stands in its place: use the argument `eps`.",
          root=lambda v, e, eps=eps: (v + eps).sqrt()) for eps in (0, 1e-8, 1e-6, 1e-5, 1e-3)),
    _by("eps is squared. It is added to the variance as it is.", root=lambda v, e: (v + e**2).sqrt()),
    _by("it does not divide by the standard deviation.", root=lambda v, e: 1.0),
    _by("the mean is not subtracted from x.", mean=lambda r, x: torch.zeros_like(r)),
    _by("`weight` is not used: multiply each channel by its own.", out=lambda z, w, b: z + b),
    _by("`bias` is not used: add each channel's own.", out=lambda z, w, b: z * w),
    _by("`weight` and `bias` are not used.", out=lambda z, w, b: z),
    _by("the bias is multiplied by the weight. Add it last.", out=lambda z, w, b: (z + b) * w),
    _by("`weight` and `bias` are exchanged.", out=lambda z, w, b: z * b + w),
    _by("the bias is subtracted. Add it.", out=lambda z, w, b: z * w - b),
    _by("it divides by `weight`. Multiply by it.", out=lambda z, w, b: z / w + b),
    _by("`weight` and `bias` go along the last axis of x. They belong to the channels, axis 1: .view(1, -1, 1, 1) "
        "lines them up for images.", lead=lambda v, x: v),
]  # fmt: skip


def judge_norm(call):
    """`normalise_by`: images, and any other number of axes after the channels."""
    compare(call, normalise_by, _MAPS, _MISTAKES)
    also(call, normalise_by, _FAR, "They are far from 0 beside how much they vary, and the mean of squares minus the "
         "square of the mean is then a small difference of two large numbers, of which few digits are left. Subtract "
         "the mean first, or use var.")  # fmt: skip
