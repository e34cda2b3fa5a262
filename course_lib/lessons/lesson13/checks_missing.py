"""What `check` looks at in the two parts of the gradient, in lesson 13, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.lessons.lesson13.exact_bandit import adapted, outcomes, safe_or_risky, two_parts


def _random(arms: int, tasks: int, pulls: int, lr: float, seed: int) -> tuple:
    g = torch.Generator().manual_seed(seed)
    start, rewards = (torch.randn(*size, generator=g, dtype=torch.float64) for size in ((arms,), (tasks, arms)))
    return start, rewards, pulls, lr


def _cases() -> dict[str, tuple]:
    start = torch.tensor([0.3, 0.1, -0.2], dtype=torch.float64)
    return {
        "two pulls of three arms, safe arm 0.6, rate 4": (start, safe_or_risky(0.6), 2, 4.0),
        "a single pull": (start, safe_or_risky(0.6), 1, 4.0),
        "four pulls from the uniform start, safe arm 0.5, rate 8": (0 * start, safe_or_risky(0.5), 4, 8.0),
        "four arms, three pulls, five tasks, rewards below 0 among them": _random(4, 5, 3, 0.7, 0),
        "a single task of two arms": _random(2, 1, 3, 2.0, 1),
    }


def _chance(start: Tensor, counts: Tensor, ways: Tensor) -> Tensor:
    return ways * (counts @ start.log_softmax(-1)).exp()  # [outcomes]


def _value(start: Tensor, counts: Tensor, rewards: Tensor, lr: float) -> Tensor:
    return (adapted(start, counts, rewards, lr).softmax(-1) * rewards.unsqueeze(1)).sum(-1)  # [tasks, outcomes]


def _mean(each: Tensor) -> Tensor:
    return each.sum(-1).mean()


def _parts(chance=_chance, value=_value, together=_mean, path=lambda p, v: p.detach() * v,
           score=lambda p, v: p * v.detach(), end=lambda path, score: (path, score), own=None):  # fmt: skip
    """The two parts once more, with places to go wrong.

    Args:
        chance: of each outcome `[outcomes]`; value: what is earned after each, `[tasks, outcomes]`.
        together: how `[tasks, outcomes]` become one number.
        path, score: what is differentiated; end: what becomes of the two gradients.
        own: a value of its own for the score, of (start, counts, rewards, pulls).
    """

    def answer(start, rewards, pulls, lr):
        at = start.clone().requires_grad_()
        counts, ways = outcomes(len(start), pulls)
        p, v = chance(at, counts, ways), value(at, counts, rewards, lr)
        w = v if own is None else own(at, counts, rewards, pulls)
        return end(_slope(together(path(p, v)), at), _slope(together(score(p, w)), at))

    return answer


def _slope(number: Tensor, at: Tensor) -> Tensor:
    if not number.requires_grad:
        return torch.zeros_like(at)
    (found,) = torch.autograd.grad(number, at, retain_graph=True, allow_unused=True)
    return torch.zeros_like(at) if found is None else found


_right = once(two_parts)  # many mistakes are made of it, and of the same bandits


def _then(change):
    return lambda *args: change(*_right(*args))


def _given(change):
    """The right parts of other data."""
    return lambda *args: _right(*change(*args))


def _first_order(start, counts, rewards, lr):
    moved = start + (adapted(start, counts, rewards, lr) - start).detach()
    return (moved.softmax(-1) * rewards.unsqueeze(1)).sum(-1)


def _earned(change):
    """What is earned by other policies than the adapted one."""

    def value(start, counts, rewards, lr):
        return (change(start, adapted(start, counts, rewards, lr)) * rewards.unsqueeze(1)).sum(-1)

    return value


def _paid_before(start, counts, rewards, pulls):
    return (counts * rewards.unsqueeze(1)).sum(-1)


def _unadapted(start, counts, rewards, lr):
    return ((start.softmax(-1) * rewards).sum(-1, keepdim=True)).expand(-1, len(counts))


def _without_pulls(start, counts, rewards, lr):
    """One step on sums over pulls."""
    return _value(start, counts, rewards, lr * counts[0].sum())


def _argmax(start, counts, rewards, lr):
    best = adapted(start, counts, rewards, lr).argmax(-1)  # [tasks, outcomes]
    return rewards.gather(1, best)


def _ways_in(part: int):
    """Without `ways` in one of the two."""

    def answer(*args):
        found = [_right(*args), _parts(chance=lambda s, c, w: (c @ s.log_softmax(-1)).exp())(*args)]
        return found[part == 0][0], found[part == 1][1]

    return answer


def _value_of_j(start: Tensor, rewards: Tensor, pulls: int, lr: float) -> Tensor:
    counts, ways = outcomes(len(start), pulls)
    return _mean(_chance(start, counts, ways) * _value(start, counts, rewards, lr))


def _likely_afterwards(start, rewards, pulls, lr):
    """Outcomes as likely as the adapted policy makes them."""
    return _parts(chance=lambda s, c, w: w * adapted(s, c, rewards, lr).softmax(-1).pow(c).prod(-1))(
        start, rewards, pulls, lr
    )


_FAST = "The path holds the probabilities fast, P.detach() * V. The score holds what is earned fast, P * V.detach()."
_CHANCE = ("The probability of an outcome is ways * the product over arms of p ** count, or ways * exp(sum of count * "
           "log p).")  # fmt: skip
_MISTAKES = [
    (_then(lambda path, score: (score, path)), f"the two are exchanged: path first, then score. {_FAST}"),
    (_then(lambda path, score: (path + score, score)), f"the first is the *whole* gradient: nothing is held fast in "
     f"it. {_FAST}"),
    (_then(lambda path, score: (path, path + score)), "the second is the *whole* gradient: nothing is held fast in it, "
     f"or .backward() added it to the path in .grad. {_FAST}"),
    (_then(lambda path, score: (path + score, path + score)), "both are the *whole* gradient. Either nothing is held "
     f"fast, or both are the same .grad, to which .backward() adds. {_FAST}"),
    (_then(lambda path, score: (path, path)), f"both are the path. {_FAST}"),
    (_then(lambda path, score: (score, score)), "both are the score. Is what is earned held fast in both? Or "
     f"are both one .grad tensor? Then take .grad.clone(), or torch.autograd.grad. {_FAST}"),
    (_then(lambda path, score: (path + score, 0 * score)), "the first is the whole gradient, and the second is 0. "
     f"{_FAST}"),
    (_then(lambda path, score: (path, 0 * score)), "the score is 0: the probabilities are held fast there, too. "
     f"{_FAST}"),
    (_then(lambda path, score: (0 * path, score)), "the path is 0: what is earned is held fast there, too, or computed "
     f"from a start without a gradient. {_FAST}"),
    (_then(lambda path, score: (0 * path, 0 * score)), f"both are 0: everything is held fast. {_FAST}"),
    (_then(lambda path, score: path + score), "this is their sum, the whole gradient. Return the two parts: path, "
     "score."),
    (_then(lambda path, score: path), "this is the path alone. Return both: path, score."),
    (_then(lambda path, score: score), "this is the score alone. Return both: path, score."),
    (_then(lambda path, score: torch.stack([path, score])), "the numbers are right, in one tensor. Return two, a "
     "tuple: return path, score."),
    (_then(lambda path, score: torch.stack([score, path])), "both are in one tensor, and exchanged. Return two, a "
     "tuple: return path, score."),
    (_then(lambda path, score: (-path, -score)), "both have the wrong sign: these are gradients of a loss. A large J "
     "is wanted, so no minus."),
    (_then(lambda path, score: (path, -score)), "the score has the wrong sign."),
    (_then(lambda path, score: (-path, score)), "the path has the wrong sign."),
    (_parts(chance=lambda s, c, w: (c @ s.log_softmax(-1)).exp()), "the `ways` are missing: pulls of the same arms in "
     f"another order are another way to the same outcome. {_CHANCE}"),
    (_parts(chance=lambda s, c, w: w**2 * (c @ s.log_softmax(-1)).exp()), "the `ways` count twice."),
    (_parts(chance=lambda s, c, w: w / w.sum() * (c @ s.log_softmax(-1)).exp()), "the `ways` are divided by their sum. "
     f"Their probabilities add up to 1 as they are. {_CHANCE}"),
    (_parts(chance=lambda s, c, w: w / w.sum() + 0 * s.sum()), "all orders are as likely: the start's policy is not in "
     f"the probability of an outcome. {_CHANCE}"),
    (_parts(chance=lambda s, c, w: w * (c @ s.softmax(-1))), "the probabilities of pulls are added. One after the "
     f"other, they are multiplied. {_CHANCE}"),
    (_parts(chance=lambda s, c, w: c @ s.softmax(-1)), "the probabilities of pulls are added. One after the other, "
     f"they are multiplied. {_CHANCE}"),
    (_parts(chance=lambda s, c, w: w * (c * s.softmax(-1)).prod(-1)), "counts are multiplied with the probabilities. "
     f"They are exponents: p ** count. {_CHANCE}"),
    (_parts(chance=lambda s, c, w: w * (c @ s).exp()), "the scores are not made probabilities: log_softmax. "
     f"{_CHANCE}"),
    (_parts(chance=lambda s, c, w: w * (c / c[0].sum() @ s.log_softmax(-1)).exp()), "the counts are divided by the "
     f"pulls in the probability of an outcome. {_CHANCE}"),
    (_likely_afterwards, "outcomes are as likely as the *adapted* policy makes them. The pulls come before the step: "
     "the *start's* policy makes them."),
    (lambda *args: (_value_of_j(*args),) * 2, "this is the number J itself, twice. Wanted are two parts of its "
     "*gradient*: torch.autograd.grad(number, at)[0]."),
    (_value_of_j, "this is the number J itself. Wanted are two parts of its *gradient*: torch.autograd.grad(number, "
     "at)[0]."),
    *((_parts(score=lambda p, v, much=much: much(p) * v.detach()), text) for much, text in (
        (lambda p: p.log(), "the score has the gradient of the *log* probability, and outcomes are not weighted with "
         "how likely they are. P grad(log P) is grad(P): differentiate P itself."),
        (lambda p: p.detach() * p, "outcomes are weighted with their probability twice: its gradient has it in "
         "already."))),
    *((_parts(score=lambda p, v, w=w: (p.detach() * p.log() * v.detach()) * w), text) for w, text in ((0.5, "the score "
       "is half of what it should be."), (2.0, "the score is twice what it should be."))),
    (_parts(path=lambda p, v: v), "in the path, outcomes are not weighted with how likely they are: P.detach() * V."),
    (_parts(path=lambda p, v: v / len(p)), "in the path, all outcomes count alike. Each is weighted with how likely it "
     "is: P.detach() * V."),
    (_parts(path=lambda p, v: v, score=lambda p, v: p.log() * v.detach()), "outcomes are not weighted with how likely "
     f"they are. {_FAST}"),
    (_parts(together=lambda each: each.sum()), "tasks are summed. J is the *mean* over tasks."),
    (_parts(together=lambda each: each.mean()), "this is a mean over outcomes. They are weighted with their "
     "probabilities, and summed: .sum(-1).mean()."),
    (_parts(together=lambda each: each[0].sum()), "only the first task counts. J is the mean over tasks."),
    (_parts(together=lambda each: each[-1].sum()), "only the last task counts. J is the mean over tasks."),
    (_parts(together=lambda each: each.sum(0).mean()), "it is divided by the number of outcomes, and tasks are summed. "
     "It is the other way round: .sum(-1).mean()."),
    (_given(lambda s, r, n, lr: (s, r.mean(0, keepdim=True), n, lr)), "the tasks are averaged *before* adapting, so "
     "that there is nothing to find out. Each task adapts on its own; then comes the mean."),
    (_parts(value=_first_order), "in the path, the adaptation step is held fast: this is first order. The start is in "
     "the step, too."),
    (_parts(value=lambda s, c, r, lr: adapted(s, c, r, lr).softmax(-1) @ r.mean(0)), "each adapted policy is paid with "
     "the *mean* rewards of all tasks. Each task pays its own: rewards.unsqueeze(1)."),
    (_parts(value=_unadapted), "what is earned is that of the *start's* policy. It is that of the adapted one, after "
     "each outcome: adapted(...).softmax(-1)."),
    (_parts(value=_earned(lambda s, after: after)), "the adapted scores stand where probabilities belong: "
     "adapted(...).softmax(-1)."),
    (_parts(value=_earned(lambda s, after: after.log_softmax(-1))), "what is earned is weighted with *log* "
     "probabilities. It is the sum over arms of probability * reward."),
    (_parts(value=_earned(lambda s, after: after.softmax(-1).softmax(-1))), "a softmax is taken twice."),
    (_parts(value=_earned(lambda s, after: after.softmax(0))), "the softmax of the adapted scores goes over tasks. It "
     "goes over arms: .softmax(-1)."),
    (_parts(value=_earned(lambda s, after: after.softmax(1))), "the softmax of the adapted scores goes over outcomes. "
     "It goes over arms: .softmax(-1)."),
    (_parts(value=lambda *args: -_value(*args[:3], -args[3])), "the step goes downhill, and the sign of the result is "
     "that of a loss."),
    (_parts(value=lambda *args: _value(*args[:3], -args[3])), "the adaptation step goes downhill."),
    (_parts(value=_without_pulls), "the adaptation step adds up the pulls. It is the mean over them: use `adapted`."),
    (_parts(value=_argmax), "what is earned is that of the best arm alone. The adapted policy draws: the sum over arms "
     "of probability * reward."),
    *((_parts(own=lambda s, c, r, n, by=by: _paid_before(s, c, r, n) / (n if by else 1)), "the score gives credit for "
       "what the pulls *before* adapting were paid. J counts what is earned after it: V.detach().") for by in (0, 1)),
    *((_parts(own=lambda s, c, r, n, by=by: _paid_before(s, c, r, n) / (n if by else 1), end=lambda a, b: (b, a)),
       "the two are exchanged, and the score gives credit for what the pulls *before* adapting were paid.")
      for by in (0, 1)),
    (_parts(value=lambda s, c, r, lr: _paid_before(s, c, r, 1) / c[0].sum() + 0 * s.sum()), "what is earned is that of "
     "the pulls before adapting. J counts the adapted policy: adapted(...).softmax(-1)."),
    (_parts(value=lambda s, c, r, lr: _value(s, c, r, lr) + _paid_before(s, c, r, 1) / c[0].sum()), "what the pulls "
     "before adapting were paid is counted as well. J is what a pull of the *adapted* policy earns."),
    (_parts(value=lambda s, c, r, lr: _value(s, c, r, lr) + _paid_before(s, c, r, 1)), "what the pulls before adapting "
     "were paid is counted as well. J is what a pull of the *adapted* policy earns."),
    (_parts(value=lambda s, c, r, lr: _value(s, c, r, lr) - _unadapted(s, c, r, lr)), "what the start earns is taken "
     "off. It depends on the start, so it changes the path."),
    (lambda s, r, n, lr: tuple(n * part for part in _right(s, r, n, lr)), "both are `pulls` times too large: what is "
     "earned is that of *one* pull after the step."),
    (lambda s, r, n, lr: tuple(part / n for part in _right(s, r, n, lr)), "both are divided by `pulls`. There is "
     "nothing to divide: what is earned is that of one pull after the step."),
    (lambda s, r, n, lr: tuple(part / len(s) for part in _right(s, r, n, lr)), "both are divided by the number of "
     "arms: probability * reward is *summed* over arms, .sum(-1)."),
    (lambda s, r, n, lr: (_right(s, r, n, lr)[0], _right(s, r, n, lr)[1] / n), "the score is divided by the "
     "number of pulls. The probability of an outcome is a product over *all* its pulls: their log probabilities are "
     "added."),
    (lambda s, r, n, lr: (_right(s, r, n, lr)[0], _right(s, r, n, lr)[1] * n), "the score is multiplied by the "
     "number of pulls. They are in the counts already."),
    *((_given(lambda s, r, n, lr, rate=rate: (s, r, n, rate)), f"lr is {rate:g} in the code. Use the argument.")
      for rate in (0.1, 0.5, 1.0, 4.0, 8.0)),
    *((_given(lambda s, r, n, lr, pulls=pulls: (s, r, pulls, lr)), f"pulls is {pulls} in the code. Use the argument.")
      for pulls in (1, 2, 4)),
    (_ways_in(0), f"in the path the `ways` are missing. {_CHANCE}"), (_ways_in(1), f"in the score the `ways` are "
     f"missing. {_CHANCE}"),
    (lambda s, r, n, lr: (_right(s, r, n, lr)[0], _right(s, r, n, lr)[1] * len(r)), "in the score, tasks are summed. J "
     "is the *mean* over tasks."),
    (lambda s, r, n, lr: (_right(s, r, n, lr)[0] * len(r), _right(s, r, n, lr)[1]), "in the path, tasks are summed. J "
     "is the *mean* over tasks."),
]  # fmt: skip
_KEPT = [(once(formula), text) for formula, text in _MISTAKES]

_MEANING = {
    "does not require grad": "`start` comes without requires_grad, and has to be left so. Work on a copy: at = "
    "start.clone().requires_grad_(), and use `at` everywhere below. (A number that is held fast as a whole has no "
    "gradient either.)",
    "not have been used": "The number that is differentiated was not computed from the tensor that is given to "
    "autograd. Use the copy with requires_grad everywhere.",
    "backward through": "Both parts go through the same graph: retain_graph=True in the first of the two.",
    "can be implicitly created only for scalar": "A gradient is that of one number: sum over outcomes, then take the "
    "mean over tasks.",
    "The size of tensor": "Axes are counted from the last: rewards.unsqueeze(1), [tasks, 1, arms], meets the adapted "
    "policy [tasks, outcomes, arms], and P [outcomes] meets V [tasks, outcomes].",
    "requires_grad of `start`": "at = start.clone().requires_grad_() is such a copy.",
}


def judge_missing(call):
    """`two_parts`: several bandits, numbers of pulls and rates."""
    try:
        compare(call, two_parts, _cases(), _KEPT, ("path", "score"), ("arm",))
    except Problem as problem:
        more = next((said for words, said in _MEANING.items() if words in str(problem)), "")
        raise Problem(f"{problem}\n  {more}" if more else str(problem)) from None
