# %% image_meta_gradient | wrong | create_graph missing: first order | first-order
import torch.nn.functional as F
from torch.func import functional_call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    buffers = {name: b.clone() for name, b in network.named_buffers()}
    outer = 0
    for i in range(len(episode.support_x)):
        params = start
        for _ in range(steps):
            loss = F.cross_entropy(functional_call(network, (params, buffers), (episode.support_x[i],)), episode.support_y[i])
            grads = torch.autograd.grad(loss, list(params.values()))
            params = {n: p - lr * g for (n, p), g in zip(params.items(), grads)}
        outer = outer + F.cross_entropy(functional_call(network, (params, buffers), (episode.query_x[i],)), episode.query_y[i])
    outer = outer / len(episode.support_x)
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | functional_call in training mode records into the running averages | running averages
import torch.nn.functional as F
from torch.func import functional_call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    losses = []
    for sx, sy, qx, qy in zip(episode.support_x, episode.support_y, episode.query_x, episode.query_y):
        params = dict(start)
        for _ in range(steps):
            loss = F.cross_entropy(functional_call(network, params, (sx,)), sy)
            grads = torch.autograd.grad(loss, params.values(), create_graph=True)
            params = {n: p - lr * g for (n, p), g in zip(params.items(), grads)}
        losses.append(F.cross_entropy(functional_call(network, params, (qx,)), qy))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, start.values())
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | network.eval(): running averages instead of batch statistics | running averages
import torch.nn.functional as F
from torch.func import functional_call
def image_meta_gradient(network, episode, lr, steps=1):
    mode = network.training
    network.eval()
    start = dict(network.named_parameters())
    outer = 0
    for t in range(episode.n_tasks):
        params = start
        for _ in range(steps):
            loss = F.cross_entropy(functional_call(network, params, (episode.support_x[t],)), episode.support_y[t])
            grads = torch.autograd.grad(loss, list(params.values()), create_graph=True)
            params = {n: p - lr * g for (n, p), g in zip(params.items(), grads)}
        outer = outer + F.cross_entropy(functional_call(network, params, (episode.query_x[t],)), episode.query_y[t]) / episode.n_tasks
    grads = torch.autograd.grad(outer, list(start.values()))
    network.train(mode)
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | sum over tasks, not mean | Take their mean
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        outer = outer + F.cross_entropy(call(network, params, qx), qy)
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | steps is ignored, one step always | `steps`
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        adapted = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), start, lr)
        outer = outer + F.cross_entropy(call(network, adapted, qx), qy)
    outer = outer / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | params are not reset: the next task goes on from the adapted weights | task before it
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    params = start
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | the network's own weights are moved by an SGD optimiser | `network` in place
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr)
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        for _ in range(steps):
            optimizer.zero_grad()
            F.cross_entropy(network(sx), sy).backward()
            optimizer.step()
        outer = outer + F.cross_entropy(network(qx), qy) / episode.n_tasks
    grads = torch.autograd.grad(outer, list(network.parameters()))
    return {n: g for (n, _), g in zip(network.named_parameters(), grads)}, outer.item()

# %% image_meta_gradient | wrong | backward adds to what is in .grad, never cleared | .grad
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    total = 0.0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        loss = F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
        loss.backward()
        total += loss.item()
    return {n: p.grad for n, p in start.items()}, total

# %% image_meta_gradient | wrong | the outer loss is taken on the support set | on the support set
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        outer = outer + F.cross_entropy(call(network, params, sx), sy) / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | queries are normalised by the statistics of the support set | statistics of the support set
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
from course_lib.compute.batch_norm import statistics
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        params = params | statistics(network, params, sx)
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | the loss comes back with its graph | holds the graph
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    grads = torch.autograd.grad(outer, list(start.values()), retain_graph=True)
    return dict(zip(start, grads)), outer

# %% image_meta_gradient | wrong | a list of gradients, without names | a dict
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    return torch.autograd.grad(outer, list(start.values())), outer.item()

# %% image_meta_gradient | wrong | only the last task's loss is kept | only the last task
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        loss = F.cross_entropy(call(network, params, qx), qy)
    return dict(zip(start, torch.autograd.grad(loss, list(start.values())))), loss.item()

# %% image_meta_gradient | wrong | softmax before cross_entropy | softmax is applied twice
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    def loss_of(p, x, y):
        return F.cross_entropy(call(network, p, x).softmax(-1), y)
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: loss_of(p, sx, sy), params, lr)
        outer = outer + loss_of(params, qx, qy) / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | the adapted weights are detached: no gradient reaches the start | connection to the start
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
            params = {n: p.detach().requires_grad_() for n, p in params.items()}
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | returns the new start, not the gradient | the gradient itself
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    grads = torch.autograd.grad(outer, list(start.values()))
    return {n: (p - lr * g).detach() for (n, p), g in zip(start.items(), grads)}, outer.item()

