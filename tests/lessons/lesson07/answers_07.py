# %% concatenate_pairs | wrong | query's channels first, then the class's | class and query are swapped
import torch


def concatenate_pairs(classes, queries):
    way, n_query, rest = classes.shape[1], queries.shape[1], [-1] * (classes.dim() - 2)
    c = classes.unsqueeze(1).expand(-1, n_query, -1, *rest)
    q = queries.unsqueeze(2).expand(-1, -1, way, *rest)
    return torch.cat([q, c], dim=3)


# %% concatenate_pairs | wrong | axes exchanged: [tasks, way, n_query, ...] | queries and classes are exchanged
import torch


def concatenate_pairs(classes, queries):
    way, n_query, rest = classes.shape[1], queries.shape[1], [-1] * (classes.dim() - 2)
    c = classes.unsqueeze(2).expand(-1, -1, n_query, *rest)
    q = queries.unsqueeze(1).expand(-1, way, -1, *rest)
    return torch.cat([c, q], dim=3)


# %% concatenate_pairs | wrong | joins along the last axis: right for vectors only | joined along the wrong axis
import torch


def concatenate_pairs(classes, queries):
    way, n_query, rest = classes.shape[1], queries.shape[1], [-1] * (classes.dim() - 2)
    c = classes.unsqueeze(1).expand(-1, n_query, -1, *rest)
    q = queries.unsqueeze(2).expand(-1, -1, way, *rest)
    return torch.cat([c, q], dim=-1)


# %% concatenate_pairs | wrong | repeats both the same way, so pairs do not meet | the pairs do not meet
import torch


def concatenate_pairs(classes, queries):
    tasks, way = classes.shape[:2]
    n_query = queries.shape[1]
    ones = [1] * (classes.dim() - 2)
    c = classes.repeat(1, n_query, *ones)  # 0 1 2 0 1 2 ...
    q = queries.repeat(1, way, *ones)  # should be repeat_interleave
    return torch.cat([c, q], dim=2).reshape(tasks, n_query, way, -1, *classes.shape[3:])


# %% concatenate_pairs | wrong | channels of class and query interleaved, not one behind other | alternate
import torch


def concatenate_pairs(classes, queries):
    c, q = torch.broadcast_tensors(classes.unsqueeze(1), queries.unsqueeze(2))
    return torch.stack([c, q], dim=4).flatten(3, 4)


# %% concatenate_pairs | wrong | the first task's classes are used for every task | classes of the first task
import torch


def concatenate_pairs(classes, queries):
    tasks, n_query = queries.shape[:2]
    way = classes.shape[1]
    c = classes[0].expand(tasks, n_query, *classes.shape[1:])
    q = queries.unsqueeze(2).expand(-1, -1, way, *queries.shape[2:])
    return torch.cat([c, q], dim=3)


# %% concatenate_pairs | wrong | unsqueeze_ in place: the caller's tensors change shape | it changes `classes` in place
import torch


def concatenate_pairs(classes, queries):
    way, n_query = classes.shape[1], queries.shape[1]
    classes.unsqueeze_(1)
    queries.unsqueeze_(2)
    rest = [-1] * (classes.dim() - 3)
    return torch.cat([classes.expand(-1, n_query, -1, *rest), queries.expand(-1, -1, way, *rest)], dim=3)


# %% concatenate_pairs | wrong | reshape in place of transpose to bring the axes round | To exchange two axes, transpose
import torch


def concatenate_pairs(classes, queries):
    tasks, way = classes.shape[:2]
    n_query = queries.shape[1]
    rows = []
    for k in range(way):
        c = classes[:, k:k + 1].expand_as(queries)
        rows.append(torch.cat([c, queries], dim=2))
    pairs = torch.stack(rows, dim=1)  # [tasks, way, n_query, ...]
    return pairs.reshape(tasks, n_query, way, *pairs.shape[3:])


# %% concatenate_pairs | wrong | flattens maps: height and width are lost | height and width are lost
import torch


def concatenate_pairs(classes, queries):
    c, q = classes.flatten(2), queries.flatten(2)
    c = c[:, None].expand(-1, q.shape[1], -1, -1)
    q = q[:, :, None].expand(-1, -1, c.shape[2], -1)
    return torch.cat([c, q], dim=-1)


# %% concatenate_pairs | wrong | six axes written out: vectors without height and width crash | Does the code count on its sizes?
import torch


def concatenate_pairs(classes, queries):
    tasks, way, channels, height, width = classes.shape
    n_query = queries.shape[1]
    c = classes.unsqueeze(1).expand(tasks, n_query, way, channels, height, width)
    q = queries.unsqueeze(2).expand(tasks, n_query, way, channels, height, width)
    return torch.cat([c, q], dim=3)


# %% concatenate_pairs | right | unsqueeze, expand, cat
import torch


def concatenate_pairs(classes, queries):
    way, n_query = classes.shape[1], queries.shape[1]
    c = classes.unsqueeze(1).expand(-1, n_query, *classes.shape[1:])
    q = queries.unsqueeze(2).expand(-1, -1, way, *queries.shape[2:])
    return torch.cat((c, q), dim=3)


