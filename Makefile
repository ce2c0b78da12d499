# On a fresh machine with Python 3.11 or later (with venv), git and make:
#   make demo     installs into .venv and opens the app on the embedded archive; needs no network afterwards
#   make test     installs into .venv and runs all tests
# Also: make lint, make screenshots, make clean. PYTHON=/path/to/python3 chooses the interpreter, ARGS=… is handed on.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTHON ?=
ARGS ?=

.PHONY: help demo test lint format screenshots clean

help:
	@sed -n '2,4s/^# *//p' Makefile

demo: $(VENV)/.ready
	@$(BIN)/mast-tui --demo $(ARGS)

test: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(VENV)/.ready-dev
	$(BIN)/python screenshots/make.py $(ARGS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The first interpreter that is new enough; asked by running it, since a name on the PATH need not work.
$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    if "$$python" -m venv $(VENV); then exit 0; fi; \
	    rm -rf $(VENV); \
	    echo "$$python can't make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "mast-tui needs Python 3.11 or later, and none was found. Install one, or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/.ready: pyproject.toml | $(BIN)/python
	@echo "Installing mast-tui into $(VENV) …"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml | $(BIN)/python
	@echo "Installing mast-tui and its tests' tools into $(VENV) …"
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.ready
