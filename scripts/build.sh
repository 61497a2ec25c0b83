#!/usr/bin/env bash
# Builds the executables.
#
#   scripts/build.sh debug      into .build/debug
#   scripts/build.sh release    the Swift libraries linked in, stripped, into build/release
set -euo pipefail
. "$(dirname "$0")/common.sh"
need_swift

case ${1:-} in
    debug)
        say "building (debug)"
        swift build "${SWIFT_FLAGS[@]}"
        ;;
    release)
        say "building (release)"
        flags=("${SWIFT_FLAGS[@]}" -c release --static-swift-stdlib -Xlinker -z -Xlinker now -Xlinker --no-export-dynamic)
        swift build "${flags[@]}"
        built=$(swift build "${flags[@]}" --show-bin-path)
        mkdir -p build/release
        for program in suspectd suspectctl suspectd-demo; do
            strip -o "build/release/$program" "$built/$program"
        done
        say "built: $(cd build/release && stat -c '%n %s bytes' suspectd suspectctl suspectd-demo | paste -sd ,)"
        ;;
    *)
        sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"
        exit 64
        ;;
esac
