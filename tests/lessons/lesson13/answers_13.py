"""Answers to the exercises of lesson 13; `tools/blind_answers.py` reads them and has their form."""
# ruff: noqa

# %% adapted | right | broadcast
import torch

def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    share = counts / counts.sum(-1, keepdim=True)
    earned = share[None] * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | right | a matrix of derivatives and einsum
import torch

def adapted(start, counts, rewards, lr):
    jacobian = torch.eye(len(start), dtype=start.dtype) - torch.softmax(start, 0)
    n = counts[0].sum()
    return start + lr * torch.einsum("oa,ta,aj->toj", counts, rewards, jacobian) / n

# %% adapted | right | loops
import torch

def adapted(start, counts, rewards, lr):
    p = torch.exp(start) / torch.exp(start).sum()
    tasks = []
    for pays in rewards:
        rows = []
        for row in counts:
            step = torch.zeros_like(start)
            for a in range(len(start)):
                onehot = torch.zeros_like(start)
                onehot[a] = 1
                step = step + row[a] * pays[a] * (onehot - p)
            rows.append(start + lr * step / row.sum())
        tasks.append(torch.stack(rows))
    return torch.stack(tasks)

# %% adapted | right | autograd with create_graph
import torch

def adapted(start, counts, rewards, lr):
    s = start if start.requires_grad else start.clone().requires_grad_()
    logs = s.log_softmax(-1)
    out = []
    for pays in rewards:
        line = []
        for row in counts:
            goal = (row * pays * logs).sum() / row.sum()
            (g,) = torch.autograd.grad(goal, s, create_graph=True)
            line.append(s + lr * g)
        out.append(torch.stack(line))
    return torch.stack(out)

# %% adapted | right | torch.func.grad
import torch
from torch.func import grad, vmap

def adapted(start, counts, rewards, lr):
    def goal(s, row, pays):
        return (row / row.sum() * pays * torch.log_softmax(s, 0)).sum()
    step = vmap(vmap(grad(goal), (None, 0, None)), (None, None, 0))(start, counts, rewards)
    return start + lr * step

# %% adapted | wrong | the probabilities are forgotten | the scores of arms that were paid are raised, and none is
def adapted(start, counts, rewards, lr):
    share = counts / counts.sum(-1, keepdim=True)
    return start + lr * share[None] * rewards[:, None]

# %% adapted | wrong | goes downhill | the step goes downhill: away from what was paid. Rewards
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start - lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | sum over pulls | the pulls are added up. The step is the *mean* over pulls:
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | mean over arms | it is divided by the number of arms. The mean is over
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts * rewards[:, None] / len(start)
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | p taken off once, whatever was paid | p is taken off once, whatever was paid. Each pull has its
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - p)

# %% adapted | wrong | rewards not used | the rewards are not used: arms are raised because they were
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    step = counts / counts[0].sum() - p
    return (start + lr * step).expand(len(rewards), -1, -1)

# %% adapted | wrong | gradient of each arm's own score alone | only the score of the arm that was pulled moves, by 1 - p.
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * earned * (1 - p)

# %% adapted | wrong | gradient of the probability, not of its logarithm | this is the gradient of the *probability* of the arm that
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None] * p
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | probabilities in place of counts | the counts are not used: every outcome gets the exact
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = p * rewards
    step = earned - earned.sum(-1, keepdim=True) * p
    return (start + lr * step)[:, None].expand(-1, len(counts), -1)

# %% adapted | wrong | detached probabilities | the numbers are right, but the gradient that comes back to
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1).detach()
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | autograd without create_graph | the numbers are right, but the gradient that comes back to
import torch

def adapted(start, counts, rewards, lr):
    s = start.clone().requires_grad_()
    out = []
    for pays in rewards:
        line = []
        for row in counts:
            goal = (row * pays * s.log_softmax(-1)).sum() / row.sum()
            line.append(start + lr * torch.autograd.grad(goal, s)[0])
        out.append(torch.stack(line))
    return torch.stack(out)

# %% adapted | wrong | a copy that is cut off | the numbers are right, but they belong to a copy of `start`
import torch

def adapted(start, counts, rewards, lr):
    s = start.detach().clone().requires_grad_()
    out = []
    for pays in rewards:
        line = []
        for row in counts:
            goal = (row * pays * s.log_softmax(-1)).sum() / row.sum()
            line.append(s + lr * torch.autograd.grad(goal, s, create_graph=True)[0])
        out.append(torch.stack(line))
    return torch.stack(out)

