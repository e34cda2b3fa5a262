"""Printing that cannot fail."""

from __future__ import annotations

import sys

_PLAIN = str.maketrans({"✓": "[right]", "✗": "[not right]", "○": "[-]", "…": "...", "–": "-", "’": "'"})


def say(text: str):
    """Print; where the output cannot hold a sign (redirected, Windows), with plainer ones."""
    try:
        print(text)
    except UnicodeEncodeError:
        encoding = getattr(sys.stdout, "encoding", None) or "ascii"
        print(text.translate(_PLAIN).encode(encoding, "replace").decode(encoding))
