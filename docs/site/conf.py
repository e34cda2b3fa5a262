"""How Sphinx draws the rendered edition: `make site` (tools/edition.py) lays out its pages and calls it.

Nothing here asks the network for anything: equations become MathML when the site is built, the theme (furo) brings its
own style and uses the fonts of the reader's machine, and search runs on an index that lies beside the pages.
"""

import base64
import hashlib
import re
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

project = "Learning to Learn"
copyright = "the authors of the course. Text: CC BY 4.0, code: MIT"
language = "en"
extensions = ["myst_nb"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the outputs are those stored in the lesson
nb_render_markdown_format = "myst"  # captions and tables may hold equations too
html_theme = "furo"
html_title = "Learning to Learn"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["disk.js"]
html_copy_source = False
html_use_index = False  # of Python names: there are none in lessons
html_favicon = "static/icon.svg"
html_math_renderer = "mathml"


logger = logging.getLogger(__name__)


def write_mathml(translator, node):
    """An equation, in the line or (a math_block) on a line of its own."""
    block = isinstance(node, nodes.math_block)
    try:
        mathml = tex2mathml(node.astext(), as_block=block)
    except MathError as error:
        logger.warning("an equation cannot become MathML: %s Write it another way.", error, location=node)
        mathml = f"<code>{translator.encode(node.astext())}</code>"
    if r"\left" not in node.astext():  # as in LaTeX, bars are no taller than the line unless one asks for it
        mathml = re.sub(r"<mo[^>]*>([‖|])</mo>", r'<mo stretchy="false">\1</mo>', mathml)
    translator.body.append(f'<div class="equation">{mathml}</div>' if block else mathml)
    raise nodes.SkipNode


def describe_figures(app, doctree):
    """Give each stored figure its alternative text: MyST-NB drops it, but names a file by the hash of its contents."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    texts = {}
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                name = hashlib.sha256(base64.b64decode(output.data["image/png"])).hexdigest()
                texts[name] = output.metadata["image/png"]["alt"]
    for image in doctree.findall(nodes.image):
        image["alt"] = texts.get(image["uri"].rpartition("/")[2].removesuffix(".png"), image.get("alt", ""))


def setup(app):
    """Sphinx calls this when it starts."""
    app.add_html_math_renderer("mathml", (write_mathml, None), (write_mathml, None))
    app.connect("doctree-read", describe_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
