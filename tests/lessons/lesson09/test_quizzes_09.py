"""What the quizzes of lesson 09 say is true."""

import torch
from torch.nn import functional as F

from course_lib.lessons.lesson09.exact_answers import bayes_line
from course_lib.lessons.lesson09.quizzes import QUIZZES
from course_lib.lessons.lesson09.readers import of_pool, sound
from course_lib.tasks import Lines
from course_lib.tasks.gaussian_process import posterior
from course_lib.tasks.lines import least_squares, ridge


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_queries_meet_in_the_second_layer():
    """Four pairs look at everybody, two queries at the pairs alone."""
    mask = torch.ones(6, 6, dtype=torch.bool)
    mask[4:, 4:] = False
    tokens = torch.randn(1, 6, 5, generator=generator(), dtype=torch.float64)
    other = tokens.clone()
    other[:, 5] += 1

    def layer(t):
        return t + F.scaled_dot_product_attention(t, t, t, attn_mask=mask)

    one, two = layer(tokens), layer(layer(tokens))
    assert torch.equal(layer(other)[:, 4], one[:, 4])
    assert (layer(layer(other))[:, 4] - two[:, 4]).abs().max() > 1e-3
    assert QUIZZES["two layers"].right == "yes, with two layers or more"


def test_who_knows_the_pool_errs_less_than_ridge_on_it_and_is_lost_elsewhere():
    tasks = Lines(5, 5, 10, pool=4, clean_queries=True)
    reader = of_pool(tasks.pool.squeeze(-1).mT)

    def errors(tasks):
        e = tasks.sample(2000, generator(1))
        best = e.query_x @ bayes_line(e.support_x, e.support_y, tasks.noise)
        return [(said - e.query_y).square().mean().item() for said in (reader(e), best)]

    known, ridges = errors(tasks)
    assert known < ridges / 10
    elsewhere, ridges = errors(Lines(5, 5, 10, clean_queries=True))
    assert elsewhere > 5 * ridges


def test_softmax_averages_and_a_step_does_not():
    g = generator()
    x, y, new_x = torch.randn(50, 6, 2, generator=g), 2 * torch.rand(50, 6, 1, generator=g) - 1, torch.randn(50, 9, 2)
    assert F.scaled_dot_product_attention(30 * new_x, x, y).abs().max() <= 1 + 1e-6
    line = torch.linspace(-1, 1, 5, dtype=torch.float64).view(1, 5, 1)  # y = x
    step = 2 * (line * line).mean()  # from 0, at rate 1
    assert step * 3 > 1.5 - 1e-9 and QUIZZES["an average"].right == "no"


def test_far_from_all_points_the_spread_is_the_priors():
    x = torch.linspace(-1, 1, 30, dtype=torch.float64).view(1, -1, 1)
    far, near = (posterior(x, x.sin(), torch.full_like(x[:, :1], at), 0.6, 0.1)[1].item() for at in (9, 0))
    assert abs(far - 1.01**0.5) < 1e-9 and 0.1 < near < 0.11


def test_an_error_below_the_noise_is_a_leak():
    e = Lines(3, 10, 8).sample(4000, generator(2))
    x, y = torch.cat([e.support_x, e.query_x], 1), torch.cat([e.support_y, e.query_y], 1)
    assert (sound(e) - e.query_y).square().mean() > 0.0625 > (x @ least_squares(x, y) - y).square().mean()


def test_ridge_with_the_strength_of_smaller_lines_hardly_errs_more_with_one_point():
    e, w = Lines(3, 1, 8, scale=3).draw(4000, generator(3))
    told, wrong = (bayes_line(e.support_x, e.support_y, 0.25, scale) for scale in (3.0, 1.0))
    best, found = ((v - w).square().sum(1).mean().item() for v in (told, wrong))
    assert best < found < 1.02 * best
    assert best > 0.6 * w.square().sum(1).mean()  # two of three directions
    assert torch.equal(wrong, ridge(e.support_x, e.support_y, 0.0625))
