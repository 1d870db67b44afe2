"""The outbox: mail is asked for inside a transaction, and sent by the worker once that has committed.

So nobody is told of what was rolled back, what was committed is not forgotten, and no request ever waits for
a mail server. `pulse.mailing` sends; ADR 19 says why, and what happens when something breaks half way.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pulse import worker
from pulse.models import OutgoingMail

logger = logging.getLogger(__name__)

LANE = "mail"  # the worker's lane that a slow mail server may hold up
Status = OutgoingMail.Status


@dataclass(frozen=True)
class Letter:
    """What stands in a mail. Without the HTML part it is plain text."""

    to: str
    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)


Write = Callable[[str], Letter | None]
_writers: dict[str, Write] = {}


def written_by(kind: str, write: Write) -> None:
    """Have mail of this kind written when it is sent, by a function of its key. Apps say so when they start.

    The function answers None if by then nobody should get it. It may be asked again when a try failed.
    """
    _writers[kind] = write


def send(
    *,
    key: str,
    kind: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    headers: dict[str, str] | None = None,
    after: dt.datetime | None = None,
    is_urgent: bool = False,
    good_for: int | None = None,
) -> None:
    """Send a mail once the transaction commits, and not before `after`. The same key again sends nothing.

    `good_for` is how many seconds it is worth anything: a code is not sent when it no longer works. Otherwise
    it is given up after PULSE_MAIL_GIVE_UP seconds. One query, and one more if it is urgent.
    """
    _add(
        OutgoingMail(
            key=key,
            kind=kind,
            to=to,
            subject=" ".join(subject.split()),
            text=text,
            html=html,
            headers=headers or {},
            is_urgent=is_urgent,
        ),
        after=after,
        good_for=good_for,
    )


def promise(*, key: str, kind: str, after: dt.datetime | None = None) -> None:
    """Send a mail that is written only when it is sent, by what `written_by` named. One query."""
    if kind not in _writers:
        raise LookupError(f"Nobody writes mail of the kind “{kind}”.")
    _add(OutgoingMail(key=key, kind=kind), after=after, good_for=None)


def written(mail: OutgoingMail) -> Letter | None:
    """What stands in a mail now; None if nobody should get it any more."""
    if write := _writers.get(mail.kind):
        return write(mail.key)
    return Letter(mail.to, mail.subject, mail.text, mail.html, mail.headers)


@transaction.atomic
def send_again(mails: Iterable[OutgoingMail]) -> int:
    """Send what failed or is uncertain once more, if its text is still here; how many there are. One query.

    It keeps its Message-ID: a mail server that had the first one can tell.
    """
    now = timezone.now()
    has_text = ~Q(text="") | Q(kind__in=_writers)
    ended = OutgoingMail.objects.filter(has_text, status__in=[Status.FAILED, Status.UNCERTAIN])
    number = ended.filter(pk__in=[mail.pk for mail in mails]).update(
        status=Status.WAITING, next_at=now, ends_at=_given_up(now, None), attempts=0, done_at=None
    )
    worker.wake(LANE)
    return number


def late() -> int:
    """How many mails should have been tried minutes ago: the mail server or the worker is away. One query."""
    since = timezone.now() - dt.timedelta(seconds=settings.PULSE_MAIL_LATE)
    return OutgoingMail.objects.filter(status=Status.WAITING, next_at__lt=since).count()


def uncertain() -> int:
    """How many mails were perhaps sent. One query."""
    return OutgoingMail.objects.filter(status=Status.UNCERTAIN).count()


def trouble() -> str:
    """What somebody should know about mail, in a sentence or two; empty if all is well. Two queries."""
    waiting, doubtful = late(), uncertain()
    sentences = []
    if waiting:
        sentences.append(
            f"{_mails(waiting)} been waiting for more than {settings.PULSE_MAIL_LATE // 60} minutes: "
            "the mail server cannot be reached, or the worker does not run."
        )
    if doubtful:
        sentences.append(f"{_mails(doubtful)} perhaps been sent. Look, and send again what matters.")
    return " ".join(sentences)


def forget_old() -> None:
    """The worker's job: forget mails after PULSE_MAIL_KEPT_DAYS, the texts of unsent ones sooner."""
    now = timezone.now()
    ended = OutgoingMail.objects.filter(status__in=[Status.SENT, Status.FAILED, Status.UNCERTAIN])
    ended.filter(done_at__lt=now - dt.timedelta(days=settings.PULSE_MAIL_KEPT_DAYS)).delete()
    ended.exclude(text="").filter(done_at__lt=now - dt.timedelta(days=settings.PULSE_MAIL_TEXT_DAYS)).update(
        subject="", text="", html="", headers={}
    )


class Backend(BaseEmailBackend):
    """Django's EMAIL_BACKEND: whatever is sent the usual way goes through the outbox, at once.

    So do allauth's mails. A message may say how many seconds it is `good_for`.
    """

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        number = 0
        for message in email_messages:
            is_rich = isinstance(message, EmailMultiAlternatives)
            parts = message.alternatives if is_rich else []  # type: ignore[attr-defined]
            html = next((str(part[0]) for part in parts if part[1] == "text/html"), "")
            for address in message.recipients():
                send(
                    key=f"message:{uuid.uuid4()}",
                    kind=getattr(message, "kind", "message"),
                    to=address,
                    subject=str(message.subject),
                    text=str(message.body),
                    html=html,
                    headers={name: str(value) for name, value in message.extra_headers.items()},
                    is_urgent=True,
                    good_for=getattr(message, "good_for", None),
                )
            number += 1
        return number


def _add(mail: OutgoingMail, *, after: dt.datetime | None, good_for: int | None) -> None:
    mail.next_at = after or timezone.now()
    mail.ends_at = _given_up(mail.next_at, good_for)
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
    if mail.is_urgent:
        transaction.on_commit(_complain_without_worker)
    worker.wake(LANE)


def _complain_without_worker() -> None:
    state = worker.state(worker.last_beat())
    if state != worker.OK:
        logger.error(
            "A mail that somebody waits for will not go out: the worker is %s. Start `manage.py worker`.",
            state,
        )


def _given_up(begin: dt.datetime, good_for: int | None) -> dt.datetime:
    return begin + dt.timedelta(seconds=settings.PULSE_MAIL_GIVE_UP if good_for is None else good_for)


def _mails(number: int) -> str:
    return "1 mail has" if number == 1 else f"{number} mails have"
