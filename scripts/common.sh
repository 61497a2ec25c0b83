# What the scripts share; to be sourced, from any folder. Changes to the root of the source tree.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# Where SwiftPM builds.
SCRATCH=${SCRATCH:-.build}

# Checked by every build: a target imports only what Package.swift says it may.
SWIFT_FLAGS=(--scratch-path "$SCRATCH" --explicit-target-dependency-import-check error)

# What only computes is optimised in builds for debugging, too, and keeps its assertions (Package.swift).
export SUSPECTD_OPTIMISE=1

say() { printf '==> %s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

need_swift() {
    command -v swift >/dev/null || die "the Swift toolchain is not on PATH: suspectd needs Swift 6.3 or newer;" \
        "install it from https://www.swift.org/install/linux/ and add its usr/bin to PATH"
}

# The linters of PyPI, each in the version that the sources were checked with: others may find other faults.
LINTERS=(ruff==0.17.6 clang-format==23.1.5)
LINTER_FOLDER=build/tools/linters

# find_linter NAME: prints the path of the program to run; fails when it is not installed.
find_linter() { command -v "$LINTER_FOLDER/bin/$1" || command -v "$1"; }
