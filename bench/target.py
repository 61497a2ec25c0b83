#!/usr/bin/env python3
"""What an outage does to daemons that derive their settings from a target.

Hosts on a bridge whose daemons have README's `[detection.target]`. When their paths are measured, the link of one of them is
down for some seconds and comes up again. Counted are the processor time that each daemon uses afterwards, the suspicions
among hosts without a fault, and the largest BOUND; then the link is cut again, and the time until everybody has said so is
taken.
"""

import os
import sys
import time

import lab as laboratory
from bridge import join
from daemons import Node, Watch, wait_trusted, wait_until
from figures import Report


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--hosts", type=int, default=4, help="how many hosts (default: %(default)s)")
    parser.add_argument("--target", type=float, default=1, help="detection_time in s (default: %(default)s)")
    parser.add_argument("--outage", type=float, default=5, help="how long the link is down, in s (default: %(default)s)")
    parser.add_argument("--after", type=float, default=45, help="how long to watch, in s (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    nodes, watch = start(lab, options)
    report = Report(f"a link down for {options.outage:g} s, {options.hosts} hosts, detection_time {options.target:g} s")
    measure(lab, nodes, watch, options, report)
    for node in nodes:
        node.kill()
    return report.finish()


def start(lab, options):
    names = [f"h{number}" for number in range(1, options.hosts + 1)]
    addresses = {name: f"10.9.0.{number}" for number, name in enumerate(names, start=1)}
    join(lab, {f"ns{name}": address for name, address in addresses.items()})
    nodes = [Node(lab, name, f"{address}:7946", namespace=f"ns{name}") for name, address in addresses.items()]
    watch = Watch()
    target = {"detection_time": f"{round(options.target * 1000)}ms", "mistake_recurrence": "30d",
              "mistake_duration": "1min"}
    for node in nodes:
        node.configure(nodes, {"target": target})
        node.start()
        watch.add(node)
    wait_trusted(nodes)
    for node in nodes:
        wait_until(lambda: all(peer["target"]["measured"] for peer in peers(node)), 180 * options.target,
                   f"{node.name} to have measured its paths")
    return nodes, watch


def measure(lab, nodes, watch, options, report):
    faulty = nodes[-1]
    set_link(lab, faulty, "down")
    watch.run(options.outage)
    set_link(lab, faulty, "up")
    since = len(watch.events)
    used = {node: processor_seconds(node) for node in nodes}
    bounds, mute = [0.0], 0
    end = time.monotonic() + options.after
    while time.monotonic() < end:
        watch.run(1)
        for node in nodes:
            try:
                bounds += [(peer.get("detectionTimeBoundUSec") or 0) / 1000 for peer in peers(node)]
            except TimeoutError:
                mute += 1
    for node in nodes:
        used[node] = processor_seconds(node) - used[node]
    wrong = [event for event in watch.of("suspect", since=since) if faulty.name not in (event.peer, event.observer)]
    for event in wrong:
        print(event)
    report.count("the most processor time that a daemon used", max(used.values()), f"s of {options.after:g}", below=2,
                 never_zero=True)
    report.count("calls that a daemon did not answer within 10 s", mute, at_most=0)
    report.count("suspicions among hosts without a fault", len(wrong), at_most=0)
    report.count("the largest BOUND", max(bounds), "ms", at_most=2_000 * options.target)
    cut(lab, nodes, watch, options, report)


def cut(lab, nodes, watch, options, report):
    *well, faulty = nodes
    since = len(watch.events)
    began = set_link(lab, faulty, "down")

    def found():
        return {event.observer: event.told for event in watch.of("suspect", peer=faulty.name, since=since)
                if event.told >= began}

    watch.run(30 * options.target, until=lambda: len(found()) == len(well))
    report.count("observers that found the next cut", len(found()), f"of {len(well)}", at_least=len(well))
    times = [(told - began) / 1e6 for told in found().values()]
    report.count("the longest until they did", max(times, default=0.0), "ms", at_most=2_000 * options.target)


def set_link(lab, node, state):
    """Takes the host's interface down or up, and returns the instant just before, in wall-clock nanoseconds."""
    began = time.time_ns()
    lab.run(node.namespace, "ip", "link", "set", "eth0", state)
    return began


def peers(node):
    return node.call("ListPeers")["peers"]


def processor_seconds(node):
    """How long the daemon has been running on a processor."""
    with open(f"/proc/{node.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
