"""fit under torchrun: several processes, the weights of one. Processes are real, and talk by Gloo."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from course_lib import fit, storage
from course_lib.compute import distributed
from course_lib.compute.devices import pick_device
from course_lib.learners import MAML, MAMLPlusPlus, PrototypicalNet
from course_lib.models import MLP, Conv4
from course_lib.tasks import ImageTasks, Sinusoids
from course_lib.training import outer_step

ROOT = Path(__file__).parents[2]
IMAGES = (torch.rand(12, 6, 28, 28, generator=torch.Generator().manual_seed(0)) * 255).to(torch.uint8)
FEW = 5  # tasks in a meta-batch: no two or four processes can share them evenly


class As:
    """Tasks of another distribution, in another precision. The process `stops_in` fails at the fourth step,
    before which two tasks are drawn to look at them."""

    def __init__(self, tasks, dtype, stops_in=None, by=None):
        self.tasks, self.dtype, self.stops_in, self.by, self.drawn = tasks, dtype, stops_in, by, 0

    def sample(self, n, generator):
        self.drawn += 1
        if self.drawn == 2 + 4 and distributed.rank() == self.stops_in:
            self.by()
        return self.tasks.sample(n, generator).map(lambda t: t.to(self.dtype) if t.is_floating_point() else t)

    def __repr__(self):
        return "tasks"


LEARNERS = {
    "sinusoids": lambda: MAML(MLP((1, 20, 20, 1)), 2),
    "images": lambda: MAML(Conv4(4, out=5), 1, 0.1),
    "gathered": lambda: MAMLPlusPlus(Conv4(4, out=5), 1, 0.1, batch_norm="step"),
    "prototypes": lambda: PrototypicalNet(nn.Sequential(nn.Flatten(), nn.Linear(784, 8))),
}


def run(name, dtype, steps=8, seed=3, **options):
    """Train one of them; returns the learner and its history. Each process begins with weights of its own."""
    torch.manual_seed(seed)
    learner = LEARNERS[name]().to(dtype)
    tasks = As(Sinusoids() if name == "sinusoids" else ImageTasks(IMAGES, query=1), dtype)
    options = {"meta_batch": FEW, "log_every": 4, "device": "cpu", "progress": False} | options
    return learner, fit(learner, tasks, steps, **options)


def weights(learner):
    return torch.cat([v.detach().flatten().double() for v in learner.state_dict().values()])


def trained(name, dtype, seed=3):
    """Parameters, losses and buffers. By gradient descent: Adam would divide the rounding of a gradient that is zero,
    such as that of a bias before batch norm, by its own size."""
    learner, history = run(name, dtype, seed=seed, lr=0.1, optimizer=torch.optim.SGD)
    parameters, buffers = ([t.detach().flatten().double() for t in tensors] or [torch.zeros(1)] for tensors in
                           (learner.parameters(), learner.buffers()))  # fmt: skip
    return torch.cat(parameters), torch.tensor([history.outer, history.inner]), torch.cat(buffers)


def uphill(parameters, lr):  # every step makes it worse, so the first validation is the best
    return torch.optim.SGD(parameters, lr=lr, maximize=True)


VALIDATED = {"steps": 200, "lr": 0.01, "optimizer": uphill, "validation": Sinusoids(), "validate_every": 4,
             "validation_tasks": 10, "patience": 2}  # fmt: skip


def in_each_process(folder):
    """What the processes of torchrun do in the tests of weights."""
    found, number = {}, int(os.environ["RANK"])
    for name in LEARNERS:
        for dtype in (torch.float64, torch.float32):
            found[name, str(dtype)] = trained(name, dtype, 3 + number)  # the first process's weights count
    learner, history = run("sinusoids", torch.float32, **VALIDATED)
    found["validated"] = weights(learner), history.validation_step, history.stopped
    run("sinusoids", torch.float64, 8, checkpoint=folder / "by several")
    found["resumed"] = weights(run("sinusoids", torch.float64, 16, checkpoint=folder / "of several")[0])
    found["went on"] = weights(run("sinusoids", torch.float64, 16, checkpoint=folder / "by one")[0])
    found["uncut"] = weights(run("sinusoids", torch.float64, 16)[0])
    try:
        run("sinusoids", torch.float64, meta_batch=1)
    except ValueError as error:
        found["refused"] = str(error)
    torch.save(found, folder / f"{number}.found")


def stop(folder):
    """One process meets an error, at a step that the others are in, too."""

    def error():
        raise ValueError("the tasks ran out")

    fit(LEARNERS["sinusoids"](), As(Sinusoids(), torch.float32, 1, error), 10**6, meta_batch=FEW, progress=False)


def hang(folder):
    """One process sleeps, and the patience of the others is short."""
    distributed.PATIENCE = distributed.timedelta(seconds=2)
    asleep = As(Sinusoids(), torch.float32, 1, lambda: time.sleep(3600))
    fit(LEARNERS["sinusoids"](), asleep, 10**6, meta_batch=FEW, progress=False)


def interrupted(folder):
    """Trains until Ctrl-C."""
    learner = LEARNERS["sinusoids"]()
    ready = As(Sinusoids(), torch.float32, 0, (folder / "ready").touch)
    history = fit(learner, ready, 10**6, meta_batch=FEW, log_every=1, progress=False)
    if distributed.is_first():
        torch.save((history.stopped, len(history.step)), folder / "kept")


def torchrun(processes, *command):
    several = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}", "-m"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "USE_LIBUV": "0" if os.name == "nt" else "1"}
    return subprocess.Popen([sys.executable, *several, *map(str, command)], cwd=ROOT, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip


@pytest.fixture(scope="module")
def alone():
    """What one process finds."""
    found = {}
    for name in LEARNERS:
        for dtype in (torch.float64, torch.float32):
            found[name, str(dtype)] = trained(name, dtype)
    learner, history = run("sinusoids", torch.float32, **VALIDATED)
    found["validated"] = weights(learner), history.validation_step, history.stopped
    found["uncut"] = weights(run("sinusoids", torch.float64, 16)[0])
    return found


@pytest.fixture(scope="module", params=[2, pytest.param(4, marks=pytest.mark.slow)])
def several(request, tmp_path_factory):
    """What each of several processes finds, and their folder."""
    folder = tmp_path_factory.mktemp("several")
    run("sinusoids", torch.float64, 8, checkpoint=folder / "by one")
    process = torchrun(request.param, "tests.compute.test_distributed", "in_each_process", folder)
    output_of(process)
    return [torch.load(folder / f"{i}.found") for i in range(request.param)], folder


@pytest.mark.parametrize(("dtype", "room"), [(torch.float64, 1e-12), (torch.float32, 2e-6)])
@pytest.mark.parametrize("name", LEARNERS)
def test_the_weights_and_losses_are_those_of_one_process(name, dtype, room, alone, several):
    parameters, losses, _ = alone[name, str(dtype)]
    for found in several[0]:
        mine = found[name, str(dtype)]
        assert torch.allclose(mine[0], parameters, rtol=0, atol=room)
        assert torch.allclose(mine[1], losses, rtol=0, atol=2e-6)  # they are kept as float32
        assert all(map(torch.equal, mine, several[0][0][name, str(dtype)]))  # all processes hold the same bits


def test_averages_over_tasks_are_nearly_those_of_one_process(alone, several):
    """One process takes in its tasks one after the other, several take in theirs side by side."""
    gathered = "gathered", "torch.float64"
    assert torch.allclose(several[0][0][gathered][2], alone[gathered][2], rtol=0, atol=0.05)


def test_a_run_is_cut_and_resumed_by_any_number_of_processes(alone, several):
    for found in several[0]:
        assert torch.equal(found["resumed"], found["uncut"])
        assert torch.allclose(found["went on"], alone["uncut"], rtol=0, atol=1e-10)
    learner, history = run("sinusoids", torch.float64, 16, checkpoint=several[1] / "by several")
    assert torch.allclose(weights(learner), alone["uncut"], rtol=0, atol=1e-10) and history.step == [4, 8, 12, 16]


def test_all_processes_stop_early_together(alone, several):
    for found in several[0]:
        assert found["validated"][1:] == alone["validated"][1:] == ([4, 8, 12], "early stop")
        assert torch.allclose(found["validated"][0], alone["validated"][0], rtol=0, atol=1e-4)


def test_more_processes_than_tasks_are_refused_with_a_remedy(several):
    for found in several[0]:
        assert "a meta-batch of 1 cannot be split over" in found["refused"] and "--nproc_per_node" in found["refused"]


def test_a_step_with_others_never_makes_the_host_wait():
    """On the meta device there is no data: looking at a value would fail."""
    from torch.testing._internal.distributed.fake_pg import FakeStore

    learner = LEARNERS["sinusoids"]().to("meta")
    episode = Sinusoids().sample(7, torch.Generator().manual_seed(0)).to("meta")
    torch.distributed.init_process_group("fake", store=FakeStore(), rank=1, world_size=3)
    try:
        assert [distributed.rank(), distributed.size(), distributed.share_of(episode).n_tasks] == [1, 3, 2]
        losses = outer_step(learner.losses, torch.optim.Adam(learner.parameters()), episode)
        assert losses.device.type == "meta"
        distributed.leave()
        assert distributed.together()  # the group is the caller's
    finally:
        torch.distributed.destroy_process_group()
    assert [distributed.rank(), distributed.size(), distributed.share_of(episode)] == [0, 1, episode]


def test_each_process_has_a_gpu_of_its_own(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.distributed, "is_nccl_available", lambda: True)
    assert pick_device() == torch.device("cuda") and distributed.is_first()  # not under torchrun
    for name, value in {"TORCHELASTIC_RUN_ID": "a", "WORLD_SIZE": "4", "RANK": "3", "LOCAL_RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    assert pick_device() == pick_device("cuda") == torch.device("cuda", 1) and not distributed.is_first()
    assert pick_device("cuda:0") == torch.device("cuda", 0) and pick_device("cpu") == torch.device("cpu")
    assert distributed.backend_for(pick_device()) == "nccl" and distributed.backend_for(torch.device("cpu")) == "gloo"
    monkeypatch.setenv("LOCAL_RANK", "2")
    with pytest.raises(ValueError, match="more processes than the 2 GPUs of this machine: use --nproc_per_node=2"):
        pick_device()


def output_of(process, fails=False):
    """What it printed. Without PATIENCE and torchrun's care, others would wait here for a process that stopped."""
    try:
        output = process.communicate(timeout=300)[0]
    finally:
        process.kill()
    assert bool(process.returncode) == fails, output
    return output


def test_an_error_in_one_process_ends_the_run(tmp_path):
    output = output_of(torchrun(2, "tests.compute.test_distributed", "stop", tmp_path), fails=True)
    assert "ValueError: the tasks ran out" in output


def test_a_process_that_hangs_is_not_waited_for_for_ever(tmp_path):
    output = output_of(torchrun(2, "tests.compute.test_distributed", "hang", tmp_path), fails=True)
    assert "ConnectionError: another process of this run has stopped, or does not answer" in output


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to consoles only")
def test_the_stop_button_keeps_what_was_learned(tmp_path):
    process = torchrun(2, "tests.compute.test_distributed", "interrupted", tmp_path)
    deadline = time.monotonic() + 120
    while not (tmp_path / "ready").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output_of(process, fails=True)
    stopped, rows = torch.load(tmp_path / "kept")
    assert stopped == "interrupted" and rows >= 3


def test_the_command_line_writes_one_file(tmp_path):
    path = tmp_path / "w.safetensors"
    train = ("course_lib", "train", "--learner", "maml", "--data", "sinusoids", "--steps", 4, "--meta-batch", 3,
             "--device", "cpu", "--json", "--output")  # fmt: skip
    process = torchrun(2, *train, path)
    output = output_of(process)
    assert [p.name for p in tmp_path.iterdir()] == ["w.safetensors"] and output.count('"outer_loss"') == 1
    subprocess.run([sys.executable, "-m", *map(str, train), tmp_path / "alone"], cwd=ROOT, check=True, timeout=300)
    assert torch.allclose(weights(storage.load(path)), weights(storage.load(tmp_path / "alone")), rtol=0, atol=1e-5)


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]))
