# What the scripts share that run on several booted hosts, each with a real systemd, joined by a bridge: booting, joining,
# installing, asking. To be sourced after checks.sh; needs $here, $root, $bridge and $hosts.

# Binaries, or the package, of which the hosts get the program; and where files are written.
binaries="" package="" scratch=""

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

# boot HOST: boots a host and joins it to the bridge; db1 gets the address 10.9.0.1, and so on.
boot() {
    "$here/boot.sh" up "$1-$$" || { not_ok "$1 boots"; finish 1; }
    on "$1" hostname "$1"
    join "$1" "${1//[!0-9]/}" || { not_ok "$1 is joined"; finish 1; }
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
events() { on "$1" suspectctl --json events --last 1000; }
# How many events of these kinds all hosts tell of; no number when one of them tells of none at all.
events_of() {
    local all="" told
    for host in $hosts; do
        told=$(events "$host") && [ -n "$told" ] || { echo "$host does not tell its events"; return; }
        all+=$told$'\n'
    done
    grep -cE "\"event\":\"($1)\"" <<<"$all"
}

# Prints what each host's daemon said, for whoever reads a failure.
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

# open_cluster FOLDER: finds what is to be installed in a folder and makes the bridge; skips where no host can be booted.
open_cluster() {
    binaries=$(cd "$1" 2>/dev/null && pwd) || { echo "no folder $1; make deb first" >&2; exit 64; }
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
}
