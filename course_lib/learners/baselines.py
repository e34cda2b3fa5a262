"""Baselines: what any meta-learner must beat. Training from scratch is `FineTune` from an untrained start;
nearest centroid on pretrained features is `PrototypicalNet` with a pretrained backbone."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_lib.arguments import check_number, check_whole
from course_lib.compute.batch_norm import batch_norms, frozen, run, train_all_but_frozen
from course_lib.compute.seeding import undisturbed
from course_lib.episode import Episode
from course_lib.learners.base import Learner, check_pixels, check_queries, check_support, loss_of, way_of
from course_lib.learners.distances import squared_distances


def nearest_neighbour(queries: Tensor, points: Tensor, labels: Tensor) -> Tensor:
    """The label of the support example nearest to each query (squared Euclidean distance).

    Args:
        queries: `[tasks, n_query, features]`.
        points: `[tasks, n_support, features]`.
        labels: `[tasks, n_support]`, int64.

    Returns: `[tasks, n_query]` labels.
    """
    nearest = squared_distances(queries, points).argmin(-1)  # [tasks, n_query], a position in the support set
    return labels.gather(1, nearest)  # its label


class NearestNeighbour(Learner):
    """Pixels and nothing learned: a query gets the label of the support image nearest to it."""

    def __init__(self, backbone: None = None):
        if backbone is not None:
            raise ValueError("NearestNeighbour compares raw pixels and has no backbone; build it without one.")
        super().__init__()

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None):
        """Remember the support set; that is all."""
        check_support(support_x, support_y, way)
        check_pixels(support_x=support_x)
        return support_x, support_y, way_of(support_y, way)

    def predict(self, adapted, query_x: Tensor) -> Tensor:
        """`[tasks, n_query, way]`: 1 for the neighbour's class, 0 elsewhere."""
        support_x, support_y, way = adapted
        check_queries(query_x, support_x)
        check_pixels(query_x=query_x)
        answer = nearest_neighbour(query_x.flatten(2), support_x.flatten(2), support_y)  # [tasks, n_query]
        return F.one_hot(answer, way).to(query_x.dtype)


class Joint(Learner):
    """One network for all tasks; it never looks at the support set.

    Trained on `Sinusoids` it becomes the mean of all curves (`mean_curve`). Trained on `AllClasses` it is ordinary
    supervised pretraining: a body that all training classes share and a linear head with one output for each.

    Args:
        backbone: the network, or the shared body. Other learners can take it over once it is trained.
        features, classes: sizes of the head. Without them the backbone's own output is the answer.

    Raises:
        ValueError: for half a head; when it meets tasks with another number of classes than its head has.

    Source: multi-task learning with a shared body, Caruana 1997 (Machine Learning 28); as pretraining for
    few-shot learning, Chen et al. 2019 (arXiv:1904.04232), section 3.2.
    """

    def __init__(self, backbone: nn.Module, features: int | None = None, classes: int | None = None):
        if (features is None) != (classes is None):
            raise ValueError("a head needs both features and classes; give the two, or neither for no head.")
        if classes is not None:
            check_whole(features=features, classes=classes)
        super().__init__(backbone, features=features, classes=classes)
        self.head = nn.Identity() if classes is None else nn.Linear(features, classes)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> None:
        """Nothing is learned from a support set."""
        classes = self.config["classes"]
        if way is not None and classes is not None and way != classes:
            raise ValueError(
                f"this joint network names {classes} classes of its own, so it cannot answer a {way}-way task. Give "
                "its backbone to a learner that adapts: PrototypicalNet, LinearProbe or FineTune."
            )

    def predict(self, adapted: None, query_x: Tensor) -> Tensor:
        """The network's output for each query: `[tasks, n_query, classes]`, or real values."""
        check_queries(query_x)
        return self.head(self.embed(query_x))

    def losses(self, episode: Episode) -> tuple[Tensor, Tensor]:
        """There is no inner loop, so both are the loss on the query set."""
        outer = loss_of(self.predict(None, episode.query_x), episode.query_y, episode.way)
        return outer.detach(), outer


def mean_curve(x: Tensor, amplitude: tuple[float, float], phase: tuple[float, float]) -> Tensor:
    """The mean over a family of sine waves: the best answer, in squared error, that ignores the support set.

    Args:
        x: inputs, any shape.
        amplitude: the range (low, high) from which amplitudes are drawn, evenly.
        phase: the range of phases, in radians.

    Returns: the mean of `amplitude * sin(x - phase)`, of x's shape. With `m` the middle of the phase range and `h`
    half its width, the mean of `sin(x - phase)` is `sin(x - m) * sin(h) / h`: a sine wave again, only flatter.
    """
    middle, half = (phase[0] + phase[1]) / 2, (phase[1] - phase[0]) / 2
    # torch.sinc(t) is sin(pi t) / (pi t), and 1 at t = 0. On the CPU: PyTorch 2.6 has no sinc for Apple's GPU.
    flattening = torch.sinc(torch.tensor(half / torch.pi, dtype=x.dtype))
    return (amplitude[0] + amplitude[1]) / 2 * flattening * torch.sin(x - middle)


