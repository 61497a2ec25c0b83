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

# on HOST COMMAND…: runs COMMAND on a host.
on() { name=$1-$$ inside "${@:2}"; }
copy() { name=$1-$$ put "${@:2}"; }
pid_of() { read -r pid _ <"/run/suspectd-test/$1-$$/init" && echo "$pid"; }

# Joins a host to the bridge with the address 10.9.0.NUMBER.
join() {
    local end=sdt$2x$$
    ip link add "$end" type veth peer name uplink netns "$(pid_of "$1")" || return 1
    ip link set "$end" master "$bridge" up
    on "$1" ip address add "10.9.0.$2/24" dev uplink
    on "$1" ip link set uplink up
}

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

# The program, by its package where there is one.
install_on() {
    if [ -n "$package" ]; then
        on "$1" rm -f /usr/sbin/policy-rc.d
        copy "$1" "$package" /root/suspectd.deb
        on "$1" dpkg -i --force-confold /root/suspectd.deb >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; return 1; }
    else
        copy "$1" "$binaries/suspectd" /usr/sbin/suspectd 0755
        copy "$1" "$binaries/suspectctl" /usr/bin/suspectctl 0755
        copy "$1" "$root/systemd/suspectd.service" /etc/systemd/system/suspectd.service
        copy "$1" "$root/systemd/suspectd.sysusers" /usr/lib/sysusers.d/suspectd.conf
        on "$1" systemd-sysusers
        printf '[Service]\nExecPaths=%s\n' "$(libraries)" >"$scratch/libraries.conf"
        copy "$1" "$scratch/libraries.conf" /etc/systemd/system/suspectd.service.d/libraries.conf
        on "$1" systemctl daemon-reload
    fi
    on "$1" systemctl restart suspectd
}

libraries() {
    ldd "$binaries/suspectd" "$binaries/suspectctl" | sed -n 's|.*=> \(/.*\)/[^/]* (.*|\1|p' | sort -u | paste -sd ' '
}

status_text() { on "$1" systemctl show suspectd -p StatusText --value; }
trusts_all() { [[ "$(status_text "$1")" == "Watching 2 peers: 2 trusted"* ]]; }
events() { on "$1" suspectctl --json events --last 1000; }
suspicions() { events_of "suspect|isolated"; }
# How many events of these kinds all hosts tell of; no number when one of them tells of none at all.
events_of() {
    local all="" told
    for host in $hosts; do
        told=$(events "$host") && [ -n "$told" ] || { echo "$host does not tell its events"; return; }
        all+=$told$'\n'
    done
    grep -cE "\"event\":\"($1)\"" <<<"$all"
}
names_suspect() { [[ "$(status_text "$1")" == *"1 suspected ($2, "* ]]; }

# unsuspected TEXT COMMAND…: COMMAND succeeds, everybody trusts everybody afterwards, and nobody was suspected.
unsuspected() {
    local text=$1 before=$told
    shift
    check "$text succeeds" "$@"
    for host in $hosts; do check "then $host trusts both others" within 10 trusts_all "$host"; done
    told=$(suspicions)
    check "and nobody was suspected" [ "$told" -eq "$before" ]
}

reload_one() { configure db1 "" "[ping]" "retries = 4" && on db1 systemctl reload suspectd; }

# The same package under a higher version.
pack_successor() {
    dpkg-deb -R "$package" "$scratch/next" || return 1
    sed -i "s/^Version: .*/&+1/" "$scratch/next/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip -z1 -b "$scratch/next" "$scratch/next.deb" >"$scratch/log"
}

upgrade() {
    [ -n "$package" ] || { on "$1" systemctl restart suspectd; return; }
    [ -e "$scratch/next.deb" ] || pack_successor || return 1
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

tell() {
    for host in $hosts; do
        echo "--- $host: $(status_text "$host" 2>&1)"
        on "$host" journalctl -u suspectd --no-pager -o short-iso 2>&1 | grep -v "system call" | tail -n 30
    done
}

clean() {
    for host in $hosts; do "$here/boot.sh" down "$host-$$"; done
    ip link delete "$bridge" 2>/dev/null
    rm -rf "$scratch"
}

folder=${1:-$root/build/deb}
binaries=$(cd "$folder" 2>/dev/null && pwd) || { echo "no folder $folder; make deb first" >&2; exit 64; }
package=$(compgen -G "$binaries/suspectd_*.deb" | head -n 1)
[ -n "$package" ] || [ -x "$binaries/suspectd" ] || { echo "no package and no suspectd in $binaries" >&2; exit 64; }
if ! reason=$("$here/boot.sh" probe 2>&1); then
    skip "three hosts under a real systemd: ${reason#boot.sh: }"
    finish 77
fi
scratch=$(mktemp -d)
trap clean EXIT
trap 'exit 130' INT TERM
ip link add "$bridge" type bridge && ip link set "$bridge" up || { skip "three hosts: no bridge can be made"; finish 77; }
told=0 number=0
for host in $hosts; do
    number=$((number + 1))
    "$here/boot.sh" up "$host-$$" || { not_ok "$host boots"; finish 1; }
    on "$host" hostname "$host"
    join "$host" "$number" || { not_ok "$host is joined"; finish 1; }
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
deny 10.9.0.3
check "who is shut out by IPAddressDeny= is suspected there" within 10 names_suspect db1 db3
deny
for host in $hosts; do check "let in again, $host trusts both others" within 15 trusts_all "$host"; done
"$here/boot.sh" exec "db3-$$" ip link set uplink down
check "a host that dies is suspected by the first" within 5 names_suspect db1 db3
check "and by the second" within 5 names_suspect db2 db3
check "and its journal says so" quietly on db1 bash -c 'journalctl -u suspectd -o cat | grep "db3 is suspected"'
tell
[ "$failed" = 0 ] && finish 0
finish 1