# %% concatenate_pairs | right | three nested loops and stack
import torch


def concatenate_pairs(classes, queries):
    tasks = []
    for task_classes, task_queries in zip(classes, queries):
        rows = []
        for q in task_queries:
            rows.append(torch.stack([torch.cat([c, q]) for c in task_classes]))
        tasks.append(torch.stack(rows))
    return torch.stack(tasks)


# %% concatenate_pairs | right | repeat_interleave, repeat and reshape
import torch


def concatenate_pairs(classes, queries):
    tasks, way, channels = classes.shape[:3]
    n_query, rest = queries.shape[1], classes.shape[3:]
    c = classes.repeat(1, n_query, *[1] * (classes.ndim - 2))
    q = torch.repeat_interleave(queries, way, dim=1)
    return torch.cat([c, q], axis=2).reshape(tasks, n_query, way, 2 * channels, *rest)


# %% concatenate_pairs | right | index tensors from a cartesian product, stack and flatten
import torch


def concatenate_pairs(classes, queries):
    n_query, way = queries.size(1), classes.size(1)
    grid = torch.cartesian_prod(torch.arange(n_query), torch.arange(way)).to(classes.device)
    both = torch.stack([classes[:, grid[:, 1]], queries[:, grid[:, 0]]], dim=2)  # [tasks, pairs, 2, channels, ...]
    return both.flatten(2, 3).unflatten(1, (n_query, way))


# %% first_layer | wrong | halves exchanged: left for the query, right for the class | the left half of the weight is for the class
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_q, w_c = weight.chunk(2, dim=1)
    return F.linear(classes, w_c).unsqueeze(1) + F.linear(queries, w_q, bias).unsqueeze(2)


# %% first_layer | wrong | bias is added twice, once in each part | the bias is added twice
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_c, w_q = weight.chunk(2, dim=1)
    return F.linear(classes, w_c, bias).unsqueeze(1) + F.linear(queries, w_q, bias).unsqueeze(2)


# %% first_layer | wrong | bias is forgotten | the bias is missing
def first_layer(classes, queries, weight, bias):
    channels = classes.shape[-1]
    by_class = classes @ weight[:, :channels].T
    by_query = queries @ weight[:, channels:].T
    return by_class[:, None] + by_query[:, :, None]


# %% first_layer | wrong | axes exchanged: [tasks, way, n_query, out] | queries and classes are exchanged
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_c, w_q = weight.chunk(2, dim=1)
    return F.linear(classes, w_c).unsqueeze(2) + F.linear(queries, w_q, bias).unsqueeze(1)


# %% first_layer | wrong | weight cut into even and odd columns, not halves | every other column
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_c, w_q = weight[:, ::2], weight[:, 1::2]
    return F.linear(classes, w_c).unsqueeze(1) + F.linear(queries, w_q, bias).unsqueeze(2)


# %% first_layer | wrong | builds all pairs and applies F.linear, which is forbidden | as if each of the 125 pairs went through
import torch
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    c = classes.unsqueeze(1).expand(-1, queries.shape[1], -1, -1)
    q = queries.unsqueeze(2).expand(-1, -1, classes.shape[1], -1)
    return F.linear(torch.cat([c, q], dim=-1), weight, bias)


# %% first_layer | wrong | pairs are built all the same, in a buffer without cat | as if each of the 125 pairs went through
import torch


def first_layer(classes, queries, weight, bias):
    tasks, way, channels = classes.shape
    pairs = classes.new_empty(tasks, queries.shape[1], way, 2 * channels)
    pairs[..., :channels] = classes[:, None]
    pairs[..., channels:] = queries[:, :, None]
    return pairs @ weight.T + bias


# %% first_layer | wrong | weight.data and bias.data: the layer gets no gradient | no gradient comes back to `weight`
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_c, w_q = weight.data.chunk(2, dim=1)
    return F.linear(classes, w_c).unsqueeze(1) + F.linear(queries, w_q, bias.data).unsqueeze(2)


# %% first_layer | wrong | expands before the linear layer: computed for every pair, nothing saved | as if each of the 125 pairs went through
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    way, n_query, channels = classes.shape[1], queries.shape[1], classes.shape[2]
    c = classes.unsqueeze(1).expand(-1, n_query, -1, -1)
    q = queries.unsqueeze(2).expand(-1, -1, way, -1)
    return F.linear(c, weight[:, :channels]) + F.linear(q, weight[:, channels:], bias)


# %% first_layer | wrong | the first task's class part is added for every task | classes of the first task
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_c, w_q = weight.chunk(2, dim=1)
    by_class = F.linear(classes[0], w_c)  # [way, out]
    by_query = F.linear(queries, w_q, bias)  # [tasks, n_query, out]
    return by_query.unsqueeze(2) + by_class


# %% first_layer | right | chunk, F.linear twice, unsqueeze and add
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_c, w_q = weight.chunk(2, dim=1)
    return F.linear(classes, w_c).unsqueeze(1) + F.linear(queries, w_q, bias).unsqueeze(2)


# %% first_layer | right | einsum on the weight seen as [out, 2, channels]
import torch


