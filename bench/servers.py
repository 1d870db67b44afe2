"""Servers on 127.0.0.1, started for one measurement and stopped with it, and the CPU time they took."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
TICK = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60
LOG_CHARS = 4_000  # of a server that did not start
STOP_SECONDS = 20

NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
worker_processes {workers};
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    default_type text/html;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen {host}:{port} reuseport; root {folder}/files; }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and the process that all its others descend from."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """CPU time so far of the server's processes, of those that ended too. In ticks of 10 ms."""
        return sum(_ticks(pid) for pid in family(self.pid)) / TICK


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@contextmanager
def site(tree: Path, environment: Mapping[str, str], *, port: int = 0) -> Iterator[Server]:
    """The site as production runs it, from a checkout, with settings of its own and no .env."""
    port = port or free_port()
    address = {"PULSE_HOST": HOST, "PULSE_PORT": str(port), "PULSE_BASE_URL": f"http://{HOST}:{port}"}
    settings = {**address, **environment}
    with _running(["deploy/serve"], cwd=tree, environment=settings, port=port, path="/healthz") as server:
        yield server


@dataclass(frozen=True)
class FileServer(Server):
    """An nginx, and the folder whose files it serves."""

    files: Path


@contextmanager
def nginx(*, workers: int) -> Iterator[FileServer | None]:
    """An nginx for files; None where there is no nginx on this machine."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)  # started by root, its workers run as somebody else
        (folder / "files").mkdir()
        (folder / "files" / "ready").write_text("yes")
        configuration = folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=folder, workers=workers, host=HOST, port=port))
        command = [program, "-p", str(folder), "-c", str(configuration)]
        with _running(command, cwd=folder, environment={}, port=port, path="/ready") as server:
            yield FileServer(server.port, server.pid, folder / "files")


@contextmanager
def _running(
    command: list[str], *, cwd: Path, environment: Mapping[str, str], port: int, path: str
) -> Iterator[Server]:
    """Start a program in a session of its own, wait until it answers, and stop it whatever happens."""
    with tempfile.TemporaryFile() as log:
        started = subprocess.Popen(
            command,
            cwd=cwd,
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours to pass on
        )
        try:
            if not _answers(started, port, path):
                log.seek(0)
                said = log.read().decode(errors="replace")[-LOG_CHARS:]
                raise SystemExit(f"{command[0]} did not start. It said:\n{said}")
            yield Server(port=port, pid=started.pid)
        finally:
            _stop(started)


def _answers(started: subprocess.Popen[bytes], port: int, path: str) -> bool:
    """Wait for a first answer. Whether it was a good one."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and started.poll() is None:
        try:
            return get(port, path).status == 200
        except OSError:
            time.sleep(0.1)
    return False


def _stop(started: subprocess.Popen[bytes]) -> None:
    """Ask it to end; what has not ended in time, and anything left of its session, is ended."""
    started.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            started.wait(STOP_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> Reply:
    """One request, on a connection of its own. Raises OSError if nobody listens."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        reply = connection.getresponse()
        return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    family = [pid]
    for member in family:  # grows while it is read
        family += children.get(member, [])
    return family


def _ticks(pid: int) -> int:
    """utime, stime, and the same of children that ended and were waited for."""
    return sum(int(number) for number in _stat(pid)[11:15])


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, … [] if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
