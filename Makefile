PORT ?= 8000
BIN := .venv/bin
PYTHON := $(BIN)/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input -qq
PYTEST := $(PYTHON) -m pytest
ON_POSTGRES := -p tests.plugins.postgres
# What asks no database, or does not depend on which it is, runs on one of them.
ONCE := tests/test_house_rules.py tests/accounts/test_addresses.py $(wildcard tests/accounts/test_metadata*.py) \
	$(wildcard tests/invitations/test_target*.py) tests/test_docs.py tests/api/test_openapi.py \
	tests/api/test_schemathesis.py tests/api/test_sizes.py tests/test_sign_up_script.py \
	tests/frontend_api/test_openapi.py tests/frontend_api/test_schemathesis.py \
	tests/sdk/test_javascript.py tests/sdk/test_quick_starts.py tests/sdk/test_snippets.py tests/test_make_audit.py
JAVASCRIPT := tests/sdk/node_modules/.package-lock.json
POSTGRES_15 := $(patsubst %/initdb,%,$(wildcard /usr/lib/postgresql/15/bin/initdb))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-faults test-oldest bench pictures lint audit format lock

help: ## list what make can do
	@sed -n 's/^\([a-z-]*\):.*## /  make \1  /p' Makefile | column -t -l 3 2>/dev/null || true

setup: .venv/ready-to-test $(JAVASCRIPT) .env ## make .venv with everything, and an .env
	@echo "Ready: make run, make test, make lint"

# --- A virtual environment and its settings -------------------------------------------------------

$(PYTHON):
	@for python in python3.13 python3 python3.14 python3.12 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.13*/bin/python3; do \
		"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null \
			&& echo "Making .venv with $$("$$python" --version)" \
			&& exec "$$python" -m venv --clear .venv; \
	done; \
	echo "Ollio needs Python 3.12 or newer (3.13 is best) with its venv module," >&2; \
	echo "and found $$(python3 --version 2>&1 | head -n 1). Install it, then try again." >&2; \
	exit 1

.venv/ready-to-run: requirements.txt | $(PYTHON)
	@echo "Installing what Ollio needs to run"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.venv/ready-to-test: requirements-dev.txt .venv/ready-to-run
	@echo "Installing what its tests and tools need"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(JAVASCRIPT): tests/sdk/package-lock.json .venv/ready-to-test
	@echo "Installing the JavaScript SDK that the API is measured against"
	@$(BIN)/npm ci --prefix tests/sdk --loglevel error >/dev/null
	@touch $@

.env: | $(PYTHON)
	@key=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))') && umask 077 \
		&& printf 'DEBUG=true\nSECRET_KEY=%s\n' "$$key" > $@

# --- Running --------------------------------------------------------------------------------------

# Links follow PORT, unless somebody has said what they are to be.
ifeq ($(BASE_URL)$(shell grep -s '^BASE_URL=.' .env),)
run: export BASE_URL := http://localhost:$(PORT)
endif

# Honcho ends what it started on Ctrl-C and SIGTERM, once it has said so. Where nobody hears it any more, as when the
# terminal is closed, it would die of that and leave web and mail behind: so its output leads nowhere by then. It looks
# for that itself, as SIGHUP goes to the first process of the terminal, which may be make, and make hands on none. Where
# the output goes to a file there is nothing to see: the shell below hands on its SIGHUP, as SIGUSR1.
define HONCHO
import os, select, signal, threading
from honcho.command import main

def end(*_):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.kill(os.getpid(), signal.SIGTERM)

def end_with_the_terminal():
    output = select.poll()
    output.register(1, 0)
    if output.poll()[0][1] & (select.POLLHUP | select.POLLERR):
        end()

signal.signal(signal.SIGUSR1, end)
threading.Thread(target=end_with_the_terminal, daemon=True).start()
main()
endef
run: export HONCHO := $(HONCHO)

