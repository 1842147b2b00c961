# make run    fresh machine -> environment, then the main job, then where the report lies
# make test   fresh machine -> environment, then every check and test
# make help   all targets
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(if $(shell $(p) -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null | grep True),$(p))))
VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/.installed
PANEL := .venv-panel

.PHONY: help env run test fast lint browser bench pairing panel validate clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(DONE)  ## create .venv with regionsim and everything it needs

$(DONE): pyproject.toml
	@test -n "$(PYTHON)" || { echo "regionsim needs Python 3.11 or newer; none was found"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

run: $(DONE)  ## the main job: no plan against the plan
	$(BIN)/regionsim

test: lint browser  ## lint, then every test (well under 15 minutes on two cores)
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup --durations 10
	$(BIN)/python -m pytest -q --nbmake --nbmake-timeout=600 experiments

fast: $(DONE)  ## the tests that do not need the whole region, a browser or a build
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not slow and not browser"

lint: $(DONE)  ## ruff, mypy --strict, import-linter, size budget
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/size_budget.py

browser:  ## a headless Chromium for the page test (Debian package, only if there is none)
	@command -v chromium >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; }

bench: $(DONE)  ## timings: the quarter, and against an object-per-agent model (JSON on the last line)
	$(BIN)/python -m benchmarks.quarter
	$(BIN)/python -m benchmarks.versus_mesa

pairing: $(DONE)  ## how much sharper effects are when runs share their seed (JSON on the last line)
	$(BIN)/python -m benchmarks.pairing

$(PANEL)/.installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "regionsim needs Python 3.11 or newer; none was found"; exit 1; }
	$(PYTHON) -m venv $(PANEL)
	$(PANEL)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(PANEL)/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[panel]"
	@touch $@

panel: $(PANEL)/.installed  ## the forecast pool against statsforecast on public series (JSON on the last line)
	$(PANEL)/bin/python -m benchmarks.seasonal_panel

validate: $(DONE)  ## the baseline beside the published figures, at scale 1
	$(BIN)/regionsim validate

clean:  ## remove the environment and caches, keep results
	rm -rf $(VENV) $(PANEL) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
