# %% classification_loss | wrong | softmax before cross-entropy | softmax is applied twice
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    probs = torch.softmax(network(params, x), dim=-1)
    return F.cross_entropy(probs, y)

# %% classification_loss | wrong | sum in place of mean | the losses of the images are added up
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    return F.cross_entropy(network(params, x), y, reduction="sum")

# %% classification_loss | wrong | one loss for each image, no mean, not a single number | it gives a loss for each image
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    return F.cross_entropy(network(params, x), y, reduction="none")

# %% classification_loss | wrong | .item(): a Python number, cannot be differentiated | the number is right, but it has no connection to `params`, so no step can be
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    loss = F.cross_entropy(network(params, x), y)
    return loss.item()

# %% classification_loss | wrong | params are detached, no gradient reaches them | the number is right, but it depends on copies of the tensors in `params`, and
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    params = {name: p.detach().clone().requires_grad_() for name, p in params.items()}
    return F.cross_entropy(network(params, x), y)

# %% classification_loss | wrong | order of the network's arguments: network(x, params) | the parameters first, then the images
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    logits = network(x, params)
    return F.cross_entropy(logits, y)

# %% classification_loss | wrong | log of softmax by hand: infinite or nan for large scores | exp of them is infinite or 0
def classification_loss(network, params, x, y):
    probs = network(params, x).softmax(-1)
    return -torch.log(probs[torch.arange(len(y)), y]).mean()

# %% classification_loss | wrong | sign: log-probability without the minus | the sign is turned round
def classification_loss(network, params, x, y):
    logp = torch.log_softmax(network(params, x), dim=1)
    return logp.gather(1, y[:, None]).mean()

# %% classification_loss | wrong | squared error against one-hot in place of cross-entropy | this is a squared error between probabilities and labels
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    scores = network(params, x)
    target = F.one_hot(y, scores.shape[-1]).to(scores.dtype)
    return F.mse_loss(scores.softmax(-1), target)

# %% classification_loss | wrong | nll_loss of raw scores, log_softmax missing | nll_loss wants logarithms of probabilities, and these are scores
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    return F.nll_loss(network(params, x), y)

# %% classification_loss | wrong | log_softmax over the images, wrong axis | softmax runs over the images
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    return F.nll_loss(F.log_softmax(network(params, x), dim=0), y)

# %% classification_loss | wrong | one_hot guesses the number of classes from the labels that are there | guesses the number of classes
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    logp = F.log_softmax(network(params, x), dim=1)
    return -(F.one_hot(y) * logp).sum(1).mean()

# %% classification_loss | right | F.cross_entropy
import torch.nn.functional as F
def classification_loss(network, params, x, y):
    return F.cross_entropy(network(params, x), y)

# %% classification_loss | right | logsumexp minus the score of the label
def classification_loss(network, params, x, y):
    scores = network(params, x)
    own = scores.gather(1, y.unsqueeze(1)).squeeze(1)
    return (scores.logsumexp(dim=1) - own).mean()

# %% classification_loss | right | nn.CrossEntropyLoss
from torch import nn
def classification_loss(network, params, x, y):
    criterion = nn.CrossEntropyLoss()
    logits = network(params, x)
    loss = criterion(logits, y)
    return loss

# %% classification_loss | right | log_softmax and a loop over images
def classification_loss(network, params, x, y):
    logp = torch.log_softmax(network(params, x), dim=-1)
    total = 0
    for row, label in zip(logp, y):
        total = total - row[label]
    return total / len(y)

# %% feature_gradient | wrong | not divided by n, sum in place of mean | it is that of the *sum* of the losses
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, len(weight)).to(p.dtype)
    return (p - e) @ weight

# %% feature_gradient | wrong | divided by n * way, not by n | it divides by the number of examples *and* by that of the classes
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, len(weight)).to(p.dtype)
    delta = (p - e) / p.numel()
    return delta @ weight

# %% feature_gradient | wrong | softmax over the examples, wrong axis | softmax runs over the examples
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=0)
    e = F.one_hot(labels, len(weight)).to(p.dtype)
    return (p - e) @ weight / len(features)

# %% feature_gradient | wrong | sign: e - p, the direction of descent | the sign is turned round
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (e - p) @ weight / features.shape[0]

# %% feature_gradient | wrong | uses autograd | it lets autograd find the gradient
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    with torch.enable_grad():
        f = features.detach().clone().requires_grad_()
        loss = F.cross_entropy(f @ weight.T + bias, labels)
        return torch.autograd.grad(loss, f)[0]

# %% feature_gradient | wrong | bias forgotten in the scores | the bias is forgotten in the scores
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / features.shape[0]

# %% feature_gradient | wrong | one_hot without the number of classes: fails when the last class has no example | guesses the number of classes
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    return (p - F.one_hot(labels)) @ weight / len(labels)

# %% feature_gradient | wrong | stops at the gradient of the scores, weight missing | this is the gradient at the scores
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) / len(labels)

# %% feature_gradient | wrong | gradient with respect to the weight, not the features | this is the gradient for the *weight* of the head
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e).T @ features / len(labels)

# %% feature_gradient | wrong | exp by hand overflows for large scores, nan | exp of such scores is more than any number can be
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    ex = torch.exp(features @ weight.T + bias)
    p = ex / ex.sum(1, keepdim=True)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / len(labels)

# %% feature_gradient | wrong | sigmoid in place of softmax | that is a sigmoid for each class
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.sigmoid(features @ weight.T + bias)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / len(labels)

# %% feature_gradient | wrong | changes the argument weight in place | it changes `weight` in place; compute a new tensor instead (no +=, no x[...] =
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = torch.softmax(features @ weight.T + bias, dim=1)
    p[torch.arange(len(labels)), labels] -= 1
    weight.data /= len(labels)
    return p @ weight

# %% feature_gradient | right | one_hot and matrices
import torch.nn.functional as F
def feature_gradient(features, labels, weight, bias):
    p = (features @ weight.T + bias).softmax(-1)
    e = F.one_hot(labels, weight.shape[0]).to(p.dtype)
    return (p - e) @ weight / len(features)

# %% feature_gradient | right | subtract 1 at the label of one's own copy
def feature_gradient(features, labels, weight, bias):
    delta = torch.softmax(torch.nn.functional.linear(features, weight, bias), dim=1).clone()
    n = features.shape[0]
    delta[torch.arange(n), labels] -= 1.0
    delta = delta / n
    return delta.mm(weight)

# %% feature_gradient | right | mean weight row under p minus the row of the label
def feature_gradient(features, labels, weight, bias):
    logits = features @ weight.t() + bias
    logits = logits - logits.max(dim=1, keepdim=True).values
    ex = logits.exp()
    p = ex / ex.sum(dim=1, keepdim=True)
    return (p @ weight - weight[labels]) / labels.shape[0]

# %% feature_gradient | right | loop over examples
def feature_gradient(features, labels, weight, bias):
    rows = []
    for f, label in zip(features, labels):
        p = torch.softmax(weight @ f + bias, dim=0)
        e = torch.zeros_like(p)
        e[label] = 1
        rows.append(weight.T @ (p - e))
    return torch.stack(rows) / len(rows)

# %% normalise_by | wrong | statistics of x, the queries, not of reference | x is normalised by its own statistics, so each query depends on the other
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    mean = x.mean(axes, keepdim=True)
    var = x.var(axes, unbiased=False, keepdim=True)
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / (var + eps).sqrt() * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | wrong | unbiased variance, torch's default | the variance is the one that divides by n - 1
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    mean = reference.mean(axes, keepdim=True)
    var = reference.var(axes, keepdim=True)
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / (var + eps).sqrt() * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | wrong | eps added to the standard deviation, outside the root | eps stands outside the root
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    mean = reference.mean(axes, keepdim=True)
    std = reference.std(axes, unbiased=False, keepdim=True)
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / (std + eps) * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | wrong | divides by the variance, root missing | it divides by the variance
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    var, mean = torch.var_mean(reference, axes, correction=0, keepdim=True)
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / (var + eps) * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | wrong | mean over the first axis alone: statistics of each pixel, not of each channel | mean and variance are taken over the images only
def normalise_by(reference, x, weight, bias, eps):
    mean = reference.mean(0)
    var = reference.var(0, unbiased=False)
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / torch.sqrt(var + eps) * weight.view(shape) + bias.view(shape)