# %% image_meta_gradient | right | inner_step and call, one gradient at the end
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | right | functional_call with copies of the buffers, the loss a detached tensor
import torch.nn.functional as F
from torch.func import functional_call
def image_meta_gradient(network, episode, lr, steps=1):
    names = [n for n, _ in network.named_parameters()]
    start = [p for _, p in network.named_parameters()]
    buffers = {n: b.clone() for n, b in network.named_buffers()}
    def forward(values, x):
        return functional_call(network, {**dict(zip(names, values)), **buffers}, (x,))
    losses = []
    for t in range(episode.support_x.shape[0]):
        values = start
        for _ in range(steps):
            loss = F.cross_entropy(forward(values, episode.support_x[t]), episode.support_y[t])
            grads = torch.autograd.grad(loss, values, create_graph=True)
            values = [v - lr * g for v, g in zip(values, grads)]
        losses.append(F.cross_entropy(forward(values, episode.query_x[t]), episode.query_y[t]))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, start)
    return dict(zip(names, grads)), outer.detach()

# %% image_meta_gradient | right | backward for each task, after zero_grad
from course_lib.compute.batch_norm import call
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    network.zero_grad()
    start = {n: p for n, p in network.named_parameters()}
    total = 0.0
    for task in range(episode.n_tasks):
        params = dict(start)
        for _ in range(steps):
            loss = F.cross_entropy(call(network, params, episode.support_x[task]), episode.support_y[task])
            grads = torch.autograd.grad(loss, list(params.values()), create_graph=True)
            params = {n: p - lr * g for (n, p), g in zip(params.items(), grads)}
        query_loss = F.cross_entropy(call(network, params, episode.query_x[task]), episode.query_y[task])
        (query_loss / episode.n_tasks).backward()
        total += query_loss.item()
    return {n: p.grad.clone() for n, p in start.items()}, total / episode.n_tasks

# %% image_meta_gradient | right | torch.func.grad inside and outside
import torch.nn.functional as F
from torch.func import grad, grad_and_value
from course_lib.compute.batch_norm import batch_statistics
from torch.func import functional_call
def image_meta_gradient(network, episode, lr, steps=1):
    def loss_of(params, x, y):
        return F.cross_entropy(functional_call(network, params, (x,)), y)
    def outer_loss(params):
        losses = []
        for sx, sy, qx, qy in zip(*episode.tensors()):
            adapted = params
            for _ in range(steps):
                g = grad(loss_of)(adapted, sx, sy)
                adapted = {n: adapted[n] - lr * g[n] for n in adapted}
            losses.append(loss_of(adapted, qx, qy))
        return torch.stack(losses).mean()
    start = {n: p.detach() for n, p in network.named_parameters()}
    with batch_statistics(network):
        gradient, loss = grad_and_value(outer_loss)(start)
    return gradient, loss.item()

# %% image_meta_gradient | wrong | nll_loss of raw scores | nll_loss wants logarithms
import torch.nn.functional as F
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    losses = []
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.nll_loss(call(network, p, sx), sy), params, lr)
        losses.append(F.nll_loss(call(network, params, qx), qy))
    outer = torch.stack(losses).mean()
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | divides by the number of queries once more | number of queries twice
import torch.nn.functional as F
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    total = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        total = total + F.cross_entropy(call(network, params, qx), qy) / len(qy)
    outer = total / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | the step is taken under no_grad, and switched on again | connection to the start
import torch.nn.functional as F
from course_lib.compute.batch_norm import call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            grads = torch.autograd.grad(F.cross_entropy(call(network, params, sx), sy), list(params.values()))
            with torch.no_grad():
                params = {n: p - lr * g for (n, p), g in zip(params.items(), grads)}
            for p in params.values():
                p.requires_grad_()
        outer = outer + F.cross_entropy(call(network, params, qx), qy) / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | forgets the task axis: the whole meta-batch goes through the network | images of *one* task
import torch.nn.functional as F
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    params = start
    for _ in range(steps):
        params = inner_step(lambda p: F.cross_entropy(call(network, p, episode.support_x), episode.support_y), params, lr)
    outer = F.cross_entropy(call(network, params, episode.query_x), episode.query_y)
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | right | a copy of the network computes, in training mode; the start is the network's own
import copy
import torch.nn.functional as F
from torch.func import functional_call
def image_meta_gradient(network, episode, lr, steps=1):
    worker = copy.deepcopy(network).train()
    start = {n: p for n, p in network.named_parameters()}
    loss_sum = 0.0
    grads_sum = None
    for i in range(episode.n_tasks):
        fast = start
        for _ in range(steps):
            loss = F.cross_entropy(functional_call(worker, fast, (episode.support_x[i],)), episode.support_y[i])
            g = torch.autograd.grad(loss, tuple(fast.values()), create_graph=True)
            fast = {n: w - lr * d for (n, w), d in zip(fast.items(), g)}
        loss = F.cross_entropy(functional_call(worker, fast, (episode.query_x[i],)), episode.query_y[i])
        g = torch.autograd.grad(loss, tuple(start.values()))
        grads_sum = g if grads_sum is None else [a + b for a, b in zip(grads_sum, g)]
        loss_sum += loss.item()
    return {n: g / episode.n_tasks for n, g in zip(start, grads_sum)}, loss_sum / episode.n_tasks

