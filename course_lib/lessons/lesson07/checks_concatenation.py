"""What `check` looks at in the pairs of lesson 07 and in the first layer without them, and which mistakes it knows."""

from __future__ import annotations

from contextlib import contextmanager

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from course_lib.exercises.engine import Problem, compare
from course_lib.learners.relation import concatenate_pairs, first_layer


def _random(*shapes, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)


def judge_gradients(call, right, args, names):
    """Refuse a result through which no gradient comes back, or another one than it should."""
    args = tuple(arg.requires_grad_() for arg in args)
    result = call(*args)
    if not result.requires_grad:
        raise Problem("the numbers are right, but no gradient comes back through them, so nothing before them could be "
                      "trained: leave out .detach(), .data, .item(), NumPy and no_grad.")  # fmt: skip
    towards = torch.linspace(-1, 1, result.numel()).view(result.shape)
    found, wanted = (torch.autograd.grad((r * towards).sum(), args, allow_unused=True) for r in (result, right(*args)))
    for name, one, other in zip(names, found, wanted, strict=True):
        if one is None:
            raise Problem(f"the numbers are right, but no gradient comes back to `{name}`: leave out .detach(), .data "
                          "and no_grad there.")  # fmt: skip
        if not torch.allclose(one, other, rtol=1e-3, atol=1e-4):
            raise Problem(f"the numbers are right, but the gradient that comes back to `{name}` is another one. Is a "
                          "part of the result cut off by .detach() or no_grad?")  # fmt: skip


_ORDER = ("queries and classes are exchanged: the axes are [tasks, n_query, way, ...], a row for a query, a column for "
          "a class.")  # fmt: skip
_SWAPPED = "class and query are swapped: the class's channels come first, then the query's."
_AXIS = "they are joined along the wrong axis: the channels are axis 3 of [tasks, n_query, way, channels, ...]."
_FIRST = "every task gets the classes of the first task. Each task has its own: keep the axis of tasks."
_MEET = ("the pairs do not meet: classes and queries are repeated in the same order, so most classes never meet most "
         "queries. One of the two has to stay while the other runs (repeat_interleave, or another axis).")  # fmt: skip
_RESHAPED = ("the numbers are read into the wrong order: reshape and view keep the order of memory. To exchange two "
             "axes, transpose.")  # fmt: skip


_NO_BROADCAST = ("torch.cat does not broadcast: both must have the same axes, [tasks, n_query, way, channels, ...], "
                 "before they are joined along the channels.")  # fmt: skip
_COLUMNS_ARE = ("weight is [out, 2 * channels]: its columns belong to the numbers of a pair, the first `channels` to "
                "the class's, the others to the query's.")  # fmt: skip


@contextmanager
def _explained(error: str, sentence: str):
    """Add a sentence of the task to what is said of an error of torch, where its text holds `error`."""
    try:
        yield
    except Problem as problem:
        if str(problem).startswith("it stopped") and error in str(problem):
            raise Problem(f"{problem}\n  {sentence}") from None
        raise


def _parts(c: Tensor, q: Tensor) -> tuple[Tensor, ...]:
    return concatenate_pairs(c, q).chunk(2, 3)


def _joined(*axes):
    return [(lambda c, q, axis=axis: torch.cat(_parts(c, q), axis), _AXIS) for axis in axes]


def _in_one_order(c, q):
    ones = [1] * (c.ndim - 2)
    both = torch.cat([c.repeat(1, q.shape[1], *ones), q.repeat(1, c.shape[1], *ones)], 2)
    return both.unflatten(1, (q.shape[1], c.shape[1]))


def _crossed(c, q):
    ones = [1] * (c.ndim - 2)
    both = torch.cat([c.repeat_interleave(q.shape[1], 1), q.repeat_interleave(c.shape[1], 1)], 2)
    return both.unflatten(1, (q.shape[1], c.shape[1])) if ones else both


def _reshaped(c, q):
    pairs = concatenate_pairs(c, q)
    return pairs.transpose(1, 2).reshape(pairs.shape)


def _of_first(classes=True, queries=True):
    def pairs(c, q):
        one, other = (x[:1].expand_as(x) if first else x for x, first in ((c, classes), (q, queries)))
        return concatenate_pairs(one, other)

    return pairs


