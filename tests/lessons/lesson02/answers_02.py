# %% nearest_neighbour | wrong | returns the position of the support example, not its label | it returns the *position* of the nearest support example
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    return squared_distances(queries, points).argmin(-1)

# %% nearest_neighbour | wrong | takes the farthest, argmax for argmin | it picks the support example that is *farthest* away
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points)
    return labels.gather(1, d.argmax(-1))

# %% nearest_neighbour | wrong | labels[index] without gather: an axis too many, indexes tasks | labels[positions] takes the positions for numbers of *tasks*
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    nearest = squared_distances(queries, points).argmin(dim=-1)
    return labels[nearest]

# %% nearest_neighbour | wrong | minimum over the queries (dim 1), not over the support examples | it finds the nearest *query* for each support example
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    nearest = squared_distances(queries, points).argmin(dim=1)
    return torch.gather(labels, 1, nearest.clamp(max=labels.shape[1] - 1))

# %% nearest_neighbour | wrong | uses the labels of task 0 for every task | it reads the labels of the first task for every task
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    nearest = squared_distances(queries, points).argmin(-1)
    return labels[0][nearest]

# %% nearest_neighbour | wrong | only answers the first task, return inside the loop | it answers for one task only
def nearest_neighbour(queries, points, labels):
    for t in range(queries.shape[0]):
        d = ((queries[t][:, None] - points[t][None]) ** 2).sum(-1)
        return labels[t][d.argmin(1)].unsqueeze(0)

# %% nearest_neighbour | wrong | squeeze drops the task axis when there is one task | Axis 0 (task) is missing
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points)
    return labels.gather(1, d.argmin(-1)).squeeze()

# %% nearest_neighbour | wrong | leaves an axis of size 1 at the end (keepdim) | keepdim=True or unsqueeze made it
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points)
    index = d.argmin(-1, keepdim=True)
    return labels.unsqueeze(1).expand(-1, d.shape[1], -1).gather(2, index)

# %% nearest_neighbour | wrong | largest dot product is not the smallest distance | it takes the largest dot product
def nearest_neighbour(queries, points, labels):
    similarity = queries @ points.transpose(1, 2)
    return labels.gather(1, similarity.argmax(-1))

# %% nearest_neighbour | wrong | cosine similarity ignores lengths, not the distance | it compares directions (cosine) and forgets how long
def nearest_neighbour(queries, points, labels):
    similarity = F.cosine_similarity(queries[:, :, None], points[:, None], dim=-1)
    return labels.gather(1, similarity.argmax(-1))

# %% nearest_neighbour | wrong | nearest class mean instead of nearest example, equal only for 1 shot | it looks for the nearest class *mean*
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    way = int(labels.max()) + 1
    hot = F.one_hot(labels, way).to(points.dtype)
    means = hot.transpose(1, 2) @ points / hot.sum(1).clamp(min=1).unsqueeze(-1)
    return squared_distances(queries, means).argmin(-1)

# %% nearest_neighbour | wrong | arguments of squared_distances swapped, minimum over queries | it finds the nearest *query* for each support example
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(points, queries)
    return labels.gather(1, d.argmin(-1) % labels.shape[1])

# %% nearest_neighbour | wrong | returns the smallest distance, not a label | it returns the smallest distance
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    return squared_distances(queries, points).min(-1).values

# %% nearest_neighbour | wrong | labels as floats, not integers | Its numbers are right, but of another type
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    nearest = squared_distances(queries, points).argmin(-1)
    out = torch.zeros(nearest.shape)
    for t in range(nearest.shape[0]):
        for i in range(nearest.shape[1]):
            out[t, i] = labels[t, nearest[t, i]]
    return out

# %% nearest_neighbour | wrong | takes for granted that labels are 0, 1, 2, ... in order, never reads labels | it takes for granted that the support set is sorted by class
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    way = int(labels.max()) + 1
    shot = labels.shape[1] // way
    return squared_distances(queries, points).argmin(-1) // shot

# %% nearest_neighbour | wrong | support size 5 hard-coded: misses further support examples | it looks at the first 5 support examples only
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points[:, :5])
    return labels.gather(1, d.argmin(-1))

# %% nearest_neighbour | wrong | hard-coded shapes 75 and 28 * 28 | Does the code count on its sizes?
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries.reshape(-1, 75, 28 * 28), points.reshape(-1, 5, 28 * 28))
    return labels.gather(1, d.argmin(-1))

# %% nearest_neighbour | wrong | adds up the labels when two support examples tie for the minimum | where two support examples are equally near it adds up
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points)
    mask = (d == d.min(-1, keepdim=True).values).long()  # one-hot of the nearest
    return (mask * labels.unsqueeze(1)).sum(-1)

# %% nearest_neighbour | wrong | best starts at 10, so larger distances are never accepted (start at infinity) | start with math.inf
def nearest_neighbour(queries, points, labels):
    out = torch.zeros(queries.shape[:2], dtype=torch.long)
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            best = 10.0
            for j in range(points.shape[1]):
                d = ((queries[t, i] - points[t, j]) ** 2).sum().item()
                if d < best:
                    best = d
                    out[t, i] = labels[t, j]
    return out

# %% nearest_neighbour | wrong | changes queries and points in place | it changes `queries` in place
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    center = points.mean(1, keepdim=True)
    queries -= center
    points -= center
    return labels.gather(1, squared_distances(queries, points).argmin(-1))

# %% nearest_neighbour | wrong | differences are not squared, they cancel | it adds up differences that are not squared
def nearest_neighbour(queries, points, labels):
    d = (queries.unsqueeze(2) - points.unsqueeze(1)).sum(-1)
    return labels.gather(1, d.argmin(-1))

# %% nearest_neighbour | wrong | no unsqueeze: query i is subtracted from point i only (broadcasting) | query i meets support example i only
def nearest_neighbour(queries, points, labels):
    d = (queries - points).square().sum(-1)
    return labels.gather(1, d.argmin(-1, keepdim=True))

