# %% pick_different | wrong | randint can pick the same number twice | it picks a number twice in one cell (drawing
def pick_different(shape, n, k, generator):
    return torch.randint(0, n, (*shape, k), generator=generator)

# %% pick_different | wrong | one permutation shared by all cells | all classes of a task get the same choice. Each
def pick_different(shape, n, k, generator):
    return torch.randperm(n, generator=generator)[:k].expand(*shape, k).clone()

# %% pick_different | wrong | generator ignored | two generators with the same seed gave two
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n).argsort(-1)[..., :k]

# %% pick_different | wrong | makes a generator of its own with seed 0 | it gives the same result every time. All
def pick_different(shape, n, k, generator):
    generator = torch.Generator().manual_seed(0)
    return torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k]

# %% pick_different | wrong | seeds the generator anew, every call gives the same | it gives the same result every time. All
def pick_different(shape, n, k, generator):
    generator.manual_seed(generator.initial_seed())
    return torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k]

# %% pick_different | wrong | draws from a copy, the generator does not advance | it gives the same result every time. All
def pick_different(shape, n, k, generator):
    mine = torch.Generator()
    mine.set_state(generator.get_state())
    return torch.rand(*shape, n, generator=mine).argsort(-1)[..., :k]

# %% pick_different | wrong | sorts the numbers, not in random order | the numbers come in an order. A class's place
def pick_different(shape, n, k, generator):
    picked = torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k]
    return picked.sort(-1).values

# %% pick_different | wrong | returns the random values, not the places | it returns random keys. Which places they have
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).topk(k, dim=-1).values

# %% pick_different | wrong | numbers 1 ... n | the numbers should be 0 ... 6, but they go from
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k] + 1

# %% pick_different | wrong | n-1 is never picked | of 0 ... 6 it never picks 6, for k = 4. All n
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n - 1, generator=generator).argsort(-1)[..., :k]

# %% pick_different | wrong | only shuffles 0 ... k-1 | of 0 ... 6 it never picks 4, 5, 6, for k = 4.
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, k, generator=generator).argsort(-1)

# %% pick_different | wrong | int32 instead of int64 | the numbers are places, so they should be
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k].to(torch.int32)

# %% pick_different | wrong | float result | the numbers are places, so they should be
def pick_different(shape, n, k, generator):
    out = torch.zeros(*shape, k).view(-1, k)
    for i in range(len(out)):
        out[i] = torch.randperm(n, generator=generator)[:k]
    return out.view(*shape, k)

# %% pick_different | wrong | works for one axis only | uses the first axis of `shape` only: k numbers
def pick_different(shape, n, k, generator):
    return torch.stack([torch.randperm(n, generator=generator)[:k] for _ in range(shape[0])])

# %% pick_different | wrong | k comes first instead of last | is the first axis, and should be the last.
def pick_different(shape, n, k, generator):
    return torch.rand(n, *shape, generator=generator).argsort(0)[:k]

# %% pick_different | wrong | argsort along the first axis instead of the last | it ranks the cells of the first axis among each
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).argsort(0)[..., :k]

# %% pick_different | wrong | multinomial with replacement, repeats | it picks a number twice in one cell (drawing
def pick_different(shape, n, k, generator):
    cells = math.prod(shape)
    return torch.multinomial(torch.ones(cells, n), k, replacement=True, generator=generator).view(*shape, k)

# %% pick_different | wrong | a run of k neighbours from a random start | numbers that are neighbours are picked
def pick_different(shape, n, k, generator):
    start = torch.randint(0, n, (*shape, 1), generator=generator)
    return (start + torch.arange(k)) % n

# %% pick_different | wrong | neighbours in random order: not every choice is possible | numbers that are neighbours are picked
def pick_different(shape, n, k, generator):
    start = torch.randint(0, n, (*shape, 1), generator=generator)
    order = torch.rand(*shape, k, generator=generator).argsort(-1)
    return (start + order) % n

# %% pick_different | wrong | one permutation, shifted from cell to cell: not independent | what a cell gets follows from what another got
def pick_different(shape, n, k, generator):
    deck = torch.randperm(n, generator=generator)
    cells = math.prod(shape)
    return torch.stack([deck.roll(i)[:k] for i in range(cells)]).view(*shape, k)

# %% pick_different | wrong | deals all cells from one deck, no number twice across cells | It runs where 40 numbers are enough for all
def pick_different(shape, n, k, generator):
    cells = math.prod(shape)
    return torch.randperm(n, generator=generator)[: cells * k].view(*shape, k)

# %% pick_different | wrong | a repeated number is moved up by one: unfair | numbers that are neighbours are picked
def pick_different(shape, n, k, generator):
    out = torch.randint(0, n, (math.prod(shape), k), generator=generator)
    for row in out:
        for i in range(k):
            while row[i] in row[:i]:
                row[i] = (row[i] + 1) % n
    return out.view(*shape, k)

# %% pick_different | wrong | argsort of random integers with ties: low numbers favoured | some numbers are picked more often than others
def pick_different(shape, n, k, generator):
    keys = torch.randint(0, 3, (*shape, n), generator=generator)
    return keys.argsort(dim=-1, stable=True)[..., :k]

# %% pick_different | wrong | slice 1:k+1, one short when k equals n | it goes wrong where all of them are picked, k =
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).argsort(-1)[..., 1:k + 1]

# %% pick_different | wrong | picks k but keeps the first always 0 | place 0 of each choice always holds 0. It must
def pick_different(shape, n, k, generator):
    rest = torch.rand(*shape, n - 1, generator=generator).argsort(-1)[..., : k - 1] + 1
    return torch.cat([torch.zeros(*shape, 1, dtype=torch.int64), rest], -1)

# %% pick_different | wrong | only the first cell uses the generator | two generators with the same seed gave two
def pick_different(shape, n, k, generator):
    rows = [torch.randperm(n, generator=generator)[:k]]
    for _ in range(math.prod(shape) - 1):
        rows.append(torch.randperm(n)[:k])
    return torch.stack(rows).view(*shape, k)

# %% pick_different | wrong | same choice for every task, differs only along the last axis of shape | every task gets the same choice. Each cell of
def pick_different(shape, n, k, generator):
    one = torch.rand(shape[-1], n, generator=generator).argsort(-1)[:, :k]
    return one.expand(*shape, k).clone()

# %% pick_different | wrong | forgot [:k], returns the whole permutation | returns all 7 numbers of a cell: keep the first
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).argsort(-1)

# %% pick_different | wrong | n and k exchanged | of 0 ... 6 it never picks 4, 5, 6, for k = 4.
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, k, generator=generator).argsort(-1)[..., :n]

# %% pick_different | wrong | generator passed as a part of the shape | in your line
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator).argsort(-1)[..., :k]

# %% pick_different | wrong | list instead of a tensor | it should return a tensor, but it returned a
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k].tolist()

# %% pick_different | wrong | unique drops repeats, then too few | Some cells get fewer numbers than others. Are
def pick_different(shape, n, k, generator):
    rows = [torch.unique(torch.randint(0, n, (k,), generator=generator)) for _ in range(math.prod(shape))]
    return torch.stack(rows).view(*shape, k)

# %% pick_different | wrong | endless loop: draws only from k-1 numbers until k differ | Does a loop never end?
def pick_different(shape, n, k, generator):
    rows = []
    for _ in range(math.prod(shape)):
        found = []
        while len(found) < k:
            i = torch.randint(0, k - 1, (1,), generator=generator).item() if k > 1 else 0
            if i not in found:
                found.append(i)
        rows.append(found)
    return torch.tensor(rows).view(*shape, k)

# %% pick_different | wrong | prints, returns None | it returned nothing. Is the `return` missing?
def pick_different(shape, n, k, generator):
    picked = torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k]
    print(picked)

# %% pick_different | wrong | NameError: random is not imported | in your line
def pick_different(shape, n, k, generator):
    return torch.tensor([random.sample(range(n), k) for _ in range(math.prod(shape))]).view(*shape, k)

# %% pick_different | right | terse, argsort
def pick_different(shape, n, k, generator):
    return torch.rand(*shape, n, generator=generator).argsort(-1)[..., :k]

# %% pick_different | right | topk
def pick_different(shape, n, k, generator):
    scores = torch.rand(tuple(shape) + (n,), generator=generator)
    return scores.topk(k, dim=-1, sorted=True).indices

# %% pick_different | right | loop over cells with randperm
def pick_different(shape, n, k, generator):
    cells = 1
    for size in shape:
        cells *= size
    out = torch.empty(cells, k, dtype=torch.int64)
    for cell in range(cells):
        out[cell] = torch.randperm(n, generator=generator)[:k]
    return out.reshape(*shape, k)

