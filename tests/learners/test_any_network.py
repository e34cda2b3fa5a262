"""MAML on any network: what vmap cannot map, attention, hooks, lazy and tied layers, words, and what is refused."""

import copy
import warnings
from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations

from course_lib import Episode, evaluate, fit, load, save
from course_lib.compute.over_tasks import all_at_once
from course_lib.learners import MAML, FineTune, ImplicitMAML, PrototypicalNet, RelationNet, Reptile
from course_lib.models import MLP, Conv4


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


class Words:
    """Sentences of five words; the class is said by the first one."""

    def sample(self, n_tasks, generator):
        first = torch.rand(n_tasks, 30, generator=generator).argsort(-1)[:, :3]  # [tasks, 3], a word a class
        x = torch.randint(30, (n_tasks, 3, 4, 5), generator=generator)
        x[..., 0] = first.unsqueeze(-1)
        y = torch.arange(3).view(1, 3, 1).expand(n_tasks, 3, 2).flatten(1)
        return Episode(x[:, :, :2].flatten(1, 2), y, x[:, :, 2:].flatten(1, 2), y, 3)


@pytest.mark.parametrize("kind", [MAML, PrototypicalNet, FineTune])
def test_words_are_whole_numbers(kind):
    torch.manual_seed(0)
    learner = kind(nn.Sequential(nn.Embedding(30, 4), nn.Flatten(), nn.Linear(20, 3)))
    if kind is not FineTune:
        fit(learner, Words(), 3, meta_batch=2, device="cpu", progress=False)
    assert evaluate(learner, Words(), 10).scores.shape == (10,)
    with pytest.raises(ValueError, match="cannot take whole numbers, as support_x or query_x holds them"):
        kind(nn.Sequential(nn.Linear(5, 3)))(Words().sample(2, torch.Generator()))


class Uneven:
    """Tasks of different sizes: two or three classes, one or two queries."""

    def sample(self, n_tasks, generator):
        way, query = (int(torch.randint(2, 2 + k, (1,), generator=generator)) for k in (2, 3))
        x = torch.randn(n_tasks, way, 1 + query, 6, generator=generator)
        y = torch.arange(way).view(1, way, 1).expand(n_tasks, way, 1 + query)
        return Episode(x[:, :, :1].flatten(1, 2), y[..., :1].flatten(1), x[:, :, 1:].flatten(1, 2),
                       y[..., 1:].flatten(1), way)  # fmt: skip


@pytest.mark.parametrize("kind", [MAML, PrototypicalNet])
def test_sizes_may_differ_from_task_to_task(kind):
    torch.manual_seed(0)
    learner = kind(MLP((6, 5, 3)))
    fit(learner, Uneven(), 3, validation=Uneven(), validate_every=1, device="cpu", progress=False)
    result = evaluate(learner, Uneven(), 30)
    one_by_one = [evaluate(learner, Uneven().sample(1, g)) for g in generators(30)]
    assert torch.allclose(result.scores, torch.cat([r.scores for r in one_by_one]))
    assert torch.allclose(result.losses, torch.cat([r.losses for r in one_by_one]), atol=1e-5)
    assert result.confidence is None and result.correct is None


def generators(n):
    from course_lib.compute.seeding import EVALUATE, generator_for

    return [generator_for(0, EVALUATE, i) for i in range(n)]


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float32])
def test_a_network_of_ones_own_comes_back_with_its_dtype(dtype, tmp_path):
    learner = PrototypicalNet(made(MAPPED["layer norm"]).to(dtype)).eval()
    path = save(learner, tmp_path / "own.safetensors")
    again = load(path, backbone=made(MAPPED["layer norm"]))
    assert all(a.dtype == b.dtype == dtype and torch.equal(a, b)
               for a, b in zip(learner.parameters(), again.parameters(), strict=True))  # fmt: skip
    with pytest.raises(ValueError, match="a network of your own, .*Around: build it once more and give it, load"):
        load(path)
    with pytest.raises(ValueError, match="do not fit"):
        load(path, backbone=MLP())
    ours = load(save(PrototypicalNet(Conv4(4).to(dtype)), tmp_path / "ours.safetensors"))
    assert next(ours.parameters()).dtype == dtype


def test_a_foreign_class_of_a_known_name_is_no_network_of_the_course(tmp_path):
    class MLP(nn.Linear):
        config = {"sizes": [6, 3]}

    with pytest.raises(ValueError, match="a network of your own"):
        load(save(MAML(MLP(6, 3)), tmp_path / "w.safetensors"))

    class Larger(Conv4):
        pass

    path = save(PrototypicalNet(Larger(4)), tmp_path / "larger.safetensors")
    assert isinstance(load(path, backbone=Larger(4)).backbone, Larger)


@pytest.mark.parametrize("run", [evaluate, partial(fit, device="cpu", progress=False)])
def test_numbers_of_numpy_and_of_the_network_have_one_precision(run):
    class Double(Clouds):
        def sample(self, n_tasks, generator):
            return super().sample(n_tasks, generator).map(lambda t: t.double() if t.is_floating_point() else t)

    with pytest.raises(ValueError, match="hold torch.float64 and the network torch.float32: make the tensors"):
        run(MAML(MLP((6, 3))), Double(), 2)
    run(MAML(MLP((6, 3)).double()), Double(), 2)
    with pytest.raises(ValueError, match="hold torch.float32 and the network torch.float64"):
        run(MAML(MLP((6, 3)).double()), Clouds(), 2)


def test_labels_and_pictures_that_do_not_fit_get_their_remedy():
    e = Clouds().sample(1, torch.Generator())
    hot = F.one_hot(e.support_y, 3)
    for y, said in ((e.support_y.int(), r"use support_y.long\(\)"), (hot, r"by support_y.argmax\(-1\)")):
        with pytest.raises(ValueError, match=said):
            Episode(e.support_x, y, e.query_x, e.query_y)
    floats = Episode(e.support_x, e.support_y.float(), e.query_x, e.query_y.float())
    with pytest.raises(ValueError, match=r"class labels, they must be int64: use .long\(\)"):
        MAML(MLP((6, 3)))(floats)
    large = torch.rand(1, 5, 1, 64, 64)
    pictures = Episode(large, torch.arange(5)[None], large, torch.arange(5)[None])
    with pytest.raises(ValueError, match="built for images of 28 x 28 pixels, but got 64 x 64: resize them, or build"):
        MAML(Conv4(4, out=5))(pictures)
    with pytest.raises(ValueError, match=r"PrototypicalNet compares vectors, but this backbone gives \[4, 14, 14\]"):
        PrototypicalNet(Conv4(4, maps=True))(pictures)
    RelationNet(Conv4(4, maps=True), channels=4, size=14)(pictures)
