"""Meta-train several learned rules at once, each on problems of its own: the numbers of one after the other, in half
the time, since with networks so small most time goes into starting operations."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from course_lib.compute.seeding import TRAIN, generator_for
from course_lib.lessons.lesson14.learned_rule import LR, PROBLEMS, STEPS, LearnedRule, Memory, read, unrolled
from course_lib.lessons.lesson14.small_problems import SmallNetworks


class Joined(SmallNetworks):
    """Batches of problems as one batch: `[sum of problems, ...]`, each with its own examples."""

    def __init__(self, batches: Sequence[SmallNetworks]):
        self.batches, first = batches, batches[0]
        self.x, self.y, self.start = (torch.cat([getattr(b, name) for b in batches]) for name in ("x", "y", "start"))
        self.hidden, self.act, self.batch = first.hidden, first.act, first.batch

    def drawn(self, step: int) -> Tensor:
        """Which points are the examples of this step, `[sum of problems, batch]`."""
        return torch.cat([batch.drawn(step) for batch in self.batches])


class Together(nn.Module):
    """Rules side by side: the first serves the first share of the problems, and so on."""

    def __init__(self, rules: Sequence[LearnedRule]):
        super().__init__()
        self.rules = rules = nn.ModuleList(rules)
        layers = [[rule.net[i] for rule in rules] for i in (0, 2, 4)]
        self.weights = nn.ParameterList(torch.stack([x.weight.detach().T for x in layer]) for layer in layers)
        self.biases = nn.ParameterList(torch.stack([x.bias.detach()[None] for x in layer]) for layer in layers)
        self.log_rates = nn.Parameter(torch.stack([rule.log_rate.detach() for rule in rules]))  # [rules]

    def own(self) -> list[nn.Parameter]:
        """What is trained, each `[rules, ...]`."""
        return [*self.weights, *self.biases, self.log_rates]

    def begin(self, theta: Tensor) -> Memory:
        """An empty memory for parameters `theta [problems, n]`."""
        return self.rules[0].begin(theta)

    def forward(self, gradient: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        """What to add to the parameters, and what to remember, as `LearnedRule`."""
        seen, memory = read(gradient, memory)  # [problems, n, 7]
        values = seen.view(len(self.rules), -1, 7)
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = torch.baddbmm(bias, values.relu() if i else values, weight)  # [rules, numbers, ...]
        turn, stretch = values.unbind(-1)  # each [rules, numbers]
        rate = (self.log_rates[:, None] + stretch).exp()
        return -(rate * (seen[..., 2].reshape_as(turn) + turn)).view_as(gradient), memory

    @torch.no_grad()
    def give_back(self):
        """Put what was trained into the rules."""
        for i, rule in enumerate(self.rules):
            rule.log_rate.copy_(self.log_rates[i])
            for layer, weight, bias in zip((0, 2, 4), self.weights, self.biases, strict=True):
                rule.net[layer].weight.copy_(weight[i].T)
                rule.net[layer].bias.copy_(bias[i, 0])


def meta_train_together(rules: Sequence[LearnedRule], seeds: Sequence[int], outer: int, cut: int, steps: int = STEPS):
    """Do `meta_train(rule, seed, outer, cut=cut, steps=steps)` for each of the rules with its seed."""
    joint = Together(rules)
    optimizer = torch.optim.Adam(joint.own(), lr=LR)
    for i in range(outer):
        optimizer.param_groups[0]["lr"] = LR * max(1 - i / outer, 0.05)
        drawn = Joined([SmallNetworks(PROBLEMS, generator_for(seed, TRAIN, i)) for seed in seeds])
        theta, memory = drawn.start, joint.begin(drawn.start)
        for _ in range(steps // cut):
            loss, theta, memory = unrolled(joint, drawn, theta, memory, cut)
            optimizer.zero_grad()
            (loss * len(seeds)).backward()  # the loss is a mean over the problems of all rules
            clip_each(joint.own(), len(seeds))
            optimizer.step()
            theta, memory = theta.detach(), memory.detached()
    joint.give_back()


def clip_each(parameters: Sequence[nn.Parameter], rules: int):
    """Shorten the gradient of each rule to length 1, as `clip_grad_norm_` does for one."""
    length = torch.cat([p.grad.reshape(rules, -1) for p in parameters], 1).norm(dim=1)  # [rules]
    share = (1 / (length + 1e-6)).clamp(max=1)
    for p in parameters:
        p.grad *= share.view(-1, *[1] * (p.dim() - 1))
