"""One outer step of a prototypical network, 60-way 1-shot 5-query: 360 images forward and backward through Conv4-64.

The variants take turns, so that a busy machine is busy for all of them; compare ratios. `python benchmarks/step.py`
"""

import statistics
import time

import torch
from torch import nn

from course_lib import Episode
from course_lib.learners import PrototypicalNet
from course_lib.models import Conv4
from course_lib.training import outer_step


def plain() -> nn.Module:
    """Conv4 as papers write it: ReLU before pooling, images in PyTorch's usual memory order."""
    blocks = [
        nn.Sequential(nn.Conv2d(1 if i == 0 else 64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2))
        for i in range(4)
    ]
    return nn.Sequential(*blocks, nn.Flatten())


def main():
    """Print a table: seconds a step (median of 9) and how many times faster than plain."""
    x, y = torch.rand(1, 360, 1, 28, 28), torch.arange(60)
    episode = Episode(x[:, :60], y[None], x[:, 60:], y.repeat_interleave(5)[None])
    variants = {"as papers write it": plain(), "Conv4()": Conv4(), "Conv4(chunk=72)": Conv4(chunk=72)}
    learners = {name: PrototypicalNet(backbone) for name, backbone in variants.items()}
    optimizers = {name: torch.optim.Adam(learner.parameters()) for name, learner in learners.items()}
    seconds = {name: [] for name in variants}
    for turn in range(10):
        for name, learner in learners.items():
            start = time.perf_counter()
            outer_step(learner.losses, optimizers[name], episode)
            if turn:  # the first is a warm-up
                seconds[name].append(time.perf_counter() - start)
    base = statistics.median(seconds["as papers write it"])
    print(f"{torch.get_num_threads()} threads\n\n| Conv4-64 | s a step | times faster |\n|---|---|---|")
    for name, taken in seconds.items():
        print(f"| {name} | {statistics.median(taken):.3f} | {base / statistics.median(taken):.1f} |")


if __name__ == "__main__":
    main()
