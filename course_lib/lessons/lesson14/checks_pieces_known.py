"""Mistakes in the truncated training of a rule, in lesson 14, and what is said to each."""

from __future__ import annotations

from functools import partial

import torch
from torch import nn

from course_lib.lessons.lesson14.pieces import train_in_pieces
from course_lib.lessons.lesson14.small_problems import gradient


def _slope(problems, theta, t, through: str):
    """The problems' gradient, constant or not, or another one."""
    if through == "full":
        theta = theta.detach().requires_grad_()
        return torch.autograd.grad(problems.full(theta).sum(), theta)[0]
    if through != "problems":
        return gradient(problems, problems.start if through == "start" else theta, t)
    asked = theta if theta.requires_grad else theta.detach().requires_grad_()
    return torch.autograd.grad(problems.loss(asked, t).sum(), asked, create_graph=True)[0]


def _pieces(
    of=lambda full: full.mean(),
    count="mean",
    clip=1.0,
    zero="before",
    through="",
    time=lambda t, first: t,
    forget=(),
    after_step=True,
    loss_of="full",
    last="whole",
    keep=lambda losses: losses,
    add=lambda step: step,
    shape=lambda loss: loss,
    back=None,
):
    """The training once more, with places to go wrong.

    Args:
        of: of the losses `[problems]`; count: "mean", "sum" or "last" over the piece's steps.
        clip: length, None for no clipping, "values" for each number by itself, "late" after the outer step, "each"
            parameter by itself, "always" to length 1, "up" for a step up the loss.
        zero: when gradients are set to 0: "before" backward, "never", "after" it.
        through: "problems" if a gradient goes through the problems' gradients, "start" or "full" for other ones.
        time: the step that the problems' gradients are of.
        forget: "theta" or "memory" begin anew with every piece.
        after_step: whether the loss is that after a step, or before; loss_of: "full" or "loss".
        last: what becomes of a shorter last piece: "whole", "out", "long" (it gets `cut` steps) or "dumb" (its steps
            are done, and no outer step follows).
        keep: which losses are returned; add: what is added to theta, of what the rule says.
        shape: what is minimised, of the losses after the steps; back: what is returned for theta, if not the last:
            "old" for that at the last piece's beginning, "anew" if the new rule does each piece again.
    """  # fmt: skip

    def answer(rule, problems, optimizer, steps, cut):
        theta, memory, losses, old = problems.start, rule.begin(problems.start), [], problems.start
        for first in range(0, steps, cut):
            here = range(first, first + cut if last == "long" else min(first + cut, steps))
            if len(here) < cut and last == "out":
                break
            theta = problems.start if "theta" in forget else theta
            memory = rule.begin(theta) if "memory" in forget else memory
            old, total = (theta, memory), []
            for t in here:
                step, memory = rule(_slope(problems, theta, time(t, first), through), memory)
                before, theta = theta, theta + add(step)
                at = theta if after_step else before
                total.append(of(problems.full(at) if loss_of == "full" else problems.loss(at, t)))
            if len(here) < cut and last == "dumb":
                break
            many = shape(torch.stack(total))
            loss = {"mean": many.mean(), "sum": many.sum(), "last": many[-1], "cut": many.sum() / cut,
                    "steps": many.sum() / steps}[count]  # fmt: skip
            _outer_step(rule, optimizer, loss, clip, zero)
            if back == "anew":
                theta, memory = old
                for t in here:
                    step, memory = rule(gradient(problems, theta, t), memory)
                    theta = theta + step
            theta, memory = theta.detach(), memory.detached()
            losses.append(loss.item())
        return keep(losses), old[0] if back == "old" else theta

    return answer


def _outer_step(rule, optimizer, loss, clip=1.0, zero="before"):
    if zero == "before":
        optimizer.zero_grad()
    loss.backward()
    if clip == "up":
        for parameter in rule.parameters():
            parameter.grad.neg_()
    if clip == "values":
        nn.utils.clip_grad_value_(rule.parameters(), 1.0)
    elif clip == "each":
        for parameter in rule.parameters():
            nn.utils.clip_grad_norm_([parameter], 1.0)
    elif clip == "always":
        length = torch.stack([p.grad.norm() for p in rule.parameters()]).norm()
        for parameter in rule.parameters():
            parameter.grad /= length
    elif clip is not None and clip != "late":
        nn.utils.clip_grad_norm_(rule.parameters(), 1.0 if clip == "up" else clip)
    if zero == "after":
        optimizer.zero_grad()
    optimizer.step()


def _at_the_end(rule, problems, optimizer, steps, cut):
    """One outer step in the end, from the gradients of all pieces."""
    theta, memory, losses = problems.start, rule.begin(problems.start), []
    optimizer.zero_grad()
    for first in range(0, steps, cut):
        total = []
        for t in range(first, min(first + cut, steps)):
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + step
            total.append(problems.full(theta).mean())
        loss = torch.stack(total).mean()
        loss.backward()
        theta, memory = theta.detach(), memory.detached()
        losses.append(loss.item())
    nn.utils.clip_grad_norm_(rule.parameters(), 1.0)
    optimizer.step()
    return losses, theta


def _counted(ends, rule, problems, optimizer, steps, cut, joined=False, every=False):
    """One loop over all steps; an outer step where ends(t, steps, cut) says so.

    Args:
        joined: whether the losses of `cut` outer steps are averaged; every: whether those of all steps are returned.
    """
    theta, memory, losses, piece, all_of_them = problems.start, rule.begin(problems.start), [], [], []
    for t in range(steps):
        step, memory = rule(gradient(problems, theta, t), memory)
        theta = theta + step
        piece.append(problems.full(theta).mean())
        all_of_them.append(piece[-1].item())
        if ends(t, steps, cut):
            loss, piece = torch.stack(piece).mean(), []
            _outer_step(rule, optimizer, loss)
            losses.append(loss.item())
            theta, memory = theta.detach(), memory.detached()
    if joined:
        losses = [sum(some) / len(some) for some in (losses[i : i + cut] for i in range(0, steps, cut))]
    return all_of_them if every else losses, theta


def _every(t, steps, cut):
    return (t + 1) % cut == 0 or t + 1 == steps


def _cut_each_step(rule, problems, optimizer, steps, cut, theta_too=True, memory_too=True):
    theta, memory, losses = problems.start, rule.begin(problems.start), []
    for first in range(0, steps, cut):
        here, total = range(first, min(first + cut, steps)), 0.0
        for t in here:
            step, memory = rule(gradient(problems, theta, t), memory)
            theta = theta + step
            total = total + problems.full(theta).mean()
            theta = theta.detach() if theta_too else theta
            memory = memory.detached() if memory_too else memory
        loss = total / len(here)
        _outer_step(rule, optimizer, loss)
        theta, memory = theta.detach(), memory.detached()
        losses.append(loss.item())
    return losses, theta


