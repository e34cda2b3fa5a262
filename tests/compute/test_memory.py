"""Peak memory, against sums done by hand."""

import torch

from course_lib.compute.memory import peak_bytes

FLOAT = 4


def test_what_lives_at_once_counts():
    kept = []

    def work():
        x = torch.zeros(1000)
        copies = [x + 1 for _ in range(3)]  # four of them
        del copies
        kept.append(torch.zeros(2000) + x.sum())  # 1000 + 2000 + 2000 + 1

    assert peak_bytes(work) == (1000 + 2000 + 2000 + 1) * FLOAT
    assert peak_bytes(lambda: [torch.zeros(10) for _ in range(5)]) == 50 * FLOAT


def test_views_and_writing_in_place_take_nothing():
    def work():
        x = torch.zeros(1000)
        x.add_(1).view(10, 100)[:5].t()

    assert peak_bytes(work) == 1000 * FLOAT


def test_what_autograd_keeps_counts():
    x = torch.randn(1000, requires_grad=True)

    def chain(n):
        def work():
            y = x
            for _ in range(n):
                y = y.exp()  # keeps its result

        return work

    assert peak_bytes(chain(5)) == 5000 * FLOAT
    with torch.no_grad():
        assert peak_bytes(chain(5)) == 2000 * FLOAT
