"""The digest: one mail with everything somebody has not seen yet, hourly or daily, asked for by the worker.

What it holds is marked in the transaction that asks for the mail, so nothing is told twice. It is written
when it is sent: what was withdrawn or read meanwhile is left out, and who should get no mail gets none.
"""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import unsubscribing
from accounts.models import MAIL_CHOICES, Notification, User
from accounts.notifications import forget_old, shown
from pulse import outbox, worker
from pulse.addresses import absolute, path_of
from pulse.outbox import Letter

KIND = "digest"
Kind = Notification.Kind


def subscribe() -> None:
    """Say who writes digests, and when the worker asks for them."""
    outbox.written_by(KIND, write)
    worker.job("make digests", make_digests, every=60)
    worker.job("forget old notifications", forget_old, every=24 * 60 * 60)


def make_digests(now: dt.datetime | None = None) -> bool:
    """The worker's job: ask for the mail of everybody whose time has come. Whether there are more.

    Hourly is at the full hour, daily at PULSE_DIGEST_HOUR of the newsroom's clock.
    """
    now = now or timezone.now()
    due = _tellable(now).filter(_due(now))
    readers = due.filter(to__in=reachable()).order_by().values_list("to", flat=True).distinct()
    batch = list(readers[: settings.PULSE_DIGEST_BATCH])
    for pk in batch:
        _make(pk, now)
    return len(batch) == settings.PULSE_DIGEST_BATCH


def reachable() -> QuerySet[User]:
    """Whom digests may be sent to: confirmed address, account open and not suspended, nor about to go."""
    confirmed = EmailAddress.objects.filter(
        user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=True
    )
    suspended = Q(suspended_until__gt=timezone.now())
    return User.objects.filter(Exists(confirmed), is_active=True).exclude(suspended)


def write(key: str) -> Letter | None:
    """The digest with this key, as things stand now; None if there is nothing left to tell, or nobody."""
    rows = Notification.objects.unread().filter(_wanted(), mail=key, to__in=reachable())
    told = shown(rows.select_related("actor", "to").order_by("pk"))
    if not told:
        return None
    reader = told[0].to
    context = _context(reader, told)
    return Letter(
        to=reader.email,
        subject=_subject(told),
        text=render_to_string("accounts/email/digest.txt", context).strip() + "\n",
        html=render_to_string("accounts/email/digest.html", context),
        headers=unsubscribing.headers(reader),
    )


@transaction.atomic
def _make(pk: int, now: dt.datetime) -> None:
    """Ask for one reader's mail, and mark what it will tell. Two workers make one: the reader is locked."""
    reader = User.objects.select_for_update(no_key=True).get(pk=pk)
    rows = _tellable(now).filter(to=reader)
    keys = sorted(rows.values_list("pk", flat=True))
    if not keys:
        return
    mail = f"digest:{pk}:{keys[0]}:{keys[-1]}"
    Notification.objects.filter(pk__in=keys).update(mail=mail, mailed_at=now)
    outbox.promise(key=mail, kind=KIND)


def _tellable(now: dt.datetime) -> QuerySet[Notification]:
    """What a digest may hold; nothing older than PULSE_DIGEST_DAYS, whatever was switched on meanwhile."""
    since = now - dt.timedelta(days=settings.PULSE_DIGEST_DAYS)
    return Notification.objects.unmailed().filter(_wanted(), created_at__gte=since)


def _wanted() -> Q:
    """Notifications of a kind about which their reader wants mail."""
    wanted = Q()
    for kind, choice in MAIL_CHOICES.items():
        wanted |= Q(kind=kind, **{f"to__{choice}": True})
    return wanted & ~Q(to__digest=User.Digest.NEVER)


def _due(now: dt.datetime) -> Q:
    """Notifications that have waited for their reader's hour."""
    local = timezone.localtime(now)
    hour = local.replace(minute=0, second=0, microsecond=0)
    morning = hour.replace(hour=settings.PULSE_DIGEST_HOUR)
    if morning > local:
        morning -= dt.timedelta(days=1)
    hourly = Q(to__digest=User.Digest.HOURLY, created_at__lt=hour)
    return hourly | Q(to__digest=User.Digest.DAILY, created_at__lt=morning)


def _context(reader: User, told: list[Notification]) -> dict[str, Any]:
    kinds = [kind for kind in Kind if any(row.kind == kind for row in told)]
    most = settings.PULSE_DIGEST_ROWS
    return {
        "site_name": settings.PULSE_SITE_NAME,
        "base_url": settings.BASE_URL,
        "reader": reader,
        "rows": [{"told": row, "url": absolute(row.path)} for row in told[:most]],
        "more": max(0, len(told) - most),
        "list_url": absolute(path_of("accounts:notifications")),
        "fewer": [
            {"label": kind.label, "url": unsubscribing.address(reader, what=kind.value)} for kind in kinds
        ],
        "never_url": unsubscribing.address(reader, what=unsubscribing.ALL),
    }


def _subject(told: list[Notification]) -> str:
    """What happened, without anybody's name or words: a subject is seen over shoulders."""
    if len(told) > 1:
        return f"{len(told)} things have happened for you at {settings.PULSE_SITE_NAME}"
    one = {
        Kind.REPLY: "Your comment was answered",
        Kind.MENTION: "A comment names you",
        Kind.DECISION: "A decision on your comment",
        Kind.REPORT: "What came of your report",
        Kind.TERM: "The word you asked about is explained",
    }
    return one[Kind(told[0].kind)]
