"""A game on a hidden map of losses: a learner tries settings, and strategies try others on the same map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

YOU = "you"


class HiddenMap:
    """One map, what each player has tried on it, and what that is worth.

    Args:
        losses: of all settings, `[settings]`; nothing tells you which is the lowest until the game is over.
        machines: the settings that each strategy tries, by its name and in its order, `trials` of them or more.
        trials: how many settings each may try.

    In `tried` are your settings so far. A machine is never ahead of you: see `shown`.

    Raises:
        ValueError: if a machine tries fewer settings, or one that is not on the map.
    """

    def __init__(self, losses: Tensor, machines: Mapping[str, Sequence[int]], trials: int = 10):
        self.losses = [float(loss) for loss in losses]
        self.trials, self.tried, self.given_up = trials, [], False
        self.machines = {name: [int(i) for i in order][:trials] for name, order in machines.items()}
        for name, order in self.machines.items():
            if len(order) < trials or not all(0 <= i < len(self.losses) for i in order):
                raise ValueError(f"{name!r} must try {trials} of the settings 0 to {len(self.losses) - 1}.")

    @property
    def players(self) -> tuple[str, ...]:
        """You, and the machines."""
        return (YOU, *self.machines)

    @property
    def over(self) -> bool:
        """Whether your trials are used up, or you gave up."""
        return self.given_up or len(self.tried) >= self.trials

    @property
    def lowest(self) -> float:
        """The lowest loss on the map."""
        return min(self.losses)

    def try_setting(self, setting: int) -> bool:
        """Try a setting; False, and nothing else, where that cannot be: it was tried, or the game is over."""
        if self.over or setting in self.tried or not 0 <= setting < len(self.losses):
            return False
        self.tried.append(setting)
        return True

    def give_up(self):
        """End the game: the map may be shown."""
        self.given_up = True

    def shown(self, player: str) -> list[int]:
        """The settings of a player that may be seen: those of your own trials, and all once the game is over."""
        if player == YOU:
            return self.tried
        return self.machines[player][: self.trials if self.over else len(self.tried)]

    def best_so_far(self, player: str) -> list[float]:
        """The lowest loss after each trial of a player that may be seen."""
        found = []
        for setting in self.shown(player):
            found.append(min([self.losses[setting], *found[-1:]]))
        return found

    def regrets(self, player: str) -> list[float]:
        """How far the lowest loss so far lies above the lowest on the map, after each trial that may be seen."""
        return [loss - self.lowest for loss in self.best_so_far(player)]
