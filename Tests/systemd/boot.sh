#!/usr/bin/env bash
# Boots a real systemd (system mode, PID 1) on a machine whose own PID 1 may be anything.
#
# It gets namespaces of its own (PID, mount, UTS, IPC, cgroup, network), an overlay of this machine's / whose upper
# layer is a tmpfs, and a private cgroup2 subtree. It starts no service or timer of this machine, and nothing that
# happens inside is left on this machine.
#
#   boot.sh probe                        exit 0 if it can work here; else says why not
#   boot.sh up   NAME                    boot; returns when the manager says that it is running
#   boot.sh exec NAME COMMAND [ARG…]     run COMMAND inside, with a clean environment
#   boot.sh put  NAME FILE PATH [MODE]   copy FILE to PATH inside
#   boot.sh down NAME                    power off, and remove every trace
set -euo pipefail
# The booted host has folders that its users may enter, whatever the caller keeps private.
umask 022

self=$(readlink -f "$0")
state=/run/suspectd-test
timeout=30

die() { echo "boot.sh: $*" >&2; exit 1; }

# The start time of a process, which tells it from a later one with the same number.
start_time() {
    local line
    line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    set -- ${line##*) }
    echo "${20}"
}

# True while the process that FILE ("PID START-TIME") names is there.
alive() {
    local pid started
    [ -r "$1" ] && read -r pid started <"$1" && [ "$(start_time "$pid" || true)" = "$started" ]
}

cgroup2_mount() { findmnt -rnt cgroup2 -o TARGET | head -n 1; }

# In the new namespaces: what a manager needs to find, under $1.
mount_root() {
    local root=$1 device
    mount --make-rprivate /
    mount -t tmpfs -o mode=755,size=1g tmpfs "$root"
    mkdir -m 755 "$root/upper" "$root/work" "$root/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/root"
    root=$root/root
    mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
    mount --bind "$root/proc/sys" "$root/proc/sys"
    mount -o remount,bind,ro "$root/proc/sys"
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
    mount -t tmpfs -o mode=755,nosuid,size=8m tmpfs "$root/dev"
    for device in null zero full random urandom tty; do cp -a "/dev/$device" "$root/dev/$device"; done
    mkdir "$root/dev/pts" "$root/dev/shm"
    ln -s /proc/self/fd "$root/dev/fd"
    ln -s pts/ptmx "$root/dev/ptmx"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
    mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
}

# A target of our own: the journal and the message bus, and none of this machine's services or timers.
write_target() {
    local units=$1/run/systemd/system unit
    mkdir -p "$units"
    cat >"$units/suspectd-test.target" <<'UNIT'
[Unit]
Description=Test of suspectd
Requires=sysinit.target
Wants=systemd-journald.service dbus.socket dbus.service
After=sysinit.target dbus.socket
AllowIsolate=yes
UNIT
    for unit in systemd-journald-audit.socket sys-kernel-debug.mount sys-kernel-tracing.mount \
        sys-fs-fuse-connections.mount dev-hugepages.mount systemd-logind.service systemd-modules-load.service; do
        ln -s /dev/null "$units/$unit"
    done
}

# Runs as PID 1 of the new namespaces, and becomes the manager.
become_manager() {
    local root=$state/$1/fs manager
    mount_root "$root"
    root=$root/root
    write_target "$root"
    echo "$1" >"$root/etc/hostname"
    mkdir "$root/run/old-root"
    cd "$root"
    pivot_root . run/old-root
    cd /
    umount -l /run/old-root
    rmdir /run/old-root
    # Credentials and the like reach a service only through a /run whose mounts propagate.
    mount --make-rshared /
    for manager in /usr/lib/systemd/systemd /lib/systemd/systemd; do
        [ -x "$manager" ] || continue
        # shellcheck disable=SC2093
        exec env -i container=suspectd-test PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 \
            "$manager" --system --unit=suspectd-test.target --log-target=journal --show-status=0
    done
    die "no systemd is installed"
}

probe() {
    local command scratch
    [ "$(id -u)" = 0 ] || die "not root: a new PID 1 needs namespaces and mounts"
    for command in unshare nsenter findmnt setsid systemctl; do
        command -v "$command" >/dev/null || die "$command is not installed"
    done
    [ -x /usr/lib/systemd/systemd ] || [ -x /lib/systemd/systemd ] || die "systemd is not installed"
    [ -n "$(cgroup2_mount)" ] || die "no cgroup2 file system is mounted"
    [ -w "$(cgroup2_mount)/cgroup.procs" ] || die "the cgroup2 file system is read-only"
    scratch=$(mktemp -d)
    unshare --pid --fork --mount --uts --ipc --cgroup --net sh -ec '
        mount --make-rprivate /
        mount -t tmpfs tmpfs "$1"
        mkdir "$1/upper" "$1/work" "$1/root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
        mount -t proc proc "$1/root/proc"' sh "$scratch" 2>"$scratch.log" || {
        command=$(tail -n 1 "$scratch.log")
        rm -rf "$scratch.log" "$scratch"
        die "namespaces or overlay mounts are not permitted here: $command"
    }
    rm -rf "$scratch.log" "$scratch"
}

