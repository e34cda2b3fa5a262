# %% reptile_step | wrong | sign: moves away from the ends | it goes away from where the tasks ended
def reptile_step(start, ends, rate):
    new = {}
    for name, p in start.items():
        mean = torch.stack([end[name] for end in ends]).mean(0)
        new[name] = p - rate * (mean - p)
    return new

# %% reptile_step | wrong | sum over the tasks in place of the mean | the displacements are added up
def reptile_step(start, ends, rate):
    return {name: p + rate * sum(end[name] - p for end in ends) for name, p in start.items()}

# %% reptile_step | wrong | changes the tensors of start in place | it changes its parameters in place (-=, .data -=, copy_, ...)
def reptile_step(start, ends, rate):
    with torch.no_grad():
        for name in start:
            mean = torch.stack([end[name] for end in ends]).mean(0)
            start[name] += rate * (mean - start[name])
    return start

# %% reptile_step | wrong | writes into the dict start, so start changes | it changes `start` in place, a dict that is still needed; work on a copy
def reptile_step(start, ends, rate):
    for name in start:
        mean = torch.stack([end[name] for end in ends]).mean(0)
        start[name] = start[name] + rate * (mean - start[name])
    return start

# %% reptile_step | wrong | one task after another, not towards the mean of the ends | the start moves after each task, so later tasks count more
def reptile_step(start, ends, rate):
    new = dict(start)
    for end in ends:
        new = {name: p + rate * (end[name] - p) for name, p in new.items()}
    return new

# %% reptile_step | wrong | ignores rate, jumps to the mean | it goes all the way to the mean of the ends
def reptile_step(start, ends, rate):
    return {name: torch.stack([end[name] for end in ends]).mean(0) for name in start}

# %% reptile_step | wrong | rate is swapped: it weighs the start, not the mean of the ends | rate and 1 - rate are exchanged
def reptile_step(start, ends, rate):
    return {name: rate * p + (1 - rate) * sum(end[name] for end in ends) / len(ends) for name, p in start.items()}

# %% reptile_step | wrong | returns the displacement (start minus mean), not the new start | this is the step alone, and with the wrong sign
def reptile_step(start, ends, rate):
    return {name: rate * (p - torch.stack([end[name] for end in ends]).mean(0)) for name, p in start.items()}

# %% reptile_step | wrong | matches tensors by their order in the dicts, not by name | it goes by the order of the dicts
def reptile_step(start, ends, rate):
    new = {}
    for i, (name, p) in enumerate(start.items()):
        mean = sum(list(end.values())[i] for end in ends) / len(ends)
        new[name] = p + rate * (mean - p)
    return new

# %% reptile_step | wrong | mean over all entries, not over the tasks alone | the mean is taken over all entries of the tensors
def reptile_step(start, ends, rate):
    return {name: p + rate * (torch.stack([end[name] for end in ends]).mean() - p) for name, p in start.items()}

# %% reptile_step | wrong | divides by the number of names (len(start)), not by the number of tasks | it divides the displacements by the number of names
def reptile_step(start, ends, rate):
    new = {}
    for name, p in start.items():
        total = torch.zeros_like(p)
        for end in ends:
            total = total + (end[name] - p)
        new[name] = p + rate * total / len(start)
    return new

# %% reptile_step | wrong | adds up inside the first end: changes the tensors of ends in place | it changes entry '0.weight' of place 0 of `ends` in place; compute a new tensor
def reptile_step(start, ends, rate):
    new = {}
    for name, p in start.items():
        total = ends[0][name].detach()
        for end in ends[1:]:
            total += end[name]
        new[name] = p + rate * (total / len(ends) - p)
    return new

# %% reptile_step | right | stack and mean
def reptile_step(start, ends, rate):
    return {name: p + rate * (torch.stack([end[name] for end in ends]).mean(0) - p) for name, p in start.items()}

# %% reptile_step | right | a loop under no_grad, with a sum of displacements
def reptile_step(start, ends, rate):
    new = {}
    with torch.no_grad():
        for name, p in start.items():
            move = torch.zeros_like(p)
            for end in ends:
                move += end[name] - p
            new[name] = p + rate * move / len(ends)
    return new

# %% reptile_step | right | weighted mean of start and ends
def reptile_step(start, ends, rate):
    n = len(ends)
    return {name: (1 - rate) * start[name] + rate * (sum(end[name] for end in ends) / n) for name in start}

# %% reptile_step | right | gradient descent on start minus end
@torch.no_grad()
def reptile_step(start, ends, rate):
    gradient = {name: torch.stack([p - end[name] for end in ends], dim=-1).mean(-1) for name, p in start.items()}
    new = {}
    for name in start:
        new[name] = start[name] - rate * gradient[name]
    return new

# %% reptile_step | right | a weighted mean of start and ends
def reptile_step(start, ends, rate):
    n = len(ends)
    return {k: (1 - rate) * v + rate / n * sum(e[k] for e in ends) for k, v in start.items()}

# %% reptile_step | wrong | rate is divided by the number of tasks once more | the rate is divided by the number of tasks
def reptile_step(start, ends, rate):
    n = len(ends)
    return {k: v + rate / n * (sum(e[k] for e in ends) / n - v) for k, v in start.items()}

# %% reptile_step | wrong | half way whatever the rate | it goes half way, whatever the rate
def reptile_step(start, ends, rate):
    return {k: (v + sum(e[k] for e in ends) / len(ends)) / 2 for k, v in start.items()}

# %% reptile_step | wrong | the mean of start and all ends, as if the start were an end | the number of tasks and one more
def reptile_step(start, ends, rate):
    return {k: v + rate * ((v + sum(e[k] for e in ends)) / (len(ends) + 1) - v) for k, v in start.items()}

# %% reptile_step | wrong | sums the ends before subtracting | the ends are added up
def reptile_step(start, ends, rate):
    return {k: v + rate * (sum(e[k] for e in ends) - v) for k, v in start.items()}

# %% partial_step | wrong | no create_graph: first order, the inner gradient is a constant | the numbers are right, but the inner gradient is a constant: this is first
def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[name] for name in moving])
    new = dict(params)
    for name, g in zip(moving, grads):
        new[name] = params[name] - lr * g
    return new

# %% partial_step | wrong | the others are detached, so they are not connected with params | the numbers are right, but what stays is cut off from the outer loop: it was
def partial_step(loss, params, lr, moving):
    grads = dict(zip(moving, torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True)))
    return {name: p - lr * grads[name] if name in grads else p.detach() for name, p in params.items()}

# %% partial_step | wrong | returns only the moving ones, not all parameters | it returns only what has moved
def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True)
    return {name: params[name] - lr * g for name, g in zip(moving, grads)}

# %% partial_step | wrong | changes the tensors of params in place | it changes its parameters in place (-=, .data -=, copy_, ...)
def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True)
    with torch.no_grad():
        for name, g in zip(moving, grads):
            params[name] -= lr * g
    return params

# %% partial_step | wrong | writes into the dict params: the caller's dict changes | it changes `params` in place, a dict that is still needed; work on a copy
def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True)
    for name, g in zip(moving, grads):
        params[name] = params[name] - lr * g
    return params

# %% partial_step | wrong | moves the others and leaves the moving ones | the wrong part moves
def partial_step(loss, params, lr, moving):
    rest = [name for name in params if name not in moving]
    grads = dict(zip(rest, torch.autograd.grad(loss(params), [params[name] for name in rest], create_graph=True)))
    return {name: p - lr * grads[name] if name in grads else p for name, p in params.items()}

# %% partial_step | wrong | all parameters move, moving is ignored | everything moves
def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

# %% partial_step | wrong | backward() leaves gradients in .grad of params, and they add up | the result is right, but .backward() leaves a gradient in .grad of entry 'w' of
def partial_step(loss, params, lr, moving):
    loss(params).backward(create_graph=True)
    return {name: p - lr * p.grad if name in moving else p for name, p in params.items()}

# %% partial_step | wrong | gradients are in the order of moving but handed out in the order of params | the gradients are in the order of `moving`, but they are handed out in the
def partial_step(loss, params, lr, moving):
    grads = iter(torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True))
    return {name: p - lr * next(grads) if name in moving else p for name, p in params.items()}

# %% partial_step | wrong | the others are detached inside the loss: their outer gradient through the inner gradient is missing | the numbers are right, but what stays is detached where the loss is taken. The
def partial_step(loss, params, lr, moving):
    seen = {name: p if name in moving else p.detach() for name, p in params.items()}
    grads = torch.autograd.grad(loss(seen), [params[name] for name in moving], create_graph=True)
    return params | {name: params[name] - lr * g for name, g in zip(moving, grads)}

# %% partial_step | wrong | one after another: later gradients are taken at parameters that have already moved | one parameter moves after the other, and later gradients are taken where the
def partial_step(loss, params, lr, moving):
    new = dict(params)
    for name in moving:
        (g,) = torch.autograd.grad(loss(new), new[name], create_graph=True)
        new[name] = new[name] - lr * g
    return new

# %% partial_step | wrong | sign: climbs, plus in place of minus | it goes *up* the slope
def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True)
    return {**params, **{name: params[name] + lr * g for name, g in zip(moving, grads)}}

# %% partial_step | right | autograd.grad with create_graph, then a copy of the dict
def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[name] for name in moving], create_graph=True)
    new = dict(params)
    for name, g in zip(moving, grads):
        new[name] = params[name] - lr * g
    return new

# %% partial_step | right | torch.func.grad of a part
def partial_step(loss, params, lr, moving):
    rest = {name: p for name, p in params.items() if name not in moving}
    part = {name: params[name] for name in moving}
    slopes = torch.func.grad(lambda q: loss({**rest, **q}))(part)
    return {name: p - lr * slopes[name] if name in slopes else p for name, p in params.items()}

# %% partial_step | right | gradient of all, but only some take the step
def partial_step(loss, params, lr, moving):
    names = list(params)
    value = loss(params)
    grads = torch.autograd.grad(value, [params[n] for n in names], create_graph=True, allow_unused=True,
                                materialize_grads=True)
    result = {}
    for n, g in zip(names, grads):
        if n in moving:
            result[n] = params[n] - lr * g
        else:
            result[n] = params[n]
    return result

# %% partial_step | right | dicts joined with a bar
def partial_step(loss, params, lr, moving):
    with torch.enable_grad():
        part = {name: params[name] for name in moving}
        slopes = torch.autograd.grad(loss(params), tuple(part.values()), create_graph=True)
        return params | {name: p - lr * g for (name, p), g in zip(part.items(), slopes)}

# %% implicit_meta_gradient | wrong | query slope v at the start, not at the adapted point | the query gradient is taken at the start
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    v = Hq @ (theta - cq)
    return torch.linalg.solve(eye + H / strength, v)

# %% implicit_meta_gradient | wrong | returns v: the factor (I + H/lambda)^-1 is missing, first order | this is the gradient of the query loss at the adapted weights
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    return Hq @ (adapted - cq)

# %% implicit_meta_gradient | wrong | H times lambda in place of H divided by lambda | the matrix is I + H / strength
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    return torch.linalg.solve(eye + strength * H, Hq @ (adapted - cq))

# %% implicit_meta_gradient | wrong | H of the query loss in the inverse, not that of the support loss | the matrix holds the curvature of the query loss
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    return torch.linalg.solve(eye + Hq / strength, Hq @ (adapted - cq))

# %% implicit_meta_gradient | wrong | multiplies by I + H/lambda, not by its inverse | it multiplies by I + H / strength
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    return (eye + H / strength) @ (Hq @ (adapted - cq))

# %% implicit_meta_gradient | wrong | factor lambda is missing: (H + lambda I)^-1 v | it is `strength` times too small
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    A = H + strength * torch.eye(len(theta), dtype=theta.dtype)
    adapted = torch.linalg.solve(A, H @ c + strength * theta)
    return torch.linalg.solve(A, Hq @ (adapted - cq))

# %% implicit_meta_gradient | wrong | autograd through the solved system | it lets autograd find the gradient
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    with torch.enable_grad():
        start = theta.detach().clone().requires_grad_()
        A = H + strength * torch.eye(len(theta), dtype=theta.dtype)
        adapted = torch.linalg.solve(A, H @ c + strength * start)
        loss = (adapted - cq) @ Hq @ (adapted - cq) / 2
        return torch.autograd.grad(loss, start)[0]

# %% implicit_meta_gradient | wrong | does not arrive: ten steps of rate 0.1 in place of the lowest point | it adapts to the lowest point by steps and does not arrive there
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    adapted = theta
    for _ in range(10):
        adapted = adapted - 0.1 * (H @ (adapted - c) + strength * (adapted - theta))
    eye = torch.eye(len(theta), dtype=theta.dtype)
    return torch.linalg.solve(eye + H / strength, Hq @ (adapted - cq))

# %% implicit_meta_gradient | wrong | pull forgotten: the adapted point is c, the support loss's own lowest point | adapting ends at the lowest point of the support loss alone
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    adapted = c
    return torch.linalg.solve(eye + H / strength, Hq @ (adapted - cq))

# %% implicit_meta_gradient | wrong | adds lambda to the diagonal of H in place: changes the argument | it changes place 0 of `support` in place; compute a new tensor instead (no +=,
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    right = H @ c + strength * theta
    H.diagonal().add_(strength)
    adapted = torch.linalg.solve(H, right)
    v = Hq @ (adapted - cq)
    return strength * torch.linalg.solve(H, v)

