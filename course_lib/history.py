"""The record of a training run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from course_lib.stop import Stop


@dataclass(eq=False)
class History:
    """One row every `log_every` outer steps. Losses are means over the steps since the row before.

    Args:
        step: outer steps done at each row.
        inner: loss on the support sets, after adapting.
        outer: loss on the query sets, after adapting: what training minimises.
        lr: outer learning rate.
        seconds: time since the start of training, validation included; a resumed run counts on.
        validation_step, validation: steps at which it was validated, and the mean score then
            (accuracy as a fraction, or mean squared error).
        higher_is_better: True when the score is an accuracy.
        stopped: "finished", "early stop" or "interrupted".
    """

    step: list = field(default_factory=list)
    inner: list = field(default_factory=list)
    outer: list = field(default_factory=list)
    lr: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    validation_step: list = field(default_factory=list)
    validation: list = field(default_factory=list)
    higher_is_better: bool = True
    stopped: str = ""

    def log(self, step: int, inner: float, outer: float, lr: float, seconds: float):
        """Add a row."""
        rows = ((self.step, step), (self.inner, inner), (self.outer, outer), (self.lr, lr), (self.seconds, seconds))
        for column, value in rows:
            column.append(value)

    def validate(self, step: int, result) -> bool:
        """Add a validation `Result`; True if it is the best so far."""
        self.higher_is_better = result.is_classification
        self.validation_step.append(step)
        self.validation.append(result.mean)
        return self.validations_since_best() == 0

    def validations_since_best(self) -> int:
        """How many validations have come after the best one (the first of equals)."""
        if not self.validation:
            return 0
        sign = 1 if self.higher_is_better else -1
        scores = [-math.inf if math.isnan(value) else sign * value for value in self.validation]  # NaN is no best
        return len(scores) - 1 - scores.index(max(scores))

    def seconds_spent(self) -> float:
        """Seconds of training so far."""
        return self.seconds[-1] if self.seconds else 0.0

    def must_be_whole(self):
        """Go on only if the run was not interrupted: for whoever compares networks that are trained equally long.

        Raises:
            Stop: if it was.
        """
        if self.stopped == "interrupted":
            raise Stop(
                f"Training was interrupted after {self.step[-1] if self.step else 0:,} steps, and what follows needs "
                "the whole of it. Run this cell again before you go on."
            )

    def latest(self) -> dict:
        """The newest numbers, short, for a progress bar."""
        row = {"inner": f"{self.inner[-1]:.3f}", "outer": f"{self.outer[-1]:.3f}"}
        return row | ({"validation": f"{self.validation[-1]:.3f}"} if self.validation else {})

    def plot(self, ax=None):
        """Draw both losses, and the validation score if there is one. Returns the matplotlib figure."""
        from course_lib.plots import plot_history

        return plot_history(self, ax)

    def __repr__(self):
        if not self.step:
            return "History(no steps yet)"
        numbers = ", ".join(f"{k} {v}" for k, v in self.latest().items())
        return f"{self.step[-1]:,} steps in {self.seconds_spent():.0f} s ({self.stopped}): {numbers}"
