#!/usr/bin/env bash
# The chores of docs/MEMBERSHIP.md on booted hosts, as they are written there: a host is added, replaced, renamed, given
# another address and removed, ports and keys are changed, the package is upgraded and downgraded. Each time the other hosts go on
# trusting each other, and nobody is suspected who was not meant to be.
#
#   Tests/systemd/membership.sh [FOLDER]    FOLDER holds the binaries, or the Debian package suspectd_*.deb
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77.
# Its last line is "N passed, N failed, N skipped".
set -uo pipefail
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bridge=sdm$$
hosts="db1 db2 db3"
name=

. "$here/checks.sh"
. "$here/cluster.sh"

keys='"/etc/suspectd/keys/cluster.key"'
listen='"0.0.0.0:7946"' port=7946
# The members, by id and address.
members="db1=10.9.0.1 db2=10.9.0.2"

# The cluster's file, the same for all: the members as they are now.
configure() {
    local member
    {
        printf '[node]\nlisten = [%s]\n[security]\nkeys = [%s]\n' "$listen" "$keys"
        # Half a second bears restarts also on a machine that is busy with other tests.
        printf '[detection]\nheartbeat_interval = "500ms"\n'
        for member in $members; do
            printf '[[peer]]\nid = "%s"\naddress = "%s:%s"\n' "${member%=*}" "${member#*=}" "$port"
        done
    } >"$scratch/suspectd.toml"
    copy "$1" "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
}

# reload HOST…: the file as it is now, checked and put in force, on one host after the other.
reload() {
    local host
    for host; do
        configure "$host" && on "$host" suspectctl config check >"$scratch/log" && on "$host" systemctl reload suspectd || {
            cat "$scratch/log" >&2
            return 1
        }
    done
}

# new_key NAME: makes a key on the first host, and copies it to all.
new_key() {
    local host path=/etc/suspectd/keys/$1.key
    for host in $hosts; do on "$host" install -d -g suspectd -m 0750 /etc/suspectd/keys || return 1; done
    on db1 suspectctl key new "$path" >"$scratch/log" || return 1
    on db1 cat "$path" >"$scratch/$1.key"
    for host in $hosts; do
        copy "$host" "$scratch/$1.key" "$path" 0640
        on "$host" chgrp suspectd "$path" || return 1
    done
}

# trusts HOST NUMBER: it watches so many peers, and trusts all.
trusts() { [[ "$(status_text "$1")" == "Watching $2 peer"*": $2 trusted"* ]]; }
all_trust() {
    local host
    for host in db1 db2 db3; do within 20 trusts "$host" 2 || return 1; done
}
both_trust() { within 20 trusts db1 1 && within 20 trusts db2 1; }

# What the first two hosts suspected so far.
suspicions() {
    local host count=0
    for host in db1 db2; do
        count=$((count + $(events "$host" | grep -cE '"event":"(suspect|isolated)"')))
    done
    echo "$count"
}
has_event() { events "$1" | grep "\"event\":\"$2\"" | grep -q "\"peer\":\"$3\""; }

# quiet TEXT COMMAND…: COMMAND succeeds, and the first two hosts suspect nobody meanwhile.
quiet() {
    local text=$1 before
    before=$(suspicions)
    shift
    check "$text" "$@"
    check "and the others suspect nobody meanwhile" [ "$(suspicions)" = "$before" ]
}

add() {
    members+=" db3=10.9.0.3"
    configure db3
    anew db3 && reload db1 db2 && all_trust
}

# Another machine with the same name and address, and no state.
replace() {
    on db3 systemctl stop suspectd
    within 10 has_event db1 leave db3 || return 1
    on db3 bash -c 'rm -rf /var/lib/suspectd/*'
    on db3 systemctl reset-failed suspectd
    on db3 systemctl start suspectd
    all_trust
}

rename_keeping_id() {
    on db3 hostname storage7 && anew db3 && all_trust
}
warns_of_name() { on db3 suspectctl config check 2>&1 | grep -q 'its state belongs to "db3"'; }

rename() {
    on db3 systemctl stop suspectd
    on db3 rm /var/lib/suspectd/epoch
    members="db1=10.9.0.1 db2=10.9.0.2 storage7=10.9.0.3"
    configure db3
    on db3 systemctl reset-failed suspectd
    on db3 systemctl start suspectd && reload db1 db2 && all_trust
}

