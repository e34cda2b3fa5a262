"""Lesson 06's checks: each usual mistake gets its own hint, right answers in other styles pass."""

import math

import pytest
import torch
from torch.nn import functional as F

from course_lib.exercises import check
from course_lib.learners import cosine_similarities, squared_distances
from course_lib.lessons.lesson06.checks import EXERCISES
from tests.exercises.exercise_cases import assert_refused, assert_solved


def named(name, function):
    def answer(*args):
        return function(*args)

    answer.__name__ = name
    return answer


def loop_distances(queries, points):
    out = torch.zeros(*queries.shape[:2], points.shape[1])
    for t, n, m in torch.cartesian_prod(*map(torch.arange, out.shape)).tolist():
        out[t, n, m] = sum((a - b) ** 2 for a, b in zip(queries[t, n], points[t, m], strict=True))
    return out


def einsum_cosine(q, p):
    lengths = torch.einsum("tn,tm->tnm", q.norm(dim=-1), p.norm(dim=-1))
    return torch.einsum("tnf,tmf->tnm", q, p) / lengths.clamp(min=1e-12)


def loop_prototypes(z, y):
    way = int(y.max()) + 1
    return torch.stack([torch.stack([z[t][y[t] == k].mean(0) for k in range(way)]) for t in range(len(z))])


def scattered_prototypes(z, y):
    sums = torch.zeros(len(z), int(y.max()) + 1, z.shape[-1]).scatter_add(1, y.unsqueeze(-1).expand_as(z), z)
    return sums / torch.stack([labels.bincount(minlength=sums.shape[1]) for labels in y]).unsqueeze(-1)


def loop_linear(c):
    return torch.stack([k + k for k in c]), -torch.einsum("twf,twf->tw", c, c)


def loop_loss(support_z, support_y, query_z, query_y):
    losses = []
    for s, y, q, t in zip(support_z, support_y, query_z, query_y, strict=True):
        centres = torch.stack([s[y == k].mean(0) for k in range(int(y.max()) + 1)])
        for z, label in zip(q, t, strict=True):
            d = (z - centres).square().sum(-1)
            losses.append(d[label] + torch.logsumexp(-d, 0))
    return torch.stack(losses).mean()


def gathered_loss(s, y, q, t):
    return -scores(s, y, q).log_softmax(-1).gather(-1, t.unsqueeze(-1)).mean()


def near(q, p, d):
    return cosine_similarities(q, p) if d == "cosine" else -squared_distances(q, p)


def scores(s, y, q):
    return -squared_distances(q, loop_prototypes(s, y))


def cross(logits, labels, **options):
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), **options)


def counted_report(d, y, seen):
    unseen = [k for k, known in enumerate(seen.tolist()) if not known]
    rows = [(row, label, bool(seen[label])) for row, label in zip(d.tolist(), y.tolist(), strict=True)]
    old = [row.index(min(row)) == label for row, label, known in rows if known]
    new = [row.index(min(row)) == label for row, label, known in rows if not known]
    alone = [min(unseen, key=row.__getitem__) == label for row, label, known in rows if not known]
    a, b = sum(old) / len(old), sum(new) / len(new)
    return sum(alone) / len(alone), a, b, 0 if a == b == 0 else 2 * a * b / (a + b)


def masked_report(d, y, seen, last=lambda a, b: 2 * a * b / (a + b).clamp(min=1e-9)):
    right, known = (d.argmin(1) == y).float(), seen[y]
    alone = ((d + 1e9 * seen).argmin(1) == y).float()
    a, b = right[known].mean(), right[~known].mean()
    return alone[~known].mean(), a, b, last(a, b)


