# The two commands that a newcomer needs are `make run` and `make test`; `make help` lists the others.
SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: build release install deb run test nightly lint format soak mutants fuzz sanitize bench clean help

# Where SwiftPM builds.
export SCRATCH ?= .build
# Where things are installed; a package is assembled below DESTDIR.
export PREFIX ?= /usr
export DESTDIR ?=

build: ## Build the programs for debugging (the default)
	@scripts/install-dependencies.sh build
	@scripts/build.sh debug

release: ## Build them optimised, static and stripped, into build/release
	@scripts/install-dependencies.sh build
	@scripts/build.sh release

install: ## Install the release build: make install [DESTDIR=FOLDER] [PREFIX=/usr]
	@scripts/install.sh

deb: ## Build the Debian package, into build/deb
	@scripts/install-dependencies.sh package
	@scripts/package.sh

run: build ## Install what is missing, build, and run the demo: daemons on loopback that watch each other
	@scripts/run.sh

test: ## Install what is missing, and run every test
	@scripts/test.sh

nightly: ## Run what takes too long for every change (BUDGET=SECONDS for what fits; see docs/TESTING.md)
	@scripts/nightly.sh

lint: ## Check the form of every source file
	@scripts/lint.sh

format: ## Mend the form of the Swift, C and Python files
	@scripts/lint.sh --mend

soak: ## Simulate 1,000,000 random fault plans (SEEDS=N for fewer); goes on where it was ended; hours
	swift build --scratch-path "$(SCRATCH)" -c release --product suspect-sim
	Tests/simulation/run.sh "$(SCRATCH)"/release/suspect-sim $${SEEDS:-1000000} build/soak

mutants: ## Break the core rule by rule and check that simulations notice
	Tests/mutants/run.sh

fuzz: ## Give everything that reads the bytes of strangers to libFuzzer (TIME=60 seconds each)
	Tests/fuzz/run.sh $${TIME:-60}

sanitize: ## Run the tests under the address and thread sanitizers; long
	Tests/sanitizers/run.sh

bench: ## Measure detection times, mistakes and costs (needs the release build)
	@if [ -x bench/run.sh ]; then bench/run.sh; else echo 'no bench/run.sh in this checkout' >&2; exit 1; fi

clean: ## Remove everything that was built
	rm -rf "$(SCRATCH)" "$(SCRATCH)"-* build

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
