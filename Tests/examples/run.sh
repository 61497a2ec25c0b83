#!/usr/bin/env bash
# Builds the examples as a user of the libraries would, runs them, and compares what they print. Its last line is
# "N passed, N failed".
set -uo pipefail
. "$(dirname "$0")/../../scripts/common.sh"
passed=0 failed=0

# check TEXT COMMAND…: one check.
check() {
    local text=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "ok - $text"
    else
        failed=$((failed + 1))
        printf 'not ok - %s\n%s\n' "$text" "${output//$'\n'/$'\n'    }"
    fi
}

build() {
    local output
    output=$(swift build --package-path Examples --scratch-path "$SCRATCH/examples" 2>&1) || { echo "$output"; return 1; }
    # A catalogue of documentation that the build does not know would be told as an unhandled file.
    ! grep -E 'warning:|unhandled' <<<"$output"
}

# prints NAME: what an example prints is what is expected of it.
prints() { diff <("$SCRATCH/examples/debug/$1") "Tests/examples/$1.txt"; }

# is_short NAME LINES: so many lines of code at most, without comments and empty ones.
is_short() {
    local lines
    lines=$(grep -cvE '^ *(//|$)' "Examples/Sources/$1/main.swift")
    [ "$lines" -le "$2" ] || { echo "$1 has $lines lines of code"; return 1; }
}

check "the examples build, without a warning" build
check "clocks: what happened before what" prints clocks
check "minimal-detector: a suspicion, a confirmation, a recovery" prints minimal-detector
check "clocks takes 30 lines" is_short clocks 30
check "minimal-detector takes 60 lines" is_short minimal-detector 60
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
