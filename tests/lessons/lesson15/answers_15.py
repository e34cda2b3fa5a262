# %% expected_improvement | right | closed form with a safe sd and where
import math
import torch


def expected_improvement(mean, sd, best):
    gap = best - mean
    safe = torch.where(sd > 0, sd, torch.ones_like(sd))
    z = gap / safe
    phi = torch.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    value = gap * torch.special.ndtr(z) + sd * phi
    return torch.where(sd > 0, value, gap).clamp(min=0)


# %% expected_improvement | right | a loop over numbers with math.erfc, in the shape of mean
import math
import torch


def expected_improvement(mean, sd, best):
    def one(m, s):
        if s == 0:
            return max(best - m, 0.0)
        z = (best - m) / s
        density = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        return max((best - m) * 0.5 * math.erfc(-z / math.sqrt(2)) + s * density, 0.0)

    best = float(best)
    values = [one(m, s) for m, s in zip(mean.reshape(-1).tolist(), sd.reshape(-1).tolist())]
    return torch.tensor(values, dtype=mean.dtype).reshape(mean.shape)


# %% expected_improvement | right | float64 inside, torch.distributions for the bell curve
import torch


def expected_improvement(mean, sd, best):
    m, s = mean.double(), sd.double()
    s = s.clamp(min=1e-100)
    z = ((best - m) / s).clamp(-1e8, 1e8)
    bell = torch.distributions.Normal(torch.zeros((), dtype=torch.float64), torch.ones((), dtype=torch.float64))
    value = (best - m) * bell.cdf(z) + s * bell.log_prob(z).exp()
    return torch.relu(value).to(mean.dtype)


# %% expected_improvement | right | factors sd out: sd (z F(z) + f(z)), numpy for the masks
import numpy as np
import torch


def expected_improvement(mean, sd, best):
    m = mean.detach().numpy().astype(np.float64)
    s = sd.detach().numpy().astype(np.float64)
    known = s == 0
    z = (best - m) / np.where(known, 1.0, s)
    F_z = torch.special.ndtr(torch.from_numpy(np.asarray(z))).numpy()
    f_z = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    out = np.where(known, np.maximum(best - m, 0), s * np.maximum(z * F_z + f_z, 0))
    return torch.as_tensor(out).to(mean.dtype)


# %% expected_improvement | right | the symmetric form: gap + sd (f - z F(-z)), masked assignment
import math
import torch


def expected_improvement(mean, sd, best):
    out = (best - mean).clamp(min=0)
    some = sd > 0
    m, s = mean[some].double(), sd[some].double()
    z = (m - best) / s
    out[some] = (
        (s * (torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi) - z * torch.special.ndtr(-z))).clamp(min=0).to(out.dtype)
    )
    return out


# %% expected_improvement | right | integrates the distribution function numerically, in float64
import torch


def expected_improvement(mean, sd, best):
    z = ((best - mean.double()) / sd.double().clamp(min=1e-30)).clamp(-9, 9).unsqueeze(-1)
    steps = torch.linspace(0, 1, 4001, dtype=torch.float64)
    grid = -10 + (z + 10) * steps
    area = torch.trapezoid(torch.special.ndtr(grid), grid, dim=-1)
    far = (best - mean) >= 9 * sd
    gain = torch.where(far, (best - mean).double(), sd.double() * area)
    return gain.clamp(min=0).to(mean.dtype)


# %% expected_improvement | wrong | z has the wrong sign: mean minus best, as for a score that should be high | the loss is taken for something to make high. A trial
import math
import torch


def expected_improvement(mean, sd, best):
    safe = torch.where(sd > 0, sd, torch.ones_like(sd))
    z = (mean - best) / safe
    phi = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    value = (mean - best) * torch.special.ndtr(z) + sd * phi
    return torch.where(sd > 0, value, mean - best).clamp(min=0)


# %% expected_improvement | wrong | the density's term is added without sd in front | the density is not multiplied by sd. Where the spread is
import math
import torch


def expected_improvement(mean, sd, best):
    safe = torch.where(sd > 0, sd, torch.ones_like(sd))
    z = (best - mean) / safe
    phi = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    value = (best - mean) * torch.special.ndtr(z) + phi
    return torch.where(sd > 0, value, best - mean).clamp(min=0)


# %% expected_improvement | wrong | the probability of an improvement, not its mean size | this is the *probability* that a trial is better. How
import torch


def expected_improvement(mean, sd, best):
    z = (best - mean) / sd.clamp(min=1e-12)
    return torch.special.ndtr(z)


# %% expected_improvement | wrong | sd 0 is divided by: nan where the mean equals the best | where sd is 0, z is a division by 0, and the result nan.
import math
import torch


def expected_improvement(mean, sd, best):
    z = (best - mean) / sd
    phi = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    return ((best - mean) * torch.special.ndtr(z) + sd * phi).clamp(min=0)


# %% expected_improvement | wrong | where sd is 0 it says best - mean, below 0 for a worse one | where sd is 0, it gives best - mean, also below 0. The
import math
import torch


def expected_improvement(mean, sd, best):
    z = (best - mean) / sd.clamp(min=1e-9)
    phi = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    value = ((best - mean) * torch.special.ndtr(z) + sd * phi).clamp(min=0)
    return torch.where(sd == 0, best - mean, value)


# %% expected_improvement | wrong | an optimistic bound, not a mean: best - (mean - 2 sd) | this is a bound of confidence, best - (mean - 1.96 sd).
def expected_improvement(mean, sd, best):
    return (best - (mean - 1.96 * sd)).clamp(min=0)


# %% expected_improvement | wrong | draws 20,000 losses instead of the closed form | It draws random numbers
import torch


def expected_improvement(mean, sd, best):
    draws = mean + sd * torch.randn(20000, *mean.shape, dtype=mean.dtype)
    return (best - draws).clamp(min=0).mean(0)


# %% expected_improvement | wrong | if one sd is 0, all are taken for known | where the sd of *one* setting is 0, all settings are
import math
import torch


