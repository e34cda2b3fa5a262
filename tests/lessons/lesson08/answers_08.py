# %% tasks_needed | wrong | rounds to nearest, so often one task too few | it rounds to the nearest whole number. Half of the time that is down,
def tasks_needed(scores, half):
    spread = scores.double().std().item()
    return round((1.96 * spread / half) ** 2)

# %% tasks_needed | wrong | forgets to square: linear in std over half | the square is missing. Half as wide takes *four* times as many tasks.
import math

def tasks_needed(scores, half):
    return math.ceil(1.96 * scores.std().item() / half)

# %% tasks_needed | wrong | forgets 1.96: one standard error instead of 95 % | the factor 1.96 is missing: half the width is 1.96 standard errors.
import math

def tasks_needed(scores, half):
    return math.ceil((scores.std().item() / half) ** 2)

# %% tasks_needed | wrong | takes half for the whole width, four times too many | it takes `half` for the whole width.
import math

def tasks_needed(scores, half):
    return math.ceil((1.96 * scores.std().item() / (half / 2)) ** 2)

# %% tasks_needed | wrong | coin-toss variance p(1-p) instead of spread between tasks | p (1 - p) is the variance of single *queries*. Tasks are what is
import math

def tasks_needed(scores, half):
    p = scores.mean().item()
    return math.ceil(1.96 ** 2 * p * (1 - p) / half ** 2)

# %% tasks_needed | wrong | standard error of first test where std belongs | it starts from the standard *error* of the first test. How much
import math

def tasks_needed(scores, half):
    standard_error = scores.std().item() / math.sqrt(len(scores))
    return math.ceil((1.96 * standard_error / half) ** 2)

# %% tasks_needed | wrong | returns only the additional tasks beyond the first test | it says how many *more* tasks; all of them count.
import math

def tasks_needed(scores, half):
    total = math.ceil((1.96 * scores.std().item() / half) ** 2)
    return max(0, total - len(scores))

# %% tasks_needed | wrong | scales the first interval linearly: twice as narrow, twice tasks | it reckons that twice as many tasks make the interval half as wide.
import math

def tasks_needed(scores, half):
    now = 1.96 * scores.std().item() / math.sqrt(len(scores))
    return math.ceil(len(scores) * now / half)

# %% tasks_needed | wrong | returns the unrounded float, not a whole number | it returns 766.7, but there is no part of a task: round up to a whole
def tasks_needed(scores, half):
    return ((1.96 * scores.std() / half) ** 2).item()

# %% tasks_needed | wrong | never fewer than the first test had | it never says fewer tasks than the first test had. Where a wider
import math

def tasks_needed(scores, half):
    n, spread = len(scores), scores.std().item()
    while 1.96 * spread / math.sqrt(n) > half:
        n += 1
    return n

# %% tasks_needed | right | formula with math.ceil
import math

def tasks_needed(scores, half):
    return math.ceil((1.96 * scores.std().item() / half) ** 2)

# %% tasks_needed | right | by hand in plain Python, variance from a list
import math

def tasks_needed(scores, half):
    values = [float(s) for s in scores]
    centre = sum(values) / len(values)
    variance = sum((v - centre) ** 2 for v in values) / (len(values) - 1)
    return math.ceil(1.96 ** 2 * variance / half ** 2)

# %% tasks_needed | right | search: doubling, then bisection for the smallest n
import math

def tasks_needed(scores, half):
    spread = scores.std().item()

    def narrow(n):
        return 1.96 * spread / math.sqrt(n) <= half

    high = 1
    while not narrow(high):
        high *= 2
    low = high // 2  # not narrow enough (or 0)
    while high - low > 1:
        middle = (low + high) // 2
        if narrow(middle):
            high = middle
        else:
            low = middle
    return high

# %% tasks_needed | right | rescales the library's ci95 of the first test
import math
from course_lib.statistics import ci95

def tasks_needed(scores, half):
    times_too_wide = float(ci95(scores)) / half
    return int(math.ceil(len(scores) * times_too_wide ** 2))

# %% paired_bootstrap | wrong | draws the two learners' tasks separately, so unpaired | the two sides are drawn independently, so what makes a task hard for
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    n = len(first)
    i = torch.randint(n, (draws, n), generator=generator)
    j = torch.randint(n, (draws, n), generator=generator)
    means = first[i].mean(1) - second[j].mean(1)
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975], dtype=means.dtype))
    return low.item(), high.item()

# %% paired_bootstrap | wrong | shuffles in place of drawing with replacement: width zero | all draws have the same mean. Draw *with replacement*: a task may
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    means = torch.stack([difference[torch.randperm(len(difference), generator=generator)].mean()
                         for _ in range(draws)])
    return means.quantile(0.025).item(), means.quantile(0.975).item()

# %% paired_bootstrap | wrong | ignores the generator, draws from the global one | the same generator must give the same draws, and another one others:
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    n = len(difference)
    means = difference[torch.randint(n, (draws, n))].mean(1)
    return means.quantile(0.025).item(), means.quantile(0.975).item()

# %% paired_bootstrap | wrong | 2000 hard-coded, the argument draws is ignored | with draws=1 there is one mean, so both ends are equal. Is the number
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    n = len(difference)
    means = difference[torch.randint(n, (2000, n), generator=generator)].mean(1)
    return means.quantile(0.025).item(), means.quantile(0.975).item()

