#!/usr/bin/env python3
"""How often a daemon in steady state asks for memory, and from where: counted by a preloaded library.

One of four daemons is counted while heartbeats come every 5 ms from each of the others. With --stacks the places that
allocate are printed; that needs a program with symbols (name it with --suspectd). The causal log is off: its thread asks
for memory for the text that it writes; `--set node.causal_log=true` counts that too.
"""

import bisect
import collections
import mmap
import os
import shutil
import struct
import subprocess
import sys
import time

import lab as laboratory
from daemons import Node, wait_trusted
from figures import Report

# The layout of native/malloc_counter.c.
NAMES = ("allocations", "frees", "allocated_bytes", "freed_bytes", "trace", "traced")
DEPTH, STACKS = 24, 4096
HEAD = struct.Struct(f"{len(NAMES)}Q")
STACK = struct.Struct(f"{2 + DEPTH}Q")


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--datagrams", type=int, default=12_000, help="to count over (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=5, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--stacks", action="store_true", help="print where allocations come from")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"allocations in steady state, three peers, heartbeats every {options.interval} ms")
    counter = Counter(lab)
    node = start(lab, options.interval, counter)
    time.sleep(12)  # Windows fill, the status line settles.
    measure(node, counter, options, report)
    if options.stacks:
        print_stacks(counter.trace(12), Symbols(lab.program, node.pid))
    return report.finish()


def start(lab, interval, counter):
    nodes = [Node(lab, name, f"127.0.0.1:{7946 + number}") for number, name in enumerate("abcd")]
    nodes[0].environment = counter.environment
    for node in nodes:
        node.configure(nodes, {"heartbeat_interval": f"{interval}ms"}, node={"causal_log": False})
        node.start()
    wait_trusted(nodes)
    return nodes[0]


def received(node):
    return node.call("GetStatus")["status"]["datagramsReceived"]


def measure(node, counter, options, report):
    """Counts between two looks at the status. The looks allocate too, so they stay outside the counted time."""
    first = received(node)
    time.sleep(0.5)
    before = counter.read()
    wait = options.datagrams * options.interval / 1000 / 3
    time.sleep(wait)
    after = counter.read()
    datagrams = int((received(node) - first) * wait / (wait + 0.5))
    change = {name: after[name] - before[name] for name in NAMES}
    report.count("datagrams received", datagrams, at_least=min(options.datagrams * 9 // 10, 10_000))
    report.count("allocations before, since the start", before["allocations"], never_zero=True)
    report.count("allocations", change["allocations"], f"in {wait:.0f} s")
    report.count("allocations a datagram", change["allocations"] / max(datagrams, 1), below=0.01)
    report.count("allocated a second", change["allocated_bytes"] / wait, "bytes")
    report.count("growth of the heap", change["allocated_bytes"] - change["freed_bytes"], "bytes", at_most=4096)


class Counter:
    """The counters that the preloaded library keeps in a file of ours."""

    def __init__(self, lab):
        library = lab.compile("malloc_counter.c", "-shared", "-fPIC")
        path = os.path.join(lab.folder, "counters")
        size = HEAD.size + STACKS * STACK.size
        with open(path, "w+b") as file:
            file.truncate(size)
            self.memory = mmap.mmap(file.fileno(), size)
        self.environment = {"LD_PRELOAD": library, "MALLOC_COUNTER": path}

    def read(self):
        return dict(zip(NAMES, HEAD.unpack_from(self.memory)))

    def trace(self, seconds):
        """The call stacks of the allocations of so many seconds, innermost first, with their sizes."""
        place = NAMES.index("trace") * 8
        self.memory[place] = 1
        time.sleep(seconds)
        self.memory[place] = 0
        for index in range(min(self.read()["traced"], STACKS)):
            size, depth, *frames = STACK.unpack_from(self.memory, HEAD.size + index * STACK.size)
            yield size, tuple(frames[:depth])


class Symbols:
    """The names of the functions of a running program."""

    def __init__(self, program, pid):
        lines = subprocess.run(["nm", "-n", "--defined-only", program], check=False, stdout=subprocess.PIPE, text=True).stdout
        symbols = [line.split(maxsplit=2) for line in lines.splitlines()]
        symbols = [(int(address, 16), name) for address, kind, name in symbols if kind in "tTwW"]
        self.addresses = [address for address, _ in symbols]
        self.names = [name for _, name in symbols]
        self.areas = []
        with open(f"/proc/{pid}/maps") as file:
            for words in map(str.split, file):
                if len(words) == 6:
                    low, high = (int(text, 16) for text in words[0].split("-"))
                    self.areas.append((low, high, int(words[2], 16), words[5]))
        # The kernel names the file itself, not a link to it.
        self.program = os.path.realpath(program)
        self.base = min(low - offset for low, _, offset, path in self.areas if path == self.program)

    def name(self, address):
        path = next((path for low, high, _, path in self.areas if low <= address < high), "?")
        if path != self.program or not self.names:
            return os.path.basename(path)
        return self.names[max(bisect.bisect_right(self.addresses, address - self.base - 1) - 1, 0)]


def print_stacks(stacks, symbols, most=12):
    counts = collections.Counter((size, frames) for size, frames in stacks)
    for (size, frames), count in counts.most_common(most):
        print(f"\n{count} × {size} bytes")
        names = "\n".join(symbols.name(frame) for frame in frames[2:16])
        if shutil.which("swift"):
            command = ["swift", "demangle", "--compact", "--simplified"]
            names = subprocess.run(command, check=False, input=names, stdout=subprocess.PIPE, text=True).stdout.rstrip()
        print("\n".join("    " + name for name in names.splitlines()))


if __name__ == "__main__":
    sys.exit(main())
