#!/usr/bin/env python3
"""Ten daemons with their defaults on links that lose messages at random, each way alike: is a crash still found in time,
and is nobody suspected who lives?

Every packet on the loopback is lost with the same probability, and nothing answers for closed ports, as when a host is
gone. Losses set in on all 90 links at one instant, as they hardly do elsewhere: what is wrong in the first ten seconds is
counted apart, for until then no link has measured what it loses.
"""

import sys

import lab as laboratory
from daemons import Node, Watch, wait_trusted
from figures import Report

SIZE, ONSET = 10, 10
AIMS = {0: 400, 30: 1000, 50: 1000}  # p99 from a crash to the verdict of an observer, in ms


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--loss", type=int, action="append", help="of a hundred, each way; may be repeated (0, 30, 50)")
    parser.add_argument("--duration", type=int, default=120, help="without a crash, in s (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=5, help="crashes at each loss (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"{SIZE} daemons with their defaults, losses each way")
    nodes = [Node(lab, f"node{number}", f"127.0.2.{number}:7946") for number in range(1, SIZE + 1)]
    for node in nodes:
        node.configure(nodes, {})
        node.start()
    watch = Watch()
    for node in nodes:
        watch.add(node)
    for loss in options.loss or (0, 30, 50):
        lose(lab, 0)
        wait_trusted(nodes)
        watch.run(5)
        measure(lab, watch, nodes, loss, options, report)
    return report.finish()


def lose(lab, loss):
    lab.filter(None, f"meta l4proto icmp drop\nadd rule inet bench input numgen random mod 100 < {loss} drop")


def measure(lab, watch, nodes, loss, options, report):
    start = len(watch.events)
    lose(lab, loss)
    watch.run(ONSET)
    since = len(watch.events)
    if loss:
        report.count(f"{loss} % lost: wrong in the first {ONSET} s", len(watch.of("suspect", since=start)))
    watch.run(options.duration)
    wrong = watch.of("suspect", since=since)
    report.count(f"{loss} % lost: wrong in {options.duration} s after that", len(wrong), at_most=0)
    for event in wrong[:5]:
        print(f"{loss} %, wrong: {event}")
    times, missed, others = [], 0, 0
    for turn in range(options.kills):
        victim = nodes[turn % SIZE]
        found, mistakes = crash(lab, watch, nodes, victim)
        times += found
        missed += SIZE - 1 - len(found)
        others += mistakes
    report.distribution(f"{loss} % lost: from a crash to each observer's verdict", times, p99=AIMS.get(loss, 1000))
    report.count(f"{loss} % lost: crashes not found in 10 s", missed, at_most=0)
    report.count(f"{loss} % lost: others suspected meanwhile", others, at_most=0)


def crash(lab, watch, nodes, victim):
    """Ends one daemon and starts it again.

    Returns how long each observer took to suspect it, in ms, and how many other suspicions there were.
    """
    watch.run(1 + lab.chance.uniform(0, 0.2))
    since, began = len(watch.events), victim.kill()
    watch.run(10, until=lambda: len(watch.first_suspicions(victim.name, since)) == SIZE - 1)
    times = [(event.told - began) / 1e6 for event in watch.first_suspicions(victim.name, since).values()]
    mistakes = sum(event.peer != victim.name for event in watch.of("suspect", since=since))
    victim.start()
    watch.add(victim)
    wait_trusted(nodes)
    return times, mistakes


if __name__ == "__main__":
    sys.exit(main())
