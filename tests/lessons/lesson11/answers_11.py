# %% split_by_person | right | isin and nonzero
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test, dtype=torch.long))
    train_at, test_at = (~mask).nonzero().flatten(), mask.nonzero().flatten()
    if train_at.numel() == 0 or test_at.numel() == 0:
        raise ValueError("one side is empty")
    x = windows[train_at]
    mu, sd = x.mean(dim=(0, 2)), x.std(dim=(0, 2))
    sd[sd == 0] = 1
    return train_at, test_at, (windows - mu[:, None]) / sd[:, None]

# %% split_by_person | right | lists and a loop over channels
def split_by_person(windows, arm, test):
    train = [i for i, a in enumerate(arm.tolist()) if a // 2 not in test]
    held = [i for i, a in enumerate(arm.tolist()) if a // 2 in test]
    if not train or not held:
        raise ValueError("nobody")
    out = windows.clone()
    for c in range(windows.shape[1]):
        seen = windows[train, c]
        s = seen.std().item()
        out[:, c] = (windows[:, c] - seen.mean()) / (s if s > 0 else 1.0)
    return torch.tensor(train), torch.tensor(held), out

# %% split_by_person | right | numpy
def split_by_person(windows, arm, test):
    person = arm.numpy() >> 1
    is_test = np.isin(person, list(test))
    if is_test.all() or not is_test.any():
        raise ValueError("no windows on one side")
    x = windows.numpy().astype(np.float64)
    mean = x[~is_test].mean(axis=(0, 2), keepdims=True)
    std = x[~is_test].std(axis=(0, 2), keepdims=True)
    std = np.where(std == 0, 1, std)
    return (torch.from_numpy(np.flatnonzero(~is_test)), torch.from_numpy(np.flatnonzero(is_test)),
            torch.from_numpy((x - mean) / std).float())

# %% split_by_person | right | std_mean, set, torch.where
def split_by_person(windows, arm, test):
    tested = {2 * p for p in test} | {2 * p + 1 for p in test}
    mask = torch.tensor([a in tested for a in arm.tolist()])
    train, held = torch.where(~mask)[0], torch.where(mask)[0]
    if len(train) == 0:
        raise ValueError("no training windows")
    if len(held) == 0:
        raise ValueError("no test windows")
    std, mean = torch.std_mean(windows[train].transpose(0, 1).flatten(1), dim=1, correction=0)
    std = torch.where(std > 0, std, torch.ones_like(std))
    return train, held, (windows - mean.view(1, -1, 1)) / std.view(1, -1, 1)

# %% split_by_person | wrong | scales with everybody | the mean and the deviation were computed with the windows of the
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test, dtype=torch.long))
    train_at, test_at = (~mask).nonzero().flatten(), mask.nonzero().flatten()
    if train_at.numel() == 0 or test_at.numel() == 0:
        raise ValueError("one side is empty")
    sd = windows.std(dim=(0, 2), keepdim=True)
    sd = torch.where(sd > 0, sd, 1.0)
    return train_at, test_at, (windows - windows.mean(dim=(0, 2), keepdim=True)) / sd

# %% split_by_person | wrong | scales with everybody, as NumPy does | the mean and the deviation were computed with the windows of the
def split_by_person(windows, arm, test):
    person = arm.numpy() // 2
    held = np.isin(person, test)
    x = windows.numpy()
    z = (x - x.mean((0, 2), keepdims=True)) / x.std((0, 2), keepdims=True)
    return torch.tensor(np.where(~held)[0]), torch.tensor(np.where(held)[0]), torch.tensor(z)

# %% split_by_person | wrong | test holds arms | `test` names people, and `arm` has numbers of arms: person 3 has the
def split_by_person(windows, arm, test):
    mask = torch.tensor([a in test for a in arm.tolist()])
    train, held = (~mask).nonzero()[:, 0], mask.nonzero()[:, 0]
    x = windows[train]
    return train, held, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | tests the left arm, trains on the right one | the two arms of one person stand on different sides: the right arms
def split_by_person(windows, arm, test):
    mask = (arm[:, None] == 2 * torch.tensor(test)[None]).any(1)
    train, held = (~mask).nonzero()[:, 0], mask.nonzero()[:, 0]
    x = windows[train]
    return train, held, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | random windows | windows of arm 0 are on both sides. Windows of one recording resemble
def split_by_person(windows, arm, test):
    order = torch.randperm(len(windows))
    k = len(windows) // 5
    train, held = order[k:].sort().values, order[:k].sort().values
    x = windows[train]
    return train, held, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | the last windows of everybody | windows of arm 0 are on both sides. Windows of one recording resemble