# %% implicit_meta_gradient | wrong | only the diagonal of H, works if H does not mix the weights | it takes the diagonal of H for the whole
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    h = H.diagonal()
    adapted = (h * c + strength * theta) / (h + strength)
    v = Hq @ (adapted - cq)
    return v / (1 + h / strength)

# %% implicit_meta_gradient | wrong | torch.eye(2): only two weights work | It is right for two weights
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    Q = strength * torch.linalg.inv(H + strength * torch.eye(2, dtype=H.dtype))
    adapted = c + Q @ (theta - c)
    return Q @ Hq @ (adapted - cq)

# %% implicit_meta_gradient | right | two systems solved
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=theta.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    v = Hq @ (adapted - cq)
    return torch.linalg.solve(eye + H / strength, v)

# %% implicit_meta_gradient | right | Q by an inverse, as in the table
def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Q = strength * torch.linalg.inv(H + strength * torch.eye(H.shape[0], dtype=H.dtype, device=H.device))
    adapted = c + Q @ (theta - c)
    return Q @ (query[0] @ (adapted - query[1]))

# %% implicit_meta_gradient | right | eigenvectors of H
def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    values, vectors = torch.linalg.eigh(H)
    shrink = strength / (values + strength)
    def pull(u):
        return vectors @ (shrink * (vectors.T @ u))
    slope = query[0] @ (c + pull(theta - c) - query[1])
    return pull(slope)

# %% implicit_meta_gradient | right | one displacement, one matrix with diag
def implicit_meta_gradient(theta, support, query, strength):
    H_s, c_s = support
    H_q, c_q = query
    A = H_s + torch.diag(torch.full_like(theta, strength))
    displacement = torch.linalg.solve(A, -H_s.mv(theta - c_s))
    theta_prime = theta + displacement
    v = H_q.mv(theta_prime - c_q)
    return torch.linalg.solve(A / strength, v)

# %% implicit_meta_gradient | wrong | divides by matrices entry by entry, as for one weight | it takes the diagonal of H for the whole
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, d) = support, query
    end = (H @ c + strength * theta) / (H + strength).diagonal()
    return Hq @ (end - d) / (1 + H.diagonal() / strength)

# %% implicit_meta_gradient | wrong | adds lambda to every entry of H, no identity | a number is added to every entry of H
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, d) = support, query
    end = torch.linalg.solve(H + strength, H @ c + strength * theta)
    return torch.linalg.solve(1 + H / strength, Hq @ (end - d))

# %% implicit_meta_gradient | wrong | v taken at the start | the query gradient is taken at the start
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, d) = support, query
    eye = torch.eye(len(theta), dtype=H.dtype)
    return torch.linalg.solve(eye + H / strength, Hq @ (theta - d))

# %% implicit_meta_gradient | wrong | returns the slope at the end | first order
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, d) = support, query
    eye = torch.eye(len(theta), dtype=H.dtype)
    end = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    return Hq @ (end - d)

# %% implicit_meta_gradient | right | lambda over H plus lambda, by inv
def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, d) = support, query
    A = torch.linalg.inv(H + strength * torch.eye(len(theta), dtype=H.dtype))
    end = A @ (H @ c + strength * theta)
    return strength * A @ (Hq @ (end - d))

# %% linear_cka | wrong | columns are not centred | the features are not centred
def linear_cka(first, second):
    return (second.T @ first).norm() ** 2 / ((first.T @ first).norm() * (second.T @ second).norm())

# %% linear_cka | wrong | centres each row, not each column (wrong axis) | the mean is taken over the features of an input
def linear_cka(first, second):
    x = first - first.mean(1, keepdim=True)
    y = second - second.mean(1, keepdim=True)
    return (y.T @ x).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())

# %% linear_cka | wrong | one mean over everything, not one for each column | one mean is taken of all numbers
def linear_cka(first, second):
    x = first - first.mean()
    y = second - second.mean()
    return (y.T @ x).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())

# %% linear_cka | wrong | numerator is not squared | a square stands above the line, and it is missing
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return (y.T @ x).norm() / ((x.T @ x).norm() * (y.T @ y).norm())

# %% linear_cka | wrong | cosine of the flattened features: needs equal widths, and a turn changes it | it compares feature 1 with feature 1 and so on, and needs equally many
import torch.nn.functional as F
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return F.cosine_similarity(x.flatten(), y.flatten(), dim=0)

# %% linear_cka | wrong | spectral norm (ord=2), not the root of the sum of squares | the length of a table is taken to be its spectral norm
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    norm = lambda m: torch.linalg.norm(m, ord=2)
    return norm(y.T @ x) ** 2 / (norm(x.T @ x) * norm(y.T @ y))

# %% linear_cka | wrong | changes first and second in place when centring | it changes `first` in place; compute a new tensor instead (no +=, no x[...] =
def linear_cka(first, second):
    first -= first.mean(0)
    second -= second.mean(0)
    return (second.T @ first).norm() ** 2 / ((first.T @ first).norm() * (second.T @ second).norm())

# %% linear_cka | wrong | columns are divided by their standard deviation, too | each feature is divided by its standard deviation, too
def linear_cka(first, second):
    x = (first - first.mean(0)) / first.std(0)
    y = (second - second.mean(0)) / second.std(0)
    return (y.T @ x).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())

# %% linear_cka | wrong | denominator: norms of X and Y, not of X^T X and Y^T Y | it is divided by the lengths of the layers themselves
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return (y.T @ x).norm() ** 2 / (x.norm() ** 2 * y.norm() ** 2)

# %% linear_cka | wrong | only the first layer is centred | only the first layer is centred
def linear_cka(first, second):
    x = first - first.mean(0)
    return (second.T @ x).norm() ** 2 / ((x.T @ x).norm() * (second.T @ second).norm())

# %% linear_cka | wrong | cuts the wider layer down to as many features | it cuts the wider layer down to as many features as the other has
def linear_cka(first, second):
    d = min(first.shape[1], second.shape[1])
    x, y = first[:, :d], second[:, :d]
    x, y = x - x.mean(0), y - y.mean(0)
    return (y.T @ x).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())

# %% linear_cka | wrong | X Y^T in place of Y^T X: likeness of inputs, fails for different widths | it works for layers with equally many features alone
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return (x @ y.T).norm() ** 2 / ((x @ x.T).norm() * (y @ y.T).norm())

# %% linear_cka | right | the formula with norm
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return (y.T @ x).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())

# %% linear_cka | right | sums of squares
def linear_cka(first, second):
    def size2(m):
        return m.pow(2).sum()
    X = first - first.mean(dim=0, keepdim=True)
    Y = second - second.mean(dim=0, keepdim=True)
    return size2(Y.t() @ X) / torch.sqrt(size2(X.t() @ X)) / torch.sqrt(size2(Y.t() @ Y))

# %% linear_cka | right | n by n matrices of inner products, cosine between them
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    K, L = x @ x.T, y @ y.T
    return (K * L).sum() / (K.norm() * L.norm())

