# %% inner_step | wrong | create_graph forgotten, so the gradient is a constant: first order | first order by accident
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()))
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

# %% inner_step | wrong | plus sign: climbs instead of descends | goes *up* the slope
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p + lr * g for (name, p), g in zip(params.items(), grads)}

# %% inner_step | wrong | the inner learning rate is forgotten | rate is not used
def inner_step(loss, params, lr):
    grads = torch.func.grad(loss)(params)
    return {name: params[name] - grads[name] for name in params}

# %% inner_step | wrong | changes the params in place through .data | in place (-=, .data
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    for p, g in zip(params.values(), grads):
        p.data -= lr * g.data
    return params

# %% inner_step | wrong | the update is under no_grad, so the result is a copy without a graph | on a copy makes a new start
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    new = {}
    with torch.no_grad():
        for (name, p), g in zip(params.items(), grads):
            new[name] = p - lr * g
    for p in new.values():
        p.requires_grad_()
    return new

# %% inner_step | wrong | starts from detached clones, so nothing reaches params | step was taken from a *copy* of the start
def inner_step(loss, params, lr):
    start = {name: p.detach().clone().requires_grad_() for name, p in params.items()}
    grads = torch.autograd.grad(loss(start), list(start.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(start.items(), grads)}

# %% inner_step | wrong | backward() fills and adds up .grad of params, nothing for a second step (p.grad is None) | it calls .backward(), which adds to the .grad
def inner_step(loss, params, lr):
    loss(params).backward(create_graph=True)
    return {name: p - lr * p.grad for name, p in params.items()}

# %% inner_step | wrong | graph is kept but the gradient is detached before use | or the gradient was detached
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    new = {}
    for (name, p), g in zip(params.items(), grads):
        new[name] = p - lr * g.detach()
    return new

# %% inner_step | wrong | returns the gradients, not the new parameters | this is the gradient
def inner_step(loss, params, lr):
    return torch.func.grad(loss)(params)

# %% inner_step | wrong | writes the new tensors into the argument dict | it changes `params` in place, a dict that is still needed
def inner_step(loss, params, lr):
    grads = torch.func.grad(loss)(params)
    for name in params:
        params[name] = params[name] - lr * grads[name]
    return params

# %% inner_step | wrong | one parameter after the other: later gradients are taken at already moved parameters | moved after the other
def inner_step(loss, params, lr):
    new = dict(params)
    for name in params:
        (g,) = torch.autograd.grad(loss(new), new[name], create_graph=True)
        new[name] = new[name] - lr * g
    return new

# %% inner_step | wrong | clips the gradient, so it is another step where gradients are large | clipped, or scaled
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g.clamp(-10, 10) for (name, p), g in zip(params.items(), grads)}

# %% inner_step | wrong | sorted names against unsorted gradients: order mixed up | gets the gradient of *another* one
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: params[name] - lr * g for name, g in zip(sorted(params), grads)}

# %% inner_step | wrong | the new start is detached through the parameter: only the gradient's path is left | the start is a constant in the result
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p.detach() - lr * g for (name, p), g in zip(params.items(), grads)}

# %% inner_step | right | autograd.grad and a comprehension
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

# %% inner_step | right | torch.func.grad, terse
def inner_step(loss, params, lr):
    grads = torch.func.grad(loss)(params)
    return {name: params[name] - lr * grads[name] for name in params}

# %% inner_step | right | a verbose loop, one gradient for each parameter of one loss value
def inner_step(loss, params, lr):
    value = loss(params)
    adapted = {}
    for name, parameter in params.items():
        (slope_here,) = torch.autograd.grad(value, parameter, create_graph=True, allow_unused=True)
        if slope_here is None:  # the loss does not depend on it
            slope_here = torch.zeros_like(parameter)
        adapted[name] = parameter - lr * slope_here
    return adapted

# %% inner_step | right | torch.func.vjp
def inner_step(loss, params, lr):
    value, pull_back = torch.func.vjp(loss, params)
    (grads,) = pull_back(torch.ones_like(value))
    return {name: p - lr * grads[name] for name, p in params.items()}

# %% inner_step | right | grad_and_value with torch.sub(alpha)
from torch.func import grad_and_value

def inner_step(loss, params, lr):
    grads, _ = grad_and_value(loss)(dict(params))
    return dict((name, torch.sub(p, grads[name], alpha=lr)) for name, p in params.items())

# %% inner_step | wrong | uses the lesson's 0.01 and ignores the argument lr | 0.01 stands in the place of `lr`
import torch

def inner_step(loss, params, lr):
    ALPHA = 0.01
    gradients = torch.func.grad(loss)(params)
    return {name: p - ALPHA * gradients[name] for name, p in params.items()}

# %% quadratic_meta_gradient | wrong | the factor is missing: first order | factor I - lr H is missing
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    for _ in range(steps):
        theta = theta - lr * H @ (theta - c)
    Hq, cq = query
    return Hq @ (theta - cq)

# %% quadratic_meta_gradient | wrong | the factor only once although there are several steps | multiply `steps` times
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    for _ in range(steps):
        theta = theta - lr * H @ (theta - c)
    v = query[0] @ (theta - query[1])
    return v - lr * H @ v

# %% quadratic_meta_gradient | wrong | plus in the factor: I + lr H | I *minus* lr H
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    eye = torch.eye(len(theta), dtype=theta.dtype)
    moved = theta
    for _ in range(steps):
        moved = moved - lr * H @ (moved - c)
    return torch.linalg.matrix_power(eye + lr * H, steps) @ (query[0] @ (moved - query[1]))

# %% quadratic_meta_gradient | wrong | the factor holds the H of the query loss instead of support | curvature of the query loss
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    Hs, cs = support
    Hq, cq = query
    moved = theta
    for _ in range(steps):
        moved = moved - lr * Hs @ (moved - cs)
    v = Hq @ (moved - cq)
    for _ in range(steps):
        v = v - lr * Hq @ v
    return v

# %% quadratic_meta_gradient | wrong | uses autograd where the docstring says none | they are autograd's
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    start = theta.detach().clone().requires_grad_()
    moved = start
    for _ in range(steps):
        moved = moved - lr * support[0] @ (moved - support[1])
    d = moved - query[1]
    (g,) = torch.autograd.grad(d @ query[0] @ d / 2, start)
    return g

# %% quadratic_meta_gradient | wrong | query gradient at the start, not at the adapted parameters | at the wrong point: at the start
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    v = query[0] @ (theta - query[1])
    for _ in range(steps):
        v = v - lr * support[0] @ v
    return v

# %% quadratic_meta_gradient | wrong | moves theta in place, the argument changes | changes `theta` in place
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    for _ in range(steps):
        theta -= lr * H @ (theta - c)
    v = query[0] @ (theta - query[1])
    for _ in range(steps):
        v = v - lr * H @ v
    return v

# %% quadratic_meta_gradient | wrong | support and query swapped | are exchanged
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = query
    moved = theta
    for _ in range(steps):
        moved = moved - lr * H @ (moved - c)
    v = support[0] @ (moved - support[1])
    for _ in range(steps):
        v = v - lr * H @ v
    return v

# %% quadratic_meta_gradient | wrong | adapts one step only, steps counts for the factor alone | a single adaptation step
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    factor = torch.eye(len(theta), dtype=theta.dtype) - lr * H
    moved = theta - lr * H @ (theta - c)
    return torch.linalg.matrix_power(factor, steps) @ query[0] @ (moved - query[1])

# %% quadratic_meta_gradient | wrong | 1 - lr H instead of identity matrix: one is taken off every entry | I is the identity matrix
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    moved = theta
    for _ in range(steps):
        moved = moved - lr * H @ (moved - c)
    v = query[0] @ (moved - query[1])
    for _ in range(steps):
        v = (1 - lr * H) @ v
    return v

