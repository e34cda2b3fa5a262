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

# %% squared_distances | wrong | cdist without the square: distances, not squared distances | a root was taken
import torch
def squared_distances(queries, points):
    return torch.cdist(queries, points)

# %% squared_distances | wrong | mean over the features in place of the sum | mean over the features
import torch
def squared_distances(queries, points):
    return (queries.unsqueeze(2) - points.unsqueeze(1)).pow(2).mean(-1)

# %% squared_distances | wrong | axes exchanged: [tasks, m, n], points before queries | the axes are exchanged
import torch
def squared_distances(queries, points):
    return (queries.unsqueeze(1) - points.unsqueeze(2)).pow(2).sum(-1)

# %% squared_distances | wrong | expanded square, its two norms computed under no_grad | a part of the way to it is cut
import torch
def squared_distances(queries, points):
    with torch.no_grad():
        q2 = queries.pow(2).sum(-1, keepdim=True)
        p2 = points.pow(2).sum(-1).unsqueeze(1)
    return q2 + p2 - 2 * queries @ points.transpose(1, 2)

# %% squared_distances | wrong | centres both arguments in place before measuring | changes `queries` in place
import torch
def squared_distances(queries, points):
    with torch.no_grad():
        middle = points.mean(1, keepdim=True)
        queries -= middle
        points -= middle
    return (queries[:, :, None] - points[:, None]).square().sum(-1)

# %% squared_distances | wrong | squeeze() throws away every axis of size 1 | .squeeze() without a number
import torch
def squared_distances(queries, points):
    q2 = (queries ** 2).sum(-1, keepdim=True)
    p2 = (points ** 2).sum(-1, keepdim=True).transpose(1, 2)
    return (q2 - 2 * torch.bmm(queries, points.transpose(1, 2)) + p2).squeeze()

# %% squared_distances | wrong | right values by a forbidden loop over the queries | a Python loop
import torch
def squared_distances(queries, points):
    columns = []
    for i in range(queries.shape[1]):
        columns.append(((queries[:, i:i + 1] - points) ** 2).sum(-1))
    return torch.stack(columns, dim=1)

# %% squared_distances | wrong | right values by a forbidden loop over the features | a Python loop
import torch
def squared_distances(queries, points):
    total = 0
    for f in range(queries.size(-1)):
        total = total + (queries[:, :, None, f] - points[:, None, :, f]) ** 2
    return total

# %% squared_distances | wrong | every task is compared with the points of the first task | points of the first task
import torch
def squared_distances(queries, points):
    tasks, n, features = queries.shape
    m = points.shape[1]
    q = queries.reshape(tasks * n, features)
    p = points.reshape(tasks * m, features)
    everything = (q[:, None] - p[None]).square().sum(-1)
    return everything.view(tasks, n, tasks * m)[:, :, :m]

# %% squared_distances | wrong | leaves out the square of q since softmax does not feel it | is left out. It is the same for all points
import torch
def squared_distances(queries, points):
    return points.square().sum(-1).unsqueeze(1) - 2 * queries @ points.transpose(1, 2)

# %% squared_distances | right | broadcasting of all differences
import torch
def squared_distances(queries, points):
    return (queries[:, :, None, :] - points[:, None, :, :]).square().sum(dim=-1)

# %% squared_distances | right | expanded square with einsum
import torch
def squared_distances(queries, points):
    q2 = torch.einsum("tnf,tnf->tn", queries, queries)
    p2 = torch.einsum("tmf,tmf->tm", points, points)
    cross = torch.einsum("tnf,tmf->tnm", queries, points)
    return q2[..., None] + p2[:, None] - 2 * cross

# %% squared_distances | right | cdist, exact mode, squared
import torch
def squared_distances(queries, points):
    return torch.cdist(queries, points, p=2.0, compute_mode="donot_use_mm_for_euclid_dist").pow(2)