# The web server would share a port that another one listens on, and each would get every other request.
run: .venv/ready-to-run .env ## start web server and mail worker (PORT=8000)
	@$(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || { \
		echo "Port $(PORT) is in use, or not for you to use. Stop what listens there, or: make run PORT=8123" >&2; \
		exit 1; \
	}
	@$(PYTHON) manage.py migrate --no-input --verbosity 0
	@$(PYTHON) manage.py prepare
	@trap : INT; trap 'kill $$! || exit 1' TERM; trap 'kill -USR1 $$! || exit 1' HUP; \
	(trap '' HUP; PATH="$(CURDIR)/$(BIN):$$PATH" exec $(PYTHON) -c "$$HONCHO" --env /dev/null start --port $(PORT)) & \
	honcho=$$!; \
	while kill -0 $$honcho 2>/dev/null; do wait $$honcho; status=$$?; done; \
	[ $$status -eq 130 ] || exit $$status  # 130 is Ctrl-C, which is how one stops it

# --- Checking -------------------------------------------------------------------------------------

# Two runs side by side keep two processors busy; then the races, which need the machine to themselves.
test: export OLLIO_ROUNDS ?= 20
test: export OLLIO_KILLS ?= 10
test: .venv/ready-to-test $(JAVASCRIPT) ## run every test, on SQLite and on PostgreSQL
	@log=$$(mktemp) && trap 'kill $$other' INT TERM; \
	echo "On PostgreSQL in the background; what it says follows"; \
	$(PYTEST) $(ON_POSTGRES) -m "not browser" $(addprefix --ignore=,tests/faults $(ONCE)) >$$log 2>&1 & other=$$!; \
	$(PYTEST) --ignore=tests/faults; status=$$?; \
	wait $$other || status=1; cat $$log; rm -f $$log; exit $$status
	$(PYTEST) tests/faults
	$(PYTEST) $(ON_POSTGRES) tests/faults

test-faults: export OLLIO_ROUNDS ?= 200
test-faults: export OLLIO_KILLS ?= 200
test-faults: .venv/ready-to-test ## run races and crashes at length
	$(PYTEST) tests/faults
	$(PYTEST) $(ON_POSTGRES) tests/faults
	@$(MAKE) --no-print-directory test-oldest

# The oldest PostgreSQL that Ollio runs on.
test-oldest: .venv/ready-to-test ## run races and crashes on PostgreSQL 15, where Debian's is installed
	$(if $(POSTGRES_15),OLLIO_ROUNDS=20 OLLIO_KILLS=10 POSTGRES_BIN=$(POSTGRES_15) $(PYTEST) $(ON_POSTGRES) tests/faults)

bench: .venv/ready-to-test ## measure speed and memory (OLLIO_BENCH_ROWS=1000000)
	@$(PYTHON) -m tests.benchmarks

pictures: .venv/ready-to-test ## take the pictures of README.md anew
	$(PYTEST) -q tests/browser/pictures.py

# The settings of a production installation, for tools that load them and for Django's own checks.
lint: export DEBUG := false
lint: export SECRET_KEY := for-the-linter-only-0123456789-abcdefghijklmnopqrstuvwxyz
lint: export BASE_URL := https://ollio.example.com
lint: export DATABASE_URL := sqlite://:memory:
lint: export EMAIL_URL := smtp+tls://user:password@smtp.example.com:587
lint: export TRUSTED_PROXY_COUNT := 1
lint: .venv/ready-to-test ## check style, types, settings and migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) manage.py makemigrations --check --dry-run

# Whoever cannot be asked says nothing about a version: that is no pass.
audit: .venv/ready-to-test ## ask which of the pinned versions are known to be vulnerable
	@said=$$($(BIN)/pip-audit --strict --disable-pip --progress-spinner off --requirement requirements-dev.txt 2>&1); \
	status=$$?; \
	case "$$said" in \
		*"known vulnerabilit"*) printf '%s\n' "$$said"; exit $$status;; \
	esac; \
	printf '%s\n' "$$said" | tail -n 1; \
	echo "Nothing was audited: the registry does not tell here what is vulnerable. Try it from another network." >&2; \
	exit 1

format: .venv/ready-to-test ## put the code in shape
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.12 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

lock: .venv/ready-to-run ## pin what pyproject.toml allows, with hashes
	@$(PIP) install uv
	$(LOCK) --upgrade --output-file requirements.txt
	$(LOCK) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt
