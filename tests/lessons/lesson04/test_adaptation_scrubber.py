"""The adaptation scrubber without a browser: what it computes, shows and says."""

import copy
import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageColor

from course_lib import Episode, evaluate
from course_lib.learners import MAML, PrototypicalNet
from course_lib.lessons.lesson04 import AdaptationScrubber, adaptation_scrubber
from course_lib.lessons.lesson04.adaptation import Adaptation, follow
from course_lib.lessons.lesson04.adaptation_scrubber import sentence
from course_lib.lessons.lesson04.scrubber_picture import FRAME, Picture
from course_lib.models import Conv4
from course_lib.plots import COLORS
from course_lib.tasks import Scripts


@pytest.fixture
def learners():
    torch.manual_seed(0)
    return {"first": MAML(Conv4(4, out=3), 1, 0.4), "second": MAML(Conv4(4, out=3), 1, 0.1)}


@pytest.fixture
def scrubber(learners):
    return AdaptationScrubber(learners, Scripts(3, 1, 4, split="test"), steps=4, seed=1)


def known(right=True):
    """Three classes of two queries each, all named right or all called 2, after 0 and 1 steps."""
    labels = torch.tensor([[0, 0, 1, 1, 2, 2]])
    episode = Episode(torch.rand(1, 3, 1, 8, 8), torch.tensor([[0, 1, 2]]), torch.rand(1, 6, 1, 8, 8), labels)
    answers = torch.full((2, 1, 6, 3), 0.1)
    named = labels[0] if right else torch.full((6,), 2)
    answers[:, 0, torch.arange(6), named] = 0.8
    return episode, Adaptation(answers, torch.tensor([[1.0], [0.5]]), torch.ones(2, 1), torch.ones(2, 1))


def test_it_shows_what_the_library_computes(scrubber, learners):
    learner = copy.deepcopy(learners["first"]).eval()
    for steps in (1, 4):
        learner.config["steps"] = steps
        result = evaluate(learner, scrubber.episode)
        assert torch.allclose(scrubber.found.accuracy[steps], result.scores)
    assert scrubber.found.probabilities.shape == (5, 1, 12, 3)


def test_the_slider_only_shows(scrubber, monkeypatch):
    monkeypatch.setattr(AdaptationScrubber, "adapt", None)
    pictures = []
    for step in range(5):
        scrubber.step.value = step
        pictures.append(bytes(scrubber.image.value))
        assert ("Before the first step" if step == 0 else f"After {step} step") in scrubber.text.value
    assert len(set(pictures)) == 5


def test_every_control_changes_the_answers(scrubber):
    scrubber.step.value = 3
    for change in (lambda: setattr(scrubber.menu, "value", "second"), lambda: setattr(scrubber.lr, "value", 0.8),
                   lambda: setattr(scrubber.batch_norm, "value", "transductive"), scrubber.another.click):  # fmt: skip
        before, picture = scrubber.found.probabilities, bytes(scrubber.image.value)
        change()
        assert not torch.allclose(scrubber.found.probabilities, before) and bytes(scrubber.image.value) != picture
    assert scrubber.seed == 2 and scrubber.step.value == 3


def test_it_says_that_it_computes_and_then_what_is_shown(scrubber, monkeypatch):
    said = []

    def slow(*args):
        said.append(scrubber.text.value)
        return follow(*args)

    monkeypatch.setattr(adaptation_scrubber, "follow", slow)
    scrubber.menu.value = "second"
    assert "Computing: second, inner learning rate 0.4, inductive batch norm ..." in said[0]
    assert "Computing" not in scrubber.text.value
    assert scrubber.message.endswith("Shown: second, inner learning rate 0.4, inductive batch norm.")


def test_the_learners_are_left_as_they_were(learners):
    state, training = copy.deepcopy(learners["first"].state_dict()), learners["first"].training
    scrubber = AdaptationScrubber(learners, Scripts(3, 1, 2), steps=2)
    scrubber.lr.value = 1.6
    assert learners["first"].training == training and learners["first"].config["lr"] == 0.4
    assert all(torch.equal(v, state[k]) for k, v in learners["first"].state_dict().items())


