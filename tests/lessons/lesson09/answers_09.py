# %% context_mask | wrong | inverted, as MultiheadAttention has it | it is inverted: True where a token may *not*
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    seen = torch.arange(n)[None, :] < n_support[:, None]
    return ~seen[:, None, :].expand(-1, n, -1)


# %% context_mask | wrong | transposed: support rows instead of support columns | rows and columns are exchanged
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, k in enumerate(n_support.tolist()):
        mask[t, :k, :] = True
    return mask


# %% context_mask | wrong | padding is seen: the largest number of pairs for all tasks | padding is looked at
def context_mask(n_support, n_query):
    most = int(n_support.max())
    n = most + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    mask[:, :, :most] = True
    return mask


# %% context_mask | wrong | a query sees itself | a query looks at itself
def context_mask(n_support, n_query):
    most = int(n_support.max())
    n = most + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t in range(len(n_support)):
        mask[t, :, : n_support[t]] = True
        for i in range(most, n):
            mask[t, i, i] = True
    return mask


# %% context_mask | wrong | rows of padding stay empty | the rows of padding are empty
def context_mask(n_support, n_query):
    most = int(n_support.max())
    n = most + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, k in enumerate(n_support.tolist()):
        mask[t, :k, :k] = True
        mask[t, most:, :k] = True
    return mask


# %% context_mask | wrong | rows of padding are empty and queries see themselves | a query looks at itself, and the rows of padding
def context_mask(n_support, n_query):
    most = int(n_support.max())
    n = most + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, k in enumerate(n_support.tolist()):
        mask[t, :k, :k] = True
        mask[t, most:, :k] = True
        mask[t, most:, most:] = torch.eye(n_query, dtype=torch.bool)
    return mask


# %% context_mask | wrong | support pairs see the queries | support pairs look at queries
def context_mask(n_support, n_query):
    most = int(n_support.max())
    n = most + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, k in enumerate(n_support.tolist()):
        mask[t, :, :k] = True
        mask[t, :k, most:] = True
    return mask


# %% context_mask | wrong | queries see all queries | queries look at queries
def context_mask(n_support, n_query):
    most = int(n_support.max())
    n = most + n_query
    place = torch.arange(n)
    pair = place < n_support.unsqueeze(1)
    query = (place >= most).expand_as(pair)
    return pair.unsqueeze(1).expand(-1, n, -1) | (query.unsqueeze(1) & query.unsqueeze(2))


# %% context_mask | wrong | causal among the pairs, as a language model | a support pair looks only at those before it, as in
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    seen = (torch.arange(n) < n_support.unsqueeze(1)).unsqueeze(1).expand(-1, n, -1)
    return seen & torch.ones(n, n).tril().bool()


# %% context_mask | wrong | 0 and -inf, to be added to the scores | the mask should be of bool, True and False, but it
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    mask = torch.full((len(n_support), n, n), float("-inf"))
    for t, k in enumerate(n_support.tolist()):
        mask[t, :, :k] = 0
    return mask


# %% context_mask | wrong | one table for all tasks, with the sum of pairs | there is one mask for all tasks
def context_mask(n_support, n_query):
    most = int(n_support.max())
    n = most + n_query
    mask = torch.zeros(n, n, dtype=torch.bool)
    mask[:, :most] = True
    return mask


# %% context_mask | wrong | no axis of rows | the axis of rows is missing
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    return torch.arange(n) < n_support.unsqueeze(1)


# %% context_mask | wrong | <= in place of < | one token too many is looked at
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    return (torch.arange(n) <= n_support[:, None])[:, None].repeat(1, n, 1)


# %% context_mask | wrong | no padding counted: the sum of tokens of the first task | the number of tokens is that of the first task
def context_mask(n_support, n_query):
    k = int(n_support[0])
    n = k + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    mask[:, :, :k] = True
    return mask


# %% context_mask | wrong | a pair does not see itself | a support pair does not look at itself
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    seen = (torch.arange(n) < n_support.unsqueeze(1)).unsqueeze(1).expand(-1, n, -1)
    return seen & ~torch.eye(n, dtype=torch.bool)


# %% context_mask | wrong | 1 and 0 as whole numbers | the mask should be of bool, True and False, but it
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    return (torch.arange(n) < n_support.unsqueeze(1)).unsqueeze(1).expand(-1, n, -1).long()


# %% context_mask | right | comparison and expand
def context_mask(n_support, n_query):
    n = n_support.max() + n_query
    return (torch.arange(n) < n_support[:, None])[:, None].expand(-1, n, -1)


# %% context_mask | right | a loop over tasks
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, k in enumerate(n_support):
        mask[t, :, :k] = True
    return mask


# %% context_mask | right | three loops and lists
def context_mask(n_support, n_query):
    counts = n_support.tolist()
    n = max(counts) + n_query
    return torch.tensor([[[column < k for column in range(n)] for row in range(n)] for k in counts])


# %% context_mask | right | by blocks, joined with cat
def context_mask(n_support, n_query):
    most = int(n_support.max())
    left = (torch.arange(most) < n_support.view(-1, 1)).unsqueeze(1).repeat(1, most + n_query, 1)
    right = torch.zeros(len(n_support), most + n_query, n_query, dtype=torch.bool)
    return torch.cat([left, right], dim=2)


# %% context_mask | right | by NumPy
def context_mask(n_support, n_query):
    counts = n_support.numpy()
    n = counts.max() + n_query
    seen = np.arange(n)[None, :] < counts[:, None]
    return torch.from_numpy(np.repeat(seen[:, None, :], n, axis=1))


# %% bayes_line | wrong | noise is not squared, scale not used | the strength is the noise itself
def bayes_line(x, y, noise, scale=1.0):
    d = x.shape[-1]
    return torch.linalg.solve(x.mT @ x + noise * torch.eye(d), x.mT @ y)


# %% bayes_line | wrong | scale is not used | scale is not used: how much a large w is held
def bayes_line(x, y, noise, scale=1.0):
    d = x.shape[-1]
    return torch.linalg.solve(x.mT @ x + noise**2 * torch.eye(d), x.mT @ y)


# %% bayes_line | wrong | noise / scale not squared | the strength is noise / scale
def bayes_line(x, y, noise, scale=1.0):
    lam = noise / scale
    return torch.linalg.inv(x.mT @ x + lam * torch.eye(x.shape[-1])) @ x.mT @ y


# %% bayes_line | wrong | turned over | it is turned over: more noise should hold w
def bayes_line(x, y, noise, scale=1.0):
    lam = scale**2 / noise**2
    return torch.linalg.inv(x.mT @ x + lam * torch.eye(x.shape[-1])) @ x.mT @ y


# %% bayes_line | wrong | times n, as for a mean squared error | the strength grows with the number of points
def bayes_line(x, y, noise, scale=1.0):
    n, d = x.shape[1:]
    return torch.linalg.solve(x.mT @ x / n + (noise / scale) ** 2 * torch.eye(d), x.mT @ y / n)


# %% bayes_line | wrong | least squares with lstsq | this is least squares
def bayes_line(x, y, noise, scale=1.0):
    return torch.linalg.lstsq(x, y, driver="gelsd").solution


# %% bayes_line | wrong | least squares by the normal equations | this is least squares
def bayes_line(x, y, noise, scale=1.0):
    return torch.linalg.solve(x.mT @ x, x.mT @ y)


# %% bayes_line | wrong | a strength by taste | the strength is always 0
def bayes_line(x, y, noise, scale=1.0):
    return torch.linalg.solve(x.mT @ x + 0.1 * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | forgets the identity matrix | the strength is added to every number of x'x
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam, x.mT @ y)


# %% bayes_line | wrong | half the strength, since one square was written without its 2 | the strength is half as large as it should be
def bayes_line(x, y, noise, scale=1.0):
    lam = noise**2 / (2 * scale**2)
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | returns predictions for the points | these are the line's values at x
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    w = torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)
    return x @ w


# %% bayes_line | wrong | weights without the last axis | the weights should be [tasks, d, 1]
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    w = torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)
    return w.squeeze(-1)


# %% bayes_line | wrong | adds 1 / scale^2 only | noise is not used: with more noise each point
def bayes_line(x, y, noise, scale=1.0):
    return torch.linalg.solve(x.mT @ x + torch.eye(x.shape[-1]) / scale**2, x.mT @ y)


# %% bayes_line | wrong | .T on a batch | .mT exchanges the last two
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.T @ x + lam * torch.eye(x.shape[-1]), x.T @ y)


# %% bayes_line | wrong | fits an intercept by centring | the means of x and y are taken away first
def bayes_line(x, y, noise, scale=1.0):
    x = x - x.mean(1, keepdim=True)
    y = y - y.mean(1, keepdim=True)
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | the prior once more for every point | the strength grows with the number of points
def bayes_line(x, y, noise, scale=1.0):
    lam = x.shape[1] * noise**2 / scale**2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | least squares when there are points enough, ridge else | this is least squares
def bayes_line(x, y, noise, scale=1.0):
    if x.shape[1] > x.shape[2]:
        return torch.linalg.pinv(x) @ y
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | right | solve
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1], dtype=x.dtype), x.mT @ y)


