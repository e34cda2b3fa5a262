"""The prototype explorer without a browser; its maths in float64."""

import re
from html import unescape

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_lib.learners import Joint, PrototypicalNet
from course_lib.lessons.lesson06 import PrototypeExplorer
from course_lib.lessons.lesson06.plane import Plane, directions, middle, regions
from course_lib.models import Conv4
from course_lib.tasks import ImageTasks, Scripts
from course_lib.widgets.points import EDGES, round_step

SQUARE = np.array([[-2.0, -1.0], [2.0, 3.0]])
RANDOM = torch.Generator().manual_seed(0)


def random(*size):
    return torch.randn(*size, generator=RANDOM, dtype=torch.float64)


def inside(corners, point):
    """Whether a convex polygon, given counter-clockwise, holds the point."""
    edge = np.roll(corners, -1, 0) - corners
    to = point - corners
    return len(corners) > 2 and (edge[:, 0] * to[:, 1] - edge[:, 1] * to[:, 0] >= -1e-9).all()


def area(corners):
    x, y = corners.T
    return abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2


def nearest(point, means, distance):
    """By a loop: the nearest prototype, and how much nearer it is than the second."""
    far = []
    for mean in means:
        if distance == "euclidean":
            far.append(sum((a - b) ** 2 for a, b in zip(point, mean, strict=True)))
        else:
            far.append(-sum(a * b for a, b in zip(point, mean, strict=True)) / np.hypot(*point) / np.hypot(*mean))
    first, second = sorted(far)[:2]
    return far.index(first), second - first