# %% adapted | wrong | mean reward taken off | the mean reward of the pulls is taken off first. That is a
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    share = counts / counts[0].sum()
    mean = (share * rewards[:, None]).sum(-1, keepdim=True)
    earned = share * (rewards[:, None] - mean)
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | axes exchanged | the axes of tasks and outcomes are exchanged: [tasks,
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts[:, None] / counts[0].sum() * rewards
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | mean over tasks | tasks are averaged. Each task adapts on its own: [tasks,
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards.mean(0)
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | probabilities returned | these are probabilities. Return the scores: no softmax at
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return (start + lr * (earned - earned.sum(-1, keepdim=True) * p)).softmax(-1)

# %% adapted | wrong | the step alone | this is the step alone. Add it to `start`.
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | steps from the probabilities | the step begins at the probabilities. It begins at the
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return p + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | scores taken for probabilities | the scores stand where probabilities belong:
def adapted(start, counts, rewards, lr):
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * start)

# %% adapted | wrong | divides by all pulls of all outcomes | it is divided by the sum of *all* counts. Each outcome has
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts.sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | only arms that were pulled move | only arms that were pulled move
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p) * (counts > 0)

# %% adapted | wrong | each arm's own reward before p | each arm's own reward stands before p_j. All of (1 or 0) -
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    share = counts / counts[0].sum()
    return start + lr * (share - p) * rewards[:, None]

# %% adapted | wrong | lr not used | lr is not used.
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + earned - earned.sum(-1, keepdim=True) * p

# %% two_parts | right | autograd, detached
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | right | every order of pulls, one by one
import torch
from itertools import product
from course_lib.lessons.lesson13 import adapted

def two_parts(start, rewards, pulls, lr):
    s = start.detach().clone().requires_grad_()
    path = score = 0.0
    for i in range(len(rewards)):
        pays = rewards[i : i + 1]
        for order in product(range(len(start)), repeat=pulls):
            logp = s.log_softmax(0)[list(order)].sum()
            counts = torch.bincount(torch.tensor(order), minlength=len(start)).to(start.dtype)[None]
            v = (adapted(s, counts, pays, lr)[0, 0].softmax(0) * pays[0]).sum()
            path = path + logp.exp().detach() * v / len(rewards)
            score = score + logp.exp() * v.detach() / len(rewards)
    return (torch.autograd.grad(path, s, retain_graph=True)[0], torch.autograd.grad(score, s)[0])

# %% two_parts | right | score by hand, path as a difference
import torch
from course_lib.lessons.lesson13 import adapted, expected_reward, outcomes

def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(len(start), pulls)
    p = start.softmax(-1)
    chance = ways * (p**counts).prod(-1)
    earned = (adapted(start, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    slope = counts - pulls * p
    score = ((chance * earned).unsqueeze(-1) * slope).sum(1).mean(0)
    s = start.clone().requires_grad_()
    whole = torch.autograd.grad(expected_reward(s, rewards, pulls, lr), s)[0]
    return whole - score, score

# %% two_parts | right | jacobians of two functions
import torch
from torch.autograd.functional import jacobian
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(start.shape[0], pulls)
    chance = lambda s: ways * s.softmax(0).pow(counts).prod(1)
    worth = lambda s: (adapted(s, counts, rewards, lr).softmax(-1) * rewards.unsqueeze(1)).sum(2).mean(0)
    return chance(start) @ jacobian(worth, start), worth(start) @ jacobian(chance, start)

# %% two_parts | wrong | exchanged | the two are exchanged: path first, then score. The path
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return score, path

# %% two_parts | wrong | ways forgotten | the `ways` are missing: pulls of the same arms in another
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | sum over tasks | tasks are summed. J is the *mean* over tasks.
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(), s)
    return path, score

# %% two_parts | wrong | mean over outcomes | this is a mean over outcomes. They are weighted with their
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).mean(), s)
    return path, score

# %% two_parts | wrong | nothing held fast in the path | the first is the *whole* gradient: nothing is held fast in
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | nothing held fast in the score | the second is the *whole* gradient: nothing is held fast in
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | backward twice without clearing | both are the *whole* gradient. Either nothing is held fast,
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (P.detach() * V).sum(-1).mean().backward(retain_graph=True)
    path = s.grad
    (P * V.detach()).sum(-1).mean().backward()
    return path, s.grad

# %% two_parts | wrong | log probability, not weighted | the score has the gradient of the *log* probability, and
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    logP = counts @ s.log_softmax(0) + ways.log()
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((logP.exp().detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((logP * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | first order: the step is held fast | in the path, the adaptation step is held fast: this is
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    moved = s + (adapted(s, counts, rewards, lr) - s).detach()
    V = (moved.softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | no adaptation in what is earned | what is earned is that of the *start's* policy. It is that
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (s.softmax(-1) * rewards).sum(-1, keepdim=True)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | scores not turned into probabilities | the adapted scores stand where probabilities belong:
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | what the pulls before earned | the score gives credit for what the pulls *before* adapting
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    before = (counts * rewards[:, None]).sum(-1) / pulls
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * before).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | the score is divided by the pulls | the score is divided by the number of pulls. The
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(len(start), pulls)
    s = start.clone().requires_grad_()
    P = (ways * torch.exp(counts @ s.log_softmax(0))).detach()
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P * V).sum(-1).mean(), s)
    slope = counts / pulls - start.softmax(0)
    return path, ((P * V.detach())[..., None] * slope).sum(1).mean(0)

# %% two_parts | wrong | the first task alone | only the first task counts. J is the mean over tasks.
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr)[0].softmax(-1) * rewards[0]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(), s)
    return path, score

