#!/usr/bin/env bash
# Runs a command as on a machine that booted SECONDS ago: in a time namespace in which the clocks that count from the
# boot are set so. The wall clock, and the machine, stay as they are.
#
#   Tests/booted.sh SECONDS COMMAND…    ends as COMMAND does
#   Tests/booted.sh probe               exit status 0 if that is possible here; else says why not
set -euo pipefail

die() { echo "booted.sh: $*" >&2; exit 1; }

# By how much the clocks are set already, and how long ago this machine seems to have booted.
offset() { awk '$1 == "boottime" { print $2 }' /proc/self/timens_offsets; }
uptime() { cut -d . -f 1 /proc/uptime; }

# enter SECONDS COMMAND…: the shell in between makes sure that the command is in the namespace; on older kernels only
# the children of the process that makes it are.
enter() {
    local shift=$(($(offset) + $1 - $(uptime)))
    exec unshare -T --boottime "$shift" --monotonic "$shift" sh -c '"$@"; exit "$?"' sh "${@:2}"
}

probe() {
    local age
    [ -r /proc/self/timens_offsets ] || die "this kernel has no time namespaces"
    age=$(enter 40 cut -d . -f 1 /proc/uptime 2>&1) || die "no time namespace can be made here: $age"
    [ "$age" -ge 40 ] && [ "$age" -le 70 ] || die "the clocks of a time namespace cannot be set here"
}

case ${1:-} in
    probe) probe ;;
    [0-9]*) [ $# -ge 2 ] || die "usage: booted.sh SECONDS COMMAND…"; enter "$@" ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 64 ;;
esac
