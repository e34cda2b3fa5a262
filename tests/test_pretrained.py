"""The weights that ship: where they come from, and that they do what data/README.md says of them."""

import pytest
import torch

from course_lib import evaluate, load, storage
from course_lib.learners import surprise
from course_lib.lessons.lesson12.arm_learners import shipped
from course_lib.paths import data_dir, pretrained
from course_lib.tasks import Arms, GaussianProcess, Lines, Omniglot, Scripts, Sinusoids

FOLDER = data_dir() / "pretrained"
FILES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.safetensors"))
PAGES = (data_dir() / "README.md", FOLDER / "fair" / "README.md")
README = "".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_how_it_was_trained_and_so_does_the_readme(name):
    notes = storage.notes(pretrained(name))["notes"]
    assert notes["command"].removesuffix(" --json") in README and notes["seconds"] > 10


@pytest.mark.parametrize(("name", "expected"), [("prototypical_scripts", 0.992), ("prototypical_omniglot", 0.913)])
def test_scores_on_scripts(name, expected):
    result = evaluate(load(pretrained(name)), Scripts(split="test"), 60, seed=1)
    assert abs(result.mean - expected) < 2 * result.ci95 + 0.005


@pytest.mark.parametrize(("name", "expected"), [("prototypical_scripts", 0.971), ("prototypical_omniglot", 0.978)])
def test_scores_on_real_handwriting(name, expected):
    try:
        tasks = Omniglot(split="test")
    except (FileNotFoundError, ConnectionError) as error:
        pytest.skip(str(error))
    result = evaluate(load(pretrained(name)), tasks, 60, seed=1)
    assert abs(result.mean - expected) < 2 * result.ci95 + 0.005


@pytest.mark.parametrize(("name", "shot", "expected"), [("maml_sinusoids_5", 5, 0.60), ("maml_sinusoids_10", 10, 0.36)])
def test_errors_on_sinusoids(name, shot, expected):
    """After one step, as in benchmarks/README.md, on the first 200 of its tasks."""
    result = evaluate(load(pretrained(name)), Sinusoids(shot=shot, query=100), 200, seed=1)
    assert abs(result.mean - expected) < 2 * result.ci95


@pytest.mark.parametrize(("name", "low", "high"), [("4", 1.3, 2.3), ("32", 0.08, 0.4), ("endless", 0.03, 0.12)])
def test_errors_on_new_lines(name, low, high):
    """At five points, against the lines themselves. Ridge errs 0.04, and answering 0 about 2."""
    tasks = Lines(1, 5, 20, intercept=True, clean_queries=True)
    assert low < evaluate(load(pretrained(f"reader_lines_{name}")), tasks, 300, seed=1).mean < high


def test_the_reader_of_curves_says_how_sure_it_is():
    """Its intervals of 95 % hold about as much, and its answers are nearly those of the exact posterior."""
    reader, tasks = load(pretrained("reader_curves")), GaussianProcess(10, 20)
    e = tasks.sample(300, torch.Generator().manual_seed(1))
    mean, spread = reader.distribution(reader.adapt(e.support_x, e.support_y), e.query_x)
    assert 0.92 < ((e.query_y - mean).abs() < 1.96 * spread).float().mean() < 0.98
    exact = tasks.posterior(e.support_x, e.support_y, e.query_x)
    assert surprise(mean, spread, e.query_y).mean() - surprise(*exact, e.query_y).mean() < 0.15


@pytest.mark.parametrize(("name", "low", "high"), [("recurrent", 0.03, 0.08), ("MAML", 0.015, 0.05)])
def test_errors_on_new_arms(name, low, high):
    """After a second of movement, in squared units of torque. The torques themselves have a mean square above 1."""
    tasks = Arms(50, 50, arms=60, clean_queries=True, seed=1000)
    assert tasks.y.square().mean() > 1
    assert low < evaluate(shipped(name), tasks, 100, seed=1).mean < high


@pytest.mark.parametrize(("name", "expected"), [("maml_omniglot", 0.977), ("fomaml_omniglot", 0.967)])
def test_scores_of_maml_on_characters_it_has_not_seen(name, expected):
    try:
        tasks = Omniglot(split="test", scheme="characters")
    except (FileNotFoundError, ConnectionError) as error:
        pytest.skip(str(error))
    result = evaluate(load(pretrained(name)), tasks, 60, seed=1)
    assert abs(result.mean - expected) < 2 * result.ci95 + 0.005
