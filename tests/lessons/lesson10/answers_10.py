# %% masked_mean | wrong | plain mean over all places | padding counts: this is the mean over all places of the row. Only
def masked_mean(values, words):
    return values.mean(dim=2)

# %% masked_mean | wrong | padding zeroed, but divided by the length of the row | padding is not added, but it is still counted: the sum is divided by
def masked_mean(values, words):
    mask = (words > 0).float().unsqueeze(-1)
    return (values * mask).mean(dim=-2)

# %% masked_mean | wrong | multiplies by the mask: NaN at padding stays | `values` may hold anything at padding, NaN too, and 0 * NaN is NaN
def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1).to(values.dtype)
    return (values * mask).sum(2) / mask.sum(2).clamp(min=1)

# %% masked_mean | wrong | no guard for a word without letters | a word without a letter has 0 letters, and 0 / 0 is NaN. The task
import torch

def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1)
    return torch.where(mask, values, 0.0).sum(2) / mask.sum(2)

# %% masked_mean | wrong | adds 1 to every length to avoid division by zero | every word is divided by one more than its number of letters. For a
import torch

def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1)
    return torch.where(mask, values, torch.zeros_like(values)).sum(2) / (mask.sum(2) + 1)

# %% masked_mean | wrong | mask inverted | this is the mean over the *padding*: the mask is the wrong way round
def masked_mean(values, words):
    pad = (words == 0).unsqueeze(-1)
    return values.masked_fill(~pad, 0).sum(2) / pad.sum(2).clamp(min=1)

# %% masked_mean | wrong | multiplies by the letter numbers | the values are multiplied by the numbers of the letters: words == 3
def masked_mean(values, words):
    w = words.unsqueeze(-1)
    return (values * w).sum(2) / (w != 0).sum(2).clamp(min=1)

# %% masked_mean | wrong | cuts the batch at its longest word | padding counts again, up to the longest word of the batch. Each word
def masked_mean(values, words):
    longest = (words != 0).sum(-1).max()
    return values[:, :, :longest].mean(2)

# %% masked_mean | wrong | one length for the whole batch | all words are divided by the same number. Each word has its own
def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1)
    return values.masked_fill(~mask, 0).sum(2) / mask.sum() * words.shape[1]

# %% masked_mean | wrong | flattens words of all tasks and forgets to unflatten | Its numbers are right and in their order, but the axes are not kept
def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1)
    mean = values.masked_fill(~mask, 0).sum(2) / mask.sum(2).clamp(min=1)
    return mean.flatten(0, 1)

# %% masked_mean | wrong | changes values in place | it changes `values` in place; compute a new tensor instead (no +=, no
def masked_mean(values, words):
    values[words == 0] = 0
    return values.sum(2) / (words != 0).sum(2, keepdim=True).clamp(min=1)

# %% masked_mean | wrong | in numpy, gradient lost | the numbers are right, but no gradient comes back through them, so
import numpy as np
import torch

def masked_mean(values, words):
    v, w = values.detach().numpy(), words.numpy()
    out = np.zeros((v.shape[0], v.shape[1], v.shape[3]), dtype=v.dtype)
    for t in range(v.shape[0]):
        for i in range(v.shape[1]):
            n = (w[t, i] != 0).sum()
            if n:
                out[t, i] = v[t, i, :n].mean(0)
    return torch.from_numpy(out)

# %% masked_mean | wrong | float32 whatever comes in | the numbers are right, but for float64 values it returns
import torch

def masked_mean(values, words):
    out = torch.zeros(values.shape[0], values.shape[1], values.shape[3])
    for t in range(len(values)):
        for i in range(values.shape[1]):
            letters = values[t, i][words[t, i] != 0]
            if len(letters):
                out[t, i] = letters.mean(0)
    return out

# %% masked_mean | wrong | takes the last true letter | this is what stands at the last letter. The mean over all letters of
def masked_mean(values, words):
    last = (words != 0).sum(-1) - 1
    index = last[:, :, None, None].expand(-1, -1, 1, values.shape[-1])
    return values.gather(2, index)[:, :, 0]

# %% masked_mean | wrong | mask with words > 1 | the letter a (number 1) is left out as if it were padding. Padding is
import torch

def masked_mean(values, words):
    mask = (words > 1)[..., None]
    return torch.where(mask, values, 0.0).sum(-2) / mask.sum(-2).clamp(min=1)

# %% masked_mean | wrong | multiplies after nan_to_num on the result | `values` may hold anything at padding, NaN too, and 0 * NaN is NaN
import torch

def masked_mean(values, words):
    mask = (words != 0)[..., None]
    return torch.nan_to_num((values * mask).sum(-2) / mask.sum(-2))

# %% masked_mean | wrong | keepdim left | Axis 2, of size 1, is too many: keepdim=True or unsqueeze made it;
import torch

def masked_mean(values, words):
    mask = (words != 0)[..., None]
    return torch.where(mask, values, 0.0).sum(-2, keepdim=True) / mask.sum(-2, keepdim=True).clamp(min=1)

# %% masked_mean | wrong | mask made of values that are not zero | padding counts: this is the mean over all places of the row. Only
def masked_mean(values, words):
    mask = (values != 0).any(-1, keepdim=True)
    return (values * mask).sum(2) / mask.sum(2).clamp(min=1)

# %% masked_mean | wrong | mask without its last axis | `values` has one axis more than `words`, that of the features. So has
def masked_mean(values, words):
    mask = words != 0
    return (values * mask).sum(2) / mask.sum(2)

# %% masked_mean | wrong | length is the first 0, which full words do not have | a word that fills its row has no padding: whoever looks for the first
import torch

def masked_mean(values, words):
    lengths = (words == 0).int().argmax(-1)
    out = torch.zeros(values.shape[0], values.shape[1], values.shape[3], dtype=values.dtype)
    for t in range(values.shape[0]):
        for i in range(values.shape[1]):
            n = lengths[t, i]
            if n > 0:
                out[t, i] = values[t, i, :n].mean(0)
    return out

# %% masked_mean | wrong | all letters of all words in one mean | this is one mean over all letters of all words. Each word has its own
def masked_mean(values, words):
    return values[words != 0].mean(0)

# %% masked_mean | wrong | softmax of the mask as weights | a softmax was taken of the mask, so padding gets weights too. Divide
import torch

def masked_mean(values, words):
    weights = torch.softmax((words != 0).float(), -1)
    return (values * weights.unsqueeze(-1)).sum(2)

# %% masked_mean | wrong | maximum in place of the mean | this is the largest number over the letters
import torch

def masked_mean(values, words):
    return values.masked_fill((words == 0).unsqueeze(-1), -1e9).max(2).values

# %% masked_mean | wrong | an empty word gives the mean of its padding | a word without a letter has 0 letters, and 0 / 0 is NaN. The task
import torch

def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1)
    mask = torch.where(mask.any(2, keepdim=True), mask, True)
    return values.masked_fill(~mask, 0).sum(2) / mask.sum(2)

# %% masked_mean | right | masked_fill and sum
def masked_mean(values, words):
    letters = words.ne(0)[..., None]
    return values.masked_fill(letters.logical_not(), 0).sum(dim=2) / letters.sum(dim=2).clamp_min(1)

# %% masked_mean | right | loops and slices
import torch

def masked_mean(values, words):
    rows = []
    for v, w in zip(values, words):
        row = []
        for numbers, letters in zip(v, w):
            n = int((letters > 0).sum())
            row.append(numbers[:n].mean(0) if n > 0 else numbers.new_zeros(numbers.shape[-1]))
        rows.append(torch.stack(row))
    return torch.stack(rows)

# %% masked_mean | right | nanmean
import torch

def masked_mean(values, words):
    m = torch.where((words != 0).unsqueeze(-1), values, torch.nan).nanmean(-2)
    return torch.where((words != 0).any(-1, keepdim=True), m, 0.0).to(values.dtype)

# %% masked_mean | right | weights by matmul
import torch

def masked_mean(values, words):
    mask = (words > 0).to(values.dtype)
    weights = mask / mask.sum(-1, keepdim=True).clamp(min=1)
    clean = torch.where(words.unsqueeze(-1) > 0, values, torch.zeros((), dtype=values.dtype))
    return (weights.unsqueeze(-2) @ clean).squeeze(-2)

# %% masked_mean | right | einsum
import torch

def masked_mean(values, words):
    mask = words > 0
    total = torch.einsum("tnlf,tnl->tnf", values.masked_fill(~mask.unsqueeze(-1), 0), mask.to(values))
    return total / torch.maximum(mask.sum(-1), torch.tensor(1)).unsqueeze(-1)

# %% masked_mean | right | cumulative sums, read at the length
import torch

def masked_mean(values, words):
    n = (words != 0).sum(-1, keepdim=True)
    clean = torch.where((words != 0).unsqueeze(-1), values, 0.0 * torch.ones_like(values))
    last = clean.cumsum(2)[:, :, -1]
    return last / n.clamp(min=1)

# %% masked_mean | right | softmax over scores of minus infinity, guarded
import torch

def masked_mean(values, words):
    mask = words != 0
    weights = torch.zeros(words.shape, dtype=values.dtype).masked_fill(~mask, float("-inf")).softmax(-1)
    weights = torch.nan_to_num(weights)
    return torch.einsum("tnl,tnlf->tnf", weights, values.masked_fill(~mask[..., None], 0))

# %% masked_mean | wrong | divides by the number of places, padding too | padding is not added, but it is still counted
def masked_mean(values, words):
    mask = (words > 0).unsqueeze(-1)
    return values.masked_fill(~mask, 0.0).mean(dim=-2)

# %% masked_mean | wrong | divides 0 by 0 for a word without a letter | a word without a letter has 0 letters, and 0 / 0 is NaN
def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1)
    total = torch.where(mask, values, torch.zeros_like(values)).sum(dim=2)
    return total / mask.sum(dim=2)

# %% masked_mean | wrong | takes NaN for the mark of padding and does not look at words | (nanmean does not look at `words`.)
def masked_mean(values, words):
    return values.nanmean(dim=2).nan_to_num(0.0)