# %% nearest_neighbour | wrong | votes among the 3 nearest instead of the one nearest | it lets the 3 nearest examples vote
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points)
    k = min(3, d.shape[-1])
    index = d.topk(k, largest=False).indices
    found = labels.unsqueeze(1).expand(-1, d.shape[1], -1).gather(2, index)
    return found.mode(-1).values

# %% nearest_neighbour | wrong | mean of labels weighted by a softmax, rounded: labels are names, not amounts | it takes a mean of labels
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    weights = (-squared_distances(queries, points)).softmax(-1)
    return (weights @ labels.float().unsqueeze(-1)).squeeze(-1).round().long()

# %% nearest_neighbour | wrong | offset of a task in the flattened labels counts queries, not support examples | it reads labels of another task
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    nearest = squared_distances(queries, points).argmin(-1)
    task = torch.arange(queries.shape[0]).unsqueeze(1)
    return torch.take(labels, nearest + task * queries.shape[1])

# %% nearest_neighbour | wrong | returns nested Python lists, not a tensor | Its numbers are right: torch.tensor(...)
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points)
    return [[labels[t, d[t, i].argmin()].item() for i in range(d.shape[1])] for t in range(d.shape[0])]

# %% nearest_neighbour | wrong | prints, returns None | Is the `return` missing?
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    d = squared_distances(queries, points)
    print(labels.gather(1, d.argmin(-1)))

# %% nearest_neighbour | wrong | NameError, distances is not defined | is not defined
def nearest_neighbour(queries, points, labels):
    return labels.gather(1, distances.argmin(-1))

# %% nearest_neighbour | right | terse, gather
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    return labels.gather(1, squared_distances(queries, points).argmin(-1))

# %% nearest_neighbour | right | three plain loops
def nearest_neighbour(queries, points, labels):
    n_tasks, n_query, _ = queries.shape
    answers = torch.empty(n_tasks, n_query, dtype=labels.dtype, device=labels.device)
    for t in range(n_tasks):
        for i in range(n_query):
            best, best_j = math.inf, 0
            for j in range(points.shape[1]):
                d = ((queries[t, i] - points[t, j]) ** 2).sum().item()
                if d < best:
                    best, best_j = d, j
            answers[t, i] = labels[t, best_j]
    return answers

# %% nearest_neighbour | right | numpy inside, converted back
import numpy as np
def nearest_neighbour(queries, points, labels):
    q = queries.detach().cpu().numpy()
    p = points.detach().cpu().numpy()
    y = labels.cpu().numpy()
    d = ((q[:, :, None, :] - p[:, None, :, :]) ** 2).sum(axis=-1)
    found = np.take_along_axis(y, d.argmin(axis=-1), axis=1)
    return torch.from_numpy(found).to(labels.device)

# %% nearest_neighbour | right | advanced indexing with a column of task numbers
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    nearest = squared_distances(queries, points).argmin(dim=2)
    task = torch.arange(labels.shape[0], device=labels.device)[:, None]
    return labels[task, nearest]

# %% nearest_neighbour | right | cdist and a list of tasks, stacked
def nearest_neighbour(queries, points, labels):
    answers = []
    for q, p, y in zip(queries, points, labels):
        d = torch.cdist(q, p, compute_mode="donot_use_mm_for_euclid_dist")
        answers.append(y[d.argmin(1)])
    return torch.stack(answers)

# %% nearest_neighbour | right | sorts the distances, takes the first
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    distances = squared_distances(queries, points)          # [tasks, n_query, n_support]
    order = distances.argsort(dim=-1)                       # nearest first
    first = order[:, :, 0]                                  # [tasks, n_query]
    result = torch.take_along_dim(labels, first, dim=1)     # [tasks, n_query]
    return result

# %% nearest_neighbour | right | one-hot of the nearest, times labels
from course_lib.learners import squared_distances
def nearest_neighbour(queries, points, labels):
    nearest = torch.min(squared_distances(queries, points), -1)[1]
    hot = F.one_hot(nearest, labels.shape[1])
    return (hot * labels[:, None, :]).sum(-1)

# %% ci95 | wrong | not divided by the square root of n | that says how much single *tasks* vary
def ci95(scores):
    return 1.96 * scores.std()

# %% ci95 | wrong | divided by n, not by its square root | it divides by the number of tasks
def ci95(scores):
    return 1.96 * scores.std() / len(scores)

# %% ci95 | wrong | the full width, twice the half-width | that is the *whole* width of the interval
def ci95(scores):
    half = 1.96 * scores.std() / math.sqrt(len(scores))
    return 2 * half

# %% ci95 | wrong | the standard error only, 1.96 is missing | that is the standard error
def ci95(scores):
    return scores.std() / math.sqrt(len(scores))

# %% ci95 | wrong | variance instead of the standard deviation | it uses the variance
def ci95(scores):
    return 1.96 * scores.var() / math.sqrt(len(scores))

# %% ci95 | wrong | returns the two ends of the interval, not half its width | these are the two ends of the interval
def ci95(scores):
    half = 1.96 * scores.std() / len(scores) ** 0.5
    return scores.mean() - half, scores.mean() + half

# %% ci95 | wrong | spread of the scores (quantiles), not of their mean | where the middle 95 %
def ci95(scores):
    low, high = torch.quantile(scores, 0.025), torch.quantile(scores, 0.975)
    return (high - low) / 2

# %% ci95 | wrong | n hard-coded as 150 tasks | it divides by the square root of 150
def ci95(scores):
    n_tasks = 150
    return 1.96 * scores.std() / math.sqrt(n_tasks)

# %% ci95 | wrong | counts the 75 queries of each task, not tasks | it counts 75 times as many scores as there are tasks
def ci95(scores):
    n = len(scores) * 75
    return 1.96 * scores.std() / n ** 0.5