# %% pick_different | right | multinomial without replacement
def pick_different(shape, n, k, generator):
    weights = torch.ones(math.prod(shape), n)
    return torch.multinomial(weights, k, replacement=False, generator=generator).reshape(*shape, k)

# %% pick_different | right | rejection, number by number
def pick_different(shape, n, k, generator):
    rows = []
    for _ in range(math.prod(shape)):
        found = []
        while len(found) < k:
            i = int(torch.randint(n, (1,), generator=generator))
            if i not in found:
                found.append(i)
        rows.append(found)
    return torch.tensor(rows, dtype=torch.int64).reshape(*shape, k)

# %% pick_different | right | Fisher-Yates by hand
def pick_different(shape, n, k, generator):
    def one():
        deck = list(range(n))
        for i in range(k):
            j = int(torch.randint(i, n, (), generator=generator))
            deck[i], deck[j] = deck[j], deck[i]
        return deck[:k]
    return torch.tensor([one() for _ in range(math.prod(shape))], dtype=torch.int64).reshape(*shape, k)

# %% pick_different | right | recursion over the axes
def pick_different(shape, n, k, generator):
    if len(shape) == 0:
        return torch.randperm(n, generator=generator)[:k]
    return torch.stack([pick_different(shape[1:], n, k, generator) for _ in range(shape[0])])

# %% pick_different | right | normal noise, sort, numpy argsort
import numpy as np
def pick_different(shape, n, k, generator):
    noise = torch.randn(*shape, n, generator=generator, dtype=torch.float64).numpy()
    return torch.from_numpy(np.argsort(noise, axis=-1)[..., :k].astype(np.int64))

# %% support_and_query | wrong | order of the outputs: both images first, then the labels | the four are in another order: images and
def support_and_query(images, shot):
    tasks, way = images.shape[:2]
    s, q = images[:, :, :shot], images[:, :, shot:]
    labels = torch.arange(way)[None, :, None].expand(tasks, way, images.shape[2])
    return s.flatten(1, 2), q.flatten(1, 2), labels[:, :, :shot].flatten(1), labels[:, :, shot:].flatten(1)

# %% support_and_query | wrong | support and query set exchanged | support and query set are exchanged: `shot`
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.arange(way)[None, :, None].expand(tasks, way, m)
    return (images[:, :, shot:].flatten(1, 2), labels[:, :, shot:].flatten(1),
            images[:, :, :shot].flatten(1, 2), labels[:, :, :shot].flatten(1))

# %% support_and_query | wrong | labels 0 1 2 0 1 2 though images come class by class (repeat for repeat_interleave) | support_y is out of step with its images: the
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    sy = torch.arange(way).repeat(shot).expand(tasks, -1)
    qy = torch.arange(way).repeat(m - shot).expand(tasks, -1)
    return images[:, :, :shot].flatten(1, 2), sy, images[:, :, shot:].flatten(1, 2), qy

# %% support_and_query | wrong | images transposed, labels not: wrong for more than one shot | support_y is out of step with its images: the
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    by_example = images.transpose(1, 2)
    sx, qx = by_example[:, :shot].flatten(1, 2), by_example[:, shot:].flatten(1, 2)
    sy = torch.arange(way).repeat_interleave(shot).expand(tasks, -1)
    qy = torch.arange(way).repeat_interleave(m - shot).expand(tasks, -1)
    return sx, sy, qx, qy

# %% support_and_query | wrong | tasks and classes flattened together | Tasks are joined, too: .flatten(1, 2) joins
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.arange(way).repeat(tasks)
    sx, qx = images[:, :, :shot].flatten(0, 2), images[:, :, shot:].flatten(0, 2)
    return sx, labels.repeat_interleave(shot), qx, labels.repeat_interleave(m - shot)

# %% support_and_query | wrong | labels without the axis of tasks | The axis of tasks is missing
def support_and_query(images, shot):
    way, m = images.shape[1], images.shape[2]
    sy = torch.arange(way).repeat_interleave(shot)
    qy = torch.arange(way).repeat_interleave(m - shot)
    return images[:, :, :shot].flatten(1, 2), sy, images[:, :, shot:].flatten(1, 2), qy

# %% support_and_query | wrong | float labels | support_y should be int64, as class labels are
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.zeros(tasks, way, m)
    for c in range(way):
        labels[:, c] = c
    return (images[:, :, :shot].flatten(1, 2), labels[:, :, :shot].flatten(1),
            images[:, :, shot:].flatten(1, 2), labels[:, :, shot:].flatten(1))

# %% support_and_query | wrong | int32 labels | support_y should be int64, as class labels are
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.arange(way, dtype=torch.int32)[None, :, None].expand(tasks, way, m)
    return (images[:, :, :shot].flatten(1, 2), labels[:, :, :shot].flatten(1),
            images[:, :, shot:].flatten(1, 2), labels[:, :, shot:].flatten(1))

# %% support_and_query | wrong | labels from 1 | support_y counts from 1. Labels count from 0: 0
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.arange(1, way + 1)[None, :, None].expand(tasks, way, m)
    return (images[:, :, :shot].flatten(1, 2), labels[:, :, :shot].flatten(1),
            images[:, :, shot:].flatten(1, 2), labels[:, :, shot:].flatten(1))

# %% support_and_query | wrong | divides the classes, not the images of a class (wrong axis) | the support set holds all images of the first
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    s, q = images[:, :shot], images[:, shot:]
    labels = torch.arange(way)[None, :, None].expand(tasks, way, m)
    return s.flatten(1, 2), labels[:, :shot].flatten(1), q.flatten(1, 2), labels[:, shot:].flatten(1)

# %% support_and_query | wrong | support images stand in the query set too | It holds 6 of the 6 images of each class, and
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.arange(way)[None, :, None].expand(tasks, way, m)
    return (images[:, :, :shot].flatten(1, 2), labels[:, :, :shot].flatten(1),
            images.flatten(1, 2), labels.flatten(1))

# %% support_and_query | wrong | query set begins one too late, an image is lost | It holds 3 of the 6 images of each class, and
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.arange(way)[None, :, None].expand(tasks, way, m)
    return (images[:, :, :shot].flatten(1, 2), labels[:, :, :shot].flatten(1),
            images[:, :, shot + 1:].flatten(1, 2), labels[:, :, shot + 1:].flatten(1))

# %% support_and_query | wrong | query set begins one too early, shares an image with the support set | It holds 5 of the 6 images of each class, and
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    labels = torch.arange(way)[None, :, None].expand(tasks, way, m)
    return (images[:, :, :shot].flatten(1, 2), labels[:, :, :shot].flatten(1),
            images[:, :, shot - 1:].flatten(1, 2), labels[:, :, shot - 1:].flatten(1))

# %% support_and_query | wrong | image shape 1 x 28 x 28 hard-coded | Does the code count on
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    sx = images[:, :, :shot].reshape(tasks, way * shot, 1, 28, 28)
    qx = images[:, :, shot:].reshape(tasks, way * (m - shot), 1, 28, 28)
    y = torch.arange(way).expand(tasks, way)
    return sx, y.repeat_interleave(shot, 1), qx, y.repeat_interleave(m - shot, 1)

# %% support_and_query | wrong | 5 classes hard-coded | Does the code count on
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(5).expand(tasks, 5)
    return (images[:, :, :shot].flatten(1, 2), y.repeat_interleave(shot, 1),
            images[:, :, shot:].flatten(1, 2), y.repeat_interleave(m - shot, 1))

# %% support_and_query | wrong | view of a slice that is not contiguous | in your line
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    rest = images.shape[3:]
    sx = images[:, :, :shot].view(tasks, way * shot, *rest)
    qx = images[:, :, shot:].view(tasks, way * (m - shot), *rest)
    y = torch.arange(way).expand(tasks, way)
    return sx, y.repeat_interleave(shot, 1), qx, y.repeat_interleave(m - shot, 1)

# %% support_and_query | wrong | labels go on counting from task to task | support_y goes on counting from one task to the
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(tasks * way).view(tasks, way)
    return (images[:, :, :shot].flatten(1, 2), y.repeat_interleave(shot, 1),
            images[:, :, shot:].flatten(1, 2), y.repeat_interleave(m - shot, 1))

# %% support_and_query | wrong | the same label count for both sets (query labels repeated shot times) | So there are 6 labels for 12 images: each of
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(way).expand(tasks, way).repeat_interleave(shot, 1)
    return images[:, :, :shot].flatten(1, 2), y, images[:, :, shot:].flatten(1, 2), y

# %% support_and_query | wrong | flattens first, so the support set holds only the first classes | the support set should hold 2 of *each* class;
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    flat = images.flatten(1, 2)
    y = torch.arange(way).expand(tasks, way)
    return (flat[:, :way * shot], y.repeat_interleave(shot, 1),
            flat[:, way * shot:], y.repeat_interleave(m - shot, 1))

# %% support_and_query | wrong | shot ignored, always one support image | Does the code count on
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(way).expand(tasks, way)
    return images[:, :, 0], y, images[:, :, 1:].flatten(1, 2), y.repeat_interleave(m - 1, 1)

# %% support_and_query | wrong | chunk in halves, right only when query equals shot | It holds 3 of the 6 images of each class, and
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    s, q = images.chunk(2, dim=2)
    y = torch.arange(way).expand(tasks, way)
    return (s.flatten(1, 2), y.repeat_interleave(s.shape[2], 1),
            q.flatten(1, 2), y.repeat_interleave(q.shape[2], 1))

# %% support_and_query | wrong | split in pieces of shot, the query set keeps only the second piece | It holds 2 of the 6 images of each class, and
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    pieces = images.split(shot, dim=2)
    s, q = pieces[0], pieces[1]
    y = torch.arange(way).expand(tasks, way)
    return (s.flatten(1, 2), y.repeat_interleave(s.shape[2], 1),
            q.flatten(1, 2), y.repeat_interleave(q.shape[2], 1))

# %% support_and_query | wrong | changes pixel values: divides by 255 | pixel values are changed. Images go to one of
def support_and_query(images, shot):
    images = images / 255
    tasks, way, m = images.shape[:3]
    y = torch.arange(way).expand(tasks, way)
    return (images[:, :, :shot].flatten(1, 2), y.repeat_interleave(shot, 1),
            images[:, :, shot:].flatten(1, 2), y.repeat_interleave(m - shot, 1))

# %% support_and_query | wrong | flattens the pixels too | The pixels are joined, too: .flatten(1, 2) ends
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(way).expand(tasks, way)
    return (images[:, :, :shot].reshape(tasks, way * shot, -1), y.repeat_interleave(shot, 1),
            images[:, :, shot:].reshape(tasks, way * (m - shot), -1), y.repeat_interleave(m - shot, 1))

# %% support_and_query | wrong | classes not flattened, [tasks, way, shot] | Join the classes and the images of a class
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(way)[None, :, None].expand(tasks, way, m)
    return images[:, :, :shot], y[:, :, :shot], images[:, :, shot:], y[:, :, shot:]

# %% support_and_query | wrong | squeeze drops axes of size 1 | The axis of tasks is dropped (squeeze?). It
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(way).expand(tasks, way)
    return (images[:, :, :shot].flatten(1, 2).squeeze(), y.repeat_interleave(shot, 1).squeeze(),
            images[:, :, shot:].flatten(1, 2).squeeze(), y.repeat_interleave(m - shot, 1).squeeze())

# %% support_and_query | wrong | one-hot labels | They are one-hot; a label is one number, its
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(way).expand(tasks, way)
    return (images[:, :, :shot].flatten(1, 2), F.one_hot(y.repeat_interleave(shot, 1), way),
            images[:, :, shot:].flatten(1, 2), F.one_hot(y.repeat_interleave(m - shot, 1), way))

# %% support_and_query | wrong | only the first task | Only one task is left of several.
def support_and_query(images, shot):
    way, m = images.shape[1:3]
    first = images[:1]
    y = torch.arange(way)[None]
    return (first[:, :, :shot].flatten(1, 2), y.repeat_interleave(shot, 1),
            first[:, :, shot:].flatten(1, 2), y.repeat_interleave(m - shot, 1))

# %% support_and_query | wrong | labels of the place within the class instead of the class | support_y says which image *of its class* each
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(m).expand(tasks, way, m)
    return (images[:, :, :shot].flatten(1, 2), y[:, :, :shot].flatten(1),
            images[:, :, shot:].flatten(1, 2), y[:, :, shot:].flatten(1))

# %% support_and_query | wrong | labels in reverse order | support_y counts the classes backwards
def support_and_query(images, shot):
    tasks, way, m = images.shape[:3]
    y = torch.arange(way).flip(0).expand(tasks, way)
    return (images[:, :, :shot].flatten(1, 2), y.repeat_interleave(shot, 1),
            images[:, :, shot:].flatten(1, 2), y.repeat_interleave(m - shot, 1))

# %% support_and_query | wrong | half-finished, labels forgotten | it should return four tensors: support_x
def support_and_query(images, shot):
    return images[:, :, :shot].flatten(1, 2), images[:, :, shot:].flatten(1, 2)

# %% support_and_query | wrong | returns strings
def support_and_query(images, shot):
    return ["support_x", "support_y", "query_x", "query_y"]

# %% support_and_query | wrong | NameError: query is not an argument | in your line
def support_and_query(images, shot):
    tasks, way = images.shape[:2]
    y = torch.arange(way).expand(tasks, way)
    return (images[:, :, :shot].flatten(1, 2), y.repeat_interleave(shot, 1),
            images[:, :, shot:].flatten(1, 2), y.repeat_interleave(query, 1))

# %% support_and_query | right | slices and repeat_interleave
def support_and_query(images, shot):
    tasks, way, both = images.shape[:3]
    y = torch.arange(way).expand(tasks, way)
    return (images[:, :, :shot].flatten(1, 2), y.repeat_interleave(shot, 1),
            images[:, :, shot:].flatten(1, 2), y.repeat_interleave(both - shot, 1))

# %% support_and_query | right | labels shaped like the images, then the same slicing
def support_and_query(images, shot):
    labels = torch.arange(images.shape[1])[None, :, None].expand(images.shape[:3])
    def cut(t):
        return t[:, :, :shot].flatten(1, 2), t[:, :, shot:].flatten(1, 2)
    (sx, qx), (sy, qy) = cut(images), cut(labels)
    return sx, sy, qx, qy

# %% support_and_query | right | loops over tasks and classes
def support_and_query(images, shot):
    sx, sy, qx, qy = [], [], [], []
    for task in images:
        a, b, c, d = [], [], [], []
        for label, pictures in enumerate(task):
            for place, picture in enumerate(pictures):
                if place < shot:
                    a.append(picture); b.append(label)
                else:
                    c.append(picture); d.append(label)
        sx.append(torch.stack(a)); sy.append(torch.tensor(b))
        qx.append(torch.stack(c)); qy.append(torch.tensor(d))
    return torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy)

# %% support_and_query | right | split sizes and reshape
def support_and_query(images, shot):
    tasks, way, both, *rest = images.shape
    query = both - shot
    support, queries = images.split([shot, query], dim=2)
    label = torch.arange(way).view(1, way, 1)
    return (support.reshape(tasks, way * shot, *rest), label.expand(tasks, way, shot).reshape(tasks, -1),
            queries.reshape(tasks, way * query, *rest), label.expand(tasks, way, query).reshape(tasks, -1))

# %% support_and_query | right | numpy inside
import numpy as np
def support_and_query(images, shot):
    x = images.numpy()
    t, w, m = x.shape[:3]
    sy = np.tile(np.repeat(np.arange(w, dtype=np.int64), shot), (t, 1))
    qy = np.tile(np.repeat(np.arange(w, dtype=np.int64), m - shot), (t, 1))
    sx = x[:, :, :shot].reshape((t, w * shot) + x.shape[3:])
    qx = x[:, :, shot:].reshape((t, w * (m - shot)) + x.shape[3:])
    return torch.tensor(sx), torch.tensor(sy), torch.tensor(qx), torch.tensor(qy)

# %% support_and_query | right | classes one after the other, cat and full
def support_and_query(images, shot):
    tasks, way, both = images.shape[:3]
    query = both - shot
    support_x = torch.cat([images[:, c, :shot] for c in range(way)], dim=1)
    query_x = torch.cat([images[:, c, shot:] for c in range(way)], dim=1)
    support_y = torch.cat([torch.full((tasks, shot), c) for c in range(way)], dim=1)
    query_y = torch.cat([torch.full((tasks, query), c) for c in range(way)], dim=1)
    return support_x, support_y, query_x, query_y

# %% support_and_query | right | flat index, integer division gives the label
def support_and_query(images, shot):
    tasks, way, both = images.shape[:3]
    flat = images.flatten(1, 2)
    place = torch.arange(way * both)
    is_support = place % both < shot
    label = place // both
    sy, qy = label[is_support], label[~is_support]
    return flat[:, is_support], sy.repeat(tasks, 1), flat[:, ~is_support], qy.repeat(tasks, 1)

