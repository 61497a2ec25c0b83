#!/usr/bin/env python3
"""What it costs to observe services that do nothing: one daemon before and after it is given 32, beside others without any.

A host with a real systemd is booted for it (Tests/systemd/boot.sh), so this needs root. Four daemons run there, each with
the three others as peers. How often a daemon wakes depends on how the heartbeats of its peers fall; that stays as it is when one
of them reads a configuration with services, and what changes for the others meanwhile is no cost of services.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import lab as laboratory
from daemons import Subscription, wait_trusted, wait_until
from figures import Report
from idle import processor_time, status

BOOT = os.path.join(laboratory.ROOT, "Tests", "systemd", "boot.sh")


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--duration", type=int, default=120, help="of the idling, in s (default: %(default)s)")
    parser.add_argument("--services", type=int, default=32, help="how many, 1 to 32 (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=200, help="between heartbeats, in ms (default: %(default)s)")
    options = parser.parse_args()
    probe = subprocess.run([BOOT, "probe"], check=False, capture_output=True, text=True)
    if probe.returncode != 0:
        sys.exit(f"no host with systemd can be booted here: {probe.stderr.strip()}")
    report = Report(f"services: {options.services} idle ones, three peers, heartbeats every {options.interval} ms")
    host = Host(f"bench-{os.getpid()}", options.suspectd)
    try:
        measure(host, options, report)
    finally:
        host.down()
    return report.finish()


def measure(host, options, report):
    names = [f"s{number}" for number in range(1, options.services + 1)]
    for name in names:
        host.write(f"/run/systemd/system/{name}.service", "[Service]\nExecStart=/bin/sleep infinity\n")
    host.run("systemctl", "daemon-reload")
    host.run("systemctl", "start", *names)
    nodes = [Node(host, name, 7946 + number) for number, name in enumerate("abcd")]
    for node in nodes:
        node.configure(nodes, options.interval, [])
        node.start()
    wait_trusted(nodes)
    time.sleep(3)
    before = idle(host, nodes, options.duration)
    calls_before = count_system_calls(nodes[1])
    nodes[1].configure(nodes, options.interval, names)
    os.kill(nodes[1].pid, signal.SIGHUP)
    for node in nodes:
        wait_until(lambda: node.services_up() == len(names), 20, f"{node.name} to know of {len(names)} services")
    time.sleep(3)
    after = idle(host, nodes, options.duration)
    calls_after = count_system_calls(nodes[1])
    compare(before, after, report)
    if calls_before is None:
        report.note("system calls", "not counted: there is no strace")
    else:
        report.count("system calls without", calls_before, "a second", never_zero=True)
        report.count("system calls with", calls_after, "a second", never_zero=True)


def compare(before, after, report):
    """Prints what was measured of the daemon with services, and what of that the others' figures do not explain."""
    report.count("processor time without services", before["b"].share, "% of a core", never_zero=True)
    report.count("processor time with them", after["b"].share, "% of a core", never_zero=True)
    others = sorted(after[name].share - before[name].share for name in "acd")
    report.note("what changed for the others", ", ".join(f"{other:+.3f}" for other in others) + " % of a core")
    part = after["b"].share - before["b"].share - others[1]
    report.count("the services' part", part, "% of a core", at_most=0.05)
    report.count("wake-ups without", before["b"].wakeups, "a second", never_zero=True)
    report.count("wake-ups with", after["b"].wakeups, "a second", never_zero=True)
    report.count("resident memory without", before["b"].memory, "MiB", never_zero=True)
    report.count("resident memory with", after["b"].memory, "MiB", never_zero=True)
    managers = ", ".join(f"{name} {after[name].share:.3f}" for name in ("systemd", "dbus-daemon"))
    report.note("beside them", f"{managers} % of a core")


class Cost:
    """What a process took: its share of a core in percent, how often a second it woke, and its memory in MiB."""

    def __init__(self, pid):
        self.pid = pid
        self.used, self.woke, self.began = processor_time(pid), wakeups(pid), time.monotonic()

    def end(self):
        took = time.monotonic() - self.began
        self.share = (processor_time(self.pid) - self.used) / took * 100
        self.wakeups = (wakeups(self.pid) - self.woke) / took
        self.memory = int(status(self.pid)["VmRSS"].split()[0]) / 1024


