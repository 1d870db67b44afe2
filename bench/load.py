"""Drives one address of a server on this machine for a moment, and counts what it answered.

wrk does it where there is one. Else our own client does, which is slower than a warm page cache: then
requests a second say little and CPU time a request still says all.
"""

import re
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass

from bench.servers import HOST

CONNECTIONS = 16  # enough that two workers get about as many each
MAX_REQUESTS = 400_000  # in one drive, however fast the server is
HEADERS = {"Accept-Encoding": "gzip, deflate, br", "User-Agent": "pulse-bench"}
# wrk's own limit is in seconds only. Counting where a request is made costs it next to nothing.
LIMIT = """\
local made, request_text = 0
init = function() request_text = wrk.format() end
request = function()
  made = made + 1
  if made > {limit} then wrk.thread:stop() end
  return request_text
end
"""


@dataclass(frozen=True)
class Drive:
    requests: int
    seconds: float
    failed: int  # answers other than 2xx, and connections that broke

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def client() -> str:
    return "wrk" if shutil.which("wrk") else "our own client (no wrk here: it limits warm requests/s)"


def drive(port: int, path: str, *, seconds: float) -> Drive:
    """Ask for one address over and over, on connections that are kept open."""
    if shutil.which("wrk"):
        return _wrk(port, path, seconds=seconds)
    return _own(port, path, seconds=seconds)


def _wrk(port: int, path: str, *, seconds: float) -> Drive:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LIMIT.format(limit=MAX_REQUESTS))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
        command += ["-s", script.name, f"http://{HOST}:{port}{path}"]
        command += [part for name, value in HEADERS.items() for part in ("-H", f"{name}: {value}")]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    return read_wrk(said)


def read_wrk(said: str) -> Drive:
    """What wrk prints, as numbers."""
    counted = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)", said)
    if counted is None:
        raise ValueError(f"wrk said something else than expected:\n{said}")
    unit = {"ms": 0.001, "s": 1.0, "m": 60.0}[counted[3]]
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    failed = sum(map(int, errors.groups())) if errors else 0
    return Drive(
        requests=int(counted[1]),
        seconds=float(counted[2]) * unit,
        failed=failed + (int(refused[1]) if refused else 0),
    )


def request_bytes(path: str, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {HOST}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class _Connection:
    """One kept connection, and what has come of the present answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port))
        self.received = bytearray()

    def answer(self) -> bool | None:
        """None while the answer is on its way, then whether it was a good one."""
        self.received += self.socket.recv(1 << 18)
        head, end, body = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        if not end or (length and len(body) < int(length[1])):
            return None
        is_good = head.split(b" ", 2)[1].startswith(b"2")
        self.received.clear()
        return is_good


def _own(port: int, path: str, *, seconds: float) -> Drive:
    """The same over plain sockets: answers need a Content-Length."""
    asked = request_bytes(path, HEADERS)
    connections = [_Connection(port) for _ in range(CONNECTIONS)]
    requests = failed = 0
    with selectors.DefaultSelector() as waiting:
        for connection in connections:
            waiting.register(connection.socket, selectors.EVENT_READ, connection)
            connection.socket.sendall(asked)
        start = time.monotonic()
        while requests < MAX_REQUESTS and time.monotonic() < start + seconds:
            for key, _ in waiting.select(timeout=1):
                is_good = key.data.answer()
                if is_good is not None:
                    requests += 1
                    failed += not is_good
                    key.data.socket.sendall(asked)
    took = time.monotonic() - start
    for connection in connections:
        connection.socket.close()
    return Drive(requests=requests, seconds=took, failed=failed)
