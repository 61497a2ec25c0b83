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

symbols=$(realpath -m "$SCRATCH/examples/symbols")

build() {
    local output
    mkdir -p "$symbols"
    output=$(swift build --package-path Examples --scratch-path "$SCRATCH/examples" -Xswiftc -emit-symbol-graph \
        -Xswiftc -emit-symbol-graph-dir -Xswiftc "$symbols" 2>&1) || { echo "$output"; return 1; }
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

# is_documented MODULE: every name that the page of a module links to exists.
is_documented() {
    local output folder
    folder=$(mktemp -d)
    mkdir "$folder/symbols"
    cp "$symbols/$1.symbols.json" "$symbols/$1"@*.json "$folder/symbols" 2>/dev/null
    output=$(docc convert "Sources/$1/$1.docc" --additional-symbol-graph-dir "$folder/symbols" \
        --output-path "$folder/pages" 2>&1)
    [ -s "$folder/pages/data/documentation/${1,,}.json" ] || output+=$'\n'"warning: no page was made"
    rm -rf "$folder"
    ! grep -A3 'warning:' <<<"$output"
}

check "the examples build, without a warning" build
check "clocks: what happened before what" prints clocks
check "minimal-detector: a suspicion, a confirmation, a recovery" prints minimal-detector
check "clocks takes 30 lines" is_short clocks 30
check "minimal-detector takes 60 lines" is_short minimal-detector 60
if command -v docc >/dev/null; then
    check "the page of CausalClock links to what exists" is_documented CausalClock
    check "the page of FailureDetection links to what exists" is_documented FailureDetection
else
    echo "SKIPPED: the documentation pages, as this toolchain has no docc"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