# %% masked_mean | wrong | divides by the letters of all words of a task together | all words are divided by the same number
def masked_mean(values, words):
    mask = words != 0
    total = values.masked_fill(~mask[..., None], 0).sum(dim=2)
    return total / mask.sum(dim=(1, 2)).clamp(min=1)[:, None, None]

# %% masked_mean | wrong | writes zeros into its argument values | it changes `values` in place
def masked_mean(values, words):
    with torch.no_grad():
        values[words == 0] = 0
    return values.sum(dim=2) / (words != 0).sum(dim=2, keepdim=True).clamp(min=1)

# %% masked_mean | wrong | takes letter 1 for padding too | the letter a (number 1) is left out as if it were padding
def masked_mean(values, words):
    mask = (words > 1).unsqueeze(-1)
    return values.masked_fill(~mask, 0.0).sum(dim=-2) / mask.sum(dim=-2).clamp(min=1)

# %% masked_mean | wrong | divides by the number of letters plus 1, against division by 0 | every word is divided by one more than its number of letters
def masked_mean(values, words):
    mask = (words > 0).unsqueeze(-1)
    return values.masked_fill(~mask, 0.0).sum(dim=-2) / (mask.sum(dim=-2) + 1)

# %% masked_mean | wrong | always float32 | for float64 values it returns torch.float32
def masked_mean(values, words):
    mask = (words > 0).unsqueeze(-1)
    values = values.float()
    return values.masked_fill(~mask, 0.0).sum(dim=-2) / mask.sum(dim=-2).clamp(min=1)

# %% masked_mean | wrong | fills a new tensor through .item() / detach: no gradient | no gradient comes back through them
def masked_mean(values, words):
    tasks, n, length, features = values.shape
    out = torch.zeros(tasks, n, features, dtype=values.dtype)
    for t in range(tasks):
        for i in range(n):
            letters = int((words[t, i] != 0).sum())
            if letters > 0:
                out[t, i] = values[t, i, :letters].detach().mean(dim=0)
    return out

# %% masked_mean | right | where, sum and clamp
def masked_mean(values, words):
    mask = (words != 0).unsqueeze(-1)
    total = torch.where(mask, values, 0.0).sum(-2)
    return total / mask.sum(-2).clamp(min=1).to(values.dtype)

# %% masked_mean | right | loops and stack
def masked_mean(values, words):
    rows = []
    for value, word in zip(values, words):
        row = []
        for v, w in zip(value, word):
            letters = v[w > 0]
            if len(letters) == 0:
                row.append(torch.zeros(v.shape[-1], dtype=v.dtype))
            else:
                row.append(letters.mean(dim=0))
        rows.append(torch.stack(row))
    return torch.stack(rows)

# %% masked_mean | right | einsum with weights
def masked_mean(values, words):
    true = words.ne(0)
    clean = values.masked_fill(~true.unsqueeze(-1), 0)
    weights = true.to(values.dtype) / true.sum(-1, keepdim=True).clamp(min=1)
    return torch.einsum("tnlf,tnl->tnf", clean, weights)

# %% masked_mean | right | NaN at padding, nanmean, then where for empty words
def masked_mean(values, words):
    marked = values.masked_fill((words == 0)[..., None], float("nan"))
    mean = marked.nanmean(dim=2)
    empty = (words == 0).all(dim=2, keepdim=True)
    return torch.where(empty, torch.zeros_like(mean), mean)

# %% masked_mean | wrong | nan_to_num in place of the mask: takes away NaN, but counts other numbers at padding | the sum goes over padding too, and is divided by the number of letters
def masked_mean(values, words):
    number = (words != 0).sum(dim=2, keepdim=True).clamp(min=1)
    return torch.nan_to_num(values, 0.0).sum(dim=2) / number

# %% masked_mean | wrong | drops the last letter of each word | the last letter of each word is left out
def masked_mean(values, words):
    mask = words != 0
    mask[..., :-1] &= words[..., 1:] != 0
    mask[..., -1] = False
    mask = mask.unsqueeze(-1)
    return values.masked_fill(~mask, 0.0).sum(2) / mask.sum(2).clamp(min=1)

