"""Answers to the exercises of lesson 13; `tools/blind_answers.py` reads them and has their form.

Most are by a person who had read the exercises alone. Mistakes that are formulas are in `test_exercises_13.py`, too.
"""
# ruff: noqa


# %% adapted | right | three loops and the two cases
def adapted(start, counts, rewards, lr):
    p = torch.exp(start) / torch.exp(start).sum()
    arms = len(start)
    everything = []
    for task in range(len(rewards)):
        of_task = []
        for outcome in range(len(counts)):
            pulls = counts[outcome].sum()
            scores = []
            for j in range(arms):
                g = 0
                for a in range(arms):
                    slope = 1 - p[j] if a == j else -p[j]
                    g = g + counts[outcome, a] * rewards[task, a] * slope
                scores.append(start[j] + lr * g / pulls)
            of_task.append(torch.stack(scores))
        everything.append(torch.stack(of_task))
    return torch.stack(everything)


# %% adapted | right | einsum with the matrix of slopes
def adapted(start, counts, rewards, lr):
    arms = start.shape[-1]
    slopes = torch.eye(arms, dtype=start.dtype) - torch.softmax(start, -1).expand(arms, arms)
    share = (counts / counts.sum(-1, keepdim=True)).to(start.dtype)
    return start + lr * torch.einsum("oa,ta,aj->toj", share, rewards.to(start.dtype), slopes)


# %% adapted | right | autograd with create_graph, one outcome at a time
def adapted(start, counts, rewards, lr):
    x = start if start.requires_grad else start.detach().clone().requires_grad_()
    log_p = torch.log_softmax(x, -1)

    def one(c, r):
        value = (c * r * log_p).sum() / c.sum()
        return x + lr * torch.autograd.grad(value, x, create_graph=True)[0]

    return torch.stack([torch.stack([one(c, r) for c in counts]) for r in rewards])


# %% adapted | right | the jacobian from torch.func
def adapted(start, counts, rewards, lr):
    slopes = torch.func.jacrev(lambda s: F.log_softmax(s, dim=-1))(start)
    weight = counts / counts.sum(-1, keepdim=True) * rewards[:, None, :]
    return start + lr * weight.to(slopes.dtype) @ slopes


# %% adapted | right | one pull at a time
def adapted(start, counts, rewards, lr):
    p = start.softmax(0)
    new = []
    for r in rewards:
        for row in counts:
            pulled = [arm for arm, n in enumerate(row.tolist()) for _ in range(round(n))]
            steps = [r[arm] * (F.one_hot(torch.tensor(arm), len(start)) - p) for arm in pulled]
            new.append(start + lr * torch.stack(steps).mean(0))
    return torch.stack(new).view(len(rewards), len(counts), -1)


# %% adapted | right | broadcast
import torch


def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    share = counts / counts.sum(-1, keepdim=True)
    earned = share[None] * rewards[:, None]
    return start + lr * (earned - earned.sum(-1, keepdim=True) * p)


# %% adapted | right | torch.func.grad
import torch
from torch.func import grad, vmap


def adapted(start, counts, rewards, lr):
    def goal(s, row, pays):
        return (row / row.sum() * pays * torch.log_softmax(s, 0)).sum()

    step = vmap(vmap(grad(goal), (None, 0, None)), (None, None, 0))(start, counts, rewards)
    return start + lr * step


# %% adapted | wrong | sums over the pulls and forgets the mean | divide by their number
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    paid = counts[None] * rewards[:, None]
    return start + lr * (paid - paid.sum(-1, keepdim=True) * p)


# %% adapted | wrong | goes downhill, as one does with a loss | goes downhill
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    paid = counts[None] * rewards[:, None]
    gradient = (paid - paid.sum(-1, keepdim=True) * p) / counts.sum(-1)[:, None]
    return start - lr * gradient


# %% adapted | wrong | has only the case j = a and takes its derivative as 1 | - p is missing
def adapted(start, counts, rewards, lr):
    pulls = counts[0].sum()
    return start + lr * counts[None, :, :] * rewards[:, None, :] / pulls


# %% adapted | wrong | j = a gives 1 - p, and the other arms get nothing | Every other arm
def adapted(start, counts, rewards, lr):
    p = start.softmax(-1)
    frequency = counts / counts.sum(-1, keepdim=True)
    return start + lr * frequency * rewards.unsqueeze(1) * (1 - p)


