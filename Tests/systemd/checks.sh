# What the scripts here share: counting checks, waiting, and reaching into the booted host. To be sourced; needs
# $here, this folder, and $name, the host.

passed=0 failed=0 skipped=0

ok() { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1"; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED - $1"; echo "SKIPPED: $1" >&2; }
finish() { echo "$passed passed, $failed failed, $skipped skipped"; exit "$1"; }

# check TEXT COMMAND…: one check, passed if COMMAND succeeds.
check() {
    local text=$1
    shift
    if "$@"; then ok "$text"; else not_ok "$text"; fi
}

# within SECONDS COMMAND…: waits until COMMAND succeeds; fails when the time is over.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

inside() { "$here/boot.sh" exec "$name" "$@"; }
put() { "$here/boot.sh" put "$name" "$@"; }
quietly() { "$@" >/dev/null 2>&1; }
# On a host that is down everything fails, which proves nothing.
fails() { ! quietly "$@" && quietly inside true; }
# same LEFT RIGHT: equal, and something; two questions that nobody answered have the same answer.
same() { [ -n "$1" ] && [ "$1" = "$2" ]; }
# repack EDIT FILE: writes $package to FILE under the version that a sed script makes of its own.
repack() {
    rm -rf "$scratch/next"
    dpkg-deb -R "$package" "$scratch/next" || return 1
    sed -i "/^Version: /$1" "$scratch/next/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip -z1 -b "$scratch/next" "$2" >"$scratch/log"
}

result() { if [ "$failed" = 0 ]; then finish 0; else finish 1; fi; }
