"""What follows a planned moment: an entry in the record, and whoever else wants to know.

Readers see the right page at the right second without any of this: what is live is a question of time. The
worker calls `follow_up` every round. Each moment is followed once, also with two workers: they claim the job,
and a moment's row. Should one crash on its way, subscribers hear of the moment again, so they must not mind.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from articles.log import record
from articles.models import Due, Event
from pulse import worker

logger = logging.getLogger(__name__)

Subscriber = Callable[[Due], None]
VERBS = {Due.What.WENT_LIVE: Event.Verb.WENT_LIVE, Due.What.ENDED: Event.Verb.ENDED}

_subscribers: list[Subscriber] = []


class NotFollowed(Exception):  # noqa: N818
    """Some moments could not be followed to the end. They are tried again, and reported when overdue."""


def subscribe(subscriber: Subscriber) -> None:
    """Call this function after each planned moment, outside any transaction, with the moment's Due.

    `due.revision` and its article are loaded. If it fails, the moment is followed again in a while.
    """
    _subscribers.append(subscriber)


def follow_up(now: dt.datetime | None = None) -> None:
    """The worker's job: follow every planned moment that has come. Raises NotFollowed if some failed."""
    come = Due.objects.filter(done_at=None, at__lte=now or timezone.now())
    failed = [pk for pk in come.values_list("pk", flat=True) if not _follow(pk)]
    if failed:
        raise NotFollowed(f"{len(failed)} planned moments have to be followed again.")


def _follow(pk: int) -> bool:
    """Record one moment, tell the subscribers, and call it done. Whether there is nothing left to do."""
    due = _record(pk)
    if due is None:
        return True
    for subscriber in _subscribers:
        try:
            subscriber(due)
        except Exception:
            logger.exception("“%s” of “%s” could not be followed.", due, due.revision.article)
            return False
    Due.objects.filter(pk=pk, done_at=None).update(done_at=timezone.now())
    return True


@transaction.atomic
def _record(pk: int) -> Due | None:
    """Enter a moment into the record, once; None if it is not to be followed, or somebody else is at it."""
    rows = Due.objects.select_for_update(skip_locked=True, of=("self",)).select_related("revision__article")
    due = rows.filter(pk=pk, done_at=None).first()
    if due is None:
        return None
    if not _is_as_planned(due):
        due.delete()
        return None
    article, verb = due.revision.article, VERBS[Due.What(due.what)]
    if not article.events.filter(verb=verb, revision=due.revision, at=due.at).exists():
        entry = record(article=article, verb=verb, by=None, revision=due.revision)
        entry.at = due.at
        entry.save(update_fields=["at"])
    return due


def _is_as_planned(due: Due) -> bool:
    """Whether the revision really went live then, or ended then and nothing took its place."""
    if due.what == Due.What.WENT_LIVE:
        return due.revision.live_from == due.at
    goes_on = due.revision.article.revisions.filter(live_from=due.at).exists()
    return due.revision.live_until == due.at and not goes_on


# Whether it works


def overdue() -> int:
    """How many planned moments should have been followed by now. One query."""
    late = timezone.now() - dt.timedelta(seconds=settings.PULSE_OVERDUE)
    return Due.objects.filter(done_at=None, at__lte=late).count()


def trouble(late: int | None = None) -> str:
    """What the newsroom should know about the worker, in a few words; empty if all is well.

    Two queries, or one for whoever has counted the moments that are `late`.
    """
    beat, late = worker.last_beat(), overdue() if late is None else late
    moments = "1 planned moment waits" if late == 1 else f"{late} planned moments wait"
    waiting = f" {moments} for what follows." if late else ""
    match worker.state(beat):
        case worker.NEVER:
            return f"The worker has never run. Stories still appear on time.{waiting}"
        case worker.SILENT:
            since = timezone.localtime(beat)
            return (
                f"The worker has been silent since {since.day} {since:%B %Y, %H:%M %Z}. "
                f"Stories still appear on time.{waiting}"
            )
    return f"The worker runs, but{waiting} Its log says why." if late else ""
