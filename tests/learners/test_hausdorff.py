"""The modified Hausdorff distance, and Lake's published baseline as a check of the whole harness."""

import pytest
import torch

from course_lib import evaluate
from course_lib.episode import Episode
from course_lib.learners import ModifiedHausdorff, NearestNeighbour, modified_hausdorff
from course_lib.tasks import LakeRuns


def test_it_is_the_larger_of_the_two_mean_distances():
    first = torch.tensor([[0.0, 0.0], [0.0, 2.0]])
    second = torch.tensor([[0.0, 1.0], [0.0, 2.0], [6.0, 2.0]])
    there = (1 + 0) / 2  # from each of `first` to the nearest of `second`
    back = (1 + 0 + 6) / 3
    assert modified_hausdorff(first, second) == pytest.approx(max(there, back))
    assert modified_hausdorff(second, first) == modified_hausdorff(first, second)
    assert modified_hausdorff(first, first) == 0


def drawing(*points):
    image = torch.zeros(1, 28, 28)
    for row, column in points:
        image[0, row, column] = 1.0
    return image


def test_where_a_drawing_stands_does_not_matter_and_its_class_may_have_several():
    bar = [(r, 5) for r in range(4, 12)]
    line = [(5, c) for c in range(4, 12)]
    moved = [(r + 9, c + 13) for r, c in bar]
    support = torch.stack([drawing(*line), drawing(*bar), drawing(*line[:4])])[None]
    queries = torch.stack([drawing(*moved), drawing(*line)])[None]
    episode = Episode(support, torch.tensor([[0, 1, 0]]), queries, torch.tensor([[1, 0]]), way=2)
    answer = ModifiedHausdorff()(episode)
    assert answer.shape == (1, 2, 2) and answer.argmax(-1).tolist() == [[1, 0]] and answer.max() == 0
    with pytest.raises(ValueError, match="no backbone"):
        ModifiedHausdorff(torch.nn.Identity())


@pytest.mark.filterwarnings("ignore:in 1 of 1 tasks")
def test_a_drawing_without_ink_is_like_none():
    ink, blank, y = drawing((3, 3), (4, 4)), drawing(), torch.tensor([[0, 1]])
    found = ModifiedHausdorff()(Episode(torch.stack([ink, blank])[None], y, torch.stack([ink, blank])[None], y, 2))
    assert found[0, 0].tolist() == [0, -torch.inf] and found[0, 1].tolist() == [-torch.inf] * 2
    result = evaluate(
        ModifiedHausdorff(), Episode(torch.stack([ink, blank])[None], y, torch.stack([ink, blank])[None], y, 2)
    )
    assert result.scores.item() == 0.5 and result.broken == 1


@pytest.mark.parametrize("x", [torch.rand(1, 2, 3, 8, 8), torch.rand(1, 2, 8)])
def test_what_is_no_drawing_is_refused(x):
    y = torch.tensor([[0, 1]])
    with pytest.raises(ValueError, match="support_x must be drawings"):
        ModifiedHausdorff()(Episode(x, y, x, y))


@pytest.mark.slow
def test_lakes_baseline_comes_out_as_published():
    try:
        drawings = LakeRuns(size=105).runs
    except (FileNotFoundError, ConnectionError) as error:
        pytest.skip(str(error))
    wrong = 1 - evaluate(ModifiedHausdorff(), drawings).accuracy
    assert wrong == pytest.approx(0.388, abs=0.0006)  # Lake et al. 2015: 38.8 % of 400 trials
    assert 1 - evaluate(NearestNeighbour(), drawings).accuracy > 0.7  # pixels are far worse
