# `make` alone lists what there is. Needs Python 3.11 or newer with venv and pip; PYTHON=python3.12 chooses another.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup check test serve demo schema bench lock

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/develops ## make .venv with everything needed to run, test and check

demo: $(VENV)/runs ## start the server with a demo workspace; the only command a newcomer needs
	$(BIN)/pushback demo $(ARGS)

serve: $(VENV)/runs ## start the server on the data in PUSHBACK_DATA
	$(BIN)/pushback serve $(ARGS)

test: $(VENV)/develops ## run the tests but the slow ones, which ARGS='-m slow' runs
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow" $(ARGS)

check: $(VENV)/develops ## lint, types, import contracts, and that schema.graphql is up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m graphql_api.schema | diff -u schema.graphql - || { echo 'schema.graphql is not up to date: run `make schema`'; exit 1; }

schema: $(VENV)/develops ## write schema.graphql, docs/refusals.md and docs/errors.md anew
	$(BIN)/python -m graphql_api.schema > schema.graphql.new
	mv schema.graphql.new schema.graphql
	$(BIN)/python -m graphql_api.types.refusals > docs/refusals.md.new
	mv docs/refusals.md.new docs/refusals.md
	$(BIN)/python -m graphql_api.types.errors > docs/errors.md.new
	mv docs/errors.md.new docs/errors.md

bench: $(VENV)/develops ## measure the claims of the README against peers
	$(BIN)/python -m bench $(ARGS)

lock: $(VENV)/develops ## write the lock files anew (needs uv)
	uv pip compile pyproject.toml --group packaging --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --group packaging --group dev -c requirements.lock --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Pushback needs Python 3.11 or newer: make PYTHON=python3.12 ...'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runs: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/develops: requirements-dev.lock $(VENV)/runs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
