"""What `check` looks at in `implicit_meta_gradient` of lesson 05, and which mistakes it knows."""

from __future__ import annotations

import torch

from course_lib.exercises.demands import BY_HAND, keeps_names, without_autograd
from course_lib.exercises.engine import compare
from course_lib.lessons.lesson05.toy import implicit_meta_gradient


def _cases():
    generator = torch.Generator().manual_seed(0)
    for words, n, strength in (("two weights", 2, 2.0), ("three weights", 3, 0.5),
                               ("three weights and a stronger pull", 3, 1.5)):  # fmt: skip
        a, b = torch.randn(2, n, n, generator=generator, dtype=torch.float64)
        theta, c, d = torch.randn(3, n, generator=generator, dtype=torch.float64)
        yield words, (theta, (a @ a.T, c), (b @ b.T, d), strength)


def _eye(H):
    return torch.eye(len(H)).to(H)


def _lowest(H, c, theta, k):
    """The lowest point of the loss with the pull."""
    return torch.linalg.solve(H + k * _eye(H), H @ c + k * theta)


def _with(message: str, at=_lowest, system=lambda H, H_q, k: _eye(H) + H / k, product=torch.linalg.solve,
          slope=lambda H_q, away: H_q @ away, k=lambda k: k):  # fmt: skip
    """A mistake: the implicit gradient with one thing otherwise."""

    def wrong(theta, support, query, strength):
        (H, c), (H_q, c_q) = support, query
        return product(system(H, H_q, k(strength)), slope(H_q, at(H, c, theta, k(strength)) - c_q))

    return wrong, message


def _steps(n: int, rate: float):
    """Where `n` steps down the loss with the pull arrive."""

    def arrive(H, c, theta, k):
        adapted = theta
        for _ in range(n):
            adapted = adapted - rate * (H @ (adapted - c) + k * (adapted - theta))
        return adapted

    return arrive


def _diagonal(theta, support, query, k):
    (H, c), (H_q, c_q) = support, query
    h = H.diagonal()
    return H_q @ ((h * c + k * theta) / (h + k) - c_q) / (1 + h / k)


def _diagonal_last(theta, support, query, k):
    (H, c), (H_q, c_q) = support, query
    return H_q @ (_lowest(H, c, theta, k) - c_q) / (1 + H.diagonal() / k)


def _diagonal_of_sum(theta, support, query, k):
    (H, c), (H_q, c_q) = support, query
    h = H.diagonal()
    return H_q @ ((H @ c + k * theta) / (h + k) - c_q) / (1 + h / k)


def _twice_shrunk(theta, support, query, k):
    (H, c), (H_q, c_q) = support, query
    Q = k * torch.linalg.inv(H + k * _eye(H))
    return Q @ H_q @ Q @ (_lowest(H, c, theta, k) - c_q)


def _of_the_lowest(theta, support, query, k):
    (H, c), (H_q, c_q) = support, query
    return torch.linalg.solve(H + k * _eye(H), H @ (H_q @ (_lowest(H, c, theta, k) - c_q)))


def _everywhere(H, c, theta, k):
    """The pull added to every entry of H."""
    return torch.linalg.solve(H + k, H @ c + k * theta)


_EVERYWHERE = ("a number is added to every entry of H. A pull acts on each weight by itself, so it belongs on the "
               "diagonal: H + strength * torch.eye(n), and torch.eye(n) + H / strength.")  # fmt: skip
_DIAGONAL = ("it takes the diagonal of H for the whole. The other entries say how one weight's slope changes with "
             "another: solve the system with all of H.")  # fmt: skip
_STAYS = ("it adapts to the lowest point by steps and does not arrive there. For quadratics the place is known: the "
          "slope of support loss plus pull is 0, which is a linear system.")  # fmt: skip
