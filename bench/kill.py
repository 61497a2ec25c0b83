#!/usr/bin/env python3
"""How fast a crash is noticed on one host: kill -9 of one of three daemons on loopback, again and again.

On one host the kernel answers for a closed port (ICMP port unreachable), which speeds the verdict up. The second round
drops these answers, so that heartbeats and pings alone decide, as for a host that has lost its power.
"""

import sys

import lab as laboratory
from daemons import Node, Watch, wait_trusted
from figures import Report


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--kills", type=int, default=50, help="kills a round (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=200, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--only", choices=("icmp", "silent"), help="one of the two rounds")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"kill -9 of one of three, heartbeats every {options.interval} ms, both others observing")
    nodes = start(lab, options.interval)
    if options.only != "silent":
        measure(lab, nodes, options, report, "port unreachable told")
    if options.only != "icmp":
        lab.filter(None, "meta l4proto icmp drop")
        measure(lab, nodes, options, report, "told nothing")
    return report.finish()


def start(lab, interval):
    nodes = [Node(lab, name, f"127.0.0.1:{port}") for name, port in (("a", 7946), ("b", 7947), ("c", 7948))]
    for node in nodes:
        node.configure(nodes, {"heartbeat_interval": f"{interval}ms"})
        node.start()
    wait_trusted(nodes)
    return nodes


def measure(lab, nodes, options, report, name):
    watch = Watch()
    for node in nodes:
        watch.add(node)
    told, arrived, confirmed, causes, mistakes = [], [], [], {}, []
    for turn in range(options.kills):
        victim = nodes[turn % len(nodes)]
        observers = [node for node in nodes if node is not victim]
        since = len(watch.events)
        watch.run(1.0 + lab.chance.uniform(0, options.interval / 1000))
        began = victim.kill()
        watch.run(5, until=lambda: len(watch.first_suspicions(victim.name, since)) == len(observers))
        for event in watch.first_suspicions(victim.name, since).values():
            told.append((event.told - began) / 1e6)
            arrived.append((event.arrived - began) / 1e6)
            causes[event.cause] = causes.get(event.cause, 0) + 1
        confirmed += confirmations(watch, victim, observers, since, began)
        restart(watch, victim, observers)
        mistakes += [
            event for event in watch.of("suspect", "isolated", "asymmetric", since=since) if event.peer != victim.name]
    report.count(f"{name}: suspicions of the killed", len(told), f"of {2 * options.kills}", at_least=2 * options.kills)
    report.distribution(f"{name}: to the daemon's verdict", told, p50=300, p99=450)
    report.distribution(f"{name}: to the subscriber", arrived, p50=300, p99=450)
    report.count(f"{name}: confirmations", len(confirmed), f"of {2 * options.kills}", at_least=2 * options.kills)
    report.distribution(f"{name}: to the confirmation by a quorum, at each observer", confirmed)
    report.count(f"{name}: other suspicions", len(mistakes), at_most=0)
    report.note(f"{name}: causes", ", ".join(f"{cause} {count}" for cause, count in sorted(causes.items())))
    for event in mistakes:
        print(f"mistake: {event}")


def confirmations(watch, victim, observers, since, began):
    """When each observer had it confirmed that the victim fails, in ms after the kill."""
    def first():
        return {event.observer: event for event in reversed(watch.of("confirm", peer=victim.name, since=since))}

    watch.run(3, until=lambda: len(first()) == len(observers))
    return [(event.told - began) / 1e6 for event in first().values()]


def restart(watch, victim, observers):
    """Starts the victim again and waits until it is trusted by all, and trusts all."""
    since = len(watch.events)
    victim.start()
    watch.add(victim)
    trusted = watch.run(
        10, until=lambda: {event.observer for event in watch.of("trust", peer=victim.name, since=since)}
        >= {node.name for node in observers})
    if not trusted:
        sys.exit(f"{victim.name} was not trusted again within 10 s of its restart")
    wait_trusted([victim])


if __name__ == "__main__":
    sys.exit(main())
