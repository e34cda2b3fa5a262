"""What `check` looks at in `image_meta_gradient` of lesson 04, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.compute.batch_norm import call, statistics
from course_lib.episode import Episode
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.guard import Stopped
from course_lib.exercises.results import as_number, same
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson04.image_gradient import image_meta_gradient


def _network(way: int, generator) -> nn.Module:
    """A block of convolution and batch norm, and a head: like Conv4, small and in float64. It has been trained a
    little: there are running averages."""
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                            nn.Linear(36, way)).double()  # fmt: skip
    norm = network[1]
    with torch.no_grad():
        for p in network.parameters():
            p.copy_(0.5 * torch.randn(p.shape, generator=generator, dtype=p.dtype))
        norm.running_mean += torch.randn(4, generator=generator, dtype=torch.float64)
        norm.running_var += torch.rand(4, generator=generator, dtype=torch.float64)
    return network


def _episode(tasks: int, way: int, shot: int, query: int, generator) -> Episode:
    """Strokes of ink on paper, 8 x 8; labels in any order."""
    parts = []
    for n in (shot, query):
        x = (torch.randn(tasks, way * n, 1, 8, 8, generator=generator) > 0.5).double()
        y = torch.stack([torch.randperm(way * n, generator=generator) % way for _ in range(tasks)])
        parts += [x, y]
    return Episode(*parts, way)


def _cases() -> dict[str, tuple]:
    g = torch.Generator().manual_seed(4)
    return {
        "three tasks and one step": (_network(3, g), _episode(3, 3, 1, 2, g), 0.4, 1),
        "two tasks and three steps": (_network(5, g), _episode(2, 5, 1, 3, g), 0.2, 3),
        "a single task, two examples a class and two steps": (_network(3, g), _episode(1, 3, 2, 2, g), 0.3, 2),
    }


def _frozen(network, params, x):
    """With running averages, as after `network.eval()`."""
    given = {n: b for n, b in network.named_buffers() if n.endswith(("running_mean", "running_var"))}
    return call(network, params | given, x)


def _sets(episode):
    return [{"support": task[:2], "query": task[2:]} for task in zip(*episode.tensors(), strict=True)]


def _joined(sets):
    """All tasks as a single one."""
    return [{part: tuple(torch.cat([task[part][i] for task in sets]) for i in (0, 1)) for part in sets[0]}]


def _last_support(sets):
    return [{"support": sets[-1]["support"], "query": task["query"]} for task in sets]


def _mean(losses):
    return sum(losses) / len(losses)


def _wrong(message: str, adapt="support", judge="query", order=2, carry=False, out=call, answer=call,
           count=lambda steps: steps, rate=lambda lr: lr, tasks=lambda sets: sets, loss=F.cross_entropy,
           outer=None, total=_mean, said=None, result=lambda gradient, start, lr: gradient, norm=None,
           every=None):  # fmt: skip
    """A mistake: Algorithm 2 with one thing otherwise. `out` gives scores everywhere, `answer` those of the queries;
    `said` makes the loss that is returned of those of the tasks; `every`, that of a task of those after each step."""

    def gradient(network, episode, lr, steps=1):
        start = now = dict(network.named_parameters())
        losses = []
        for sets in tasks(_sets(episode)):
            path = [now if carry else start]
            for k in range(count(steps)):
                x, y = sets[adapt]
                step_order = order(k, steps) if callable(order) else order
                path.append(inner_step(lambda p, x=x, y=y: loss(out(network, p, x), y), path[-1], rate(lr), step_order))
            now, (x, y) = path[-1], sets[judge]
            judged = []
            for here in path[-1:] if every is None else path[1:]:
                p = here if norm is None else here | statistics(network, here, norm(sets))
                judged.append((outer or loss)((answer if out is call else out)(network, p, x), y))
            losses.append((every or _mean)(judged))
        found = torch.autograd.grad(total(losses), list(start.values()), materialize_grads=True)
        grads = {n: result(g, start[n], lr) for n, g in zip(start, found, strict=True)}
        return grads, (said or total)(losses).detach()

    return gradient, message


def _reptile(network, episode, lr, steps=1):
    start, moved = dict(network.named_parameters()), []
    for x, y, _, _ in zip(*episode.tensors(), strict=True):
        p = start
        for _ in range(steps):
            p = inner_step(lambda p, x=x, y=y: F.cross_entropy(call(network, p, x), y), p, lr)
        moved.append(p)
    return {n: s - _mean([p[n] for p in moved]) for n, s in start.items()}, image_meta_gradient(
        network, episode, lr, steps)[1]  # fmt: skip


def _twice_softmax(s, y):
    return F.cross_entropy(s.softmax(-1), y)


def _summed(s, y):
    return F.cross_entropy(s, y, reduction="sum")


_SUM = "the losses of the tasks are added up. Take their mean, or the step grows with the meta-batch."
_LEFT = ("what the step before has left in .grad is still in it. Call network.zero_grad() first, or use "
         "torch.autograd.grad, which returns gradients and leaves nothing behind.")  # fmt: skip
_GRADIENT = "it returns what an outer step would make of the start. Return the gradient itself: the optimiser steps."
_LOSS_RIGHT = "the gradient is right, but the loss that it returns is {}."
_AVERAGES = ("batch norm normalises by its running averages, as after network.eval(). Use the batch at hand, for the "
             "support set and for the queries: `call` does that.")  # fmt: skip
_MISTAKES = [
    _wrong(_SUM, total=sum),
    _wrong("this is the first-order gradient: the inner gradient is taken for a constant. Keep it a function of the "
           "start: inner_step does, or torch.autograd.grad(..., create_graph=True).", order=1),
    _wrong("only the *last* adaptation step is differentiated; the gradients of the steps before it are taken for "
           "constants. Keep the graph in every step: create_graph=True.", order=lambda k, steps: 1 + (k == steps - 1)),
    _wrong("only the *first* adaptation step is differentiated; the gradients of the steps after it are taken for "
           "constants. Keep the graph in every step: create_graph=True.", order=lambda k, steps: 1 + (k == 0)),
    *(_wrong("the query loss stands inside the loop over steps, so the queries are judged after every step. Judge them "
             "once, after the last.", every=every) for every in (_mean, sum)),
    _wrong("the query loss is taken at the start, not at the adapted weights.", count=lambda steps: 0),
    _wrong("it takes one adaptation step, whatever `steps` says.", count=lambda steps: 1),
    _wrong("it takes one adaptation step too many.", count=lambda steps: steps + 1),
    _wrong("it takes one adaptation step too few.", count=lambda steps: steps - 1),
    _wrong("the outer loss is taken on the support set. The adapted weights are judged on the query set.",
           judge="support"),
    _wrong("the query set is used in the inner loop. A task adapts to its support set; the query set is there to "
           "judge.", adapt="query"),
    _wrong("support and query set are exchanged.", adapt="query", judge="support"),
    _wrong("each task starts from the adapted weights of the task before it. Every task starts at the network's own.",
           carry=True),
    _wrong("only the last task counts: does = stand in the loop where += belongs?", total=lambda losses: losses[-1]),
    _wrong("only the first task counts. Does a `return` stand inside the loop?", total=lambda losses: losses[0]),
    _wrong("only the last task counts: does = stand in the loop where += belongs?",
           total=lambda losses: losses[-1] / len(losses)),
    _wrong("all tasks are thrown together and adapted to as one. Each task adapts by itself.", tasks=_joined),
    _wrong("every task adapts to the support set of the *last* one. A lambda that is made in a loop looks x up when it "
           "is called, not when it is made: lambda p, x=x: ...", tasks=_last_support),
    _wrong(_AVERAGES, out=_frozen),
    _wrong("the queries are normalised by running averages, and the support set by its own batch. Use the batch at "
           "hand for both.", answer=_frozen),
    _wrong("the queries are normalised by the statistics of the support set. That can be done (section 6), but here "
           "each batch has its own, as in the paper.", norm=lambda sets: sets["support"][0]),
    _wrong("support set and queries share a batch of batch norm. Send them through the network one after the other.",
           norm=lambda sets: torch.cat([sets["support"][0], sets["query"][0]])),
    _wrong("softmax is applied twice: F.cross_entropy takes the scores as they are and applies it inside.",
           loss=_twice_softmax),
    _wrong("softmax is applied twice in the outer loss: F.cross_entropy takes the scores as they are.",
           outer=_twice_softmax),
    _wrong("nll_loss wants logarithms of probabilities, and these are scores: use F.cross_entropy.", loss=F.nll_loss),
    _wrong("it divides by the number of queries twice: F.cross_entropy is a mean already.",
           outer=lambda s, y: F.cross_entropy(s, y) / len(y)),
    _wrong("the losses of the queries are added up. Take their mean, as F.cross_entropy does.", outer=_summed),
    _wrong("the losses of the support images are added up in the inner loop. Take their mean, or the inner learning "
           "rate depends on the shot.", loss=_summed, outer=F.cross_entropy),
    _wrong("the losses of the images are added up, in the inner loop and outside. F.cross_entropy takes their mean.",
           loss=_summed),
    _wrong("`lr` is not used: the inner step has another rate.", rate=lambda lr: 1.0),
    _wrong("`lr` is not used: the inner step has another rate.", rate=lambda lr: 0.01),
    _wrong("the inner step goes up the slope: parameters *minus* lr times gradient.", rate=lambda lr: -lr),
    _wrong(_GRADIENT, result=lambda g, p, lr: p - lr * g),
    _wrong(_GRADIENT, result=lambda g, p, lr: -lr * g),
    _wrong("the gradient is multiplied by lr. Return it as it is: lr belongs to the inner step, and the optimiser has "
           "a rate of its own.", result=lambda g, p, lr: lr * g),
    _wrong("the sign of the gradient is turned round.", result=lambda g, p, lr: -g),
    _wrong("each gradient is clipped or scaled to length 1. Return it as it is.", result=lambda g, p, lr: g / g.norm()),
    (_reptile, "it returns how far the adapted weights are from the start (Reptile, lesson 05), and the queries are "
               "not used."),
    _wrong("the loss is right, but the gradients of the tasks are added up: take their mean as well. Divide the loss "
           "of each task by the number of tasks before .backward().", total=sum, said=_mean),
    _wrong(_LOSS_RIGHT.format("the sum over tasks, not the mean"), said=sum),
    _wrong(_LOSS_RIGHT.format("that of the last task alone, not the mean"), said=lambda losses: losses[-1]),
    _wrong(_LOSS_RIGHT.format("divided by the number of tasks twice"), said=lambda losses: _mean(losses) / len(losses)),
]  # fmt: skip


def _plainly(call_):
    """What is said to the learner's function when it breaks what it is given, in the words of the task."""

    def plainer(*args):
        try:
            return call_(*args)
        except Problem as problem:
            said = str(problem)
            if "it changes the buffers of" in said:
                raise Problem(
                    "it writes into the running averages of batch norm: in training mode, functional_call and "
                    "network(x) do. Use call(network, params, x), or give copies of the buffers beside the parameters."
                ) from None
            if "it changes the weights of" in said or "modified by an inplace operation" in said:
                raise Problem(
                    "it changes the weights of `network` in place. They are the start, which every task needs: adapted "
                    "weights are new tensors, as inner_step makes them."
                ) from None
            if "changes the mode" in said:
                raise Problem(f"{_AVERAGES} It also leaves the network in another mode.") from None
            if isinstance(problem, Stopped) and "input to conv2d" in said:
                raise Problem(f"{problem}\n  The network takes the images of *one* task, [n, 1, height, width]: "
                              "support_x[i], or zip(*episode.tensors()).") from None  # fmt: skip
            if isinstance(problem, Stopped) and "not have been used in the graph" in said:
                raise Problem(
                    "no gradient reaches the start: the adapted weights have no connection to the start any more. "
                    f"detach, .data, no_grad, .item() and copies cut it.\n{said.partition(chr(10))[2]}"
                ) from None
            if isinstance(problem, Stopped) and "does not require grad and does not have" in said:
                raise Problem(
                    "what is differentiated has no connection to the start any more: detach, .data, no_grad and "
                    f".item() cut it.\n{said.partition(chr(10))[2]}"
                ) from None
            raise

    return plainer