def expected_improvement(mean, sd, best):
    if (sd == 0).any():
        return (best - mean).clamp(min=0)
    z = (best - mean) / sd
    phi = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    return ((best - mean) * torch.special.ndtr(z) + sd * phi).clamp(min=0)


# %% expected_improvement | wrong | turns everything into a flat list of numbers | the axes are lost: return a tensor of the shape of
import math
import torch


def expected_improvement(mean, sd, best):
    out = []
    for m, s in zip(mean.flatten().tolist(), sd.flatten().tolist()):
        if s == 0:
            out.append(max(best - m, 0.0))
            continue
        z = (best - m) / s
        phi = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        out.append((best - m) * 0.5 * math.erfc(-z / math.sqrt(2)) + s * phi)
    return torch.tensor(out, dtype=mean.dtype)


# %% expected_improvement | wrong | a result instead of a function | check(expected_improvement) wants the function itself,
import torch

expected_improvement = torch.tensor([0.0396])


# %% expected_improvement | wrong | forgets to return | it returned nothing. Is the `return` missing?
import math
import torch


def expected_improvement(mean, sd, best):
    z = (best - mean) / sd.clamp(min=1e-12)
    phi = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    result = ((best - mean) * torch.special.ndtr(z) + sd * phi).clamp(min=0)


# %% expected_improvement | wrong | math functions of a tensor | mean and sd are tensors of many numbers: torch.exp,
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * 0.5 * (1 + math.erf(z / math.sqrt(2))) + sd * density
    return expected.clamp(min=0)


# %% portfolio | right | a tensor of indices in place of a list
import torch


def portfolio(losses, length):
    best = torch.full((losses.shape[0],), float("inf"), dtype=losses.dtype)
    chosen = []
    for _ in range(length):
        value = torch.minimum(best[:, None], losses).mean(0)
        value[chosen] = float("inf")
        chosen.append(int(value.argmin()))
        best = torch.minimum(best, losses[:, chosen[-1]])
    return torch.tensor(chosen)


# %% portfolio | right | broadcast minimum, mask with infinity
import torch


def portfolio(losses, length):
    tasks, n = losses.shape
    best = torch.full((tasks, 1), float("inf"), dtype=losses.dtype)
    taken = torch.zeros(n, dtype=torch.bool)
    order = []
    for _ in range(length):
        value = torch.minimum(best, losses).mean(0)
        value = value.masked_fill(taken, float("inf"))
        i = int((value == value.min()).nonzero()[0])
        order.append(i)
        taken[i] = True
        best = torch.minimum(best, losses[:, i : i + 1])
    return order


# %% portfolio | right | plain Python lists and loops
import math


def portfolio(losses, length):
    table = losses.tolist()
    so_far = [math.inf] * len(table)
    chosen = []
    for _ in range(length):
        low, pick = math.inf, -1
        for i in range(len(table[0])):
            if i in chosen:
                continue
            total = math.fsum(min(b, row[i]) for b, row in zip(so_far, table))
            if pick < 0 or total < low:
                low, pick = total, i
        chosen.append(pick)
        so_far = [min(b, row[pick]) for b, row in zip(so_far, table)]
    return chosen


# %% portfolio | right | recursion on the length
import torch


def portfolio(losses, length):
    if length == 0:
        return []
    before = portfolio(losses, length - 1)
    rest = [i for i in range(losses.shape[1]) if i not in before]
    values = torch.stack([losses[:, before + [i]].min(dim=1).values.mean() for i in rest])
    return before + [rest[int(values.argmin())]]


# %% portfolio | right | the largest gain over the lowest so far, first by the mean
import torch


def portfolio(losses, length):
    if length < 1:
        return []
    work = losses.double()
    chosen = [int(work.mean(0).argmin())]
    while len(chosen) < length:
        best = work[:, chosen].amin(1, keepdim=True)
        gain = (best - work).clamp(min=0).sum(0)
        gain[chosen] = -1.0
        chosen.append(int(gain.argmax()))
    return chosen


# %% portfolio | wrong | the settings that are best on average, in order | these are the settings that are best on average, one by
import torch


def portfolio(losses, length):
    return losses.mean(0).argsort(stable=True)[:length].tolist()


# %% portfolio | wrong | takes the losses for right answers: keeps the highest so far | losses are taken for something to make high: the highest
import torch


def portfolio(losses, length):
    best = torch.zeros(losses.shape[0], dtype=losses.dtype)
    chosen = []
    for _ in range(length):
        value = torch.maximum(best[:, None], losses).mean(0)
        value[chosen] = -1
        i = int(value.argmax())
        chosen.append(i)
        best = torch.maximum(best, losses[:, i])
    return chosen


# %% portfolio | wrong | stops when no setting helps any more: a shorter list | the list ends where no setting helps any more. `length`
import torch


def portfolio(losses, length):
    chosen, low = [], float("inf")
    for _ in range(length):
        pick = None
        for i in range(losses.shape[1]):
            value = float(losses[:, [*chosen, i]].amin(1).mean())
            if value < low:
                low, pick = value, i
        if pick is None:
            break
        chosen.append(pick)
    return chosen


# %% portfolio | wrong | the best set of all sets, not greedy | this is the best *set* of this size, among all sets. A
import itertools
import torch


def portfolio(losses, length):
    sets = itertools.combinations(range(losses.shape[1]), length)
    return list(min(sets, key=lambda s: float(losses[:, list(s)].amin(1).mean())))


# %% portfolio | wrong | compares each candidate with the first setting only | only the *first* setting is kept in mind. The third is
import torch


def portfolio(losses, length):
    first = int(losses.mean(0).argmin())
    value = torch.minimum(losses[:, [first]], losses).mean(0)
    order = [i for i in value.argsort(stable=True).tolist() if i != first]
    return [first, *order][:length]


# %% portfolio | wrong | after the first, looks only at the task that is worst so far | after the first, only the task on which the list is worst
import torch