# %% feature_gradient | wrong | not divided by n, sum in place of mean | it is that of the *sum* of the losses
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, len(weight)).to(p.dtype)
    return (p - e) @ weight

# %% feature_gradient | wrong | divided by n * way, not by n | it divides by the number of examples *and* by that of the classes
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, len(weight)).to(p.dtype)
    delta = (p - e) / p.numel()
    return delta @ weight

# %% feature_gradient | wrong | softmax over the examples, wrong axis | softmax runs over the examples
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=0)
    e = F.one_hot(labels, len(weight)).to(p.dtype)
    return (p - e) @ weight / len(features)

# %% feature_gradient | wrong | sign: e - p, the direction of descent | the sign is turned round
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (e - p) @ weight / features.shape[0]

# %% feature_gradient | wrong | uses autograd | it lets autograd find the gradient
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    with torch.enable_grad():
        f = features.detach().clone().requires_grad_()
        loss = F.cross_entropy(f @ weight.T + bias, labels)
        return torch.autograd.grad(loss, f)[0]

# %% feature_gradient | wrong | bias forgotten in the scores | the bias is forgotten in the scores
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / features.shape[0]

# %% feature_gradient | wrong | one_hot without the number of classes: fails when the last class has no example | guesses the number of classes
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    return (p - F.one_hot(labels)) @ weight / len(labels)

# %% feature_gradient | wrong | stops at the gradient of the scores, weight missing | this is the gradient at the scores
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) / len(labels)

# %% feature_gradient | wrong | gradient with respect to the weight, not the features | this is the gradient for the *weight* of the head
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e).T @ features / len(labels)

# %% feature_gradient | wrong | exp by hand overflows for large scores, nan | exp of such scores is more than any number can be
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    ex = torch.exp(features @ weight.T + bias)
    p = ex / ex.sum(1, keepdim=True)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / len(labels)

# %% feature_gradient | wrong | sigmoid in place of softmax | that is a sigmoid for each class
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.sigmoid(features @ weight.T + bias)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / len(labels)

# %% feature_gradient | wrong | changes the argument weight in place | it changes `weight` in place; compute a new tensor instead (no +=, no x[...] =
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    p[torch.arange(len(labels)), labels] -= 1
    weight.data /= len(labels)
    return p @ weight

# %% feature_gradient | right | one_hot and matrices
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / len(features)

# %% feature_gradient | right | subtract 1 at the label of one's own copy
def feature_gradient(features, labels, weight, bias):
    delta = torch.softmax(torch.nn.functional.linear(features, weight, bias), dim=1).clone()
    n = features.shape[0]
    delta[torch.arange(n), labels] -= 1.0
    delta = delta / n
    return delta.mm(weight)

# %% feature_gradient | right | mean weight row under p minus the row of the label
def feature_gradient(features, labels, weight, bias):
    logits = features @ weight.t() + bias
    logits = logits - logits.max(dim=1, keepdim=True).values
    ex = logits.exp()
    p = ex / ex.sum(dim=1, keepdim=True)
    return (p @ weight - weight[labels]) / labels.shape[0]

# %% feature_gradient | right | loop over examples
def feature_gradient(features, labels, weight, bias):
    rows = []
    for f, label in zip(features, labels):
        p = torch.softmax(weight @ f + bias, dim=0)
        e = torch.zeros_like(p)
        e[label] = 1
        rows.append(weight.T @ (p - e))
    return torch.stack(rows) / len(rows)

# %% query_dependence | wrong | compares scores, softmax missing | it compares scores
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x)
        alone = [learner.predict(adapted, episode.query_x[:, i:i + 1]) for i in range(episode.query_x.shape[1])]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | mean in place of the largest difference | it takes the mean difference
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().mean().item()

# %% query_dependence | wrong | only the first query is asked alone | only the first query is asked alone
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = learner.predict(adapted, episode.query_x[:, :1]).softmax(-1)
    return (together[:, :1] - alone).abs().max().item()

# %% query_dependence | wrong | learner.eval() changes the mode of the learner | it changes the mode of `learner` (.train() or .eval()) and leaves it so
def query_dependence(learner, episode):
    learner.eval()
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | compares the named classes (argmax), not the probabilities | it compares predicted labels
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).argmax(-1)
        alone = [learner.predict(adapted, q).argmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together != torch.cat(alone, 1)).float().mean().item()

