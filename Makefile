# Every target makes what it needs: a virtual environment in .venv from the lock files.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Several times quicker than pip, by the same hashes; pip where uv does not reach what pip is set up for.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(PIP) $(1)
# What is installed is compiled when first imported; at once where Python is told to keep nothing.
export UV_COMPILE_BYTECODE := $(if $(PYTHONDONTWRITEBYTECODE),1,0)

.PHONY: demo test check bench lock format messages browser

demo: $(VENV)/.run
	$(BIN)/registry demo $(ARGS)

test: $(VENV)/.dev browser
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py

# Chromium and a Khmer font for the tests in a real browser; without them these are left out.
browser:
	@command -v chromium chromium-browser >/dev/null || \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
				--no-install-recommends chromium fonts-noto-core >/dev/null; \
		else echo "The tests in a real browser are left out: install chromium to run them."; fi

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.peers
	$(BIN)/python -m pytest benchmarks -o addopts="" --benchmark-only --benchmark-autosave $(ARGS)

# Take the texts of the pages into the catalogues; what is new in them waits for a translation.
messages: $(VENV)/.dev
	$(BIN)/pybabel -q extract -F babel.cfg -k message -o $(VENV)/messages.pot --no-location --sort-output --omit-header .
	$(BIN)/pybabel -q update -i $(VENV)/messages.pot -d api/pages/locale -l km --no-fuzzy-matching \
		--omit-header --ignore-obsolete --no-wrap

# Universal locks (any Python from 3.11), with hashes, without index addresses.
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --quiet --no-header
COMPILE := $(LOCK) pyproject.toml

lock: $(VENV)/.dev
	$(COMPILE) --upgrade --group build -o requirements.lock
	$(COMPILE) --upgrade --group build --group dev --constraint requirements.lock -o requirements-dev.lock
	$(COMPILE) --upgrade --group build --group dev --group peers --constraint requirements-dev.lock -o requirements-peers.lock
	$(LOCK) --upgrade --group installer --constraint requirements-dev.lock -o requirements-uv.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BIN)/uv: | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements-uv.lock

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/uv
	$(call INSTALL,--require-hashes -r requirements.lock)
	$(call INSTALL,--no-deps --no-build-isolation --editable .)
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(call INSTALL,--require-hashes -r requirements-dev.lock)
	@touch $@

$(VENV)/.peers: requirements-peers.lock $(VENV)/.dev
	$(call INSTALL,--require-hashes -r requirements-peers.lock)
	@touch $@