def split_by_person(windows, arm, test):
    n = len(windows)
    train, held = torch.arange(0, int(0.8 * n)), torch.arange(int(0.8 * n), n)
    x = windows[train]
    return train, held, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | masks for places | `train` is a mask of True and False. Give the places:
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    return ~mask, mask, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | windows for places | `train` has windows in it. Give their places, 0 ... n - 1.
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    return windows[~mask], windows[mask], (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | nonzero keeps its second axis | `train` has the shape [252, 1]: nonzero gives a row for each place.
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    return (~mask).nonzero(), mask.nonzero(), (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | torch.where gives a tuple | `train` is a tuple with the places in it: torch.where(...) and
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    return torch.where(~mask), torch.where(mask), (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | lists of places | `train` should be an int64 tensor of places, but it is a list of 252.
def split_by_person(windows, arm, test):
    train = [i for i, a in enumerate(arm) if int(a) // 2 not in test]
    held = [i for i, a in enumerate(arm) if int(a) // 2 in test]
    x = windows[train]
    return train, held, (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | each side by itself | the tested people are scaled by their own mean and deviation: those
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    z = torch.empty_like(windows)
    for side in (mask, ~mask):
        x = windows[side]
        z[side] = (x - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | each window by itself | each window is scaled alone. Take one mean and one deviation for each
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    z = (windows - windows.mean(-1, keepdim=True)) / windows.std(-1, keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | one mean for all channels | all channels have one mean and one deviation. Take one mean and one
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], (windows - x.mean()) / x.std()

# %% split_by_person | wrong | mean over windows only | each sample of a window has a mean and a deviation of its own. Take
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], (windows - x.mean(0)) / x.std(0)

# %% split_by_person | wrong | variance | it is divided by the variance. The deviation is its root.
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.var((0, 2), keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | a small number against division by 0 | A channel that never changes in training has the deviation 0, and 0 /
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    z = (windows - x.mean((0, 2), keepdim=True)) / (x.std((0, 2), keepdim=True) + 1e-8)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | no guard for a silent channel | A channel that never changes in training has the deviation 0, and 0 /
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    if mask.all() or not mask.any():
        raise ValueError("empty")
    x = windows[~mask]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | no ValueError | The docstring asks for raise ValueError("...") there, with a sentence.
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test, dtype=torch.long))
    x = windows[~mask]
    sd = x.std((0, 2), keepdim=True)
    z = (windows - x.mean((0, 2), keepdim=True)) / torch.where(sd == 0, 1.0, sd)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | assert in place of ValueError | The docstring asks for raise ValueError("...") there, with a sentence.
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test, dtype=torch.long))
    assert mask.any() and not mask.all(), "empty side"
    x = windows[~mask]
    sd = x.std((0, 2), keepdim=True)
    z = (windows - x.mean((0, 2), keepdim=True)) / torch.where(sd == 0, 1.0, sd)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | only scaled training windows | only the training windows are scaled. Give all windows, in the order
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], (x - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | training windows first | the windows are scaled rightly, but stand in another order: training
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x, y = windows[~mask], windows[mask]
    m, s = x.mean((0, 2), keepdim=True), x.std((0, 2), keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], torch.cat([(x - m) / s, (y - m) / s])

# %% split_by_person | wrong | scales in place | it changes `windows` in place; compute a new tensor instead (no +=,
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    m, s = x.mean((0, 2), keepdim=True), x.std((0, 2), keepdim=True)
    windows -= m
    windows /= s
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], windows

# %% split_by_person | wrong | sides exchanged | the two sides are exchanged: the places to train on come first, then
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return mask.nonzero()[:, 0], (~mask).nonzero()[:, 0], z

# %% split_by_person | wrong | float64 by way of NumPy | Its numbers are right, but of another type:
def split_by_person(windows, arm, test):
    held = np.isin(arm.numpy() // 2, test)
    if held.all() or not held.any():
        raise ValueError("empty")
    x = windows.numpy().astype("float64")
    s = x[~held].std((0, 2), keepdims=True)
    s[s == 0] = 1
    z = (x - x[~held].mean((0, 2), keepdims=True)) / s
    return torch.tensor(np.where(~held)[0]), torch.tensor(np.where(held)[0]), torch.tensor(z)

# %% split_by_person | wrong | person is arm % 10 | one arm of person 1 is trained on and the other one tested: that is
def split_by_person(windows, arm, test):
    mask = torch.isin(arm % 10, torch.tensor(test))
    x = windows[~mask]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | true division | the two arms of one person stand on different sides: the right arms
def split_by_person(windows, arm, test):
    mask = torch.isin(arm / 2, torch.tensor(test, dtype=torch.float32))
    x = windows[~mask]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | one test person only | only the first person of `test` is tested.
def split_by_person(windows, arm, test):
    mask = arm // 2 == test[0]
    x = windows[~mask]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], z

# %% split_by_person | wrong | returns two things | it should return three things (train, test, scaled), but it returned
def split_by_person(windows, arm, test):
    mask = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~mask]
    m, s = x.mean((0, 2), keepdim=True), x.std((0, 2), keepdim=True)
    return (x - m) / s, (windows[mask] - m) / s

# %% split_by_person | wrong | compares a tensor with a list | `if`, `and`, `or`, `not` and `in` want one True or False, not a
def split_by_person(windows, arm, test):
    mask = arm // 2 in test
    x = windows[~mask]
    return (~mask).nonzero()[:, 0], mask.nonzero()[:, 0], (windows - x.mean((0, 2), keepdim=True)) / x.std()

# %% calibration_windows | right | unfold
def calibration_windows(signal, window, shot, gap, step):
    start = shot * window + gap
    if signal.shape[0] - start < window:
        raise ValueError("too short")
    return signal[: shot * window].unfold(0, window, window), signal[start:].unfold(0, window, step)

# %% calibration_windows | right | range and stack
def calibration_windows(signal, window, shot, gap, step):
    support = torch.stack([signal[k * window : (k + 1) * window].T for k in range(shot)])
    starts = list(range(shot * window + gap, signal.shape[0] - window + 1, step))
    if not starts:
        raise ValueError(f"{signal.shape[0]} samples are too few")
    return support, torch.stack([signal[s : s + window].T for s in starts])

# %% calibration_windows | right | while loop and permute
def calibration_windows(signal, window, shot, gap, step):
    n, support, query = len(signal), [], []
    for k in range(shot):
        support.append(signal[k * window : k * window + window])
    i = shot * window + gap
    while i + window <= n:
        query.append(signal[i : i + window])
        i += step
    if len(query) == 0:
        raise ValueError
    return torch.stack(support).permute(0, 2, 1), torch.stack(query).permute(0, 2, 1).contiguous()

# %% calibration_windows | right | index tensors
def calibration_windows(signal, window, shot, gap, step):
    begin = shot * window + gap
    last = signal.size(0) - window
    if last < begin:
        raise ValueError("no query window")
    s = torch.arange(shot)[:, None] * window + torch.arange(window)
    q = torch.arange(begin, last + 1, step)[:, None] + torch.arange(window)
    return signal[s].transpose(1, 2), signal[q].transpose(1, 2)

# %% calibration_windows | right | reshape and then transpose
def calibration_windows(signal, window, shot, gap, step):
    rest = signal[shot * window + gap :]
    n = (len(rest) - window) // step + 1
    if n < 1:
        raise ValueError("too short for one query window")
    support = signal[: shot * window].reshape(shot, window, -1).mT
    return support, torch.stack([rest[i * step : i * step + window].mT for i in range(n)])

# %% calibration_windows | wrong | reshape for transpose | the numbers are read into the wrong order: reshape and view keep the
def calibration_windows(signal, window, shot, gap, step):
    support = signal[: shot * window].reshape(shot, -1, window)
    starts = range(shot * window + gap, len(signal) - window + 1, step)
    return support, torch.stack([signal[s : s + window].reshape(-1, window) for s in starts])

# %% calibration_windows | wrong | view for transpose in the support only | in the support windows, the numbers are read into the wrong order:
def calibration_windows(signal, window, shot, gap, step):
    support = signal[: shot * window].reshape(shot, signal.shape[1], window)
    starts = range(shot * window + gap, len(signal) - window + 1, step)
    return support, torch.stack([signal[s : s + window].T for s in starts])

# %% calibration_windows | wrong | no transposition | samples and channels are exchanged: a window is [channels, window], a
def calibration_windows(signal, window, shot, gap, step):
    support = torch.stack([signal[k * window : (k + 1) * window] for k in range(shot)])
    starts = range(shot * window + gap, len(signal) - window + 1, step)
    return support, torch.stack([signal[s : s + window] for s in starts])

# %% calibration_windows | wrong | range without its last | a query window that ends with the last sample is missing: it may
def calibration_windows(signal, window, shot, gap, step):
    support = torch.stack([signal[k * window : (k + 1) * window].T for k in range(shot)])
    starts = range(shot * window + gap, len(signal) - window, step)
    if not len(starts):
        raise ValueError("short")
    return support, torch.stack([signal[s : s + window].T for s in starts])

# %% calibration_windows | wrong | windows that are cut off at the end | A window that begins too late is cut off at the end of the recording.
def calibration_windows(signal, window, shot, gap, step):
    support = torch.stack([signal[k * window : (k + 1) * window].T for k in range(shot)])
    starts = range(shot * window + gap, len(signal), step)
    return support, torch.stack([signal[s : s + window].T for s in starts])

# %% calibration_windows | wrong | no gap | The gap is not left out.
def calibration_windows(signal, window, shot, gap, step):
    return signal[: shot * window].unfold(0, window, window), signal[shot * window :].unfold(0, window, step)

# %% calibration_windows | wrong | gap in windows | The gap counts samples, not windows.
def calibration_windows(signal, window, shot, gap, step):
    b = (shot + gap) * window
    return signal[: shot * window].unfold(0, window, window), signal[b:].unfold(0, window, step)

# %% calibration_windows | wrong | query windows side by side | the query windows begin every `window` samples. They begin every
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal[: shot * window].unfold(0, window, window), signal[b:].unfold(0, window, window)

# %% calibration_windows | wrong | support windows overlap | the support windows begin every `step` samples. Each begins where the
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal.unfold(0, window, step)[:shot], signal[b:].unfold(0, window, step)

# %% calibration_windows | wrong | gap between support windows too | there is a gap behind each support window. They stand side by side:
def calibration_windows(signal, window, shot, gap, step):
    support = signal.unfold(0, window, window + gap)[:shot]
    b = shot * (window + gap)
    return support, signal[b:].unfold(0, window, step)

# %% calibration_windows | wrong | query first | the two are exchanged: the support windows come first.
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal[b:].unfold(0, window, step), signal[: shot * window].unfold(0, window, window)

# %% calibration_windows | wrong | random query windows | It draws random numbers (torch's)
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    starts = torch.randint(b, len(signal) - window + 1, ((len(signal) - window - b) // step + 1,))
    return signal[: shot * window].unfold(0, window, window), torch.stack([signal[s : s + window].T for s in starts])

# %% calibration_windows | wrong | random support windows from anywhere | It draws random numbers (torch's)
def calibration_windows(signal, window, shot, gap, step):
    starts = torch.randperm(len(signal) - window)[:shot]
    b = shot * window + gap
    return torch.stack([signal[s : s + window].T for s in starts]), signal[b:].unfold(0, window, step)

# %% calibration_windows | wrong | query windows over the whole recording | query windows have samples of the support windows in them. They begin
def calibration_windows(signal, window, shot, gap, step):
    return signal[: shot * window].unfold(0, window, window), signal.unfold(0, window, step)

# %% calibration_windows | wrong | no ValueError | The docstring asks for raise ValueError("...") there, with a sentence.
def calibration_windows(signal, window, shot, gap, step):
    support = torch.stack([signal[k * window : (k + 1) * window].T for k in range(shot)])
    query = [signal[s : s + window].T for s in range(shot * window + gap, len(signal) - window + 1, step)]
    return support, torch.stack(query) if query else torch.empty(0, signal.shape[1], window)

# %% calibration_windows | wrong | IndexError of its own | The docstring asks for raise ValueError("...") there, with a sentence.
def calibration_windows(signal, window, shot, gap, step):
    if shot * window + gap + window > len(signal):
        raise IndexError("too short")
    return signal[: shot * window].unfold(0, window, window), signal[shot * window + gap :].unfold(0, window, step)

# %% calibration_windows | wrong | returns None when short | The docstring asks for raise ValueError("...") there, with a sentence.
def calibration_windows(signal, window, shot, gap, step):
    if shot * window + gap + window > len(signal):
        return None
    return signal[: shot * window].unfold(0, window, window), signal[shot * window + gap :].unfold(0, window, step)

# %% calibration_windows | wrong | refuses one that just fits | The one query window ends with the last sample, so it fits.
def calibration_windows(signal, window, shot, gap, step):
    if shot * window + gap + window >= len(signal):
        raise ValueError("too short")
    return signal[: shot * window].unfold(0, window, window), signal[shot * window + gap :].unfold(0, window, step)

# %% calibration_windows | wrong | lists | the support windows are a list of 2. Make one tensor of them:
def calibration_windows(signal, window, shot, gap, step):
    support = [signal[k * window : (k + 1) * window].T for k in range(shot)]
    query = [signal[s : s + window].T for s in range(shot * window + gap, len(signal) - window + 1, step)]
    return support, query

# %% calibration_windows | wrong | one long tensor of both | it should return 2 things (the support windows, the query windows),
def calibration_windows(signal, window, shot, gap, step):
    a = signal[: shot * window].unfold(0, window, window)
    return torch.cat([a, signal[shot * window + gap :].unfold(0, window, step)])

# %% calibration_windows | wrong | gap counted twice | The gap is counted twice.
def calibration_windows(signal, window, shot, gap, step):
    rest = signal[shot * window + gap :]
    return signal[: shot * window].unfold(0, window, window), rest[gap:].unfold(0, window, step)

# %% calibration_windows | wrong | never stops | Does a loop never end?
def calibration_windows(signal, window, shot, gap, step):
    i, query = shot * window + gap, []
    while i + window <= len(signal):
        query.append(signal[i : i + window].T)
    return signal[: shot * window].unfold(0, window, window), torch.stack(query)

# %% calibration_windows | wrong | squeezes one support window | Axis 0 (window) is missing, since its size is 1:
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal[: shot * window].unfold(0, window, window).squeeze(), signal[b:].unfold(0, window, step)

# %% calibration_windows | wrong | only six channels | That is for no gap, and query windows side by side. It is right for
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    s = signal[: shot * window].reshape(shot, window, 6).mT
    return s, signal[b:].unfold(0, window, step)

# %% over_people | right | unique and stack
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double()
    if other is not None:
        d = d - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    if len(m) == 1:
        return float(m), math.inf
    return float(m.mean()), float(factor * m.std() / len(m) ** 0.5)

# %% over_people | right | dict of lists
def over_people(scores, person, other=None, factor=2.262):
    groups = {}
    others = [0.0] * len(scores) if other is None else other.tolist()
    for s, p, o in zip(scores.tolist(), person.tolist(), others):
        groups.setdefault(p, []).append(float(s) - float(o))
    means = [sum(g) / len(g) for g in groups.values()]
    n = len(means)
    mean = sum(means) / n
    if n == 1:
        return mean, float("inf")
    var = sum((m - mean) ** 2 for m in means) / (n - 1)
    return mean, factor * math.sqrt(var / n)

# %% over_people | right | numpy with ddof
def over_people(scores, person, other=None, factor=2.262):
    x = np.asarray(scores, dtype=float) - (0 if other is None else np.asarray(other, dtype=float))
    ids = np.asarray(person)
    m = np.array([x[ids == i].mean() for i in np.unique(ids)])
    half = np.inf if len(m) < 2 else factor * m.std(ddof=1) / np.sqrt(len(m))
    return m.mean(), half

# %% over_people | right | difference of people's means, bincount of inverse
def over_people(scores, person, other=None, factor=2.262):
    _, who = person.unique(return_inverse=True)
    n = who.bincount()
    means = who.bincount(scores.double()) / n
    if other is not None:
        means = means - who.bincount(other.double()) / n
    k = len(n)
    half = torch.tensor(math.inf) if k == 1 else factor * means.std() / math.sqrt(k)
    return means.mean(), half

# %% over_people | wrong | counts windows | this is the mean of all windows, so a person with many windows counts
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    return d.mean().item(), factor * d.std().item() / len(d) ** 0.5

# %% over_people | wrong | mean of windows, interval of people | this is the mean of all windows, so a person with many windows counts
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return d.mean().item(), factor * m.std().item() / len(m) ** 0.5

# %% over_people | wrong | mean of people, interval of windows | the half-width counts windows. Windows of one person are not
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * d.std().item() / len(d) ** 0.5

# %% over_people | wrong | no root | it is divided by the number of people. Divide by its square root.
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m)

# %% over_people | wrong | spread of people | this is how much *single people* differ. The mean of n people is
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item()

# %% over_people | wrong | 1.96 | it goes 1.96 standard errors to each side. With few people that is
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), 1.96 * m.std().item() / len(m) ** 0.5

# %% over_people | wrong | numpy's std | the deviation of people divides by their number. Divide by that minus
def over_people(scores, person, other=None, factor=2.262):
    d = np.asarray(scores, float) if other is None else np.asarray(scores, float) - np.asarray(other, float)
    m = [d[(person == p).numpy()].mean() for p in person.unique()]
    return np.mean(m), factor * np.std(m) / np.sqrt(len(m))

# %% over_people | wrong | no guard for one person | With one person, nobody knows how people differ (std is NaN): the
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5

# %% over_people | wrong | one person is sure | With one person, nobody knows how people differ (std is NaN): the
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else 0.0

# %% over_people | wrong | bool has no mean | Right or wrong (bool) has no mean and no difference in torch:
def over_people(scores, person, other=None, factor=2.262):
    d = scores if other is None else scores - other
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | unpaired | where `other` is given, the half-width is that of two groups of
def over_people(scores, person, other=None, factor=2.262):
    def one(x):
        m = torch.stack([x.double()[person == p].mean() for p in person.unique()])
        return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf
    m, h = one(scores)
    if other is None:
        return m, h
    m2, h2 = one(other)
    return m - m2, math.sqrt(h**2 + h2**2)

# %% over_people | wrong | half-widths subtracted | where `other` is given, one half-width is subtracted from the other.
def over_people(scores, person, other=None, factor=2.262):
    def one(x):
        m = torch.stack([x.double()[person == p].mean() for p in person.unique()])
        return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf
    m, h = one(scores)
    if other is None:
        return m, h
    m2, h2 = one(other)
    return m - m2, h - h2

# %% over_people | wrong | the other minus this | the sign of the difference is turned round: it is `scores` minus
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else other.double() - scores.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | people are 0, 1, 2, ... | people are taken to have the numbers 0, 1, 2, ... They have any
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in range(person.max() + 1)])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | ten people of equally many windows
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = d.view(10, -1).mean(1)
    return m.mean().item(), factor * m.std().item() / 10**0.5