# %% squared_distances | right | loop over tasks, inside a helper with a matrix product
import torch
def squared_distances(queries, points):
    def of_one_task(q, p):
        return torch.addmm(q.pow(2).sum(1, keepdim=True) + p.pow(2).sum(1), q, p.T, alpha=-2)
    return torch.stack([of_one_task(q, p) for q, p in zip(queries, points)])

# %% prototypes | wrong | sorted by label, then cut evenly: right for equal shots only | sorts by label
import torch
def prototypes(embeddings, labels):
    way = int(labels.max()) + 1
    order = labels.argsort(dim=1)
    rows = embeddings.gather(1, order.unsqueeze(-1).expand_as(embeddings))
    return torch.stack([part.mean(1) for part in rows.tensor_split(way, dim=1)], dim=1)

# %% prototypes | wrong | sums divided by a fixed shot, n // way | the same number, n / way
import torch
from torch.nn import functional as F
def prototypes(embeddings, labels):
    one_hot = F.one_hot(labels).to(embeddings.dtype)
    shot = labels.shape[1] // one_hot.shape[-1]
    return one_hot.transpose(1, 2) @ embeddings / shot

# %% prototypes | wrong | the labels of the first task are used for every task | labels of the first task
import torch
def prototypes(embeddings, labels):
    first = labels[0]
    return torch.stack([embeddings[:, first == k].mean(1) for k in range(int(first.max()) + 1)], 1)

# %% prototypes | wrong | rows in order of first appearance, not of the label | order in which classes turn up
import torch
def prototypes(embeddings, labels):
    result = []
    for z, y in zip(embeddings, labels):
        groups = {}
        for row, label in zip(z, y.tolist()):
            groups.setdefault(label, []).append(row)
        result.append(torch.stack([torch.stack(rows).mean(0) for rows in groups.values()]))
    return torch.stack(result)

# %% prototypes | wrong | written into a buffer under no_grad: gradient cut | no gradient gets through
import torch
def prototypes(embeddings, labels):
    tasks, _, features = embeddings.shape
    way = int(labels.max()) + 1
    out = embeddings.new_zeros(tasks, way, features)
    with torch.no_grad():
        for t in range(tasks):
            for k in range(way):
                out[t, k] = embeddings[t, labels[t] == k].mean(0)
    return out

# %% prototypes | wrong | scatter_reduce mean counts the zeros of the buffer too | one more than the number
import torch
def prototypes(embeddings, labels):
    tasks, n, features = embeddings.shape
    way = int(labels.max()) + 1
    index = labels.unsqueeze(-1).expand(tasks, n, features)
    return embeddings.new_zeros(tasks, way, features).scatter_reduce(1, index, embeddings, "mean")

# %% prototypes | wrong | way is the largest label, so the last class is missing | the last class is missing
import torch
def prototypes(embeddings, labels):
    way = int(labels.max())
    return torch.stack([torch.stack([z[y == k].mean(0) for k in range(way)])
                        for z, y in zip(embeddings, labels)])

# %% prototypes | wrong | running mean halves each time: later examples weigh more | later examples weigh more
import torch
def prototypes(embeddings, labels):
    result = []
    for z, y in zip(embeddings, labels):
        means = {}
        for row, label in zip(z, y.tolist()):
            means[label] = row if label not in means else (means[label] + row) / 2
        result.append(torch.stack([means[k] for k in sorted(means)]))
    return torch.stack(result)

# %% prototypes | wrong | five classes written into the code | five rows whatever
import torch
def prototypes(embeddings, labels):
    mask = (labels.unsqueeze(1) == torch.arange(5, device=labels.device).view(1, 5, 1))
    mask = mask.to(embeddings.dtype)
    return mask @ embeddings / mask.sum(-1, keepdim=True).clamp(min=1)

