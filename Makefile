# One command each; `make` alone lists them.
VENV := .venv
PY := $(VENV)/bin/python
UV_VERSION := 0.13.9
PORT ?= 8501

.PHONY: help install run refresh demo test fuzz check fix templates screenshots kill bench lock audit clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(VENV)/.installed ## environment in .venv

run: install ## dashboard on 127.0.0.1:8501 (demo if nothing was ever built)
	$(PY) -m data.build --first
	$(PY) app.py --server.port $(PORT)

refresh: install ## take in new files and open data, publish a snapshot
	$(PY) -m data.build

test: $(VENV)/.installed-dev chromium postgresql proxy provider ## the whole suite, browser included
	$(PY) -m pytest -n 2 --dist loadfile tests

fuzz: $(VENV)/.installed-dev ## thousands of broken files through the real readers and refreshes (about an hour)
	$(PY) -m pytest tests/fuzz --hypothesis-profile=long --show-capture=no

check: $(VENV)/.installed-dev ## format, lint, types, import direction
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

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

bench: $(VENV)/.installed-dev chromium ## figures of docs/performance.md, measured on this machine
	$(PY) -m bench

lock: $(VENV)/.installed-dev ## resolve pyproject.toml into the two requirement files
	$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.txt

audit: $(VENV)/.installed-dev ## known defects of the dependencies; 3 when no advisory service answers
	@$(PY) .ci/audit.py requirements.txt

clean: ## caches only; data and environment stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; } \
		|| { echo "Chromium is needed by the browser tests: apt-get install chromium"; exit 1; }

# The provider of the sign-in tests; its package-lock.json pins what it is made of.
.PHONY: provider
provider:
	@command -v npm >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends nodejs npm; } \
		|| { echo "Node.js and npm are needed by the tests of the sign-in: apt-get install nodejs npm"; exit 1; }
	@test -d tests/browser/oidc/node_modules/oidc-provider || (cd tests/browser/oidc && npm ci --no-audit --no-fund --loglevel=error)

.PHONY: postgresql
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { apt-get update -q && apt-get install -y -q --no-install-recommends postgresql; } \
		|| { echo "PostgreSQL is needed by the tests of the journal: apt-get install postgresql"; exit 1; }

.PHONY: proxy
proxy:
	@{ command -v rsync && ls /usr/sbin/nginx; } >/dev/null 2>&1 || { apt-get update -q && apt-get install -y -q --no-install-recommends nginx rsync; } \
		|| { echo "nginx and rsync are needed by the tests of the deployment: apt-get install nginx rsync"; exit 1; }

# uv installs in seconds; pip does the same job where uv finds no registry.
define install_from
	test -x $(PY) || python3 -m venv $(VENV)
	$(PY) -m pip install -q --disable-pip-version-check uv==$(UV_VERSION) || true
	$(VENV)/bin/uv pip install -q -p $(PY) -r $(1) || $(PY) -m pip install -q --disable-pip-version-check -r $(1)
endef

$(VENV)/.installed: requirements.txt
	$(call install_from,requirements.txt)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt
	$(call install_from,requirements-dev.txt)
	@touch $(VENV)/.installed $@
