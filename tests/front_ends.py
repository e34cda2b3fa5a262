"""The two other front ends in which the widgets are driven: Notebook 7, and the classic notebook."""

from __future__ import annotations

import subprocess

from tests.lab import Lab


class Notebook7(Lab):
    """Notebook 7: JupyterLab's parts, each notebook on a page of its own."""

    command = ("notebook", "--ServerApp.port_retries=0", "--ServerApp.root_dir={folder}", "--IdentityProvider.token=",
               "--JupyterNotebookApp.expose_app_in_browser=True")  # fmt: skip
    start = "tree"

    def leave(self, save: bool = False):
        self.page.evaluate(self.close, save)
        self.page.goto(f"http://127.0.0.1:{self.port}/tree")

    def enter(self, kernel: bool = True):
        self.page.goto(f"http://127.0.0.1:{self.port}/notebooks/{self.name}")
        self.page.wait_for_function(self.ready)
        self.page.wait_for_function("() => jupyterapp.shell.currentWidget?.context?.isReady")
        self.page.evaluate("""async () => {
          const panel = jupyterapp.shell.currentWidget
          await panel.sessionContext.ready
          await panel.sessionContext.session?.kernel.info
        }""")


class Classic(Lab):
    """The classic notebook with ipywidgets 7. Colab's own front end is not to be had; this is its nearest relative."""

    command = ("notebook", "--NotebookApp.port_retries=0", "--notebook-dir={folder}", "--NotebookApp.token=",
               "--NotebookApp.password=")  # fmt: skip
    start = "tree"
    ready = "() => window.Jupyter?.notebook_list"
    run = """() => new Promise(done => {
      const {notebook} = Jupyter, code = notebook.get_cells().filter(cell => cell.cell_type === 'code')
      notebook.execute_all_cells()
      const look = () => code.every(cell => !cell.running && cell.input_prompt_number !== '*')
        ? done(code.flatMap(cell => cell.output_area.toJSON())) : setTimeout(look, 100)
      setTimeout(look, 100)
    })"""

    def leave(self, save: bool = False):
        if self.page.evaluate("() => !!window.Jupyter?.notebook"):
            self.page.evaluate("""async save => {
              if (save) await Jupyter.notebook.save_notebook()
              await new Promise(done => Jupyter.notebook.session.delete(done, done))
              Jupyter.notebook.set_dirty(false)
            }""", save)
            self.page.goto(f"http://127.0.0.1:{self.port}/tree")

    def enter(self, kernel: bool = True):
        self.page.goto(f"http://127.0.0.1:{self.port}/notebooks/{self.name}")
        self.page.wait_for_function("""() => window.Jupyter?.notebook?.kernel?.is_connected()
          && ['anywidget', 'jupyter-js-widgets'].every(name => requirejs.defined(`nbextensions/${name}/extension`))""")
        # The widget manager asks the kernel for its widgets, and then draws all outputs again, also those that came
        # in between: ipywidgets 7 loses these. Three answers of the kernel later it is done.
        self.page.evaluate("""async () => {
          for (let i = 0; i < 3; i++) await new Promise(done => Jupyter.notebook.kernel.kernel_info(done))
        }""")
        self.page.wait_for_timeout(500)


def front_end(python: str) -> type[Lab]:
    """The front end that this Python's Jupyter has: JupyterLab where there is one."""
    say = "import importlib.util as u; print(u.find_spec('notebook') and __import__('notebook').__version__)"
    version = subprocess.run([python, "-c", say], capture_output=True, text=True, check=True).stdout.strip()
    return Lab if version == "None" else Classic if version < "7" else Notebook7