# %% shared_images | wrong | counts pairs: a query that equals two support images counts twice | it counts pairs. A query image that stands
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).sum((1, 2))

# %% shared_images | wrong | counts support images, not query images | it counts support images that are found in the
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (s[:, :, None] == q[:, None]).all(-1).any(2).sum(1)

# %% shared_images | wrong | compares with the support sets of all tasks, not its own | it compares with the support sets of all tasks.
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    everything = s.flatten(0, 1)
    return torch.stack([(t[:, None] == everything[None]).all(-1).any(1).sum() for t in q])

# %% shared_images | wrong | one total for all tasks | it gives one number for all tasks. Keep the
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum()

# %% shared_images | wrong | says only whether a task leaks | it only says whether there is a leak. Count the
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).any(1).long()

# %% shared_images | wrong | share instead of a count | it gives the fraction of the query set. Count
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).float().mean(1)

# %% shared_images | wrong | float counts instead of int64 | it should be an int64 tensor, and the counts
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).float().sum(1)

# %% shared_images | wrong | any pixel equal instead of all | it counts images that share one pixel. All
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).any(-1).any(2).sum(1)

# %% shared_images | wrong | 'in' of tensors is true when any pixel matches | it counts images that share one pixel. All
def shared_images(episode):
    counts = []
    for s, q in zip(episode.support_x, episode.query_x):
        counts.append(sum(1 for image in q if image in s))
    return torch.tensor(counts)

# %% shared_images | wrong | 'in' on a list of tensors, truth value ambiguous | `if`, `and`, `or`, `not` and `in` want one True
def shared_images(episode):
    counts = []
    for s, q in zip(episode.support_x, episode.query_x):
        known = list(s)
        counts.append(sum(image in known for image in q))
    return torch.tensor(counts)

# %% shared_images | wrong | cdist uses matrix products beyond 25 images: rounding, not exactly 0 for equal images | torch.cdist multiplies where there are more
def shared_images(episode):
    s, q = episode.support_x.flatten(2).float(), episode.query_x.flatten(2).float()
    return (torch.cdist(q, s) == 0).any(2).sum(1)

# %% shared_images | wrong | similar images count as equal (tolerance too wide) | images that are nearly equal are counted too.
def shared_images(episode):
    s, q = episode.support_x.flatten(2).float(), episode.query_x.flatten(2).float()
    return ((q[:, :, None] - s[:, None]).abs().mean(-1) < 0.05).any(2).sum(1)

# %% shared_images | wrong | compares the sums of the pixels | it compares one number of each image (a sum, a
def shared_images(episode):
    s, q = episode.support_x.flatten(2).sum(-1), episode.query_x.flatten(2).sum(-1)
    return (q[:, :, None] == s[:, None]).any(2).sum(1)

# %% shared_images | wrong | compares only images at the same place | it compares each query with the support image
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    n = min(s.shape[1], q.shape[1])
    return (s[:, :n] == q[:, :n]).all(-1).sum(1)

# %% shared_images | wrong | one equal row of pixels is enough | one row of equal pixels is enough for it. At
def shared_images(episode):
    s, q = episode.support_x, episode.query_x
    same = (q[:, :, None] == s[:, None]).all(-1)
    return same.flatten(3).any(-1).any(2).sum(1)

# %% shared_images | wrong | compares labels instead of images | it compares labels. Every query has a label of
def shared_images(episode):
    return (episode.query_y[:, :, None] == episode.support_y[:, None]).any(2).sum(1)

# %% shared_images | wrong | 28 x 28 hard-coded | It is right for images of 28 x 28
def shared_images(episode):
    tasks = len(episode.support_x)
    s = episode.support_x.reshape(tasks, -1, 28 * 28)
    q = episode.query_x.reshape(tasks, -1, 28 * 28)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum(1)

# %% shared_images | wrong | looks only at the first channel | it looks at one channel only. Images may have
def shared_images(episode):
    s, q = episode.support_x[:, :, 0].flatten(2), episode.query_x[:, :, 0].flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum(1)

# %% shared_images | wrong | unique: repeats within the query set count too | it counts images that come twice, wherever they
def shared_images(episode):
    counts = []
    for s, q in zip(episode.support_x, episode.query_x):
        both = torch.cat([s, q]).flatten(1)
        counts.append(len(both) - len(both.unique(dim=0)))
    return torch.tensor(counts)

# %% shared_images | wrong | counts each shared image once though it is in the query set twice | query images that are alike are counted once (a
def shared_images(episode):
    counts = []
    for s, q in zip(episode.support_x.flatten(2), episode.query_x.flatten(2)):
        known = {tuple(i) for i in s.tolist()}
        asked = {tuple(i) for i in q.tolist()}
        counts.append(len(known & asked))
    return torch.tensor(counts, dtype=torch.int64)

# %% shared_images | wrong | list instead of a tensor | it should be an int64 tensor, and it is a list
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum(1).tolist()

# %% shared_images | wrong | cut to whole numbers before comparing, grey values lost | it cuts the pixels to whole numbers first, and
def shared_images(episode):
    s, q = episode.support_x.flatten(2).long(), episode.query_x.flatten(2).long()
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum(1)

# %% shared_images | wrong | black-and-white before comparing | it makes the images black and white first, and
def shared_images(episode):
    s, q = episode.support_x.flatten(2) > 0.5, episode.query_x.flatten(2) > 0.5
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum(1)

# %% shared_images | wrong | compares only with support images of the same label | it misses a leak under another label. An image
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    same = (q[:, :, None] == s[:, None]).all(-1)
    label = episode.query_y[:, :, None] == episode.support_y[:, None]
    return (same & label).any(2).sum(1)

# %% shared_images | wrong | only the first task | it answers for the first task only: one count a
def shared_images(episode):
    s, q = episode.support_x[0].flatten(1), episode.query_x[0].flatten(1)
    return (q[:, None] == s[None]).all(-1).any(1).sum()[None]

# %% shared_images | wrong | changes the images of the episode in place | it changes `episode.support_x` in place;
def shared_images(episode):
    s = episode.support_x.mul_(255).round_().flatten(2)
    q = episode.query_x.mul_(255).round_().flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum(1)

# %% shared_images | wrong | missing axis: broadcasts support against query without pairs | it compares each query with the support image
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (s == q).all(-1).sum(1)

# %% shared_images | wrong | break after the first find of a task | it only says whether there is a leak. Count the
def shared_images(episode):
    counts = torch.zeros(len(episode.query_x), dtype=torch.int64)
    for t in range(len(counts)):
        for q in episode.query_x[t]:
            if any(torch.equal(q, s) for s in episode.support_x[t]):
                counts[t] += 1
                break
    return counts

# %% shared_images | wrong | counts queries that are not in the support set | it counts the query images that do *not* stand
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] != s[:, None]).any(-1).all(2).sum(1)

# %% shared_images | wrong | any over the wrong axis, sums per support image of the batch | it adds up over the tasks. Add up over the
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(2).sum(0)

# %% shared_images | wrong | counts query images equal to any earlier query image | a query image that equals an earlier *query*
def shared_images(episode):
    counts = []
    for s, q in zip(episode.support_x, episode.query_x):
        seen = [tuple(i.flatten().tolist()) for i in s]
        c = 0
        for image in q:
            key = tuple(image.flatten().tolist())
            c += key in seen
            seen.append(key)
        counts.append(c)
    return torch.tensor(counts)

# %% shared_images | wrong | prints, returns None | it returned nothing. Is the `return` missing?
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    print((q[:, :, None] == s[:, None]).all(-1).any(2).sum(1))

# %% shared_images | wrong | NameError, uses support_x without the episode | in your line
def shared_images(episode):
    return (query_x[:, :, None] == support_x[:, None]).flatten(3).all(-1).any(2).sum(1)

# %% shared_images | right | broadcasting
def shared_images(episode):
    s, q = episode.support_x.flatten(2), episode.query_x.flatten(2)
    return (q[:, :, None] == s[:, None]).all(-1).any(-1).sum(-1)

# %% shared_images | right | loops with torch.equal
def shared_images(episode):
    counts = []
    for support, queries in zip(episode.support_x, episode.query_x):
        count = 0
        for query in queries:
            if any(torch.equal(query, image) for image in support):
                count += 1
        counts.append(count)
    return torch.tensor(counts, dtype=torch.int64)

# %% shared_images | right | sets of tuples
def shared_images(episode):
    counts = []
    for s, q in zip(episode.support_x.flatten(2).tolist(), episode.query_x.flatten(2).tolist()):
        known = {tuple(image) for image in s}
        counts.append(sum(tuple(image) in known for image in q))
    return torch.tensor(counts)

