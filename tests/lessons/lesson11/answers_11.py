# %% split_by_person | wrong | test taken as a list of arms | `test` names people, and `arm` has numbers of arms: person 3 has the arms 6
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | mean from training windows, deviation from all | the mean is that of the training windows, but the deviation was computed
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm // 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = windows.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | person = arm % 2, the side in place of the person | arm % 2 is the side, left or right. The person of a window is arm // 2.
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm % 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | only the left arm of a test person is tested, the right one is trained on | the right arms of the tested people are in training
import torch

def split_by_person(windows, arm, test):
    arms = [2 * p for p in test]
    is_test = torch.isin(arm, torch.tensor(arms, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | a constant channel is not looked after: division by 0 | A channel that never changes in training has the deviation 0, and 0 / 0 is
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm // 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    return tr, te, (windows - part.mean((0, 2), keepdim=True)) / part.std((0, 2), keepdim=True)

# %% split_by_person | wrong | a small number is added to the deviation: constant channel divided by 1e-8 | A channel that never changes in training has the deviation 0, and 0 / 0 is
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm // 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    std = part.std((0, 2), keepdim=True) + 1e-8
    return tr, te, (windows - part.mean((0, 2), keepdim=True)) / std

# %% split_by_person | wrong | no ValueError when nothing is left on one side | where nobody is tested, it goes on and returns something.
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm // 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    if len(tr):
        flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
        std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | ValueError only for an empty list, not for people who have no window | where the only tested person (8) has no window, it goes on and returns something.
import torch

def split_by_person(windows, arm, test):
    if len(test) == 0:
        raise ValueError("nobody is tested")
    is_test = torch.isin(arm // 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0:
        raise ValueError("nobody to train on")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | ValueError if anybody of the list has no window, though others have | Person 77 has no window, but the other one has some: there are windows on
import torch

def split_by_person(windows, arm, test):
    person = arm // 2
    for p in test:
        if not (person == p).any():
            raise ValueError(f"person {p} has no window")
    is_test = torch.isin(person, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | places person by person, not in rising order | the places are right, but not in rising order.
import torch

def split_by_person(windows, arm, test):
    person = arm // 2
    tr, te = [], []
    for p in person.unique().tolist():
        places = torch.nonzero(person == p).flatten().tolist()
        if p in test:
            te += places
        else:
            tr += places
    if not tr or not te:
        raise ValueError("nothing there")
    tr, te = torch.tensor(tr), torch.tensor(te)
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | wrong | constant channel told by std == 0: rounding leaves 1e-6 at 9.81, which divides | Rounding leaves a tiny deviation in place of 0 there (0.000002 for 9.81,
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm // 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = ((part - mean) ** 2).mean((0, 2), keepdim=True).sqrt()
    std[std == 0] = 1
    return tr, te, (windows - mean) / std

# %% split_by_person | right | torch, isin, where on max == min
import torch

def split_by_person(windows, arm, test):
    is_test = torch.isin(arm // 2, torch.tensor(test, dtype=torch.int64))
    tr = torch.nonzero(~is_test).flatten()
    te = torch.nonzero(is_test).flatten()
    if len(tr) == 0 or len(te) == 0:
        raise ValueError("nothing there")
    part = windows[tr]
    mean = part.mean((0, 2), keepdim=True)
    std = part.std((0, 2), keepdim=True)
    flat = part.amax((0, 2), keepdim=True) == part.amin((0, 2), keepdim=True)
    std = torch.where(flat, torch.ones_like(std), std)
    return tr, te, (windows - mean) / std

# %% split_by_person | right | loops over windows and channels, n in the deviation, result in a new tensor
import torch

def split_by_person(windows, arm, test):
    tr, te = [], []
    for i, a in enumerate(arm.tolist()):
        (te if a // 2 in test else tr).append(i)
    if not tr:
        raise ValueError("no window to train on")
    if not te:
        raise ValueError("no window to test on")
    scaled = windows.clone()
    for c in range(windows.shape[1]):
        values = windows[tr, c].double()
        mean = values.mean()
        deviation = (values - mean).pow(2).mean().sqrt()
        if (values == values[0, 0]).all():
            deviation = 1.0
        scaled[:, c] = ((windows[:, c].double() - mean) / deviation).float()
    return torch.tensor(tr), torch.tensor(te), scaled

# %% split_by_person | right | numpy inside, float64, back to float32
import numpy as np
import torch

def split_by_person(windows, arm, test):
    x = windows.numpy().astype(np.float64)
    is_test = np.isin(arm.numpy() >> 1, list(test))
    tr, te = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    if tr.size == 0 or te.size == 0:
        raise ValueError("one side is empty")
    flat = np.moveaxis(x[tr], 1, 0).reshape(x.shape[1], -1)
    mean = flat.mean(1)
    std = flat.std(1, ddof=1)
    std[np.ptp(flat, axis=1) == 0] = 1.0
    out = (x - mean[None, :, None]) / std[None, :, None]
    return torch.from_numpy(tr), torch.from_numpy(te), torch.from_numpy(out.astype(np.float32))

# %% split_by_person | right | set of arms, einsum for the moments, threshold for a constant channel
import torch

def split_by_person(windows, arm, test):
    arms = {2 * p for p in test} | {2 * p + 1 for p in test}
    chosen = torch.tensor([int(a) in arms for a in arm], dtype=torch.bool)
    places = torch.arange(len(arm))
    tr, te = places[~chosen], places[chosen]
    if tr.numel() * te.numel() == 0:
        raise ValueError("one side is empty")
    x = windows[tr].double()
    count = x.shape[0] * x.shape[2]
    mean = torch.einsum("ncs->c", x) / count
    centred = x - mean.view(1, -1, 1)
    std = (torch.einsum("ncs,ncs->c", centred, centred) / count).sqrt()
    std = std.masked_fill(std < 1e-9, 1.0)
    scaled = (windows.double() - mean.view(1, -1, 1)) / std.view(1, -1, 1)
    return tr, te, scaled.to(windows.dtype)

# %% split_by_person | wrong | random windows | It draws random numbers (torch's): who is tested stands in `test`.
def split_by_person(windows, arm, test):
    order = torch.randperm(len(windows))
    k = len(windows) // 5
    train, held = order[k:].sort().values, order[:k].sort().values
    x = windows[train]
    return train, held, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | lists of places | `train` should be an int64 tensor of places, but it is a list of 129.
def split_by_person(windows, arm, test):
    train = [i for i, a in enumerate(arm) if int(a) // 2 not in test]
    held = [i for i, a in enumerate(arm) if int(a) // 2 in test]
    x = windows[train]
    return train, held, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | compares a tensor with a list | `if`, `and`, `or`, `not` and `in` want one True or False, not a
def split_by_person(windows, arm, test):
    mask = arm // 2 in test
    x = windows[~mask]
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], (windows - x.mean((0, 2), keepdim=True)) / x.std()

# %% split_by_person | wrong | unpacks dims wrongly | mean((0, 2)) is [channels], and broadcasts along the last axis of the
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~m]
    z = (windows - x.mean((0, 2))) / x.std((0, 2))
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], z

# %% split_by_person | wrong | int32 | `train` should be an int64 tensor [n_train] of places, but it is an
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~m]
    z = (windows - x.mean((0, 2))[:, None]) / x.std((0, 2))[:, None]
    return (~m).nonzero()[:, 0].int(), m.nonzero()[:, 0].int(), z

# %% calibration_windows | wrong | reshape in place of transpose: time and channels mixed up | the numbers are read into the wrong order: reshape and view keep the order
import torch

def calibration_windows(signal, window, shot, gap, step):
    c = signal.shape[1]
    support = [signal[i * window:(i + 1) * window].reshape(c, window) for i in range(shot)]
    first = shot * window + gap
    query = [signal[b:b + window].reshape(c, window)
             for b in range(first, len(signal) - window + 1, step)]
    if not query:
        raise ValueError("no query window fits")
    return torch.stack(support), torch.stack(query)

# %% calibration_windows | wrong | the gap is forgotten | The gap is not left out.
import torch

def calibration_windows(signal, window, shot, gap, step):
    support = [signal[i * window:(i + 1) * window].T for i in range(shot)]
    first = shot * window
    query = [signal[b:b + window].T for b in range(first, len(signal) - window + 1, step)]
    if not query:
        raise ValueError("no query window fits")
    return torch.stack(support), torch.stack(query)

# %% calibration_windows | wrong | gap taken as a number of windows | The gap counts samples, not windows.
import torch

def calibration_windows(signal, window, shot, gap, step):
    support = [signal[i * window:(i + 1) * window].T for i in range(shot)]
    first = (shot + gap) * window
    query = [signal[b:b + window].T for b in range(first, len(signal) - window + 1, step)]
    if not query:
        raise ValueError("no query window fits")
    return torch.stack(support), torch.stack(query)

# %% calibration_windows | wrong | the window that ends with the last sample is missing | a query window that ends with the last sample is missing: it may begin at
import torch

def calibration_windows(signal, window, shot, gap, step):
    support = [signal[i * window:(i + 1) * window].T for i in range(shot)]
    first = shot * window + gap
    query = [signal[b:b + window].T for b in range(first, len(signal) - window, step)]
    if not query:
        raise ValueError("no query window fits")
    return torch.stack(support), torch.stack(query)

# %% calibration_windows | wrong | support windows every step samples, so that they overlap | the support windows begin every `step` samples, and the query windows behind
import torch

def calibration_windows(signal, window, shot, gap, step):
    support = [signal[i * step:i * step + window].T for i in range(shot)]
    first = (shot - 1) * step + window + gap
    query = [signal[b:b + window].T for b in range(first, len(signal) - window + 1, step)]
    if not query:
        raise ValueError("no query window fits")
    return torch.stack(support), torch.stack(query)

# %% calibration_windows | wrong | query windows side by side, step ignored | the query windows begin every `window` samples. They begin every `step`
import torch

def calibration_windows(signal, window, shot, gap, step):
    support = [signal[i * window:(i + 1) * window].T for i in range(shot)]
    first = shot * window + gap
    query = [signal[b:b + window].T for b in range(first, len(signal) - window + 1, window)]
    if not query:
        raise ValueError("no query window fits")
    return torch.stack(support), torch.stack(query)

# %% calibration_windows | wrong | no ValueError of its own: an empty query is handed back | it goes on and returns something. The docstring asks for
import torch

def calibration_windows(signal, window, shot, gap, step):
    support = signal[:shot * window].T.unfold(1, window, window).transpose(0, 1)
    first = shot * window + gap
    query = [signal[b:b + window].T for b in range(first, len(signal) - window + 1, step)]
    if not query:
        return support, signal.new_empty(0, signal.shape[1], window)
    return support, torch.stack(query)

# %% calibration_windows | wrong | ValueError also where exactly one window fits | The one query window ends with the last sample, so it fits.
import torch

def calibration_windows(signal, window, shot, gap, step):
    first = shot * window + gap
    if len(signal) <= first + window:
        raise ValueError("recording is too short")
    support = signal[:shot * window].unfold(0, window, window)
    return support, signal[first:].unfold(0, window, step)

# %% calibration_windows | wrong | the last query window is filled up with zeros | the end of the recording is filled up with zeros, so there are windows that
import torch

def calibration_windows(signal, window, shot, gap, step):
    first = shot * window + gap
    if len(signal) < first + window:
        raise ValueError("recording is too short")
    support = signal[:shot * window].unfold(0, window, window)
    query = []
    for b in range(first, len(signal), step):
        piece = signal[b:b + window].T
        if piece.shape[1] < window:
            piece = torch.nn.functional.pad(piece, (0, window - piece.shape[1]))
        query.append(piece)
    return support, torch.stack(query)

# %% calibration_windows | wrong | float64 is turned into float32 | Its numbers are right, but of another type: .to(torch.float64)
import torch

def calibration_windows(signal, window, shot, gap, step):
    first = shot * window + gap
    if len(signal) < first + window:
        raise ValueError("recording is too short")
    support = signal[:shot * window].float().unfold(0, window, window)
    return support, signal[first:].float().unfold(0, window, step)

# %% calibration_windows | wrong | assert in place of ValueError | The docstring asks for raise ValueError("...") there, with a sentence.
import torch

def calibration_windows(signal, window, shot, gap, step):
    first = shot * window + gap
    assert len(signal) >= first + window, "recording is too short"
    support = signal[:shot * window].unfold(0, window, window)
    return support, signal[first:].unfold(0, window, step)

# %% calibration_windows | wrong | support windows are centred in place, caller's recording changed | it changes `signal` in place; compute a new tensor instead (no +=, no
import torch

def calibration_windows(signal, window, shot, gap, step):
    first = shot * window + gap
    if len(signal) < first + window:
        raise ValueError("recording is too short")
    signal -= signal[:shot * window].mean(0)
    support = signal[:shot * window].unfold(0, window, window)
    return support, signal[first:].unfold(0, window, step)

# %% calibration_windows | right | loops and stack
import torch

def calibration_windows(signal, window, shot, gap, step):
    support = [signal[i * window:(i + 1) * window].T for i in range(shot)]
    first = shot * window + gap
    query = [signal[b:b + window].T for b in range(first, len(signal) - window + 1, step)]
    if not query:
        raise ValueError("no query window fits")
    return torch.stack(support), torch.stack(query)

# %% calibration_windows | right | unfold
def calibration_windows(signal, window, shot, gap, step):
    first = shot * window + gap
    if signal.shape[0] - first < window:
        raise ValueError("recording is too short")
    support = signal[:shot * window].unfold(0, window, window)
    return support, signal[first:].unfold(0, window, step)

# %% calibration_windows | right | index arithmetic
import torch

def calibration_windows(signal, window, shot, gap, step):
    inside = torch.arange(window)
    n = (signal.shape[0] - shot * window - gap - window) // step + 1
    if n < 1:
        raise ValueError("not one query window")
    s = torch.arange(shot)[:, None] * window + inside
    q = shot * window + gap + torch.arange(n)[:, None] * step + inside
    return signal[s].transpose(1, 2).contiguous(), signal[q].permute(0, 2, 1).contiguous()

# %% calibration_windows | right | numpy sliding windows, while loop
import numpy as np
import torch

def calibration_windows(signal, window, shot, gap, step):
    x = signal.detach().numpy()
    start = window * shot + gap
    places = []
    while start + window <= x.shape[0]:
        places.append(start)
        start += step
    if len(places) == 0:
        raise ValueError("no room")
    view = np.lib.stride_tricks.sliding_window_view(x, window, axis=0)
    support = view[[window * i for i in range(shot)]]
    return torch.tensor(support.copy()), torch.tensor(view[places].copy())

# %% calibration_windows | right | reshape and then transpose
def calibration_windows(signal, window, shot, gap, step):
    rest = signal[shot * window + gap :]
    n = (len(rest) - window) // step + 1
    if n < 1:
        raise ValueError("too short for one query window")
    support = signal[: shot * window].reshape(shot, window, -1).mT
    return support, torch.stack([rest[i * step : i * step + window].mT for i in range(n)])

# %% calibration_windows | wrong | windows that are cut off at the end | A window that begins too late is cut off at the end of the recording.
def calibration_windows(signal, window, shot, gap, step):
    support = torch.stack([signal[k * window : (k + 1) * window].T for k in range(shot)])
    starts = range(shot * window + gap, len(signal), step)
    return support, torch.stack([signal[s : s + window].T for s in starts])

# %% calibration_windows | wrong | random query windows | It draws random numbers (torch's)
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    starts = torch.randint(b, len(signal) - window + 1, ((len(signal) - window - b) // step + 1,))
    return signal[: shot * window].unfold(0, window, window), torch.stack([signal[s : s + window].T for s in starts])

# %% calibration_windows | wrong | lists | the support windows are a list of 2. Make one tensor of them:
def calibration_windows(signal, window, shot, gap, step):
    support = [signal[k * window : (k + 1) * window].T for k in range(shot)]
    query = [signal[s : s + window].T for s in range(shot * window + gap, len(signal) - window + 1, step)]
    return support, query

# %% calibration_windows | wrong | squeezes one support window | Axis 0 (window) is missing, since its size is 1:
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal[: shot * window].unfold(0, window, window).squeeze(), signal[b:].unfold(0, window, step)

# %% calibration_windows | wrong | only six channels | That is for no gap, and query windows side by side. It is right for
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    s = signal[: shot * window].reshape(shot, window, 6).mT
    return s, signal[b:].unfold(0, window, step)

# %% over_people | wrong | counts windows, not people | both numbers count windows. A person with many windows counts more then,
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.double() - (0 if other is None else other.double())
    if len(person.unique()) == 1:
        return s.mean().item(), math.inf
    return s.mean().item(), factor * s.std().item() / math.sqrt(len(s))

# %% over_people | wrong | deviation over people, but divided by the root of the number of windows | the deviation is that of people, but it is divided by the root of the
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.double() - (0 if other is None else other.double())
    m = torch.stack([s[person == p].mean() for p in person.unique()])
    if len(m) == 1:
        return m.mean().item(), math.inf
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(s))

# %% over_people | wrong | deviation divides by n (numpy's default) | the deviation of people divides by their number. Divide by that minus 1, as
import math
import numpy as np

def over_people(scores, person, other=None, factor=2.262):
    s = scores.numpy().astype(float)
    if other is not None:
        s = s - other.numpy().astype(float)
    p = person.numpy()
    m = np.array([s[p == q].mean() for q in np.unique(p)])
    if len(m) == 1:
        return m.mean(), math.inf
    return m.mean(), factor * m.std() / math.sqrt(len(m))

# %% over_people | wrong | not paired: the errors of both methods are added in squares | where `other` is given, the half-width is that of two groups of *different*
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    def one(s):
        m = torch.stack([s[person == p].double().mean() for p in person.unique()])
        if len(m) == 1:
            return m.mean().item(), math.inf
        return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))
    a, ha = one(scores)
    if other is None:
        return a, ha
    b, hb = one(other)
    return a - b, math.hypot(ha, hb)

# %% over_people | wrong | other is ignored | `other` is not used: where it is given, the result is for the difference,
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    m = torch.stack([scores[person == p].double().mean() for p in person.unique()])
    if len(m) == 1:
        return m.mean().item(), math.inf
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))

# %% over_people | wrong | one person: half-width is NaN | With one person, nobody knows how people differ (std is NaN): the
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.double() - (0 if other is None else other.double())
    m = torch.stack([s[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))

# %% over_people | wrong | people taken as 0 ... number - 1 | people are taken to have the numbers 0, 1, 2, ... They have any numbers: go
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.double() - (0 if other is None else other.double())
    m = torch.stack([s[person == p].mean() for p in range(len(person.unique()))])
    if len(m) == 1:
        return m.mean().item(), math.inf
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))

# %% over_people | wrong | the ends of the interval in place of mean and half-width | these are the two ends. Return the mean and half the width.
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.double() - (0 if other is None else other.double())
    m = torch.stack([s[person == p].mean() for p in person.unique()])
    if len(m) == 1:
        return m.mean().item(), math.inf
    half = factor * m.std().item() / math.sqrt(len(m))
    return m.mean().item() - half, m.mean().item() + half

# %% over_people | wrong | bool minus bool: torch refuses | True and False cannot be subtracted. Make 1 and 0 of them first: .double()
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores if other is None else scores - other
    m = torch.stack([s[person == p].double().mean() for p in person.unique()])
    if len(m) == 1:
        return m.mean().item(), math.inf
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))