def first_layer(classes, queries, weight, bias):
    halves = weight.reshape(weight.shape[0], 2, -1)
    by_class = torch.einsum("twc,oc->two", classes, halves[:, 0])
    by_query = torch.einsum("tqc,oc->tqo", queries, halves[:, 1])
    return by_class[:, None, :, :] + by_query[:, :, None, :] + bias


# %% first_layer | right | loop over queries, results (not pairs) joined by cat
import torch


def first_layer(classes, queries, weight, bias):
    channels = classes.size(2)
    by_class = torch.matmul(classes, weight[:, :channels].t()) + bias  # once for each class
    rows = []
    for i in range(queries.size(1)):
        by_query = torch.matmul(queries[:, i:i + 1], weight[:, channels:].t())  # once for each query
        rows.append((by_class + by_query).unsqueeze(1))
    return torch.cat(rows, dim=1)


# %% first_layer | right | flat addmm for each kind of image, helper inside
import torch


def first_layer(classes, queries, weight, bias):
    half_c, half_q = torch.tensor_split(weight, 2, dim=-1)

    def part(x, w, b):
        flat = torch.addmm(b, x.reshape(-1, x.shape[-1]), w.transpose(0, 1))
        return flat.view(x.shape[0], x.shape[1], -1)

    a, b = part(classes, half_c, torch.zeros_like(bias)), part(queries, half_q, bias)
    return torch.add(b.unsqueeze(-2), a.unsqueeze(-3))


# %% ring_task | wrong | rolled the wrong way: queries stand one place back | one step back
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1)
    return support, support.roll(1, dims=1)


# %% ring_task | wrong | roll without dims: the flattened numbers move by one | roll without dims
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1)
    return support, torch.roll(support, -1)


# %% ring_task | wrong | linspace with both ends: last class stands on class 0 | where the first one stands
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + torch.linspace(0, 2 * math.pi, way)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1)
    return support, support.roll(-1, dims=1)


# %% ring_task | wrong | sine and cosine exchanged: x is the sine | x is the cosine and y the sine
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.sin(), angles.cos()], dim=-1)
    return support, support.roll(-1, dims=1)


# %% ring_task | wrong | a step of 72 degrees written in: right for five classes only | the step is that of 5 classes
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / 5 * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1)
    return support, support.roll(-1, dims=1)


# %% ring_task | wrong | no wrap: the last class's query stays at its own place | The circle is closed
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1)
    return support, torch.cat([support[:, 1:], support[:, -1:]], dim=1)


# %% ring_task | wrong | stacked on the wrong axis, then reshaped: x and y scrambled | mixed up
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.cos(), angles.sin()], dim=1).reshape(len(first), way, 2)
    return support, support.roll(-1, dims=1)


# %% ring_task | wrong | adds the step in place: the caller's angles are changed | it changes `first` in place
import math

import torch


def ring_task(first, way):
    points = []
    for _ in range(way):
        points.append(torch.stack([first.cos(), first.sin()], dim=-1))
        first += 2 * math.pi / way
    support = torch.stack(points, dim=1)
    return support, torch.roll(support, -1, dims=1)


# %% ring_task | wrong | adds the little noise of the lesson to the queries | It draws random numbers
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1)
    query = support.roll(-1, dims=1)
    return support, query + 0.05 * torch.randn_like(query)


# %% ring_task | wrong | all tasks are turned by the first task's angle | turned by the first task's angle
import math

import torch


def ring_task(first, way):
    angles = first[0] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1).repeat(len(first), 1, 1)
    return support, support.roll(-1, dims=1)


# %% ring_task | right | broadcasting, stack and roll
import math

import torch


def ring_task(first, way):
    angles = first[:, None] + 2 * math.pi / way * torch.arange(way, dtype=first.dtype, device=first.device)
    support = torch.stack([angles.cos(), angles.sin()], dim=-1)
    return support, torch.roll(support, shifts=-1, dims=1)


# %% ring_task | right | complex numbers: torch.polar and view_as_real
import math

import torch


def ring_task(first, way):
    def place(k):
        angle = first.unsqueeze(1) + k * (2 * math.pi / way)
        return torch.view_as_real(torch.polar(torch.ones_like(angle), angle))

    k = torch.arange(way).to(first)
    return place(k), place(k + 1)


# %% ring_task | right | loop with a rotation matrix, index for the queries
import math

import torch


def ring_task(first, way):
    step = 2 * math.pi / way
    turn = torch.tensor([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]]).to(first)
    point = torch.stack([torch.cos(first), torch.sin(first)], dim=1)
    places = []
    for _ in range(way):
        places.append(point)
        point = point @ turn.T
    support = torch.stack(places, dim=1)
    return support, support[:, [(k + 1) % way for k in range(way)]]


# %% ring_task | right | way + 1 places by linspace, two slices
import math

import torch


def ring_task(first, way):
    around = torch.linspace(0, 2 * math.pi, way + 1, dtype=first.dtype, device=first.device)
    angles = first.reshape(-1, 1) + around
    places = torch.cat([torch.cos(angles)[..., None], torch.sin(angles)[..., None]], -1)
    return places[:, :-1], places[:, 1:]


