#!/usr/bin/env bash
# Run every fuzz target of a build: fuzz.sh BUILD SECONDS [keep]
# A target's corpus is tests/fuzz/corpus/NAME without its `fuzz_`; `keep` adds what is found.
# What libFuzzer prints goes to BUILD/NAME.log; a reproducer, if any, stands in BUILD too.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1 seconds=$2 keep=${3:-}

found=$(find "$build" -maxdepth 1 -name 'fuzz_*' -type f -executable | sort)
[ -n "$found" ] || { echo "fuzz: no targets in $build" >&2; exit 1; }

for target in $found; do
    name=$(basename "$target")
    corpus=tests/fuzz/corpus/${name#fuzz_}
    log=$build/$name.log
    work=$corpus
    [ "$keep" = keep ] || work=$(mktemp -d)
    mkdir -p "$corpus" "$work"
    UBSAN_OPTIONS=print_stacktrace=1 "$target" -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$build/" \
        "$work" "$corpus" >"$log" 2>&1 || { tail -n 60 "$log" >&2; exit 1; }
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $seconds s"
    [ "$keep" = keep ] || rm -rf "$work"
done
