"""A grid with a goal that nobody sees: nothing is paid until it is found, and what was found must be remembered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from course_lib.arguments import check_draw, check_whole
from course_lib.episode import Episode

MOVES = torch.tensor([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])  # stay, down, up, right, left
Cell = tuple[int, int]
#: A walk on the grid of 5 x 5 that meets a cell where the goal can be at every step but the first, and never one twice:
#: in a first episode of 15 steps no search is paid more. Of all such walks it leaves those cells that are found
#: fastest in a second episode.
SEARCH = ((1, 0), (2, 0), (3, 0), (4, 0), (4, 1), (3, 1), (2, 1), (1, 1), (1, 2), (1, 3), (2, 3), (2, 2), (3, 2),
          (4, 2), (4, 3))  # fmt: skip


class HiddenGoal:
    """A distribution over grids, a task is one goal. A life has some episodes, each begins in the corner 0, 0.

    Whoever stands on the goal is paid 1 at every step, and else 0. The goal lies two steps or more from the corner. As
    in `Bandits`, the query set is the support set: x is luck `[tasks, episodes * steps, 2]`, y the goal's row and
    column.

    Args:
        size: rows and columns.
        steps: of an episode.
        episodes: of a life.

    Source: the grid of Zintgraf et al. 2020 (variBAD, arXiv:1910.08348), 5.1, with fewer episodes (second-hand).
    """

    way = None
    actions = len(MOVES)

    def __init__(self, size: int = 5, steps: int = 15, episodes: int = 2):
        check_whole(2, size=size)
        check_whole(steps=steps, episodes=episodes)
        self.size, self.episodes, self.each, self.steps = size, episodes, steps, steps * episodes
        self.inputs = size**2 + self.actions + 3

    @property
    def goals(self) -> list[Cell]:
        """The cells where the goal can be."""
        return [(i, j) for i in range(self.size) for j in range(self.size) if i + j > 1]

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` goals: x and y `[n_tasks, episodes * steps, 2]`."""
        check_draw(n_tasks, generator)
        goals = torch.tensor(self.goals, dtype=torch.get_default_dtype())
        goal = goals[torch.randint(len(goals), (n_tasks,), generator=generator)]  # [tasks, 2]
        luck = torch.rand(n_tasks, self.steps, 2, generator=generator)
        hidden = goal.unsqueeze(1).expand(-1, self.steps, -1)
        return Episode(luck, hidden, luck, hidden)

    def start(self, n: int, device="cpu") -> Tensor:
        """The corner, `[n, 2]`."""
        return torch.zeros(n, 2, dtype=torch.int64, device=device)

    def _here(self, places: Tensor, step: int) -> Tensor:
        """Where an action begins: in the corner, if a new episode does."""
        return places if step % self.each else torch.zeros_like(places)

    def move(self, places: Tensor, actions: Tensor, step: int) -> Tensor:
        """The places `[n, 2]` after actions `[n]`; walls hold."""
        return (self._here(places, step) + MOVES.to(places.device)[actions]).clamp(0, self.size - 1)

    def pay(self, hidden: Tensor, places: Tensor, actions: Tensor, luck: Tensor) -> Tensor:
        """The rewards `[n]` of being at places `[n, 2]`."""
        return (places == hidden).all(-1).to(hidden.dtype)

    def look(self, places: Tensor, actions: Tensor | None, rewards: Tensor | None, step: int) -> Tensor:
        """What is seen `[n, inputs]`: the place, the last action and what it paid, whether an episode begins, time."""
        n, (row, column) = len(places), self._here(places, step).unbind(1)
        place = F.one_hot(row * self.size + column, self.size**2)
        last = F.one_hot(torch.zeros_like(row) if actions is None else actions, self.actions) * (actions is not None)
        paid = torch.zeros(n, device=places.device) if rewards is None else rewards
        now = torch.tensor([step % self.each == 0, (step % self.each) / self.each], device=places.device).expand(n, -1)
        return torch.cat([place, last, paid.unsqueeze(1), now], 1)

    def known(self) -> float:
        """The reward of an episode of who knows the goal and walks there, a mean over goals."""
        return sum(max(0, self.each + 1 - i - j) for i, j in self.goals) / len(self.goals)

    def searched(self, walk: Sequence[Cell] = SEARCH) -> list[float]:
        """The mean reward of each of two episodes of who walks along `walk` until the goal is found, stays there, and
        in the second episode goes straight to it; or searches the cells that are left, in the best order.

        Args:
            walk: the cells after each step of the first episode, neighbours.
        """
        first, second = 0.0, 0.0
        for goal in self.goals:
            if goal in walk[: self.each]:
                first += self.each - walk.index(goal)
                second += max(0, self.each + 1 - sum(goal))
        left = frozenset(self.goals) - set(walk[: self.each])
        return [first / len(self.goals), (second + _latest(left, (0, 0), self.each)) / len(self.goals)]

    def __repr__(self):
        return f"{type(self).__name__}({self.size} x {self.size}, {self.episodes} episodes of {self.each} steps)"


@cache
def _latest(left: frozenset[Cell], place: Cell, time: int) -> int:
    """The most that a search of cells is paid in all, summed over where the goal may be, with so many steps to come."""
    found = [0]
    for cell in left:
        after = time - abs(cell[0] - place[0]) - abs(cell[1] - place[1])
        if after >= 0:
            found.append(after + 1 + _latest(left - {cell}, cell, after))
    return max(found)


@torch.no_grad()
def thompson_walks(world: HiddenGoal, n: int, generator: Generator | None = None) -> Tensor:
    """Posterior sampling: in each episode go to a cell drawn from those where the goal may still be, and stay there;
    on the way rows and columns are taken in random order. What was found is kept.

    Returns: `[n, episodes]` rewards of simulated lives.
    """
    episode = world.sample(n, generator)
    goal = episode.support_y[:, 0].long()  # [n, 2]
    cells = torch.tensor(world.goals)  # [cells, 2]
    possible, known = torch.ones(n, len(cells)), torch.zeros(n, dtype=torch.bool)
    places, rewards = world.start(n), []
    for step in range(world.steps):
        if step % world.each == 0:
            drawn = cells[torch.multinomial(possible, 1, generator=generator)[:, 0]]
            places, target = torch.zeros_like(places), torch.where(known[:, None], goal, drawn)
        off = target - places  # [n, 2]
        row = (off[:, 0] != 0) & ((off[:, 1] == 0) | (torch.rand(n, generator=generator) < 0.5))
        places = places + torch.stack([off[:, 0].sign() * row, off[:, 1].sign() * ~row], 1)
        there = (places == goal).all(1)
        known = known | there
        target = torch.where(known[:, None], goal, target)
        seen = (places[:, None] == cells).all(2)  # [n, cells]
        possible = torch.where(seen & ~there[:, None], 0.0, possible)
        rewards.append(there.float())
    return torch.stack(rewards, 1).unflatten(1, (world.episodes, world.each)).sum(2)
