# %% expected_improvement | right | by the formula
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | right | where for sd = 0, epsilon elsewhere
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return torch.where(sd == 0, gain.clamp(min=0), expected.clamp(min=0))


# %% expected_improvement | right | with Normal
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.distributions.Normal(0.0, 1.0).log_prob(z).exp()
    expected = gain * torch.distributions.Normal(0.0, 1.0).cdf(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | right | with erf
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * 0.5 * (1 + torch.erf(z / 2**0.5)) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | right | numpy and math, one by one
import math
import numpy as np
import torch


def expected_improvement(mean, sd, best):
    out = []
    for m, s in zip(mean.flatten().tolist(), sd.flatten().tolist()):
        if s == 0:
            out.append(max(best - m, 0))
            continue
        z = (best - m) / s
        F = 0.5 * (1 + math.erf(z / math.sqrt(2)))
        f = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        out.append(max((best - m) * F + s * f, 0))
    return torch.tensor(np.array(out).reshape(mean.shape), dtype=mean.dtype)


# %% expected_improvement | right | an integral on a fine grid
import math
import torch


def expected_improvement(mean, sd, best):
    z = torch.linspace(-9, 9, 20001, dtype=torch.float64)
    f = torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    loss = mean[..., None] + sd[..., None] * z
    return torch.trapezoid((best - loss).clamp(min=0) * f, z, dim=-1).to(mean.dtype)


# %% expected_improvement | right | mask for the known ones
import torch


def expected_improvement(mean, sd, best):
    out = torch.relu(best - mean)
    known = sd > 0
    s, m = sd[known], mean[known]
    z = (best - m) / s
    out[known] = s * (z * torch.special.ndtr(z) + torch.exp(-z.square() / 2) / (2 * torch.pi) ** 0.5).clamp(min=0)
    return out


# %% expected_improvement | wrong | as if the loss were to be high | the loss is taken for something to make high. A trial gains
import math
import torch


def expected_improvement(mean, sd, best):
    gain = mean - best
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | z turned over | the area is that on the other side, the probability that
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = -gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | gain turned over in the first term | the first term has the wrong sign: it is (best - mean)
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = -gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | probability of improvement | this is the *probability* that a trial is better. How much
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = torch.special.ndtr(z)
    return expected.clamp(min=0)


# %% expected_improvement | wrong | sd forgotten before the density | the density is not multiplied by sd. Where the spread is
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | density term forgotten | the term with the density is missing. With z = (best -
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z)
    return expected.clamp(min=0)


# %% expected_improvement | wrong | only the density term | the term with the area is missing. With z = (best - mean) /
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | density without 1 / sqrt(2 pi) | the density lacks its factor 1 / sqrt(2 pi).
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | 1 / (2 pi) without the root | the density is divided by 2 pi. It is by the *root* of 2 pi.
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / (2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | root over 2 only | brackets are missing: after a division, what is multiplied
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2) * math.pi
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | no half in the exponent | in the density's exponent is -z^2 / 2: the half is missing.
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2)) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | minus between the terms | the second term is taken off. It is added: a spread can
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) - sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | takes sd for a variance | sd is taken for a variance: its root is used. It is the
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    sd = sd.sqrt()
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | variance before the density | the density is multiplied by the variance. With z = (best -
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd**2 * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | sd of 0 not thought of | where sd is 0, z is a division by 0, and the result nan.
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | sd of 0 gives 0 | where sd is 0, it gives 0. There the loss is known to be
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return torch.where(sd > 0, expected.clamp(min=0), torch.zeros_like(sd))


# %% expected_improvement | wrong | sd of 0 gives best - mean, also below 0 | where sd is 0, it gives best - mean, also below 0. The gain
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return torch.where(sd > 0, expected.clamp(min=0), gain)


# %% expected_improvement | wrong | best is the lowest mean | the lowest *mean* stands for the best so far. `best` is a
import math
import torch


def expected_improvement(mean, sd, best):
    gain = mean.min() - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | the improvement of the mean | this is what the *mean* gains. A loss that is spread out
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return gain.clamp(min=0)


# %% expected_improvement | wrong | improvement of the mean plus the density term | the first term is max(best - mean, 0). It is (best - mean)
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain.clamp(min=0) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | given that it improves | this is the gain *if* the trial is better. Its probability
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0) / torch.special.ndtr(z)


# %% expected_improvement | wrong | the mean distance to best, both sides | this is the mean *distance* to `best`, on both sides. Where
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * (2 * torch.special.ndtr(z) - 1) + 2 * sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | a confidence bound | this is a bound of confidence, best - (mean - sd). The mean
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return (best - (mean - sd)).clamp(min=0)


# %% expected_improvement | wrong | a margin of 0.01 | a margin of 0.01 is taken off. Any improvement counts here.
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean - 0.01
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | the other tail | the area is that on the other side, the probability that
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(-z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | one number, the sum | the settings are added up. Each one's own number is wanted,
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0).sum()


# %% expected_improvement | wrong | one number, the largest | this is the largest alone. Each setting's own number is
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0).max()


# %% expected_improvement | wrong | which setting to try | this is *which* setting to try. Each one's expected
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0).argmax()


# %% expected_improvement | wrong | its logarithm | this is its logarithm. The gain itself is wanted.
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=1e-30).log()


# %% expected_improvement | wrong | adds 0.001 to every sd | 0.001 is added to every standard deviation, which changes
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    sd = sd + 1e-3
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | divided by sd | it is divided by sd: that counts standard deviations. The
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return (expected / sd.clamp(min=1e-12)).clamp(min=0)


# %% expected_improvement | wrong | changes sd where it is 0 | it changes `sd` in place; compute a new tensor instead (no
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    sd[sd == 0] = 1e-9
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | math functions of a tensor | mean and sd are tensors of many numbers: torch.exp,
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * 0.5 * (1 + math.erf(z / math.sqrt(2))) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | draws | It draws random numbers
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return (best - (mean + sd * torch.randn(1000, *mean.shape))).clamp(min=0).mean(0)


# %% expected_improvement | wrong | z not divided by sd | z is not divided by the standard deviation: z = (best -
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | returns numpy | the result should be a float64 tensor of shape [1], but it
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0).numpy()


# %% expected_improvement | wrong | one dimension only
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.special.ndtr(z) + sd * density
    return torch.tensor([float(e) for e in expected.clamp(min=0)])