# %% over_people | wrong | mean of bool: torch refuses, only floating point thought of | Right or wrong (bool) has no mean and no difference in torch: .double()
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    m = torch.stack([scores[person == p].mean() for p in person.unique()])
    if other is not None:
        m = m - torch.stack([other[person == p].mean() for p in person.unique()])
    if len(m) == 1:
        return m.mean().item(), math.inf
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))

# %% over_people | wrong | sums of people in place of means | the windows of each person are added up in place of averaged.
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.double() - (0 if other is None else other.double())
    m = torch.stack([s[person == p].sum() for p in person.unique()])
    if len(m) == 1:
        return m.mean().item(), math.inf
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))

# %% over_people | wrong | scores cut to whole numbers: .long() loses fractions | the scores are cut to whole numbers (.long() or int): only .double() keeps
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.long()
    if other is not None:
        s = s - other.long()
    m = torch.stack([s[person == p].double().mean() for p in person.unique()])
    if len(m) == 1:
        return m.mean().item(), math.inf
    return m.mean().item(), factor * m.std().item() / math.sqrt(len(m))

# %% over_people | right | torch, loop over unique people
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    s = scores.double()
    if other is not None:
        s = s - other.double()
    m = torch.stack([s[person == p].mean() for p in person.unique()])
    if len(m) == 1:
        return m.item(), math.inf
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5

