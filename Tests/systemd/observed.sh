#!/usr/bin/env bash
# suspectd by its own unit observes services under a real systemd: what it reports of them.
#
#   observed.sh PROGRAMS     the folder with suspectd and suspectctl, such as .build/debug
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77.
set -uo pipefail

here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
programs=$(readlink -f "${1:?the folder of the programs}")
host=observed-$$
passed=0 failed=0

inside() { "$here/boot.sh" exec "$host" "$@"; }
put() { "$here/boot.sh" put "$host" "$@"; }
finish() {
    [ "$failed" = 0 ] || inside journalctl -u suspectd --no-pager -o cat | tail -n 60
    "$here/boot.sh" down "$host"
    rm -rf "$scratch"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

reason=$("$here/boot.sh" probe 2>&1) || { echo "SKIPPED: $reason"; exit 77; }
scratch=$(mktemp -d)
trap finish EXIT
"$here/boot.sh" up "$host" || exit 1
put "$programs/suspectd" /usr/sbin/suspectd 755
put "$programs/suspectctl" /usr/bin/suspectctl 755
put "$root/systemd/suspectd.service" /etc/systemd/system/suspectd.service 644
put "$root/systemd/suspectd.sysusers" /usr/lib/sysusers.d/suspectd.conf 644
inside systemd-sysusers

# A build that is not static needs its runtime's folder executable inside the sandbox; a release does not.
folders=$(ldd "$programs/suspectd" | sed -n 's|.*=> \(/.*\)/[^/]* (.*|\1|p' | sort -u | grep -vE '^/(usr/)?lib(64)?(/|$)')
if [ -n "$folders" ]; then
    printf '[Service]\nExecPaths=%s\n' "$(tr '\n' ' ' <<<"$folders")" >"$scratch/drop-in"
    put "$scratch/drop-in" /etc/systemd/system/suspectd.service.d/10-libraries.conf 644
fi

# unit NAME LINE…: a service that sleeps, with further lines in its section.
unit() {
    local name=$1
    shift
    { printf '[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep 1000\n'
        printf '%s\n' "$@"; } >"$scratch/unit"
    put "$scratch/unit" "/etc/systemd/system/$name" 644
}

unit plain.service
unit again.service Restart=always RestartSec=0
unit worker.service User=nobody ExecStart= \
    'ExecStart=/bin/sh -c "while :; do suspectctl alive worker; sleep 0.1; done"'
unit hog.service MemoryMax=20M MemorySwapMax=0 ExecStart= 'ExecStart=/bin/sh -c "sleep 1; tail /dev/zero"'
{
    printf '[node]\nid = "db1"\nlisten = ["127.0.0.1:7946"]\n[security]\nallow_unauthenticated = true\n'
    printf '[[peer]]\nid = "db2"\naddress = "127.0.0.1:7947"\n'
    for name in plain again hog missing late other-name; do
        printf '[[service]]\nname = "%s"\nunit = "%s.service"\n' "$name" "$name"
    done
    printf '[[service]]\nname = "worker"\nunit = "worker.service"\nhung_after = "1s"\n'
} >"$scratch/conf"
put "$scratch/conf" /etc/suspectd/suspectd.toml 644
unit aliased.service Restart=no
printf '[Install]\nAlias=other-name.service\n' >>"$scratch/unit"
put "$scratch/unit" /etc/systemd/system/aliased.service 644
inside systemctl enable aliased >/dev/null 2>&1
inside systemctl daemon-reload
inside systemctl start plain again worker
inside systemctl start suspectd || inside journalctl -u suspectd --no-pager -o cat | tail

result() { if [ "$1" = 0 ]; then passed=$((passed + 1)) && echo "ok - $2"; else failed=$((failed + 1)) && echo "not ok - $2: ${3:-}"; fi; }

# becomes NAME STATE WHAT: waits, with a bound, until a service is in a state.
becomes() {
    inside suspectctl wait "db1/$1" --state "$2" --timeout 10s >/dev/null 2>"$scratch/wait"
    result $? "$3" "$(cat "$scratch/wait"; inside suspectctl services)"
}

# says NAME TEXT WHAT: what is reported of a service contains TEXT.
says() {
    local found
    found=$(inside suspectctl events "db1/$1" 2>&1 | grep -F "db1/$1" | tail -n "${4:-1}")
    [[ $found == *"$2"* ]]
    result $? "$3" "$found"
}

becomes plain up "a service that ran before is up"
becomes again up "another is, too"
becomes worker up "and one that says so itself, as another user, in its own cgroup"
becomes hog stopped "one that was not started is stopped"
inside journalctl -u suspectd --no-pager -o cat | grep -qF 'there is no unit missing.service on this host'
result $? "a unit that does not exist is named"

inside systemctl kill -s KILL plain
becomes plain failed "kill -9 is a failure"
says plain "has failed (proved): signal 9 ended it" "with its cause, proved"
says plain "is down (proved)" "and was down before, by the kernel" 2
inside systemctl kill -s KILL again
becomes again up "what systemd starts again is up"
says again "db1/again is up again" "and its restart is an event"
inside systemctl restart again
becomes again up "a restart that was asked for, too"
! inside suspectctl events db1/again | grep -qF 'has failed'
result $? "no restart is a failure"

inside systemctl kill -s STOP worker
becomes worker hung "a program that stops calling is hung"
inside systemctl kill -s CONT worker
becomes worker up "until it calls again"
inside systemctl freeze worker
becomes worker hung "so is one that is frozen"
says worker "its cgroup is frozen" "by the kernel"
inside systemctl thaw worker
becomes worker up "until it is thawed"
! inside setpriv --reuid=65534 --clear-groups suspectctl alive worker 2>"$scratch/refused"
result $? "another user's process cannot say so"
grep -qF 'is neither in the cgroup of worker.service nor of root' "$scratch/refused"
result $? "and is told why" "$(cat "$scratch/refused")"
inside suspectctl alive worker --within 1min
result $? "root can"

inside systemctl stop worker
becomes worker stopped "a stop that was asked for is stopped"
says worker "is stopped: as planned" "as planned"
if inside grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
    inside systemctl start hog
    becomes hog failed "running out of memory is a failure"
    says hog "memory ran out" "with that cause"
else
    echo "SKIPPED - running out of memory: no memory controller here"
fi

inside systemctl start aliased
becomes other-name up "a unit that is named by an alias is seen when it starts"
inside systemd-run --unit=late.service --quiet /bin/sleep 1000
becomes late up "a unit that was made later is seen, too"

before=$(inside suspectctl events db1 | wc -l)
for _ in 1 2 3; do inside systemctl daemon-reload; done
inside systemctl daemon-reexec
inside systemctl restart dbus
inside systemctl start plain
becomes plain up "after reloads, a re-execution and another bus a start is seen"
changes=$(inside suspectctl events db1 | tail -n +$((before + 1)) | grep -cE 'db1/(again|hog|worker) ')
[ "$changes" = 0 ]
result $? "and nothing else was reported" "$(inside suspectctl events db1 | tail -n 5)"
generation=$(inside suspectctl --json services | grep -o '"generation":[0-9]*' | head -n 1)
inside systemctl restart suspectd
becomes again up "after a restart of suspectd all is known again"
[ "$(inside suspectctl --json services | grep -o '"generation":[0-9]*' | head -n 1)" = "$generation" ]
result $? "generations are counted on" "$generation"