# %% bayes_line | right | precisions, as in a textbook on Bayes
def bayes_line(x, y, noise, scale=1.0):
    precision = x.transpose(1, 2) @ x / noise**2 + torch.eye(x.size(2)) / scale**2
    return torch.linalg.inv(precision) @ x.transpose(1, 2) @ y / noise**2


# %% bayes_line | right | each task by itself, with rows added for the prior
def bayes_line(x, y, noise, scale=1.0):
    ws = []
    for xi, yi in zip(x, y):
        d = xi.shape[1]
        rows = torch.cat([xi / noise, torch.eye(d, dtype=x.dtype) / scale])
        targets = torch.cat([yi / noise, torch.zeros(d, 1, dtype=x.dtype)])
        ws.append(torch.linalg.lstsq(rows, targets).solution)
    return torch.stack(ws)


# %% bayes_line | right | NumPy, in the space of points
def bayes_line(x, y, noise, scale=1.0):
    a, b = x.numpy(), y.numpy()
    out = [ai.T @ np.linalg.solve(ai @ ai.T + (noise / scale) ** 2 * np.eye(len(ai)), bi) for ai, bi in zip(a, b)]
    return torch.from_numpy(np.stack(out)).to(x.dtype)


# %% bayes_line | right | Cholesky
def bayes_line(x, y, noise, scale=1.0):
    gram = x.mT @ x
    gram.diagonal(dim1=1, dim2=2).add_((noise / scale) ** 2)
    return torch.cholesky_solve(x.mT @ y, torch.linalg.cholesky(gram))


# %% linear_attention_step | wrong | the 2 is missing | the step is half as large as it should be
def linear_attention_step(lr):
    d = len(lr)
    W_K, W_Q, W_V = torch.zeros(3, d + 1, d + 1)
    W_K[:d, :d] = torch.diag(lr)
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, d] = -1
    return W_K, W_Q, W_V


# %% linear_attention_step | wrong | plus in place of minus | the sign is wrong: what is left over grows. The
def linear_attention_step(lr):
    d = len(lr)
    W_K, W_Q, W_V = torch.zeros(3, d + 1, d + 1)
    W_K[:d, :d] = torch.diag(lr)
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, d] = 2
    return W_K, W_Q, W_V


# %% linear_attention_step | wrong | rates in keys and in queries | the rates are in it twice, in keys and in queries,
def linear_attention_step(lr):
    d = len(lr)
    W = torch.zeros(d + 1, d + 1)
    W[:d, :d] = torch.diag(lr)
    W_V = torch.zeros(d + 1, d + 1)
    W_V[d, d] = -2
    return W, W, W_V


# %% linear_attention_step | wrong | y takes part in keys and queries | y takes part in key · query
def linear_attention_step(lr):
    d = len(lr)
    W_K = torch.diag(torch.cat([lr, torch.ones(1)]))
    W_V = torch.zeros(d + 1, d + 1)
    W_V[d, d] = -2.0
    return W_K, torch.eye(d + 1), W_V


# %% linear_attention_step | wrong | values are whole tokens | the value holds the whole token, so that x changes
def linear_attention_step(lr):
    d = len(lr)
    W_K = torch.diag(torch.cat([lr, torch.zeros(1)]))
    W_Q = torch.diag(torch.cat([torch.ones(d), torch.zeros(1)]))
    return W_K, W_Q, -2 * torch.eye(d + 1)


# %% linear_attention_step | wrong | the mean rate for all | all weights move at one rate
def linear_attention_step(lr):
    d = len(lr)
    look = torch.eye(d + 1)
    look[d, d] = 0
    W_V = torch.zeros(d + 1, d + 1)
    W_V[d, d] = -2 * lr.mean()
    return look, look.clone(), W_V


# %% linear_attention_step | wrong | matrices of d x d | W_K is [1, 1], as wide as x
def linear_attention_step(lr):
    d = len(lr)
    return torch.diag(lr), torch.eye(d), -2 * torch.eye(d)


# %% linear_attention_step | wrong | value column and row mixed up: written into the first place | the value stands in the wrong place of the token
def linear_attention_step(lr):
    d = len(lr)
    W_K, W_Q, W_V = torch.zeros(3, d + 1, d + 1)
    W_K[:d, :d] = torch.diag(lr)
    W_Q[:d, :d] = torch.eye(d)
    W_V[0, d] = -2
    return W_K, W_Q, W_V


# %% linear_attention_step | wrong | values are made of x | the value is made of x
def linear_attention_step(lr):
    d = len(lr)
    W_K, W_Q, W_V = torch.zeros(3, d + 1, d + 1)
    W_K[:d, :d] = torch.diag(lr)
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, :d] = -2
    return W_K, W_Q, W_V


# %% linear_attention_step | wrong | a single rate: float(lr) | A tensor of many numbers stands where one number belongs
def linear_attention_step(lr):
    d = len(lr)
    look = torch.eye(d + 1)
    look[d, d] = 0
    W_V = torch.zeros(d + 1, d + 1)
    W_V[d, d] = -2 * float(lr)
    return look, look, W_V


# %% linear_attention_step | wrong | the order V, K, Q | the matrices are right, but in another order
def linear_attention_step(lr):
    d = len(lr)
    W_K, W_Q, W_V = torch.zeros(3, d + 1, d + 1)
    W_K[:d, :d] = torch.diag(lr)
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, d] = -2
    return W_V, W_K, W_Q


# %% linear_attention_step | wrong | returns the layer, not its weights | it returned a function
def linear_attention_step(lr):
    def layer(x, y, new_x):
        w = 2 * lr.unsqueeze(-1) * (x.mT @ y) / x.shape[1]
        return new_x @ w

    return layer


# %% linear_attention_step | wrong | only the root of the rates | there is only the root of each rate in key · query
def linear_attention_step(lr):
    d = len(lr)
    W_K, W_Q, W_V = torch.zeros(3, d + 1, d + 1)
    W_K[:d, :d] = torch.diag(lr.sqrt())
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, d] = -2
    return W_K, W_Q, W_V


# %% linear_attention_step | wrong | query reads y: right for one layer and a query | the queries are right and the support pairs are not
def linear_attention_step(lr):
    d = len(lr)
    W_K = torch.diag(torch.cat([lr, lr[:1]]))
    W_Q = torch.eye(d + 1)
    W_V = torch.zeros(d + 1, d + 1)
    W_V[d, d] = -2
    return W_K, W_Q, W_V


# %% linear_attention_step | wrong | lr forgotten | lr is not used: the step is that of rate
def linear_attention_step(lr):
    d = len(lr)
    look = torch.eye(d + 1)
    look[-1, -1] = 0
    W_V = torch.zeros(d + 1, d + 1)
    W_V[-1, -1] = -2
    return look, look, W_V


# %% linear_attention_step | wrong | divided by d | the step is divided by d
def linear_attention_step(lr):
    d = len(lr)
    look = torch.eye(d + 1)
    look[-1, -1] = 0
    rates = torch.diag(torch.cat([lr, torch.zeros(1)]))
    W_V = torch.zeros(d + 1, d + 1)
    W_V[-1, -1] = -2 / d
    return rates, look, W_V


# %% linear_attention_step | right | rates in the keys
def linear_attention_step(lr):
    d = len(lr)
    W_K, W_Q, W_V = torch.zeros(3, d + 1, d + 1)
    W_K[:d, :d] = torch.diag(lr)
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, d] = -2
    return W_K, W_Q, W_V


# %% linear_attention_step | right | rates in the queries, 2 there too, minus in the value
def linear_attention_step(lr):
    d = len(lr)
    W_K = torch.eye(d + 1)
    W_Q = torch.zeros(d + 1, d + 1)
    for i in range(d):
        W_Q[i, i] = 2 * lr[i]
    W_V = torch.zeros(d + 1, d + 1)
    W_V[-1, -1] = -1.0
    return W_K, W_Q, W_V


# %% linear_attention_step | right | roots in both
def linear_attention_step(lr):
    look = F.pad(torch.diag(lr.sqrt()), (0, 1, 0, 1))
    W_V = torch.zeros_like(look)
    W_V[-1, -1] = -2
    return look, look, W_V


# %% linear_attention_step | right | a list, by NumPy, minus in the queries
def linear_attention_step(lr):
    d = len(lr)
    W_K = np.diag(list(lr.numpy()) + [0.0])
    W_Q = -np.diag([1.0] * d + [0.0])
    W_V = np.zeros((d + 1, d + 1))
    W_V[d][d] = 2
    return [torch.tensor(W, dtype=torch.float32) for W in (W_K, W_Q, W_V)]


# %% linear_attention_step | right | key turned by a permutation
def linear_attention_step(lr):
    d = len(lr)
    order = torch.roll(torch.eye(d + 1), 1, 0)
    W_K = order @ torch.diag(torch.cat([lr, torch.zeros(1)]))
    W_Q = order @ torch.diag(torch.cat([torch.ones(d), torch.zeros(1)]))
    W_V = torch.diag(torch.cat([torch.zeros(d), torch.tensor([-2.0])]))
    return W_K, W_Q, W_V