# %% linear_cka | right | a centring matrix and linalg.norm
def linear_cka(first, second):
    n = first.shape[0]
    C = torch.eye(n, dtype=first.dtype) - torch.ones(n, n, dtype=first.dtype) / n
    X, Y = C @ first, C @ second
    top = torch.linalg.matrix_norm(Y.T @ X, ord="fro").square()
    return top / (torch.linalg.matrix_norm(X.T @ X) * torch.linalg.matrix_norm(Y.T @ Y))

# %% linear_cka | wrong | tables of features that are not centred | the features are not centred
def linear_cka(first, second):
    K, L = first @ first.T, second @ second.T
    return (K * L).sum() / (K.norm() * L.norm())

# %% linear_cka | wrong | the tables are centred as a whole, not the features | the tables are centred as a whole
def linear_cka(first, second):
    K, L = first @ first.T, second @ second.T
    K, L = K - K.mean(), L - L.mean()
    return (K * L).sum() / (K.norm() * L.norm())

# %% linear_cka | wrong | correlation of the tables' entries | the tables are centred as a whole
def linear_cka(first, second):
    a, b = (first @ first.T).flatten(), (second @ second.T).flatten()
    return torch.corrcoef(torch.stack([a, b]))[0, 1]

# %% linear_cka | wrong | only sums the products, does not divide | it is not divided by anything
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return ((x @ x.T) * (y @ y.T)).sum()

# %% linear_cka | wrong | a cosine for each row, averaged | it takes a cosine for each row
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return torch.nn.functional.cosine_similarity(x @ x.T, y @ y.T).mean()

# %% linear_cka | wrong | cosine between inputs in place of their dot product | each input's features are brought to length 1
def linear_cka(first, second):
    x = torch.nn.functional.normalize(first - first.mean(0), dim=1)
    y = torch.nn.functional.normalize(second - second.mean(0), dim=1)
    K, L = x @ x.T, y @ y.T
    return (K * L).sum() / (K.norm() * L.norm())

# %% linear_cka | wrong | one minus the distance between the tables | 1 minus a distance
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    K, L = x @ x.T, y @ y.T
    return 1 - (K / K.norm() - L / L.norm()).norm()

# %% linear_cka | wrong | divides by the first table's length twice | stands twice below the line
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    K, L = x @ x.T, y @ y.T
    return (K * L).sum() / K.norm() ** 2

# %% linear_cka | wrong | leaves the diagonal out | the diagonals are left out
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    off = ~torch.eye(len(x), dtype=torch.bool)
    k, m = (x @ x.T)[off], (y @ y.T)[off]
    return (k * m).sum() / (k.norm() * m.norm())

# %% linear_cka | wrong | tables of distances | the tables hold distances
def linear_cka(first, second):
    K, L = torch.cdist(first, first), torch.cdist(second, second)
    return (K * L).sum() / (K.norm() * L.norm())

# %% linear_cka | wrong | the columns of the tables are centred | the columns (or rows) of the tables are centred
def linear_cka(first, second):
    K, L = first @ first.T, second @ second.T
    K, L = K - K.mean(0), L - L.mean(0)
    return (K * L).sum() / (K.norm() * L.norm())

# %% linear_cka | wrong | divides by the lengths of the layers | lengths of the layers themselves
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return ((x @ x.T) * (y @ y.T)).sum() / (x.norm() * y.norm())

# %% linear_cka | wrong | a cosine for each row, not averaged | the result should be a number
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return torch.nn.functional.cosine_similarity(x @ x.T, y @ y.T)

# %% linear_cka | wrong | a matrix product of the tables | multiplied as matrices
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    K, L = x @ x.T, y @ y.T
    return (K @ L).sum() / (K.norm() * L.norm())

# %% linear_cka | right | cosine_similarity of the flattened tables
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return torch.nn.functional.cosine_similarity((x @ x.T).flatten(), (y @ y.T).flatten(), dim=0)

# %% linear_cka | right | tables by a loop over pairs of inputs
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    n = len(x)
    top = one = two = 0.0
    for i in range(n):
        for j in range(n):
            a, b = float(x[i] @ x[j]), float(y[i] @ y[j])
            top, one, two = top + a * b, one + a * a, two + b * b
    return top / (one * two) ** 0.5

# %% unpaired_difference | wrong | sign: second minus first | the sign is turned round
def unpaired_difference(first, second):
    half = 1.96 * (first.var() / len(first) + second.var() / len(second)).sqrt()
    return (second.mean() - first.mean()).item(), half.item()

# %% unpaired_difference | wrong | adds standard errors, not variances | the two half-widths are added
def unpaired_difference(first, second):
    half = 1.96 * (first.std() / len(first) ** 0.5 + second.std() / len(second) ** 0.5)
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | wrong | paired: differences task by task, needs equally many | it pairs task i of one with task i of the other
def unpaired_difference(first, second):
    d = first - second
    return d.mean().item(), (1.96 * d.std() / len(d) ** 0.5).item()

# %% unpaired_difference | wrong | biased variance, divided by n and not by n - 1 | its variances divide by n (correction=0, and NumPy's var)
def unpaired_difference(first, second):
    half = 1.96 * (first.var(unbiased=False) / len(first) + second.var(unbiased=False) / len(second)).sqrt()
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | wrong | the whole width of the interval, not half | this is the whole width of the interval
def unpaired_difference(first, second):
    se = (first.var() / len(first) + second.var() / len(second)).sqrt()
    return (first.mean() - second.mean()).item(), (2 * 1.96 * se).item()

# %% unpaired_difference | wrong | 1.96 is missing: one standard error | this is the standard error
def unpaired_difference(first, second):
    se = (first.var() / len(first) + second.var() / len(second)).sqrt()
    return (first.mean() - second.mean()).item(), se.item()

# %% unpaired_difference | wrong | not divided by the number of tasks: spread of scores, not of means | this is the spread of the tasks
def unpaired_difference(first, second):
    half = 1.96 * (first.var() + second.var()).sqrt()
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | wrong | number of tasks of first for both | the number of tasks of `first` is used for both
def unpaired_difference(first, second):
    n = len(first)
    half = 1.96 * ((first.var() + second.var()) / n).sqrt()
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | wrong | pooled variance: takes both spreads to be equal | it pools the variances, as if both kinds of tasks spread alike
def unpaired_difference(first, second):
    n, m = len(first), len(second)
    pooled = ((n - 1) * first.var() + (m - 1) * second.var()) / (n + m - 2)
    return (first.mean() - second.mean()).item(), (1.96 * (pooled * (1 / n + 1 / m)).sqrt()).item()