# %% quadratic_meta_gradient | wrong | power of the factor taken by entry (**), not matrix power | ** takes the power of each entry
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    moved = theta
    for _ in range(steps):
        moved = moved - lr * H @ (moved - c)
    factor = torch.eye(len(theta), dtype=theta.dtype) - lr * H
    return factor ** steps @ (query[0] @ (moved - query[1]))

# %% quadratic_meta_gradient | wrong | factor I - steps lr H: powers of the factor are not a sum | not I - steps * lr H
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    moved = theta
    for _ in range(steps):
        moved = moved - lr * H @ (moved - c)
    v = query[0] @ (moved - query[1])
    return v - steps * lr * (H @ v)

# %% quadratic_meta_gradient | wrong | the half of the loss is kept in its gradient | the half in front of the loss is kept
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    def gradient(part, at):
        H, c = part
        return H @ (at - c) / 2

    moved = theta
    for _ in range(steps):
        moved = moved - lr * gradient(support, moved)
    v = gradient(query, moved)
    for _ in range(steps):
        v = v - lr * support[0] @ v
    return v

# %% quadratic_meta_gradient | wrong | casts everything to float32, the result has another dtype and fewer digits | computes in float32
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = (t.float() for t in support)
    Hq, cq = (t.float() for t in query)
    moved = theta.float()
    for _ in range(steps):
        moved = moved - lr * H @ (moved - c)
    factor = torch.linalg.matrix_power(torch.eye(len(c)) - lr * H, steps)
    return factor @ Hq @ (moved - cq)

# %% quadratic_meta_gradient | right | two loops, forward and back
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    adapted = theta
    for _ in range(steps):
        adapted = adapted - lr * (H @ (adapted - c))
    gradient = query[0] @ (adapted - query[1])
    for _ in range(steps):
        gradient = gradient - lr * (H @ gradient)
    return gradient

# %% quadratic_meta_gradient | right | closed form with matrix_power
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    (H, c), (Hq, cq) = support, query
    factor = torch.linalg.matrix_power(torch.eye(len(c), dtype=H.dtype, device=H.device) - lr * H, steps)
    return factor @ Hq @ (c + factor @ (theta - c) - cq)

# %% quadratic_meta_gradient | right | recursion over the steps
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    if steps == 0:
        return query[0].mv(theta - query[1])
    H, c = support
    inner = quadratic_meta_gradient(theta - lr * H.mv(theta - c), support, query, lr, steps - 1)
    return inner - lr * H.mv(inner)

# %% quadratic_meta_gradient | right | carries the Jacobian of the adapted parameters along
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    jacobian = torch.eye(theta.shape[0], dtype=theta.dtype, device=theta.device)
    moved = theta.clone()
    for _ in range(steps):
        moved = moved - lr * torch.einsum("ij,j->i", H, moved - c)
        jacobian = jacobian - lr * torch.einsum("ij,jk->ik", H, jacobian)
    v = torch.einsum("ij,j->i", query[0], moved - query[1])
    return torch.einsum("ki,k->i", jacobian, v)

# %% quadratic_meta_gradient | right | helpers, row vectors from the left
def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    slope_at = lambda part, at: (at - part[1]) @ part[0]
    path = [theta]
    for _ in range(steps):
        path.append(path[-1] - lr * slope_at(support, path[-1]))
    row = slope_at(query, path.pop())
    while path:
        path.pop()
        row = row - lr * (row @ support[0])
    return row

# %% quadratic_meta_gradient | wrong | several steps as one long step, I - steps alpha H | one step of `steps` times the length
import torch

def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    (H, c), (Q, q) = support, query
    factor = torch.eye(theta.shape[0], dtype=theta.dtype) - steps * lr * H
    adapted = c + factor @ (theta - c)
    return factor @ (Q @ (adapted - q))

# %% quadratic_meta_gradient | wrong | default of steps dropped from the signature | Keep the default
import torch

def quadratic_meta_gradient(theta, support, query, lr, steps):
    (H, c), (Q, q) = support, query
    for _ in range(steps):
        theta = theta - lr * H @ (theta - c)
    gradient = Q @ (theta - q)
    for _ in range(steps):
        gradient = gradient - lr * H @ gradient
    return gradient

# %% quadratic_meta_gradient | wrong | adapts towards zero: forgets c in the step | the c of the support loss is forgotten
import torch

def quadratic_meta_gradient(theta, support, query, lr, steps=1):
    H, c = support
    Q, q = query
    factor = torch.eye(len(theta), dtype=theta.dtype) - lr * H
    power = torch.linalg.matrix_power(factor, steps)
    return power @ (Q @ (power @ theta - q))

# %% maml_outer_step | wrong | create_graph forgotten in the inner step: first order | this is the first-order step
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()))
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | sum over tasks instead of the mean | Take their mean
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | never goes back to the start: each task begins where the last one ended | adapted weights of the task before it
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses, adapted = [], params
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | outer loss on the support set instead of query | taken on the support set
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, sx), sy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | adapts on the query set | query set is used in the inner loop
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, qx), qy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | the two learning rates mixed up: inner_lr moves the start | inner_lr moves the start too
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - inner_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | the new start is not detached, it remembers how it came about (the graph) | still hang on the graph
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: p - outer_lr * g for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | the new start does not require gradients | do not require gradients
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | changes params in place and gives them back | in place (-=
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    with torch.no_grad():
        for p, g in zip(params.values(), grads):
            p -= outer_lr * g
    return params, loss.detach()

# %% maml_outer_step | wrong | gives the loss after the outer step, not before | *after* the outer step
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    after = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = new
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        after.append(F.mse_loss(network(adapted, qx), qy))
    return new, torch.stack(after).mean().detach()

# %% maml_outer_step | wrong | moves the adapted weights of the last task, not the start | taken from adapted weights
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(adapted.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | backward() adds to .grad, which is never cleared | gradients are left over
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    loss.backward()
    new = {name: (p - outer_lr * p.grad).detach().requires_grad_() for name, p in params.items()}
    return new, loss.detach()

# %% maml_outer_step | wrong | squeezed prediction against a target [n, 1]: broadcast to n by n, wrong shape | compared with *every* target
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx).squeeze(-1), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | an outer step after every task, not one of the meta-batch | moved after every task
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    start, losses = params, []
    for i in range(len(episode.support_x)):
        adapted = start
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, episode.support_x[i]), episode.support_y[i]), adapted, inner_lr)
        loss = F.mse_loss(network(adapted, episode.query_x[i]), episode.query_y[i])
        grads = torch.autograd.grad(loss, list(start.values()))
        start = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(start.items(), grads)}
        losses.append(loss.detach())
    return start, torch.stack(losses).mean()

# %% maml_outer_step | right | list of losses, stack and mean, own inner step
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = torch.stack(losses).mean()
    grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | right | torch.func.grad outside and inside
from torch.func import grad, grad_and_value

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    def outer_loss(start):
        total = 0.0
        for i in range(len(episode.support_x)):
            adapted = start
            for _ in range(steps):
                slopes = grad(lambda p: F.mse_loss(network(p, episode.support_x[i]), episode.support_y[i]))(adapted)
                adapted = {name: adapted[name] - inner_lr * slopes[name] for name in start}
            total = total + F.mse_loss(network(adapted, episode.query_x[i]), episode.query_y[i])
        return total / len(episode.support_x)

    grads, loss = grad_and_value(outer_loss)({name: p.detach() for name, p in params.items()})
    return {name: (params[name] - outer_lr * grads[name]).detach().requires_grad_() for name in params}, loss.detach()

