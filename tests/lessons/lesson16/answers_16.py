# %% paid_after | wrong | rounds up, so that equal counts as cheaper | where both cost the same it is not cheaper yet
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return math.ceil(once / (instead - each))


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


# %% paid_after | wrong | floats, floor plus one | / makes a float
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return math.floor(once / (instead - each)) + 1


# %% paid_after | wrong | int of a float plus one | / makes a float
def paid_after(once, each, instead):
    return int(once / (instead - each)) + 1 if instead > each else float('inf')


# %% paid_after | wrong | forgets that a task still costs each | after meta-training a task still costs `each`
def paid_after(once, each, instead):
    return once // instead + 1 if instead > each else math.inf


# %% paid_after | wrong | no case for never | what a task saves may be below 0
def paid_after(once, each, instead):
    return once // (instead - each) + 1


# %% paid_after | wrong | negative savings not seen | what a task saves may be below 0
def paid_after(once, each, instead):
    if instead == each:
        return math.inf
    return once // (instead - each) + 1


# %% paid_after | wrong | None for never | it returns None somewhere
def paid_after(once, each, instead):
    if instead > each:
        return once // (instead - each) + 1
    return None


# %% paid_after | wrong | -1 for never | Yours says -1
def paid_after(once, each, instead):
    if instead > each:
        return once // (instead - each) + 1
    return -1


# %% paid_after | wrong | counts in a loop | need not be counted one by one
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    n = 0
    while once + n * each >= n * instead:
        n += 1
    return n


# %% paid_after | wrong | returns the crossing, not rounded | where the two prices meet
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return once / (instead - each)


# %% paid_after | wrong | rounds to the nearest | rounded to the nearest whole number
def paid_after(once, each, instead):
    if instead <= each:
        return math.inf
    return round(once / (instead - each))


# %% paid_after | wrong | prices added | the two prices of a task are added
def paid_after(once, each, instead):
    return once // (instead + each) + 1 if instead > each else math.inf


# %% paid_after | right | floor division
def paid_after(once, each, instead):
    saved = instead - each
    if saved <= 0:
        return math.inf
    return once // saved + 1


# %% paid_after | right | divmod, float inf
def paid_after(once, each, instead):
    if instead <= each:
        return float('inf')
    n, rest = divmod(once, instead - each)
    return n + 1


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


# %% leave_one_out | wrong | without minus with | the sign is turned round
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
        found.append(less - full)
    return torch.stack(found, 1)


# %% leave_one_out | wrong | probabilities | differences of probabilities
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
        found.append(full.exp() - less.exp())
    return torch.stack(found, 1)


# %% leave_one_out | wrong | distances not squared | distances are not squared
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -(q - z[y == k].mean(0)).norm(dim=1)
    return scores.log_softmax(1)


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


# %% leave_one_out | wrong | plus distances | the softmax takes plus the distances
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = ((q - z[y == k].mean(0)) ** 2).sum(1)
    return scores.log_softmax(1)


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


# %% leave_one_out | wrong | log of a softmax with a small number | too small for a float
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -((q - z[y == k].mean(0)) ** 2).sum(1)
    return (scores.softmax(1) + 1e-12).log()


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


# %% leave_one_out | wrong | takes out the whole class | the whole class of the example is taken out
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
        keep = labels != labels[i]
        less = log_p(support_z[keep], labels[keep], query_z, way)[rows, targets]
        found.append(full - less)
    return torch.stack(found, 1)


# %% leave_one_out | wrong | examples stay out | stay out, so that there are ever fewer
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
        keep = torch.arange(len(labels)) > i
        less = log_p(support_z[keep], labels[keep], query_z, way)[rows, targets]
        found.append(full - less)
    return torch.stack(found, 1)


# %% leave_one_out | wrong | rows are examples | the axes are exchanged: queries go down
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
        found.append(full - less)
    return torch.stack(found)


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


# %% leave_one_out | wrong | mean over queries | queries are averaged
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
        found.append(full - less)
    return torch.stack(found, 1).mean(0)


# %% leave_one_out | wrong | mean of squares over features | squared differences are averaged over features
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -((q - z[y == k].mean(0)) ** 2).mean(1)
    return scores.log_softmax(1)


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


# %% leave_one_out | wrong | no softmax | the softmax is missing
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -((q - z[y == k].mean(0)) ** 2).sum(1)
    return scores


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


# %% leave_one_out | wrong | a zero row in place of the example | still divided by the old number of examples
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(z):
        means = torch.stack([z[labels == k].mean(0) for k in range(way)])
        return (-torch.cdist(query_z, means) ** 2).log_softmax(1).gather(1, targets[:, None])[:, 0]

    found = []
    for i in range(len(labels)):
        z = support_z.clone()
        z[i] = 0
        found.append(log_p(support_z) - log_p(z))
    return torch.stack(found, 1)