# %% two_parts | wrong | tasks averaged before adapting | the tasks are averaged *before* adapting, so that there is
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    rewards = rewards.mean(0, keepdim=True)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | one tensor, stacked | the numbers are right, in one tensor. Return two, a tuple:
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return torch.stack([path, score])

# %% two_parts | wrong | requires_grad_ on the argument | it changes requires_grad of `start`; use a copy,
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    start.requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ start.log_softmax(0))
    V = (adapted(start, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), start, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), start)
    return path, score

# %% two_parts | wrong | start without requires_grad | `start` comes without requires_grad, and has to be left so.
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ start.log_softmax(0))
    V = (adapted(start, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), start, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), start)
    return path, score

# %% two_parts | wrong | probabilities of arms, not multiplied out | the probabilities of pulls are added. One after the other,
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * (counts @ s.softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | minus: a loss | both have the wrong sign: these are gradients of a loss. J
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = -(adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | whole and score | the first is the whole gradient, and the second is 0. The
import torch
from course_lib.lessons.lesson13 import expected_reward

def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    (whole,) = torch.autograd.grad(expected_reward(s, rewards, pulls, lr), s)
    return whole, torch.zeros_like(whole)

# %% reward_to_go | right | flips
def reward_to_go(rewards):
    return rewards.flip(-1).cumsum(-1).flip(-1)

# %% reward_to_go | right | whole minus what is past
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True) - rewards.cumsum(-1) + rewards

# %% reward_to_go | right | a loop over steps
import torch

def reward_to_go(rewards):
    out = []
    for t in range(rewards.shape[-1]):
        out.append(rewards[..., t:].sum(-1))
    return torch.stack(out, dim=-1)

# %% reward_to_go | right | a triangle
import torch

def reward_to_go(rewards):
    n = rewards.shape[-1]
    return rewards @ torch.ones(n, n, dtype=rewards.dtype).tril()

# %% reward_to_go | right | backwards in place, in a copy
import torch

def reward_to_go(rewards):
    out = rewards.clone()
    for t in reversed(range(rewards.shape[-1] - 1)):
        out[..., t] += out[..., t + 1]
    return out

# %% reward_to_go | wrong | cumsum forwards | this adds up what *was* paid, from the first step on. An
def reward_to_go(rewards):
    return rewards.cumsum(-1)

# %% reward_to_go | wrong | own reward left out | the reward of the step itself is left out. It is paid for
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True) - rewards.cumsum(-1)

# %% reward_to_go | wrong | flipped and not back | the steps are in the reverse order: what is flipped to add
def reward_to_go(rewards):
    return rewards.flip(-1).cumsum(-1)

# %% reward_to_go | wrong | along the first axis | it adds up along the first axis. Steps are the *last* one:
def reward_to_go(rewards):
    return rewards.flip(0).cumsum(0).flip(0)

# %% reward_to_go | wrong | whole return at every step | every step gets the whole return. What was paid before an
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True).expand_as(rewards)

# %% reward_to_go | wrong | along axis 1 | it adds up along axis 1. Steps are the *last* axis, however
def reward_to_go(rewards):
    return rewards.flip(1).cumsum(1).flip(1)

# %% reward_to_go | wrong | flips all axes | all axes are flipped, and only the last one back:
def reward_to_go(rewards):
    return rewards.flip(list(range(rewards.ndim))).cumsum(-1).flip(-1)

# %% reward_to_go | wrong | mean of what is to come | this is the mean of the rewards to come. Their sum is
import torch

def reward_to_go(rewards):
    n = rewards.shape[-1]
    return rewards.flip(-1).cumsum(-1).flip(-1) / torch.arange(n, 0, -1)

# %% reward_to_go | wrong | discounted | rewards that come later are discounted, by 0.99 a step.
import torch

def reward_to_go(rewards, gamma=0.99):
    out = torch.zeros_like(rewards)
    running = 0
    for t in reversed(range(rewards.shape[-1])):
        running = rewards[..., t] + gamma * running
        out[..., t] = running
    return out

# %% reward_to_go | wrong | this reward and the next one | this adds the next reward and no later one. Add up *all*
import torch

def reward_to_go(rewards):
    out = rewards.clone()
    out[..., :-1] = rewards[..., :-1] + rewards[..., 1:]
    return out