# %% words_of_one_language | wrong | nothing is folded | the words are not folded: the learner sees what `fold` gives, so give
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = set(words)
        if all(len(own & other) < copy * len(own) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | folds at the end only | words are compared first and folded after that. Perú and Peru are one
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = set(words)
        if all(len(own & other) < copy * len(own) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted({fold(w) for w in own if count[w] == 1 and fold(w)}) for name, own in kept.items()}

# %% words_of_one_language | wrong | copies are not looked for | copies are not left out. A list of which nearly all words stand in an
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    sets = {name: {fold(w) for w in words if fold(w)} for name, words in languages.items()}
    count = Counter(w for own in sets.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in sets.items()}

# %% words_of_one_language | wrong | both of a pair of copies are dropped | both go, the copy and what it is a copy of. The first of the two is
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    sets = {name: {fold(w) for w in words if fold(w)} for name, words in languages.items()}
    kept = {}
    for a in sets:
        if not any(a != b and len(sets[a] & sets[b]) >= copy * len(sets[a]) for b in sets):
            kept[a] = sets[a]
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | counts words of dropped copies as well | the words of copies that were left out still count as words of
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    sets = {name: {fold(w) for w in words if fold(w)} for name, words in languages.items()}
    count = Counter(w for own in sets.values() for w in own)
    kept = {}
    for name, own in sets.items():
        if not any(len(own & other) / len(own) >= copy for other in kept.values()):
            kept[name] = own
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | a word twice in its own list counts as two languages | a word that stands twice in the list of one language is taken for one
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    lists = {name: [f for f in map(fold, words) if f] for name, words in languages.items()}
    kept = {}
    for name, own in lists.items():
        s = set(own)
        if not any(len(s & set(other)) >= copy * len(s) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in set(own) if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | first language keeps a shared word | stays with the first of them
def words_of_one_language(languages, fold, copy=0.9):
    kept, seen, result = {}, set(), {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if any(len(own & other) >= copy * len(own) for other in kept.values()):
            continue
        kept[name] = own
        result[name] = sorted(own - seen)
        seen |= own
    return result

# %% words_of_one_language | wrong | symmetric overlap: divides by the shorter list | a copy is asked by its *own* words: which share of the later list
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if any(len(own & other) / min(len(own), len(other)) >= copy for other in kept.values()):
            continue
        kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | None is kept as a word | That is for lists with marks, capitals and another script. `fold` may
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words}
        if any(len(own & other) >= copy * len(own) for other in kept.values()):
            continue
        kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | languages with nothing left are dropped | a language without a word of its own is missing. It keeps an empty
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if any(len(own & other) >= copy * len(own) for other in kept.values()):
            continue
        kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    result = {}
    for name, own in kept.items():
        alone = sorted(w for w in own if count[w] == 1)
        if alone:
            result[name] = alone
    return result

# %% words_of_one_language | wrong | strictly more than the share | a language whose share is exactly `copy` is a copy too: at least, >=
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if any(len(own & other) / len(own) > copy for other in kept.values()):
            continue
        kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | the share is 0.9 whatever copy is | `copy` is not used: the share is 0.9, whatever is asked for
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if any(len(own & other) / len(own) >= 0.9 for other in kept.values()):
            continue
        kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | removes while looping, so the last language keeps a shared word | a word that several languages have stays with the last of them. It
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if not any(len(own & other) >= copy * len(own) for other in kept.values()):
            kept[name] = own
    for name in kept:
        others = set()
        for other in kept:
            if other != name:
                others |= kept[other]
        kept[name] = kept[name] - others
    return {name: sorted(own) for name, own in kept.items()}

# %% words_of_one_language | wrong | sets, not lists | the words are right, but they are a set. Give a list in alphabetical
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if not any(len(own & other) >= copy * len(own) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: {w for w in own if count[w] == 1} for name, own in kept.items()}

# %% words_of_one_language | wrong | a copy of a copy is left out too | a list is compared with copies that were left out, too. Only those
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    sets = {name: {fold(w) for w in words if fold(w)} for name, words in languages.items()}
    names = list(sets)
    kept = {}
    for i, name in enumerate(names):
        if not any(len(sets[name] & sets[b]) >= copy * len(sets[name]) for b in names[:i]):
            kept[name] = sets[name]
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | share counted with repeated words | in the share of a copy, a word that stands twice in its list counts
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = [fold(w) for w in words if fold(w)]
        copied = False
        for other in kept.values():
            if sum(w in other for w in own) / len(own) >= copy:
                copied = True
        if not copied:
            kept[name] = set(own)
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | the string "None" becomes a word | in the list of 'Spanish' stands 'None': where `fold` gives None,
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {str(fold(w)) for w in words}
        if not any(len(own & other) >= copy * len(own) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | gives back the words as they were written | in the list of 'Spanish' stands 'Lunes', which is not folded. Give
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w): w for w in words if fold(w)}
        if not any(len(own.keys() & other.keys()) >= copy * len(own) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(own[w] for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | the share is that of the earlier list | a copy is asked by its *own* words: which share of the later list
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if not any(len(own & other) >= copy * len(other) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | compared with the union of the earlier lists | a list is compared with all earlier ones together. A copy has its
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept, seen = {}, set()
    for name, words in languages.items():
        own = {fold(w) for w in words if fold(w)}
        if own and len(own & seen) / len(own) >= copy:
            continue
        kept[name] = own
        seen |= own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | changes the lists that it is given | it changes `languages` in place, a dict that is still needed; work on
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name in languages:
        languages[name] = {fold(w) for w in languages[name] if fold(w)}
        if not any(len(languages[name] & o) >= copy * len(languages[name]) for o in kept.values()):
            kept[name] = languages[name]
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | a list of words, not a dict | it should return a dict, with a list of words for each language, but
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    count = Counter(w for words in languages.values() for w in {fold(x) for x in words if fold(x)})
    return sorted(w for w in count if count[w] == 1)

# %% words_of_one_language | wrong | sets and a Counter; a list that folding empties is a copy | a list of which `fold` leaves no word, behind another one, is missing: it is no copy
from collections import Counter

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = set(filter(None, map(fold, words)))
        if not any(len(own & other) >= copy * len(own) for other in kept.values()):
            kept[name] = own
    count = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if count[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | wrong | loops and lists only; divides by 0 where folding empties a list | 0 / 0 is no share: it is no copy, and keeps an empty list
def words_of_one_language(languages, fold, copy=0.9):
    clean = []
    for name in languages:
        own = []
        for word in languages[name]:
            f = fold(word)
            if f is not None and f != "" and f not in own:
                own.append(f)
        is_copy = False
        for _, other in clean:
            shared = 0
            for w in own:
                if w in other:
                    shared += 1
            if shared / len(own) >= copy:
                is_copy = True
        if not is_copy:
            clean.append((name, own))
    result = {}
    for name, own in clean:
        result[name] = []
        for w in own:
            if sum(w in other for _, other in clean) == 1:
                result[name].append(w)
        result[name].sort()
    return result

# %% words_of_one_language | wrong | set differences; divides by 0 where folding empties a list | 0 / 0 is no share: it is no copy, and keeps an empty list
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {f for f in (fold(w) for w in words) if f}
        shares = [len(own.intersection(other)) / len(own) for other in kept.values()]
        if max(shares, default=0) >= copy:
            continue
        kept[name] = own
    out = {}
    for name, own in kept.items():
        others = set().union(*(o for n, o in kept.items() if n != name))
        out[name] = sorted(own - others)
    return out

# %% words_of_one_language | wrong | owners of each word; divides by 0 where folding empties a list | 0 / 0 is no share: it is no copy, and keeps an empty list
from collections import defaultdict

def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name in languages:
        own = {fold(w) for w in languages[name]}
        own.discard(None)
        own.discard("")
        for other in kept.values():
            if len(own & other) / len(own) >= copy:
                break
        else:
            kept[name] = own
    owners = defaultdict(set)
    for name in kept:
        for w in kept[name]:
            owners[w].add(name)
    result = {name: [] for name in kept}
    for w in sorted(owners):
        if len(owners[w]) == 1:
            result[min(owners[w])].append(w)
    return result

# %% words_of_one_language | wrong | dict of Counter, frozen sets; divides by 0 where folding empties a list | 0 / 0 is no share: it is no copy, and keeps an empty list
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = frozenset(f for f in map(fold, words) if f is not None)
        n = len(own)
        if all(sum(1 for w in own if w in other) / n < copy for other in kept.values()):
            kept[name] = own
    return {
        name: sorted(w for w in own if not any(w in other for n, other in kept.items() if n != name))
        for name, own in kept.items()
    }

# %% words_of_one_language | wrong | compares the words before folding and folds only the result | words are compared first and folded after that
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        words = {w for w in words if fold(w) is not None}
        if not any(words and len(words & other) / len(words) >= copy for other in kept.values()):
            kept[name] = words
    result = {}
    for name, words in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted({fold(w) for w in words - others})
    return result

# %% words_of_one_language | wrong | keeps a word of another script unfolded | a word that `fold` cannot write (None) is kept in another form
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) or w for w in words}
        if not any(own and len(own & other) / len(own) >= copy for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | a copy only above the share, not at it | a language whose share is exactly `copy` is a copy too
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if not any(own and len(own & other) / len(own) > copy for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | share in all earlier languages together, not in one | a list is compared with all earlier ones together
def words_of_one_language(languages, fold, copy=0.9):
    kept, before = {}, set()
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if own and len(own & before) / len(own) >= copy:
            continue
        kept[name] = own
        before |= own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | compares with earlier languages that were left out too | a list is compared with copies that were left out, too
def words_of_one_language(languages, fold, copy=0.9):
    folded = {name: {fold(w) for w in words} - {None} for name, words in languages.items()}
    names = list(folded)
    kept = {}
    for i, name in enumerate(names):
        own = folded[name]
        if not any(own and len(own & folded[other]) / len(own) >= copy for other in names[:i]):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | share of the earlier list's words, not of its own | Here the share is that of the earlier list
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if not any(other and len(own & other) / len(other) >= copy for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | a copy that was left out still takes words away | the words of copies that were left out still count
def words_of_one_language(languages, fold, copy=0.9):
    folded = {name: {fold(w) for w in words} - {None} for name, words in languages.items()}
    kept = []
    for name, own in folded.items():
        if not any(own and len(own & folded[other]) / len(own) >= copy for other in kept):
            kept.append(name)
    result = {}
    for name in kept:
        others = set().union(*(w for n, w in folded.items() if n != name))
        result[name] = sorted(folded[name] - others)
    return result

# %% words_of_one_language | wrong | words in the order of the list, not of the alphabet | the words are right, but not in alphabetical order
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = list(dict.fromkeys(f for f in map(fold, words) if f is not None))
        if not any(own and sum(w in other for w in own) / len(own) >= copy for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = [w for w in own if w not in others]
    return result

# %% words_of_one_language | wrong | a language without a word of its own is missing | a language without a word of its own is missing
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if not any(own and len(own & other) / len(own) >= copy for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        if own - others:
            result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | a word that is twice in one list counts as a word of two languages | a word that stands twice in the list of one language is taken for one of two languages
def words_of_one_language(languages, fold, copy=0.9):
    from collections import Counter

    kept = {}
    for name, words in languages.items():
        own = [f for f in (fold(w) for w in words) if f is not None]
        distinct = set(own)
        if any(distinct and len(distinct & set(other)) / len(distinct) >= copy for other in kept.values()):
            continue
        kept[name] = own
    how_often = Counter(w for own in kept.values() for w in own)
    return {name: sorted({w for w in own if how_often[w] == 1}) for name, own in kept.items()}

# %% words_of_one_language | right | sets, division with a guard
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = set()
        for word in words:
            folded = fold(word)
            if folded is not None:
                own.add(folded)
        is_copy = False
        for other in kept.values():
            if len(own) > 0 and len(own & other) / len(own) >= copy:
                is_copy = True
        if not is_copy:
            kept[name] = own
    result = {}
    for name in kept:
        rest = set(kept[name])
        for other in kept:
            if other != name:
                rest = rest - kept[other]
        result[name] = sorted(rest)
    return result

# %% words_of_one_language | right | Counter over sets
def words_of_one_language(languages, fold, copy=0.9):
    from collections import Counter

    kept = {}
    for name, words in languages.items():
        own = frozenset(filter(None, map(fold, words)))
        if all(len(own & other) < copy * len(own) for other in kept.values()) or not own:
            kept[name] = own
    often = Counter(w for own in kept.values() for w in own)
    return {name: sorted(w for w in own if often[w] == 1) for name, own in kept.items()}

# %% words_of_one_language | right | lists and the owners of each word
def words_of_one_language(languages, fold, copy=0.9):
    names, lists = [], []
    for name, words in languages.items():
        own = []
        for w in words:
            f = fold(w)
            if f is not None and f not in own:
                own.append(f)
        shares = [sum(w in earlier for w in own) / max(len(own), 1) for earlier in lists]
        if max(shares, default=0) < copy:
            names.append(name)
            lists.append(own)
    owners = {}
    for name, own in zip(names, lists):
        for w in own:
            owners.setdefault(w, []).append(name)
    return {name: sorted(w for w in own if owners[w] == [name]) for name, own in zip(names, lists)}

# %% words_of_one_language | right | numpy with np.isin
def words_of_one_language(languages, fold, copy=0.9):
    import numpy as np

    kept = {}
    for name, words in languages.items():
        own = np.unique(np.array([f for f in map(fold, words) if f is not None], dtype=str))
        if own.size and any(np.isin(own, other).mean() >= copy for other in kept.values()):
            continue
        kept[name] = own
    out = {}
    for name, own in kept.items():
        mask = np.ones(own.size, dtype=bool)
        for other, words in kept.items():
            if other != name:
                mask &= ~np.isin(own, words)
        out[name] = own[mask].tolist()
    return out

# %% words_of_one_language | wrong | without a guard: a list that folding empties is a copy of any earlier one | a list of which `fold` leaves no word, behind another one, is missing: it is no copy
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if not any(len(own & other) >= copy * len(own) for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | divides by 0 where folding leaves no word of a list | 0 / 0 is no share: it is no copy, and keeps an empty list
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if not any(len(own & other) / len(own) >= copy for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | 0.9 stands in the code in place of copy | `copy` is not used: the share is 0.9
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if not any(own and len(own & other) / len(own) >= 0.9 for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% words_of_one_language | wrong | the share is of the list before folding, with doubles and other scripts | ask its different folded words
def words_of_one_language(languages, fold, copy=0.9):
    kept = {}
    for name, words in languages.items():
        own = {fold(w) for w in words} - {None}
        if not any(words and len(own & other) / len(words) >= copy for other in kept.values()):
            kept[name] = own
    result = {}
    for name, own in kept.items():
        others = set().union(*(w for n, w in kept.items() if n != name))
        result[name] = sorted(own - others)
    return result

# %% naive_bayes | wrong | -1 indexes the last n-gram | -1 means that there is no n-gram, but in Python it is the place of
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    if total is None:
        total = pseudo.sum()
    logp = ((counts + pseudo) / (counts.sum(-1, keepdim=True) + total)).log()
    out = []
    for t in range(len(counts)):
        out.append(torch.stack([logp[t][:, q].sum(-1) for q in queries[t]]))
    return torch.stack(out)

# %% naive_bayes | wrong | -1 clamped to n-gram 0 | -1 means that there is no n-gram, but it is scored as n-gram 0. Leave
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log(counts + pseudo) - torch.log(counts.sum(-1, keepdim=True) + total)
    out = []
    for t in range(len(counts)):
        out.append(torch.stack([logp[t][:, q.clamp(min=0)].sum(-1) for q in queries[t]]))
    return torch.stack(out)

# %% naive_bayes | wrong | total is pseudo, not its sum | every n-gram gets its own pseudo-count; so, for the probabilities to
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    if total is None:
        total = pseudo
    logp = torch.log(counts + pseudo) - torch.log(counts.sum(-1, keepdim=True) + total)
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g >= 0:
                    scores[t, i] += logp[t, :, g]
    return scores

# %% naive_bayes | wrong | add-one vocabulary size in the denominator | every n-gram gets its own pseudo-count; so, for the probabilities to
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    if total is None:
        total = counts.shape[-1]
    logp = torch.log(counts + pseudo) - torch.log(counts.sum(-1, keepdim=True) + total)
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g >= 0:
                    scores[t, i] += logp[t, :, g]
    return scores

# %% naive_bayes | wrong | no denominator | the denominator is missing: a class with more letters would win every
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    logp = torch.log(counts + pseudo)
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | log of a product: underflows for long texts | A product of many probabilities is too small for a number, and its
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    p = (counts + pseudo) / (counts.sum(-1, keepdim=True) + total)
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = p[t][:, g].prod(1).log()
    return scores

# %% naive_bayes | wrong | mean of the logs | the scores are divided by the number of n-grams. A word is as sure as
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].mean(1)
    return scores

# %% naive_bayes | wrong | each n-gram of a word once | an n-gram that stands twice in a word is counted once: it counts as
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i].unique()
            g = g[g >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | sums the counts over classes | naive Bayes asks each class on its own: the denominator is the sum
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | ignores total | `total` is not used. Where it is given, it is what is added to the
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + pseudo.sum()))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | returns class probabilities | the scores are made into probabilities of the classes (a
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores.log_softmax(-1)

# %% naive_bayes | wrong | pseudo only where the count is zero | `pseudo` is added only where the count is 0. Then an n-gram that was
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    c = torch.where(counts == 0, pseudo, counts)
    logp = torch.log(c / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | multiplies each log by the count of the n-gram in the class | each logarithm is multiplied by the count of its n-gram in the class
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total)) * counts
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | result is [tasks, way, n_query] | queries and classes are exchanged: the axes are [tasks, n_query, way]
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], counts.shape[1], queries.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, :, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | total given is summed up | `total` is summed: each n-gram has its own number to be added, total
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    if total is None:
        total = pseudo
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total.sum()))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            g = queries[t, i][queries[t, i] >= 0]
            scores[t, i] = logp[t][:, g].sum(1)
    return scores

# %% naive_bayes | wrong | stops at the first -1 | it stops at the first -1. That may stand before the word, too: go on
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g < 0:
                    break
                scores[t, i] += logp[t, :, g]
    return scores

# %% naive_bayes | wrong | leaves n-gram 0 out | n-gram 0 is left out. It is an n-gram like the others: -1 is the one
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g > 0:
                    scores[t, i] += logp[t, :, g]
    return scores

# %% naive_bayes | wrong | `total or pseudo.sum()` | That is for with `total` given, a number for each n-gram. It is right
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = total or pseudo.sum()
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g >= 0:
                    scores[t, i] += logp[t, :, g]
    return scores

# %% naive_bayes | wrong | probability of a class times its n-grams, sum of probabilities | these are not logarithms of a product: the probabilities are added
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    p = (counts + pseudo) / (counts.sum(-1, keepdim=True) + total)
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g >= 0:
                    scores[t, i] += p[t, :, g]
    return scores

# %% naive_bayes | wrong | no smoothing, log of the shares | the counts are not smoothed: an n-gram that a class has not shown
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    logp = torch.log(counts / counts.sum(-1, keepdim=True))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g >= 0:
                    scores[t, i] += logp[t, :, g]
    return scores

# %% naive_bayes | wrong | logs of base 2 | the logarithm is that to base 2: log() is the one that is meant
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log2((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    scores = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for i in range(queries.shape[1]):
            for g in queries[t, i].tolist():
                if g >= 0:
                    scores[t, i] += logp[t, :, g]
    return scores

# %% naive_bayes | right | loops
import math
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    tasks, way, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            for k in range(way):
                n = float(counts[t, k].sum())
                for g in queries[t, q].tolist():
                    if g == -1:
                        continue
                    extra = float(pseudo.sum()) if total is None else float(total[g])
                    out[t, q, k] += math.log((float(counts[t, k, g]) + float(pseudo[g])) / (n + extra))
    return out

# %% naive_bayes | right | gather and mask
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = (counts + pseudo).log() - (counts.sum(-1, keepdim=True) + total).log()
    t, w, _ = counts.shape
    _, q, m = queries.shape
    idx = queries.clamp(min=0).reshape(t, 1, q * m).expand(t, w, q * m)
    got = logp.gather(2, idx).reshape(t, w, q, m) * (queries >= 0).unsqueeze(1)
    return got.sum(-1).permute(0, 2, 1)

# %% naive_bayes | right | count n-grams of the queries and multiply
import torch
from torch.nn import functional as F

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = torch.log((counts + pseudo) / (counts.sum(-1, keepdim=True) + total))
    n = counts.shape[-1]
    of_query = F.one_hot(queries + 1, n + 1)[..., 1:].sum(2).to(logp.dtype)
    return of_query @ logp.mT

# %% naive_bayes | right | numpy, float64 inside
import numpy as np
import torch

def naive_bayes(counts, queries, pseudo, total=None):
    c, q, a = counts.double().numpy(), queries.numpy(), pseudo.double().numpy()
    b = a.sum() if total is None else total.double().numpy()
    logp = np.log(c + a) - np.log(c.sum(-1, keepdims=True) + b)
    logp = np.concatenate([logp, np.zeros_like(logp[..., :1])], -1)
    out = np.stack([logp[t][:, q[t]].sum(-1).T for t in range(len(c))])
    return torch.tensor(out, dtype=torch.float32)

# %% naive_bayes | right | embedding_bag of torch
import torch
from torch.nn import functional as F

def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logp = ((counts + pseudo) / (counts.sum(-1, keepdim=True) + total)).log()
    size = counts.shape[-1]
    rows = []
    for table, words in zip(logp, queries):
        weight = torch.cat([table.T, table.new_zeros(1, len(table))])
        rows.append(F.embedding(torch.where(words < 0, size, words), weight).sum(1))
    return torch.stack(rows)

# %% naive_bayes | wrong | total=None adds the pseudo-count of each n-gram alone, not their sum | the denominator gets all of them together: pseudo.sum()
def naive_bayes(counts, queries, pseudo, total=None):
    if total is None:
        total = pseudo
    number = counts.sum(dim=-1, keepdim=True)
    logs = torch.log((counts + pseudo) / (number + total))  # [tasks, way, ngrams]
    tasks, n_query, m = queries.shape
    index = queries.clamp(min=0).view(tasks, 1, n_query * m).expand(-1, counts.shape[1], -1)
    picked = logs.gather(2, index).view(tasks, -1, n_query, m)
    picked = picked * (queries >= 0).unsqueeze(1)
    return picked.sum(-1).transpose(1, 2)

# %% naive_bayes | wrong | total=None adds the number of n-grams (add-one smoothing) | pseudo.sum(). Here it is the number of n-grams
def naive_bayes(counts, queries, pseudo, total=None):
    if total is None:
        total = counts.shape[-1]
    number = counts.sum(dim=-1, keepdim=True)
    logs = torch.log((counts + pseudo) / (number + total))
    tasks, n_query, m = queries.shape
    out = torch.zeros(tasks, n_query, counts.shape[1])
    for t in range(tasks):
        for q in range(n_query):
            grams = queries[t, q][queries[t, q] >= 0]
            out[t, q] = logs[t, :, grams].sum(-1)
    return out

# %% naive_bayes | wrong | -1 takes the last n-gram | in Python it is the place of the *last* one
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = torch.log((counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            out[t, q] = logs[t][:, queries[t, q]].sum(-1)
    return out

# %% naive_bayes | wrong | stops at the first -1 | it stops at the first -1
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = torch.log((counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for g in queries[t, q].tolist():
                if g == -1:
                    break
                out[t, q] += logs[t, :, g]
    return out

# %% naive_bayes | wrong | logarithm of the product: long words give minus infinity | A product of many probabilities is too small for a number
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    p = (counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total)
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            grams = queries[t, q][queries[t, q] != -1]
            out[t, q] = p[t][:, grams].prod(dim=-1)
    return out.log()

# %% naive_bayes | wrong | an n-gram that stands twice counts once | an n-gram that stands twice in a word is counted once
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = torch.log((counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for g in set(queries[t, q].tolist()) - {-1}:
                out[t, q] += logs[t, :, g]
    return out

# %% naive_bayes | wrong | mean over the n-grams of a word in place of the sum | the scores are divided by the number of n-grams
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = torch.log((counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            grams = queries[t, q][queries[t, q] != -1]
            if len(grams):
                out[t, q] = logs[t][:, grams].mean(dim=-1)
    return out

# %% naive_bayes | wrong | log-softmax over the classes at the end | the scores are made into probabilities of the classes (a log_softmax)
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = torch.log((counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            grams = queries[t, q][queries[t, q] != -1]
            out[t, q] = logs[t][:, grams].sum(dim=-1)
    return out.log_softmax(dim=-1)

# %% naive_bayes | wrong | adds pseudo to its argument counts | it changes `counts` in place
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    number = counts.sum(dim=-1, keepdim=True)
    counts += pseudo
    logs = torch.log(counts / (number + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            grams = queries[t, q][queries[t, q] != -1]
            out[t, q] = logs[t][:, grams].sum(dim=-1)
    return out

# %% naive_bayes | wrong | adds the sum of the given total, not each n-gram its own | `total` is summed: each n-gram has its own number to be added
def naive_bayes(counts, queries, pseudo, total=None):
    if total is None:
        total = pseudo
    logs = torch.log((counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total.sum()))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            grams = queries[t, q][queries[t, q] != -1]
            out[t, q] = logs[t][:, grams].sum(dim=-1)
    return out

# %% naive_bayes | right | plain loops with math.log
def naive_bayes(counts, queries, pseudo, total=None):
    import math

    tasks, way, ngrams = counts.shape
    if total is None:
        total = torch.full((ngrams,), float(pseudo.sum()))
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for c in range(way):
            number = counts[t, c].sum().item()
            for q in range(queries.shape[1]):
                score = 0.0
                for g in queries[t, q].tolist():
                    if g >= 0:
                        score += math.log((counts[t, c, g].item() + pseudo[g].item()) / (number + total[g].item()))
                out[t, q, c] = score
    return out

# %% naive_bayes | right | gather with a mask
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = (counts + pseudo).log() - (counts.sum(-1, keepdim=True) + total).log()
    tasks, n, m = queries.shape
    way = counts.shape[1]
    index = queries.clamp(min=0)[:, :, None, :].expand(tasks, n, way, m)
    picked = logs[:, None].expand(tasks, n, way, -1).gather(-1, index)
    return picked.masked_fill((queries < 0)[:, :, None, :], 0.0).sum(-1)

# %% naive_bayes | right | einsum with the n-gram counts of the queries
def naive_bayes(counts, queries, pseudo, total=None):
    tasks, n, m = queries.shape
    ngrams = counts.size(-1)
    often = torch.zeros(tasks, n, ngrams + 1)
    often.scatter_add_(2, queries + 1, torch.ones(tasks, n, m))
    added = pseudo.sum() if total is None else total
    logs = torch.log(counts + pseudo) - torch.log(counts.sum(dim=2, keepdim=True) + added)
    return torch.einsum("tqg,twg->tqw", often[..., 1:], logs)

# %% naive_bayes | right | numpy in float64
def naive_bayes(counts, queries, pseudo, total=None):
    import numpy as np

    c, q, p = counts.numpy().astype(np.float64), queries.numpy(), pseudo.numpy().astype(np.float64)
    added = p.sum() if total is None else total.numpy()
    logs = np.log((c + p) / (c.sum(axis=-1, keepdims=True) + added))
    logs = np.concatenate([logs, np.zeros((*logs.shape[:2], 1))], axis=-1)  # -1 finds the zero at the end
    out = np.stack([logs[t][:, q[t]].sum(axis=-1).T for t in range(len(c))])
    return torch.from_numpy(out).float()

# %% naive_bayes | wrong | the number of n-grams is that of all classes | the denominator has the counts of that class alone, not of all classes
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = torch.log((counts + pseudo) / (counts.sum(dim=(1, 2), keepdim=True) + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            grams = queries[t, q][queries[t, q] != -1]
            out[t, q] = logs[t][:, grams].sum(dim=-1)
    return out

# %% naive_bayes | wrong | the n-gram 0 is taken for padding too | n-gram 0 is left out
def naive_bayes(counts, queries, pseudo, total=None):
    total = pseudo.sum() if total is None else total
    logs = torch.log((counts + pseudo) / (counts.sum(dim=-1, keepdim=True) + total))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            grams = queries[t, q][queries[t, q] > 0]
            out[t, q] = logs[t][:, grams].sum(dim=-1)
    return out

# %% learned_prior | wrong | noise is not taken off | the variance of the shares is taken as it is. A part of it is chance,
import torch

def learned_prior(counts, strongest=1000.0):
    rates = counts / counts.sum(1, keepdim=True)
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | mean of all counts pooled | the mean is that of all n-grams together, so languages with long
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = counts.sum(0) / counts.sum() + 1e-6
    v = torch.maximum(rates.var(0) - (rates / n).mean(0), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | divided by the number of languages | the variance is divided by the number of languages; the one that is
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = ((rates - rates.mean(0)) ** 2).mean(0) - (rates / n).mean(0)
    v = torch.maximum(v, m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | no limit: negative and infinite rates | `strongest` is not used, and what is left of a variance may be 0 or
def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = rates.var(0) - (rates / n).mean(0)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | rate clamped at the end, shape not | `rate` is limited, but `shape` is not, so shape / rate is no longer
def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = (rates.var(0) - (rates / n).mean(0)).clamp(min=1e-12)
    rate = (m / v).clamp(max=strongest)
    return m ** 2 / v, rate

# %% learned_prior | wrong | returns rate, shape | they are exchanged: shape first, then rate
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0) - (rates / n).mean(0), m / strongest)
    shape, rate = m ** 2 / v, m / v
    return rate, shape

# %% learned_prior | wrong | scale in place of rate | the second number is variance / mean, the *scale* of a gamma
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0) - (rates / n).mean(0), m / strongest)
    return m ** 2 / v, v / m

# %% learned_prior | wrong | mean share over mean N as noise | chance moves a share r that is read from N n-grams by a variance of r
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0) - rates.mean(0) / n.mean(), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | no 1e-6 | 1e-6 is not added to the mean. An n-gram that no language has would
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0)
    v = torch.maximum(rates.var(0) - (rates / n).mean(0), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | standard deviation for variance | this uses the standard deviation for the variance: square it
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.std(0) - (rates / n).mean(0), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | counts in place of rates | these are counts. Lists differ in length: divide each language's
import torch

def learned_prior(counts, strongest=1000.0):
    m = counts.mean(0) + 1e-6
    v = torch.maximum(counts.var(0) - counts.mean(0), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | limit 1000 whatever is asked | `strongest` is not used: the limit is 1000, whatever is asked for
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0) - (rates / n).mean(0), m / 1000)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | binomial noise | chance moves a share r that is read from N n-grams by a variance of r
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0) - (rates * (1 - rates) / n).mean(0), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | variance clamped at zero, then limit on the rate and shape = m * rate: infinite only where 0 / 0; adds eps to v | 1e-06 is added to the variance everywhere, which changes all priors
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = rates.var(0) - (rates / n).mean(0)
    v = v.clamp(min=0) + 1e-6
    rate = (m / v).clamp(max=strongest)
    return m * rate, rate

# %% learned_prior | wrong | normalises over languages | the counts are divided by the sum over languages. A share is one
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(0, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0) - (rates / n).mean(0), m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | the variance of the counts, divided by the mean N squared | this is the variance of the counts, which long lists have more of
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = counts.var(0) / n.mean() ** 2 - (rates / n).mean(0)
    v = torch.maximum(v, m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | noise divided by the number of languages again | the mean of r / N is divided by the number of languages once more
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = rates.var(0) - (rates / n).mean(0) / len(counts)
    v = torch.maximum(v, m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | negative variances only are replaced | only where less than nothing is left of the variance is rate limited
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = rates.var(0) - (rates / n).mean(0)
    v = torch.where(v > 0, v, m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | strength is limited from below | the rate is at *least* `strongest` here: it is at most that
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = rates.var(0) - (rates / n).mean(0)
    v = torch.minimum(v, m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | wrong | one tensor of two rows | it should return 2 things (shape, rate), but it returned a float32
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    m = rates.mean(0) + 1e-6
    v = torch.maximum(rates.var(0) - (rates / n).mean(0), m / strongest)
    return torch.stack([m ** 2 / v, m / v])

# %% learned_prior | wrong | shape is the mean times strongest everywhere | every n-gram gets the rate `strongest`. Is no variance looked at, or
import torch

def learned_prior(counts, strongest=1000.0):
    rates = counts / counts.sum(1, keepdim=True)
    m = rates.mean(0) + 1e-6
    return m * strongest, torch.full_like(m, strongest)

# %% learned_prior | wrong | weighs languages by their length in the variance
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    rates = counts / n
    weight = n / n.sum()
    m = rates.mean(0) + 1e-6
    v = (weight * (rates - m) ** 2).sum(0) - (rates / n).mean(0)
    v = torch.maximum(v, m / strongest)
    return m ** 2 / v, m / v

# %% learned_prior | right | as the text says
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(dim=1, keepdim=True)
    r = counts / n
    mean = r.mean(dim=0) + 1e-6
    var = r.var(dim=0) - (r / n).mean(dim=0)
    var = torch.where(var < mean / strongest, mean / strongest, var)
    rate = mean / var
    return rate * mean, rate

# %% learned_prior | right | numpy
import numpy as np
import torch

def learned_prior(counts, strongest=1000.0):
    c = counts.numpy().astype(np.float64)
    n = c.sum(1)
    r = c / n[:, None]
    m = r.mean(0) + 1e-6
    v = r.var(0, ddof=1) - (r / n[:, None]).mean(0)
    v = np.maximum(v, m / strongest)
    return torch.tensor(m * m / v, dtype=torch.float32), torch.tensor(m / v, dtype=torch.float32)

# %% learned_prior | right | loops over n-grams
import torch

def learned_prior(counts, strongest=1000.0):
    shapes, rates = [], []
    sizes = counts.sum(1)
    for column in counts.T:
        r = column / sizes
        m = r.mean() + 1e-6
        centre = r.mean()
        v = ((r - centre) ** 2).sum() / (len(r) - 1) - (r / sizes).sum() / len(r)
        rate = strongest if v <= m / strongest else float(m / v)
        rates.append(rate)
        shapes.append(float(m) * rate)
    return torch.tensor(shapes), torch.tensor(rates)

# %% learned_prior | right | limit on the rate, with negative variances treated first
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    r = counts / n
    mean = r.mean(0) + 1e-6
    var = (torch.var(r, 0) - torch.mean(r / n, 0)).clamp(min=1e-30)
    rate = (mean / var).clamp(max=strongest)
    return (mean * rate, rate)

# %% learned_prior | right | in float64 throughout
import torch

def learned_prior(counts, strongest=1000.0):
    c = counts.double()
    n = c.sum(1, keepdim=True)
    r = c / n
    m = r.mean(0) + 1e-6
    v = torch.maximum(r.var(0) - (c / n**2).mean(0), m / strongest)
    return m * m / v, m / v

# %% learned_prior | right | variance from sums of squares
import torch

def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1)[:, None]
    r = counts / n
    k = len(counts)
    mean = r.sum(0) / k
    var = ((r * r).sum(0) - k * mean * mean) / (k - 1) - (r / n).sum(0) / k
    m = mean + 1e-6
    rate = 1 / torch.clamp(var / m, min=1 / strongest)
    return m * rate, rate

# %% learned_prior | wrong | variance divided by the number of languages | the variance is divided by the number of languages
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0) + 1e-6
    variance = rates.var(dim=0, correction=0) - (rates / number).mean(dim=0)
    rate = torch.where(variance > 0, mean / variance, strongest).clamp(max=strongest)
    return mean * rate, rate

# %% learned_prior | wrong | chance is the mean rate / the mean number of n-grams | take the mean of all r / N, not the mean share divided by the mean N
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0) + 1e-6
    variance = rates.var(dim=0) - rates.mean(dim=0) / number.mean()
    rate = torch.where(variance > 0, mean / variance, strongest).clamp(max=strongest)
    return mean * rate, rate

# %% learned_prior | wrong | does not take off what chance puts in | the variance of the shares is taken as it is. A part of it is chance
def learned_prior(counts, strongest=1000.0):
    rates = counts / counts.sum(dim=1, keepdim=True)
    mean = rates.mean(dim=0) + 1e-6
    variance = rates.var(dim=0)
    rate = torch.where(variance > 0, mean / variance, strongest).clamp(max=strongest)
    return mean * rate, rate

# %% learned_prior | wrong | shape is made before rate is limited, so shape / rate is not the mean | `rate` is limited, but `shape` is not
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0) + 1e-6
    variance = (rates.var(dim=0) - (rates / number).mean(dim=0)).clamp(min=1e-12)
    shape, rate = mean**2 / variance, mean / variance
    return shape, rate.clamp(max=strongest)

# %% learned_prior | wrong | a variance below 0 gives a rate below 0 | where less than nothing is left of the variance, rate is negative
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0) + 1e-6
    variance = rates.var(dim=0) - (rates / number).mean(dim=0)
    rate = (mean / variance).clamp(max=strongest)
    return mean * rate, rate

# %% learned_prior | wrong | keeps the variance at 1e-6 at least, so rare n-grams get a weak prior | the variance is at least 1e-06, so where less is left of it the prior is too weak. The limit is on the rate
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0) + 1e-6
    variance = (rates.var(dim=0) - (rates / number).mean(dim=0)).clamp(min=1e-6)
    rate = (mean / variance).clamp(max=strongest)
    return mean * rate, rate

# %% learned_prior | wrong | forgets to add 1e-6 to the mean | 1e-6 is not added to the mean
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0)
    variance = rates.var(dim=0) - (rates / number).mean(dim=0)
    rate = torch.where(variance > 0, mean / variance, strongest).clamp(max=strongest)
    return mean * rate, rate

# %% learned_prior | wrong | returns rate first | they are exchanged: shape first, then rate
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0) + 1e-6
    variance = rates.var(dim=0) - (rates / number).mean(dim=0)
    rate = torch.where(variance > 0, mean / variance, strongest).clamp(max=strongest)
    return rate, mean * rate

# %% learned_prior | wrong | mean of all languages' n-grams together, not of the languages' rates | the mean is that of all n-grams together
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = counts.sum(dim=0) / counts.sum() + 1e-6
    variance = rates.var(dim=0) - (rates / number).mean(dim=0)
    rate = torch.where(variance > 0, mean / variance, strongest).clamp(max=strongest)
    return mean * rate, rate

# %% learned_prior | wrong | 1000 stands in the code in place of strongest | `strongest` is not used: the limit is 1000
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1, keepdim=True)
    rates = counts / number
    mean = rates.mean(dim=0) + 1e-6
    variance = rates.var(dim=0) - (rates / number).mean(dim=0)
    rate = torch.where(variance > 0, mean / variance, 1000.0).clamp(max=1000.0)
    return mean * rate, rate

# %% learned_prior | right | clamp at 0 and division by 0 gives infinity, then the limit
def learned_prior(counts, strongest=1000.0):
    n = counts.sum(-1, keepdim=True)
    r = counts / n
    mean = r.mean(0) + 1e-6
    var = (r.var(0) - (r / n).mean(0)).clamp(min=0)
    rate = (mean / var).clamp(max=strongest)
    return rate * mean, rate

# %% learned_prior | right | loops over n-grams in Python floats
def learned_prior(counts, strongest=1000.0):
    languages, ngrams = counts.shape
    numbers = [row.sum().item() for row in counts]
    shapes, rates = [], []
    for g in range(ngrams):
        r = [counts[l, g].item() / numbers[l] for l in range(languages)]
        plain = sum(r) / languages
        variance = sum((x - plain) ** 2 for x in r) / (languages - 1)
        variance -= sum(x / n for x, n in zip(r, numbers)) / languages
        mean = plain + 1e-6
        rate = strongest if variance <= 0 else min(mean / variance, strongest)
        shapes.append(mean * rate)
        rates.append(rate)
    return torch.tensor(shapes), torch.tensor(rates)

# %% learned_prior | right | numpy in float64
def learned_prior(counts, strongest=1000.0):
    import numpy as np

    c = counts.numpy().astype(np.float64)
    n = c.sum(axis=1)[:, None]
    r = c / n
    mean = r.mean(axis=0) + 1e-6
    var = np.var(r, axis=0, ddof=1) - np.mean(r / n, axis=0)
    rate = np.full_like(mean, strongest)
    rate[var > mean / strongest] = (mean / np.where(var == 0, 1, var))[var > mean / strongest]
    return torch.tensor(mean * rate, dtype=torch.float32), torch.tensor(rate, dtype=torch.float32)

# %% learned_prior | right | the variance at least mean / strongest, then both from it
def learned_prior(counts, strongest=1000.0):
    number = counts.sum(dim=1)
    rates = torch.einsum("lg,l->lg", counts, 1 / number)
    variance, mean = torch.var_mean(rates, dim=0)
    variance = variance - torch.einsum("lg,l->g", rates, 1 / number) / len(counts)
    mean = mean + 1e-6
    variance = torch.maximum(variance, mean / strongest)
    return mean.square() / variance, mean / variance

# %% learned_prior | wrong | forgets 1e-6, and 0 / 0 gives NaN | 1e-6 is not added to the mean
def learned_prior(counts, strongest=1000.0):
    n = counts.sum(-1, keepdim=True)
    r = counts / n
    mean = r.mean(0)
    var = (r.var(0) - (r / n).mean(0)).clamp(min=0)
    rate = (mean / var).clamp(max=strongest)
    return rate * mean, rate

# %% learned_prior | wrong | adds 1e-6 to the counts' rates before all else, so to N too (smoothing of counts) | 1e-6 is to be added to the mean of the shares. In the counts it is next to nothing
def learned_prior(counts, strongest=1000.0):
    counts = counts + 1e-6
    n = counts.sum(-1, keepdim=True)
    r = counts / n
    mean = r.mean(0)
    var = (r.var(0) - (r / n).mean(0)).clamp(min=0)
    rate = (mean / var).clamp(max=strongest)
    return rate * mean, rate

# %% learned_prior | wrong | keeps the variance at 1e-8 at least | the variance is at least 1e-08, so where less is left of it the prior is too weak. The limit is on the rate
def learned_prior(counts, strongest=1000.0):
    n = counts.sum(-1, keepdim=True)
    r = counts / n
    mean = r.mean(0) + 1e-6
    var = (r.var(0) - (r / n).mean(0)).clamp(min=1e-8)
    rate = (mean / var).clamp(max=strongest)
    return rate * mean, rate

# %% learned_prior | wrong | shares over the languages (wrong axis) | the counts are divided by the sum over languages
def learned_prior(counts, strongest=1000.0):
    n = counts.sum(1, keepdim=True)
    r = counts / counts.sum(0, keepdim=True).clamp(min=1)
    mean = r.mean(0) + 1e-6
    var = (r.var(0) - (r / n).mean(0)).clamp(min=0)
    rate = (mean / var).clamp(max=strongest)
    return rate * mean, rate

# %% markov_scores | wrong | the query's own letters are not counted | the query's own letters are not counted. If *ab* has come once in the
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    logp = torch.log((counts + concentration) / (counts.sum(-1, keepdim=True) + letters * concentration))
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                if j > 0:
                    out[t, q] += logp[t, :, i - 1, j - 1]
    return out

# %% markov_scores | wrong | one table a class, never reset: queries teach each other | the query's own letters go on to the next query: words that are asked
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    n = counts.clone()
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if j == 0:
                        break
                    row = n[t, k, i - 1]
                    out[t, q, k] += torch.log((row[j - 1] + concentration) / (row.sum() + letters * concentration))
                    row[j - 1] += 1
    return out

# %% markov_scores | wrong | changes counts in place (no clone) | it changes `counts` in place, which other queries still need: take a copy (.clone()) for each query
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k]
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if j == 0:
                        break
                    out[t, q, k] += torch.log((n[i - 1, j - 1] + concentration) / (n[i - 1].sum() + letters * concentration))
                    n[i - 1, j - 1] += 1
    return out

# %% markov_scores | wrong | counts before it scores | each pair is counted before it is scored, so it is scored as if it
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if j == 0:
                        break
                    n[i - 1, j - 1] += 1
                    out[t, q, k] += torch.log((n[i - 1, j - 1] + concentration) / (n[i - 1].sum() + letters * concentration))
    return out

# %% markov_scores | wrong | row sums are computed once | the query's own letters are counted in n but not in N: when a letter
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    sums = counts.sum(-1)
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if j == 0:
                        break
                    out[t, q, k] += torch.log((n[i - 1, j - 1] + concentration) / (sums[t, k, i - 1] + letters * concentration))
                    n[i - 1, j - 1] += 1
    return out

# %% markov_scores | wrong | a once in the denominator | the denominator has a once: every letter that may follow has its own
import torch

def markov_scores(counts, queries, concentration):
    a = concentration
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if j == 0:
                        break
                    out[t, q, k] += torch.log((n[i - 1, j - 1] + a) / (n[i - 1].sum() + a))
                    n[i - 1, j - 1] += 1
    return out

# %% markov_scores | wrong | 6 letters, whatever there are | the denominator is N + 6 * a, whatever the number of letters is
import torch

def markov_scores(counts, queries, concentration):
    a = concentration
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if j == 0:
                        break
                    out[t, q, k] += torch.log((n[i - 1, j - 1] + a) / (n[i - 1].sum() + 6 * a))
                    n[i - 1, j - 1] += 1
    return out

# %% markov_scores | wrong | letters not moved down by one | Letters are 1 ... letters, and rows and columns begin at 0: letter i
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n[i].sum() + letters * a))
                    n[i, j] += 1
    return out

# %% markov_scores | wrong | padding is read as the last letter | padding is read as if it were a letter: 0 - 1 is -1, which in Python
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = queries[t, q] - 1
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word[:-1], word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n[i].sum() + letters * a))
                    n[i, j] += 1
    return out

# %% markov_scores | wrong | columns for rows | rows and columns are exchanged: row i, column j is how often j comes
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[j, i] + a) / (n[:, i].sum() + letters * a))
                    n[j, i] += 1
    return out

# %% markov_scores | wrong | the whole word is counted first | the query's own letters are counted before the word is read: each
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    n[i, j] += 1
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n[i].sum() + letters * a))
    return out

# %% markov_scores | wrong | product, log at the end | A product of many probabilities is too small for a number, and its
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.ones(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] *= (n[i, j] + a) / (n[i].sum() + letters * a)
                    n[i, j] += 1
    return out.log()

# %% markov_scores | wrong | probabilities, no log | these are probabilities, not their logarithms: add logs
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.ones(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] *= (n[i, j] + a) / (n[i].sum() + letters * a)
                    n[i, j] += 1
    return out

# %% markov_scores | wrong | divides by the sum of the whole table | N is the number of all pairs. It should be the number of those that
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n.sum() + letters * a))
                    n[i, j] += 1
    return out