# %% adapted | wrong | gradient of the probability instead of the log probability | lacks the factor p
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, 0)
    jacobian = torch.diag(p) - torch.outer(p, p)  # [a, j]
    weights = counts[None] * rewards[:, None] / counts.sum(-1)[None, :, None]
    return start + lr * weights @ jacobian


# %% adapted | wrong | the policy is detached | takes the step for a constant
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start.detach(), dim=-1)
    paid = counts[None] * rewards[:, None]
    step = paid - paid.sum(-1, keepdim=True) * p
    return start + lr * step / counts.sum(-1, keepdim=True)


# %% adapted | wrong | mean over the outcomes instead of the pulls | divided by the number of outcomes
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    paid = counts[None] * rewards[:, None]
    return start + lr * (paid - paid.sum(-1, keepdim=True) * p) / len(counts)


# %% adapted | wrong | sigmoid instead of softmax | sigmoids
def adapted(start, counts, rewards, lr):
    p = torch.sigmoid(start)
    paid = counts[None] * rewards[:, None]
    return start + lr * (paid - paid.sum(-1, keepdim=True) * p) / counts.sum(-1)[None, :, None]


# %% adapted | wrong | subtracts the mean reward as a baseline | mean reward of the arms is taken off
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    better = rewards - rewards.mean(-1, keepdim=True)
    paid = counts[None] * better[:, None]
    return start + lr * (paid - paid.sum(-1, keepdim=True) * p) / counts.sum(-1)[None, :, None]


# %% adapted | wrong | adds p in the case j is not a: the sign | p is added
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    paid = counts[None] * rewards[:, None]
    return start + lr * (paid + paid.sum(-1, keepdim=True) * p) / counts.sum(-1)[None, :, None]


# %% adapted | wrong | takes p of the pulled arm, not p of arm j | taken off is p of the arm that was *pulled*
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    paid = counts[None] * rewards[:, None]
    return start + lr * (paid - (paid * p).sum(-1, keepdim=True)) / counts.sum(-1)[None, :, None]


# %% adapted | wrong | counts an arm once, however often it was pulled | counts once
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    seen = (counts > 0).to(start.dtype)
    paid = seen[None] * rewards[:, None]
    return start + lr * (paid - paid.sum(-1, keepdim=True) * p) / counts.sum(-1)[None, :, None]


# %% adapted | wrong | pairs task i with outcome i | task i is paired with outcome i
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    n = min(len(counts), len(rewards))
    paid = counts[:n] * rewards[:n]
    new = start + lr * (paid - paid.sum(-1, keepdim=True) * p) / counts[:n].sum(-1, keepdim=True)
    return new[None].expand(len(rewards), n, len(start))


# %% adapted | wrong | always divides by two pulls | divides by 2, whatever the number of pulls
def adapted(start, counts, rewards, lr):
    p = torch.softmax(start, dim=-1)
    paid = counts[None] * rewards[:, None]
    return start + lr * (paid - paid.sum(-1, keepdim=True) * p) / 2


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


# %% adapted | wrong | sequential steps, one pull after the other | one step is taken after the other, each from where the last
def adapted(start, counts, rewards, lr):
    out = []
    for pays in rewards:
        line = []
        for row in counts:
            s = start
            for a in range(len(start)):
                for _ in range(int(row[a])):
                    e = torch.zeros_like(start)
                    e[a] = 1
                    s = s + lr / row.sum() * pays[a] * (e - s.softmax(-1))
            line.append(s)
        out.append(torch.stack(line))
    return torch.stack(out)


# %% adapted | wrong | no grad | the numbers are right, but no gradient gets through the
def adapted(start, counts, rewards, lr):
    with torch.no_grad():
        p = start.softmax(-1)
        earned = counts / counts[0].sum() * rewards[:, None]
        return start + lr * (earned - earned.sum(-1, keepdim=True) * p)


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


# %% two_parts | right | a function of two starts, one of them held, and torch.func
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(start.numel(), pulls)

    def J(adapts, pulls_with):
        probability = ways * (pulls_with.softmax(0) ** counts).prod(1)
        policy = adapted(adapts, counts, rewards, lr).softmax(-1)
        return torch.einsum("o,toa,ta->t", probability, policy, rewards.to(policy.dtype)).mean()

    path, score = torch.func.grad(J, argnums=(0, 1))(start, start)
    return path, score


# %% two_parts | right | loops over all orders of pulls, backward on two copies
import itertools

