"""How an explorer is displayed: alive where a front end listens; a picture, and words for it, everywhere else.

A saved notebook outlives its kernel. Of one output JupyterLab takes the widget, finds that it is gone and says "model
not found", whatever picture stands beside the widget in that output. So there are two outputs: a picture, and after it
the widget. The picture brings a style that hides it as soon as the widget is drawn, and until then hides the place of
the widget. A front end that knows no widgets, or drops the style since it does not trust the file, shows the picture.
"""

from __future__ import annotations

import base64
from html import escape

WIDGET = "application/vnd.jupyter.widget-view+json"

#: What is on a page only where an explorer is drawn by a front end: the views of the course, and ipywidgets' Image.
ALIVE = ":is(.course-live, .widget-image)"

_PAGE = """<style>
body:has(.{mark} {alive}) figure.{mark} {{ display: none }}
:is(.jp-OutputArea-child, .output_area):has(figure.{mark}) + *:not(:has({alive})) {{ display: none }}
</style>
<figure class="{mark}" style="margin:0"><img alt="{alt}" src="data:image/png;base64,{picture}" style="max-width:100%">
<figcaption><i>This is a picture. To make it move, run this cell.</i></figcaption></figure>"""


class Explorer:
    """Mixed into a widget, in front of the widget's class: what every explorer does when it is displayed.

    The same with ipywidgets 7 and 8: what is sent is display data, never the result of a cell, since Colab adds its
    widget manager to display data alone.
    """

    def snapshot(self) -> tuple[bytes, str]:
        """The explorer as it stands: a picture as PNG, and what it shows in words, for those who cannot see it."""
        raise NotImplementedError

    def _ipython_display_(self, **_):
        from IPython.display import display

        png, alt = self.snapshot()
        mark = f"course-{self.model_id}"
        self.add_class(mark)
        page = _PAGE.format(mark=mark, alive=ALIVE, alt=escape(alt), picture=base64.b64encode(png).decode())
        still = {"text/html": page, "image/png": png, "text/plain": alt}
        display(still, raw=True, metadata={"image/png": {"alt": alt}})
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        display({WIDGET: view, "text/plain": " "}, raw=True)
