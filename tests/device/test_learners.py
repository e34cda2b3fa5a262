"""Every learner on the device: it trains, is judged, saved and loaded, with the numbers of the CPU."""

import copy
import io
import json

import pytest
import torch
from click.testing import CliRunner

from course_lib import describe_machine, evaluate, fit, load, save
from course_lib.commands import main
from course_lib.learners import LEARNERS as KINDS
from course_lib.models import Conv4
from tests.device.cases import DRAWS, LEARNERS, learns, tasks_for
from tests.device.standin import NAME

EACH = pytest.mark.parametrize("name", LEARNERS)


def made(name):
    torch.manual_seed(0)
    return LEARNERS[name]()


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_cases_hold_every_learner():
    assert {type(make()) for make in LEARNERS.values()} == set(KINDS.values())


@EACH
def test_it_trains_is_judged_saved_and_loaded(name, strict, tmp_path):
    """Trained, judged, saved, loaded and judged again."""
    learner, tasks, of_the_cpu = made(name), tasks_for(name, "auto"), tasks_for(name)
    assert tasks.sample(1, seeded()).device == strict
    if learns(learner):
        history = fit(learner, tasks, 2, meta_batch=2, log_every=1, validation=of_the_cpu, validate_every=2,
                      validation_tasks=2, progress=False)  # fmt: skip
        assert history.step[-1] == 2 and all(t.device == strict for t in learner.state_dict().values())
    results = [evaluate(learner, tasks, 3, batch=2)]
    if name != "hausdorff":  # which never looks at batch norm
        results.append(evaluate(learner, tasks, 3, batch_norm="transductive"))
    assert all(r.scores.device.type == r.losses.device.type == "cpu" and r.losses.isfinite().all() for r in results)
    again = load(save(learner, tmp_path / "learner.safetensors"))
    assert all(t.device.type == "cpu" for t in again.state_dict().values())
    same = evaluate(again.to(strict), tasks, 3)
    assert torch.allclose(same.losses, results[0].losses, atol=1e-4)


@EACH
def test_losses_and_gradients_are_those_of_the_cpu(name, device):
    here, episode = made(name), tasks_for(name).sample(2, seeded())
    there = copy.deepcopy(here).to(device)
    if not learns(here):
        assert torch.allclose(there(episode.to(device)).cpu(), here(episode), atol=1e-3)
        return
    outer = []
    for learner, tasks in ((here.train(), episode), (there.train(), episode.to(device))):
        outer.append(learner.losses(tasks)[1])
        outer[-1].backward()
    assert outer[1].device == device
    if name in DRAWS:
        return
    assert torch.allclose(outer[1].cpu(), outer[0], atol=1e-3)
    largest = max(p.grad.abs().max() for p in here.parameters() if p.grad is not None)
    for p, q in zip(here.parameters(), there.parameters(), strict=True):
        assert (p.grad is None) == (q.grad is None)
        assert p.grad is None or torch.allclose(q.grad.cpu(), p.grad, atol=2e-3 * largest.item())


def weights(learner):
    return torch.cat([p.detach().cpu().flatten() for p in learner.parameters()])


@pytest.mark.parametrize("name", ["maml++", "prototypical", "reptile"])
def test_a_run_that_is_cut_goes_on_as_if_it_were_not(name, device, tmp_path):
    tasks, runs = tasks_for(name, "auto"), []
    for lengths in ((4,), (2, 4)):
        learner, file = made(name), tmp_path / f"{len(lengths)}.checkpoint"
        for steps in lengths:
            history = fit(learner, tasks, steps, meta_batch=2, log_every=1, checkpoint=file, progress=False)
        runs.append(weights(learner))
    assert history.step == [1, 2, 3, 4] and torch.allclose(*runs, atol=0 if device.type == NAME else 1e-4)


def test_fit_leaves_the_random_numbers_of_the_device_as_they_were(device):
    learner, tasks = made("reptile"), tasks_for("reptile", "auto")
    torch.manual_seed(3)
    want = torch.rand(4, device=device).cpu()
    torch.manual_seed(3)
    fit(learner, tasks, 2, progress=False)
    assert torch.equal(torch.rand(4, device=device).cpu(), want)


@pytest.mark.parametrize("name", ["prototypical", "maml, curves"])
def test_bfloat16(name, device):
    history = fit(made(name), tasks_for(name), 2, log_every=1, amp=True, progress=False)  # tasks of the CPU
    assert len(history.outer) == 2


def test_a_learner_can_be_copied_and_pickled_on_the_device(device):
    learner = made("prototypical").to(device)
    again = copy.deepcopy(learner)
    assert again.backbone[0][0].weight.device == device and torch.equal(weights(again), weights(learner))
    file = io.BytesIO()
    torch.save(learner.state_dict(), file)
    file.seek(0)
    state = torch.load(file, weights_only=True, map_location="cpu")
    assert torch.equal(state["backbone.0.0.bias"].cpu(), learner.backbone[0][0].bias.detach().cpu())


def test_episodes_are_those_of_the_cpu(device):
    for name in ("prototypical", "maml, curves"):
        here, there = (tasks_for(name, where).sample(2, seeded(1)) for where in ("cpu", "auto"))
        assert there.device == device and torch.equal(there.support_y.cpu(), here.support_y)
        for a, b in zip(here.tensors(), there.tensors(), strict=True):
            assert torch.allclose(a.float(), b.cpu().float(), atol=1e-5)


def test_the_command_line(device, tmp_path):
    file = tmp_path / "learner.safetensors"
    for arguments in (
        f"train --learner maml --data sinusoids --shot 5 --steps 3 --meta-batch 2 --output {file}",
        f"evaluate {file} --data sinusoids --shot 5 --tasks 3 --json",
    ):
        done = CliRunner().invoke(main, arguments.split())
        assert done.exit_code == 0, done.output
    assert json.loads(done.output.splitlines()[-1])["mse"] > 0


def test_the_doctor_names_the_device(device):
    words = {"cpu": "the CPU", "cuda": "a CUDA GPU", "mps": "the Apple GPU"}
    assert words.get(device.type, f"the device '{device.type}'") in describe_machine()


def test_a_misplaced_tensor_is_found(device):
    """That these tests can fail: a network that forgets to move what it makes."""
    if device.type == "cpu":
        pytest.skip("there is one device")

    class Forgetful(Conv4):
        def forward(self, x):
            return super().forward(x) + torch.zeros(1, 4)

    learner = made("prototypical")
    learner.backbone = Forgetful(4)
    with pytest.raises(RuntimeError, match="same device"):
        fit(learner, tasks_for("prototypical", "auto"), 1, progress=False)
