"""Episodes a second, 5-way 1-shot 15-query, on one thread: `python benchmarks/sampling.py`."""

import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from course_lib.pictures import reading
from course_lib.tasks import Folder, Omniglot, Scripts, Sinusoids


def rate(tasks, batch: int, seconds: float = 2.0) -> float:
    """Episodes a second in batches of `batch`: the best of the batches drawn in `seconds`."""
    generator = torch.Generator().manual_seed(0)
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        tasks.sample(batch, generator)
        best = min(best, time.perf_counter() - start)
    return batch / best


def own(root: Path, size: int, channels: int) -> Folder:
    """Pictures of noise, 20 to 29 a class, as PNG files in folders."""
    noise = np.random.default_rng(0)
    for i in range(64):
        (root / str(size) / f"{i:02d}").mkdir(parents=True)
        for j in range(20 + i % 10):
            pixels = noise.integers(0, 256, (size, size, channels), np.uint8)
            Image.fromarray(pixels.squeeze()).save(root / str(size) / f"{i:02d}" / f"{j}.png")
    return Folder(root / str(size), split="all", size=size, channels=channels)


def main():
    """Print a table."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as root:
        reading.cache_dir = lambda: Path(root) / "cache"  # it goes with the pictures
        sources = {
            "Scripts": Scripts,
            "Sinusoids": Sinusoids,
            "Omniglot": Omniglot,
            "Folder, 28 x 28 grey": lambda: own(Path(root), 28, 1),
            "Folder, 84 x 84 colour": lambda: own(Path(root), 84, 3),
        }
        print("| tasks | episodes in a batch | episodes a second |\n|---|---|---|")
        for name, source in sources.items():
            try:
                tasks = source()
            except (FileNotFoundError, ConnectionError) as error:
                print(f"| {name} | not here: {error} | |")
                continue
            for batch in (1, 25, 100):
                print(f"| {name} | {batch} | {rate(tasks, batch):,.0f} |", flush=True)


if __name__ == "__main__":
    main()
