# %% forward_hypergradient | wrong | no Hessian: forgets that the gradient changes with w | the gradient's own change is left out
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w)
        m = m - r * g
        w = (w - r * g).detach()
    w.requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | derivative in the rate, not in its logarithm | this is the derivative in the *rate*
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (hm,) = torch.autograd.grad(g, w, m)
        m = m - g.detach() - r * hm
        w = (w - r * g).detach()
    w.requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | steps w first, then takes g and H m for m at the new w | the weights take their step first
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w)
        w = (w - r * g).detach().requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (hm,) = torch.autograd.grad(g, w, m)
        m = m - r * g.detach() - r * hm
    w = w.detach().requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | m changed twice in a row: H times the m that already has the new - r g | the Hessian is multiplied by m after - r g was added
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        m = m - r * g.detach()
        (hm,) = torch.autograd.grad(g, w, m)
        m = m - r * hm
        w = (w - r * g).detach()
    w.requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | finite difference of two whole trainings | is a difference of two losses or gradients divided by a small width
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    def end(log_rate):
        w = start.detach().clone()
        for _ in range(steps):
            w.requires_grad_()
            (g,) = torch.autograd.grad(train_loss(w), w)
            w = (w - math.exp(log_rate) * g).detach()
        return float(validation_loss(w))

    d = 1e-5
    return end(log_rate), (end(log_rate + d) - end(log_rate - d)) / (2 * d)


# %% forward_hypergradient | wrong | goes backwards: the whole training in one graph | Or is the whole training differentiated backwards?
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    s = torch.tensor(float(log_rate), dtype=start.dtype, requires_grad=True)
    w = start.detach().clone().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        w = w - s.exp() * g
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, s)
    return loss.item(), slope.item()


# %% forward_hypergradient | wrong | only w is detached, m drags a graph along | Both the weights and m need .detach()
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w = w.detach().requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (hm,) = torch.autograd.grad(g @ m, w, create_graph=True)
        m = m - r * g - r * hm
        w = w - r * g
    w = w.detach().requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | Hessian times m by a finite difference of gradients | is a difference of two losses or gradients divided by a small width
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)

    def gradient_at(w):
        w = w.detach().requires_grad_()
        return torch.autograd.grad(train_loss(w), w)[0]

    w = start.detach().clone()
    m = torch.zeros_like(w)
    e = 1e-4
    for _ in range(steps):
        g = gradient_at(w)
        hm = (gradient_at(w + e * m) - g) / e
        m = m - r * g - r * hm
        w = w - r * g
    w.requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | chain rule with the train loss's gradient | the derivative that comes out is that of the *train* loss
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (hm,) = torch.autograd.grad(g, w, m)
        m = m - r * g.detach() - r * hm
        w = (w - r * g).detach()
    w.requires_grad_()
    (slope,) = torch.autograd.grad(train_loss(w), w)
    return validation_loss(w).item(), (slope @ m).item()


