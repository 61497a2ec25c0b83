#!/usr/bin/env bash
# Services on three hosts with a real systemd each: a process is killed, frozen, starved of memory, stopped as planned, and each
# time the other hosts say what became of it, and how soon.
#
#   Tests/systemd/three-services.sh [FOLDER]    FOLDER holds the binaries, or the Debian package suspectd_*.deb
#   KILLS=5                                     how many processes are killed for the figures
#   POLL=1                                      polls PostgreSQL every 10 seconds as well, to compare
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77. With PostgreSQL of
# Debian's package installed a real server is watched as well. Times are of one machine's clock, which all hosts share.
# Its last line is "N passed, N failed, N skipped".
set -uo pipefail
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bridge=sds$$
hosts="db1 db2 db3"
name=

. "$here/checks.sh"
. "$here/cluster.sh"

# The cluster's file, the same for all: services of db2 alone.
configure() {
    local number service
    {
        printf '[security]\nallow_unauthenticated = true\n'
        for number in 1 2 3; do
            printf '\n[[peer]]\nid = "db%s"\naddress = "10.9.0.%s:7946"\n' "$number" "$number"
        done
        for service in plain again soon limit exit3 core greedy guarded; do
            printf '\n[[service]]\nname = "%s"\nunit = "%s.service"\nhosts = ["db2"]\n' "$service" "$service"
        done
        if [ -n "$postgres" ]; then
            printf '\n[[service]]\nname = "postgres"\nunit = "postgresql@15-main.service"\nhosts = ["db2"]\n'
        fi
    } >"$scratch/suspectd.toml"
    copy "$1" "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
}

# unit NAME LINE…: a service that sleeps, with further lines in its section.
unit() {
    local name=$1
    shift
    { printf '[Unit]\nStartLimitIntervalSec=60\nStartLimitBurst=%s\n' "$burst"
        printf '[Service]\nExecStart=/bin/sleep 1000\n'
        printf '%s\n' "$@"; } >"$scratch/unit"
    copy db2 "$scratch/unit" "/run/systemd/system/$name.service" 644
}

units() {
    burst=1000
    unit plain
    unit again Restart=always RestartSec=100ms
    unit soon Restart=always RestartSec=0
    unit exit3 ExecStart= 'ExecStart=/bin/sh -c "sleep 0.5; exit 3"'
    unit core ExecStart= 'ExecStart=/bin/sh -c "sleep 0.5; kill -SEGV $$$$"' LimitCORE=infinity
    unit greedy MemoryMax=16M MemorySwapMax=0 ExecStart= \
        'ExecStart=/usr/bin/python3 -c "import time; time.sleep(0.5); x = bytearray(64 << 20); time.sleep(1000)"'
    unit guarded WatchdogSec=1 NotifyAccess=all Type=notify ExecStart= \
        'ExecStart=/bin/sh -c "systemd-notify --ready; sleep 1000"'
    burst=3
    unit limit ExecStart= 'ExecStart=/bin/sh -c "sleep 0.2; exit 1"' Restart=on-failure RestartSec=50ms
    on db2 systemctl daemon-reload
}

postgres=
if [ -x /usr/lib/postgresql/15/bin/postgres ]; then postgres=yes; fi

# A cluster of its own, in the booted host only.
make_postgres() {
    on db2 pg_lsclusters -h 2>/dev/null | grep -q '^15 *main' || on db2 pg_createcluster 15 main >"$scratch/log" 2>&1
    on db2 sed -i "s/^#\\?listen_addresses.*/listen_addresses = '*'/" /etc/postgresql/15/main/postgresql.conf
    on db2 systemctl start postgresql@15-main
}

trusts_all() { [[ "$(status_text "$1")" == *"Watching 2 peers: 2 trusted"* ]]; }

# shows HOST SERVICE TEXT: how HOST shows a service of db2: its state, and its cause where TEXT has one.
shows() {
    on "$1" suspectctl --json services --host db2 2>/dev/null | python3 -c '
import json, sys
service, words = sys.argv[1], sys.argv[2].split()
found = [s for s in json.load(sys.stdin) if s["service"] == service]
sys.exit(not (found and all(w in (found[0]["state"], found[0].get("cause"), found[0].get("certainty")) for w in words)))' "$2" "$3"
}

# becomes SERVICE TEXT: both other hosts show it so, soon.
becomes() {
    local host
    for host in db1 db3; do check "$host says that $1 is $2" within 5 shows "$host" "$1" "$2"; done
}

do_on() { quietly on db2 systemctl "$@"; }

open_cluster "${1:-$root/build/deb}"
for host in $hosts; do
    boot "$host"
    if [ "$host" = db2 ]; then units; fi
    configure "$host"
    check "suspectd is installed on $host" install_on "$host"
done
for host in $hosts; do check "$host trusts both others" within 15 trusts_all "$host"; done

