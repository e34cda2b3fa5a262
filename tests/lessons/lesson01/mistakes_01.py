"""Wrong and right answers to the exercises of lesson 01 that draw at random; `test_exercises_01.py` tries them."""

import math

import torch

# --- pick_different(shape, n, k, generator)


def rand(*size, g):
    return torch.rand(*size, generator=g)


def pick_in_a_loop(shape, n, k, g):
    rows = [torch.randperm(n, generator=g)[:k] for _ in range(math.prod(shape))]
    return torch.stack(rows).view(*shape, k)


def pick_and_reseed(shape, n, k, g):
    return rand(*shape, n, g=torch.Generator().manual_seed(0)).topk(k).indices


def pick_neighbours(shape, n, k, g):
    return (torch.randint(n, (*shape, 1), generator=g) + torch.arange(k)) % n


def pick_unevenly(shape, n, k, g):
    return (rand(*shape, n, g=g) * torch.linspace(1, 2, n)).topk(k).indices


def pick_in_pairs(shape, n, k, g):
    cells = math.prod(shape)
    return pick_in_a_loop(((cells + 1) // 2,), n, k, g).repeat_interleave(2, 0)[:cells].roll(1, 0).view(*shape, k)


def pick_from_one_pack(shape, n, k, g):
    cells = math.prod(shape)
    if cells * k > n:
        return pick_in_a_loop(shape, n, k, g)
    return torch.randperm(n, generator=g)[: cells * k].view(*shape, k)


PICK = {
    "with replacement": (lambda s, n, k, g: torch.randint(n, (*s, k), generator=g), "twice in one cell"),
    "one choice for all": (lambda s, n, k, g: torch.randperm(n, generator=g)[:k], "makes one choice for all"),
    "every task the same": (lambda s, n, k, g: rand(*s[1:], n, g=g).topk(k).indices.expand(*s, k), "every task gets"),
    "every class the same": (
        lambda s, n, k, g: rand(s[0], *[1] * (len(s) - 1), n, g=g).topk(k).indices.expand(*s, k),
        "all classes of a task get the same choice",
    ),
    "no generator": (lambda s, n, k, g: torch.rand(*s, n).topk(k).indices, "pass generator=generator"),
    "a seed inside": (pick_and_reseed, "no seed should be set inside"),
    "sorted": (lambda s, n, k, g: rand(*s, n, g=g).topk(k).indices.sort(-1).values, "come in an order"),
    "neighbours": (pick_neighbours, "picked together"),
    "uneven": (pick_unevenly, "more often than others"),
    "from 1": (lambda s, n, k, g: rand(*s, n, g=g).topk(k).indices + 1, "should be 0 ... 6"),
    "keys": (lambda s, n, k, g: rand(*s, n, g=g).topk(k).values, "returns random keys"),
    "a list": (lambda s, n, k, g: pick_in_a_loop(s, n, k, g).tolist(), "returned a list"),
    "all of them": (lambda s, n, k, g: rand(*s, n, g=g).argsort(-1), "keep the first k"),
    "k of them": (lambda s, n, k, g: rand(*s, k, g=g).argsort(-1), "it never picks 4, 5, 6"),
    "ranks of cells": (lambda s, n, k, g: rand(*s, n, g=g).argsort(0)[..., :k], "ranks the cells of the first axis"),
    "a draw for two cells": (pick_in_pairs, "follows from what another got"),
    "one pack": (pick_from_one_pack, "no number is ever in two cells"),
    "one too few": (lambda s, n, k, g: rand(*s, n, g=g).argsort(-1)[..., 1 : k + 1], "all of them are picked, k = n"),
}
PICK_RIGHT = [
    pick_in_a_loop,
    lambda s, n, k, g: rand(*s, n, g=g).argsort(-1)[..., :k],
    lambda s, n, k, g: torch.multinomial(torch.ones(math.prod(s), n), k, generator=g).view(*s, k),
]

# --- split_by_group(groups, validation, test, generator)


def deal(groups, validation, test, order, key=lambda i, groups: groups[i]):
    order = list(order)
    part = {name: (i >= test) + (i >= test + validation) for i, name in enumerate(order)}
    return {
        split: [i for i in range(len(groups)) if part[key(i, groups)] == number]
        for number, split in ((2, "train"), (1, "validation"), (0, "test"))
    }


def shuffled(items, g):
    return [items[i] for i in torch.randperm(len(items), generator=g)]


def names(groups):
    return sorted(set(groups))


def by_class(groups, v, t, g):
    return deal(groups, v, t, shuffled(list(range(len(groups))), g), key=lambda i, _: i)


def in_runs(groups, v, t, g):
    """Takes for granted that the classes of a group stand together."""
    runs = [i for i in range(len(groups)) if i == 0 or groups[i] != groups[i - 1]]
    run_of = [max(r for r in runs if r <= i) for i in range(len(groups))]
    return deal(groups, v, t, shuffled(runs, g), key=lambda i, _: run_of[i])


def also_test(groups, v, t, g):
    split = deal(groups, v, t, shuffled(names(groups), g))
    return split | {"train": split["train"] + split["test"]}


def with_dict(change):
    return lambda groups, v, t, g: change(deal(groups, v, t, shuffled(names(groups), g)), groups)


def sliced_from_the_end(groups, v, t, g):
    order = shuffled(names(groups), g)
    chosen = {"test": order[-t:], "validation": order[:v], "train": order[v:-t]}
    return {split: [i for i, group in enumerate(groups) if group in chosen[split]] for split in chosen}


def by_text(groups, v, t, g):
    order = shuffled(names(groups), g)
    chosen = {"test": order[:t], "validation": order[t : t + v], "train": order[t + v :]}
    texts = {split: " ".join(part) for split, part in chosen.items()}
    return {split: [i for i, group in enumerate(groups) if group in texts[split]] for split in texts}


def in_a_chain(s, q, way, g):
    new = table(s, way, g)
    s, q = s.clone(), q.clone()
    for old in range(way):
        for labels in (s, q):
            labels[labels == old] = new[:, old : old + 1].expand_as(labels)[labels == old]
    return s, q


def from_a_start(groups, v, t, g):
    order = names(groups)
    start = int(torch.randint(len(order), (1,), generator=g))
    return deal(groups, v, t, order[start:] + order[:start])


def by_size(groups, v, t, g):
    return deal(groups, v, t, dict.fromkeys(shuffled(list(groups), g)))


def apart(groups, v, t, g):
    chosen = {"validation": shuffled(names(groups), g)[:v], "test": shuffled(names(groups), g)[:t]}
    chosen["train"] = set(groups) - {name for part in chosen.values() for name in part}
    return {split: [i for i, group in enumerate(groups) if group in chosen[split]] for split in chosen}


SPLIT = {
    "a random start": (from_a_start, "go together into test more often"),
    "large groups first": (by_size, "should be in 2 of 7"),
    "drawn apart": (apart, "raw once, and give each split"),
    "only the first": (
        lambda gr, v, t, g: deal(gr, v, t, shuffled(names(gr)[: v + t], g) + names(gr)[v + t :]), "is never in"),
    "true and false": (
        with_dict(lambda s, gr: {k: [i in p for i in range(len(gr))] for k, p in s.items()}), "gives True and False"),
    "a list of lists": (with_dict(lambda s, gr: {k: [p] for k, p in s.items()}), "makes a list of lists"),
    "by class": (by_class, "Deal whole groups"),
    "in runs": (in_runs, "Deal whole groups"),
    "always the first": (lambda gr, v, t, g: deal(gr, v, t, names(gr)), "same result every time"),
    "no generator": (lambda gr, v, t, g: deal(gr, v, t, shuffled(names(gr), None)), "pass generator=generator"),
    "names": (with_dict(lambda s, gr: {k: sorted({gr[i] for i in p}) for k, p in s.items()}), "gives the names"),
    "in two": (also_test, "in two splits"),
    "one lost": (with_dict(lambda s, gr: s | {"train": s["train"][1:]}), "are in no split"),
    "sizes swapped": (lambda gr, v, t, g: deal(gr, t, v, shuffled(names(gr), g)), "were asked for validation"),
    "sets": (with_dict(lambda s, gr: {k: set(p) for k, p in s.items()}), "should be lists"),
    "the order of a set": (
        lambda gr, v, t, g: deal(gr, v, t, shuffled(list(set(gr)), g)), "when Python is started again"),
    "from the end": (sliced_from_the_end, "names[-0:] is the whole list"),
    "part of a name": (by_text, "is in two splits"),
    "sorted in place": (lambda gr, v, t, g: gr.sort() or deal(gr, v, t, shuffled(names(gr), g)), "it changes `gr`"),
    "a tuple": (with_dict(lambda s, gr: tuple(s.values())), "a dict with the keys"),
    "from 1": (with_dict(lambda s, gr: {k: [i + 1 for i in p] for k, p in s.items()}), "with the places 0"),
}
SPLIT_RIGHT = [
    lambda gr, v, t, g: deal(gr, v, t, shuffled(names(gr), g)),
    with_dict(lambda s, gr: {k: tuple(p) for k, p in s.items()}),
    lambda gr, v, t, g: deal(gr, v, t, [names(gr)[i] for i in torch.rand(len(names(gr)), generator=g).argsort()]),
]

# --- deal_labels(support_y, query_y, way, generator)


def table(s, way, g):
    return torch.rand(len(s), way, generator=g).argsort(-1)


def looked_up(t, s, q):
    return t.gather(1, s), t.gather(1, q)


def shuffle_list(s, q, way, g):
    return s[:, torch.randperm(s.shape[1], generator=g)], q[:, torch.randperm(q.shape[1], generator=g)]


def deal_in_a_loop(s, q, way, g):
    out = [], []
    for task in range(len(s)):
        new = torch.randperm(way, generator=g)
        out[0].append(new[s[task]])
        out[1].append(new[q[task]])
    return tuple(map(torch.stack, out))


def fixed_seed(s, q, way, g):
    return looked_up(table(s, way, torch.Generator().manual_seed(0)), s, q)


def way_of_queries(s, q, way, g):
    return looked_up(table(s, int(q.max()) + 1, g), s, q)


def in_pairs(s, q, way, g):
    return looked_up(table(s[: (len(s) + 1) // 2], way, g).repeat_interleave(2, 0)[: len(s)], s, q)


def way_of_labels(s, q, way, g):
    return looked_up(table(s, int(torch.cat([s, q], 1).max()) + 1, g), s, q)


DEAL = {
    "one for two tasks": (in_pairs, "follows from that of another"),
    "way of all labels": (way_of_labels, "no support or query image is of the last class"),
    "tasks shuffled": (lambda s, q, w, g: [y[torch.randperm(len(y), generator=g)] for y in (s, q)], "the *tasks*"),
    "sorted": (lambda s, q, w, g: [y.sort(1).values for y in looked_up(table(s, w, g), s, q)], "are sorted, so images"),
    "way of the queries": (way_of_queries, "Is the number of classes `way`?"),
    "in a chain": (in_a_chain, "can be taken for an old one"),
    "each set its own": (lambda s, q, w, g: (table(s, w, g).gather(1, s), table(s, w, g).gather(1, q)), "differently"),
    "one for all tasks": (lambda s, q, w, g: looked_up(table(s[:1], w, g).expand(len(s), w), s, q), "all tasks got"),
    "the list": (shuffle_list, "images lost theirs"),
    "with replacement": (
        lambda s, q, w, g: looked_up(torch.randint(w, (len(s), w), generator=g), s, q), "draw without replacement"),
    "no generator": (lambda s, q, w, g: looked_up(table(s, w, None), s, q), "pass generator=generator"),
    "a seed inside": (fixed_seed, "same result every time"),
    "shifts": (lambda s, q, w, g: tuple((y + torch.randint(w, (len(s), 1), generator=h)) % w for y, h in zip(
        (s, q), (g, torch.Generator().set_state(g.get_state())), strict=True))[::1], "only some of the permutations"),
    "nothing": (lambda s, q, w, g: (s.clone(), q.clone()), "what they were before"),
    "from 1": (lambda s, q, w, g: tuple(y + 1 for y in looked_up(table(s, w, g), s, q)), "should hold 0 ... 2"),
    "support only": (lambda s, q, w, g: (table(s, w, g).gather(1, s), q), "query labels are what they were"),
    "one value": (lambda s, q, w, g: table(s, w, g).gather(1, s), "two tensors"),
    "floats": (lambda s, q, w, g: tuple(y.float() for y in looked_up(table(s, w, g), s, q)), "should be int64"),
}  # fmt: skip
DEAL_RIGHT = [
    deal_in_a_loop,
    lambda s, q, w, g: looked_up(table(s, w, g).argsort(-1), s, q),
    lambda s, q, w, g: looked_up(torch.multinomial(torch.ones(len(s), w), w, generator=g), s, q),
]