# %% forward_hypergradient | wrong | a list of all weights first, then a second loop for m | Is there a list
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    path = [start.detach().clone()]
    for _ in range(steps):
        w = path[-1].clone().requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w)
        path.append((w - r * g).detach())
    m = torch.zeros_like(start)
    for w in path[:-1]:
        w = w.clone().requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (hm,) = torch.autograd.grad(g, w, m)
        m = m - r * g.detach() - r * hm
    w = path[-1].clone().requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | Hessian of the start for all steps: right only where the loss is quadratic | the Hessian is that of the *start*
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    hessian = torch.autograd.functional.hessian(train_loss, w)
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w)
        m = m - r * g - r * (hessian @ m)
        w = (w - r * g).detach()
    w.requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | m of the last step only (does not carry m on) | m of the step before is lost
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (hm,) = torch.autograd.grad(g, w, m)
        m = -r * g.detach() - r * hm
        w = (w - r * g).detach()
    w.requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | gives the train loss back | the loss is the train loss, as it was before the last step
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        loss = train_loss(w)
        (g,) = torch.autograd.grad(loss, w, create_graph=True)
        (hm,) = torch.autograd.grad(g, w, m)
        m = m - r * g.detach() - r * hm
        w = (w - r * g).detach()
    w.requires_grad_()
    (slope,) = torch.autograd.grad(validation_loss(w), w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | wrong | one dual level around the whole training keeps every step | a dual level that lives through all steps
import math
import torch
import torch.autograd.forward_ad as fwad


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    with fwad.dual_level():
        for _ in range(steps):
            x = fwad.make_dual(w.requires_grad_(), m)
            (g,) = torch.autograd.grad(train_loss(x), x)
            g, hm = fwad.unpack_dual(g)
            if hm is None:
                hm = torch.zeros_like(g)
            w = (w - r * g).detach()
            m = (m - r * g - r * hm).detach()
        loss, slope = fwad.unpack_dual(validation_loss(fwad.make_dual(w, m)))
    return loss.item(), slope.item()


# %% forward_hypergradient | right | plain loop, vector times Hessian by autograd.grad
import math
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(train_loss(w), w, create_graph=True)
        (hm,) = torch.autograd.grad(g, w, m)
        m = m - r * (g.detach() + hm)
        w = (w - r * g).detach()
    w.requires_grad_()
    loss = validation_loss(w)
    (slope,) = torch.autograd.grad(loss, w)
    return loss.item(), (slope @ m).item()


# %% forward_hypergradient | right | dual numbers (forward_ad) over backward, a level for each step
import math
import torch
import torch.autograd.forward_ad as fwad


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        with fwad.dual_level():
            x = fwad.make_dual(w.requires_grad_(), m)
            (g,) = torch.autograd.grad(train_loss(x), x)
            g, hm = fwad.unpack_dual(g)
            if hm is None:
                hm = torch.zeros_like(g)
            w = (w - r * g).detach()
            m = (m - r * g - r * hm).detach()
    with fwad.dual_level():
        loss, slope = fwad.unpack_dual(validation_loss(fwad.make_dual(w, m)))
    return loss.item(), slope.item()


# %% forward_hypergradient | right | builds the Hessian of each step (it need not be, but it may)
import math
import torch
from torch.autograd.functional import hessian, jacobian


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    r = math.exp(log_rate)
    w = start.detach().clone()
    m = torch.zeros_like(w)
    for _ in range(steps):
        g = jacobian(train_loss, w)
        h = hessian(train_loss, w)
        m = m - r * g - r * torch.einsum("ij,j->i", h, m)
        w = w - r * g
    return float(validation_loss(w)), float(jacobian(validation_loss, w) @ m)


# %% forward_hypergradient | right | jvp of the gradient, helper function, 0-dim tensors
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    rate = torch.as_tensor(log_rate, dtype=start.dtype).exp()
    gradient = torch.func.grad(train_loss)

    def one_step(w, m):
        g, hm = torch.func.jvp(gradient, (w,), (m,))
        return w - rate * g, m - rate * g - rate * hm

    w, m = start.detach(), torch.zeros_like(start)
    for _ in range(steps):
        w, m = one_step(w, m)
    slope, loss = torch.func.grad_and_value(validation_loss)(w)
    return loss, torch.dot(slope, m)


# %% forward_hypergradient | right | jvp of the whole training in the log rate
import torch


def forward_hypergradient(train_loss, validation_loss, start, log_rate, steps):
    def whole(s):
        w = start.detach()
        for _ in range(steps):
            w = w - s.exp() * torch.func.grad(train_loss)(w)
        return validation_loss(w)

    s = torch.tensor(float(log_rate), dtype=start.dtype)
    loss, slope = torch.func.jvp(whole, (s,), (torch.ones_like(s),))
    return loss.item(), slope.item()


# %% implicit_hypergradient | wrong | the minus is missing | the sign is turned round
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    p = torch.zeros_like(v)
    for _ in range(terms):
        p = p + rate * v
        v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
    return torch.autograd.grad(g, h, p)[0]


# %% implicit_hypergradient | wrong | one term too many | there is one term too many
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    p = v.clone()
    for _ in range(terms):
        v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
        p = p + v
    return -torch.autograd.grad(g, h, rate * p)[0]


# %% implicit_hypergradient | wrong | the factor rate before the series is missing | the rate before the sum is missing
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    p = v.clone()
    for _ in range(terms - 1):
        v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
        p = p + v
    return -torch.autograd.grad(g, h, p)[0]


# %% implicit_hypergradient | wrong | builds the Hessian and its powers | a matrix [n, n] is built
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    H = torch.autograd.functional.hessian(lambda x: train_loss(x, h.detach()), w.detach())
    step = torch.eye(len(w), dtype=w.dtype) - rate * H
    inverse = rate * sum(torch.linalg.matrix_power(step, j) for j in range(terms))
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    return -torch.autograd.grad(g, h, inverse @ v)[0]


# %% implicit_hypergradient | wrong | solves exactly with the whole Hessian, terms unused | this is the answer with the exact inverse
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    H = torch.autograd.functional.hessian(lambda x: train_loss(x, h.detach()), w.detach())
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    return -torch.autograd.grad(g, h, torch.linalg.solve(H, v))[0]


# %% implicit_hypergradient | wrong | starts from the train loss's gradient (0 at the minimum) | Is it the gradient of the train loss that goes into the series
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    v = g.detach()
    p = torch.zeros_like(v)
    for _ in range(terms):
        p = p + rate * v
        v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
    return -torch.autograd.grad(g, h, p)[0]


# %% implicit_hypergradient | wrong | H times the first v in every term | H is multiplied by the *first* term again and again
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    (Hv,) = torch.autograd.grad(g, w, v, retain_graph=True)
    term = v.clone()
    p = v.clone()
    for _ in range(terms - 1):
        term = term - rate * Hv
        p = p + term
    return -torch.autograd.grad(g, h, rate * p)[0]


# %% implicit_hypergradient | wrong | knows the mixed derivative of one decay per weight by heart | whatever they are: torch.autograd.grad(g, hyper, p)
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, hyper.detach()), w, create_graph=True)
    p = torch.zeros_like(v)
    for _ in range(terms):
        p = p + rate * v
        v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
    return -p * hyper.detach().exp() * weights.detach()


