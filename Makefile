# What stands behind each target is said in the README.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; PYTHON=… chooses another one.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
INSTALLED := .venv/.installed
NODE_MODULES := node_modules/.package-lock.json
ASSETS := static-vendor/icons/sprite.svg
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
UV_INSTALL := $(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --require-hashes --only-binary :all:

.PHONY: help run test check soak bench manual install assets lock format clean

help: ## Zegt wat er kan
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: install assets ## Start alles en laadt de demo; Ctrl-C stopt alles (PORT, DATA_DIR)
	@PYTHON=$(BIN)/python .ci/system pango
	@exec $(BIN)/python manage.py up

test: install assets ## Draait alle tests, ook die in de browser (ARGS=… voor pytest)
	@PYTHON=$(BIN)/python .ci/system pango chromium poppler
	@echo "Tests draaien"
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: install assets ## Opmaak, fouten, typen, volgorde van de lagen, migraties, sjablonen
	@echo "Opmaak en fouten van Python"
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@echo "Typen"
	@$(BIN)/mypy --no-error-summary
	@echo "Volgorde van de lagen"
	@$(BIN)/lint-imports --no-logo --cache-dir .cache/import-linter > .cache/lint-imports.txt || { cat .cache/lint-imports.txt; exit 1; }
	@echo "Migraties"
	@$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --verbosity 1
	@echo "Sjablonen"
	@$(BIN)/djlint --quiet --lint templates
	@echo "docker-compose.yml"
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml

soak: install assets ## De lange proeven: honderden keren doden, knippen en storen (SOAK_ROUNDS)
	@PYTHON=$(BIN)/python .ci/system pango
	@SOAK_ROUNDS=$${SOAK_ROUNDS:-200} $(BIN)/python -m pytest tests/soak $(ARGS)

bench: install assets ## Meet, en zet het in één tabel
	@PYTHON=$(BIN)/python .ci/system pango
	@$(BIN)/python -m tests.bench $(ARGS)

manual: install assets ## Maakt de beelden van de handleiding, en er één HTML en PDF van in docs/handleiding/boek
	@PYTHON=$(BIN)/python .ci/system pango chromium
	@$(BIN)/python docs/handleiding/screenshots.py > .cache/manual.txt || { cat .cache/manual.txt; exit 1; }
	@$(BIN)/python docs/handleiding/book.py

format: install ## Zet de opmaak van Python en sjablonen recht
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --quiet --fix

install: $(INSTALLED)

assets: $(ASSETS)

$(INSTALLED): requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 of nieuwer ontbreekt. Op Debian: apt install python3." >&2; exit 1; }
	@test -x $(BIN)/python || PYTHON="$(PYTHON)" .ci/system venv
	@test -x $(BIN)/python || { echo "Python-omgeving maken in .venv"; "$(PYTHON)" -m venv .venv; }
	@test -x $(BIN)/pip || $(BIN)/python -m ensurepip --default-pip > /dev/null
	@echo "Pakketten installeren"
	@awk '/^[a-z]/ {wanted = /^uv==/} wanted' requirements-dev.txt > .venv/uv.txt
	@$(PIP_INSTALL) -r .venv/uv.txt
	@$(UV_INSTALL) -r requirements-dev.txt 2> .venv/uv.log || $(PIP_INSTALL) --only-binary :all: -r requirements-dev.txt
	@mkdir -p .cache && touch $@

# npm of the machine, or one from a Python package.
$(NODE_MODULES): package-lock.json package.json .npmrc | $(INSTALLED)
	@echo "Stijlen, scripts, pictogrammen en lettertype ophalen"
	@command -v npm > /dev/null || test -x $(BIN)/npm || $(PIP_INSTALL) --only-binary :all: -r requirements-node.txt
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --loglevel error > /dev/null
	@touch $@

$(ASSETS): $(NODE_MODULES) static/icons.txt welbevinden/assets.py | $(INSTALLED)
	@$(BIN)/python -m welbevinden.assets
	@touch $@

lock: ## Zet de versies van alle pakketten opnieuw vast (ARGS=--upgrade voor nieuwe)
	@test -x $(BIN)/uv || { echo "Eerst: make install" >&2; exit 1; }
	@compile="$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header $(ARGS)"; \
	$$compile pyproject.toml -o requirements.txt > /dev/null; \
	$$compile pyproject.toml --group dev -o requirements-dev.txt > /dev/null; \
	$$compile --group pyproject.toml:node -o requirements-node.txt > /dev/null
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --package-lock-only --loglevel error > /dev/null

clean: ## Haalt weg wat gemaakt is; de gegevens in .data blijven
	@rm -rf .venv .cache .hypothesis node_modules static-vendor
