"""A laboratory for measurements: private namespaces, daemons in them, and what they say on their sockets.

Everything happens in namespaces of the bench's own (processes, network, mounts): nothing can collide with what the
machine runs, and when the bench ends, however it ends, the kernel removes processes, links and files with it.
Needs Linux, root (or unprivileged user namespaces), `ip` from iproute2, and for most benches `nft` from nftables.
"""

import argparse
import ctypes
import json
import os
import random
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NATIVE = os.path.join(ROOT, "bench", "native")
# Debian keeps `ip` and `nft` where the search path of an ordinary user does not look.
os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

_NEW_MOUNTS, _NEW_USER, _NEW_PROCESSES, _NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000
_RECURSIVE, _PRIVATE = 0x4000, 0x40000
_DIE_WITH_PARENT = 1
_libc = ctypes.CDLL(None, use_errno=True)


def arguments(description, **defaults):
    """The options that every bench has; the caller adds its own and parses."""
    parser = argparse.ArgumentParser(description=description)
    default = os.environ.get("SUSPECTD", os.path.join(ROOT, "build", "release", "suspectd"))
    parser.add_argument("--suspectd", default=default, help="the daemon to measure (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="seed of the random phases (default: a new one)")
    parser.set_defaults(**defaults)
    return parser


def open_lab(options):
    """Enters the private namespaces and returns the laboratory in them. To be called before any thread exists."""
    if not os.access(options.suspectd, os.X_OK):
        sys.exit(f"{options.suspectd}: no such program; build it with `make release`, or name one with --suspectd")
    need("ip", "iproute2")
    _isolate()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    return Lab(os.path.abspath(options.suspectd), random.Random(seed))


def need(command, package):
    """Ends the bench when a command is missing."""
    if not shutil.which(command):
        sys.exit(f"{command}: not found; install the package {package}")


def _call(name, *arguments_):
    if getattr(_libc, name)(*arguments_) != 0:
        error = ctypes.get_errno()
        sys.exit(f"{name}: {os.strerror(error)}; run the bench as root, or allow unprivileged user namespaces")


def _mount(kind, path):
    _call("mount", b"none", path.encode(), kind.encode(), 0, None)


def _isolate():
    user, group = os.getuid(), os.getgid()
    _call("unshare", _NEW_MOUNTS | _NEW_PROCESSES | _NEW_NETWORK | (_NEW_USER if user else 0))
    if user:
        for path, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{path}", "w") as file:
                file.write(text)
    child = os.fork()
    if child:
        sys.exit(_stand_by(child))
    _call("prctl", _DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    _call("mount", b"none", b"/", None, _RECURSIVE | _PRIVATE, None)
    _mount("proc", "/proc")
    _mount("tmpfs", "/run")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def _stand_by(child):
    """Waits for the bench proper, the first process of its namespace, and passes signals on to it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: os.kill(child, number))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


class Lab:
    """The daemon to measure, a source of random phases, and the network namespaces of this bench."""

    def __init__(self, program, chance):
        self.program = program
        self.chance = chance
        self.folder = "/run/lab"  # In memory, and gone with the namespace.
        os.makedirs(self.folder)

    def namespace(self, name):
        """Makes a network namespace whose loopback is up."""
        subprocess.run(["ip", "netns", "add", name], check=True)
        self.run(name, "ip", "link", "set", "lo", "up")
        return name

    def command(self, namespace, *words):
        """The command that runs `words` in a namespace; in the bench's own one for None."""
        return list(words) if namespace is None else ["ip", "netns", "exec", namespace, *words]

    def run(self, namespace, *words, text=None):
        """Runs a command to its end, and returns what it printed."""
        return subprocess.run(
            self.command(namespace, *words), check=True, input=text, text=True, stdout=subprocess.PIPE
        ).stdout

    def filter(self, namespace, rule=None):
        """Makes `rule` the only one for datagrams that arrive in a namespace; none at all for None."""
        self.prepare_filter(namespace, rule).fire()

    def prepare_filter(self, namespace, rule=None):
        """The same, made ready to take effect within a millisecond or two of `fire()`."""
        need("nft", "nftables")
        lines = [
            "add table inet bench", "add chain inet bench input { type filter hook input priority 0; }",
            "flush chain inet bench input"]
        if rule:
            lines.append(f"add rule inet bench input {rule}")
        return PreparedFilter(self.command(namespace, "nft", "-f", "-"), "\n".join(lines) + "\n")

    def compile(self, source, *flags):
        """Compiles one of the C files in bench/native and returns what came of it."""
        need("gcc", "gcc")
        target = os.path.join(self.folder, source.removesuffix(".c"))
        subprocess.run(["gcc", "-O2", "-Wall", "-o", target, os.path.join(NATIVE, source), *flags], check=True)
        return target

    def pause(self, least, most):
        """Waits for a random time, so that what follows falls into any phase of the heartbeats."""
        time.sleep(self.chance.uniform(least, most))


class PreparedFilter:
    """A packet filter's change whose program already runs, waiting for its last word."""

    def __init__(self, command, text):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        self.process.stdin.write(text)

    def fire(self):
        """Makes the change, and returns the instant just before, in wall-clock nanoseconds."""
        began = time.time_ns()
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit("nft: the kernel refused the filter; is nf_tables available here?")
        return began


class Node:
    """One daemon: its configuration, its process, its status socket."""

    def __init__(self, lab, name, address, namespace=None, environment=None):
        self.lab = lab
        self.name = name
        self.address = address
        self.namespace = namespace
        self.environment = environment or {}
        self.folder = os.path.join(lab.folder, name)
        self.socket = os.path.join(self.folder, "socket")
        self.log = os.path.join(self.folder, "log")
        self.process = None
        os.makedirs(self.folder, exist_ok=True)

    def configure(self, nodes, detection, ping=None, state_directory=None):
        """Writes the configuration; `detection` and `ping` are the keys of these tables and their values."""
        lines = [
            "[node]", f'id = "{self.name}"', f'listen = ["{self.address}"]',
            f'state_directory = "{state_directory or self.folder}"', f'status_socket = "{self.socket}"',
            "[security]", "allow_unauthenticated = true",
            "[detection]", *_toml(detection), "[ping]", *_toml(ping or {}),
        ]
        for node in nodes:
            lines += ["[[peer]]", f'id = "{node.name}"', f'address = "{node.address}"']
        self.configuration = os.path.join(self.folder, "suspectd.toml")
        with open(self.configuration, "w") as file:
            file.write("\n".join(lines) + "\n")

    def start(self):
        """Starts the daemon and waits until it can be asked."""
        if os.path.exists(self.socket):
            os.remove(self.socket)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.lab.command(self.namespace, self.lab.program, "--config", self.configuration),
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
    return [f"{key} = {json.dumps(value)}" for key, value in table.items()]


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
            for key, _ in self.selector.select(rest):
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


def wait_until(condition, seconds, what):
    """Waits for a condition, and ends the bench when it does not come to hold in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {seconds} s for {what}, in vain")
        time.sleep(0.002)


def wait_trusted(nodes):
    """Waits until each of the nodes trusts all its peers."""
    for node in nodes:
        wait_until(
            lambda: all(state == "trusted" for state in node.states().values()), 20, f"{node.name} to trust its peers")
