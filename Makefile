# `make` alone prints what there is. The virtual environment is rebuilt only when pyproject.toml or tools/setup.sh change.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PORTFOLIO := examples/southeast-asia/portfolio.yaml
REPORT := build/southeast-asia.html

# Exit 3 is an answer, not a failure: some placement is not permitted, or some workload has no place.
ANSWERED := || [ $$? -eq 3 ]

.PHONY: help demo test test-ray check format bench-law bench-ownership bench-plan bench-parties mutate clean bench-perf

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(BIN)/.ready-run ## judge, plan and compare the example; writes build/southeast-asia.html
	@mkdir -p build
	$(BIN)/lexloci determine $(PORTFOLIO) $(ANSWERED)
	$(BIN)/lexloci plan $(PORTFOLIO) --between 2025-03-01 2025-05-01 --report $(REPORT) $(ANSWERED)

test: $(BIN)/.ready-test ## run the whole test suite, with all that it needs
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not ray"

test-ray: $(BIN)/.ready-ray ## run the tests on a local Ray cluster (extra ray, which is large), with nothing beside them
	$(BIN)/python -m pytest -m ray tests/scenario

check: $(BIN)/.ready-check ## lint, format check, types, import contract, dependencies, documentation
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src tools
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

format: $(BIN)/.ready-check ## put the code into its standard form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench-law: ## time the law engine beside its peers; MODE=--quick for the short form (benchmarks/law/README.md)
	benchmarks/law/setup.sh
	build/bench-law/venv/bin/python -m benchmarks.law.run $(MODE)

bench-ownership: $(BIN)/.ready-run ## judge a graph of 2 million parties and 3 million holdings, beside plain Python
	$(BIN)/python benchmarks/ownership.py $(MODE)

bench-plan: $(BIN)/.ready-test ## time the planner beside its peers; MODE=--quick for the short form (benchmarks/planning/README.md)
	-benchmarks/planning/skypilot_setup.sh
	$(BIN)/python -u -m benchmarks.plan $(MODE)

bench-parties: ## screen names beside the peers; MODE=--quick for the short form, or --queries FILE --pairs FILE
	benchmarks/screening/setup.sh
	build/bench-parties/venv/bin/python benchmarks/parties.py $(MODE)

bench-perf: $(BIN)/.ready-run ## estimates against measurements, beside their peers; MODE=--quick for the short form (benchmarks/perf/README.md)
	benchmarks/perf/setup.sh
	$(BIN)/python benchmarks/perf.py $(MODE)

mutate: $(BIN)/.ready-mutate ## change the law engine in thousands of ways and count which a test notices (hours; MODE='--sample 30' for less)
	nice -n 19 $(BIN)/python tools/mutate.py --least 90 --record tests/law/mutation_score.toml $(MODE)

clean: ## remove the virtual environment and all that was built
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(BIN)/.ready-%: pyproject.toml tools/setup.sh
	tools/setup.sh $*
	@touch $@
