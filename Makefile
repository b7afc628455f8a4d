# Every target sets up what it needs first and says how long that takes. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=
IMAGE ?= fare-engine

.DEFAULT_GOAL := help
.PHONY: help setup lock lint format types imports test faults check image bench demo run screenshots clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev ## Build .venv with everything, pinned by hash (about a minute, once)

run: $(VENV)/.run ## The bot, from .env
	@$(PY) -m bot run $(ARGS)

demo: $(VENV)/.demo ## The bot in your browser, no account needed; or ARGS="--script --json"
	@$(PY) -m bot demo $(ARGS)

screenshots: $(VENV)/.demo ## A picture of each kind of message, taken from the demo (needs Chromium)
	@$(PY) -m bot.demo.screenshots $(ARGS)

test: $(VENV)/.dev ## All quick tests (about five minutes on two cores)
	@$(PY) -m pytest -q -n auto --dist worksteal $(ARGS)

faults: $(VENV)/.dev ## The bot killed 500 times while it delivers, over 10,000 hostile replies read (about three minutes)
	@$(PY) -m pytest -q -n auto --dist worksteal --hypothesis-profile=hostile --kills 500 -k "hostile or killed" tests/unit/fares tests/faults $(ARGS)

check: lint types imports test ## Lint, types, import contracts, then tests

lint: $(VENV)/.dev ## ruff, rules and format; hadolint for the Dockerfile
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .
	@if [ -x $(VENV)/bin/hadolint ]; then $(VENV)/bin/hadolint Dockerfile; fi

format: $(VENV)/.dev ## Let ruff mend what it can
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

types: $(VENV)/.dev ## mypy, strict
	@$(PY) -m mypy

imports: $(VENV)/.dev ## The import contracts of the house
	@$(VENV)/bin/lint-imports

image: ## The container image, with Docker or Podman: make image IMAGE=fare-engine
	@builder=$$(command -v docker || command -v podman) || { echo "Docker or Podman is missing; docs/operations.md says how to run without."; exit 1; }; \
	"$$builder" build --tag $(IMAGE) $(ARGS) .

bench: $(VENV)/.dev ## The figures: make bench ARGS=--json
	@$(PY) -m benchmarks $(ARGS)

lock: $(VENV)/.dev ## Write requirements/*.txt anew from pyproject.toml
	@for set in "run:build redis apprise" "demo:build demo" "dev:build redis apprise demo dev"; do \
	  extras=$$(for extra in $${set#*:}; do printf ' --extra %s' $$extra; done); \
	  $(VENV)/bin/uv pip compile pyproject.toml $$extras --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --quiet --output-file requirements/$${set%%:*}.txt || exit 1; \
	  echo "requirements/$${set%%:*}.txt written"; \
	done

clean: ## Remove .venv and caches; never data/
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python is missing: install Python 3.11 or newer, or name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This Python is too old: $$($(PYTHON) --version), 3.11 or newer is needed. Name another: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python has no venv: on Debian and Ubuntu, apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run $(VENV)/.demo $(VENV)/.dev: $(VENV)/.%: requirements/%.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up .venv for '$*' (under a minute with a good line, once) ..." >&2
	@begun=$$(date +%s); \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$*.txt && \
	$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . || \
	  { echo "The packages could not be installed: see the lines above; a clone needs PyPI once."; exit 1; }; \
	touch $@; if [ $* = dev ]; then touch $(VENV)/.demo $(VENV)/.run; elif [ $* = demo ]; then touch $(VENV)/.run; fi; \
	echo "Ready in $$(( $$(date +%s) - begun )) s." >&2
