# Switchboard. `make help` lists the targets; ARGS is handed on, as in: make demo ARGS="--port 9000 --state-dir /tmp/second"

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo tour test test-vault test-delivery check bench fuzz format clean dependencies python

ARGS ?=
SOURCES := Sources Tests Schema migrations Package.swift

# Tests are built for debugging: a first build takes a third of the time of an optimized one, and overflow checks and
# exclusivity checks are on. The demo is built optimized.
BUILD := swift build
# Tests that run at once: most wait for a database or a socket, so more than there are cores.
WIDTH ?= 8
TEST := env SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(WIDTH) swift test --disable-xctest

help: ## list the targets
	@echo 'make TARGET [ARGS="--more to --hand on"]'
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: dependencies ## start Switchboard with a database, a sandbox carrier and three clinics; Ctrl-C stops it
	@.ci/build switchboard
	@exec .build/release/switchboard demo $(ARGS)

tour: dependencies ## walk through the main job against a running demo, over its public API
	@.ci/build tour
	@exec .build/release/tour $(ARGS)

test: dependencies python ## build and run all tests; ARGS="--filter Name" picks some
	@.ci/test $(TEST) $(ARGS)

test-vault: dependencies python ## the long form of the vault's, accounts' and audit's suites, for minutes
	@SWITCHBOARD_LONG_TESTS=1 .ci/test $(TEST) --filter 'VaultTests|CredentialsTests|AccountsTests|AuditTests|EndToEnd' $(ARGS)

test-delivery: dependencies ## kill servers and PostgreSQL while 2,000 messages go out; the carrier counts
	@SWITCHBOARD_CRASH_MESSAGES=$${SWITCHBOARD_CRASH_MESSAGES:-2000} .ci/test $(TEST) --filter CrashTests $(ARGS)

check: dependencies ## lint, look for undeclared imports and raw SQL, then run the tests
	swift format lint --strict --recursive $(SOURCES)
	.ci/lint-sql
	$(BUILD) --build-tests --explicit-target-dependency-import-check error
	@$(MAKE) --no-print-directory test

bench: dependencies python ## measure beside others, into .switchboard/bench.json; ARGS="engine --scale 0.1" picks suites
	@.ci/bench-dependencies
	@.ci/build switchboard
	@.ci/build benchmarks
	@exec .build/release/benchmarks $(ARGS)

fuzz: dependencies ## try a million mutated inputs; ARGS="--count N --seed S --seconds S", or ARGS="growth"
	@.ci/build fuzz
	@exec .build/release/fuzz $(ARGS)

format: ## format the sources
	swift format --in-place --recursive $(SOURCES)

clean: ## remove what was built; the data of the demo stay in .switchboard
	rm -rf .build

dependencies:
	@.ci/dependencies

# What tests compare with and ask by; the server itself needs no Python.
python:
	@.ci/dependencies python3-venv
	@.ci/python