# %% query_dependence | wrong | softmax over the queries, wrong axis | softmax runs over the queries
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(1)
        alone = [learner.predict(adapted, q).softmax(1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | no absolute value: signed difference, probabilities that are higher alone are missed | it takes the largest *signed* difference, so a fall does not count
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).max().item()

# %% query_dependence | wrong | sums the differences over the classes, so it can be more than 1 | it adds up the differences over the classes
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().sum(-1).max().item()

# %% query_dependence | wrong | looks only at the probability of the right class (query_y) | it looks only at the probability of the right class
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)], 1)
    own = episode.query_y.unsqueeze(-1)
    return (together.gather(-1, own) - alone.gather(-1, own)).abs().max().item()

# %% query_dependence | wrong | not alone: the other queries are blanked with zeros and still sent along | each query still has company
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    worst = 0.0
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        for i in range(episode.query_x.shape[1]):
            only = torch.zeros_like(episode.query_x)
            only[:, i] = episode.query_x[:, i]
            alone = learner.predict(adapted, only).softmax(-1)
            worst = max(worst, (together[:, i] - alone[:, i]).abs().max().item())
    return worst

# %% query_dependence | wrong | adapts to the queries (query_x, query_y) in place of the support set | it adapts to the query set
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.query_x, episode.query_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | query_x[:, i] loses the axis of the queries (slice i:i+1) | a slice keeps it
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        differences = []
        for i in range(episode.query_x.shape[1]):
            alone = learner.predict(adapted, episode.query_x[:, i]).softmax(-1)
            differences.append((together[:, i] - alone).abs().max())
    return max(differences).item()

# %% query_dependence | right | slices and cat
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
                           for i in range(episode.query_x.shape[1])], dim=1)
    return (together - alone).abs().max().item()

# %% query_dependence | right | split, no no_grad, the result a 0-dim tensor
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    together = torch.softmax(learner.predict(adapted, episode.query_x), dim=-1)
    each = [torch.softmax(learner.predict(adapted, q), dim=-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(each, dim=1)).detach().abs().max()

# %% query_dependence | right | running maximum in a loop
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, way=episode.way)
    probs = learner.predict(adapted, episode.query_x).detach().softmax(dim=2)
    worst = 0.0
    for i in range(probs.shape[1]):
        p = learner.predict(adapted, episode.query_x[:, [i]]).detach().softmax(dim=2)
        worst = max(worst, float((p[0, 0] - probs[0, i]).abs().max()))
    return worst

# %% query_dependence | right | an inner function, log_softmax and exp
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)

    def ask(images):
        with torch.no_grad():
            return learner.predict(adapted, images)[0].log_softmax(-1).exp()  # [n, way]

    company = ask(episode.query_x)
    alone = torch.stack([ask(episode.query_x[:, i].unsqueeze(1))[0] for i in range(len(company))])
    return torch.dist(company, alone, p=float("inf")).item()

# %% image_meta_gradient | wrong | support set and queries go through batch norm in one batch | share a batch of batch norm
import torch.nn.functional as F
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        scores = call(network, params, torch.cat([sx, qx]))[len(sx):]
        outer = outer + F.cross_entropy(scores, qy) / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), outer.item()

# %% image_meta_gradient | wrong | the gradients of the tasks are added up, the loss is a mean | take their mean
import torch.nn.functional as F
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
def image_meta_gradient(network, episode, lr, steps=1):
    network.zero_grad()
    total = 0.0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = dict(network.named_parameters())
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        loss = F.cross_entropy(call(network, params, qx), qy)
        loss.backward()
        total += loss.item()
    return {n: p.grad for n, p in network.named_parameters()}, total / episode.n_tasks

# %% image_meta_gradient | wrong | a deep copy of the network adapts: the start gets no gradient | no gradient reaches the start
import copy
import torch.nn.functional as F
def image_meta_gradient(network, episode, lr, steps=1):
    outer = 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        mine = copy.deepcopy(network)
        optimizer = torch.optim.SGD(mine.parameters(), lr=lr)
        for _ in range(steps):
            optimizer.zero_grad()
            F.cross_entropy(mine(sx), sy).backward()
            optimizer.step()
        outer = outer + F.cross_entropy(mine(qx), qy) / episode.n_tasks
    grads = torch.autograd.grad(outer, list(network.parameters()))
    return {n: g for (n, _), g in zip(network.named_parameters(), grads)}, outer.item()

# %% image_meta_gradient | wrong | the support loss after the step, judged by accuracy | the outer loss
import torch.nn.functional as F
from course_lib.learners import inner_step
from course_lib.compute.batch_norm import call
def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    outer, right = 0, 0
    for sx, sy, qx, qy in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, sx), sy), params, lr)
        scores = call(network, params, qx)
        outer = outer + F.cross_entropy(scores, qy) / episode.n_tasks
        right += (scores.argmax(-1) == qy).float().mean().item() / episode.n_tasks
    return dict(zip(start, torch.autograd.grad(outer, list(start.values())))), right

