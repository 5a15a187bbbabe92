# make demo   set up .venv, build, run the main job on the shipped data
# make test   everything: C by two compilers, Python, sanitizers, short fuzzing, lint
# make bench  times beside peers and limits   make fuzz  FUZZ_SECONDS a target, 600 by default
# make campaign  CAMPAIGN random backtests (10000) against a slow model, 1000 random programs verified,
#                1000 random sweeps and walk-forwards held against their laws
# make test-node  the Node package alone      make test-node-source its tarball, built from nothing
# make bench-node  Node beside libraries of npm and the same work in C
# make abi-baseline  store the binary interface that tests/build/test_abi.py holds the library to
# make vectors  write anew what every language has to answer (tests/vectors)
# make wheel  a wheel into dist/              make clean  forget every build product

.PHONY: demo build test test-node test-node-source build-node bench-node campaign test-c test-clang test-python test-sanitizers test-fuzz lint bench bench-indicators fuzz fuzz-build abi-baseline vectors wheel clean

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 600
CAMPAIGN ?= 10000
FUZZ_SECONDS_SHORT ?= 12

bin := .venv/bin
cmake := $(bin)/cmake
configure = $(cmake) -S . -B build/$(1) -G Ninja -DCMAKE_MAKE_PROGRAM=$(abspath $(bin)/ninja) $(2)
# A folder changes when a file comes or goes; an editable installation has to be told then.
packages := $(shell find hquant_cffi -type d -not -name __pycache__)
native := $(shell find csrc include cmake -type f) CMakeLists.txt pyproject.toml hquant_cffi/_build_ffi.py
pip_install := $(bin)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation
# newtulipy and peewee come as sources; without isolation, what builds them has to be there.
peers_build_with := 'cython<3.1' setuptools wheel

demo: build
	$(bin)/hquant demo

build: .venv/.built

.venv/.ready: scripts/setup.sh pyproject.toml
	scripts/setup.sh
	touch $@

.venv/.built: .venv/.ready $(native) $(packages)
	$(pip_install) --editable .
	touch $@

.venv/.ready-test: scripts/setup.sh pyproject.toml | .venv/.built
	scripts/setup.sh test
	$(pip_install) $(peers_build_with)
	$(pip_install) --editable '.[test]'
	touch $@

.venv/.ready-bench: scripts/setup.sh pyproject.toml | .venv/.built
	$(pip_install) $(peers_build_with)
	$(pip_install) --editable '.[bench]'
	touch $@

# ---------------------------------------------------------------- tests

# Two at a time, the long ones first: whichever core is free takes the next. The addon is there before
# them, or the Python tests, which are the longest, would wait for it behind all others. What they print
# comes a target at a time.
test:
	$(MAKE) --output-sync=target -j 2 build-node test-c
	$(MAKE) --output-sync=target -j 2 test-python test-sanitizers test-clang test-fuzz test-node lint

lint: .venv/.ready-test
	$(bin)/ruff check .
	$(bin)/mypy

test-c: .venv/.ready
	$(call configure,test,-DHQ_TESTS=ON -DHQ_WERROR=ON -DHQ_ASSERTS=ON)
	$(cmake) --build build/test -j $(JOBS)
	$(bin)/ctest --test-dir build/test --output-on-failure --no-tests=error -j $(JOBS)

# The same by another compiler: what one of them makes of a mistake the other may not.
test-clang: .venv/.ready-test
	$(call configure,clang,-DHQ_TESTS=ON -DHQ_WERROR=ON -DHQ_ASSERTS=ON -DCMAKE_C_COMPILER=$$(scripts/clang.sh))
	$(cmake) --build build/clang -j $(JOBS)
	$(bin)/ctest --test-dir build/clang --output-on-failure --no-tests=error -j $(JOBS)

test-sanitizers: .venv/.ready-test
	$(call configure,asan,-DHQ_TESTS=ON -DHQ_ASSERTS=ON -DHQ_SANITIZE=address$(comma)undefined)
	$(cmake) --build build/asan -j $(JOBS)
	$(bin)/ctest --test-dir build/asan --output-on-failure --no-tests=error -j $(JOBS)
	$(under_asan) $(bin)/python -m pytest -q -p no:cacheprovider $(not_sanitized)
	$(call configure,tsan,-DHQ_TESTS=ON -DHQ_ASSERTS=ON -DHQ_SANITIZE=thread)
	$(cmake) --build build/tsan -j $(JOBS)
	$(bin)/ctest --test-dir build/tsan --output-on-failure --no-tests=error -j $(JOBS)

test-python: .venv/.ready-test build-node # vectors and examples are run in Node, too
	$(bin)/python -m pytest -q

# The Node package around the library of the Python package: an addon, tests, declarations, a tarball.
npm := PATH="$(abspath $(bin)):$$PATH" npm --no-audit --no-fund --no-update-notifier

bindings_node/node_modules/.ready: bindings_node/package.json | .venv/.ready-test
	cd bindings_node && $(npm) install --silent --ignore-scripts --no-package-lock
	touch $@