# %% posterior | wrong | the spread of the curve | the mean is right; the spread is that of the
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | a variance in place of the spread | the mean is right; in place of the spread it
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var


# %% posterior | wrong | noise not squared anywhere | noise is a standard deviation
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | no noise on the diagonal, a little for the solver | the curve goes through every point, as if nothing
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + 1e-6 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | the kernel without the 2 | the kernel is another one
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / length**2)

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | length not squared | the kernel is another one
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | an average by nearness | the mean is an average of y, weighed by nearness,
def posterior(support_x, support_y, query_x, length, noise):
    ks = torch.exp(-((query_x - support_x.mT) ** 2) / (2 * length**2))
    weights = ks / ks.sum(-1, keepdim=True)
    mean = weights @ support_y
    spread = torch.full_like(mean, (1 + noise**2) ** 0.5)
    return mean, spread


# %% posterior | wrong | the whole covariance of the queries | the mean is right; in place of the spread there
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    covariance = k(query_x, query_x) - ks @ torch.linalg.solve(A, ks.mT)
    return mean, covariance


# %% posterior | wrong | noise added to the standard deviation | noise is added to the standard deviation
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt() + noise


# %% posterior | wrong | both without the last axis | both should be [tasks, n_query, 1]
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = (ks @ torch.linalg.solve(A, support_y)).squeeze(-1)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1)
    return mean, var.sqrt()


# %% posterior | wrong | noise on all of the matrix | noise^2 is added to every number of the kernel
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 + 1e-9 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | the mean alone | only the mean
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    return k(query_x, support_x) @ torch.linalg.solve(A, support_y)


# %% posterior | wrong | the spread is sqrt of what the points explain | the spread is what the points explain
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    return mean, (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True).sqrt()


# %% posterior | wrong | fails where nothing was seen | Nothing seen
def posterior(support_x, support_y, query_x, length, noise):
    scale = support_y.abs().max()

    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y / scale) * scale
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | mean and spread exchanged | mean and spread are exchanged
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return var.sqrt(), mean


# %% posterior | right | solve
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    mean = ks @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | right | Cholesky
def posterior(support_x, support_y, query_x, length, noise):
    def k(a, b):
        return torch.exp(-0.5 * torch.cdist(a, b) ** 2 / length**2)

    n = support_x.shape[1]
    L = torch.linalg.cholesky(k(support_x, support_x) + noise**2 * torch.eye(n, dtype=support_x.dtype))
    ks = k(support_x, query_x)
    half = torch.linalg.solve_triangular(L, ks, upper=False)
    mean = half.mT @ torch.linalg.solve_triangular(L, support_y, upper=False)
    spread = (1 + noise**2 - half.pow(2).sum(1)).clamp(min=0).sqrt()
    return mean, spread.unsqueeze(-1)


# %% posterior | right | loops over tasks and queries
def posterior(support_x, support_y, query_x, length, noise):
    means, spreads = torch.zeros_like(query_x), torch.zeros_like(query_x)
    for t in range(len(query_x)):
        xs, ys = support_x[t, :, 0], support_y[t, :, 0]
        A = torch.exp(-((xs[:, None] - xs[None, :]) ** 2) / (2 * length**2))
        A = torch.linalg.inv(A + noise**2 * torch.eye(len(xs), dtype=xs.dtype))
        for j in range(query_x.shape[1]):
            ks = torch.exp(-((query_x[t, j, 0] - xs) ** 2) / (2 * length**2))
            means[t, j, 0] = ks @ A @ ys
            spreads[t, j, 0] = (1 - ks @ A @ ks + noise**2) ** 0.5
    return means, spreads


# %% posterior | right | NumPy, with a case for nothing seen
def posterior(support_x, support_y, query_x, length, noise):
    if support_x.shape[1] == 0:
        zero = torch.zeros_like(query_x)
        return zero, zero + math.sqrt(1 + noise**2)
    means, spreads = [], []
    for x, y, q in zip(support_x.numpy(), support_y.numpy(), query_x.numpy()):
        A = np.exp(-((x - x.T) ** 2) / (2 * length**2)) + noise**2 * np.eye(len(x))
        k = np.exp(-((q - x.T) ** 2) / (2 * length**2))
        means.append(k @ np.linalg.solve(A, y))
        spreads.append(np.sqrt(1 + noise**2 - np.einsum("ij,ji->i", k, np.linalg.solve(A, k.T)))[:, None])
    return tuple(torch.tensor(np.stack(each)).to(query_x.dtype) for each in (means, spreads))


# %% find_flaw | wrong | always sound | Your test never asks what would show it
def find_flaw(reader, tasks, generator):
    return "sound"


# %% find_flaw | wrong | asks with ==, so that rounding accuses the sound | allow a difference of 0.001
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    answers = reader(e)
    if not torch.equal(reader(Episode(e.support_x, e.support_y, e.query_x, e.query_y + 1)), answers):
        return "own y"
    if not torch.equal(reader(Episode(e.support_x.flip(1), e.support_y.flip(1), e.query_x, e.query_y)), answers):
        return "order"
    return "sound"


# %% find_flaw | wrong | x and y of the support set in different orders | pairs are torn apart
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    answers = reader(e)
    n = e.support_x.shape[1]
    a, b = torch.randperm(n, generator=generator), torch.randperm(n, generator=generator)
    if (reader(Episode(e.support_x[:, a], e.support_y[:, b], e.query_x, e.query_y)) - answers).abs().max() > 1e-3:
        return "order"
    return "sound"


# %% find_flaw | wrong | all y of queries changed at once | you cannot tell whose y moved
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)

    def moved(other):
        return (other - answers).abs().max() > 1e-3

    if moved(reader(Episode(x, y, q, t + 1))):
        return "own y"
    alone = torch.cat([reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1])) for i in range(q.shape[1])], 1)
    if moved(alone):
        return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, p], y[:, p], q, t))):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | looks at the first query alone | Look at every query
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    first = reader(Episode(x, y, q[:, :1], t[:, :1]))
    if (first - reader(Episode(x, y, q[:, :1], t[:, :1] + 1))).abs().max() > 1e-3:
        return "own y"
    if (first - answers[:, :1]).abs().max() > 1e-3:
        return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | turns the order round, and no more | when the order is turned round
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    if (answers - reader(Episode(x.flip(1), y.flip(1), q, t))).abs().max() > 1e-3:
        return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | swaps the first two pairs only | Try several orders
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    p = [1, 0, *range(2, x.shape[1])]
    if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
        return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | never asks for the pool | errs far more than bayes_line
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    return "sound"


# %% find_flaw | wrong | the error of a sound reader must be below the noise | an error that nobody can avoid
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    return "pool" if (answers - t).square().mean() > tasks.noise**2 else "sound"


# %% find_flaw | wrong | asks about the error first | Ask about the other flaws first
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    if (answers - t).square().mean() > 2 * (q @ w - t).square().mean():
        return "pool"
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    return "sound"


# %% find_flaw | wrong | only guesses the words: True and False | one of the words
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    moved = reader(Episode(e.support_x, e.support_y, e.query_x, e.query_y + 1)) - reader(e)
    return bool(moved.abs().max() > 1e-3)


