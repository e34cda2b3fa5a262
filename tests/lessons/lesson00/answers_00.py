# %% distances_to | wrong | takes the square root: the distance, not the squared distance | that is the distance. The *squared* distance
def distances_to(query, examples):
    return torch.norm(examples - query, dim=-1)

# %% distances_to | wrong | absolute differences instead of squares | it adds up the absolute differences: square
def distances_to(query, examples):
    return (examples - query).abs().sum(dim=1)

# %% distances_to | wrong | mean of the squares instead of their sum | it takes the *mean* of the squares: add them
def distances_to(query, examples):
    return F.mse_loss(query.expand_as(examples), examples, reduction="none").mean(dim=1)

# %% distances_to | wrong | adds up everything to one number, no axis given | it gives one number for all examples: add up
def distances_to(query, examples):
    return ((query - examples) ** 2).sum()

# %% distances_to | wrong | sums over the examples (dim 0) instead of over the values | it adds up over the *examples*: each example
def distances_to(query, examples):
    return ((query - examples) ** 2).sum(0)

# %% distances_to | wrong | forgot to square | it adds up differences without squares: those
def distances_to(query, examples):
    difference = examples - query
    return difference.sum(-1)

# %% distances_to | wrong | squares the sum instead of summing the squares | it adds up first and squares then: differences
def distances_to(query, examples):
    return (examples - query).sum(-1) ** 2

# %% distances_to | wrong | keepdim leaves [n, 1] | as a column [n, 1]: without keepdim=True it is
def distances_to(query, examples):
    diff = examples - query.unsqueeze(0)
    return diff.pow(2).sum(dim=1, keepdim=True)

# %% distances_to | wrong | library function on batches, leaves the extra axes [1, 1, n] | the shape is [1, 1, n], with an axis for tasks
from course_lib.learners import squared_distances
def distances_to(query, examples):
    return squared_distances(query[None, None], examples[None])

# %% distances_to | wrong | negative distances (sign) | the sign is turned round: a distance is never
def distances_to(query, examples):
    return -((examples - query) ** 2).sum(-1)

# %% distances_to | wrong | difference of the squares instead of square of the difference | (a - b)² is not a² - b²: take the difference
def distances_to(query, examples):
    return (examples ** 2 - query ** 2).sum(-1)

# %% distances_to | wrong | difference of the lengths, squared | it compares the *lengths* of the two. Two
def distances_to(query, examples):
    return (examples.norm(dim=-1) - query.norm()) ** 2

# %% distances_to | wrong | loop over 5 examples hard-coded | Does the code count on
def distances_to(query, examples):
    out = []
    for i in range(5):
        out.append(((query - examples[i]) ** 2).sum())
    return torch.stack(out)

# %% distances_to | wrong | number of values 64 hard-coded in a view | Does the code count on
def distances_to(query, examples):
    q = query.view(1, 64)
    e = examples.view(-1, 64)
    return ((q - e) ** 2).sum(1)

# %% distances_to | wrong | sorts the distances, order of the examples lost | the numbers are right but sorted: keep them in
def distances_to(query, examples):
    d = ((examples - query) ** 2).sum(-1)
    return d.sort().values

# %% distances_to | wrong | query made a column, wrong broadcasting | the query's values are taken away along the
def distances_to(query, examples):
    return ((query[:, None] - examples) ** 2).sum(1)

# %% distances_to | wrong | dot product, a similarity, not a distance | that is the dot product, which is large where
def distances_to(query, examples):
    return examples @ query

# %% distances_to | wrong | cosine distance | it compares directions (the cosine); the task
def distances_to(query, examples):
    return 1 - F.cosine_similarity(query[None], examples, dim=-1)

# %% distances_to | wrong | normalises the embeddings to length 1 first | it scales the embeddings to length 1 first;
def distances_to(query, examples):
    q = F.normalize(query, dim=0)
    e = F.normalize(examples, dim=1)
    return (q - e).square().sum(1)

# %% distances_to | wrong | changes the argument examples in place | it changes `examples` in place; compute a new
def distances_to(query, examples):
    examples -= query
    return (examples ** 2).sum(-1)