# %% ring_matrix | wrong | the dot product: no turn at all | A turns nothing
def ring_matrix(way):
    return torch.eye(2)


# %% ring_matrix | wrong | turns the wrong way: transposed | turns the wrong way
def ring_matrix(way):
    c, s = math.cos(2 * math.pi / way), math.sin(2 * math.pi / way)
    return torch.tensor([[c, s], [-s, c]])


# %% ring_matrix | wrong | an angle in degrees | in degrees
def ring_matrix(way):
    step = 360 / way
    c, s = math.cos(step), math.sin(step)
    return torch.tensor([[c, -s], [s, c]])


# %% ring_matrix | wrong | the angle of five classes whatever way is | that of 5 classes
def ring_matrix(way):
    step = math.radians(72)
    return torch.tensor([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]])


# %% ring_matrix | wrong | half a step: the own class and the next one tie | half a place
def ring_matrix(way):
    step = math.pi / way
    return torch.tensor([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]])


# %% ring_matrix | wrong | a quarter turn: right for three to five classes | a quarter turn
def ring_matrix(way):
    return torch.tensor([[0.0, -1.0], [1.0, 0.0]])


# %% ring_matrix | wrong | a reflection in place of a rotation | a mirror
def ring_matrix(way):
    step = 2 * math.pi / way
    return torch.tensor([[math.cos(step), math.sin(step)], [math.sin(step), -math.cos(step)]])


# %% ring_matrix | wrong | minus the dot product: the class that is farthest | half a circle
def ring_matrix(way):
    return -torch.eye(2)


# %% ring_matrix | wrong | a nested list | a list of 2
def ring_matrix(way):
    step = 2 * math.pi / way
    return [[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]]


# %% ring_matrix | wrong | a step of 2 pi / (way - 1) | not way - 1
def ring_matrix(way):
    step = 2 * math.pi / (way - 1)
    return torch.tensor([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]])


# %% ring_matrix | wrong | a function of q and s in place of the matrix | it returned a function
def ring_matrix(way):
    step = 2 * math.pi / way
    A = torch.tensor([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]])
    return lambda q, s: q @ A @ s


# %% ring_matrix | wrong | drawn at random | It draws random numbers
def ring_matrix(way):
    return torch.randn(2, 2)


# %% ring_matrix | wrong | all zeros: every score ties | every score is 0
def ring_matrix(way):
    return torch.zeros(2, 2)


# %% ring_matrix | wrong | two steps: forgets that the query stands one on already | by two places
def ring_matrix(way):
    step = 4 * math.pi / way
    return torch.tensor([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]])


# %% ring_matrix | wrong | minus sign forgotten: cosine and sine without it | a sign is wrong
def ring_matrix(way):
    step = 2 * math.pi / way
    return torch.tensor([[math.cos(step), math.sin(step)], [math.sin(step), math.cos(step)]])


# %% ring_matrix | wrong | NumPy gives float64 | makes it float32
def ring_matrix(way):
    step = 2 * np.pi / way
    return torch.from_numpy(np.array([[np.cos(step), -np.sin(step)], [np.sin(step), np.cos(step)]]))


# %% ring_matrix | wrong | way by way: one matrix for each class | it returned 5 matrices
def ring_matrix(way):
    step = 2 * math.pi / way * torch.arange(way)
    return torch.stack([step.cos(), -step.sin(), step.sin(), step.cos()], -1).view(way, 2, 2)


# %% ring_matrix | right | a rotation, number by number
def ring_matrix(way):
    step = 2 * math.pi / way
    A = torch.zeros(2, 2)
    A[0, 0] = A[1, 1] = math.cos(step)
    A[0, 1], A[1, 0] = -math.sin(step), math.sin(step)
    return A


# %% ring_matrix | right | the sum of q times s, of one task
def ring_matrix(way):
    angle = 2 * math.pi / way * torch.arange(way + 1)
    points = torch.stack([angle.cos(), angle.sin()], 1)
    return points[1:].T @ points[:-1]


# %% ring_matrix | right | the matrix exponential of a small turn
def ring_matrix(way):
    return torch.matrix_exp(2 * math.pi / way * torch.tensor([[0.0, -1.0], [1.0, 0.0]]))


# %% ring_matrix | right | turned by a little more than a step, and ten times as long
def ring_matrix(way):
    step = torch.tensor(2.2 * math.pi / way)
    first = torch.stack([step.cos(), step.sin()])
    return 10 * torch.stack([first, torch.stack([-step.sin(), step.cos()])], dim=1)


# %% concatenate_pairs | wrong | the query's channels first, then the class's | class and query are swapped
import torch


def concatenate_pairs(classes, queries):
    way, n_query = classes.shape[1], queries.shape[1]
    c = classes.unsqueeze(1).expand(-1, n_query, *classes.shape[1:])
    q = queries.unsqueeze(2).expand(-1, -1, way, *queries.shape[2:])
    return torch.cat([q, c], dim=3)


# %% concatenate_pairs | wrong | axes exchanged: way before n_query | queries and classes are exchanged
import torch