# %% implicit_hypergradient | wrong | the graph is freed after the first term | retain_graph=True keeps it
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    p = rate * v
    for _ in range(terms - 1):
        v = v - rate * torch.autograd.grad(g, w, v)[0]
        p = p + rate * v
    return -torch.autograd.grad(g, h, p)[0]


# %% implicit_hypergradient | wrong | conjugate gradients in place of the series | These are conjugate gradients
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    x = torch.zeros_like(v)
    r = v.clone()
    d = r.clone()
    for _ in range(terms):
        (Hd,) = torch.autograd.grad(g, w, d, retain_graph=True)
        a = (r @ r) / (d @ Hd)
        x = x + a * d
        new = r - a * Hd
        d = new + (new @ new) / (r @ r) * d
        r = new
    return -torch.autograd.grad(g, h, x)[0]


# %% implicit_hypergradient | wrong | stops early once a term is small (1e-2) | Does it stop before `terms` terms
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    p = torch.zeros_like(v)
    first = v.norm()
    for _ in range(terms):
        p = p + rate * v
        v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
        if v.norm() < 1e-2 * first:
            break
    return -torch.autograd.grad(g, h, p)[0]


# %% implicit_hypergradient | wrong | without the hyperparameters: the inverse Hessian times v, [n] | M, the derivative of g in the hyperparameters, is missing
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, hyper), w, create_graph=True)
    p = torch.zeros_like(v)
    for _ in range(terms):
        p = p + rate * v
        v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
    return -p


# %% implicit_hypergradient | wrong | one-sided finite difference of trainings continued from the weights | divided by a small width
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    def end(h):
        w = weights.detach().clone()
        for _ in range(terms):
            w.requires_grad_()
            (g,) = torch.autograd.grad(train_loss(w, h), w)
            w = (w - rate * g).detach()
        return validation_loss(w).item()

    e = 1e-3
    here = end(hyper.detach())
    out = torch.zeros_like(hyper)
    for i in range(len(hyper)):
        up = hyper.detach().clone()
        up[i] += e
        out[i] = (end(up) - here) / e
    return out


# %% implicit_hypergradient | wrong | requires_grad_ on the arguments themselves (careless, but the numbers are right) | it changes requires_grad of `weights`
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    weights.requires_grad_()
    hyper.requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(weights), weights)
    (g,) = torch.autograd.grad(train_loss(weights, hyper), weights, create_graph=True)
    p = 0
    for _ in range(terms):
        p = p + rate * v
        v = v - rate * torch.autograd.grad(g, weights, v, retain_graph=True)[0]
    return -torch.autograd.grad(g, hyper, p)[0]


# %% implicit_hypergradient | right | plain loop, one term after another
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    (v,) = torch.autograd.grad(validation_loss(w), w)
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    p = torch.zeros_like(v)
    for j in range(terms):
        p += v
        if j < terms - 1:
            v = v - rate * torch.autograd.grad(g, w, v, retain_graph=True)[0]
    return -rate * torch.autograd.grad(g, h, p)[0]


# %% implicit_hypergradient | right | torch.func all through
import torch
from torch.func import grad, jvp, vjp


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w, h = weights.detach(), hyper.detach()
    slope = grad(train_loss, argnums=0)
    term = grad(validation_loss)(w)
    total = term
    for _ in range(terms - 1):
        term = term - rate * jvp(lambda x: slope(x, h), (w,), (term,))[1]
        total = total + term
    _, back = vjp(lambda y: slope(w, y), h)
    return -rate * back(total)[0]


