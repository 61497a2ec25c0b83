#!/usr/bin/env python3
"""A run to be looked at: five daemons, a crash, a restart and a cut link, as a ShiViz file and as a picture.

The logs, `story.shiviz.txt` (for https://bestchai.bitbucket.io/shiviz/) and `story.svg` are left in --output. The logs
are checked by `suspectctl verify`, and the ShiViz file against the rules by which ShiViz reads it.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

import lab as laboratory
from bridge import join
from daemons import Node, Watch, wait_trusted
from figures import Report

# What the first line of the file tells ShiViz to read.
HEADER = r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)"


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--interval", type=int, default=500, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--events", type=int, default=200, help="shown of each host, about (default: %(default)s)")
    parser.add_argument("--output", default="story", help="the folder to write into (default: %(default)s)")
    default = os.path.join(laboratory.ROOT, "build", "release", "suspectctl")
    parser.add_argument("--suspectctl", default=os.environ.get("SUSPECTCTL", default), help="(default: %(default)s)")
    options = parser.parse_args()
    output = os.path.abspath(options.output)
    os.makedirs(output, exist_ok=True)
    lab = laboratory.open_lab(options)
    report = Report("a crash, a restart and a cut link")
    nodes = run(lab, options.interval)
    logs = gather(nodes, output)
    control = Control(os.path.abspath(options.suspectctl), logs)
    verdict, _ = control.run("verify")
    report.count("verify: exit status", verdict, at_most=0)
    shiviz = control.export(["--shiviz", "--last", str(5 * options.events)], output, "story.shiviz.txt")
    control.export(["--svg", "--last", str(5 * options.events)], output, "story.svg")
    control.export(["--svg", "--states"], output, "states.svg")
    events, problems = read_as_shiviz(shiviz)
    report.count("events that ShiViz reads", len(events), at_least=100)
    report.count("hosts, one for each life", len({host for host, _, _ in events}), at_least=6)
    report.count("rules of ShiViz that are broken", len(problems), at_most=0)
    for problem in problems[:5]:
        print(problem)
    print(f"written to {output}: {', '.join(sorted(os.listdir(output)))}")
    return report.finish()


def run(lab, interval):
    """The story: db3 crashes and comes back; then the link between db1 and db4 is cut for a while."""
    names = [f"db{number}" for number in range(1, 6)]
    addresses = {name: f"10.77.0.{number}" for number, name in enumerate(names, start=1)}
    join(lab, {f"ns-{name}": address for name, address in addresses.items()})
    nodes = [Node(lab, name, f"{address}:7946", namespace=f"ns-{name}") for name, address in addresses.items()]
    watch = Watch()
    for node in nodes:
        node.configure(nodes, {"heartbeat_interval": f"{interval}ms"})
        node.start()
        watch.add(node)
    wait_trusted(nodes)
    watch.run(interval * 3 / 1000)
    nodes[2].kill()
    wait_for(watch, "suspect", nodes[0], nodes[2])
    watch.run(interval / 1000)
    nodes[2].start()
    wait_trusted(nodes)
    watch.run(interval / 1000)
    for node, other in ((nodes[0], nodes[3]), (nodes[3], nodes[0])):
        lab.filter(node.namespace, f"ip saddr {other.address.split(':')[0]} drop")
    wait_for(watch, "suspect", nodes[0], nodes[3])
    watch.run(2 * interval / 1000)
    for node in (nodes[0], nodes[3]):
        lab.filter(node.namespace)
    wait_trusted(nodes)
    watch.run(interval / 1000)
    for node in nodes:
        node.process.terminate()
        node.process.wait()
    return nodes


def wait_for(watch, kind, observer, peer):
    if not watch.run(20, until=lambda: watch.of(kind, observer=observer.name, peer=peer.name)):
        sys.exit(f"{observer.name} never told {kind} of {peer.name}")


def gather(nodes, output):
    """Copies the causal logs of all lives of all hosts."""
    for old in glob.glob(os.path.join(output, "*-Log*.txt")):
        os.remove(old)
    found = [path for node in nodes for path in glob.glob(os.path.join(node.folder, "*-Log*.txt"))]
    return [shutil.copy(path, output) for path in found]


class Control:
    """suspectctl, with the logs."""

    def __init__(self, program, logs):
        self.program = program
        self.logs = sorted(logs)

    def run(self, *words):
        done = subprocess.run([self.program, *words, *self.logs], check=False, text=True, stdout=subprocess.PIPE)
        return done.returncode, done.stdout

    def export(self, words, output, name):
        status, text = self.run("export", *words)
        if status != 0:
            sys.exit(f"suspectctl export {' '.join(words)}: status {status}")
        with open(os.path.join(output, name), "w") as file:
            file.write(text)
        return text


def read_as_shiviz(text):
    """Reads a file as ShiViz does: the expression of the first line, the delimiter of the second, then the log.

    Returns the events and what ShiViz would refuse: what the expression does not match, clocks without the host's own
    entry, own entries that do not run 1, 2, 3, names of events that are not there, and clocks that go back.
    """
    header, delimiter, log = text.split("\n", 2)
    problems = [] if header == HEADER or header.startswith(r"(?<host>\S*) (?<clock>{.*})\n") else [f"header: {header}"]
    problems += [] if delimiter == "" else [f"delimiter: {delimiter}"]
    problems += ["a carriage return"] if "\r" in log else []
    expression = re.compile(header.replace("(?<", "(?P<"), re.MULTILINE)
    events, end = [], 0
    for match in expression.finditer(log):
        if log[end:match.start()].strip():
            problems.append(f"not read: {log[end:match.start()].strip()[:80]}")
        end = match.end()
        events.append((match["host"], json.loads(match["clock"]), match["event"]))
    if log[end:].strip():
        problems.append(f"not read: {log[end:].strip()[:80]}")
    return events, problems + broken_rules(events)


def broken_rules(events):
    problems, counts, last = [], {}, {}
    for host, clock, _ in events:
        counts[host] = max(counts.get(host, 0), clock.get(host, 0))
    for host in counts:
        own = sorted(clock.get(host, 0) for name, clock, _ in events if name == host)
        if own != list(range(1, len(own) + 1)):
            problems.append(f"{host}: its own entries are not 1, 2, 3 … {len(own)}")
    for host, clock, _ in sorted(events, key=lambda event: event[1].get(event[0], 0)):
        for name, count in clock.items():
            if count < 1 or count > counts.get(name, 0):
                problems.append(f"{host}: names {name} {count}, which is not in the file")
            if count < last.get(host, {}).get(name, 0):
                problems.append(f"{host}: what it knows of {name} goes back")
        missing = set(last.get(host, {})) - set(clock)
        problems += [f"{host}: forgets {name}" for name in missing]
        last[host] = clock
    return problems


if __name__ == "__main__":
    sys.exit(main())