# %% prototypes | wrong | counts of the first task divide the sums of all tasks | numbers of examples of the first task
import torch
from torch.nn import functional as F
def prototypes(embeddings, labels):
    one_hot = F.one_hot(labels).to(embeddings.dtype)
    sums = torch.einsum("tnk,tnf->tkf", one_hot, embeddings)
    counts = labels[0].bincount()
    return sums / counts[None, :, None]

# %% prototypes | right | two loops and a mask
import torch
def prototypes(embeddings, labels):
    way = labels.max().item() + 1
    tasks = []
    for z, y in zip(embeddings, labels):
        tasks.append(torch.stack([z[y == k].mean(dim=0) for k in range(way)]))
    return torch.stack(tasks)

# %% prototypes | right | one-hot matrix whose columns are divided by the counts
import torch
from torch.nn import functional as F
def prototypes(embeddings, labels):
    shares = F.one_hot(labels).to(embeddings)
    shares = shares / shares.sum(dim=1, keepdim=True)
    return torch.einsum("tnk,tnf->tkf", shares, embeddings)

# %% prototypes | right | index_add over flattened tasks with shifted labels, bincount
import torch
def prototypes(embeddings, labels):
    tasks, n, features = embeddings.shape
    way = int(labels.max()) + 1
    where = (labels + way * torch.arange(tasks, device=labels.device)[:, None]).flatten()
    sums = torch.zeros(tasks * way, features, dtype=embeddings.dtype, device=embeddings.device)
    sums = sums.index_add(0, where, embeddings.reshape(-1, features))
    counts = torch.bincount(where, minlength=tasks * way)
    return (sums / counts.unsqueeze(1)).view(tasks, way, features)

# %% prototypes | right | scatter_reduce mean, buffer left out
import torch
def prototypes(embeddings, labels):
    shape = (embeddings.shape[0], int(labels.max()) + 1, embeddings.shape[2])
    index = labels[..., None].expand(-1, -1, shape[2])
    return embeddings.new_zeros(shape).scatter_reduce(
        dim=1, index=index, src=embeddings, reduce="mean", include_self=False)

# %% episode_loss | wrong | softmax of the positive distances: the farthest wins | *positive* distance
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    return F.cross_entropy(distances.flatten(0, 1), query_y.flatten())

# %% episode_loss | wrong | distances with the root taken, not squared | not squared
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    return F.cross_entropy(-torch.cdist(query_z, centres).flatten(0, 1), query_y.flatten())

# %% episode_loss | wrong | softmax first, then log: infinite for large distances | gives infinite
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    probability = (-distances).softmax(-1).gather(-1, query_y.unsqueeze(-1))
    return -probability.log().mean()

# %% episode_loss | wrong | log(p + 1e-8): finite, but capped for large distances | sets a bound
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    probability = (-distances).softmax(-1).gather(-1, query_y.unsqueeze(-1))
    return -(probability + 1e-8).log().mean()

# %% episode_loss | wrong | softmax twice: cross_entropy gets probabilities | softmax is applied twice
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    return F.cross_entropy((-distances).softmax(-1).flatten(0, 1), query_y.flatten())

# %% episode_loss | wrong | softmax over the queries, not over the classes | softmax runs over the queries
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    log_p = F.log_softmax(-distances, dim=1)
    return -log_p.gather(2, query_y.unsqueeze(2)).mean()

# %% episode_loss | wrong | mean of class means: uneven classes weigh alike | a mean for each class first
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    each = -F.log_softmax(-distances, -1).gather(2, query_y.unsqueeze(2)).squeeze(2)
    parts = [each[query_y == k].mean() for k in query_y.unique()]
    return torch.stack(parts).mean()

# %% episode_loss | wrong | prototypes detached: nothing is learned through the support set | no gradient reaches the embeddings of the support set
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = (one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)).detach()
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    return F.cross_entropy(-distances.flatten(0, 1), query_y.flatten())

