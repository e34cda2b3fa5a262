"""The cells of lesson 15: build one by three menus, guess what it reaches on a task, and see what all of them reach."""

from __future__ import annotations

from html import escape

import ipywidgets as w
from torch import Tensor

from course_lib.lessons.lesson15 import cell_picture as picture
from course_lib.lessons.lesson15.cells import CELLS, EDGES, LIVING, OPERATIONS, CellTasks
from course_lib.plots import png
from course_lib.widgets.fallback import Explorer
from course_lib.widgets.view import View

#: Cells and guesses of the picture that shows what the explorer is, where nobody has tried a cell.
EXAMPLE = {(2, 2, 2): 70, (1, 4, 1): 80, (4, 2, 3): 85}


def name_of(cell: int) -> str:
    """Its operations, in words."""
    return ", ".join(OPERATIONS[operation] for operation in CELLS[cell])


class CellExplorer(Explorer, w.VBox):
    """Menus for the three operations of a cell, and a slider for what you guess it reaches.

    Args:
        tasks: their points are shown.
        accuracies: what each cell reaches on each of them, `[125, tasks]`, fractions; it is looked up, not trained.

    In `tried` are the cells of this task with the guesses, `[(cell, guess), ...]`, guesses in per cent; in `message`
    what is seen, in words.

    Raises:
        ValueError: if there are not accuracies of all cells on all tasks.
    """

    def __init__(self, tasks: CellTasks, accuracies: Tensor):
        if accuracies.shape != (len(CELLS), len(tasks)):
            raise ValueError(f"accuracies must be [{len(CELLS)}, {len(tasks)}], not {list(accuracies.shape)}.")
        self.tasks, self.accuracies, self.number = tasks, 100 * accuracies, 0
        self.tried, self.shown_all = [], False
        style, layout = {"description_width": "50px"}, w.Layout(width="170px")
        options = [(name, i) for i, name in enumerate(OPERATIONS)]
        self.menus = [w.Dropdown(options=options, value=2, description=edge, style=style, layout=layout)
                      for edge in EDGES]  # fmt: skip
        self.guess = w.IntSlider(75, 50, 100, description="I guess, %", style={"description_width": "initial"},
                                 layout=w.Layout(flex="1 1 260px", max_width="400px", margin="2px 2px 2px 14px")
                                 )  # fmt: skip
        self.go, self.all, self.again = (w.Button(description=said, layout=w.Layout(width="auto"))
                                         for said in ("try this cell", "show all cells", "another task"))  # fmt: skip
        self.go.on_click(lambda _: self.try_cell())
        self.all.on_click(lambda _: self.show_all())
        self.again.on_click(lambda _: self.new_task())
        self.panels = picture.panels()
        task, reached = (panel.frame for panel in self.panels.values())
        self.view = View(
            f'<div class="row"><div class="narrow" style="max-width:330px">{task}</div><div class="wide">{reached}'
            f'</div></div><div class="legend">{picture.key()}</div><div role="status" data-part="said"></div>',
            lambda _: None,
        )
        self.view.show(**picture.axes(self.panels))
        self._show()
        rows = ([*self.menus, self.guess], [self.go, self.all, self.again])
        boxes = [w.Box(row, layout=w.Layout(flex_flow="row wrap", min_width="0")) for row in rows]
        super().__init__([*boxes, self.view], layout=w.Layout(max_width="1040px"))

    @property
    def reached(self) -> Tensor:
        """What each cell reaches on the task that is shown, per cent, `[125]`."""
        return self.accuracies[:, self.number]

    @property
    def chosen(self) -> int:
        """The number of the cell that the menus name."""
        return CELLS.index(tuple(menu.value for menu in self.menus))

    def try_cell(self):
        """Look up what the cell of the menus reaches, beside the guess."""
        self.tried.append((self.chosen, self.guess.value))
        self._show()

    def show_all(self):
        """Show what all cells reach."""
        self.shown_all = True
        self._show()

    def new_task(self):
        """The next task, with nothing tried yet; after the last one the first."""
        self.number, self.tried, self.shown_all = (self.number + 1) % len(self.tasks), [], False
        self._show()

    def _show(self):
        self.message = self._say()
        self.view.show(**picture.draw(self.panels, self.tasks[[self.number]], self.reached, self.tried, self.shown_all),
                       said=escape(self.message))  # fmt: skip

    def _say(self) -> str:
        said = f"Task {self.number + 1}. "
        if self.tried:
            cell, guess = self.tried[-1]
            off = sum(abs(guess - self.reached[cell].item()) for cell, guess in self.tried) / len(self.tried)
            said += (f"{name_of(cell)}: you guessed {guess}; it reaches {self.reached[cell]:.1f} %. Your guesses are "
                     f"off by {off:.1f} points on average. ")  # fmt: skip
        if not self.shown_all:
            return said + "Choose three operations, guess, and try."
        best = self.reached.masked_fill(~LIVING, 0).argmax().item()
        said += f"The best of {int(LIVING.sum())} cells: {name_of(best)}, {self.reached[best]:.1f} %."
        if self.tried:
            mine = max(self.reached[cell].item() for cell, _ in self.tried)
            said += f" Better than your best: {int((self.reached[LIVING] > mine).sum())}."
        return said

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture, and words for it. Before any try: three, on the last task."""
        words = "Points of a task, of two classes, and accuracies of cells."
        if self.tried or self.shown_all:
            figure = picture.draw_cells(self.tasks[[self.number]], self.reached, self.tried, self.shown_all)
            return png(figure), f"{words} {self.message}"
        last, reached = len(self.tasks) - 1, self.accuracies[:, -1]
        tried = [(CELLS.index(cell), guess) for cell, guess in EXAMPLE.items()]
        said = "; ".join(f"{name_of(cell)}: guessed {guess}, it reaches {reached[cell]:.1f} %" for cell, guess in tried)
        return png(picture.draw_cells(self.tasks[[last]], reached, tried, True)), f"{words} An example: {said}."