from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    arms = len(start)
    a = start.detach().clone().requires_grad_()
    b = start.detach().clone().requires_grad_()
    total_path, total_score = 0.0, 0.0
    for order in itertools.product(range(arms), repeat=pulls):
        counts = torch.zeros(1, arms, dtype=start.dtype)
        p_a, p_b = 1.0, 1.0
        for arm in order:
            counts[0, arm] += 1
            p_a = p_a * torch.softmax(start, 0)[arm]
            p_b = p_b * torch.softmax(b, 0)[arm]
        new = adapted(a, counts, rewards, lr)
        for task in range(len(rewards)):
            earned = (torch.softmax(new[task, 0], 0) * rewards[task]).sum()
            total_path = total_path + p_a * earned / len(rewards)
            total_score = total_score + p_b * earned.detach() / len(rewards)
    total_path.backward()
    total_score.backward()
    return a.grad, b.grad


# %% two_parts | right | all by hand in numpy
from course_lib.lessons.lesson13 import outcomes


def two_parts(start, rewards, pulls, lr):
    s, R = start.detach().numpy(), rewards.detach().numpy()
    counts, ways = (x.numpy() for x in outcomes(len(s), pulls))
    soft = lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    p = soft(s)
    path, score = np.zeros(len(s)), np.zeros(len(s))
    for r in R:
        for c, w in zip(counts, ways):
            chance = w * np.prod(p**c)
            seen = (c * r).sum() / pulls
            q = soft(s + lr * (c * r / pulls - seen * p))
            earned = q @ r
            slope = q * (r - earned)
            jacobian = np.eye(len(s)) - lr * seen * (np.diag(p) - np.outer(p, p))
            path += chance * jacobian.T @ slope
            score += chance * earned * (c - pulls * p)
    return torch.from_numpy(path / len(R)), torch.from_numpy(score / len(R))


# %% two_parts | right | score with log probabilities weighed by the probability, path as the rest
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_(True)
    counts, ways = outcomes(len(start), pulls)
    logp = (counts * x.log_softmax(-1)).sum(-1) + ways.log()
    weight = logp.exp()
    earned = (torch.softmax(adapted(x, counts, rewards, lr), -1) * rewards.unsqueeze(1)).sum(-1)
    whole = torch.autograd.grad((weight * earned).sum(1).mean(), x, retain_graph=True)[0]
    score = torch.autograd.grad((weight.detach() * earned.detach() * logp).sum(1).mean(), x)[0]
    return whole - score, score


# %% two_parts | right | multinomial distribution and a helper with no_grad
from course_lib.lessons.lesson13 import adapted, outcomes


def chances(scores, counts, pulls):
    return torch.distributions.Multinomial(pulls, logits=scores).log_prob(counts).exp()


def earnings(scores, counts, rewards, lr):
    return torch.matmul(adapted(scores, counts, rewards, lr).softmax(-1), rewards[:, :, None]).squeeze(-1)


def two_parts(start, rewards, pulls, lr):
    counts, _ = outcomes(len(start), pulls)
    with torch.no_grad():
        held_chance = chances(start, counts, pulls)
        held_earned = earnings(start, counts, rewards, lr)
    x = start.clone().requires_grad_()
    path = (earnings(x, counts, rewards, lr) @ held_chance).mean()
    score = (held_earned @ chances(x, counts, pulls)).mean()
    return torch.autograd.grad(path, x)[0], torch.autograd.grad(score, x)[0]


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


# %% two_parts | right | jacobians of two functions
import torch
from torch.autograd.functional import jacobian
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(start.shape[0], pulls)
    chance = lambda s: ways * s.softmax(0).pow(counts).prod(1)
    worth = lambda s: (adapted(s, counts, rewards, lr).softmax(-1) * rewards.unsqueeze(1)).sum(2).mean(0)
    return chance(start) @ jacobian(worth, start), worth(start) @ jacobian(chance, start)


# %% two_parts | wrong | forgets ways | `ways` are missing
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = (torch.softmax(x, -1) ** counts).prod(-1)
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | score first, path second | exchanged
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    score = (probability * earned.detach()).sum(-1).mean()
    path = (probability.detach() * earned).sum(-1).mean()
    return torch.autograd.grad(score, x, retain_graph=True)[0], torch.autograd.grad(path, x)[0]