# %% episode_loss | wrong | sum over the queries, mean over the tasks only | adds up over the queries of a task
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    one_hot = F.one_hot(support_y).to(support_z)
    centres = one_hot.transpose(1, 2) @ support_z / one_hot.sum(1).unsqueeze(-1)
    distances = (query_z.unsqueeze(2) - centres.unsqueeze(1)).square().sum(-1)
    each = F.cross_entropy(-distances.transpose(1, 2), query_y, reduction="none")
    return each.sum(1).mean()

# %% episode_loss | wrong | only the first task counts, as in training with one | only the first task counts
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    z, y, q = support_z[0], support_y[0], query_z[0]
    centres = torch.stack([z[y == k].mean(0) for k in range(int(y.max()) + 1)])
    distances = (q[:, None] - centres[None]).square().sum(-1)
    return F.cross_entropy(-distances, query_y[0])

# %% episode_loss | right | the two own functions and cross_entropy on flattened tasks
from course_lib.learners import prototypes
import torch
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    distances = squared_distances(query_z, prototypes(support_z, support_y))
    return F.cross_entropy(-distances.flatten(0, 1), query_y.flatten())

# %% episode_loss | right | own functions by keyword, log_softmax and gather
from course_lib.learners import prototypes
import torch
def episode_loss(support_z, support_y, query_z, query_y):
    centres = prototypes(embeddings=support_z, labels=support_y)
    log_p = torch.log_softmax(-squared_distances(queries=query_z, points=centres), dim=-1)
    right = torch.gather(log_p, dim=-1, index=query_y[..., None])
    return right.mean().neg()

# %% episode_loss | right | loop over tasks and queries, logsumexp by hand, nothing reused
import torch
def episode_loss(support_z, support_y, query_z, query_y):
    losses = []
    for z, y, queries, answers in zip(support_z, support_y, query_z, query_y):
        centres = torch.stack([z[y == k].mean(0) for k in range(int(y.max()) + 1)])
        for q, k in zip(queries, answers):
            d = ((q - centres) ** 2).sum(-1)
            losses.append(d[k] + torch.logsumexp(-d, dim=0))
    return sum(losses) / len(losses)

# %% episode_loss | right | linear scores 2cq - c², class axis second, einsum
import torch
from torch import nn
from torch.nn import functional as F
def episode_loss(support_z, support_y, query_z, query_y):
    hot = F.one_hot(support_y).to(support_z.dtype)
    centres = torch.einsum("tsk,tsf->tkf", hot / hot.sum(1, keepdim=True), support_z)
    scores = 2 * torch.einsum("tkf,tqf->tkq", centres, query_z)
    scores = scores - centres.square().sum(-1, keepdim=True)
    return nn.CrossEntropyLoss()(scores, query_y)

# %% as_linear | wrong | c and -c²/2: same borders, but half as sure | differ by half as much
import torch
def as_linear(prototypes):
    return prototypes.clone(), -prototypes.square().sum(-1) / 2

# %% as_linear | wrong | no bias: only the dot products | bias is missing
import torch
def as_linear(prototypes):
    return 2 * prototypes, prototypes.new_zeros(prototypes.shape[:2])

# %% as_linear | wrong | forgets the factor 2 of the middle term | weights are half as large
import torch
def as_linear(prototypes):
    return prototypes.clone(), -prototypes.pow(2).sum(-1)

# %% as_linear | wrong | bias with the wrong sign | bias has the wrong sign
import torch
def as_linear(prototypes):
    return 2 * prototypes, (prototypes ** 2).sum(-1)

# %% as_linear | wrong | bias is minus the length, not its square | bias is minus the length
import torch
def as_linear(prototypes):
    return 2 * prototypes, -prototypes.norm(dim=-1)

# %% as_linear | wrong | keepdim: biases [tasks, way, 1] | have one axis too many
import torch
def as_linear(prototypes):
    return 2 * prototypes, -(prototypes ** 2).sum(dim=-1, keepdim=True)

