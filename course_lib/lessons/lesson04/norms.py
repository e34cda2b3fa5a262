"""Three ways to train MAML on images, which differ in how layers are normalised. Stored trainings.

`python -m course_lib.lessons.lesson04.norms` trains them again and writes the table beside this file (about 15 minutes
on one core).
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import torch
from torch import nn

from course_lib.evaluation import evaluate
from course_lib.learners import MAML
from course_lib.lessons.lesson04.company import COMPANIES, accuracy_in_company, company
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from course_lib.training import fit

TABLE = Path(__file__).with_name("norms.json")
SEEDS = (0, 1, 2)  # of the trainings: first weights and training tasks
OUTER, META_BATCH, RATE, TESTED = 400, 4, 2e-3, 200
SHAPE = {"way": 5, "shot": 1, "query": 5}
QUERIES = 25  # of a task
#: What normalises, and with which statistics queries were normalised in training; the inner learning rate.
VARIANTS = {
    "batch norm, trained transductively": ("batch", "transductive", 0.4),
    "batch norm, trained inductively": ("batch", "inductive", 0.4),
    "group norm": ("group", "transductive", 0.4),  # the word has no meaning here: there is nothing to share
}


def with_group_norm(network: nn.Module, groups: int = 8) -> nn.Module:
    """A copy of a network with group norm in place of batch norm: mean and variance of a group of channels, of *one*
    image. `groups=1` is layer norm over all channels and pixels.

    Source: Wu and He 2018 (arXiv:1803.08494).
    """
    network = copy.deepcopy(network)
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.BatchNorm2d):
                setattr(module, name, nn.GroupNorm(groups, child.num_features, child.eps))
    return network


def train(name: str, seed: int, steps: int = OUTER) -> MAML:
    """One of VARIANTS, trained on `Scripts`."""
    kind, batch_norm, lr = VARIANTS[name]
    torch.manual_seed(seed)
    network = Conv4(32, out=5)
    learner = MAML(with_group_norm(network) if kind == "group" else network, 1, lr, batch_norm=batch_norm)
    fit(learner, Scripts(**SHAPE, split="train"), steps, meta_batch=META_BATCH, lr=RATE, seed=seed, progress=False,
        device="cpu")  # fmt: skip
    return learner


def scores(learner: MAML, n_tasks: int = TESTED) -> dict[str, list[int]]:
    """Right answers, of QUERIES, in each of the same test tasks: inductive, and in each company."""
    episode = Scripts(**SHAPE, split="test").sample(n_tasks, torch.Generator().manual_seed(0))
    found = {"inductive": evaluate(learner, episode).scores}
    for name in COMPANIES:
        batches = company(name, episode, torch.Generator().manual_seed(0))
        found[name] = accuracy_in_company(learner.eval(), episode, batches)
    return {name: [round(QUERIES * value) for value in each.tolist()] for name, each in found.items()}


def read() -> dict[tuple[str, int], dict[str, torch.Tensor]]:
    """The stored accuracies: by variant and seed, then by way of asking, `[tasks]`."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["trainings"]
    found = {}
    for row in rows:
        found[row["variant"], row["seed"]] = {name: torch.tensor(n) / QUERIES for name, n in row["right"].items()}
    return found


def main():
    """Train all and write the table."""
    rows = []
    for name in VARIANTS:
        for seed in SEEDS:
            rows.append({"variant": name, "seed": seed, "right": scores(train(name, seed))})
            said = "; ".join(f"{k} {100 * sum(v) / QUERIES / len(v):.1f}" for k, v in rows[-1]["right"].items())
            print(f"{name}, seed {seed}: {said}", flush=True)
    settings = {"outer steps": OUTER, "meta-batch": META_BATCH, "test tasks": TESTED, "torch": torch.__version__}
    table = {"settings": settings, "trainings": rows}
    TABLE.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