build-node: .venv/.built bindings_node/node_modules/.ready
	$(cmake) -S bindings_node -B bindings_node/build/cmake -G Ninja \
	  -DCMAKE_MAKE_PROGRAM=$(abspath $(bin)/ninja) -DHQ_WERROR=ON \
	  -DHQ_LIBRARIES=$$($(bin)/hquant config --libdir)
	$(cmake) --build bindings_node/build/cmake -j $(JOBS)

test-node: build-node
	cd bindings_node && $(npm) --silent test

# Packed, installed into an empty folder as on a machine that has nothing but compilers, and used.
test-node-source: .venv/.ready-test
	cd bindings_node && PATH="$(abspath $(bin)):$$PATH" node test/install-from-source.js

# Random backtests against the slow model and the accounting laws; random programs and runs verified.
campaign: .venv/.ready-test
	$(bin)/python tests/exec/execution_campaign.py $(CAMPAIGN)
	HQUANT_VERIFY_RUNS=1000 $(bin)/python -m pytest -q tests/verify/test_verify_passes.py
	HQUANT_SWEEP_RUNS=1000 $(bin)/python -m pytest -q tests/sweep/test_sweep_laws.py tests/sweep/test_walk_forward.py
	HQUANT_PLANTED=all $(bin)/python -m pytest -q $(planted)

comma := ,
# Planted mistakes build cores of their own, which the sanitizers do not reach.
planted := tests/indicator/test_planted_bugs.py tests/dsl/test_planted_leaks.py \
  tests/verify/test_verify_leaks.py tests/run/test_run_planted.py
# What the sanitizers would slow down for nothing: builds, other people's compilers and threads,
# processes started by the hundred, tests of Python alone and mistakes planted in it, and values of rows
# over other series, longer or with unknown values: the laws of every row and tests/c/test_block.c go
# through the same lines of C.
not_sanitized := $(addprefix --ignore=,$(planted) tests/build tests/peers tests/cli tests/docs \
  tests/vectors tests/verify tests/dsl/test_mutations.py tests/exec/test_execution_planted.py \
  tests/sweep/test_sweep_backends.py tests/data/test_limits.py \
  tests/indicator/test_indicator_reference.py) \
  $(addprefix --deselect=tests/,sweep/test_walk_forward.py::test_a_planted_leak_of_one_bar_is_seen \
  sweep/test_walk_forward.py::test_a_planted_look_ahead_is_seen \
  indicator/test_indicator_accuracy.py::test_no_drift_after_ten_million_bars)
# The same Python tests over a sanitized library: LD_LIBRARY_PATH goes before the extension's runpath.
# Leaks are the C tests' business: an interpreter that ends keeps much.
under_asan = LD_LIBRARY_PATH=$(abspath build/asan) ASAN_OPTIONS=detect_leaks=0 \
  LD_PRELOAD="$$(cc -print-file-name=libasan.so) $$(cc -print-file-name=libubsan.so)"

vectors: .venv/.built
	$(bin)/python tests/vectors/write.py
	git --no-pager diff --stat -- tests/vectors/data || true

# ---------------------------------------------------------------- fuzzing

fuzz-build: .venv/.ready-test
	$(call configure,fuzz,-DHQ_FUZZ=ON -DHQ_ASSERTS=ON -DHQ_SANITIZE=address$(comma)undefined \
	  -DCMAKE_C_COMPILER=$$(scripts/clang.sh))
	$(cmake) --build build/fuzz -j $(JOBS)

# What a long run finds is kept in the corpus; a short run leaves the corpus as it is.
fuzz: fuzz-build
	scripts/fuzz.sh build/fuzz $(FUZZ_SECONDS) keep

test-fuzz: fuzz-build
	scripts/fuzz.sh build/fuzz $(FUZZ_SECONDS_SHORT)

# ---------------------------------------------------------------- the rest

# BENCH: some of w1 w2 w3 w4 growth figures, and options of bench/run.py such as --clock cpu.
bench: .venv/.ready-bench
	$(bin)/python bench/run.py --programs build/bench $(BENCH)

# BENCH: bars and rounds.
bench-node: build-node
	cd bench/node && $(npm) install --silent --no-package-lock
	mkdir -p build/bench
	libdir=$$($(bin)/hquant config --libdir); \
	  cc -O3 -std=c11 -Iinclude bench/native/push_columns.c -o build/bench/push_columns \
	    -L"$$libdir" -Wl,-rpath,"$$libdir" -lhquant
	node bench/node/w2.mjs build/bench/push_columns $(BENCH)

# What a bar of each indicator costs, for the documentation; on a quiet machine.
bench-indicators: .venv/.built
	$(bin)/python bench/indicator_cost.py
	$(bin)/python scripts/write_indicators.py

# After a change that programs which exist do not notice; CHANGELOG.md says which.
abi-baseline: .venv/.ready-test
	$(bin)/python tests/build/abi_watch.py

wheel: .venv/.ready
	$(bin)/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf build dist .venv bindings_node/build bindings_node/prebuilds bindings_node/node_modules bench/node/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