# %% query_dependence | wrong | half of the sum over classes (total variation) | half the sum
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)], 1)
    return 0.5 * (together - alone).abs().sum(-1).max().item()

# %% query_dependence | wrong | only the confidence, the largest probability of each query | confidence
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1).amax(-1)
        alone = torch.cat([learner.predict(adapted, q).softmax(-1).amax(-1) for q in episode.query_x.split(1, dim=1)], 1)
    return (together - alone).abs().max().item()

# %% query_dependence | wrong | forgets to adapt again: it adapts anew to a support set of one image | support set
def query_dependence(learner, episode):
    with torch.no_grad():
        adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        worst = 0.0
        for i in range(episode.query_x.shape[1]):
            again = learner.adapt(episode.query_x[:, i:i + 1], episode.query_y[:, i:i + 1], episode.way)
            alone = learner.predict(again, episode.query_x[:, i:i + 1]).softmax(-1)
            worst = max(worst, (together[:, i:i + 1] - alone).abs().max().item())
    return worst

# %% query_dependence | wrong | the mode is set to train and put back | mode
def query_dependence(learner, episode):
    before = learner.training
    learner.train()
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)], 1)
    learner.train(before)
    return (together - alone).abs().max().item()

# %% query_dependence | wrong | compares two halves of the queries, not each alone | alone
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    n = episode.query_x.shape[1] // 2
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        halves = torch.cat([learner.predict(adapted, q).softmax(-1) for q in (episode.query_x[:, :n], episode.query_x[:, n:])], 1)
    return (together - halves).abs().max().item()

# %% query_dependence | right | torch.func.vmap free, numpy at the end
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        one = torch.softmax(learner.predict(adapted, episode.query_x), 2).numpy()
        other = [torch.softmax(learner.predict(adapted, q[:, None]), 2).numpy() for q in episode.query_x.unbind(1)]
    return np.abs(one - np.concatenate(other, axis=1)).max()

# %% image_meta_gradient | wrong | first order: the inner gradient is taken as a constant | first-order
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    gradient = {name: torch.zeros_like(p) for name, p in start.items()}
    total = 0.0
    tasks = list(zip(*episode.tensors()))
    for x, y, query_x, query_y in tasks:
        params = start
        for _ in range(steps):
            loss = F.cross_entropy(call(network, params, x), y)
            grads = torch.autograd.grad(loss, list(params.values()))
            params = {name: p - lr * g for (name, p), g in zip(params.items(), grads)}
        loss = F.cross_entropy(call(network, params, query_x), query_y)
        for name, g in zip(start, torch.autograd.grad(loss, list(start.values()))):
            gradient[name] += g / len(tasks)
        total += loss.item() / len(tasks)
    return gradient, total

# %% image_meta_gradient | wrong | each task goes on from the weights of the task before | task before it
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    params = start
    losses = []
    for x, y, query_x, query_y in zip(*episode.tensors()):
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), params, lr)
        losses.append(F.cross_entropy(call(network, params, query_x), query_y))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | loss is the mean over tasks, but gradient their sum | take their mean as well
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    gradient = {name: torch.zeros_like(p) for name, p in start.items()}
    losses = []
    for x, y, query_x, query_y in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), params, lr)
        loss = F.cross_entropy(call(network, params, query_x), query_y)
        for name, g in zip(start, torch.autograd.grad(loss, list(start.values()))):
            gradient[name] += g
        losses.append(loss.item())
    return gradient, sum(losses) / len(losses)

# %% image_meta_gradient | wrong | softmax before cross_entropy, which wants scores | softmax is applied twice
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())

    def loss_of(params, x, y):
        probabilities = call(network, params, x).softmax(-1)
        return F.cross_entropy(probabilities, y)

    losses = []
    for x, y, query_x, query_y in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: loss_of(p, x, y), params, lr)
        losses.append(loss_of(params, query_x, query_y))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | plain functional_call in training mode moves the running averages | running averages
import torch
from torch.func import functional_call
from torch.nn import functional as F

from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    gradient = {name: torch.zeros_like(p) for name, p in start.items()}
    tasks = list(zip(*episode.tensors()))
    total = 0.0
    mode = network.training
    network.train()
    for x, y, query_x, query_y in tasks:
        params = start
        for _ in range(steps):
            params = inner_step(
                lambda p: F.cross_entropy(functional_call(network, p, (x,)), y), params, lr)
        loss = F.cross_entropy(functional_call(network, params, (query_x,)), query_y)
        for name, g in zip(start, torch.autograd.grad(loss, list(start.values()))):
            gradient[name] += g / len(tasks)
        total += loss.item() / len(tasks)
    network.train(mode)
    return gradient, total

# %% image_meta_gradient | wrong | backward() adds to .grad that an earlier call left | .grad
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    tasks = list(zip(*episode.tensors()))
    total = 0.0
    for x, y, query_x, query_y in tasks:
        params = dict(network.named_parameters())
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), params, lr)
        loss = F.cross_entropy(call(network, params, query_x), query_y) / len(tasks)
        loss.backward()
        total += loss.item()
    return {name: p.grad.clone() for name, p in network.named_parameters()}, total