# %% as_linear | wrong | doubles the prototypes in place | in place
import torch
def as_linear(prototypes):
    biases = -prototypes.square().sum(-1)
    prototypes *= 2
    return prototypes, biases

# %% as_linear | wrong | bias from the weights, which are doubled already | are they made from the weights
import torch
def as_linear(prototypes):
    weights = 2 * prototypes
    return weights, -(weights ** 2).sum(-1)

# %% as_linear | wrong | prototypes centred for the bias, queries not | are moved first
import torch
def as_linear(prototypes):
    centred = prototypes - prototypes.mean(1, keepdim=True)
    return 2 * centred, -centred.square().sum(-1)

# %% as_linear | wrong | relative to the last class, which is left out | a class is missing
import torch
def as_linear(prototypes):
    last = prototypes[:, -1:]
    weights = 2 * (prototypes[:, :-1] - last)
    biases = last.square().sum(-1) - prototypes[:, :-1].square().sum(-1)
    return weights, biases

# %% as_linear | right | 2c and -c², as on paper
import torch
def as_linear(prototypes):
    return 2 * prototypes, -prototypes.pow(2).sum(dim=-1)

# %% as_linear | right | everything relative to class 0
import torch
def as_linear(prototypes):
    norms = torch.linalg.vector_norm(prototypes, dim=2).square()
    weights = 2 * (prototypes - prototypes[:, :1])
    return weights, norms[:, :1] - norms

# %% as_linear | right | weights minus their mean, biases moved so that the largest is 0
import torch
def as_linear(prototypes):
    weights = prototypes.mul(2)
    weights = weights - weights.mean(dim=1, keepdim=True)
    biases = -torch.einsum("tkf,tkf->tk", prototypes, prototypes)
    return weights, biases - biases.amax(dim=1, keepdim=True)

# %% as_linear | right | loops that fill two buffers
import torch
def as_linear(prototypes):
    tasks, way, features = prototypes.shape
    weights = torch.empty_like(prototypes)
    biases = torch.empty(tasks, way, dtype=prototypes.dtype, device=prototypes.device)
    with torch.no_grad():
        for t in range(tasks):
            for k in range(way):
                c = prototypes[t, k]
                weights[t, k] = c + c
                biases[t, k] = -torch.dot(c, c)
    return weights, biases

# %% cosine_similarities | wrong | only the queries are divided by their length | only the queries are normalised
import torch
from torch.nn import functional as F
def cosine_similarities(queries, points):
    return F.normalize(queries, dim=-1) @ points.transpose(1, 2)

# %% cosine_similarities | wrong | nan_to_num at the end: the gradient is NaN | is NaN
import torch
def cosine_similarities(queries, points):
    dots = queries @ points.transpose(1, 2)
    lengths = queries.norm(dim=-1).unsqueeze(2) * points.norm(dim=-1).unsqueeze(1)
    return torch.nan_to_num(dots / lengths, nan=0.0)

# %% cosine_similarities | wrong | where after the division: right values, NaN gradient | is NaN
import torch
def cosine_similarities(queries, points):
    dots = torch.einsum("tnf,tmf->tnm", queries, points)
    lengths = queries.norm(dim=-1)[:, :, None] * points.norm(dim=-1)[:, None, :]
    return torch.where(lengths > 0, dots / lengths, torch.zeros_like(dots))

# %% cosine_similarities | wrong | adds 1e-3 to the lengths: wrong for short vectors | short vectors feel it
import torch
def cosine_similarities(queries, points):
    dots = queries @ points.transpose(1, 2)
    lengths = queries.norm(dim=-1).unsqueeze(2) * points.norm(dim=-1).unsqueeze(1)
    return dots / (lengths + 1e-3)

# %% cosine_similarities | wrong | clamp after the root: gradient of sqrt(0) is NaN | is NaN
import torch
def cosine_similarities(queries, points):
    q = queries / queries.square().sum(-1, keepdim=True).sqrt().clamp(min=1e-8)
    p = points / points.square().sum(-1, keepdim=True).sqrt().clamp(min=1e-8)
    return q @ p.transpose(1, 2)