# %% over_people | right | numpy, bincount, numpy scalars handed back
import math
import numpy as np

def over_people(scores, person, other=None, factor=2.262):
    s = np.asarray(scores, dtype=np.float64)
    if other is not None:
        s = s - np.asarray(other, dtype=np.float64)
    _, code = np.unique(np.asarray(person), return_inverse=True)
    m = np.bincount(code, weights=s) / np.bincount(code)
    if m.size < 2:
        return m.mean(), math.inf
    return m.mean(), factor * m.std(ddof=1) / np.sqrt(m.size)

# %% over_people | right | plain Python: dictionary and statistics
import math
import statistics

def over_people(scores, person, other=None, factor=2.262):
    theirs = {}
    others = [0.0] * len(scores) if other is None else other.tolist()
    for s, p, o in zip(scores.tolist(), person.tolist(), others):
        theirs.setdefault(p, []).append(float(s) - float(o))
    means = [statistics.fmean(v) for v in theirs.values()]
    if len(means) < 2:
        return means[0], math.inf
    return statistics.fmean(means), factor * statistics.stdev(means) / math.sqrt(len(means))

# %% over_people | right | one-hot matrix product, tensors of one element handed back, recursion for other
import math
import torch

def over_people(scores, person, other=None, factor=2.262):
    if other is not None:
        return over_people(scores.double() - other.double(), person, None, factor)
    people = torch.unique(person)
    member = (person[None, :] == people[:, None]).double()
    m = torch.einsum("pn,n->p", member, scores.double()) / member.sum(1)
    k = m.numel()
    if k == 1:
        return m.mean(), torch.tensor(math.inf)
    se = ((m - m.mean()) ** 2).sum().div(k - 1).div(k).sqrt()
    return m.mean(), factor * se