# %% shared_images | right | largest absolute difference is 0
def shared_images(episode):
    s = episode.support_x.flatten(2).double()
    q = episode.query_x.flatten(2).double()
    gap = (q.unsqueeze(2) - s.unsqueeze(1)).abs().amax(-1)
    return (gap.amin(-1) == 0).sum(-1)

# %% shared_images | right | numpy inside
import numpy as np
def shared_images(episode):
    s, q = episode.support_x.numpy(), episode.query_x.numpy()
    out = np.zeros(len(s), dtype=np.int64)
    for t in range(len(s)):
        for image in q[t]:
            out[t] += any(np.array_equal(image, other) for other in s[t])
    return torch.from_numpy(out)

# %% shared_images | right | loop over support images, logical or
def shared_images(episode):
    tasks, n_query = episode.query_x.shape[:2]
    q = episode.query_x.reshape(tasks, n_query, -1)
    found = torch.zeros(tasks, n_query, dtype=torch.bool)
    for j in range(episode.support_x.shape[1]):
        image = episode.support_x[:, j].reshape(tasks, 1, -1)
        found |= (q == image).all(dim=2)
    return found.sum(dim=1)

# %% shared_images | right | unique ids per task, then isin
def shared_images(episode):
    counts = []
    for s, q in zip(episode.support_x.flatten(2), episode.query_x.flatten(2)):
        _, ids = torch.cat([s, q]).unique(dim=0, return_inverse=True)
        counts.append(torch.isin(ids[len(s):], ids[:len(s)]).sum())
    return torch.stack(counts)

# %% split_by_group | wrong | splits the classes, groups are torn apart | classes of group Ti are in train and in test.
def split_by_group(groups, validation, test, generator):
    order = torch.randperm(len(groups), generator=generator).tolist()
    return {"validation": order[:validation], "test": order[validation:validation + test],
            "train": order[validation + test:]}

# %% split_by_group | wrong | no shuffle, always the first groups | it gives the same result every time. All
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    where = {g: "train" for g in names}
    where.update({g: "validation" for g in names[:validation]})
    where.update({g: "test" for g in names[validation:validation + test]})
    out = {"train": [], "validation": [], "test": []}
    for i, g in enumerate(groups):
        out[where[g]].append(i)
    return out

# %% split_by_group | wrong | generator ignored | two generators with the same seed gave two
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names)).tolist()]
    v, t = order[:validation], order[validation:validation + test]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | random.shuffle of Python, not the generator | it gives the same result every time. All
import random
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    random.seed(0)
    random.shuffle(names)
    v, t = names[:validation], names[validation:validation + test]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | order of a set of strings differs from run to run | the same generator gives another split when
def split_by_group(groups, validation, test, generator):
    names = list(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    v, t = order[:validation], order[validation:validation + test]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | returns names of groups, not places of classes | it gives the names of groups. Give the places
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    return {"train": order[validation + test:], "validation": order[:validation],
            "test": order[validation:validation + test]}

# %% split_by_group | wrong | returns the numbers of the groups, not places of classes | It gives the numbers of the *groups*, 0 ... 6.
def split_by_group(groups, validation, test, generator):
    order = torch.randperm(len(set(groups)), generator=generator).tolist()
    return {"train": order[validation + test:], "validation": order[:validation],
            "test": order[validation:validation + test]}

# %% split_by_group | wrong | validation and test exchanged | Validation and test are exchanged.
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    v, t = order[:validation], order[validation:validation + test]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in t],
            "test": [i for i, g in enumerate(groups) if g in v]}

# %% split_by_group | wrong | takes validation and test as percent | `validation` and `test` are numbers of groups
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    nv, nt = round(len(names) * validation / 100), round(len(names) * test / 100)
    v, t = order[:nv], order[nv:nv + nt]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | fills a split until it has that many classes instead of groups | A group that has many classes, or is drawn
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    out = {"train": [], "validation": [], "test": []}
    for i in torch.randperm(len(names), generator=generator).tolist():
        places = [j for j, g in enumerate(groups) if g == names[i]]
        if len(out["validation"]) < validation:
            out["validation"] += places
        elif len(out["test"]) < test:
            out["test"] += places
        else:
            out["train"] += places
    return out

# %% split_by_group | wrong | train holds all classes, the others too (overlap) | train holds the classes of validation, too
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    v, t = order[:validation], order[validation:validation + test]
    return {"train": list(range(len(groups))),
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | one group lost between validation and test | They are those of Futhark, which are in no
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"validation": order[:validation], "test": order[validation + 1:validation + 1 + test],
             "train": order[validation + test + 1:]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | slice of test from the start, overlaps with validation | some class is in two splits: group Ti is in
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"validation": order[:validation], "test": order[:test], "train": order[validation + test:]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | key "val" instead of "validation" | it should return a dict with the keys "train"
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"train": order[validation + test:], "val": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | assumes that the classes of a group stand together | Classes of a group need not stand together.
import itertools
def split_by_group(groups, validation, test, generator):
    runs = [[i for i, _ in run] for _, run in itertools.groupby(enumerate(groups), key=lambda pair: pair[1])]
    order = torch.randperm(len(runs), generator=generator).tolist()
    v, t, rest = order[:validation], order[validation:validation + test], order[validation + test:]
    return {"train": [i for r in rest for i in runs[r]], "validation": [i for r in v for i in runs[r]],
            "test": [i for r in t for i in runs[r]]}

# %% split_by_group | wrong | groups.index finds only the first class of each group | It finds one class of a group and not the
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [groups.index(g) for g in p] for k, p in parts.items()}

# %% split_by_group | wrong | a dictionary keeps only the last class of each group | It finds one class of a group and not the
def split_by_group(groups, validation, test, generator):
    place = {g: i for i, g in enumerate(groups)}
    names = list(place)
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [place[g] for g in p] for k, p in parts.items()}

# %% split_by_group | wrong | sorts groups in place, changes the argument and the places | it changes `groups` in place, a list that is
def split_by_group(groups, validation, test, generator):
    groups.sort()
    names = list(dict.fromkeys(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | places in the sorted list, not in groups | its place is that in `groups` as it was given
def split_by_group(groups, validation, test, generator):
    ordered = sorted(groups)
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [i for i, g in enumerate(ordered) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | [-test:] is everything when test is 0 | 0 groups were asked for test, but it has 28
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    v, t = order[:validation], order[-test:]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | two independent draws, a group in validation and test | some class is in two splits: group Aurek Besh
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    n = len(names)
    v = [names[i] for i in torch.randperm(n, generator=generator)[:validation].tolist()]
    t = [names[i] for i in torch.randperm(n, generator=generator)[:test].tolist()]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | draws groups with repetition, sometimes too few | A group that has many classes, or is drawn
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    v = {names[i] for i in torch.randint(len(names), (validation,), generator=generator).tolist()}
    left = [g for g in names if g not in v]
    t = {left[i] for i in torch.randint(len(left), (test,), generator=generator).tolist()}
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | tensor of strings is not possible | too many dimensions 'str'
def split_by_group(groups, validation, test, generator):
    g = torch.tensor(groups)
    names = g.unique()
    order = names[torch.randperm(len(names), generator=generator)]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: torch.isin(g, p).nonzero().flatten().tolist() for k, p in parts.items()}

# %% split_by_group | wrong | each class drawn by its own chance, groups torn apart and sizes random | classes of group Besh are in train and in test.
def split_by_group(groups, validation, test, generator):
    n = len(set(groups))
    out = {"train": [], "validation": [], "test": []}
    for i in range(len(groups)):
        u = torch.rand((), generator=generator).item() * n
        out["validation" if u < validation else "test" if u < validation + test else "train"].append(i)
    return out

# %% split_by_group | wrong | only a random start in the fixed order, neighbours always together | Aurek and Aurek Besh go together into test more
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    start = int(torch.randint(len(names), (1,), generator=generator))
    order = names[start:] + names[:start]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | shuffles only among the first groups, the last are always training | in 300 draws, Old Futhark is never in
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(validation + test, generator=generator).tolist()]
    v, t = order[:validation], order[validation:]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | the rest goes to test instead of train | The rest, all that is not asked for, is for
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"train": order[:test], "validation": order[test:test + validation],
             "test": order[test + validation:]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | 5 groups hard-coded | They are those of Ti, Tifinagh, which are in no
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(5, generator=generator).tolist()]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | permutation over the number of classes, index out of range of the groups | There are 28 classes in 7 groups.
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(groups), generator=generator).tolist()]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | wrong | shuffles with repeated names, large groups favoured and counted several times | A group that has many classes, or is drawn
def split_by_group(groups, validation, test, generator):
    order = [groups[i] for i in torch.randperm(len(groups), generator=generator).tolist()]
    v, t = order[:validation], order[validation:validation + test]
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v and g not in t],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | substring test on names: "Lao" in a joined string | Is Aurek found inside Aurek Besh? Compare whole
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    v, t = ",".join(order[:validation]), ",".join(order[validation:validation + test])
    return {"train": [i for i, g in enumerate(groups) if g not in v and g not in t],
            "validation": [i for i, g in enumerate(groups) if g in v],
            "test": [i for i, g in enumerate(groups) if g in t]}