# %% expected_improvement | wrong | logistic for the normal | the area is that of a logistic curve. The loss is normal:
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = gain * torch.sigmoid(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | density of Normal(mean, sd) at best, times sd squared is right, here not squared | the density is not multiplied by sd. Where the spread is
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.distributions.Normal(mean, sd.clamp(min=1e-12)).log_prob(torch.as_tensor(best)).exp()
    expected = gain * torch.special.ndtr(z) + sd * density
    return expected.clamp(min=0)


# %% expected_improvement | wrong | clamped before the density term | the first term is cut off at 0 by itself. Where the mean is
import math
import torch


def expected_improvement(mean, sd, best):
    gain = best - mean
    z = gain / sd.clamp(min=1e-12)
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    expected = (gain * torch.special.ndtr(z)).clamp(min=0) + sd * density
    return expected.clamp(min=0)


# %% portfolio | right | with minimum
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
    return chosen


# %% portfolio | right | sums in place of means
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).sum(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | right | loops and lists
def portfolio(losses, length):
    rows = losses.tolist()
    chosen = []
    while len(chosen) < length:
        best, place = None, None
        for j in range(len(rows[0])):
            if j in chosen:
                continue
            value = sum(min(row[i] for i in chosen + [j]) for row in rows)
            if best is None or value < best:
                best, place = value, j
        chosen.append(place)
    return chosen


# %% portfolio | right | numpy
import numpy as np


def portfolio(losses, length):
    table = losses.numpy()
    chosen = []
    for _ in range(length):
        left = [j for j in range(table.shape[1]) if j not in chosen]
        values = [table[:, chosen + [j]].min(axis=1).mean() for j in left]
        chosen.append(left[int(np.argmin(values))])
    return chosen


# %% portfolio | right | a tensor of indices, regret in place of loss
import torch


def portfolio(losses, length):
    regret = losses - losses.amin(1, keepdim=True)
    chosen = torch.empty(0, dtype=torch.long)
    for _ in range(length):
        joined = [
            torch.inf
            if j in chosen.tolist()
            else regret[:, torch.cat([chosen, torch.tensor([j])])].amin(1).mean().item()
            for j in range(losses.shape[1])
        ]
        chosen = torch.cat([chosen, torch.tensor([joined.index(min(joined))])])
    return chosen


# %% portfolio | right | improvement over the best so far
import torch


def portfolio(losses, length):
    order = [losses.mean(0).argmin().item()]
    lowest = losses[:, order[0]]
    for _ in range(length - 1):
        helps = (lowest[:, None] - losses).clamp(min=0).mean(0)
        helps[order] = -1.0
        order.append(helps.argmax().item())
        lowest = torch.minimum(lowest, losses[:, order[-1]])
    return order


# %% portfolio | wrong | the best on average | these are the settings that are best on average, one by
def portfolio(losses, length):
    return losses.mean(0).argsort()[:length].tolist()


# %% portfolio | wrong | may come twice | a setting comes twice. When none helps any more, all are
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | lowest so far never updated | these are the settings that are best on average, one by
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
    return chosen


# %% portfolio | wrong | only the last one is kept in mind | only the setting before is kept in mind, not the best of
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
        lowest = losses[:, k]
    return chosen


# %% portfolio | wrong | the highest mean | the highest mean is taken. These are losses: argmin.
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = -math.inf
        k = int(means.argmax())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | mean over settings | the mean is over settings. losses is [tasks, n]: the mean
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(1)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | mean of what was chosen | these are the settings that are best on average, one by
import math
import torch


def portfolio(losses, length):
    chosen = []
    total = torch.zeros(len(losses), dtype=losses.dtype)
    for _ in range(length):
        means = ((total[:, None] + losses) / (len(chosen) + 1)).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        total = total + losses[:, k]
    return chosen


# %% portfolio | wrong | highest loss so far | the *highest* loss so far is kept. Of several trials we
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), -math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.maximum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.maximum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | median over tasks | the median over tasks is taken. The *mean* is wanted.
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).median(0).values
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | worst task | the worst task decides. The *mean* over tasks is wanted.
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).amax(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | how often each is best | it counts on how many tasks each is the best.
import torch


def portfolio(losses, length):
    wins = torch.bincount(losses.argmin(1), minlength=losses.shape[1])
    return wins.argsort(descending=True, stable=True)[:length].tolist()


# %% portfolio | wrong | begins with 0 as the lowest so far | the lowest loss so far begins at 0, and nothing is below
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), 0.0, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | sorted in the end | the list is sorted. It is wanted in the order in which the
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
    return sorted(chosen)


# %% portfolio | wrong | one too few | one setting is missing: `length` are wanted.
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length - 1):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | one too many | there is one setting too many: `length` are wanted.
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length + 1):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | the means, not the indices | these are the means. The *indices* of the settings are
import math
import torch


def portfolio(losses, length):
    chosen, values = [], []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        values.append(float(means[k]))
        lowest = torch.minimum(lowest, losses[:, k])
    return values


# %% portfolio | wrong | pairs of index and mean | pairs of index and mean are returned. The indices alone are
import math
import torch


def portfolio(losses, length):
    chosen, pairs = [], []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        pairs.append((k, float(means[k])))
        lowest = torch.minimum(lowest, losses[:, k])
    return pairs


# %% portfolio | wrong | ranks in place of losses | the places of settings on each task are compared, not their
import math
import torch


def portfolio(losses, length):
    chosen = []
    losses = losses.argsort(1).argsort(1).double()
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | the best set of this size | this is the best *set* of this size, among all sets. A list
from itertools import combinations


def portfolio(losses, length):
    sets = combinations(range(losses.shape[1]), length)
    return list(min(sets, key=lambda some: losses[:, list(some)].amin(1).mean().item()))


# %% portfolio | wrong | takes the column out, so that indices move | a chosen setting is taken out of the table, and then all
import math
import torch


def portfolio(losses, length):
    chosen, table = [], losses.clone()
    lowest = torch.full((len(losses), 1), math.inf, dtype=losses.dtype)
    for _ in range(length):
        k = torch.minimum(lowest, table).mean(0).argmin().item()
        chosen.append(k)
        lowest = torch.minimum(lowest, table[:, k : k + 1])
        table = torch.cat([table[:, :k], table[:, k + 1 :]], 1)
    return chosen


# %% portfolio | wrong | writes infinity into the table | it changes `losses` in place; compute a new tensor instead
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
        losses[:, k] = math.inf
    return chosen