RIGHT = [
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).square().sum(-1)),
    ("squared_distances", lambda q, p: torch.cdist(q, p) ** 2),
    ("cosine_similarities", einsum_cosine),
    ("cosine_similarities", lambda q, p: F.cosine_similarity(q[:, :, None], p[:, None], dim=-1)),
    ("prototypes", loop_prototypes),
    ("prototypes", scattered_prototypes),
    ("as_linear", loop_linear),
    ("as_linear", lambda c: (2 * c - 2 * c[:, :1], -(c.square().sum(-1) - c[:, :1].square().sum(-1)))),  # class 0 has 0
    ("as_linear", lambda c: (2 * (c - c.mean(1, keepdim=True)), 7 - c.square().sum(-1))),
    ("as_linear", lambda c: [2 * c, -(c.norm(dim=-1) ** 2)]),
    ("episode_loss", loop_loss),
    ("episode_loss", gathered_loss),
    ("zero_shot_report", counted_report),
    ("zero_shot_report", masked_report),
    ("zero_shot_report", lambda d, y, seen: torch.tensor(counted_report(d, y, seen))),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_in_any_style_is_accepted(name, answer, capsys):
    mine = named(name, lambda *args: answer(*args))
    assert check(mine) is mine, capsys.readouterr().out


def appearance(z, y):
    """Prototypes in the order in which the classes turn up."""
    return torch.stack(
        [torch.stack([z[t][y[t] == k].mean(0) for k in dict.fromkeys(y[t].tolist())]) for t in range(len(z))]
    )


