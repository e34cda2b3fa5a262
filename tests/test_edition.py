"""The rendered edition as files: complete, its links alive, and nothing in it from another host."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.edition import portable
from tools.notebooks import LESSONS, address, read

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What one page links to, loads, and can be linked at."""

    def __init__(self, path: Path):
        super().__init__()
        self.links, self.loads, self.anchors, self.pictures, self.tags = [], [], set(), {}, []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.anchors.add(attrs.get("id"))
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        if attrs.get(LOADED.get(tag)):
            self.loads.append(attrs[LOADED[tag]])
        if tag == "img":
            self.pictures[attrs["src"]] = attrs.get("alt")


def test_portable_turns_links_to_what_the_site_has():
    pages = {Path("data/README.md"), Path("notebooks/01_a.ipynb")}
    text = (
        "[![Open in Colab](https://host/badge.svg)](https://colab/x) ![map](docs/map.png)\n"
        "[one](notebooks/01_a.ipynb#A-·-b) [data](data/README.md) [code](LICENSE) [else](https://else.org/x)"
        " [here](#Lessons) ![own](data:image/png;base64,aGk=)"
    )
    assert portable(text, Path("README.md"), pages) == (
        "[Open in Colab](https://colab/x) ![map](docs/map.png)\n[one](notebooks/01_a.ipynb#a--b) "
        f"[data](data/README.md) [code]({address()}/blob/main/LICENSE) [else](https://else.org/x) [here](#lessons)"
        " ![own](data:image/png;base64,aGk=)"
    )
    assert portable("[up](../README.md) [two](02_b.ipynb)", Path("notebooks/01_a.ipynb"), pages) == (
        f"[up](../index.md) [two]({address()}/blob/main/notebooks/02_b.ipynb)"
    )


def test_every_page_is_whole_and_every_link_alive(edition):
    pages = {path.resolve(): Page(path) for path in edition.rglob("*.html")}
    assert {path.stem for path in LESSONS} <= {path.stem for path in pages}
    dead = []
    for path, page in pages.items():
        assert not [load for load in page.loads if "://" in load or load.startswith("//")], path.name
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchors = pages[target].anchors if target in pages else {parts.fragment}
            if not target.exists() or (parts.fragment and parts.fragment not in anchors):
                dead.append(f"{path.name}: {link}")
    assert not dead


def test_figures_equations_and_answers_come_along(edition):
    for path in LESSONS:
        notebook, page = read(path), Page(edition / "notebooks" / f"{path.stem}.html")
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        figures = [o.metadata["image/png"]["alt"] for o in outputs if "image/png" in o.get("data", {})]
        described = list(page.pictures.values())
        assert set(figures) <= set(described) and all(described), path.name
        prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        prose += [o.data["text/markdown"] for o in outputs if "text/markdown" in o.get("data", {})]
        prose = re.sub(r"`[^`]*`", "", "\n".join(prose))
        assert page.tags.count("math") == len(re.findall(r"\$\$[^$]+\$\$|\$[^$]+\$", prose)), path.name
        assert page.tags.count("details") >= prose.count("<details>")
        quizzes = [cell for cell in notebook.cells if cell.cell_type == "code" and "quiz(" in cell.source]
        assert "<details>" in prose or quizzes, f"{path.name} has no self-test"