def concatenate_pairs(classes, queries):
    way, n_query = classes.shape[1], queries.shape[1]
    c = classes.unsqueeze(2).expand(-1, -1, n_query, *classes.shape[2:])
    q = queries.unsqueeze(1).expand(-1, way, *queries.shape[1:])
    return torch.cat([c, q], dim=3)


# %% concatenate_pairs | wrong | concatenates on the last axis: right for vectors, not for maps | joined along the wrong axis
import torch


def concatenate_pairs(classes, queries):
    c, q = torch.broadcast_tensors(classes[:, None], queries[:, :, None])
    return torch.cat([c, q], dim=-1)


# %% concatenate_pairs | wrong | reshape where a transpose was needed: pairs in wrong order | the pairs do not meet
import torch


def concatenate_pairs(classes, queries):
    tasks, way = classes.shape[:2]
    n_query = queries.shape[1]
    c = classes.repeat_interleave(n_query, dim=1)  # class 0 n_query times, class 1 ...
    q = queries.repeat_interleave(way, dim=1)
    pairs = torch.cat([c, q], dim=2)
    return pairs.reshape(tasks, n_query, way, *pairs.shape[2:])


# %% concatenate_pairs | wrong | classes detached: no gradient reaches the support images | no gradient comes back to `classes`
import torch


def concatenate_pairs(classes, queries):
    c, q = torch.broadcast_tensors(classes.detach()[:, None], queries[:, :, None])
    return torch.cat([c, q], dim=3)


# %% concatenate_pairs | wrong | maps are flattened into one long vector | the maps have become vectors
import torch


def concatenate_pairs(classes, queries):
    c, q = classes.flatten(2), queries.flatten(2)
    way, n_query = c.shape[1], q.shape[1]
    c = c[:, None].expand(-1, n_query, -1, -1)
    q = q[:, :, None].expand(-1, -1, way, -1)
    return torch.cat([c, q], dim=-1)


# %% concatenate_pairs | wrong | channels interleaved: class, query, class, query | the channels of class and query alternate
import torch


def concatenate_pairs(classes, queries):
    c, q = torch.broadcast_tensors(classes[:, None], queries[:, :, None])
    return torch.stack([c, q], dim=4).flatten(3, 4)


# %% concatenate_pairs | wrong | expand written out for maps: vectors crash | That is for vectors (three axes, where maps have five)
import torch


def concatenate_pairs(classes, queries):
    way, n_query = classes.shape[1], queries.shape[1]
    c = classes.unsqueeze(1).expand(-1, n_query, -1, -1, -1, -1)
    q = queries.unsqueeze(2).expand(-1, -1, way, -1, -1, -1)
    return torch.cat([c, q], dim=3)


# %% concatenate_pairs | wrong | unsqueeze_ changes the caller's two tensors for good | it changes `classes` in place
import torch


def concatenate_pairs(classes, queries):
    way, n_query = classes.shape[1], queries.shape[1]
    classes.unsqueeze_(1)
    queries.unsqueeze_(2)
    c = classes.expand(-1, n_query, *classes.shape[2:])
    q = queries.expand(-1, -1, way, *queries.shape[3:])
    return torch.cat([c, q], dim=3)


# %% concatenate_pairs | wrong | every task gets the classes of task 0 | every task gets the classes of the first task
import torch


def concatenate_pairs(classes, queries):
    rows = []
    for j in range(queries.shape[1]):
        row = []
        for k in range(classes.shape[1]):
            one = classes[0, k].expand_as(queries[:, j])
            row.append(torch.cat([one, queries[:, j]], dim=1))
        rows.append(torch.stack(row, dim=1))
    return torch.stack(rows, dim=1)


# %% concatenate_pairs | right | broadcast_tensors and one cat
import torch


def concatenate_pairs(classes, queries):
    c, q = torch.broadcast_tensors(classes.unsqueeze(1), queries.unsqueeze(2))
    return torch.cat((c, q), dim=3)


# %% concatenate_pairs | right | two loops, list of single pairs, stack
import torch


def concatenate_pairs(classes, queries):
    rows = []
    for j in range(queries.shape[1]):
        row = [torch.cat([classes[:, k], queries[:, j]], dim=1)
               for k in range(classes.shape[1])]
        rows.append(torch.stack(row, dim=1))
    return torch.stack(rows, dim=1)


# %% concatenate_pairs | right | indices of all pairs, picked and reshaped
import torch


def concatenate_pairs(classes, queries):
    tasks, way = classes.shape[:2]
    n_query = queries.shape[1]

    def which(count):
        return torch.arange(count, device=queries.device)

    j, k = torch.cartesian_prod(which(n_query), which(way)).unbind(dim=1)
    pairs = torch.cat([classes[:, k], queries[:, j]], dim=2)
    return pairs.view(tasks, n_query, way, *pairs.shape[2:])


# %% concatenate_pairs | right | an empty tensor, both halves written into it
def concatenate_pairs(classes, queries):
    tasks, way, channels, *rest = classes.shape
    pairs = classes.new_empty(tasks, queries.size(1), way, 2 * channels, *rest)
    pairs[:, :, :, :channels] = classes[:, None]
    pairs[:, :, :, channels:] = queries[:, :, None]
    return pairs


