#!/usr/bin/env bash
# Runs the tests under the sanitizers of the toolchain.
#
#   Tests/sanitizers/run.sh [memory] [threads]    both unless named
#
# memory: reads and writes outside of what was allocated, use after free; all tests.
# threads: data that two threads touch at once; the tests of what has threads.
# Everything is built anew for each. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. scripts/summary.sh
output=$(mktemp)
trap 'rm -f "$output"' EXIT
# At their end the programs leave memory to the kernel that they need no more; that is no leak.
export ASAN_OPTIONS=detect_leaks=0
export TSAN_OPTIONS=halt_on_error=1:exitcode=66:suppressions=$PWD/Tests/sanitizers/threads.suppressions

# tests NAME SANITIZERS [OPTION…]
tests() {
    local flags=(--scratch-path "${SCRATCH:-.build}-$1")
    local sanitizers=$2
    shift 2
    for sanitizer in $sanitizers; do flags+=("--sanitize=$sanitizer"); done
    echo "==> sanitizers: $sanitizers"
    swift build "${flags[@]}" --build-tests || { add 0 1 0; return; }
    swift test "${flags[@]}" --skip-build --disable-xctest "$@" 2>&1 | tee "$output" | grep --line-buffered -v '^◇ '
    count_swift "${PIPESTATUS[0]}" "$output"
}

# The library that sets the clock and a sanitizer both want to be loaded first.
unfit=HostFaultTests/wallClock
[ $# -gt 0 ] || set -- memory threads
for kind; do
    case $kind in
        # Memory that was given back is kept for a while, to see whether it is used again: the daemon seems to grow.
        memory) tests memory "address" --skip "$unfit" --skip HostileClientTests/endless ;;
        # It runs the child of a vfork in memory of its own, so that what keeps a program from starting is not seen.
        threads)
            tests threads thread --filter 'DaemonTests|SystemdTests|LinuxIOTests' --skip missingProgram --skip "$unfit"
            ;;
        *) echo "no such sanitizer: $kind; there are memory and threads" && exit 64 ;;
    esac
done
summary
[ "$FAILED" = 0 ]