def portfolio(losses, length):
    chosen = [int(losses.mean(0).argmin())]
    while len(chosen) < length:
        hard = int(losses[:, chosen].amin(1).argmax())
        rest = [i for i in range(losses.shape[1]) if i not in chosen]
        chosen.append(min(rest, key=lambda i: float(losses[hard, i])))
    return chosen


# %% portfolio | wrong | when nothing helps, it takes the next best on average | when none helps any more, the rest comes in the order of
import torch


def portfolio(losses, length):
    chosen = []
    for _ in range(length):
        rest = [i for i in range(losses.shape[1]) if i not in chosen]
        chosen.append(
            min(rest, key=lambda i: (float(losses[:, [*chosen, i]].amin(1).mean()), float(losses[:, i].mean())))
        )
    return chosen


# %% portfolio | wrong | the next one is best where the first is above its mean | after the first, only tasks on which the list is bad so
import torch


def portfolio(losses, length):
    chosen = [int(losses.mean(0).argmin())]
    while len(chosen) < length:
        so_far = losses[:, chosen].amin(1)
        failed = so_far >= so_far.mean()
        rest = [i for i in range(losses.shape[1]) if i not in chosen]
        chosen.append(min(rest, key=lambda i: float(losses[failed][:, i].mean())))
    return chosen


# %% portfolio | wrong | the lowest so far starts at 1, though losses may be larger | the lowest loss so far begins at 1, and some losses are
import torch


def portfolio(losses, length):
    best = torch.ones(losses.shape[0], dtype=losses.dtype)
    chosen = []
    for _ in range(length):
        value = torch.minimum(best[:, None], losses).mean(0)
        value[chosen] = float("inf")
        i = int(value.argmin())
        chosen.append(i)
        best = torch.minimum(best, losses[:, i])
    return chosen


# %% portfolio | wrong | an endless loop: counts down a copy of the length | Does a loop never end?
def portfolio(losses, length):
    chosen = []
    while len(chosen) < length:
        left = length - len(chosen)
        left = left - 1
    return chosen


# %% portfolio | wrong | a stub | is not written yet. The lesson goes on with the library's
def portfolio(losses, length): ...


# %% portfolio | wrong | names in place of indices | in place 1 of the list, the result should be a number, but
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return [f"setting {k}" for k in chosen]


