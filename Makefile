# Everything works from a fresh clone: what is missing is set up in .venv first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
QUESTION ?= Which organisations are Kazakhstan and Russia both members of, and who says so?

.PHONY: help ask test check lint types data oracle bench requirements clean

help:
	@echo "make ask       set up, then answer a first question with its evidence"
	@echo "               (QUESTION='...' asks another, SOURCES=DIR shows the passages' text)"
	@echo "make test      set up, then run every check: lint, types, data, queries, tests"
	@echo "make oracle    compare what follows from all the data with owlrl (5 to 15 minutes)"
	@echo "make bench     measure, as ratios against named peers in one run"
	@echo "make requirements   pin the development dependencies anew"
	@echo "make clean     remove .venv and what tools left behind"

$(READY): requirements-dev.txt pyproject.toml
	@echo "== setting up .venv (once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "kzgraph needs Python 3.11 or newer; PYTHON=/path/to/python3.12 make ... names one"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

ask: $(READY)
	@echo "== $(QUESTION)"
	@$(BIN)/kzgraph ask "$(QUESTION)" --evidence $(if $(SOURCES),--sources $(SOURCES))

test: check

check: lint types data
	@echo "== tests"
	$(BIN)/python -m pytest -n auto

lint: $(READY)
	@echo "== lint"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	@echo "== types"
	$(BIN)/mypy

data: $(READY)
	@echo "== data and queries"
	$(BIN)/kzgraph format --check
	$(BIN)/kzgraph queries --check
	$(BIN)/kzgraph validate
	$(BIN)/kzgraph stats --check README.md

oracle: $(READY)
	KZGRAPH_ORACLE=whole $(BIN)/python -m pytest tests/reasoning/test_repository.py tests/reasoning/test_proofs.py

bench: $(READY)
	$(BIN)/python benchmarks/answer.py
	$(BIN)/python benchmarks/closure.py
	$(BIN)/python benchmarks/queries.py

requirements: $(READY)
	$(BIN)/python -m pip install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	  --strip-extras --extra dev --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  -o requirements-dev.txt pyproject.toml

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
