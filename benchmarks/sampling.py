"""Episodes a second, 5-way 1-shot 15-query, on one thread: `python benchmarks/sampling.py`."""

import time

import torch

from course_lib.tasks import Omniglot, Scripts, Sinusoids


def rate(tasks, batch: int, seconds: float = 2.0) -> float:
    """Episodes a second in batches of `batch`: the best of the batches drawn in `seconds`."""
    generator = torch.Generator().manual_seed(0)
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        tasks.sample(batch, generator)
        best = min(best, time.perf_counter() - start)
    return batch / best


def main():
    """Print a table."""
    torch.set_num_threads(1)
    sources = {"Scripts": Scripts, "Sinusoids": Sinusoids, "Omniglot": Omniglot}
    print("| tasks | episodes in a batch | episodes a second |\n|---|---|---|")
    for name, source in sources.items():
        try:
            tasks = source()
        except (FileNotFoundError, ConnectionError) as error:
            print(f"| {name} | not here: {error} | |")
            continue
        for batch in (1, 25, 100):
            print(f"| {name} | {batch} | {rate(tasks, batch):,.0f} |")


if __name__ == "__main__":
    main()
