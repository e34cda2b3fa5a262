"""Matching Networks (Vinyals et al., NeurIPS 2016, arXiv:1606.04080)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.arguments import check_number, check_whole
from course_lib.learners.distances import nearness
from course_lib.learners.metric import MetricLearner, one_hot


def attention(queries: Tensor, points: Tensor, distance: str = "cosine", temperature: float | Tensor = 1.0) -> Tensor:
    """How much each query looks at each support example: the softmax of their nearness (section 2.1.1).

    Args:
        queries: `[tasks, n_query, features]`.
        points: `[tasks, n_support, features]`.
        distance: "cosine", as in the paper, or "euclidean", squared.
        temperature: nearness is divided by it first; the paper has none, which is 1.

    Returns: `[tasks, n_query, n_support]`; what a query gives to all examples sums to 1.
    """
    return (nearness(distance)(queries, points) / temperature).softmax(-1)


class MatchingNet(MetricLearner):
    """A query's label is a mean of the support labels, weighted by attention (equation 1): a soft nearest neighbour.

    Args:
        backbone: embeds images.
        distance, temperature: see `attention`. Cosines differ by 2 at most, so with temperature 1 attention is nearly
            even over many examples, and learning is slow.
        full_context: 0 embeds each image alone. A number gives *full-context embeddings* (appendix A): each support
            example is read in the company of the others (which makes their order matter a little), and each query
            looks at the support set so many times before it is compared.
        features: numbers in an embedding; read only with full context.

    Raises:
        ValueError: for an unknown distance, a temperature that is not above 0, or a task of one class.
    """

    def __init__(self, backbone: nn.Module, distance: str = "cosine", temperature: float = 1.0, full_context: int = 0,
                 features: int = 64):  # fmt: skip
        check_number(above=0, temperature=temperature)
        check_whole(features=features)
        check_whole(0, full_context=full_context)
        nearness(distance)  # refuses an unknown one now
        super().__init__(backbone, distance=distance, temperature=temperature, full_context=full_context,
                         features=features)  # fmt: skip
        self.context = FullContext(features, full_context) if full_context else None

    def remember(self, support_z: Tensor, support_y: Tensor, way: int) -> tuple[Tensor, Tensor]:
        """The embedded support set `[tasks, n_support, features]` and its labels, one-hot `[tasks, n_support, way]`."""
        if self.context:
            support_z = self.context.read_support(support_z)
        return support_z, one_hot(support_y, way, support_z.dtype)

    def compare(self, adapted: tuple[Tensor, Tensor], query_z: Tensor) -> Tensor:
        """Logarithms of equation 1's probabilities: `[tasks, n_query, way]`."""
        support_z, labels = adapted
        if self.context:
            query_z = self.context.read_query(query_z, support_z)
        looks = attention(query_z, support_z, self.config["distance"], self.config["temperature"])
        return (looks @ labels).clamp_min(torch.finfo(looks.dtype).tiny).log()  # log 0 would be -inf


class FullContext(nn.Module):
    """Embeddings that know the whole support set.

    Args:
        features: numbers in an embedding.
        steps: how many times a query looks at the support set.

    Source: appendices A.1 (queries, an LSTM with attention) and A.2 (support set, a bidirectional LSTM) of the paper.
    """

    def __init__(self, features: int, steps: int):
        super().__init__()
        self.features, self.steps = features, steps
        self.over_support = nn.LSTM(features, features, batch_first=True, bidirectional=True)
        # The paper gives the LSTM [h, r] as its state. What it reads enters the gates in the same way, by a matrix,
        # so r may be read beside the embedding.
        self.over_query = nn.LSTMCell(2 * features, features)

    def read_support(self, z: Tensor) -> Tensor:
        """`[tasks, n_support, features]`, each example with what the LSTM says of it in both directions added."""
        both, _ = self.over_support(z)  # [tasks, n_support, 2 * features]
        return both[..., : self.features] + both[..., self.features :] + z

    def read_query(self, z: Tensor, support_z: Tensor) -> Tensor:
        """`[tasks, n_query, features]`, each query after `steps` looks at the support set; queries do not meet."""
        tasks, n_query, features = z.shape
        x = z.reshape(-1, features)  # [tasks * n_query, features]
        h, c, read = torch.zeros_like(x), torch.zeros_like(x), torch.zeros_like(x)
        for _ in range(self.steps):
            h, c = self.over_query(torch.cat([x, read], 1), (h, c))
            h = h + x  # equation 4
            looks = h.view(tasks, n_query, features) @ support_z.transpose(1, 2)  # [tasks, n_query, n_support]
            read = (looks.softmax(-1) @ support_z).view(-1, features)  # equations 5 and 6
        return h.view(tasks, n_query, features)