def probe_step(weights: Tensor, features: Tensor, labels: Tensor, lr: float) -> Tensor:
    """One gradient step of softmax regression on the mean cross-entropy, with the gradient written out.

    Args:
        weights: `[tasks, features, way]`.
        features: `[tasks, n, features]`.
        labels: `[tasks, n]`, int64, 0 ... way-1.
        lr: inner learning rate.

    Returns: the new weights, `[tasks, features, way]`.
    """
    probabilities = (features @ weights).softmax(-1)  # [tasks, n, way]
    error = probabilities - F.one_hot(labels, weights.shape[-1])  # [tasks, n, way]: the loss's slope in the scores
    gradient = features.transpose(1, 2) @ error / features.shape[1]  # [tasks, features, way]
    return weights - lr * gradient


class LinearProbe(Learner):
    """Features stay frozen; each task fits softmax regression on them.

    Args:
        backbone: pretrained.
        steps: adaptation steps, each over the whole support set.
        lr: inner learning rate. Features have length 1, so one rate suits every backbone.

    Source: Tian et al. 2020 (arXiv:2003.11539): a linear classifier on normalised features of a pretrained backbone.
    """

    def __init__(self, backbone: nn.Module, steps: int = 50, lr: float = 5.0):
        check_whole(0, steps=steps)
        check_number(0, lr=lr)
        super().__init__(backbone, steps=steps, lr=lr)

    def embed(self, x: Tensor) -> Tensor:
        """Features of length 1: `[tasks, n, features]`."""
        return F.normalize(super().embed(x), dim=-1)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> Tensor:
        """Weights `[tasks, features, way]`. They start at zero: before any step, no class is preferred."""
        check_support(support_x, support_y, way)
        z = self.embed(support_x)  # [tasks, n_support, features]
        way = way_of(support_y, way)
        weights = z.new_zeros(len(z), z.shape[-1], way)
        for _ in range(self.config["steps"]):
            weights = probe_step(weights, z, support_y, self.config["lr"])
        return weights

    def predict(self, adapted: Tensor, query_x: Tensor) -> Tensor:
        """Scores `[tasks, n_query, way]`."""
        check_queries(query_x)
        return self.embed(query_x) @ adapted


class FineTune(Learner):
    """Each task copies the backbone and trains the copy's weights on its support set, all but frozen ones.

    From a pretrained start this is transfer by fine-tuning; from an untrained one it is training from scratch.
    Batch normalisation uses the statistics of the support set: queries are not looked at while adapting, and do not
    feel one another (*inductive*).

    Args:
        backbone: the start. It is never changed. For labels, each copy gets a new linear head, which starts at zero.
        steps: adaptation steps (Adam), each over the whole support set.
        lr: inner learning rate.

    Source: Dhillon et al. 2020 (arXiv:1909.02729), without its transductive term.
    """

    def __init__(self, backbone: nn.Module, steps: int = 20, lr: float = 3e-3):
        check_whole(0, steps=steps)
        check_number(0, lr=lr)
        super().__init__(backbone, steps=steps, lr=lr)

    def adapt(self, support_x: Tensor, support_y: Tensor, way: int | None = None) -> list[nn.Module]:
        """One trained network a task."""
        if self.config["steps"]:  # as in MAML
            check_support(support_x, support_y, way)
        way = way_of(support_y, way)
        networks = []
        for x, y in zip(support_x, support_y, strict=True):
            with undisturbed(x.device):  # dropout draws, and each task for itself: no answer depends on other tasks
                torch.manual_seed(0)
                networks.append(self._train(x, y, way))
        return networks

    @torch.enable_grad()  # evaluate switches gradients off, but adapting needs them
    def _train(self, x: Tensor, y: Tensor, way: int | None) -> nn.Module:
        network = copy.deepcopy(self.backbone)
        norms = [norm for norm in batch_norms(network).values() if norm.running_mean is None or not frozen(norm)]
        for norm in norms:
            norm.momentum = 1.0  # remember the last pass alone
            if norm.running_mean is None:
                norm.track_running_stats = True
                norm.running_mean, norm.running_var = x.new_zeros(norm.num_features), x.new_ones(norm.num_features)
        if way is not None:
            features = run(network.eval(), x[:1])  # [1, features]
            head = nn.Linear(features.shape[-1], way).to(features)
            nn.init.zeros_(head.weight), nn.init.zeros_(head.bias)
            network = nn.Sequential(network, head)
        train_all_but_frozen(network)
        moving = [p for p in network.parameters() if p.requires_grad]
        if not moving:
            raise ValueError("nothing is left to fine-tune: every weight of the backbone is frozen "
                             "(requires_grad=False), and real targets get no new head.")  # fmt: skip
        optimizer = torch.optim.Adam(moving, lr=self.config["lr"])
        for _ in range(self.config["steps"]):
            loss = loss_of(network(x).unsqueeze(0), y.unsqueeze(0))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            network(x)  # batch normalisation's statistics, with the final weights
        return network.eval()

    def predict(self, adapted: list[nn.Module], query_x: Tensor) -> Tensor:
        """Scores `[tasks, n_query, way]`, or real values."""
        check_queries(query_x)
        return torch.stack([run(network, x) for network, x in zip(adapted, query_x, strict=True)])

    def losses(self, episode: Episode):
        """Not defined: nothing is learned across tasks.

        Raises:
            ValueError: always.
        """
        raise ValueError("FineTune learns only within a task, so fit cannot train it; train its backbone with Joint.")
