"""The sketchpad without a browser: from strokes to an image, from drawings to an answer, and bad input."""

import json
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.learners import Learner, PrototypicalNet, squared_distances
from course_lib.lessons.lesson00 import Sketchpad, drawing, sketch
from course_lib.lessons.lesson00.drawing import SYMBOLS, centre, rasterise, to_image, write
from course_lib.lessons.lesson00.sketch import WAY, Sketch, distances_to, probabilities, read_drawings
from course_lib.lessons.lesson00.sketchpad import draw_answer
from course_lib.models import Conv4
from course_lib.stop import Stop
from course_lib.tasks import Scripts

LINE = torch.tensor([[-6.0, 0.0], [6.0, 0.0]])


class Darkness(Learner):
    """A learner that is no network: the class whose example has the most similar amount of ink."""

    def adapt(self, support_x, support_y, way=None):
        assert support_x.shape == (1, way, 1, 28, 28) and support_y.tolist() == [list(range(way))]
        return support_x.flatten(2).sum(-1)

    def predict(self, adapted, query_x):
        return -(query_x.flatten(2).sum(-1, keepdim=True) - adapted.unsqueeze(1)).abs()


@pytest.fixture
def network():
    torch.manual_seed(0)
    return PrototypicalNet(Conv4(channels=8))


@pytest.fixture
def filled(network):
    made = Sketch({"network": network, "darkness": Darkness()})
    names = [*SYMBOLS][:WAY] + ["key"]
    made.draw([write(name, torch.Generator().manual_seed(i)) for i, name in enumerate(names)])
    return made


def test_the_pen_draws_as_wide_as_it_says():
    image = rasterise([LINE], pen=2.0)
    assert image.shape == (28, 28) and image[13, 14] == 1 and image[12, 14] == 0  # rows 13 and 14 are half a pixel away
    assert image[:, 14].sum() == 2 and rasterise([LINE], pen=4.0)[:, 14].sum() == 4  # ink of a cut across: the width
    assert rasterise([LINE], pen=0.5).max() == 0.25  # half a pixel from the middle, half a pixel less half the pen


def test_a_pixel_s_ink_is_the_formula_of_scripts():
    generator = torch.Generator().manual_seed(0)
    stroke = 20 * torch.rand(9, 2, generator=generator) - 10
    image = rasterise([stroke], pen=1.4)
    for y, x in torch.randint(28, (60, 2), generator=generator).tolist():
        pixel = torch.tensor([x - 13.5, y - 13.5])
        gaps = []
        for a, b in zip(stroke[:-1], stroke[1:], strict=True):
            t = ((pixel - a) @ (b - a) / (b - a).square().sum()).clamp(0, 1)
            gaps.append((pixel - a - t * (b - a)).norm())
        assert image[y, x].item() == pytest.approx(min(1, max(0, 1.2 - min(gaps).item())), abs=1e-5)


def test_drawings_look_like_the_training_images_in_ink_and_size():
    of_scripts = Scripts(way=50, query=1, split="test").sample(2, torch.Generator().manual_seed(0)).query_x
    ours = torch.stack([to_image(write(name)) for name in SYMBOLS])
    assert ours.mean().item() == pytest.approx(of_scripts.mean().item(), rel=0.5)
    assert 10 <= drawing.SIDE <= 25 and Scripts.__init__.__kwdefaults__["pen"] == drawing.PEN


@given(st.lists(st.tuples(*[st.floats(-50, 50, width=32)] * 2), min_size=1, max_size=30), st.floats(1, 40))
def test_centre_puts_the_box_in_the_middle_and_keeps_proportions(points, side):
    points = torch.tensor(points)
    moved = centre(points, side)
    low, high = moved.amin(0), moved.amax(0)
    sides = points.amax(0) - points.amin(0)
    assert torch.isfinite(moved).all()
    if sides.max() > 1e-3:  # below, float32 has too few digits left
        assert (low + high).abs().max() < 1e-2 * side
        assert (high - low).max().item() == pytest.approx(side, rel=1e-3)
        assert torch.allclose(high - low, sides * side / sides.max(), atol=1e-2)


def test_where_and_how_large_one_draws_makes_no_difference():
    strokes = write("boat", torch.Generator().manual_seed(0))
    moved = [0.3 * s + torch.tensor([0.6, 0.1]) for s in strokes]
    assert torch.allclose(to_image(strokes), to_image(moved), atol=1e-3)
    assert not torch.allclose(to_image(strokes), to_image([s.flip(1) for s in strokes]), atol=0.5)


