"""What `check` looks at in how well a movement tells the payload, in lesson 12, and which mistakes it knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson12.checks_driver import judge_driver
from course_lib.lessons.lesson12.identify import five_movements, payload_spread, swing

HUGE = 1000.0  # kg: what is above is as good as infinite


def _random(movements: int, n: int, unknowns: int, noise: float, seed: int) -> tuple[Tensor, float]:
    g = torch.Generator().manual_seed(seed)
    rows = torch.randn(movements, n, unknowns, generator=g, dtype=torch.float64)
    return rows @ torch.randn(unknowns, unknowns, generator=g, dtype=torch.float64), noise


@cache
def _cases() -> dict[str, tuple[Tensor, float]]:
    real = five_movements()
    return {
        "three tables of 12 torques and 5 unknowns": _random(3, 12, 5, 0.5, 0),
        "arms that swing, or go slowly through many poses": (
            torch.stack([real["swing both joints"], real["go slowly through many poses"]]), 0.5),
        "one arm that swings for 0.2 s, noise 0.3": (real["swing for 0.2 s"][None], 0.3),
        "two unknowns, noise 2": _random(4, 6, 2, 2.0, 1),
    }  # fmt: skip


@cache
def _singular() -> dict[str, tuple[Tensor, float]]:
    """Tables whose columns are not independent."""
    real = five_movements()
    twins = _random(2, 10, 4, 0.5, 2)[0]
    twins[..., 3] = 2 * twins[..., 2]
    like_payload = twins.clone()
    like_payload[1, :, 0] = 0  # three times 0
    like_payload[..., 1] = 3 * like_payload[..., 0]
    few = _random(2, 3, 5, 0.5, 5)[0]
    few[..., 2:] = few[..., 1:2] * torch.tensor([2.0, -1.0, 0.0])
    return {
        "an arm that bends the elbow alone (the shoulder's friction cannot be told, the payload can)": (
            real["bend the elbow alone"][None], 0.5),
        "a table in which two other columns imitate each other": (twins, 0.5),
        "an arm that is held still": (real["hold still"][None], 0.5),
        "a table in which another column is three times the payload's": (like_payload, 0.5),
        "an arm that hangs straight down, where all columns are 0 but for rounding": (
            swing((0.0, 0.0), (1.0, 1.0), middle=(-torch.pi / 2, 0.0))[None], 0.5),
        "fewer torques than unknowns": _random(2, 3, 5, 0.5, 3),
        "three torques and five unknowns, of which the last three are multiples of the second (so that the payload can "
        "be told)": (few, 0.5),
    }  # fmt: skip


def _inverse(rows: Tensor) -> Tensor:
    return torch.linalg.inv(rows.mT @ rows)


def _spreads(rows: Tensor, noise: float) -> Tensor:
    """Of all unknowns, `[movements, unknowns]`."""
    return noise * _inverse(rows).diagonal(dim1=1, dim2=2).sqrt()


def _left(rows: Tensor) -> Tensor:
    """What is left of the payload's column, `[movements, n]`."""
    payload, others = rows[..., :1], rows[..., 1:]
    return (payload - others @ (torch.linalg.pinv(others) @ payload)).squeeze(-1)


def _one_by_one(rows, noise):
    payload, others = rows[..., :1], rows[..., 1:]
    shares = (payload * others).sum(1, keepdim=True) / others.square().sum(1, keepdim=True)
    return noise / (payload - (shares * others).sum(-1, keepdim=True)).norm(dim=(1, 2))


def _in_turn(rows, noise):
    left = rows[..., 0]
    for column in rows[..., 1:].unbind(-1):
        share = (left * column).sum(1, keepdim=True) / column.square().sum(1, keepdim=True).clamp(min=1e-12)
        left = left - share * column
    return noise / left.norm(dim=1)


def _backwards(rows, noise):
    payload, others = rows[..., :1], rows[..., 1:]
    return noise / (others - payload @ (torch.linalg.pinv(payload) @ others)).norm(dim=(1, 2))


