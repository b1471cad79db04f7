# The targets that people use. CONTRIBUTING.md says when to use which.
MVN = scripts/maven.sh

.DEFAULT_GOAL = help
.PHONY: help up check test test-tools prove bench dist format clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

up: ## serve a model on this machine: make up ARGS="--port 9000"
	@scripts/build.sh
	@exec bin/fairlead up $(ARGS)

check: ## format, compile and unit tests: quick, before each commit
	@$(MVN) -T 2 verify -DskipITs

test: ## everything that CI runs
	@scripts/test-tools.sh --check
	@$(MVN) -T 2 verify

test-tools: ## install what the tests need from the system
	@scripts/test-tools.sh

prove: ## the long proofs, which write their reports: make prove ARGS="--requests 20000"
	@$(MVN) --projects lab --also-make verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='*Proof' -Dfailsafe.failIfNoSpecifiedTests=false -Dfailsafe.forkTimeout=7200 -Dfairlead.proof='$(ARGS)'

bench: ## the benchmarks, side by side with their rivals
	@scripts/test-tools.sh --bench
	@$(MVN) --projects lab --also-make verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='*Bench' -Dfailsafe.failIfNoSpecifiedTests=false

dist: ## a tarball that runs without a JDK
	@scripts/dist.sh

format: ## format all sources
	@$(MVN) -q spotless:apply

clean: ## remove everything that was built
	@rm -rf target */target
