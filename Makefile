# Every command of the project. Nothing is needed beforehand but make, Python 3.11 or later and Node 20 or later.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help env assets up test long pages demo check abuse bench contracts lock licences clean

# Whatever the caller's shell says: a process that compiles every module anew starts three times as slowly.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
UV_VERSION := 0.13.9

python := .venv/bin/python
uv := .venv/tools-$(UV_VERSION)/bin/uv
built := src/throughcare/kit/web/static/assets/manifest.json

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo 'ARGS="..." is handed on to the command, for example: make test ARGS="-k referral"'

env: .venv/.ready ## Build the Python environment in .venv from requirements.lock

assets: $(built) ## Fetch the design system with Node and build the pages' styles and scripts

up: env assets ## Start the whole system on http://localhost:8080 (PORT=9090 for another port)
	@$(python) -m throughcare up $(if $(PORT),--port "$(PORT)") $(ARGS)

test: env assets ## Run the tests, but for those of the two commands below
	@$(python) -m pytest -n logical --maxprocesses 2 --dist loadscope --no-loadscope-reorder $(ARGS)

long: env assets ## Run the long tests: random walks, outages, API documents, histories, large loads, the tutorial
	@$(python) -m pytest -m long -n logical --maxprocesses 2 --dist loadscope --no-loadscope-reorder $(ARGS)

pages: env assets ## Walk through every page in a browser, for both sides and with hostile input (needs Chromium)
	@$(python) -m pytest tests/pages -n logical --maxprocesses 2 --dist loadscope --no-loadscope-reorder $(ARGS)
	@$(if $(ARGS),,$(python) -m tests.pages.whole)

demo: env assets ## Perform the main job against a running system (APART=1: each service in its own process)
	@$(python) -m throughcare demo $(if $(APART),--apart) $(ARGS)

check: env assets ## Check style, types, imports, dependencies and the project's own rules
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy
	@$(python) -c 'from importlinter.cli import lint_imports_command as run; run()'
	@$(python) -m deptry .
	@$(python) tools/lint
	@$(python) tools/licences.py --check

abuse: env assets ## Kill workers and the database at random, then compare the ledgers
	@$(python) -m tests.abuse $(ARGS)

bench: env assets ## Measure against the budgets and write docs/performance.md
	@$(python) -m throughcare bench $(ARGS)

contracts: env ## Write contracts/ anew from the code
	@$(python) -m throughcare contracts $(ARGS)

lock: $(uv) ## Resolve the dependencies of pyproject.toml into requirements.lock (ARGS=--upgrade for newer ones)
	@$(uv) pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --custom-compile-command "make lock" --quiet --output-file requirements.lock $(ARGS)

licences: env assets ## Write docs/licences.md from what is installed
	@$(python) tools/licences.py

clean: ## Remove everything that was built; the data in .data stays
	@rm -rf .venv node_modules "$(dir $(built))" .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find src tests tools -name __pycache__ -type d -exec rm -rf {} +

$(uv):
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or later is needed: install it (Debian: apt-get install python3 python3-venv) or name it (make PYTHON=/path/to/python3)' >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or later is needed, and $(PYTHON) is not: name another (make PYTHON=/path/to/python3)' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo 'the module venv of $(PYTHON) is missing: install it (Debian: apt-get install python3-venv)' >&2; exit 1; }
	@$(python) -c '' 2>/dev/null || { echo 'env: making .venv'; "$(PYTHON)" -m venv --clear .venv; }
	@$(python) -m pip install --quiet --disable-pip-version-check --target .venv/tools-$(UV_VERSION) --upgrade uv==$(UV_VERSION)
	@touch "$@"

.venv/.ready: requirements.lock pyproject.toml $(uv)
	@echo 'env: installing what requirements.lock names (a minute or two the first time)'
	@$(uv) pip sync --quiet --compile-bytecode --python $(python) --require-hashes requirements.lock
	@$(uv) pip install --quiet --python $(python) --no-deps --no-build-isolation --editable .
	@touch "$@"

node_modules/.ready: package.json package-lock.json .npmrc
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { echo 'Node 20 or later is needed to build the pages: install it from https://nodejs.org/ and run make again' >&2; exit 1; }
	@command -v npm >/dev/null || { echo 'npm is missing beside Node: install it (Debian: apt-get install npm) and run make again' >&2; exit 1; }
	@echo 'assets: fetching the design system'
	@npm ci --loglevel=error
	@touch "$@"

$(built): node_modules/.ready $(wildcard assets/*.* assets/licences/*)
	@node assets/build.mjs
