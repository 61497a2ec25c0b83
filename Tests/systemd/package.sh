#!/usr/bin/env bash
# Builds the Debian package and takes it through its life under a real systemd: install, upgrade, remove, purge.
#
#   Tests/systemd/package.sh [FOLDER]    FOLDER holds a release build of suspectd and suspectctl (default: build/release)
#
# Needs debhelper and scdoc to build it, root and namespaces to install it, lintian to judge it; what it cannot do it
# says, and with nothing to do at all it exits with status 77. Its last line is "N passed, N failed, N skipped".
set -uo pipefail
# The host that is booted has folders that its users may enter.
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
name=suspectd-package-$$
configuration=/etc/suspectd/suspectd.toml

. "$here/checks.sh"

# shown FILE COMMAND…: keeps the output in FILE, and shows it when COMMAND fails.
shown() {
    local file=$1
    shift
    "$@" >"$file" 2>&1 || { cat "$file" >&2; return 1; }
}

# --- make install ------------------------------------------------------------------------------------------------

install_below() { DESTDIR=$1 PREFIX=${2:-/usr} BINARIES=$binaries shown "$scratch/log" "$root/scripts/install.sh"; }

check_install() {
    local tree=$scratch/tree
    check "make install succeeds" install_below "$tree"
    check "it installs every file" has_every_file "$tree/usr" "$tree"
    check "the shells accept their completions" completions_are_sound "$tree/usr/share"
    echo "# ours" >>"$tree$configuration"
    check "make install succeeds again" install_below "$tree"
    check "it keeps the configuration that it finds" grep -q "^# ours" "$tree$configuration"
    check "make install succeeds with another prefix" install_below "$scratch/local" /usr/local
    check "the unit names the programs there" \
        grep -q "^ExecStart=/usr/local/sbin/suspectd" "$scratch/local/usr/local/lib/systemd/system/suspectd.service"
}

has_every_file() {
    local file missing=0
    for file in sbin/suspectd bin/suspectctl lib/systemd/system/suspectd.service lib/sysusers.d/suspectd.conf \
        lib/systemd/system/suspectd.socket lib/systemd/system/suspectd-varlink.socket \
        lib/systemd/system/suspectd-metrics.socket share/doc/suspectd/examples/55-metrics.conf \
        share/doc/suspectd/examples/50-socket-activated.conf share/doc/suspectd/examples/60-real-time.conf \
        lib/systemd/system-preset/80-suspectd.preset lib/systemd/catalog/suspectd.catalog \
        share/varlink/io.suspectd.Monitor.varlink share/man/man8/suspectd.8 share/man/man1/suspectctl.1 \
        share/man/man5/suspectd.toml.5 share/bash-completion/completions/suspectctl \
        share/zsh/vendor-completions/_suspectctl share/fish/vendor_completions.d/suspectctl.fish; do
        [ -s "$1/$file" ] || { echo "no $file" >&2; missing=1; }
    done
    [ -s "$2$configuration" ] && [ -d "$2/etc/suspectd/conf.d" ] && [ "$missing" = 0 ]
}

completions_are_sound() {
    bash -n "$1/bash-completion/completions/suspectctl" || return 1
    ! command -v zsh >/dev/null || zsh -n "$1/zsh/vendor-completions/_suspectctl" || return 1
    ! command -v fish >/dev/null || fish -n "$1/fish/vendor_completions.d/suspectctl.fish"
}

# --- the package -------------------------------------------------------------------------------------------------

# Packed quickly, not tightly.
build() { BINARIES=$binaries DPKG_DEB_FLAGS="-Zgzip -z1" shown "$scratch/log" "$root/scripts/package.sh" --prebuilt; }

check_package() {
    if ! command -v dh >/dev/null || ! command -v scdoc >/dev/null; then
        skip "the Debian package: debhelper or scdoc is not installed"
        result
    fi
    check "the package is built" build
    package=$(compgen -G "$root/build/deb/suspectd_*.deb") || result
    if command -v lintian >/dev/null; then
        check "lintian finds no error and no warning" \
            shown "$scratch/log" lintian --allow-root --fail-on error,warning "$package"
    else
        skip "lintian's judgement: lintian is not installed"
    fi
}

# --- its life ----------------------------------------------------------------------------------------------------

property_is() { [ "$(inside systemctl show suspectd -p "$1" --value)" = "$2" ]; }
is_running() { property_is ActiveState active && property_is SubState running; }
epoch() { inside suspectctl --json status | grep -oE '"epoch":[0-9]+' | cut -d : -f 2; }
version() { inside dpkg-query -W -f '${Version}' suspectd; }