# %% leave_one_out | wrong | mean of nobody is nan | 0 / 0, the mean of nobody
def leave_one_out(support_z, labels, query_z, targets):
    way = int(labels.max()) + 1

    def log_p(z, y):
        means = torch.stack([z[y == k].mean(0) for k in range(way)])
        return (-torch.cdist(query_z, means) ** 2).log_softmax(1).gather(1, targets[:, None])[:, 0]

    keep = ~torch.eye(len(labels), dtype=torch.bool)
    return torch.stack([log_p(support_z, labels) - log_p(support_z[k], labels[k]) for k in keep], 1)


# %% leave_one_out | wrong | divides by at least one | a row of zeros, which may be near a query
def leave_one_out(support_z, labels, query_z, targets):
    one_hot = F.one_hot(labels).to(support_z.dtype)

    def log_p(weights):
        member = one_hot * weights[:, None]
        means = member.T @ support_z / member.sum(0).clamp(min=1)[:, None]
        scores = -(query_z[:, None] - means).square().sum(-1)
        return scores.log_softmax(1).gather(1, targets[:, None])[:, 0]

    n = len(labels)
    out = 1 - torch.eye(n, dtype=support_z.dtype)
    return torch.stack([log_p(torch.ones(n, dtype=support_z.dtype)) - log_p(w) for w in out], 1)


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


# %% leave_one_out | right | a loop over classes and a mask
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
        found.append(full - less)
    return torch.stack(found, 1)


# %% leave_one_out | right | cross entropy
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -((q - z[y == k].mean(0)) ** 2).sum(1)
    return -torch.stack([F.cross_entropy(scores, torch.full((len(q),), k), reduction='none') for k in range(way)], 1)


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


# %% leave_one_out | right | logsumexp
def log_p(z, y, q, way):
    scores = torch.full((len(q), way), -math.inf, dtype=q.dtype)
    for k in range(way):
        if (y == k).any():
            scores[:, k] = -((q - z[y == k].mean(0)) ** 2).sum(1)
    return scores - scores.logsumexp(1, keepdim=True)


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


# %% robust_prototypes | wrong | 1 / distance squared | 1 / its square
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest) ** 2
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | 0 divided by 0 | inf / inf is nan
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


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


# %% robust_prototypes | wrong | a small number added | `nearest` is not used
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / (d + 1e-8)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | nearest written down | `nearest` is not used
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=1e-6)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | weights grow with distance | weights grow with the distance
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | begins at zeros | Yours begins at zeros
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = torch.zeros_like(support_z[0])
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | begins at the first example | Yours begins at the first example
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points[0]
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
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


# %% robust_prototypes | wrong | a step too few | one step too few
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(1, steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | divided by the number of examples | divided by the number of examples
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).mean(0)
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | fifty steps whatever is said | `steps` is not used
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(50):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
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


# %% robust_prototypes | wrong | examples as they stand | taken class by class as they stand
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z.chunk(int(labels.max()) + 1)[k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


# %% robust_prototypes | wrong | the median of each feature | the median of each feature by itself
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    return torch.stack([support_z[labels == k].median(0).values for k in range(int(labels.max()) + 1)])


# %% robust_prototypes | wrong | the mean | that is the mean, which one stranger carries off
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    return torch.stack([support_z[labels == k].mean(0) for k in range(int(labels.max()) + 1)])


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


# %% robust_prototypes | right | a loop over classes
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in range(int(labels.max()) + 1):
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = (points - at).norm(dim=1)
            w = 1 / d.clamp(min=nearest)
            at = (w[:, None] * points).sum(0) / w.sum()
        rows.append(at)
    return torch.stack(rows)


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


# %% robust_prototypes | right | einsum and unique
def robust_prototypes(support_z, labels, steps=50, nearest=1e-6):
    rows = []
    for k in labels.unique():
        points = support_z[labels == k]
        at = points.mean(0)
        for _ in range(steps):
            d = ((points - at) ** 2).sum(1).sqrt()
            w = d.new_tensor([1 / max(x.item(), nearest) for x in d])
            at = torch.einsum('n,nd->d', w / w.sum(), points)
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


# %% deletion_curve | wrong | least important first | the *least* important patch goes first
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort().tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | each patch alone | each patch is filled by itself
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = picture.clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


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


# %% deletion_curve | wrong | last score missing | the last score is missing
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures[:-1]))


# %% deletion_curve | wrong | fill ignored | patches become 0
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = 0
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | row and column exchanged | row and column of a patch are exchanged
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = (i % columns, i // columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | divided by rows | divided by the number of rows
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, rows)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


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


