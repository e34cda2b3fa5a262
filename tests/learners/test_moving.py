"""What the inner loop moves: the layer that is the head, the parameters that one names, and nothing that is frozen."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from course_lib import Episode, fit, load, save
from course_lib.learners import MAML, FineTune, ImplicitMAML, MAMLPlusPlus, PrototypicalNet, Reptile
from course_lib.models import MLP


class Clouds:
    """Five classes of points in six dimensions."""

    def sample(self, n_tasks, generator):
        x = 2 * torch.randn(n_tasks, 5, 1, 6, generator=generator) + torch.randn(n_tasks, 5, 4, 6, generator=generator)
        y = torch.arange(5).view(1, 5, 1).expand(n_tasks, 5, 2).flatten(1)
        return Episode(x[:, :, :2].flatten(1, 2), y, x[:, :, 2:].flatten(1, 2), y, 5)


EPISODE = Clouds().sample(2, torch.Generator().manual_seed(0))


class HeadFirst(nn.Module):
    """Its head is defined before its body."""

    def __init__(self):
        super().__init__()
        self.head, self.body = nn.Linear(4, 5), nn.Linear(6, 4)

    def forward(self, x):
        return self.head(self.body(x).relu())


class NormLast(HeadFirst):
    """What is defined last is no layer with a matrix."""

    def __init__(self):
        super().__init__()
        del self.head
        self.head = nn.Linear(4, 5)
        self.norm = nn.LayerNorm(4)

    def forward(self, x):
        return self.head(self.norm(self.body(x)))


class Tied(nn.Module):
    """Two layers with one matrix."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(6, 6), nn.Linear(6, 6)
        self.second.weight = self.first.weight

    def forward(self, x):
        return self.second(self.first(x).relu())


def moved(learner) -> set[str]:
    """The names of the parameters that a step changes."""
    torch.manual_seed(0)
    adapted = learner.adapt(EPISODE.support_x, EPISODE.support_y, 5)
    return {n for n, p in learner.backbone.named_parameters() if not torch.equal(adapted[n], p.expand(2, *p.shape))}


@pytest.mark.parametrize(("network", "head"), [
    (MLP((6, 4, 5)), {"2.weight", "2.bias"}),
    (NormLast(), {"head.weight", "head.bias"}),
    (nn.Linear(6, 5), {"weight", "bias"}),
    (nn.Sequential(nn.Linear(6, 4), nn.ReLU(), weight_norm(nn.Linear(4, 5))),
     {"2.bias", "2.parametrizations.weight.original0", "2.parametrizations.weight.original1"}),
    (nn.Sequential(nn.Linear(6, 4), nn.Sequential(nn.ReLU(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 5))),
     {"1.3.weight", "1.3.bias"}),
], ids=["MLP", "norm last", "bare", "weight norm", "nested"])  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*performance drop")
def test_the_head_is_the_last_layer_with_a_matrix(network, head):
    names = {name for name, _ in network.named_parameters()}
    assert moved(MAML(network, lr=0.1, adapts="head")) == head
    if names - head:
        assert moved(MAML(network, lr=0.1, adapts="body")) == names - head
    else:
        with pytest.raises(ValueError, match="adapts='body' leaves no parameter"):
            MAML(network, adapts="body")


@pytest.mark.parametrize("adapts", ["head", "body"])
def test_a_head_that_cannot_be_told_is_a_sentence(adapts):
    with pytest.raises(ValueError, match="taken to be 'body', which was defined last, but 'head' runs after it; name"):
        moved(MAML(HeadFirst(), adapts=adapts))
    with pytest.raises(ValueError, match="the last layer, 'second', shares weights with 'first'"):
        MAML(Tied(), adapts=adapts)
    with pytest.raises(ValueError, match="no layer with a matrix"):
        MAML(nn.LayerNorm(6), adapts=adapts)


def test_the_inner_loop_moves_what_one_names(tmp_path):
    network, head = HeadFirst(), {"head.weight", "head.bias"}
    for adapts, names in ((network.head, head), (["head"], head), (["head.bias", "body"],
                          {"head.bias", "body.weight", "body.bias"}), (Tied().first, None)):  # fmt: skip
        if names:
            assert moved(MAML(network, lr=0.1, adapts=adapts)) == names
        else:
            with pytest.raises(ValueError, match="leaves no parameter"):
                MAML(network, adapts=adapts)
    for wrong, said in (
        (["neck"], "'neck', and this network has no such"),
        ("tail", "adapts must be"),
        ([], "leaves no"),
    ):
        with pytest.raises(ValueError, match=said):
            MAML(network, adapts=wrong)
    learner = MAML(MLP((6, 4, 5)), adapts=["2"])
    assert load(save(learner, tmp_path / "w.safetensors")).moving == ["2.weight", "2.bias"]


KINDS = [
    MAML,
    Reptile,
    ImplicitMAML,
    lambda n: MAMLPlusPlus(n, rates="weight"),
    lambda n: MAMLPlusPlus(n, rates="layer"),
]


@pytest.mark.parametrize("kind", KINDS, ids=["MAML", "Reptile", "implicit", "Meta-SGD", "MAML++"])
def test_what_is_frozen_stays_in_the_inner_loop_and_in_fit(kind):
    network = HeadFirst()
    network.register_parameter("table", nn.Parameter(torch.tensor([1, 2]), requires_grad=False))
    network.body.requires_grad_(False)
    before = copy.deepcopy(network.body.state_dict())
    learner = kind(network)
    learned = sum(p.numel() for p in learner.parameters() if p.requires_grad)
    assert learned in (25, 27, 50)  # the head's 25 numbers, and one rate for each of them, or for each tensor
    fit(learner, Clouds(), 3, meta_batch=2, device="cpu", progress=False)
    assert all(torch.equal(before[k], v) for k, v in network.body.state_dict().items())
    assert moved(learner) == {"head.weight", "head.bias"}
    network.head.requires_grad_(False)
    with pytest.raises(ValueError, match="is frozen .requires_grad=False.: free some"):
        moved(learner)


def test_averages_of_frozen_batch_norm_stay():
    network = nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4), nn.Linear(4, 5), nn.BatchNorm1d(5))
    frozen, other = network[1].requires_grad_(False).eval(), network[3]
    learner = PrototypicalNet(network)
    fit(learner, Clouds(), 5, validation=Clouds(), validate_every=2, log_every=1, device="cpu", progress=False)
    assert frozen.running_mean.abs().max() == 0 and other.running_mean.abs().max() > 0
    fine = FineTune(network, steps=2).eval()
    (adapted, _), _ = fine.adapt(EPISODE.support_x, EPISODE.support_y, 5)
    assert adapted[1].running_mean.abs().max() == 0
    assert not torch.equal(adapted[3].running_mean, other.running_mean)
