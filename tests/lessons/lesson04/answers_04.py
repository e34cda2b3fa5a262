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
