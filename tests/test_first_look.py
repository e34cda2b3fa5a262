import numpy as np
import pytest
import torch

from course_lib import Episode, evaluate, fit
from course_lib.learners import Joint, NearestNeighbour, PrototypicalNet
from course_lib.models import MLP, Conv4
from course_lib.tasks import ImageTasks, Sinusoids

IMAGES = (torch.rand(9, 20, 28, 28, generator=torch.Generator().manual_seed(0)) * 60).to(torch.uint8)


class Altered:
    """Tasks, and something done to each episode."""

    def __init__(self, tasks, change):
        self.tasks, self.change = tasks, change

    def sample(self, n_tasks, generator):
        return self.change(self.tasks.sample(n_tasks, generator))


def noisy(episode):
    return episode.map(lambda t: t + float(np.random.rand()))


@pytest.mark.parametrize(("change", "said"), [
    (noisy, "sample gave two different tasks for one generator.*generator=generator"),
    (Episode.tensors, "must give an Episode, but it gave a tuple"),
    (lambda episode: Episode.cat([episode, episode]), "asked for 1 task and gave 2"),
])  # fmt: skip
def test_a_sampler_that_does_not_keep_its_word_is_refused(change, said):
    tasks = Altered(Sinusoids(), change)
    with pytest.raises(ValueError, match=said):
        evaluate(Joint(MLP()), tasks, 3)
    with pytest.raises(ValueError, match=said):
        fit(Joint(MLP()), tasks, 3, device="cpu", progress=False)


def turned(episode):
    return Episode(1 - episode.support_x, episode.support_y, 1 - episode.query_x, episode.query_y)


def large(episode):
    return Episode(255 * episode.support_x, episode.support_y, 255 * episode.query_x, episode.query_y)


@pytest.mark.parametrize(("change", "said"), [
    (turned, "most of these pictures is bright.*1 - x"),
    (large, "values up to .*Divide them by 255"),
])  # fmt: skip
def test_unusual_pictures_are_spoken_of(change, said):
    tasks = Altered(ImageTasks(IMAGES, query=4), change)
    with pytest.warns(UserWarning, match=said):
        evaluate(NearestNeighbour(), tasks, 3)
    with pytest.warns(UserWarning, match=said):
        evaluate(NearestNeighbour(), tasks.sample(3, torch.Generator()))
    with pytest.warns(UserWarning, match=said):
        fit(PrototypicalNet(Conv4(4)), tasks, 1, device="cpu", progress=False)


def normalised(episode):
    return Episode(8 * (episode.support_x - 0.1), episode.support_y, 8 * (episode.query_x - 0.1), episode.query_y)


@pytest.mark.parametrize("change", [lambda episode: episode, normalised])
@pytest.mark.filterwarnings("error")
def test_usual_pictures_are_not(change):
    evaluate(NearestNeighbour(), Altered(ImageTasks(IMAGES, query=4), change), 3)
