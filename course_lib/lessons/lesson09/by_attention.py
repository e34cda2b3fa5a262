"""Who looks at whom in a context; and a layer of linear attention that is a step of gradient descent."""

from __future__ import annotations

import torch
from torch import Tensor


def context_mask(n_support: Tensor, n_query: int) -> Tensor:
    """Which token may look at which, where tasks have different numbers of support pairs.

    The tokens of a task: its support pairs; behind them padding, up to the largest number of pairs; then the queries.
    All look at the support pairs of their task, and at nothing else: nobody looks at padding or at a query.

    Args:
        n_support: `[tasks]`, int64, 1 or more.
        n_query: queries of every task.

    Returns: `[tasks, n, n]`, bool, with `n = max(n_support) + n_query`; True where the token of the row may look at
        that of the column, as `scaled_dot_product_attention` reads it.
    """
    n = int(n_support.max()) + n_query
    seen = torch.arange(n, device=n_support.device) < n_support.unsqueeze(1)  # [tasks, n]
    return seen.unsqueeze(1).expand(-1, n, -1).clone()


def linear_attention(tokens: Tensor, n_support: int, W_K: Tensor, W_Q: Tensor, W_V: Tensor) -> Tensor:
    """Attention without the softmax: to every token is added the mean, over the support pairs, of
    (key of the pair · query of the token) * value of the pair.

    Args:
        tokens: `[tasks, n, width]`, the support pairs first.
        n_support: how many tokens are support pairs: only they are looked at.
        W_K, W_Q, W_V: `[width, width]`. The key of a token is `W_K @ token`; its query and its value likewise.

    Returns: `[tasks, n, width]`.

    Source: von Oswald et al. 2023 (arXiv:2212.07677), who write such a layer's weights by hand.
    """
    support = tokens[:, :n_support]
    keys, values = support @ W_K.mT, support @ W_V.mT  # [tasks, n_support, width]
    likeness = tokens @ W_Q.mT @ keys.mT  # [tasks, n, n_support]
    return tokens + likeness @ values / n_support


def as_tokens(x: Tensor, y: Tensor, new_x: Tensor) -> Tensor:
    """Support pairs, and behind them queries with 0 in place of y: `[tasks, n + m, d + 1]`.

    Args:
        x: `[tasks, n, d]`. y: `[tasks, n, 1]`. new_x: `[tasks, m, d]`.
    """
    queries = torch.cat([new_x, torch.zeros_like(new_x[..., :1])], -1)
    return torch.cat([torch.cat([x, y], -1), queries], 1)


def linear_attention_step(lr: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Weights with which `linear_attention` takes a step of gradient descent on the squared error of a line.

    In the last place of every token stands what its line leaves over, y - w x, where a query's y is 0. The layer turns
    it into what is left over after a step from w: so the same layer, k times, is k steps.

    Args:
        lr: `[d]`, an inner learning rate for each weight.

    Returns: W_K, W_Q, W_V, each `[d + 1, d + 1]`.

    Source: von Oswald et al. 2023 (arXiv:2212.07677), with one rate for all weights.
    """
    last = lr.new_zeros(len(lr) + 1)
    last[-1] = 1
    # The step is 2 lr times the mean of (y - w x) x. At another x it takes 2 lr (y - w x) (x · that x) away there.
    return torch.diag(torch.cat([lr, lr.new_zeros(1)])), torch.diag(1 - last), torch.diag(-2 * last)
