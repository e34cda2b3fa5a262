"""Which operations PyTorch has for Apple's GPU, by its own list, native_functions.yaml, which comes with PyTorch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import torchgen
import yaml

LIST = Path(torchgen.__file__).parent / "packaged" / "ATen" / "native" / "native_functions.yaml"
#: A device has an operation if its own kernel is in the list, or one that is made of other operations.
ENOUGH = {"MPS", "CompositeImplicitAutograd", "CompositeExplicitAutograd", "CompositeExplicitAutogradNonFunctional"}


@cache
def _known(path: Path) -> dict[str, dict]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {entry["func"].split("(")[0]: entry for entry in yaml.load(path.read_text(encoding="utf-8"), loader)}


def has(name: str, path: Path = LIST) -> bool:
    """Whether Apple's GPU has an operation, such as "scatter_reduce.two". Of one that is not listed we know nothing."""
    entry = _known(path).get(name)
    if entry is None:
        return True
    if "structured_delegate" in entry:
        return has(entry["structured_delegate"], path)
    dispatch = entry.get("dispatch", {"CompositeImplicitAutograd": ""})
    kernels = {key.strip() for keys in dispatch for key in keys.split(",")}
    return bool(kernels & ENOUGH)


def lacking(operations: Iterable, path: Path = LIST) -> list[str]:
    """Those of PyTorch's operations (as in `standin.USED`, or their names) that Apple's GPU does not have."""
    names = {str(op).removeprefix("aten.").removesuffix(".default") for op in operations}
    return sorted(name for name in names if not has(name, path))
