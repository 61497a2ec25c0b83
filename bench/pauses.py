#!/usr/bin/env python3
"""Whether an observer blames its peers for its own troubles: suspectd beside BIRD, FRR and keepalived (BFD).

Each observer has a namespace of its own on one bridge, and watches the same peers, which never fail: namespaces with a
BIRD, which answers all BFD observers, and a suspectd in each. First all observers are stopped at once, with intervals
of 100 ms (BFD × 3; the peers themselves bear 5 s). Then busy loops take the processors while the peers keep real-time
priority, so that only the observers are late: at 50 ms and at 10 ms, with ordinary and with real-time scheduling of
the observers. Every peer that is declared down is a mistake.

keepalived is measured by itself, with no suspectd about: after each pause it takes a processor for some 300 ms so
that not even others of real-time priority run on it, and whoever watches them then finds them silent indeed.
"""

import signal
import subprocess
import sys

import lab as laboratory
from bfd import Bird, Frr, Keepalived, is_installed
from bridge import join
from daemons import Node, Watch, wait_trusted
from figures import Report

KINDS = {Bird: "10.78.2.2", Frr: "10.78.2.3", Keepalived: "10.78.2.4"}  # each observer's address
LOOP = "while :; do :; done"


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--peers", type=int, default=20, help="of each observer (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each stop (default: %(default)s)")
    parser.add_argument("--busy", type=int, default=10, help="of each busy spell, in s (default: %(default)s)")
    parser.add_argument("--loops", type=int, default=16, help="busy loops (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a minute: one round, 4 s of loops, no keepalived")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.busy, options.peers = 1, 4, 10
    lab = laboratory.open_lab(options)
    laboratory.need("chrt", "util-linux")
    kinds = [kind for kind in KINDS if is_installed(kind) and is_installed(Bird)]
    report = Report(f"troubles of the observer's own, {options.peers} healthy peers each")
    for kind in KINDS:
        if kind not in kinds:
            report.note(kind.__name__, f"SKIPPED: {', '.join(kind.programs)} (and bird) not found; install the Debian packages")
    spaces = {f"peer-{number}": f"10.78.1.{number}" for number in range(1, options.peers + 1)} | {"ours": "10.78.2.1"}
    join(lab, spaces | {kind.__name__: KINDS[kind] for kind in kinds})
    for alone in (False, True):
        group = [kind for kind in kinds if (kind is Keepalived) == alone]
        if alone and (options.quick or not group):
            continue
        measure_pauses(Stage(lab, group, options.peers, 100, not alone), options, report)
        for interval in (50, 10):
            for priority in (None, 50):
                measure_busy(Stage(lab, group, options.peers, interval, not alone, priority), options, report)
    return report.finish()


class Stage:
    """Observers of these kinds, and suspectd's if `ours`, with all their peers."""

    def __init__(self, lab, kinds, count, interval, ours, priority=None):
        self.lab, self.interval, self.priority, self.watch, self.count = lab, interval, priority, Watch(), count
        self.observer = Node(lab, "observer", "10.78.2.1:7946", "ours")
        addresses = {f"peer-{number}": f"10.78.1.{number}" for number in range(1, count + 1)}
        self.peers = [Node(lab, name, f"{address}:7946", name) for name, address in addresses.items() if ours]
        observers = [KINDS[kind] for kind in kinds]
        # The peers name their multiplier, 3, and the observers theirs, 50: each side judges by the other's.
        self.speakers = [
            kind(lab, kind.__name__, kind.__name__, "eth0", [(own, peer) for peer in addresses.values()], interval, 50)
            for kind, own in zip(kinds, observers)]
        self.reflectors = [
            Bird(lab, f"bird-{name}", name, "eth0", [(address, observer) for observer in observers], interval, 3)
            for name, address in addresses.items() if kinds]
        self._start()

    def _start(self):
        detection = {"heartbeat_interval": f"{self.interval}ms"}
        for node in self.peers:
            node.configure([node, self.observer], detection)
            node.prefix = ["chrt", "-f", "60"]
            node.start()
        for reflector in self.reflectors:
            reflector.start(60)
        for speaker in self.speakers:
            speaker.start(self.priority)
        if not self.peers:
            return self.wait()
        self.observer.configure([self.observer, *self.peers], detection)
        self.observer.prefix = ["chrt", "-f", str(self.priority)] if self.priority else []
        self.observer.start()
        self.watch.add(self.observer)
        self.wait()
        self.watch.run(2)

    def wait(self):
        """Waits until everybody holds everybody to be up."""
        wait_trusted([self.observer] if self.peers else [])
        for speaker in self.speakers:
            speaker.wait_up(60)

    def mark(self):
        self.since, self.lines = len(self.watch.events), {speaker: len(speaker.lines) for speaker in self.speakers}

    def blamed(self):
        """How many peers each observer declared down since the mark."""
        blamed = {speaker.name: {peer for _, peer in speaker.downs(self.lines[speaker])} for speaker in self.speakers}
        if self.peers:
            found = self.watch.of("suspect", "isolated", since=self.since)
            blamed["suspectd"] = {event.peer or "isolated" for event in found}
        return {name: len(peers) for name, peers in blamed.items()}

    def observers(self):
        return [self.observer, *self.speakers] if self.peers else self.speakers

    def end(self):
        for node in [self.observer, *self.peers] if self.peers else []:
            node.kill()
        for speaker in [*self.speakers, *self.reflectors]:
            speaker.kill()


def tell(report, name, blamed, among):
    for who, count in blamed.items():
        report.count(f"{name}: {who}", count, f"of {among} blamed", **({"at_most": 0} if who == "suspectd" else {}))


def measure_pauses(stage, options, report):
    for seconds in (0.25, 1, 3):
        total, told, words = {}, 0, ""
        for _ in range(options.rounds):
            stage.watch.run(stage.lab.chance.uniform(0.2, 0.4))
            stage.mark()
            for observer in stage.observers():
                observer.signal(signal.SIGSTOP)
            stage.watch.run(seconds)
            for observer in stage.observers():
                observer.signal(signal.SIGCONT)
            stage.watch.run(1.5)
            for event in stage.watch.of("suspect", "isolated", since=stage.since):
                print(f"mistake after {seconds} s: {event}")
            for name, count in stage.blamed().items():
                total[name] = total.get(name, 0) + count
            stalls = stage.watch.of("stall", since=stage.since)
            told, words = told + bool(stalls), stalls[-1].evidence["reason"] if stalls else words
            stage.wait()
        tell(report, f"stopped {seconds} s", total, stage.count * options.rounds)
        if not stage.peers:
            continue
        report.count(f"stopped {seconds} s: told by suspectd", told, f"of {options.rounds}", at_least=options.rounds)
        if words:
            report.note(f"stopped {seconds} s: in its words", words)
    stage.end()


def measure_busy(stage, options, report):
    scheduling = "real-time" if stage.priority else "ordinary"
    name = f"{options.loops} loops, {stage.interval} ms × 3, {scheduling} scheduling"
    stage.mark()
    loops = [subprocess.Popen(["sh", "-c", LOOP]) for _ in range(options.loops)]
    stage.watch.run(options.busy)
    tell(report, name, stage.blamed(), stage.count)
    for event in stage.watch.of("suspect", "isolated", since=stage.since)[:5]:
        print(f"mistake: {event}")
    if stage.peers:
        lag = stage.observer.call("GetStatus")["status"]["health"]["loopLagMaximumUSec"] / 1000
        report.note(f"{name}: worst lag of suspectd's loop", f"{lag:.1f} ms")
        times = [time_stop(stage, victim) for victim in stage.peers[:5]]
        report.distribution(
            f"{name}: a real crash meanwhile, suspectd", [time for time in times if time], p50=9 * stage.interval)
    for loop in loops:
        loop.kill()
        loop.wait()
    stage.end()


def time_stop(stage, victim):
    """How long a stopped peer remains unnoticed, in ms; 0 when for more than 3 s."""
    since = len(stage.watch.events)
    began = victim.signal(signal.SIGSTOP)
    stage.watch.run(3, until=lambda: stage.watch.of("suspect", peer=victim.name, since=since))
    victim.signal(signal.SIGCONT)
    stage.watch.run(0.3)
    seen = stage.watch.of("suspect", peer=victim.name, since=since)
    return (seen[0].told - began) / 1e6 if seen else 0


if __name__ == "__main__":
    sys.exit(main())