def positions(t, way):
    return (torch.arange(t.shape[1]) * way // t.shape[1]).expand_as(t)


def nan_cosine(q, p):
    return q @ p.transpose(1, 2) / (q.norm(dim=-1).unsqueeze(2) * p.norm(dim=-1).unsqueeze(1))


def sums(z, y):
    return torch.stack([torch.stack([z[t][y[t] == k].sum(0) for k in range(int(y.max()) + 1)]) for t in range(len(z))])


def in_place(q, p):
    q -= p[:, :1]
    return q


ROOT = lambda q, p: torch.cdist(q, p)  # noqa: E731
MEANS = lambda z: z.mean(1, keepdim=True)  # noqa: E731

WRONG = [
    ("squared_distances", ROOT, "a root was taken"),
    ("squared_distances", lambda q, p: torch.cdist(p, q) ** 2, "axes are exchanged"),
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).square().mean(-1), "mean over the features"),
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).abs().sum(-1), "absolute differences"),
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).sum(-1) ** 2, "squares afterwards"),
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).sum(-1), "square is missing"),
    ("squared_distances", lambda q, p: -(torch.cdist(q, p) ** 2), "never negative"),
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).square().sum(0), "over the tasks (the first axis)"),
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).square().sum((0, -1)), "over the tasks, too"),
    ("squared_distances", lambda q, p: q.square().sum(-1)[..., None] - q @ p.mT + p.square().sum(-1)[:, None],
     "product counts twice"),
    ("squared_distances", lambda q, p: q.square().sum(-1)[..., None] + 2 * q @ p.mT + p.square().sum(-1)[:, None],
     "|q + p|²"),
    ("squared_distances", in_place, "in place"),
    ("squared_distances", loop_distances, "a Python loop goes over queries, points or features"),
    ("squared_distances", lambda q, p: torch.stack([(q - one[:, None]).square().sum(-1) for one in p.unbind(1)], -1),
     "a Python loop"),
    ("squared_distances", lambda q, p: sum((q[..., f, None] - p[:, None, :, f]) ** 2 for f in range(q.shape[-1])),
     "a Python loop"),
    ("squared_distances", lambda q, p: torch.cdist(q.detach(), p) ** 2, "no gradient reaches the queries"),
    ("squared_distances", lambda q, p: torch.cdist(q, p).detach() ** 2, "no gradient gets through"),
    ("squared_distances", lambda q, p: torch.from_numpy(torch.cdist(q, p).numpy() ** 2), "gets through NumPy"),
    ("squared_distances", lambda q, p: (q[:, :, None] - p[:, None]).square().sum(-1).sqrt() ** 2,
     "is NaN, for queries of"),
    ("cosine_similarities", lambda q, p: q @ p.mT, "nothing is normalised"),
    ("cosine_similarities", lambda q, p: q / q.norm(dim=-1, keepdim=True) @ p.mT, "only the queries are normalised"),
    ("cosine_similarities", lambda q, p: q @ (p / p.norm(dim=-1, keepdim=True)).mT, "only the points are normalised"),
    ("cosine_similarities", lambda q, p: F.normalize(q) @ F.normalize(p).mT, "along the examples"),
    ("cosine_similarities", lambda q, p: 1 - einsum_cosine(q, p), "cosine *distance*"),
    ("cosine_similarities", lambda q, p: -einsum_cosine(q, p), "sign is turned round"),
    ("cosine_similarities", lambda q, p: einsum_cosine(p, q), "axes are exchanged"),
    ("cosine_similarities", lambda q, p: q @ p.mT / (q.square().sum(-1)[..., None] * p.square().sum(-1)[:, None]),
     "*squared* lengths"),
    ("cosine_similarities", lambda q, p: q @ p.mT / (q.abs().sum(-1)[..., None] * p.abs().sum(-1)[:, None]),
     "sums of absolute values"),
    ("cosine_similarities", nan_cosine, "for a query of zeros it gives NaN"),
    ("cosine_similarities", lambda q, p: F.normalize(q, dim=-1) @ (p / p.norm(dim=-1, keepdim=True)).mT,
     "for a point of zeros it gives NaN"),
    ("cosine_similarities", lambda q, p: nan_cosine(q, p).nan_to_num(), "the gradient in the queries is NaN"),
    ("cosine_similarities", lambda q, p: einsum_cosine(q, p.detach()), "no gradient reaches the points"),
    ("cosine_similarities", lambda q, p: q @ p.mT / (q.norm(dim=-1)[..., None] + 0.1) / (p.norm(dim=-1)[:, None] + 0.1),
     "short vectors feel it"),
    ("cosine_similarities", lambda q, p: torch.stack(
        [F.cosine_similarity(q, one[:, None], -1) for one in p.unbind(1)], -1), "a Python loop"),
    ("prototypes", lambda z, y: loop_prototypes(z.detach(), y), "no gradient gets through"),
    ("prototypes", sums, "these are the sums"),
    ("prototypes", lambda z, y: sums(z, y) / z.shape[1], "size of the whole support set"),
    ("prototypes", lambda z, y: sums(z, y) * (int(y.max()) + 1) / z.shape[1], "same number, n / way"),
    ("prototypes", lambda z, y: sums(z, y) / (z.shape[1] // (int(y.max()) + 1)), "same number, n / way"),
    ("prototypes", lambda z, y: MEANS(z).repeat(1, int(y.max()) + 1, 1), "mean over *all* support examples, the same"),
    ("prototypes", lambda z, y: z.mean(1), "There is one prototype for each class"),
    ("prototypes", lambda z, y: z.mean(-1), "mean over the features"),
    ("prototypes", lambda z, y: loop_prototypes(z, y).mean(0, keepdim=True).repeat(len(z), 1, 1), "tasks are mixed"),
    ("prototypes", lambda z, y: loop_prototypes(z, y[:1].repeat(len(y), 1)), "labels of the first task"),
    ("prototypes", appearance, "order in which classes turn up"),
    ("prototypes", lambda z, y: F.normalize(loop_prototypes(z, y), dim=-1), "means were scaled"),
    ("prototypes", lambda z, y: loop_prototypes(F.normalize(z, dim=-1), y), "embeddings were scaled"),
    ("prototypes", lambda z, y: torch.stack([torch.stack(
        [z[t][y[t] == k].median(0).values for k in range(int(y.max()) + 1)]) for t in range(len(z))]), "medians"),
    ("as_linear", lambda c: (2 * c, c.square().sum(-1)), "bias has the wrong sign"),
    ("as_linear", lambda c: (c, -c.square().sum(-1)), "weights are half as large"),
    ("as_linear", lambda c: (c, -c.square().sum(-1) / 2), "differ by half as much"),
    ("as_linear", lambda c: (-2 * c, c.square().sum(-1)), "sign is turned round"),
    ("as_linear", lambda c: (-2 * c, -c.square().sum(-1)), "weights have the wrong sign"),
    ("as_linear", lambda c: (2 * c, -c.norm(dim=-1)), "minus the length"),
    ("as_linear", lambda c: (2 * c, c.new_zeros(c.shape[:2])), "bias is missing"),
    ("as_linear", lambda c: (2 * c, -c.square().mean(-1)), "mean over the features"),
    ("as_linear", lambda c: (2 * c, -c.square().sum(1)), "should be [tasks, way], here"),
    ("as_linear", lambda c: (2 * c, -c.square().sum(-1, keepdim=True)), "have one axis too many"),
    ("as_linear", lambda c: (2 * c.mT, -c.square().sum(-1)), "weights are [tasks, features, way]"),
    ("episode_loss", lambda s, y, q, t: cross(-scores(s, y, q), t), "*positive* distance"),
    ("episode_loss", lambda s, y, q, t: cross(-(-scores(s, y, q)).sqrt(), t), "not squared"),
    ("episode_loss", lambda s, y, q, t: cross(scores(s, y, q).softmax(-1), t), "softmax is applied twice"),
    ("episode_loss", lambda s, y, q, t: F.nll_loss(scores(s, y, q).log_softmax(1).flatten(0, 1), t.flatten()),
     "over the queries"),
    ("episode_loss", lambda s, y, q, t: cross(scores(s, y, q), t, reduction="sum"), "added up; take"),
    ("episode_loss", lambda s, y, q, t: cross(scores(s, y, q), t) * t.shape[1], "queries *and* tasks"),
    ("episode_loss", lambda s, y, q, t: F.nll_loss(scores(s, y, q).flatten(0, 1), t.flatten()), "softmax is missing"),
    ("episode_loss", lambda s, y, q, t: F.nll_loss(scores(s, y, q).softmax(-1).flatten(0, 1), t.flatten()),
     "logarithm is missing"),
    ("episode_loss", lambda s, y, q, t: -cross(scores(s, y, q), t), "sign is turned round"),
    ("episode_loss", lambda s, y, q, t: cross(scores(s, y, s), y), "loss on the support set"),
    ("episode_loss", lambda s, y, q, t: cross(scores(q, t, q), t), "made of the queries"),
    ("episode_loss", lambda s, y, q, t: cross(scores(s, y, q), positions(t, int(y.max()) + 1)), "class by class"),
    ("episode_loss", lambda s, y, q, t: cross(-squared_distances(q, appearance(s, y)), t), "not re-indexed"),
    ("episode_loss", lambda s, y, q, t: cross(einsum_cosine(q, loop_prototypes(s, y)), t), "these are cosines"),
    ("episode_loss", lambda s, y, q, t: (scores(s, y, q).argmax(-1) == t).float().mean(), "this is the accuracy"),
    ("episode_loss", lambda s, y, q, t: cross(-squared_distances(q, s), (y[:, None] == t[..., None]).int().argmax(-1)),
     "single examples"),
    ("episode_loss", lambda s, y, q, t: cross(scores(s, y, q).softmax(-1).log(), t) + 0 * q.sum(), "gives infinite"),
    ("episode_loss", lambda s, y, q, t: loop_loss(s, y, q, t).item(), "no connection to the embeddings"),
    ("episode_loss", lambda s, y, q, t: loop_loss(s, y, q, t).backward(), "it asks for gradients itself"),
    ("episode_loss", lambda s, y, q, t: loop_loss(s.detach(), y, q, t), "embeddings of the support set"),
    ("episode_loss", lambda s, y, q, t: loop_loss(s, y, q.detach(), t), "embeddings of the queries"),
    ("zero_shot_report", lambda d, y, seen: masked_report(-d, y, seen), "*farthest* prototype"),
    ("zero_shot_report", lambda d, y, seen: masked_report(d, y, seen, lambda a, b: (a + b) / 2), "arithmetic mean"),
    ("zero_shot_report", lambda d, y, seen: masked_report(d, y, seen, lambda a, b: 2 * a * b / (a + b)),
     "0 divided by"),
    ("zero_shot_report", lambda d, y, seen: masked_report(d, y, ~seen), "exchanged all through"),
    ("zero_shot_report", lambda d, y, seen: masked_report(d, y, seen)[1:], "the first number is missing"),
    ("zero_shot_report", lambda d, y, seen: (masked_report(d, y, 0 * seen == 1)[0],) * 4, "it should be"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_a_mistake_gets_its_own_hint(name, answer, words, capsys):
    assert_refused(EXERCISES[name], named(name, answer), words, capsys)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_there_are_hints(name, capsys):
    assert_solved(EXERCISES[name], name, capsys)


def test_a_float_is_refused_even_when_it_is_right(capsys):
    check(named("episode_loss", lambda *args: math.inf))
    assert capsys.readouterr().out.startswith("✗")