# %% find_flaw | wrong | a single task, so it is chance | of which there should be many
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(1, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | shuffles the queries and forgets to compare the same ones | to the same query, of the same task
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    p = torch.randperm(q.shape[1], generator=generator)
    if (answers - reader(Episode(x, y, q[:, p], t[:, p]))).abs().max() > 1e-3:
        return "other queries"
    return "sound"


# %% find_flaw | wrong | hands over tensors in place of an episode | A reader is asked with an Episode
def find_flaw(reader, tasks, generator):
    x, y, q, t = tasks.sample(100, generator).tensors()
    if (reader((x, y, q, t)) - reader((x, y, q, t + 1))).abs().max() > 1e-3:
        return "own y"
    return "sound"


# %% find_flaw | wrong | draws from its own chance | Draw from the generator
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    torch.manual_seed(0)
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    for _ in range(5):
        p = torch.randperm(x.shape[1])
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | right | one query after the other
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], -5 * t[:, i : i + 1]))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    for _ in range(5):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | right | first the other queries, then all y at once
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(150, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    alone = torch.cat([reader(Episode(x, y, a, b)) for a, b in zip(q.split(1, 1), t.split(1, 1))], 1)
    if not torch.allclose(alone, answers, atol=1e-3):
        return "other queries"
    if not torch.allclose(reader(Episode(x, y, q, t + 10)), answers, atol=1e-3):
        return "own y"
    if not torch.allclose(reader(Episode(x.roll(1, 1), y.roll(1, 1), q, t)), answers, atol=1e-3):
        return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    ratio = F.mse_loss(answers, t) / F.mse_loss(q @ w, t)
    return "pool" if ratio > 2.5 else "sound"


# %% find_flaw | right | new tasks for each test, orders sorted by x
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    def fresh():
        return tasks.sample(300, generator).tensors()

    def apart(a, b):
        return float((a - b).abs().max()) > 2e-3

    x, y, q, t = fresh()
    whole = reader(Episode(x, y, q, t))
    for i in range(q.shape[1]):
        if apart(reader(Episode(x, y, q[:, [i]], t[:, [i]])), whole[:, [i]]):
            return "other queries"
    x, y, q, t = fresh()
    if apart(reader(Episode(x, y, q, t)), reader(Episode(x, y, q, torch.zeros_like(t)))):
        return "own y"
    x, y, q, t = fresh()
    order = x[..., :1].argsort(1)
    sx, sy = torch.gather(x, 1, order.expand_as(x)), torch.gather(y, 1, order)
    if apart(reader(Episode(sx, sy, q, t)), reader(Episode(x, y, q, t))):
        return "order"
    x, y, q, t = fresh()
    best = ((q @ bayes_line(x, y, tasks.noise, tasks.scale) - t) ** 2).mean()
    return "pool" if ((reader(Episode(x, y, q, t)) - t) ** 2).mean() / best > 3 else "sound"


# %% find_flaw | right | in float64, with helper functions
from course_lib import Episode


def find_flaw(reader, tasks, generator):
    e = tasks.sample(120, generator).map(lambda v: v.double())
    x, y, q, t = e.tensors()

    def ask(x=x, y=y, q=q, t=t):
        return reader(Episode(x, y, q, t))

    base = ask()
    singles = [(q[:, i : i + 1], t[:, i : i + 1]) for i in range(q.shape[1])]
    tests = {
        "own y": lambda: any((ask(q=a, t=b) - ask(q=a, t=b + 3)).abs().max() > 1e-3 for a, b in singles),
        "other queries": lambda: any(
            (ask(q=a, t=b) - base[:, i : i + 1]).abs().max() > 1e-3 for i, (a, b) in enumerate(singles)
        ),
        "order": lambda: any(
            (ask(x[:, p], y[:, p]) - base).abs().max() > 1e-3
            for p in [torch.randperm(x.shape[1], generator=generator) for _ in range(6)]
        ),
        "pool": lambda: F.mse_loss(base, t) > 3 * F.mse_loss(q @ bayes_line(x, y, tasks.noise, tasks.scale), t),
    }
    for name, test in tests.items():
        if test():
            return name
    return "sound"


# %% context_mask | wrong | every task separately, list of masks | but it is a list of 3
def context_mask(n_support, n_query):
    out = []
    for k in n_support.tolist():
        n = k + n_query
        m = torch.zeros(n, n, dtype=torch.bool)
        m[:, :k] = True
        out.append(m)
    return out


# %% context_mask | wrong | block-wise with queries seeing padding and no support-support | support pairs do not look at all support pairs
def context_mask(n_support, n_query):
    S = n_support.max().item()
    m = torch.zeros(len(n_support), S + n_query, S + n_query, dtype=torch.bool)
    m[:, S:, :S] = True
    return m


# %% context_mask | wrong | NumPy array | torch.as_tensor makes a tensor of it
def context_mask(n_support, n_query):
    c = n_support.numpy()
    n = c.max() + n_query
    return np.repeat((np.arange(n)[None] < c[:, None])[:, None], n, 1)


# %% context_mask | wrong | support causal-inclusive plus queries see all support and self | support pairs do not look at all support pairs
def context_mask(n_support, n_query):
    S = int(n_support.max())
    n = S + n_query
    m = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, k in enumerate(n_support.tolist()):
        m[t, :k, :k] = torch.ones(k, k, dtype=torch.bool).tril()
        m[t, S:, :k] = True
        for i in range(n_query):
            m[t, S + i, S + i] = True
    return m


# %% context_mask | wrong | n_support treated as an int | there is one mask for all tasks
def context_mask(n_support, n_query):
    n = n_support + n_query
    m = torch.zeros(n, n, dtype=torch.bool)
    m[:, :n_support] = True
    return m


# %% context_mask | wrong | queries see other queries but not themselves | queries look at queries
def context_mask(n_support, n_query):
    S = int(n_support.max())
    n = S + n_query
    m = (torch.arange(n) < n_support[:, None])[:, None].repeat(1, n, 1)
    m[:, S:, S:] = ~torch.eye(n_query, dtype=torch.bool)
    return m


# %% context_mask | wrong | support empty rows for padding set to itself | padding looks at itself
def context_mask(n_support, n_query):
    S = int(n_support.max())
    n = S + n_query
    m = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, k in enumerate(n_support.tolist()):
        m[t, :k, :k] = True
        m[t, S:, :k] = True
        for i in range(k, S):
            m[t, i, i] = True
    return m


# %% context_mask | wrong | padding rows look at everything real including queries | padding looks at everything
def context_mask(n_support, n_query):
    S = int(n_support.max())
    n = S + n_query
    m = (torch.arange(n) < n_support[:, None])[:, None].repeat(1, n, 1)
    for t, k in enumerate(n_support.tolist()):
        m[t, k:S, :] = True
    return m


# %% context_mask | wrong | uses min | support pairs do not look at all support pairs
def context_mask(n_support, n_query):
    S = int(n_support.max())
    n = S + n_query
    k = int(n_support.min())
    m = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    m[:, :, :k] = True
    return m


# %% context_mask | wrong | queries of padded column counted: queries columns true for support rows of last | everybody looks at queries
def context_mask(n_support, n_query):
    S = int(n_support.max())
    n = S + n_query
    ok = torch.ones(len(n_support), n, dtype=torch.bool)
    for t, k in enumerate(n_support.tolist()):
        ok[t, k:S] = False
    return ok[:, None, :].expand(-1, n, -1)


# %% context_mask | right | while loops
def context_mask(n_support, n_query):
    big = max(int(k) for k in n_support) + n_query
    cols = torch.stack([torch.cat([torch.ones(int(k)), torch.zeros(big - int(k))]) for k in n_support]).bool()
    return torch.stack([cols] * big, dim=1)


# %% bayes_line | wrong | gradient descent, few steps | of no strength
def bayes_line(x, y, noise, scale=1.0):
    w = torch.zeros(x.shape[0], x.shape[2], 1, dtype=x.dtype)
    for _ in range(20):
        w = w - 0.05 * (x.mT @ (x @ w - y) + (noise / scale) ** 2 * w)
    return w


# %% bayes_line | wrong | identity of n rows | so the identity has d rows
def bayes_line(x, y, noise, scale=1.0):
    return torch.linalg.solve(x.mT @ x + (noise / scale) ** 2 * torch.eye(x.shape[1]), x.mT @ y)


# %% bayes_line | wrong | posterior mean forgets 1/noise^2 in front of x'y | x'x is divided by noise^2, and x'y is not
def bayes_line(x, y, noise, scale=1.0):
    P = x.mT @ x / noise**2 + torch.eye(x.shape[2]) / scale**2
    return torch.linalg.solve(P, x.mT @ y)


# %% bayes_line | wrong | precisions with std in place of variance | the strength is noise / scale
def bayes_line(x, y, noise, scale=1.0):
    P = x.mT @ x / noise + torch.eye(x.shape[2]) / scale
    return torch.linalg.solve(P, x.mT @ y / noise)


# %% bayes_line | wrong | precision without scale squared | scale works the wrong way
def bayes_line(x, y, noise, scale=1.0):
    P = x.mT @ x / noise**2 + torch.eye(x.shape[2]) * scale**2
    return torch.linalg.solve(P, x.mT @ y / noise**2)


# %% bayes_line | wrong | returns strength too | Number 1 of what is in it is right
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y), lam


# %% bayes_line | wrong | changes x in place | it changes `x` in place
def bayes_line(x, y, noise, scale=1.0):
    x /= noise
    y /= noise
    return torch.linalg.solve(x.mT @ x + torch.eye(x.shape[-1]) / scale**2, x.mT @ y)


# %% bayes_line | wrong | first task only | the axis of tasks is missing
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    a, b = x[0], y[0]
    return torch.linalg.solve(a.T @ a + lam * torch.eye(a.shape[-1]), a.T @ b)


# %% bayes_line | wrong | scale and noise swapped as arguments | it is turned over: more noise should hold w
def bayes_line(x, y, scale, noise=1.0):
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | half: shrinks least squares | of no strength
def bayes_line(x, y, noise, scale=1.0):
    w = torch.linalg.pinv(x) @ y
    return w * scale**2 / (scale**2 + noise**2)


# %% bayes_line | wrong | rounding | with strength 0.1. It should be
def bayes_line(x, y, noise, scale=1.0):
    lam = round((noise / scale) ** 2, 1)
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | appends intercept | an intercept is fitted, too
def bayes_line(x, y, noise, scale=1.0):
    x = torch.cat([x, torch.ones_like(x[..., :1])], -1)
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | appended intercept, dropped | an intercept is fitted, too
def bayes_line(x, y, noise, scale=1.0):
    x = torch.cat([x, torch.ones_like(x[..., :1])], -1)
    lam = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + lam * torch.eye(x.shape[-1]), x.mT @ y)[:, :-1]


