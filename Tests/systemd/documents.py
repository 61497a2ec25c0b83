#!/usr/bin/env python3
"""Runs the commands that the documents print, on booted hosts, and compares what they answer by its shape.

    documents.py --exec PROGRAM --suffix TEXT [--package FILE]    to be called by documents.sh

README's sections "Install it on three hosts" to "Act on a suspicion" are followed in order: its commands are typed, its
files are written, and each line that it prints must come, in that order, with other times, spans and counts. Then what
suspectd(8) prints about drop-ins, socket activation and metrics is typed, and must succeed. Of all other documents and
of the manual page each command must be one that the program understands. Prints a line for each check.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST, LAST = "## Install it on three hosts", "## Tune it in five minutes"
USAGE, NOT_FOUND = 64, 127  # exit statuses: of arguments that are not understood, and of a command that is not there
ENDLESS = r"watch|--follow|journalctl"
failures = []
# What differs from run to run, and what stands for it.
DIFFERS = (
    (r"\d{4}-\d\d-\d\d ", ""), (r"\d\d:\d\d:\d\d(\.\d+)?", "TIME"), (r"[\d.]+ (ns|µs|ms|s|min|h|d)\b", "SPAN"),
    (r"\d+(\.\d+)?", "N"), (r"\b(suspicion|observer|ping|peer)s\b", r"\1"))


def check(text, good, detail=""):
    if not good:
        failures.append(text)
    print(f"{'ok' if good else 'not ok'} - {text}" + (f"\n{detail}" if detail and not good else ""), flush=True)


class Hosts:
    """The booted hosts, reached by boot.sh."""

    def __init__(self, options):
        self.options = options

    def boot(self, *words, must=False, **how):
        return subprocess.run([self.options.exec, *words], text=True, stdin=subprocess.DEVNULL, check=must, **how)

    def run(self, host, command, seconds=60):
        """Types a command as root, and ends it after a time; returns its exit status and what it printed."""
        if re.search(ENDLESS, command):
            seconds = 3
        done = self.boot(
            "exec", f"{host}-{self.options.suffix}", "timeout", str(seconds), "bash", "-c", f"cd /root; {command}",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def write(self, host, path, text):
        file = pathlib.Path(self.options.scratch) / "written"
        file.write_text(text)
        mode = "0755" if text.startswith("#!") else "0644"
        self.boot("put", f"{host}-{self.options.suffix}", str(file), path, mode, must=True)

    def wait(self, what, command, host="db1", seconds=30):
        end = time.monotonic() + seconds
        while self.run(host, command)[0] != 0:
            if time.monotonic() > end:
                return check(f"{what}, within {seconds} s", False)
            time.sleep(0.2)
        return check(what, True)


class Block:
    """A fenced block of a document."""

    def __init__(self, kind, lines, section, path):
        self.kind, self.lines, self.section, self.path = kind, lines, section, path

    def commands(self):
        """Host, command and the lines that are to follow, for each command of a console block."""
        found = []
        for line in self.lines:
            typed = re.match(r"(?:(db\d)# |[$#] )(.+)", line)
            if typed:
                found.append((typed[1] or "db1", re.sub(r"\s+# .*", "", typed[2]), []))
            elif found and line.strip():
                found[-1][2].append(line)
        return found


def blocks(path):
    """The fenced blocks of a document, in order."""
    section, kind, lines, place = "", None, [], ""
    for line in path.read_text().splitlines():
        fence = re.match(r"\s*```(\w*)", line)
        if fence and kind is None:
            kind, lines = fence[1], []
        elif fence:
            yield Block(kind, lines, section, place)
            kind = None
        elif kind is not None:
            lines.append(line)
        elif line.startswith("## "):
            section = line
        elif written := re.search(r"Write it to `(/[^`]+)`", line):
            place = written[1]


def shape(text):
    """The lines of a text without what differs from run to run; the same line again and again is one."""
    for pattern, instead in DIFFERS:
        text = re.sub(pattern, instead, text)
    lines = []
    for line in (" ".join(line.split()) for line in text.splitlines()):
        if line and line != (lines[-1] if lines else None):
            lines.append(line)
    return lines


def missing(expected, printed):
    """The first line that was to come and did not, in order; `None` if all came."""
    rest = iter(shape(printed))
    for line in shape("\n".join(line for line in expected if line.strip() != "…")):
        if not any(line == other for other in rest):
            return line
    return None


def prepare(hosts, command):
    """Brings about what the text around a command says has happened."""
    if command.startswith("suspectctl why db3"):
        hosts.run("db3", "ip link set uplink down")
        hosts.wait("db3 has lost its link and is suspected", "suspectctl peer db3 | grep -q 'quorum of independent'")
    elif command.startswith("suspectctl audit"):
        hosts.run("db3", "ip link set uplink up")
        hosts.wait("its link is back and it is trusted", "suspectctl is-trusted db3")
        hosts.wait("its own clock has proved the suspicion false", "suspectctl audit | grep -q proved")


def pipe(hosts, host, command):
    """Types a command that hands what it prints to another host, over what the hosts here have instead of ssh."""
    left, other, right = re.fullmatch(r"(.+) \| ssh (db\d) (.+)", command).groups()
    status, text = hosts.run(host, f"set -o pipefail; {left} | base64 -w 0")
    return hosts.run(other, f"echo {text} | base64 -d | {right}") if status == 0 else (status, text)


def follow(hosts):
    """Types what README prints, from the installation on."""
    section = False
    for block in blocks(ROOT / "README.md"):
        section = (section or block.section == FIRST) and block.section != LAST
        if not section:
            continue
        if block.kind == "console":
            for host, command, expected in block.commands():
                type_in(hosts, host, command, expected)
        elif block.kind == "toml":
            hosts.write("db1", block.path, "\n".join(block.lines) + "\n")
        elif place := next((line[2:] for line in block.lines[:2] if line.startswith("# /")), None):
            hosts.write("db1", place, "\n".join(block.lines) + "\n")
    hosts.run("db1", "systemctl daemon-reload")
    check("the unit that acts on suspicions starts", hosts.run("db1", "systemctl start on-suspicion")[0] == 0)
    hosts.run("db3", "ip link set uplink down")
    hosts.wait("and acts on one", "journalctl -o cat | grep -q 'db3, crash: the suspicion of db3 is confirmed'")
    hosts.run("db3", "ip link set uplink up")
    hosts.wait("and on its end", "journalctl -o cat | grep -q 'db3 is trusted again'")


def type_in(hosts, host, command, expected):
    if command.startswith("apt-get") and not hosts.options.package:
        return
    if expected:
        prepare(hosts, command)
    status, printed = pipe(hosts, host, command) if "| ssh " in command else hosts.run(host, command)
    lacks = missing(expected, printed)
    good = status not in (USAGE, NOT_FOUND) and lacks is None and (status == 0 or not expected or "why" in command)
    good = good and (status == 0 or not re.search(r"\| ssh |systemctl restart", command))
    check(f"README: {command}", good, f"status {status}; does not come: {lacks}\n{printed}")


def follow_manual(hosts, host="db2"):
    """Types what suspectd(8) prints about the unit, in its order: the drop-ins, the sockets, the metrics, the journal."""
    section = ""
    for line in (ROOT / "docs" / "man" / "suspectd.8.scd").read_text().splitlines():
        if line.startswith("# "):
            section = line[2:]
        typed = re.fullmatch(r"\t\*([a-z].*[^\\])\*", line)
        if not typed or section not in ("THE JOURNAL", "UNDER systemd", "SOCKET ACTIVATION"):
            continue
        command = typed[1].replace("\\", "")
        status, printed = hosts.run(host, command)
        check(f"suspectd(8), {section}: {command}", status == 0, f"status {status}\n{printed}")
    hosts.wait(f"{host} watches on with all of that", "suspectctl wait db1 --timeout 1s", host)


def understand(hosts):
    """Runs every other command of the documents, to see whether there is such a one."""
    commands = {}
    for path in sorted((ROOT / "docs").glob("*.md")):
        for block in blocks(path):
            for _, command, _ in block.commands() if block.kind == "console" else ():
                commands.setdefault(command, path.name)
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for command in re.findall(r"`(suspectctl [^`]+)`", path.read_text()):
            commands.setdefault(" ".join(command.split()), path.name)
    for path in sorted((ROOT / "docs" / "man").glob("*.scd")):
        for line in re.findall(r"^\t\*(.*suspectctl .*)\*$", path.read_text(), re.MULTILINE):
            for command in re.findall(r"suspectctl [^|&;>*]+", line.replace("\\", "")):
                commands.setdefault(command.strip(), path.name)
    for command, document in commands.items():
        # What stands for a name or a file cannot be run, nor what ends the host or needs files of other hosts.
        if re.search(r"\b[A-Z]{2,}\b|…|\.\.\.|\.txt|\.csv|\.gz|systemctl (?!reload)|apt|reboot|--socket", command):
            continue
        status, printed = hosts.run("db1", command, 3)
        # What only names a command leaves out what it is about.
        understood = status not in (USAGE, NOT_FOUND) or "Missing expected argument" in printed
        check(f"{document}: {command}", understood, f"status {status}\n{printed}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--exec", "--suffix", "--scratch"):
        parser.add_argument(option, required=True)
    parser.add_argument("--package", default="")
    options = parser.parse_args()
    hosts = Hosts(options)
    follow(hosts)
    if options.package:
        follow_manual(hosts)
    understand(hosts)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
