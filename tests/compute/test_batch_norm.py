"""Batch norm by statistics from elsewhere."""

import torch

from course_lib.compute.batch_norm import normalise_by, statistics
from course_lib.models import Conv4


def test_normalise_by_is_batch_norm_and_its_queries_stand_alone():
    layer = torch.nn.BatchNorm2d(3).double()
    torch.nn.init.normal_(layer.weight), torch.nn.init.normal_(layer.bias)
    support, query = torch.randn(5, 3, 4, 4).double(), torch.randn(7, 3, 4, 4).double() + 1
    assert torch.allclose(normalise_by(support, support, layer.weight, layer.bias, layer.eps), layer(support))
    together = normalise_by(support, query, layer.weight, layer.bias, layer.eps)
    assert torch.equal(normalise_by(support, query[2:3], layer.weight, layer.bias, layer.eps), together[2:3])
    layer.running_mean, layer.running_var = support.mean((0, 2, 3)), support.var((0, 2, 3), correction=0)
    assert torch.allclose(layer.eval()(query), together)


def test_a_layer_that_is_passed_several_times_gets_the_mean_over_the_times():
    """Conv4 with `chunk` passes each layer once a chunk; the last chunk alone said what a class looks like."""
    torch.manual_seed(0)
    network, x = Conv4(3, size=16, chunk=4).double(), torch.rand(12, 1, 16, 16).double()
    found = statistics(network, dict(network.named_parameters()), x)
    chunks = torch.stack([network[0][0](x[i::3]) for i in range(3)])  # [chunks, 4, channels, 16, 16]
    assert torch.allclose(found["0.1.running_mean"], chunks.mean((0, 1, 3, 4)))
    assert torch.allclose(found["0.1.running_var"], chunks.var((1, 3, 4), correction=0).mean(0))
