"""The pulls explorer of lesson 13: pull the arms of a bandit, beside a network and the best strategy that there is."""

from __future__ import annotations

from html import escape

import ipywidgets as w

from course_lib.arguments import check_whole
from course_lib.compute.devices import one_thread
from course_lib.lessons.lesson13 import pulls_picture as picture
from course_lib.lessons.lesson13.optimal_pulls import greedy
from course_lib.lessons.lesson13.recurrent_policy import RecurrentPolicy
from course_lib.lessons.lesson13.ten_pulls import PLAYERS, TenPulls
from course_lib.plots import png
from course_lib.tasks.bandits import Bandits
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View


class PullsExplorer(Explorer, w.VBox):
    """Buttons to pull the arms of a bandit; a network and the best strategy play it, too, with the same luck.

    Args:
        policy: the network; its world is `Bandits`.
        seed: of the first bandit; "another bandit" goes on to the next.

    In `match` are all three lives, in `tally` the sums of the bandits that were played to the end, `[(reward, given
    away), ...]` by the player's name; in `message` what is seen, in words.

    Raises:
        ValueError: if the policy is none of bandits.
    """

    def __init__(self, policy: RecurrentPolicy, seed: int = 0):
        check_whole(0, seed=seed)
        if type(getattr(policy, "world", None)) is not Bandits:
            raise ValueError("policy must be a RecurrentPolicy(Bandits(...)), as shipped('safe') is.")
        self.policy, self.seed, self.tally = policy, seed, {player: [] for player in PLAYERS}
        self.match = TenPulls(policy, seed)
        width, height = picture.size(self.match)
        self.arms = [w.Button(description=name, layout=w.Layout(width="auto")) for name in self.match.arms]
        for arm, button in enumerate(self.arms):
            button.on_click(lambda _, arm=arm: self.pull(arm))
        self.again = w.Button(description="another bandit", icon="refresh", layout=w.Layout(width="auto"))
        self.again.on_click(lambda _: self.new_bandit())
        self.worth = w.Checkbox(False, description="show what each arm is worth now", indent=False)
        self.worth.observe(lambda _: self._show(), "value")
        safe = "grey: the safe arm; " if self.match.world.safe is not None else ""
        self.view = View(
            f'<figure><svg viewBox="0 0 {width} {height}" role="img" aria-label="The pulls of each player">'
            f'<rect class="paper" width="{width}" height="{height}"/><g data-part="rows"></g></svg></figure>'
            f'<div class="legend">In the boxes: which arm. Blue: it paid 1; white: nothing; '
            f'{safe}network and best strategy show each pull after yours.</div><div data-part="table"></div>'
            '<div role="status" data-part="said"></div>', lambda _: None
        )  # fmt: skip
        self.view.layout.max_width = "760px"
        self._show()
        buttons = w.Box([*self.arms, self.again], layout=w.Layout(flex_flow="row wrap"))
        super().__init__([buttons, self.worth, self.view], layout=w.Layout(max_width="1040px"))

    def pull(self, arm: int):
        """Pull an arm, counted from 0."""
        if not self.match.left():
            return
        self.match.pull(arm)
        if not self.match.left():
            for player in PLAYERS:
                self.tally[player].append((sum(self.match.rewards[player]), self.match.given_away(player)))
        self._show()

    def new_bandit(self):
        """Another bandit, with nothing pulled yet."""
        self.seed += 1
        with one_thread():
            self.match = TenPulls(self.policy, self.seed)
        self._show()

    def _show(self):
        over = not self.match.left()
        for button in self.arms:
            button.disabled = over
        self.message = self._say()
        self.view.show(rows=picture.rows(self.match), table=picture.table(self.match, self.worth.value),
                       said=escape(self.message))  # fmt: skip

    def _say(self) -> str:
        match = self.match
        done = len(match.actions["you"])
        if not done:
            said = f"A new bandit of {match.world.arms} arms. You have {match.left()} pulls: choose an arm."
        else:
            last = match.arms[match.actions["you"][-1]]
            which = f"the {last}" if last.startswith("safe") else last
            said = (f"Pull {done}: {which} paid {match.rewards['you'][-1]:g}. Against the best pulls you have given "
                    f"away {match.given_away():.2f} so far, in expectation.")  # fmt: skip
        if not match.left():
            said += f" The network gave away {match.given_away('network'):.2f}."
        return f"{said} {self._tally()}".strip()

    def _tally(self) -> str:
        n = len(self.tally["you"])
        if not n:
            return ""
        said = []
        for player, found in self.tally.items():
            reward, lost = (sum(column) / n for column in zip(*found, strict=True))
            said.append(f"{player} {reward:.2f}, given away {lost:.2f}")
        return f"Mean of {n} bandit{'s' * (n > 1)}: {'; '.join(said)}."

    def shown_match(self) -> TenPulls:
        """The match, or where nothing was pulled one in which the arm is pulled that seems best, as far as is known."""
        if self.match.actions["you"]:
            return self.match
        told = TenPulls(self.policy, self.seed)
        while told.left():
            chances = greedy(told.state(), told.world.safe)
            told.pull(chances.index(max(chances)))
        return told

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        told = self.shown_match()
        you = "you" if told is self.match else "who is greedy"
        sums = [sum(reward for _, reward in picture.shown(told, player)) for player in PLAYERS]
        said = "; ".join(f"{name}: {total:.1f}" for name, total in zip((you, *PLAYERS[1:]), sums, strict=True))
        return png(picture.draw_pulls(told, you)), f"Pulls of three players in one bandit, in boxes. Sums: {said}."
