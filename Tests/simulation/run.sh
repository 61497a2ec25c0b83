#!/usr/bin/env bash
# Runs random fault plans on all cores, and checks every promise after every turn of every host.
#
#   [DURATION=20] Tests/simulation/run.sh SIMULATOR SEEDS [FOLDER]    SEEDS: the last seed, from 1 on; DURATION: of the
#   faults in each world, in seconds
#
# Blocks of seeds that are done are remembered in FOLDER, so that a run that was ended goes on; remove the folder to
# begin anew. A seed that breaks a promise is printed with its shrunk fault plan and the command that runs it again.
# The last line is "N passed, N failed": blocks of seeds.
set -uo pipefail
[ $# -ge 2 ] || { sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 64; }
export SIMULATOR=$1 SEEDS=$2 FOLDER=${3:-} BLOCK=250 DURATION=${DURATION:-20}
if [ -z "$FOLDER" ]; then
    FOLDER=$(mktemp -d)
    trap 'rm -rf "$FOLDER"' EXIT
fi
mkdir -p "$FOLDER"

# block FIRST: the name of its log ends in .running, .failed, or nothing when it has passed.
block() {
    local first=$1 last=$(($1 + BLOCK - 1)) log=$FOLDER/$1
    if [ "$last" -gt "$SEEDS" ]; then last=$SEEDS; fi
    if [ -e "$log" ]; then return; fi
    if "$SIMULATOR" run --seeds "$first..$last" --duration "$DURATION" --keep-going >"$log.running" 2>&1; then
        mv "$log.running" "$log"
        tail -n 1 "$log" | sed "s/^[0-9]* seeds/seeds $first to $last/"
    else
        mv "$log.running" "$log.failed"
        echo "not ok - seeds $first to $last:"
        cat "$log.failed"
    fi
}
export -f block

rm -f "$FOLDER"/*.failed "$FOLDER"/*.running
began=$SECONDS
seq 1 "$BLOCK" "$SEEDS" | xargs -P "$(nproc)" -I{} bash -c 'block {}'
took=$((SECONDS - began + 1))

passed=$(find "$FOLDER" -type f ! -name '*.*' | wc -l)
blocks=$(((SEEDS + BLOCK - 1) / BLOCK))
tail -q -n 1 "$FOLDER"/* | awk -v took="$took" '
    / node-hours, / { seeds += $1; hours += $3; turns += $5; datagrams += $7; crashes += $9; mistakes += $12 }
    END { printf "%d seeds, %d node-hours, %d turns, %d datagrams, %d crashes seen, %d mistakes under faults; in %d s\n",
        seeds, hours, turns, datagrams, crashes, mistakes, took }'
# A simulator that says nothing of what it simulated has shown nothing.
told=$(find "$FOLDER" -type f ! -name '*.*' -exec tail -q -n 1 {} + | awk '/ node-hours, / { seeds += $1 } END { print seeds + 0 }')
if [ "$passed" = "$blocks" ] && [ "$told" != "$SEEDS" ]; then
    echo "not ok - $told of $SEEDS seeds were simulated"
    passed=0
fi
echo "$passed passed, $((blocks - passed)) failed"
[ "$passed" = "$blocks" ]