# %% implicit_hypergradient | right | recursion (Horner): p_k = v + (I - rate H) p_{k-1}
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    v = torch.autograd.grad(validation_loss(w), w)[0]
    g = torch.autograd.grad(train_loss(w, h), w, create_graph=True)[0]

    def inverse_times_v(k):
        if k == 1:
            return rate * v
        p = inverse_times_v(k - 1)
        return rate * v + p - rate * torch.autograd.grad(g, w, p, retain_graph=True)[0]

    return -torch.autograd.grad(g, h, inverse_times_v(terms))[0]


# %% implicit_hypergradient | right | gradient descent on the quadratic p H p / 2 - v p, from 0
import torch


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w = weights.detach().clone().requires_grad_()
    h = hyper.detach().clone().requires_grad_()
    validation_loss(w).backward()
    v = w.grad.clone()
    (g,) = torch.autograd.grad(train_loss(w, h), w, create_graph=True)
    p = torch.zeros_like(v)
    for _ in range(terms):
        (hp,) = torch.autograd.grad(g.dot(p), w, retain_graph=True)
        p = p - rate * (hp - v)
    (mixed,) = torch.autograd.grad(g.dot(p), h)
    return mixed.neg()


# %% implicit_hypergradient | right | a class-like helper with autograd.functional.vhp, numpy for the sums
import numpy
import torch
from torch.autograd.functional import vhp


def implicit_hypergradient(train_loss, validation_loss, weights, hyper, rate, terms):
    w0 = weights.detach()
    h0 = hyper.detach()

    def times_hessian(a):
        return vhp(lambda x: train_loss(x, h0), w0, torch.from_numpy(a))[1].numpy()

    x = w0.clone().requires_grad_()
    validation_loss(x).backward()
    term = x.grad.numpy().copy()
    total = numpy.zeros_like(term)
    for _ in range(terms):
        total += term
        term = term - rate * times_hessian(term)
    x = w0.clone().requires_grad_()
    h = h0.clone().requires_grad_()
    (g,) = torch.autograd.grad(train_loss(x, h), x, create_graph=True)
    (g * torch.from_numpy(total)).sum().backward()
    return -rate * h.grad


# %% expected_losses | wrong | noise not squared | noise is a standard deviation
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = [(curvature * m).sum(-1) / 2]
    for t in range(rates.shape[-1]):
        a = rates[..., t, None] * curvature
        m = (1 - a) ** 2 * m + a**2 * noise
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | r h before the noise not squared | noise is added with r h
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = [(curvature * m).sum(-1) / 2]
    for t in range(rates.shape[-1]):
        a = rates[..., t, None] * curvature
        m = (1 - a) ** 2 * m + a * noise**2
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | (1 - r h) not squared | the second moment is pulled by 1 - r h
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = [(curvature * m).sum(-1) / 2]
    for t in range(rates.shape[-1]):
        a = rates[..., t, None] * curvature
        m = (1 - a) * m + a**2 * noise**2
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | forgets the curvature in the step: θ - r (θ - c) | the step has no h in it
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = [(curvature * m).sum(-1) / 2]
    for t in range(rates.shape[-1]):
        r = rates[..., t, None]
        m = (1 - r) ** 2 * m + r**2 * noise**2
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | without the loss before the first step | the loss before the first step is missing
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = []
    for t in range(rates.shape[-1]):
        a = rates[..., t, None] * curvature
        m = (1 - a) ** 2 * m + a**2 * noise**2
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | one schedule only: walks along the first axis | Rates may have axes before the last
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments
    out = [(curvature * m).sum() / 2]
    for r in rates:
        m = (1 - r * curvature) ** 2 * m + (r * curvature * noise) ** 2
        out.append((curvature * m).sum() / 2)
    return torch.stack(out)


# %% expected_losses | wrong | numbers in numpy: no gradient gets through | no gradient gets through to the rates
import numpy
import torch


def expected_losses(rates, curvature, noise, second_moments):
    r = rates.detach().numpy()
    h = curvature.numpy()
    m = numpy.broadcast_to(second_moments.numpy(), r.shape[:-1] + (len(h),))
    out = [(h * m).sum(-1) / 2]
    for t in range(r.shape[-1]):
        a = r[..., t, None] * h
        m = (1 - a) ** 2 * m + a**2 * noise**2
        out.append((h * m).sum(-1) / 2)
    return torch.from_numpy(numpy.stack(out, -1))


