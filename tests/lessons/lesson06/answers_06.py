# %% squared_distances | wrong | the root is taken: distances that are not squared | a root was taken
import torch

def squared_distances(queries, points):
    return torch.cdist(queries, points)

# %% squared_distances | wrong | mean over the features in place of the sum | it is the mean over the features
def squared_distances(queries, points):
    return (queries.unsqueeze(2) - points.unsqueeze(1)).square().mean(-1)

# %% squared_distances | wrong | unsqueezed the wrong way round: result is [tasks, m, n] | the axes are exchanged
def squared_distances(queries, points):
    return (queries.unsqueeze(1) - points.unsqueeze(2)).square().sum(-1)

# %% squared_distances | wrong | expanded square, but the cross term lacks its 2 | the product counts twice
def squared_distances(queries, points):
    cross = queries @ points.transpose(1, 2)
    return queries.square().sum(-1).unsqueeze(2) - cross + points.square().sum(-1).unsqueeze(1)

# %% squared_distances | wrong | length of the query left out, same for all points | is left out. It is the same for all points, but it
def squared_distances(queries, points):
    return points.square().sum(-1).unsqueeze(1) - 2 * queries @ points.transpose(1, 2)

# %% squared_distances | wrong | the points of the first task used for all | it uses the points of the first task for all tasks
def squared_distances(queries, points):
    return (queries[:, :, None] - points[0][None, None]).square().sum(-1)

# %% squared_distances | wrong | gradient cut: computed under no_grad, training cannot learn | no gradient gets through
import torch

def squared_distances(queries, points):
    with torch.no_grad():
        return (queries.unsqueeze(2) - points.unsqueeze(1)).square().sum(-1)

# %% squared_distances | wrong | Python loop over all pairs, which the text forbids | a Python loop goes over queries, points or features
import torch

def squared_distances(queries, points):
    tasks, n, _ = queries.shape
    m = points.shape[1]
    rows = []
    for t in range(tasks):
        for i in range(n):
            for j in range(m):
                rows.append(((queries[t, i] - points[t, j]) ** 2).sum())
    return torch.stack(rows).view(tasks, n, m)

# %% squared_distances | wrong | squeeze at the end drops axes of size one | .squeeze() without a number takes away every axis of size 1
def squared_distances(queries, points):
    cross = queries @ points.transpose(1, 2)
    lengths = (queries ** 2).sum(-1, keepdim=True) + (points ** 2).sum(-1).unsqueeze(1)
    return (lengths - 2 * cross).squeeze()

# %% squared_distances | wrong | side effect: squares the caller's tensors in place | it changes `queries` in place
def squared_distances(queries, points):
    cross = queries @ points.transpose(1, 2)
    q2 = queries.pow_(2).sum(-1, keepdim=True)
    p2 = points.pow_(2).sum(-1).unsqueeze(1)
    return q2 - 2 * cross + p2

# %% squared_distances | right | broadcast difference, square, sum
def squared_distances(queries, points):
    return (queries.unsqueeze(2) - points.unsqueeze(1)).square().sum(-1)

# %% squared_distances | right | expanded square with a batched product, clamped at zero
import torch

def squared_distances(queries, points):
    q2 = torch.sum(queries * queries, dim=2, keepdim=True)
    p2 = torch.sum(points * points, dim=2)[:, None, :]
    return torch.baddbmm(q2 + p2, queries, points.mT, beta=1, alpha=-2).clamp(min=0)

# %% squared_distances | right | cdist of the library, then squared
import torch

def squared_distances(queries, points):
    return torch.cdist(queries, points, p=2.0, compute_mode="donot_use_mm_for_euclid_dist") ** 2

# %% squared_distances | right | einsum inside a helper for one task, vmap over tasks
import torch

def squared_distances(queries, points):
    def one_task(q, p):
        difference = q[:, None] - p
        return torch.einsum("nmf,nmf->nm", difference, difference)

    return torch.vmap(one_task)(queries, points)

# %% cosine_similarities | wrong | no guard: a vector of zeros gives nan | for a query of zeros it gives NaN
def cosine_similarities(queries, points):
    dots = queries @ points.transpose(1, 2)
    return dots / (queries.norm(dim=-1).unsqueeze(2) * points.norm(dim=-1).unsqueeze(1))

# %% cosine_similarities | wrong | only the points are divided by their length | only the points are normalised
from torch.nn import functional as F

def cosine_similarities(queries, points):
    return queries @ F.normalize(points, dim=-1).transpose(1, 2)