do_on start plain again
becomes plain up
do_on kill -s KILL plain
becomes plain "failed signal"
do_on reset-failed plain
do_on start plain
becomes plain up
do_on stop plain
becomes plain "stopped planned"
do_on start exit3
becomes exit3 "failed exit"
do_on start core
becomes core "failed core"
# Where the kernel's memory controller belongs to another hierarchy, no unit has a limit.
if on db2 grep -qw memory /sys/fs/cgroup/cgroup.controllers; then has_memory=yes; else has_memory=; fi
if [ -n "$has_memory" ]; then
    do_on start greedy
    becomes greedy "failed oom"
else
    skip "a process that is killed for its memory: no memory controller in the booted host"
fi
do_on start guarded
becomes guarded "failed watchdog"
do_on start limit
becomes limit "failed start-limit"
do_on start plain
becomes plain up
do_on freeze plain
becomes plain "hung frozen"
do_on thaw plain
becomes plain up

# act WORDS ACTION…: does something to the server, and waits until another host says what became of it. With a poll beside it the
# instant is noted, and what the poll says is waited for as well, to compare the two afterwards.
act() {
    local words=$1 wanted=bad
    shift
    if [ "$words" = up ]; then wanted=good; fi
    echo "$(date +%s%N) $words" >>"$scratch/acts"
    quietly "$@"
    becomes postgres "$words"
    [ -z "${POLL:-}" ] || within 25 polled "$wanted"
}
polled() { tail -n 1 "$scratch/poll" | grep -q "$1"; }
restart_postgres() { do_on reset-failed postgresql@15-main; do_on start postgresql@15-main; }

if [ -n "$postgres" ] && make_postgres; then
    becomes postgres up
    if [ -n "${POLL:-}" ]; then
        copy db1 "$here/service_events.py" /root/service_events.py
        on db1 python3 /root/service_events.py poll 10.9.0.2 >"$scratch/poll" &
        on db1 python3 /root/service_events.py watch db2 postgres 1000 >"$scratch/told" &
        check "the poll finds the server" within 25 polled good
    fi
    act "failed signal" on db2 pkill -KILL -o -x postgres
    act up restart_postgres
    act "hung frozen" do_on freeze postgresql@15-main
    act up do_on thaw postgresql@15-main
    if [ -n "$has_memory" ]; then
        do_on set-property --runtime postgresql@15-main MemorySwapMax=0 MemoryMax=2M
        act "failed oom" on db2 pkill -HUP -o -x postgres
        do_on set-property --runtime postgresql@15-main MemoryMax=infinity
        act up restart_postgres
    fi
    act "stopped planned" do_on stop postgresql@15-main
    if [ -n "${POLL:-}" ]; then python3 "$here/service_events.py" beside "$scratch/acts" "$scratch/told" "$scratch/poll"; fi
else
    skip "a PostgreSQL that is killed, frozen and stopped: Debian's postgresql-15 is not installed"
fi

# figures: kills a process again and again, and says after what time another host's daemon wrote and told it.
figures() {
    copy db1 "$here/service_events.py" /root/service_events.py
    copy db2 "$here/service_events.py" /root/service_events.py
    on db1 python3 /root/service_events.py watch db2 again "${KILLS:-5}" >"$scratch/seen" &
    local watcher=$!
    on db2 python3 /root/service_events.py kill again.service "${KILLS:-5}" >"$scratch/killed"
    wait "$watcher"
    python3 "$here/service_events.py" compare "$scratch/killed" "$scratch/seen"
}
check "every one of ${KILLS:-5} kills is told on another host, with its cause" figures

# count_up HOST: how many services of db2 a host shows as up.
count_up() {
    on "$1" suspectctl --json services --host db2 2>/dev/null |
        python3 -c 'import json, sys; print(sum(s["state"] == "up" for s in json.load(sys.stdin)))'
}
restarts_of() { on db1 suspectctl --json services --host db2 | python3 -c '
import json, sys
print(next(s["generation"] for s in json.load(sys.stdin) if s["service"] == sys.argv[1]))' "$1"; }

has_restarted() { [ "$(restarts_of "$1")" -ge "$2" ]; }

do_on start soon
becomes soon up
before=$(restarts_of soon)
for _ in 1 2 3 4 5; do
    quietly on db2 systemctl kill -s KILL soon
    within 5 on db2 systemctl is-active -q soon
    sleep 1
done
check "each of five restarts without a pause is known on another host" within 5 has_restarted soon $((before + 5))

for host in db1 db3; do check "$host shows services of db2 that are up before it is cut off" [ "$(count_up "$host")" -gt 0 ]; done
"$here/boot.sh" exec "db2-$$" ip link set uplink down
becomes again unknown
for host in db1 db3; do check "$host shows none as up on a host that is suspected" [ "$(count_up "$host")" = 0 ]; done
"$here/boot.sh" exec "db2-$$" ip link set uplink up
becomes again up
tell
result