# %% bayes_line | right | gradient descent to the end
def bayes_line(x, y, noise, scale=1.0):
    lam = (noise / scale) ** 2
    A = x.mT @ x + lam * torch.eye(x.shape[-1])
    b = x.mT @ y
    w = torch.zeros_like(b)
    step = 1 / torch.linalg.matrix_norm(A, 2)[:, None, None]
    for _ in range(4000):
        w = w - step * (A @ w - b)
    return w


# %% bayes_line | right | svd
def bayes_line(x, y, noise, scale=1.0):
    U, S, Vh = torch.linalg.svd(x, full_matrices=False)
    d = S / (S**2 + (noise / scale) ** 2)
    return Vh.mT @ (d[..., None] * (U.mT @ y))


# %% linear_attention_step | wrong | scalar lr used as lr[0] in V | all weights move at one rate
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.eye(d + 1)
    K[d, d] = 0
    V = torch.zeros(d + 1, d + 1)
    V[d, d] = -2 * lr[0]
    return K, K, V


# %% linear_attention_step | wrong | V carries rates into x rows | x changes in some token
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.eye(d + 1)
    K[d, d] = 0
    V = torch.zeros(d + 1, d + 1)
    V[:d, d] = -2 * lr
    return K, K, V


# %% linear_attention_step | wrong | V row with rates | the value has numbers of x in it
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.eye(d + 1)
    K[d, d] = 0
    V = torch.zeros(d + 1, d + 1)
    V[d, :d] = -2 * lr
    return K, K, V


# %% linear_attention_step | wrong | identity everywhere but lr in K | y takes part in key · query
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.eye(d + 1)
    K[:d, :d] = torch.diag(lr)
    V = torch.zeros(d + 1, d + 1)
    V[d, d] = -2
    return K, torch.eye(d + 1), V


# %% linear_attention_step | wrong | outer product of rates | as if its rate were 0.09
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.zeros(d + 1, d + 1)
    K[:d, :d] = torch.outer(lr, lr)
    Q = torch.zeros(d + 1, d + 1)
    Q[:d, :d] = torch.eye(d)
    V = torch.zeros(d + 1, d + 1)
    V[d, d] = -2
    return K, Q, V


# %% linear_attention_step | wrong | rates repeated in rows | multiplies different numbers of x
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.zeros(d + 1, d + 1)
    K[:d, :d] = lr.repeat(d, 1)
    Q = torch.zeros(d + 1, d + 1)
    Q[:d, :d] = torch.eye(d)
    V = torch.zeros(d + 1, d + 1)
    V[d, d] = -2
    return K, Q, V


# %% linear_attention_step | wrong | float64 | .float() makes it float32
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.zeros(d + 1, d + 1, dtype=torch.float64)
    K[:d, :d] = torch.diag(lr)
    Q = torch.zeros(d + 1, d + 1, dtype=torch.float64)
    Q[:d, :d] = torch.eye(d)
    V = torch.zeros(d + 1, d + 1, dtype=torch.float64)
    V[d, d] = -2
    return K, Q, V


# %% linear_attention_step | wrong | divides by rate (inf where it is 0) | a number of W_K is nan or infinite, for 2 numbers
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.zeros(d + 1, d + 1)
    K[:d, :d] = torch.diag(1 / lr)
    Q = torch.zeros(d + 1, d + 1)
    Q[:d, :d] = torch.eye(d)
    V = torch.zeros(d + 1, d + 1)
    V[d, d] = -2
    return K, Q, V


# %% linear_attention_step | wrong | y first in the token | y is taken to stand first in the token
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.zeros(d + 1, d + 1)
    K[1:, 1:] = torch.diag(lr)
    Q = torch.zeros(d + 1, d + 1)
    Q[1:, 1:] = torch.eye(d)
    V = torch.zeros(d + 1, d + 1)
    V[0, 0] = -2
    return K, Q, V


# %% linear_attention_step | wrong | y first, sign | x changes in some token
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.zeros(d + 1, d + 1)
    K[:d, :d] = torch.diag(lr)
    Q = torch.zeros(d + 1, d + 1)
    Q[:d, :d] = torch.eye(d)
    V = torch.eye(d + 1)
    V[d, d] = -2
    return K, Q, V


# %% linear_attention_step | wrong | V is diag with 1 - 2 (keeps the residual) | the step is half as large as it should be
def linear_attention_step(lr):
    d = lr.shape[0]
    K = torch.zeros(d + 1, d + 1)
    K[:d, :d] = torch.diag(lr)
    Q = torch.zeros(d + 1, d + 1)
    Q[:d, :d] = torch.eye(d)
    V = torch.zeros(d + 1, d + 1)
    V[d, d] = 1 - 2
    return K, Q, V


# %% linear_attention_step | wrong | only d=1 | W_K is [2, 2] for 3 numbers in x, too
def linear_attention_step(lr):
    return (
        torch.tensor([[float(lr[0]), 0], [0, 0]]),
        torch.tensor([[1.0, 0], [0, 0]]),
        torch.tensor([[0.0, 0], [0, -2]]),
    )


# %% linear_attention_step | wrong | nn.Linear | W_K is a module of torch
def linear_attention_step(lr):
    d = len(lr)
    K, Q, V = (nn.Linear(d + 1, d + 1, bias=False) for _ in range(3))
    return K, Q, V


# %% linear_attention_step | wrong | random | It draws random numbers
def linear_attention_step(lr):
    d = len(lr)
    return torch.randn(d + 1, d + 1), torch.randn(d + 1, d + 1), torch.randn(d + 1, d + 1)


# %% linear_attention_step | right | all in Q with sign
def linear_attention_step(lr):
    z = torch.zeros(1)
    Q = torch.diag(torch.cat([-2 * lr, z]))
    K = torch.diag(torch.cat([torch.ones_like(lr), z]))
    V = torch.diag(torch.cat([torch.zeros_like(lr), torch.ones(1)]))
    return K, Q, V


# %% posterior | wrong | loops: covariance with noise on cross kernel where x are equal | noise^2 on the diagonal keeps
def posterior(support_x, support_y, query_x, length, noise):
    x = torch.cat([support_x, query_x], 1)
    n = support_x.shape[1]
    K = torch.exp(-((x - x.mT) ** 2) / (2 * length**2)) + noise**2 * (x == x.mT)
    A = K[:, :n, :n]
    ks = K[:, n:, :n]
    mean = ks @ torch.linalg.solve(A, support_y)
    var = K[:, n:, n:].diagonal(dim1=1, dim2=2)[..., None] - (ks * torch.linalg.solve(A, ks.mT).mT).sum(
        -1, keepdim=True
    )
    return mean, var.sqrt()


# %% posterior | wrong | kernel of cdist not squared | the kernel is another one
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-torch.cdist(a, b) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    return ks @ torch.linalg.solve(A, support_y), (
        1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    ).sqrt()


# %% posterior | wrong | length outside the power | the kernel is another one
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / 2 * length**2)
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    return ks @ torch.linalg.solve(A, support_y), (
        1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    ).sqrt()


# %% posterior | wrong | 95 % half-width | the spread is 1.96 times as large as it should
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    return ks @ torch.linalg.solve(A, support_y), 1.96 * (
        1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    ).sqrt()


# %% posterior | wrong | whole covariance plus sqrt of it | the mean is right; in place of the spread there
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    C = k(query_x, query_x) + noise**2 * torch.eye(query_x.shape[1]) - ks @ torch.linalg.solve(A, ks.mT)
    return ks @ torch.linalg.solve(A, support_y), C.sqrt()


# %% posterior | wrong | whole covariance with noise | the mean is right; in place of the spread there
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    C = k(query_x, query_x) + noise**2 * torch.eye(query_x.shape[1]) - ks @ torch.linalg.solve(A, ks.mT)
    return ks @ torch.linalg.solve(A, support_y), C


# %% posterior | wrong | A includes noise, variance uses K without noise | the mean is right; for the variance, the matrix
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    K = k(support_x, support_x)
    A = K + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    return ks @ torch.linalg.solve(A, support_y), (
        1 + noise**2 - (ks * torch.linalg.solve(K + 1e-6 * torch.eye(K.shape[-1]), ks.mT).mT).sum(-1, keepdim=True)
    ).clamp(min=0).sqrt()


# %% posterior | wrong | forgets the inverse in the variance | the mean is right; the variance takes k k'
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    return ks @ torch.linalg.solve(A, support_y), (1 + noise**2 - (ks * ks).sum(-1, keepdim=True)).clamp(min=0).sqrt()


# %% posterior | wrong | residual spread estimated from data | the spread is the noise alone, as if the curve
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    mean = k(query_x, support_x) @ torch.linalg.solve(A, support_y)
    return mean, torch.full_like(mean, noise)


# %% posterior | wrong | returns a stacked tensor | it should return 2 things
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    return torch.stack(
        [
            ks @ torch.linalg.solve(A, support_y),
            (1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)).sqrt(),
        ]
    )


# %% posterior | wrong | subtracts the mean of y | the mean of y is taken away first
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    m = support_y.mean(1, keepdim=True)
    return m + ks @ torch.linalg.solve(A, support_y - m), (
        1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    ).sqrt()


