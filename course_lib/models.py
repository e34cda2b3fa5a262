"""Backbones: the networks whose weights are meta-learned."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_whole
from course_lib.compute.over_tasks import all_at_once


class MLP(nn.Sequential):
    """A multilayer perceptron with ReLU between its layers.

    Args:
        sizes: widths from input to output, e.g. `(1, 40, 40, 1)`, the sinusoid network of
            Finn et al. 2017 (arXiv:1703.03400), section 5.1.

    Shapes: `[..., sizes[0]] -> [..., sizes[-1]]`.
    """

    def __init__(self, sizes=(1, 40, 40, 1)):
        if not isinstance(sizes, list | tuple) or len(sizes) < 2:
            raise ValueError(f"sizes must be two widths or more, such as (1, 40, 40, 1), but it is {sizes!r}.")
        check_whole(**{f"sizes[{i}]": size for i, size in enumerate(sizes)})
        layers = []
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
            layers += [nn.Linear(n_in, n_out), nn.ReLU()]
        super().__init__(*layers[:-1])  # no ReLU after the last layer
        self.config = {"sizes": list(sizes)}


class Conv4(nn.Sequential):
    """Four blocks of 3x3 convolution, batch normalisation, ReLU and 2x2 max pooling.

    Args:
        channels: filters in every block (64 in the metric-learning papers, 32 in some MAML runs).
        in_channels: 1 for grey images, 3 for colour.
        size: height and width of the images in pixels.
        out: `None` gives the flattened features (an embedding); a number adds a linear head with that many outputs.
        maps: give feature maps in place of a flat embedding, `[n, channels, 5, 5]` for 28 x 28 images: only the first
            two blocks pool, and they have no padding. The backbone of relation networks (Sung et al. 2018,
            arXiv:1711.06025, section 3.4).
        chunk: `None` runs all images at once, as in the papers. A number runs them in chunks of about that many, which
            a CPU's cache likes (twice as fast for hundreds of images). In training, batch normalisation then uses
            the statistics of a chunk: "ghost batch normalisation", Hoffer et al. 2017 (arXiv:1705.08741).

    Shapes: `[n, in_channels, size, size] -> [n, channels * (size // 16) ** 2]`; or `[n, out]` with a head; or maps.
    For 28 x 28 images and 64 channels the embedding has 64 numbers.

    Source: Vinyals et al. 2016 (arXiv:1606.04080), section 4.1; the same network in Snell et al. 2017
    (arXiv:1703.05175), section 3, and Finn et al. 2017 (arXiv:1703.03400), section 5.2.
    """

    def __init__(self, channels: int = 64, in_channels: int = 1, size: int = 28, out: int | None = None,
                 chunk: int | None = None, maps: bool = False):  # fmt: skip
        check_whole(channels=channels, in_channels=in_channels, size=size)
        check_whole(**{name: value for name, value in (("out", out), ("chunk", chunk)) if value is not None})
        self.config = {"channels": channels, "in_channels": in_channels, "size": size, "out": out, "chunk": chunk}
        if maps:
            if out is not None:
                raise ValueError("a head needs flat features: give out or maps, not both.")
            self.config["maps"] = True
        features = channels * (size // 16) ** 2
        if features == 0:
            raise ValueError(f"size must be at least 16 pixels: Conv4 halves an image four times; it is {size}.")
        blocks = [_block(in_channels if i == 0 else channels, channels, maps and i < 2, maps and i >= 2)
                  for i in range(4)]  # fmt: skip
        flat = [] if maps else [nn.Flatten()]
        head = [] if out is None else [nn.Linear(features, out)]
        super().__init__(*blocks, *flat, *head)
        # The same numbers in another order in memory: 1.5 to 2.5 times faster on a CPU.
        self.to(memory_format=torch.channels_last)

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim != 4 or x.shape[1] != self.config["in_channels"]:
            raise ValueError(
                f"Conv4 expects images [n, {self.config['in_channels']}, height, width], but got {list(x.shape)}."
            )
        size, (height, width) = self.config["size"], x.shape[2:]
        if self.config["out"] is not None and (height // 16) * (width // 16) != (size // 16) ** 2:
            raise ValueError(f"this Conv4 was built for images of {size} x {size} pixels, but got {height} x {width}: "
                             f"resize them, or build Conv4(size={height}, ...).")  # fmt: skip
        if not all_at_once(self):  # vmap knows no order in memory
            # `contiguous` would let one-channel images be: after a step of MAML all layers then ran in the slow order.
            x = x.to(memory_format=torch.channels_last)
        chunk = self.config["chunk"]
        n = round(len(x) / chunk) if chunk else 0
        if n < 2:
            return super().forward(x)
        # Every n-th image, so that each chunk holds a share of every class (an episode is ordered by class).
        parts = [super(Conv4, self).forward(x[i::n]) for i in range(n)]
        place = torch.cat([torch.arange(i, len(x), n, device=x.device) for i in range(n)])
        return torch.cat(parts)[place.argsort()]  # back in the order of x


class HalfSize(nn.Module):
    """2x2 max pooling that can be differentiated twice on every device, as MAML asks for.

    `nn.MaxPool2d(2)` gives the same, but on an Apple GPU only its first derivative: there it forgets where the maxima
    were (pytorch/pytorch #88893), unless it is asked for their places.

    Shapes: `[n, channels, height, width] -> [n, channels, height // 2, width // 2]`.
    """

    def forward(self, x: Tensor) -> Tensor:
        """The largest of each square of four."""
        return F.max_pool2d(x, 2, return_indices=True)[0]


def _block(n_in: int, n_out: int, narrow: bool, flat: bool) -> nn.Sequential:
    # ReLU and max pooling commute (both keep order), so pooling first gives the same
    # numbers as the papers' order and leaves ReLU a quarter of the work.
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, 3, padding=0 if narrow else 1),  # [n, n_out, h, w], or 2 less without padding
        nn.BatchNorm2d(n_out),
        nn.Identity() if flat else HalfSize(),  # [n, n_out, h // 2, w // 2]
        nn.ReLU(),
    )
