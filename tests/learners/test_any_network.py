"""MAML on any network: what vmap cannot map, attention, hooks, lazy and tied layers, words, and what is refused."""

import copy
import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations

from course_lib import Episode, evaluate, fit
from course_lib.compute.batch_norm import call
from course_lib.compute.over_tasks import all_at_once
from course_lib.learners import MAML, FineTune, ImplicitMAML, PrototypicalNet, Reptile, loss_of


class Clouds:
    """Three classes of points in six dimensions."""

    def sample(self, n_tasks, generator):
        x = 2 * torch.randn(n_tasks, 3, 1, 6, generator=generator) + torch.randn(n_tasks, 3, 4, 6, generator=generator)
        y = torch.arange(3).view(1, 3, 1).expand(n_tasks, 3, 2).flatten(1)
        return Episode(x[:, :, :2].flatten(1, 2), y, x[:, :, 2:].flatten(1, 2), y, 3)


class Square(torch.autograd.Function):
    """A function with a derivative of its own, in the old form that functorch does not take."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g


class Around(nn.Module):
    """Two linear layers, and something between them: a module, or a function of the network and of the features."""

    def __init__(self, inside=None, between=lambda net, h: h.tanh()):
        super().__init__()
        self.first, self.inside, self.last = nn.Linear(6, 4), inside, nn.Linear(4, 3)
        self.between = between

    def forward(self, x):
        return self.last(self.between(self, self.first(x)))


def attend(net, h):
    q = h.view(-1, 1, 2, 2)  # [n, heads, length, features]
    return F.scaled_dot_product_attention(q, q, q).flatten(1)


def branch(net, h):
    return h.tanh() if h.square().mean() < 1e9 else h  # a look at values, though the answer is always the same


def mask(net, h):
    h = h.clone()
    h[h < 0] = 0
    return h


def counts(net, h):
    net.inside.running_mean += 1
    return h.tanh()


class Count(nn.Module):
    """Keeps a number that each pass makes larger."""

    def __init__(self):
        super().__init__()
        self.register_buffer("count", torch.zeros(()))

    def forward(self, h):
        self.count = self.count + h.detach().abs().mean()
        return h.tanh()


def with_norm(norm):
    net = Around()
    net.first = norm(net.first)
    return net


def tied():
    net = Around(nn.Linear(4, 4), lambda net, h: net.inside(net.second(h.tanh())))
    net.second = nn.Linear(4, 4)
    net.second.weight = net.inside.weight
    return net


def inside(net, h):
    return net.inside(h)


MAPPED = {
    "attention": lambda: Around(nn.MultiheadAttention(4, 2, batch_first=True),
                                lambda net, h: net.inside(h[:, None], h[:, None], h[:, None])[0][:, 0]),
    "a function that attends": lambda: Around(None, attend),
    "a transformer": lambda: Around(nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True),
                                    lambda net, h: net.inside(h[:, None])[:, 0]),
    "group norm": lambda: Around(nn.GroupNorm(2, 4), inside),
    "layer norm": lambda: Around(nn.LayerNorm(4), inside),
    "tied": tied,
    "weight norm": lambda: with_norm(parametrizations.weight_norm),
}  # fmt: skip
ONE_BY_ONE = {
    "LSTMCell": lambda: Around(nn.LSTMCell(4, 4), lambda net, h: net.inside(h)[0]),
    "a function of one's own": lambda: Around(None, lambda net, h: Square.apply(h)),
    "a look at values": lambda: Around(None, branch),
    "a mask": lambda: Around(None, mask),
    "a buffer": lambda: Around(Count(), inside),
    "instance norm that remembers": lambda: Around(
        nn.InstanceNorm1d(4, affine=True, track_running_stats=True),
        lambda net, h: net.inside(h[..., None] * torch.arange(1.0, 4.0).to(h)).tanh().mean(-1)),
    "spectral norm": lambda: with_norm(parametrizations.spectral_norm),
}  # fmt: skip
OLD = {"old weight norm": lambda: with_norm(nn.utils.weight_norm)}
RECURRENT = {"LSTM": lambda: Around(nn.LSTM(4, 4, batch_first=True), lambda net, h: net.inside(h[:, None])[0][:, 0])}
quiet = pytest.mark.filterwarnings("ignore:.*performance drop", "ignore:.*weight_norm. is deprecated",
                                   "ignore:.*computed for all tasks at once")  # fmt: skip


def made(kinds):
    torch.manual_seed(0)
    return kinds()


@quiet
@pytest.mark.parametrize("name", MAPPED | ONE_BY_ONE | OLD | RECURRENT)
def test_the_meta_gradient_is_right_and_the_network_is_left_as_it_was(name):
    learner = MAML(made((MAPPED | ONE_BY_ONE | OLD | RECURRENT)[name]).double(), 2, 0.1).eval()
    before = {k: v.clone() for k, v in learner.state_dict().items() if "count" not in k}
    episode = Clouds().sample(3, torch.Generator().manual_seed(1)).map(
        lambda t: t.double() if t.is_floating_point() else t)  # fmt: skip
    params = list(learner.parameters())
    gradient = torch.autograd.grad(learner.losses(episode)[1], params)
    along = [torch.randn_like(p) for p in params]
    found, step = sum((g * a).sum() for g, a in zip(gradient, along, strict=True)).item(), 1e-6

    def moved(by):
        for p, a in zip(params, along, strict=True):
            p.data += by * a
        return learner.losses(episode)[1].item()

    by_differences = (moved(step) - moved(-2 * step)) / (2 * step)
    moved(step)
    assert found == pytest.approx(by_differences, rel=1e-5, abs=1e-8)
    assert all(torch.allclose(v, before[k]) for k, v in learner.state_dict().items() if k in before)
    held = [v for m in learner.modules() for v in vars(m).values() if isinstance(v, torch.Tensor)]
    assert not any(torch._C._functorch.is_batchedtensor(v) for v in held)
    if name not in OLD:  # that form cannot be copied while it holds a graph, with or without a learner
        copy.deepcopy(learner)


@pytest.mark.parametrize("name", MAPPED)
@quiet
def test_what_can_be_mapped_is_mapped(name):
    learner = MAML(made(MAPPED[name]), 1, 0.1)
    learner.losses(Clouds().sample(3, torch.Generator()))
    assert all_at_once(learner.backbone)


@pytest.mark.parametrize("name", ONE_BY_ONE)
@pytest.mark.parametrize("kind", [MAML, Reptile])
def test_what_cannot_goes_one_after_the_other_and_is_said_once(kind, name):
    learner = kind(made(ONE_BY_ONE[name]), 2, 0.1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(learner, Clouds(), 3, meta_batch=3, device="cpu", progress=False)
        result = evaluate(learner, Clouds(), 5)
    said = [str(w.message) for w in caught if "performance drop" not in str(w.message)]
    assert len(said) == 1 and "one after the other: the same numbers, more slowly." in said[0]
    assert result.scores.shape == (5,) and not all_at_once(learner.backbone)
    assert not any(torch._C._functorch.is_batchedtensor(b) for b in learner.buffers())


@quiet
@pytest.mark.parametrize("name", MAPPED | ONE_BY_ONE | OLD | RECURRENT)
def test_implicit_maml_solves_its_equation_or_says_what_it_cannot(name):
    """Equation 6 of Rajeswaran et al.: (I + H / strength) g = gradient of the query loss, with H by autograd."""
    learner = ImplicitMAML(made((MAPPED | ONE_BY_ONE | OLD | RECURRENT)[name]).double(), 3, 0.1, 5.0, 60).eval()
    episode = Clouds().sample(1, torch.Generator().manual_seed(1)).map(
        lambda t: t.double() if t.is_floating_point() else t)  # fmt: skip
    params = list(learner.parameters())
    if name in ("a function of one's own", "a buffer"):
        with pytest.raises(ValueError, match="cannot differentiate this network by torch.func.grad.*setup_context"):
            learner.losses(episode)
        copy.deepcopy(learner)
        return
    found = torch.autograd.grad(learner.losses(episode)[1], params)
    start = {
        n: v[0].detach().requires_grad_() for n, v in learner.adapt(episode.support_x, episode.support_y, 3).items()
    }
    support, query = (
        loss_of(call(learner.backbone, start, x[0])[None], y, 3)
        for x, y in ((episode.support_x, episode.support_y), (episode.query_x, episode.query_y))
    )
    slopes = torch.autograd.grad(support, list(start.values()), create_graph=True)
    hessian = torch.autograd.grad(slopes, list(start.values()), found)
    right = torch.autograd.grad(query, list(start.values()))
    for g, h, r in zip(found, hessian, right, strict=True):
        assert torch.allclose(g + h / 5, r, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("kind", [MAML, Reptile, ImplicitMAML, FineTune])
def test_an_error_of_ones_own_is_not_taken_for_one_of_vmap(kind):
    def wrong(net, h):
        raise ZeroDivisionError("mine")

    learner = kind(Around(None, wrong))
    with pytest.raises(ZeroDivisionError, match="mine"):
        learner.adapt(*Clouds().sample(2, torch.Generator()).tensors()[:2], 3)
    if kind is not FineTune:
        assert all_at_once(learner.backbone)


def test_attention_is_as_fast_as_before_outside():
    assert torch.backends.mha.get_fastpath_enabled()
    learner = MAML(made(MAPPED["a transformer"]))
    learner(Clouds().sample(2, torch.Generator()))
    assert torch.backends.mha.get_fastpath_enabled() and torch.backends.cuda.flash_sdp_enabled()


@pytest.mark.parametrize(("network", "kind", "said"), [
    (lambda: nn.Sequential(nn.LazyLinear(3)), MAML, "lazy layers that do not know their sizes yet: run it once"),
    (lambda: nn.Sequential(nn.LazyLinear(3)), PrototypicalNet, "lazy layers"),
    (lambda: Around(None, lambda net, h: h).register_forward_hook(lambda m, i, o: (o, o)) and TUPLE, MAML,
     "one tensor, but this one gives a tuple"),
    (lambda: TUPLE, PrototypicalNet, "one tensor, but this one gives a tuple"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(network, kind, said):
    with pytest.raises(ValueError, match=said):
        kind(network())(Clouds().sample(2, torch.Generator()))


TUPLE = Around()
TUPLE.register_forward_hook(lambda module, given, answer: (answer, answer))
