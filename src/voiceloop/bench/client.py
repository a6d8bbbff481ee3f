"""A web client in a process of its own: many kept-alive connections, one thread, little of the processor.

It reads a job as JSON on standard input and writes what came of it as JSON on standard output.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

CHUNK = 65_536
NO_ANSWER = 0  # the status of a request whose connection broke


@dataclass
class Outcome:
    """The status and the milliseconds of every request sent, in the order of their sending."""

    sent: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0


def load(
    port: int, requests: list[tuple[str, str, str]], *, connections: int = 32, seconds: float = 60.0
) -> Outcome:
    """Send method, path and form of each request from a second process, and wait for what comes of it."""
    job = {"port": port, "requests": requests, "connections": connections, "seconds": seconds}
    command = [sys.executable, "-m", "voiceloop.bench.client"]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True)
    return Outcome(**json.loads(done.stdout))


class _Connection:
    """One request at a time over one socket."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._open()
        self.number, self.started, self.received = -1, 0.0, bytearray()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def send(self, number: int, request: bytes) -> None:
        self.number, self.started = number, time.perf_counter()
        self.received.clear()
        self.socket.sendall(request)

    def take(self) -> int | None:
        """The status once the whole answer is here."""
        chunk = self.socket.recv(CHUNK)
        self.received += chunk
        if not chunk:
            return NO_ANSWER
        return _status(self.received)


def _status(received: bytearray) -> int | None:
    head, found, body = bytes(received).partition(b"\r\n\r\n")
    if not found:
        return None
    lines = head.lower().split(b"\r\n")
    lengths = [line.split(b":", 1)[1] for line in lines if line.startswith(b"content-length:")]
    is_whole = len(body) >= int(lengths[0]) if lengths else body.endswith(b"0\r\n\r\n")
    return int(head.split(b" ", 2)[1]) if is_whole else None


def bytes_of(method: str, path: str, form: str) -> bytes:
    body = form.encode()
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: voiceloop-bench",
        "Accept: application/json" if method == "POST" else "Accept: text/html",
        "Accept-Language: zh-CN",
    ]
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def run(port: int, requests: list[list[str]], connections: int, seconds: float) -> Outcome:
    outcome, ready = Outcome(), [bytes_of(*request) for request in requests]
    waiting = iter(range(len(ready)))
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for _ in range(min(connections, len(ready))):
            _next(_Connection(port), waiting, ready, selector)
        while selector.get_map():
            for key, _ in selector.select(timeout=30):
                _answered(key.data, outcome, selector)
                if key.data.number < 0:
                    is_over = time.perf_counter() - began > seconds
                    _next(key.data, iter(()) if is_over else waiting, ready, selector)
    outcome.seconds = time.perf_counter() - began
    return outcome


def _next(connection: _Connection, waiting: Any, ready: list[bytes], selector: Any) -> None:
    number = next(waiting, None)
    if number is None:
        connection.socket.close()
        return
    connection.send(number, ready[number])
    selector.register(connection.socket, selectors.EVENT_READ, connection)


def _answered(connection: _Connection, outcome: Outcome, selector: Any) -> None:
    try:
        status = connection.take()
    except OSError:
        status = NO_ANSWER
    if status is None:
        return
    outcome.sent.append(connection.number)
    outcome.statuses.append(status)
    outcome.milliseconds.append((time.perf_counter() - connection.started) * 1000)
    selector.unregister(connection.socket)
    connection.number = -1
    if status == NO_ANSWER:
        connection.socket.close()
        connection.socket = connection._open()


if __name__ == "__main__":
    json.dump(asdict(run(**json.load(sys.stdin))), sys.stdout)