# %% markov_scores | wrong | first letter scored by 1 / letters | the first letter is scored too, by 1 / letters. It is the same for
import math
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.full((queries.shape[0], queries.shape[1], counts.shape[1]), -math.log(letters))
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n[i].sum() + letters * a))
                    n[i, j] += 1
    return out

# %% markov_scores | wrong | the own pair is counted in the wrong cell | the query's own letters are counted in the wrong place: behind the
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n[i].sum() + letters * a))
                    n[j, i] += 1
    return out

# %% markov_scores | wrong | scores single letters | the letter before is not used: this scores each letter by how often
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].sum(0)
                for j in word[1:]:
                    out[t, q, k] += torch.log((n[j] + a) / (n.sum() + letters * a))
    return out

# %% markov_scores | wrong | one clone for all classes of a query
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            n = counts[t, 0].clone()
            for k in range(counts.shape[1]):
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n[i].sum() + letters * a))
                    n[i, j] += 1
    return out

# %% markov_scores | wrong | add-one, whatever the concentration | `concentration` is not used: 1 is added to each count
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + 1) / (n[i].sum() + letters))
                    n[i, j] += 1
    return out

# %% markov_scores | wrong | steps into padding are scored | the step from the last letter into padding is scored too. A word ends
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if i == 0:
                        break
                    out[t, q, k] += torch.log((n[i - 1, j - 1] + a) / (n[i - 1].sum() + letters * a))
                    n[i - 1, j - 1] += 1
    return out

