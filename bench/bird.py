#!/usr/bin/env python3
"""suspectd beside BIRD's BFD on the same link at the same time: detection time, mistakes under loss, packets.

BIRD runs at 50 ms × 3 and at 10 ms × 3, suspectd with heartbeats every 50 and every 9 ms, which is fewer packets than
BIRD sends, as it takes 10 to 25 % off its intervals. At 50 ms suspectd has its defaults. At 9 ms its pings are set for
a link of less than a millisecond: margin 1.5 ms, five pings 2 ms apart.

Each pair of namespaces carries several sessions of both. All are killed, and the link cut, at one instant a
round. Then the link loses packets at random, and every session that goes down is a mistake. One that both ends of BIRD
lament is one mistake; suspectd's ends are counted one by one. Times are what both daemons themselves say.
"""

import sys
import time

import lab as laboratory
from bfd import Bird, is_installed
from daemons import Node, Watch, wait_trusted
from figures import Report, percentile

FAST = {"heartbeat_interval": "9ms", "margin": "1500us"}, {"minimum_timeout": "2ms", "retries": 4}


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="kills, and as many cuts (default: %(default)s)")
    parser.add_argument("--duration", type=int, default=180, help="of the lossy link, in s (default: %(default)s)")
    parser.add_argument("--steady", type=int, default=10, help="of the count of packets, in s (default: %(default)s)")
    parser.add_argument("--loss", type=int, default=10, help="each way, in per cent (default: %(default)s)")
    parser.add_argument("--sessions", type=int, default=24, help="at 50 ms; at 10 a quarter (default: %(default)s)")
    parser.add_argument("--real-time", action="store_true", help="both with real-time priority")
    parser.add_argument("--quick", action="store_true", help="a minute: three rounds, 15 s of loss")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.duration, options.steady = 3, 15, 5
    if not is_installed(Bird):
        sys.exit("bird: not found; install the package bird2")
    lab = laboratory.open_lab(options)
    report = Report("suspectd beside BIRD's BFD on one link")
    watch, priority = Watch(), 50 if options.real_time else None
    rigs = [
        Rig(lab, watch, 50, options.sessions, {}, {}, priority),
        Rig(lab, watch, 10, max(options.sessions // 4, 1), *FAST, priority)]
    watch.run(5)
    measure_packets(rigs, watch, options.steady, report)
    measure_times(rigs, watch, options.rounds, report)
    measure_mistakes(rigs, watch, options, report)
    return report.finish()


class Rig:
    """Two namespaces joined by a veth pair, with sessions of both daemons between them."""

    def __init__(self, lab, watch, interval, sessions, detection, ping, priority):
        self.lab, self.watch, self.priority, self.name = lab, watch, priority, f"{interval} ms"
        self.spaces = [lab.namespace(f"{side}{interval}") for side in "ab"]
        self._join(sessions)
        pairs = [(f"10.77.0.{number}", f"10.77.1.{number}") for number in range(1, sessions + 1)]
        self.birds = [
            Bird(lab, f"bird-{space}", space, "veth0", sides, interval)
            for space, sides in zip(self.spaces, (pairs, [(b, a) for a, b in pairs]))]
        self.pairs = [
            [Node(lab, f"{space}-{number}", f"{address}:7946", space) for space, address in zip(self.spaces, pair)]
            for number, pair in enumerate(pairs)]
        self.swallow()
        for pair in self.pairs:
            for node in pair:
                node.configure(pair, {"heartbeat_interval": f"{interval}ms"} | detection, ping=ping)
                node.prefix = ["chrt", "-f", str(priority)] if priority else []
                self._start(node)
        for bird in self.birds:
            bird.start(priority)
        self.wait()

    def _join(self, sessions):
        run, (one, other) = self.lab.run, self.spaces
        run(one, "ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", other)
        for side, space in enumerate(self.spaces):
            for number in range(1, sessions + 1):
                run(space, "ip", "address", "add", f"10.77.{side}.{number}/16", "dev", "veth0")
            run(space, "ip", "link", "set", "veth0", "up")

    def _start(self, node):
        node.start()
        self.watch.add(node)

    def wait(self):
        for bird in self.birds:
            bird.wait_up()
        for pair in self.pairs:
            wait_trusted(pair)

    def swallow(self, rule=None):
        """Counts packets, and treats them by `rule`."""
        count = "udp dport 3784 counter\nadd rule inet bench input udp dport 7946 counter"
        for space in self.spaces:
            self.lab.filter(space, count + (f"\nadd rule inet bench input {rule}" if rule else ""))

    def packets(self):
        """Packets of BIRD and of suspectd that arrived at either end, before losses, for each session and direction."""
        counts = [0, 0]
        for space in self.spaces:
            words = self.lab.run(space, "nft", "list", "chain", "inet", "bench", "input").split()
            places = [place for place, word in enumerate(words) if word == "packets"]
            counts = [count + int(words[place + 1]) for count, place in zip(counts, places)]
        return [count / 2 / len(self.pairs) for count in counts]

    def kill(self):
        """Ends the daemons of the second side; returns the instants of BIRD's and of each suspectd's end, and a repair."""
        bird, nodes = self.birds[1], [pair[1] for pair in self.pairs]
        began = bird.kill()
        ends = [node.kill() for node in nodes]
        return began, ends, lambda: (bird.start(self.priority), [self._start(node) for node in nodes])

    def cut(self):
        """Nothing passes any more from the next second but one on, and nobody is told; the kernel keeps the time."""
        second = int(time.time()) + 2
        self.swallow(f"meta time >= {second} drop")
        return second * 10**9, [second * 10**9] * len(self.pairs), self.swallow

    def strike(self, fault):
        """Begins a fault."""
        self.since = len(self.birds[0].lines), len(self.watch.events)
        self.struck = fault(self)

    def is_noticed(self):
        """Whether all sessions of the first side have been given up."""
        lines, events = self.since
        return min(len(self.birds[0].downs(lines)), len(self.suspicions(events))) >= len(self.pairs)

    def detection_times(self):
        """By BIRD and by suspectd, in ms."""
        (lines, events), (began, each, _) = self.since, self.struck
        seen, observers = self.suspicions(events), [pair[0].name for pair in self.pairs]
        theirs = [(told - began) / 1e6 for told, _ in self.birds[0].downs(lines)]
        return theirs, [(seen[name] - start) / 1e6 for name, start in zip(observers, each) if name in seen]

    def repair(self):
        self.struck[2]()
        self.wait()

    def suspicions(self, since):
        """When each observer of the first side first told its suspicion."""
        first = self.watch.first_suspicions(since=since)
        return {name: event.told for name, event in first.items() if name.startswith(self.spaces[0] + "-")}


def measure_packets(rigs, watch, seconds, report):
    before = [rig.packets() for rig in rigs]
    watch.run(seconds)
    for rig, counts in zip(rigs, before):
        bird, ours = [(after - count) / seconds for after, count in zip(rig.packets(), counts)]
        report.count(f"{rig.name}: packets a second each way, BIRD", bird, never_zero=True)
        ratio = f"({ours / max(bird, 0.01):.2f} of BIRD's)"
        report.count(f"{rig.name}: packets a second each way", ours, ratio, at_most=round(bird, 1), never_zero=True)


def measure_times(rigs, watch, rounds, report):
    """A kill and a cut in turn: each restart after a kill gives the heartbeats new phases."""
    samples = {}
    for _ in range(rounds):
        for name, fault in (("kill -9", Rig.kill), ("cut", Rig.cut)):
            watch.run(0.5 + rigs[0].lab.chance.uniform(0, 0.05))
            for rig in rigs:
                rig.strike(fault)
            watch.run(5, until=lambda: all(rig.is_noticed() for rig in rigs))
            for rig in rigs:
                kept = samples.setdefault((rig.name, name), ([], []))
                for old, new in zip(kept, rig.detection_times()):
                    old.extend(new)
                rig.repair()
    for (rig, name), (bird, ours) in samples.items():
        report.distribution(f"{rig}: {name}, BIRD", bird)
        report.distribution(f"{rig}: {name}", ours)
        if bird and ours:
            ratio = percentile(ours, 0.5) / percentile(bird, 0.5)
            report.count(f"{rig}: {name}, median", ratio, "of BIRD's", at_most=0.7)


def measure_mistakes(rigs, watch, options, report):
    for rig in rigs:
        rig.swallow(f"udp dport {{ 3784, 7946 }} numgen random mod 100 < {options.loss} drop")
    before = [(rig.packets(), [len(bird.lines) for bird in rig.birds]) for rig in rigs]
    since, began = len(watch.events), time.monotonic()
    watch.run(options.duration)
    took = time.monotonic() - began
    for rig, (packets, lines) in zip(rigs, before):
        loss = f"{rig.name}: {options.loss} % loss"
        theirs = episodes([told for bird, line in zip(rig.birds, lines) for told in bird.downs(line)])
        names = {node.name for pair in rig.pairs for node in pair}
        wrong = [event for event in watch.of("suspect", since=since) if event.observer in names]
        rates = [(after - count) / took for after, count in zip(rig.packets(), packets)]
        report.note(f"{loss}: packets a second each way", f"BIRD {rates[0]:.1f}, suspectd {rates[1]:.1f}")
        hours = took * len(rig.pairs) / 3600
        amount = f"{took:.0f} s × {len(rig.pairs)} sessions ({theirs / hours:.0f}/h)"
        report.note(f"{loss}: mistakes of BIRD", f"{theirs} in {amount}")
        # None seen counts as one, so that a short run claims little.
        unit = f"({len(wrong)} in all, {len(wrong) / hours:.1f}/h" + (")" if wrong else "; none counts as one)")
        report.count(f"{loss}: mistakes", max(len(wrong), 1) / max(theirs, 1), "of BIRD's " + unit, at_most=0.01)
        for event in wrong[:10]:
            print(f"mistake: {event}")
        rig.swallow()


def episodes(downs):
    """How often sessions went down; what both ends, whose last number is the same, tell within a second is told once."""
    last, count = {}, 0
    for told, peer in sorted(downs):
        session = peer.rpartition(".")[2]
        count += told - last.get(session, 0) > 1e9
        last[session] = told
    return count


if __name__ == "__main__":
    sys.exit(main())