# %% distances_to | wrong | squares in place, overwrites the query | it changes `query` in place; compute a new
def distances_to(query, examples):
    cross = examples @ query
    qq = query.pow_(2).sum()
    return qq - 2 * cross + (examples ** 2).sum(1)

# %% distances_to | wrong | expansion of the square without the factor 2 | it adds up to q² - q·e + e² (q the query, e an
def distances_to(query, examples):
    return (query ** 2).sum() - examples @ query + (examples ** 2).sum(-1)

# %% distances_to | wrong | expansion of the square: the query's own square left out | it adds up to -2 q·e + e² (q the query, e an
def distances_to(query, examples):
    return (examples ** 2).sum(-1) - 2 * examples @ query

# %% distances_to | wrong | returns the number of the nearest example instead of distances | it says which example is nearest; the task asks
def distances_to(query, examples):
    return ((examples - query) ** 2).sum(-1).argmin()

# %% distances_to | wrong | return inside the loop, only the first example | it measures the first example alone; the task
def distances_to(query, examples):
    distances = []
    for example in examples:
        distances.append(((query - example) ** 2).sum())
        return torch.stack(distances)

# %% distances_to | wrong | off by one, leaves out the last example | the last example is left out: range(n) ends at
def distances_to(query, examples):
    n = examples.shape[0]
    d = torch.zeros(n)
    for i in range(n - 1):
        d[i] = ((query - examples[i]) ** 2).sum()
    return d

# %% distances_to | wrong | leaves out the first value | the first value of each embedding is left out
def distances_to(query, examples):
    total = torch.zeros(len(examples))
    for j in range(1, len(query)):
        total = total + (examples[:, j] - query[j]) ** 2
    return total

# %% distances_to | wrong | integer buffer cuts off the fraction | the numbers are cut to whole numbers: keep what
def distances_to(query, examples):
    d = torch.zeros(len(examples), dtype=torch.long)
    for i, e in enumerate(examples):
        d[i] = (query - e).pow(2).sum()
    return d

# %% distances_to | wrong | rounds to one decimal as the cell prints | it is rounded (decimals: 1). Return the numbers
def distances_to(query, examples):
    return ((query - examples) ** 2).sum(-1).round(decimals=1)

# %% distances_to | wrong | largest square instead of the sum | it takes the largest square of each example
def distances_to(query, examples):
    return ((query - examples) ** 2).amax(-1)

# %% distances_to | wrong | ^ is not the power in Python | In Python, ^ is not a power: write ** 2.
def distances_to(query, examples):
    return ((query - examples) ^ 2).sum(-1)

# %% distances_to | wrong | loop runs over the values' axis, not the examples | the query's values are taken away along the
def distances_to(query, examples):
    return torch.stack([((query - examples[:, i]) ** 2).sum() for i in range(examples.shape[1])])

# %% distances_to | wrong | distances to the mean example | it measures the distance to the *mean* of the
def distances_to(query, examples):
    d = ((query - examples.mean(0)) ** 2).sum()
    return d.repeat(len(examples))

# %% distances_to | wrong | prints, returns None | it returned nothing. Is the `return` missing?
def distances_to(query, examples):
    for e in examples:
        print(((query - e) ** 2).sum().item())

# %% distances_to | wrong | returns a list of strings
def distances_to(query, examples):
    return [f"{((query - e) ** 2).sum().item():.1f}" for e in examples]

# %% distances_to | wrong | NameError, misspelt argument | in your line
def distances_to(query, examples):
    return ((query - example) ** 2).sum(-1)

# %% distances_to | wrong | half precision, digits lost | the numbers are nearly right, but digits are
def distances_to(query, examples):
    d = (examples - query).half()
    return (d * d).sum(-1).float()

# %% distances_to | right | terse, broadcasting
def distances_to(query, examples):
    return ((examples - query) ** 2).sum(-1)

# %% distances_to | right | loop and stack
def distances_to(query, examples):
    result = []
    for example in examples:
        difference = query - example
        squares = difference * difference
        result.append(squares.sum())
    return torch.stack(result)

# %% distances_to | right | einsum
def distances_to(query, examples):
    d = examples - query
    return torch.einsum("nv,nv->n", d, d)