def _read(result, network) -> tuple[dict, object]:
    """The two things that are returned, or a sentence."""
    names = [name for name, _ in network.named_parameters()]
    if isinstance(result, dict) or (isinstance(result, tuple | list) and len(result) != 2):
        raise Problem("it should return two things: the gradient, a dict by name, and the outer loss.")
    if not isinstance(result, tuple | list):
        raise Problem("it should return two things: the gradient, a dict by name, and the outer loss.")
    gradient, loss = result
    if isinstance(loss, dict):
        raise Problem("the two things that it returns are exchanged: first the gradient, then the loss.")
    if not isinstance(gradient, dict):
        raise Problem("the gradient should be a dict with a tensor for each parameter by name, as "
                      "network.named_parameters() names them: dict(zip(names, gradients)).")  # fmt: skip
    if set(gradient) != set(names):
        raise Problem(f"the gradient should have the names {names}, but it has {list(gradient)}.")
    for name, p in network.named_parameters():
        if gradient[name] is None:
            raise Problem(f"the gradient of {name!r} is None: no gradient has reached it. Is it asked for the "
                          "parameters of the network, after backward?")  # fmt: skip
        if not isinstance(gradient[name], Tensor) or gradient[name].shape != p.shape:
            raise Problem(f"the gradient of {name!r} should be a tensor of shape {list(p.shape)}, like the parameter.")
    if as_number(loss) is None:
        raise Problem("the outer loss should be one number: the mean over the tasks.")
    return {name: gradient[name] for name in names}, loss