_PAIR_MISTAKES = [
    (lambda c, q: torch.cat(_parts(c, q)[::-1], 3), _SWAPPED),
    (lambda c, q: concatenate_pairs(c, q).transpose(1, 2), _ORDER),
    (lambda c, q: concatenate_pairs(q, c), "class and query are swapped, and so are the axes of the two."),
    (lambda c, q: torch.add(*_parts(c, q)),
     "class and query are added. Then no network can tell which number came from which: put them side by side."),
    (lambda c, q: torch.sub(*_parts(c, q)),
     "one is subtracted from the other: that is a comparison already. Put them side by side; a network will compare."),
    (lambda c, q: torch.mul(*_parts(c, q)), "class and query are multiplied: put them side by side."),
    (lambda c, q: _parts(c, q)[0], "only the class is in it: the query's channels come behind."),
    (lambda c, q: _parts(c, q)[1], "only the query is in it: the class's channels come first."),
    (lambda c, q: torch.cat([_parts(c, q)[0]] * 2, 3), "the class is in it twice, and the query is missing."),
    (lambda c, q: torch.cat([_parts(c, q)[1]] * 2, 3), "the query is in it twice, and the class is missing."),
    *_joined(0, 1, 2, 4, 5, -1, -2),
    (lambda c, q: torch.stack(_parts(c, q), 3),
     "class and query get an axis of their own (stack). Put one behind the other along the channels: cat."),
    (lambda c, q: torch.stack(_parts(c, q), 4),
     "class and query get an axis of their own (stack). Put one behind the other along the channels: cat."),
    (lambda c, q: torch.stack(_parts(c, q), 0),
     "class and query get an axis of their own (stack). Put one behind the other along the channels: cat."),
    (lambda c, q: torch.stack(_parts(c, q), 4).flatten(3, 4),
     "the channels of class and query alternate. Put all channels of the class first, then all of the query."),
    (lambda c, q: concatenate_pairs(c, q).flatten(1, 2), "queries and classes share one axis: keep one for each."),
    (lambda c, q: concatenate_pairs(c, q).transpose(1, 2).flatten(1, 2),
     "queries and classes share one axis: keep one for each, first queries, then classes."),
    (lambda c, q: concatenate_pairs(c, q).flatten(3),
     "the maps have become vectors: height and width are lost. Leave the last axes as they are."),
    (lambda c, q: torch.cat([x.flatten(3) for x in _parts(c, q)], 3) if c.ndim > 3 else concatenate_pairs(c, q),
     "the maps have become vectors: height and width are lost. Leave the last axes as they are."),
    (_of_first(queries=False), _FIRST),
    (_of_first(classes=False), _FIRST.replace("classes", "queries")),
    (_of_first(), "every task gets classes and queries of the first task. Keep the axis of tasks."),
    (_in_one_order, _MEET),
    (_crossed, _MEET),
    (_reshaped, _RESHAPED),
    (lambda c, q: concatenate_pairs(c, q).flip(2), "the classes stand in the opposite order."),
    (lambda c, q: concatenate_pairs(c, q).flip(1), "the queries stand in the opposite order."),
]  # fmt: skip


def _pair_cases():
    return {
        "maps of 4 x 5, 3 classes and 5 queries": _random((2, 3, 2, 4, 5), (2, 5, 2, 4, 5), seed=1),
        "vectors (three axes, where maps have five), 3 classes and 6 queries": _random((2, 3, 4), (2, 6, 4)),
        "as many queries as classes": _random((2, 3, 3), (2, 3, 3), seed=2),
        "fewer queries than classes": _random((2, 4, 3), (2, 2, 3), seed=3),
        "a single task with a single query": _random((1, 5, 4), (1, 1, 4), seed=4),
    }


def judge_pairs(call):
    """`concatenate_pairs`: vectors and maps, with more queries than classes and fewer."""
    with _explained("Sizes of tensors must match", _NO_BROADCAST):
        compare(call, concatenate_pairs, _pair_cases(), _PAIR_MISTAKES, axes=("task", "query", "class", "channel"),
                dtypes=True)  # fmt: skip
    judge_gradients(call, concatenate_pairs, _random((2, 3, 4), (2, 6, 4)), ("classes", "queries"))


class Multiplications(TorchDispatchMode):
    """Counts the multiplications of all that runs inside, in `done`."""

    def __init__(self):
        super().__init__()
        self.done = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if name in ("mul", "mul_", "addcmul", "addcmul_"):
            self.done += out.numel()
        elif name in ("mm", "bmm", "mv", "dot", "vdot", "linear"):
            self.done += out.numel() * args[0].shape[-1]
        elif name in ("addmm", "baddbmm", "addmv", "addbmm", "addmm_", "baddbmm_", "addmv_"):
            self.done += out.numel() * args[1].shape[-1]
        elif name == "convolution":
            self.done += out.numel() * args[1][0].numel()
        return out


def multiplications(function, args) -> int:
    """How many multiplications a call needs."""
    with Multiplications() as count:
        function(*args)
    return count.done


def _halves(c, q, w, b, biases=1):
    left, right = w.chunk(2, 1)
    return c @ left.T, q @ right.T + biases * b


def _layer(biases=1, join=torch.add):
    def layer(c, q, w, b):
        of_class, of_query = _halves(c, q, w, b, biases)
        return join(of_class.unsqueeze(1), of_query.unsqueeze(2))

    return layer


def _in_order(c, q, w, b):
    of_class, of_query = _halves(c, q, w, b)
    return (of_class.unsqueeze(2) + of_query.unsqueeze(1)).reshape(len(c), q.shape[1], c.shape[1], len(b))


