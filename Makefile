# The one door, for people and for CI. Needed beforehand: Python 3.11 or newer, and make.
#   make serve        the site and the SPARQL service on http://127.0.0.1:8000 (PORT=9000 make serve)
#   make test         every test that is not slow
#   make test-slow    every test
#   make lint         ruff and mypy
#   make bench        how long the build, the server's start and a question take; requests a second beside other servers
#   make docs         writes the generated tables and answers of README and docs/
#   make lock         renews requirements/lock.txt
#   make clean        removes .venv, build and caches
# LOCK= (empty) installs the newest versions instead of the locked ones.

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
LOCK ?= $(wildcard requirements/lock.txt)
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install $(if $(LOCK),-c $(LOCK))
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help serve test test-slow lint bench docs lock clean

help:
	@sed -n 's/^#   //p' Makefile

serve: $(VENV)/.run
	@exec $(BIN)/emkg serve --host $(HOST) --port $(PORT)

test: $(VENV)/.test $(VENV)/.programs
	@$(PYTEST) -q -m "not slow" $(ARGS)

test-slow: $(VENV)/.test $(VENV)/.programs
	@$(PYTEST) -q $(ARGS)

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/python -m mypy

bench: $(VENV)/.run $(VENV)/.peers $(VENV)/.programs
	@$(BIN)/emkg build --if-stale
	@$(BIN)/python tools/bench.py; first=$$?; \
	if [ -n "$$EMKG_CORPORA" ]; then $(BIN)/python tools/bench_harvest.py || first=$$?; \
	else echo "harvest: not measured; set EMKG_CORPORA to the folder that holds corpora/"; fi; \
	$(BIN)/python tools/bench_http.py && exit $$first

docs: $(VENV)/.run
	@$(BIN)/emkg build --if-stale
	@$(BIN)/python tools/docs.py

# Stamps: a second call does nothing but compare three dates.
$(VENV)/.run: $(VENV)/.made pyproject.toml $(LOCK)
	@echo "emkg: installing what it needs into $(VENV) (once; some minutes on a slow line)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml $(LOCK)
	@echo "emkg: installing what it needs, and what its tests need, into $(VENV)"
	@$(PIP) -e '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.lint: $(VENV)/.made pyproject.toml $(LOCK)
	@$(PIP) -e '.[lint]'
	@touch $@ $(VENV)/.run

# Foreign clients that tests use; what cannot be had is named, and its tests are skipped.
$(VENV)/.programs: $(VENV)/.made tools/programs.sh
	@sh tools/programs.sh $(VENV)
	@touch $@

# Other servers to measure beside, in an environment of their own: what speeds them up must not speed us up.
$(VENV)/.peers: $(VENV)/.made
	@echo "emkg: installing the servers that it is measured beside into $(VENV)/peers"
	@$(BIN)/python -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --disable-pip-version-check -q install oxigraph 'rdflib-endpoint[cli]'
	@touch $@

# The first Python that is new enough makes the environment. Debian and Ubuntu split venv off into a package of its own.
$(VENV)/.made:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "emkg needs Python 3.11 or newer, and none was found; install one, or name it: make PYTHON=/path/to/python3" >&2; exit 2; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "emkg: this Python has no venv; on Debian or Ubuntu: apt install python3-venv" >&2; exit 2; \
	fi; \
	$$found -m venv $(VENV) && touch $@

# Versions only, from a fresh environment, so that the file says nothing about the machine that wrote it.
lock: $(VENV)/.made
	@rm -rf build/lock && $(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check -q install '.[test,lint]'
	@{ echo "# Written by 'make lock'. Used as pip's constraints: pins versions, asks for nothing."; \
	   build/lock/bin/python -m pip --disable-pip-version-check freeze --exclude emkg | grep -E '^[A-Za-z0-9._-]+==' | LC_ALL=C sort -f; } > requirements/lock.txt
	@rm -rf build/lock && echo "requirements/lock.txt: $$(grep -c == requirements/lock.txt) packages"

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
