import pytest
import torch
from torch import nn

from course_lib.compute.batch_norm import batch_statistics
from course_lib.models import MLP, Conv4


def test_conv4_equals_the_papers_order_of_layers():
    torch.manual_seed(0)
    net = Conv4(8).double().eval()
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):  # negative scales too: pooling commutes with ReLU, not with these
            nn.init.normal_(m.weight)
            nn.init.normal_(m.running_mean)
    x = torch.randn(3, 1, 28, 28, dtype=torch.float64)
    z = x
    for block in list(net)[:4]:
        conv, norm = block[0], block[1]
        z = nn.functional.max_pool2d(nn.functional.relu(norm(conv(z))), 2)
    assert torch.allclose(net(x), z.flatten(1), atol=1e-12)


def test_sizes():
    assert Conv4()(torch.zeros(2, 1, 28, 28)).shape == (2, 64)
    assert Conv4(8, in_channels=3, size=84)(torch.zeros(2, 3, 84, 84)).shape == (2, 200)
    assert Conv4(8, out=5)(torch.zeros(2, 1, 28, 28)).shape == (2, 5)
    assert MLP((3, 7, 2))(torch.zeros(4, 5, 3)).shape == (4, 5, 2)
    assert sum(p.numel() for p in Conv4().parameters()) == 111_936  # 640 + 3 * 36,928 convolution, 4 * 128 norm
    assert sum(p.numel() for p in MLP().parameters()) == 1_761


def test_wrong_images_are_refused():
    with pytest.raises(ValueError, match="expects images"):
        Conv4()(torch.zeros(2, 3, 28, 28))
    with pytest.raises(ValueError, match="size must be at least 16 pixels"):
        Conv4(size=12)


def test_batch_statistics_uses_the_batch_and_leaves_no_trace():
    torch.manual_seed(0)
    net = Conv4(4).double().eval()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    x = torch.randn(6, 1, 28, 28, dtype=torch.float64)
    with batch_statistics(net):
        inside = net(x)
        assert not torch.allclose(inside[:3], net(x[:3]))  # the others in the batch matter
    assert torch.allclose(net.eval()(x[:3]), net(x)[:3], atol=1e-12)  # and outside they do not
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    assert torch.allclose(inside, net.train()(x), atol=1e-12)


def test_chunks_change_nothing_in_evaluation():
    torch.manual_seed(0)
    net = Conv4(4, chunk=3).double()
    net(torch.randn(6, 1, 16, 16, dtype=torch.float64).repeat(1, 1, 2, 2)[..., :28, :28])  # running statistics
    net.eval()
    x = torch.randn(11, 1, 28, 28, dtype=torch.float64)
    assert torch.allclose(net(x), torch.cat([net(x[i : i + 1]) for i in range(11)]), atol=1e-12)


def test_in_training_each_chunk_is_normalised_by_itself():
    torch.manual_seed(0)
    net = Conv4(4, chunk=3).double()
    x = torch.randn(7, 1, 28, 28, dtype=torch.float64)  # 7 / 3 is about 2 chunks: images 0 2 4 6 and 1 3 5
    z = net(x)
    assert torch.allclose(z[0::2], net(x[0::2]), atol=1e-12) and torch.allclose(z[1::2], net(x[1::2]), atol=1e-12)
    assert net.config["chunk"] == 3 and Conv4(**net.config).config == net.config


def test_images_of_one_channel_keep_the_fast_order_when_the_weights_have_taken_a_step():
    network, seen = Conv4(4, size=16), []
    weights = {name: p.detach() - 0.1 * torch.ones(p.shape) for name, p in network.named_parameters()}
    network[0][0].register_forward_hook(lambda layer, args, out: seen.append(out))
    torch.func.functional_call(network, weights, (torch.rand(3, 1, 16, 16),))
    assert seen[0].is_contiguous(memory_format=torch.channels_last)
