"""Several processes train one learner: each takes some tasks of every meta-batch, and their gradients are added up.

`torchrun` starts the processes, and `fit` calls these functions. A process group of torch.distributed that the caller
has made before is used, too. Without either, none of them does anything.
"""

from __future__ import annotations

import itertools
import os
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn

from course_lib.episode import Episode

#: A process that has waited so long for the others gives up: a run never hangs for ever.
PATIENCE = timedelta(minutes=10)
_joins = itertools.count()
_ours = False  # whether `join` made the process group


def launched() -> bool:
    """Did torchrun start this process as one of several?"""
    return "TORCHELASTIC_RUN_ID" in os.environ and int(os.environ["WORLD_SIZE"]) > 1


def is_first() -> bool:
    """Is this process the one that writes files and prints? Without others it always is."""
    return rank() == 0 if together() or not launched() else os.environ["RANK"] == "0"


def together() -> bool:
    """Does this process train with others now? (A few builds of PyTorch come without torch.distributed.)"""
    return dist.is_available() and dist.is_initialized()


def rank() -> int:
    """The number of this process among those that train together, from 0."""
    return dist.get_rank() if together() else 0


def size() -> int:
    """How many processes train together."""
    return dist.get_world_size() if together() else 1


def backend_for(device: torch.device) -> str:
    """What carries the messages: NCCL between NVIDIA GPUs (Linux only), else Gloo, from CPU to CPU."""
    return "nccl" if device.type == "cuda" and dist.is_nccl_available() else "gloo"


def join(learner: nn.Module, meta_batch: int, device: torch.device):
    """Meet the other processes of the run, and take over the weights of the first one.

    Raises:
        ValueError: if there are more processes than tasks in a meta-batch.
    """
    global _ours
    if not launched() and not together():
        return
    if meta_batch < (processes := size() if together() else int(os.environ["WORLD_SIZE"])):
        raise ValueError(
            f"a meta-batch of {meta_batch} cannot be split over {processes} processes: each needs a task of its "
            "own. Raise the meta-batch, or start fewer processes (--nproc_per_node of torchrun)."
        )
    if not together():
        if device.type == "cuda":
            torch.cuda.set_device(device)
        store, number, processes = next(dist.rendezvous("env://", timeout=PATIENCE))
        # Under a name of its own, so that a second `fit` does not read what the first one has left in the store.
        store = dist.PrefixStore(f"fit {next(_joins)}", store)
        dist.init_process_group(backend_for(device), store=store, rank=number, world_size=processes, timeout=PATIENCE)
        _ours = True
    weights = [t.detach() for t in learner.state_dict().values()]
    add_up([t if is_first() else t.zero_() for t in weights])


def leave():
    """Part from the other processes, after a run that went well."""
    global _ours
    if _ours:
        dist.destroy_process_group()
    _ours = False


def mine(n: int) -> slice:
    """Which of `n` tasks this process takes. The shares of two processes differ by one task at most."""
    return slice(rank() * n // size(), (rank() + 1) * n // size())


def share_of(episode: Episode) -> Episode:
    """The tasks of a meta-batch that this process takes."""
    return episode.map(lambda t: t[mine(len(t))]) if together() else episode


def add_up(tensors: list[Tensor]):
    """Each tensor becomes its sum over all processes. They travel as one: a message costs more than its length.

    Raises:
        ConnectionError: if another process has stopped.
    """
    if not together() or not tensors:
        return
    flat = torch.cat([t.flatten() for t in tensors])
    flat = flat.cpu() if dist.get_backend() == "gloo" else flat
    try:
        dist.all_reduce(flat)
    except RuntimeError as error:
        sentence = "another process of this run has stopped, or does not answer; its own message says why."
        raise ConnectionError(sentence) from error
    for t, total in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
        t.copy_(total.view_as(t))


def average_buffers(learner: nn.Module, meta_batch: int):
    """Running statistics become their mean over the processes, each weighted by its tasks."""
    if together():
        tasks = mine(meta_batch)
        buffers = [b for b in learner.buffers() if b.is_floating_point()]
        add_up([b.mul_((tasks.stop - tasks.start) / meta_batch) for b in buffers])


def of_first(number: float) -> float:
    """What the first process says `number` is. All wait here for each other."""
    if not together():
        return number
    said = torch.tensor([float(number) if is_first() else 0.0], dtype=torch.float64)
    said = said.cuda() if dist.get_backend() == "nccl" else said
    add_up([said])
    return said.item()