# %% split_by_group | wrong | nested lists, one list a group | it makes a list of lists, one for each group.
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    lists = [[i for i, g in enumerate(groups) if g == name] for name in order]
    return {"train": lists[validation + test:], "validation": lists[:validation],
            "test": lists[validation:validation + test]}

# %% split_by_group | wrong | a tuple of three lists instead of a dictionary | it should return a dict with the keys "train"
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = [order[validation + test:], order[:validation], order[validation:validation + test]]
    return tuple([i for i, g in enumerate(groups) if g in p] for p in parts)

# %% split_by_group | wrong | half-finished, train missing | it should return a dict with the keys "train"
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    return {"validation": [i for i, g in enumerate(groups) if g in order[:validation]],
            "test": [i for i, g in enumerate(groups) if g in order[validation:validation + test]]}

# %% split_by_group | wrong | prints, returns None | it returned nothing. Is the `return` missing?
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    print(torch.randperm(len(names), generator=generator))

# %% split_by_group | right | sorted set, randperm, comprehension
def split_by_group(groups, validation, test, generator):
    names = sorted(set(groups))
    order = [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]
    parts = {"train": order[validation + test:], "validation": order[:validation],
             "test": order[validation:validation + test]}
    return {k: [i for i, g in enumerate(groups) if g in p] for k, p in parts.items()}

# %% split_by_group | right | dictionary group -> places, train filled first
def split_by_group(groups, validation, test, generator):
    places = {}
    for i, group in enumerate(groups):
        places.setdefault(group, []).append(i)
    members = list(places.values())
    perm = torch.randperm(len(members), generator=generator)
    n_train = len(members) - validation - test
    split = {"train": [], "validation": [], "test": []}
    for rank, which in enumerate(perm):
        if rank < n_train:
            part = "train"
        elif rank < n_train + validation:
            part = "validation"
        else:
            part = "test"
        split[part].extend(members[int(which)])
    return split

# %% split_by_group | right | list of parts dealt to the groups
def split_by_group(groups, validation, test, generator):
    names = list(dict.fromkeys(groups))
    cards = ["validation"] * validation + ["test"] * test
    cards += ["train"] * (len(names) - len(cards))
    perm = torch.randperm(len(names), generator=generator).tolist()
    part_of = {name: cards[j] for name, j in zip(names, perm)}
    out = {"train": [], "validation": [], "test": []}
    for i, g in enumerate(groups):
        out[part_of[g]].append(i)
    return out

# %% split_by_group | right | numpy unique with inverse
import numpy as np
def split_by_group(groups, validation, test, generator):
    _, number = np.unique(np.array(groups), return_inverse=True)
    n = int(number.max()) + 1
    rank = torch.rand(n, generator=generator).argsort().argsort().numpy()[number]
    return {"train": np.flatnonzero(rank >= validation + test).tolist(),
            "validation": np.flatnonzero(rank < validation).tolist(),
            "test": np.flatnonzero((rank >= validation) & (rank < validation + test)).tolist()}

# %% split_by_group | right | draws group after group from the ones left
def split_by_group(groups, validation, test, generator):
    left = sorted(set(groups))
    def draw(count):
        drawn = set()
        for _ in range(count):
            drawn.add(left.pop(int(torch.randint(len(left), (1,), generator=generator))))
        return drawn
    v = draw(validation)
    t = draw(test)
    split = {"train": [], "validation": [], "test": []}
    for i, g in enumerate(groups):
        split["validation" if g in v else "test" if g in t else "train"].append(i)
    return split

# %% split_by_group | right | random keys sort the names
def split_by_group(groups, validation, test, generator):
    keys = {}
    for g in groups:
        if g not in keys:
            keys[g] = torch.rand((), generator=generator, dtype=torch.float64).item()
    order = sorted(keys, key=keys.get)
    chosen_v = set(order[:validation])
    chosen_t = set(order[validation:validation + test])
    rest = set(order) - chosen_v - chosen_t
    def find(wanted):
        return [i for i in range(len(groups)) if groups[i] in wanted]
    return dict(train=find(rest), validation=find(chosen_v), test=find(chosen_t))

# %% quarter_turns | wrong | rot90 without dims turns classes and examples, not pixels | it turns the axes of classes and examples, 0
def quarter_turns(images):
    return torch.cat([torch.rot90(images, k) for k in range(4)])

# %% quarter_turns | wrong | the four turns of a class stand together, not all upright first | the four turns of a class stand side by side.
def quarter_turns(images):
    return torch.stack([torch.rot90(images, k, (2, 3)) for k in range(4)], 1).flatten(0, 1)

# %% quarter_turns | wrong | turns become examples of the same class (cat along dim 1) | the turned copies became more examples of the
def quarter_turns(images):
    return torch.cat([torch.rot90(images, k, (2, 3)) for k in range(4)], dim=1)

# %% quarter_turns | wrong | stack leaves a new axis [4, classes, ...] | torch.stack makes a new axis for the four
def quarter_turns(images):
    return torch.stack([torch.rot90(images, k, (2, 3)) for k in range(4)])

# %% quarter_turns | wrong | mirrors instead of turning | copies 1, 2 of 0 ... 3 are mirror images
def quarter_turns(images):
    return torch.cat([images, images.flip(3), images.flip(2), images.flip((2, 3))])

# %% quarter_turns | wrong | transpose is a reflection, not a quarter turn | transposing alone mirrors an image. A quarter
def quarter_turns(images):
    once = images.transpose(2, 3)
    return torch.cat([images, once, images.flip((2, 3)), once.flip((2, 3))])

# %% quarter_turns | wrong | upright classes forgotten, only three | the upright classes are missing: 0, 1, 2 and 3
def quarter_turns(images):
    return torch.cat([torch.rot90(images, k, (2, 3)) for k in (1, 2, 3)])

# %% quarter_turns | wrong | turn by 360 instead of upright first, order 1 2 3 0 | the 4 copies are 1 quarter turn, 2 quarter
def quarter_turns(images):
    return torch.cat([torch.rot90(images, k, (2, 3)) for k in range(1, 5)])

# %% quarter_turns | wrong | order upright, 180, 90, 270 | the 4 copies are upright, 2 quarter turns, 1
def quarter_turns(images):
    half = images.flip((2, 3))
    return torch.cat([images, half, torch.rot90(images, 1, (2, 3)), torch.rot90(half, 1, (2, 3))])

# %% quarter_turns | wrong | lambda reads the loop variable too late, all turned alike | every copy has the last turn. Functions made in
def quarter_turns(images):
    turns = [lambda x: torch.rot90(x, k, (2, 3)) for k in range(4)]
    return torch.cat([turn(images) for turn in turns])

# %% quarter_turns | wrong | degrees given to rot90 where it counts quarter turns | the 4 copies are upright, 2 quarter turns
def quarter_turns(images):
    return torch.cat([torch.rot90(images, angle, (2, 3)) for angle in (0, 90, 180, 270)])

# %% quarter_turns | wrong | turns an already turned image by k more: 0, 1, 3, 6 | the 4 copies are upright, 1 quarter turn, 3
def quarter_turns(images):
    parts, turned = [], images
    for k in range(4):
        turned = torch.rot90(turned, k, (2, 3))
        parts.append(turned)
    return torch.cat(parts)

# %% quarter_turns | wrong | always one quarter of the original, three times the same | the 4 copies are upright, 1 quarter turn, 1
def quarter_turns(images):
    parts = [images]
    for _ in range(3):
        parts.append(torch.rot90(images, 1, (2, 3)))
    return torch.cat(parts)

# %% quarter_turns | wrong | turns the axes examples and rows (dims 1, 2) | it turns the axes 1 and 2. Height and width are
def quarter_turns(images):
    return torch.cat([torch.rot90(images, k, (1, 2)) for k in range(4)])

# %% quarter_turns | wrong | half turn flips one axis only | copies 2, 3 of 0 ... 3 are mirror images
def quarter_turns(images):
    once = torch.rot90(images, 1, (2, 3))
    return torch.cat([images, once, images.flip(2), once.flip(2)])