# The host has both addresses while the files change.
renumber() {
    # Of another length, else it would go with the first: it would be that one's secondary address.
    on db3 ip address add 10.9.0.33/16 dev uplink
    members="db1=10.9.0.1 db2=10.9.0.2 storage7=10.9.0.33"
    reload db1 db2 db3 && all_trust && on db3 ip address del 10.9.0.3/24 dev uplink || return 1
    local host gone=$(($(date +%s) + 1))
    for host in db1 db2; do within 20 heard_since "$host" storage7 "$gone" || return 1; done
    all_trust
}

# anew HOST: restarts the daemon, which systemd does five times in ten seconds at most where nobody asks for more.
anew() { on "$1" systemctl reset-failed suspectd && on "$1" systemctl restart suspectd; }

# restart HOST…: the file as it is now, put in force by a restart, on one host after the other.
restart() {
    local host
    for host; do configure "$host" && anew "$host" && all_trust || return 1; done
}
other_port() {
    listen='"0.0.0.0:7946", "0.0.0.0:7947"'
    restart db1 db2 db3 || return 1
    port=7947
    reload db1 db2 db3 && all_trust || return 1
    listen='"0.0.0.0:7947"'
    restart db1 db2 db3
}

# heard_since HOST PEER SECOND: it has heard the peer after that second of the wall clock.
heard_since() {
    local heard
    heard=$(on "$1" suspectctl --json peer "$2" | grep -o '"lastHeardUSec":[0-9]*') || return 1
    [ "${heard#*:}" -gt "${3}000000" ]
}

# The three steps of "ROTATING KEYS" in suspectd(8).
rotate() {
    local step
    new_key second || return 1
    for step in '"/etc/suspectd/keys/cluster.key", "/etc/suspectd/keys/second.key"' \
        '"/etc/suspectd/keys/second.key", "/etc/suspectd/keys/cluster.key"' '"/etc/suspectd/keys/second.key"'; do
        keys=$step
        # Refused as long as a peer's latest datagram was sealed by the key that is left out.
        within 20 reload db1 db2 db3 && all_trust || return 1
    done
}

# install_version VERSION: the same package under another version, on one host after the other.
install_version() {
    local host
    [ -z "$package" ] || repack "s/ .*/ $1/" "$scratch/$1.deb" || return 1
    for host in db1 db2 db3; do
        if [ -n "$package" ]; then
            copy "$host" "$scratch/$1.deb" /root/other.deb
            on "$host" systemctl reset-failed suspectd
            on "$host" dpkg -i --force-downgrade /root/other.deb >"$scratch/log" 2>&1 || return 1
        else
            anew "$host"
        fi
        all_trust || return 1
    done
}
remove() {
    on db3 systemctl disable --now suspectd >"$scratch/log" 2>&1
    within 10 has_event db1 leave storage7 || return 1
    members="db1=10.9.0.1 db2=10.9.0.2"
    reload db1 db2 && both_trust
}

open_cluster "${1:-$root/build/deb}"
for host in $hosts; do
    boot "$host"
    printf '[node]\nlisten = ["127.0.0.1:7946"]\n' >"$scratch/suspectd.toml"
    copy "$host" "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
    check "suspectd is installed on $host" install_on "$host"
done
check "a key is made and copied" new_key cluster
for host in db1 db2; do configure "$host" && on "$host" systemctl restart suspectd; done
check "two hosts trust each other" both_trust
quiet "a third host is added" add
quiet "it is replaced by a new machine of the same name" replace
check "which the others take for a new incarnation" has_event db1 restart db3
quiet "a host that is called otherwise keeps its id" rename_keeping_id
check "and config check says how to settle that" warns_of_name
quiet "it gets the new name as its id" rename
check "the former one was removed" has_event db1 removed db3
quiet "it gets another address" renumber
quiet "all get another port" other_port
quiet "the key is replaced in three steps" rotate
quiet "all are upgraded, one after the other" install_version 9.9.9
quiet "and downgraded again" install_version 0.0.9
quiet "the third host is removed for good" remove
check "which is an event, too" has_event db2 removed storage7
tell
result
