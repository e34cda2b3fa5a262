"""Mistakes that the check of the posterior from other tasks knows, in lesson 15."""

from __future__ import annotations

import torch

from course_lib.lessons.lesson15.posterior import learned_posterior


def _answer(
    mean=lambda o: o.mean(0),
    covariance=lambda o, m: (o - m).T @ (o - m) / (len(o) - 1),
    mixed=lambda S, kernel, a: (1 - a) * S + a * S.diagonal().mean() * kernel,
    trials=lambda among, noise: among + noise * torch.eye(len(among), dtype=among.dtype),
    off=lambda y, m: y - m,
    base=lambda m: m,
    left=lambda C, W, rows: C.diagonal() - (W * rows).sum(0),
    solve=torch.linalg.solve,
    defaults=(None, None),
    used=lambda seen, y: (seen, y),
    end=lambda found, variance, C, m: (found, variance.clamp(min=0).sqrt()),
):
    """The posterior once more, with places to go wrong.

    Args:
        mean, covariance: of the other tasks; mixed: what C becomes, of (S, kernel, shrink).
        trials: the matrix to solve with, of (C of the trials, noise); off: what the mean is updated with; base: what
            is added to the update.
        left: the variance, of (C, weights, rows); solve: of (matrix of the trials, rows).
        defaults: shrink and noise that are used whatever is given; used: which trials are.
        end: what is returned, of (mean, variance, C, prior mean).
    """  # fmt: skip

    def answer(others, kernel, seen, values, shrink=0.1, noise=1e-3):
        shrink = shrink if defaults[0] is None else defaults[0]
        noise = noise if defaults[1] is None else defaults[1]
        seen, values = used(seen, values)
        m = mean(others)
        C = mixed(covariance(others, m), kernel, shrink)
        at = torch.as_tensor(seen, dtype=torch.long)
        rows = C[at]
        W = solve(trials(rows[:, at], noise), rows)
        return end(base(m) + off(values, m[at]) @ W, left(C, W, rows), C, m)

    return answer


