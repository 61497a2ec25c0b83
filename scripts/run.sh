#!/usr/bin/env bash
# Runs the demo: daemons on loopback that watch each other. Arguments are passed on.
set -euo pipefail
. "$(dirname "$0")/common.sh"

say "starting the demo"
exec "$SCRATCH/debug/suspectd-demo" "$@"