# %% reward_to_go | wrong | in place in the argument | it changes `rewards` in place; compute a new tensor instead
def reward_to_go(rewards):
    for t in reversed(range(rewards.shape[-1] - 1)):
        rewards[..., t] += rewards[..., t + 1]
    return rewards

# %% reward_to_go | wrong | minus the mean | the mean over trajectories is taken off. That is the
def reward_to_go(rewards):
    credit = rewards.flip(-1).cumsum(-1).flip(-1)
    return credit - credit.mean(-2, keepdim=True) if rewards.ndim > 1 else credit - credit.mean()

# %% reward_to_go | wrong | past taken off twice | the sum of *all* rewards, of all trajectories, stands where
def reward_to_go(rewards):
    return rewards.sum() - rewards.cumsum(-1) + rewards

# %% reward_to_go | wrong | python lists | it adds up along the first axis, and makes a list. Steps
def reward_to_go(rewards):
    return [sum(rewards[t:]) for t in range(len(rewards))]

# %% reward_to_go | wrong | one number a trajectory | this is the return, one number for each trajectory. Each
def reward_to_go(rewards):
    return rewards.sum(-1)

# %% dice | right | two lines
def dice(log_probabilities, rewards):
    so_far = log_probabilities.cumsum(-1)
    return ((so_far - so_far.detach()).exp() * rewards).sum(-1)

# %% dice | right | cumprod of bricks
import torch

def dice(log_probabilities, rewards):
    brick = torch.exp(log_probabilities - log_probabilities.detach())
    return (torch.cumprod(brick, dim=-1) * rewards).sum(dim=-1)

# %% dice | right | probabilities divided
def dice(log_probabilities, rewards):
    p = log_probabilities.cumsum(-1).exp()
    return (p / p.detach() * rewards).sum(-1)

# %% dice | right | a loop
import torch

def dice(log_probabilities, rewards):
    total, product = 0.0, 1.0
    for t in range(rewards.shape[-1]):
        x = log_probabilities[..., t]
        product = product * torch.exp(x - x.detach())
        total = total + product * rewards[..., t]
    return total

# %% dice | right | brick of each step times the reward to go of bricks
import torch

def dice(log_probabilities, rewards):
    n = rewards.shape[-1]
    upper = torch.ones(n, n, dtype=rewards.dtype).triu()
    x = log_probabilities @ upper
    return torch.einsum("...t,...t->...", torch.exp(x - x.detach()), rewards)

# %% dice | wrong | the usual loss | this is the usual loss, log probabilities times rewards to
def dice(log_probabilities, rewards):
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return (log_probabilities * to_go).sum(-1)

# %% dice | wrong | LVC: own brick times reward to go | this is LVC: the brick of each action alone, times its
def dice(log_probabilities, rewards):
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return ((log_probabilities - log_probabilities.detach()).exp() * to_go).sum(-1)

# %% dice | wrong | own brick times own reward | each reward stands behind the brick of its own action
def dice(log_probabilities, rewards):
    return ((log_probabilities - log_probabilities.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | brick of the whole trajectory | the brick of the whole trajectory stands before every
def dice(log_probabilities, rewards):
    x = log_probabilities.sum(-1)
    return (x - x.detach()).exp() * rewards.sum(-1)

# %% dice | wrong | bricks of the actions still to come | each reward stands behind the bricks of the actions still
def dice(log_probabilities, rewards):
    x = log_probabilities.flip(-1).cumsum(-1).flip(-1)
    return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | own action left out | the action of the step itself is left out. A reward depends
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1) - log_probabilities
    return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | nothing held fast | nothing is held fast: the number is weighted with the
def dice(log_probabilities, rewards):
    return (log_probabilities.cumsum(-1).exp() * rewards).sum(-1)

# %% dice | wrong | everything held fast | the number is the return, but it has no derivative:
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x).exp() * rewards).sum(-1)

# %% dice | wrong | detach outside | the number is the return, but it has no derivative:
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp().detach() * rewards).sum(-1)

# %% dice | wrong | exp forgotten | exp is missing: x - x held fast is 0, and so is everything.
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()) * rewards).sum(-1)

# %% dice | wrong | 1 + x: straight | the number and its first derivative are right. But it is a
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((1 + x - x.detach()) * rewards).sum(-1)

# %% dice | wrong | bricks so far times reward to go | rewards count again and again: behind the bricks of *all*
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return ((x - x.detach()).exp() * to_go).sum(-1)

# %% dice | wrong | mean over steps | this is a mean over steps. The rewards are added up:
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp() * rewards).mean(-1)

# %% dice | wrong | sum of everything | there is a single number for all trajectories. Each has its
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp() * rewards).sum()

