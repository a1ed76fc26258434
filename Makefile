# `make help` lists the targets. What a machine lacks is said aloud as SKIPPED and does not fail.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first interpreter that is new enough; or say which: make PYTHON=/path/to/python3 test
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

VENV := .venv
DEMO := .demo
BIN := $(VENV)/bin
ENV_READY := $(VENV)/.ready
DEMO_READY := $(DEMO)/venv/.ready
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input

define make_venv
@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer was not found; give it as PYTHON=..." >&2; exit 1; }
@test -x $(1)/bin/pip || "$(PYTHON)" -m venv --clear $(1)
endef

.PHONY: help demo test env lint format types arrows unit package docs bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-8s  %s\n' "$$name" "$$text"; done

demo: $(DEMO_READY) ## fill a store of made data and show the main job; touches nothing outside .demo
	@PATH="$(CURDIR)/$(DEMO)/venv/bin:$$PATH" sh scripts/demo.sh $(DEMO)

test: lint types arrows unit docs package ## everything that CI checks
	@echo "make test: all passed"

env: $(ENV_READY) ## make the environment for development in .venv

lint: $(ENV_READY) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(ENV_READY) ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(ENV_READY) ## mypy (strict) and pyright
	$(BIN)/mypy
	@if ! command -v node >/dev/null 2>&1; then \
		echo "SKIPPED: pyright: node is not installed"; \
	elif ! PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --version >/dev/null 2>&1; then \
		echo "SKIPPED: pyright: its node package cannot be fetched"; \
	else \
		echo "$(BIN)/pyright"; \
		PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python; \
	fi

arrows: $(ENV_READY) ## import-linter: the arrows between the rooms
	$(BIN)/lint-imports --no-logo

unit: $(ENV_READY) ## the tests, with branch coverage
	$(BIN)/python -m pytest -m "not package" -n auto --dist worksteal --cov --cov-report=term

package: $(ENV_READY) ## build sdist and wheel, and look inside
	$(BIN)/python -m pytest -m package tests/guards

docs: $(ENV_READY) ## compare the generated pages and completions with the commands
	@if [ -f scripts/docs.py ]; then \
		echo "$(BIN)/python scripts/docs.py --check"; $(BIN)/python scripts/docs.py --check; \
	else \
		echo "SKIPPED: docs: no page is generated yet"; \
	fi

bench: $(ENV_READY) ## measure
	@if [ -f benchmarks/__main__.py ]; then \
		echo "$(BIN)/python -m benchmarks"; $(BIN)/python -m benchmarks; \
	else \
		echo "SKIPPED: bench: no benchmark is written yet"; \
	fi

clean: ## remove the environments and all that was built
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .coverage .coverage.* htmlcov
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(ENV_READY): pyproject.toml
	$(call make_venv,$(VENV))
	$(BIN)/python $(PIP_INSTALL) -e '.[dev]'
	@touch $@

$(DEMO_READY): pyproject.toml
	$(call make_venv,$(DEMO)/venv)
	$(DEMO)/venv/bin/python $(PIP_INSTALL) -e .
	@touch $@
