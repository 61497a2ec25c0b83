#!/usr/bin/env bash
# Builds the Debian package into build/deb; says which file it is.
#
#   scripts/package.sh               builds the release first
#   scripts/package.sh --prebuilt    packs build/release as it is
set -euo pipefail
. "$(dirname "$0")/common.sh"

case ${1:-} in
    # Not left to debian/rules, where debhelper hides the home folder and with it the compiler's caches.
    "") scripts/build.sh release ;;
    --prebuilt) [ -x build/release/suspectd ] || die "there is no build/release/suspectd; run 'make release' first" ;;
    *) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 64 ;;
esac
for command in dh scdoc; do
    command -v "$command" >/dev/null || die "$command is missing; run 'apt-get install debhelper scdoc'"
done

say "building the Debian package"
mkdir -p build/deb
export SUSPECTD_PREBUILT=1 DEB_DESTINATION=build/deb
# As dpkg-buildpackage does; it would write into the folder above this one.
export DEB_RULES_REQUIRES_ROOT=no
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -STimestamp)
export SOURCE_DATE_EPOCH
trap 'debian/rules clean >/dev/null' EXIT
debian/rules clean >/dev/null
rm -f build/deb/suspectd_*.deb
debian/rules binary >build/deb/log 2>&1 || { cat build/deb/log >&2; die "debhelper failed"; }
say "built: $(stat -c '%n, %s bytes' build/deb/suspectd_*.deb)"
