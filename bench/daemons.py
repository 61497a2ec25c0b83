"""Daemons under measurement: their configuration, their process, and what they say on their status sockets."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time


class Node:
    """One daemon: its configuration, its process, its status socket."""

    def __init__(self, lab, name, address, namespace=None, environment=None):
        self.lab = lab
        self.name = name
        self.address = address
        self.listen = address
        self.namespace = namespace
        self.environment = environment or {}
        self.prefix = []  # the words of a command that runs the daemon's, such as chrt
        self.folder = os.path.join(lab.folder, name)
        self.socket = os.path.join(self.folder, "socket")
        self.log = os.path.join(self.folder, "log")
        self.process = None
        os.makedirs(self.folder, exist_ok=True)

    def configure(self, nodes, detection, state_directory=None, ping=None, node=None):
        """Writes the configuration; `detection`, `ping` and `node` hold keys of those tables and their values."""
        settings = self.lab.settings
        lines = [
            "[node]", f'id = "{self.name}"', f'listen = ["{self.listen}"]',
            f'state_directory = "{state_directory or self.folder}"', f'status_socket = "{self.socket}"',
            *_toml((node or {}) | settings.get("node", {})),
            "[security]", "allow_unauthenticated = true",
            "[detection]", *_toml(detection | settings.get("detection", {})),
            "[ping]", *_toml((ping or {}) | settings.get("ping", {})),
        ]
        for peer in nodes:
            lines += ["[[peer]]", f'id = "{peer.name}"', f'address = "{peer.address}"']
        self.configuration = os.path.join(self.folder, "suspectd.toml")
        with open(self.configuration, "w") as file:
            file.write("\n".join(lines) + "\n")

    def start(self):
        """Starts the daemon and waits until it can be asked."""
        if os.path.exists(self.socket):
            os.remove(self.socket)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.lab.command(self.namespace, *self.prefix, self.lab.program, "--config", self.configuration),
                stdout=log, stderr=log, env=os.environ | self.environment)
        wait_until(lambda: os.path.exists(self.socket) or self.process.poll() is not None, 10, f"{self.name} to start")
        if self.process.poll() is not None:
            sys.exit(f"{self.name} did not start:\n{self.read_log()}")

    @property
    def pid(self):
        return self.process.pid

    def signal(self, number):
        """Sends a signal, and returns the instant just before, in wall-clock nanoseconds."""
        began = time.time_ns()
        os.kill(self.pid, number)
        return began

    def kill(self):
        """Ends the daemon as a crash would, and returns the instant just before."""
        began = self.signal(signal.SIGKILL)
        self.process.wait()
        return began

    def call(self, method, **parameters):
        """Calls a method of the status socket and returns what it answers."""
        with Subscription(self, method, parameters, more=False) as connection:
            return connection.wait_for_reply()

    def states(self):
        """The state of every peer, by name."""
        return {peer["id"]: peer["state"] for peer in self.call("ListPeers")["peers"]}

    def read_log(self):
        with open(self.log, errors="replace") as file:
            return file.read()


def _toml(table):
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value):
    """A value as TOML has it; a table in one line."""
    return f"{{ {', '.join(_toml(value))} }}" if isinstance(value, dict) else json.dumps(value)


class Subscription:
    """A connection to a status socket: NUL-terminated JSON both ways."""

    def __init__(self, node, method="Subscribe", parameters=None, more=True):
        self.node = node
        self.stream = socket.socket(socket.AF_UNIX)
        # A daemon has bound its socket a moment before it listens.
        wait_until(lambda: self.stream.connect_ex(node.socket) == 0, 5, f"{node.name}'s status socket")
        call = {"method": f"io.suspectd.Monitor.{method}", "parameters": parameters or {}, "more": more}
        self.stream.sendall(json.dumps(call).encode() + b"\0")
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()

    def read(self):
        """Reads what is there; returns whole replies, or None when the daemon is gone."""
        try:
            data = self.stream.recv(1 << 16)
        except ConnectionError:
            data = b""
        if not data:
            return None
        *replies, self.buffer = (self.buffer + data).split(b"\0")
        return [json.loads(reply) for reply in replies]

    def wait_for_reply(self):
        self.stream.settimeout(10)
        while not (replies := self.read()):
            if replies is None:
                raise ConnectionError(f"{self.node.name} closed its status socket")
        if "error" in replies[0]:
            raise RuntimeError(f"{self.node.name}: {replies[0]}")
        return replies[0]["parameters"]


class Seen:
    """One event, and when it reached the subscriber."""

    def __init__(self, observer, event, arrived):
        self.observer = observer
        self.kind = event["event"]
        self.peer = event.get("peer")
        self.cause = event.get("cause")
        self.evidence = event["evidence"]
        self.told = event["timeUSec"] * 1000
        self.arrived = arrived

    def __str__(self):
        return f"{self.observer}: {self.kind} {self.peer or ''} {self.cause or ''}: {self.evidence['reason']}"


class Watch:
    """Subscribes to daemons and keeps every event of theirs."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.events = []

    def add(self, node):
        """Subscribes, and reads the snapshot, so that every event from now on is seen."""
        subscription = Subscription(node)
        subscription.wait_for_reply()
        subscription.stream.setblocking(False)
        self.selector.register(subscription.stream, selectors.EVENT_READ, subscription)

    def run(self, seconds, until=None):
        """Collects events for so long, or until the condition holds; returns whether it came to hold."""
        end = time.monotonic() + seconds
        while not (until and until()):
            rest = end - time.monotonic()
            if rest <= 0:
                return False
            for key, _ in self.selector.select(min(rest, 0.1)):
                self._take(key.data, time.time_ns())
        return True

    def _take(self, subscription, arrived):
        replies = subscription.read()
        if replies is None:
            self.selector.unregister(subscription.stream)
            subscription.stream.close()
            return
        for reply in replies:
            if "event" in reply.get("parameters", {}):
                self.events.append(Seen(subscription.node.name, reply["parameters"]["event"], arrived))

    def of(self, *kinds, observer=None, peer=None, since=0):
        """The events of these kinds seen since place `since`, in the order of their arrival."""
        return [
            event for event in self.events[since:]
            if event.kind in kinds and observer in (None, event.observer) and peer in (None, event.peer)
        ]

    def first_suspicions(self, peer=None, since=0):
        """The first suspicion by each observer since place `since`, of one peer or of any."""
        first = {}
        for event in self.of("suspect", peer=peer, since=since):
            first.setdefault(event.observer, event)
        return first


def wait_until(condition, seconds, what):
    """Waits for a condition, and ends the bench, saying for `what`, when it does not come to hold in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {seconds} s for {what() if callable(what) else what}, in vain")
        time.sleep(0.002)


def wait_trusted(nodes):
    """Waits until each of the nodes trusts all its peers."""
    for node in nodes:
        wait_until(
            lambda: all(state == "trusted" for state in node.states().values()), 20, f"{node.name} to trust its peers")
