"""How the learners of lesson 11 are judged: a fold's networks, and what they score for the two people they never saw.

Keys of what is found are "scene; method; question". Scenes: "right" (trained on right arms, tested on both as worn),
"right, signs changed" (the same networks; left arms with three signs changed), "signs -++" and so on (the same with all
signs), "both" (a global network of both arms as worn), "mirror" (trained and tested on both, left arms mirrored).
"""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import product

import torch
from torch import Generator, Tensor

from course_lib.compute.over_tasks import forced
from course_lib.episode import Episode
from course_lib.learners import MAML
from course_lib.lessons.lesson11.fine_tuning import FineTuneWhole, borrowed, whole
from course_lib.lessons.lesson11.learned_trust import LearnedTrust
from course_lib.lessons.lesson11.mirror import six_signs
from course_lib.lessons.lesson11.networks import (
    LENGTHS,
    Scene,
    WindowNet,
    hand_made,
    make_global,
    make_prototypical,
    nearest,
    population,
    scene,
    train,
)  # fmt: skip
from course_lib.lessons.lesson11.noise import NoisySupport, noisy
from course_lib.lessons.lesson11.personal import personal_prototypes
from course_lib.tasks.people import RATE, SIDES, People

TASKS = 4  # of each arm
SHARES = (0.25, 0.5, 0.75)  # trust that is given, not learned
LABELLED = (0, 1, 2, 3, 4, 5, 7)
#: First-order MAML and ANIL. A small rate, and more steps at test than in training: chosen on training people of two
#: folds, who are test people of others: the weights have never seen who is tested, these numbers have seen some.
TUNED = {"MAML": {"lr": 0.03, "steps": 10, "test": 100}, "ANIL": {"lr": 0.5, "steps": 20, "test": 50}}


def seeded(seed: int) -> Generator:
    """What draws test tasks: the same ones for every training."""
    return Generator().manual_seed(seed)


def seconds_of(samples: int) -> str:
    """How a length is called in questions: "0.32 s"."""
    return f"{samples / RATE:.2f} s"


class Judge:
    """The test tasks of a fold in one scene, and a place for what methods score: four tasks an arm, 16 in all."""

    def __init__(self, name: str, scene: Scene, found: dict[str, list[float]]):
        self.name, self.scene, self.found = name, scene, found
        each = [
            scene.of(person, side, TASKS) for person in scene.test for side in SIDES
        ]  # four arms, 3 windows an exercise
        self.episode = Episode.cat(each)
        self.shots = self.episode.support_x.unflatten(1, (7, 3))  # [16, 7, 3, channels, samples]
        self.one = self.shots[:, :, 0]  # [16, 7, channels, samples]
        ranks = torch.rand(16, 7, generator=seeded(9)).argsort(1)
        self.labelled = {k: ranks < k for k in LABELLED}  # [16, 7] which exercises a person labels when it is k

    def note(self, method: str, asked: str, scores: Tensor, only: Tensor | None = None):
        """Store accuracies of scores `[16, n_query, 7]`, of all queries or `only` those of some exercises `[16, 7]`."""
        y = self.episode.query_y
        hits = (scores.argmax(-1) == y).double()
        count = torch.ones_like(hits) if only is None else only.gather(1, y).double()
        arms = (hits * count).view(4, -1).sum(1) / count.view(4, -1).sum(1)
        self.found[f"{self.name}; {method}; {asked}"] = [round(100 * value, 2) for value in arms.tolist()]


@torch.no_grad()
def judge_features(judge: Judge, method: str, embed, lengths=LENGTHS, labelled=LABELLED, shares=SHARES):
    """Prototypes in a space of features: by seconds, by exercises labelled, and by trust."""
    x = judge.episode.query_x
    query_z, mean = embed(x), population(embed, judge.scene)  # [16, n_query, features], [7, features]
    everything = torch.ones(16, 7, dtype=torch.bool)

    def scores(own: Tensor, has: Tensor, trust: float) -> Tensor:
        return nearest(query_z, personal_prototypes(own, mean, has, trust))

    for samples in lengths:
        own = embed(judge.one[..., :samples])
        judge.note(method, seconds_of(samples), scores(own, everything, 1.0))
        for share in shares:
            judge.note(f"{method}, trust {share}", seconds_of(samples), scores(own, everything, share))
    three = embed(judge.shots.flatten(1, 2)).unflatten(1, (7, 3)).mean(2)
    judge.note(method, "3 windows", scores(three, everything, 1.0))
    own = embed(judge.one)
    for k in labelled:
        has = judge.labelled[k]
        judge.note(method, f"{k} labelled", scores(own, has, 1.0))
        if k == 3:
            judge.note(method, "3 labelled, those", scores(own, has, 1.0), has)
            judge.note(method, "3 labelled, the others", scores(own, has, 1.0), ~has)


def judge_trained(
    judge: Judge, method: str, network, steps: int, x: Tensor, y: Tensor, asked: str, apart: int | None = None
):
    """A network that is trained on each person's windows `[16, n, channels, samples]`, with labels `[16, n]`."""
    learner = FineTuneWhole(network, steps)
    adapted = learner.adapt(x, y)
    with torch.no_grad():
        scores = learner.predict(adapted, judge.episode.query_x)
    judge.note(method, asked, scores)
    if apart is not None:
        judge.note(method, f"{asked}, those", scores, judge.labelled[apart])
        judge.note(method, f"{asked}, the others", scores, ~judge.labelled[apart])


def with_labels(judge: Judge, k: int, lend: int = 0) -> tuple[Tensor, Tensor]:
    """The windows of the k labelled exercises and, if `lend` is not 0, so many of strangers for each of the others."""
    parts = []
    for i, has in enumerate(judge.labelled[k]):
        own = has.nonzero().flatten()
        x, y = judge.one[i, own], own
        if lend:
            lent = borrowed(judge.scene, (~has).nonzero().flatten().tolist(), lend, seeded(i))
            x, y = torch.cat([x, lent[0]]), torch.cat([y, lent[1]])
        parts.append((x, y))
    return torch.stack([x for x, _ in parts]), torch.stack([y for _, y in parts])


def untrained(seed: int, fold: int) -> WindowNet:
    """The first weights from which scratch begins."""
    torch.manual_seed(1000 + 10 * seed + fold)
    return WindowNet(out=7)


