"""Django's SMTP backend, which also knows whether the mail server may have a message already.

A mail server has taken a message when it answers the message's last line. If the connection breaks before
that line was sent, it has not; if it breaks after, nobody can tell.
"""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Noting:
    """Notes that the whole of a message was sent; commands are text, the message is bytes."""

    is_handed_over = False

    def sendmail(self, *args: Any, **options: Any) -> Any:
        self.is_handed_over = False
        return super().sendmail(*args, **options)  # type: ignore[misc]

    def send(self, data: Any) -> None:
        super().send(data)  # type: ignore[misc]
        if isinstance(data, bytes):
            self.is_handed_over = True


class _Connection(_Noting, smtplib.SMTP):
    pass


class _SecureConnection(_Noting, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Sends over SMTP; `is_handed_over` is about the last message."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecureConnection if self.use_ssl else _Connection

    @property
    def is_handed_over(self) -> bool:
        return getattr(self.connection, "is_handed_over", False)
