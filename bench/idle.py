#!/usr/bin/env python3
"""What a daemon costs that has nothing to report: processor time, memory, system calls, size, and time to start.

Four daemons on loopback, so that each has three peers; every figure is the worst of the four.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import lab as laboratory
from daemons import Node, wait_trusted
from figures import Report


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--duration", type=int, default=30, help="of the idling, in s (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=200, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--starts", type=int, default=20, help="starts to time (default: %(default)s)")
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    report = Report(f"idle: three peers, heartbeats every {options.interval} ms")
    measure_starts(lab, options, report)
    measure_size(lab, report)
    nodes = [Node(lab, name, f"127.0.0.1:{7946 + number}") for number, name in enumerate("abcd")]
    for node in nodes:
        node.configure(nodes, {"heartbeat_interval": f"{options.interval}ms"})
        node.start()
    wait_trusted(nodes)
    time.sleep(2)
    measure_costs(nodes, options.duration, report)
    measure_system_calls(nodes[0], report)
    return report.finish()


def measure_costs(nodes, seconds, report):
    before = [processor_time(node.pid) for node in nodes]
    began = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    shares = [(processor_time(node.pid) - used) / took * 100 for node, used in zip(nodes, before)]
    states = [status(node.pid) for node in nodes]
    report.count("processor time", max(shares), "% of a core", below=0.3, never_zero=True)
    report.count("resident memory", max(int(state["VmRSS"].split()[0]) for state in states) / 1024, "MiB", below=12)
    report.count("of which its own", max(int(state["RssAnon"].split()[0]) for state in states) / 1024, "MiB")
    report.count("threads", max(int(state["Threads"]) for state in states))


def processor_time(pid):
    """Seconds that all threads of a process have run; /proc/PID/stat would round to hundredths."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def status(pid):
    with open(f"/proc/{pid}/status") as file:
        return dict(re.findall(r"^(\w+):\s*(.*)$", file.read(), re.MULTILINE))


def measure_system_calls(node, report, seconds=10):
    """Counts system calls with strace, if there is one. Tracing slows the daemon, so it comes last."""
    if not shutil.which("strace"):
        report.note("system calls", "not counted: there is no strace")
        return
    tracer = subprocess.Popen(["strace", "-c", "-f", "-p", str(node.pid)], stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    tracer.send_signal(signal.SIGINT)
    lines = [line.split() for line in tracer.communicate()[1].splitlines()]
    calls = {words[-1]: int(words[3]) for words in lines if len(words) >= 5 and words[3].isdigit()}
    total = calls.pop("total", 0)
    report.count("system calls", total / seconds, "a second", never_zero=True)
    most = sorted(calls.items(), key=lambda item: -item[1])[:8]
    report.note("of which", ", ".join(f"{name} {count / seconds:.1f}" for name, count in most))


def measure_size(lab, report):
    stripped = os.path.join(lab.folder, "stripped")
    if shutil.which("strip"):
        subprocess.run(["strip", "-o", stripped, lab.program], check=True)
    else:
        shutil.copy(lab.program, stripped)
    report.count("stripped program", os.path.getsize(stripped) / 1e6, "MB", below=20)
    os.remove(stripped)


def measure_starts(lab, options, report):
    """From just before the fork to READY=1, with the state directory on a disk, where storing the epoch takes time."""
    build = os.path.join(laboratory.ROOT, "build")
    os.makedirs(build, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build, prefix="bench-") as folder:
        path = os.path.join(lab.folder, "notify")
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(path)
        manager.settimeout(10)
        node = Node(lab, "start", "127.0.0.1:7946", environment={"NOTIFY_SOCKET": path})
        others = [Node(lab, f"peer{number}", f"127.0.0.1:{7950 + number}") for number in range(3)]
        node.configure([node, *others], {"heartbeat_interval": f"{options.interval}ms"}, state_directory=folder)
        samples = [time_start(node, manager) for _ in range(options.starts)]
    report.distribution("start to READY", samples, p50=50)


def time_start(node, manager):
    command = [node.lab.program, "--config", node.configuration]
    with open(node.log, "ab") as log:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | node.environment)
        while b"READY=1" not in manager.recv(4096):
            pass
        took = (time.monotonic() - began) * 1000
    process.kill()
    process.wait()
    drain(manager)
    return took


def drain(manager):
    """Throws away what the killed daemon still said."""
    manager.setblocking(False)
    try:
        while manager.recv(4096):
            pass
    except BlockingIOError:
        pass
    manager.settimeout(10)


if __name__ == "__main__":
    sys.exit(main())