# %% cosine_similarities | wrong | normalize with its default axis 1, not the features | it normalises along the examples
from torch.nn import functional as F

def cosine_similarities(queries, points):
    return F.normalize(queries) @ F.normalize(points).transpose(1, 2)

# %% cosine_similarities | wrong | adds 0.01 to each length: too much for short vectors | what is added to the lengths (or the least length that is allowed) is
def cosine_similarities(queries, points):
    q = queries / (queries.norm(dim=-1, keepdim=True) + 1e-2)
    p = points / (points.norm(dim=-1, keepdim=True) + 1e-2)
    return q @ p.transpose(1, 2)

# %% cosine_similarities | wrong | queries guarded against zeros, points are not | for a point of zeros it gives NaN
def cosine_similarities(queries, points):
    q = queries / queries.norm(dim=-1, keepdim=True).clamp(min=1e-8)
    p = points / points.norm(dim=-1, keepdim=True)
    return q @ p.transpose(1, 2)

# %% cosine_similarities | wrong | divided by the squared lengths, root forgotten | it divides by the *squared* lengths
def cosine_similarities(queries, points):
    q2 = queries.square().sum(-1).unsqueeze(2)
    p2 = points.square().sum(-1).unsqueeze(1)
    return queries @ points.transpose(1, 2) / (q2 * p2).clamp(min=1e-12)

# %% cosine_similarities | wrong | nan replaced afterwards: values right, gradient is still nan | the gradient in the queries is NaN, for a query of zeros
import torch

def cosine_similarities(queries, points):
    q = queries / queries.norm(dim=-1, keepdim=True)
    p = points / points.norm(dim=-1, keepdim=True)
    return torch.nan_to_num(q @ p.transpose(1, 2), nan=0.0)

# %% cosine_similarities | wrong | side effect: normalises the caller's embeddings in place | it changes `queries` in place
def cosine_similarities(queries, points):
    queries /= queries.norm(dim=-1, keepdim=True).clamp(min=1e-8)
    points /= points.norm(dim=-1, keepdim=True).clamp(min=1e-8)
    return queries @ points.transpose(1, 2)

# %% cosine_similarities | wrong | axes swapped: result is [tasks, m, n] | the axes are exchanged
from torch.nn import functional as F

def cosine_similarities(queries, points):
    return F.cosine_similarity(queries.unsqueeze(1), points.unsqueeze(2), dim=-1)

# %% cosine_similarities | wrong | negative cosines cut off at 0, opposite not -1 | similarities below 0 are cut off
from torch.nn import functional as F

def cosine_similarities(queries, points):
    q, p = F.normalize(queries, dim=-1), F.normalize(points, dim=-1)
    return (q @ p.transpose(1, 2)).clamp(min=0, max=1)

# %% cosine_similarities | right | normalize both sides, batched product
from torch.nn import functional as F

def cosine_similarities(queries, points):
    return F.normalize(queries, dim=-1) @ F.normalize(points, dim=-1).transpose(1, 2)

# %% cosine_similarities | right | library's cosine_similarity by broadcasting
import torch

def cosine_similarities(queries, points):
    return torch.cosine_similarity(queries[:, :, None, :], points[:, None, :, :], dim=3)

# %% cosine_similarities | right | einsum, helper, zero lengths replaced by one
import torch

def cosine_similarities(queries, points):
    def unit(v):
        zero = (v == 0).all(dim=-1, keepdim=True)
        length = torch.where(zero, torch.ones_like(v), v).square().sum(-1, keepdim=True).sqrt()
        return v / torch.where(zero, torch.ones_like(length), length)

    return torch.einsum("tnf,tmf->tnm", unit(queries), unit(points))

# %% cosine_similarities | right | loop over tasks, dot over the outer product of lengths
import torch

def cosine_similarities(queries, points):
    out = []
    for q, p in zip(queries, points):
        lengths = torch.outer(torch.linalg.vector_norm(q, dim=1), torch.linalg.vector_norm(p, dim=1))
        out.append(torch.mm(q, p.t()) / lengths.clamp_min(1e-12))
    return torch.stack(out, dim=0)

# %% attention | wrong | softmax of plus the squared distance: looks at the far | with "euclidean" the *farthest* example gets the largest weight
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    if distance == "cosine":
        nearness = cosine_similarities(queries, points)
    else:
        nearness = squared_distances(queries, points)
    return (nearness / temperature).softmax(-1)