# %% over_people | wrong | the ends | these are the two ends. Return the mean and half the width.
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    h = factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf
    return m.mean().item() - h, m.mean().item() + h

# %% over_people | wrong | only the mean | it should return two numbers, the mean and half the width. It
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    return torch.stack([d[person == p].mean() for p in person.unique()]).mean().item()

# %% over_people | wrong | absolute differences | the differences lose their sign: where `other` is better, the
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else (scores.double() - other.double()).abs()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | if other: | `if`, `and`, `or`, `not` and `in` want one True or False, not a
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() - other.double() if other else scores.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | forgets the factor | this is one standard error. Multiply it by `factor`.
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | in percent | in the mean, every number is 100 times as large as it should be: is
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = 100 * torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | averages inside people of one method, windows of the other | `scores` are averaged by person, `other` over all windows: by person
def over_people(scores, person, other=None, factor=2.262):
    m = torch.stack([scores.double()[person == p].mean() for p in person.unique()])
    if other is not None:
        m = m - other.double().mean()
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | other arguments | the numbers are right, but the lesson calls it with other=..., and it
def over_people(scores, person, second=None, k=2.262):
    d = scores.double() if second is None else scores.double() - second.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), k * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% over_people | wrong | no defaults | It could not be called as the exercise calls it: look at its
def over_people(scores, person, other, factor):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5 if len(m) > 1 else math.inf

# %% personal_prototypes | right | where twice
def personal_prototypes(own, population, labelled, trust):
    m = labelled[..., None]
    safe = torch.where(m, own, torch.zeros_like(own))
    return torch.where(m, trust * safe + (1 - trust) * population, population)

# %% personal_prototypes | right | masked_fill and weights
def personal_prototypes(own, population, labelled, trust):
    a = trust * labelled.unsqueeze(-1).to(own.dtype)
    return a * own.masked_fill(~labelled.unsqueeze(-1), 0.0) + (1 - a) * population

# %% personal_prototypes | right | population plus a part of the gap
def personal_prototypes(own, population, labelled, trust):
    gap = torch.where(labelled.unsqueeze(-1), own, population) - population
    return population + trust * gap

# %% personal_prototypes | right | boolean index on a copy
def personal_prototypes(own, population, labelled, trust):
    out = population.expand_as(own).clone()
    out[labelled] = trust * own[labelled] + (1 - trust) * population.expand_as(own)[labelled]
    return out

# %% personal_prototypes | right | loop over rows
def personal_prototypes(own, population, labelled, trust):
    pop = population.expand_as(own).reshape(-1, own.shape[-1])
    flat, known = own.reshape(-1, own.shape[-1]), labelled.reshape(-1)
    rows = [trust * o + (1 - trust) * p if k else p for o, p, k in zip(flat, pop, known.tolist())]
    return torch.stack(rows).view(own.shape)

# %% personal_prototypes | wrong | mixes everywhere | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | multiplies NaN by 0 | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    a = trust * labelled.unsqueeze(-1)
    return a * own + (1 - a) * population

# %% personal_prototypes | wrong | where after the mixture | the numbers are right, but the gradient that comes back to `trust` is
def personal_prototypes(own, population, labelled, trust):
    return torch.where(labelled.unsqueeze(-1), trust * own + (1 - trust) * population, population)

# %% personal_prototypes | wrong | nan_to_num | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    return trust * own.nan_to_num() + (1 - trust) * population

# %% personal_prototypes | wrong | looks for NaN | it looks for NaN in `own` in place of `labelled`. Rows that are not
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(own.isnan(), population, own)
    return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | trust at the other side | `trust` stands at the wrong side: trust = 1 believes the person
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled.unsqueeze(-1), own, population)
    return trust * population + (1 - trust) * own

# %% personal_prototypes | wrong | own where labelled | where something is labelled, the person's own prototype is taken as
def personal_prototypes(own, population, labelled, trust):
    return torch.where(labelled.unsqueeze(-1), own, population)

# %% personal_prototypes | wrong | mask without its axis | `labelled` has one axis less than the prototypes: that of the
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled, own, population)
    return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | mask the wrong way round | `labelled` is read the wrong way round: True says that the person has
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled.unsqueeze(-1), population, own)
    return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | trust cut from the graph | the numbers are right, but no gradient comes back to `trust`: leave
