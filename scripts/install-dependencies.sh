#!/usr/bin/env bash
# Installs the Debian packages that are missing, asking nothing; does nothing when all are there.
#
#   scripts/install-dependencies.sh build    what building and running need
#   scripts/install-dependencies.sh package  what making the Debian package needs as well
#   scripts/install-dependencies.sh test     what the tests need as well
set -euo pipefail
. "$(dirname "$0")/common.sh"

mode=${1:-}
missing=()

# need PACKAGE COMMAND…: COMMAND tells, by succeeding, that PACKAGE is not missing.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

# Takes one program out of Debian's package, without installing the server.
fetch_promtool() {
    local folder
    command -v apt-get >/dev/null || return 1
    folder=$(mktemp -d)
    (cd "$folder" && apt-get download -q -o APT::Sandbox::User="$(id -un)" prometheus) &&
        dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar -x -C "$folder" ./usr/bin/promtool &&
        install -D "$folder/usr/bin/promtool" build/tools/promtool
    local status=$?
    rm -rf "$folder"
    return "$status"
}

# Installs the linters below the build folder, where they meet no other version; nothing is done when they are there.
install_linters() {
    [ "$(cat "$LINTER_FOLDER/versions" 2>/dev/null)" = "${LINTERS[*]}" ] && return
    rm -rf "$LINTER_FOLDER"
    python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
        --target "$LINTER_FOLDER" "${LINTERS[@]}" || return
    # The program itself, in place of a script that runs it with the interpreter of the installation.
    ln -sf ../clang_format/data/bin/clang-format "$LINTER_FOLDER/bin/clang-format"
    echo "${LINTERS[*]}" >"$LINTER_FOLDER/versions"
}

case $mode in
    build | package | test) ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 64 ;;
esac

need git command -v git
need g++ compgen -G '/usr/include/c++/*/vector' # the C++ library's headers, for toml++
need pkg-config command -v pkg-config
need libsystemd-dev pkg-config --exists libsystemd
need libsodium-dev pkg-config --exists libsodium
need zlib1g-dev pkg-config --exists zlib
# The toolchain's own libraries: unpacked from an archive it brings none of them.
if command -v swift >/dev/null && ! swift build --version >/dev/null 2>&1; then
    missing+=(libcurl4 libedit2 libncurses6 libsqlite3-0 libxml2 libc6-dev)
fi
if [ "$mode" != build ]; then
    need debhelper command -v dh
    need scdoc command -v scdoc
fi
if [ "$mode" = test ]; then
    need lintian command -v lintian
    need python3-pip python3 -m pip --version
    need systemd test -x /lib/systemd/systemd
    need dbus test -x /usr/bin/dbus-daemon # by which a unit learns whether it is restarted or stopped
    need util-linux command -v unshare
    need iproute2 command -v ip
    need nftables test -x /usr/sbin/nft
    need shellcheck command -v shellcheck
fi

if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        die "missing: ${missing[*]} (names of Debian packages); install them with this system's package manager"
    fi
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "missing: ${missing[*]}; as root run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${missing[@]}"
fi
if [ "$mode" = test ] && ! command -v promtool >/dev/null && [ ! -x build/tools/promtool ]; then
    # Of Prometheus the tests need only the checker of metrics; without it that one test says that it is skipped.
    say "unpacking promtool"
    fetch_promtool || say "promtool cannot be had here; its test will be skipped"
fi
if [ "$mode" = test ]; then
    install_linters || say "ruff and clang-format cannot be had here; lint will say that it skips them"
fi
need_swift
