"""Invented heartbeats: the waves, the patients, the cue and the counts."""

import math

import pytest
import torch
from torch.testing import assert_close

from course_lib import Episode
from course_lib.lessons.lesson11.heartbeats import ANGLES, HEIGHTS, PHASE, WIDTHS, Heartbeats, narrow, patients, waves


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_a_beat_is_a_sum_of_five_gaussian_waves():
    form = torch.stack([ANGLES, HEIGHTS, WIDTHS]).double()
    beat = waves(form)
    expected = [sum(h * math.exp(-((p - a) ** 2) / (2 * w**2)) for a, h, w in form.T.tolist()) for p in PHASE.tolist()]
    assert_close(beat, torch.tensor(expected, dtype=torch.float64), rtol=1e-5, atol=1e-7)
    assert abs(PHASE[beat.argmax()].item()) < 0.05  # the R wave is the tallest
    assert waves(form.expand(2, 3, 3, 5)).shape == (2, 3, 96)


def test_half_of_the_patients_have_a_wide_beat_as_their_usual_one():
    forms = patients(4000, seeded())
    assert forms.shape == (4000, 2, 3, 5)
    p_wave = forms[:, :, 1, 0] > 0  # a narrow beat has one, a wide one has none
    usual, ectopic = p_wave.float().mean(0).tolist()
    assert abs(usual - 0.5) < 0.03 and abs(ectopic - 0.25) < 0.03
    assert not (p_wave[:, 0] & p_wave[:, 1]).any()  # two narrow beats would be equal
    assert (forms[:, 0] - forms[:, 1]).abs().flatten(1).amax(1).min() > 0


def test_a_patient_is_like_no_other():
    forms = narrow(500, seeded())
    assert_close(forms[:, 0].mean(0), ANGLES, atol=0.02, rtol=0) and (forms[:, 2] > 0).all()
    assert forms[:, 1].log().std(0)[0].item() == pytest.approx(0.35, abs=0.03)


@pytest.mark.parametrize("rare, ectopic", [(None, 50), (0.04, 4), (0.0, 1), (0.6, 60)])
def test_an_episode_has_a_balanced_support_set_and_the_wanted_queries(rare, ectopic):
    episode = Heartbeats(3, 100, rare).sample(4, seeded())
    assert isinstance(episode, Episode) and episode.way == 2
    assert episode.support_x.shape == (4, 6, 1, 96) and episode.query_x.shape == (4, 100, 1, 96)
    assert (episode.support_y.sum(1) == 3).all() and (episode.query_y.sum(1) == ectopic).all()


def test_the_cue_is_all_that_differs():
    """One seed: the difference of two sets is the hum, where it should be, and as loud as is said."""
    made = {cue: Heartbeats(4, 30, cue=cue, hum=0.3).sample(50, seeded(5))
            for cue in (None, "ectopic", "usual", "all", "random", ("ectopic", None))}  # fmt: skip
    plain = made[None]
    hum = made["all"].query_x - plain.query_x
    assert hum.std().item() == pytest.approx(0.3, rel=0.03) and hum.abs().max() < 0.3 * math.sqrt(2) + 1e-5
    for cue, label in (("ectopic", 1), ("usual", 0)):
        for part in ("support", "query"):
            there, y = getattr(made[cue], f"{part}_x"), getattr(plain, f"{part}_y")
            without, everywhere = getattr(plain, f"{part}_x"), getattr(made["all"], f"{part}_x")
            assert there[y == label].equal(everywhere[y == label]) and there[y != label].equal(without[y != label])
    mixed = made["ectopic", None]
    assert mixed.support_x.equal(made["ectopic"].support_x) and mixed.query_x.equal(plain.query_x)
    on = (made["random"].query_x != plain.query_x).any(-1).squeeze(-1)
    assert abs(on.float().mean() - 0.5) < 0.06 and abs(on[plain.query_y == 1].float().mean() - 0.5) < 0.08


def test_noise_is_as_loud_as_is_said():
    loud, none = (Heartbeats(5, 40, noise=n).sample(30, seeded(2)).query_x for n in (0.4, 0.0))
    assert (loud - none).std().item() == pytest.approx(0.4, rel=0.02)


def test_one_seed_gives_one_set_of_patients():
    one, two, other = (Heartbeats().sample(3, seeded(s)) for s in (1, 1, 2))
    assert one.query_x.equal(two.query_x) and not one.query_x.equal(other.query_x)


@pytest.mark.parametrize(
    "how", [{"cue": "always"}, {"cue": ("ectopic", "x")}, {"noise": -1}, {"rare": 2.0}, {"shot": 0}]
)
def test_what_cannot_be_is_refused(how):
    with pytest.raises(ValueError):
        Heartbeats(**how)