# %% normalise_by | wrong | axes 0, 2, 3 are fixed: only four axes work | without height and width. It is right for maps
def normalise_by(reference, x, weight, bias, eps):
    mean = reference.mean((0, 2, 3), keepdim=True)
    var = reference.var((0, 2, 3), unbiased=False, keepdim=True)
    out = (x - mean) / torch.sqrt(var + eps)
    return out * weight[None, :, None, None] + bias[None, :, None, None]

# %% normalise_by | wrong | weight and bias go along the last axis, not along the channels | `weight` and `bias` go along the last axis of x
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    mean = reference.mean(axes, keepdim=True)
    var = reference.var(axes, unbiased=False, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias

# %% normalise_by | wrong | mean over all channels: one mean and variance for everything | mean and variance are taken over everything
def normalise_by(reference, x, weight, bias, eps):
    mean = reference.mean()
    var = reference.var(unbiased=False)
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / (var + eps).sqrt() * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | wrong | changes x in place | it changes `x` in place; compute a new tensor instead (no +=, no x[...] = ...)
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    mean = reference.mean(axes, keepdim=True)
    var = reference.var(axes, unbiased=False, keepdim=True)
    shape = [1, -1] + [1] * (x.dim() - 2)
    x -= mean
    x /= (var + eps).sqrt()
    return x * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | wrong | mean of squares minus square of mean: variance is lost when the mean is large | a small difference of two large numbers
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    mean = reference.mean(axes, keepdim=True)
    var = reference.square().mean(axes, keepdim=True) - mean.square()
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / (var + eps).sqrt() * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | wrong | variance within each image, averaged over images: differences between images are missing | the variance is taken inside each image, and then averaged
def normalise_by(reference, x, weight, bias, eps):
    flat = reference.flatten(2) if reference.dim() > 2 else reference.unsqueeze(2)
    mean = flat.mean((0, 2))
    var = flat.var(2, unbiased=False).mean(0)
    shape = [1, -1] + [1] * (x.dim() - 2)
    mean, var, weight, bias = (t.reshape(shape) for t in (mean, var, weight, bias))
    return (x - mean) / (var + eps).sqrt() * weight + bias

# %% normalise_by | wrong | F.batch_norm with training=True: it takes the statistics of x | x is normalised by its own statistics, so each query depends on the other
import torch.nn.functional as F
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, x.dim())]
    mean = reference.mean(axes)
    var = reference.var(axes, unbiased=False)
    return F.batch_norm(x, mean, var, weight, bias, training=True, eps=eps)

# %% normalise_by | right | all axes but the channels, keepdim
def normalise_by(reference, x, weight, bias, eps):
    axes = [0, *range(2, reference.dim())]
    mean = reference.mean(axes, keepdim=True)
    var = reference.var(axes, unbiased=False, keepdim=True)
    shape = [1, -1] + [1] * (x.dim() - 2)
    return (x - mean) / (var + eps).sqrt() * weight.reshape(shape) + bias.reshape(shape)

# %% normalise_by | right | channels last, then back
def normalise_by(reference, x, weight, bias, eps):
    values = reference.movedim(1, -1).reshape(-1, reference.shape[1])
    mean = values.mean(0)
    var = ((values - mean) ** 2).mean(0)
    out = (x.movedim(1, -1) - mean) * torch.rsqrt(var + eps) * weight + bias
    return out.movedim(-1, 1)

# %% normalise_by | right | loop over channels
def normalise_by(reference, x, weight, bias, eps):
    channels = []
    for c in range(x.shape[1]):
        r = reference[:, c]
        mean = r.mean()
        var = (r - mean).pow(2).sum() / r.numel()
        channels.append((x[:, c] - mean) / (var + eps) ** 0.5 * weight[c] + bias[c])
    return torch.stack(channels, dim=1)

# %% normalise_by | right | one scale and one shift for each channel
def normalise_by(reference, x, weight, bias, eps):
    var, mean = torch.var_mean(reference.transpose(0, 1).flatten(1), dim=1, correction=0)
    scale = weight / torch.sqrt(var + eps)
    def wide(t):
        return t.view(-1, *[1] * (x.ndim - 2))
    return wide(scale) * (x - wide(mean)) + wide(bias)

