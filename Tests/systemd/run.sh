#!/usr/bin/env bash
# Runs suspectd under a real systemd, by its own unit, and checks what the unit promises.
#
#   Tests/systemd/run.sh [FOLDER]    FOLDER holds the binaries suspectd and suspectctl
#                                    (default: build/release if it is there, else .build/debug)
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77.
# Its last line is "N passed, N failed, N skipped".
set -uo pipefail
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
unit=$root/systemd/suspectd.service
drop_ins=$root/systemd/suspectd.service.d
name=suspectd-$$

. "$here/checks.sh"
. "$here/failures.sh"
. "$here/metrics.sh"
. "$here/many.sh"
property() { inside systemctl show suspectd -p "$1" --value; }
property_is() { [ "$(property "$1")" = "$2" ]; }
status_begins() { [[ "$(property StatusText)" == "$1"* ]]; }
journal_has() { inside journalctl --no-pager -o cat "${@:2}" | grep -qF -- "$1"; }

# The cluster's file; each argument names a peer. Nothing answers there: what they are is not the question here.
configure() {
    local peer port=7946
    {
        printf '[node]\nid = "db1"\nlisten = ["127.0.0.1:7946"]\n\n[security]\nallow_unauthenticated = true\n'
        for peer in "$@"; do
            port=$((port + 1))
            printf '\n[[peer]]\nid = "%s"\naddress = "127.0.0.1:%s"\n' "$peer" "$port"
        done
    } >"$scratch/suspectd.toml"
    put "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
}

configure_badly() {
    printf '[node]\nid = "db1"\nlisten = "nowhere"\nlisteners = 3\n' >"$scratch/suspectd.toml"
    put "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
}

# drop_in NAME LINE…: settings of the unit for this test only.
drop_in() {
    printf '%s\n' "[Service]" "${@:2}" >"$scratch/$1.conf"
    put "$scratch/$1.conf" "/etc/systemd/system/suspectd.service.d/$1.conf"
    inside systemctl daemon-reload
}

unit_drop_in() {
    printf '%s\n' "[Unit]" "${@:2}" >"$scratch/$1.conf"
    put "$scratch/$1.conf" "/etc/systemd/system/suspectd.service.d/$1.conf"
    inside systemctl daemon-reload
}