# %% paired_bootstrap | wrong | cuts 5 % on each side: a 90 % interval | this is a 90 % interval: 5 % of the draws lie outside on *each* side.
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    n = len(difference)
    means = difference[torch.randint(n, (draws, n), generator=generator)].mean(1)
    return means.quantile(0.05).item(), means.quantile(0.95).item()

# %% paired_bootstrap | wrong | mean plus minus 1.96 std of means, no percentiles | it goes 1.96 standard deviations of the drawn means to both sides,
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    n = len(difference)
    means = difference[torch.randint(n, (draws, n), generator=generator)].mean(1)
    half = 1.96 * means.std()
    return (means.mean() - half).item(), (means.mean() + half).item()

# %% paired_bootstrap | wrong | percentiles of single resampled differences, not of means | this is how much *single tasks* differ. Each draw has as many tasks
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    picked = difference[torch.randint(len(difference), (draws,), generator=generator)]
    return picked.quantile(0.025).item(), picked.quantile(0.975).item()

# %% paired_bootstrap | wrong | second minus first: the sign is turned | the sign is turned round: it is `first` minus `second`.
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = second - first
    n = len(difference)
    means = difference[torch.randint(n, (draws, n), generator=generator)].mean(1)
    return means.quantile(0.025).item(), means.quantile(0.975).item()

# %% paired_bootstrap | wrong | randint up to n - 1: last task is never drawn | the last task is never drawn: torch.randint leaves out its upper end
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    n = len(difference)
    means = difference[torch.randint(0, n - 1, (draws, n), generator=generator)].mean(1)
    return means.quantile(0.025).item(), means.quantile(0.975).item()

# %% paired_bootstrap | wrong | subtracts in place and so changes the caller's scores | it changes `first` in place; compute a new tensor instead (no +=, no
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    first -= second
    n = len(first)
    means = first[torch.randint(n, (draws, n), generator=generator)].mean(1)
    return means.quantile(0.025).item(), means.quantile(0.975).item()

# %% paired_bootstrap | right | vectorised: one randint for all draws, quantile
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = first - second
    n = len(difference)
    means = difference[torch.randint(n, (draws, n), generator=generator)].mean(1)
    return means.quantile(0.025).item(), means.quantile(0.975).item()

# %% paired_bootstrap | right | loop, same indices into both, sorted Python list
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    n, means = first.shape[0], []
    for _ in range(draws):
        drawn = torch.randint(0, n, (n,), generator=generator)
        means.append((first[drawn].mean() - second[drawn].mean()).item())
    means.sort()
    return means[round(0.025 * (draws - 1))], means[round(0.975 * (draws - 1))]

# %% paired_bootstrap | right | multinomial with replacement, index_select, quantile of both ends, tensors
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    gaps = torch.sub(first, second).double()
    chance = torch.ones(draws, gaps.numel())
    drawn = torch.multinomial(chance, gaps.numel(), replacement=True, generator=generator)
    means = gaps.index_select(0, drawn.flatten()).view(draws, -1).mean(dim=1)
    ends = torch.quantile(means, torch.tensor([0.025, 0.975], dtype=torch.float64))
    return tuple(ends)

# %% paired_bootstrap | right | how often each task is drawn, einsum, numpy percentile
import numpy as np
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    n = len(first)
    index = (torch.rand(draws, n, generator=generator, dtype=torch.float64) * n).long().clamp(max=n - 1)
    times = torch.zeros(draws, n, dtype=torch.float64).scatter_add_(1, index, torch.ones(draws, n, dtype=torch.float64))
    means = torch.einsum("dt,t->d", times, (first - second).double()) / n
    low, high = np.percentile(means.numpy(), [2.5, 97.5])
    return float(low), float(high)

# %% honest_result | wrong | stops each run where its test is best | each run stops where its *test* accuracy is highest: that is test-set
def honest_result(validation, test):
    best = test.max(dim=1).values
    return best.mean().item(), best.std().item()

# %% honest_result | wrong | one checkpoint for all runs, by mean validation | one checkpoint is chosen for all runs. Each run has its own best
def honest_result(validation, test):
    stop = validation.mean(0).argmax()
    picked = test[:, stop]
    return picked.mean().item(), picked.std().item()

# %% honest_result | wrong | test[:, stops] picks every stop for every run | test[:, stops] reads every stop in every run. Run i needs its own
def honest_result(validation, test):
    stops = validation.argmax(1)
    picked = test[:, stops]
    return picked.mean().item(), picked.std().item()

# %% honest_result | wrong | reports validation accuracy at the stop, not test | it reports the validation accuracy. That was used to choose, so it is
def honest_result(validation, test):
    picked = validation.max(1).values
    return picked.mean().item(), picked.std().item()

# %% honest_result | wrong | standard error of the mean instead of the deviation | the second number is a standard error. What is wanted is how much
import math
import torch

def honest_result(validation, test):
    stops = validation.argmax(1)
    picked = test[torch.arange(len(test)), stops]
    return picked.mean().item(), picked.std().item() / math.sqrt(len(picked))

