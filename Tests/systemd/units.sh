# What the scripts share that have the units of one booted host observed. To be sourced after checks.sh; needs $here, $root, $name
# and $programs, the folder of the programs.

scratch=

# open_host: boots the host; where none can be booted, says so and ends with status 77.
open_host() {
    local reason
    reason=$("$here/boot.sh" probe 2>&1) || { skip "a host under a real systemd: ${reason#boot.sh: }"; finish 77; }
    scratch=$(mktemp -d)
    trap close_host EXIT
    trap 'exit 130' INT TERM
    "$here/boot.sh" up "$name" || { not_ok "the host boots"; finish 1; }
}

close_host() {
    before_close
    "$here/boot.sh" down "$name"
    rm -rf "$scratch"
}
# What a script does while its host is still up; it may define its own.
before_close() { :; }

# unit NAME LINE…: a service that sleeps, with further lines in its section; it is started again up to $burst times a minute.
burst=1000
unit() {
    { printf '[Unit]\nStartLimitIntervalSec=60\nStartLimitBurst=%s\n' "$burst"
        printf '[Service]\nExecStart=/bin/sleep 1000\n'
        printf '%s\n' "${@:2}"; } >"$scratch/unit"
    put "$scratch/unit" "/etc/systemd/system/$1" 644
}

# install_suspectd: the programs, the unit, its user, and its configuration $scratch/conf; nothing is started.
install_suspectd() {
    local folders
    put "$programs/suspectd" /usr/sbin/suspectd 755
    put "$programs/suspectctl" /usr/bin/suspectctl 755
    put "$root/systemd/suspectd.service" /etc/systemd/system/suspectd.service 644
    put "$root/systemd/suspectd.sysusers" /usr/lib/sysusers.d/suspectd.conf 644
    put "$scratch/conf" /etc/suspectd/suspectd.toml 644
    inside systemd-sysusers
    # A build that is not static needs its runtime's folder executable inside the sandbox; a release does not.
    folders=$(ldd "$programs/suspectd" "$programs/suspectctl" 2>/dev/null |
        sed -n 's|.*=> \(/.*\)/[^/]* (.*|\1|p' | sort -u | grep -vE '^/(usr/)?lib(64)?(/|$)' | paste -sd ' ')
    if [ -n "$folders" ]; then
        printf '[Service]\nExecPaths=%s\n' "$folders" >"$scratch/drop-in"
        put "$scratch/drop-in" /etc/systemd/system/suspectd.service.d/10-libraries.conf 644
    fi
    inside systemctl daemon-reload
}
