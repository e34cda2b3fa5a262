"""Every explorer, given networks and tasks on the device: it opens, answers, and says the same as on the CPU."""

import copy

import pytest
import torch

from course_lib.learners import MAML, PrototypicalNet, RelationNet
from course_lib.lessons.lesson00 import Sketchpad
from course_lib.lessons.lesson01 import EpisodeExplorer
from course_lib.lessons.lesson02 import CurveExplorer
from course_lib.lessons.lesson03 import InnerLoopExplorer
from course_lib.lessons.lesson04 import AdaptationScrubber
from course_lib.lessons.lesson05 import FamilyExplorer, measure_prices
from course_lib.lessons.lesson06 import PrototypeExplorer
from course_lib.lessons.lesson07 import RelationHeatmap
from course_lib.lessons.lesson08 import ComparisonExplorer
from course_lib.models import MLP, Conv4
from course_lib.tasks import Scripts, Sinusoids


def network(make, device):
    """With the same weights on every device."""
    torch.manual_seed(0)
    return copy.deepcopy(make()).to(device).eval()


def sketchpad(device):
    pad = Sketchpad({"a": network(lambda: PrototypicalNet(Conv4(4)), device)})
    yield pad.sketch.answer().sentence
    pad.sketch.draw(pad.sketch.drawings[1:] + pad.sketch.drawings[:1])
    yield pad.sketch.answer().sentence


def episodes(device):
    def make(way, shot):
        return Scripts(way, shot, 2, device=device)

    explorer = EpisodeExplorer(make, way=3, shot=1)
    yield explorer.message
    explorer.dials["way"].value = 4
    yield explorer.message


def curves(device):
    explorer = CurveExplorer({"a": network(MLP, device)}, Sinusoids(4, device=device), steps=3)
    yield explorer.view.parts["said"]
    explorer.steps.value = 5
    yield explorer.view.parts["said"]


def inner_loop(device):
    explorer = InnerLoopExplorer({"a": network(MLP, device)}, Sinusoids(4, device=device), steps=2)
    yield explorer.view.parts["said"]
    explorer.steps.value = 3
    yield explorer.view.parts["said"]


def scrubber(device):
    learners = {"a": network(lambda: MAML(Conv4(4, out=3), 1, 0.1), device)}
    explorer = AdaptationScrubber(learners, Scripts(3, 1, 4, device=device), steps=2)
    yield explorer.text.value
    explorer.step.value = 2
    yield explorer.text.value


def family(device):
    episode = Sinusoids().sample(1, torch.Generator().manual_seed(0))  # prices are those of the CPU, as in the lesson
    prices = measure_prices(MLP((1, 4, 1)), episode, (1, 2), turns=1)
    explorer = FamilyExplorer(("MAML", "first order"), prices)
    yield ""
    explorer.steps.value = 9
    yield ""
    assert "MAML" in explorer.message


def prototypes(device):
    learners = {"a": network(lambda: PrototypicalNet(Conv4(4)), device)}
    explorer = PrototypeExplorer(learners, Scripts(4, 1, 2, device=device))
    yield explorer.message
    explorer.another.click()
    yield explorer.message


def heatmap(device):
    learner = network(lambda: RelationNet(Conv4(4, maps=True), 4), device)
    explorer = RelationHeatmap(learner, Scripts(3, 1, 2, device=device))
    yield explorer.message
    explorer._hear({"pick": 5})
    yield explorer.message


def comparison(device):
    scores = torch.rand(2, 40, generator=torch.Generator().manual_seed(0)).to(device)
    explorer = ComparisonExplorer({"a": scores[0].cpu(), "b": scores[1].cpu()}, n=20)
    yield explorer.message
    explorer.another.click()
    yield explorer.message


EXPLORERS = (sketchpad, episodes, curves, inner_loop, scrubber, family, prototypes, heatmap, comparison)


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda f: f.__name__)
def test_it_says_the_same_as_on_the_cpu(explorer, device):
    assert list(explorer(device)) == list(explorer("cpu"))