# %% maml_outer_step | right | one task at a time, gradients summed up to save memory
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    tasks = episode.support_x.shape[0]
    total_loss = 0
    totals = {name: torch.zeros_like(p) for name, p in params.items()}
    for task in range(tasks):
        def support(p):
            return F.mse_loss(network(p, episode.support_x[task]), episode.support_y[task])

        adapted = params
        for _ in range(steps):
            adapted = inner_step(support, adapted, inner_lr)
        loss = F.mse_loss(network(adapted, episode.query_x[task]), episode.query_y[task])
        grads = torch.autograd.grad(loss, tuple(params.values()), allow_unused=True)
        for name, g in zip(params, grads):
            if g is not None:
                totals[name] += g / tasks
        total_loss += loss.detach() / tasks
    new = {}
    for name, p in params.items():
        new[name] = (p.detach() - outer_lr * totals[name]).requires_grad_()
    return new, total_loss

# %% maml_outer_step | right | vmap over the tasks
def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    def after_adapting(start, sx, sy, qx, qy):
        adapted = start
        for _ in range(steps):
            slopes = torch.func.grad(lambda p: F.mse_loss(network(p, sx), sy))(adapted)
            adapted = {name: p - inner_lr * slopes[name] for name, p in adapted.items()}
        return F.mse_loss(network(adapted, qx), qy)

    each = torch.func.vmap(after_adapting, in_dims=(None, 0, 0, 0, 0))
    loss = each(params, episode.support_x, episode.support_y, episode.query_x, episode.query_y).mean()
    grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
    with torch.no_grad():
        new = {name: p - outer_lr * g for (name, p), g in zip(params.items(), grads)}
    return {name: p.requires_grad_() for name, p in new.items()}, loss.detach()

# %% maml_outer_step | right | backward on fresh leaves and torch.optim.SGD on them
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    start = {name: p.detach().clone().requires_grad_() for name, p in params.items()}
    optimizer = torch.optim.SGD(list(start.values()), lr=outer_lr)
    losses = []
    for i in range(episode.query_x.size(0)):
        x, y = episode.support_x[i], episode.support_y[i]
        adapted = start
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, x), y), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, episode.query_x[i]), episode.query_y[i]))
    loss = sum(losses) / len(losses)
    loss.backward()
    optimizer.step()
    return {name: p.detach().clone().requires_grad_() for name, p in start.items()}, loss.detach()

# %% maml_outer_step | wrong | one step only, `steps` is not looked at | right for steps = 1
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), params, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | every step of the loop starts from params again | right for steps = 1
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), params, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | one step before the loop and `steps` in it | one adaptation step too many
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), params, inner_lr)
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | range(steps - 1) | one adaptation step too few
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps - 1):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | one step that is `steps` times as long | `steps` times the length
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), params, steps * inner_lr)
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | query loss after every step added up | after every step are added up
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
            losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / episode.n_tasks
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | query loss after every step, mean of all | after every step are averaged
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
            losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | adapted weights are cut off between the steps | no connection to `params`
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
            adapted = {n: p.detach().requires_grad_() for n, p in adapted.items()}
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | only the last step keeps its graph: gradients of the others are detached | through the last step alone
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for k in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            grads = torch.autograd.grad(loss, list(adapted.values()), create_graph=k == steps - 1, retain_graph=True)
            adapted = {n: p - inner_lr * g for (n, p), g in zip(adapted.items(), grads)}
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | gradient of every step taken at the start, so the steps add up to a long one | `steps` times the length
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        grads = torch.autograd.grad(F.mse_loss(network(params, sx), sy), list(params.values()), create_graph=True)
        for _ in range(steps):
            adapted = {n: p - inner_lr * g for (n, p), g in zip(adapted.items(), grads)}
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | `steps` outer steps with one adaptation step each | *outer* steps
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    for _ in range(steps):
        loss = 0
        for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), params, inner_lr)
            loss = loss + F.mse_loss(network(adapted, qx), qy) / episode.n_tasks
        grads = torch.autograd.grad(loss, list(params.values()))
        params = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return params, loss.detach()

# %% maml_outer_step | wrong | the weights of the task before are adapted further, steps and all | adapted weights of the task before it
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    adapted, loss = params, 0
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        for _ in range(steps):
            adapted = inner_step(lambda p: F.mse_loss(network(p, sx), sy), adapted, inner_lr)
        loss = loss + F.mse_loss(network(adapted, qx), qy) / episode.n_tasks
    grads = torch.autograd.grad(loss, list(params.values()))
    return {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}, loss.detach()

# %% maml_outer_step | wrong | first order in every step | this is the first-order step
def inner_step(loss, params, lr):
    grads = torch.autograd.grad(loss(params), list(params.values()), create_graph=True, materialize_grads=True)
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads)}

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            slopes = torch.autograd.grad(F.mse_loss(network(adapted, sx), sy), list(adapted.values()), retain_graph=True)
            adapted = {n: p - inner_lr * g for (n, p), g in zip(adapted.items(), slopes)}
        losses.append(F.mse_loss(network(adapted, qx), qy))
    loss = sum(losses) / len(losses)
    grads = torch.autograd.grad(loss, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_() for (name, p), g in zip(params.items(), grads)}
    return new, loss.detach()

# %% maml_outer_step | wrong | next task starts where the last one ended | each task starts from the adapted weights
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    names, total = list(params), 0.0
    adapted = params
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {n: adapted[n] - inner_lr * d for n, d in zip(names, g)}
        total = total + F.mse_loss(network(adapted, qx), qy)
    outer = total / len(episode.support_x)
    g = torch.autograd.grad(outer, list(params.values()))
    new = {n: (params[n] - outer_lr * d).detach().requires_grad_() for n, d in zip(names, g)}
    return new, outer.detach()

# %% maml_outer_step | wrong | each step begins at params: more steps change nothing | it is right for steps = 1
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    names, total = list(params), 0.0
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            loss = F.mse_loss(network(params, sx), sy)
            g = torch.autograd.grad(loss, list(params.values()), create_graph=True)
            adapted = {n: params[n] - inner_lr * d for n, d in zip(names, g)}
        total = total + F.mse_loss(network(adapted, qx), qy)
    outer = total / len(episode.support_x)
    g = torch.autograd.grad(outer, list(params.values()))
    new = {n: (params[n] - outer_lr * d).detach().requires_grad_() for n, d in zip(names, g)}
    return new, outer.detach()

# %% maml_outer_step | wrong | moves along sum over tasks, reports the mean | the gradient of the *sum* over tasks
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    names, total = list(params), 0.0
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {n: adapted[n] - inner_lr * d for n, d in zip(names, g)}
        total = total + F.mse_loss(network(adapted, qx), qy)
    g = torch.autograd.grad(total, list(params.values()))
    new = {n: (params[n] - outer_lr * d).detach().requires_grad_() for n, d in zip(names, g)}
    return new, (total / len(episode.support_x)).detach()

# %% maml_outer_step | wrong | first order: gradient with respect to the adapted weights | this is the first-order step
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    names = list(params)
    n_tasks = len(episode.support_x)
    sums = {n: torch.zeros_like(p) for n, p in params.items()}
    total = 0.0
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {n: adapted[n] - inner_lr * d for n, d in zip(names, g)}
        query = F.mse_loss(network(adapted, qx), qy)
        for n, d in zip(names, torch.autograd.grad(query, list(adapted.values()))):
            sums[n] += d / n_tasks
        total += query.detach() / n_tasks
    new = {n: (params[n] - outer_lr * sums[n]).detach().requires_grad_() for n in names}
    return new, total