# %% portfolio | wrong | of equal ones the last | of several that are equally good it takes the last. The
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = len(means) - 1 - int(means.flip(0).argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | stops when nothing helps | the list ends where no setting helps any more. `length`
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        if chosen and not means[k] < lowest.mean():
            break
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | when nothing helps, the best on average | when none helps any more, the rest comes in the order of
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        if chosen and not means[k] < lowest.mean():
            rest = losses.mean(0)
            rest[chosen] = math.inf
            k = int(rest.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | each task divided by its spread | each task's losses are rescaled before the mean is taken
import math
import torch


def portfolio(losses, length):
    chosen = []
    losses = (losses - losses.mean(1, keepdim=True)) / losses.std(1, keepdim=True)
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | always begins with setting 0 | the list begins with setting 0. It begins with the lowest
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    chosen, lowest = [0], losses[:, 0]
    for _ in range(length - 1):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | the best of all on each task in turn | each task gives its own best setting, in turn. Each next
def portfolio(losses, length):
    chosen = []
    for k in losses.argmin(1).tolist() + list(range(losses.shape[1])):
        if k not in chosen and len(chosen) < length:
            chosen.append(k)
    return chosen


# %% portfolio | wrong | drops tasks on which the chosen one is best | tasks on which a chosen setting is the best of all are left
import math
import torch


def portfolio(losses, length):
    chosen, left = [], torch.arange(len(losses))
    for _ in range(length):
        means = losses[left].mean(0) if len(left) else losses.mean(0)
        means[chosen] = math.inf
        k = means.argmin().item()
        chosen.append(k)
        left = left[losses[left].argmin(1) != k]
    return chosen


# %% portfolio | wrong | the first two from the mean, then greedily | the first *two* are the best on average. Only the first is:
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    chosen = losses.mean(0).argsort()[:2].tolist()
    lowest = losses[:, chosen].amin(1)
    for _ in range(length - 2):
        means = torch.minimum(lowest[:, None], losses).mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen[:length]


# %% portfolio | wrong | counts on how many tasks it is better | it counts on how many tasks a setting is better than the list.
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = -(losses < lowest[:, None]).double().mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


# %% portfolio | wrong | the lowest loss of the whole table | each setting is judged by its lowest loss on any task. The
def portfolio(losses, length):
    return losses.amin(0).argsort()[:length].tolist()


# %% portfolio | wrong | one setting, not a list | only the last index is returned. The whole list is wanted.
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
    return chosen[-1]


# %% portfolio | wrong | improvement may be negative | these are the settings that are best on average, one by
import math
import torch


def portfolio(losses, length):
    order = [losses.mean(0).argmin().item()]
    lowest = losses[:, order[0]]
    for _ in range(length - 1):
        helps = (lowest[:, None] - losses).mean(0)
        helps[order] = -math.inf
        order.append(helps.argmax().item())
        lowest = torch.minimum(lowest, losses[:, order[-1]])
    return order


# %% portfolio | wrong | prefers what differs most from the first | after the first, those that differ most from it are taken,
import math
import torch


def portfolio(losses, length):
    chosen = []
    lowest = torch.full((len(losses),), math.inf, dtype=losses.dtype)
    for _ in range(length):
        means = losses.mean(0) if not chosen else -(losses - losses[:, chosen[:1]]).abs().mean(0)
        means[chosen] = math.inf
        k = int(means.argmin())
        chosen.append(k)
        lowest = torch.minimum(lowest, losses[:, k])
    return chosen


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


# %% learned_posterior | right | by the formula
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
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | right | torch.cov and inv
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = torch.cov(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.inverse(K) @ rows
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | right | cholesky, early return for nothing seen
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    m = others.mean(0)
    S = torch.cov(others.T)
    C = shrink * torch.trace(S) / len(S) * kernel + (1 - shrink) * S
    if len(seen) == 0:
        return m, torch.sqrt(torch.diag(C))
    L = torch.linalg.cholesky(C[seen][:, seen] + noise * torch.eye(len(seen)))
    half = torch.linalg.solve_triangular(L.to(C.dtype), C[seen], upper=False)
    e = torch.linalg.solve_triangular(L.to(C.dtype), (values - m[seen])[:, None], upper=False)[:, 0]
    return m + half.T @ e, (torch.diag(C) - half.square().sum(0)).clamp(min=0).sqrt()


# %% learned_posterior | right | numpy
import numpy as np
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    X, k, y = others.numpy(), kernel.numpy(), values.numpy()
    m = X.mean(0)
    S = np.cov(X, rowvar=False)
    C = (1 - shrink) * S + shrink * np.diag(S).mean() * k
    at = np.array(seen, dtype=int)
    A = C[np.ix_(at, at)] + noise * np.eye(len(at))
    B = np.linalg.solve(A, C[at])
    sd = np.sqrt(np.clip(np.diag(C) - np.einsum("kn,kn->n", B, C[at]), 0, None))
    return torch.as_tensor(m + B.T @ (y - m[at])), torch.as_tensor(sd)


# %% learned_posterior | right | one trial after the other
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    m = others.mean(0)
    d = others - m
    S = torch.einsum("ti,tj->ij", d, d) / (others.shape[0] - 1)
    C = (1 - shrink) * S + shrink * torch.diagonal(S).mean() * kernel
    for i, y in zip(seen, values):
        gain = C[i] / (C[i, i] + noise)
        m = m + gain * (y - m[i])
        C = C - torch.outer(gain, C[i])
    return m, torch.sqrt(torch.clamp(torch.diagonal(C), min=0))


# %% learned_posterior | right | pinv for the trials
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    n = others.shape[1]
    mu = others.sum(0) / len(others)
    S = sum(torch.outer(o - mu, o - mu) for o in others) / (len(others) - 1)
    scale = sum(S[i, i] for i in range(n)) / n
    C = (1 - shrink) * S + shrink * scale * kernel
    pick = torch.zeros(len(seen), n, dtype=C.dtype)
    for row, i in enumerate(seen):
        pick[row, i] = 1
    G = C @ pick.T @ torch.linalg.pinv(pick @ C @ pick.T + noise * torch.eye(len(seen), dtype=C.dtype))
    return mu + G @ (values - pick @ mu), (C - G @ pick @ C).diag().clamp(min=0) ** 0.5


# %% learned_posterior | wrong | divided by T | the covariance is divided by T. The mean was found on the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / len(others)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | not divided at all | the covariance is a sum over tasks. It is divided by T - 1.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | divided by n | the covariance is divided by the number of *settings*. It
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / others.shape[1]
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | mean not taken off the values | the mean is not taken off the values: what a trial tells is
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ values
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | mean not added | the mean is not added: this is only how far the trials move
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | a mean of 0 | the mean is 0 here, as if nothing were known. The prior is
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = weights.T @ values
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | noise squared | noise is squared. It is a variance already.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise**2 * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | root of the noise | the root of the noise is added. It is a variance, and so
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise**0.5 * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | no noise | the noise of trials is left out: it stands on the diagonal
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen]
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | noise on the whole covariance | noise is a part of C here, so that the losses themselves
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    C = C + noise * torch.eye(len(C), dtype=C.dtype)
    rows = C[seen]
    K = rows[:, seen]
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | noise in every entry | noise is added to *all* entries of the trials' matrix, as
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | variance returned | the variance is returned. The standard deviation is its
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
    return found, variance.clamp(min=0)


# %% learned_posterior | wrong | noise added to the spread | noise is in the standard deviation. That of the losses
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
    return found, (variance.clamp(min=0) + noise).sqrt()


# %% learned_posterior | wrong | shrink the wrong way round | shrink is the wrong way round. C = (1 - shrink) S + shrink
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = shrink * S + (1 - shrink) * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | kernel not scaled | the kernel is not scaled: its diagonal is 1, whatever the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | scaled with the sum of variances | the kernel is scaled with the *sum* of the variances. C =
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().sum() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | scaled with the mean of all entries | the kernel is scaled with the mean of *all* of S. C = (1 -
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | scaled with the largest variance | the kernel is scaled with the largest variance. C = (1 -
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().max() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | scaled with the mean standard deviation | the kernel is scaled with a standard deviation. C = (1 -
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().sqrt().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | S not weighted down | S is not weighted with 1 - shrink. C = (1 - shrink) S +
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | only the tasks, no kernel | the kernel is not used, so that most directions never move.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = S
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | only the kernel | the covariance of the tasks is not used. C = (1 - shrink) S
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | shrunk to the diagonal | C is shrunk to the variances of S. The other part is the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * torch.diag(S.diagonal())
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | shrunk to the identity | C is shrunk to the identity. The other part is the kernel:
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * torch.eye(len(S), dtype=S.dtype)
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | shrink always 0.1 | shrink is 0.1 whatever is given. Use the argument.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    shrink = 0.1
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | noise always 0.001 | noise is 0.001 whatever is given. Use the argument.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    noise = 1e-3
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | not centred | the mean is not taken off before the covariance: others -
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | mean over settings | the mean is over settings. It is that of each setting over
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(1, keepdim=True)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | covariance between tasks | this is the covariance between *tasks*. Settings vary
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart @ apart.T / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | correlation | correlations stand for covariances. How *much* each loss
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = torch.corrcoef(others.T)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | the prior, trials not used | this is what is known before the first trial: the trials
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
    return mean, C.diagonal().sqrt()


# %% learned_posterior | wrong | spread of the prior | the standard deviation is that before the trials. They tell
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
    return found, C.diagonal().sqrt()


# %% learned_posterior | wrong | spread grows | the spread *grows* with the trials. What they tell is taken
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
    variance = C.diagonal() + (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | the whole covariance | the whole covariance after the trials is returned. The root
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
    return found, C - weights.T @ rows


# %% learned_posterior | wrong | tried ones get their values and no spread | what was tried gets its value, and a spread of 0. But a
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
    sd = variance.clamp(min=0).sqrt()
    found[seen] = values
    sd[seen] = 0
    return found, sd


# %% learned_posterior | wrong | nothing seen not thought of | Before the first trial the mean is that of the other tasks,
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    values = torch.stack(list(values))
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


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


# %% learned_posterior | wrong | mean of the values as the mean | the mean of the trials stands for the mean of the other
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = values.mean() + weights.T @ (values - values.mean())
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | only the last trial | only the last trial is used.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    seen, values = seen[-1:], values[-1:]
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | the new task as one more row | the new task is one more row of the other tasks here, with
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    row = others.mean(0).clone()
    row[seen] = values
    others = torch.cat([others, row[None]])
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | spread first | mean and standard deviation are exchanged: the mean comes
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
    return variance.clamp(min=0).sqrt(), found


# %% learned_posterior | wrong | only the mean | only the mean is returned. (mean, standard deviation) is
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
    return found


# %% learned_posterior | wrong | only those not tried | only settings that were not tried are returned. All n are
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
    rest = [i for i in range(len(mean)) if i not in seen]
    return found[rest], variance.clamp(min=0).sqrt()[rest]


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


# %% learned_posterior | wrong | K not inverted | the trials' matrix is multiplied with. It is *solved* with:
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = K @ rows
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | noise shrunk with the kernel | noise is a part of the kernel here. It belongs to trials:
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * (kernel + noise * torch.eye(len(kernel), dtype=C.dtype))
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | median of the tasks | the median over tasks stands for the mean.
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.median(0).values
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | residual turned over | what a trial tells has the wrong sign: values - mean[seen].
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (mean[seen] - values)
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | weights not squared: C[seen] for the variance of one | what is taken off the variance lacks a factor: (weights *
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
    variance = C.diagonal() - weights.sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | a trial as if of the prior with no covariances among trials | trials are taken for independent of each other: only the
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = torch.diag(C.diagonal()[seen]) + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | detrended: each task has its own mean taken off | each task's own mean over settings is taken off. How hard a
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    others = others - others.mean(1, keepdim=True)
    mean = others.mean(0)
    apart = others - mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% learned_posterior | wrong | changes others | it changes `others` in place; compute a new tensor instead
import torch


def learned_posterior(others, kernel, seen, values, shrink=0.1, noise=1e-3):
    mean = others.mean(0)
    apart = others
    apart -= mean
    S = apart.T @ apart / (len(others) - 1)
    C = (1 - shrink) * S + shrink * S.diagonal().mean() * kernel
    rows = C[seen]
    K = rows[:, seen] + noise * torch.eye(len(seen), dtype=C.dtype)
    weights = torch.linalg.solve(K, rows)
    found = mean + weights.T @ (values - mean[seen])
    variance = C.diagonal() - (weights * rows).sum(0)
    return found, variance.clamp(min=0).sqrt()


# %% successive_halving | right | with a stable sort
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | right | python's sorted, with a key
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    race = list(enumerate(settings))
    cost, last = 0, 0
    for number, steps in enumerate(rungs, 1):
        found = losses_after([s for _, s in race], steps).tolist()
        cost += (steps - last) * len(race)
        last = steps
        keyed = sorted(zip(found, race), key=lambda pair: (pair[0] if math.isfinite(pair[0]) else math.inf, pair[1][0]))
        many = 1 if number == len(rungs) else -(-len(race) // factor)
        race = [who for _, who in keyed[:many]]
    return race[0][1], cost


# %% successive_halving | right | asks one by one
def successive_halving(losses_after, settings, rungs, factor=3):
    steps_of = {}
    alive = [s for s in settings]
    for k in range(len(rungs)):
        table = {}
        for s in alive:
            value = float(losses_after([s], rungs[k])[0])
            table[s] = value if value == value else float("inf")
            steps_of[s] = rungs[k]
        best_first = sorted(alive, key=lambda s: table[s])
        if k == len(rungs) - 1:
            return best_first[0], sum(steps_of.values())
        go_on = set(best_first[: (len(alive) + factor - 1) // factor])
        alive = [s for s in alive if s in go_on]


# %% successive_halving | right | numpy, recursive
import numpy as np


def successive_halving(losses_after, settings, rungs, factor=3):
    def race(alive, rest, before):
        losses = np.nan_to_num(np.array(losses_after(alive, rest[0])), nan=np.inf)
        cost = len(alive) * (rest[0] - before)
        order = np.argsort(losses, kind="stable")
        if len(rest) == 1:
            return alive[order[0]], cost
        k = int(np.ceil(len(alive) / factor))
        winner, more = race([alive[i] for i in np.sort(order[:k])], rest[1:], rest[0])
        return winner, cost + more

    return race(list(settings), list(rungs), 0)


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


# %% successive_halving | wrong | rounded down | the number of those that go on is rounded down. One in
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: len(alive) // factor]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | rounded down, at least one | the number of those that go on is rounded down. One in
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: max(1, len(alive) // factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | rounded to the nearest | the number of those that go on is rounded to the nearest.
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: max(1, round(len(alive) / factor))]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | one too many | where `factor` divides their number, one too many goes on.
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: len(alive) // factor + 1]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | one in factor is thrown out | one in `factor` is thrown out. One in `factor` *goes on*.
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: len(alive) - len(alive) // factor]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | keeps factor settings | `factor` settings go on. It is one *in* `factor`.
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[:factor]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | always halves | one in 2 goes on, whatever `factor` is.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / 2)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | always a third | one in 3 goes on, whatever `factor` is.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / 3)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | places for settings | losses_after was asked for setting 0, which is not one of
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = sorted(kept)
    return alive[order[0]], price


# %% successive_halving | wrong | returns the place | the winner's *place* among those left is returned. Its
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return order[0], price


# %% successive_halving | wrong | the first one that is left | the first of those that are left wins. The best *at the
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[0], price


# %% successive_halving | wrong | every rung is trained from the start | the price has every rung trained from the start. A training
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * steps
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | price of the last rung alone | the price is that of the last rung. Those before it cost
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price = len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | price counts who goes on | the price is counted with those that go on. Those that are
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
        price += len(alive) * (steps - before)
        before = steps
    return alive[order[0] if len(alive) > 1 else 0], price


# %% successive_halving | wrong | as many steps as full trainings | the price has all settings trained to the end. From one
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], len(settings) * rungs[-1]


# %% successive_halving | wrong | trainings counted, not steps | the price counts trainings. Their *steps* are wanted. From
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | steps counted once for all | the price counts one training. All that are still there are
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += steps - before
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | keeps the worst | the highest losses go on. The lowest are the best.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True, descending=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | nan is the best | a loss of nan is taken for the best. It is worse than any
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        order = torch.sort(losses.nan_to_num(nan=-1.0), stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | argmin at the last rung, where nan is the lowest | a loss of nan is taken for the best. It is worse than any
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[int(losses.argmin())], price


# %% successive_halving | wrong | asks for all at every rung | the numbers are right, but losses_after is asked for 6
import math


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        every = losses_after(settings, steps)
        price += len(alive) * (steps - before)
        before = steps
        value = {s: (v if v == v else math.inf) for s, v in zip(settings, every.tolist())}
        many = 1 if i == len(rungs) - 1 else math.ceil(len(alive) / factor)
        best = sorted(alive, key=value.get)[:many]
        alive = [s for s in alive if s in best]
    return alive[0], price


# %% successive_halving | wrong | winner by the lowest loss at any rung | the lowest loss at *any* rung decides. The one at this rung
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    seen = {}
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        for s, v in zip(alive, losses.tolist()):
            seen[s] = min(v, seen.get(s, math.inf))
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return min(seen, key=seen.get), price


# %% successive_halving | wrong | mean of the losses so far | settings are ranked by the mean of their losses so far. The
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    seen = {}
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        for s, v in zip(alive, losses.tolist()):
            seen.setdefault(s, []).append(v)
        losses = torch.tensor([sum(seen[s]) / len(seen[s]) for s in alive])
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | returns the loss | the winner's *loss* is returned. Its index is wanted.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return losses[order[0]].item(), price


# %% successive_halving | wrong | price first | winner and price are exchanged: the winner comes first.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return price, alive[order[0]]


# %% successive_halving | wrong | only the winner | only the winner is returned. (winner, price) is wanted.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]]


# %% successive_halving | wrong | all that are left | all that come to the last rung are returned. The best of
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive, price


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


# %% successive_halving | wrong | asks for the steps that are added | losses_after was asked for 10 steps. Steps are counted from
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps - before)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | the last rung is never trained | the last rung is not trained. Those that are left go on to
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs[:-1]):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[0], price


# %% successive_halving | wrong | keeps what is below the mean loss | those below the mean loss go on. One in `factor` goes on,
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = [j for j in order if losses[j] <= losses[losses.isfinite()].mean()]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | of equal ones the later | of equal losses the later one is taken for the better. It
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = (len(losses) - 1 - torch.sort(losses.flip(0), stable=True).indices).tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | what blew up is taken out before counting | what blew up is taken out before those that go on are
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        alive = [s for s, ok in zip(alive, losses.isfinite().tolist()) if ok]
        losses = losses[losses.isfinite()]
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | changes the list of settings | it changes `settings` in place, a list that is still
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = settings, 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive[:] = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | ranks by the first rung only | settings are ranked by the first rung. The loss at *this*
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        if i == 0:
            first = dict(zip(alive, losses.tolist()))
        losses = torch.tensor([first[s] for s in alive])
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | cuts once, then trains the rest to the end | after the first rung nobody is left behind any more. At
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i == 0:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | no cut at all | nobody is left behind: all are trained to the end.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            pass
    return alive[order[0]], price


# %% successive_halving | wrong | cut by factor of all at the start, not of those alive | after the first rung nobody is left behind any more. At
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(settings) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | factor to the power of the rung, from those alive | `factor` to the power of the rung is taken of those still
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor ** (i + 1))]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | price of a full grid of the survivors | the price has all settings trained to the end. From one
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(settings) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | loss of the last rung as the price | the loss of the winner stands where the price belongs:
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], float(losses.min())


# %% successive_halving | wrong | nobody trained: sorts the settings | the lowest *index* wins. The lowest loss does:
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = torch.tensor([float(s) for s in alive])
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price


# %% successive_halving | wrong | steps of rungs added up | the price is the sum of the rungs. From one rung to the
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], sum(rungs)


# %% successive_halving | wrong | full trials in place of steps | the price is in full trainings. Steps are wanted.
import math
import torch


def successive_halving(losses_after, settings, rungs, factor=3):
    alive, price, before = list(settings), 0, 0
    for i, steps in enumerate(rungs):
        losses = losses_after(alive, steps)
        price += len(alive) * (steps - before)
        before = steps
        losses = torch.where(losses.isfinite(), losses, torch.inf)
        order = torch.sort(losses, stable=True).indices.tolist()
        if i < len(rungs) - 1:
            kept = order[: math.ceil(len(alive) / factor)]
            alive = [alive[place] for place in sorted(kept)]
    return alive[order[0]], price / rungs[-1]


# %% tau_and_ceiling | right | signs of all pairs
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
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | right | loops over pairs
import math


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        a, b = a.tolist(), b.tolist()
        up = na = nb = 0
        for i in range(len(a)):
            for j in range(i + 1, len(a)):
                x = (a[i] > a[j]) - (a[i] < a[j])
                y = (b[i] > b[j]) - (b[i] < b[j])
                up += x * y
                na += x != 0
                nb += y != 0
        return up / math.sqrt(na * nb) if na and nb else 0.0

    n = len(truths)
    taus = []
    for i in range(n - 1):
        for j in range(i + 1, n):
            taus.append(tau(truths[i], truths[j]))
    rho = math.sin(max(0, sum(taus) / len(taus)) * math.pi / 2)
    return tau(scores, truths.mean(0)), math.asin((rho / (rho + (1 - rho) / n)) ** 0.5) * 2 / math.pi


# %% tau_and_ceiling | right | numpy, tensors returned
import numpy as np
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        x, y = np.sign(a[:, None] - a), np.sign(b[:, None] - b)
        d = np.sqrt((x * x).sum() * (y * y).sum())
        return (x * y).sum() / d if d else 0.0

    T = truths.numpy()
    S = T.shape[0]
    M = np.array([[tau(T[i], T[j]) for i in range(S)] for j in range(S)])
    mean = max((M.sum() - np.trace(M)) / (S * (S - 1)), 0)
    r = np.sin(np.pi / 2 * mean)
    return torch.tensor(tau(scores.numpy(), T.mean(0))), torch.tensor(
        2 / np.pi * np.arcsin(np.sqrt(r * S / (1 + r * S - r)))
    )


# %% tau_and_ceiling | right | upper triangle of pairs
import torch


import itertools


def tau_and_ceiling(scores, truths):
    i, j = torch.triu_indices(truths.shape[1], truths.shape[1], 1)

    def tau(a, b):
        x, y = (a[i] - a[j]).sign(), (b[i] - b[j]).sign()
        return (x @ y) / (x.norm() * y.norm()).clamp(min=1e-12)

    truths, scores = truths.double(), scores.double()
    among = torch.stack([tau(a, b) for a, b in itertools.combinations(truths, 2)]).mean().clamp(min=0)
    r = torch.sin(among * torch.pi / 2)
    S = len(truths)
    return tau(scores, truths.mean(0)).item(), (torch.asin(torch.sqrt(S * r / (1 + (S - 1) * r))) * 2 / torch.pi).item()


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


# %% tau_and_ceiling | wrong | divides by all pairs (tau-a) | pairs that one side calls equal are counted below the line,
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = torch.tensor(len(a) * (len(a) - 1))
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | divides by n squared | it is divided by n squared. A thing is no pair with itself,
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = torch.tensor(len(a) ** 2)
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | divides by pairs that both tell apart (gamma) | it is divided by the pairs that *both* tell apart: that is
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = (one * two).abs().sum()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | equal pairs count as opposite | a pair that one side calls equal counts -1, as if in
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((2 * (one * two > 0).double() - 1).fill_diagonal_(0).sum() / (len(a) * (len(a) - 1)))

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | only pairs of the truth | it is divided by the pairs that the truth tells apart.
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = (two**2).sum()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | only pairs of the scores | it is divided by the pairs that the scores tell apart.
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = (one**2).sum()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | product without the root | the root below the line is missing. Divide by the root of
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = (one**2).sum() * (two**2).sum()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | Pearson's correlation | this is the correlation of the numbers (Pearson). Only the
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        return float(torch.corrcoef(torch.stack([a.double(), b.double()]))[0, 1])
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | Spearman's correlation | this is the correlation of ranks (Spearman). For tau, pairs
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        a, b = a.argsort().argsort().double(), b.argsort().argsort().double()
        return float(torch.corrcoef(torch.stack([a, b]))[0, 1])
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | share of pairs in the same order | this is the share of pairs in the same order. Those in
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two > 0).sum() / (len(a) * (len(a) - 1)))

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | mean of tau with each training | tau is found with each training, and averaged. The truth is
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
    return sum(tau(scores, t) for t in truths) / S, 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | tau with the first training | tau is that with the first training. The truth is the mean
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
    return tau(scores, truths[0]), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | median of the trainings | tau is that with the median of the trainings. The truth is
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
    return tau(scores, truths.median(0).values), 2 / math.pi * math.asin(known)


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