# %% honest_result | wrong | argmax over runs: the best run of each checkpoint | it looks for the best *run* at each checkpoint. argmax runs over the
def honest_result(validation, test):
    best = validation.argmax(0, keepdim=True)
    picked = test.gather(0, best)[0]
    return picked.mean().item(), picked.std().item()

# %% honest_result | wrong | the last checkpoint of each run, no early stopping | it takes the last checkpoint. Choose that of the best validation, in
def honest_result(validation, test):
    picked = test[:, -1]
    return picked.mean().item(), picked.std().item()

# %% honest_result | wrong | mean is that of the run best on validation | it reports the one run with the best validation. That is not
import torch

def honest_result(validation, test):
    stops = validation.argmax(1)
    picked = test[torch.arange(len(test)), stops]
    return picked[validation.max(1).values.argmax()].item(), picked.std().item()

# %% honest_result | wrong | spread over all checkpoints, not over the chosen ones | the second number is the spread over all checkpoints. What is wanted
import torch

def honest_result(validation, test):
    stops = validation.argmax(1)
    picked = test[torch.arange(len(test)), stops]
    return picked.mean().item(), test.std().item()

# %% honest_result | wrong | half of a 95 % interval instead of the deviation | the second number is half a 95 % interval of the mean. What is wanted
import torch
from course_lib.statistics import ci95

def honest_result(validation, test):
    stops = validation.argmax(1, keepdim=True)
    picked = test.gather(1, stops).squeeze(1)
    return picked.mean().item(), float(ci95(picked))

# %% honest_result | right | argmax and gather, tensors returned
def honest_result(validation, test):
    picked = test.gather(1, validation.argmax(1, keepdim=True))[:, 0]
    return picked.mean(), picked.std()

# %% honest_result | right | loop over runs, Python's statistics module
import statistics

def honest_result(validation, test):
    picked = []
    for v, t in zip(validation.tolist(), test.tolist()):
        stop = max(range(len(v)), key=v.__getitem__)
        picked.append(t[stop])
    return statistics.mean(picked), statistics.stdev(picked)

# %% honest_result | right | one_hot of the stop and einsum, torch.std_mean
import torch

def honest_result(validation, test):
    chosen = torch.nn.functional.one_hot(validation.argmax(dim=-1), test.shape[1]).to(test.dtype)
    spread, mean = torch.std_mean(torch.einsum("rc,rc->r", chosen, test), dim=0)
    return float(mean), float(spread)

# %% honest_result | right | numpy take_along_axis, ddof 1, helper inside
import numpy as np

def honest_result(validation, test):
    def stopped(table, where):
        return np.take_along_axis(table, where[:, None], axis=1)[:, 0]

    picked = stopped(np.asarray(test), np.asarray(validation).argmax(axis=1))
    return float(picked.mean()), float(picked.std(ddof=1))

# %% name_flaws | wrong | G as leaking split, since it has seen the five characters | G is not 'leaking split': to see the five is what a support set is
def name_flaws():
    return {"G": "leaking split", "J": "too few tasks", "D": "unreported transduction", "E": "best of seeds",
            "F": "leaking split"}

# %% name_flaws | wrong | J as best of seeds, since ten networks were trained | J is not 'best of seeds': all ten networks are reported, none is
def name_flaws():
    return {"G": "wrong measure", "J": "best of seeds", "D": "unreported transduction", "E": "best of seeds",
            "F": "leaking split"}

# %% name_flaws | wrong | F as unequal tuning, since the other one starts from random weights | F is not 'unequal tuning': no settings were searched for. But the two
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction", "E": "best of seeds",
            "F": "unequal tuning"}

# %% name_flaws | wrong | D as no baseline, since it only quotes published numbers | D is not 'no baseline': another learner is named there, with its
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "no baseline", "E": "best of seeds", "F": "leaking split"}

# %% name_flaws | wrong | E as test-set early stopping, since test tasks chose the network | E is not 'test-set early stopping': each run was stopped by
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction",
            "E": "test-set early stopping", "F": "leaking split"}

# %% name_flaws | wrong | E as unequal tuning, since the baseline was trained once | E is not 'unequal tuning': ten trainings against one are unequal, but
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction", "E": "unequal tuning",
            "F": "leaking split"}

# %% name_flaws | wrong | both tables read from first to last, side by side | G is not 'unreported transduction': nothing there says that queries
from course_lib.lessons.lesson08 import deal

def name_flaws():
    sections, flaws = deal(0)
    return dict(zip(sections, flaws))

# %% name_flaws | wrong | meanings of the flaws in place of their names | G: that is what a flaw means. Give its short name, 'wrong measure'.
from course_lib.lessons.lesson08 import FLAWS

def name_flaws():
    names = {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction", "E": "best of seeds",
             "F": "leaking split"}
    return {letter: FLAWS[flaw] for letter, flaw in names.items()}

# %% name_flaws | wrong | turned round: from flaw to section | it is turned round: the letter of the section comes first, then the
def name_flaws():
    return {"wrong measure": "G", "too few tasks": "J", "unreported transduction": "D", "best of seeds": "E",
            "leaking split": "F"}

# %% name_flaws | wrong | one section left out | 5 sections were dealt to you, and your answer has 4: G, J, D, E.
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction", "E": "best of seeds"}

