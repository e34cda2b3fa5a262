"""A recurrent network that reads the support set pair by pair: what it has learned of a task is its state."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_lib.arguments import check_one_of, check_whole
from course_lib.learners.base import check_queries
from course_lib.learners.in_context import Reader

CELLS = {"gru": nn.GRU, "lstm": nn.LSTM}


class Recurrent(Reader):
    """Adapting is reading the pairs one after the other, predicting is reading a query as the next one.

    At each step it is given an example and the target of the example *before* it, 0 at the first: so an answer for an
    example never sees its own target, and its target comes with the next one. Queries all go on from the state after
    the support set, so they do not feel one another. The order of the support set matters, which nothing in a task
    says: it has to be learned that it means nothing.

    Args:
        backbone, inputs, outputs: see `Reader`.
        hidden: numbers in the state.
        cell: "gru" or "lstm".

    Source: targets that come a step late, and a memory in place of changed weights, Santoro et al. 2016
    (arXiv:1605.06065), section 2; theirs has a memory outside the network as well, and learns from the answer at every
    step, where this one learns from the queries, as all learners here do.
    """

    def __init__(self, backbone: nn.Module | None = None, inputs: int = 1, outputs: int = 1, hidden: int = 64,
                 cell: str = "gru"):  # fmt: skip
        check_whole(hidden=hidden)
        check_one_of(CELLS, cell=cell)
        super().__init__(backbone, inputs, outputs, hidden=hidden, cell=cell)
        self.reads = CELLS[cell](inputs + outputs, hidden)  # [pairs, tasks, ...], as torch has it
        self.answer = nn.Linear(hidden, outputs)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None):
        """The state after the support set, one tensor `[1, tasks, hidden]` or two in a tuple, as the cell has it; and
        the last target, which is still to be read, `[tasks, outputs]`."""
        x, y = super().adapt(support_x, support_y, way)
        before = torch.cat([torch.zeros_like(y[:, :1]), y[:, :-1]], 1)  # [tasks, n_support, outputs], a step late
        _, state = self.reads(torch.cat([x, before], -1).transpose(0, 1))
        return state, y[:, -1]

    def predict(self, adapted, query_x: Tensor) -> Tensor:
        """Real predictions, or scores: `[tasks, n_query, outputs]`."""
        state, last = adapted
        check_queries(query_x)
        x = self.examples(query_x)  # [tasks, n_query, inputs]
        n_query = x.shape[1]
        steps = torch.cat([x, last.unsqueeze(1).expand(-1, n_query, -1)], -1).flatten(0, 1)  # [tasks * n_query, ...]
        parts = state if isinstance(state, tuple) else (state,)
        parts = tuple(part.repeat_interleave(n_query, 1) for part in parts)  # [1, tasks * n_query, hidden]
        found, _ = self.reads(steps.unsqueeze(0), parts if isinstance(state, tuple) else parts[0])
        return self.answer(found[0]).unflatten(0, (len(x), n_query))  # from [1, tasks * n_query, hidden]
