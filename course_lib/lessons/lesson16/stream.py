"""A stream of scripts: learn the characters of one, then of the next, and be asked about all. What is forgotten?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from course_lib.learners import PrototypicalNet, squared_distances
from course_lib.lessons.lesson16.half_size_scripts import FEATURES, SmallConv, written
from course_lib.tasks.images import ImageTasks, as_ink
from course_lib.training import outer_step

SCRIPTS = ("Greek", "Armenian", "Hebrew", "Lao", "Nko", "Tifinagh")  # none of them in the split "train"
CHARACTERS, LEARNED, ASKED, KEPT = 20, 20, 10, 5  # of a script; drawings to learn from, to ask about, to keep for later
STEPS = 60  # of training, for each script
LR = 3e-3


class Stream:
    """Six scripts in an order drawn by the seed, 20 characters of each, as one numbering of 120.

    Args:
        seed: of the order, and of which characters.

    Attributes:
        learned: `[scripts, characters, LEARNED, 14, 14]` uint8. asked: `[scripts, characters, ASKED, 14, 14]` uint8.
    """

    def __init__(self, seed: int):
        generator = Generator().manual_seed(seed)
        found = []
        for place in torch.randperm(len(SCRIPTS), generator=generator).tolist():
            images = written((SCRIPTS[place],), LEARNED + ASKED)[0]  # [characters, drawings, 14, 14]
            found.append(images[torch.randperm(len(images), generator=generator)[:CHARACTERS]])
        images = torch.stack(found)  # [scripts, CHARACTERS, LEARNED + ASKED, 14, 14]
        self.learned, self.asked = images[:, :, :LEARNED], images[:, :, LEARNED:]


def shown(images: Tensor) -> Tensor:
    """Drawings `[..., 14, 14]` uint8 as what a network takes: `[n, 1, 14, 14]`."""
    return as_ink(images.reshape(-1, 1, *images.shape[-2:]))


@torch.no_grad()
def embed(network: nn.Module, images: Tensor) -> Tensor:
    """`[scripts, characters, drawings, 14, 14]` to `[scripts, characters, drawings, d]`."""
    return network.eval()(shown(images)).unflatten(0, images.shape[:3])


def right_within(scores: Tensor) -> Tensor:
    """The share of drawings named rightly among the characters of their own script: `[scripts]`.

    Args:
        scores: `[scripts, characters, drawings, scripts, characters]`: of every drawing for every character.
    """
    scripts, characters = scores.shape[:2]
    own = torch.stack([scores[s, :, :, s] for s in range(scripts)])  # [scripts, characters, drawings, characters]
    return (own.argmax(-1) == torch.arange(characters).view(1, -1, 1)).double().mean((1, 2))


def right_among(scores: Tensor, seen: int) -> Tensor:
    """The same among all characters of the first `seen` scripts: `[scripts]`, of which the others mean nothing."""
    scripts, characters = scores.shape[:2]
    answer = scores[..., :seen, :].flatten(3).argmax(-1)  # [scripts, characters, drawings]
    truth = torch.arange(scripts * characters).view(scripts, characters, 1)
    return (answer == truth).double().mean((1, 2))


def by_prototypes(means: Tensor, z: Tensor) -> Tensor:
    """Scores by minus the squared distance to the mean of each character.

    Args:
        means: `[scripts, characters, d]`. z: drawings `[scripts, characters, drawings, d]`.

    Returns: as `right_within` takes them.
    """
    flat = -squared_distances(z.flatten(0, 2)[None], means.flatten(0, 1)[None])[0]  # [drawings, characters]
    return flat.view(*z.shape[:3], *means.shape[:2])


def classifier(stream: Stream, seed: int, kept: int) -> Iterator[Tensor]:
    """One softmax over all characters of the stream, trained on one script after the other.

    Args:
        stream: what comes. seed: of weights and batches.
        kept: drawings of each earlier character that are learned from again, as half of each batch of 64.

    Yields: after each script, scores as `right_within` takes them.
    """
    torch.manual_seed(seed)
    scripts, characters = stream.learned.shape[:2]
    network, generator = SmallConv(FEATURES, out=scripts * characters), Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(network.parameters(), lr=LR)

    def batch(n: int, first: int, last: int, drawings: int) -> tuple[Tensor, Tensor]:
        label = torch.randint(first * characters, last * characters, (n,), generator=generator)
        drawing = torch.randint(drawings, (n,), generator=generator)
        return shown(stream.learned.flatten(0, 1)[label, drawing]), label

    for stage in range(scripts):
        for _ in range(STEPS):
            again = 32 if kept and stage else 0
            parts = [batch(64 - again, stage, stage + 1, LEARNED)] + ([batch(again, 0, stage, kept)] if again else [])
            x, y = map(torch.cat, zip(*parts, strict=True))
            optimizer.zero_grad()
            F.cross_entropy(network.train()(x), y).backward()
            optimizer.step()
        with torch.no_grad():
            scores = network.eval()(shown(stream.asked))  # [drawings of all, scripts * characters]
        yield scores.view(*stream.asked.shape[:3], scripts, characters)


def moving_prototypes(stream: Stream, seed: int, stale: bool) -> Iterator[Tensor]:
    """A prototypical network that is trained on one script after the other; a character is the mean of KEPT drawings.

    Args:
        stream, yields: as of `classifier`. seed: of weights and tasks.
        stale: means are stored when the script is learned. Otherwise the kept drawings are embedded again each time.
    """
    torch.manual_seed(seed)
    learner, generator = PrototypicalNet(SmallConv()), Generator().manual_seed(seed)
    optimizer, stored = torch.optim.Adam(learner.parameters(), lr=LR), None
    for stage, images in enumerate(stream.learned):
        tasks = ImageTasks(images, 10, KEPT, KEPT)
        for _ in range(STEPS):
            outer_step(learner.train().losses, optimizer, tasks.sample(1, generator))
        now = embed(learner.backbone, stream.learned[:, :, :KEPT]).mean(2)  # [scripts, characters, d]
        stored = now if stored is None or not stale else torch.cat([stored[:stage], now[stage:]])
        yield by_prototypes(stored, embed(learner.backbone, stream.asked))


def still_prototypes(stream: Stream, network: nn.Module) -> Iterator[Tensor]:
    """A network that was meta-trained before, on other scripts, and is never trained again. Args, yields: as above."""
    means = embed(network, stream.learned[:, :, :KEPT]).mean(2)  # [scripts, characters, d]
    scores = by_prototypes(means, embed(network, stream.asked))
    for _ in stream.learned:
        yield scores


def history(stages: Iterator[Tensor], right: Callable[[Tensor, int], Tensor]) -> Tensor:
    """What was right after each script: `[stages, scripts]`; scripts that have not come yet hold NaN.

    Args:
        stages: scores after each. right: a function of scores and of the number of scripts seen, such as `right_among`.
    """
    rows = [right(scores, stage + 1) for stage, scores in enumerate(stages)]
    found = torch.stack(rows)  # [stages, scripts]
    return found.masked_fill(torch.ones_like(found).triu(1).bool(), torch.nan)


def forgetting(found: Tensor) -> Tensor:
    """How much less is right at the end than just after a script was learned, for all scripts but the last.

    Args:
        found: `[stages, scripts]`, of `history`.

    Returns: `[scripts - 1]`. Below 0 where later scripts helped.

    Source: second-hand, Chaudhry et al. 2018 (ECCV, arXiv:1801.10112), who take the best of all earlier stages in place
    of the stage of learning.
    """
    return (found.diagonal() - found[-1])[:-1]
