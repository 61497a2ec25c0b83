#!/usr/bin/env python3
"""Whether an observer that was stopped itself blames others: SIGSTOP of one daemon whose peers are never silent.

Heartbeats come every 10 ms and the deadline is 200 ms, so after a stop of 350 ms every deadline has passed, while
everything that proves the peers alive waits in the socket.
"""

import signal
import sys

import lab as laboratory
from daemons import Node, Watch, wait_trusted
from figures import Report

BLAME = ("suspect", "isolated", "asymmetric")


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--stops", type=int, default=60, help="stops a mode (default: %(default)s)")
    parser.add_argument("--length", type=int, default=350, help="of a stop, in ms (default: %(default)s)")
    parser.add_argument("--long", type=float, default=10, help="the one long stop, in s (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"the observer stopped {options.stops} × {options.length} ms, heartbeats 10 ms, deadline 200 ms")
    for mode in ("heartbeat", "heartbeat+ping"):
        measure(lab, mode, options, report)
    return report.finish()


def measure(lab, mode, options, report):
    nodes = [Node(lab, name, f"127.0.0.1:{port}") for name, port in (("a", 7946), ("b", 7947), ("c", 7948))]
    detection = {"mode": mode, "heartbeat_interval": "10ms", "detector": "fixed", "timeout": "200ms"}
    for node in nodes:
        node.configure(nodes, detection)
        node.start()
    wait_trusted(nodes)
    observer = nodes[0]
    watch = Watch()
    watch.add(observer)
    watch.run(1)
    for _ in range(options.stops):
        stop(lab, watch, observer, options.length / 1000)
    watch.run(0.5)
    blamed = watch.of(*BLAME)
    stalls = watch.of("stall")
    report.count(f"{mode}: suspicions by the observer", len(blamed), at_most=0)
    report.count(f"{mode}: pauses told", len(stalls), f"of {options.stops}", at_least=options.stops)
    since = len(watch.events)
    stop(lab, watch, observer, options.long)
    watch.run(2)
    report.count(f"{mode}: suspicions after {options.long:.0f} s", len(watch.of(*BLAME, since=since)), at_most=0)
    report.count(f"{mode}: the long pause told", len(watch.of("stall", since=since)), at_least=1)
    for event in watch.of("stall", since=since):
        report.note(f"{mode}: in its words", event.evidence["reason"])
    health = observer.call("GetStatus")["status"]["health"]
    report.count(f"{mode}: datagrams dropped by the kernel", health["kernelDrops"])
    for event in watch.of(*BLAME):
        print(f"mistake: {event}")
    for node in nodes:
        node.kill()


def stop(lab, watch, observer, seconds):
    """Stops the observer for so long, at a random phase, and lets it run for a while."""
    watch.run(lab.chance.uniform(0.2, 0.4))
    observer.signal(signal.SIGSTOP)
    watch.run(seconds)
    observer.signal(signal.SIGCONT)


if __name__ == "__main__":
    sys.exit(main())
