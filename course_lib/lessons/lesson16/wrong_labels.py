"""One wrong label among the shots: what falls, and which prototypes stand it.

A prototypical network meets its support set as embeddings, so all is measured on these: one embedded set of tasks
serves every kind of prototype, task by task.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from course_lib.compute.seeding import EVALUATE, generator_for
from course_lib.learners import squared_distances
from course_lib.lessons.lesson16.robust_prototypes import geometric_median

WRONG = ("clean", "one", "each")  # no wrong label; one in one class; one in every class


@dataclass(eq=False)
class Embedded:
    """Tasks as a network sees them.

    Args:
        support_z: `[tasks, way, shot, d]`.
        spare_z: one more drawing of each class, which may be put in with a wrong label, `[tasks, way, d]`.
        query_z: `[tasks, way * query, d]`.
        query_y: `[tasks, way * query]`.
    """

    support_z: Tensor
    spare_z: Tensor
    query_z: Tensor
    query_y: Tensor


@torch.no_grad()
def embedded(learner, tasks, n: int, seed: int = 0) -> Embedded:
    """Embed `n` tasks, those that `evaluate` would meet with this seed.

    Args:
        learner: with `embed`, such as `PrototypicalNet`; it is used in eval mode.
        tasks: image tasks with one shot more than shall be learned from: the last of each class is the spare one.
        n: how many. seed: which.

    Raises:
        ValueError: if no shot would be left.
    """
    if tasks.shot < 2:
        raise ValueError("one shot of each class is put aside, to be given a wrong label: use tasks of 2 or more.")
    learner.eval()
    found = []
    for i in range(n):
        e = tasks.sample(1, generator_for(seed, EVALUATE, i))
        z = learner.embed(torch.cat([e.support_x, e.query_x], 1))[0]  # [way * shot + queries, d]
        at = e.support_x.shape[1]
        found.append((z[:at].unflatten(0, (tasks.way, tasks.shot)), z[at:], e.query_y[0]))
    support, query_z, query_y = map(torch.stack, zip(*found, strict=True))
    return Embedded(support[:, :, :-1], support[:, :, -1], query_z, query_y)


def mislabelled(data: Embedded, wrong: str, generator: Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """The support set with wrong labels: a drawing of a class is replaced by the spare drawing of another class.

    Args:
        data: tasks. wrong: one of WRONG. generator: which class is hit ("one"), and from which class the drawing is.

    Returns: support_z `[tasks, way, shot, d]`; whether each class was hit `[tasks, way]`; and the class that the wrong
        drawing is of, `[tasks, way]`, its own where it was not hit.
    """
    if wrong not in WRONG:
        raise ValueError(f"wrong must be one of {', '.join(WRONG)}, but it is {wrong!r}.")
    tasks, way = data.spare_z.shape[:2]
    own = torch.arange(way).expand(tasks, way)  # [tasks, way]
    hit = torch.full((tasks, way), wrong == "each")
    if wrong == "one":
        hit = own == torch.randint(way, (tasks, 1), generator=generator)
    donor = (own + torch.randint(1, way, (tasks, 1), generator=generator)) % way  # [tasks, way]: never its own
    donor = donor.where(hit, own)
    z = data.support_z.clone()
    put = data.spare_z.gather(1, donor.unsqueeze(-1).expand_as(data.spare_z))  # [tasks, way, d]
    z[:, :, 0] = put.where(hit.unsqueeze(-1), z[:, :, 0])  # drawings of a class are alike: the first is any
    return z, hit, donor


def trimmed_means(z: Tensor) -> Tensor:
    """The mean of each class without the example farthest from it: `[tasks, way, shot, d]` to `[tasks, way, d]`.

    Raises:
        ValueError: for fewer than three shots: of two neither is the odd one out.
    """
    if z.shape[2] < 3:
        raise ValueError(f"trimming needs 3 shots, but there are {z.shape[2]}: of two neither is the odd one out.")
    far = (z - z.mean(2, keepdim=True)).norm(dim=-1).argmax(-1)  # [tasks, way]
    kept = (torch.arange(z.shape[2]) != far.unsqueeze(-1)).to(z)  # [tasks, way, shot]
    return (kept.unsqueeze(-1) * z).sum(2) / (z.shape[2] - 1)


def leave_one_out_weights(z: Tensor, least: float = 1e-3) -> Tensor:
    """How sure the other examples are of each example's label: `[tasks, way, shot, d]` to `[tasks, way, shot]`.

    Each example is asked about as if it were a query, its own class averaged without it: the softmax of minus the
    squared distances. `least` is added, so that a class of doubtful examples keeps a mean.

    The question is which class, and not whether any: an example far from all classes may pass for its own, and carries
    the mean off by so much that the good ones are doubted. It stands mix-ups within a task, not strangers.
    """
    tasks, way, shot, d = z.shape
    if shot < 2:
        raise ValueError("without its only example a class has no mean: give 2 shots or more.")
    means = z.mean(2)  # [tasks, way, d]
    without = (shot * means.unsqueeze(2) - z) / (shot - 1)  # [tasks, way, shot, d]
    apart = squared_distances(z.flatten(1, 2), means).view(tasks, way, shot, way)
    to_own = (z - without).square().sum(-1)  # [tasks, way, shot]
    own = torch.eye(way, dtype=torch.bool).unsqueeze(1)  # [way, 1, way]
    return (-apart.where(~own, to_own.unsqueeze(-1))).softmax(-1).diagonal(dim1=1, dim2=3).transpose(1, 2) + least


def weighted_means(z: Tensor) -> Tensor:
    """Means weighted by `leave_one_out_weights`: `[tasks, way, shot, d]` to `[tasks, way, d]`."""
    weights = leave_one_out_weights(z).unsqueeze(-1)  # [tasks, way, shot, 1]
    return (weights * z).sum(2) / weights.sum(2)


#: Kinds of prototypes, by name: functions of `[tasks, way, shot, d]` that give `[tasks, way, d]`.
REPAIRS: dict[str, Callable[[Tensor], Tensor]] = {
    "mean": lambda z: z.mean(2),
    "median": geometric_median,
    "trimmed": trimmed_means,
    "weighted": weighted_means,
}


def correct_answers(prototypes: Tensor, data: Embedded) -> Tensor:
    """Whether each query is nearest to the prototype of its class: `[tasks, way, d]` to bool `[tasks, queries]`."""
    return squared_distances(data.query_z, prototypes).argmin(-1) == data.query_y


def compared(data: Embedded, generator: Generator | None = None) -> dict[tuple[str, str], Tensor]:
    """Accuracy by kind of prototype and of wrong label, `(repair, wrong)`: fractions `[tasks]`. All repairs meet the
    same wrong labels."""
    found = {}
    for wrong in WRONG:
        z, _, _ = mislabelled(data, wrong, generator)
        found |= {(name, wrong): correct_answers(repair(z), data).double().mean(1) for name, repair in REPAIRS.items()}
    return found


def recalls(data: Embedded, repair: str, generator: Generator | None = None) -> dict[str, Tensor]:
    """Where one wrong label hurts: the change of recall, a fraction `[tasks]`, of the class that was hit ("hit"), of
    the class that the wrong drawing is of ("donor"), and of the others ("others"), against the clean support set."""
    z, hit, donor = mislabelled(data, "one", generator)
    way = hit.shape[1]
    member = (data.query_y.unsqueeze(-1) == torch.arange(way)).double()  # [tasks, queries, way]

    def recall(z: Tensor) -> Tensor:
        right = correct_answers(REPAIRS[repair](z), data).double()  # [tasks, queries]
        return (right.unsqueeze(-1) * member).sum(1) / member.sum(1)  # [tasks, way]

    change = recall(z) - recall(data.support_z)  # [tasks, way]
    giving = (donor.unsqueeze(-1) == torch.arange(way)) & hit.unsqueeze(-1)  # [tasks, way hit, way giving]
    groups = {"hit": hit, "donor": giving.any(1)}
    groups["others"] = ~(groups["hit"] | groups["donor"])
    return {name: (change * of).sum(1) / of.sum(1).clamp(min=1) for name, of in groups.items()}
