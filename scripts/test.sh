#!/usr/bin/env bash
# Runs every test; the last line is "N passed, N failed[, N skipped]", and the exit status 0 only if none failed.
#
# With SUSPECTD_TEST_RELEASE=1 the release is built first, and it is the release that runs under systemd.
set -uo pipefail
. "$(dirname "$0")/common.sh"
. scripts/summary.sh

output=$(mktemp)
trap 'rm -f "$output"' EXIT

finish() {
    summary
    [ "$FAILED" = 0 ]
    exit
}

# step TEXT COMMAND…: one check that is a whole command.
step() {
    local text=$1 status=0
    shift
    "$@" || status=$?
    count_step "$status"
    [ "$status" = 0 ] || say "FAILED: $text"
    return "$status"
}

# part FILE [ARGUMENT…]: a part that counts for itself; not every checkout has every part.
part() {
    [ -x "$1" ] || return 0
    say "$1"
    "$@" 2>&1 | tee "$output"
    count_script "${PIPESTATUS[0]}" "$output"
}

# Where the programs are that run under systemd: the release, unless the sources are newer.
binaries() {
    local debug
    debug=$SCRATCH/debug
    if [ ! -x build/release/suspectd ]; then
        echo "$debug"
    elif [ -n "$(find Package.swift Sources -newer build/release/suspectd -type f -print -quit)" ]; then
        echo "$debug"
    else
        echo build/release
    fi
}

# What simulates, and how many seeds: the release is twenty times as fast.
simulation() {
    if [ "$(binaries)" = build/release ] && [ -x "$SCRATCH/release/suspect-sim" ]; then
        echo "$SCRATCH/release/suspect-sim" 10000
    else
        echo "$SCRATCH/debug/suspect-sim" 40
    fi
}

# What three hosts run: the package, if one was just built of the release that the tests run.
hosts_run() {
    if [ "$(binaries)" = build/release ] && compgen -G 'build/deb/suspectd_*.deb' >/dev/null; then
        echo build/deb
    else
        binaries
    fi
}

step "dependencies" scripts/install-dependencies.sh test || finish
step "lint" scripts/lint.sh
if [ "${SUSPECTD_TEST_RELEASE:-0}" = 1 ]; then
    step "the release build" scripts/build.sh release
fi
say "building the tests"
step "the build" swift build "${SWIFT_FLAGS[@]}" --build-tests || finish
say "swift test"
swift test "${SWIFT_FLAGS[@]}" --skip-build --disable-xctest 2>&1 | tee "$output" | grep --line-buffered -v '^◇ '
count_swift "${PIPESTATUS[0]}" "$output"
part Tests/scripts/run.sh
# shellcheck disable=SC2046
part Tests/simulation/run.sh $(simulation)
part Tests/varlink/run.sh "$SCRATCH/debug"
part Tests/systemd/run.sh "$(binaries)"
part Tests/systemd/package.sh "$(binaries)"
part Tests/systemd/three-hosts.sh "$(hosts_run)"
part Tests/namespaces/run.sh "$(binaries)"
finish
