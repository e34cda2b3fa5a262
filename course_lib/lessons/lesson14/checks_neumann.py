"""What `check` looks at in an implicit gradient by a Neumann series, in lesson 14, and which mistakes it knows."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torch.func import grad, hessian, jacrev

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.learners.implicit import conjugate_gradients
from course_lib.lessons.lesson14.checks_memory import largest_tensor
from course_lib.lessons.lesson14.checks_torch import import_forward_mode, in_plain
from course_lib.lessons.lesson14.many_decays import ManyDecays, implicit_hypergradient


def _regression(seed: int, terms: int, factor: float = 1.0) -> tuple:
    """A decay for each weight, as in the lesson."""
    one = ManyDecays(seed, examples=12, new=15, tests=1, inputs=6)
    hyper = torch.linspace(-2, 0.5, 6, dtype=torch.float64)
    rate = factor / torch.linalg.eigvalsh(one.hessian(hyper)).max().item()
    return one.train_loss, one.validation_loss, one.solve(hyper), hyper, rate, terms


def _curved(seed: int, terms: int) -> tuple:
    """A classifier with two hyperparameters: a decay for all weights, and how much one half of the examples counts."""
    g = torch.Generator().manual_seed(seed)
    x, y, new_x, new_y = (
        torch.randn(*size, generator=g, dtype=torch.float64) for size in ((20, 4), (20,), (30, 4), (30,))
    )
    y, new_y = (y > 0).double(), (new_y > 0).double()

    def entropy(w, x, y):
        return torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y)

    def train_loss(w, h):
        half = h[1].exp() * entropy(w, x[:10], y[:10]) + entropy(w, x[10:], y[10:])
        return half + h[0].exp() * (w * w).sum() / 2

    hyper, w = torch.tensor([-1.5, 0.4], dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    for _ in range(30):  # Newton's steps
        w = w - torch.linalg.solve(hessian(train_loss)(w, hyper), grad(train_loss)(w, hyper))
    rate = 0.8 / torch.linalg.eigvalsh(hessian(train_loss)(w, hyper)).max().item()
    return train_loss, lambda w: entropy(w, new_x, new_y), w, hyper, rate, terms


@cache
def _cases() -> dict[str, tuple]:
    return {
        "a decay for each of 6 weights, 4 terms": _regression(1, 4),
        "a single term": _regression(2, 1),
        "a smaller rate and 7 terms": _regression(3, 7, 0.3),
        "2 hyperparameters and 4 weights, no quadratic": _curved(0, 3),
        "60 terms": _regression(4, 60),
    }


class _At:
    """All derivatives at a case, as matrices."""

    def __init__(self, train_loss, validation_loss, weights, hyper, rate, terms):
        self.H = hessian(train_loss)(weights, hyper)  # [n, n]
        self.M = jacrev(lambda h: grad(train_loss)(weights, h))(hyper)  # [n, k]
        self.v, self.rate, self.terms = grad(validation_loss)(weights), rate, terms
        self.eye, self.Q = torch.eye(len(weights)).to(weights), hessian(validation_loss)(weights)
        self.w, self.h, self.g = weights, hyper, grad(train_loss)(weights, hyper)
        self.straight = grad(train_loss, argnums=1)(weights, hyper)  # [k]

    def series(self, first: Tensor, step: Tensor, terms: int) -> Tensor:
        """first + step first + step step first ... , `terms` of them."""
        total, term = torch.zeros_like(first), first
        for _ in range(terms):
            total, term = total + term, step @ term
        return total

    @property
    def step(self) -> Tensor:
        return self.eye - self.rate * self.H


def _of(formula):
    return lambda *args: formula(_place(args))


_places = {}  # by rate and terms, which differ from case to case: matrices are found once


def _place(args: tuple) -> _At:
    if args[4:] not in _places:
        _places[args[4:]] = _At(*args)
    return _places[args[4:]]


def _solved(of, outer=1.0):
    """The answer with something else in place of the inverse Hessian times v: of(at)."""
    return _of(lambda at: -outer * (of(at) @ at.M))


def _then(change):
    return lambda *args: change(implicit_hypergradient(*args), *args)


def _weighted(weight):
    """The series with each term multiplied by weight(j)."""

    def of(at):
        total, term = torch.zeros_like(at.v), at.rate * at.v
        for j in range(at.terms):
            total, term = total + weight(j) * term, at.step @ term
        return total

    return _solved(of)


def _only(powers):
    return _solved(lambda at: at.rate * torch.linalg.matrix_power(at.step, powers(at.terms)) @ at.v)


def _of_the_first(at: _At) -> Tensor:
    """Each term is (I - rate H) times the very first, or what is left of it."""
    return at.rate * at.v + (at.terms - 1) * (at.step @ (at.rate * at.v))


def _falling(at: _At) -> Tensor:
    """Each term is the one before less rate H times the first."""
    first = at.rate * at.v
    return sum((first - j * at.rate * (at.H @ first) for j in range(at.terms)), torch.zeros_like(first))


def _conjugate(at: _At) -> Tensor:
    return conjugate_gradients(lambda p: {"w": at.H @ p["w"]}, {"w": at.v}, at.terms)["w"]


def _by_rows(H: Tensor) -> Tensor:
    return torch.diag(H.sum(1))


_SERIES = "The first term is rate * v, and each next one is (I - rate H) times the one before; all are added up."
_CHAIN = ("From g(w(h), h) = 0: H dw/dh + M = 0, with M the derivative of g in h. The chain rule then gives "
          "-v H^-1 M, with v the gradient of the validation loss.")  # fmt: skip
_MISTAKES = [
    (_then(lambda d, *args: -d), "the sign is turned round. " + _CHAIN),
    (_solved(lambda at: torch.linalg.solve(at.H, at.v)), "this is the answer with the exact inverse. Here the first "
     "`terms` terms of the series are wanted, which also work where no matrix has room."),
    (_solved(lambda at: -torch.linalg.solve(at.H, at.v)), "the sign is turned round, and the inverse is the exact "
     "one: the first `terms` terms of the series are wanted. " + _CHAIN),
    *((_solved(lambda at, off=off: at.series(at.rate * at.v, at.step, at.terms + off)),
       f"there is one term too {word}: "
       "with terms = 1 the sum is rate * v, with terms = 2 there is one product with H in it.")
      for off, word in ((1, "many"), (-1, "few"))),
    (_solved(lambda at: at.series(at.v, at.step, at.terms)), "the rate before the sum is missing: H^-1 = rate * [I + "
     "(I - rate H) + ...]."),
    (_solved(lambda at: at.rate**2 * at.series(at.v, at.step, at.terms)), "the rate counts twice: it stands once "
     "before the sum, and once before H."),
    (_solved(lambda at: at.series(at.rate * at.v, at.eye - at.H, at.terms)), "the rate is missing before H: each term "
     "is (I - rate H) times the one before."),
    (_solved(lambda at: at.series(at.v, at.eye - at.H, at.terms)), "the rate is missing, before the sum and before H. "
     + _SERIES),
    (_solved(lambda at: at.series(at.rate * at.v, at.eye + at.rate * at.H, at.terms)), "each term is multiplied by I + "
     "rate H. It is I - rate H: what is left over gets smaller."),
    (_solved(lambda at: at.series(at.rate * at.v, -at.rate * at.H, at.terms)), "each term is multiplied by -rate H, "
     "and the term itself is missing: (I - rate H) term = term - rate * H term."),
    (_solved(lambda at: at.series(at.rate * at.v, at.rate * at.H, at.terms)), "each term is multiplied by rate H. It "
     "is I - rate H: term - rate * H term."),
    *((_solved(of), "H is multiplied by the *first* term again and again. Each term is (I - rate H) times the one "
       "before it: term = term - rate * H term.") for of in (_of_the_first, _falling)),
    (_only(lambda k: k - 1), "only the last term is left. All of them are added up. " + _SERIES),
    (_only(lambda k: k), "only one term is left, (I - rate H) to the power `terms`. All of them are added up, from the "
     "first, rate * v. " + _SERIES),
    (_solved(lambda at: at.v), "the inverse Hessian is missing: this takes I for it. " + _CHAIN),
    (_solved(lambda at: at.rate * at.v), "the series is not used: there is only its first term, whatever `terms` is."),
    (_solved(lambda at: at.H @ at.v), "it multiplies by the Hessian, where its inverse belongs. " + _CHAIN),
    (_weighted(lambda j: 1 / (j + 1)), "the terms are divided by their number. They are added as they are."),
    (_weighted(lambda j: (-1.0) ** j), "the terms change their signs in turn. They are all added."),
    (_then(lambda d, *args: d / args[5]), "the sum over terms is divided by their number. It is a sum."),
    (_solved(lambda at: at.series(at.rate * at.v, at.eye - at.rate * at.Q, at.terms)), "H is the Hessian of the "
     "validation loss. It is the train loss whose gradient stays 0: use its Hessian."),
    (_solved(lambda at: at.series(at.rate * at.v, at.eye - at.rate * torch.diag(at.H.diagonal()), at.terms)), "only "
     "the Hessian's diagonal is used. torch.autograd.grad(g, w, v) is v times all of it."),
    (_solved(lambda at: at.series(at.rate * at.v, at.eye - at.rate * _by_rows(at.H), at.terms)), "the derivative of "
     "g.sum() adds up the rows of the Hessian; times the term, number by number, that is not H term. Take the "
     "derivative of g @ term."),
    (_of(lambda at: torch.zeros_like(at.h)), "every number is 0. Is it the gradient of the train loss that goes into "
     "the series, which is 0 at these weights? Or is something detached? " + _CHAIN),
    (_of(lambda at: at.straight), "this is the derivative of the *train* loss in the hyperparameters. " + _CHAIN),
    (_of(lambda at: at.series(at.rate * at.v, at.step, at.terms)), "this is the inverse Hessian times the gradient of "
     "the validation loss, one number for each weight. M, the derivative of g in the hyperparameters, is missing. "
     + _CHAIN),
    (_of(lambda at: -at.series(at.rate * at.v, at.step, at.terms)), "M, the derivative of g in the hyperparameters, is "
     "missing. " + _CHAIN),
    (_of(lambda at: -at.series(at.rate * at.v, at.step, at.terms) * at.w), "for M it takes the weights. M is the "
     "derivative of g in the hyperparameters, whatever they are: let autograd find it."),
    (_of(lambda at: -at.series(at.rate * at.v, at.step, at.terms) * at.h.exp()), "for M it takes the decays. M is the "
     "derivative of g in the hyperparameters, whatever they are: let autograd find it."),
    (_of(lambda at: -at.series(at.rate * at.v, at.step, at.terms) * at.w / at.h.exp()), "M is the derivative of g in "
     "the hyperparameters as they are given. For these it is not w / exp(h)."),
    (_of(lambda at: -at.series(at.rate * at.v, at.step, at.terms).sum() * at.M.sum(0)), "g is summed before it is "
     "differentiated in the hyperparameters. The derivative of g @ (inverse times v) is wanted."),
    (_of(lambda at: -at.M.sum(0)), "the derivative of g.sum() in the hyperparameters is given back alone. It is g @ "
     "(inverse times v) whose derivative is wanted. " + _CHAIN),
    (_of(lambda at: at.straight - at.series(at.rate * at.v, at.step, at.terms) @ at.M), "the derivative of the *train* "
     "loss in the hyperparameters is added. The validation loss does not have them in it."),
    (_then(lambda d, *args: d / d.norm()), "the arrow is made as long as 1. Its length says something: return it as it "
     "is."),
    (_then(lambda d, *args: d.mean().expand_as(d)), "all hyperparameters get the mean. Each has its own derivative."),
    (_then(lambda d, *args: d.sum()), "the derivatives are summed. Each hyperparameter has its own."),
    (_then(lambda d, *args: d.mean()), "the mean of the derivatives is taken. Each hyperparameter has its own."),
    *((_then(lambda d, a, b, w, h, rate, terms, k=k: implicit_hypergradient(a, b, w, h, rate, k)), f"it takes {k} "
       "terms, whatever `terms` is.") for k in (5, 10, 20, 50, 100)),
    *((_then(lambda d, a, b, w, h, rate, terms, r=r: implicit_hypergradient(a, b, w, h, r, terms)),
       f"the rate is {r:g} in the code. Use the argument `rate`.") for r in (0.1, 0.01)),
]  # fmt: skip
_MISTAKES = [(once(wrong, lambda a, b, w, h, rate, terms: (rate, terms)), said) for wrong, said in _MISTAKES]


_GRAPH = ("g has to remember how it was made: work on weights.detach().requires_grad_() and "
          "hyper.detach().requires_grad_(), and create_graph=True.")  # fmt: skip
_ERRORS = {
    "through the graph a second time": "the graph of g is used for every term, and was freed by its first use: "
    "retain_graph=True keeps it.",
    "does not require grad": _GRAPH, "not have been used in the graph": _GRAPH,
    "2 hyperparameters and 4 weights": "it counts on one hyperparameter for each weight, and stops where there are 2 "
    "for 4 weights. M is the derivative of g in the hyperparameters, whatever they are: torch.autograd.grad(g, hyper, "
    "p) is right for all of them.",
}  # fmt: skip


def judge_neumann(call):
    """`implicit_hypergradient`: several losses, rates and terms; no matrix; the dtype."""
    import_forward_mode()
    try:
        compare(call, implicit_hypergradient, _cases(), _MISTAKES, (), ("hyperparameter",))
    except Problem as problem:
        if str(problem).startswith("the numbers differ"):
            raise Problem(str(problem) + _where(call, str(problem))) from None
        raise (in_plain(problem, _ERRORS) if "it stopped with" in str(problem) else problem) from None
    _judge_size(call)


def _where(call, said: str) -> str:
    """What a single term tells, where no Hessian comes up; and how near the numbers are."""
    if "That is for 60 terms" in said:
        return "\n  Does it stop before `terms` terms, where a term is small? Or is a number of terms written down?"
    try:
        if all(torch.allclose(call(*args), implicit_hypergradient(*args), rtol=0.01) for args in _cases().values()):
            return ("\n  They are right up to a small error in all cases: is a difference of two losses or gradients "
                    "divided by a small width? The derivative itself is wanted.")  # fmt: skip
        other = [torch.allclose(call(*args), _solved(_conjugate)(*args)) for args in list(_cases().values())[:3]]
        if all(other):
            return ("\n  These are conjugate gradients, another way to solve H p = v. Here the first `terms` terms of "
                    "the series are wanted: with terms = 1, rate * v.")  # fmt: skip
        args = _cases()["a single term"]
        fits = torch.allclose(call(*args), implicit_hypergradient(*args), rtol=1e-4, atol=1e-6)
    except (Problem, TypeError, RuntimeError):
        return ""
    return ("\n  With a single term, where no Hessian comes up, it is right. So look at how a term is made from the "
            "one before: " + _SERIES if fits else "\n  With a single term it is wrong already: there the vector is "
            "rate * v, and the answer is -(rate * v) M.")  # fmt: skip


def _judge_size(call):
    n = 150
    x = torch.linspace(0.5, 1.5, n, dtype=torch.float64)

    def train_loss(w, h):
        return (x * (w - 1) ** 2).mean() / 2 + (w.mean() ** 2 + h.exp().sum() * (w * w).mean()) / 2

    hyper = torch.zeros(2, dtype=torch.float64)
    args = train_loss, lambda w: ((w - x) ** 2).mean(), x / 2, hyper, 0.5, 3
    if largest_tensor(lambda: call(*args)) >= n * n:
        raise Problem("the numbers are right, but a matrix [n, n] is built: for a network of a million weights it "
                      "would have no room. Multiply vectors by the Hessian: torch.autograd.grad(g, w, v).")  # fmt: skip
