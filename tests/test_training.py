"""fit: cut anywhere, resumed bit for bit; nothing waits for the device; nothing is lost."""

import math
import random
import subprocess
import sys
import time

import pytest
import torch
from torch import nn

from course_lib import evaluate, fit
from course_lib.history import History
from course_lib.learners import MAML, ImplicitMAML, Joint, Learner, MAMLPlusPlus, PrototypicalNet, Reptile
from course_lib.models import MLP, Conv4
from course_lib.stop import Stop
from course_lib.tasks import ImageTasks, Sinusoids
from course_lib.training import outer_step

IMAGES = (torch.rand(12, 6, 28, 28, generator=torch.Generator().manual_seed(0)) * 255).to(torch.uint8)


class MeanCurve(Learner):
    """Ignores the support set: the smallest thing that can be trained on sinusoids. With dropout, so that
    it draws random numbers of its own."""

    def __init__(self):
        super().__init__(MLP((1, 8, 1)))
        self.dropout = nn.Dropout(0.3)

    def adapt(self, support_x, support_y, way=None):
        return None

    def predict(self, adapted, query_x):
        return self.backbone(self.dropout(query_x))


def new_learner():
    torch.manual_seed(3)
    return MeanCurve()


def weights(learner):
    return torch.cat([v.flatten().double() for v in learner.state_dict().values()])


def run(steps=60, **options):
    learner = new_learner()
    history = fit(learner, Sinusoids(), steps, meta_batch=4, device="cpu", progress=False, **options)
    return learner, history


def test_training_lowers_the_loss_and_the_history_has_both():
    learner = PrototypicalNet(Conv4(8))
    tasks = ImageTasks(IMAGES, way=5, shot=2, query=3)
    history = fit(learner, tasks, 40, device="cpu", progress=False)
    assert history.outer[-1] < history.outer[0] and len(history.inner) == len(history.step) == 4
    assert history.step == [10, 20, 30, 40] and history.stopped == "finished"
    assert not learner.training


def test_the_same_seed_gives_the_same_weights_and_another_does_not():
    assert torch.equal(weights(run()[0]), weights(run()[0]))
    assert not torch.equal(weights(run()[0]), weights(run(seed=1)[0]))


def test_the_random_state_outside_is_left_alone():
    learner, state = new_learner(), torch.get_rng_state()
    fit(learner, Sinusoids(), 3, progress=False, device="cpu")
    assert torch.equal(torch.get_rng_state(), state)


SCRIPT = """
import sys; sys.path.insert(0, "tests")
from course_lib.checkpoint import Run
from test_training import run, weights
import torch
Run.seconds_between_saves = 0
learner, history = run(1500, checkpoint=sys.argv[1],
                       schedule=lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 1500))
torch.save((weights(learner), history.step, history.outer, history.inner), sys.argv[1] + ".done")
"""


def test_killed_at_any_moment_and_resumed_gives_the_same_bits(tmp_path):
    path = tmp_path / "run.checkpoint"
    rng = random.Random(0)
    kills = 0
    for _ in range(12):
        process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(path)])
        before = path.stat().st_mtime_ns if path.exists() else 0
        deadline = time.time() + 60
        while process.poll() is None and time.time() < deadline:  # wait until it has got somewhere new
            if path.exists() and path.stat().st_mtime_ns != before:
                break
            time.sleep(0.005)
        time.sleep(rng.random() * 0.4)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
        if kills == 2:
            subprocess.run([sys.executable, "-c", SCRIPT, str(path)], check=True, timeout=120)
            break
    assert kills >= 2, "the run ended before it could be cut; make it longer"
    got = torch.load(f"{path}.done", weights_only=True)
    learner, history = run(1500, schedule=lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 1500))
    assert torch.equal(got[0], weights(learner))
    assert (got[1], got[2], got[3]) == (history.step, history.outer, history.inner)


def test_a_finished_run_is_not_trained_again_and_a_longer_one_goes_on(tmp_path):
    short, first = run(40, checkpoint=tmp_path / "c")
    again, second = run(40, checkpoint=tmp_path / "c")
    assert torch.equal(weights(short), weights(again)) and second.step == first.step
    longer, _ = run(80, checkpoint=tmp_path / "c")
    assert torch.equal(weights(longer), weights(run(80)[0]))


def test_a_checkpoint_of_another_run_or_a_damaged_one_is_refused(tmp_path):
    run(20, checkpoint=tmp_path / "c")
    with pytest.raises(ValueError, match="another run: its seed is 0, not 1"):
        run(20, checkpoint=tmp_path / "c", seed=1)
    with pytest.raises(
        ValueError, match="its learner is 'test_training.MeanCurve of 25 parameters', not 'course_lib.*Joint of 31 "
    ):
        fit(Joint(MLP((1, 10, 1))), Sinusoids(), 20, checkpoint=tmp_path / "c", device="cpu")
    (tmp_path / "c").write_bytes((tmp_path / "c").read_bytes()[:100])
    with pytest.raises(ValueError, match="not a checkpoint"):
        run(20, checkpoint=tmp_path / "c")


class StopAt:
    """Tasks that raise an error when step `at` is drawn."""

    def __init__(self, at, error):
        self.at, self.error, self.tasks, self.count = at, error, Sinusoids(), 0

    def sample(self, n, generator):
        self.count += 1
        if self.count > self.at:
            raise self.error
        return self.tasks.sample(n, generator)


def test_the_stop_button_keeps_what_was_learned():
    learner = new_learner()
    history = fit(learner, StopAt(25, KeyboardInterrupt()), 1000, meta_batch=4, device="cpu", progress=False)
    assert history.stopped == "interrupted" and history.step == [10, 20]
    assert torch.equal(weights(learner), weights(run(20)[0]))


