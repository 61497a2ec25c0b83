#!/usr/bin/env python3
"""Says once a second that the service "postgres" of suspectd makes progress.

The call counts because the program runs in the cgroup of the service's unit. It is one message of Varlink, which is JSON
that ends with a zero byte, over the status socket.
"""

import json
import socket
import time

SOCKET = "/run/suspectd/io.suspectd.Monitor"


def alive(service: str, within: float | None = None, path: str = SOCKET) -> None:
    """Says that a service makes progress, and within how many seconds it will again (default: hung_after)."""
    parameters: dict[str, str | int] = {"service": service}
    if within is not None:
        parameters["withinUSec"] = int(within * 1e6)
    call = {"method": "io.suspectd.Monitor.Alive", "parameters": parameters}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(path)
        connection.sendall(json.dumps(call).encode() + b"\0")
        # Wait for the reply: until then the daemon finds this process in the cgroup.
        reply = b""
        while not reply.endswith(b"\0"):
            chunk = connection.recv(4096)
            if not chunk:
                raise ConnectionError("the daemon has closed the connection")
            reply += chunk
    answer = json.loads(reply[:-1])
    if "error" in answer:
        raise RuntimeError(f"{answer['error']}: {answer.get('parameters')}")


if __name__ == "__main__":
    while True:
        # The work of the program stands here.
        try:
            alive("postgres")
        except OSError as error:
            print(f"suspectd does not answer: {error}")
        time.sleep(1)