def personal_prototypes(own, population, labelled, trust):
    a = float(trust)
    own = torch.where(labelled.unsqueeze(-1), own, population)
    return a * own + (1 - a) * population

# %% personal_prototypes | wrong | no_grad | the numbers are right, but no gradient comes back through them, so
def personal_prototypes(own, population, labelled, trust):
    with torch.no_grad():
        own = torch.where(labelled.unsqueeze(-1), own, population)
        return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | population detached | the numbers are right, but no gradient comes back to `population`:
def personal_prototypes(own, population, labelled, trust):
    population = population.detach()
    own = torch.where(labelled.unsqueeze(-1), own, population)
    return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | writes into own | it changes `own` in place; compute a new tensor instead (no +=, no
def personal_prototypes(own, population, labelled, trust):
    own[~labelled] = population.expand_as(own)[~labelled]
    return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | indexes the shared population | `population` may have the shape [way, features], while `own` has
def personal_prototypes(own, population, labelled, trust):
    out = own.clone()
    out[labelled] = trust * own[labelled] + (1 - trust) * population[labelled]
    out[~labelled] = population[~labelled]
    return out

# %% personal_prototypes | wrong | the shared population only | That is for a population for each task. It is right for three tasks
def personal_prototypes(own, population, labelled, trust):
    out = population.unsqueeze(0).repeat(own.shape[0], 1, 1)
    out[labelled] = trust * own[labelled] + (1 - trust) * out[labelled]
    return out

# %% personal_prototypes | wrong | zeros where nothing is labelled | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    mixed = trust * own + (1 - trust) * population
    return mixed.masked_fill(~labelled.unsqueeze(-1), 0)

# %% personal_prototypes | wrong | adds the population in full | the population counts in full, and own is added to it. The two
def personal_prototypes(own, population, labelled, trust):
    return population + trust * own.masked_fill(~labelled.unsqueeze(-1), 0)

# %% personal_prototypes | wrong | half and half | own and population are averaged, half and half. `trust` says how much
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled.unsqueeze(-1), own, population)
    return (own + population) / 2

# %% personal_prototypes | wrong | float32 whatever comes in | Its numbers are right, but of another type:
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled.unsqueeze(-1), own, population)
    return (trust * own + (1 - trust) * population).float()

# %% personal_prototypes | wrong | lerp wants floats | `trust` may be a number or a tensor.
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled.unsqueeze(-1), own, population)
    return torch.lerp(population.expand_as(own), own, trust.item())

# %% personal_prototypes | wrong | labels of the first task | every task is read with the labels of the first one. Each has its own.
def personal_prototypes(own, population, labelled, trust):
    m = labelled.reshape(-1, labelled.shape[-1])[0].unsqueeze(-1)
    own = torch.where(m, own, population)
    return trust * own + (1 - trust) * population

# %% personal_prototypes | wrong | moves the others along | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    m = labelled.unsqueeze(-1)
    gap = torch.where(m, own, population) - population
    shift = gap.sum(-2, keepdim=True) / m.sum(-2, keepdim=True).clamp(min=1)
    return population + trust * torch.where(m, gap, shift)

# %% personal_prototypes | wrong | forgets the others | only the rows of labelled exercises are left. All exercises have a
def personal_prototypes(own, population, labelled, trust):
    return (trust * own + (1 - trust) * population)[labelled]

# %% personal_prototypes | wrong | no return | it returned nothing. Is the `return` missing?
def personal_prototypes(own, population, labelled, trust):
    own = torch.where(labelled.unsqueeze(-1), own, population)
    trust * own + (1 - trust) * population

# %% precision_recall | right | loop over thresholds
def precision_recall(scores, ectopic):
    if not bool(ectopic.any()):
        raise ValueError("no ectopic beat")
    p, r = [], []
    for t in sorted(set(scores.tolist()), reverse=True):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().item()
        p.append(hit / alarm.sum().item())
        r.append(hit / ectopic.sum().item())
    return torch.tensor(p), torch.tensor(r)

# %% precision_recall | right | table of all thresholds
def precision_recall(scores, ectopic):
    if ectopic.sum() == 0:
        raise ValueError("nothing to recall")
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / ectopic.sum()

# %% precision_recall | right | sort and cumsum
def precision_recall(scores, ectopic):
    n = int(ectopic.sum())
    if n == 0:
        raise ValueError("no positives")
    s, order = torch.sort(scores, descending=True)
    tp = ectopic[order].double().cumsum(0)
    keep = torch.ones(len(s), dtype=torch.bool)
    keep[:-1] = s[1:] != s[:-1]
    k = torch.arange(1, len(s) + 1)
    return (tp / k)[keep], (tp / n)[keep]

# %% precision_recall | right | numpy
def precision_recall(scores, ectopic):
    s, y = scores.numpy(), ectopic.numpy()
    if y.sum() == 0:
        raise ValueError("no positives")
    ts = np.unique(s)[::-1]
    p = np.array([y[s >= t].mean() for t in ts])
    r = np.array([(y & (s >= t)).sum() / y.sum() for t in ts])
    return torch.from_numpy(p), torch.from_numpy(r)

# %% precision_recall | right | counts in a dict
def precision_recall(scores, ectopic):
    total = ectopic.sum().item()
    if not total:
        raise ValueError("no ectopic beats")
    hits, alarms = {}, {}
    for s, e in zip(scores.tolist(), ectopic.tolist()):
        hits[s] = hits.get(s, 0) + e
        alarms[s] = alarms.get(s, 0) + 1
    p, r, h, a = [], [], 0, 0
    for s in sorted(hits, reverse=True):
        h, a = h + hits[s], a + alarms[s]
        p.append(h / a)
        r.append(h / total)
    return torch.tensor(p), torch.tensor(r)

# %% precision_recall | wrong | from the lowest | the thresholds go from the lowest to the highest: turn them round.
def precision_recall(scores, ectopic):
    t = scores.unique()
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / ectopic.sum()

# %% precision_recall | wrong | above only | there is an alarm *at* the threshold, too: >=, not >.
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] > t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / ectopic.sum()

# %% precision_recall | wrong | above only, with no alarm counted as 1 | there is an alarm *at* the threshold, too: >=, not >. Then there is
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] > t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1).clamp(min=1), hits / ectopic.sum()

# %% precision_recall | wrong | a threshold for each beat | each beat has a threshold of its own, also among equal scores. Beats
def precision_recall(scores, ectopic):
    s, order = scores.sort(descending=True)
    tp = ectopic[order].cumsum(0)
    return tp / torch.arange(1, len(s) + 1), tp / ectopic.sum()

# %% precision_recall | wrong | thresholds with repeats | a score that stands several times is several thresholds here, with
def precision_recall(scores, ectopic):
    t = scores.sort(descending=True).values
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / ectopic.sum()

# %% precision_recall | wrong | exchanged | the two are exchanged: precision first (of the alarms, how many were
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / ectopic.sum(), hits / alarm.sum(1)

# %% precision_recall | wrong | divides recall by all beats | recall is divided by all beats. Divide by the ectopic ones.
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / len(scores)

# %% precision_recall | wrong | accuracy for precision | this is accuracy in place of precision: beats without an alarm do not
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return (alarm == ectopic).double().mean(1), hits / ectopic.sum()

# %% precision_recall | wrong | false alarm rate for recall | this is the share of the *usual* beats that gave an alarm. Recall
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), (alarm & ~ectopic).sum(1) / (~ectopic).sum()

# %% precision_recall | wrong | no ValueError | The docstring asks for raise ValueError("...") there, with a sentence.
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / ectopic.sum()

# %% precision_recall | wrong | ZeroDivisionError of its own | The docstring asks for raise ValueError("...") there, with a sentence.
def precision_recall(scores, ectopic):
    p, r = [], []
    for t in sorted(set(scores.tolist()), reverse=True):
        alarm = scores >= t
        hit = (alarm & ectopic).sum().item()
        p.append(hit / alarm.sum().item())
        r.append(hit / ectopic.sum().item())
    return torch.tensor(p), torch.tensor(r)

# %% precision_recall | wrong | lists | precision and recall should be two tensors, but there is a list of
def precision_recall(scores, ectopic):
    ts = sorted(set(scores.tolist()), reverse=True)
    hits = [(ectopic & (scores >= t)).sum().item() for t in ts]
    return [h / (scores >= t).sum().item() for h, t in zip(hits, ts)], [h / ectopic.sum().item() for h in hits]

# %% precision_recall | wrong | whole-number division | the numbers are cut to whole ones: / divides, // does not.
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits // alarm.sum(1), hits // ectopic.sum()

# %% precision_recall | wrong | thresholds too | it returned three things. Return two, precision and recall: the
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / ectopic.sum(), t

# %% precision_recall | wrong | labels not sorted along | the scores are sorted, but `ectopic` is not sorted along:
def precision_recall(scores, ectopic):
    s = scores.sort(descending=True).values
    tp = ectopic.cumsum(0)
    last = torch.cat([s[1:] != s[:-1], torch.tensor([True])])
    return (tp / torch.arange(1, len(s) + 1))[last], (tp / ectopic.sum())[last]

# %% precision_recall | wrong | thresholds from 0 to 1 | there are as many thresholds, whatever the scores are. The thresholds
def precision_recall(scores, ectopic):
    t = torch.linspace(1, 0, 101)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1).clamp(min=1), hits / ectopic.sum()