def idle(host, nodes, seconds):
    """What each daemon takes that has nothing to report, and the service manager and the bus beside them."""
    pids = {node.name: node.pid for node in nodes} | {"systemd": host.init, "dbus-daemon": host.pid_of("dbus-daemon")}
    costs = {name: Cost(pid) for name, pid in pids.items()}
    time.sleep(seconds)
    for cost in costs.values():
        cost.end()
    return costs


def wakeups(pid):
    """How often the threads of a process have waited for something."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status") as file:
            total += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", file.read(), re.MULTILINE).group(1))
    return total


def count_system_calls(node, seconds=10):
    """System calls a second, by strace; None without it. Tracing slows the daemon, so it comes after what is timed."""
    if not shutil.which("strace"):
        return None
    tracer = subprocess.Popen(["strace", "-c", "-f", "-p", str(node.pid)], stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    tracer.send_signal(signal.SIGINT)
    lines = [line.split() for line in tracer.communicate()[1].splitlines()]
    return next((int(words[3]) for words in lines if words[-1:] == ["total"]), 0) / seconds


class Host:
    """A host with a real systemd."""

    def __init__(self, name, program):
        self.name = name
        self.boot("up", name)
        with open(f"/run/suspectd-test/{name}/init") as file:
            self.init = int(file.read().split()[0])
        self.boot("put", name, program, "/usr/sbin/suspectd", "755")
        self.processes = []

    def boot(self, *words):
        subprocess.run([BOOT, *words], check=True)

    def run(self, *words):
        self.boot("exec", self.name, *words)

    def path(self, path):
        """A path inside, as this process reaches it."""
        return f"/proc/{self.init}/root{path}"

    def write(self, path, text):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(text)
            file.flush()
            self.boot("put", self.name, file.name, path)

    def pid_of(self, program):
        """The process of a program inside, by its number here."""
        for entry in os.listdir("/proc"):
            try:
                with open(f"/proc/{entry}/comm") as comm:
                    if comm.read().strip() == program and os.path.samefile(f"/proc/{entry}/root", self.path("/")):
                        return int(entry)
            except OSError:
                continue
        sys.exit(f"{program} does not run in the booted host")

    def down(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.boot("down", self.name)


class Node:
    """A daemon in the booted host, outside of any unit."""

    def __init__(self, host, name, port):
        self.host, self.name, self.port = host, name, port
        self.folder = f"/run/bench-{name}"
        self.socket = host.path(f"{self.folder}/socket")

    def configure(self, nodes, interval, services):
        lines = [
            "[node]", f'id = "{self.name}"', f'listen = ["127.0.0.1:{self.port}"]', f'state_directory = "{self.folder}"',
            f'status_socket = "{self.folder}/socket"', "[security]", "allow_unauthenticated = true",
            "[detection]", f'heartbeat_interval = "{interval}ms"']
        for node in nodes:
            lines += ["[[peer]]", f'id = "{node.name}"', f'address = "127.0.0.1:{node.port}"']
        for service in services:
            lines += ["[[service]]", f'name = "{service}"', f'unit = "{service}.service"']
        self.host.write(f"{self.folder}/suspectd.toml", "\n".join(lines) + "\n")

    def start(self):
        command = [BOOT, "exec", self.host.name, "/usr/sbin/suspectd", "--config", f"{self.folder}/suspectd.toml"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.host.processes.append(process)
        wait_until(lambda: os.path.exists(self.socket), 10, f"{self.name} to start")
        # nsenter has entered the namespace of processes by a child.
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
            self.pid = int(file.read().split()[0])

    def call(self, method, **parameters):
        with Subscription(self, method, parameters, more=False) as connection:
            return connection.wait_for_reply()

    def states(self):
        return {peer["id"]: peer["state"] for peer in self.call("ListPeers")["peers"]}

    def services_up(self):
        return sum(service["state"] == "up" for service in self.call("ListServices")["services"])


if __name__ == "__main__":
    sys.exit(main())
