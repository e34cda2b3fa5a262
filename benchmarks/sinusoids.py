"""The sinusoid figure of the MAML paper, from the weights that ship. `python benchmarks/sinusoids.py [FIGURE.png]`

Error on new tasks against gradient steps, for 5 and 10 support points: MAML, joint pretraining (the same network,
trained on all curves at once, takes gradient steps too), and an oracle that is told amplitude and phase.
Finn et al. 2017 (arXiv:1703.03400), section 5.1 and appendix A.
"""

import sys

import torch
from torch.nn import functional as F

from course_lib import evaluate, load, paths
from course_lib.learners import MAML
from course_lib.models import MLP
from course_lib.plots import COLORS
from course_lib.statistics import ci95
from course_lib.tasks import Sinusoids

TASKS, STEPS = 600, (0, 1, 2, 3, 5, 10)


def curves(n: int, points: int, generator):
    """Inputs `[n, points, 3]` of the oracle (x, amplitude, phase) and targets `[n, points, 1]`."""
    low, high = torch.tensor([-5.0, 0.1, 0.0]), torch.tensor([5.0, 5.0, torch.pi])
    told = low + (high - low) * torch.rand(n, 1, 3, generator=generator)
    told = told.repeat(1, points, 1)
    told[..., 0] = -5 + 10 * torch.rand(n, points, generator=generator)
    x, amplitude, phase = told.unbind(-1)
    return told, (amplitude * torch.sin(x - phase)).unsqueeze(-1)


def oracle(steps: int = 20_000) -> tuple[float, float]:
    """Mean squared error, with its interval over tasks, of a network that knows the task."""
    torch.manual_seed(0)
    generator, network = torch.Generator().manual_seed(0), MLP((3, 40, 40, 1))
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for _ in range(steps):
        told, y = curves(25, 20, generator)
        optimizer.zero_grad()
        F.mse_loss(network(told), y).backward()
        optimizer.step(), schedule.step()
    told, y = curves(TASKS, 100, generator)
    with torch.no_grad():
        errors = (network(told) - y).square().mean((1, 2))  # [tasks]
    return errors.mean().item(), ci95(errors)


def main(figure: str | None = None):
    """Print the table; draw it into a file if there is a name."""
    rows = {("oracle", None): [oracle()] * len(STEPS)}
    joint = load(paths.pretrained("joint_sinusoids")).backbone
    for shot, rate in ((5, 0.01), (10, 0.02)):  # the rates of pretraining in the paper's figure
        tasks = Sinusoids(shot=shot, query=100)
        maml = load(paths.pretrained(f"maml_sinusoids_{shot}"))
        for name, learner in (("MAML", maml), ("joint", MAML(joint, 1, rate))):
            results = []
            for learner.config["steps"] in STEPS:
                results.append(evaluate(learner, tasks, TASKS, seed=1))
            rows[name, shot] = [(r.mean, r.ci95) for r in results]
    print("| | support points |", " | ".join(f"{s} steps" for s in STEPS), "|")
    print("|---|---|" + "---|" * len(STEPS))
    for (name, shot), row in rows.items():
        print(f"| {name} | {shot or 'any'} |", " | ".join(f"{m:.2f} ± {c:.2f}" for m, c in row), "|")
    if figure:
        draw(rows, figure)


def draw(rows: dict, path: str):
    """Two panels, as in the paper."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
    for ax, shot in zip(axes, (5, 10), strict=True):
        shown = ("MAML", shot), ("joint", shot), ("oracle", None)
        for (name, k), marker, color in zip(shown, "osd", COLORS, strict=False):
            means, halves = zip(*rows[name, k], strict=True)
            ax.errorbar(STEPS, means, halves, marker=marker, color=color, label=name, capsize=3)
        ax.set(title=f"{shot} support points", xlabel="gradient steps")
    axes[0].set_ylabel("mean squared error")
    axes[1].legend()
    fig.savefig(path, dpi=120)


if __name__ == "__main__":
    main(*sys.argv[1:])