# %% precision_recall | wrong | one threshold, 0.5 | the check cannot read what it returned (TypeError: 'float' object is
def precision_recall(scores, ectopic):
    alarm = scores >= 0.5
    hits = (alarm & ectopic).sum()
    return hits / alarm.sum().clamp(min=1), hits / ectopic.sum()

# %% precision_recall | wrong | usual beats are the hits | `ectopic` is read the wrong way round: True is ectopic.
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ~ectopic).sum(1)
    return hits / alarm.sum(1), hits / (~ectopic).sum()

# %% precision_recall | wrong | a point for no alarm, as libraries have it | there is a point too many in front, for a threshold above all scores.
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    p, r = hits / alarm.sum(1), hits / ectopic.sum()
    return torch.cat([torch.ones(1), p]), torch.cat([torch.zeros(1), r])

# %% precision_recall | wrong | interpolated | the precision of lower thresholds is carried over to higher ones
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    p = hits / alarm.sum(1)
    return p.flip(0).cummax(0).values.flip(0), hits / ectopic.sum()

# %% precision_recall | wrong | sigmoid first, which makes some scores equal | Two scores that differ are two thresholds, however near they are.
def precision_recall(scores, ectopic):
    if not ectopic.any():
        raise ValueError("none")
    s = torch.sigmoid(scores.float())
    t = s.unique().flip(0)
    alarm = s[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return hits / alarm.sum(1), hits / ectopic.sum()

# %% precision_recall | wrong | sorts in place | it changes `scores` in place; compute a new tensor instead (no +=, no
def precision_recall(scores, ectopic):
    order = scores.argsort(descending=True)
    scores[:] = scores[order]
    tp = ectopic[order].cumsum(0)
    last = torch.cat([scores[1:] != scores[:-1], torch.tensor([True])])
    return (tp / torch.arange(1, len(scores) + 1))[last], (tp / ectopic.sum())[last]

# %% precision_recall | wrong | a mean over the thresholds | this is the mean over the thresholds. One number for each threshold
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return (hits / alarm.sum(1)).mean().item(), (hits / ectopic.sum()).mean().item()

# %% precision_recall | wrong | percent | every number is 100 times as large as it should be: is it in percent?
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    alarm = scores[None] >= t[:, None]
    hits = (alarm & ectopic).sum(1)
    return 100 * hits / alarm.sum(1), 100 * hits / ectopic.sum()

# %% precision_recall | wrong | and for & | `if`, `and`, `or`, `not` and `in` want one True or False, not a
def precision_recall(scores, ectopic):
    p, r = [], []
    for t in scores.unique().flip(0):
        alarm = scores >= t
        hits = (alarm and ectopic).sum()
        p.append(hits / alarm.sum())
        r.append(hits / ectopic.sum())
    return torch.stack(p), torch.stack(r)

# %% with_prior | right | logs
def with_prior(scores, trained, here):
    return torch.log_softmax(scores + torch.log(here) - torch.log(trained), dim=-1)

# %% with_prior | right | logsumexp
def with_prior(scores, trained, here):
    logs = scores.log_softmax(-1) - trained.log() + here.log()
    return logs - logs.logsumexp(-1, keepdim=True)

# %% with_prior | right | loop over beats
def with_prior(scores, trained, here):
    flat = scores.reshape(-1, scores.shape[-1])
    rows = [F.log_softmax(row + (here / trained).log(), 0) for row in flat]
    return torch.stack(rows).view(scores.shape)

# %% with_prior | right | numpy in float64 with the largest taken off
def with_prior(scores, trained, here):
    s = scores.detach().numpy().astype(float)
    with np.errstate(divide="ignore"):
        x = s + np.log(here.numpy()) - np.log(trained.numpy())
    x = x - x.max(-1, keepdims=True)
    return torch.from_numpy(x - np.log(np.exp(x).sum(-1, keepdims=True))).float()

# %% with_prior | right | an impossible class by masked_fill
def with_prior(scores, trained, here):
    ratio = torch.where(here > 0, here / trained, 1.0).log()
    return (scores + ratio).masked_fill(here == 0, -math.inf).log_softmax(-1)

# %% with_prior | wrong | old share stays | the old shares are not taken out: the scores believe that classes are
def with_prior(scores, trained, here):
    return (scores + here.log()).log_softmax(-1)

# %% with_prior | wrong | probabilities times share, old share stays | the old shares are not taken out: the scores believe that classes are
def with_prior(scores, trained, here):
    p = scores.softmax(-1) * here
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | not normalised | the shares are exchanged rightly, but these do not sum to 1 as
def with_prior(scores, trained, here):
    return scores.log_softmax(-1) + here.log() - trained.log()

# %% with_prior | wrong | probabilities | these are probabilities. Their logarithms are asked for.
def with_prior(scores, trained, here):
    return (scores + here.log() - trained.log()).softmax(-1)

# %% with_prior | wrong | by way of softmax: far scores | Where scores lie far apart, softmax gives 0 in a computer, and its
def with_prior(scores, trained, here):
    p = scores.softmax(-1) * here / trained
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | exp of scores | Where scores lie far apart, softmax gives 0 in a computer, and its
def with_prior(scores, trained, here):
    p = scores.exp() * here / trained
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | something small in the log | A class with the share 0 is impossible here: its probability is 0,
def with_prior(scores, trained, here):
    return (scores + (here + 1e-9).log() - (trained + 1e-9).log()).log_softmax(-1)

# %% with_prior | wrong | exchanged | the shares are exchanged: `here` is put in and `trained` taken out.
def with_prior(scores, trained, here):
    return (scores + trained.log() - here.log()).log_softmax(-1)

# %% with_prior | wrong | shares added without log | shares are added to scores. Scores are logarithms (up to a number
def with_prior(scores, trained, here):
    return (scores + here - trained).log_softmax(-1)

# %% with_prior | wrong | scores times shares | scores are multiplied by shares. Probabilities are multiplied, so
def with_prior(scores, trained, here):
    return (scores * here / trained).log_softmax(-1)

# %% with_prior | wrong | log-probabilities times shares | log-probabilities are multiplied by shares. Probabilities are
def with_prior(scores, trained, here):
    return (scores.log_softmax(-1) * here / trained).log_softmax(-1)

# %% with_prior | wrong | other axis | the softmax goes over the first axis. Each beat has one probability
def with_prior(scores, trained, here):
    return (scores + here.log() - trained.log()).log_softmax(0)

# %% with_prior | wrong | axis 1 | the softmax goes over axis 1. Each beat has one probability for each
def with_prior(scores, trained, here):
    return torch.log_softmax(scores + here.log() - trained.log(), 1)

# %% with_prior | wrong | does nothing | the shares are not used: this is what the network says.
def with_prior(scores, trained, here):
    return scores.log_softmax(-1)

# %% with_prior | wrong | answers | these are the classes that win. Log probabilities are asked for.
def with_prior(scores, trained, here):
    return (scores + here.log() - trained.log()).argmax(-1)

# %% with_prior | wrong | log10 | the logarithm of the shares is that to base 10. Scores are natural
def with_prior(scores, trained, here):
    return (scores + here.log10() - trained.log10()).log_softmax(-1)

# %% with_prior | wrong | changes scores in place | it changes `scores` in place; compute a new tensor instead (no +=, no
def with_prior(scores, trained, here):
    scores += here.log() - trained.log()
    return scores.log_softmax(-1)

# %% with_prior | wrong | only two classes
def with_prior(scores, trained, here):
    gap = scores[..., 1] - scores[..., 0] + (here[1] / here[0]).log() - (trained[1] / trained[0]).log()
    return torch.stack([F.logsigmoid(-gap), F.logsigmoid(gap)], -1)

# %% with_prior | wrong | only the last class | only the last class gets a new share: every class has one.
def with_prior(scores, trained, here):
    out = scores.clone()
    out[..., -1] += (here[-1] / trained[-1]).log()
    return out.log_softmax(-1)

# %% with_prior | wrong | log odds | log odds are exchanged. For each class add the log of its new share
def with_prior(scores, trained, here):
    return (scores + torch.logit(here) - torch.logit(trained)).log_softmax(-1)

# %% with_prior | wrong | half and half taken for granted | the old shares are not taken out: the scores believe that classes are
def with_prior(scores, trained, here):
    p = scores.softmax(-1) * here / 0.5
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | clamps | Where scores lie far apart, softmax gives 0 in a computer, and its
def with_prior(scores, trained, here):
    p = scores.softmax(-1).clamp(min=1e-12) * here / trained
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | math.log of a tensor | A tensor of many numbers stands where one number belongs: .item(),
def with_prior(scores, trained, here):
    return (scores + math.log(here) - math.log(trained)).log_softmax(-1)

# %% with_prior | wrong | mixes shares and answers | the answer is averaged with the shares. Probabilities are multiplied
def with_prior(scores, trained, here):
    return (0.5 * scores.softmax(-1) + 0.5 * here).log()

# %% with_prior | wrong | rounded | it is rounded (decimals: 3). Return the numbers as they are: rounding
def with_prior(scores, trained, here):
    return (scores + here.log() - trained.log()).log_softmax(-1).round(decimals=3)

# %% with_prior | wrong | log of scores | the logarithm of the scores is taken. They are logarithms already (up
def with_prior(scores, trained, here):
    return (scores.log() + here.log() - trained.log()).log_softmax(-1)

# %% with_prior | wrong | twice | the shares are exchanged twice.
def with_prior(scores, trained, here):
    return (scores + 2 * (here.log() - trained.log())).log_softmax(-1)

# %% counterfactual_test | right | two generators
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    state = learner.adapt(b.support_x, b.support_y, b.way)
    one = learner.predict(state, a.query_x).argmax(-1)
    two = learner.predict(state, b.query_x).argmax(-1)
    return (one != two).float().mean().item()

# %% counterfactual_test | right | one generator, set back
def counterfactual_test(learner, hum, no_hum, n, seed):
    g = torch.Generator()
    g.manual_seed(seed)
    quiet = no_hum.sample(n, g)
    g.manual_seed(seed)
    loud = hum.sample(n, g)
    with torch.no_grad():
        adapted = learner.adapt(quiet.support_x, quiet.support_y, quiet.way)
        changed = learner.predict(adapted, loud.query_x).argmax(2) != learner.predict(adapted, quiet.query_x).argmax(2)
    return changed.double().mean()

# %% counterfactual_test | right | both queries at once
def counterfactual_test(learner, hum, no_hum, n, seed):
    gens = [torch.Generator().manual_seed(seed) for _ in range(2)]
    a, b = hum.sample(n, generator=gens[0]), no_hum.sample(n, generator=gens[1])
    adapted = learner.adapt(b.support_x, b.support_y, way=b.way)
    answers = learner.predict(adapted, torch.cat([a.query_x, b.query_x], 1)).softmax(-1).max(-1).indices
    first, second = answers.chunk(2, 1)
    return int((first != second).sum()) / first.numel()

# %% counterfactual_test | right | counts in a loop
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    s, t = learner.predict(adapted, a.query_x), learner.predict(adapted, b.query_x)
    changed = total = 0
    for i in range(s.shape[0]):
        for j in range(s.shape[1]):
            changed += int(s[i, j].argmax()) != int(t[i, j].argmax())
            total += 1
    return changed / total

# %% counterfactual_test | wrong | one generator for both | the two were drawn one after the other from *one* generator, so the
def counterfactual_test(learner, hum, no_hum, n, seed):
    g = torch.Generator().manual_seed(seed)
    a, b = hum.sample(n, g), no_hum.sample(n, g)
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | one generator, quiet first | the two were drawn one after the other from *one* generator, so the
def counterfactual_test(learner, hum, no_hum, n, seed):
    g = torch.Generator().manual_seed(seed)
    b = no_hum.sample(n, g)
    a = hum.sample(n, g)
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | learner(episode) for each | the learner adapts to two support sets: with the hum to one that
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    return (learner(a).argmax(-1) != learner(b).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | adapts to humming support | the learner adapts to the support set *with* the hum. Adapt to that
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(a.support_x, a.support_y, a.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | difference of accuracies | this is a difference of accuracies. Answers that become right and
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    acc = [(learner.predict(adapted, e.query_x).argmax(-1) == e.query_y).float().mean().item() for e in (a, b)]
    return abs(acc[0] - acc[1])

# %% counterfactual_test | wrong | compares scores | this is 1 as soon as anything differs. Are scores compared, or all
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x) != learner.predict(adapted, b.query_x)).float().mean().item()

# %% counterfactual_test | wrong | mean change of probabilities | it compares probabilities. The answer is the class with the highest
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).softmax(-1) - learner.predict(adapted, b.query_x).softmax(-1)).abs().mean().item()