# %% expected_losses | wrong | simulates 2000 runs and takes the mean | It draws random numbers
import torch


def expected_losses(rates, curvature, noise, second_moments):
    theta = second_moments.sqrt().expand(2000, *rates.shape[:-1], -1)
    out = [(curvature * theta**2).sum(-1).mean(0) / 2]
    for t in range(rates.shape[-1]):
        c = noise * torch.randn_like(theta)
        theta = theta - rates[..., t, None] * curvature * (theta - c)
        out.append((curvature * theta**2).sum(-1).mean(0) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | closed form of a constant rate, from the first rate alone | the first rate is used in every step
import torch


def expected_losses(rates, curvature, noise, second_moments):
    a = rates[..., :1, None] * curvature
    t = torch.arange(rates.shape[-1] + 1, dtype=rates.dtype)[:, None]
    decay = (1 - a) ** 2
    settled = a**2 * noise**2 / (1 - decay)
    m = decay**t * (second_moments - settled) + settled
    return (curvature * m).sum(-1) / 2


# %% expected_losses | wrong | an array of zeros in float32 | it returns torch.float32
import torch


def expected_losses(rates, curvature, noise, second_moments):
    steps = rates.shape[-1]
    out = torch.zeros(*rates.shape[:-1], steps + 1, dtype=torch.float32)
    m = second_moments.expand(*rates.shape[:-1], -1)
    out[..., 0] = (curvature * m).sum(-1) / 2
    for t in range(steps):
        a = rates[..., t, None] * curvature
        m = (1 - a) ** 2 * m + a**2 * noise**2
        out[..., t + 1] = (curvature * m).sum(-1) / 2
    return out


# %% expected_losses | wrong | a cross term of θ and c that has mean 0 | a mixed term of θ and c is added
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = [(curvature * m).sum(-1) / 2]
    for t in range(rates.shape[-1]):
        a = rates[..., t, None] * curvature
        m = (1 - a) ** 2 * m + 2 * a * (1 - a) * m.sqrt() * noise + a**2 * noise**2
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | the axis of steps comes first | the axis of steps comes first in the result
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = [(curvature * m).sum(-1) / 2]
    for t in range(rates.shape[-1]):
        a = rates[..., t, None] * curvature
        m = (1 - a) ** 2 * m + a**2 * noise**2
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out)


# %% expected_losses | wrong | the rates shifted by one: the first rate is used twice, the last never | the rates come one step late
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments.expand(*rates.shape[:-1], -1)
    out = [(curvature * m).sum(-1) / 2]
    for t in range(rates.shape[-1]):
        a = rates[..., max(t - 1, 0), None] * curvature
        m = (1 - a) ** 2 * m + a**2 * noise**2
        out.append((curvature * m).sum(-1) / 2)
    return torch.stack(out, -1)


# %% expected_losses | wrong | one moment for all: mean curvature and summed moments | all directions have the mean curvature
import torch


def expected_losses(rates, curvature, noise, second_moments):
    h = curvature.mean()
    m = second_moments.sum().expand(rates.shape[:-1])
    out = [h * m / 2]
    for t in range(rates.shape[-1]):
        a = rates[..., t] * h
        m = (1 - a) ** 2 * m + len(curvature) * a**2 * noise**2
        out.append(h * m / 2)
    return torch.stack(out, -1)


# %% expected_losses | right | one schedule after another, one direction after another, plain numbers
import torch


def expected_losses(rates, curvature, noise, second_moments):
    flat = rates.reshape(-1, rates.shape[-1])
    rows = []
    for schedule in flat:
        total = 0
        for h, m in zip(curvature, second_moments):
            line = [h * m / 2]
            for r in schedule:
                m = m * (1 - r * h) ** 2 + (r * h * noise) ** 2
                line.append(h * m / 2)
            total = total + torch.stack(line)
        rows.append(total)
    return torch.stack(rows).reshape(*rates.shape[:-1], rates.shape[-1] + 1)


# %% expected_losses | right | recursion over steps
import torch


def expected_losses(rates, curvature, noise, second_moments):
    m = second_moments + torch.zeros_like(rates[..., :1])
    now = (m @ curvature / 2).unsqueeze(-1)

    def rest(rates, m):
        if rates.shape[-1] == 0:
            return []
        a = rates[..., :1] * curvature
        m = (1 - a).square() * m + (a * noise).square()
        return [(m @ curvature / 2).unsqueeze(-1)] + rest(rates[..., 1:], m)

    return torch.cat([now] + rest(rates, m), dim=-1)