def test_a_dot_and_nothing_at_all_are_drawings_too():
    dot = to_image([torch.tensor([[0.2, 0.9]])])
    assert dot[13:15, 13:15].min() > 0.4 and dot.sum() == dot[12:16, 12:16].sum()
    assert to_image([]).sum() == 0


@pytest.mark.parametrize("name", SYMBOLS)
def test_symbols_are_written_differently_each_time_inside_their_box(name):
    generator = torch.Generator().manual_seed(0)
    first, second = write(name, generator), write(name, generator)
    assert len(first) == len(second) and not torch.equal(first[0], second[0])
    assert all(s.min() >= 0 and s.max() <= 1 for s in first)
    again = write(name, torch.Generator().manual_seed(0))
    assert all(map(torch.equal, first, again))


def test_probabilities():
    distances = torch.tensor([[1.0, 1.0 + math.log(3), 3000.0]])
    assert torch.allclose(probabilities(distances), torch.tensor([[0.75, 0.25, 0.0]]))
    assert torch.allclose(probabilities(distances + 5000), torch.tensor([[0.75, 0.25, 0.0]]), atol=1e-3)


def test_distances_to_is_the_plain_loop_and_what_learners_compute():
    draws = torch.Generator().manual_seed(0)
    query, examples = (torch.randn(*shape, 64, generator=draws, dtype=torch.float64) for shape in ((), (5,)))
    loop = [sum((q - e) ** 2 for q, e in zip(query, example, strict=True)) for example in examples]
    assert torch.allclose(distances_to(query, examples), torch.stack(loop))
    assert torch.allclose(distances_to(query, examples), squared_distances(query[None, None], examples[None])[0, 0])


def test_the_answer_is_what_the_learner_says(filled, network):
    answer = filled.answer()
    (x, y), query = filled.support(), filled.query()
    with torch.no_grad():
        scores = network.predict(network.adapt(x, y, 5), query)[0, 0]
    assert torch.allclose(answer.distances, -scores, atol=1e-5)
    assert torch.allclose(answer.probabilities, scores.softmax(-1), atol=1e-5)
    assert answer.winner == int(scores.argmax()) and f"symbol {answer.winner + 1}" in answer.sentence


def test_any_learner_answers_and_distances_are_shown_where_there_are_some(filled):
    filled.chosen = "darkness"
    answer = filled.answer()
    assert answer.distances is None and answer.probabilities.sum().item() == pytest.approx(1)
    assert "prototype" not in answer.sentence


def test_empty_boxes_are_left_out_and_two_are_needed(filled):
    boxes = filled.drawings
    filled.draw([[], boxes[1], [], *boxes[3:]])
    answer = filled.answer()
    assert answer.classes == [1, 3, 4] and len(answer.probabilities) == 3 and answer.winner in (1, 3, 4)
    assert f"symbol {answer.winner + 1}," in answer.sentence
    filled.draw([[], [], [], [], *boxes[4:]])
    assert "at least two" in filled.answer().sentence and "one box is filled" in filled.answer().sentence
    filled.draw([[], [], [], [], [], boxes[5]])
    assert "no box is filled" in filled.answer().sentence
    with pytest.raises(Stop, match="boxes for symbols are empty"):
        filled.support()
    filled.draw([*boxes[:5], []])
    assert "query box" in filled.answer().sentence
    with pytest.raises(Stop, match="query box is empty"):
        filled.query()


def test_answering_changes_no_weight_no_statistic_and_no_thread_count(filled, network):
    before, threads = {k: v.clone() for k, v in network.state_dict().items()}, torch.get_num_threads()
    network.train()
    filled.answer()
    assert all(torch.equal(v, before[k]) for k, v in network.state_dict().items())
    assert torch.get_num_threads() == threads


def test_scores_that_are_not_finite_get_a_sentence(filled):
    filled.learners["darkness"].predict = lambda adapted, query: torch.full((1, 1, 5), math.nan)
    filled.chosen = "darkness"
    assert "not finite" in filled.answer().sentence


@pytest.mark.parametrize("bad", [{}, [], None, {"a": 1}, {1: Darkness()}, Darkness()])
def test_only_a_dict_of_learners_will_do(bad):
    with pytest.raises(ValueError, match="learner"):
        Sketch(bad)


