"""What `check` looks at in the weights of a layer that takes a step, in lesson 09, and which mistakes it knows.

Many weights are right. So they are judged by what the layer does with them.
"""

from __future__ import annotations

from itertools import permutations

import torch
from torch import Tensor

from course_lib.exercises.engine import Problem
from course_lib.exercises.guard import Stopped
from course_lib.exercises.results import form
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson09.by_attention import as_tokens, linear_attention, linear_attention_step

_RATES = {
    "one number in x, lr [0.3]": [0.3],
    "three numbers in x, lr [0.1, 0.3, 0.02]": [0.1, 0.3, 0.02],
    "two numbers in x, of which one stays (lr [0.2, 0.0])": [0.2, 0.0],
    "five numbers in x": [0.05, 0.1, 0.02, 0.2, 0.15],
}


def _tasks(d: int, n: int, seed: int) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(2, *shape, generator=generator) for shape in ((n, d), (n, 1), (4, d)))


def _by_steps(lr: Tensor, x: Tensor, y: Tensor, new_x: Tensor, steps: int) -> Tensor:
    """What the tokens should be after so many layers, by `inner_step` of lesson 03."""
    params = {"w": x.new_zeros(len(x), len(lr), 1)}

    def loss(params):
        return (x @ params["w"] - y).square().mean((1, 2)).sum()  # a sum over tasks: each has its own w

    for _ in range(steps):
        params = inner_step(loss, params, {"w": lr.unsqueeze(-1)}, order=1)
    everywhere = as_tokens(x, y, new_x)
    return torch.cat([everywhere[..., :-1], everywhere[..., -1:] - everywhere[..., :-1] @ params["w"]], -1)


def _by_layers(weights, x: Tensor, y: Tensor, new_x: Tensor, layers: int) -> Tensor:
    tokens = as_tokens(x, y, new_x)
    for _ in range(layers):
        tokens = linear_attention(tokens, x.shape[1], *weights)
    return tokens


def _close(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-4, atol=1e-5)


def _same(weights, others) -> bool:
    """Whether the layer does the same with both, on tokens of any kind."""
    tokens = torch.randn(2, 12, weights[0].shape[0], generator=torch.Generator().manual_seed(3))
    return _close(*(linear_attention(tokens, 8, *these) for these in (weights, others)))


def _weights(lr: Tensor, looks=lambda lr: lr, value=-2.0, key_y=0.0, query_y=0.0):
    """Weights with places to go wrong: rates, the number in the last place of W_V, and y in keys and queries."""
    d = len(lr)
    look = torch.diag(torch.cat([looks(lr), torch.tensor([key_y])]))
    other = torch.diag(torch.cat([torch.ones(d), torch.tensor([query_y])]))
    last = torch.zeros(d + 1, d + 1)
    last[d, d] = value
    return look, other, last


def _with_value(change):
    """The right weights with another W_V: by (W_V, d)."""

    def weights(lr):
        W_K, W_Q, W_V = linear_attention_step(lr)
        return W_K, W_Q, change(W_V, len(lr))

    return weights


def _set(matrix: Tensor, at, value: float) -> Tensor:
    made = torch.zeros_like(matrix)
    made[at] = value
    return made


_GROWS = ("the sign is wrong: what is left over grows. The slot should become y - w x with the *new* w, so the "
          "answer at x is taken away.")  # fmt: skip
_TWO = "The derivative of a square brings a 2."
_RATES_OF = "Weight i moves by lr[i] times its own slope, which is a sum with x[i] in it."
_Y_LOOKS = ("y takes part in key · query. Then pairs with like y pull harder; in a step only x tells how far one "
            "point's error moves the line at another.")  # fmt: skip
