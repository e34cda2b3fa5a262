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
        """Show the question with a button for each choice. Where nothing shows buttons, as text."""
        try:
            from IPython import get_ipython
            from IPython.display import display
        except ModuleNotFoundError:
            get_ipython = None
        if get_ipython is None or get_ipython() is None:
            say(self.text(name))
            return
        widget = self.widget()
        view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": self.text(name)}, raw=True)

    def widget(self):
        """The question, a button for each choice (Tab and Enter work, too), and a place for what is said to it."""
        from ipywidgets import HTML, Button, HBox, VBox

        lines = [f"<b>{letter}</b>&ensp;{html.escape(choice)}" for letter, choice in zip(
            self.letters, self.choices, strict=True)]  # fmt: skip
        style = 'style="line-height: 1.5; white-space: normal"'
        shown = HTML(f"<div {style}><p>{html.escape(self.question)}</p>{'<br>'.join(lines)}</div>")
        said = HTML()
        buttons = []
        for letter, choice in zip(self.letters, self.choices, strict=True):
            button = Button(description=letter, tooltip=f"{letter}: {choice}")
            button.layout.width = "4em"

            def choose(_, letter=letter):
                said.value = f'<div {style} role="status">{html.escape(self.answer(letter))}</div>'

            button.on_click(choose)
            buttons.append(button)
        return VBox([shown, HBox(buttons), said])
