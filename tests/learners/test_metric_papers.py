"""Each metric learner against plain loops written from its paper, in float64."""

import pytest
import torch
from test_prototypical import random_episode
from torch import nn
from torch.nn import functional as F

from course_lib import Episode
from course_lib.learners import (
    MatchingNet,
    PrototypicalNet,
    RelationModule,
    RelationNet,
    as_linear,
    attention,
    concatenate_pairs,
    cosine_similarities,
    prototypes,
    relation_loss,
    squared_distances,
)  # fmt: skip
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from tests.learners.metric_cases import FEATURES, in_float64, learners


def test_cosine_similarities_are_those_of_torch_and_need_no_length():
    a, b = random_episode().support_x, random_episode(seed=1).query_x
    expected = F.cosine_similarity(a.unsqueeze(2), b.unsqueeze(1), dim=-1)
    assert torch.allclose(cosine_similarities(a, b), expected, atol=1e-12)
    assert torch.allclose(cosine_similarities(3 * a, b / 7), expected, atol=1e-12)


def test_temperature_divides_scores_and_can_be_learned():
    episode = random_episode()
    plain, warm = PrototypicalNet(nn.Identity()), PrototypicalNet(nn.Identity(), temperature=4.0)
    assert torch.allclose(plain(episode) / 4, warm(episode))
    learned = PrototypicalNet(nn.Identity(), temperature=4.0, learn_temperature=True).double()
    assert torch.allclose(learned(episode), warm(episode))
    learned.losses(episode)[1].backward()
    assert learned.log_temperature.grad.abs() > 0
    for wrong in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="temperature must be above 0"):
            PrototypicalNet(nn.Identity(), temperature=wrong)
        with pytest.raises(ValueError, match="temperature must be above 0"):
            MatchingNet(nn.Identity(), temperature=wrong)
    for kind in (PrototypicalNet, MatchingNet):
        with pytest.raises(ValueError, match="'euclidean' or 'cosine'"):
            kind(nn.Identity(), distance="manhattan")


def test_a_prototype_minimises_a_bregman_divergence_that_is_no_distance():
    """Banerjee et al. 2005: the mean is the minimiser for every Bregman divergence; here the one of x log x."""
    points = random_episode(way=2, shots=(6, 2)).support_x.exp()[:, :6]  # above 0
    centre = prototypes(points, torch.zeros(3, 6, dtype=torch.int64), 1).requires_grad_()  # [3, 1, 6]
    divergence = (points * (points / centre).log() - points + centre).sum()
    divergence.backward()
    assert centre.grad.abs().max() < 1e-10
    centre.grad = None
    (points - centre).norm(dim=-1).sum().backward()  # the distance that is not squared: its minimiser is a median
    assert centre.grad.abs().max() > 1e-2


def test_squared_euclidean_prototypes_are_a_linear_classifier():
    episode = random_episode()
    centres = prototypes(episode.support_x, episode.support_y, 4)
    weights, biases = as_linear(centres)
    linear = episode.query_x @ weights.transpose(1, 2) + biases.unsqueeze(1)
    distances = -squared_distances(episode.query_x, centres)
    assert torch.allclose(linear.softmax(-1), distances.softmax(-1), atol=1e-12)


def test_zero_shot_prototypes_are_placed_by_attributes_and_have_length_one():
    torch.manual_seed(0)
    learner = PrototypicalNet(nn.Flatten(), attributes=3, features=4).double()
    x, q = torch.randn(2, 5, 3).double(), torch.randn(2, 7, 2, 2).double()
    y, labels = torch.arange(5).expand(2, 5), torch.randint(5, (2, 7))
    scores = learner(Episode(x, y, q, labels, 5))
    for t in range(2):
        for k in range(5):
            g = learner.describe.weight @ x[t, k] + learner.describe.bias
            for i in range(7):
                assert torch.isclose(scores[t, i, k], -((q[t, i].flatten() - g / g.norm()) ** 2).sum())
    relation = RelationNet(nn.Flatten(), 4, size=1, attributes=3).double()
    relation.losses(Episode(x, y, q, labels, 5))[1].backward()
    assert relation.describe.weight.grad.abs().max() > 0


def test_attention_sums_to_one_and_matching_is_equation_1():
    episode = random_episode()
    looks = attention(episode.query_x, episode.support_x)
    assert torch.allclose(looks.sum(-1), torch.ones(3, 7).double())
    chances = MatchingNet(nn.Identity())(episode).exp()
    assert torch.allclose(chances.sum(-1), torch.ones(3, 7).double())
    for t in range(3):
        for i, q in enumerate(episode.query_x[t]):
            weights = [F.cosine_similarity(q, x, dim=0).exp() for x in episode.support_x[t]]
            for k in range(4):
                own = sum(w for w, y in zip(weights, episode.support_y[t], strict=True) if y == k)
                assert torch.isclose(chances[t, i, k], own / sum(weights))


def test_a_class_that_no_query_looks_at_gets_a_finite_score():
    learner = MatchingNet(nn.Identity(), distance="euclidean")
    x = torch.tensor([[[0.0, 0.0], [1e4, 0.0]]])
    assert learner(Episode(x, torch.tensor([[0, 1]]), x, torch.tensor([[0, 1]]))).isfinite().all()


def test_with_one_shot_euclidean_matching_is_a_prototypical_network():
    episode = random_episode(shots=(1, 1, 1, 1))
    matching, prototypical = MatchingNet(nn.Identity(), distance="euclidean"), PrototypicalNet(nn.Identity())
    assert torch.allclose(matching(episode), prototypical(episode).log_softmax(-1))