# %% expected_losses | right | 2 x 2 matrices that act on (E θ², 1), einsum
import torch


def expected_losses(rates, curvature, noise, second_moments):
    a = torch.einsum("...t,n->...tn", rates, curvature)
    one, nought = torch.ones_like(a), torch.zeros_like(a)
    matrices = torch.stack([torch.stack([(1 - a) ** 2, (a * noise) ** 2], -1), torch.stack([nought, one], -1)], -2)
    state = torch.stack([second_moments, torch.ones_like(second_moments)], -1)
    state = state.expand(*rates.shape[:-1], *state.shape)
    states = [state]
    for t in range(rates.shape[-1]):
        states.append(torch.einsum("...nij,...nj->...ni", matrices[..., t, :, :, :], states[-1]))
    return torch.einsum("n,...tn->...t", curvature, torch.stack(states, -3)[..., 0]) / 2


# %% expected_losses | right | itertools.accumulate along the unbound axis
from itertools import accumulate
import torch


def expected_losses(rates, curvature, noise, second_moments):
    def step(moment, rate):
        pull = rate.unsqueeze(-1) * curvature
        return moment - 2 * pull * moment + pull**2 * (moment + noise**2)

    begin = second_moments.expand(rates.shape[:-1] + second_moments.shape)
    moments = torch.stack(list(accumulate(rates.unbind(-1), step, initial=begin)), dim=-2)
    return (0.5 * curvature * moments).sum(dim=-1)


# %% expected_losses | right | mean² and variance kept apart
import torch


def expected_losses(rates, curvature, noise, second_moments):
    shape = (*rates.shape[:-1], len(curvature))
    mean = second_moments.sqrt().expand(shape)
    variance = torch.zeros(shape, dtype=rates.dtype)
    out = rates.new_zeros((*rates.shape[:-1], rates.shape[-1] + 1))
    out[..., 0] = (mean.square() * curvature).sum(-1) / 2
    for t, r in enumerate(rates.movedim(-1, 0)):
        keep = 1 - r[..., None] * curvature
        mean = keep * mean
        variance = keep.square() * variance + (1 - keep).square() * noise**2
        out[..., t + 1] = ((mean.square() + variance) * curvature).sum(-1) / 2
    return out


# %% train_in_pieces | wrong | detaches nothing, backward with retain_graph | a piece still hangs on the graph of the one before, and the rule has changed since
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | detaches nothing: the second piece finds a freed graph | a piece still hangs on the graph of the one before, which is gone
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | only theta is detached, not the memory | a piece still hangs on the graph of the one before, and the rule has changed since
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta = theta.detach()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | calls memory.detached() and theta.detach() but drops what they return | a piece still hangs on the graph of the one before, and the rule has changed since
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta.detach()
        memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | the last piece has full length | the last piece goes on beyond `steps`
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, first + cut):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | the last steps are done, but no outer step follows them | but no outer step follows it
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        if len(piece) < cut:
            break
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | divides the short last piece by cut | is divided by `cut` all the same
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).sum() / cut
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | clips each parameter for itself | that of *all* parameters together
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        for parameter in rule.parameters():
            nn.utils.clip_grad_norm_([parameter], 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | always scales the gradient to length 1, short ones too | do not normalise
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        length = torch.stack([p.grad.norm() for p in rule.parameters() if p.grad is not None]).norm()
        for p in rule.parameters():
            if p.grad is not None:
                p.grad /= length
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | memory is detached at every step | the memory is detached after every step
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory.detached())
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | subtracts what the rule says | It is *added*
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta - add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | an outer step after every step | an outer step after every single step
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            loss = problems.full(theta).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
            optimizer.step()
            piece.append(loss.item())
            theta, memory = theta.detach(), memory.detached()
        losses.append(sum(piece) / len(piece))
    return losses, theta.detach()


# %% train_in_pieces | wrong | what the rule adds is detached, so the rule learns nothing | is what it adds to theta detached?
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = (theta + add.detach()).requires_grad_()
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | wrong | cut = 20 and steps = 100 written down | where `steps` and `cut` belong
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, 100, 20):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, first + 20):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | right | range over pieces, inner range over steps
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start
    memory = rule.begin(theta)
    losses = []
    for first in range(0, steps, cut):
        theta, memory = theta.detach(), memory.detached()
        piece = []
        for t in range(first, min(first + cut, steps)):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            piece.append(problems.full(theta).mean())
        loss = torch.stack(piece).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses, theta.detach()


