"""Kills a service's process again and again, and says how long after each kill another host knew.

    service_events.py kill UNIT COUNT             in the host of the service: prints an instant for each kill
    service_events.py watch HOST SERVICE COUNT    in another host: prints each event, and when it was read
    service_events.py compare KILLED SEEN         prints the medians and the worst; fails where a kill was not seen
    service_events.py poll ADDRESS                asks a PostgreSQL every ten seconds, and prints each answer that is new
    service_events.py beside ACTS TOLD POLLED     prints for each act when it was told, and when the poll found it

Instants are nanoseconds of the wall clock, which the hosts of one machine share.
"""
import json
import os
import signal
import statistics
import subprocess
import sys
import time


def main_pid(unit):
    command = ["systemctl", "show", unit, "-p", "MainPID", "-p", "ActiveState"]
    shown = subprocess.run(command, check=False, capture_output=True, text=True)
    facts = dict(line.split("=", 1) for line in shown.stdout.splitlines())
    return int(facts.get("MainPID", 0)) if facts.get("ActiveState") == "active" else 0


def await_pid(unit, other):
    for _ in range(2000):
        pid = main_pid(unit)
        if pid not in (0, other):
            return pid
        time.sleep(0.005)
    sys.exit(f"{unit} did not come back")


def kill(unit, count):
    pid = 0
    for _ in range(count):
        pid = await_pid(unit, pid)
        # A service that changes faster than once a second for long is reported later, on purpose.
        time.sleep(3.2)
        print(time.time_ns(), flush=True)
        os.kill(pid, signal.SIGKILL)


def watch(host, service, count):
    """Ends with the last restart, or when nothing has come for half a minute."""
    stream = subprocess.Popen(["suspectctl", "--json", "watch"], stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGALRM, lambda *_: stream.kill())
    restarts = 0
    for line in stream.stdout:
        read = time.time_ns()
        event = json.loads(line)
        if event.get("event") != "service" or (event.get("peer"), event.get("service")) != (host, service):
            continue
        signal.alarm(30)
        seen = {"read": read, "written": event["timeUSec"] * 1000, "state": event["state"], "cause": event.get("cause")}
        print(json.dumps(seen), flush=True)
        restarts += event["state"] == "up" and restarts < count and 1
        if restarts == count:
            break
    stream.kill()


def poll(address):
    """As a health check does: every ten seconds, with three seconds for the answer."""
    before = None
    while True:
        answer = subprocess.run(["pg_isready", "-h", address, "-t", "3"], check=False, capture_output=True)
        found = "good" if answer.returncode == 0 else "bad"
        if found != before:
            print(time.time_ns(), found, flush=True)
        before = found
        time.sleep(10)


def beside(acts, told, polled):
    with open(told, encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    with open(polled, encoding="utf-8") as lines:
        polls = [(int(instant), found) for instant, found in map(str.split, lines)]
    with open(acts, encoding="utf-8") as lines:
        pairs = [line.split(maxsplit=1) for line in lines]
    print("act                first told   cause told   found by a poll")
    for instant, words in ((int(instant), words.split()) for instant, words in pairs):
        later = [event for event in events if event["read"] >= instant]
        first = next((event["read"] for event in later), None)
        known = next((e["read"] for e in later if all(w in (e["state"], e["cause"]) for w in words)), None)
        wanted = "good" if words == ["up"] else "bad"
        found = next((at for at, answer in polls if at >= instant and answer == wanted), None)
        shown = [f"{(at - instant) / 1e6:.0f} ms" if at else "never" for at in (first, known, found)]
        print(f"{' '.join(words):18} {shown[0]:>10} {shown[1]:>12} {shown[2]:>17}")


def milliseconds(values):
    ordered = sorted(values)
    last = ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]
    return f"p50 {statistics.median(ordered) / 1e6:.2f} ms, p99 {last / 1e6:.2f} ms, most {ordered[-1] / 1e6:.2f} ms"


def compare(killed, seen):
    with open(killed, encoding="utf-8") as lines:
        kills = [int(line) for line in lines]
    with open(seen, encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines]
    down, told, cause = [], [], []
    for place, instant in enumerate(kills):
        end = kills[place + 1] if place + 1 < len(kills) else instant + 10**10
        mine = [event for event in events if instant <= event["read"] < end]
        first = next((e for e in mine if e["state"] in ("down", "restarting", "failed")), None)
        known = next((e for e in mine if e.get("cause") == "signal"), None)
        if first:
            down.append(first["written"] - instant)
            told.append(first["read"] - instant)
        if known:
            cause.append(known["read"] - instant)
    print(f"{len(kills)} kills, {len(down)} seen, {len(cause)} with the cause")
    if down:
        print(f"kill → written by the other daemon: {milliseconds(down)}")
        print(f"kill → read by its subscriber:      {milliseconds(told)}")
    if cause:
        print(f"kill → cause known there:           {milliseconds(cause)}")
    sys.exit(not (kills and len(down) == len(kills) == len(cause)))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "kill":
        kill(arguments[0], int(arguments[1]))
    elif command == "watch":
        watch(arguments[0], arguments[1], int(arguments[2]))
    elif command == "poll":
        poll(*arguments)
    elif command == "beside":
        beside(*arguments)
    else:
        compare(*arguments)