# %% image_meta_gradient | wrong | second order through the last adaptation step only | only the *last* adaptation step is differentiated
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    losses = []
    for x, y, query_x, query_y in zip(*episode.tensors()):
        params = start
        for k in range(steps):
            loss = F.cross_entropy(call(network, params, x), y)
            grads = torch.autograd.grad(loss, list(params.values()),
                                        create_graph=k == steps - 1)
            params = {name: p - lr * g for (name, p), g in zip(params.items(), grads)}
        losses.append(F.cross_entropy(call(network, params, query_x), query_y))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | queries pass batch norm in one batch with the support set | share a batch of batch norm
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    losses = []
    for x, y, query_x, query_y in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), params, lr)
        scores = call(network, params, torch.cat([x, query_x]))[len(x):]
        losses.append(F.cross_entropy(scores, query_y))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | inductive: queries are normalised with the support set's statistics | statistics of the support set
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call, statistics
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    losses = []
    for x, y, query_x, query_y in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), params, lr)
        scores = call(network, params | statistics(network, params, x), query_x)
        losses.append(F.cross_entropy(scores, query_y))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | wrong | query loss inside the step loop: mean over all steps | inside the loop over steps
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    losses = []
    for x, y, query_x, query_y in zip(*episode.tensors()):
        params = start
        for _ in range(steps):
            params = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), params, lr)
            losses.append(F.cross_entropy(call(network, params, query_x), query_y))
    outer = torch.stack(losses).mean()
    grads = torch.autograd.grad(outer, list(start.values()))
    return dict(zip(start, grads)), outer.item()

# %% image_meta_gradient | right | task by task with inner_step, gradients added up
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call
from course_lib.learners import inner_step


def image_meta_gradient(network, episode, lr, steps=1):
    start = dict(network.named_parameters())
    gradient = {name: torch.zeros_like(p) for name, p in start.items()}
    tasks = list(zip(*episode.tensors()))
    outer = 0.0
    for x, y, query_x, query_y in tasks:
        adapted = start
        for _ in range(steps):
            adapted = inner_step(lambda p: F.cross_entropy(call(network, p, x), y), adapted, lr)
        loss = F.cross_entropy(call(network, adapted, query_x), query_y)
        of_task = torch.autograd.grad(loss, list(start.values()))
        for name, g in zip(start, of_task):
            gradient[name] += g / len(tasks)
        outer += loss.item() / len(tasks)
    return gradient, outer

# %% image_meta_gradient | right | inner loop by hand on copied leaves, one gradient at the end
import torch
from torch.nn import functional as F

from course_lib.compute.batch_norm import call


def image_meta_gradient(network, episode, lr, steps=1):
    leaves = {name: p.detach().clone().requires_grad_()
              for name, p in network.named_parameters()}

    def loss_of(params, images, labels):
        log_p = call(network, params, images).log_softmax(dim=1)
        return -log_p[torch.arange(len(labels)), labels].mean()

    total, number = 0, episode.support_x.shape[0]
    for i in range(number):
        params = leaves
        for _ in range(steps):
            slopes = torch.autograd.grad(
                loss_of(params, episode.support_x[i], episode.support_y[i]),
                tuple(params.values()), create_graph=True)
            params = {name: params[name] - lr * slope for name, slope in zip(params, slopes)}
        total = total + loss_of(params, episode.query_x[i], episode.query_y[i])
    outer = total / number
    outer.backward()
    return {name: leaf.grad for name, leaf in leaves.items()}, float(outer.detach())

# %% image_meta_gradient | right | deep copy of the network, torch's functional_call, backward on the copy
import copy

import torch
from torch.func import functional_call
from torch.nn import functional as F


def image_meta_gradient(network, episode, lr, steps=1):
    twin = copy.deepcopy(network).train()  # its running averages may move, nobody looks
    twin.zero_grad(set_to_none=True)
    losses = []
    for support_x, support_y, query_x, query_y in zip(*episode.tensors()):
        adapted = dict(twin.named_parameters())
        for _ in range(steps):
            inner = F.cross_entropy(functional_call(twin, adapted, (support_x,)), support_y)
            grads = torch.autograd.grad(inner, list(adapted.values()), create_graph=True)
            adapted = {name: w - lr * g for (name, w), g in zip(adapted.items(), grads)}
        loss = F.cross_entropy(functional_call(twin, adapted, (query_x,)), query_y)
        (loss / len(episode.support_x)).backward()
        losses.append(loss.detach())
    return {name: p.grad for name, p in twin.named_parameters()}, torch.stack(losses).mean()

# %% image_meta_gradient | right | torch.func: grad inside grad_and_value, recursion over the steps
import torch
from torch.func import grad, grad_and_value
from torch.nn import functional as F

