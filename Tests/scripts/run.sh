#!/usr/bin/env bash
# Checks that the tests are counted rightly: a count that hides a failure would make every other test worthless.
# Its last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# The plainest locale, as on a machine that has set none: in it a character of several bytes is no character.
export LC_ALL=C
. scripts/summary.sh

passed=0 failed=0
text=$(mktemp)
trap 'rm -f "$text"' EXIT

# expect TEXT COUNTS COUNTER STATUS: COUNTER, given STATUS and the standard input, has to count COUNTS.
expect() {
    cat >"$text"
    PASSED=0 FAILED=0 SKIPPED=0
    "$3" "$4" "$text"
    if [ "$PASSED $FAILED $SKIPPED" = "$2" ]; then
        passed=$((passed + 1))
        echo "ok - $1"
    else
        failed=$((failed + 1))
        echo "not ok - $1: $PASSED $FAILED $SKIPPED instead of $2"
    fi
}

expect "a run that passed" "12 0 0" count_swift 0 <<'END'
✔ Test "one" passed after 0.001 seconds.
✔ Test run with 12 tests in 3 suites passed after 0.1 seconds.
END

expect "one test in one suite" "1 0 0" count_swift 0 <<'END'
✔ Test run with 1 test in 1 suite passed after 0.1 seconds.
END

expect "failed tests are counted, not their issues or their suites; skipped ones are not passed" "4 2 2" \
    count_swift 1 <<'END'
➜ Test "cond" skipped: "cannot here"
➜ Test "off" skipped: "why not"
✘ Test "two failed after" recorded an issue at t.swift:5:46: Expectation failed: 1 == 2
✘ Test "two failed after" recorded an issue at t.swift:5:63: Expectation failed: 1 == 3
✘ Test "args" with 3 test cases failed after 0.002 seconds with 1 issue.
━ Test "known" passed after 0.002 seconds with 1 known issue.
✘ Test "two failed after" failed after 0.002 seconds with 2 issues.
✘ Suite "a suite" failed after 0.032 seconds with 4 issues (including 1 known issue).
✘ Test run with 8 tests in 2 suites failed after 0.033 seconds with 4 issues (including 1 known issue).
END

expect "a runner that crashes is a failure" "1 2 1" count_swift 1 <<'END'
➜ Test "off" skipped: "why not"
✔ Test "one" passed after 0.001 seconds.
✘ Test "two" failed after 0.002 seconds with 2 issues.
error: Process exited with unexpected signal code 6
END

expect "a run that passed, and yet an error" "3 1 0" count_swift 1 <<'END'
✔ Test run with 3 tests in 1 suite passed after 0.1 seconds.
END

expect "a run of no tests at all is a failure" "0 1 0" count_swift 0 <<'END'
✔ Test run with 0 tests in 0 suites passed after 0.1 seconds.
END

expect "a script that counts" "5 1 2" count_script 1 <<'END'
ok - something
1 passed, 0 failed, and so on
5 passed, 1 failed, 2 skipped
END

expect "a script that counts no skipped ones" "5 0 0" count_script 0 <<'END'
5 passed, 0 failed
END

expect "a script that could not run here" "1 0 1" count_script 77 <<'END'
1 passed, 0 failed, 1 skipped
END

expect "a script that skipped without a count" "0 0 1" count_script 77 </dev/null
expect "a script that ended without a count" "0 1 0" count_script 0 </dev/null

expect "a script that counts no failure, and yet an error" "5 1 0" count_script 1 <<'END'
5 passed, 0 failed
END

# --- parts, as scripts/test.sh runs them; each case in a shell of its own ---------------------------------------

# told TEXT STATUS LINE…: the last lines that the script on standard input prints, and how it ends.
told() {
    local text=$1 status=$2 output ended=0
    shift 2
    output=$(bash -uo pipefail -c ". scripts/common.sh; . scripts/summary.sh; . scripts/parts.sh; $(cat)" 2>&1) || ended=$?
    if [ "$ended" = "$status" ] && [ "$(tail -n $# <<<"$output")" = "$(printf '%s\n' "$@")" ]; then
        passed=$((passed + 1))
        echo "ok - $text"
    else
        failed=$((failed + 1))
        printf 'not ok - %s: status %s\n%s\n' "$text" "$ended" "$output"
    fi
}

told "parts that run at once are counted together" 0 "7 passed, 0 failed" <<'END'
lane part one echo "3 passed, 0 failed"
job=$!
part two echo "4 passed, 0 failed"
wait "$job"
finish_parts
END

told "one that fails beside others is not lost" 1 "4 passed, 1 failed" <<'END'
lane part one false
job=$!
part two echo "4 passed, 0 failed"
wait "$job"
finish_parts
END

told "nor is one that its lane never came to" 1 "4 passed, 1 failed" <<'END'
expect "one"
part two echo "4 passed, 0 failed"
finish_parts
END

told "nor one that is not there" 1 "0 passed, 1 failed" <<'END'
part one Tests/none/run.sh
finish_parts
END

told "what was skipped is told with its reason, once" 0 "==> skipped, and why" "  this: that" "1 passed, 0 failed, 1 skipped" <<'END'
part one printf 'SKIPPED - this: that\nSKIPPED: this: that\n1 passed, 0 failed, 1 skipped\n'
finish_parts
END

told "a part is waited for, and no longer than the lane that runs it lives" 0 "2 passed, 0 failed" <<'END'
both() { part -c count_step one sleep 0.3; part -c count_step two true; }
lane both
job=$!
await_part one "$job"
wait "$job"
await_part three "$job"
finish_parts
END

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
