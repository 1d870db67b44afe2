"""Real machines to test with: granian with worker processes of its own, on the test's database."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests import ROOT

CONNECTIONS = 8  # that none of two workers gets any of them happens once in a hundred times


class Machine:
    """A running server. `connections` stay open, each with one of its workers: enough to reach them all."""

    def __init__(self, port: int) -> None:
        self.connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(CONNECTIONS)
        ]

    def ask_all(self, path: str) -> "list[Seen]":
        """What each connection is answered, in their order."""
        return [self.ask(connection, path) for connection in self.connections]

    @staticmethod
    def ask(to_worker: http.client.HTTPConnection, path: str) -> "Seen":
        to_worker.request("GET", path, headers={"Host": "testserver"})
        response = to_worker.getresponse()
        response.read()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Seen(response.status, named.get("etag", ""), named.get("x-page-cache", ""))

    def close(self) -> None:
        for to_worker in self.connections:
            to_worker.close()


@dataclass(frozen=True)
class Seen:
    """What matters of an answer: two pages with one etag are the same, byte for byte."""

    status: int
    etag: str
    how: str

    @property
    def page(self) -> tuple[int, str]:
        return self.status, self.etag


@contextmanager
def machine(data: Path, *, workers: int) -> Iterator[Machine]:
    """A server with a data directory of its own: the processes of one directory share their changes."""
    port = _free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pulse.settings",
        "DATABASE_URL": database(),
        "PULSE_DATA_DIR": str(data),
        "PULSE_DEBUG": "true",  # style sheets without having been collected
        "PULSE_PAGE_CACHE": "true",
        "PULSE_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "granian", "pulse.wsgi:application", "--interface", "wsgi", "--no-ws"]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", "4"]
    process = subprocess.Popen(
        [*command, "--workers-kill-timeout", "2", "--log-level", "error"], cwd=ROOT, env=environment
    )
    try:
        _wait_for(port, process)
        server = Machine(port)
        yield server
        server.close()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def database() -> str:
    """The address of the database that the test writes to."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    login = f"{given['USER']}:{given['PASSWORD']}@" if given["USER"] else ""
    host = quote(given["HOST"], safe="")
    return f"postgres://{login}{host}:{given['PORT']}/{given['NAME']}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server did not start.")


def shared_directory() -> Path:
    """The data directory of the test's own process: what it changes, a machine there knows at once."""
    return Path(settings.DATA_DIR)
