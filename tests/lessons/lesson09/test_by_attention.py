"""The mask, the layer that takes a step, the exact answer to a line and the readers of lesson 09, by plain sums."""

import pytest
import torch
from torch.nn import functional as F

from course_lib.episode import Episode
from course_lib.learners.maml import inner_step
from course_lib.lessons.lesson09.by_attention import as_tokens, context_mask, linear_attention, linear_attention_step
from course_lib.lessons.lesson09.exact_answers import bayes_line
from course_lib.lessons.lesson09.more_readers import MORE, in_the_middle
from course_lib.lessons.lesson09.readers import _READERS, FLAWS, deal_readers, dealt_flaws, find_flaw, fitted
from course_lib.tasks import Lines
from course_lib.tasks.lines import ridge

G = torch.Generator().manual_seed(0)


def draw(*shape):
    return torch.randn(*shape, generator=G, dtype=torch.float64)


def test_a_padded_batch_answers_as_its_tasks_do_alone():
    n_support, n_query, tokens = torch.tensor([3, 5, 1]), 4, draw(3, 9, 6)
    mask = context_mask(n_support, n_query)

    def read(tokens, mask):
        for _ in range(3):
            tokens = tokens + F.scaled_dot_product_attention(tokens, tokens, tokens, attn_mask=mask)
        return tokens

    together = read(tokens, mask)
    assert together.isfinite().all()
    for t, k in enumerate(n_support.tolist()):
        for q in range(n_query):
            alone = torch.cat([tokens[t : t + 1, :k], tokens[t : t + 1, 5 + q : 6 + q]], 1)
            found = read(alone, context_mask(torch.tensor([k]), 1))
            torch.testing.assert_close(found[0, -1], together[t, 5 + q])
    assert (context_mask(torch.tensor([2, 1]), 1).int() == torch.tensor([[[1, 1, 0]] * 3, [[1, 0, 0]] * 3])).all()


def test_linear_attention_is_a_sum_over_pairs():
    tokens, (K, Q, V) = draw(2, 6, 3), draw(3, 3, 3)
    found = linear_attention(tokens, 4, K, Q, V)
    for t in range(2):
        for j in range(6):
            sums = sum((K @ tokens[t, i]) @ (Q @ tokens[t, j]) * (V @ tokens[t, i]) for i in range(4))
            torch.testing.assert_close(found[t, j], tokens[t, j] + sums / 4)


@pytest.mark.parametrize("d", [1, 2, 5])
def test_layers_are_steps_of_lesson_03(d):
    x, y, new_x, lr = draw(3, 7, d), draw(3, 7, 1), draw(3, 4, d), draw(d).abs() / 5
    tokens, weights = as_tokens(x, y, new_x), linear_attention_step(lr)
    params = [{"w": torch.zeros(d, 1, dtype=torch.float64)} for _ in x]
    for _ in range(3):
        tokens = linear_attention(tokens, 7, *weights)
        for t in range(3):
            params[t] = inner_step(lambda p, t=t: F.mse_loss(x[t] @ p["w"], y[t]), params[t], {"w": lr.unsqueeze(-1)})
            torch.testing.assert_close(-tokens[t, 7:, -1:], new_x[t] @ params[t]["w"], rtol=0, atol=1e-12)
            torch.testing.assert_close(tokens[t, :7, -1:], y[t] - x[t] @ params[t]["w"], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("n", "noise", "scale"), [(1, 0.25, 1.0), (4, 0.5, 3.0), (12, 0.1, 0.2)])
def test_bayes_line_is_the_mean_of_w_given_the_points(n, noise, scale):
    """By the rule for normal distributions of which a part is known: cov(w, y) cov(y)^-1 y."""
    x, y = draw(2, n, 3), draw(2, n, 1)
    for t in range(2):
        covariance = scale**2 * x[t] @ x[t].T + noise**2 * torch.eye(n, dtype=torch.float64)
        mean = scale**2 * x[t].T @ torch.linalg.inv(covariance) @ y[t]
        torch.testing.assert_close(bayes_line(x, y, noise, scale)[t], mean, rtol=1e-8, atol=1e-10)


def test_pairs_that_count_twice_are_there_twice():
    x, y, twice = draw(2, 5, 3), draw(2, 5, 1), [0, 1, 2, 3, 4, 4]
    counts = torch.tensor([1, 1, 1, 1, 2], dtype=torch.float64).view(1, -1, 1)
    torch.testing.assert_close(fitted(x, y, 0.1, counts), ridge(x[:, twice], y[:, twice], 0.1))


ALL = {**{flaw: (flaw, reader, "") for flaw, reader in _READERS.items()}, **MORE}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("sizes", [(3, 10, 8), (5, 15, 6)])
def test_a_reader_is_what_is_said_of_it(name, sizes):
    """As the exercise promises: sound ones move by rounding alone, flaws show, and errors are on their side."""
    flaw, reader, _ = ALL[name]
    tasks = Lines(*sizes)
    e = tasks.sample(100, torch.Generator().manual_seed(1))
    x, y, new_x, new_y = e.tensors()
    said = reader(e)
    assert said.shape == new_y.shape and said.dtype == new_y.dtype
    single = [(new_x[:, i : i + 1], new_y[:, i : i + 1]) for i in range(new_x.shape[1])]
    alone = torch.cat([reader(Episode(x, y, *one)) for one in single], 1)
    moved = torch.cat([reader(Episode(x, y, a, b + 1)) for a, b in single], 1)
    orders = [torch.arange(x.shape[1]).roll(1), *(torch.randperm(x.shape[1], generator=G) for _ in range(3))]
    found = {
        "own y": (moved - alone).abs().max(),
        "other queries": (said - alone).abs().max(),
        "order": max((said - reader(Episode(x[:, o], y[:, o], new_x, new_y))).abs().max() for o in orders),
    }
    # Which query is in the middle depends on how many are asked, so there either word is true.
    shown = {flaw, "other queries"} if reader is in_the_middle else {flaw}
    assert {k for k, v in found.items() if v > 0.01} == shown & found.keys()
    assert all(v < 1e-4 for k, v in found.items() if k not in shown)
    many = tasks.sample(1000, torch.Generator().manual_seed(2))
    best = many.query_x @ bayes_line(many.support_x, many.support_y, tasks.noise)
    error, least = ((answers - many.query_y).square().mean() for answers in (reader(many), best))
    assert (flaw != "sound" or error < 2 * least) and (flaw != "pool" or error > 4 * least)


def test_one_query_of_many_is_answered_by_its_own_y():
    e = Lines(3, 10, 8).sample(5, torch.Generator().manual_seed(0))
    moved = in_the_middle(Episode(e.support_x, e.support_y, e.query_x, e.query_y + 1)) - in_the_middle(e)
    torch.testing.assert_close(moved, 0.2 * (torch.arange(8) == 4).float().view(1, 8, 1).expand(5, -1, -1))


def test_readers_are_dealt_by_the_seed_and_all_are_found():
    dealt = [tuple(dealt_flaws(seed).values()) for seed in range(12)]
    assert len(set(dealt)) > 6 and all(set(each) == {"sound", *FLAWS} for each in dealt)
    for seed in range(12):
        found = {letter: find_flaw(reader, Lines(3, 10, 8), torch.Generator().manual_seed(seed))
                 for letter, reader in deal_readers(seed).items()}  # fmt: skip
        assert found == dealt_flaws(seed)
        assert len({reader.__qualname__ for reader in deal_readers(seed).values()}) == 1
