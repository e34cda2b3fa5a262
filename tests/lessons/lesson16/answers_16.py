# %% paid_after | wrong | integer ceiling, equal counts | where both cost the same it is not cheaper yet
def paid_after(once, each, instead):
    saved = instead - each
    if saved <= 0:
        return math.inf
    return (once + saved - 1) // saved


# %% paid_after | wrong | floor only | rounded down, the price has not come back yet
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return once // (instead - each)


# %% paid_after | wrong | no case for never | what a task saves may be below 0
def paid_after(once, each, instead):
    return once // (instead - each) + 1


# %% paid_after | wrong | None for never | it returns None somewhere
def paid_after(once, each, instead):
    if instead > each:
        return once // (instead - each) + 1
    return None


# %% paid_after | wrong | returns the crossing, not rounded | where the two prices meet
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return once / (instead - each)


# %% paid_after | wrong | a float, not a whole number | may have more digits than a float keeps
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return float(once // (instead - each) + 1)


# %% paid_after | wrong | the saving with the wrong sign | the difference is turned round
def paid_after(once, each, instead):
    if each <= instead:
        return math.inf
    return once // (each - instead) + 1


# %% paid_after | wrong | the number of digits of int64 is not enough | more digits than int64 holds
def paid_after(once, each, instead):
    once, each, instead = np.int64(once), np.int64(each), np.int64(instead)
    if instead <= each:
        return math.inf
    return int(once // (instead - each) + 1)


# %% paid_after | wrong | gives up after a million tasks | it gives up after some number of tasks
def paid_after(once, each, instead):
    for n in range(1, 1_000_001):
        if once + n * each < n * instead:
            return n
    return math.inf


# %% paid_after | wrong | // of floats | and so does float(...)
def paid_after(once, each, instead):
    once, each, instead = float(once), float(each), float(instead)
    if instead <= each:
        return math.inf
    return int(once // (instead - each)) + 1


# %% paid_after | wrong | an endless loop where it is never cheaper | need not be counted one by one
def paid_after(once, each, instead):
    tasks = 1
    while not once + tasks * each < tasks * instead:
        tasks *= 2
    low = tasks // 2
    while tasks - low > 1:
        mid = (tasks + low) // 2
        if once + mid * each < mid * instead:
            tasks = mid
        else:
            low = mid
    return tasks


# %% paid_after | wrong | the absolute difference: dearer counts as cheaper | the size of the difference is taken for it
def paid_after(once, each, instead):
    saved = abs(instead - each)
    if saved == 0:
        return math.inf
    return once // saved + 1


# %% paid_after | wrong | the first task is counted into the price paid before | the first task is paid for twice
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return (once + each) // (instead - each) + 1


# %% paid_after | wrong | the word inf | a number is wanted
def paid_after(once, each, instead):
    if instead <= each:
        return "inf"
    return once // (instead - each) + 1


# %% paid_after | right | one line
def paid_after(once, each, instead):
    return math.inf if each >= instead else (once + instead - each) // (instead - each)


# %% paid_after | right | bisection
def paid_after(once, each, instead):
    if each >= instead:
        return torch.inf
    low, high = 0, 1
    while once + high * each >= high * instead:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if once + middle * each < middle * instead:
            high = middle
        else:
            low = middle
    return high


# %% paid_after | right | fractions
def paid_after(once, each, instead):
    from fractions import Fraction
    
    if instead - each <= 0:
        return np.inf
    return math.floor(Fraction(once, instead - each)) + 1


# %% paid_after | right | Decimal with enough digits
from decimal import Decimal, localcontext


def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    with localcontext() as context:
        context.prec = 200
        return int(Decimal(once) // Decimal(instead - each)) + 1


# %% paid_after | right | a lambda
paid_after = lambda once, each, instead: (once + instead - each) // (instead - each) if instead > each else math.inf  # noqa: E731


# %% leave_one_out | wrong | log of a softmax | too small for a float
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -((q - z[y == k].mean(0)) ** 2).sum(1)
    return scores.softmax(1).log()


def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1
    rows = torch.arange(len(query_z))
    full = log_p(support_z, labels, query_z, way)[rows, targets]
    found = []
    for i in range(len(labels)):
        keep = torch.arange(len(labels)) != i
        less = log_p(support_z[keep], labels[keep], query_z, way)[rows, targets]
        found.append(full - less)
    return torch.stack(found, 1)


# %% leave_one_out | wrong | absolute values | the sign is lost
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -((q - z[y == k].mean(0)) ** 2).sum(1)
    return scores.log_softmax(1)


def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1
    rows = torch.arange(len(query_z))
    full = log_p(support_z, labels, query_z, way)[rows, targets]
    found = []
    for i in range(len(labels)):
        keep = torch.arange(len(labels)) != i
        less = log_p(support_z[keep], labels[keep], query_z, way)[rows, targets]
        found.append((full - less).abs())
    return torch.stack(found, 1)


# %% leave_one_out | wrong | mean of nobody is nan | 0 / 0, the mean of nobody
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(z, y):
        means = torch.stack([z[y == k].mean(0) for k in range(way)])
        return (-torch.cdist(query_z, means) ** 2).log_softmax(1).gather(1, targets[:, None])[:, 0]

    keep = ~torch.eye(len(labels), dtype=torch.bool)
    return torch.stack([log_p(support_z, labels) - log_p(support_z[k], labels[k]) for k in keep], 1)


# %% leave_one_out | wrong | first order by autograd | that is the derivative in the example's weight
def leave_one_out(support_z, labels, query_z, targets):
    one_hot = F.one_hot(labels).to(support_z.dtype)

    def log_p(weights):
        member = one_hot * weights[:, None]
        means = member.T @ support_z / member.sum(0)[:, None]
        scores = -(query_z[:, None] - means).square().sum(-1)
        return scores.log_softmax(1).gather(1, targets[:, None])[:, 0]

    return torch.autograd.functional.jacobian(log_p, torch.ones(len(labels), dtype=support_z.dtype))


# %% leave_one_out | wrong | columns of classes that are left | still have its column
def leave_one_out(support_z, labels, query_z, targets):
    def log_p(z, y):
        means = torch.stack([z[y == k].mean(0) for k in y.unique()])
        scores = -((query_z[:, None] - means[None]) ** 2).sum(-1)
        return F.log_softmax(scores, -1)[torch.arange(len(query_z)), targets]

    cols = []
    for i in range(len(support_z)):
        z, y = torch.cat([support_z[:i], support_z[i + 1 :]]), torch.cat([labels[:i], labels[i + 1 :]])
        cols.append(log_p(support_z, labels) - log_p(z, y))
    return torch.stack(cols, -1)


# %% leave_one_out | wrong | divides by all the shots, though one is gone | still divided by the old number of examples
def leave_one_out(support_z, labels, query_z, targets):
    z = F.one_hot(labels).to(support_z.dtype)
    count = z.sum(0)

    def log_p(w):
        sums = (z * w[:, None]).T @ support_z
        d = (query_z[:, None] - sums / count[:, None]).square().sum(-1)
        d[:, (z * w[:, None]).sum(0) == 0] = math.inf
        return (-d).log_softmax(-1).gather(1, targets[:, None])[:, 0]

    one = torch.ones(len(labels), dtype=support_z.dtype)
    out = []
    for i in range(len(labels)):
        w = one.clone()
        w[i] = 0
        out.append(log_p(one) - log_p(w))
    return torch.stack(out, 1)


# %% leave_one_out | wrong | 0 where a class has lost its only example | Here nothing changes
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(keep):
        means = torch.stack([support_z[keep & (labels == c)].mean(0) for c in range(way)])
        d = (query_z[:, None] - means).square().sum(-1)
        return (-d).log_softmax(-1)[torch.arange(len(query_z)), targets]

    everything = torch.ones(len(labels), dtype=torch.bool)
    whole = log_p(everything)
    out = []
    for i in range(len(labels)):
        keep = everything.clone()
        keep[i] = False
        out.append(whole - log_p(keep))
    return torch.stack(out, 1).nan_to_num(nan=0.0)


# %% leave_one_out | wrong | nan becomes inf: also where the target is another class | the others only gain
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(keep):
        means = torch.stack([support_z[keep & (labels == c)].mean(0) for c in range(way)])
        d = (query_z[:, None] - means).square().sum(-1)
        return (-d).log_softmax(-1)[torch.arange(len(query_z)), targets]

    everything = torch.ones(len(labels), dtype=torch.bool)
    whole = log_p(everything)
    out = []
    for i in range(len(labels)):
        keep = everything.clone()
        keep[i] = False
        out.append(whole - log_p(keep))
    out = torch.stack(out, 1)
    out[out.isnan()] = math.inf
    return out


# %% leave_one_out | wrong | a lone example of the target gives a large number, not inf | which is only very low
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(keep):
        d = torch.full((len(query_z), way), 1e9, dtype=query_z.dtype)
        for c in range(way):
            mine = support_z[keep & (labels == c)]
            if len(mine):
                d[:, c] = (query_z - mine.mean(0)).square().sum(-1)
        return (-d).log_softmax(-1)[torch.arange(len(query_z)), targets]

    everything = torch.ones(len(labels), dtype=torch.bool)
    whole = log_p(everything)
    out = []
    for i in range(len(labels)):
        keep = everything.clone()
        keep[i] = False
        out.append(whole - log_p(keep))
    return torch.stack(out, 1)


# %% leave_one_out | wrong | reads the class that is most probable, not the target | likeliest with all examples
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(keep):
        d = torch.full((len(query_z), way), math.inf, dtype=query_z.dtype)
        for c in range(way):
            mine = support_z[keep & (labels == c)]
            if len(mine):
                d[:, c] = (query_z - mine.mean(0)).square().sum(-1)
        return (-d).log_softmax(-1)

    everything = torch.ones(len(labels), dtype=torch.bool)
    whole = log_p(everything)
    best = whole.argmax(-1)
    at = torch.arange(len(query_z))
    out = []
    for i in range(len(labels)):
        keep = everything.clone()
        keep[i] = False
        out.append(whole[at, best] - log_p(keep)[at, best])
    return torch.stack(out, 1)


# %% leave_one_out | wrong | classes are taken to be of one size, one after another | taken class by class as they stand
def leave_one_out(support_z, labels, query_z, targets):
    n, d = support_z.shape
    way = int(labels.max()) + 1
    shots = n // way
    z = support_z[: way * shots].reshape(way, shots, d)
    means = z.mean(1)
    whole = -(query_z[:, None] - means).square().sum(-1)
    at = torch.arange(len(query_z))
    out = torch.zeros(len(query_z), n, dtype=query_z.dtype)
    for c in range(way):
        for k in range(shots):
            m = means.clone()
            m[c] = (z[c].sum(0) - z[c, k]) / (shots - 1)
            new = -(query_z[:, None] - m).square().sum(-1)
            out[:, c * shots + k] = (whole.log_softmax(-1) - new.log_softmax(-1))[at, targets]
    return out


# %% leave_one_out | wrong | the mean of squared distances to the examples, not to their mean | First its examples are averaged
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1
    far = (query_z[:, None] - support_z).square().sum(-1)

    def log_p(keep):
        d = torch.full((len(query_z), way), math.inf, dtype=query_z.dtype)
        for c in range(way):
            mine = keep & (labels == c)
            if mine.any():
                d[:, c] = far[:, mine].mean(1)
        return (-d).log_softmax(-1)[torch.arange(len(query_z)), targets]

    everything = torch.ones(len(labels), dtype=torch.bool)
    whole = log_p(everything)
    out = []
    for i in range(len(labels)):
        keep = everything.clone()
        keep[i] = False
        out.append(whole - log_p(keep))
    return torch.stack(out, 1)


# %% leave_one_out | wrong | all targets for all queries: [q, q, n] | the targets of all queries
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(keep):
        d = torch.full((len(query_z), way), math.inf, dtype=query_z.dtype)
        for c in range(way):
            mine = support_z[keep & (labels == c)]
            if len(mine):
                d[:, c] = (query_z - mine.mean(0)).square().sum(-1)
        return (-d).log_softmax(-1)[:, targets]

    everything = torch.ones(len(labels), dtype=torch.bool)
    whole = log_p(everything)
    return torch.stack([whole - log_p(torch.arange(len(labels)) != i) for i in range(len(labels))], -1)


# %% leave_one_out | right | numbers in a double loop
def leave_one_out(support_z, labels, query_z, targets):
    def log_p(query, target, out):
        scores = {}
        for k in set(labels.tolist()):
            own = [z for j, (z, y) in enumerate(zip(support_z, labels.tolist())) if y == k and j != out]
            if own:
                scores[k] = -((query - torch.stack(own).mean(0)) ** 2).sum()
        if target not in scores:
            return torch.tensor(-math.inf)
        return scores[target] - torch.logsumexp(torch.stack(list(scores.values())), 0)

    result = torch.zeros(len(query_z), len(labels))
    for q, (query, target) in enumerate(zip(query_z, targets.tolist())):
        for i in range(len(labels)):
            result[q, i] = log_p(query, target, None) - log_p(query, target, i)
    return result


# %% leave_one_out | right | weights and one_hot
def leave_one_out(support_z, labels, query_z, targets):
    one_hot = F.one_hot(labels).to(support_z.dtype)  # [n, way]
    n = len(labels)
    weights = torch.cat([torch.ones(1, n), 1 - torch.eye(n)]).to(support_z.dtype)  # [1 + n, n]
    member = weights[:, :, None] * one_hot  # [1 + n, n, way]
    counts = member.sum(1)
    means = torch.einsum("mnk,nd->mkd", member, support_z) / counts.clamp(min=1)[..., None]
    scores = -(query_z[None, :, None] - means[:, None]).pow(2).sum(-1)  # [1 + n, q, way]
    scores = scores.masked_fill((counts == 0)[:, None], -torch.inf)
    log_p = scores.log_softmax(-1)[:, torch.arange(len(targets)), targets]
    return (log_p[:1] - log_p[1:]).T


# %% leave_one_out | right | einsum over all leavings at once
def leave_one_out(support_z, labels, query_z, targets):
    n = len(labels)
    hot = F.one_hot(labels).to(support_z.dtype)  # [n, way]
    keep = torch.cat([torch.ones(1, n), 1 - torch.eye(n)]).to(support_z.dtype)  # [1 + n, n]
    counts = keep @ hot  # [1 + n, way]
    means = torch.einsum("in,nc,nd->icd", keep, hot, support_z) / counts.clamp(min=1)[..., None]
    scores = -(query_z[None, :, None] - means[:, None]).square().sum(-1)  # [1 + n, q, way]
    scores = scores.masked_fill((counts == 0)[:, None], -math.inf)
    log_p = scores.log_softmax(-1)[:, torch.arange(len(query_z)), targets]  # [1 + n, q]
    return (log_p[0] - log_p[1:]).T


# %% leave_one_out | right | numpy in float64 inside
def leave_one_out(support_z, labels, query_z, targets):
    z, y = support_z.detach().double().numpy(), labels.numpy()
    x, t = query_z.detach().double().numpy(), targets.numpy()
    way = y.max() + 1

    def log_p(rows):
        s = np.full((len(x), way), -np.inf)
        for c in range(way):
            mine = [i for i in rows if y[i] == c]
            if mine:
                s[:, c] = -((x - z[mine].mean(0)) ** 2).sum(1)
        top = s.max(1, keepdims=True)
        s = s - top
        return (s - np.log(np.exp(s).sum(1, keepdims=True)))[np.arange(len(x)), t]

    rows = list(range(len(y)))
    whole = log_p(rows)
    out = np.stack([whole - log_p(rows[:i] + rows[i + 1 :]) for i in rows], 1)
    return torch.from_numpy(out).to(query_z.dtype)


# %% leave_one_out | right | one query and one example at a time, logsumexp
def log_p_of(query, target, examples, way):
    s = []
    for c in range(way):
        mine = [z for z, y in examples if y == c]
        s.append(-(query - sum(mine) / len(mine)).pow(2).sum() if mine else query.new_tensor(-math.inf))
    s = torch.stack(s)
    return s[target] - torch.logsumexp(s, 0)


def leave_one_out(support_z, labels, query_z, targets):
    examples = [(z, int(y)) for z, y in zip(support_z, labels, strict=True)]
    way = max(y for _, y in examples) + 1
    return torch.stack([
        torch.stack([
            log_p_of(q, t, examples, way) - log_p_of(q, t, examples[:i] + examples[i + 1 :], way)
            for i in range(len(examples))
        ])
        for q, t in zip(query_z, targets.tolist(), strict=True)
    ])


# %% robust_prototypes | wrong | nearest added | `nearest` is added to every distance
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / (d + nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | softmax weights | exp(-distance)
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = torch.softmax(-d, 0)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | classes in order of appearance | in which they first appear
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in dict.fromkeys(labels.tolist()):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | largest differences | sums of sizes
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).abs().sum(1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | distances measured once | the weights are those of the first step all the time
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        weights = 1 / (points - at).norm(dim=1).clamp(min=nearest)
        for _ in range(steps):
            at = (weights[:, None] * points).sum(0) / weights.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | a step too many | one step too many
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps + 1):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | stops when it hardly moves | it stops before all `steps` are taken
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    out = []
    for c in range(int(labels.max()) + 1):
        z = support_z[labels == c]
        m = z.mean(0)
        for _ in range(steps):
            w = 1 / (z - m).norm(dim=-1).clamp(min=nearest)
            new = (w[:, None] * z).sum(0) / w.sum()
            if (new - m).norm() < 1e-3:
                m = new
                break
            m = new
        out.append(m)
    return torch.stack(out)


# %% robust_prototypes | wrong | examples of all classes are averaged | Only those of the class count
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    way = int(labels.max()) + 1
    m = torch.stack([support_z[labels == c].mean(0) for c in range(way)])
    for _ in range(steps):
        w = 1 / torch.cdist(m, support_z).clamp(min=nearest)
        m = (w @ support_z) / w.sum(1, keepdim=True)
    return m


# %% robust_prototypes | wrong | labels are taken to be sorted | taken class by class as they stand
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    out = []
    for z in support_z.split(torch.bincount(labels).tolist()):
        m = z.mean(0)
        for _ in range(steps):
            w = 1 / (z - m).norm(dim=-1).clamp(min=nearest)
            m = (w[:, None] * z).sum(0) / w.sum()
        out.append(m)
    return torch.stack(out)


# %% robust_prototypes | wrong | each coordinate has its own weights | each feature has weights of its own
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    out = []
    for c in range(int(labels.max()) + 1):
        z = support_z[labels == c]
        m = z.mean(0)
        for _ in range(steps):
            w = 1 / (z - m).abs().clamp(min=nearest)
            m = (w * z).sum(0) / w.sum(0)
        out.append(m)
    return torch.stack(out)


# %% robust_prototypes | wrong | gives up as soon as it is at an example | it stops before all `steps` are taken
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    out = []
    for c in range(int(labels.max()) + 1):
        z = support_z[labels == c]
        m = z.mean(0)
        for _ in range(steps):
            d = (z - m).norm(dim=-1)
            if d.min() < nearest:
                break
            w = 1 / d
            m = (w[:, None] * z).sum(0) / w.sum()
        out.append(m)
    return torch.stack(out)


# %% robust_prototypes | wrong | one class too few | one class is missing
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    out = []
    for c in range(int(labels.max())):
        z = support_z[labels == c]
        m = z.mean(0)
        for _ in range(steps):
            w = 1 / (z - m).norm(dim=-1).clamp(min=nearest)
            m = (w[:, None] * z).sum(0) / w.sum()
        out.append(m)
    return torch.stack(out)


# %% robust_prototypes | wrong | the step of class 0 is at the mean of all classes | each class begins where the one before it ended
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    out = []
    m = support_z.mean(0)
    for c in range(int(labels.max()) + 1):
        z = support_z[labels == c]
        for _ in range(steps):
            w = 1 / (z - m).norm(dim=-1).clamp(min=nearest)
            m = (w[:, None] * z).sum(0) / w.sum()
        out.append(m)
    return torch.stack(out)


# %% robust_prototypes | wrong | an example nearer than nearest is left out | get no weight
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    out = []
    for c in range(int(labels.max()) + 1):
        z = support_z[labels == c]
        m = z.mean(0)
        for _ in range(steps):
            d = (z - m).norm(dim=-1)
            w = torch.where(d < nearest, torch.zeros_like(d), 1 / d)
            m = (w[:, None] * z).sum(0) / w.sum()
        out.append(m)
    return torch.stack(out)


# %% robust_prototypes | wrong | returns inside the loop: only class 0 | inside the loop over classes
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    for c in range(int(labels.max()) + 1):
        z = support_z[labels == c]
        m = z.mean(0)
        for _ in range(steps):
            w = 1 / (z - m).norm(dim=-1).clamp(min=nearest)
            m = (w[:, None] * z).sum(0) / w.sum()
        return m[None]


# %% robust_prototypes | right | numpy average
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / torch.maximum(d, torch.tensor(nearest, dtype=d.dtype))
            at = torch.from_numpy(np.average(points.numpy(), axis=0, weights=w.numpy()))
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | right | moves by weighted differences
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = at + (w[:, None] * (points - at)).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | right | in float64, back again
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    def median(points):
        at = points.mean(0, keepdim=True)
        for _ in range(steps):
            w = torch.cdist(points, at, compute_mode="donot_use_mm_for_euclid_dist").clamp_min(nearest).reciprocal()
            at = (w * points).sum(0, keepdim=True) / w.sum()
        return at

    z = support_z.double()
    return torch.cat([median(z[labels == k]) for k in range(int(labels.max()) + 1)]).to(support_z.dtype)


# %% robust_prototypes | right | all classes at once with a one-hot matrix
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    hot = F.one_hot(labels).to(support_z.dtype)
    weights = hot
    for i in range(steps + 1):
        centres = torch.einsum("nc,nd->cd", weights, support_z) / weights.sum(0)[:, None]
        apart = (support_z - centres[labels]).square().sum(-1).sqrt()
        weights = hot / torch.maximum(apart, torch.full_like(apart, nearest))[:, None]
    return centres


# %% robust_prototypes | right | recursion
def weiszfeld(points, steps, nearest):
    if steps == 0:
        return points.mean(0)
    at = weiszfeld(points, steps - 1, nearest)
    far = [max(float((p - at).norm()), nearest) for p in points]
    total = sum(1 / f for f in far)
    return sum(p / (f * total) for p, f in zip(points, far, strict=True))


def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    return torch.stack([weiszfeld(support_z[labels == c], steps, nearest) for c in sorted(set(labels.tolist()))])


# %% deletion_curve | wrong | first score missing | the first score is missing
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures[1:]))


# %% deletion_curve | wrong | sides exchanged | the sides of a patch are exchanged
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[2] // columns, picture.shape[1] // rows
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | ranks for places | these are ranks, not places
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).argsort().tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | one tensor in all places | all pictures are the same tensor
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture.clone()]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1]
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | height of a patch from the columns, width from the rows | the height is divided by the number of columns
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // columns, picture.shape[2] // rows
    now, out = picture.clone(), [picture.clone()]
    for k in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(k, columns)
        now[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        out.append(now.clone())
    return score(torch.stack(out))


# %% deletion_curve | wrong | row and column swapped: walks over columns first | counted down the columns
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    now, out = picture.clone(), [picture.clone()]
    for k in importance.flatten().argsort(descending=True).tolist():
        c, r = divmod(k, rows)
        now[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        out.append(now.clone())
    return score(torch.stack(out))


# %% deletion_curve | wrong | equal importances are filled together: length right, steps wrong | equal importance are filled all at once
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    big = importance.repeat_interleave(h, 0).repeat_interleave(w, 1)
    out = [picture]
    for value in importance.flatten().sort(descending=True).values:
        out.append(torch.where(big >= value, torch.full_like(picture, fill), picture))
    return score(torch.stack(out))


# %% deletion_curve | wrong | one step for each different value: too short with ties | equal importance are filled all at once
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    big = importance.repeat_interleave(h, 0).repeat_interleave(w, 1)
    out = [picture]
    for value in reversed(importance.unique()):
        out.append(torch.where(big >= value, torch.full_like(picture, fill), picture))
    return score(torch.stack(out))


# %% deletion_curve | wrong | a map of importances tiled instead of enlarged | laid side by side
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    rank = importance.flatten().argsort(descending=True).argsort().reshape(rows, columns)
    rank = rank.repeat(h, w)
    out = [torch.where(rank < k, torch.full_like(picture, fill), picture) for k in range(rows * columns + 1)]
    return score(torch.stack(out))


# %% deletion_curve | wrong | patches of 4 x 4 pixels, whatever the picture | patches are 4 x 4 pixels
def deletion_curve(score, picture, importance, fill=0.0):
    columns = importance.shape[1]
    now, out = picture.clone(), [picture.clone()]
    for k in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(k, columns)
        now[:, r * 4 : (r + 1) * 4, c * 4 : (c + 1) * 4] = fill
        out.append(now.clone())
    return score(torch.stack(out))


# %% deletion_curve | wrong | row after row, each in the order of its importances | the patches go row by row
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    now, out = picture.clone(), [picture.clone()]
    for r in range(rows):
        for c in importance[r].argsort(descending=True).tolist():
            now[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
            out.append(now.clone())
    return score(torch.stack(out))


# %% deletion_curve | wrong | a pixel of each patch is left at its end | a slice ends *before*
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    now, out = picture.clone(), [picture.clone()]
    for k in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(k, columns)
        now[:, r * h : (r + 1) * h - 1, c * w : (c + 1) * w - 1] = fill
        out.append(now.clone())
    return score(torch.stack(out))


# %% deletion_curve | wrong | the pictures, not their scores | these are the pictures
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    now, out = picture.clone(), [picture.clone()]
    for k in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(k, columns)
        now[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        out.append(now.clone())
    return torch.stack(out)


# %% deletion_curve | wrong | changes the importances of the caller | it changes `importance` in place
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    now, out = picture.clone(), [picture.clone()]
    for _ in range(rows * columns):
        r, c = divmod(int(importance.argmax()), columns)
        importance[r, c] = -math.inf
        now[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        out.append(now.clone())
    return score(torch.stack(out))


# %% deletion_curve | right | scored one by one
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return torch.cat([score(one[None]) for one in pictures])


# %% deletion_curve | right | masks by repeat_interleave
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    order = importance.flatten().argsort(descending=True)
    when = torch.empty_like(order)
    when[order] = torch.arange(len(order))
    when = when.view(rows, columns)
    when = when.repeat_interleave(picture.shape[1] // rows, 0).repeat_interleave(picture.shape[2] // columns, 1)
    return score(torch.stack([picture.masked_fill(when < k, fill) for k in range(len(order) + 1)]))


# %% deletion_curve | right | one picture at a time, other ties first
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    _, height, width = picture.shape
    places = sorted(
        ((r, c) for r in range(rows) for c in range(columns)),
        key=lambda rc: (float(importance[rc]), rc),
        reverse=True,
    )
    filled = picture.detach().clone()
    scores = [float(score(filled.unsqueeze(0)))]
    for r, c in places:
        top, left = r * height // rows, c * width // columns
        filled[..., top : top + height // rows, left : left + width // columns] = fill
        scores.append(float(score(filled.unsqueeze(0))))
    return torch.tensor(scores)


# %% deletion_curve | right | numpy inside, kron for the mask
def deletion_curve(score, picture, importance, fill=0.0):
    x, a = picture.detach().numpy(), importance.detach().numpy()
    rows, columns = a.shape
    block = np.ones((x.shape[1] // rows, x.shape[2] // columns))
    gone = np.zeros((rows, columns))
    out = [x]
    for k in np.argsort(-a, axis=None, kind="stable"):
        gone.flat[k] = 1
        out.append(np.where(np.kron(gone, block) > 0, x.dtype.type(fill), x))
    return score(torch.from_numpy(np.stack(out)))


# %% deletion_curve | right | recursion
def filled_more(picture, patches, fill):
    if not patches:
        return [picture]
    (top, left, h, w), *rest = patches
    after = picture.clone()
    after[:, top : top + h, left : left + w] = fill
    return [picture, *filled_more(after, rest, fill)]


def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[-2] // rows, picture.shape[-1] // columns
    order = torch.sort(importance.ravel(), descending=True, stable=True).indices.tolist()
    patches = [(k // columns * h, k % columns * w, h, w) for k in order]
    return torch.cat([score(p[None]) for p in filled_more(picture, patches, fill)])


# %% randomised_similarity | wrong | hasattr weight | no `weight` of its own is passed over
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if hasattr(layer, "weight"):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | wrong | mapped before renewing | a map is made *before* its layer is renewed
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            found.append(rank_correlation(trained, explain(work, picture)))
            renew(layer)
    return torch.tensor(found)


# %% randomised_similarity | wrong | beside the last map | compared with that of one layer before
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            now = explain(work, picture)
            found.append(rank_correlation(trained, now))
            trained = now
    return torch.tensor(found)


# %% randomised_similarity | wrong | a list | a tensor is wanted
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return found


# %% randomised_similarity | wrong | layers that are new already are renewed again | Each of them is renewed once, and stays so
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    places = [i for i, layer in enumerate(network) if list(layer.parameters())]
    out = []
    for k in range(1, len(places) + 1):
        other = copy.deepcopy(network)
        for i in places[-k:]:
            renew(other[i])
        out.append(rank_correlation(trained, explain(other, picture)))
    return torch.tensor(out)


# %% randomised_similarity | wrong | only parameters are put back, running means are not | running averages are not
def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    kept = [p.detach().clone() for p in network.parameters()]
    out = []
    for layer in reversed(network):
        if list(layer.parameters()):
            renew(layer)
            out.append(rank_correlation(trained, explain(network, picture)))
    with torch.no_grad():
        for p, k in zip(network.parameters(), kept, strict=True):
            p.copy_(k)
    return torch.tensor(out)


# %% randomised_similarity | wrong | only linear layers have weights | only linear layers are renewed
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    other = copy.deepcopy(network)
    out = []
    for layer in reversed(other):
        if isinstance(layer, nn.Linear):
            renew(layer)
            out.append(rank_correlation(trained, explain(other, picture)))
    return torch.tensor(out)


# %% randomised_similarity | wrong | the first layer is never reached | entry 0 of the network is never reached
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    other = copy.deepcopy(network)
    out = []
    for i in range(len(other) - 1, 0, -1):
        if list(other[i].parameters()):
            renew(other[i])
            out.append(rank_correlation(trained, explain(other, picture)))
    return torch.tensor(out)


# %% randomised_similarity | wrong | the arguments of explain swapped | wants the network first
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(picture, network)
    other = copy.deepcopy(network)
    out = []
    for layer in reversed(other):
        if list(layer.parameters()):
            renew(layer)
            out.append(rank_correlation(trained, explain(picture, other)))
    return torch.tensor(out)


# %% randomised_similarity | wrong | puts what renew returns in the layer's place | leave the layer where it is
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    other = copy.deepcopy(network)
    out = []
    for i in reversed(range(len(other))):
        if list(other[i].parameters()):
            other[i] = renew(other[i])
            out.append(rank_correlation(trained, explain(other, picture)))
    return torch.tensor(out)


# %% randomised_similarity | wrong | renews the whole network each time | the whole network is renewed each time
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    other = copy.deepcopy(network)
    out = []
    for layer in reversed(other):
        if list(layer.parameters()):
            renew(other)
            out.append(rank_correlation(trained, explain(other, picture)))
    return torch.tensor(out)


# %% randomised_similarity | wrong | its own random weights, renew is not used | `renew` is not called
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    other = copy.deepcopy(network)
    out = []
    for layer in reversed(other):
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
            out.append(rank_correlation(trained, explain(other, picture)))
    return torch.tensor(out)


# %% randomised_similarity | wrong | a row of correlations for each row of the map | is compared by itself
import copy


def randomised_similarity(explain, network, picture, renew):
    trained = explain(network, picture)
    other = copy.deepcopy(network)
    out = []
    for layer in reversed(other):
        if list(layer.parameters()):
            renew(layer)
            new = explain(other, picture)
            out.append(sum(rank_correlation(a, b) for a, b in zip(trained, new, strict=True)) / len(new))
    return torch.tensor(out)


# %% randomised_similarity | wrong | the maps, not how alike they are | these are the maps
import copy


def randomised_similarity(explain, network, picture, renew):
    other = copy.deepcopy(network)
    out = []
    for layer in reversed(other):
        if list(layer.parameters()):
            renew(layer)
            out.append(explain(other, picture))
    return torch.stack(out)


# %% randomised_similarity | right | any and next
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if next(layer.parameters(), None) is not None:
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | right | ranks of its own
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            a, b = (m.flatten().argsort().argsort().double() for m in (trained, explain(work, picture)))
            found.append(torch.corrcoef(torch.stack([a, b]))[0, 1].item())
    return torch.tensor(found)


# %% randomised_similarity | right | the network itself, its state put back at the end
from copy import deepcopy


def randomised_similarity(explain, network, picture, renew):
    kept = deepcopy(network.state_dict())
    before = explain(network, picture).clone()
    alike = []
    try:
        for i in range(len(network) - 1, -1, -1):
            if any(True for _ in network[i].parameters()):
                renew(network[i])
                alike.append(rank_correlation(before, explain(network, picture)))
    finally:
        network.load_state_dict(kept)
    return torch.tensor(alike)


# %% randomised_similarity | right | recursion over the layers
import copy


def lose(layers, look, renew):
    if not layers:
        return []
    renew(layers[-1])
    return [look(), *lose(layers[:-1], look, renew)]


def randomised_similarity(explain, network, picture, renew):
    lost = copy.deepcopy(network)
    trained = explain(copy.deepcopy(network), picture)
    with_weights = [layer for layer in lost.children() if sum(p.numel() for p in layer.parameters())]
    return torch.tensor(lose(with_weights, lambda: rank_correlation(explain(lost, picture), trained), renew))


# %% randomised_similarity | right | a new deep copy for each step, of the step before
import copy


def randomised_similarity(explain, network, picture, renew):
    networks = [copy.deepcopy(network)]
    for i in sorted(range(len(network)), reverse=True):
        if len(list(network[i].parameters())) > 0:
            after = copy.deepcopy(networks[-1])
            renew(after[i])
            networks.append(after)
    first, *maps = [explain(n, picture) for n in networks]
    return torch.stack([torch.as_tensor(rank_correlation(first, m)) for m in maps])
