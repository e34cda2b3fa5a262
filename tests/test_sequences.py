"""Backbones for sequences: no padding is felt, they are what plain loops say, and every learner takes them."""

import pytest
import torch
from torch import nn

from course_lib import evaluate, fit, load, save
from course_lib.learners import MAML, PrototypicalNet
from course_lib.sequences import GRU, LSTM, CharCNN, Transformer, flipped, masked_mean
from course_lib.tasks import Words

KINDS = {"CharCNN": CharCNN, "GRU": GRU, "LSTM": LSTM, "Transformer": Transformer}
EACH = pytest.mark.parametrize("name", KINDS)
WORDS = ([3, 1, 2, 26, 5], [7], [9, 9], [1, 2, 3, 4, 5, 6, 7])


def made(name, **how):
    torch.manual_seed(0)
    return KINDS[name](width=16, **how).double().eval()


def padded(words, length):
    return torch.tensor([word + [0] * (length - len(word)) for word in words])


@EACH
def test_padding_is_not_felt_whether_more_or_none(name):
    net = made(name)
    alone = torch.cat([net(torch.tensor([word])) for word in WORDS])  # each in a batch without padding
    for length in (7, 8, 20):
        together = net(padded(WORDS, length))
        assert torch.allclose(together, alone, atol=1e-12), length


@EACH
def test_nor_in_what_is_learned(name):
    grads = []
    for length in (7, 15):
        net = made(name)
        net(padded(WORDS, length)).square().sum().backward()
        grads.append([p.grad.clone() for p in net.parameters()])
    assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(*grads, strict=True))


@EACH
def test_letters_and_their_order_are_felt(name):
    net = made(name)
    x = torch.tensor([[1, 2, 3, 4], [2, 1, 3, 4], [1, 2, 3, 5]])
    z = net(x)
    assert (z[0] - z[1]).abs().max() > 1e-3 and (z[0] - z[2]).abs().max() > 1e-3


@EACH
def test_a_word_of_no_letters_is_finite(name):
    assert made(name)(torch.zeros(2, 5, dtype=torch.long)).isfinite().all()


@EACH
def test_a_head_is_what_out_says(name):
    z = made(name)(padded(WORDS, 7))
    assert made(name, out=5)(padded(WORDS, 7)).shape == (4, 5)
    assert z.shape == (4, 16 if name == "Transformer" else 64)


@EACH
def test_what_is_no_sequence_is_refused(name):
    for x in (torch.zeros(2, 5), torch.zeros(2, 3, 5, dtype=torch.long), torch.zeros(2, 5, dtype=torch.int32)):
        with pytest.raises(ValueError, match=f"{name} expects whole numbers"):
            made(name)(x)
    with pytest.raises(ValueError, match="letters must be a whole number"):
        KINDS[name](letters=0)


def test_sizes_that_cannot_be_halved_are_refused():
    with pytest.raises(ValueError, match="features must be even"):
        GRU(features=7)
    with pytest.raises(ValueError, match="multiple of 2"):
        Transformer(width=12, heads=4)


def test_the_masked_mean_is_a_plain_loop_and_takes_nothing_from_padding():
    values, words = torch.randn(2, 4, 7, 3, dtype=torch.float64), padded(WORDS, 7).expand(2, 4, 7)
    by_hand = torch.stack([torch.stack([values[t, i, : len(word)].sum(0) / len(word) for i, word in enumerate(WORDS)])
                           for t in range(2)])  # fmt: skip
    values[words.unsqueeze(-1).expand(values.shape) == 0] = float("nan")
    assert torch.allclose(masked_mean(values, words), by_hand)
    assert masked_mean(torch.ones(1, 2, 3), torch.zeros(1, 2, dtype=torch.long)).tolist() == [[0, 0, 0]]


def test_the_cnn_is_two_convolutions_written_as_loops():
    net = made("CharCNN", features=4)
    word = WORDS[0]
    h = [net.table.weight[i] for i in word]
    for layer in (net.first, net.second):
        none = torch.zeros(layer.in_channels, dtype=torch.float64)
        around = [none, *h, none]
        h = [sum(layer.weight[:, :, k] @ around[i + k] for k in range(3)) + layer.bias for i in range(len(word))]
        h = [v.clamp(min=0) for v in h]
    h = torch.stack(h)
    assert torch.allclose(net(torch.tensor([word]))[0], h.mean(0) + h.amax(0))


@pytest.mark.parametrize("name", ["GRU", "LSTM"])
def test_recurrent_ones_are_pytorchs_own_of_each_word_alone(name):
    net = made(name)
    both = getattr(nn, name)(16, 32, batch_first=True, bidirectional=True).double()
    for suffix, layer in (("", net.forwards), ("_reverse", net.backwards)):
        for key, value in layer.named_parameters():
            getattr(both, key + suffix).data = value.data
    for word in WORDS:
        x = torch.tensor([word])
        assert torch.allclose(net(x), both(net.table(x))[0].mean(1))