# %% first_layer | wrong | builds the pairs: right numbers, nothing saved | as if each of the 125 pairs went through the layer
import torch
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    way, n_query = classes.shape[1], queries.shape[1]
    c = classes[:, None].expand(-1, n_query, -1, -1)
    q = queries[:, :, None].expand(-1, -1, way, -1)
    return F.linear(torch.cat([c, q], dim=-1), weight, bias)


# %% first_layer | wrong | the halves of the weight are exchanged | the left half of the weight is for the class
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    channels = classes.shape[-1]
    of_query = F.linear(queries, weight[:, :channels], bias)
    of_class = F.linear(classes, weight[:, channels:])
    return of_query[:, :, None] + of_class[:, None]


# %% first_layer | wrong | the bias is added twice, once for each half | the bias is added twice
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_class, w_query = weight.chunk(2, dim=1)
    of_class = F.linear(classes, w_class, bias)
    of_query = F.linear(queries, w_query, bias)
    return of_class.unsqueeze(1) + of_query.unsqueeze(2)


# %% first_layer | wrong | the bias is forgotten | the bias is missing
def first_layer(classes, queries, weight, bias):
    channels = classes.shape[-1]
    of_class = classes @ weight[:, :channels].T
    of_query = queries @ weight[:, channels:].T
    return of_query.unsqueeze(2) + of_class.unsqueeze(1)


# %% first_layer | wrong | axes exchanged: [tasks, way, n_query, out] | queries and classes are exchanged
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    w_class, w_query = weight.chunk(2, dim=1)
    of_class = F.linear(classes, w_class)
    of_query = F.linear(queries, w_query, bias)
    return of_class.unsqueeze(2) + of_query.unsqueeze(1)


# %% first_layer | wrong | halves split, but applied after expanding to all pairs | as if each of the 125 pairs went through the layer
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    way, n_query, channels = classes.shape[1], queries.shape[1], classes.shape[2]
    c = classes[:, None].expand(-1, n_query, -1, -1)
    q = queries[:, :, None].expand(-1, -1, way, -1)
    return F.linear(c, weight[:, :channels]) + F.linear(q, weight[:, channels:], bias)


# %% first_layer | wrong | the classes are multiplied again for every query in the loop | one of the two halves is still computed once for every pair
import torch
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    channels = classes.shape[-1]
    rows = []
    for j in range(queries.shape[1]):
        of_query = F.linear(queries[:, j], weight[:, channels:], bias)  # [tasks, out]
        of_class = F.linear(classes, weight[:, :channels])  # [tasks, way, out]
        rows.append(of_class + of_query[:, None])
    return torch.stack(rows, dim=1)


# %% first_layer | wrong | copies the weights into new layers: gradient to weight lost | no gradient comes back to `weight`
from torch import nn


def first_layer(classes, queries, weight, bias):
    channels, out = classes.shape[-1], weight.shape[0]
    for_class = nn.Linear(channels, out, bias=False)
    for_query = nn.Linear(channels, out)
    for_class.weight = nn.Parameter(weight[:, :channels])
    for_query.weight = nn.Parameter(weight[:, channels:])
    for_query.bias = nn.Parameter(bias)
    return for_query(queries)[:, :, None] + for_class(classes)[:, None]


# %% first_layer | wrong | even and odd columns taken for the two halves | cut into every other column
import torch


def first_layer(classes, queries, weight, bias):
    of_class = torch.einsum("twc,oc->two", classes, weight[:, 0::2])
    of_query = torch.einsum("tqc,oc->tqo", queries, weight[:, 1::2])
    return of_query[:, :, None] + of_class[:, None] + bias


# %% first_layer | wrong | cuts the weight at out, not at channels | It is right for as many outputs as channels
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    out = weight.shape[0]
    w_class, w_query = weight[:, :out], weight[:, out:]
    of_class = F.linear(classes, w_class)
    of_query = F.linear(queries, w_query, bias)
    return of_query[:, :, None] + of_class[:, None]


# %% first_layer | right | slices, F.linear twice, None as an axis
from torch.nn import functional as F


def first_layer(classes, queries, weight, bias):
    channels = classes.shape[-1]
    of_class = F.linear(classes, weight[:, :channels])
    of_query = F.linear(queries, weight[:, channels:], bias)
    return of_class[:, None] + of_query[:, :, None]


# %% first_layer | right | einsum, the bias on the class's side
import torch


def first_layer(classes, queries, weight, bias):
    w_class, w_query = torch.tensor_split(weight, 2, dim=1)
    a = torch.einsum("twc,oc->two", classes, w_class) + bias
    b = torch.einsum("tqc,oc->tqo", queries, w_query)
    return a.unsqueeze(dim=1) + b.unsqueeze(dim=2)


# %% first_layer | right | loops over single vectors, additions for each pair
import torch


def first_layer(classes, queries, weight, bias):
    channels = classes.size(2)
    w_class, w_query = weight.split(channels, dim=1)
    tasks = []
    for some_classes, some_queries in zip(classes, queries):
        of_class = [w_class @ c for c in some_classes]
        of_query = [w_query @ q for q in some_queries]
        tasks.append(torch.stack([torch.stack([a + b + bias for a in of_class])
                                  for b in of_query]))
    return torch.stack(tasks)


