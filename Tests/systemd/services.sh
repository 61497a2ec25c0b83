#!/usr/bin/env bash
# What kernel and service manager report of units, under a real systemd: the table of signals, with real signals.
#
#   services.sh PROGRAMS     the folder with service-probe, such as .build/debug
set -uo pipefail

here=$(dirname "$(readlink -f "$0")")
programs=$(readlink -f "${1:?the folder of the programs}")
host=services-$$
passed=0 failed=0

inside() { "$here/boot.sh" exec "$host" "$@"; }
finish() {
    # One that still runs when the host goes down is stopped with it, and keeps what started it from ending.
    inside pkill -KILL -x service-probe
    "$here/boot.sh" down "$host"
    rm -rf "$scratch"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

reason=$("$here/boot.sh" probe 2>&1) || { echo "SKIPPED: $reason"; exit 77; }
scratch=$(mktemp -d)
trap finish EXIT
"$here/boot.sh" up "$host" || exit 1
"$here/boot.sh" put "$host" "$programs/service-probe" /usr/bin/service-probe 755

# unit NAME LINE…: a service that sleeps, with further lines in its section.
unit() {
    local name=$1
    shift
    { printf '[Unit]\nStartLimitIntervalSec=60\nStartLimitBurst=%s\n' "$burst"
        printf '[Service]\nExecStart=/bin/sleep 1000\n'
        printf '%s\n' "$@"; } >"$scratch/unit"
    "$here/boot.sh" put "$host" "$scratch/unit" "/run/systemd/system/$name" 644
}

burst=100
unit plain.service
unit again.service Restart=always RestartSec=0
burst=3
unit limit.service ExecStart= 'ExecStart=/bin/sh -c "sleep 0.2; exit 1"' Restart=on-failure RestartSec=50ms
burst=100
unit exit3.service ExecStart= 'ExecStart=/bin/sh -c "sleep 1; exit 3"'
unit clean.service ExecStart= 'ExecStart=/bin/sh -c "sleep 1; exit 0"'
unit once.service Type=oneshot RemainAfterExit=yes ExecStart= ExecStart=/bin/true
inside systemctl daemon-reload

inside service-probe plain.service again.service limit.service exit3.service clean.service once.service \
    missing.service >"$scratch/out" 2>"$scratch/err" &
probe=$!

# lines UNIT: what was reported of it so far, in short, on one line.
lines() { sed -n "s/^$1 //p" "$scratch/out" | sed 's/ suspected//; s/ none//; s/ generation=[0-9]*//' | tr '\n' ',' | sed 's/,$//'; }

# await UNIT TEXT: waits, with a bound, until the last line of a unit begins with TEXT.
await() {
    local try
    for ((try = 0; try < 200; try++)); do
        [[ $(sed -n "s/^$1 //p" "$scratch/out" | tail -n 1) != "$2"* ]] || return 0
        sleep 0.05
    done
    return 1
}

# expect WHAT UNIT TEXT: the lines of the unit are TEXT, an extended regular expression.
expect() {
    local found
    found=$(lines "$2")
    if [[ $found =~ ^$3$ ]]; then passed=$((passed + 1)) && echo "ok - $1"
    else failed=$((failed + 1)) && echo "not ok - $1: $found"; fi
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

inside systemctl start again.service
await again.service up
inside systemctl kill -s KILL again.service
await again.service 'up.*restarted' || await again.service up
for _ in 1 2; do
    inside systemctl restart again.service
    await again.service up
done
if grep -q '^again.service failed' "$scratch/out"; then found=yes; else found=no; fi
if [ "$found" = no ]; then passed=$((passed + 1)) && echo "ok - restarts are no failures"
else failed=$((failed + 1)) && echo "not ok - restarts are no failures: $(lines again.service)"; fi

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
if [ "$((after - before))" -le 2 ]; then passed=$((passed + 1)) && echo "ok - reload, re-execution and another bus change nothing"
else failed=$((failed + 1)) && echo "not ok - reload, re-execution and another bus: $(tail -n $((after - before)) "$scratch/out")"; fi
inside systemctl kill -s KILL plain.service
await plain.service 'failed signal'
expect "after them a kill is seen with its cause" plain.service '.*up,down proved,failed signal signal\(9\) proved'

inside pkill -KILL -x service-probe
wait "$probe" 2>/dev/null
cat "$scratch/err" >&2
[ -z "${VERBOSE:-}" ] || cat "$scratch/out"