# %% name_flaws | wrong | a list of names without letters | it should return a dict, {letter: name of a flaw, ...}: {"G": "...",
def name_flaws():
    return ["wrong measure", "too few tasks", "unreported transduction", "best of seeds", "leaking split"]

# %% name_flaws | wrong | two flaws a section, in lists | G: give the one main flaw, by its name in quotes, not a list of 2.
def name_flaws():
    return {"G": ["wrong measure", "no baseline"], "J": ["too few tasks"], "D": ["unreported transduction"],
            "E": ["best of seeds"], "F": ["leaking split"]}

# %% name_flaws | wrong | a name with a slip of the pen | J: there is no flaw 'to few tasks' in the table. Is it 'too few
def name_flaws():
    return {"G": "wrong measure", "J": "to few tasks", "D": "unreported transduction", "E": "best of seeds",
            "F": "leaking split"}

# %% name_flaws | wrong | the same guess for all | G is not 'too few tasks': so many tasks are enough for the claim.
def name_flaws():
    return dict.fromkeys("GJDEF", "too few tasks")

# %% name_flaws | right | the five of SEED 0 as a dict
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction", "E": "best of seeds",
            "F": "leaking split"}

# %% name_flaws | right | five others, as another SEED deals them, in another order
def name_flaws():
    return dict(B="test-set early stopping", H="unequal tuning", A="too few tasks", C="leaking split",
                E="best of seeds")

# %% name_flaws | right | all ten, read for two seeds
def name_flaws():
    found = {"A": "too few tasks", "C": "leaking split", "I": "test-set early stopping", "H": "unequal tuning"}
    found.update(B="test-set early stopping", D="unreported transduction", E="best of seeds")
    found.update(F="leaking split", G="wrong measure", J="too few tasks")
    return found

# %% name_flaws | right | names looked up in FLAWS by a word
from course_lib.lessons.lesson08 import FLAWS

def name_flaws():
    words = {"G": "measure", "J": "few", "D": "transduction", "E": "seeds", "F": "leaking"}
    return {letter: next(flaw for flaw in FLAWS if word in flaw) for letter, word in words.items()}

# %% tasks_needed | wrong | rounds down with int() where it must round up | it rounds down, so the interval comes out a little too wide. Round
import torch

def tasks_needed(scores, half):
    spread = torch.as_tensor(scores).double().std().item()
    return int((1.96 * spread / half) ** 2)

# %% tasks_needed | wrong | floor plus one: too many where it comes out even | where it comes out even, nothing has to be rounded, and it says one
import math

import torch

def tasks_needed(scores, half):
    spread = torch.as_tensor(scores).double().std().item()
    return math.floor((1.96 * spread / half) ** 2) + 1

# %% tasks_needed | wrong | standard deviation divides by n, not n - 1 | it uses the standard deviation that divides by n; Tensor.std divides
import math

import torch

def tasks_needed(scores, half):
    spread = torch.as_tensor(scores).double().std(correction=0).item()
    return math.ceil((1.96 * spread / half) ** 2)

# %% tasks_needed | wrong | takes half for the full width of the interval | it takes `half` for the whole width.
import math

import torch

def tasks_needed(scores, half):
    spread = torch.as_tensor(scores).double().std().item()
    return math.ceil((1.96 * spread / (half / 2)) ** 2)

# %% tasks_needed | wrong | interval narrows with n in place of root n | it reckons that twice as many tasks make the interval half as wide.
import math

import torch

def tasks_needed(scores, half):
    scores = torch.as_tensor(scores).double()
    n = len(scores)
    now = 1.96 * scores.std().item() / math.sqrt(n)
    return math.ceil(n * now / half)

# %% tasks_needed | wrong | never fewer than the tasks of the first test | it never says fewer tasks than the first test had. Where a wider
import math

import torch

def tasks_needed(scores, half):
    spread = torch.as_tensor(scores).double().std().item()
    return max(len(scores), math.ceil((1.96 * spread / half) ** 2))

# %% tasks_needed | wrong | returns how many tasks are still missing | it says how many *more* tasks; all of them count.
import math

import torch

def tasks_needed(scores, half):
    spread = torch.as_tensor(scores).double().std().item()
    total = math.ceil((1.96 * spread / half) ** 2)
    return max(total - len(scores), 0)

# %% tasks_needed | wrong | coin-toss variance p(1-p) in place of the spread of tasks | p (1 - p) is the variance of single *queries*. Tasks are what is
import math

import torch

def tasks_needed(scores, half):
    p = torch.as_tensor(scores).double().mean().item()
    return math.ceil(1.96 ** 2 * p * (1 - p) / half ** 2)

# %% tasks_needed | wrong | search gives up at ten thousand tasks | it stops at 10,000, but 35,841 are needed here. There is no largest
import math

import torch

def tasks_needed(scores, half):
    spread = torch.as_tensor(scores).double().std().item()
    for n in range(1, 10_000):
        if 1.96 * spread / math.sqrt(n) <= half:
            return n
    return 10_000

# %% tasks_needed | wrong | looks for a long enough start of the first test itself | it looks for the answer among the tasks of the first test. They only
import math

import torch

def tasks_needed(scores, half):
    scores = torch.as_tensor(scores).double()
    for n in range(2, len(scores) + 1):
        if 1.96 * scores[:n].std().item() / math.sqrt(n) <= half:
            return n
    return math.ceil((1.96 * scores.std().item() / half) ** 2)