# %% dice | wrong | per step | there is a number for each *step*. Add them up: one number
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return (x - x.detach()).exp() * rewards

# %% dice | wrong | along the first axis | the sum so far goes along the first axis, over
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(0)
    return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | a minus, as a loss | the sign is that of a loss. The number equals the return:
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return -((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | turned round | the brick is turned over: the *first* x has the derivative,
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x.detach() - x).exp() * rewards).sum(-1)

# %% dice | wrong | detached at the wrong place | what is taken off is not what it is taken off from, so the
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - log_probabilities.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | cumsum of the bricks | this is LVC: the brick of each action alone, times its
def dice(log_probabilities, rewards):
    brick = (log_probabilities - log_probabilities.detach()).exp()
    return (brick.cumsum(-1) * rewards).sum(-1)

# %% dice | wrong | log probabilities taken for probabilities | log probabilities are divided as if they were
def dice(log_probabilities, rewards):
    brick = log_probabilities / log_probabilities.detach()
    return (brick.cumprod(-1) * rewards).sum(-1)

# %% dice | wrong | LVC in DiCE's clothes: the past is held fast | each reward stands behind the brick of its own action
import torch

def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    past = x.detach() - log_probabilities.detach()
    return ((past + log_probabilities - x.detach()).exp() * rewards).sum(-1)

# %% values_of_next | right | a loop
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = []
    if safe is not None:
        values.append(safe + best_value(state, left - 1, safe))
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | right | lists inside, sorted
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    def after(arm, result):
        arms = [list(pair) for pair in state]
        arms[arm][result] += 1
        return best_value(tuple(sorted(map(tuple, arms))), left - 1, safe)
    out = [] if safe is None else [safe + best_value(tuple(sorted(state)), left - 1, safe)]
    for arm in range(len(state)):
        wins, losses = state[arm]
        chance = (wins + 1) / (wins + losses + 2)
        out += [chance + chance * after(arm, 0) + (1 - chance) * after(arm, 1)]
    return out

# %% values_of_next | right | own recursion with a cache
from functools import lru_cache

@lru_cache(maxsize=None)
def value(state, left, safe):
    return max(values_of_next(state, left, safe)) if left > 0 else 0.0

def values_of_next(state, left, safe=None):
    def go(s):
        return value(tuple(sorted(s)), left - 1, safe)
    found = []
    for i in range(len(state)):
        w, l = state[i]
        rest = list(state[:i]) + list(state[i + 1 :])
        found.append((w + 1) / (w + l + 2) * (1 + go(rest + [(w + 1, l)])) + (l + 1) / (w + l + 2) * go(rest + [(w, l + 1)]))
    return found if safe is None else [safe + go(state)] + found

# %% values_of_next | right | numpy numbers
import numpy as np
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    n = len(state)
    out = np.zeros(n)
    for i in range(n):
        w, l = state[i]
        p = (w + 1) / (w + l + 2)
        futures = [best_value(tuple((a + (j == i) * r, b + (j == i) * (1 - r)) for j, (a, b) in enumerate(state)), left - 1, safe) for r in (1, 0)]
        out[i] = p * (1 + futures[0]) + (1 - p) * futures[1]
    return list(out) if safe is None else [safe + best_value(state, left - 1, safe), *out]

# %% values_of_next | wrong | the mean alone | this is what each arm pays now, on average. A pull is worth
def values_of_next(state, left, safe=None):
    return ([] if safe is None else [safe]) + [(w + 1) / (w + l + 2) for w, l in state]

# %% values_of_next | wrong | pulled for ever | each arm is pulled to the end, whatever it shows. After
def values_of_next(state, left, safe=None):
    return ([] if safe is None else [safe * left]) + [left * (w + 1) / (w + l + 2) for w, l in state]

# %% values_of_next | wrong | the reward of this pull is forgotten | what this pull itself pays is missing: 1 if the arm pays,
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * best_value(won, left - 1, safe) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | nothing is learned from a pull | nothing is learned from a pull: what comes is that of the
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    after = best_value(state, left - 1, safe)
    return ([] if safe is None else [safe + after]) + [(w + 1) / (w + l + 2) + after for w, l in state]

# %% values_of_next | wrong | a loss is forgotten | what comes after a pull that does *not* pay is missing: (1
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)))
    return values

# %% values_of_next | wrong | a loss teaches nothing | an arm that does not pay is left as it was. That is known
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(state, left - 1, safe))
    return values

# %% values_of_next | wrong | left is not counted down | `left` is not counted down: after this pull left - 1 are
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left, safe)) + (1 - p) * best_value(lost, left, safe))
    return values

# %% values_of_next | wrong | safe is not handed on | best_value is not told of the safe arm, so that afterwards
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1)) + (1 - p) * best_value(lost, left - 1))
    return values

