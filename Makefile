# maild: make run, make test; everything else is beside them.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.maild-locked
PYTEST := $(BIN)/python -m pytest
# what is compiled once is not compiled again by each of the many processes of a test run, whatever the shell says
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv run demo demo-week demo-month test quick check format torture fuzz mutants bench bench-page docs pictures lock wheel compiled servers clean

help:  ## these lines
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("maild needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "python3-venv is missing: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q maild threading_rules cli.py
	@touch $@

venv: $(STAMP)  ## the environment with the locked dependencies

run: $(STAMP)  ## set everything up and start the daemon (Ctrl-C stops it)
	@$(BIN)/maild init
	@$(BIN)/maild serve

demo: $(STAMP)  ## a throw-away desk: a whole conversation, shown
	@$(BIN)/maild demo

demo-week: $(STAMP)  ## a week of six companies on a simulated clock
	@$(BIN)/maild demo --week

demo-month: $(STAMP)  ## two months of them, and the report that a manager gets by mail
	@$(BIN)/maild demo --month

servers:  # the real servers that tests run against; as root they are installed, else named
	@bash tests/servers/install.sh

# both parts run on two processes, each file of tests on one of them
QUICK := -m "not wire and not slow and not torture and not fuzz" -n 2 --dist loadfile
SLOW := -m "(wire or slow) and not torture and not fuzz" -n 2 --dist loadfile

test: $(STAMP) servers  ## all tests, with real Dovecot, Postfix and PostgreSQL
	@$(PYTEST) -q $(QUICK)
	@$(PYTEST) -q $(SLOW)

quick: $(STAMP)  ## the quick part of the tests, under a minute
	@$(PYTEST) -q $(QUICK) --few

torture: $(STAMP) servers  ## long faults: 200 kill -9 under load, 100,000 steps of the consent model
	@$(PYTEST) -q -m torture

fuzz: $(STAMP)  ## long fuzzing of everything that reads mail
	@$(PYTEST) -q -m fuzz

mutants: $(STAMP)  ## change consent, phases, time, hours and threading in one place after the other: a test must fail
	@$(BIN)/python -m tests.mutation --resume

check: $(STAMP)  ## format, lint, types, import rules, dead code, names, long files, borders, generated docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.unit.house.dead_code
	@$(BIN)/python -m tests.unit.house
	@$(BIN)/python -m maild.store.generate --check
	@$(BIN)/python docs/generate.py --check

format: $(STAMP)
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: $(STAMP)  ## write what is generated: the tables in docs/ and the Core tables of the store
	@$(BIN)/python -m maild.store.generate
	@$(BIN)/python docs/generate.py

pictures: $(STAMP)  ## every mail in every state and language, in var/pictures (needs Chromium); the full screen, in docs
	@$(BIN)/python -m tests.look.shots
	@$(BIN)/python -m tests.look.desk

bench: $(STAMP)  ## speed and memory beside a bare sink, as ratios of one run
	@$(BIN)/python -m bench.run

bench-page: $(STAMP)  ## the customers' page: a page of 100,000 tickets, and what 200 readers cost the mail
	@$(BIN)/python -m bench.page

wheel: $(STAMP)  ## wheel and sdist into dist/
	@$(BIN)/python -m build --no-isolation --outdir dist .

compiled: $(STAMP)  ## the wheel with compiled modules, for this machine, into dist/ (needs gcc)
	@MAILD_COMPILE=1 $(BIN)/python -m build --wheel --no-isolation --outdir dist .

lock:  ## renew the hashed lock files (needs uv)
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock
	uv pip compile -q pyproject.toml --group dev --extra oauth --extra plot --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache
