#!/usr/bin/env python3
"""How fast faults are noticed between two hosts, and how rarely a lossy link is taken for one.

Two namespaces joined by a veth pair, heartbeats every 50 ms. Crash, freeze and cut each come at a random phase. Then
the link loses packets at random in both directions: first nothing else happens, and every suspicion is a mistake;
then the peer freezes again and again, to see what the losses cost in detection time.
"""

import signal
import sys

import lab as laboratory
from daemons import Node, Watch, wait_trusted
from figures import Report

PORT = 7946
# A ping is told from other messages by the byte after the six of the envelope, which follow the UDP header.
PING = "udp dport 7946 @th,112,8 2"


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--faults", type=int, default=40, help="of each kind (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=50, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--duration", type=int, default=600, help="of the lossy link, in s (default: %(default)s)")
    parser.add_argument("--loss", type=int, default=10, help="each way, in per cent (default: %(default)s)")
    parser.add_argument("--median", type=int, default=90, help="the aim, in ms (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"two namespaces joined by veth, heartbeats every {options.interval} ms")
    pair = Pair(lab, options.interval)
    for name, fault in (("kill -9", pair.kill), ("SIGSTOP", pair.freeze), ("silent cut", pair.cut)):
        report.distribution(name, pair.repeat(fault, options.faults), p50=options.median)
    report.count("mistakes meanwhile", pair.mistakes, at_most=0)
    measure_loss(pair, options, report)
    return report.finish()


def measure_loss(pair, options, report):
    drop = f"udp dport {PORT} numgen random mod 100 < {options.loss} drop"
    counted = f"{PING} counter\nadd rule inet bench input {drop}"
    for node in pair.nodes:
        pair.lab.filter(node.namespace, counted)
    since = len(pair.watch.events)
    sent = pair.datagrams_sent()
    pair.watch.run(options.duration)
    seen = pair.watch.of("suspect", "isolated", since=since)
    name = f"{options.loss} % loss each way"
    for node in pair.nodes:
        wrong = [event for event in seen if event.observer == node.name]
        allowed = max(1, options.duration // 600)
        report.count(f"{name}: false suspicions by {node.name} in {options.duration} s", len(wrong), below=allowed)
    pings = sum(pair.pings_arrived(node) for node in pair.nodes) / options.duration / 2
    pendings = len(pair.watch.of("pending", since=since)) / options.duration / 2
    report.count(f"{name}: pings a second and observer", pings)
    report.count(f"{name}: rounds of pings a second and observer", pendings)
    report.count(f"{name}: datagrams a second and node", (pair.datagrams_sent() - sent) / options.duration / 2)
    for event in seen:
        print(f"mistake: {event}")
    report.distribution(f"{name}: SIGSTOP", pair.repeat(pair.freeze, options.faults))


class Pair:
    """Two daemons on a veth pair; `a` observes, faults befall `b` or the link."""

    def __init__(self, lab, interval):
        self.lab = lab
        self.interval = interval
        self.mistakes = 0
        self.nodes = [
            Node(lab, name, f"10.77.0.{number}:{PORT}", namespace=lab.namespace(f"ns-{name}"))
            for number, name in ((1, "a"), (2, "b"))]
        self.observer, self.victim = self.nodes
        self._join()
        self.watch = Watch()
        for node in self.nodes:
            node.configure(self.nodes, {"heartbeat_interval": f"{interval}ms"})
            node.start()
            self.watch.add(node)
        wait_trusted(self.nodes)

    def _join(self):
        run = self.lab.run
        run("ns-a", "ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", "ns-b")
        for number, node in enumerate(self.nodes, start=1):
            run(node.namespace, "ip", "address", "add", f"10.77.0.{number}/24", "dev", "veth0")
            run(node.namespace, "ip", "link", "set", "veth0", "up")

    def repeat(self, fault, times):
        """Detection times in milliseconds of a fault and its repair, `times` over, at random phases."""
        samples = []
        for _ in range(times):
            since = len(self.watch.events)
            self.watch.run(0.5 + self.lab.chance.uniform(0, self.interval / 1000))
            self.mistakes += len(self.watch.of("suspect", since=since))
            since = len(self.watch.events)
            began, repair = fault()
            found = self.watch.run(5, until=lambda: self._suspicions(since))
            if found:
                samples.append((self._suspicions(since)[0].arrived - began) / 1e6)
            repair()
            self.watch.run(0.3)
            wait_trusted(self.nodes)
        return samples

    def _suspicions(self, since):
        return self.watch.of("suspect", observer="a", peer="b", since=since)

    def kill(self):
        return self.victim.kill(), self._restart

    def _restart(self):
        self.victim.start()
        self.watch.add(self.victim)

    def freeze(self):
        return self.victim.signal(signal.SIGSTOP), lambda: self.victim.signal(signal.SIGCONT)

    def cut(self):
        """Nothing passes any more, and nobody is told; each end drops what arrives there."""
        cuts = [self.lab.prepare_filter(node.namespace, "drop") for node in self.nodes]
        self.lab.pause(0.05, 0.1)
        began = [cut.fire() for cut in cuts]
        return began[0], lambda: [self.lab.filter(node.namespace) for node in self.nodes]

    def pings_arrived(self, node):
        """Pings that reached a namespace, before losses, by the packet filter's count."""
        words = self.lab.run(node.namespace, "nft", "list", "chain", "inet", "bench", "input").split()
        return int(words[words.index("packets") + 1])

    def datagrams_sent(self):
        return sum(node.call("GetStatus")["status"]["datagramsSent"] for node in self.nodes)


if __name__ == "__main__":
    sys.exit(main())