# %% cosine_similarities | wrong | negative cosines cut off at 0 | below 0 are cut off
import torch
from torch.nn import functional as F
def cosine_similarities(queries, points):
    cosines = F.normalize(queries, dim=-1) @ F.normalize(points, dim=-1).transpose(1, 2)
    return cosines.clamp(min=0, max=1)

# %% cosine_similarities | wrong | lengths detached against NaN: gradient is another one | a part of the way to it is cut
import torch
def cosine_similarities(queries, points):
    q_len = queries.detach().norm(dim=-1, keepdim=True).clamp(min=1e-8)
    p_len = points.detach().norm(dim=-1, keepdim=True).clamp(min=1e-8)
    return (queries / q_len) @ (points / p_len).transpose(1, 2)

# %% cosine_similarities | wrong | adds 1e-8 to each number: zeros get a direction | has no direction
import torch
def cosine_similarities(queries, points):
    q, p = queries + 1e-8, points + 1e-8
    q = q / q.norm(dim=-1, keepdim=True)
    p = p / p.norm(dim=-1, keepdim=True)
    return torch.bmm(q, p.mT)

# %% cosine_similarities | wrong | F.normalize with its default axis, 1: not the features | along the examples
import torch
from torch.nn import functional as F
def cosine_similarities(queries, points):
    return F.normalize(queries) @ F.normalize(points).transpose(1, 2)

# %% cosine_similarities | wrong | right values by a forbidden loop over the points | a Python loop
import torch
from torch.nn import functional as F
def cosine_similarities(queries, points):
    columns = []
    for j in range(points.shape[1]):
        columns.append(F.cosine_similarity(queries, points[:, j:j + 1], dim=-1))
    return torch.stack(columns, dim=-1)

# %% cosine_similarities | right | F.normalize on both sides and a matrix product
import torch
from torch.nn import functional as F
def cosine_similarities(queries, points):
    return torch.bmm(F.normalize(queries, dim=-1), F.normalize(points, dim=-1).transpose(1, 2))

# %% cosine_similarities | right | F.cosine_similarity, broadcast
import torch
from torch.nn import functional as F
def cosine_similarities(queries, points):
    return F.cosine_similarity(queries.unsqueeze(2), points.unsqueeze(1), dim=3)

# %% cosine_similarities | right | where before the root, helper, loop over tasks
import torch
def cosine_similarities(queries, points):
    def unit(v):
        square = (v * v).sum(-1, keepdim=True)
        nothing = square == 0
        length = torch.where(nothing, torch.ones_like(square), square).sqrt()
        return v / length * ~nothing
    return torch.stack([unit(q) @ unit(p).T for q, p in zip(queries, points)])

# %% cosine_similarities | right | dot products, then rsqrt of clamped squares, einsum
import torch
def cosine_similarities(queries, points):
    dots = torch.einsum("tnf,tmf->tnm", queries, points)
    q = queries.square().sum(-1).clamp(min=1e-20).rsqrt()
    p = points.square().sum(-1).clamp(min=1e-20).rsqrt()
    return torch.einsum("tnm,tn,tm->tnm", dots, q, p)

# %% zero_shot_report | wrong | every image is named among all classes: the unseen alone are not | among *all* classes where it should be among the unseen ones alone
import torch

def zero_shot_report(distances, labels, seen):
    named = distances.argmin(1)
    right = (named == labels).float()
    unseen_right, seen_right = right[~seen[labels]].mean(), right[seen[labels]].mean()
    return unseen_right, seen_right, unseen_right, 2 * seen_right * unseen_right / (seen_right + unseen_right).clamp(min=1e-9)

# %% zero_shot_report | wrong | the farthest prototype names the image | the *farthest* prototype
import torch

