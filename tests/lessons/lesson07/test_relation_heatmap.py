"""The relation heatmap without a browser: what it computes, shows and says."""

import copy
import io
import re

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib import Episode, load
from course_lib.learners import MAML, PrototypicalNet, RelationNet
from course_lib.lessons.lesson07 import RelationHeatmap, relation_heatmap
from course_lib.lessons.lesson07.relation_picture import heat, shade
from course_lib.models import Conv4
from course_lib.paths import pretrained
from course_lib.tasks import Scripts, Sinusoids


@pytest.fixture
def learner():
    torch.manual_seed(0)
    return RelationNet(Conv4(4, maps=True), channels=4)


@pytest.fixture
def heatmap(learner):
    return RelationHeatmap(learner, Scripts(3, 1, 2, split="test"), seed=1)


def other_cell(heatmap):
    """A cell in another row and another column."""
    heatmap._hear({"pick": 3 * 3 + 2})


def test_scores_are_the_learners(heatmap, learner):
    learner.eval()
    episode = heatmap.episode
    with torch.no_grad():
        adapted = learner.adapt(episode.support_x, episode.support_y)
        scores = learner.relation_scores(adapted, episode.query_x)[0]
    assert torch.allclose(heatmap.scores, scores, atol=1e-6)
    shown = re.findall(r">(?:● )?(\d\.\d\d)</button>", heatmap.view.kept["table"])
    assert shown == [f"{value:.2f}" for value in scores.flatten().tolist()]


def test_other_metric_learners_give_probabilities():
    heatmap = RelationHeatmap(PrototypicalNet(Conv4(4)), Scripts(3, 2, 2))
    assert torch.allclose(heatmap.scores.sum(-1), torch.ones(6)) and "probability" in heatmap.message
    assert "the first of 2 support images" in heatmap.message or "No patch" in heatmap.message


def test_the_learner_is_left_as_it_was(learner):
    state = copy.deepcopy(learner.state_dict())
    other_cell(RelationHeatmap(learner.train(), Scripts(3, 1, 2)))
    assert all(module.training for module in learner.modules())
    assert all(torch.equal(value, state[name]) for name, value in learner.state_dict().items())


def test_a_cell_shows_the_pair_at_once_and_then_its_maps(heatmap, monkeypatch):
    shown = []
    monkeypatch.setattr(heatmap.view, "show", lambda kept=None, **parts: shown.append(parts))
    other_cell(heatmap)
    assert heatmap.chosen == (3, 2) and [part["picked"] for part in shown] == ["11", "11"]
    assert not shown[0]["bar"] and "lost" not in shown[0] and "score lost" in shown[1]["bar"] and shown[1]["lost"]
    assert "Query 2 of class 1 with class 2: relation score " in shown[0]["said"]
    assert shown[0]["pair"] != shown[1]["pair"]
    monkeypatch.setattr(relation_heatmap, "score_lost", None)  # maps are kept
    other_cell(heatmap)
    assert len(shown) == 3 and shown[2] == shown[1]


def test_the_control_says_which_image_is_occluded(heatmap):
    for side, other in (("query", "support"), ("support", "query")):
        heatmap.side.value = side
        _, _, (query, support), _ = heatmap.drawn
        assert (query is None) == (side == "support") and (support is None) == (side == "query")
        assert f"on the {side}" in heatmap.message and f"on the {other}" not in heatmap.message


def test_another_task(heatmap):
    scores, table = heatmap.scores, heatmap.view.kept["table"]
    heatmap.another.click()
    assert heatmap.seed == 2 and not torch.equal(heatmap.scores, scores) and heatmap.view.kept["table"] != table
    assert set(heatmap.maps) == {(*heatmap.chosen, "query"), (*heatmap.chosen, "support")}


def test_it_begins_where_an_answer_is_wrong(learner, monkeypatch):
    tasks = Scripts(5, 1, 3, split="test")
    shipped = load(pretrained("relation_scripts"))
    for seed in (0, 7):
        heatmap = RelationHeatmap(shipped, tasks, seed=seed, mistaken=True)
        assert (heatmap.scores.argmax(-1) != heatmap.episode.query_y[0]).any() and heatmap.seed >= seed
        at = [RelationHeatmap(shipped, tasks, seed=i) for i in range(seed, heatmap.seed)]
        assert all((found.scores.argmax(-1) == found.episode.query_y[0]).all() for found in at)
    heatmap = RelationHeatmap(shipped, tasks, seed=0, mistaken=True)  # what the lesson says of SEED 0
    (query,) = (heatmap.scores.argmax(-1) != heatmap.episode.query_y[0]).nonzero().flatten().tolist()
    assert heatmap.names[query] == "query 3 of class 4" and heatmap.scores[query].argmax() == 0
    heatmap.pick(query, 0)
    assert heatmap.lost("query").max() > 0.85 * heatmap.scores[query, 0] and "at the middle" in heatmap.message
    heatmap.pick(query, 4)
    assert heatmap.lost("query").min() < -0.3  # blue
    monkeypatch.setattr(relation_heatmap, "TRIES", 3)
    monkeypatch.setattr(RelationHeatmap, "_is_mistaken", lambda self, seed: False)
    assert RelationHeatmap(learner, tasks, seed=4, mistaken=True).seed == 4  # nothing is wrong anywhere