# 0: all trusted, 2: one is suspected. Both are answers; 3 is none.
status_answered() {
    local code=0
    quietly inside suspectctl status || code=$?
    [ "$code" = 0 ] || [ "$code" = 2 ]
}

runs_as_its_user() {
    local id
    id=$(inside id -u suspectd) || return 1
    inside grep -qE "^Uid:\s+$id\s" "/proc/$(inside systemctl show suspectd -p MainPID --value)/status"
}

explained() { inside journalctl -u suspectd -x --no-pager | grep -q "read its configuration, listens"; }

# What a shell does when a user asks it to complete "suspectctl why ".
completes_peers() {
    local words
    words=$(inside bash -c '. /usr/share/bash-completion/completions/suspectctl
        COMP_WORDS=(suspectctl why "") COMP_CWORD=2 COMP_LINE="suspectctl why " COMP_POINT=15
        _suspectctl suspectctl "" why; echo "${COMPREPLY[@]}"' 2>/dev/null)
    [[ " $words " == *" db2 "* ]] || { echo "completed: $words" >&2; return 1; }
}

check_installation() {
    # Images of containers forbid their packages to start anything; a host does not.
    inside rm -f /usr/sbin/policy-rc.d
    put "$package" /root/suspectd.deb
    check "the package is installed" shown "$scratch/log" inside dpkg -i /root/suspectd.deb
    check "the daemon runs" within 10 is_running
    check "it is enabled" quietly inside systemctl is-enabled suspectd
    check "it runs as the user that sysusers made" runs_as_its_user
    check "suspectctl status is answered" status_answered
    check "the journal explains its notes" within 5 explained
    printf '[security]\nallow_unauthenticated = true\n[[peer]]\nid = "db2"\naddress = "127.0.0.1:7999"\n' >"$scratch/peer"
    put "$scratch/peer" /etc/suspectd/conf.d/peer.toml
    # The first peers: from now on it listens beyond loopback, which takes a restart.
    check "a changed configuration is taken" quietly inside systemctl restart suspectd
    check "the shell completes the ids of the peers" completes_peers
}

check_upgrade() {
    local before
    before=$(epoch)
    put "$scratch/next.deb" /root/next.deb
    check "a higher version is installed over it, asking nothing" \
        shown "$scratch/log" inside env DEBIAN_FRONTEND=noninteractive dpkg -i /root/next.deb
    check "the version is the higher one" same "$(version)" "$(dpkg-deb -f "$package" Version)+1"
    check "the daemon runs again" within 10 is_running
    check "the configuration is kept" quietly inside suspectctl peer db2
    check "it goes on with the life that it had" same "$(epoch)" "$before"
}

check_removal() {
    inside touch /etc/suspectd/conf.d/ours.toml
    check "the package is removed" shown "$scratch/log" inside dpkg -r suspectd
    check "the daemon is stopped" fails inside systemctl is-active suspectd
    check "the configuration and the state are kept" \
        inside test -s "$configuration" -a -s /var/lib/private/suspectd/epoch
    check "the package is purged" shown "$scratch/log" inside dpkg -P suspectd
    check "the configuration is gone" fails inside test -e "$configuration"
    check "what the administrator added is not" inside test -e /etc/suspectd/conf.d/ours.toml
    check "the state is gone" fails inside test -e /var/lib/private/suspectd -o -L /var/lib/suspectd
    check "no link to the unit is left" \
        fails inside test -L /etc/systemd/system/multi-user.target.wants/suspectd.service
}

explain() {
    echo "--- what the manager knows" >&2
    inside systemctl status suspectd --no-pager -l -n 60 >&2
}

binaries=${1:-$root/build/release}
binaries=$(cd "$binaries" 2>/dev/null && pwd) || { skip "the package: there is no folder ${1:-$binaries}"; finish 77; }
# All of it is read: with -q a program that is still writing would be taken for a failure of the search.
if ldd "$binaries/suspectd" 2>&1 | grep -E "libswiftCore|No such file" >/dev/null; then
    skip "the package: $binaries holds no release build; 'make release' makes one"
    finish 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
command -v scdoc >/dev/null && check_install
check_package
reason=$("$here/boot.sh" probe 2>&1) || { skip "installing the package: ${reason#boot.sh: }"; result; }
repack "s/\$/+1/" "$scratch/next.deb" || { not_ok "the successor is packed"; result; }
trap '"$here/boot.sh" down "$name"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
"$here/boot.sh" up "$name" || { not_ok "systemd boots"; finish 1; }
check_installation
check_upgrade
[ "$failed" = 0 ] || explain
check_removal
result
