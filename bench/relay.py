"""A network of chosen quality between namespaces: delay, jitter, reordering, duplication, independent and bursty loss.

The kernel at hand may lack netem, so a small program (native/relay.c) carries every packet between TUN devices. It
runs with real-time priority where it may, and everything random in it follows from the bench's seed.
"""

import subprocess
import sys


class Relay:
    """Namespaces that are joined by links, each direction of which can be made better or worse at any time."""

    def __init__(self, lab, addresses):
        """Makes one namespace for each name in `addresses`, with that IPv4 address; after a comma, one to come."""
        program = lab.compile("relay.c", "-lm")
        for name in addresses:
            lab.namespace(name)
        words = [program, str(lab.chance.randrange(1 << 32)), *(f"{name}={ip}" for name, ip in addresses.items())]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            sys.exit("the relay did not start; does this kernel have TUN devices?")
        for name, ip in addresses.items():
            lab.run(name, "ip", "address", "add", f"{ip.split(',')[0]}/16", "dev", "net0")
            lab.run(name, "ip", "link", "set", "net0", "up")

    def link(self, one="*", other="*", **quality):
        """Sets both directions between two nodes (all for "*"); for the keys see native/relay.c."""
        words = " ".join(f"{key}={value}" for key, value in quality.items())
        self._tell(f"link {one} {other} {words}\nlink {other} {one} {words}\n")

    def direction(self, one, other, **quality):
        """Sets one direction only."""
        self._tell(f"link {one} {other} " + " ".join(f"{key}={value}" for key, value in quality.items()) + "\n")

    def _tell(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()
        self.process.stdout.readline()
