"""In-context learning: a small Transformer reads the support set and answers; no weight changes at test time."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_whole
from course_lib.episode import Episode
from course_lib.learners.base import Learner, check_pixels, check_queries, check_support, loss_of
from course_lib.learners.metric import one_hot


class ReadingBlock(nn.Module):
    """A layer of the Transformer: each token looks at the support tokens, then is changed on its own.

    A token asks with its own query vector; keys and values are those of the support set alone. So support tokens see
    one another, and a query sees the support set, no other query, and not itself. There are no positions: the support
    set is a set.

    Args:
        width: numbers in a token.
        heads: how many times a token looks, each with a part of the width.

    Source: Vaswani et al. 2017 (arXiv:1706.03762), sections 3.1 and 3.2; the norm comes first in each half, which
    trains without a slow start.
    """

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm, self.norm_after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ask_and_offer = nn.Linear(width, 3 * width)  # queries, keys and values in one matrix
        self.join = nn.Linear(width, width)  # what the heads found
        self.alone = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def look(self, tokens: Tensor, n_support: int) -> Tensor:
        """Attention, `softmax(q k / sqrt(d)) v` in every head: `[tasks, n, width]`, the support set first, to the same
        shape. In each head a query vector has `d = width / heads` numbers."""
        parts = self.ask_and_offer(tokens).unflatten(-1, (3, self.heads, -1))  # [tasks, n, 3, heads, d]
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # [tasks, heads, n, d] each
        found = F.scaled_dot_product_attention(q, k[:, :, :n_support], v[:, :, :n_support])  # [tasks, heads, n, d]
        return self.join(found.transpose(1, 2).flatten(2))  # [tasks, n, width]

    def forward(self, tokens: Tensor, n_support: int) -> Tensor:
        """`[tasks, n, width]` to the same shape; the first `n_support` tokens are the support set."""
        tokens = tokens + self.look(self.norm(tokens), n_support)
        return tokens + self.alone(self.norm_after(tokens))


class Reader(Learner):
    """What learners that read have in common: adapting begins with the support pairs as numbers.

    Args:
        backbone: embeds examples; without one they are read as they are.
        inputs: numbers in an example, or in its embedding.
        outputs: numbers in a real target; or, for labels, how many classes a task has at most. A label is read as a
            one-hot vector of that length, so classes have places in the network, and only training on dealt labels
            teaches it that names do not matter.
        config: arguments of the subclass, to be kept.
    """

    def __init__(self, backbone: nn.Module | None, inputs: int, outputs: int, **config):
        check_whole(inputs=inputs, outputs=outputs)
        super().__init__(backbone, inputs=inputs, outputs=outputs, **config)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> tuple[Tensor, Tensor]:
        """The support pairs: examples `[tasks, n_support, inputs]`, and targets as they are read, `[tasks, n_support,
        outputs]`: real ones as they are, labels one-hot."""
        check_support(support_x, support_y, way)
        outputs = self.config["outputs"]
        if support_y.is_floating_point():
            if support_y.shape[2:] != (outputs,):
                raise ValueError(f"this reader was built for targets of {outputs} numbers, [tasks, n, {outputs}], but "
                                 f"they are {list(support_y.shape)}.")  # fmt: skip
            return self.examples(support_x), support_y
        way = int(support_y.max()) + 1 if way is None else way
        x, places = self.examples(support_x), self.places(way)
        if way > places:
            raise ValueError(f"this reader has places for {places} classes, too few for a {way}-way task: build it "
                             f"with outputs={way} and train it.")  # fmt: skip
        return x, one_hot(support_y, places, x.dtype)

    def places(self, way: int) -> int:
        """How long the one-hot vector of a label is, in a task of `way` classes."""
        return self.config["outputs"]

    def examples(self, x: Tensor) -> Tensor:
        """Examples as they are read: `[tasks, n, ...] -> [tasks, n, inputs]`."""
        if self.backbone is None:
            check_pixels(x=x)
        x = (x if self.backbone is None else self.embed(x)).flatten(2)
        if x.shape[-1] != self.config["inputs"]:
            raise ValueError(f"this reader was built for examples of {self.config['inputs']} numbers, but they have "
                             f"{x.shape[-1]}: build it with inputs={x.shape[-1]} and train it.")  # fmt: skip
        return x

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """As in `Learner`, but there is no inner loop, so both are the loss on the query set."""
        adapted = self.adapt(episode.support_x, episode.support_y, episode.way)
        outer = self.loss(adapted, episode)
        return outer.detach(), outer

    def loss(self, adapted, episode: Episode) -> Tensor:
        """The outer loss."""
        return loss_of(self.predict(adapted, episode.query_x), episode.query_y, episode.way)


class InContext(Reader):
    """Adapting is keeping the support pairs, predicting is reading them: what is learned is how to read.

    A token is a pair (x, y) and a sign: 0 for a support pair, 1 for a query, whose y is unknown and written as 0.
    The order of the support set does not matter, and queries do not feel one another.

    Args:
        backbone, inputs, outputs: see `Reader`.
        width, layers, heads: of the Transformer.
        spread: answer with a normal distribution, its mean and its spread, and learn by its likelihood. `predict` still
            gives the mean, which `evaluate` judges; `distribution` gives both. For real targets.
        each_class: for labels: read the support set once for each class, with 1 for its examples and 0 for all others,
            and score the class by the answer (outputs=1). Slower by the number of classes; then any number of them
            will do, and renaming classes renames the answers exactly.

    Raises:
        ValueError: for sizes that do not fit.

    Source: trained over functions of a class to read one of them, Garg et al. 2022 (arXiv:2208.01066), figure 1, whose
    Transformer reads a sequence. That the support set is a set, and no query sees another, is as in the networks of
    Müller et al. 2022 (arXiv:2112.10510) and in the code of TabPFN, where a query looks at itself as well.
    """

    def __init__(self, backbone: nn.Module | None = None, inputs: int = 1, outputs: int = 1, width: int = 48,
                 layers: int = 3, heads: int = 4, spread: bool = False, each_class: bool = False):  # fmt: skip
        check_whole(width=width, layers=layers, heads=heads)
        if width % heads:
            raise ValueError(f"each head has a part of the width, but {width} cannot be divided by {heads} heads.")
        if each_class and (spread or outputs != 1):
            raise ValueError("with each_class the network answers with one number a class: outputs must be 1, and "
                             "there is no spread.")  # fmt: skip
        super().__init__(backbone, inputs, outputs, width=width, layers=layers, heads=heads, spread=spread,
                         each_class=each_class)  # fmt: skip
        self.read = nn.Linear(inputs + outputs + 1, width)
        self.blocks = nn.ModuleList(ReadingBlock(width, heads) for _ in range(layers))
        self.norm, self.answer = nn.LayerNorm(width), nn.Linear(width, outputs * (1 + spread))

    def places(self, way: int) -> int:
        """As in `Reader`; with `each_class` as many as there are classes."""
        if self.config["spread"]:
            raise ValueError("a spread is for real targets; labels get scores: build the reader without spread.")
        return way if self.config["each_class"] else self.config["outputs"]

    def predict(self, adapted: tuple[Tensor, Tensor], query_x: Tensor) -> Tensor:
        """Real predictions `[tasks, n_query, outputs]`, with `spread` the means; or scores `[tasks, n_query, way]`."""
        return self._answer(adapted, query_x)[..., : adapted[1].shape[-1]]

    def distribution(self, adapted: tuple[Tensor, Tensor], query_x: Tensor) -> tuple[Tensor, Tensor]:
        """The mean and the spread (standard deviation, above 0) of each answer, `[tasks, n_query, outputs]` each.

        Raises:
            ValueError: without `spread`.
        """
        if not self.config["spread"]:
            raise ValueError("this reader answers with a mean alone: build it with spread=True and train it.")
        mean, log_spread = self._answer(adapted, query_x).chunk(2, -1)
        return mean, log_spread.exp()

    def loss(self, adapted: tuple[Tensor, Tensor], episode: Episode) -> Tensor:
        """As in `Reader`; with `spread`, the mean `surprise`."""
        if self.config["spread"]:
            return surprise(*self.distribution(adapted, episode.query_x), episode.query_y).mean()
        return super().loss(adapted, episode)

    def _answer(self, adapted: tuple[Tensor, Tensor], query_x: Tensor) -> Tensor:
        """What the last layer says: `[tasks, n_query, outputs]`, twice as many with `spread`."""
        x, y = adapted
        check_queries(query_x)
        queries = self.examples(query_x)
        if self.config["each_class"] and y.shape[-1] > 1:
            way = y.shape[-1]
            x, queries = (part.repeat_interleave(way, 0) for part in (x, queries))  # [tasks * way, n, inputs]
            each = y.mT.flatten(0, 1).unsqueeze(-1)  # [tasks * way, n_support, 1]: is it of this class?
            return self._read(x, each, queries).unflatten(0, (-1, way)).squeeze(-1).mT  # [tasks, n_query, way]
        return self._read(x, y, queries)

    def _read(self, x: Tensor, y: Tensor, queries: Tensor) -> Tensor:
        """One pass over support pairs and queries: `[tasks, n_query, outputs]`, twice as many with `spread`."""
        n_support = x.shape[1]
        known = torch.cat([x, y, torch.zeros_like(x[..., :1])], -1)  # [tasks, n_support, inputs + outputs + 1]
        unknown = y.new_zeros(*queries.shape[:2], y.shape[-1])
        asked = torch.cat([queries, unknown, torch.ones_like(queries[..., :1])], -1)  # [tasks, n_query, the same]
        tokens = self.read(torch.cat([known, asked], 1))  # [tasks, n_support + n_query, width]
        for block in self.blocks:
            tokens = block(tokens, n_support)
        return self.answer(self.norm(tokens[:, n_support:]))


def surprise(mean: Tensor, spread: Tensor, y: Tensor) -> Tensor:
    """The negative log-likelihood of `y`, in nats, under normal distributions; all of one shape."""
    return 0.5 * ((y - mean) / spread).square() + spread.log() + 0.5 * math.log(2 * math.pi)
