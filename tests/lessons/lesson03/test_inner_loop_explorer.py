"""The inner-loop explorer without a browser; its maths in float64."""

import asyncio
import copy
import re
from html import unescape

import numpy as np
import pytest
import torch

from course_lib.learners import FineTune, Joint, loss_of
from course_lib.learners.maml import MAML
from course_lib.lessons.lesson03 import InnerLoopExplorer
from course_lib.lessons.lesson03.descent import descend, loss_surface, plane_of, window
from course_lib.lessons.lesson03.inner_loop_explorer import PAUSE
from course_lib.lessons.lesson03.panels import draw_surface, shades, survey
from course_lib.models import MLP
from course_lib.tasks import Sinusoids
from course_lib.widgets.points import EDGES, GRID, MOST, sine_task
from course_lib.widgets.view import Panel

LR = 0.02


def network(seed=0, dtype=torch.float64):
    torch.manual_seed(seed)
    return MLP((1, 8, 8, 1)).to(dtype)


POINTS, TRUTH = sine_task(Sinusoids(6), 3)
POINTS = POINTS[:6]


def by_hand(net, steps):
    """Gradient descent on a copy, written with an optimizer: flat weights after every step, and the losses."""
    net = copy.deepcopy(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)
    x, y = POINTS[:, :1], POINTS[:, 1:]
    weights, losses, curves = [], [], []
    for _ in range(steps + 1):
        loss = (net(x) - y).square().mean()
        weights.append(torch.cat([p.detach().flatten() for p in net.parameters()]))
        losses.append(loss.item())
        curves.append(net(GRID[0].double()).detach().flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.stack(weights), torch.tensor(losses, dtype=torch.float64), torch.stack(curves)


@pytest.mark.parametrize("wrap", [lambda net: net, lambda net: MAML(net, steps=1, lr=0.5)])
def test_the_path_is_gradient_descent_by_hand(wrap):
    net = network()
    before = copy.deepcopy(net.state_dict())
    weights, losses, curves = by_hand(net, 5)
    found = descend(wrap(net), POINTS, TRUTH, 4, LR)
    assert found.weights.shape == weights.shape  # one step more than was asked for
    assert torch.allclose(found.weights, weights, atol=1e-12, rtol=0)
    assert torch.allclose(found.support, losses[:5], atol=1e-12, rtol=0)
    assert torch.allclose(found.curves, curves[:5], atol=1e-12, rtol=0)
    query = (curves[:5] - TRUTH).square().mean(1)
    assert torch.allclose(found.query, query, atol=1e-12, rtol=0)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_the_plane_holds_start_and_end_and_its_axes_are_at_a_right_angle(steps):
    path = descend(network(), POINTS, TRUTH, steps, LR).weights
    plane = plane_of(path, steps)
    assert torch.allclose(plane.axes @ plane.axes.T, torch.eye(2, dtype=path.dtype), atol=1e-12)
    for point in (path[0], path[steps]):
        assert torch.allclose(plane.weights(plane.coordinates(point)), point, atol=1e-12)
    (x0, y0), (x1, y1) = plane.coordinates(path[[0, steps]])
    assert x0 == y0 == 0 and x1 == pytest.approx((path[steps] - path[0]).norm().item()) and abs(y1) < 1e-12
    # No other plane through start and end is nearer to the path.
    turned = copy.copy(plane)
    other = torch.randn(path.shape[1], generator=torch.Generator().manual_seed(1), dtype=path.dtype)
    other -= (other @ plane.axes.T) @ plane.axes
    turned.axes = torch.stack([plane.axes[0], (plane.axes[1] + 0.1 * other / other.norm()) / 1.01**0.5])
    assert plane.share(path) > turned.share(path)


def test_the_surface_at_the_paths_points_is_the_loss_of_those_weights():
    found = descend(network(), POINTS, TRUTH, 6, LR)
    plane = plane_of(found.weights, 6)
    places = plane.coordinates(found.weights)
    assert torch.allclose(found.loss(found.weights)[:7], found.support, atol=1e-12)
    end = places[6]
    surface = loss_surface(found.loss, plane, torch.zeros(2).double(), torch.stack([end[0], end[0]]), (3, 2))
    assert surface[0, 0] == pytest.approx(found.support[0].item(), abs=1e-12)
    assert surface[0, 1] == pytest.approx(found.support[6].item(), abs=1e-12)
    middle = plane.weights(torch.tensor([end[0], end[0] / 2], dtype=torch.float64))  # row 1 is half the way up
    assert surface[1, 1] == pytest.approx(found.loss(middle[None]).item(), abs=1e-12)
    low, high = window(places)
    assert (low < places).all() and (places < high).all()


def test_a_path_that_is_straight_or_does_not_move_has_a_plane_or_none():
    straight = torch.linspace(0, 1, 4).double()[:, None] * torch.ones(5)
    plane = plane_of(straight, 3)
    assert torch.allclose(plane.axes @ plane.axes.T, torch.eye(2).double(), atol=1e-12)
    assert plane_of(torch.ones(4, 5), 3) is None
    assert plane_of(straight, 0).coordinates(straight)[-1, 0] == pytest.approx(5**0.5)  # no step yet: the next one


def test_a_learner_without_a_path_shows_its_curve_and_says_why_the_rest_is_empty():
    points, truth = POINTS.float(), TRUTH.float()
    learner = FineTune(network(dtype=torch.float32), steps=1, lr=0.5)
    found = descend(learner, points, truth, 3, LR)
    own = FineTune(learner.backbone, 3, LR)  # it follows the sliders
    want = own.predict(own.adapt(points[None, :, :1], points[None, :, 1:]), GRID)
    assert torch.allclose(found.curves, want[..., 0], atol=1e-6) and learner.config == {"steps": 1, "lr": 0.5}
    assert found.weights is None and found.loss is None and "FineTune does not say" in found.note


def test_steps_that_are_too_long_are_cut_off_and_named():
    found = descend(network(), POINTS, TRUTH, 20, 5.0)
    assert 1 <= len(found.curves) < 21 and found.curves.isfinite().all() and len(found.support) == len(found.curves)
    assert f"step {len(found.curves)}" in found.note and "smaller inner learning rate" in found.note


def test_the_map_is_light_where_the_loss_is_low_and_its_first_row_is_at_the_bottom():
    logs, levels, greys, factor = shades(torch.tensor([[1.0, 1.0], [15.0, 15.0]]))
    assert factor == 2**0.5 and levels == pytest.approx([0.5 * i for i in range(8)])
    assert greys[0] == "#ffffff" and greys == sorted(greys, reverse=True) and greys[-1] == "#969696"
    assert logs[0].max() < 0.01 and logs[-1].min() > 3.9
    found, panel = descend(network(), POINTS, TRUTH, 6, LR), Panel("surface", "", 430, 215)
    areas = re.findall(r'd="([^"]+)" fill="(#\w+)"', draw_surface(panel, found, "red", 6)[0])
    greys = [grey for _, grey in areas if grey != "red"]
    assert len(set(greys)) > 3 and greys == sorted(greys, reverse=True)  # the darker ones lie on the lighter ones
    darkest = re.findall(r"[\d.]+", areas[len(greys) - 1][0])
    at = np.array(darkest, dtype=float).reshape(-1, 2).mean(0) / [panel.width, panel.height]
    place = panel.low + [at[0], 1 - at[1]] * (panel.high - panel.low)
    there = survey(found, 6)[0].weights(torch.tensor(place)[None])
    assert found.loss(there) > found.support[0]  # the corner that is dark in the picture is where the loss is high


STARTS = {"meta-learned": MAML(network(0, torch.float32)), "joint": network(1, torch.float32)}


@pytest.fixture
def explorer():
    return InnerLoopExplorer(STARTS, Sinusoids(shot=4), steps=3, lr=LR, seed=2)


def drawn(explorer, name, look):
    """The lines of a panel that have these attributes, as numbers `[n, 2]`, read from the SVG that a browser gets."""
    panel, lines = explorer.panels[name], []
    for d in re.findall(rf'd="M([^"]+)" fill="none" [^>]*{look}', explorer.view.parts[name]):
        at = np.array([pair.split(",") for pair in d.split("L")], dtype=float) / [panel.width, panel.height]
        lines.append(panel.low + np.stack([at[:, 0], 1 - at[:, 1]], 1) * (panel.high - panel.low))
    return lines


def curve(explorer):
    return drawn(explorer, "curves", 'stroke-width="3"')[0][:, 1]


def same(drawn, numbers, panel):
    """To a tenth of a pixel."""
    return np.allclose(drawn, numbers, rtol=0, atol=0.06 * (panel.high - panel.low)[1] / panel.height)


@pytest.mark.parametrize("act", [
    lambda e: setattr(e.steps, "value", 9), lambda e: setattr(e.lr, "value", 0.1),
    lambda e: setattr(e.shots, "value", 7), lambda e: setattr(e.menu, "value", "joint"),
    lambda e: e.another.click(), lambda e: e.remove.click(), lambda e: setattr(e.support.y, "value", 5.5),
])  # fmt: skip
def test_whatever_is_changed_is_answered_and_all_panels_agree(explorer, act):
    before = curve(explorer)
    act(explorer)
    mine = explorer.descents[explorer.chosen]
    assert abs(curve(explorer) - before).max() > 1e-3
    panels = explorer.panels
    assert same(curve(explorer), mine.curves[-1], panels["curves"])
    assert len(drawn(explorer, "curves", 'stroke-width="1.5"')) == max(0, len(mine.curves) - 2)
    query, support = drawn(explorer, "losses", 'stroke-width="2"')
    assert same(support[:, 1], mine.support.log10(), panels["losses"])
    assert same(query[:, 1], mine.query.log10(), panels["losses"])
    places = survey(mine, explorer.steps.value)[1][: len(mine.curves)]
    assert same(drawn(explorer, "surface", 'stroke-width="2"')[0], places, panels["surface"])
    dots = re.findall(r'data-number="\d+" transform="translate\(([\d.-]+),([\d.-]+)\)"', explorer.view.parts["points"])
    assert np.allclose(np.array(dots, dtype=float), panels["curves"].place(*explorer.points.T), atol=0.06)
    for number in (mine.support[-1], mine.query[-1], *(d.query[-1] for d in explorer.descents.values())):
        assert f"{number:.3g}" in explorer.message and explorer.message == unescape(explorer.view.parts["said"])
    assert explorer.shots.value == len(explorer.points)


def from_browser(explorer, act, x, y, **more):
    """What the view sends when the mouse is at x, y of the plot."""
    (left, bottom), (right, top) = EDGES
    explorer.support.hear(more | {act: [(x - left) / (right - left), (top - y) / (top - bottom)]})


def test_points_are_moved_added_and_removed(explorer, monkeypatch):
    calls = []
    counted = "course_lib.lessons.lesson03.inner_loop_explorer.descend"
    monkeypatch.setattr(counted, lambda *args: calls.append(1) or descend(*args))
    old = explorer.points
    from_browser(explorer, "to", 1.5, -3.0, move=3)
    assert explorer.points[3].tolist() == pytest.approx([1.5, -3.0]) and torch.equal(explorer.points[:3], old[:3])
    assert len(calls) == 2 and explorer.support.chosen == 3  # once for each start
    from_browser(explorer, "add", 5.0, 2.0)
    assert explorer.points[4].tolist() == [5.0, 2.0] and explorer.support.chosen == 4 and explorer.shots.value == 5
    explorer.support.hear({"choose": 1})
    assert "class=chosen" in explorer.view.parts["points"].split("data-number")[2]
    explorer.remove.click()
    assert torch.equal(explorer.points[:1], old[:1]) and torch.equal(explorer.points[1], old[2])
    assert explorer.view.parts["points"].count("data-number") == 4 == explorer.shots.value
    explorer.support.hear({"move": 4, "to": [0, 0]})  # one that was removed while it was on its way
    assert len(explorer.points) == 4


def test_every_move_is_answered_with_one_message_of_modest_size(explorer, monkeypatch):
    sent = []
    explorer.view.observe(lambda change: sent.append(change["new"]), "parts")
    monkeypatch.setattr(explorer, "_finish", lambda: None)  # the rest comes later, when a kernel listens
    explorer.support.hear({"move": 1, "to": [0, 0]})
    explorer.support.hear({"move": 1, "to": [0, 0]})  # the browser waits for an answer, even if nothing has changed
    assert len(sent) == 2 and sent[0]["number"] != sent[1]["number"]
    assert explorer.points[1].tolist() == [-5.0, 6.0]
    assert sum(len(part) for part in sent[1].values() if isinstance(part, str)) < 40_000


def test_rounding_in_the_browser_moves_no_point(explorer):
    explorer.support.which.value = 2
    points = explorer.points
    explorer.support.x.value = round(points[1, 0].item(), 1)
    assert torch.equal(explorer.points, points)
    explorer.support.x.value = -4.3
    assert explorer.points[1].tolist() == [-4.3, points[1, 1]]


def test_the_number_of_shots_goes_from_none_to_many_along_the_tasks_own_points(explorer):
    first = explorer.points
    explorer.shots.value = MOST
    assert torch.equal(explorer.points[:4], first) and len({tuple(p) for p in explorer.points.tolist()}) == MOST
    from_browser(explorer, "add", 0.0, 0.0)
    assert "at most 20" in explorer.message and "at most 20" in explorer.view.parts["said"]
    assert len(explorer.points) == MOST == explorer.view.parts["points"].count("data-number")
    explorer.shots.value = 0
    assert "nothing to adapt to" in explorer.message and "no support point" in explorer.view.parts["caption"]
    start = STARTS["meta-learned"].backbone(GRID).flatten().detach()
    assert same(curve(explorer), start, explorer.panels["curves"]) and not drawn(explorer, "losses", 'stroke-width="2"')
    explorer.remove.click()
    explorer.shots.value = 1
    assert "1 support point." in explorer.message


def test_every_start_has_its_picture(explorer):
    starts = STARTS | {"no steps": Joint(network(2, torch.float32))}
    explorer = InnerLoopExplorer(starts, steps=0, lr=0.5, shot=3)
    for name, steps in zip(starts, (0, 1, 20), strict=True):
        explorer.menu.value, explorer.steps.value = name, steps
        png, alt = explorer.snapshot()
        assert png[:4] == b"\x89PNG"
        assert explorer.message in alt and name in alt
    assert "Joint does not say" in explorer.message and "Empty: Joint" in explorer.view.parts["caption"]
    assert not drawn(explorer, "losses", 'stroke-width="2"') and explorer.view.parts["surface"] == ""
    start = starts["no steps"].backbone(GRID).detach()[0, :, 0]
    assert same(curve(explorer), start, explorer.panels["curves"])


def test_with_an_event_loop_the_chosen_start_is_shown_first_and_the_others_follow():
    async def main():
        explorer = InnerLoopExplorer(STARTS, Sinusoids(shot=4), steps=3)
        assert list(explorer._descents) == ["meta-learned"]
        explorer.steps.value = 4
        assert "other starts" not in explorer.message
        await asyncio.sleep(2 * PAUSE)
        assert list(explorer._descents) == ["meta-learned", "joint"] and "other starts: joint" in explorer.message

    asyncio.run(main())


@pytest.mark.parametrize("changed, said", [
    ({"starts": {}}, "one to six"), ({"starts": {"a": 3}}, "'a' is a int"), ({"steps": 21}, "from 0 to 20"),
    ({"shot": -1}, "shot must be"), ({"lr": 0.0}, "lr must be above 0"),
])  # fmt: skip
def test_bad_arguments_get_a_sentence(changed, said):
    with pytest.raises(ValueError, match=said):
        InnerLoopExplorer(**({"starts": STARTS} | changed))


def test_the_losses_are_those_of_the_library():
    found = descend(network(), POINTS, TRUTH, 2, LR)
    assert found.query[1] == pytest.approx(loss_of(found.curves[1], TRUTH.double()).item())