_SMALL = "it is `strength` times too small: the matrix is I + H / strength, not H + strength I."
_TWICE = "the pull is half as strong as it should be, or twice: its slope is strength * (adapted - theta)."
_MISTAKES = [
    _with("this is the gradient of the query loss at the adapted weights: first order. Solve (I + H / strength) g = v.",
          system=lambda H, H_q, k: _eye(H)),
    _with("the query gradient is taken at the start. Adapt first: go to the lowest point of the loss with the pull.",
          at=lambda H, c, theta, k: theta),
    _with("adapting ends at the lowest point of the support loss alone. The pull holds it back: it is in the slope "
          "that must be 0.", at=lambda H, c, theta, k: c),
    _with("the matrix is I + H / strength. With strength * H, a stronger pull would let the start matter less.",
          system=lambda H, H_q, k: _eye(H) + k * H),
    _with("strength stands at the support loss. It belongs to the pull: loss + strength / 2 * |adapted - theta|^2.",
          k=lambda k: 1 / k),
    _with("it adapts with strength at the support loss. It belongs to the pull: loss + strength / 2 * "
          "|adapted - theta|^2.", at=lambda H, c, theta, k: _lowest(H, c, theta, 1 / k)),
    _with("it multiplies by I + H / strength. The gradient is what this matrix takes to the query gradient: solve the "
          "system.", product=torch.matmul),
    _with("the matrix holds the curvature of the query loss. It was the support loss that was adapted to: use its H.",
          system=lambda H, H_q, k: _eye(H) + H_q / k),
    _with(_SMALL, system=lambda H, H_q, k: k * _eye(H) + H),
    _with("the sign of H in the matrix is turned round: it is I + H / strength.",
          system=lambda H, H_q, k: _eye(H) - H / k),
    _with("I is missing in the matrix: it is I + H / strength.", system=lambda H, H_q, k: H / k),
    _with("strength is missing in the matrix: it is I + H / strength.", system=lambda H, H_q, k: _eye(H) + H),
    _with("that is one factor I - alpha H, as after one step. Here adapting arrives: solve (I + H / strength) g = v.",
          system=lambda H, H_q, k: _eye(H) - H / k, product=torch.matmul),
    _with("the matrix is solved for twice. Once is enough: (I + H / strength) g = v.",
          product=lambda A, v: torch.linalg.solve(A @ A, v)),
    _with("H of the query loss is missing in its slope: v = H_q (adapted - c_q).", slope=lambda H_q, away: away),
    _with("the slope of the query loss is twice too large: of (x - c) H (x - c) / 2 it is H (x - c).",
          slope=lambda H_q, away: 2 * H_q @ away),
    _with("the sign of the query slope is turned round: v = H_q (adapted - c_q).", slope=lambda H_q, away: -H_q @ away),
    (lambda t, s, q, k: implicit_meta_gradient(t, q, s, k), "support and query loss are exchanged."),
    (lambda t, s, q, k: implicit_meta_gradient(t, s, s, k),
     "the slope at the adapted weights is that of the support loss. It is the query loss that is judged: "
     "H_q (adapted - c_q)."),
    (_twice_shrunk, "the distance after adapting is shrunk once more. The adapted weights have had their share of it: "
                    "the slope is H_q (adapted - c_q), and then one system is solved."),
    (_of_the_lowest,
     "its factor H / (H + strength) says how far the adapted weights follow c. Asked is how far they follow the start: "
     "strength / (H + strength)."),
    (lambda t, s, q, k: _lowest(*s, t, k), "these are the adapted weights. Take the query slope there, and solve."),
    (_diagonal, _DIAGONAL),
    (_diagonal_last, _DIAGONAL),
    (_diagonal_of_sum, _DIAGONAL),
    _with(_EVERYWHERE, at=_everywhere),
    _with(_EVERYWHERE, system=lambda H, H_q, k: 1 + H / k),
    _with(_EVERYWHERE, at=_everywhere, system=lambda H, H_q, k: 1 + H / k),
    (lambda t, s, q, k: torch.Size([]), "it is one number, perhaps the query loss. Give its derivative, one number for "
                                        "each weight."),
    _with("the pull has the wrong sign: it adds to the support loss, and its slope is + strength * (adapted - theta).",
          at=lambda H, c, theta, k: _lowest(H, c, theta, -k)),
    _with("H is missing on the right: (H + strength I) adapted = H c + strength theta.",
          at=lambda H, c, theta, k: torch.linalg.solve(H + k * _eye(H), c + k * theta)),
    _with("strength is missing on the right: (H + strength I) adapted = H c + strength theta.",
          at=lambda H, c, theta, k: torch.linalg.solve(H + k * _eye(H), H @ c + theta)),
    _with("** -1 and 1 / ... turn round each entry of a matrix by itself. Solve a linear system: solve(A, b).",
          product=lambda A, v: A**-1 @ v),
    _with("it divides by the matrix entry by entry. Solve a linear system: torch.linalg.solve(A, b).",
          product=lambda A, v: v / A),
    *(_with(_TWICE, at=lambda H, c, theta, k, f=f: _lowest(H, c, theta, f * k)) for f in (0.5, 2)),
    *(_with("the pull is half as strong as it should be, or twice: the matrix is I + H / strength.",
            k=lambda k, f=f: f * k) for f in (0.5, 2)),
    *(_with(f"strength is taken to be {k:g}, whatever it is: use the argument `strength`.", k=lambda _, k=k: k)
      for k in (2.0, 1.0, 0.5)),
    *(_with(_STAYS, at=_steps(n, rate)) for n in (1, 2, 3, 5, 10, 20, 50, 100)
      for rate in (0.001, 0.01, 0.05, 0.1, 0.5)),
]  # fmt: skip


def judge_implicit(call):
    """`implicit_meta_gradient` of quadratics, by hand."""
    by_hand = without_autograd(call, f"{BY_HAND} Solve the two linear systems of the text: for the adapted weights, "
                               "and for the gradient.")  # fmt: skip
    compare(by_hand, implicit_meta_gradient, dict(_cases()), _MISTAKES, axes=("weight",))
    keeps_names(call, "strength")