# %% two_parts | wrong | sum over the tasks | tasks are summed
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * torch.exp(counts @ torch.log_softmax(x, -1))
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path = (probability.detach() * earned).sum()
    score = (probability * earned.detach()).sum()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | probability of the outcome under the adapted policy | as likely as the *adapted* policy makes them
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    policy = adapted(x, counts, rewards, lr).softmax(-1)
    probability = ways * (policy**counts).prod(-1)
    earned = (policy * rewards[:, None]).sum(-1)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | leaves a gradient in start.grad | leaves a gradient
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(len(start), pulls)
    parts = []
    for part in ("path", "score"):
        start.requires_grad_(True)
        start.grad = None
        probability = ways * (torch.softmax(start, -1) ** counts).prod(-1)
        earned = (adapted(start, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
        if part == "path":
            J = (probability.detach() * earned).sum(-1).mean()
        else:
            J = (probability * earned.detach()).sum(-1).mean()
        J.backward()
        parts.append(start.grad.clone())
        start.requires_grad_(False)
    return tuple(parts)


# %% two_parts | wrong | the same, and path is the same tensor as score | take .grad.clone()
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (probability.detach() * earned).sum(-1).mean().backward(retain_graph=True)
    path = x.grad
    x.grad.zero_()
    (probability * earned.detach()).sum(-1).mean().backward()
    score = x.grad
    return path, score


# %% two_parts | wrong | returns their sum, one tensor | this is their sum
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    return torch.autograd.grad((probability * earned).sum(-1).mean(), x)[0]


# %% two_parts | wrong | always one pull | pulls is 1
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), 1)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | what is earned in as many pulls as before | both are `pulls` times too large
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = pulls * (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | mean over the arms of policy times reward | divided by the number of arms
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).mean(-1)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | each adapted policy is paid with the mean reward of all tasks | paid with the *mean* rewards of all tasks
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = adapted(x, counts, rewards, lr).softmax(-1) @ rewards.mean(0)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | the two values of J instead of gradients | this is the number J itself, twice
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(start, -1) ** counts).prod(-1)
    earned = (adapted(start, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return path, score


# %% two_parts | wrong | lr forgotten: always a step of 1 | lr is 1
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr=1.0):
    x = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    probability = ways * (torch.softmax(x, -1) ** counts).prod(-1)
    earned = (adapted(x, counts, rewards, 1.0).softmax(-1) * rewards[:, None]).sum(-1)
    path = (probability.detach() * earned).sum(-1).mean()
    score = (probability * earned.detach()).sum(-1).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


# %% two_parts | wrong | one draw of outcomes instead of all of them | draws random numbers
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    torch.manual_seed(0)
    x = start.clone().requires_grad_()
    log_p = torch.log_softmax(x, -1)
    drawn = torch.multinomial(log_p.exp().detach().expand(2000, -1), pulls, replacement=True)
    counts = F.one_hot(drawn, len(start)).sum(1).to(start.dtype)
    earned = (adapted(x, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    path = earned.mean()
    score = (earned.detach() * (counts @ log_p)).mean()
    return torch.autograd.grad(path, x, retain_graph=True)[0], torch.autograd.grad(score, x)[0]


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


# %% two_parts | wrong | adapted from a start without gradient | `start` comes without requires_grad, and has to be left so.
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s.detach(), counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score


# %% two_parts | wrong | log probability in what is earned
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    after = adapted(s, counts, rewards, lr).softmax(-1)
    V = (after.log() * (after * rewards[:, None]).detach()).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score


# %% two_parts | wrong | product over the wrong axis | Axes are counted from the last: rewards.unsqueeze(1),
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = (s.softmax(0) ** counts).prod(0)
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score


# %% two_parts | wrong | returns dict | it should return 2 things (path, score), but it returned a
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
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
    P = ways * (p**counts).prod(-1)
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards[:, None]).sum(-1)
    (whole,) = torch.autograd.grad((P * V).sum(-1).mean(), s)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return whole - score, score


# %% two_parts | wrong | rewards broadcast without unsqueeze | Axes are counted from the last: rewards.unsqueeze(1),
from course_lib.lessons.lesson13 import adapted, outcomes


def two_parts(start, rewards, pulls, lr):
    s = start.clone().requires_grad_()
    counts, ways = outcomes(len(start), pulls)
    P = ways * torch.exp(counts @ s.log_softmax(0))
    V = (adapted(s, counts, rewards, lr).softmax(-1) * rewards).sum(-1)
    (path,) = torch.autograd.grad((P.detach() * V).sum(-1).mean(), s, retain_graph=True)
    (score,) = torch.autograd.grad((P * V.detach()).sum(-1).mean(), s)
    return path, score


# %% dice | right | a loop that multiplies the bricks
def dice(log_probabilities, rewards):
    total = torch.zeros_like(rewards[..., 0])
    product = torch.ones_like(rewards[..., 0])
    for t in range(rewards.shape[-1]):
        x = log_probabilities[..., t]
        product = product * torch.exp(x - x.detach())
        total = total + product * rewards[..., t]
    return total


# %% dice | right | p / (p held fast) as written and cumprod
def dice(log_probabilities, rewards):
    p = log_probabilities.exp()
    bricks = p / p.detach()
    return (torch.cumprod(bricks, dim=-1) * rewards).sum(dim=-1)


# %% dice | right | triangle and einsum
def dice(log_probabilities, rewards):
    steps = rewards.shape[-1]
    before = torch.triu(torch.ones(steps, steps, dtype=log_probabilities.dtype))
    x = torch.einsum("...s,st->...t", log_probabilities, before)
    brick = (x - x.detach()).exp()
    return torch.einsum("...t,...t->...", brick, rewards.to(brick.dtype))


# %% dice | right | recursion from the last step
def dice(log_probabilities, rewards):
    def rest(t):
        if t == rewards.shape[-1]:
            return torch.zeros_like(log_probabilities[..., 0])
        x = log_probabilities[..., t]
        return torch.exp(x - x.detach()) * (rewards[..., t] + rest(t + 1))

    return rest(0)


# %% dice | right | one reward at a time with expm1
def dice(log_probabilities, rewards):
    held = log_probabilities.detach()
    terms = []
    for t in range(rewards.shape[-1]):
        x = (log_probabilities - held)[..., : t + 1].sum(-1)
        terms.append(rewards[..., t] + torch.expm1(x) * rewards[..., t])
    return torch.stack(terms, -1).sum(-1)


# %% dice | right | two lines
def dice(log_probabilities, rewards):
    so_far = log_probabilities.cumsum(-1)
    return ((so_far - so_far.detach()).exp() * rewards).sum(-1)


# %% dice | wrong | the usual loss: log probability times reward to go | usual loss
def dice(log_probabilities, rewards):
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return (log_probabilities * to_go).sum(-1)


# %% dice | wrong | only the brick of its own action | own action alone
def dice(log_probabilities, rewards):
    brick = torch.exp(log_probabilities - log_probabilities.detach())
    return (brick * rewards).sum(-1)


# %% dice | wrong | bricks of the actions from here on | still to come
def dice(log_probabilities, rewards):
    x = log_probabilities.flip(-1).cumsum(-1).flip(-1)
    return (torch.exp(x - x.detach()) * rewards).sum(-1)


# %% dice | wrong | only the actions before, without its own | step itself is left out
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1) - log_probabilities
    return (torch.exp(x - x.detach()) * rewards).sum(-1)


# %% dice | wrong | hard-coded axis 1 | it goes along axis 1
def dice(log_probabilities, rewards):
    x = torch.cumsum(log_probabilities, dim=1)
    return (torch.exp(x - x.detach()) * rewards).sum(dim=1)


# %% dice | wrong | LVC moved so that its value is the return | lacks what two actions do together
def dice(log_probabilities, rewards):
    brick = torch.exp(log_probabilities - log_probabilities.detach())
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return ((brick - 1) * to_go).sum(-1) + rewards.sum(-1)


# %% dice | wrong | 1 + the sum of (brick - 1): no cross terms | lacks what two actions do together
def dice(log_probabilities, rewards):
    brick = torch.exp(log_probabilities - log_probabilities.detach())
    return ((1 + (brick - 1).cumsum(-1)) * rewards).sum(-1)


# %% dice | wrong | ratio of log probabilities | divided as if
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return (x / x.detach() * rewards).sum(-1)


# %% dice | wrong | the product so far is held fast at each step | the product of the bricks before it is held fast
def dice(log_probabilities, rewards):
    total, carried = 0.0, 1.0
    for t in range(rewards.shape[-1]):
        x = log_probabilities[..., t]
        brick = carried * torch.exp(x - x.detach())
        total = total + brick * rewards[..., t]
        carried = brick.detach()
    return total


# %% dice | wrong | the own action doubly: cumsum and once more | action counts twice
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1) + log_probabilities
    return (torch.exp(x - x.detach()) * rewards).sum(-1)


