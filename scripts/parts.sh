# Runs the parts of the tests, several at once where they do not disturb each other, and keeps what each said. To be
# sourced after summary.sh.
#
# A part has a log and a line of counts of its own, so that parts that run at once neither mix nor lose them. A part
# that is ended from outside counts as failed: that is what it is until it has said otherwise.

RESULTS=$(mktemp -d)
trap 'rm -rf "$RESULTS"' EXIT

# part [-c COUNTER] NAME COMMAND…: runs a part to its end and shows what it said; succeeds if none of it failed.
part() {
    local counter=count_script name log status=0 began=$SECONDS
    if [ "$1" = -c ]; then counter=$2; shift 2; fi
    name=$1 log=$RESULTS/$1.log
    shift
    expect "$name"
    "$@" >"$log" 2>&1 </dev/null || status=$?
    (
        PASSED=0 FAILED=0 SKIPPED=0
        "$counter" "$status" "$log"
        echo "$PASSED $FAILED $SKIPPED $((SECONDS - began))" >"$RESULTS/$name.counts"
        flock "$RESULTS/lock" bash -c '
            printf "==> %s: %s passed, %s failed, %s skipped; %s s\n" "$1" $(cat "$2"); grep -v "^◇ " "$3" || true' \
            part "$name" "$RESULTS/$name.counts" "$log"
        [ "$FAILED" = 0 ]
    )
}

# left_out NAME REASON: a part that cannot run here.
left_out() {
    echo "SKIPPED: $1: $2" | tee "$RESULTS/$1.log"
    echo "0 0 1 0" >"$RESULTS/$1.counts"
}

# expect NAME…: the parts that a lane is to run; one that it does not come to has failed.
expect() {
    local name
    for name; do echo "0 1 0 -" >"$RESULTS/$name.counts"; done
}

# lane COMMAND…: runs parts in the background; its process is $! then.
lane() {
    # With a group of its own, so that it can be ended as a whole.
    set -m
    "$@" &
    set +m
}
trap 'for job in $(jobs -p); do kill -- "-$job"; done 2>/dev/null; exit 130' INT TERM

# Leaves the present shell the processor time that the others leave; for what neither waits nor judges time.
step_aside() {
    # Not the lowest: on a machine that has other work as well it must come to its end, too.
    renice -n 10 -p "$BASHPID" >/dev/null
}

# await_part NAME JOB: waits until a part has ended that a job in the background runs, or that job has.
await_part() {
    until [[ "$(cat "$RESULTS/$1.counts" 2>/dev/null || echo -)" != *- ]]; do
        kill -0 "$2" 2>/dev/null || return
        sleep 0.2
    done
}

# Prints how long each part took, what was skipped and why, and the counts of all, last; succeeds if none failed.
finish_parts() {
    local file name counts
    PASSED=0 FAILED=0 SKIPPED=0
    say "parts, with what they took"
    for file in "$RESULTS"/*.counts; do
        [ -e "$file" ] || continue
        name=$(basename "$file" .counts)
        read -ra counts <"$file"
        add "${counts[@]:0:3}"
        printf '%6s s  %s: %s passed, %s failed, %s skipped\n' "${counts[3]}" "$name" "${counts[@]:0:3}"
    done | sort -rn
    for file in "$RESULTS"/*.counts; do
        read -ra counts <"$file"
        add "${counts[@]:0:3}"
    done
    if [ "$SKIPPED" -gt 0 ]; then
        say "skipped, and why"
        skipped_lines "$RESULTS"/*.log
    fi
    summary
    [ "$FAILED" = 0 ]
}