# %% maml_outer_step | wrong | create_graph in the first step only: exact for one step | exact through the first step alone
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    names, total = list(params), 0.0
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for step in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            # keeps the graph in the first step, saves memory in the later ones
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=step == 0,
                                    retain_graph=True)
            adapted = {n: adapted[n] - inner_lr * d for n, d in zip(names, g)}
        total = total + F.mse_loss(network(adapted, qx), qy)
    outer = total / len(episode.support_x)
    g = torch.autograd.grad(outer, list(params.values()))
    new = {n: (params[n] - outer_lr * d).detach().requires_grad_() for n, d in zip(names, g)}
    return new, outer.detach()

# %% maml_outer_step | wrong | new start is no leaf, keeps the old start's graph | still hang on the graph
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    names, total = list(params), 0.0
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {n: adapted[n] - inner_lr * d for n, d in zip(names, g)}
        total = total + F.mse_loss(network(adapted, qx), qy)
    outer = total / len(episode.support_x)
    g = torch.autograd.grad(outer, list(params.values()))
    return {n: params[n] - outer_lr * d for n, d in zip(names, g)}, outer.detach()

# %% maml_outer_step | wrong | moves the given params in place and returns them | it changes its parameters in place
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    names, total = list(params), 0.0
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {n: adapted[n] - inner_lr * d for n, d in zip(names, g)}
        total = total + F.mse_loss(network(adapted, qx), qy)
    outer = total / len(episode.support_x)
    g = torch.autograd.grad(outer, list(params.values()))
    with torch.no_grad():
        for p, d in zip(params.values(), g):
            p -= outer_lr * d
    return dict(params), outer.detach()

# %% maml_outer_step | wrong | backward() into params.grad, never cleared, adds up | called twice with the same start
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    n_tasks, outer = len(episode.support_x), 0.0
    for i in range(n_tasks):
        adapted = params
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, episode.support_x[i]), episode.support_y[i])
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {n: p - inner_lr * d for (n, p), d in zip(adapted.items(), g)}
        query = F.mse_loss(network(adapted, episode.query_x[i]), episode.query_y[i]) / n_tasks
        query.backward()
        outer += query.detach()
    new = {n: (p - outer_lr * p.grad).detach().requires_grad_() for n, p in params.items()}
    return new, outer

# %% maml_outer_step | wrong | start moves after every task instead of once | the start is moved after every task
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    start = {n: p.detach().clone().requires_grad_() for n, p in params.items()}
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = start
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, sx), sy)
            g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {n: p - inner_lr * d for (n, p), d in zip(adapted.items(), g)}
        query = F.mse_loss(network(adapted, qx), qy)
        losses.append(query.detach())
        g = torch.autograd.grad(query / len(episode.query_x), list(start.values()))
        start = {n: (p - outer_lr * d).detach().requires_grad_()
                 for (n, p), d in zip(start.items(), g)}
    return start, torch.stack(losses).mean()

# %% maml_outer_step | wrong | reports the outer loss of the new start | is taken *after* the outer step
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    def outer_loss(start):
        total = 0.0
        for i in range(len(episode.support_x)):
            adapted = start
            for _ in range(steps):
                loss = F.mse_loss(network(adapted, episode.support_x[i]), episode.support_y[i])
                g = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
                adapted = {n: p - inner_lr * d for (n, p), d in zip(adapted.items(), g)}
            total = total + F.mse_loss(network(adapted, episode.query_x[i]), episode.query_y[i])
        return total / len(episode.support_x)

    g = torch.autograd.grad(outer_loss(params), list(params.values()))
    new = {n: (p - outer_lr * d).detach().requires_grad_() for (n, p), d in zip(params.items(), g)}
    return new, outer_loss(new).detach()