# %% ci95 | wrong | n - 1 twice: in the standard deviation and under the root | n - 1 is used twice
def ci95(scores):
    return 1.96 * scores.std(unbiased=True) / math.sqrt(len(scores) - 1)

# %% ci95 | wrong | in percent, not in the units of the scores | it is in percent
def ci95(scores):
    return 100 * 1.96 * scores.std() / math.sqrt(len(scores))

# %% ci95 | wrong | rounded to two decimals | it is rounded (decimals
def ci95(scores):
    return round(float(1.96 * scores.std() / math.sqrt(len(scores))), 2)

# %% ci95 | wrong | 1.645 is for 90 percent, not 1.96 | 1.645 standard errors make an interval of 90 %
def ci95(scores):
    return 1.645 * scores.std() / math.sqrt(len(scores))

# %% ci95 | wrong | 0.95 standard errors, not 1.96 | it multiplies by 0.95
def ci95(scores):
    return 0.95 * scores.std() / math.sqrt(len(scores))

# %% ci95 | wrong | binomial formula p (1 - p), holds only for scores that are 0 or 1 | p (1 - p) is the variance of single answers
def ci95(scores):
    p = scores.mean()
    return 1.96 * torch.sqrt(p * (1 - p) / len(scores))

# %% ci95 | wrong | mean of squares minus square of mean cancels in float32 (numerically unsafe) | subtract the mean from each score first
def ci95(scores):
    n = len(scores)
    variance = (scores ** 2).mean() - scores.mean() ** 2
    return 1.96 * (variance * n / (n - 1)).sqrt() / n ** 0.5

# %% ci95 | wrong | mean absolute deviation instead of standard deviation | it takes the mean *absolute* deviation
def ci95(scores):
    deviation = (scores - scores.mean()).abs().mean()
    return 1.96 * deviation / math.sqrt(len(scores))

# %% ci95 | wrong | mean is not subtracted, root mean square about 0 | the mean is not subtracted
def ci95(scores):
    n = len(scores)
    std = ((scores ** 2).sum() / (n - 1)).sqrt()
    return 1.96 * std / math.sqrt(n)

# %% ci95 | wrong | returns mean plus half-width, the upper end | that is the upper end of the interval
def ci95(scores):
    return scores.mean() + 1.96 * scores.std() / math.sqrt(scores.numel())

# %% ci95 | wrong | changes scores in place, subtracts the mean from them | it changes `scores` in place
def ci95(scores):
    n = len(scores)
    scores -= scores.mean()
    return 1.96 * ((scores ** 2).sum() / (n - 1)).sqrt() / n ** 0.5

# %% ci95 | wrong | loop leaves the last score out, off by one | the last score is left out of the sum
def ci95(scores):
    n = len(scores)
    mean = sum(scores.tolist()) / n
    total = 0.0
    for i in range(n - 1):
        total += (scores[i].item() - mean) ** 2
    return 1.96 * math.sqrt(total / (n - 1)) / math.sqrt(n)

# %% ci95 | wrong | root of standard deviation too: the root is around all of std / n | the square root goes around n alone
def ci95(scores):
    return 1.96 * torch.sqrt(scores.std() / len(scores))

# %% ci95 | wrong | 1.96 is under the root | 1.96 stands under the square root
def ci95(scores):
    return torch.sqrt(1.96 * scores.var() / len(scores))

# %% ci95 | wrong | multiplied by the square root of n instead of divided | it multiplies by the square root of n
def ci95(scores):
    return 1.96 * scores.std() * math.sqrt(len(scores))

# %% ci95 | wrong | random bootstrap, a different number each time, not the formula | It draws random numbers
def ci95(scores):
    means = []
    for _ in range(30):
        index = torch.randint(len(scores), (len(scores),))
        means.append(scores[index].mean())
    return 1.96 * torch.stack(means).std()

# %% ci95 | wrong | a list of values, one a score (deviation from the mean is not averaged) | it gives a number for each score
def ci95(scores):
    return 1.96 * (scores - scores.mean()).abs() / math.sqrt(len(scores))

# %% ci95 | wrong | relative to the mean, not in the units of the scores | it is divided by the mean
def ci95(scores):
    return 1.96 * scores.std() / math.sqrt(len(scores)) / scores.mean()

# %% ci95 | wrong | a string, not a number | but it is a str
def ci95(scores):
    return f"{100 * 1.96 * scores.std() / math.sqrt(len(scores)):.1f} %"

# %% ci95 | wrong | prints, returns None | Is the `return` missing?
def ci95(scores):
    print(1.96 * scores.std() / math.sqrt(len(scores)))

# %% ci95 | wrong | NameError, n is not defined | is not defined
def ci95(scores):
    return 1.96 * scores.std() / math.sqrt(n)

# %% ci95 | wrong | endless loop, never returns | Does a loop never end?
def ci95(scores):
    total, i = 0.0, 0
    while i < len(scores):
        total += (float(scores[i]) - float(scores.mean())) ** 2
    return 1.96 * math.sqrt(total / (len(scores) - 1)) / math.sqrt(len(scores))

# %% ci95 | right | terse, a tensor of no axes
def ci95(scores):
    return 1.96 * scores.std() / len(scores) ** 0.5

# %% ci95 | right | Python float
def ci95(scores):
    return 1.96 * scores.std().item() / math.sqrt(scores.numel())

# %% ci95 | right | plain loops over a list
def ci95(scores):
    values = scores.tolist()
    n = len(values)
    mean = sum(values) / n
    total = 0.0
    for value in values:
        total += (value - mean) ** 2
    standard_deviation = (total / (n - 1)) ** 0.5
    standard_error = standard_deviation / n ** 0.5
    return 1.96 * standard_error

# %% ci95 | right | numpy with ddof 1
import numpy as np
def ci95(scores):
    values = scores.detach().cpu().numpy()
    return float(1.96 * np.std(values, ddof=1) / np.sqrt(len(values)))