POINT = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(list)
DRAWING = st.lists(st.lists(POINT, min_size=1, max_size=5), max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3) | st.just(1e9),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
)


@given(st.lists(DRAWING, min_size=6, max_size=6))
def test_what_a_browser_sends_is_read(drawings):
    read = read_drawings(drawings)
    assert [[len(s) for s in d] for d in read] == [[len(s) for s in d] for d in drawings]
    assert all(s.shape == (len(s), 2) and s.dtype == torch.float32 for d in read for s in d)


@given(JSON | st.lists(JSON, min_size=6, max_size=6))
def test_anything_else_is_refused_with_a_sentence_or_is_a_drawing(value):
    try:
        read = read_drawings(value)
    except ValueError as error:
        assert "but got" in str(error)
    else:
        assert len(read) == 6 and all(torch.isfinite(to_image(d)).all() for d in read)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1e9, True, "1", None])
def test_a_coordinate_must_be_a_number_near_the_box(value):
    with pytest.raises(ValueError, match="a point must be two numbers"):
        read_drawings([[[[0.5, value]]], [], [], [], [], []])


def test_a_drawing_that_would_take_minutes_is_refused():
    with pytest.raises(ValueError, match="more than 20,000 points"):
        read_drawings([[[[0.5, 0.5]] * (sketch.MOST + 1)], [], [], [], [], []])


@pytest.fixture
def pad(network):
    return Sketchpad({"network": network, "darkness": Darkness()})


def test_the_widget_answers_to_drawings_examples_and_menu(pad):
    assert pad.shown["classes"] == [0, 1, 2, 3, 4] and len(pad.shown["pixels"]) == 6 * 28 * 28
    assert pad.shown["distances"] is not None
    pad.chosen = "darkness"
    assert pad.shown["distances"] is None
    before = pad.drawings
    pad._message(pad, {"example": 1, "step": 1}, [])
    assert [a == b for a, b in zip(before, pad.drawings, strict=True)] == [True, False, True, True, True, True]
    pad.drawings = [[] for _ in range(6)]
    assert "at least two" in pad.shown["sentence"] and pad.shown["winner"] is None


def test_examples_go_round_both_ways_and_the_same_seed_writes_the_same(network):
    one, two = (Sketchpad({"network": network}, seed=3) for _ in range(2))
    assert one.drawings == two.drawings
    for step in (-1, *[1] * len(SYMBOLS)):
        one._message(one, {"example": 0, "step": step}, [])
    assert one._symbols[0] == len(SYMBOLS) - 1


@settings(max_examples=30)
@given(JSON)
def test_a_strange_message_or_drawing_never_stops_the_widget(content):
    pad = Sketchpad({"darkness": Darkness()})
    before = pad.drawings
    pad._message(pad, content, [])
    assert pad.drawings == before
    pad.drawings = content
    assert pad.shown["sentence"]
    pad.chosen = "nobody"
    assert pad.shown["sentence"]


@pytest.mark.parametrize("content", [{"example": 6, "step": 1}, {"example": -1, "step": 1}, {"example": 1, "step": 2},
                                     {"example": [], "step": 1}, {"example": 1}, {"step": 1}])  # fmt: skip
def test_a_message_about_no_box_or_no_step_does_nothing(pad, content):
    before = pad.drawings
    pad._message(pad, content, [])
    assert pad.drawings == before


def test_what_is_sent_is_plain_json(pad):
    state = {k: v for k, v in pad.shown.items() if k != "pixels"}
    assert json.loads(json.dumps(state)) == state


def test_a_picture_with_the_same_content_stands_beside_the_widget(pad):
    png, alt = pad.snapshot()
    assert png[:4] == b"\x89PNG" and pad.shown["sentence"] in alt
    texts = [t.get_text() for ax in draw_answer(pad.sketch).axes for t in ax.texts]
    assert f"{max(pad.shown['distances']):.1f}" in texts and len(texts) == 10
    pad.drawings = [[] for _ in range(6)]
    assert len(draw_answer(pad.sketch).axes) == 6


def test_a_query_that_equals_an_example_is_at_distance_zero(filled):
    for box in range(WAY):
        filled.draw([*filled.drawings[:WAY], filled.drawings[box]])
        answer = filled.answer()
        assert "squared distance 0.0." in answer.sentence and not torch.signbit(answer.distances).any()
