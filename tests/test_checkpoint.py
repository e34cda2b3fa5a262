"""A run knows its own checkpoint again: the same script goes on, and a changed setting is named."""

import pytest
import torch
from torch import nn

from course_lib import Episode, fit
from course_lib.learners import MAML, Reptile
from course_lib.tasks import FewTasks, Sinusoids


class Waves:
    """Tasks of one's own, without a __repr__ of its own: its repr is an address."""

    way = None

    def __init__(self, factor=1.0):
        self.factor = factor

    def sample(self, n_tasks, generator):
        return Sinusoids().sample(n_tasks, generator).map(lambda t: self.factor * t)


def sgd(momentum):
    return lambda params, lr: torch.optim.SGD(params, lr, momentum=momentum)


def cosine(steps):
    return lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)


def run(path, steps=20, *, learner=MAML, activation=nn.Tanh, extra=(), tasks=Waves, inner=None, **options):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(1, 4), activation(), nn.Linear(4, 1), *extra)
    trained = learner(network, **({"steps": 2} | (inner or {})))
    options = {"meta_batch": 2, "log_every": 5} | options
    fit(trained, tasks(), steps, checkpoint=path, device="cpu", progress=False, **options)
    return nn.utils.parameters_to_vector(trained.parameters())


CHECKED = {"validation": Waves(), "validate_every": 10}


@pytest.mark.parametrize("options", [{}, CHECKED, {"optimizer": sgd(0.9)}, {"extra": (nn.Dropout(0.5),)},
                                     {"tasks": lambda: FewTasks(Waves(), 3)},
                                     {"learner": Reptile}],
                         ids=["plain", "validated", "momentum", "dropout", "few tasks", "Reptile"])  # fmt: skip
def test_the_same_script_goes_on_bit_for_bit(options, tmp_path):
    run(tmp_path / "cut", 10, **options)
    assert torch.equal(run(tmp_path / "cut", **options), run(tmp_path / "whole", **options))


@pytest.mark.parametrize(("before", "after", "said"), [
    ({}, {"inner": {"order": 1}}, "learner's order is 2, not 1"),
    ({}, {"inner": {"lr": 0.02}}, "learner's lr is 0.01, not 0.02"),
    ({}, {"inner": {"steps": 3}}, "learner's steps is 2, not 3"),
    ({}, {"inner": {"adapts": "head"}}, "learner's adapts is 'all', not 'head'"),
    ({}, {"learner": Reptile}, "learner is 'course_lib.learners.maml.MAML of 13 parameters', not '.*Reptile of 13 "),
    ({}, {"activation": nn.ReLU}, r"structure, line 4, is '\(1\): Tanh\(\)', not '\(1\): ReLU\(\)'"),
    ({"extra": (nn.Dropout(0.1),)}, {"extra": (nn.Dropout(0.2),)}, "structure, line 6, is .*0.1.* not .*0.2"),
    ({}, {"seed": 1}, "seed is 0, not 1"),
    ({}, {"lr": 1.01e-3}, "lr is 0.001, not 0.00101"),
    ({}, {"amp": True}, "amp is False, not True"),
    ({"optimizer": sgd(0.9)}, {"optimizer": sgd(0.8)}, "optimizer's momentum is 0.9, not 0.8"),
    ({"optimizer": sgd(0.9)}, {}, "optimizer is 'torch.optim.sgd.SGD', not 'torch.optim.adam.Adam'"),
    ({"schedule": cosine(20)}, {"schedule": cosine(40)}, "schedule's T_max is 20, not 40"),
    ({"schedule": cosine(20)}, {}, "schedule is '.*CosineAnnealingLR', not None"),
    ({}, {"tasks": lambda: Waves(1.01)}, "support_x in the first of its tasks is another"),
    ({}, {"tasks": Sinusoids}, "tasks is '.*Waves', not '.*Sinusoids'"),
    ({}, CHECKED, "validation is None, not '.*Waves'"),
    (CHECKED, {}, "validation is '.*Waves', not None"),
    (CHECKED, CHECKED | {"validation": Waves(2)}, "support_x in the first of its validation is another"),
    (CHECKED, CHECKED | {"validation_tasks": 50}, "validation_tasks is 100, not 50"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_a_changed_setting_is_named(before, after, said, tmp_path):
    run(tmp_path / "c", **before)
    with pytest.raises(ValueError, match=f"belongs to another run: its {said}"):
        run(tmp_path / "c", **after)


def test_what_was_frozen_has_to_be_frozen_again(tmp_path):
    def run(frozen):
        torch.manual_seed(0)
        network = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 1))
        network[frozen].requires_grad_(False)
        fit(MAML(network), Waves(), 10, checkpoint=tmp_path / "c", device="cpu", progress=False)

    run(2)
    with pytest.raises(ValueError, match="frozen weights is .*'backbone.2.weight'.*, not .*'backbone.3.weight'"):
        run(3)


def test_rounding_of_another_processor_is_no_change(tmp_path):
    class Elsewhere(Waves):
        __module__, __qualname__ = Waves.__module__, Waves.__qualname__

        def sample(self, n_tasks, generator):
            return super().sample(n_tasks, generator).map(lambda t: t * (1 + 1e-6))

    run(tmp_path / "c", 10)
    run(tmp_path / "c", tasks=Elsewhere)


def test_a_class_of_the_script_itself_may_be_imported_next_time(tmp_path, monkeypatch):
    run(tmp_path / "c", 10)
    monkeypatch.setattr(Waves, "__module__", "__main__")
    run(tmp_path / "c", 15)
    monkeypatch.undo()
    run(tmp_path / "c", 20)


def test_a_checkpoint_of_an_earlier_version_is_refused(tmp_path):
    run(tmp_path / "c", 10)
    state = torch.load(tmp_path / "c", weights_only=True)
    del state["format"]
    torch.save(state, tmp_path / "c")
    with pytest.raises(ValueError, match="earlier version of this library"):
        run(tmp_path / "c")


@pytest.mark.parametrize(("options", "said"), [
    ({"optimizer": torch.optim.SGD([nn.Parameter(torch.ones(1))], 0.1)}, "must be a function that makes one"),
    ({"optimizer": torch.optim.LBFGS}, "LBFGS asks for the loss several times a step"),
    ({"schedule": torch.optim.lr_scheduler.ReduceLROnPlateau}, "ReduceLROnPlateau waits for a validation"),
])  # fmt: skip
def test_what_fit_cannot_step_is_refused_before_any_work(options, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        run(tmp_path / "c", **options)
    assert not (tmp_path / "c").exists()


def test_tasks_may_be_an_episode_of_any_kind(tmp_path):
    class Labelled:
        def sample(self, n_tasks, generator):
            x = torch.rand(n_tasks, 2, 1, generator=generator)
            return Episode(x, torch.tensor([[0, 1]]).expand(n_tasks, 2), x, torch.tensor([[0, 1]]).expand(n_tasks, 2))

    torch.manual_seed(0)
    for steps in (5, 10):
        learner = MAML(nn.Linear(1, 2))
        fit(learner, Labelled(), steps, checkpoint=tmp_path / "c", device="cpu", progress=False)
