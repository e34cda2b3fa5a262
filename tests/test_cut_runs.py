"""A run that is interrupted anywhere, as often as one likes, and started again ends as one that was not."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from course_lib import Episode, fit
from course_lib.checkpoint import Run
from course_lib.learners import ImplicitMAML, Joint, MAMLPlusPlus, PrototypicalNet, RelationNet, Reptile

SOME = settings(max_examples=3, suppress_health_check=list(HealthCheck))


class Clouds:
    """3-way tasks; the button is pressed when `left` tasks have been drawn."""

    def __init__(self, left=10**9):
        self.left = left

    def sample(self, n_tasks, generator):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
        x = torch.randn(n_tasks, 9, 4, generator=generator, dtype=torch.float64)
        y = torch.arange(9).remainder(3).expand(n_tasks, -1)
        x = x + y.unsqueeze(-1)
        return Episode(x[:, :3], y[:, :3], x[:, 3:], y[:, 3:], 3)


def network(out):
    return nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Dropout(0.2), nn.Linear(5, out))


def steps_down(optimizer):
    return torch.optim.lr_scheduler.StepLR(optimizer, 4, 0.5)


KINDS = {
    "prototypical": lambda: PrototypicalNet(network(3), learn_temperature=True),
    "relation": lambda: RelationNet(network(3), 3, size=1),
    "joint": lambda: Joint(network(3)),
    "maml++": lambda: MAMLPlusPlus(
        network(3), 2, 0.1, rates="layer", batch_norm="step", multi_step_for=5, first_order_for=3),
    "reptile": lambda: Reptile(network(3), 2, batch=4),
    "implicit": lambda: ImplicitMAML(network(3), 1, solver_steps=1),
}  # fmt: skip


def run(kind, left, path, options):
    torch.manual_seed(0)
    learner = KINDS[kind]().double()
    history = fit(
        learner, left, 11, meta_batch=2, log_every=2, checkpoint=path, device="cpu", progress=False, **options
    )
    columns = history.step, history.inner, history.outer, history.lr, history.validation_step, history.validation
    return nn.utils.parameters_to_vector([*learner.parameters(), *learner.buffers()]), columns, history.stopped


@pytest.mark.parametrize("kind", KINDS)
def test_wherever_it_is_cut(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "seconds_between_saves", 0)
    monkeypatch.setattr("os.fsync", lambda _: None)  # no power fails here
    number = iter(range(10**6))

    @SOME
    @given(st.lists(st.integers(1, 20), min_size=1, max_size=2), st.booleans(), st.booleans(), st.booleans())
    def holds(cuts, validated, patient, momentum):
        tasks, path = Clouds(), tmp_path / f"{next(number)}"
        options = {"schedule": steps_down}
        if validated:
            options |= {"validation": tasks, "validate_every": 3, "validation_tasks": 2}
        if validated and patient:
            options |= {"patience": 1}
        if momentum:
            options |= {"optimizer": lambda params, lr: torch.optim.SGD(params, lr, momentum=0.9)}
        whole = run(kind, tasks, None, options)
        for cut in cuts:
            tasks.left = cut + 4  # four are drawn to look at the tasks, before anything is done
            run(kind, tasks, path, options)
        tasks.left = 10**9
        again = run(kind, tasks, path, options)
        assert torch.equal(whole[0], again[0]) and whole[1:] == again[1:]

    holds()