# %% ci95 | right | statistics of the standard library
import statistics
def ci95(scores):
    return 1.96 * statistics.stdev(scores.tolist()) / math.sqrt(len(scores))

# %% ci95 | right | variance over n, then the root
def ci95(scores):
    return 1.96 * (scores.var() / scores.shape[0]).sqrt()

# %% ci95 | right | standard deviation over n, divided by root of n - 1: the same number
def ci95(scores):
    n = len(scores)
    return 1.96 * torch.std(scores, correction=0) / math.sqrt(n - 1)

# %% probe_step | wrong | forgets to divide by n (sum instead of mean) | it sums over the examples
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error

# %% probe_step | wrong | plus for minus: climbs the loss | it walks *up* the loss
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return weights + lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | mean over all tasks too: gradient is divided by the number of tasks | it divides by the number of tasks too
def probe_step(weights, features, labels, lr):
    with torch.enable_grad():
        w = weights.detach().clone().requires_grad_()
        loss = F.cross_entropy((features @ w).flatten(0, 1), labels.flatten())
        (gradient,) = torch.autograd.grad(loss, w)
    return weights - lr * gradient

# %% probe_step | wrong | softmax over the examples (dim 1), not over the classes | the softmax runs over the *examples*
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(dim=1) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | no softmax: scores are used as probabilities | the softmax is missing
def probe_step(weights, features, labels, lr):
    error = features @ weights - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | sigmoid instead of softmax | that is a sigmoid for each class
def probe_step(weights, features, labels, lr):
    error = torch.sigmoid(features @ weights) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | log_softmax: logarithms of the probabilities | it takes logarithms of probabilities
def probe_step(weights, features, labels, lr):
    error = F.log_softmax(features @ weights, dim=-1) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | one_hot without the number of classes: fails if the last class is not among the labels | F.one_hot has to be told it
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels).float()
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | 5 classes hard-coded | Does the code count on its sizes?
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, 5)
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | divides by the number of classes, not of examples n (equal only in 1 shot) | it divides by the number of classes
def probe_step(weights, features, labels, lr):
    way = weights.shape[-1]
    error = (features @ weights).softmax(-1) - F.one_hot(labels, way)
    return weights - lr * features.transpose(1, 2) @ error / way

# %% probe_step | wrong | divides by the number of features, not of examples n | it divides by the number of features
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[-1]

# %% probe_step | wrong | changes weights in place | it changes `weights` in place
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    weights -= lr * features.transpose(1, 2) @ error / features.shape[1]
    return weights

# %% probe_step | wrong | returns the gradient, not the new weights | it returns the gradient
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | lr hard-coded as 5, the argument is ignored | the step is 5 times the gradient
def probe_step(weights, features, labels, lr):
    lr = 5.0
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | exp of large scores overflows to nan (numerically unsafe softmax) | *each row's own* largest score
def probe_step(weights, features, labels, lr):
    e = torch.exp(features @ weights)
    error = e / e.sum(-1, keepdim=True) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | subtracts the maximum of all scores, not of each row: others underflow to 0 / 0 | *each row's own* largest score
def probe_step(weights, features, labels, lr):
    scores = features @ weights
    e = torch.exp(scores - scores.max())
    error = e / e.sum(-1, keepdim=True) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | cross_entropy takes axis 1, the examples, for the classes; runs only if n = way | F.cross_entropy takes axis 1 for the classes
def probe_step(weights, features, labels, lr):
    with torch.enable_grad():
        w = weights.detach().clone().requires_grad_()
        loss = F.cross_entropy(features @ w, labels, reduction="sum") / features.shape[1]
        (gradient,) = torch.autograd.grad(loss, w)
    return weights - lr * gradient

# %% probe_step | wrong | one gradient for all tasks: averaged over tasks, weights are not of each its own | every task gets the same gradient
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    gradient = features.transpose(1, 2) @ error / features.shape[1]
    return weights - lr * gradient.mean(0)

# %% probe_step | wrong | turns on requires_grad of the argument and leaves the result in the graph: second step fails | it changes requires_grad of `weights`
def probe_step(weights, features, labels, lr):
    weights.requires_grad_()
    n = features.shape[1]
    loss = F.cross_entropy((features @ weights).flatten(0, 1), labels.flatten(), reduction="sum") / n
    loss.backward()
    return weights - lr * weights.grad

# %% probe_step | wrong | reshape for transpose: mixes examples and features | reshape and view keep the order of the numbers
def probe_step(weights, features, labels, lr):
    tasks, n, size = features.shape
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.reshape(tasks, size, n) @ error / n

# %% probe_step | wrong | argmax (hard predictions) instead of probabilities | it takes the answer (argmax) for the probabilities
def probe_step(weights, features, labels, lr):
    way = weights.shape[-1]
    predicted = F.one_hot((features @ weights).argmax(-1), way)
    error = (predicted - F.one_hot(labels, way)).to(features.dtype)
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | gradient of the squared error, with an additional p (1 - p), not of cross-entropy | that is the slope of a *squared* error
def probe_step(weights, features, labels, lr):
    p = (features @ weights).softmax(-1)
    error = (p - F.one_hot(labels, weights.shape[-1])) * p * (1 - p)
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | many steps instead of one | it takes 50 steps
def probe_step(weights, features, labels, lr):
    for _ in range(50):
        error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
        weights = weights - lr * features.transpose(1, 2) @ error / features.shape[1]
    return weights

# %% probe_step | wrong | only the first task is updated, return inside the loop | only the first task is updated
def probe_step(weights, features, labels, lr):
    new = weights.clone()
    for t in range(weights.shape[0]):
        error = (features[t] @ weights[t]).softmax(-1) - F.one_hot(labels[t], weights.shape[-1])
        new[t] = weights[t] - lr * features[t].T @ error / features.shape[1]
        return new

