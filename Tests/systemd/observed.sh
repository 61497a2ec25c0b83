#!/usr/bin/env bash
# suspectd by its own unit observes services under a real systemd: what it reports of them.
#
#   observed.sh PROGRAMS     the folder with suspectd and suspectctl, such as .build/debug
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77.
set -uo pipefail

here=$(dirname "$(readlink -f "$0")")
# shellcheck disable=SC2034
root=$(readlink -f "$here/../..")
programs=$(readlink -f "${1:?the folder of the programs}")
name=observed-$$

. "$here/checks.sh"
. "$here/units.sh"
before_close() { [ "$failed" = 0 ] || inside journalctl -u suspectd --no-pager -o cat | tail -n 60; }

open_host
unit plain.service
unit again.service Restart=always RestartSec=0
unit worker.service User=nobody ExecStart= \
    'ExecStart=/bin/sh -c "while :; do suspectctl alive worker; sleep 0.1; done"'
unit demand.service
printf '[Socket]\nListenStream=/run/demand\n' >"$scratch/unit"
put "$scratch/unit" /etc/systemd/system/demand.socket 644
unit hog.service MemoryMax=20M MemorySwapMax=0 ExecStart= 'ExecStart=/bin/sh -c "sleep 1; tail /dev/zero"'
{
    printf '[node]\nid = "db1"\nlisten = ["127.0.0.1:7946"]\n[security]\nallow_unauthenticated = true\n'
    printf '[[peer]]\nid = "db2"\naddress = "127.0.0.1:7947"\n'
    for service in plain again hog missing late other-name demand; do
        printf '[[service]]\nname = "%s"\nunit = "%s.service"\n' "$service" "$service"
    done
    printf '[[service]]\nname = "worker"\nunit = "worker.service"\nhung_after = "1s"\n'
} >"$scratch/conf"
install_suspectd
unit aliased.service Restart=no
printf '[Install]\nAlias=other-name.service\n' >>"$scratch/unit"
put "$scratch/unit" /etc/systemd/system/aliased.service 644
inside systemctl enable aliased >/dev/null 2>&1
inside systemctl daemon-reload
inside systemctl start plain again worker
inside systemctl start suspectd || inside journalctl -u suspectd --no-pager -o cat | tail

# becomes NAME STATE WHAT: waits, with a bound, until a service is in a state.
becomes() {
    if inside suspectctl wait "db1/$1" --state "$2" --timeout 10s >/dev/null 2>"$scratch/wait"; then ok "$3"
    else not_ok "$3: $(cat "$scratch/wait"; inside suspectctl services)"; fi
}

events() { inside suspectctl events "db1/$1" 2>&1 | grep -F "db1/$1"; }

# says NAME TEXT WHAT [LINES]: the last line reported of a service, or the last LINES, contain TEXT.
says() {
    local found
    found=$(events "$1" | tail -n "${4:-1}")
    if [[ $found == *"$2"* ]]; then ok "$3"; else not_ok "$3: $found"; fi
}

# says_nothing_of TEXT NAME: something was reported of a service, and none of it contains TEXT.
says_nothing_of() {
    local found
    found=$(events "$2")
    [ -n "$found" ] && ! grep -qF "$1" <<<"$found"
}
journal_has() { inside journalctl -u suspectd --no-pager -o cat | grep -qF "$1"; }

becomes plain up "a service that ran before is up"
becomes again up "another is, too"
becomes worker up "and one that says so itself, as another user, in its own cgroup"
becomes hog stopped "one that was not started is stopped"
check "a unit that does not exist is named" within 5 journal_has 'there is no unit missing.service on this host'

inside systemctl kill -s KILL plain
becomes plain failed "kill -9 is a failure"
says plain "has failed (proved): signal 9 ended it" "with its cause, proved"
says plain "is down (proved)" "and was down before, by the kernel" 2
inside systemctl kill -s KILL again
becomes again up "what systemd starts again is up"
says again "db1/again is up again" "and its restart is an event"
inside systemctl restart again
becomes again up "a restart that was asked for, too"
check "no restart is a failure" says_nothing_of 'has failed' again

inside systemctl kill -s STOP worker
becomes worker hung "a program that stops calling is hung"
inside systemctl kill -s CONT worker
becomes worker up "until it calls again"
inside systemctl freeze worker
becomes worker hung "so is one that is frozen"
says worker "its cgroup is frozen" "by the kernel"
inside systemctl thaw worker
becomes worker up "until it is thawed"
as_nobody() { inside setpriv --reuid=65534 --clear-groups "$@"; }
check "another user's process may ask" quietly as_nobody suspectctl services
check "and cannot say so" fails as_nobody suspectctl alive worker
as_nobody suspectctl alive worker 2>"$scratch/refused"
check "and is told why" grep -qF 'is neither in the cgroup of worker.service nor of root' "$scratch/refused"
check "root can" inside suspectctl alive worker --within 1min

inside systemctl stop worker
becomes worker stopped "a stop that was asked for is stopped"
says worker "is stopped: as planned" "as planned"
if inside grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
    inside systemctl start hog
    becomes hog failed "running out of memory is a failure"
    says hog "memory ran out" "with that cause"
