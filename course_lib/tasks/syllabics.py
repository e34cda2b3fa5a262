"""Zero-shot tasks: Canadian syllabics, where the shape says the consonant and its orientation the vowel."""

from __future__ import annotations

import unicodedata

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from course_lib.arguments import check_draw, check_whole
from course_lib.episode import Episode
from course_lib.tasks.images import ImageTasks
from course_lib.tasks.sampler import support_and_query
from course_lib.tasks.scripts.glyphs import FACES, line_map, open_font
from course_lib.tasks.scripts.scripts import Scripts

#: As Unicode names them; "" is a vowel alone. Every one of these has all four vowels.
CONSONANTS = ("", "P", "T", "K", "C", "M", "N", "L", "S", "SH", "Y", "R", "F", "TH", "TT")
VOWELS = ("E", "I", "O", "A")


class Syllabics(Scripts):
    """Zero-shot tasks: the support set says of each class its consonant and its vowel, and shows no image of it.

    A class is a syllable, such as "PA". One vowel of every consonant is held out: no training task has that syllable,
    but all of them together have its consonant, and its vowel. So whoever reads the two apart can name it.
    The images are written as those of `Scripts`. Among the held-out syllables alone, each consonant comes once, so the
    consonant is enough to name one; judge by `split="all"` whether both were read (lesson 06: `zero_shot_report`).

    Args:
        way, query: classes in a task, and images of each to be named.
        split: "train", the 45 syllables to learn from; "test", the 15 that were held out; or "all", for generalised
            zero-shot tasks, which hold both.
        holdout: which vowels are held out, 0 to 3. Each syllable is held out by exactly one of the four.
        device: where the characters live and images are drawn.

    Attributes:
        names: of the classes. attributes: `[classes, 19]`, one 1 for the consonant and one for the vowel.
        seen: `[classes]` bool, whether the class is one of those to learn from.
        consonants, vowels: what the columns of `attributes` mean, in this order.

    Raises:
        ValueError: for an unknown split or holdout, or a task larger than the classes there are.

    Source: zero-shot episodes are those of Snell et al. 2017 (arXiv:1703.05175), section 2.7. Consonants and vowels
    are those of the Unicode names; the typeface is DejaVu, as it comes with matplotlib.
    """

    consonants, vowels = CONSONANTS, VOWELS

    def __init__(self, way=5, query=15, split="train", *, holdout=0, device="cpu"):
        if split not in ("train", "test", "all"):
            raise ValueError(f'split must be "train", "test" or "all", but it is {split!r}.')
        check_whole(0, len(VOWELS) - 1, holdout=holdout)
        pairs = torch.cartesian_prod(torch.arange(len(CONSONANTS)), torch.arange(len(VOWELS)))  # [60, 2]
        seen = (pairs[:, 0] + holdout) % len(VOWELS) != pairs[:, 1]  # [60]: each consonant loses the next vowel
        kept = {"train": seen, "test": ~seen, "all": torch.ones_like(seen)}[split].nonzero().squeeze(1)  # [classes]
        names = [CONSONANTS[c] + VOWELS[v] for c, v in pairs[kept].tolist()]
        ImageTasks.__init__(self, _written(names), way, 1, query, device, names)
        self.shot = 0  # nothing of a class is shown
        one_hot = [F.one_hot(pairs[:, 0], len(CONSONANTS)), F.one_hot(pairs[:, 1], len(VOWELS))]
        self.attributes = torch.cat(one_hot, 1)[kept].float().to(device)  # [classes, 15 + 4]
        self.seen = seen[kept].to(device)
        self.split, self.holdout = split, holdout
        self.slant, self.wobble, self.pen, self.rotations = 0.15, 1.7, 1.4, False  # the hands of Scripts

    def sample(self, n_tasks: int, generator: Generator | None = None) -> Episode:
        """Draw `n_tasks` independent tasks.

        Returns an `Episode` with a description of each class, `support_x [n_tasks, way, 19]`, labelled 0 ... way-1
        in this order, and `query_x [n_tasks, way * query, 1, 28, 28]`, ink 1.0 on paper 0.0, ordered class by class.
        """
        check_draw(n_tasks, generator)
        classes = self.pick_classes(n_tasks, generator).to(self.images.device)  # [tasks, way]
        faces = self.pick_examples(n_tasks, generator).to(self.images.device)  # [tasks, way, query]
        images = self.render(self.images[classes.unsqueeze(-1), faces], generator)  # [tasks, way, query, 28, 28]
        _, _, query_x, query_y = support_and_query(images.unsqueeze(3), shot=0)
        labels = torch.arange(self.way, device=classes.device).expand_as(classes)  # [tasks, way]
        return Episode(self.attributes[classes], labels.contiguous(), query_x, query_y, self.way)

    def __repr__(self):
        return f"{ImageTasks.__repr__(self)[:-1]}, {self.split}, holdout {self.holdout})"


def _written(names) -> Tensor:
    """Syllables as the maps of `glyphs.nearness`: `[classes, faces, SIZE, SIZE]` uint8, of the faces that have them."""
    glyphs = [unicodedata.lookup(f"CANADIAN SYLLABICS {name}") for name in names]
    fonts = [font for font in map(open_font, FACES) if set(map(ord, glyphs)) <= set(font.get_charmap())]
    return torch.stack([line_map(glyphs, font) for font in fonts], 1)