# %% posterior | right | jitter of 1e-6
def posterior(support_x, support_y, query_x, length, noise):
    k = lambda a, b: torch.exp(-((a - b.mT) ** 2) / (2 * length**2))
    A = k(support_x, support_x) + (noise**2 + 1e-6) * torch.eye(support_x.shape[1])
    ks = k(query_x, support_x)
    return ks @ torch.linalg.solve(A, support_y), (
        1 + noise**2 - (ks * torch.linalg.solve(A, ks.mT).mT).sum(-1, keepdim=True)
    ).clamp(min=1e-12).sqrt()


# %% posterior | right | torch.distributions
def posterior(support_x, support_y, query_x, length, noise):
    x = torch.cat([support_x, query_x], 1).double()
    n = support_x.shape[1]
    K = torch.exp(-((x - x.mT) ** 2) / (2 * length**2)) + noise**2 * torch.eye(x.shape[1])
    P = torch.linalg.inv(K[:, :n, :n])
    mean = K[:, n:, :n] @ P @ support_y.double()
    C = K[:, n:, n:] - K[:, n:, :n] @ P @ K[:, :n, n:]
    return mean.to(support_y.dtype), C.diagonal(dim1=1, dim2=2).sqrt()[..., None].to(support_y.dtype)


# %% find_flaw | wrong | a gradient shows whose y is read | Your test never asks what would show it
def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    t = e.query_y.clone().requires_grad_()
    out = reader(Episode(e.support_x, e.support_y, e.query_x, t))
    if out.requires_grad:
        return "own y"
    return "sound"


# %% find_flaw | wrong | error below the noise means own y | Your test never asks what would show it
def find_flaw(reader, tasks, generator):
    e = tasks.sample(500, generator)
    a = reader(e)
    err = (a - e.query_y).square().mean()
    if err < tasks.noise**2:
        return "own y"
    if err > 1:
        return "pool"
    p = torch.randperm(e.support_x.shape[1], generator=generator)
    if (reader(Episode(e.support_x[:, p], e.support_y[:, p], e.query_x, e.query_y)) - a).abs().max() > 1e-3:
        return "order"
    if (reader(Episode(e.support_x, e.support_y, e.query_x[:, :4], e.query_y[:, :4])) - a[:, :4]).abs().max() > 1e-3:
        return "other queries"
    return "sound"


# %% find_flaw | wrong | permutes y alone | pairs are torn apart
def find_flaw(reader, tasks, generator):
    e = tasks.sample(100, generator)
    p = torch.randperm(e.support_x.shape[1], generator=generator)
    if (reader(Episode(e.support_x, e.support_y[:, p], e.query_x, e.query_y)) - reader(e)).abs().max() > 1e-3:
        return "order"
    return "sound"


# %% find_flaw | wrong | too large a tolerance | your tolerance too large
def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 0.5:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 0.5:
            return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 0.5:
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | mean difference in place of the largest | ups and downs cancel
def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)

    def differ(a, b):
        return (a - b).mean().abs() > 1e-3

    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if differ(alone, reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))):
            return "own y"
        if differ(alone, answers[:, i : i + 1]):
            return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if differ(answers, reader(Episode(x[:, p], y[:, p], q, t))):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | drops only the last query | Look at every query
def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    if (reader(Episode(x, y, q[:, :-1], t[:, :-1])) - answers[:, :-1]).abs().max() > 1e-3:
        return "other queries"
    if (reader(Episode(x, y, q, t + 1)) - answers).abs().max() > 1e-3:
        return "own y"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | wrong | pool by too high a limit | four times as much or more
def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    for _ in range(3):
        p = torch.randperm(x.shape[1], generator=generator)
        if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
            return "order"
    return "pool" if (answers - t).square().mean() > 2 else "sound"


# %% find_flaw | wrong | wrong word | none of the words
def find_flaw(reader, tasks, generator):
    return "leaks own y"


# %% find_flaw | wrong | compares different episodes | all else as it was
def find_flaw(reader, tasks, generator):
    a, b = reader(tasks.sample(100, generator)), reader(tasks.sample(100, generator))
    return "own y" if (a - b).abs().max() > 1e-3 else "sound"


# %% find_flaw | wrong | swaps pool and order names | but its flaw is 'own y'
def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "own y"
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "other queries"
    return "sound"


# %% find_flaw | wrong | order on one task tested only once | Try several orders
def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if (alone - reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] + 1))).abs().max() > 1e-3:
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    p = list(range(x.shape[1]))
    p[2], p[5] = p[5], p[2]
    if (answers - reader(Episode(x[:, p], y[:, p], q, t))).abs().max() > 1e-3:
        return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - t).square().mean() > 3 * (q @ w - t).square().mean() else "sound"


# %% find_flaw | right | NaN shows whose y is read
def find_flaw(reader, tasks, generator):
    e = tasks.sample(200, generator)
    x, y, q, t = e.tensors()
    answers = reader(e)
    for i in range(q.shape[1]):
        alone = reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1]))
        if reader(Episode(x, y, q[:, i : i + 1], t[:, i : i + 1] * float("nan"))).isnan().any():
            return "own y"
        if (alone - answers[:, i : i + 1]).abs().max() > 1e-3:
            return "other queries"
    if any((answers - reader(Episode(x.roll(k, 1), y.roll(k, 1), q, t))).abs().max() > 1e-3 for k in range(1, 5)):
        return "order"
    best = q @ bayes_line(x, y, tasks.noise, tasks.scale)
    return "pool" if (answers - best).square().mean() > 0.2 else "sound"


# %% posterior | wrong | NumPy makes float64 of float32 | of another type: .to(torch.float32)
def posterior(support_x, support_y, query_x, length, noise):
    if support_x.shape[1] == 0:
        zero = torch.zeros_like(query_x)
        return zero, zero + math.sqrt(1 + noise**2)
    means, spreads = [], []
    for x, y, q in zip(support_x.numpy(), support_y.numpy(), query_x.numpy()):
        A = np.exp(-((x - x.T) ** 2) / (2 * length**2)) + noise**2 * np.eye(len(x))
        k = np.exp(-((q - x.T) ** 2) / (2 * length**2))
        means.append(k @ np.linalg.solve(A, y))
        spreads.append(np.sqrt(1 + noise**2 - np.einsum("ij,ji->i", k, np.linalg.solve(A, k.T)))[:, None])
    return torch.tensor(np.stack(means)), torch.tensor(np.stack(spreads))


# %% context_mask | wrong | padding looks at padding, for the most True | padding looks at padding. Its columns are False
def context_mask(n_support, n_query):
    longest = n_support.max()
    place = torch.arange(longest + n_query)
    pair = place < n_support[:, None]
    padding = ~pair & (place < longest)
    return pair[:, None, :] | (padding[:, :, None] & (place < longest))


# %% context_mask | wrong | padding stands behind the queries, and looks at itself | tokens of padding look at queries (in task 2
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    mask = torch.zeros(len(n_support), n, n, dtype=torch.bool)
    for t, s in enumerate(n_support.tolist()):
        mask[t, :, :s] = True
        mask[t, s + n_query :, s + n_query :] = True
    return mask


# %% context_mask | wrong | unsqueeze_ changes the shape of n_support | no method whose name ends in _
def context_mask(n_support, n_query):
    n = int(n_support.max()) + n_query
    columns = torch.arange(n) < n_support.unsqueeze_(-1)
    return columns.unsqueeze(1).repeat(1, n, 1)


# %% context_mask | right | numpy
import numpy as np


def context_mask(n_support, n_query):
    lengths = n_support.numpy()
    longest = lengths.max()
    n = longest + n_query
    table = np.zeros((len(lengths), n, n), dtype=bool)
    for t, s in enumerate(lengths):
        table[t, :, :s] = True
    return torch.from_numpy(table)


# %% bayes_line | wrong | works and answers in float32 | of another type: .to(torch.float64)
def bayes_line(x, y, noise, scale=1.0):
    x, y = x.float(), y.float()
    strength = (noise / scale) ** 2
    return torch.linalg.solve(x.mT @ x + strength * torch.eye(x.shape[-1]), x.mT @ y)


# %% bayes_line | wrong | squeeze takes away d as well where d is 1 | That is for lines with one number
def bayes_line(x, y, noise, scale=1.0):
    strength = (noise / scale) ** 2
    A = x.mT @ x + strength * torch.eye(x.shape[-1], dtype=x.dtype)
    b = (x.mT @ y).squeeze()
    return torch.linalg.solve(A, b).unsqueeze(-1)


# %% bayes_line | right | conditions the joint normal distribution of w and y
def bayes_line(x, y, noise, scale=1.0):
    n = x.shape[1]
    cov_y = scale**2 * x @ x.mT + noise**2 * torch.eye(n, dtype=x.dtype)
    return scale**2 * x.mT @ torch.linalg.solve(cov_y, y)


# %% linear_attention_step | wrong | doubles lr in place | it changes `lr` in place
def linear_attention_step(lr):
    d = len(lr)
    lr *= 2
    W_K, W_Q, W_V = (torch.zeros(d + 1, d + 1) for _ in range(3))
    W_K[:d, :d] = torch.diag(lr)
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, d] = -1.0
    return W_K, W_Q, W_V


