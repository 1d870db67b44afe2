"""Sending what is in the outbox: claimed by an UPDATE before it is handed over, so nothing is sent twice.

What the mail server did not take is tried again, later and later. What it refuses for good has failed. What
it perhaps took, because the connection or the worker broke between handing over and its answer, is uncertain:
it is not sent again unless somebody says so.
"""

import datetime as dt
import logging
import smtplib
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from pulse import outbox
from pulse.models import OutgoingMail
from pulse.outbox import Letter, Status

logger = logging.getLogger(__name__)

# Nobody's holiday notice answers it.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
GONE_QUIET = "The worker ended while it was handed over."
TOO_LATE = "It could not be sent in time."


def deliver() -> bool:
    """The worker's job: send what is due, for PULSE_MAIL_TURN seconds at most. Whether there is more to send.

    Raises OSError if the mail server cannot be reached or lets nobody in: then no mail has been touched.
    """
    _end_what_is_over()
    due = list(_due()[: settings.PULSE_MAIL_BATCH])
    if not due:
        return False
    begun = time.monotonic()
    connection = get_connection(settings.MAIL_TRANSPORT)
    connection.open()
    try:
        for mail in due:
            if time.monotonic() - begun > settings.PULSE_MAIL_TURN:
                return True
            if not _deliver(mail, connection):
                return False
    finally:
        with suppress(OSError):
            connection.close()
    return len(due) == settings.PULSE_MAIL_BATCH


def message_id(key: str) -> str:
    """A mail's Message-ID: always the same one for a key, which it does not tell."""
    digest = salted_hmac("pulse.mailing", key).hexdigest()
    return f"<{digest}@{sending_host()}>"


def sending_host() -> str:
    """Whom our mail comes from, after the @."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")


def _due() -> QuerySet[OutgoingMail]:
    waiting = OutgoingMail.objects.filter(status=Status.WAITING, next_at__lte=timezone.now())
    return waiting.order_by("-is_urgent", "next_at", "pk")


def _end_what_is_over() -> None:
    """Give up what is no longer worth sending, and doubt what somebody began to send and never finished."""
    now = timezone.now()
    doubtful = now - dt.timedelta(seconds=settings.PULSE_MAIL_DOUBT)
    over = OutgoingMail.objects.filter(status=Status.WAITING, ends_at__lt=now)
    stuck = OutgoingMail.objects.filter(status=Status.SENDING, claimed_at__lt=doubtful)
    for mail in over:
        _note(mail, Status.FAILED, f"{TOO_LATE} {mail.trouble}", was=Status.WAITING)
    for mail in stuck:
        _note(mail, Status.UNCERTAIN, GONE_QUIET)


def _deliver(mail: OutgoingMail, connection: Any) -> bool:
    """Send one mail, and note what came of it. Whether the connection can send another one."""
    try:
        letter = outbox.written(mail)
        message = _message(mail, letter, connection) if letter else None
    except Exception as error:
        logger.exception("The mail “%s” could not be written.", mail)
        _try_later(mail, f"It could not be written: {error!r}", was=Status.WAITING)
        return True
    if letter is None or message is None:
        OutgoingMail.objects.filter(pk=mail.pk, status=Status.WAITING).delete()
        return True
    if not _claim(mail, letter):
        return True
    try:
        connection.send_messages([message])
    except Exception as error:
        return _judge(mail, error, is_handed_over=getattr(connection, "is_handed_over", True))
    _note(mail, Status.SENT, "")
    return True


def _message(mail: OutgoingMail, letter: Letter, connection: Any) -> EmailMultiAlternatives:
    headers = {**HEADERS, **letter.headers, "Message-ID": message_id(mail.key)}
    message = EmailMultiAlternatives(
        letter.subject, letter.text, to=[letter.to], headers=headers, connection=connection
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    message.message()  # raises for what no header may hold, before anything is claimed
    return message


def _claim(mail: OutgoingMail, letter: Letter) -> bool:
    """Whether this mail is ours to send: of two workers, one row's UPDATE finds it waiting."""
    waiting = OutgoingMail.objects.filter(pk=mail.pk, status=Status.WAITING)
    mail.attempts += 1
    return bool(
        waiting.update(
            status=Status.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1, to=letter.to
        )
    )


def _judge(mail: OutgoingMail, error: Exception, *, is_handed_over: bool) -> bool:
    """Note what an error says about a mail: refused, not taken, or nobody knows. Whether to go on."""
    code, answer = _answer(error)
    if code is None and is_handed_over:
        _note(mail, Status.UNCERTAIN, answer)
    elif (
        code is None
        and not isinstance(error, OSError)
        or code is not None
        and code >= 500
        and not isinstance(error, smtplib.SMTPSenderRefused)
    ):
        _note(mail, Status.FAILED, answer)
    else:  # a refused sender is ours to mend, so it is tried again as well
        _try_later(mail, answer)
    return code is not None and code != 421


def _answer(error: Exception) -> tuple[int | None, str]:
    """What the mail server answered, and in words; no number if it answered nothing."""
    text: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return None, f"{type(error).__name__}: {error}"
    words = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return code, f"{code} {words}"


def _try_later(mail: OutgoingMail, trouble: str, *, was: str = Status.SENDING) -> None:
    waits = settings.PULSE_MAIL_WAITS
    wait = waits[min(max(mail.attempts, 1), len(waits)) - 1]
    OutgoingMail.objects.filter(pk=mail.pk, status=was).update(
        status=Status.WAITING,
        next_at=timezone.now() + dt.timedelta(seconds=wait),
        attempts=mail.attempts if was == Status.SENDING else F("attempts") + 1,
        trouble=trouble[:500],
    )
    logger.warning("The mail “%s” was not taken and is tried again in %s seconds: %s", mail, wait, trouble)


def _note(mail: OutgoingMail, status: str, trouble: str, *, was: str = Status.SENDING) -> None:
    """Enter what became of a mail; one that was doubted meanwhile too. A sent one loses its text."""
    rows = OutgoingMail.objects.filter(pk=mail.pk, status__in=[was, Status.UNCERTAIN])
    changes: dict[str, Any] = {"status": status, "done_at": timezone.now(), "trouble": trouble.strip()[:500]}
    if status == Status.SENT:
        changes |= {"subject": "", "text": "", "html": "", "headers": {}}
    rows.update(**changes)
    if status == Status.FAILED:
        logger.warning("The mail “%s” was not sent: %s", mail, trouble)
    if status == Status.UNCERTAIN:
        logger.error("The mail “%s” was perhaps sent, perhaps not: %s", mail, trouble)