# %% query_dependence | wrong | compares scores, softmax missing | it compares scores
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x)
        alone = [learner.predict(adapted, episode.query_x[:, i:i + 1]) for i in range(episode.query_x.shape[1])]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | mean in place of the largest difference | it takes the mean difference
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().mean().item()

# %% query_dependence | wrong | only the first query is asked alone | only the first query is asked alone
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = learner.predict(adapted, episode.query_x[:, :1]).softmax(-1)
    return (together[:, :1] - alone).abs().max().item()

# %% query_dependence | wrong | learner.eval() changes the mode of the learner | it changes the mode of `learner` (.train() or .eval()) and leaves it so
def query_dependence(learner, episode):
    learner.eval()
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | compares the named classes (argmax), not the probabilities | it compares predicted labels
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).argmax(-1)
        alone = [learner.predict(adapted, q).argmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together != torch.cat(alone, 1)).float().mean().item()

# %% query_dependence | wrong | softmax over the queries, wrong axis | softmax runs over the queries
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(1)
        alone = [learner.predict(adapted, q).softmax(1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | no absolute value: signed difference, probabilities that are higher alone are missed | it takes the largest *signed* difference, so a fall does not count
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).max().item()

# %% query_dependence | wrong | sums the differences over the classes, so it can be more than 1 | it adds up the differences over the classes
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().sum(-1).max().item()

# %% query_dependence | wrong | looks only at the probability of the right class (query_y) | it looks only at the probability of the right class
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)], 1)
    own = episode.query_y.unsqueeze(-1)
    return (together.gather(-1, own) - alone.gather(-1, own)).abs().max().item()

# %% query_dependence | wrong | not alone: the other queries are blanked with zeros and still sent along | each query still has company
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    worst = 0.0
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        for i in range(episode.query_x.shape[1]):
            only = torch.zeros_like(episode.query_x)
            only[:, i] = episode.query_x[:, i]
            alone = learner.predict(adapted, only).softmax(-1)
            worst = max(worst, (together[:, i] - alone[:, i]).abs().max().item())
    return worst

# %% query_dependence | wrong | adapts to the queries (query_x, query_y) in place of the support set | it adapts to the query set
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.query_x, episode.query_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = [learner.predict(adapted, q).softmax(-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(alone, 1)).abs().max().item()

# %% query_dependence | wrong | query_x[:, i] loses the axis of the queries (slice i:i+1) | a slice keeps it
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        differences = []
        for i in range(episode.query_x.shape[1]):
            alone = learner.predict(adapted, episode.query_x[:, i]).softmax(-1)
            differences.append((together[:, i] - alone).abs().max())
    return max(differences).item()

# %% query_dependence | right | slices and cat
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    with torch.no_grad():
        together = learner.predict(adapted, episode.query_x).softmax(-1)
        alone = torch.cat([learner.predict(adapted, episode.query_x[:, i:i + 1]).softmax(-1)
                           for i in range(episode.query_x.shape[1])], dim=1)
    return (together - alone).abs().max().item()

# %% query_dependence | right | split, no no_grad, the result a 0-dim tensor
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)
    together = torch.softmax(learner.predict(adapted, episode.query_x), dim=-1)
    each = [torch.softmax(learner.predict(adapted, q), dim=-1) for q in episode.query_x.split(1, dim=1)]
    return (together - torch.cat(each, dim=1)).detach().abs().max()

# %% query_dependence | right | running maximum in a loop
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, way=episode.way)
    probs = learner.predict(adapted, episode.query_x).detach().softmax(dim=2)
    worst = 0.0
    for i in range(probs.shape[1]):
        p = learner.predict(adapted, episode.query_x[:, [i]]).detach().softmax(dim=2)
        worst = max(worst, float((p[0, 0] - probs[0, i]).abs().max()))
    return worst

# %% query_dependence | right | an inner function, log_softmax and exp
def query_dependence(learner, episode):
    adapted = learner.adapt(episode.support_x, episode.support_y, episode.way)

    def ask(images):
        with torch.no_grad():
            return learner.predict(adapted, images)[0].log_softmax(-1).exp()  # [n, way]

    company = ask(episode.query_x)
    alone = torch.stack([ask(episode.query_x[:, i].unsqueeze(1))[0] for i in range(len(company))])
    return torch.dist(company, alone, p=float("inf")).item()

