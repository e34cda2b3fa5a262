"""What `check` looks at in one step of REINFORCE, in lesson 13, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson13.exact_bandit import adapted, outcomes, safe_or_risky


def _double(*numbers: float) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


_START = _double(0.3, 0.1, -0.2)


def _random(arms: int, tasks: int, pulls: int, lr: float, seed: int) -> tuple:
    g = torch.Generator().manual_seed(seed)
    start, rewards = (torch.randn(*size, generator=g, dtype=torch.float64) for size in ((arms,), (tasks, arms)))
    return start, outcomes(arms, pulls)[0], rewards, lr


def _cases() -> dict[str, tuple]:
    return {
        "two pulls of three arms, two tasks, rate 4": (_START, outcomes(3, 2)[0], safe_or_risky(0.6), 4.0),
        "a single pull": (_START, outcomes(3, 1)[0], safe_or_risky(0.5), 8.0),
        "four arms, three pulls, five tasks, rewards below 0 among them": _random(4, 5, 3, 0.7, 0),
        "two arms, five pulls, three tasks": _random(2, 3, 5, 2.0, 1),
    }


def _step(pay=lambda share, rewards, p: share * rewards, off=lambda earned, p, s: earned.sum(-1, keepdim=True) * p,
          share=lambda counts: counts / counts[0].sum(), p=lambda s: s.softmax(-1),
          end=lambda s, step, lr: s + lr * step):  # fmt: skip
    """The step once more, with places to go wrong.

    Args:
        pay: what each arm is credited with, of shares of pulls `[outcomes, arms]`, rewards `[tasks, 1, arms]`, p.
        off: what is taken off it; share: what the counts become; p: the probabilities; end: what is returned.
    """

    def answer(start, counts, rewards, lr):
        at = p(start)
        earned = pay(share(counts), rewards.unsqueeze(1), at)  # [tasks, outcomes, arms]
        return end(start, earned - off(earned, at, start), lr)

    return answer


def _then(change):
    return lambda *args: change(adapted(*args), *args)


def _given(change):
    """The right step of other data."""
    return lambda start, counts, rewards, lr: adapted(*change(start, counts, rewards, lr))


def _by_itself(start, counts, rewards, lr):
    p, share = start.softmax(-1), counts / counts[0].sum()
    return start + lr * (share - p) * rewards.unsqueeze(1)


def _all_together(times):
    """Every pull is credited with what all pulls were paid."""

    def answer(start, counts, rewards, lr):
        pulls = counts[0].sum()
        share = counts / pulls
        mean = (share * rewards.unsqueeze(1)).sum(-1, keepdim=True)  # [tasks, outcomes, 1]
        return start + lr * times(pulls) * (share - start.softmax(-1)) * mean

    return answer


def _whatever_was_pulled(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = p * rewards
    return (start + lr * (earned - earned.sum(-1, keepdim=True) * p)).unsqueeze(1).expand(-1, len(counts), -1)


def _in_turn(start, counts, rewards, lr):
    found = []
    for row in counts:
        scores = start.expand(len(rewards), -1)
        for arm, pulls in enumerate(row.long().tolist()):
            for _ in range(pulls):
                slope = -scores.softmax(-1)
                slope[:, arm] += 1
                scores = scores + lr / row.sum() * rewards[:, arm : arm + 1] * slope
        found.append(scores)
    return torch.stack(found, 1)


def _once(start, counts, rewards, lr):
    mean = (counts / counts[0].sum() * rewards.unsqueeze(1)).sum(-1, keepdim=True)  # [tasks, outcomes, 1]
    return start + lr * mean * ((counts > 0).to(counts.dtype) - start.softmax(-1))


def _unpaid(start, counts, rewards, lr):
    p, share = start.softmax(-1), counts / counts[0].sum()
    return start + lr * (share * rewards.unsqueeze(1) * (1 - p) - (1 - share) * p)


def _nothing(earned, p, start):
    return 0 * earned


_SLOPE = ("The log probability of arm a is start_a - log(sum of all exp(start)). Its slope in score j is 1 - p_j for j "
          "= a, and -p_j for the others.")  # fmt: skip
_EACH = ("every pull is credited with a mean over all of them. Each has its own reward: that of the arm that was "
         "pulled.")  # fmt: skip
_MISTAKES = [
    (_step(off=_nothing), f"the scores of arms that were paid are raised, and none is lowered: - p is missing. "
     f"{_SLOPE}"),
    (_step(off=lambda e, p, s: e * p), "only the score of the arm that was pulled moves, by 1 - p. Every other arm's "
     f"log probability falls with it: -p_j. {_SLOPE}"),
    (_step(off=lambda e, p, s: p), "p is taken off once, whatever was paid. Each pull has its own (1 for its arm, else "
     "0) - p, and all of it is multiplied by its reward."),
    (_step(off=lambda e, p, s: -e.sum(-1, keepdim=True) * p), f"p is added, and should be taken off. {_SLOPE}"),
    (_step(off=lambda e, p, s: e.sum(-1, keepdim=True) * s), "the scores stand where probabilities belong: "
     "start.softmax(-1)."),
    (_step(off=lambda e, p, s: e.sum(-1, keepdim=True) * s.log_softmax(-1)), "logarithms of probabilities stand where "
     "the probabilities themselves belong."),
    (_step(off=lambda e, p, s: e.sum(-1, keepdim=True)), f"all of the reward is taken off every arm. It is multiplied "
     f"by p first. {_SLOPE}"),
    (_step(off=lambda e, p, s: e.mean(-1, keepdim=True)), "the same is taken off every arm, as if all were as likely. "
     f"{_SLOPE}"),
    (_step(off=lambda e, p, s: e.mean(-1, keepdim=True) * p), "what is taken off is divided by the number of arms: it "
     "is the *sum* over arms of share * reward, times p."),
    (_step(off=lambda e, p, s: (e * p).sum(-1, keepdim=True)), "taken off is p of the arm that was *pulled*. For score "
     "j it is p_j, times the sum of what was paid."),
    (_step(off=lambda e, p, s: (e * p).mean(-1, keepdim=True)), "taken off is a mean of p * what was paid. For score j "
     "it is p_j, times the *sum* over arms of what was paid."),
    (_step(off=lambda e, p, s: e.sum(1, keepdim=True) * p), "what was paid is summed over outcomes. Each outcome has "
     "its own sum, over *arms*."),
    (_step(off=lambda e, p, s: e.sum(0, keepdim=True) * p), "what was paid is summed over tasks. Each task has its own "
     "sum, over *arms*."),
    *((_step(p=p), f"the probabilities are {what}. The policy is the softmax of the scores.") for p, what in (
        (lambda s: s.exp(), "not divided by their sum"), (lambda s: s.sigmoid(), "sigmoids"),
        (lambda s: (-s).softmax(-1), "those of minus the scores"))),
    (_step(end=lambda s, step, lr: s - lr * step), "the step goes downhill: away from what was paid. More reward is "
     "wanted, so the sign is +."),
    (_step(end=lambda s, step, lr: lr * step), "this is the step alone. Add it to `start`."),
    (_step(end=lambda s, step, lr: step), "this is the gradient alone. The result is start + lr * gradient."),
    (_step(end=lambda s, step, lr: s + step), "lr is not used."),
    (_step(end=lambda s, step, lr: s.softmax(-1) + lr * step), "the step begins at the probabilities. It begins at "
     "the scores: start + ..."),
    (_step(end=lambda s, step, lr: s.log_softmax(-1) + lr * step), "the step begins at the log probabilities. It "
     "begins at the scores: start + ... (The policy is the same; the scores are not.)"),
    (_step(end=lambda s, step, lr: (s + lr * step).softmax(-1)), "these are probabilities. Return the scores: no "
     "softmax at the end."),
    (_step(end=lambda s, step, lr: (s + lr * step).log_softmax(-1)), "these are log probabilities. Return the scores "
     "as they are after the step."),
    (_step(share=lambda c: c), "the pulls are added up. The step is the *mean* over pulls: divide by their number, "
     "counts[0].sum()."),
    (_step(share=lambda c: c / c.shape[1]), "it is divided by the number of arms. The mean is over pulls: "
     "counts[0].sum()."),
    (_step(share=lambda c: c / len(c)), "it is divided by the number of outcomes. The mean is over the pulls of one "
     "outcome: counts[0].sum()."),
    (_step(share=lambda c: c / c.sum()), "it is divided by the sum of *all* counts. Each outcome has its own pulls: "
     "counts.sum(-1, keepdim=True)."),
    (_step(share=lambda c: c / c.sum(0)), "it is divided by sums over outcomes. Each outcome has its own pulls: "
     "counts.sum(-1, keepdim=True)."),
    (_step(share=lambda c: c / c[0].sum() ** 2), "it is divided by the number of pulls twice."),
    *((_step(share=lambda c, n=n: c / n), f"it divides by {n}, whatever the number of pulls: counts[0].sum().")
      for n in (2, 3, 5)),
    (_step(share=lambda c: (c > 0).to(c.dtype) / c[0].sum()), "an arm that was pulled twice counts once. `counts` says "
     "how often."),
    (_step(share=lambda c: (c > 0).to(c.dtype)), "an arm that was pulled twice counts once, and there is no mean over "
     "pulls."),
    (_step(share=lambda c: c.softmax(-1)), "a softmax is taken of the counts. The share of an arm is counts / their "
     "sum."),
    (_step(pay=lambda n, r, p: n.expand(len(r), -1, -1)), "the rewards are not used: arms are raised because they were "
     "pulled."),
    (_step(pay=lambda n, r, p: n * r * p), "this is the gradient of the *probability* of the arm that was pulled. That "
     "of its logarithm lacks the factor p."),
    (_step(pay=lambda n, r, p: n * r / p), "what was paid is divided by the probability of the arm. The logarithm has "
     "seen to that already: its slope is (1 or 0) - p."),
    (lambda start, counts, rewards, lr: start + lr * (counts / counts[0].sum() * rewards.unsqueeze(1)
     * start.softmax(-1) * (1 - start.softmax(-1))), "this is the slope p (1 - p) of each arm's *probability* in its "
     f"own score. {_SLOPE}"),
    (_step(pay=lambda n, r, p: n * (r - (n * r).sum(-1, keepdim=True))), "the mean reward of the pulls is taken off "
     "first. That is a baseline, and a good idea, but not this exercise: take rewards as they are."),
    (_step(pay=lambda n, r, p: n * (r - (p * r).sum(-1, keepdim=True))), "the expected reward is taken off first. That "
     "is a baseline, and a good idea, but not this exercise: take rewards as they are."),
    (_step(pay=lambda n, r, p: n * (r - r.mean(-1, keepdim=True))), "the mean reward of the arms is taken off first. A "
     "learner does not know it; take rewards as they are."),
    (_step(pay=lambda n, r, p: n * r / (n * r).sum(-1, keepdim=True)), "what was paid is divided by its sum, so that "
     "it does not count how much was paid in all."),
    (_step(pay=lambda n, r, p: n * r * p.log(), off=_nothing), "this multiplies by the log probability itself. Its "
     f"*gradient* is wanted. {_SLOPE}"),
    (_step(pay=lambda n, r, p: n * p.log(), off=_nothing), "this is made of log probabilities. Their *gradient* is "
     f"wanted, and rewards. {_SLOPE}"),
    (_by_itself, "each arm's own reward stands before p_j. All of (1 or 0) - p is multiplied by the reward of the arm "
     "that was *pulled*: the scores of the others fall by what that one was paid."),
    (_all_together(lambda n: 1), "every pull is credited with the mean reward of all pulls. Each has its own reward: "
     "that of the arm that was pulled."),
    (_all_together(lambda n: n), "every pull is credited with what all pulls were paid together. Each has its own "
     "reward: that of the arm that was pulled."),
    (_all_together(lambda n: n * n), "every pull is credited with what all pulls were paid together, and there is no "
     "mean over pulls. Each has its own reward: that of the arm that was pulled."),
    (_whatever_was_pulled, "the counts are not used: every outcome gets the exact gradient, an expectation over the "
     "policy. A learner knows only what it has pulled: counts / pulls in place of the probabilities before rewards."),
    (lambda start, counts, *others: start + (adapted(start, counts, *others) - start) * (counts > 0),
     "only arms that were pulled move. The others' scores fall, or rise, by -p_j times what was paid."),
    (_then(lambda found, *args: found.transpose(0, 1)), "the axes of tasks and outcomes are exchanged: [tasks, "
     "outcomes, arms]."),
    (_then(lambda found, *args: found.mean(0)), "tasks are averaged. Each task adapts on its own: [tasks, outcomes, "
     "arms]."),
    (_then(lambda found, *args: found.mean(1)), "outcomes are averaged. Each outcome has scores of its own: [tasks, "
     "outcomes, arms]."),
    (_then(lambda found, *args: found.sum(1)), "outcomes are summed. Each outcome has scores of its own: [tasks, "
     "outcomes, arms]."),
    (_then(lambda found, *args: found[0]), "only the first task adapts: [tasks, outcomes, arms]."),
    (_then(lambda found, *args: found[-1]), "only the last task is returned: [tasks, outcomes, arms]."),
    (_then(lambda found, *args: found[:, -1]), "only the last outcome is returned: [tasks, outcomes, arms]."),
    (_given(lambda s, c, r, lr: (s, c, r.mean(0, keepdim=True).expand_as(r), lr)), "every task adapts to the mean "
     "rewards of all tasks. Each has its own."),
    (_given(lambda s, c, r, lr: (s, c, r[:1].expand_as(r), lr)), "every task adapts to the rewards of the first one."),
    (lambda start, *args: start + (_all_together(lambda n: 1)(start, *args) - start) / len(start), _EACH),
    (_then(lambda found, start, counts, rewards, lr: start + (found - start) / (found - start).norm(
        dim=-1, keepdim=True).clamp(min=1e-8) * lr), "the gradient is divided by its length. The step is lr times the "
     "gradient as it is."),
    (_in_turn, "one step is taken after the other, each from where the last one ended. All pulls were done by the "
     "*start's* policy, and there is one step, on their mean."),
    (_step(off=lambda e, p, s: e.sum(-1, keepdim=True) * (p - 1 / len(s))), "1 is spread over all arms. It belongs to "
     "the arm that was pulled."),
    (_once, "an arm that was pulled gets 1 - p and the others -p, once for all pulls. `counts` says how often each was "
     "pulled, and each pull has its own reward."),
    (_unpaid, "the others' -p is not multiplied by what was paid. All of (1 or 0) - p is multiplied by the reward of "
     "the arm that was pulled."),
    *((_given(lambda s, c, r, lr, rate=rate: (s, c, r, rate)), f"lr is {rate:g} in the code. Use the argument.")
      for rate in (0.1, 0.5, 4.0, 8.0)),
    *((lambda s, c, r, lr, axes=axes: torch.Size(axes(r, c)), text) for axes, text in (
        (lambda r, c: (len(r), min(len(r), len(c)), r.shape[1]), "task i is paired with outcome i. Each task goes with "
         "*every* outcome: rewards.unsqueeze(1) * counts is [tasks, outcomes, arms]."),
        (lambda r, c: r.shape, "there is no axis of outcomes. Each task goes with *every* outcome: "
         "rewards.unsqueeze(1) * counts is [tasks, outcomes, arms]."),
        (lambda r, c: c.shape, "there is no axis of tasks. Each task goes with *every* outcome: rewards.unsqueeze(1) * "
         "counts is [tasks, outcomes, arms]."))),
]  # fmt: skip

_MEANING = {
    "The size of tensor": "Two axes of different size meet there. Axes are counted from the last: "
    "rewards.unsqueeze(1), [tasks, 1, arms], meets counts [outcomes, arms], and .sum(-1, keepdim=True) keeps an axis "
    "of size 1 for the arms.",
    "does not require grad": "`start` may come without requires_grad. Work with its softmax by hand; or, where "
    "start.requires_grad is False, with a copy, start.clone().requires_grad_().",
}


def judge_reinforce(call):
    """`adapted`: numbers for several bandits, a single task and outcome, and the gradient through the step."""
    try:
        compare(call, adapted, _cases(), _MISTAKES, (), ("task", "outcome", "arm"))
    except Problem as problem:
        more = next((said for words, said in _MEANING.items() if words in str(problem)), "")
        raise Problem(f"{problem}\n  {more}" if more else str(problem)) from None
    start, counts, rewards, lr = _random(3, 1, 2, 1.5, 2)
    also(call, adapted, {"a single task": (start, counts, rewards, lr)}, "The result is [tasks, outcomes, arms], also "
         "for one task.")  # fmt: skip
    also(call, adapted, {"a single outcome": (start, counts[1:2], rewards, lr)}, "The result is [tasks, outcomes, "
         "arms], also for one outcome. And the number of pulls is the sum of a row, not the largest "
         "count.")  # fmt: skip
    also(call, adapted, {"outcomes in another order, some of them twice": (start, counts[[4, 1, 1]], rewards, lr)},
         "Each row of `counts` is an outcome, whatever the other rows are.")  # fmt: skip
    _judge_through(call)


def _judge_through(call):
    """The derivative in `start`, through the step."""
    for args in _cases().values():
        start = args[0].clone().requires_grad_()
        found, right = call(start, *args[1:]), adapted(start, *args[1:])
        if not found.requires_grad:
            call.warned = ""  # PyTorch advises .detach() where numbers are made of tensors; this hint says more
            raise Problem("the numbers are right, but no gradient gets through the step to `start`: leave out "
                          ".detach(), .data, .item(), float(), torch.tensor(list), NumPy and no_grad.")  # fmt: skip
        towards = torch.linspace(-1, 1, right.numel(), dtype=right.dtype).view_as(right)
        (want,) = torch.autograd.grad((right * towards).sum(), start)
        (got,) = torch.autograd.grad((found * towards).sum(), start, allow_unused=True)
        if got is None:
            raise Problem("the numbers are right, but they belong to a copy of `start` that was cut off, so no "
                          "gradient gets back to `start` itself: leave out .detach() and .data, and do not make a new "
                          "tensor of its numbers.")  # fmt: skip
        if torch.allclose(got, want, rtol=1e-3, atol=1e-6):
            continue
        if torch.allclose(got, towards.sum((0, 1)), rtol=1e-3, atol=1e-6):
            raise Problem("the numbers are right, but the gradient that comes back to `start` takes the step for a "
                          "constant. The probabilities in it change with `start`, too: no .detach() there, and "
                          "create_graph=True if autograd finds the gradient.")  # fmt: skip
        raise Problem("the numbers are right, but the gradient that comes back to `start` is another one. Is a part of "
                      "the result cut off, by .detach() or no_grad?")  # fmt: skip