# %% maml_outer_step | right | plain loops, autograd.grad, list of losses
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    losses = []
    for support_x, support_y, query_x, query_y in zip(
            episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        adapted = params
        for _ in range(steps):
            loss = F.mse_loss(network(adapted, support_x), support_y)
            slopes = torch.autograd.grad(loss, list(adapted.values()), create_graph=True)
            adapted = {name: p - inner_lr * g for (name, p), g in zip(adapted.items(), slopes)}
        losses.append(F.mse_loss(network(adapted, query_x), query_y))
    outer = torch.stack(losses).mean()
    slopes = torch.autograd.grad(outer, list(params.values()))
    new = {name: (p - outer_lr * g).detach().requires_grad_()
           for (name, p), g in zip(params.items(), slopes)}
    return new, outer.detach()

# %% maml_outer_step | right | torch.func: grad inside, vmap over tasks, grad_and_value outside
import torch
from torch.func import grad, grad_and_value, vmap
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    def error(p, x, y):
        return F.mse_loss(network(p, x), y)

    def after_adapting(start, support_x, support_y, query_x, query_y):
        adapted = start
        for _ in range(steps):
            slopes = grad(error)(adapted, support_x, support_y)
            adapted = {name: adapted[name] - inner_lr * slopes[name] for name in adapted}
        return error(adapted, query_x, query_y)

    def outer_loss(start):
        of_task = vmap(after_adapting, in_dims=(None, 0, 0, 0, 0))
        return of_task(start, episode.support_x, episode.support_y,
                       episode.query_x, episode.query_y).mean()

    begin = {name: p.detach() for name, p in params.items()}
    slopes, value = grad_and_value(outer_loss)(begin)
    new = {name: (p - outer_lr * slopes[name]).requires_grad_() for name, p in begin.items()}
    return new, value.detach()

# %% maml_outer_step | right | gradient task by task, summed by hand, index loop
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    n_tasks = episode.support_x.shape[0]
    names = list(params.keys())
    leaves = [params[name] for name in names]

    def error(weights, x, y):
        return F.mse_loss(input=network(dict(zip(names, weights)), x), target=y)

    summed = [torch.zeros_like(p) for p in leaves]
    total = torch.zeros((), dtype=leaves[0].dtype)
    for i in range(n_tasks):
        weights = leaves
        for _ in range(steps):
            slopes = torch.autograd.grad(
                error(weights, episode.support_x[i], episode.support_y[i]), weights,
                create_graph=True)
            weights = [w - inner_lr * g for w, g in zip(weights, slopes)]
        query = error(weights, episode.query_x[i], episode.query_y[i])
        for place, g in zip(summed, torch.autograd.grad(query, leaves)):
            place += g
        total += query.detach()
    with torch.no_grad():
        moved = [p - outer_lr * g / n_tasks for p, g in zip(leaves, summed)]
    return {name: p.requires_grad_() for name, p in zip(names, moved)}, total / n_tasks

# %% maml_outer_step | right | copies of the start, backward() and torch.optim.SGD on them
import torch
from torch.nn import functional as F

def maml_outer_step(network, params, episode, inner_lr, outer_lr, steps):
    start = {name: p.detach().clone().requires_grad_(True) for name, p in params.items()}
    optimizer = torch.optim.SGD(list(start.values()), lr=outer_lr)
    n_tasks = len(episode.query_y)
    reported = []
    for task in range(n_tasks):
        adapted = dict(start)
        for _ in range(steps):
            slopes = torch.func.grad(
                lambda p: (network(p, episode.support_x[task]) - episode.support_y[task])
                .square().mean())(adapted)
            adapted = {name: torch.sub(p, inner_lr * slopes[name]) for name, p in adapted.items()}
        off = network(adapted, episode.query_x[task]) - episode.query_y[task]
        loss = off.square().mean()
        (loss / n_tasks).backward()
        reported.append(loss.detach())
    optimizer.step()
    optimizer.zero_grad()
    return start, sum(reported) / n_tasks

# %% meta_gradient_test | wrong | only asks for finite gradients that are not zero: no finite differences, no task alone | compare it with finite differences
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    return faults

# %% meta_gradient_test | wrong | never asks whether each task is on its own | each alone: episode.task(i)
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    return faults

# %% meta_gradient_test | wrong | no finite differences, so first order gets through | compare it with finite differences
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | backward() on top of gradients from before: .grad is not cleared | Without old gradients in .grad it is cleared
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    loss.backward()
    grads = [p.grad for p in parameters]
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | p.grad that is None is not thought of, crashes on a missing gradient | That is a fault to report; ask for it first
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    network.zero_grad()
    loss.backward()
    grads = [p.grad for p in parameters]
    for i, g in enumerate(grads):
        if not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | autograd.grad without allow_unused raises where a gradient is missing | given allow_unused=True. That is a fault to report
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | sum of the losses of single tasks instead of their mean | not their sum
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | compares slope and inner product exactly, no tolerance | never equal: allow a difference
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if measured != computed:
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | tolerance far too large: only compares the signs | tolerance far too large
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if measured * computed < 0:
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | an optimizer step moves the network and nothing puts it back: parameters are changed | put back what steps of your own have moved
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        before = float(loss)
        with torch.no_grad():
            for p, g in zip(parameters, grads):
                p -= 0.001 * g
        if not float(outer_loss(network, episode, lr)) < before:
            faults.append("a step against the gradient does not lower the loss")
        grads = torch.autograd.grad(outer_loss(network, episode, lr), parameters)
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(outer_loss(network, episode, lr)) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | mean in place of sum in the inner product of gradient and direction | (p.grad * d).sum(), not the mean
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).mean() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | looks at the first parameter only, the others may get no gradient or a wrong one | Ask of *every* parameter
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    (g,) = torch.autograd.grad(loss, parameters[:1], allow_unused=True)
    if g is None or not g.isfinite().all() or g.abs().max() == 0:
        faults.append("no usable gradient")
    else:
        direction = [torch.zeros_like(p) for p in parameters]
        direction[0] = torch.randn_like(parameters[0])
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float((g * direction[0]).sum())
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | prints what it finds and returns nothing (None) instead of a list | it returned nothing
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None or not g.isfinite().all() or g.abs().max() == 0:
            faults.append(f"parameter {i} gets no usable gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    for fault in faults:
        print(fault)

# %% meta_gradient_test | wrong | checks the gradient for None only: one that is zero gets through, so does one that is not finite (nan compares false) | ask for isfinite()
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    for i, g in enumerate(grads):
        if g is None:
            faults.append(f"parameter {i} gets no gradient")
    if not faults:
        direction = [torch.randn_like(p) for p in parameters]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        computed = float(sum((g * d).sum() for g, d in zip(grads, direction)))
        if abs(measured - computed) > 1e-4 * max(abs(measured), abs(computed)):
            faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | right | autograd.grad, several unit directions, in the order of the questions
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    else:
        grads = [None] * len(parameters)
    usable = [g is not None and bool(g.isfinite().all()) and bool((g != 0).any()) for g in grads]
    if not all(usable):
        faults.append(f"{usable.count(False)} parameters have no gradient, or one that is zero or not finite")
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    length = float(sum((g ** 2).sum() for g in filled)) ** 0.5
    generator = torch.Generator().manual_seed(0)
    for _ in range(4):
        d = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in parameters]
        norm = sum((part ** 2).sum() for part in d).sqrt()
        d = [part / norm for part in d]
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, d))
        computed = float(sum((g * part).sum() for g, part in zip(filled, d)))
        if not abs(measured - computed) <= 1e-4 * max(length, abs(measured)):
            faults.append(f"finite differences say {measured:.4f}, the gradient says {computed:.4f}")
            break
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    mean = sum(alone) / len(alone)
    if not abs(float(loss) - mean) <= 1e-8 * (1 + abs(mean)):
        faults.append("the loss is not the mean of the losses of the tasks alone")
    return faults

# %% meta_gradient_test | right | works on a deep copy with backward()
import copy
import math

from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    net = copy.deepcopy(network)
    loss = outer_loss(net, episode, lr)
    for p in net.parameters():
        p.grad = None
    if loss.requires_grad:
        loss.backward()
    total = 0.0
    torch.manual_seed(1)
    direction = [torch.randn_like(p) for p in net.parameters()]
    size = 0.0
    for (name, p), d in zip(net.named_parameters(), direction):
        if p.grad is None:
            faults.append(f"{name} has no gradient.")
            continue
        if not torch.isfinite(p.grad).all():
            faults.append(f"The gradient of {name} is not finite.")
        if not p.grad.any():
            faults.append(f"The gradient of {name} is zero.")
        total += (p.grad * d).sum().item()
        size += (p.grad * d).abs().sum().item()
    net = copy.deepcopy(network)
    fd = float(slope(lambda: outer_loss(net, episode, lr), net, direction))
    if not abs(fd - total) <= 1e-4 * max(size, abs(fd)):
        faults.append("The gradient is not the gradient of this loss.")
    singles = []
    for i in range(episode.n_tasks):
        singles.append(float(outer_loss(copy.deepcopy(network), episode.task(i), lr)))
    if not math.isclose(float(loss), sum(singles) / len(singles), rel_tol=1e-8, abs_tol=1e-10):
        faults.append("The tasks are not independent.")
    return faults

# %% meta_gradient_test | right | one direction for each number of each parameter, saved and put back
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    saved = [p.detach().clone() for p in network.parameters()]

    def restore():
        with torch.no_grad():
            for p, old in zip(network.parameters(), saved):
                p.copy_(old)

    faults, ps = [], list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, ps, allow_unused=True) if loss.requires_grad else [None for _ in ps]
    restore()
    for (name, p), g in zip(network.named_parameters(), grads):
        if g is None:
            faults.append(f"no gradient for {name}")
        elif not g.isfinite().all():
            faults.append(f"gradient of {name} is not finite")
        elif g.eq(0).all():
            faults.append(f"gradient of {name} is zero")
    if not faults:
        measured = []
        for which, p in enumerate(ps):
            for j in range(p.numel()):
                direction = [torch.zeros_like(q) for q in ps]
                direction[which].view(-1)[j] = 1
                measured.append(float(slope(lambda: outer_loss(network, episode, lr), network, direction)))
                restore()
        flat = torch.cat([g.flatten() for g in grads])
        gap = (flat - torch.tensor(measured, dtype=flat.dtype)).abs().max()
        if not gap <= 1e-4 * flat.abs().max():
            faults.append(f"finite differences differ from the gradient by {gap.item():.2g}")
    alone = torch.stack([outer_loss(network, episode.task(i), lr).detach() for i in range(episode.n_tasks)])
    restore()
    if not torch.isclose(alone.mean(), loss.detach(), rtol=1e-8, atol=1e-10):
        faults.append("a task depends on the others")
    return faults

