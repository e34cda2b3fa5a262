"""Omniglot: real handwriting, 1,623 characters of 50 alphabets, each written once by 20 people.

Source: Lake, Salakhutdinov and Tenenbaum 2015, "Human-level concept learning through probabilistic program
induction" (Science 350). The data are under the MIT licence; see data/README.md.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from functools import lru_cache

import numpy as np
import torch
from torch import Generator, Tensor

from course_lib.episode import Episode
from course_lib.pictures.reading import shrink
from course_lib.tasks.download import fetch, forget
from course_lib.tasks.images import ImageTasks
from course_lib.tasks.sampler import pick_different
from course_lib.tasks.scripts.warp import rewrite
from course_lib.tasks.splits import quarter_turns, split_by_group

FOLDER, ADDRESS = "omniglot", "https://raw.githubusercontent.com/brendenlake/omniglot/master/python"
RUNS_ADDRESS = f"{ADDRESS}/one-shot-classification"
BACKGROUND = 964  # characters of Lake's background alphabets; those of the evaluation alphabets come after them
OUT = 28  # pixels: height and width of an image, reduced from 105

#: Lake's minimal background sets: five alphabets each.
SMALL = {
    "small1": ("Balinese", "Early_Aramaic", "Greek", "Korean", "Latin"),
    "small2": ("Greek", "Japanese_(katakana)", "Latin", "Sanskrit", "Tagalog"),
}
SPLITS = {
    "alphabets": ("train", "validation", "test", "all", "background", *SMALL),
    "characters": ("train", "validation", "test", "all"),
}

#: The publisher's archives: their MD5, and the SHA-256 of their pictures, which packing again does not change.
KNOWN = {
    "images_background.zip": (
        "68d2efa1b9178cc56df9314c21c6e718",
        "6699ae4df8ffac22aee7951d7cba6e421d3c2f9276990b84beacf5bef54348ea",
    ),
    "images_evaluation.zip": (
        "6b91aef0f799c5bb55b94e3f2daec811",
        "afb28aaea14406a6cf3c19d26de4ed60d69ccb7f5e6373afffc637b4784c039c",
    ),
    "all_runs.zip": (
        "e8996daecdf12afeeb4a53a179f06b19",
        "3e1fa795df1c5fffaf40bed929c723c7c3dbfb1ed9f91e0f0676a45df6503df4",
    ),
}


class Omniglot(ImageTasks):
    """Few-shot tasks over the characters of Omniglot, as one uint8 tensor of 28 x 28 images.

    Args:
        way, shot, query: classes in a task, support and query images a class; at most 20 images of a class in all.
        split: "train", "validation", "test" or "all"; by alphabets also "background" (Lake's 30 background alphabets:
            training and validation together), and "small1" and "small2" (his two sets of five of them).
        scheme: `"alphabets"` tests on Lake's 20 evaluation alphabets, trains on 25 of the background alphabets and
            validates on the other 5. `"characters"` deals characters regardless of alphabet, 1,100 / 100 / 423, as
            MAML does: easier, since a test character's alphabet has been seen.
        rotations: quarter turns of a character are classes of their own, made after splitting.
        hands: draw every image again by another hand (`warp.rewrite`), afresh in every episode. For training.
        within_alphabet: all classes of a task are of one alphabet, as in Lake's test: much harder. Each alphabet
            that has `way` characters is equally likely.
        device: where the images live and episodes are made.

    Raises:
        FileNotFoundError, ConnectionError: if the data are not there and cannot be fetched; says what to do.
        ValueError: for an unknown split or scheme, damaged data, or a task larger than what there is.

    Source: Lake et al. 2015 (Science 350) for the data and its two sets of alphabets; Finn et al. 2017
    (arXiv:1703.03400), section 5.2, for the split by characters; Santoro et al. 2016 (arXiv:1605.06065) for rotations.
    """

    def __init__(self, way=5, shot=1, query=15, split="train", *, scheme="alphabets", rotations=False, hands=False,
                 within_alphabet=False, device="cpu"):  # fmt: skip
        if scheme not in tuple(SPLITS):
            raise ValueError(f'scheme must be "alphabets" or "characters", but it is {scheme!r}.')
        if split not in SPLITS[scheme]:
            raise ValueError(f"split must be one of {', '.join(SPLITS[scheme])} by {scheme}, but it is {split!r}.")
        names, images = _characters()
        rows = list(range(len(names))) if split == "all" else split_rows(names, scheme)[split]
        names, images = [names[i] for i in rows], images[rows]
        if rotations:
            names = [f"{name} turned {90 * k}°" if k else name for k in range(4) for name in names]
            images = quarter_turns(images)
        super().__init__(images, way, shot, query, device, names)
        self.split, self.scheme, self.rotations, self.hands = split, scheme, rotations, hands
        self.alphabets = _by_alphabet(self.names, way) if within_alphabet else None

    def pick_classes(self, n_tasks: int, generator) -> Tensor:
        """`way` different classes for each task, of one alphabet if that was asked for: `[tasks, way]`."""
        if self.alphabets is None:
            return super().pick_classes(n_tasks, generator)
        which = torch.randint(len(self.alphabets), (n_tasks,), generator=generator).tolist()
        chosen = [pick_different((), len(self.alphabets[i]), self.way, generator) for i in which]  # each [way]
        return torch.stack([self.alphabets[i][places] for i, places in zip(which, chosen, strict=True)])

    def render(self, images: Tensor, generator) -> Tensor:
        """The stored images, or the same characters drawn again by other hands."""
        return rewrite(images, generator) if self.hands else images

    def __repr__(self):
        more = {"rotations": self.rotations, "hands": self.hands, "within an alphabet": self.alphabets}
        words = [f"{self.split} by {self.scheme}", *(word for word, yes in more.items() if yes)]
        return f"{super().__repr__()[:-1]}, {', '.join(words)})"


class LakeRuns:
    """Lake's one-shot test: 20 runs, each a 20-way 1-shot task within one alphabet, 20 queries, one a class.

    Args:
        device: where episodes are made.
        size: height and width of the images in pixels; 105 is that of the drawings themselves.

    Source: Lake et al. 2015 (Science 350): people err in 4.5 % of the 400 trials.
    """

    way, shot, query = 20, 1, 1

    def __init__(self, device="cpu", size=OUT):
        self.runs = _runs(size).to(device)

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """`n_tasks` of the 20 runs, drawn with replacement; `evaluate(learner, LakeRuns().runs)` takes each once."""
        chosen = torch.randint(self.runs.n_tasks, (n_tasks,), generator=generator).to(self.runs.device)
        return self.runs.map(lambda t: t[chosen])

    def __repr__(self):
        return f"LakeRuns(20 runs, 20-way 1-shot within an alphabet, {self.runs.device})"


def split_rows(names: list[str], scheme: str) -> dict[str, list[int]]:
    """Which characters each split holds, as places in `names` ("alphabet/character"). It never changes."""
    generator = torch.Generator().manual_seed(2015)
    if scheme == "characters":
        return split_by_group(names, validation=100, test=423, generator=generator)
    alphabets = [name.split("/")[0] for name in names[:BACKGROUND]]
    rows = split_by_group(alphabets, validation=5, test=0, generator=generator)
    small = {split: [i for i, alphabet in enumerate(alphabets) if alphabet in SMALL[split]] for split in SMALL}
    every = {"background": list(range(BACKGROUND)), "test": list(range(BACKGROUND, len(names)))}
    return rows | small | every


def _by_alphabet(names: list[str], way: int) -> list[Tensor]:
    """The places in `names` of each alphabet's characters, for alphabets of at least `way`; a turned one is another."""
    places = {}
    for i, name in enumerate(names):
        alphabet, _, character = name.partition("/")
        places.setdefault((alphabet, character.partition(" ")[2]), []).append(i)
    large = [torch.tensor(found) for found in places.values() if len(found) >= way]
    if not large:
        most = max(map(len, places.values()))
        raise ValueError(f"no alphabet of this split has {way} characters, the largest has {most}; use a smaller way.")
    return large


