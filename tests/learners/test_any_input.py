"""Any input: words, tasks of different sizes, networks of one's own in files, and what does not fit with its remedy."""

from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_lib import Episode, evaluate, fit, load, save
from course_lib.compute.seeding import EVALUATE, generator_for
from course_lib.learners import MAML, FineTune, ImplicitMAML, MAMLPlusPlus, PrototypicalNet, RelationNet, Reptile
from course_lib.models import MLP, Conv4
from tests.learners.test_any_network import MAPPED, Clouds, made


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


def both(answers, targets):
    """Which of two properties has each point? [n, 2] scores and [n, 2] zeros and ones."""
    return F.binary_cross_entropy_with_logits(answers, targets)


class Properties(Clouds):
    def sample(self, n_tasks, generator):
        e = super().sample(n_tasks, generator)
        return Episode(e.support_x, (e.support_x[..., :2] > 0).float(), e.query_x, (e.query_x[..., :2] > 0).float())


@pytest.mark.parametrize("kind", [MAML, MAMLPlusPlus, Reptile, ImplicitMAML])
def test_a_loss_of_ones_own_is_that_of_both_loops(kind, tmp_path):
    torch.manual_seed(0)
    own, usual = (kind(MLP((6, 2)), 1, 0.1, loss=loss).double() for loss in (both, None))
    usual.load_state_dict(own.state_dict())
    episode = Properties().sample(3, torch.Generator().manual_seed(0)).map(lambda t: t.double())
    adapted = own.adapt(episode.support_x, episode.support_y)
    if kind is not ImplicitMAML:  # which adds its pull
        weight = own.backbone[0].weight
        loss = both(own.backbone(episode.support_x[0]), episode.support_y[0])
        assert torch.allclose(adapted["0.weight"][0], weight - 0.1 * torch.autograd.grad(loss, weight)[0])
    _, outer = own.losses(episode)
    if kind is not Reptile:  # which trains on all examples
        assert outer.item() == pytest.approx(both(own.predict(adapted, episode.query_x), episode.query_y).item())
    assert not torch.allclose(adapted["0.weight"], usual.adapt(episode.support_x, episode.support_y)["0.weight"])
    path = save(own, tmp_path / "w.safetensors")
    with pytest.raises(ValueError, match="a loss of your own, by which it adapts, too: give it once more"):
        load(path)
    again = load(path, loss=both)
    assert torch.equal(again.adapt(episode.support_x, episode.support_y)["0.weight"], adapted["0.weight"])
    with pytest.raises(ValueError, match="loss must be a function"):
        kind(MLP(), loss="mse")


def test_weights_of_classes_are_a_loss_of_ones_own():
    weighed = partial(F.cross_entropy, weight=torch.tensor([1.0, 0, 0]))  # only the first class counts
    learner = MAML(nn.Linear(6, 5), 1, 0.1, loss=weighed)  # its two outputs beyond are cut
    episode = Clouds().sample(2, torch.Generator().manual_seed(0))
    own = torch.stack([F.cross_entropy(p, y, weight=torch.tensor([1.0, 0, 0]))
                       for p, y in zip(learner(episode), episode.query_y, strict=True)]).mean()  # fmt: skip
    assert learner.losses(episode)[1].item() == pytest.approx(own.item())
