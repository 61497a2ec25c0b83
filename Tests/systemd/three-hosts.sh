#!/usr/bin/env bash
# Three hosts with a real systemd each, joined by a bridge: one is reloaded, all are upgraded, one is killed, one is shut
# out by an address list and one dies, and each time the others' journals say what they made of it.
#
#   Tests/systemd/three-hosts.sh [FOLDER]    FOLDER holds the binaries, or the Debian package suspectd_*.deb
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77.
# Its last line is "N passed, N failed, N skipped".
set -uo pipefail
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bridge=sdt$$
hosts="db1 db2 db3"
name=

. "$here/checks.sh"
. "$here/cluster.sh"

# The cluster's file, the same for all, with MORE lines at its end.
configure() {
    local number
    {
        printf '[security]\nallow_unauthenticated = true\n'
        # Half a second bears restarts also on a machine that is busy with other tests.
        printf '\n[detection]\nheartbeat_interval = "500ms"\n'
        for number in 1 2 3; do
            printf '\n[[peer]]\nid = "db%s"\naddress = "10.9.0.%s:7946"\n' "$number" "$number"
        done
        printf '%s\n' "${@:2}"
    } >"$scratch/suspectd.toml"
    copy "$1" "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
}

answers() { quietly on "$1" suspectctl events; }
trusts_all() { [[ "$(status_text "$1")" == "Watching 2 peers: 2 trusted"* ]]; }
suspicions() { events_of "suspect|isolated"; }
names_suspect() { [[ "$(status_text "$1")" == *"1 suspected ($2, "* ]]; }

# unsuspected TEXT COMMAND…: COMMAND succeeds, everybody trusts everybody afterwards, and nobody was suspected.
unsuspected() {
    local text=$1 before=$told
    shift
    check "$text succeeds" "$@"
    # A daemon that starts again is asked when it answers: its line of before stays until then.
    for host in $hosts; do
        within 10 answers "$host"
        check "then $host trusts both others" within 10 trusts_all "$host"
    done
    told=$(suspicions)
    check "and nobody was suspected" [ "$told" -eq "$before" ]
}

reload_one() { configure db1 "" "[ping]" "retries = 4" && on db1 systemctl reload suspectd; }

upgrade() {
    [ -n "$package" ] || { on "$1" systemctl restart suspectd; return; }
    [ -e "$scratch/next.deb" ] || repack "s/\$/+1/" "$scratch/next.deb" || return 1
    copy "$1" "$scratch/next.deb" /root/next.deb
    on "$1" dpkg -i /root/next.deb >"$scratch/log" 2>&1 && on "$1" dpkg-query -W -f '${Version}' suspectd | grep -q "+1$"
}

# deny [ADDRESS]: the first host's unit lets an address neither in nor out; nobody is denied without one. The list holds for
# sockets that are opened under it, so those that outlive a restart are given up by a stop.
deny() {
    local drop_in=/etc/systemd/system/suspectd.service.d/70-deny.conf
    printf '[Service]\nIPAddressDeny=%s\n' "${1:-}" >"$scratch/deny.conf"
    copy db1 "$scratch/deny.conf" "$drop_in"
    on db1 systemctl daemon-reload
    on db1 systemctl stop suspectd
    on db1 systemctl start suspectd
}

# restart_policy WORD: whether systemd starts the third host's daemon again after a crash. The handler of Swift's runtime for
# signals, where a build has it, would have a process survive one that was sent by another.
restart_policy() {
    printf '[Service]\nRestart=%s\nEnvironment=SWIFT_BACKTRACE=enable=no\n' "$1" >"$scratch/restart.conf"
    copy db3 "$scratch/restart.conf" /etc/systemd/system/suspectd.service.d/60-restart.conf
    on db3 systemctl daemon-reload
}
names_daemon() { [[ "$(status_text "$1")" == *"1 suspected ($2, "*", daemon)"* ]]; }

# crash SIGNAL: the third host's daemon is killed and stays away; the others say that it is the daemon alone.
crash() {
    restart_policy no
    on db3 systemctl kill -s "$1" suspectd
    for host in db1 db2; do check "a daemon that $1 has ended is what $host names" within 5 names_daemon "$host" db3; done
    restart_policy on-failure
    on db3 systemctl reset-failed suspectd
    on db3 systemctl start suspectd
    for host in $hosts; do check "and $host trusts both others again" within 15 trusts_all "$host"; done
}

kept() { on db3 test -e "/var/lib/private/suspectd/$1"; }
not_kept() { ! kept "$1" && on db3 true; }
starts_in_vain() { ! quietly on db3 timeout 3 systemctl restart suspectd && on db3 true; }
# give_up LINE: the third host's daemon is restarted with a configuration of which LINE keeps it from starting.
give_up() {
    configure db3 "$@"
    check "a restart with \"${*: -1}\" fails" starts_in_vain
}
back_again() {
    configure db3
    quietly on db3 systemctl reset-failed suspectd
    on db3 systemctl start suspectd
    for host in $hosts; do check "and $host trusts both others again" within 15 trusts_all "$host"; done
}

# A restart says nothing; when its start fails, the others say that it is the daemon alone.
restarts() {
    on db3 rm -f /var/lib/private/suspectd/last-words.sent
    unsuspected "a restart" on db3 systemctl restart suspectd
    check "and it said no last words" not_kept last-words.sent
    check "which are kept for the next end" within 5 kept last-words
    give_up "nonsense"
    for host in db1 db2; do check "which $host names" within 5 names_daemon "$host" db3; done
    back_again
    give_up "[node]" "state_directory = \"/nowhere\""
    for host in db1 db2; do check "which $host names, though it is tried again" within 5 names_daemon "$host" db3; done
    on db3 systemctl stop suspectd
    back_again
    on db3 systemctl stop suspectd
    check "a stop for good leaves none" not_kept last-words
    on db3 systemctl start suspectd
    for host in $hosts; do check "then $host trusts both others" within 15 trusts_all "$host"; done
    told=$(suspicions)
}

open_cluster "${1:-$root/build/deb}"
told=0
for host in $hosts; do
    boot "$host"
    configure "$host"
    check "suspectd is installed on $host" install_on "$host"
done
for host in $hosts; do check "$host trusts both others" within 15 trusts_all "$host"; done
told=$(suspicions)
unsuspected "a reload" reload_one
restarts=$(events_of "restart|leave")
for host in $hosts; do unsuspected "an upgrade of $host" upgrade "$host"; done
check "nor did anybody see a restart or a farewell" [ "$(events_of "restart|leave")" -eq "$restarts" ]
unsuspected "a kill of a daemon" on db3 systemctl kill -s KILL suspectd
restarts
crash KILL
crash SEGV
deny 10.9.0.3
check "who is shut out by IPAddressDeny= is suspected there" within 10 names_suspect db1 db3
deny
for host in $hosts; do check "let in again, $host trusts both others" within 15 trusts_all "$host"; done
"$here/boot.sh" exec "db3-$$" ip link set uplink down
check "a host that dies is suspected by the first" within 5 names_suspect db1 db3
check "and by the second" within 5 names_suspect db2 db3
check "and its journal says so" quietly on db1 bash -c 'journalctl -u suspectd -o cat | grep "db3 is suspected"'
tell
result