# %% quarter_turns | wrong | copies without turning | all four copies are upright. Is the number of
def quarter_turns(images):
    return images.repeat(4, 1, 1, 1)

# %% quarter_turns | wrong | repeat_interleave, turn by class number: order class by class | the four turns of a class stand side by side.
def quarter_turns(images):
    out = images.repeat_interleave(4, 0)
    return torch.stack([torch.rot90(c, i % 4, (1, 2)) for i, c in enumerate(out)])

# %% quarter_turns | wrong | turns overwrite the images in place, all parts the same | it changes `images` in place; compute a new
def quarter_turns(images):
    parts = [images]
    for _ in range(3):
        images.copy_(torch.rot90(images, 1, (2, 3)))
        parts.append(images)
    return torch.cat(parts)

# %% quarter_turns | wrong | result right, but leaves the argument turned | it changes `images` in place; compute a new
def quarter_turns(images):
    parts = []
    for _ in range(4):
        parts.append(images.clone())
        images[:] = torch.rot90(images, 1, (2, 3))
    images[:] = torch.rot90(images, 1, (2, 3))
    return torch.cat(parts)

# %% quarter_turns | wrong | each example of a class turned differently | in copy 0, images of one class are turned
def quarter_turns(images):
    parts = []
    for k in range(4):
        examples = [torch.rot90(images[:, e], (k + e) % 4, (1, 2)) for e in range(images.shape[1])]
        parts.append(torch.stack(examples, 1))
    return torch.cat(parts)

# %% quarter_turns | wrong | size 28 and 20 examples hard-coded | Does the code count on
def quarter_turns(images):
    return torch.stack([torch.rot90(images, k, (2, 3)) for k in range(4)]).reshape(-1, 20, 28, 28)

# %% quarter_turns | wrong | divides by 255, values changed | it changes the pixel values. Turn the images
def quarter_turns(images):
    return torch.cat([torch.rot90(images / 255, k, (2, 3)) for k in range(4)])

# %% quarter_turns | wrong | list of four tensors | it should be a uint8 tensor, and it is a list
def quarter_turns(images):
    return [torch.rot90(images, k, (2, 3)) for k in range(4)]

# %% quarter_turns | wrong | loop variable not used in range(3): 270 degrees missing | the 3 copies are upright, 1 quarter turn, 2
def quarter_turns(images):
    return torch.cat([torch.rot90(images, k, (-2, -1)) for k in range(3)])

# %% quarter_turns | wrong | 90 and 270 in the same direction, 270 is a copy of 90 | the 4 copies are upright, 1 quarter turn, 2
def quarter_turns(images):
    once = images.transpose(2, 3).flip(2)
    twice = images.flip(2).flip(3)
    return torch.cat([images, once, twice, images.transpose(3, 2).flip(2)])

# %% quarter_turns | wrong | half turn flips the examples too | in copy 2, the order of examples is turned
def quarter_turns(images):
    once = torch.rot90(images, 1, (2, 3))
    return torch.cat([images, once, images.flip((1, 2, 3)), once.flip((1, 2, 3))])

# %% quarter_turns | wrong | rolls the image by a quarter of its size instead of turning | it rolls the images: pixels that leave at one
def quarter_turns(images):
    size = images.shape[-1]
    return torch.cat([images.roll(k * size // 4, dims=3) for k in range(4)])

# %% quarter_turns | wrong | empty buffer for four copies of one class only | it turns the first class only. All classes
def quarter_turns(images):
    out = torch.zeros((4,) + tuple(images.shape[1:]), dtype=images.dtype)
    for k in range(4):
        out[k] = torch.rot90(images[0], k, (1, 2))
    return out

# %% quarter_turns | wrong | return inside the loop, only upright | the 1 copy is upright. Missing: 1 quarter turn
def quarter_turns(images):
    parts = []
    for k in range(4):
        parts.append(torch.rot90(images, k, (2, 3)))
        return torch.cat(parts)

# %% quarter_turns | wrong | prints the shape, returns None | it returned nothing. Is the `return` missing?
def quarter_turns(images):
    turned = torch.cat([torch.rot90(images, k, (2, 3)) for k in range(4)])
    print(turned.shape)

# %% quarter_turns | wrong | strings
def quarter_turns(images):
    return ["upright", "90 degrees", "180 degrees", "270 degrees"]

# %% quarter_turns | wrong | AttributeError: tensors have no rotate | in your line
def quarter_turns(images):
    return torch.cat([images.rotate(90 * k) for k in range(4)])

# %% quarter_turns | right | terse, cat of rot90
def quarter_turns(images):
    return torch.cat([images.rot90(k, (2, 3)) for k in range(4)])

# %% quarter_turns | right | the other direction
def quarter_turns(images):
    return torch.cat([torch.rot90(images, -k, (2, 3)) for k in range(4)], dim=0)

# %% quarter_turns | right | transposes and flips
def quarter_turns(images):
    once = images.transpose(2, 3).flip(3)
    twice = images.flip(2, 3)
    thrice = images.transpose(2, 3).flip(2)
    return torch.cat((images, once, twice, thrice))

# %% quarter_turns | right | turn the last part once more
def quarter_turns(images):
    parts = [images]
    while len(parts) < 4:
        parts.append(torch.rot90(parts[-1], 1, dims=(-1, -2)))
    return torch.cat(parts)

# %% quarter_turns | right | numpy inside
import numpy as np
def quarter_turns(images):
    x = images.numpy()
    turned = np.concatenate([np.rot90(x, k, axes=(2, 3)) for k in range(4)], axis=0)
    return torch.from_numpy(np.ascontiguousarray(turned))

# %% quarter_turns | right | loops over pixels into a buffer
def quarter_turns(images):
    c, e, s, _ = images.shape
    out = images.new_empty(4, c, e, s, s)
    out[0] = images
    for k in range(1, 4):
        for row in range(s):
            # row of the old image becomes column s-1-row of the new one
            out[k, :, :, :, s - 1 - row] = out[k - 1, :, :, row, :]
    return out.view(4 * c, e, s, s)

# %% quarter_turns | right | class by class, four lists
def quarter_turns(images):
    lists = [[], [], [], []]
    for one_class in images:
        for k in range(4):
            lists[k].append(torch.rot90(one_class, k, [1, 2]))
    return torch.stack(lists[0] + lists[1] + lists[2] + lists[3])

# %% deal_labels | wrong | one permutation for all tasks | all tasks got the same permutation, so a label
def deal_labels(support_y, query_y, way, generator):
    perm = torch.randperm(way, generator=generator)
    return perm[support_y], perm[query_y]

# %% deal_labels | wrong | another permutation for the query set | support set and query set were renamed
def deal_labels(support_y, query_y, way, generator):
    tasks = len(support_y)
    a = torch.rand(tasks, way, generator=generator).argsort(1)
    b = torch.rand(tasks, way, generator=generator).argsort(1)
    return a.gather(1, support_y), b.gather(1, query_y)

# %% deal_labels | wrong | generator ignored | two generators with the same seed gave two
def deal_labels(support_y, query_y, way, generator):
    perm = torch.stack([torch.randperm(way) for _ in range(len(support_y))])
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | seeded by the number of the task, generator ignored, same deal each time | it gives the same result every time. All
def deal_labels(support_y, query_y, way, generator):
    perm = torch.stack([torch.randperm(way, generator=torch.Generator().manual_seed(t))
                        for t in range(len(support_y))])
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | the generator seeded anew, every call deals the same | it gives the same result every time. All
def deal_labels(support_y, query_y, way, generator):
    generator.manual_seed(generator.initial_seed())
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | shuffles the places of labels, images lose their class | images of one class got different labels: the
def deal_labels(support_y, query_y, way, generator):
    s = torch.stack([y[torch.randperm(len(y), generator=generator)] for y in support_y])
    q = torch.stack([y[torch.randperm(len(y), generator=generator)] for y in query_y])
    return s, q

# %% deal_labels | wrong | random mapping with randint, two classes may get one label | two classes of a task got the same label. A
def deal_labels(support_y, query_y, way, generator):
    new = torch.randint(0, way, (len(support_y), way), generator=generator)
    return new.gather(1, support_y), new.gather(1, query_y)

# %% deal_labels | wrong | only a cyclic shift, not every permutation | only some of the permutations turn up: 0 1 2
def deal_labels(support_y, query_y, way, generator):
    shift = torch.randint(0, way, (len(support_y), 1), generator=generator)
    return (support_y + shift) % way, (query_y + shift) % way

# %% deal_labels | wrong | changes the arguments in place | it changes `support_y` in place; compute a new
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1)
    support_y[:] = perm.gather(1, support_y)
    query_y[:] = perm.gather(1, query_y)
    return support_y, query_y

# %% deal_labels | wrong | only the support set renamed | the query labels are what they were before. One
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1)
    return perm.gather(1, support_y), query_y

# %% deal_labels | wrong | renames one class after the other in the same tensor, classes collapse | two classes of a task got the same label. A
def deal_labels(support_y, query_y, way, generator):
    s, q = support_y.clone(), query_y.clone()
    for t in range(len(s)):
        perm = torch.randperm(way, generator=generator).tolist()
        for old, new in enumerate(perm):
            s[t][s[t] == old] = new
            q[t][q[t] == old] = new
    return s, q

# %% deal_labels | wrong | ignores the given labels, assumes they stand in order 0 ... way-1 | it takes for granted that the query labels come
def deal_labels(support_y, query_y, way, generator):
    tasks, ns = support_y.shape
    perm = torch.rand(tasks, way, generator=generator).argsort(1)
    return perm.repeat_interleave(ns // way, 1), perm.repeat_interleave(query_y.shape[1] // way, 1)

# %% deal_labels | wrong | 5 classes hard-coded, way ignored | Is the number of classes `way`?
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), 5, generator=generator).argsort(1)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | query set returned first | the two are exchanged: support_y first, then
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1)
    return perm.gather(1, query_y), perm.gather(1, support_y)

