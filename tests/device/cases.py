"""Every learner of the course with its variants, small, and tasks for it."""

from torch import nn

from course_lib.learners import (
    MAML,
    FineTune,
    ImplicitMAML,
    InContext,
    Joint,
    LinearProbe,
    MAMLPlusPlus,
    MatchingNet,
    ModifiedHausdorff,
    NearestNeighbour,
    PrototypicalNet,
    Recurrent,
    RelationNet,
    Reptile,
    RidgeHead,
    SiameseNet,
)  # fmt: skip
from course_lib.models import MLP, Conv4
from course_lib.sequences import GRU, LSTM, CharCNN, Transformer
from course_lib.tasks import Scripts, Sinusoids, Words


def conv(**more):
    return Conv4(4, **more)


LEARNERS = {
    "prototypical": lambda: PrototypicalNet(conv()),
    "prototypical, cosine, in chunks": lambda: PrototypicalNet(
        conv(chunk=8), distance="cosine", temperature=0.1, learn_temperature=True),
    "matching": lambda: MatchingNet(conv()),
    "matching, full context": lambda: MatchingNet(conv(), distance="euclidean", full_context=2, features=4),
    "siamese": lambda: SiameseNet(conv(), 4),
    "relation": lambda: RelationNet(conv(maps=True), 4),
    "relation, vectors, mean": lambda: RelationNet(conv(), 4, size=1, shots="mean", loss="cross_entropy"),
    "maml": lambda: MAML(conv(out=3), 2, 0.1),
    "maml, first order": lambda: MAML(conv(out=3), 2, 0.1, 1),
    "anil": lambda: MAML(conv(out=3), 2, 0.1, adapts="head"),
    "boil": lambda: MAML(conv(out=3), 2, 0.1, adapts="body"),
    "maml, inductive": lambda: MAML(conv(out=3), 2, 0.1, batch_norm="inductive"),
    "maml++": lambda: MAMLPlusPlus(
        conv(out=3), 2, 0.1, rates="layer", batch_norm="step", multi_step_for=2, first_order_for=1),
    "meta-sgd": lambda: MAMLPlusPlus(conv(out=3), 1, 0.1, rates="weight"),
    "reptile": lambda: Reptile(conv(out=3), 3, 0.1, batch=4),
    "implicit_maml": lambda: ImplicitMAML(conv(out=3), 2, 0.1, solver_steps=2),
    "joint": lambda: Joint(conv(), 4, 3),
    "hausdorff": ModifiedHausdorff,
    "nearest_neighbour": NearestNeighbour,
    "linear_probe": lambda: LinearProbe(conv(), 3),
    "fine_tune": lambda: FineTune(conv(out=3), 2, 0.1),
    "maml, curves": lambda: MAML(MLP((1, 8, 1)), 2),
    "reptile, curves": lambda: Reptile(MLP((1, 8, 1)), 2, batch=None),
    "joint, curves": lambda: Joint(MLP((1, 8, 1))),
    "in_context": lambda: InContext(conv(), 4, 3, 8, 1, 2),
    "in_context, each class": lambda: InContext(conv(), 4, 1, 8, 1, 2, each_class=True),
    "recurrent": lambda: Recurrent(conv(), 4, 3, 5),
    "in_context, curves": lambda: InContext(width=8, layers=2, heads=2),
    "in_context, spread, curves": lambda: InContext(width=8, layers=1, heads=2, spread=True),
    "recurrent, lstm, curves": lambda: Recurrent(hidden=5, cell="lstm"),
    "ridge_head": lambda: RidgeHead(conv(), 4),
    "ridge_head, curves": lambda: RidgeHead(MLP((1, 8, 6)), 6, 1),
    "fine_tune, curves": lambda: FineTune(MLP((1, 8, 1)), 2),
    "prototypical, CNN, words": lambda: PrototypicalNet(CharCNN(width=8, features=8)),
    "prototypical, LSTM, words": lambda: PrototypicalNet(LSTM(width=8, features=8)),
    "maml, GRU, words": lambda: MAML(GRU(width=8, features=8, out=3), 1, 0.1),
    "maml, Transformer, words": lambda: MAML(Transformer(width=8, out=3, layers=1, heads=2), 1, 0.1),
}  # fmt: skip


class ShortWords(Words):
    """Their first four letters: a recurrent network takes as many steps, each of them slow on the stand-in."""

    def sample(self, n_tasks, generator=None):
        return super().sample(n_tasks, generator).map(lambda t: t[..., :4] if t.ndim == 3 else t)


DRAWS = {"reptile"}  # numbers at random, on the device: they are others there


def tasks_for(name: str, device="cpu"):
    """Curves, or 3-way 2-shot tasks of words or of Scripts."""
    if name.endswith("words"):
        return ShortWords(3, 2, 2, device=device)
    return Sinusoids(4, 4, device=device) if name.endswith("curves") else Scripts(3, 2, 2, "test", device=device)


def learns(learner: nn.Module) -> bool:
    """Whether `fit` can train it."""
    return not isinstance(learner, FineTune | LinearProbe) and any(True for _ in learner.parameters())