@pytest.mark.parametrize("right", [True, False])
def test_a_frame_has_the_colour_of_the_predicted_class_and_wrong_answers_are_crossed_out(right):
    picture = Picture(*known(right))
    pixels = np.asarray(picture.draw(0))
    for i, label in enumerate(known()[0].query_y[0].tolist()):
        x, y = picture._column(i % 2), picture._row(label)
        assert tuple(pixels[y, x]) == ImageColor.getrgb(COLORS[label if right else 2])
        corner = pixels[y + FRAME : y + 17, x + picture.cell - 16 : x + picture.cell - FRAME]
        plain = np.asarray(picture.base)[y + FRAME : y + 17, x + picture.cell - 16 : x + picture.cell - FRAME]
        assert (corner != plain).any() == (not right and label != 2)


def test_queries_stand_in_the_row_of_their_class_whatever_their_order():
    episode, found = known()
    order = torch.tensor([3, 5, 0, 2, 4, 1])
    mixed = Episode(episode.support_x, episode.support_y, episode.query_x[:, order], episode.query_y[:, order])
    same = Adaptation(found.probabilities[:, :, order], found.accuracy, found.support_loss, found.query_loss)
    rows = [np.asarray(Picture(*one).draw(1)).astype(int) for one in ((episode, found), (mixed, same))]
    picture = Picture(episode, found)
    for label in range(3):  # within a row the order may differ
        part = slice(picture._row(label), picture._row(label) + picture.cell), slice(picture.left, picture.right - 30)
        assert rows[0][part].sum() == rows[1][part].sum()


def test_the_charts_give_no_later_step_away():
    """At step 0 the picture is the same, whatever comes after it, but for the scale of the losses."""
    episode, found = known()
    other = Adaptation(found.probabilities, found.accuracy.clone(), found.support_loss, found.query_loss)
    other.accuracy[1] = 0.0
    first, second = ([np.asarray(Picture(episode, one).draw(step)) for step in (0, 1)] for one in (found, other))
    assert (first[0] == second[0]).all() and (first[1] != second[1]).any()


def test_losses_of_any_size_can_be_drawn():
    episode, found = known()
    for loss in (0.0, 1e-9, 1e9, float("nan"), float("inf")):
        odd = Adaptation(found.probabilities, found.accuracy, torch.full((2, 1), loss), torch.full((2, 1), loss))
        assert Picture(episode, odd).draw(1).size[0] > 100


def test_the_sentence_names_what_is_wrong():
    assert sentence(*known(), 1, "mine") == (
        "After 1 step, mine: 6 of 6 queries are right, mean query loss 1.00, support loss 1."
    )
    said = sentence(*known(right=False), 0, "mine")
    assert said.startswith("Before the first step, mine: 2 of 6")
    assert said.endswith("Wrong: a 0 is called 2 (80 %); a 0 is called 2 (80 %); a 1 is called 2 (80 %), and 1 more.")


def test_what_it_says_is_safe_html(learners):
    scrubber = AdaptationScrubber({"<b>": learners["first"]}, Scripts(3, 1, 2), steps=1)
    assert "<b>" not in scrubber.text.value and "&lt;b&gt;" in scrubber.text.value


def test_without_a_front_end_there_is_a_picture_with_words(scrubber):
    png, alt = scrubber.snapshot()
    assert png == bytes(scrubber.image.value) and scrubber.message in alt
    assert Image.open(io.BytesIO(png)).size == scrubber.picture.base.size


@pytest.mark.parametrize(("make", "sentence"), [
    (lambda t: AdaptationScrubber({}, t), "must be a dict of learners by name"),
    (lambda t: AdaptationScrubber({"p": PrototypicalNet(Conv4(4))}, t), "'p' is a PrototypicalNet, which has no"),
    (lambda t: AdaptationScrubber({"m": MAML(Conv4(4, out=3))}, t, steps=0), "steps must be 1 to 50"),
    (lambda t: AdaptationScrubber({"m": MAML(Conv4(4, out=3))}, t, batch_norm="none"), "must be 'inductive' or"),
    (lambda t: AdaptationScrubber({"m": MAML(Conv4(4, out=2))}, t), "2 outputs, too few for a 3-way task"),
])  # fmt: skip
def test_bad_arguments_get_a_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make(Scripts(3, 1, 2))