from course_lib.compute.batch_norm import call


def image_meta_gradient(network, episode, lr, steps=1):
    def loss_of(params, images, labels):
        return F.cross_entropy(call(network, params, images), labels)

    def adapt(params, x, y, left):
        if left == 0:
            return params
        slope = grad(loss_of)(params, x, y)
        return adapt({n: params[n] - lr * slope[n] for n in params}, x, y, left - 1)

    def outer_of(params, x, y, query_x, query_y):
        return loss_of(adapt(params, x, y, steps), query_x, query_y)

    start = {n: p.detach() for n, p in network.named_parameters()}
    both = [grad_and_value(outer_of)(start, *task) for task in zip(*episode.tensors())]
    gradient = {n: torch.stack([g[n] for g, _ in both]).mean(0) for n in start}
    return gradient, sum(loss.item() for _, loss in both) / len(both)

# %% feature_gradient | wrong | forgets that the loss is a mean over images | it is that of the *sum* of the losses
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, len(weight))
    return (p - e) @ weight

# %% feature_gradient | wrong | scores without the bias | the bias is forgotten in the scores
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T).softmax(-1)
    e = F.one_hot(labels, len(weight))
    return (p - e) @ weight / len(features)

# %% feature_gradient | wrong | sign: e - p, the direction of the step | the sign is turned round
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, len(weight))
    return (e - p) @ weight / len(features)

# %% feature_gradient | wrong | softmax over the images and not over the classes | softmax runs over the examples
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    p = F.softmax(features @ weight.T + bias, dim=0)
    e = F.one_hot(labels, len(weight))
    return (p - e) @ weight / len(features)

# %% feature_gradient | wrong | one_hot without number of classes: highest class must occur | guesses the number of classes
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    return (p - F.one_hot(labels)) @ weight / len(features)

# %% feature_gradient | wrong | lets autograd do it, which the text forbids | it lets autograd find the gradient
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    leaf = features.detach().clone().requires_grad_()
    loss = F.cross_entropy(leaf @ weight.T + bias, labels)
    return torch.autograd.grad(loss, leaf)[0]

# %% feature_gradient | wrong | divides by the number of classes: right for one shot | it divides by the number of classes
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    way = weight.shape[0]
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, way)
    return (p - e) @ weight / way

# %% feature_gradient | wrong | multiplies p - e by the derivative of softmax once more | with the slope of the softmax in it
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, len(weight))
    return ((p - e) * p * (1 - p)) @ weight / len(features)

# %% feature_gradient | wrong | labels ignored: takes classes to come in order 0, 1, 2, ... | `labels` is not used
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    n, way = len(features), len(weight)
    p = (features @ weight.T + bias).softmax(-1)
    e = torch.eye(way, dtype=p.dtype)[torch.arange(n) % way]
    return (p - e) @ weight / n

# %% feature_gradient | wrong | only the row of the right class counts | only the right class has an error
import torch


def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    of_label = p.gather(1, labels[:, None])  # [n, 1]
    return (of_label - 1) * weight[labels] / len(features)

# %% feature_gradient | right | vectorised, with one_hot
import torch
from torch.nn import functional as F


def feature_gradient(features, labels, weight, bias):
    p = F.softmax(F.linear(features, weight, bias), dim=-1)
    e = F.one_hot(labels, num_classes=weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / features.shape[0]

# %% feature_gradient | right | loops over images and classes
import torch


def feature_gradient(features, labels, weight, bias):
    n, way = features.shape[0], weight.shape[0]
    rows = []
    for i in range(n):
        scores = torch.stack([torch.dot(features[i], weight[c]) + bias[c] for c in range(way)])
        p = torch.exp(scores - torch.logsumexp(scores, 0))
        row = torch.zeros_like(features[i])
        for c in range(way):
            row = row + (p[c] - (1.0 if c == int(labels[i]) else 0.0)) * weight[c]
        rows.append(row / n)
    return torch.stack(rows)

# %% feature_gradient | right | einsum, one subtracted in place at the labels
import torch


def feature_gradient(features, labels, weight, bias):
    scores = torch.einsum("nd,cd->nc", features, weight) + bias
    error = scores.log_softmax(1).exp().clone()
    error[torch.arange(len(labels)), labels] -= 1
    return torch.einsum("nc,cd->nd", error, weight).div(len(labels))

# %% feature_gradient | right | expected row minus row of the label, by a helper
import torch


def feature_gradient(features, labels, weight, bias):
    def probabilities(scores):
        powers = (scores - scores.amax(1, keepdim=True)).exp()
        return powers / powers.sum(1, keepdim=True)

    with torch.no_grad():
        centred = weight - weight.mean(0)  # p - e sums to zero: a common row plays no part
        expected = probabilities(torch.addmm(bias, features, weight.t())).mm(centred)
        return (expected - centred.index_select(0, labels)) / labels.numel()

# %% query_dependence | wrong | compares scores, not probabilities | it compares scores
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1])
                           for i in range(episode.query_x.shape[1])], dim=1)
    return (together - alone).abs().max().item()