up() {
    local folder=$state/$1 cgroup leader init="" try answer
    [ ! -e "$folder" ] || down "$1"
    mkdir -p "$folder/fs"
    cgroup=$(cgroup2_mount)/suspectd-test-$1
    mkdir "$cgroup"
    echo "$cgroup" >"$folder/cgroup"
    # The process enters its subtree first, so that this becomes the root of its cgroup namespace.
    (
        echo "$BASHPID" >"$cgroup/cgroup.procs"
        exec setsid unshare --pid --fork --kill-child --mount --uts --ipc --cgroup --net \
            "$self" become_manager "$1" </dev/null >"$folder/log" 2>&1
    ) &
    leader=$!
    disown "$leader"
    for ((try = 0; try < timeout * 50; try++)); do
        init=$(cat "/proc/$leader/task/$leader/children" 2>/dev/null) || break
        init=${init%% *}
        if [ -n "$init" ]; then
            echo "$init $(start_time "$init")" >"$folder/init"
            echo "$leader $(start_time "$leader")" >"$folder/leader"
            [ ! -S "/proc/$init/root/run/systemd/private" ] || break
        fi
        sleep 0.02
    done
    if [ ! -S "/proc/${init:-none}/root/run/systemd/private" ]; then
        cat "$folder/log" >&2
        down "$1"
        die "no manager answered within $timeout s"
    fi
    answer=$(timeout "$timeout" "$self" exec "$1" systemctl is-system-running --wait || true)
    [ "$answer" = running ] || die "the manager says: ${answer:-nothing}"
}

run_inside() {
    local folder=$state/$1 pid
    shift
    alive "$folder/init" || die "not up"
    read -r pid _ <"$folder/init"
    exec nsenter -t "$pid" -m -u -i -n -p -C -r -w env -i container=suspectd-test \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 \
        SYSTEMD_PAGER=cat SYSTEMD_COLORS=0 "$@"
}

down() {
    local folder=$state/$1 pid cgroup try
    [ -e "$folder" ] || return 0
    if alive "$folder/init"; then
        read -r pid _ <"$folder/init"
        kill -s RTMIN+4 "$pid" 2>/dev/null || true # systemd(1): power off
        for ((try = 0; try < 100; try++)); do alive "$folder/init" || break; sleep 0.05; done
        ! alive "$folder/init" || kill -KILL "$pid" 2>/dev/null || true
    fi
    for ((try = 0; try < 40; try++)); do alive "$folder/leader" || break; sleep 0.05; done
    if cgroup=$(cat "$folder/cgroup" 2>/dev/null) && [ -d "$cgroup" ]; then
        for ((try = 0; try < 20; try++)); do
            find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null && break
            sleep 0.1
        done
    fi
    rm -rf --one-file-system "$folder"
    rmdir "$state" 2>/dev/null || true
}

case "${1:-} $#" in
    "probe 1") probe ;;
    "up 2") up "$2" ;;
    "down 2") down "$2" ;;
    "become_manager 2") become_manager "$2" ;;
    exec\ *) [ $# -ge 3 ] || die "usage: boot.sh exec NAME COMMAND [ARG…]"; shift; run_inside "$@" ;;
    "put 4" | "put 5") "$self" exec "$2" install -D -m "${5:-0644}" /dev/stdin "$4" <"$3" ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$self"; exit 64 ;;
esac