# %% meta_gradient_test | right | three helpers, one for each question, joined at the end
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    parameters = tuple(network.parameters())
    f = lambda part=episode: outer_loss(network, part, lr)
    loss = f()
    grads = torch.autograd.grad(loss, parameters, allow_unused=True) if loss.requires_grad else (None,) * len(parameters)

    def gradient_there():
        return all(g is not None and g.isfinite().all() and g.count_nonzero() > 0 for g in grads)

    def gradient_of_this_loss():
        if any(g is None for g in grads):
            return False
        for seed in range(3):
            gen = torch.Generator().manual_seed(seed)
            d = [torch.rand(p.shape, generator=gen, dtype=p.dtype) - 0.5 for p in parameters]
            products = torch.cat([(g * part).flatten() for g, part in zip(grads, d)])
            if not abs(float(slope(f, network, d)) - products.sum().item()) <= 1e-4 * products.norm().item():
                return False
        return True

    def tasks_alone():
        mean = sum(f(episode.task(i)).item() for i in range(episode.n_tasks)) / episode.n_tasks
        return abs(mean - loss.item()) <= 1e-8 * max(1.0, abs(mean))

    return [sentence for holds, sentence in (
        (gradient_there(), "Some parameter gets no gradient, or a zero, or one that is not finite."),
        (gradient_of_this_loss(), "The gradient is not that of the loss."),
        (tasks_alone(), "The loss is not the mean over tasks, each alone."),
    ) if not holds]

# %% meta_gradient_test | right | materialized gradients, terse, flat vectors
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    found, ps = [], list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [torch.zeros_like(p) for p in ps]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, ps, materialize_grads=True)
    if any(not g.isfinite().all() or (g == 0).all() for g in grads):
        found.append("a gradient is missing, zero or not finite")
    else:
        ds = [[torch.randn_like(p) for p in ps] for _ in range(3)]
        by_slope = torch.tensor([float(slope(lambda: outer_loss(network, episode, lr), network, d)) for d in ds])
        by_grad = torch.tensor([float(sum((g * part).sum() for g, part in zip(grads, d))) for d in ds])
        if not (by_slope - by_grad).norm() <= 1e-4 * by_slope.norm():
            found.append("finite differences disagree with the gradient")
    mean = sum(outer_loss(network, episode.task(i), lr).detach() for i in range(episode.n_tasks)) / episode.n_tasks
    if not (mean - loss.detach()).abs() <= 1e-8 * (1 + mean.abs()):
        found.append("the tasks are not each on their own")
    return found

# %% meta_gradient_test | wrong | all for any: only a network of which no parameter gets a gradient is accused | Ask of *every* parameter
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if all(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | asks the first parameter only | Ask of *every* parameter
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if grads[0] is None or not grads[0].isfinite().all() or not grads[0].any():
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | asks the last parameter only | Ask of *every* parameter
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if grads[-1] is None or not grads[-1].isfinite().all() or not grads[-1].any():
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | asks the weights only, not the biases | Ask of *every* parameter
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g, p in zip(grads, parameters) if p.dim() > 1):
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | asks the biases only | Ask of *every* parameter
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g, p in zip(grads, parameters) if p.dim() < 2):
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | asks for the length of all gradients together | Ask of *every* parameter
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if not 0 < float(sum((g ** 2).sum() for g in grads if g is not None)) < float('inf'):
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | wants every number of a gradient to be other than zero | is 0 in *all* its numbers
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.all() for g in grads):
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | asks whether a gradient is None, not whether it is zero | whether each gradient is all zero
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if any(g is None or not g.isfinite().all() for g in grads):
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    alone = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(float(loss) - sum(alone) / len(alone)) > 1e-8:
        faults.append("tasks are not on their own")
    return faults

# %% meta_gradient_test | wrong | reverses the tasks in place of asking each alone | episode.task(i)
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    parameters = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append('some parameter gets no usable gradient')
    filled = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads)]
    direction = [torch.randn_like(p) for p in parameters]
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    computed = float(sum((g * d).sum() for g, d in zip(filled, direction)))
    if not abs(measured - computed) <= 1e-4 * max(abs(measured), abs(computed), 1e-6):
        faults.append("the gradient is not that of the loss")
    turned = episode.map(lambda t: t.flip(0))
    if abs(float(loss) - float(outer_loss(network, turned, lr))) > 1e-8:
        faults.append("the order of the tasks matters")
    return faults

# %% meta_gradient_test | wrong | asks only whether grad is None, not zero, not finite | ask for isfinite()
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    if any(g is None for g in grads):
        faults.append("a parameter gets no gradient")
    else:
        generator = torch.Generator().manual_seed(0)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
            faults.append("the gradient is not that of the loss")
    alone = sum(outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks))
    if abs(alone / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    return faults

# %% meta_gradient_test | wrong | third question forgotten: tasks not tried alone | with the mean over its tasks, each alone
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
    else:
        generator = torch.Generator().manual_seed(0)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
            faults.append("the gradient is not that of the loss")
    return faults

# %% meta_gradient_test | wrong | second question forgotten: no finite differences | compare it with finite differences
import torch

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    return faults

# %% meta_gradient_test | wrong | backward() on top of gradients from before | Clear them first
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    if loss.requires_grad:
        loss.backward()
    grads = [p.grad for p in params]
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
    else:
        generator = torch.Generator().manual_seed(0)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
            faults.append("the gradient is not that of the loss")
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    for p in params:
        p.grad = None
    return faults

# %% meta_gradient_test | wrong | slope of a loss computed once: always zero | at one place alone, so a slope would be 0
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
    else:
        generator = torch.Generator().manual_seed(0)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        measured = float(slope(lambda: loss, network, direction))
        if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
            faults.append("the gradient is not that of the loss")
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    return faults

# %% meta_gradient_test | wrong | same meta-batch twice instead of each task alone | with the mean over its tasks, each alone
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
    else:
        generator = torch.Generator().manual_seed(0)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
            faults.append("the gradient is not that of the loss")
    again = outer_loss(network, episode, lr).item()
    if abs(again - loss.item()) > 1e-6:
        faults.append("the loss is another one the second time")
    return faults

# %% meta_gradient_test | wrong | some parameter has a gradient, instead of every one | Ask of *every* parameter
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    grads = [torch.zeros_like(p) if g is None else g for p, g in zip(params, grads)]
    length = sum((g ** 2).sum() for g in grads).sqrt()
    if not torch.isfinite(length) or length == 0:
        faults.append("there is no gradient")
    generator = torch.Generator().manual_seed(0)
    direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
    expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
    measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
    if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
        faults.append("the gradient is not that of the loss")
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    return faults

# %% meta_gradient_test | wrong | tolerance of 1 for the slope finds nothing | is its tolerance far too large
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
    else:
        generator = torch.Generator().manual_seed(0)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        length = sum((d ** 2).sum() for d in direction).sqrt()
        direction = [d / length for d in direction]
        expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        if abs(expected - measured) > 1:
            faults.append("the gradient is not that of the loss")
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    return faults

# %% meta_gradient_test | wrong | own finite differences, parameters not put back | put back what steps of your own have moved
import torch

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
        return faults
    generator = torch.Generator().manual_seed(0)
    direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
    expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
    eps = 1e-5
    with torch.no_grad():
        for p, d in zip(params, direction):
            p += eps * d
    up = outer_loss(network, episode, lr).item()
    with torch.no_grad():
        for p, d in zip(params, direction):
            p -= 2 * eps * d
    down = outer_loss(network, episode, lr).item()
    measured = (up - down) / (2 * eps)
    if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
        faults.append("the gradient is not that of the loss")
    return faults

# %% meta_gradient_test | wrong | calls a gradient faulty if any number is zero | is 0 in *all* its numbers
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    grads = [None for p in params]
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    if any(g is None or not g.isfinite().all() or (g == 0).any() for g in grads):
        faults.append("a parameter gets no gradient, or a zero one")
    else:
        generator = torch.Generator().manual_seed(0)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        expected = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        measured = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        if abs(expected - measured) > 1e-4 * (1 + abs(measured)):
            faults.append("the gradient is not that of the loss")
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / episode.n_tasks - loss.item()) > 1e-6:
        faults.append("tasks depend on each other")
    return faults

