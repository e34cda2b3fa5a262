"""Printing that cannot fail, and stopping with a sentence."""

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


class Stop(ValueError):
    """Stops a cell with a sentence. Jupyter shows the sentence alone, without a traceback: nothing is broken, but
    something is needed first."""

    def _render_traceback_(self):  # IPython asks for it
        return [f"○ {self}"]