def test_a_lesson_can_insist_on_the_whole_training():
    history = fit(new_learner(), StopAt(25, KeyboardInterrupt()), 1000, device="cpu", progress=False)
    with pytest.raises(Stop, match="interrupted after 20 steps.*Run this cell again"):
        history.must_be_whole()
    fit(new_learner(), Sinusoids(), 10, device="cpu", progress=False).must_be_whole()


def test_in_a_notebook_an_unfinished_training_is_one_sentence(capsys):
    from IPython.core.interactiveshell import InteractiveShell

    code = "from course_lib.history import History\nHistory(stopped='interrupted').must_be_whole()\nprint('on')"
    InteractiveShell().run_cell(code)
    printed = capsys.readouterr().out
    assert printed.count("\n") <= 2 and "○ Training was interrupted after 0 steps" in printed and "on\n" not in printed


def test_a_loss_that_is_not_finite_stops_with_advice_and_the_last_good_weights():
    learner = new_learner()
    with pytest.raises(FloatingPointError, match="Try a lower lr"):
        fit(learner, Sinusoids(), 500, lr=1e30, optimizer=torch.optim.SGD, device="cpu", progress=False)
    assert weights(learner).isfinite().all()


def test_the_best_weights_on_validation_are_kept_and_patience_stops():
    def uphill(parameters, lr):  # every step makes it worse, so the first validation is the best
        return torch.optim.SGD(parameters, lr=lr, maximize=True)

    learner = new_learner()
    history = fit(
        learner, Sinusoids(), 200, meta_batch=20, lr=1e-3, optimizer=uphill, validation=Sinusoids(), validate_every=10,
        patience=2, validation_tasks=20, device="cpu", progress=False, seed=2,
    )  # fmt: skip
    assert history.stopped == "early stop" and history.validation_step == [10, 20, 30]
    assert history.validation == sorted(history.validation) and history.validations_since_best() == 2
    assert evaluate(learner, Sinusoids(), 20, seed=2).mean == pytest.approx(history.validation[0])


@pytest.mark.parametrize("learner", [
    PrototypicalNet(Conv4(4)), new_learner(), MAML(Conv4(4, out=5), 2), Reptile(Conv4(4, out=5)),
    ImplicitMAML(Conv4(4, out=5), 2),
    MAMLPlusPlus(Conv4(4, out=5), 2, batch_norm="step", rates="layer", multi_step_for=9),
])  # fmt: skip
def test_a_step_runs_on_the_meta_device(learner):
    """No data there: anything that looks at a value (`.item()`, `if loss > ...`) or mixes devices fails."""
    tasks = Sinusoids() if isinstance(learner, MeanCurve) else ImageTasks(IMAGES, query=3)
    episode = tasks.sample(2, torch.Generator().manual_seed(0)).to("meta")
    learner = learner.to("meta")
    optimizer = torch.optim.Adam(learner.parameters())
    inner, outer = outer_step(learner.losses, optimizer, episode, at_once=learner.tasks_at_once)
    assert inner.device.type == outer.device.type == "meta"


def test_amp_trains():
    learner = PrototypicalNet(Conv4(4))
    history = fit(learner, ImageTasks(IMAGES, query=3), 20, device="cpu", amp=True, progress=False)
    assert all(torch.isfinite(torch.tensor(history.outer)))


def test_compile_is_an_option(monkeypatch):
    compiled = []

    def in_plain_python(function, real=torch.compile, **_):  # traced all the same, but a C++ compiler is not needed
        compiled.append(function)
        return real(function, backend="eager", fullgraph=True)

    monkeypatch.setattr(torch, "compile", in_plain_python)
    assert torch.equal(weights(run(5, compile=True)[0]), weights(run(5)[0])) and len(compiled) == 1


def test_a_full_disk_does_not_stop_training(tmp_path, monkeypatch):
    def no_space(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course_lib.checkpoint.os.fsync", no_space)
    with pytest.warns(UserWarning, match="No space left on device.*free some disk space"):
        learner, history = run(20, checkpoint=tmp_path / "c")
    assert history.stopped == "finished" and torch.equal(weights(learner), weights(run(20)[0]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 0}, "steps must be a whole number"),
        ({"meta_batch": 0}, "meta_batch"),
        ({"patience": 3}, "validation"),
        ({"device": "gpu"}, "not a device"),
        ({"device": "cuda"} if not torch.cuda.is_available() else {"steps": 0}, "not on this machine|steps"),
    ],
)
def test_bad_arguments_are_refused_before_any_work(options, words):
    with pytest.raises(ValueError, match=words):
        fit(new_learner(), Sinusoids(), **({"steps": 5, "progress": False} | options))


def test_a_learner_without_parameters_is_refused():
    with pytest.raises(ValueError, match="no parameters"):
        fit(PrototypicalNet(nn.Identity()), Sinusoids(), 5)


@pytest.mark.parametrize("higher", [False, True])
def test_a_validation_that_is_no_number_is_never_the_best(higher):
    """The first one was, for ever: no error is smaller than NaN."""
    history = History(validation=[math.nan, 3.0, math.nan, 2.0], higher_is_better=higher)
    assert history.validations_since_best() == (2 if higher else 0)


def test_an_episode_is_drawn_for_each_step_from_seed_and_step_alone():
    seen = []

    class Spy(Sinusoids):
        def sample(self, n, generator):
            episode = super().sample(n, generator)
            seen.append(episode.support_x.flatten()[0].item())
            return episode

    fit(new_learner(), Spy(), 5, device="cpu", progress=False)
    first = list(seen)
    fit(new_learner(), Spy(), 5, device="cpu", progress=False)
    assert seen[7:] == first and len(set(first[2:])) == 5
    assert first[0] == first[1]  # fit looks first whether the same generator gives the same task
