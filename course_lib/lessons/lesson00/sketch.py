"""The sketchpad without its view: five symbols, one example each, and the question which of them a drawing is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from course_lib.compute.devices import one_thread
from course_lib.learners import Learner, PrototypicalNet
from course_lib.lessons.lesson00.drawing import to_image
from course_lib.stop import Stop

WAY = 5  # boxes for classes; the box after them is the query's
MOST = 20_000  # points in a drawing: far more than a hand can draw


def distances_to(query: Tensor, examples: Tensor) -> Tensor:
    """The squared distance from a query to each example: the squares of the differences, added up.

    Args:
        query: `[values]`, an embedding.
        examples: `[n, values]`, the embeddings of n examples.

    Returns: `[n]`, in the order of the examples.

    Source: Snell et al. 2017 (arXiv:1703.05175), section 2.3, with one example of each class.
    """
    return (query - examples).square().sum(-1)  # [n, values] differences, [n] sums


def probabilities(distances: Tensor) -> Tensor:
    """The softmax of *negative* squared distances over the classes: near is likely, far is not.

    Args:
        distances: `[n, way]`, squared.

    Returns: `[n, way]`; each row sums to 1.

    Source: Snell et al. 2017 (arXiv:1703.05175), equation 2.
    """
    nearness = -distances
    # exp() of a large number overflows, and of a very negative one is 0; the ratio stays when both lose the same.
    weights = (nearness - nearness.amax(-1, keepdim=True)).exp()  # [n, way]; the nearest class has weight 1
    return weights / weights.sum(-1, keepdim=True)


def read_drawings(value) -> list[list[Tensor]]:
    """Drawings as a browser sends them, checked.

    Args:
        value: six lists (five classes, then the query) of strokes; a stroke is a list of points `[x, y]`.

    Returns: for each box its strokes, float32 `[n, 2]`.

    Raises:
        ValueError: if it has another form, or a number that is not finite.
    """
    if not isinstance(value, list | tuple) or len(value) != WAY + 1:
        raise ValueError(f"there must be {WAY + 1} drawings, one a box, but got {_short(value)}.")
    return [_read_drawing(drawing) for drawing in value]


def _read_drawing(drawing) -> list[Tensor]:
    if not isinstance(drawing, list | tuple) or not all(isinstance(s, list | tuple) and s for s in drawing):
        raise ValueError(f"a drawing must be a list of strokes with points in them, but got {_short(drawing)}.")
    if sum(map(len, drawing)) > MOST:
        raise ValueError(f"a drawing has more than {MOST:,} points; clear the box and draw it with less detail.")
    for point in (p for stroke in drawing for p in stroke):
        if not isinstance(point, list | tuple) or len(point) != 2 or not all(map(_is_coordinate, point)):
            raise ValueError(f"a point must be two numbers [x, y] between -1000 and 1000, but got {_short(point)}.")
    return [torch.tensor(stroke, dtype=torch.float32) for stroke in drawing]


def _is_coordinate(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e3  # NaN is not


def _short(value) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."


@dataclass(eq=False)
class Answer:
    """What a learner says about the drawings.

    Args:
        sentence: the answer in words, or what is missing.
        classes: numbers 0 ... 4 of the boxes that hold an example.
        probabilities: `[len(classes)]`, or `None` without an answer.
        distances: `[len(classes)]` squared distances of the query to each prototype, if the learner measures them.
        winner: the number of the predicted box.
    """

    sentence: str
    classes: list[int]
    probabilities: Tensor | None = None
    distances: Tensor | None = None
    winner: int | None = None


def percent(probability: float) -> str:
    """A probability in words. The softmax is never quite 0 or 1, and rounding should not claim that it is."""
    if probability > 0.9995:
        return "over 99.9 %"
    return "under 0.1 %" if probability < 0.0005 else f"{100 * probability:.1f} %"


class Sketch:
    """The drawings of the sketchpad, and the learner that is asked about them.

    Args:
        learners: `{name: Learner}`, at least one. They are put into evaluation mode whenever they are asked.

    Raises:
        ValueError: if there is no learner, or something that is not one.
    """

    def __init__(self, learners: Mapping[str, Learner]):
        if not isinstance(learners, Mapping) or not learners:
            raise ValueError('learners must be a dict with at least one learner, such as {"Scripts": learner}.')
        for name, learner in learners.items():
            if not isinstance(name, str) or not isinstance(learner, Learner):
                raise ValueError(f"learners must map names to Learners, but {name!r} is a {type(learner).__name__}.")
        self.learners = dict(learners)
        self.chosen = next(iter(self.learners))
        self.draw([[] for _ in range(WAY + 1)])

    def draw(self, drawings: list[list[Tensor]]):
        """Replace the drawings: for each box its strokes, as from `read_drawings`."""
        with one_thread():
            images = torch.stack([to_image(drawing) for drawing in drawings])
        #: The strokes of each box, and what the network sees of them: `[6, 28, 28]`, ink 1.0 on paper 0.0.
        self.drawings, self.images = drawings, images

    @property
    def learner(self) -> Learner:
        """The learner that is asked now."""
        return self.learners[self.chosen]

    @property
    def measures(self) -> bool:
        """Whether its scores are squared distances to prototypes, up to the sign and a temperature."""
        return isinstance(self.learner, PrototypicalNet) and self.learner.config["distance"] == "euclidean"

    def classes(self) -> list[int]:
        """Numbers of the class boxes that hold an example."""
        return [box for box in range(WAY) if self.drawings[box]]

    def support(self) -> tuple[Tensor, Tensor]:
        """The support set, `[1, n, 1, 28, 28]` images and `[1, n]` labels; empty boxes are left out.

        Raises:
            Stop: if all class boxes are empty.
        """
        filled = self.classes()
        if not filled:
            raise Stop("The boxes for symbols are empty; draw in them and run this cell again.")
        return self.images[filled][None, :, None], torch.arange(len(filled))[None]

    def query(self) -> Tensor:
        """The query set, one image: `[1, 1, 1, 28, 28]`.

        Raises:
            Stop: if the query box is empty.
        """
        if not self.drawings[WAY]:
            raise Stop("The query box is empty; draw in it and run this cell again.")
        return self.images[WAY][None, None, None]

    def answer(self) -> Answer:
        """Adapt to the examples, then predict the query. With too few drawings the sentence says what to draw."""
        filled = self.classes()
        if len(filled) < 2:
            have = ("no box is", "one box is")[len(filled)]
            return Answer(f"Draw one symbol in each of at least two of the boxes 1 to {WAY}: {have} filled.", filled)
        if not self.drawings[WAY]:
            return Answer("Now draw one of your symbols once more, in the query box.", filled)
        scores = self._scores()
        if not torch.isfinite(scores).all():
            return Answer(f"{self.chosen} gives scores that are not finite; train that learner again.", filled)
        chances = probabilities(-scores)  # scores of a prototypical network are negative squared distances
        # Rounding may put the distance of a drawing to itself a little below 0.
        measured = (-scores * self.learner.temperature).clamp(min=0) + 0.0 if self.measures else None
        place = int(scores.argmax())  # the nearest
        sentence = f"This is symbol {filled[place] + 1}, with probability {percent(chances[place].item())}."
        if measured is not None:
            sentence += f" Its prototype is the nearest: squared distance {measured[place]:.1f}."
        return Answer(sentence, filled, chances, measured, filled[place])

    def _scores(self) -> Tensor:
        """The learner's scores for the query, `[n]`."""
        learner = self.learner.eval()
        device = next((p.device for p in learner.parameters()), torch.device("cpu"))
        (x, y), query = self.support(), self.query()
        with torch.no_grad(), one_thread():
            adapted = learner.adapt(x.to(device), y.to(device), y.shape[1])
            return learner.predict(adapted, query.to(device))[0, 0].float().cpu()