# %% over_people | wrong | only the mean | it should return two numbers, the mean and half the width. It
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    return torch.stack([d[person == p].mean() for p in person.unique()]).mean().item()

# %% over_people | wrong | if other: | `if`, `and`, `or`, `not` and `in` want one True or False, not a
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() - other.double() if other else scores.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | no defaults | It could not be called as the exercise calls it: look at its
def over_people(scores, person, other, factor):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | right | sorting by person
def over_people(scores, person, other=None, factor=2.262):
    v = scores.to(torch.float64)
    if other is not None:
        v = v - other.to(torch.float64)
    order = person.argsort()
    _, counts = person[order].unique_consecutive(return_counts=True)
    means = [chunk.mean().item() for chunk in v[order].split(counts.tolist())]
    mu = sum(means) / len(means)
    if len(means) < 2:
        return mu, math.inf
    s = math.sqrt(sum((x - mu) ** 2 for x in means) / (len(means) - 1))
    return mu, factor * s / math.sqrt(len(means))

# %% over_people | wrong | numpy bool minus bool | True and False cannot be subtracted.
def over_people(scores, person, other=None, factor=2.262):
    d = scores.numpy() if other is None else scores.numpy() - other.numpy()
    m = np.array([d[(person == p).numpy()].mean() for p in person.unique()])
    return m.mean(), factor * m.std(ddof=1) / np.sqrt(len(m)) if len(m) > 1 else math.inf

