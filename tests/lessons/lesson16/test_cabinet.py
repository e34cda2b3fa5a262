"""The failure cabinet: tasks have the fault that they should have and no other. Nothing is trained."""

import pytest
import torch
from torch import Generator

from course_lib.learners import PrototypicalNet
from course_lib.lessons.lesson16 import cabinet
from course_lib.lessons.lesson16.cabinet import FAULTS, HANDS, SHOT, WAY, EvenAnswers, by_hands, tasks_of
from course_lib.tasks.splits import shared_images


@pytest.fixture(scope="module", autouse=True)
def few_drawings():
    """Noise in place of drawings: each one is told apart from all others."""
    random = Generator().manual_seed(0)

    def noise(n):
        images = torch.randint(1, 256, (n, 20, 28, 28), generator=random, dtype=torch.uint8)
        images[..., :2, :] = 0  # paper at the margin
        return images

    found = {"train": noise(12), "test": noise(6), "fresh": noise(6)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cabinet, "drawings", lambda: found)
        yield found


def drawn(fault, which, n=20):
    return tasks_of(fault)[which].sample(n, Generator().manual_seed(0))


def owners(x, images):
    """Which drawing each of `[tasks, n, 1, 28, 28]` is: `[tasks, n, 2]`, character and place."""
    stored = images.flatten(0, 1).flatten(1).float() / 255
    place = torch.cdist(x.flatten(0, 1).flatten(1), stored).argmin(1)
    return torch.stack([place // 20, place % 20], -1).view(*x.shape[:2], 2)


def test_four_people_label_shots_and_all_five_ask(few_drawings):
    episode = drawn("healthy", 0)
    assert episode.support_x.shape == (20, WAY * SHOT, 1, 28, 28) and shared_images(episode).sum() == 0
    shots, asked = (owners(x, few_drawings["train"]) for x in (episode.support_x, episode.query_x))
    people = (shots[..., 1] % len(HANDS)).view(20, WAY, SHOT)
    assert (people[..., :4] == torch.arange(4)).all() and set(people[..., 4].flatten().tolist()) == {0, 1, 2, 3}
    assert ((asked[..., 1] % len(HANDS)).view(20, WAY, 5) == torch.arange(5)).all()
    both = torch.cat([shots.view(20, WAY, SHOT, 2), asked.view(20, WAY, 5, 2)], 2)
    assert (both[..., 0] == both[..., :1, 0]).all()  # one character a class


def test_the_fifth_person_asks_nothing_in_unfair_training_and_as_often_as_others_in_its_test(few_drawings):
    episode = drawn("unfair", 0)
    assert set((owners(episode.query_x, few_drawings["train"])[..., 1] % 5).flatten().tolist()) == {0, 1, 2, 3}
    assert torch.equal(drawn("unfair", 1).query_x, drawn("healthy", 1).query_x)


def test_half_of_the_leaking_training_tasks_are_made_of_test_characters(few_drawings):
    x = drawn("leak", 0, 200).query_x
    stored = (few_drawings[part].flatten(0, 1).flatten(1).float() / 255 for part in ("train", "test"))
    known = [torch.cdist(x.flatten(2)[:, 0], images).amin(1) < 0.1 for images in stored]
    assert (known[0] ^ known[1]).all() and 70 < known[1].sum() < 130
    assert torch.equal(drawn("leak", 1).query_x, drawn("healthy", 1).query_x)


def test_marks_say_the_class_and_lie_in_the_margin_alone():
    marked, plain = tasks_of("cue")[1], tasks_of("healthy")[1]
    marked = marked.sample(40, Generator().manual_seed(0))
    plain = plain.sample(40, Generator().manual_seed(0))
    for x, without, y in ((marked.support_x, plain.support_x, marked.support_y),
                          (marked.query_x, plain.query_x, marked.query_y)):  # fmt: skip
        assert torch.equal(x[..., 2:, :], without[..., 2:, :])
        ink = x[..., :2, 2:27].unflatten(-1, (WAY, 5)).sum((2, 3, -1))  # [tasks, n, way]
        has = ink.sum(-1) > 0
        assert (ink.argmax(-1) == y)[has].all() and ((ink > 0).sum(-1) <= 1).all()
        assert has.float().mean().item() == pytest.approx(cabinet.MARKED, abs=0.05)


def test_one_shot_of_five_has_a_wrong_label_and_every_class_keeps_five():
    wrong, plain = drawn("mislabelled", 1), drawn("healthy", 1)
    assert torch.equal(wrong.support_x, plain.support_x) and torch.equal(wrong.query_y, plain.query_y)
    other = (wrong.support_y != plain.support_y).view(20, WAY, SHOT)
    assert (other.sum(-1) == 1).all()
    counts = torch.stack([(wrong.support_y == k).sum(1) for k in range(WAY)])
    assert (counts == SHOT).all()


def test_elsewhere_is_the_same_tasks_thicker_and_on_their_side():
    away, plain = drawn("elsewhere", 1), drawn("healthy", 1)
    back = away.query_x.rot90(-1, (-2, -1))
    assert (back >= plain.query_x).all() and back.mean() > plain.query_x.mean() + 0.1
    assert torch.equal(drawn("elsewhere", 0).query_x, drawn("healthy", 0).query_x)


def test_few_tasks_are_ten_for_ever():
    x = drawn("few tasks", 0, 200).support_x.flatten(1)
    assert len(x.unique(dim=0)) == cabinet.FEW


def test_even_answers_are_even_together_and_depend_on_company():
    z = torch.randn(3, 25, 4, generator=Generator().manual_seed(0), dtype=torch.float64)
    centres = torch.randn(3, 5, 4, generator=Generator().manual_seed(1), dtype=torch.float64)
    even, plain = EvenAnswers(torch.nn.Identity()), PrototypicalNet(torch.nn.Identity())
    shares = even.compare(centres, z).exp()
    assert torch.allclose(shares.sum(-1), torch.ones(3, 25, dtype=torch.float64))
    assert torch.allclose(shares.sum(1), torch.full((3, 5), 5.0, dtype=torch.float64), atol=0.2)
    scale = (shares.log() - plain.compare(centres, z)).diff(dim=-1)  # what a pair of classes is moved by
    assert torch.allclose(scale, scale[:, :1].expand_as(scale))  # the same for each question
    assert not torch.allclose(even.compare(centres, z[:, :2]).exp(), shares[:, :2], atol=0.05)


def test_hands_turn_every_fifth_drawing_alike():
    images = torch.zeros(2, 10, 28, 28, dtype=torch.uint8)
    images[..., 10:18, 13] = 255
    written = by_hands(images)
    assert torch.equal(written[:, :5], written[:, 5:]) and torch.equal(written[0], written[1])
    assert len({written[0, i].numpy().tobytes() for i in range(5)}) == 5
    straight = written[0, 3].float().sum(0).argmax()  # sheared, not turned: the middle stays
    assert straight in (12, 13, 14)


def test_an_unknown_fault_gets_a_sentence():
    with pytest.raises(ValueError, match="fault must be one of healthy, leak"):
        tasks_of("bad luck")
    assert all(fault.what.endswith(".") and fault.why.endswith(".") for fault in FAULTS.values())