def judge_images(call_):
    """`image_meta_gradient`: gradient and loss; then whether old gradients, a graph or the dtype get in the way."""
    safe = _plainly(call_)

    def twice(network, episode, lr, steps):
        first = _read(safe(network, episode, lr, steps), network)
        first = {name: g.clone() for name, g in first[0].items()}, first[1]
        second = _read(safe(network, episode, lr, steps), network)
        if not same((second[0], as_number(second[1])), (first[0], as_number(first[1]))):
            if same(second[0], {name: 2 * g for name, g in first[0].items()}):
                raise Problem(_LEFT)
            raise Problem("called twice with the same network and tasks, it gives two results. Are gradients left over "
                          "in .grad, to which the next ones are added?")  # fmt: skip
        return first[0], as_number(first[1])

    def right(network, *rest):
        return image_meta_gradient(network, *rest)

    compare(twice, right, _cases(), [(f, message) for f, message in _MISTAKES],
            names=("the gradient", "the outer loss"))  # fmt: skip
    network, *rest = _cases()["three tasks and one step"]
    gradient, loss = _read(safe(network, *rest), network)
    if any(g.requires_grad for g in gradient.values()):
        raise Problem("the numbers are right, but the gradient still holds its own graph, which fills the memory: no "
                      "create_graph=True in the outer gradient, or .detach() it.")  # fmt: skip
    if isinstance(loss, Tensor) and loss.requires_grad:
        raise Problem("the numbers are right, but the loss that it returns still holds the graph, and who stores it "
                      "fills the memory: .item() or .detach().")  # fmt: skip
    episode = rest[0].map(lambda t: t.float() if t.is_floating_point() else t)
    _read(safe(network.float(), episode, *rest[1:]), network)
    try:
        call_(network, episode, rest[1])
    except Stopped:
        raise Problem("the lesson calls it without `steps`, too: keep the default, steps=1.") from None