# %% values_of_next | wrong | if safe: 0 is no safe arm | 0 is not None: `if safe` leaves out a safe arm that pays
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [safe + best_value(state, left - 1, safe)] if safe else []
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | the safe arm last | the safe arm is the last. Its value is the first.
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = []
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    if safe is not None:
        values.append(safe + best_value(state, left - 1, safe))
    return values

# %% values_of_next | wrong | wins over pulls | an arm pays with probability wins / pulls here (and 1/2
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = w / (w + l) if w + l else 0.5
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | won and lost exchanged | wins and losses are exchanged in the states that follow:
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w, l + 1),) + state[i + 1 :]
        lost = state[:i] + ((w + 1, l),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | the best of them | this is the value of the best arm alone. A list with the
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    return best_value(tuple(sorted(state)), left, safe)

# %% values_of_next | wrong | the other arms are dropped | after this pull the other arms are gone: the state that
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for w, l in state:
        p = (w + 1) / (w + l + 2)
        values.append(p * (1 + best_value(((w + 1, l),), left - 1, safe)) + (1 - p) * best_value(((w, l + 1),), left - 1, safe))
    return values

# %% values_of_next | wrong | the safe arm for ever | the safe arm is pulled to the end. After this pull another
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe * left]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | lists as states | best_value remembers states, so that they must not change:
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won, lost = list(state), list(state)
        won[i], lost[i] = (w + 1, l), (w, l + 1)
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | sorts the arms first | the arms are sorted first, so that values come in another
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    state = tuple(sorted(state))
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | as likely to win as to lose | an arm pays with probability 1/2 here, whatever is known of
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(0.5 * (1 + best_value(won, left - 1, safe)) + 0.5 * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | recursion without an end | A recursion of your own needs an end: where no pull is
def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + max(values_of_next(state, left - 1, safe))]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + max(values_of_next(won, left - 1, safe))) + (1 - p) * max(values_of_next(lost, left - 1, safe)))
    return values

# %% values_of_next | wrong | recursion without a memory | The same states are met again and again. best_value
def values_of_next(state, left, safe=None):
    def best(s):
        return max(values_of_next(s, left - 1, safe)) if left > 1 else 0.0
    values = [] if safe is None else [safe + best(state)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best(won)) + (1 - p) * best(lost))
    return values

# %% values_of_next | wrong | greedy from the next pull on | after this pull nobody looks again: the arm that looks best
def values_of_next(state, left, safe=None):
    def mean(w, l):
        return (w + 1) / (w + l + 2)
    def stay(s):
        return (left - 1) * max([mean(*a) for a in s] + ([] if safe is None else [safe]))
    values = [] if safe is None else [safe + stay(state)]
    for i, (w, l) in enumerate(state):
        p = mean(w, l)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + stay(won)) + (1 - p) * stay(lost))
    return values

# %% adapted | wrong | total reward times total gradient | every pull is credited with what all pulls were paid
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    g = (counts[:, :, None] * (torch.eye(len(start)) - p)).sum(1)
    R = rewards @ counts.T
    return start + lr * R[..., None] * g / counts[0].sum()

# %% adapted | wrong | reward times grad, mean over pulls separately (mean reward x mean grad) | every pull is credited with a mean over all of them
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    n = counts.sum(-1, keepdim=True)
    g = counts / n - p
    R = (rewards[:, None] * counts / n).mean(-1, keepdim=True)
    return start + lr * R * g

# %% adapted | wrong | autograd of prob | this is the gradient of the *probability* of the arm that
import torch
def adapted(start, counts, rewards, lr):
    s = start if start.requires_grad else start.clone().requires_grad_()
    out = []
    for pays in rewards:
        line = []
        for row in counts:
            goal = (row * pays * s.softmax(-1)).sum() / row.sum()
            (g,) = torch.autograd.grad(goal, s, create_graph=True)
            line.append(s + lr * g)
        out.append(torch.stack(line))
    return torch.stack(out)

# %% adapted | wrong | sequential steps, one pull after the other | one step is taken after the other, each from where the last
def adapted(start, counts, rewards, lr):
    out = []
    for pays in rewards:
        line = []
        for row in counts:
            s = start
            for a in range(len(start)):
                for _ in range(int(row[a])):
                    e = torch.zeros_like(start); e[a] = 1
                    s = s + lr / row.sum() * pays[a] * (e - s.softmax(-1))
            line.append(s)
        out.append(torch.stack(line))
    return torch.stack(out)

# %% adapted | wrong | no counts weights on 1-p, sign of others wrong | the others' -p is not multiplied by what was paid. All of
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned * (1 - p) - (1 - counts / counts[0].sum()) * p)

# %% adapted | wrong | 1-p for pulled, -p for not pulled, times total reward | an arm that was pulled gets 1 - p and the others -p, once
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    pulled = (counts > 0).to(p.dtype)
    R = (counts / counts[0].sum() * rewards[:, None]).sum(-1, keepdim=True)
    return start + lr * R * (pulled - p)

