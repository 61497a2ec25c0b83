# Counts what the parts of the tests report; to be sourced.
#
# The totals are in PASSED, FAILED and SKIPPED. A part that ends without saying what it did, or that says "0 failed"
# and yet exits with an error, has failed: nothing that went wrong may look like nothing to report.

PASSED=0 FAILED=0 SKIPPED=0

add() {
    PASSED=$((PASSED + $1)) FAILED=$((FAILED + $2)) SKIPPED=$((SKIPPED + $3))
}

# count_step STATUS: a step that is one check, such as a build.
count_step() {
    if [ "$1" = 0 ]; then add 1 0 0; else add 0 1 0; fi
}

# count_script STATUS FILE: a script that prints "N passed, N failed[, N skipped]" last, into FILE.
count_script() {
    local status=$1 line
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$2" | tail -n 1)
    if [ -z "$line" ]; then
        if [ "$status" = 77 ]; then add 0 0 1; else add 0 1 0; fi
        return
    fi
    set -- ${line//[!0-9]/ }
    if [ "$status" != 0 ] && [ "$status" != 77 ] && [ "$2" = 0 ]; then set -- "$1" 1 "${3:-0}"; fi
    add "$1" "$2" "${3:-0}"
}

# count_swift STATUS FILE: a run of Swift Testing, its output in FILE.
#
# Its closing line counts the skipped tests too, and issues rather than failed tests; these have lines of their own.
count_swift() {
    local status=$1 file=$2 total failed skipped passed
    failed=$(grep -cE '^✘ Test .* failed after [0-9.]+ seconds with ' "$file")
    skipped=$(grep -cE '^➜ Test .* skipped' "$file")
    total=$(sed -nE 's/^(✔|✘) Test run with ([0-9]+) tests? in [0-9]+ suites? (passed|failed) after .*/\2/p' "$file" |
        tail -n 1)
    if [ -z "$total" ]; then # The runner itself ended early: what was running then counts as one failure.
        passed=$(grep -cE '^✔ Test .* passed after ' "$file")
        add "$passed" $((failed + 1)) "$skipped"
        return
    fi
    failed=$((failed - $(grep -cE '^✘ Test run with [0-9]+ tests? in ' "$file")))
    passed=$((total - failed - skipped))
    if [ "$failed" = 0 ] && { [ "$status" != 0 ] || [ "$total" = 0 ]; }; then failed=1; fi
    add "$passed" "$failed" "$skipped"
}

summary() {
    printf '%s passed, %s failed' "$PASSED" "$FAILED"
    if [ "$SKIPPED" -gt 0 ]; then printf ', %s skipped' "$SKIPPED"; fi
    printf '\n'
}

# skipped_lines FILE…: what was skipped, and why, each once, by the outputs of parts.
skipped_lines() {
    sed -nE -e 's/^SKIPPED( - |: )(.*)/  \2/p' -e 's/^➜ Test (.*) skipped: "(.*)"$/  \1: \2/p' \
        -e 's/^➜ Test (.*) skipped\.$/  \1/p' "$@" | awk '!seen[$0]++'
}
