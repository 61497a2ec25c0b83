#!/usr/bin/env python3
"""One daemon that watches a thousand peers: what it costs, whether it suspects anybody, and how it finds one that dies.

The peers are played by native/peers.c, which speaks the daemon's protocol with clocks of its own. With --mesh they play
a cluster in which everybody watches everybody, and fill their heartbeats with what they know of each other.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

import lab as laboratory
from daemons import Node, Watch, wait_until
from figures import Report
from idle import processor_time, status

HUB, PORT, PEERS_PORT = "hub", 7946, 7947
# Of the datagrams of the bare loop, in bytes: the mean of those in and out.
LENGTH, MESH_LENGTH = 200, 600


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--peers", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=100, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--duration", type=int, default=15, help="of the measurement, in s (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=10, help="peers to kill, one after the other (default: %(default)s)")
    parser.add_argument("--mesh", action="store_true", help="peers that tell each other's events, 70 a heartbeat")
    parser.add_argument("--profile", metavar="FILE", help="record the measurement with perf")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"{options.peers} peers, heartbeats every {options.interval} ms" + ", mesh" * options.mesh)
    bare = measure_bare(lab, options, report)
    hub = Hub(lab, options)
    hub.start()
    began = time.monotonic()
    peers = Peers(lab, options)
    wait_until(lambda: hub.trusted() == options.peers, 60, lambda: f"{hub.trusted()} of {options.peers} to be trusted")
    report.count("until all are trusted", time.monotonic() - began, "s")
    watch = Watch()
    watch.add(hub)
    watch.run(5)
    measure(hub, watch, options, report, bare)
    kill(peers, watch, options, report)
    count_system_calls(hub, report)
    wrong = [event for event in watch.of("suspect", "isolated", "asymmetric") if event.peer not in peers.killed]
    report.count("wrong suspicions told", len(wrong), at_most=0)
    suspicions = sum(peer["suspicions"] for peer in hub.call("ListPeers")["peers"])
    report.count("wrong suspicions since the start", suspicions - len(peers.killed), at_most=0)
    if not wrong:
        outage(hub, peers, watch, options, report)
    peers.finish(report)
    print(hub.read_log() if wrong else "", end="")
    return report.finish()


class Hub(Node):
    """The daemon under measurement, whose peers are no daemons."""

    def __init__(self, lab, options):
        super().__init__(lab, HUB, f"127.0.0.1:{PORT}")
        others = [Other(index) for index in range(options.peers)]
        self.configure(
            [self, *others], {"heartbeat_interval": f"{options.interval}ms", "heartbeat_jitter": 10},
            node={"causal_log_states_only": True})

    def trusted(self):
        return self.call("GetStatus")["status"]["trusted"]

    def datagrams(self):
        state = self.call("GetStatus")["status"]
        return state["datagramsReceived"] + state["datagramsSent"]


class Other:
    """A peer that native/peers.c plays, as the configuration names it."""

    def __init__(self, index):
        self.name = f"p{index:04}"
        self.address = f"127.1.{index // 256}.{index % 256}:{PEERS_PORT}"


class Peers:
    """The process that plays the peers."""

    def __init__(self, lab, options):
        words = [HUB, PORT, PEERS_PORT, options.peers, options.interval, 70 if options.mesh else 0]
        self.process = subprocess.Popen(
            [lab.compile("peers.c"), *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.killed = []

    def order(self, word, index):
        """Silences or revives a peer, and returns when, in wall-clock nanoseconds."""
        self.process.stdin.write(f"{word} {index}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def kill(self, index):
        self.killed.append(f"p{index:04}")
        return self.order("kill", index)

    def finish(self, report):
        self.process.stdin.close()
        _, _, pings, worst = self.process.stdout.read().split()
        report.note("of the peers", f"{pings} pings answered, heartbeats at most {int(worst) / 1000:.1f} ms late")


def measure_bare(lab, options, report, seconds=5):
    """What a datagram costs a loop that only receives and sends, with the same peers, in µs."""
    peers = Peers(lab, options)
    length = MESH_LENGTH if options.mesh else LENGTH
    words = [PORT, PEERS_PORT, options.peers, options.interval, length, seconds]
    output = subprocess.run([lab.compile("bare.c"), *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout
    peers.process.stdin.close()
    peers.process.wait()
    datagrams, used = map(int, output.split())
    cost = used / 1000 / max(datagrams, 1)
    report.count("a datagram, in a loop that only receives and sends", cost, "µs", never_zero=True)
    return cost


def measure(hub, watch, options, report, bare):
    profiler = None
    if options.profile:
        words = ["perf", "record", "-q", "-g", "-o", options.profile, "-p", str(hub.pid)]
        profiler = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    datagrams, used, began = hub.datagrams(), processor_time(hub.pid), time.monotonic()
    watch.run(options.duration)
    took = time.monotonic() - began
    used, datagrams = processor_time(hub.pid) - used, hub.datagrams() - datagrams
    if profiler:
        profiler.send_signal(signal.SIGINT)
        profiler.wait()
    state = hub.call("GetStatus")["status"]
    report.count("datagrams in and out", datagrams / took, "a second", at_least=1.9 * options.peers * 1000 / options.interval)
    report.count("processor time", used / took * 100, "% of a core", at_most=20 if options.peers <= 1000 else None,
                 never_zero=True)
    cost = used / max(datagrams, 1) * 1e6
    report.count("a datagram", cost, "µs", at_most=9 if options.peers <= 1000 else None)
    report.count("of that the daemon's own", cost - bare, "µs")
    own = int(status(hub.pid)["RssAnon"].split()[0])
    report.count("its own memory", own / 1024, "MiB")
    report.count("a peer", own / options.peers, "KiB")
    report.count("dropped by the kernel", state["health"]["kernelDrops"], at_most=0)
    report.count("worst lag of its loop", state["health"]["loopLagMaximumUSec"] / 1000, "ms")


def kill(peers, watch, options, report):
    """Kills peers one by one: each is to be suspected, and trusted again when it is back."""
    detections, recoveries = [], []
    for index in range(options.kills):
        victim = (index * 397 + 11) % options.peers
        name, since = f"p{victim:04}", len(watch.events)
        began = peers.kill(victim)
        watch.run(20, until=lambda: watch.of("suspect", peer=name, since=since))
        detections += [(event.told - began) / 1e6 for event in watch.of("suspect", peer=name, since=since)[:1]]
        since = len(watch.events)
        began = peers.order("revive", victim)
        watch.run(20, until=lambda: watch.of("trust", peer=name, since=since))
        recoveries += [(event.told - began) / 1e6 for event in watch.of("trust", peer=name, since=since)[:1]]
    report.count("killed peers suspected", len(detections), at_least=options.kills)
    report.distribution("from the kill to the suspicion", detections)
    report.distribution("from the revival to the trust", recoveries)


def outage(hub, peers, watch, options, report, length=5):
    """All peers fall silent at once, as when the hub's own link breaks: one finding, and the loop goes on meanwhile."""
    since, began = len(watch.events), time.time_ns()
    peers.process.send_signal(signal.SIGSTOP)
    watch.run(length)
    peers.process.send_signal(signal.SIGCONT)
    ended = time.monotonic()
    findings = watch.of("isolated", since=since)
    report.count("findings when all fall silent", len(findings), at_least=1)
    report.distribution("from there to the finding", [(event.told - began) / 1e6 for event in findings])
    blamed = [event for event in watch.of("suspect", since=since) if event.cause != "isolated"]
    report.count("peers blamed for it", len(blamed), at_most=0)
    wait_until(lambda: hub.trusted() == options.peers, 60, lambda: f"{hub.trusted()} of {options.peers} to be trusted again")
    report.count("until all are trusted again", time.monotonic() - ended, "s")
    lag = hub.call("GetStatus")["status"]["health"]["loopLagMaximumUSec"]
    report.count("worst lag of its loop since the start", lag / 1000, "ms")


def count_system_calls(hub, report, seconds=3):
    """Counts the loop's system calls a datagram: by perf, which hardly slows the daemon, else by strace, which does."""
    before, calls = hub.datagrams(), 0
    words = ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", str(hub.pid), "sleep", str(seconds)]
    if shutil.which("perf") and os.path.exists("/sys/kernel/tracing/events/raw_syscalls"):
        counted = subprocess.run(words, check=False, stderr=subprocess.PIPE, text=True).stderr.split(",")[0]
        # In some virtual machines perf counts nothing, and says "<not counted>" or 0.
        calls = int(counted) if counted.isdigit() else 0
    if calls == 0 and shutil.which("strace"):
        before = hub.datagrams()
        calls = traced_calls(hub.pid, seconds)
    datagrams = hub.datagrams() - before
    report.count("system calls", calls / max(datagrams, 1), "a datagram", below=1, never_zero=True)


def traced_calls(pid, seconds):
    tracer = subprocess.Popen(["strace", "-c", "-f", "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    tracer.send_signal(signal.SIGINT)
    lines = [line.split() for line in tracer.communicate()[1].splitlines()]
    return next((int(words[2]) for words in lines if words[-1:] == ["total"]), 0)


if __name__ == "__main__":
    sys.exit(main())
