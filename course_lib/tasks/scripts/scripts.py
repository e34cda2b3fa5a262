"""Characters of many writing systems, written afresh by simulated hands: the course's own data, built in."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from course_lib.arguments import check_number, check_whole
from course_lib.tasks.images import ImageTasks
from course_lib.tasks.scripts.glyphs import LONGEST, REACH, SIZE, characters, nearness
from course_lib.tasks.scripts.warp import WAVES, looking_points, turning, wave_sizes

MOST = 10_000  # images of a class in a task
OUT = 28  # pixels: height and width of an image, as in Omniglot


class Scripts(ImageTasks):
    """Few-shot tasks over some 2,600 characters of 18 scripts, split by script. Nothing is downloaded.

    Every image is new: a character's middle line in one of five typefaces, bent, slanted, scaled and drawn with a
    pen. A task first decides how *its* writer forms each character; its images then vary around that.

    Args:
        way, shot, query: classes in a task, support and query images a class.
        split: "train", "validation", "test" or "all". No script is in two of them.
        scripts: names of scripts to use instead of a split, e.g. `("Hebrew", "Lao")`.
        slant: how far hands lean, as the standard deviation of the shear (0.1 is about 6 degrees).
        wobble: how far strokes are bent, as a standard deviation in pixels.
        pen: width of the pen, in pixels of the 28 x 28 image; a small character is drawn with 1 to 3 at most.
        rotations: turn each class of a task by 0, 90, 180 or 270 degrees, at random: four times the classes.
        device: where the characters live and images are drawn.

    Raises:
        ValueError: for an unknown split or script, a knob out of range, or a task larger than the classes there are.

    Source: the typeface is DejaVu, as it comes with matplotlib; the idea of learning from Omniglot-like
    characters of many alphabets is Lake et al. 2015 (Science 350).
    """

    def __init__(self, way=5, shot=1, query=15, split="train", *, scripts=None, slant=0.15, wobble=1.7, pen=1.4,
                 rotations=False, device="cpu"):  # fmt: skip
        listed = characters()
        if scripts is None:
            scripts = _scripts_of(split, listed)
        elif not isinstance(scripts, list | tuple) or not scripts or any(s not in [*listed] for s in scripts):
            raise ValueError(f"scripts must be some of {', '.join(listed)}, in a list, but it is {scripts!r}.")
        self.scripts = tuple(dict.fromkeys(scripts))
        check_number(0, 1, slant=slant)
        check_number(0, 5, wobble=wobble)
        check_number(0.3, 5, pen=pen)
        glyphs, maps = nearness(self.scripts)
        super().__init__(maps, way, shot, query, device, names=[*glyphs])
        self.slant, self.wobble, self.pen, self.rotations = slant, wobble, pen, rotations

    def _check_examples(self):
        """Any number of images of a class can be written; so many at once that memory could not hold are a mistake."""
        check_whole(high=MOST, **{"shot + query": self.shot + self.query})

    def pick_examples(self, n_tasks: int, generator) -> Tensor:
        """A face for each image: `[tasks, way, shot + query]`."""
        size = (n_tasks, self.way, self.shot + self.query)
        return torch.randint(self.images.shape[1], size, generator=generator)

    def render(self, images: Tensor, generator) -> Tensor:
        """Write characters: `[tasks, way, n, SIZE, SIZE]` nearness maps to `[tasks, way, n, OUT, OUT]` ink, 0 ... 1.

        For each pixel of the result, find the point of the map that lands there (turn and slant, then warp), read
        its distance to the line, and put ink where that is less than half the width of the pen.
        """
        tasks, way, n = images.shape[:3]
        turn, scale, shift, waves, pen = self._hands(tasks, way, n, generator, images.device)
        grid = looking_points(turn, shift, waves, OUT) / (SIZE / 2)  # grid_sample counts from -1 to 1
        near = F.grid_sample(images.reshape(-1, 1, SIZE, SIZE).float(), grid, align_corners=False)
        distance = (1 - near.view_as(images[..., :OUT, :OUT]) / 255) * REACH / scale[..., None, None]
        # The map knows distances up to REACH: a pen that is wider would also ink what is far from any line.
        half = (pen / 2).minimum(REACH / scale - 0.5)[..., None, None]  # [tasks, way, n, 1, 1]
        return (half + 0.5 - distance).clamp_(min=0).minimum((2 * half).clamp(max=1))

    def _hands(self, tasks: int, way: int, n: int, generator, device):
        """How each image is written. First index of a pair of numbers: x; second: y.

        Returns: `turn [tasks, way, n, 2, 2]` from image to map, `scale [tasks, way, n]` map pixels an image pixel,
        `shift [tasks, way, n, 2]` in pixels, `waves [tasks, way, n, 2, WAVES, WAVES]` in pixels, `pen [tasks, way, n]`
        in pixels.
        """

        def normal(*size: int) -> Tensor:
            return torch.randn(*size, generator=generator)

        def vary(class_std: float, image_std: float) -> Tensor:
            return class_std * normal(tasks, way, 1) + image_std * normal(tasks, way, n)

        side = 10 + 15 * torch.rand(tasks, way, 1, generator=generator)  # pixels: Omniglot's drawings are 10 to 25 wide
        side = (side * (0.1 * normal(tasks, way, n)).exp()).clamp(5, 27)
        scale = LONGEST / side
        stretch = vary(0.1, 0.05).exp()
        shear = self.slant * vary(0.65, 0.8)
        angle = vary(0.0, math.radians(6))
        if self.rotations:
            angle = angle + torch.randint(4, (tasks, way, 1), generator=generator) * (math.pi / 2)
        turn = turning(angle, shear, scale, stretch)  # [tasks, way, n, 2, 2]
        shift = 1.3 * normal(tasks, way, n, 2)
        waves = 0.85 * normal(tasks, way, 1, 2, WAVES, WAVES) + 0.5 * normal(tasks, way, n, 2, WAVES, WAVES)
        waves = self.wobble * waves * wave_sizes()
        pen = self.pen * (0.15 * normal(tasks, way, n)).exp()
        return [t.to(device) for t in (turn, scale, shift, waves, pen)]

    def __repr__(self):
        knobs = f"slant {self.slant}, wobble {self.wobble}, pen {self.pen}" + ", rotations" * self.rotations
        return f"{super().__repr__()[:-1]}, {', '.join(self.scripts)}, {knobs})"


def _scripts_of(split: str, listed) -> tuple[str, ...]:
    if split not in ("train", "validation", "test", "all"):
        raise ValueError(f'split must be "train", "validation", "test" or "all", but it is {split!r}.')
    return tuple(script for script, (its_split, _) in listed.items() if split in (its_split, "all"))