# %% distances_to | right | numpy inside
import numpy as np
def distances_to(query, examples):
    q = query.detach().cpu().numpy()
    e = examples.detach().cpu().numpy()
    return torch.from_numpy(np.square(e - q).sum(axis=1)).to(examples.device)

# %% distances_to | right | cdist without matrix products, squared
def distances_to(query, examples):
    return torch.cdist(examples, query[None], compute_mode="donot_use_mm_for_euclid_dist").squeeze(1) ** 2

# %% distances_to | right | norm, squared
def distances_to(query, examples):
    return torch.linalg.vector_norm(examples - query, dim=1).square()

# %% distances_to | right | mse_loss without reduction
def distances_to(query, examples):
    q = query.unsqueeze(0).expand(examples.shape[0], -1)
    return F.mse_loss(q, examples, reduction="none").sum(dim=1)

# %% distances_to | right | pure Python sums, double inside
def distances_to(query, examples):
    q = query.tolist()
    out = [math.fsum((a - b) ** 2 for a, b in zip(q, row)) for row in examples.tolist()]
    return torch.tensor(out, dtype=examples.dtype, device=examples.device)

# %% distances_to | right | vmap of a dot product
def distances_to(query, examples):
    def one(e):
        return torch.dot(e - query, e - query)
    return torch.vmap(one)(examples)

# %% probabilities | wrong | forgot the minus: far is likely | the far classes get the high probabilities;
def probabilities(distances):
    return torch.softmax(distances, dim=-1)

# %% probabilities | wrong | softmax over the queries (dim 0) instead of the classes | each *column* sums to 1. Classes compete for
def probabilities(distances):
    return torch.softmax(-distances, dim=0)

# %% probabilities | wrong | normalises over the whole matrix | the whole table sums to 1, but each row should.
def probabilities(distances):
    e = torch.exp(-(distances - distances.min()))
    return e / e.sum()

# %% probabilities | wrong | the formula as it stands, underflow to 0/0 | at distances around 2000 every exponential is
def probabilities(distances):
    e = torch.exp(-distances)
    return e / e.sum(dim=1, keepdim=True)

# %% probabilities | wrong | an epsilon in the denominator hides the underflow, rows sum to 0 | at distances around 2000 every exponential is
def probabilities(distances):
    e = torch.exp(-distances)
    return e / (e.sum(dim=1, keepdim=True) + 1e-8)

# %% probabilities | wrong | nan_to_num hides the underflow | at distances around 2000 every exponential is
def probabilities(distances):
    e = (-distances).exp()
    return (e / e.sum(-1, keepdim=True)).nan_to_num(0.0)

# %% probabilities | wrong | on underflow answers with equal probabilities | at distances around 2000 every exp(-d) is
def probabilities(distances):
    e = (-distances).exp()
    total = e.sum(-1, keepdim=True)
    way = distances.shape[-1]
    return torch.where(total > 0, e / total, torch.full_like(e, 1 / way))

# %% probabilities | wrong | cuts off distances at 80, far classes become equal | at distances around 2000 every exp(-d) is
def probabilities(distances):
    e = torch.exp(-distances.clamp(max=80.0))
    return e / e.sum(1, keepdim=True)

# %% probabilities | wrong | double precision only delays the underflow | at distances around 2000 every exponential is
def probabilities(distances):
    e = torch.exp(-distances.double())
    return (e / e.sum(1, keepdim=True)).to(distances.dtype)

# %% probabilities | wrong | returns logarithms of probabilities | these are logarithms of the probabilities.
def probabilities(distances):
    return F.log_softmax(-distances, dim=1)

# %% probabilities | wrong | inverse distances instead of the exponential | 1 / distance does favour what is near, but the
def probabilities(distances):
    inverse = 1 / distances
    return inverse / inverse.sum(-1, keepdim=True)

# %% probabilities | wrong | subtracts the smallest of all rows, other rows underflow | it takes the smallest distance of the *whole
def probabilities(distances):
    e = torch.exp(distances.min() - distances)
    return e / e.sum(-1, keepdim=True)

