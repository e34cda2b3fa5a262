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

# %% adapted | wrong | the probabilities are forgotten
def adapted(start, counts, rewards, lr):
    share = counts / counts.sum(-1, keepdim=True)
    return start + lr * share[None] * rewards[:, None]

# %% adapted | wrong | goes downhill
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start - lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | sum over pulls
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | mean over arms
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts * rewards[:, None] / len(start)
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | p taken off once, whatever was paid
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - p)

# %% adapted | wrong | rewards not used
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    step = counts / counts[0].sum() - p
    return (start + lr * step).expand(len(rewards), -1, -1)

# %% adapted | wrong | gradient of each arm's own score alone
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * earned * (1 - p)

# %% adapted | wrong | gradient of the probability, not of its logarithm
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None] * p
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | probabilities in place of counts
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = p * rewards
    step = earned - earned.sum(-1, keepdim=True) * p
    return (start + lr * step)[:, None].expand(-1, len(counts), -1)

# %% adapted | wrong | detached probabilities
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1).detach()
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | autograd without create_graph
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

# %% adapted | wrong | a copy that is cut off
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

# %% adapted | wrong | mean reward taken off
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    share = counts / counts[0].sum()
    mean = (share * rewards[:, None]).sum(-1, keepdim=True)
    earned = share * (rewards[:, None] - mean)
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | axes exchanged
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts[:, None] / counts[0].sum() * rewards
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | mean over tasks
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards.mean(0)
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | probabilities returned
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return (start + lr * (earned - earned.sum(-1, keepdim=True) * p)).softmax(-1)

# %% adapted | wrong | the step alone
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | steps from the probabilities
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return p + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | scores taken for probabilities
def adapted(start, counts, rewards, lr):
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * start)

# %% adapted | wrong | divides by all pulls of all outcomes
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts.sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)

# %% adapted | wrong | only arms that were pulled move
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    earned = counts / counts[0].sum() * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p) * (counts > 0)

# %% adapted | wrong | each arm's own reward before p
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    share = counts / counts[0].sum()
    return start + lr * (share - p) * rewards[:, None]

# %% adapted | wrong | lr not used
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

# %% two_parts | wrong | exchanged
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

# %% two_parts | wrong | ways forgotten
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

# %% two_parts | wrong | sum over tasks
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

# %% two_parts | wrong | mean over outcomes
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

# %% two_parts | wrong | nothing held fast in the path
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

# %% two_parts | wrong | nothing held fast in the score
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

# %% two_parts | wrong | backward twice without clearing
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

# %% two_parts | wrong | log probability, not weighted
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

# %% two_parts | wrong | first order: the step is held fast
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

# %% two_parts | wrong | no adaptation in what is earned
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

# %% two_parts | wrong | scores not turned into probabilities
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

# %% two_parts | wrong | what the pulls before earned
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

# %% two_parts | wrong | the score is divided by the pulls
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

# %% two_parts | wrong | the first task alone
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

# %% two_parts | wrong | tasks averaged before adapting
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

# %% two_parts | wrong | one tensor, stacked
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

# %% two_parts | wrong | requires_grad_ on the argument
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

# %% two_parts | wrong | start without requires_grad
import torch
from course_lib.lessons.lesson13 import adapted, outcomes

def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ start.log_softmax(0))
    V = (adapted(start, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), start, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), start)
    return path, score

# %% two_parts | wrong | probabilities of arms, not multiplied out
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

# %% two_parts | wrong | minus: a loss
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

# %% two_parts | wrong | whole and score
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

# %% reward_to_go | wrong | cumsum forwards
def reward_to_go(rewards):
    return rewards.cumsum(-1)

# %% reward_to_go | wrong | own reward left out
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True) - rewards.cumsum(-1)

# %% reward_to_go | wrong | flipped and not back
def reward_to_go(rewards):
    return rewards.flip(-1).cumsum(-1)

# %% reward_to_go | wrong | along the first axis
def reward_to_go(rewards):
    return rewards.flip(0).cumsum(0).flip(0)

# %% reward_to_go | wrong | whole return at every step
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True).expand_as(rewards)

# %% reward_to_go | wrong | along axis 1
def reward_to_go(rewards):
    return rewards.flip(1).cumsum(1).flip(1)

# %% reward_to_go | wrong | flips all axes
def reward_to_go(rewards):
    return rewards.flip(list(range(rewards.ndim))).cumsum(-1).flip(-1)

# %% reward_to_go | wrong | mean of what is to come
import torch

def reward_to_go(rewards):
    n = rewards.shape[-1]
    return rewards.flip(-1).cumsum(-1).flip(-1) / torch.arange(n, 0, -1)

# %% reward_to_go | wrong | discounted
import torch

def reward_to_go(rewards, gamma=0.99):
    out = torch.zeros_like(rewards)
    running = 0
    for t in reversed(range(rewards.shape[-1])):
        running = rewards[..., t] + gamma * running
        out[..., t] = running
    return out

# %% reward_to_go | wrong | this reward and the next one
import torch

def reward_to_go(rewards):
    out = rewards.clone()
    out[..., :-1] = rewards[..., :-1] + rewards[..., 1:]
    return out

# %% reward_to_go | wrong | in place in the argument
def reward_to_go(rewards):
    for t in reversed(range(rewards.shape[-1] - 1)):
        rewards[..., t] += rewards[..., t + 1]
    return rewards

# %% reward_to_go | wrong | minus the mean
def reward_to_go(rewards):
    credit = rewards.flip(-1).cumsum(-1).flip(-1)
    return credit - credit.mean(-2, keepdim=True) if rewards.ndim > 1 else credit - credit.mean()

