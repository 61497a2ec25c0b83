#!/usr/bin/env python3
"""suspectd beside serf: clusters of ten on one loopback, under the same faults at the same time.

Two clusters of suspectd: one with its defaults for a LAN, which find a crash some twenty times sooner than serf, and
one set for patience (heartbeats every 500 ms, twenty pings 150 ms apart), which still takes little more than half of
serf's time. Random loss strikes every packet of all three. Nothing answers for closed ports, as when a host is gone.

Wrong is whatever is told of a node that runs: for serf a member declared failed, for suspectd a suspicion, each told
by one observer. Suspicions that never get that far are not events of serf's, so its failed probes are listed apart.
"""

import os
import signal
import sys
import time

import lab as laboratory
from agents import SerfAgent, need_serf, wait_joined
from daemons import Node, Watch, wait_trusted
from figures import Report, percentile
from idle import processor_time, status

SIZE, SLOW = 10, 2
PATIENT = {"heartbeat_interval": "500ms"}, {"retries": 19, "minimum_timeout": "150ms"}


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--duration", type=int, default=60, help="of each fault, in s (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=5, help="one after the other, at most 8 (default: %(default)s)")
    parser.add_argument("--idle", type=int, default=20, help="of the count of costs, in s (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a minute: 8 s of each fault, two kills")
    options = parser.parse_args()
    if options.quick:
        options.duration, options.kills, options.idle = 8, 2, 5
    need_serf()
    lab = laboratory.open_lab(options)
    report = Report(f"clusters of {SIZE}: suspectd beside serf")
    lab.filter(None, "meta l4proto icmp drop")
    watch = Watch()
    clusters = [Ours(lab, watch, "lan", 2, {}, {}), Ours(lab, watch, "patient", 3, *PATIENT), Serf(lab, 1)]
    for cluster in clusters:
        cluster.wait()
    watch.run(5)
    measure_costs(lab, watch, clusters, options.idle, report)
    for loss in (30, 50):
        measure_loss(lab, watch, clusters, loss, options.duration, report)
    measure_stops(watch, clusters, options.duration, report)
    measure_kills(lab, watch, clusters, options.kills, report)
    return report.finish()


class Ours:
    """Ten daemons of suspectd."""

    def __init__(self, lab, watch, name, net, detection, ping):
        self.name, self.net, self.watch = f"suspectd {name}", net, watch
        self.nodes = [
            Node(lab, f"{name}-{number}", f"127.0.{net}.{number}:7946") for number in range(1, SIZE + 1)]
        for node in self.nodes:
            node.configure(self.nodes, detection, ping=ping)
            node.start()
            watch.add(node)

    def wait(self):
        wait_trusted(self.nodes)

    def pids(self):
        return [node.pid for node in self.nodes]

    def mark(self):
        self.since = len(self.watch.events)

    def wrong(self):
        """Instant, observer and peer of each verdict since the mark."""
        names = {node.name for node in self.nodes}
        seen = [event for event in self.watch.of("suspect", since=self.since) if event.observer in names]
        return [(event.arrived, event.observer, event.peer) for event in seen]

    def remark(self):
        """What else was told since the mark."""
        names = {node.name for node in self.nodes}
        kinds = [event.kind for event in self.watch.events[self.since:] if event.observer in names]
        return ", ".join(f"{kind} {kinds.count(kind)}" for kind in ("pending", "isolated", "asymmetric", "confirm"))


class Serf:
    """Ten agents of serf."""

    name = "serf"

    def __init__(self, lab, net):
        self.net = net
        addresses = [f"127.0.{net}.{number}" for number in range(1, SIZE + 1)]
        self.nodes = [SerfAgent(lab, f"serf-{number}", address) for number, address in enumerate(addresses, start=1)]
        for node in self.nodes:
            node.start(addresses[:3])

    def wait(self):
        wait_joined(self.nodes)

    def pids(self):
        return [pid for node in self.nodes for pid in node.pids()]

    def mark(self):
        self.since = {node.name: len(node.lines) for node in self.nodes}

    def wrong(self):
        return [(told, node.name, peer) for node in self.nodes for told, peer in node.failures(self.since[node.name])]

    def remark(self):
        probes = sum(len(node.suspicions(self.since[node.name])) for node in self.nodes)
        return f"failed probes {probes}"


def filter_all(lab, rule=None):
    """Counts the packets of each cluster, and treats all by `rule`."""
    counts = [f"ip saddr 127.0.{net}.0/24 counter" for net in (2, 3, 1)]
    rules = ["meta l4proto icmp drop", *counts, *([rule] if rule else [])]
    lab.filter(None, "\nadd rule inet bench input ".join(rules))


