"""What `check` looks at in the reward to go, in lesson 13, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.learners import reward_to_go


def _rewards(*shape: int, seed: int = 0) -> tuple[Tensor]:
    return (torch.randn(*shape, generator=torch.Generator().manual_seed(seed)) - 0.3,)


def _cases() -> dict[str, tuple[Tensor]]:
    return {
        "rewards [tasks, trajectories, steps]": _rewards(2, 3, 5),
        "rewards [trajectories, steps]": _rewards(4, 6, seed=1),
        "rewards [steps]": _rewards(7, seed=2),
        "as many tasks, trajectories and steps": _rewards(3, 3, 3, seed=3),
    }


def _axis(axis: int):
    return lambda r: r.flip(axis).cumsum(axis).flip(axis)


def _discounted(rate: float):
    def answer(r):
        steps = torch.arange(r.shape[-1])
        away = steps.unsqueeze(1) - steps  # [to come, now]
        return r @ (rate ** away.clamp(min=0) * (away >= 0)).to(r.dtype)

    return answer


def _then(change):
    return lambda r: change(reward_to_go(r), r)


def _to_come(r: Tensor) -> Tensor:
    """How many steps are still to come, each among them."""
    return torch.arange(r.shape[-1], 0, -1)


_MISTAKES = [
    (lambda r: r.cumsum(-1), "this adds up what *was* paid, from the first step on. An action is credited with what "
     "comes after it: from its own step to the last."),
    (lambda r: r.cumsum(-1) - r, "this adds up what was paid *before* each step. An action is credited with what comes "
     "from its own step on."),
    (_then(lambda g, r: g - r), "the reward of the step itself is left out. It is paid for the action, and counts."),
    (_then(lambda g, r: g + r), "the reward of the step itself counts twice."),
    (_then(lambda g, r: g.flip(-1)), "the steps are in the reverse order: what is flipped to add up from the end has "
     "to be flipped back."),
    (lambda r: r.flip(-1), "these are the rewards in reverse order. Add them up from the last one on."),
    (_axis(0), "it adds up along the first axis. Steps are the *last* one: -1."),
    (lambda r: [sum(r[t:]) for t in range(len(r))], "it adds up along the first axis, and makes a list. Steps are the "
     "*last* axis, and the result is a tensor of the same shape."),
    (_axis(1), "it adds up along axis 1. Steps are the *last* axis, however many there are in front: -1."),
    (_axis(-2), "it adds up along the last but one axis, over trajectories. Steps are the last one: -1."),
    (lambda r: r.flip(tuple(range(r.ndim))).cumsum(-1).flip(-1), "all axes are flipped, and only the last one back: "
     "trajectories get the rewards of others. Flip the axis of steps alone: .flip(-1)."),
    (lambda r: r.flip(-1).cumsum(-1).flip(0), "it is turned round along the last axis and turned back along the first. "
     "Both times it is the axis of steps: .flip(-1)."),
    (lambda r: r.flip(0).cumsum(-1).flip(-1), "it is turned round along the first axis and turned back along the last. "
     "Both times it is the axis of steps: .flip(-1)."),
    (lambda r: r.flip(0).cumsum(-1).flip(0), "the first axis is flipped, and so the steps are added up forwards. Steps "
     "are the last axis: .flip(-1)."),
    (lambda r: r.sum(-1, keepdim=True).expand_as(r), "every step gets the whole return. What was paid before an action "
     "is not its doing."),
    (lambda r: r.sum(-1), "this is the return, one number for each trajectory. Each *step* has its own: [..., steps]."),
    (lambda r: r.sum(-1, keepdim=True), "this is the return, one number for each trajectory. Each *step* has its own: "
     "[..., steps]."),
    (lambda r: r.sum() - r.cumsum(-1) + r, "the sum of *all* rewards, of all trajectories, stands where the return of "
     "each belongs: .sum(-1, keepdim=True)."),
    (lambda r: r.sum() - r.cumsum(-1), "the sum of *all* rewards, of all trajectories, stands where the return of each "
     "belongs, and the reward of the step itself is left out."),
    (lambda r: r - r.cumsum(-1), "this is minus what was paid before. From the return take off what was paid before."),
    (lambda r: r.sum(-1, keepdim=True) - r, "only the step's own reward is taken off the return. What was paid "
     "*before* the step has to go, and its own stays."),
    (lambda r: torch.nn.functional.pad(r[..., 1:], (0, 1)), "this is the reward of the next step alone. Add up all "
     "that come."),
    (lambda r: r + torch.nn.functional.pad(r[..., 1:], (0, 1)), "this adds the next reward and no later one. Add up "
     "*all* that come: go backwards, and add what has been added up already."),
    (lambda r: r, "these are the rewards themselves. Add up what comes from each step on."),
    (_then(lambda g, r: g / _to_come(r)), "this is the mean of the rewards to come. Their sum is wanted."),
    (_then(lambda g, r: g / r.shape[-1]), "it is divided by the number of steps. The sum is wanted."),
    (_then(lambda g, r: g / (torch.arange(r.shape[-1]) + 1)), "it is divided by the number of the step. The sum is "
     "wanted."),
    *((_discounted(rate), f"rewards that come later are discounted, by {rate:g} a step. Here all count alike.")
      for rate in (0.999, 0.99, 0.98, 0.97, 0.95, 0.9, 0.8, 0.5)),
    (_then(lambda g, r: g - g.mean(-2, keepdim=True)), "the mean over trajectories is taken off. That is the baseline, "
     "which comes later: the reward to go alone is wanted."),
    *((_then(lambda g, r, axis=axis: g - (g.mean() if axis is None else g.mean(axis, keepdim=True))), "a mean is taken "
       "off. A baseline comes later: the reward to go alone is wanted.") for axis in (None, -1, 0)),
    (_then(lambda g, r: (g - g.mean()) / g.std()), "it is centred and divided by its spread. The reward to go alone is "
     "wanted."),
    (_then(lambda g, r: g.flatten()), "the axes are gone: the result has those of `rewards`."),
    (lambda r: r.flatten().flip(0).cumsum(0).flip(0).view_as(r), "it adds up across trajectories: the end of one is "
     "credited with the next one. Each trajectory has its own sum."),
    (_then(lambda g, r: torch.cat([g[..., :-1], 0 * g[..., -1:]], -1)), "the last step is left out. Its reward to go "
     "is its own reward."),
    (_then(lambda g, r: g - r[..., -1:]), "the last reward is left out: [t:-1] ends before it, [t:] does not."),
    (_then(lambda g, r: g.movedim(-1, 0)), "the steps have become the first axis. They stay the last one: "
     "torch.stack(..., dim=-1)."),
]  # fmt: skip

_MEANING = {
    "'list'": "rewards may have axes in front, here [tasks, trajectories, steps], and this is for a single trajectory. "
    "rewards[..., t] is step t of all of them, and rewards.shape[-1] the number of steps.",
    "step must be greater than zero": "PyTorch has no [::-1]: .flip(-1) turns the steps round.",
    "stride": "PyTorch cannot read an array that was turned round by [::-1]. With tensors, .flip(-1) does it.",
    "values to unpack": "There may be any number of axes in front. rewards.shape[-1] is the number of steps, and "
    "rewards[..., t:] are those from step t on.",
    "too many indices": "There may be any number of axes in front, or none: rewards[..., t:] are the steps from t on.",
    "out of range": "There may be any number of axes in front, or none: count from the last one, -1.",
}


def judge_to_go(call):
    """`reward_to_go`: several axes, a single step."""
    try:
        compare(call, reward_to_go, _cases(), _MISTAKES)
    except Problem as problem:
        more = next((said for words, said in _MEANING.items() if words in str(problem)), "")
        raise Problem(f"{problem}\n  {more}" if more else str(problem)) from None
    also(call, reward_to_go, {"four axes, a single step": _rewards(2, 1, 3, 1, seed=4)}, "The result has the axes of "
         "`rewards`, also where one has size 1.")  # fmt: skip
    also(call, reward_to_go, {"five axes": _rewards(2, 1, 2, 2, 3, seed=5)}, "There may be any number of axes in "
         "front: count from the last one, -1.")  # fmt: skip
    also(call, reward_to_go, {"rewards of float64": (_rewards(3, 4, seed=6)[0].double(),)}, "Does it hold a tensor of "
         "another dtype, such as torch.zeros(...)?")  # fmt: skip