# %% probe_step | wrong | normalises the features first, which nobody asked for | it changes the features first
def probe_step(weights, features, labels, lr):
    features = F.normalize(features, dim=-1)
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | probabilities fixed at 1 / way: right for the first step from 0 only, ignores weights | it takes 1 / way for every probability
def probe_step(weights, features, labels, lr):
    way = weights.shape[-1]
    error = 1 / way - F.one_hot(labels, way).to(features.dtype)
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | old weights forgotten: returns only minus lr times gradient | it returns the step alone
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    return -lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | error only for the right class, the others are not pushed down | only the right class has an error
def probe_step(weights, features, labels, lr):
    hot = F.one_hot(labels, weights.shape[-1])
    error = hot * ((features @ weights).softmax(-1) - 1)
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | wrong | returns a tuple of weights and loss, not the weights | Number 1 of what is in it is right
def probe_step(weights, features, labels, lr):
    p = (features @ weights).softmax(-1)
    hot = F.one_hot(labels, weights.shape[-1])
    loss = -(hot * p.log()).sum(-1).mean()
    return weights - lr * features.transpose(1, 2) @ (p - hot) / features.shape[1], loss

# %% probe_step | wrong | prints, returns None | Is the `return` missing?
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - F.one_hot(labels, weights.shape[-1])
    print(weights - lr * features.transpose(1, 2) @ error / features.shape[1])

# %% probe_step | wrong | NameError, one_hot is in F | is not defined
def probe_step(weights, features, labels, lr):
    error = (features @ weights).softmax(-1) - one_hot(labels, weights.shape[-1])
    return weights - lr * features.transpose(1, 2) @ error / features.shape[1]

# %% probe_step | right | the formula line by line
def probe_step(weights, features, labels, lr):
    n, way = features.shape[1], weights.shape[2]
    probabilities = torch.softmax(features @ weights, dim=-1)
    error = probabilities - F.one_hot(labels, num_classes=way)
    gradient = features.transpose(1, 2) @ error / n
    return weights - lr * gradient

# %% probe_step | right | einsum
def probe_step(weights, features, labels, lr):
    p = torch.einsum("tnf,tfw->tnw", features, weights).softmax(-1)
    hot = torch.eye(weights.shape[-1], dtype=p.dtype, device=p.device)[labels]
    return weights - lr / features.shape[1] * torch.einsum("tnf,tnw->tfw", features, p - hot)

# %% probe_step | right | loop over tasks and examples, outer products
def probe_step(weights, features, labels, lr):
    new = []
    for w, z, y in zip(weights, features, labels):
        gradient = torch.zeros_like(w)
        for i in range(len(z)):
            error = torch.softmax(z[i] @ w, 0)
            error[y[i]] = error[y[i]] - 1
            gradient = gradient + torch.outer(z[i], error)
        new.append(w - lr * gradient / len(z))
    return torch.stack(new)

# %% probe_step | right | autograd with a sum over tasks of mean losses
def probe_step(weights, features, labels, lr):
    with torch.enable_grad():
        w = weights.detach().clone().requires_grad_(True)
        z = features.detach()
        loss = 0.0
        for t in range(len(w)):
            loss = loss + F.cross_entropy(z[t] @ w[t], labels[t])
        gradient = torch.autograd.grad(loss, w)[0]
    return weights.detach() - lr * gradient

# %% probe_step | right | numpy inside, with the maximum subtracted
import numpy as np
def probe_step(weights, features, labels, lr):
    w = weights.detach().cpu().numpy()
    z = features.detach().cpu().numpy()
    y = labels.cpu().numpy()
    s = z @ w
    s = s - s.max(-1, keepdims=True)
    p = np.exp(s)
    p = p / p.sum(-1, keepdims=True)
    error = p - np.eye(w.shape[-1])[y]
    new = w - lr * np.swapaxes(z, 1, 2) @ error / z.shape[1]
    return torch.as_tensor(new, dtype=weights.dtype, device=weights.device)

# %% probe_step | right | bmm, scatter and clone, in place on own tensors only
def probe_step(weights, features, labels, lr):
    error = F.softmax(torch.bmm(features, weights), dim=2)
    error = error.scatter_add(2, labels.unsqueeze(2), -torch.ones_like(error[:, :, :1]))
    result = weights.clone()
    result -= lr * torch.bmm(features.mT, error).div(features.size(1))
    return result

# %% probe_step | right | exp of log_softmax, baddbmm
def probe_step(weights, features, labels, lr):
    p = torch.log_softmax(features.matmul(weights), -1).exp()
    classes = torch.arange(weights.size(-1), device=labels.device)
    hot = (labels[..., None] == classes).to(p.dtype)
    return torch.baddbmm(weights, features.permute(0, 2, 1), p - hot, alpha=-lr / features.size(1))

# %% paired_difference | wrong | second minus first, the sign is turned round | the sign is turned round
def paired_difference(first, second):
    d = second - first
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | order of the outputs swapped: half-width before mean | the two are exchanged
def paired_difference(first, second):
    d = first - second
    return 1.96 * d.std() / math.sqrt(len(d)), d.mean()

# %% paired_difference | wrong | unpaired half-width, square root of the sum of squares of two intervals | it treats the two as if they had met *different* tasks
def paired_difference(first, second):
    half = lambda s: 1.96 * s.std().item() / math.sqrt(len(s))
    return (first - second).mean().item(), math.hypot(half(first), half(second))

# %% paired_difference | wrong | adds the half-widths of the two, not paired | it adds the two intervals
def paired_difference(first, second):
    half = lambda s: 1.96 * s.std() / math.sqrt(len(s))
    return first.mean() - second.mean(), half(first) + half(second)

# %% paired_difference | wrong | subtracts the half-widths of the two | it subtracts the two intervals
def paired_difference(first, second):
    half = lambda s: 1.96 * s.std() / math.sqrt(len(s))
    return first.mean() - second.mean(), half(first) - half(second)

# %% paired_difference | wrong | absolute differences task by task | it takes absolute values
def paired_difference(first, second):
    d = (first - second).abs()
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | absolute value of the mean, the sign is lost | the mean difference lost its sign
def paired_difference(first, second):
    d = first - second
    return abs(d.mean().item()), 1.96 * d.std().item() / math.sqrt(len(d))

# %% paired_difference | wrong | standard deviation instead of the interval's half-width | that is the standard deviation of the differences
def paired_difference(first, second):
    d = first - second
    return d.mean(), d.std()

# %% paired_difference | wrong | returns the mean only, the half-width is missing | it returned only the mean difference
def paired_difference(first, second):
    return (first - second).mean()

# %% paired_difference | wrong | returns the half-width only, the mean is missing | it returned only half the width
def paired_difference(first, second):
    d = first - second
    return 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | returns the two ends of the interval | these are the two ends of the interval
def paired_difference(first, second):
    d = first - second
    half = 1.96 * d.std() / math.sqrt(len(d))
    return d.mean() - half, d.mean() + half

# %% paired_difference | wrong | full width, not half | that is the *whole* width of the interval
def paired_difference(first, second):
    d = first - second
    return d.mean(), 2 * 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | sorts both first, so entries no longer belong to the same task | it sorts the scores
def paired_difference(first, second):
    d = first.sort().values - second.sort().values
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | the differences themselves, no mean taken | these are the differences themselves
def paired_difference(first, second):
    d = first - second
    return d, 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | changes first in place | it changes `first` in place
def paired_difference(first, second):
    first -= second
    return first.mean(), 1.96 * first.std() / math.sqrt(len(first))

# %% paired_difference | wrong | times 100, although scores come as they are | it is in percent
def paired_difference(first, second):
    d = 100 * (first - second)
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | relative difference, divided by second | it divides by scores
def paired_difference(first, second):
    d = (first - second) / second
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | median instead of the mean | it takes the median
def paired_difference(first, second):
    d = first - second
    return d.median(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | counts the scores of both learners, 2 n, as tasks | it counts 2 times as many scores
def paired_difference(first, second):
    d = first - second
    n = len(first) + len(second)
    return d.mean(), 1.96 * d.std() / math.sqrt(n)

# %% paired_difference | wrong | only the first 40 tasks, hard-coded | it looks at the first 40 tasks only
def paired_difference(first, second):
    d = first[:40] - second[:40]
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | counts who wins (1 or 0 a task), not by how much | it counts who wins each task
def paired_difference(first, second):
    d = (first > second).float()
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | larger of the two half-widths, not that of the difference | it takes the larger of the two intervals
def paired_difference(first, second):
    half = lambda s: 1.96 * s.std() / math.sqrt(len(s))
    return (first - second).mean(), torch.maximum(half(first), half(second))

# %% paired_difference | wrong | half-width of all scores put together | it puts the scores of both together and takes one interval
def paired_difference(first, second):
    both = torch.cat([first, second])
    return first.mean() - second.mean(), 1.96 * both.std() / math.sqrt(len(both))

# %% paired_difference | wrong | every task against every other (broadcast), not task by task | it subtracts every task from *every* other one
def paired_difference(first, second):
    d = (first[:, None] - second[None, :]).flatten()
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | adds the covariance instead of subtracting it | it adds the covariance
def paired_difference(first, second):
    n = len(first)
    covariance = torch.cov(torch.stack([first, second]))
    variance = covariance[0, 0] + covariance[1, 1] + 2 * covariance[0, 1]
    return first.mean() - second.mean(), 1.96 * (variance / n).sqrt()

# %% paired_difference | wrong | covariance over n with variances over n - 1: right for many tasks only | the covariance divides by n and the variances by n - 1
def paired_difference(first, second):
    n = len(first)
    covariance = ((first - first.mean()) * (second - second.mean())).mean()
    variance = first.var() + second.var() - 2 * covariance
    return first.mean() - second.mean(), 1.96 * (variance / n).sqrt()

# %% paired_difference | wrong | rounded to two decimals | it is rounded (decimals
def paired_difference(first, second):
    d = first - second
    return round(d.mean().item(), 2), round((1.96 * d.std() / math.sqrt(len(d))).item(), 2)

# %% paired_difference | wrong | half-width of first alone | that is the interval of the first one's scores
def paired_difference(first, second):
    return (first - second).mean(), 1.96 * first.std() / math.sqrt(len(first))

# %% paired_difference | wrong | a verdict as a string, not two numbers | it returned a str
def paired_difference(first, second):
    d = first - second
    half = 1.96 * d.std() / math.sqrt(len(d))
    return "cannot tell" if abs(d.mean()) < half else "better" if d.mean() > 0 else "worse"

# %% paired_difference | wrong | drops tasks on which both are equal | it leaves out tasks on which both are equal
def paired_difference(first, second):
    d = first - second
    d = d[d != 0]
    return d.mean(), 1.96 * d.std() / math.sqrt(len(d))

# %% paired_difference | wrong | prints, returns None | Is the `return` missing?
def paired_difference(first, second):
    d = first - second
    print(f"{d.mean():.3f} ± {1.96 * d.std() / math.sqrt(len(d)):.3f}")

# %% paired_difference | wrong | NameError, difference for differences | is not defined
def paired_difference(first, second):
    differences = first - second
    return difference.mean(), 1.96 * difference.std() / math.sqrt(len(difference))

# %% paired_difference | right | terse, tensors of no axes
def paired_difference(first, second):
    d = first - second
    return d.mean(), 1.96 * d.std() / len(d) ** 0.5

# %% paired_difference | right | Python numbers, verbose
def paired_difference(first, second):
    differences = first - second                  # [tasks]
    n = differences.numel()
    mean = differences.mean().item()
    standard_error = differences.std().item() / math.sqrt(n)
    half_width = 1.96 * standard_error
    return (mean, half_width)

# %% paired_difference | right | helper of its own for the interval
def _half_width(scores):
    return 1.96 * (scores.var() / scores.shape[0]).sqrt()

def paired_difference(first, second):
    d = torch.sub(first, second)
    return torch.mean(d), _half_width(d)

# %% paired_difference | right | plain lists and loops
def paired_difference(first, second):
    d = [a - b for a, b in zip(first.tolist(), second.tolist())]
    n = len(d)
    mean = sum(d) / n
    variance = sum((value - mean) ** 2 for value in d) / (n - 1)
    return mean, 1.96 * math.sqrt(variance / n)

# %% paired_difference | right | numpy with ddof 1
import numpy as np
def paired_difference(first, second):
    d = first.detach().cpu().numpy() - second.detach().cpu().numpy()
    return float(d.mean()), float(1.96 * d.std(ddof=1) / np.sqrt(d.size))

# %% paired_difference | right | from a copy, changed in place, std_mean
def paired_difference(first, second):
    d = first.clone()
    d -= second
    std, mean = torch.std_mean(d)
    return mean.item(), 1.96 * std.item() * len(d) ** -0.5

# %% paired_difference | right | variances and covariance in float64
def paired_difference(first, second):
    a, b = first.double(), second.double()
    c = torch.cov(torch.stack([a, b]))
    variance = (c[0, 0] + c[1, 1] - 2 * c[0, 1]).clamp(min=0)
    return (a.mean() - b.mean()).item(), 1.96 * math.sqrt(variance.item() / len(a))

# %% mean_curve | wrong | only the wave of the middle phase: the factor sin(h) / h, the mean of cos u, is missing | that is the curve of the *mean amplitude and mean phase*
def mean_curve(x, amplitude, phase):
    a = sum(amplitude) / 2
    m = sum(phase) / 2
    return a * torch.sin(x - m)

# %% mean_curve | wrong | h is the whole range of the phase, not half of it | it flattens by the *whole* width of the phase range
def mean_curve(x, amplitude, phase):
    a, m = sum(amplitude) / 2, sum(phase) / 2
    h = phase[1] - phase[0]
    return a * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | largest amplitude, not the mean amplitude | it takes the largest amplitude
def mean_curve(x, amplitude, phase):
    m, h = sum(phase) / 2, (phase[1] - phase[0]) / 2
    return amplitude[1] * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | half the range of the amplitude (high - low) / 2, not its middle | for the amplitude it uses half the range
def mean_curve(x, amplitude, phase):
    a = (amplitude[1] - amplitude[0]) / 2
    m, h = sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | cos(h), the value at the end, instead of the mean of cos u | it has cos(half)
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.cos(h) * torch.sin(x - m)

# %% mean_curve | wrong | sin(h) is not divided by h | it has sin(half)
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) * torch.sin(x - m)

