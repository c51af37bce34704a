# The two commands that matter: `make audit` and `make test`. Everything else is for people who change the program.
VENV ?= .venv
PY := $(VENV)/bin/python
OUT ?= chataudit-report

.PHONY: audit test check golden bench torture samples clean

$(VENV)/.made: setup.cfg pyproject.toml
	@sh .ci/venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.made
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# Audit the sample shop and say where the report lies.
audit: $(VENV)/.made
	@$(VENV)/bin/chataudit audit sample_logs/shop --settings sample_logs/settings.yaml --out $(OUT)

# Run every test; nothing is skipped silently.
test: $(VENV)/.dev check
	@$(PY) -m pytest -n 2 --dist loadfile

check: $(VENV)/.dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

# Write the golden runs of the sample logs and the page of all rules anew; read the difference in review.
golden: $(VENV)/.dev
	@$(PY) tests/golden.py
	@$(PY) tests/cards/samples.py
	@$(VENV)/bin/chataudit rules reference

bench: $(VENV)/.dev
	@$(PY) -m benchmarks.run
	@$(PY) -m benchmarks.reading
	@$(PY) -m benchmarks.store --postgresql
	@$(PY) -m benchmarks.year

# Kill the nightly batch some hundred times at random moments, on both databases (KILLS=20 is what the tests do).
torture: $(VENV)/.dev
	@KILLS=$${KILLS:-250} $(PY) -m pytest -q -n 2 tests/nightly/test_kills.py

# Make the sample logs anew (the same bytes every time).
samples: $(VENV)/.dev
	@$(PY) sample_logs/make.py

clean:
	rm -rf $(VENV) build *.egg-info chataudit-report