# %% learned_posterior | right | torch.cov and one solve
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(dim=0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    seen = torch.tensor(seen, dtype=torch.long)
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    gain = torch.linalg.solve(K, C[seen]).T
    variance = C.diagonal() - (gain * C[:, seen]).sum(1)
    return mean + gain @ (values - mean[seen]), variance.clamp(min=0).sqrt()


# %% learned_posterior | right | Cholesky factor in float64, a branch for no trials
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    kind = others.dtype
    X, kernel, values = others.double(), kernel.double(), values.double()
    m = X.mean(0)
    R = X - m
    S = torch.einsum("ti,tj->ij", R, R) / (X.shape[0] - 1)
    C = (1 - shrink) * S + shrink * S.diag().mean() * kernel
    if len(seen) == 0:
        return m.to(kind), C.diag().sqrt().to(kind)
    L = torch.linalg.cholesky(C[seen][:, seen] + noise * torch.eye(len(seen), dtype=torch.float64))
    half = torch.linalg.solve_triangular(L, C[seen], upper=False)
    right = torch.linalg.solve_triangular(L, (values - m[seen]).unsqueeze(1), upper=False)
    return (m + (half.T @ right).squeeze(1)).to(kind), (C.diag() - half.square().sum(0)).clamp(min=0).sqrt().to(kind)


# %% learned_posterior | right | one trial after the other, each updates mean and covariance
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    m = others.double().mean(0)
    S = torch.cov(others.double().T)
    C = (1 - shrink) * S + shrink * torch.diag(S).mean() * kernel.double()
    for i, y in zip(seen, values.tolist()):
        gain = C[:, i] / (C[i, i] + noise)
        m = m + gain * (y - m[i])
        C = C - torch.outer(gain, C[i])
    return m.to(others.dtype), torch.diag(C).clamp(min=0).sqrt().to(others.dtype)


# %% learned_posterior | right | numpy with an inverse
import numpy as np
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    X = others.numpy().astype(float)
    S = np.cov(X, rowvar=False)
    C = (1 - shrink) * S + shrink * np.diag(S).mean() * kernel.numpy().astype(float)
    m = X.mean(axis=0)
    s = np.asarray(seen, dtype=int)
    inverse = np.linalg.inv(C[np.ix_(s, s)] + noise * np.eye(len(s)))
    mean = m + C[:, s] @ inverse @ (values.numpy().astype(float) - m[s])
    sd = np.sqrt(np.maximum(np.diag(C - C[:, s] @ inverse @ C[s]), 0))
    return torch.tensor(mean, dtype=others.dtype), torch.tensor(sd, dtype=others.dtype)


# %% learned_posterior | right | a weight for each setting in a loop, with lstsq, a list comprehension for the sd
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    T, n = others.shape
    X = others.double()
    m = X.sum(0) / T
    S = torch.zeros(n, n, dtype=torch.float64)
    for row in X:
        S += torch.outer(row - m, row - m)
    S /= T - 1
    C = (1 - shrink) * S + shrink * (torch.trace(S) / n) * kernel.double()
    k = len(seen)
    if k == 0:
        return m.to(others.dtype), C.diagonal().sqrt().to(others.dtype)
    K = torch.tensor(
        [[float(C[i, j]) + (noise if a == b else 0) for b, j in enumerate(seen)] for a, i in enumerate(seen)],
        dtype=torch.float64,
    )
    rest = values.double() - m[seen]
    inv = torch.linalg.pinv(K)
    mean = torch.stack([m[i] + C[i, seen] @ inv @ rest for i in range(n)])
    var = torch.stack([C[i, i] - C[i, seen] @ inv @ C[seen, i] for i in range(n)])
    return mean.to(others.dtype), var.clamp(min=0).sqrt().to(others.dtype)


# %% learned_posterior | wrong | the covariance is divided by T | the covariance is divided by T. The mean was found on the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    centred = others - mean
    S = centred.T @ centred / others.shape[0]
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    A = torch.linalg.solve(K, C[seen])
    return mean + A.T @ (values - mean[seen]), (C.diagonal() - (A * C[seen]).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | the kernel comes in without v, the mean variance | the kernel is not scaled: its diagonal is 1, whatever the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * kernel
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    A = torch.linalg.solve(K, C[seen])
    return mean + A.T @ (values - mean[seen]), (C.diagonal() - (A * C[seen]).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | the values are centred by their own mean | the mean of the *trials* is taken off the values. What a
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    A = torch.linalg.solve(K, C[seen])
    centre = values.mean() if len(seen) else 0.0
    return mean + A.T @ (values - centre), (C.diagonal() - (A * C[seen]).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | a trial is taken for exact: no noise | the noise of trials is left out: it stands on the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    A = torch.linalg.solve(C[seen][:, seen], C[seen])
    return mean + A.T @ (values - mean[seen]), (C.diagonal() - (A * C[seen]).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | the sd contains the noise of one more trial | noise is in the standard deviation. That of the losses
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    A = torch.linalg.solve(K, C[seen])
    return mean + A.T @ (values - mean[seen]), (C.diagonal() + noise - (A * C[seen]).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | an empty list of trials fails: stacks nothing | Before the first trial the mean is that of the other tasks,
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = torch.stack([C[i] for i in seen])
    K = torch.stack([rows[:, j] for j in seen], 1) + noise * torch.eye(len(seen), dtype=C.dtype)
    A = torch.linalg.solve(K, rows)
    return mean + A.T @ (values - mean[seen]), (C.diagonal() - (A * rows).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | with no trial, the plain sd of the other tasks, without the kernel's part | before the first trial the standard deviation is that of
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    if not seen:
        return mean, others.std(0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    A = torch.linalg.solve(K, C[seen])
    return mean + A.T @ (values - mean[seen]), (C.diagonal() - (A * C[seen]).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | scales the kernel that it was given in place | it changes `kernel` in place; compute a new tensor
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    S = torch.cov(others.T)
    kernel *= shrink * S.diagonal().mean()
    C = (1 - shrink) * S + kernel
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    A = torch.linalg.solve(K, C[seen])
    return mean + A.T @ (values - mean[seen]), (C.diagonal() - (A * C[seen]).sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | wrong | the sd stays that of the prior: only the mean learns from the trials | the standard deviation is that before the trials. They
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    K = C[seen][:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    return mean + C[:, seen] @ torch.linalg.solve(K, values - mean[seen]), C.diagonal().sqrt()


# %% learned_posterior | wrong | each trial tells only about its own setting | a trial tells only of its own setting here. Through the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0).clone()
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    variance = C.diagonal().clone()
    for i, v in zip(seen, values):
        gain = variance[i] / (variance[i] + noise)
        mean[i] = mean[i] + gain * (v - mean[i])
        variance[i] = variance[i] * (1 - gain)
    return mean, variance.sqrt()


# %% learned_posterior | wrong | a string | give the function itself, without quotes:
learned_posterior = "mean + C[:, seen] @ solve(K, values - mean[seen])"


# %% learned_posterior | wrong | no clamp: nan by rounding | the numbers are right, but where nothing is left to know
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.sqrt()


# %% learned_posterior | wrong | inverse of the whole, then its part | the whole matrix is inverted, and then a part of it taken.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.inv(C + noise * torch.eye(len(C), dtype=C.dtype))[seen][:, seen] @ rows
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% successive_halving | right | torch, stable argsort, survivors in a tensor
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = torch.tensor(settings), 0, 0
    for r, steps in enumerate(rungs):
        losses = torch.as_tensor(losses_after(alive.tolist(), steps)).double()
        price += alive.numel() * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.full_like(losses, float("inf")))
        order = losses.argsort(stable=True)
        if r == len(rungs) - 1:
            return int(alive[order[0]]), price
        alive = alive[order[: (len(alive) + factor - 1) // factor].sort().values]


# %% successive_halving | right | recursion over the rungs
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    def go(alive, left, before):
        steps = left[0]
        losses = [float(x) for x in losses_after(alive, steps)]
        rank = sorted(range(len(alive)), key=lambda i: (math.inf if math.isnan(losses[i]) else losses[i], i))
        cost = len(alive) * (steps - before)
        if len(left) == 1:
            return alive[rank[0]], cost
        winners = set(rank[: -(-len(alive) // factor)])
        winner, more = go([s for i, s in enumerate(alive) if i in winners], left[1:], steps)
        return winner, cost + more

    return go(list(settings), tuple(rungs), 0)


# %% successive_halving | right | numpy, cuts at the last rung too (one more cut changes nothing)
import numpy as np


def successive_halving(losses_after, settings, rungs, factor=3):
    place = {s: i for i, s in enumerate(settings)}
    alive, price = list(settings), 0
    for steps, before in zip(rungs, [0, *rungs]):
        losses = np.array([float(x) for x in losses_after(alive, steps)])
        losses[~np.isfinite(losses)] = np.inf
        price += len(alive) * (steps - before)
        order = np.lexsort((np.array([place[s] for s in alive]), losses))
        alive = [alive[i] for i in order[: int(np.ceil(len(alive) / factor))]]
    return alive[0], price


# %% successive_halving | right | asks for one setting at a time
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    trained = dict.fromkeys(settings, 0)
    alive = list(settings)
    for r, steps in enumerate(rungs):
        losses = {}
        for s in alive:
            x = float(losses_after([s], steps)[0])
            losses[s] = x if math.isfinite(x) else math.inf
            trained[s] = steps
        if r < len(rungs) - 1:
            best = sorted(alive, key=losses.get)[: math.ceil(len(alive) / factor)]
            alive = [s for s in alive if s in best]
    return min(alive, key=losses.get), sum(trained.values())


# %% successive_halving | right | how many go on from the start's number, steps paid by when each one stopped
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    counts = [math.ceil(len(settings) / factor**r) for r in range(len(rungs))]
    price = sum(c * (b - a) for c, b, a in zip(counts, rungs, (0, *rungs)))
    alive = tuple(settings)
    for steps, count in zip(rungs, [*counts[1:], 1]):
        raw = losses_after(list(alive), steps)
        key = {
            s: (math.isnan(x) or math.isinf(x), 0.0 if math.isnan(x) or math.isinf(x) else x, settings.index(s))
            for s, x in zip(alive, map(float, raw))
        }
        alive = tuple(sorted(sorted(alive, key=key.get)[:count], key=settings.index))
    return alive[0], price


# %% successive_halving | right | a tensor of settings, price as a tensor
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive = torch.as_tensor(list(settings))
    price = torch.tensor(0)
    for before, steps in zip([0, *rungs[:-1]], rungs):
        price = price + len(alive) * (steps - before)
        losses = losses_after(alive.tolist(), steps).double()
        losses = torch.nan_to_num(losses, nan=torch.inf, posinf=torch.inf)
        _, order = losses.sort(stable=True)
        if steps == rungs[-1]:
            return int(alive[order[0]]), int(price)
        alive = alive[order[: math.ceil(len(alive) / factor)].sort().values]


# %% successive_halving | wrong | the price as if every rung began anew | the price has every rung trained from the start. A
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price = list(settings), 0
    for r, steps in enumerate(rungs):
        losses = [float(x) for x in losses_after(alive, steps)]
        price += len(alive) * steps
        losses = [math.inf if math.isnan(x) else x for x in losses]
        order = sorted(range(len(alive)), key=lambda i: losses[i])
        if r == len(rungs) - 1:
            return alive[order[0]], price
        keep = sorted(order[: math.ceil(len(alive) / factor)])
        alive = [alive[i] for i in keep]


# %% successive_halving | wrong | nan confuses the sorting | nan and infinity are worse than any loss.
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for r, steps in enumerate(rungs):
        losses = [float(x) for x in losses_after(alive, steps)]
        price += len(alive) * (steps - before)
        before = steps
        order = sorted(range(len(alive)), key=lambda i: losses[i])
        if r == len(rungs) - 1:
            return alive[order[0]], price
        alive = [alive[i] for i in sorted(order[: math.ceil(len(alive) / factor)])]


# %% successive_halving | wrong | argmin at the last rung picks a nan | a loss of nan is taken for the best. It is worse than any
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for steps in rungs[:-1]:
        losses = torch.as_tensor(losses_after(alive, steps))
        price += len(alive) * (steps - before)
        before = steps
        keep = losses.nan_to_num(nan=float("inf")).argsort(stable=True)[: -(-len(alive) // factor)]
        alive = [alive[i] for i in sorted(keep.tolist())]
    losses = torch.as_tensor(losses_after(alive, rungs[-1]))
    price += len(alive) * (rungs[-1] - before)
    return alive[int(losses.argmin())], price


# %% successive_halving | wrong | loses the settings: places 0 .. n - 1 are asked for | losses_after was asked for setting 0, which is not one of
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(range(len(settings))), 0, 0
    for r, steps in enumerate(rungs):
        losses = torch.as_tensor(losses_after(alive, steps)).nan_to_num(nan=float("inf"))
        price += len(alive) * (steps - before)
        before = steps
        order = losses.argsort(stable=True).tolist()
        if r == len(rungs) - 1:
            return settings[alive[order[0]]], price
        alive = [alive[i] for i in sorted(order[: -(-len(alive) // factor)])]


# %% successive_halving | wrong | asks for all settings at every rung | the numbers are right, but losses_after is asked for 6
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for r, steps in enumerate(rungs):
        everything = dict(zip(settings, [float(x) for x in losses_after(settings, steps)]))
        losses = torch.tensor([everything[s] for s in alive]).nan_to_num(nan=float("inf"))
        price += len(alive) * (steps - before)
        before = steps
        order = losses.argsort(stable=True).tolist()
        if r == len(rungs) - 1:
            return alive[order[0]], price
        alive = [alive[i] for i in sorted(order[: -(-len(alive) // factor)])]


# %% successive_halving | wrong | hands over the steps since the last rung, not since the start | losses_after was asked for 10 steps. Steps are counted
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for r, steps in enumerate(rungs):
        losses = torch.as_tensor(losses_after(alive, steps - before)).nan_to_num(nan=float("inf"))
        price += len(alive) * (steps - before)
        before = steps
        order = losses.argsort(stable=True).tolist()
        if r == len(rungs) - 1:
            return alive[order[0]], price
        alive = [alive[i] for i in sorted(order[: -(-len(alive) // factor)])]


# %% successive_halving | wrong | those that go on are in the order of their losses, so a later tie is decided by the earlier rung | those that go on are in the order of their last loss, so
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for r, steps in enumerate(rungs):
        losses = torch.as_tensor(losses_after(alive, steps)).nan_to_num(nan=float("inf"))
        price += len(alive) * (steps - before)
        before = steps
        order = losses.argsort(stable=True).tolist()
        if r == len(rungs) - 1:
            return alive[order[0]], price
        alive = [alive[i] for i in order[: -(-len(alive) // factor)]]


# %% successive_halving | wrong | stops as soon as one is left: the last rungs are not trained and not paid | it ends when a single one is left, before the last rung.
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for steps in rungs:
        losses = [float(x) for x in losses_after(alive, steps)]
        price += len(alive) * (steps - before)
        before = steps
        losses = [math.inf if math.isnan(x) else x for x in losses]
        order = sorted(range(len(alive)), key=lambda i: losses[i])
        alive = [alive[i] for i in sorted(order[: math.ceil(len(alive) / factor)])]
        if len(alive) == 1:
            break
    return alive[0], price


# %% successive_halving | wrong | cuts after the last rung too and takes the first of those in the list | there is a cut after the last rung, too, and the first of
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for steps in rungs:
        losses = [float(x) for x in losses_after(alive, steps)]
        price += len(alive) * (steps - before)
        before = steps
        losses = [math.inf if math.isnan(x) else x for x in losses]
        order = sorted(range(len(alive)), key=lambda i: losses[i])
        alive = [alive[i] for i in sorted(order[: math.ceil(len(alive) / factor)])]
    return alive[0], price


# %% successive_halving | wrong | pays only for those that survive a rung | the price is counted with those that go on. Those that
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for r, steps in enumerate(rungs):
        losses = [float(x) for x in losses_after(alive, steps)]
        losses = [math.inf if math.isnan(x) else x for x in losses]
        order = sorted(range(len(alive)), key=lambda i: losses[i])
        alive = [alive[i] for i in sorted(order[: math.ceil(len(alive) / factor)])]
        price += len(alive) * (steps - before)
        before = steps
    return alive[0] if len(alive) == 1 else alive[0], price


# %% successive_halving | wrong | throws out every nan and infinity: fails when nobody is left | what blew up is taken out before those that go on are
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for r, steps in enumerate(rungs):
        losses = [float(x) for x in losses_after(alive, steps)]
        price += len(alive) * (steps - before)
        before = steps
        fine = [(x, i) for i, x in enumerate(losses) if math.isfinite(x)]
        fine.sort()
        if r == len(rungs) - 1:
            return alive[fine[0][1]], price
        alive = [alive[i] for i in sorted(i for _, i in fine[: math.ceil(len(fine) / factor)])]


# %% successive_halving | wrong | a class, not a function | this is a class, and the exercise asks for a function:
class successive_halving:
    def __init__(self, losses_after, settings, rungs, factor=3):
        self.winner, self.price = settings[0], 0


# %% successive_halving | wrong | rungs taken for increments | losses_after was asked for 20 steps. Steps are counted from
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, before + steps)
        price += len(alive) * steps
        before = before + steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% tau_and_ceiling | right | signs of all differences, math for the ceiling
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | right | loops over pairs with integers
import math


def tau_and_ceiling(scores, truths):
    def sign(d):
        return (d > 0) - (d < 0)

    def kendall(a, b):
        top = in_a = in_b = 0
        for i in range(len(a)):
            for j in range(i):
                p, q = sign(a[i] - a[j]), sign(b[i] - b[j])
                top += p * q
                in_a += abs(p)
                in_b += abs(q)
        return 0.0 if in_a == 0 or in_b == 0 else top / math.sqrt(in_a * in_b)

    rows = truths.tolist()
    S = len(rows)
    total, count = 0.0, 0
    for s in range(S):
        for t in range(s + 1, S):
            total += kendall(rows[s], rows[t])
            count += 1
    rho = math.sin(max(total / count, 0.0) * math.pi / 2)
    ceiling = math.asin(math.sqrt(rho / (rho + (1 - rho) / S))) * 2 / math.pi
    return kendall(scores.tolist(), truths.mean(0).tolist()), ceiling


# %% tau_and_ceiling | right | all trainings at once with einsum, upper triangle
import math
import torch


def tau_and_ceiling(scores, truths):
    n, S = scores.numel(), truths.shape[0]
    i, j = torch.triu_indices(n, n, offset=1)
    rows = torch.cat([scores[None].double(), truths.mean(0, keepdim=True).double(), truths.double()])
    if n < 2:
        return 0.0, 0.0
    signs = torch.sign(rows[:, i] - rows[:, j])
    size = signs.square().sum(1).sqrt()
    table = torch.einsum("ap,bp->ab", signs, signs)
    table = torch.where(
        size[:, None] * size[None] > 0, table / (size[:, None] * size[None]).clamp(min=1), torch.zeros(()).double()
    )
    among = table[2:, 2:]
    mean = (among.sum() - among.diagonal().sum()) / (S * (S - 1))
    rho = torch.sin(mean.clamp(min=0) * math.pi / 2)
    return table[0, 1], 2 / math.pi * torch.asin((S * rho / (1 + (S - 1) * rho)).sqrt())


# %% tau_and_ceiling | right | variances: worth rho, luck 1 - rho, the mean has luck (1 - rho) / S; a 0-d tensor comes back
import math
import torch


def tau_and_ceiling(scores, truths):
    def order(x):
        d = x.unsqueeze(-1) - x.unsqueeze(-2)
        s = torch.sign(d).double().flatten(-2)
        return s / s.norm(dim=-1, keepdim=True).clamp(min=1e-9)

    mine, theirs, each = order(scores), order(truths.mean(0)), order(truths)
    gram = each @ each.T
    S = len(truths)
    agreement = gram[~torch.eye(S, dtype=torch.bool)].mean().clamp(min=0)
    worth = torch.sin(agreement * math.pi / 2)
    luck = 1 - worth
    r = worth.sqrt() / (worth + luck / S).sqrt()
    return (mine @ theirs), torch.asin(r) * (2 / math.pi)


# %% tau_and_ceiling | right | recursion over architectures: the first against all others
import itertools
import math


def tau_and_ceiling(scores, truths):
    def counts(a, b):
        both = mine = yours = 0
        for (a1, b1), (a2, b2) in itertools.combinations(zip(a, b), 2):
            both += (a1 > a2) * (b1 > b2) + (a1 < a2) * (b1 < b2) - (a1 > a2) * (b1 < b2) - (a1 < a2) * (b1 > b2)
            mine += a1 != a2
            yours += b1 != b2
        return both / (mine * yours) ** 0.5 if mine and yours else 0.0

    t = [row.tolist() for row in truths]
    taus = [counts(x, y) for x, y in itertools.combinations(t, 2)]
    rho = math.sin(max(sum(taus) / len(taus), 0) * math.pi / 2)
    S = len(t)
    return counts(scores.tolist(), truths.mean(0).tolist()), 2 / math.pi * math.asin(
        (S * rho / (1 + (S - 1) * rho)) ** 0.5
    )


# %% tau_and_ceiling | right | counts of concordant, discordant and equal pairs
import math


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        n = len(a)
        da, db = a[:, None] - a, b[:, None] - b
        same = ((da * db) > 0).sum().item() / 2
        other = ((da * db) < 0).sum().item() / 2
        all_pairs = n * (n - 1) / 2
        ties_a = ((da == 0).sum().item() - n) / 2
        ties_b = ((db == 0).sum().item() - n) / 2
        d = ((all_pairs - ties_a) * (all_pairs - ties_b)) ** 0.5
        return 0.0 if d == 0 else (same - other) / d

    S, total, count = truths.shape[0], 0.0, 0
    for i in range(S):
        for j in range(S):
            if i != j:
                total += tau(truths[i], truths[j])
                count += 1
    t = max(0.0, total / count)
    r = math.sin(math.pi * t / 2)
    return tau(scores, truths.mean(dim=0)), math.asin(math.sqrt(S * r / (1 + (S - 1) * r))) * 2 / math.pi


# %% tau_and_ceiling | wrong | tau-a: divides by all pairs, ties too | pairs that one side calls equal are counted below the
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = torch.tensor(len(a) * (len(a) - 1.0))
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | the ceiling is the agreement of two trainings | the agreement of two trainings is taken for the ceiling.
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    return tau, agreement


# %% tau_and_ceiling | wrong | the root is missing: the share of the worth, not its correlation | the root is missing: S r / (1 + (S - 1) r) is the
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = S * rho / (1 + (S - 1) * rho)
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | each training is compared with itself too | pairs of a training with itself are counted, which agree
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.product(range(S), repeat=2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | equal scores for all: 0 divided by 0 | where the scores are all equal, 0 is divided by 0, and
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom)


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | an agreement below 0 has no root | A mean tau below 0 counts as 0: max(mean,
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs)
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | each pair of trainings below 0 is lifted to 0 before the mean | taus below 0 are cut off before the mean. The mean is
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = sum(max(0.0, tau_b(truths[i], truths[j])) for i, j in pairs) / len(pairs)
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | goodman and kruskal's gamma: divides by the pairs that both tell apart | it is divided by the pairs that *both* tell apart: that
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x * y).abs().sum()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | a tie on both sides counts as agreement | a pair that both sides call equal counts +1. It has no
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float(((x == y).float().sum() - len(a) - (x * y < 0).float().sum()) / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | a root too many: the ceiling of the tau, not of the correlation | the root is taken twice. Once, then 2/pi asin.
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt(S * rho / (1 + (S - 1) * rho))
    return tau, 2 / math.pi * math.asin(math.sqrt(r))


# %% tau_and_ceiling | wrong | the luck does not shrink: the correlation of one training with the mean | this is how one *training* goes with the mean of S, in
import itertools
import math
import torch


def tau_b(a, b):
    x = (a[:, None] - a[None, :]).sign()
    y = (b[:, None] - b[None, :]).sign()
    bottom = (x.abs().sum() * y.abs().sum()).sqrt()
    return float((x * y).sum() / bottom) if bottom > 0 else 0.0


def tau_and_ceiling(scores, truths):
    S = len(truths)
    pairs = list(itertools.combinations(range(S), 2))
    tau = tau_b(scores, truths.mean(0))
    agreement = max(0.0, sum(tau_b(truths[i], truths[j]) for i, j in pairs) / len(pairs))
    rho = math.sin(math.pi / 2 * agreement)
    r = math.sqrt((1 + (S - 1) * rho) / S)
    return tau, 2 / math.pi * math.asin(r)


# %% tau_and_ceiling | wrong | a lambda that does one half | only architectures that stand next to each other are
tau_and_ceiling = lambda scores, truths: ((scores.diff().sign() * truths.mean(0).diff().sign()).mean(), 1.0)


# %% tau_and_ceiling | wrong | mean over architectures | scores is [n] and truths [S, n]: the truth is the mean over
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(1)), 2 / math.pi * math.asin(known)


# %% synflow | right | autograd.grad on positive copies, unused ones skipped
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    with torch.enable_grad():
        R = forward(mine).sum()
    grads = torch.autograd.grad(R, mine, allow_unused=True)
    total = torch.zeros(len(weights[0]), dtype=weights[0].dtype)
    for w, g in zip(mine, grads):
        if g is not None:
            total = total + (w.detach() * g).reshape(len(w), -1).sum(1)
    return total


# %% synflow | right | backward on copies of its own
import torch


def synflow(forward, weights):
    copies = []
    for w in weights:
        c = w.detach().clone().abs()
        c.requires_grad = True
        copies.append(c)
    forward(copies).sum().backward()
    with torch.no_grad():
        scores = torch.zeros(weights[0].shape[0], dtype=weights[0].dtype, device=weights[0].device)
        for c in copies:
            if c.grad is not None:
                scores += torch.einsum("tk,tk->t", c.reshape(c.shape[0], -1), c.grad.reshape(c.shape[0], -1))
    return scores


# %% synflow | right | one task at a time, with its axis kept
import torch


def synflow(forward, weights):
    def one(t):
        mine = [w[t : t + 1].detach().abs().requires_grad_() for w in weights]
        grads = torch.autograd.grad(forward(mine).sum(), mine, allow_unused=True)
        return sum(float((w.detach() * g).sum()) for w, g in zip(mine, grads) if g is not None)

    return torch.tensor([one(t) for t in range(len(weights[0]))], dtype=weights[0].dtype)


# %% synflow | right | a derivative along the weights: forward mode
import torch


def synflow(forward, weights):
    size = [w.detach().abs() for w in weights]
    flow = lambda *ws: forward(list(ws)).reshape(len(ws[0]), -1).sum(1)
    return torch.func.jvp(flow, tuple(size), tuple(size))[1].detach()


# %% synflow | right | scales all weights of a task by a number and differentiates in it
import torch


def synflow(forward, weights):
    tasks = weights[0].shape[0]
    scale = torch.ones(tasks, dtype=weights[0].dtype, requires_grad=True)
    scaled = [w.detach().abs() * scale.reshape(tasks, *[1] * (w.dim() - 1)) for w in weights]
    (slope,) = torch.autograd.grad(forward(scaled).sum(), scale)
    return slope


# %% synflow | right | float64 inside, zeros for an unused one, torch.func.grad
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().double() for w in weights]
    slopes = torch.func.grad(lambda ws: forward(ws).sum())(sizes)
    shares = [(w * g).reshape(w.shape[0], -1).sum(-1) for w, g in zip(sizes, slopes)]
    return torch.stack(shares).sum(0).to(weights[0].dtype).detach()


# %% synflow | wrong | the weights keep their signs | the weights keep their signs. The flow is that of the
import torch


def synflow(forward, weights):
    mine = [w.detach().clone().requires_grad_() for w in weights]
    with torch.enable_grad():
        R = forward(mine).sum()
    grads = torch.autograd.grad(R, mine, allow_unused=True)
    total = torch.zeros(len(weights[0]), dtype=weights[0].dtype)
    for w, g in zip(mine, grads):
        if g is not None:
            total = total + (w.detach() * g).reshape(len(w), -1).sum(1)
    return total


# %% synflow | wrong | the mean over tasks, for every task | the tasks are averaged. Each has its own score, [tasks].
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    with torch.enable_grad():
        R = forward(mine).sum()
    grads = torch.autograd.grad(R, mine, allow_unused=True)
    total = torch.zeros(len(weights[0]), dtype=weights[0].dtype)
    for w, g in zip(mine, grads):
        if g is not None:
            total = total + (w.detach() * g).reshape(len(w), -1).sum(1)
    return total.mean().expand(len(total)).clone()


# %% synflow | wrong | a graph hangs on the scores | the numbers are right, but the scores carry a graph,
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    with torch.enable_grad():
        R = forward(mine).sum()
    grads = torch.autograd.grad(R, mine, allow_unused=True, create_graph=True)
    total = torch.zeros(len(weights[0]), dtype=weights[0].dtype)
    for w, g in zip(mine, grads):
        if g is not None:
            total = total + (w * g).reshape(len(w), -1).sum(1)
    return total


# %% synflow | wrong | an unused weight: None times a tensor | one of the weights is on no path, so R does not depend on
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    forward(mine).sum().backward()
    return sum((w.detach() * w.grad).reshape(len(w), -1).sum(1) for w in mine)


# %% synflow | wrong | makes them positive in place and puts the old values back, but leaves .grad | Weights of a network in training require gradients.
import torch


def synflow(forward, weights):
    old = [w.detach().clone() for w in weights]
    with torch.no_grad():
        for w in weights:
            w.abs_()
    for w in weights:
        w.requires_grad_()
    forward(weights).sum().backward()
    score = sum((w * w.grad).detach().reshape(len(w), -1).sum(1) for w in weights if w.grad is not None)
    with torch.no_grad():
        for w, o in zip(weights, old):
            w.copy_(o)
            w.requires_grad_(False)
    return score


# %% synflow | wrong | sums over one axis only, so matrices add rows | Each tensor's parts are summed over all axes but that of
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    with torch.enable_grad():
        R = forward(mine).sum()
    grads = torch.autograd.grad(R, mine, allow_unused=True)
    total = torch.zeros(len(weights[0]), dtype=weights[0].dtype)
    for w, g in zip(mine, grads):
        if g is not None:
            total = total + (w.detach() * g).sum(-1)
    return total


# %% synflow | wrong | the number of layers times R, without a derivative | this is R times the number of weights, without a slope.
import torch


def synflow(forward, weights):
    with torch.no_grad():
        R = forward([w.abs() for w in weights])
    return len(weights) * R.reshape(len(weights[0]), -1).sum(1)


# %% synflow | wrong | backward once for every task, gradients add up | each task's score has those of the tasks before it in it:
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    scores = []
    for t in range(len(weights[0])):
        forward(mine)[t].sum().backward()
        scores.append(sum((w * w.grad).sum() for w in mine if w.grad is not None).detach())
    return torch.stack(scores)


# %% synflow | wrong | drops the axis of tasks before it calls forward | forward was given weights without the axis of tasks: the
import torch


def synflow(forward, weights):
    scores = []
    for t in range(len(weights[0])):
        mine = [w[t].detach().abs().requires_grad_() for w in weights]
        grads = torch.autograd.grad(forward(mine).sum(), mine, allow_unused=True)
        scores.append(sum((w.detach() * g).sum() for w, g in zip(mine, grads) if g is not None))
    return torch.stack(scores)


# %% synflow | wrong | turns autograd off for everybody and leaves it off | it leaves autograd switched off for all that runs after
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    grads = torch.autograd.grad(forward(mine).sum(), mine, allow_unused=True)
    torch.set_grad_enabled(False)
    return sum((w * g).reshape(len(w), -1).sum(1) for w, g in zip(mine, grads) if g is not None)


# %% synflow | wrong | adds an unused weight by its size | one of the weights is on no path, so R does not depend on
import torch


def synflow(forward, weights):
    mine = [w.detach().abs().requires_grad_() for w in weights]
    with torch.enable_grad():
        R = forward(mine).sum()
    grads = torch.autograd.grad(R, mine, allow_unused=True)
    total = torch.zeros(len(weights[0]), dtype=weights[0].dtype)
    for w, g in zip(mine, grads):
        if g is None:
            g = torch.ones_like(w)
        if True:
            total = total + (w.detach() * g).reshape(len(w), -1).sum(1)
    return total


# %% synflow | wrong | calls itself without end | it stopped with RecursionError: maximum recursion depth
def synflow(forward, weights):
    return synflow(forward, [w.abs() for w in weights])


# %% synflow | wrong | weights without a gradient asked for | R has no graph. The weights with which forward is called
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()