def traffic(lab):
    """Packets and bytes of each cluster so far, IP headers included."""
    words = lab.run(None, "nft", "list", "chain", "inet", "bench", "input").split()
    places = [place for place, word in enumerate(words) if word == "packets"]
    return [(int(words[place + 1]), int(words[place + 3])) for place in places]


def measure_costs(lab, watch, clusters, seconds, report):
    filter_all(lab)
    before = [[processor_time(pid) for pid in cluster.pids()] for cluster in clusters]
    began = time.monotonic()
    watch.run(seconds)
    took = time.monotonic() - began
    for cluster, used, (packets, size) in zip(clusters, before, traffic(lab)):
        share = sum(processor_time(pid) - old for pid, old in zip(cluster.pids(), used)) / took / SIZE * 100
        memory = max(int(status(pid)["VmRSS"].split()[0]) for pid in cluster.pids()) / 1024
        report.note(
            f"{cluster.name}: a node's costs",
            f"{share:.2f} % of a core, {size / took / SIZE:.0f} bytes/s in {packets / took / SIZE:.1f} packets/s sent, "
            f"{memory:.1f} MiB resident")


def measure_loss(lab, watch, clusters, loss, seconds, report):
    filter_all(lab, f"numgen random mod 100 < {loss} drop")
    for cluster in clusters:
        cluster.mark()
    watch.run(seconds)
    told = {cluster.name: (len(cluster.wrong()), cluster.remark()) for cluster in clusters}
    filter_all(lab)
    recover(watch, clusters)
    for name, (wrong, remark) in told.items():
        report.note(f"{loss} % loss for {seconds} s: {name}", f"{wrong} wrong ({remark})")
    report.count(
        f"{loss} % loss for {seconds} s: patient, wrong beside serf's {told['serf'][0]}", told["suspectd patient"][0],
        at_most=told["serf"][0])


def recover(watch, clusters):
    watch.run(5)
    for cluster in clusters:
        cluster.wait()


def measure_stops(watch, clusters, seconds, report):
    """The last two of each cluster are stopped for 2 s and run for 0.3 s, again and again."""
    for cluster in clusters:
        cluster.mark()
    victims = [pid for cluster in clusters for pid in cluster.pids()[-SLOW:]]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number, wait in ((signal.SIGSTOP, 2), (signal.SIGCONT, 0.3)):
            for pid in victims:
                os.kill(pid, number)
            watch.run(wait)
    for cluster in clusters:
        slow = {node.name for node in cluster.nodes[-SLOW:]}
        wrong = cluster.wrong()
        healthy = [(told, observer, peer) for told, observer, peer in wrong if peer not in slow]
        name = f"two stopped 2 s, running 0.3 s: {cluster.name}"
        report.note(name, f"{len(wrong) - len(healthy)} verdicts on the stopped ({cluster.remark()})")
        aim = {} if cluster.name == "serf" else {"at_most": 0}
        report.count(f"{name}, on the eight others", len(healthy), "wrong", **aim)
    recover(watch, clusters)


def measure_kills(lab, watch, clusters, kills, report):
    """From ten nodes downwards; nobody is started again."""
    first, last = {}, {}
    for number in range(kills):
        watch.run(lab.chance.uniform(0.5, 1.5))
        began, left = {}, SIZE - 1 - number
        for cluster in clusters:
            cluster.mark()
            began[cluster.name] = cluster.nodes[-1 - number].kill()
        watch.run(20, until=lambda: all(len(seen(cluster, number)) == left for cluster in clusters))
        for cluster in clusters:
            times = [(told - began[cluster.name]) / 1e6 for told in seen(cluster, number).values()]
            if len(times) == left:
                first.setdefault(cluster.name, []).append(min(times))
                last.setdefault(cluster.name, []).append(max(times))
    for cluster in clusters:
        report.distribution(f"kill -9, first observer: {cluster.name}", first.get(cluster.name, []))
        report.distribution(f"kill -9, last observer: {cluster.name}", last.get(cluster.name, []))
        if first.get("serf") and first.get(cluster.name) and cluster.name != "serf":
            ratio = percentile(first["serf"], 0.5) / percentile(first[cluster.name], 0.5)
            report.count(f"kill -9, first observer: {cluster.name} sooner than serf", ratio, "times", at_least=1)


def seen(cluster, number):
    """When each living observer first gave up the node killed now."""
    victim, first = cluster.nodes[-1 - number].name, {}
    living = {node.name for node in cluster.nodes[:SIZE - 1 - number]}
    for told, observer, peer in sorted(cluster.wrong()):
        if peer == victim and observer in living:
            first.setdefault(observer, told)
    return first


if __name__ == "__main__":
    sys.exit(main())