# %% unpaired_difference | wrong | cuts the longer one to equally many tasks | it cuts the longer one to as many tasks as the other has
def unpaired_difference(first, second):
    n = min(len(first), len(second))
    first, second = first[:n], second[:n]
    half = 1.96 * ((first.var() + second.var()) / n).sqrt()
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | wrong | returns the two ends of the interval, not difference and half width | these are the two ends of the interval
def unpaired_difference(first, second):
    d = (first.mean() - second.mean()).item()
    half = 1.96 * (first.var() / len(first) + second.var() / len(second)).sqrt().item()
    return d - half, d + half

# %% unpaired_difference | wrong | absolute value: the sign of the gap is lost | it takes the absolute value of the gap
def unpaired_difference(first, second):
    half = 1.96 * (first.var() / len(first) + second.var() / len(second)).sqrt()
    return (first.mean() - second.mean()).abs().item(), half.item()

# %% unpaired_difference | right | variances of the means, as Python numbers
def unpaired_difference(first, second):
    half = 1.96 * (first.var() / len(first) + second.var() / len(second)).sqrt()
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | right | 0-dim tensors
def unpaired_difference(first, second):
    variance = first.var() / first.numel() + second.var() / second.numel()
    return first.mean() - second.mean(), 1.96 * torch.sqrt(variance)

# %% unpaired_difference | right | hypot of two standard errors
import math
def unpaired_difference(first, second):
    errors = [float(scores.std()) / math.sqrt(len(scores)) for scores in (first, second)]
    return float(first.mean()) - float(second.mean()), 1.96 * math.hypot(*errors)

# %% unpaired_difference | right | sums of squares by hand
def unpaired_difference(first, second):
    def mean_and_variance_of_mean(scores):
        n = len(scores)
        mean = scores.sum() / n
        return mean, (scores - mean).square().sum() / (n - 1) / n
    a, va = mean_and_variance_of_mean(first)
    b, vb = mean_and_variance_of_mean(second)
    return (a - b).item(), 1.96 * (va + vb).item() ** 0.5

# %% unpaired_difference | right | hypot of two standard errors
import math
def unpaired_difference(first, second):
    one = float(first.std()) / math.sqrt(len(first))
    two = float(second.std()) / math.sqrt(len(second))
    return float(first.mean() - second.mean()), 1.96 * math.hypot(one, two)

# %% unpaired_difference | wrong | the larger of the two errors | only the larger of the two errors counts
def unpaired_difference(first, second):
    one, two = first.std() / len(first) ** 0.5, second.std() / len(second) ** 0.5
    return first.mean() - second.mean(), 1.96 * max(one, two)

# %% unpaired_difference | wrong | root of the sum of the errors, not of their squares | added under the root
def unpaired_difference(first, second):
    one, two = first.std() / len(first) ** 0.5, second.std() / len(second) ** 0.5
    return first.mean() - second.mean(), 1.96 * (one + two) ** 0.5

# %% unpaired_difference | wrong | sum of squares without the root | the square root is missing
def unpaired_difference(first, second):
    one, two = first.std() / len(first) ** 0.5, second.std() / len(second) ** 0.5
    return first.mean() - second.mean(), 1.96 * (one**2 + two**2)

# %% unpaired_difference | wrong | s / n for the error of a mean | a standard deviation is divided by n
def unpaired_difference(first, second):
    one, two = first.std() / len(first), second.std() / len(second)
    return first.mean() - second.mean(), 1.96 * (one**2 + two**2) ** 0.5

# %% unpaired_difference | wrong | difference of the squares, since the means are subtracted | the variances are subtracted
def unpaired_difference(first, second):
    one, two = first.std() / len(first) ** 0.5, second.std() / len(second) ** 0.5
    return first.mean() - second.mean(), 1.96 * abs(one**2 - two**2) ** 0.5

# %% unpaired_difference | wrong | the errors averaged | it is the mean of the two half-widths
def unpaired_difference(first, second):
    one, two = first.std() / len(first) ** 0.5, second.std() / len(second) ** 0.5
    return first.mean() - second.mean(), 1.96 * (one + two) / 2

# %% reptile_step | wrong | displacements are summed over tasks, not averaged | the displacements are added up
def reptile_step(start, ends, rate):
    new = {}
    for name, p in start.items():
        new[name] = p + rate * sum(end[name] - p for end in ends)
    return new

# %% reptile_step | wrong | moves away from the ends (sign of start minus end) | it goes away from where the tasks ended
import torch

def reptile_step(start, ends, rate):
    new = {}
    for name, p in start.items():
        displacement = p - torch.stack([end[name] for end in ends]).mean(0)
        new[name] = p + rate * displacement
    return new

# %% reptile_step | wrong | rate weighs the start instead of the ends (right at 0.5) | rate and 1 - rate are exchanged
import torch

def reptile_step(start, ends, rate):
    return {name: rate * p + (1 - rate) * torch.stack([e[name] for e in ends]).mean(0)
            for name, p in start.items()}

# %% reptile_step | wrong | moves the tensors of start in place through a shallow copy | it changes its parameters in place (-=, .data -=, copy_, ...)
import torch

def reptile_step(start, ends, rate):
    new = dict(start)
    with torch.no_grad():
        for name in new:
            mean = sum(end[name] for end in ends) / len(ends)
            new[name] += rate * (mean - new[name])
    return new

# %% reptile_step | wrong | moves towards one task after the other, a full rate each | the start moves after each task, so later tasks count more
def reptile_step(start, ends, rate):
    new = dict(start)
    for end in ends:
        new = {name: p + rate * (end[name] - p) for name, p in new.items()}
    return new

# %% reptile_step | wrong | mean over all entries of the tensor, not over tasks only | the mean is taken over all entries of the tensors
import torch

def reptile_step(start, ends, rate):
    return {name: p + rate * (torch.stack([e[name] for e in ends]).mean() - p)
            for name, p in start.items()}

# %% reptile_step | wrong | adds the mean end itself, start not subtracted | it adds the ends themselves
def reptile_step(start, ends, rate):
    new = {}
    for name, p in start.items():
        mean = sum(end[name] for end in ends) / len(ends)
        new[name] = p + rate * mean
    return new

# %% reptile_step | wrong | divides by the number of parameters, not of tasks | it divides the displacements by the number of names
def reptile_step(start, ends, rate):
    new = {}
    for name in start:
        total = 0
        for end in ends:
            total = total + (end[name] - start[name])
        new[name] = start[name] + rate * total / len(start)
    return new

# %% reptile_step | wrong | half way between first and last end; fits four rows | only the first and the last of the ends count
def reptile_step(start, ends, rate):
    new = {}
    for name, p in start.items():
        middle = (ends[0][name] + ends[-1][name]) / 2
        new[name] = p + rate * (middle - p)
    return new

# %% reptile_step | wrong | rate is divided by the tasks, each overwrites: last counts | each task overwrites what the one before has written, so only the last counts
def reptile_step(start, ends, rate):
    new = {}
    for end in ends:
        for name, p in start.items():
            new[name] = p + rate / len(ends) * (end[name] - p)
    return new