# %% markov_scores | wrong | mean over the letters | the scores are divided by the number of letters: a sum is asked for
import torch

def markov_scores(counts, queries, concentration):
    a, letters = concentration, counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(word, word[1:]):
                    out[t, q, k] += torch.log((n[i, j] + a) / (n[i].sum() + letters * a)) / max(1, len(word) - 1)
                    n[i, j] += 1
    return out

# %% markov_scores | right | loops
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    out = torch.zeros(queries.shape[0], queries.shape[1], counts.shape[1])
    for t in range(queries.shape[0]):
        for q in range(queries.shape[1]):
            for k in range(counts.shape[1]):
                n = counts[t, k].clone()
                for i, j in zip(queries[t, q, :-1].tolist(), queries[t, q, 1:].tolist()):
                    if j == 0:
                        break
                    row = n[i - 1]
                    out[t, q, k] += torch.log((row[j - 1] + concentration) / (row.sum() + letters * concentration))
                    row[j - 1] += 1
    return out

# %% markov_scores | right | all classes at once, math.log of lists
import torch

def markov_scores(counts, queries, concentration):
    a = float(concentration)
    letters = counts.shape[-1]
    rows = []
    for table, words in zip(counts, queries):
        row = []
        for word in words:
            word = word[word > 0] - 1
            seen = table.clone()
            score = torch.zeros(len(table))
            for i, j in zip(word[:-1], word[1:]):
                score = score + torch.log(seen[:, i, j] + a) - torch.log(seen[:, i].sum(-1) + letters * a)
                seen[:, i, j] += 1
            row.append(score)
        rows.append(torch.stack(row))
    return torch.stack(rows)

