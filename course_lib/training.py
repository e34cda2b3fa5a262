"""The outer loop: one `fit` for every meta-learner, on whatever device there is."""

from __future__ import annotations

import time
from contextlib import nullcontext

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from course_lib.arguments import check_network, check_number, check_tasks, check_whole
from course_lib.checkpoint import Run, copy_of, of_tasks
from course_lib.compute import distributed
from course_lib.compute.batch_norm import train_all_but_frozen
from course_lib.compute.compiled import CompiledLosses
from course_lib.compute.devices import pick_device
from course_lib.compute.seeding import EVALUATE, TRAIN, generator_for, seed_for, undisturbed
from course_lib.episode import Episode
from course_lib.evaluation import evaluate
from course_lib.first_look import check_dtype, first_task
from course_lib.history import History


def outer_step(losses, optimizer, episode: Episode, amp: bool = False, at_once: int | None = None) -> Tensor:
    """One step of the outer loop: adapt to the support sets, learn from the query sets.

    Args:
        losses: `learner.losses`, giving `(inner, outer)` for an episode.
        optimizer: over the meta-parameters.
        episode: a meta-batch of tasks.
        amp: compute in bfloat16 where that is safe.
        at_once: go through the meta-batch by so many tasks at a time and add up their gradients; `None` is all at once.

    Returns: the two losses `[2]`, detached and still on the device: nothing here makes the host wait.

    Under torchrun each process takes some of the tasks, and gradients and losses are added up over the processes.
    """
    optimizer.zero_grad(set_to_none=True)
    total = torch.zeros(2, device=episode.device)
    mine = distributed.share_of(episode)
    for part in mine.split(at_once or mine.n_tasks):
        with torch.autocast(episode.device.type, torch.bfloat16) if amp else nullcontext():
            inner, outer = losses(part)
        share = part.n_tasks / episode.n_tasks  # the loss of the meta-batch is the mean over its tasks
        (share * outer).backward()
        total += share * torch.stack([inner, outer]).detach()
    params = (p for group in optimizer.param_groups for p in group["params"])
    distributed.add_up([total, *(p.grad for p in params if p.grad is not None)])
    optimizer.step()
    return total


