"""The prototypical network against the paper's formulas, in float64."""

import torch
from torch import nn

from course_lib import Episode
from course_lib.learners import PrototypicalNet, prototypes, squared_distances
from course_lib.models import Conv4


def random_episode(way=4, shots=(3, 1, 2, 5), n_query=7, tasks=3, features=6, seed=0):
    """Uneven shots: class k has shots[k] examples, shuffled."""
    g = torch.Generator().manual_seed(seed)
    labels = torch.cat([torch.full((n,), k) for k, n in enumerate(shots[:way])])
    y = torch.stack([labels[torch.randperm(len(labels), generator=g)] for _ in range(tasks)])
    x = torch.randn(tasks, len(labels), features, generator=g, dtype=torch.float64)
    q = torch.randn(tasks, n_query, features, generator=g, dtype=torch.float64)
    return Episode(x, y, q, torch.randint(way, (tasks, n_query), generator=g), way)


def loop_prediction(f, episode):
    """Snell et al. 2017, equations 1 and 2, one example at a time."""
    scores = torch.empty(episode.n_tasks, episode.query_x.shape[1], episode.way, dtype=torch.float64)
    for t in range(episode.n_tasks):
        for k in range(episode.way):
            mine = [f(x) for x, y in zip(episode.support_x[t], episode.support_y[t], strict=True) if y == k]
            c_k = sum(mine) / len(mine)
            for i, q in enumerate(episode.query_x[t]):
                scores[t, i, k] = -((f(q) - c_k) ** 2).sum()
    return scores


def test_predictions_equal_the_papers_loop():
    episode = random_episode()
    net = nn.Linear(6, 5).double()
    assert torch.allclose(PrototypicalNet(net)(episode), loop_prediction(net, episode), atol=1e-10)


def test_prototype_minimises_the_summed_squared_distance():
    episode = random_episode(way=1, shots=(6,), n_query=1)
    centre = prototypes(episode.support_x, episode.support_y).requires_grad_()
    squared_distances(episode.support_x, centre).sum().backward()
    assert centre.grad.abs().max() < 1e-10


def test_squared_distance_of_a_point_to_itself_is_zero_and_symmetric():
    x = random_episode().support_x
    d = squared_distances(x, x)
    assert torch.allclose(d.diagonal(dim1=1, dim2=2), torch.zeros(x.shape[:2], dtype=x.dtype), atol=1e-12)
    assert torch.allclose(d, d.transpose(1, 2))


def test_permuting_labels_permutes_scores_and_support_order_does_not_matter():
    episode = random_episode()
    learner = PrototypicalNet(nn.Identity())
    permutation = torch.tensor([2, 0, 3, 1])
    relabelled = Episode(episode.support_x, permutation[episode.support_y], episode.query_x, episode.query_y, 4)
    assert torch.allclose(learner(relabelled)[..., permutation], learner(episode))
    order = torch.randperm(episode.support_x.shape[1])
    shuffled = Episode(episode.support_x[:, order], episode.support_y[:, order], episode.query_x, episode.query_y, 4)
    assert torch.allclose(learner(shuffled), learner(episode))


def test_losses_agree_with_adapt_and_predict_in_evaluation_mode():
    episode = random_episode()
    learner = PrototypicalNet(nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5)).double()).eval()
    for one, other in zip(learner.losses(episode), super(PrototypicalNet, learner).losses(episode), strict=True):
        assert torch.allclose(one, other, atol=1e-12)


def test_a_query_does_not_feel_the_other_queries():
    torch.manual_seed(0)
    learner = PrototypicalNet(Conv4(4)).double().eval()
    x, y = torch.rand(1, 5, 1, 28, 28, dtype=torch.float64), torch.arange(5).unsqueeze(0)
    queries = torch.rand(1, 9, 1, 28, 28, dtype=torch.float64)
    adapted = learner.adapt(x, y)
    alone, together = learner.predict(adapted, queries[:, :1]), learner.predict(adapted, queries)
    assert torch.allclose(alone, together[:, :1], atol=1e-10)


def test_gradients_reach_every_parameter():
    torch.manual_seed(0)
    learner = PrototypicalNet(Conv4(4)).double()
    x, y = torch.rand(2, 5, 1, 28, 28, dtype=torch.float64), torch.arange(5).expand(2, 5)
    _, outer = learner.losses(Episode(x, y, torch.rand_like(x), y))
    outer.backward()
    for name, p in learner.named_parameters():
        # A shift of the last block moves queries and prototypes together, so only ReLU lets it matter.
        assert p.grad is not None and p.grad.isfinite().all(), name
    assert all(p.grad.abs().max() > 0 for n, p in learner.named_parameters() if n.endswith("0.weight"))
