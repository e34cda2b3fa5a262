"""One bandit that three play with the same luck: you, a recurrent policy, and the best strategy that there is."""

from __future__ import annotations

import torch

from course_lib.lessons.lesson13.optimal_pulls import State, given_away, values_of_next
from course_lib.lessons.lesson13.recurrent_policy import RecurrentPolicy

YOU, NETWORK, BEST = PLAYERS = ("you", "network", "best strategy")


class TenPulls:
    """A life of each player in one bandit. Who pulls the same arm at the same pull is paid the same.

    Args:
        policy: in a world of `Bandits`. It does what is most probable.
        seed: of the bandit and the luck.

    In `actions` and `rewards` are lists by the player's name; those of "you" begin empty.
    """

    def __init__(self, policy: RecurrentPolicy, seed: int):
        self.world = policy.world
        episode = self.world.sample(1, torch.Generator().manual_seed(seed))
        self.luck, self.hidden = episode.support_x, episode.support_y  # [1, pulls, 2], [1, pulls, arms]
        life = policy.live(self.luck, self.hidden, greedy=True)
        self.actions, self.rewards = (
            {YOU: [], NETWORK: life.actions[0].tolist()},
            {YOU: [], NETWORK: life.rewards[0].tolist()},
        )
        self.actions[BEST], self.rewards[BEST] = [], []
        while self.left(BEST):
            worth = self.worth(BEST)
            self._pull(BEST, worth.index(max(worth)))

    @property
    def arms(self) -> list[str]:
        """The names of the arms."""
        safe = self.world.safe is not None
        return ["safe arm"] * safe + [f"arm {i}" for i in range(1, self.world.arms + 1 - safe)]

    @property
    def chances(self) -> list[float]:
        """What each arm pays, on average."""
        return self.hidden[0, 0].tolist()

    def left(self, player: str = YOU) -> int:
        """How many pulls a player still has."""
        return self.world.pulls - len(self.actions[player])

    def pull(self, arm: int):
        """Your pull of an arm, counted from 0; nothing happens once the pulls are over."""
        if self.left():
            self._pull(YOU, arm)

    def _pull(self, player: str, arm: int):
        step = len(self.actions[player])
        paid = self.world.pay(self.hidden[:, step], None, torch.tensor([arm]), self.luck[:, step, 1])
        self.actions[player].append(arm)
        self.rewards[player].append(paid.item())

    def state(self, player: str = YOU) -> State:
        """(wins, losses) of each unknown arm, as a player has seen them."""
        found = [[0, 0] for _ in range(self.world.arms)]
        for arm, reward in zip(self.actions[player], self.rewards[player], strict=True):
            found[arm][reward <= 0] += 1
        return tuple(tuple(pair) for pair in found[self.world.safe is not None :])

    def worth(self, player: str = YOU) -> list[float]:
        """What each arm is worth to a player now: see `values_of_next`."""
        return values_of_next(self.state(player), self.left(player), self.world.safe)

    def given_away(self, player: str = YOU) -> float:
        """What the pulls so far lost against the best ones, in expected reward."""
        actions, rewards = torch.tensor([self.actions[player]]), torch.tensor([self.rewards[player]])
        if not actions.numel():
            return 0.0
        full = torch.zeros(1, self.world.pulls, dtype=torch.int64), torch.zeros(1, self.world.pulls)
        for whole, part in zip(full, (actions, rewards), strict=True):
            whole[:, : part.shape[1]] = part  # pulls that are not done yet are put in and not counted
        return given_away(*full, self.world.arms, self.world.safe)[0, : actions.shape[1]].sum().item()