# %% markov_scores | right | lgamma of counts with and without the query
import torch

def markov_scores(counts, queries, concentration):
    letters = counts.shape[-1]
    first, second = queries[..., :-1] - 1, queries[..., 1:] - 1
    ok = second >= 0
    code = torch.where(ok, first * letters + second, letters**2)
    own = torch.nn.functional.one_hot(code, letters**2 + 1)[..., :-1].sum(-2)
    own = own.unflatten(-1, (letters, letters)).unsqueeze(2).double()
    n = counts.unsqueeze(1).double()
    a = concentration

    def log_marginal(n):
        return torch.lgamma(n + a).sum((-1, -2)) - torch.lgamma(n.sum(-1) + letters * a).sum(-1)

    return (log_marginal(n + own) - log_marginal(n)).float()

# %% markov_scores | right | numpy with dictionaries of own pairs
import math
from collections import Counter
import torch

def markov_scores(counts, queries, concentration):
    c = counts.tolist()
    letters = counts.shape[-1]
    result = []
    for t, words in enumerate(queries.tolist()):
        per_task = []
        for word in words:
            word = [x for x in word if x]
            per_class = []
            for k in range(counts.shape[1]):
                own, begun, score = Counter(), Counter(), 0.0
                for i, j in zip(word, word[1:]):
                    n = c[t][k][i - 1][j - 1] + own[i, j]
                    total = sum(c[t][k][i - 1]) + begun[i]
                    score += math.log((n + concentration) / (total + letters * concentration))
                    own[i, j] += 1
                    begun[i] += 1
                per_class.append(score)
            per_task.append(per_class)
        result.append(per_task)
    return torch.tensor(result)

