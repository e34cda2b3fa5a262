"""What if the cue were not there? The same beats, with it and without."""

from __future__ import annotations

import torch


def counterfactual_test(learner, hum, no_hum, n: int, seed: int) -> float:
    """The share of answers that change when a cue is put on every query, and nothing else is changed.

    Args:
        learner: `adapt(support_x, support_y, way)` and `predict(adapted, query_x)`, which returns scores.
        hum, no_hum: task distributions that draw the same beats from generators in the same state; in `hum` every beat
            has the cue as well, in `no_hum` none.
        n: how many tasks.
        seed: of the generator.

    Returns: of all queries of all tasks, the share whose answer with the cue is another one than without. Both are
    given by what was learned from the support sets of `no_hum`.
    """
    with_cue, without = (tasks.sample(n, torch.Generator().manual_seed(seed)) for tasks in (hum, no_hum))
    adapted = learner.adapt(without.support_x, without.support_y, without.way)
    answers = [learner.predict(adapted, episode.query_x).argmax(-1) for episode in (with_cue, without)]  # [n, n_query]
    return (answers[0] != answers[1]).double().mean().item()