# %% probabilities | wrong | subtracts the largest distance instead of the smallest, overflow | what is taken away from the distances makes
def probabilities(distances):
    shifted = distances - distances.amax(dim=1, keepdim=True)
    e = torch.exp(-shifted)
    return e / e.sum(dim=1, keepdim=True)

# %% probabilities | wrong | sum without keepdim, divides by the wrong rows | each row is divided by the sum of another row
def probabilities(distances):
    e = torch.exp(-(distances - distances.amin(1, keepdim=True)))
    return e / e.sum(1)

# %% probabilities | wrong | sigmoid of each, rows do not sum to 1 | that is the sigmoid: each class for itself, and
def probabilities(distances):
    return torch.sigmoid(-distances)

# %% probabilities | wrong | square root of the distances first | the distances are squared already, and the
def probabilities(distances):
    return torch.softmax(-distances.sqrt(), dim=-1)

# %% probabilities | wrong | squares the squared distances again | the distances are squared already, and the
def probabilities(distances):
    return torch.softmax(-distances ** 2, dim=-1)

# %% probabilities | wrong | one minus the softmax of the distances | 1 - softmax(distances) is another thing: the
def probabilities(distances):
    return 1 - torch.softmax(distances, dim=-1)

# %% probabilities | wrong | one minus the softmax, normalised again | 1 - softmax(distances), divided by its sum, is
def probabilities(distances):
    p = 1 - torch.softmax(distances, dim=-1)
    return p / p.sum(-1, keepdim=True)

# %% probabilities | wrong | divides distances by the largest for safety, changes the differences | each row is divided by its largest distance
def probabilities(distances):
    scaled = distances / distances.amax(-1, keepdim=True)
    return torch.softmax(-scaled, dim=-1)

# %% probabilities | wrong | only divides by the sum, no exponential | dividing by the sum is right, but the
def probabilities(distances):
    return distances / distances.sum(dim=1, keepdim=True)

# %% probabilities | wrong | changes distances in place | it changes `distances` in place; compute a new
def probabilities(distances):
    distances -= distances.amin(dim=1, keepdim=True)
    e = torch.exp(-distances)
    return e / e.sum(dim=1, keepdim=True)

# %% probabilities | wrong | all or nothing, 1 for the nearest | it gives all to the nearest class and 0 to the
def probabilities(distances):
    return F.one_hot(distances.argmin(-1), distances.shape[-1]).float()

# %% probabilities | wrong | forgot to divide by the sum | the rows do not sum to 1: divide each by its
def probabilities(distances):
    return torch.exp(-(distances - distances.amin(-1, keepdim=True)))

# %% probabilities | wrong | 5 classes hard-coded | Does the code count on
def probabilities(distances):
    d = distances - distances.amin(1, keepdim=True)
    e = torch.zeros(len(d), 5)
    for k in range(5):
        e[:, k] = torch.exp(-d[:, k])
    return e / e.sum(1, keepdim=True)

# %% probabilities | wrong | only the first query, shape [way] | it answers for the first query alone; the task
def probabilities(distances):
    return torch.softmax(-distances[0], dim=-1)

# %% probabilities | wrong | base 2 instead of e | it takes powers of 2; the formula has the
def probabilities(distances):
    e = 2.0 ** (distances.amin(-1, keepdim=True) - distances)
    return e / e.sum(-1, keepdim=True)

# %% probabilities | wrong | rounds to four decimals | it is rounded (decimals: 4). Return the numbers
def probabilities(distances):
    return torch.softmax(-distances, -1).round(decimals=4)

# %% probabilities | wrong | sorts the classes | the probabilities are right but sorted: keep
def probabilities(distances):
    return torch.softmax(-distances, -1).sort(-1, descending=True).values

# %% probabilities | wrong | only the largest probability of each row | it returns only the largest probability of each
def probabilities(distances):
    return torch.softmax(-distances, -1).max(-1).values

# %% probabilities | wrong | softmax applied twice | a softmax is taken twice, and brings the
def probabilities(distances):
    p = torch.softmax(-distances, dim=1)
    return torch.softmax(p, dim=1)

# %% probabilities | wrong | clamps the exponentials at 1e-30, far classes all equal | at distances around 2000 every exp(-d) is
def probabilities(distances):
    e = torch.exp(-distances).clamp(min=1e-30)
    return e / e.sum(1, keepdim=True)

