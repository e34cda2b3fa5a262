"""Bandits: arms to pull, of which nobody says what they pay. A task is one bandit, an example is one pull of it."""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from course_lib.arguments import check_draw, check_number, check_whole
from course_lib.compute.devices import pick_device
from course_lib.episode import Episode


class Bandits:
    """A distribution over bandits, each with arms that pay 1 with a chance of their own, and 0 otherwise.

    In a life every pull is both: it teaches, and it counts. So the query set *is* the support set: an example of it is
    a pull that is still to be done. x holds its luck, two numbers from 0 to 1 that decide what a policy chooses and
    whether the arm pays, and y what is hidden, the chances of the arms. So all policies have the same luck.

    Args:
        arms: how many. Their chances are drawn evenly from 0 to 1, for each bandit afresh.
        pulls: of a life.
        safe: what arm 0 pays in every bandit, at each pull; `None`: arm 0 is as the others.
        device: where episodes are made.

    Who acts in it needs `actions` and `steps`, how many there are, `inputs`, the size of what is seen, and the methods
    `start`, `move`, `pay` and `look`.

    Source: the bandits of Duan et al. 2016 (RL^2, arXiv:1611.02779), section 3.1 (second-hand); the safe arm is added.
    """

    way = None
    codes = 1  # numbers by which a reward is shown

    def __init__(self, arms: int = 5, pulls: int = 10, safe: float | None = None, device="cpu"):
        check_whole(2, arms=arms)
        check_whole(pulls=pulls)
        if safe is not None:
            check_number(0, 1, safe=safe)
        self.arms, self.pulls, self.safe, self.device = arms, pulls, safe, pick_device(device)
        self.actions, self.steps, self.inputs = arms, pulls, arms + self.codes + 1

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` bandits: x `[n_tasks, pulls, 2]`, y `[n_tasks, pulls, arms]`, support and query alike."""
        check_draw(n_tasks, generator)
        hidden = self.draw(n_tasks, generator).unsqueeze(1).expand(-1, self.pulls, -1)
        luck = torch.rand(n_tasks, self.pulls, 2, generator=generator)
        return Episode(luck, hidden, luck, hidden).to(self.device)

    def draw(self, n_tasks: int, generator: Generator | None) -> Tensor:
        """The chances `[n_tasks, arms]` of bandits."""
        chances = torch.rand(n_tasks, self.arms, generator=generator)
        if self.safe is not None:
            chances[:, 0] = self.safe
        return chances

    def start(self, n: int, device="cpu") -> Tensor:
        """The places where `n` lives begin: at a bandit there is none, `[n, 0]`."""
        return torch.zeros(n, 0, dtype=torch.int64, device=device)

    def move(self, places: Tensor, actions: Tensor, step: int) -> Tensor:
        """The places after actions `[n]`: the same."""
        return places

    def pay(self, hidden: Tensor, places: Tensor, actions: Tensor, luck: Tensor) -> Tensor:
        """The rewards `[n]` of actions `[n]`, with hidden `[n, arms]` and luck `[n]` from 0 to 1."""
        chance = hidden.gather(1, actions.unsqueeze(1)).squeeze(1)
        paid = (luck < chance).to(chance.dtype)
        return paid if self.safe is None else torch.where(actions == 0, chance, paid)

    def look(self, places: Tensor, actions: Tensor | None, rewards: Tensor | None, step: int) -> Tensor:
        """What is seen `[n, inputs]` before pull number `step`: the last arm, what it paid, and the time.

        Before the first pull `actions` and `rewards` are `None`."""
        clock = torch.full((len(places), 1), step / self.steps, device=places.device)
        if actions is None:
            return F.pad(clock, (self.inputs - 1, 0))
        return torch.cat([F.one_hot(actions, self.arms), self.code(actions, rewards), clock], 1)

    def code(self, actions: Tensor, rewards: Tensor) -> Tensor:
        """How rewards `[n]` are shown: `[n, codes]`, here one number, -1 for 0 and 1 for 1."""
        return 2 * rewards.unsqueeze(1) - 1

    def __repr__(self):
        safe = "" if self.safe is None else f", arm 0 pays {self.safe:g}"
        return f"{type(self).__name__}({self.arms} arms, {self.pulls} pulls{safe}, {self.device})"


class InformativeArm(Bandits):
    """One of the first arms pays 5, the others 1. The last arm pays next to nothing, 0.1 times the number of the good
    one, counted from 1: what it is worth is what it says. The hidden y is what each arm pays.

    A reward is shown one-hot: which number the last arm said, or whether another paid 5 or 1.

    Source: Wang et al. 2016 (arXiv:1611.05763), section 3.1.3.
    """

    def __init__(self, arms: int = 11, pulls: int = 5, device="cpu"):
        self.codes = arms + 1
        super().__init__(arms, pulls, device=device)

    def draw(self, n_tasks: int, generator: Generator | None) -> Tensor:
        """What each arm pays, `[n_tasks, arms]`."""
        good = torch.randint(self.arms - 1, (n_tasks,), generator=generator)
        pays = 1 + 4.0 * F.one_hot(good, self.arms)
        pays[:, -1] = 0.1 * (good + 1)
        return pays

    def pay(self, hidden: Tensor, places: Tensor, actions: Tensor, luck: Tensor) -> Tensor:
        """The rewards `[n]` of actions `[n]`: luck has no part in them."""
        return hidden.gather(1, actions.unsqueeze(1)).squeeze(1)

    def code(self, actions: Tensor, rewards: Tensor) -> Tensor:
        """`[n, arms + 1]`: 0 ... arms - 2 for what the last arm said, then 5, then 1."""
        said = (10 * rewards).round().long() - 1
        kind = torch.where(rewards > 2, self.arms - 1, self.arms)
        return F.one_hot(torch.where(actions == self.arms - 1, said, kind), self.codes).to(rewards.dtype)
