# Everything that runs, checks and tests The Pulse. `make` alone lists what there is.

PORT ?= 8000
WORKERS ?= 2
PY := .venv/bin/python
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
# With its bytecode kept, whatever the shell says: compiling the tests anew takes ten seconds each time.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest -n $(WORKERS)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check format requirements demo shell clean free-port database \
        check-style check-types check-templates check-migrations check-deploy

help: ## List the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

# ---- Running

OWN_SESSION := import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])

run: export PULSE_PORT := $(PORT)
run: export PULSE_BASE_URL := $(or $(PULSE_BASE_URL),http://127.0.0.1:$(PORT))
run: export PULSE_ALLOWED_HOSTS := $(or $(PULSE_ALLOWED_HOSTS),localhost)
run: .venv/run.stamp .env free-port database ## Serve the site with its demo publication on http://127.0.0.1:8000/ (PORT= changes it)
	@$(PY) manage.py demo --if-empty
	@manifest="$${PULSE_DATA_DIR:-var}/static/staticfiles.json"; \
	if [ ! -e "$$manifest" ] || [ -n "$$(find static .venv/run.stamp -newer "$$manifest")" ]; then \
	    $(PY) manage.py collectstatic --no-input --verbosity 0; \
	fi
	@printf '\nThe Pulse   %s/\nNewsroom    %s/admin/\n\nSign in as:\n' "$$PULSE_BASE_URL" "$$PULSE_BASE_URL"
	@$(PY) manage.py demo --accounts || true
	@printf '\nCtrl-C stops it.\n'
# The site and its worker, each in a session of its own and stopped with one SIGTERM: Ctrl-C in a terminal would
# reach granian's workers a second time through granian, which can leave one hanging. The worker ends with the site.
	@trap 'kill "$$site"' INT TERM HUP; \
	$(PY) -c '$(OWN_SESSION)' deploy/serve & site=$$!; \
	$(PY) -c '$(OWN_SESSION)' $(PY) manage.py worker & worker=$$!; \
	wait "$$site" || wait "$$site"; status=$$?; \
	kill "$$worker" 2>/dev/null; wait "$$worker"; \
	exit $$status

free-port: .venv/run.stamp
	@$(PY) deploy/port_is_free.py

database: .venv/run.stamp .env
	@mkdir -p -m 700 "$${PULSE_DATA_DIR:-var}"
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py createcachetable --verbosity 0

demo: database ## Add N=1000 made-up articles with COMMENTS=2000 comments to the database
	@$(PY) manage.py demo --articles $(or $(N),1000) --comments $(or $(COMMENTS),2000)

shell: database ## Open Python with the models imported
	@$(PY) manage.py shell

# ---- Testing

test: .venv/dev.stamp ## Run the whole suite on SQLite, then on a PostgreSQL of its own (ARGS= goes to pytest)
	@trap 'exit 130' INT; status=0; \
	echo "The suite on SQLite"; $(PYTEST) $(ARGS) || status=1; \
	echo "The suite on PostgreSQL"; $(PYTEST) --postgres $(ARGS) || status=1; \
	exit $$status

check: check-style check-types check-templates check-migrations check-deploy ## Run the linters, the type checker and Django's own checks

check-style: .venv/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

check-types: .venv/dev.stamp
	$(PY) -m mypy .

check-templates: .venv/dev.stamp
	$(PY) -m djlint templates --lint --quiet

check-migrations: .venv/dev.stamp
	$(PY) -W error manage.py makemigrations --check --dry-run --settings tests.settings

# As in production: an https address and a secret of its own, whatever .env says.
check-deploy: .venv/dev.stamp
	PULSE_DEBUG=false PULSE_BASE_URL=https://news.example DATABASE_URL=sqlite://:memory: \
	PULSE_SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	$(PY) -W error manage.py check --deploy --fail-level WARNING

format: .venv/dev.stamp ## Format the Python code and mend what the linter can
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

# ---- Installing

.venv/bin/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	    if $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Making .venv with $$($$python --version)"; \
	        exec $$python -m venv --clear .venv; \
	    fi; \
	done; \
	echo "The Pulse needs Python 3.11 or newer, with its venv module (Debian: python3-venv)." >&2; \
	echo "Found: $$(python3 --version 2>&1 || echo none). Name another one with make PYTHON=/path/to/python" >&2; \
	exit 1

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing what the site needs"
	@$(INSTALL) requirements/run.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/bin/python
	@echo "Installing what the tests need"
	@$(INSTALL) requirements/dev.txt
	@touch .venv/run.stamp $@

.env: | .venv/bin/python
	@umask 077; $(PY) -c 'import secrets; print(f"PULSE_SECRET_KEY=\"{secrets.token_urlsafe(50)}\"")' > .env
	@echo "Wrote .env with a secret key of its own; .env.example explains every setting"

COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(ARGS) pyproject.toml

requirements: .venv/dev.stamp ## Compile the pinned, hashed sets from pyproject.toml (ARGS=--upgrade takes newer versions)
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) --output-file requirements/run.txt
	@$(COMPILE) --extra redis --output-file requirements/redis.txt
	@$(COMPILE) --extra dev --output-file requirements/dev.txt

clean: ## Delete .venv and var, the database and the pictures with it, after asking
	@printf 'Delete .venv and var, with every article and picture in it? [y/N] '; read -r answer; \
	if [ "$$answer" = y ]; then rm -rf .venv var; else echo "Nothing deleted"; fi
