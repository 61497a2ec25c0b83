#!/usr/bin/env bash
# Runs what takes too long for every change: 10,000 random fault plans, every mutant, fuzzing, the daemons on a machine
# that booted long ago and beside load, the sanitizers.
#
#   [BUDGET=SECONDS] scripts/nightly.sh    without BUDGET everything, some two hours on two cores; with it, in the same
#                                          order, what fits: what does not is cut short or skipped, and said to be
#
# The last line is "N passed, N failed[, N skipped]", and the exit status 0 only if none failed.
set -uo pipefail
. "$(dirname "$0")/common.sh"
. scripts/summary.sh
. scripts/parts.sh

budget=${BUDGET:-1000000}
left() { echo $((budget - SECONDS)); }

# when_left SECONDS NAME COMMAND…: a part, if so much time is left.
when_left() {
    local needed=$1
    shift
    if [ "$(left)" -lt "$needed" ]; then
        left_out "$1" "it takes $needed s, and $(($(left) > 0 ? $(left) : 0)) s are left"
    else
        part "$@"
    fi
}

# The tests that run daemons, as `make test` built them.
swift_tests() {
    local status=0 output
    output=$(mktemp)
    env NO_COLOR=1 "$SCRATCH/debug/suspectdPackageTests.xctest" --testing-library swift-testing \
        --filter '^(Daemon|LinuxIO|Systemd|SuspectControl)Tests\.' >"$output" 2>&1 || status=$?
    grep -v '^◇ ' "$output"
    PASSED=0 FAILED=0 SKIPPED=0
    count_swift "$status" "$output"
    rm -f "$output"
    summary
    [ "$FAILED" = 0 ]
}

# Two shells that only count keep both cores of the smallest machine busy.
beside_load() {
    local jobs=() status=0
    for _ in 1 2; do
        nice bash -c 'while :; do :; done' &
        jobs+=($!)
    done
    swift_tests || status=$?
    kill "${jobs[@]}"
    return "$status"
}

booted_long_ago() {
    Tests/booted.sh probe || { echo "0 passed, 0 failed, 1 skipped"; return 0; }
    # 500 days: longer than 32 bits of milliseconds last.
    export -f swift_tests count_swift add summary
    SCRATCH=$SCRATCH Tests/booted.sh 43200000 bash -c swift_tests
}

fuzz() {
    local each=60
    # Six targets, and what building takes.
    if [ "$(left)" -lt 600 ]; then each=$((($(left) - 240) / 6)); fi
    Tests/fuzz/run.sh "$each"
}

scripts/install-dependencies.sh test || exit
need_swift
say "building"
part -c count_step "build" swift build "${SWIFT_FLAGS[@]}" --build-tests || { finish_parts; exit; }
part -c count_step "release build" scripts/build.sh release || { finish_parts; exit; }
when_left 300 "simulation, 10,000 seeds" Tests/simulation/run.sh "$SCRATCH/release/suspect-sim" 10000
if [ "$(left)" -ge 180 ]; then
    part -c count_step "records at 30 hosts" "$SCRATCH/release/suspect-sim" records
else
    left_out "records at 30 hosts" "no time is left"
fi
# Beside other load the manager's word on a stop comes too late for what the state machine expects; no daemon uses it yet.
when_left 120 "what units report on a booted host" Tests/systemd/services.sh "$SCRATCH/debug"
when_left 120 "what suspectd reports of units on a booted host" Tests/systemd/observed.sh "$SCRATCH/debug"
when_left 120 "daemons on a machine that booted 500 days ago" booted_long_ago
when_left 240 "daemons beside load" beside_load
# The rest of the time is for the mutants but for what fuzzing takes; whoever has a budget has no time for sanitizers.
when_left 600 "mutants" env BUDGET=$(($(left) - 480)) Tests/mutants/run.sh
when_left 300 "fuzzing" fuzz
when_left 3600 "sanitizers" Tests/sanitizers/run.sh
finish_parts
