# `make demo` and `make test` set up all they need in .venv; python and make are enough.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
NACRE := $(BIN)/nacre

.PHONY: demo test contract foreign setup lint types imports format bench thorough templates docs package services peers clean

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: setup
	PATH="$(abspath $(BIN)):$$PATH" bash examples/demo.sh

test: setup services foreign
	$(BIN)/python -m pytest -n auto

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

imports: setup
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What the benchmarks compare with and PyPI does not have: Jena from Debian.
peers: setup
	$(BIN)/python tools/install_services.py --peers

bench: setup peers
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/ledger.py
	$(BIN)/python benchmarks/ontologies.py

thorough: setup services foreign peers
	$(BIN)/python tools/thorough.py

# The AAS files of our own templates, from submodels/definitions.
templates: setup
	$(BIN)/python tools/make_own_templates.py

docs: setup
	$(BIN)/python tools/make_docs.py

package: setup
	$(BIN)/python -m build --outdir dist
	$(BIN)/check-wheel-contents --toplevel nacre_aas,nacre_submodels,nacre_ledger,nacre_ontologies,nacre_cli dist/*.whl

# PostgreSQL from Debian and the anvil node from npm; what cannot be installed is said.
services:
	$(PYTHON) tools/install_services.py

# Programs that check our proofs, and the compiler of the contract: their pins collide with ours.
foreign:
	$(PYTHON) tools/install_foreign.py

contract: foreign
	$(PYTHON) tools/make_contract.py .services/vyper/bin/vyper

clean:
	rm -rf $(VENV) dist