# %% reward_to_go | wrong | past taken off twice
def reward_to_go(rewards):
    return rewards.sum() - rewards.cumsum(-1) + rewards

# %% reward_to_go | wrong | python lists
def reward_to_go(rewards):
    return [sum(rewards[t:]) for t in range(len(rewards))]

# %% reward_to_go | wrong | one number a trajectory
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

# %% dice | wrong | the usual loss
def dice(log_probabilities, rewards):
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return (log_probabilities * to_go).sum(-1)

# %% dice | wrong | LVC: own brick times reward to go
def dice(log_probabilities, rewards):
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return ((log_probabilities - log_probabilities.detach()).exp() * to_go).sum(-1)

# %% dice | wrong | own brick times own reward
def dice(log_probabilities, rewards):
    return ((log_probabilities - log_probabilities.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | brick of the whole trajectory
def dice(log_probabilities, rewards):
    x = log_probabilities.sum(-1)
    return (x - x.detach()).exp() * rewards.sum(-1)

# %% dice | wrong | bricks of the actions still to come
def dice(log_probabilities, rewards):
    x = log_probabilities.flip(-1).cumsum(-1).flip(-1)
    return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | own action left out
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1) - log_probabilities
    return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | nothing held fast
def dice(log_probabilities, rewards):
    return (log_probabilities.cumsum(-1).exp() * rewards).sum(-1)

# %% dice | wrong | everything held fast
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x).exp() * rewards).sum(-1)

# %% dice | wrong | detach outside
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp().detach() * rewards).sum(-1)

# %% dice | wrong | exp forgotten
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()) * rewards).sum(-1)

# %% dice | wrong | 1 + x: straight
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((1 + x - x.detach()) * rewards).sum(-1)

# %% dice | wrong | bricks so far times reward to go
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return ((x - x.detach()).exp() * to_go).sum(-1)

# %% dice | wrong | mean over steps
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp() * rewards).mean(-1)

# %% dice | wrong | sum of everything
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp() * rewards).sum()

# %% dice | wrong | per step
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return (x - x.detach()).exp() * rewards

# %% dice | wrong | along the first axis
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(0)
    return ((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | a minus, as a loss
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return -((x - x.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | turned round
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x.detach() - x).exp() * rewards).sum(-1)

# %% dice | wrong | detached at the wrong place
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - log_probabilities.detach()).exp() * rewards).sum(-1)

# %% dice | wrong | cumsum of the bricks
def dice(log_probabilities, rewards):
    brick = (log_probabilities - log_probabilities.detach()).exp()
    return (brick.cumsum(-1) * rewards).sum(-1)

# %% dice | wrong | log probabilities taken for probabilities
def dice(log_probabilities, rewards):
    brick = log_probabilities / log_probabilities.detach()
    return (brick.cumprod(-1) * rewards).sum(-1)

# %% dice | wrong | LVC in DiCE's clothes: the past is held fast
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

# %% values_of_next | wrong | the mean alone
def values_of_next(state, left, safe=None):
    return ([] if safe is None else [safe]) + [(w + 1) / (w + l + 2) for w, l in state]

# %% values_of_next | wrong | pulled for ever
def values_of_next(state, left, safe=None):
    return ([] if safe is None else [safe * left]) + [left * (w + 1) / (w + l + 2) for w, l in state]

# %% values_of_next | wrong | the reward of this pull is forgotten
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * best_value(won, left - 1, safe) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | nothing is learned from a pull
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    after = best_value(state, left - 1, safe)
    return ([] if safe is None else [safe + after]) + [(w + 1) / (w + l + 2) + after for w, l in state]

# %% values_of_next | wrong | a loss is forgotten
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)))
    return values

# %% values_of_next | wrong | a loss teaches nothing
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(state, left - 1, safe))
    return values

# %% values_of_next | wrong | left is not counted down
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left, safe)) + (1 - p) * best_value(lost, left, safe))
    return values

# %% values_of_next | wrong | safe is not handed on
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1)) + (1 - p) * best_value(lost, left - 1))
    return values

# %% values_of_next | wrong | if safe: 0 is no safe arm
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [safe + best_value(state, left - 1, safe)] if safe else []
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | the safe arm last
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

# %% values_of_next | wrong | wins over pulls
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = w / (w + l) if w + l else 0.5
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | won and lost exchanged
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w, l + 1),) + state[i + 1 :]
        lost = state[:i] + ((w + 1, l),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | the best of them
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    return best_value(tuple(sorted(state)), left, safe)

# %% values_of_next | wrong | the other arms are dropped
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for w, l in state:
        p = (w + 1) / (w + l + 2)
        values.append(p * (1 + best_value(((w + 1, l),), left - 1, safe)) + (1 - p) * best_value(((w, l + 1),), left - 1, safe))
    return values

# %% values_of_next | wrong | the safe arm for ever
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe * left]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | lists as states
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won, lost = list(state), list(state)
        won[i], lost[i] = (w + 1, l), (w, l + 1)
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | sorts the arms first
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

# %% values_of_next | wrong | as likely to win as to lose
from course_lib.lessons.lesson13 import best_value

def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(0.5 * (1 + best_value(won, left - 1, safe)) + 0.5 * best_value(lost, left - 1, safe))
    return values

# %% values_of_next | wrong | recursion without an end
def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + max(values_of_next(state, left - 1, safe))]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + max(values_of_next(won, left - 1, safe))) + (1 - p) * max(values_of_next(lost, left - 1, safe)))
    return values

# %% values_of_next | wrong | recursion without a memory
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

# %% values_of_next | wrong | greedy from the next pull on
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