# %% linear_attention_step | wrong | squeeze makes a plain number of lr where d is 1 | That is for one number in x, lr [0.3]
def linear_attention_step(lr):
    rates = lr.squeeze()
    d = len(rates)
    W_K, W_Q, W_V = (torch.zeros(d + 1, d + 1) for _ in range(3))
    W_K[:d, :d] = torch.diag(2 * rates)
    W_Q[:d, :d] = torch.eye(d)
    W_V[d, d] = -1.0
    return W_K, W_Q, W_V


# %% posterior | wrong | where nothing is seen yet the spread is 1, without noise | Nothing seen
def posterior(support_x, support_y, query_x, length, noise):
    n = support_x.shape[1]
    if n == 0:
        return torch.zeros_like(query_x), torch.ones_like(query_x)

    def kernel(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = kernel(support_x, support_x) + noise**2 * torch.eye(n, dtype=support_x.dtype)
    k = kernel(query_x, support_x)
    mean = k @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (k * torch.linalg.solve(A, k.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | where nothing is seen yet the spread is noise alone | Nothing seen
def posterior(support_x, support_y, query_x, length, noise):
    if support_x.shape[1] == 0:
        return torch.zeros_like(query_x), torch.full_like(query_x, noise)

    def kernel(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    n = support_x.shape[1]
    A = kernel(support_x, support_x) + noise**2 * torch.eye(n, dtype=support_x.dtype)
    k = kernel(query_x, support_x)
    mean = k @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (k * torch.linalg.solve(A, k.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | divides the places by length in place | it changes `support_x` in place
def posterior(support_x, support_y, query_x, length, noise):
    support_x /= length
    query_x /= length

    def kernel(a, b):
        return torch.exp(-((a - b.mT) ** 2) / 2)

    n = support_x.shape[1]
    A = kernel(support_x, support_x) + noise**2 * torch.eye(n, dtype=support_x.dtype)
    k = kernel(query_x, support_x)
    mean = k @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (k * torch.linalg.solve(A, k.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | works and answers in float32 | of another type: .to(torch.float64)
def posterior(support_x, support_y, query_x, length, noise):
    support_x, support_y, query_x = support_x.float(), support_y.float(), query_x.float()

    def kernel(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    A = kernel(support_x, support_x) + noise**2 * torch.eye(support_x.shape[1])
    k = kernel(query_x, support_x)
    mean = k @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (k * torch.linalg.solve(A, k.mT).mT).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | wrong | sums the rows of k A^-1 k' instead of taking the diagonal | the rows of k A^-1 k', [m, m], are summed
def posterior(support_x, support_y, query_x, length, noise):
    def kernel(a, b):
        return torch.exp(-((a - b.mT) ** 2) / (2 * length**2))

    n = support_x.shape[1]
    A = kernel(support_x, support_x) + noise**2 * torch.eye(n, dtype=support_x.dtype)
    k = kernel(query_x, support_x)
    mean = k @ torch.linalg.solve(A, support_y)
    var = 1 + noise**2 - (k @ torch.linalg.solve(A, k.mT)).sum(-1, keepdim=True)
    return mean, var.sqrt()


# %% posterior | right | einsum and inverse, nothing special where n is 0
def posterior(support_x, support_y, query_x, length, noise):
    a, b = support_x[..., 0], query_x[..., 0]
    K = torch.exp(-((a[:, :, None] - a[:, None, :]) ** 2) / (2 * length**2))
    k = torch.exp(-((b[:, :, None] - a[:, None, :]) ** 2) / (2 * length**2))
    inverse = torch.linalg.inv(K + noise**2 * torch.eye(a.shape[1], dtype=a.dtype))
    mean = torch.einsum("tmi,tij,tjo->tmo", k, inverse, support_y)
    variance = 1 - torch.einsum("tmi,tij,tmj->tm", k, inverse, k)
    return mean, torch.sqrt(variance + noise**2)[..., None]


# %% posterior | right | numpy in float64, back to the dtype that came
import numpy as np


def posterior(support_x, support_y, query_x, length, noise):
    x, y, q = (part.numpy().astype(np.float64) for part in (support_x, support_y, query_x))
    every = np.concatenate([x, q], axis=1)
    gaps = every - every.transpose(0, 2, 1)
    cov = np.exp(-(gaps**2) / (2 * length**2)) + noise**2 * np.eye(every.shape[1])
    n = x.shape[1]
    gain = cov[:, n:, :n] @ np.linalg.inv(cov[:, :n, :n])
    mean = gain @ y
    new = cov[:, n:, n:] - gain @ cov[:, :n, n:]
    spread = np.sqrt(np.diagonal(new, axis1=1, axis2=2))[..., None]
    return torch.from_numpy(mean).to(support_x.dtype), torch.from_numpy(spread).to(support_x.dtype)


# %% find_flaw | wrong | looks for own y at the first query only | own y for the query in the middle
def find_flaw(reader, tasks, generator):
    episode, other = tasks.sample(400, generator), tasks.sample(400, generator)
    x, y, new_x, new_y = episode.tensors()
    base, n_query = reader(episode), new_x.shape[1]

    def moved(a, b):
        return (a - b).abs().max().item() > 1e-3

    changed = new_y.clone()
    changed[:, 0] += 2
    if moved(reader(Episode(x, y, new_x, changed))[:, 0], base[:, 0]):
        return "own y"
    for j in range(n_query):
        rest = [i for i in range(n_query) if i != j]
        changed_x, changed_y = new_x.clone(), new_y.clone()
        changed_x[:, j] = other.query_x[:, j]
        changed_y[:, j] += 2
        if moved(reader(Episode(x, y, changed_x, new_y))[:, rest], base[:, rest]):
            return "other queries"
        if moved(reader(Episode(x, y, new_x, changed_y))[:, rest], base[:, rest]):
            return "other queries"
    for _ in range(10):
        order = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, order], y[:, order], new_x, new_y)), base):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    best = (new_x @ w - new_y).square().mean()
    return "pool" if (base - new_y).square().mean() > 3 * best else "sound"


# %% find_flaw | wrong | changes only the y of other queries, never their x | and your test changes their y alone
def find_flaw(reader, tasks, generator):
    episode = tasks.sample(400, generator)
    x, y, new_x, new_y = episode.tensors()
    base, n_query = reader(episode), new_x.shape[1]

    def moved(a, b):
        return (a - b).abs().max().item() > 1e-3

    for j in range(n_query):
        rest = [i for i in range(n_query) if i != j]
        for step in (-1.0, 2.0):
            changed_y = new_y.clone()
            changed_y[:, j] += step
            answers = reader(Episode(x, y, new_x, changed_y))
            if moved(answers[:, j], base[:, j]):
                return "own y"
            if moved(answers[:, rest], base[:, rest]):
                return "other queries"
    for _ in range(10):
        order = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, order], y[:, order], new_x, new_y)), base):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    best = (new_x @ w - new_y).square().mean()
    return "pool" if (base - new_y).square().mean() > 3 * best else "sound"


# %% find_flaw | wrong | calls it a pool where it errs a fifth more than bayes_line | A sound one may err twice as much
def find_flaw(reader, tasks, generator):
    episode, other = tasks.sample(400, generator), tasks.sample(400, generator)
    x, y, new_x, new_y = episode.tensors()
    base, n_query = reader(episode), new_x.shape[1]

    def moved(a, b):
        return (a - b).abs().max().item() > 1e-3

    for j in range(n_query):
        rest = [i for i in range(n_query) if i != j]
        changed_x, changed_y = new_x.clone(), new_y.clone()
        changed_x[:, j] = other.query_x[:, j]
        changed_y[:, j] += 2
        answers = reader(Episode(x, y, new_x, changed_y))
        if moved(answers[:, j], base[:, j]):
            return "own y"
        if moved(answers[:, rest], base[:, rest]):
            return "other queries"
        if moved(reader(Episode(x, y, changed_x, new_y))[:, rest], base[:, rest]):
            return "other queries"
    for _ in range(10):
        order = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, order], y[:, order], new_x, new_y)), base):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    best = (new_x @ w - new_y).square().mean()
    return "pool" if (base - new_y).square().mean() > 1.2 * best else "sound"


# %% find_flaw | wrong | pool only where it errs six times as much | is your limit higher
def find_flaw(reader, tasks, generator):
    episode, other = tasks.sample(400, generator), tasks.sample(400, generator)
    x, y, new_x, new_y = episode.tensors()
    base, n_query = reader(episode), new_x.shape[1]

    def moved(a, b):
        return (a - b).abs().max().item() > 1e-3

    for j in range(n_query):
        rest = [i for i in range(n_query) if i != j]
        changed_x, changed_y = new_x.clone(), new_y.clone()
        changed_x[:, j] = other.query_x[:, j]
        changed_y[:, j] += 2
        answers = reader(Episode(x, y, new_x, changed_y))
        if moved(answers[:, j], base[:, j]):
            return "own y"
        if moved(answers[:, rest], base[:, rest]):
            return "other queries"
        if moved(reader(Episode(x, y, changed_x, new_y))[:, rest], base[:, rest]):
            return "other queries"
    for _ in range(10):
        order = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, order], y[:, order], new_x, new_y)), base):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    best = (new_x @ w - new_y).square().mean()
    return "pool" if (base - new_y).square().mean() > 6 * best else "sound"