# %% attention | wrong | softmax over the queries, not over the support examples | softmax runs over the queries
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    nearness = cosine_similarities(queries, points) if distance == "cosine" else -squared_distances(queries, points)
    return (nearness / temperature).softmax(dim=1)

# %% attention | wrong | nearness multiplied by the temperature, not divided | it multiplies by the temperature
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    nearness = cosine_similarities(queries, points) if distance == "cosine" else -squared_distances(queries, points)
    return (nearness * temperature).softmax(-1)

# %% attention | wrong | exp over its sum by hand: overflows at low temperature | for a temperature of 0.01 it gives NaN
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    nearness = cosine_similarities(queries, points) if distance == "cosine" else -squared_distances(queries, points)
    weights = (nearness / temperature).exp()
    return weights / weights.sum(-1, keepdim=True)

# %% attention | wrong | precedence: temperature divides only the distance, not the cosine | the temperature divides the squared distance alone
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    nearness = cosine_similarities(queries, points) if distance == "cosine" else -squared_distances(queries, points) / temperature
    return nearness.softmax(-1)

# %% attention | wrong | minus sign on the cosine as well | with "cosine" the farthest example gets the largest weight
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    measure = {"cosine": cosine_similarities, "euclidean": squared_distances}[distance]
    return (-measure(queries, points) / temperature).softmax(-1)

# %% attention | wrong | euclidean without the square | with "euclidean" a root was taken of the squared distance
from course_lib.learners import cosine_similarities
import torch

def attention(queries, points, distance, temperature):
    nearness = cosine_similarities(queries, points) if distance == "cosine" else -torch.cdist(queries, points)
    return (nearness / temperature).softmax(-1)

# %% attention | wrong | divides by temperature after the softmax: rows miss 1 | it divides after the softmax, so the numbers of a query do not add up
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    nearness = cosine_similarities(queries, points) if distance == "cosine" else -squared_distances(queries, points)
    return nearness.softmax(-1) / temperature

# %% attention | wrong | argument distance ignored: always the cosine, as the paper | `distance` is not used
from course_lib.learners import cosine_similarities
def attention(queries, points, distance, temperature):
    return (cosine_similarities(queries, points) / temperature).softmax(-1)

# %% attention | wrong | weights by one over distance, no softmax for euclidean | with "euclidean" the weights go with 1 over the distance
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    if distance == "cosine":
        return (cosine_similarities(queries, points) / temperature).softmax(-1)
    weights = 1 / (squared_distances(queries, points) / temperature + 1e-8)
    return weights / weights.sum(-1, keepdim=True)

# %% attention | right | the lesson's own functions and softmax
from course_lib.learners import cosine_similarities, squared_distances
def attention(queries, points, distance, temperature):
    if distance == "cosine":
        nearness = cosine_similarities(queries, points)
    else:
        nearness = -squared_distances(queries, points)
    return (nearness / temperature).softmax(-1)

# %% attention | right | self-contained, helper functions in a dictionary, functional softmax
import torch
from torch.nn import functional as F

def attention(queries, points, distance, temperature):
    def cosine(q, p):
        return F.cosine_similarity(q.unsqueeze(2), p.unsqueeze(1), dim=-1)

    def minus_squared(q, p):
        return -(q.unsqueeze(2) - p.unsqueeze(1)).pow(2).sum(-1)

    nearness = {"cosine": cosine, "euclidean": minus_squared}[distance](queries, points)
    return F.softmax(torch.div(nearness, temperature), dim=2)

# %% attention | right | exp by hand, with logsumexp taken off
from course_lib.learners import cosine_similarities, squared_distances
import torch

def attention(queries, points, distance, temperature):
    scores = cosine_similarities(queries, points) if distance == "cosine" else squared_distances(queries, points).neg()
    scores = scores / temperature
    return torch.exp(scores - torch.logsumexp(scores, dim=-1, keepdim=True))

# %% attention | right | loop over tasks and queries, stacked
import torch

def attention(queries, points, distance, temperature):
    tasks = []
    for q, p in zip(queries, points):
        rows = []
        for one in q:
            if distance == "euclidean":
                nearness = -((p - one) ** 2).sum(1)
            else:
                nearness = torch.nn.functional.normalize(p, dim=1) @ torch.nn.functional.normalize(one, dim=0)
            rows.append(torch.softmax(nearness / temperature, dim=0))
        tasks.append(torch.stack(rows))
    return torch.stack(tasks)

# %% prototypes | wrong | sums of the classes, not divided by the counts | these are the sums
from torch.nn import functional as F