# %% train_in_pieces | right | one loop over all steps, a counter, weights of steps summed
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start.clone()
    memory = rule.begin(theta)
    losses = []
    total, count = 0.0, 0
    for t in range(steps):
        update, memory = rule(gradient(problems, theta, t), memory)
        theta = theta + update
        total = total + problems.full(theta).sum()
        count += len(problems.start)
        if (t + 1) % cut == 0 or t + 1 == steps:
            loss = total / count
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
            optimizer.step()
            losses.append(float(loss.detach()))
            theta = theta.detach()
            memory = memory.detached()
            total, count = 0.0, 0
    return losses, theta


# %% train_in_pieces | right | recursion over pieces, a helper for the outer step
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def outer_step(rule, optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(rule.parameters(), max_norm=1.0)
    optimizer.step()
    return loss.item()


def train_in_pieces(rule, problems, optimizer, steps, cut):
    def go_on(theta, memory, done):
        if done >= steps:
            return [], theta
        reached = []
        for t in range(done, done + cut):
            if t == steps:
                break
            delta, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + delta
            reached.append(problems.full(theta))
        number = outer_step(rule, optimizer, torch.stack(reached).mean())
        later, end = go_on(theta.detach(), memory.detached(), done + len(reached))
        return [number] + later, end

    theta = problems.start.detach()
    return go_on(theta, rule.begin(theta), 0)


# %% train_in_pieces | right | while loop, split, autograd.grad put into .grad by hand
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta, memory = problems.start, rule.begin(problems.start)
    parameters = [p for p in rule.parameters()]
    losses = []
    for numbers in torch.arange(steps).split(cut):
        mean = 0
        for t in numbers.tolist():
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = torch.add(theta, step)
            mean = mean + problems.full(theta).mean() / len(numbers)
        for p, g in zip(parameters, torch.autograd.grad(mean, parameters, allow_unused=True)):
            p.grad = g
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(mean.detach().item())
        theta, memory = theta.detach(), memory.detached()
    return losses, theta


# %% train_in_pieces | right | backward of each step's share, kept graph, no list
import torch
from torch import nn
from course_lib.lessons.lesson14.small_problems import gradient


def train_in_pieces(rule, problems, optimizer, steps, cut):
    theta = problems.start.detach().clone()
    memory = rule.begin(theta)
    losses = []
    t = 0
    while t < steps:
        length = min(cut, steps - t)
        optimizer.zero_grad()
        number = 0.0
        for k in range(length):
            add, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + add
            share = problems.full(theta).mean() / length
            share.backward(retain_graph=k + 1 < length)
            number += share.item()
            t += 1
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
        optimizer.step()
        theta = theta.detach()
        memory = memory.detached()
        losses.append(number)
    return losses, theta


# %% tuned_baseline | wrong | chooses on the problems that judge | the rate is chosen on the problems that judge: a leak
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(judging, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | nanmean: a blown-up training is left out of the mean | Here such trainings are left out of the mean
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.where(losses.isfinite(), torch.nan).nanmean(1)
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | nan is counted as 0 | nan_to_num makes 0 of nan
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.nan_to_num().mean(1)
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | no check for nan: argmin takes nan for the lowest | argmin takes nan for the smallest of all numbers
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | nan is out in the grid, but not beyond it | beyond the grid, trainings that went out of bounds are left out
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            losses = ends(tuning, new[None])[0]
            mean = losses[losses.isfinite()].mean()
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | does not look beyond the grid | Then a better one may lie beyond, and it is not looked for
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | adds the difference where it should multiply | They stand a *factor* apart
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] - rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = -factor if k == 0 else factor
        while True:
            new = best + step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | the best of the judging problems at each rate tried | the rate that serves it best: a leak
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), torch.minimum(
        ends(judging, rates).nan_to_num(nan=float("inf")).min(0).values, ends(judging, best[None])[0]
    )