# %% find_flaw | wrong | forgets clone, so the query y stay changed | Your test changes query_y of an episode in place
def find_flaw(reader, tasks, generator):
    episode, other = tasks.sample(400, generator), tasks.sample(400, generator)
    x, y, new_x, new_y = episode.tensors()
    base, n_query = reader(episode), new_x.shape[1]

    def moved(a, b):
        return (a - b).abs().max().item() > 1e-3

    for j in range(n_query):
        rest = [i for i in range(n_query) if i != j]
        changed_y = new_y
        changed_y[:, j] += 2
        answers = reader(Episode(x, y, new_x, changed_y))
        if moved(answers[:, j], base[:, j]):
            return "own y"
        if moved(answers[:, rest], base[:, rest]):
            return "other queries"
    for j in range(n_query):
        rest = [i for i in range(n_query) if i != j]
        changed_x = new_x.clone()
        changed_x[:, j] = other.query_x[:, j]
        if moved(reader(Episode(x, y, changed_x, new_y))[:, rest], base[:, rest]):
            return "other queries"
    for _ in range(10):
        order = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, order], y[:, order], new_x, new_y)), base):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    best = (new_x @ w - new_y).square().mean()
    return "pool" if (base - new_y).square().mean() > 3 * best else "sound"


# %% find_flaw | wrong | looks at one query only, for its own y and for the others | Change the y of every query
def find_flaw(reader, tasks, generator):
    episode, other = tasks.sample(400, generator), tasks.sample(400, generator)
    x, y, new_x, new_y = episode.tensors()
    base, n_query = reader(episode), new_x.shape[1]

    def moved(a, b):
        return (a - b).abs().max().item() > 1e-3

    for j in [0]:
        rest = [i for i in range(n_query) if i != j]
        changed_x, changed_y = new_x.clone(), new_y.clone()
        changed_x[:, j] = other.query_x[:, j]
        changed_y[:, j] += 2
        answers = reader(Episode(x, y, new_x, changed_y))
        if moved(answers[:, j], base[:, j]):
            return "own y"
        if moved(answers[:, rest], base[:, rest]):
            return "other queries"
        if moved(reader(Episode(x, y, changed_x, new_y))[:, rest], base[:, rest]):
            return "other queries"
    for _ in range(10):
        order = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, order], y[:, order], new_x, new_y)), base):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    best = (new_x @ w - new_y).square().mean()
    return "pool" if (base - new_y).square().mean() > 3 * best else "sound"


# %% find_flaw | right | one query after the other, y and x
def find_flaw(reader, tasks, generator):
    episode, other = tasks.sample(500, generator), tasks.sample(500, generator)
    x, y, new_x, new_y = episode.tensors()
    base, n_query = reader(episode), new_x.shape[1]

    def moved(a, b):
        return (a - b).abs().max().item() > 1e-3

    for j in range(n_query):
        rest = [i for i in range(n_query) if i != j]
        for step in (-3.0, -1.0, 1.0, 3.0):
            changed = new_y.clone()
            changed[:, j] += step
            answers = reader(Episode(x, y, new_x, changed))
            if moved(answers[:, j], base[:, j]):
                return "own y"
            if moved(answers[:, rest], base[:, rest]):
                return "other queries"
        changed = new_x.clone()
        changed[:, j] = other.query_x[:, j]
        if moved(reader(Episode(x, y, changed, new_y))[:, rest], base[:, rest]):
            return "other queries"
    for _ in range(20):
        order = torch.randperm(x.shape[1], generator=generator)
        if moved(reader(Episode(x[:, order], y[:, order], new_x, new_y)), base):
            return "order"
    w = bayes_line(x, y, tasks.noise, tasks.scale)
    best = F.mse_loss(new_x @ w, new_y)
    return "pool" if F.mse_loss(base, new_y) > 3 * best else "sound"


# %% find_flaw | right | keeps one query and replaces all others by new ones
def find_flaw(reader, tasks, generator):
    def gap(one, two):
        return float((one - two).abs().max())

    for _ in range(3):
        a, b = tasks.sample(200, generator), tasks.sample(200, generator)
        before = reader(a)
        for j in range(a.query_x.shape[1]):
            x, y = b.query_x.clone(), b.query_y.clone() + 1
            x[:, j], y[:, j] = a.query_x[:, j], a.query_y[:, j]
            if gap(reader(Episode(a.support_x, a.support_y, x, y))[:, j], before[:, j]) > 2e-3:
                return "other queries"
        # Other queries do not matter, so all own y may be changed at once.
        y = a.query_y + torch.randn(a.query_y.shape, generator=generator)
        for new_y in (y, a.query_y + 1, a.query_y - 5):
            if gap(reader(Episode(a.support_x, a.support_y, a.query_x, new_y)), before) > 2e-3:
                return "own y"
        for _ in range(6):  # every task in an order of its own
            order = torch.rand(a.support_y.shape, generator=generator).argsort(1)
            shuffled = Episode(
                a.support_x.take_along_dim(order, 1), a.support_y.take_along_dim(order, 1), a.query_x, a.query_y
            )
            if gap(reader(shuffled), before) > 2e-3:
                return "order"
    new = tasks.sample(1000, generator)
    w = bayes_line(new.support_x, new.support_y, noise=tasks.noise, scale=tasks.scale)
    ratio = (reader(new) - new.query_y).pow(2).mean() / (new.query_x @ w - new.query_y).pow(2).mean()
    return "pool" if ratio > 2.8 else "sound"


# %% find_flaw | right | one query alone and in company, orders by rolling and reversing
def find_flaw(reader, tasks, generator):
    asked = tasks.sample(300, generator)
    x, y, new_x, new_y = asked.support_x, asked.support_y, asked.query_x, asked.query_y
    together = reader(asked)
    for j in range(new_x.shape[1]):
        alone = reader(Episode(x, y, new_x[:, j : j + 1], new_y[:, j : j + 1]))
        if not torch.allclose(alone, together[:, j : j + 1], rtol=0, atol=1e-3):
            return "other queries"
    mixed = torch.randperm(new_x.shape[1], generator=generator)
    if not torch.allclose(
        reader(Episode(x, y, new_x[:, mixed], new_y[:, mixed])), together[:, mixed], rtol=0, atol=1e-3
    ):
        return "other queries"
    for factor in (-1.0, 0.0, 2.0, 10.0):
        if not torch.allclose(reader(Episode(x, y, new_x, factor * new_y + 1)), together, rtol=0, atol=1e-3):
            return "own y"
    for shift in range(x.shape[1]):
        for flip in (False, True):
            rolled_x, rolled_y = x.roll(shift, 1), y.roll(shift, 1)
            if flip:
                rolled_x, rolled_y = rolled_x.flip(1), rolled_y.flip(1)
            if not torch.allclose(reader(Episode(rolled_x, rolled_y, new_x, new_y)), together, rtol=0, atol=1e-3):
                return "order"
    answers, errors = new_x @ bayes_line(x, y, tasks.noise, tasks.scale), []
    for guess in (together, answers):
        errors.append(((guess - new_y) ** 2).mean().item())
    return "sound" if errors[0] < 3 * errors[1] else "pool"


# %% find_flaw | right | a dictionary of largest changes, no_grad, small helpers
def find_flaw(reader, tasks, generator):
    largest = {"own y": 0.0, "other queries": 0.0, "order": 0.0}

    def note(flaw, one, two):
        largest[flaw] = max(largest[flaw], (one - two).abs().amax().item())

    with torch.no_grad():
        for _ in range(2):
            e = tasks.sample(256, generator)
            plain, q = reader(e), e.query_x.shape[1]
            here = torch.eye(q, dtype=torch.bool)
            for j in range(q):
                y = torch.where(here[j][:, None], e.query_y + 1.5, e.query_y)
                after = reader(Episode(e.support_x, e.support_y, e.query_x, y))
                note("own y", after[:, here[j]], plain[:, here[j]])
                note("other queries", after[:, ~here[j]], plain[:, ~here[j]])
                far = torch.where(
                    here[j][:, None],
                    e.query_x + tasks.x_scale * torch.randn(e.query_x.shape, generator=generator),
                    e.query_x,
                )
                after = reader(Episode(e.support_x, e.support_y, far, e.query_y))
                note("other queries", after[:, ~here[j]], plain[:, ~here[j]])
            for _ in range(8):
                p = torch.randperm(e.support_x.shape[1], generator=generator)
                note("order", reader(Episode(e.support_x[:, p], e.support_y[:, p], e.query_x, e.query_y)), plain)
        worst = max(largest, key=largest.get)
        if largest[worst] > 0.002:
            return worst
        e = tasks.sample(2000, generator)
        w = bayes_line(e.support_x, e.support_y, tasks.noise, tasks.scale)
        errs = (reader(e) - e.query_y).square().mean(), (e.query_x @ w - e.query_y).square().mean()
    return "pool" if errs[0] / errs[1] > 3 else "sound"
