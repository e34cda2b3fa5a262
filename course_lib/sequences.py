"""Backbones for sequences of whole numbers, such as the letters of words: `CharCNN`, `GRU`, `LSTM`, `Transformer`.

Sequences have unequal lengths, so a batch is padded: 0 stands behind the end of the shorter ones. None of these
networks feels padding: an embedding is the same with more of it, or with none.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from course_lib.arguments import check_whole


def masked_mean(values: Tensor, words: Tensor) -> Tensor:
    """The mean of what a network says of each letter, over the true letters of each word.

    Padding is no part of a word: the mean is the same however many places are filled up, and whatever `values` holds
    there (behind a softmax over nothing that is NaN).

    Args:
        values: `[..., length, features]`, floating point: some numbers for each place of each word.
        words: `[..., length]` int64: the number of the letter at each place, from 1; 0 is padding.

    Returns: `[..., features]`; zeros for a word without a letter. The dtype is that of `values`.
    """
    letter = (words != 0).unsqueeze(-1)  # [..., length, 1]
    total = values.masked_fill(~letter, 0).sum(-2)  # not a product with 0: NaN times 0 is NaN
    return total / letter.sum(-2).clamp(min=1)  # [..., features] / [..., 1]


def flipped(x: Tensor) -> Tensor:
    """Each sequence of `[n, length]` from its end to its beginning, with its padding still behind it.

    >>> flipped(torch.tensor([[3, 1, 2, 0], [5, 6, 0, 0]])).tolist()
    [[2, 1, 3, 0], [6, 5, 0, 0]]
    """
    last = (x > 0).sum(1, keepdim=True) - 1  # [n, 1]
    place = last - torch.arange(x.shape[1], device=x.device)  # [n, length], below 0 behind the end
    return x.gather(1, place.clamp(min=0)) * (place >= 0)


class _Sequences(nn.Module):
    """What the four share: a vector for each letter, one pooled vector for the whole sequence, and perhaps a head.

    Shapes: int64 `[n, length]` of 1 ... `letters`, 0 behind the end, `-> [n, features]`, or `[n, out]` with a head.
    """

    def __init__(self, letters: int, width: int, features: int, out: int | None, **more: int):
        check_whole(letters=letters, width=width, features=features)
        if out is not None:
            check_whole(out=out)
        super().__init__()
        self.config = {"letters": letters, "width": width, "features": features, "out": out, **more}
        self.table = nn.Embedding(letters + 1, width, padding_idx=0)

    def _finish(self):
        """The head comes last: it is what ANIL adapts."""
        out = self.config["out"]
        self.head = nn.Identity() if out is None else nn.Linear(self.config["features"], out)

    def states(self, x: Tensor) -> Tensor:
        """A vector for every place `[n, length, features]`. What it holds at padding does not matter."""
        raise NotImplementedError

    def pooled(self, states: Tensor, x: Tensor) -> Tensor:
        """One vector for the sequence: `[n, length, features] -> [n, features]`."""
        return masked_mean(states, x)

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim != 2 or x.dtype != torch.int64:
            raise ValueError(f"{type(self).__name__} expects whole numbers [n, length], int64 with 0 behind the end of "
                             f"a sequence, but got {x.dtype} {list(x.shape)}.")  # fmt: skip
        return self.head(self.pooled(self.states(x), x))


class CharCNN(_Sequences):
    """Two convolutions over the letters, then their mean and maximum over the word.

    Args:
        letters: how many there are; a sequence holds 1 ... letters.
        width: numbers in the vector of a letter.
        features: filters of each convolution, and numbers in an embedding.
        out: `None` gives the embedding; a number adds a linear head with that many outputs.
        window: letters that a filter sees, an odd number.

    Source: convolutions over characters as in Zhang, Zhao and LeCun 2015 (arXiv:1509.01626), much smaller.
    """

    def __init__(self, letters: int = 26, width: int = 32, features: int = 64, out: int | None = None, window: int = 3):
        check_whole(window=window)
        super().__init__(letters, width, features, out, window=window)
        self.first = nn.Conv1d(width, features, window, padding=window // 2)
        self.second = nn.Conv1d(features, features, window, padding=window // 2)
        self._finish()

    def states(self, x: Tensor) -> Tensor:
        """As in the base class. Each layer is masked: the next one would read what the last left at padding."""
        mask = (x > 0).unsqueeze(1)  # [n, 1, length]
        h = self.table(x).transpose(1, 2) * mask  # [n, width, length]
        h = self.first(h).relu() * mask  # [n, features, length]
        return self.second(h).relu().transpose(1, 2)

    def pooled(self, states: Tensor, x: Tensor) -> Tensor:
        """Mean plus maximum. ReLU leaves nothing below 0, so padding that is set to 0 is never the maximum."""
        return masked_mean(states, x) + (states * (x > 0).unsqueeze(-1)).amax(1)


class _Recurrent(_Sequences):
    """Read forwards by one layer and backwards by another; the embedding is the mean of their states over the letters.

    PyTorch's own `bidirectional=True` would begin to read backwards in the padding.
    """

    layer: type[nn.RNNBase]

    def __init__(self, letters: int = 26, width: int = 32, features: int = 64, out: int | None = None):
        check_whole(features=features)
        if features % 2:
            raise ValueError(f"features must be even, half for each direction, but it is {features}.")
        super().__init__(letters, width, features, out)
        self.forwards = self.layer(width, features // 2, batch_first=True)
        self.backwards = self.layer(width, features // 2, batch_first=True)
        self._finish()

    def states(self, x: Tensor) -> Tensor:
        """As in the base class; the halves of a place belong to different letters, which a mean does not feel."""
        there, _ = self.forwards(self.table(x))  # [n, length, features / 2]
        back, _ = self.backwards(self.table(flipped(x)))
        return torch.cat([there, back], -1)


class GRU(_Recurrent):
    """A gated recurrent network that reads a word in both directions; arguments as in `CharCNN`.

    Source: Cho et al. 2014 (arXiv:1406.1078), section 2.3.
    """

    layer = nn.GRU


class LSTM(_Recurrent):
    """A long short-term memory that reads a word in both directions; arguments as in `CharCNN`.

    Source: Hochreiter and Schmidhuber 1997 (Neural Computation 9(8)), with the forget gate of later work.
    """

    layer = nn.LSTM


class Transformer(_Sequences):
    """Layers of self-attention in which no letter sees padding; the embedding is the mean over the letters.

    Args:
        letters, out: as in `CharCNN`.
        width: numbers in the vector of a letter, in each layer and in the embedding.
        layers, heads: how many, and heads of attention in each; `width` is a multiple of `heads`.

    Source: Vaswani et al. 2017 (arXiv:1706.03762), section 3, normalised before each part.
    """

    def __init__(self, letters: int = 26, width: int = 64, out: int | None = None, layers: int = 2, heads: int = 4):
        check_whole(width=width, layers=layers, heads=heads)
        if width % (2 * heads):
            raise ValueError(f"width must be a multiple of 2 * heads = {2 * heads}, but it is {width}.")
        super().__init__(letters, width, width, out, layers=layers, heads=heads)
        del self.config["features"]
        self.body = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 2 * width, dropout=0.0, batch_first=True, norm_first=True)
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Identity() if out is None else nn.Linear(width, out)

    def states(self, x: Tensor) -> Tensor:
        """As in the base class. A sequence that is all padding sees its first place: a softmax of nothing is NaN."""
        h = self.table(x) + _places(x.shape[1], self.table.weight)  # [n, length, width]
        hidden = (x == 0) & (torch.arange(x.shape[1], device=x.device) > 0)
        for layer in self.body:
            h = layer(h, src_key_padding_mask=hidden)
        return self.norm(h)


def _places(length: int, like: Tensor) -> Tensor:
    """Sines and cosines of each place, `[length, width]`: section 3.5 of the paper."""
    half = like.shape[-1] // 2
    rates = torch.exp(torch.arange(half, device=like.device) * (-math.log(10_000) / half))
    angles = torch.arange(length, device=like.device).unsqueeze(1) * rates  # [length, half]
    return torch.cat([angles.sin(), angles.cos()], -1).to(like.dtype)
