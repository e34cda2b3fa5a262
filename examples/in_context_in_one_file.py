"""In-context learning in one file: a small Transformer reads the points of a new curve and answers, without a step.

    python examples/in_context_in_one_file.py

After Garg et al. 2022 (NeurIPS, arXiv:2208.01066); with a set in place of a sequence, as in Müller et al. 2022 (ICLR,
arXiv:2112.10510). The curves are the sine waves of MAML's paper; a training task shows 1 to 10 points of one.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from course_lib.tasks import AnyShot, Sinusoids

HEADS = 4


class Layer(nn.Module):
    """Every token looks at the support tokens, then each is changed on its own."""

    def __init__(self, width):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.alone = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, h, n_support):
        """h: [tasks, n, width], the support set first."""
        q, k, v = self.qkv(self.norm_1(h)).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)  # [tasks, heads, n, d]
        k, v = k[:, :, :n_support], v[:, :, :n_support]  # keys and values of the support set alone
        weights = (q @ k.mT / math.sqrt(q.shape[-1])).softmax(-1)  # [tasks, heads, n, n_support]
        h = h + self.join((weights @ v).transpose(1, 2).flatten(2))  # the heads side by side: [tasks, n, width]
        return h + self.alone(self.norm_2(h))


class Reader(nn.Module):
    def __init__(self, width=48, layers=3):
        super().__init__()
        self.read = nn.Linear(3, width)
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.norm, self.answer = nn.LayerNorm(width), nn.Linear(width, 1)

    def forward(self, support_x, support_y, query_x):
        """All of learning a task: [tasks, n_support, 1] twice, and [tasks, n_query, 1] -> [tasks, n_query, 1]."""
        known = torch.cat([support_x, support_y, torch.zeros_like(support_x)], -1)  # a token: x, y, is it a query?
        asked = torch.cat([query_x, torch.zeros_like(query_x), torch.ones_like(query_x)], -1)
        h, n_support = (
            self.read(torch.cat([known, asked], 1)),
            support_x.shape[1],
        )  # [tasks, n_support + n_query, width]
        for layer in self.layers:
            h = layer(h, n_support)
        return self.answer(self.norm(h[:, n_support:]))


def loss(reader, episode):
    return F.mse_loss(reader(episode.support_x, episode.support_y, episode.query_x), episode.query_y)


def train(reader, curves, steps, meta_batch=64, lr=3e-3):
    optimizer, since = torch.optim.Adam(reader.parameters(), lr=lr), 0.0
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps, pct_start=0.1)
    for step in range(1, steps + 1):
        now = loss(reader, curves.sample(meta_batch))
        optimizer.zero_grad()
        now.backward()
        optimizer.step()
        schedule.step()
        since += now.item()
        if step % 200 == 0:
            print(f"step {step:5,}: query loss {since / 200:.3f}, mean of the last 200")
            since = 0.0


def main(steps=1200):
    torch.manual_seed(0)
    reader = Reader()
    train(reader, AnyShot(Sinusoids(shot=10, query=4)), steps)
    for shot in (1, 5, 10, 20):
        e = Sinusoids(shot=shot, query=100).sample(600)  # curves that training did not draw
        off = (reader(e.support_x, e.support_y, e.query_x) - e.query_y).square().mean((1, 2)).detach()  # [600]
        half = 1.96 * off.std() / math.sqrt(len(off))
        print(f"On 600 new curves, seen at {shot:2} points: error {off.mean():.3f} ± {half:.3f} (95 % interval).")


if __name__ == "__main__":
    torch.set_num_threads(1)  # for matrices this small, more threads would only wait for one another
    main()
