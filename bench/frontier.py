#!/usr/bin/env python3
"""Detection time against mistakes: heartbeats confirmed by pings, beside every passive detector, on lossy links.

Real daemons in namespaces that a relay joins, 50 ms heartbeats, one sender watched by many at once, so that all meet
the same losses. First the mean detection time T_D of heartbeats with pings is measured; then every passive detector
is set for the same mean T_D (and given 2 % more), and mistakes are counted: beginnings of a suspicion while the
sender runs (λ_M), and the share of time that it was trusted (P_A).

When a crash at any instant would be found is known from the daemon's deadline, to which the time of the pings is
added where there are any; it is read twice a second while mistakes are counted, and equality is judged by it. Real
crashes, stops of the sender that nothing tells of, check it; those detectors that learn from intervals (phi,
exponential) learn from these too, and become slow.
"""

import collections
import dataclasses
import math
import random
import signal
import sys
import time

import lab as laboratory
from daemons import Node, Watch, wait_until
from figures import Report, percentile
from relay import Relay

LOSS = 0.1
PASSIVE = ("fixed", "median", "chen", "two-window", "bertier", "phi", "exponential")
OURS = "heartbeat+ping"
EQUAL = 0.07  # how far two mean detection times may be apart


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--interval", type=int, default=50, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--duration", type=int, default=180, help="of the count of mistakes (default: %(default)s s)")
    parser.add_argument("--stops", type=int, default=30, help="of each sender (default: %(default)s)")
    parser.add_argument("--observers", type=int, default=6, help="with pings on each link (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a minute: 15 s of mistakes, 8 stops, three links")
    options = parser.parse_args()
    if options.quick:
        options.duration, options.stops = 15, 8
    lab = laboratory.open_lab(options)
    links = LINKS[::2] if options.quick else LINKS
    report = Report(f"{OURS} and passive detectors at equal T_D, heartbeats every {options.interval} ms")
    addresses = {f"{side}{place}": f"10.77.{place}.{number}"
                 for place in range(len(links)) for number, side in enumerate("ab", start=1)}
    relay = Relay(lab, addresses)
    scenes = [Scene(lab, relay, place, link, options) for place, link in enumerate(links)]
    crowd = Crowd(lab, scenes)
    crowd.start({OURS: options.observers})
    crowd.count_mistakes(10)
    crowd.stop_senders(6)
    for scene in scenes:
        scene.aim_at(mean(scene.detection_times(OURS)))
    crowd.start({OURS: options.observers} | dict.fromkeys(PASSIVE, 1))
    crowd.watch.run(3)
    mistakes = crowd.count_mistakes(options.duration)
    times = crowd.stop_senders(options.stops)
    for scene in scenes:
        tell(scene, mistakes, times, report)
    return report.finish()


class Link:
    """What a link does to packets, and the moments of the gaps that it leaves between heartbeats."""

    def __init__(self, name, round_trip, aim, ping=None, **losses):
        self.name = name
        self.round_trip = round_trip
        self.aim = aim  # how many times fewer mistakes than the best passive detector
        self.ping = ping or {}  # settings of the pings; where T_D is long, nobody makes mistakes that could be counted
        self.losses = losses

    def gaps(self, interval, count=200_000):
        """Mean and deviation of the time between heartbeats that arrive, and the mean age of the latest; in ms."""
        chance = random.Random(1)
        bad, turn, since, gaps, age = False, 0, 0, [], 0
        for place in range(count):
            now = place * interval
            while self.losses.get("bad") and turn <= now:
                bad = not bad if turn else False
                turn += chance.expovariate(1 / self.losses["bad" if bad else "good"])
            since += interval
            if not bad and chance.random() >= self.losses.get("loss", 0):
                gaps.append(since)
                since = 0
            age += since
        centre = mean(gaps)
        return centre, math.sqrt(mean([(gap - centre) ** 2 for gap in gaps])), age / count


LINKS = [
    Link("1 ms, 10 % loss", 1, 100, loss=LOSS),
    Link("5 ms, 10 % loss", 5, 100, loss=LOSS),
    Link("20 ms, 10 % loss, 3 pings", 20, 100, {"retries": 2}, loss=LOSS),
    Link("5 ms, bursts of 50 ms, 10 %", 5, 1, bad=50, good=450),
    Link("20 ms, bursts of 200 ms, 5 %, 3 pings", 20, 1, {"retries": 2}, bad=200, good=3_800),
]


