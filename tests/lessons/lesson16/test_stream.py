"""A stream of scripts: what is right and what is forgotten, in closed form; and that each learner trains one script."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from course_lib.lessons.lesson16 import stream
from course_lib.lessons.lesson16.stream import (
    by_prototypes,
    classifier,
    forgetting,
    history,
    moving_prototypes,
    right_among,
    right_within,
    still_prototypes,
)

SCRIPTS, CHARACTERS, DRAWINGS = 2, 3, 2


def scores_of(answers) -> torch.Tensor:
    """One-hot scores for `answers` [scripts, characters, drawings], numbers of all characters."""
    hot = torch.nn.functional.one_hot(torch.tensor(answers), SCRIPTS * CHARACTERS).double()
    return hot.unflatten(-1, (SCRIPTS, CHARACTERS))


def test_an_answer_of_another_script_is_wrong_among_all_and_not_asked_within():
    #             right   one wrong   of the other script (then within: a tie, the first character)
    scores = scores_of([[[0, 0], [1, 2], [5, 2]], [[3, 3], [4, 4], [5, 0]]])
    assert right_among(scores, 2).tolist() == [4 / 6, 5 / 6]
    assert right_within(scores).tolist() == [4 / 6, 5 / 6]
    scores[0, 2, 0, 0, 2] = 0.5  # within its script the right one is the best
    assert right_within(scores)[0] == 5 / 6 and right_among(scores, 2)[0] == 4 / 6
    assert right_among(scores, 1)[0] == 5 / 6  # before the other script came


def test_forgetting_is_what_was_right_at_first_less_what_is_at_the_end():
    rows = iter([torch.tensor([0.9, 0.1, 0.2]), torch.tensor([0.6, 0.8, 0.2]), torch.tensor([0.5, 0.9, 0.7])])
    found = history(rows, lambda row, seen: row)
    assert found.isnan().tolist() == [[False, True, True], [False, False, True], [False] * 3]
    assert forgetting(found).tolist() == pytest.approx([0.4, -0.1])


def test_the_nearest_mean_has_the_highest_score():
    torch.manual_seed(0)
    means, z = torch.randn(SCRIPTS, CHARACTERS, 4), torch.randn(SCRIPTS, CHARACTERS, DRAWINGS, 4)
    found = by_prototypes(means, z)
    assert found.shape == (SCRIPTS, CHARACTERS, DRAWINGS, SCRIPTS, CHARACTERS)
    for place in ((0, 1, 0), (1, 2, 1)):
        truth = -(z[place] - means).square().sum(-1)
        torch.testing.assert_close(found[place], truth)


class Few(stream.Stream):
    """Two scripts of ten characters, random pictures."""

    def __init__(self):
        images = torch.randint(0, 256, (2, 10, stream.LEARNED + 2, 14, 14), generator=torch.Generator().manual_seed(0))
        images = images.to(torch.uint8)
        self.learned, self.asked = images[:, :, : stream.LEARNED], images[:, :, stream.LEARNED :]


def test_stale_means_stay_and_kept_drawings_are_embedded_again(monkeypatch):
    monkeypatch.setattr(stream, "STEPS", 1)
    few = Few()
    stale, kept = (list(moving_prototypes(few, 0, how)) for how in (True, False))
    torch.testing.assert_close(stale[0], kept[0])
    # After the second script the means of the second are the same, those of the first are not.
    torch.testing.assert_close(stale[1][..., 1, :], kept[1][..., 1, :])
    assert (stale[1][..., 0, :] - kept[1][..., 0, :]).abs().max() > 1e-3
    first, second = still_prototypes(few, nn.Flatten())
    assert torch.equal(first, second)


def test_without_replay_only_the_script_at_hand_is_trained(monkeypatch):
    monkeypatch.setattr(stream, "STEPS", 1)
    seen = []
    monkeypatch.setattr(stream.F, "cross_entropy", lambda scores, y: seen.append(y) or scores.square().mean())
    for kept in (0, 2):
        list(classifier(Few(), 0, kept))
    assert [len(y) for y in seen] == [64] * 4
    assert [(y >= 10).double().mean().item() for y in seen] == [0, 1, 0, 0.5]
