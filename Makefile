# `make` alone lists the verbs.
.DEFAULT_GOAL := help
.PHONY: help run quick test soak failover check format demo bench docs lock lowest pictures wheel sbom anew clean needs
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes

help: ## list the verbs
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: $(VENV)/run ## start the service with an embedded PostgreSQL
	$(BIN)/tiaojie run

quick: check ## check, and the tests that start nothing: no PostgreSQL, no browser
	EFFORT=quick $(BIN)/python -m pytest -n 2 -q

test: check needs ## check, then everything that a change needs
	EFFORT=test $(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder -q

soak: check needs ## all mutants, thousands of races, hundreds of kills: before an issue is called resolved
	EFFORT=soak $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -q
	$(BIN)/python -m tests.recorded whole
	@$(MAKE) failover

failover: $(VENV)/test ## kill the leader of three PostgreSQL nodes under Patroni, under load
	@.ci/needs failover && $(MAKE) $(VENV)/failover || true
	$(BIN)/python -m tests.faults.failover

check: $(VENV)/test ## format, lint, types and layers, without the tests
	@failed=0; for one in "ruff format --check ." "ruff check ." mypy lint-imports; do \
		echo "$(BIN)/$$one"; $(BIN)/$$one || failed=1; \
	done; exit $$failed

format: $(VENV)/test ## format the code and mend what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

demo: $(VENV)/run ## load a county's example disputes into an empty ledger
	$(BIN)/tiaojie demo

bench: $(VENV)/test ## run the benchmarks
	$(BIN)/python -m bench

wheel: $(VENV)/test ## build the wheel into dist/, with what is locked
	rm -rf dist
	$(BIN)/python -m pip wheel --disable-pip-version-check --quiet --no-deps --no-build-isolation --wheel-dir dist .

pictures: $(VENV)/test ## take the pictures of the documents anew, of a demo county that runs (make run)
	$(BIN)/python -m tests.pages.pictures

sbom: $(VENV)/test ## write what the program is made of into dist/ (CycloneDX)
	@mkdir -p dist
	for set in run server; do \
		$(BIN)/cyclonedx-py requirements requirements/$$set.lock --pyproject pyproject.toml --mc-type application \
			--output-reproducible --of JSON -o dist/tiaojie-$$set.cdx.json || exit 1; \
	done

lowest: $(VENV)/test ## run the quick tests with the lowest versions that pyproject.toml allows (needs uv)
	requirements/lowest

docs: $(VENV)/run ## write the generated pages of docs/
	$(BIN)/tiaojie docs

lock: $(VENV)/test ## resolve the dependencies anew (needs uv)
	requirements/lock

anew: $(VENV)/run ## delete the embedded ledger with its keys, and load the demo county again
	$(BIN)/tiaojie discard
	$(BIN)/tiaojie run

clean: ## remove what was built here; records and keys stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

needs: $(VENV)/test # what the tests need of the system
	@.ci/needs

# The stamps: a second run has nothing to install.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements/run.lock requirements/link | $(VENV)/bin/python
	$(PIP) -r requirements/run.lock
	requirements/link $(VENV)
	@touch $@

$(VENV)/failover: requirements/failover.lock requirements/patroni $(VENV)/test
	requirements/patroni $(VENV)
	@touch $@

$(VENV)/test: requirements/test.lock $(VENV)/run
	$(PIP) -r requirements/test.lock
	@touch $@