class Scene:
    """One link with its sender, and all who watch that sender."""

    def __init__(self, lab, relay, place, link, options):
        self.lab, self.place, self.link, self.name = lab, place, link, f"round trip {link.name}"
        self.interval = options.interval
        relay.link(f"a{place}", f"b{place}", delay=link.round_trip / 2, **link.losses)
        self.settings = {OURS: {"mode": OURS}}
        self.deadlines, self.stages = collections.defaultdict(list), []
        self.sender = Node(lab, f"sender-{place}", f"10.77.{place}.2:7946", f"b{place}")
        self.observers = []

    def aim_at(self, target):
        """Finds the settings with which passive detectors have the mean detection time `target`, and 2 % more."""
        centre, deviation, age = self.link.gaps(self.interval)
        target *= 1.02
        # The latest heartbeat was sent `age` and, at the mean, half an interval before the crash.
        waited = target - self.link.round_trip / 2 + self.interval / 2 + age
        margin = {"margin": f"{max(waited - self.interval, 1) * 1000:.0f}us"}
        score = (waited - centre) / deviation
        known = {
            "fixed": {"timeout": f"{waited * 1000:.0f}us"}, "median": margin, "chen": margin, "two-window": margin,
            "bertier": {}, "exponential": {"threshold": round(waited / centre / math.log(10), 3)},
            "phi": {"threshold": round(max(-math.log10(math.erfc(score / math.sqrt(2)) / 2), 0.1), 3)}}
        for detector, keys in known.items():
            self.settings[detector] = {"mode": "heartbeat", "detector": detector} | keys

    def start(self, kinds):
        """Starts the sender and so many observers of each kind."""
        for node in [self.sender, *self.observers]:
            if node.process and node.process.poll() is None:
                node.kill()
        self.observers = []
        self.deadlines.clear()
        for kind, count in kinds.items():
            for _ in range(count):
                number = len(self.observers)
                node = Node(self.lab, f"o{self.place}-{number}", f"10.77.{self.place}.1:{7950 + number}", f"a{self.place}")
                node.kind = kind
                self.observers.append(node)
        self.run(self.sender, self.observers, {"mode": OURS if len(kinds) == 1 else "heartbeat"})
        for node in self.observers:
            self.run(node, [self.sender], self.settings[node.kind])

    def run(self, node, peers, settings):
        node.configure(
            [node, *peers], {"heartbeat_interval": f"{self.interval}ms"} | settings,
            ping=self.link.ping if settings["mode"] == OURS else {})
        node.start()

    def sample_deadlines(self):
        """How long after a crash at this instant each observer would find it, were it not for its pings; in ms."""
        for node in self.observers:
            now, peer = time.time_ns() / 1e6, node.call("ListPeers")["peers"][0]
            if peer["state"] in ("trusted", "pending"):
                # What is on its way would still arrive.
                self.deadlines[node.kind].append(peer["deadlineUSec"] / 1e3 - now + self.link.round_trip / 2)

    def detection_times(self, kind):
        """The same with the pings, whose time the stops have shown."""
        stage = mean(self.stages) if kind == OURS else 0
        return [left + stage for left in self.deadlines[kind]]