_MISTAKES = [
    (lambda lr: _weights(lr, value=2.0), _GROWS),
    (lambda lr: _weights(lr, value=-1.0), "the step is half as large as it should be. " + _TWO),
    (lambda lr: _weights(lr, value=1.0), _GROWS + " And the step is half as large as it should be. " + _TWO),
    (lambda lr: _weights(lr, value=-4.0), "the step is twice as large as it should be: is the 2 in it twice?"),
    (lambda lr: _weights(lr, value=-2.0 / len(lr)), "the step is divided by d. The mean is over pairs, and the layer "
     "takes it."),
    *((lambda lr, n=n: _weights(lr, value=-2.0 / n), "the step is divided by a number of pairs. The layer takes the "
       "mean already.") for n in (4, 5, 8, 10, 16, 20)),
    (lambda lr: _weights(lr, torch.ones_like), "lr is not used: the step is that of rate 1."),
    (lambda lr: _weights(lr, torch.square), "the rates are in it twice, in keys and in queries, say: key · query "
     "multiplies the two. Put them in one place."),
    (lambda lr: _weights(lr, torch.sqrt), "there is only the root of each rate in key · query. Keys and queries need "
     "the root each, or one of them the rate."),
    *((lambda lr, f=f: _weights(lr, lambda lr: f(lr).expand_as(lr)), "all weights move at one rate. " + _RATES_OF)
      for f in (torch.mean, torch.sum, torch.max, torch.min, lambda lr: lr[0], lambda lr: lr[-1])),
    (lambda lr: _weights(lr, lambda lr: lr.square() * 1.0, value=2.0), _GROWS + " And the rates are in it twice."),
    *((lambda lr, s=s: _weights(lr, key_y=1.0, query_y=1.0, value=s), _Y_LOOKS) for s in (-2.0, 2.0, -1.0)),
    (lambda lr: (_weights(lr, torch.ones_like, key_y=1.0)[0], *_weights(lr, query_y=1.0)[1:]), _Y_LOOKS + " And lr is "
     "not used."),
    (lambda lr: _weights(lr, key_y=float(lr[-1]), query_y=1.0), _Y_LOOKS),
    (lambda lr: _weights(lr, key_y=float(lr.mean()), query_y=1.0), _Y_LOOKS),
    (_with_value(lambda V, d: -2 * torch.eye(d + 1)), "the value holds the whole token, so that x changes in every "
     "token. A step moves the line and no point: only the last place may change."),
    (_with_value(lambda V, d: 2 * torch.eye(d + 1)), "the value holds the whole token, so that x changes in every "
     "token. Only the last place may change; and it should shrink, so the sign is wrong, too."),
    (_with_value(lambda V, d: torch.eye(d + 1)), "the value is the whole token, so that x changes in every token. "
     "Only the last place may change: what would be taken away there?"),
    *((_with_value(lambda V, d, s=s: _set(V, (d, slice(0, d)), s)), "the value is made of x. What a pair has to say "
       "is its y, or what is left of it: read the last place.") for s in (-2.0, 2.0, 1.0)),
    *((_with_value(lambda V, d, s=s: _set(V, (d, slice(None)), s)), "the value is a sum of x and y. What a pair has "
       "to say is its y, or what is left of it: read the last place alone.") for s in (-2.0, 2.0)),
    *((_with_value(lambda V, d, s=s, at=at: _set(V, (at(d), d), s)), "the value stands in the wrong place of the "
       "token: row d of W_V writes into the last place, where y is; column d reads it.")
      for s in (-2.0, 2.0) for at in (lambda d: 0, lambda d: slice(0, d), lambda d: slice(None))),
    *((_with_value(lambda V, d, s=s: _set(V, (0, 0), s)), "the value reads and writes the first place of the token. "
       "y is in the last: W_V[d, d].") for s in (-2.0, 2.0)),
    (lambda lr: tuple(torch.diag(torch.cat([torch.tensor([y]), x])) for y, x in (
        (0.0, lr), (0.0, torch.ones_like(lr)), (-2.0, torch.zeros_like(lr)))), "y is taken to stand first in the "
     "token. It stands last: place d, after the numbers of x."),
    (_with_value(lambda V, d: torch.zeros_like(V)), "the value is 0, so the layer changes nothing."),
]  # fmt: skip


def _matrices(found, d: int) -> tuple[Tensor, ...]:
    """Three matrices of the right form, or a sentence."""
    want = f"three float32 tensors of shape [{d + 1}, {d + 1}] for {d} number{'s' * (d > 1)} in x"
    if not isinstance(found, tuple | list) or len(found) != 3:
        if isinstance(found, Tensor) and found.shape == (3, d + 1, d + 1):
            raise Problem(f"it should return {want}, W_K, W_Q, W_V. They are stacked: tuple(...) parts them.")
        raise Problem(f"it should return {want}, W_K, W_Q, W_V, but it returned {form(found)}.")
    for name, matrix in zip(("W_K", "W_Q", "W_V"), found, strict=True):
        if isinstance(matrix, torch.nn.Module):
            raise Problem(f"{name} is a module of torch. Return its matrix alone, a tensor: .weight.detach().")
        if isinstance(matrix, Tensor) and matrix.shape == (d, d):
            raise Problem(f"{name} is [{d}, {d}], as wide as x. A token has one number more, y: [{d + 1}, {d + 1}].")
        if isinstance(matrix, Tensor) and d > 1 and matrix.shape == (2, 2):
            raise Problem(f"{name} is [2, 2] for {d} numbers in x, too: it has to grow with len(lr).")
        fits = isinstance(matrix, Tensor) and matrix.shape == (d + 1, d + 1)
        if not fits or matrix.dtype != torch.float32:
            end = " .float() makes it float32." if fits else ""
            raise Problem(f"it should return {want}, but {name} is {form(matrix)}.{end}")
        if not matrix.isfinite().all():
            raise Problem(f"a number of {name} is nan or infinite, for {d} number{'s' * (d > 1)} in x.")
    return tuple(matrix.detach() for matrix in found)