# %% personal_prototypes | wrong | where behind the mixture: NaN in the gradient | the numbers are right, but the gradient that comes back to `trust` is NaN.
import torch

def personal_prototypes(own, population, labelled, trust):
    mixed = trust * own + (1 - trust) * population
    out = torch.where(labelled.unsqueeze(-1), mixed, population)
    return out.to(own.dtype)

# %% personal_prototypes | wrong | mixture everywhere: NaN where nothing is labelled | Here `own` is mixed in there, too
def personal_prototypes(own, population, labelled, trust):
    return (trust * own + (1 - trust) * population).to(own.dtype)

# %% personal_prototypes | wrong | NaN becomes 0 and is mixed: unlabelled rows get (1 - trust) * population | Here NaN in `own` is taken for 0
import torch

def personal_prototypes(own, population, labelled, trust):
    return (trust * torch.nan_to_num(own) + (1 - trust) * population).to(own.dtype)

# %% personal_prototypes | wrong | looks for NaN in place of labelled | it looks for NaN in `own` in place of `labelled`. Rows that are not
import torch

def personal_prototypes(own, population, labelled, trust):
    known = ~own.isnan()
    safe = torch.where(known, own, torch.zeros_like(own))
    mixed = trust * safe + (1 - trust) * population
    return torch.where(known, mixed, population.expand_as(mixed)).to(own.dtype)

# %% personal_prototypes | wrong | trust turned into a number: no gradient to trust | float(trust), trust.item() and torch.tensor(trust) make a number
import torch

def personal_prototypes(own, population, labelled, trust):
    t = float(trust)
    mask = labelled.unsqueeze(-1)
    safe = torch.where(mask, own, torch.zeros_like(own))
    return torch.where(mask, t * safe + (1 - t) * population, population).to(own.dtype)

# %% personal_prototypes | wrong | own detached in order to get rid of NaN gradients | the numbers are right, but no gradient comes back to `own`: leave out
import torch

def personal_prototypes(own, population, labelled, trust):
    mask = labelled.unsqueeze(-1)
    safe = torch.nan_to_num(own.detach())
    return torch.where(mask, trust * safe + (1 - trust) * population, population).to(own.dtype)

# %% personal_prototypes | wrong | result always float32 | Its numbers are right, but of another type: .to(torch.float64)
import torch

def personal_prototypes(own, population, labelled, trust):
    mask = labelled.unsqueeze(-1)
    safe = torch.where(mask, own, torch.zeros_like(own))
    return torch.where(mask, trust * safe + (1 - trust) * population, population).float()

# %% personal_prototypes | right | where twice, the dtype as it comes
import torch

def personal_prototypes(own, population, labelled, trust):
    mask = labelled.unsqueeze(-1)
    safe = torch.where(mask, own, torch.zeros_like(own))
    return torch.where(mask, trust * safe + (1 - trust) * population, population)

# %% personal_prototypes | wrong | a shared population [way, features] is indexed like own | `population` may have the shape [way, features], while `own` has tasks as
import torch

def personal_prototypes(own, population, labelled, trust):
    out = population.clone().to(own.dtype)
    out[labelled] = (trust * own[labelled] + (1 - trust) * population[labelled]).to(own.dtype)
    return out

# %% personal_prototypes | wrong | mask without its last axis: along features, not along exercises | `labelled` has one axis less than the prototypes: that of the features.
import torch

def personal_prototypes(own, population, labelled, trust):
    safe = torch.nan_to_num(own)
    mixed = trust * safe + (1 - trust) * population
    return torch.where(labelled, mixed, population).to(own.dtype)

# %% personal_prototypes | wrong | population only if the person has labelled nothing at all | a task in which *anything* is labelled is mixed in all its rows. Each
import torch

def personal_prototypes(own, population, labelled, trust):
    some = labelled.any(-1)[..., None, None]
    safe = torch.nan_to_num(own)
    mixed = trust * safe + (1 - trust) * population
    return torch.where(some, mixed, population).to(own.dtype)

# %% personal_prototypes | wrong | the labels of the first person hold for all | every task is read with the labels of the first one. Each has its own.
import torch

def personal_prototypes(own, population, labelled, trust):
    while labelled.dim() > 1:
        labelled = labelled[0]
    mask = labelled.unsqueeze(-1)
    safe = torch.where(mask, torch.nan_to_num(own), torch.zeros_like(own))
    return torch.where(mask, trust * safe + (1 - trust) * population, population).to(own.dtype)

# %% personal_prototypes | wrong | trust squeezed through a sigmoid | `trust` goes through a sigmoid. It is a share already, from 0 to 1.
import torch

def personal_prototypes(own, population, labelled, trust):
    t = torch.sigmoid(torch.as_tensor(trust))
    mask = labelled.unsqueeze(-1)
    safe = torch.where(mask, own, torch.zeros_like(own))
    return torch.where(mask, t * safe + (1 - t) * population, population).to(own.dtype)

# %% personal_prototypes | wrong | torch.tensor(trust): a copy, the gradient of trust is cut | torch.tensor(trust) make a number that knows nothing
import torch

def personal_prototypes(own, population, labelled, trust):
    t = torch.as_tensor(trust, dtype=own.dtype).detach().clone()
    mask = labelled.unsqueeze(-1)
    safe = torch.where(mask, own, torch.zeros_like(own))
    return torch.where(mask, t * safe + (1 - t) * population, population).to(own.dtype)

# %% personal_prototypes | right | where before the mixture
import torch

def personal_prototypes(own, population, labelled, trust):
    mask = labelled.unsqueeze(-1)
    safe = torch.where(mask, own, torch.zeros_like(own))
    return torch.where(mask, trust * safe + (1 - trust) * population, population).to(own.dtype)

