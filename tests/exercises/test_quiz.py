"""quiz: what is shown with and without a front end, what is said to each choice, and that nothing tells the answer."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from course_lib.exercises import Course, Quiz, engine
from tools.notebooks import WIDGET, clean

OVERLAP = Quiz(
    "Where does the query set begin?",
    {"where the support set ends": "Right: <no> image is in both.", "at 0": "Then the support images leak."},
    right="where the support set ends",
)


@pytest.fixture
def course():
    return Course({}, {"overlap": OVERLAP})


def test_without_a_front_end_it_is_text_that_does_not_tell(course, capsys):
    course.quiz("overlap")
    printed = capsys.readouterr().out
    assert printed == (
        "Where does the query set begin?\na) where the support set ends\nb) at 0\n"
        'answer("overlap", "a") says what is true of a.\n'
    )
    assert not any(sentence in printed for sentence in OVERLAP.choices.values())


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("a", "✓ a: Right"),
        (" B ", "✗ b: Then the support images leak."),
        ("c", "choose one of a, b; 'c'"),
        ("", "choose one of"),
        (2, "choose one of"),
        ("ab", "choose one of"),
        (None, "choose one of"),
    ],
)
def test_each_choice_has_its_sentence(course, letter, words, capsys):
    course.answer("overlap", letter)
    assert words in capsys.readouterr().out


def test_an_unknown_quiz_gets_a_sentence(course, capsys):
    course.quiz("overlaps")
    course.answer("shots", "a")
    course.quiz(3)
    assert capsys.readouterr().out == (
        "○ there is no quiz 'overlaps'. Is it 'overlap'?\n○ there is no quiz 'shots'.\n○ there is no quiz 3.\n"
    )


def test_a_quiz_needs_its_right_choice():
    for choices, right in (({"a": "", "b": ""}, "c"), ({"a": ""}, "a")):
        with pytest.raises(ValueError, match="two to nine choices"):
            Quiz("?", choices, right)


def test_buttons_say_what_is_true_of_a_choice():
    box = OVERLAP.widget()
    (first, second), said = box.children[0].children, box.children[1]
    assert (first.description, second.description) == ("a", "b")
    assert said.value == ""
    second.click()
    assert "✗ b: Then the support images leak." in said.value
    first.click()
    assert "✓ a: Right: &lt;no&gt; image" in said.value and "✗" not in said.value


def test_in_a_notebook_it_is_buttons_with_the_text_beside_them_and_stores_no_answer():
    code = (
        "from course_lib.exercises import Course, Quiz\n"
        "Course({}, {'q': Quiz('Which?', {'one': 'Yes, SECRET.', 'two': 'No, SECRET.'}, 'one')}).quiz('q')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, store_widget_state=True).execute()
    question, buttons = notebook.cells[0].outputs
    assert question.data["text/plain"].startswith("Which?\na) one") and "<p>Which?</p>" in question.data["text/html"]
    assert buttons.data[WIDGET]["model_id"] and "ButtonModel" in str(notebook.metadata.widgets)
    assert "SECRET" not in str(notebook.cells[0].outputs) and "SECRET" not in str(notebook.metadata)
    stored = clean(notebook).cells[0].outputs
    assert [set(output.data) for output in stored] == [{"text/plain", "text/markdown"}]
    written = stored[0].data["text/markdown"]
    assert written == '**Which?**\n\na) one  \nb) two\n\n`answer("q", "a")` says what is true of a.'


def test_import_stays_quick():
    code = "import sys, course_lib.exercises; assert not {'ipywidgets', 'IPython'} & set(sys.modules), 'imported'"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_every_quiz_of_the_lessons_is_found_and_whole(capsys):
    quizzes = engine._in_rooms("quizzes", "QUIZZES")
    for name, quiz in quizzes.items():
        assert quiz.question.endswith(("?", ":")), name
        assert len(set(quiz.choices.values())) == len(quiz.choices), name
        for letter, (choice, sentence) in zip(quiz.letters, quiz.choices.items(), strict=True):
            said = quiz.answer(letter)
            assert said.startswith("✓") == (choice == quiz.right) and len(sentence.split()) > 3, name
            assert not sentence.lower().startswith(("right", "wrong", "yes", "no,")), f"{name}: the mark says it"
        engine.quiz(name)
        engine.answer(name, "a")
        assert capsys.readouterr().out.startswith(quiz.question)
