"""An accelerator that is none: its tensors call their device "gpu", compute on the CPU, and refuse what CUDA refuses.

So that what mixes devices is found on a machine without a GPU. Refused are operations on tensors of two devices (a CPU
tensor of no dimension apart, where CUDA takes it too), NumPy's hand on a tensor of the device, and a generator of the
CPU that shall draw on the device. `tests/device/test_refusals.py` is run on CUDA by `tools/gpu_check.py`, so that the
two agree. Random numbers that are drawn on the device are others than the CPU's, as on a GPU.

`install()` has to come before the first backward pass of a process: PyTorch starts one thread a device there, once.

Source: the Python backend of PrivateUse1 as in PyTorch's own test/test_privateuseone_python_backend.py, with a wrapper
like torch/testing/_internal/two_tensor.py.
"""

from __future__ import annotations

from contextlib import contextmanager

import torch
from torch.utils import backend_registration

NAME = "gpu"
DEVICE = torch.device("cpu")  # `install` sets it
APPLE = False  # inside `like_apple`
USED: set[torch._ops.OpOverload] = set()  # every operation that has run on the device

MOVES = {"aten::copy_", "aten::_to_copy", "aten::_copy_from", "aten::is_same_size"}  # may see two devices
INDEXING = {"aten::index", "aten::index_put", "aten::index_put_", "aten::_index_put_impl_"}
TAKES_A_CPU_NUMBER = {"aten::fill_", "aten::fill", "aten::masked_fill", "aten::masked_fill_"}  # beside pointwise ones
IN_BFLOAT16 = ("matmul", "mm", "bmm", "addmm", "baddbmm", "linear", "conv2d")  # under autocast
NO_NUMPY = f"can't convert {NAME}:0 device type tensor to numpy. Use Tensor.cpu() to copy it to host memory first."

_libraries = []  # what is registered with PyTorch lives as long as these
_random = torch.Generator().manual_seed(0)


class OnDevice(torch.Tensor):
    """A tensor of the device. `raw` holds its numbers, on the CPU."""

    @staticmethod
    def __new__(cls, raw):
        if APPLE and raw.dtype in (torch.float64, torch.complex128):
            raise TypeError("the MPS framework doesn't support float64. Please use float32 instead.")
        return torch.Tensor._make_wrapper_subclass(
            cls, raw.shape, strides=raw.stride(), storage_offset=raw.storage_offset(), dtype=raw.dtype, device=DEVICE,
        )  # fmt: skip

    def __init__(self, raw):
        self.raw = raw

    def __repr__(self, **_):
        return f"{NAME}({self.raw!r})"

    def __format__(self, spec):
        return format(self.raw.item() if self.ndim == 0 else self.raw, spec)

    def __reduce_ex__(self, protocol):  # what torch.save and pickle write of a tensor on a device
        parts = self.detach().cpu(), self.dtype, str(self.device), self.requires_grad
        return torch._utils._rebuild_device_tensor_from_cpu_tensor, parts

    def tolist(self):
        return self.raw.detach().tolist()

    def numpy(self, *_, **__):
        raise TypeError(NO_NUMPY)

    __array__ = __dlpack__ = numpy

    @classmethod
    def __torch_dispatch__(cls, op, types, args=(), kwargs=None):
        return _run(op, args, kwargs or {})


def _run(op, args, kwargs):
    """The operation on the CPU, if CUDA would do it."""
    check(op, args, kwargs)
    USED.add(op)
    raw_args, raw_kwargs = _change(lambda x: x.raw if isinstance(x, OnDevice) else x, (args, kwargs))
    away = raw_kwargs.get("device") is not None and torch.device(raw_kwargs["device"]).type == "cpu"
    if raw_kwargs.get("device") is not None:
        raw_kwargs["device"] = "cpu"
    with _numbers_of_its_own(op):
        out = op(*raw_args, **raw_kwargs)
    if op._schema.name == "aten::copy_":
        return args[0]
    if away:
        return out
    known = {id(t.raw): t for t in _leaves((args, kwargs)) if isinstance(t, OnDevice)}  # written in place
    return _change(lambda x: known[id(x)] if id(x) in known else OnDevice(x) if _plain(x) else x, out)


def _change(change, x):
    """What an operation takes or gives, with `change` done to each part. torch's tree_map takes four times as long."""
    if isinstance(x, list | tuple):
        return type(x)([_change(change, part) for part in x])
    return {name: _change(change, part) for name, part in x.items()} if isinstance(x, dict) else change(x)


def _leaves(x) -> list:
    """All parts of what an operation takes."""
    if isinstance(x, dict):
        x = x.values()
    elif not isinstance(x, list | tuple):
        return [x]
    return [leaf for part in x for leaf in _leaves(part)]


def _plain(x) -> bool:
    return isinstance(x, torch.Tensor) and not isinstance(x, OnDevice)


def check(op, args, kwargs):
    """Raise what CUDA raises."""
    leaves, name = _leaves((args, kwargs)), op._schema.name
    if any(isinstance(x, torch.Generator) for x in leaves):
        raise RuntimeError(f"Expected a '{NAME}' device type for generator but found 'cpu'")
    if name in MOVES or not any(map(_plain, leaves)):
        return
    written = [args[i] for i, a in enumerate(op._schema.arguments)
               if a.alias_info is not None and a.alias_info.is_write and i < len(args)]  # fmt: skip
    written += [kwargs[a.name] for a in op._schema.arguments if a.kwarg_only and a.is_out and a.name in kwargs]
    if name in INDEXING and isinstance(args[0], OnDevice):
        if any(_plain(value) and value.ndim for value in args[2:3]):
            raise RuntimeError(f"Expected all tensors to be on the same device: {name} of a value on the CPU")
        return  # indices may be on the CPU
    numbers = torch.Tag.pointwise in op.tags or name in TAKES_A_CPU_NUMBER
    others = [x for x in leaves if _plain(x)]
    if not numbers or any(x.ndim for x in others) or any(map(_plain, _leaves(written))):
        raise RuntimeError(
            f"Expected all tensors to be on the same device, but found at least two devices, {DEVICE} and cpu! ({name})"
        )


@contextmanager
def _numbers_of_its_own(op):
    """The device's random numbers are others than the CPU's, and drawing one does not move the other."""
    if torch.Tag.nondeterministic_seeded not in op.tags:
        yield
        return
    outside = torch.get_rng_state()
    torch.set_rng_state(_random.get_state())
    try:
        yield
    finally:
        _random.set_state(torch.get_rng_state())
        torch.set_rng_state(outside)


class _Backend:
    """What PyTorch asks a device's module, torch.gpu."""

    is_available = staticmethod(lambda: True)
    is_initialized = staticmethod(lambda: True)
    device_count = staticmethod(lambda: 1)
    current_device = staticmethod(lambda: 0)
    synchronize = staticmethod(lambda device=None: None)
    get_amp_supported_dtype = staticmethod(lambda: [torch.bfloat16])
    get_rng_state = staticmethod(lambda device=None: _random.get_state())
    set_rng_state = staticmethod(lambda state, device=None: _random.set_state(state))
    manual_seed_all = staticmethod(lambda seed: _random.manual_seed(seed ^ 1))
    _is_in_bad_fork = staticmethod(lambda: False)


def missing() -> str | None:
    """Why this PyTorch cannot have the stand-in, or None."""
    if not hasattr(backend_registration, "_setup_privateuseone_for_python_backend"):
        return f"PyTorch {torch.__version__} cannot be given a device in Python"


def install() -> torch.device:
    """Give this process the device, and return it."""
    global DEVICE
    if _libraries:
        return DEVICE
    backend_registration._setup_privateuseone_for_python_backend(NAME, backend_module=_Backend)
    DEVICE = torch.device(NAME, 0)
    library = torch.library.Library("aten", "IMPL")
    _libraries.append(library)
    for op in _makers():
        library.impl(op._name.removeprefix("aten::").removesuffix(".default"), _making(op), "PrivateUse1")
    library.impl("_copy_from", _copy_from, "PrivateUse1")
    library.impl("_local_scalar_dense", lambda tensor: tensor.raw.item(), "PrivateUse1")
    library.impl("_thnn_fused_lstm_cell", _lstm_cell, "AutogradPrivateUse1")
    library.impl("_thnn_fused_gru_cell", _gru_cell, "AutogradPrivateUse1")
    library.impl("max_pool2d", _max_pool2d, "AutogradPrivateUse1")
    for name in IN_BFLOAT16:
        library.impl(name, _in_bfloat16(getattr(torch.ops.aten, name).default), "AutocastPrivateUse1")
    others = torch.library.Library("_", "IMPL")
    _libraries.append(others)
    others.fallback(torch.library.fallthrough_kernel, "AutocastPrivateUse1")
    return DEVICE


def _makers():
    """Operations that make a tensor from no tensor: they meet the device by its name alone."""
    for name in torch._C._dispatch_get_all_op_names():
        packet, _, overload = name.removeprefix("aten::").partition(".")
        op = getattr(getattr(torch.ops.aten, packet, None), overload or "default", None)
        if not name.startswith("aten::") or op is None:
            continue
        arguments, returns = op._schema.arguments, op._schema.returns
        made = len(returns) == 1 and "Tensor" in str(returns[0].type)
        made = made and not any("Tensor" in str(a.type) for a in arguments)
        composite = torch._C._dispatch_has_kernel_for_dispatch_key(name, "CompositeImplicitAutograd")
        if made and not composite and any(a.name == "device" for a in arguments):
            yield op


def _making(op):
    def make(*args, **kwargs):
        check(op, args, kwargs)
        USED.add(op)
        with _numbers_of_its_own(op):
            return OnDevice(op(*args, **kwargs | {"device": "cpu"}))

    return make


def _copy_from(source, to, non_blocking=False):
    numbers = source.raw if isinstance(source, OnDevice) else source
    (to.raw if isinstance(to, OnDevice) else to).copy_(numbers)
    return to


def _in_bfloat16(op):
    """The operation as autocast has it."""
    autocast = torch._C.DispatchKeySet(torch._C.DispatchKey.AutocastPrivateUse1)

    def lower(x):
        return x.to(torch.bfloat16) if isinstance(x, torch.Tensor) and x.dtype == torch.float32 else x

    def cast(*args, **kwargs):
        with torch._C._ExcludeDispatchKeyGuard(autocast):
            return op(*_change(lower, args), **kwargs)

    return cast


def _lstm_cell(of_input, of_state, c, input_bias=None, state_bias=None):
    # PyTorch calls this one on a GPU, and the CPU does not have it.
    gates = of_input + of_state if input_bias is None else of_input + of_state + input_bias + state_bias
    i, f, g, o = gates.chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c, gates


def _gru_cell(of_input, of_state, h, input_bias=None, state_bias=None):
    # As above. Apple's takes plain operations in its place.
    if input_bias is not None:
        of_input, of_state = of_input + input_bias, of_state + state_bias
    (r, z, n), (r_h, z_h, n_h) = of_input.chunk(3, 1), of_state.chunk(3, 1)
    r, z = (r + r_h).sigmoid(), (z + z_h).sigmoid()
    n = (n + r * n_h).tanh()
    return (1 - z) * n + z * h, torch.cat([r, z, n], 1)


def _max_pool2d(x, kernel, stride=(), padding=0, dilation=1, ceil_mode=False):
    # Apple's keeps no indices, so its derivative has none (pytorch #88893, #98582). Here it has no first one either,
    # since nothing shows whether a second will be asked for. With return_indices=True both have all of them.
    if APPLE and x.requires_grad and torch.is_grad_enabled():
        raise RuntimeError("derivative for aten::max_pool2d_backward is not implemented")
    pair = [list(v) if isinstance(v, list | tuple) else [v] for v in (kernel, stride, padding, dilation)]
    return torch.ops.aten.max_pool2d_with_indices(x, *pair, ceil_mode)[0]


@contextmanager
def like_apple():
    """Inside the block the device also refuses what Apple's refuses: float64, and a second derivative of max_pool2d."""
    global APPLE
    APPLE = True
    try:
        yield
    finally:
        APPLE = False
