# make demo    load a real order log, run the whole loop, print the review, serve the console (SERVE=0: end after the review)
# make test    every check; ends with the runner's summary
# make check   the checks that take seconds: style, types, rooms
# make bench   measure against the physical limit (NAME=segments for one)
# make docs    write the generated documents anew
# make messages  collect new texts into the English catalogues
# make lock    pin the newest packages that pyproject.toml allows

PYTHON ?= python3
BIN := .venv/bin
SERVE ?= 1
PORT ?= 8000
HOOK := pyproject.toml hatch_build.py $(wildcard homeground/ui/assets/*) $(wildcard homeground/*/locale/*/LC_MESSAGES/*.po)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test check bench docs messages lock
.DELETE_ON_ERROR:

demo: .venv/run
	@$(BIN)/homeground demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

test: .venv/dev .venv/chromium check
	$(BIN)/pytest -n 2 --dist loadfile

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/dev
	@$(BIN)/homeground bench $(NAME)

docs: .venv/dev
	$(BIN)/homeground segments schema > docs/segment.schema.json
	$(BIN)/homeground journeys schema > docs/journey.schema.json
	$(BIN)/homeground playbooks schema > docs/playbook.schema.json

messages: .venv/dev
	$(BIN)/python -m homeground.ui.catalogues

COMPILE = $(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url
lock: .venv/dev
	$(COMPILE) --upgrade --group dev -o requirements-dev.lock
	$(COMPILE) --upgrade -c requirements-dev.lock -o requirements.lock

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Homeground needs Python 3.11 or newer: make PYTHON=python3.11 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { echo "The venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/run: .venv/python requirements.lock $(HOOK)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

.venv/chromium: .venv/dev
	@sh tests/get_chromium.sh
	@touch $@
