# Thousands of peers under the unit as it is shipped. To be sourced by run.sh.

many=4000

# Connections of nobody that ask for all peers again and again, and read nothing.
deaf_clients='
import json, os, socket, sys, time
os.setgroups([]); os.setgid(65534); os.setuid(65534)
call = json.dumps({"method": "io.suspectd.Monitor.ListPeers"}).encode() + b"\0"
clients = []
for _ in range(64):
    client = socket.socket(socket.AF_UNIX)
    client.connect("/run/suspectd/io.suspectd.Monitor")
    client.setblocking(False)
    clients.append(client)
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    for client in clients:
        try:
            client.send(call)
        except OSError:
            pass
    time.sleep(0.05)
'

configure_many() {
    local number
    {
        printf '[node]\nid = "db1"\nlisten = ["127.0.0.1:7946"]\n\n[security]\nallow_unauthenticated = true\n'
        # Slow enough for a debug build on a machine with other load; the memory is that of the peers, not of their pace.
        printf '\n[detection]\nheartbeat_interval = "2s"\n'
        for ((number = 0; number < many; number++)); do
            printf '\n[[peer]]\nid = "p%04d"\naddress = "127.1.%d.%d:7947"\n' \
                "$number" $((number / 256)) $((number % 256))
        done
    } >"$scratch/suspectd.toml"
    put "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
}

# Whether the daemon trusts all of them; the phrase is that of the status text.
trusts_many() { status_begins "Watching $many peers: $many trusted"; }

# The most memory that the unit ever had; of the process alone where the kernel does not count that of control groups.
peak() {
    local group=/sys/fs/cgroup/system.slice/suspectd.service
    inside sh -c "cat $group/memory.peak 2>/dev/null || awk '/^VmHWM:/ {print \$2 * 1024}' /proc/$(property MainPID)/status"
}

# It stays below the limit from which on the kernel slows the unit down.
peak_is_low() {
    local peak high
    peak=$(peak) high=$(property MemoryHigh)
    [ -n "$peak" ] && [ "$peak" -gt 0 ] || return 1
    echo "note: $many peers, 64 clients that do not read: at most $((peak >> 20)) MiB, limit $((high >> 20)) MiB"
    [ "$peak" -lt "$high" ]
}

# still_runs PID: that process, and no other; if not, what the manager says of its end.
still_runs() {
    same "$1" "$(property MainPID)" && return
    inside journalctl --no-pager -o short-monotonic -u suspectd _PID=1 -n 20 >&2
    return 1
}

check_many_peers() {
    local pid
    if ! command -v gcc >/dev/null || ! inside python3 -c ''; then
        skip "$many peers under the unit: gcc or python3 is not installed"
        return
    fi
    gcc -O2 -o "$scratch/peers" "$root/bench/native/peers.c" || { not_ok "peers.c compiles"; return; }
    put "$scratch/peers" /usr/local/bin/many-peers 0755
    configure_many
    inside systemctl reset-failed suspectd
    inside systemd-run --quiet --unit=many-peers /bin/sh -c \
        "exec sleep infinity | exec /usr/local/bin/many-peers db1 7946 7947 $many 2000 0"
    check "it starts with $many peers" inside systemctl restart suspectd
    pid=$(property MainPID)
    check "trusts all of them" within 60 trusts_many
    check "while 64 connections of nobody ask for all of them and do not read" \
        inside python3 -c "$deaf_clients" 10
    check "the same process still trusts all of them" trusts_many
    check "a reload of them succeeds" inside systemctl reload suspectd
    check "after which it trusts all of them, too" within 10 trusts_many
    check "all in one process" same "$pid" "$(property MainPID)"
    check "with less memory than MemoryHigh= of the unit" peak_is_low
    inside systemctl stop many-peers
    # Longer than the watchdog waits; one service each, for other tests run beside it.
    inside systemd-run --quiet --unit=busy-peers /bin/sh -c \
        "exec sleep infinity | exec /usr/local/bin/many-peers db1 7946 7947 $many 2000 0 1"
    sleep 20
    check "whose service changes each second, and which ask for repairs without end: still one process" \
        still_runs "$pid"
    check "which answers" within 20 status_answered
    inside systemctl stop busy-peers
    inside systemctl stop suspectd
    configure db2
    inside systemctl start suspectd
}
