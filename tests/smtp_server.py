"""The `smtp_server` fixture: a mail server of the test's own that may refuse, dawdle, hang up or be away."""

import email
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest

from pulse import outbox
from pulse.models import OutgoingMail

GREETING, END = "GREETING", "END"  # END: the answer to a message's last line


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        site: SmtpServer = self.server.owner  # type: ignore[attr-defined]
        if not self._answer(GREETING, "220 ready"):
            return
        for line in self.rfile:
            command = line.decode().strip()
            verb = command.partition(" ")[0].upper()
            if verb == "DATA":
                if not self._answer(verb, "354 go on"):
                    return
                if site.answers.get(verb, "354").startswith("354") and not self._take_message():
                    return
            elif not self._answer(verb, "221 bye" if verb == "QUIT" else "250 ok") or verb == "QUIT":
                return

    def _take_message(self) -> bool:
        site: SmtpServer = self.server.owner  # type: ignore[attr-defined]
        lines = list(iter(self.rfile.readline, b".\r\n"))
        site.begun.set()
        is_taken = site.answers.get(END, "250").startswith("250")
        if is_taken:  # noted before it is said: that is where a connection may break
            site.messages.append(email.message_from_bytes(b"".join(lines)))
        return self._answer(END, "250 taken")

    def _answer(self, verb: str, usual: str) -> bool:
        """Answer as the test wants it; False if it wants the connection to break instead."""
        site: SmtpServer = self.server.owner  # type: ignore[attr-defined]
        if wait := site.waits.get(verb):
            time.sleep(wait)
        answer = site.answers.get(verb, usual)
        if answer == "":
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        try:
            self.wfile.write(f"{answer}\r\n".encode())
        except OSError:  # the other side did not wait
            return False
        return not answer.startswith("421")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class SmtpServer:
    """A mail server on this machine. `answers` replaces the answer to a command; "" hangs up instead."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.waits: dict[str, float] = {}  # seconds before the answer to a command
        self.messages: list[Message] = []
        self.begun = threading.Event()  # a message has been sent to its last line
        self.port = 0
        self._server: Any = None

    def start(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.owner = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}).start()

    def stop(self) -> None:
        """Nobody listens there any more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def addresses(self) -> list[str]:
        return [str(message["To"]) for message in self.messages]


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[SmtpServer]:
    """A running mail server, to which the outbox sends."""
    server = SmtpServer()
    server.start()
    settings.EMAIL_BACKEND = "pulse.outbox.Backend"
    settings.MAIL_TRANSPORT = "pulse.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.stop()


def send(key: str = "one", **options: Any) -> None:
    """Put a mail into the outbox."""
    fields = {"kind": "note", "to": "ana@example.org", "subject": "A subject", "text": "A text."}
    outbox.send(key=key, **{**fields, **options})


def row(key: str = "one") -> OutgoingMail:
    return OutgoingMail.objects.get(key=key)
