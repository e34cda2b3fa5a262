"""MAML in one file: learn, over many sine curves, a start from which one step of gradient descent fits a new curve.

    python examples/maml_in_one_file.py

Finn, Abbeel and Levine 2017 (ICML, arXiv:1703.03400): Algorithm 1, with the network and the curves of section 5.1.
Greek letters are the paper's: theta is the start, alpha the inner and beta the outer learning rate. The authors' code
takes 70,000 outer steps; here 4,000 have to do.
"""

import math

import torch
from torch import nn
from torch.func import grad, vmap
from torch.nn import functional as F

from course_lib.tasks import Sinusoids


def new_theta():
    """Two hidden layers of 40 units: weights and biases as torch begins them, [40, 1], [40], [40, 40], [40], ..."""
    layers = nn.Linear(1, 40), nn.Linear(40, 40), nn.Linear(40, 1)
    return [p for layer in layers for p in layer.parameters()]


def network(theta, x):
    """The network is a function of its parameters: only so can there be one answer before adapting and one after."""
    w1, b1, w2, b2, w3, b3 = theta
    x = F.relu(F.linear(x, w1, b1))  # [n, 1] -> [n, 40]
    x = F.relu(F.linear(x, w2, b2))  # [n, 40]
    return F.linear(x, w3, b3)  # [n, 40] -> [n, 1]


def loss(theta, x, y):
    """Mean squared error of one task."""
    return F.mse_loss(network(theta, x), y)  # [n, 1] -> a number


def adapt(theta, x, y, alpha=0.01, steps=1, order=2):
    """The inner loop, lines 5 and 6, for one task: from theta down the gradient of the loss on its support set."""
    for _ in range(steps):
        gradient = grad(loss)(theta, x, y)  # as a function of theta, so the outer gradient flows through it as well
        if order == 1:  # the first-order approximation: take it as a constant
            gradient = [g.detach() for g in gradient]
        theta = [p - alpha * g for p, g in zip(theta, gradient, strict=True)]
    return theta


def query_losses(theta, episode, **how):
    """Adapt to each task on its support set, then be judged on its query set: one loss a task, [tasks]."""

    def of_one_task(support_x, support_y, query_x, query_y):  # each [n, 1]
        return loss(adapt(theta, support_x, support_y, **how), query_x, query_y)

    tasks = episode.support_x, episode.support_y, episode.query_x, episode.query_y  # each [tasks, n, 1]
    return vmap(of_one_task)(*tasks)  # all tasks at once: [tasks]


def train(theta, curves, outer_steps, meta_batch=25, beta=1e-3, **how):
    """The outer loop, lines 2 to 9: move the start so that the loss after adapting falls."""
    outer, since = torch.optim.Adam(theta, lr=beta), 0.0
    for step in range(1, outer_steps + 1):
        meta_loss = query_losses(theta, curves.sample(meta_batch), **how).mean()  # [tasks] -> a number
        outer.zero_grad()
        meta_loss.backward()  # through the inner steps; the paper adds tasks up, and Adam does not feel the factor
        outer.step()
        since += meta_loss.item()
        if step % 500 == 0:
            print(f"outer step {step:5,}: query loss {since / 500:.3f}, mean of the last 500")
            since = 0.0


def main(outer_steps=4000):
    torch.manual_seed(0)
    theta, curves = new_theta(), Sinusoids(shot=10, query=10)
    train(theta, curves, outer_steps)
    new = Sinusoids(shot=10, query=100).sample(600)  # curves that training did not draw
    found = []
    for steps in (0, 1, 10):
        losses = query_losses(theta, new, steps=steps, order=1).detach()  # [600]; order matters to training alone
        found.append(f"{losses.mean():.2f} ± {1.96 * losses.std() / math.sqrt(len(losses)):.2f}")
    print(f"On 600 new curves, each seen at 10 points, the mean squared error is {found[0]} before adapting,")
    print(f"{found[1]} after one step of gradient descent and {found[2]} after ten (with 95 % intervals).")


if __name__ == "__main__":
    torch.set_num_threads(1)  # for matrices this small, more threads would only wait for one another
    main()