class Crowd:
    """All daemons of all links."""

    def __init__(self, lab, scenes):
        self.lab, self.scenes = lab, scenes

    def start(self, kinds):
        self.watch = Watch()
        for scene in self.scenes:
            scene.start(kinds)
            for node in scene.observers:
                self.watch.add(node)
        self.watch.run(5)
        for scene in self.scenes:
            for node in scene.observers:
                wait_until(lambda: self.trusts(node, scene), 30, f"{node.name} ({node.kind}) to trust its sender")

    @staticmethod
    def trusts(node, scene):
        return node.states()[scene.sender.name] == "trusted"

    @staticmethod
    def is_mistaken(node, scene):
        return node.states()[scene.sender.name] == "suspected"

    def count_mistakes(self, seconds):
        """For each link and kind: mistakes, seconds, seconds of trust, and datagrams a second of each observer."""
        nodes = [(scene, node) for scene in self.scenes for node in scene.observers]
        before = {node.name: (self.is_mistaken(node, scene), sent(node)) for scene, node in nodes}
        since, began = len(self.watch.events), time.time_ns()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.watch.run(self.lab.chance.uniform(0.4, 0.6))
            for scene in self.scenes:
                scene.sample_deadlines()
        took = time.time_ns() - began
        counts = {}
        for scene, node in nodes:
            mistaken, sent_before = before[node.name]
            events = self.watch.of("suspect", "trust", observer=node.name, since=since)
            mistakes, trust = judge(events, not mistaken, began, took)
            row = counts.setdefault((scene.name, node.kind), Count())
            row.mistakes += mistakes
            row.seconds += took / 1e9
            row.trust += trust / 1e9
            row.sent.append((sent(node) - sent_before) / took * 1e9)
        return counts

    def stop_senders(self, times):
        """Detection times in ms of `times` stops of each sender, by link and kind of observer."""
        samples = {}
        for _ in range(times):
            self.watch.run(1 + self.lab.chance.uniform(0, 0.2))
            asked = [(scene, node) for scene in self.scenes for node in scene.observers if self.trusts(node, scene)]
            since, began = len(self.watch.events), {}
            for scene in self.scenes:
                self.lab.pause(0, 0.01)
                began[scene.name] = scene.sender.signal(signal.SIGSTOP)
            self.watch.run(4, until=lambda: len(self.watch.first_suspicions(since=since)) >= len(asked))
            for scene in self.scenes:
                scene.sender.signal(signal.SIGCONT)
            for scene, node in asked:
                event = self.watch.first_suspicions(since=since).get(node.name)
                # One that came before the crash was a mistake.
                if not event or event.told < began[scene.name]:
                    continue
                samples.setdefault((scene.name, node.kind), []).append((event.told - began[scene.name]) / 1e6)
                if node.kind == OURS:
                    scene.stages.append(event.told / 1e6 - event.evidence["deadlineUSec"] / 1e3)
        return samples


def sent(node):
    return node.call("GetStatus")["status"]["datagramsSent"]


def judge(events, trusted, began, took):
    """The mistakes among the events, and how long the sender was trusted, in ns."""
    mistakes, trust, last = 0, 0, began
    for event in events:
        if event.kind == "suspect" and trusted:
            mistakes, trust, trusted = mistakes + 1, trust + event.told - last, False
        elif event.kind == "trust" and not trusted:
            last, trusted = event.told, True
    return mistakes, trust + (began + took - last if trusted else 0)


def mean(values):
    return sum(values) / len(values)


@dataclasses.dataclass
class Count:
    """What observers of one kind did."""

    mistakes: int = 0
    seconds: float = 0
    trust: float = 0
    sent: list = dataclasses.field(default_factory=list)

    @property
    def rate(self):
        return self.mistakes / self.seconds


def tell(scene, counts, stops, report):
    times = {kind: scene.detection_times(kind) for kind in (OURS, *PASSIVE)}
    ratios = {kind: mean(samples) / mean(times[OURS]) for kind, samples in times.items()}
    for kind, samples in times.items():
        count, seen = counts[scene.name, kind], stops.get((scene.name, kind), [math.nan])
        report.note(
            f"{scene.name}: {kind}",
            f"T_D mean {mean(samples):4.0f} p99 {percentile(samples, 0.99):4.0f} ms ({ratios[kind]:.2f} of ours; stops "
            f"{mean(seen):4.0f}, n={len(seen):3})  {count.mistakes:3} mistakes in {count.seconds:4.0f} s = "
            f"{count.rate:.4f}/s  P_A {count.trust / count.seconds * 100:5.1f} %  {mean(count.sent):.1f} datagrams/s")
    equal = [kind for kind in PASSIVE if abs(ratios[kind] - 1) <= EQUAL]
    if not equal:
        return report.count(f"{scene.name}: passive detectors at equal T_D", 0, at_least=1)
    best, ours = min(equal, key=lambda kind: counts[scene.name, kind].rate), counts[scene.name, OURS]
    # None seen counts as one, so that a short run claims little.
    unit = "times fewer" if ours.mistakes else "times fewer, none counted as one"
    report.count(
        f"{scene.name}: mistakes, beside the best ({best})",
        counts[scene.name, best].rate * ours.seconds / max(ours.mistakes, 1), unit, at_least=scene.link.aim)


if __name__ == "__main__":
    sys.exit(main())
