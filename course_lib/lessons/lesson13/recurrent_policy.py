"""RL^2: a recurrent policy that reads what it did and what it was paid, and so learns a task while it acts in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_lib.arguments import check_number, check_whole
from course_lib.episode import Episode
from course_lib.learners import Learner


class Life(NamedTuple):
    """What happened: `seen [tasks, steps, inputs]`, and `actions`, `rewards`, each `[tasks, steps]`."""

    seen: Tensor
    actions: Tensor
    rewards: Tensor


class RecurrentPolicy(Learner):
    """Adapting is reading: after each action the network reads what it did and what that paid. No weight changes.

    It is trained for the reward of its whole life, by a policy gradient with a learned baseline.

    Args:
        world: what it acts in, such as `Bandits`: see there for what a world has.
        hidden: numbers in its state.
        discount: how much less a later reward counts for each step that it is away: only in training.
        entropy: what it is paid, in training, for choosing at random; it falls in a straight line to 0 ...
        over: ... after so many outer steps.

    Source: Duan et al. 2016 (RL^2, arXiv:1611.02779; second-hand), Wang et al. 2016 (arXiv:1611.05763). They train with
        TRPO and with A2C; this is one step of plain policy gradient for each batch of lives.
    """

    def __init__(self, world, hidden: int = 64, discount: float = 0.8, entropy: float = 0.02, over: int = 1000):
        check_whole(hidden=hidden, over=over)
        check_number(0, 1, discount=discount)
        check_number(0, entropy=entropy)
        super().__init__(None, hidden=hidden, discount=discount, entropy=entropy, over=over)
        self.world = world
        self.reads = nn.GRU(world.inputs, hidden)  # [steps, tasks, ...], as torch has it
        self.chooses, self.expects = nn.Linear(hidden, world.actions), nn.Linear(hidden, 1)
        nn.init.zeros_(self.chooses.weight)
        nn.init.zeros_(self.chooses.bias)  # at first every action is as likely

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """The state `[1, tasks, hidden]` after actions `[tasks, n]` (int64) and what they paid `[tasks, n]`.

        n may be 0: then nothing has happened yet.
        """
        places, seen = self.world.start(len(support_x), support_x.device), []
        last = None, None
        for step in range(support_x.shape[1] + 1):
            seen.append(self.world.look(places, *last, step))  # [tasks, inputs]
            if step < support_x.shape[1]:
                last = support_x[:, step], support_y[:, step]
                places = self.world.move(places, last[0], step)
        return self.reads(torch.stack(seen).to(self.expects.weight.dtype))[1]

    def predict(self, adapted: Tensor, query_x: Tensor | None = None) -> Tensor:
        """Scores `[tasks, actions]` of what it would do next: their softmax gives the probabilities."""
        return self.chooses(adapted[0])

    @torch.no_grad()
    def live(self, luck: Tensor, hidden: Tensor, greedy: bool = False, forget: Sequence[int] = ()) -> Life:
        """Lives with this luck `[tasks, steps, 2]`, where `hidden` `[tasks, steps, ...]` is what the world hides.

        Args:
            greedy: always do what is most probable.
            forget: before these steps the memory is wiped.
        """
        n, steps = luck.shape[:2]
        state = luck.new_zeros(1, n, self.config["hidden"])
        places, last, life = self.world.start(n, luck.device), (None, None), []
        for step in range(steps):
            seen = self.world.look(places, *last, step).to(luck.dtype)
            if step in forget:
                state = torch.zeros_like(state)
            _, state = self.reads(seen.unsqueeze(0), state)
            scores = self.predict(state)  # [tasks, actions]
            below = scores.softmax(-1).cumsum(-1)[:, :-1]  # the last ends at 1, but for rounding
            actions = scores.argmax(-1) if greedy else (luck[:, step, :1] > below).sum(-1)
            places = self.world.move(places, actions, step)
            rewards = self.world.pay(hidden[:, step], places, actions, luck[:, step, 1])
            last = actions, rewards
            life.append((seen, *last))
        return Life(*(torch.stack(part, 1) for part in zip(*life, strict=True)))

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """Minus the reward of a life, of its first half (doubled) and of all. The gradient is a policy gradient."""
        life = self.live(episode.support_x, episode.support_y)
        total, half = life.rewards.sum(1).mean(), life.rewards.shape[1] // 2
        loss = self.policy_loss(life)
        return -2 * life.rewards[:, :half].sum(1).mean(), loss - loss.detach() - total

    def policy_loss(self, life: Life) -> Tensor:
        """A number whose gradient is that of minus the expected reward, with the baseline's and the entropy's."""
        states, _ = self.reads(life.seen.transpose(0, 1))  # [steps, tasks, hidden]
        logs = self.chooses(states).log_softmax(-1).transpose(0, 1)  # [tasks, steps, actions]
        chosen = logs.gather(2, life.actions.unsqueeze(2)).squeeze(2)  # [tasks, steps]
        to_go = discounted(life.rewards, self.config["discount"])
        to_go = (to_go - to_go.mean(0)) / (to_go.std() + 1e-6)  # no unit of reward counts
        expected = self.expects(states).squeeze(2).T  # [tasks, steps]
        credit = (to_go - expected).detach()
        credit = (credit - credit.mean(0)) / (credit.std() + 1e-6)
        bonus = self.config["entropy"] * max(0.0, 1 - self.progress / self.config["over"])
        entropy = -(logs.exp() * logs).sum(-1).mean()
        return -(chosen * credit).mean() + 0.5 * (to_go - expected).square().mean() - bonus * entropy


def discounted(rewards: Tensor, discount: float) -> Tensor:
    """From each step on, the sum of the rewards to come, each times discount ** steps until then: `[tasks, steps]`."""
    found, after = [], torch.zeros_like(rewards[:, 0])
    for now in rewards.flip(1).unbind(1):
        after = now + discount * after
        found.append(after)
    return torch.stack(found[::-1], 1)