# %% deal_labels | wrong | perm[:, y] indexes every task with every label, [tasks, tasks, n] | table[:, y] looks the labels of every task up
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1)
    return perm[:, support_y], perm[:, query_y]

# %% deal_labels | wrong | argsort over the tasks instead of the classes | It ranks the tasks among each other: sort along
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(0)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | labels 1 ... way | Labels count from 0.
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1) + 1
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | class way-1 left out of the permutation, keeps its label | only some of the permutations turn up: 0 1 2
def deal_labels(support_y, query_y, way, generator):
    tasks = len(support_y)
    perm = torch.rand(tasks, way - 1, generator=generator).argsort(1)
    perm = torch.cat([perm, torch.full((tasks, 1), way - 1)], 1)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | not random, reverses the order | all tasks got the same permutation, so a label
def deal_labels(support_y, query_y, way, generator):
    return way - 1 - support_y, way - 1 - query_y

# %% deal_labels | wrong | either as it was or reversed | only some of the permutations turn up: 0 1 2
def deal_labels(support_y, query_y, way, generator):
    flip = torch.rand(len(support_y), 1, generator=generator) < 0.5
    return torch.where(flip, way - 1 - support_y, support_y), torch.where(flip, way - 1 - query_y, query_y)

# %% deal_labels | wrong | swaps only two classes | only some of the permutations turn up: 0 1 2
def deal_labels(support_y, query_y, way, generator):
    rows = []
    for _ in range(len(support_y)):
        row = torch.arange(way)
        i, j = torch.randint(0, way, (2,), generator=generator).tolist()
        row[i], row[j] = j, i
        rows.append(row)
    perm = torch.stack(rows)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | only the support set returned | it should return two tensors: the new support_y
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1)
    return perm.gather(1, support_y)

# %% deal_labels | wrong | sets joined to one tensor and not divided again | The two sets are joined: divide them again.
def deal_labels(support_y, query_y, way, generator):
    both = torch.cat([support_y, query_y], 1)
    perm = torch.rand(len(both), way, generator=generator).argsort(1)
    return perm.gather(1, both)

# %% deal_labels | wrong | joined and divided in equal halves | the joined labels are divided at the wrong
def deal_labels(support_y, query_y, way, generator):
    both = torch.cat([support_y, query_y], 1)
    perm = torch.rand(len(both), way, generator=generator).argsort(1)
    s, q = perm.gather(1, both).chunk(2, 1)
    return s, q

# %% deal_labels | wrong | returns random numbers, argsort forgotten | These are random keys: their *order* is a
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | only the first task dealt | the labels of 599 of 600 tasks are what they
def deal_labels(support_y, query_y, way, generator):
    perm = torch.arange(way).repeat(len(support_y), 1)
    perm[0] = torch.randperm(way, generator=generator)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | every second task: the permutation of its neighbour (shared by pairs) | the permutation of a task follows from that of
def deal_labels(support_y, query_y, way, generator):
    half = (len(support_y) + 1) // 2
    perm = torch.rand(half, way, generator=generator).argsort(1).repeat_interleave(2, 0)[: len(support_y)]
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | permutes the tasks, not the labels | It shuffles the *tasks*
def deal_labels(support_y, query_y, way, generator):
    order = torch.randperm(len(support_y), generator=generator)
    return support_y[order], query_y[order]

# %% deal_labels | wrong | one permutation, rolled from task to task: tasks not dealt by themselves | the permutation of a task follows from that of
def deal_labels(support_y, query_y, way, generator):
    perm = torch.randperm(way, generator=generator)
    perm = torch.stack([perm.roll(t) for t in range(len(support_y))])
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | plain nested lists | Make tensors of the lists
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(1)
    return perm.gather(1, support_y).tolist(), perm.gather(1, query_y).tolist()

# %% deal_labels | wrong | flattens the tasks away | The tasks are joined: stack them, so that each
def deal_labels(support_y, query_y, way, generator):
    s, q = [], []
    for a, b in zip(support_y, query_y):
        perm = torch.randperm(way, generator=generator)
        s.append(perm[a]); q.append(perm[b])
    return torch.cat(s), torch.cat(q)

# %% deal_labels | wrong | prints, returns None | it returned nothing. Is the `return` missing?
def deal_labels(support_y, query_y, way, generator):
    for a, b in zip(support_y, query_y):
        perm = torch.randperm(way, generator=generator)
        print(perm[a], perm[b])

# %% deal_labels | wrong | NameError: tasks not defined | in your line
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(tasks, way, generator=generator).argsort(1)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | wrong | takes the number of classes from the labels that occur, way ignored | it goes wrong where no support or query image
def deal_labels(support_y, query_y, way, generator):
    s, q = [], []
    for a, b in zip(support_y, query_y):
        n = int(torch.cat([a, b]).max()) + 1
        perm = torch.randperm(n, generator=generator)
        s.append(perm[a])
        q.append(perm[b])
    return torch.stack(s), torch.stack(q)

# %% deal_labels | right | argsort and gather
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).argsort(-1)
    return perm.gather(1, support_y), perm.gather(1, query_y)

# %% deal_labels | right | loop over tasks with randperm
def deal_labels(support_y, query_y, way, generator):
    new_support, new_query = [], []
    for s, q in zip(support_y, query_y):
        new_name = torch.randperm(way, generator=generator)
        new_support.append(new_name[s])
        new_query.append(new_name[q])
    return torch.stack(new_support), torch.stack(new_query)

# %% deal_labels | right | advanced indexing with a column of tasks
def deal_labels(support_y, query_y, way, generator):
    tasks = support_y.shape[0]
    table = torch.stack([torch.randperm(way, generator=generator) for _ in range(tasks)])
    row = torch.arange(tasks).unsqueeze(1)
    return table[row, support_y], table[row, query_y]

# %% deal_labels | right | one-hot and einsum
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).topk(way).indices
    def rename(y):
        return torch.einsum("tnw,tw->tn", F.one_hot(y, way), perm)
    return rename(support_y), rename(query_y)

# %% deal_labels | right | numpy inside
import numpy as np
def deal_labels(support_y, query_y, way, generator):
    perm = torch.rand(len(support_y), way, generator=generator).numpy().argsort(axis=1).astype(np.int64)
    s = np.take_along_axis(perm, support_y.numpy(), axis=1)
    q = np.take_along_axis(perm, query_y.numpy(), axis=1)
    return torch.from_numpy(s), torch.from_numpy(q)

# %% deal_labels | right | class by class into fresh tensors
def deal_labels(support_y, query_y, way, generator):
    s, q = torch.empty_like(support_y), torch.empty_like(query_y)
    for task in range(len(support_y)):
        names = torch.randperm(way, generator=generator)
        for old in range(way):
            s[task][support_y[task] == old] = names[old]
            q[task][query_y[task] == old] = names[old]
    return s, q

# %% deal_labels | right | joined, renamed, divided by size
def deal_labels(support_y, query_y, way, generator):
    both = torch.cat([support_y, query_y], dim=1)
    offset = way * torch.arange(len(both))[:, None]
    table = torch.rand(len(both), way, generator=generator).argsort(1).flatten()
    new = table[both + offset]
    return tuple(new.split([support_y.shape[1], query_y.shape[1]], dim=1))
