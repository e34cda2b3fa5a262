# make lab: read the course.  make test: check everything.  make env and make dev: the set-up alone, of the one and the other.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# JupyterLab refuses to run as root, as in a container, unless it is told to.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Threads that wait stop spinning soon: on a busy machine torch is up to ten times faster, on an idle one no slower.
export GOMP_SPINCOUNT ?= 3000
# What Python has compiled it keeps, also where it is told not to, as in many containers: hundreds of processes import it.
export PYTHONDONTWRITEBYTECODE :=
LESSONS := $(wildcard notebooks/*.ipynb)

# A set-up that fails in the middle is begun anew.
.DELETE_ON_ERROR:
.PHONY: lab test reliability env dev docs site address outputs clean

lab: env
	$(BIN)/python -m jupyterlab $(AS_ROOT) --ServerApp.root_dir="$(CURDIR)" notebooks/00_start_here.ipynb

# Two workers of one thread each, for two cores. Each takes a file, or a lesson, after the other, the longest first and
# those with a browser last (tests/conftest.py).
WORKERS ?= 2
NBVAL := --nbval --nbval-current-env --nbval-cell-timeout=300
test: export OMP_NUM_THREADS ?= 1
test: dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=15 --durations-min=5 \
	  $(NBVAL) -m "not slow" $(LESSONS) tests

# What docs/reliability.md promises, every lesson TIMES times, on one thread and on two in turn, and the claims of every
# lesson with ten seeds, as far as tests/claims.json has not got them: some hours. TORCHES: the Pythons of environments
# with other versions of torch, for one seed each.
TIMES ?= 10
JOBS ?= 1
reliability: dev
	$(BIN)/python -m pytest -s -m slow tests
	for i in $$(seq $(TIMES)); do echo "Lessons, $$i of $(TIMES)"; OMP_NUM_THREADS=$$((i % 2 + 1)) \
	  $(BIN)/python -m pytest -q $(NBVAL) $(LESSONS) || exit 1; done
	$(BIN)/python tools/seeds.py --seeds 0-9 --threads 1 --threads 2 --jobs $(JOBS)
	$(if $(TORCHES),$(BIN)/python tools/seeds.py --seeds 0 --threads 1 $(addprefix --python ,$(TORCHES)) --jobs $(JOBS))

env: $(VENV)/.lab

dev: $(VENV)/.dev

# These two are newer than what they were made from, or they are made again. Each is one installation, dev holds all of
# lab. TORCH=cpu or TORCH=cuda: tools/install.py
$(VENV)/.lab $(VENV)/.dev: $(VENV)/.%: pyproject.toml constraints.txt tools/install.py | $(VENV)/pyvenv.cfg
	@echo "Installing $* into $(VENV), this once: a minute or some."
	@$(BIN)/python tools/install.py $*
	@touch $(VENV)/.lab $@

$(VENV)/pyvenv.cfg:
	@command -v "$(PYTHON)" >/dev/null || { echo \
	  "There is no $(PYTHON) here; install Python 3.11 or newer, or name the one you have: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo \
	  "The course needs Python 3.11 or newer and $(PYTHON) is older; name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c "import venv, ensurepip" 2>/dev/null || { echo \
	  "This Python has no venv module; install it first (on Debian and Ubuntu: sudo apt install python3-venv)." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

# The docstrings as pages: build/docs/index.html
docs: dev
	$(BIN)/python -m pdoc --docformat google --output-directory build/docs course_lib

# The rendered edition, every lesson as a static page with its stored outputs: build/site/index.html
site: dev
	$(BIN)/python tools/edition.py

# After a change of the repository's address in pyproject.toml: badges and first cells follow.
address: dev
	$(BIN)/python tools/notebooks.py address

# Run every lesson and store its outputs in it.
outputs: dev
	$(BIN)/python tools/notebooks.py run

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis
