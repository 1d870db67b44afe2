"""Who has an article's form open, in which window, and which text that window began with."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.access import require_may_edit
from articles.content import snapshot
from articles.editing import lock
from articles.models import Article, Sitting


@transaction.atomic
def open_sitting(*, article: Article, by: User, key: uuid.UUID | None = None) -> Sitting:
    """Note that somebody opens the form, with the text they get to see. Locks the article. Seven queries."""
    require_may_edit(by, article)
    lock(article)
    return Sitting.objects.create(
        key=key or uuid.uuid4(), article=article, user=by, base=snapshot(Article.objects.get(pk=article.pk))
    )


def find_sitting(key: str) -> Sitting | None:
    """The sitting of a window, None if it is unknown or long gone. One query."""
    try:
        return Sitting.objects.select_related("article").filter(key=uuid.UUID(key)).first()
    except ValueError:
        return None


def keep_open(sitting: Sitting) -> None:
    """Note that a window is still there. One query."""
    Sitting.objects.filter(pk=sitting.pk).update(seen_at=timezone.now(), closed_at=None)


def close(sitting: Sitting) -> None:
    """Note that a window was closed or left. What it sends late is still understood. One query."""
    Sitting.objects.filter(pk=sitting.pk).update(closed_at=timezone.now())


def others(article: Article, *, than: Sitting | None) -> list[Sitting]:
    """Who else has the form open now, the longest first. One query."""
    since = timezone.now() - dt.timedelta(seconds=settings.PULSE_PRESENCE_SECONDS)
    open_now = Sitting.objects.filter(article=article, closed_at=None, seen_at__gte=since)
    if than is not None:
        open_now = open_now.exclude(pk=than.pk)
    return list(open_now.select_related("user"))


def in_words(open_now: list[Sitting], *, to: User) -> str:
    """Who else is here, as a sentence; empty if nobody."""
    names = list(dict.fromkeys(sitting.user.display_name for sitting in open_now if sitting.user_id != to.pk))
    sentences = []
    if names:
        last = f" and {names[-1]}" if len(names) > 1 else names[-1]
        verb = "have" if len(names) > 1 else "has"
        sentences.append(f"{', '.join(names[:-1])}{last} {verb} this article open too.")
    if any(sitting.user_id == to.pk for sitting in open_now):
        sentences.append("You have it open in another window.")
    return " ".join(sentences)