# %% meta_gradient_test | right | autograd.grad with allow_unused, slope along one direction
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    params = list(network.parameters())
    loss = outer_loss(network, episode, lr)
    if loss.requires_grad:
        grads = torch.autograd.grad(loss, params, allow_unused=True)
    else:
        grads = [None] * len(params)
    if any(g is None or not g.isfinite().all() or not g.any() for g in grads):
        faults.append("A parameter gets no gradient, or one that is zero or not finite.")
    else:
        generator = torch.Generator().manual_seed(1)
        direction = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in params]
        says = sum((g * d).sum() for g, d in zip(grads, direction)).item()
        changes = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
        if abs(says - changes) > 1e-4 * max(1.0, abs(changes)):
            faults.append(f"The gradient says {says:.5f}, the loss changes by {changes:.5f}.")
    alone = [outer_loss(network, episode.task(i), lr).item() for i in range(episode.n_tasks)]
    if abs(sum(alone) / len(alone) - loss.item()) > 1e-8 * max(1.0, abs(loss.item())):
        faults.append("The loss is not the mean of the losses of the tasks.")
    return faults

# %% meta_gradient_test | right | cleared grads and backward(), a direction for each parameter
import torch
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    faults = []
    named = list(network.named_parameters())
    before = [(p, p.detach().clone(), p.grad) for _, p in named]
    for _, p in named:
        p.grad = None
    loss = outer_loss(network, episode, lr)
    for _, p in named:  # the inner loop may have left something
        p.grad = None
    if loss.requires_grad:
        loss.backward()
    found = {name: p.grad for name, p in named}
    for p, _, old in before:
        p.grad = old
    generator = torch.Generator().manual_seed(2)
    for name, p in named:
        g = found[name]
        if g is None:
            faults.append(f"{name} gets no gradient.")
        elif not torch.isfinite(g).all():
            faults.append(f"The gradient of {name} is not finite.")
        elif torch.count_nonzero(g) == 0:
            faults.append(f"The gradient of {name} is zero.")
        else:
            direction = [torch.randn(q.shape, generator=generator, dtype=q.dtype) if q is p
                         else torch.zeros_like(q) for _, q in named]
            mine = torch.stack([d for (_, q), d in zip(named, direction) if q is p])[0]
            says = (g * mine).sum().item()
            changes = float(slope(lambda: outer_loss(network, episode, lr), network, direction))
            if abs(says - changes) > 1e-5 + 1e-4 * abs(changes):
                faults.append(f"The gradient of {name} is not that of the loss.")
    tasks = [float(outer_loss(network, episode.task(i), lr)) for i in range(episode.n_tasks)]
    if abs(sum(tasks) / episode.n_tasks - float(loss)) > 1e-7:
        faults.append("A task's loss depends on the other tasks.")
    with torch.no_grad():
        for p, old, _ in before:
            if not torch.equal(p, old):
                p.copy_(old)
    return faults

# %% meta_gradient_test | right | on a deep copy, with finite differences of its own
import copy
import math
import torch

def meta_gradient_test(outer_loss, network, episode, lr):
    def fresh():
        return copy.deepcopy(network)

    def loss_at(moved_by=None, part=episode):
        twin = fresh()
        if moved_by is not None:
            for p, d in zip(twin.parameters(), moved_by):
                p.data.add_(d)
        return float(outer_loss(twin, part, lr).detach())

    def gradient():
        twin = fresh()
        params = list(twin.parameters())
        loss = outer_loss(twin, episode, lr)
        if not loss.requires_grad:
            return [None for _ in params]
        return torch.autograd.grad(outputs=loss, inputs=params, allow_unused=True)

    def is_fine(g):
        return g is not None and bool(g.isfinite().all()) and g.abs().max().item() > 0

    faults, grads = [], gradient()
    if not all(map(is_fine, grads)):
        faults.append("not every parameter gets a finite gradient that is not zero")
    known = [torch.zeros_like(p) if g is None else g for g, p in zip(grads, network.parameters())]
    generator, eps = torch.Generator().manual_seed(3), 1e-5
    for _ in range(3):
        direction = [torch.randn(p.shape, dtype=p.dtype, generator=generator)
                     for p in network.parameters()]
        changes = (loss_at([eps * d for d in direction])
                   - loss_at([-eps * d for d in direction])) / (2 * eps)
        says = sum(torch.vdot(g.flatten(), d.flatten()).item() for g, d in zip(known, direction))
        if not math.isclose(says, changes, rel_tol=1e-4, abs_tol=1e-5):
            faults.append("the gradient is not the gradient of the loss")
            break
    alone = sum(loss_at(part=episode.task(i)) for i in range(episode.n_tasks)) / episode.n_tasks
    if not math.isclose(alone, loss_at(), rel_tol=1e-8, abs_tol=1e-10):
        faults.append("the tasks are not each on its own")
    return faults

# %% meta_gradient_test | right | three questions as helper functions, flat vectors, allclose
import torch
from torch.nn.utils import parameters_to_vector
from course_lib.lessons.lesson03 import slope

def meta_gradient_test(outer_loss, network, episode, lr):
    params = tuple(network.parameters())

    def value(part=episode):
        return outer_loss(network, part, lr)

    def gradients():
        loss = value()
        if loss.grad_fn is None and not loss.requires_grad:
            return (None,) * len(params)
        return torch.autograd.grad(loss, params, allow_unused=True)

    def arrives():
        for g in gradients():
            if g is None or not torch.all(torch.isfinite(g)) or torch.all(g == 0):
                return False
        return True

    def is_of_this_loss():
        grads = [torch.zeros_like(p) if g is None else g for p, g in zip(params, gradients())]
        generator = torch.Generator().manual_seed(4)
        direction = [torch.rand(p.shape, generator=generator, dtype=p.dtype) - 0.5 for p in params]
        inner = parameters_to_vector(grads) @ parameters_to_vector(direction)
        measured = torch.as_tensor(slope(value, network, direction), dtype=inner.dtype)
        return torch.allclose(inner, measured.detach(), rtol=1e-4, atol=1e-6)

    def each_alone():
        alone = torch.stack([value(episode.task(i)).detach() for i in range(episode.n_tasks)])
        return torch.allclose(alone.mean(), value().detach(), rtol=1e-8, atol=1e-10)

    questions = {"some parameter gets no gradient, or a zero or infinite one": arrives,
                 "the gradient is not the slope of the loss": is_of_this_loss,
                 "a task depends on another one": each_alone}
    return [sentence for sentence, passes in questions.items() if not passes()]

# %% best_start | wrong | the plain mean of the lowest points | plain mean
def best_start(curvature, lowest, lr, steps, order=2):
    return lowest.mean()

# %% best_start | wrong | joint training: weights h, whatever steps and order say | start of joint training
def best_start(curvature, lowest, lr, steps, order=2):
    return (curvature * lowest).sum() / curvature.sum()

# %% best_start | wrong | `order` is not used: always exact | right for order 2
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - lr * curvature) ** (2 * steps)
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | `order` is not used: always first order | right for order 1
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - lr * curvature) ** steps
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | orders mixed up | are exchanged
def best_start(curvature, lowest, lr, steps, order=2):
    f = (1 - lr * curvature) ** steps
    w = curvature * f * f if order == 1 else curvature * f
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | first order means that there is no factor at all | the point is missing
def best_start(curvature, lowest, lr, steps, order=2):
    f = (1 - lr * curvature) ** steps
    w = curvature * f if order == 2 else curvature
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | h forgotten in the gradient | h is missing
def best_start(curvature, lowest, lr, steps, order=2):
    w = (1 - lr * curvature) ** (steps * order)
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | `steps` not used | right for one step
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - lr * curvature) ** order
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | 1 - steps * lr * h | which is not 1 - steps
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - steps * lr * curvature) ** order
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | a factor for each step from the point, a single one from the chain rule | one factor too few
def best_start(curvature, lowest, lr, steps, order=2):
    f = 1 - lr * curvature
    w = curvature * f ** steps
    if order == 2:
        w = w * f
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | divided by the number of tasks | divided by the number of tasks
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - lr * curvature) ** (steps * order)
    return (w * lowest).mean()

