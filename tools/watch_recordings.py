"""Makes `data/watch.npz`, the recordings of lesson 11, from the wheel file of seglearn 1.2.5, which carries them.

`pip download seglearn==1.2.5 --no-deps`, then `python -m tools.watch_recordings seglearn-1.2.5-py3-none-any.whl`.
The wheel holds a pickle, which can run code: read it only from a file whose hash is the one below.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import click
import numpy as np

SHA256 = "ec6b952c85c9627050102854b372d85951563d3b990df677d7c55547e87413dd"
INSIDE, LICENSE = "seglearn/data/watch_dataset.npy", "seglearn-1.2.5.dist-info/LICENSE"
SCALE = np.array([4096, 4096, 4096, 1024, 1024, 1024.0])  # steps of an int16 in one g, and in one radian a second

#: The names of the exercises by the codes of the wheel, as in the description of the whole data set, SPAR.
NAMES = {"PEN": "pendulum", "ABD": "abduction", "FEL": "forward elevation", "IR": "internal rotation",
         "ER": "external rotation", "TRAP": "trapezius row", "ROW": "bent-over row"}  # fmt: skip
CHANNELS = {"a": "acceleration", "w": "turning"}


def halved(signal: np.ndarray) -> np.ndarray:
    """50 readings a second become 25: the mean of each two. `[samples, 6] -> [samples // 2, 6]`."""
    n = len(signal) // 2 * 2
    return signal[:n].reshape(-1, 2, 6).mean(1)


@click.command()
@click.argument("wheel", type=click.Path(exists=True, dir_okay=False))
@click.option("--output", default="data/watch.npz", show_default=True)
def main(wheel: str, output: str):
    """Write the recordings, and their licence beside them."""
    if hashlib.sha256(Path(wheel).read_bytes()).hexdigest() != SHA256:
        raise click.ClickException(f"{wheel} is not the wheel of seglearn 1.2.5; pip download seglearn==1.2.5")
    with zipfile.ZipFile(wheel) as file:
        data = np.load(io.BytesIO(file.read(INSIDE)), allow_pickle=True).item()
        Path(output).with_name("watch_license.txt").write_bytes(file.read(LICENSE))
    arm = 2 * (np.asarray(data["subject"]) - 1) + np.asarray(data["side"])  # side 1 is the right one
    order = np.lexsort((data["y"], arm))  # by arm, then by exercise
    signals = [np.round(halved(data["X"][i]) * SCALE).clip(-32768, 32767).astype(np.int16) for i in order]
    length = np.array([len(signal) for signal in signals], np.int32).reshape(20, 7)
    np.savez_compressed(output, signal=np.concatenate(signals), length=length, scale=SCALE,
                        exercises=np.array([NAMES[code] for code in data["y_labels"]]),
                        channels=np.array([f"{CHANNELS[code[0]]} {code[1]}" for code in data["X_labels"]]))  # fmt: skip
    print(f"{length.size} recordings, {length.sum() / 25 / 60:.0f} minutes, {Path(output).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