# %% probabilities | wrong | exp of a half: softmax of minus half the distance | the distances are multiplied by 0.5 first. Take
def probabilities(distances):
    return torch.softmax(-0.5 * distances, dim=1)

# %% probabilities | wrong | math.exp does not take tensors | A tensor of many numbers stands where one
def probabilities(distances):
    e = math.exp(-distances)
    return e / sum(e)

# %% probabilities | wrong | prints, returns None | it returned nothing. Is the `return` missing?
def probabilities(distances):
    print(torch.softmax(-distances, dim=1))

# %% probabilities | wrong | strings with a percent sign
def probabilities(distances):
    return [[f"{100 * p:.0f} %" for p in row] for row in torch.softmax(-distances, -1).tolist()]

# %% probabilities | right | terse
def probabilities(distances):
    return (-distances).softmax(-1)

# %% probabilities | right | softmin
def probabilities(distances):
    return F.softmin(distances, dim=1)

# %% probabilities | right | by hand, row minimum subtracted
def probabilities(distances):
    nearest = distances.min(dim=1, keepdim=True).values
    weights = torch.exp(nearest - distances)
    return weights / weights.sum(dim=1, keepdim=True)

# %% probabilities | right | loop over rows
def probabilities(distances):
    rows = []
    for row in distances:
        shifted = -(row - row.min())
        e = shifted.exp()
        rows.append(e / e.sum())
    return torch.stack(rows)

# %% probabilities | right | numpy inside
import numpy as np
def probabilities(distances):
    d = distances.detach().cpu().numpy()
    e = np.exp(d.min(axis=1, keepdims=True) - d)
    return torch.from_numpy(e / e.sum(axis=1, keepdims=True)).to(distances)

# %% probabilities | right | log_softmax and exp
def probabilities(distances):
    return F.log_softmax(-distances, dim=-1).exp()

# %% probabilities | right | pairwise differences, 1 over a sum
def probabilities(distances):
    # p_k = 1 / sum_j exp(d_k - d_j); an overflow to inf gives 1 / inf = 0
    gaps = distances.unsqueeze(2) - distances.unsqueeze(1)
    return 1 / gaps.exp().sum(dim=2)

# %% probabilities | right | the module Softmax
def probabilities(distances):
    layer = torch.nn.Softmax(dim=1)
    return layer(torch.neg(distances))

# %% probabilities | right | plain Python
def probabilities(distances):
    out = []
    for row in distances.tolist():
        low = min(row)
        e = [math.exp(low - d) for d in row]
        s = sum(e)
        out.append([x / s for x in e])
    return torch.tensor(out, dtype=distances.dtype, device=distances.device)

# %% centre | wrong | the mean of the points instead of the middle of the bounding box | the *mean of the points* is at 0, and it leans
def centre(points, side):
    points = points - points.mean(0)
    longest = (points.amax(0) - points.amin(0)).max()
    if longest == 0:
        return torch.zeros_like(points)
    return points * (side / longest)

# %% centre | wrong | scales each direction by itself, a line becomes a square | x and y are scaled differently, so a thin line
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    extent = (high - low).clamp(min=1e-12)
    return (points - (low + high) / 2) / extent * side

# %% centre | wrong | divides by zero for a dot | for a single dot the box has no size, and 0 / 0
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    return (points - (low + high) / 2) / (high - low).max() * side

# %% centre | wrong | shorter side instead of the longer | the *shorter* side is `side` long: use the
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    extent = (high - low).min()
    middle = (low + high) / 2
    if extent == 0:
        return points - middle
    return (points - middle) * side / extent

# %% centre | wrong | always takes the width, right only for wide drawings | it always takes the width for the longer side
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    width = (high - low)[0]
    if width == 0:
        return points - (low + high) / 2
    return (points - (low + high) / 2) * side / width

# %% centre | wrong | twice too large: half the side gets the length side | it is twice too large: the whole longer side
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    points = points - (low + high) / 2
    reach = points.abs().max()
    return points / reach * side if reach > 0 else points

# %% centre | wrong | half as large as wanted | it is half as large: the whole longer side
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    return (points - (low + high) / 2) / longest * (side / 2)

