"""The adaptation scrubber of lesson 04: go through the adaptation steps of one task and watch the answers change."""

from __future__ import annotations

import copy
from html import escape

import ipywidgets as w
import torch
from torch import nn

from course_lib.compute.devices import one_thread
from course_lib.episode import Episode
from course_lib.lessons.lesson03.descent import settle
from course_lib.lessons.lesson04.adaptation import Adaptation, follow
from course_lib.lessons.lesson04.scrubber_picture import Picture
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.pixels import png

RATES = (0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)

#: Controls move at once, and the kernel may be busy, with another cell too: JupyterLab's toolbar knows. Then a line
#: says that picture and sentence are older; after a moment, so that it does not flicker while one scrubs.
WAITS = "The kernel is computing. Picture and sentence are still those of before."
_BUSY = f"""<style>.course-waits {{ visibility: hidden }}
.jp-NotebookPanel:has(.jp-Notebook-ExecutionIndicator[data-status="busy"]) .course-waits
{{ visibility: visible; transition: visibility 0s 0.5s }}</style><div class="course-waits"><i>{WAITS}</i></div>"""


class AdaptationScrubber(Explorer, w.VBox):
    """The support set of a task, each query with its predicted class and confidence, accuracy and loss by step.

    All steps are computed when the task, the learner, the inner learning rate or batch norm changes. The slider of
    steps only shows them.

    Args:
        learners: by name, learners with a method `path`, such as `MAML`. They are copied, not changed.
        tasks: where tasks come from: images, with the number of classes that the learners know.
        steps: the last adaptation step that is shown.
        step: the step that is shown at first.
        lr: inner learning rate at first; that of the first learner when `None`.
        batch_norm: "inductive" or "transductive" at first.
        seed: which task comes first.

    In `episode` is the task; in `found`, an `Adaptation`; in `message`, what the picture says in words.

    Raises:
        ValueError: if an argument is none of these.
    """

    def __init__(self, learners: dict[str, nn.Module], tasks, steps: int = 10, step: int = 0, lr: float | None = None,
                 batch_norm: str = "inductive", seed: int = 0):  # fmt: skip
        _refuse_bad(learners, steps, step, batch_norm)
        # Copies on the CPU, which is quick enough for one task.
        self.learners = {name: copy.deepcopy(learner).eval().cpu() for name, learner in learners.items()}
        self.tasks, self.message = tasks, ""
        self.episode: Episode | None = None
        self.found: Adaptation | None = None
        lr = next(iter(learners.values())).config["lr"] if lr is None else lr
        self._make_controls(steps, step, lr, batch_norm)
        self.new_task(seed)
        for control in (self.menu, self.lr, self.batch_norm):
            control.observe(self.adapt, "value")
        self.step.observe(self.show, "value")
        super().__init__(self._arrange(), layout=w.Layout(max_width="1040px"))

    def new_task(self, seed: int):
        """Take the task that belongs to `seed`."""
        self.seed = seed
        self.episode = self.tasks.sample(1, torch.Generator().manual_seed(seed)).to("cpu")
        self.adapt()

    def adapt(self, _=None):
        """Run the inner loop of the chosen learner, all steps of it; meanwhile, say so."""
        self._say(f"Computing: {self._settings()} ...")
        with one_thread():
            learner = settle(self.learners[self.menu.value], self.step.max, self.lr.value)
            self.found = follow(learner, self.episode, self.step.max, self.batch_norm.value)
        self.picture, self.drawn = Picture(self.episode, self.found), {}
        self.show()

    def show(self, _=None):
        """Show the answers after as many steps as the slider says."""
        step = self.step.value
        if step not in self.drawn:  # one scrubs to and fro
            self.drawn[step] = png(self.picture.draw(step))
        self.image.value = self.drawn[step]
        self.message = f"{sentence(self.episode, self.found, step, self.menu.value)} Shown: {self._settings()}."
        self._say(self.message)

    def _settings(self) -> str:
        """What the controls say, the step apart, in words."""
        return f"{self.menu.value}, inner learning rate {self.lr.value:g}, {self.batch_norm.value} batch norm"

    def _say(self, text: str):
        # role=status: screen readers say the new text when it changes.
        self.text.value = f'{_BUSY}<div role="status" style="line-height:1.4">{escape(text)}</div>'

    def _make_controls(self, steps: int, step: int, lr: float, batch_norm: str):
        style, layout = {"description_width": "initial"}, w.Layout(flex="1 1 280px", max_width="360px")
        buttons = {"style": {"description_width": "initial", "button_width": "auto"},
                   "layout": w.Layout(width="max-content")}  # fmt: skip
        self.menu = w.ToggleButtons(options=list(self.learners), description="learner", **buttons)
        self.step = w.IntSlider(step, 0, steps, description="adaptation step", style=style, layout=layout)
        self.lr = w.SelectionSlider(options=sorted({*RATES, lr}), value=lr, description="inner learning rate",
                                    style=style, layout=layout)  # fmt: skip
        self.batch_norm = w.ToggleButtons(options=["inductive", "transductive"], value=batch_norm,
                                          description="batch norm", **buttons)  # fmt: skip
        self.another = w.Button(description="Another task", icon="refresh", layout=w.Layout(width="auto"))
        self.another.on_click(lambda _: self.new_task(self.seed + 1))
        self.image = w.Image(format="png", layout=w.Layout(align_self="flex-start", max_width="100%"))
        self.text = w.HTML()

    def _arrange(self) -> list[w.Widget]:
        def box(*children):
            return w.Box(children, layout=w.Layout(display="flex", flex_flow="row wrap", align_items="center",
                                                   min_width="0"))  # fmt: skip

        return [box(self.menu, self.batch_norm), box(self.step, self.lr, self.another), self.image, self.text]

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it."""
        alt = f"Support set, queries with their predicted classes, accuracy and loss by step. {self.message}"
        return bytes(self.image.value), alt


def sentence(episode: Episode, found: Adaptation, step: int, name: str) -> str:
    """What the picture shows after `step` steps, in words."""
    answers, labels = found.probabilities[step, 0], episode.query_y[0]  # [n_query, way], [n_query]
    confidence, predicted = answers.max(-1)
    wrong = (predicted != labels).nonzero().flatten().tolist()
    when = "Before the first step" if step == 0 else f"After {step} step{'s' * (step > 1)}"
    said = (f"{when}, {name}: {len(labels) - len(wrong)} of {len(labels)} queries are right, mean query loss "
            f"{found.query_loss[step, 0]:.2f}, support loss {found.support_loss[step, 0]:.2g}.")  # fmt: skip
    named = [f"a {labels[i]} is called {predicted[i]} ({100 * confidence[i]:.0f} %)" for i in wrong[:3]]
    more = f", and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return said + (f" Wrong: {'; '.join(named)}{more}." if wrong else "")


def _refuse_bad(learners, steps, step, batch_norm):
    if not isinstance(learners, dict) or not learners:
        raise ValueError('learners must be a dict of learners by name, such as {"mine": MAML(Conv4(out=5))}.')
    for name, learner in learners.items():
        if not hasattr(learner, "path"):
            raise ValueError(
                f"{name!r} is a {type(learner).__name__}, which has no method `path` to say what happens between its "
                "steps; give a MAML, or wrap the network: MAML(network)."
            )
    if batch_norm not in ("inductive", "transductive"):
        raise ValueError(f"batch_norm must be 'inductive' or 'transductive', but it is {batch_norm!r}.")
    if not 1 <= steps <= 50 or not 0 <= step <= steps:
        raise ValueError(f"steps must be 1 to 50, and step 0 to steps, but they are {steps} and {step}.")
