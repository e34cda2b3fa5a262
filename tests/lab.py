"""A real Jupyter in a real Chromium, for the tests of the widgets: `lab.open(cells)` runs them, gives the page.

Which Jupyter that is depends on the Python that runs it: JupyterLab, Notebook 7, or the classic notebook with
ipywidgets 7, the nearest thing to Colab. All three are driven by the same tests.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
            "--disable-component-update", "--disable-sync")  # fmt: skip
SETTINGS = {  # no question about news, and every cell is in the page even when it is out of sight
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}


@contextmanager
def open_browser(chromium: str):
    """The browser at this path, running. Use it with `with`; a process can have one at a time."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)


@contextmanager
def narrow(page: Page):
    """The window 700 pixels wide, as a tablet's is, and afterwards as before. Use it with `with`."""
    page.set_viewport_size({"width": 700, "height": 900})
    try:
        yield
    finally:
        page.set_viewport_size({"width": 1400, "height": 1000})


def overhang(page: Page) -> list[float]:
    """By how many pixels the first view's content is wider than the view, and its output's than the output; and how
    wide its first picture is."""
    return page.evaluate("""() => {
      const view = document.querySelector(".course-view"), out = view.closest(".jp-OutputArea-output, .output_area")
      return [view.scrollWidth - view.clientWidth, out.scrollWidth - out.clientWidth,
              view.querySelector("svg").getBoundingClientRect().width] }""")


def slider(page: Page, name: str) -> Locator:
    """The handle of the slider with this name, in ipywidgets 7 as in 8."""
    return page.locator(".widget-slider", has_text=name).locator("[role=slider], .ui-slider-handle")


class Lab:
    """JupyterLab on a free port of this machine. Use it with `with`.

    Args:
        folder: where notebooks, settings and the log go. A user's own settings play no part.
        browser: what `open_browser` gives.
        python: the interpreter that runs it, and the kernels.
    """

    command = ("jupyterlab", "--ServerApp.port_retries=0", "--ServerApp.root_dir={folder}", "--IdentityProvider.token=",
               "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly")  # fmt: skip
    start = "lab?reset"
    ready = "() => window.jupyterapp?.shell && jupyterapp.restored.then(() => true)"
    #: Opens a notebook in place of the one before and waits for its kernel, if it may have one.
    visit = """async ([path, kernel]) => {
      const panel = await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook',
        ...(kernel ? {} : {kernelPreference: {shouldStart: false, canStart: false}})})
      await panel.context.ready
      await panel.sessionContext.ready
      await panel.sessionContext.session?.kernel.info
    }"""
    run = """async () => {
      await jupyterapp.commands.execute('notebook:run-all-cells')
      const model = jupyterapp.shell.currentWidget.content.model
      return model.sharedModel.toJSON().cells.flatMap(cell => cell.outputs ?? [])
    }"""
    close = """async save => {
      const panel = jupyterapp.shell.currentWidget
      if (!panel?.context) return
      if (save) await panel.context.save()
      await panel.context.sessionContext.shutdown()
      panel.dispose()
    }"""

    def __init__(self, folder: Path, browser: Browser, python: str = sys.executable):
        self.folder, self.browser, self.python, self.count = Path(folder), browser, python, 0

    def __enter__(self) -> Lab:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.server = self._start_server()
        try:
            self._wait_for_server()
            self.page = self.browser.new_page(viewport={"width": 1400, "height": 1000})
            self.page.set_default_timeout(60_000)  # ms; a busy machine is slow, not wrong
            self.page.goto(f"http://127.0.0.1:{self.port}/{self.start}")
            self.page.wait_for_function(self.ready)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.server.terminate()
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()

    def open(self, cells: list[str]) -> Page:
        """Run code cells in a new notebook, in place of the one before; returns the page when the kernel is idle.

        Raises:
            AssertionError: if a cell raised, with its traceback.
        """
        self.leave()
        self.count += 1
        self.name = f"test{self.count}.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(new_notebook(cells=[new_code_cell(c) for c in cells], metadata=kernel), self.folder / self.name)
        self.enter()
        return self.run_all()

    def run_all(self) -> Page:
        """Run all cells of the notebook that is open; `open` says more."""
        outputs = self.page.evaluate(self.run)
        errors = ["\n".join(o["traceback"]) for o in outputs if o["output_type"] == "error"]
        assert not errors, re.sub(r"\x1b\[[\d;]*m", "", errors[0])  # without its colours
        return self.page

    def leave(self, save: bool = False):
        """End the kernel and close the notebook."""
        self.page.evaluate(self.close, save)

    def enter(self, kernel: bool = True):
        """Open the notebook that was closed, with a new kernel or with none."""
        self.page.evaluate(self.visit, [self.name, kernel])

    def _start_server(self) -> subprocess.Popen:
        for name, values in SETTINGS.items():
            file = self.folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values), encoding="utf-8")
        own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        own = {name: str(self.folder / name.lower()) for name in own}
        own["JUPYTERLAB_SETTINGS_DIR"] = str(self.folder / "settings")
        own["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        command = [self.python, "-m", *(part.format(folder=self.folder) for part in self.command), "--no-browser",
                   "--ip=127.0.0.1", f"--port={self.port}"]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--allow-root")
        with (self.folder / "lab.log").open("w") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | own)

    def _wait_for_server(self):
        for _ in range(600):  # a minute
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except OSError:
                if self.server.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(f"Jupyter did not start:\n{(self.folder / 'lab.log').read_text()[-2000:]}")
