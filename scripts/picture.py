#!/usr/bin/env python3
"""Draws docs/watch.svg: what `suspectctl watch` shows on the first of four real hosts while one has died and a link is cut.

Four daemons run in namespaces of their own. The picture is the last screen that the program drew before the script ended it.
"""

import fcntl
import html
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "bench"))

import lab as laboratory
from daemons import Node, wait_trusted, wait_until

COLUMNS, ROWS = 132, 16
CELL, LINE, MARGIN = 7.25, 17, 14
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "2": "#8b949e"}


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--output", default=os.path.join(ROOT, "docs", "watch.svg"))
    options = parser.parse_args()
    output = os.path.abspath(options.output)
    lab = laboratory.open_lab(options)
    nodes = []
    for number in range(1, 5):
        subprocess.run(["ip", "address", "add", f"10.9.0.{number}/32", "dev", "lo"], check=True)
        nodes.append(Node(lab, f"db{number}", f"10.9.0.{number}:7946"))
    for node in nodes:
        node.configure(nodes, {"profile": "lan"})
        node.start()
    wait_trusted(nodes)
    time.sleep(5)
    screen = Screen([os.path.join(os.path.dirname(lab.program), "suspectctl"), "--socket", nodes[0].socket, "watch"])
    screen.run(2)
    nodes[2].kill()
    screen.run(1.5)
    lab.filter(None, "ip saddr 10.9.0.4 ip daddr 10.9.0.1 drop")
    wait_until(lambda: screen.run(0.1) or nodes[0].states()["db4"] == "suspected", 10, "db4 to be suspected")
    screen.run(1.2)
    with open(output, "w") as file:
        file.write(draw(screen.end()))
    print(f"wrote {output}")


class Screen:
    """A program on a terminal of its own."""

    def __init__(self, command):
        self.written = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            environment = {"TERM": "xterm", "TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
            os.execve(command[0], command, environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def run(self, seconds):
        """Lets the program draw for so long."""
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], rest)[0]:
                self.written += os.read(self.terminal, 1 << 16)

    def end(self):
        """The lines of the last whole screen."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        last = re.findall(r"\x1b\[H(.*?)\x1b\[J", self.written.decode(), re.DOTALL)[-1]
        return last.replace("\x1b[K", "").split("\r\n")


def draw(lines):
    width, height = COLUMNS * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    texts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        'font-family="monospace, DejaVu Sans Mono" font-size="12" fill="#e6edf3">',
        "<title>suspectctl watch: db3 has crashed, and only this host does not hear db4</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="8" fill="#0d1117"/>',
    ]
    for number, line in enumerate(lines):
        texts += draw_line(line, MARGIN + number * LINE + 12)
    return "\n".join([*texts, "</svg>", ""])


def draw_line(line, y):
    """A text for each run of one colour and between wide gaps, put where the terminal has it."""
    column, ink = 0, ""
    for code, text in re.findall(r"\x1b\[(\d+)m|([^\x1b]+)", line):
        if code:
            ink = "" if code == "0" else code
            continue
        for run in re.finditer(r"\S+(?: \S+)*", text):
            x, length = MARGIN + (column + run.start()) * CELL, len(run[0]) * CELL
            style = ' font-weight="bold"' if ink == "1" else f' fill="{COLOURS[ink]}"' if ink else ""
            yield f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}"{style}>{html.escape(run[0])}</text>'
        column += len(text)


if __name__ == "__main__":
    sys.exit(main())
