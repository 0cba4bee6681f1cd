# Everything a person or a machine does with this project. `make` alone lists it.
# Needs GNU make 3.81 or newer and Python 3.11 or newer; the rest is installed into .venv.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PYTEST_WORKERS ?= 2
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo servers elasticsearch test test-fast mutants check fmt shots pictures diagram bench lock messages seed clean venv venv-dev

help: ## list the targets
	@echo "make TARGET, where TARGET is"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' Makefile
	@echo "PORT (8000) and DATA_DIR (.data) choose where a demo lives; PYTHON (python3) makes .venv."

demo: venv ## the whole platform with demo data on http://127.0.0.1:8000/, until Ctrl-C
	@$(PY) -m devstack demo

servers: venv ## PostgreSQL and Valkey alone, until Ctrl-C, for those who run the web process themselves
	@$(PY) -m devstack servers

elasticsearch: venv ## an Elasticsearch, fetched with Maven, until Ctrl-C; prints the ELASTICSEARCH_URL to export. Needs Java 17
	@$(PY) -m devstack elasticsearch

test: venv-dev ## all tests; ARGS="tests/core -k moves" chooses some
	@$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: venv-dev ## the tests without browser and without whole stacks
	@$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder -m "not browser and not slow" $(ARGS)

mutants: venv-dev ## mutate the rules and see whether their tests fail; ARGS="programs/rules.py" chooses modules
	@$(PY) -m tests.mutants $(ARGS)

check: venv-dev ## style, types, layers, templates, missing migrations, deployment settings
	@sh .ci/check $(PY)

fmt: venv-dev ## format Python and templates
	@$(PY) -m ruff check --quiet --fix-only . && $(PY) -m ruff format .
	@find templates -name '*.html' -exec $(PY) -m djhtml --tabwidth 2 {} +

shots: venv-dev ## pictures of every page for every role; ARGS="--language ru" chooses the language
	@$(PY) -m tests.shots $(ARGS)

pictures: venv-dev ## the three pictures of README.md, from a demonstration of their own
	@$(PY) -m tests.shots.front $(ARGS)

diagram: venv-dev ## the diagram of docs/architecture.md, from the import contract in pyproject.toml
	@$(PY) -m tests.docs.diagram

bench: venv-dev ## the figures the project holds itself to, beside their bare twins
	@$(PY) -m bench $(ARGS)

messages: venv-dev ## collect what there is to translate, compile what is translated
	@MIRAS_TESTING=1 $(PY) manage.py collect_messages
	@MIRAS_TESTING=1 $(PY) manage.py compile_message_files

seed: venv ## more demo people: ARGS="--experts 1000 --programs 100 --seed 1"
	@$(PY) -m devstack run -- $(PY) manage.py seed_demo $(ARGS)

UV_LOCK := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header
lock: venv ## renew the lock files: production, `make demo`, tests; ARGS="--upgrade" takes the newest of everything
	@command -v uv >/dev/null || test -x $(VENV)/bin/uv || $(PY) -m pip install --quiet --disable-pip-version-check uv
	@$(UV_LOCK) $(ARGS) pyproject.toml -o requirements.lock
	@$(UV_LOCK) $(ARGS) pyproject.toml --group local -o requirements-local.lock
	@$(UV_LOCK) $(ARGS) pyproject.toml --group dev -o requirements-dev.lock

clean: ## remove .venv and caches; data folders stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What was installed is kept beside it: a lock that did not change costs nothing, an interrupted install is done again.
venv:
	@cmp -s requirements-local.lock $(VENV)/requirements-local.lock || sh .ci/venv "$(PYTHON)" $(VENV) requirements-local.lock

venv-dev:
	@cmp -s requirements-dev.lock $(VENV)/requirements-dev.lock || sh .ci/venv "$(PYTHON)" $(VENV) requirements-dev.lock
