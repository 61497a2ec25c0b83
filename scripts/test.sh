#!/usr/bin/env bash
# Runs every test; the last line is "N passed, N failed[, N skipped]", and the exit status 0 only if none failed.
#
# With SUSPECTD_TEST_RELEASE=1 the release is built first, and it is the release that runs under systemd and simulates:
# 1,000 random fault plans, or as many as SUSPECTD_TEST_SEEDS says.
# What judges time runs one lane of parts; what only computes runs beside it, with the processor time that is left.
set -uo pipefail
. "$(dirname "$0")/common.sh"
. scripts/summary.sh
. scripts/parts.sh

release=${SUSPECTD_TEST_RELEASE:-0} seeds=${SUSPECTD_TEST_SEEDS:-1000}
# What computes only: no clock, no file of the kernel's, no other process. New targets belong to the others.
computing='^(CausalClock|CausalExport|Configuration|Documentation|FailureDetection|Fuzz|HouseRules|Library|Replay|Sealing|Simulation|StatusAPI|Records|Services|Wire)Tests\.'
# Suites of daemons are one at a time, and mostly wait: a third of them each.
first='^DaemonTests\.(RealDaemons/)?[A-E]'
second='^DaemonTests\.(RealDaemons/)?[F-N]'

# Where the programs are that run under systemd: the release, unless the sources are newer.
binaries() {
    if [ ! -x build/release/suspectd ] ||
        [ -n "$(find Package.swift Sources -newer build/release/suspectd -type f -print -quit)" ]; then
        echo "$SCRATCH/debug"
    else
        echo build/release
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

# The release simulates four times as fast.
simulation() {
    if [ "$(binaries)" = build/release ] && [ -x "$SCRATCH/release/suspect-sim" ]; then
        part "simulation" Tests/simulation/run.sh "$SCRATCH/release/suspect-sim" "$seeds"
    else
        part "simulation" Tests/simulation/run.sh "$SCRATCH/debug/suspect-sim" 40
        left_out "the other 960 of 1,000 seeds" "they take the release; run SUSPECTD_TEST_RELEASE=1 make test"
    fi
}

# swift_tests NAME [OPTION…]: not by `swift test`, which would wait for a build that runs.
swift_tests() {
    local name=$1
    shift
    part -c count_swift "$name" env NO_COLOR=1 "${booted[@]}" \
        "$SCRATCH/debug/suspectdPackageTests.xctest" --testing-library swift-testing "$@"
}

compute() {
    expect "swift tests that compute" "counting" "mutants apply" "simulation"
    step_aside
    if [ "$release" = 1 ]; then part -c count_step "release build" scripts/build.sh release; fi
    booted=() # Here alone: this is a shell of its own.
    swift_tests "swift tests that compute" --filter "$computing"
    part "counting" Tests/scripts/run.sh
    part "mutants apply" Tests/mutants/run.sh --applies
    simulation
}

daemons() {
    expect "$1"
    swift_tests "$1" --filter "$2"
}
packaged() {
    expect "package" "three hosts" "documents"
    part "package" Tests/systemd/package.sh "$(binaries)"
    part "three hosts" "${booted[@]}" Tests/systemd/three-hosts.sh "$(hosts_run)"
    part "documents" "${booted[@]}" Tests/systemd/documents.sh "$(hosts_run)"
}
# after_package JOB: what runs on hosts with the package, too, beside the lane of it.
after_package() {
    expect "services" "membership"
    await_part "package" "$1"
    part "services" "${booted[@]}" Tests/systemd/three-services.sh "$(hosts_run)"
    part "membership" "${booted[@]}" Tests/systemd/membership.sh "$(hosts_run)"
}

part -c count_step "dependencies" scripts/install-dependencies.sh test || { finish_parts; exit; }
part -c count_step "lint" scripts/lint.sh
say "building the tests"
part -c count_step "build" swift build "${SWIFT_FLAGS[@]}" --build-tests || { finish_parts; exit; }

booted=(Tests/booted.sh 40)
if ! reason=$(Tests/booted.sh probe 2>&1); then
    booted=()
    left_out "a machine that booted 40 s ago" "${reason#booted.sh: }"
fi
lane compute
computing_job=$!
lane daemons "daemons, A to E" "$first"
lanes=($!)
lane daemons "daemons, F to N" "$second"
lanes+=($!)
swift_tests "other swift tests" --skip "$first" --skip "$second" --skip "$computing"
wait "${lanes[@]}"
part "varlink" Tests/varlink/run.sh "$SCRATCH/debug"
part "examples" Tests/examples/run.sh
if [ "$release" = 1 ]; then await_part "release build" "$computing_job"; fi
lane packaged
lanes=($!)
lane after_package "$!"
lanes+=($!)
part "systemd" "${booted[@]}" Tests/systemd/run.sh "$(binaries)"
wait "${lanes[@]}" "$computing_job"
finish_parts