# %% personal_prototypes | right | population stands in for own, then one mixture
import torch

def personal_prototypes(own, population, labelled, trust):
    pop = population.to(own.dtype).expand(own.shape)
    mine = torch.where(labelled[..., None], own, pop)
    return (pop + trust * (mine - pop)).to(own.dtype)

# %% personal_prototypes | right | masked_fill and a weight per row
import torch

def personal_prototypes(own, population, labelled, trust):
    clean = own.masked_fill(~labelled[..., None], 0.0)
    weight = labelled[..., None].to(own.dtype) * trust
    return (weight * clean + (1.0 - weight) * population).to(own.dtype)

# %% personal_prototypes | right | row by row in a loop
import torch

def personal_prototypes(own, population, labelled, trust):
    way, features = own.shape[-2:]
    rows = own.reshape(-1, features)
    pop = population.to(own.dtype).expand(own.shape).reshape(-1, features)
    flags = labelled.expand(own.shape[:-1]).reshape(-1).tolist()
    out = [trust * rows[i] + (1 - trust) * pop[i] if f else pop[i] for i, f in enumerate(flags)]
    return torch.stack(out).reshape(own.shape).to(own.dtype)

# %% personal_prototypes | wrong | no return | it returned nothing. Is the `return` missing?
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled.unsqueeze(-1), own, population)
    trust * own + (1 - trust) * population

# %% personal_prototypes | right | lerp with a weight for each row
def personal_prototypes(own, population, labelled, trust):
    mask = labelled.unsqueeze(-1).expand_as(own)
    pop = population.expand_as(own)
    return torch.where(mask, torch.where(mask, own, 0.0) * trust + pop * (1 - trust), pop)

# %% personal_prototypes | wrong | nested loops over two axes only | That is for one person, without an axis for tasks. It is right for
def personal_prototypes(own, population, labelled, trust):
    out = own.clone()
    for t in range(own.shape[0]):
        for k in range(own.shape[1]):
            p = population[k] if population.ndim == 2 else population[t, k]
            out[t, k] = trust * own[t, k] + (1 - trust) * p if labelled[t, k] else p
    return out

# %% precision_recall | wrong | an alarm only above the threshold | there is an alarm *at* the threshold, too: >=, not >. Then there is an
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores > t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum().clamp(min=1))
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | each beat a threshold: equal scores are torn apart | each beat has a threshold of its own, also among equal scores. Beats with
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    order = scores.argsort(descending=True)
    hits = ectopic[order].double().cumsum(0)
    alarms = torch.arange(1, len(scores) + 1).double()
    return hits / alarms, hits / hits[-1]

# %% precision_recall | wrong | no ValueError: NaN where no beat is ectopic | where no beat is ectopic, it goes on and returns something.
import torch

def precision_recall(scores, ectopic):
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | ValueError also where every beat is ectopic | Where all beats are ectopic, precision is 1 and recall rises. Only where
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any() or ectopic.all():
        raise ValueError("both classes are needed")
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | thresholds 0, 0.01 ... 1 in place of the scores | there are as many thresholds, whatever the scores are. The thresholds are
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    ps, rs = [], []
    for t in torch.linspace(1, 0, 101):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum().clamp(min=1))
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | only the scores of ectopic beats are thresholds | only scores of ectopic beats are thresholds. Those of the other beats are,
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    ps, rs = [], []
    for t in scores[ectopic].unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | point (1, 0) put in front, as libraries draw the curve | there is a point too many in front, for a threshold above all scores.
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    ps, rs = [torch.tensor(1.0)], [torch.tensor(0.0)]
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().float()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | of equal scores the first is kept, not the last | of beats with equal scores only the first is counted. All of them give an
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    s, order = scores.sort(descending=True, stable=True)
    hits = ectopic[order].double().cumsum(0)
    alarms = torch.arange(1, len(s) + 1).double()
    keep = torch.ones(len(s), dtype=torch.bool)
    keep[1:] = s[1:] != s[:-1]
    return (hits / alarms)[keep], (hits / hits[-1])[keep]

# %% precision_recall | wrong | scores through a sigmoid: large scores become equal | Two scores that differ are two thresholds, however near they are. Rounding,
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    scores = scores.float().sigmoid()
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | scores rounded to three places | the scores are rounded (decimals: 3), so scores that differ become one
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    scores = (scores * 1000).round() / 1000
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | wrong | precision interpolated: the best at this recall or a higher one | the precision of lower thresholds is carried over to higher ones
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    p = torch.stack(ps)
    return p.flip(0).cummax(0).values.flip(0), torch.stack(rs)

# %% precision_recall | wrong | stops once all ectopic beats have an alarm | the thresholds end where all ectopic beats are found (recall 1). Those
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
        if rs[-1] == 1:
            break
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | right | loop over unique scores
import torch

def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("no ectopic beat")
    ps, rs = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().double()
        ps.append(hit / alarm.sum())
        rs.append(hit / ectopic.sum())
    return torch.stack(ps), torch.stack(rs)

# %% precision_recall | right | cumulated sums, last of equal scores kept
import torch

def precision_recall(scores, ectopic):
    total = int(ectopic.sum())
    if total == 0:
        raise ValueError("no ectopic beat")
    s, order = torch.sort(scores, descending=True)
    hits = ectopic[order].long().cumsum(0)
    last = torch.cat([s[1:] != s[:-1], torch.tensor([True])])
    alarms = torch.arange(1, len(s) + 1)
    return (hits / alarms)[last], (hits / total)[last]

# %% precision_recall | right | numpy inside
import numpy as np
import torch

def precision_recall(scores, ectopic):
    s, e = scores.detach().numpy(), ectopic.numpy().astype(bool)
    if e.sum() == 0:
        raise ValueError("recall has no meaning")
    levels = np.unique(s)[::-1]
    alarm = s[None, :] >= levels[:, None]
    hit = (alarm & e).sum(1)
    return torch.from_numpy(hit / alarm.sum(1)), torch.from_numpy(hit / e.sum())

