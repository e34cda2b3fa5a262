"""Rules that are meta-trained side by side become what they become one after the other."""

import torch

from benchmarks.rules_together import meta_train_together
from course_lib.lessons.lesson14.learned_rule import meta_train, new_rule


def test_side_by_side_is_one_after_the_other():
    seeds = (4, 7)
    together, apart = ([new_rule(seed) for seed in seeds] for _ in range(2))
    meta_train_together(together, seeds, 2, 5, steps=10)
    for rule, other, seed in zip(together, apart, seeds, strict=True):
        meta_train(other, seed, 2, cut=5, steps=10)
        before = dict(new_rule(seed).named_parameters())
        for name, value in other.named_parameters():
            assert torch.allclose(dict(rule.named_parameters())[name], value, atol=2e-5), name
            assert not torch.equal(value, before[name]), name