def prototypes(embeddings, labels):
    members = F.one_hot(labels).to(embeddings.dtype)
    return members.transpose(1, 2) @ embeddings

# %% prototypes | wrong | reshape: takes for granted sorted labels and equal shots | it cuts the support set into equal parts, as if every class had as
def prototypes(embeddings, labels):
    way = int(labels.max()) + 1
    tasks, n, features = embeddings.shape
    return embeddings.view(tasks, way, n // way, features).mean(2)

# %% prototypes | wrong | divided by n / way, a fixed number of shots | every sum is divided by the same number, n / way
from torch.nn import functional as F

def prototypes(embeddings, labels):
    members = F.one_hot(labels).to(embeddings.dtype)
    shot = labels.shape[1] / members.shape[-1]
    return members.transpose(1, 2) @ embeddings / shot

# %% prototypes | wrong | the labels of the first task used for all tasks | it reads the labels of the first task for every task
import torch

def prototypes(embeddings, labels):
    way = int(labels.max()) + 1
    return torch.stack([embeddings[:, labels[0] == k].mean(1) for k in range(way)], 1)

# %% prototypes | wrong | mean of a class taken over all tasks together | the mean of a class is taken over the examples of all tasks together
import torch

def prototypes(embeddings, labels):
    way = int(labels.max()) + 1
    means = torch.stack([embeddings[labels == k].mean(0) for k in range(way)])
    return means.expand(len(embeddings), -1, -1)

# %% prototypes | wrong | rows in order of first appearance, not of label | the rows stand in the order in which classes turn up in the support
import torch

def prototypes(embeddings, labels):
    return torch.stack([torch.stack([z[y == k].mean(0) for k in dict.fromkeys(y.tolist())])
                        for z, y in zip(embeddings, labels)])

# %% prototypes | wrong | scatter mean counts the starting zero as an example | each sum is divided by one more than the number of examples
import torch

def prototypes(embeddings, labels):
    tasks, n, features = embeddings.shape
    out = embeddings.new_zeros(tasks, int(labels.max()) + 1, features)
    index = labels.unsqueeze(-1).expand(-1, -1, features)
    return out.scatter_reduce(1, index, embeddings, reduce="mean")

# %% prototypes | wrong | five classes written into the code | it makes five rows whatever the task is
import torch

def prototypes(embeddings, labels):
    members = (labels.unsqueeze(1) == torch.arange(5, device=labels.device).view(1, 5, 1)).to(embeddings.dtype)
    return members @ embeddings / members.sum(-1, keepdim=True).clamp(min=1)

# %% prototypes | wrong | filled in from detached embeddings: no gradient to the supports | no gradient gets through
import torch

def prototypes(embeddings, labels):
    way = int(labels.max()) + 1
    out = torch.zeros(embeddings.shape[0], way, embeddings.shape[2], dtype=embeddings.dtype, device=embeddings.device)
    for t in range(len(embeddings)):
        for k in range(way):
            out[t, k] = embeddings[t].detach()[labels[t] == k].mean(0)
    return out

# %% prototypes | wrong | sorted by label, then cut in equal parts: uneven shots mix | it sorts by label and then cuts into equal parts
import torch

def prototypes(embeddings, labels):
    way = int(labels.max()) + 1
    order = labels.argsort(dim=1, stable=True)
    ordered = embeddings.gather(1, order.unsqueeze(-1).expand_as(embeddings))
    return torch.stack([part.mean(1) for part in ordered.tensor_split(way, dim=1)], 1)

# %% prototypes | right | one-hot membership, product, divided by counts
from torch.nn import functional as F

def prototypes(embeddings, labels):
    members = F.one_hot(labels).to(embeddings.dtype).transpose(1, 2)  # [tasks, way, n]
    return members @ embeddings / members.sum(-1, keepdim=True)

# %% prototypes | right | loop over tasks and classes with masks
import torch

def prototypes(embeddings, labels):
    way = int(labels.max().item()) + 1
    result = []
    for z, y in zip(embeddings, labels):
        result.append(torch.stack([z[y == k].mean(dim=0) for k in range(way)]))
    return torch.stack(result)

# %% prototypes | right | scatter_reduce with mean, without the starting zeros
import torch

def prototypes(embeddings, labels):
    tasks, _, features = embeddings.shape
    start = torch.zeros(tasks, int(labels.amax()) + 1, features, dtype=embeddings.dtype, device=embeddings.device)
    return start.scatter_reduce(dim=1, index=labels[:, :, None].expand(-1, -1, features), src=embeddings,
                                reduce="mean", include_self=False)

# %% prototypes | right | einsum with weights that sum to one in each class
import torch

def prototypes(embeddings, labels):
    classes = torch.arange(int(labels.max()) + 1, device=labels.device)
    mask = labels.unsqueeze(-1).eq(classes)  # [tasks, n, way]
    weights = mask / mask.sum(dim=1, keepdim=True)
    return torch.einsum("tnk,tnf->tkf", weights.to(embeddings), embeddings)

# %% as_linear | wrong | weights lack the factor 2 | the weights are half as large as they should be beside the biases
def as_linear(prototypes):
    return prototypes, -prototypes.square().sum(-1)

# %% as_linear | wrong | bias with a plus sign | the bias has the wrong sign
def as_linear(prototypes):
    return 2 * prototypes, prototypes.square().sum(-1)

# %% as_linear | wrong | both halved: same borders, but another softmax | the nearest class gets the highest score, but the scores differ by
def as_linear(prototypes):
    return prototypes, -0.5 * prototypes.square().sum(-1)

# %% as_linear | wrong | bias is minus the length, not squared | the bias is minus the length
def as_linear(prototypes):
    return 2 * prototypes, -prototypes.norm(dim=-1)

# %% as_linear | wrong | keepdim: biases are [tasks, way, 1] | the biases have one axis too many, of size 1 (keepdim=True or
def as_linear(prototypes):
    return 2 * prototypes, -(prototypes ** 2).sum(-1, keepdim=True)

# %% as_linear | wrong | weights transposed to [tasks, features, way], ready for q @ w | the weights are [tasks, features, way]
def as_linear(prototypes):
    return 2 * prototypes.transpose(1, 2), -prototypes.square().sum(-1)

# %% as_linear | wrong | order of the two results swapped | the two are in the wrong order
def as_linear(prototypes):
    weights = 2 * prototypes
    biases = -prototypes.square().sum(-1)
    return biases, weights

# %% as_linear | wrong | side effect: doubles the caller's prototypes in place | it changes `prototypes` in place
def as_linear(prototypes):
    biases = -(prototypes ** 2).sum(-1)
    weights = prototypes
    weights *= 2
    return weights, biases

# %% as_linear | wrong | sign of the distance, not of its negative | the sign is turned round
def as_linear(prototypes):
    return -2 * prototypes, prototypes.square().sum(-1)

# %% as_linear | wrong | bias computed from the doubled weights | the biases are four times as large as they should be
def as_linear(prototypes):
    weights = 2 * prototypes
    biases = -weights.square().sum(-1)
    return weights, biases

# %% as_linear | right | the two terms as they stand
def as_linear(prototypes):
    return 2 * prototypes, -prototypes.square().sum(-1)

# %% as_linear | right | einsum and torch functions
import torch

def as_linear(prototypes):
    biases = torch.einsum("twf,twf->tw", prototypes, prototypes).neg()
    return torch.add(prototypes, prototypes), biases

# %% as_linear | right | loop over tasks and classes
import torch

def as_linear(prototypes):
    weights, biases = [], []
    for task in prototypes:
        weights.append(torch.stack([2.0 * c for c in task]))
        biases.append(torch.stack([-(c @ c) for c in task]))
    return torch.stack(weights), torch.stack(biases)

# %% as_linear | right | slope and value of the score at the origin, by autograd
import torch

def as_linear(prototypes):
    def score(q, c):
        return -((q - c) ** 2).sum()

    slope_and_value = torch.func.grad_and_value(score)
    origin = torch.zeros_like(prototypes[0, 0])
    weights, biases = torch.vmap(torch.vmap(slope_and_value, in_dims=(None, 0)), in_dims=(None, 0))(origin, prototypes)
    return weights, biases

# %% episode_loss | wrong | softmax of plus the squared distances | softmax of a *positive* distance
from course_lib.learners import prototypes, squared_distances
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    logits = squared_distances(query_z, prototypes(support_z, support_y))
    return F.cross_entropy(logits.flatten(0, 1), query_y.flatten())

# %% episode_loss | wrong | takes queries to come class by class, ignores query_y | it takes for granted that queries stand class by class
from course_lib.learners import prototypes, squared_distances
import torch
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    logits = -squared_distances(query_z, prototypes(support_z, support_y))
    tasks, n_query, way = logits.shape
    target = torch.arange(way, device=logits.device).repeat_interleave(n_query // way).repeat(tasks)
    return F.cross_entropy(logits.flatten(0, 1), target)

# %% episode_loss | wrong | reshape in place of transpose: scores land on other queries | the axes of the scores are relabelled by reshape, so scores land at
from course_lib.learners import prototypes, squared_distances
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    logits = -squared_distances(query_z, prototypes(support_z, support_y))
    tasks, n_query, way = logits.shape
    return F.cross_entropy(logits.reshape(tasks, way, n_query), query_y)

# %% episode_loss | wrong | log of softmax in two steps: infinite at large distances | for two shots, queries in mixed order, far apart it gives infinite
from course_lib.learners import prototypes, squared_distances
def episode_loss(support_z, support_y, query_z, query_y):
    p = (-squared_distances(query_z, prototypes(support_z, support_y))).softmax(-1)
    return -p.gather(-1, query_y.unsqueeze(-1)).log().mean()

# %% episode_loss | wrong | softmax before cross_entropy, so it is taken twice | softmax is applied twice
from course_lib.learners import prototypes, squared_distances
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    p = (-squared_distances(query_z, prototypes(support_z, support_y))).softmax(-1)
    return F.cross_entropy(p.transpose(1, 2), query_y)

# %% episode_loss | wrong | prototypes detached: no gradient to the support embeddings | no gradient reaches the embeddings of the support set
from course_lib.learners import prototypes, squared_distances
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    centres = prototypes(support_z, support_y).detach()
    logits = -squared_distances(query_z, centres)
    return F.cross_entropy(logits.transpose(1, 2), query_y)

# %% episode_loss | wrong | summed over the queries, averaged only over tasks | it adds up over the queries of a task
from course_lib.learners import prototypes, squared_distances
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    logits = -squared_distances(query_z, prototypes(support_z, support_y))
    return F.cross_entropy(logits.transpose(1, 2), query_y, reduction="none").sum(1).mean()

# %% episode_loss | wrong | distances with the root | the distances are not squared (a root was taken)
from course_lib.learners import prototypes
import torch
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    logits = -torch.cdist(query_z, prototypes(support_z, support_y))
    return F.cross_entropy(logits.flatten(0, 1), query_y.flatten())

# %% episode_loss | wrong | matching network: attention to examples, equal only with one shot | a query is compared with every single example, as in a matching
from course_lib.learners import squared_distances
import torch
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    log_look = (-squared_distances(query_z, support_z)).log_softmax(-1)
    same = query_y.unsqueeze(2) == support_y.unsqueeze(1)
    return -log_look.masked_fill(~same, float("-inf")).logsumexp(-1).mean()

# %% episode_loss | wrong | only the first task counts | only the first task counts
from course_lib.learners import prototypes, squared_distances
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    logits = -squared_distances(query_z, prototypes(support_z, support_y))
    return F.cross_entropy(logits[0], query_y[0])

# %% episode_loss | right | the lesson's functions and cross_entropy, flattened
from course_lib.learners import prototypes, squared_distances
from torch.nn import functional as F

def episode_loss(support_z, support_y, query_z, query_y):
    logits = -squared_distances(query_z, prototypes(support_z, support_y))
    return F.cross_entropy(logits.flatten(0, 1), query_y.flatten())

# %% episode_loss | right | log_softmax and gather
from course_lib.learners import prototypes, squared_distances
def episode_loss(support_z, support_y, query_z, query_y):
    centres = prototypes(support_z, support_y)
    logp = squared_distances(query_z, centres).neg().log_softmax(dim=-1)
    return -logp.gather(2, query_y[..., None]).mean()

# %% episode_loss | right | self-contained loop over tasks and queries, logsumexp
import torch

def episode_loss(support_z, support_y, query_z, query_y):
    way = int(support_y.max()) + 1
    losses = []
    for sz, sy, qz, qy in zip(support_z, support_y, query_z, query_y):
        centres = torch.stack([sz[sy == k].mean(0) for k in range(way)])
        for q, y in zip(qz, qy):
            distances = ((centres - q) ** 2).sum(1)
            losses.append(distances[y] + torch.logsumexp(-distances, 0))
    return sum(losses) / len(losses)

# %% episode_loss | right | as a linear classifier, class axis second for cross_entropy
from course_lib.learners import as_linear, prototypes
import torch

def episode_loss(support_z, support_y, query_z, query_y):
    weights, biases = as_linear(prototypes(support_z, support_y))
    scores = torch.einsum("tkf,tnf->tkn", weights, query_z) + biases.unsqueeze(-1)
    return torch.nn.CrossEntropyLoss()(scores, query_y)