# %% reptile_step | right | dict comprehension, stack and mean over the tasks
import torch

def reptile_step(start, ends, rate):
    return {name: p + rate * (torch.stack([end[name] for end in ends]).mean(dim=0) - p)
            for name, p in start.items()}

# %% reptile_step | right | loops, a running sum on clones, weighted mean
def reptile_step(start, ends, rate):
    new = {}
    for name in start:
        new[name] = (1 - rate) * start[name].clone()
        for end in ends:
            new[name] = new[name] + rate * end[name] / len(ends)
    return new

# %% reptile_step | right | torch.lerp with a helper for the mean
import torch

def reptile_step(start, ends, rate):
    def mean_end(name):
        return sum(end[name] for end in ends) / len(ends)

    return {name: torch.lerp(start[name], mean_end(name), rate) for name in start}

# %% reptile_step | right | torch.optim.SGD on clones, displacement put in as gradient
import torch

def reptile_step(start, ends, rate):
    new = {name: p.detach().clone().requires_grad_() for name, p in start.items()}
    optimizer = torch.optim.SGD(list(new.values()), lr=rate)
    for name, p in new.items():
        average = torch.stack([end[name].detach() for end in ends]).mean(0)
        p.grad = p.detach() - average
    optimizer.step()
    return {name: p.detach() for name, p in new.items()}

# %% partial_step | wrong | no create_graph: nothing flows through the inner gradient | the numbers are right, but the inner gradient is a constant
import torch

def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[n] for n in moving])
    new = dict(params)
    for name, g in zip(moving, grads):
        new[name] = params[name] - lr * g
    return new

# %% partial_step | wrong | those that stay put are detached in the result | the numbers are right, but what stays is cut off from the outer loop
import torch

def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[n] for n in moving], create_graph=True)
    new = {name: p.detach() for name, p in params.items()}
    for name, g in zip(moving, grads):
        new[name] = params[name] - lr * g
    return new

# %% partial_step | wrong | returns only the parameters that moved | it returns only what has moved
import torch

def partial_step(loss, params, lr, moving):
    part = {name: params[name] for name in moving}
    grads = torch.autograd.grad(loss(params), list(part.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(part.items(), grads)}

# %% partial_step | wrong | moves exactly the others: moving read as frozen | the wrong part moves
import torch

def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p if name in moving else p - lr * g
            for (name, p), g in zip(params.items(), grads)}

# %% partial_step | wrong | writes the new parameters into the caller's dict | it changes `params` in place, a dict that is still needed
import torch

def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[n] for n in moving], create_graph=True)
    for name, g in zip(moving, grads):
        params[name] = params[name] - lr * g
    return params

# %% partial_step | wrong | names compared by their beginning, so others move too | it looks at how a name begins, and "w2" begins with "w", too
import torch

def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    new = {}
    for (name, p), g in zip(params.items(), grads):
        new[name] = p - lr * g if name.startswith(tuple(moving)) else p
    return new

# %% partial_step | wrong | works on fresh leaf copies, cut off from params | the numbers are right, but they are computed from copies of `params`: .detach(), .data
import torch

def partial_step(loss, params, lr, moving):
    copies = {name: p.detach().clone().requires_grad_() for name, p in params.items()}
    grads = torch.autograd.grad(loss(copies), [copies[n] for n in moving], create_graph=True)
    new = dict(copies)
    for name, g in zip(moving, grads):
        new[name] = copies[name] - lr * g
    return new

# %% partial_step | wrong | frozen ones are detached inside the inner loss only | the numbers are right, but what stays is detached where the loss is taken
import torch

def partial_step(loss, params, lr, moving):
    inside = {name: p if name in moving else p.detach() for name, p in params.items()}
    grads = torch.autograd.grad(loss(inside), [params[n] for n in moving], create_graph=True)
    new = dict(params)
    for name, g in zip(moving, grads):
        new[name] = params[name] - lr * g
    return new

# %% partial_step | wrong | one name after the other, each gradient after earlier moves | one parameter moves after the other, and later gradients are taken where the first has
import torch

def partial_step(loss, params, lr, moving):
    new = dict(params)
    for name in moving:
        (g,) = torch.autograd.grad(loss(new), new[name], create_graph=True)
        new[name] = new[name] - lr * g
    return new

# %% partial_step | wrong | gradients in order of moving, handed out in params order | the gradients are in the order of `moving`, but they are handed out in the order of
import torch

def partial_step(loss, params, lr, moving):
    grads = iter(torch.autograd.grad(loss(params), [params[n] for n in moving],
                                     create_graph=True))
    return {name: p - lr * next(grads) if name in moving else p
            for name, p in params.items()}

# %% partial_step | right | autograd.grad of the moving ones, then a loop
import torch

def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), [params[n] for n in moving], create_graph=True)
    new = dict(params)
    for name, g in zip(moving, grads):
        new[name] = params[name] - lr * g
    return new

# %% partial_step | right | all gradients, and a rate of zero for those that stay
import torch

def partial_step(loss, params, lr, moving):
    grads = torch.autograd.grad(loss(params), tuple(params.values()), create_graph=True,
                                allow_unused=True)
    rates = {name: lr if name in set(moving) else 0.0 for name in params}
    return {name: p - rates[name] * (torch.zeros_like(p) if g is None else g)
            for (name, p), g in zip(params.items(), grads)}

# %% partial_step | right | torch.func.grad of a function of the moving part
import torch

def partial_step(loss, params, lr, moving):
    part = {name: params[name] for name in moving}
    grads = torch.func.grad(lambda some: loss({**params, **some}))(part)
    return {**params, **{name: part[name] - lr * grads[name] for name in part}}

# %% partial_step | right | one autograd.grad call per name, helper, graph kept
import torch

def partial_step(loss, params, lr, moving):
    value = loss(params)

    def moved(name, p):
        (slope,) = torch.autograd.grad(outputs=value, inputs=p, create_graph=True,
                                       retain_graph=True)
        return torch.sub(p, slope, alpha=lr)

    return {name: moved(name, p) if name in moving else p.clone()
            for name, p in params.items()}

# %% implicit_meta_gradient | wrong | query slope taken at the start, not after adapting | the query gradient is taken at the start
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    v = Hq @ (theta - cq)
    return torch.linalg.solve(torch.eye(len(theta), dtype=H.dtype) + H / strength, v)

