# Everything a clone needs: `make demo`, `make test` (fast) and `make test-all`. The environment is made on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo test test-all chaos bench lint fmt types wheel check clean

PACKAGES = $(shell grep -c '^[A-Za-z0-9].*==' requirements.lock)
# Of what pip prints: a counted line while it fetches (one for every 20 packages where the output is no terminal), and
# everything that is wrong.
define PROGRESS
/^(Collecting|Requirement already satisfied)/ { \
  n++; \
  if (live) printf("\r  fetched %d of %d\033[K", n, total); \
  else if (n % 20 == 0 || n == total) printf("  fetched %d of %d\n", n, total); \
  fflush(); next \
} \
/^Installing collected/ { if (live) printf("\r\033[K"); print "  unpacking"; fflush(); next } \
/^pip: failed/ { failed = 1; next } \
/^(ERROR|WARNING|error)|[Ee]rror:/ { if (live) printf("\r\033[K"); print; fflush() } \
END { exit failed }
endef

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Touchline needs Python 3.11 or newer, $(PYTHON) is " + sys.version.split()[0] + ": install one and say make PYTHON=python3.12")'
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: install it (on Debian: python3-venv)."; exit 1; }
	@echo "installing $(PACKAGES) packages into $(VENV); this takes a minute or two, once"
	@{ $(BIN)/python -m pip install --disable-pip-version-check --no-color --progress-bar off --require-hashes \
		-r requirements.lock 2>&1 || echo "pip: failed"; } | awk -v total=$(PACKAGES) -v live="$$(test -t 2 && echo 1)" '$(PROGRESS)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(VENV)/.ready
	@$(BIN)/touchline demo $(ARGS)

# The fast tests: all that need no service, with fewer generated scenarios, and one journey through a real Kafka and engine.
test: $(VENV)/.ready
	@$(BIN)/pytest -n 2 --dist worksteal -m "not (kafka or engine or slow) or smoke" $(ARGS)

# All tests. Files go to four processes, each with a Kafka and an engine of its own: on two cores, because most of the time
# they wait for services. tests/conftest.py orders the files.
test-all: $(VENV)/.ready
	@TOUCHLINE_TEST_ALL=1 $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

# Faults under load against an oracle: docs/chaos.md has the options.
CHAOS := ROUNDS SEED MINUTES FAULTS RATE TOPOLOGY KINDS SCENARIO OUT
chaos: $(VENV)/.ready
	@$(BIN)/python -m tests.chaos $(foreach name,$(CHAOS),$(if $($(name)),--$(shell echo $(name) | tr A-Z a-z) $($(name))))

# Figures: all of them (about 40 minutes), QUICK=1 the essential ones, SCALE=1 what docs/sizing.md is made from.
bench: $(VENV)/.ready
	@$(BIN)/python -m tests.benchmarks $(if $(QUICK),--quick) $(if $(SCALE),--scale) $(if $(MOST),--most $(MOST)) $(if $(OUT),--out $(OUT)) $(ARGS)

lint: $(VENV)/.ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: run make fmt."; exit 1; }
	@$(BIN)/lint-imports

# Format all code and fix what ruff can fix by itself.
fmt: $(VENV)/.ready
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: $(VENV)/.ready
	@$(BIN)/mypy

# The built wheel in an environment of its own, far from the clone: it brings recordings, rules, SQL and pom along.
wheel: $(VENV)/.ready
	@tests/wheel.sh $(BIN)/python

check: lint types test-all

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
