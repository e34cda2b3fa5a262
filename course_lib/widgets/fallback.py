"""What a widget shows where no front end listens: a picture with the same content, and words for it."""

from __future__ import annotations


def with_picture(bundle, png: bytes, alt: str) -> tuple[dict, dict]:
    """Put a picture and its alternative text beside a widget: what its `_repr_mimebundle_` should return.

    Args:
        bundle: what the widget's base class returns there: the data, or the data and their metadata.
        png: the picture.
        alt: what it shows, for those who cannot see it.

    Returns: data and metadata. A front end that knows the widget shows it; any other shows the picture.
    """
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return data | {"image/png": png, "text/plain": alt}, metadata | {"image/png": {"alt": alt}}