MISTAKES = [
    (_pieces(count="last"), "the outer loss is that after the last step of the piece alone. It is the mean over all of "
     "its steps."),
    (_pieces(count="sum"), "the losses of a piece are summed. Their mean is wanted: then a loss means the same for "
     "pieces of any length."),
    (_pieces(count="steps"), "the losses of a piece are divided by the steps of the whole training. Divide by those of "
     "the piece."),
    (_pieces(count="cut"), "the last piece is shorter, and its sum is divided by `cut` all the same. Divide by the "
     "steps that it has."),
    (_pieces(of=lambda full: full.sum()), "the losses of the problems are summed. Their mean is wanted."),
    (_pieces(of=lambda full: full[0]), "only the first problem counts. The mean over problems is wanted."),
    (_pieces(loss_of="loss"), "the outer loss is problems.loss, what the rule sees of it at this step. "
     "problems.full judges."),
    (_pieces(after_step=False), "the outer loss is that *before* each step. The first one does not depend "
     "on the rule, and what the last step did is never judged."),
    (_pieces(clip=None), "the outer gradient is not clipped: nn.utils.clip_grad_norm_(rule.parameters(), 1.0), after "
     "backward and before the step."),
    (_pieces(clip="late"), "the outer gradient is not clipped: nn.utils.clip_grad_norm_(rule.parameters(), 1.0), after "
     "backward and before the step."),
    (_pieces(clip="values"), "each number of the gradient is clipped by itself. Its *length* is: clip_grad_norm_."),
    *((_pieces(clip=c), f"the gradient is clipped to length {c:g}. The task says 1.") for c in (0.1, 0.5, 5.0, 10.0)),
    (_pieces(zero="never"), "gradients of earlier pieces are added to: optimizer.zero_grad() before each backward."),
    (_pieces(zero="after"), "the rule never changes. Does a gradient reach it, or is what it adds to theta detached? "
     "Does each piece end with optimizer.step()? And zero_grad() belongs before backward: between backward and step it "
     "empties the gradients."),
    (_pieces(add=torch.neg), "what the rule says is subtracted. It is *added*: the minus of a step down is in it "
     "already."),
    (partial(_counted, lambda t, steps, cut: True, joined=True), "there is an outer step after every single step. It "
     "comes after `cut` steps, and its gradient goes through all of them."),
    *((partial(_counted, ends), "the outer step comes too soon: after the steps 0, cut, 2 cut, so that the first piece "
       "has a single one. It comes after every `cut` steps: where (t + 1) % cut == 0.") for ends in (
        lambda t, steps, cut: t % cut == 0 or t + 1 == steps, lambda t, steps, cut: t % cut == 0)),
    (partial(_counted, lambda t, steps, cut: t > 0 and t % cut == 0 or t + 1 == steps), "the first piece has a step "
     "too many. An outer step comes after every `cut` steps: where (t + 1) % cut == 0, as t begins with 0."),
    (partial(_counted, _every, every=True), "there is a loss for every step. One for each *piece* is wanted: the mean "
     "over its steps."),
    (_pieces(last="long"), "the last piece goes on beyond `steps`. It is shorter: min(first + cut, steps) is its end."),
    (_pieces(last="dumb"), "the short last piece is gone through, but no outer step follows it. It has one too, and a "
     "loss."),
    (_pieces(clip="each"), "each parameter's gradient is clipped by itself. The length is that of *all* parameters "
     "together: clip_grad_norm_(rule.parameters(), 1.0)."),
    (_pieces(clip="always"), "the gradient is scaled to length 1 even where it is shorter. Clip it, do not normalise: "
     "what is shorter than 1 stays as it is."),
    (_pieces(clip="up"), "the outer step goes *up* the loss. Optimizers minimise: backward() on the loss itself, "
     "without a minus."),
    (_pieces(through="start"), "the rule reads the gradient at problems.start in every step. It is wanted at the theta "
     "of now: gradient(problems, theta, t)."),
    (_pieces(through="full"), "the rule reads the gradient of problems.full. It sees what gradient(problems, theta, t) "
     "gives, of the loss at step t."),
    (_pieces(shape=torch.log), "the logarithm of the losses is minimised. Their mean is wanted as it is."),
    (_pieces(back="old"), "theta is that at the beginning of the last piece. The one after its last step is wanted."),
    (_pieces(back="anew"), "after its outer step a piece is gone through once more, by the new rule. The next piece "
     "goes on from where the old rule brought the problems."),
    (_at_the_end, "there is one outer step, in the end. There is one after *every* piece, and the next piece goes on "
     "with the rule that it made."),
    (lambda *args: train_in_pieces(*args[:4], 1), "there is an outer step after every single step. The "
     "gradient goes through pieces of `cut` steps."),
    (lambda *args: train_in_pieces(*args[:4], args[3]), "the training is not cut: the gradient goes through all of it, "
     "and memory grows with it. An outer step belongs after every `cut` steps."),
    (_cut_each_step, "the graph is cut after every *step*, so that no gradient goes from one step to the next. Detach "
     "where a piece ends."),
    (lambda *args: _cut_each_step(*args, memory_too=False), "theta is detached after every step. Detach it where a "
     "piece ends."),
    (lambda *args: _cut_each_step(*args, theta_too=False), "the memory is detached after every step. Detach it where a "
     "piece ends."),
    (_pieces(through="problems"), "a gradient goes through the problems' own gradients. They are constants: "
     "gradient(problems, theta, t)."),
    (_pieces(forget=("theta", "memory")), "every piece begins at problems.start again, with an empty memory. The next "
     "piece goes on from where the problems are."),
    (_pieces(forget=("theta",)), "every piece begins at problems.start again. The next piece goes on from where the "
     "problems are: theta.detach()."),
    (_pieces(forget=("memory",)), "every piece begins with an empty memory. It keeps its numbers, and loses its graph: "
     "memory.detached()."),
    (_pieces(forget=("theta", "memory"), time=lambda t, first: t - first), "every piece is the first one again. The "
     "next one goes on from where the problems are, with the memory and the step that they are at."),
    (_pieces(time=lambda t, first: t - first), "the steps are counted from 0 in every piece. gradient(problems, theta, "
     "t) wants the step of the whole training."),
    (_pieces(forget=("memory",), time=lambda t, first: t - first), "every piece begins with an empty memory, and "
     "counts its steps from 0. Both go on."),
    (_pieces(time=lambda t, first: t + 1), "the steps are counted from 1. The first one is step 0."),
    (_pieces(time=lambda t, first: 0), "every gradient is that of step 0: gradient(problems, theta, t), with t the "
     "step of the training."),
    (_pieces(time=lambda t, first: first), "every gradient of a piece is that of its first step: gradient(problems, "
     "theta, t), with t the step of the training."),
    (_pieces(last="out"), "the last piece, which is shorter, is left out."),
    (_pieces(keep=lambda losses: losses[-1:]), "only the loss of the last piece is returned. One for each piece is "
     "wanted."),
]  # fmt: skip
