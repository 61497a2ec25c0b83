#!/usr/bin/env python3
"""Whether a flood of junk blinds a daemon: 100,000 datagrams a second at one of three, heartbeats every 50 ms.

Half of the junk is random bytes, half begins like a datagram of suspectd's and fails its checksum.
"""

import subprocess
import sys
import time

from daemons import Node, Watch, wait_trusted
from figures import Report
import lab as laboratory
from idle import processor_time, status


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--rate", type=int, default=100_000, help="datagrams a second (default: %(default)s)")
    parser.add_argument("--duration", type=int, default=10, help="of the flood, in s (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=50, help="between heartbeats, in ms (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"a flood of {options.rate} datagrams a second, heartbeats every {options.interval} ms")
    nodes = [Node(lab, name, f"127.0.0.1:{7946 + number}") for number, name in enumerate("abc")]
    watch = Watch()
    for node in nodes:
        node.configure(nodes, {"heartbeat_interval": f"{options.interval}ms"})
        node.start()
        watch.add(node)
    wait_trusted(nodes)
    watch.run(2)
    flood(lab, watch, nodes[0], options, report)
    return report.finish()


def flood(lab, watch, target, options, report):
    program = lab.compile("flood.c")
    since, lines = len(watch.events), target.read_log().count("\n")
    used, resident = processor_time(target.pid), status(target.pid)["RssAnon"]
    began = time.monotonic()
    words = [program, "127.0.0.1", "7946", str(options.rate), str(options.duration)]
    flooder = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    watch.run(600, until=lambda: flooder.poll() is not None)
    took = time.monotonic() - began
    used = processor_time(target.pid) - used
    watch.run(2)
    blamed = watch.of("suspect", "isolated", "asymmetric", since=since)
    report.count("junk sent", int(flooder.stdout.read()) / took, "a second", at_least=options.rate * 0.9)
    state = target.call("GetStatus")["status"]
    refused = sum(drop["count"] for drop in state["dropped"])
    report.count("junk refused", refused / took, "a second")
    report.count("dropped by the kernel", state["health"]["kernelDrops"] / took, "a second")
    report.count("suspicions by anybody", len(blamed), at_most=0)
    report.count("rounds of pings", len(watch.of("pending", since=since)))
    report.count("lines in the target's log", target.read_log().count("\n") - lines, at_most=100)
    report.count("processor time of the target", used / took * 100, "% of a core")
    report.note("its own memory", f"{resident} before, {status(target.pid)['RssAnon']} after")
    report.note("worst lag of its loop", f"{state['health']['loopLagMaximumUSec'] / 1000:.1f} ms")
    for event in blamed:
        print(f"mistake: {event}")


if __name__ == "__main__":
    sys.exit(main())
