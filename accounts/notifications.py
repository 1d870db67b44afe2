"""What readers are told: answers, mentions, decisions, reports, terms; on the site, and in a digest by mail.

Verbs of other apps call `notify` inside their own transaction, and `withdraw` when what it was about is no
longer public. Nobody is told the same thing twice, nor of what they did themselves.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from html import unescape

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator

from accounts.models import Notification, User

EXCERPT = 240  # characters
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
Shown = Callable[[set[str]], set[str]]

_asked: dict[str, Shown] = {}


def shown_by(kind: str, ask: Shown) -> None:
    """Have a function say which subjects of a kind, such as “comment:12”, anybody may read now.

    It is asked before a notification is listed or mailed, so that one which nobody withdrew shows nothing
    either. Apps to the right say so in their AppConfig. One query for any number of them.
    """
    _asked[kind] = ask


def notify(
    *,
    to: Iterable[User],
    kind: str,
    key: str,
    subject: str,
    sentence: str,
    path: str,
    excerpt: str = "",
    actor: User | None = None,
) -> None:
    """Tell people something, once: the same key again tells nobody twice. Part of the caller's transaction.

    `key` is “reply:12” or the like, `subject` what `withdraw` is called with. With an actor, the sentence is
    what follows the name. Something withdrawn stands again, and is not mailed a second time. Two queries.
    """
    readers = {reader.pk for reader in to} - {actor.pk if actor else None}
    if not readers:
        return
    told = {"sentence": sentence[:400], "excerpt": excerpt[:300], "path": path}
    again = Notification.objects.filter(to__in=readers, key=key, withdrawn_at__isnull=False)
    again.update(withdrawn_at=None, **told)
    Notification.objects.bulk_create(
        [
            Notification(to_id=pk, kind=kind, key=key, subject=subject, actor=actor, **told)
            for pk in sorted(readers)
        ],
        ignore_conflicts=True,
    )


def withdraw(*, subject: str) -> None:
    """Take back what was told about something: from the lists, and from mails not sent yet. One query."""
    Notification.objects.standing().filter(subject=subject).update(withdrawn_at=timezone.now(), excerpt="")


def withdraw_from(*, actor: User) -> None:
    """Take back what was told of somebody whose words are gone. One query."""
    theirs = Notification.objects.standing().filter(actor=actor)
    theirs.update(withdrawn_at=timezone.now(), excerpt="")


def mark_read(*, by: User, upto: int | None = None, only: int | None = None) -> None:
    """Note that somebody saw what they were told: all up to a number, or one. One query."""
    seen = Q(pk=only) if only is not None else Q(pk__lte=upto) if upto is not None else Q()
    Notification.objects.unread().filter(seen, to=by).update(read_at=timezone.now())


def unread(reader: User) -> int:
    """How many notifications a reader has not seen, counted up to a hundred. One query, of an index alone."""
    return Notification.objects.unread().filter(to=reader).order_by()[:100].count()


def shown(rows: Iterable[Notification]) -> list[Notification]:
    """Those of these whose subject may still be read. One query for each kind of subject."""
    found = list(rows)
    for kind, ask in _asked.items():
        subjects = {row.subject for row in found if row.subject.startswith(f"{kind}:")}
        gone = subjects - ask(subjects) if subjects else set()
        found = [row for row in found if row.subject not in gone]
    return found


def excerpt_of(html: str) -> str:
    """The beginning of a text, as one line without markup, and without addresses that a mail would link."""
    text = " ".join(unescape(strip_tags(html.replace("<", " <"))).split())
    return Truncator(ADDRESS.sub("[link]", text)).chars(EXCERPT)


def forget_old() -> None:
    """The worker's job: forget notifications after PULSE_NOTIFICATION_DAYS."""
    since = timezone.now() - dt.timedelta(days=settings.PULSE_NOTIFICATION_DAYS)
    Notification.objects.filter(created_at__lt=since).delete()