def _noise_everywhere(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    """Noise is a part of the covariance itself."""

    def mixed(S, kernel, a):
        return (1 - a) * S + a * S.diagonal().mean() * kernel + noise * torch.eye(len(S), dtype=S.dtype)

    return _answer(mixed=mixed, trials=lambda among, noise: among)(others, kernel, seen, values, shrink, noise)


def _noise_in_kernel(others, kernel, seen, values, shrink=0.1, noise=1e-3, twice=True):
    eye = torch.eye(len(kernel), dtype=kernel.dtype)
    return _answer(trials=_answer_trials if twice else lambda among, noise: among)(
        others, kernel + noise * eye, seen, values, shrink, noise)  # fmt: skip


def _answer_trials(among, noise):
    return among + noise * torch.eye(len(among), dtype=among.dtype)


def _noisy_spread(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean, sd = learned_posterior(others, kernel, seen, values, shrink, noise)
    return mean, (sd**2 + noise).sqrt()


def _one_more_task(others, kernel, seen, values, shrink=0.1, noise=1e-3, prior=None):
    row = others.mean(0).clone()
    row[seen] = values
    return learned_posterior(torch.cat([others, row[None]]), kernel, seen, values, shrink, noise)


def _read_off(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean, sd = (part.clone() for part in learned_posterior(others, kernel, seen, values, shrink, noise))
    mean[seen], sd[seen] = values, 0
    return mean, sd


def _untried(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    rest = [i for i in range(others.shape[1]) if i not in seen]
    return tuple(part[rest] for part in learned_posterior(others, kernel, seen, values, shrink, noise))


def _tried(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    return tuple(part[seen] for part in learned_posterior(others, kernel, seen, values, shrink, noise))


def _mean_shrunk(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = _answer(mean=lambda o: (1 - shrink) * o.mean(0) + shrink * o.mean(), covariance=lambda o, m: torch.cov(o.T))
    return mean(others, kernel, seen, values, shrink, noise)


def _part_of_inverse(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    m, C = others.mean(0), _answer(end=lambda f, v, C, m: C)(others, kernel, seen, values, shrink, noise)
    whole = torch.linalg.inv(C + noise * torch.eye(len(C), dtype=C.dtype))
    W = whole[seen][:, seen] @ C[seen]
    return m + (values - m[seen]) @ W, (C.diagonal() - (W * C[seen]).sum(0)).clamp(min=0).sqrt()


def _values_mean(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    return _answer(off=lambda y, m: y - y.mean(), base=lambda m: values.mean())(
        others, kernel, seen, values, shrink, noise)  # fmt: skip


def _levels(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    return learned_posterior(others - others.mean(1, keepdim=True), kernel, seen, values, shrink, noise)


def _column(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    """The mean is over settings, with an axis kept."""
    m = others.mean(1, keepdim=True)
    apart = others - m
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    W = torch.linalg.solve(_answer_trials(C[seen][:, seen], noise), C[seen])
    return m + W.T @ (values - m[seen]), (C.diagonal() - (W * C[seen]).sum(0)).clamp(min=0).sqrt()


_MIX = "C = (1 - shrink) S + shrink v kernel, with v the mean of S's diagonal."
_TAU = "The prior is the mean of the other tasks: posterior = mean + weights (values - mean[seen])."
_SCALES = [
    (lambda S: 1.0, "the kernel is not scaled: its diagonal is 1, whatever the losses are. " + _MIX),
    (lambda S: S.diagonal().sum(), "the kernel is scaled with the *sum* of the variances. " + _MIX),
    (lambda S: S.mean(), "the kernel is scaled with the mean of *all* of S. " + _MIX),
    (lambda S: S.diagonal().mean() / len(S), "the kernel is scaled with the mean variance divided by n. " + _MIX),
    (lambda S: S.diagonal().max(), "the kernel is scaled with the largest variance. " + _MIX),
    (lambda S: S.diagonal().median(), "the kernel is scaled with the median of the variances. " + _MIX),
    (lambda S: S.diagonal().sqrt().mean(), "the kernel is scaled with a standard deviation. " + _MIX),
    (lambda S: S.diagonal().mean().sqrt(), "the kernel is scaled with a standard deviation. " + _MIX),
    (lambda S: S.diagonal(), "each column of the kernel is scaled with its own variance. " + _MIX),
    (lambda S: torch.outer(S.diagonal().sqrt(), S.diagonal().sqrt()), "the kernel is scaled with each setting's own "
     "variance. " + _MIX),
]  # fmt: skip
MISTAKES = [
    (_answer(covariance=lambda o, m: (o - m).T @ (o - m) / len(o)), "the covariance is divided by T. The mean was "
     "found on the same tasks, so it is divided by T - 1."),
    (_answer(covariance=lambda o, m: (o - m).T @ (o - m)), "the covariance is a sum over tasks. It is divided by T - "
     "1."),
    (_answer(covariance=lambda o, m: (o - m).T @ (o - m) / (o.shape[1] - 1)), "the covariance is divided by the number "
     "of *settings* less 1. It is a mean over tasks: T - 1."),
    (_answer(covariance=lambda o, m: (o - m).T @ (o - m) / o.shape[1]), "the covariance is divided by the number of "
     "*settings*. It is a mean over tasks: T - 1."),
    *((_answer(covariance=c), "the mean is not taken off before the covariance: others - others.mean(0).") for c in (
        lambda o, m: o.T @ o / (len(o) - 1), lambda o, m: o.T @ o / len(o))),
    *((_answer(covariance=c), "this is the covariance between *tasks*. Settings vary together: [n, n], from the "
       "columns; torch.cov wants others.T.") for c in (
        lambda o, m: (o - m) @ (o - m).T / (len(o) - 1), lambda o, m: torch.cov(o))),
    (_answer(covariance=lambda o, m: torch.corrcoef(o.T)), "correlations stand for covariances. How *much* each loss "
     "varies counts."),
    (_answer(mean=lambda o: o.mean(1), covariance=lambda o, m: torch.cov(o.T)), "the mean is over settings. It is that "
     "of each setting over tasks: others.mean(0)."),
    (_answer(mean=lambda o: o.mean(1, keepdim=True).expand(-1, o.shape[1])[:, 0],
             covariance=lambda o, m: (o - m[:, None]).T @ (o - m[:, None]) / (len(o) - 1)), "the mean is over "
     "settings. It is that of each setting over tasks: others.mean(0)."),
    (_column, "the mean is over settings. It is that of each setting over tasks: others.mean(0)."),
    (_answer(mean=lambda o: o.mean().expand(o.shape[1]), covariance=lambda o, m: torch.cov(o.T)), "all settings have "
     "one mean. Each has its own over tasks: others.mean(0)."),
    (_answer(mean=lambda o: o.median(0).values), "the median over tasks stands for the mean."),
    (_mean_shrunk, "the mean is shrunk to that of all settings, too. Only the covariance is mixed. " + _TAU),
    (_answer(off=lambda y, m: y), "the mean is not taken off the values: what a trial tells is values - mean[seen]. "
     + _TAU),
    (_answer(off=lambda y, m: m - y), "what a trial tells has the wrong sign: values - mean[seen]."),
    (_answer(base=lambda m: 0 * m), "the mean is not added: this is only how far the trials move it. " + _TAU),
    (_answer(base=lambda m: 0 * m, off=lambda y, m: y), "the mean is 0 here, as if nothing were known. " + _TAU),
    (_values_mean, "the mean of the trials stands for the mean of the other tasks. " + _TAU),
    (_answer(off=lambda y, m: y - y.mean()), "the mean of the *trials* is taken off the values. What a trial tells is "
     "how far it is from what was expected of this setting: values - mean[seen]."),
    (_answer(trials=lambda a, s: a + s**2 * torch.eye(len(a), dtype=a.dtype)), "noise is squared. It is a variance "
     "already."),
    (_answer(trials=lambda a, s: a + s**0.5 * torch.eye(len(a), dtype=a.dtype)), "the root of the noise is added. It "
     "is a variance, and so are the others on the diagonal."),
    (_answer(trials=lambda a, s: a + 2 * s * torch.eye(len(a), dtype=a.dtype)), "noise is added twice to the diagonal. "
     "Once is enough."),
    (_answer(trials=lambda a, s: a + s / max(len(a), 1) * torch.eye(len(a), dtype=a.dtype)), "noise is divided by the "
     "number of trials. Each trial has all of it."),
    (_answer(trials=lambda a, s: a), "the noise of trials is left out: it stands on the diagonal of the trials' "
     "matrix."),
    (_answer(trials=lambda a, s: a + s), "noise is added to *all* entries of the trials' matrix, as if all trials had "
     "the same luck. It belongs on the diagonal: noise * torch.eye(k)."),
    (_answer(trials=lambda a, s: a - s * torch.eye(len(a), dtype=a.dtype)), "noise is taken off the diagonal. It is "
     "added."),
    (_answer(trials=lambda a, s: torch.diag(a.diagonal()) + s * torch.eye(len(a), dtype=a.dtype)), "trials are taken "
     "for independent of each other: only the diagonal of their covariance is used."),
    (_noise_everywhere, "noise is a part of C here, so that the losses themselves have it. It belongs to trials only: "
     "to the matrix that is solved with."),
    *((lambda *args, twice=twice: _noise_in_kernel(*args, twice=twice), "noise is a part of the kernel here. It "
       "belongs to trials: to the matrix that is solved with, as it is.") for twice in (True, False)),
    (_noisy_spread, "noise is in the standard deviation. That of the losses themselves is wanted, without a trial's "
     "noise."),
    (_answer(mixed=lambda S, kernel, a: a * S + (1 - a) * S.diagonal().mean() * kernel), "shrink is the wrong way "
     "round. " + _MIX),
    *((_answer(mixed=lambda S, kernel, a, v=v: (1 - a) * S + a * v(S) * kernel), said) for v, said in _SCALES),
    (_answer(mixed=lambda S, kernel, a: S + a * S.diagonal().mean() * kernel), "S is not weighted with 1 - shrink. "
     + _MIX),
    (_answer(mixed=lambda S, kernel, a: (1 - a) * S + S.diagonal().mean() * kernel), "the kernel is not weighted with "
     "shrink. " + _MIX),
    (_answer(mixed=lambda S, kernel, a: S), "the kernel is not used, so that most directions never move. " + _MIX),
    (_answer(mixed=lambda S, kernel, a: (1 - a) * S), "the kernel is not used, so that most directions never move. "
     + _MIX),
    (_answer(mixed=lambda S, kernel, a: S.diagonal().mean() * kernel), "the covariance of the tasks is not used. "
     + _MIX),
    (_answer(mixed=lambda S, kernel, a: kernel), "the covariance of the tasks is not used: C is the kernel. " + _MIX),
    (_answer(mixed=lambda S, kernel, a: (1 - a) * S + a * torch.diag(S.diagonal())), "C is shrunk to the variances of "
     "S. The other part is the kernel: neighbours are alike. " + _MIX),
    (_answer(mixed=lambda S, kernel, a: (1 - a) * S + a * S.diagonal().mean() * torch.eye(len(S), dtype=S.dtype)), "C "
     "is shrunk to the identity. The other part is the kernel: neighbours are alike. " + _MIX),
    (_answer(mixed=lambda S, kernel, a: torch.diag(((1 - a) * S + a * S.diagonal().mean() * kernel).diagonal())), "a "
     "trial tells only of its own setting here. Through the covariance it tells of all: C[:, seen], also where a "
     "setting was not tried."),
    (_answer(mixed=lambda S, kernel, a: S * kernel), "S and the kernel are multiplied. They are added. " + _MIX),
    (_answer(defaults=(0.1, None)), "shrink is 0.1 whatever is given. Use the argument."),
    (_answer(defaults=(None, 1e-3)), "noise is 0.001 whatever is given. Use the argument."),
    (_answer(defaults=(0.1, 1e-3)), "shrink and noise are 0.1 and 0.001 whatever is given. Use the arguments."),
    (_answer(end=lambda f, v, C, m: (m, C.diagonal().sqrt())), "this is what is known before the first trial: the "
     "trials are not used."),
    (_answer(end=lambda f, v, C, m: (f, C.diagonal().sqrt())), "the standard deviation is that before the trials. They "
     "tell something of all settings: the diagonal of C less that of C[:, seen] K^-1 C[seen]."),
    (_answer(end=lambda f, v, C, m: (m, v.clamp(min=0).sqrt())), "the mean is that before the trials. They move it: + "
     "C[:, seen] K^-1 (values - mean[seen])."),
    (_answer(end=lambda f, v, C, m: (f, v.clamp(min=0))), "the variance is returned. The standard deviation is its "
     "root."),
    (_answer(end=lambda f, v, C, m: (v.clamp(min=0).sqrt(), f)), "mean and standard deviation are exchanged: the mean "
     "comes first."),
    (_answer(left=lambda C, W, rows: C.diagonal() + (W * rows).sum(0)), "the spread *grows* with the trials. What they "
     "tell is taken off: C.diagonal() - ..."),
    (_answer(left=lambda C, W, rows: C.diagonal() - W.sum(0)), "what is taken off the variance lacks a factor: "
     "(weights * C[seen]).sum(0), with weights = K^-1 C[seen]."),
    (_answer(left=lambda C, W, rows: C.diagonal() - (rows * rows).sum(0)), "K^-1 is missing in the variance: (weights "
     "* C[seen]).sum(0), with weights = K^-1 C[seen]."),
    (_answer(left=lambda C, W, rows: C.diagonal() - (W * W).sum(0)), "what is taken off the variance has K^-1 twice: "
     "(weights * C[seen]).sum(0), with weights = K^-1 C[seen]."),
    (_answer(left=lambda C, W, rows: C - rows.T @ W, end=lambda f, v, C, m: (f, v)), "the whole covariance after the "
     "trials is returned. The root of its diagonal is wanted."),
    (_answer(solve=torch.matmul), "the trials' matrix is multiplied with. It is *solved* with: "
     "torch.linalg.solve(K, C[seen])."),
    (_answer(solve=lambda K, rows: rows), "the trials' matrix K is not used: weights = torch.linalg.solve(K, "
     "C[seen])."),
    (_answer(used=lambda seen, y: (seen[-1:], y[-1:])), "only the last trial is used."),
    (_answer(used=lambda seen, y: (seen[:1], y[:1])), "only the first trial is used."),
    (_answer(used=lambda seen, y: (sorted(seen), y)), "the settings are sorted, but their values are not: trial j has "
     "seen[j] and values[j]."),
    (_one_more_task, "the new task is one more row of the other tasks here, with its gaps filled. It counts through "
     "its trials alone."),
    (_read_off, "what was tried gets its value, and a spread of 0. But a trial is noisy: the mean lies between "
     "the value and what was expected, and a spread remains."),
    (_untried, "only settings that were not tried are returned. All n are wanted."),
    (_tried, "only settings that were tried are returned. All n are wanted: the covariance tells of the others."),
    (_part_of_inverse, "the whole matrix is inverted, and then a part of it taken. First take the part of the trials, "
     "[k, k], and then invert."),
    (_levels, "each task's own mean over settings is taken off. How hard a task is belongs to its losses, and trials "
     "tell it."),
    (_answer(end=lambda f, v, C, m: f), "only the mean is returned. (mean, standard deviation) is wanted."),
]  # fmt: skip
