"""Prototypical networks in one file: a class is the mean of its embedded examples, an answer the nearest class.

    python examples/prototypical_in_one_file.py

Snell, Swersky and Zemel 2017 (NeurIPS, arXiv:1703.05175): Algorithm 1 and the network of section 3.1, on handwritten
characters of many scripts that the course draws itself. A training task has more classes than a test task, as there.
The paper has 60 and halves the learning rate every 2,000 episodes; here 20 classes and 100 episodes have to do.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from course_lib.tasks import Scripts


def block(channels_in, channels_out):
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1),  # [n, in, h, w] -> [n, out, h, w]
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
        nn.MaxPool2d(2),  # [n, out, h, w] -> [n, out, h // 2, w // 2]
    )


def new_embedding(channels=64):
    """f: four blocks take an image to a vector, [n, 1, 28, 28] -> [n, 64, 1, 1] -> [n, 64]."""
    blocks = [block(channels_in, channels) for channels_in in (1, channels, channels, channels)]
    return nn.Sequential(*blocks, nn.Flatten())


def prototypes(z, y, way):
    """Equation 1: the mean of the embedded support examples of each class, [way * shot, 64] -> [way, 64]."""
    return torch.stack([z[y == k].mean(0) for k in range(way)])


def log_probabilities(query_z, c):
    """Equation 2: a softmax over minus the squared Euclidean distances to the prototypes c."""
    distances = (query_z.unsqueeze(1) - c).square().sum(-1)  # [n_query, 1, 64] - [way, 64] -> [n_query, way]
    return F.log_softmax(-distances, dim=-1)


def answers(f, task):
    """Log-probabilities of the classes, for each query of a task: [n_query, way]."""
    support_x, support_y, query_x = task.support_x[0], task.support_y[0], task.query_x[0]  # without the task axis
    z = f(torch.cat([support_x, query_x]))  # [way * shot + n_query, 1, 28, 28] -> [way * shot + n_query, 64]
    support_z, query_z = z.split([len(support_x), len(query_x)])  # [way * shot, 64], [n_query, 64]
    return log_probabilities(query_z, prototypes(support_z, support_y, task.way))


def episode_loss(f, task):
    """Algorithm 1: the mean over the queries of minus the log-probability of the right class."""
    return F.nll_loss(answers(f, task), task.query_y[0])  # [n_query, way] and [n_query] -> a number


def train(f, tasks, episodes):
    optimizer, since = torch.optim.Adam(f.parameters(), lr=1e-3), 0.0
    for episode in range(1, episodes + 1):
        loss = episode_loss(f, tasks.sample(1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        since += loss.item()
        if episode % 20 == 0:
            print(f"episode {episode:3}: loss {since / 20:.3f}, mean of the last 20")
            since = 0.0


@torch.no_grad()
def accuracies(f, tasks, n_tasks):
    """The share of right answers in each of n_tasks tasks, [n_tasks]."""
    f.eval()  # batch norm by what it gathered in training: no query feels another
    sampled = (tasks.sample(1) for _ in range(n_tasks))
    return torch.stack([(answers(f, t).argmax(-1) == t.query_y[0]).float().mean() for t in sampled])


def main(episodes=100, n_tasks=200):
    torch.manual_seed(0)
    f = new_embedding()
    train(f, Scripts(way=20, shot=1, query=5, split="train"), episodes)
    found = 100 * accuracies(f, Scripts(way=5, shot=1, query=15, split="test"), n_tasks)
    half = 1.96 * found.std() / math.sqrt(n_tasks)
    print(f"On {n_tasks} tasks with scripts that it never saw, 5-way 1-shot, {found.mean():.1f} ± {half:.1f} % of the")
    print("answers are right (mean and 95 % interval). Guessing gives 20 %.")


if __name__ == "__main__":
    main()