# %% adapted | wrong | no grad | the numbers are right, but no gradient gets through the
def adapted(start, counts, rewards, lr):
    with torch.no_grad():
        p = start.softmax(-1)
        earned = counts / counts[0].sum() * rewards[:, None]
        return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | lr fixed | lr is 4 in the code. Use the argument.
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + 4.0 * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | tuple/list | torch.stack(...) makes a tensor of it
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    out = []
    for r in rewards:
        earned = counts / counts[0].sum() * r
        out.append(start + lr * (earned - earned.sum(-1, keepdim=True) * p))
    return out

# %% adapted | wrong | only the first two tasks
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    out = []
    for r in rewards[:2]:
        earned = counts / counts[0].sum() * r
        out.append(start + lr * (earned - earned.sum(-1, keepdim=True) * p))
    return torch.stack(out)

# %% adapted | wrong | divided by the largest count | The result is [tasks, outcomes, arms], also for one
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts.max() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | step on weights normalised (gradient normalised) | the gradient is divided by its length. The step is lr times
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    g = earned - earned.sum(-1, keepdim=True) * p
    return start + lr * g / g.norm(dim=-1, keepdim=True).clamp(min=1e-8)

# %% two_parts | wrong | adapted from a start without gradient | `start` comes without requires_grad, and has to be left so.
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s.detach(), counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | ways forgotten in the score | in the score the `ways` are missing. The probability of an
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    logp = counts @ s.log_softmax(0)
    P = ways * logp.exp()
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((logp.exp() * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | ways forgotten in the path only | in the path the `ways` are missing. The probability of an
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    logp = counts @ s.log_softmax(0)
    P = ways * logp.exp()
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path, = torch.autograd.grad((logp.exp().detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | log probability in what is earned
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    after = adapted(s, counts, rewards, lr).softmax(-1)
    V = (after.log() * (after * rewards[:, None]).detach()).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | one sum over tasks for score, mean for path | in the score, tasks are summed. J is the *mean* over tasks.
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((P * V.detach()).sum(), s)
    return path, score

# %% two_parts | wrong | inner step by hand without mean over pulls and score ok | the adaptation step adds up the pulls. It is the mean over
from course_lib.lessons.lesson13 import outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    e = counts * rewards[:, None]
    after = s + lr * (e - e.sum(-1, keepdim=True) * s.softmax(0))
    V = (after.softmax(-1) * rewards[:, None]).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | product over the wrong axis | Axes are counted from the last: rewards.unsqueeze(1),
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = (s.softmax(0) ** counts).prod(0)
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% two_parts | wrong | returns dict | it should return 2 things (path, score), but it returned a
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return {"path": path, "score": score}

# %% two_parts | wrong | sampled | the right answer has no chance in it
from course_lib.lessons.lesson13 import sampled_gradients
def two_parts(start, rewards, pulls, lr):
    a = sampled_gradients(start, rewards, pulls, lr, 5000, score=False).mean(0)
    b = sampled_gradients(start, rewards, pulls, lr, 5000).mean(0)
    return a, b - a

# %% two_parts | wrong | graph freed | Both parts go through the same graph: retain_graph=True in
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    p = s.softmax(0)
    P = ways * (p ** counts).prod(-1)
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    whole, = torch.autograd.grad((P * V).sum(-1).mean(), s)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return whole - score, score

# %% two_parts | wrong | rewards broadcast without unsqueeze | Axes are counted from the last: rewards.unsqueeze(1),
from course_lib.lessons.lesson13 import adapted, outcomes
def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards).sum(-1)
    path, = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    score, = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score

# %% dice | wrong | detach sum so far including, rewards discounted | later rewards are discounted, by 0.99 a step. Here all
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp() * rewards * 0.99 ** torch.arange(rewards.shape[-1])).sum(-1)

# %% dice | wrong | log of probabilities product of p | this is LVC: the brick of each action alone, times its
def dice(log_probabilities, rewards):
    p = log_probabilities.exp()
    return (p / p.detach() * rewards.flip(-1).cumsum(-1).flip(-1)).sum(-1)

# %% dice | wrong | no grad | the number is the return, but it has no derivative:
def dice(log_probabilities, rewards):
    with torch.no_grad():
        x = log_probabilities.cumsum(-1)
        return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | product of bricks over all steps inside the sum with cumsum rewards | the brick of the whole trajectory stands before every
def dice(log_probabilities, rewards):
    b = (log_probabilities - log_probabilities.detach()).exp()
    return (b.prod(-1, keepdim=True) * rewards).sum(-1)

# %% dice | wrong | item | the number is the return, but it has no derivative:
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return torch.tensor(((x - x.detach()).exp() * rewards).sum(-1).tolist())

# %% dice | wrong | requires_grad x clone detach | the number is the return, but it has no derivative:
def dice(log_probabilities, rewards):
    x = torch.tensor(log_probabilities.tolist(), requires_grad=True).cumsum(-1)
    return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | logs with brick of reward to go, exclusive | the log probabilities stand before the rewards as well. The
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return (log_probabilities * (x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | surrogate with detached weights second-order | the number and its first derivative are right. But it is a
def dice(log_probabilities, rewards):
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return ((log_probabilities - log_probabilities.detach()) * to_go).sum(-1) + rewards.sum(-1)

# %% reward_to_go | wrong | numpy | torch.as_tensor makes a tensor of it
def reward_to_go(rewards):
    return np.cumsum(rewards.numpy()[..., ::-1], -1)[..., ::-1]

# %% reward_to_go | wrong | neg stride | PyTorch cannot read an array that was turned round by
def reward_to_go(rewards):
    return torch.from_numpy(np.cumsum(rewards.numpy()[..., ::-1], -1)[..., ::-1])

# %% reward_to_go | wrong | loop range missing the last step | the last step is left out. Its reward to go is its own
def reward_to_go(rewards):
    out = torch.zeros_like(rewards)
    for t in range(rewards.shape[-1] - 1):
        out[..., t] = rewards[..., t:].sum(-1)
    return out

# %% reward_to_go | wrong | loop excludes last reward | the last reward is left out: [t:-1] ends before it, [t:]
def reward_to_go(rewards):
    out = torch.zeros_like(rewards)
    for t in range(rewards.shape[-1]):
        out[..., t] = rewards[..., t:-1].sum(-1)
    return out

# %% reward_to_go | wrong | loop over the first axis and stack at 0 | the steps have become the first axis. They stay the last
def reward_to_go(rewards):
    return torch.stack([rewards[..., t:].sum(-1) for t in range(rewards.shape[-1])])

# %% reward_to_go | wrong | for two axes only | There may be any number of axes in front. rewards.shape[-1]
def reward_to_go(rewards):
    n, T = rewards.shape
    return torch.stack([rewards[:, t:].sum(1) for t in range(T)], 1)

# %% reward_to_go | wrong | rewards[:, t:] | it adds up along axis 1. Steps are the *last* axis, however
def reward_to_go(rewards):
    out = torch.zeros_like(rewards)
    for t in range(rewards.shape[1]):
        out[:, t] = rewards[:, t:].sum(1)
    return out

# %% reward_to_go | wrong | triangle the other way | this adds up what *was* paid, from the first step on. An
def reward_to_go(rewards):
    n = rewards.shape[-1]
    return rewards @ torch.ones(n, n).triu()

# %% values_of_next | wrong | always with the safe | Where `safe` is None there is no safe arm: ask `if safe is
from course_lib.lessons.lesson13 import best_value
def values_of_next(state, left, safe=None):
    out = [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        out.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return out

# %% values_of_next | wrong | state + without comma | A state is a tuple of pairs. A tuple of *one* pair is
from course_lib.lessons.lesson13 import best_value
def values_of_next(state, left, safe=None):
    out = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + (w + 1, l) + state[i + 1 :]
        lost = state[:i] + (w, l + 1) + state[i + 1 :]
        out.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return out

# %% values_of_next | wrong | item assignment | A state is a tuple, which cannot be changed. Make a new
from course_lib.lessons.lesson13 import best_value
def values_of_next(state, left, safe=None):
    out = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state
        won[i] = (w + 1, l)
        out.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(state, left - 1, safe))
    return out

# %% values_of_next | wrong | never below the safe arm to the end
from course_lib.lessons.lesson13 import best_value
def values_of_next(state, left, safe=None):
    out = []
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        v = p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe)
        out.append(v if safe is None else max(v, safe * left))
    return out if safe is None else [safe + best_value(state, left - 1, safe)] + out

# %% values_of_next | wrong | safe arm is in the state | the first arm of `state` is taken for the safe one. `state`
from course_lib.lessons.lesson13 import best_value
def values_of_next(state, left, safe=None):
    out = []
    for i, (w, l) in enumerate(state):
        p = safe if safe is not None and i == 0 else (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        out.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return out

# %% values_of_next | wrong | left - 1 for the win only | `left` is not counted down where the arm does not pay:
from course_lib.lessons.lesson13 import best_value
def values_of_next(state, left, safe=None):
    out = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        out.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left, safe))
    return out

# %% values_of_next | wrong | safe left not counted down | `left` is not counted down for the safe arm: after its pull
from course_lib.lessons.lesson13 import best_value
def values_of_next(state, left, safe=None):
    out = [] if safe is None else [safe + best_value(state, left, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        out.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return out