# %% markov_scores | right | probabilities normalised in a table, renewed at each step
import torch

def markov_scores(counts, queries, concentration):
    tasks, n_query, length = queries.shape
    smooth = (counts + concentration)[:, None].repeat(1, n_query, 1, 1, 1)
    out = counts.new_zeros(tasks, n_query, counts.shape[1])
    for t in range(tasks):
        for q in range(n_query):
            for s in range(1, length):
                i, j = queries[t, q, s - 1] - 1, queries[t, q, s] - 1
                if j < 0:
                    break
                p = smooth[t, q, :, i] / smooth[t, q, :, i].sum(-1, keepdim=True)
                out[t, q] += p[:, j].log()
                smooth[t, q, :, i, j] += 1
    return out

# %% markov_scores | wrong | what was read of the query does not count | the query's own letters are not counted
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    logs = torch.log((counts + concentration) / (counts.sum(-1, keepdim=True) + letters * concentration))
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                out[t, q] += logs[t, :, i, j]
    return out

# %% markov_scores | wrong | row and column are exchanged | rows and columns are exchanged
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                n, number = seen[:, j, i], seen[:, :, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, j, i] += 1
    return out

# %% markov_scores | wrong | the next query knows what the last one taught | the query's own letters go on to the next query
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        seen = counts[t].clone()
        for q in range(queries.shape[1]):
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, i, j] += 1
    return out

# %% markov_scores | wrong | divides by all pairs of the class, not by those of the row | N is the number of all pairs
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen.sum(dim=(1, 2))
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, i, j] += 1
    return out

# %% markov_scores | wrong | N + a in place of N + letters * a | the denominator has a once
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + concentration))
                seen[:, i, j] += 1
    return out

# %% markov_scores | wrong | padding is read as the last letter (index -1) | padding is read as if it were a letter
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = (queries[t, q] - 1).tolist()
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, i, j] += 1
    return out

# %% markov_scores | wrong | the first letter counts too, with 1 / letters | the first letter is scored too, by 1 / letters
def markov_scores(counts, queries, concentration):
    import math

    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            if word:
                out[t, q] -= math.log(letters)
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, i, j] += 1
    return out

# %% markov_scores | wrong | a pair counts for itself: adds 1 before the probability | each pair is counted before it is scored
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                seen[:, i, j] += 1
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
    return out

# %% markov_scores | wrong | all pairs of the query are added first, those behind too | the query's own letters are counted before the word is read
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                seen[:, i, j] += 1
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
    return out

# %% markov_scores | wrong | N stays that of the support, only n grows with the query | the query's own letters are counted in n but not in N
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    numbers = counts.sum(-1)
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], numbers[t, :, i]
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, i, j] += 1
    return out

# %% markov_scores | right | loops over everything in Python floats
def markov_scores(counts, queries, concentration):
    import math

    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for c in range(way):
            for q in range(queries.shape[1]):
                seen = counts[t, c].tolist()
                score = 0.0
                for a, b in zip(queries[t, q].tolist(), queries[t, q].tolist()[1:]):
                    if b == 0:
                        break
                    row = seen[a - 1]
                    score += math.log((row[b - 1] + concentration) / (sum(row) + letters * concentration))
                    row[b - 1] += 1
                out[t, q, c] = score
    return out

# %% markov_scores | right | the pairs before are compared in a triangle, no loop
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    first, second = queries[..., :-1], queries[..., 1:]
    true = second > 0
    i, j = (first - 1).clamp(min=0), (second - 1).clamp(min=0)
    same_row = (i[..., :, None] == i[..., None, :]) & true[..., None, :]
    same_pair = same_row & (j[..., :, None] == j[..., None, :])
    before = torch.ones(i.shape[-1], i.shape[-1], dtype=torch.bool).tril(-1)
    own_n = (same_pair & before).sum(-1).unsqueeze(-1)  # [tasks, n_query, length - 1, 1]
    own_number = (same_row & before).sum(-1).unsqueeze(-1)
    t = torch.arange(tasks)[:, None, None]
    n = counts[t, :, i, j] + own_n
    number = counts.sum(-1).transpose(1, 2)[t, i] + own_number
    logs = torch.log((n + concentration) / (number + letters * concentration))
    return (logs * true.unsqueeze(-1)).sum(-2)