# %% mean_curve | wrong | divides by the range 2 h where h belongs (integral from -h to h is 2 sin h) | it divides by twice `half`
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) / (2 * h) * torch.sin(x - m)

# %% mean_curve | wrong | cos(x - m) where sin(x - m) belongs | it has a cosine in place of the sine
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) / h * torch.cos(x - m)

# %% mean_curve | wrong | x + m: the phase is added, not subtracted | it is shifted the wrong way
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) / h * torch.sin(x + m)

# %% mean_curve | wrong | phase hard-coded as 0 to pi | for the phases it has the numbers of the lesson's family
def mean_curve(x, amplitude, phase):
    a = (amplitude[0] + amplitude[1]) / 2
    return -a * 2 / math.pi * torch.cos(x)

# %% mean_curve | wrong | amplitude hard-coded as 0.1 to 5 (2.55) | its amplitude is 2.55
def mean_curve(x, amplitude, phase):
    m, h = sum(phase) / 2, (phase[1] - phase[0]) / 2
    return 2.55 * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | takes for granted that the phase begins at 0: m = h = high / 2 | it takes the lowest phase for 0
def mean_curve(x, amplitude, phase):
    a = sum(amplitude) / 2
    m = h = phase[1] / 2
    return a * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | takes for granted that the amplitude begins at 0: high / 2 | it takes half of the highest amplitude
def mean_curve(x, amplitude, phase):
    a, m, h = amplitude[1] / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | random draws: a noisy estimate, not the mean | It draws random numbers
def mean_curve(x, amplitude, phase):
    total = torch.zeros_like(x)
    for _ in range(500):
        a = amplitude[0] + (amplitude[1] - amplitude[0]) * torch.rand(()).item()
        p = phase[0] + (phase[1] - phase[0]) * torch.rand(()).item()
        total = total + a * torch.sin(x - p)
    return total / 500

# %% mean_curve | wrong | mean of two extreme waves only, not of all | it has cos(half)
def mean_curve(x, amplitude, phase):
    waves = [a * torch.sin(x - p) for a in amplitude for p in phase]
    return sum(waves) / len(waves)

# %% mean_curve | wrong | torch.sinc has pi inside: sin(pi h) / (pi h) | torch.sinc(t) is sin(pi t) / (pi t)
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * torch.sinc(torch.tensor(h, dtype=x.dtype)) * torch.sin(x - m)

# %% mean_curve | wrong | changes x in place | it changes `x` in place
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    x -= m
    return a * math.sin(h) / h * torch.sin(x)

# %% mean_curve | wrong | loses the shape of x (flattened) | the result should be of the shape of x
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    values = [a * math.sin(h) / h * math.sin(v - m) for v in x.flatten().tolist()]
    return torch.tensor(values, dtype=x.dtype)

# %% mean_curve | wrong | grid of phases on the last axis: fits only an x whose last axis is 1 | Does the code count on its sizes?
def mean_curve(x, amplitude, phase):
    n = 2000
    p = phase[0] + (phase[1] - phase[0]) * (torch.arange(n, dtype=x.dtype) + 0.5) / n
    return sum(amplitude) / 2 * torch.sin(x - p).mean(-1, keepdim=True)

