#!/usr/bin/env bash
# Runs every bench against the release, and says at the end which of them missed an aim. Those beside other daemons need
# these: bird2, frr, keepalived and serf, as Debian has them; a bench whose daemon is missing says so and fails.
#
#   bench/run.sh          at full length: an hour
#   bench/run.sh quick    the same with fewer and shorter measurements: ten minutes
#
# Times are only as good as the machine is quiet; each bench prints the load. $SUSPECTD names another daemon to measure.
set -uo pipefail
. "$(dirname "$0")/../scripts/common.sh"

case ${1:-full} in
    full) quick=() ;;
    quick) quick=(yes) ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 64 ;;
esac

if [ -z "${SUSPECTD:-}" ]; then
    scripts/build.sh release || die "the release does not build; its errors are above"
    export SUSPECTD=build/release/suspectd
fi

missed=()

# bench NAME [SHORT-OPTION…]: the options are those of the quick form.
bench() {
    local name=$1
    shift
    [ ${#quick[@]} -gt 0 ] || set --
    say "bench/$name.py $*"
    "bench/$name.py" "$@"
    case $? in
        0) ;;
        130 | 143) exit 130 ;;
        *) missed+=("$name") ;;
    esac
}

bench kill --kills 9
bench veth --faults 11 --duration 60
bench pause --stops 10 --long 3
bench oneway --duration 15
bench links --hosts 3 --cuts 10 --kills 5
bench target --target 0.5 --after 20
bench idle --duration 10
bench services --duration 20
bench allocations
bench flood
bench scale --duration 10 --kills 5
bench clients --duration 15
bench frontier --quick
bench bird --quick
bench serf --quick
bench pauses --quick
bench faults --quick

[ ${#missed[@]} -eq 0 ] || die "missed an aim, or failed: ${missed[*]}"
say "every aim is met"