# %% deletion_curve | wrong | by size of importance | by the *size* of their importance
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.abs().flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | falls | these are falls from the first score
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return (lambda s: s[0] - s)(score(torch.stack(pictures)))


# %% deletion_curve | wrong | area | the area under the curve
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return torch.trapezoid(score(torch.stack(pictures))) / importance.numel()


# %% deletion_curve | wrong | reading order | patches go in reading order
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in range(rows * columns):
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


# %% deletion_curve | wrong | first channel only | only the first channel is filled
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[0, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
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


# %% deletion_curve | wrong | on the picture itself | Work on picture.clone()
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = picture
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


# %% deletion_curve | wrong | scores a picture without its axis | one picture alone is picture[None]
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return torch.stack([score(one) for one in pictures])


# %% deletion_curve | right | a list of copies
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in importance.flatten().argsort(descending=True).tolist():
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return score(torch.stack(pictures))


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


# %% deletion_curve | right | sorted in Python, numbers
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    h, w = picture.shape[1] // rows, picture.shape[2] // columns
    pictures = [picture]
    for i in sorted(range(rows * columns), key=lambda j: -importance.flatten()[j].item()):
        r, c = divmod(i, columns)
        new = pictures[-1].clone()
        new[:, r * h : (r + 1) * h, c * w : (c + 1) * w] = fill
        pictures.append(new)
    return torch.tensor([score(one.unsqueeze(0)).item() for one in pictures])


# %% deletion_curve | right | masks by repeat_interleave
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    order = importance.flatten().argsort(descending=True)
    when = torch.empty_like(order)
    when[order] = torch.arange(len(order))
    when = when.view(rows, columns)
    when = when.repeat_interleave(picture.shape[1] // rows, 0).repeat_interleave(picture.shape[2] // columns, 1)
    return score(torch.stack([picture.masked_fill(when < k, fill) for k in range(len(order) + 1)]))


# %% deletion_curve | right | six axes
def deletion_curve(score, picture, importance, fill=0.0):
    rows, columns = importance.shape
    c, height, width = picture.shape
    parts = picture.reshape(c, rows, height // rows, columns, width // columns).clone()
    curve = [score(picture[None])[0]]
    for i in np.argsort(importance.numpy(), axis=None)[::-1]:
        parts[:, i // columns, :, i % columns, :] = fill
        curve.append(score(parts.reshape(1, c, height, width))[0])
    return torch.stack(curve)


# %% randomised_similarity | wrong | from the first layer | Yours begins with the first layer
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in work:
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | wrong | no copy | Work on a copy
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = network
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | wrong | explains the trained network | it is the trained network that is explained every time
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(network, picture)))
    return torch.tensor(found)


# %% randomised_similarity | wrong | layers without weights counted | layers without weights are counted
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if True:
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


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


# %% randomised_similarity | wrong | linear and convolutions only | only linear layers and convolutions are renewed
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | wrong | a 1 first | the trained network beside itself comes first
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), [1.0]
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
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


# %% randomised_similarity | wrong | Pearson | not their ranks
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            pair = torch.stack([trained.flatten(), explain(work, picture).flatten()])
            found.append(torch.corrcoef(pair)[0, 1].item())
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


# %% randomised_similarity | wrong | sizes compared | sizes of the maps are compared
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained.abs(), explain(work, picture).abs()))
    return torch.tensor(found)


# %% randomised_similarity | wrong | unlikeness | how *unlike* they are
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(1 - rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | wrong | order of the network | in the order of the network's layers
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found[::-1])


# %% randomised_similarity | wrong | mean | the numbers are averaged
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found).mean()


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


# %% randomised_similarity | wrong | modules | modules() gives the network itself
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(list(work.modules())):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | wrong | each layer alone | each layer is renewed by itself
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    for i in reversed(range(len(network))):
        work = copy.deepcopy(network)
        if list(work[i].parameters()):
            renew(work[i])
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


# %% randomised_similarity | right | reversed copy
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in reversed(work):
        if list(layer.parameters()):
            renew(layer)
            found.append(rank_correlation(trained, explain(work, picture)))
    return torch.tensor(found)


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


# %% randomised_similarity | right | list of the copy, preallocated
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in list(work)[::-1]:
        if list(layer.parameters()):
            renew(layer)
            found += [torch.tensor(rank_correlation(trained, explain(work, picture)))]
    return torch.stack(found)


# %% randomised_similarity | right | by index and sum of sizes
import copy


def randomised_similarity(explain, network, picture, renew):
    trained, found = explain(network, picture), []
    work = copy.deepcopy(network)
    for layer in [work[i] for i in range(len(work) - 1, -1, -1)]:
        if sum(w.numel() for w in layer.parameters()) > 0:
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
