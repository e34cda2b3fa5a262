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

# %% study | wrong | verdict by zero, the claim plays no part | you claim at least 2 points; for an interval from 0 to 1 you say
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    return plan, "supported" if low > 0 else "refuted" if high < 0 else "undecided"

# %% study | wrong | the middle of the interval decides, never undecided | you claim at least 2 points; for an interval from 1 to 3 you say
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    return plan, "supported" if (low + high) / 2 >= plan["at_least"] else "refuted"

# %% study | wrong | claim taken from the measured interval | the registration changes with the result. It must be the same
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    plan["at_least"] = max(0.0, low)
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | low exactly at the claim is not called supported | you claim at least 2 points; for an interval from 2 to 4 you say
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    claim = plan["at_least"]
    return plan, "supported" if low > claim else "refuted" if high < claim else "undecided"

# %% study | wrong | high exactly at the claim is called refuted | you claim at least 2 points; for an interval from 0 to 2 you say
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high <= claim else "undecided"

# %% study | wrong | tasks planned from the scores of one learner, not from the differences | it plans with the scores of `first`. What is to be known is the
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]], plan["half"])))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | a round number of tasks, tasks_needed left out | tasks is not what tasks_needed(pilot[first] - pilot[second], half)
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = 150
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | half in fractions, the pilot is in points | half and the pilot's scores are both in points: no factor of 100 is
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"] / 100)))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | no limits: may be thousands of tasks, or ten | the limits are missing: no fewer than 30 tasks (the interval would be
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 0.4,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = (tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"]))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | tasks planned by the width of the measured interval | the registration changes with the result. It must be the same
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, round(30 * (high - low + 1))))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | learner that is none of the eleven | second is 'fine_tune'; choose one of prototypical, matching,
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "fine_tune", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = 100
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | keys pressed at random in place of sentences | because should be a sentence of four different words or more, in any
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "asdf asdf asdf asdf",
            "change_my_mind": "asdf asdf asdf asdf"}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | the same sentence twice | because and change_my_mind are the same sentence. One says why you
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "It compares with class means, and one gradient step on five images is noisy."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | nothing can change the mind | change_my_mind has no number in it. Which result would change your
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "Nothing could ever change my mind."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | a sentence that quotes the measured interval | the registration changes with the result. It must be the same
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    plan["change_my_mind"] = f"I found {low:+.1f} to {high:+.1f} points; below 2 it would change."
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | wrong | only the registration is returned | it returns the registration alone. Return two things, a pair: the
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    return plan

# %% study | wrong | the verdict stands inside the registration | 'verdict' is no part of the registration. What is known only
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    claim = plan["at_least"]
    plan["verdict"] = "supported" if low >= claim else "refuted" if high < claim else "undecided"
    return plan, plan["verdict"]

# %% study | wrong | claim as a share: 0.02 for two points | at_least is 0.02 *points*. Did you mean 2? 0.02 of all are 2 points.
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 0.02, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    claim = plan["at_least"]
    return plan, "supported" if low >= claim else "refuted" if high < claim else "undecided"

# %% study | right | dict, three ifs
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    plan = {"first": "prototypical", "second": "maml", "at_least": 2.0, "half": 2.0,
            "because": "It compares with class means, and one gradient step on five images is noisy.",
            "change_my_mind": "An interval that lies below 2 points as a whole."}
    plan["tasks"] = min(400, max(30, tasks_needed(pilot[plan["first"]] - pilot[plan["second"]], plan["half"])))
    if low >= 2.0:
        return plan, "supported"
    if high < 2.0:
        return plan, "refuted"
    return plan, "undecided"

# %% study | right | sentences in Japanese, formula by hand, whole numbers
import math

def study(pilot, low, high):
    gap = (pilot["siamese"] - pilot["pixels"]).double()
    n = math.ceil((1.96 * gap.std().item() / 3) ** 2)
    plan = dict(first="siamese", second="pixels", at_least=30, half=3, tasks=sorted((30, n, 400))[1],
                because="画素の距離は筆跡の違いに弱いが、学習した特徴は強いから。",
                change_my_mind="差の区間全体が30ポイントより下にあるとき。")
    return plan, ("supported", "undecided", "refuted")[int(30 > low) + int(30 > high)]

# %% study | right | winner chosen by the pilot, claim 0
from course_lib.statistics import tasks_needed

def study(pilot, low, high):
    order = sorted(pilot, key=lambda name: -float(pilot[name].mean()))
    first, second = order[0], order[-2]
    tasks = tasks_needed(pilot[first] - pilot[second], 1.5)
    tasks = 30 if tasks < 30 else 400 if tasks > 400 else tasks
    registration = {"first": first, "second": second, "at_least": 0, "half": 1.5, "tasks": tasks,
                    "because": "In the first small test nobody had more right answers.",
                    "change_my_mind": "If even the upper end of the interval is below zero."}
    if 0 <= low:
        return registration, "supported"
    return registration, "undecided" if high >= 0 else "refuted"

# %% study | right | numpy for the plan, a bold claim that will fail
def study(pilot, low, high):
    import numpy as np

    gap = np.asarray(pilot["relation"]) - np.asarray(pilot["reptile"])
    tasks = int(np.clip(np.ceil((1.96 * gap.std(ddof=1) / 2.5) ** 2), 30, 400))
    plan = {"change_my_mind": "An interval with all of it under 60 points.", "tasks": tasks, "half": 2.5,
            "because": "Five steps on five images can hardly learn to compare.", "at_least": 60.0,
            "second": "reptile", "first": "relation"}
    verdict = "undecided" if low < 60 <= high else "supported" if low >= 60 else "refuted"
    return plan, verdict