# %% tasks_needed | right | one line of the solved formula, torch and math
import math

def tasks_needed(scores, half):
    return math.ceil((1.96 * scores.std().item() / half) ** 2)

# %% tasks_needed | right | counts upwards until the interval is narrow enough
import math

def tasks_needed(scores, half):
    values = [float(s) for s in scores]
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    n = 1
    while 1.96 * spread / math.sqrt(n) > half:
        n += 1
    return n

# %% tasks_needed | right | doubling and bisection with a helper inside, module statistics
import statistics

def tasks_needed(scores, half):
    spread = statistics.stdev(scores.tolist())

    def narrow(n):
        return 1.96 * spread / n ** 0.5 <= half

    high = 1
    while not narrow(high):
        high *= 2
    low = high // 2  # not narrow enough, or 0
    while high - low > 1:
        middle = (low + high) // 2
        if narrow(middle):
            high = middle
        else:
            low = middle
    return high

# %% tasks_needed | right | numpy, variance, whole number as a numpy integer
import numpy as np

def tasks_needed(scores, half):
    variance = np.var(np.asarray(scores, dtype=np.float64), ddof=1)
    return np.ceil(1.96 ** 2 * variance / half ** 2).astype(int)

# %% paired_bootstrap | wrong | draws the tasks of both sides independently | the two sides are drawn independently, so what makes a task hard for
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    n = len(first)
    i = torch.randint(n, (draws, n), generator=generator)
    j = torch.randint(n, (draws, n), generator=generator)
    means = first[i].mean(1) - second[j].mean(1)
    low, high = torch.quantile(means.double(), torch.tensor([0.025, 0.975]).double()).tolist()
    return low, high

# %% paired_bootstrap | wrong | last task is never drawn, upper end of randint misread | the last task is never drawn: torch.randint leaves out its upper end
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    index = torch.randint(0, n - 1, (draws, n), generator=generator)
    means = difference[index].mean(1)
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975]).double()).tolist()
    return low, high

# %% paired_bootstrap | wrong | mean plus or minus 1.96 deviations, no percentiles | it goes 1.96 standard deviations of the drawn means to both sides,
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    index = torch.randint(n, (draws, n), generator=generator)
    means = difference[index].mean(1)
    middle, half = means.mean().item(), 1.96 * means.std().item()
    return middle - half, middle + half

# %% paired_bootstrap | wrong | reflected ("basic") interval in place of the percentile one | the two sides are exchanged: this is twice the mean minus the
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    index = torch.randint(n, (draws, n), generator=generator)
    means = difference[index].mean(1)
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975]).double()).tolist()
    seen = difference.mean().item()
    return 2 * seen - high, 2 * seen - low

# %% paired_bootstrap | wrong | generator is not handed on to randint | the same generator must give the same draws, and another one others:
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    means = torch.stack([difference[torch.randint(n, (n,))].mean() for _ in range(draws)])
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975]).double()).tolist()
    return low, high

# %% paired_bootstrap | wrong | positions of the ends are right for 2,000 draws only | the positions in the sorted means are those of 2,000 draws. They have
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    index = torch.randint(n, (draws, n), generator=generator)
    means = difference[index].mean(1).sort().values
    return means[min(50, draws - 1)].item(), means[min(1949, draws - 1)].item()

# %% paired_bootstrap | wrong | subtracts in place, so the scores of first change | it changes `first` in place; compute a new tensor instead (no +=, no
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    first -= second
    n = len(first)
    index = torch.randint(n, (draws, n), generator=generator)
    means = first[index].double().mean(1)
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975]).double()).tolist()
    return low, high

# %% paired_bootstrap | wrong | cuts five percent at each end: a 90 % interval | this is a 90 % interval: 5 % of the draws lie outside on *each* side.
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    index = torch.randint(n, (draws, n), generator=generator)
    means = difference[index].mean(1)
    low, high = torch.quantile(means, torch.tensor([0.05, 0.95]).double()).tolist()
    return low, high

# %% paired_bootstrap | wrong | averages over the draws in place of the tasks | the interval is far too narrow: as if a new test set had as many
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    index = torch.randint(n, (draws, n), generator=generator)
    means = difference[index].mean(0)
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975]).double()).tolist()
    return low, high

# %% paired_bootstrap | wrong | shuffles half of the tasks: no replacement, smaller test | a new test set must have as many tasks as the old one, but of 5 tasks
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    n = len(difference)
    means = torch.stack([
        difference[torch.randperm(n, generator=generator)[:(n + 1) // 2]].mean()
        for _ in range(draws)])
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975]).double()).tolist()
    return low, high

# %% paired_bootstrap | right | vectorised, randint and quantile, python floats
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    difference = (first - second).double()
    index = torch.randint(len(difference), (draws, len(difference)), generator=generator)
    means = difference[index].mean(dim=1)
    ends = torch.tensor([0.025, 0.975], dtype=means.dtype)
    low, high = torch.quantile(means, ends).tolist()
    return low, high

