#!/usr/bin/env python3
"""How soon a broken link is called one, and for how long a crash is taken for one, by real daemons.

A cluster of three or more on a bridge, with a share of all datagrams lost at random. Again and again the link between
the first two hosts is cut in both directions while all others stay, until the first says `link` (or `inbound`) of the
second; and the second is killed, its host silent (no ICMP), with all others watching what they call it.
"""

import sys

import lab as laboratory
from bridge import join
from daemons import Node, Watch, wait_trusted, wait_until
from figures import Report


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=[3, 10], help="sizes of clusters (default: 3 10)")
    parser.add_argument("--loss", type=int, nargs="+", default=[0, 30], help="percent of datagrams (default: 0 30)")
    parser.add_argument("--cuts", type=int, default=100, help="cuts for each cluster and loss (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=30, help="kills for each (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=200, help="between heartbeats, in ms (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"a broken link and a crash, heartbeats every {options.interval} ms")
    for hosts in options.hosts:
        cluster = Cluster(lab, hosts, options.interval)
        for loss in options.loss:
            name = f"{hosts} hosts, {loss} % loss"
            cluster.lose(loss)
            cluster.watch.run(3)
            measure_cuts(cluster, options, report, name)
            measure_kills(cluster, options, report, name)
            print(name, "measured", flush=True)
        cluster.lose(0)
        cluster.end()
    return report.finish()


class Cluster:
    """Hosts on a bridge of their own; the first is A, the second C."""

    def __init__(self, lab, hosts, interval):
        self.lab = lab
        names = [f"{hosts}-{number}" for number in range(1, hosts + 1)]
        addresses = {name: f"10.{hosts}.0.{number}" for number, name in enumerate(names, start=1)}
        join(lab, {f"ns{name}": address for name, address in addresses.items()}, bridge=f"b{hosts}r")
        self.nodes = [Node(lab, name, f"{address}:7946", namespace=f"ns{name}") for name, address in addresses.items()]
        self.watch = Watch()
        self.interval = interval
        self.loss = 0
        for node in self.nodes:
            node.configure(self.nodes, {"heartbeat_interval": f"{interval}ms"})
            node.start()
            self.watch.add(node)
        wait_trusted(self.nodes)

    def lose(self, percent):
        """Every host loses this share of what arrives, at random; what a dead host's kernel refuses is not told."""
        self.loss = percent
        for node in self.nodes:
            self.rule(node).fire()

    def rule(self, node, cut_off=None):
        """The filter of a host: its losses, and another host that it does not hear, made ready."""
        rules = ["meta l4proto icmp drop"]
        if cut_off:
            rules.append(f"ip saddr {cut_off.address.split(':')[0]} drop")
        if self.loss:
            rules.append(f"udp dport 7946 numgen random mod 100 < {self.loss} drop")
        return self.lab.prepare_filter(
            node.namespace, "\nadd rule inet bench input ".join(rules))

    def trusts(self):
        """Whether the first trusts the second, and the other way round."""
        first, second = self.nodes[:2]
        return first.states()[second.name] == "trusted" and second.states()[first.name] == "trusted"

    def end(self):
        for node in self.nodes:
            node.kill()


def measure_cuts(cluster, options, report, name):
    first, second = cluster.nodes[:2]
    delays, others = [], 0
    for _ in range(options.cuts):
        wait_calm(cluster)
        since = len(cluster.watch.events)
        filters = [cluster.rule(first, second), cluster.rule(second, first)]
        cluster.watch.run(cluster.lab.chance.uniform(0, options.interval / 1000))
        began = filters[0].fire()
        filters[1].fire()

        def found():
            return [event for event in cluster.watch.of("suspect", observer=first.name, peer=second.name, since=since)
                    if event.cause in ("link", "inbound") and event.told >= began]

        if cluster.watch.run(10, until=found):
            delays.append((found()[0].told - began) / 1e6)
            others += any(event.told < found()[0].told for event in
                          cluster.watch.of("suspect", observer=first.name, peer=second.name, since=since))
        for node in (first, second):
            cluster.rule(node).fire()
    report.count(f"{name}: cuts called link", len(delays), f"of {options.cuts}", at_least=options.cuts)
    report.distribution(f"{name}: from the cut to link", delays)
    report.note(f"{name}: called something else first", f"{others} of {options.cuts}")


def measure_kills(cluster, options, report, name):
    victim, observers = cluster.nodes[1], [cluster.nodes[0], *cluster.nodes[2:]]
    taken, longest, seen = 0, 0.0, 0
    for _ in range(options.kills):
        wait_calm(cluster)
        since = len(cluster.watch.events)
        cluster.watch.run(cluster.lab.chance.uniform(0, options.interval / 1000))
        began = victim.kill()
        cluster.watch.run(2.5)
        worst = 0.0
        for node in observers:
            worst = max(worst, link_until(cluster.watch, node, victim, since, began))
        seen += len(observers)
        taken += worst > 0
        longest = max(longest, worst)
        victim.start()
        cluster.watch.add(victim)
    report.count(f"{name}: kills that anybody took for a broken link", taken, f"of {options.kills}")
    report.count(f"{name}: the longest until that was over", longest, "ms after the kill")


def link_until(watch, node, victim, since, began):
    """When a host last called a killed one `link`, in ms after the kill; 0 if it never did."""
    last, is_link = 0.0, False
    for event in watch.of("suspect", "trust", "confirm", "restart", observer=node.name, peer=victim.name, since=since):
        if event.told < began:
            continue
        if is_link:
            last = (event.told - began) / 1e6
        is_link = event.kind in ("suspect", "confirm") and event.cause in ("link", "inbound")
    return 2500.0 if is_link else last


def wait_calm(cluster):
    """Starts the two hosts anew, or they would be damped as flapping, and waits until they trust each other."""
    loss = cluster.loss
    cluster.lose(0)
    for node in cluster.nodes[:2]:
        node.process.terminate()
        node.process.wait()
        node.start()
        cluster.watch.add(node)
    wait_until(cluster.trusts, 30, "the two hosts to trust each other")
    cluster.lose(loss)
    cluster.watch.run(0.5)
    wait_until(cluster.trusts, 30, "the two hosts to trust each other under losses")


if __name__ == "__main__":
    sys.exit(main())