# %% dice | wrong | own brick times the rewards so far | *until* then
def dice(log_probabilities, rewards):
    brick = torch.exp(log_probabilities - log_probabilities.detach())
    return (brick * rewards.cumsum(-1)).sum(-1)


# %% dice | wrong | forgets the first action's brick: off by one | the first action is left out
def dice(log_probabilities, rewards):
    x = log_probabilities[..., 1:].cumsum(-1)
    brick = torch.exp(x - x.detach())
    return rewards[..., 0] + (brick * rewards[..., 1:]).sum(-1)


# %% dice | wrong | takes the mean reward off | mean is taken off
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    advantage = rewards - rewards.mean(-1, keepdim=True)
    return (torch.exp(x - x.detach()) * advantage).sum(-1)


# %% dice | wrong | only one trajectory | it goes along the first axis
def dice(log_probabilities, rewards):
    result, x = 0, 0
    for log_p, r in zip(log_probabilities, rewards):
        x = x + log_p
        result = result + torch.exp(x - x.detach()) * r
    return result


# %% dice | wrong | brick of the whole trajectory | the brick of the whole trajectory stands before every
def dice(log_probabilities, rewards):
    x = log_probabilities.sum(-1)
    return (x - x.detach()).exp() * rewards.sum(-1)


# %% dice | wrong | sum of everything | there is a single number for all trajectories. Each has its
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return ((x - x.detach()).exp() * rewards).sum()