# %% counterfactual_test | wrong | share that stays | this is the share of answers that *stay*. Asked for is the share that
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) == learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | a number | this is the number of answers that change. Divide by the number of
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).sum().item()

# %% counterfactual_test | wrong | a number for each task | there is a number for each task. One number is asked for, over all
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean(1)

# %% counterfactual_test | wrong | a list | there is a number for each task. One number is asked for, over all
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean(1).tolist()

# %% counterfactual_test | wrong | eval and no way back | it changes the mode of `learner` (.train() or .eval()) and leaves it
def counterfactual_test(learner, hum, no_hum, n, seed):
    learner.eval()
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | no seed | the generator has no seed of ours: .manual_seed(seed).
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator())
    b = no_hum.sample(n, torch.Generator())
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

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

# %% counterfactual_test | wrong | argmax over queries | argmax goes over the queries (axis 1). The classes are the last axis.
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(1) != learner.predict(adapted, b.query_x).argmax(1)).float().mean().item()

# %% counterfactual_test | wrong | wrong answers with the hum | this is the share of wrong answers with the hum. Asked for is the
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != a.query_y).float().mean().item()

# %% counterfactual_test | wrong | right ones that become wrong | only answers that were right and become wrong are counted. Each
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    good = learner.predict(adapted, b.query_x).argmax(-1) == b.query_y
    bad = learner.predict(adapted, a.query_x).argmax(-1) != b.query_y
    return (good & bad).float().mean().item()

# %% counterfactual_test | wrong | changes towards ectopic only | only changes from class 0 to class 1 are counted. All changes count.
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    x, y = learner.predict(adapted, a.query_x).argmax(-1), learner.predict(adapted, b.query_x).argmax(-1)
    return ((x == 1) & (y == 0)).float().mean().item()

# %% counterfactual_test | wrong | adapts to queries | the learner adapts to the query set. Adapt to the support set of
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.query_x, b.query_y, b.way)
    return (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | task by task | each task is drawn by itself, with a seed of its own. Draw all n at
def counterfactual_test(learner, hum, no_hum, n, seed):
    total = 0.0
    for i in range(n):
        a = hum.sample(1, torch.Generator().manual_seed(seed + i))
        b = no_hum.sample(1, torch.Generator().manual_seed(seed + i))
        adapted = learner.adapt(b.support_x, b.support_y, b.way)
        total += (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()
    return total / n

# %% counterfactual_test | wrong | true if any changes | it should return a number from 0 to 1, but it returned a bool.
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return bool((learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).any())

# %% counterfactual_test | wrong | in percent | every number is 100 times as large as it should be: is it in percent?
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return 100 * (learner.predict(adapted, a.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | the same queries twice | it finds no change where there is one. Are the same queries asked
def counterfactual_test(learner, hum, no_hum, n, seed):
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    adapted = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(adapted, b.query_x).argmax(-1) != learner.predict(adapted, b.query_x).argmax(-1)).float().mean().item()

# %% calibration_windows | wrong | other names of arguments | the numbers are right, but the lesson calls it with window=..., and
def calibration_windows(x, w, k, g, s):
    b = k * w + g
    if b + w > len(x):
        raise ValueError("short")
    return x[: k * w].unfold(0, w, w), x[b:].unfold(0, w, s)

# %% with_prior | right | differences to the first class
def with_prior(scores, trained, here):
    log_joint = torch.log_softmax(scores, -1) + (torch.log(here) - torch.log(trained)).expand_as(scores)
    top = log_joint.max(dim=-1, keepdim=True).values
    return log_joint - top - torch.log(torch.exp(log_joint - top).sum(-1, keepdim=True))

# %% personal_prototypes | right | lerp with a weight for each row
def personal_prototypes(own, population, labelled, trust):
    mask = labelled.unsqueeze(-1).expand_as(own)
    pop = population.expand_as(own)
    return torch.where(mask, torch.where(mask, own, 0.0) * trust + pop * (1 - trust), pop)

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
# %% split_by_person | wrong | mean over windows and channels | mean and deviation are those of each sample, over all channels (axes
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~m]
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], (windows - x.mean((0, 1))) / x.std((0, 1))

# %% split_by_person | wrong | test persons are centred on themselves | the mean that is taken off the windows of the tested people is their
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x, y = windows[~m], windows[m]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    z[m] = (y - y.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], z

# %% split_by_person | wrong | the last people | person 3 is to be tested, but is trained on. That is for five people,
def split_by_person(windows, arm, test):
    person = arm // 2
    k = len(test)
    m = person >= person.max() - k + 1
    x = windows[~m]
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | places of windows in test list | windows of arm 0 are on both sides. Windows of one recording resemble
def split_by_person(windows, arm, test):
    m = torch.zeros(len(arm), dtype=torch.bool)
    m[test] = True
    x = windows[~m]
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)

# %% split_by_person | wrong | mean of each persons numbers | means and deviations of single people are averaged. Take one mean and
def split_by_person(windows, arm, test):
    p = arm // 2
    m = torch.isin(p, torch.tensor(test))
    means = torch.stack([windows[p == q].mean((0, 2)) for q in p[~m].unique()]).mean(0)[:, None]
    stds = torch.stack([windows[p == q].std((0, 2)) for q in p[~m].unique()]).mean(0)[:, None]
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], (windows - means) / stds

# %% split_by_person | wrong | nan_to_num | A channel that never changes in training has the deviation 0, and 0 /
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test, dtype=torch.long))
    if m.all() or not m.any():
        raise ValueError("x")
    x = windows[~m]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], z.nan_to_num()

# %% split_by_person | wrong | root of mean square for the deviation | it is divided by the root of the mean square. For the deviation the
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~m]
    z = (windows - x.mean((0, 2), keepdim=True)) / x.square().mean((0, 2), keepdim=True).sqrt()
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], z

# %% split_by_person | wrong | medians | the median is taken off. The mean is asked for.
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~m]
    med = x.transpose(0, 1).flatten(1).median(1).values[:, None]
    z = (windows - med) / x.std((0, 2))[:, None]
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], z