def test_every_cell_has_its_name_and_says_what_its_signs_mean(heatmap):
    labels = re.findall(r'data-pick="(\d+)" aria-label="([^"]+)"', heatmap.view.kept["table"])
    assert [int(number) for number, _ in labels] == list(range(18))
    assert labels[10][1].startswith(f"query 2 of class 1, class 1: {heatmap.scores[3, 1]:.2f}, the query's own class")
    for query in range(6):
        said = [label for _, label in labels[3 * query : 3 * query + 3]]
        assert [label.endswith("the answer") for label in said].index(True) == heatmap.scores[query].argmax()


def test_rows_are_in_the_order_of_classes_whatever_the_order_of_queries(learner):
    class Mixed(Scripts):
        def sample(self, n_tasks, generator=None):
            episode, order = super().sample(n_tasks, generator), torch.tensor([3, 5, 0, 2, 4, 1])
            return Episode(episode.support_x, episode.support_y, episode.query_x[:, order], episode.query_y[:, order])

    heatmap = RelationHeatmap(learner, Mixed(3, 1, 2), seed=1)
    names = re.findall(r"<tr><th>(query \d of class \d)", heatmap.view.kept["table"])
    assert names == [f"query {n} of class {c}" for c in range(3) for n in (1, 2)]
    assert heatmap.names == ["query 1 of class 1", "query 1 of class 2", "query 1 of class 0", "query 2 of class 1",
                             "query 2 of class 2", "query 2 of class 0"]  # fmt: skip
    plain = RelationHeatmap(learner, Scripts(3, 1, 2), seed=1)
    assert torch.allclose(heatmap.scores[5], plain.scores[1])  # the second of class 0


def test_the_picture_has_the_words_of_the_widget(heatmap):
    other_cell(heatmap)
    png, alt = heatmap.snapshot()
    words = f"{heatmap.view.parts['said']} {heatmap.view.parts['lost']}"
    assert heatmap.message == words and words in alt
    assert Image.open(io.BytesIO(png)).size[0] > 800


def test_numbers_stand_out_from_their_cells_and_colours_go_from_light_to_dark():
    def luminance(color):
        part = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        part = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        return part @ [0.2126, 0.7152, 0.0722] + 0.05

    cells = [shade(score) for score in np.linspace(0, 1, 101)]
    papers = [luminance(paper) for paper, _ in cells]
    assert (np.diff(papers) < 0).all()
    inks = [1.05 if ink == "white" else 0.05 for _, ink in cells]
    assert min(max(p, i) / min(p, i) for p, i in zip(papers, inks, strict=True)) > 4.5  # WCAG 2, level AA


def test_heat_is_orange_where_score_is_lost_and_blue_where_it_is_gained():
    lost = torch.tensor([[1.0, 0.0, -1.0]])
    pixels = np.asarray(heat(torch.zeros(1, 1, 3), lost, 1.0)).astype(int)[0]
    assert pixels[0, 0] > pixels[0, 2] + 100 and pixels[2, 2] > pixels[2, 0] + 100 and (pixels[1] == 255).all()
    assert (np.asarray(heat(torch.ones(1, 1, 3), lost, 1.0)) < 60).all()  # ink stays dark


@pytest.mark.parametrize(("make", "sentence"), [
    (lambda n, t: RelationHeatmap(MAML(Conv4(4, out=3)), t), "learner must be a MetricLearner.*it is a MAML"),
    (lambda n, t: RelationHeatmap(n, 3), "tasks must have a method `sample`.*got int"),
    (lambda n, t: RelationHeatmap(n, Sinusoids()), "tasks must be of grey images"),
    (lambda n, t: RelationHeatmap(PrototypicalNet(Conv4(4), attributes=3, features=4), t), "this learner is zero-shot"),
])  # fmt: skip
def test_bad_arguments_get_a_sentence(learner, make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make(learner, Scripts(3, 1, 2))