# %% dice | wrong | per step | there is a number for each *step*. Add them up: one number
def dice(log_probabilities, rewards):
    x = log_probabilities.cumsum(-1)
    return (x - x.detach()).exp() * rewards


# %% dice | wrong | cumsum of the bricks | this is LVC: the brick of each action alone, times its
def dice(log_probabilities, rewards):
    brick = (log_probabilities - log_probabilities.detach()).exp()
    return (brick.cumsum(-1) * rewards).sum(-1)


# %% reward_to_go | right | the total less what was before
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True) - rewards.cumsum(-1) + rewards


# %% reward_to_go | right | a triangle and einsum
def reward_to_go(rewards):
    steps = rewards.shape[-1]
    later = torch.ones(steps, steps, dtype=rewards.dtype).tril()
    return torch.einsum("...s,st->...t", rewards, later)


# %% reward_to_go | right | recursion over the steps
def reward_to_go(rewards):
    if rewards.shape[-1] <= 1:
        return rewards.clone()
    rest = reward_to_go(rewards[..., 1:])
    return torch.cat([rewards[..., :1] + rest[..., :1], rest], dim=-1)


# %% reward_to_go | right | numpy backwards
def reward_to_go(rewards):
    array = rewards.detach().cpu().numpy()
    backwards = np.cumsum(array[..., ::-1], axis=-1)[..., ::-1]
    return torch.tensor(backwards.copy(), dtype=rewards.dtype)


# %% reward_to_go | right | sums of slices
def reward_to_go(rewards):
    return torch.stack([rewards[..., t:].sum(-1) for t in range(rewards.shape[-1])], dim=-1)


# %% reward_to_go | right | flips
def reward_to_go(rewards):
    return rewards.flip(-1).cumsum(-1).flip(-1)


# %% reward_to_go | right | backwards in place, in a copy
import torch


def reward_to_go(rewards):
    out = rewards.clone()
    for t in reversed(range(rewards.shape[-1] - 1)):
        out[..., t] += out[..., t + 1]
    return out


# %% reward_to_go | wrong | the rewards so far | what *was* paid
def reward_to_go(rewards):
    return rewards.cumsum(-1)


# %% reward_to_go | wrong | its own reward is not among them | step itself is left out
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True) - rewards.cumsum(-1)


# %% reward_to_go | wrong | along the first axis | first axis
def reward_to_go(rewards):
    return rewards.flip(0).cumsum(0).flip(0)


# %% reward_to_go | wrong | forgets to turn it back | flipped back
def reward_to_go(rewards):
    return rewards.flip(-1).cumsum(-1)


# %% reward_to_go | wrong | the whole return for each step | whole return
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True).expand_as(rewards)


# %% reward_to_go | wrong | changes the rewards it was given | in place
def reward_to_go(rewards):
    for t in range(rewards.shape[-1] - 2, -1, -1):
        rewards[..., t] += rewards[..., t + 1]
    return rewards


# %% reward_to_go | wrong | only for two axes: loops over columns | axis 1
def reward_to_go(rewards):
    result = torch.zeros_like(rewards)
    for t in range(rewards.shape[1]):
        result[:, t] = rewards[:, t:].sum(dim=1)
    return result


# %% reward_to_go | wrong | a discount of 0.99 | 0.99
def reward_to_go(rewards):
    result = rewards.clone()
    for t in range(rewards.shape[-1] - 2, -1, -1):
        result[..., t] = rewards[..., t] + 0.99 * result[..., t + 1]
    return result


