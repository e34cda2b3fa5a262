"""Seeds and devices."""

import subprocess
import sys

import pytest
import torch

from course_lib import pick_device
from course_lib.compute.seeding import generator_for, seed_for


def test_every_seed_stream_and_index_has_random_numbers_of_its_own():
    seeds = {seed_for(s, stream, i) for s in range(5) for stream in (0, 1) for i in range(200)}
    assert len(seeds) == 5 * 2 * 200 and all(0 <= seed < 2**63 for seed in seeds)
    draws = torch.stack([torch.randn(50, generator=generator_for(0, 0, i)) for i in range(200)])
    assert abs(torch.corrcoef(draws).fill_diagonal_(0)).mean() < 0.13  # chance: 0.8 / sqrt(50) = 0.11
    assert torch.equal(draws[3], torch.randn(50, generator=generator_for(0, 0, 3)))


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="seed must be a whole number of at least 0"):
        seed_for(-1, 0, 0)


def test_devices():
    assert pick_device("cpu").type == "cpu" and pick_device().type in ("cuda", "mps", "cpu")
    with pytest.raises(ValueError, match="is not a device"):
        pick_device("gpu")
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="is not on this machine"):
            pick_device("cuda")


def test_importing_the_library_loads_nothing_heavy():
    heavy = ["pandas", "sklearn", "scipy", "anywidget", "ipywidgets", "matplotlib", "pooch", "papermill",
             "IPython", "torch._dynamo"]  # fmt: skip
    code = f"import sys, course_lib; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before = subprocess.run([sys.executable, "-c", code.replace("course_lib", "torch")], capture_output=True, text=True)
    assert done.stdout == before.stdout
