"""How a cell ends that cannot go on: with a sentence."""


class Stop(Exception):
    """Nothing is broken, but something is needed first. Jupyter shows the sentence alone, without a traceback, and runs
    no further cells."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for it
        return [f"○ {self}"]