# %% reward_to_go | wrong | the mean of what is still to come | mean of the rewards to come
def reward_to_go(rewards):
    steps = rewards.shape[-1]
    return torch.stack([rewards[..., t:].mean(-1) for t in range(steps)], -1)


# %% reward_to_go | wrong | goes on into the next trajectory | across trajectories
def reward_to_go(rewards):
    flat = rewards.reshape(-1)
    return flat.flip(0).cumsum(0).flip(0).reshape(rewards.shape)


# %% reward_to_go | wrong | turns back along the wrong axis | turned back along the first
def reward_to_go(rewards):
    return rewards.flip(-1).cumsum(-1).flip(0)


# %% reward_to_go | wrong | subtracts the mean as a baseline | mean is taken off
def reward_to_go(rewards):
    to_go = rewards.flip(-1).cumsum(-1).flip(-1)
    return to_go - to_go.mean(-1, keepdim=True)


# %% reward_to_go | wrong | returns a list, for one trajectory | this is for a single trajectory
def reward_to_go(rewards):
    total, result = 0, []
    for r in reversed(rewards.tolist()):
        total += r
        result.insert(0, total)
    return result


# %% reward_to_go | wrong | everything but its own reward | step's own reward is taken off
def reward_to_go(rewards):
    return rewards.sum(-1, keepdim=True) - rewards


# %% reward_to_go | wrong | python lists | it adds up along the first axis, and makes a list. Steps
def reward_to_go(rewards):
    return [sum(rewards[t:]) for t in range(len(rewards))]


# %% reward_to_go | wrong | numpy | torch.as_tensor makes a tensor of it
def reward_to_go(rewards):
    return np.cumsum(rewards.numpy()[..., ::-1], -1)[..., ::-1]


# %% reward_to_go | wrong | neg stride | PyTorch cannot read an array that was turned round by
def reward_to_go(rewards):
    return torch.from_numpy(np.cumsum(rewards.numpy()[..., ::-1], -1)[..., ::-1])


# %% reward_to_go | wrong | for two axes only | There may be any number of axes in front. rewards.shape[-1]
def reward_to_go(rewards):
    n, T = rewards.shape
    return torch.stack([rewards[:, t:].sum(1) for t in range(T)], 1)


# %% values_of_next | right | own recursion, without best_value
from functools import lru_cache


def values_of_next(state, left, safe=None):
    @lru_cache(maxsize=None)
    def best(s, n):
        return max(every(s, n)) if n > 0 else 0.0

    def every(s, n):
        result = [] if safe is None else [safe + best(s, n - 1)]
        for i, (w, l) in enumerate(s):
            p = (w + 1) / (w + l + 2)
            won = tuple(sorted(s[:i] + ((w + 1, l),) + s[i + 1 :]))
            lost = tuple(sorted(s[:i] + ((w, l + 1),) + s[i + 1 :]))
            result.append(p * (1 + best(won, n - 1)) + (1 - p) * best(lost, n - 1))
        return result

    return every(tuple(state), left)


# %% values_of_next | right | helper with sorted states
from course_lib.lessons.lesson13 import best_value


def after(state, arm, won):
    pairs = [list(pair) for pair in state]
    pairs[arm][0 if won else 1] += 1
    return tuple(sorted(map(tuple, pairs)))


def values_of_next(state, left, safe=None):
    chance = [(w + 1) / (w + l + 2) for w, l in state]
    unknown = [
        sum(q * (won + best_value(after(state, arm, won), left - 1, safe)) for won, q in ((1, p), (0, 1 - p)))
        for arm, p in enumerate(chance)
    ]
    return unknown if safe is None else [safe + best_value(tuple(sorted(state)), left - 1, safe), *unknown]


# %% values_of_next | right | numpy
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    pairs = np.array(state, dtype=int).reshape(-1, 2)
    p = (pairs[:, 0] + 1) / (pairs.sum(1) + 2)
    key = lambda array: tuple((int(w), int(l)) for w, l in array)
    futures = np.zeros((len(pairs), 2))
    for i in range(len(pairs)):
        for which in (0, 1):
            then = pairs.copy()
            then[i, which] += 1
            futures[i, which] = best_value(key(then), left - 1, safe)
    values = p * (1 + futures[:, 0]) + (1 - p) * futures[:, 1]
    first = [] if safe is None else [float(safe) + best_value(key(pairs), left - 1, safe)]
    return first + values.tolist()