# %% tuned_baseline | wrong | mean over rates: the wrong axis | the mean is taken over rates
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(0)
        mean[~losses.isfinite().all(0)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | takes the first rate that was worse, one beyond the best | it goes one rate too far
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            best = new
            if not mean < lowest:
                break
            lowest = mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | hands ends a number, not rates [k] | wants rates [k], a tensor with one axis
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new.item())[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | looks beyond on the judging problems | on the problems that judge: a leak
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = ends(judging, new[None])[0].mean()
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | blown-up trainings count as 10 and stay in the mean | is out, not dear
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean = losses.nan_to_num(nan=10.0, posinf=10.0).clamp(max=10.0).mean(1)
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | wrong | trains the judging problems one more time to look at their mean | the judging problems are trained 2 times
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    print("mean", ends(judging, best[None]).mean().item())
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | right | vectors, while loop
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]

    def score(rates):
        losses = ends(tuning, rates)
        mean = losses.mean(1)
        mean[~losses.isfinite().all(1)] = float("inf")
        return mean

    means = score(rates)
    k = int(means.argmin())
    best, lowest = rates[k], means[k]
    if k == 0 or k == len(rates) - 1:
        step = 1 / factor if k == 0 else factor
        while True:
            new = best * step
            mean = score(new[None])[0]
            if not mean < lowest:
                break
            best, lowest = new, mean
    return best.item(), ends(judging, best[None])[0]


# %% tuned_baseline | right | plain numbers, one rate at a time, a dictionary
import math
import torch


def tuned_baseline(ends, tuning, judging, rates):
    means = {}

    def try_rate(rate):
        losses = ends(tuning, torch.tensor([rate], dtype=rates.dtype))[0].tolist()
        if any(math.isnan(x) or math.isinf(x) for x in losses):
            means[rate] = math.inf
        else:
            means[rate] = sum(losses) / len(losses)

    grid = rates.tolist()
    factor = grid[1] / grid[0]
    for rate in grid:
        try_rate(rate)
    while True:
        best = min(means, key=means.get)
        if best == min(means):
            beyond = best / factor
        elif best == max(means):
            beyond = best * factor
        else:
            break
        try_rate(beyond)
        if means[beyond] >= means[best]:
            break
    return best, ends(judging, torch.tensor([best], dtype=rates.dtype))[0]


# %% tuned_baseline | right | recursion: the grid grows at the edge, the rate a 0-dim tensor
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = (rates[-1] / rates[0]) ** (1 / (len(rates) - 1))

    def mean_of(rates):
        losses = ends(tuning, rates)
        return torch.where(torch.isfinite(losses).all(dim=-1), losses.mean(dim=-1), torch.inf)

    def search(rates, means):
        best = means.argmin()
        if 0 < best < len(rates) - 1:
            return rates[best]
        if best == 0:
            more = rates[:1] / factor
            new = mean_of(more)
            if new[0] < means[best]:
                return search(torch.cat([more, rates]), torch.cat([new, means]))
        else:
            more = rates[-1:] * factor
            new = mean_of(more)
            if new[0] < means[best]:
                return search(torch.cat([rates, more]), torch.cat([means, new]))
        return rates[best]

    rate = search(rates, mean_of(rates))
    return rate, ends(judging, rate.reshape(1)).squeeze(0)


# %% tuned_baseline | right | numpy, with lists that are appended to
import numpy
import torch


def tuned_baseline(ends, tuning, judging, rates):
    tried = [float(r) for r in rates]
    losses = ends(tuning, rates).detach().numpy()
    means = [row.mean() if numpy.isfinite(row).all() else numpy.inf for row in losses]
    factor = tried[1] / tried[0]

    def train(rate):
        row = ends(tuning, rates.new_tensor([rate])).detach().numpy()[0]
        return row.mean() if numpy.isfinite(row).all() else numpy.inf

    while numpy.argmin(means) == len(means) - 1:
        tried.append(tried[-1] * factor)
        means.append(train(tried[-1]))
        if not means[-1] < means[-2]:
            break
    while numpy.argmin(means) == 0:
        tried.insert(0, tried[0] / factor)
        means.insert(0, train(tried[0]))
        if not means[0] < means[1]:
            break
    rate = tried[int(numpy.argmin(means))]
    return rate, ends(judging, rates.new_tensor([rate]))[0]


# %% tuned_baseline | right | sorts what is left, keeps the grid and trains it anew when it grew
import torch


def tuned_baseline(ends, tuning, judging, rates):
    factor = rates[1] / rates[0]
    while True:
        losses = ends(tuning, rates)
        alive = losses.isfinite().all(1)
        means = losses.nanmean(1).masked_fill(~alive, float("inf"))
        best = int(means.sort(stable=True).indices[0])
        if best == 0:
            beyond = rates[:1] / factor
            grown = torch.cat([beyond, rates])
        elif best == len(rates) - 1:
            beyond = rates[-1:] * factor
            grown = torch.cat([rates, beyond])
        else:
            break
        more = ends(tuning, beyond)
        if not more.isfinite().all() or more.mean() >= means[best]:
            break
        rates = grown
    return float(rates[best]), ends(judging, rates[best : best + 1])[0]