# %% markov_scores | right | step by step for all words at once, with a one-hot update
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    n_query, length = queries.shape[1:]
    hot = torch.nn.functional.one_hot(queries, letters + 1)[..., 1:].to(counts.dtype)  # padding gives zeros
    seen = counts[:, None].repeat(1, n_query, 1, 1, 1)
    scores = torch.zeros(tasks, n_query, way)
    for k in range(1, length):
        a, b = hot[:, :, k - 1], hot[:, :, k]
        row = torch.einsum("tqwij,tqi->tqwj", seen, a) + concentration
        p = torch.einsum("tqwj,tqj->tqw", row, b) / row.sum(-1)
        scores = scores + torch.where(b.sum(-1, keepdim=True) > 0, p, 1.0).log()
        seen = seen + torch.einsum("tqi,tqj->tqij", a, b)[:, :, None]
    return scores

# %% markov_scores | right | numpy, adds and takes back what a query taught
def markov_scores(counts, queries, concentration):
    import numpy as np

    c = counts.numpy().astype(np.float64)  # a copy
    tasks, way, letters, _ = c.shape
    out = np.zeros((tasks, queries.shape[1], way))
    for t in range(tasks):
        for q, word in enumerate(queries[t].numpy()):
            word = word[word > 0] - 1
            for i, j in zip(word[:-1], word[1:]):
                out[t, q] += np.log(c[t, :, i, j] + concentration) - np.log(c[t, :, i].sum(-1) + letters * concentration)
                c[t, :, i, j] += 1
            for i, j in zip(word[:-1], word[1:]):
                c[t, :, i, j] -= 1
    return torch.tensor(out, dtype=torch.float32)

# %% markov_scores | wrong | writes into its argument counts and takes nothing back | take a copy (.clone()) for each query, and count in that
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t]
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, i, j] += 1
    return out

# %% markov_scores | wrong | the mean over the letters in place of the sum | the scores are divided by the number of letters
def markov_scores(counts, queries, concentration):
    tasks, way, letters, _ = counts.shape
    out = torch.zeros(tasks, queries.shape[1], way)
    for t in range(tasks):
        for q in range(queries.shape[1]):
            seen = counts[t].clone()
            word = [x - 1 for x in queries[t, q].tolist() if x > 0]
            for i, j in zip(word, word[1:]):
                n, number = seen[:, i, j], seen[:, i].sum(-1)
                out[t, q] += torch.log((n + concentration) / (number + letters * concentration))
                seen[:, i, j] += 1
            out[t, q] /= max(len(word) - 1, 1)
    return out

# %% together | wrong | probabilities averaged | the probabilities of the words are averaged. That says from which
def together(scores, words):
    p = scores.softmax(-1)
    t, n, way = p.shape
    return p.reshape(t, n // words, words, way).mean(2)

# %% together | wrong | raw scores added | the scores are added as they are. Log-probabilities are asked for
def together(scores, words):
    t, n, way = scores.shape
    return scores.reshape(t, n // words, words, way).sum(2)

# %% together | wrong | logs averaged | this is the mean of the log-probabilities. Five words that agree are
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(t, n // words, words, way).mean(2)

# %% together | wrong | product of the probabilities | these are products of the probabilities, not their logarithms: for
def together(scores, words):
    t, n, way = scores.shape
    return scores.softmax(-1).reshape(t, n // words, words, way).prod(2)

# %% together | wrong | log of the softmax underflows | Where scores lie far apart, exp (which is in a softmax, too) gives 0 or infinity
def together(scores, words):
    t, n, way = scores.shape
    return scores.softmax(-1).log().reshape(t, n // words, words, way).sum(2)

# %% together | wrong | groups dealt out in turn | the groups are dealt out in turn: queries 0, 0 + groups, ... are
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(t, words, n // words, way).sum(1)

# %% together | wrong | softmax over the queries | the softmax goes over the queries (axis 1). Each word has one
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(1).reshape(t, n // words, words, way).sum(2)

# %% together | wrong | majority vote | these are votes: how many words name each class. A word that is
import torch

def together(scores, words):
    t, n, way = scores.shape
    votes = scores.argmax(-1).reshape(t, n // words, words)
    return torch.nn.functional.one_hot(votes, way).sum(2).float()

# %% together | wrong | groups of n // words | there are `words` groups here, of n_query // words queries each. It
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(t, words, -1, way).sum(2)

# %% together | wrong | normalised again after the sum | a log_softmax was taken of the sum. What is asked for is the sum
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(t, n // words, words, way).sum(2).log_softmax(-1)

# %% together | wrong | log of probabilities clamped at 1e-8 | Something small takes its place here (it is added to all, or is the least that they may be)
def together(scores, words):
    t, n, way = scores.shape
    return scores.softmax(-1).clamp(min=1e-8).log().reshape(t, n // words, words, way).sum(2)

# %% together | wrong | all queries of a class | all queries of a task are one group here. Each `words` of them make
def together(scores, words):
    return scores.log_softmax(-1).sum(1)

# %% together | wrong | log added to the average | the probabilities of the words are averaged. That says from which
def together(scores, words):
    t, n, way = scores.shape
    return scores.softmax(-1).reshape(t, n // words, words, way).mean(2).log()

# %% together | wrong | running windows in place of groups | the groups overlap: each begins one query further on. The next group
def together(scores, words):
    return scores.log_softmax(-1).unfold(1, words, 1).sum(-1)

# %% together | wrong | softmax taken twice | a softmax is taken twice of each word
def together(scores, words):
    t, n, way = scores.shape
    return scores.softmax(-1).log_softmax(-1).reshape(t, n // words, words, way).sum(2)

# %% together | wrong | logs multiplied | the logarithms are multiplied. Probabilities are multiplied, and so
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(t, n // words, words, way).prod(2)

# %% together | wrong | the surest word decides | only the word that is surest is read. Add all words: four that
import torch

def together(scores, words):
    t, n, way = scores.shape
    logs = scores.log_softmax(-1).reshape(t, n // words, words, way)
    best = logs.amax(-1).argmax(-1)
    return logs.gather(2, best[:, :, None, None].expand(-1, -1, 1, way)).squeeze(2)

# %% together | wrong | labels, not sums | these are the classes that win. The sums of log-probabilities were
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(t, n // words, words, way).sum(2).argmax(-1)

# %% together | wrong | sums flattened over tasks | Its numbers are right and in their order, but the axes are not kept
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(-1, words, way).sum(1)

# %% together | wrong | always five words | groups of 5 are made, whatever `words` is
def together(scores, words):
    t, n, way = scores.shape
    return scores.log_softmax(-1).reshape(t, -1, 5, way).sum(2)

# %% together | right | unflatten
def together(scores, words):
    return scores.log_softmax(dim=-1).unflatten(1, (scores.shape[1] // words, words)).sum(dim=2)

# %% together | right | loop over slices
import torch

def together(scores, words):
    logs = torch.log_softmax(scores, -1)
    return torch.stack([logs[:, i : i + words].sum(1) for i in range(0, scores.shape[1], words)], 1)

# %% together | right | logsumexp by hand
def together(scores, words):
    logs = scores - scores.logsumexp(-1, keepdim=True)
    return sum(logs[:, i::words] for i in range(words))

# %% together | right | unfold with a step
def together(scores, words):
    return scores.log_softmax(-1).unfold(1, words, words).sum(-1)

# %% together | right | matrix product with a table of groups
import torch

def together(scores, words):
    n = scores.shape[1]
    member = (torch.arange(n) // words == torch.arange(n // words)[:, None]).float()
    return member @ scores.log_softmax(-1)

# %% together | right | index_add
import torch

def together(scores, words):
    logs = scores - torch.logsumexp(scores, dim=-1, keepdim=True)
    out = torch.zeros(scores.shape[0], scores.shape[1] // words, scores.shape[2])
    return out.index_add(1, torch.arange(scores.shape[1]) // words, logs)

# %% together | wrong | logarithm of the mean probability | the probabilities of the words are averaged
def together(scores, words):
    tasks, n, way = scores.shape
    logs = scores.log_softmax(dim=-1).reshape(tasks, n // words, words, way)
    return torch.logsumexp(logs, dim=2) - torch.tensor(float(words)).log()

# %% together | wrong | log of softmax plus 1e-9 | 1e-09 is added to the probabilities, which changes the small ones
def together(scores, words):
    tasks, n, way = scores.shape
    return (scores.softmax(dim=-1) + 1e-9).log().reshape(tasks, n // words, words, way).sum(dim=2)

# %% together | wrong | changes its argument scores | it changes `scores` in place
def together(scores, words):
    tasks, n, way = scores.shape
    scores -= scores.logsumexp(dim=-1, keepdim=True)
    return scores.reshape(tasks, n // words, words, way).sum(dim=2)

# %% together | right | loops over groups
def together(scores, words):
    logs = scores - torch.logsumexp(scores, dim=2, keepdim=True)
    groups = []
    for start in range(0, scores.shape[1], words):
        group = torch.zeros_like(logs[:, 0])
        for k in range(words):
            group = group + logs[:, start + k]
        groups.append(group)
    return torch.stack(groups, dim=1)

# %% together | right | einsum with a matrix of groups
def together(scores, words):
    n = scores.shape[1]
    member = torch.eye(n // words, dtype=scores.dtype).repeat_interleave(words, dim=1)  # [groups, n_query]
    return torch.einsum("gq,tqw->tgw", member, torch.nn.functional.log_softmax(scores, dim=-1))

# %% together | right | numpy with reduceat
def together(scores, words):
    import numpy as np

    s = scores.detach().numpy().astype(np.float64)
    s = s - s.max(axis=-1, keepdims=True)
    logs = s - np.log(np.exp(s).sum(axis=-1, keepdims=True))
    return torch.from_numpy(np.add.reduceat(logs, np.arange(0, s.shape[1], words), axis=1)).to(scores.dtype)

# %% together | wrong | log of softmax with clamp(min=1e-12) | Something small takes its place here (it is added to all, or is the least that they may be)
def together(scores, words):
    tasks, n, way = scores.shape
    return scores.softmax(dim=-1).clamp(min=1e-12).log().reshape(tasks, n // words, words, way).sum(dim=2)

# %% together | wrong | product of the probabilities, no log | these are products of the probabilities, not their logarithms
def together(scores, words):
    tasks, n, way = scores.shape
    return scores.softmax(dim=-1).reshape(tasks, n // words, words, way).prod(dim=2)