# %% centre | wrong | scales but does not move | the size is right, but the middle of the box is
def centre(points, side):
    longest = (points.amax(0) - points.amin(0)).max()
    if longest == 0:
        return torch.zeros_like(points)
    return points * side / longest

# %% centre | wrong | moves but does not scale | the box is in the middle, but its longer side
def centre(points, side):
    return points - (points.amin(0) + points.amax(0)) / 2

# %% centre | wrong | corner of the box to 0, not its middle | the *corner* of the box is at 0, not its middle.
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    return (points - low) * side / longest

# %% centre | wrong | a dot stays where it is | a dot does not: points that are all at one
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max()
    if longest == 0:
        return points
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | clamp(min=1) against the dot, small drawings are not enlarged | large drawings shrink, but small ones are not
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1)
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | adds 0.01 against the dot, drawings come out too small | about 0.01 is added to the longer side (against
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max() + 0.01
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | for a dot returns one point whatever n is | a dot does not: points that are all at one
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max()
    if longest == 0:
        return torch.zeros(1, 2)
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | thinks of a dot only as one point, several equal points give nan | for a single dot the box has no size, and 0 / 0
def centre(points, side):
    if len(points) == 1:
        return torch.zeros_like(points)
    low, high = points.amin(0), points.amax(0)
    return (points - (low + high) / 2) * side / (high - low).max()

# %% centre | wrong | treats a straight horizontal or vertical line as a dot | a level or an upright line does not: its box
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    extent = high - low
    if (extent == 0).any():
        return torch.zeros_like(points)
    return (points - (low + high) / 2) * side / extent.max()

# %% centre | wrong | min and max along the wrong axis | the box is that of each *point*, over its x and
def centre(points, side):
    low, high = points.amin(1, keepdim=True), points.amax(1, keepdim=True)
    longest = (high - low).max().clamp(min=1e-12)
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | changes points in place | it changes `points` in place; compute a new
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    points -= (low + high) / 2
    longest = (high - low).max()
    if longest > 0:
        points *= side / longest
    return points

# %% centre | wrong | one min and max for x and y together | x and y are mixed: take smallest and largest
def centre(points, side):
    low, high = points.min(), points.max()
    longest = (high - low).clamp(min=1e-12)
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | the diagonal of the box gets the length side | the *diagonal* of the box gets the length
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    diagonal = (high - low).norm().clamp(min=1e-12)
    return (points - (low + high) / 2) * side / diagonal

# %% centre | wrong | median of the points instead of the middle of the box | the *median of the points* is at 0, and it
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    middle = points.median(0).values
    longest = (high - low).max().clamp(min=1e-12)
    return (points - middle) * side / longest

# %% centre | wrong | half the extent taken for the middle | half the length of the sides is taken away
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    return (points - (high - low) / 2) * side / longest

# %% centre | wrong | middle comes to side/2, not to 0 | the middle of the box comes to side / 2, and
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    return (points - (low + high) / 2) * side / longest + side / 2

# %% centre | wrong | max(0) gives values and indices, .values forgotten | max and min along an axis give two things
def centre(points, side):
    low, high = points.min(0), points.max(0)
    longest = (high - low).max()
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | first scales, then subtracts the middle of the unscaled box | it scales first and then takes away the middle
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max()
    scale = side / longest if longest > 0 else 1.0
    return points * scale - (low + high) / 2

# %% centre | wrong | length 18 hard-coded, side ignored | it does not use the argument `side`: the longer
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    return (points - (low + high) / 2) * 18.0 / longest

# %% centre | wrong | turns y upside down | y is turned upside down: keep the direction of
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    out = (points - (low + high) / 2) * side / longest
    return out * torch.tensor([1.0, -1.0])

# %% centre | wrong | scales by the standard deviation | it scales by a standard deviation of the
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    spread = points.std(0, unbiased=False).max().clamp(min=1e-12)
    return (points - (low + high) / 2) * side / spread

# %% centre | wrong | box from the first and the last point only | it takes the box of the first and the last
def centre(points, side):
    first, last = points[0], points[-1]
    longest = (last - first).abs().max().clamp(min=1e-12)
    return (points - (first + last) / 2) * side / longest

# %% centre | wrong | drops double points and changes their order | points change their order, or double ones are
def centre(points, side):
    points = points.unique(dim=0)
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    return (points - (low + high) / 2) * side / longest

# %% centre | wrong | rounds to two decimals as the cell prints | it is rounded (decimals: 2). Return the numbers
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    return ((points - (low + high) / 2) * side / longest).round(decimals=2)

# %% centre | wrong | only shrinks large drawings, never enlarges small ones | large drawings shrink, but small ones are not
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max()
    scale = min(1.0, float(side / longest)) if longest > 0 else 1.0
    return (points - (low + high) / 2) * scale

# %% centre | wrong | divides twice: multiplies by longest over side | the factor is turned round: it multiplies by
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max()
    return (points - (low + high) / 2) * (longest / side)

# %% centre | wrong | returns the box, not the points | it returns the corners of the box; return all
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    longest = (high - low).max().clamp(min=1e-12)
    middle = (low + high) / 2
    return torch.stack([(low - middle) * side / longest, (high - middle) * side / longest])

# %% centre | wrong | enlarges step by step, endless loop for a dot | Does a loop never end?
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    out = points - (low + high) / 2
    if (high - low).max() > side:
        return out * side / (high - low).max()
    while (out.amax(0) - out.amin(0)).max() < side:
        out = out * 1.0001
    return out

# %% centre | wrong | prints, returns None | it returned nothing. Is the `return` missing?
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    print((points - (low + high) / 2) * side / (high - low).max())

# %% centre | wrong | NameError: bounding_box is not defined | in your line
def centre(points, side):
    low, high = bounding_box(points)
    return (points - (low + high) / 2) * side / (high - low).max()

# %% centre | right | clear, if for the dot
def centre(points, side):
    low, high = points.amin(0), points.amax(0)
    centred = points - (low + high) / 2
    longest = (high - low).max()
    if longest == 0:
        return torch.zeros_like(points)
    return centred * (side / longest)

# %% centre | right | nan_to_num for the dot
def centre(points, side):
    lo, hi = torch.aminmax(points, dim=0)
    return ((points - (lo + hi) / 2) / (hi - lo).max()).nan_to_num(0.0) * side

# %% centre | right | numpy inside
import numpy as np
def centre(points, side):
    p = points.detach().cpu().numpy()
    low, high = p.min(axis=0), p.max(axis=0)
    longest = np.ptp(p, axis=0).max()
    out = p - (low + high) / 2
    if longest > 0:
        out = out / longest * side
    return torch.from_numpy(np.ascontiguousarray(out)).to(points)

# %% centre | right | plain Python lists
def centre(points, side):
    xs = [p[0] for p in points.tolist()]
    ys = [p[1] for p in points.tolist()]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    longest = max(width, height)
    scale = side / longest if longest > 0 else 1.0
    mx, my = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    moved = [[(x - mx) * scale, (y - my) * scale] for x, y in zip(xs, ys)]
    return torch.tensor(moved, dtype=points.dtype, device=points.device)

# %% centre | right | corner first, then half the extent, tiny clamp
def centre(points, side):
    shifted = points - points.min(dim=0).values
    extent = shifted.max(dim=0).values
    tiny = torch.finfo(points.dtype).tiny
    return (shifted - 0.5 * extent) / extent.max().clamp(min=tiny) * side

# %% centre | right | x and y handled apart, stacked
def centre(points, side):
    x, y = points.unbind(1)
    w = x.max() - x.min()
    h = y.max() - y.min()
    longest = torch.maximum(w, h)
    if longest.item() == 0.0:
        longest = torch.ones_like(longest)
    x = (x - (x.max() + x.min()) / 2) / longest * side
    y = (y - (y.max() + y.min()) / 2) / longest * side
    return torch.stack((x, y), dim=1)

# %% centre | right | torch.where for the divisor, sorted columns
def centre(points, side):
    ordered = points.sort(0).values
    box = torch.stack([ordered[0], ordered[-1]])
    longest = (box[1] - box[0]).amax()
    divisor = torch.where(longest > 0, longest, torch.ones_like(longest))
    return side * (points - box.mean(0)) / divisor