_COLUMNS = (
    "the weight is cut into every other column. In a pair all channels of the class come first, so its weight is "
    "the left half."
)
_LAYER_MISTAKES = [
    (_layer(biases=2), "the bias is added twice. It belongs to the pair, so one of the two parts has it."),
    (_layer(biases=0), "the bias is missing: add it to one of the two parts."),
    (lambda c, q, w, b: first_layer(c, q, torch.cat(w.chunk(2, 1)[::-1], 1), b),
     "class and query are swapped: the left half of the weight is for the class."),
    (lambda c, q, w, b: first_layer(c, q, torch.cat([w[:, ::2], w[:, 1::2]], 1), b),
     _COLUMNS),
    (lambda c, q, w, b: first_layer(c, q, torch.cat([w[:, 1::2], w[:, ::2]], 1), b),
     _COLUMNS),
    (lambda c, q, w, b: first_layer(c, q, torch.cat([w[:, : c.shape[-1]]] * 2, 1), b),
     "the left half of the weight is used for the query, too. Its own is the right half."),
    (lambda c, q, w, b: first_layer(c, q, torch.cat([w[:, c.shape[-1] :]] * 2, 1), b),
     "the right half of the weight is used for the class, too. Its own is the left half."),
    (lambda c, q, w, b: first_layer(c, q, w, b).transpose(1, 2), _ORDER),
    (_in_order, _RESHAPED),
    (lambda c, q, w, b: first_layer(c, q, w, b).relu(), "there is no ReLU in this layer yet: it comes after it."),
    (lambda c, q, w, b: first_layer(c[:1].expand_as(c), q, w, b), _FIRST),
    (lambda c, q, w, b: first_layer(c, q[:1].expand_as(q), w, b), _FIRST.replace("classes", "queries")),
    (lambda c, q, w, b: _layer()(c, q, w, 0 * b).unsqueeze(-1), "the bias is missing, and an axis is too many."),
    (_layer(join=torch.mul), "the two parts are multiplied. The layer is a sum over all channels: add them."),
    (_layer(join=torch.sub), "the query's part is subtracted. The layer is a sum over all channels: add them."),
    (lambda c, q, w, b: (_halves(c, q, w, b)[0].unsqueeze(1) + b).expand(-1, q.shape[1], -1, -1),
     "the query's part is missing."),
    (lambda c, q, w, b: _halves(c, q, w, b)[1].unsqueeze(2).expand(-1, -1, c.shape[1], -1),
     "the class's part is missing."),
    (lambda c, q, w, b: first_layer(c, q, w, b).flatten(1, 2),
     "queries and classes share one axis: keep one for each."),
    (lambda c, q, w, b: first_layer(c.sum(1, keepdim=True).expand_as(c), q, w, b),
     "the classes are added up. Each class has a part of its own."),
    (lambda c, q, w, b: first_layer(c.mean(1, keepdim=True).expand_as(c), q, w, b),
     "the classes are averaged. Each class has a part of its own."),
]  # fmt: skip

_TAKES = (
    "the numbers are right, but it takes {done:,} multiplications for {way} classes and {n_query} queries of {c} "
    "channels, "
)
_AS_PAIRS = (
    _TAKES + "as many as if each of the {pairs} pairs went through the layer. With every image multiplied once, "
    "{least:,} are enough: what does a query's half of the layer give beside another class?"
)
_PARTLY = (
    _TAKES + "where {least:,} are enough: one of the two halves is still computed once for every pair. Multiply "
    "first, and expand (or loop over pairs) after that."
)


def _layer_case(tasks, way, n_query, channels, out, seed):
    return _random((tasks, way, channels), (tasks, n_query, channels), (out, 2 * channels), (out,), seed=seed)


def judge_first_layer(call):
    """`first_layer`: the numbers, the gradients, and how many multiplications it takes."""
    cases = {
        "as many outputs as channels": _layer_case(2, 3, 6, 4, 4, 2),
        "5 outputs of 4 channels, 3 classes and 6 queries": _layer_case(2, 3, 6, 4, 5, 0),
        "7 outputs of 2 channels, as many queries as classes": _layer_case(2, 3, 3, 2, 7, 1),
        "one task, fewer queries than classes": _layer_case(1, 4, 2, 3, 2, 3),
    }
    with _explained("RuntimeError", _COLUMNS_ARE):
        compare(call, first_layer, cases, _LAYER_MISTAKES, axes=("task", "query", "class", "output"), dtypes=True)
    judge_gradients(call, first_layer, _layer_case(2, 3, 6, 4, 5, 0), ("classes", "queries", "weight", "bias"))
    way, n_query, c, out = 5, 25, 16, 8
    args = _layer_case(1, way, n_query, c, out, 4)
    done, least = multiplications(call, args), (way + n_query) * c * out
    if done > 2 * least:
        pairs = way * n_query
        said = _AS_PAIRS if done >= pairs * 2 * c * out else _PARTLY
        raise Problem(said.format(done=done, least=least, way=way, n_query=n_query, c=c, pairs=pairs))
