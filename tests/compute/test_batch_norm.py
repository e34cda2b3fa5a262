"""Batch norm by statistics from elsewhere."""

import torch

from course_lib.compute.batch_norm import normalise_by


def test_normalise_by_is_batch_norm_and_its_queries_stand_alone():
    layer = torch.nn.BatchNorm2d(3).double()
    torch.nn.init.normal_(layer.weight), torch.nn.init.normal_(layer.bias)
    support, query = torch.randn(5, 3, 4, 4).double(), torch.randn(7, 3, 4, 4).double() + 1
    assert torch.allclose(normalise_by(support, support, layer.weight, layer.bias, layer.eps), layer(support))
    together = normalise_by(support, query, layer.weight, layer.bias, layer.eps)
    assert torch.equal(normalise_by(support, query[2:3], layer.weight, layer.bias, layer.eps), together[2:3])
    layer.running_mean, layer.running_var = support.mean((0, 2, 3)), support.var((0, 2, 3), correction=0)
    assert torch.allclose(layer.eval()(query), together)
