"""Build the rendered edition: every lesson as a static page with its stored outputs. See `make site`.

The pages are laid out in a folder of their own, with links and pictures that need nothing from the network, and
Sphinx draws them there as docs/site/conf.py says.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import sys
from pathlib import Path

import click

from tools.notebooks import LESSONS, RESULTS, ROOT, address, read, write

DOCUMENTS = ["CONTRIBUTING.md", "data/README.md", "benchmarks/README.md"]  # and docs/*.md
CONTENTS = """

```{{toctree}}
:hidden:
:caption: Lessons

{lessons}
```

```{{toctree}}
:hidden:
:caption: Behind the course

{documents}
```
"""


def portable(text: str, page: Path, pages: set[Path]) -> str:
    """Markdown of `page` whose badges are words, and whose links end at `pages`, at pictures, or at the repository."""
    text = re.sub(r"\[!\[([^\]]*)\]\(https?://[^)]+\)\]", r"[\1]", text)  # the badge would come from another host

    def moved(match):
        link, hash_, anchor = match[1].partition("#")
        anchor = hash_ + re.sub(r"[^\w-]", "", anchor.lower())  # JupyterLab keeps capitals and dots in it
        if not link:
            return f"]({anchor})"
        target = Path(os.path.normpath(page.parent / link))
        if target == Path("README.md"):
            target = Path("index.md")
        elif target not in pages and target.suffix != ".png":
            return f"]({address()}/blob/main/{target.as_posix()})"
        return f"]({Path(os.path.relpath(target, page.parent)).as_posix()}{anchor})"

    return re.sub(r"\]\((?!https?:|mailto:|data:)([^)\s]+)\)", moved, text)


def lesson(path: Path, pages: set[Path]):
    """The lesson at `path`: title first, links as `portable` has them. Returns it, and the pictures in it by name."""
    notebook, pictures = read(path), {}
    badge, _, rest = notebook.cells[0].source.partition("\n")
    title, _, rest = rest.strip().partition("\n")
    notebook.cells[0].source = f"{title}\n\n{badge}\n{rest}"
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(RESULTS, None)  # for programs (tools/sweep.py), no page shows it
        if cell.cell_type == "markdown":
            cell.source = portable(cell.source, path.relative_to(ROOT), pages)
            for data in re.findall(r"data:image/png;base64,[^)]+", cell.source):  # a file of its own is not searched
                name = f"{path.stem}-{cell.id}-{len(pictures)}.png"
                pictures[name] = base64.b64decode(data.partition(",")[2])
                cell.source = cell.source.replace(data, name)
    return notebook, pictures


def lay_out(folder: Path) -> None:
    """Write the pages into `folder`, which must not exist yet: the lessons, the documents, and README as its index."""
    documents = [p for p in [*map(ROOT.joinpath, DOCUMENTS), *sorted((ROOT / "docs").glob("*.md"))] if p.exists()]
    pages = {path.relative_to(ROOT) for path in [*LESSONS, *documents]}
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("site", "*.md"))
    for name in ("notebooks", "data", "benchmarks"):
        (folder / name).mkdir()
    for page in [Path("README.md"), *(path.relative_to(ROOT) for path in documents)]:
        text = portable((ROOT / page).read_text(encoding="utf-8"), page, pages)
        if page == Path("README.md"):
            page = Path("index.md")
            lists = [[p.relative_to(ROOT).with_suffix("").as_posix() for p in part] for part in (LESSONS, documents)]
            text += CONTENTS.format(lessons="\n".join(lists[0]), documents="\n".join(lists[1]))
        (folder / page).write_text(text, encoding="utf-8")
    for path in LESSONS:
        notebook, pictures = lesson(path, pages)
        write(notebook, folder / "notebooks" / path.name)
        for name, content in pictures.items():
            (folder / "notebooks" / name).write_bytes(content)


@click.command()
@click.argument("folder", default=ROOT / "build", type=click.Path(file_okay=False, path_type=Path))
def main(folder: Path):
    """Write the rendered edition to FOLDER/site (build/site when no folder is named); start at its index.html."""
    try:
        from sphinx.cmd.build import build_main
    except ModuleNotFoundError as error:
        raise click.ClickException("Sphinx is not installed; install it first: python tools/install.py dev") from error
    source, site = folder / "site-source", folder / "site"
    for old in (source, site):
        shutil.rmtree(old, ignore_errors=True)
    lay_out(source)
    options = ["-q", "-E", "-j", "auto", "-c", str(ROOT / "docs" / "site")]
    failed = build_main([*options, "-d", str(folder / "site-doctrees"), str(source), str(site)])
    if not failed:
        click.echo(f"Open {site / 'index.html'}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