# %% precision_recall | right | plain Python lists, groups of equal scores
import itertools
import torch

def precision_recall(scores, ectopic):
    pairs = sorted(zip(scores.tolist(), ectopic.tolist()), key=lambda pair: -pair[0])
    positives = sum(e for _, e in pairs)
    if positives == 0:
        raise ValueError("there is no ectopic beat")
    alarms = hits = 0
    precision, recall = [], []
    for _, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
        for _, e in group:
            alarms += 1
            hits += e
        precision.append(hits / alarms)
        recall.append(hits / positives)
    return torch.tensor(precision), torch.tensor(recall)

# %% precision_recall | wrong | ZeroDivisionError of its own | The docstring asks for raise ValueError("...") there, with a sentence.
def precision_recall(scores, ectopic):
    p, r = [], []
    for t in sorted(set(scores.tolist()), reverse=True):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().item()
        p.append(hit / alarm.sum().item())
        r.append(hit / ectopic.sum().item())
    return torch.tensor(p), torch.tensor(r)

# %% precision_recall | wrong | table of pairs | it returned a float32 tensor of shape [20, 2]. Return two tensors:
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    a = scores[None] >= t[:, None]
    h = (a & ectopic).sum(1)
    return torch.stack([h / a.sum(1), h / ectopic.sum()], 1)

# %% precision_recall | wrong | bitwise not on the sum | the numbers are right, but their order is not: the thresholds go from
def precision_recall(scores, ectopic):
    if sum(ectopic) == 0: raise ValueError
    p, r = [], []
    for t in scores:
        a = scores >= t
        p.append((a & ectopic).sum() / a.sum()); r.append((a & ectopic).sum() / ectopic.sum())
    return torch.stack(p), torch.stack(r)

# %% with_prior | wrong | the old share stays in: scores + log(here) | the old shares are not taken out: the scores believe that classes are as
import torch

def with_prior(scores, trained, here):
    return torch.log_softmax(scores + here.log(), -1)

# %% with_prior | wrong | the old share taken out, the new one not put in | the old shares are taken out, but the new ones are not put in: add the log
import torch

def with_prior(scores, trained, here):
    return torch.log_softmax(scores - trained.log(), -1)

# %% with_prior | wrong | probabilities do not sum to 1 | the shares are exchanged rightly, but these do not sum to 1 as
import torch

def with_prior(scores, trained, here):
    return torch.log_softmax(scores, -1) + here.log() - trained.log()

# %% with_prior | wrong | softmax, then log: far classes underflow to -inf | softmax gives 0 in a computer for a class that is far behind, and its
import torch

def with_prior(scores, trained, here):
    p = torch.softmax(scores, -1) * here / trained
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | exp of raw scores overflows | exp of a score above 88 is infinity in a computer, and what is computed
import torch

def with_prior(scores, trained, here):
    p = scores.exp() * here / trained
    return p.log() - p.sum(-1, keepdim=True).log()

# %% with_prior | wrong | shares added without a log | shares are added to scores. Scores are logarithms (up to a number that all
import torch

def with_prior(scores, trained, here):
    return torch.log_softmax(scores + here - trained, -1)

# %% with_prior | wrong | normalized over the beats (axis 0) | the softmax goes over the first axis. Each beat has one probability for
import torch

def with_prior(scores, trained, here):
    return torch.log_softmax(scores + here.log() - trained.log(), 0)

# %% with_prior | wrong | a small number added to the share: an impossible class stays possible | A class with the share 0 is impossible here: its probability is 0, and the
import torch

def with_prior(scores, trained, here):
    return torch.log_softmax(scores + (here + 1e-8).log() - trained.log(), -1)

# %% with_prior | wrong | scores changed in place | it changes `scores` in place; compute a new tensor instead (no +=, no
import torch

def with_prior(scores, trained, here):
    scores += here.log() - trained.log()
    return torch.log_softmax(scores, -1)

# %% with_prior | wrong | the largest score of all beats is taken off, not of each beat | the largest score of *all* beats is taken off. For a beat whose scores are
import torch

def with_prior(scores, trained, here):
    z = scores + here.log() - trained.log()
    z = z - z.max()
    return z - z.exp().sum(-1, keepdim=True).log()

# %% with_prior | wrong | two classes only: a sigmoid of the difference | That is for three classes. It is right for two classes
import torch
import torch.nn.functional as F

def with_prior(scores, trained, here):
    z = scores + here.log() - trained.log()
    d = z[..., 1] - z[..., 0]
    return torch.stack([F.logsigmoid(-d), F.logsigmoid(d)], -1)

# %% with_prior | wrong | old share estimated from the answers, trained ignored | the old shares are guessed from the answers (their mean over the beats).
import torch

def with_prior(scores, trained, here):
    p = torch.log_softmax(scores, -1)
    old = p.exp().reshape(-1, p.shape[-1]).mean(0)
    return torch.log_softmax(p + here.log() - old.log(), -1)

# %% with_prior | right | log_softmax of corrected scores
import torch

def with_prior(scores, trained, here):
    return torch.log_softmax(scores + torch.log(here) - torch.log(trained), dim=-1)

# %% with_prior | right | logsumexp by hand
import torch

def with_prior(scores, trained, here):
    z = scores.log_softmax(-1) + (here / trained).log()
    return z - z.logsumexp(-1, keepdim=True)

# %% with_prior | right | numpy, the largest of each beat taken off
import numpy as np
import torch

def with_prior(scores, trained, here):
    z = scores.detach().numpy().astype(np.float64)
    with np.errstate(divide="ignore"):
        z = z + np.log(here.numpy().astype(float)) - np.log(trained.numpy().astype(float))
    z = z - z.max(axis=-1, keepdims=True)
    out = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return torch.from_numpy(out).to(scores.dtype)

# %% with_prior | right | loop over beats, impossible classes left out
import math
import torch

