#!/usr/bin/env python3
"""Whether clients of the status socket can slow the detector: 100 subscribers, 20 of whom never read, 1,000 calls a second.

The lag of the detector's loop is measured from outside: its heartbeats leave on a fixed grid, each with the instant at which
the loop woke, and its peers record them. Those who do not read ask for verdicts by a threshold that every heartbeat nearly
misses, so that there is much they do not read.

With --peers N the target watches that many, played by native/peers.c, and a user without privileges asks for one thing without
end, over --connections: how late the loop is then, how late a killed peer is found, and what a real observer says of the target.
"""

import json
import multiprocessing
import os
import selectors
import socket
import sys
import time

import lab as laboratory
import scale
from daemons import Node, Subscription, Watch, wait_trusted
from figures import Report, percentile
from idle import processor_time, status

CALLS = [("GetStatus", {}), ("ListPeers", {}), ("GetPeer", {"id": "b"}), ("Why", {"id": "c"}), ("ListEvents", {"last": 20})]


def main():
    parser = laboratory.arguments(__doc__)
    parser.add_argument("--duration", type=int, default=30, help="without clients, and with, in s (default: %(default)s)")
    parser.add_argument("--subscribers", type=int, default=100, help="in all (default: %(default)s)")
    parser.add_argument("--deaf", type=int, default=20, help="of them those who do not read (default: %(default)s)")
    parser.add_argument("--rate", type=int, default=1000, help="calls a second (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=20, help="between heartbeats, in ms (default: %(default)s)")
    parser.add_argument("--peers", type=int, default=0, help="peers of the target that are played (default: none)")
    parser.add_argument("--call", default="GetCut", help="what is asked for then (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=4, help="over how many (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=5,
                        help="peers to kill then, without clients and with (default: %(default)s)")
    parser.set_defaults(mesh=False)
    options = parser.parse_args()
    lab = laboratory.open_lab(options)
    if options.peers:
        return flood(lab, options)
    report = Report(
        f"{options.subscribers} subscribers, {options.deaf} of them deaf, {options.rate} calls a second, "
        f"heartbeats every {options.interval} ms")
    nodes = [Node(lab, name, f"127.0.0.1:{7946 + number}") for number, name in enumerate("abc")]
    for node in nodes:
        node.configure(nodes, {"heartbeat_interval": f"{options.interval}ms"})
        node.start()
    wait_trusted(nodes)
    time.sleep(2)
    measure(nodes, options, report)
    return report.finish()


def flood(lab, options):
    """Calls without end by nobody, while peers of many are killed."""
    report = Report(
        f"{options.peers} peers, {options.connections} connections of nobody, {options.call} without end, "
        f"heartbeats every {options.interval} ms")
    hub, observer = scale.Hub(lab, options), Node(lab, "observer", "127.0.0.1:7948")
    others = [scale.Other(index) for index in range(options.peers)]
    settings = {"heartbeat_interval": f"{options.interval}ms"}
    hub.configure([hub, observer, *others], settings, node={"causal_log_states_only": True})
    observer.configure([hub, observer], settings)
    for folder in (hub.folder, os.path.dirname(hub.folder)):
        os.chmod(folder, 0o755)
    hub.start()
    observer.start()
    peers = scale.Peers(lab, options)
    scale.wait_until(lambda: hub.trusted() == options.peers + 1, 60, lambda: f"{hub.trusted()} to be trusted")
    watch = Watch()
    watch.add(hub)
    watch.add(observer)
    lag = Lag(hub, [observer], options.interval)
    quiet = lag.collect(watch, options.duration)
    found = find(peers, watch, options, 0)
    callers = [multiprocessing.Process(target=call_for_ever, args=(hub.socket, options.call)) for _ in range(options.connections)]
    for caller in callers:
        caller.start()
    busy = lag.collect(watch, options.duration)
    found_busy = find(peers, watch, options, options.kills)
    for caller in callers:
        caller.terminate()
        caller.join()
    phase = min(quiet)
    report.distribution("loop lag without clients", [sample - phase for sample in quiet])
    report.distribution("loop lag with them", [sample - phase for sample in busy])
    report.distribution("from the kill to the suspicion, without", found)
    report.distribution("from the kill to the suspicion, with", found_busy)
    report.count("kills found with them", len(found_busy), f"of {options.kills}", at_least=options.kills)
    report.count("suspicions of the target by its observer", len(watch.of("suspect", peer=hub.name)), at_most=0)
    report.count("worst lag of its loop", hub.call("GetStatus")["status"]["health"]["loopLagMaximumUSec"] / 1000, "ms")
    report.note("its own memory afterwards", status(hub.pid)["RssAnon"])
    return report.finish()


def find(peers, watch, options, first):
    """Kills peers one after the other, and tells how long each was trusted, in ms."""
    found = []
    for index in range(first, first + options.kills):
        victim, since = (index * 397 + 11) % options.peers, len(watch.events)
        began = peers.kill(victim)
        watch.run(20, until=lambda: watch.of("suspect", peer=f"p{victim:04}", since=since))
        found += [(event.told - began) / 1e6 for event in watch.of("suspect", peer=f"p{victim:04}", since=since)[:1]]
    return found


def call_for_ever(path, method):
    """Asks for one thing, and again as soon as it is answered, as a user without privileges."""
    if os.geteuid() == 0:
        os.setuid(65534)
    text = json.dumps({"method": f"io.suspectd.Monitor.{method}"}).encode() + b"\0"
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(path)
        while True:
            stream.sendall(text)
            while not stream.recv(1 << 20).endswith(b"\0"):
                pass


def measure(nodes, options, report):
    target, observers = nodes[0], nodes[1:]
    watch = Watch()
    for node in nodes:
        watch.add(node)
    lag = Lag(target, observers, options.interval)
    quiet = lag.collect(watch, options.duration)
    clients = Clients(target, options)
    used, began, reloads = processor_time(target.pid), time.monotonic(), 0
    busy = []
    while time.monotonic() - began < options.duration:
        busy += lag.collect(watch, 1, clients)
        reload(target)
        reloads += 1
    took = time.monotonic() - began
    used = processor_time(target.pid) - used
    waits, seconds = clients.finish()
    busy += lag.collect(watch, 0.5, clients)
    phase = min(quiet)
    quiet, busy = [[sample - phase for sample in samples] for samples in (quiet, busy)]
    report.distribution("loop lag without clients", quiet)
    report.distribution("loop lag with them", busy, p99=round(percentile(quiet, 0.99) + 1, 2))
    report.count("calls answered", len(waits) / seconds, "a second", at_least=options.rate * 0.99)
    report.distribution("from call to answer", waits)
    report.count("reloads that each reader was told", min(clients.heard), f"of {reloads}", at_least=reloads)
    report.count("deaf subscribers dropped", clients.dropped(), f"of {options.deaf}", at_least=options.deaf)
    blamed = watch.of("suspect", "isolated", "asymmetric")
    report.count("suspicions by anybody", len(blamed), at_most=0)
    report.count("processor time of the target", used / took * 100, "% of a core")
    report.note("its own memory afterwards", status(target.pid)["RssAnon"])
    for event in blamed:
        print(f"mistake: {event}")


def reload(node):
    """One change a second, which every subscriber is told of."""
    with Subscription(node, "Reload", more=False) as connection:
        connection.wait_for_reply()


class Lag:
    """How late after its plan the target's loop woke to send each heartbeat, in ms, but for a constant."""

    def __init__(self, target, observers, interval):
        self.interval = interval
        self.recorders = []
        for observer in observers:
            recorder = Subscription(observer, "Record", {"id": target.name})
            recorder.wait_for_reply()
            recorder.stream.setblocking(False)
            self.recorders.append(recorder)
        self.origin = None

    def collect(self, watch, seconds, clients=None):
        end, samples = time.monotonic() + seconds, []
        while time.monotonic() < end:
            watch.run(0.05)
            if clients:
                clients.read()
            for recorder in self.recorders:
                samples += self._read(recorder)
        return samples

    def _read(self, recorder):
        try:
            data = recorder.stream.recv(1 << 16)
        except BlockingIOError:
            return []
        *replies, recorder.buffer = (recorder.buffer + data).split(b"\0")
        stamps = [beat["sentNSec"] / 1e6 for reply in replies for beat in json.loads(reply)["parameters"]["heartbeats"]]
        if stamps and self.origin is None:
            self.origin = stamps[0]
        half = self.interval / 2
        return [(stamp - self.origin + half) % self.interval - half for stamp in stamps]


class Clients:
    """The subscribers, read here, and the callers, in a process of their own."""

    def __init__(self, target, options):
        deaf = {"detectionTimeUSec": options.interval * 1000}
        self.deaf = [Subscription(target, "Subscribe", deaf) for _ in range(options.deaf)]
        self.readers = [Subscription(target) for _ in range(options.subscribers - options.deaf)]
        self.heard = [0] * len(self.readers)
        self.selector = selectors.DefaultSelector()
        for number, reader in enumerate(self.readers):
            reader.wait_for_reply()
            reader.stream.setblocking(False)
            self.selector.register(reader.stream, selectors.EVENT_READ, number)
        self.results, results = multiprocessing.Pipe(duplex=False)
        self.caller = multiprocessing.Process(target=call, args=(target.socket, options, results))
        self.caller.start()

    def read(self):
        for key, _ in self.selector.select(0):
            replies = self.readers[key.data].read()
            if replies is None:
                self.selector.unregister(key.fileobj)
            else:
                self.heard[key.data] += sum('"config"' in json.dumps(reply) for reply in replies)

    def finish(self):
        calls = self.results.recv()
        self.caller.join()
        return calls

    def dropped(self):
        """How many of the deaf have lost their connection: what was sent before that can still be read."""
        count = 0
        for subscriber in self.deaf:
            subscriber.stream.setblocking(False)
            try:
                while subscriber.stream.recv(1 << 16):
                    pass
                count += 1
            except BlockingIOError:
                pass
            except ConnectionError:
                count += 1
        return count


def call(path, options, results):
    """Calls at an even pace over eight connections, and tells how long each answer took, in ms, and all of it, in s."""
    selector = selectors.DefaultSelector()
    lines = []
    for _ in range(8):
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(path)
        selector.register(stream, selectors.EVENT_READ, len(lines))
        lines.append((stream, []))
    texts = [
        json.dumps({"method": f"io.suspectd.Monitor.{method}", "parameters": parameters}).encode() + b"\0"
        for method, parameters in CALLS]
    began, sent, waits = time.monotonic(), 0, []
    while sent < options.duration * options.rate or any(asked for _, asked in lines):
        now = time.monotonic()
        while sent < min(options.duration, now - began) * options.rate:
            stream, asked = lines[sent % len(lines)]
            stream.sendall(texts[sent % len(texts)])
            asked.append(time.monotonic())
            sent += 1
        for key, _ in selector.select(0.001):
            stream, asked = lines[key.data]
            ended = stream.recv(1 << 16).count(b"\0")
            arrived = time.monotonic()
            waits += [(arrived - since) * 1000 for since in asked[:ended]]
            del asked[:ended]
        if now > began + options.duration + 5:
            break
    results.send((waits, time.monotonic() - began))


if __name__ == "__main__":
    sys.exit(main())
