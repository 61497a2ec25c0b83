#!/usr/bin/env bash
# Gives what reads the bytes of strangers to libFuzzer, with an address sanitizer if asked to.
#
#   Tests/fuzz/run.sh [SECONDS] [TARGET…]       60 seconds for each target; all targets unless named
#   SANITIZE=address Tests/fuzz/run.sh …        finds reads and writes outside of memory as well, at half the speed
#
# What was found interesting stays in build/fuzz/corpus, and bytes that end the process in build/fuzz/crashes: add
# these to Tests/FuzzTests/FoundByFuzzing.swift. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
seconds=${1:-60}
shift || true
[ $# -gt 0 ] || set -- datagram sealed varlink configuration trace log
scratch=${SCRATCH:-.build}-fuzz${SANITIZE:+-$SANITIZE}
flags=(--scratch-path "$scratch" -c release --product suspectd-fuzz -Xswiftc "-sanitize=fuzzer${SANITIZE:+,$SANITIZE}"
    -Xcxx -fsanitize=fuzzer-no-link)
passed=0 failed=0
# The runtime's own report would keep libFuzzer from writing down the bytes.
export SWIFT_BACKTRACE=enable=no

SUSPECTD_FUZZ=1 swift build "${flags[@]}" || { echo "0 passed, 1 failed"; exit 1; }
fuzzer=$scratch/release/suspectd-fuzz

for target; do
    corpus=build/fuzz/corpus/$target crashes=build/fuzz/crashes/$target
    mkdir -p "$corpus" "$crashes"
    # What nothing was given to has passed nothing.
    if "$fuzzer" "$target" "$corpus" && "$fuzzer" "$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$crashes/" "$corpus" >"build/fuzz/$target.log" 2>&1 && grep -q '^stat::number_of_executed_units: *[1-9]' "build/fuzz/$target.log"; then
        passed=$((passed + 1))
        verdict="ok - $target"
    else
        failed=$((failed + 1))
        verdict="not ok - $target: $(grep -m1 -E 'ERROR|Fatal error' "build/fuzz/$target.log"); see build/fuzz/$target.log"
    fi
    echo "$verdict: $(awk '/number_of_executed_units/ { runs = $2 } /average_exec_per_sec/ { rate = $2 }
        / cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") covered = $(i + 1); if ($i == "ft:") features = $(i + 1) } }
        END { print runs + 0, "executions,", rate + 0, "a second,", covered + 0, "edges and", features + 0, "features covered" }' "build/fuzz/$target.log")"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