# A build that is not static needs its runtime's folder executable inside the sandbox; a release does not.
allow_libraries() {
    local folders
    folders=$(ldd "$binaries/suspectd" "$binaries/suspectctl" 2>/dev/null |
        sed -n 's|.*=> \(/.*\)/[^/]* (.*|\1|p' | sort -u | grep -vE '^/(usr/)?lib(64)?(/|$)')
    [ -n "$folders" ] || return 0
    echo "note: these binaries load libraries from" $folders
    case "$folders" in
        */root/* | */home/*) echo "note: ProtectHome= hides them; expect failures, or give static binaries" ;;
    esac
    drop_in 10-libraries "ExecPaths=$(echo $folders)"
}

check_unit_file() {
    if ! command -v systemd-analyze >/dev/null; then
        skip "the unit's exposure: systemd-analyze is not installed"
        return
    fi
    check "the unit's exposure is at most 1.1" exposure_is_at_most 11 "$unit"
    # Offline the tool reads no drop-ins: their settings are put at the end of the unit's own section.
    sed "/^\[Install\]/,\$d" "$unit" >"$scratch/suspectd.service"
    sed "0,/^\[Service\]/d" "$drop_ins/50-socket-activated.conf" >>"$scratch/suspectd.service"
    check "with the socket-activated drop-in it is at most 0.2" exposure_is_at_most 2 "$scratch/suspectd.service"
}

exposure_is_at_most() { quietly systemd-analyze security --offline=true --threshold="$1" "$2"; }

check_start() {
    check "systemd accepts every line of the unit" verify_units suspectd.service
    configure db2
    check "systemctl start succeeds: READY was seen" inside systemctl start suspectd
    check "the unit is active" property_is ActiveState active
    check "the status text begins with \"Watching\"" within 5 status_begins "Watching 1 peer"
    check "it runs as a user of its own, without capabilities" unprivileged
    check "suspectctl status is answered" status_answered
    check "its notes are in the journal by the native protocol" \
        within 5 journal_has '"SYSLOG_IDENTIFIER":"suspectd"' -u suspectd -o json _TRANSPORT=journal
}

# verify_units UNIT…: systemd has no complaint about them.
verify_units() {
    local complaints
    complaints=$(inside systemd-analyze verify --man=no "${@/#//etc/systemd/system/}" 2>&1 | grep -F suspectd)
    [ -z "$complaints" ] || { echo "$complaints" >&2; return 1; }
}

unprivileged() {
    local status
    status=$(inside cat "/proc/$(property MainPID)/status") || return 1
    ! grep -qE '^Uid:\s+0\s' <<<"$status" && grep -qE '^CapBnd:\s+0+$' <<<"$status"
}

# 0: all trusted, 2: one is suspected. Both are answers; 3 is none.
status_answered() {
    local code=0
    quietly inside suspectctl status || code=$?
    [ "$code" = 0 ] || [ "$code" = 2 ] || { echo "suspectctl status: exit status $code" >&2; return 1; }
}

peers_include() { inside suspectctl --json peers 2>/dev/null | grep -qF "\"$1\""; }

check_reload() {
    local pid
    pid=$(property MainPID)
    configure db2 db3
    inside systemctl log-level debug
    check "systemctl reload succeeds with a good file" quietly inside systemctl reload suspectd
    check "the daemon said RELOADING with the time, in one message" \
        within 5 journal_has "RELOADING=1, MONOTONIC_USEC=" _PID=1
    inside systemctl log-level info
    check "the new file is in force" within 5 status_begins "Watching 2 peers"
    configure_badly
    check "systemctl reload fails with a bad file" fails inside systemctl reload suspectd
    check "the status says why" within 15 status_says "configuration refused, keeping the previous one: /etc/suspectd"
    check "the old configuration is kept" within 5 peers_include db3
    check "the unit is still active" property_is ActiveState active
    configure db2
    inside systemctl kill -s HUP suspectd
    check "a signal makes it read the file, too" within 5 status_begins "Watching 1 peer"
    check "no reload cost a restart" same "$(property MainPID)" "$pid"
}

log_level_is() { [ "$(inside suspectctl log-level)" = "$1" ]; }
loads() { inside journalctl -u suspectd -o cat --no-pager | grep -c "configuration loaded"; }

check_log_level() {
    local before
    check "the log level is set" quietly inside suspectctl log-level err
    check "not by somebody else" fails inside setpriv --reuid=65534 --clear-groups suspectctl log-level debug
    check "it is the one that was set" log_level_is err
    within 5 journal_has "notes of priority err" -u suspectd
    before=$(loads)
    inside systemctl reload suspectd
    inside suspectctl log-level info >/dev/null
    within 5 journal_has "notes of priority info" -u suspectd
    check "a load of the configuration was in the journal before" [ "$before" -gt 0 ]
    check "what is less urgent is not in the journal" same "$(loads)" "$before"
    inside systemctl reload suspectd
    check "until the level is the usual one again" within 5 loads_exceed "$before"
}

loads_exceed() { [ "$(loads)" -gt "$1" ]; }

restarted() { property_is NRestarts "$1" && property_is ActiveState active && ! property_is MainPID "$2"; }

check_recovery() {
    local pid
    drop_in 20-hasty WatchdogSec=2s
    unit_drop_in 21-patient StartLimitBurst=50
    inside systemctl restart suspectd
    inside systemctl log-level debug
    check "the watchdog is fed" within 5 journal_has "WATCHDOG=1" _PID=1
    inside systemctl log-level info
    pid=$(property MainPID)
    inside systemctl kill -s STOP suspectd
    check "a daemon that hangs is restarted by the watchdog" within 15 restarted 1 "$pid"
    check "and the journal says why" within 5 journal_has "Watchdog timeout" -u suspectd
    pid=$(property MainPID)
    inside systemctl kill -s KILL suspectd
    check "a daemon that is killed is restarted" within 10 restarted 2 "$pid"
}

epoch() { inside suspectctl --json status | grep -oE '"epoch":[0-9]+' | cut -d : -f 2; }
# The number of the latest event that the daemon has told, and the kinds of all.
events() { inside suspectctl --json events; }
counter() { events | grep -oE '"dot":"db1@[0-9]+:[0-9]+' | tail -n 1 | grep -oE '[0-9]+$'; }
since() { inside suspectctl --json peers | grep -oE '"sinceUSec":[0-9]+' | cut -d : -f 2; }
suspects() { inside suspectctl --json peers 2>/dev/null | grep -q '"state":"suspected"'; }
answers() { quietly inside suspectctl --json status; }

# same_life TEXT COMMAND…: after COMMAND the daemon goes on with its life, and knows what it knew.
same_life() {
    local text=$1 epoch since events suspicions counter pid drift
    shift
    epoch=$(epoch) since=$(since) events=$(events | wc -l) suspicions=$(events | grep -c '"event":"suspect"')
    counter=$(counter) pid=$(property MainPID)
    check "$text succeeds" "$@"
    check "another process runs" within 10 replaced "$pid"
    within 5 answers
    check "its epoch goes on" same "$(epoch)" "$epoch"
    check "who was suspected still is, without a new suspicion" suspects
    # The wall clock is sampled anew by each process.
    drift=$(($(since) - since))
    check "and since the same time" [ "${drift#-}" -lt 50000 ]
    check "its events are kept" [ "$(events | wc -l)" -gt "$events" ]
    check "no number of an event is used twice" [ "$(counter)" -gt "$counter" ]
    check "a suspicion was told before" [ "$suspicions" -gt 0 ]
    check "and none is told again" same "$(events | grep -c '"event":"suspect"')" "$suspicions"
}

replaced() { property_is ActiveState active && ! property_is MainPID "$1"; }

check_continuity() {
    local epoch
    # A new incarnation with a log of its own: when the one before crashed, last words took numbers ahead and left gaps.
    inside systemctl stop suspectd
    inside bash -c 'rm /var/lib/private/suspectd/*-Log.txt'
    inside systemctl start suspectd
    within 10 suspects
    same_life "systemctl restart" inside systemctl restart suspectd
    check "the journal says that it stops only for a restart" within 5 journal_has "stopping for a restart" -u suspectd
    check "the causal log has no gap" verify_log
    same_life "killing it" inside systemctl kill -s KILL suspectd
    check "the journal says that it continues" within 5 journal_has "continues after a pause" -u suspectd
    # What happened just before the kill may not have been written; the log says so, and contradicts nothing.
    check "the causal log is sound" verify_log --partial
    epoch=$(epoch)
    inside systemctl stop suspectd
    inside systemctl start suspectd
    check "after a stop a new life begins" [ "$(epoch)" -gt "$epoch" ]
    check_reboot
    check_other_addresses
    drop_in 30-no-store FileDescriptorStoreMax=0
    epoch=$(epoch)
    inside systemctl restart suspectd
    check "without the store a new life begins" [ "$(epoch)" -gt "$epoch" ]
    repeal 30-no-store.conf
    inside systemctl restart suspectd
    configure db2 db3
    inside systemctl restart suspectd
    check "a restart takes another list of peers" within 5 peers_include db3
    configure db2
    inside systemctl restart suspectd
    check "and reports the peer that it removes" within 5 removes db3
}

removes() { inside suspectctl --json events | grep -F '"event":"removed"' | grep -qF "\"$1\""; }

# A reboot that waits for something else first, and is called off when the daemon has stopped.
check_reboot() {
    printf '[Unit]\nRequires=slow.service\nAfter=slow.service\n' >"$scratch/reboot.target"
    printf '[Service]\nType=oneshot\nExecStart=/bin/sleep 60\n' >"$scratch/slow.service"
    put "$scratch/reboot.target" /etc/systemd/system/reboot.target
    put "$scratch/slow.service" /etc/systemd/system/slow.service
    inside systemctl daemon-reload
    inside systemctl start --no-block reboot.target
    inside systemctl stop suspectd
    check "a stop for a reboot is told as one" within 5 journal_has "leaving for a reboot" -u suspectd
    inside systemctl cancel
    inside systemctl stop slow.service
    inside rm /etc/systemd/system/reboot.target /etc/systemd/system/slow.service
    inside systemctl daemon-reload
    inside systemctl start suspectd
    inside systemctl stop suspectd
    check "and one without a reboot is not" within 5 journal_has "leaving as planned" -u suspectd
    inside systemctl start suspectd
}

# Two daemons that the unit's one hears.
start_live_peers() {
    local peer port=7946
    for peer in db2 db3; do
        port=$((port + 1))
        {
            printf '[node]\nid = "%s"\nlisten = ["127.0.0.1:%s"]\n' "$peer" "$port"
            printf 'state_directory = "/var/lib/live-%s"\nstatus_socket = "/run/live-%s.socket"\n' "$peer" "$peer"
            printf '\n[[peer]]\nid = "db1"\naddress = "127.0.0.1:7946"\n'
        } >"$scratch/$peer.toml"
        put "$scratch/$peer.toml" "/etc/live-$peer.toml"
        quietly inside systemd-run --unit="live-$peer" -p StateDirectory="live-$peer" \
            /usr/sbin/suspectd --config "/etc/live-$peer.toml" || return 1
    done
}

# kill_and_verify TIMES: kills the daemon at instants that differ; each time the log may lack an end, and has nothing twice.
kill_and_verify() {
    local pid number
    for number in $(seq "$1"); do
        pid=$(property MainPID)
        sleep "0.$((RANDOM % 30 + 10))"
        inside systemctl kill -s KILL suspectd
        within 10 replaced "$pid" || { echo "kill $number: no other process runs" >&2; return 1; }
        verify_log --partial || { echo "after kill $number" >&2; return 1; }
    done
}

check_kills() {
    local epoch
    configure db2 db3
    check "two live peers run" start_live_peers
    inside systemctl reset-failed suspectd
    inside systemctl restart suspectd
    check "it hears both" within 10 status_begins "Watching 2 peers: 2 trusted"
    epoch=$(epoch)
    check "killed 20 times while it hears them, it uses no number of an event twice" kill_and_verify 20
    check "and all of that is one life" [ "$(epoch)" = "$epoch" ]
    inside systemctl stop live-db2 live-db3
    inside systemctl reset-failed suspectd
    configure db2
    inside systemctl restart suspectd
}

# The first thing that a new installation does: from loopback to the network, with the old socket in the store.
check_other_addresses() {
    local epoch address
    epoch=$(epoch)
    for address in 0.0.0.0 127.0.0.1; do
        sed -i "s/^listen.*/listen = [\"$address:7946\"]/" "$scratch/suspectd.toml"
        put "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
        check "a restart takes $address in place of the address that the kept socket has" \
            inside systemctl restart suspectd
        check "and listens there" within 5 journal_has "listening on $address:7946" -u suspectd -n 3
        check "in the same life" same "$(epoch)" "$epoch"
    done
}

# verify_log [--partial]
verify_log() { shown_if_failing inside bash -c "suspectctl verify ${1:-} /var/lib/private/suspectd/*-Log.txt"; }
shown_if_failing() { "$@" >"$scratch/output" 2>&1 || { cat "$scratch/output" >&2; return 1; }; }

# The manager forgets a stopped unit at once, so that its journal has to tell how it ended.
check_stop() {
    inside systemctl log-level debug
    check "systemctl stop succeeds" inside systemctl stop suspectd
    check "the daemon said STOPPING" within 5 journal_has "STOPPING=1" _PID=1
    check "it ended by itself, with status 0" \
        within 5 journal_has "suspectd.service: Main process exited, code=exited, status=0/SUCCESS" _PID=1
    inside systemctl log-level info
}

check_bad_configuration() {
    configure_badly
    check "systemctl start fails with a bad file" fails inside systemctl start suspectd
    check "with exit status 78, and its cause for the manager" failed_with 78 22
    check "the status names the file and what to do" status_says "suspectd.toml:3: node.listen: "
    check "and it is not started again and again" given_up
    check "the journal names the file and the line" within 5 journal_has "suspectd.toml:3" -u suspectd
}

# "failed", not "auto-restart": the manager waits for nothing any more.
given_up() { property_is SubState failed && property_is NRestarts 0; }

# Puts DROP-IN of the project in force, and takes it out of force.
enforce() { put "$drop_ins/$1" "/etc/systemd/system/suspectd.service.d/$1"; inside systemctl daemon-reload; }
repeal() { inside rm "/etc/systemd/system/suspectd.service.d/$1"; inside systemctl daemon-reload; }

check_socket_activation() {
    configure db2
    put "$root/systemd/suspectd.socket" /etc/systemd/system/suspectd.socket
    put "$root/systemd/suspectd-varlink.socket" /etc/systemd/system/suspectd-varlink.socket
    enforce 50-socket-activated.conf
    check "systemd accepts every line of the sockets" verify_units suspectd.socket suspectd-varlink.socket
    forget_failures
    check "the sockets are opened without the daemon" \
        quietly inside systemctl start suspectd.socket suspectd-varlink.socket
    check "the daemon does not run yet" property_is ActiveState inactive
    check "who asks for its status starts it, and is answered" status_answered
    check "it runs in a network of its own" in_own_network
    check "it watches on the sockets that it was given" within 5 journal_has "on 0.0.0.0:7946, [::]:7946" -u suspectd
    check "a datagram that came while it was stopped is read" reads_what_waited
    inside systemctl stop suspectd.socket suspectd-varlink.socket suspectd
    check "the status socket goes with its unit" fails inside test -e /run/suspectd/io.suspectd.Monitor
    sed -i "s/^allow_unauthenticated.*/allow_unauthenticated = false/" "$scratch/suspectd.toml"
    put "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
    check "sockets that the network reaches need keys, or leave" fails inside systemctl start suspectd
    check "and the journal says what to do" within 5 journal_has "the .socket unit listens where the network" -u suspectd
    inside systemctl stop suspectd.socket suspectd-varlink.socket suspectd
    printf '[Unit]\n[Socket]\nListenFIFO=/run/suspectd-fifo\nService=suspectd.service\n' >"$scratch/odd.socket"
    put "$scratch/odd.socket" /etc/systemd/system/suspectd-odd.socket
    drop_in 51-odd Sockets=suspectd-odd.socket
    check "a descriptor of another kind is refused" fails inside systemctl start suspectd
    check "by its name" within 5 journal_has 'passed a descriptor "suspectd-odd.socket"' -u suspectd
    inside systemctl stop suspectd-odd.socket suspectd.socket suspectd-varlink.socket
    inside rm /etc/systemd/system/suspectd-odd.socket
    repeal 51-odd.conf
    repeal 50-socket-activated.conf
    forget_failures
}

in_own_network() {
    local own
    own=$(inside readlink "/proc/$(property MainPID)/ns/net") && [ "$own" != "$(inside readlink /proc/1/ns/net)" ]
}

refused_a_datagram() { inside suspectctl --json status | grep -q '"reason":"version"'; }

reads_what_waited() {
    inside systemctl stop suspectd 2>/dev/null
    inside bash -c 'echo nonsense >/dev/udp/127.0.0.1/7946'
    within 5 property_is ActiveState active && within 5 refused_a_datagram
}

check_real_time() {
    if ! inside chrt -r 10 true 2>/dev/null; then
        skip "the real-time drop-in: this kernel gives no real-time scheduling here"
        return
    fi
    configure db2
    enforce 60-real-time.conf
    check "the daemon starts with the real-time drop-in" inside systemctl start suspectd
    check "its loop runs under SCHED_RR" scheduled_as SCHED_RR
    if [ "$(inside bash -c 'ulimit -H -l')" = unlimited ]; then
        check "its memory is locked" memory_is_locked
    else
        check "it says that it may not lock its memory" within 5 journal_has "memory is not locked" -u suspectd
    fi
    inside systemctl stop suspectd
    repeal 60-real-time.conf
}

scheduled_as() { inside chrt -p "$(property MainPID)" | grep -q "$1"; }
memory_is_locked() { inside grep -qE '^VmLck:\s+[1-9]' "/proc/$(property MainPID)/status"; }

explain() {
    echo "--- what the manager knows" >&2
    inside systemctl status suspectd --no-pager -l -n 60 >&2
}

unavailable() {
    skip "everything under a real systemd: $1"
    [ "$failed" = 0 ] || finish 1
    finish 77
}

binaries=${1:-$root/build/release}
[ $# -gt 0 ] || [ -x "$binaries/suspectd" ] || binaries=$root/.build/debug
binaries=$(cd "$binaries" 2>/dev/null && pwd) || { echo "no folder ${1:-$binaries}; make build first" >&2; exit 64; }
for binary in suspectd suspectctl; do
    [ -x "$binaries/$binary" ] || { echo "no $binary in $binaries; make build first" >&2; exit 64; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "systemd: $(systemctl --version 2>/dev/null | head -n 1); binaries of $binaries"
check_unit_file
reason=$("$here/boot.sh" probe 2>&1) || unavailable "${reason#boot.sh: }"

trap '"$here/boot.sh" down "$name"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
"$here/boot.sh" up "$name" || { not_ok "systemd boots"; finish 1; }
ok "systemd boots"
put "$binaries/suspectd" /usr/sbin/suspectd 0755
put "$binaries/suspectctl" /usr/bin/suspectctl 0755
put "$unit" /etc/systemd/system/suspectd.service
put "$root/systemd/suspectd.sysusers" /usr/lib/sysusers.d/suspectd.conf
inside systemd-sysusers
inside systemctl daemon-reload
allow_libraries

check_start
check_reload
check_log_level
check_recovery
check_continuity
check_kills
check_stop
check_bad_configuration
check_socket_activation
check_metrics_socket
check_credentials
check_start_limit
check_real_time
# Last, for the journal keeps no more than so many lines of a unit for half a minute after thousands of peers.
# With the watchdog of the unit again. A build for debugging checks its invariants with each event of each peer.
drop_in 20-hasty
case $binaries in
    */debug) skip "4,000 peers under the unit: they take the release; run SUSPECTD_TEST_RELEASE=1 make test" ;;
    *) check_many_peers ;;
esac
[ "$failed" = 0 ] || explain
result
