"""What holds of every learner, whatever its settings and its network: hypothesis draws both."""

import copy
import random

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from course_lib import Episode, evaluate, load, save
from course_lib.learners import LEARNERS
from course_lib.learners.maml import MAML

N_IN, WIDTH = 6, 4
FEW = settings(max_examples=4, suppress_health_check=list(HealthCheck))
NO_BACKBONE = {"hausdorff", "nearest_neighbour"}
OUTPUTS = {name for name, kind in LEARNERS.items() if issubclass(kind, MAML)} | {"joint"}  # of the backbone: answers
EACH = pytest.mark.parametrize("name", LEARNERS)

inner = {"steps": st.integers(0, 3), "lr": st.sampled_from([0.05, 0.4])}
norms_of = {"batch_norm": st.sampled_from(["transductive", "inductive"])}
parts = {"adapts": st.sampled_from(["all", "head", "body", ["0"], ["3.bias", "0.weight"]])}
maml = inner | norms_of | parts | {"order": st.sampled_from([1, 2])}
nearness = {"distance": st.sampled_from(["euclidean", "cosine"]), "temperature": st.sampled_from([0.1, 1.0, 3.0])}
SETTINGS = {
    "prototypical": nearness | {"learn_temperature": st.booleans()},
    "matching": nearness | {"full_context": st.integers(0, 2), "features": st.just(WIDTH)},
    "siamese": {"features": st.just(WIDTH)},
    "relation": {"channels": st.just(WIDTH), "size": st.just(1), "hidden": st.integers(1, 9),
                 "shots": st.sampled_from(["sum", "mean"]), "loss": st.sampled_from(["mse", "cross_entropy"])},
    "maml": maml,
    "maml_plus_plus": maml | {
        "rates": st.sampled_from(["one", "layer", "weight"]), "multi_step_for": st.integers(0, 2),
        "batch_norm": st.sampled_from(["transductive", "inductive", "step"]), "first_order_for": st.integers(0, 2)},
    "reptile": inner | norms_of | parts | {"batch": st.sampled_from([None, 3])},
    "implicit_maml": inner | norms_of | {"strength": st.sampled_from([0.5, 2.0]), "solver_steps": st.integers(0, 3)},
    "joint": {},
    "in_context": {"inputs": st.just(WIDTH), "outputs": st.just(4), "width": st.just(4), "layers": st.integers(1, 2),
                   "heads": st.sampled_from([1, 2])},
    "recurrent": {"inputs": st.just(WIDTH), "outputs": st.just(4), "hidden": st.integers(1, 5),
                  "cell": st.sampled_from(["gru", "lstm"])},
    "ridge_head": {"features": st.just(WIDTH)},
    "linear_probe": inner, "fine_tune": inner, "hausdorff": {}, "nearest_neighbour": {},
}  # fmt: skip
NORMS = {
    "none": nn.Identity, "batch norm": lambda: nn.BatchNorm1d(5), "layer norm": lambda: nn.LayerNorm(5),
    "batch norm that keeps nothing": lambda: nn.BatchNorm1d(5, track_running_stats=False),
}  # fmt: skip
FORGETS = "batch norm that keeps nothing"  # a metric learner cannot be inductive with it, and says so


def network(norm: str, dropout: bool, outputs: int, seed: int = 0):
    torch.manual_seed(seed)
    drop = nn.Dropout(0.5 if dropout else 0.0)
    built = nn.Sequential(nn.Linear(N_IN, 5), NORMS[norm](), nn.Sequential(nn.Tanh(), drop), nn.Linear(5, outputs))
    for layer in built:
        if getattr(layer, "running_mean", None) is not None:  # as if trained
            nn.init.normal_(layer.running_mean), nn.init.uniform_(layer.running_var, 0.5, 2)
    return built.double()


