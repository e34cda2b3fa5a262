"""What `check` looks at in `linear_cka` of lesson 05, the likeness of two layers, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from course_lib.exercises.engine import compare
from course_lib.exercises.results import as_number
from course_lib.lessons.lesson05.similarity import linear_cka


def _cka_cases():
    generator = torch.Generator().manual_seed(0)
    for n, p, q in ((5, 8, 8), (6, 3, 4), (7, 2, 2), (25, 32, 5)):
        x = torch.randn(n, p, generator=generator, dtype=torch.float64) * (1 + torch.arange(p)) ** 0.3 + 1
        noise = torch.randn(n, q, generator=generator, dtype=torch.float64)
        yield f"two layers of {p} and {q} features, {n} inputs", (x, noise + x[:, :1] * 2 - 0.5)


def _middle(a):
    return a - a.mean(0)


def _size(a):
    return (a**2).sum().sqrt()


def _cka(message: str, centre=_middle, second=None, size=_size, low=None, power=2, cut=False):
    """A mistake: CKA with one thing otherwise; `low` takes a layer to what stands for it below the line."""
    low = low or (lambda a: size(a.T @ a))

    def wrong(x, y):
        if cut:
            d = min(x.shape[1], y.shape[1])
            x, y = x[:, :d], y[:, :d]
        x, y = centre(x), (second or centre)(y)
        return size(y.T @ x) ** power / (low(x) * low(y))

    return wrong, message


def _as_it_is(a):
    return a


def _across(x, y):
    x, y = _middle(x), _middle(y)
    return _size(x @ y.T) ** 2 / (_size(x @ x.T) * _size(y @ y.T))


def _square(x, y):
    """|Y^T X|^2 of centred layers."""
    return (_middle(y).T @ _middle(x)).square().sum()


def _cosine(x, y):
    return F.cosine_similarity(_middle(x).flatten(), _middle(y).flatten(), dim=0)


def _table(x):
    """How alike a layer finds every two inputs: `[n, n]`."""
    return _middle(x) @ _middle(x).T


def _of_tables(x, y, table=_table, change=_as_it_is):
    """The cosine of two tables of likeness, each made and changed otherwise than it should be."""
    one, two = change(table(x)), change(table(y))
    return F.cosine_similarity(one.flatten(), two.flatten(), dim=0)


def _off_diagonal(k):
    return k - torch.diag(k.diag())


def _distances(x):
    return torch.cdist(x, x)


_ENTRIES = ("it compares feature 1 with feature 1 and so on, and needs equally many. Which feature is which does not "
            "matter. Compare the two tables of inputs: X X^T and Y Y^T.")  # fmt: skip
_NORM = ("the length of a table is taken to be its {} norm. What is meant is the square root of the sum of all "
         "squares: table.norm().")  # fmt: skip
_STANDARD = ("each feature is divided by its standard deviation, too. Only centre them: a feature that varies more "
             "counts more.")  # fmt: skip
_SQUARES = "it is divided by squared lengths. A cosine divides by the product of the two lengths, without squares."
_LENGTHS = "it is divided by the lengths of the layers themselves. Divide by the lengths of the two *tables*, {}."
_ADDED = "the two lengths (or their squares) are added below the line. A cosine divides by their product."
_TWICE = "the length of the {} table stands twice below the line. Each table has a length of its own."
_CKA_MISTAKES = [
    _cka("the features are not centred: subtract the mean of every feature before you compare inputs.",
         centre=_as_it_is),
    _cka("the mean is taken over the features of an input. What all *inputs* have in common has to go: the mean of a "
         "feature over the inputs.", centre=lambda a: a - a.mean(1, keepdim=True)),
    _cka("one mean is taken of all numbers. Each feature (column) has a mean of its own.",
         centre=lambda a: a - a.mean()),
    _cka("only the first layer is centred. Centre both.", second=_as_it_is),
    _cka("only the second layer is centred. Centre both.", centre=_as_it_is, second=_middle),
    _cka(_STANDARD, centre=lambda a: _middle(a) / a.std(0)),
    _cka(_STANDARD, centre=lambda a: _middle(a) / a.std(0, correction=0)),
    _cka("each input's features are brought to length 1. Only centre the columns: an input far from the mean counts "
         "more.", centre=lambda a: F.normalize(_middle(a), dim=1)),
    _cka("each input's features are brought to length 1, and the features are not centred. Take plain dot products of "
         "centred features.", centre=lambda a: F.normalize(a, dim=1)),
    _cka("it is not divided by anything, so a layer times 3 gives another answer. Divide by the lengths of the two "
         "tables.", low=lambda a: 1.0),
    (lambda x, y: (_table(x) * _table(y)).mean(), "it is the mean of the products, so a layer times 3 gives another "
                                                  "answer. Divide by the lengths of the two tables."),
    _cka(_SQUARES, low=lambda a: (a.T @ a).square().sum()),
    _cka(_LENGTHS.format("X X^T and Y Y^T"), low=lambda a: (a**2).sum()),
    _cka(_LENGTHS.format("X X^T and Y Y^T"), low=_size),
    _cka(_LENGTHS.format("X X^T and Y Y^T, and let the square above the line stand"), low=_size, power=1),
    _cka("in the form with Y^T X a square stands above the line, and it is missing. (The sum of the products of the "
         "two tables' entries gives the same.)", power=1),
    _cka(_NORM.format("spectral"), size=lambda a: torch.linalg.matrix_norm(a, 2)),
    _cka(_NORM.format("nuclear"), size=lambda a: torch.linalg.matrix_norm(a, "nuc")),
    _cka("it adds up absolute values. A length is the square root of the sum of all squares.",
         size=lambda a: a.abs().sum()),
    _cka("it adds up the numbers without squaring them. A length is the square root of the sum of all *squares*.",
         size=lambda a: a.sum()),
    _cka("it cuts the wider layer down to as many features as the other has. The tables of inputs, X X^T and Y Y^T, "
         "are of one size whatever the widths.", cut=True),
    (lambda x, y: (_table(x) * _table(y)).sum() / _table(x).norm() ** 2, _TWICE.format("first")),
    (lambda x, y: (_table(x) * _table(y)).sum() / _table(y).norm() ** 2, _TWICE.format("second")),
    (lambda x, y: linear_cka(x, y).sqrt(), "it is the square root of the right number: a square is missing, or a root "
                                           "is too many."),
    (lambda x, y: _square(x, y) / (_square(x, x) + _square(y, y)), _ADDED),
    (lambda x, y: 2 * _square(x, y) / (_square(x, x) + _square(y, y)), _ADDED),
    (lambda x, y: (_table(x) * _table(y)).sum() / (_table(x).norm() + _table(y).norm()), _ADDED),
    (lambda x, y: linear_cka(x, y) ** 2, "it is the square of the right number."),
    (lambda x, y: 1 - linear_cka(x, y), "it is 1 minus the right number: a distance. It is to be 1 for layers alike."),
    (lambda x, y: torch.rad2deg(linear_cka(x, y).acos()), "this is the angle between the tables. Give its cosine."),
    (lambda x, y: linear_cka(x, y).acos(), "this is the angle between the tables. Give its cosine."),
    (_across, "it works for layers with equally many features alone: X Y^T, or tables of features, X^T X and Y^T Y. "
              "Give each layer a table of its own, of *inputs*, [n, n]: X X^T and Y Y^T; compare those."),
    (lambda x, y: _of_tables(x, y, lambda a: a @ a.T, lambda k: k - k.mean()),
     "the tables are centred as a whole, and the features are not. Subtract the mean of every feature before you make "
     "the tables."),
    (lambda x, y: _of_tables(x, y, lambda a: a @ a.T, lambda k: k - k.mean(0)),
     "the columns (or rows) of the tables are centred, and the features are not. Subtract the mean of every feature "
     "before you make the tables."),
    (lambda x, y: _of_tables(x, y, change=_off_diagonal),
     "the diagonals are left out. They belong to the tables, too: how far an input is from the mean."),
    (lambda x, y: _of_tables(x, y, _distances),
     "the tables hold distances between inputs. Take dot products of centred features."),
    (lambda x, y: _of_tables(x, y, lambda a: _distances(a).square()),
     "the tables hold squared distances between inputs. Take dot products of centred features."),
    (lambda x, y: F.cosine_similarity(_table(x), _table(y), dim=1).mean(),
     "it takes a cosine for each row (or column) of the tables and averages them. Read each table as one long list: "
     "one cosine."),
    (lambda x, y: (_table(x) / _table(x).norm() - _table(y) / _table(y).norm()).norm(),
     "this is the distance between the two tables, 0 for layers alike. Take the cosine: 1 for layers alike."),
    (lambda x, y: 1 - (_table(x) / _table(x).norm() - _table(y) / _table(y).norm()).norm(),
     "it is 1 minus a distance between the two tables. It is 1 for layers alike, but it need not stay above 0. Take "
     "the cosine."),
    (lambda x, y: (_table(x) @ _table(y)).sum() / (_table(x).norm() * _table(y).norm()),
     "the tables are multiplied as matrices. Multiply them entry by entry (*), and add up."),
    (_cosine, _ENTRIES),
    (lambda x, y: _cosine(x, y) ** 2, _ENTRIES),
    (lambda x, y: _cosine(x, y).abs(), _ENTRIES),
]  # fmt: skip


def _one(function):
    """The function with its single number as a Python number, however it comes."""

    def number(first, second):
        found = function(first, second)
        return found if as_number(found) is None else as_number(found)

    return number


def judge_cka(call):
    """`linear_cka`: layers with more features than inputs and fewer, of equal and of different sizes."""
    compare(_one(call), _one(linear_cka), dict(_cka_cases()), [(_one(f), text) for f, text in _CKA_MISTAKES])
