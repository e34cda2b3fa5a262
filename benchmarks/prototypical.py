"""One training episode of a prototypical network, 60-way 1-shot 5-query, through course_lib and through easyfsl.

`COURSE_DATA=... python benchmarks/prototypical.py`; README.md says how the environment with easyfsl 1.5 is made. All
get equal weights and images, and the loss has to agree to 1e-4, or no time is printed. The variants take turns, so that
a busy machine is busy for all of them: compare ratios.

easyfsl imports torchvision for image folders and ResNets, which this step does not use, so an empty module stands in.
It takes distances without squaring them; here it squares them. It runs support and query set through batch norm one
after the other, and Conv4(chunk=72) normalises 72 images at a time, so losses are compared with fixed statistics.
"""

import io
import statistics
import sys
import time
import zipfile
from itertools import count
from unittest.mock import MagicMock

import numpy as np
import torch
from PIL import Image
from step import plain
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Sampler

from course_lib import Episode
from course_lib.learners import PrototypicalNet
from course_lib.models import Conv4
from course_lib.tasks import Omniglot
from course_lib.tasks.download import fetch
from course_lib.tasks.omniglot import ADDRESS, FOLDER, KNOWN
from course_lib.training import outer_step

for name in ("", ".transforms", ".datasets", ".models", ".models.resnet"):
    sys.modules.setdefault(f"torchvision{name}", MagicMock())
Sampler.__init__ = lambda self, data_source=None: None  # easyfsl 1.5 gives an argument that torch 2.13 no longer takes
from easyfsl.datasets import FewShotDataset  # noqa: E402
from easyfsl.methods import PrototypicalNetworks  # noqa: E402
from easyfsl.samplers import TaskSampler  # noqa: E402

WAY, SHOT, QUERY = 60, 1, 5


class Squared(PrototypicalNetworks):
    """easyfsl's, with the paper's squared distances."""

    def l2_distance_to_prototypes(self, samples):
        """Minus squared distances `[n_query, way]`."""
        return -super().l2_distance_to_prototypes(samples).square()


class Drawings(FewShotDataset):
    """Omniglot's drawings as easyfsl takes them, one by one: decoded and made small when asked for, as
    torchvision's dataset does; or, kinder, once and for all."""

    def __init__(self, once: bool):
        name = "images_background.zip"
        archive = zipfile.ZipFile(fetch(FOLDER, name, ADDRESS, KNOWN[name][0]))
        names = sorted(n for n in archive.namelist() if n.endswith(".png"))
        classes = {folder: i for i, folder in enumerate(dict.fromkeys(n.rsplit("/", 1)[0] for n in names))}
        self.labels = [classes[n.rsplit("/", 1)[0]] for n in names]
        self.files = [archive.read(n) for n in names]
        self.ready = [self.read(i) for i in range(len(names))] if once else None

    def read(self, i: int) -> torch.Tensor:
        """`[1, 28, 28]`, ink 1 on paper 0."""
        picture = Image.open(io.BytesIO(self.files[i])).convert("L").resize((28, 28))
        return 1 - torch.from_numpy(np.asarray(picture)[None] / np.float32(255))

    def __getitem__(self, i: int):
        return (self.ready[i] if self.ready else self.read(i)), self.labels[i]

    def __len__(self):
        return len(self.labels)

    def get_labels(self):
        """The class of each drawing."""
        return self.labels


def easyfsl_step(model, optimizer, batch):
    """The training step of easyfsl's notebook on episodic training, transcribed."""
    support_x, support_y, query_x, query_y, _ = batch
    optimizer.zero_grad()
    model.process_support_set(support_x, support_y)
    loss = F.cross_entropy(model(query_x), query_y)
    loss.backward()
    optimizer.step()
    return loss.item()


def bare_step(backbone, optimizer, images):
    """The same images forward and backward, and nothing else."""
    optimizer.zero_grad()
    backbone(images).square().mean().backward()
    optimizer.step()


def seconds_of(steps: dict, turns: int = 12) -> dict[str, float]:
    """The median over turns, by name; the first turn is a warm-up."""
    seconds = {name: [] for name in steps}
    for turn in range(turns):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def same_start(backbone: nn.Module) -> nn.Module:
    """The backbone with weights that are equal for all."""
    torch.manual_seed(0)
    source = plain()
    backbone.load_state_dict(dict(zip(backbone.state_dict(), source.state_dict().values(), strict=True)))
    return backbone


def main():
    """Print two tables: without the data's loading, and with it."""
    tasks = Omniglot(WAY, SHOT, QUERY, rotations=True)
    numbers = count()
    sample = lambda: tasks.sample(1, torch.Generator().manual_seed(next(numbers)))  # noqa: E731
    episode: Episode = sample()
    batch = [t[0] for t in episode.tensors()] + [None]
    course = {"course_lib": PrototypicalNet(same_start(Conv4(chunk=72))),
              "course_lib, Conv4 as papers write it": PrototypicalNet(same_start(plain()))}  # fmt: skip
    easy, bare = Squared(same_start(plain())), same_start(Conv4(chunk=72))
    with torch.no_grad():
        easy.eval().process_support_set(batch[0], batch[1])
        expected = F.cross_entropy(easy(batch[2]), batch[3])
        for name, learner in course.items():
            found = learner.eval().losses(episode)[1]
            if abs(found - expected) > 1e-4 * expected:
                raise SystemExit(f"{name} has a loss of {found}, easyfsl of {expected}: no times.")
            learner.train()
    print(f"equal losses: {expected:.6f}; {torch.get_num_threads()} thread(s)\n")
    easy.train()
    adam = {m: torch.optim.Adam(m.parameters()) for m in (*course.values(), easy, bare)}
    images = torch.cat([batch[0], batch[2]])
    step = {name: lambda m=m: outer_step(m.losses, adam[m], episode) for name, m in course.items()}
    step["easyfsl"] = lambda: easyfsl_step(easy, adam[easy], batch)
    step["bare forward and backward, chunk=72"] = lambda: bare_step(bare, adam[bare], images)
    alone = seconds_of(step)
    loaders = {}
    for name, once in (("easyfsl, drawings decoded as they come", False), ("easyfsl, drawings decoded before", True)):
        drawings = Drawings(once)
        sampler = TaskSampler(drawings, WAY, SHOT, QUERY, 1000)
        loaders[name] = iter(DataLoader(drawings, batch_sampler=sampler, collate_fn=sampler.episodic_collate_fn))
    ours = course["course_lib"]
    step = {"course_lib": lambda: outer_step(ours.losses, adam[ours], sample())}
    step |= {n: lambda loader=loader: easyfsl_step(easy, adam[easy], next(loader)) for n, loader in loaders.items()}
    for title, taken in (("without loading", alone), ("with loading", seconds_of(step))):
        print(f"| {title} | ms an episode | in units of course_lib |\n|---|---|---|")
        for name, s in taken.items():
            print(f"| {name} | {1000 * s:.0f} | {s / taken['course_lib']:.2f} |")
        print()


if __name__ == "__main__":
    main()
