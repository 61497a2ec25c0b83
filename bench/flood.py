#!/usr/bin/env python3
"""Whether a flood of junk blinds a daemon: 100,000 datagrams a second, while it watches 100 peers every 50 ms.

Four floods, one after the other: random bytes; datagrams that begin like suspectd's and fail their checksum; these from
65,536 source addresses; and a true datagram of a peer, replayed. Beside them the same time without a flood. With
--filter the flood of random bytes comes once more, while a filter that the bench puts on the daemon's sockets lets
pass what begins like a datagram of ours only: what admission in the kernel would spare.
"""

import ctypes
import os
import socket
import struct
import subprocess
import sys
import time

import lab as laboratory
from daemons import Watch, wait_until
from faults import datagram_sockets
from figures import Report
from idle import processor_time, status
from scale import PORT, Hub, Peers

# Classic BPF on what follows the IP header: 7 to 1,200 bytes after UDP's 8, of which the first two are 1 and 0.
FILTER = [(0x80, 0, 0, 0), (0x35, 0, 6, 15), (0x25, 5, 0, 1208), (0x30, 0, 0, 8), (0x15, 0, 3, 1), (0x30, 0, 0, 9),
          (0x15, 0, 1, 0), (0x06, 0, 0, 0xFFFFFFFF), (0x06, 0, 0, 0)]
_ATTACH_FILTER = 26
FLOODS = [("no flood", None, 1), ("random", "random", 1), ("headed", "headed", 1),
          ("headed, spoofed sources", "headed", 65536), ("replayed", "replayed", 1)]


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--rate", type=int, default=100_000, help="datagrams a second (default: %(default)s)")
    parser.add_argument("--duration", type=int, default=10, help="of each flood, in s (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=50, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--peers", type=int, default=100, help="how many (default: %(default)s)")
    parser.add_argument("--filter", action="store_true", help="also measure with a filter on the daemon's sockets")
    options = parser.parse_args()
    options.mesh, options.log = False, "states"
    lab = laboratory.open_lab(options)
    report = Report(
        f"floods of {options.rate} datagrams a second, {options.peers} peers, heartbeats every {options.interval} ms")
    hub = Hub(lab, options)
    hub.start()
    peers = Peers(lab, options)
    wait_until(lambda: hub.trusted() == options.peers, 20, "the peers to be trusted")
    watch = Watch()
    watch.add(hub)
    watch.run(3)
    recorded = record(lab)
    for name, kind, sources in FLOODS:
        flood(lab, watch, hub, (name, kind, sources, recorded), options, report)
    if options.filter:
        attach_filter(hub.pid)
        flood(lab, watch, hub, ("random, filtered", "random", 1, recorded), options, report)
    kill(peers, watch, report)
    peers.finish(report)
    return report.finish()


def record(lab):
    """Keeps one datagram that a peer has sent."""
    path = os.path.join(lab.folder, "recorded")
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)) as listener:
        listener.settimeout(5)
        while True:
            packet = listener.recv(2048)
            start = (packet[0] & 15) * 4
            if packet[9] == 17 and int.from_bytes(packet[start + 2:start + 4], "big") == PORT:
                break
    with open(path, "wb") as file:
        file.write(packet[start + 8:])
    return path


def attach_filter(pid):
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in FILTER))
    for file in datagram_sockets(pid):
        file.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HP", len(FILTER), ctypes.addressof(code)))


def flood(lab, watch, hub, form, options, report):
    name, kind, sources, recorded = form
    since, lines, before, used = len(watch.events), hub.read_log().count("\n"), state(hub), processor_time(hub.pid)
    memory, began = own_memory(hub), time.monotonic()
    sent = None
    if kind:
        words = [lab.compile("flood.c"), "127.0.0.1", PORT, options.rate, options.duration, kind, sources]
        words += [recorded] * (kind == "replayed")
        flooder = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True)
        watch.run(600, until=lambda: flooder.poll() is not None)
        sent = int(flooder.stdout.read())
    else:
        watch.run(options.duration)
    took, used = time.monotonic() - began, processor_time(hub.pid) - used
    watch.run(1)
    after = state(hub)
    refused, drops = (int(new - old) for new, old in zip(after, before))
    blamed = watch.of("suspect", "isolated", "asymmetric", since=since)
    if kind:
        report.count(f"{name}: sent", sent / took, "a second", at_least=options.rate * 0.8)
        # Else a flood that never reached the daemon would pass for one that it withstood.
        report.count(f"{name}: arrived", (refused + drops) / took, "a second", at_least=sent / took * 0.5)
        report.note(f"{name}: refused", f"{refused / took:.0f} a second, {refused / used:.0f} a CPU second; "
                    f"dropped by the kernel {drops / took:.0f} a second")
    report.count(f"{name}: processor time", used / took * 100, "% of a core")
    report.count(f"{name}: suspicions", len(blamed), at_most=0)
    report.count(f"{name}: lines in the log", hub.read_log().count("\n") - lines, at_most=40)
    report.count(f"{name}: growth of its memory", own_memory(hub) - memory, "KiB", at_most=512)
    for event in blamed:
        print(f"mistake: {event}")


def state(hub):
    shown = hub.call("GetStatus")["status"]
    return sum(drop["count"] for drop in shown["dropped"]), shown["health"]["kernelDrops"]


def own_memory(hub):
    return int(status(hub.pid)["RssAnon"].split()[0])


def kill(peers, watch, report):
    """A bench that saw no suspicion must be able to see one."""
    since = len(watch.events)
    began = peers.kill(7)
    watch.run(10, until=lambda: watch.of("suspect", since=since))
    told = watch.of("suspect", peer="p0007", since=since)[:1]
    report.count("afterwards, a killed peer is suspected", len(told), at_least=1)
    for event in told:
        report.count("afterwards, from a kill to the suspicion", (event.told - began) / 1e6, "ms", at_most=150)


if __name__ == "__main__":
    sys.exit(main())
