"""A real JupyterLab in a real Chromium, for the tests of the widgets: `lab.open(cells)` runs them, gives the page."""

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
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
            "--disable-component-update", "--disable-sync")  # fmt: skip
SETTINGS = {  # no question about news, and every cell is in the page even when it is out of sight
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
OPEN = """async path => {
  const old = jupyterapp.shell.currentWidget
  if (old?.context) { await old.context.sessionContext.shutdown(); old.dispose() }
  const panel = await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'})
  await panel.context.ready
  await panel.sessionContext.ready
  await panel.sessionContext.session.kernel.info
  await jupyterapp.commands.execute('notebook:run-all-cells')
  return panel.content.model.sharedModel.toJSON().cells.flatMap(cell => cell.outputs ?? [])
}"""


@contextmanager
def open_browser(chromium: str):
    """The browser at this path, running. Use it with `with`; a process can have one at a time."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)


class Lab:
    """JupyterLab, run by the Python that runs the tests, on a free port of this machine. Use it with `with`.

    Args:
        folder: where notebooks, settings and the log go. A user's own settings play no part.
        browser: what `open_browser` gives.
    """

    def __init__(self, folder: Path, browser: Browser):
        self.folder, self.browser, self.count = Path(folder), browser, 0

    def __enter__(self) -> Lab:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.server = self._start_server()
        try:
            self._wait_for_server()
            self.page = self.browser.new_page(viewport={"width": 1400, "height": 1000})
            self.page.set_default_timeout(60_000)  # ms; a busy machine is slow, not wrong
            self.page.goto(f"http://127.0.0.1:{self.port}/lab?reset")
            self.page.wait_for_function("() => window.jupyterapp?.shell")
            self.page.evaluate("() => jupyterapp.restored.then(() => null)")
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
        self.count += 1
        name = f"test{self.count}.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(new_notebook(cells=[new_code_cell(c) for c in cells], metadata=kernel), self.folder / name)
        outputs = self.page.evaluate(OPEN, name)
        errors = ["\n".join(o["traceback"]) for o in outputs if o["output_type"] == "error"]
        assert not errors, re.sub(r"\x1b\[[\d;]*m", "", errors[0])  # without its colours
        return self.page

    def _start_server(self) -> subprocess.Popen:
        for name, values in SETTINGS.items():
            file = self.folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values), encoding="utf-8")
        own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        own = {name: str(self.folder / name.lower()) for name in own}
        own["JUPYTERLAB_SETTINGS_DIR"] = str(self.folder / "settings")
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--ServerApp.port_retries=0",
                   f"--port={self.port}", f"--ServerApp.root_dir={self.folder}",
                   "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True",
                   "--LabApp.extension_manager=readonly"]  # fmt: skip
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
        raise RuntimeError(f"JupyterLab did not start:\n{(self.folder / 'lab.log').read_text()[-2000:]}")