# %% multi_step_weights | wrong | the last weight is only done: they do not add up to 1 | the last step lost its own share
def multi_step_weights(steps, done):
    return [(1 - done) / steps] * (steps - 1) + [done]

# %% multi_step_weights | wrong | done is reversed: starts with the last step alone | it runs the wrong way
def multi_step_weights(steps, done):
    weights = [done / steps for _ in range(steps)]
    weights[-1] += 1 - done
    return weights

# %% multi_step_weights | wrong | the first step gets the weight in place of the last | the weight moves to the *first* step
def multi_step_weights(steps, done):
    weights = [(1 - done) / steps for _ in range(steps)]
    weights[0] += done
    return weights

# %% multi_step_weights | wrong | a float32 tensor, not a list; adds up to 1 only roughly | it should return a list of `steps` numbers, but it returned a float32 tensor of
def multi_step_weights(steps, done):
    weights = torch.full((steps,), (1 - done) / steps)
    weights[-1] += done
    return weights

# %% multi_step_weights | wrong | shares the rest among steps - 1: the last one starts at 0, and one step divides by zero | the last step has no share of its own
def multi_step_weights(steps, done):
    return [(1 - done) / (steps - 1)] * (steps - 1) + [done]

# %% multi_step_weights | wrong | steps + 1 weights: counts the point before any step | there is one weight too many
def multi_step_weights(steps, done):
    n = steps + 1
    return [(1 - done) / n + done * (i == n - 1) for i in range(n)]

# %% multi_step_weights | wrong | powers of 1 - done, not a straight line between the ends | the ends are right, but between them it has powers of 1 - done, another one for
def multi_step_weights(steps, done):
    raw = [(1 - done) ** (steps - 1 - i) for i in range(steps)]
    return [r / sum(raw) for r in raw]

# %% multi_step_weights | wrong | cosine, not a straight line between the ends | the ends are right, but between them it follows half a cosine
import math
def multi_step_weights(steps, done):
    keep = 0.5 * (1 + math.cos(math.pi * done))
    return [keep / steps] * (steps - 1) + [keep / steps + 1 - keep]

# %% multi_step_weights | wrong | not divided by steps: do not add up to 1 | the weights do not add up to 1
def multi_step_weights(steps, done):
    return [1 - done] * (steps - 1) + [1]

# %% multi_step_weights | wrong | a lower bound as in the authors' code: at 1 the other steps still count | early steps keep a little weight to the very end
def multi_step_weights(steps, done):
    low = 0.03 / steps
    w = max((1 - done) / steps, low)
    return [w] * (steps - 1) + [1 - w * (steps - 1)]

# %% multi_step_weights | wrong | later steps weigh more already at 0, not alike | later steps weigh more from the beginning
def multi_step_weights(steps, done):
    total = steps * (steps + 1) / 2
    weights = [(1 - done) * (i + 1) / total for i in range(steps)]
    weights[-1] += done
    return weights

# %% multi_step_weights | wrong | integer division: zeros where 1/steps belongs | // divides and then drops what is behind the point
def multi_step_weights(steps, done):
    weights = [(1 - done) // steps for i in range(steps)]
    weights[steps - 1] = weights[steps - 1] + done
    return weights

# %% multi_step_weights | right | list, then the last one grows
def multi_step_weights(steps, done):
    weights = [(1 - done) / steps for _ in range(steps)]
    weights[-1] += done
    return weights

# %% multi_step_weights | right | lists put together
def multi_step_weights(steps, done):
    other = (1 - done) / steps
    return (steps - 1) * [other] + [other + done]

# %% multi_step_weights | right | between two lists, a straight line
def multi_step_weights(steps, done):
    begin = [1 / steps] * steps
    end = [0.0] * (steps - 1) + [1.0]
    return [a + done * (b - a) for a, b in zip(begin, end)]

# %% multi_step_weights | right | float64 tensor, then tolist
def multi_step_weights(steps, done):
    w = torch.full((steps,), 1 / steps, dtype=torch.float64) * (1 - done)
    w[-1] = 1 - w[:-1].sum()
    return w.tolist()