# %% query_dependence | wrong | softmax along the queries instead of the classes | softmax runs over the queries
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1])
                           for i in range(episode.query_x.shape[1])], dim=1)
    return (together.softmax(1) - alone.softmax(1)).abs().max().item()

# %% query_dependence | wrong | mean over the queries of each one's largest change | it averages over the queries
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
                           for i in range(episode.query_x.shape[1])], dim=1)
    return (together - alone).abs().amax(-1).mean().item()

# %% query_dependence | wrong | no absolute value: only what falls in company is seen | it takes the largest *signed* difference, so a rise does not count
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
                           for i in range(episode.query_x.shape[1])], dim=1)
    return (alone - together).max().item()

# %% query_dependence | wrong | asks in two halves, not one query at a time | in two halves
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    half = episode.query_x.shape[1] // 2
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        apart = torch.cat([learner.predict(adapted, episode.query_x[:, :half]).softmax(-1),
                           learner.predict(adapted, episode.query_x[:, half:]).softmax(-1)], 1)
    return (together - apart).abs().max().item()

# %% query_dependence | wrong | measures in eval mode, whatever mode the learner is in | it sets the mode of the learner
import torch


def query_dependence(learner, episode):
    mode = learner.training
    learner.eval()
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
                           for i in range(episode.query_x.shape[1])], dim=1)
    learner.train(mode)
    return (together - alone).abs().max().item()

# %% query_dependence | wrong | slices the task axis: all queries are "alone" together | cuts the axis of *tasks*
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    largest = 0.0
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        for i in range(len(episode.query_x)):
            alone = learner.predict(adapted, episode.query_x[i:i + 1]).softmax(-1)
            largest = max(largest, (together[i:i + 1] - alone).abs().max().item())
    return largest

# %% query_dependence | wrong | looks at the probability of the right class only | it looks only at the probability of the right class
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
                           for i in range(episode.query_x.shape[1])], dim=1)
    change = (together - alone).abs().gather(-1, episode.query_y[..., None])
    return change.max().item()

# %% query_dependence | wrong | the loop overwrites: only the last query's change is returned | only the last query counts
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        for i in range(episode.query_x.shape[1]):
            alone = learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
            largest = (together[:, i:i + 1] - alone).abs().max().item()
    return largest

# %% query_dependence | wrong | five classes assumed, the episode's way is ignored | five classes
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, 5)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
                           for i in range(episode.query_x.shape[1])], dim=1)
    return (together - alone).abs().max().item()

# %% query_dependence | right | one concatenation, then a vectorised maximum
import torch


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x)
        alone = torch.cat([learner.predict(adapted, q) for q in episode.query_x.split(1, 1)], 1)
    return (together.softmax(-1) - alone.softmax(-1)).abs().max().item()

# %% query_dependence | right | nested loops in Python, a running maximum of floats
import math


def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)

    def probabilities(scores):
        top = max(scores)
        powers = [math.exp(s - top) for s in scores]
        return [p / sum(powers) for p in powers]

    largest = 0.0
    everybody = learner.predict(adapted, episode.query_x).detach()[0].tolist()
    for i, in_company in enumerate(everybody):
        alone = learner.predict(adapted, episode.query_x[:, i].unsqueeze(1)).detach()[0, 0]
        for p, q in zip(probabilities(in_company), probabilities(alone.tolist())):
            largest = max(largest, abs(p - q))
    return largest

# %% query_dependence | right | keyword arguments, helper, alone first, result a 0-d tensor
import torch
from torch.nn import functional as F


def query_dependence(learner, episode):
    support = {"support_x": episode.support_x, "support_y": episode.support_y}
    adapted = learner.adapt(**support, way=episode.way)

    def ask(which):
        scores = learner.predict(adapted, query_x=episode.query_x[:, which])
        return F.softmax(scores.detach(), dim=2)

    n = episode.query_x.size(1)
    alone = [ask([i]) for i in range(n)]
    together = ask(list(range(n)))
    return torch.stack([F.l1_loss(one, together[:, i:i + 1], reduction="none").amax()
                        for i, one in enumerate(alone)]).amax()

# %% query_dependence | right | tensors(), log_softmax, infinity norm
import torch


def query_dependence(learner, episode):
    def largest_change(p, q):
        return torch.linalg.vector_norm((p - q).detach().flatten(), ord=float("inf")).item()

    support_x, support_y, query_x, _ = episode.tensors()
    adapted = learner.adapt(support_x, support_y, episode.way)
    together = learner.predict(adapted, query_x).log_softmax(-1).exp()
    return max(largest_change(learner.predict(adapted, query_x.narrow(1, i, 1))
                              .log_softmax(-1).exp(), together.narrow(1, i, 1))
               for i in range(query_x.shape[1]))
