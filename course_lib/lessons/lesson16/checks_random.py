"""What `check` looks at in the test by random weights, in lesson 16, and which mistakes it knows."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import suppress

import torch
from torch import Tensor, nn

from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.once import once
from course_lib.lessons.lesson16.checks_random_known import cases, renew
from course_lib.lessons.lesson16.explanation_tests import randomised_similarity, rank_correlation


def _children(network: nn.Module) -> list[nn.Module]:
    return [layer for layer in network if any(True for _ in layer.parameters())]


def _ranks(values: Tensor) -> Tensor:
    return values.flatten().argsort().argsort().double()


def _pearson(a: Tensor, b: Tensor) -> float:
    a, b = a.flatten().double(), b.flatten().double()
    return torch.corrcoef(torch.stack([a, b]))[0, 1].item()


def _answer(alike=rank_correlation, layers=_children, order=lambda layers: layers[::-1], cascade=True, beside="trained",
            explained="renewed", first=False, late=False, at_once=False, touch=renew,
            end=torch.tensor):  # fmt: skip
    """The test once more, with places to go wrong.

    Args:
        alike: of two maps; layers: of the network; order: in which they are renewed.
        cascade: whether renewed layers stay renewed; beside: the map that is compared with, "trained" or "last".
        explained: "renewed", or "trained" if the wrong network is explained.
        first: whether the trained network comes first; late: whether a map is taken before its layer is renewed.
        at_once: whether all layers are renewed, and then there is one number.
        touch: what is done to a layer; end: what is returned, of a list.
    """

    def answer(explain, network, picture, renew):
        trained, found = explain(network, picture), []
        before, work = trained, copy.deepcopy(network)
        if first:
            found.append(alike(trained, trained))
        places = range(len(layers(work)))
        for place in order(list(places)):
            work = work if cascade else copy.deepcopy(network)
            if late:
                found.append(alike(before, explain(work, picture)))
            touch(layers(work)[place])
            if late or at_once:
                continue
            now = explain(network if explained == "trained" else work, picture)
            found.append(alike(before, now))
            before = now if beside == "last" else before
        if at_once:
            found.append(alike(trained, explain(work, picture)))
        return end(found)

    return answer


def _with_own_weight(network: nn.Module) -> list[nn.Module]:
    return [layer for layer in network if hasattr(layer, "weight")]


def _usual_kinds(network: nn.Module) -> list[nn.Module]:
    return [layer for layer in network if isinstance(layer, nn.Linear | nn.Conv2d)]


def _linear(network: nn.Module) -> list[nn.Module]:
    return [layer for layer in network if isinstance(layer, nn.Linear)]


def _not_the_first(network: nn.Module) -> list[nn.Module]:
    return _children(network[1:])


def _whole_each_time(network: nn.Module) -> list[nn.Module]:
    return [network] * len(_children(network))


def _inside(network: nn.Module) -> list[nn.Module]:
    return [part for part in network.modules() if any(True for _ in part.parameters(recurse=False))]


def _usual_inside(network: nn.Module) -> list[nn.Module]:
    return [part for part in network.modules() if isinstance(part, nn.Linear | nn.Conv2d)]


def _whole_too(network: nn.Module) -> list[nn.Module]:
    return [part for part in network.modules() if any(True for _ in part.parameters())]


def _weight_only(layer: nn.Module):
    """Weights, but no biases."""
    kept = [(p, p.detach().clone()) for name, p in layer.named_parameters() if name.endswith("bias")]
    renew(layer)
    for parameter, old in kept:
        parameter.data.copy_(old)


def _zero(layer: nn.Module):
    for parameter in layer.parameters():
        parameter.data.zero_()


def _top(a: Tensor, b: Tensor) -> float:
    k = max(a.numel() // 4, 1)
    best = [set(x.flatten().topk(k).indices.tolist()) for x in (a, b)]
    return len(best[0] & best[1]) / k


def _changed(change: Callable) -> Callable:
    return lambda a, b: rank_correlation(change(a), change(b))


_RANKS = "rank_correlation(one, other) compares the order of the patches."
_ALIKES = [
    (_pearson, "the numbers of the maps are correlated, not their ranks: one very large number decides. " + _RANKS),
    (lambda a, b: torch.cosine_similarity(a.flatten(), b.flatten(), 0).item(), "that is a cosine of the maps. "
     + _RANKS),
    (_changed(torch.abs), "sizes of the maps are compared. The sign belongs to the map: " + _RANKS),
    (lambda a, b: abs(rank_correlation(a, b)), "the sign of the rank correlation is lost: -1 is the opposite order."),
    (lambda a, b: 1 - rank_correlation(a, b), "these are 1 - rank correlation: how *unlike* they are."),
    (lambda a, b: -rank_correlation(a, b), "the sign is turned round."),
    (lambda a, b: rank_correlation(a, b) ** 2, "rank correlations are squared."),
    (lambda a, b: max(rank_correlation(a, b), 0.0), "what is below 0 is cut off: -1 is the opposite order."),
    (lambda a, b: (1 + rank_correlation(a, b)) / 2, "rank correlations are moved to 0 ... 1."),
    (lambda a, b: _pearson(a.flatten().argsort(), b.flatten().argsort()), "argsort says which patch comes first, not "
     "which rank a patch has. " + _RANKS),
    (lambda a, b: (a - b).abs().mean().item(), "these are distances of the maps. " + _RANKS),
    (lambda a, b: (a - b).square().mean().item(), "these are squared distances of the maps. " + _RANKS),
    (lambda a, b: (a - b).norm().item(), "these are distances of the maps. " + _RANKS),
    *((lambda a, b, i=i: sum(map(rank_correlation, a.unbind(i), b.unbind(i))) / a.shape[i], "each row or column of the "
       "map is compared by itself. The whole maps are: " + _RANKS) for i in (0, 1)),
    (_top, "these are shares of the best patches. " + _RANKS),
    (lambda a, b: float(torch.equal(a, b)), "these say whether the maps are equal. How like they are is wanted: "
     + _RANKS),
    (lambda a, b: (_ranks(a) == _ranks(b)).double().mean().item(), "these count the patches whose rank is the same. "
     + _RANKS),
]  # fmt: skip
_LAST = "The last layer goes first, then the one before it as well, and so on. "
_BLOCK = ("A layer is an entry of the network, and may be a block of several: any(True for _ in layer.parameters()) "
          "says whether it has weights, inside too.")  # fmt: skip
_WAYS = [
    ({"order": lambda places: places}, _LAST + "Yours begins with the first layer: reversed(network)."),
    ({"cascade": False}, "each layer is renewed by itself, in a fresh copy. Renewed layers stay renewed, so that in "
     "the end all are."),
    ({"cascade": False, "order": lambda places: places}, "each layer is renewed by itself, from the first. " + _LAST
     + "Renewed layers stay renewed."),
    ({"beside": "last"}, "each map is compared with that of one layer before. Compare with the map of the *trained* "
     "network, every time."),
    ({"explained": "trained"}, "it is the trained network that is explained every time, or nothing was renewed. Is the "
     "copy that renew changes, in place, the one that explain gets?"),
    ({"first": True}, "the trained network beside itself comes first, a 1 that says nothing. The first number is that "
     "with the last layer new."),
    ({"late": True}, "a map is made *before* its layer is renewed, so that the first number is 1 and the last is "
     "missing."),
    ({"at_once": True}, "there is one number, with all layers new. One is wanted after each layer."),
    ({"end": lambda found: torch.tensor(found).flip(0)}, "the numbers stand in the order of the network's layers. That "
     "with the last layer new comes first."),
    ({"end": lambda found: torch.tensor(found).mean()}, "the numbers are averaged. One for each layer is wanted."),
    ({"end": lambda found: torch.tensor(found[:1])}, "that is the first number alone. One for each layer is wanted."),
    ({"end": lambda found: torch.tensor(found[:-1])}, "the last number is missing, with the first layer new as well."),
    ({"layers": list}, "layers without weights are counted, too: nothing in them can be renewed. Pass over them."),
    ({"layers": list, "order": lambda places: places}, _LAST + "Yours begins with the first. And layers without "
     "weights are counted, too."),
    ({"layers": _with_own_weight}, "a layer that has no `weight` of its own is passed over. " + _BLOCK),
    ({"layers": _usual_kinds}, "only linear layers and convolutions are renewed. Others have weights, too. " + _BLOCK),
    ({"layers": _linear}, "only linear layers are renewed. Convolutions have weights, and others. " + _BLOCK),
    ({"layers": _not_the_first}, "entry 0 of the network is never reached: range(len(network) - 1, -1, -1), or "
     "reversed(network)."),
    ({"layers": _whole_each_time}, "the whole network is renewed each time. One layer more is wanted: renew(layer)."),
    ({"layers": _inside}, "what is inside a block is counted layer by layer. " + _BLOCK),
    ({"layers": _usual_inside}, "only linear layers and convolutions are renewed, also inside blocks. " + _BLOCK),
    ({"layers": _whole_too}, "modules() gives the network itself and what is inside blocks, too. Its entries are "
     "wanted: `for layer in network`."),
    ({"touch": _weight_only}, "biases keep what they have learned. renew(layer) renews all of a layer."),
    ({"touch": _zero}, "layers are set to 0. renew(layer) gives them new random weights."),
]  # fmt: skip
_MISTAKES = [
    *((_answer(**way), said) for way, said in _WAYS), *((_answer(alike=alike), said) for alike, said in _ALIKES),
]  # fmt: skip
_MIXED = [  # two at once: the first one to mend is told
    *((_answer(alike=_pearson, **way), said) for way, said in _WAYS),
]  # fmt: skip


def _key(explain, network, picture, renew):
    return explain, str(network), network.training, picture.numel()


def _maps(explain, network, picture, renew):
    """The maps themselves."""
    return torch.Size([len(_children(network)), *picture.shape[1:]])


_SIZES = [(_maps, "these are the maps. How like they are to that of the trained network is wanted: " + _RANKS)]
_KNOWN = [(once(wrong, _key), said) for wrong, said in _MISTAKES + _MIXED + _SIZES]
_COPY = ("it renews the network itself, which is still needed, and so is the map of what it has learned. Work on a "
         "copy: copy.deepcopy(network).")  # fmt: skip
_BUFFERS = ("weights are put back, but running averages are not: renew changes all that a layer has learned. They "
            "stand in network.state_dict(), not in network.parameters(); and copy.deepcopy(network) has "
            "them.")  # fmt: skip
_IN_PLACE = "renew(layer) changes the layer itself and gives nothing back: leave the layer where it is."
_UNUSED = "`renew` is not called: it is what gives a layer its new weights, renew(layer)."


def _as_tensor(call):
    """The answer with a tensor of several numbers, where it gives a list of tensors or floats that would be one."""

    def run(*args):
        found = call(*args)
        if isinstance(found, list | tuple) and len(found) > 0:
            raise Problem(f"a tensor is wanted, [layers with weights], but it is a {type(found).__name__}: "
                          "torch.tensor(...) makes one of numbers.")  # fmt: skip
        return found

    return run


def _renewals(call) -> tuple[int, int]:
    """How often it renews a layer of a network, and how many of its layers have weights."""
    explain, network, picture, _ = next(iter(cases().values()))
    seen = []

    def renewed(layer):
        seen.append(layer)
        renew(layer)

    with suppress(Problem):  # which compare has met, too
        call(explain, copy.deepcopy(network), picture, renewed)
    return len(seen), len(_children(network))


def _count(calls: int, layers: int):
    if not calls:
        raise Problem(_UNUSED)
    if calls != layers:
        raise Problem(f"renew is called {calls} times for {layers} layers that have weights. Each of them is renewed "
                      "once, and stays so, while others become new.")  # fmt: skip


def judge_random(call):
    """`randomised_similarity`: flat networks and blocks, maps with signs, a network that stays as it is."""
    try:
        compare(_as_tensor(call), randomised_similarity, cases(), _KNOWN, (), ("layer from the last",))
    except Problem as problem:
        text = str(problem)
        if "the weights of `" in text:
            raise Problem(_COPY) from None
        if "the buffers of `" in text:
            raise Problem(_BUFFERS) from None
        if "'NoneType' object is not callable" in text:  # by a network with None in the place of a layer
            raise Problem(f"{text}\n  {_IN_PLACE}") from None
        if "the numbers differ" in text:
            _count(*_renewals(call))
        if "does not require grad" in text:
            raise Problem(f"{text}\n  explain takes derivatives: call it outside of torch.no_grad().") from None
        if "'Sequential' object is not reversible" in text or "not reversible" in text:
            raise Problem(f"{text}\n  list(network) gives its layers, from the first.") from None
        raise
    _count(*_renewals(call))
