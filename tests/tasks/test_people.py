"""People: the recordings, the folds, the scaling, and what an episode holds."""

import hashlib
import math

import pytest
import torch
from torch.testing import assert_close

from course_lib import Episode
from course_lib.paths import data_dir
from course_lib.tasks import People
from course_lib.tasks.people import AFTER, BEFORE, RATE, Recordings, arms_of, cut, folds, read_recordings, scaled

TABLE = read_recordings()


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def numbered():
    """Recordings whose samples say where they are: arm, exercise, time, and three zeros."""
    shape = TABLE.signal.shape[:3]
    places = torch.meshgrid(*map(torch.arange, shape), indexing="ij")
    signal = torch.stack([*places, *[torch.zeros(shape)] * 3], -1).float()
    return Recordings(signal, TABLE.length, TABLE.exercises, TABLE.channels)


def test_what_ships_is_small_and_has_a_licence():
    assert (data_dir() / "watch.npz").stat().st_size < 1_300_000
    text = (data_dir() / "watch_license.txt").read_text(encoding="ascii")
    assert "Copyright (c) 2018, David M. Burns" in text and "Redistributions in binary form" in text
    assert hashlib.sha256((data_dir() / "watch.npz").read_bytes()).hexdigest().startswith("3fd4bcfe4f25")


def test_ten_people_did_seven_exercises_with_both_arms():
    assert TABLE.signal.shape[:2] == TABLE.length.shape == (20, 7) and TABLE.signal.shape[3] == len(TABLE.channels) == 6
    assert TABLE.signal.dtype == torch.float32 and TABLE.signal.isfinite().all()
    assert len(set(TABLE.exercises)) == 7 and TABLE.exercises[0] == "pendulum"
    seconds = TABLE.length / RATE
    assert (round(seconds.min().item(), 1), round(seconds.max().item(), 1)) == (18.9, 52.4)
    assert round(seconds.sum().item() / 60) == 81
    behind = torch.arange(TABLE.signal.shape[2]) >= TABLE.length.unsqueeze(-1)
    assert not TABLE.signal[behind].any()
    gravity = TABLE.signal[~behind][:, :3].norm(dim=-1).median().item()
    assert 0.9 < gravity < 1.2  # in g: at rest a watch feels one


def test_each_person_is_tested_once_and_never_trained_on():
    assert sorted(p for _, test in folds() for p in test) == list(range(10)) and len(folds()) == 5
    assert all(len(train) == 8 and not set(train) & set(test) for train, test in folds())


def test_arms_are_numbered_by_person_and_side():
    assert arms_of([3]).tolist() == [6, 7] and arms_of([0, 4], ["right"]).tolist() == [1, 9]
    assert len(arms_of(range(10)).unique()) == 20
    for people, sides in (([10], ["left"]), ([], ["left"]), ([0], ["up"]), ([0], [])):
        with pytest.raises(ValueError, match="people must be some of 0 to 9"):
            arms_of(people, sides)


def test_scaling_sees_the_training_arms_alone():
    arms = arms_of(folds()[0][0], ["right"])
    found = scaled(TABLE, arms)
    inside = torch.cat([found.signal[a, e, : TABLE.length[a, e]] for a in arms for e in range(7)]).double()
    assert_close(inside.mean(0), torch.zeros(6).double(), atol=1e-4, rtol=0)
    assert_close(inside.std(0), torch.ones(6).double(), atol=1e-4, rtol=0)
    changed = TABLE._replace(signal=TABLE.signal.clone())
    changed.signal[arms_of(folds()[0][1])] *= 100  # the test people
    assert_close(scaled(changed, arms).signal[arms], found.signal[arms])


def test_windows_are_where_they_are_said_to_be():
    x = cut(numbered(), torch.tensor([2, 5]).view(2, 1), torch.arange(7), 30, window=4)
    assert x.shape == (2, 7, 6, 4)
    assert x[1, 3].tolist()[:3] == [[5.0] * 4, [3.0] * 4, [30.0, 31.0, 32.0, 33.0]]
    assert cut(TABLE, 0, 0, 10).equal(TABLE.signal[0, 0, 10:74].T)


@pytest.mark.parametrize("window", [8, 64])
def test_support_comes_before_query_and_never_overlaps(window):
    tasks = People(numbered(), window=window, shot=3, query=4)
    episode, arms, own = tasks.draw(60, seeded())
    assert isinstance(episode, Episode) and episode.way == 7 and own.all() and own.shape == (60, 7)
    assert episode.support_x.shape == (60, 21, 6, window) and episode.query_x.shape == (60, 28, 6, window)
    for x, y, low, high in (
        (episode.support_x, episode.support_y, 0, BEFORE),
        (episode.query_x, episode.query_y, AFTER, 1),
    ):
        assert (x[:, :, 0] == arms.view(-1, 1, 1)).all() and (x[:, :, 1] == y.unsqueeze(-1)).all()
        times, length = x[:, :, 2], TABLE.length[arms].gather(1, y)
        assert_close(times.diff(dim=-1), torch.ones_like(times[..., 1:]))
        assert (times[..., 0] >= low * length).all() and (times[..., -1] < high * length).all()
    assert len(arms.unique()) > 15


def test_every_start_is_equally_likely():
    short = numbered()
    short = short._replace(length=torch.full_like(short.length, 20))
    starts = People(short, [0], ["left"], window=4, shot=1, query=200).sample(10, seeded()).query_x[:, :, 2, 0]
    counts = starts.flatten().long().bincount(minlength=17)[10:17]  # from 10 to 16
    assert counts.sum() == 14_000 and (counts / 2000 - 1).abs().max() < 4 / math.sqrt(2000)


def test_windows_are_borrowed_from_other_people_among_those_named():
    people = [1, 4, 6, 7]
    tasks = People(numbered(), people, shot=2, labelled=(1, 7))
    episode, arms, own = tasks.draw(400, seeded())
    assert sorted(own.sum(1).unique().tolist()) == list(range(1, 8))
    share = own.sum(1).bincount(minlength=8)[1:] / 400
    assert (share - 1 / 7).abs().max() < 4 * math.sqrt(1 / 7 * 6 / 7 / 400)
    whose = episode.support_x[:, :, 0, 0].unflatten(1, (7, 2)).long() // 2  # [tasks, way, shot], people
    mine = whose == (arms // 2).view(-1, 1, 1)
    assert mine[own].all() and not mine[~own].any() and set(whose.unique().tolist()) == set(people)
    assert (episode.query_x[:, :, 0] == arms.view(-1, 1, 1)).all()  # what is asked is the person's own
    assert (whose[~own][:, 0] != whose[~own][:, 1]).any()  # each window from an arm of its own
    lent = episode.support_x[:, :, 0, 0].unflatten(1, (7, 2))[~own].long().flatten().bincount(minlength=20)
    assert (lent[arms_of(people)] > 0).all()


def test_all_or_none_may_be_labelled():
    assert People(labelled=(7, 7)).draw(3, seeded())[2].all() and not People(labelled=(0, 0)).draw(3, seeded())[2].any()


@pytest.mark.parametrize("how", [{"window": 0}, {"window": 190}, {"shot": 0}, {"query": 1.5}, {"labelled": (3, 2)},
                                 {"labelled": (0, 8)}, {"people": [3], "labelled": (1, 7)}, {"people": [-1]},
                                 {"sides": ("left", "both")}])  # fmt: skip
def test_what_cannot_be_is_refused(how):
    with pytest.raises(ValueError):
        People(**how)
