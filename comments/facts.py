"""What the pipeline is told about an author and a text, asked of the database before the checks run."""

import datetime as dt

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import User
from comments.models import Comment
from comments.rulings import Standing
from comments.sameness import fingerprint

Status = Comment.Status


def standing(author: User, *, now: dt.datetime, besides: Comment | None = None) -> Standing:
    """How an author stands with us, leaving out the comment that is being edited. Two queries at most."""
    if author.is_staff:
        return Standing(is_staff=True)
    own = author.comments.all() if besides is None else author.comments.exclude(pk=besides.pk)
    lately = own.filter(created_at__gt=now - dt.timedelta(days=settings.PULSE_REJECTIONS_DAYS)).order_by()
    counted = lately.aggregate(
        decided=Count("pk", filter=Q(status__in=[Status.VISIBLE, Status.REJECTED])),
        rejected=Count("pk", filter=Q(status=Status.REJECTED)),
    )
    return Standing(
        is_new=is_new(author, now=now),
        has_spoken=counted["decided"] > counted["rejected"] or own.filter(status=Status.VISIBLE).exists(),
        **counted,
    )


def is_new(reader: User, *, now: dt.datetime) -> bool:
    """Whether an account was made in the last hours."""
    return reader.joined_at > now - dt.timedelta(hours=settings.PULSE_NEW_READER_HOURS)


def copies(body: str, author: User, *, now: dt.datetime) -> int:
    """How many other accounts posted much the same lately, up to the number that matters. A query at most."""
    name = fingerprint(body)
    if not name or author.is_staff:
        return 0
    since = now - dt.timedelta(hours=settings.PULSE_REPEAT_HOURS)
    alike = Comment.objects.filter(fingerprint=name, created_at__gt=since).exclude(author=author)
    return len(alike.order_by().values("author").distinct()[: settings.PULSE_REPEAT_ACCOUNTS])
