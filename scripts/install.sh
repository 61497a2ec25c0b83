#!/usr/bin/env bash
# Installs the release build with everything that belongs to it: unit, manual pages, completions and the rest.
#
#   [DESTDIR=FOLDER] [PREFIX=/usr] scripts/install.sh
#
# DESTDIR is put before every path, for packages. An existing configuration is kept. UNIT_DIRECTORY says where the
# unit goes (default: PREFIX/lib/systemd/system), BINARIES where the programs are (default: build/release).
set -euo pipefail
# Folders are made for everyone to enter, whatever the caller keeps private.
umask 022
. "$(dirname "$0")/common.sh"

destination=${DESTDIR:-}
prefix=${PREFIX:-/usr}
binaries=${BINARIES:-build/release}
share=$prefix/share
units=${UNIT_DIRECTORY:-$prefix/lib/systemd/system}
configuration=/etc/suspectd

# put MODE FILE PATH
put() { install -D -m "$1" "$2" "$destination$3"; }

# put_output MODE PATH COMMAND…: what a command writes, if it succeeds.
put_output() {
    "${@:3}" >"$scratch/output"
    put "$1" "$scratch/output" "$2"
}

# It is sourced, never run, so that its first line would mislead.
bash_completion() { "$binaries/suspectctl" --generate-completion-script bash | sed '1{/^#!/d}'; }

for program in suspectd suspectctl; do
    [ -x "$binaries/$program" ] || die "there is no $binaries/$program; run 'make release' first"
done
command -v scdoc >/dev/null || die "scdoc is missing, which makes the manual pages; run 'apt-get install scdoc'"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

put 0755 "$binaries/suspectd" "$prefix/sbin/suspectd"
put 0755 "$binaries/suspectctl" "$prefix/bin/suspectctl"

# The unit says where the programs are.
put_output 0644 "$units/suspectd.service" \
    sed "s|/usr/sbin/suspectd|$prefix/sbin/suspectd|g; s|/usr/bin/suspectctl|$prefix/bin/suspectctl|g" \
    systemd/suspectd.service
for socket in systemd/*.socket; do put 0644 "$socket" "$units/$(basename "$socket")"; done
for drop_in in systemd/suspectd.service.d/*.conf; do
    put 0644 "$drop_in" "$share/doc/suspectd/examples/$(basename "$drop_in")"
done
put 0644 systemd/suspectd.sysusers "$prefix/lib/sysusers.d/suspectd.conf"
put 0644 systemd/suspectd.preset "$prefix/lib/systemd/system-preset/80-suspectd.preset"
put 0644 systemd/suspectd.catalog "$prefix/lib/systemd/catalog/suspectd.catalog"

install -d -m 0755 "$destination$configuration/conf.d"
if [ -e "$destination$configuration/suspectd.toml" ]; then
    say "kept $destination$configuration/suspectd.toml"
else
    put 0644 config/suspectd.toml "$configuration/suspectd.toml"
fi

put 0644 config/suspectd.toml "$share/doc/suspectd/examples/suspectd.toml"

for page in docs/man/*.scd; do
    name=$(basename "$page" .scd)
    put_output 0644 "$share/man/man${name##*.}/$name" scdoc <"$page"
done

control=$binaries/suspectctl
put_output 0644 "$share/varlink/io.suspectd.Monitor.varlink" "$control" interface
put_output 0644 "$share/bash-completion/completions/suspectctl" bash_completion
put_output 0644 "$share/fish/vendor_completions.d/suspectctl.fish" "$control" --generate-completion-script fish
# Debian keeps /usr/share/zsh/site-functions for zsh itself.
zsh=$share/zsh/site-functions
[ "$prefix" != /usr ] || zsh=$share/zsh/vendor-completions
put_output 0644 "$zsh/_suspectctl" "$control" --generate-completion-script zsh

say "installed below ${destination:-/}"
if [ -z "$destination" ]; then
    say "next: systemd-sysusers && journalctl --update-catalog && systemctl daemon-reload"
    say "then: edit $configuration/suspectd.toml, and systemctl enable --now suspectd"
fi
