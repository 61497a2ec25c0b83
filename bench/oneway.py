#!/usr/bin/env python3
"""What is told of a link that works in one direction only: one finding that stays, or one that comes and goes?

Three nodes on a bridge. Everything that arrives at the third is dropped for a minute: it is still heard, and hears
nobody. Each of the others should say so once, and the third should find itself isolated, once; then all should heal.
"""

import collections
import sys

import lab as laboratory
from bridge import join
from daemons import Node, Watch, wait_trusted
from figures import Report

FINDINGS = ("suspect", "asymmetric", "isolated", "restart", "leave", "conflict")
RECOVERIES = ("trust", "rejoined")


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--duration", type=int, default=60, help="of the fault, in s (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=200, help="between heartbeats, in ms (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"inbound traffic of node c dropped for {options.duration} s, heartbeats {options.interval} ms")
    nodes = make_nodes(lab)
    watch = Watch()
    for node in nodes:
        node.configure(nodes, {"heartbeat_interval": f"{options.interval}ms"})
        node.start()
        watch.add(node)
    wait_trusted(nodes)
    watch.run(3)
    since = len(watch.events)
    began = lab.filter("ns-c", "udp dport 7946 drop")
    watch.run(options.duration)
    healed = len(watch.events)
    lab.filter("ns-c")
    watch.run(10)
    tell_findings(watch.events[since:healed], began, report)
    tell_recovery(watch.events[healed:], nodes, report)
    return report.finish()


def tell_findings(events, began, report):
    """Each observer should have one finding, each at its own time, and no recovery before the link is whole again."""
    for observer, peer, kind in (("a", "c", "asymmetric"), ("b", "c", "asymmetric"), ("c", None, "isolated")):
        seen = [event for event in events if event.observer == observer and event.kind in FINDINGS + RECOVERIES]
        report.count(f"{observer}: findings and recoveries", len(seen), "in all", at_most=1)
        found = [event for event in seen if (event.kind, event.peer) == (kind, peer)]
        name = f"{observer}: {kind} {peer or ''}".rstrip()
        report.count(name, len(found), at_least=1)
        for event in found[:1]:
            report.note(f"{name}: after", f"{(event.told - began) / 1e9:.2f} s")
        for event in seen if len(seen) > 1 else []:
            print(f"{(event.told - began) / 1e9:7.2f} s  {event}")


def tell_recovery(events, nodes, report):
    kinds = collections.Counter(event.kind for event in events if event.kind in FINDINGS + RECOVERIES)
    report.count("findings after the repair", sum(kinds[kind] for kind in FINDINGS), at_most=0)
    report.note("recoveries after the repair", ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    peers = [peer for node in nodes for peer in node.call("ListPeers")["peers"]]
    whole = [peer for peer in peers if peer["state"] == "trusted" and "cause" not in peer]
    report.count("peers trusted without reserve at the end", len(whole), f"of {len(peers)}", at_least=len(peers))


def make_nodes(lab):
    """Three namespaces on one bridge, with a node in each."""
    addresses = {name: f"10.77.0.{number}" for number, name in enumerate("abc", start=1)}
    join(lab, {f"ns-{name}": address for name, address in addresses.items()})
    return [Node(lab, name, f"{address}:7946", namespace=f"ns-{name}") for name, address in addresses.items()]


if __name__ == "__main__":
    sys.exit(main())