def fit(
    learner: nn.Module,
    tasks,
    steps: int,
    *,
    meta_batch: int = 1,
    lr: float = 1e-3,
    optimizer=torch.optim.Adam,
    schedule=None,
    validation=None,
    validate_every: int = 100,
    validation_tasks: int = 100,
    patience: int | None = None,
    checkpoint=None,
    log_every: int = 10,
    seed: int = 0,
    device: str = "auto",
    amp: bool = False,
    compile: bool = False,
    progress: bool = True,
) -> History:
    """Train `learner` on episodes of `tasks`; return the history of the run. The learner is changed in place.

    Step `i` depends on `(seed, i)` and the weights alone, so a run that is cut and resumed from its checkpoint
    gives the same weights, bit for bit, as one that was not. Interrupting (the stop button, Ctrl-C) keeps
    what was learned so far; where that is not enough, `history.must_be_whole()` stops.

    Under `torchrun --nproc_per_node=N` the same call splits every meta-batch over N processes (`device="auto"` gives
    each its GPU). Each adapts to some of the tasks, gradients are added up, and the first process writes the
    checkpoint: the weights are those of one process up to rounding, and a run may be resumed with another N. Not
    the same are random numbers drawn inside the learner (dropout, Reptile's batches), and, for learners that embed
    all tasks in one pass, batch normalisation: it sees the tasks of one process only. See docs/scale.md.

    Args:
        learner: any `Learner` with parameters to learn.
        tasks: a task distribution with `sample(n, generator)`.
        steps: outer steps in all (a resumed run counts those already done).
        meta_batch: tasks an outer step.
        lr: outer learning rate.
        optimizer: a function `(parameters, lr=...) -> torch.optim.Optimizer`.
        schedule: a function `optimizer -> torch learning-rate scheduler`, stepped after every outer step.
        validation: a task distribution of *other* classes. When given, the weights that did best on it are kept.
        validate_every: outer steps between two validations.
        validation_tasks: tasks a validation.
        patience: stop after this many validations in a row without a better one.
        checkpoint: a file to write progress to (about every ten seconds) and to resume from if it is there.
        log_every: outer steps between two rows of the history. Losses are looked at only then.
        seed: which tasks are drawn, and any randomness inside the learner.
        device: "auto" is CUDA, else MPS, else CPU.
        amp: bfloat16 autocast.
        compile: compile the outer step with `torch.compile`: half a minute or more to start, then faster, above all
            for small networks. Needs a C++ compiler, on a GPU triton.
        progress: show a progress bar with the time left.

    Raises:
        ValueError: for bad arguments, before any work; for a checkpoint that belongs to another run; for more processes
            than tasks in a meta-batch.
        FloatingPointError: if the loss stops being finite. The learner then holds its last finite weights.
        ConnectionError: if another process of the run has stopped.
    """
    check_network(learner=learner)
    check_tasks(tasks=tasks)
    check_whole(steps=steps, meta_batch=meta_batch, log_every=log_every, validate_every=validate_every,
                validation_tasks=validation_tasks)  # fmt: skip
    check_whole(0, seed=seed)
    check_number(0, lr=lr)
    if patience is not None:
        check_whole(patience=patience)
    if not any(p.requires_grad for p in learner.parameters()):
        raise ValueError(f"{type(learner).__name__} has no parameters to learn; evaluate it as it is.")
    if isinstance(optimizer, torch.optim.Optimizer):
        raise ValueError("optimizer must be a function that makes one, such as torch.optim.Adam or "
                         "lambda params, lr: torch.optim.SGD(params, lr, momentum=0.9), not an optimizer.")  # fmt: skip
    if patience is not None and validation is None:
        raise ValueError("patience needs validation tasks to judge progress by; give validation=... too.")
    device = pick_device(device)
    train_all_but_frozen(learner.to(device))
    distributed.join(learner, meta_batch, device)
    optimizer = optimizer([p for p in learner.parameters() if p.requires_grad], lr=lr)
    scheduler = schedule(optimizer) if schedule else None
    _check_steppers(optimizer, scheduler)
    run = Run(learner, optimizer, scheduler, History(), checkpoint)
    run.identity = {"seed": seed, "meta_batch": meta_batch, "lr": lr, "log_every": log_every, "amp": amp,
                    "validation": None}  # fmt: skip
    if scheduler:
        run.identity["steps"] = steps
    first = first_task(tasks, seed, TRAIN)
    check_dtype(learner, first)
    run.identity |= of_tasks("tasks", tasks, first)
    if validation is not None:
        run.identity |= {"validate_every": validate_every, "validation_tasks": validation_tasks}
        run.identity |= of_tasks("validation", validation, first_task(validation, seed, EVALUATE))
    run.resume()
    if distributed.of_first(run.step) != run.step:
        raise ValueError(f"{checkpoint} is not the file that the first process resumes from; put it where all see it.")
    history = run.history
    losses = CompiledLosses(learner) if compile else learner.losses
    sums = torch.zeros(2, device=device)
    stale = history.validations_since_best()
    bar = tqdm(total=steps, initial=run.step, leave=False, unit="step", dynamic_ncols=True,
               disable=not (progress and distributed.is_first()))  # fmt: skip
    clock = time.perf_counter() - history.seconds_spent()
    try:
        with undisturbed(device), bar:
            while run.step < steps and not (patience and stale >= patience):
                # For randomness inside the learner, e.g. dropout; of several processes each has its own.
                torch.manual_seed(seed_for(seed, TRAIN, run.step) + distributed.rank())
                episode = tasks.sample(meta_batch, generator_for(seed, TRAIN, run.step)).to(device)
                learner.progress = run.step
                sums += outer_step(losses, optimizer, episode, amp, learner.tasks_at_once)
                if scheduler:
                    scheduler.step()
                run.step += 1
                last = run.step == steps
                if not (last or run.step % log_every == 0):
                    continue
                since = run.step - (history.step[-1] if history.step else 0)
                inner, outer = (sums / since).tolist()  # the one place where the host waits for the device
                sums.zero_()
                distributed.average_buffers(learner, meta_batch)
                if not _finite(outer, learner):
                    run.restore_logged()
                    raise FloatingPointError(
                        f"the outer loss became {outer} between steps {run.step - since} and {run.step}. "
                        f"Try a lower lr (now {lr}); the learner holds its weights of step {run.step - since}."
                    )
                history.log(run.step, inner, outer, optimizer.param_groups[0]["lr"], time.perf_counter() - clock)
                if validation is not None and (last or _crossed(run.step, since, validate_every)):
                    result = evaluate(learner, validation, validation_tasks, seed=seed)
                    better = distributed.of_first(history.validate(run.step, result))
                    stale = 0 if better else stale + 1
                    if better:
                        run.best = copy_of(learner)
                run.logged = copy_of(learner)
                bar.update(run.step - bar.n)
                bar.set_postfix(history.latest())
                run.save(final=last)
            history.stopped = "finished" if run.step >= steps else "early stop"
            distributed.leave()
    except KeyboardInterrupt:
        run.restore_logged()  # an optimiser step may have been cut in half
        history.stopped = "interrupted"
    if run.best is not None:
        learner.load_state_dict(run.best)
    learner.eval()
    return history


def _check_steppers(optimizer, scheduler):
    if isinstance(optimizer, torch.optim.LBFGS):
        raise ValueError(
            "LBFGS asks for the loss several times a step, and a meta-batch has it once: take Adam or SGD."
        )
    if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
        raise ValueError("ReduceLROnPlateau waits for a validation that is not made after every outer step: take a "
                         "schedule that needs none, such as CosineAnnealingLR, or patience=... to stop.")  # fmt: skip


def _finite(loss: float, learner: nn.Module) -> bool:
    if loss - loss != 0:  # inf - inf and nan - nan are nan
        return False
    return all(bool(p.isfinite().all()) for p in learner.parameters())


def _crossed(step: int, since: int, every: int) -> bool:
    """Has a multiple of `every` been reached in the last `since` steps?"""
    return step // every > (step - since) // every
