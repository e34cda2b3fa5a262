"""One outer step of MAML as other libraries write it, for maml.py."""

import importlib.util
import sys
import types

import torch
from torch.func import functional_call
from torch.nn import functional as F


def loss(answers, y):
    """The loss of one task: cross-entropy for labels, mean squared error for real targets."""
    return F.mse_loss(answers, y) if y.is_floating_point() else F.cross_entropy(answers, y)


def by_task(query_loss):
    """A step function of a library, from its `query_loss(support_x, support_y, query_x, query_y)` of one task."""

    def make(network, setting, episode, optimizer):
        of_task = query_loss(network, setting)

        def step():
            optimizer.zero_grad()
            for task in zip(*episode.tensors(), strict=True):
                (of_task(*task) / episode.n_tasks).backward()  # as the libraries' own examples do: memory of one task
            optimizer.step()

        return step

    return make


@by_task
def plain(network, setting):
    """PyTorch without any library."""

    def query_loss(x, y, query_x, query_y):
        params = dict(network.named_parameters())
        for _ in range(setting.steps):
            inner = loss(functional_call(network, params, (x,)), y)
            gradient = torch.autograd.grad(inner, params.values(), create_graph=setting.order == 2)
            params = {n: p - setting.lr * g for (n, p), g in zip(params.items(), gradient, strict=True)}
        return loss(functional_call(network, params, (query_x,)), query_y)

    return query_loss


@by_task
def queries_alone(network, setting):
    """No adapting: the floor under every library."""
    return lambda x, y, query_x, query_y: loss(network(query_x), query_y)


@by_task
def learn2learn(network, setting):
    """As in its examples/vision/maml_omniglot.py."""
    maml = _learn2learn_maml()(network, setting.lr, first_order=setting.order == 1)

    def query_loss(x, y, query_x, query_y):
        clone = maml.clone()
        for _ in range(setting.steps):
            clone.adapt(loss(clone(x), y))
        return loss(clone(query_x), query_y)

    return query_loss


def _learn2learn_maml():
    """Its MAML alone: the package as a whole imports gym, torchvision and compiled code, which MAML needs none of."""
    for name in ("learn2learn", "learn2learn.algorithms"):
        if name not in sys.modules:
            if (found := importlib.util.find_spec(name)) is None:
                raise ModuleNotFoundError("No module named 'learn2learn'")
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__path__ = list(found.submodule_search_locations)
    from learn2learn.algorithms.maml import MAML

    return MAML


@by_task
def higher(network, setting):
    """As in its examples/maml-omniglot.py; first order by the callback that its documentation names."""
    import higher

    inner = torch.optim.SGD(network.parameters(), lr=setting.lr)
    callback = (lambda gradient: [g.detach() for g in gradient]) if setting.order == 1 else None

    def query_loss(x, y, query_x, query_y):
        with higher.innerloop_ctx(network, inner, copy_initial_weights=False) as (adapted, optimizer):
            for _ in range(setting.steps):
                optimizer.step(loss(adapted(x), y), grad_callback=callback)
            return loss(adapted(query_x), query_y)

    return query_loss


def torchopt(network, setting, episode, optimizer):
    """As in its examples/few-shot/maml_omniglot.py: one backward pass for all tasks. It has no first order."""
    import torchopt

    if setting.order == 1:
        raise ValueError("torchopt has no first order.")
    inner = torchopt.MetaSGD(network, lr=setting.lr)

    def step():
        optimizer.zero_grad()
        start = torchopt.extract_state_dict(network, by="reference", detach_buffers=True)
        start_of_inner = torchopt.extract_state_dict(inner, by="reference")
        losses = []
        for x, y, query_x, query_y in zip(*episode.tensors(), strict=True):
            for _ in range(setting.steps):
                inner.step(loss(network(x), y))
            losses.append(loss(network(query_x), query_y))
            torchopt.recover_state_dict(network, start)
            torchopt.recover_state_dict(inner, start_of_inner)
        torch.stack(losses).mean().backward()
        optimizer.step()

    return step
