"""The sections with a flaw: their data show what their texts say, and the honest numbers are near the truth."""

import torch

from course_lib.lessons.lesson08.results_sections import (
    FLAWS,
    SECTIONS,
    deal,
    honest_result,
    name_flaws,
    shuffled_classes,
    simulate_runs,
    two_learners,
)  # fmt: skip
from course_lib.statistics import ci95, ci95_of_queries, paired_difference


def test_every_section_has_one_flaw_and_its_text_does_not_name_it():
    answers = name_flaws()
    assert set(answers) == set(SECTIONS) and set(answers.values()) == set(FLAWS) - {"no baseline"}
    for text in SECTIONS.values():
        assert not any(flaw in text for flaw in FLAWS)
    assert list(FLAWS) == sorted(FLAWS)  # their order tells nothing


def test_a_deal_has_five_different_flaws_and_its_order_tells_nothing():
    answers, met = name_flaws(), set()
    for seed in range(100):
        sections, flaws = deal(seed)
        assert len({answers[letter] for letter in sections}) == len(sections) == 5
        assert dict(flaws) == FLAWS and all(SECTIONS[letter] == text for letter, text in sections.items())
        assert not any(answers[letter] == flaw for letter, flaw in zip(sections, flaws, strict=False))
        met |= set(sections)
    assert met == set(SECTIONS) and deal(3) == deal(3) and list(deal(3)[0]) != list(deal(4)[0])


def test_section_a_quotes_its_data_and_its_claim_does_not_hold():
    first, second = two_learners()
    assert len(first) == 12
    for scores in (first, second):
        quoted = f"{100 * scores.mean():.1f} ± {100 * ci95_of_queries(scores, 300):.1f} %"
        assert quoted in SECTIONS["A"]
    mean, half = paired_difference(first, second)
    assert f"{100 * mean:.1f} points" in SECTIONS["A"].replace("\n", " ") and mean < half
    many = [paired_difference(*two_learners(seed=s))[0] for s in range(40)]
    assert max(many) == mean and abs(sum(many) / 40) < 0.006  # equally good


def test_section_c_splits_turns_of_one_character():
    train, test = shuffled_classes()
    assert (len(train), len(test)) == (1200, 400)
    assert not {tuple(c) for c in train.tolist()} & {tuple(c) for c in test.tolist()}  # no class is in both, and yet
    seen = torch.isin(test[:, 0], train[:, 0]).double().mean()
    assert seen > 0.95


def test_honest_numbers_are_near_the_truth_and_the_others_above_it():
    gaps = []
    for seed in range(20):
        runs = simulate_runs(seed=seed)
        by_validation, by_test = (x.argmax(1, keepdim=True) for x in (runs.validation, runs.test))
        honest = honest_result(runs.validation, runs.test)[0] - runs.true.gather(1, by_validation).mean()
        peaks = (runs.test.amax(1) - runs.true.gather(1, by_test)[:, 0]).mean()
        stopped = runs.test.gather(1, by_validation)[:, 0]
        gaps.append((honest, peaks, stopped.max() - runs.true.gather(1, by_validation).mean()))
    honest, peaks, luckiest = torch.tensor(gaps).T
    assert abs(honest.mean()) < ci95(honest) + 1e-4 and peaks.mean() > 0.003 and luckiest.mean() > 0.006


def test_section_e_quotes_the_luckiest_run():
    runs = simulate_runs()
    stopped = runs.test.gather(1, runs.validation.argmax(1, keepdim=True))
    mean, spread = honest_result(runs.validation, runs.test)
    assert f"{100 * stopped.max():.1f} ± 0.2 %" in SECTIONS["E"] and mean < 0.959 and 0 < spread < 0.01


def test_honest_result_by_hand():
    validation = torch.tensor([[0.1, 0.5, 0.2], [0.9, 0.1, 0.3]])
    test = torch.tensor([[0.2, 0.4, 0.9], [0.6, 0.8, 0.7]])
    mean, spread = honest_result(validation, test)
    assert abs(mean - 0.5) < 1e-6 and abs(spread - 0.02**0.5) < 1e-6


def test_where_validation_ties_the_earlier_checkpoint_counts():
    validation = torch.tensor([[0.5, 0.9, 0.9], [0.7, 0.7, 0.1]])
    test = torch.tensor([[0.0, 0.4, 1.0], [0.6, 1.0, 1.0]])
    assert abs(honest_result(validation, test)[0] - 0.5) < 1e-6