@st.composite
def episodes(draw, name: str, **fixed):
    """A small episode that this learner can take; labels in any order, every class in the support set."""
    sizes = {"way": st.integers(2, 4), "shot": st.integers(1, 3), "queries": st.integers(3, 5)}
    way, shot, queries = (fixed[k] if k in fixed else draw(of) for k, of in sizes.items())
    g = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    y = torch.stack([torch.arange(way).repeat(shot)[torch.randperm(way * shot, generator=g)] for _ in range(3)])
    shape = (1, 6, 6) if name == "hausdorff" else (N_IN,)
    support, query = (torch.randn(3, n, *shape, generator=g, dtype=torch.float64) for n in (way * shot, queries))
    return Episode(support, y, query, torch.randint(way, (3, queries), generator=g), way)


@st.composite
def cases(draw, name: str, norms=tuple(NORMS), **fixed):
    """A learner with drawn settings, in evaluation mode; an episode for it; and what its network was made of."""
    episode = draw(episodes(name, **fixed))
    given = {k: draw(of) for k, of in SETTINGS[name].items()}
    if name in NO_BACKBONE:
        return LEARNERS[name](), episode, None
    outputs = episode.way + draw(st.integers(0, 2)) if name in OUTPUTS else WIDTH
    made = draw(st.sampled_from(norms)), draw(st.booleans()), outputs
    backbone = network(*made)
    if draw(st.booleans()) and given.get("adapts") not in (["0"], "body"):
        backbone[0].requires_grad_(False)
    torch.manual_seed(1)
    return LEARNERS[name](backbone, **given).double().eval(), episode, made


def same(a, b):
    assert a.shape == b.shape and torch.allclose(a, b, rtol=1e-7, atol=1e-9), (a - b).abs().max()


def answers(learner, episode):
    with torch.no_grad():
        return learner(episode)


@EACH
def test_a_file_gives_the_same_learner_back(name, tmp_path):
    @FEW
    @given(cases(name))
    def holds(case):
        learner, episode, made = case
        path = save(learner, tmp_path / "w.safetensors")
        again = load(path, backbone=made and network(*made, seed=9))
        assert torch.equal(answers(again, episode), answers(learner, episode))
        assert again.config == learner.config
        pairs = zip(learner.named_parameters(), again.named_parameters(), strict=True)
        assert all(a[0] == b[0] and a[1].requires_grad == b[1].requires_grad for a, b in pairs)

    holds()


@EACH
def test_a_query_does_not_feel_other_queries_nor_a_task_other_tasks(name):
    @FEW
    @given(cases(name, norms=[norm for norm in NORMS if norm != FORGETS or name in OUTPUTS - {"joint"}]))
    def holds(case):
        learner, episode, _ = case
        found = answers(learner, episode)
        one = Episode(
            episode.support_x, episode.support_y, episode.query_x[:, 1:2], episode.query_y[:, 1:2], episode.way
        )
        same(answers(learner, one), found[:, 1:2])
        same(answers(learner, episode.task(2)), found[2:])

    holds()


@EACH
def test_neither_the_order_of_the_support_set_nor_the_way_said_or_read_matters(name):
    @FEW
    @given(cases(name), st.randoms(use_true_random=False))
    def holds(case, rng):
        learner, episode, made = case
        order = list(range(episode.support_x.shape[1]))
        draws = name == "fine_tune" and made[1]  # which examples dropout falls on
        one_by_one = name == "recurrent" or learner.config.get("full_context")  # they read it in its order
        if not (draws or one_by_one):
            rng.shuffle(order)
        with torch.no_grad():
            adapted = learner.adapt(episode.support_x[:, order], episode.support_y[:, order])
            same(learner.predict(adapted, episode.query_x)[..., : episode.way], answers(learner, episode))

    holds()


# Classes have places in a reader, and it has to learn that names mean nothing; `each_class` has a test of its own.
@pytest.mark.parametrize("name", sorted(LEARNERS.keys() - OUTPUTS - {"in_context", "recurrent"}))
def test_other_names_of_the_classes_are_other_names_in_the_answers(name):
    @FEW
    @given(cases(name), st.randoms(use_true_random=False))
    def holds(case, rng):
        learner, episode, _ = case
        new = list(range(episode.way))
        rng.shuffle(new)
        new = torch.tensor(new)
        renamed = Episode(episode.support_x, new[episode.support_y], episode.query_x, episode.query_y, episode.way)
        same(answers(learner, renamed)[..., new], answers(learner, episode))

    holds()


