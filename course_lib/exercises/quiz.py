"""A question with answers to choose from; each answer gets a sentence of its own."""

from __future__ import annotations

import html
from dataclasses import dataclass
from string import ascii_lowercase

from course_lib.exercises.saying import say


@dataclass(frozen=True)
class Quiz:
    """A question, and what is said to each choice.

    Args:
        question: in plain text.
        choices: each choice, with the sentence for whoever takes it: why it is right or what is wrong with it.
        right: the choice that is right.

    Raises:
        ValueError: if the right choice is none of them, or there are not two to nine.
    """

    question: str
    choices: dict[str, str]
    right: str

    def __post_init__(self):
        if self.right not in self.choices or not 2 <= len(self.choices) <= 9:
            raise ValueError(f"{self.question!r} needs two to nine choices, and the right one among them.")

    @property
    def letters(self) -> str:
        """a, b, c, ...: one for each choice."""
        return ascii_lowercase[: len(self.choices)]

    def answer(self, letter: str) -> str:
        """What is said to a choice, by its letter."""
        letter = str(letter).strip().lower()
        if letter not in tuple(self.letters):
            return f"○ choose one of {', '.join(self.letters)}; {letter!r} is none of them."
        choice = list(self.choices)[self.letters.index(letter)]
        return f"{'✓' if choice == self.right else '✗'} {letter}: {self.choices[choice]}"

    def text(self, name: str) -> str:
        """The question and its choices, and how to answer without buttons. It does not tell which is right."""
        lines = [f"{letter}) {choice}" for letter, choice in zip(self.letters, self.choices, strict=True)]
        return "\n".join([self.question, *lines, f'answer("{name}", "{self.letters[0]}") says what is true of a.'])

    def ask(self, name: str):
        """Show the question, and a button for each choice where a front end has buttons. Elsewhere it is text."""
        try:
            from IPython import get_ipython
            from IPython.display import display
        except ModuleNotFoundError:
            get_ipython = None
        if get_ipython is None or get_ipython() is None:
            say(self.text(name))
            return
        lines = zip(self.letters, map(html.escape, self.choices), strict=True)
        choices = "<br>".join(f"<b>{letter}</b>&ensp;{choice}" for letter, choice in lines)
        page = _PAGE.format(question=html.escape(self.question), choices=choices)
        text = self.text(name)
        first, *middle, last = text.splitlines()  # for a page without a kernel, which has no buttons
        written = f"**{first}**\n\n" + "  \n".join(middle) + f"\n\n`{last.replace(') ', ')` ', 1)}"
        # Two outputs, so that the question outlives the kernel; and text before buttons is stored without them.
        display({"text/html": page, "text/markdown": written, "text/plain": text}, raw=True)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget().model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": " "}, raw=True)

    def widget(self):
        """A button for each choice (Tab and Enter work, too), and a place for what is said to it."""
        from ipywidgets import HTML, Button, HBox, VBox

        said, buttons = HTML(), []
        for letter, choice in zip(self.letters, self.choices, strict=True):
            button = Button(description=letter, tooltip=f"{letter}: {choice}")
            button.layout.width = "4em"

            def choose(_, letter=letter):
                said.value = f'<div style="{_STYLE}" role="status">{html.escape(self.answer(letter))}</div>'

            button.on_click(choose)
            buttons.append(button)
        return VBox([HBox(buttons), said])


_STYLE = "line-height: 1.5; white-space: normal"
# In a notebook that is opened again the buttons are gone, and their place would say "model not found": it is hidden.
_PAGE = (
    "<style>:is(.jp-OutputArea-child, .output_area):has(.course-quiz) + *:not(:has(button)) {{ display: none }}</style>"
    f'<div class="course-quiz" style="{_STYLE}"><p>{{question}}</p>{{choices}}</div>'
)