# %% paired_bootstrap | right | loop over draws, sorted list, takes one of the means
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    n = len(first)
    means = []
    for _ in range(draws):
        drawn = torch.randint(0, n, (n,), generator=generator)
        means.append((first[drawn].double().mean() - second[drawn].double().mean()).item())
    means.sort()
    cut = min(int(0.025 * draws), (draws - 1) // 2)
    return means[cut], means[draws - 1 - cut]

# %% paired_bootstrap | right | how often each task comes, by multinomial, and einsum
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    n = len(first)
    drawn = torch.multinomial(torch.ones(draws, n), n, replacement=True,
                              generator=generator)
    often = torch.zeros(draws, n, dtype=torch.float64)
    often.scatter_add_(1, drawn, torch.ones(draws, n, dtype=torch.float64))
    means = torch.einsum("dt,t->d", often, first.double() - second.double()) / n
    return torch.quantile(means, 0.025), torch.quantile(means, 0.975)  # tensors of no axis

# %% paired_bootstrap | right | uniform numbers to positions, numpy percentile, helper inside
import numpy as np
import torch

def paired_bootstrap(first, second, draws=2000, generator=None):
    gaps = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    n = gaps.size

    def one_mean():
        u = torch.rand(n, generator=generator, dtype=torch.float64).numpy()
        return gaps[np.minimum((u * n).astype(int), n - 1)].mean()

    low, high = np.percentile([one_mean() for _ in range(draws)], q=[2.5, 97.5])
    return low, high

# %% name_flaws | wrong | E: baseline trained only once looks like unequal tuning | 4 of 5 are right. E is not 'unequal tuning': ten trainings against
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction",
            "E": "unequal tuning", "F": "leaking split"}

# %% name_flaws | wrong | E: chosen by test tasks, taken for early stopping | 4 of 5 are right. E is not 'test-set early stopping': each run was
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction",
            "E": "test-set early stopping", "F": "leaking split"}

# %% name_flaws | wrong | J: ten networks each, taken for best of seeds | 4 of 5 are right. J is not 'best of seeds': all ten networks are
def name_flaws():
    return {"G": "wrong measure", "J": "best of seeds", "D": "unreported transduction",
            "E": "best of seeds", "F": "leaking split"}

# %% name_flaws | wrong | G: misses the baseline that always says stranger | 4 of 5 are right. G is not 'no baseline': another learner is named
def name_flaws():
    return {"G": "no baseline", "J": "too few tasks", "D": "unreported transduction",
            "E": "best of seeds", "F": "leaking split"}

# %% name_flaws | wrong | D: the mode was picked by accuracy, so unequal tuning | 4 of 5 are right. D is not 'unequal tuning': nothing there says that
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unequal tuning",
            "E": "best of seeds", "F": "leaking split"}

# %% name_flaws | wrong | F: only ours is pretrained, taken for unequal tuning | 4 of 5 are right. F is not 'unequal tuning': no settings were
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction",
            "E": "best of seeds", "F": "unequal tuning"}

# %% name_flaws | wrong | the dict is the wrong way round, flaw to letter | it is turned round: the letter of the section comes first, then the
def name_flaws():
    return {"wrong measure": "G", "too few tasks": "J", "unreported transduction": "D",
            "best of seeds": "E", "leaking split": "F"}

# %% name_flaws | wrong | gives the second column, what it means | G: that is what a flaw means. Give its short name, 'wrong measure'.
def name_flaws():
    return {
        "G": "the number reported does not measure what the task asks for",
        "J": "the interval, rightly computed, is too wide for the claim",
        "D": "queries of a task inform one another, and the text compares as if they did not",
        "E": "the best of several trainings is reported as if it were the only one",
        "F": "something of the test classes was seen in training"}

# %% name_flaws | wrong | four sections only, the unsure one is left out | 5 sections were dealt to you, and your answer has 4: G, J, D, F.
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction",
            "F": "leaking split"}

# %% name_flaws | wrong | a list in the order of the table, without letters | it should return a dict, {letter: name of a flaw, ...}: {"G": "...",
def name_flaws():
    return ["wrong measure", "too few tasks", "unreported transduction", "best of seeds",
            "leaking split"]

# %% name_flaws | right | a plain dict in the order of the table
def name_flaws():
    return {"G": "wrong measure", "J": "too few tasks", "D": "unreported transduction",
            "E": "best of seeds", "F": "leaking split"}

# %% name_flaws | right | zip of letters and names, alphabetical order
def name_flaws():
    letters = "DEFGJ"
    names = ("unreported transduction", "best of seeds", "leaking split", "wrong measure",
             "too few tasks")
    return dict(zip(letters, names))

# %% name_flaws | right | filled step by step from pairs, an OrderedDict
from collections import OrderedDict

def name_flaws():
    found = OrderedDict()
    for flaw, letter in [("leaking split", "F"), ("best of seeds", "E"),
                         ("unreported transduction", "D"), ("too few tasks", "J"),
                         ("wrong measure", "G")]:
        found[letter] = flaw
    return found

# %% name_flaws | right | keyword dict, one name assembled, helper inside
def name_flaws():
    def split():
        return " ".join(["leaking", "split"])

    answer = dict(G="wrong measure", E="best of seeds")
    answer.update(F=split(), D="unreported transduction")
    answer |= {"J": "too few tasks"}
    return answer

# %% honest_result | wrong | of equally good checkpoints it takes the later one | where two checkpoints are equally good in validation it takes the
import torch

