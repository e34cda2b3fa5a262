"""What `check` looks at in the mean over the letters of a word, and which mistakes it knows."""

from __future__ import annotations

import torch
from torch import Tensor

from course_lib.exercises.demands import also
from course_lib.exercises.engine import Problem, compare
from course_lib.lessons.lesson07.checks_concatenation import judge_gradients
from course_lib.sequences import masked_mean


def _case(*words: str, length: int = 0, features: int = 4, seed: int = 0) -> tuple[Tensor, Tensor]:
    """One task of these words, with random values at all places, padding too."""
    longest = max(len(word) for word in words)
    rows = [[ord(ch) - 96 for ch in word] + [0] * (max(length, longest) - len(word)) for word in words]
    tokens = torch.tensor([rows])  # [1, n, length]
    values = torch.randn(*tokens.shape, features, generator=torch.Generator().manual_seed(seed))
    return values, tokens


def _tasks(*cases: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    return tuple(torch.cat(parts) for parts in zip(*cases, strict=True))


def _cases() -> dict[str, tuple[Tensor, Tensor]]:
    two = _tasks(_case("kala", "a", "saunat", length=6), _case("maja", "leib", "on", length=6, seed=1))
    return {
        "two tasks of words with 1 to 6 letters": two,
        "a batch whose words are all shorter than its rows": _case("abba", "kuu", length=9, seed=2),
        "words that fill their rows": _case("kala", "maja", "leib", seed=3),
        "a single word, with one feature": _case("kala", length=7, features=1, seed=4),
        "as many features as letters and words": _tasks(*[_case("on", "ei", "aa", length=3, features=3, seed=5)] * 3),
    }


def _mask(words) -> Tensor:
    return (words != 0).unsqueeze(-1)


def _sum(values, words, mask=None) -> Tensor:
    return values.masked_fill(~(_mask(words) if mask is None else mask), 0).sum(-2)


def _count(words) -> Tensor:
    return _mask(words).sum(-2)


def _cut(values, words):
    """As long as the longest word of the batch, and then all places."""
    return values[..., : int((words != 0).sum(-1).max()), :].mean(-2)


def _last(values, words):
    at = _count(words).unsqueeze(-1) - 1  # [tasks, n, 1, 1]
    return values.gather(-2, at.expand(*at.shape[:-1], values.shape[-1])).squeeze(-2)


def _first_zero(values, words, empty):
    """Cut at the first 0, which words without padding do not have."""
    at = (words == 0).int().argmax(-1, keepdim=True)  # [tasks, n, 1]
    mask = (torch.arange(words.shape[-1]) < at).unsqueeze(-1)
    mean = _sum(values, words, mask) / mask.sum(-2).clamp(min=1)
    return torch.where(at == 0, empty, mean)


def _weighed(values, words):
    return (values * words.unsqueeze(-1)).sum(-2)


def _dropped(values, words, keep):
    """Letters of the word left out: `keep` places of each word, from a mask."""
    mask = _mask(words) & keep(words).unsqueeze(-1)
    return _sum(values, words, mask) / mask.sum(-2).clamp(min=1)


_ALL = "padding counts: this is the mean over all places of the row. Only letters (words != 0) belong to the word."
_COUNTED = ("padding is not added, but it is still counted: the sum is divided by the length of the row, not by the "
            "number of letters of the word.")  # fmt: skip
_NUMBERS = ("the values are multiplied by the numbers of the letters: words == 3 would weigh three times. What is "
            "wanted is 1 for a letter and 0 for padding: words != 0.")  # fmt: skip
_BATCH = "all words are divided by the same number. Each word has its own number of letters."
_FULL = ("a word that fills its row has no padding: whoever looks for the first 0 finds none there (argmax gives 0). "
         "Count the letters.")  # fmt: skip
_MISTAKES = [
    (lambda v, w: v.mean(-2), _ALL),
    (lambda v, w: _sum(v, w) / w.shape[-1], _COUNTED),
    (lambda v, w: v.sum(-2) / _count(w), "the sum goes over padding too, and is divided by the number of letters."),
    (lambda v, w: v.sum(-2), "this is the sum over all places, padding too. A mean over letters is wanted."),
    (_sum, "this is the sum over the letters. For the mean, divide it by how many there are."),
    (lambda v, w: _sum(v, w, ~_mask(w)) / (~_mask(w)).sum(-2).clamp(min=1),
     "this is the mean over the *padding*: the mask is the wrong way round."),
    (_cut, "padding counts again, up to the longest word of the batch. Each word ends at a place of its own, and with "
     "another word beside it, a word would get another mean."),
    (lambda v, w: _first_zero(v, w, 0.0), _FULL), (lambda v, w: _first_zero(v, w, torch.nan), _FULL),
    (lambda v, w: v[w != 0].mean(0), "this is one mean over all letters of all words. Each word has its own."),
    (lambda v, w: _sum(v, w).sum(1) / _count(w).sum(1), "this is one mean over all letters of a task. Each word has "
     "its own."),
    (lambda v, w: _sum(v, w) / torch.tensor([[[len(set(x) - {0})] for x in t] for t in w.tolist()]).clamp(min=1),
     "a letter that stands twice in a word is counted once: divide by the number of places that hold a letter."),
    (lambda v, w: (v * (w != 0).to(v.dtype).softmax(-1).unsqueeze(-1)).sum(-2), "a softmax was taken of the mask, so "
     "padding gets weights too. Divide the mask by its sum."),
    (_last, "this is what stands at the last letter. The mean over all letters of the word is wanted."),
    (lambda v, w: v[..., 0, :], "this is what stands at the first letter. The mean over all letters is wanted."),
    (lambda v, w: _weighed(v, w) / _count(w), _NUMBERS),
    (lambda v, w: _weighed(v, w) / w.sum(-1, keepdim=True), _NUMBERS),
    (lambda v, w: _weighed(v, w) / w.shape[-1], _NUMBERS),
    (_weighed, _NUMBERS),
    (lambda v, w: _sum(v, w) / _count(w).sum(), _BATCH),
    (lambda v, w: _sum(v, w) / _count(w).sum(1, keepdim=True), _BATCH),
    (lambda v, w: _sum(v, w) / _count(w).max(), _BATCH),
    (lambda v, w: _sum(v, w) / _count(w).amax(1, keepdim=True), _BATCH),
    (lambda v, w: _sum(v, w) / _count(w).double().mean().to(v.dtype), _BATCH),
    (lambda v, w: _sum(v, w) / _count(w).min(), _BATCH),
    (lambda v, w: _sum(v, w) / (_count(w) + 1),
     "every word is divided by one more than its number of letters. For a word without letters, clamp(min=1) does."),
    (lambda v, w: _sum(v, w) / (_count(w) + 1e-2), "what is added to the number of letters changes the mean: "
     "clamp(min=1) leaves it as it is where there is a letter."),
    (lambda v, w: _sum(v, w) / (_count(w) + 1e-3), "what is added to the number of letters changes the mean: "
     "clamp(min=1) leaves it as it is where there is a letter."),
    (lambda v, w: v.masked_fill(~_mask(w), -torch.inf).amax(-2), "this is the largest number over the letters."),
    (lambda v, w: v.masked_fill(~_mask(w), 0).amax(-2), "this is the largest number over the letters."),
    (lambda v, w: v.amax(-2), "this is the largest number over all places."),
    (lambda v, w: _sum(v, w) / _count(w).sqrt(), "the sum is divided by the root of the number of letters."),
    (lambda v, w: _dropped(v, w, lambda w: w != 1),
     "the letter a (number 1) is left out as if it were padding. Padding is 0."),
    (lambda v, w: _dropped(v, w, lambda w: torch.arange(w.shape[-1]) > 0), "the first letter of each word is missing."),
    (lambda v, w: _dropped(v, w, lambda w: torch.arange(w.shape[-1]) < (w != 0).sum(-1, keepdim=True) - 1),
     "the last letter of each word is left out."),
    (lambda v, w: masked_mean(v, w[:1].expand_as(w)),
     "every task is read with the letters of the first task's words."),
    (lambda v, w: masked_mean(v, w[:, :1].expand_as(w)), "every word is as long as the first word of its task."),
    (lambda v, w: masked_mean(v, w).mean(1), "this is a mean over the words as well: keep one row for each word."),
    (lambda v, w: v.mean(-1), "the mean goes over the features. It goes over the places of a word, the axis before."),
    (lambda v, w: v.masked_fill(~_mask(w), 0).mean(-1),
     "the mean goes over the features. It goes over the places of a word, the axis before."),
    (lambda v, w: v.masked_fill(~_mask(w), 0), "padding is set to 0, but nothing is averaged yet."),
    (lambda v, w: v.mean(1), "the mean goes over the words of a task. It goes over the places of each word."),
]  # fmt: skip

_NO_AXIS = ("`values` has one axis more than `words`, that of the features. So has to have the mask, and the number of "
            "letters: .unsqueeze(-1), or keepdim=True.")  # fmt: skip
_AT_PADDING = ("`values` may hold anything at padding, NaN too, and 0 * NaN is NaN. Put zeros there (torch.where, or "
               "masked_fill) rather than multiply by the mask.")  # fmt: skip
_NO_LETTER = ("a word without a letter has 0 letters, and 0 / 0 is NaN. The task wants zeros there: divide by "
              "clamp(min=1) of the number of letters.")  # fmt: skip


def _with_nan(fill: float) -> tuple[Tensor, Tensor]:
    values, words = _cases()["two tasks of words with 1 to 6 letters"]
    return values.masked_fill(~_mask(words), fill), words


def judge_mean(call):
    """`masked_mean`: words of every length, more padding, NaN at padding, words without a letter, gradients."""
    try:
        compare(call, masked_mean, _cases(), _MISTAKES, axes=("task", "word", "feature"), dtypes=True)
    except Problem as problem:
        if str(problem).startswith("the numbers differ") and _one_divisor(call):
            raise Problem(_BATCH) from None
        if str(problem) == _ALL and _looks_for_nan(call):
            raise Problem(f"{_ALL} (nanmean does not look at `words`.)") from None
        if "must match the size" in str(problem) or "broadcast" in str(problem):
            raise Problem(f"{problem}\n  {_NO_AXIS}") from None
        raise
    _judge_padding(call)
    also(call, masked_mean, {"a word without a letter": _case("kala", "", length=5, seed=6)}, _NO_LETTER)
    for fill in (float("nan"), float("inf")):
        also(call, masked_mean, {f"a batch with {fill} at padding": _with_nan(fill)}, _AT_PADDING)
    values, words = _cases()["two tasks of words with 1 to 6 letters"]
    _judge_double(call, values, words)
    judge_gradients(lambda v: call(v, words), lambda v: masked_mean(v, words), (values,), ("values",))


def _one_divisor(call) -> bool:
    """Whether sums over letters were divided by one number for all words of a task."""
    values, words = _cases()["two tasks of words with 1 to 6 letters"]
    ratio = _sum(values, words) / call(values, words)
    return torch.allclose(ratio, ratio[:, :1, :1].expand_as(ratio), rtol=1e-3)


def _looks_for_nan(call) -> bool:
    """Whether an answer that counts padding would be right if NaN stood there."""
    case = _with_nan(float("nan"))
    return torch.allclose(call(*case).float(), masked_mean(*case), rtol=1e-3)


def _judge_padding(call):
    """The same words in longer rows must get the same numbers."""
    values, words = _case("kala", "a", seed=7)
    more = torch.nn.functional.pad(values, (0, 0, 0, 3), value=5.0), torch.nn.functional.pad(words, (0, 3))
    if not torch.allclose(call(values, words), call(*more), atol=1e-5):
        raise Problem("three places of padding after each word change the mean. It must not know of them.")


def _judge_double(call, values, words):
    got = call(values.double(), words)
    if got.dtype != torch.float64:
        raise Problem(f"the numbers are right, but for float64 values it returns {got.dtype}: the dtype of the result "
                      "is that of `values`. Is something turned into float32 on the way?")  # fmt: skip