def _all_or_none(rows, noise):
    ranks = torch.linalg.matrix_rank(rows)
    return torch.where(ranks == rows.shape[-1], payload_spread(rows, noise), torch.inf)


def _enough_or_none(rows, noise):
    return payload_spread(rows, noise) if rows.shape[1] >= rows.shape[2] else torch.full_like(rows[:, 0, 0], torch.inf)


def _nearest_alone(rows, noise):
    return torch.stack([payload_spread(rows[..., [0, j]], noise) for j in range(1, rows.shape[-1])]).amax(0)


def _degrees(rows) -> float:
    return max(rows.shape[1] - rows.shape[2], 1) ** 0.5


def _by_pinv(rows, noise):
    return noise * torch.linalg.pinv(rows.mT @ rows)[:, 0, 0].sqrt()


def _with_more(e: float):
    def answer(rows, noise):
        return noise * torch.linalg.inv(rows.mT @ rows + e * torch.eye(rows.shape[-1]).to(rows))[:, 0, 0].sqrt()

    return answer


def _of(norm):
    return lambda rows, noise: norm(_left(rows), noise)


_SMALL = (1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
_ALONE = ("this takes the payload's column alone, as if everything else about the arm were known. Take away first "
          "what the other columns can imitate.")  # fmt: skip
_MISTAKES = [
    (lambda rows, noise: noise / rows[..., 0].norm(dim=1), _ALONE),
    (lambda rows, noise: noise**2 / rows[..., 0].square().sum(1), _ALONE + " (And it is a variance: the root is "
     "wanted.)"),
    (_of(lambda r, noise: noise**2 / r.square().sum(1)), "this is the variance. The standard deviation is its root."),
    (_of(lambda r, noise: noise / r.square().sum(1)), "noise is divided by the sum of the squares of r. |r| is the "
     "root of that. (Or, in the inverse of rows'rows: the root of its corner.)"),
    (_of(lambda r, noise: noise**0.5 / r.norm(dim=1)), "the root is taken of noise, too, which is a standard deviation "
     "already; the variance of the payload has noise^2."),
    (_of(lambda r, noise: noise**2 / r.norm(dim=1)), "noise is squared. It is a standard deviation, and so is the "
     "answer: noise / |r|."),
    (_of(lambda r, noise: 1 / r.norm(dim=1)), "noise is not used: noise / |r|."),
    (_of(lambda r, noise: r.norm(dim=1)), "this is |r|. The answer is noise / |r|."),
    (_of(lambda r, noise: r.norm(dim=1) / noise), "it is turned over: noise / |r|."),
    (_of(lambda r, noise: noise * r.norm(dim=1)), "noise is multiplied by |r|. The larger r, the *better* the payload "
     "is told: noise / |r|."),
    (_of(lambda r, noise: noise / r.square().mean(1).sqrt()), "the mean of the squares is taken, so that more torques "
     "tell no more than few. |r| is the root of their *sum*."),
    (_of(lambda r, noise: noise / r.abs().sum(1)), "the absolute numbers of r are added. |r| is the root of the sum of "
     "squares."),
    (_of(lambda r, noise: noise / r.abs().mean(1)), "this is the mean of the absolute numbers of r. |r| is the root "
     "of the sum of squares."),
    (_of(lambda r, noise: noise / r.sum(1).abs()), "the numbers of r are added, and cancel. |r| is the root of the "
     "sum of squares."),
    (_of(lambda r, noise: noise / r.std(1)), "this takes the standard deviation of r. |r| is the root of the sum of "
     "squares, with no mean taken off."),
    (_of(lambda r, noise: noise / r.norm(dim=1) / r.shape[1] ** 0.5), "it is divided by the root of the number of "
     "torques once more. The sum of squares grows with them already."),
    (_of(lambda r, noise: noise / r.norm()), "|r| goes over all movements together. Each movement has its own."),
    (_of(lambda r, noise: noise / r), "there is a number for each torque. Add up: |r| is the root of the sum of "
     "squares."),
    (_of(lambda r, noise: noise / r.norm(dim=1) < 0.1), "it answers True or False. The standard deviation itself is "
     "wanted, in kg."),
    (_of(lambda r, noise: 1.96 * noise / r.norm(dim=1)), "this is 1.96 standard deviations."),
    (_spreads, "these are the standard deviations of all unknowns. That of the payload, the first, is wanted."),
    (lambda rows, noise: _spreads(rows, noise).amax(1), "this is the standard deviation of the unknown that is told "
     "worst. That of the payload, the first, is wanted."),
    (lambda rows, noise: _spreads(rows, noise).amin(1), "this is the standard deviation of the unknown that is told "
     "best. That of the payload, the first, is wanted."),
    (lambda rows, noise: _spreads(rows, noise)[:, -1], "this is the standard deviation of the last unknown. The "
     "payload is the first."),
    (lambda rows, noise: _spreads(rows, noise)[:, 1], "this is the standard deviation of the second unknown. The "
     "payload is the first, number 0."),
    (lambda rows, noise: _spreads(rows, noise).mean(1), "this is the mean over all unknowns. That of the payload, the "
     "first, is wanted."),
    (lambda rows, noise: _spreads(rows, noise).norm(dim=1), "this is for all unknowns together. That of the payload, "
     "the first, is wanted."),
    (lambda rows, noise: noise / torch.linalg.svdvals(rows)[:, -1], "this is noise / the smallest singular value: the "
     "worst *combination* of unknowns, which may have nothing to do with the payload (bend the elbow alone)."),
    (lambda rows, noise: noise / torch.linalg.eigvalsh(rows.mT @ rows)[:, 0], "this is noise / the smallest "
     "eigenvalue: the worst *combination* of unknowns, which may have nothing to do with the payload (bend the elbow "
     "alone)."),
    *((lambda rows, noise, by=by: torch.linalg.cond(rows) ** by[0] * noise ** by[1], "this is made of the condition "
       "number, which says whether *all* unknowns are told alike well. It changes with the units of the others, and "
       "the payload does not.") for by in ((1, 0), (1, 1), (2, 0), (2, 1), (-1, 0))),
    (lambda rows, noise: noise * torch.linalg.cond(rows) / rows[..., 0].norm(dim=1), "the condition number says "
     "whether *all* unknowns are told alike well. It changes with the units of the others, and the payload does not."),
    (_nearest_alone, "only the *one* column that imitates the payload best is taken away. They imitate it together: "
     "one least squares for all of them."),
    (lambda rows, noise: torch.full_like(rows[:, 0, 0], torch.inf), "in no movement anything is left of the payload's "
     "column (but for rounding). Is it among the columns that imitate it? The others are rows[..., 1:]."),
    (lambda rows, noise: payload_spread(rows, noise).masked_fill(payload_spread(rows, noise) > HUGE, 0), "where "
     "nothing is left of the payload's column, 0 says that it is told without an error. It cannot be told: infinity."),
    *((lambda rows, noise, by=by: payload_spread(rows, noise) * _degrees(rows) ** by, f"it is {word} by the root of n "
       "- unknowns. That belongs to an estimate of the noise from what is left. Here the noise is given: noise / |r|.")
      for by, word in ((-1, "divided"), (1, "multiplied"))),
    (lambda rows, noise: payload_spread(rows.flatten(0, 1)[None], noise).expand(len(rows)), "all movements are taken "
     "together, as one long one. Each has its own number."),
    (_one_by_one, "each of the other columns is taken away by itself. They imitate the payload *together*, and are "
     "not at right angles: one least squares for all of them."),
    (lambda rows, noise: payload_spread(rows - rows.mean(1, keepdim=True), noise), "means are taken off the columns "
     "first (or a constant column helps the others). A payload that is always felt alike is felt, too: leave the "
     "columns as they are."),
    (_in_turn, "the other columns are taken away one after the other. They are not at right angles, so that each "
     "brings back something of those before it: one least squares for all of them."),
    (_backwards, "the payload imitates the others here. It is the other way round: the other columns imitate the "
     "payload's."),
    (lambda rows, noise: noise / (rows[..., 0] - _left(rows)).norm(dim=1), "this is what the others *can* imitate. "
     "What is left of the payload's column tells the payload."),
    (lambda rows, noise: payload_spread(rows[..., :-1], noise), "the last of the other columns is left out."),
    (lambda rows, noise: payload_spread(rows[..., :3], noise) if rows.shape[-1] > 3 else payload_spread(rows, noise),
     "the frictions are left out. They are unknown, too: all columns but the first are the others."),
    (lambda rows, noise: payload_spread(rows[..., :2], noise), "only one other column is used. All but the first are "
     "the others."),
    (_by_pinv, "where columns imitate one another, a pseudo-inverse of the whole table (or of rows'rows) gives what "
     "cannot be told a variance of *0*, and so tells too much. Take away from the payload's column what the others "
     "can imitate: there pinv, or lstsq, is safe."),
    (_enough_or_none, "it gives up when there are fewer torques than unknowns. The payload can be told whenever "
     "something is left of its column."),
    (_all_or_none, "it gives up when not *all* unknowns can be told. The payload can be told whenever something is "
     "left of its column."),
    *((_with_more(e), f"{e:g} on the diagonal is a prior: it makes a number of what cannot be told. What is left of "
       "the payload's column needs no inverse of that matrix.") for e in _SMALL),
    (lambda rows, noise: payload_spread(rows[:1], noise).expand(len(rows)), "every movement gets the number of the "
     "first one."),
    (lambda rows, noise: payload_spread(rows, noise).unsqueeze(-1), "an axis of size 1 is too many: [movements]."),
]  # fmt: skip


def _tidied(function: Callable) -> Callable:
    """What is huge, however huge, is as good as infinite."""

    def answer(*args):
        found = function(*args)
        if isinstance(found, Tensor) and found.is_floating_point():
            return found.clone().masked_fill(found > HUGE, _INFINITE)
        return found

    return answer


def judge_identify(call):
    """`payload_spread`: tables with independent columns, then those with others."""
    mistakes = [(_tidied(formula), text) for formula, text in _MISTAKES]
    mine, right = _tidied(call), _tidied(payload_spread)
    try:
        _compare(mine, right, _cases() | _singular(), mistakes)
    except Problem as problem:
        if str(problem) in {text for _, text in _MISTAKES}:
            raise
        _compare(mine, right, _cases(), mistakes)
        judge_driver(call, _singular())
        _judge_singular(mine, right)
        raise Problem(f"{problem}\n  {_SINGULAR}") from None  # it differs from call to call
    judge_driver(call, _singular())
    rows, noise = _random(2, 8, 3, 0.5, 4)
    if call(rows, noise).dtype != torch.float64:
        raise Problem("the numbers are right, but they are not float64, as the task asks.")


def _judge_singular(mine: Callable, right: Callable):
    """Tables whose columns are not independent, for an answer that is right for all others."""
    for words, args in _singular().items():
        try:
            _compare(mine, right, {words: args})
        except Problem as problem:
            raise Problem(f"where all unknowns can be told it is right. Here {problem}\n  {_SINGULAR}") from None


def _compare(mine: Callable, right: Callable, cases: dict, mistakes=()):
    try:
        compare(mine, right, cases, mistakes, (), ("movement",))
    except Problem as problem:
        raise Problem(str(problem).replace(f"{_INFINITE:g}", "infinite")) from None


_INFINITE = 1e9
_SINGULAR = ("Columns may be 0 or imitate one another, so that rows'rows has no inverse. Nothing but the *other* "
             "columns has to be fitted to the payload's. pinv(others) does that for such columns, too, and so does "
             "torch.linalg.lstsq with driver='gelsd'.")  # fmt: skip