def judge_layer(call):
    """`linear_attention_step`: one layer and three, for one number in x and for more, one a weight that stays."""
    made = {}
    for said, rates in _RATES.items():
        lr = torch.tensor(rates)
        try:
            found = call(lr.clone())
        except Stopped as problem:  # its last line quotes the learner's code
            raise Problem(f"{problem}\n  That is for {said}.") from None
        made[said] = lr, _matrices(found, len(lr))
    wrong = {said: problem for said, (lr, weights) in made.items() if (problem := _problem(lr, weights))}
    if not wrong:
        return
    for order in permutations(range(3)):
        if order != (0, 1, 2) and not any(_problem(lr, [weights[i] for i in order]) for lr, weights in made.values()):
            raise Problem("the matrices are right, but in another order: return W_K, W_Q, W_V.")
    for mistake, message in _MISTAKES:
        if all(_same(weights, mistake(lr)) for lr, weights in made.values()):
            raise Problem(message)
    if not any(_problem(lr, [weights.mT for weights in each]) for lr, each in made.values()):
        raise Problem("rows and columns of the matrices are exchanged: a key is W_K @ token, so a row of a matrix "
                      "makes one number of it.")  # fmt: skip
    said = next(iter(wrong))
    right = next((case for case in made if case not in wrong), "")
    chance = " It draws random numbers, and the right answer has no chance in it." if getattr(call, "drew", "") else ""
    raise Problem(f"for {said}, {wrong[said]}" + (f" It is right for {right}." if right else "") + chance)


def _problem(lr: Tensor, weights) -> str:
    """What is wrong with the weights for these rates, or nothing."""
    d = len(lr)
    for n, layers in ((4, 1), (10, 1), (1, 1), (10, 3)):
        args = _tasks(d, n, seed=10 * d + n)
        got, want = _by_layers(weights, *args, layers), _by_steps(lr, *args, layers)
        if _close(got, want):
            continue
        if not _close(got[..., :-1], want[..., :-1]):
            return "x changes in some token. A step moves the line and no point: only the last place may change."
        (pairs, asked), (pairs_, asked_) = (t[..., -1].split([n, 4], 1) for t in (got, want))
        if layers == 1 and _close(asked, -asked_):
            return ("the answers are those of a step, and their sign is wrong: what is left over is y - w x, so in a "
                    "query's last place stands *minus* the answer.")  # fmt: skip
        if layers == 1 and _close(asked, asked_):
            return ("after one layer the queries are right and the support pairs are not: their last place should be "
                    "y - w x with the new w. Does their y, which a query has not, take part in key · "
                    "query?")  # fmt: skip
        if layers > 1:
            return ("one layer is one step, but three layers are not three steps. A query's last place is 0 before the "
                    "first step only: does it take part in key · query?")  # fmt: skip
        return _parts(lr, weights)
    return ""


def _parts(lr: Tensor, weights) -> str:
    """What is wrong with the weights, read off the numbers of the matrices themselves."""
    W_K, W_Q, W_V = weights
    together, value = W_K.mT @ W_Q, W_V[-1]  # key · query is pair' together token
    size = together.abs().max() * value.abs().max() * 1e-4
    if value.abs().max() == 0:
        return "the last row of W_V is 0, so that nothing is written where y stands."
    if value[:-1].abs().max() * together.abs().max() > size:
        return ("the value has numbers of x in it (the last row of W_V). What a pair has to say is what is left over "
                "of its y: read the last place alone.")  # fmt: skip
    if max(together[-1].abs().max(), together[:, -1].abs().max()) * value.abs().max() > size:
        return _Y_LOOKS
    rates = -value[-1] * together[:-1, :-1] / 2  # a step is twice the rate times the mean of (y - w x) x
    if (rates - rates.diag().diag()).abs().max() > 1e-5:
        return "key · query multiplies different numbers of x with each other. It is a sum of x[i] times x[i], rated."
    i = int((rates.diag() - lr).abs().argmax())
    return (f"weight {i} moves as if its rate were {rates[i, i]:.4g}, and its rate is {lr[i]:.4g}. Key · query and "
            f"value together have to give -2 * lr[i] * x_i * (y - w x), summed over i.")  # fmt: skip
