"""What `check` looks at in the counterfactual test: learners that read the beat, the cue, or both."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import keeps_names
from course_lib.exercises.engine import Problem, compare
from course_lib.exercises.results import as_number, form
from course_lib.lessons.lesson11.checks_cue_toys import ToyBeats, ToyReader
from course_lib.lessons.lesson11.cue import counterfactual_test


def _case(weight, bias, hum, seed, n=12, way=2, n_query=8, training=False):
    learner = ToyReader(weight, bias).train(training)
    return learner, ToyBeats(hum, way, n_query), ToyBeats(0.0, way, n_query), n, seed


def _cases() -> dict[str, tuple]:
    return {
        "a learner that reads the beat and the hum": _case(1.0, 2.0, 2.5, 0),
        "three classes": _case(1.0, -1.5, 2.0, 1, n=9, way=3, n_query=10),
        "one task with many queries": _case(0.8, 2.0, 1.8, 2, n=1, n_query=60),
        "a learner in training mode": _case(0.5, 1.5, 2.2, 3, training=True),
        "a learner that does not read the hum": _case(0.0, 0.0, 2.0, 4),
    }


def _draw(tasks, n, seed):
    return tasks.sample(n, torch.Generator().manual_seed(seed))


def _scores(learner, hum, no_hum, n, seed, support="without", query=None):
    """Scores with the cue and without, of what was learned from one of the support sets, or each from its own."""
    a, b = _draw(hum, n, seed), _draw(no_hum, n, seed)
    found = []
    for own, other in ((a, a), (b, b)):
        s = {"without": b, "with": a, "own": own}[support]
        x, y = (s.query_x, s.query_y) if query else (s.support_x, s.support_y)
        found.append(learner.predict(learner.adapt(x, y, s.way), other.query_x))
    return *found, a.query_y


def _told(of, support="without", query=None):
    """A number from scores with, scores without, and labels."""

    def answer(learner, hum, no_hum, n, seed):
        found = of(*_scores(learner, hum, no_hum, n, seed, support, query))
        return found if isinstance(found, torch.Size) else float(found)

    return answer


def _flips(a, b, y=None):
    return (a.argmax(-1) != b.argmax(-1)).double().mean()


def _right(s, y):
    return (s.argmax(-1) == y).double().mean()


def _two_draws(order):
    """Both are drawn from one generator, one after the other."""

    def answer(learner, hum, no_hum, n, seed):
        generator, drawn = torch.Generator().manual_seed(seed), {}
        for name in order:
            drawn[name] = {"hum": hum, "no_hum": no_hum}[name].sample(n, generator)
        a, b = drawn["hum"], drawn["no_hum"]
        adapted = learner.adapt(b.support_x, b.support_y, b.way)
        return float(_flips(learner.predict(adapted, a.query_x), learner.predict(adapted, b.query_x)))

    return answer


def _two_draws_own(order):
    """The same, and each learns from its own support set."""

    def answer(learner, hum, no_hum, n, seed):
        generator = torch.Generator().manual_seed(seed)
        drawn = {name: {"hum": hum, "no_hum": no_hum}[name].sample(n, generator) for name in order}
        return float(_flips(*(learner(drawn[name]) for name in ("hum", "no_hum"))))

    return answer


def _other_support(learner, hum, no_hum, n, seed):
    """The queries stay, and the support set hums."""
    a, b = _draw(hum, n, seed), _draw(no_hum, n, seed)
    found = [learner.predict(learner.adapt(e.support_x, e.support_y, e.way), b.query_x) for e in (a, b)]
    return float(_flips(*found))


def _seeded(change):
    return lambda learner, hum, no_hum, n, seed: counterfactual_test(learner, hum, no_hum, n, change(seed))


def _one_at_a_time(learner, hum, no_hum, n, seed):
    a, b = (torch.Generator().manual_seed(seed) for _ in range(2))
    found = []
    for _ in range(n):
        one, other = hum.sample(1, a), no_hum.sample(1, b)
        adapted = learner.adapt(other.support_x, other.support_y, other.way)
        found.append(_flips(learner.predict(adapted, one.query_x), learner.predict(adapted, other.query_x)))
    return float(torch.stack(found).mean())


def _each_its_seed(learner, hum, no_hum, n, seed):
    shares = [counterfactual_test(learner, hum, no_hum, 1, seed + i) for i in range(n)]
    return sum(shares) / n


def _in_mode(training: bool):
    def answer(learner, hum, no_hum, n, seed):
        before = learner.training
        found = counterfactual_test(learner.train(training), hum, no_hum, n, seed)
        learner.train(before)
        return found

    return answer


_GENERATOR = ("the two were drawn one after the other from *one* generator, so the second has other people and other "
              "beats. Give each a generator of its own with the same seed.")  # fmt: skip
_OWN = ("the learner adapts to two support sets: with the hum to one that hums. Then two things change at once. Adapt "
        "once, to the support set of no_hum, and ask both.")  # fmt: skip
_ACCURACY = ("this is a difference of accuracies. Answers that become right and answers that become wrong cancel in "
             "it: compare the answers themselves, query by query. Labels are not needed.")  # fmt: skip
_SAME = "this is the share of answers that *stay*. Asked for is the share that changes."
_MISTAKES = [
    (_two_draws(("hum", "no_hum")), _GENERATOR), (_two_draws(("no_hum", "hum")), _GENERATOR),
    (_two_draws_own(("hum", "no_hum")), _GENERATOR), (_two_draws_own(("no_hum", "hum")), _GENERATOR),
    (_told(_flips, "own"), _OWN),
    (_told(_flips, "with"), "the learner adapts to the support set *with* the hum. Adapt to that of no_hum."),
    (_told(_flips, "without", True), "the learner adapts to the query set. Adapt to the support set of no_hum."),
    (_told(_flips, "own", True), "the learner adapts to the query set. Adapt to the support set of no_hum."),
    (_told(lambda a, b, y: (_right(b, y) - _right(a, y)).abs()), _ACCURACY),
    (_told(lambda a, b, y: _right(b, y) - _right(a, y)), _ACCURACY),
    (_told(lambda a, b, y: _right(a, y) - _right(b, y)), _ACCURACY),
    (_told(lambda a, b, y: (_right(b, y) - _right(a, y)).abs(), "own"), _ACCURACY),
    (_told(lambda a, b, y: _right(b, y) - _right(a, y), "own"), _ACCURACY),
    (_told(lambda a, b, y: _right(a, y)), "this is the accuracy with the hum. Asked for is the share of answers that "
     "change."),
    (_told(lambda a, b, y: 1 - _right(a, y)), "this is the share of wrong answers with the hum. Asked for is the share "
     "of answers that change, right or wrong."),
    (_told(lambda a, b, y: ((a.argmax(-1) != y) & (b.argmax(-1) == y)).double().mean()), "only answers that were right "
     "and become wrong are counted. Each answer that changes was the hum's."),
    (_told(lambda a, b, y: (a.argmax(-1) != b.argmax(-1))[b.argmax(-1) == y].double().mean()), "only queries that are "
     "answered rightly without the hum are looked at. All count."),
    (_told(lambda a, b, y: 1 - _flips(a, b)), _SAME),
    (_told(lambda a, b, y: (a != b).double().mean()), "this is 1 as soon as anything differs. Are scores compared, or "
     "all answers at once? An answer is the class with the highest score (argmax over the classes); compare them one "
     "by one."),
    (_told(lambda a, b, y: (a - b).abs().mean()), "it compares scores. The answer is the class with the highest score: "
     "argmax."),
    (_told(lambda a, b, y: (a.softmax(-1) - b.softmax(-1)).abs().mean()), "it compares probabilities. The answer is "
     "the class with the highest score: argmax."),
    (_told(lambda a, b, y: (a.softmax(-1) - b.softmax(-1)).abs().sum(-1).mean() / 2), "it compares probabilities. The "
     "answer is the class with the highest score: argmax."),
    (_told(lambda a, b, y: (a.softmax(-1) - b.softmax(-1)).abs().max()), "it compares probabilities. The answer is the "
     "class with the highest score: argmax."),
    (_told(lambda a, b, y: (a.argmin(-1) != b.argmin(-1)).double().mean()), "the class with the *lowest* score is "
     "taken. Scores are no distances: the answer has the highest, argmax."),
    *((_told(lambda a, b, y, k=k: (a.argmax(-1) != b.argmax(-1))[y == k].double().mean()), f"only beats of class {k} "
       "are looked at. All queries count.") for k in (0, 1)),
    (_told(lambda a, b, y: (a.argmax(1) != b.argmax(1)).double().mean()), "argmax goes over the queries (axis 1). The "
     "classes are the last axis."),
    (_told(lambda a, b, y: (a.argmax(-1) != b.argmax(-1)).sum()), "this is the number of answers that change. Divide "
     "by the number of all queries."),
    (_told(lambda a, b, y: (a.argmax(-1) != b.argmax(-1)).sum() / a.shape[0]), "this is the number of changed answers "
     "a task. Divide by the queries of a task as well."),
    (_told(lambda a, b, y: (a.argmax(-1) != b.argmax(-1)).sum() / a.shape[1]), "the changed answers are divided by the "
     "queries of one task. Divide by all queries of all tasks."),
    (_told(lambda a, b, y: (a.argmax(-1) != b.argmax(-1)).double().mean(1).shape), "there is a number for each task. "
     "One number is asked for, over all queries of all tasks."),
    (_told(lambda a, b, y: (a.argmax(-1) != b.argmax(-1)).double().shape), "there is a number for each query. One "
     "number is asked for: the share that is True."),
    (_told(lambda a, b, y: (a.argmax(-1) != b.argmax(-1)).any(1).double().mean()), "this is the share of *tasks* in "
     "which an answer changes. Count queries."),
    (_told(lambda a, b, y: (a.argmax(-1) > b.argmax(-1)).double().mean()), "only changes towards a later class are "
     "counted. All changes count."),
    (_told(lambda a, b, y: (a.argmax(-1) < b.argmax(-1)).double().mean()), "only changes towards an earlier class are "
     "counted. All changes count."),
    *((_told(lambda a, b, y, k=k: ((a.argmax(-1) == k) & (b.argmax(-1) != k)).double().mean()), f"only changes towards "
       f"class {k} are counted. All changes count.") for k in (0, 1)),
    (_told(lambda a, b, y: ((a.argmax(-1) == 1) & (b.argmax(-1) == 0)).double().mean()), "only changes from class 0 to "
     "class 1 are counted. All changes count."),
    (_told(lambda a, b, y: (a.argmax(-1) - b.argmax(-1)).abs().double().mean()), "numbers of classes are subtracted. "
     "From class 0 to class 2 is one change, too: !=."),
    (_told(lambda a, b, y: ((a[..., 1] > 0) != (b[..., 1] > 0)).double().mean()), "a score above 0 is taken for the "
     "answer 1. The answer is the class with the highest score."),
    (_told(lambda a, b, y: ((a.softmax(-1)[..., 1] > 0.5) != (b.softmax(-1)[..., 1] > 0.5)).double().mean()), "two "
     "classes are taken for granted. The answer is the class with the highest score: argmax."),
    *((_told(lambda a, b, y: ((a.argmax(-1) == y) != (b.argmax(-1) == y)).double().mean(), support), "right and wrong "
       "are compared. An answer that was wrong, and is wrong in another way with the hum, was changed by it as well: "
       "compare the answers.") for support in ("without", "own")),
    (_told(lambda a, b, y: (a.argmax(-1).double().mean() - b.argmax(-1).double().mean()).abs()), "means of the answers "
     "are subtracted, in which changes cancel. Compare query by query: !=."),
    (_other_support, "the queries stay and the support set changes. It is the other way round: the hum is put on the "
     "*queries*."),
    *((lambda learner, hum, no_hum, n, seed, k=k: counterfactual_test(learner, hum, no_hum, k, seed), f"sample({k}, "
       "...) is called, whatever `n` is.") for k in (1, 100)),
    (_told(lambda a, b, y: _flips(a[:, :1], b[:, :1])), "only the first query of each task is asked. All count."),
    (_told(lambda a, b, y: _flips(a[:1], b[:1])), "only the first task is looked at. All count."),
    (_told(lambda a, b, y: 0.0), "it finds no change where there is one. Are the same queries asked twice, both with "
     "the hum or both without?"),
    (_seeded(lambda seed: 0), "the generator's seed is 0, whatever `seed` is."),
    (_seeded(lambda seed: 42), "the generator's seed is 42, whatever `seed` is."),
    (_seeded(lambda seed: torch.Generator().initial_seed()), "the generator has no seed of ours: .manual_seed(seed)."),
    (_each_its_seed, "each task is drawn by itself, with a seed of its own. Draw all n at once: sample(n, generator)."),
    (_seeded(lambda seed: seed + 1), "the generator's seed is seed + 1."),
    (_one_at_a_time, "the tasks are drawn one at a time. Draw all n at once, sample(n, generator): then another run of "
     "the lesson meets the same beats."),
    *((_in_mode(training), "it sets the mode of the learner while it asks. In the other mode answers may differ: leave "
       "it as it is.") for training in (False, True)),
]  # fmt: skip
_DIFFERENT_SEEDS = "the two generators have different seeds, so the people and the beats are others: give both `seed`."


_MODE = ("a learner that came in {} mode is left in {} mode. Whoever trains it goes on with another learner then. No "
         ".eval() and no .train() is needed.")  # fmt: skip
_GLOBAL = ("the share is right, but it uses or sets the random state that everybody shares (torch.manual_seed does, "
           "and so do draws without a generator). torch.Generator().manual_seed(seed) is a generator of its "
           "own.")  # fmt: skip


def judge_cue(call):
    """`counterfactual_test`: the share on learners of known dependence, in either mode."""

    def number(*args):
        training = args[0].training
        try:
            found = call(*args)
        except Problem as problem:
            left = str(problem).startswith("it changes the mode of")
            raise (Problem(_MODE.format(*(("training", "evaluation") if training else ("evaluation", "training"))))
                   if left else problem) from None  # fmt: skip
        if isinstance(found, Tensor | tuple | list) and not (isinstance(found, Tensor) and found.ndim == 0):
            if isinstance(found, list):
                return torch.zeros(len(found))  # told as a tensor of that size is
            return found
        if as_number(found) is None:
            raise Problem(f"it should return a number from 0 to 1, but it returned {form(found)}.")
        return as_number(found)

    cases = _cases()
    unread = list(cases.values())[-1]
    compare(number, counterfactual_test, cases, _MISTAKES + _other_seeds())
    if number(*unread) != 0:
        raise Problem("a learner that does not read the hum changes no answer.")
    if call.drew:
        raise Problem(_GLOBAL)
    keeps_names(call, "n", "seed")


def _other_seeds() -> list:
    def with_seeds(of_hum, of_no_hum):
        def answer(learner, hum, no_hum, n, seed):
            a, b = _draw(hum, n, of_hum(seed)), _draw(no_hum, n, of_no_hum(seed))
            adapted = learner.adapt(b.support_x, b.support_y, b.way)
            return float(_flips(learner.predict(adapted, a.query_x), learner.predict(adapted, b.query_x)))

        return answer

    return [(with_seeds(lambda s: s, lambda s: s + 1), _DIFFERENT_SEEDS),
            (with_seeds(lambda s: s + 1, lambda s: s), _DIFFERENT_SEEDS)]  # fmt: skip