# %% split_by_person | wrong | standard error of the mean | it is divided by the standard error of the mean. The deviation itself
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~m]
    z = (windows - x.mean((0, 2))[:, None]) / (x.std((0, 2))[:, None] / len(x) ** 0.5)
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], z

# %% split_by_person | wrong | only the first training person | mean and deviation are those of one training person. Take one mean
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[arm // 2 == (arm[~m] // 2).min()]
    z = (windows - x.mean((0, 2))[:, None]) / x.std((0, 2))[:, None]
    return (~m).nonzero()[:, 0], m.nonzero()[:, 0], z

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

# %% split_by_person | wrong | set order | the places are right, but not in rising order. That is for five
def split_by_person(windows, arm, test):
    m = torch.isin(arm // 2, torch.tensor(test))
    x = windows[~m]
    z = (windows - x.mean((0, 2))[:, None]) / x.std((0, 2))[:, None]
    return (~m).nonzero()[:, 0].flip(0), m.nonzero()[:, 0].flip(0), z

# %% calibration_windows | wrong | starts at multiples of step | Here query windows begin at multiples of step, counted from the
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    starts = [i for i in range(0, len(signal) - window + 1, step) if i >= b]
    return signal[: shot * window].unfold(0, window, window), torch.stack([signal[i : i + window].T for i in starts])

# %% calibration_windows | wrong | gap before | The gap is subtracted.
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window - gap
    return signal[: shot * window].unfold(0, window, window), signal[b:].unfold(0, window, step)

# %% calibration_windows | wrong | channels first | windows and channels are exchanged: the axes are [windows, channels,
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal[: shot * window].unfold(0, window, window).transpose(0, 1), signal[b:].unfold(0, window, step).transpose(0, 1)

# %% calibration_windows | wrong | time runs backwards | the query windows stand in the wrong order: the first in time comes
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal[: shot * window].unfold(0, window, window), signal[b:].unfold(0, window, step).flip(0)

# %% calibration_windows | wrong | unfold over channels
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    return signal[: shot * window].unfold(1, window, window), signal[b:].unfold(1, window, step)

# %% calibration_windows | wrong | same number of query windows as fit side by side
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    n = (len(signal) - b) // window
    return signal[: shot * window].unfold(0, window, window), torch.stack([signal[b + i * step : b + i * step + window].T for i in range(n)])

# %% calibration_windows | wrong | pads the end | the end of the recording is filled up with zeros, so there are
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    rest = F.pad(signal[b:].T, (0, window)).T
    return signal[: shot * window].unfold(0, window, window), rest.unfold(0, window, step)

# %% calibration_windows | wrong | numpy | the support windows are a float32 NumPy array of shape [2, 6, 16].
def calibration_windows(signal, window, shot, gap, step):
    s = signal.numpy()
    b = shot * window + gap
    a = np.stack([s[i * window : (i + 1) * window].T for i in range(shot)])
    return a, np.stack([s[i : i + window].T for i in range(b, len(s) - window + 1, step)])

# %% calibration_windows | wrong | normalises each window | the mean of each window is taken off. Cut the windows, and leave the
def calibration_windows(signal, window, shot, gap, step):
    b = shot * window + gap
    n = lambda x: x - x.mean(-1, keepdim=True)
    return n(signal[: shot * window].unfold(0, window, window)), n(signal[b:].unfold(0, window, step))

# %% over_people | wrong | uncertainty inside people | this says how sure the means of *these* people are. Other people will
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    g = [d[person == p] for p in person.unique()]
    m = torch.stack([x.mean() for x in g])
    v = torch.stack([x.var() / len(x) for x in g])
    return m.mean().item(), factor * v.sum().sqrt().item() / len(g)

# %% over_people | wrong | weighted by windows | this is the mean of all windows, so a person with many windows counts
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    ids = person.unique()
    m = torch.stack([d[person == p].mean() for p in ids])
    w = torch.stack([(person == p).double().mean() for p in ids])
    return (w * m).sum().item(), factor * m.std().item() / len(m) ** 0.5

# %% over_people | wrong | pooled spread of windows by root of people | the deviation is that of the windows of a person. Take the deviation
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    s = torch.stack([d[person == p].std() for p in person.unique()]).mean()
    return m.mean().item(), factor * s.item() / len(m) ** 0.5

# %% over_people | wrong | numpy bool minus bool | Right or wrong (bool) has no mean and no difference in torch:
def over_people(scores, person, other=None, factor=2.262):
    d = scores.numpy() if other is None else scores.numpy() - other.numpy()
    m = np.array([d[(person == p).numpy()].mean() for p in person.unique()])
    return m.mean(), factor * m.std(ddof=1) / np.sqrt(len(m)) if len(m) > 1 else math.inf

# %% over_people | wrong | percentile interval | this is where 95 % of single people are. The interval of their *mean*
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    lo, hi = m.quantile(0.025), m.quantile(0.975)
    return m.mean().item(), ((hi - lo) / 2).item()

# %% over_people | wrong | factor from number of people minus 1 | it is divided by the root of the number of people minus 1. The minus
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    n = len(m)
    if n == 1: return m.item(), math.inf
    return m.mean().item(), factor * m.std().item() / (n - 1) ** 0.5

# %% over_people | wrong | p-values | it should return two numbers, the mean and half the width. It
def over_people(scores, person, other=None, factor=2.262):
    d = scores.double() if other is None else scores.double() - other.double()
    m = torch.stack([d[person == p].mean() for p in person.unique()])
    return {"mean": m.mean().item(), "half": factor * m.std().item() / len(m) ** 0.5}

# %% over_people | wrong | float32 integer division of bool
def over_people(scores, person, other=None, factor=2.262):
    s = scores.long()
    d = s if other is None else s - other.long()
    m = torch.stack([d[person == p].sum() // (person == p).sum() for p in person.unique()]).double()
    return m.mean().item(), factor * m.std().item() / len(m) ** 0.5

# %% personal_prototypes | wrong | mean of own for the others | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    m = labelled.unsqueeze(-1)
    o = own.where(m, 0.0)
    mean = o.sum(-2, keepdim=True) / m.sum(-2, keepdim=True).clamp(min=1)
    return torch.where(m, trust * o + (1 - trust) * population, mean.expand_as(own))

# %% personal_prototypes | wrong | mean of the population for the others | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    m = labelled.unsqueeze(-1)
    o = own.where(m, 0.0)
    return torch.where(m, trust * o + (1 - trust) * population, population.mean(-2, keepdim=True).expand_as(own))

# %% personal_prototypes | wrong | torch.nanmean | own and population are averaged, half and half (nanmean). `trust`
def personal_prototypes(own, population, labelled, trust):
    pop = population.expand_as(own)
    return torch.stack([own, pop]).nanmean(0)

# %% personal_prototypes | wrong | clamps trust
def personal_prototypes(own, population, labelled, trust):
    trust = min(max(float(trust), 0.0), 0.5)
    o = torch.where(labelled.unsqueeze(-1), own, population)
    return trust * o + (1 - trust) * population

# %% personal_prototypes | wrong | sets requires_grad False | the numbers are right, but no gradient comes back to `own`: leave out
def personal_prototypes(own, population, labelled, trust):
    o = torch.where(labelled.unsqueeze(-1), own, population).detach()
    return trust * o + (1 - trust) * population

# %% personal_prototypes | wrong | nested loops over two axes only | That is for one person, without an axis for tasks. It is right for
def personal_prototypes(own, population, labelled, trust):
    out = own.clone()
    for t in range(own.shape[0]):
        for k in range(own.shape[1]):
            p = population[k] if population.ndim == 2 else population[t, k]
            out[t, k] = trust * own[t, k] + (1 - trust) * p if labelled[t, k] else p
    return out

# %% personal_prototypes | wrong | trust of a number of labels
def personal_prototypes(own, population, labelled, trust):
    n = labelled.sum()
    a = n / (n + trust)
    o = torch.where(labelled.unsqueeze(-1), own, population)
    return a * o + (1 - a) * population

# %% personal_prototypes | wrong | product of mask and mixture | where nothing is labelled, the population's prototype stays as it is,
def personal_prototypes(own, population, labelled, trust):
    m = labelled.unsqueeze(-1).float()
    return m * (trust * own + (1 - trust) * population) + (1 - m) * population

# %% personal_prototypes | wrong | nan_to_num on the product | the numbers are right, but the gradient that comes back to `trust` is
def personal_prototypes(own, population, labelled, trust):
    m = labelled.unsqueeze(-1).to(own.dtype)
    return (m * trust * own).nan_to_num() + (1 - m * trust) * population

# %% precision_recall | wrong | midpoints | the lowest score is no threshold here (are they taken between the
def precision_recall(scores, ectopic):
    u = scores.unique().flip(0)
    t = (u[1:] + u[:-1]) / 2
    a = scores[None] >= t[:, None]
    h = (a & ectopic).sum(1)
    return h / a.sum(1), h / ectopic.sum()

# %% precision_recall | wrong | only recall turned round | recall goes from the lowest threshold to the highest: turn it round.
def precision_recall(scores, ectopic):
    t = scores.unique()
    a = scores[None] >= t[:, None]
    h = (a & ectopic).sum(1)
    return (h / a.sum(1)).flip(0), h / ectopic.sum()

# %% precision_recall | wrong | cumsum from the lowest | the beats are sorted from the lowest score to the highest. Alarms
def precision_recall(scores, ectopic):
    s, o = scores.sort()
    h = ectopic[o].cumsum(0)
    return h / torch.arange(1, len(s) + 1), h / h[-1]

# %% precision_recall | wrong | table of pairs | it returned a float32 tensor of shape [20, 2]. Return two tensors:
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    a = scores[None] >= t[:, None]
    h = (a & ectopic).sum(1)
    return torch.stack([h / a.sum(1), h / ectopic.sum()], 1)

# %% precision_recall | wrong | a tensor of two rows | it returned a float32 tensor of shape [2, 20]. Return two tensors:
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    a = scores[None] >= t[:, None]
    h = (a & ectopic).sum(1)
    return torch.stack([h / a.sum(1), h / ectopic.sum()])

# %% precision_recall | wrong | specificity | this is the share of the usual beats that gave *no* alarm
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    a = scores[None] >= t[:, None]
    return (a & ectopic).sum(1) / a.sum(1), (~a & ~ectopic).sum(1) / (~ectopic).sum()

# %% precision_recall | wrong | alarms at every threshold added up | only beats with just this score are looked at. There is an alarm at
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    a = scores[None] == t[:, None]
    h = (a & ectopic).sum(1)
    return h / a.sum(1), h / ectopic.sum()

# %% precision_recall | wrong | balanced precision | this is the precision as if half of the beats were ectopic. Count
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    a = scores[None] >= t[:, None]
    r = (a & ectopic).sum(1) / ectopic.sum()
    f = (a & ~ectopic).sum(1) / (~ectopic).sum()
    return r / (r + f), r

# %% precision_recall | wrong | returns nan for none ectopic | The docstring asks for raise ValueError("...") there, with a sentence.
def precision_recall(scores, ectopic):
    t = scores.unique().flip(0)
    a = scores[None] >= t[:, None]
    h = (a & ectopic).sum(1)
    return h / a.sum(1), h.double() / ectopic.sum()

# %% precision_recall | wrong | bitwise not on the sum | the numbers are right, but their order is not: the thresholds go from
def precision_recall(scores, ectopic):
    if sum(ectopic) == 0: raise ValueError
    p, r = [], []
    for t in scores:
        a = scores >= t
        p.append((a & ectopic).sum() / a.sum()); r.append((a & ectopic).sum() / ectopic.sum())
    return torch.stack(p), torch.stack(r)

# %% precision_recall | wrong | python set order | the numbers are right, but their order is not: the thresholds go from
def precision_recall(scores, ectopic):
    if ectopic.sum() == 0: raise ValueError("no")
    p, r = [], []
    for t in set(scores.tolist()):
        a = scores >= t
        p.append((a & ectopic).sum() / a.sum()); r.append((a & ectopic).sum() / ectopic.sum())
    return torch.stack(p), torch.stack(r)

# %% with_prior | wrong | softmax of ratio | shares are added to scores. Scores are logarithms (up to a number
def with_prior(scores, trained, here):
    return (scores + here / trained).softmax(-1).log()

# %% with_prior | wrong | divides probabilities by trained only | the old shares are taken out, but the new ones are not put in: add
def with_prior(scores, trained, here):
    p = scores.softmax(-1) / trained
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | log of sum of exp without the dimension kept
def with_prior(scores, trained, here):
    x = scores + here.log() - trained.log()
    return x - x.logsumexp(-1)

# %% with_prior | wrong | normalises by the sum of logs | logarithms are divided by their sum. It is probabilities that are
def with_prior(scores, trained, here):
    x = scores.log_softmax(-1) + here.log() - trained.log()
    return x / x.sum(-1, keepdim=True)

# %% with_prior | wrong | normalises before | the shares are exchanged rightly, but these do not sum to 1 as
def with_prior(scores, trained, here):
    p = scores.softmax(-1) * (here / trained)
    return p.log()

# %% with_prior | wrong | shares added to probabilities | shares are added to probabilities. A probability is *multiplied* by
def with_prior(scores, trained, here):
    p = scores.softmax(-1) + here - trained
    return (p / p.sum(-1, keepdim=True)).log()

# %% with_prior | wrong | prior odds times | this adds the log odds of `here` to every class. What is added is the
def with_prior(scores, trained, here):
    return (scores + (here / (1 - here)).log()).log_softmax(-1)

# %% with_prior | wrong | a ratio of logs times the scores
def with_prior(scores, trained, here):
    return F.softmax(scores * here.log() / trained.log(), -1).log()

# %% with_prior | wrong | weights as in cross entropy | log-probabilities are multiplied by shares. Probabilities are
def with_prior(scores, trained, here):
    return scores.log_softmax(-1) * (here / trained)

# %% with_prior | wrong | weights as in cross entropy 2 | log-probabilities are multiplied by shares. Probabilities are
def with_prior(scores, trained, here):
    return scores.log_softmax(-1) * here

# %% with_prior | wrong | log of the first minus | both shares are taken out. The new one is put in: multiply by it.
def with_prior(scores, trained, here):
    return (scores - here.log() - trained.log()).log_softmax(-1)

# %% with_prior | wrong | clamp of share | A class with the share 0 is impossible here: its probability is 0,
def with_prior(scores, trained, here):
    return (scores + here.clamp(min=1e-6).log() - trained.log()).log_softmax(-1)

# %% with_prior | wrong | temperature
def with_prior(scores, trained, here):
    return (scores / trained * here).softmax(-1)

# %% counterfactual_test | wrong | predict from scores of learner without adapt
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    return (learner.predict(None, a.query_x).argmax(-1) != learner.predict(None, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | sums of correct answers | right and wrong are compared. An answer that was wrong, and is wrong
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    x = learner(a).argmax(-1) == a.query_y
    y = learner(b).argmax(-1) == b.query_y
    return (x != y).float().mean().item()

# %% counterfactual_test | wrong | correctness changes, one support | right and wrong are compared. An answer that was wrong, and is wrong
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    s = learner.adapt(b.support_x, b.support_y, b.way)
    x = learner.predict(s, a.query_x).argmax(-1) == a.query_y
    y = learner.predict(s, b.query_x).argmax(-1) == b.query_y
    return (x != y).float().mean().item()

# %% counterfactual_test | wrong | same generator object seeded once, both calls | the two were drawn one after the other from *one* generator, so the
def counterfactual_test(learner, hum, no_hum, n, seed):
    g = torch.Generator()
    a = hum.sample(n, g.manual_seed(seed))
    b = no_hum.sample(n, g)
    s = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(s, a.query_x).argmax(-1) != learner.predict(s, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | one generator and own supports, no_hum first | the two were drawn one after the other from *one* generator, so the
def counterfactual_test(learner, hum, no_hum, n, seed):
    g = torch.Generator().manual_seed(seed)
    b, a = no_hum.sample(n, g), hum.sample(n, g)
    return (learner(a).argmax(-1) != learner(b).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | change of accuracy, one generator
def counterfactual_test(learner, hum, no_hum, n, seed):
    g = torch.Generator().manual_seed(seed)
    a, b = hum.sample(n, g), no_hum.sample(n, g)
    acc = [(learner(e).argmax(-1) == e.query_y).float().mean().item() for e in (a, b)]
    return abs(acc[1] - acc[0])

# %% counterfactual_test | wrong | only the first query of each task | only the first query of each task is asked. All count.
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    s = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(s, a.query_x[:, :1]).argmax(-1) != learner.predict(s, b.query_x[:, :1]).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | torch.equal | this is 1 as soon as anything differs. Are scores compared, or all
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    s = learner.adapt(b.support_x, b.support_y, b.way)
    return 1.0 - torch.equal(learner.predict(s, a.query_x).argmax(-1), learner.predict(s, b.query_x).argmax(-1))

# %% counterfactual_test | wrong | argmax of everything | this is 1 as soon as anything differs. Are scores compared, or all
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    s = learner.adapt(b.support_x, b.support_y, b.way)
    return float(learner.predict(s, a.query_x).argmax() != learner.predict(s, b.query_x).argmax())

# %% counterfactual_test | wrong | means of answers subtracted | means of the answers are subtracted, in which changes cancel. Compare
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    s = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(s, a.query_x).argmax(-1).float().mean() - learner.predict(s, b.query_x).argmax(-1).float().mean()).abs().item()

# %% counterfactual_test | wrong | by the humming queries' labels as support of queries | the queries stay and the support set changes. It is the other way
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    sa, sb = learner.adapt(a.support_x, a.support_y, a.way), learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(sa, b.query_x).argmax(-1) != learner.predict(sb, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | wrong | ignores n | 100 tasks are drawn, whatever `n` is.
def counterfactual_test(learner, hum, no_hum, n, seed):
    a = hum.sample(100, torch.Generator().manual_seed(seed))
    b = no_hum.sample(100, torch.Generator().manual_seed(seed))
    s = learner.adapt(b.support_x, b.support_y, b.way)
    return (learner.predict(s, a.query_x).argmax(-1) != learner.predict(s, b.query_x).argmax(-1)).float().mean().item()

# %% counterfactual_test | right | replace in the episode
def counterfactual_test(learner, hum, no_hum, n, seed):
    import dataclasses
    a = hum.sample(n, torch.Generator().manual_seed(seed))
    b = no_hum.sample(n, torch.Generator().manual_seed(seed))
    c = dataclasses.replace(b, query_x=a.query_x)
    return (learner(c).argmax(-1) != learner(b).argmax(-1)).double().mean().item()