@lru_cache(maxsize=1)
def _characters() -> tuple[list[str], Tensor]:
    """The names of all characters and their images `[1623, 20, OUT, OUT]`. Takes some seconds, once in a process."""
    names, images = [], []
    for archive in ("images_background.zip", "images_evaluation.zip"):
        files, pictures = _read(archive)
        names += list(dict.fromkeys("/".join(file.split("/")[1:3]) for file in files))  # "alphabet/character"
        images.append(_reduce(pictures).unflatten(0, (-1, 20)))  # [characters, 20, OUT, OUT]
    return names, torch.cat(images)


@lru_cache(maxsize=1)
def _runs(size: int) -> Episode:
    archive = "all_runs.zip"
    files, pictures = _read(archive)
    images = dict(zip(files, _reduce(pictures, size).unsqueeze(1) / 255, strict=True))  # each [1, size, size]
    with zipfile.ZipFile(fetch(FOLDER, archive, RUNS_ADDRESS, KNOWN[archive][0])) as file:
        keys = [file.read(f"run{run:02d}/class_labels.txt").decode().split() for run in range(1, 21)]
    tasks = []
    for run, key in enumerate(keys, 1):  # the key names a test picture and its training picture in turn
        classes = [f"run{run:02d}/training/class{k:02d}.png" for k in range(1, 21)]
        labels = torch.tensor([[classes.index(name) for name in key[1::2]]])
        support, queries = (torch.stack([images[name] for name in some])[None] for some in (classes, key[::2]))
        tasks.append(Episode(support, torch.arange(20)[None], queries, labels, way=20))
    return Episode.cat(tasks)


def _read(archive: str) -> tuple[list[str], np.ndarray]:
    """The sorted names of an archive's pictures, and the pictures: `[n, 105, 105]` of bool, True is ink.

    A downloaded archive that is damaged is deleted and fetched once more; nothing of it is used.
    """
    md5, fingerprint = KNOWN[archive]
    for _ in range(2):
        path = fetch(FOLDER, archive, RUNS_ADDRESS if archive == "all_runs.zip" else ADDRESS, md5)
        files, pictures = _unpack(path)
        if hashlib.sha256(np.packbits(pictures).tobytes()).hexdigest() == fingerprint:
            return files, pictures
        if not forget(path):
            raise ValueError(f"{path} is damaged or is not the Omniglot archive of that name; replace it.")
    raise ValueError(f"{archive} arrived damaged twice; try again later, or use course_lib.tasks.Scripts.")


def _unpack(path) -> tuple[list[str], np.ndarray]:
    """As `_read`; nothing at all from an archive that cannot be read to its end."""
    from PIL import Image  # matplotlib brings it; slow to import

    try:
        with zipfile.ZipFile(path) as file:
            names = sorted(name for name in file.namelist() if name.endswith(".png"))
            pictures = [~np.asarray(Image.open(io.BytesIO(file.read(name))).convert("1")) for name in names]
        return names, np.stack(pictures)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError):  # what damage makes these two raise
        return [], np.zeros(0, bool)


def _reduce(pictures: np.ndarray, size: int = OUT) -> Tensor:
    """Each pixel of the result is the mean ink of those it covers: `[n, 105, 105]` bool to `[n, size, size]` uint8."""
    parts = torch.from_numpy(pictures).split(2000)  # a part at a time, for the sake of memory
    return torch.cat([shrink(part.float(), size) for part in parts])