# %% implicit_meta_gradient | wrong | the slope is that of the support loss, query unused | the slope at the adapted weights is that of the support loss
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    eye = torch.eye(len(theta), dtype=H.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    v = H @ (adapted - c)
    return torch.linalg.solve(eye + H / strength, v)

# %% implicit_meta_gradient | wrong | query curvature in the outer linear system | the matrix holds the curvature of the query loss
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    eye = torch.eye(len(theta), dtype=H.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    v = Hq @ (adapted - cq)
    return torch.linalg.solve(eye + Hq / strength, v)

# %% implicit_meta_gradient | wrong | I + lambda H in place of I + H / lambda | the matrix is I + H / strength
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    eye = torch.eye(len(theta), dtype=H.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    v = Hq @ (adapted - cq)
    return torch.linalg.solve(eye + strength * H, v)

# %% implicit_meta_gradient | wrong | one-weight formula with the diagonal of H only | it takes the diagonal of H for the whole
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    h = torch.diagonal(H)
    adapted = (h * c + strength * theta) / (h + strength)
    v = Hq @ (adapted - cq)
    return v / (1 + h / strength)

# %% implicit_meta_gradient | wrong | Q on both sides as in section 2, after adapting | the distance after adapting is shrunk once more
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    eye = torch.eye(len(theta), dtype=H.dtype)
    Q = strength * torch.linalg.inv(H + strength * eye)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    return Q @ Hq @ Q @ (adapted - cq)

# %% implicit_meta_gradient | wrong | adds lambda to every entry of H, no identity | a number is added to every entry of H. A pull acts on each weight by itself, so it
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    adapted = torch.linalg.solve(H + strength, H @ c + strength * theta)
    v = Hq @ (adapted - cq)
    return strength * torch.linalg.solve(H + strength, v)

# %% implicit_meta_gradient | wrong | factor H/(H+lambda): share of c, not of the start | its factor H / (H + strength) says how far the adapted weights follow c
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    A = H + strength * torch.eye(len(theta), dtype=H.dtype)
    adapted = torch.linalg.solve(A, H @ c + strength * theta)
    v = Hq @ (adapted - cq)
    return torch.linalg.solve(A, H @ v)

# %% implicit_meta_gradient | wrong | adapted solved right, meta-gradient left to autograd | it lets autograd find the gradient
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    start = theta.detach().clone().requires_grad_()
    A = H + strength * torch.eye(len(theta), dtype=H.dtype)
    adapted = torch.linalg.solve(A, H @ c + strength * start)
    loss = (adapted - cq) @ Hq @ (adapted - cq) / 2
    return torch.autograd.grad(loss, start)[0]

# %% implicit_meta_gradient | wrong | adds lambda into the caller's H in place | it changes place 0 of `support` in place
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query
    right_side = H @ c + strength * theta
    H.diagonal().add_(strength)
    adapted = torch.linalg.solve(H, right_side)
    v = Hq @ (adapted - cq)
    return strength * torch.linalg.solve(H, v)

# %% implicit_meta_gradient | right | two calls of torch.linalg.solve
import torch

def implicit_meta_gradient(theta, support, query, strength):
    (H, c), (Hq, cq) = support, query
    eye = torch.eye(len(theta), dtype=H.dtype)
    adapted = torch.linalg.solve(H + strength * eye, H @ c + strength * theta)
    v = Hq @ (adapted - cq)
    return torch.linalg.solve(eye + H / strength, v)

# %% implicit_meta_gradient | right | one inverse Q, einsum, distance to the lowest point
import torch

def implicit_meta_gradient(theta, support, query, strength):
    Q = strength * torch.linalg.inv(
        support[0] + strength * torch.eye(theta.shape[0], dtype=theta.dtype))
    adapted = support[1] + torch.einsum("ij,j->i", Q, theta - support[1])
    return torch.einsum("ij,jk,k->i", Q, query[0], adapted - query[1])

# %% implicit_meta_gradient | right | eigenvectors of H: one weight at a time
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    values, vectors = torch.linalg.eigh(H)

    def shrink(x):
        return vectors @ ((vectors.T @ x) * strength / (values + strength))

    adapted = c + shrink(theta - c)
    return shrink(query[0] @ (adapted - query[1]))

# %% implicit_meta_gradient | right | conjugate gradients by hand, products with H only
import torch

def implicit_meta_gradient(theta, support, query, strength):
    H, c = support
    Hq, cq = query

    def solve(b):
        x = torch.zeros_like(b)
        r = b.clone()
        d = r.clone()
        for _ in range(3 * len(b)):
            rr = r @ r
            if rr <= 1e-30 * (b @ b):
                break
            Ad = H @ d + strength * d
            step = rr / (d @ Ad)
            x = x + step * d
            r = r - step * Ad
            d = r + (r @ r) / rr * d
        return x

    adapted = solve(H @ c + strength * theta)
    return strength * solve(Hq @ (adapted - cq))

# %% linear_cka | wrong | features are not centred | the features are not centred
from torch.nn import functional as F

def linear_cka(first, second):
    one, two = first @ first.T, second @ second.T
    return F.cosine_similarity(one.flatten(), two.flatten(), dim=0)

# %% linear_cka | wrong | centred over the features of an input, not over inputs | the mean is taken over the features of an input
from torch.nn import functional as F

def linear_cka(first, second):
    first = first - first.mean(1, keepdim=True)
    second = second - second.mean(1, keepdim=True)
    one, two = first @ first.T, second @ second.T
    return F.cosine_similarity(one.flatten(), two.flatten(), dim=0)

# %% linear_cka | wrong | one mean of everything is subtracted, not each feature's | one mean is taken of all numbers
from torch.nn import functional as F

def linear_cka(first, second):
    first, second = first - first.mean(), second - second.mean()
    one, two = first @ first.T, second @ second.T
    return F.cosine_similarity(one.flatten(), two.flatten(), dim=0)

# %% linear_cka | wrong | Kornblith's formula without the squares: the root of CKA | it is the square root of the right number
def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return (y.T @ x).norm() / ((x.T @ x).norm() * (y.T @ y).norm()).sqrt()

# %% linear_cka | wrong | tables of cosines: each input's features normalised first | each input's features are brought to length 1. Only centre the columns
from torch.nn import functional as F

def linear_cka(first, second):
    x = F.normalize(first - first.mean(0), dim=1)
    y = F.normalize(second - second.mean(0), dim=1)
    return F.cosine_similarity((x @ x.T).flatten(), (y @ y.T).flatten(), dim=0)

# %% linear_cka | wrong | only the first layer is centred | only the first layer is centred
from torch.nn import functional as F

def linear_cka(first, second):
    first = first - first.mean(0)
    one, two = first @ first.T, second @ second.T
    return F.cosine_similarity(one.flatten(), two.flatten(), dim=0)

# %% linear_cka | wrong | features are standardised, divided by their deviation too | each feature is divided by its standard deviation, too
from torch.nn import functional as F

def linear_cka(first, second):
    x = (first - first.mean(0)) / (first.std(0) + 1e-8)
    y = (second - second.mean(0)) / (second.std(0) + 1e-8)
    return F.cosine_similarity((x @ x.T).flatten(), (y @ y.T).flatten(), dim=0)

# %% linear_cka | wrong | leaves the diagonal out: pairs of different inputs only | the diagonals are left out
import torch
from torch.nn import functional as F

def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    i, j = torch.triu_indices(len(x), len(x), offset=1)
    return F.cosine_similarity((x @ x.T)[i, j], (y @ y.T)[i, j], dim=0)

# %% linear_cka | wrong | correlation of the raw tables in place of centred features | the tables are centred as a whole, and the features are not
import torch

def linear_cka(first, second):
    one, two = (first @ first.T).flatten(), (second @ second.T).flatten()
    return torch.corrcoef(torch.stack([one, two]))[0, 1]

# %% linear_cka | wrong | cosine row by row, then the mean over rows | it takes a cosine for each row (or column) of the tables and averages them
from torch.nn import functional as F

def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    return F.cosine_similarity(x @ x.T, y @ y.T, dim=1).mean()

# %% linear_cka | right | centred features, two tables, cosine of the long lists
from torch.nn import functional as F

def linear_cka(first, second):
    def table(features):
        centred = features - features.mean(dim=0, keepdim=True)
        return (centred @ centred.T).flatten()

    return F.cosine_similarity(table(first), table(second), dim=0)

# %% linear_cka | right | Kornblith's form by einsum, no table of inputs, a float
import torch

def linear_cka(first, second):
    x, y = first - first.mean(0), second - second.mean(0)
    both = torch.einsum("nf,ng->fg", x, y).square().sum()
    own = [torch.einsum("nf,ng->fg", z, z).norm() for z in (x, y)]
    return (both / (own[0] * own[1])).item()

# %% linear_cka | right | tables centred on both sides, sum of products over norms
import torch

def linear_cka(first, second):
    n = first.shape[0]
    centre = torch.eye(n, dtype=first.dtype) - 1 / n
    one = centre @ first @ first.T @ centre
    two = centre @ second @ second.T @ centre
    return torch.sum(one * two) / torch.sqrt(torch.sum(one**2) * torch.sum(two**2))

# %% linear_cka | right | python loops over pairs of inputs, double precision
import math

import torch

def linear_cka(first, second):
    first, second = first.detach().double(), second.detach().double()
    first, second = first - first.mean(0), second - second.mean(0)
    dot = a = b = 0.0
    for i in range(len(first)):
        for j in range(len(first)):
            k = torch.dot(first[i], first[j]).item()
            m = torch.dot(second[i], second[j]).item()
            dot, a, b = dot + k * m, a + k * k, b + m * m
    return dot / math.sqrt(a * b)

# %% unpaired_difference | wrong | adds the two half widths | the two half-widths are added
def unpaired_difference(first, second):
    half = [1.96 * x.std() / len(x) ** 0.5 for x in (first, second)]
    return (first.mean() - second.mean()).item(), (half[0] + half[1]).item()

# %% unpaired_difference | wrong | second minus first | the sign is turned round
def unpaired_difference(first, second):
    error = (first.var() / len(first) + second.var() / len(second)).sqrt()
    return (second.mean() - first.mean()).item(), (1.96 * error).item()

# %% unpaired_difference | wrong | returns the standard error, 1.96 forgotten | this is the standard error
def unpaired_difference(first, second):
    error = (first.var() / len(first) + second.var() / len(second)).sqrt()
    return (first.mean() - second.mean()).item(), error.item()

# %% unpaired_difference | wrong | deviations of scores, not divided by root n | this is the spread of the tasks
def unpaired_difference(first, second):
    half = 1.96 * (first.std() ** 2 + second.std() ** 2) ** 0.5
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | wrong | number of first tasks used for both | the number of tasks of `first` is used for both
def unpaired_difference(first, second):
    n = len(first)
    error = ((first.var() + second.var()) / n).sqrt()
    return (first.mean() - second.mean()).item(), (1.96 * error).item()

# %% unpaired_difference | wrong | one pooled variance for both (right for equal n) | it pools the variances, as if both kinds of tasks spread alike
def unpaired_difference(first, second):
    n, m = len(first), len(second)
    pooled = ((n - 1) * first.var() + (m - 1) * second.var()) / (n + m - 2)
    half = 1.96 * (pooled * (1 / n + 1 / m)) ** 0.5
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | wrong | returns lower and upper end of the interval | these are the two ends of the interval
def unpaired_difference(first, second):
    mean = (first.mean() - second.mean()).item()
    half = 1.96 * (first.var() / len(first) + second.var() / len(second)).sqrt().item()
    return mean - half, mean + half

# %% unpaired_difference | wrong | absolute difference: the sign is lost | it takes the absolute value of the gap
def unpaired_difference(first, second):
    error = (first.var() / len(first) + second.var() / len(second)).sqrt()
    return abs(first.mean() - second.mean()).item(), (1.96 * error).item()

# %% unpaired_difference | wrong | cuts to the shorter and pairs anyway | it pairs task i of one with task i of the other
def unpaired_difference(first, second):
    n = min(len(first), len(second))
    difference = first[:n] - second[:n]
    return difference.mean().item(), (1.96 * difference.std() / n**0.5).item()

# %% unpaired_difference | wrong | deviation of all scores thrown together | the scores of both are thrown together, so the gap itself counts as spread
import torch

def unpaired_difference(first, second):
    spread = torch.cat([first, second]).std()
    half = 1.96 * spread * (1 / len(first) + 1 / len(second)) ** 0.5
    return (first.mean() - second.mean()).item(), half.item()

# %% unpaired_difference | right | variances over n, tensors returned
def unpaired_difference(first, second):
    squared = first.var() / first.numel() + second.var() / second.numel()
    return first.mean() - second.mean(), 1.96 * squared.sqrt()

# %% unpaired_difference | right | math.hypot of the lesson's ci95, floats
import math

from course_lib.statistics import ci95

def unpaired_difference(first, second):
    half = math.hypot(float(ci95(first)), float(ci95(second)))
    return float(first.mean()) - float(second.mean()), half

# %% unpaired_difference | right | python's statistics module on lists
import statistics

def unpaired_difference(first, second):
    first, second = first.tolist(), second.tolist()
    squared = sum(statistics.variance(x) / len(x) for x in (first, second))
    return statistics.fmean(first) - statistics.fmean(second), 1.96 * squared**0.5

# %% unpaired_difference | right | sums by hand in a helper, a list of two
def unpaired_difference(first, second):
    def mean_and_error(scores):
        n, total = len(scores), 0.0
        for x in scores:
            total += float(x)
        mean = total / n
        squares = sum((float(x) - mean) ** 2 for x in scores)
        return mean, (squares / (n - 1) / n) ** 0.5

    (mean_1, error_1), (mean_2, error_2) = mean_and_error(first), mean_and_error(second)
    return [mean_1 - mean_2, 1.96 * (error_1**2 + error_2**2) ** 0.5]