def with_prior(scores, trained, here):
    way = scores.shape[-1]
    out = torch.full_like(scores, -math.inf).reshape(-1, way)
    possible = [c for c in range(way) if here[c] > 0]
    for i, row in enumerate(scores.reshape(-1, way).tolist()):
        z = [row[c] + math.log(float(here[c])) - math.log(float(trained[c])) for c in possible]
        top = max(z)
        total = top + math.log(sum(math.exp(v - top) for v in z))
        for c, v in zip(possible, z):
            out[i, c] = v - total
    return out.reshape(scores.shape)

# %% with_prior | wrong | shares added to probabilities | shares are added to probabilities. A probability is *multiplied* by
def with_prior(scores, trained, here):
    p = scores.softmax(-1) + here - trained
    return (p / p.sum(-1, keepdim=True)).log()

# %% counterfactual_test | wrong | one generator for both: other beats the second time | the two were drawn one after the other from *one* generator, so the second
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    g = torch.Generator().manual_seed(seed)
    b = no_hum.sample(n, g)
    a = hum.sample(n, g)
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | adapts to the support set with hum for the queries with hum | the learner adapts to two support sets: with the hum to one that hums. Then
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    answers = []
    for tasks in (hum, no_hum):
        e = tasks.sample(n, torch.Generator().manual_seed(seed))
        adapted = learner.adapt(e.support_x, e.support_y, e.way)
        answers.append(learner.predict(adapted, e.query_x).argmax(-1))
    return (answers[0] != answers[1]).double().mean().item()

# %% counterfactual_test | wrong | difference of accuracies in place of changed answers | this is a difference of accuracies. Answers that become right and answers
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1) == a.query_y
    y = learner.predict(adapted, b.query_x).argmax(-1) == b.query_y
    return abs(y.double().mean().item() - x.double().mean().item())

# %% counterfactual_test | wrong | scores compared, not answers | this is 1 as soon as anything differs. Are scores compared, or all answers
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x)
    y = learner.predict(adapted, b.query_x)
    return (x != y).any(-1).double().mean().item()

# %% counterfactual_test | wrong | learner.eval() and left so | a learner that came in training mode is left in evaluation mode. Whoever
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    learner.eval()
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | eval() and then train(), though it may have been in evaluation | a learner that came in evaluation mode is left in training mode. Whoever
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    learner.eval()
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    learner.train()
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | global seed set: the caller's random state is changed | the share is right, but it uses or sets the random state that everybody
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.manual_seed(seed))
    b = no_hum.sample(n, torch.manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | seed ignored, always 0 | the generator's seed is 0, whatever `seed` is.
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(0))
    b = no_hum.sample(n, torch.Generator().manual_seed(0))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | only normal beats (class 0) are counted | only beats of class 0 are looked at. All queries count.
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y)[b.query_y == 0].double().mean().item()

# %% counterfactual_test | wrong | way 2 hard-coded | That is for three classes. It is right for
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, 2)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | lowest score as the answer (as if scores were distances) | the class with the *lowest* score is taken. Scores are no distances: the
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmin(-1)
    y = learner.predict(adapted, b.query_x).argmin(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | only one task drawn: sample(1, ...) | sample(1, ...) is called, whatever `n` is.
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(1, torch.Generator().manual_seed(seed))
    b = no_hum.sample(1, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | wrong | mean change of the softmax, not of the answers | it compares probabilities. The answer is the class with the highest score:
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).softmax(-1)
    y = learner.predict(adapted, b.query_x).softmax(-1)
    return ((x - y).abs().sum(-1) / 2).mean().item()

# %% counterfactual_test | right | straight
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(adapted, a.query_x).argmax(-1)
    y = learner.predict(adapted, b.query_x).argmax(-1)
    return (x != y).double().mean().item()

# %% counterfactual_test | right | generator's state put back, keywords, a tensor handed back
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    generator = torch.Generator().manual_seed(seed)
    state = generator.get_state()
    without = no_hum.sample(n, generator=generator)
    generator.set_state(state)
    cue = hum.sample(n, generator=generator)
    adapted = learner.adapt(without.support_x, support_y=without.support_y, way=without.way)
    answers = [learner.predict(adapted, query_x=e.query_x).max(dim=2).indices
               for e in (cue, without)]
    return answers[0].ne(answers[1]).float().mean()

# %% counterfactual_test | right | loops over tasks and queries, predict under no_grad
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    with torch.no_grad():
        one = learner.predict(adapted, a.query_x).tolist()
        two = learner.predict(adapted, b.query_x).tolist()
    changed = asked = 0
    for task_one, task_two in zip(one, two):
        for s, t in zip(task_one, task_two):
            asked += 1
            changed += s.index(max(s)) != t.index(max(t))
    return changed / asked

# %% counterfactual_test | right | inner function, numpy
import numpy as np
import torch

def counterfactual_test(learner, hum, no_hum, n, seed):
    def draw(tasks):
        g = torch.Generator()
        g.manual_seed(seed)
        return tasks.sample(n, g)
    base = draw(no_hum)
    adapted = learner.adapt(base.support_x, base.support_y, base.way)
    def answer(x):
        return np.argmax(learner.predict(adapted, x).detach().numpy(), axis=-1)
    return np.mean(answer(draw(hum).query_x) != answer(base.query_x))

# %% counterfactual_test | wrong | a list | there is a number for each task. One number is asked for, over all
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean(1).tolist()

# %% counterfactual_test | wrong | the seed itself
def counterfactual_test(learner, hum, no_hum, n, seed):
    a, b = hum.sample(n, seed), no_hum.sample(n, seed)
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | global seed | the two were drawn one after the other from *one* generator, so the
def counterfactual_test(learner, hum, no_hum, n, seed):
    torch.manual_seed(seed)
    a = hum.sample(n, torch.default_generator)
    b = no_hum.sample(n, torch.default_generator)
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | true if any changes | it should return a number from 0 to 1, but it returned a bool.
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return bool((learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).any())

# %% counterfactual_test | wrong | the same queries twice | it finds no change where there is one. Are the same queries asked
def counterfactual_test(learner, hum, no_hum, n, seed):
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, b.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()
