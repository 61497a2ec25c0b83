"""Daemons that speak BFD (RFC 5880), to be measured beside suspectd: BIRD, FRR's bfdd and keepalived.

Each tells of its sessions in its log. Everything they write lies in the bench's own folder.
"""

import datetime
import os
import re
import shutil
import sys

from daemons import wait_until
from logged import Logged

FRR = "/usr/lib/frr"


def is_installed(kind):
    """Whether the daemon of this kind can be run here."""
    return all(shutil.which(program, path=os.environ["PATH"] + ":" + FRR) for program in kind.programs)


class Speaker(Logged):
    """One BFD daemon with sessions to peers; `sessions` holds pairs of its own and the peer's address."""

    programs = ()
    UP = DOWN = None  # expressions whose only group is the peer, as the log calls it

    def __init__(self, lab, name, namespace, device, sessions, interval, multiplier=3):
        super().__init__(lab, name, namespace)
        self.device, self.sessions, self.interval, self.multiplier = device, sessions, interval, multiplier

    def start(self, priority=None):
        """Starts the daemon, with real-time priority if one is given."""
        self.priority = ["chrt", "-f", str(priority)] if priority else []
        for name in os.listdir(self.folder):  # what one that was killed has left
            os.remove(self.path(name))
        self.launch()

    def wait_up(self, seconds=30):
        """Waits until every session is up."""
        def all_up():
            return len(self.up()) >= len(self.sessions) or self.processes[-1].poll() is not None
        wait_until(all_up, seconds, lambda: f"the sessions of {self.name}, {self.up()} up; it says {self.lines[-3:]}")
        if self.processes[-1].poll() is not None:
            sys.exit(f"{self.name} ended: {self.lines[-5:]}")

    def up(self):
        """The peers whose sessions are up."""
        peers = set()
        for _, line in list(self.lines):
            if found := self.UP.search(line):
                peers.add(found.group(1))
            elif found := self.DOWN.search(line):
                peers.discard(found.group(1))
        return peers

    def downs(self, since=0):
        """Instant and peer of each session that went down, from line `since` of the log on."""
        return self.matches(self.DOWN, since)


class Bird(Speaker):
    programs = ("bird",)
    UP = re.compile(r"Session to (\S+) changed state from \w+ to Up")
    DOWN = re.compile(r"Session to (\S+) changed state from Up to ")

    def downs(self, since=0):
        """By BIRD's own clock, which tells microseconds: whoever reads the log may be late."""
        found = [(line, self.DOWN.search(line)) for _, line in list(self.lines[since:])]
        return [(int(datetime.datetime.fromisoformat(line[:26]).timestamp() * 1e6) * 1000, match.group(1))
                for line, match in found if match]

    def launch(self):
        neighbours = "\n".join(
            f'  neighbor {peer} dev "{self.device}" local {own};' for own, peer in self.sessions)
        configuration = self.write("bird.conf", f"""
log stderr all;
timeformat log iso long us;
router id 10.255.255.1;
protocol device {{ }}
protocol bfd {{
  debug {{ events, states }};
  interface "{self.device}" {{ interval {self.interval} ms; multiplier {self.multiplier}; idle tx interval 100 ms; }};
{neighbours}
}}
""")
        self.run("bird", "-f", "-c", configuration, "-s", self.path("control"), "-P", self.path("pid"))


class Keepalived(Speaker):
    programs = ("keepalived",)
    UP = re.compile(r"\((\S+)\) Entering Up state")
    DOWN = re.compile(r"\((\S+)\) Entering Down state")

    def launch(self):
        instances = "".join(
            f"bfd_instance {peer} {{\n neighbor_ip {peer}\n source_ip {own}\n min_rx {self.interval}\n"
            f" min_tx {self.interval}\n multiplier {self.multiplier}\n idle_tx 1000\n}}\n"
            for own, peer in self.sessions)
        configuration = self.write("keepalived.conf", "global_defs {\n}\n" + instances)
        names = [word for kind in ("pid", "vrrp_pid", "checkers_pid", "bfd_pid")
                 for word in (f"--{kind}", self.path(kind))]
        self.run(
            "keepalived", "--dont-fork", "--log-console", "--log-detail", "--use-file", configuration, *names)

    def pids(self):
        """The child that speaks BFD comes first, lest its parent starts another."""
        parent = self.processes[0].pid
        with open(f"/proc/{parent}/task/{parent}/children") as file:
            return [int(word) for word in file.read().split()] + [parent]


class Frr(Speaker):
    programs = ("zebra", "bfdd")
    UP = re.compile(r"state-change: \[.*peer:(\S+?) .*\] \w+ -> up")
    DOWN = re.compile(r"state-change: \[.*peer:(\S+?) .*\] up -> ")

    def launch(self):
        shutil.chown(self.folder, "frr", "frr")
        peers = "".join(
            f" peer {peer} local-address {own} interface {self.device}\n  detect-multiplier {self.multiplier}\n"
            f"  receive-interval {self.interval}\n  transmit-interval {self.interval}\n  no shutdown\n !\n"
            for own, peer in self.sessions)
        zebra = self.write("zebra.conf", "hostname zebra\n")
        configuration = self.write("bfdd.conf", f"hostname bfdd\ndebug bfd peer\nlog stdout debugging\nbfd\n{peers}!\n")
        common = ["--vty_port", "0", "--vty_socket", self.folder, "-z", self.path("zserv.api"), "--log", "stdout"]
        self.run(f"{FRR}/zebra", "-f", zebra, "-i", self.path("zebra.pid"), *common)
        wait_until(lambda: os.path.exists(self.path("zserv.api")), 10, f"zebra; {self.lines[-3:]}")
        self.run(
            f"{FRR}/bfdd", "-f", configuration, "-i", self.path("bfdd.pid"), "--bfdctl", self.path("bfdctl"),
            *common, "--log-level", "debug")

    def pids(self):
        return [self.processes[-1].pid]
