"""A laboratory for measurements: private namespaces, packet filters, and the options that every bench has.

Everything happens in namespaces of the bench's own (processes, network, mounts): nothing can collide with what the
machine runs, and when the bench ends, however it ends, the kernel removes processes, links and files with it.
Needs Linux, root (or unprivileged user namespaces), `ip` from iproute2, and for most benches `nft` from nftables.
"""

import argparse
import ctypes
import os
import random
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NATIVE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "native")
# Debian keeps `ip` and `nft` where the search path of an ordinary user does not look.
os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

_NEW_MOUNTS, _NEW_USER, _NEW_PROCESSES, _NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000
_RECURSIVE, _PRIVATE = 0x4000, 0x40000
_DIE_WITH_PARENT = 1
_libc = ctypes.CDLL(None, use_errno=True)


def arguments(description):
    """The options that every bench has; the caller adds its own and parses."""
    parser = argparse.ArgumentParser(description=description)
    default = os.environ.get("SUSPECTD", os.path.join(ROOT, "build", "release", "suspectd"))
    parser.add_argument("--suspectd", default=default, help="the daemon to measure (default: %(default)s)")
    parser.add_argument(
        "--set", metavar="TABLE.KEY=VALUE", action="append", default=[],
        help="a setting for every daemon, such as ping.retries=2 or detection.mode=heartbeat; may be repeated")
    parser.add_argument("--seed", type=int, default=None, help="seed of the random phases (default: a new one)")
    return parser


def open_lab(options):
    """Enters the private namespaces and returns the laboratory in them. To be called before any thread exists."""
    if not os.access(options.suspectd, os.X_OK):
        sys.exit(f"{options.suspectd}: no such program; build it with `make release`, or name one with --suspectd")
    need("ip", "iproute2")
    _isolate()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    lab = Lab(os.path.abspath(options.suspectd), random.Random(seed))
    for setting in options.set:
        place, value = setting.split("=", 1)
        table, key = place.split(".", 1)
        lab.settings.setdefault(table, {})[key] = _value(value)
    return lab


def _value(text):
    """A setting's value as TOML has it: a number, a boolean, or else a string."""
    return int(text) if text.isdigit() else {"true": True, "false": False}.get(text, text)


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
    for path in ("/run", "/var/tmp"):  # where daemons, FRR's among them, write on their own account
        _mount("tmpfs", path)
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
        self.settings = {}  # By table and key; they go before what a bench sets itself.
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

    def run(self, namespace, *words):
        """Runs a command to its end, and returns what it printed."""
        command = self.command(namespace, *words)
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout

    def filter(self, namespace, rule=None):
        """Makes `rule` the only one for what arrives in a namespace (none at all for None); see `fire()`."""
        return self.prepare_filter(namespace, rule).fire()

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
