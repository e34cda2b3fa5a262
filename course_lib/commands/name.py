"""`python -m course_lib name`: which of a few classes is on a picture, or none of them?"""

from __future__ import annotations

from pathlib import Path

import click
import torch
from torch import Tensor

from course_lib import load
from course_lib.commands.options import INVERT, as_trained, report
from course_lib.learners import PrototypicalNet
from course_lib.learners.distances import NEARNESS
from course_lib.learners.metric import class_sums
from course_lib.pictures.finding import find
from course_lib.pictures.reading import on_white, read, read_all
from course_lib.tasks.images import as_ink


@click.command()
@click.argument("weights", type=click.Path(dir_okay=False))
@click.argument("pictures", nargs=-1, required=True)
@click.option("--support", required=True, help="A folder that holds a folder of pictures for each class, or a table.")
@click.option("--invert", type=click.Choice(tuple(INVERT)), help="Make dark bright? auto does it if the support set is "
              "drawn on white paper.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def name(weights, pictures, support, invert, as_json):
    """Name what is on pictures, by the examples of each class in a folder."""
    model = load(weights)
    if not isinstance(model, PrototypicalNet) or model.config["attributes"] is not None:
        raise ValueError(f"{weights} holds a learner without distances to classes: train a prototypical one.")
    look = as_trained(model, weights)
    size, channels = look["size"], 3 if look["colour"] else 1
    labels, files = zip(*find(Path(support)), strict=True)
    names = sorted({*labels})
    if len(names) < 2:
        raise ValueError(f"there is one class in {support}, {names[0]}: it takes two to compare.")
    examples = read_all(files, size, channels, Path(support))
    turn = INVERT[invert or look["invert"]]
    turn = on_white(examples) if turn == "auto" else turn
    queries = torch.stack([read(Path(picture), size, channels) for picture in pictures])
    with torch.no_grad():
        z, query_z = (model.embed(as_ink(255 - x if turn else x)[None])[0] for x in (examples, queries))
    y = torch.tensor([names.index(label) for label in labels])
    limit, how = threshold(z, y, len(names), model.config["distance"])
    middles = model.remember(z[None], y[None], len(names))  # [1, way, features], the prototypes
    away = distances(query_z[None], middles, model.config["distance"])[0]  # [queries, way]
    sure = model.compare(middles, query_z[None])[0].softmax(-1)
    answers = [_answer(*row, names, limit) for row in zip(pictures, away, sure, strict=True)]
    said = {"weights": weights, "support": support, "inverted": turn, "threshold": limit, **how, "answers": answers}
    report(said, as_json, "\n".join([*map(_line, answers), _how(said)]))


def distances(queries: Tensor, points: Tensor, metric: str) -> Tensor:
    """How far each query is from each point, by the metric of a prototypical network.

    Args:
        queries, points: `[tasks, n, features]` and `[tasks, m, features]`.
        metric: "euclidean", or "cosine": 1 minus the cosine.

    Returns: `[tasks, n, m]`.
    """
    near = NEARNESS[metric](queries, points)
    return 1 - near if metric == "cosine" else (-near).sqrt()


def threshold(z: Tensor, y: Tensor, way: int, metric: str) -> tuple[float | None, dict]:
    """How far may a picture be from the nearest class and still belong to it? Chosen from the support set alone.

    Each picture is left out in turn. Its distance to its own class, made of the others, is one that should be kept; and
    its distance to the nearest of the *other* classes is one that a stranger would have, and should be refused. The
    threshold is where the two shares of errors together are smallest.

    Args:
        z: the support set, embedded, `[n, features]`.
        y: `[n]`, int64, 0 ... way-1.
        way: number of classes.
        metric: see `distances`.

    Returns: the threshold, or `None` if no class has two pictures; and what share of pictures left out would be kept,
    of strangers be refused, and of pictures left out be nearest to their own class.
    """
    sums, counts = (t[0] for t in class_sums(z[None], y[None], way))  # [way, features], [way, 1]
    several = counts[y, 0] > 1  # [n]
    if not several.any():
        return None, {}
    z, y = z[several], y[several]
    own = (sums[y] - z) / (counts[y] - 1)  # [n, features], the class without this picture
    near = distances(z[:, None], own[:, None], metric).flatten()  # [n]
    others = distances(z[None], (sums / counts)[None], metric)[0]  # [n, way]
    far = others.scatter(1, y[:, None], torch.inf).amin(1)  # [n], to the nearest other class
    values = torch.cat([near, far]).sort().values
    between = (values[1:] + values[:-1]) / 2  # [2 n - 1], all that could be chosen
    kept = (near[:, None] <= between).float().mean(0)
    refused = (far[:, None] > between).float().mean(0)
    best = ((kept + refused) == (kept + refused).max()).nonzero().flatten()
    chosen = best[0]
    limit = (values[chosen] + values[best[-1] + 1]) / 2  # the middle of all that are as good
    shares = {"kept": kept[chosen], "refused": refused[chosen], "right": (near < far).float().mean()}
    return limit.item(), {key: round(value.item(), 4) for key, value in shares.items()}


def _answer(picture: str, away: Tensor, sure: Tensor, names: list[str], limit: float | None) -> dict:
    order = away.argsort()[:5].tolist()
    nearest = [{"class": names[i], "distance": away[i].item(), "sure": sure[i].item()} for i in order]
    known = limit is None or nearest[0]["distance"] <= limit
    return {"picture": picture, "answer": nearest[0]["class"] if known else None, "nearest": nearest}


def _line(answer: dict) -> str:
    first = answer["nearest"][0]
    others = ", ".join(f"{near['class']} {near['distance']:.2f}" for near in answer["nearest"][:3])
    said = f"{first['class']}, {100 * first['sure']:.0f} % sure" if answer["answer"] else "none of these"
    return f"{answer['picture']}: {said} (distances: {others})"


def _how(said: dict) -> str:
    if said["threshold"] is None:
        return 'Each class has one picture, so nothing says how far is too far: the answer is never "none of these".'
    kept, refused, right = (f"{100 * said[share]:.0f} %" for share in ("kept", "refused", "right"))
    return (f"What is more than {said['threshold']:.2f} away is none of these. So, of your examples, each left out in "
            f"turn, {kept} are kept, and {refused} are refused when their class is missing; {right} are nearest to "
            "their own class.")  # fmt: skip