@pytest.mark.parametrize("distance", ["euclidean", "cosine"])
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), way=st.integers(2, 6))
def test_each_cell_of_the_picture_lies_in_the_region_of_the_nearest_prototype(distance, seed, way):
    means = torch.randn(way, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    found = regions(means, distance, SQUARE)
    for x in np.linspace(-1.9, 1.9, 9):
        for y in np.linspace(-0.9, 2.9, 8):
            winner, margin = nearest((x, y), means.tolist(), distance)
            held = [k for k in range(way) if inside(found[k], [x, y])]
            assert winner in held and (margin < 1e-6 or held == [winner])
    areas = [area(corners) for corners in found if len(corners) > 2]
    assert sum(areas) == pytest.approx(16)  # no gap, no overlap
    for corners in found:
        assert len(corners) < 3 or inside(corners, middle(corners))


def test_euclidean_borders_are_straight_and_pass_midway_and_cosine_regions_depend_on_direction_alone():
    means = torch.tensor([[-1.0, 0.0], [1.0, 2.0]], dtype=torch.float64)
    first, second = regions(means, "euclidean", SQUARE)
    for corners in (first, second):  # the midpoint (0, 1), and the line at a right angle through it
        assert inside(corners, [0, 1]) and inside(corners, [-1, 2]) and inside(corners, [1, 0])
    scaled = regions(means * torch.tensor([[5.0], [0.1]]), "cosine", SQUARE)
    assert all(np.allclose(a, b) for a, b in zip(scaled, regions(means, "cosine", SQUARE), strict=True))
    for point in random(50, 2).numpy():
        assert all(inside(c, 0.1 * point) == inside(c, 0.5 * point / max(1, np.hypot(*point))) for c in scaled)


def test_a_prototype_among_others_of_the_same_place_or_at_the_origin_is_no_accident():
    means = torch.tensor([[0.0, 0.0], [1.0, 1.0], [1.0, 1.0]], dtype=torch.float64)
    for distance in ("euclidean", "cosine"):
        found = regions(means, distance, SQUARE)
        assert np.allclose(found[1], found[2]) and all(np.isfinite(corners).all() for corners in found)


def test_the_projection_is_that_of_an_svd_and_two_numbers_stay_as_they_are():
    z = random(30, 7)
    axes, share = directions(z)
    centred = (z - z.mean(0)).numpy()
    values, vectors = np.linalg.eigh(centred.T @ centred)
    for i, vector in enumerate(vectors.T[::-1][:2]):
        vector = vector * np.sign(vector[np.abs(vector).argmax()])
        assert np.allclose(axes[:, i], vector, atol=1e-10)
    assert share == pytest.approx(values[-2:].sum() / values.sum()) and axes.dtype == torch.float64
    assert torch.allclose(directions(z.flip(0))[0], axes)  # neither order nor sign is left to chance
    two = Plane(z[:4, :2], torch.tensor([0, 0, 1, 1]), z[4:, :2], torch.zeros(26, dtype=torch.int64), 2)
    assert torch.equal(two.support_at, z[:4, :2]) and torch.equal(two.query_at, z[4:, :2]) and two.share == 1
    one = Plane(z[:4, :1], two.support_y, z[4:, :1], two.query_y, 2)
    assert torch.equal(one.query_at, torch.cat([z[4:, :1], torch.zeros(26, 1)], 1))


def plane_of_five(way=3, shot=2):
    labels = torch.arange(way).repeat_interleave(shot)
    return Plane(random(way * shot, 5), labels, random(12, 5), torch.arange(12) % way, way)


def test_a_point_that_moves_takes_its_own_prototype_with_it_and_no_other():
    plane = plane_of_five()
    at = plane.support_at.clone()
    before = plane.prototypes(at)
    assert torch.allclose(before[1], (at[2] + at[3]) / 2)
    at[3] += torch.tensor([1.0, -4.0])
    after = plane.prototypes(at)
    assert torch.allclose(after[1], before[1] + torch.tensor([0.5, -2.0]))
    assert torch.equal(after[[0, 2]], before[[0, 2]])


@pytest.mark.parametrize("distance", ["euclidean", "cosine"])
def test_scores_are_those_of_a_loop_and_a_moved_point_moves_within_the_plane_of_the_whole_embedding(distance):
    plane = plane_of_five()
    step = random(2)
    at = plane.support_at.clone()
    at[0] += step
    support = plane.support_z.clone()
    support[0] += step[0] * plane.axes[:, 0] + step[1] * plane.axes[:, 1]
    for whole, s, q in ((False, at, plane.query_at), (True, support, plane.query_z)):
        means = torch.stack([s[2 * k : 2 * k + 2].mean(0) for k in range(3)])
        for found, points in zip(plane.scores(at, distance, whole), (s, q), strict=True):
            want = [[-(p - m).square().sum() if distance == "euclidean" else p @ m / p.norm() / m.norm() for m in means]
                    for p in points]  # fmt: skip
            assert torch.allclose(found, torch.tensor(want, dtype=torch.float64))


def test_the_window_holds_all_points_and_a_unit_is_as_long_across_as_up():
    plane = plane_of_five()
    far = plane.support_at + 100
    (left, bottom), (right, top) = plane.window(far, "cosine", 1.5)
    assert (right - left) / (top - bottom) == pytest.approx(1.5)
    for point in (*far.tolist(), *plane.query_at.tolist(), [0, 0]):
        assert left < point[0] < right and bottom < point[1] < top
    assert round_step(*EDGES[:, 0]) == round_step(*EDGES[:, 1]) == 0.1 and round_step(0, 0.7) == pytest.approx(0.005)


def small(seed, out=None):
    torch.manual_seed(seed)
    return PrototypicalNet(Conv4(8, out=out))


LEARNERS = {"eight": small(0), "two": small(1, 2), "pixels": PrototypicalNet(nn.Flatten(), "cosine")}
TASKS = Scripts(4, 2, 3, split="test")


@pytest.fixture
def explorer():
    return PrototypeExplorer(LEARNERS, TASKS, seed=3)


@pytest.mark.parametrize("act", [
    lambda e: e.hear({"move": 5, "to": [0.2, 0.3]}), lambda e: setattr(e.support.x, "value", e.support.x.max),
    lambda e: setattr(e.menu, "value", "two"), lambda e: setattr(e.menu, "value", "pixels"),
    lambda e: setattr(e.distance, "value", "cosine"), lambda e: setattr(e.way, "value", 6),
    lambda e: setattr(e.way, "value", 2), lambda e: setattr(e.shot, "value", 5), lambda e: e.another.click(),
])  # fmt: skip
def test_whatever_is_changed_is_answered_and_all_parts_agree(explorer, act):
    before = dict(explorer.view.parts)
    act(explorer)
    parts, scene, panel = explorer.view.parts, explorer.scene, explorer.panel
    assert parts["plane"] != before["plane"] and parts["said"] != "" and parts["number"] > before["number"]
    way, shot = explorer.way.value, explorer.shot.value
    assert len(explorer.points) == way * shot == parts["points"].count("data-number")
    assert parts["queries"].count("data-look") == 3 * way == len(scene.right)
    places = re.findall(r'data-number="\d+" data-look="\d+" transform="translate\(([\d.-]+),([\d.-]+)\)"',
                        parts["points"])  # fmt: skip
    assert np.allclose(np.array(places, dtype=float), panel.place(*explorer.points.T), atol=0.06)
    assert torch.allclose(scene.means, torch.stack([p.mean(0) for p in explorer.points.split(shot)]))
    queries = zip(explorer.plane.query_at.tolist(), explorer.plane.query_y.tolist(), strict=True)
    wrong = sum(nearest(q, scene.means.tolist(), explorer.distance.value)[0] != y for q, y in queries)
    assert parts["queries"].count('stroke-width="2.5"') == wrong
    assert f"{3 * way - wrong} of {3 * way}" in explorer.message
    assert explorer.message == unescape(parts["said"])
    assert explorer.view.kept["images"].count("<image") == len(scene.images) == way * (shot + 3)


def test_arrow_keys_move_the_chosen_point_and_keep_it_in_the_picture(explorer):
    explorer.support.hear({"choose": 3})
    before, step = explorer.points, 0.02 * (explorer.support.edges[1] - explorer.support.edges[0])
    explorer.hear({"nudge": [2, -1]})  # two steps to the right, one up
    moved = (explorer.points - before).numpy()
    assert np.allclose(moved[3], step * [2, 1]) and not np.delete(moved, 3, 0).any() and explorer.support.chosen == 3
    assert explorer.support.x.value == pytest.approx(explorer.points[3, 0].item())
    explorer.hear({"nudge": [500, 0]})
    assert explorer.points[3, 0].item() == pytest.approx(explorer.support.edges[1, 0])


def test_the_whole_embedding_answers_as_the_learner_does_and_two_numbers_have_one_answer(explorer):
    episode = explorer.tasks.sample(1, torch.Generator().manual_seed(3))
    support = torch.cat([episode.support_x[:, 5 * k : 5 * k + 2] for k in range(4)], 1)
    labels = torch.arange(4).repeat_interleave(2)[None]
    for name in ("eight", "two"):
        explorer.menu.value = name
        learner = LEARNERS[name].eval()
        with torch.no_grad():
            want = learner.predict(learner.adapt(support, labels), episode.query_x[:, :12])[0]
        found = explorer.scene.near_whole[1]
        assert torch.allclose(found, want.double(), rtol=1e-3, atol=1e-3)
    explorer.hear({"move": 0, "to": [0.1, 0.9]})
    assert torch.allclose(explorer.scene.near[1], explorer.scene.near_whole[1])
    assert "two numbers an image" in explorer.view.parts["caption"] and "in the plane" not in explorer.message


def test_same_seed_same_task_and_a_smaller_task_is_a_part_of_it(explorer):
    other = PrototypeExplorer(LEARNERS, Scripts(2, 1, 3, split="test"), seed=3)
    assert torch.equal(other.pool, explorer.pool) and other.names == explorer.names
    assert torch.equal(other.images[:2], explorer.images[:4:2])
    explorer.another.click()
    assert not torch.equal(other.pool, explorer.pool) and TASKS.way == 4  # the user's own tasks are left alone


def test_no_image_is_embedded_twice_and_a_drag_embeds_none(explorer, monkeypatch):
    seen = []
    learner = explorer.learners["eight"]
    embed = learner.embed
    monkeypatch.setattr(learner, "embed", lambda x: seen.append(x.shape[1]) or embed(x))
    explorer.shot.value = 3
    explorer.menu.value = "two"
    explorer.menu.value = "eight"
    explorer.hear({"move": 1, "to": [0.5, 0.5]})
    explorer.distance.value = "cosine"
    assert seen == [4]  # one more for each class


def test_moved_points_go_back_and_the_view_sends_images_only_with_a_new_task(explorer):
    sent = []
    explorer.view.observe(lambda change: sent.append(change["new"]), "kept")
    old = explorer.points
    explorer.hear({"move": 5, "to": [0, 0]})
    (left, _), (_, top) = explorer.support.edges
    assert explorer.points[5].tolist() == [left, top] and "1 support point moved" in explorer.message
    assert explorer.looked == explorer.support.chosen == 5 and not sent
    explorer.distance.value = "cosine"
    assert explorer.points[5].tolist() == [left, top]
    explorer.back.click()
    assert torch.equal(explorer.points, old) and "moved" not in explorer.message and not sent
    assert sum(len(part) for part in explorer.view.parts.values() if isinstance(part, str)) < 40_000
    explorer.another.click()
    assert len(sent) == 1


def test_images_are_looked_at_with_the_mouse_or_a_slider(explorer):
    explorer.hear({"look": 8 + 4})
    assert explorer.query.value == 5 and "Query 5: class 1" in explorer.view.parts["detail"]
    assert explorer.names[1] in unescape(explorer.view.parts["detail"])
    near = [f"{-score:.3g}" for row in (explorer.scene.near, explorer.scene.near_whole) for score in row[1][4]]
    assert set(re.findall(r"<td[^>]*>([^<]+)", explorer.view.parts["detail"])) == set(near)
    explorer.query.value = 2
    assert explorer.looked == 9 and 'data-look="9"' in explorer.view.parts["queries"].split("class=chosen")[0]
    explorer.hear({"choose": 3})
    assert explorer.looked == 3 and "Support image 4: class 1" in explorer.view.parts["detail"]
    explorer.hear({"look": 99})  # of a task that is gone
    assert explorer.looked == 3


def test_every_network_has_its_picture(explorer):
    for name, distance in zip(LEARNERS, ("euclidean", "cosine", "euclidean"), strict=True):
        explorer.menu.value, explorer.distance.value = name, distance
        png, alt = explorer.snapshot()
        assert png[:4] == b"\x89PNG"
        assert explorer.message in alt and name in explorer.message


BLANK = torch.zeros(1, 20, 28, 28, dtype=torch.uint8)


@pytest.mark.parametrize("learners, tasks, said", [
    ({}, TASKS, "one to six"), ([small(0)], TASKS, "one to six"),
    ({"a": Joint(Conv4(8), 8, 5)}, TASKS, "'a' is a Joint"),
    ({"a": PrototypicalNet(Conv4(8), attributes=3)}, TASKS, "from attributes"), (LEARNERS, 3, "not 3"),
    (LEARNERS, ImageTasks(BLANK, 1, 1, 1), "two classes or more"),
])  # fmt: skip
def test_bad_arguments_get_a_sentence(learners, tasks, said):
    with pytest.raises(ValueError, match=said):
        PrototypeExplorer(learners, tasks)