# %% best_start | wrong | not divided | is not divided
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - lr * curvature) ** (steps * order)
    return (w * lowest).sum()

# %% best_start | wrong | divided by the sum of h | divided by the sum of h
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - lr * curvature) ** (steps * order)
    return (w * lowest).sum() / curvature.sum()

# %% best_start | wrong | plus in the factor | 1 *minus* lr h
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 + lr * curvature) ** (steps * order)
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | lr forgotten | lr is missing
def best_start(curvature, lowest, lr, steps, order=2):
    w = curvature * (1 - curvature) ** (steps * order)
    return (w * lowest).sum() / w.sum()

# %% best_start | wrong | a number for each task: the lowest point of each | a number for each task
def best_start(curvature, lowest, lr, steps, order=2):
    return lowest - lr * curvature

# %% best_start | wrong | gradient descent that is stopped long before its end
def best_start(curvature, lowest, lr, steps, order=2):
    theta = torch.zeros(())
    for _ in range(5):
        f = (1 - lr * curvature) ** steps
        theta = theta - 0.1 * (curvature * f ** order * (theta - lowest)).mean()
    return theta

# %% best_start | right | weighted mean, a number
def best_start(curvature, lowest, lr, steps, order=2):
    weight = curvature * (1 - lr * curvature) ** (steps * order)
    return float((weight * lowest).sum() / weight.sum())

# %% best_start | right | a loop over the tasks, tensor result
def best_start(curvature, lowest, lr, steps, order=2):
    above, below = 0, 0
    for h, c in zip(curvature, lowest):
        f = (1 - lr * h) ** steps
        w = h * f * f if order == 2 else h * f
        above, below = above + w * c, below + w
    return above / below

# %% best_start | right | numpy
def best_start(curvature, lowest, lr, steps, order=2):
    import numpy as np
    h, c = curvature.numpy(), lowest.numpy()
    return np.average(c, weights=h * (1 - lr * h) ** (steps * order))

# %% best_start | wrong | gradient descent to its end, through quadratic steps | Is it a search
def best_start(curvature, lowest, lr, steps, order=2):
    theta = 0.0
    for _ in range(5000):
        at, factor = theta - lowest, torch.ones_like(lowest)
        for _ in range(steps):
            at, factor = at * (1 - lr * curvature), factor * (1 - lr * curvature)
        g = curvature * at * (factor if order == 2 else 1)
        theta = theta - 0.2 * g.mean()
    return theta

# %% best_start | right | a straight line: its value at 0 and at 1
def best_start(curvature, lowest, lr, steps, order=2):
    def g(theta):
        t = torch.full_like(lowest, theta)
        for _ in range(steps):
            t = t - lr * curvature * (t - lowest)
        g = curvature * (t - lowest)
        if order == 2:
            for _ in range(steps):
                g = g - lr * curvature * g
        return g.sum()

    return (g(0.0) / (g(0.0) - g(1.0))).reshape(1)

# %% best_start | wrong | order ignored: always two factors | `order` is not used
def best_start(curvature, lowest, lr, steps, order=2):
    weight = curvature * (1 - lr * curvature) ** (2 * steps)
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | wrong | exponent one too small: order 1 is joint | the point is missing
def best_start(curvature, lowest, lr, steps, order=2):
    factor = (1 - lr * curvature) ** steps
    weight = curvature * factor ** (order - 1)
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | wrong | curvature forgotten: weight is only the factors | h is missing: the query gradient
def best_start(curvature, lowest, lr, steps, order=2):
    weight = ((1 - lr * curvature) ** steps) ** order
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | wrong | steps times the rate instead of the power | which is not 1 - steps * lr * h
def best_start(curvature, lowest, lr, steps, order=2):
    factor = 1 - steps * lr * curvature
    weight = curvature * factor ** order
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | wrong | chain rule gets one factor for all steps | one factor for each step, as the point
def best_start(curvature, lowest, lr, steps, order=2):
    factor = 1 - lr * curvature
    weight = curvature * factor ** steps
    if order == 2 and steps > 0:
        weight = weight * factor
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | wrong | factor clamped at zero where a step overshoots | below 0 is set to 0
def best_start(curvature, lowest, lr, steps, order=2):
    factor = (1 - lr * curvature).clamp(min=0) ** steps
    weight = curvature * factor ** order
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | wrong | normalised by the sum of curvatures, not weights | divided by the sum of h
def best_start(curvature, lowest, lr, steps, order=2):
    weight = curvature * (1 - lr * curvature) ** (steps * order)
    return ((weight * lowest).sum() / curvature.sum()).item()

# %% best_start | wrong | thousand steps of gradient descent, as in section 2 | Is it a search
def best_start(curvature, lowest, lr, steps, order=2):
    theta = 0.0
    for _ in range(1000):
        total = 0.0
        for h, c in zip(curvature.tolist(), lowest.tolist()):
            f = (1 - lr * h) ** steps
            total += h * f ** order * (theta - c)
        theta = theta - 0.2 * total
    return theta

# %% best_start | wrong | joint training as plain mean of lowest points | Joint training weighs by h
def best_start(curvature, lowest, lr, steps, order=2):
    if steps == 0:
        return lowest.mean().item()
    weight = curvature * (1 - lr * curvature) ** (steps * order)
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | wrong | grid search between smallest and largest c, end may lie outside | Is it a search
import torch

def best_start(curvature, lowest, lr, steps, order=2):
    grid = torch.linspace(lowest.min().item(), lowest.max().item(), 100_001, dtype=torch.float64)
    h, c = curvature[:, None].double(), lowest[:, None].double()
    factor = (1 - lr * h) ** steps
    asked = (h * factor ** order * (grid - c)).sum(0)
    return grid[asked.abs().argmin()].item()

# %% best_start | right | vectorised weighted mean
def best_start(curvature, lowest, lr, steps, order=2):
    f = (1 - lr * curvature) ** steps
    weight = curvature * f ** order
    return ((weight * lowest).sum() / weight.sum()).item()

# %% best_start | right | plain Python loop over tasks and steps
def best_start(curvature, lowest, lr, steps, order=2):
    above = below = 0.0
    for h, c in zip(curvature.tolist(), lowest.tolist()):
        left = 1.0
        for _ in range(steps):
            left *= 1 - lr * h
        counts = h * left if order == 1 else h * left * left
        above += counts * c
        below += counts
    return above / below

# %% best_start | right | root of the affine sum, from its values at 0 and 1
import torch

def best_start(curvature, lowest, lr, steps, order=2):
    h, c = curvature.double(), lowest.double()

    def asked(theta):
        point = torch.full_like(c, theta)
        for _ in range(steps):
            point = point - lr * h * (point - c)
        gradient = h * (point - c)
        if order == 2:
            for _ in range(steps):
                gradient = gradient - lr * h * gradient
        return gradient.sum()

    at_zero, at_one = asked(0.0), asked(1.0)
    return float(-at_zero / (at_one - at_zero))

# %% best_start | right | einsum, returns a tensor without axes
import torch

def best_start(curvature, lowest, lr, steps, order=2):
    factor = torch.pow(1 - lr * curvature, steps * order)
    return torch.einsum("t,t,t->", curvature, factor, lowest) / torch.dot(curvature, factor)