def zero_shot_report(distances, labels, seen):
    old = seen[labels]
    right = distances.argmax(1) == labels
    alone = distances.masked_fill(seen, -float("inf")).argmax(1) == labels
    a, b = right[old].float().mean().item(), right[~old].float().mean().item()
    return alone[~old].float().mean().item(), a, b, 2 * a * b / (a + b) if a + b else 0.0

# %% zero_shot_report | wrong | columns are picked, and labels are not counted anew | counts among the columns that were kept
def zero_shot_report(distances, labels, seen):
    unseen = ~seen
    theirs = unseen[labels]
    alone = (distances[theirs][:, unseen].argmin(1) == labels[theirs]).float().mean().item()
    right = (distances.argmin(1) == labels).float()
    a, b = right[~theirs].mean().item(), right[theirs].mean().item()
    return alone, a, b, 0.0 if a + b == 0 else 2 * a * b / (a + b)

# %% zero_shot_report | wrong | arithmetic mean in place of the harmonic one | the arithmetic mean
def zero_shot_report(distances, labels, seen):
    right = (distances.argmin(-1) == labels).float()
    known = seen[labels]
    masked = distances.clone()
    masked[:, seen] = float("inf")
    alone = (masked.argmin(-1) == labels)[~known].float().mean()
    a, b = right[known].mean(), right[~known].mean()
    return alone, a, b, (a + b) / 2

# %% zero_shot_report | wrong | harmonic mean without its 2 | half of the harmonic mean
def zero_shot_report(distances, labels, seen):
    right = (distances.argmin(-1) == labels).float()
    known = seen[labels]
    alone = (distances.masked_fill(seen, float("inf")).argmin(-1) == labels)[~known].float().mean()
    a, b = right[known].mean(), right[~known].mean()
    return alone, a, b, a * b / (a + b) if a + b > 0 else 0

# %% zero_shot_report | wrong | 0 divided by 0 where nothing is right | 0 divided by 0
def zero_shot_report(distances, labels, seen):
    right = (distances.argmin(-1) == labels).float()
    known = seen[labels]
    alone = (distances.masked_fill(seen, float("inf")).argmin(-1) == labels)[~known].float().mean()
    a, b = right[known].mean(), right[~known].mean()
    return alone, a, b, 2 * a * b / (a + b)

