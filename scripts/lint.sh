#!/usr/bin/env bash
# Checks the form of every source file; changes nothing. `make format` mends what can be mended.
set -euo pipefail
. "$(dirname "$0")/common.sh"
need_swift

say "checking the form of the Swift files"
swift format lint --strict --parallel --recursive Package.swift Sources Tests

say "checking the syntax of the scripts"
while IFS= read -r script; do
    bash -n "$script"
done < <(find scripts Tests .ci bench -name '*.sh' -type f 2>/dev/null; echo .ci/run)