def test_full_context_is_appendix_a():
    """Equations 1 to 4 of A.1 and those of A.2, with the LSTM's gates written out."""
    learner, episode = learners()["matching, full context"], random_episode(tasks=1)
    context, z, q = learner.context, episode.support_x[0], episode.query_x[0, 0]

    def lstm(x, h, c, wi, wh, b):
        i, f, g, o = (wi @ x + wh @ h + b).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    read = z.clone()
    for end, order in (("", range(len(z))), ("_reverse", reversed(range(len(z))))):
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        own = {name: getattr(context.over_support, f"{name}_l0{end}") for name in names}
        h = c = torch.zeros(FEATURES).double()
        for i in order:
            h, c = lstm(z[i], h, c, own["weight_ih"], own["weight_hh"], own["bias_ih"] + own["bias_hh"])
            read[i] = read[i] + h
    cell = context.over_query
    h = c = r = torch.zeros(FEATURES).double()
    for _ in range(context.steps):
        h, c = lstm(torch.cat([q, r]), h, c, cell.weight_ih, cell.weight_hh, cell.bias_ih + cell.bias_hh)
        h = h + q
        r = (read @ h).softmax(0) @ read
    assert torch.allclose(context.read_support(episode.support_x)[0], read, atol=1e-12)
    assert torch.allclose(context.read_query(episode.query_x, read[None])[0, 0], h, atol=1e-12)


def test_siamese_scores_and_loss_are_those_of_pairs():
    learner, episode = learners()["siamese"], random_episode(shots=(2, 1, 1, 1))
    scores, weight, bias = learner(episode), learner.weigh.weight[0], learner.weigh.bias[0]
    total = 0.0
    for t in range(3):
        for i, q in enumerate(episode.query_x[t]):
            for k in range(4):
                support = zip(episode.support_x[t], episode.support_y[t], strict=True)
                best = max(weight @ (q - x).abs() + bias for x, y in support if y == k)
                assert torch.isclose(scores[t, i, k], best)
                same = k == episode.query_y[t, i]
                # half of the weight is on pairs that are the same, one of four
                total += -(best.sigmoid().log() * 4 / 2 if same else (-best).sigmoid().log() * 4 / 6)
    assert torch.isclose(learner.losses(episode)[1], total / (3 * 7 * 4))


def loop_relation(learner, episode):
    """Sung et al. 2018, equations 1 and 2: sum over shots, concatenate, two blocks, two layers."""
    module, f = learner.module, learner.backbone
    scores = torch.empty(episode.n_tasks, episode.query_x.shape[1], episode.way).double()
    for t in range(episode.n_tasks):
        for k in range(episode.way):
            mine = [f(x[None]) for x, y in zip(episode.support_x[t], episode.support_y[t], strict=True) if y == k]
            for i, q in enumerate(episode.query_x[t]):
                pair = torch.cat([sum(mine), f(q[None])], 1)
                scores[t, i, k] = module.score(module.rest(module.first(pair))).sigmoid().squeeze()
    return scores


def test_relation_scores_are_the_papers_and_lie_between_0_and_1():
    torch.manual_seed(0)
    learner = RelationNet(Conv4(5, maps=True), 5).double()
    episode = in_float64(Scripts(way=3, shot=2, query=2).sample(2, torch.Generator().manual_seed(0)))
    learner.losses(episode)
    learner.eval()
    scores = learner.relation_scores(learner.adapt(episode.support_x, episode.support_y), episode.query_x)
    assert torch.allclose(scores, loop_relation(learner, episode), atol=1e-12)
    assert scores.min() >= 0 and scores.max() <= 1
    target = F.one_hot(episode.query_y, 3)
    assert torch.isclose(learner.losses(episode)[1], ((scores - target) ** 2).sum() / (2 * 6 * 3))
    assert torch.isclose(relation_loss(scores, episode.query_y), learner.losses(episode)[1])


@pytest.mark.parametrize("size", [1, 4, 5])
def test_the_split_first_layer_gives_what_concatenation_gives(size):
    torch.manual_seed(0)
    module = RelationModule(4, size, 3).double()  # in training mode: batch norm over all pairs, too
    maps = () if size == 1 else (size, size)
    classes, queries = torch.randn(2, 3, 4, *maps).double(), torch.randn(2, 5, 4, *maps).double()
    pairs = concatenate_pairs(classes, queries)
    assert pairs.shape == (2, 5, 3, 8, *maps)
    assert torch.equal(pairs[1, 4, 2, :4], classes[1, 2]) and torch.equal(pairs[1, 4, 2, 4:], queries[1, 4])
    for one, other in zip(*(
        torch.autograd.grad(out.square().sum(), module.parameters())
        for out in (module(classes, queries), module.score_pairs(pairs))
    ), strict=True):  # fmt: skip
        assert torch.allclose(one, other, atol=1e-10)
    assert torch.allclose(module(classes, queries), module.score_pairs(pairs), atol=1e-12)


def test_sum_over_shots_grows_with_shots_and_the_mean_does_not():
    episode = random_episode(shots=(3, 3, 3, 3))
    total, mean = (RelationNet(nn.Identity(), FEATURES, size=1, shots=s) for s in ("sum", "mean"))
    assert torch.allclose(total.adapt(episode.support_x, episode.support_y),
                          3 * mean.adapt(episode.support_x, episode.support_y))  # fmt: skip


@pytest.mark.parametrize("given, sentence", [
    ({"shots": "max"}, "shots must be 'sum' or 'mean'"),
    ({"loss": "hinge"}, "loss must be 'mse' or 'cross_entropy'"),
    ({"attributes": 3}, "give size=1"),
    ({"size": 3}, "4 x 4 or larger"),
])  # fmt: skip
def test_a_relation_network_refuses_what_it_cannot_do(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        RelationNet(nn.Identity(), **given)