# %% tau_and_ceiling | wrong | nan where all are equal | where the scores are all equal, 0 is divided by 0, and tau
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below)

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | no sign: differences multiplied | this is the correlation of the numbers (Pearson). Only the
import math


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = (a[:, None] - a[None, :]).double()
        two = (b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(i)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | lower is better | tau has the wrong sign: a pair in the same order counts +1.
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
    return tau(-scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | the agreement is the ceiling | the agreement of two trainings is taken for the ceiling.
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
    return tau(scores, truths.mean(0)), agreement


# %% tau_and_ceiling | wrong | the root of the agreement | the root is taken of a tau. It belongs to a correlation:
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
    return tau(scores, truths.mean(0)), math.sqrt(agreement)


# %% tau_and_ceiling | wrong | root of the correlation forgotten | the root is missing: S r / (1 + (S - 1) r) is the
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
    known = S * r / (1 + (S - 1) * r)
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | as if compared with one training | this is the ceiling with a *single* training: sqrt(r). The
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
    known = math.sqrt(r)
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | no way to a correlation: Spearman-Brown on tau | taus are put into a formula of correlations. tau ->
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
    r = agreement
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), known


# %% tau_and_ceiling | wrong | tau put into the formula of correlations, then back | the agreement is a tau and is taken for a correlation: r =
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
    r = agreement
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | not back to a tau | this is a correlation. Go back to a tau: 2/pi asin.
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
    return tau(scores, truths.mean(0)), known


# %% tau_and_ceiling | wrong | asin and sin exchanged | sin and asin are exchanged: tau = 2/pi asin(r), so r =
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
    r = 2 / math.pi * math.asin(agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), math.sin(math.pi / 2 * known)


# %% tau_and_ceiling | wrong | sin without pi / 2 | in the sine, pi/2 is missing: r = sin(pi/2 tau).
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
    r = math.sin(agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | sin of pi tau | in the sine stands pi tau. From tau = 2/pi asin(r): r =
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
    r = math.sin(math.pi * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | asin without 2 / pi | 2/pi is missing before asin.
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
    return tau(scores, truths.mean(0)), math.asin(known)


# %% tau_and_ceiling | wrong | pairs of a training with itself | pairs of a training with itself are counted, which agree
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(S) for j in range(S)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | the best pair | the best pair of trainings is taken. The mean over all
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
    agreement = max(max(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | the first two trainings only | only the first two trainings are compared. The mean over
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
    agreement = max(pairs[0], 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | neighbours only | only neighbours are compared, each training with the next.
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[j]) for i in range(1, S) for j in (i - 1,)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | each training with the mean of all | each training is compared with the mean of all, in which it
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(t, truths.mean(0)) for t in truths]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | each with the mean of the others | each training is compared with the mean of the others,
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(truths[i], truths[[j for j in range(S) if j != i]].mean(0)) for i in range(S)]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | below 0 not thought of | A mean tau below 0 counts as 0: max(mean,
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
    agreement = sum(pairs) / len(pairs)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | below 0 the absolute value | an agreement below 0 loses its sign. It counts as 0: there
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
    agreement = abs(sum(pairs) / len(pairs))
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | each pair cut at 0 before the mean | taus below 0 are cut off before the mean. The mean is cut,
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
    agreement = sum(max(p, 0.0) for p in pairs) / len(pairs)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | S in the denominator too | S stands below the line where S - 1 belongs. The mean of S
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
    known = math.sqrt(S * r / (1 + S * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | S forgotten above | S is missing above the line. The mean of S trainings has
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
    known = math.sqrt(r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | correlations averaged, not taus | each pair is turned into a correlation, and these are
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
    r = (
        max(sum(math.sin(math.pi / 2 * p) for p in pairs) / S, 0)
        if S == 0
        else max(sum(math.sin(math.pi / 2 * p) for p in pairs) / len(pairs), 0.0)
    )
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | sum of pairs divided by S | the sum over pairs is divided by S. There are S (S - 1) / 2
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
    agreement = max(sum(pairs) / S, 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | ceiling first | tau and its ceiling are exchanged: tau comes first.
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
    return 2 / math.pi * math.asin(known), tau(scores, truths.mean(0))


# %% tau_and_ceiling | wrong | only tau | only tau is returned, and it is right. (tau, ceiling) is
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
    return tau(scores, truths.mean(0))


# %% tau_and_ceiling | wrong | tau over its ceiling | tau is divided by its ceiling. Tau itself is wanted.
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
    top = 2 / math.pi * math.asin(known)
    return tau(scores, truths.mean(0)) / top, top


# %% tau_and_ceiling | wrong | the agreement of the scores with each training | the *scores* are compared with each training. The ceiling
import math
import torch


def tau_and_ceiling(scores, truths):
    def tau(a, b):
        one = torch.sign(a[:, None] - a[None, :]).double()
        two = torch.sign(b[:, None] - b[None, :]).double()
        below = ((one**2).sum() * (two**2).sum()).sqrt()
        return float((one * two).sum() / below) if below > 0 else 0.0

    S = len(truths)
    pairs = [tau(scores, t) for t in truths]
    agreement = max(sum(pairs) / len(pairs), 0.0)
    r = math.sin(math.pi / 2 * agreement)
    known = math.sqrt(S * r / (1 + (S - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | luck of two: a perfect one as if it had luck too | the agreement of two trainings is taken for the ceiling.
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
    known = r
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | the ceiling is 1 | the ceiling is 1. Even somebody who knows the worth does
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
    return tau(scores, truths.mean(0)), 1.0


# %% tau_and_ceiling | wrong | root of two trainings' correlation, squared | the square is taken where the root belongs.
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
    known = (S * r / (1 + (S - 1) * r)) ** 2
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | always three trainings | the truth is taken for a mean of 3 trainings, whatever
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
    known = math.sqrt(3 * r / (1 + 2 * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | number of architectures for S | the number of architectures stands for S, the number of
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
    n = truths.shape[1]
    known = math.sqrt(n * r / (1 + (n - 1) * r))
    return tau(scores, truths.mean(0)), 2 / math.pi * math.asin(known)


# %% tau_and_ceiling | wrong | rounded to two digits | it is rounded (decimals: 2). Return the numbers as they
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
    return round(tau(scores, truths.mean(0)), 2), round(2 / math.pi * math.asin(known), 2)


# %% synflow | right | autograd.grad
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | right | backward on copies
import torch


def synflow(forward, weights):
    copies = [w.detach().clone().abs() for w in weights]
    for c in copies:
        c.requires_grad = True
    forward(copies).sum().backward()
    tasks = weights[0].shape[0]
    total = torch.zeros(tasks, dtype=weights[0].dtype)
    with torch.no_grad():
        for c in copies:
            if c.grad is None:
                continue
            total += (c * c.grad).reshape(tasks, -1).sum(-1)
    return total


# %% synflow | right | one task at a time
import torch


def synflow(forward, weights):
    scores = []
    for t in range(len(weights[0])):
        mine = [w[t : t + 1].detach().abs().requires_grad_() for w in weights]
        slopes = torch.autograd.grad(forward(mine).sum(), mine, allow_unused=True, materialize_grads=True)
        scores.append(sum((m * s).sum().item() for m, s in zip(mine, slopes)))
    return torch.tensor(scores)


# %% synflow | right | the slope along growing weights, by jvp
import torch


def synflow(forward, weights):
    sizes = tuple(w.detach().abs() for w in weights)
    _, change = torch.func.jvp(lambda *s: forward(list(s)), sizes, sizes)
    return change.flatten(1).sum(1)


# %% synflow | right | torch.func.grad
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs() for w in weights]
    slopes = torch.func.grad(lambda s: forward(s).sum())(sizes)
    return torch.stack([(a * b).flatten(1).sum(1) for a, b in zip(sizes, slopes)]).sum(0)


# %% synflow | wrong | signs kept | the weights keep their signs. The flow is that of the
import torch


def synflow(forward, weights):
    sizes = [w.detach().clone().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | signs kept, then the absolute value of each product | the weights keep their signs in the network, and the
import torch


def synflow(forward, weights):
    sizes = [w.detach().clone().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).abs().flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | signed weights times slopes at positive ones | the slopes are multiplied with the weights as they were,
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(weights, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | slopes alone | the slopes are not multiplied with the weights. A weight's
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + slope.flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | absolute slopes | the parts lose their signs. A bent operation can have a
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope.abs()).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | absolute value of each product | the parts lose their signs. A bent operation can have a
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).abs().flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | an unused weight stops it | one of the weights is on no path, so R does not depend on
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | an unused weight stops it, later | one of the weights is on no path, so R does not depend on
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | one number for all tasks | all tasks are added up. Each has its own score, [tasks]:
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).sum()
    return score.detach()


# %% synflow | wrong | mean over weights | the parts are averaged. Their *sum* over all weights is
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).mean(1)
    return score.detach()


# %% synflow | wrong | R alone | this is R itself.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return forward(sizes).detach().flatten(1).sum(1)


# %% synflow | wrong | squared slopes: the gradient's length | this is the length of the gradient.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + slope.square().flatten(1).sum(1)
    return score.sqrt().detach()


# %% synflow | wrong | squared products | the parts are squared. Their sum is wanted as it is.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).square().flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | weights made positive in place | it changes place 0 of `weights` in place; compute a new
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs_().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | gradients left in the weights | it changes requires_grad of place 0 of `weights`; use a
def synflow(forward, weights):
    for w in weights:
        w.requires_grad_()
    sizes = [w.abs() for w in weights]
    forward(sizes).sum().backward()
    slopes = [None if w.grad is None else w.grad * w.sign() for w in weights]
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | weights left asking for gradients | it changes requires_grad of place 0 of `weights`; use a
import torch


def synflow(forward, weights):
    for w in weights:
        w.requires_grad_()
    sizes = [w.abs() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | a graph left on the score | the numbers are right, but the scores carry a graph, which
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score


# %% synflow | wrong | its logarithm | this is its logarithm. The sum itself is wanted.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach().log()


# %% synflow | wrong | mean of the outputs | R is the mean of the outputs, so that it depends on how
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).mean()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | outputs made positive | the outputs are made positive. R is their sum as they are.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).abs().sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | outputs squared | the outputs are squared. R is their sum.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).square().sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | biases left out | biases are left out. `weights` holds all weights, and each
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None and size.shape[1] > 1:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | only the first weight | only the first weight tensor counts. All do.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return (sizes[0] * slopes[0]).detach().flatten(1).sum(1)


# %% synflow | wrong | one score per weight tensor | each weight tensor has its own score here. Their sum is
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = []
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score.append((size * slope).flatten(1).sum(1).detach())
    return score


# %% synflow | wrong | summed over one axis only | Each tensor's parts are summed over all axes but that of
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).sum(1)
    return score.detach()


# %% synflow | wrong | slopes where weights had their signs, sizes afterwards | the weights keep their signs in the network, and are made
import torch


def synflow(forward, weights):
    sizes = [w.detach().clone().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size.abs() * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | squared in place of made positive | the weights are squared. They are made positive: w.abs().
import torch


def synflow(forward, weights):
    sizes = [w.detach().square().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | divided by the number of weights | it is divided by the number of weights. Their sum is wanted.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach() / sum(w[0].numel() for w in weights)


# %% synflow | wrong | products multiplied | the weight tensors are multiplied. They are added.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 1
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score * (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | numpy returned | the result should be a float64 tensor of shape [3], but it
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach().numpy()


# %% synflow | wrong | a list of numbers | the result should be a float64 tensor of shape [3], but it
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach().tolist()


# %% synflow | wrong | all weights are one | all weights become 1. They keep their size: w.abs().
import torch


def synflow(forward, weights):
    sizes = [w.detach().mul(0).add(1).requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | only the first output | only the first output of each task counts. R is the sum of
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).flatten(1)[:, 0].sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | only the first task's flow | only the first task's outputs are added up. Add up those of
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes)[0].sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | loss in place of flow | a loss is taken. R is the sum of the outputs.
import torch
import torch.nn.functional as F


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = F.softplus(-forward(sizes)).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | relu in place of absolute value | weights below 0 become 0. They are made positive: w.abs().
import torch


def synflow(forward, weights):
    sizes = [w.detach().relu().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


# %% synflow | wrong | sign turned over | every number has the wrong sign.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is not None:
            score = score + (size * slope).flatten(1).sum(1)
    return -score.detach()


# %% synflow | wrong | unused weights counted as R | a weight that is not used adds R here. It adds 0.
import torch


def synflow(forward, weights):
    sizes = [w.detach().abs().requires_grad_() for w in weights]
    R = forward(sizes).sum()
    slopes = torch.autograd.grad(R, sizes, allow_unused=True)
    score = 0
    for size, slope in zip(sizes, slopes):
        if slope is None:
            score = score + forward(sizes).flatten(1).sum(1)
        else:
            score = score + (size * slope).flatten(1).sum(1)
    return score.detach()


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
