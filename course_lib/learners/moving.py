"""Which parameters the inner loop changes: all, the last layer, all but the last layer, or those that one names."""

from __future__ import annotations

from contextlib import contextmanager

from torch import nn

REMEDY = "name what the inner loop changes, as in adapts=['head'] or adapts=network.head"


def moving_names(backbone: nn.Module, adapts) -> list[str]:
    """Names of the parameters that the inner loop may change, in their order in the network.

    Args:
        backbone: the network.
        adapts: "all", "head" (the last layer), "body" (all but the last layer), a module of the network, or a list of
            names of its parameters or modules.

    Raises:
        ValueError: if a name is unknown, nothing is left to move, or it cannot be told which layer is the last.
    """
    names = [name for name, p in backbone.named_parameters() if p.is_floating_point()]
    if isinstance(adapts, nn.Module):
        inside = {id(p) for p in adapts.parameters()}
        chosen = [name for name in names if id(backbone.get_parameter(name)) in inside]
    elif isinstance(adapts, list | tuple):
        chosen = _named(backbone, names, adapts)
    elif adapts in ("head", "body"):
        head = _parameters(backbone)[head_name(backbone)]
        chosen = [name for name in names if (name in head) == (adapts == "head")]
    elif adapts == "all":
        chosen = names
    else:
        raise ValueError(f"adapts must be 'all', 'head', 'body', a module of the network or a list of names, but it is "
                         f"{adapts!r}.")  # fmt: skip
    if not chosen:
        raise ValueError(f"adapts={adapts!r} leaves no parameter for the inner loop to change; the network has "
                         f"{_listed(backbone)}.")  # fmt: skip
    return chosen


def _named(backbone: nn.Module, names: list[str], adapts) -> list[str]:
    for given in adapts:
        if not any(_within(name, given) for name, _ in backbone.named_parameters()):
            raise ValueError(f"adapts names {given!r}, and this network has no such parameter or module; it has "
                             f"{_listed(backbone)}.")  # fmt: skip
    return [name for name in names if any(_within(name, given) for given in adapts)]


def _within(name: str, given: str) -> bool:
    return name == given or name.startswith(f"{given}.")


def _listed(backbone: nn.Module) -> str:
    names = [name for name, _ in backbone.named_parameters()]
    return "none" if not names else ", ".join(names if len(names) < 9 else [*names[:4], "...", *names[-4:]])


def head_name(backbone: nn.Module) -> str:
    """The name of the last layer with a matrix of weights, in the order in which the layers were defined.

    Raises:
        ValueError: if there is none, or if another layer has a part in its weights.
    """
    layers = _parameters(backbone)
    if not layers:
        raise ValueError(f"this network has no layer with a matrix of weights, so it has no head; {REMEDY}.")
    head = list(layers)[-1]
    for other, names in layers.items():
        own = {id(p) for p in backbone.get_submodule(head).parameters(recurse=False)}
        if other != head and any(id(backbone.get_parameter(name)) in own for name in names):
            raise ValueError(f"the last layer, {head!r}, shares weights with {other!r}, so there is no head apart; "
                             f"{REMEDY}.")  # fmt: skip
    return head


def _parameters(backbone: nn.Module) -> dict[str, list[str]]:
    """The names of the parameters of each layer that has a matrix, by the layer's name."""
    layers, matrix = {}, set()
    for name, p in backbone.named_parameters(remove_duplicate=False):
        layer, computed, _ = f".{name}".partition(".parametrizations.")  # as by weight_norm: it lies inside its layer
        layer = layer.removeprefix(".") if computed else name.rpartition(".")[0]
        layers.setdefault(layer, []).append(name)
        if p.ndim > 1:
            matrix.add(layer)
    return {layer: names for layer, names in layers.items() if layer in matrix}


@contextmanager
def last_to_run(backbone: nn.Module):
    """Inside the block the network runs; then the list it gives ends with the layer with a matrix that ran last."""
    ran = []
    hooks = [backbone.get_submodule(layer).register_forward_hook(lambda *_, layer=layer: ran.append(layer))
             for layer in _parameters(backbone)]  # fmt: skip
    try:
        yield ran
    finally:
        for hook in hooks:
            hook.remove()