# %% first_layer | right | elementwise products and a sum in a helper
def first_layer(classes, queries, weight, bias):
    channels = classes.shape[-1]

    def times(images, part):  # [tasks, n, 1, channels] * [out, channels]
        return (images.unsqueeze(2) * part).sum(dim=-1)

    of_class = times(classes, weight[:, :channels])
    of_query = times(queries, weight[:, channels:])
    return (of_query + bias).unsqueeze(2) + of_class.unsqueeze(1)


# %% ring_task | wrong | rolled the other way: query stands with class k - 1 | the queries go one step back
import math

import torch


def ring_task(first, way):
    step = 2 * math.pi / way
    angle = first[:, None] + step * torch.arange(way)
    support = torch.stack([angle.cos(), angle.sin()], dim=-1)
    return support, support.roll(1, dims=1)


# %% ring_task | wrong | clockwise in place of counterclockwise | the classes go round clockwise
import math

import torch


def ring_task(first, way):
    step = 2 * math.pi / way
    angle = first[:, None] - step * torch.arange(way)
    support = torch.stack([angle.cos(), angle.sin()], dim=-1)
    return support, support.roll(-1, dims=1)


# %% ring_task | wrong | linspace with both ends: last class stands on class 0 | way steps in a turn, not way - 1
import math

import torch


def ring_task(first, way):
    angle = first[:, None] + torch.linspace(0, 2 * math.pi, way)
    support = torch.stack([angle.cos(), angle.sin()], dim=-1)
    return support, support.roll(-1, dims=1)


# %% ring_task | wrong | x and y exchanged: sine first | x is the cosine and y the sine
import math

import torch


def ring_task(first, way):
    angle = first.unsqueeze(1) + torch.arange(way) * (2 * math.pi / way)
    support = torch.stack([torch.sin(angle), torch.cos(angle)], dim=-1)
    queries = torch.cat([support[:, 1:], support[:, :1]], dim=1)
    return support, queries


# %% ring_task | wrong | first is moved on in place, step by step | it changes `first` in place
import math

import torch


def ring_task(first, way):
    places = []
    for k in range(way):
        places.append(torch.stack([first.cos(), first.sin()], dim=-1))
        first += 2 * math.pi / way
    support = torch.stack(places, dim=1)
    return support, torch.stack(places[1:] + places[:1], dim=1)


# %% ring_task | wrong | last class does not wrap round, stays at its own place | The circle is closed
import math

import torch


def ring_task(first, way):
    angle = first[:, None] + torch.arange(way) * (2 * math.pi / way)
    support = torch.stack([angle.cos(), angle.sin()], dim=-1)
    following = (torch.arange(way) + 1).clamp(max=way - 1)
    return support, support[:, following]


# %% ring_task | wrong | roll without dims: right for one task only | roll without dims goes on from task to task
import math

import torch


def ring_task(first, way):
    angle = first[:, None] + torch.arange(way) * (2 * math.pi / way)
    support = torch.stack([angle.cos(), angle.sin()], dim=-1)
    return support, torch.roll(support, -2)  # two numbers are one class


# %% ring_task | wrong | numpy makes it float64 | .to(torch.float32) changes it
import numpy as np
import torch


def ring_task(first, way):
    angle = first.numpy()[:, None] + 2 * np.pi * np.arange(way) / way
    support = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    queries = np.roll(support, -1, axis=1)
    return torch.from_numpy(support), torch.from_numpy(queries)


# %% ring_task | wrong | stacked on axis 1: [tasks, 2, way] | the last two are exchanged
import math

import torch


def ring_task(first, way):
    angle = first[:, None] + torch.arange(way) * (2 * math.pi / way)
    support = torch.stack([angle.cos(), angle.sin()], dim=1)
    return support, support.roll(-1, dims=2)


# %% ring_task | wrong | adds the noise of 0.05 itself | It draws random numbers
import math

import torch


def ring_task(first, way):
    angle = first[:, None] + torch.arange(way) * (2 * math.pi / way)
    support = torch.stack([angle.cos(), angle.sin()], dim=-1)
    queries = support.roll(-1, dims=1)
    return (support + 0.05 * torch.randn_like(support),
            queries + 0.05 * torch.randn_like(queries))


# %% ring_task | right | all angles at once, roll
import math

import torch


def ring_task(first, way):
    steps = torch.arange(way, device=first.device, dtype=first.dtype)
    angle = first[:, None] + 2 * math.pi / way * steps
    support = torch.stack([angle.cos(), angle.sin()], dim=-1)
    return support, support.roll(-1, dims=1)


# %% ring_task | right | plain Python numbers in loops, nested lists
import math

import torch


def ring_task(first, way):
    support, queries = [], []
    for start in first.tolist():
        places = []
        for k in range(way):
            angle = start + 2 * math.pi * k / way
            places.append([math.cos(angle), math.sin(angle)])
        support.append(places)
        queries.append([places[(k + 1) % way] for k in range(way)])
    return (torch.tensor(support, dtype=torch.float32, device=first.device),
            torch.tensor(queries, dtype=torch.float32, device=first.device))