def judge(part: str, seed: int, fold: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Train the networks of a part and test them on the two people of the fold: what they score, and the seconds of
    processor time by network, with those of the whole."""
    found, seconds, clock = {}, defaultdict(float), time.process_time

    def trained(name, make, tasks):
        start = clock()
        learner = train(make, tasks, seed)
        seconds[name] = round(seconds[name] + clock() - start, 2)
        return learner

    start = clock()
    {"right": judge_right, "MAML": judge_maml, "mirror": judge_mirror}[part](seed, fold, found, trained)
    return found, dict(seconds) | {"in all": round(clock() - start, 2)}


def judge_right(seed: int, fold: int, found: dict, trained):
    """Networks of right arms: the other wrist, signs, scratch and noise; and a network of both arms as worn."""
    right = scene(fold)
    judge = Judge("right", right, found)
    joint = trained("global", make_global, right.tasks())
    proto = trained("prototypical", make_prototypical, right.tasks())
    y = torch.arange(7).expand(16, -1)
    for signs in product((1, -1), repeat=3):  # on test people, and on the left arms of training people
        name = "signs " + "".join("+" if sign > 0 else "-" for sign in signs)
        turned = Judge(name, scene(fold, signs=six_signs(*signs)), found)
        arms = People(turned.scene.recordings, turned.scene.train, ["left"], query=4).sample(16, seeded(3))
        with torch.no_grad():
            turned.note("global", "no label", joint.predict(None, turned.episode.query_x))
            hits = joint.predict(None, arms.query_x).argmax(-1) == arms.query_y
        found[f"{name}; global; training people"] = [round(100 * hits.double().mean().item(), 2)]
    flipped = Judge("right, signs changed", scene(fold, mirror=True), found)
    for where in (judge, flipped):
        with torch.no_grad():
            where.note("global", "no label", joint.predict(None, where.episode.query_x))
        judge_features(where, "global features", joint.embed, (64,), (), ())
        judge_features(where, "prototypical", proto.embed, (64,), (), ())
    judge_trained(judge, "fine-tuned", whole(joint), 10, judge.one, y, "2.56 s")
    loose = trained("prototypical, noisy support", make_prototypical, NoisySupport(right.tasks(), 2.0))
    plain = trained("global, noise", make_global, NoisySupport(right.tasks(), 2.0, queries_too=True))
    for size in (0.0, 1.0, 2.0):
        x, asked = noisy(judge.one, size, seeded(4)), f"noise {size:g}"
        judge_trained(judge, "scratch", untrained(seed, fold), 40, x, y, asked)
        with torch.no_grad():
            for name, embed in (("prototypical", proto.embed), ("prototypical, noisy support", loose.embed),
                                ("global features", joint.embed), ("global features, noise", plain.embed),
                                ("hand-made", hand_made)):  # fmt: skip
                judge.note(name, asked, nearest(embed(judge.episode.query_x), embed(x)))
    both = scene(fold, SIDES)
    judge = Judge("both", both, found)
    joint = trained("global", make_global, both.tasks())
    with torch.no_grad():
        judge.note("global", "no label", joint.predict(None, judge.episode.query_x))


def judge_maml(seed: int, fold: int, found: dict, trained):
    """First-order MAML and ANIL on right arms, with more steps at test than in training."""
    right = scene(fold)
    judge = Judge("right", right, found)
    for name, how in TUNED.items():
        adapts = "head" if name == "ANIL" else "all"
        with forced(True):  # all tasks at once, which for these small convolutions is faster
            learner = trained(name, lambda: MAML(WindowNet(out=7), how["steps"], how["lr"], 1, adapts=adapts),  # noqa: B023
                              right.tasks())  # fmt: skip
            for steps in (0, how["test"]):
                adapted = learner.adapt(judge.one, torch.arange(7).expand(16, -1), 7, steps=steps)
                with torch.no_grad():
                    scores = learner.predict(adapted, judge.episode.query_x)
                judge.note(name, "2.56 s" if steps else "no step", scores)


def judge_mirror(seed: int, fold: int, found: dict, trained):
    """Networks of both arms, left ones mirrored: seconds of calibration, and labels taken away."""
    both = scene(fold, SIDES, mirror=True)
    judge = Judge("mirror", both, found)
    joint = trained("global", make_global, both.tasks())
    proto = trained("prototypical", make_prototypical, both.tasks())
    few = trained("prototypical, 1 to 7 labelled", make_prototypical, both.tasks(labelled=(1, 7)))
    trust = trained("learned trust", lambda: LearnedTrust(WindowNet()), both.tasks())
    with torch.no_grad():
        judge.note("global", "no label", joint.predict(None, judge.episode.query_x))
    judge_features(judge, "global features", joint.embed)
    judge_features(judge, "prototypical", proto.embed)
    judge_features(judge, "prototypical, 1 to 7 labelled", few.embed)
    judge_features(judge, "hand-made", hand_made, (64,), shares=())
    everything = torch.ones(16, 7, dtype=torch.bool)
    with torch.no_grad():
        query_z, mean = trust.embed(judge.episode.query_x), population(trust.embed, both)
        for samples in LENGTHS:
            share, own = trust.trust(samples).item(), trust.embed(judge.one[..., :samples])
            judge.note("learned trust", seconds_of(samples),
                       nearest(query_z, personal_prototypes(own, mean, everything, share)))  # fmt: skip
            found[f"mirror; learned trust; a of {seconds_of(samples)}"] = [round(share, 4)]
    scratch, y = untrained(seed, fold), torch.arange(7).expand(16, -1)
    for samples in LENGTHS:
        judge_trained(judge, "scratch", scratch, 40, judge.one[..., :samples], y, seconds_of(samples))
    for steps in (5, 10, 20):
        judge_trained(judge, "scratch", scratch, steps, judge.one, y, f"{steps} steps")
    judge_trained(judge, "fine-tuned", whole(joint), 10, judge.one, y, "2.56 s")
    own, with_strangers = with_labels(judge, 3), with_labels(judge, 3, lend=2)
    judge_trained(judge, "scratch", scratch, 40, *own, "3 labelled", 3)
    judge_trained(judge, "scratch, lent", scratch, 40, *with_strangers, "3 labelled", 3)
    judge_trained(judge, "fine-tuned", whole(joint), 10, *own, "3 labelled", 3)
    judge_trained(judge, "fine-tuned, lent", whole(joint), 10, *with_strangers, "3 labelled", 3)