# %% zero_shot_report | wrong | seen is read by the place of the image, not by its class | by their place
def zero_shot_report(distances, labels, seen):
    n = len(labels)
    right = (distances.argmin(-1) == labels).float()
    known = seen.repeat(n // len(seen) + 1)[:n]
    alone = (distances.masked_fill(seen, float("inf")).argmin(-1) == labels)[~known].float().mean().nan_to_num()
    a, b = right[known].mean().nan_to_num(), right[~known].mean().nan_to_num()
    return alone, a, b, 2 * a * b / (a + b) if a + b > 0 else 0.0

# %% zero_shot_report | wrong | changes the distances in place | in place
def zero_shot_report(distances, labels, seen):
    known = seen[labels]
    right = (distances.argmin(1) == labels).float()
    a, b = right[known].mean().item(), right[~known].mean().item()
    distances[:, seen] = float("inf")
    alone = (distances.argmin(1) == labels)[~known].float().mean().item()
    return alone, a, b, 2 * a * b / (a + b) if a + b else 0.0

# %% zero_shot_report | wrong | share of all images, not of those of the class's kind | divided by the number of *all* images
def zero_shot_report(distances, labels, seen):
    n = len(labels)
    known = seen[labels]
    right = distances.argmin(1) == labels
    alone = (distances.masked_fill(seen, float("inf")).argmin(1) == labels)
    a, b = (right & known).sum().item() / n, (right & ~known).sum().item() / n
    return (alone & ~known).sum().item() / n, a, b, 2 * a * b / (a + b) if a + b else 0.0

# %% zero_shot_report | wrong | seen and unseen exchanged in the last two rows | are exchanged
def zero_shot_report(distances, labels, seen):
    known = seen[labels]
    right = (distances.argmin(1) == labels).float()
    alone = (distances.masked_fill(seen, float("inf")).argmin(1) == labels)[~known].float().mean().item()
    a, b = right[known].mean().item(), right[~known].mean().item()
    return alone, b, a, 2 * a * b / (a + b) if a + b else 0.0

# %% zero_shot_report | wrong | mean of class accuracies, so rare classes weigh as much | the mean over *classes*
import torch

def zero_shot_report(distances, labels, seen):
    right = (distances.argmin(1) == labels).float()
    alone = (distances.masked_fill(seen, float("inf")).argmin(1) == labels).float()
    def of(values, classes):
        return sum(values[labels == k].mean().item() for k in classes) / len(classes)
    there = labels.unique().tolist()
    old, new = [k for k in there if seen[k]], [k for k in there if not seen[k]]
    a, b = of(right, old), of(right, new)
    return of(alone, new), a, b, 2 * a * b / (a + b) if a + b else 0.0

# %% zero_shot_report | wrong | forbidden distances set to 0, which is the nearest | a *seen* class wins each time
def zero_shot_report(distances, labels, seen):
    known = seen[labels]
    right = (distances.argmin(1) == labels).float()
    alone = ((distances * ~seen).argmin(1) == labels)[~known].float().mean().item()
    a, b = right[known].mean().item(), right[~known].mean().item()
    return alone, a, b, 2 * a * b / (a + b) if a + b else 0.0

# %% zero_shot_report | right | infinite distance to seen classes, masks
def zero_shot_report(distances, labels, seen):
    known = seen[labels]
    right = (distances.argmin(1) == labels).float()
    alone = (distances.masked_fill(seen, float("inf")).argmin(1) == labels).float()
    a, b = right[known].mean(), right[~known].mean()
    return alone[~known].mean(), a, b, 2 * a * b / (a + b).clamp(min=1e-12)

# %% zero_shot_report | right | columns picked, and their numbers looked up
def zero_shot_report(distances, labels, seen):
    columns = (~seen).nonzero().squeeze(1)
    new = ~seen[labels]
    alone = (columns[distances[new][:, columns].argmin(1)] == labels[new]).double().mean().item()
    hits = distances.argmin(1).eq(labels)
    a, b = hits[seen[labels]].double().mean().item(), hits[new].double().mean().item()
    return alone, a, b, 0.0 if a == 0 or b == 0 else 2 / (1 / a + 1 / b)

# %% zero_shot_report | right | plain Python loop over images
def zero_shot_report(distances, labels, seen):
    counts = {True: [0, 0], False: [0, 0]}
    alone = 0
    unseen = [k for k in range(len(seen)) if not seen[k]]
    for row, label in zip(distances.tolist(), labels.tolist()):
        kind = bool(seen[label])
        nearest = min(range(len(row)), key=row.__getitem__)
        counts[kind][0] += nearest == label
        counts[kind][1] += 1
        if not kind:
            alone += min(unseen, key=row.__getitem__) == label
    a, b = (counts[kind][0] / counts[kind][1] for kind in (True, False))
    return alone / counts[False][1], a, b, 2 * a * b / (a + b) if a + b > 0 else 0.0

# %% zero_shot_report | right | NumPy inside, a list returned
import numpy as np

def zero_shot_report(distances, labels, seen):
    d, y, s = distances.numpy(), labels.numpy(), seen.numpy()
    known = s[y]
    a = np.mean(d.argmin(1)[known] == y[known])
    b = np.mean(d.argmin(1)[~known] == y[~known])
    alone = np.mean(np.where(s, np.inf, d).argmin(1)[~known] == y[~known])
    return [alone, a, b, 2 * a * b / (a + b) if a + b else 0]
