"""Agents of serf (SWIM with Lifeguard, by hashicorp/memberlist), to be measured beside suspectd."""

import re
import shutil
import sys

from daemons import wait_until
from logged import Logged

PORT = 7956  # lest it meet a suspectd on the same host


class SerfAgent(Logged):
    """One agent, with serf's settings for a LAN."""

    FAILED = re.compile(r"EventMemberFailed: (\S+)")
    JOINED = re.compile(r"EventMemberJoin: (\S+)")
    SUSPECTED = re.compile(r"Suspect (\S+) has failed")

    def __init__(self, lab, name, address, namespace=None):
        super().__init__(lab, name, namespace)
        self.address = address

    def start(self, join):
        """Starts the agent, which joins those at these addresses."""
        self.members = set()
        self.run(
            "serf", "agent", f"-node={self.name}", f"-bind={self.address}:{PORT}", f"-rpc-addr={self.address}:7373",
            "-log-level=debug", f"-snapshot={self.path('snapshot')}", "-retry-interval=1s",
            *(f"-retry-join={address}:{PORT}" for address in join if address != self.address))

    def alive(self):
        """The members that it holds to be alive, itself among them."""
        members = set()
        for _, line in list(self.lines):
            if found := self.JOINED.search(line):
                members.add(found.group(1))
            elif found := self.FAILED.search(line):
                members.discard(found.group(1))
        return members

    def failures(self, since=0):
        """Instant and name of each member that it declared to have failed."""
        return self.matches(self.FAILED, since)

    def suspicions(self, since=0):
        """The same of each probe of its own that found nobody."""
        return self.matches(self.SUSPECTED, since)


def need_serf():
    """Ends the bench when there is no serf."""
    if not shutil.which("serf"):
        sys.exit("serf: not found; install the package serf")


def wait_joined(agents, seconds=20):
    """Waits until each agent holds all to be alive."""
    for agent in agents:
        wait_until(
            lambda: len(agent.alive()) == len(agents), seconds,
            lambda: f"{agent.name} to know all members; it says {agent.lines[-3:]}")