# %% ring_task | right | complex numbers on the unit circle
import math

import torch


def ring_task(first, way):
    steps = torch.arange(way, device=first.device) * (2 * math.pi / way)
    start = torch.polar(torch.ones_like(first), first)
    turns = torch.polar(torch.ones_like(steps), steps)
    support = torch.view_as_real(start[:, None] * turns[None])
    following = [(k + 1) % way for k in range(way)]
    return support, support[:, following]


# %% ring_task | right | a rotation matrix for each class, einsum, cat
import math

import torch


def ring_task(first, way):
    def rotation(angle):
        c, s = math.cos(angle), math.sin(angle)
        return [[c, -s], [s, c]]

    turns = first.new_tensor([rotation(2 * math.pi * k / way) for k in range(way)])
    start = torch.stack((torch.cos(first), torch.sin(first)), dim=1)  # [tasks, 2]
    support = torch.einsum("kij,tj->tki", turns, start)
    queries = torch.cat((support[:, 1:], support[:, :1]), dim=1)
    return support, queries


# %% ring_matrix | wrong | turns the wrong way: the transposed matrix | A turns the wrong way
import math

import torch


def ring_matrix(way):
    step = 2 * math.pi / way
    c, s = math.cos(step), math.sin(step)
    return torch.tensor([[c, s], [-s, c]])


# %% ring_matrix | wrong | way ignored, 72 degrees fixed: fails from 8 classes on | the angle is that of 5 classes
import math

import torch


def ring_matrix(way):
    step = math.radians(72)
    c, s = math.cos(step), math.sin(step)
    return torch.tensor([[c, -s], [s, c]])


# %% ring_matrix | wrong | a quarter turn for every way: fails from 6 on | A is a quarter turn
import torch


def ring_matrix(way):
    return torch.tensor([[0.0, -1.0], [1.0, 0.0]])


# %% ring_matrix | wrong | half a step: own class and next one tie | the angle is half a place
import math

import torch


def ring_matrix(way):
    half = math.pi / way
    c, s = math.cos(half), math.sin(half)
    return torch.tensor([[c, -s], [s, c]])


# %% ring_matrix | wrong | step of way - 1 gaps: ties with three classes | way places in a turn, not way - 1
import math

import torch


def ring_matrix(way):
    step = 2 * math.pi / (way - 1)
    c, s = math.cos(step), math.sin(step)
    return torch.tensor([[c, -s], [s, c]])


# %% ring_matrix | wrong | right rotation, but float64 from numpy | makes it float32
import numpy as np
import torch


def ring_matrix(way):
    step = 2 * np.pi / way
    turn = np.array([[np.cos(step), -np.sin(step)], [np.sin(step), np.cos(step)]])
    return torch.from_numpy(turn)


# %% ring_matrix | wrong | degrees given to cosine and sine | the angle is in degrees
import torch


def ring_matrix(way):
    step = torch.tensor(360.0 / way)
    c, s = step.cos(), step.sin()
    return torch.stack([torch.stack([c, -s]), torch.stack([s, c])])


# %% ring_matrix | wrong | minus identity: pushes away from the nearest, nothing more | A turns s by half a circle
import torch


def ring_matrix(way):
    return -torch.eye(2)


# %% ring_matrix | wrong | fitted to one class of one task: rank one | A must do the same in every direction
import math

import torch


def ring_matrix(way):
    step = 2 * math.pi / way
    s = torch.tensor([1.0, 0.0])  # class 0 with first = 0
    q = torch.tensor([math.cos(step), math.sin(step)])
    return torch.outer(q, s)


# %% ring_matrix | wrong | a reflection in place of a rotation | this is a mirror
import math

import torch


def ring_matrix(way):
    step = 2 * math.pi / way
    c, s = math.cos(step), math.sin(step)
    return torch.tensor([[c, s], [s, -c]])


# %% ring_matrix | right | the rotation by one step, written down
import math

import torch


def ring_matrix(way):
    step = 2 * math.pi / way
    return torch.tensor([[math.cos(step), -math.sin(step)],
                         [math.sin(step), math.cos(step)]], dtype=torch.float32)


# %% ring_matrix | right | sum of outer products of queries and own support examples
import math

import torch


def ring_matrix(way):
    angle = torch.arange(way) * (2 * math.pi / way)
    support = torch.stack([angle.cos(), angle.sin()], dim=1)
    queries = support.roll(-1, dims=0)
    A = torch.zeros(2, 2)
    for q, s in zip(queries, support):
        A += torch.outer(q, s)
    return A


# %% ring_matrix | right | matrix exponential of a quarter turn
import math

import torch


def ring_matrix(way):
    quarter = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
    return torch.linalg.matrix_exp(quarter * (2 * math.pi / way))


# %% ring_matrix | right | another A: a little too far, and ten times larger
import math

import torch


def ring_matrix(way):
    angle = 2.2 * math.pi / way  # less than half a step from the true one: no tie
    place = torch.polar(torch.tensor(10.0), torch.tensor(angle))
    x, y = torch.view_as_real(place)
    return torch.stack([x, -y, y, x]).reshape(2, 2)
