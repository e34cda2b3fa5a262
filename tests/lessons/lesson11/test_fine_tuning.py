"""Fine-tuning everybody at once: the same as one after the other with torch's own Adam; and borrowed windows."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.testing import assert_close

from course_lib.lessons.lesson11.fine_tuning import FineTuneWhole, borrowed, whole
from course_lib.lessons.lesson11.networks import WindowNet, make_global, scene
from course_lib.tasks.people import SIDES


@pytest.mark.parametrize("labels", [range(7), (2, 4, 4)])  # all exercises; some missing, one twice
def test_all_at_once_is_one_after_the_other(labels):
    torch.manual_seed(0)
    network = WindowNet(width=8, out=7).double()
    x, y = torch.randn(3, len(labels), 6, 16, dtype=torch.float64), torch.tensor(list(labels)).expand(3, -1)
    query = torch.randn(3, 5, 6, 16, dtype=torch.float64)
    before = copy.deepcopy(network.state_dict())
    learner = FineTuneWhole(network, 6, 3e-3)
    found = learner.predict(learner.adapt(x, y), query)
    assert found.shape == (3, 5, 7)
    for i in range(3):
        mine = copy.deepcopy(network)
        optimizer = torch.optim.Adam(mine.parameters(), 3e-3)
        for _ in range(6):
            optimizer.zero_grad()
            F.cross_entropy(mine(x[i]), y[i]).backward()
            optimizer.step()
        assert_close(found[i], mine(query[i]), rtol=1e-6, atol=1e-8)
    assert all(value.equal(before[name]) for name, value in network.state_dict().items())


def test_no_step_is_the_global_network_and_gradients_may_be_off():
    torch.manual_seed(0)
    joint, x = make_global(), torch.randn(2, 4, 6, 64)
    with torch.no_grad():
        learner = FineTuneWhole(whole(joint), 0)
        same = learner.predict(learner.adapt(x, torch.zeros(2, 4, dtype=torch.long)), x)
        assert_close(same, joint.predict(None, x), rtol=1e-4, atol=1e-5)
        learner = FineTuneWhole(whole(joint), 20)
        moved = learner.predict(learner.adapt(x, torch.zeros(2, 4, dtype=torch.long)), x)
    assert (moved.argmax(-1) == 0).all() and isinstance(whole(joint), nn.Sequential)


def test_strangers_lend_windows_of_the_training_people():
    made = scene(3, SIDES)
    x, y = borrowed(made, [1, 5], 40, torch.Generator().manual_seed(0))
    assert x.shape == (80, 6, 64) and y.bincount().tolist() == [0, 40, 0, 0, 0, 40]
    people = set()
    for window, exercise in zip(x, y.tolist(), strict=True):
        starts = made.recordings.signal[:, exercise].unfold(1, 64, 1)  # [arms, samples - 63, channels, 64]
        arms = (starts[..., 0] == window[:, 0]).all(-1).any(1).nonzero().flatten().tolist()
        assert len(arms) == 1
        people.add(arms[0] // 2)
    assert people == set(made.train)


@pytest.mark.parametrize("how", [{"steps": -1}, {"lr": -1.0}, {"steps": 1.5}])
def test_what_cannot_be_is_refused(how):
    with pytest.raises(ValueError):
        FineTuneWhole(WindowNet(out=7), **how)