def state_of(learner):
    return (
        {k: v.clone() for k, v in learner.state_dict().items()}, [m.training for m in learner.modules()],
        [p.grad for p in learner.parameters()], [p.requires_grad for p in learner.parameters()],
        [{k: v for k, v in vars(m).items() if isinstance(v, int | float)} for m in learner.modules()],
    )  # fmt: skip


def random_state():
    return torch.random.get_rng_state().tolist(), str(np.random.get_state()), random.getstate()


@EACH
@pytest.mark.filterwarnings("ignore:an answer depends")
def test_adapting_and_judging_leave_everything_as_it_was(name):
    @FEW
    @given(cases(name), st.sampled_from(["inductive", "transductive"]), st.booleans())
    def holds(case, batch_norm, training):
        learner, episode, made = case
        if training and name in OUTPUTS - {"joint"} | {"fine_tune"} and not (made[1] and name != "fine_tune"):
            learner.train()  # dropout draws, when it is asked to train
        before, drawn = state_of(learner), random_state()
        learner.adapt(episode.support_x, episode.support_y, episode.way)
        evaluate(learner, episode, batch_norm=batch_norm)
        after = state_of(learner)
        assert before[1:] == after[1:] and before[0].keys() == after[0].keys()
        assert all(torch.equal(v, after[0][k]) for k, v in before[0].items())
        assert random_state() == drawn
        copy.deepcopy(learner)

    holds()


class Drawn:
    """Tasks over normal numbers, or drawings."""

    def __init__(self, shape):
        self.shape = shape

    def sample(self, n_tasks, generator):
        x = torch.randn(n_tasks, 10, *self.shape, generator=generator, dtype=torch.float64)
        y = torch.arange(3).repeat(4)[:10].expand(n_tasks, -1)
        return Episode(x[:, :6], y[:, :6], x[:, 6:], y[:, 6:], 3)


@EACH
def test_a_score_depends_neither_on_the_batch_nor_on_random_numbers_elsewhere(name):
    @FEW
    @given(cases(name, norms=("none", "batch norm"), way=3), st.sampled_from(["inductive", "transductive"]),
           st.integers(1, 9), st.integers(0, 99))  # fmt: skip
    def holds(case, batch_norm, batch, seed):
        learner, tasks = case[0], Drawn((1, 6, 6) if name == "hausdorff" else (N_IN,))
        found = evaluate(learner, tasks, 7, seed=seed, batch_norm=batch_norm)
        torch.manual_seed(seed + 1)
        other = evaluate(learner, tasks, 7, seed=seed, batch_norm=batch_norm, batch=batch)
        assert torch.equal(found.scores, other.scores)
        same(found.losses, other.losses)
        same(found.confidence, other.confidence)

    holds()


@pytest.mark.parametrize("name", sorted(OUTPUTS))
@pytest.mark.filterwarnings("ignore:an answer depends")
def test_outputs_beyond_the_classes_change_nothing(name):
    @FEW
    @given(cases(name))
    def holds(case):
        wide, episode, made = case
        narrow = LEARNERS[name](network(*made[:2], episode.way), **wide.config).double().eval()
        state = wide.state_dict()
        for key, value in narrow.state_dict().items():
            cut = state[key]
            for axis, n in enumerate(value.shape):
                cut = cut.narrow(axis, 0, n)
            value.copy_(cut)
        for a, b in zip(wide.named_parameters(), narrow.named_parameters(), strict=True):
            b[1].requires_grad_(a[1].requires_grad)
        with torch.no_grad():
            wide.backbone[3].bias[episode.way :] = 50  # they would win
        same(answers(wide, episode), answers(narrow, episode))
        same(evaluate(wide, episode).losses, evaluate(narrow, episode).losses)
        if name == "reptile":  # which draws examples
            torch.manual_seed(0)
        first = wide.train().losses(episode)
        if name == "reptile":
            torch.manual_seed(0)
        if not made[1]:  # nor dropout
            for a, b in zip(first, narrow.train().losses(episode), strict=True):
                same(a, b)

    holds()
