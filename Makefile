# One command each; `make` alone lists them.
VENV := .venv
PY := $(VENV)/bin/python
UV_VERSION := 0.13.9
PORT ?= 8501
OIDC := tests/browser/oidc
TESTS ?= tests

.PHONY: help install run open refresh demo test test-long coverage fuzz check fix templates screenshots kill bench lock bare audit clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(VENV)/.installed ## environment in .venv

run: install ## dashboard on 127.0.0.1:8501 (demo if nothing was ever built)
	@$(PY) -m data.build --first
	@echo "Tableau de bord : http://127.0.0.1:$(PORT) (Ctrl+C pour l'arrêter)"
	@$(PY) app.py --server.port $(PORT)

open: install ## public data alone, fetched now: dashboard on 127.0.0.1:8501, without sign-in
	@$(PY) -m data.build --open
	@echo "Tableau de bord : http://127.0.0.1:$(PORT) (Ctrl+C pour l'arrêter)"
	@$(PY) app.py --server.port $(PORT)

refresh: install ## take in new files and open data, publish a snapshot
	$(PY) -m data.build

# Three workers on two cores: browsers, servers and time-outs are waited for. Whole files go to a worker, in the order of tests/conftest.py. Bytecode
# is kept, or each of the hundreds of processes started would compile the libraries again.
WORKERS ?= 3
PYTEST = PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test: $(VENV)/.installed-dev services ## one case of each rule and promise, browser included; COVERAGE=1 measures it
	$(PYTEST) -m "not long" $(if $(COVERAGE),--cov --cov-report= --cov-fail-under=0) $(TESTS)

test-long: $(VENV)/.installed-dev services ## the other cases: second forms, whole matrices, kills, crowds, a tenth of fuzz
	$(PYTEST) -m long --hypothesis-profile=campaign $(TESTS)

coverage: $(VENV)/.installed-dev ## lines and branches that `make test COVERAGE=1` ran; fails under the bound of pyproject.toml
	$(VENV)/bin/coverage report

fuzz: $(VENV)/.installed-dev ## thousands of broken files through the real readers and refreshes (about an hour)
	$(PY) -m pytest tests/fuzz --hypothesis-profile=long --show-capture=no

check: $(VENV)/.installed-dev ## format, lint (Python and SQL), types, import direction, locks
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/sqlfluff lint --processes 0 --disable-progress-bar data metrics
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) .ci/lock.py --check

fix: $(VENV)/.installed-dev ## format and apply safe fixes
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

templates: install ## empty workbooks for partners, in templates/
	$(PY) -m data.partners.templates

screenshots: $(VENV)/.installed-dev chromium ## pictures of every page and of the likeliest faults, in docs/images/
	$(PY) -m tests.browser.screenshots
	$(PY) -m tests.browser.fault_pictures

kill: $(VENV)/.installed-dev ## refreshes killed at every operation and at 200 random moments (an hour and a half)
	$(PY) -m tests.reliability.campaign

bench: $(VENV)/.installed-dev ## figures of docs/performance.md, measured on this machine
	$(PY) -m bench

lock: $(VENV)/.made ## resolve pyproject.toml into the two requirement files
	$(PY) .ci/lock.py

bare: ## both commands in a new Debian 12 file system, as root (HOW=run or HOW=test for one of them)
	@.ci/system.sh debootstrap
	.ci/bare.sh $(HOW)

audit: $(VENV)/.installed-dev ## bill of materials (bom.cdx.json), known defects of the dependencies; 3 when no advisory service answers
	@$(PY) .ci/audit.py requirements.txt

clean: ## caches only; data and environment stay
	rm -rf .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build

# What the tests start beside Python; libatomic1 is for the Node inside Playwright.
.PHONY: services
services: $(OIDC)/node_modules/.package-lock.json
	@.ci/system.sh chromium libatomic1 postgresql nginx rsync

.PHONY: chromium
chromium:
	@.ci/system.sh chromium libatomic1

# The provider of the sign-in tests: package-lock.json pins what it is made of; Node and npm come with the environment.
$(OIDC)/node_modules/.package-lock.json: $(OIDC)/package-lock.json $(VENV)/.installed-dev
	@cd $(OIDC) && $(abspath $(VENV))/bin/npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# .made marks a whole environment: without it, or when its Python has gone or changed, the folder is remade from nothing.
$(PY): ;

$(VENV)/.made: $(PY)
	@.ci/system.sh python3-venv
	@python3 -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 ou plus récent est nécessaire." >&2; exit 1; }
	@echo "Installation de l'environnement dans $(VENV)…"
	@python3 -m venv --clear $(VENV)
	@$(PY) -m pip install -q --disable-pip-version-check uv==$(UV_VERSION) 2>/dev/null || true
	@touch $@

# uv installs in seconds; pip does the same job, with the same hashes, where uv is not to be had or finds no registry.
$(VENV)/.installed: requirements.txt $(VENV)/.made
$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
$(VENV)/.installed $(VENV)/.installed-dev:
	@$(VENV)/bin/uv pip install -q -p $(PY) -r $< 2>/dev/null || $(PY) -m pip install -q --disable-pip-version-check -r $< \
		|| { echo "Dépendances de $< non installées : vérifier l'accès à un registre de paquets Python, puis relancer." >&2; exit 1; }
	@touch $@