else
    skip "running out of memory: no memory controller here"
fi

inside systemctl start aliased
becomes other-name up "a unit that is named by an alias is seen when it starts"
inside systemd-run --unit=late.service --quiet /bin/sleep 1000
becomes late up "a unit that was made later is seen, too"

inside systemctl start demand.socket
becomes demand up "a service that a socket would start is up"
says demand "idle, starts on demand" "and why is said"
inside systemctl stop demand.socket
becomes demand stopped "until the socket is closed"

# A unit file that the service manager cannot read concerns its own service only.
in_units() { inside sh -c "cd /etc/systemd/system && $1 && systemctl daemon-reload"; }
# with_services NAME[=UNIT]…: another configuration with these services, each of the unit of its name unless it has one.
with_services() {
    local service
    { grep -v '^\[\[service\]\]\|^name\|^unit\|^hung_after' "$scratch/conf"
        for service in "$@"; do
            printf '[[service]]\nname = "%s"\nunit = "%s.service"\n' "${service%%=*}" "${service#*=}"
        done
    } >"$scratch/other"
    put "$scratch/other" /etc/suspectd/suspectd.toml 644
}
in_units 'ln -s odd.service odd.service; mkdir folder.service; ln -s demand.socket socket-link.service' || skip "odd units"
with_services odd plain folder socket-link
inside systemctl restart plain suspectd
becomes plain up "a unit that cannot be read takes no other with it"
check "and is named, with the error" within 5 journal_has 'service odd: the service manager cannot say what odd.service does (GetUnitFileState: '
check "and the manager is not called unreachable" fails journal_has 'the service manager cannot be asked'
if inside suspectctl services | grep 'db1/odd' | grep -q 'cannot say'; then ok "and the list says why it is unknown"
else not_ok "the list: $(inside suspectctl services)"; fi
in_units 'rm -r odd.service folder.service socket-link.service'

generation() { inside suspectctl --json services | grep -o '"generation":[0-9]*' | head -n 1 | cut -d: -f2; }
# After a reload that takes services out, the news of their units holds up none of those that stay.
unit 'many@.service'
inside systemctl daemon-reload
many=() named=()
for number in {1..30}; do many+=("many@$number") named+=("many-$number=many@$number"); done
with_services plain "${named[@]}"
inside systemctl reload suspectd
inside systemctl start plain "${many[@]}"
becomes many-30 up "thirty services are observed"
with_services plain
inside systemctl reload suspectd
before=$(generation)
inside systemctl restart "${many[@]}" plain
is_later() { [ "$(generation)" -gt "$before" ]; }
check "after a reload without them a restart of all is seen" within 10 is_later
becomes plain up "and leads to up"
inside systemctl stop "${many[@]}" plain
becomes plain stopped "and a stop of all to stopped"
inside systemctl start plain
becomes plain up "and a start to up"

# What every package does: a planned restart.
restarts() { inside suspectctl --json services | grep -o '"restarts":[0-9]*' | head -n 1; }
before=$(restarts)
for _ in 1 2 3 4 5 6 7 8; do inside sh -c 'systemctl daemon-reload && systemctl restart plain'; sleep 0.3; done
becomes plain up "after restarts that follow a reload of the manager it is up"
check "and none of them counts as unplanned" same "$before" "$(restarts)"

# A local user that takes all connections keeps no service from saying that it makes progress.
put "$scratch/conf" /etc/suspectd/suspectd.toml 644
inside systemctl restart suspectd
inside systemctl start worker
becomes worker up "a service that says so itself is up"
cat >"$scratch/hold" <<'HOLD'
import os, socket, time
os.setgroups([]); os.setgid(65534); os.setuid(65534)
held = []
end = time.monotonic() + 6
while time.monotonic() < end:
    client = socket.socket(socket.AF_UNIX)
    try:
        client.connect("/run/suspectd/io.suspectd.Monitor")
        client.sendall(b'{"method":"io.suspectd.Monitor.Subscribe","more":true}\0')
        held = (held + [client])[-100:]
    except OSError:
        pass
    time.sleep(0.01)
HOLD
put "$scratch/hold" /root/hold.py 644
known=$(events worker | wc -l)
inside python3 /root/hold.py
hung=$(events worker | tail -n "+$((known + 1))" | grep -c 'is hung')
check "a user that holds all connections makes no service hung" [ "$hung" = 0 ]
check "and that some were refused is in the journal" within 5 journal_has 'connections to the status socket were refused ('

before=$(inside suspectctl events db1 | wc -l)
for _ in 1 2 3; do inside systemctl daemon-reload; done
inside systemctl daemon-reexec
inside systemctl restart dbus
inside systemctl start plain
becomes plain up "after reloads, a re-execution and another bus a start is seen"
after=$(inside suspectctl events db1)
check "and is an event" [ "$(wc -l <<<"$after")" -gt "$before" ]
changes=$(tail -n +$((before + 1)) <<<"$after" | grep -cE 'db1/(again|hog|worker) ')
check "and nothing else was reported" [ "$changes" = 0 ]
before=$(generation)
inside systemctl restart suspectd
becomes again up "after a restart of suspectd all is known again"
check "generations are counted on" same "$before" "$(generation)"
result