# %% values_of_next | right | the expected pay, then the expected future, with tensors
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    result = []
    for i, (w, l) in enumerate(state):
        p = torch.tensor([w + 1, l + 1], dtype=torch.float64)
        p = p / p.sum()
        then = torch.tensor(
            [best_value((*state[:i], pair, *state[i + 1 :]), left - 1, safe) for pair in ((w + 1, l), (w, l + 1))],
            dtype=torch.float64,
        )
        result.append((p[0] + p @ then).item())
    if safe is not None:
        result = [safe + best_value(state, left - 1, safe)] + result
    return result


# %% values_of_next | right | fractions
from fractions import Fraction

from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    def worth(i):
        (w, l), rest = state[i], left - 1
        p = Fraction(w + 1, w + l + 2)
        won, lost = (best_value(state[:i] + (pair,) + state[i + 1 :], rest, safe) for pair in ((w + 1, l), (w, l + 1)))
        return float(p) + float(p) * won + float(1 - p) * lost

    arms = [worth(i) for i in range(len(state))]
    return arms if safe is None else [safe + best_value(state, left - 1, safe)] + arms


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


# %% values_of_next | wrong | nothing is done after a loss | does *not* pay is missing
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)))
    return values


# %% values_of_next | wrong | only what this pull pays | pays now
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [(w + 1) / (w + l + 2) for w, l in state]
    return values if safe is None else [safe, *values]


# %% values_of_next | wrong | the pull does not use up a pull: left instead of left - 1 | not counted down
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left, safe)) + (1 - p) * best_value(lost, left, safe))
    return values


# %% values_of_next | wrong | the share of wins instead of (wins + 1) / (wins + losses + 2) | wins / pulls
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = w / (w + l) if w + l else 0.5
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values


# %% values_of_next | wrong | brackets forgotten: wins + 1 / (wins + losses + 2) | without brackets
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = w + 1 / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values


# %% values_of_next | wrong | the safe arm is the last | safe arm is the last
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


# %% values_of_next | wrong | after the safe arm nothing follows | this pull alone
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values


# %% values_of_next | wrong | the next states are lists | tuple of tuples
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won, lost = list(state), list(state)
        won[i] = (w + 1, l)
        lost[i] = (w, l + 1)
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values


# %% values_of_next | wrong | the next state always changes the first arm | the *first* arm is changed
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for w, l in state:
        p = (w + 1) / (w + l + 2)
        won = ((w + 1, l),) + state[1:]
        lost = ((w, l + 1),) + state[1:]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values


# %% values_of_next | wrong | wins and losses the other way round | wins and losses are exchanged: each pair
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (l, w) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values


# %% values_of_next | wrong | win and loss are weighed one half each | weighted alike
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p + (best_value(won, left - 1, safe) + best_value(lost, left - 1, safe)) / 2)
    return values


# %% values_of_next | wrong | the safe arm is left out of the answer | safe arm is missing
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = []
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe))
    return values


# %% values_of_next | wrong | only the first arm | only the first unknown arm is answered for
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    wins, losses = state[0]
    p = (wins + 1) / (wins + losses + 2)
    win = best_value(((wins + 1, losses),) + state[1:], left - 1, safe)
    loss = best_value(((wins, losses + 1),) + state[1:], left - 1, safe)
    values = [p * (1 + win) + (1 - p) * loss]
    if safe is not None:
        values.insert(0, safe + best_value(state, left - 1, safe))
    return values


# %% values_of_next | wrong | looks for the arm with index, so equal arms are mixed up | of arms with the same record only one is left
from course_lib.lessons.lesson13 import best_value


def values_of_next(state, left, safe=None):
    values = {}
    for pair in state:
        i = state.index(pair)
        w, l = pair
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values[pair] = p * (1 + best_value(won, left - 1, safe)) + (1 - p) * best_value(lost, left - 1, safe)
    first = [] if safe is None else [safe + best_value(state, left - 1, safe)]
    return first + list(values.values())


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


# %% values_of_next | wrong | recursion without an end | A recursion of your own needs an end: where no pull is
def values_of_next(state, left, safe=None):
    values = [] if safe is None else [safe + max(values_of_next(state, left - 1, safe))]
    for i, (w, l) in enumerate(state):
        p = (w + 1) / (w + l + 2)
        won = state[:i] + ((w + 1, l),) + state[i + 1 :]
        lost = state[:i] + ((w, l + 1),) + state[i + 1 :]
        values.append(
            p * (1 + max(values_of_next(won, left - 1, safe))) + (1 - p) * max(values_of_next(lost, left - 1, safe))
        )
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