# %% mean_curve | wrong | coarse grid with both ends: not exact | it takes the mean of 10 waves
def mean_curve(x, amplitude, phase):
    a = sum(amplitude) / 2
    total = torch.zeros_like(x)
    for p in torch.linspace(phase[0], phase[1], 10).tolist():
        total = total + torch.sin(x - p)
    return a * total / 10

# %% mean_curve | wrong | everything cancels: returns zeros | it says that all waves cancel
def mean_curve(x, amplitude, phase):
    return torch.zeros_like(x)

# %% mean_curve | wrong | mean over x as well, one number instead of a curve | it takes a mean over x as well
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return (a * math.sin(h) / h * torch.sin(x - m)).mean()

# %% mean_curve | wrong | mean of sin u is not 0 here: u taken from 0 to h | it lets u go from 0 to half
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * (torch.sin(x - m) * math.sin(h) / h - torch.cos(x - m) * (1 - math.cos(h)) / h)

# %% mean_curve | wrong | math.sin takes single numbers, not a tensor of any shape | functions of math take one
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return torch.tensor(a * math.sin(h) / h * math.sin(x - m))

# %% mean_curve | wrong | integral over the phase is not divided by the range | it has the integral over the phases
def mean_curve(x, amplitude, phase):
    a = sum(amplitude) / 2
    return a * (torch.cos(x - phase[1]) - torch.cos(x - phase[0]))

# %% mean_curve | wrong | sign of the integral: low and high swapped | the sign is turned round
def mean_curve(x, amplitude, phase):
    a = sum(amplitude) / 2
    return a * (torch.cos(x - phase[0]) - torch.cos(x - phase[1])) / (phase[1] - phase[0])

# %% mean_curve | wrong | amplitude left out | it leaves out the amplitude
def mean_curve(x, amplitude, phase):
    m, h = sum(phase) / 2, (phase[1] - phase[0]) / 2
    return math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | root mean square of the amplitude, not its mean | it takes the root of the mean *square* amplitude
def mean_curve(x, amplitude, phase):
    low, high = amplitude
    a = math.sqrt((low * low + low * high + high * high) / 3)
    m, h = sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | whole-number division // for the middle | // divides and then drops what is behind the point
def mean_curve(x, amplitude, phase):
    a = (amplitude[0] + amplitude[1]) // 2
    m, h = (phase[0] + phase[1]) // 2, (phase[1] - phase[0]) / 2
    return a * math.sin(h) / h * torch.sin(x - m)

# %% mean_curve | wrong | shape hard-coded as [200, 1] | Does the code count on its sizes?
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    result = torch.zeros(200, 1)
    for i in range(200):
        result[i, 0] = a * math.sin(h) / h * math.sin(x[i, 0].item() - m)
    return result

# %% mean_curve | wrong | returns a tuple of curve and factor, not a tensor | Number 1 of what is in it is right
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    factor = math.sin(h) / h
    return a * factor * torch.sin(x - m), factor

# %% mean_curve | wrong | prints, returns None | Is the `return` missing?
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    print(a * math.sin(h) / h * torch.sin(x - m))

# %% mean_curve | wrong | NameError, pi without math | is not defined
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    return a * torch.sinc(torch.tensor(h / pi)) * torch.sin(x - m)

# %% mean_curve | right | the formula of the text
def mean_curve(x, amplitude, phase):
    a = (amplitude[0] + amplitude[1]) / 2
    m = (phase[0] + phase[1]) / 2
    h = (phase[1] - phase[0]) / 2
    return a * torch.sin(x - m) * math.sin(h) / h

# %% mean_curve | right | torch.sinc of h / pi
def mean_curve(x, amplitude, phase):
    h = (phase[1] - phase[0]) / 2
    factor = torch.sinc(torch.tensor(h / math.pi, dtype=torch.float64)).item()
    return sum(amplitude) / 2 * factor * (x - sum(phase) / 2).sin()

# %% mean_curve | right | verbose, both terms, guarded against h = 0
def mean_curve(x, amplitude, phase):
    low_a, high_a = amplitude
    low_p, high_p = phase
    mean_amplitude = 0.5 * (low_a + high_a)
    middle = 0.5 * (low_p + high_p)
    half = 0.5 * (high_p - low_p)
    mean_cos = math.sin(half) / half if half != 0 else 1.0
    mean_sin = 0.0
    curve = torch.sin(x - middle) * mean_cos - torch.cos(x - middle) * mean_sin
    return mean_amplitude * curve

# %% mean_curve | right | antiderivative, in float64 and back
def mean_curve(x, amplitude, phase):
    low, high = phase
    z = x.double()
    integral = torch.cos(z - high) - torch.cos(z - low)
    return (sum(amplitude) / 2 * integral / (high - low)).to(x.dtype)

# %% mean_curve | right | numpy inside, converted back
import numpy as np
def mean_curve(x, amplitude, phase):
    values = x.detach().cpu().numpy().astype(np.float64)
    m, h = np.mean(phase), (phase[1] - phase[0]) / 2
    y = np.mean(amplitude) * np.sinc(h / np.pi) * np.sin(values - m)
    return torch.as_tensor(y, dtype=x.dtype, device=x.device)

# %% mean_curve | right | plain numbers in a loop, reshaped to x
def mean_curve(x, amplitude, phase):
    a, m, h = sum(amplitude) / 2, sum(phase) / 2, (phase[1] - phase[0]) / 2
    c = math.sin(h) / h if h else 1.0
    values = [a * c * math.sin(v - m) for v in x.flatten().tolist()]
    return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

# %% mean_curve | right | fine grid of phases on a new axis, midpoints, float64
def mean_curve(x, amplitude, phase):
    n = 2000
    middle = (torch.arange(n, dtype=torch.float64, device=x.device) + 0.5) / n
    p = phase[0] + (phase[1] - phase[0]) * middle
    y = torch.sin(x.double().unsqueeze(-1) - p).mean(-1)
    return ((amplitude[0] + amplitude[1]) / 2 * y).to(x.dtype)