def test_the_attention_of_a_transformer_is_the_formula():
    net = made("Transformer", layers=1, heads=2)
    layer, word = net.body[0], WORDS[0]
    place = torch.arange(len(word), dtype=torch.float64).unsqueeze(1) / 10_000 ** (torch.arange(8) / 8)
    h = net.table(torch.tensor(word)) + torch.cat([place.sin(), place.cos()], 1)  # [letters, 16]
    q, k, v = (layer.self_attn.in_proj_weight @ layer.norm1(h).T).T.add(layer.self_attn.in_proj_bias).chunk(3, 1)
    heads = [(q[:, i] @ k[:, i].T / 8**0.5).softmax(1) @ v[:, i] for i in (slice(0, 8), slice(8, 16))]
    h = h + layer.self_attn.out_proj(torch.cat(heads, 1))
    h = h + layer.linear2(layer.linear1(layer.norm2(h)).relu())
    assert torch.allclose(net(torch.tensor([word]))[0], net.norm(h).mean(0), atol=1e-10)


def test_flipped_twice_is_the_same():
    x = padded(WORDS, 9)
    assert flipped(x)[0].tolist() == [5, 26, 2, 1, 3, 0, 0, 0, 0] and torch.equal(flipped(flipped(x)), x)


@EACH
@pytest.mark.parametrize("order", [1, 2])
def test_maml_learns_with_it_and_its_second_derivative_is_right(name, order):
    """The outer gradient along a direction, against differences of the outer loss (of first order: it is finite)."""
    learner = MAML(made(name, out=3), 2, 0.1, order)
    params = list(learner.parameters())
    episode = Words(3, 2, 2).sample(2, torch.Generator().manual_seed(1))
    gradient = torch.autograd.grad(learner.losses(episode)[1], params)
    if order == 1:
        assert all(g.isfinite().all() for g in gradient)
        return
    along = [torch.randn_like(p) for p in params]
    along[0][0] = 0  # the vector of padding is no parameter
    found = sum((g * a).sum() for g, a in zip(gradient, along, strict=True)).item()
    step = 1e-7  # a larger one meets the kinks of ReLU and of the maximum

    def moved(by):
        for p, a in zip(params, along, strict=True):
            p.data += by * a
        return learner.losses(episode)[1].item()

    by_differences = (moved(step) - moved(-2 * step)) / (2 * step)
    assert found == pytest.approx(by_differences, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("name", ["GRU", "LSTM"])
def test_the_forward_pass_of_maml_does_without_cudnn(name):
    """cuDNN's recurrent layers have no second derivative; on a GPU this is what makes the outer gradient possible."""
    net, seen = KINDS[name](out=3), []
    net.forwards.register_forward_hook(lambda *_: seen.append(torch.backends.cudnn.enabled))
    episode, before = Words(3, 2, 2).sample(1, torch.Generator().manual_seed(0)), torch.backends.cudnn.enabled
    MAML(net, 1, 0.1).losses(episode)
    assert seen and not any(seen) and torch.backends.cudnn.enabled == before
    seen.clear()
    PrototypicalNet(net)(episode)
    assert seen == [before] * len(seen)  # where one derivative is enough, cuDNN may be used


@EACH
@pytest.mark.parametrize("kind", [PrototypicalNet, lambda net: MAML(net, 1, 0.1, 1)])
def test_it_trains_is_judged_saved_and_loaded(name, kind, tmp_path):
    torch.manual_seed(0)
    learner, tasks = kind(KINDS[name](width=16, out=3)), Words(3, 2, 2)
    assert len(fit(learner, tasks, 2, log_every=1, device="cpu", progress=False).step) == 2
    again = load(save(learner, tmp_path / "words.safetensors"))
    assert type(again.backbone) is KINDS[name] and again.backbone.config == learner.backbone.config
    assert torch.equal(evaluate(again, tasks, 3).losses, evaluate(learner, tasks, 3).losses)


@EACH
def test_it_learns(name):
    """Two languages of letters of their own, told apart after some steps."""
    lists = {"low": [chr(97 + i) + chr(97 + j) for i in range(4) for j in range(4)],
             "high": [chr(110 + i) + chr(110 + j) for i in range(4) for j in range(4)]}  # fmt: skip
    torch.manual_seed(0)
    learner, tasks = PrototypicalNet(KINDS[name](width=16)), Words(2, 2, 4, lists=lists)
    fit(learner, tasks, 15, lr=5e-3, device="cpu", progress=False)
    assert evaluate(learner, tasks, 20).accuracy > 0.95
