"""Daemons of others that tell of their peers in their log only: a thread notes when each line comes."""

import os
import signal
import subprocess
import threading
import time


class Logged:
    """A daemon with a folder of its own, and its log."""

    def __init__(self, lab, name, namespace=None):
        self.lab, self.name, self.namespace = lab, name, namespace
        self.folder = os.path.join(lab.folder, name)
        self.lines, self.processes, self.readers, self.priority = [], [], [], []
        os.makedirs(self.folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def run(self, *words):
        """Runs a program of this daemon's; its log is read from now on."""
        process = subprocess.Popen(
            self.lab.command(self.namespace, *self.priority, *words), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self.processes.append(process)
        self.readers.append(threading.Thread(target=self._read, args=(process.stdout,), daemon=True))
        self.readers[-1].start()

    def _read(self, stream):
        for line in stream:
            self.lines.append((time.time_ns(), line))

    def matches(self, expression, since=0):
        """Instant and only group of each line that matches, from line `since` on."""
        found = [(told, expression.search(line)) for told, line in list(self.lines[since:])]
        return [(told, match.group(1)) for told, match in found if match]

    def pids(self):
        """The processes that judge, to be stopped."""
        return [process.pid for process in self.processes]

    def signal(self, number):
        """Sends a signal, and returns the instant just before."""
        began = time.time_ns()
        for pid in self.pids():
            os.kill(pid, number)
        return began

    def kill(self):
        """Ends it as a crash would, and returns the instant just before; its log begins anew."""
        began = self.signal(signal.SIGKILL)
        for process in self.processes:
            process.kill()
            process.wait()
        for reader in self.readers:
            reader.join()
        self.lines, self.processes, self.readers = [], [], []
        return began
