"""The metric learners that several tests ask the same of."""

import torch
from torch import nn

from course_lib.learners import MatchingNet, PrototypicalNet, RelationNet, SiameseNet

FEATURES = 6


def learners():
    """One of each kind, for vectors of FEATURES numbers."""
    torch.manual_seed(0)
    kinds = {
        "prototypical": PrototypicalNet(nn.Identity()),
        "cosine": PrototypicalNet(nn.Identity(), distance="cosine", temperature=0.1, learn_temperature=True),
        "matching": MatchingNet(nn.Identity()),
        "matching, euclidean": MatchingNet(nn.Identity(), distance="euclidean"),
        "matching, full context": MatchingNet(nn.Identity(), full_context=3, features=FEATURES),
        "siamese": SiameseNet(nn.Identity(), FEATURES),
        "relation": RelationNet(nn.Identity(), FEATURES, size=1),
        "relation, mean": RelationNet(nn.Identity(), FEATURES, size=1, shots="mean", loss="cross_entropy"),
    }
    return {name: learner.double().eval() for name, learner in kinds.items()}


def in_float64(episode):
    """The same episode in float64; labels stay as they are."""
    return episode.map(lambda t: t.double() if t.is_floating_point() else t)
