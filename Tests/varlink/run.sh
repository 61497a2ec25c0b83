#!/usr/bin/env bash
# Certifies the Varlink layer against python's varlink package, as server and as client, and asks a real daemon
# through it; the same with varlinkctl of systemd 257 or later, where it is installed or $VARLINKCTL names it. Its last
# line is "N passed, N failed[, N skipped]".
#
#   Tests/varlink/run.sh FOLDER    the folder that has varlink-certifier and suspectd
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
programs=$(realpath "${1:?the folder with the programs}")
[ -x "$programs/varlink-certifier" ] || programs=$(realpath "${SCRATCH:-.build}/debug")
passed=0 failed=0
work=$(mktemp -d)
children=()
finish() {
    for child in "${children[@]}"; do kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; done
    rm -rf "$work"
}
trap finish EXIT

# check TEXT COMMAND…: one check.
check() {
    local text=$1
    shift
    if "$@" >"$work/output" 2>&1; then
        passed=$((passed + 1))
        echo "ok - $text"
    else
        failed=$((failed + 1))
        echo "not ok - $text"
        sed 's/^/    /' "$work/output"
    fi
}

# await FILE: waits until a socket is there, ten seconds at most.
await() {
    for _ in $(seq 1000); do
        [ -S "$1" ] && return 0
        read -rt 0.01 <>"$work/never"
    done
    echo "$1 did not appear"
    return 1
}
mkfifo "$work/never"

library=build/python
if ! PYTHONPATH=$library python3 -c 'import varlink' 2>/dev/null &&
    ! python3 -m pip install --quiet --target "$library" varlink==31.0.0 >"$work/pip" 2>&1; then
    echo "SKIPPED: python's varlink package cannot be had: $(tail -n 1 "$work/pip")"
    echo "0 passed, 0 failed, 4 skipped"
    exit 0
fi
export PYTHONPATH=$library

server() {
    "$programs/varlink-certifier" server "$work/ours" >"$work/server" 2>&1 &
    children+=($!)
    await "$work/ours" &&
        timeout 20 python3 -m varlink.tests.test_certification --client --varlink="unix:$work/ours"
}
client() {
    python3 -m varlink.tests.test_certification --varlink="unix:$work/theirs" >"$work/server" 2>&1 &
    children+=($!)
    await "$work/theirs" && timeout 20 "$programs/varlink-certifier" client "$work/theirs"
}
check "python's client certifies our server" server
check "our client passes the certification of python's server" client

mkdir "$work/state"
port=$(python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
cat >"$work/suspectd.toml" <<END
[node]
id = "one"
listen = ["127.0.0.1:$port"]
state_directory = "$work/state"
status_socket = "$work/status"
END
"$programs/suspectd" --config "$work/suspectd.toml" >"$work/log" 2>&1 &
children+=($!)
await "$work/status" || cat "$work/log"
check "python's client introspects the daemon" \
    timeout 20 python3 -m varlink.cli help "unix:$work/status/io.suspectd.Monitor"
check "python's client calls a method of the daemon" sh -c \
    "timeout 20 python3 -m varlink.cli call 'unix:$work/status/io.suspectd.Monitor.GetStatus' | grep -q '\"one\"'"

socket=$work/status
varlinkctl=${VARLINKCTL:-varlinkctl}
ask() { timeout 20 "$varlinkctl" "$@"; }
describes() { ask introspect "$socket" "$1" >"$work/idl" && grep -q "^method $2" "$work/idl"; }
valid() { ask introspect "$socket" "$1" | ask validate-idl; }
calls() { ask -j call "$socket" io.suspectd.Monitor.GetStatus '{}' | tee "$work/reply" && grep -q '"node":"one"' "$work/reply"; }
sets_level() {
    ask call "$socket" io.systemd.service.SetLogLevel '{"level":4}' &&
        ask -j call "$socket" io.systemd.service.GetLogLevel '{}' | grep -qx '{"level":4}'
}
ask_for_ghost() { ask -q "$@" call "$socket" io.suspectd.Monitor.GetPeer '{"id":"ghost"}'; }
refused() { ! ask_for_ghost && ask_for_ghost --graceful=io.suspectd.Monitor.NoSuchPeer; }
# The snapshot, and then the event that a reload is.
streams() {
    timeout 20 "$varlinkctl" -j --more call "$socket" io.suspectd.Monitor.Subscribe '{}' >"$work/stream" &
    local streaming=$!
    children+=("$streaming")
    await_text '"peers"' "$work/stream" && ask -q call "$socket" io.systemd.service.Reload '{}' &&
        await_text '"event":"config"' "$work/stream"
}
await_text() {
    for _ in $(seq 1000); do
        grep -qs "$1" "$2" && return 0
        read -rt 0.01 <>"$work/never"
    done
    echo "no $1 came: $(cat "$2")"
    return 1
}
if command -v "$varlinkctl" >/dev/null; then
    check "varlinkctl introspects our interface" describes io.suspectd.Monitor Subscribe
    check "and the one of every service" describes io.systemd.service SetLogLevel
    check "their descriptions are valid" eval "valid io.suspectd.Monitor && valid io.systemd.service"
    check "varlinkctl calls a method" calls
    check "it changes the log level" sets_level
    check "it understands an error" refused
    check "it is told of what happens" streams
else
    echo "SKIPPED: varlinkctl, which comes with systemd 257, is not installed, and \$VARLINKCTL names none" >&2
    echo "$passed passed, $failed failed, 7 skipped"
    [ "$failed" = 0 ]
    exit
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
