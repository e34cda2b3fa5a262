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

    def __init__(self, letters: int, width: int, out: int | None, **more: int):
        check_whole(letters=letters, width=width, **more, **({} if out is None else {"out": out}))
        super().__init__()
        self.config = {"letters": letters, "width": width, "out": out, **more}
        self.table = nn.Embedding(letters + 1, width, padding_idx=0)

    def _end(self, features: int):
        """The head is defined last: so the inner loop of ANIL finds it."""
        self.head = nn.Identity() if self.config["out"] is None else nn.Linear(features, self.config["out"])

    def states(self, x: Tensor) -> Tensor:
        """A vector for every place, `[n, length] -> [n, length, features]`. What padding gets does not matter."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim != 2 or x.dtype != torch.int64:
            raise ValueError(f"{type(self).__name__} expects whole numbers [n, length], int64 with 0 behind the end of "
                             f"a sequence, but got {x.dtype} {list(x.shape)}.")  # fmt: skip
        return self.head(masked_mean(self.states(x), x))


class CharCNN(_Sequences):
    """Two convolutions over the letters; an embedding is their mean over the word plus their maximum.

    Args:
        letters: how many there are; a sequence holds 1 ... letters.
        width: numbers in the vector of a letter.
        features: filters of each convolution, and numbers in an embedding.
        out: `None` gives the embedding; a number adds a linear head with that many outputs.
        window: letters that a filter sees, an odd number.

    Source: convolutions over characters as in Zhang, Zhao and LeCun 2015 (arXiv:1509.01626), but far fewer.
    """

    def __init__(self, letters: int = 26, width: int = 32, features: int = 64, out: int | None = None, window: int = 3):
        super().__init__(letters, width, out, features=features, window=window)
        self.first = nn.Conv1d(width, features, window, padding=window // 2)
        self.second = nn.Conv1d(features, features, window, padding=window // 2)
        self._end(features)

    def states(self, x: Tensor) -> Tensor:
        """As in the base class, each with the maximum over the word added. Each layer is masked: the next one would
        read what it left at padding, and what is 0 there is never above the maximum, since ReLU gives nothing below."""
        real = (x > 0).unsqueeze(1)  # [n, 1, length]
        h = self.table(x).transpose(1, 2) * real  # [n, width, length]
        h = self.first(h).relu() * real  # [n, features, length]
        h = self.second(h).relu() * real
        return (h + h.amax(2, keepdim=True)).transpose(1, 2)  # the mean over letters leaves the maximum as it is


class _Recurrent(_Sequences):
    """Read forwards by one layer and backwards by another; the embedding is the mean of their states over the letters.

    PyTorch's own `bidirectional=True` would begin to read backwards in the padding.
    """

    layer: type[nn.RNNBase]

    def __init__(self, letters: int = 26, width: int = 32, features: int = 64, out: int | None = None):
        super().__init__(letters, width, out, features=features)
        if features % 2:
            raise ValueError(f"features must be even, half for each direction, but it is {features}.")
        self.forwards = self.layer(width, features // 2)
        self.backwards = self.layer(width, features // 2)
        self._end(features)

    def states(self, x: Tensor) -> Tensor:
        """As in the base class; the halves of a place belong to different letters, which a mean does not feel."""
        there, _ = self.forwards(self.table(x.T))  # [length, n, features / 2]
        back, _ = self.backwards(self.table(flipped(x).T))
        return torch.cat([there, back], -1).transpose(0, 1)


class GRU(_Recurrent):
    """A gated recurrent network (Cho et al. 2014, arXiv:1406.1078) in both directions; arguments as in `CharCNN`."""

    layer = nn.GRU


class LSTM(_Recurrent):
    """A long short-term memory (Hochreiter and Schmidhuber 1997, Neural Computation 9(8)) in both directions."""

    layer = nn.LSTM


class Transformer(_Sequences):
    """Layers of self-attention in which no letter sees padding; the embedding is the mean over the letters.

    Args:
        letters, out: as in `CharCNN`.
        width: numbers in the vector of a letter, in each layer and in the embedding; a multiple of 2 * `heads`.
        layers, heads: how many layers, and heads of attention in each.

    Source: Vaswani et al. 2017 (arXiv:1706.03762), section 3, but normalised before each part.
    """

    def __init__(self, letters: int = 26, width: int = 64, out: int | None = None, layers: int = 2, heads: int = 4):
        super().__init__(letters, width, out, layers=layers, heads=heads)
        if width % (2 * heads):
            raise ValueError(f"width must be a multiple of 2 * heads = {2 * heads}, but it is {width}.")
        layer = {"dropout": 0.0, "batch_first": True, "norm_first": True}
        self.body = nn.ModuleList(nn.TransformerEncoderLayer(width, heads, 2 * width, **layer) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self._end(width)

    def states(self, x: Tensor) -> Tensor:
        """As in the base class. A sequence that is all padding sees its first place: a softmax of nothing is NaN."""
        place = torch.arange(x.shape[1], device=x.device)
        half = self.table.embedding_dim // 2
        angles = place.unsqueeze(1) * torch.exp(place.new_tensor(range(half)) * (-math.log(10_000) / half))
        h = self.table(x)  # [n, length, width]
        h = h + torch.cat([angles.sin(), angles.cos()], -1).to(h)  # where each letter stands: section 3.5
        for layer in self.body:
            h = layer(h, src_key_padding_mask=(x == 0) & (place > 0))
        return self.norm(h)
