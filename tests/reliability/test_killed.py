"""kill -9 at 20 random moments of training on the command line: the same command goes on, and the weights are the same
bits as those of a run that nobody cut. On Windows the process is terminated, which is as sudden."""

import random
import subprocess
import sys
import time

import pytest
import torch
from safetensors.torch import load_file

# As `python -m course_lib`, but a checkpoint is due after every few steps in place of every ten seconds.
PROGRAM = """
import sys
from course_lib.commands import main
from course_lib.checkpoint import Run
Run.seconds_between_saves = 0
main(sys.argv[1:])
"""
TRAIN = ("train", "--learner", "maml", "--data", "sinusoids", "--shot", "5", "--query", "5", "--meta-batch", "2",
         "--steps", "3000", "--device", "cpu", "--output")  # fmt: skip
KILLS = 20


def start(output):
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *TRAIN, str(output)],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip


def stamp(path):
    return path.stat().st_mtime_ns if path.exists() else 0


def wait_for_progress(process, path, before: int):
    """Until a new checkpoint stands there, or the process has ended."""
    deadline = time.monotonic() + 600
    while process.poll() is None and stamp(path) == before:
        assert time.monotonic() < deadline, f"no checkpoint in ten minutes: {path}"
        time.sleep(0.002)


def same_bits(first, second) -> bool:
    first, second = load_file(first), load_file(second)
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


@pytest.mark.slow
def test_killed_at_20_random_moments_and_resumed_gives_the_same_bits(tmp_path):
    rng, kills, in_a_write = random.Random(0), 0, 0
    output = tmp_path / "cut.safetensors"
    checkpoint, partial = (tmp_path / f"cut.safetensors.checkpoint{end}" for end in ("", ".partial"))
    while not output.exists():
        process = start(output)
        if kills < KILLS:
            wait_for_progress(process, checkpoint, stamp(checkpoint))
            time.sleep(0.1 * rng.random())
            if kills % 2 and process.poll() is None:  # every second time in the middle of writing a checkpoint
                while process.poll() is None and not partial.exists():
                    pass
            process.kill()
            kills += process.wait() != 0
            in_a_write += partial.exists()
            assert not output.exists(), f"the run ended after {kills} kills; make it longer"
        else:
            printed, _ = process.communicate(timeout=300)
            assert process.returncode == 0, printed
    whole = tmp_path / "whole.safetensors"
    assert start(whole).wait() == 0
    assert same_bits(output, whole)
    assert kills == KILLS and in_a_write > 0
    assert sorted(p.name for p in tmp_path.iterdir() if p != partial) == ["cut.safetensors", "whole.safetensors"]
    print(f"killed {kills} times, {in_a_write} of them while a checkpoint was being written")