def honest_result(validation, test):
    checkpoints = validation.shape[1]
    stop = checkpoints - 1 - validation.flip(1).argmax(1)
    reached = test[torch.arange(len(test)), stop].double()
    return reached.mean().item(), reached.std().item()

# %% honest_result | wrong | deviation divides by the number of runs | the standard deviation divides by the number of runs; divide by that
import torch

def honest_result(validation, test):
    stop = validation.argmax(1)
    reached = test[torch.arange(len(test)), stop].double()
    return reached.mean().item(), reached.std(correction=0).item()

# %% honest_result | wrong | stops at the first drop of validation, a local peak | each run stops at the first checkpoint after which validation does
import statistics

def honest_result(validation, test):
    reached = []
    for v, t in zip(validation.tolist(), test.tolist()):
        stop = 0
        while stop + 1 < len(v) and v[stop + 1] > v[stop]:
            stop += 1
        reached.append(t[stop])
    return statistics.mean(reached), statistics.stdev(reached)

# %% honest_result | wrong | one common checkpoint, by the mean validation curve | one checkpoint is chosen for all runs. Each run has its own best
import torch

def honest_result(validation, test):
    stop = validation.mean(0).argmax()
    reached = test[:, stop].double()
    return reached.mean().item(), reached.std().item()

# %% honest_result | wrong | indexes every run with the stops of all runs | test[:, stops] reads every stop in every run. Run i needs its own
import torch

def honest_result(validation, test):
    stop = validation.argmax(1)
    reached = test[:, stop].double()  # [runs, runs]
    return reached.mean().item(), reached.std().item()

# %% honest_result | wrong | reports the standard error, not the deviation | the second number is a standard error. What is wanted is how much
import torch

def honest_result(validation, test):
    stop = validation.argmax(1, keepdim=True)
    reached = test.gather(1, stop)[:, 0].double()
    return reached.mean().item(), reached.std().item() / len(reached) ** 0.5

# %% honest_result | wrong | counts on exactly ten runs | it counts on ten runs. All runs count, however many there are: divide
import torch

def honest_result(validation, test):
    reached = torch.stack([v_t[1][v_t[0].argmax()]
                           for v_t in list(zip(validation, test))[:10]]).double()
    mean = reached.sum() / len(reached)
    spread = (((reached - mean) ** 2).sum() / 9).sqrt()
    return mean.item(), spread.item()

# %% honest_result | wrong | among equal validations it takes the best test | where checkpoints are equally good in validation it takes the one
import statistics

def honest_result(validation, test):
    reached = []
    for v, t in zip(validation.tolist(), test.tolist()):
        _, best_test = max(zip(v, t))
        reached.append(best_test)
    return statistics.mean(reached), statistics.stdev(reached)

# %% honest_result | wrong | argmax over runs, not over checkpoints | it looks for the best *run* at each checkpoint. argmax runs over the
import torch

def honest_result(validation, test):
    best = validation.argmax(0, keepdim=True)
    reached = test.gather(0, best)[0].double()
    return reached.mean().item(), reached.std().item()

# %% honest_result | wrong | each run at the peak of its test curve | each run stops where its *test* accuracy is highest: that is test-set
import torch

def honest_result(validation, test):
    peaks = test.max(1).values.double()
    return peaks.mean().item(), peaks.std().item()

# %% honest_result | right | argmax and gather, python floats
import torch

def honest_result(validation, test):
    stop = validation.argmax(dim=1, keepdim=True)
    reached = test.gather(1, stop).squeeze(1)
    return reached.mean().item(), reached.std().item()

# %% honest_result | right | loops over lists, strictly better only, module statistics
import statistics

def honest_result(validation, test):
    reached = []
    for v, t in zip(validation.tolist(), test.tolist()):
        best = 0
        for k in range(1, len(v)):
            if v[k] > v[best]:
                best = k
        reached.append(t[best])
    return statistics.fmean(reached), statistics.stdev(reached)

# %% honest_result | right | mask of the first best checkpoint and einsum, tensors
import torch

def honest_result(validation, test):
    best = (validation == validation.amax(1, keepdim=True)).long()
    mask = ((best.cumsum(1) == 1) & (best == 1)).double()
    reached = torch.einsum("rc,rc->r", mask, test.double())
    mean = reached.mean()
    return mean, torch.sqrt(((reached - mean) ** 2).sum() / (len(reached) - 1))

# %% honest_result | right | numpy take_along_axis with a helper, numpy numbers
import numpy as np

def honest_result(validation, test):
    def pick(by, table):
        return np.take_along_axis(table, by.argmax(axis=1)[:, None], axis=1)[:, 0]

    reached = pick(np.asarray(validation), np.asarray(test, dtype=np.float64))
    return reached.mean(), reached.std(ddof=1)

# %% over_trainings | wrong | pairs training i of one with training i of the other | it pairs training i of one recipe with training i of the other. They
def over_trainings(first, second, factor):
    gap = first.double().mean(1) - second.double().mean(1)
    return gap.mean().item(), factor * gap.std().item() / len(gap) ** 0.5

# %% over_trainings | wrong | counts every score of every training as independent | it counts every score of every training. Those of one training share
def over_trainings(first, second, factor):
    a, b = first.double().flatten(), second.double().flatten()
    half = factor * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return (a.mean() - b.mean()).item(), half.item()

