#!/usr/bin/env bash
# What kernel and service manager report of units, under a real systemd: the table of signals, with real signals.
#
#   services.sh PROGRAMS     the folder with service-probe, such as .build/debug
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77.
set -uo pipefail

here=$(dirname "$(readlink -f "$0")")
programs=$(readlink -f "${1:?the folder of the programs}")
name=services-$$

. "$here/checks.sh"
. "$here/units.sh"
# One that still runs when the host goes down is stopped with it, and keeps what started it from ending.
before_close() { quietly inside pkill -KILL -x service-probe; }

open_host
put "$programs/service-probe" /usr/bin/service-probe 755

unit plain.service
unit again.service Restart=always RestartSec=0
burst=3
unit limit.service ExecStart= 'ExecStart=/bin/sh -c "sleep 0.2; exit 1"' Restart=on-failure RestartSec=50ms
burst=1000
unit exit3.service ExecStart= 'ExecStart=/bin/sh -c "sleep 1; exit 3"'
unit clean.service ExecStart= 'ExecStart=/bin/sh -c "sleep 1; exit 0"'
unit once.service Type=oneshot RemainAfterExit=yes ExecStart= ExecStart=/bin/true
inside systemctl daemon-reload

inside service-probe plain.service again.service limit.service exit3.service clean.service once.service \
    missing.service >"$scratch/out" 2>"$scratch/err" &
probe=$!

# lines UNIT: what was reported of it so far, in short, on one line.
lines() { sed -n "s/^$1 //p" "$scratch/out" | sed 's/ suspected//; s/ none//; s/ generation=[0-9]*//' | tr '\n' ',' | sed 's/,$//'; }

# await UNIT TEXT: waits, with a bound, until the last line of a unit begins with TEXT; without, that is a failure of its own.
await() { within 10 begins "$1" "$2" || not_ok "$1 becomes $2: $(lines "$1")"; }
begins() { [[ $(sed -n "s/^$1 //p" "$scratch/out" | tail -n 1) == "$2"* ]]; }

# expect WHAT UNIT TEXT: the lines of the unit are TEXT, an extended regular expression.
expect() {
    local found
    found=$(lines "$2")
    if [[ $found =~ ^$3$ ]]; then ok "$1"; else not_ok "$1: $found"; fi
}

await plain.service stopped
expect "a unit that is not loaded is stopped" plain.service 'stopped'
expect "a unit that does not exist is not reported" missing.service ''

inside systemctl start plain.service
await plain.service up
inside systemctl kill -s KILL plain.service
await plain.service failed
expect "kill -9: down by the kernel, then failed with the signal" plain.service \
    'stopped,(starting,)?up,down proved,failed signal signal\(9\) proved'
inside systemctl start plain.service
await plain.service up
inside systemctl freeze plain.service
await plain.service hung
inside systemctl thaw plain.service
await plain.service up
inside systemctl stop plain.service
await plain.service stopped
expect "freeze, thaw and stop" plain.service '.*failed signal signal\(9\) proved,(starting,)?up,hung frozen,up,(down proved,)?(stopping planned,)?stopped planned'

# restarts UNIT: how many of its restarts were reported.
restarts() { grep -c "^$1 up.* restarted$" "$scratch/out"; }
has_restarted() { [ "$(restarts "$1")" -ge "$2" ]; }

inside systemctl start again.service
await again.service up
inside systemctl kill -s KILL again.service
check "a restart by the manager is reported as one" within 10 has_restarted again.service 1
for number in 2 3; do
    inside systemctl restart again.service
    check "a restart by hand is, too" within 10 has_restarted again.service "$number"
done
if grep -q '^again.service failed' "$scratch/out"; then not_ok "restarts are no failures: $(lines again.service)"
else ok "restarts are no failures"; fi

inside systemctl start limit.service
await limit.service 'failed start-limit'
expect "the start limit is derived" limit.service '.*failed start-limit status\(1\) proved'

inside systemctl start exit3.service clean.service once.service
await exit3.service failed
await clean.service stopped
expect "exit 3" exit3.service 'stopped,.*up,down proved,failed exit status\(3\) proved'
expect "exit 0 is no failure" clean.service 'stopped,.*up,down proved,(stopping.*,)?stopped exit status\(0\) proved'
await once.service up
expect "a oneshot service that remains is up" once.service 'stopped,(starting,)?up'

before=$(wc -l <"$scratch/out")
for _ in 1 2 3; do inside systemctl daemon-reload; done
inside systemctl daemon-reexec
inside systemctl restart dbus.service
inside systemctl start plain.service
await plain.service up
after=$(wc -l <"$scratch/out")
if [ "$((after - before))" -le 2 ]; then ok "reload, re-execution and another bus change nothing"
else not_ok "reload, re-execution and another bus: $(tail -n $((after - before)) "$scratch/out")"; fi
inside systemctl kill -s KILL plain.service
await plain.service 'failed signal'
expect "after them a kill is seen with its cause" plain.service '.*up,down proved,failed signal signal\(9\) proved'

inside pkill -KILL -x service-probe
wait "$probe" 2>/dev/null
cat "$scratch/err" >&2
[ -z "${VERBOSE:-}" ] || cat "$scratch/out"
result
