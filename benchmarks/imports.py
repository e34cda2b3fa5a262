"""What `import course_lib` adds to `import torch`: fresh processes, taking turns. `python benchmarks/imports.py`"""

import statistics
import subprocess
import sys
import time


def seconds(code: str) -> float:
    """Wall-clock seconds of a fresh Python that runs `code`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main():
    """Print the median of each and of the differences, over 11 turns."""
    pairs = [(seconds("import torch"), seconds("import torch, course_lib")) for _ in range(12)][1:]
    torch_alone, both = (statistics.median(column) for column in zip(*pairs, strict=True))
    added = statistics.median(b - a for a, b in pairs)
    print(f"import torch {torch_alone:.2f} s, with course_lib {both:.2f} s: it adds {added:.2f} s")


if __name__ == "__main__":
    main()