# %% over_trainings | wrong | averages the trainings first and counts tasks, paired | it averages over the trainings and counts *tasks*. The claim is about
def over_trainings(first, second, factor):
    gap = first.double().mean(0) - second.double().mean(0)
    return gap.mean().item(), factor * gap.std().item() / len(gap) ** 0.5

# %% over_trainings | wrong | averages the trainings first and counts tasks, unpaired | it averages over the trainings and counts *tasks*. The claim is about
def over_trainings(first, second, factor):
    a, b = first.double().mean(0), second.double().mean(0)
    half = factor * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return (a.mean() - b.mean()).item(), half.item()

# %% over_trainings | wrong | standard deviation in place of the standard error | this is how much *single trainings* differ. The mean of n trainings
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    return (a.mean() - b.mean()).item(), factor * (a.var() + b.var()).sqrt().item()

# %% over_trainings | wrong | adds the two half-widths | the two half-widths are added. The two sides are independent, so
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    half = factor * (a.std() / len(a) ** 0.5 + b.std() / len(b) ** 0.5)
    return (a.mean() - b.mean()).item(), half.item()

# %% over_trainings | wrong | variance divides by n | the variance divides by the number of trainings; divide by that minus
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    half = factor * (a.var(correction=0) / len(a) + b.var(correction=0) / len(b)).sqrt()
    return (a.mean() - b.mean()).item(), half.item()

# %% over_trainings | wrong | 1.96 whatever the factor is | it goes 1.96 standard errors to each side, whatever `factor` is. With
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    half = 1.96 * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return (a.mean() - b.mean()).item(), half.item()

# %% over_trainings | wrong | second minus first | the sign is turned round: it is `first` minus `second`.
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    half = factor * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return (b.mean() - a.mean()).item(), half.item()

# %% over_trainings | wrong | one number of trainings for both | both variances are divided by the number of trainings of `first`.
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    half = factor * ((a.var() + b.var()) / len(a)).sqrt()
    return (a.mean() - b.mean()).item(), half.item()

# %% over_trainings | wrong | divides by the trainings of both together | the variances are divided by the trainings of both together. Each
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    half = factor * ((a.var() + b.var()) / (len(a) + len(b))).sqrt()
    return (a.mean() - b.mean()).item(), half.item()

# %% over_trainings | wrong | only the first training of each, over the tasks | it looks at the first training of each recipe only. All of them count.
def over_trainings(first, second, factor):
    gap = first[0].double() - second[0].double()
    return gap.mean().item(), factor * gap.std().item() / len(gap) ** 0.5

# %% over_trainings | wrong | the ends of the interval | these are the two ends. Return the difference and half the width.
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    half = factor * (a.var() / len(a) + b.var() / len(b)).sqrt()
    return (a.mean() - b.mean() - half).item(), (a.mean() - b.mean() + half).item()

# %% over_trainings | wrong | the root is missing: variance of the mean | the root is missing: this is a variance. Its root is the standard
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    return (a.mean() - b.mean()).item(), (factor * (a.var() / len(a) + b.var() / len(b))).item()

# %% over_trainings | wrong | one pooled deviation for both recipes | it uses one spread for both recipes. Each has its own: a.var() /
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    n, m = len(a), len(b)
    pooled = ((n - 1) * a.var() + (m - 1) * b.var()) / (n + m - 2)
    return (a.mean() - b.mean()).item(), factor * (pooled * (1 / n + 1 / m)).sqrt().item()

# %% over_trainings | wrong | only the spread of the first recipe | the half-width is that of `first` alone. The mean of `second` is
def over_trainings(first, second, factor):
    a, b = first.double().mean(1), second.double().mean(1)
    return (a.mean() - b.mean()).item(), factor * (a.var() / len(a)).sqrt().item()

# %% over_trainings | right | torch, variances add up
def over_trainings(first, second, factor):
    a, b = first.mean(1), second.mean(1)
    half = factor * (a.var() / len(a) + b.var() / len(b)) ** 0.5
    return a.mean() - b.mean(), half

# %% over_trainings | right | hypot of two half-widths, in a helper
import math

def over_trainings(first, second, factor):
    def one(runs):
        means = runs.double().mean(dim=-1)
        return means.mean().item(), factor * means.std().item() / math.sqrt(len(means))

    (a, half_a), (b, half_b) = one(first), one(second)
    return a - b, math.hypot(half_a, half_b)

# %% over_trainings | right | lists and the module statistics
import statistics

def over_trainings(first, second, factor):
    a = [statistics.fmean(row) for row in first.tolist()]
    b = [statistics.fmean(row) for row in second.tolist()]
    error = statistics.variance(a) / len(a) + statistics.variance(b) / len(b)
    return statistics.fmean(a) - statistics.fmean(b), factor * error ** 0.5

# %% over_trainings | right | numpy and einsum
import numpy as np

def over_trainings(first, second, factor):
    def means(runs):
        runs = np.asarray(runs, dtype=np.float64)
        return np.einsum("rt->r", runs) / runs.shape[1]

    a, b = means(first), means(second)
    half = factor * np.sqrt(np.var(a, ddof=1) / a.size + np.var(b, ddof=1) / b.size)
    return [np.mean(a) - np.mean(b), half]
